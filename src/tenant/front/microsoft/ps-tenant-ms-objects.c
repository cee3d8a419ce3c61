/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-objects.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-query.h"

#include <string.h>

#define LARGEST_PAGE 999
#define DEFAULT_PAGE 100

typedef struct {
  enum { EQUALS, STARTS_WITH, ANY } kind;
  char *name, *value;
} Clause;

static void
clause_free (gpointer data)
{
  Clause *clause = data;

  g_free (clause->name);
  g_free (clause->value);
  g_free (clause);
}

JsonObject *
ps_tenant_ms_object_new (const char *template)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_data (parser, template, -1, &error))
    g_error ("a template of ours is no JSON: %s", error->message);
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

void
ps_tenant_ms_object_set (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
ps_tenant_ms_object_set_time (JsonObject *object, const char *name, gint64 ms)
{
  g_autofree char *time = ps_tenant_ms_time (ms);

  json_object_set_string_member (object, name, time);
}

void
ps_tenant_ms_object_set_strings (JsonObject *object, const char *name, const GPtrArray *strings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < strings->len; i++)
    json_array_add_string_element (array, g_ptr_array_index (strings, i));
  json_object_set_array_member (object, name, array);
}

/* Returns: (transfer full) (nullable): what $select names of @object; NULL: it names something that is not there. */
static JsonObject *
select_members (PsTenantMsCall *call, JsonObject *object)
{
  const char *text = ps_tenant_request_query (call->request, "$select");
  g_autoptr (JsonObject) selected = json_object_new ();
  g_auto (GStrv) names = NULL;

  if (text == NULL)
    return json_object_ref (object);
  names = g_strsplit (text, ",", -1);
  for (guint i = 0; names[i] != NULL; i++) {
    const char *name = g_strstrip (names[i]);

    if (!json_object_has_member (object, name)) {
      ps_tenant_ms_error (call, 400, "BadRequest",
                          "Parsing OData Select and Expand failed: Could not find a property named '%s'.", name);
      return NULL;
    }
    json_object_set_member (selected, name, json_node_copy (json_object_get_member (object, name)));
  }
  return g_steal_pointer (&selected);
}

static char *
context_of (PsTenantMsCall *call, const char *entity)
{
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  const char *select = ps_tenant_request_query (call->request, "$select");

  return select != NULL ? g_strdup_printf ("%s/v1.0/$metadata#%s(%s)", base, entity, select)
                        : g_strdup_printf ("%s/v1.0/$metadata#%s", base, entity);
}

static void
answer_tree (PsTenantMsCall *call, guint status, JsonObject *object)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, object);
  text = json_to_string (node, FALSE);
  ps_tenant_ms_answer (call, status, g_string_new (text));
}

/* A copy with @odata.context in the first place, as OData wants it. */
static JsonObject *
with_context (JsonObject *object, const char *context)
{
  JsonObject *copy = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (object);

  json_object_set_string_member (copy, "@odata.context", context);
  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (copy, l->data, json_node_copy (json_object_get_member (object, l->data)));
  return copy;
}

void
ps_tenant_ms_object_answer (PsTenantMsCall *call, guint status, const char *entity, JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  g_autoptr (JsonObject) selected = select_members (call, object);
  g_autoptr (JsonObject) reply = NULL;
  g_autofree char *context = context_of (call, entity);

  if (selected == NULL)
    return;
  reply = with_context (selected, context);
  answer_tree (call, status, reply);
}

/* Returns: (transfer full) (nullable): the clauses of $filter; NULL after a refusal. */
static GPtrArray *
parse_filter (PsTenantMsCall *call, const char *text)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("\\s*(?:([A-Za-z]+)\\s+eq\\s+'((?:[^']|'')*)'"
                   "|startswith\\(\\s*([A-Za-z]+)\\s*,\\s*'((?:[^']|'')*)'\\s*\\)"
                   "|([A-Za-z]+)/any\\(\\s*([A-Za-z]+)\\s*:\\s*\\6\\s+eq\\s+'((?:[^']|'')*)'\\s*\\))"
                   "\\s*(?:$|\\band\\b)",
                   G_REGEX_ANCHORED, 0, NULL);
  g_autoptr (GPtrArray) clauses = g_ptr_array_new_with_free_func (clause_free);
  gsize at = 0, length = strlen (text);

  do {
    g_autoptr (GMatchInfo) match = NULL;
    Clause *clause;
    int end;

    if (!g_regex_match_full (regex, text, (gssize) length, (int) at, 0, &match, NULL)) {
      ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                          "Unsupported or invalid query filter clause specified.");
      return NULL;
    }
    clause = g_new0 (Clause, 1);
    for (guint kind = EQUALS, group = 1; kind <= ANY && clause->name == NULL; kind++, group += 2) {
      g_autofree char *name = g_match_info_fetch (match, (int) group);
      GString *value;
      char *quoted;

      if (name == NULL || *name == '\0')
        continue;
      clause->kind = kind;
      clause->name = g_steal_pointer (&name);
      quoted = g_match_info_fetch (match, (int) group + (kind == ANY ? 2 : 1));
      value = g_string_new (quoted);
      g_free (quoted);
      g_string_replace (value, "''", "'", 0);
      clause->value = g_string_free (value, FALSE);
    }
    g_ptr_array_add (clauses, clause);
    g_match_info_fetch_pos (match, 0, NULL, &end);
    at = (gsize) end;
  } while (at < length);
  return g_steal_pointer (&clauses);
}

