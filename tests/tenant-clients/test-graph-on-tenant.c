/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Graph client and Microsoft's token sources against the demo tenant, which is as unforgiving as the service.
 * Client and tenant share no code, so that a mistake in one of them shows here.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "ps-clock.h"
#include "ps-graph-client.h"
#include "ps-tenant-ms.h"
#include "ps-tenant-teams.h"
#include "test-key.h"
#include "test-server-certificate.h"
#include "test-server-fixture.h"

#define DAY_MS G_GINT64_CONSTANT (86400000)

typedef struct {
  TestServer *http;
  PsTenantMs *ms;
  PsTenantWorld *world;
  PsTokenSource *tokens;
  PsGraphClient *client;
  GAsyncResult *result;
} Fixture;

static const char *
origin (Fixture *fixture)
{
  return ps_tenant_server_origin (fixture->http->server);
}

static const char *
secret_of (Fixture *fixture)
{
  return ((PsTenantMsSecret *) g_ptr_array_index (fixture->ms->client->secrets, 0))->secret;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PsTenantServerOptions options = { .world = { .users = 40, .seed = 1 }, .speed = -1 };
  g_autoptr (GError) error = NULL;

  fixture->http = test_server_new (&options);
  ps_tenant_microsoft_attach (fixture->http->server);
  fixture->ms = ps_tenant_ms_get (fixture->http->server);
  fixture->world = ps_tenant_server_world (fixture->http->server);
  fixture->tokens =
      ps_token_source_new_client_secret (origin (fixture), origin (fixture), ps_tenant_world_tenant_id (fixture->world),
                                         fixture->ms->client->app_id, secret_of (fixture), &error);
  g_assert_no_error (error);
  fixture->client = ps_graph_client_new (origin (fixture), fixture->tokens, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->result);
  g_assert_finalize_object (fixture->client);
  g_assert_finalize_object (fixture->tokens);
  test_server_free (fixture->http);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GAsyncResult **
slot (Fixture *fixture)
{
  g_clear_object (&fixture->result);
  return &fixture->result;
}

static GAsyncResult *
wait_for (Fixture *fixture)
{
  test_wait (test_is_set, &fixture->result);
  return fixture->result;
}

static void
set_fault (Fixture *fixture, const char *name, const char *value)
{
  g_assert_true (ps_tenant_server_set_fault (fixture->http->server, name, value));
}

/* Both clocks go on together: the tenant's tokens and ours age alike. */
static void
advance (Fixture *fixture, gint64 ms)
{
  ps_tenant_server_advance (fixture->http->server, ms);
  ps_clock_advance (ms);
}

static void
assert_names (GError **error, const char *permission)
{
  g_assert_error (*error, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_nonnull (strstr ((*error)->message, permission));
  g_clear_error (error);
}

static PsTenantPerson *
matched_person (Fixture *fixture, guint nth)
{
  const GPtrArray *people = ps_tenant_world_people (fixture->world);

  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == PS_TENANT_ODD_NOTHING && nth-- == 0)
      return person;
  }
  g_assert_not_reached ();
}

/* --- Tokens --- */

static char *
get_token (Fixture *fixture, PsTokenSource *source, GError **error)
{
  ps_token_source_get_async (source, FALSE, NULL, NULL, keep_result, slot (fixture));
  return ps_token_source_get_finish (source, wait_for (fixture), error);
}

static void
assert_refused (Fixture *fixture, const char *tenant, const char *client_id, const char *secret, PsError code,
                const char *service_code)
{
  g_autoptr (GError) error = NULL;
  PsTokenSource *source =
      ps_token_source_new_client_secret (origin (fixture), origin (fixture), tenant, client_id, secret, &error);

  g_assert_no_error (error);
  g_assert_null (get_token (fixture, source, &error));
  g_assert_error (error, PS_ERROR, (int) code);
  g_assert_cmpstr (ps_error_details (error)->service_code, ==, service_code);
  g_assert_nonnull (ps_error_details (error)->request_id);
  g_assert_null (strstr (error->message, "AADSTS"));
  g_clear_object (&fixture->result);
  g_assert_finalize_object (source);
}

