/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stores a secret unless it is there already: on a server without a keyring the administrator has put it into
 * $CREDENTIALS_DIRECTORY, where nothing can be written, and connects with that very file. For src/sync only.
 */
#pragma once

#include "ps-secrets.h"

G_BEGIN_DECLS

void ps_keep_secret_async (PsSecrets *secrets, const char *name, const char *label, const char *secret,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_keep_secret_finish (PsSecrets *secrets, GAsyncResult *result, GError **error);

G_END_DECLS
