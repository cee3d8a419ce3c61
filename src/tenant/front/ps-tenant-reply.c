/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading requests and filling in replies: what every front's handlers use.
 */
#include "config.h"

#include "ps-tenant-server.h"

#include <string.h>

void
ps_tenant_reply_json (PsTenantReply *reply, guint status, JsonNode *node)
{
  g_autofree char *text = json_to_string (node, FALSE);
  gsize length = strlen (text);

  json_node_unref (node);
  reply->status = status;
  if (reply->content_type == NULL)
    reply->content_type = g_strdup ("application/json; charset=utf-8");
  g_clear_pointer (&reply->body, g_bytes_unref);
  reply->body = g_bytes_new_take (g_steal_pointer (&text), length);
}

void
ps_tenant_reply_text (PsTenantReply *reply, guint status, const char *content_type, const char *text)
{
  reply->status = status;
  g_free (reply->content_type);
  reply->content_type = g_strdup (content_type);
  g_clear_pointer (&reply->body, g_bytes_unref);
  reply->body = g_bytes_new (text, strlen (text));
}

void
ps_tenant_reply_clear (PsTenantReply *reply)
{
  g_clear_pointer (&reply->headers, soup_message_headers_unref);
  g_clear_pointer (&reply->content_type, g_free);
  g_clear_pointer (&reply->body, g_bytes_unref);
}

/* json-glib reads nested values by recursion: what is too deep for its stack must not get that far. */
static gboolean
is_shallow (const char *text, gsize size)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size; i++) {
    if (in_string && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && (text[i] == '[' || text[i] == '{') && ++depth > 200)
      return FALSE;
    else if (!in_string && (text[i] == ']' || text[i] == '}') && depth > 0)
      depth--;
  }
  return TRUE;
}

JsonObject *
ps_tenant_request_json (const PsTenantRequest *request)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  gsize size;
  const char *text = g_bytes_get_data (request->body, &size);
  JsonNode *root;

  if (size == 0 || !g_utf8_validate (text, size, NULL) || !is_shallow (text, size) ||
      !json_parser_load_from_data (parser, text, size, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return NULL;
  return json_node_dup_object (root);
}

GHashTable *
ps_tenant_request_form (const PsTenantRequest *request)
{
  const char *type = soup_message_headers_get_content_type (request->headers, NULL);
  g_autofree char *text = NULL;
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);

  if (g_strcmp0 (type, SOUP_FORM_MIME_TYPE_URLENCODED) != 0)
    return NULL;
  text = g_strndup (data, size);
  return soup_form_decode (text);
}

const char *
ps_tenant_request_query (const PsTenantRequest *request, const char *name)
{
  return g_hash_table_lookup (request->query, name);
}

GPtrArray *
ps_tenant_request_query_all (const PsTenantRequest *request, const char *name)
{
  GPtrArray *values = g_ptr_array_new_with_free_func (g_free);
  GUriParamsIter iter;
  char *key, *value;

  if (request->query_string == NULL)
    return values;
  g_uri_params_iter_init (&iter, request->query_string, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &key, &value, NULL)) {
    if (g_str_equal (key, name))
      g_ptr_array_add (values, g_steal_pointer (&value));
    g_free (key);
    g_free (value);
  }
  return values;
}
