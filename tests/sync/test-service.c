/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole path against the demo tenant over HTTP: connect, check, preview, enable, each Teams status, each call rule,
 * calls, choices made in RingCentral, disable. One write for each real change.
 */
#include "config.h"

#include <string.h>

#include "ps-check.h"
#include "ps-preview.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"
#include "sync-fixture.h"

typedef struct {
  PsTenantPerson *person;
  const char *user_status, *dnd;       /* (nullable): any */
  const char *availability, *activity; /* (nullable): any */
} Expected;

static gboolean
agrees (gpointer data)
{
  const Expected *expected = data;
  PsTenantPhoneShown phone = ps_tenant_phone_shown (expected->person->extension->phone);
  PsTenantTeamsShown teams = ps_tenant_teams_shown (expected->person->microsoft->teams);

  return (expected->user_status == NULL || g_strcmp0 (phone.user_status, expected->user_status) == 0) &&
         (expected->dnd == NULL || g_strcmp0 (phone.dnd_status, expected->dnd) == 0) &&
         (expected->availability == NULL || g_strcmp0 (teams.availability, expected->availability) == 0) &&
         (expected->activity == NULL || g_strcmp0 (teams.activity, expected->activity) == 0);
}

/* Waits for agreement, and then for another reading of everybody, in which nothing may be written any more. */
static void
expect (SyncFixture *fixture, Expected expected, guint writes)
{
  guint before = fixture->changes;
  gint64 settled_ms;

  test_wait (agrees, &expected);
  sync_fixture_wait_quiet (fixture);
  settled_ms = ps_now_ms ();
  while (ps_now_ms () < settled_ms + 1500)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (agrees (&expected));
  g_assert_cmpuint (fixture->changes - before, ==, writes);
}

static SyncFixture *
running (guint users, gboolean new_call_handling)
{
  SyncFixture *fixture = sync_fixture_new (users, new_call_handling);
  g_autoptr (GError) error = NULL;

  sync_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  sync_fixture_select (fixture, PS_SYNC_ALL);
  sync_fixture_start (fixture);
  return fixture;
}

static guint
count_ours (SyncFixture *fixture)
{
  const GPtrArray *people = ps_tenant_world_people (ps_tenant_server_world (fixture->tenant->server));
  guint n = 0;

  for (guint i = 0; i < people->len; i++) {
    const PsTenantPerson *person = people->pdata[i];
    PsTenantTeamsInside teams = { 0 };
    PsTenantPhoneInside phone = { 0 };
    PsTenantPhoneShown shown;

    if (person->microsoft != NULL)
      ps_tenant_teams_look_inside (person->microsoft->teams, &teams);
    n += teams.session + teams.preferred_by_application;
    if (person->extension == NULL || person->extension->phone == NULL)
      continue;
    ps_tenant_phone_look_inside (person->extension->phone, &phone);
    shown = ps_tenant_phone_shown (person->extension->phone);
    n += g_strcmp0 (shown.user_status, phone.person_user_status) != 0 ||
         g_strcmp0 (shown.dnd_status, phone.person_dnd_status) != 0;
  }
  return n;
}

/* --- */

