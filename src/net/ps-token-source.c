/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-token-source.h"

#include <string.h>

#include "ps-clock.h"
#include "ps-service-errors.h"
#include "ps-token-grant.h"
#include "ps-token-source-private.h"

#define BETWEEN_TRIES_MS 10000
#define TRIES            3
#define LONGEST_WAIT_MS  (5 * 60 * 1000)
#define EARLY_MS         (5 * 60 * 1000)
#define JITTER_MS        (60 * 1000)
/* A token that is about to end is still handed out when no new one can be had, but not so late that it ends on the way.
 */
#define LAST_MOMENT_MS (30 * 1000)

struct _PsTokenSource {
  GObject parent_instance;

  PsGrant *grant;         /* (owned) */
  PsTransport *transport; /* (owned): without a token source of its own */
  PsTokenSave save;       /* (nullable) */
  PsTokenSaveFinish save_finish;
  gpointer save_data; /* (owned) by save_data_free */
  GDestroyNotify save_data_free;

  /* what we have */
  char *access_token; /* (owned) (nullable) */
  gint64 obtained_ms, refresh_ms, expires_ms;
  GStrv granted;  /* (owned) (nullable) */
  char *owner_id; /* (owned) (nullable) */

  /* what is under way */
  GQueue waiting;           /* (element-type GTask) (owned): all that wait for the refresh */
  GCancellable *refreshing; /* (owned) (nullable): of the refresh */
  guint tries;
  gint64 last_try_ms; /* 0: never */
  GError *last_error; /* (owned) (nullable): how the last refresh ended */
};

G_DEFINE_FINAL_TYPE (PsTokenSource, ps_token_source, G_TYPE_OBJECT)

static void start_refresh (PsTokenSource *self);
static void try_again (GTask *refresh, gint64 wait_ms);

/* --- Those who wait --- */

static void
waiter_end (GTask *task)
{
  GSource *watch = g_task_get_task_data (task);

  if (watch != NULL)
    g_source_destroy (watch);
}

static gboolean
waiter_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsTokenSource *self = g_task_get_source_object (task);

  g_queue_remove (&self->waiting, task);
  waiter_end (task);
  /* A refresh token that is being rotated must not be left in doubt; any other request may simply be dropped. */
  if (g_queue_is_empty (&self->waiting) && self->refreshing != NULL && self->grant->kind != PS_GRANT_REFRESH)
    g_cancellable_cancel (self->refreshing);
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

/* @task: (transfer full). */
static void
wait_for_refresh (PsTokenSource *self, GTask *task)
{
  if (g_task_get_cancellable (task) != NULL) {
    GSource *watch = g_cancellable_source_new (g_task_get_cancellable (task));

    g_source_set_callback (watch, G_SOURCE_FUNC (waiter_cancelled_cb), task, NULL);
    g_source_attach (watch, g_task_get_context (task));
    g_task_set_task_data (task, watch, (GDestroyNotify) g_source_unref);
  }
  g_queue_push_tail (&self->waiting, task);
  if (self->refreshing == NULL)
    start_refresh (self);
}

static void
answer_all (PsTokenSource *self, const GError *error)
{
  GQueue waiting = self->waiting;
  GTask *next;

  g_queue_init (&self->waiting);
  while ((next = g_queue_pop_head (&waiting)) != NULL) {
    g_autoptr (GTask) task = next;

    waiter_end (task);
    if (error == NULL)
      g_task_return_pointer (task, g_strdup (self->access_token), (GDestroyNotify) ps_secret_free);
    else
      g_task_return_error (task, g_error_copy (error));
  }
}

/* --- The refresh --- */

static gboolean
is_usable (PsTokenSource *self)
{
  return self->access_token != NULL && self->grant->kind != PS_GRANT_REFRESH &&
         ps_now_ms () < self->expires_ms - LAST_MOMENT_MS;
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PsTokenSource *self = PS_TOKEN_SOURCE (source);
  g_autoptr (GError) error = NULL;
  gboolean forced = GPOINTER_TO_INT (user_data);

  g_clear_object (&self->refreshing);
  g_clear_error (&self->last_error);
  if (g_task_propagate_boolean (G_TASK (result), &error)) {
    answer_all (self, NULL);
    return;
  }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    /* All had gone; but somebody may have come since. */
    if (!g_queue_is_empty (&self->waiting))
      start_refresh (self);
    return;
  }
  self->last_error = g_error_copy (error);
  answer_all (self, !forced && is_usable (self) ? NULL : error);
}

