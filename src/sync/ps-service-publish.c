/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the engine knows goes into the store, at most once a second: the people who changed, the journal, the status.
 */
#include "config.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>
#include <sys/resource.h>

#include <json-glib/json-glib.h>

#include "ps-service-private.h"

#define PUBLISH_MS      1000
#define JOURNAL_KEEP_MS ((gint64) 90 * 24 * 3600 * 1000)

/* --- the journal --- */

static char *
describe_written (const PsWrite *write)
{
  static const char *const sessions[] = { "session cleared", "session: in a call", "session: in a conference call" };
  static const char *const slots[] = { "own status given back", "own status: do not disturb", "own status: busy",
                                       "own status: offline" };

  switch (write->kind) {
  case PS_WRITE_SESSION:
    return g_strdup (sessions[write->session]);
  case PS_WRITE_PREFERRED:
    return g_strdup (slots[write->preferred]);
  case PS_WRITE_PHONE:
  default:
    if (write->phone.calls == PS_CALLS_UNKNOWN)
      return g_strdup_printf ("status: %s", ps_phone_status_to_word (write->phone.user_status));
    if (write->phone.user_status == PS_PHONE_STATUS_UNKNOWN)
      return g_strdup_printf ("calls: %s", ps_phone_calls_to_word (write->phone.calls));
    return g_strdup_printf ("status: %s, calls: %s", ps_phone_status_to_word (write->phone.user_status),
                            ps_phone_calls_to_word (write->phone.calls));
  }
}

void
ps_service_note_written (PsService *self, PsMember *member, const PsWrite *write, const GError *error)
{
  gboolean to_phone = write->kind == PS_WRITE_PHONE;
  PsJournalEntry *entry = ps_journal_entry_new ();
  PsUserView view = { 0 };

  if (member->user != PS_NO_USER)
    ps_engine_view (self->engine, member->user, &view);
  entry->time_ms = ps_now_ms ();
  entry->ringcentral_id = g_strdup (member->ringcentral_id);
  entry->name = g_strdup (member->ringcentral != NULL ? member->ringcentral->name : NULL);
  entry->side = g_strdup (to_phone ? "ringcentral" : "teams");
  entry->seen =
      g_strdup (to_phone ? ps_teams_status_to_word (view.teams.status) : ps_phone_reading_to_word (&view.phone));
  entry->written = describe_written (write);
  entry->why = g_strdup (ps_why_to_word (write->why));
  entry->delay_ms = write->since_ms > 0 ? entry->time_ms - write->since_ms : 0;
  entry->error = error != NULL ? g_strdup (error->message) : NULL;
  /* Renewals answer no change, and a first sync none that has just happened. */
  if (error == NULL && write->why != PS_WHY_RENEWAL && write->why != PS_WHY_FIRST_SYNC && write->why != PS_WHY_UNDO)
    ps_delays_add (to_phone ? &self->to_ringcentral : &self->to_teams, entry->delay_ms);
  ps_service_say_change (self, entry);
  g_ptr_array_add (self->journal, entry);
}

/* --- progress --- */

static gint64
estimate (PsService *self, const PsProgress *progress)
{
  PsBudget *budget = self->clients != NULL
                         ? ps_transport_budget (ps_ringcentral_client_transport (self->clients->phone), "Medium")
                         : NULL;
  guint waiting = progress->waiting[PS_URGENT] + progress->waiting[PS_NORMAL] + progress->waiting[PS_COSMETIC];
  guint limit, share;

  if (waiting == 0)
    return 0;
  if (budget == NULL)
    return -1;
  /* What is not urgent gets half of each window. */
  limit = ps_budget_limit (budget);
  share = progress->waiting[PS_URGENT] * 2 >= waiting ? limit : MAX (limit / 2, 1);
  return (gint64) waiting / share * ps_budget_window (budget) +
         (waiting % share != 0 && waiting > share ? ps_budget_window (budget) : 0);
}

