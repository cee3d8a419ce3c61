/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * POST /$batch: up to 20 calls in one. A batch that cannot be understood is refused as a whole and none of it runs;
 * else it is 200 and each part has its own status. The parts are answered in another order than asked, as the service
 * may do.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"

#include <string.h>

#define MOST_PARTS 20

typedef struct {
  const char *id, *method, *url; /* owned by the body */
  JsonObject *object;            /* likewise */
  JsonArray *depends_on;         /* (nullable) likewise */
  guint status;
  char *json; /* (owned): the finished response object */
} Part;

static void
part_clear (gpointer data)
{
  g_free (((Part *) data)->json);
}

static gboolean
refuse (PsTenantMsCall *call, const char *format, const char *id)
{
  g_autoptr (GString) text = g_string_new (format);

  g_string_replace (text, "{}", id, 1);
  ps_tenant_ms_error (call, 400, "BadRequest", "%s", text->str);
  return FALSE;
}

static Part *
find_part (GArray *parts, const char *id)
{
  for (guint i = 0; i < parts->len; i++)
    if (g_strcmp0 (g_array_index (parts, Part, i).id, id) == 0)
      return &g_array_index (parts, Part, i);
  return NULL;
}

static gboolean
headers_are_strings (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "headers");
  g_autoptr (GList) members = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  members = json_object_get_members (json_node_get_object (node));
  for (GList *link = members; link != NULL; link = link->next)
    if (ps_tenant_ms_json_get_string (json_node_get_object (node), link->data) == NULL)
      return FALSE;
  return TRUE;
}

/* Returns: (nullable): the value of a part's header, whatever its case. */
static const char *
part_header (JsonObject *object, const char *name)
{
  JsonObject *headers = ps_tenant_ms_json_get_object (object, "headers");
  g_autoptr (GList) members = headers != NULL ? json_object_get_members (headers) : NULL;

  for (GList *link = members; link != NULL; link = link->next)
    if (g_ascii_strcasecmp (link->data, name) == 0)
      return ps_tenant_ms_json_get_string (headers, link->data);
  return NULL;
}

/* "Write request id : N does not contain Content-Type header or body" refuses the whole batch: one part of it that
 * writes without both is enough, also where the call itself would need no body. */
static gboolean
check_write (PsTenantMsCall *call, const Part *part)
{
  gboolean has_body =
      json_object_has_member (part->object, "body") && !json_object_get_null_member (part->object, "body");
  gboolean writes = !g_str_equal (part->method, "GET") && !g_str_equal (part->method, "DELETE");

  if (part_header (part->object, "Content-Type") == NULL ? writes || has_body : writes && !has_body)
    return refuse (call, "Write request id : {} does not contain Content-Type header or body.", part->id);
  return TRUE;
}

static gboolean
read_part (PsTenantMsCall *call, JsonObject *object, GArray *parts)
{
  static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };
  Part part = { .object = object };

  if (object == NULL)
    return refuse (call, "Invalid batch payload format.", "");
  part.id = ps_tenant_ms_json_get_string (object, "id");
  part.method = ps_tenant_ms_json_get_string (object, "method");
  part.url = ps_tenant_ms_json_get_string (object, "url");
  part.depends_on = ps_tenant_ms_json_get_array (object, "dependsOn");
  if (part.id == NULL || *part.id == '\0' || part.method == NULL || part.url == NULL || !headers_are_strings (object))
    return refuse (call, "Invalid batch payload format.", "");
  if (!g_strv_contains (methods, part.method))
    return refuse (call, "Request id : {} has a method that is not supported.", part.id);
  if (find_part (parts, part.id) != NULL)
    return refuse (call, "Duplicate request id : {} in the batch request.", part.id);
  /* Relative addresses only, and no batch in a batch. */
  if (*part.url == '\0' || strstr (part.url, "://") != NULL || g_str_has_prefix (part.url, "//") ||
      strstr (part.url, "$batch") != NULL)
    return refuse (call, "Request id : {} has an invalid URL.", part.id);
  if (!check_write (call, &part))
    return FALSE;
  g_array_append_val (parts, part);
  return TRUE;
}

