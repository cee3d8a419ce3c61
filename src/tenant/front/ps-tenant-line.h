/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes wrong on the line itself: connections that hang, and replies that are cut off. Both take the connection
 * away from libsoup, which would never do such a thing. Private to the server.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PsTenantLine PsTenantLine;

PsTenantLine *ps_tenant_line_new (void);
/* Closes what still hangs. */
void ps_tenant_line_free (PsTenantLine *line);

/* The client never gets an answer; the connection lives until the client or the server gives up. @message is gone. */
void ps_tenant_line_hang (PsTenantLine *line, SoupServerMessage *message);
/* Sends the reply's head with the full Content-Length and half of @body, then cuts the line; or, @stay, says no more
 * and leaves it open until the client or the server gives up. @message is gone. */
void ps_tenant_line_tear (PsTenantLine *line, SoupServerMessage *message, guint status, SoupMessageHeaders *headers,
                          GBytes *body, gboolean stay);
/* The reason phrase, also for 429 (RFC 6585), which libsoup does not know. */
const char *ps_tenant_line_phrase (guint status);
/* The connections of both kinds that are not over yet. */
guint ps_tenant_line_count (PsTenantLine *line);

G_END_DECLS
