/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "sync-fixture.h"

#include <glib/gstdio.h>

#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"

SyncFixture *
sync_fixture_new (guint users, gboolean new_call_handling)
{
  SyncFixture *fixture = g_new0 (SyncFixture, 1);
  PsTenantServerOptions options = {
    .world = { .users = users, .seed = 7, .start_ms = ps_now_ms (), .new_call_handling = new_call_handling },
    .speed = 1,
    .ringcentral_limit = 6000,
  };

  fixture->tenant = test_server_new (&options);
  ps_tenant_microsoft_attach (fixture->tenant->server);
  ps_tenant_ringcentral_attach (fixture->tenant->server);
  ps_tenant_ringcentral_set_limit (fixture->tenant->server, "Heavy", 1000, 60);
  ps_tenant_ringcentral_set_limit (fixture->tenant->server, "Light", 1000, 60);
  ps_tenant_ringcentral_set_limit (fixture->tenant->server, "Auth", 1000, 60);
  fixture->directory = g_dir_make_tmp ("presence-sync-XXXXXX", NULL);
  g_assert_nonnull (fixture->directory);
  ps_workspace_open_async (fixture->directory, TRUE, NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);
    g_autoptr (GError) error = NULL;

    fixture->workspace = ps_workspace_open_finish (result, &error);
    g_assert_no_error (error);
  }
  return fixture;
}

static void
remove_directory (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    g_unlink (child);
  }
  g_rmdir (path);
}

void
sync_fixture_free (SyncFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  if (fixture->service != NULL)
    sync_fixture_stop (fixture);
  ps_store_close_async (ps_workspace_store (fixture->workspace), NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    ps_store_close_finish (ps_workspace_store (fixture->workspace), result, &error);
    g_assert_no_error (error);
  }
  g_assert_finalize_object (fixture->workspace);
  test_server_free (fixture->tenant);
  remove_directory (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture);
}

char *
sync_fixture_fact (SyncFixture *fixture, const char *name)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  ps_tenant_microsoft_describe (fixture->tenant->server, builder);
  ps_tenant_ringcentral_describe (fixture->tenant->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return g_strdup (json_object_get_string_member (json_node_get_object (root), name));
}

void
sync_fixture_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  SyncFixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

GAsyncResult *
sync_fixture_await (SyncFixture *fixture)
{
  test_wait (test_is_set, &fixture->result);
  return g_steal_pointer (&fixture->result);
}

static gboolean
connect_microsoft (SyncFixture *fixture, GError **error)
{
  g_autofree char *tenant = sync_fixture_fact (fixture, "tenant_id"),
                  *client = sync_fixture_fact (fixture, "client_id");
  g_autofree char *secret = sync_fixture_fact (fixture, "client_secret"),
                  *login = sync_fixture_fact (fixture, "login_url");
  g_autofree char *graph = sync_fixture_fact (fixture, "graph_url");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PsMicrosoftConnection) connection = NULL;

  ps_connect_microsoft_async (fixture->workspace, tenant, client, secret, FALSE, "2030-01-31", login, graph, NULL,
                              sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  connection = ps_connect_microsoft_finish (fixture->workspace, result, error);
  return connection != NULL;
}

static gboolean
connect_ringcentral (SyncFixture *fixture, GError **error)
{
  g_autofree char *client = sync_fixture_fact (fixture, "ringcentral_client_id");
  g_autofree char *secret = sync_fixture_fact (fixture, "ringcentral_client_secret");
  g_autofree char *jwt = sync_fixture_fact (fixture, "ringcentral_jwt"),
                  *url = sync_fixture_fact (fixture, "ringcentral_url");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PsRingCentralConnection) connection = NULL;

  ps_connect_ringcentral_jwt_async (fixture->workspace, client, secret, jwt, url, NULL, sync_fixture_keep_result,
                                    fixture);
  result = sync_fixture_await (fixture);
  connection = ps_connect_ringcentral_finish (fixture->workspace, result, error);
  return connection != NULL;
}

gboolean
sync_fixture_connect (SyncFixture *fixture, GError **error)
{
  return connect_microsoft (fixture, error) && connect_ringcentral (fixture, error);
}

static void
await_save (SyncFixture *fixture)
{
  g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);
  g_autoptr (GError) error = NULL;

  ps_store_save_finish (ps_workspace_store (fixture->workspace), result, &error);
  g_assert_no_error (error);
}

