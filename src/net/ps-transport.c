/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-transport.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-clock.h"
#include "ps-http.h"
#include "ps-rate-groups.h"
#include "ps-retry.h"
#include "ps-service-errors.h"
#include "ps-token-source-private.h"

struct _PsTransport {
  GObject parent_instance;

  PsServiceKind kind;
  GUri *base;            /* (owned) */
  char *base_url;        /* (owned) */
  SoupSession *session;  /* (owned) */
  PsTokenSource *tokens; /* (owned) (nullable) */
  PsRateGroups *groups;  /* (owned) */
  PsTransportCounts counts;
};

G_DEFINE_FINAL_TYPE (PsTransport, ps_transport, G_TYPE_OBJECT)

/* One request on its way: authorise → take the budget → send → judge, and round again. */
typedef struct {
  /* asked */
  char *method;       /* (owned) */
  GUri *uri;          /* (owned) */
  char *content_type; /* (owned) (nullable) */
  GBytes *body;       /* (owned) (nullable) */
  char *accept;       /* (owned) (nullable) */
  GStrv headers;      /* (owned) (nullable) */
  PsRateGroup *group; /* (nullable): lives as long as the transport */
  PsUrgency urgency;
  PsSendFlags flags;
  /* under way */
  char *token;          /* (owned) (nullable) */
  SoupMessage *message; /* (owned) (nullable): of the present attempt */
  gint64 sent_ms;
  guint attempt; /* 1: the first */
  gboolean refreshed;
  gboolean new_connection;
  GError *refused; /* (owned) (nullable): the 401 that made us ask for another token */
} Send;

static void authorize (GTask *task);

static void
send_free (Send *send)
{
  g_free (send->method);
  g_clear_pointer (&send->uri, g_uri_unref);
  g_free (send->content_type);
  g_clear_pointer (&send->body, g_bytes_unref);
  g_free (send->accept);
  g_strfreev (send->headers);
  g_free (send->token);
  g_clear_object (&send->message);
  g_clear_error (&send->refused);
  g_free (send);
}

void
ps_reply_free (PsReply *reply)
{
  g_clear_pointer (&reply->headers, soup_message_headers_unref);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_free (reply);
}

/* --- Judging what came back --- */

static void
succeed (GTask *task, GBytes *body)
{
  PsTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);
  PsReply *reply = g_new0 (PsReply, 1);

  self->counts.last_success_ms = ps_now_ms ();
  reply->status = soup_message_get_status (send->message);
  reply->headers = soup_message_headers_ref (soup_message_get_response_headers (send->message));
  reply->body = g_bytes_ref (body);
  reply->sent_ms = send->sent_ms;
  g_task_return_pointer (task, reply, (GDestroyNotify) ps_reply_free);
}

static void
fail (GTask *task, GError *error)
{
  PsTransport *self = g_task_get_source_object (task);

  self->counts.failed++;
  g_task_return_error (task, error);
}

static gboolean
wait_over_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    authorize (g_object_ref (task));
  return G_SOURCE_REMOVE;
}

/* Takes @error: what the caller gets if nothing is repeated. @task: (transfer full). */
static void
judge_failure (GTask *task, GError *error, guint status)
{
  PsTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);
  PsErrorDetails *details = ps_error_details (error);
  PsRetryQuestion question = {
    .kind = self->kind,
    .status = status,
    .retry_after_ms = details != NULL ? details->retry_after_ms : -1,
    .idempotent = (send->flags & PS_SEND_IDEMPOTENT) != 0,
    .once = (send->flags & PS_SEND_ONCE) != 0,
    .authorized = send->token != NULL,
    .refreshed = send->refreshed,
    .attempt = send->attempt,
    .jitter = g_random_double (),
  };
  PsRetryAnswer answer = ps_retry_decide (&question);
  g_autoptr (GTask) owned = task;

  if (answer.close_ms > 0) {
    self->counts.throttled++;
    ps_rate_groups_penalty (self->groups, send->group, answer.close_ms, ps_now_ms ());
    if (details != NULL)
      details->retry_after_ms = answer.close_ms;
  }
  /* RingCentral: nobody refreshes on a 401, or all would at once; but a token that is dead is not used again. */
  if (self->kind == PS_SERVICE_RINGCENTRAL && send->token != NULL &&
      g_error_matches (error, PS_ERROR, PS_ERROR_SIGN_IN))
    ps_token_source_drop (self->tokens, send->token);
  send->new_connection = answer.new_connection;
  switch (answer.action) {
  case PS_RETRY_REFRESH:
    send->refused = error;
    authorize (g_steal_pointer (&owned));
    break;
  case PS_RETRY_WAIT:
    g_debug ("%s %s: status %u, again in %" G_GINT64_FORMAT " ms", send->method, g_uri_get_path (send->uri), status,
             answer.wait_ms);
    g_error_free (error);
    send->attempt++;
    ps_clock_wait (task, answer.wait_ms, wait_over_cb);
    break;
  case PS_RETRY_GIVE_UP:
  default:
    fail (task, error);
    break;
  }
}

