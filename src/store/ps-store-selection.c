/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-private.h"

PsSelection *
ps_selection_new (void)
{
  PsSelection *selection = g_new0 (PsSelection, 1);

  selection->mode = PS_SYNC_OFF;
  selection->selected = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  selection->excluded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return selection;
}

void
ps_selection_free (PsSelection *selection)
{
  if (selection == NULL)
    return;
  g_hash_table_unref (selection->selected);
  g_hash_table_unref (selection->excluded);
  g_free (selection);
}

static void
copy_set (GHashTable *to, GHashTable *from)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (to, g_strdup (id));
}

static PsSelection *
selection_copy (const PsSelection *selection)
{
  PsSelection *copy = ps_selection_new ();

  copy->mode = selection->mode;
  copy_set (copy->selected, selection->selected);
  copy_set (copy->excluded, selection->excluded);
  return copy;
}

gboolean
ps_selection_contains (const PsSelection *selection, const char *ringcentral_id)
{
  switch (selection->mode) {
  case PS_SYNC_SELECTED:
    return g_hash_table_contains (selection->selected, ringcentral_id);
  case PS_SYNC_ALL:
    return !g_hash_table_contains (selection->excluded, ringcentral_id);
  case PS_SYNC_OFF:
  default:
    return FALSE;
  }
}

static const char *const mode_words[] = {
  [PS_SYNC_OFF] = "off", [PS_SYNC_SELECTED] = "selected", [PS_SYNC_ALL] = "all"
};

static int
mode_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (mode_words); i++) {
    if (g_str_equal (word, mode_words[i]))
      return i;
  }
  return -1;
}

static gboolean
load_mode (PsStoreDb *db, PsSelection *selection, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "SELECT mode FROM sync_mode", "");
  GError *failure = NULL;
  int mode = PS_SYNC_OFF;
  gboolean ok = TRUE;

  if (statement == NULL)
    return FALSE;
  if (ps_store_db_next (db, statement, &failure)) {
    ok = ps_store_column_word (db, statement, 0, mode_from_word, PS_SYNC_OFF, &mode, error);
    ps_store_db_end (statement);
  }
  selection->mode = mode;
  if (failure == NULL)
    return ok;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_selection (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (PsSelection) selection = ps_selection_new ();
  GError *failure = NULL;
  sqlite3_stmt *statement;

  if (!load_mode (db, selection, error))
    return FALSE;
  statement = ps_store_db_query (db, error, "SELECT ringcentral_id, selected, excluded FROM selection", "");
  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    if (sqlite3_column_int (statement, 1) != 0)
      g_hash_table_add (selection->selected, ps_store_column_text (statement, 0));
    if (sqlite3_column_int (statement, 2) != 0)
      g_hash_table_add (selection->excluded, ps_store_column_text (statement, 0));
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  *result = g_steal_pointer (&selection);
  return TRUE;
}

static gboolean
save_set (PsStoreDb *db, GHashTable *set, const char *sql, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, set);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (!ps_store_db_run (db, error, sql, "s", id))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save_selection (PsStoreDb *db, gconstpointer data, GError **error)
{
  const PsSelection *selection = data;

  return ps_store_db_run (db, error, "INSERT OR REPLACE INTO sync_mode (only, mode) VALUES (1, ?)", "s",
                          mode_words[selection->mode]) &&
         ps_store_db_run (db, error, "DELETE FROM selection", "") &&
         save_set (db, selection->selected,
                   "INSERT INTO selection (ringcentral_id, selected, excluded) VALUES (?, 1, 0)", error) &&
         save_set (db, selection->excluded,
                   "INSERT INTO selection (ringcentral_id, selected, excluded) VALUES (?, 0, 1)"
                   " ON CONFLICT (ringcentral_id) DO UPDATE SET excluded = 1",
                   error);
}

void
ps_store_load_selection_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_selection_async, load_selection, NULL, NULL,
                       (GDestroyNotify) ps_selection_free, cancellable, callback, user_data);
}

PsSelection *
ps_store_load_selection_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_selection_async, error);
}

void
ps_store_save_selection_async (PsStore *self, const PsSelection *selection, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (selection != NULL && selection->mode <= PS_SYNC_ALL);

  ps_store_queue_save (self, ps_store_save_selection_async, save_selection, selection_copy (selection),
                       (GDestroyNotify) ps_selection_free, PS_STORE_SELECTION, PS_STORE_DURABLE, cancellable, callback,
                       user_data);
}
