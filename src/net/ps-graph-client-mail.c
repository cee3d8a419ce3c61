/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of the Graph client that sends mail.
 */
#include "config.h"

#include "ps-graph-client-private.h"

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_SEND_MAIL, &error);

  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_recipients (JsonBuilder *builder, const char *const *to)
{
  json_builder_set_member_name (builder, "toRecipients");
  json_builder_begin_array (builder);
  for (guint i = 0; to[i] != NULL; i++) {
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "emailAddress");
    json_builder_begin_object (builder);
    add_string (builder, "address", to[i]);
    json_builder_end_object (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static JsonBuilder *
build_mail (const char *const *to, const char *subject, const char *text)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "message");
  json_builder_begin_object (builder);
  add_string (builder, "subject", subject);
  json_builder_set_member_name (builder, "body");
  json_builder_begin_object (builder);
  add_string (builder, "contentType", "Text");
  add_string (builder, "content", text);
  json_builder_end_object (builder);
  add_recipients (builder, to);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "saveToSentItems");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  return builder;
}

void
ps_graph_client_send_mail_async (PsGraphClient *self, const char *from, const char *const *to, const char *subject,
                                 const char *text, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autofree char *sender = NULL;
  g_autofree char *path = NULL;
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));
  g_return_if_fail (from != NULL && to != NULL && subject != NULL && text != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_send_mail_async);
  builder = build_mail (to, subject, text);
  sender = g_uri_escape_string (from, NULL, FALSE);
  path = g_strdup_printf ("/v1.0/users/%s/sendMail", sender);
  /* Not idempotent: sent again only where the service said that it did nothing (429, 503). */
  ps_graph_client_post (self, path, builder, FALSE, PS_NORMAL, PS_SEND_DEFAULT, cancellable, sent_cb, task);
}

gboolean
ps_graph_client_send_mail_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_send_mail_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
