/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Application registrations as Graph shows and takes them.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

#define PS_TENANT_MS_APPLICATION_READ                                                                                  \
  "Application.Read.All Application.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
#define PS_TENANT_MS_APPLICATION_WRITE "Application.ReadWrite.All"

/* --- ps-tenant-ms-application-json.c --- */
/* Returns: (transfer full). */
JsonObject *ps_tenant_ms_application_object (PsTenantMs *ms, const PsTenantMsApp *app);
/* Returns: (transfer full): without secretText, which is shown once, by addPassword. */
JsonObject *ps_tenant_ms_secret_object (const PsTenantMsSecret *secret);

/* --- ps-tenant-ms-application-body.c --- */
/* Checks @body, of POST or PATCH, and then sets what is in it.
 * Returns: FALSE after a refusal; nothing is set then. */
gboolean ps_tenant_ms_application_check (PsTenantMsCall *call, JsonObject *body, gboolean is_new);
void ps_tenant_ms_application_set (PsTenantMsApp *app, JsonObject *body);

/* --- ps-tenant-ms-applications.c --- */
/* Returns: (nullable): the registration of the path, which the caller may write; else it is answered. */
PsTenantMsApp *ps_tenant_ms_application_to_write (PsTenantMsCall *call);
/* TRUE if the caller may write registrations: an application with the permission, or somebody with the role besides.
 * Answers else. */
gboolean ps_tenant_ms_application_may_write (PsTenantMsCall *call);

G_END_DECLS
