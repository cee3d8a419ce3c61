/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ledger: what is ours at the services. UNKNOWN and NONE are SQL's NULL; the sets of what may be ours are numbers.
 */
#include "config.h"

#include "ps-store-private.h"

static const char *const session_words[] = {
  [PS_SESSION_NONE] = NULL,
  [PS_SESSION_CALL] = "call",
  [PS_SESSION_CONFERENCE] = "conference",
};

static const char *const preferred_words[] = {
  [PS_PREFERRED_NONE] = NULL,
  [PS_PREFERRED_DO_NOT_DISTURB] = "do-not-disturb",
  [PS_PREFERRED_BUSY] = "busy",
  [PS_PREFERRED_OFFLINE] = "offline",
};

static int
session_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (session_words); i++) {
    if (g_strcmp0 (word, session_words[i]) == 0)
      return i;
  }
  return -1;
}

static int
preferred_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (preferred_words); i++) {
    if (g_strcmp0 (word, preferred_words[i]) == 0)
      return i;
  }
  return -1;
}

static const char *
status_word (PsPhoneStatus status)
{
  return status != PS_PHONE_STATUS_UNKNOWN ? ps_phone_status_to_word (status) : NULL;
}

static const char *
calls_word (PsPhoneCalls calls)
{
  return calls != PS_CALLS_UNKNOWN ? ps_phone_calls_to_word (calls) : NULL;
}

void
ps_ledger_row_free (PsLedgerRow *row)
{
  if (row == NULL)
    return;
  g_free (row->ringcentral_id);
  g_free (row->microsoft_id);
  g_free (row);
}

static gboolean
load_row (PsStoreDb *db, sqlite3_stmt *statement, PsLedgerRow *row, GError **error)
{
  int phone_status, person_status, phone_calls, person_calls, session, preferred;

  row->ringcentral_id = ps_store_column_text (statement, 0);
  row->microsoft_id = ps_store_column_text (statement, 1);
  if (!ps_store_column_word (db, statement, 2, ps_phone_status_from_word, PS_PHONE_STATUS_UNKNOWN, &phone_status,
                             error) ||
      !ps_store_column_word (db, statement, 3, ps_phone_status_from_word, PS_PHONE_STATUS_UNKNOWN, &person_status,
                             error) ||
      !ps_store_column_word (db, statement, 4, ps_phone_calls_from_word, PS_CALLS_UNKNOWN, &phone_calls, error) ||
      !ps_store_column_word (db, statement, 5, ps_phone_calls_from_word, PS_CALLS_UNKNOWN, &person_calls, error) ||
      !ps_store_column_word (db, statement, 6, session_from_word, PS_SESSION_NONE, &session, error) ||
      !ps_store_column_word (db, statement, 7, preferred_from_word, PS_PREFERRED_NONE, &preferred, error))
    return FALSE;
  row->ledger = (PsLedger){
    .phone_status = phone_status,
    .person_status = person_status,
    .phone_calls = phone_calls,
    .person_calls = person_calls,
    .session = session,
    .preferred = preferred,
    .session_until_ms = sqlite3_column_int64 (statement, 8),
    .preferred_until_ms = sqlite3_column_int64 (statement, 9),
    .phone_status_maybe = sqlite3_column_int (statement, 10),
    .phone_calls_maybe = sqlite3_column_int (statement, 11),
    .session_maybe = sqlite3_column_int (statement, 12),
    .preferred_maybe = sqlite3_column_int (statement, 13),
  };
  return TRUE;
}

static gboolean
load_ledger (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ledger_row_free);
  sqlite3_stmt *statement = ps_store_db_query (
      db, error,
      "SELECT ringcentral_id, microsoft_id, phone_status, person_status, phone_calls, person_calls, session, preferred,"
      " session_until_ms, preferred_until_ms, phone_status_maybe, phone_calls_maybe, session_maybe, preferred_maybe"
      " FROM ledger ORDER BY ringcentral_id",
      "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

    g_ptr_array_add (rows, row);
    if (!load_row (db, statement, row, &failure)) {
      ps_store_db_end (statement);
      break;
    }
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  *result = g_steal_pointer (&rows);
  return TRUE;
}

static gboolean
commit_row (PsStoreDb *db, const PsLedgerRow *row, GError **error)
{
  const PsLedger *ledger = &row->ledger;

  if (ps_ledger_is_empty (ledger))
    return ps_store_db_run (db, error, "DELETE FROM ledger WHERE ringcentral_id = ?", "s", row->ringcentral_id);
  return ps_store_db_run (
      db, error,
      "INSERT OR REPLACE INTO ledger (ringcentral_id, microsoft_id, phone_status, person_status, phone_calls,"
      " person_calls, session, preferred, session_until_ms, preferred_until_ms, phone_status_maybe, phone_calls_maybe,"
      " session_maybe, preferred_maybe) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "ssssssssiiiiii", row->ringcentral_id, row->microsoft_id, status_word (ledger->phone_status),
      status_word (ledger->person_status), calls_word (ledger->phone_calls), calls_word (ledger->person_calls),
      session_words[ledger->session], preferred_words[ledger->preferred], ledger->session_until_ms,
      ledger->preferred_until_ms, (gint64) ledger->phone_status_maybe, (gint64) ledger->phone_calls_maybe,
      (gint64) ledger->session_maybe, (gint64) ledger->preferred_maybe);
}

static gboolean
commit_ledger (PsStoreDb *db, gconstpointer data, GError **error)
{
  const GPtrArray *rows = data;

  for (guint i = 0; i < rows->len; i++) {
    if (!commit_row (db, g_ptr_array_index (rows, i), error))
      return FALSE;
  }
  return TRUE;
}

void
ps_store_load_ledger_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_ledger_async, load_ledger, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                       cancellable, callback, user_data);
}

GPtrArray *
ps_store_load_ledger_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_ledger_async, error);
}

void
ps_store_commit_ledger_async (PsStore *self, GPtrArray *rows, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_ptr_array_set_free_func (rows, (GDestroyNotify) ps_ledger_row_free);
  /* The ledger is the engine's own and no part that others watch. */
  ps_store_queue_save (self, ps_store_commit_ledger_async, commit_ledger, rows, (GDestroyNotify) g_ptr_array_unref, 0,
                       PS_STORE_DURABLE, cancellable, callback, user_data);
}
