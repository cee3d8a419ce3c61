/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-assertion.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-token.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

/* Clocks differ: Entra allows for five minutes. */
#define CLOCK_SKEW_MS  (5 * 60 * 1000)
#define LONGEST_LIFE_S (24 * 60 * 60)

static gboolean
signature_holds (GBytes *der, const char *algorithm, const char *jwt)
{
  const char *dot = strrchr (jwt, '.');
  gnutls_datum_t input = { (unsigned char *) jwt, (unsigned) (dot - jwt) };
  gnutls_datum_t certificate = { (unsigned char *) g_bytes_get_data (der, NULL), (unsigned) g_bytes_get_size (der) };
  gnutls_datum_t sign = { NULL, 0 };
  gnutls_x509_crt_t crt;
  gnutls_pubkey_t key;
  gsize length = 0;
  g_autofree guint8 *raw = ps_tenant_ms_base64url_decode (dot + 1, &length);
  gboolean holds;

  if (raw == NULL)
    return FALSE;
  sign.data = raw;
  sign.size = (unsigned) length;
  gnutls_x509_crt_init (&crt);
  gnutls_pubkey_init (&key);
  holds = gnutls_x509_crt_import (crt, &certificate, GNUTLS_X509_FMT_DER) == GNUTLS_E_SUCCESS &&
          gnutls_pubkey_import_x509 (key, crt, 0) == GNUTLS_E_SUCCESS &&
          gnutls_pubkey_verify_data2 (
              key, g_str_equal (algorithm, "PS256") ? GNUTLS_SIGN_RSA_PSS_RSAE_SHA256 : GNUTLS_SIGN_RSA_SHA256, 0,
              &input, &sign) >= 0;
  gnutls_pubkey_deinit (key);
  gnutls_x509_crt_deinit (crt);
  return holds;
}

/* Returns: whether @name is a whole number, which is then in @value. */
static gboolean
get_time (JsonObject *object, const char *name, gint64 *value)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return FALSE;
  *value = json_node_get_int (node);
  return TRUE;
}

static const char *
check_times (JsonObject *payload, gint64 now_ms)
{
  gint64 not_before = now_ms / 1000;
  gint64 expires;

  if (!get_time (payload, "exp", &expires))
    return "The client assertion has no 'exp'.";
  if (json_object_has_member (payload, "nbf") && !get_time (payload, "nbf", &not_before))
    return "The client assertion's 'nbf' is not a number.";
  if (expires * 1000 + CLOCK_SKEW_MS <= now_ms)
    return "The client assertion is expired.";
  if (not_before * 1000 - CLOCK_SKEW_MS > now_ms)
    return "The client assertion is not within its valid time range.";
  if (expires - not_before > LONGEST_LIFE_S)
    return "The client assertion's life is too long.";
  return NULL;
}

static const char *
check_claims (PsTenantMsApp *app, JsonObject *payload, gboolean (*audience_ok) (const char *audience, gpointer data),
              gpointer data)
{
  const char *issuer = ps_tenant_ms_json_get_string (payload, "iss");
  const char *subject = ps_tenant_ms_json_get_string (payload, "sub");
  const char *audience = ps_tenant_ms_json_get_string (payload, "aud");
  const char *id = ps_tenant_ms_json_get_string (payload, "jti");

  if (issuer == NULL || g_ascii_strcasecmp (issuer, app->app_id) != 0)
    return "The 'iss' of the client assertion is not the client id.";
  if (subject == NULL || g_ascii_strcasecmp (subject, app->app_id) != 0)
    return "The 'sub' of the client assertion is not the client id.";
  if (audience == NULL || !audience_ok (audience, data))
    return "The 'aud' of the client assertion is not this token endpoint.";
  if (id == NULL || *id == '\0')
    return "The client assertion has no 'jti'.";
  return NULL;
}

const char *
ps_tenant_ms_assertion_check (PsTenantMsApp *app, const char *assertion, gint64 now_ms,
                              gboolean (*audience_ok) (const char *audience, gpointer data), gpointer data)
{
  g_autoptr (JsonObject) header = ps_tenant_ms_jwt_part (assertion, 0);
  g_autoptr (JsonObject) payload = ps_tenant_ms_jwt_part (assertion, 1);
  PsTenantMsCertificate *certificate;
  const char *algorithm;
  const char *problem;

  if (header == NULL || payload == NULL)
    return "The client assertion is not a JWT.";
  algorithm = ps_tenant_ms_json_get_string (header, "alg");
  if (algorithm == NULL || (!g_str_equal (algorithm, "PS256") && !g_str_equal (algorithm, "RS256")))
    return "The client assertion's algorithm is not supported.";
  certificate = ps_tenant_ms_app_find_certificate (app, ps_tenant_ms_json_get_string (header, "x5t"),
                                                   ps_tenant_ms_json_get_string (header, "x5t#S256"));
  if (certificate == NULL)
    return "The key was not found by its thumbprint.";
  if (certificate->end_ms <= now_ms)
    return "The certificate used to sign the client assertion is expired.";
  if (!signature_holds (certificate->der, algorithm, assertion))
    return "The signature of the client assertion does not fit the registered certificate.";
  problem = check_claims (app, payload, audience_ok, data);
  return problem != NULL ? problem : check_times (payload, now_ms);
}
