/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-socket-plan.h"

#define SECOND G_GINT64_CONSTANT (1000)

const PsSocketTimes ps_socket_default_times = {
  .gap = 15 * SECOND,
  .longest_wait = 300 * SECOND,
  .longest_retry = 3600 * SECOND,
  .stable = 60 * SECOND,
  .silence = 60 * SECOND,
  .probe = 10 * SECOND,
  .keepalive = 30 * SECOND,
  .handshake = 30 * SECOND,
  .replay = 10 * SECOND,
  .margin = 600 * SECOND,
  .damage = 60 * SECOND,
};

void
ps_socket_wsc_clear (PsSocketWsc *wsc)
{
  g_clear_pointer (&wsc->token, g_free);
  wsc->sequence = 0;
}

void
ps_socket_wsc_update (PsSocketWsc *wsc, const PsSocketFrame *frame)
{
  if (frame->wsc_token == NULL)
    return;
  if (wsc->token != NULL && frame->type != PS_FRAME_CONNECTION_DETAILS && frame->wsc_sequence <= wsc->sequence)
    return;
  if (g_strcmp0 (wsc->token, frame->wsc_token) != 0) {
    g_free (wsc->token);
    wsc->token = g_strdup (frame->wsc_token);
  }
  wsc->sequence = frame->wsc_sequence;
}

static gboolean
needs_a_person (const GError *error)
{
  return g_error_matches (error, PS_ERROR, PS_ERROR_PERMISSION) ||
         g_error_matches (error, PS_ERROR, PS_ERROR_SIGN_IN) ||
         g_error_matches (error, PS_ERROR, PS_ERROR_SECRET_EXPIRED);
}

void
ps_socket_past_ended (PsSocketPast *past, const PsSocketTimes *times, gint64 now_ms, gint64 connected_ms,
                      const GError *error)
{
  PsErrorDetails *details = error != NULL && error->domain == PS_ERROR ? ps_error_details (error) : NULL;

  if (connected_ms != 0 && now_ms - connected_ms >= times->stable)
    past->failures = 0;
  if (error != NULL)
    past->failures++;
  past->needs_person = needs_a_person (error);
  if (details != NULL && details->retry_after_ms > 0)
    past->retry_ms = now_ms + MIN (details->retry_after_ms, times->longest_retry);
}

/* The jitter only lengthens: the gap and the service's Retry-After are lower bounds. It also spreads those who come
 * back at once, all together, after the service has restarted. */
gint64
ps_socket_wait (const PsSocketTimes *times, const PsSocketPast *past, gint64 now_ms, double jitter)
{
  gint64 wait = past->needs_person ? times->longest_wait : times->gap;

  if (past->begun_ms == 0)
    return 0;
  for (guint i = 1; i < past->failures && wait < times->longest_wait; i++)
    wait *= 2;
  wait = MIN (wait, times->longest_wait);
  wait += (gint64) (jitter * 0.25 * (double) wait);
  wait = MAX (past->begun_ms + wait - now_ms, (gint64) (jitter * (double) times->gap / 15));
  return MAX (wait, past->retry_ms - now_ms);
}

gboolean
ps_socket_can_recover (const PsSocketDetails *details, gint64 heard_ms, gint64 now_ms)
{
  return now_ms - heard_ms < details->recovery_timeout_ms;
}

PsSocketAlive
ps_socket_alive (const PsSocketTimes *times, gint64 now_ms, gint64 heard_ms, gint64 probe_ms, gint64 *wait_ms)
{
  gint64 until = probe_ms > 0 ? probe_ms + times->probe : heard_ms + times->silence;

  *wait_ms = until - now_ms;
  if (*wait_ms > 0)
    return PS_ALIVE;
  *wait_ms = times->probe;
  return probe_ms > 0 ? PS_ALIVE_GONE : PS_ALIVE_PROBE;
}

/* A margin longer than half the session would have us do nothing but connect. */
gint64
ps_socket_replace_at (const PsSocketTimes *times, const PsSocketDetails *details, gint64 session_ms)
{
  gint64 margin = MIN (times->margin, details->absolute_timeout_ms / 2);

  return session_ms + MAX (details->absolute_timeout_ms - margin, times->stable);
}

gboolean
ps_socket_replay_overflowed (const PsSocketDetails *details, guint replayed)
{
  return replayed >= details->recovery_buffer;
}
