/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Graph's presence: bulk reads, sessions, the preferred slot, status messages, the limit.
 */
#include "config.h"

#include "ps-tenant-ms-presence.h"
#include "test-microsoft-fixture.h"

#include <string.h>

#define BULK   "/v1.0/communications/getPresencesByUserId"
#define NOBODY "00000000-1111-2222-3333-444444444444"

static char *
ids_body (guint count, const char *id)
{
  g_autoptr (GString) body = g_string_new ("{\"ids\":[");

  for (guint i = 0; i < count; i++)
    g_string_append_printf (body, "%s\"%s\"", i > 0 ? "," : "", id);
  g_string_append (body, "]}");
  return g_string_free (g_steal_pointer (&body), FALSE);
}

static char *
path_of (PsTenantMicrosoftUser *user, const char *action)
{
  return g_strdup_printf ("/v1.0/users/%s/presence%s%s", user->id, *action != '\0' ? "/" : "", action);
}

static void
test_bulk (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *one = ms_test_person (test, 0)->microsoft;
  PsTenantMicrosoftUser *two = ms_test_person (test, 1)->microsoft;
  g_autofree char *upper = g_ascii_strup (two->id, -1);
  g_autofree char *body = g_strdup_printf ("{\"ids\":[\"%s\",\"%s\",\"%s\",\"%s\"]}", one->id, NOBODY, upper, one->id);
  g_autoptr (TestAnswer) answer = NULL;
  g_autoptr (JsonNode) first = NULL;

  ps_tenant_teams_person_client (one->teams, "Busy", "InAMeeting");
  answer = ms_test_expect (test, 200, "POST", BULK, body, NULL);
  g_assert_cmpuint (test_json_length (answer->json, "$.value"), ==, 2);
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].id"), ==, one->id);
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].availability"), ==, "Busy");
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].activity"), ==, "InAMeeting");
  g_assert_cmpstr (test_json_string (answer->json, "$.value[1].id"), ==, two->id);
  g_assert_true (g_str_has_suffix (test_json_string (answer->json, "$['@odata.context']"),
                                   "#Collection(microsoft.graph.presence)"));
  /* Every property of the contract is there. */
  first = test_json_at (answer->json, "$.value[0]");
  for (const char *const *name = (const char *const[]){ "id", "availability", "activity", "statusMessage",
                                                        "outOfOfficeSettings", "workLocation", "sequenceNumber", NULL };
       *name != NULL; name++)
    g_assert_true (json_object_has_member (json_node_get_object (first), *name));
}

static void
test_bulk_refusals (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *id = ms_test_person (test, 0)->microsoft->id;
  g_autofree char *most = ids_body (650, id);
  g_autofree char *too_many = ids_body (651, id);
  g_autofree char *unknown = ids_body (1, NOBODY);
  g_autofree char *upn = ids_body (1, "somebody@example.org");
  g_autofree char *none = ids_body (0, id);

  test_answer_free (ms_test_expect (test, 200, "POST", BULK, most, NULL));
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, too_many, NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, upn, NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, none, NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, "{\"ids\":[1]}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, "{\"ids\":\"x\"}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, "{}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, "[]", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, "{\"ids\":", NULL);
  ms_test_refused (test, 415, "UnsupportedMediaType", "POST", BULK, most, "Content-Type", "text/plain", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, most, "Content-Type", "", NULL);
  test_answer_free (ms_test_expect (test, 200, "POST", BULK, unknown, NULL));
  ps_tenant_server_set_fault (test->http->server, "bad-id-400", "1");
  ms_test_refused (test, 400, "BadRequest", "POST", BULK, unknown, NULL);
}

