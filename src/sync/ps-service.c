/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The running service: start, stop, and the administrator's wishes. Start is a chain: lock → clients → ledger, links,
 * selection, rules → directories → run. What the store says has changed is read again, in one pass after the other.
 */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "ps-people.h"
#include "ps-service-private.h"

/* Extensions come in bursts when an administrator works: one reading for all of them. */
#define REREAD_DELAY_S 5
/* Microsoft has no events for us: leavers and hires are found by delta. */
#define DIRECTORY_EVERY_S (15 * 60)

#define WISHES (PS_STORE_SELECTION | PS_STORE_LINKS | PS_STORE_RULES)

enum { PROGRESS, COMPLETE, UNDONE, FAILED, CHANGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsService, ps_service, G_TYPE_OBJECT)

/* --- putting directories, links and selection together --- */

static void
update_roster (PsService *self)
{
  ps_roster_update (self->roster, self->directory, self->links, self->selection, ps_now_ms ());
  self->completed = self->undone = FALSE;
  ps_service_update_ids (self);
  self->published_once = FALSE; /* people came and went: publish the whole list */
  if (self->state != PS_SERVICE_RUNNING)
    return;
  /* Newcomers have to be read on both sides before anything can be done for them. */
  ps_teams_poller_start (self->poller);
  ps_phone_watch_sweep (self->watch);
  ps_service_touch (self);
}

static void
directories_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsService) self = user_data;
  g_autoptr (GError) error = NULL;
  PsDirectory *directory = ps_read_directories_finish (PS_WORKSPACE (source), result, &error);

  self->rereading = FALSE;
  if (self->state != PS_SERVICE_RUNNING) {
    g_clear_pointer (&directory, ps_directory_free);
    return;
  }
  g_clear_error (&self->directory_error);
  if (directory == NULL) {
    self->directory_error = g_steal_pointer (&error);
    ps_service_publish_soon (self);
    return;
  }
  ps_directory_free (self->directory);
  self->directory = directory;
  update_roster (self);
}

static gboolean
reread_cb (gpointer user_data)
{
  PsService *self = user_data;

  self->reread_timer = 0;
  if (self->rereading)
    return G_SOURCE_REMOVE;
  self->rereading = TRUE;
  ps_read_directories_async (self->workspace, self->clients, self->cancellable, directories_read_cb,
                             g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static gboolean
directory_timer_cb (gpointer user_data)
{
  reread_cb (user_data);
  return G_SOURCE_CONTINUE;
}

/* --- wishes --- */

static void load_next_part (PsService *self);

static void
part_loaded (PsService *self, guint part, GError *error)
{
  self->reload_parts &= ~part;
  if (error != NULL) {
    g_clear_error (&self->storage_error);
    self->storage_error = error;
  }
  load_next_part (self);
}

static void
selection_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsService) self = user_data;
  GError *error = NULL;
  PsSelection *selection = ps_store_load_selection_finish (PS_STORE (source), result, &error);

  if (self->state != PS_SERVICE_RUNNING) {
    g_clear_pointer (&selection, ps_selection_free);
    g_clear_error (&error);
    return;
  }
  if (selection != NULL) {
    ps_selection_free (self->selection);
    self->selection = selection;
    update_roster (self);
  }
  part_loaded (self, PS_STORE_SELECTION, error);
}

static void
links_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsService) self = user_data;
  GError *error = NULL;
  GHashTable *links = ps_store_load_links_finish (PS_STORE (source), result, &error);

  if (self->state != PS_SERVICE_RUNNING) {
    g_clear_pointer (&links, g_hash_table_unref);
    g_clear_error (&error);
    return;
  }
  if (links != NULL) {
    g_hash_table_unref (self->links);
    self->links = links;
    update_roster (self);
  }
  part_loaded (self, PS_STORE_LINKS, error);
}

static void
rules_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsService) self = user_data;
  GError *error = NULL;
  PsRules rules;

  if (ps_store_load_rules_finish (PS_STORE (source), result, &rules, &error) && self->engine != NULL)
    ps_engine_set_rules (self->engine, &rules, ps_now_ms ());
  if (self->state != PS_SERVICE_RUNNING) {
    g_clear_error (&error);
    return;
  }
  ps_service_touch (self);
  part_loaded (self, PS_STORE_RULES, error);
}

