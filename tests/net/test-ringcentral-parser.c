/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-ringcentral-parser.h"

#include <string.h>

#include "ps-error.h"
#include "ps-json.h"

#define assert_bad_reply(error)                                                                                        \
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);                                                                \
  g_clear_error (&error)

static GBytes *
bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* --- one presence --- */

static const struct {
  const char *json;
  gboolean new_call_handling;
  PsPhoneReading expected;
} presences[] = {
  { "{\"userStatus\":\"Available\",\"presenceStatus\":\"Busy\",\"dndStatus\":\"TakeAllCalls\",\"telephonyStatus\":"
    "\"CallConnected\",\"meetingStatus\":\"Disconnected\",\"allowSeeMyPresence\":true,\"sequence\":7}",
    FALSE,
    { PS_PHONE_AVAILABLE, PS_CALLS_ALL, PS_TELEPHONY_CONNECTED, PS_PHONE_BUSY, TRUE, FALSE, FALSE, 7, 0 } },
  { "{\"userStatus\":\"Busy\",\"dndStatus\":\"DoNotAcceptDepartmentCalls\",\"meetingStatus\":\"Connected\","
    "\"allowSeeMyPresence\":false}",
    FALSE,
    { PS_PHONE_BUSY, PS_CALLS_NO_QUEUE, PS_TELEPHONY_UNKNOWN, PS_PHONE_STATUS_UNKNOWN, TRUE, TRUE, TRUE, 0, 0 } },
  { "{\"userStatus\":\"Offline\",\"dndStatus\":\"DoNotAcceptAnyCalls\"}",
    FALSE,
    { .user_status = PS_PHONE_OFFLINE, .calls = PS_CALLS_NONE } },
  { "{\"dndStatus\":\"TakeDepartmentCallsOnly\"}", FALSE, { .calls = PS_CALLS_QUEUE_ONLY } },
  /* Nothing said, null said, and words that were not invented yet: all "not said". */
  { "{}", FALSE, { .calls = PS_CALLS_UNKNOWN } },
  { "{\"userStatus\":null,\"dndStatus\":null,\"telephonyStatus\":null,\"allowSeeMyPresence\":null}", FALSE, { 0 } },
  { "{\"userStatus\":\"Dreaming\",\"dndStatus\":\"Perhaps\",\"telephonyStatus\":\"Morse\",\"meetingStatus\":\"Soon\"}",
    TRUE,
    { 0 } },
  /* The aggregate over all telephony counts. */
  { "{\"telephonyStatus\":\"NoCall\",\"aggregatedTelephonyStatus\":\"OnHold\"}",
    FALSE,
    { .telephony = PS_TELEPHONY_ON_HOLD } },
  { "{\"telephonyStatus\":\"Ringing\"}", FALSE, { .telephony = PS_TELEPHONY_RINGING } },
  /* The old call handling does not look at the new fields … */
  { "{\"dndStatus\":\"TakeAllCalls\",\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\",\"acceptCallQueueCalls\":false}",
    FALSE,
    { .calls = PS_CALLS_ALL } },
  /* … and the new looks at the old only where they leave a hole. */
  { "{\"dndStatus\":\"TakeAllCalls\",\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\",\"acceptCallQueueCalls\":true}",
    TRUE,
    { .calls = PS_CALLS_NONE } },
  { "{\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":true}", TRUE, { .calls = PS_CALLS_ALL } },
  { "{\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":false}", TRUE, { .calls = PS_CALLS_NO_QUEUE } },
  /* In no queue: the flag has its default. */
  { "{\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":false,\"dndStatus\":\"TakeAllCalls\"}",
    TRUE,
    { .calls = PS_CALLS_ALL } },
  { "{\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":false,\"dndStatus\":"
    "\"DoNotAcceptDepartmentCalls\"}",
    TRUE,
    { .calls = PS_CALLS_NO_QUEUE } },
  { "{\"dndStatusPersonal\":\"TakeAllCalls\"}", TRUE, { .calls = PS_CALLS_UNKNOWN } },
  { "{\"dndStatusPersonal\":\"TakeAllCalls\",\"dndStatus\":\"DoNotAcceptDepartmentCalls\"}",
    TRUE,
    { .calls = PS_CALLS_NO_QUEUE } },
  { "{\"dndStatus\":\"DoNotAcceptAnyCalls\"}", TRUE, { .calls = PS_CALLS_NONE } },
  { "{\"sequence\":-5}", FALSE, { .sequence = 0 } },
};

