/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A round asks for all ids in chunks; the next round begins a period after this one began, or when it has ended,
 * whichever is later. Microsoft's terms frown on polling in general; the presence pages describe it as the alternative
 * to notifications, which an application of its own cannot get: so the period is gentle, and the caller can make it
 * longer.
 */
#include "config.h"

#include "ps-teams-poller.h"

#define AT_A_TIME 4

struct _PsTeamsPoller {
  GObject parent_instance;

  PsGraphClient *graph; /* (owned) */
  GPtrArray *ids;       /* (owned) */
  gint64 period_ms;
  GCancellable *cancellable; /* (owned) (nullable): while it runs */
  guint timer;

  /* the round under way */
  GPtrArray *asking; /* (owned) (nullable): ids of this round */
  guint next, pending;
  gint64 began_ms;
  gboolean round_failed;

  GError *error; /* (owned) (nullable) */
  gint64 failing_since_ms, last_read_ms;
  guint64 calls;
};

enum { PRESENCES, ROUND_DONE, STATE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsTeamsPoller, ps_teams_poller, G_TYPE_OBJECT)

static void begin_round (PsTeamsPoller *self);

static gboolean
timer_cb (gpointer user_data)
{
  PsTeamsPoller *self = user_data;

  self->timer = 0;
  begin_round (self);
  return G_SOURCE_REMOVE;
}

static void
set_error (PsTeamsPoller *self, GError *error)
{
  gboolean changed = (error == NULL) != (self->error == NULL) || (error != NULL && error->code != self->error->code);

  g_clear_error (&self->error);
  self->error = error;
  if (error == NULL)
    self->failing_since_ms = 0;
  else if (self->failing_since_ms == 0)
    self->failing_since_ms = ps_now_ms ();
  if (changed)
    g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
end_round (PsTeamsPoller *self)
{
  gint64 wait_ms = MAX (self->began_ms + self->period_ms - ps_now_ms (), 0);

  g_clear_pointer (&self->asking, g_ptr_array_unref);
  if (!self->round_failed)
    set_error (self, NULL);
  self->timer = g_timeout_add ((guint) wait_ms, timer_cb, self);
  g_signal_emit (self, signals[ROUND_DONE], 0);
}

static void ask_more (PsTeamsPoller *self);

typedef struct {
  PsTeamsPoller *self;       /* (owned): a call keeps the poller until it has come back */
  GPtrArray *ids;            /* (owned) of this call, NULL-ended */
  GCancellable *cancellable; /* (owned) of the run it belongs to */
} Call;

static void
call_free (Call *call)
{
  g_object_unref (call->self);
  g_ptr_array_unref (call->ids);
  g_object_unref (call->cancellable);
  g_free (call);
}

static void
presences_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  PsTeamsPoller *self = call->self;
  GError *error = NULL;
  g_autoptr (PsTeamsPresences) presences =
      ps_graph_client_read_presences_finish (PS_GRAPH_CLIENT (source), result, &error);

  if (call->cancellable != self->cancellable || g_cancellable_is_cancelled (call->cancellable)) {
    g_clear_error (&error);
    call_free (call);
    return;
  }
  self->pending--;
  if (presences != NULL) {
    self->calls += presences->calls;
    self->last_read_ms = ps_now_ms ();
    g_signal_emit (self, signals[PRESENCES], 0, presences, call->ids);
  } else {
    self->round_failed = TRUE;
    self->calls++;
    set_error (self, error);
  }
  if (call->cancellable == self->cancellable)
    ask_more (self);
  call_free (call);
}

static void
ask_more (PsTeamsPoller *self)
{
  while (self->pending < AT_A_TIME && self->next < self->asking->len) {
    guint n = MIN (self->asking->len - self->next, PS_GRAPH_MAX_PRESENCE_IDS);
    Call *call = g_new0 (Call, 1);

    call->self = g_object_ref (self);
    call->cancellable = g_object_ref (self->cancellable);
    call->ids = g_ptr_array_new_full (n, g_free);
    for (guint i = 0; i < n; i++)
      g_ptr_array_add (call->ids, g_strdup (self->asking->pdata[self->next + i]));
    self->next += n;
    self->pending++;
    ps_graph_client_read_presences_async (self->graph, (const char *const *) call->ids->pdata, n, self->cancellable,
                                          presences_read_cb, call);
  }
  if (self->pending == 0)
    end_round (self);
}

static void
begin_round (PsTeamsPoller *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->asking = g_ptr_array_ref (self->ids);
  self->next = 0;
  self->round_failed = FALSE;
  self->began_ms = ps_now_ms ();
  ask_more (self);
}

static void
ps_teams_poller_dispose (GObject *object)
{
  PsTeamsPoller *self = PS_TEAMS_POLLER (object);

  ps_teams_poller_stop (self);
  g_clear_object (&self->graph);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ps_teams_poller_parent_class)->dispose (object);
}

static void
ps_teams_poller_class_init (PsTeamsPollerClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ps_teams_poller_dispose;
  signals[PRESENCES] = g_signal_new ("presences", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                     G_TYPE_POINTER, G_TYPE_PTR_ARRAY);
  signals[ROUND_DONE] = g_signal_new ("round-done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STATE_CHANGED] = g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ps_teams_poller_init (PsTeamsPoller *self)
{
  self->ids = g_ptr_array_new ();
  self->period_ms = 30 * 1000;
}

PsTeamsPoller *
ps_teams_poller_new (PsGraphClient *graph)
{
  PsTeamsPoller *self = g_object_new (PS_TYPE_TEAMS_POLLER, NULL);

  self->graph = g_object_ref (graph);
  return self;
}

void
ps_teams_poller_set_period (PsTeamsPoller *self, gint64 ms)
{
  g_return_if_fail (PS_IS_TEAMS_POLLER (self) && ms > 0);
  self->period_ms = ms;
}

void
ps_teams_poller_set_ids (PsTeamsPoller *self, GPtrArray *ids)
{
  g_return_if_fail (PS_IS_TEAMS_POLLER (self));
  g_ptr_array_ref (ids);
  g_ptr_array_unref (self->ids);
  self->ids = ids;
}

void
ps_teams_poller_start (PsTeamsPoller *self)
{
  g_return_if_fail (PS_IS_TEAMS_POLLER (self));
  if (self->cancellable == NULL)
    self->cancellable = g_cancellable_new ();
  if (self->asking == NULL)
    begin_round (self);
}

void
ps_teams_poller_stop (PsTeamsPoller *self)
{
  g_return_if_fail (PS_IS_TEAMS_POLLER (self));
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->asking, g_ptr_array_unref);
  self->pending = 0;
}

const GError *
ps_teams_poller_error (PsTeamsPoller *self)
{
  return self->error;
}

gint64
ps_teams_poller_failing_since (PsTeamsPoller *self)
{
  return self->failing_since_ms;
}

gint64
ps_teams_poller_last_read (PsTeamsPoller *self)
{
  return self->last_read_ms;
}

guint64
ps_teams_poller_calls (PsTeamsPoller *self)
{
  return self->calls;
}
