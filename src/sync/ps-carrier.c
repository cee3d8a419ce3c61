/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The order that matters: engine → ledger on disk → service → engine. A write whose ledger row could not be committed
 * never leaves.
 */
#include "config.h"

#include "ps-carrier.h"

/* Teams takes some 40 writes a second, RingCentral 40 a minute: what is under way at once only has to hide the latency.
 */
static const guint at_a_time[PS_N_SIDES] = { [PS_SIDE_TEAMS] = 16, [PS_SIDE_PHONE] = 4 };

struct _PsCarrier {
  GObject parent_instance;

  PsWorkspace *workspace;    /* (owned) */
  PsClients *clients;        /* (owned) */
  PsEngine *engine;          /* not owned: the service's; NULL: abandoned */
  PsRoster *roster;          /* not owned, likewise */
  GCancellable *cancellable; /* (owned) */
  guint timer;
  guint under_way; /* writes taken and not ended */
  gboolean pumping;
  gboolean draining;               /* from then on nothing is taken any more */
  GTask *drain;                    /* (owned) (nullable) */
  GCancellable *drain_cancellable; /* (owned) (nullable) */
  gulong drain_handler;
  guint64 writes[PS_N_SIDES];
};

enum { WRITTEN, STORAGE_FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsCarrier, ps_carrier, G_TYPE_OBJECT)

typedef struct {
  PsCarrier *self; /* (owned) */
  PsWrite write;
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->self);
  g_free (job);
}

static PsSide
side_of (const PsWrite *write)
{
  return write->kind == PS_WRITE_PHONE ? PS_SIDE_PHONE : PS_SIDE_TEAMS;
}

/* --- how it ended --- */

/* What an error says about whether it happened. */
static PsWritten
outcome (const GError *error)
{
  if (error == NULL)
    return PS_WRITTEN;
  if (error->domain != PS_ERROR)
    return PS_MAYBE_WRITTEN; /* cancelled under way */
  switch ((PsError) error->code) {
  case PS_ERROR_REFUSED:
  case PS_ERROR_PERMISSION:
  case PS_ERROR_NOT_FOUND:
  case PS_ERROR_INPUT:
    return PS_WRITE_WAS_REFUSED;
  case PS_ERROR_THROTTLED:
  case PS_ERROR_SIGN_IN:
  case PS_ERROR_SECRET_EXPIRED:
  case PS_ERROR_TLS:
  case PS_ERROR_KEYRING:
  case PS_ERROR_STORAGE:
  case PS_ERROR_TOO_NEW:
  case PS_ERROR_BUSY:
  case PS_ERROR_NOT_CONNECTED:
    return PS_NOT_WRITTEN;
  case PS_ERROR_NETWORK:
  case PS_ERROR_SERVER:
  case PS_ERROR_BAD_REPLY:
  default:
    return PS_MAYBE_WRITTEN;
  }
}

static void
check_drained (PsCarrier *self)
{
  g_autoptr (GTask) drain = NULL;

  if (self->drain == NULL || self->under_way > 0)
    return;
  if (self->drain_handler != 0)
    g_cancellable_disconnect (self->drain_cancellable, self->drain_handler);
  self->drain_handler = 0;
  g_clear_object (&self->drain_cancellable);
  drain = g_steal_pointer (&self->drain);
  g_task_return_boolean (drain, TRUE);
}

static void
end (Job *job, const GError *error, const PsPhoneReading *reading)
{
  PsCarrier *self = job->self;
  const PsWrite *write = &job->write;
  PsMember *member;

  if (self->engine == NULL) {
    job_free (job);
    return;
  }
  member = ps_roster_find_user (self->roster, write->user);
  ps_engine_written (self->engine, write, outcome (error), reading, ps_now_ms ());
  self->under_way--;
  if (error == NULL)
    self->writes[side_of (write)]++;
  if (member != NULL) {
    /* Deleted there: what of ours stood went with the account. */
    if (g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND))
      ps_engine_side_gone (self->engine, write->user, side_of (write), ps_now_ms ());
    g_signal_emit (self, signals[WRITTEN], 0, member, write, error);
  }
  check_drained (self);
  ps_carrier_pump (self);
  job_free (job);
}