static void
assert_same (const PsPhoneReading *a, const PsPhoneReading *b)
{
  g_assert_cmpint (a->user_status, ==, b->user_status);
  g_assert_cmpint (a->calls, ==, b->calls);
  g_assert_cmpint (a->telephony, ==, b->telephony);
  g_assert_cmpint (a->shown, ==, b->shown);
  g_assert_cmpint (a->meeting_known, ==, b->meeting_known);
  g_assert_cmpint (a->meeting, ==, b->meeting);
  g_assert_cmpint (a->hidden, ==, b->hidden);
  g_assert_cmpuint (a->sequence, ==, b->sequence);
  g_assert_cmpint (a->event_ms, ==, b->event_ms);
}

static void
test_presence (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (presences); i++) {
    g_autoptr (GBytes) body = bytes (presences[i].json);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = ps_json_parse_object (body, &error);
    PsPhoneReading reading;

    g_test_message ("%s", presences[i].json);
    g_assert_no_error (error);
    g_assert_true (ps_ringcentral_parse_presence (object, presences[i].new_call_handling, &reading, &error));
    g_assert_no_error (error);
    assert_same (&reading, &presences[i].expected);
  }
}

static void
test_presence_broken (void)
{
  static const char *const texts[] = {
    "",
    "null",
    "[]",
    "\"Available\"",
    "{",
    "{\"presenceStatus\":\"Busy\"",
    "<html><body>502</body></html>",
    "{}",
    "{\"message\":\"no presence here\"}",
    "{\"presenceStatus\":5}",
    "{\"presenceStatus\":[\"Busy\"]}",
    "{\"userStatus\":{\"a\":1}}",
    "{\"userStatus\":true,\"presenceStatus\":\"Busy\"}",
    "{\"presenceStatus\":\"Busy\",\"allowSeeMyPresence\":\"yes\"}",
    "{\"presenceStatus\":\"Busy\",\"dndStatus\":0}",
    "{\"presenceStatus\":\"Busy\",\"meetingStatus\":[]}",
    "{\"presenceStatus\":\"\xff\xfe\"}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) body = bytes (texts[i]);
    GError *error = NULL;
    PsPhoneReading reading;

    g_test_message ("%s", texts[i]);
    g_assert_false (ps_ringcentral_parse_presence_body (body, FALSE, &reading, &error));
    assert_bad_reply (error);
  }
}

/* --- many presences --- */

static void
test_sweep (void)
{
  g_autoptr (GBytes) body =
      bytes ("{\"records\":["
             "{\"extension\":{\"id\":101},\"userStatus\":\"Busy\",\"presenceStatus\":\"Busy\"},"
             "{\"extension\":{\"id\":\"102\"},\"userStatus\":\"Available\",\"presenceStatus\":\"Available\"},"
             "{\"extension\":{\"id\":103},\"presenceStatus\":\"Offline\"},"           /* a queue: no user */
             "{\"extension\":{\"id\":\"1/../2\"},\"userStatus\":\"Busy\"},"           /* no id */
             "{\"userStatus\":\"Busy\"},null,7,"                                      /* nobody */
             "{\"extension\":{\"id\":104},\"userStatus\":4},"                         /* unreadable */
             "{\"extension\":{\"id\":9007199254740993},\"userStatus\":\"Offline\"}]," /* beyond a double */
             "\"navigation\":{\"nextPage\":{\"uri\":\"https://platform.example/"
             "next\"}},\"paging\":{\"page\":1,\"totalPages\":1}}");
  g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;

  g_assert_true (ps_ringcentral_parse_sweep (body, FALSE, found, &more, &error));
  g_assert_no_error (error);
  g_assert_true (more);
  g_assert_cmpuint (found->presences->len, ==, 3);
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 0).id, ==, "101");
  g_assert_cmpint (g_array_index (found->presences, PsPhonePresence, 0).reading.user_status, ==, PS_PHONE_BUSY);
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 1).id, ==, "102");
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 2).id, ==, "9007199254740993");
}

