/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting RingCentral with a JWT: a token, the account, and whether the token's owner is an administrator (whether
 * they may edit another user's presence is asked by "check", which knows a pilot user). Only then is it remembered.
 */
#include "config.h"

#include "ps-connect-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-connection-names.h"
#include "ps-keep-secret.h"

/* --- what both ways have in common --- */

gboolean
ps_connect_ringcentral_take_account (PsRingCentralConnection *connection, PsRingCentralAccount *account, GError **error)
{
  connection->account_id = g_steal_pointer (&account->account_id);
  connection->account_name = g_steal_pointer (&account->account_name);
  connection->own_id = g_steal_pointer (&account->own_id);
  connection->own_name = g_steal_pointer (&account->own_name);
  connection->new_call_handling = account->new_call_handling;
  connection->has_queues = account->has_queues;
  if (account->own_admin)
    return TRUE;
  g_propagate_error (
      error, ps_error_new (PS_ERROR_PERMISSION,
                           _ ("The sign-in to RingCentral works, but %s is not an administrator there and may "
                              "change nobody's presence but their own. Use the credentials of an administrator, "
                              "best of a service user with the role Super Admin."),
                           connection->own_name != NULL ? connection->own_name : _ ("this user")));
  return FALSE;
}

GHashTable *
ps_connect_ringcentral_settings (PsRingCentralConnection *connection)
{
  GHashTable *changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);

  connection->connected_ms = ps_now_ms ();
  g_hash_table_insert (changes, SETTING_RC_SERVER, g_strdup (connection->server_url));
  g_hash_table_insert (changes, SETTING_RC_CLIENT, g_strdup (connection->client_id));
  g_hash_table_insert (changes, SETTING_RC_METHOD, g_strdup (connection->browser ? "browser" : "jwt"));
  g_hash_table_insert (changes, SETTING_RC_ACCOUNT, g_strdup (connection->account_id));
  g_hash_table_insert (changes, SETTING_RC_ACCOUNT_NAME, g_strdup (connection->account_name));
  g_hash_table_insert (changes, SETTING_RC_OWN, g_strdup (connection->own_id));
  g_hash_table_insert (changes, SETTING_RC_OWN_NAME, g_strdup (connection->own_name));
  g_hash_table_insert (changes, SETTING_RC_NEW_CALLS, g_strdup (connection->new_call_handling ? "yes" : NULL));
  g_hash_table_insert (changes, SETTING_RC_QUEUES, g_strdup (connection->has_queues ? "yes" : NULL));
  g_hash_table_insert (changes, SETTING_RC_CONNECTED, g_strdup_printf ("%" G_GINT64_FORMAT, connection->connected_ms));
  return changes;
}

/* --- with a JWT --- */

typedef struct {
  PsWorkspace *workspace;              /* (owned) */
  PsRingCentralConnection *connection; /* (owned) */
  char *secret, *jwt;                  /* (owned) */
  PsRingCentralClient *client;         /* (owned) */
} Connect;

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

static void
connect_free (Connect *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->connection, ps_ringcentral_connection_free);
  g_clear_object (&data->client);
  wipe (data->secret);
  wipe (data->jwt);
  g_free (data);
}

static void
settings_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);

  if (!ps_store_save_finish (PS_STORE (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_keep_ringcentral_client (data->workspace, data->connection, data->client);
  g_task_return_pointer (task, g_steal_pointer (&data->connection), (GDestroyNotify) ps_ringcentral_connection_free);
}

static void
jwt_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) changes = NULL;
  Connect *data = g_task_get_task_data (task);

  if (!ps_keep_secret_finish (PS_SECRETS (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  changes = ps_connect_ringcentral_settings (data->connection);
  ps_store_save_settings_async (ps_workspace_store (data->workspace), changes, g_task_get_cancellable (task),
                                settings_saved_cb, g_object_ref (task));
}

static void
secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);

  if (!ps_keep_secret_finish (PS_SECRETS (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_keep_secret_async (PS_SECRETS (source), SECRET_RC_JWT, _ ("Presence Sync: RingCentral JWT"), data->jwt,
                        g_task_get_cancellable (task), jwt_stored_cb, g_object_ref (task));
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
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_keep_secret_async (ps_workspace_secrets (data->workspace), SECRET_RC_SECRET,
                        _ ("Presence Sync: RingCentral client secret"), data->secret, g_task_get_cancellable (task),
                        secret_stored_cb, g_object_ref (task));
}

void
ps_connect_ringcentral_jwt_async (PsWorkspace *workspace, const char *client_id, const char *client_secret,
                                  const char *jwt, const char *server_url, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (workspace, cancellable, callback, user_data);
  g_autoptr (PsTokenSource) tokens = NULL;
  Connect *data = g_new0 (Connect, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, ps_connect_ringcentral_jwt_async);
  g_task_set_task_data (task, data, (GDestroyNotify) connect_free);
  data->workspace = g_object_ref (workspace);
  data->secret = g_strdup (client_secret);
  data->jwt = g_strdup (jwt);
  data->connection = g_new0 (PsRingCentralConnection, 1);
  data->connection->server_url = g_strdup (server_url);
  data->connection->client_id = g_strdup (client_id);
  tokens = ps_token_source_new_jwt (server_url, client_id, client_secret, jwt, &error);
  if (tokens != NULL)
    data->client = ps_ringcentral_client_new (server_url, tokens, &error);
  if (data->client == NULL) {
    g_task_return_error (task, error);
    return;
  }
  ps_ringcentral_client_read_account_async (data->client, cancellable, account_read_cb, g_object_ref (task));
}

PsRingCentralConnection *
ps_connect_ringcentral_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
