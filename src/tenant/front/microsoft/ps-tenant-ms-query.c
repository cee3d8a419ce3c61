/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-query.h"

#include <string.h>

#define DEFAULT_PAGE 100
#define LARGEST_PAGE 999

static const struct {
  const char *name;
  PsTenantMsOptions option;
} options[] = {
  { "$select", PS_TENANT_MS_OPTION_SELECT },        { "$top", PS_TENANT_MS_OPTION_TOP },
  { "$filter", PS_TENANT_MS_OPTION_FILTER },        { "$search", PS_TENANT_MS_OPTION_SEARCH },
  { "$count", PS_TENANT_MS_OPTION_COUNT },          { "$orderby", PS_TENANT_MS_OPTION_ORDER_BY },
  { "$skiptoken", PS_TENANT_MS_OPTION_SKIP_TOKEN }, { "$deltatoken", PS_TENANT_MS_OPTION_DELTA_TOKEN },
};

void
ps_tenant_ms_query_clear (PsTenantMsQuery *query)
{
  g_clear_pointer (&query->select, g_ptr_array_unref);
  g_clear_pointer (&query->filter, ps_tenant_ms_filter_free);
  g_clear_pointer (&query->search, ps_tenant_ms_search_free);
}

char *
ps_tenant_ms_token_make (const char *kind, const char *payload)
{
  g_autofree char *text = g_strconcat (kind, ":", payload, NULL);

  return ps_tenant_ms_base64url ((const guint8 *) text, strlen (text));
}

char *
ps_tenant_ms_token_open (const char *kind, const char *token)
{
  gsize length = 0;
  g_autofree char *data = (char *) ps_tenant_ms_base64url_decode (token, &length);
  g_autofree char *text = data != NULL ? g_strndup (data, length) : NULL;

  if (text == NULL || !g_str_has_prefix (text, kind) || text[strlen (kind)] != ':')
    return NULL;
  return g_strdup (text + strlen (kind) + 1);
}

/* An option that this resource does not have is refused by name; what does not begin with $ is nobody's. */
static gboolean
check_names (PsTenantMsCall *call, PsTenantMsOptions allowed)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, call->request->query);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    const char *name = key;
    gboolean known = FALSE;

    if (*name != '$')
      continue;
    for (guint i = 0; i < G_N_ELEMENTS (options) && !known; i++)
      known = g_str_equal (options[i].name, name) && (allowed & options[i].option) != 0;
    if (!known) {
      ps_tenant_ms_error (call, 400, "Request_BadRequest", "'%s' is not supported by the service.", name);
      return FALSE;
    }
  }
  return TRUE;
}

static void
select_defaults (const PsTenantMsType *type, GPtrArray *select)
{
  for (const PsTenantMsProperty *property = type->properties; property->name != NULL; property++)
    if ((property->flags & PS_TENANT_MS_DEFAULT) != 0)
      g_ptr_array_add (select, (gpointer) property);
}

gboolean
ps_tenant_ms_query_select (PsTenantMsCall *call, const PsTenantMsType *type, const char *text, gboolean single,
                           GPtrArray *select)
{
  g_auto (GStrv) names = NULL;

  if (text == NULL) {
    select_defaults (type, select);
    return TRUE;
  }
  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i] != NULL; i++) {
    const PsTenantMsProperty *property = ps_tenant_ms_type_find (type, g_strstrip (names[i]));

    if (property == NULL) {
      ps_tenant_ms_error (call, 400, "BadRequest",
                          "Parsing OData Select and Expand failed: Could not find a property named '%s' on type '%s'.",
                          names[i], type->name);
      return FALSE;
    }
    if (property->kind == PS_TENANT_MS_SINGLE && !single) {
      ps_tenant_ms_error (call, 501, "NotImplemented", "The property '%s' can't be selected in a collection.",
                          property->name);
      return FALSE;
    }
    if (!g_ptr_array_find (select, property, NULL))
      g_ptr_array_add (select, (gpointer) property);
  }
  return TRUE;
}

static gboolean
parse_top (PsTenantMsCall *call, const char *text, PsTenantMsQuery *query)
{
  guint64 top;

  query->top = DEFAULT_PAGE;
  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, LARGEST_PAGE, &top, NULL)) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                        "Invalid page size specified: '%s'. Must be between 1 and %d inclusive.", text, LARGEST_PAGE);
    return FALSE;
  }
  query->top = (guint) top;
  return TRUE;
}