static void
phone_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  PsPhoneReading reading = { 0 };
  gboolean done =
      ps_ringcentral_client_write_presence_finish (PS_RINGCENTRAL_CLIENT (source), result, &reading, &error);

  end (user_data, error, done ? &reading : NULL);
}

static void
session_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ps_graph_client_write_session_finish (PS_GRAPH_CLIENT (source), result, &error);
  end (user_data, error, NULL);
}

static void
preferred_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  ps_graph_client_write_preferred_finish (PS_GRAPH_CLIENT (source), result, &error);
  end (user_data, error, NULL);
}

/* --- sending --- */

static void
send_write (Job *job)
{
  PsCarrier *self = job->self;
  const PsWrite *write = &job->write;
  const PsMember *member = self->engine != NULL ? ps_roster_find_user (self->roster, write->user) : NULL;

  if (member == NULL || (write->kind != PS_WRITE_PHONE && member->microsoft_id == NULL)) {
    g_autoptr (GError) gone = ps_error_new (PS_ERROR_NOT_FOUND, "The person left while the write waited");

    end (job, gone, NULL);
    return;
  }
  switch (write->kind) {
  case PS_WRITE_SESSION:
    ps_graph_client_write_session_async (self->clients->graph, member->microsoft_id,
                                         self->clients->microsoft->client_id, write->session, write->duration_s,
                                         self->cancellable, session_written_cb, job);
    break;
  case PS_WRITE_PREFERRED:
    ps_graph_client_write_preferred_async (self->clients->graph, member->microsoft_id, write->preferred,
                                           write->duration_s, self->cancellable, preferred_written_cb, job);
    break;
  case PS_WRITE_PHONE:
  default:
    ps_ringcentral_client_write_presence_async (self->clients->phone, member->ringcentral_id, &write->phone,
                                                self->cancellable, phone_written_cb, job);
    break;
  }
}

/* --- committing --- */

static void
add_row (PsCarrier *self, GPtrArray *rows, PsUser user, const PsLedger *ledger)
{
  const PsMember *member = ps_roster_find_user (self->roster, user);
  PsLedgerRow *row;

  if (member == NULL)
    return;
  row = g_new0 (PsLedgerRow, 1);
  row->ringcentral_id = g_strdup (member->ringcentral_id);
  row->microsoft_id = g_strdup (member->microsoft_id);
  row->ledger = *ledger;
  g_ptr_array_add (rows, row);
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GPtrArray) jobs = user_data; /* Job, not owned by the array */
  g_autoptr (GError) error = NULL;
  PsCarrier *self = jobs->len > 0 ? ((Job *) jobs->pdata[0])->self : NULL;

  if (!ps_store_save_finish (PS_STORE (source), result, &error) && self != NULL)
    g_signal_emit (self, signals[STORAGE_FAILED], 0, error);
  for (guint i = 0; i < jobs->len; i++)
    if (error != NULL)
      end (jobs->pdata[i], error, NULL);
    else
      send_write (jobs->pdata[i]);
}

static void
settled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsCarrier) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!ps_store_save_finish (PS_STORE (source), result, &error))
    g_signal_emit (self, signals[STORAGE_FAILED], 0, error);
}

/* Rows that changed without a write: something was seen gone, a write has been answered. */
static void
commit_settled (PsCarrier *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ledger_row_free);
  PsUser user;

  while ((user = ps_engine_next_changed_ledger (self->engine)) != PS_NO_USER) {
    PsLedger ledger;

    ps_engine_ledger (self->engine, user, &ledger);
    add_row (self, rows, user, &ledger);
  }
  if (rows->len > 0)
    ps_store_commit_ledger_async (ps_workspace_store (self->workspace), g_steal_pointer (&rows), NULL, settled_cb,
                                  g_object_ref (self));
}

static void
take_writes (PsCarrier *self, PsSide side, GPtrArray *jobs, GPtrArray *rows)
{
  PsWrite write;

  while (ps_engine_under_way (self->engine, side) < at_a_time[side] &&
         ps_engine_next_write (self->engine, side, ps_now_ms (), &write)) {
    Job *job = g_new0 (Job, 1);

    job->self = g_object_ref (self);
    job->write = write;
    self->under_way++;
    g_ptr_array_add (jobs, job);
    add_row (self, rows, write.user, &write.ledger);
  }
}