static void
keep_token (PsTokenSource *self, PsTokenReply *reply, gint64 sent_ms)
{
  gint64 early_ms = EARLY_MS + g_random_int_range (0, JITTER_MS);

  ps_secret_free (self->access_token);
  self->access_token = g_steal_pointer (&reply->access_token);
  self->obtained_ms = sent_ms;
  self->expires_ms = sent_ms + reply->life_ms;
  self->refresh_ms = self->expires_ms - MIN (early_ms, reply->life_ms / 2);
  if (reply->refresh_token != NULL) {
    ps_secret_free (self->grant->refresh_token);
    self->grant->refresh_token = g_steal_pointer (&reply->refresh_token);
  }
  g_strfreev (self->granted);
  self->granted = g_steal_pointer (&reply->granted);
  if (reply->owner_id != NULL) {
    g_free (self->owner_id);
    self->owner_id = g_steal_pointer (&reply->owner_id);
  }
}

typedef struct {
  PsTokenReply reply;
  gint64 sent_ms;
} Fresh;

static void
fresh_free (Fresh *fresh)
{
  ps_token_reply_clear (&fresh->reply);
  g_free (fresh);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) refresh = user_data;
  PsTokenSource *self = g_task_get_source_object (refresh);
  Fresh *fresh = g_task_get_task_data (refresh);
  GError *error = NULL;

  if (!self->save_finish (result, self->save_data, &error)) {
    /* The new pair is dropped unused: then RingCentral lets the old refresh token, which is stored, live for an hour.
     */
    g_task_return_error (refresh, error);
    return;
  }
  keep_token (self, &fresh->reply, fresh->sent_ms);
  g_task_return_boolean (refresh, TRUE);
}

static gboolean
may_pass (const GError *error)
{
  return g_error_matches (error, PS_ERROR, PS_ERROR_NETWORK) || g_error_matches (error, PS_ERROR, PS_ERROR_SERVER) ||
         g_error_matches (error, PS_ERROR, PS_ERROR_THROTTLED);
}

/* RingCentral calls a bad JWT by the names of a lost sign-in: nobody signed in here, so that would mislead. */
static GError *
explain (PsTokenSource *self, GError *error)
{
  static const char *const jwt_codes[] = { "OAU-129", "OAU-149", "OAU-213", "invalid_grant", NULL };
  PsErrorDetails *details = ps_error_details (error);
  GError *better;

  if (self->grant->kind != PS_GRANT_JWT || details == NULL || details->service_code == NULL ||
      !g_strv_contains (jwt_codes, details->service_code))
    return error;
  better = ps_service_error_from_code (PS_SERVICE_RINGCENTRAL, details->status, "OAU-140", NULL);
  ps_error_set_service_code (better, details->status, details->service_code, details->request_id);
  g_error_free (error);
  return better;
}

/* Takes @error. */
static void
judge_failure (GTask *refresh, GError *error)
{
  PsTokenSource *self = g_task_get_source_object (refresh);
  PsErrorDetails *details = ps_error_details (error);
  gint64 wait_ms = details != NULL ? MAX (details->retry_after_ms, BETWEEN_TRIES_MS) : BETWEEN_TRIES_MS;

  if (!may_pass (error) || self->tries >= TRIES || wait_ms > LONGEST_WAIT_MS) {
    g_task_return_error (refresh, explain (self, error));
    return;
  }
  g_debug ("No token yet: %s", error->message);
  g_error_free (error);
  try_again (refresh, wait_ms);
}

static void
replied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) refresh = user_data;
  PsTokenSource *self = g_task_get_source_object (refresh);
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);
  Fresh *fresh = g_new0 (Fresh, 1);

  g_task_set_task_data (refresh, fresh, (GDestroyNotify) fresh_free);
  if (reply == NULL) {
    judge_failure (refresh, error);
    return;
  }
  fresh->sent_ms = reply->sent_ms;
  if (!ps_token_reply_parse (ps_grant_service (self->grant), reply->body, &fresh->reply, &error)) {
    g_task_return_error (refresh, error);
  } else if (self->save != NULL && fresh->reply.refresh_token != NULL) {
    self->save (fresh->reply.refresh_token, g_task_get_cancellable (refresh), saved_cb, g_object_ref (refresh),
                self->save_data);
  } else {
    keep_token (self, &fresh->reply, fresh->sent_ms);
    g_task_return_boolean (refresh, TRUE);
  }
}

