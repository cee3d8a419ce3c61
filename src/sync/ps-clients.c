/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what is remembered to clients that work, and forgetting a connection.
 */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#include "ps-connect-private.h"
#include "ps-connection-names.h"

/* --- PsClients --- */

static void
clients_clear (PsClients *clients)
{
  g_clear_pointer (&clients->microsoft, ps_microsoft_connection_free);
  g_clear_pointer (&clients->ringcentral, ps_ringcentral_connection_free);
  g_clear_object (&clients->graph);
  g_clear_object (&clients->phone);
}

PsClients *
ps_clients_ref (PsClients *clients)
{
  return g_atomic_rc_box_acquire (clients);
}

void
ps_clients_unref (PsClients *clients)
{
  g_atomic_rc_box_release_full (clients, (GDestroyNotify) clients_clear);
}

/* --- one client of each service for a workspace --- */

/* Each has its own sign-in, and RingCentral allows a user but five with an application: whoever opens clients twice
 * gets the same ones, as long as the connection is the same. */
typedef struct {
  gint64 connected_ms;
  gboolean browser;
  GObject *client; /* (owned) */
} Kept;

#define KEPT_GRAPH "ps-kept-graph"
#define KEPT_PHONE "ps-kept-phone"

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_object_unref (kept->client);
  g_free (kept);
}

static void
keep (PsWorkspace *workspace, const char *which, gint64 connected_ms, gboolean browser, gpointer client)
{
  Kept *kept = g_new0 (Kept, 1);

  kept->connected_ms = connected_ms;
  kept->browser = browser;
  kept->client = g_object_ref (client);
  g_object_set_data_full (G_OBJECT (workspace), which, kept, kept_free);
}

/* Returns: (transfer full) (nullable) */
static gpointer
get_kept (PsWorkspace *workspace, const char *which, gint64 connected_ms)
{
  Kept *kept = g_object_get_data (G_OBJECT (workspace), which);

  return kept != NULL && kept->connected_ms == connected_ms ? g_object_ref (kept->client) : NULL;
}

void
ps_keep_graph_client (PsWorkspace *workspace, const PsMicrosoftConnection *connection, PsGraphClient *client)
{
  keep (workspace, KEPT_GRAPH, connection->connected_ms, FALSE, client);
}

void
ps_keep_ringcentral_client (PsWorkspace *workspace, const PsRingCentralConnection *connection,
                            PsRingCentralClient *client)
{
  keep (workspace, KEPT_PHONE, connection->connected_ms, connection->browser, client);
}

/* --- opening: settings, then one secret after the other --- */

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsClients *clients;     /* (owned) */
  char *client_secret;    /* (owned): RingCentral's, while the JWT is looked up */
} Open;

static void
open_free (Open *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->clients, ps_clients_unref);
  g_clear_pointer (&data->client_secret, secret_password_free);
  g_free (data);
}

/* Returns: (transfer full) (nullable): the secret; else the task has been answered. */
static char *
take_secret (GTask *task, GObject *source, GAsyncResult *result, const char *service)
{
  GError *error = NULL;
  char *secret = ps_secrets_lookup_finish (PS_SECRETS (source), result, &error);

  if (secret == NULL && error == NULL)
    error = ps_error_new (
        PS_ERROR_NOT_CONNECTED,
        _ ("%s is connected, but its secret is no longer in the keyring. Connect it again, or put the secret "
           "back."),
        service);
  if (error != NULL)
    g_task_return_error (task, error);
  return secret;
}

/* For a sign-in by browser: each rotated refresh token is in the keyring before it is used. */
static void
save_refresh_token (const char *refresh_token, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer callback_data, gpointer save_data)
{
  ps_secrets_store_async (PS_SECRETS (save_data), SECRET_RC_REFRESH, _ ("Presence Sync: RingCentral session"),
                          refresh_token, cancellable, callback, callback_data);
}

static gboolean
save_refresh_token_finish (GAsyncResult *result, gpointer save_data, GError **error)
{
  return ps_secrets_store_finish (PS_SECRETS (save_data), result, error);
}

static void
finish (GTask *task)
{
  Open *data = g_task_get_task_data (task);
  PsRingCentralConnection *connection = data->clients->ringcentral;

  ps_ringcentral_client_set_new_call_handling (data->clients->phone, connection->new_call_handling);
  g_task_return_pointer (task, g_steal_pointer (&data->clients), (GDestroyNotify) ps_clients_unref);
}

