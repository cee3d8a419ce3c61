/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-worker.h"

#include "ps-error.h"

#include <glib/gi18n-lib.h>

/* Half of the second within which a change of another program must be noticed. */
#define LOOK_INTERVAL_US (500 * G_TIME_SPAN_MILLISECOND)

/* Saves that share a transaction. More gain nothing, and the first one would wait for the last. */
#define BATCH_MAX 256

typedef struct {
  GWeakRef object;
  void (*changed) (GObject *object, guint parts);
} Listener; /* atomic rc box: a notice may still be under way when the thread ends */

struct _PsStoreWorker {
  GAsyncQueue *queue;    /* (owned) of PsStoreJob */
  char *directory;       /* (owned) */
  GMainContext *context; /* (owned) for the listener */
  Listener *listener;    /* (owned) */

  /* of the thread */
  PsStoreDb *db;    /* (owned) (nullable): before it was opened and after it was closed */
  PsStoreJob *next; /* (owned) (nullable): taken from the queue and not in the last batch */
  gint64 look_at;   /* monotonic, us */
};

typedef struct {
  Listener *listener; /* (owned) */
  guint parts;
} Notice;

void
ps_store_job_free (PsStoreJob *job)
{
  if (job->data != NULL && job->free_data != NULL)
    job->free_data (job->data);
  if (job->result != NULL && job->free_result != NULL)
    job->free_result (job->result);
  g_clear_error (&job->error);
  g_clear_object (&job->task);
  g_free (job);
}

static void
listener_clear (gpointer data)
{
  g_weak_ref_clear (&((Listener *) data)->object);
}

static void
notice_free (gpointer data)
{
  Notice *notice = data;

  g_atomic_rc_box_release_full (notice->listener, listener_clear);
  g_free (notice);
}

/* --- answers, in the contexts of those who wait --- */

static gboolean
tell_changed_cb (gpointer user_data)
{
  Notice *notice = user_data;
  g_autoptr (GObject) object = g_weak_ref_get (&notice->listener->object);

  if (object != NULL)
    notice->listener->changed (object, notice->parts);
  return G_SOURCE_REMOVE;
}

static void
tell_changed (PsStoreWorker *self, guint parts)
{
  g_autoptr (GSource) source = g_idle_source_new (); /* g_main_context_invoke() could run it here, on this thread */
  Notice *notice = g_new0 (Notice, 1);

  notice->listener = g_atomic_rc_box_acquire (self->listener);
  notice->parts = parts;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_changed_cb, notice, notice_free);
  g_source_attach (source, self->context);
}

static gboolean
answer_cb (gpointer user_data)
{
  PsStoreJob *job = user_data;

  if (job->error != NULL)
    g_task_return_error (job->task, g_steal_pointer (&job->error));
  else if (job->kind == PS_STORE_JOB_LOAD || job->kind == PS_STORE_JOB_OPEN)
    g_task_return_pointer (job->task, g_steal_pointer (&job->result), job->free_result);
  else
    g_task_return_boolean (job->task, TRUE);
  return G_SOURCE_REMOVE;
}

/* The thread never answers itself: it could be left with the last reference on the store, and would have to end itself.
 */
static void
answer (PsStoreJob *job)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  if (job->data != NULL && job->free_data != NULL && job->kind != PS_STORE_JOB_OPEN)
    job->free_data (g_steal_pointer (&job->data)); /* here, since 50,000 rows take a while to free */
  g_source_set_priority (source, g_task_get_priority (job->task));
  g_source_set_callback (source, answer_cb, job, (GDestroyNotify) ps_store_job_free);
  g_source_attach (source, g_task_get_context (job->task));
}

/* --- one job --- */

static gboolean
is_cancelled (PsStoreJob *job)
{
  return g_cancellable_set_error_if_cancelled (g_task_get_cancellable (job->task), &job->error);
}

static void
run_open (PsStoreWorker *self, PsStoreJob *job)
{
  if (is_cancelled (job))
    return;
  self->db = ps_store_db_open (self->directory, &job->error);
  if (self->db != NULL)
    job->result = g_steal_pointer (&job->data); /* the store itself */
}