void
sync_fixture_select (SyncFixture *fixture, PsSyncMode mode)
{
  g_autoptr (PsSelection) selection = ps_selection_new ();

  selection->mode = mode;
  ps_store_save_selection_async (ps_workspace_store (fixture->workspace), selection, NULL, sync_fixture_keep_result,
                                 fixture);
  await_save (fixture);
  fixture->complete = fixture->undone = FALSE;
  if (fixture->service != NULL)
    ps_service_reload (fixture->service, PS_STORE_SELECTION);
}

void
sync_fixture_set_rules (SyncFixture *fixture, const PsRules *rules)
{
  g_autoptr (GAsyncResult) result = NULL;
  PsRules ignored;

  ps_store_save_rules_async (ps_workspace_store (fixture->workspace), rules, NULL, sync_fixture_keep_result, fixture);
  await_save (fixture);
  if (fixture->service != NULL)
    ps_service_reload (fixture->service, PS_STORE_RULES);
  /* The store answers in order: when this has come back, the service has them too. */
  ps_store_load_rules_async (ps_workspace_store (fixture->workspace), NULL, sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  ps_store_load_rules_finish (ps_workspace_store (fixture->workspace), result, &ignored, NULL);
}

static void
change_cb (SyncFixture *fixture, PsJournalEntry *entry)
{
  fixture->changes++;
  g_test_message ("%s: %s → %s %s (%s, %" G_GINT64_FORMAT " ms) %s", entry->name, entry->seen, entry->side,
                  entry->written, entry->why, entry->delay_ms, entry->error != NULL ? entry->error : "");
}

static void
complete_cb (SyncFixture *fixture)
{
  fixture->complete = TRUE;
}

static void
undone_cb (SyncFixture *fixture)
{
  fixture->undone = TRUE;
}

static gboolean
is_quiet (gpointer data)
{
  SyncFixture *fixture = data;
  PsProgress progress;

  ps_service_get_progress (fixture->service, &progress);
  return (fixture->complete || fixture->undone) && progress.pending == 0 && progress.under_way == 0 &&
         progress.waiting_teams == 0 && progress.waiting[0] + progress.waiting[1] + progress.waiting[2] == 0;
}

void
sync_fixture_wait_quiet (SyncFixture *fixture)
{
  test_wait (is_quiet, fixture);
}

void
sync_fixture_start (SyncFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fixture->service = ps_service_new (fixture->workspace);
  ps_service_allow_short_period (fixture->service);
  ps_service_set_period (fixture->service, 1);
  g_signal_connect_swapped (fixture->service, "change", G_CALLBACK (change_cb), fixture);
  g_signal_connect_swapped (fixture->service, "complete", G_CALLBACK (complete_cb), fixture);
  g_signal_connect_swapped (fixture->service, "undone", G_CALLBACK (undone_cb), fixture);
  ps_service_start_async (fixture->service, "test", NULL, sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  ps_service_start_finish (fixture->service, result, &error);
  g_assert_no_error (error);
  sync_fixture_wait_quiet (fixture);
}

void
sync_fixture_stop (SyncFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  ps_service_stop_async (fixture->service, 5000, NULL, sync_fixture_keep_result, fixture);
  {
    g_autoptr (GAsyncResult) result = sync_fixture_await (fixture);

    ps_service_stop_finish (fixture->service, result, &error);
    g_assert_no_error (error);
  }
  g_assert_finalize_object (fixture->service);
  fixture->service = NULL;
}

GPtrArray *
sync_fixture_people (SyncFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  ps_store_load_people_async (ps_workspace_store (fixture->workspace), NULL, sync_fixture_keep_result, fixture);
  result = sync_fixture_await (fixture);
  rows = ps_store_load_people_finish (ps_workspace_store (fixture->workspace), result, &error);
  g_assert_no_error (error);
  return rows;
}

PsTenantPerson *
sync_fixture_person (SyncFixture *fixture, gboolean in_queue)
{
  const GPtrArray *people = ps_tenant_world_people (ps_tenant_server_world (fixture->tenant->server));

  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = people->pdata[i];

    if (person->odd == PS_TENANT_ODD_NOTHING && person->microsoft != NULL && person->extension != NULL &&
        !person->extension->admin && (person->extension->queue_ids->len > 0) == !!in_queue)
      return person;
  }
  g_assert_not_reached ();
}
