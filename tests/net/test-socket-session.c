/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event socket against a gateway that misbehaves on purpose. All waits are shortened, none is sat through.
 */
#include "config.h"

#include <string.h>

#include "mock-ringcentral.h"
#include "ps-error.h"
#include "ps-ringcentral-socket-private.h"

typedef struct {
  Mock *mock;
  PsRingCentralClient *client;
  PsRingCentralSocket *socket;
  PsSocketTimes times;

  guint states, missed, directory;
  GPtrArray *presences; /* "extension status sequence" */
  PsPhoneReading last;
  gboolean stop_at_event;
} Fixture;

/* --- listening --- */

static void
state_changed_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->states++;
}

static void
missed_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  Fixture *fixture = user_data;

  /* What is read now must not fall into a gap: the subscription stands already. */
  g_assert_cmpint (ps_ringcentral_socket_state (socket), ==, PS_SOCKET_CONNECTED);
  fixture->missed++;
}

static void
directory_changed_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->directory++;
}

static void
presence_cb (PsRingCentralSocket *socket, const char *extension_id, const PsPhoneReading *reading, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->last = *reading;
  g_ptr_array_add (fixture->presences,
                   g_strdup_printf ("%s %s %" G_GUINT64_FORMAT, extension_id,
                                    ps_phone_status_to_word (reading->user_status), reading->sequence));
  if (fixture->stop_at_event)
    ps_ringcentral_socket_stop (socket);
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->mock = mock_new ();
  fixture->client = mock_client (fixture->mock);
  fixture->socket = ps_ringcentral_socket_new (fixture->client, FALSE);
  fixture->presences = g_ptr_array_new_with_free_func (g_free);
  fixture->times = (PsSocketTimes){ .gap = 20,
                                    .longest_wait = 100,
                                    .longest_retry = 3600 * 1000,
                                    .stable = 60 * 1000,
                                    .silence = 60 * 1000,
                                    .probe = 10 * 1000,
                                    .keepalive = 30 * 1000,
                                    .handshake = 10 * 1000,
                                    .replay = 10 * 1000,
                                    .margin = 600 * 1000,
                                    .damage = 60 * 1000 };
  g_signal_connect (fixture->socket, "state-changed", G_CALLBACK (state_changed_cb), fixture);
  g_signal_connect (fixture->socket, "missed", G_CALLBACK (missed_cb), fixture);
  g_signal_connect (fixture->socket, "directory-changed", G_CALLBACK (directory_changed_cb), fixture);
  g_signal_connect (fixture->socket, "presence", G_CALLBACK (presence_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  if (fixture->socket != NULL)
    g_assert_finalize_object (fixture->socket);
  /* The close frame has left, so nothing of the connection is left either. */
  if (fixture->mock->socket != NULL)
    mock_wait (soup_websocket_connection_get_state (fixture->mock->socket) == SOUP_WEBSOCKET_STATE_CLOSED);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->client);
  mock_free (fixture->mock);
  g_ptr_array_unref (fixture->presences);
}

/* --- helpers --- */

static void
start (Fixture *fixture)
{
  ps_ringcentral_socket_set_times (fixture->socket, &fixture->times);
  ps_ringcentral_socket_start (fixture->socket);
}

static gboolean
is_connected (Fixture *fixture)
{
  return ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_CONNECTED;
}

static void
start_and_connect (Fixture *fixture)
{
  start (fixture);
  mock_wait (is_connected (fixture));
  g_assert_cmpuint (fixture->missed, ==, 1);
  g_assert_cmpuint (fixture->mock->subscribed, ==, 1);
}

static gboolean
connect_has (Fixture *fixture, guint index, const char *text)
{
  return strstr (g_ptr_array_index (fixture->mock->queries, index), text) != NULL;
}

/* The connection is lost, and the next one begins a new session. */
static void
assert_new_session (Fixture *fixture, guint connects)
{
  mock_wait (fixture->mock->queries->len == connects && is_connected (fixture));
  g_assert_false (connect_has (fixture, connects - 1, "wsc="));
  g_assert_cmpuint (fixture->mock->subscribed, ==, connects);
  g_assert_cmpuint (fixture->missed, ==, connects);
}

/* --- the good way --- */

static void
test_connect (Fixture *fixture, gconstpointer unused)
{
  gint64 before_ms = ps_now_ms ();

  g_assert_cmpint (ps_ringcentral_socket_state (fixture->socket), ==, PS_SOCKET_CLOSED);
  start (fixture);
  g_assert_cmpint (ps_ringcentral_socket_state (fixture->socket), ==, PS_SOCKET_CONNECTING);
  g_assert_cmpint (ps_ringcentral_socket_last_event (fixture->socket), ==, 0);
  mock_wait (is_connected (fixture));
  g_assert_cmpuint (fixture->states, ==, 2);
  g_assert_cmpuint (fixture->missed, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->mock->queries, 0), ==, "region=a&access_token=token-1");
  g_assert_nonnull (strstr (fixture->mock->last_subscription, "account/~/presence?detailedTelephonyState=true"));
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));

  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_send_presence (fixture->mock, "101", "Available", 4);
  mock_send (fixture->mock,
             "[{\"type\":\"ServerNotification\"},{\"event\":\"/restapi/v1.0/account/1/extension\",\"body\":{}}]");
  mock_send (fixture->mock, "[{\"type\":\"Telepathy\"},{}]");
  mock_send (fixture->mock, "[{\"type\":\"ClientRequest\",\"messageId\":\"of somebody else\",\"status\":403},{}]");
  mock_send_presence (fixture->mock, "102", "Offline", 1);
  mock_wait (fixture->presences->len == 4);
  /* Duplicates and late ones are handed on: the engine orders them. */
  g_assert_cmpstr (g_ptr_array_index (fixture->presences, 0), ==, "101 busy 5");
  g_assert_cmpstr (g_ptr_array_index (fixture->presences, 1), ==, "101 busy 5");
  g_assert_cmpstr (g_ptr_array_index (fixture->presences, 2), ==, "101 available 4");
  g_assert_cmpstr (g_ptr_array_index (fixture->presences, 3), ==, "102 offline 1");
  g_assert_cmpint (fixture->last.event_ms, ==, G_GINT64_CONSTANT (1777629600250));
  g_assert_cmpuint (fixture->directory, ==, 1);
  g_assert_cmpuint (ps_ringcentral_socket_events (fixture->socket), ==, 5);
  g_assert_cmpint (ps_ringcentral_socket_last_event (fixture->socket), >=, before_ms);
  g_assert_cmpuint (fixture->missed, ==, 1);
  g_assert_true (is_connected (fixture));
}