static void
post (PsTokenSource *self, const char *path, GBytes *form, GCancellable *cancellable, GAsyncReadyCallback callback,
      gpointer user_data)
{
  g_autofree char *authorization = ps_grant_authorization (self->grant);
  const char *headers[] = { "Authorization", authorization, NULL };
  PsRequest request = {
    .method = "POST",
    .path = path,
    .content_type = "application/x-www-form-urlencoded",
    .body = form,
    .accept = "application/json",
    .headers = authorization != NULL ? headers : NULL,
    .group = ps_grant_service (self->grant) == PS_SERVICE_RINGCENTRAL ? "Auth" : NULL,
    .urgency = PS_URGENT,
    .flags = PS_SEND_PLAIN | PS_SEND_ONCE,
  };

  ps_transport_send_async (self->transport, &request, cancellable, callback, user_data);
}

static gboolean
try_cb (gpointer user_data)
{
  GTask *refresh = user_data;
  PsTokenSource *self = g_task_get_source_object (refresh);
  g_autoptr (GBytes) form = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (refresh))
    return G_SOURCE_REMOVE;
  form = ps_grant_token_form (self->grant, g_get_real_time () / G_USEC_PER_SEC, &error);
  if (form == NULL) {
    g_task_return_error (refresh, error);
    return G_SOURCE_REMOVE;
  }
  self->tries++;
  self->last_try_ms = ps_now_ms ();
  post (self, self->grant->path, form, g_task_get_cancellable (refresh), replied_cb, g_object_ref (refresh));
  return G_SOURCE_REMOVE;
}

static void
try_again (GTask *refresh, gint64 wait_ms)
{
  ps_clock_wait (refresh, wait_ms, try_cb);
}

static gint64
until_next_try (PsTokenSource *self)
{
  if (self->last_try_ms == 0)
    return 0;
  return CLAMP (self->last_try_ms + BETWEEN_TRIES_MS - ps_now_ms (), 0, BETWEEN_TRIES_MS);
}

static void
start_refresh (PsTokenSource *self)
{
  g_autoptr (GTask) refresh = NULL;
  gboolean forced = self->access_token != NULL && ps_now_ms () < self->refresh_ms;

  self->refreshing = g_cancellable_new ();
  self->tries = 0;
  refresh = g_task_new (self, self->refreshing, refreshed_cb, GINT_TO_POINTER (forced));
  g_task_set_source_tag (refresh, start_refresh);
  try_again (refresh, until_next_try (self));
}

/* --- The object --- */

static void
ps_token_source_dispose (GObject *object)
{
  PsTokenSource *self = PS_TOKEN_SOURCE (object);

  g_clear_object (&self->transport);
  G_OBJECT_CLASS (ps_token_source_parent_class)->dispose (object);
}

static void
ps_token_source_finalize (GObject *object)
{
  PsTokenSource *self = PS_TOKEN_SOURCE (object);

  if (self->save_data_free != NULL)
    self->save_data_free (self->save_data);
  g_clear_pointer (&self->grant, ps_grant_free);
  ps_secret_free (self->access_token);
  g_strfreev (self->granted);
  g_free (self->owner_id);
  g_clear_error (&self->last_error);
  G_OBJECT_CLASS (ps_token_source_parent_class)->finalize (object);
}

static void
ps_token_source_class_init (PsTokenSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ps_token_source_dispose;
  object_class->finalize = ps_token_source_finalize;
}

static void
ps_token_source_init (PsTokenSource *self)
{
  g_queue_init (&self->waiting);
}

/* Takes @grant. */
static PsTokenSource *
new_source (const char *url, PsGrant *grant, GError **error)
{
  g_autoptr (PsGrant) owned = grant;
  g_autoptr (PsTransport) transport = ps_transport_new (ps_grant_service (grant), url, NULL, error);
  PsTokenSource *self;

  if (transport == NULL)
    return NULL;
  self = g_object_new (PS_TYPE_TOKEN_SOURCE, NULL);
  self->grant = g_steal_pointer (&owned);
  self->transport = g_steal_pointer (&transport);
  return self;
}

PsTokenSource *
ps_token_source_new_client_secret (const char *login_url, const char *graph_url, const char *tenant_id,
                                   const char *client_id, const char *client_secret, GError **error)
{
  PsGrant *grant = ps_grant_new_client_secret (login_url, graph_url, tenant_id, client_id, client_secret, error);

  return grant != NULL ? new_source (login_url, grant, error) : NULL;
}

PsTokenSource *
ps_token_source_new_client_certificate (const char *login_url, const char *graph_url, const char *tenant_id,
                                        const char *client_id, const char *pem, GError **error)
{
  PsGrant *grant = ps_grant_new_client_certificate (login_url, graph_url, tenant_id, client_id, pem, error);

  return grant != NULL ? new_source (login_url, grant, error) : NULL;
}

PsTokenSource *
ps_token_source_new_jwt (const char *server_url, const char *client_id, const char *client_secret, const char *jwt,
                         GError **error)
{
  PsGrant *grant = ps_grant_new_jwt (client_id, client_secret, jwt, error);

  return grant != NULL ? new_source (server_url, grant, error) : NULL;
}