void
ps_service_get_progress (PsService *self, PsProgress *progress)
{
  const GPtrArray *members = self->roster != NULL ? ps_roster_members (self->roster) : NULL;

  *progress = (PsProgress){ .eta_ms = -1 };
  for (guint i = 0; members != NULL && i < members->len; i++) {
    const PsMember *member = members->pdata[i];
    PsReason reason;
    const char *detail;

    if (member->user != PS_NO_USER) {
      PsLedger ledger;

      ps_engine_ledger (self->engine, member->user, &ledger);
      progress->ledger += !ps_ledger_is_empty (&ledger);
    }
    if (member->ringcentral == NULL)
      continue;
    progress->total++;
    progress->selected += member->selected;
    switch (ps_roster_status (self->roster, member, &reason, &detail)) {
    case PS_PERSON_SYNCED:
      progress->synced++;
      break;
    case PS_PERSON_FAILED:
      progress->failed++;
      break;
    case PS_PERSON_PENDING:
      progress->pending++;
      break;
    case PS_PERSON_NOT_SELECTED:
    default:
      progress->not_selected++;
      break;
    }
  }
  for (PsUrgency urgency = 0; self->engine != NULL && urgency < PS_N_URGENCIES; urgency++) {
    progress->waiting[urgency] = ps_engine_waiting (self->engine, PS_SIDE_PHONE, urgency);
    progress->waiting_teams += ps_engine_waiting (self->engine, PS_SIDE_TEAMS, urgency);
  }
  if (self->engine != NULL)
    progress->under_way =
        ps_engine_under_way (self->engine, PS_SIDE_PHONE) + ps_engine_under_way (self->engine, PS_SIDE_TEAMS);
  progress->eta_ms = estimate (self, progress);
}

void
ps_service_check_progress (PsService *self)
{
  PsProgress progress;

  if (self->state != PS_SERVICE_RUNNING || self->roster == NULL)
    return;
  ps_roster_drop_undone (self->roster);
  ps_service_get_progress (self, &progress);
  ps_service_say_progress (self);
  if (!self->completed && self->selection->mode != PS_SYNC_OFF && progress.pending == 0) {
    self->completed = TRUE;
    ps_service_say_complete (self);
  }
  if (!self->undone && self->selection->mode == PS_SYNC_OFF && progress.ledger == 0 && progress.under_way == 0) {
    self->undone = TRUE;
    ps_service_say_undone (self);
  }
}

/* --- the status --- */

static void
add_delays (JsonBuilder *json, const char *name, const PsDelays *delays)
{
  static const guint percents[] = { 50, 95, 99 };

  json_builder_set_member_name (json, name);
  json_builder_begin_object (json);
  for (guint i = 0; i < G_N_ELEMENTS (percents); i++) {
    g_autofree char *key = g_strdup_printf ("p%u", percents[i]);
    gint64 ms = ps_delays_percentile (delays, percents[i]);

    json_builder_set_member_name (json, key);
    if (ms < 0)
      json_builder_add_null_value (json);
    else
      json_builder_add_int_value (json, ms);
  }
  json_builder_end_object (json);
}

static void
add_int (JsonBuilder *json, const char *name, gint64 value)
{
  json_builder_set_member_name (json, name);
  json_builder_add_int_value (json, value);
}

static void
add_text (JsonBuilder *json, const char *name, const char *value)
{
  json_builder_set_member_name (json, name);
  if (value != NULL)
    json_builder_add_string_value (json, value);
  else
    json_builder_add_null_value (json);
}

static void
add_time (JsonBuilder *json, const char *name, gint64 ms)
{
  g_autoptr (GDateTime) time = ms > 0 ? g_date_time_new_from_unix_utc (ms / 1000) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  add_text (json, name, text);
}

static const char *
side_state (PsService *self, const GError *error, const PsMicrosoftConnection *microsoft)
{
  if (error == NULL)
    return ps_connection_state_to_word (microsoft != NULL ? ps_microsoft_connection_state (microsoft, NULL)
                                                          : PS_CONNECTION_CONNECTED);
  if (g_error_matches (error, PS_ERROR, PS_ERROR_SECRET_EXPIRED))
    return ps_connection_state_to_word (PS_CONNECTION_SECRET_EXPIRED);
  if (g_error_matches (error, PS_ERROR, PS_ERROR_PERMISSION))
    return ps_connection_state_to_word (PS_CONNECTION_NOT_AUTHORIZED);
  return ps_connection_state_to_word (PS_CONNECTION_INTERRUPTED);
}

static void
add_teams (PsService *self, JsonBuilder *json)
{
  const GError *error = ps_teams_poller_error (self->poller);

  json_builder_set_member_name (json, "teams");
  json_builder_begin_object (json);
  add_text (json, "state", side_state (self, error, self->clients->microsoft));
  add_text (json, "problem", error != NULL ? error->message : NULL);
  add_time (json, "failing_since", ps_teams_poller_failing_since (self->poller));
  add_time (json, "last_read", ps_teams_poller_last_read (self->poller));
  add_int (json, "period_s", self->period_s);
  add_int (json, "calls", (gint64) ps_transport_counts (ps_graph_client_transport (self->clients->graph)).calls);
  json_builder_end_object (json);
}

