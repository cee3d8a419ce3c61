/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keeps one session with RingCentral's event gateway. The parts:
 *
 *   ps-socket-link    one connection: token, handshake, frames, signs of life
 *   ps-socket-frame   the frames as values
 *   ps-socket-plan    the decisions as functions
 *   this file         the session that outlives its connections: recovery, subscription, waiting, and what was missed
 *
 *            start                ConnectionDetails; subscribed or recovered
 *   CLOSED ────────► CONNECTING ────────────────────────────────────────────► CONNECTED
 *                     ▲      │ lost                                    lost, too old │
 *                     │ time ▼                                                       │
 *                    WAITING ◄───────────────────────────────────────────────────────┘
 *
 * A session that is not recovered is a new one, and everything between the two may have been missed. So is what
 * overflowed the service's buffer: it drops the oldest without a word, and all that shows is that the buffer was full.
 */
#include "config.h"

#include "ps-ringcentral-socket.h"

#include <glib/gi18n-lib.h>

#include "ps-clock.h"
#include "ps-error.h"
#include "ps-ringcentral-socket-private.h"
#include "ps-socket-link.h"

struct _PsRingCentralSocket {
  GObject parent_instance;

  PsRingCentralClient *client; /* (owned) (not nullable) */
  gboolean new_call_handling;
  PsSocketTimes times;

  PsSocketState state;
  GError *error;      /* (owned) (nullable) */
  PsSocketLink *link; /* (owned) (nullable) */
  GSource *timer;     /* (owned) (nullable): of the state: the end of a wait, of a stage, of the session */

  /* The session. */
  PsSocketWsc wsc; /* (owned) */
  PsSocketDetails details;
  gint64 session_ms;   /* when it began; 0: there is none with a subscription */
  gboolean recovering; /* the present link asked to have it back */
  char *request_id;    /* (owned) (nullable): of the subscription that is being answered */
  guint requests;

  /* The connections. */
  PsSocketPast past;
  gint64 connected_ms; /* since when CONNECTED; 0: not */
  gint64 heard_ms;     /* when the last one was last heard of */

  gint64 replay_until_ms; /* 0: nothing is being replayed */
  guint replayed;
  gint64 damage_ms; /* when an unreadable event was last reported */

  gint64 last_event_ms;
  guint64 events;
};

enum {
  STATE_CHANGED,
  PRESENCE,
  DIRECTORY_CHANGED,
  MISSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsRingCentralSocket, ps_ringcentral_socket, G_TYPE_OBJECT)

static void begin (PsRingCentralSocket *self);

/* --- helpers --- */

