/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The prerequisites, one after the other. Each step adds its line and hands on to the next; a step that cannot run
 * without an earlier one is left out, since the earlier one's line says what is missing.
 */
#include "config.h"

#include "ps-check.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-people.h"

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsClients *clients;     /* (owned) (nullable) */
  GPtrArray *items;       /* (owned) PsCheckItem */
  PsDirectory *directory; /* (owned) (nullable) */
  GPtrArray *links;       /* (owned) (nullable) PsLink */
} Check;

static void
check_free (Check *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->clients, ps_clients_unref);
  g_clear_pointer (&data->items, g_ptr_array_unref);
  g_clear_pointer (&data->directory, ps_directory_free);
  g_clear_pointer (&data->links, g_ptr_array_unref);
  g_free (data);
}

const char *
ps_check_result_to_word (PsCheckResult result)
{
  static const char *const words[] = { "ok", "warning", "failed", "by-hand" };

  g_return_val_if_fail (result < G_N_ELEMENTS (words), "");
  return words[result];
}

void
ps_check_item_free (PsCheckItem *item)
{
  g_free (item->title);
  g_free (item->advice);
  g_free (item);
}

/* Takes @title and @advice. */
static void
add (Check *data, const char *id, PsCheckResult result, char *title, char *advice)
{
  PsCheckItem *item = g_new0 (PsCheckItem, 1);

  item->id = id;
  item->result = result;
  item->title = title;
  item->advice = advice;
  g_ptr_array_add (data->items, item);
}

/* Cancelled: answers the task and says so. */
static gboolean
was_cancelled (GTask *task)
{
  return g_task_return_error_if_cancelled (task);
}

/* --- the last line: what cannot be seen from here --- */

static void
finish (GTask *task)
{
  Check *data = g_task_get_task_data (task);

  if (was_cancelled (task))
    return;
  add (data, "ringcentral-own-sync", PS_CHECK_BY_HAND, g_strdup (_ ("RingCentral's own Presence Sync is off")),
       g_strdup (_ ("Two programs that sync presence undo each other's work. In the RingCentral Admin Portal, open "
                    "More → Account "
                    "Settings → Microsoft Teams → Presence Sync and make sure that it is disabled.")));
  g_task_return_pointer (task, g_steal_pointer (&data->items), (GDestroyNotify) g_ptr_array_unref);
}

/* --- may we write? asked for one linked user --- */

static void
permission_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  gboolean allowed = FALSE;

  if (!ps_ringcentral_client_check_permission_finish (PS_RINGCENTRAL_CLIENT (source), result, &allowed, &error))
    add (data, "ringcentral-presence-permission", PS_CHECK_FAILED,
         g_strdup (_ ("The right to change users' presence in RingCentral could not be checked")),
         g_strdup (error->message));
  else if (!allowed)
    add (data, "ringcentral-presence-permission", PS_CHECK_FAILED,
         g_strdup (_ ("The RingCentral sign-in may not change other users' presence")),
         g_strdup (_ ("Connect RingCentral with the credentials of an administrator who may edit the presence status "
                      "of all users "
                      "(EditPresenceStatus), best of a service user with the role Super Admin.")));
  else
    add (data, "ringcentral-presence-permission", PS_CHECK_OK,
         g_strdup (_ ("The RingCentral sign-in may change users' presence")), NULL);
  finish (task);
}

static const PsLink *
pilot (const Check *data)
{
  for (guint i = 0; data->links != NULL && i < data->links->len; i++) {
    const PsLink *link = data->links->pdata[i];

    if (link->reason == PS_REASON_NONE && g_strcmp0 (link->ringcentral->id, data->clients->ringcentral->own_id) != 0)
      return link;
  }
  return NULL;
}

static void
check_permission (GTask *task)
{
  Check *data = g_task_get_task_data (task);
  const PsLink *link = pilot (data);

  if (link == NULL) {
    finish (task);
    return;
  }
  ps_ringcentral_client_check_permission_async (data->clients->phone, "EditPresenceStatus", link->ringcentral->id,
                                                g_task_get_cancellable (task), permission_checked_cb,
                                                g_object_ref (task));
}

/* --- can presence be read? asked for one linked user --- */

static void
presence_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  g_autoptr (PsTeamsPresences) presences =
      ps_graph_client_read_presences_finish (PS_GRAPH_CLIENT (source), result, &error);

  if (presences == NULL)
    add (data, "microsoft-presence", PS_CHECK_FAILED, g_strdup (_ ("Teams presence cannot be read")),
         g_strdup (error->message));
  else
    add (data, "microsoft-presence", PS_CHECK_OK, g_strdup (_ ("Teams presence can be read")), NULL);
  check_permission (task);
}