static void
test_tokens (Fixture *fixture, gconstpointer data)
{
  const char *tenant = ps_tenant_world_tenant_id (fixture->world);
  const char *client_id = fixture->ms->client->app_id;
  const char *secret = secret_of (fixture);
  const char *secret_id = ((PsTenantMsSecret *) g_ptr_array_index (fixture->ms->client->secrets, 0))->key_id;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = get_token (fixture, fixture->tokens, &error);
  g_auto (GStrv) granted = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (token);
  granted = ps_token_source_granted (fixture->tokens);
  g_assert_true (g_strv_contains ((const char *const *) granted, "User.Read.All"));
  g_assert_true (g_strv_contains ((const char *const *) granted, "Presence.ReadWrite.All"));

  assert_refused (fixture, tenant, client_id, "wrong", PS_ERROR_SIGN_IN, "AADSTS7000215");
  assert_refused (fixture, tenant, client_id, secret_id, PS_ERROR_SIGN_IN, "AADSTS7000215");
  assert_refused (fixture, tenant, "00000000-1111-4222-8333-444444444444", secret, PS_ERROR_SIGN_IN, "AADSTS700016");
  assert_refused (fixture, "00000000-1111-4222-8333-444444444444", client_id, secret, PS_ERROR_SIGN_IN, "AADSTS90002");
  set_fault (fixture, "expired-secret", "1");
  assert_refused (fixture, tenant, client_id, secret, PS_ERROR_SECRET_EXPIRED, "AADSTS7000222");
}

static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  gnutls_x509_privkey_t key = test_key_new (GNUTLS_PK_RSA, 2048);
  g_autofree char *key_pem = test_key_to_pem (key, NULL);
  g_autofree char *certificate = test_key_certificate (key);
  g_autofree char *pem = g_strconcat (certificate, key_pem, NULL);
  g_autofree char *token = NULL;
  g_autoptr (GError) error = NULL;
  PsTokenSource *source;

  gnutls_x509_privkey_deinit (key);
  source = ps_token_source_new_client_certificate (origin (fixture), origin (fixture),
                                                   ps_tenant_world_tenant_id (fixture->world),
                                                   fixture->ms->client->app_id, pem, &error);
  g_assert_no_error (error);
  g_assert_null (get_token (fixture, source, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_assert_nonnull (strstr (error->message, "certificate"));
  g_clear_error (&error);

  /* Uploaded now; and asked again when the first answer has had its 10 s. */
  g_assert_nonnull (ps_tenant_ms_app_add_certificate (fixture->ms->client, certificate, &error));
  ps_clock_advance (11000);
  token = get_token (fixture, source, &error);
  g_assert_no_error (error);
  g_assert_nonnull (token);
  g_clear_object (&fixture->result);
  g_assert_finalize_object (source);
}

/* A revoked consent shows with the next token, and then names what is missing. */
static void
test_consent_revoked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) granted = NULL;

  set_fault (fixture, "consent-revoked", "1");
  ps_graph_client_probe_users_async (fixture->client, NULL, keep_result, slot (fixture));
  g_assert_false (ps_graph_client_probe_users_finish (fixture->client, wait_for (fixture), &error));
  assert_names (&error, "User.Read.All");
  granted = ps_token_source_granted (fixture->tokens);
  g_assert_cmpuint (g_strv_length (granted), ==, 0);
}

/* --- Directory --- */

static PsUsersDelta *
read_users (Fixture *fixture, const char *link, GError **error)
{
  ps_graph_client_read_users_async (fixture->client, link, NULL, keep_result, slot (fixture));
  return ps_graph_client_read_users_finish (fixture->client, wait_for (fixture), error);
}

static PsMicrosoftUser *
find_user (PsUsersDelta *delta, const char *id)
{
  for (guint i = 0; i < delta->users->len; i++) {
    PsMicrosoftUser *user = g_ptr_array_index (delta->users, i);

    if (strcmp (user->id, id) == 0)
      return user;
  }
  return NULL;
}

static void
assert_same_user (PsTenantMicrosoftUser *theirs, PsMicrosoftUser *ours)
{
  g_assert_nonnull (ours);
  g_assert_cmpstr (ours->display_name, ==, theirs->display_name);
  g_assert_cmpstr (ours->user_principal_name, ==, theirs->user_principal_name);
  g_assert_cmpstr (ours->mail, ==, theirs->mail);
  g_assert_cmpstr (ours->department, ==, theirs->department);
  g_assert_cmpstr (ours->job_title, ==, theirs->job_title);
  g_assert_cmpint (ours->enabled, ==, theirs->enabled);
  g_assert_cmpint (ours->guest, ==, theirs->guest);
  g_assert_false (ours->deleted);
  g_assert_cmpuint (ours->aliases != NULL ? g_strv_length (ours->aliases) : 0, ==,
                    g_strv_length (theirs->proxy_addresses));
}