/* --- recovery --- */

static void
test_recovery (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_wait (fixture->presences->len == 1);
  mock_cut (fixture->mock);
  mock_wait (fixture->mock->queries->len == 2 && is_connected (fixture));
  g_assert_cmpstr (g_ptr_array_index (fixture->mock->queries, 1), ==, "region=a&access_token=token-2&wsc=wsc%201");
  mock_send_presence (fixture->mock, "101", "Available", 6);
  mock_wait (fixture->presences->len == 2);
  g_assert_cmpuint (fixture->mock->subscribed, ==, 1);
  g_assert_cmpuint (fixture->missed, ==, 1);
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));
}

static void
test_recovery_failed (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->recovered = "{\"recoveryState\":\"Failed\",\"recoveryErrorCode\":\"WSG-905\"}";
  start_and_connect (fixture);
  mock_cut (fixture->mock);
  mock_wait (fixture->mock->queries->len == 2 && is_connected (fixture));
  g_assert_true (connect_has (fixture, 1, "wsc="));
  g_assert_cmpuint (fixture->mock->subscribed, ==, 2);
  g_assert_cmpuint (fixture->missed, ==, 2);
}

/* The service keeps the newest 3 messages; whoever gets 3 cannot know whether there was a fourth. */
static void
test_recovery_overflow (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->recovered = "{\"recoveryState\":\"Successful\",\"recoveryBufferSize\":3}";
  start_and_connect (fixture);
  mock_cut (fixture->mock);
  mock_wait (fixture->mock->queries->len == 2 && is_connected (fixture));
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_send_presence (fixture->mock, "102", "Busy", 6);
  mock_wait (fixture->presences->len == 2);
  g_assert_cmpuint (fixture->missed, ==, 1);
  mock_send_presence (fixture->mock, "103", "Busy", 7);
  mock_send_presence (fixture->mock, "104", "Busy", 8);
  mock_wait (fixture->presences->len == 4);
  g_assert_cmpuint (fixture->missed, ==, 2);
}

