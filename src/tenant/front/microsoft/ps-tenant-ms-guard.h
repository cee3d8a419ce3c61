/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What stands before every Graph handler: token, permission, presence limit; and the shape of Graph's errors.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

/* Adds every route of @routes to the server, behind the guard. */
void ps_tenant_ms_guard_add (PsTenantMs *ms, const PsTenantMsRoute *routes);
/* Gives the errors that the server finds below /v1.0 Graph's shape. */
void ps_tenant_ms_guard_add_errors (PsTenantMs *ms);

/* {"error":{"code":…,"message":…,"innerError":{…}}} */
void ps_tenant_ms_error (PsTenantMsCall *call, guint status, const char *code, const char *format, ...)
    G_GNUC_PRINTF (4, 5);

/* Answers with @json. (transfer full) */
void ps_tenant_ms_answer (PsTenantMsCall *call, guint status, GString *json);

/* Returns: (transfer full) (nullable): the body, if it is a JSON object sent as such; else 400 is answered. */
JsonObject *ps_tenant_ms_body (PsTenantMsCall *call);

/* TRUE if the token carries the permission @name. */
gboolean ps_tenant_ms_has_permission (const PsTenantMsClaims *claims, const char *name);

/* "ConsistencyLevel: eventual" was sent. */
gboolean ps_tenant_ms_is_advanced (const PsTenantMsCall *call);

G_END_DECLS
