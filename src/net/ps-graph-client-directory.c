/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of the Graph client that reads users and groups, page by page.
 */
#include "config.h"

#include "ps-graph-client-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#define USERS_DELTA                                                                                                    \
  "/v1.0/users/delta?$select=id,displayName,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,department," \
  "jobTitle,mobilePhone,businessPhones"
/* A service that leads in circles is left in the end: even with 100 a page these are a million users. */
#define MAX_PAGES 10000

void
ps_users_delta_free (PsUsersDelta *delta)
{
  g_clear_pointer (&delta->users, g_ptr_array_unref);
  g_free (delta->delta_link);
  g_free (delta);
}

/* --- Users --- */

typedef struct {
  PsUsersDelta *delta; /* (owned) (nullable) */
  GHashTable *by_id;   /* (owned): id → index + 1 in delta->users */
  guint pages;
} ReadUsers;

static void
read_users_free (ReadUsers *read)
{
  g_clear_pointer (&read->delta, ps_users_delta_free);
  g_clear_pointer (&read->by_id, g_hash_table_unref);
  g_free (read);
}

static void users_page_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* @link: NULL: everything from the beginning. @task: (transfer full). */
static void
read_users_page (GTask *task, const char *link)
{
  PsGraphClient *self = g_task_get_source_object (task);

  ps_graph_client_get (self, link != NULL ? link : USERS_DELTA, FALSE, g_task_get_cancellable (task), users_page_cb,
                       task);
}

static void
read_users_reset (ReadUsers *read, gboolean complete)
{
  g_clear_pointer (&read->delta, ps_users_delta_free);
  read->delta = g_new0 (PsUsersDelta, 1);
  read->delta->users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  read->delta->complete = complete;
  g_hash_table_remove_all (read->by_id);
  read->pages = 0;
}

/* Delta pages may say the same user twice, in any order of pages: the later word counts. */
static void
merge_users (ReadUsers *read, GPtrArray *page)
{
  for (guint i = 0; i < page->len; i++) {
    PsMicrosoftUser *user = g_ptr_array_index (page, i);
    guint index = GPOINTER_TO_UINT (g_hash_table_lookup (read->by_id, user->id));

    if (index > 0) {
      PsMicrosoftUser *old = g_ptr_array_index (read->delta->users, index - 1);

      g_hash_table_replace (read->by_id, user->id, GUINT_TO_POINTER (index));
      g_ptr_array_index (read->delta->users, index - 1) = ps_microsoft_user_ref (user);
      ps_microsoft_user_unref (old);
    } else {
      g_ptr_array_add (read->delta->users, ps_microsoft_user_ref (user));
      g_hash_table_insert (read->by_id, user->id, GUINT_TO_POINTER (read->delta->users->len));
    }
  }
}

/* A delta link lives for 7 days; the service may also forget it earlier. */
static gboolean
is_forgotten (const GError *error)
{
  static const char *const codes[] = { "resyncRequired", "syncStateNotFound", NULL };
  PsErrorDetails *details = ps_error_details (error);

  return details != NULL &&
         (details->status == 410 || (details->service_code != NULL && g_strv_contains (codes, details->service_code)));
}

static GError *
endless_error (void)
{
  return ps_error_new (PS_ERROR_BAD_REPLY,
                       _ ("Microsoft 365 sends the directory without an end. It was left there; try again "
                          "later."));
}

static void
end_users (GTask *task, PsGraphLinks *links)
{
  ReadUsers *read = g_task_get_task_data (task);

  /* Without one everything is simply read again next time. */
  read->delta->delta_link = g_steal_pointer (&links->delta);
  g_task_return_pointer (task, g_steal_pointer (&read->delta), (GDestroyNotify) ps_users_delta_free);
}

static void
users_page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ReadUsers *read = g_task_get_task_data (task);
  g_autoptr (GPtrArray) page = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  g_auto (PsGraphLinks) links = { NULL };
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_READ_USERS, &error);

  if (reply == NULL && is_forgotten (error) && !read->delta->complete) {
    g_debug ("The delta link is forgotten: %s", error->message);
    g_error_free (error);
    read_users_reset (read, TRUE);
    read_users_page (g_steal_pointer (&task), NULL);
    return;
  }
  if (reply == NULL || !ps_graph_parse_users (reply->body, page, &links, &error)) {
    g_task_return_error (task, error);
    return;
  }
  merge_users (read, page);
  if (links.next == NULL)
    end_users (task, &links);
  else if (++read->pages >= MAX_PAGES)
    g_task_return_error (task, endless_error ());
  else
    read_users_page (g_steal_pointer (&task), links.next);
}

