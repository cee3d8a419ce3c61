/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings and the links made by hand: small tables of text by text.
 */
#include "config.h"

#include "ps-store-private.h"

static gboolean
load_table (PsStoreDb *db, const char *sql, gpointer *result, GError **error)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3_stmt *statement = ps_store_db_query (db, error, sql, "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure))
    g_hash_table_insert (table, ps_store_column_text (statement, 0), ps_store_column_text (statement, 1));
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  *result = g_steal_pointer (&table);
  return TRUE;
}

/* Saves a table of changes; a NULL value removes the name. */
static gboolean
save_changes (PsStoreDb *db, GHashTable *changes, const char *set_sql, const char *remove_sql, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    if (value != NULL ? !ps_store_db_run (db, error, set_sql, "ss", name, value)
                      : !ps_store_db_run (db, error, remove_sql, "s", name))
      return FALSE;
  }
  return TRUE;
}

static gboolean
load_settings (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  return load_table (db, "SELECT name, value FROM setting", result, error);
}

static gboolean
save_settings (PsStoreDb *db, gconstpointer data, GError **error)
{
  return save_changes (db, (GHashTable *) data, "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
                       "DELETE FROM setting WHERE name = ?", error);
}

static gboolean
load_links (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  return load_table (db, "SELECT ringcentral_id, microsoft_id FROM link", result, error);
}

static gboolean
save_links (PsStoreDb *db, gconstpointer data, GError **error)
{
  return save_changes (db, (GHashTable *) data,
                       "INSERT OR REPLACE INTO link (ringcentral_id, microsoft_id) VALUES (?, ?)",
                       "DELETE FROM link WHERE ringcentral_id = ?", error);
}

void
ps_store_load_settings_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_settings_async, load_settings, NULL, NULL,
                       (GDestroyNotify) g_hash_table_unref, cancellable, callback, user_data);
}

GHashTable *
ps_store_load_settings_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_settings_async, error);
}

void
ps_store_save_settings_async (PsStore *self, GHashTable *changes, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (copy, g_strdup (name), g_strdup (value));
  ps_store_queue_save (self, ps_store_save_settings_async, save_settings, copy, (GDestroyNotify) g_hash_table_unref,
                       PS_STORE_SETTINGS, PS_STORE_DURABLE, cancellable, callback, user_data);
}

void
ps_store_load_links_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_links_async, load_links, NULL, NULL, (GDestroyNotify) g_hash_table_unref,
                       cancellable, callback, user_data);
}

GHashTable *
ps_store_load_links_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_links_async, error);
}

void
ps_store_save_link_async (PsStore *self, const char *ringcentral_id, const char *microsoft_id,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GHashTable *change = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_insert (change, g_strdup (ringcentral_id), g_strdup (microsoft_id));
  ps_store_queue_save (self, ps_store_save_link_async, save_links, change, (GDestroyNotify) g_hash_table_unref,
                       PS_STORE_LINKS, PS_STORE_DURABLE, cancellable, callback, user_data);
}