static void
test_single (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *path = path_of (user, "");
  g_autofree char *other = g_strconcat ("/v1.0/communications/presences/", user->id, NULL);
  g_autofree char *upn = g_strdup_printf ("/v1.0/users/%s/presence", user->user_principal_name);
  g_autofree char *select = g_strconcat (path, "?$select=availability", NULL);
  g_autoptr (TestAnswer) answer = NULL;
  g_autoptr (TestAnswer) again = NULL;

  ps_tenant_teams_person_client (user->teams, "Away", "Away");
  answer = ms_test_expect (test, 200, "GET", path, NULL, NULL);
  again = ms_test_expect (test, 200, "GET", other, NULL, NULL);
  g_assert_cmpstr (test_json_string (answer->json, "$.availability"), ==, "Away");
  g_assert_cmpstr (test_json_string (again->json, "$.sequenceNumber"), ==,
                   test_json_string (answer->json, "$.sequenceNumber"));
  ms_test_refused (test, 400, "BadRequest", "GET", upn, NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", select, NULL, NULL);
  ms_test_refused (test, 404, "NotFound", "GET", "/v1.0/users/" NOBODY "/presence", NULL, NULL);
}

static TestAnswer *
act (MsTest *test, guint status, PsTenantMicrosoftUser *user, const char *action, const char *format, ...)
{
  g_autofree char *path = path_of (user, action);
  g_autofree char *body = NULL;
  va_list args;

  va_start (args, format);
  body = g_strdup_vprintf (format, args);
  va_end (args);
  return ms_test_expect (test, status, "POST", path, body, NULL);
}

static void
assert_shown (PsTenantMicrosoftUser *user, const char *availability, const char *activity)
{
  PsTenantTeamsShown shown = ps_tenant_teams_shown (user->teams);

  g_assert_cmpstr (shown.availability, ==, availability);
  g_assert_cmpstr (shown.activity, ==, activity);
}

static void
test_session (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  const char *session = test->ms->client->app_id;
  g_autofree char *other_form = g_strdup_printf ("/v1.0/communications/presences/%s/clearPresence", user->id);
  g_autofree char *clear = g_strdup_printf ("{\"sessionId\":\"%s\"}", session);
  g_autofree char *path = path_of (user, "clearPresence");
  g_autoptr (TestAnswer) answer = NULL;

  ps_tenant_teams_person_client (user->teams, "Available", "Available");
  answer =
      act (test, 200, user, "setPresence",
           "{\"sessionId\":\"%s\",\"availability\":\"Busy\",\"activity\":\"InACall\",\"expirationDuration\":\"PT10M\"}",
           session);
  g_assert_cmpuint (answer->size, ==, 0);
  assert_shown (user, "Busy", "InACall");
  ps_tenant_server_advance (test->http->server, 10 * 60 * 1000);
  assert_shown (user, "Available", "Available");

  test_answer_free (act (test, 200, user, "setPresence",
                         "{\"sessionId\":\"%s\",\"availability\":\"DoNotDisturb\",\"activity\":\"Presenting\"}",
                         session));
  assert_shown (user, "DoNotDisturb", "Presenting");
  test_answer_free (ms_test_expect (test, 200, "POST", other_form, clear, NULL));
  assert_shown (user, "Available", "Available");
  ms_test_refused (test, 404, "NotFound", "POST", path, clear, NULL);
}

static void
test_session_refusals (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  const char *session = test->ms->client->app_id;
  g_autofree char *path = path_of (user, "setPresence");
  g_autofree char *upn = g_strdup_printf ("/v1.0/users/%s/presence/setPresence", user->user_principal_name);
  static const struct {
    const char *availability, *activity, *duration;
  } cases[] = {
    { "Busy", "Busy", "PT1H" },         { "DoNotDisturb", "DoNotDisturb", "PT1H" },
    { "Offline", "OffWork", "PT1H" },   { "Available", "InACall", "PT1H" },
    { "Nonsense", "Nonsense", "PT1H" }, { "Busy", "InACall", "PT4M" },
    { "Busy", "InACall", "PT4H1S" },    { "Busy", "InACall", "PT0S" },
    { "Busy", "InACall", "an hour" },
  };
  g_autofree char *stranger = g_strdup_printf (
      "{\"sessionId\":\"%s\",\"availability\":\"Busy\",\"activity\":\"InACall\"}", test->ms->public_client->app_id);
  g_autofree char *half = g_strdup_printf ("{\"sessionId\":\"%s\",\"availability\":\"Busy\"}", session);
  g_autofree char *good =
      g_strdup_printf ("{\"sessionId\":\"%s\",\"availability\":\"Busy\",\"activity\":\"InACall\"}", session);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *body = g_strdup_printf (
        "{\"sessionId\":\"%s\",\"availability\":\"%s\",\"activity\":\"%s\",\"expirationDuration\":\"%s\"}", session,
        cases[i].availability, cases[i].activity, cases[i].duration);

    ms_test_refused (test, 400, "BadRequest", "POST", path, body, NULL);
  }
  ms_test_refused (test, 400, "BadRequest", "POST", path, stranger, NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", path, half, NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", path, "{\"availability\":\"Busy\",\"activity\":\"InACall\"}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", upn, good, NULL);
  ms_test_refused (test, 404, "NotFound", "POST", "/v1.0/users/" NOBODY "/presence/setPresence", good, NULL);
}

