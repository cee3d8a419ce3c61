/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Graph client against a scripted service: what it asks, in which words, and what it makes of the answers.
 */
#include "config.h"

#include <string.h>

#include "fake-service.h"
#include "ps-clock.h"
#include "ps-graph-client.h"
#include "ps-json.h"

typedef struct {
  FakeService *login, *service;
  PsTokenSource *tokens;
  PsGraphClient *client;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->login = fake_service_new ();
  fixture->service = fake_service_new ();
  fixture->tokens = ps_token_source_new_client_secret (fake_service_url (fixture->login),
                                                       fake_service_url (fixture->service), "t", "c", "s", &error);
  g_assert_no_error (error);
  fixture->client = ps_graph_client_new (fake_service_url (fixture->service), fixture->tokens, &error);
  g_assert_no_error (error);
  g_assert_true (ps_graph_client_tokens (fixture->client) == fixture->tokens);
  fake_service_json (fixture->login, 200, "{\"access_token\":\"one\",\"expires_in\":3599}");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->tokens);
  fake_service_free (fixture->service);
  fake_service_free (fixture->login);
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  fake_wait (&fixture->result);
  return fixture->result;
}

/* Makes room for the next call's result. */
static GAsyncResult **
slot (Fixture *fixture)
{
  g_clear_object (&fixture->result);
  return &fixture->result;
}

static const FakeRequest *
seen (Fixture *fixture, guint index)
{
  return fake_service_request (fixture->service, index);
}

static char *
link_to (Fixture *fixture, const char *path)
{
  return g_strconcat (fake_service_url (fixture->service), path, NULL);
}

/* @path: of the next page, or NULL; then @delta. */
static void
add_page (Fixture *fixture, const char *value, const char *path, const char *delta)
{
  g_autofree char *link = link_to (fixture, path != NULL ? path : delta != NULL ? delta : "");
  g_autofree char *body =
      g_strdup_printf ("{\"value\":[%s]%s%s%s}", value,
                       path != NULL    ? ",\"@odata.nextLink\":\""
                       : delta != NULL ? ",\"@odata.deltaLink\":\""
                                       : "",
                       path != NULL || delta != NULL ? link : "", path != NULL || delta != NULL ? "\"" : "");

  fake_service_json (fixture->service, 200, body);
}

static void
add_denied (Fixture *fixture)
{
  fake_service_json (fixture->service, 403, "{\"error\":{\"code\":\"Authorization_RequestDenied\"}}");
}

static void
assert_names (GError *error, const char *permission)
{
  g_assert_error (error, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, permission));
}

/* --- Organisation and probe --- */

static char *
organization (Fixture *fixture, GError **error)
{
  ps_graph_client_get_organization_async (fixture->client, NULL, fake_keep_result, slot (fixture));
  return ps_graph_client_get_organization_finish (fixture->client, wait_for (fixture), error);
}

