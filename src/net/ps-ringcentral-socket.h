/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's event socket: one WebSocket, one subscription for the whole account (detailed presence, extension list,
 * directory). Keeps itself connected: a fresh wstoken for each connect, at least 15 s between connects (jittered,
 * longer after each failure, to 5 minutes), recovery with the newest `wsc`, a probe after 60 s of silence and a
 * reconnect when it stays unanswered for 10 s, a planned reconnect before absoluteTimeout.
 */
#pragma once

#include "ps-ringcentral-client.h"

G_BEGIN_DECLS

#define PS_TYPE_RINGCENTRAL_SOCKET (ps_ringcentral_socket_get_type ())
G_DECLARE_FINAL_TYPE (PsRingCentralSocket, ps_ringcentral_socket, PS, RINGCENTRAL_SOCKET, GObject)

typedef enum {
  PS_SOCKET_CLOSED,
  PS_SOCKET_CONNECTING,
  PS_SOCKET_CONNECTED, /* and subscribed */
  PS_SOCKET_WAITING,   /* between two attempts */
} PsSocketState;

/* Signals:
 *   "state-changed" ()
 *   "presence" (const char *extension_id, const PsPhoneReading *reading): one event; duplicates and old sequences
 * included: the engine orders them "directory-changed" (): extensions came, changed or went "missed" (): events may
 * have been lost (failed recovery, a recovery that replayed the whole buffer, first connect, 24 h): read everything
 * again */
PsRingCentralSocket *ps_ringcentral_socket_new (PsRingCentralClient *client, gboolean new_call_handling);
/* Starts, and keeps at it until stopped or disposed. */
void ps_ringcentral_socket_start (PsRingCentralSocket *self);
void ps_ringcentral_socket_stop (PsRingCentralSocket *self);
/* The machine woke up, the network changed, or somebody has mended what was wrong: probe at once instead of waiting for
 * the silence to be noticed; out of a wait, connect as soon as the gap between connects and a Retry-After allow. */
void ps_ringcentral_socket_check (PsRingCentralSocket *self);
PsSocketState ps_ringcentral_socket_state (PsRingCentralSocket *self);
/* Why it is not connected (a PS_ERROR), or NULL. (transfer none). PS_ERROR_PERMISSION: the app lacks the WebSocket
 * scope (SUB-528). */
const GError *ps_ringcentral_socket_error (PsRingCentralSocket *self);
gint64 ps_ringcentral_socket_last_event (PsRingCentralSocket *self); /* ms, 0: none yet */
guint64 ps_ringcentral_socket_events (PsRingCentralSocket *self);

G_END_DECLS