static void
test_check_and_preview (void)
{
  SyncFixture *fixture = sync_fixture_new (60, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (PsPreview) preview = NULL;

  ps_check_async (fixture->workspace, NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    g_assert_null (ps_check_finish (fixture->workspace, result, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_NOT_CONNECTED);
    g_clear_error (&error);
  }
  sync_fixture_connect (fixture, &error);
  g_assert_no_error (error);
  ps_check_async (fixture->workspace, NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    items = ps_check_finish (fixture->workspace, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (items->len, >=, 11);
  for (guint i = 0; i < items->len; i++) {
    const PsCheckItem *item = items->pdata[i];

    g_test_message ("%s: %s: %s", item->id, ps_check_result_to_word (item->result), item->title);
    g_assert_cmpint (item->result, !=, PS_CHECK_FAILED);
  }
  ps_preview_async (fixture->workspace, NULL, NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    preview = ps_preview_finish (fixture->workspace, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (preview->users, ==, 60);
  g_assert_cmpuint (preview->linked + preview->not_linked, ==, 60);
  g_assert_cmpuint (preview->not_linked, >=, 8);
  g_assert_cmpuint (count_ours (fixture), ==, 0);
  sync_fixture_free (fixture);
}

static void
test_twelve_statuses (gconstpointer new_call_handling)
{
  static const struct {
    const char *availability, *activity, *user_status, *dnd;
    guint writes;
  } steps[] = {
    { "Busy", "Busy", "Busy", "TakeAllCalls", 1 },
    { "Available", "Available", "Available", "TakeAllCalls", 1 },
    { "Busy", "InACall", "Busy", "TakeAllCalls", 1 },
    { "Away", "Away", "Offline", "TakeAllCalls", 1 },
    { "Busy", "InAConferenceCall", "Busy", "TakeAllCalls", 1 },
    { "BeRightBack", "BeRightBack", "Offline", "TakeAllCalls", 1 },
    { "Busy", "InAMeeting", "Busy", "TakeAllCalls", 1 },
    { "DoNotDisturb", "Presenting", "Busy", "DoNotAcceptAnyCalls", 1 },
    { "DoNotDisturb", "Focusing", "Busy", "DoNotAcceptAnyCalls", 0 },
    { "DoNotDisturb", "DoNotDisturb", "Busy", "DoNotAcceptAnyCalls", 0 },
    { "Available", "Available", "Available", "TakeAllCalls", 1 },
    { "SomethingNew", "SomethingNew", "Available", "TakeAllCalls", 0 },
    { "Offline", "Offline", "Offline", "TakeAllCalls", 1 },
  };
  SyncFixture *fixture = running (20, GPOINTER_TO_INT (new_call_handling));
  PsTenantPerson *person = sync_fixture_person (fixture, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_test_message ("%s/%s", steps[i].availability, steps[i].activity);
    ps_tenant_teams_person_client (person->microsoft->teams, steps[i].availability, steps[i].activity);
    expect (fixture, (Expected){ person, steps[i].user_status, steps[i].dnd, NULL, NULL }, steps[i].writes);
  }
  sync_fixture_free (fixture);
}

static void
test_call_rules (void)
{
  static const struct {
    PsCallRule rule;
    const char *dnd_in_queue, *dnd_else, *status;
  } rows[] = {
    { PS_RULE_ALL_CALLS, "TakeAllCalls", "TakeAllCalls", "Busy" },
    { PS_RULE_NO_QUEUE_CALLS, "DoNotAcceptDepartmentCalls", "TakeAllCalls", "Busy" },
    { PS_RULE_NO_CALLS, "DoNotAcceptAnyCalls", "DoNotAcceptAnyCalls", "Available" },
  };
  SyncFixture *fixture = running (20, FALSE);

  for (int in_queue = 0; in_queue < 2; in_queue++)
    for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
      PsTenantPerson *person = sync_fixture_person (fixture, in_queue);
      PsRules rules = ps_rules_default ();

      rules.customized = TRUE;
      rules.rule[PS_ROW_IN_A_MEETING] = rows[i].rule;
      sync_fixture_set_rules (fixture, &rules);
      ps_tenant_teams_person_client (person->microsoft->teams, "Busy", "InAMeeting");
      expect (fixture,
              (Expected){ person, rows[i].status, in_queue ? rows[i].dnd_in_queue : rows[i].dnd_else, NULL, NULL }, 1);
      ps_tenant_teams_person_client (person->microsoft->teams, "Available", "Available");
      expect (fixture, (Expected){ person, "Available", "TakeAllCalls", NULL, NULL }, 1);
    }
  sync_fixture_free (fixture);
}

static void
test_calls_and_choices (void)
{
  SyncFixture *fixture = running (20, FALSE);
  PsTenantPerson *person = sync_fixture_person (fixture, FALSE);
  PsTenantPhone *phone = person->extension->phone;
  guint64 call;

  /* ringing says nothing yet */
  call = ps_tenant_phone_call_begin (phone, TRUE, FALSE, "Ringing");
  expect (fixture, (Expected){ person, "Available", NULL, "Available", NULL }, 0);
  ps_tenant_phone_call_status (phone, call, "CallConnected");
  expect (fixture, (Expected){ person, "Available", "TakeAllCalls", "Busy", NULL }, 1);
  ps_tenant_phone_call_status (phone, call, "OnHold");
  expect (fixture, (Expected){ person, "Available", "TakeAllCalls", "Busy", NULL }, 0);
  ps_tenant_phone_call_end (phone, call);
  expect (fixture, (Expected){ person, "Available", "TakeAllCalls", "Available", "Available" }, 1);

  ps_tenant_phone_meeting (phone, TRUE);
  expect (fixture, (Expected){ person, "Available", NULL, "Busy", "InAConferenceCall" }, 1);
  ps_tenant_phone_meeting (phone, FALSE);
  expect (fixture, (Expected){ person, "Available", NULL, "Available", "Available" }, 1);

  ps_tenant_phone_person_choose (phone, "DoNotDisturb");
  expect (fixture, (Expected){ person, "Available", "DoNotAcceptAnyCalls", "DoNotDisturb", "DoNotDisturb" }, 1);
  ps_tenant_phone_person_choose (phone, "Available");
  expect (fixture, (Expected){ person, "Available", "TakeAllCalls", "Available", "Available" }, 1);

  ps_tenant_phone_person_choose (phone, "Busy");
  expect (fixture, (Expected){ person, "Busy", "TakeAllCalls", "Busy", "Busy" }, 1);
  ps_tenant_phone_person_choose (phone, "Available");
  expect (fixture, (Expected){ person, "Available", "TakeAllCalls", "Available", "Available" }, 1);

  /* Offline is not carried over by default */
  ps_tenant_phone_person_choose (phone, "Offline");
  expect (fixture, (Expected){ person, "Offline", "TakeAllCalls", "Available", "Available" }, 0);
  sync_fixture_free (fixture);
}

static void
test_disable_undoes_everything (void)
{
  SyncFixture *fixture = running (60, FALSE);
  PsTenantPerson *in_call = sync_fixture_person (fixture, TRUE), *undisturbed = sync_fixture_person (fixture, FALSE);
  g_autoptr (GPtrArray) rows = NULL;
  guint synced = 0, failed = 0;

  ps_tenant_phone_call_begin (in_call->extension->phone, FALSE, FALSE, "CallConnected");
  ps_tenant_teams_person_client (undisturbed->microsoft->teams, "DoNotDisturb", "DoNotDisturb");
  test_wait (agrees, &(Expected){ undisturbed, NULL, "DoNotAcceptAnyCalls", NULL, NULL });
  test_wait (agrees, &(Expected){ in_call, NULL, NULL, "Busy", NULL });
  g_assert_cmpuint (count_ours (fixture), >=, 2);
  sync_fixture_stop (fixture);
  /* Call-blocking values do not outlive the program. */
  g_assert_true (agrees (&(Expected){ undisturbed, NULL, "TakeAllCalls", NULL, NULL }));

  rows = sync_fixture_people (fixture);
  for (guint i = 0; i < rows->len; i++) {
    const PsPersonRow *row = rows->pdata[i];

    synced += row->status == PS_PERSON_SYNCED;
    failed += row->status == PS_PERSON_FAILED;
    g_assert_cmpint (row->status == PS_PERSON_FAILED, ==, row->reason != PS_REASON_NONE);
  }
  g_assert_cmpuint (rows->len, ==, 60);
  g_assert_cmpuint (synced + failed, ==, 60);
  g_assert_cmpuint (failed, >=, 8);

  /* A second run takes up where the first left, and undoes what that had set. */
  sync_fixture_select (fixture, PS_SYNC_OFF);
  sync_fixture_start (fixture);
  g_assert_true (fixture->undone);
  g_assert_cmpuint (count_ours (fixture), ==, 0);
  sync_fixture_free (fixture);
}

static void
test_second_engine_is_refused (void)
{
  SyncFixture *fixture = running (20, FALSE);
  PsService *other = ps_service_new (fixture->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ps_service_start_async (other, "other", NULL, sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  g_assert_false (ps_service_start_finish (other, result, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BUSY);
  g_clear_object (&result);
  g_assert_finalize_object (other);
  sync_fixture_free (fixture);
}

static guint64
count_requests (SyncFixture *fixture, const char *pattern)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  const char *at;

  json_builder_begin_object (builder);
  ps_tenant_server_add_counts (fixture->tenant->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  at = strstr (text, pattern);
  at = at != NULL ? strstr (at, "\"requests\":") : NULL;
  return at != NULL ? g_ascii_strtoull (at + strlen ("\"requests\":"), NULL, 10) : 0;
}

static void
sign_in_elsewhere (SyncFixture *fixture)
{
  g_autofree char *client = sync_fixture_fact (fixture, "ringcentral_client_id");
  g_autofree char *secret = sync_fixture_fact (fixture, "ringcentral_client_secret");
  g_autofree char *jwt = sync_fixture_fact (fixture, "ringcentral_jwt");
  g_autofree char *url = sync_fixture_fact (fixture, "ringcentral_url");
  g_autoptr (GError) error = NULL;
  g_autoptr (PsTokenSource) tokens = ps_token_source_new_jwt (url, client, secret, jwt, &error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *token = NULL;

  g_assert_no_error (error);
  ps_token_source_get_async (tokens, FALSE, NULL, NULL, sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  token = ps_token_source_get_finish (tokens, result, &error);
  g_assert_no_error (error);
}

/* A user has five sessions with an application: whatever is done in one program is done in one of them. */
static void
test_one_session (void)
{
  SyncFixture *fixture = running (20, FALSE);

  g_assert_cmpuint (count_requests (fixture, "/restapi/oauth/token"), ==, 1);
  sync_fixture_stop (fixture);
  ps_end_sessions_async (fixture->workspace, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    ps_end_sessions_finish (fixture->workspace, result);
  }
  g_assert_cmpuint (count_requests (fixture, "/restapi/oauth/revoke"), ==, 1);
  sync_fixture_free (fixture);
}

/* The sixth session ends ours: then there is another token, and everything goes on. */
static void
test_session_ended_by_others (void)
{
  SyncFixture *fixture = running (20, FALSE);
  PsTenantPerson *person = sync_fixture_person (fixture, FALSE);

  for (guint i = 0; i < 5; i++)
    sign_in_elsewhere (fixture);
  ps_tenant_teams_person_client (person->microsoft->teams, "Busy", "InAMeeting");
  test_wait (agrees, &(Expected){ person, "Busy", NULL, NULL, NULL });
  sync_fixture_wait_quiet (fixture);
  g_assert_cmpuint (count_requests (fixture, "/restapi/oauth/token"), ==, 7);
  sync_fixture_free (fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/check-and-preview", test_check_and_preview);
  g_test_add_data_func ("/sync/twelve-statuses", GINT_TO_POINTER (FALSE), test_twelve_statuses);
  g_test_add_data_func ("/sync/twelve-statuses-new-call-handling", GINT_TO_POINTER (TRUE), test_twelve_statuses);
  g_test_add_func ("/sync/call-rules", test_call_rules);
  g_test_add_func ("/sync/calls-and-choices", test_calls_and_choices);
  g_test_add_func ("/sync/disable-undoes-everything", test_disable_undoes_everything);
  g_test_add_func ("/sync/second-engine-is-refused", test_second_engine_is_refused);
  g_test_add_func ("/sync/one-session", test_one_session);
  g_test_add_func ("/sync/session-ended-by-others", test_session_ended_by_others);
  return g_test_run ();
}
