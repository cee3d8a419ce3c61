/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting RingCentral by a person's sign-in: the browser brings a code, the code a session, and the session is
 * looked at with its first access token. Only when its owner turns out to be an administrator is the refresh token
 * kept, and only then is the connection remembered; so a sign-in that does not fit leaves an older connection as it
 * was. A session that is not kept is ended, for a user has but five of them with an application (RingCentral
 * guide "Tokens").
 */
#include "config.h"

#include "ps-connect-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-connection-names.h"
#include "ps-loopback.h"

#define PATIENCE_MS (10 * 60 * 1000)

typedef struct {
  PsWorkspace *workspace;              /* (owned) */
  PsRingCentralConnection *connection; /* (owned) */
  PsSignIn *sign_in;                   /* (owned) (nullable) */
  PsLoopback *loopback;                /* (owned) (nullable): with the system's browser */
  PsTokenSource *tokens;               /* (owned) (nullable): once there is a session */
  PsRingCentralClient *client;         /* (owned) (nullable) */
  char **refresh_token;                /* (owned) (nullable): box with the newest */
  GError *refused;                     /* (owned) (nullable): while the session is ended */
} Connect;

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
box_clear (gpointer data)
{
  wipe (*(char **) data);
}

static void
box_unref (gpointer box)
{
  g_rc_box_release_full (box, box_clear);
}

static void
connect_free (Connect *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->connection, ps_ringcentral_connection_free);
  g_clear_object (&data->sign_in);
  g_clear_object (&data->loopback);
  g_clear_object (&data->client);
  g_clear_object (&data->tokens);
  g_clear_pointer (&data->refresh_token, box_unref);
  g_clear_error (&data->refused);
  g_free (data);
}

/* --- what the token source has to keep while nothing is decided yet: in memory only --- */

static void
keep_refresh_token (const char *refresh_token, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer callback_data, gpointer box)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  char **kept = box;

  wipe (*kept);
  *kept = g_strdup (refresh_token);
  g_task_return_boolean (task, TRUE);
}

static gboolean
keep_refresh_token_finish (GAsyncResult *result, gpointer box, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- when it does not fit --- */

static void
session_ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connect *data = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!ps_token_source_revoke_finish (PS_TOKEN_SOURCE (source), result, &error))
    g_info ("The RingCentral session could not be ended: %s", error->message);
  g_task_return_error (task, g_steal_pointer (&data->refused));
}

/* Ends the session, then the task. Who has cancelled does not wait for the former. Takes @error. */
static void
refuse (GTask *task, GError *error)
{
  Connect *data = g_task_get_task_data (task);

  if (g_cancellable_is_cancelled (g_task_get_cancellable (task))) {
    ps_token_source_revoke_async (data->tokens, NULL, NULL, NULL);
    g_task_return_error (task, error);
    return;
  }
  data->refused = error;
  ps_token_source_revoke_async (data->tokens, g_task_get_cancellable (task), session_ended_cb, g_object_ref (task));
}

/* --- from the code to the connection --- */

static void
settings_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);

  if (!ps_store_save_finish (PS_STORE (source), result, &error))
    refuse (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&data->connection), (GDestroyNotify) ps_ringcentral_connection_free);
}

static void
refresh_token_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) changes = NULL;
  Connect *data = g_task_get_task_data (task);

  if (!ps_secrets_store_finish (PS_SECRETS (source), result, &error)) {
    refuse (task, g_steal_pointer (&error));
    return;
  }
  changes = ps_connect_ringcentral_settings (data->connection);
  ps_store_save_settings_async (ps_workspace_store (data->workspace), changes, g_task_get_cancellable (task),
                                settings_saved_cb, g_object_ref (task));
}

static void
account_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);
  g_autoptr (PsRingCentralAccount) account =
      ps_ringcentral_client_read_account_finish (PS_RINGCENTRAL_CLIENT (source), result, &error);

  if (account == NULL || !ps_connect_ringcentral_take_account (data->connection, account, &error)) {
    refuse (task, g_steal_pointer (&error));
    return;
  }
  ps_secrets_store_async (ps_workspace_secrets (data->workspace), SECRET_RC_REFRESH,
                          _ ("Presence Sync: RingCentral session"), *data->refresh_token, g_task_get_cancellable (task),
                          refresh_token_stored_cb, g_object_ref (task));
}