/* All parts depend on nothing; or each on the one before; or all others on the same one. Anything else is refused. */
static gboolean
check_dependencies (PsTenantMsCall *call, GArray *parts)
{
  gboolean serial = TRUE, same = TRUE;
  guint dependent = 0;
  const char *common = NULL;

  for (guint i = 0; i < parts->len; i++) {
    const Part *part = &g_array_index (parts, Part, i);
    JsonNode *node = part->depends_on != NULL && json_array_get_length (part->depends_on) > 0
                         ? json_array_get_element (part->depends_on, 0)
                         : NULL;
    const char *on;

    if (node == NULL)
      continue;
    if (json_array_get_length (part->depends_on) > 1 || json_node_get_value_type (node) != G_TYPE_STRING)
      return refuse (call, "Request id : {} has dependencies that are not supported.", part->id);
    on = json_node_get_string (node);
    if (find_part (parts, on) == NULL || g_str_equal (on, part->id))
      return refuse (call, "Request id : {} depends on a request that is not in the batch.", part->id);
    dependent++;
    serial = serial && i > 0 && g_str_equal (on, g_array_index (parts, Part, i - 1).id);
    same = same && (common == NULL || g_str_equal (on, common));
    common = on;
  }
  if (dependent > 0 && !(dependent == parts->len - 1 && (serial || same)))
    return refuse (call, "The dependencies between the requests are neither sequential nor parallel.", "");
  return TRUE;
}

static void
copy_header (const char *name, const char *value, gpointer target)
{
  /* What describes the outer body says nothing about a part. */
  if (!g_str_has_prefix (name, "Content-") && !g_str_has_prefix (name, "content-"))
    soup_message_headers_replace (target, name, value);
}

static SoupMessageHeaders *
part_headers (PsTenantMsCall *call, const Part *part)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  JsonObject *own = ps_tenant_ms_json_get_object (part->object, "headers");
  g_autoptr (GList) members = own != NULL ? json_object_get_members (own) : NULL;

  soup_message_headers_foreach (call->request->headers, copy_header, headers);
  for (GList *link = members; link != NULL; link = link->next)
    soup_message_headers_replace (headers, link->data, ps_tenant_ms_json_get_string (own, link->data));
  return headers;
}

/* A JSON body is the value itself; another kind comes as text (base64 where it is binary). */
static GBytes *
part_body (const Part *part)
{
  JsonNode *node = json_object_get_member (part->object, "body");
  const char *type = part_header (part->object, "Content-Type");
  char *text;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING && type != NULL && strstr (type, "json") == NULL)
    text = g_strdup (json_node_get_string (node));
  else
    text = json_to_string (node, FALSE);
  return g_bytes_new_take (text, strlen (text));
}

static void
append_header (const char *name, const char *value, gpointer data)
{
  GString *json = data;

  g_string_append_c (json, ',');
  ps_tenant_ms_json_string (json, name);
  g_string_append_c (json, ':');
  ps_tenant_ms_json_string (json, value);
}

static void
write_response (Part *part, PsTenantReply *reply)
{
  GString *json = g_string_new ("{\"id\":");
  gsize size = 0;
  const char *text = reply->body != NULL ? g_bytes_get_data (reply->body, &size) : NULL;

  ps_tenant_ms_json_string (json, part->id);
  g_string_append_printf (json, ",\"status\":%u,\"headers\":{\"Cache-Control\":\"no-cache\"", reply->status);
  soup_message_headers_foreach (reply->headers, append_header, json);
  if (reply->content_type != NULL && !soup_message_headers_get_one (reply->headers, "Content-Type"))
    append_header ("Content-Type", reply->content_type, json);
  g_string_append_c (json, '}');
  if (size > 0) {
    g_string_append (json, ",\"body\":");
    if (reply->content_type != NULL && strstr (reply->content_type, "json") != NULL)
      g_string_append_len (json, text, (gssize) size);
    else {
      g_autofree char *copy = g_strndup (text, size);

      ps_tenant_ms_json_string (json, copy);
    }
  }
  g_string_append_c (json, '}');
  part->status = reply->status;
  part->json = g_string_free (json, FALSE);
}

