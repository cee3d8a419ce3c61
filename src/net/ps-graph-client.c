/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-graph-client.h"
#include "ps-graph-client-private.h"

#include "ps-json.h"
#include "ps-service-errors.h"

G_DEFINE_FINAL_TYPE (PsGraphClient, ps_graph_client, G_TYPE_OBJECT)

void
ps_graph_client_get (PsGraphClient *self, const char *path, gboolean eventual, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const plain[] = { "Prefer", "odata.maxpagesize=999", NULL };
  static const char *const advanced[] = { "ConsistencyLevel", "eventual", NULL };
  PsRequest request = {
    .method = "GET",
    .path = path,
    .accept = "application/json",
    .headers = eventual ? advanced : plain,
    .urgency = PS_NORMAL,
    .flags = PS_SEND_IDEMPOTENT,
  };

  ps_transport_send_async (self->transport, &request, cancellable, callback, user_data);
}

void
ps_graph_client_post (PsGraphClient *self, const char *path, JsonBuilder *builder, gboolean presence, PsUrgency urgency,
                      PsSendFlags flags, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GBytes) body = ps_json_builder_to_bytes (builder);
  PsRequest request = {
    .method = "POST",
    .path = path,
    .content_type = "application/json",
    .body = body,
    .accept = "application/json",
    .group = presence ? "presence" : NULL,
    .urgency = urgency,
    .flags = flags,
  };

  ps_transport_send_async (self->transport, &request, cancellable, callback, user_data);
}

PsReply *
ps_graph_client_reply (GObject *transport, GAsyncResult *result, const char *permission, GError **error)
{
  GError *local_error = NULL;
  PsReply *reply = ps_transport_send_finish (PS_TRANSPORT (transport), result, &local_error);

  if (reply == NULL) {
    ps_service_error_name_permission (local_error, permission);
    g_propagate_error (error, local_error);
  }
  return reply;
}

static void
ps_graph_client_dispose (GObject *object)
{
  PsGraphClient *self = PS_GRAPH_CLIENT (object);

  g_clear_object (&self->transport);
  g_clear_object (&self->tokens);
  G_OBJECT_CLASS (ps_graph_client_parent_class)->dispose (object);
}

static void
ps_graph_client_class_init (PsGraphClientClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ps_graph_client_dispose;
}

static void
ps_graph_client_init (PsGraphClient *self)
{
}

PsGraphClient *
ps_graph_client_new (const char *graph_url, PsTokenSource *tokens, GError **error)
{
  g_autoptr (PsTransport) transport = NULL;
  PsGraphClient *self;

  g_return_val_if_fail (PS_IS_TOKEN_SOURCE (tokens), NULL);

  transport = ps_transport_new (PS_SERVICE_MICROSOFT, graph_url, tokens, error);
  if (transport == NULL)
    return NULL;
  self = g_object_new (PS_TYPE_GRAPH_CLIENT, NULL);
  self->transport = g_steal_pointer (&transport);
  self->tokens = g_object_ref (tokens);
  return self;
}

PsTransport *
ps_graph_client_transport (PsGraphClient *self)
{
  g_return_val_if_fail (PS_IS_GRAPH_CLIENT (self), NULL);

  return self->transport;
}

PsTokenSource *
ps_graph_client_tokens (PsGraphClient *self)
{
  g_return_val_if_fail (PS_IS_GRAPH_CLIENT (self), NULL);

  return self->tokens;
}

static void
organization_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, "Organization.Read.All", &error);
  char *name = reply != NULL ? ps_graph_parse_organization (reply->body, &error) : NULL;

  /* App-only reading wants a permission that we do not ask for: then the name stays unknown. */
  if (g_error_matches (error, PS_ERROR, PS_ERROR_PERMISSION))
    g_clear_error (&error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, name, g_free);
}

void
ps_graph_client_get_organization_async (PsGraphClient *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_get_organization_async);
  ps_graph_client_get (self, "/v1.0/organization?$select=id,displayName", FALSE, cancellable, organization_cb, task);
}

char *
ps_graph_client_get_organization_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_get_organization_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_READ_USERS, &error);

  if (reply != NULL && ps_graph_parse_ids (reply->body, ids, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
ps_graph_client_probe_users_async (PsGraphClient *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_probe_users_async);
  ps_graph_client_get (self, "/v1.0/users?$select=id,accountEnabled&$top=1", FALSE, cancellable, probed_cb, task);
}

gboolean
ps_graph_client_probe_users_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_probe_users_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
