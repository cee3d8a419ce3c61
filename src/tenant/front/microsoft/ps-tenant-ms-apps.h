/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application registrations of the demo tenant: what the Entra admin centre shows under "App registrations".
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  char *key_id; /* GUID: what people paste in place of the secret */
  char *display_name;
  char *hint; /* the first three characters */
  char *secret;
  gint64 end_ms; /* virtual time */
} PsTenantMsSecret;

typedef struct {
  char *key_id;   /* GUID */
  char *x5t;      /* base64url of the SHA-1 of the DER form */
  char *x5t_s256; /* … of the SHA-256 */
  GBytes *der;
  gint64 end_ms; /* wall clock: the certificate says so itself */
} PsTenantMsCertificate;

typedef struct {
  char *object_id;            /* of the registration */
  char *app_id;               /* the client id */
  char *service_principal_id; /* the `oid` of its tokens */
  char *display_name;
  gboolean public_client;    /* mobile and desktop: it must not send a secret */
  GPtrArray *redirects;      /* char *: exact */
  GPtrArray *secrets;        /* PsTenantMsSecret */
  GPtrArray *certificates;   /* PsTenantMsCertificate */
  GPtrArray *required_roles; /* char *: application permissions on the registration */
  GPtrArray *granted_roles;  /* char *: … that an administrator consented to */
  GPtrArray *granted_scopes; /* char *: delegated permissions consented to */
} PsTenantMsApp;

PsTenantMsApp *ps_tenant_ms_app_new (const char *app_id, const char *display_name, gboolean public_client);
void ps_tenant_ms_app_free (PsTenantMsApp *app);

/* Returns: (nullable): the registration with that client id; GUIDs compare without regard to case. */
PsTenantMsApp *ps_tenant_ms_apps_find (GPtrArray *apps, const char *app_id);

void ps_tenant_ms_app_require (PsTenantMsApp *app, const char *const *roles);
/* An administrator grants everything that the registration requires. */
void ps_tenant_ms_app_consent (PsTenantMsApp *app);

/* Returns: the new secret, owned by @app. @end_ms is virtual time. */
PsTenantMsSecret *ps_tenant_ms_app_add_secret (PsTenantMsApp *app, const char *display_name, const char *secret,
                                               gint64 end_ms);
/* Returns: (nullable): which of the secrets @secret is. */
PsTenantMsSecret *ps_tenant_ms_app_find_secret (PsTenantMsApp *app, const char *secret);

/* Registers an X.509 certificate in PEM form. Returns: (nullable): it, owned by @app; G_IO_ERROR_INVALID_DATA. */
PsTenantMsCertificate *ps_tenant_ms_app_add_certificate (PsTenantMsApp *app, const char *pem, GError **error);
/* Either thumbprint may be NULL, both must fit if given. */
PsTenantMsCertificate *ps_tenant_ms_app_find_certificate (PsTenantMsApp *app, const char *x5t, const char *x5t_s256);

G_END_DECLS