/* The directory compares text without regard to case. */
static gboolean
clause_fits (const Clause *clause, JsonObject *object)
{
  const char *text = ps_tenant_ms_json_get_string (object, clause->name);
  JsonArray *array = ps_tenant_ms_json_get_array (object, clause->name);

  switch (clause->kind) {
  case EQUALS:
    return text != NULL && g_ascii_strcasecmp (text, clause->value) == 0;
  case STARTS_WITH:
    return text != NULL && g_ascii_strncasecmp (text, clause->value, strlen (clause->value)) == 0;
  case ANY:
  default:
    for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
      JsonNode *element = json_array_get_element (array, i);

      if (json_node_get_value_type (element) == G_TYPE_STRING &&
          g_ascii_strcasecmp (json_node_get_string (element), clause->value) == 0)
        return TRUE;
    }
    return FALSE;
  }
}

/* Returns: (transfer container) (nullable): NULL after a refusal. */
static GPtrArray *
filter_objects (PsTenantMsCall *call, const GPtrArray *objects)
{
  const char *text = ps_tenant_request_query (call->request, "$filter");
  g_autoptr (GPtrArray) clauses = NULL;
  g_autoptr (GPtrArray) fitting = g_ptr_array_new ();

  if (text != NULL && (clauses = parse_filter (call, text)) == NULL)
    return NULL;
  for (guint i = 0; i < objects->len; i++) {
    JsonObject *object = g_ptr_array_index (objects, i);
    gboolean fits = TRUE;

    for (guint k = 0; clauses != NULL && k < clauses->len; k++) {
      const Clause *clause = g_ptr_array_index (clauses, k);

      if (!json_object_has_member (object, clause->name)) {
        ps_tenant_ms_error (call, 400, "BadRequest", "Invalid filter clause: Could not find a property named '%s'.",
                            clause->name);
        return NULL;
      }
      fits = fits && clause_fits (clause, object);
    }
    if (fits)
      g_ptr_array_add (fitting, object);
  }
  return g_steal_pointer (&fitting);
}

static gboolean
read_page (PsTenantMsCall *call, guint64 *skip, guint64 *top)
{
  const char *top_text = ps_tenant_request_query (call->request, "$top");
  const char *token = ps_tenant_request_query (call->request, "$skiptoken");
  g_autofree char *payload = token != NULL ? ps_tenant_ms_token_open ("objects", token) : NULL;

  *top = DEFAULT_PAGE;
  *skip = 0;
  if ((top_text == NULL || g_ascii_string_to_unsigned (top_text, 10, 1, LARGEST_PAGE, top, NULL)) &&
      (token == NULL || (payload != NULL && g_ascii_string_to_unsigned (payload, 10, 0, G_MAXUINT32, skip, NULL))))
    return TRUE;
  ps_tenant_ms_error (call, 400, "BadRequest", "Invalid value specified for '$top' or '$skiptoken'.");
  return FALSE;
}

static void
add_next_link (PsTenantMsCall *call, JsonObject *reply, guint64 next)
{
  static const char *const kept[] = { "$select", "$filter", "$top" };
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  g_autofree char *payload = g_strdup_printf ("%" G_GUINT64_FORMAT, next);
  g_autofree char *token = ps_tenant_ms_token_make ("objects", payload);
  g_autoptr (GString) link = g_string_new (base);

  g_string_append_printf (link, "%s?$skiptoken=%s", call->request->path, token);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    const char *value = ps_tenant_request_query (call->request, kept[i]);

    if (value == NULL)
      continue;
    g_string_append_printf (link, "&%s=", kept[i]);
    g_string_append_uri_escaped (link, value, NULL, FALSE);
  }
  json_object_set_string_member (reply, "@odata.nextLink", link->str);
}

void
ps_tenant_ms_objects_answer (PsTenantMsCall *call, const char *entity, const GPtrArray *objects)
{
  g_autoptr (JsonObject) reply = json_object_new ();
  g_autoptr (JsonArray) value = json_array_new ();
  g_autoptr (GPtrArray) fitting = NULL;
  g_autofree char *context = context_of (call, entity);
  guint64 skip, top;

  if (!read_page (call, &skip, &top) || (fitting = filter_objects (call, objects)) == NULL)
    return;
  for (guint64 i = skip; i < fitting->len && i < skip + top; i++) {
    JsonObject *selected = select_members (call, g_ptr_array_index (fitting, i));

    if (selected == NULL)
      return;
    json_array_add_object_element (value, selected);
  }
  json_object_set_string_member (reply, "@odata.context", context);
  if (skip + top < fitting->len)
    add_next_link (call, reply, skip + top);
  json_object_set_array_member (reply, "value", g_steal_pointer (&value));
  answer_tree (call, 200, reply);
}

char *
ps_tenant_ms_object_key (const char *segment)
{
  const char *quote = strstr (segment, "='");

  if (quote == NULL || !g_str_has_suffix (segment, "')"))
    return g_strdup (segment);
  return g_strndup (quote + 2, strlen (quote + 2) - strlen ("')"));
}

void
ps_tenant_ms_object_missing (PsTenantMsCall *call, const char *id)
{
  ps_tenant_ms_error (call, 404, "Request_ResourceNotFound",
                      "Resource '%s' does not exist or one of its queried reference-property objects are not present.",
                      id);
}