/* Filter and search. What needs "advanced query" is refused without it, as the directory does. */
static gboolean
parse_filter (PsTenantMsCall *call, const PsTenantMsType *type, const char *text, PsTenantMsQuery *query)
{
  g_autofree char *problem = NULL;
  gboolean needs_advanced = FALSE;

  if (text == NULL)
    return TRUE;
  query->filter = ps_tenant_ms_filter_parse (type, text, &needs_advanced, &problem);
  if (query->filter == NULL) {
    ps_tenant_ms_error (call, 400,
                        g_str_has_prefix (problem, "Unsupported") ? "Request_UnsupportedQuery" : "BadRequest", "%s",
                        problem);
    return FALSE;
  }
  if (needs_advanced && !query->count) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                        "Operator is not supported because the required parameters might be missing. Try adding "
                        "$count=true query parameter and ConsistencyLevel:eventual header.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
parse_search (PsTenantMsCall *call, const PsTenantMsType *type, const char *text, PsTenantMsQuery *query)
{
  g_autofree char *problem = NULL;

  if (text == NULL)
    return TRUE;
  if (!ps_tenant_ms_is_advanced (call)) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                        "Request with $search query parameter only works through MSGraph with a special request "
                        "header: 'ConsistencyLevel: eventual'");
    return FALSE;
  }
  query->search = ps_tenant_ms_search_parse (type, text, &problem);
  if (query->search == NULL)
    ps_tenant_ms_error (call, 400, "BadRequest", "%s", problem);
  return query->search != NULL;
}

static gboolean
parse_order (PsTenantMsCall *call, const PsTenantMsType *type, const char *text, PsTenantMsQuery *query)
{
  g_auto (GStrv) words = NULL;

  if (text == NULL)
    return TRUE;
  words = g_strsplit (text, " ", -1);
  if (words[0] != NULL && (g_str_equal (words[0], "displayName") || g_str_equal (words[0], "userPrincipalName")))
    query->order_by = ps_tenant_ms_type_find (type, words[0]);
  query->descending = words[0] != NULL && g_strcmp0 (words[1], "desc") == 0;
  if (query->order_by == NULL ||
      (words[1] != NULL && (words[2] != NULL || !(query->descending || g_str_equal (words[1], "asc"))))) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery", "Sorting by '%s' is not supported.", text);
    return FALSE;
  }
  if ((query->filter != NULL || query->search != NULL) && !query->count) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery", "Sorting not supported for current query.");
    return FALSE;
  }
  return TRUE;
}

static gboolean
parse_skip_token (PsTenantMsCall *call, const char *text, PsTenantMsQuery *query)
{
  g_autofree char *payload = NULL;

  if (text == NULL)
    return TRUE;
  payload = ps_tenant_ms_token_open ("page", text);
  if (payload == NULL || !g_ascii_string_to_unsigned (payload, 10, 0, G_MAXUINT, &query->skip, NULL)) {
    ps_tenant_ms_error (call, 400, "Directory_ExpiredPageToken",
                        "The specified page token value has expired and can no longer be included in your request.");
    return FALSE;
  }
  return TRUE;
}

gboolean
ps_tenant_ms_query_parse (PsTenantMsCall *call, const PsTenantMsType *type, PsTenantMsOptions allowed,
                          PsTenantMsQuery *query)
{
  const PsTenantRequest *request = call->request;
  const char *select = ps_tenant_request_query (request, "$select");
  const char *count = ps_tenant_request_query (request, "$count");

  query->select = g_ptr_array_new ();
  query->selected = select != NULL;
  if (!check_names (call, allowed))
    return FALSE;
  if (count != NULL && !g_str_equal (count, "true") && !g_str_equal (count, "false")) {
    ps_tenant_ms_error (call, 400, "BadRequest", "Invalid value '%s' for $count query option found.", count);
    return FALSE;
  }
  /* Without the header $count=true is not refused but overlooked. */
  query->count = g_strcmp0 (count, "true") == 0 && ps_tenant_ms_is_advanced (call);
  return ps_tenant_ms_query_select (call, type, select, (allowed & PS_TENANT_MS_OPTION_SINGLE) != 0, query->select) &&
         parse_top (call, ps_tenant_request_query (request, "$top"), query) &&
         parse_filter (call, type, ps_tenant_request_query (request, "$filter"), query) &&
         parse_search (call, type, ps_tenant_request_query (request, "$search"), query) &&
         parse_order (call, type, ps_tenant_request_query (request, "$orderby"), query) &&
         parse_skip_token (call, ps_tenant_request_query (request, "$skiptoken"), query);
}

static gboolean
fits (const PsTenantMsQuery *query, gconstpointer object)
{
  return (query->filter == NULL || ps_tenant_ms_filter_fits (query->filter, object)) &&
         (query->search == NULL || ps_tenant_ms_search_fits (query->search, object));
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const PsTenantMsQuery *query = data;
  const char *const *strings;
  char first[256], second[256];
  const char *one = ps_tenant_ms_property_text (query->order_by, *(gconstpointer const *) a, first, &strings);
  const char *two = ps_tenant_ms_property_text (query->order_by, *(gconstpointer const *) b, second, &strings);
  int order = g_ascii_strcasecmp (one != NULL ? one : "", two != NULL ? two : "");

  return query->descending ? -order : order;
}

