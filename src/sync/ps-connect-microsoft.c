/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting Microsoft 365 with an app registration's own credential: a token, its permissions, one read. Only what
 * passed all three is remembered, the secret first, so that the store never names a connection that has no secret.
 */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-connect-private.h"
#include "ps-connection-names.h"
#include "ps-keep-secret.h"

typedef struct {
  PsWorkspace *workspace;            /* (owned) */
  PsMicrosoftConnection *connection; /* (owned) */
  char *secret;                      /* (owned) */
  PsGraphClient *graph;              /* (owned) */
} Connect;

static void
connect_free (Connect *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->connection, ps_microsoft_connection_free);
  g_clear_object (&data->graph);
  if (data->secret != NULL)
    explicit_bzero (data->secret, strlen (data->secret));
  g_free (data->secret);
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
  ps_keep_graph_client (data->workspace, data->connection, data->graph);
  g_task_return_pointer (task, g_steal_pointer (&data->connection), (GDestroyNotify) ps_microsoft_connection_free);
}

static void
secret_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  Connect *data = g_task_get_task_data (task);
  PsMicrosoftConnection *connection = data->connection;

  if (!ps_keep_secret_finish (PS_SECRETS (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  connection->connected_ms = ps_now_ms ();
  g_hash_table_insert (changes, SETTING_MS_TENANT, g_strdup (connection->tenant_id));
  g_hash_table_insert (changes, SETTING_MS_CLIENT, g_strdup (connection->client_id));
  g_hash_table_insert (changes, SETTING_MS_LOGIN_URL, g_strdup (connection->login_url));
  g_hash_table_insert (changes, SETTING_MS_GRAPH_URL, g_strdup (connection->graph_url));
  g_hash_table_insert (changes, SETTING_MS_ORGANIZATION, g_strdup (connection->organization));
  g_hash_table_insert (changes, SETTING_MS_GRANTED, g_strjoinv (" ", connection->granted));
  g_hash_table_insert (changes, SETTING_MS_EXPIRES, g_strdup (connection->secret_expires));
  g_hash_table_insert (changes, SETTING_MS_CERTIFICATE, g_strdup (connection->certificate ? "yes" : NULL));
  g_hash_table_insert (changes, SETTING_MS_CONNECTED, g_strdup_printf ("%" G_GINT64_FORMAT, connection->connected_ms));
  ps_store_save_settings_async (ps_workspace_store (data->workspace), changes, g_task_get_cancellable (task),
                                settings_saved_cb, g_object_ref (task));
}

static void
users_probed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);
  gboolean certificate = data->connection->certificate;

  if (!ps_graph_client_probe_users_finish (PS_GRAPH_CLIENT (source), result, &error)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_keep_secret_async (ps_workspace_secrets (data->workspace), certificate ? SECRET_MS_CERTIFICATE : SECRET_MS_SECRET,
                        certificate ? _ ("Presence Sync: Microsoft certificate")
                                    : _ ("Presence Sync: Microsoft client secret"),
                        data->secret, g_task_get_cancellable (task), secret_stored_cb, g_object_ref (task));
}

static void
organization_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);

  data->connection->organization = ps_graph_client_get_organization_finish (PS_GRAPH_CLIENT (source), result, &error);
  if (error != NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_graph_client_probe_users_async (data->graph, g_task_get_cancellable (task), users_probed_cb, g_object_ref (task));
}

static void
token_got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Connect *data = g_task_get_task_data (task);
  g_autofree char *token = ps_token_source_get_finish (PS_TOKEN_SOURCE (source), result, &error);
  g_auto (GStrv) missing = NULL;
  GStrv granted;

  if (token == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  granted = ps_token_source_granted (PS_TOKEN_SOURCE (source));
  if (granted != NULL) {
    g_strfreev (data->connection->granted);
    data->connection->granted = granted;
    missing = ps_microsoft_missing_permissions (data->connection, FALSE);
    if (missing[0] != NULL) {
      g_autofree char *names = g_strjoinv (", ", missing);

      g_task_return_error (
          task, ps_error_new (PS_ERROR_PERMISSION,
                              _ ("The sign-in works, but the app registration lacks permissions: %s. Without "
                                 "them nobody's presence can be synced. In the Azure portal, open the registration's "
                                 "API permissions, add them as Microsoft Graph application permissions, and grant "
                                 "admin consent; it can take some minutes to take effect."),
                              names));
      return;
    }
  }
  ps_graph_client_get_organization_async (data->graph, g_task_get_cancellable (task), organization_read_cb,
                                          g_object_ref (task));
}

