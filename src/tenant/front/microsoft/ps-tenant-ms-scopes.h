/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading the scopes that an application asks for.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

#define PS_TENANT_MS_SCOPE_DEFAULT ".default"

/* Returns: whether @resource is Graph, by the name of its cloud, by its application id or by this server's address. */
gboolean ps_tenant_ms_is_graph (const PsTenantRequest *request, const char *resource);

/* @scope without the name of Graph before it.
 * Returns: (nullable): what is left, in @scope; NULL: it is of another resource. */
const char *ps_tenant_ms_scope_strip (const PsTenantRequest *request, const char *scope);

/* Reads a list that is separated by spaces.
 * Returns: (transfer full): the names as Graph writes them, or ".default", each once. NULL after a refusal: its
 * @number, and @bad (out) (transfer full), the scope or the resource that is not there. */
GStrv ps_tenant_ms_scopes_parse (const PsTenantRequest *request, const char *text, guint *number, char **bad);

G_END_DECLS