static void
check_presence (GTask *task)
{
  Check *data = g_task_get_task_data (task);
  const PsLink *link = pilot (data);
  const char *ids[1];

  if (link == NULL) {
    check_permission (task);
    return;
  }
  ids[0] = link->microsoft->id;
  ps_graph_client_read_presences_async (data->clients->graph, ids, 1, g_task_get_cancellable (task), presence_read_cb,
                                        g_object_ref (task));
}

/* --- the directories, and who matches --- */

static void
add_matching (Check *data)
{
  PsMatchCounts counts = ps_match_counts (data->links);
  guint missing = counts.total - counts.linked;
  g_autoptr (GString) why = g_string_new (NULL);

  for (PsReason reason = PS_REASON_NONE + 1; reason < PS_N_REASONS; reason++)
    if (counts.by_reason[reason] > 0) {
      g_autofree char *text = ps_reason_to_text (reason, NULL);

      g_string_append_printf (why, "%s%u: %s", why->len > 0 ? "\n" : "", counts.by_reason[reason], text);
    }
  add (data, "matching",
       counts.linked == 0 ? PS_CHECK_FAILED
       : missing > 0      ? PS_CHECK_WARNING
                          : PS_CHECK_OK,
       g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                     "%u of %u RingCentral user has a Microsoft account with the same e-mail address",
                                     "%u of %u RingCentral users have a Microsoft account with the same e-mail address",
                                     counts.total),
                        counts.linked, counts.total),
       why->len > 0 ? g_strdup (why->str) : NULL);
}

static void
links_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  g_autoptr (GHashTable) by_hand = ps_store_load_links_finish (PS_STORE (source), result, &error);

  if (by_hand == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  data->links = ps_match_users (data->directory->ringcentral, data->directory->microsoft, by_hand);
  add_matching (data);
  check_presence (task);
}

static void
directories_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);

  data->directory = ps_read_directories_finish (PS_WORKSPACE (source), result, &error);
  if (data->directory == NULL) {
    if (was_cancelled (task))
      return;
    add (data, "matching", PS_CHECK_FAILED, g_strdup (_ ("The directories cannot be read, so nobody can be matched")),
         g_strdup (error->message));
    finish (task);
    return;
  }
  add (data, "microsoft-users", PS_CHECK_OK,
       g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u Microsoft account can be read",
                                     "%u Microsoft accounts can be read", data->directory->microsoft->len),
                        data->directory->microsoft->len),
       NULL);
  ps_store_load_links_async (ps_workspace_store (data->workspace), g_task_get_cancellable (task), links_loaded_cb,
                             g_object_ref (task));
}

/* --- events --- */

static void
socket_token_got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  g_autoptr (PsSocketToken) token =
      ps_ringcentral_client_get_socket_token_finish (PS_RINGCENTRAL_CLIENT (source), result, &error);

  if (token != NULL)
    add (data, "ringcentral-events", PS_CHECK_OK, g_strdup (_ ("RingCentral's events can be received")), NULL);
  else
    add (data, "ringcentral-events", PS_CHECK_WARNING,
         g_strdup (_ ("RingCentral's events cannot be received: changes made there are seen some minutes late")),
         g_strdup (error->message));
  if (was_cancelled (task))
    return;
  ps_read_directories_async (data->workspace, data->clients, g_task_get_cancellable (task), directories_read_cb,
                             g_object_ref (task));
}

/* --- the RingCentral account --- */

static void
account_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  g_autoptr (PsRingCentralAccount) account =
      ps_ringcentral_client_read_account_finish (PS_RINGCENTRAL_CLIENT (source), result, &error);

  if (account == NULL) {
    add (data, "ringcentral-sign-in", PS_CHECK_FAILED, g_strdup (_ ("The sign-in to RingCentral does not work")),
         g_strdup (error->message));
    finish (task);
    return;
  }
  add (data, "ringcentral-sign-in", PS_CHECK_OK,
       g_strdup_printf (_ ("Signed in to RingCentral: %s"),
                        account->account_name != NULL ? account->account_name : account->account_id),
       NULL);
  if (account->own_admin)
    add (data, "ringcentral-admin", PS_CHECK_OK,
         g_strdup_printf (_ ("%s is an administrator in RingCentral"),
                          account->own_name != NULL ? account->own_name : account->own_id),
         NULL);
  else
    add (data, "ringcentral-admin", PS_CHECK_FAILED,
         g_strdup_printf (_ ("%s is not an administrator in RingCentral"),
                          account->own_name != NULL ? account->own_name : account->own_id),
         g_strdup (
             _ ("Only an administrator may change other users' presence. Connect RingCentral with an administrator's "
                "credentials.")));
  if (account->has_queues)
    add (data, "ringcentral-queues", PS_CHECK_OK, g_strdup (_ ("The account has call queues")), NULL);
  else
    add (data, "ringcentral-queues", PS_CHECK_WARNING, g_strdup (_ ("The account has no call queues")),
         g_strdup (_ (
             "The call rule “Do not accept queue calls” then works like “Accept all calls”. Everything else works.")));
  ps_ringcentral_client_get_socket_token_async (data->clients->phone, g_task_get_cancellable (task),
                                                socket_token_got_cb, g_object_ref (task));
}