static void
exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) body = ps_http_send_finish (SOUP_SESSION (source), result, &error);
  SoupMessageHeaders *headers = soup_message_get_response_headers (send->message);
  guint status = soup_message_get_status (send->message);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, error);
    return;
  }
  if (body == NULL) {
    /* Only a connection that broke may be tried again; a bad certificate or an endless body stays what it is. */
    if (g_error_matches (error, PS_ERROR, PS_ERROR_NETWORK))
      judge_failure (g_steal_pointer (&task), error, 0);
    else
      fail (task, error);
    return;
  }
  ps_rate_groups_learn (self->groups, send->group, headers, ps_now_ms ());
  if (SOUP_STATUS_IS_SUCCESSFUL (status) || status == SOUP_STATUS_NOT_MODIFIED)
    succeed (task, body);
  else
    judge_failure (g_steal_pointer (&task), ps_service_error_from_reply (self->kind, status, headers, body), status);
}

/* --- Sending --- */

static SoupMessage *
build_message (PsTransport *self, Send *send)
{
  SoupMessage *message = ps_http_message_new (send->method, send->uri);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);

  if (send->new_connection)
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  if (send->body != NULL)
    soup_message_set_request_body_from_bytes (message, send->content_type, send->body);
  if (send->accept != NULL)
    soup_message_headers_replace (headers, "Accept", send->accept);
  for (guint i = 0; send->headers != NULL && send->headers[i] != NULL; i += 2)
    soup_message_headers_replace (headers, send->headers[i], send->headers[i + 1]);
  if (self->kind == PS_SERVICE_MICROSOFT) {
    /* For Microsoft's support: theirs and ours can be found in each other's logs. */
    g_autofree char *id = g_uuid_string_random ();

    soup_message_headers_replace (headers, "client-request-id", id);
  }
  if (send->token != NULL) {
    g_autofree char *value = g_strconcat ("Bearer ", send->token, NULL);

    soup_message_headers_replace (headers, "Authorization", value);
  }
  return message;
}

static void
dispatch (GTask *task)
{
  PsTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);

  g_clear_object (&send->message);
  send->message = build_message (self, send);
  send->sent_ms = ps_now_ms ();
  self->counts.calls++;
  ps_http_send_async (self->session, send->message, g_task_get_cancellable (task), exchanged_cb, task);
}

static gboolean
budget_wait_over_cb (gpointer user_data)
{
  Send *send = g_task_get_task_data (user_data);

  ps_rate_group_waiting (send->group, send->urgency, -1);
  return wait_over_cb (user_data);
}

static void
refuse_to_wait (GTask *task, gint64 wait_ms)
{
  GError *error =
      ps_error_new (PS_ERROR_THROTTLED, _ ("The service's limit of requests is used up for the moment. It goes on by "
                                           "itself when there is room again."));

  ps_error_details (error)->retry_after_ms = wait_ms;
  g_task_return_error (task, error);
}

/* @task: (transfer full). */
static void
take_budget (GTask *task)
{
  Send *send = g_task_get_task_data (task);
  g_autoptr (GTask) owned = task;
  gint64 now = ps_now_ms ();
  gint64 wait_ms;

  if (send->group == NULL || (send->flags & PS_SEND_NO_BUDGET) != 0 ||
      ps_rate_group_take (send->group, send->urgency, now)) {
    dispatch (g_steal_pointer (&owned));
    return;
  }
  wait_ms = ps_rate_group_wait (send->group, send->urgency, now);
  if ((send->flags & PS_SEND_ONCE) != 0) {
    refuse_to_wait (task, wait_ms);
    return;
  }
  /* Then the token is asked for again: it may not outlive the wait. */
  ps_rate_group_waiting (send->group, send->urgency, 1);
  ps_clock_wait (task, wait_ms, budget_wait_over_cb);
}

