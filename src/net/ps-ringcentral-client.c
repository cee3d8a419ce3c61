/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The client itself, and the calls about presence. What is read once in a while (account, directory) is in
 * ps-ringcentral-client-account.c and ps-ringcentral-client-users.c.
 */
#include "config.h"

#include "ps-ringcentral-client.h"

#include "ps-error.h"
#include "ps-ringcentral-client-private.h"
#include "ps-ringcentral-parser.h"

#define MULTIPART_JSON "application/vnd.ringcentral.multipart+json"
#define EXTENSION      "/restapi/v1.0/account/~/extension/"

struct _PsRingCentralClient {
  GObject parent_instance;

  PsTransport *transport; /* (owned) (not nullable) */
  PsTokenSource *tokens;  /* (owned) (nullable) */
  gboolean new_call_handling;
};

G_DEFINE_FINAL_TYPE (PsRingCentralClient, ps_ringcentral_client, G_TYPE_OBJECT)

/* --- helpers --- */

static void
send_request (PsRingCentralClient *self, const PsRequest *request, GTask *task, GAsyncReadyCallback callback)
{
  ps_transport_send_async (self->transport, request, g_task_get_cancellable (task), callback, task);
}

void
ps_ringcentral_client_get (PsRingCentralClient *self, const char *path, const char *group, PsUrgency urgency,
                           GTask *task, GAsyncReadyCallback callback)
{
  PsRequest request = { .method = "GET",
                        .path = path,
                        .accept = "application/json",
                        .group = group,
                        .urgency = urgency,
                        .flags = PS_SEND_IDEMPOTENT };

  send_request (self, &request, task, callback);
}

PsReply *
ps_ringcentral_client_take_reply (GObject *transport, GAsyncResult *result, GTask *task)
{
  g_autoptr (GError) error = NULL;
  PsReply *reply = ps_transport_send_finish (PS_TRANSPORT (transport), result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  return reply;
}

static PsPhonePresences *
presences_of_reply (const PsReply *reply)
{
  PsPhonePresences *presences = ps_phone_presences_new ();

  presences->sent_ms = reply->sent_ms;
  presences->calls = 1;
  return presences;
}

static void
return_presences (GTask *task, PsPhonePresences *presences, GError *error)
{
  if (error == NULL) {
    g_task_return_pointer (task, presences, (GDestroyNotify) ps_phone_presences_free);
    return;
  }
  ps_phone_presences_free (presences);
  g_task_return_error (task, error);
}

/* --- callbacks --- */

static void
swept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsRingCentralClient *self = g_task_get_source_object (task);
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  gboolean *more = g_task_get_task_data (task);
  PsPhonePresences *presences;
  GError *error = NULL;

  if (reply == NULL)
    return;
  presences = presences_of_reply (reply);
  ps_ringcentral_parse_sweep (reply->body, self->new_call_handling, presences, more, &error);
  return_presences (task, presences, error);
}

static void
parts_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsRingCentralClient *self = g_task_get_source_object (task);
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  PsPhonePresences *presences;
  GError *error = NULL;

  if (reply == NULL)
    return;
  presences = presences_of_reply (reply);
  ps_ringcentral_parse_presence_parts (reply->body, self->new_call_handling, presences, &error);
  return_presences (task, presences, error);
}

/* A single id is answered with the presence itself instead of an array with one part; so an extension that is gone is a
 * 404 of the whole request here, and must come out as the same thing: absent. */
static void
one_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsRingCentralClient *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);
  const char *id = g_task_get_task_data (task);
  PsPhonePresences *presences;
  PsPhoneReading reading;

  if (reply == NULL && !g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (reply == NULL) {
    presences = ps_phone_presences_new ();
    presences->sent_ms = ps_now_ms ();
    presences->calls = 1;
    return_presences (task, presences, NULL);
    return;
  }
  presences = presences_of_reply (reply);
  if (ps_ringcentral_parse_presence_body (reply->body, self->new_call_handling, &reading, &error))
    ps_phone_presences_add (presences, id, &reading);
  return_presences (task, presences, g_steal_pointer (&error));
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsRingCentralClient *self = g_task_get_source_object (task);
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  PsPhoneReading *reading = g_new0 (PsPhoneReading, 1);
  GError *error = NULL;

  if (reply == NULL)
    g_free (reading);
  else if (ps_ringcentral_parse_presence_body (reply->body, self->new_call_handling, reading, &error))
    g_task_return_pointer (task, reading, g_free);
  else {
    g_free (reading);
    g_task_return_error (task, error);
  }
}

static void
socket_token_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  PsSocketToken *token;
  GError *error = NULL;

  if (reply == NULL)
    return;
  /* Its life counts from when it was asked for: the safe side. */
  token = ps_ringcentral_parse_socket_token (reply->body, reply->sent_ms, &error);
  if (token != NULL)
    g_task_return_pointer (task, token, (GDestroyNotify) ps_socket_token_free);
  else
    g_task_return_error (task, error);
}

/* --- object --- */

static void
ps_ringcentral_client_dispose (GObject *object)
{
  PsRingCentralClient *self = PS_RINGCENTRAL_CLIENT (object);

  g_clear_object (&self->transport);
  g_clear_object (&self->tokens);
  G_OBJECT_CLASS (ps_ringcentral_client_parent_class)->dispose (object);
}

static void
ps_ringcentral_client_class_init (PsRingCentralClientClass *class)
{
  G_OBJECT_CLASS (class)->dispose = ps_ringcentral_client_dispose;
}

