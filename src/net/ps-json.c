/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-json.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-error.h"

static GError *
not_json_error (const char *why)
{
  g_debug ("Reply refused: %s", why);
  return ps_error_new (
      PS_ERROR_BAD_REPLY,
      _ ("The service sent an answer that cannot be read. It may be in trouble, or something between it and "
         "this computer (a proxy, a filter, a sign-in page of the network) has put its own page in place of "
         "the answer. Check the network, and try again later."));
}

GError *
ps_json_error (const char *what)
{
  g_debug ("Reply is not what the contract says: %s", what);
  return ps_error_new (PS_ERROR_BAD_REPLY,
                       _ ("The service sent an answer that is not what its description promises. It may have "
                          "been changed; look for an update of this program, and try again later."));
}

/* The code unit of "\uXXXX" at @text, or -1. */
static int
escaped_unit (const char *text, gsize length)
{
  int unit = 0;

  if (length < 6 || text[0] != '\\' || text[1] != 'u')
    return -1;
  for (guint i = 2; i < 6; i++) {
    int digit = g_ascii_xdigit_value (text[i]);

    if (digit < 0)
      return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

/* Looks at the escape at @text, and replaces it by U+FFFD if json-glib cannot take it. Returns how many bytes are done,
 * or 0. */
static gsize
check_escape (char *text, gsize length)
{
  int unit;

  if (length < 2)
    return 0;
  if (text[1] != 'u')
    return 2;
  unit = escaped_unit (text, length);
  if (unit < 0)
    return 0;
  if (unit >= 0xd800 && unit < 0xdc00) {
    int low = escaped_unit (text + 6, length - 6);

    if (low >= 0xdc00 && low < 0xe000)
      return 12;
  }
  if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
    memcpy (text, "\\ufffd", 6);
  return 6;
}

/* json-glib also takes comments, single quotes and assignments; what is not JSON's own alphabet is refused, or it could
 * hide brackets from the count. */
static gboolean
is_plain (char byte)
{
  return g_ascii_isalnum (byte) || (byte != '\0' && strchr ("+-.,: \t\r\n", byte) != NULL);
}

/* Returns what is wrong with @text, or NULL. */
static const char *
look_over (char *text, gsize length)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (gsize i = 0; i < length;) {
    char byte = text[i];
    gsize step = 1;

    if (byte == '"')
      in_string = !in_string;
    else if (in_string)
      step = byte == '\\' ? check_escape (text + i, length - i) : (guchar) byte >= ' ' ? 1 : 0;
    else if (byte == '{' || byte == '[')
      depth++;
    else if (byte == '}' || byte == ']')
      depth--;
    else if (!is_plain (byte))
      return "not JSON";
    if (step == 0)
      return "broken text in it";
    if (depth > PS_JSON_MAX_DEPTH) /* also when it fell below 0 */
      return "nested too deep, or closed too often";
    i += step;
  }
  return in_string || depth > 0 ? "truncated" : NULL;
}

JsonNode *
ps_json_parse (GBytes *body, GError **error)
{
  g_autoptr (JsonParser) parser = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *text = NULL;
  const char *why;
  gsize length;
  const char *data;
  JsonNode *root;

  g_return_val_if_fail (body != NULL, NULL);

  data = g_bytes_get_data (body, &length);
  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0) {
    data += 3;
    length -= 3;
  }
  text = g_strndup (data != NULL ? data : "", length);
  why = g_utf8_validate_len (text, length, NULL) ? look_over (text, length) : "not UTF-8, or NUL in it";
  if (why != NULL) {
    g_propagate_error (error, not_json_error (why));
    return NULL;
  }
  parser = json_parser_new_immutable ();
  if (!json_parser_load_from_data (parser, text, (gssize) length, &local_error)) {
    g_propagate_error (error, not_json_error (local_error->message));
    return NULL;
  }
  root = json_parser_steal_root (parser);
  if (root == NULL)
    g_propagate_error (error, not_json_error ("empty"));
  return root;
}

JsonObject *
ps_json_parse_object (GBytes *body, GError **error)
{
  g_autoptr (JsonNode) root = ps_json_parse (body, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (root)) {
    g_propagate_error (error, ps_json_error ("not an object"));
    return NULL;
  }
  return json_node_dup_object (root);
}

JsonArray *
ps_json_parse_array (GBytes *body, GError **error)
{
  g_autoptr (JsonNode) root = ps_json_parse (body, error);

  if (root == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (root)) {
    g_propagate_error (error, ps_json_error ("not an array"));
    return NULL;
  }
  return json_node_dup_array (root);
}

static const char *
node_string (JsonNode *node)
{
  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static JsonNode *
member (JsonObject *object, const char *name)
{
  return object != NULL ? json_object_get_member (object, name) : NULL;
}

const char *
ps_json_string (JsonObject *object, const char *name)
{
  return node_string (member (object, name));
}

JsonObject *
ps_json_object (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
ps_json_array (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

char *
ps_json_id (JsonObject *object, const char *name)
{
  JsonNode *node = member (object, name);
  const char *text = node_string (node);

  if (text != NULL)
    return text[0] != '\0' ? g_strdup (text) : NULL;
  if (node != NULL && json_node_get_value_type (node) == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  return NULL;
}

gboolean
ps_json_boolean (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : fallback;
}

gint64
ps_json_integer (JsonObject *object, const char *name, gint64 fallback)
{
  JsonNode *node = member (object, name);
  const char *text = node_string (node);
  gint64 value;

  if (text != NULL)
    return g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &value, NULL) ? value : fallback;
  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE) {
    double number = json_node_get_double (node);

    /* 2⁵³: beyond it a double is no whole number of anything. */
    return number > -9007199254740992.0 && number < 9007199254740992.0 ? (gint64) number : fallback;
  }
  return fallback;
}

guint
ps_json_length (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

JsonObject *
ps_json_element_object (JsonArray *array, guint index)
{
  JsonNode *node = index < ps_json_length (array) ? json_array_get_element (array, index) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

const char *
ps_json_element_string (JsonArray *array, guint index)
{
  return index < ps_json_length (array) ? node_string (json_array_get_element (array, index)) : NULL;
}

GBytes *
ps_json_builder_to_bytes (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}
