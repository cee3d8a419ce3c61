/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The directory: every user, then every queue, then the members of each queue; one request at a time, each list to its
 * last page. There is no call that tells for all users at once who is in a queue.
 */
#include "config.h"

#include "ps-ringcentral-client.h"

#include "ps-error.h"
#include "ps-json.h"
#include "ps-ringcentral-client-private.h"
#include "ps-ringcentral-parser.h"

#define USERS  "/restapi/v1.0/account/~/extension?type=User&page=1&perPage=" PS_RINGCENTRAL_PAGE_SIZE
#define QUEUES "/restapi/v1.0/account/~/call-queues"

typedef struct {
  GPtrArray *users;   /* (owned) (element-type PsRingCentralUser) (nullable once returned) */
  GPtrArray *queues;  /* (owned) (element-type utf8) */
  GPtrArray *members; /* (owned) (element-type utf8): of all queues, many twice */
  guint next_queue;   /* index into queues */
  guint pages;        /* of the present list */
} Directory;

static void
directory_free (Directory *directory)
{
  g_clear_pointer (&directory->users, g_ptr_array_unref);
  g_clear_pointer (&directory->queues, g_ptr_array_unref);
  g_clear_pointer (&directory->members, g_ptr_array_unref);
  g_free (directory);
}

/* A user whose record moved from one page to the next while we read comes twice. */
static void
drop_repeated (GPtrArray *users)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < users->len;) {
    PsRingCentralUser *user = g_ptr_array_index (users, i);

    if (g_hash_table_contains (seen, user->id)) {
      g_ptr_array_remove_index (users, i);
      continue;
    }
    g_hash_table_add (seen, user->id);
    i++;
  }
}

static void
finish (GTask *task)
{
  Directory *directory = g_task_get_task_data (task);
  g_autoptr (GHashTable) in_queue = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < directory->members->len; i++)
    g_hash_table_add (in_queue, g_ptr_array_index (directory->members, i));
  drop_repeated (directory->users);
  for (guint i = 0; i < directory->users->len; i++) {
    PsRingCentralUser *user = g_ptr_array_index (directory->users, i);

    user->in_queue = g_hash_table_contains (in_queue, user->id);
  }
  g_task_return_pointer (task, g_steal_pointer (&directory->users), (GDestroyNotify) g_ptr_array_unref);
}

static void members_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* @task: (transfer full). */
static void
read_next_queue (GTask *task)
{
  Directory *directory = g_task_get_task_data (task);
  g_autofree char *path = NULL;

  directory->pages = 0;
  if (directory->next_queue == directory->queues->len) {
    finish (task);
    g_object_unref (task);
    return;
  }
  path = g_strconcat (QUEUES "/", g_ptr_array_index (directory->queues, directory->next_queue++),
                      "/members?perPage=" PS_RINGCENTRAL_PAGE_SIZE, NULL);
  ps_ringcentral_client_get (g_task_get_source_object (task), path, "Light", PS_NORMAL, task, members_cb);
}

/* Returns TRUE if the list is done and @task still the caller's; else @task has been taken: another page was asked for,
 * or the error returned. */
static gboolean
list_done (GTask **task, const char *next, const char *group, GAsyncReadyCallback callback)
{
  PsRingCentralClient *self = g_task_get_source_object (*task);
  Directory *directory = g_task_get_task_data (*task);

  if (next == NULL)
    return TRUE;
  if (++directory->pages >= PS_RINGCENTRAL_MAX_PAGES)
    g_task_return_error (*task, ps_json_error ("a list without end"));
  else
    ps_ringcentral_client_get (self, next, group, PS_NORMAL, g_steal_pointer (task), callback);
  return FALSE;
}

static void
members_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Directory *directory = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);
  g_autofree char *next = NULL;

  if (reply != NULL)
    ps_ringcentral_parse_ids_page (reply->body, directory->members, &next, &error);
  else if (g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND))
    g_clear_error (&error); /* deleted since the list of queues was read */
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (list_done (&task, next, "Light", members_cb))
    read_next_queue (g_steal_pointer (&task));
}

static void
queues_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Directory *directory = g_task_get_task_data (task);
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  g_autofree char *next = NULL;
  GError *error = NULL;

  if (reply == NULL)
    return;
  if (!ps_ringcentral_parse_ids_page (reply->body, directory->queues, &next, &error))
    g_task_return_error (task, error);
  else if (list_done (&task, next, "Medium", queues_cb))
    read_next_queue (g_steal_pointer (&task));
}

static void
users_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsRingCentralClient *self = g_task_get_source_object (task);
  Directory *directory = g_task_get_task_data (task);
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  g_autofree char *next = NULL;
  GError *error = NULL;

  if (reply == NULL)
    return;
  if (!ps_ringcentral_parse_users_page (reply->body, directory->users, &next, &error)) {
    g_task_return_error (task, error);
    return;
  }
  if (!list_done (&task, next, "Medium", users_cb))
    return;
  directory->pages = 0;
  ps_ringcentral_client_get (self, QUEUES "?perPage=" PS_RINGCENTRAL_PAGE_SIZE, "Medium", PS_NORMAL,
                             g_steal_pointer (&task), queues_cb);
}

void
ps_ringcentral_client_read_users_async (PsRingCentralClient *self, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  Directory *directory;
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));

  directory = g_new0 (Directory, 1);
  directory->users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  directory->queues = g_ptr_array_new_with_free_func (g_free);
  directory->members = g_ptr_array_new_with_free_func (g_free);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_read_users_async);
  g_task_set_task_data (task, directory, (GDestroyNotify) directory_free);
  ps_ringcentral_client_get (self, USERS, "Medium", PS_NORMAL, task, users_cb);
}

GPtrArray *
ps_ringcentral_client_read_users_finish (PsRingCentralClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_read_users_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
