/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * OData query options of a list, and its paging.
 */
#pragma once

#include "ps-tenant-ms-filter.h"
#include "ps-tenant-ms.h"

G_BEGIN_DECLS

typedef struct {
  GPtrArray *select;        /* (owned) PsTenantMsProperty: what to show; the defaults if nothing was selected */
  gboolean selected;        /* $select was there */
  guint top;                /* $top or the default page size */
  PsTenantMsFilter *filter; /* (owned) (nullable) */
  PsTenantMsSearch *search; /* (owned) (nullable) */
  const PsTenantMsProperty *order_by; /* (nullable) */
  gboolean descending;
  gboolean count; /* $count=true counts: with ConsistencyLevel only */
  guint64 skip;   /* from $skiptoken */
  /* A mixed list names each object's type. */
  GHashTable *groups;      /* not owned (nullable): those of the objects that are groups, the others being users */
  GPtrArray *group_select; /* not owned (nullable): PsTenantMsProperty: what to show of a group */
} PsTenantMsQuery;

/* Which options a resource has. */
typedef enum {
  PS_TENANT_MS_OPTION_SELECT = 1 << 0,
  PS_TENANT_MS_OPTION_TOP = 1 << 1,
  PS_TENANT_MS_OPTION_FILTER = 1 << 2,
  PS_TENANT_MS_OPTION_SEARCH = 1 << 3,
  PS_TENANT_MS_OPTION_COUNT = 1 << 4,
  PS_TENANT_MS_OPTION_ORDER_BY = 1 << 5,
  PS_TENANT_MS_OPTION_SKIP_TOKEN = 1 << 6,
  PS_TENANT_MS_OPTION_DELTA_TOKEN = 1 << 7,
  PS_TENANT_MS_OPTION_SINGLE = 1 << 8, /* one object, not a list: properties outside the directory may be asked for */
  PS_TENANT_MS_OPTION_LIST = 0x7f,
} PsTenantMsOptions;

/* Returns: FALSE after a refusal. Clear @query in both cases. */
gboolean ps_tenant_ms_query_parse (PsTenantMsCall *call, const PsTenantMsType *type, PsTenantMsOptions allowed,
                                   PsTenantMsQuery *query);
void ps_tenant_ms_query_clear (PsTenantMsQuery *query);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsTenantMsQuery, ps_tenant_ms_query_clear)

/* Sets @select to the properties that @text names (NULL: the defaults). Returns: FALSE after a refusal. */
gboolean ps_tenant_ms_query_select (PsTenantMsCall *call, const PsTenantMsType *type, const char *text, gboolean single,
                                    GPtrArray *select);

/* Opaque tokens. Reading gives FALSE if @token is none of that @kind. */
char *ps_tenant_ms_token_make (const char *kind, const char *payload);
char *ps_tenant_ms_token_open (const char *kind, const char *token);

/* Answers with the page of @objects, in the order of the list, that @query asks for: filters, orders, counts, writes
 * and links to the next page. @entity_set is what stands in @odata.context. @exists says whether an object is (still)
 * there: a deleted one keeps its place, so that a page link goes on where it should. */
void ps_tenant_ms_query_answer (PsTenantMsCall *call, const PsTenantMsQuery *query, const char *entity_set,
                                const GPtrArray *objects, gboolean (*exists) (gconstpointer object));

/* Appends the @odata.context member of a collection. */
void ps_tenant_ms_query_context (PsTenantMsCall *call, const PsTenantMsQuery *query, const char *entity_set,
                                 GString *json);

G_END_DECLS