/* A session is worth recovering only once it has its subscription. */
static void
test_recovery_unsubscribed (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->subscribe_body = NULL;
  start (fixture);
  mock_wait (fixture->mock->subscribed == 1);
  fixture->mock->subscribe_body = "{}";
  mock_cut (fixture->mock);
  mock_wait (is_connected (fixture));
  g_assert_false (connect_has (fixture, 1, "wsc="));
  g_assert_cmpuint (fixture->mock->subscribed, ==, 2);
  g_assert_cmpuint (fixture->missed, ==, 1);
}

/* The same when an older session had one. */
static void
test_recovery_failed_then_cut (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->recovered = "{\"recoveryState\":\"Failed\"}";
  start_and_connect (fixture);
  fixture->mock->subscribe_body = NULL;
  mock_cut (fixture->mock);
  mock_wait (fixture->mock->subscribed == 2);
  g_assert_true (connect_has (fixture, 1, "wsc="));
  fixture->mock->subscribe_body = "{}";
  fixture->mock->recovered = NULL;
  mock_cut (fixture->mock);
  mock_wait (is_connected (fixture));
  g_assert_false (connect_has (fixture, 2, "wsc="));
  g_assert_cmpuint (fixture->mock->subscribed, ==, 3);
  g_assert_cmpuint (fixture->missed, ==, 2);
}

static void
test_recovery_too_late (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->details = "{\"recoveryTimeout\":0}";
  start_and_connect (fixture);
  mock_cut (fixture->mock);
  assert_new_session (fixture, 2);
}

static void
test_close_codes (Fixture *fixture, gconstpointer unused)
{
  static const gushort codes[] = { SOUP_WEBSOCKET_CLOSE_NORMAL, SOUP_WEBSOCKET_CLOSE_GOING_AWAY,
                                   SOUP_WEBSOCKET_CLOSE_SERVER_ERROR, 4001 };

  start_and_connect (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++) {
    soup_websocket_connection_close (fixture->mock->socket, codes[i], "because");
    mock_wait (fixture->mock->queries->len == i + 2 && is_connected (fixture));
    g_assert_true (connect_has (fixture, i + 1, "wsc="));
  }
  g_assert_cmpuint (fixture->missed, ==, 1);
}

/* --- damage --- */

static void
test_garbage (Fixture *fixture, gconstpointer unused)
{
  static const char *const texts[] = {
    "hello", "", "[", "{}", "[]", "[1]", "[{\"type\":\"Heartbeat\"", "null", "<html>"
  };
  guint connects = 1;

  start_and_connect (fixture);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_test_message ("%s", texts[i]);
    mock_send (fixture->mock, texts[i]);
    mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
    g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_BAD_REPLY);
    assert_new_session (fixture, ++connects);
  }
}

static void
test_binary (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  soup_websocket_connection_send_binary (fixture->mock->socket, "[{\"type\":\"Heartbeat\"}]", 22);
  assert_new_session (fixture, 2);
}

/* An event of a megabyte is odd and still an event; one of five is none. */
static void
test_huge (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *padding = g_strnfill (1024 * 1024, 'x');
  g_autofree char *large =
      g_strdup_printf ("[{\"type\":\"ServerNotification\"},{\"event\":\"/restapi/v1.0/account/1/presence\","
                       "\"padding\":\"%s\",\"body\":{\"extensionId\":\"101\",\"userStatus\":\"Busy\"}}]",
                       padding);
  g_autofree char *huge = g_strnfill (5 * 1024 * 1024, ' ');

  start_and_connect (fixture);
  mock_send (fixture->mock, large);
  mock_wait (fixture->presences->len == 1);
  g_assert_true (is_connected (fixture));
  mock_send (fixture->mock, huge);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_BAD_REPLY);
  assert_new_session (fixture, 2);
}

/* One event that cannot be read does not end the connection, and many do not make us read everything over and over. */
static void
test_damaged_event (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  for (int i = 0; i < 5; i++)
    mock_send (fixture->mock,
               "[{\"type\":\"ServerNotification\"},{\"event\":\"/restapi/v1.0/account/1/presence\",\"body\":{"
               "\"extensionId\":\"5\",\"userStatus\":7}}]");
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_wait (fixture->presences->len == 1);
  g_assert_cmpuint (fixture->missed, ==, 2);
  g_assert_cmpuint (ps_ringcentral_socket_events (fixture->socket), ==, 1);
  g_assert_true (is_connected (fixture));
}

