/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where secrets live: in the Secret Service (libsecret), or, for unattended use without one, in the files of
 * $CREDENTIALS_DIRECTORY (systemd's convention), which are read and never written.
 *
 * A secret's name is one of `microsoft-client-secret`, `microsoft-certificate`, `ringcentral-client-secret`,
 * `ringcentral-jwt`, `ringcentral-refresh-token`, and `ringcentral-jwt-2` … for a pool. In the Secret Service the
 * attributes are the name and
 * @state: the state directory's path, so that two of them (the demo's and the real one) do not mix.
 */
#pragma once

#include <gio/gio.h>

#include "ps-error.h"

G_BEGIN_DECLS

#define PS_TYPE_SECRETS (ps_secrets_get_type ())
G_DECLARE_FINAL_TYPE (PsSecrets, ps_secrets, PS, SECRETS, GObject)

PsSecrets *ps_secrets_new (const char *state);
/* For the demo and for tests that are not about secrets: kept in memory only. */
PsSecrets *ps_secrets_new_in_memory (void);

/* Returns: (transfer full) (nullable): the secret, NULL without error if there is none. $CREDENTIALS_DIRECTORY is asked
 * first, if it is set; a trailing newline of a file is not part of the secret. PS_ERROR_KEYRING: locked and not
 * unlocked, absent, refused; the message says what to do. The memory is to be freed with secret_password_free(). */
void ps_secrets_lookup_async (PsSecrets *self, const char *name, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
char *ps_secrets_lookup_finish (PsSecrets *self, GAsyncResult *result, GError **error);
/* @label is what a keyring viewer shows, translated. Without a Secret Service: PS_ERROR_KEYRING that names
 * $CREDENTIALS_DIRECTORY and the file to put there. A secret of that name in a file there is refused too,
 * since the file would hide it. */
void ps_secrets_store_async (PsSecrets *self, const char *name, const char *label, const char *secret,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_secrets_store_finish (PsSecrets *self, GAsyncResult *result, GError **error);
/* Clearing what is not there is success. A file of $CREDENTIALS_DIRECTORY stays: it is the administrator's. */
void ps_secrets_clear_async (PsSecrets *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean ps_secrets_clear_finish (PsSecrets *self, GAsyncResult *result, GError **error);

G_END_DECLS
