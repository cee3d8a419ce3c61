/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-private.h"

PsDirectory *
ps_directory_new (void)
{
  PsDirectory *directory = g_new0 (PsDirectory, 1);

  directory->microsoft = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  directory->ringcentral = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  return directory;
}

void
ps_directory_free (PsDirectory *directory)
{
  if (directory == NULL)
    return;
  g_ptr_array_unref (directory->microsoft);
  g_ptr_array_unref (directory->ringcentral);
  g_free (directory->delta_link);
  g_free (directory);
}

/* Words of the store, since the wire's may change. NULL: unknown. */
static const char *const extension_words[] = {
  [PS_EXTENSION_ENABLED] = "enabled",       [PS_EXTENSION_DISABLED] = "disabled",
  [PS_EXTENSION_FROZEN] = "frozen",         [PS_EXTENSION_NOT_ACTIVATED] = "not-activated",
  [PS_EXTENSION_UNASSIGNED] = "unassigned",
};

static int
extension_from_word (const char *word)
{
  for (guint i = 0; i < G_N_ELEMENTS (extension_words); i++) {
    if (g_strcmp0 (word, extension_words[i]) == 0)
      return i;
  }
  return -1;
}

/* --- loading --- */

static gboolean
load_head (PsStoreDb *db, PsDirectory *directory, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "SELECT delta_link, read_ms FROM directory", "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  if (ps_store_db_next (db, statement, &failure)) {
    directory->delta_link = ps_store_column_text (statement, 0);
    directory->read_ms = sqlite3_column_int64 (statement, 1);
    ps_store_db_end (statement);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_microsoft (PsStoreDb *db, PsDirectory *directory, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (
      db, error,
      "SELECT id, display_name, user_principal_name, mail, aliases, department, job_title, mobile_phone,"
      " business_phones, enabled, guest FROM microsoft_user ORDER BY position",
      "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsMicrosoftUser *user = ps_microsoft_user_new ((const char *) sqlite3_column_text (statement, 0));

    user->display_name = ps_store_column_text (statement, 1);
    user->user_principal_name = ps_store_column_text (statement, 2);
    user->mail = ps_store_column_text (statement, 3);
    user->aliases = ps_store_column_strv (statement, 4);
    user->department = ps_store_column_text (statement, 5);
    user->job_title = ps_store_column_text (statement, 6);
    user->mobile_phone = ps_store_column_text (statement, 7);
    user->business_phones = ps_store_column_strv (statement, 8);
    user->enabled = sqlite3_column_int (statement, 9) != 0;
    user->guest = sqlite3_column_int (statement, 10) != 0;
    g_ptr_array_add (directory->microsoft, user);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_ringcentral (PsStoreDb *db, PsDirectory *directory, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (
      db, error,
      "SELECT id, extension_number, name, email, department, job_title, site, phone, status, admin, in_queue"
      " FROM ringcentral_user ORDER BY position",
      "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    PsRingCentralUser *user = ps_ringcentral_user_new ((const char *) sqlite3_column_text (statement, 0));
    int status;

    g_ptr_array_add (directory->ringcentral, user);
    user->extension_number = ps_store_column_text (statement, 1);
    user->name = ps_store_column_text (statement, 2);
    user->email = ps_store_column_text (statement, 3);
    user->department = ps_store_column_text (statement, 4);
    user->job_title = ps_store_column_text (statement, 5);
    user->site = ps_store_column_text (statement, 6);
    user->phone = ps_store_column_text (statement, 7);
    user->admin = sqlite3_column_int (statement, 9) != 0;
    user->in_queue = sqlite3_column_int (statement, 10) != 0;
    if (!ps_store_column_word (db, statement, 8, extension_from_word, PS_EXTENSION_UNKNOWN, &status, &failure)) {
      ps_store_db_end (statement);
      break;
    }
    user->status = status;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_directory (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autoptr (PsDirectory) directory = ps_directory_new ();

  if (!load_head (db, directory, error) || !load_microsoft (db, directory, error) ||
      !load_ringcentral (db, directory, error))
    return FALSE;
  *result = g_steal_pointer (&directory);
  return TRUE;
}

/* --- saving --- */

static gboolean
save_microsoft (PsStoreDb *db, const GPtrArray *users, GError **error)
{
  for (guint i = 0; i < users->len; i++) {
    const PsMicrosoftUser *user = g_ptr_array_index (users, i);

    if (!ps_store_db_run (db, error,
                          "INSERT INTO microsoft_user (position, id, display_name, user_principal_name, mail, aliases,"
                          " department, job_title, mobile_phone, business_phones, enabled, guest)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          "issssvsssvbb", (gint64) i, user->id, user->display_name, user->user_principal_name,
                          user->mail, user->aliases, user->department, user->job_title, user->mobile_phone,
                          user->business_phones, user->enabled, user->guest))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save_ringcentral (PsStoreDb *db, const GPtrArray *users, GError **error)
{
  for (guint i = 0; i < users->len; i++) {
    const PsRingCentralUser *user = g_ptr_array_index (users, i);

    if (!ps_store_db_run (db, error,
                          "INSERT INTO ringcentral_user (position, id, extension_number, name, email, department,"
                          " job_title, site, phone, status, admin, in_queue)"
                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                          "isssssssssbb", (gint64) i, user->id, user->extension_number, user->name, user->email,
                          user->department, user->job_title, user->site, user->phone, extension_words[user->status],
                          user->admin, user->in_queue))
      return FALSE;
  }
  return TRUE;
}

static gboolean
save_directory (PsStoreDb *db, gconstpointer data, GError **error)
{
  const PsDirectory *directory = data;

  return ps_store_db_exec (db, "DELETE FROM microsoft_user; DELETE FROM ringcentral_user", error) &&
         ps_store_db_run (db, error, "INSERT OR REPLACE INTO directory (only, delta_link, read_ms) VALUES (1, ?, ?)",
                          "si", directory->delta_link, directory->read_ms) &&
         save_microsoft (db, directory->microsoft, error) && save_ringcentral (db, directory->ringcentral, error);
}

void
ps_store_load_directory_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_directory_async, load_directory, NULL, NULL,
                       (GDestroyNotify) ps_directory_free, cancellable, callback, user_data);
}

PsDirectory *
ps_store_load_directory_finish (PsStore *self, GAsyncResult *result, GError **error)
{
  return ps_store_load_finish (self, result, ps_store_load_directory_async, error);
}

void
ps_store_save_directory_async (PsStore *self, PsDirectory *directory, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_save (self, ps_store_save_directory_async, save_directory, directory, NULL, PS_STORE_DIRECTORY,
                       PS_STORE_LAZY, cancellable, callback, user_data);
}