static void
add_ringcentral (PsService *self, JsonBuilder *json)
{
  static const char *const socket_words[] = { "closed", "connecting", "connected", "waiting" };
  PsRingCentralSocket *socket = ps_phone_watch_socket (self->watch);
  const GError *error = ps_phone_watch_error (self->watch);

  if (error == NULL)
    error = ps_ringcentral_socket_error (socket);
  json_builder_set_member_name (json, "ringcentral");
  json_builder_begin_object (json);
  add_text (json, "state", side_state (self, error, NULL));
  add_text (json, "problem", error != NULL ? error->message : NULL);
  add_time (json, "failing_since", ps_phone_watch_failing_since (self->watch));
  add_text (json, "socket", socket_words[ps_ringcentral_socket_state (socket)]);
  add_time (json, "last_event", ps_ringcentral_socket_last_event (socket));
  add_int (json, "events", (gint64) ps_ringcentral_socket_events (socket));
  add_int (json, "calls", (gint64) ps_transport_counts (ps_ringcentral_client_transport (self->clients->phone)).calls);
  json_builder_end_object (json);
}

static void
add_users (PsService *self, JsonBuilder *json, const PsProgress *progress)
{
  json_builder_set_member_name (json, "users");
  json_builder_begin_object (json);
  add_int (json, "total", progress->total);
  add_int (json, "synced", progress->synced);
  add_int (json, "failed", progress->failed);
  add_int (json, "not_selected", progress->not_selected);
  add_int (json, "pending", progress->pending);
  json_builder_end_object (json);
  json_builder_set_member_name (json, "waiting");
  json_builder_begin_object (json);
  add_int (json, "urgent", progress->waiting[PS_URGENT]);
  add_int (json, "normal", progress->waiting[PS_NORMAL]);
  add_int (json, "cosmetic", progress->waiting[PS_COSMETIC]);
  add_int (json, "teams", progress->waiting_teams);
  add_int (json, "eta_ms", progress->eta_ms);
  json_builder_end_object (json);
}

static gint64
resident_bytes (void)
{
  FILE *file = fopen ("/proc/self/statm", "re");
  long pages = 0;

  if (file == NULL)
    return 0;
  if (fscanf (file, "%*s %ld", &pages) != 1)
    pages = 0;
  fclose (file);
  return (gint64) pages * sysconf (_SC_PAGESIZE);
}

static void
add_costs (PsService *self, JsonBuilder *json, const PsProgress *progress)
{
  struct rusage usage = { 0 };
  double seconds;

  json_builder_set_member_name (json, "writes");
  json_builder_begin_object (json);
  add_int (json, "teams", (gint64) ps_carrier_writes (self->carrier, PS_SIDE_TEAMS));
  add_int (json, "ringcentral", (gint64) ps_carrier_writes (self->carrier, PS_SIDE_PHONE));
  json_builder_end_object (json);
  json_builder_set_member_name (json, "throttled");
  json_builder_begin_object (json);
  add_int (json, "teams", (gint64) ps_transport_counts (ps_graph_client_transport (self->clients->graph)).throttled);
  add_int (json, "ringcentral",
           (gint64) ps_transport_counts (ps_ringcentral_client_transport (self->clients->phone)).throttled);
  json_builder_end_object (json);
  json_builder_set_member_name (json, "delay_ms");
  json_builder_begin_object (json);
  add_delays (json, "teams_to_ringcentral", &self->to_ringcentral);
  add_delays (json, "ringcentral_to_teams", &self->to_teams);
  json_builder_end_object (json);
  add_int (json, "ledger", progress->ledger);
  getrusage (RUSAGE_SELF, &usage);
  seconds = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  json_builder_set_member_name (json, "cpu_s");
  json_builder_add_double_value (json, round (seconds * 1000) / 1000);
  add_int (json, "rss_bytes", resident_bytes ());
}

static const char *
state_word (PsService *self)
{
  switch (self->state) {
  case PS_SERVICE_STARTING:
    return "starting";
  case PS_SERVICE_STOPPING:
    return "stopping";
  case PS_SERVICE_RUNNING:
    if (ps_teams_poller_error (self->poller) != NULL || ps_phone_watch_error (self->watch) != NULL ||
        self->storage_error != NULL)
      return "interrupted";
    return self->selection->mode != PS_SYNC_OFF ? "running" : self->undone ? "off" : "undoing";
  case PS_SERVICE_STOPPED:
  default:
    return "stopped";
  }
}