static void
token_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Send *send = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *token = ps_token_source_get_finish (PS_TOKEN_SOURCE (source), result, &error);

  if (token == NULL) {
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      g_task_return_error (task, error);
    else
      fail (task, error);
    return;
  }
  if (send->refused != NULL) {
    send->refreshed = TRUE;
    if (g_strcmp0 (token, send->token) == 0) /* it is brand-new: another would be refused as well */
    {
      fail (task, g_steal_pointer (&send->refused));
      return;
    }
    g_clear_error (&send->refused);
  }
  g_free (send->token);
  send->token = g_steal_pointer (&token);
  take_budget (g_steal_pointer (&task));
}

/* @task: (transfer full). */
static void
authorize (GTask *task)
{
  PsTransport *self = g_task_get_source_object (task);
  Send *send = g_task_get_task_data (task);

  if (self->tokens == NULL || (send->flags & PS_SEND_PLAIN) != 0)
    take_budget (task);
  else
    ps_token_source_get_async (self->tokens, send->refused != NULL, send->refused != NULL ? send->token : NULL,
                               g_task_get_cancellable (task), token_cb, task);
}

/* --- The object --- */

static void
ps_transport_dispose (GObject *object)
{
  PsTransport *self = PS_TRANSPORT (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->tokens);
  G_OBJECT_CLASS (ps_transport_parent_class)->dispose (object);
}

static void
ps_transport_finalize (GObject *object)
{
  PsTransport *self = PS_TRANSPORT (object);

  g_clear_pointer (&self->base, g_uri_unref);
  g_clear_pointer (&self->groups, ps_rate_groups_free);
  g_free (self->base_url);
  G_OBJECT_CLASS (ps_transport_parent_class)->finalize (object);
}

static void
ps_transport_class_init (PsTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ps_transport_dispose;
  object_class->finalize = ps_transport_finalize;
}

static void
ps_transport_init (PsTransport *self)
{
  self->session = ps_http_session_new ();
}

PsTransport *
ps_transport_new (PsServiceKind kind, const char *base_url, PsTokenSource *tokens, GError **error)
{
  g_autoptr (GUri) base = ps_http_parse_base_url (base_url, error);
  PsTransport *self;

  if (base == NULL)
    return NULL;
  self = g_object_new (PS_TYPE_TRANSPORT, NULL);
  self->kind = kind;
  self->base = g_steal_pointer (&base);
  self->base_url = g_strdup (base_url);
  self->groups = ps_rate_groups_new (kind);
  g_set_object (&self->tokens, tokens);
  if (tokens != NULL && ps_token_source_auth_budget (tokens) != NULL)
    ps_rate_groups_set (self->groups, "Auth", ps_token_source_auth_budget (tokens));
  return self;
}

const char *
ps_transport_base_url (PsTransport *self)
{
  g_return_val_if_fail (PS_IS_TRANSPORT (self), NULL);

  return self->base_url;
}

PsBudget *
ps_transport_budget (PsTransport *self, const char *group)
{
  PsRateGroup *found;

  g_return_val_if_fail (PS_IS_TRANSPORT (self), NULL);

  found = ps_rate_groups_find (self->groups, group);
  return found != NULL ? ps_rate_group_budget (found) : NULL;
}

void
ps_transport_set_budget (PsTransport *self, const char *group, PsBudget *budget)
{
  g_return_if_fail (PS_IS_TRANSPORT (self));
  g_return_if_fail (group != NULL && budget != NULL);

  ps_rate_groups_set (self->groups, group, budget);
}

PsTransportCounts
ps_transport_counts (PsTransport *self)
{
  g_return_val_if_fail (PS_IS_TRANSPORT (self), (PsTransportCounts){ 0 });

  return self->counts;
}

void
ps_transport_send_async (PsTransport *self, const PsRequest *request, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Send *send;

  g_return_if_fail (PS_IS_TRANSPORT (self));
  g_return_if_fail (request != NULL && request->method != NULL && request->path != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_transport_send_async);
  send = g_new0 (Send, 1);
  g_task_set_task_data (task, send, (GDestroyNotify) send_free);
  send->method = g_strdup (request->method);
  send->uri = ps_http_resolve (self->base, request->path, &error);
  send->content_type = g_strdup (request->content_type);
  send->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  send->accept = g_strdup (request->accept);
  send->headers = g_strdupv ((char **) request->headers);
  send->group = ps_rate_groups_find (self->groups, request->group);
  send->urgency = request->urgency;
  send->flags = request->flags;
  send->attempt = 1;
  if (send->uri == NULL)
    g_task_return_error (task, error);
  else if (!g_task_return_error_if_cancelled (task))
    authorize (g_steal_pointer (&task));
}

PsReply *
ps_transport_send_finish (PsTransport *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_transport_send_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