static void
load_next_part (PsService *self)
{
  PsStore *store = ps_workspace_store (self->workspace);

  if (self->reload_parts == 0) {
    self->reload_parts = self->wanted_parts;
    self->wanted_parts = 0;
  }
  if (self->reload_parts & PS_STORE_LINKS)
    ps_store_load_links_async (store, self->cancellable, links_loaded_cb, g_object_ref (self));
  else if (self->reload_parts & PS_STORE_SELECTION)
    ps_store_load_selection_async (store, self->cancellable, selection_loaded_cb, g_object_ref (self));
  else if (self->reload_parts & PS_STORE_RULES)
    ps_store_load_rules_async (store, self->cancellable, rules_loaded_cb, g_object_ref (self));
}

void
ps_service_reload (PsService *self, guint parts)
{
  g_return_if_fail (PS_IS_SERVICE (self));
  if (self->state != PS_SERVICE_RUNNING)
    return;
  if ((parts & PS_STORE_DIRECTORY) && self->reread_timer == 0)
    self->reread_timer = g_timeout_add_seconds (REREAD_DELAY_S, reread_cb, self);
  self->wanted_parts |= parts & WISHES;
  if (self->reload_parts == 0 && self->wanted_parts != 0)
    load_next_part (self);
}

static void
store_changed_cb (PsService *self, guint parts)
{
  /* The directories in the store are our own reading. */
  ps_service_reload (self, parts & WISHES);
}

/* --- starting --- */

static void
forget (PsService *self)
{
  g_clear_handle_id (&self->publish_timer, g_source_remove);
  g_clear_handle_id (&self->reread_timer, g_source_remove);
  g_clear_handle_id (&self->directory_timer, g_source_remove);
  if (self->store_handler != 0)
    g_signal_handler_disconnect (ps_workspace_store (self->workspace), self->store_handler);
  self->store_handler = 0;
  if (self->poller != NULL)
    ps_teams_poller_stop (self->poller);
  if (self->watch != NULL)
    ps_phone_watch_stop (self->watch);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->carrier != NULL)
    ps_carrier_abandon (self->carrier);
  g_clear_object (&self->carrier);
  g_clear_object (&self->poller);
  g_clear_object (&self->watch);
  g_clear_pointer (&self->roster, ps_roster_free);
  g_clear_pointer (&self->engine, ps_engine_free);
  g_clear_pointer (&self->directory, ps_directory_free);
  g_clear_pointer (&self->links, g_hash_table_unref);
  g_clear_pointer (&self->selection, ps_selection_free);
  g_clear_pointer (&self->clients, ps_clients_unref);
  g_clear_pointer (&self->lock, ps_lock_release);
  g_clear_error (&self->directory_error);
  g_clear_error (&self->storage_error);
  self->reload_parts = self->wanted_parts = 0;
  self->rereading = self->published_once = self->publishing = FALSE;
  self->state = PS_SERVICE_STOPPED;
}

static void
start_cancelled_cb (GCancellable *callers, GCancellable *own)
{
  g_cancellable_cancel (own);
}

/* Who asked for the start can cancel that, and nothing later. */
static void
unchain (GTask *task)
{
  PsService *self = g_task_get_source_object (task);

  if (self->start_chain != 0)
    g_cancellable_disconnect (g_task_get_cancellable (task), self->start_chain);
  self->start_chain = 0;
}

/* Answers the task with @error and takes everything back. */
static void
fail_start (GTask *task, GError *error)
{
  unchain (task);
  forget (g_task_get_source_object (task));
  g_task_return_error (task, error);
}

static void
run (GTask *task)
{
  PsService *self = g_task_get_source_object (task);

  unchain (task);
  self->poller = ps_teams_poller_new (self->clients->graph);
  ps_teams_poller_set_period (self->poller, (gint64) self->period_s * 1000);
  self->watch = ps_phone_watch_new (self->clients->phone, self->clients->ringcentral->new_call_handling);
  self->carrier = ps_carrier_new (self->workspace, self->clients, self->engine, self->roster);
  ps_engine_set_budgets (self->engine,
                         ps_transport_budget (ps_graph_client_transport (self->clients->graph), "presence"),
                         ps_transport_budget (ps_ringcentral_client_transport (self->clients->phone), "Medium"));
  update_roster (self);
  self->started_ms = ps_now_ms ();
  self->store_handler =
      g_signal_connect_swapped (ps_workspace_store (self->workspace), "changed", G_CALLBACK (store_changed_cb), self);
  self->directory_timer = g_timeout_add_seconds (DIRECTORY_EVERY_S, directory_timer_cb, self);
  self->state = PS_SERVICE_RUNNING;
  ps_service_watch (self);
  ps_service_publish_soon (self);
  g_task_return_boolean (task, TRUE);
}

static void
cached_directory_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->directory = ps_store_load_directory_finish (PS_STORE (source), result, &error);
  if (self->directory == NULL)
    fail_start (task, error);
  else if (self->directory->read_ms == 0)
    fail_start (task, g_steal_pointer (&self->directory_error));
  else
    run (task);
}

