/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One connection to state.db, with its prepared statements and its errors in words. Private to the store; only the
 * store's thread touches it.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define PS_STORE_N_PARTS 9

typedef struct {
  sqlite3 *handle;
  char *path;             /* (owned) state.db, for errors */
  GHashTable *statements; /* (owned) SQL (a literal's address) → sqlite3_stmt */
  gboolean durable;       /* PRAGMA synchronous is FULL and not NORMAL */

  /* ps-store-revision.c */
  gint64 data_version;
  gint64 revisions[PS_STORE_N_PARTS];     /* as of our last look, own changes included */
  gint64 new_revisions[PS_STORE_N_PARTS]; /* of the transaction that is open */
  guint foreign_parts;                    /* changed by others, not told yet */

  guint64 journal_appended; /* entries since old ones were looked for; ps-store-journal.c */
} PsStoreDb;

/* Opens or makes the database and brings its schema up to date. */
PsStoreDb *ps_store_db_open (const char *directory, GError **error);
void ps_store_db_close (PsStoreDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsStoreDb, ps_store_db_close)

/* Runs SQL that may be several statements and is not worth keeping prepared. */
gboolean ps_store_db_exec (PsStoreDb *db, const char *sql, GError **error);

/* The SQL given to these two is a literal: the statement stays prepared under its address. @types has a letter for each
 * argument: `s` const char * (nullable), `i` gint64, `b` gboolean, `v` const char *const * (nullable). */
gboolean ps_store_db_run (PsStoreDb *db, GError **error, const char *sql, const char *types, ...);
/* Returns: (transfer none) (nullable): for ps_store_db_next(), which is to be called until it says that there is no
 * more, or ps_store_db_end(). The texts that are bound must live that long. */
sqlite3_stmt *ps_store_db_query (PsStoreDb *db, GError **error, const char *sql, const char *types, ...);
/* Returns: TRUE with a row in @statement; FALSE at the end, and with @error set if that is the reason. */
gboolean ps_store_db_next (PsStoreDb *db, sqlite3_stmt *statement, GError **error);
void ps_store_db_end (sqlite3_stmt *statement);

/* Shall the transactions that follow survive a power failure? Not inside one. */
gboolean ps_store_db_set_durable (PsStoreDb *db, gboolean durable, GError **error);
/* FALSE with an error if the file is no longer the one at its path: what is written now would be lost. */
gboolean ps_store_db_check_in_place (PsStoreDb *db, GError **error);

/* Columns of the present row. Text: (transfer full) (nullable). */
char *ps_store_column_text (sqlite3_stmt *statement, int column);
char **ps_store_column_strv (sqlite3_stmt *statement, int column);
/* A stable word; SQL's NULL gives @none. FALSE with PS_ERROR_STORAGE (damaged) for a word that is not one. */
gboolean ps_store_column_word (PsStoreDb *db, sqlite3_stmt *statement, int column, int (*from_word) (const char *word),
                               int none, int *value, GError **error);

/* ps-store-error.c: PS_ERROR_STORAGE for what SQLite said last, for one of its codes with errno's value (0: none), for
 * a system call, and for content that cannot be. */
void ps_store_db_set_error (PsStoreDb *db, GError **error);
void ps_store_set_sqlite_error (const char *path, int code, int system_errno, const char *sqlite_text, GError **error);
void ps_store_set_system_error (const char *path, int system_errno, GError **error);
void ps_store_set_damaged (const char *path, const char *what, GError **error);

/* ps-store-revision.c: which part was changed by whom. */
gboolean ps_store_revision_start (PsStoreDb *db, GError **error);
/* Counts @parts (PsStorePart) up, inside the transaction that changes them. */
gboolean ps_store_revision_count (PsStoreDb *db, guint parts, GError **error);
void ps_store_revision_committed (PsStoreDb *db);
void ps_store_revision_rolled_back (PsStoreDb *db);
/* Looks for changes of other connections. @parts: (out): all since the last call. */
gboolean ps_store_revision_look (PsStoreDb *db, guint *parts, GError **error);

/* ps-store-schema.c */
extern const char *const ps_store_schema_steps[]; /* the SQL from version n to n + 1; NULL at the end */
#define PS_STORE_APPLICATION_ID 0x50725379        /* "PrSy", in the file's header */
/* Brings the schema to the version that @steps lead to, in one transaction; refuses other files and newer ones
 * unchanged. */
gboolean ps_store_schema_prepare (PsStoreDb *db, const char *const *steps, GError **error);

G_END_DECLS
