/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-private.h"

#include <stdlib.h>
#include <string.h>

static const char *const status_words[] = {
  [PS_PERSON_NOT_SELECTED] = "not-selected",
  [PS_PERSON_SYNCED] = "synced",
  [PS_PERSON_FAILED] = "failed",
  [PS_PERSON_PENDING] = "pending",
};

const char *
ps_person_status_to_word (PsPersonStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (status_words), NULL);
  return status_words[status];
}

int
ps_person_status_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (status_words); i++) {
    if (g_strcmp0 (word, status_words[i]) == 0)
      return i;
  }
  return -1;
}

PsPersonRow *
ps_person_row_new (void)
{
  return g_new0 (PsPersonRow, 1);
}

void
ps_person_row_free (PsPersonRow *row)
{
  if (row == NULL)
    return;
  g_free (row->ringcentral_id);
  g_free (row->name);
  g_free (row->email);
  g_free (row->extension);
  g_free (row->microsoft_id);
  g_free (row->microsoft_upn);
  g_free (row->detail);
  g_free (row->teams_word);
  g_free (row->ringcentral);
  g_free (row);
}

/* --- loading --- */

static gboolean
load_row (PsStoreDb *db, sqlite3_stmt *statement, PsPersonRow *row, GError **error)
{
  int status, reason, teams;

  row->ringcentral_id = ps_store_column_text (statement, 0);
  row->name = ps_store_column_text (statement, 1);
  row->email = ps_store_column_text (statement, 2);
  row->extension = ps_store_column_text (statement, 3);
  row->microsoft_id = ps_store_column_text (statement, 4);
  row->microsoft_upn = ps_store_column_text (statement, 5);
  row->detail = ps_store_column_text (statement, 8);
  row->teams_word = ps_store_column_text (statement, 10);
  row->ringcentral = ps_store_column_text (statement, 11);
  row->last_change_ms = sqlite3_column_int64 (statement, 12);
  if (!ps_store_column_word (db, statement, 6, ps_person_status_from_word, -1, &status, error) ||
      !ps_store_column_word (db, statement, 7, ps_reason_from_word, PS_REASON_NONE, &reason, error) ||
      !ps_store_column_word (db, statement, 9, ps_teams_status_from_word, PS_TEAMS_UNKNOWN, &teams, error))
    return FALSE;
  row->status = status;
  row->reason = reason;
  row->teams = teams;
  return TRUE;
}

typedef struct {
  PsPersonRow *row;
  char *key; /* (owned) */
} SortItem;

static int
compare_items (gconstpointer a, gconstpointer b)
{
  const SortItem *one = a, *other = b;
  int order = strcmp (one->key, other->key);

  return order != 0 ? order : g_strcmp0 (one->row->ringcentral_id, other->row->ringcentral_id);
}

/* By name as the user's language sorts; who has no name by address. SQL's order is by bytes. */
static void
sort_by_name (GPtrArray *rows)
{
  g_autofree SortItem *items = g_new (SortItem, rows->len + 1);

  for (guint i = 0; i < rows->len; i++) {
    PsPersonRow *row = g_ptr_array_index (rows, i);
    const char *name = row->name != NULL ? row->name : row->email != NULL ? row->email : "";

    items[i].row = row;
    /* Collating a text that is not UTF-8 is undefined. */
    items[i].key = g_utf8_validate (name, -1, NULL) ? g_utf8_collate_key (name, -1) : g_strdup (name);
  }
  qsort (items, rows->len, sizeof *items, compare_items);
  for (guint i = 0; i < rows->len; i++) {
    rows->pdata[i] = items[i].row;
    g_free (items[i].key);
  }
}

static gboolean
load_people (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_person_row_free);
  sqlite3_stmt *statement = ps_store_db_query (
      db, error,
      "SELECT ringcentral_id, name, email, extension, microsoft_id, microsoft_upn, status, reason, detail, teams,"
      " teams_word, ringcentral, last_change_ms FROM person",
      "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsPersonRow *row = ps_person_row_new ();

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
  sort_by_name (rows);
  *result = g_steal_pointer (&rows);
  return TRUE;
}

/* --- saving --- */

typedef struct {
  GPtrArray *rows; /* (owned) PsPersonRow */
  gboolean replace;
} PeopleSave;

static void
people_save_free (gpointer data)
{
  PeopleSave *save = data;

  g_ptr_array_set_free_func (save->rows, (GDestroyNotify) ps_person_row_free);
  g_ptr_array_unref (save->rows);
  g_free (save);
}

static gboolean
save_row (PsStoreDb *db, const PsPersonRow *row, GError **error)
{
  return ps_store_db_run (
      db, error,
      "INSERT OR REPLACE INTO person (ringcentral_id, name, email, extension, microsoft_id, microsoft_upn, status,"
      " reason, detail, teams, teams_word, ringcentral, last_change_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "ssssssssssssi", row->ringcentral_id, row->name, row->email, row->extension, row->microsoft_id,
      row->microsoft_upn, ps_person_status_to_word (row->status),
      row->reason != PS_REASON_NONE ? ps_reason_to_word (row->reason) : NULL, row->detail,
      row->teams != PS_TEAMS_UNKNOWN ? ps_teams_status_to_word (row->teams) : NULL, row->teams_word, row->ringcentral,
      row->last_change_ms);
}

static gboolean
save_people (PsStoreDb *db, gconstpointer data, GError **error)
{
  const PeopleSave *save = data;

  if (save->replace && !ps_store_db_run (db, error, "DELETE FROM person", ""))
    return FALSE;
  for (guint i = 0; i < save->rows->len; i++) {
    if (!save_row (db, g_ptr_array_index (save->rows, i), error))
      return FALSE;
  }
  return TRUE;
}

void
ps_store_load_people_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_people_async, load_people, NULL, NULL, (GDestroyNotify) g_ptr_array_unref,
                       cancellable, callback, user_data);
}

GPtrArray *
ps_store_load_people_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_people_async, error);
}

void
ps_store_save_people_async (PsStore *self, GPtrArray *rows, gboolean replace, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  PeopleSave *save = g_new0 (PeopleSave, 1);

  save->rows = rows;
  save->replace = replace;
  ps_store_queue_save (self, ps_store_save_people_async, save_people, save, people_save_free, PS_STORE_PEOPLE,
                       PS_STORE_LAZY, cancellable, callback, user_data);
}
