/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the event socket decides: when to connect again, whether an old session can be recovered, when silence is too
 * long, whether events may have been lost. Pure: no clock, no dice, no socket. Internal to net.
 */
#pragma once

#include "ps-error.h"
#include "ps-socket-frame.h"

G_BEGIN_DECLS

/* All in ms. */
typedef struct {
  gint64 gap; /* at least this between the beginnings of two connects: wstoken is of the Auth group, 5 a minute */
  gint64 longest_wait;  /* between attempts that fail */
  gint64 longest_retry; /* a Retry-After beyond this is not believed */
  gint64 stable;        /* a connection that held this long is no failure when it ends */
  gint64 silence;       /* nothing heard, not even a pong: probe */
  gint64 probe;         /* the probe is unanswered: the connection is gone */
  gint64 keepalive;     /* between pings */
  gint64 handshake;     /* for each of: connecting, ConnectionDetails, the answer to the subscription */
  gint64 replay;        /* what comes so soon after a recovery counts as replayed */
  gint64 margin;        /* so much before absoluteTimeout the session is replaced */
  gint64 damage;        /* unreadable events are reported as missed at most this often */
} PsSocketTimes;

extern const PsSocketTimes ps_socket_default_times;

/* The newest `wsc`: what a reconnect shows to get the old session back. */
typedef struct {
  char *token; /* (owned) (nullable) */
  guint64 sequence;
} PsSocketWsc;

void ps_socket_wsc_clear (PsSocketWsc *wsc);
/* Any frame may carry one: the higher sequence counts; that of a recovery's ConnectionDetails begins a new count. */
void ps_socket_wsc_update (PsSocketWsc *wsc, const PsSocketFrame *frame);

/* What has come of connecting so far. Begins as noughts. */
typedef struct {
  gint64 begun_ms;       /* when the last connect began; 0: never */
  gint64 retry_ms;       /* the service asked not to come before */
  guint failures;        /* in a row, without a stable connection between */
  gboolean needs_person; /* the last one ended with what only a person can mend */
} PsSocketPast;

/* A connection, or the attempt at one, has ended. @connected_ms: since when it was of use; 0: never. @error:
 * (nullable): NULL if it was ended on purpose. */
void ps_socket_past_ended (PsSocketPast *past, const PsSocketTimes *times, gint64 now_ms, gint64 connected_ms,
                           const GError *error);
/* How long after @now_ms the next connect may begin. @jitter: 0 … 1. */
gint64 ps_socket_wait (const PsSocketTimes *times, const PsSocketPast *past, gint64 now_ms, double jitter);

/* May a session whose connection was last heard from at @heard_ms still be recovered? */
gboolean ps_socket_can_recover (const PsSocketDetails *details, gint64 heard_ms, gint64 now_ms);

typedef enum {
  PS_ALIVE,
  PS_ALIVE_PROBE, /* send one */
  PS_ALIVE_GONE,
} PsSocketAlive;
/* @heard_ms: when anything was last heard. @probe_ms: when the unanswered probe was sent, 0: none. @wait_ms: when to
 * ask again. */
PsSocketAlive ps_socket_alive (const PsSocketTimes *times, gint64 now_ms, gint64 heard_ms, gint64 probe_ms,
                               gint64 *wait_ms);

/* When a session that began at @session_ms is to be replaced. */
gint64 ps_socket_replace_at (const PsSocketTimes *times, const PsSocketDetails *details, gint64 session_ms);

/* May older messages have been dropped unseen when @replayed have come after a recovery? */
gboolean ps_socket_replay_overflowed (const PsSocketDetails *details, guint replayed);

G_END_DECLS
