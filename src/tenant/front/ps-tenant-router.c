/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-router.h"

#include <string.h>

typedef struct {
  char *prefix;
  PsTenantHandler handler;
  gpointer data;
} ErrorShape;

struct _PsTenantRouter {
  GPtrArray *routes;      /* PsTenantRoute, as they were added */
  GPtrArray *shapes;      /* ErrorShape */
  PsTenantRoute *nowhere; /* counts what had no route */
};

static PsTenantRoute *
route_new (const char *method, const char *pattern)
{
  PsTenantRoute *route = g_new0 (PsTenantRoute, 1);

  route->method = g_strdup (method);
  route->pattern = g_strdup (pattern);
  route->segments = g_strsplit (pattern + 1, "/", -1);
  route->outcomes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return route;
}

static void
route_free (PsTenantRoute *route)
{
  g_free (route->method);
  g_free (route->pattern);
  g_strfreev (route->segments);
  g_hash_table_unref (route->outcomes);
  g_free (route);
}

static void
shape_free (ErrorShape *shape)
{
  g_free (shape->prefix);
  g_free (shape);
}

PsTenantRouter *
ps_tenant_router_new (void)
{
  PsTenantRouter *router = g_new0 (PsTenantRouter, 1);

  router->routes = g_ptr_array_new_with_free_func ((GDestroyNotify) route_free);
  router->shapes = g_ptr_array_new_with_free_func ((GDestroyNotify) shape_free);
  router->nowhere = route_new ("*", "/(no such path or method)");
  return router;
}

void
ps_tenant_router_free (PsTenantRouter *router)
{
  g_ptr_array_unref (router->routes);
  g_ptr_array_unref (router->shapes);
  route_free (router->nowhere);
  g_free (router);
}

void
ps_tenant_router_add (PsTenantRouter *router, const char *method, const char *pattern, PsTenantHandler handler,
                      gpointer data)
{
  PsTenantRoute *route = route_new (method, pattern);

  route->handler = handler;
  route->data = data;
  g_ptr_array_add (router->routes, route);
}

void
ps_tenant_router_add_errors (PsTenantRouter *router, const char *prefix, PsTenantHandler handler, gpointer data)
{
  ErrorShape *shape = g_new0 (ErrorShape, 1);

  shape->prefix = g_strdup (prefix);
  shape->handler = handler;
  shape->data = data;
  g_ptr_array_add (router->shapes, shape);
}

/* Split first and decode then, so that %2F stays inside its segment. */
GStrv
ps_tenant_router_split (const char *path)
{
  g_auto (GStrv) segments = NULL;

  if (path == NULL || path[0] != '/')
    return NULL;
  segments = g_strsplit (path + 1, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++) {
    char *decoded = g_uri_unescape_string (segments[i], NULL);

    if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL)) {
      g_free (decoded);
      return NULL;
    }
    g_free (segments[i]);
    segments[i] = decoded;
  }
  return g_steal_pointer (&segments);
}

static gboolean
is_open (const char *segment)
{
  return segment[0] == '{' && g_str_has_suffix (segment, "}");
}

/* "users(name='{id}')": text around what is open, which stands for something that is not empty. */
static gboolean
is_partly_open (const char *segment)
{
  return segment[0] != '{' && strchr (segment, '{') != NULL;
}

static gboolean
fits_partly (const char *pattern, const char *segment)
{
  gsize before = strcspn (pattern, "{");
  const char *after = strchr (pattern, '}') + 1;

  return strncmp (pattern, segment, before) == 0 && g_str_has_suffix (segment, after) &&
         strlen (segment) > before + strlen (after);
}

static gboolean
segment_fits (const char *pattern, const char *segment)
{
  if (is_open (pattern))
    return segment[0] != '\0';
  return is_partly_open (pattern) ? fits_partly (pattern, segment) : g_str_equal (pattern, segment);
}

static gboolean
route_fits (const PsTenantRoute *route, const char *const *segments)
{
  guint i;

  for (i = 0; route->segments[i] != NULL && segments[i] != NULL; i++) {
    if (!segment_fits (route->segments[i], segments[i]))
      return FALSE;
  }
  return route->segments[i] == NULL && segments[i] == NULL;
}