static void
test_preferred (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *path = path_of (user, "setUserPreferredPresence");
  g_autofree char *clear = path_of (user, "clearUserPreferredPresence");

  ps_tenant_teams_person_client (user->teams, "Available", "Available");
  test_answer_free (
      act (test, 200, user, "setUserPreferredPresence",
           "{\"availability\":\"DoNotDisturb\",\"activity\":\"DoNotDisturb\",\"expirationDuration\":\"PT8H\"}"));
  assert_shown (user, "DoNotDisturb", "DoNotDisturb");
  test_answer_free (act (test, 200, user, "clearUserPreferredPresence", "{}"));
  assert_shown (user, "Available", "Available");
  test_answer_free (ms_test_expect (test, 200, "POST", clear, NULL, NULL));
  ms_test_refused (test, 400, "BadRequest", "POST", path, "{\"availability\":\"Busy\",\"activity\":\"InACall\"}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", path,
                   "{\"availability\":\"Busy\",\"activity\":\"Busy\",\"expirationDuration\":\"-PT1H\"}", NULL);
}

static void
test_status_message (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *path = path_of (user, "");
  g_autofree char *action = path_of (user, "setStatusMessage");
  g_autoptr (TestAnswer) before = ms_test_expect (test, 200, "GET", path, NULL, NULL);
  g_autoptr (TestAnswer) answer = NULL;
  g_autoptr (TestAnswer) own = NULL;
  g_autoptr (TestAnswer) cleared = NULL;

  test_answer_free (
      act (test, 200, user, "setStatusMessage",
           "{\"statusMessage\":{\"message\":{\"content\":\"Back at \\\"five\\\"\",\"contentType\":\"text\"},"
           "\"expiryDateTime\":{\"dateTime\":\"2099-01-31T17:00:00\",\"timeZone\":\"UTC\"}}}"));
  answer = ms_test_expect (test, 200, "GET", path, NULL, NULL);
  g_assert_cmpstr (test_json_string (answer->json, "$.statusMessage.message.content"), ==, "Back at \"five\"");
  g_assert_null (strstr (answer->text, "expiryDateTime"));
  g_assert_null (strstr (answer->text, "publishedDateTime"));
  g_assert_cmpstr (test_json_string (answer->json, "$.sequenceNumber"), >,
                   test_json_string (before->json, "$.sequenceNumber"));
  ms_test_refused (test, 400, "BadRequest", "POST", action, "{\"statusMessage\":{}}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", action,
                   "{\"statusMessage\":{\"message\":{\"content\":\"x\",\"contentType\":\"html\"}}}", NULL);

  ms_test_use_user (test, user, "Presence.ReadWrite Presence.Read");
  own = ms_test_expect (test, 200, "GET", "/v1.0/me/presence", NULL, NULL);
  g_assert_cmpstr (test_json_string (own->json, "$.statusMessage.expiryDateTime.dateTime"), ==, "2099-01-31T17:00:00");
  test_answer_free (act (test, 200, user, "setStatusMessage",
                         "{\"statusMessage\":{\"message\":{\"content\":\"\",\"contentType\":\"text\"}}}"));
  cleared = ms_test_expect (test, 200, "GET", path, NULL, NULL);
  g_assert_nonnull (strstr (cleared->text, "\"statusMessage\":null"));
}

static void
test_delegated (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  PsTenantMicrosoftUser *other = ms_test_person (test, 1)->microsoft;
  g_autofree char *body = g_strdup_printf ("{\"sessionId\":\"%s\",\"availability\":\"Busy\",\"activity\":\"InACall\"}",
                                           test->ms->public_client->app_id);
  g_autofree char *own_path = path_of (user, "setPresence");
  g_autofree char *other_path = path_of (other, "setPresence");
  g_autofree char *other_read = path_of (other, "");

  ms_test_use_user (test, user, "Presence.ReadWrite");
  test_answer_free (ms_test_expect (test, 200, "POST", own_path, body, NULL));
  test_answer_free (ms_test_expect (test, 200, "POST", "/v1.0/me/presence/setPresence", body, NULL));
  ms_test_refused (test, 401, "Unauthorized", "POST", other_path, body, NULL);
  ms_test_refused (test, 403, "Forbidden", "GET", other_read, NULL, NULL);
  ms_test_refused (test, 403, "Forbidden", "POST", BULK, "{\"ids\":[]}", NULL);
}

