/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Service principals: the applications that are at home in the tenant or were consented to, and Microsoft Graph itself.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

#define PS_TENANT_MS_GRAPH_NAME "Microsoft Graph"

/* The id of Graph's own service principal: what assignments name as resourceId. Returns: (transfer full) */
char *ps_tenant_ms_graph_principal_id (PsTenantMs *ms);

/* Returns: (nullable): the application whose service principal the path means, by its id or "(appId='…')". Graph's
 * own is none: @graph (out) is set then. 404 is answered if there is neither. */
PsTenantMsApp *ps_tenant_ms_path_principal (PsTenantMsCall *call, gboolean *graph);

G_END_DECLS