static void
test_users (Fixture *fixture, gconstpointer data)
{
  const GPtrArray *people = ps_tenant_world_people (fixture->world);
  g_autoptr (GError) error = NULL;
  g_autoptr (PsUsersDelta) all = read_users (fixture, NULL, &error);
  g_autoptr (PsUsersDelta) difference = NULL, again = NULL, late = NULL;
  PsTenantPerson *gone = matched_person (fixture, 1);
  g_autofree char *gone_id = g_strdup (gone->microsoft->id);
  PsTenantPerson *hired;
  guint expected = 0;

  g_assert_no_error (error);
  g_assert_true (all->complete);
  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->microsoft == NULL)
      continue;
    expected++;
    assert_same_user (person->microsoft, find_user (all, person->microsoft->id));
  }
  g_assert_cmpuint (all->users->len, ==, expected);

  advance (fixture, 60000);
  hired = ps_tenant_world_hire (fixture->world, "Nova", "Newcomer");
  ps_tenant_world_leave (fixture->world, gone);
  ps_tenant_world_set_microsoft_enabled (fixture->world, matched_person (fixture, 2)->microsoft, FALSE);
  advance (fixture, 60000);
  difference = read_users (fixture, all->delta_link, &error);
  g_assert_no_error (error);
  g_assert_false (difference->complete);
  g_assert_cmpuint (difference->users->len, ==, 3);
  g_assert_nonnull (find_user (difference, hired->microsoft->id));
  g_assert_true (find_user (difference, gone_id)->deleted);
  g_assert_false (find_user (difference, matched_person (fixture, 2)->microsoft->id)->enabled);

  again = read_users (fixture, difference->delta_link, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->users->len, ==, 0);
  /* After a week the service has forgotten: read whole, by itself. Tokens have died meanwhile, too. */
  advance (fixture, 8 * DAY_MS);
  late = read_users (fixture, again->delta_link, &error);
  g_assert_no_error (error);
  g_assert_true (late->complete);
  g_assert_cmpuint (late->users->len, >=, expected);
}

static GPtrArray *
read_group (Fixture *fixture, const char *name, GError **error)
{
  ps_graph_client_read_group_async (fixture->client, name, NULL, keep_result, slot (fixture));
  return ps_graph_client_read_group_finish (fixture->client, wait_for (fixture), error);
}

