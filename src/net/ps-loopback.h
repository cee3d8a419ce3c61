/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waits on this computer for the redirect of a sign-in in the system's browser (RFC 8252 §7.3): listens on 127.0.0.1
 * and
 * ::1 only, takes one GET of one path, tells the person that the window can be closed, and stops listening. What it is
 * told is handed on unread: PsSignIn judges it.
 */
#pragma once

#include <gio/gio.h>

#include "ps-error.h"

G_BEGIN_DECLS

#define PS_TYPE_LOOPBACK (ps_loopback_get_type ())
G_DECLARE_FINAL_TYPE (PsLoopback, ps_loopback, PS, LOOPBACK, GObject)

/* Listens from now on. @port: 0 is any free one. @path: "/oauth/ringcentral"; "" is the bare address, as Microsoft's
 * "http://localhost" wants it. PS_ERROR_NETWORK, in words, if another program has the port, on either address: with one
 * of them the code might go to that program. */
PsLoopback *ps_loopback_new (guint port, const char *path, GError **error);
/* Returns: (transfer none): "http://localhost:PORT" and the path. */
const char *ps_loopback_redirect_uri (PsLoopback *self);
guint ps_loopback_port (PsLoopback *self);

/* Completes when the browser has been here (also if that was before the call) and has its page; once. PS_ERROR_NETWORK
 * after @timeout_ms (-1: never). When it completes, however it does, nothing listens any more. */
void ps_loopback_wait_async (PsLoopback *self, gint64 timeout_ms, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): the whole redirect, which holds a code: free it with ps_loopback_uri_free(). */
char *ps_loopback_wait_finish (PsLoopback *self, GAsyncResult *result, GError **error);
void ps_loopback_uri_free (char *uri); /* overwrites it first */

G_END_DECLS
