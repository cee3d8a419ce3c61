/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forgetting a connection: the session at RingCentral is ended, then the secrets go, then what is remembered. In this
 * order, so that whatever interrupts it, the rest can be done by disconnecting once more.
 */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "ps-connection-names.h"
#include "ps-connection.h"

static const char *const microsoft_secrets[] = { SECRET_MS_SECRET, SECRET_MS_CERTIFICATE, NULL };
static const char *const ringcentral_secrets[] = { SECRET_RC_SECRET, SECRET_RC_JWT, SECRET_RC_REFRESH, NULL };
static const char *const microsoft_settings[] = {
  SETTING_MS_TENANT,  SETTING_MS_CLIENT,  SETTING_MS_LOGIN_URL,   SETTING_MS_GRAPH_URL, SETTING_MS_ORGANIZATION,
  SETTING_MS_GRANTED, SETTING_MS_EXPIRES, SETTING_MS_CERTIFICATE, SETTING_MS_CONNECTED, NULL
};
static const char *const ringcentral_settings[] = { SETTING_RC_SERVER,
                                                    SETTING_RC_CLIENT,
                                                    SETTING_RC_METHOD,
                                                    SETTING_RC_ACCOUNT,
                                                    SETTING_RC_ACCOUNT_NAME,
                                                    SETTING_RC_OWN,
                                                    SETTING_RC_OWN_NAME,
                                                    SETTING_RC_NEW_CALLS,
                                                    SETTING_RC_QUEUES,
                                                    SETTING_RC_CONNECTED,
                                                    NULL };

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsDisconnect which;
  GPtrArray *secrets; /* (owned) names still to be cleared */
} Disconnect;

static void
disconnect_free (Disconnect *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->secrets, g_ptr_array_unref);
  g_free (data);
}

static void
settings_saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!ps_store_save_finish (PS_STORE (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
forget_settings (GTask *task)
{
  Disconnect *data = g_task_get_task_data (task);
  g_autoptr (GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; (data->which & PS_DISCONNECT_MICROSOFT) && microsoft_settings[i] != NULL; i++)
    g_hash_table_insert (changes, (char *) microsoft_settings[i], NULL);
  for (guint i = 0; (data->which & PS_DISCONNECT_RINGCENTRAL) && ringcentral_settings[i] != NULL; i++)
    g_hash_table_insert (changes, (char *) ringcentral_settings[i], NULL);
  ps_store_save_settings_async (ps_workspace_store (data->workspace), changes, g_task_get_cancellable (task),
                                settings_saved_cb, g_object_ref (task));
}

static void clear_next_secret (GTask *task);

static void
secret_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!ps_secrets_clear_finish (PS_SECRETS (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    clear_next_secret (task);
}

static void
clear_next_secret (GTask *task)
{
  Disconnect *data = g_task_get_task_data (task);
  const char *name;

  if (data->secrets->len == 0) {
    forget_settings (task);
    return;
  }
  name = g_ptr_array_steal_index (data->secrets, data->secrets->len - 1);
  ps_secrets_clear_async (ps_workspace_secrets (data->workspace), name, g_task_get_cancellable (task),
                          secret_cleared_cb, g_object_ref (task));
}

/* RingCentral says that errors of a revocation are to be ignored: the session ends by itself. */
static void
revoked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!ps_token_source_revoke_finish (PS_TOKEN_SOURCE (source), result, &error))
    g_info ("The RingCentral session could not be ended: %s", error->message);
  clear_next_secret (task);
}

static void
clients_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Disconnect *data = g_task_get_task_data (task);
  g_autoptr (PsClients) clients = ps_open_clients_finish (data->workspace, result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  /* Without its secret there is no session of ours to end. */
  if (clients == NULL)
    clear_next_secret (task);
  else
    ps_token_source_revoke_async (ps_ringcentral_client_tokens (clients->phone), g_task_get_cancellable (task),
                                  revoked_cb, g_object_ref (task));
}

static void
ledger_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Disconnect *data = g_task_get_task_data (task);
  g_autoptr (GPtrArray) rows = ps_store_load_ledger_finish (PS_STORE (source), result, &error);

  if (rows == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (rows->len > 0) {
    g_task_return_error (
        task, ps_error_new (PS_ERROR_BUSY,
                            g_dngettext (GETTEXT_PACKAGE,
                                         "Presence that Presence Sync has set is still standing for %u person. "
                                         "Disable the sync first, which takes it back; then disconnect.",
                                         "Presence that Presence Sync has set is still standing for %u people. "
                                         "Disable the sync first, which takes it back; then disconnect.",
                                         rows->len),
                            rows->len));
    return;
  }
  if (data->which & PS_DISCONNECT_RINGCENTRAL)
    ps_open_clients_async (data->workspace, g_task_get_cancellable (task), clients_opened_cb, g_object_ref (task));
  else
    clear_next_secret (task);
}

void
ps_disconnect_async (PsWorkspace *workspace, PsDisconnect which, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Disconnect *data = g_new0 (Disconnect, 1);

  g_task_set_source_tag (task, ps_disconnect_async);
  g_task_set_task_data (task, data, (GDestroyNotify) disconnect_free);
  data->workspace = g_object_ref (workspace);
  data->which = which;
  data->secrets = g_ptr_array_new ();
  for (guint i = 0; (which & PS_DISCONNECT_MICROSOFT) && microsoft_secrets[i] != NULL; i++)
    g_ptr_array_add (data->secrets, (char *) microsoft_secrets[i]);
  for (guint i = 0; (which & PS_DISCONNECT_RINGCENTRAL) && ringcentral_secrets[i] != NULL; i++)
    g_ptr_array_add (data->secrets, (char *) ringcentral_secrets[i]);
  ps_store_load_ledger_async (ps_workspace_store (workspace), cancellable, ledger_loaded_cb, task);
}

gboolean
ps_disconnect_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