static void
test_sweep_more (void)
{
  static const struct {
    const char *rest;
    gboolean more;
  } cases[] = {
    { "", FALSE },
    { ",\"navigation\":null,\"paging\":null", FALSE },
    { ",\"navigation\":{\"nextPage\":null}", FALSE },
    { ",\"navigation\":{\"nextPage\":{\"uri\":5}}", FALSE },
    { ",\"paging\":{\"page\":1,\"totalPages\":2}", TRUE },
    { ",\"paging\":{\"page\":2,\"totalPages\":2}", FALSE },
    { ",\"navigation\":{\"nextPage\":{\"uri\":\"x\"}}", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf ("{\"records\":[]%s}", cases[i].rest);
    g_autoptr (GBytes) body = bytes (text);
    g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
    g_autoptr (GError) error = NULL;
    gboolean more = !cases[i].more;

    g_assert_true (ps_ringcentral_parse_sweep (body, FALSE, found, &more, &error));
    g_assert_no_error (error);
    g_assert_cmpint (more, ==, cases[i].more);
  }
}

static void
test_sweep_broken (void)
{
  static const char *const texts[] = {
    "",
    "{}",
    "{\"records\":null}",
    "{\"records\":{}}",
    "{\"records\":[{\"userStatus\":\"Busy\"}]}",
    "{\"records\":[null,1,[]]}",
    "{\"records\":[{\"extension\":{\"id\":1},\"userStatus\":\"Busy\"}]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) body = bytes (texts[i]);
    g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
    GError *error = NULL;
    gboolean more;

    g_test_message ("%s", texts[i]);
    g_assert_false (ps_ringcentral_parse_sweep (body, FALSE, found, &more, &error));
    assert_bad_reply (error);
  }
}

/* A page of the service's own size, with all that a detailed record carries. */
static void
test_sweep_thousand (void)
{
  g_autoptr (GString) text = g_string_new ("{\"records\":[");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
  g_autoptr (GError) error = NULL;
  gboolean more;
  double spent;

  for (int i = 0; i < 1000; i++)
    g_string_append_printf (
        text,
        "%s{\"uri\":\"https://platform.ringcentral.com/restapi/v1.0/account/1/extension/%d/presence\",\"userStatus\":"
        "\"Available\",\"dndStatus\":\"TakeAllCalls\",\"presenceStatus\":\"Available\",\"telephonyStatus\":\"NoCall\","
        "\"meetingStatus\":\"Disconnected\",\"allowSeeMyPresence\":true,\"ringOnMonitoredCall\":false,"
        "\"pickUpCallsOnHold\":false,\"extension\":{\"id\":%d,\"uri\":\"https://platform.ringcentral.com/x/%d\","
        "\"extensionNumber\":\"%d\"},\"activeCalls\":[]}",
        i == 0 ? "" : ",", 1000 + i, 1000 + i, i, i);
  g_string_append (text, "]}");
  body = bytes (text->str);

  g_test_timer_start ();
  g_assert_true (ps_ringcentral_parse_sweep (body, FALSE, found, &more, &error));
  spent = g_test_timer_elapsed ();
  g_assert_cmpuint (found->presences->len, ==, 1000);
  g_test_message ("1,000 records in %.1f ms", spent * 1000);
  /* Some milliseconds; the bound only catches what grows with the square. */
  g_assert_cmpfloat (spent, <, 2.0);
}

static void
test_parts (void)
{
  g_autoptr (GBytes) body =
      bytes ("[{\"resourceId\":\"11\",\"status\":200,\"body\":{\"extension\":{\"id\":11},\"userStatus\":\"Busy\"}},"
             "{\"resourceId\":12,\"status\":200,\"body\":{\"userStatus\":\"Offline\"}},"
             "{\"resourceId\":\"13\",\"status\":404,\"body\":{\"errorCode\":\"CMN-102\",\"message\":\"gone\"}},"
             "{\"resourceId\":\"14\",\"status\":200,\"body\":null},"
             "{\"resourceId\":\"15\",\"status\":200,\"body\":{\"userStatus\":[]}}]");
  g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ps_ringcentral_parse_presence_parts (body, FALSE, found, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (found->presences->len, ==, 2);
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 1).id, ==, "12");
  g_assert_cmpint (g_array_index (found->presences, PsPhonePresence, 1).reading.user_status, ==, PS_PHONE_OFFLINE);
}