static void
first_directories_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->directory = ps_read_directories_finish (PS_WORKSPACE (source), result, &error);
  if (self->directory != NULL) {
    run (task);
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    fail_start (task, error);
    return;
  }
  /* No network, or a service in trouble, must not keep a server's engine from starting: the directories of last time
   * do. */
  self->directory_error = error;
  ps_store_load_directory_async (ps_workspace_store (self->workspace), self->cancellable, cached_directory_loaded_cb,
                                 g_object_ref (task));
}

static void
first_rules_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;
  PsRules rules;

  if (!ps_store_load_rules_finish (PS_STORE (source), result, &rules, &error)) {
    fail_start (task, error);
    return;
  }
  ps_engine_set_rules (self->engine, &rules, ps_now_ms ());
  ps_read_directories_async (self->workspace, self->clients, self->cancellable, first_directories_read_cb,
                             g_object_ref (task));
}

static void
first_selection_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->selection = ps_store_load_selection_finish (PS_STORE (source), result, &error);
  if (self->selection == NULL)
    fail_start (task, error);
  else
    ps_store_load_rules_async (PS_STORE (source), self->cancellable, first_rules_loaded_cb, g_object_ref (task));
}

static void
first_links_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->links = ps_store_load_links_finish (PS_STORE (source), result, &error);
  if (self->links == NULL)
    fail_start (task, error);
  else
    ps_store_load_selection_async (PS_STORE (source), self->cancellable, first_selection_loaded_cb,
                                   g_object_ref (task));
}

static void
ledger_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = ps_store_load_ledger_finish (PS_STORE (source), result, &error);

  if (rows == NULL) {
    fail_start (task, error);
    return;
  }
  self->engine = ps_engine_new ();
  self->roster = ps_roster_new (self->engine);
  ps_roster_load_ledger (self->roster, rows);
  ps_store_load_links_async (PS_STORE (source), self->cancellable, first_links_loaded_cb, g_object_ref (task));
}

static void
clients_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->clients = ps_open_clients_finish (PS_WORKSPACE (source), result, &error);
  if (self->clients == NULL)
    fail_start (task, error);
  else
    ps_store_load_ledger_async (ps_workspace_store (self->workspace), self->cancellable, ledger_loaded_cb,
                                g_object_ref (task));
}

void
ps_service_start_async (PsService *self, const char *program, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_return_if_fail (PS_IS_SERVICE (self) && self->state == PS_SERVICE_STOPPED);
  g_task_set_source_tag (task, ps_service_start_async);
  self->state = PS_SERVICE_STARTING;
  self->completed = self->undone = FALSE;
  /* Not the caller's own: stopping cancels it, and the caller goes on with theirs. */
  self->cancellable = g_cancellable_new ();
  self->lock = ps_lock_take (ps_workspace_directory (self->workspace), program, &error);
  if (self->lock == NULL) {
    self->state = PS_SERVICE_STOPPED;
    g_clear_object (&self->cancellable);
    g_task_return_error (task, error);
    return;
  }
  if (cancellable != NULL)
    self->start_chain = g_cancellable_connect (cancellable, G_CALLBACK (start_cancelled_cb),
                                               g_object_ref (self->cancellable), g_object_unref);
  ps_open_clients_async (self->workspace, self->cancellable, clients_opened_cb, g_object_ref (task));
}

gboolean
ps_service_start_finish (PsService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- stopping: lift, drain, publish, release --- */

typedef struct {
  gulong handler; /* of the carrier's "written", while call-blocking values are being lifted */
  guint timer;
  GCancellable *drain; /* (owned) */
} Stop;

static void
stop_free (Stop *data)
{
  g_clear_handle_id (&data->timer, g_source_remove);
  g_clear_object (&data->drain);
  g_free (data);
}

static void
last_published_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = PS_SERVICE (source);
  GError *error = NULL;
  gboolean published = ps_service_publish_finish (self, result, &error);

  forget (self);
  if (published)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
drained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsService *self = g_task_get_source_object (task);
  Stop *data = g_task_get_task_data (task);

  ps_carrier_drain_finish (PS_CARRIER (source), result, NULL);
  g_clear_handle_id (&data->timer, g_source_remove);
  self->state = PS_SERVICE_STOPPED; /* what is published last: nobody runs */
  ps_service_publish_async (self, last_published_cb, g_object_ref (task));
}

/* Answers that do not come are not waited for longer than this. */
static gboolean
drain_timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Stop *data = g_task_get_task_data (task);

  data->timer = 0;
  g_cancellable_cancel (data->drain);
  return G_SOURCE_REMOVE;
}