static void
test_error_frame (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  mock_send (fixture->mock,
             "[{\"type\":\"Error\",\"messageId\":\"e\",\"status\":408},{\"errorCode\":\"WSG-902\",\"message\":"
             "\"idle\"}]");
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_nonnull (ps_ringcentral_socket_error (fixture->socket));
  assert_new_session (fixture, 2);
}

/* --- refusals --- */

static void
test_no_scope (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->subscribe_status = 403;
  fixture->mock->subscribe_body =
      "{\"errorCode\":\"SUB-528\",\"errors\":[{\"errorCode\":\"SUB-528\",\"message\":\"no\"}]}";
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_cmpuint (fixture->missed, ==, 0);
  /* The administrator has mended it: it comes back by itself. */
  fixture->mock->subscribe_status = 200;
  fixture->mock->subscribe_body = "{}";
  mock_wait (is_connected (fixture));
  g_assert_cmpuint (fixture->missed, ==, 1);
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));
}

static void
test_filter_refused (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->subscribe_body =
      "{\"disabledFilters\":[{\"filter\":\"/restapi/v1.0/account/~/presence?detailedTelephony"
      "State=true\",\"reason\":\"SUB-402\"}]}";
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_nonnull (
      strstr (ps_ringcentral_socket_error (fixture->socket)->message, "/restapi/v1.0/account/~/presence"));
}

static void
test_handshake_refused (Fixture *fixture, gconstpointer unused)
{
  static const struct {
    guint status;
    PsError code;
  } cases[] = { { 401, PS_ERROR_SERVER }, { 503, PS_ERROR_SERVER }, { 200, PS_ERROR_BAD_REPLY } };
  guint connects = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("status %u", cases[i].status);
    fixture->mock->handshake_status = cases[i].status;
    start (fixture);
    mock_wait (ps_ringcentral_socket_error (fixture->socket) != NULL);
    g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, (int) cases[i].code);
    connects = fixture->mock->queries->len;
    fixture->mock->handshake_status = 0;
    mock_wait (is_connected (fixture));
    /* Each attempt with a token of its own. */
    g_assert_cmpuint (fixture->mock->tokens, >, connects);
    ps_ringcentral_socket_stop (fixture->socket);
  }
}

/* The service's Retry-After is longer than the test: the next attempt must not come before it, not even when asked to
 * look. */
static void
test_handshake_throttled (Fixture *fixture, gconstpointer unused)
{
  gint64 until;

  fixture->times.gap = 5;
  fixture->times.longest_wait = 10;
  fixture->mock->handshake_status = 429;
  fixture->mock->handshake_retry_after = "3000";
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_THROTTLED);
  g_assert_cmpint (ps_error_details (ps_ringcentral_socket_error (fixture->socket))->retry_after_ms, ==, 3000 * 1000);
  ps_ringcentral_socket_check (fixture->socket);
  /* Ten times the longest wait without a Retry-After. */
  until = ps_now_ms () + 10 * fixture->times.longest_wait;
  mock_wait (ps_now_ms () > until);
  g_assert_cmpuint (fixture->mock->queries->len, ==, 1);
  g_assert_cmpint (ps_ringcentral_socket_state (fixture->socket), ==, PS_SOCKET_WAITING);
}

static void
test_no_token (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->token_status = 500;
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_SERVER);
  fixture->mock->token_status = 0;
  mock_wait (is_connected (fixture));
}

/* --- silence --- */

static void
test_silent_gateway (Fixture *fixture, gconstpointer unused)
{
  const char *details = fixture->mock->details;

  fixture->times.handshake = 300;
  fixture->mock->details = NULL;
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_NETWORK);
  g_assert_cmpuint (fixture->mock->subscribed, ==, 0); /* nothing before ConnectionDetails */
  fixture->mock->details = details;
  mock_wait (is_connected (fixture));
}

static void
test_silent_subscription (Fixture *fixture, gconstpointer unused)
{
  fixture->times.handshake = 300;
  fixture->mock->subscribe_body = NULL;
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_NETWORK);
  fixture->mock->subscribe_body = "{}";
  mock_wait (is_connected (fixture));
}

static void
test_probe_answered (Fixture *fixture, gconstpointer unused)
{
  fixture->times.silence = 20;
  start_and_connect (fixture);
  mock_wait (fixture->mock->heartbeats >= 4);
  g_assert_true (is_connected (fixture));
  g_assert_cmpuint (fixture->mock->queries->len, ==, 1);
}

