/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The store's errors in words: what happened, what it means, what to do. SQLite's own text and code go to the log and
 * to the details of the error.
 */
#include "config.h"

#include "ps-store-db.h"

#include "ps-error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

typedef enum {
  CAUSE_FULL,
  CAUSE_PERMISSION,
  CAUSE_DAMAGED,
  CAUSE_IN_USE,
  CAUSE_MOVED,
  CAUSE_PATH,
  CAUSE_MEMORY,
  CAUSE_DEVICE,
} Cause;

static const char *
cause_text (Cause cause)
{
  switch (cause) {
  case CAUSE_FULL:
    return _ ("There is no room left to write “%s”: the disk or your share of it is full. The last change was not "
              "saved; what was saved before is intact. Make room there, then try again.");
  case CAUSE_PERMISSION:
    return _ ("“%s” cannot be opened or written: this user has no permission, or the disk is read-only. Presence "
              "Sync cannot keep its state there. Give this user write access to the folder, or choose another one "
              "with --data-dir.");
  case CAUSE_DAMAGED:
    return _ ("The file “%s” is damaged, or is not a state of Presence Sync. It was left as it is, and nothing is "
              "synced without it: it also records what was set for whom. Put back a copy from a backup; if there is "
              "none, move the file away and connect again.");
  case CAUSE_IN_USE:
    return _ ("“%s” is in use by another program and did not become free in time. The last change was not saved. "
              "Close the other program, or wait until it has finished, then try again.");
  case CAUSE_MOVED:
    return _ ("“%s” was moved, replaced or deleted while Presence Sync was running. Changes can no longer be saved. "
              "Put it back if you can, then start Presence Sync again.");
  case CAUSE_PATH:
    return _ ("“%s” cannot be opened: there is something else at that place, or the path to it does not exist. "
              "Presence Sync cannot keep its state there. Check the folder, or choose another one with --data-dir.");
  case CAUSE_MEMORY:
    return _ ("There was not enough memory to work with “%s”. The last change was not saved. Close other programs, "
              "then try again.");
  case CAUSE_DEVICE:
  default:
    return _ ("“%s” could not be read or written: the disk reports an error. The last change may not be saved. Check "
              "the disk and the messages of the system, then try again.");
  }
}

/* CAUSE_DEVICE if errno's value tells nothing better. */
static Cause
cause_from_errno (int system_errno)
{
  switch (system_errno) {
  case ENOSPC:
  case EDQUOT:
  case EFBIG: /* the limit for one file; SQLite calls it an I/O error */
    return CAUSE_FULL;
  case EACCES:
  case EPERM:
  case EROFS:
    return CAUSE_PERMISSION;
  case ENOTDIR:
  case EISDIR:
  case ENOENT:
  case ELOOP:
  case ENAMETOOLONG:
  case EEXIST:
    return CAUSE_PATH;
  case ENOMEM:
    return CAUSE_MEMORY;
  default:
    return CAUSE_DEVICE;
  }
}

static Cause
cause_from_sqlite (int code, int system_errno)
{
  switch (code & 0xff) {
  case SQLITE_FULL:
    return CAUSE_FULL;
  case SQLITE_READONLY:
    return code == SQLITE_READONLY_DBMOVED ? CAUSE_MOVED : CAUSE_PERMISSION;
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return CAUSE_PERMISSION;
  case SQLITE_CANTOPEN:
    /* Without errno it is a path that is not a plain file. */
    return system_errno != 0 ? cause_from_errno (system_errno) : CAUSE_PATH;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
  case SQLITE_PROTOCOL:
    return CAUSE_IN_USE;
  case SQLITE_NOMEM:
    return CAUSE_MEMORY;
  case SQLITE_IOERR:
    return code == SQLITE_IOERR_SHORT_READ || code == SQLITE_IOERR_CORRUPTFS ? CAUSE_DAMAGED
                                                                             : cause_from_errno (system_errno);
  default:
    /* NOTADB, CORRUPT; and a table or column that is not there, or holds what it never may (ERROR, CONSTRAINT, MISMATCH
     * …): our statements are fixed, so it is the file that is wrong. */
    return CAUSE_DAMAGED;
  }
}

static void
set_error (const char *path, Cause cause, const char *detail, GError **error)
{
  GError *made;

  g_info ("%s: %s", path, detail);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* each text of cause_text() has the one %s */
  made = ps_error_new (PS_ERROR_STORAGE, cause_text (cause), path);
#pragma GCC diagnostic pop
  ps_error_set_service_code (made, 0, detail, NULL);
  g_propagate_error (error, made);
}

void
ps_store_set_sqlite_error (const char *path, int code, int system_errno, const char *sqlite_text, GError **error)
{
  g_autofree char *detail = system_errno != 0
                                ? g_strdup_printf ("SQLite %d: %s (%s)", code, sqlite_text, g_strerror (system_errno))
                                : g_strdup_printf ("SQLite %d: %s", code, sqlite_text);

  set_error (path, cause_from_sqlite (code, system_errno), detail, error);
}

static int
last_errno_of (sqlite3_file *file)
{
  int value = 0;

  if (file == NULL || file->pMethods == NULL ||
      file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &value) != SQLITE_OK)
    return 0;
  return value;
}

/* sqlite3_system_errno() is what errno happens to be when the error is noted, and was 0 in our tests of a write that
 * failed in the log; the files themselves remember it. */
static int
system_errno_of (sqlite3 *handle)
{
  sqlite3_file *log = NULL, *file = NULL;
  int value = sqlite3_system_errno (handle);

  if (value == 0 && sqlite3_file_control (handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK)
    value = last_errno_of (log);
  if (value == 0 && sqlite3_file_control (handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK)
    value = last_errno_of (file);
  return value;
}

void
ps_store_db_set_error (PsStoreDb *db, GError **error)
{
  int code = sqlite3_extended_errcode (db->handle);
  g_autofree char *text = g_strdup (sqlite3_errmsg (db->handle)); /* the file controls below may change it */
  gboolean of_the_system = (code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;

  /* Otherwise errno would be one of an older error. */
  ps_store_set_sqlite_error (db->path, code, of_the_system ? system_errno_of (db->handle) : 0, text, error);
}

void
ps_store_set_system_error (const char *path, int system_errno, GError **error)
{
  set_error (path, cause_from_errno (system_errno), g_strerror (system_errno), error);
}

void
ps_store_set_damaged (const char *path, const char *what, GError **error)
{
  set_error (path, CAUSE_DAMAGED, what, error);
}
