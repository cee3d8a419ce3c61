/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The accounts with which a person can sign in: four of the company's people, whose passwords the program tells, and
 * what directory roles they have. Nobody else's password is known, so it is always wrong.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

/* Role template ids: the same in every tenant ("Microsoft Entra built-in roles"). */
#define PS_TENANT_MS_GLOBAL_ADMINISTRATOR            "62e90394-69f5-4237-9190-012177145e10"
#define PS_TENANT_MS_PRIVILEGED_ROLE_ADMINISTRATOR   "e8611ab8-c189-46e8-94e1-60213ab1f814"
#define PS_TENANT_MS_APPLICATION_ADMINISTRATOR       "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"
#define PS_TENANT_MS_CLOUD_APPLICATION_ADMINISTRATOR "158c047a-c907-4556-b7ef-446551a6b5f7"
/* What `wids` has for everybody who is a member of the tenant. */
#define PS_TENANT_MS_MEMBER_ROLE "b79fbf4d-3ef9-4689-8143-76b194e85509"

typedef struct {
  const char *template_id;
  const char *name;
  const char *description;
} PsTenantMsRole;

typedef struct {
  const char *key;             /* "admin", "user", "app_admin", "role_admin": for the program's line */
  PsTenantMicrosoftUser *user; /* not owned */
  const PsTenantMsRole *role;  /* (nullable): none */
  char *password;
} PsTenantMsAccount;

/* Returns: (transfer full) (element-type PsTenantMsAccount): a Global Administrator, an ordinary user, an
 * Application Administrator, a Privileged Role Administrator; fewer in a company with fewer people. */
GPtrArray *ps_tenant_ms_accounts_new (PsTenantWorld *world);

/* Returns: (nullable). */
PsTenantMsAccount *ps_tenant_ms_accounts_find (const GPtrArray *accounts, const char *user_id);

/* The role's own directory object has another id than its template: made from it and the tenant's.
 * Returns: (transfer full) */
char *ps_tenant_ms_role_object_id (const PsTenantMsRole *role, const char *tenant_id);

/* Who may do what ("Microsoft Entra built-in roles"). */
/* Creates and changes registrations, and consents to delegated permissions for everybody. */
gboolean ps_tenant_ms_may_manage_apps (const GPtrArray *accounts, const char *user_id);
/* Grants application permissions of Microsoft Graph. */
gboolean ps_tenant_ms_may_grant_roles (const GPtrArray *accounts, const char *user_id);

G_END_DECLS