void
ps_graph_client_read_users_async (PsGraphClient *self, const char *delta_link, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  ReadUsers *read;
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_read_users_async);
  read = g_new0 (ReadUsers, 1);
  read->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  read_users_reset (read, delta_link == NULL);
  g_task_set_task_data (task, read, (GDestroyNotify) read_users_free);
  read_users_page (task, delta_link);
}

PsUsersDelta *
ps_graph_client_read_users_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_read_users_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Groups --- */

typedef struct {
  char *name;     /* (owned): as asked */
  GPtrArray *ids; /* (owned): members */
  guint pages;
} ReadGroup;

static void
read_group_free (ReadGroup *read)
{
  g_free (read->name);
  g_clear_pointer (&read->ids, g_ptr_array_unref);
  g_free (read);
}

static GError *
no_group_error (const char *name)
{
  return ps_error_new (PS_ERROR_NOT_FOUND,
                       _ ("There is no group “%s” in Microsoft 365. Check its name, or give its object ID."), name);
}

static void members_page_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* The cast to users wants $count and the eventual level; it leaves out devices and nested groups, but not their
 * members.
 * @task: (transfer full). */
static void
read_members (GTask *task, const char *group_id)
{
  PsGraphClient *self = g_task_get_source_object (task);
  g_autofree char *id = g_uri_escape_string (group_id, NULL, FALSE);
  g_autofree char *path =
      g_strdup_printf ("/v1.0/groups/%s/transitiveMembers/microsoft.graph.user?$select=id&$top=999&$count=true", id);

  ps_graph_client_get (self, path, TRUE, g_task_get_cancellable (task), members_page_cb, task);
}

static void
members_page_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsGraphClient *self = g_task_get_source_object (task);
  ReadGroup *read = g_task_get_task_data (task);
  g_auto (PsGraphLinks) links = { NULL };
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_READ_GROUPS, &error);

  if (g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND)) {
    g_error_free (error);
    g_task_return_error (task, no_group_error (read->name));
  } else if (reply == NULL || !ps_graph_parse_ids (reply->body, read->ids, &links, &error))
    g_task_return_error (task, error);
  else if (links.next == NULL)
    g_task_return_pointer (task, g_steal_pointer (&read->ids), (GDestroyNotify) g_ptr_array_unref);
  else if (++read->pages >= MAX_PAGES)
    g_task_return_error (task, endless_error ());
  else
    ps_graph_client_get (self, links.next, TRUE, g_task_get_cancellable (task), members_page_cb, g_object_ref (task));
}

static void
groups_named_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ReadGroup *read = g_task_get_task_data (task);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_READ_GROUPS, &error);

  if (reply == NULL || !ps_graph_parse_ids (reply->body, groups, NULL, &error))
    g_task_return_error (task, error);
  else if (groups->len == 0)
    g_task_return_error (task, no_group_error (read->name));
  else if (groups->len > 1)
    g_task_return_error (
        task, ps_error_new (PS_ERROR_INPUT,
                            _ ("There are several groups with the name “%s” in Microsoft 365. Give the object ID "
                               "of the one that is meant."),
                            read->name));
  else
    read_members (g_steal_pointer (&task), g_ptr_array_index (groups, 0));
}

/* Text inside an OData literal: a quote is doubled. */
static char *
named_path (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "'", -1);
  g_autofree char *quoted = g_strjoinv ("''", parts);
  g_autofree char *filter = g_strdup_printf ("displayName eq '%s'", quoted);
  g_autofree char *escaped = g_uri_escape_string (filter, NULL, FALSE);

  return g_strdup_printf ("/v1.0/groups?$select=id,displayName&$filter=%s", escaped);
}

void
ps_graph_client_read_group_async (PsGraphClient *self, const char *name_or_id, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  ReadGroup *read;
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));
  g_return_if_fail (name_or_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_read_group_async);
  read = g_new0 (ReadGroup, 1);
  read->name = g_strdup (name_or_id);
  read->ids = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, read, (GDestroyNotify) read_group_free);
  if (g_uuid_string_is_valid (name_or_id)) {
    read_members (task, name_or_id);
  } else {
    g_autofree char *path = named_path (name_or_id);

    ps_graph_client_get (self, path, FALSE, cancellable, groups_named_cb, task);
  }
}

GPtrArray *
ps_graph_client_read_group_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_read_group_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
