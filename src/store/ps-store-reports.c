/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the program says of itself: the status of now, and the reports that were made or sent.
 */
#include "config.h"

#include "ps-store-private.h"

#define REPORTS_KEPT "500" /* more than a year of daily ones */

/* --- status --- */

typedef struct {
  char *json; /* (owned) */
  gint64 written_ms;
} Status;

static void
status_free (gpointer data)
{
  g_free (((Status *) data)->json);
  g_free (data);
}

/* The result is NULL if there is none. */
static gboolean
load_status (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "SELECT json, written_ms FROM status", "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  if (ps_store_db_next (db, statement, &failure)) {
    Status *status = g_new0 (Status, 1);

    status->json = ps_store_column_text (statement, 0);
    status->written_ms = sqlite3_column_int64 (statement, 1);
    ps_store_db_end (statement);
    *result = status;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
save_status (PsStoreDb *db, gconstpointer data, GError **error)
{
  const Status *status = data;

  return ps_store_db_run (db, error, "INSERT OR REPLACE INTO status (only, json, written_ms) VALUES (1, ?, ?)", "si",
                          status->json, status->written_ms);
}

void
ps_store_load_status_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_status_async, load_status, NULL, NULL, status_free, cancellable, callback,
                       user_data);
}

char *
ps_store_load_status_finish (PsStore *self, GAsyncResult *result, gint64 *written_ms, GError **error)
{
  Status *status = ps_store_load_finish (self, result, ps_store_load_status_async, error);
  char *json = NULL;

  if (written_ms != NULL)
    *written_ms = status != NULL ? status->written_ms : 0;
  if (status != NULL) {
    json = g_steal_pointer (&status->json);
    status_free (status);
  }
  return json;
}

void
ps_store_save_status_async (PsStore *self, const char *json, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Status *status = g_new0 (Status, 1);

  g_return_if_fail (json != NULL);

  status->json = g_strdup (json);
  status->written_ms = g_get_real_time () / 1000;
  ps_store_queue_save (self, ps_store_save_status_async, save_status, status, status_free, PS_STORE_STATUS,
                       PS_STORE_LAZY, cancellable, callback, user_data);
}

/* --- reports --- */

void
ps_report_row_free (PsReportRow *row)
{
  if (row == NULL)
    return;
  g_free (row->subject);
  g_free (row->text);
  g_free (row->recipients);
  g_free (row->error);
  g_free (row);
}

static gboolean
load_reports (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_report_row_free);
  guint limit = GPOINTER_TO_UINT (data);
  sqlite3_stmt *statement = ps_store_db_query (db, error,
                                               "SELECT time_ms, subject, text, recipients, error FROM report"
                                               " ORDER BY time_ms DESC, id DESC LIMIT ?",
                                               "i", limit != 0 ? (gint64) limit : (gint64) -1);
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsReportRow *row = g_new0 (PsReportRow, 1);

    row->time_ms = sqlite3_column_int64 (statement, 0);
    row->subject = ps_store_column_text (statement, 1);
    row->text = ps_store_column_text (statement, 2);
    row->recipients = ps_store_column_text (statement, 3);
    row->error = ps_store_column_text (statement, 4);
    g_ptr_array_add (rows, row);
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  *result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
save_report (PsStoreDb *db, gconstpointer data, GError **error)
{
  const PsReportRow *row = data;

  return ps_store_db_run (db, error,
                          "INSERT INTO report (time_ms, subject, text, recipients, error) VALUES (?, ?, ?, ?, ?)",
                          "issss", row->time_ms, row->subject, row->text, row->recipients, row->error) &&
         ps_store_db_run (db, error,
                          "DELETE FROM report WHERE id NOT IN"
                          " (SELECT id FROM report ORDER BY time_ms DESC, id DESC LIMIT " REPORTS_KEPT ")",
                          "");
}

void
ps_store_load_reports_async (PsStore *self, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_reports_async, load_reports, GUINT_TO_POINTER (limit), NULL,
                       (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
ps_store_load_reports_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_reports_async, error);
}

void
ps_store_save_report_async (PsStore *self, const PsReportRow *report, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  PsReportRow *copy = g_new0 (PsReportRow, 1);

  copy->time_ms = report->time_ms;
  copy->subject = g_strdup (report->subject);
  copy->text = g_strdup (report->text);
  copy->recipients = g_strdup (report->recipients);
  copy->error = g_strdup (report->error);
  ps_store_queue_save (self, ps_store_save_report_async, save_report, copy, (GDestroyNotify) ps_report_row_free,
                       PS_STORE_REPORTS, PS_STORE_DURABLE, cancellable, callback, user_data);
}
