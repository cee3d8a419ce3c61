/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A command reads from top to bottom although everything below it is asynchronous: it starts a call and runs the main
 * loop until the call is done.
 *
 *   g_autoptr (PsAwait) await = ps_await_new ();
 *
 *   foo_async (object, cancellable, ps_await_done, await);
 *   foo_finish (object, ps_await_result (await), &error);
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PsAwait PsAwait;

PsAwait *ps_await_new (void);
void ps_await_free (PsAwait *await);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsAwait, ps_await_free)
/* The GAsyncReadyCallback to give to the call, with the PsAwait as its data. */
void ps_await_done (GObject *source, GAsyncResult *result, gpointer await);
/* Runs the main loop until the call is done. The PsAwait can be used again afterwards. Returns: (transfer none): valid
 * until then. */
GAsyncResult *ps_await_result (PsAwait *await);

/* Runs the main loop until @is_so says TRUE, @cancellable (nullable) is cancelled or @timeout_ms (-1: never) have
 * passed. It is asked after whatever happens in the main loop, and at least four times a second. Returns: whether it is
 * so. */
gboolean ps_await_condition (gboolean (*is_so) (gpointer data), gpointer data, gint64 timeout_ms,
                             GCancellable *cancellable);

/* The first SIGINT or SIGTERM cancels @cancellable, so that the command can stop cleanly; a second one ends the program
 * at once. Until ps_await_forget_signals(). */
void ps_await_watch_signals (GCancellable *cancellable);
void ps_await_forget_signals (void);

G_END_DECLS
