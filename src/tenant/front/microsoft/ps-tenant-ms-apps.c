/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-apps.h"
#include "ps-tenant-ms-issue.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-permissions.h"
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

static void
role_grant_free (gpointer data)
{
  PsTenantMsRoleGrant *grant = data;

  g_free (grant->id);
  g_free (grant->role);
  g_free (grant);
}

static void
consent_free (gpointer data)
{
  PsTenantMsConsent *consent = data;

  g_free (consent->id);
  g_free (consent->user_id);
  g_ptr_array_unref (consent->scopes);
  g_free (consent);
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
  app->audience = g_strdup ("AzureADMyOrg");
  app->tags = g_ptr_array_new_with_free_func (g_free);
  app->redirects = g_ptr_array_new_with_free_func (g_free);
  app->web_redirects = g_ptr_array_new_with_free_func (g_free);
  app->spa_redirects = g_ptr_array_new_with_free_func (g_free);
  app->required_access = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (app->required_access, json_array_new ());
  app->service_principal = TRUE;
  app->secrets = g_ptr_array_new_with_free_func (secret_free);
  app->certificates = g_ptr_array_new_with_free_func (certificate_free);
  app->granted_roles = g_ptr_array_new_with_free_func (role_grant_free);
  app->consents = g_ptr_array_new_with_free_func (consent_free);
  return app;
}

void
ps_tenant_ms_app_free (PsTenantMsApp *app)
{
  g_free (app->object_id);
  g_free (app->app_id);
  g_free (app->service_principal_id);
  g_free (app->display_name);
  g_free (app->audience);
  g_free (app->description);
  g_free (app->notes);
  g_ptr_array_unref (app->tags);
  g_ptr_array_unref (app->redirects);
  g_ptr_array_unref (app->web_redirects);
  g_ptr_array_unref (app->spa_redirects);
  json_node_unref (app->required_access);
  g_ptr_array_unref (app->secrets);
  g_ptr_array_unref (app->certificates);
  g_ptr_array_unref (app->granted_roles);
  g_ptr_array_unref (app->consents);
  g_free (app);
}

static PsTenantMsApp *
find_by (GPtrArray *apps, gsize offset, const char *id)
{
  for (guint i = 0; i < apps->len; i++) {
    PsTenantMsApp *app = g_ptr_array_index (apps, i);

    if (!app->deleted && g_ascii_strcasecmp (G_STRUCT_MEMBER (const char *, app, offset), id) == 0)
      return app;
  }
  return NULL;
}

PsTenantMsApp *
ps_tenant_ms_apps_find (GPtrArray *apps, const char *app_id)
{
  return find_by (apps, G_STRUCT_OFFSET (PsTenantMsApp, app_id), app_id);
}

PsTenantMsApp *
ps_tenant_ms_apps_find_object (GPtrArray *apps, const char *object_id)
{
  PsTenantMsApp *app = find_by (apps, G_STRUCT_OFFSET (PsTenantMsApp, object_id), object_id);

  return app != NULL && !app->foreign ? app : NULL;
}

PsTenantMsApp *
ps_tenant_ms_apps_find_principal (GPtrArray *apps, const char *service_principal_id)
{
  PsTenantMsApp *app = find_by (apps, G_STRUCT_OFFSET (PsTenantMsApp, service_principal_id), service_principal_id);

  return app != NULL && app->service_principal ? app : NULL;
}

void
ps_tenant_ms_app_require (PsTenantMsApp *app, const char *const *roles)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "resourceAppId");
  json_builder_add_string_value (builder, PS_TENANT_MS_GRAPH_APP_ID);
  json_builder_set_member_name (builder, "resourceAccess");
  json_builder_begin_array (builder);
  for (; *roles != NULL; roles++) {
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "id");
    json_builder_add_string_value (builder, ps_tenant_ms_permission_by_name (*roles)->role_id);
    json_builder_set_member_name (builder, "type");
    json_builder_add_string_value (builder, "Role");
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  json_builder_end_array (builder);
  json_node_unref (app->required_access);
  app->required_access = json_builder_get_root (builder);
}

/* The shape of @access was checked when it was taken. */
static void
add_required (JsonObject *access, const char *type, GPtrArray *permissions)
{
  JsonArray *entries = ps_tenant_ms_json_get_array (access, "resourceAccess");

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = ps_tenant_ms_json_element_object (entries, i);
    const char *id = ps_tenant_ms_json_get_string (entry, "id");
    const PsTenantMsPermission *permission;

    if (!g_str_equal (ps_tenant_ms_json_get_string (entry, "type"), type))
      continue;
    permission =
        g_str_equal (type, "Role") ? ps_tenant_ms_permission_by_role_id (id) : ps_tenant_ms_permission_by_scope_id (id);
    if (permission != NULL)
      g_ptr_array_add (permissions, (gpointer) permission);
  }
}

