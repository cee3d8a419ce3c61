/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Microsoft Graph's replies: bytes in, objects out. Anything that is not what the contract says is PS_ERROR_BAD_REPLY;
 * a value of the wrong type inside an entry counts as not given. Internal to net.
 */
#pragma once

#include "ps-graph-client.h"

G_BEGIN_DECLS

/* Where a collection goes on. */
typedef struct {
  char *next;  /* (owned) (nullable): @odata.nextLink */
  char *delta; /* (owned) (nullable): @odata.deltaLink */
} PsGraphLinks;
void ps_graph_links_clear (PsGraphLinks *links);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsGraphLinks, ps_graph_links_clear)

/* All: @links is overwritten; (nullable) where only one page is expected. */

/* A page of users, or of users/delta. Appends PsMicrosoftUser to @users. */
gboolean ps_graph_parse_users (GBytes *body, GPtrArray *users, PsGraphLinks *links, GError **error);
/* A page of directory objects, their ids only. Appends char * to @ids. */
gboolean ps_graph_parse_ids (GBytes *body, GPtrArray *ids, PsGraphLinks *links, GError **error);
/* The reply of getPresencesByUserId. Appends PsTeamsPresence to @presences, their ids from @strings; an entry without
 * an id is left out, like one that the service leaves out. */
gboolean ps_graph_parse_presences (GBytes *body, GArray *presences, GStringChunk *strings, GError **error);
/* The organisation's name. Returns: (transfer full). */
char *ps_graph_parse_organization (GBytes *body, GError **error);

G_END_DECLS