static void
test_organization (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  add_page (fixture, "{\"id\":\"o\",\"displayName\":\"Contoso\"}", NULL, NULL);
  name = organization (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, "Contoso");
  g_assert_cmpstr (seen (fixture, 0)->path, ==, "/v1.0/organization?$select=id,displayName");

  add_denied (fixture);
  g_assert_null (organization (fixture, &error));
  g_assert_no_error (error);

  fake_service_json (fixture->service, 200, "<html>");
  g_assert_null (organization (fixture, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
}

static void
test_probe (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_page (fixture, "{\"id\":\"u\"}", "/v1.0/users?$skiptoken=x", NULL);
  ps_graph_client_probe_users_async (fixture->client, NULL, fake_keep_result, slot (fixture));
  g_assert_true (ps_graph_client_probe_users_finish (fixture->client, wait_for (fixture), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);

  add_denied (fixture);
  ps_graph_client_probe_users_async (fixture->client, NULL, fake_keep_result, slot (fixture));
  g_assert_false (ps_graph_client_probe_users_finish (fixture->client, wait_for (fixture), &error));
  assert_names (error, "User.Read.All");
}

/* --- Users --- */

static PsUsersDelta *
read_users (Fixture *fixture, const char *link, GError **error)
{
  ps_graph_client_read_users_async (fixture->client, link, NULL, fake_keep_result, slot (fixture));
  return ps_graph_client_read_users_finish (fixture->client, wait_for (fixture), error);
}

static PsMicrosoftUser *
user_at (PsUsersDelta *delta, guint index)
{
  g_assert_cmpuint (index, <, delta->users->len);
  return g_ptr_array_index (delta->users, index);
}

static void
test_users (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expected = link_to (fixture, "/v1.0/users/delta?$deltatoken=d1");
  g_autoptr (GError) error = NULL;
  g_autoptr (PsUsersDelta) all = NULL;
  g_autoptr (PsUsersDelta) difference = NULL;

  add_page (fixture, "{\"id\":\"1\",\"displayName\":\"Old\"},{\"id\":\"2\"}", "/v1.0/users/delta?$skiptoken=s1", NULL);
  add_page (fixture, "", "/v1.0/users/delta?$skiptoken=s2", NULL);
  add_page (fixture, "{\"id\":\"3\"},{\"id\":\"1\",\"displayName\":\"New\"}", NULL, "/v1.0/users/delta?$deltatoken=d1");
  all = read_users (fixture, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (all->complete);
  g_assert_cmpuint (all->users->len, ==, 3);
  g_assert_cmpstr (user_at (all, 0)->display_name, ==, "New");
  g_assert_cmpstr (all->delta_link, ==, expected);
  g_assert_true (g_str_has_prefix (seen (fixture, 0)->path, "/v1.0/users/delta?$select=id,"));
  g_assert_nonnull (strstr (seen (fixture, 0)->path, "proxyAddresses"));
  g_assert_cmpstr (seen (fixture, 1)->path, ==, "/v1.0/users/delta?$skiptoken=s1");

  add_page (fixture, "{\"id\":\"2\",\"@removed\":{\"reason\":\"deleted\"}}", NULL, "/v1.0/users/delta?$deltatoken=d2");
  difference = read_users (fixture, all->delta_link, &error);
  g_assert_no_error (error);
  g_assert_false (difference->complete);
  g_assert_cmpuint (difference->users->len, ==, 1);
  g_assert_true (user_at (difference, 0)->deleted);
  g_assert_cmpstr (seen (fixture, 3)->path, ==, "/v1.0/users/delta?$deltatoken=d1");
}

static void
test_users_forgotten (Fixture *fixture, gconstpointer data)
{
  static const struct {
    guint status;
    const char *body;
  } forgotten[] = { { 410, "" },
                    { 410, "{\"error\":{\"code\":\"resyncRequired\"}}" },
                    { 400, "{\"error\":{\"code\":\"BadRequest\",\"innerError\":{\"code\":\"syncStateNotFound\"}}}" } };
  g_autofree char *link = link_to (fixture, "/v1.0/users/delta?$deltatoken=old");

  for (guint i = 0; i < G_N_ELEMENTS (forgotten); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PsUsersDelta) delta = NULL;

    fake_service_json (fixture->service, forgotten[i].status, forgotten[i].body);
    add_page (fixture, "{\"id\":\"1\"}", NULL, "/v1.0/users/delta?$deltatoken=new");
    delta = read_users (fixture, link, &error);
    g_assert_no_error (error);
    g_assert_true (delta->complete);
    g_assert_cmpuint (delta->users->len, ==, 1);
    g_assert_nonnull (strstr (seen (fixture, 2 * i + 1)->path, "$select"));
  }
}

/* A 410 to a reading from the beginning is not answered by another one, for ever. */
static void
test_users_forgotten_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->service, 410, "{}");
  g_assert_null (read_users (fixture, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_REFUSED);
}

static void
test_users_bad_pages (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->service, 200, "{\"value\":[],\"@odata.nextLink\":\"https://evil.example/v1.0/users\"}");
  g_assert_null (read_users (fixture, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  g_clear_error (&error);

  fake_service_json (fixture->service, 200, "{\"value\":[{\"id\":\"1\"},{}]}");
  g_assert_null (read_users (fixture, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  g_clear_error (&error);

  add_denied (fixture);
  g_assert_null (read_users (fixture, NULL, &error));
  assert_names (error, "User.Read.All");
}

/* --- Groups --- */

#define GROUP_ID "11111111-2222-4333-8444-555555555555"

static GPtrArray *
read_group (Fixture *fixture, const char *name, GError **error)
{
  ps_graph_client_read_group_async (fixture->client, name, NULL, fake_keep_result, slot (fixture));
  return ps_graph_client_read_group_finish (fixture->client, wait_for (fixture), error);
}

static void
test_group (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) members = NULL;
  g_autoptr (GPtrArray) by_id = NULL;
  g_autofree char *path = NULL;

  add_page (fixture, "{\"id\":\"" GROUP_ID "\",\"displayName\":\"Bob's & co\"}", NULL, NULL);
  add_page (fixture, "{\"id\":\"1\"}", "/v1.0/groups/x?$skiptoken=1", NULL);
  add_page (fixture, "{\"id\":\"2\"}", NULL, NULL);
  members = read_group (fixture, "Bob's & co", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (members->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (members, 1), ==, "2");
  path = g_uri_unescape_string (seen (fixture, 0)->path, NULL);
  g_assert_cmpstr (path, ==, "/v1.0/groups?$select=id,displayName&$filter=displayName eq 'Bob''s & co'");
  g_assert_cmpstr (seen (fixture, 1)->path, ==,
                   "/v1.0/groups/" GROUP_ID "/transitiveMembers/microsoft.graph.user?$select=id&$top=999&$count=true");
  /* Each page wants the header again. */
  g_assert_cmpstr (fake_request_header (seen (fixture, 1), "ConsistencyLevel"), ==, "eventual");
  g_assert_cmpstr (fake_request_header (seen (fixture, 2), "ConsistencyLevel"), ==, "eventual");

  add_page (fixture, "", NULL, NULL);
  by_id = read_group (fixture, GROUP_ID, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (by_id->len, ==, 0);
}

static void
test_group_refusals (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_page (fixture, "", NULL, NULL);
  g_assert_null (read_group (fixture, "Nobody", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "“Nobody”"));
  g_clear_error (&error);

  add_page (fixture, "{\"id\":\"a\"},{\"id\":\"b\"}", NULL, NULL);
  g_assert_null (read_group (fixture, "Sales", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);

  fake_service_json (fixture->service, 404, "{\"error\":{\"code\":\"Request_ResourceNotFound\"}}");
  g_assert_null (read_group (fixture, GROUP_ID, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, GROUP_ID));
  g_clear_error (&error);

  add_denied (fixture);
  g_assert_null (read_group (fixture, "Sales", &error));
  assert_names (error, "GroupMember.Read.All");
}

/* --- Presence --- */

static PsTeamsPresences *
read_presences (Fixture *fixture, guint n_ids, GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) ids = NULL;

  for (guint i = 0; i < n_ids; i++) {
    g_autofree char *id = g_strdup_printf ("id-%u", i);

    g_strv_builder_add (builder, id);
  }
  ids = g_strv_builder_end (builder);
  ps_graph_client_read_presences_async (fixture->client, (const char *const *) ids, n_ids, NULL, fake_keep_result,
                                        slot (fixture));
  return ps_graph_client_read_presences_finish (fixture->client, wait_for (fixture), error);
}

static JsonObject *
body_of (const FakeRequest *request)
{
  g_autoptr (GBytes) bytes = g_bytes_new (request->body, strlen (request->body));
  g_autoptr (GError) error = NULL;
  JsonObject *object = ps_json_parse_object (bytes, &error);

  g_assert_no_error (error);
  return object;
}

static void
test_presences (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsTeamsPresences) presences = NULL;
  g_autoptr (PsTeamsPresences) none = NULL;
  g_autoptr (JsonObject) body = NULL;

  add_page (fixture,
            "{\"id\":\"id-1\",\"availability\":\"Busy\",\"activity\":\"InACall\"},{\"id\":\"id-0\",\"availability\":"
            "\"Away\"}",
            NULL, NULL);
  presences = read_presences (fixture, 650, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (presences->presences->len, ==, 2);
  g_assert_cmpuint (presences->calls, ==, 1);
  g_assert_cmpint (presences->sent_ms, <=, seen (fixture, 0)->ms);
  g_assert_cmpstr (g_array_index (presences->presences, PsTeamsPresence, 0).id, ==, "id-1");
  g_assert_cmpint (g_array_index (presences->presences, PsTeamsPresence, 0).reading.status, ==, PS_TEAMS_IN_A_CALL);
  g_assert_cmpstr (seen (fixture, 0)->path, ==, "/v1.0/communications/getPresencesByUserId");
  body = body_of (seen (fixture, 0));
  g_assert_cmpuint (ps_json_length (ps_json_array (body, "ids")), ==, 650);
  g_assert_cmpuint (ps_budget_taken (ps_transport_budget (ps_graph_client_transport (fixture->client), "presence")), ==,
                    1);

  none = read_presences (fixture, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (none->calls, ==, 0);
}

/* id-2 of four is bad: [0…3] refused, [0,1] read, [2,3] refused, [2] refused, [3] read. */
static void
test_presences_bisected (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsTeamsPresences) presences = NULL;

  fake_service_json (fixture->service, 400, "{\"error\":{\"code\":\"BadRequest\"}}");
  add_page (fixture, "{\"id\":\"id-0\"},{\"id\":\"id-1\"}", NULL, NULL);
  fake_service_json (fixture->service, 400, "{}");
  fake_service_json (fixture->service, 400, "");
  add_page (fixture, "{\"id\":\"id-3\"}", NULL, NULL);
  presences = read_presences (fixture, 4, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (presences->presences->len, ==, 3);
  g_assert_cmpuint (presences->calls, ==, 5);
}

/* If everything is refused, it is not the ids: a few calls, and the error. */
static void
test_presences_all_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 24; i++)
    fake_service_json (fixture->service, 400, "{\"error\":{\"code\":\"BadRequest\"}}");
  g_assert_null (read_presences (fixture, 650, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_REFUSED);
  g_clear_error (&error);

  fake_service_json (fixture->service, 400, "{}");
  g_assert_null (read_presences (fixture, 1, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_REFUSED);
  g_clear_error (&error);

  add_denied (fixture);
  g_assert_null (read_presences (fixture, 650, &error));
  assert_names (error, "Presence.ReadWrite.All");
}

/* --- Writes --- */

static gboolean
write_session (Fixture *fixture, PsTeamsSession session, guint duration_s, GError **error)
{
  ps_graph_client_write_session_async (fixture->client, "user/1", "app", session, duration_s, NULL, fake_keep_result,
                                       slot (fixture));
  return ps_graph_client_write_session_finish (fixture->client, wait_for (fixture), error);
}

static gboolean
write_preferred (Fixture *fixture, PsTeamsPreferred preferred, guint duration_s, GError **error)
{
  ps_graph_client_write_preferred_async (fixture->client, "u", preferred, duration_s, NULL, fake_keep_result,
                                         slot (fixture));
  return ps_graph_client_write_preferred_finish (fixture->client, wait_for (fixture), error);
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    fake_service_reply (fixture->service, 200, NULL, NULL, NULL);
  g_assert_true (write_session (fixture, PS_SESSION_CALL, 600, &error));
  g_assert_true (write_session (fixture, PS_SESSION_CONFERENCE, 301, &error));
  g_assert_true (write_session (fixture, PS_SESSION_NONE, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen (fixture, 0)->path, ==, "/v1.0/users/user%2F1/presence/setPresence");
  g_assert_cmpstr (
      seen (fixture, 0)->body, ==,
      "{\"sessionId\":\"app\",\"availability\":\"Busy\",\"activity\":\"InACall\",\"expirationDuration\":\"PT10M\"}");
  g_assert_cmpstr (seen (fixture, 1)->body, ==,
                   "{\"sessionId\":\"app\",\"availability\":\"Busy\",\"activity\":\"InAConferenceCall\","
                   "\"expirationDuration\":\"PT301S\"}");
  g_assert_cmpstr (seen (fixture, 2)->path, ==, "/v1.0/users/user%2F1/presence/clearPresence");
  g_assert_cmpstr (seen (fixture, 2)->body, ==, "{\"sessionId\":\"app\"}");

  /* There was none: that is what was wished for. But nothing else is success, and nothing is repeated. */
  fake_service_json (fixture->service, 404, "{\"error\":{\"code\":\"NotFound\"}}");
  g_assert_true (write_session (fixture, PS_SESSION_NONE, 0, &error));
  g_assert_no_error (error);
  fake_service_json (fixture->service, 404, "{\"error\":{\"code\":\"NotFound\"}}");
  g_assert_false (write_session (fixture, PS_SESSION_CALL, 600, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  fake_service_json (fixture->service, 503, "{}");
  g_assert_false (write_session (fixture, PS_SESSION_CALL, 600, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_clear_error (&error);
  add_denied (fixture);
  g_assert_false (write_session (fixture, PS_SESSION_NONE, 0, &error));
  assert_names (error, "Presence.ReadWrite.All");
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 7);
}

static void
test_preferred (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 4; i++)
    fake_service_reply (fixture->service, i == 3 ? 204 : 200, NULL, NULL, NULL);
  g_assert_true (write_preferred (fixture, PS_PREFERRED_DO_NOT_DISTURB, 3600, &error));
  g_assert_true (write_preferred (fixture, PS_PREFERRED_BUSY, 3600, &error));
  g_assert_true (write_preferred (fixture, PS_PREFERRED_OFFLINE, 3600, &error));
  g_assert_true (write_preferred (fixture, PS_PREFERRED_NONE, 0, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen (fixture, 0)->path, ==, "/v1.0/users/u/presence/setUserPreferredPresence");
  g_assert_cmpstr (
      seen (fixture, 0)->body, ==,
      "{\"availability\":\"DoNotDisturb\",\"activity\":\"DoNotDisturb\",\"expirationDuration\":\"PT60M\"}");
  g_assert_cmpstr (seen (fixture, 1)->body, ==,
                   "{\"availability\":\"Busy\",\"activity\":\"Busy\",\"expirationDuration\":\"PT60M\"}");
  g_assert_cmpstr (seen (fixture, 2)->body, ==,
                   "{\"availability\":\"Offline\",\"activity\":\"OffWork\",\"expirationDuration\":\"PT60M\"}");
  g_assert_cmpstr (seen (fixture, 3)->path, ==, "/v1.0/users/u/presence/clearUserPreferredPresence");
  g_assert_cmpstr (seen (fixture, 3)->body, ==, "{}");

  fake_service_json (fixture->service, 404, "{}");
  g_assert_false (write_preferred (fixture, PS_PREFERRED_NONE, 0, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
}

static gboolean
send_mail (Fixture *fixture, GError **error)
{
  const char *const to[] = { "a@c.example", "b@c.example", NULL };

  ps_graph_client_send_mail_async (fixture->client, "noc@c.example", to, "Subject \"1\"", "Line 1\nLine 2", NULL,
                                   fake_keep_result, slot (fixture));
  return ps_graph_client_send_mail_finish (fixture->client, wait_for (fixture), error);
}

static void
test_mail (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_reply (fixture->service, 429, NULL, NULL, "Retry-After", "1", NULL);
  fake_service_reply (fixture->service, 202, NULL, NULL, NULL);
  g_assert_true (send_mail (fixture, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen (fixture, 1)->path, ==, "/v1.0/users/noc%40c.example/sendMail");
  g_assert_cmpstr (seen (fixture, 1)->body, ==,
                   "{\"message\":{\"subject\":\"Subject "
                   "\\\"1\\\"\",\"body\":{\"contentType\":\"Text\",\"content\":\"Line 1\\nLine 2\"},"
                   "\"toRecipients\":[{\"emailAddress\":{\"address\":\"a@c.example\"}},{\"emailAddress\":{\"address\":"
                   "\"b@c.example\"}}]},"
                   "\"saveToSentItems\":false}");

  /* Perhaps it was sent: not again. */
  fake_service_tear (fixture->service, TRUE);
  g_assert_false (send_mail (fixture, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_clear_error (&error);
  fake_service_json (fixture->service, 403, "{\"error\":{\"code\":\"ErrorAccessDenied\"}}");
  g_assert_false (send_mail (fixture, &error));
  assert_names (error, "Mail.Send");
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 4);
}

/* --- Cancelling between two pages --- */

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  add_page (fixture, "{\"id\":\"1\"}", "/v1.0/users/delta?$skiptoken=s1", NULL);
  fake_service_stall (fixture->service);
  ps_graph_client_read_users_async (fixture->client, NULL, cancellable, fake_keep_result, slot (fixture));
  fake_wait_requests (fixture->service, 2);
  g_cancellable_cancel (cancellable);
  g_assert_null (ps_graph_client_read_users_finish (fixture->client, wait_for (fixture), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, function) g_test_add ("/graph/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ps_clock_set_speed (200);
  ADD ("organization", test_organization);
  ADD ("probe", test_probe);
  ADD ("users", test_users);
  ADD ("users-forgotten", test_users_forgotten);
  ADD ("users-forgotten-at-once", test_users_forgotten_at_once);
  ADD ("users-bad-pages", test_users_bad_pages);
  ADD ("group", test_group);
  ADD ("group-refusals", test_group_refusals);
  ADD ("presences", test_presences);
  ADD ("presences-bisected", test_presences_bisected);
  ADD ("presences-all-refused", test_presences_all_refused);
  ADD ("sessions", test_sessions);
  ADD ("preferred", test_preferred);
  ADD ("mail", test_mail);
  ADD ("cancel", test_cancel);
  return g_test_run ();
}
