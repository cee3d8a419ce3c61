/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-phone-watch.h"

#define SWEEP_EVERY_S (15 * 60)
/* After a failed sweep: the transport has repeated it already, so this is a real pause. */
#define SWEEP_AGAIN_S 60

struct _PsPhoneWatch {
  GObject parent_instance;

  PsRingCentralClient *client; /* (owned) */
  PsRingCentralSocket *socket; /* (owned) */
  GCancellable *cancellable;   /* (owned) (nullable): while it runs */
  guint timer;
  guint page;     /* of the sweep under way; 0: none */
  gboolean again; /* sweep once more when this one is over */
  GError *error;  /* (owned) (nullable) */
  gint64 failing_since_ms;
  guint64 calls;
};

enum { EVENT, PRESENCES, SWEEP_DONE, DIRECTORY_CHANGED, STATE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsPhoneWatch, ps_phone_watch, G_TYPE_OBJECT)

static gboolean
timer_cb (gpointer user_data)
{
  PsPhoneWatch *self = user_data;

  self->timer = 0;
  ps_phone_watch_sweep (self);
  return G_SOURCE_REMOVE;
}

static void
set_error (PsPhoneWatch *self, GError *error)
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
end_sweep (PsPhoneWatch *self, GError *error)
{
  gboolean again = self->again;

  self->page = 0;
  self->again = FALSE;
  set_error (self, error);
  if (error == NULL)
    g_signal_emit (self, signals[SWEEP_DONE], 0);
  if (self->cancellable == NULL || self->page != 0)
    return;
  if (again && error == NULL) {
    ps_phone_watch_sweep (self);
    return;
  }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add_seconds (error != NULL ? SWEEP_AGAIN_S : SWEEP_EVERY_S, timer_cb, self);
}

static void read_page (PsPhoneWatch *self);

static void
page_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PsPhoneWatch) self = user_data;
  GError *error = NULL;
  gboolean more = FALSE;
  g_autoptr (PsPhonePresences) presences =
      ps_ringcentral_client_sweep_page_finish (PS_RINGCENTRAL_CLIENT (source), result, &more, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->cancellable == NULL) {
    g_clear_error (&error);
    return;
  }
  if (presences == NULL) {
    self->calls++;
    end_sweep (self, error);
    return;
  }
  self->calls += presences->calls;
  g_signal_emit (self, signals[PRESENCES], 0, presences);
  if (more && self->cancellable != NULL) {
    self->page++;
    read_page (self);
  } else {
    end_sweep (self, NULL);
  }
}

static void
read_page (PsPhoneWatch *self)
{
  ps_ringcentral_client_sweep_page_async (self->client, self->page, self->cancellable, page_read_cb,
                                          g_object_ref (self));
}

static void
presence_cb (PsPhoneWatch *self, const char *extension_id, const PsPhoneReading *reading)
{
  g_signal_emit (self, signals[EVENT], 0, extension_id, reading);
}

static void
directory_changed_cb (PsPhoneWatch *self)
{
  g_signal_emit (self, signals[DIRECTORY_CHANGED], 0);
}

static void
socket_state_cb (PsPhoneWatch *self)
{
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
ps_phone_watch_dispose (GObject *object)
{
  PsPhoneWatch *self = PS_PHONE_WATCH (object);

  ps_phone_watch_stop (self);
  if (self->socket != NULL)
    g_signal_handlers_disconnect_by_data (self->socket, self);
  g_clear_object (&self->socket);
  g_clear_object (&self->client);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (ps_phone_watch_parent_class)->dispose (object);
}

static void
ps_phone_watch_class_init (PsPhoneWatchClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ps_phone_watch_dispose;
  signals[EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING,
                                 G_TYPE_POINTER);
  signals[PRESENCES] =
      g_signal_new ("presences", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SWEEP_DONE] = g_signal_new ("sweep-done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DIRECTORY_CHANGED] =
      g_signal_new ("directory-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[STATE_CHANGED] = g_signal_new ("state-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ps_phone_watch_init (PsPhoneWatch *self)
{
}

PsPhoneWatch *
ps_phone_watch_new (PsRingCentralClient *client, gboolean new_call_handling)
{
  PsPhoneWatch *self = g_object_new (PS_TYPE_PHONE_WATCH, NULL);

  self->client = g_object_ref (client);
  self->socket = ps_ringcentral_socket_new (client, new_call_handling);
  g_signal_connect_swapped (self->socket, "presence", G_CALLBACK (presence_cb), self);
  g_signal_connect_swapped (self->socket, "missed", G_CALLBACK (ps_phone_watch_sweep), self);
  g_signal_connect_swapped (self->socket, "directory-changed", G_CALLBACK (directory_changed_cb), self);
  g_signal_connect_swapped (self->socket, "state-changed", G_CALLBACK (socket_state_cb), self);
  return self;
}

void
ps_phone_watch_start (PsPhoneWatch *self)
{
  g_return_if_fail (PS_IS_PHONE_WATCH (self));
  if (self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  ps_ringcentral_socket_start (self->socket);
  /* At once, not when the socket is connected: it may not be allowed to connect at all. */
  ps_phone_watch_sweep (self);
}

void
ps_phone_watch_stop (PsPhoneWatch *self)
{
  g_return_if_fail (PS_IS_PHONE_WATCH (self));
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  ps_ringcentral_socket_stop (self->socket);
  self->page = 0;
}

void
ps_phone_watch_sweep (PsPhoneWatch *self)
{
  g_return_if_fail (PS_IS_PHONE_WATCH (self));
  if (self->cancellable == NULL)
    return;
  if (self->page != 0) {
    self->again = TRUE;
    return;
  }
  g_clear_handle_id (&self->timer, g_source_remove);
  self->page = 1;
  read_page (self);
}

PsRingCentralSocket *
ps_phone_watch_socket (PsPhoneWatch *self)
{
  return self->socket;
}

const GError *
ps_phone_watch_error (PsPhoneWatch *self)
{
  return self->error;
}

gint64
ps_phone_watch_failing_since (PsPhoneWatch *self)
{
  return self->failing_since_ms;
}

guint64
ps_phone_watch_calls (PsPhoneWatch *self)
{
  return self->calls;
}