char *
ps_service_status_json (PsService *self)
{
  g_autoptr (JsonBuilder) json = json_builder_new_immutable ();
  g_autoptr (JsonNode) root = NULL;
  PsProgress progress;

  ps_service_get_progress (self, &progress);
  json_builder_begin_object (json);
  add_text (json, "state", state_word (self));
  add_time (json, "since", self->started_ms);
  if (self->carrier != NULL) {
    const GError *problem = self->storage_error != NULL ? self->storage_error : self->directory_error;

    add_text (json, "problem", problem != NULL ? problem->message : NULL);
    add_users (self, json, &progress);
    add_teams (self, json);
    add_ringcentral (self, json);
    add_costs (self, json, &progress);
  }
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  return json_to_string (root, FALSE);
}

/* --- saving --- */

typedef struct {
  guint pending;
  GError *error; /* (owned) (nullable): the first */
} Publish;

static void
publish_free (Publish *data)
{
  g_clear_error (&data->error);
  g_free (data);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Publish *data = g_task_get_task_data (task);
  GError *error = NULL;

  if (!ps_store_save_finish (PS_STORE (source), result, &error)) {
    if (data->error == NULL)
      data->error = g_steal_pointer (&error);
    g_clear_error (&error);
  }
  if (--data->pending > 0)
    return;
  if (data->error != NULL)
    g_task_return_error (task, g_steal_pointer (&data->error));
  else
    g_task_return_boolean (task, TRUE);
}

static GPtrArray *
changed_rows (PsService *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_person_row_free);
  const GPtrArray *members = ps_roster_members (self->roster);

  for (guint i = 0; i < members->len; i++) {
    PsMember *member = members->pdata[i];

    if ((!member->changed && self->published_once) || member->ringcentral == NULL)
      continue;
    member->changed = FALSE;
    g_ptr_array_add (rows, ps_roster_row (self->roster, member));
  }
  return rows;
}

void
ps_service_publish_async (PsService *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  PsStore *store = ps_workspace_store (self->workspace);
  g_autofree char *status = ps_service_status_json (self);
  Publish *data = g_new0 (Publish, 1);
  gboolean replace = !self->published_once;

  g_task_set_source_tag (task, ps_service_publish_async);
  g_task_set_task_data (task, data, (GDestroyNotify) publish_free);
  data->pending = 1;
  if (self->roster != NULL) {
    g_autoptr (GPtrArray) rows = changed_rows (self);

    self->published_once = TRUE;
    if (rows->len > 0 || replace) {
      data->pending++;
      ps_store_save_people_async (store, g_steal_pointer (&rows), replace, NULL, saved_cb, g_object_ref (task));
    }
  }
  if (self->journal->len > 0) {
    data->pending++;
    ps_store_append_journal_async (store, g_steal_pointer (&self->journal), JOURNAL_KEEP_MS, NULL, saved_cb,
                                   g_object_ref (task));
    self->journal = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_journal_entry_free);
  }
  ps_store_save_status_async (store, status, NULL, saved_cb, g_object_ref (task));
}

gboolean
ps_service_publish_finish (PsService *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
published_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PsService *self = PS_SERVICE (source);
  g_autoptr (GError) error = NULL;

  self->publishing = FALSE;
  if (ps_service_publish_finish (self, result, &error))
    return;
  g_clear_error (&self->storage_error);
  self->storage_error = g_steal_pointer (&error);
}

static gboolean
publish_cb (gpointer user_data)
{
  PsService *self = user_data;

  self->publish_timer = 0;
  ps_service_check_progress (self);
  if (self->state != PS_SERVICE_RUNNING)
    return G_SOURCE_REMOVE;
  if (self->publishing) {
    ps_service_publish_soon (self);
    return G_SOURCE_REMOVE;
  }
  self->publishing = TRUE;
  ps_service_publish_async (self, published_cb, NULL);
  return G_SOURCE_REMOVE;
}

void
ps_service_publish_soon (PsService *self)
{
  if (self->publish_timer == 0 && self->state == PS_SERVICE_RUNNING)
    self->publish_timer = g_timeout_add (self->published_once ? PUBLISH_MS : 50, publish_cb, self);
}