PsTokenSource *
ps_token_source_new_refresh (const char *server_url, const char *client_id, const char *refresh_token, PsTokenSave save,
                             PsTokenSaveFinish save_finish, gpointer save_data, GDestroyNotify save_data_free,
                             GError **error)
{
  PsGrant *grant;
  PsTokenSource *self;

  g_return_val_if_fail (save == NULL || save_finish != NULL, NULL);

  grant = ps_grant_new_refresh (client_id, refresh_token, error);
  self = grant != NULL ? new_source (server_url, grant, error) : NULL;
  if (self == NULL) {
    if (save_data_free != NULL)
      save_data_free (save_data);
    return NULL;
  }
  self->save = save;
  self->save_finish = save_finish;
  self->save_data = save_data;
  self->save_data_free = save_data_free;
  return self;
}

void
ps_token_source_give (PsTokenSource *self, const char *access_token, gint64 life_ms)
{
  PsTokenReply reply = { .life_ms = life_ms };

  g_return_if_fail (PS_IS_TOKEN_SOURCE (self));
  g_return_if_fail (access_token != NULL && life_ms > 0);

  reply.access_token = g_strdup (access_token); /* keep_token() takes it */
  keep_token (self, &reply, ps_now_ms ());
}

PsBudget *
ps_token_source_auth_budget (PsTokenSource *self)
{
  return ps_grant_service (self->grant) == PS_SERVICE_RINGCENTRAL ? ps_transport_budget (self->transport, "Auth")
                                                                  : NULL;
}

void
ps_token_source_drop (PsTokenSource *self, const char *token)
{
  if (g_strcmp0 (self->access_token, token) == 0)
    g_clear_pointer (&self->access_token, ps_secret_free);
}

/* Whether the token that we have is the answer, without asking for another. */
static gboolean
is_answer (PsTokenSource *self, gboolean force, const char *refused)
{
  gint64 now = ps_now_ms ();

  if (self->access_token == NULL || now >= self->expires_ms)
    return FALSE;
  if (force)
    /* Renewed since it was refused; or so new that the next one would be refused as well. */
    return (refused != NULL && strcmp (refused, self->access_token) != 0) || now < self->obtained_ms + BETWEEN_TRIES_MS;
  if (now < self->refresh_ms)
    return TRUE;
  return self->last_error != NULL && until_next_try (self) > 0 && is_usable (self);
}

void
ps_token_source_get_async (PsTokenSource *self, gboolean force, const char *refused, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PS_IS_TOKEN_SOURCE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_token_source_get_async);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (is_answer (self, force, refused))
    g_task_return_pointer (task, g_strdup (self->access_token), (GDestroyNotify) ps_secret_free);
  else if (self->refreshing == NULL && self->last_error != NULL && until_next_try (self) > 0)
    g_task_return_error (task, g_error_copy (self->last_error));
  else if (self->grant->kind == PS_GRANT_REFRESH && self->grant->refresh_token == NULL)
    g_task_return_error (task, ps_service_error_from_code (PS_SERVICE_RINGCENTRAL, 0, "OAU-213", NULL));
  else
    wait_for_refresh (self, g_steal_pointer (&task));
}

char *
ps_token_source_get_finish (PsTokenSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_token_source_get_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GStrv
ps_token_source_granted (PsTokenSource *self)
{
  g_return_val_if_fail (PS_IS_TOKEN_SOURCE (self), NULL);

  return g_strdupv (self->granted);
}

const char *
ps_token_source_owner_id (PsTokenSource *self)
{
  g_return_val_if_fail (PS_IS_TOKEN_SOURCE (self), NULL);

  return self->owner_id;
}

static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);

  if (reply != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
ps_token_source_revoke_async (PsTokenSource *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GBytes) form = NULL;
  const char *token;

  g_return_if_fail (PS_IS_TOKEN_SOURCE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_token_source_revoke_async);
  token = self->grant->refresh_token != NULL ? self->grant->refresh_token : self->access_token;
  if (ps_grant_service (self->grant) == PS_SERVICE_MICROSOFT || token == NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  form = ps_grant_revoke_form (self->grant, token);
  /* It ends the whole session: whatever the answer is, these are not used again. */
  g_clear_pointer (&self->access_token, ps_secret_free);
  g_clear_pointer (&self->grant->refresh_token, ps_secret_free);
  post (self, "/restapi/oauth/revoke", form, cancellable, revoked_cb, g_steal_pointer (&task));
}

gboolean
ps_token_source_revoke_finish (PsTokenSource *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_token_source_revoke_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
