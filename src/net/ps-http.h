/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every connection of the program has in common: which addresses are accepted, how TLS is verified, what is never
 * followed, how much is read. Internal to net (transport and socket).
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define PS_HTTP_MAX_BODY (64 * 1024 * 1024)

/* The address of a service: scheme, host, perhaps a port and a path. PS_ERROR_INPUT if it is no such address, or plain
 * http (ws) to a host that is not this computer. Returns: (transfer full). */
GUri *ps_http_parse_base_url (const char *url, GError **error);
/* Plain http stays on this computer: "localhost", 127.0.0.0/8, ::1. */
gboolean ps_http_is_loopback (GUri *uri);
/* @path begins with "/" and is appended to @base; or it is an absolute link, taken from a reply: PS_ERROR_BAD_REPLY
 * unless its scheme, host and port are those of @base, for the token travels with it. Returns: (transfer full). */
GUri *ps_http_resolve (GUri *base, const char *path, GError **error);

/* Timeouts, the constant User-Agent, no cookies, no authentication of its own. Returns: (transfer full). */
SoupSession *ps_http_session_new (void);
/* A message that follows no redirect and trusts what ps_transport_trust_file() was given, besides the system's
 * authorities. Returns: (transfer full). */
SoupMessage *ps_http_message_new (const char *method, GUri *uri);

/* Sends @message and reads the body, PS_HTTP_MAX_BODY at most: more is PS_ERROR_BAD_REPLY. Network and TLS trouble is
 * PS_ERROR_NETWORK or PS_ERROR_TLS with the host named; cancelling gives G_IO_ERROR_CANCELLED. */
void ps_http_send_async (SoupSession *session, SoupMessage *message, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): the body, also of a status that is no success. */
GBytes *ps_http_send_finish (SoupSession *session, GAsyncResult *result, GError **error);

G_END_DECLS