static void
drain (GTask *task)
{
  PsService *self = g_task_get_source_object (task);
  Stop *data = g_task_get_task_data (task);

  ps_teams_poller_stop (self->poller);
  ps_phone_watch_stop (self->watch);
  data->timer = g_timeout_add (5000, drain_timeout_cb, task);
  ps_carrier_drain_async (self->carrier, data->drain, drained_cb, g_object_ref (task));
}

static gboolean
is_lifting (PsService *self)
{
  return ps_engine_waiting (self->engine, PS_SIDE_PHONE, PS_URGENT) > 0 ||
         ps_engine_under_way (self->engine, PS_SIDE_PHONE) > 0;
}

static void
end_lifting (GTask *task)
{
  PsService *self = g_task_get_source_object (task);
  Stop *data = g_task_get_task_data (task);

  g_clear_handle_id (&data->timer, g_source_remove);
  g_signal_handler_disconnect (self->carrier, data->handler);
  drain (task);
  g_object_unref (task);
}

static void
lifted_cb (GTask *task)
{
  if (!is_lifting (g_task_get_source_object (task)))
    end_lifting (task);
}

static gboolean
lift_timeout_cb (gpointer user_data)
{
  GTask *task = user_data;
  Stop *data = g_task_get_task_data (task);

  data->timer = 0;
  end_lifting (task);
  return G_SOURCE_REMOVE;
}

void
ps_service_stop_async (PsService *self, guint grace_ms, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Stop *data = g_new0 (Stop, 1);

  g_return_if_fail (PS_IS_SERVICE (self));
  g_task_set_source_tag (task, ps_service_stop_async);
  g_task_set_task_data (task, data, (GDestroyNotify) stop_free);
  g_return_if_fail (self->state != PS_SERVICE_STOPPING);
  if (self->state != PS_SERVICE_RUNNING) {
    forget (self);
    g_task_return_boolean (task, TRUE);
    g_object_unref (task);
    return;
  }
  self->state = PS_SERVICE_STOPPING;
  data->drain = g_cancellable_new ();
  ps_engine_set_standby (self->engine, TRUE, ps_now_ms ());
  ps_carrier_pump (self->carrier);
  /* At least one turn of the main loop, so that the caller's callback never runs inside this call. */
  data->handler = g_signal_connect_swapped (self->carrier, "written", G_CALLBACK (lifted_cb), task);
  data->timer = g_timeout_add (is_lifting (self) ? grace_ms : 0, lift_timeout_cb, task);
}

gboolean
ps_service_stop_finish (PsService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the object --- */

void
ps_service_say_change (PsService *self, PsJournalEntry *entry)
{
  g_signal_emit (self, signals[CHANGE], 0, entry);
}

void
ps_service_say_progress (PsService *self)
{
  g_signal_emit (self, signals[PROGRESS], 0);
}

void
ps_service_say_failed (PsService *self, const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}

void
ps_service_say_complete (PsService *self)
{
  g_signal_emit (self, signals[COMPLETE], 0);
}

void
ps_service_say_undone (PsService *self)
{
  g_signal_emit (self, signals[UNDONE], 0);
}

static void
ps_service_dispose (GObject *object)
{
  PsService *self = PS_SERVICE (object);

  if (self->workspace != NULL)
    forget (self);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->journal, g_ptr_array_unref);
  G_OBJECT_CLASS (ps_service_parent_class)->dispose (object);
}

static void
ps_service_class_init (PsServiceClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ps_service_dispose;
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COMPLETE] = g_signal_new ("complete", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[UNDONE] = g_signal_new ("undone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[CHANGE] =
      g_signal_new ("change", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
ps_service_init (PsService *self)
{
  self->period_s = PS_SERVICE_DEFAULT_PERIOD_S;
  self->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_journal_entry_free);
}

PsService *
ps_service_new (PsWorkspace *workspace)
{
  PsService *self = g_object_new (PS_TYPE_SERVICE, NULL);

  self->workspace = g_object_ref (workspace);
  return self;
}

void
ps_service_set_period (PsService *self, guint seconds)
{
  g_return_if_fail (PS_IS_SERVICE (self));
  self->period_s = MAX (seconds, self->short_period ? 1 : PS_SERVICE_MIN_PERIOD_S);
  if (self->poller != NULL)
    ps_teams_poller_set_period (self->poller, (gint64) self->period_s * 1000);
}

void
ps_service_allow_short_period (PsService *self)
{
  g_return_if_fail (PS_IS_SERVICE (self));
  self->short_period = TRUE;
}