static void
test_probe_unanswered (Fixture *fixture, gconstpointer unused)
{
  fixture->times.silence = 100;
  fixture->times.probe = 100;
  fixture->mock->deaf = TRUE;
  start_and_connect (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_NETWORK);
  g_assert_cmpuint (fixture->mock->heartbeats, ==, 1);
  fixture->mock->deaf = FALSE;
  mock_wait (fixture->mock->queries->len >= 2 && is_connected (fixture));
  g_assert_true (connect_has (fixture, 1, "wsc="));
  g_assert_cmpuint (fixture->missed, ==, 1);
}

static void
test_check (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  ps_ringcentral_socket_check (fixture->socket);
  ps_ringcentral_socket_check (fixture->socket); /* one probe at a time */
  mock_wait (fixture->mock->heartbeats == 1);
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_wait (fixture->presences->len == 1);
  ps_ringcentral_socket_check (fixture->socket);
  mock_wait (fixture->mock->heartbeats == 2);
  g_assert_true (is_connected (fixture));
}

/* In an hour's wait, for somebody has to give the app its scope: a look goes ahead as soon as the gap allows. */
static void
test_check_waiting (Fixture *fixture, gconstpointer unused)
{
  fixture->times.longest_wait = 3600 * 1000;
  fixture->mock->subscribe_status = 403;
  fixture->mock->subscribe_body = "{\"errorCode\":\"SUB-528\"}";
  start (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_WAITING);
  fixture->mock->subscribe_status = 200;
  fixture->mock->subscribe_body = "{}";
  ps_ringcentral_socket_check (fixture->socket);
  mock_wait (is_connected (fixture));
}

/* --- the session's end --- */

static void
test_replace (Fixture *fixture, gconstpointer unused)
{
  fixture->mock->details = "{\"absoluteTimeout\":1,\"recoveryTimeout\":180}";
  fixture->times.stable = 100;
  fixture->times.margin = 800;
  start_and_connect (fixture);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) != PS_SOCKET_CONNECTED);
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));
  assert_new_session (fixture, 2);
}

/* --- stopping --- */

static void
test_stop (Fixture *fixture, gconstpointer unused)
{
  guint states;

  start_and_connect (fixture);
  ps_ringcentral_socket_stop (fixture->socket);
  g_assert_cmpint (ps_ringcentral_socket_state (fixture->socket), ==, PS_SOCKET_CLOSED);
  states = fixture->states;
  ps_ringcentral_socket_stop (fixture->socket);
  ps_ringcentral_socket_check (fixture->socket);
  /* The gateway is told, so that the session does not count for long. */
  mock_wait (soup_websocket_connection_get_state (fixture->mock->socket) == SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (fixture->mock->socket), ==, SOUP_WEBSOCKET_CLOSE_NORMAL);
  g_assert_cmpuint (fixture->states, ==, states);
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));

  ps_ringcentral_socket_start (fixture->socket);
  assert_new_session (fixture, 2);
}

static void
test_stop_at_event (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  fixture->stop_at_event = TRUE;
  mock_send_presence (fixture->mock, "101", "Busy", 5);
  mock_send_presence (fixture->mock, "102", "Busy", 6);
  mock_wait (ps_ringcentral_socket_state (fixture->socket) == PS_SOCKET_CLOSED);
  mock_wait (soup_websocket_connection_get_state (fixture->mock->socket) == SOUP_WEBSOCKET_STATE_CLOSED);
  g_assert_cmpuint (fixture->presences->len, ==, 1);
}

/* Let go of at every stage: nothing may come afterwards, and nothing may stay. */
static void
test_dispose (Fixture *fixture, gconstpointer unused)
{
  Mock *mock = fixture->mock;

  for (guint stage = 0; stage < 6; stage++) {
    guint tokens = mock->tokens, connects = mock->queries->len, subscribed = mock->subscribed;
    g_autoptr (PsRingCentralSocket) socket = ps_ringcentral_socket_new (fixture->client, FALSE);

    g_test_message ("stage %u", stage);
    mock->handshake_status = stage == 5 ? 503 : 0;
    mock->subscribe_body = stage == 3 ? NULL : "{}";
    ps_ringcentral_socket_set_times (socket, &fixture->times);
    ps_ringcentral_socket_start (socket);
    if (stage == 1)
      mock_wait (mock->tokens > tokens);
    else if (stage == 2)
      mock_wait (mock->queries->len > connects);
    else if (stage == 3)
      mock_wait (mock->subscribed > subscribed);
    else if (stage == 4)
      mock_wait (ps_ringcentral_socket_state (socket) == PS_SOCKET_CONNECTED);
    else if (stage == 5)
      mock_wait (ps_ringcentral_socket_state (socket) == PS_SOCKET_WAITING);
    g_assert_finalize_object (g_steal_pointer (&socket));
    if (mock->socket != NULL)
      mock_wait (soup_websocket_connection_get_state (mock->socket) == SOUP_WEBSOCKET_STATE_CLOSED);
  }
}

