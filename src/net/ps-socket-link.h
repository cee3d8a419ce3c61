/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection of the event socket, from asking for its token to its end: opens it, hands on its frames, and notices
 * when it is dead. Knows nothing of subscriptions and recovery. Internal to net.
 */
#pragma once

#include "ps-ringcentral-client.h"
#include "ps-socket-frame.h"
#include "ps-socket-plan.h"

G_BEGIN_DECLS

typedef struct _PsSocketLink PsSocketLink;

/* Each may free the link. `lost` comes once, and nothing after it. */
typedef struct {
  void (*opened) (gpointer data);
  void (*frame) (const PsSocketFrame *frame, gpointer data);
  /* @error: (transfer full). @damaged: something was received that cannot be read, so that the session's events are not
   * whole any more; or the service refused to have this session back. */
  void (*lost) (GError *error, gboolean damaged, gpointer data);
} PsSocketLinkEvents;

/* Begins to connect. @wsc: (nullable): the session to recover. @times and @events must outlive the link. */
PsSocketLink *ps_socket_link_new (PsRingCentralClient *client, const PsSocketTimes *times, const char *wsc,
                                  const PsSocketLinkEvents *events, gpointer data);
/* No event comes afterwards. An open connection is closed politely in the background. */
void ps_socket_link_free (PsSocketLink *link);

void ps_socket_link_send (PsSocketLink *link, const char *text);
/* Asks for a sign of life now; without one the link is lost soon. */
void ps_socket_link_probe (PsSocketLink *link);
/* When anything was last heard; 0: never. */
gint64 ps_socket_link_heard (PsSocketLink *link);

G_END_DECLS
