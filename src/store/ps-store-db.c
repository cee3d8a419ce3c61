/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-db.h"

#include "ps-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer than the other program's longest transaction (50,000 people at once: about a second, more on a slow disk). It
 * is the store's thread that waits. */
#define BUSY_TIMEOUT_MS 10000

/* --- opening --- */

/* Directory 0700, file 0600: names and telephone numbers of a whole company are in it. */
static gboolean
make_private_directory (const char *directory, GError **error)
{
  GStatBuf buffer;

  if (g_mkdir_with_parents (directory, 0700) != 0) {
    ps_store_set_system_error (directory, errno, error);
    return FALSE;
  }
  if (g_stat (directory, &buffer) != 0 || !S_ISDIR (buffer.st_mode)) {
    ps_store_set_system_error (directory, ENOTDIR, error);
    return FALSE;
  }
  return TRUE;
}

/* One program at a time opens the file, since SQLite's change to WAL mode, when the file is made, does not wait for
 * others (its busy timeout does not apply to it). Only an aid: where the disk has no such locks, the worst is an error
 * in words. Returns: a descriptor to be closed, or -1. */
static int
lock_opening (const char *directory)
{
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  while (fd >= 0 && flock (fd, LOCK_EX) != 0 && errno == EINTR)
    ;
  return fd;
}

static gboolean
make_private_file (const char *path, GError **error)
{
  GStatBuf buffer;

  /* mknod() and not open(): closing a descriptor of the file would drop the locks that another connection of this
   * process has on it (POSIX record locks; sqlite.org/howtocorrupt, 2.2). SQLite gives -wal and -shm the same mode. */
  if (mknod (path, S_IFREG | 0600, 0) != 0 && errno != EEXIST) {
    ps_store_set_system_error (path, errno, error);
    return FALSE;
  }
  if (g_stat (path, &buffer) != 0) {
    ps_store_set_system_error (path, errno, error);
    return FALSE;
  }
  if (!S_ISREG (buffer.st_mode)) {
    ps_store_set_system_error (path, EISDIR, error);
    return FALSE;
  }
  if ((buffer.st_mode & 0077) != 0 && g_chmod (path, 0600) != 0) {
    ps_store_set_system_error (path, errno, error);
    return FALSE;
  }
  return TRUE;
}

static gboolean
configure (PsStoreDb *db, GError **error)
{
  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, BUSY_TIMEOUT_MS);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  /* A file that is refused is not even tidied up. */
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);

  if (!ps_store_schema_prepare (db, ps_store_schema_steps, error))
    return FALSE;

  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return ps_store_db_exec (db,
                           "PRAGMA journal_mode = WAL; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
                           "PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 16777216;"
                           "PRAGMA synchronous = NORMAL;",
                           error);
}

/* The ledger is what must not be half readable: with a part of it missing, the rest would look like all there is. The
 * other tables are checked by SQLite as they are read. */
static gboolean
check_ledger (PsStoreDb *db, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "PRAGMA quick_check(ledger)", "");
  g_autofree char *answer = NULL;

  if (statement == NULL || !ps_store_db_next (db, statement, error))
    return FALSE;
  answer = ps_store_column_text (statement, 0);
  ps_store_db_end (statement);
  if (g_strcmp0 (answer, "ok") != 0) {
    ps_store_set_damaged (db->path, answer != NULL ? answer : "quick_check", error);
    return FALSE;
  }
  return TRUE;
}

static void
statement_free (gpointer data)
{
  sqlite3_finalize (data); /* says once more what its last step has said */
}

static gboolean
open_file (PsStoreDb *db, GError **error)
{
  int code;

  if (!make_private_file (db->path, error))
    return FALSE;
  code = sqlite3_open_v2 (db->path, &db->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK) {
    ps_store_set_sqlite_error (db->path, code, db->handle != NULL ? sqlite3_system_errno (db->handle) : 0,
                               sqlite3_errstr (code), error);
    return FALSE;
  }
  /* SQLite falls back to reading only, and would find it out at the first write. */
  if (sqlite3_db_readonly (db->handle, "main") == 1) {
    ps_store_set_system_error (db->path, EACCES, error);
    return FALSE;
  }
  return configure (db, error) && check_ledger (db, error) && ps_store_revision_start (db, error);
}

PsStoreDb *
ps_store_db_open (const char *directory, GError **error)
{
  PsStoreDb *db;
  int lock;

  if (!make_private_directory (directory, error))
    return NULL;
  db = g_new0 (PsStoreDb, 1);
  db->path = g_build_filename (directory, "state.db", NULL);
  db->statements = g_hash_table_new_full (NULL, NULL, NULL, statement_free);
  lock = lock_opening (directory);
  if (!open_file (db, error))
    g_clear_pointer (&db, ps_store_db_close);
  if (lock >= 0)
    close (lock);
  return db;
}

void
ps_store_db_close (PsStoreDb *db)
{
  g_hash_table_unref (db->statements);
  /* Can only fail for statements that are still there, and all are gone. */
  if (db->handle != NULL && sqlite3_close (db->handle) != SQLITE_OK)
    g_critical ("%s: %s", db->path, sqlite3_errmsg (db->handle));
  g_free (db->path);
  g_free (db);
}

/* --- statements --- */