static void
refuse_closed (PsStoreJob *job)
{
  job->error = ps_error_new (PS_ERROR_STORAGE, _ ("The state was closed already. Nothing more can be read from it or "
                                                  "saved in it; start Presence Sync again."));
}

static void
run_load (PsStoreWorker *self, PsStoreJob *job)
{
  if (is_cancelled (job))
    return;
  if (self->db == NULL)
    refuse_closed (job);
  /* One reading transaction, so that several statements see the same moment. */
  else if (ps_store_db_exec (self->db, "BEGIN", &job->error)) {
    job->load (self->db, job->data, &job->result, &job->error);
    sqlite3_exec (self->db->handle, "COMMIT", NULL, NULL, NULL); /* has nothing to write that could fail */
  }
}

/* --- saves that share a transaction --- */

/* Returns: FALSE if the transaction is lost, with everybody's work in it. */
static gboolean
run_save (PsStoreDb *db, PsStoreJob *job, GError **error)
{
  if (is_cancelled (job))
    return TRUE;
  if (!ps_store_db_exec (db, "SAVEPOINT job", error))
    return FALSE;
  if (job->save (db, job->data, &job->error))
    return ps_store_db_exec (db, "RELEASE job", error);
  /* A full disk, an I/O error and others end the whole transaction by themselves (sqlite.org/lang_transaction). */
  if (sqlite3_get_autocommit (db->handle)) {
    g_propagate_error (error, g_steal_pointer (&job->error));
    return FALSE;
  }
  return ps_store_db_exec (db, "ROLLBACK TO job; RELEASE job", error);
}

static gboolean
run_saves (PsStoreDb *db, GPtrArray *jobs, GError **error)
{
  guint parts = 0;

  for (guint i = 0; i < jobs->len; i++) {
    PsStoreJob *job = g_ptr_array_index (jobs, i);

    if (!run_save (db, job, error))
      return FALSE;
    if (job->error == NULL)
      parts |= job->parts;
  }
  return ps_store_revision_count (db, parts, error) && ps_store_db_exec (db, "COMMIT", error);
}

/* Returns: FALSE if the transaction failed as such and none of @jobs is saved. @begun: (out): it failed after its
 * begin. */
static gboolean
transact (PsStoreDb *db, GPtrArray *jobs, gboolean *begun, GError **error)
{
  gboolean durable = FALSE;

  *begun = FALSE;
  for (guint i = 0; i < jobs->len; i++)
    durable |= ((PsStoreJob *) g_ptr_array_index (jobs, i))->durability == PS_STORE_DURABLE;
  if (!ps_store_db_check_in_place (db, error) || !ps_store_db_set_durable (db, durable, error) ||
      !ps_store_db_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  *begun = TRUE;
  if (run_saves (db, jobs, error)) {
    ps_store_revision_committed (db);
    return TRUE;
  }
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
  ps_store_revision_rolled_back (db);
  return FALSE;
}

static void
fail_all (GPtrArray *jobs, const GError *error)
{
  for (guint i = 0; i < jobs->len; i++) {
    PsStoreJob *job = g_ptr_array_index (jobs, i);

    if (job->error == NULL)
      job->error = g_error_copy (error);
  }
}

static void
run_batch (PsStoreWorker *self, GPtrArray *jobs)
{
  g_autoptr (GError) error = NULL;
  gboolean begun;

  if (self->db == NULL) {
    for (guint i = 0; i < jobs->len; i++)
      refuse_closed (g_ptr_array_index (jobs, i));
    return;
  }
  if (transact (self->db, jobs, &begun, &error))
    return;
  if (!begun || jobs->len == 1) {
    fail_all (jobs, error);
    return;
  }
  /* A small commit to the ledger must not fail because a large directory beside it did not fit on the disk. */
  for (guint i = 0; i < jobs->len; i++) {
    g_autoptr (GPtrArray) alone = g_ptr_array_new ();
    PsStoreJob *job = g_ptr_array_index (jobs, i);
    g_autoptr (GError) own_error = NULL;

    if (job->error != NULL)
      continue;
    g_ptr_array_add (alone, job);
    if (!transact (self->db, alone, &begun, &own_error))
      fail_all (alone, own_error);
  }
}

static void
run_saves_from (PsStoreWorker *self, PsStoreJob *first)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  g_ptr_array_add (jobs, first);
  while (jobs->len < BATCH_MAX && (self->next = g_async_queue_try_pop (self->queue)) != NULL &&
         self->next->kind == PS_STORE_JOB_SAVE)
    g_ptr_array_add (jobs, g_steal_pointer (&self->next));
  run_batch (self, jobs);
  for (guint i = 0; i < jobs->len; i++)
    answer (g_ptr_array_index (jobs, i));
}

