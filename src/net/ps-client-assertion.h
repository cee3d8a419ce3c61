/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The signed statement with which an application proves that it holds its certificate's key (Microsoft identity
 * platform, "Certificate credentials"). Internal to net.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PsClientKey PsClientKey;

/* @pem: a certificate and its RSA private key, in any order, not protected by a password. PS_ERROR_INPUT otherwise. */
PsClientKey *ps_client_key_new (const char *pem, GError **error);
void ps_client_key_free (PsClientKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsClientKey, ps_client_key_free)

/* A JWT, PS256 with x5t#S256, good for 5 minutes from @utc_s. @audience: the token endpoint. Returns: (transfer full).
 */
char *ps_client_key_sign (PsClientKey *key, const char *client_id, const char *audience, gint64 utc_s, GError **error);

/* base64url without padding (RFC 7515 §2). Returns: (transfer full). */
char *ps_base64url_encode (gconstpointer data, gsize length);
/* Returns: (transfer full) (nullable): NULL if it is none. */
GBytes *ps_base64url_decode (const char *text);

G_END_DECLS
