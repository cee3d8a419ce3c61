/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the Graph client share: ps-graph-client.c (the object), -directory.c, -presence.c, -mail.c.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-graph-client.h"
#include "ps-graph-parser.h"

G_BEGIN_DECLS

struct _PsGraphClient {
  GObject parent_instance;

  PsTransport *transport; /* (owned) */
  PsTokenSource *tokens;  /* (owned) */
};

#define PS_GRAPH_READ_USERS      "User.Read.All"
#define PS_GRAPH_READ_GROUPS     "GroupMember.Read.All"
#define PS_GRAPH_WRITE_PRESENCES "Presence.ReadWrite.All"
#define PS_GRAPH_SEND_MAIL       "Mail.Send"

/* A GET that may be repeated. @eventual: with "ConsistencyLevel: eventual", which each page wants again. */
void ps_graph_client_get (PsGraphClient *self, const char *path, gboolean eventual, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
/* A POST of what @builder holds; a presence call if @presence. */
void ps_graph_client_post (PsGraphClient *self, const char *path, JsonBuilder *builder, gboolean presence,
                           PsUrgency urgency, PsSendFlags flags, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data);
/* ps_transport_send_finish(), and a missing permission is called by its name. */
PsReply *ps_graph_client_reply (GObject *transport, GAsyncResult *result, const char *permission, GError **error);

G_END_DECLS
