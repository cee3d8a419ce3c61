/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-people.h"

#include <string.h>

#include <glib/gi18n-lib.h>

/* --- both directories, at the same time --- */

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsClients *clients;     /* (owned) */
  PsDirectory *directory; /* (owned) */
  guint pending;
  GError *error; /* (owned) (nullable): the first */
} Read;

static void
read_free (Read *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->clients, ps_clients_unref);
  g_clear_pointer (&data->directory, ps_directory_free);
  g_clear_error (&data->error);
  g_free (data);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Read *data = g_task_get_task_data (task);

  if (!ps_store_save_finish (PS_STORE (source), result, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&data->directory), (GDestroyNotify) ps_directory_free);
}

/* Keeps the first error and answers when both ends have come in. */
static void
finish_one (GTask *task, GError *error)
{
  Read *data = g_task_get_task_data (task);

  if (error != NULL && data->error == NULL)
    data->error = error;
  else
    g_clear_error (&error);
  if (--data->pending > 0)
    return;
  if (data->error != NULL) {
    g_task_return_error (task, g_steal_pointer (&data->error));
    return;
  }
  data->directory->read_ms = ps_now_ms ();
  ps_store_save_directory_async (ps_workspace_store (data->workspace), data->directory, g_task_get_cancellable (task),
                                 saved_cb, g_object_ref (task));
}

static void
apply_delta (PsDirectory *directory, PsUsersDelta *delta)
{
  g_autoptr (GHashTable) at = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  GPtrArray *sources[] = { delta->complete ? NULL : directory->microsoft, delta->users };

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    for (guint j = 0; sources[i] != NULL && j < sources[i]->len; j++) {
      PsMicrosoftUser *user = sources[i]->pdata[j];
      gpointer index;

      if (g_hash_table_lookup_extended (at, user->id, NULL, &index)) {
        PsMicrosoftUser **place = (PsMicrosoftUser **) &users->pdata[GPOINTER_TO_UINT (index)];

        g_hash_table_replace (at, user->id, index); /* the key must outlive the one it replaces */
        ps_microsoft_user_unref (*place);
        *place = ps_microsoft_user_ref (user);
      } else {
        g_hash_table_insert (at, user->id, GUINT_TO_POINTER (users->len));
        g_ptr_array_add (users, ps_microsoft_user_ref (user));
      }
    }
  for (guint i = users->len; i > 0; i--)
    if (((PsMicrosoftUser *) users->pdata[i - 1])->deleted)
      g_ptr_array_remove_index_fast (users, i - 1);
  g_ptr_array_unref (directory->microsoft);
  directory->microsoft = g_steal_pointer (&users);
}

static void
microsoft_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Read *data = g_task_get_task_data (task);
  g_autoptr (PsUsersDelta) delta = ps_graph_client_read_users_finish (PS_GRAPH_CLIENT (source), result, &error);

  if (delta != NULL) {
    apply_delta (data->directory, delta);
    g_free (data->directory->delta_link);
    data->directory->delta_link = g_steal_pointer (&delta->delta_link);
  }
  finish_one (task, error);
}

static void
ringcentral_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  Read *data = g_task_get_task_data (task);
  GPtrArray *users = ps_ringcentral_client_read_users_finish (PS_RINGCENTRAL_CLIENT (source), result, &error);

  if (users != NULL) {
    g_ptr_array_unref (data->directory->ringcentral);
    data->directory->ringcentral = users;
  }
  finish_one (task, error);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Read *data = g_task_get_task_data (task);

  data->directory = ps_store_load_directory_finish (PS_STORE (source), result, &error);
  if (data->directory == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  data->pending = 2;
  ps_graph_client_read_users_async (data->clients->graph, data->directory->delta_link, g_task_get_cancellable (task),
                                    microsoft_read_cb, g_object_ref (task));
  ps_ringcentral_client_read_users_async (data->clients->phone, g_task_get_cancellable (task), ringcentral_read_cb,
                                          g_object_ref (task));
}

void
ps_read_directories_async (PsWorkspace *workspace, PsClients *clients, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Read *data = g_new0 (Read, 1);

  g_task_set_source_tag (task, ps_read_directories_async);
  g_task_set_task_data (task, data, (GDestroyNotify) read_free);
  data->workspace = g_object_ref (workspace);
  data->clients = ps_clients_ref (clients);
  ps_store_load_directory_async (ps_workspace_store (workspace), cancellable, loaded_cb, task);
}

PsDirectory *
ps_read_directories_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- counting and finding --- */

PsMatchCounts
ps_match_counts (const GPtrArray *links)
{
  PsMatchCounts counts = { .total = links->len };

  for (guint i = 0; i < links->len; i++) {
    const PsLink *link = links->pdata[i];

    counts.by_reason[link->reason]++;
    counts.linked += link->reason == PS_REASON_NONE;
  }
  return counts;
}

char *
ps_counter_line (guint total, guint synced, guint failed, guint not_selected)
{
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u RingCentral user: %u synced, %u failed, %u not selected",
                                       "%u RingCentral users: %u synced, %u failed, %u not selected", total),
                          total, synced, failed, not_selected);
}

static gboolean
is_called (const PsPersonRow *row, const char *text)
{
  return (row->email != NULL && g_ascii_strcasecmp (row->email, text) == 0) ||
         (row->extension != NULL && strcmp (row->extension, text) == 0) || strcmp (row->ringcentral_id, text) == 0 ||
         (row->microsoft_upn != NULL && g_ascii_strcasecmp (row->microsoft_upn, text) == 0);
}

static gboolean
is_named (const PsPersonRow *row, const char *folded)
{
  g_autofree char *name = row->name != NULL ? g_utf8_casefold (row->name, -1) : NULL;

  return name != NULL && strcmp (name, folded) == 0;
}

/* Returns: how many rows fit; the first of them in @found. */
static guint
count_fits (const GPtrArray *rows, const char *text, const char *folded, gboolean by_name, PsPersonRow **found)
{
  guint n = 0;

  for (guint i = 0; i < rows->len; i++) {
    PsPersonRow *row = rows->pdata[i];

    if (!(by_name ? is_named (row, folded) : is_called (row, text)))
      continue;
    if (n++ == 0)
      *found = row;
  }
  return n;
}

PsPersonRow *
ps_find_person (const GPtrArray *rows, const char *text, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  PsPersonRow *found = NULL;
  guint n = count_fits (rows, text, folded, FALSE, &found);

  if (n == 0)
    n = count_fits (rows, text, folded, TRUE, &found);
  if (n == 1)
    return found;
  if (n == 0)
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_INPUT,
                                     _ ("There is no RingCentral user “%s”. Check the spelling, or look in the list of "
                                        "users; somebody who was added just now appears after the next reading of the "
                                        "directory."),
                                     valid));
  else
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("“%s” fits more than one RingCentral user. Use the extension number instead."), valid));
  return NULL;
}
