/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The permissions that Microsoft Graph offers here, as its service principal lists them ("Microsoft Graph permissions
 * reference").
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *name;
  const char *role_id;  /* (nullable): as an application permission */
  const char *scope_id; /* (nullable): as a delegated one */
  gboolean admin_only;  /* the delegated one needs an administrator's consent */
  const char *title;    /* what the consent page says */
  const char *reason;   /* … and below it */
} PsTenantMsPermission;

/* Ends with a NULL name. */
extern const PsTenantMsPermission ps_tenant_ms_permissions[];

/* Each returns: (nullable). Names and ids compare without regard to case, as in Entra. */
const PsTenantMsPermission *ps_tenant_ms_permission_by_name (const char *name);
const PsTenantMsPermission *ps_tenant_ms_permission_by_role_id (const char *id);
const PsTenantMsPermission *ps_tenant_ms_permission_by_scope_id (const char *id);

G_END_DECLS