static void
finish_phone (GTask *task, PsTokenSource *tokens, GError *error)
{
  Open *data = g_task_get_task_data (task);
  PsRingCentralConnection *connection = data->clients->ringcentral;

  if (tokens != NULL)
    data->clients->phone = ps_ringcentral_client_new (connection->server_url, tokens, &error);
  if (data->clients->phone == NULL) {
    g_task_return_error (task, error);
    return;
  }
  ps_keep_ringcentral_client (data->workspace, connection, data->clients->phone);
  finish (task);
}

static void
jwt_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Open *data = g_task_get_task_data (task);
  PsRingCentralConnection *connection = data->clients->ringcentral;
  char *jwt = take_secret (task, source, result, "RingCentral");
  g_autoptr (PsTokenSource) tokens = NULL;
  GError *error = NULL;

  if (jwt == NULL)
    return;
  tokens = ps_token_source_new_jwt (connection->server_url, connection->client_id, data->client_secret, jwt, &error);
  secret_password_free (jwt);
  finish_phone (task, tokens, error);
}

static void
client_secret_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Open *data = g_task_get_task_data (task);

  data->client_secret = take_secret (task, source, result, "RingCentral");
  if (data->client_secret != NULL)
    ps_secrets_lookup_async (ps_workspace_secrets (data->workspace), SECRET_RC_JWT, g_task_get_cancellable (task),
                             jwt_found_cb, g_object_ref (task));
}

static void
refresh_token_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Open *data = g_task_get_task_data (task);
  PsRingCentralConnection *connection = data->clients->ringcentral;
  char *refresh_token = take_secret (task, source, result, "RingCentral");
  g_autoptr (PsTokenSource) tokens = NULL;
  GError *error = NULL;

  if (refresh_token == NULL)
    return;
  tokens =
      ps_token_source_new_refresh (connection->server_url, connection->client_id, refresh_token, save_refresh_token,
                                   save_refresh_token_finish, g_object_ref (source), g_object_unref, &error);
  secret_password_free (refresh_token);
  finish_phone (task, tokens, error);
}

static void
open_phone (GTask *task)
{
  Open *data = g_task_get_task_data (task);
  PsRingCentralConnection *connection = data->clients->ringcentral;

  data->clients->phone = get_kept (data->workspace, KEPT_PHONE, connection->connected_ms);
  if (data->clients->phone != NULL)
    finish (task);
  else
    ps_secrets_lookup_async (ps_workspace_secrets (data->workspace),
                             connection->browser ? SECRET_RC_REFRESH : SECRET_RC_SECRET, g_task_get_cancellable (task),
                             connection->browser ? refresh_token_found_cb : client_secret_found_cb,
                             g_object_ref (task));
}

static void
microsoft_secret_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Open *data = g_task_get_task_data (task);
  PsMicrosoftConnection *connection = data->clients->microsoft;
  char *secret = take_secret (task, source, result, "Microsoft 365");
  g_autoptr (PsTokenSource) tokens = NULL;
  GError *error = NULL;

  if (secret == NULL)
    return;
  if (connection->certificate)
    tokens = ps_token_source_new_client_certificate (connection->login_url, connection->graph_url,
                                                     connection->tenant_id, connection->client_id, secret, &error);
  else
    tokens = ps_token_source_new_client_secret (connection->login_url, connection->graph_url, connection->tenant_id,
                                                connection->client_id, secret, &error);
  secret_password_free (secret);
  if (tokens != NULL)
    data->clients->graph = ps_graph_client_new (connection->graph_url, tokens, &error);
  if (data->clients->graph == NULL) {
    g_task_return_error (task, error);
    return;
  }
  ps_keep_graph_client (data->workspace, connection, data->clients->graph);
  open_phone (task);
}

