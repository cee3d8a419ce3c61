/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-socket-frame.h"

#include <string.h>

#include "ps-error.h"
#include "ps-json.h"

static PsSocketFrame *
parse (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  PsSocketFrame *frame = ps_socket_frame_parse (bytes, &error);

  g_assert_no_error (error);
  return frame;
}

static void
test_parse (void)
{
  static const struct {
    const char *text;
    PsFrameType type;
    const char *message_id;
    guint status;
    const char *token;
    guint64 sequence;
    gboolean body;
  } cases[] = {
    { "[{\"type\":\"ConnectionDetails\",\"messageId\":\"m\",\"status\":200,\"wsc\":{\"token\":\"t\",\"sequence\":5}},{}"
      "]",
      PS_FRAME_CONNECTION_DETAILS, "m", 200, "t", 5, TRUE },
    { "[{\"type\":\"ClientRequest\",\"messageId\":\"m\",\"status\":403},{}]", PS_FRAME_RESPONSE, "m", 403, NULL, 0,
      TRUE },
    { "[{\"type\":\"ServerNotification\"},{\"event\":\"x\"}]", PS_FRAME_NOTIFICATION, NULL, 0, NULL, 0, TRUE },
    { "[{\"type\":\"Heartbeat\",\"messageId\":\"m\"}]", PS_FRAME_HEARTBEAT, "m", 0, NULL, 0, FALSE },
    { "[{\"type\":\"Error\",\"status\":-1},null]", PS_FRAME_ERROR, NULL, 0, NULL, 0, FALSE },
    { "[{\"type\":\"Telepathy\",\"messageId\":7,\"wsc\":[]},[1],2,3]", PS_FRAME_OTHER, NULL, 0, NULL, 0, FALSE },
    { "[{\"type\":\"Heartbeat\",\"wsc\":{\"token\":5,\"sequence\":-9},\"status\":99999999999}]", PS_FRAME_HEARTBEAT,
      NULL, 999, NULL, 0, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PsSocketFrame) frame = parse (cases[i].text);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (frame->type, ==, cases[i].type);
    g_assert_cmpstr (frame->message_id, ==, cases[i].message_id);
    g_assert_cmpuint (frame->status, ==, cases[i].status);
    g_assert_cmpstr (frame->wsc_token, ==, cases[i].token);
    g_assert_cmpuint (frame->wsc_sequence, ==, cases[i].sequence);
    g_assert_cmpint (frame->body != NULL, ==, cases[i].body);
  }
}

