/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store.h"

#include "ps-store-private.h"
#include "ps-store-worker.h"

struct _PsStore {
  GObject parent_instance;

  char *directory;       /* (owned) */
  PsStoreWorker *worker; /* (owned) (nullable): only if no thread could be started */
};

enum {
  CHANGED,
  N_SIGNALS,
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PsStore, ps_store, G_TYPE_OBJECT)

static void
changed_cb (GObject *object, guint parts)
{
  g_signal_emit (object, signals[CHANGED], 0, parts);
}

static void
ps_store_finalize (GObject *object)
{
  PsStore *self = PS_STORE (object);

  /* No job is left: each one's task holds a reference on us. */
  g_clear_pointer (&self->worker, ps_store_worker_quit);
  g_free (self->directory);
  G_OBJECT_CLASS (ps_store_parent_class)->finalize (object);
}

static void
ps_store_class_init (PsStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ps_store_finalize;
  signals[CHANGED] =
      g_signal_new ("changed", PS_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
ps_store_init (PsStore *self)
{
}

static PsStoreJob *
job_new (PsStoreJobKind kind, GTask *task)
{
  PsStoreJob *job = g_new0 (PsStoreJob, 1);

  job->kind = kind;
  job->task = task;
  return job;
}

void
ps_store_open_async (const char *directory, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (PsStore) self = g_object_new (PS_TYPE_STORE, NULL);
  GError *error = NULL;
  PsStoreJob *job;

  g_return_if_fail (directory != NULL && *directory != '\0');

  g_task_set_source_tag (task, ps_store_open_async);
  self->directory = g_canonicalize_filename (directory, NULL);
  self->worker = ps_store_worker_start (self->directory, G_OBJECT (self), changed_cb, &error);
  if (self->worker == NULL) {
    g_task_return_error (task, error);
    return;
  }
  job = job_new (PS_STORE_JOB_OPEN, g_steal_pointer (&task));
  job->data = g_object_ref (self);
  job->free_data = g_object_unref;
  job->free_result = g_object_unref;
  ps_store_worker_push (self->worker, job);
}

PsStore *
ps_store_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_store_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

const char *
ps_store_directory (PsStore *self)
{
  g_return_val_if_fail (PS_IS_STORE (self), NULL);
  return self->directory;
}

void
ps_store_close_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PS_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_store_close_async);
  ps_store_worker_push (self->worker, job_new (PS_STORE_JOB_CLOSE, task));
}

gboolean
ps_store_close_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_store_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ps_store_queue_load (PsStore *self, gpointer tag, PsStoreLoad load, gpointer data, GDestroyNotify free_data,
                     GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task;
  PsStoreJob *job;

  g_return_if_fail (PS_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tag);
  job = job_new (PS_STORE_JOB_LOAD, task);
  job->load = load;
  job->data = data;
  job->free_data = free_data;
  job->free_result = free_result;
  ps_store_worker_push (self->worker, job);
}

gpointer
ps_store_load_finish (PsStore *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ps_store_queue_save (PsStore *self, gpointer tag, PsStoreSave save, gpointer data, GDestroyNotify free_data,
                     guint parts, PsStoreDurability durability, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GTask *task;
  PsStoreJob *job;

  g_return_if_fail (PS_IS_STORE (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tag);
  job = job_new (PS_STORE_JOB_SAVE, task);
  job->save = save;
  job->data = data;
  job->free_data = free_data;
  job->parts = parts;
  job->durability = durability;
  ps_store_worker_push (self->worker, job);
}

gboolean
ps_store_save_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