static void
start (GTask *task)
{
  Connect *data = g_task_get_task_data (task);
  PsMicrosoftConnection *connection = data->connection;
  g_autoptr (PsTokenSource) tokens = NULL;
  GError *error = NULL;

  if (connection->certificate)
    tokens =
        ps_token_source_new_client_certificate (connection->login_url, connection->graph_url, connection->tenant_id,
                                                connection->client_id, data->secret, &error);
  else
    tokens = ps_token_source_new_client_secret (connection->login_url, connection->graph_url, connection->tenant_id,
                                                connection->client_id, data->secret, &error);
  if (tokens != NULL)
    data->graph = ps_graph_client_new (connection->graph_url, tokens, &error);
  if (data->graph == NULL) {
    g_task_return_error (task, error);
    g_object_unref (task);
    return;
  }
  ps_token_source_get_async (tokens, FALSE, NULL, g_task_get_cancellable (task), token_got_cb, task);
}

void
ps_connect_microsoft_async (PsWorkspace *workspace, const char *tenant_id, const char *client_id, const char *secret,
                            gboolean certificate, const char *secret_expires, const char *login_url,
                            const char *graph_url, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Connect *data = g_new0 (Connect, 1);

  g_task_set_source_tag (task, ps_connect_microsoft_async);
  g_task_set_task_data (task, data, (GDestroyNotify) connect_free);
  data->workspace = g_object_ref (workspace);
  data->secret = g_strdup (secret);
  data->connection = g_new0 (PsMicrosoftConnection, 1);
  data->connection->tenant_id = g_strdup (tenant_id);
  data->connection->client_id = g_strdup (client_id);
  data->connection->login_url = g_strdup (login_url);
  data->connection->graph_url = g_strdup (graph_url);
  data->connection->secret_expires = g_strdup (secret_expires);
  data->connection->certificate = certificate;
  data->connection->granted = g_new0 (char *, 1);
  start (task);
}

PsMicrosoftConnection *
ps_connect_microsoft_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- a new secret for the same registration --- */

static void
settings_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) settings = ps_store_load_settings_finish (PS_STORE (source), result, &error);
  Connect *data = g_task_get_task_data (task);
  g_autoptr (PsMicrosoftConnection) saved = settings != NULL ? ps_microsoft_connection_load (settings) : NULL;

  if (settings == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (saved == NULL) {
    g_task_return_error (
        task, ps_error_new (PS_ERROR_NOT_CONNECTED,
                            _ ("Microsoft 365 is not connected, so there is no secret to update. Connect it first.")));
    return;
  }
  g_free (saved->secret_expires);
  saved->secret_expires = g_steal_pointer (&data->connection->secret_expires);
  saved->certificate = FALSE;
  g_clear_pointer (&saved->organization, g_free);
  ps_microsoft_connection_free (data->connection);
  data->connection = g_steal_pointer (&saved);
  start (g_steal_pointer (&task));
}

void
ps_update_microsoft_secret_async (PsWorkspace *workspace, const char *secret, const char *secret_expires,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Connect *data = g_new0 (Connect, 1);

  g_task_set_source_tag (task, ps_update_microsoft_secret_async);
  g_task_set_task_data (task, data, (GDestroyNotify) connect_free);
  data->workspace = g_object_ref (workspace);
  data->secret = g_strdup (secret);
  data->connection = g_new0 (PsMicrosoftConnection, 1);
  data->connection->secret_expires = g_strdup (secret_expires);
  ps_store_load_settings_async (ps_workspace_store (workspace), cancellable, settings_loaded_cb, task);
}

PsMicrosoftConnection *
ps_update_microsoft_secret_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_update_microsoft_secret_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