static void
test_parts_broken (void)
{
  /* The last is what comes without the Accept header. */
  static const char *const texts[] = { "",
                                       "{}",
                                       "[null]",
                                       "[1]",
                                       "[{}]",
                                       "[{\"resourceId\":\"11\"}]",
                                       "--Boundary_1\r\nContent-Type: application/json\r\n\r\n{}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) body = bytes (texts[i]);
    g_autoptr (PsPhonePresences) found = ps_phone_presences_new ();
    GError *error = NULL;

    g_assert_false (ps_ringcentral_parse_presence_parts (body, FALSE, found, &error));
    assert_bad_reply (error);
  }
}

/* --- writing --- */

static void
test_write (void)
{
  static const struct {
    PsPhoneWrite write;
    gboolean new_call_handling;
    const char *json;
  } cases[] = {
    { { PS_PHONE_BUSY, PS_CALLS_UNKNOWN }, FALSE, "{\"userStatus\":\"Busy\"}" },
    { { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_NONE }, FALSE, "{\"dndStatus\":\"DoNotAcceptAnyCalls\"}" },
    { { PS_PHONE_AVAILABLE, PS_CALLS_NO_QUEUE },
      FALSE,
      "{\"userStatus\":\"Available\",\"dndStatus\":\"DoNotAcceptDepartmentCalls\"}" },
    { { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_NONE }, TRUE, "{\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\"}" },
    { { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_ALL },
      TRUE,
      "{\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":true}" },
    { { PS_PHONE_OFFLINE, PS_CALLS_NO_QUEUE },
      TRUE,
      "{\"userStatus\":\"Offline\",\"dndStatusPersonal\":\"TakeAllCalls\",\"acceptCallQueueCalls\":false}" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = ps_ringcentral_presence_to_json (&cases[i].write, cases[i].new_call_handling);

    g_assert_cmpmem (g_bytes_get_data (body, NULL), g_bytes_get_size (body), cases[i].json, strlen (cases[i].json));
  }
}

/* --- directory and account --- */

static void
test_users (void)
{
  g_autoptr (GBytes) body = bytes (
      "{\"records\":[{\"id\":1,\"type\":\"User\",\"status\":\"Enabled\",\"name\":\"Ana\",\"extensionNumber\":\"101\","
      "\"contact\":{\"email\":\"Ana@Example.com\",\"department\":\"Sales\",\"jobTitle\":\"Rep\",\"businessPhone\":\"+"
      "1\"},"
      "\"site\":{\"name\":\"Main\"},\"permissions\":{\"admin\":{\"enabled\":true}}},"
      "{\"id\":2,\"type\":\"Department\"},{\"type\":\"IvrMenu\"},"
      "{\"id\":\"3\",\"type\":\"User\",\"status\":\"NotActivated\",\"contact\":null,\"permissions\":[]}],"
      "\"navigation\":{\"nextPage\":{\"uri\":\"https://x/2\"}}}");
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  g_autofree char *next = NULL;
  g_autoptr (GError) error = NULL;
  PsRingCentralUser *user;

  g_assert_true (ps_ringcentral_parse_users_page (body, users, &next, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (next, ==, "https://x/2");
  g_assert_cmpuint (users->len, ==, 2);
  user = g_ptr_array_index (users, 0);
  g_assert_cmpstr (user->id, ==, "1");
  g_assert_cmpstr (user->email, ==, "Ana@Example.com");
  g_assert_cmpstr (user->site, ==, "Main");
  g_assert_cmpstr (user->department, ==, "Sales");
  g_assert_cmpint (user->status, ==, PS_EXTENSION_ENABLED);
  g_assert_true (user->admin);
  user = g_ptr_array_index (users, 1);
  g_assert_cmpstr (user->id, ==, "3");
  g_assert_null (user->email);
  g_assert_false (user->admin);
  g_assert_cmpint (user->status, ==, PS_EXTENSION_NOT_ACTIVATED);
}

static void
test_lists_broken (void)
{
  static const char *const texts[] = { "",
                                       "[]",
                                       "{}",
                                       "{\"records\":7}",
                                       "{\"records\":[null]}",
                                       "{\"records\":[[]]}",
                                       "{\"records\":[{\"type\":\"User\"}]}",
                                       "{\"records\":[{\"id\":\"\",\"type\":\"User\"}]}",
                                       "{\"records\":[{\"id\":-1,\"type\":\"User\"}]}",
                                       "{\"records\":[{\"id\":1.5,\"type\":\"User\"}]}",
                                       "{\"records\":[{\"id\":\"1?x=\",\"type\":\"User\"}]}" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) body = bytes (texts[i]);
    g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
    g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *next = NULL;
    GError *error = NULL;

    g_test_message ("%s", texts[i]);
    g_assert_false (ps_ringcentral_parse_users_page (body, users, &next, &error));
    assert_bad_reply (error);
    g_assert_false (ps_ringcentral_parse_ids_page (body, ids, &next, &error));
    assert_bad_reply (error);
    g_assert_null (next);
  }
}

static void
test_features (void)
{
  static const struct {
    const char *json;
    gboolean on;
  } cases[] = {
    { "{\"records\":[{\"id\":\"NewCallHandlingAndForwarding\",\"available\":true,\"params\":[{\"name\":"
      "\"isNewBackendAvailable\",\"value\":\"true\"}]}]}",
      TRUE },
    { "{\"records\":[{\"id\":\"NewCallHandlingAndForwarding\",\"available\":true,\"params\":[{\"name\":"
      "\"isNewBackendAvailable\",\"value\":\"false\"}]}]}",
      FALSE },
    { "{\"records\":[{\"id\":\"NewCallHandlingAndForwarding\",\"available\":true}]}", FALSE },
    { "{\"records\":[{\"id\":\"Other\",\"params\":[{\"name\":\"isNewBackendAvailable\",\"value\":\"true\"}]}]}",
      FALSE },
    { "{\"records\":[null,4]}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = bytes (cases[i].json);
    g_autoptr (PsRingCentralAccount) account = g_new0 (PsRingCentralAccount, 1);
    g_autoptr (GError) error = NULL;

    account->new_call_handling = !cases[i].on;
    g_assert_true (ps_ringcentral_parse_features (body, account, &error));
    g_assert_no_error (error);
    g_assert_cmpint (account->new_call_handling, ==, cases[i].on);
  }
}

static void
test_permission (void)
{
  static const struct {
    const char *json;
    int allowed; /* -1: bad reply */
  } cases[] = { { "{\"successful\":true}", TRUE },
                { "{\"successful\":false,\"details\":{}}", FALSE },
                { "{\"successful\":\"true\"}", -1 },
                { "{}", -1 },
                { "[]", -1 },
                { "", -1 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = bytes (cases[i].json);
    gboolean allowed = cases[i].allowed != TRUE;
    GError *error = NULL;

    if (cases[i].allowed < 0) {
      g_assert_false (ps_ringcentral_parse_permission (body, &allowed, &error));
      assert_bad_reply (error);
      continue;
    }
    g_assert_true (ps_ringcentral_parse_permission (body, &allowed, &error));
    g_assert_no_error (error);
    g_assert_cmpint (allowed, ==, cases[i].allowed);
  }
}

static void
test_socket_token (void)
{
  static const struct {
    const char *json;
    gint64 life_ms; /* -1: bad reply */
  } cases[] = {
    { "{\"uri\":\"wss://ws-api.ringcentral.com/ws\",\"ws_access_token\":\"t\",\"expires_in\":30}", 30000 },
    { "{\"uri\":\"ws://127.0.0.1:8080/ws\",\"ws_access_token\":\"t\",\"expires_in\":600}", 600000 },
    { "{\"uri\":\"wss://a.example/ws\",\"ws_access_token\":\"t\",\"expires_in\":-4}", 0 },
    { "{\"uri\":\"wss://a.example/ws\",\"ws_access_token\":\"t\",\"expires_in\":\"1e18\"}", 30000 },
    { "{\"uri\":\"wss://a.example/ws\",\"ws_access_token\":\"t\",\"expires_in\":999999999999}", 86400000 },
    { "{\"uri\":\"ws://a.example/ws\",\"ws_access_token\":\"t\",\"expires_in\":30}", -1 },
    { "{\"uri\":\"https://a.example/ws\",\"ws_access_token\":\"t\",\"expires_in\":30}", -1 },
    { "{\"uri\":\"wss://\",\"ws_access_token\":\"t\",\"expires_in\":30}", -1 },
    { "{\"uri\":5,\"ws_access_token\":\"t\",\"expires_in\":30}", -1 },
    { "{\"uri\":\"wss://a.example/ws\",\"expires_in\":30}", -1 },
    { "{\"uri\":\"wss://a.example/ws\",\"ws_access_token\":\"\",\"expires_in\":30}", -1 },
    { "{}", -1 },
    { "null", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = bytes (cases[i].json);
    GError *error = NULL;
    g_autoptr (PsSocketToken) token = ps_ringcentral_parse_socket_token (body, 1000, &error);

    g_test_message ("%s", cases[i].json);
    if (cases[i].life_ms < 0) {
      g_assert_null (token);
      assert_bad_reply (error);
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpint (token->expires_ms, ==, 1000 + cases[i].life_ms);
    g_assert_cmpstr (token->token, ==, "t");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ringcentral-parser/presence", test_presence);
  g_test_add_func ("/ringcentral-parser/presence/broken", test_presence_broken);
  g_test_add_func ("/ringcentral-parser/sweep", test_sweep);
  g_test_add_func ("/ringcentral-parser/sweep/more", test_sweep_more);
  g_test_add_func ("/ringcentral-parser/sweep/broken", test_sweep_broken);
  g_test_add_func ("/ringcentral-parser/sweep/thousand", test_sweep_thousand);
  g_test_add_func ("/ringcentral-parser/parts", test_parts);
  g_test_add_func ("/ringcentral-parser/parts/broken", test_parts_broken);
  g_test_add_func ("/ringcentral-parser/write", test_write);
  g_test_add_func ("/ringcentral-parser/users", test_users);
  g_test_add_func ("/ringcentral-parser/lists-broken", test_lists_broken);
  g_test_add_func ("/ringcentral-parser/features", test_features);
  g_test_add_func ("/ringcentral-parser/permission", test_permission);
  g_test_add_func ("/ringcentral-parser/socket-token", test_socket_token);

  return g_test_run ();
}