static void
settings_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) settings = ps_store_load_settings_finish (PS_STORE (source), result, &error);
  Open *data = g_task_get_task_data (task);
  PsClients *clients = data->clients;
  const char *missing = NULL;

  if (settings == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  clients->microsoft = ps_microsoft_connection_load (settings);
  clients->ringcentral = ps_ringcentral_connection_load (settings);
  if (clients->microsoft == NULL && clients->ringcentral == NULL)
    missing = _ ("Neither Microsoft 365 nor RingCentral is connected yet. Connect both first.");
  else if (clients->microsoft == NULL)
    missing = _ ("Microsoft 365 is not connected yet. Connect it first.");
  else if (clients->ringcentral == NULL)
    missing = _ ("RingCentral is not connected yet. Connect it first.");
  if (missing != NULL) {
    g_task_return_error (task, ps_error_new (PS_ERROR_NOT_CONNECTED, "%s", missing));
    return;
  }
  clients->graph = get_kept (data->workspace, KEPT_GRAPH, clients->microsoft->connected_ms);
  if (clients->graph != NULL)
    open_phone (task);
  else
    ps_secrets_lookup_async (ps_workspace_secrets (data->workspace),
                             clients->microsoft->certificate ? SECRET_MS_CERTIFICATE : SECRET_MS_SECRET,
                             g_task_get_cancellable (task), microsoft_secret_found_cb, g_object_ref (task));
}

void
ps_open_clients_async (PsWorkspace *workspace, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Open *data = g_new0 (Open, 1);

  g_task_set_source_tag (task, ps_open_clients_async);
  g_task_set_task_data (task, data, (GDestroyNotify) open_free);
  data->workspace = g_object_ref (workspace);
  data->clients = g_atomic_rc_box_new0 (PsClients);
  ps_store_load_settings_async (ps_workspace_store (workspace), cancellable, settings_loaded_cb, task);
}

PsClients *
ps_open_clients_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- ending --- */

/* Signing out costs one of the few calls a minute (five by default) that signing in needs as well: while they are
 * scarce it is left undone, and the session ends by itself within the hour. */
#define SPARE_CALLS 3

static gboolean
can_spare_a_call (PsRingCentralClient *client)
{
  PsBudget *budget = ps_transport_budget (ps_ringcentral_client_transport (client), "Auth");

  return budget == NULL || ps_budget_used (budget, ps_now_ms ()) + SPARE_CALLS <= ps_budget_limit (budget);
}

/* A service that does not answer must not keep a program from ending: the session then ends by itself. */
#define END_MS 3000

typedef struct {
  GCancellable *cancellable; /* (owned) */
  guint timer;
} End;

static void
end_free (End *data)
{
  g_clear_handle_id (&data->timer, g_source_remove);
  g_object_unref (data->cancellable);
  g_free (data);
}

static gboolean
end_timeout_cb (gpointer user_data)
{
  End *data = user_data;

  data->timer = 0;
  g_cancellable_cancel (data->cancellable);
  return G_SOURCE_REMOVE;
}

static void
ended_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!ps_token_source_revoke_finish (PS_TOKEN_SOURCE (source), result, &error))
    g_info ("The RingCentral session could not be ended: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

void
ps_end_sessions_async (PsWorkspace *workspace, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (workspace, NULL, callback, user_data);
  Kept *kept = g_object_get_data (G_OBJECT (workspace), KEPT_PHONE);
  g_autoptr (PsTokenSource) tokens = NULL;
  End *data;

  g_task_set_source_tag (task, ps_end_sessions_async);
  /* The session of a person's sign-in goes on: it is all that there is. A JWT makes a new one at any time. */
  if (kept != NULL && !kept->browser && can_spare_a_call (PS_RINGCENTRAL_CLIENT (kept->client)))
    tokens = g_object_ref (ps_ringcentral_client_tokens (PS_RINGCENTRAL_CLIENT (kept->client)));
  g_object_set_data (G_OBJECT (workspace), KEPT_GRAPH, NULL);
  g_object_set_data (G_OBJECT (workspace), KEPT_PHONE, NULL);
  if (tokens == NULL) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  data = g_new0 (End, 1);
  data->cancellable = g_cancellable_new ();
  data->timer = g_timeout_add (END_MS, end_timeout_cb, data);
  g_task_set_task_data (task, data, (GDestroyNotify) end_free);
  ps_token_source_revoke_async (tokens, data->cancellable, ended_cb, g_steal_pointer (&task));
}

void
ps_end_sessions_finish (PsWorkspace *workspace, GAsyncResult *result)
{
  g_return_if_fail (g_task_is_valid (result, workspace));
  g_task_propagate_boolean (G_TASK (result), NULL);
}