static void
test_parse_broken (void)
{
  /* The one with a boundary is a bulk reply without the right Accept header, which is no JSON. */
  static const char *const texts[] = {
    "",
    "[",
    "[]",
    "{}",
    "null",
    "hello",
    "[null]",
    "[1,2]",
    "[{}]",
    "[{\"type\":5}]",
    "[{\"type\":null},{}]",
    "[{\"type\":\"Heartbeat\"}",
    "[{\"type\":\"ClientRequest\"},--Boundary_1]",
    "[{\"type\":\"Heart\xff\"}]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", texts[i]);
    g_assert_null (ps_socket_frame_parse (bytes, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  }
}

static void
test_details (void)
{
  static const struct {
    const char *body;
    PsSocketDetails details;
  } cases[] = {
    { "{\"recoveryBufferSize\":50,\"recoveryTimeout\":30,\"absoluteTimeout\":3600}",
      { PS_RECOVERY_NONE, 50, 30000, 3600000 } },
    { "{\"recoveryState\":\"Successful\"}", { PS_RECOVERY_SUCCESSFUL, 100, 180000, 86400000 } },
    { "{\"recoveryState\":\"Failed\",\"recoveryErrorCode\":\"WSG-1\"}", { PS_RECOVERY_FAILED, 100, 180000, 86400000 } },
    { "{\"recoveryState\":\"Perhaps\"}", { PS_RECOVERY_FAILED, 100, 180000, 86400000 } },
    { "{\"recoveryState\":5,\"recoveryTimeout\":-1,\"absoluteTimeout\":0,\"recoveryBufferSize\":-1}",
      { PS_RECOVERY_NONE, 0, 0, 86400000 } },
    { "{\"absoluteTimeout\":99999999999999,\"recoveryTimeout\":[]}", { PS_RECOVERY_NONE, 100, 180000, 604800000 } },
    { "null", { PS_RECOVERY_NONE, 100, 180000, 86400000 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf ("[{\"type\":\"ConnectionDetails\"},%s]", cases[i].body);
    g_autoptr (PsSocketFrame) frame = parse (text);
    PsSocketDetails details = ps_socket_frame_details (frame);

    g_test_message ("%s", text);
    g_assert_cmpint (details.recovery, ==, cases[i].details.recovery);
    g_assert_cmpuint (details.recovery_buffer, ==, cases[i].details.recovery_buffer);
    g_assert_cmpint (details.recovery_timeout_ms, ==, cases[i].details.recovery_timeout_ms);
    g_assert_cmpint (details.absolute_timeout_ms, ==, cases[i].details.absolute_timeout_ms);
  }
}

static void
test_requests (void)
{
  g_autofree char *subscribe = ps_socket_frame_subscribe ("id \"1\"");
  g_autofree char *heartbeat = ps_socket_frame_heartbeat ("2");

  g_assert_cmpstr (heartbeat, ==, "[{\"type\":\"Heartbeat\",\"messageId\":\"2\"}]");
  g_assert_cmpstr (
      subscribe, ==,
      "[{\"type\":\"ClientRequest\",\"messageId\":\"id \\\"1\\\"\",\"method\":\"POST\",\"path\":"
      "\"/restapi/v1.0/subscription/\"},{\"eventFilters\":[\"/restapi/v1.0/account/~/"
      "presence?detailedTelephonyState=true\",\"/restapi/v1.0/account/~/extension\",\"/restapi/v1.0/account/~/"
      "directory/entries\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}]");
}

static void
test_subscription (void)
{
  static const struct {
    guint status;
    const char *body;
    int code; /* -1: granted */
    const char *service_code;
  } cases[] = {
    { 200, "{\"id\":\"s\"}", -1, NULL },
    { 201, "{\"disabledFilters\":[]}", -1, NULL },
    { 200, "{\"disabledFilters\":[{\"filter\":\"/restapi/v1.0/account/~/directory/entries\",\"reason\":\"SUB-402\"}]}",
      -1, NULL },
    { 200,
      "{\"disabledFilters\":[{\"filter\":\"/restapi/v1.0/account/~/presence?detailedTelephonyState=true\",\"reason\":"
      "\"SUB-402\",\"message\":\"no\"}]}",
      PS_ERROR_PERMISSION, "SUB-402" },
    { 200, "{\"disabledFilters\":[7,{\"filter\":\"/restapi/v1.0/account/12/presence\"}]}", PS_ERROR_PERMISSION, NULL },
    { 403, "{\"errorCode\":\"SUB-528\",\"errors\":[{\"errorCode\":\"SUB-528\"}]}", PS_ERROR_PERMISSION, "SUB-528" },
    { 403, "{\"errors\":[{\"errorCode\":\"SUB-528\"}]}", PS_ERROR_PERMISSION, "SUB-528" },
    { 429, "{\"errorCode\":\"CMN-301\"}", PS_ERROR_THROTTLED, "CMN-301" },
    { 500, "null", PS_ERROR_SERVER, NULL },
    { 503, "[\"html\"]", PS_ERROR_SERVER, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
        g_strdup_printf ("[{\"type\":\"ClientRequest\",\"status\":%u},%s]", cases[i].status, cases[i].body);
    g_autoptr (PsSocketFrame) frame = parse (text);
    g_autoptr (GError) error = NULL;
    gboolean granted = ps_socket_frame_check_subscription (frame, &error);

    g_test_message ("%s", text);
    if (cases[i].code < 0) {
      g_assert_no_error (error);
      g_assert_true (granted);
      continue;
    }
    g_assert_false (granted);
    g_assert_error (error, PS_ERROR, cases[i].code);
    g_assert_cmpstr (ps_error_details (error)->service_code, ==, cases[i].service_code);
  }
}

static void
test_event (void)
{
  static const struct {
    const char *path, *body;
    PsSocketEventKind kind;
  } cases[] = {
    { "/restapi/v1.0/account/~/presence?detailedTelephonyState=true", "{\"extensionId\":\"5\",\"userStatus\":\"Busy\"}",
      PS_EVENT_PRESENCE },
    { "/restapi/v1.0/account/809646016/presence", "{\"extensionId\":5,\"userStatus\":\"Busy\"}", PS_EVENT_PRESENCE },
    { "/restapi/v1.0/account/809646016/extension/5/presence", "{\"extensionId\":5,\"userStatus\":\"Busy\"}",
      PS_EVENT_PRESENCE },
    { "/restapi/v1.0/account/809646016/extension", "{\"extensionId\":\"5\",\"eventType\":\"Update\"}",
      PS_EVENT_DIRECTORY },
    { "/restapi/v1.0/account/809646016/directory/entries", "{}", PS_EVENT_DIRECTORY },
    { "/restapi/v1.0/subscription/~?threshold=60", "{}", PS_EVENT_OTHER },
    { "/restapi/v1.0/account/809646016/extension/5/message-store", "null", PS_EVENT_OTHER },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf (
        "[{\"type\":\"ServerNotification\"},{\"event\":\"%s\",\"timestamp\":\"2026-05-01T10:00:00.250Z\",\"body\":%s}]",
        cases[i].path, cases[i].body);
    g_autoptr (PsSocketFrame) frame = parse (text);
    g_auto (PsSocketEvent) event = { 0 };
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", text);
    g_assert_true (ps_socket_frame_event (frame, FALSE, &event, &error));
    g_assert_no_error (error);
    g_assert_cmpint (event.kind, ==, cases[i].kind);
    if (event.kind != PS_EVENT_PRESENCE) {
      g_assert_null (event.extension_id);
      continue;
    }
    g_assert_cmpstr (event.extension_id, ==, "5");
    g_assert_cmpint (event.reading.user_status, ==, PS_PHONE_BUSY);
    g_assert_cmpint (event.reading.event_ms, ==, G_GINT64_CONSTANT (1777629600250));
  }
}

static void
test_event_broken (void)
{
  static const char *const bodies[] = {
    "null",
    "{}",
    "{\"event\":5}",
    "{\"event\":\"/restapi/v1.0/account/~/presence\"}",
    "{\"event\":\"/restapi/v1.0/account/~/presence\",\"body\":[]}",
    "{\"event\":\"/restapi/v1.0/account/~/presence\",\"body\":{\"userStatus\":\"Busy\"}}",
    "{\"event\":\"/restapi/v1.0/account/~/presence\",\"body\":{\"extensionId\":\"x\",\"userStatus\":\"Busy\"}}",
    "{\"event\":\"/restapi/v1.0/account/~/presence\",\"body\":{\"extensionId\":\"5\",\"userStatus\":5}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autofree char *text = g_strdup_printf ("[{\"type\":\"ServerNotification\"},%s]", bodies[i]);
    g_autoptr (PsSocketFrame) frame = parse (text);
    g_auto (PsSocketEvent) event = { 0 };
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", text);
    g_assert_false (ps_socket_frame_event (frame, FALSE, &event, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  }
}

/* No time, or nonsense for one, is no reason to lose the event. */
static void
test_event_time (void)
{
  static const struct {
    const char *timestamp;
    gint64 ms;
  } cases[] = { { "\"2026-05-01T10:00:00Z\"", 1777629600000 },
                { "\"2026-05-01T12:00:00.001+02:00\"", 1777629600001 },
                { "\"yesterday\"", 0 },
                { "null", 0 },
                { "17", 0 },
                { "\"9999-99-99T99:99:99Z\"", 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf ("[{\"type\":\"ServerNotification\"},{\"event\":\"/restapi/v1.0/account/~/"
                                             "presence\",\"timestamp\":%s,\"body\":{\"extensionId\":\"5\"}}]",
                                             cases[i].timestamp);
    g_autoptr (PsSocketFrame) frame = parse (text);
    g_auto (PsSocketEvent) event = { 0 };

    g_assert_true (ps_socket_frame_event (frame, FALSE, &event, NULL));
    g_assert_cmpint (event.reading.event_ms, ==, cases[i].ms);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/socket-frame/parse", test_parse);
  g_test_add_func ("/socket-frame/parse/broken", test_parse_broken);
  g_test_add_func ("/socket-frame/details", test_details);
  g_test_add_func ("/socket-frame/requests", test_requests);
  g_test_add_func ("/socket-frame/subscription", test_subscription);
  g_test_add_func ("/socket-frame/event", test_event);
  g_test_add_func ("/socket-frame/event/broken", test_event_broken);
  g_test_add_func ("/socket-frame/event/time", test_event_time);

  return g_test_run ();
}
