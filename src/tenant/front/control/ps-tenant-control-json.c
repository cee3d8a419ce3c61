/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON in and out, with a clear word about what is wrong with a request.
 */
#include "config.h"

#include "ps-tenant-control.h"

PsControlBody *
ps_control_body_new (const PsTenantRequest *request)
{
  PsControlBody *body = g_new0 (PsControlBody, 1);

  body->object = ps_tenant_request_json (request);
  body->known = g_ptr_array_new ();
  ps_control_body_require (body, body->object != NULL, "The body must be a JSON object.");
  return body;
}

void
ps_control_body_free (PsControlBody *body)
{
  g_clear_pointer (&body->object, json_object_unref);
  g_ptr_array_unref (body->known);
  g_free (body->problem);
  g_free (body);
}

void
ps_control_body_require (PsControlBody *body, gboolean condition, const char *problem)
{
  if (!condition && body->problem == NULL)
    body->problem = g_strdup (problem);
}

static JsonNode *
member (PsControlBody *body, const char *name)
{
  g_ptr_array_add (body->known, (gpointer) name);
  return body->object != NULL ? json_object_get_member (body->object, name) : NULL;
}

static void
wrong_type (PsControlBody *body, const char *name, const char *wanted)
{
  g_autofree char *problem = g_strdup_printf ("\"%s\" must be %s.", name, wanted);

  ps_control_body_require (body, FALSE, problem);
}

gboolean
ps_control_body_has (PsControlBody *body, const char *name)
{
  return member (body, name) != NULL;
}

const char *
ps_control_body_string (PsControlBody *body, const char *name)
{
  JsonNode *node = member (body, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_get_string (node);
  wrong_type (body, name, "text");
  return NULL;
}

gboolean
ps_control_body_bool (PsControlBody *body, const char *name, gboolean fallback)
{
  JsonNode *node = member (body, name);

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);
  wrong_type (body, name, "true or false");
  return fallback;
}

double
ps_control_body_number (PsControlBody *body, const char *name, double least, double most, double fallback)
{
  JsonNode *node = member (body, name);
  g_autofree char *wanted = NULL;
  GType type;

  if (node == NULL)
    return fallback;
  type = json_node_get_value_type (node);
  if (type == G_TYPE_INT64 || type == G_TYPE_DOUBLE) {
    double value = json_node_get_double (node);

    if (value >= least && value <= most)
      return value;
  }
  wanted = g_strdup_printf ("a number from %.15g to %.15g", least, most);
  wrong_type (body, name, wanted);
  return fallback;
}

gboolean
ps_control_body_ok (PsControlBody *body, PsTenantReply *reply)
{
  g_autoptr (GList) names = body->object != NULL ? json_object_get_members (body->object) : NULL;

  for (GList *l = names; l != NULL; l = l->next) {
    if (!g_ptr_array_find_with_equal_func (body->known, l->data, g_str_equal, NULL)) {
      g_autofree char *problem = g_strdup_printf ("\"%s\" is not known here.", (const char *) l->data);

      ps_control_body_require (body, FALSE, problem);
    }
  }
  if (body->problem != NULL)
    ps_control_fail (reply, SOUP_STATUS_BAD_REQUEST, "%s", body->problem);
  return body->problem == NULL;
}

void
ps_control_fail (PsTenantReply *reply, guint status, const char *format, ...)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  json_builder_begin_object (builder);
  ps_control_put_string (builder, "error", text);
  ps_control_reply (reply, status, builder);
}

void
ps_control_reply (PsTenantReply *reply, guint status, JsonBuilder *builder)
{
  json_builder_end_object (builder);
  ps_tenant_reply_json (reply, status, json_builder_get_root (builder));
}

void
ps_control_no_content (PsTenantReply *reply)
{
  reply->status = SOUP_STATUS_NO_CONTENT;
}

void
ps_control_put_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
ps_control_put_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
ps_control_put_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
ps_control_put_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

void
ps_control_put_time (JsonBuilder *builder, const char *name, gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *start = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  g_autofree char *text = g_strdup_printf ("%s.%03dZ", start, (int) (ms % 1000));

  ps_control_put_string (builder, name, text);
}