/* The page's own address with another $skiptoken: every other option stays as it was sent. */
static void
write_next_link (PsTenantMsCall *call, guint next, GString *json)
{
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  g_autofree char *payload = g_strdup_printf ("%u", next);
  g_autofree char *token = ps_tenant_ms_token_make ("page", payload);
  g_autoptr (GString) url = g_string_new (base);
  g_auto (GStrv) pairs = g_strsplit (call->request->query_string != NULL ? call->request->query_string : "", "&", -1);

  g_string_append (url, call->request->path);
  g_string_append_c (url, '?');
  for (guint i = 0; pairs[i] != NULL; i++)
    if (*pairs[i] != '\0' && !g_str_has_prefix (pairs[i], "$skiptoken=") &&
        g_ascii_strncasecmp (pairs[i], "%24skiptoken=", 13) != 0)
      g_string_append_printf (url, "%s&", pairs[i]);
  g_string_append_printf (url, "$skiptoken=%s", token);
  g_string_append (json, ",\"@odata.nextLink\":");
  ps_tenant_ms_json_string (json, url->str);
}

void
ps_tenant_ms_query_context (PsTenantMsCall *call, const PsTenantMsQuery *query, const char *entity_set, GString *json)
{
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  g_autoptr (GString) context = g_string_new (base);

  g_string_append_printf (context, "/v1.0/$metadata#%s", entity_set);
  for (guint i = 0; query->selected && i < query->select->len; i++) {
    const PsTenantMsProperty *property = g_ptr_array_index (query->select, i);

    g_string_append_printf (context, "%s%s", i == 0 ? "(" : ",", property->name);
  }
  if (query->selected && query->select->len > 0)
    g_string_append_c (context, ')');
  g_string_append (json, "\"@odata.context\":");
  ps_tenant_ms_json_string (json, context->str);
}

static gboolean
is_group (const PsTenantMsQuery *query, gconstpointer object)
{
  return query->groups != NULL && g_hash_table_contains (query->groups, object);
}

static gboolean
is_shown (const PsTenantMsQuery *query, gconstpointer object, gboolean (*exists) (gconstpointer object))
{
  return is_group (query, object) || (exists (object) && fits (query, object));
}

static void
write_object (const PsTenantMsQuery *query, gconstpointer object, GString *json)
{
  const GPtrArray *select = is_group (query, object) ? query->group_select : query->select;

  g_string_append_c (json, '{');
  if (query->groups != NULL)
    g_string_append_printf (json, "\"@odata.type\":\"#microsoft.graph.%s\"%s",
                            is_group (query, object) ? "group" : "user", select->len > 0 ? "," : "");
  ps_tenant_ms_write_members (json, select, object);
  g_string_append_c (json, '}');
}

static guint
count_all (const PsTenantMsQuery *query, const GPtrArray *objects, gboolean (*exists) (gconstpointer object))
{
  guint count = 0;

  for (guint i = 0; i < objects->len; i++)
    count += is_shown (query, g_ptr_array_index (objects, i), exists);
  return count;
}

void
ps_tenant_ms_query_answer (PsTenantMsCall *call, const PsTenantMsQuery *query, const char *entity_set,
                           const GPtrArray *objects, gboolean (*exists) (gconstpointer object))
{
  g_autoptr (GPtrArray) sorted = NULL;
  g_autoptr (GString) value = g_string_sized_new (4096);
  GString *json = g_string_new ("{");
  guint on_page = 0, next = 0;

  if (query->order_by != NULL) {
    sorted = g_ptr_array_sized_new (objects->len);
    for (guint i = 0; i < objects->len; i++)
      g_ptr_array_add (sorted, g_ptr_array_index (objects, i));
    g_ptr_array_sort_with_data (sorted, compare, (gpointer) query);
    objects = sorted;
  }
  for (guint i = (guint) MIN (query->skip, objects->len); i < objects->len; i++) {
    gconstpointer object = g_ptr_array_index (objects, i);

    if (!is_shown (query, object, exists))
      continue;
    if (on_page == query->top) {
      next = i;
      break;
    }
    if (on_page++ > 0)
      g_string_append_c (value, ',');
    write_object (query, object, value);
  }
  ps_tenant_ms_query_context (call, query, entity_set, json);
  if (query->count && query->skip == 0)
    g_string_append_printf (json, ",\"@odata.count\":%u", count_all (query, objects, exists));
  if (next > 0)
    write_next_link (call, next, json);
  g_string_append_printf (json, ",\"value\":[%s]}", value->str);
  ps_tenant_ms_answer (call, 200, json);
}