/* --- Microsoft's token --- */

static void
add_secret_expiry (Check *data)
{
  int days = G_MAXINT;
  PsConnectionState state = ps_microsoft_connection_state (data->clients->microsoft, &days);

  if (days == G_MAXINT)
    add (data, "microsoft-secret-expiry", PS_CHECK_WARNING,
         g_strdup (_ ("It is not known when the client secret expires")),
         g_strdup (_ ("Enter the date from the Azure portal with “Update secret”, so that you are warned in time.")));
  else if (state == PS_CONNECTION_SECRET_EXPIRED)
    add (data, "microsoft-secret-expiry", PS_CHECK_FAILED,
         g_strdup_printf (_ ("The client secret expired on %s"), data->clients->microsoft->secret_expires),
         g_strdup (_ ("Create a new client secret in the Azure portal and enter it with “Update secret”.")));
  else
    add (data, "microsoft-secret-expiry", state == PS_CONNECTION_EXPIRING ? PS_CHECK_WARNING : PS_CHECK_OK,
         g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "The client secret expires in %d day",
                                       "The client secret expires in %d days", (gulong) days),
                          days),
         state == PS_CONNECTION_EXPIRING
             ? g_strdup (_ ("Create a new client secret in the Azure portal soon and enter it with “Update secret”."))
             : NULL);
}

static void
add_permissions (Check *data, PsTokenSource *tokens)
{
  GStrv granted = ps_token_source_granted (tokens);
  g_auto (GStrv) missing = NULL;
  g_autofree char *names = NULL;

  if (granted != NULL) {
    g_strfreev (data->clients->microsoft->granted);
    data->clients->microsoft->granted = granted;
  }
  missing = ps_microsoft_missing_permissions (data->clients->microsoft, FALSE);
  names = g_strjoinv (", ", missing);
  if (missing[0] != NULL)
    add (
        data, "microsoft-permissions", PS_CHECK_FAILED,
        g_strdup_printf (_ ("Microsoft permissions are missing: %s"), names),
        g_strdup (_ (
            "In the Azure portal, open the app registration's API permissions, add them as Microsoft Graph application "
            "permissions, and grant admin consent.")));
  else
    add (data, "microsoft-permissions", PS_CHECK_OK, g_strdup (_ ("All required Microsoft permissions are granted")),
         NULL);
}

static void
microsoft_token_got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);
  g_autofree char *token = ps_token_source_get_finish (PS_TOKEN_SOURCE (source), result, &error);
  const char *organization = data->clients->microsoft->organization;

  if (token == NULL) {
    add (data, "microsoft-sign-in", PS_CHECK_FAILED, g_strdup (_ ("The sign-in to Microsoft 365 does not work")),
         g_strdup (error->message));
  } else {
    add (data, "microsoft-sign-in", PS_CHECK_OK,
         g_strdup_printf (_ ("Signed in to Microsoft 365: %s"),
                          organization != NULL ? organization : data->clients->microsoft->tenant_id),
         NULL);
    add_permissions (data, PS_TOKEN_SOURCE (source));
  }
  add_secret_expiry (data);
  if (was_cancelled (task))
    return;
  ps_ringcentral_client_read_account_async (data->clients->phone, g_task_get_cancellable (task), account_read_cb,
                                            g_object_ref (task));
}

static void
clients_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Check *data = g_task_get_task_data (task);

  data->clients = ps_open_clients_finish (data->workspace, result, &error);
  if (data->clients == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  ps_token_source_get_async (ps_graph_client_tokens (data->clients->graph), FALSE, NULL, g_task_get_cancellable (task),
                             microsoft_token_got_cb, g_object_ref (task));
}

void
ps_check_async (PsWorkspace *workspace, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Check *data = g_new0 (Check, 1);

  g_task_set_source_tag (task, ps_check_async);
  g_task_set_task_data (task, data, (GDestroyNotify) check_free);
  data->workspace = g_object_ref (workspace);
  data->items = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_check_item_free);
  ps_open_clients_async (workspace, cancellable, clients_opened_cb, task);
}

GPtrArray *
ps_check_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
