/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A dry run: the same roster and the same engine as the service's, fed with one reading of both sides and never asked
 * for a write. What it would like to write is what enabling would change.
 */
#include "config.h"

#include "ps-preview.h"

#include "ps-people.h"
#include "ps-roster.h"

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsSelection *selection; /* (owned) */
  PsClients *clients;     /* (owned) */
  PsDirectory *directory; /* (owned) */
  GHashTable *links;      /* (owned) */
  PsEngine *engine;       /* (owned) */
  PsRoster *roster;       /* (owned) */
  GPtrArray *ids;         /* (owned) to be read from Teams */
  guint next_id, page;
} Dry;

static void
dry_free (Dry *data)
{
  g_clear_pointer (&data->roster, ps_roster_free);
  g_clear_pointer (&data->engine, ps_engine_free);
  g_clear_pointer (&data->links, g_hash_table_unref);
  g_clear_pointer (&data->directory, ps_directory_free);
  g_clear_pointer (&data->clients, ps_clients_unref);
  g_clear_pointer (&data->selection, ps_selection_free);
  g_clear_pointer (&data->ids, g_ptr_array_unref);
  g_clear_object (&data->workspace);
  g_free (data);
}

void
ps_preview_free (PsPreview *preview)
{
  g_ptr_array_unref (preview->rows);
  g_free (preview);
}

static void
count_row (PsPreview *preview, Dry *data, PsMember *member)
{
  PsPersonRow *row = ps_roster_row (data->roster, member);
  PsUserView view = { 0 };

  preview->users++;
  preview->by_reason[row->reason]++;
  if (row->status == PS_PERSON_FAILED)
    preview->not_linked++;
  else if (row->status != PS_PERSON_NOT_SELECTED)
    preview->linked++;
  if (member->user != PS_NO_USER) {
    ps_engine_view (data->engine, member->user, &view);
    preview->would_change_ringcentral += view.waiting[PS_SIDE_PHONE];
    preview->would_change_teams += view.waiting[PS_SIDE_TEAMS];
  }
  g_ptr_array_add (preview->rows, row);
}

static void
finish (GTask *task)
{
  Dry *data = g_task_get_task_data (task);
  PsBudget *budget = ps_transport_budget (ps_ringcentral_client_transport (data->clients->phone), "Medium");
  const GPtrArray *members = ps_roster_members (data->roster);
  PsPreview *preview = g_new0 (PsPreview, 1);

  preview->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_person_row_free);
  for (guint i = 0; i < members->len; i++)
    if (((PsMember *) members->pdata[i])->ringcentral != NULL)
      count_row (preview, data, members->pdata[i]);
  if (budget != NULL) {
    preview->writes_per_minute = (guint) ((gint64) ps_budget_limit (budget) * 60000 / ps_budget_window (budget));
    preview->duration_ms = (gint64) preview->would_change_ringcentral * 60000 / MAX (preview->writes_per_minute, 1);
  }
  g_task_return_pointer (task, preview, (GDestroyNotify) ps_preview_free);
}

/* --- reading both sides --- */

static void read_page (GTask *task);

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);
  gboolean more = FALSE;
  g_autoptr (PsPhonePresences) presences =
      ps_ringcentral_client_sweep_page_finish (PS_RINGCENTRAL_CLIENT (source), result, &more, &error);

  if (presences == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  for (guint i = 0; i < presences->presences->len; i++) {
    const PsPhonePresence *presence = &g_array_index (presences->presences, PsPhonePresence, i);
    PsMember *member = ps_roster_find_ringcentral (data->roster, presence->id);

    if (member != NULL && member->user != PS_NO_USER)
      ps_engine_see_phone (data->engine, member->user, &presence->reading, PS_SEEN_READ, presences->sent_ms,
                           ps_now_ms ());
  }
  if (more)
    read_page (task);
  else
    finish (task);
}

static void
read_page (GTask *task)
{
  Dry *data = g_task_get_task_data (task);

  ps_ringcentral_client_sweep_page_async (data->clients->phone, ++data->page, g_task_get_cancellable (task),
                                          page_read_cb, g_object_ref (task));
}

static void read_teams (GTask *task);

static void
teams_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);
  g_autoptr (PsTeamsPresences) presences =
      ps_graph_client_read_presences_finish (PS_GRAPH_CLIENT (source), result, &error);

  if (presences == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  for (guint i = 0; i < presences->presences->len; i++) {
    const PsTeamsPresence *presence = &g_array_index (presences->presences, PsTeamsPresence, i);
    PsMember *member = ps_roster_find_microsoft (data->roster, presence->id);

    if (member == NULL)
      continue;
    member->teams_unknown = presence->reading.status == PS_TEAMS_UNKNOWN;
    ps_engine_see_teams (data->engine, member->user, &presence->reading, presences->sent_ms, ps_now_ms ());
  }
  read_teams (task);
}

static void
read_teams (GTask *task)
{
  Dry *data = g_task_get_task_data (task);
  guint n = MIN (data->ids->len - data->next_id, PS_GRAPH_MAX_PRESENCE_IDS);

  if (n == 0) {
    read_page (task);
    return;
  }
  ps_graph_client_read_presences_async (data->clients->graph, (const char *const *) data->ids->pdata + data->next_id, n,
                                        g_task_get_cancellable (task), teams_read_cb, g_object_ref (task));
  data->next_id += n;
}

/* --- preparing --- */

static void
rules_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);
  PsRules rules;

  if (!ps_store_load_rules_finish (PS_STORE (source), result, &rules, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  data->engine = ps_engine_new ();
  data->roster = ps_roster_new (data->engine);
  ps_engine_set_rules (data->engine, &rules, ps_now_ms ());
  ps_roster_update (data->roster, data->directory, data->links, data->selection, ps_now_ms ());
  data->ids = ps_roster_microsoft_ids (data->roster);
  read_teams (task);
}

static void
links_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);

  data->links = ps_store_load_links_finish (PS_STORE (source), result, &error);
  if (data->links == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ps_store_load_rules_async (PS_STORE (source), g_task_get_cancellable (task), rules_loaded_cb, g_object_ref (task));
}

static void
directories_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);

  data->directory = ps_read_directories_finish (PS_WORKSPACE (source), result, &error);
  if (data->directory == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ps_store_load_links_async (ps_workspace_store (data->workspace), g_task_get_cancellable (task), links_loaded_cb,
                               g_object_ref (task));
}

static void
clients_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Dry *data = g_task_get_task_data (task);

  data->clients = ps_open_clients_finish (PS_WORKSPACE (source), result, &error);
  if (data->clients == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ps_read_directories_async (data->workspace, data->clients, g_task_get_cancellable (task), directories_read_cb,
                               g_object_ref (task));
}

static void
add_all (GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (to, g_strdup (id));
}

void
ps_preview_async (PsWorkspace *workspace, const PsSelection *selection, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Dry *data = g_new0 (Dry, 1);

  g_task_set_source_tag (task, ps_preview_async);
  g_task_set_task_data (task, data, (GDestroyNotify) dry_free);
  data->workspace = g_object_ref (workspace);
  data->selection = ps_selection_new ();
  data->selection->mode = PS_SYNC_ALL;
  if (selection != NULL) {
    data->selection->mode = selection->mode;
    add_all (data->selection->selected, selection->selected);
    add_all (data->selection->excluded, selection->excluded);
  }
  ps_open_clients_async (workspace, cancellable, clients_opened_cb, task);
}

PsPreview *
ps_preview_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
