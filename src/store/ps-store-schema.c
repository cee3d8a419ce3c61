/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables, and how an older state is brought up to date. PRAGMA user_version is the number of steps that were taken.
 * A step that was released is never changed; what is new is a new step. A new stable word in one of the columns is a
 * new step too (an empty one), since an older program would take it for damage.
 */
#include "config.h"

#include "ps-store-db.h"

#include "ps-error.h"

#include <glib/gi18n-lib.h>

const char *const ps_store_schema_steps[] = {
  /* 1 */
  "CREATE TABLE revision (part INTEGER PRIMARY KEY, n INTEGER NOT NULL);"

  "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"

  /* Both choices of a person are kept, whichever mode is on. */
  "CREATE TABLE sync_mode (only INTEGER PRIMARY KEY CHECK (only = 1), mode TEXT NOT NULL);"
  "CREATE TABLE selection (ringcentral_id TEXT PRIMARY KEY, selected INTEGER NOT NULL, excluded INTEGER NOT NULL)"
  " WITHOUT ROWID;"

  "CREATE TABLE link (ringcentral_id TEXT PRIMARY KEY, microsoft_id TEXT NOT NULL) WITHOUT ROWID;"

  "CREATE TABLE rules (only INTEGER PRIMARY KEY CHECK (only = 1), customized INTEGER NOT NULL,"
  " preserve_inactivity INTEGER NOT NULL, offline_to_teams INTEGER NOT NULL);"
  "CREATE TABLE rule (teams TEXT PRIMARY KEY, rule TEXT NOT NULL) WITHOUT ROWID;"

  /* In the order read, by rowid. Looked at only as a whole, so no index slows its writing down. */
  "CREATE TABLE directory (only INTEGER PRIMARY KEY CHECK (only = 1), delta_link TEXT, read_ms INTEGER NOT NULL);"
  "CREATE TABLE microsoft_user (position INTEGER PRIMARY KEY, id TEXT NOT NULL, display_name TEXT,"
  " user_principal_name TEXT, mail TEXT, aliases BLOB, department TEXT, job_title TEXT, mobile_phone TEXT,"
  " business_phones BLOB, enabled INTEGER NOT NULL, guest INTEGER NOT NULL);"
  "CREATE TABLE ringcentral_user (position INTEGER PRIMARY KEY, id TEXT NOT NULL, extension_number TEXT, name TEXT,"
  " email TEXT, department TEXT, job_title TEXT, site TEXT, phone TEXT, status TEXT, admin INTEGER NOT NULL,"
  " in_queue INTEGER NOT NULL);"

  "CREATE TABLE person (ringcentral_id TEXT PRIMARY KEY, name TEXT, email TEXT, extension TEXT, microsoft_id TEXT,"
  " microsoft_upn TEXT, status TEXT NOT NULL, reason TEXT, detail TEXT, teams TEXT, teams_word TEXT, ringcentral TEXT,"
  " last_change_ms INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE status (only INTEGER PRIMARY KEY CHECK (only = 1), json TEXT NOT NULL, written_ms INTEGER NOT NULL);"

  "CREATE TABLE ledger (ringcentral_id TEXT PRIMARY KEY, microsoft_id TEXT, phone_status TEXT, person_status TEXT,"
  " phone_calls TEXT, person_calls TEXT, session TEXT, preferred TEXT, session_until_ms INTEGER NOT NULL,"
  " preferred_until_ms INTEGER NOT NULL, phone_status_maybe INTEGER NOT NULL, phone_calls_maybe INTEGER NOT NULL,"
  " session_maybe INTEGER NOT NULL, preferred_maybe INTEGER NOT NULL) WITHOUT ROWID;"

  "CREATE TABLE journal (id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, ringcentral_id TEXT NOT NULL, name TEXT,"
  " side TEXT, seen TEXT, written TEXT, why TEXT, delay_ms INTEGER NOT NULL, error TEXT);"
  "CREATE INDEX journal_by_time ON journal (time_ms);"
  "CREATE INDEX journal_by_person ON journal (ringcentral_id, time_ms);"

  "CREATE TABLE report (id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, subject TEXT, text TEXT, recipients TEXT,"
  " error TEXT);"
  "CREATE INDEX report_by_time ON report (time_ms);",

  NULL,
};

static gboolean
read_number (PsStoreDb *db, const char *pragma, gint64 *number, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, pragma, "");

  if (statement == NULL || !ps_store_db_next (db, statement, error))
    return FALSE;
  *number = sqlite3_column_int64 (statement, 0);
  ps_store_db_end (statement);
  return TRUE;
}

static gboolean
check_is_ours (PsStoreDb *db, gint64 *version, GError **error)
{
  gint64 application, tables;

  if (!read_number (db, "PRAGMA application_id", &application, error) ||
      !read_number (db, "PRAGMA user_version", version, error) ||
      !read_number (db, "SELECT count(*) FROM sqlite_master", &tables, error))
    return FALSE;
  /* A file that was just made, by us or in its place, has neither. */
  if (application == PS_STORE_APPLICATION_ID ? *version > 0 : application == 0 && *version == 0 && tables == 0)
    return TRUE;
  ps_store_set_damaged (db->path, "another program's database", error);
  return FALSE;
}

static gboolean
check_version (PsStoreDb *db, gint64 version, gint64 newest, GError **error)
{
  if (version <= newest)
    return TRUE;
  g_propagate_error (error,
                     ps_error_new (PS_ERROR_TOO_NEW,
                                   _ ("The state in “%s” was written by a newer version of Presence Sync. It was not "
                                      "changed, because this version could damage it. Install the newer version, or "
                                      "choose another folder with --data-dir."),
                                   db->path));
  return FALSE;
}

/* In one reading transaction: another program may be making the file just now, and half of what it writes is not ours.
 */
static gboolean
check_unchanging (PsStoreDb *db, gint64 *version, gint64 newest, GError **error)
{
  gboolean ok;

  if (!ps_store_db_exec (db, "BEGIN", error))
    return FALSE;
  ok = check_is_ours (db, version, error) && check_version (db, *version, newest, error);
  sqlite3_exec (db->handle, "COMMIT", NULL, NULL, NULL); /* has nothing to write that could fail */
  return ok;
}

static gboolean
take_steps (PsStoreDb *db, const char *const *steps, gint64 from, gint64 to, GError **error)
{
  g_autofree char *numbers =
      g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", PS_STORE_APPLICATION_ID, (int) to);

  for (gint64 i = from; i < to; i++) {
    if (!ps_store_db_exec (db, steps[i], error))
      return FALSE;
  }
  return ps_store_db_exec (db, numbers, error);
}

gboolean
ps_store_schema_prepare (PsStoreDb *db, const char *const *steps, GError **error)
{
  gint64 newest = g_strv_length ((char **) steps);
  gint64 version;

  if (!check_unchanging (db, &version, newest, error))
    return FALSE;
  if (version == newest)
    return TRUE;

  /* WAL before the first table, so that two programs that make the file together both find it so. The version is read
   * again under the lock: the other one may have been quicker. */
  if (!ps_store_db_exec (db, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE", error))
    return FALSE;
  if (check_is_ours (db, &version, error) && check_version (db, version, newest, error) &&
      take_steps (db, steps, version, newest, error) && ps_store_db_exec (db, "COMMIT", error))
    return TRUE;
  sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL); /* may be rolled back already; the error is set */
  return FALSE;
}
