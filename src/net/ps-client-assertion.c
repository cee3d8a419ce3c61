/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-client-assertion.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "ps-error.h"
#include "ps-json.h"

#define LIFE_S 300

struct _PsClientKey {
  gnutls_privkey_t key; /* (owned) */
  char *thumbprint;     /* (owned): x5t#S256 */
};

char *
ps_base64url_encode (gconstpointer data, gsize length)
{
  char *text = g_base64_encode (data, length);
  gsize end = strlen (text);

  while (end > 0 && text[end - 1] == '=')
    text[--end] = '\0';
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  return text;
}

GBytes *
ps_base64url_decode (const char *text)
{
  gsize length = strlen (text);
  g_autofree char *padded = NULL;
  guchar *data;

  if (length == 0 || length % 4 == 1 ||
      strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != length)
    return NULL;
  padded = g_strconcat (text, length % 4 == 2 ? "==" : length % 4 == 3 ? "=" : "", NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  data = g_base64_decode (padded, &length);
  return g_bytes_new_take (data, length);
}

void
ps_client_key_free (PsClientKey *key)
{
  if (key->key != NULL)
    gnutls_privkey_deinit (key->key);
  g_free (key->thumbprint);
  g_free (key);
}

static gboolean
read_certificate (PsClientKey *self, gnutls_x509_crt_t certificate, const gnutls_datum_t *pem, GError **error)
{
  guchar digest[32];
  gsize length = sizeof digest;

  if (gnutls_x509_crt_import (certificate, pem, GNUTLS_X509_FMT_PEM) < 0 ||
      gnutls_x509_crt_get_fingerprint (certificate, GNUTLS_DIG_SHA256, digest, &length) < 0) {
    g_propagate_error (
        error,
        ps_error_new (PS_ERROR_INPUT, _ ("There is no certificate in this file. It must hold the certificate and its "
                                         "private key in PEM form (“-----BEGIN CERTIFICATE-----”).")));
    return FALSE;
  }
  self->thumbprint = ps_base64url_encode (digest, length);
  return TRUE;
}

static gboolean
read_key (PsClientKey *self, const gnutls_datum_t *pem, GError **error)
{
  int result = gnutls_privkey_import_x509_raw (self->key, pem, GNUTLS_X509_FMT_PEM, NULL, 0);

  if (result == GNUTLS_E_DECRYPTION_FAILED)
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("The private key in this file is protected by a password. Save it without one; it "
                                "is kept in the keyring.")));
  else if (result < 0)
    g_propagate_error (
        error,
        ps_error_new (PS_ERROR_INPUT, _ ("There is no private key in this file. It must hold the certificate and its "
                                         "private key in PEM form.")));
  else if (gnutls_privkey_get_pk_algorithm (self->key, NULL) != GNUTLS_PK_RSA)
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("The private key is not an RSA key. Microsoft accepts RSA certificates only; make "
                                "a new one.")));
  else
    return TRUE;
  return FALSE;
}

static gboolean
belong_together (PsClientKey *self, gnutls_x509_crt_t certificate, GError **error)
{
  guchar of_certificate[32], of_key[32];
  gsize certificate_length = sizeof of_certificate, key_length = sizeof of_key;
  gnutls_pubkey_t public_key;
  gboolean same;

  gnutls_pubkey_init (&public_key);
  same = gnutls_pubkey_import_privkey (public_key, self->key, 0, 0) >= 0 &&
         gnutls_pubkey_get_key_id (public_key, GNUTLS_KEYID_USE_SHA256, of_key, &key_length) >= 0 &&
         gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA256, of_certificate, &certificate_length) >= 0 &&
         key_length == certificate_length && memcmp (of_key, of_certificate, key_length) == 0;
  gnutls_pubkey_deinit (public_key);
  if (!same)
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT, _ ("The private key in this file is not the one of the certificate.")));
  return same;
}

PsClientKey *
ps_client_key_new (const char *pem, GError **error)
{
  g_autoptr (PsClientKey) self = g_new0 (PsClientKey, 1);
  gnutls_datum_t data = { (unsigned char *) pem, (unsigned int) strlen (pem) };
  gnutls_x509_crt_t certificate;
  gboolean ok;

  gnutls_privkey_init (&self->key);
  gnutls_x509_crt_init (&certificate);
  ok = read_certificate (self, certificate, &data, error) && read_key (self, &data, error) &&
       belong_together (self, certificate, error);
  gnutls_x509_crt_deinit (certificate);
  return ok ? g_steal_pointer (&self) : NULL;
}

static char *
encode_object (const char *const *members, gint64 utc_s)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) bytes = NULL;

  json_builder_begin_object (builder);
  for (guint i = 0; members[i] != NULL; i += 2) {
    json_builder_set_member_name (builder, members[i]);
    json_builder_add_string_value (builder, members[i + 1]);
  }
  if (utc_s > 0) {
    json_builder_set_member_name (builder, "nbf");
    json_builder_add_int_value (builder, utc_s);
    json_builder_set_member_name (builder, "iat");
    json_builder_add_int_value (builder, utc_s);
    json_builder_set_member_name (builder, "exp");
    json_builder_add_int_value (builder, utc_s + LIFE_S);
  }
  json_builder_end_object (builder);
  bytes = ps_json_builder_to_bytes (builder);
  return ps_base64url_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

char *
ps_client_key_sign (PsClientKey *key, const char *client_id, const char *audience, gint64 utc_s, GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  const char *const header[] = { "alg", "PS256", "typ", "JWT", "x5t#S256", key->thumbprint, NULL };
  const char *const claims[] = { "aud", audience, "iss", client_id, "sub", client_id, "jti", id, NULL };
  g_autofree char *header_text = encode_object (header, 0);
  g_autofree char *claims_text = encode_object (claims, utc_s);
  g_autofree char *signed_text = g_strconcat (header_text, ".", claims_text, NULL);
  g_autofree char *signature_text = NULL;
  gnutls_datum_t data = { (unsigned char *) signed_text, (unsigned int) strlen (signed_text) };
  gnutls_datum_t signature = { NULL, 0 };
  int result = gnutls_privkey_sign_data2 (key->key, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, 0, &data, &signature);

  if (result < 0) {
    g_debug ("Signing: %s", gnutls_strerror (result));
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_INPUT, _ ("The private key cannot sign. It may be too short: make a new "
                                                        "certificate with an RSA key of at least 2048 bits.")));
    return NULL;
  }
  signature_text = ps_base64url_encode (signature.data, signature.size);
  gnutls_free (signature.data);
  return g_strconcat (signed_text, ".", signature_text, NULL);
}
