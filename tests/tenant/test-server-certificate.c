/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-server-certificate.h"

#include <gnutls/x509.h>
#include <time.h>

static void
fill_in (gnutls_x509_crt_t certificate, gnutls_x509_privkey_t key)
{
  static const guint8 four[] = { 127, 0, 0, 1 };
  static const guint8 six[16] = { [15] = 1 };
  static const guint8 serial[] = { 1 };
  time_t now = time (NULL);

  g_assert_cmpint (gnutls_x509_crt_set_version (certificate, 3), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_activation_time (certificate, now - 3600), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_expiration_time (certificate, now + 24 * 3600), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_dn (certificate, "CN=localhost", NULL), ==, 0);
  g_assert_cmpint (
      gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, "localhost", 9, GNUTLS_FSAN_SET), ==, 0);
  g_assert_cmpint (
      gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, four, sizeof four, GNUTLS_FSAN_APPEND),
      ==, 0);
  g_assert_cmpint (
      gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, six, sizeof six, GNUTLS_FSAN_APPEND), ==,
      0);
  g_assert_cmpint (gnutls_x509_crt_set_basic_constraints (certificate, 1, -1), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_set_key (certificate, key), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0), ==, 0);
}

void
test_certificate_write (const char *certificate_file, const char *key_file)
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
  gnutls_datum_t text;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (gnutls_x509_crt_init (&certificate), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_init (&key), ==, 0);
  g_assert_cmpint (
      gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0), ==, 0);
  fill_in (certificate, key);

  g_assert_cmpint (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &text), ==, 0);
  g_file_set_contents (certificate_file, (const char *) text.data, text.size, &error);
  g_assert_no_error (error);
  gnutls_free (text.data);
  g_assert_cmpint (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &text), ==, 0);
  g_file_set_contents_full (key_file, (const char *) text.data, text.size, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                            &error);
  g_assert_no_error (error);
  gnutls_free (text.data);

  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
}