/* Of two routes that fit the same path: at the first place where they differ, the literal one goes first. */
static gboolean
is_more_literal (const PsTenantRoute *a, const PsTenantRoute *b)
{
  for (guint i = 0; a->segments[i] != NULL && b->segments[i] != NULL; i++) {
    if (is_open (a->segments[i]) != is_open (b->segments[i]))
      return !is_open (a->segments[i]);
  }
  return FALSE;
}

PsTenantRoute *
ps_tenant_router_find (PsTenantRouter *router, const char *method, const char *const *segments, char **allow)
{
  g_autoptr (GString) methods = g_string_new (NULL);
  PsTenantRoute *best = NULL;

  if (g_str_equal (method, "HEAD"))
    method = "GET"; /* the body is left out on the way */
  for (guint i = 0; i < router->routes->len; i++) {
    PsTenantRoute *route = g_ptr_array_index (router->routes, i);

    if (!route_fits (route, segments))
      continue;
    if (g_str_equal (route->method, method)) {
      if (best == NULL || is_more_literal (route, best))
        best = route;
    } else if (strstr (methods->str, route->method) == NULL) {
      g_string_append_printf (methods, "%s%s", methods->len > 0 ? ", " : "", route->method);
    }
  }
  *allow = best == NULL && methods->len > 0 ? g_strdup (methods->str) : NULL;
  return best;
}

void
ps_tenant_router_args (const PsTenantRoute *route, const char *const *segments, const char *args[8])
{
  guint n = 0;

  for (guint i = 0; route->segments[i] != NULL && n < 8; i++) {
    if (is_open (route->segments[i]) || is_partly_open (route->segments[i]))
      args[n++] = segments[i];
  }
}

gboolean
ps_tenant_router_shape_error (PsTenantRouter *router, const PsTenantRequest *request, PsTenantReply *reply)
{
  ErrorShape *best = NULL;

  for (guint i = 0; i < router->shapes->len; i++) {
    ErrorShape *shape = g_ptr_array_index (router->shapes, i);

    if (g_str_has_prefix (request->path, shape->prefix) &&
        (best == NULL || strlen (shape->prefix) > strlen (best->prefix)))
      best = shape;
  }
  if (best != NULL)
    best->handler (request, reply, best->data);
  return best != NULL;
}

void
ps_tenant_router_count (PsTenantRouter *router, PsTenantRoute *route, const char *outcome)
{
  guint64 *count;

  if (route == NULL)
    route = router->nowhere;
  route->requests++;
  count = g_hash_table_lookup (route->outcomes, outcome);
  if (count == NULL) {
    count = g_new0 (guint64, 1);
    g_hash_table_insert (route->outcomes, g_strdup (outcome), count);
  }
  (*count)++;
}

static void
add_route_counts (const PsTenantRoute *route, JsonBuilder *builder)
{
  GHashTableIter iter;
  gpointer outcome, count;

  if (route->requests == 0)
    return;
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "method");
  json_builder_add_string_value (builder, route->method);
  json_builder_set_member_name (builder, "pattern");
  json_builder_add_string_value (builder, route->pattern);
  json_builder_set_member_name (builder, "requests");
  json_builder_add_int_value (builder, (gint64) route->requests);
  json_builder_set_member_name (builder, "outcomes");
  json_builder_begin_object (builder);
  g_hash_table_iter_init (&iter, route->outcomes);
  while (g_hash_table_iter_next (&iter, &outcome, &count)) {
    json_builder_set_member_name (builder, outcome);
    json_builder_add_int_value (builder, (gint64) * (guint64 *) count);
  }
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

void
ps_tenant_router_add_counts (PsTenantRouter *router, JsonBuilder *builder)
{
  guint64 total = router->nowhere->requests;

  for (guint i = 0; i < router->routes->len; i++)
    total += ((PsTenantRoute *) g_ptr_array_index (router->routes, i))->requests;
  json_builder_set_member_name (builder, "total");
  json_builder_add_int_value (builder, (gint64) total);
  json_builder_set_member_name (builder, "routes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < router->routes->len; i++)
    add_route_counts (g_ptr_array_index (router->routes, i), builder);
  add_route_counts (router->nowhere, builder);
  json_builder_end_array (builder);
}

static void
forget_counts (PsTenantRoute *route)
{
  route->requests = 0;
  g_hash_table_remove_all (route->outcomes);
}

void
ps_tenant_router_reset_counts (PsTenantRouter *router)
{
  for (guint i = 0; i < router->routes->len; i++)
    forget_counts (g_ptr_array_index (router->routes, i));
  forget_counts (router->nowhere);
}
