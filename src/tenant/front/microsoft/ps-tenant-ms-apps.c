/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-apps.h"
#include "ps-tenant-ms-token.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

static void
secret_free (gpointer data)
{
  PsTenantMsSecret *secret = data;

  g_free (secret->key_id);
  g_free (secret->display_name);
  g_free (secret->hint);
  g_free (secret->secret);
  g_free (secret);
}

static void
certificate_free (gpointer data)
{
  PsTenantMsCertificate *certificate = data;

  g_free (certificate->key_id);
  g_free (certificate->x5t);
  g_free (certificate->x5t_s256);
  g_bytes_unref (certificate->der);
  g_free (certificate);
}

/* The tenant's ids are the same in every run: a GUID made from a name. */
static char *
guid_from (const char *app_id, const char *what)
{
  g_autofree char *text = g_strconcat (what, ":", app_id, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15, hash + 18);
}

static char *
thumbprint (GChecksumType type, GBytes *der)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (type);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  g_checksum_get_digest (checksum, digest, &length);
  return ps_tenant_ms_base64url (digest, length);
}

/* Returns: (transfer full) (nullable): the DER form of the first certificate in @pem, and when it ends. */
static GBytes *
read_pem (const char *pem, gint64 *end_ms)
{
  gnutls_datum_t input = { (unsigned char *) pem, strlen (pem) };
  gnutls_datum_t output = { NULL, 0 };
  gnutls_x509_crt_t crt;
  GBytes *der = NULL;

  gnutls_x509_crt_init (&crt);
  if (gnutls_x509_crt_import (crt, &input, GNUTLS_X509_FMT_PEM) == GNUTLS_E_SUCCESS &&
      gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_DER, &output) == GNUTLS_E_SUCCESS) {
    der = g_bytes_new (output.data, output.size);
    *end_ms = (gint64) gnutls_x509_crt_get_expiration_time (crt) * 1000;
    gnutls_free (output.data);
  }
  gnutls_x509_crt_deinit (crt);
  return der;
}

PsTenantMsApp *
ps_tenant_ms_app_new (const char *app_id, const char *display_name, gboolean public_client)
{
  PsTenantMsApp *app = g_new0 (PsTenantMsApp, 1);

  app->app_id = g_strdup (app_id);
  app->object_id = guid_from (app_id, "application");
  app->service_principal_id = guid_from (app_id, "service principal");
  app->display_name = g_strdup (display_name);
  app->public_client = public_client;
  app->redirects = g_ptr_array_new_with_free_func (g_free);
  app->secrets = g_ptr_array_new_with_free_func (secret_free);
  app->certificates = g_ptr_array_new_with_free_func (certificate_free);
  app->required_roles = g_ptr_array_new_with_free_func (g_free);
  app->granted_roles = g_ptr_array_new_with_free_func (g_free);
  app->granted_scopes = g_ptr_array_new_with_free_func (g_free);
  return app;
}

void
ps_tenant_ms_app_free (PsTenantMsApp *app)
{
  g_free (app->object_id);
  g_free (app->app_id);
  g_free (app->service_principal_id);
  g_free (app->display_name);
  g_ptr_array_unref (app->redirects);
  g_ptr_array_unref (app->secrets);
  g_ptr_array_unref (app->certificates);
  g_ptr_array_unref (app->required_roles);
  g_ptr_array_unref (app->granted_roles);
  g_ptr_array_unref (app->granted_scopes);
  g_free (app);
}

PsTenantMsApp *
ps_tenant_ms_apps_find (GPtrArray *apps, const char *app_id)
{
  for (guint i = 0; i < apps->len; i++) {
    PsTenantMsApp *app = g_ptr_array_index (apps, i);

    if (g_ascii_strcasecmp (app->app_id, app_id) == 0)
      return app;
  }
  return NULL;
}

void
ps_tenant_ms_app_require (PsTenantMsApp *app, const char *const *roles)
{
  for (; *roles != NULL; roles++)
    if (!g_ptr_array_find_with_equal_func (app->required_roles, *roles, g_str_equal, NULL))
      g_ptr_array_add (app->required_roles, g_strdup (*roles));
}

void
ps_tenant_ms_app_consent (PsTenantMsApp *app)
{
  g_ptr_array_set_size (app->granted_roles, 0);
  for (guint i = 0; i < app->required_roles->len; i++)
    g_ptr_array_add (app->granted_roles, g_strdup (g_ptr_array_index (app->required_roles, i)));
}

PsTenantMsSecret *
ps_tenant_ms_app_add_secret (PsTenantMsApp *app, const char *display_name, const char *secret, gint64 end_ms)
{
  PsTenantMsSecret *added = g_new0 (PsTenantMsSecret, 1);

  added->key_id = guid_from (app->app_id, secret);
  added->display_name = g_strdup (display_name);
  added->hint = g_strndup (secret, 3);
  added->secret = g_strdup (secret);
  added->end_ms = end_ms;
  g_ptr_array_add (app->secrets, added);
  return added;
}

PsTenantMsSecret *
ps_tenant_ms_app_find_secret (PsTenantMsApp *app, const char *secret)
{
  for (guint i = 0; i < app->secrets->len; i++) {
    PsTenantMsSecret *candidate = g_ptr_array_index (app->secrets, i);

    if (g_str_equal (candidate->secret, secret))
      return candidate;
  }
  return NULL;
}

PsTenantMsCertificate *
ps_tenant_ms_app_add_certificate (PsTenantMsApp *app, const char *pem, GError **error)
{
  gint64 end_ms = 0;
  GBytes *der = read_pem (pem, &end_ms);
  PsTenantMsCertificate *added;

  if (der == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "not an X.509 certificate in PEM form");
    return NULL;
  }
  added = g_new0 (PsTenantMsCertificate, 1);
  added->der = der;
  added->end_ms = end_ms;
  added->x5t = thumbprint (G_CHECKSUM_SHA1, der);
  added->x5t_s256 = thumbprint (G_CHECKSUM_SHA256, der);
  added->key_id = guid_from (app->app_id, added->x5t_s256);
  g_ptr_array_add (app->certificates, added);
  return added;
}

PsTenantMsCertificate *
ps_tenant_ms_app_find_certificate (PsTenantMsApp *app, const char *x5t, const char *x5t_s256)
{
  if (x5t == NULL && x5t_s256 == NULL)
    return NULL;
  for (guint i = 0; i < app->certificates->len; i++) {
    PsTenantMsCertificate *candidate = g_ptr_array_index (app->certificates, i);

    if ((x5t == NULL || g_str_equal (candidate->x5t, x5t)) &&
        (x5t_s256 == NULL || g_str_equal (candidate->x5t_s256, x5t_s256)))
      return candidate;
  }
  return NULL;
}
