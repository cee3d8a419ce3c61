/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * $filter and $search on directory objects, as much of them as the directory allows without and with "advanced query"
 * (ConsistencyLevel: eventual and $count=true).
 */
#pragma once

#include "ps-tenant-ms-json.h"

G_BEGIN_DECLS

typedef struct _PsTenantMsFilter PsTenantMsFilter;
typedef struct _PsTenantMsSearch PsTenantMsSearch;

/* @advanced (out): set if the filter needs advanced query.
 * Returns: (transfer full) (nullable): NULL if it is not understood; @problem (out) (transfer full) says why. */
PsTenantMsFilter *ps_tenant_ms_filter_parse (const PsTenantMsType *type, const char *text, gboolean *advanced,
                                             char **problem);
void ps_tenant_ms_filter_free (PsTenantMsFilter *filter);
gboolean ps_tenant_ms_filter_fits (const PsTenantMsFilter *filter, gconstpointer object);

/* "displayName:bob" OR "mail:bob": the quotes are part of it. */
PsTenantMsSearch *ps_tenant_ms_search_parse (const PsTenantMsType *type, const char *text, char **problem);
void ps_tenant_ms_search_free (PsTenantMsSearch *search);
gboolean ps_tenant_ms_search_fits (const PsTenantMsSearch *search, gconstpointer object);

G_END_DECLS
