/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One session of the event socket: what a cut does not end. It has a connection, or had one within the last 180 s of
 * virtual time; while it has none, its notifications are kept, the 100 most recent ones (§4.2).
 */
#pragma once

#include "ps-rc-front.h"
#include "ps-rc-subscription.h"

G_BEGIN_DECLS

#define PS_RC_RECOVERY_TIMEOUT_S 180
#define PS_RC_RECOVERY_BUFFER    100
#define PS_RC_IDLE_TIMEOUT_S     1800
#define PS_RC_ABSOLUTE_TIMEOUT_S 86400

struct _PsRcLine {
  PsRcFront *front;     /* (not owned): owns us */
  PsRcSession *session; /* (not owned): the line goes when it ends */
  char *wsc;            /* (owned): the token with which it can be recovered */
  guint64 sequence;
  SoupWebsocketConnection *connection; /* (owned) (nullable): NULL while it is cut */
  PsRcSubscription *subscription;      /* (owned) (nullable): at most one */
  GQueue missed;                       /* (owned) char*: messages for the recovery */
  char *held;                          /* (owned) (nullable): by the fault reorder-events */
  guint64 events;                      /* for the fault drop-events */
  gint64 active_ms;                    /* when something last went over the connection */
  guint64 idle_timer, absolute_timer, recovery_timer, held_timer;
};

struct _PsRcLines {
  PsRcFront *front; /* (not owned) */
  GPtrArray *lines; /* (owned) PsRcLine, one reference each */
  GPtrArray *dying; /* (owned) SoupWebsocketConnection: cut by us, libsoup has not noticed yet */
};

PsRcLines *ps_rc_lines_new (PsRcFront *front);
void ps_rc_lines_free (PsRcLines *lines);
/* A PsTenantSocketHandler; its data is the PsRcFront. */
void ps_rc_lines_accept (PsTenantServer *server, SoupWebsocketConnection *connection, GHashTable *query, gpointer data);
void ps_rc_lines_session_ended (PsRcLines *lines, PsRcSession *session);
/* Cuts every connection without a close frame. */
void ps_rc_lines_cut (PsRcLines *lines);
guint ps_rc_lines_count_open (PsRcLines *lines);

PsRcLine *ps_rc_line_ref (PsRcLine *line);
void ps_rc_line_unref (PsRcLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRcLine, ps_rc_line_unref)
gboolean ps_rc_line_is_open (PsRcLine *line);
/* Sends if there is a connection; replies to requests have no other chance. */
void ps_rc_line_send (PsRcLine *line, const char *text);
/* Sends "[{"type": "Error", …}, {…}]". */
void ps_rc_line_send_error (SoupWebsocketConnection *connection, const char *message_id, guint status, const char *code,
                            const char *message);
/* Writes the members "messageId" … up to the end of the message's first part. */
void ps_rc_line_write_meta (PsRcJson *json, const char *type, const char *message_id, guint status,
                            SoupMessageHeaders *headers, PsRcLine *wsc_of);

/* --- ps-rc-recovery.c --- */
/* Sends a notification, or keeps it. @text: (transfer full) */
void ps_rc_line_deliver (PsRcLine *line, char *text);
/* Begins the 180 s in which the line can be recovered. */
void ps_rc_line_wait_for_recovery (PsRcLine *line);
/* Returns: (nullable): the line that @wsc may recover for @session. */
PsRcLine *ps_rc_lines_find_recoverable (PsRcLines *lines, const char *wsc, PsRcSession *session);
void ps_rc_line_replay (PsRcLine *line);

/* --- ps-rc-line-request.c --- */
void ps_rc_line_handle (PsRcLine *line, GBytes *message);

G_END_DECLS