static void
clear_timer (PsRingCentralSocket *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
set_timer (PsRingCentralSocket *self, gint64 ms, GSourceFunc callback)
{
  clear_timer (self);
  self->timer = ps_clock_timeout_source_new (ms);
  g_source_set_callback (self->timer, callback, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* Comes last in what changes the state: a listener may stop the socket, or let go of it. */
static void
set_state (PsRingCentralSocket *self, PsSocketState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
forget_session (PsRingCentralSocket *self)
{
  ps_socket_wsc_clear (&self->wsc);
  self->session_ms = 0;
}

static void
drop_link (PsRingCentralSocket *self)
{
  clear_timer (self);
  if (self->link != NULL)
    self->heard_ms = MAX (self->heard_ms, ps_socket_link_heard (self->link));
  g_clear_pointer (&self->link, ps_socket_link_free);
  g_clear_pointer (&self->request_id, g_free);
  self->connected_ms = 0;
  self->replay_until_ms = 0;
}

/* --- waiting --- */

static gboolean
wait_over_cb (gpointer user_data)
{
  begin (user_data);
  return G_SOURCE_REMOVE;
}

static void
wait_then_begin (PsRingCentralSocket *self)
{
  set_timer (self, ps_socket_wait (&self->times, &self->past, ps_now_ms (), g_random_double ()), wait_over_cb);
  set_state (self, PS_SOCKET_WAITING);
}

/* @error: (transfer full) (nullable): NULL: the link was given up on purpose. */
static void
lose (PsRingCentralSocket *self, GError *error)
{
  ps_socket_past_ended (&self->past, &self->times, ps_now_ms (), self->connected_ms, error);
  g_clear_error (&self->error);
  self->error = error;
  drop_link (self);
  wait_then_begin (self);
}

/* --- the session --- */

static gboolean
stage_late_cb (gpointer user_data)
{
  lose (user_data,
        ps_error_new (PS_ERROR_NETWORK, _ ("RingCentral's event service accepted the connection and then did not "
                                           "answer. The connection is tried again by itself.")));
  return G_SOURCE_REMOVE;
}

/* Before absoluteTimeout the session is exchanged for a new one, in our own time; whatever comes in between is read. */
static gboolean
session_old_cb (gpointer user_data)
{
  PsRingCentralSocket *self = user_data;
  gint64 wait_ms = ps_socket_replace_at (&self->times, &self->details, self->session_ms) - ps_now_ms ();

  if (wait_ms > 0) {
    set_timer (self, wait_ms, session_old_cb);
    return G_SOURCE_REMOVE;
  }
  forget_session (self);
  lose (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
go_live (PsRingCentralSocket *self, gboolean missed)
{
  gint64 now_ms = ps_now_ms ();

  self->connected_ms = now_ms;
  self->past.retry_ms = 0;
  g_clear_error (&self->error);
  set_timer (self, ps_socket_replace_at (&self->times, &self->details, self->session_ms) - now_ms, session_old_cb);
  set_state (self, PS_SOCKET_CONNECTED);
  if (missed && self->connected_ms == now_ms)
    g_signal_emit (self, signals[MISSED], 0);
}

static void
subscribe (PsRingCentralSocket *self)
{
  g_autofree char *text = NULL;

  g_free (self->request_id);
  self->request_id = g_strdup_printf ("subscribe-%u", ++self->requests);
  text = ps_socket_frame_subscribe (self->request_id);
  ps_socket_link_send (self->link, text);
  set_timer (self, self->times.handshake, stage_late_cb);
}

static void
take_details (PsRingCentralSocket *self, const PsSocketFrame *frame)
{
  if (self->connected_ms != 0 || self->request_id != NULL)
    return;
  self->details = ps_socket_frame_details (frame);
  if (self->recovering && self->details.recovery == PS_RECOVERY_SUCCESSFUL) {
    self->replayed = 0;
    self->replay_until_ms = ps_now_ms () + self->times.replay;
    go_live (self, ps_socket_replay_overflowed (&self->details, 0));
    return;
  }
  if (frame->wsc_token == NULL)
    ps_socket_wsc_clear (&self->wsc);
  self->session_ms = 0; /* until it has its subscription, it is not worth recovering */
  subscribe (self);
}

static void
take_response (PsRingCentralSocket *self, const PsSocketFrame *frame)
{
  GError *error = NULL;

  if (self->request_id == NULL || g_strcmp0 (frame->message_id, self->request_id) != 0)
    return;
  g_clear_pointer (&self->request_id, g_free);
  if (ps_socket_frame_check_subscription (frame, &error)) {
    self->session_ms = ps_now_ms ();
    go_live (self, TRUE);
    return;
  }
  forget_session (self);
  lose (self, error);
}

/* --- events --- */

static void
report_damage (PsRingCentralSocket *self)
{
  gint64 now_ms = ps_now_ms ();

  if (self->damage_ms != 0 && now_ms - self->damage_ms < self->times.damage)
    return;
  self->damage_ms = now_ms;
  g_signal_emit (self, signals[MISSED], 0);
}

/* Returns TRUE when the event fills up what the service keeps for a lost connection: older ones may have been dropped.
 * Nothing in a message tells whether it is replayed, so everything in the first moments counts; an overcount costs one
 * reading too many. */
static gboolean
count_replayed (PsRingCentralSocket *self)
{
  if (self->replay_until_ms == 0)
    return FALSE;
  self->replayed++;
  if (ps_now_ms () > self->replay_until_ms)
    self->replay_until_ms = 0;
  else if (ps_socket_replay_overflowed (&self->details, self->replayed)) {
    self->replay_until_ms = 0;
    return TRUE;
  }
  return FALSE;
}

static void
take_notification (PsRingCentralSocket *self, const PsSocketFrame *frame)
{
  g_auto (PsSocketEvent) event = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean overflowed = count_replayed (self);

  if (!ps_socket_frame_event (frame, self->new_call_handling, &event, &error)) {
    report_damage (self);
    return;
  }
  self->events++;
  self->last_event_ms = ps_now_ms ();
  if (event.kind == PS_EVENT_PRESENCE)
    g_signal_emit (self, signals[PRESENCE], 0, event.extension_id, &event.reading);
  else if (event.kind == PS_EVENT_DIRECTORY)
    g_signal_emit (self, signals[DIRECTORY_CHANGED], 0);
  if (overflowed)
    g_signal_emit (self, signals[MISSED], 0);
}

/* --- the link --- */

static void
opened_cb (gpointer data)
{
  PsRingCentralSocket *self = data;

  set_timer (self, self->times.handshake, stage_late_cb);
}

static void
frame_cb (const PsSocketFrame *frame, gpointer data)
{
  g_autoptr (PsRingCentralSocket) self = g_object_ref (data);

  ps_socket_wsc_update (&self->wsc, frame);
  switch (frame->type) {
  case PS_FRAME_CONNECTION_DETAILS:
    take_details (self, frame);
    break;
  case PS_FRAME_RESPONSE:
    take_response (self, frame);
    break;
  case PS_FRAME_NOTIFICATION:
    take_notification (self, frame);
    break;
  case PS_FRAME_ERROR:
    /* WSG-902 and WSG-903: the session has been idle, or lived, too long. It is over, whichever it is. */
    forget_session (self);
    lose (self, ps_socket_frame_error (frame));
    break;
  case PS_FRAME_HEARTBEAT:
  case PS_FRAME_OTHER:
  default:
    break;
  }
}

static void
lost_cb (GError *error, gboolean damaged, gpointer data)
{
  g_autoptr (PsRingCentralSocket) self = g_object_ref (data);

  if (damaged)
    forget_session (self);
  lose (self, error);
}

static const PsSocketLinkEvents link_events = { opened_cb, frame_cb, lost_cb };

static void
begin (PsRingCentralSocket *self)
{
  gint64 now_ms = ps_now_ms ();

  clear_timer (self);
  self->recovering = self->session_ms != 0 && self->wsc.token != NULL &&
                     ps_socket_can_recover (&self->details, self->heard_ms, now_ms) &&
                     now_ms < ps_socket_replace_at (&self->times, &self->details, self->session_ms);
  if (!self->recovering)
    forget_session (self);
  self->past.begun_ms = now_ms;
  self->link = ps_socket_link_new (self->client, &self->times, self->wsc.token, &link_events, self);
  set_state (self, PS_SOCKET_CONNECTING);
}

/* --- object --- */

static void
ps_ringcentral_socket_dispose (GObject *object)
{
  PsRingCentralSocket *self = PS_RINGCENTRAL_SOCKET (object);

  drop_link (self);
  forget_session (self);
  g_clear_error (&self->error);
  g_clear_object (&self->client);
  G_OBJECT_CLASS (ps_ringcentral_socket_parent_class)->dispose (object);
}

static void
ps_ringcentral_socket_class_init (PsRingCentralSocketClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ps_ringcentral_socket_dispose;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", PS_TYPE_RINGCENTRAL_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[PRESENCE] = g_signal_new ("presence", PS_TYPE_RINGCENTRAL_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_POINTER);
  signals[DIRECTORY_CHANGED] = g_signal_new ("directory-changed", PS_TYPE_RINGCENTRAL_SOCKET, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MISSED] =
      g_signal_new ("missed", PS_TYPE_RINGCENTRAL_SOCKET, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ps_ringcentral_socket_init (PsRingCentralSocket *self)
{
  self->times = ps_socket_default_times;
}

PsRingCentralSocket *
ps_ringcentral_socket_new (PsRingCentralClient *client, gboolean new_call_handling)
{
  PsRingCentralSocket *self;

  g_return_val_if_fail (PS_IS_RINGCENTRAL_CLIENT (client), NULL);

  self = g_object_new (PS_TYPE_RINGCENTRAL_SOCKET, NULL);
  self->client = g_object_ref (client);
  self->new_call_handling = new_call_handling;
  return self;
}

void
ps_ringcentral_socket_set_times (PsRingCentralSocket *self, const PsSocketTimes *times)
{
  g_return_if_fail (PS_IS_RINGCENTRAL_SOCKET (self));
  g_return_if_fail (self->state == PS_SOCKET_CLOSED);

  self->times = *times;
}

void
ps_ringcentral_socket_start (PsRingCentralSocket *self)
{
  g_return_if_fail (PS_IS_RINGCENTRAL_SOCKET (self));

  if (self->state != PS_SOCKET_CLOSED)
    return;
  if (self->past.begun_ms == 0)
    begin (self);
  else
    wait_then_begin (self); /* the gap between connects also holds across a stop */
}

void
ps_ringcentral_socket_stop (PsRingCentralSocket *self)
{
  g_return_if_fail (PS_IS_RINGCENTRAL_SOCKET (self));

  drop_link (self);
  forget_session (self);
  g_clear_error (&self->error);
  self->past.failures = 0;
  self->past.needs_person = FALSE;
  set_state (self, PS_SOCKET_CLOSED);
}

void
ps_ringcentral_socket_check (PsRingCentralSocket *self)
{
  g_return_if_fail (PS_IS_RINGCENTRAL_SOCKET (self));

  if (self->state == PS_SOCKET_WAITING) {
    /* The reason may be gone: only the gap and the service's own wish still count. */
    self->past.failures = 0;
    self->past.needs_person = FALSE;
    wait_then_begin (self);
  } else if (self->state == PS_SOCKET_CONNECTED) {
    ps_socket_link_probe (self->link);
    /* Timers stand still while the machine sleeps; the session's life does not. */
    session_old_cb (self);
  }
}

PsSocketState
ps_ringcentral_socket_state (PsRingCentralSocket *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_SOCKET (self), PS_SOCKET_CLOSED);
  return self->state;
}

const GError *
ps_ringcentral_socket_error (PsRingCentralSocket *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_SOCKET (self), NULL);
  return self->error;
}

gint64
ps_ringcentral_socket_last_event (PsRingCentralSocket *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_SOCKET (self), 0);
  return self->last_event_ms;
}

guint64
ps_ringcentral_socket_events (PsRingCentralSocket *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_SOCKET (self), 0);
  return self->events;
}