static gboolean
timer_cb (gpointer user_data)
{
  PsCarrier *self = user_data;

  self->timer = 0;
  ps_carrier_pump (self);
  return G_SOURCE_REMOVE;
}

static void
arm (PsCarrier *self)
{
  gint64 now_ms = ps_now_ms (), due_ms = ps_engine_next_due (self->engine, now_ms);
  gboolean full = TRUE;

  g_clear_handle_id (&self->timer, g_source_remove);
  for (PsSide side = 0; side < PS_N_SIDES; side++)
    full = full && ps_engine_under_way (self->engine, side) >= at_a_time[side];
  /* With everything under way that may be, an answer wakes us up. */
  if (due_ms == G_MAXINT64 || full)
    return;
  self->timer = g_timeout_add ((guint) CLAMP (due_ms - now_ms, self->under_way > 0 ? 20 : 1, G_MAXINT), timer_cb, self);
}

void
ps_carrier_pump (PsCarrier *self)
{
  GPtrArray *jobs;
  GPtrArray *rows;

  g_return_if_fail (PS_IS_CARRIER (self));
  if (self->pumping || self->engine == NULL)
    return;
  self->pumping = TRUE;
  /* First what has settled, so that a row is never set back by an older commit. */
  commit_settled (self);
  if (!self->draining) {
    jobs = g_ptr_array_new ();
    rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ledger_row_free);
    for (PsSide side = 0; side < PS_N_SIDES; side++)
      take_writes (self, side, jobs, rows);
    if (jobs->len > 0) {
      ps_store_commit_ledger_async (ps_workspace_store (self->workspace), rows, NULL, committed_cb, jobs);
    } else {
      g_ptr_array_unref (jobs);
      g_ptr_array_unref (rows);
    }
    arm (self);
  }
  self->pumping = FALSE;
}

/* --- draining --- */

static void
drain_cancelled_cb (GCancellable *cancellable, PsCarrier *self)
{
  g_cancellable_cancel (self->cancellable);
}

void
ps_carrier_drain_async (PsCarrier *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (PS_IS_CARRIER (self) && !self->draining);
  self->draining = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->drain = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->drain, ps_carrier_drain_async);
  if (cancellable != NULL && self->under_way > 0) {
    self->drain_cancellable = g_object_ref (cancellable);
    self->drain_handler = g_cancellable_connect (cancellable, G_CALLBACK (drain_cancelled_cb), self, NULL);
  }
  commit_settled (self);
  check_drained (self);
}

gboolean
ps_carrier_drain_finish (PsCarrier *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ps_carrier_abandon (PsCarrier *self)
{
  g_return_if_fail (PS_IS_CARRIER (self));
  g_clear_handle_id (&self->timer, g_source_remove);
  self->draining = TRUE;
  self->engine = NULL;
  self->roster = NULL;
  g_cancellable_cancel (self->cancellable);
}

guint64
ps_carrier_writes (PsCarrier *self, PsSide side)
{
  return self->writes[side];
}

/* --- life --- */

static void
ps_carrier_dispose (GObject *object)
{
  PsCarrier *self = PS_CARRIER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->workspace);
  g_clear_pointer (&self->clients, ps_clients_unref);
  G_OBJECT_CLASS (ps_carrier_parent_class)->dispose (object);
}

static void
ps_carrier_finalize (GObject *object)
{
  PsCarrier *self = PS_CARRIER (object);

  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (ps_carrier_parent_class)->finalize (object);
}

static void
ps_carrier_class_init (PsCarrierClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ps_carrier_dispose;
  G_OBJECT_CLASS (klass)->finalize = ps_carrier_finalize;
  signals[WRITTEN] = g_signal_new ("written", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                   G_TYPE_POINTER, G_TYPE_POINTER, G_TYPE_POINTER);
  signals[STORAGE_FAILED] =
      g_signal_new ("storage-failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
ps_carrier_init (PsCarrier *self)
{
  self->cancellable = g_cancellable_new ();
}

PsCarrier *
ps_carrier_new (PsWorkspace *workspace, PsClients *clients, PsEngine *engine, PsRoster *roster)
{
  PsCarrier *self = g_object_new (PS_TYPE_CARRIER, NULL);

  self->workspace = g_object_ref (workspace);
  self->clients = ps_clients_ref (clients);
  self->engine = engine;
  self->roster = roster;
  return self;
}
