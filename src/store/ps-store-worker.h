/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store's thread. It takes jobs in the order they were queued, puts saves that wait together into one transaction,
 * and looks twice a second whether another program has changed something. Private to the store.
 */
#pragma once

#include "ps-store-private.h"

G_BEGIN_DECLS

typedef enum {
  PS_STORE_JOB_OPEN,
  PS_STORE_JOB_LOAD,
  PS_STORE_JOB_SAVE,
  PS_STORE_JOB_CLOSE, /* the file; what comes after it is refused */
  PS_STORE_JOB_QUIT,  /* the thread; has no task */
} PsStoreJobKind;

typedef struct {
  PsStoreJobKind kind;
  GTask *task; /* (owned) (nullable) */
  PsStoreLoad load;
  PsStoreSave save;
  gpointer data;            /* (owned) (nullable) */
  GDestroyNotify free_data; /* (nullable) */
  guint parts;
  PsStoreDurability durability;

  /* outcome */
  gpointer result;            /* (owned) (nullable) */
  GDestroyNotify free_result; /* (nullable) */
  GError *error;              /* (owned) (nullable) */
} PsStoreJob;

void ps_store_job_free (PsStoreJob *job);

typedef struct _PsStoreWorker PsStoreWorker;

/* @changed is called in the main context that is the caller's default now, with @object if it still lives. The worker
 * holds no reference on @object. Returns: (transfer full): until ps_store_worker_quit(). */
PsStoreWorker *ps_store_worker_start (const char *directory, GObject *object,
                                      void (*changed) (GObject *object, guint parts), GError **error);
/* @job: (transfer full): its task is answered in the task's own context. */
void ps_store_worker_push (PsStoreWorker *worker, PsStoreJob *job);
/* Does not wait: the thread closes the file and frees itself. */
void ps_store_worker_quit (PsStoreWorker *worker);

G_END_DECLS