static void
ps_ringcentral_client_init (PsRingCentralClient *self)
{
}

PsRingCentralClient *
ps_ringcentral_client_new (const char *server_url, PsTokenSource *tokens, GError **error)
{
  g_autoptr (PsTransport) transport = ps_transport_new (PS_SERVICE_RINGCENTRAL, server_url, tokens, error);
  PsRingCentralClient *self;

  if (transport == NULL)
    return NULL;
  self = g_object_new (PS_TYPE_RINGCENTRAL_CLIENT, NULL);
  self->transport = g_steal_pointer (&transport);
  self->tokens = tokens != NULL ? g_object_ref (tokens) : NULL;
  return self;
}

PsTransport *
ps_ringcentral_client_transport (PsRingCentralClient *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_CLIENT (self), NULL);
  return self->transport;
}

PsTokenSource *
ps_ringcentral_client_tokens (PsRingCentralClient *self)
{
  g_return_val_if_fail (PS_IS_RINGCENTRAL_CLIENT (self), NULL);
  return self->tokens;
}

void
ps_ringcentral_client_set_new_call_handling (PsRingCentralClient *self, gboolean new_call_handling)
{
  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));
  self->new_call_handling = new_call_handling;
}

/* --- reading presence --- */

void
ps_ringcentral_client_sweep_page_async (PsRingCentralClient *self, guint page, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *path =
      g_strdup_printf ("/restapi/v1.0/account/~/presence?page=%u&perPage=" PS_RINGCENTRAL_PAGE_SIZE, page);
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));
  g_return_if_fail (page >= 1);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_sweep_page_async);
  g_task_set_task_data (task, g_new0 (gboolean, 1), g_free);
  ps_ringcentral_client_get (self, path, "Heavy", PS_NORMAL, task, swept_cb);
}

PsPhonePresences *
ps_ringcentral_client_sweep_page_finish (PsRingCentralClient *self, GAsyncResult *result, gboolean *more,
                                         GError **error)
{
  PsPhonePresences *presences;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_sweep_page_async), NULL);

  presences = g_task_propagate_pointer (G_TASK (result), error);
  if (more != NULL)
    *more = presences != NULL && *(gboolean *) g_task_get_task_data (G_TASK (result));
  return presences;
}

static char *
join_ids (const char *const *ids, guint n_ids)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < n_ids; i++) {
    if (i > 0)
      g_string_append_c (joined, ',');
    g_string_append_uri_escaped (joined, ids[i], NULL, FALSE);
  }
  return g_string_free (joined, FALSE);
}

void
ps_ringcentral_client_read_presences_async (PsRingCentralClient *self, const char *const *ids, guint n_ids,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *joined = join_ids (ids, n_ids);
  g_autofree char *path = g_strconcat (EXTENSION, joined, "/presence", NULL);
  PsRequest request = { .method = "GET",
                        .path = path,
                        .accept = MULTIPART_JSON,
                        .group = "Light",
                        .urgency = PS_NORMAL,
                        .flags = PS_SEND_IDEMPOTENT };
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));
  g_return_if_fail (n_ids >= 1 && n_ids <= PS_RINGCENTRAL_MAX_PRESENCE_IDS);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_read_presences_async);
  if (n_ids == 1) {
    g_task_set_task_data (task, g_strdup (ids[0]), g_free);
    request.accept = "application/json";
  }
  send_request (self, &request, task, n_ids == 1 ? one_read_cb : parts_read_cb);
}

PsPhonePresences *
ps_ringcentral_client_read_presences_finish (PsRingCentralClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_read_presences_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- writing presence --- */

void
ps_ringcentral_client_write_presence_async (PsRingCentralClient *self, const char *extension_id,
                                            const PsPhoneWrite *write, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *id = join_ids (&extension_id, 1);
  g_autofree char *path = g_strconcat (EXTENSION, id, "/presence", NULL);
  g_autoptr (GBytes) body = ps_ringcentral_presence_to_json (write, self->new_call_handling);
  PsRequest request = { .method = "PUT",
                        .path = path,
                        .content_type = "application/json",
                        .body = body,
                        .accept = "application/json",
                        .group = "Medium",
                        .urgency = write->calls != PS_CALLS_UNKNOWN ? PS_URGENT : PS_NORMAL,
                        .flags = PS_SEND_ONCE | PS_SEND_NO_BUDGET };
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));
  g_return_if_fail (body != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_write_presence_async);
  send_request (self, &request, task, written_cb);
}

gboolean
ps_ringcentral_client_write_presence_finish (PsRingCentralClient *self, GAsyncResult *result, PsPhoneReading *reading,
                                             GError **error)
{
  g_autofree PsPhoneReading *read_back = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_write_presence_async), FALSE);

  read_back = g_task_propagate_pointer (G_TASK (result), error);
  if (read_back == NULL)
    return FALSE;
  if (reading != NULL)
    *reading = *read_back;
  return TRUE;
}

/* --- socket token --- */

/* Not urgent: the Auth group has 5 calls a minute, and the refresh of the access token must find one of them free. */
void
ps_ringcentral_client_get_socket_token_async (PsRingCentralClient *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data)
{
  PsRequest request = { .method = "POST",
                        .path = "/restapi/oauth/wstoken",
                        .accept = "application/json",
                        .group = "Auth",
                        .urgency = PS_NORMAL };
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_get_socket_token_async);
  send_request (self, &request, task, socket_token_cb);
}

PsSocketToken *
ps_ringcentral_client_get_socket_token_finish (PsRingCentralClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_get_socket_token_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
