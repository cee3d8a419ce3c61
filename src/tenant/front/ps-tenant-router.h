/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which handler answers a path, and how often each was asked. Private to the server.
 */
#pragma once

#include "ps-tenant-server.h"

G_BEGIN_DECLS

typedef struct _PsTenantRouter PsTenantRouter;

typedef struct {
  char *method, *pattern;
  GStrv segments;
  PsTenantHandler handler;
  gpointer data;
  guint64 requests;
  GHashTable *outcomes; /* "200", "hang" … → guint64 */
} PsTenantRoute;

PsTenantRouter *ps_tenant_router_new (void);
void ps_tenant_router_free (PsTenantRouter *router);

void ps_tenant_router_add (PsTenantRouter *router, const char *method, const char *pattern, PsTenantHandler handler,
                           gpointer data);
void ps_tenant_router_add_errors (PsTenantRouter *router, const char *prefix, PsTenantHandler handler, gpointer data);

/* Returns: (transfer full) (nullable): the decoded segments of a path as it is in a request line; NULL if it is no
 * path, or not UTF-8 when decoded. */
GStrv ps_tenant_router_split (const char *path);

/* Returns: (nullable): the route. If there is none, @allow gets the methods that the path has ("GET, PUT"), or NULL if
 * the path is unknown (transfer full). */
PsTenantRoute *ps_tenant_router_find (PsTenantRouter *router, const char *method, const char *const *segments,
                                      char **allow);

/* Fills in @args, at most 8, with the segments that stand for {…}; they belong to @segments. */
void ps_tenant_router_args (const PsTenantRoute *route, const char *const *segments, const char *args[8]);

/* Returns: whether a front shapes errors under this path; then it has done so. */
gboolean ps_tenant_router_shape_error (PsTenantRouter *router, const PsTenantRequest *request, PsTenantReply *reply);

/* @route NULL: a request without a route. */
void ps_tenant_router_count (PsTenantRouter *router, PsTenantRoute *route, const char *outcome);
void ps_tenant_router_add_counts (PsTenantRouter *router, JsonBuilder *builder);
void ps_tenant_router_reset_counts (PsTenantRouter *router);

G_END_DECLS