static void
run_part (PsTenantMsCall *call, Part *part)
{
  g_autoptr (SoupMessageHeaders) headers = part_headers (call, part);
  g_autoptr (GBytes) body = part_body (part);
  g_auto (GStrv) halves = g_strsplit (part->url, "?", 2);
  g_autofree char *path = g_strconcat ("/v1.0", *halves[0] == '/' ? "" : "/", halves[0], NULL);
  PsTenantRequest request = { .method = part->method, .path = path, .query_string = halves[1], .headers = headers };
  PsTenantReply reply = { 0 };

  request.body = body;
  request.in_batch = TRUE;
  ps_tenant_server_dispatch (call->ms->server, &request, &reply);
  write_response (part, &reply);
  ps_tenant_reply_clear (&reply);
}

static void
fail_dependency (Part *part)
{
  PsTenantReply reply = { .headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE) };

  ps_tenant_reply_text (
      &reply, 424, "application/json",
      "{\"error\":{\"code\":\"FailedDependency\",\"message\":\"A request that this one depends on has "
      "failed.\"}}");
  write_response (part, &reply);
  ps_tenant_reply_clear (&reply);
}

/* Runs what it depends on first, and does not run after a failure. There is no circle: of n parts at most n - 1 depend
 * on another, each on the one before or all on the same. */
static void
run_after_dependency (PsTenantMsCall *call, GArray *parts, Part *part)
{
  Part *before = NULL;

  if (part->json != NULL)
    return;
  if (part->depends_on != NULL && json_array_get_length (part->depends_on) > 0) {
    before = find_part (parts, json_array_get_string_element (part->depends_on, 0));
    run_after_dependency (call, parts, before);
  }
  if (before != NULL && before->status >= 400)
    fail_dependency (part);
  else
    run_part (call, part);
}

static gboolean
read_parts (PsTenantMsCall *call, JsonObject *body, GArray *parts)
{
  JsonArray *requests = ps_tenant_ms_json_get_array (body, "requests");
  guint length = requests != NULL ? json_array_get_length (requests) : 0;

  if (length == 0)
    return refuse (call, "Invalid batch payload format.", "");
  if (length > MOST_PARTS)
    return refuse (call, "Number of batch request steps exceeds the maximum value of 20.", "");
  for (guint i = 0; i < length; i++)
    if (!read_part (call, ps_tenant_ms_json_element_object (requests, i), parts))
      return FALSE;
  return check_dependencies (call, parts);
}

static void
run_batch (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = ps_tenant_ms_body (call);
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (Part));
  GString *json;

  g_array_set_clear_func (parts, part_clear);
  if (body == NULL || !read_parts (call, body, parts))
    return;
  for (guint i = 0; i < parts->len; i++)
    run_after_dependency (call, parts, &g_array_index (parts, Part, i));
  json = g_string_new ("{\"responses\":[");
  /* Never the order of the question, always the same for the same batch. */
  for (guint i = 0; i < parts->len; i++) {
    const Part *part = &g_array_index (parts, Part, (2 * parts->len - 1 - i + parts->len / 2) % parts->len);

    g_string_append (json, i > 0 ? "," : "");
    g_string_append (json, part->json);
  }
  g_string_append (json, "]}");
  ps_tenant_ms_answer (call, 200, json);
}

const PsTenantMsRoute ps_tenant_ms_batch_routes[] = {
  { "POST", "/v1.0/$batch", run_batch, PS_TENANT_MS_BATCH, NULL, NULL },
  { NULL },
};
