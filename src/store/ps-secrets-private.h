/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two places where secrets are, for PsSecrets.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* --- ps-secrets-files.c: $CREDENTIALS_DIRECTORY. Blocking: not for the main loop. --- */

/* Returns: FALSE with PS_ERROR_KEYRING if there is such a file and it cannot be read; else TRUE.
 * @secret: (out) (transfer full) (nullable): NULL: there is no such file; to be freed with secret_password_free(). */
gboolean ps_secrets_files_lookup (const char *name, char **secret, GError **error);
gboolean ps_secrets_files_are_used (void);
/* Returns: (transfer full) (nullable): the file's path if it is there. */
char *ps_secrets_files_find (const char *name);

/* --- ps-secrets-service.c: the Secret Service, each call bounded in time; errors are PS_ERROR_KEYRING in words --- */

void ps_secrets_service_lookup_async (const char *state, const char *name, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full) (nullable). */
char *ps_secrets_service_lookup_finish (GAsyncResult *result, GError **error);
void ps_secrets_service_store_async (const char *state, const char *name, const char *label, const char *secret,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
void ps_secrets_service_clear_async (const char *state, const char *name, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_secrets_service_finish (GAsyncResult *result, GError **error);
/* Does @error say that there is no Secret Service at all? */
gboolean ps_secrets_service_is_absent (const GError *error);

/* For tests: how long each step may take, in s. 0: as built. */
void ps_secrets_service_set_patience (guint seconds);

G_END_DECLS
