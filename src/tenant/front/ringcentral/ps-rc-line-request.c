/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a client sends over the event socket: heartbeats, and REST calls that go through the same handlers as HTTP.
 * OAuth calls are not possible there (§4.2).
 */
#include "config.h"

#include "ps-rc-line.h"

#include <string.h>

static const char *
text_member (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static void
answer_heartbeat (PsRcLine *line, const char *message_id)
{
  g_auto (PsRcJson) json = { 0 };

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "type", "Heartbeat");
  ps_rc_json_text (&json, "messageId", message_id);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_line_send (line, json.text->str);
}

static void
add_parameter (GString *query, const char *name, JsonNode *node)
{
  g_autofree char *value = NULL;

  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_node_get_array (node);

    for (guint i = 0; i < json_array_get_length (array); i++)
      if (JSON_NODE_HOLDS_VALUE (json_array_get_element (array, i)))
        add_parameter (query, name, json_array_get_element (array, i));
    return;
  }
  if (!JSON_NODE_HOLDS_VALUE (node))
    return;
  value = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : json_to_string (node, FALSE);
  if (query->len > 0)
    g_string_append_c (query, '&');
  g_string_append_uri_escaped (query, name, NULL, FALSE);
  g_string_append_c (query, '=');
  g_string_append_uri_escaped (query, value, NULL, FALSE);
}

/* Parameters come in `query`, in the path, or in both. */
static char *
collect_query (JsonObject *meta, const char *of_path)
{
  GString *query = g_string_new (of_path);
  JsonNode *node = json_object_get_member (meta, "query");

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
    g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

    for (GList *name = names; name != NULL; name = name->next)
      add_parameter (query, name->data, json_object_get_member (json_node_get_object (node), name->data));
  }
  return g_string_free (query, FALSE);
}

/* libsoup takes what no header can be for a mistake of ours. */
static gboolean
is_header (const char *name, const char *value)
{
  return name[0] != '\0' && strpbrk (name, " \t\r\n:") == NULL && strpbrk (value, "\r\n") == NULL;
}

static SoupMessageHeaders *
collect_headers (JsonObject *meta)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  JsonNode *node = json_object_get_member (meta, "headers");

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node)) {
    g_autoptr (GList) names = json_object_get_members (json_node_get_object (node));

    for (GList *name = names; name != NULL; name = name->next) {
      const char *value = text_member (json_node_get_object (node), name->data);

      if (value != NULL && is_header (name->data, value))
        soup_message_headers_append (headers, name->data, value);
    }
  }
  if (soup_message_headers_get_content_type (headers, NULL) == NULL)
    soup_message_headers_replace (headers, "Content-Type", "application/json");
  return headers;
}

static void
send_reply (PsRcLine *line, const char *message_id, const PsTenantReply *reply)
{
  g_auto (PsRcJson) json = { 0 };

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  ps_rc_line_write_meta (&json, "ClientRequest", message_id, reply->status, reply->headers, line);
  if (reply->body != NULL && g_bytes_get_size (reply->body) > 0)
    /* A multipart/mixed body stands there as it is, and makes the frame invalid JSON: so it is at RingCentral's. */
    ps_rc_json_raw (&json, NULL, g_bytes_get_data (reply->body, NULL), (gssize) g_bytes_get_size (reply->body));
  ps_rc_json_close (&json, ']');
  ps_rc_line_send (line, json.text->str);
}

static void
refuse_path (PsRcLine *line, const char *message_id)
{
  PsTenantReply reply = { .headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE) };

  ps_rc_fail (&reply, 404, NULL, "CMN-120", NULL, NULL, "Invalid URI");
  send_reply (line, message_id, &reply);
  ps_tenant_reply_clear (&reply);
}

static void
run_request (PsRcLine *line, JsonObject *meta, JsonNode *content)
{
  PsRcFront *front = line->front;
  const char *method = text_member (meta, "method"), *path = text_member (meta, "path");
  g_auto (GStrv) parts = g_strsplit (path, "?", 2);
  g_autofree char *query = collect_query (meta, parts[1]);
  g_autofree char *body = content != NULL ? json_to_string (content, FALSE) : g_strdup ("");
  g_autoptr (SoupMessageHeaders) headers = collect_headers (meta);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  g_autofree char *upper = g_ascii_strup (method, -1);
  PsTenantRequest request = {
    .method = upper, .query_string = query, .headers = headers, .body = bytes, .in_batch = TRUE
  };
  PsTenantReply reply = { 0 };
  gsize length = strlen (parts[0]);

  if (length > 1 && parts[0][length - 1] == '/') /* "/restapi/v1.0/subscription/" is what the guide sends */
    parts[0][length - 1] = '\0';
  request.path = parts[0];
  front->asking = line;
  ps_tenant_server_dispatch (front->server, &request, &reply);
  front->asking = NULL;
  send_reply (line, text_member (meta, "messageId"), &reply);
  ps_tenant_reply_clear (&reply);
}

static void
handle_parts (PsRcLine *line, JsonObject *meta, JsonNode *content)
{
  const char *type = text_member (meta, "type"), *message_id = text_member (meta, "messageId");
  const char *path = text_member (meta, "path");

  if (g_strcmp0 (type, "Heartbeat") == 0 && message_id != NULL)
    answer_heartbeat (line, message_id);
  else if (g_strcmp0 (type, "ClientRequest") != 0 || message_id == NULL || path == NULL ||
           text_member (meta, "method") == NULL)
    ps_rc_line_send_error (line->connection, message_id, 400, "CMN-103", "Cannot parse request");
  else if (!g_str_has_prefix (path, "/restapi/v"))
    refuse_path (line, message_id);
  else
    run_request (line, meta, content);
}

void
ps_rc_line_handle (PsRcLine *line, GBytes *message)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize size;
  const char *text = g_bytes_get_data (message, &size);
  JsonNode *root = NULL, *meta = NULL;
  JsonArray *parts;
  guint count;

  if (size > 0 && json_parser_load_from_data (parser, text, (gssize) size, NULL))
    root = json_parser_get_root (parser);
  parts = root != NULL && JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;
  count = parts != NULL ? json_array_get_length (parts) : 0;
  if (count == 1 || count == 2)
    meta = json_array_get_element (parts, 0);
  if (meta == NULL || !JSON_NODE_HOLDS_OBJECT (meta))
    ps_rc_line_send_error (line->connection, NULL, 400, "CMN-103", "Cannot parse request");
  else
    handle_parts (line, json_node_get_object (meta), count == 2 ? json_array_get_element (parts, 1) : NULL);
}