/* --- the thread --- */

static void
look_for_changes (PsStoreWorker *self)
{
  g_autoptr (GError) error = NULL;
  guint parts = 0;

  self->look_at = g_get_monotonic_time () + LOOK_INTERVAL_US;
  /* Nobody waits for this; the same trouble meets the next call, which has somebody to tell. */
  if (!ps_store_revision_look (self->db, &parts, &error))
    g_info ("Looking for changes: %s", error->message);
  else if (parts != 0)
    tell_changed (self, parts);
}

static PsStoreJob *
take_job (PsStoreWorker *self)
{
  gint64 wait = self->look_at - g_get_monotonic_time ();

  if (self->next != NULL)
    return g_steal_pointer (&self->next);
  if (self->db == NULL)
    return g_async_queue_pop (self->queue);
  return g_async_queue_timeout_pop (self->queue, CLAMP (wait, 0, LOOK_INTERVAL_US));
}

static gpointer
worker_thread (gpointer data)
{
  PsStoreWorker *self = data;
  gboolean quit = FALSE;

  while (!quit) {
    PsStoreJob *job = take_job (self);

    if (job != NULL && job->kind == PS_STORE_JOB_SAVE) {
      run_saves_from (self, job);
    } else if (job != NULL) {
      if (job->kind == PS_STORE_JOB_OPEN)
        run_open (self, job);
      else if (job->kind == PS_STORE_JOB_LOAD)
        run_load (self, job);
      else
        g_clear_pointer (&self->db, ps_store_db_close);
      quit = job->kind == PS_STORE_JOB_QUIT;
      if (quit)
        ps_store_job_free (job);
      else
        answer (job);
    }
    if (self->db != NULL && g_get_monotonic_time () >= self->look_at)
      look_for_changes (self);
  }

  g_atomic_rc_box_release_full (self->listener, listener_clear);
  g_async_queue_unref (self->queue);
  g_main_context_unref (self->context);
  g_free (self->directory);
  g_free (self);
  return NULL;
}

PsStoreWorker *
ps_store_worker_start (const char *directory, GObject *object, void (*changed) (GObject *object, guint parts),
                       GError **error)
{
  PsStoreWorker *self = g_new0 (PsStoreWorker, 1);
  g_autoptr (GError) cause = NULL;
  GThread *thread;

  self->queue = g_async_queue_new_full ((GDestroyNotify) ps_store_job_free);
  self->directory = g_strdup (directory);
  self->context = g_main_context_ref_thread_default ();
  self->listener = g_atomic_rc_box_new0 (Listener);
  g_weak_ref_init (&self->listener->object, object);
  self->listener->changed = changed;

  thread = g_thread_try_new ("ps-store", worker_thread, self, &cause);
  if (thread == NULL) {
    g_propagate_error (error, ps_error_new (PS_ERROR_STORAGE,
                                            _ ("The state cannot be opened: the system starts no "
                                               "more threads (%s). Close other programs, then try "
                                               "again."),
                                            cause->message));
    g_atomic_rc_box_release_full (self->listener, listener_clear);
    g_async_queue_unref (self->queue);
    g_main_context_unref (self->context);
    g_free (self->directory);
    g_free (self);
    return NULL;
  }
  g_thread_unref (thread); /* ends by itself, see ps_store_worker_quit() */
  return self;
}

void
ps_store_worker_push (PsStoreWorker *self, PsStoreJob *job)
{
  g_async_queue_push (self->queue, job);
}

void
ps_store_worker_quit (PsStoreWorker *self)
{
  PsStoreJob *job = g_new0 (PsStoreJob, 1);

  job->kind = PS_STORE_JOB_QUIT;
  g_async_queue_push (self->queue, job);
}