static void
test_permission (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *path = path_of (ms_test_person (test, 0)->microsoft, "setPresence");
  g_autofree char *ids = ids_body (1, ms_test_person (test, 0)->microsoft->id);

  ps_tenant_server_set_fault (test->http->server, "permission-missing", "Presence.ReadWrite.All");
  ps_tenant_server_set_fault (test->http->server, "permission-added", "Presence.Read.All");
  ms_test_use_client (test);
  test_answer_free (ms_test_expect (test, 200, "POST", BULK, ids, NULL));
  ms_test_refused (test, 403, "Forbidden", "POST", path, "{}", NULL);
}

static void
test_limit (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *ids = ids_body (1, ms_test_person (test, 0)->microsoft->id);
  g_autoptr (TestAnswer) refused = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) counts = NULL;
  int seconds;

  ps_tenant_server_set_fault (test->http->server, "presence-limit", "5");
  for (guint i = 0; i < 5; i++)
    test_answer_free (ms_test_expect (test, 200, "POST", BULK, ids, NULL));
  refused = ms_test_expect (test, 429, "POST", BULK, ids, NULL);
  seconds = atoi (soup_message_headers_get_one (refused->headers, "Retry-After"));
  g_assert_cmpint (seconds, >=, 1);
  g_assert_cmpint (seconds, <=, 30);
  g_assert_cmpstr (test_json_string (refused->json, "$.error.innerError.code"), ==, "429");
  /* The directory has another limit. */
  test_answer_free (ms_test_expect (test, 200, "GET", "/v1.0/users?$top=1", NULL, NULL));
  ps_tenant_server_advance (test->http->server, (gint64) seconds * 1000);
  test_answer_free (ms_test_expect (test, 200, "POST", BULK, ids, NULL));

  json_builder_begin_object (builder);
  ps_tenant_microsoft_limits (test->http->server, builder);
  json_builder_end_object (builder);
  counts = json_builder_get_root (builder);
  g_assert_cmpint (test_json_int (counts, "$.presence.allowed"), ==, 6);
  g_assert_cmpint (test_json_int (counts, "$.presence.refused"), ==, 1);
}

static void
test_duration (void)
{
  static const struct {
    const char *text;
    gint64 seconds; /* -1: none */
  } cases[] = {
    { "PT5M", 300 },
    { "PT4H", 14400 },
    { "P1D", 86400 },
    { "P1DT2H3M4S", 93784 },
    { "PT0S", 0 },
    { "PT", -1 },
    { "P", -1 },
    { "", -1 },
    { "5M", -1 },
    { "PT5", -1 },
    { "PTM", -1 },
    { "PT5X", -1 },
    { "PT5M1H", -1 },
    { "P5M", -1 },
    { "-PT5M", -1 },
    { "PT1M1M", -1 },
    { "PTT5M", -1 },
    { "P1DT", -1 },
    { "PT99999999999999999999H", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 seconds = 0;

    g_assert_true (ps_tenant_ms_duration (cases[i].text, &seconds) == (cases[i].seconds >= 0));
    if (cases[i].seconds >= 0)
      g_assert_cmpint (seconds, ==, cases[i].seconds);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/microsoft/presence/bulk", test_bulk);
  g_test_add_func ("/microsoft/presence/bulk-refusals", test_bulk_refusals);
  g_test_add_func ("/microsoft/presence/single", test_single);
  g_test_add_func ("/microsoft/presence/session", test_session);
  g_test_add_func ("/microsoft/presence/session-refusals", test_session_refusals);
  g_test_add_func ("/microsoft/presence/preferred", test_preferred);
  g_test_add_func ("/microsoft/presence/status-message", test_status_message);
  g_test_add_func ("/microsoft/presence/delegated", test_delegated);
  g_test_add_func ("/microsoft/presence/permission", test_permission);
  g_test_add_func ("/microsoft/presence/limit", test_limit);
  g_test_add_func ("/microsoft/presence/duration", test_duration);
  return g_test_run ();
}
