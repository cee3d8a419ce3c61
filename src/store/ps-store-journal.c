/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-private.h"

/* Old entries are looked for once per this many new ones, and removed in portions that delay nobody. */
#define CLEAN_EVERY   500
#define CLEAN_AT_ONCE "5000"

PsJournalEntry *
ps_journal_entry_new (void)
{
  return g_new0 (PsJournalEntry, 1);
}

void
ps_journal_entry_free (PsJournalEntry *entry)
{
  if (entry == NULL)
    return;
  g_free (entry->ringcentral_id);
  g_free (entry->name);
  g_free (entry->side);
  g_free (entry->seen);
  g_free (entry->written);
  g_free (entry->why);
  g_free (entry->error);
  g_free (entry);
}

/* --- appending --- */

typedef struct {
  GPtrArray *entries; /* (owned) PsJournalEntry */
  gint64 keep_ms;
} Append;

static void
append_free (gpointer data)
{
  Append *append = data;

  g_ptr_array_set_free_func (append->entries, (GDestroyNotify) ps_journal_entry_free);
  g_ptr_array_unref (append->entries);
  g_free (append);
}

/* Measured from the newest entry and not from the clock, so that a demo in virtual time keeps its journal too. */
static gboolean
clean (PsStoreDb *db, gint64 newest_ms, gint64 keep_ms, GError **error)
{
  if (db->journal_appended > 0 && db->journal_appended < CLEAN_EVERY)
    return TRUE;
  if (!ps_store_db_run (db, error,
                        "DELETE FROM journal WHERE id IN"
                        " (SELECT id FROM journal WHERE time_ms < ? ORDER BY time_ms LIMIT " CLEAN_AT_ONCE ")",
                        "i", newest_ms - keep_ms))
    return FALSE;
  db->journal_appended = 0;
  return TRUE;
}

static gboolean
append_journal (PsStoreDb *db, gconstpointer data, GError **error)
{
  const Append *append = data;
  gint64 newest_ms = G_MININT64;

  for (guint i = 0; i < append->entries->len; i++) {
    const PsJournalEntry *entry = g_ptr_array_index (append->entries, i);

    if (!ps_store_db_run (db, error,
                          "INSERT INTO journal (time_ms, ringcentral_id, name, side, seen, written, why, delay_ms,"
                          " error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          "issssssis", entry->time_ms, entry->ringcentral_id, entry->name, entry->side, entry->seen,
                          entry->written, entry->why, entry->delay_ms, entry->error))
      return FALSE;
    newest_ms = MAX (newest_ms, entry->time_ms);
  }
  if (append->entries->len > 0 && append->keep_ms > 0 && !clean (db, newest_ms, append->keep_ms, error))
    return FALSE;
  db->journal_appended += append->entries->len;
  return TRUE;
}

void
ps_store_append_journal_async (PsStore *self, GPtrArray *entries, gint64 keep_ms, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Append *append = g_new0 (Append, 1);

  append->entries = entries;
  append->keep_ms = keep_ms;
  ps_store_queue_save (self, ps_store_append_journal_async, append_journal, append, append_free, PS_STORE_JOURNAL,
                       PS_STORE_LAZY, cancellable, callback, user_data);
}

/* --- loading --- */

typedef struct {
  gint64 since_ms;
  char *ringcentral_id; /* (owned) (nullable) */
  guint limit;
} Query;

static void
query_free (gpointer data)
{
  g_free (((Query *) data)->ringcentral_id);
  g_free (data);
}

#define COLUMNS "SELECT time_ms, ringcentral_id, name, side, seen, written, why, delay_ms, error FROM journal "
#define ORDER   " ORDER BY time_ms DESC, id DESC LIMIT ?2"

static sqlite3_stmt *
start_query (PsStoreDb *db, const Query *query, GError **error)
{
  gint64 limit = query->limit != 0 ? (gint64) query->limit : -1;

  if (query->ringcentral_id == NULL)
    return ps_store_db_query (db, error, COLUMNS "WHERE time_ms >= ?1" ORDER, "ii", query->since_ms, limit);
  return ps_store_db_query (db, error, COLUMNS "WHERE time_ms >= ?1 AND ringcentral_id = ?3" ORDER, "iis",
                            query->since_ms, limit, query->ringcentral_id);
}

static gboolean
load_journal (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_journal_entry_free);
  sqlite3_stmt *statement = start_query (db, data, error);
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsJournalEntry *entry = ps_journal_entry_new ();

    entry->time_ms = sqlite3_column_int64 (statement, 0);
    entry->ringcentral_id = ps_store_column_text (statement, 1);
    entry->name = ps_store_column_text (statement, 2);
    entry->side = ps_store_column_text (statement, 3);
    entry->seen = ps_store_column_text (statement, 4);
    entry->written = ps_store_column_text (statement, 5);
    entry->why = ps_store_column_text (statement, 6);
    entry->delay_ms = sqlite3_column_int64 (statement, 7);
    entry->error = ps_store_column_text (statement, 8);
    g_ptr_array_add (entries, entry);
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  *result = g_steal_pointer (&entries);
  return TRUE;
}

void
ps_store_load_journal_async (PsStore *self, gint64 since_ms, const char *ringcentral_id, guint limit,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Query *query = g_new0 (Query, 1);

  query->since_ms = since_ms;
  query->ringcentral_id = g_strdup (ringcentral_id);
  query->limit = limit;
  ps_store_queue_load (self, ps_store_load_journal_async, load_journal, query, query_free,
                       (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
ps_store_load_journal_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_journal_async, error);
}