/* A client for the session, with the access token that it began with. */
static gboolean
open_session (Connect *data, const PsSignedIn *signed_in, GError **error)
{
  const char *server_url = data->connection->server_url;

  if (signed_in->refresh_token == NULL) {
    g_propagate_error (error, ps_error_new (PS_ERROR_PERMISSION,
                                            _ ("RingCentral gives this application no refresh token, so that the "
                                               "sign-in would end within the hour. Tick “Issue refresh tokens” in the "
                                               "settings of the app in RingCentral's developer console, then connect "
                                               "again.")));
    return FALSE;
  }
  data->refresh_token = g_rc_box_new0 (char *);
  *data->refresh_token = g_strdup (signed_in->refresh_token);
  data->tokens = ps_token_source_new_refresh (server_url, data->connection->client_id, signed_in->refresh_token,
                                              keep_refresh_token, keep_refresh_token_finish,
                                              g_rc_box_acquire (data->refresh_token), box_unref, error);
  if (data->tokens == NULL)
    return FALSE;
  ps_token_source_give (data->tokens, signed_in->access_token, signed_in->life_ms);
  data->client = ps_ringcentral_client_new (server_url, data->tokens, error);
  return data->client != NULL;
}

static void
redeemed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSignedIn) signed_in = ps_sign_in_redeem_finish (PS_SIGN_IN (source), result, &error);
  Connect *data = g_task_get_task_data (task);

  if (signed_in == NULL || !open_session (data, signed_in, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_ringcentral_client_read_account_async (data->client, g_task_get_cancellable (task), account_read_cb,
                                            g_object_ref (task));
}

static GTask *
new_task (PsWorkspace *workspace, const char *client_id, const char *server_url, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data, gpointer tag)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Connect *data = g_new0 (Connect, 1);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, data, (GDestroyNotify) connect_free);
  data->workspace = g_object_ref (workspace);
  data->connection = g_new0 (PsRingCentralConnection, 1);
  data->connection->server_url = g_strdup (server_url);
  data->connection->client_id = g_strstrip (g_strdup (client_id));
  data->connection->browser = TRUE;
  return task;
}

void
ps_connect_ringcentral_signed_in_async (PsWorkspace *workspace, PsSignIn *sign_in, const char *client_id,
                                        const char *server_url, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ps_sign_in_kind (sign_in) == PS_SIGN_IN_RINGCENTRAL);

  task = new_task (workspace, client_id, server_url, cancellable, callback, user_data,
                   ps_connect_ringcentral_signed_in_async);
  ps_sign_in_redeem_async (sign_in, cancellable, redeemed_cb, g_steal_pointer (&task));
}

/* --- with the system's browser --- */

static void
browser_answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  char *uri = ps_loopback_wait_finish (PS_LOOPBACK (source), result, &error);
  Connect *data = g_task_get_task_data (task);

  if (uri != NULL && ps_sign_in_handle_redirect (data->sign_in, uri, &error))
    ps_sign_in_redeem_async (data->sign_in, g_task_get_cancellable (task), redeemed_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
  ps_loopback_uri_free (uri);
}

void
ps_connect_ringcentral_browser_async (PsWorkspace *workspace, const char *client_id, const char *server_url, guint port,
                                      PsOpenAddress open, gpointer open_data, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = new_task (workspace, client_id, server_url, cancellable, callback, user_data,
                                     ps_connect_ringcentral_browser_async);
  Connect *data = g_task_get_task_data (task);
  PsSignInOptions options = { .kind = PS_SIGN_IN_RINGCENTRAL, .base_url = server_url, .client_id = client_id };
  GError *error = NULL;

  data->loopback = ps_loopback_new (port, PS_SIGN_IN_RINGCENTRAL_PATH, &error);
  if (data->loopback != NULL) {
    options.redirect_uri = ps_loopback_redirect_uri (data->loopback);
    data->sign_in = ps_sign_in_new (&options, &error);
  }
  if (data->sign_in == NULL) {
    g_task_return_error (task, error);
    return;
  }
  open (ps_sign_in_uri (data->sign_in), open_data);
  ps_loopback_wait_async (data->loopback, PATIENCE_MS, cancellable, browser_answered_cb, g_steal_pointer (&task));
}