typedef struct {
  PsRingCentralSocket *socket; /* (owned) until it is let go of */
  PsSocketState state;
} Holder;

static void
let_go_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  Holder *holder = user_data;

  if (ps_ringcentral_socket_state (socket) == holder->state)
    g_clear_object (&holder->socket);
}

static void
let_go_at_presence_cb (PsRingCentralSocket *socket, const char *extension_id, const PsPhoneReading *reading,
                       gpointer user_data)
{
  let_go_cb (socket, user_data);
  g_assert_cmpstr (extension_id, ==, "101");
}

/* The listener drops the last reference in the midst of a signal. */
static void
test_let_go (Fixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *signal;
    PsSocketState state;
  } cases[] = { { "state-changed", PS_SOCKET_CONNECTED },
                { "missed", PS_SOCKET_CONNECTED },
                { "presence", PS_SOCKET_CONNECTED },
                { "directory-changed", PS_SOCKET_CONNECTED },
                { "state-changed", PS_SOCKET_WAITING } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    Holder holder = { ps_ringcentral_socket_new (fixture->client, FALSE), cases[i].state };
    gboolean presence = g_str_equal (cases[i].signal, "presence");
    gpointer gone = holder.socket;

    g_test_message ("%s in state %d", cases[i].signal, cases[i].state);
    g_object_add_weak_pointer (G_OBJECT (gone), &gone);
    g_signal_connect (holder.socket, cases[i].signal,
                      presence ? G_CALLBACK (let_go_at_presence_cb) : G_CALLBACK (let_go_cb), &holder);
    ps_ringcentral_socket_set_times (holder.socket, &fixture->times);
    ps_ringcentral_socket_start (holder.socket);
    mock_wait (holder.socket == NULL || ps_ringcentral_socket_state (holder.socket) == PS_SOCKET_CONNECTED);
    if (presence)
      mock_send_presence (fixture->mock, "101", "Busy", 1);
    else if (g_str_equal (cases[i].signal, "directory-changed"))
      mock_send (fixture->mock,
                 "[{\"type\":\"ServerNotification\"},{\"event\":\"/restapi/v1.0/account/1/extension\"}]");
    else if (cases[i].state == PS_SOCKET_WAITING)
      mock_send (fixture->mock, "garbage");
    mock_wait (holder.socket == NULL);
    g_assert_null (gone);
    mock_wait (soup_websocket_connection_get_state (fixture->mock->socket) == SOUP_WEBSOCKET_STATE_CLOSED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/socket-session/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("connect", test_connect);
  ADD ("recovery", test_recovery);
  ADD ("recovery/failed", test_recovery_failed);
  ADD ("recovery/overflow", test_recovery_overflow);
  ADD ("recovery/unsubscribed", test_recovery_unsubscribed);
  ADD ("recovery/failed-then-cut", test_recovery_failed_then_cut);
  ADD ("recovery/too-late", test_recovery_too_late);
  ADD ("close-codes", test_close_codes);
  ADD ("garbage", test_garbage);
  ADD ("binary", test_binary);
  ADD ("huge", test_huge);
  ADD ("damaged-event", test_damaged_event);
  ADD ("error-frame", test_error_frame);
  ADD ("no-scope", test_no_scope);
  ADD ("filter-refused", test_filter_refused);
  ADD ("handshake-refused", test_handshake_refused);
  ADD ("handshake-throttled", test_handshake_throttled);
  ADD ("no-token", test_no_token);
  ADD ("silent/gateway", test_silent_gateway);
  ADD ("silent/subscription", test_silent_subscription);
  ADD ("probe/answered", test_probe_answered);
  ADD ("probe/unanswered", test_probe_unanswered);
  ADD ("check", test_check);
  ADD ("check/waiting", test_check_waiting);
  ADD ("replace", test_replace);
  ADD ("stop", test_stop);
  ADD ("stop/at-event", test_stop_at_event);
  ADD ("dispose", test_dispose);
  ADD ("dispose/in-signal", test_let_go);

  return g_test_run ();
}
