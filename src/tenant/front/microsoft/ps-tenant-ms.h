/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Microsoft half of the demo tenant's HTTP front: Entra sign-in and Graph v1.0.
 *
 * A Graph route is a row of a table: method, pattern, handler, and which permissions open it. The guard
 * (ps-tenant-ms-guard.h) stands before each handler and answers for a missing, expired or powerless token and for the
 * presence limit; a handler sees only calls that the service would carry out.
 */
#pragma once

#include "ps-tenant-limits.h"
#include "ps-tenant-ms-accounts.h"
#include "ps-tenant-ms-apps.h"
#include "ps-tenant-ms-token.h"
#include "ps-tenant-server.h"

G_BEGIN_DECLS

typedef struct _PsTenantMsGrants PsTenantMsGrants;
typedef struct _PsTenantMsVisits PsTenantMsVisits;

typedef struct {
  PsTenantServer *server; /* not owned: the server owns this */
  PsTenantWorld *world;   /* not owned */
  guint listener;         /* of @world */
  GPtrArray *bindings;    /* (owned) what the server's routes carry as data */

  GPtrArray *accounts;          /* (owned) PsTenantMsAccount: who can sign in on the pages */
  PsTenantMsVisits *visits;     /* (owned) browsers and what they are about to sign in to */
  GPtrArray *apps;              /* (owned) PsTenantMsApp: the tenant's application registrations */
  PsTenantMsApp *client;        /* the confidential client that describe() names; in @apps */
  PsTenantMsApp *public_client; /* the public client; in @apps */
  guint8 token_key[32];         /* signs the access tokens */
  PsTenantMsGrants *grants;     /* (owned) authorization codes and refresh tokens */

  GHashTable *limits;          /* (owned) application id → PsTenantLimit: the presence limit */
  guint limit_requests;        /* the rule that the limits have now */
  GHashTable *status_messages; /* (owned) user id → PsTenantMsStatus */
  GHashTable *changes;         /* (owned) PsTenantMicrosoftUser → guint64: number of its last directory change */
  guint64 last_change;
  GQueue mails; /* (owned) PsTenantMsMail, oldest first */
} PsTenantMs;

/* One call of Graph, on its way through the guard and the handler. */
typedef struct {
  PsTenantMs *ms;
  const PsTenantRequest *request;
  PsTenantReply *reply;
  const PsTenantMsClaims *claims; /* NULL only until the guard has read the token */
  char request_id[37];
  const char *client_request_id;
} PsTenantMsCall;

typedef void (*PsTenantMsHandler) (PsTenantMsCall *call);

/* Which workload answers: they refuse with different words. */
typedef enum {
  PS_TENANT_MS_DIRECTORY,
  PS_TENANT_MS_PRESENCE,
  PS_TENANT_MS_MAIL,
  PS_TENANT_MS_BATCH, /* any token will do; each part is looked at for itself */
} PsTenantMsArea;

typedef struct {
  const char *method, *pattern;
  PsTenantMsHandler handler;
  PsTenantMsArea area;
  const char *roles;  /* application permissions, one of which is needed; NULL: not for applications */
  const char *scopes; /* delegated permissions, likewise; NULL: not for people */
} PsTenantMsRoute;

/* Each ends with a row of NULLs. */
extern const PsTenantMsRoute ps_tenant_ms_user_routes[];
extern const PsTenantMsRoute ps_tenant_ms_delta_routes[];
extern const PsTenantMsRoute ps_tenant_ms_group_routes[];
extern const PsTenantMsRoute ps_tenant_ms_presence_routes[];
extern const PsTenantMsRoute ps_tenant_ms_presence_write_routes[];
extern const PsTenantMsRoute ps_tenant_ms_mail_routes[];
extern const PsTenantMsRoute ps_tenant_ms_batch_routes[];
extern const PsTenantMsRoute ps_tenant_ms_role_routes[];
extern const PsTenantMsRoute ps_tenant_ms_application_routes[];
extern const PsTenantMsRoute ps_tenant_ms_credential_routes[];
extern const PsTenantMsRoute ps_tenant_ms_service_principal_routes[];
extern const PsTenantMsRoute ps_tenant_ms_assignment_routes[];

/* Returns: the front of @server, which ps_tenant_microsoft_attach() made. */
PsTenantMs *ps_tenant_ms_get (PsTenantServer *server);

/* Returns: (transfer full): scheme and authority under which the caller knows us, for the links in a reply. */
char *ps_tenant_ms_base_url (const PsTenantRequest *request);

/* Returns: when something that is written to the directory at @now_ms is seen by the token endpoint. */
gint64 ps_tenant_ms_replicated_at (PsTenantMs *ms, gint64 now_ms);

/* --- ps-tenant-ms-signin.c --- */
void ps_tenant_ms_signin_attach (PsTenantMs *ms);
/* TRUE if @tenant is the id or the domain of this one. */
gboolean ps_tenant_ms_is_our_tenant (PsTenantMs *ms, const char *tenant);

/* --- ps-tenant-ms-authorize.c, ps-tenant-ms-admin-consent.c, ps-tenant-ms-login.c --- */
void ps_tenant_ms_authorize_attach (PsTenantMs *ms);
void ps_tenant_ms_admin_consent_attach (PsTenantMs *ms);
void ps_tenant_ms_login_attach (PsTenantMs *ms);

/* --- ps-tenant-ms-mail.c --- */
void ps_tenant_ms_mail_clear (PsTenantMs *ms);

/* --- ps-tenant-ms-users.c --- */
/* Returns: (nullable): the user that the path means ({id}, a userPrincipalName, or for /me the token's own). Answers
 * 404 or 400 itself when there is none. */
PsTenantMicrosoftUser *ps_tenant_ms_path_user (PsTenantMsCall *call);

G_END_DECLS
