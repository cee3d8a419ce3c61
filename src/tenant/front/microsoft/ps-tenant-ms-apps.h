/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application registrations of the demo tenant: what the Entra admin centre shows under "App registrations", and
 * what is granted to them, which it shows under "Enterprise applications".
 *
 * The directory replicates: what is written is at once there for who reads it by Graph, but the token endpoint sees it
 * only from its visible_ms on.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct {
  char *key_id; /* GUID: what people paste in place of the secret */
  char *display_name;
  char *hint; /* the first three characters */
  char *secret;
  gint64 start_ms, end_ms; /* virtual time */
  gint64 visible_ms;
} PsTenantMsSecret;

typedef struct {
  char *key_id;   /* GUID */
  char *x5t;      /* base64url of the SHA-1 of the DER form */
  char *x5t_s256; /* … of the SHA-256 */
  GBytes *der;
  gint64 end_ms; /* wall clock: the certificate says so itself */
} PsTenantMsCertificate;

/* An application permission of Microsoft Graph that was granted: an appRoleAssignment. */
typedef struct {
  char *id;
  char *role; /* its name */
  gint64 created_ms, visible_ms;
} PsTenantMsRoleGrant;

/* Delegated permissions of Microsoft Graph that were consented to: an oAuth2PermissionGrant. */
typedef struct {
  char *id;
  char *user_id;     /* (nullable): for everybody */
  GPtrArray *scopes; /* char *: names */
} PsTenantMsConsent;

typedef struct {
  char *object_id;            /* of the registration */
  char *app_id;               /* the client id */
  char *service_principal_id; /* the `oid` of its tokens */
  char *display_name;
  char *audience;            /* signInAudience */
  char *description, *notes; /* (nullable) */
  gboolean public_client;    /* isFallbackPublicClient: it must not send a secret, whatever the redirect */
  GPtrArray *tags;           /* char * */
  GPtrArray *redirects;      /* char *: of the platform "Mobile and desktop": exact */
  GPtrArray *web_redirects;  /* char * */
  GPtrArray *spa_redirects;  /* char * */
  JsonNode *required_access; /* requiredResourceAccess, an array, as it was sent */
  GPtrArray *secrets;        /* PsTenantMsSecret */
  GPtrArray *certificates;   /* PsTenantMsCertificate */
  GPtrArray *granted_roles;  /* PsTenantMsRoleGrant */
  GPtrArray *consents;       /* PsTenantMsConsent */
  gboolean foreign;          /* registered in another tenant: only its service principal is here */
  gboolean service_principal;
  gboolean deleted;
  gint64 created_ms, visible_ms;
} PsTenantMsApp;

PsTenantMsApp *ps_tenant_ms_app_new (const char *app_id, const char *display_name, gboolean public_client);
void ps_tenant_ms_app_free (PsTenantMsApp *app);

/* Each returns: (nullable): the registration, if it is not deleted; GUIDs compare without regard to case. */
PsTenantMsApp *ps_tenant_ms_apps_find (GPtrArray *apps, const char *app_id);
PsTenantMsApp *ps_tenant_ms_apps_find_object (GPtrArray *apps, const char *object_id);
PsTenantMsApp *ps_tenant_ms_apps_find_principal (GPtrArray *apps, const char *service_principal_id);

/* Makes @roles the application permissions that the registration requires. */
void ps_tenant_ms_app_require (PsTenantMsApp *app, const char *const *roles);
/* Returns: (transfer full) (element-type PsTenantMsPermission): what of Microsoft Graph it requires; @type is "Role" or
 * "Scope". */
GPtrArray *ps_tenant_ms_app_required (PsTenantMsApp *app, const char *type);

/* An administrator grants everything that the registration requires, for everybody. */
void ps_tenant_ms_app_consent (PsTenantMsApp *app, gint64 now_ms, gint64 visible_ms);
/* Returns: (nullable): NULL if it has it already. */
PsTenantMsRoleGrant *ps_tenant_ms_app_grant_role (PsTenantMsApp *app, const char *role, gint64 now_ms,
                                                  gint64 visible_ms);
/* @user_id NULL: for everybody. */
void ps_tenant_ms_app_grant_scope (PsTenantMsApp *app, const char *user_id, const char *scope);
/* TRUE if @user_id, or everybody, has consented to @scope. */
gboolean ps_tenant_ms_app_has_scope (PsTenantMsApp *app, const char *user_id, const char *scope);

/* Returns: the new secret, owned by @app. Times are virtual; visible at once. */
PsTenantMsSecret *ps_tenant_ms_app_add_secret (PsTenantMsApp *app, const char *display_name, const char *secret,
                                               gint64 end_ms);
/* Returns: (nullable): which of the secrets @secret is. */
PsTenantMsSecret *ps_tenant_ms_app_find_secret (PsTenantMsApp *app, const char *secret);
/* Returns: FALSE if it has none of that id. */
gboolean ps_tenant_ms_app_remove_secret (PsTenantMsApp *app, const char *key_id);

/* Registers an X.509 certificate in PEM form. Returns: (nullable): it, owned by @app; G_IO_ERROR_INVALID_DATA. */
PsTenantMsCertificate *ps_tenant_ms_app_add_certificate (PsTenantMsApp *app, const char *pem, GError **error);
/* Either thumbprint may be NULL, both must fit if given. */
PsTenantMsCertificate *ps_tenant_ms_app_find_certificate (PsTenantMsApp *app, const char *x5t, const char *x5t_s256);

G_END_DECLS