gboolean
ps_store_db_exec (PsStoreDb *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;
  ps_store_db_set_error (db, error);
  return FALSE;
}

static sqlite3_stmt *
prepare (PsStoreDb *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (db->statements, sql);

  if (statement != NULL)
    return statement;
  if (sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
    ps_store_db_set_error (db, error);
    return NULL;
  }
  g_hash_table_insert (db->statements, (gpointer) sql, statement);
  return statement;
}

/* A list of texts is kept as a blob with a NUL after each: no character has to be escaped, and an empty list is not
 * NULL. */
static int
bind_strv (sqlite3_stmt *statement, int index, const char *const *texts)
{
  g_autoptr (GByteArray) bytes = NULL;

  if (texts == NULL)
    return sqlite3_bind_null (statement, index);
  bytes = g_byte_array_new ();
  for (guint i = 0; texts[i] != NULL; i++)
    g_byte_array_append (bytes, (const guint8 *) texts[i], strlen (texts[i]) + 1);
  return bytes->len == 0 ? sqlite3_bind_zeroblob (statement, index, 0)
                         : sqlite3_bind_blob (statement, index, bytes->data, bytes->len, SQLITE_TRANSIENT);
}

static gboolean
bind (PsStoreDb *db, sqlite3_stmt *statement, const char *types, va_list arguments, GError **error)
{
  int code = SQLITE_OK;

  for (int i = 1; types[i - 1] != '\0' && code == SQLITE_OK; i++) {
    switch (types[i - 1]) {
    case 's':
      code = sqlite3_bind_text (statement, i, va_arg (arguments, const char *), -1, SQLITE_STATIC);
      break;
    case 'i':
      code = sqlite3_bind_int64 (statement, i, va_arg (arguments, gint64));
      break;
    case 'b':
      code = sqlite3_bind_int (statement, i, va_arg (arguments, gboolean) ? 1 : 0);
      break;
    case 'v':
      code = bind_strv (statement, i, va_arg (arguments, const char *const *));
      break;
    default:
      g_assert_not_reached ();
    }
  }
  if (code == SQLITE_OK)
    return TRUE;
  ps_store_db_set_error (db, error);
  return FALSE;
}

gboolean
ps_store_db_run (PsStoreDb *db, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement = prepare (db, sql, error);
  va_list arguments;
  gboolean ok;

  if (statement == NULL)
    return FALSE;
  va_start (arguments, types);
  ok = bind (db, statement, types, arguments, error);
  va_end (arguments);
  if (ok && sqlite3_step (statement) != SQLITE_DONE) {
    ps_store_db_set_error (db, error);
    ok = FALSE;
  }
  ps_store_db_end (statement);
  return ok;
}

sqlite3_stmt *
ps_store_db_query (PsStoreDb *db, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement = prepare (db, sql, error);
  va_list arguments;
  gboolean ok;

  if (statement == NULL)
    return NULL;
  va_start (arguments, types);
  ok = bind (db, statement, types, arguments, error);
  va_end (arguments);
  if (!ok)
    ps_store_db_end (statement);
  return ok ? statement : NULL;
}

gboolean
ps_store_db_next (PsStoreDb *db, sqlite3_stmt *statement, GError **error)
{
  int code = sqlite3_step (statement);

  if (code == SQLITE_ROW)
    return TRUE;
  if (code != SQLITE_DONE)
    ps_store_db_set_error (db, error);
  ps_store_db_end (statement);
  return FALSE;
}

void
ps_store_db_end (sqlite3_stmt *statement)
{
  sqlite3_reset (statement); /* says once more what the step has said */
  sqlite3_clear_bindings (statement);
}

gboolean
ps_store_db_set_durable (PsStoreDb *db, gboolean durable, GError **error)
{
  if (db->durable == durable)
    return TRUE;
  if (!ps_store_db_exec (db, durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", error))
    return FALSE;
  db->durable = durable;
  return TRUE;
}

gboolean
ps_store_db_check_in_place (PsStoreDb *db, GError **error)
{
  int moved = 0;

  if (sqlite3_file_control (db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved == 0)
    return TRUE;
  ps_store_set_sqlite_error (db->path, SQLITE_READONLY_DBMOVED, 0, "the file has moved", error);
  return FALSE;
}

/* --- columns --- */

char *
ps_store_column_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

char **
ps_store_column_strv (sqlite3_stmt *statement, int column)
{
  GPtrArray *texts;
  const char *bytes, *end;

  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;
  texts = g_ptr_array_new ();
  bytes = sqlite3_column_blob (statement, column);
  end = bytes + sqlite3_column_bytes (statement, column);
  while (bytes != NULL && bytes < end) {
    gsize length = strnlen (bytes, end - bytes);

    g_ptr_array_add (texts, g_strndup (bytes, length));
    bytes += length + 1;
  }
  g_ptr_array_add (texts, NULL);
  return (char **) g_ptr_array_free (texts, FALSE);
}

gboolean
ps_store_column_word (PsStoreDb *db, sqlite3_stmt *statement, int column, int (*from_word) (const char *word), int none,
                      int *value, GError **error)
{
  const char *word = (const char *) sqlite3_column_text (statement, column);

  *value = word != NULL ? from_word (word) : none;
  if (*value >= 0)
    return TRUE;
  ps_store_set_damaged (db->path, "a word that this version does not know", error);
  return FALSE;
}