GPtrArray *
ps_tenant_ms_app_required (PsTenantMsApp *app, const char *type)
{
  GPtrArray *permissions = g_ptr_array_new ();
  JsonArray *resources = json_node_get_array (app->required_access);

  for (guint i = 0; i < json_array_get_length (resources); i++) {
    JsonObject *access = ps_tenant_ms_json_element_object (resources, i);

    if (g_ascii_strcasecmp (ps_tenant_ms_json_get_string (access, "resourceAppId"), PS_TENANT_MS_GRAPH_APP_ID) == 0)
      add_required (access, type, permissions);
  }
  return permissions;
}

PsTenantMsRoleGrant *
ps_tenant_ms_app_grant_role (PsTenantMsApp *app, const char *role, gint64 now_ms, gint64 visible_ms)
{
  g_autofree char *key = g_strconcat ("assignment ", role, NULL);
  PsTenantMsRoleGrant *grant;

  for (guint i = 0; i < app->granted_roles->len; i++)
    if (g_str_equal (((PsTenantMsRoleGrant *) g_ptr_array_index (app->granted_roles, i))->role, role))
      return NULL;
  grant = g_new0 (PsTenantMsRoleGrant, 1);
  grant->id = guid_from (app->app_id, key);
  grant->role = g_strdup (role);
  grant->created_ms = now_ms;
  grant->visible_ms = visible_ms;
  g_ptr_array_add (app->granted_roles, grant);
  return grant;
}

static PsTenantMsConsent *
find_consent (PsTenantMsApp *app, const char *user_id)
{
  for (guint i = 0; i < app->consents->len; i++) {
    PsTenantMsConsent *consent = g_ptr_array_index (app->consents, i);

    if (g_strcmp0 (consent->user_id, user_id) == 0)
      return consent;
  }
  return NULL;
}

void
ps_tenant_ms_app_grant_scope (PsTenantMsApp *app, const char *user_id, const char *scope)
{
  PsTenantMsConsent *consent = find_consent (app, user_id);

  if (consent == NULL) {
    consent = g_new0 (PsTenantMsConsent, 1);
    consent->id = guid_from (app->app_id, user_id != NULL ? user_id : "consent for everybody");
    consent->user_id = g_strdup (user_id);
    consent->scopes = g_ptr_array_new_with_free_func (g_free);
    g_ptr_array_add (app->consents, consent);
  }
  if (!g_ptr_array_find_with_equal_func (consent->scopes, scope, g_str_equal, NULL))
    g_ptr_array_add (consent->scopes, g_strdup (scope));
}

gboolean
ps_tenant_ms_app_has_scope (PsTenantMsApp *app, const char *user_id, const char *scope)
{
  const PsTenantMsConsent *for_all = find_consent (app, NULL);
  const PsTenantMsConsent *own = find_consent (app, user_id);

  return (for_all != NULL && g_ptr_array_find_with_equal_func (for_all->scopes, scope, g_str_equal, NULL)) ||
         (own != NULL && g_ptr_array_find_with_equal_func (own->scopes, scope, g_str_equal, NULL));
}

void
ps_tenant_ms_app_consent (PsTenantMsApp *app, gint64 now_ms, gint64 visible_ms)
{
  g_autoptr (GPtrArray) roles = ps_tenant_ms_app_required (app, "Role");
  g_autoptr (GPtrArray) scopes = ps_tenant_ms_app_required (app, "Scope");

  for (guint i = 0; i < roles->len; i++)
    ps_tenant_ms_app_grant_role (app, ((const PsTenantMsPermission *) g_ptr_array_index (roles, i))->name, now_ms,
                                 visible_ms);
  for (guint i = 0; i < scopes->len; i++)
    ps_tenant_ms_app_grant_scope (app, NULL, ((const PsTenantMsPermission *) g_ptr_array_index (scopes, i))->name);
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

gboolean
ps_tenant_ms_app_remove_secret (PsTenantMsApp *app, const char *key_id)
{
  for (guint i = 0; i < app->secrets->len; i++) {
    if (g_ascii_strcasecmp (((PsTenantMsSecret *) g_ptr_array_index (app->secrets, i))->key_id, key_id) == 0) {
      g_ptr_array_remove_index (app->secrets, i);
      return TRUE;
    }
  }
  return FALSE;
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
