/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Keys and certificates of an application, made when they are needed: none lies in the tree, and none expires there.
 */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/* Returns: (transfer full): gnutls_x509_privkey_deinit(). */
gnutls_x509_privkey_t test_key_new (gnutls_pk_algorithm_t algorithm, guint bits);
/* @password: (nullable). Returns: (transfer full): PKCS #8. */
char *test_key_to_pem (gnutls_x509_privkey_t key, const char *password);
/* Self-signed, good for an hour. Returns: (transfer full): PEM. */
char *test_key_certificate (gnutls_x509_privkey_t key);

G_END_DECLS