static void
test_groups (Fixture *fixture, gconstpointer data)
{
  const GPtrArray *groups = ps_tenant_world_groups (fixture->world);
  g_autoptr (GError) error = NULL;
  gboolean nested = FALSE;

  for (guint i = 0; i < groups->len; i++) {
    PsTenantGroup *group = g_ptr_array_index (groups, i);
    g_autoptr (GPtrArray) by_name = read_group (fixture, group->display_name, &error);
    g_autoptr (GPtrArray) by_id = NULL;

    g_assert_no_error (error);
    by_id = read_group (fixture, group->id, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (by_name->len, ==, by_id->len);
    g_assert_cmpuint (by_id->len, >=, group->members->len);
    nested = nested || by_id->len > group->members->len;
  }
  g_assert_true (nested);
  g_assert_null (read_group (fixture, "No such group", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (read_group (fixture, "00000000-1111-4222-8333-444444444444", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
}

/* --- Presence --- */

static PsTeamsPresences *
read_presences (Fixture *fixture, const char *const *ids, guint n_ids, GError **error)
{
  ps_graph_client_read_presences_async (fixture->client, ids, n_ids, NULL, keep_result, slot (fixture));
  return ps_graph_client_read_presences_finish (fixture->client, wait_for (fixture), error);
}

static PsTeamsReading
read_one (Fixture *fixture, PsTenantPerson *person)
{
  const char *const ids[] = { person->microsoft->id };
  g_autoptr (GError) error = NULL;
  g_autoptr (PsTeamsPresences) presences = read_presences (fixture, ids, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (presences->presences->len, ==, 1);
  g_assert_cmpstr (g_array_index (presences->presences, PsTeamsPresence, 0).id, ==, person->microsoft->id);
  return g_array_index (presences->presences, PsTeamsPresence, 0).reading;
}

static const struct {
  const char *availability, *activity;
  PsTeamsStatus status;
} shown[] = {
  { "Available", "Available", PS_TEAMS_AVAILABLE },
  { "Busy", "InACall", PS_TEAMS_IN_A_CALL },
  { "Busy", "InAConferenceCall", PS_TEAMS_IN_A_CONFERENCE_CALL },
  { "Busy", "InAMeeting", PS_TEAMS_IN_A_MEETING },
  { "DoNotDisturb", "Presenting", PS_TEAMS_PRESENTING },
  { "DoNotDisturb", "Focusing", PS_TEAMS_FOCUSING },
  { "Away", "Away", PS_TEAMS_AWAY },
  { "Offline", "Offline", PS_TEAMS_OFFLINE },
};

static void
test_presences (Fixture *fixture, gconstpointer data)
{
  PsTenantPerson *person = matched_person (fixture, 0);
  char sequence[PS_TEAMS_SEQUENCE_SIZE] = "";

  for (guint i = 0; i < G_N_ELEMENTS (shown); i++) {
    PsTeamsReading reading;

    ps_tenant_teams_person_client (person->microsoft->teams, shown[i].availability, shown[i].activity);
    reading = read_one (fixture, person);
    g_assert_cmpint (reading.status, ==, shown[i].status);
    g_assert_cmpstr (reading.sequence, >=, sequence);
    g_strlcpy (sequence, reading.sequence, sizeof sequence);
  }
  ps_tenant_teams_person_client (person->microsoft->teams, "Available", "Available");
  g_assert_true (ps_tenant_teams_person_choose (person->microsoft->teams, "BeRightBack"));
  g_assert_cmpint (read_one (fixture, person).status, ==, PS_TEAMS_BE_RIGHT_BACK);
  g_assert_true (ps_tenant_teams_person_choose (person->microsoft->teams, "Offline"));
  g_assert_true (read_one (fixture, person).appears_offline);
}

static void
test_bad_ids (Fixture *fixture, gconstpointer data)
{
  const char *ids[8];
  g_autoptr (GError) error = NULL;
  g_autoptr (PsTeamsPresences) left_out = NULL;
  g_autoptr (PsTeamsPresences) bisected = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    ids[i] = matched_person (fixture, i)->microsoft->id;
  ids[3] = "00000000-1111-4222-8333-444444444444";
  left_out = read_presences (fixture, ids, G_N_ELEMENTS (ids), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (left_out->presences->len, ==, 7);
  g_assert_cmpuint (left_out->calls, ==, 1);
  set_fault (fixture, "bad-id-400", "1");
  bisected = read_presences (fixture, ids, G_N_ELEMENTS (ids), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bisected->presences->len, ==, 7);
  g_assert_cmpuint (bisected->calls, ==, 7);
}

static gboolean
write_session (Fixture *fixture, PsTenantPerson *person, PsTeamsSession session, guint duration_s, GError **error)
{
  ps_graph_client_write_session_async (fixture->client, person->microsoft->id, fixture->ms->client->app_id, session,
                                       duration_s, NULL, keep_result, slot (fixture));
  return ps_graph_client_write_session_finish (fixture->client, wait_for (fixture), error);
}

static void
test_sessions (Fixture *fixture, gconstpointer data)
{
  static const guint durations[] = { 300, 301, 600, 14400 };
  PsTenantPerson *person = matched_person (fixture, 0);
  g_autoptr (GError) error = NULL;
  PsTenantTeamsInside inside;

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++) {
    PsTeamsSession session = i % 2 == 0 ? PS_SESSION_CALL : PS_SESSION_CONFERENCE;

    g_assert_true (write_session (fixture, person, session, durations[i], &error));
    g_assert_no_error (error);
    ps_tenant_teams_look_inside (person->microsoft->teams, &inside);
    g_assert_true (inside.session);
    g_assert_cmpstr (inside.application_id, ==, fixture->ms->client->app_id);
    g_assert_cmpstr (inside.session_activity, ==, session == PS_SESSION_CALL ? "InACall" : "InAConferenceCall");
    g_assert_cmpint (inside.session_expires_ms, ==, ps_tenant_server_now (fixture->http->server) + durations[i] * 1000);
  }
  for (guint i = 0; i < 2; i++) /* the second finds none: success too */
  {
    g_assert_true (write_session (fixture, person, PS_SESSION_NONE, 0, &error));
    g_assert_no_error (error);
  }
  ps_tenant_teams_look_inside (person->microsoft->teams, &inside);
  g_assert_false (inside.session);
}

static gboolean
write_preferred (Fixture *fixture, PsTenantPerson *person, PsTeamsPreferred preferred, guint duration_s, GError **error)
{
  ps_graph_client_write_preferred_async (fixture->client, person->microsoft->id, preferred, duration_s, NULL,
                                         keep_result, slot (fixture));
  return ps_graph_client_write_preferred_finish (fixture->client, wait_for (fixture), error);
}

static void
test_preferred (Fixture *fixture, gconstpointer data)
{
  static const struct {
    PsTeamsPreferred preferred;
    const char *availability, *activity;
  } cases[] = { { PS_PREFERRED_DO_NOT_DISTURB, "DoNotDisturb", "DoNotDisturb" },
                { PS_PREFERRED_BUSY, "Busy", "Busy" },
                { PS_PREFERRED_OFFLINE, "Offline", "OffWork" } };
  PsTenantPerson *person = matched_person (fixture, 0);
  g_autoptr (GError) error = NULL;
  PsTenantTeamsInside inside;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_true (write_preferred (fixture, person, cases[i].preferred, 3600, &error));
    g_assert_no_error (error);
    ps_tenant_teams_look_inside (person->microsoft->teams, &inside);
    g_assert_true (inside.preferred_by_application);
    g_assert_cmpstr (inside.preferred_availability, ==, cases[i].availability);
    g_assert_cmpstr (inside.preferred_activity, ==, cases[i].activity);
    g_assert_cmpint (inside.preferred_expires_ms, ==, ps_tenant_server_now (fixture->http->server) + 3600000);
  }
  g_assert_true (write_preferred (fixture, person, PS_PREFERRED_NONE, 0, &error));
  g_assert_no_error (error);
  ps_tenant_teams_look_inside (person->microsoft->teams, &inside);
  g_assert_false (inside.preferred);
}

/* --- Mail --- */

static gboolean
send_mail (Fixture *fixture, const char *from, GError **error)
{
  const char *const to[] = { "admin@contoso.example", "second@contoso.example", NULL };

  ps_graph_client_send_mail_async (fixture->client, from, to, "Presence Sync: 3 synced", "Line 1\nLine 2\n", NULL,
                                   keep_result, slot (fixture));
  return ps_graph_client_send_mail_finish (fixture->client, wait_for (fixture), error);
}

static void
test_mail (Fixture *fixture, gconstpointer data)
{
  PsTenantPerson *person = matched_person (fixture, 0);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) mails = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (send_mail (fixture, person->microsoft->user_principal_name, &error));
  g_assert_no_error (error);
  ps_tenant_microsoft_mail (fixture->http->server, builder);
  mails = json_builder_get_root (builder);
  text = json_to_string (mails, FALSE);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (mails)), ==, 1);
  g_assert_nonnull (strstr (text, "Presence Sync: 3 synced"));
  g_assert_nonnull (strstr (text, "second@contoso.example"));

  g_assert_false (send_mail (fixture, "nobody@nowhere.example", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NOT_FOUND);
}

/* --- Refusals --- */

static void
test_missing_permissions (Fixture *fixture, gconstpointer data)
{
  PsTenantPerson *person = matched_person (fixture, 0);
  const char *const ids[] = { person->microsoft->id };
  g_autoptr (GError) error = NULL;
  char *name;

  set_fault (fixture, "permission-missing", "User.Read.All,GroupMember.Read.All,Presence.ReadWrite.All,Mail.Send");
  g_assert_null (read_users (fixture, NULL, &error));
  assert_names (&error, "User.Read.All");
  g_assert_null (read_group (fixture, "Sales", &error));
  assert_names (&error, "GroupMember.Read.All");
  g_assert_null (read_presences (fixture, ids, 1, &error));
  assert_names (&error, "Presence.ReadWrite.All");
  g_assert_false (write_session (fixture, person, PS_SESSION_CALL, 600, &error));
  assert_names (&error, "Presence.ReadWrite.All");
  g_assert_false (write_session (fixture, person, PS_SESSION_NONE, 0, &error));
  assert_names (&error, "Presence.ReadWrite.All");
  g_assert_false (write_preferred (fixture, person, PS_PREFERRED_BUSY, 3600, &error));
  assert_names (&error, "Presence.ReadWrite.All");
  g_assert_false (send_mail (fixture, person->microsoft->user_principal_name, &error));
  assert_names (&error, "Mail.Send");
  ps_graph_client_get_organization_async (fixture->client, NULL, keep_result, slot (fixture));
  name = ps_graph_client_get_organization_finish (fixture->client, wait_for (fixture), &error);
  g_assert_no_error (error);
  g_assert_null (name);
}

/* Faults that pass are sat through; those of the reply are told. */
static void
test_faults (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *fault, *value;
    PsError error;
  } lasting[] = { { "html", "1", PS_ERROR_BAD_REPLY },
                  { "empty", "1", PS_ERROR_BAD_REPLY },
                  { "broken-json", "1", PS_ERROR_BAD_REPLY } };
  static const struct {
    const char *fault, *value;
  } passing[] = { { "torn@/v1.0*1", "1" },
                  { "status@/v1.0*2", "503" },
                  { "status@/v1.0*1", "500" },
                  { "429@/v1.0*1", "3" },
                  { "429-bare@/v1.0*2", "1" } };
  PsTenantPerson *person = matched_person (fixture, 0);

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++) {
    set_fault (fixture, passing[i].fault, passing[i].value);
    read_one (fixture, person);
  }
  for (guint i = 0; i < G_N_ELEMENTS (lasting); i++) {
    const char *const ids[] = { person->microsoft->id };
    g_autofree char *fault = g_strconcat (lasting[i].fault, "@/v1.0", NULL);
    g_autoptr (GError) error = NULL;

    set_fault (fixture, fault, lasting[i].value);
    g_assert_null (read_presences (fixture, ids, 1, &error));
    g_assert_error (error, PS_ERROR, (int) lasting[i].error);
    ps_tenant_server_clear_faults (fixture->http->server);
  }
}

/* --- TLS --- */

static PsTransport *
https_transport (TestServer *http)
{
  g_autoptr (GError) error = NULL;
  PsTransport *transport =
      ps_transport_new (PS_SERVICE_MICROSOFT, ps_tenant_server_origin (http->server), NULL, &error);

  g_assert_no_error (error);
  return transport;
}

static GError *
try_https (TestServer *http)
{
  PsTransport *transport = https_transport (http);
  PsRequest request = { .method = "GET", .path = "/v1.0/users", .flags = PS_SEND_ONCE };
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  ps_transport_send_async (transport, &request, NULL, keep_result, &result);
  test_wait (test_is_set, &result);
  g_assert_null (ps_transport_send_finish (transport, result, &error));
  g_clear_object (&result);
  g_assert_finalize_object (transport);
  return error;
}

/* Last of all: what is trusted stays trusted in this process. */
static void
test_tls (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ps-test-XXXXXX", NULL);
  g_autofree char *certificate_file = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *key_file = g_build_filename (folder, "key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  g_autoptr (GError) error = NULL, untrusted = NULL, no_token = NULL;
  PsTenantServerOptions options = { .world = { .users = 5, .seed = 1 }, .speed = -1 };
  TestServer *http;

  test_certificate_write (certificate_file, key_file);
  certificate = g_tls_certificate_new_from_files (certificate_file, key_file, &error);
  g_assert_no_error (error);
  options.certificate = certificate;
  http = test_server_new (&options);
  ps_tenant_microsoft_attach (http->server);
  g_assert_true (g_str_has_prefix (ps_tenant_server_origin (http->server), "https://"));

  untrusted = try_https (http);
  g_assert_error (untrusted, PS_ERROR, PS_ERROR_TLS);
  g_assert_nonnull (strstr (untrusted->message, "does not trust"));

  g_assert_false (ps_transport_trust_file (key_file, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_true (ps_transport_trust_file (certificate_file, &error));
  g_assert_no_error (error);
  no_token = try_https (http); /* the line is safe; now it is the service that refuses */
  g_assert_error (no_token, PS_ERROR, PS_ERROR_SIGN_IN);

  test_server_free (http);
  g_unlink (certificate_file);
  g_unlink (key_file);
  g_rmdir (folder);
}

#define ADD(name, function) g_test_add ("/graph-on-tenant/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ps_clock_set_speed (100);
  ADD ("tokens", test_tokens);
  ADD ("certificate", test_certificate);
  ADD ("consent-revoked", test_consent_revoked);
  ADD ("users", test_users);
  ADD ("groups", test_groups);
  ADD ("presences", test_presences);
  ADD ("bad-ids", test_bad_ids);
  ADD ("sessions", test_sessions);
  ADD ("preferred", test_preferred);
  ADD ("mail", test_mail);
  ADD ("missing-permissions", test_missing_permissions);
  ADD ("faults", test_faults);
  g_test_add_func ("/graph-on-tenant/tls", test_tls);
  return g_test_run ();
}
