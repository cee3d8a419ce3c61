/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-workspace.h"

struct _PsWorkspace {
  GObject parent_instance;

  PsStore *store;     /* (owned) */
  PsSecrets *secrets; /* (owned) */
};

G_DEFINE_FINAL_TYPE (PsWorkspace, ps_workspace, G_TYPE_OBJECT)

static void
ps_workspace_dispose (GObject *object)
{
  PsWorkspace *self = PS_WORKSPACE (object);

  g_clear_object (&self->store);
  g_clear_object (&self->secrets);
  G_OBJECT_CLASS (ps_workspace_parent_class)->dispose (object);
}

static void
ps_workspace_class_init (PsWorkspaceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ps_workspace_dispose;
}

static void
ps_workspace_init (PsWorkspace *self)
{
}

static void
store_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsWorkspace) self = NULL;
  PsStore *store = ps_store_open_finish (result, &error);

  if (store == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  self = g_object_new (PS_TYPE_WORKSPACE, NULL);
  self->store = store;
  self->secrets = GPOINTER_TO_INT (g_task_get_task_data (task)) ? ps_secrets_new_in_memory ()
                                                                : ps_secrets_new (ps_store_directory (store));
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

void
ps_workspace_open_async (const char *directory, gboolean in_memory_secrets, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  g_autofree char *own = directory == NULL ? g_build_filename (g_get_user_data_dir (), "presence-sync", NULL)
                                           : g_canonicalize_filename (directory, NULL);

  g_task_set_source_tag (task, ps_workspace_open_async);
  g_task_set_task_data (task, GINT_TO_POINTER (in_memory_secrets), NULL);
  ps_store_open_async (own, cancellable, store_opened_cb, task);
}

PsWorkspace *
ps_workspace_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_workspace_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

PsStore *
ps_workspace_store (PsWorkspace *self)
{
  g_return_val_if_fail (PS_IS_WORKSPACE (self), NULL);
  return self->store;
}

PsSecrets *
ps_workspace_secrets (PsWorkspace *self)
{
  g_return_val_if_fail (PS_IS_WORKSPACE (self), NULL);
  return self->secrets;
}

const char *
ps_workspace_directory (PsWorkspace *self)
{
  g_return_val_if_fail (PS_IS_WORKSPACE (self), NULL);
  return ps_store_directory (self->store);
}
