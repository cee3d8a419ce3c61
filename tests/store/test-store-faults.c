/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A disk that is full, a file that is damaged or not ours, no permission: an error in words, and the file left as it
 * is.
 */
#include "config.h"

#include "ps-store-db.h"
#include "ps-store-test.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- files that are not what they should be --- */

static void
make_state (const char *directory)
{
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);
  GPtrArray *rows = g_ptr_array_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < 2000; i++) {
    PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

    row->ringcentral_id = g_strdup_printf ("%u", i);
    row->microsoft_id = g_strdup ("00000000-0000-0000-0000-000000000000");
    row->ledger.session = PS_SESSION_CALL;
    g_ptr_array_add (rows, row);
  }
  PS_TEST_SAVE (store, ps_store_commit_ledger_async, rows);
  ps_test_close (store);
}

static GBytes *
read_state (const char *directory)
{
  g_autofree char *path = ps_test_state_path (directory);
  g_autoptr (GError) error = NULL;
  char *bytes;
  gsize length;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (bytes, length);
}

static void
write_state (const char *directory, gconstpointer bytes, gsize length)
{
  g_autofree char *path = ps_test_state_path (directory);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  g_assert_no_error (error);
}

/* Opening is refused, twice, and not a byte changes. */
static void
assert_refused (const char *directory, int code, const char *word)
{
  g_autoptr (GBytes) before = read_state (directory);
  g_autoptr (GBytes) after = NULL;

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ps_test_open (directory, &error));
    ps_test_assert_words (error, code, word);
    g_assert_nonnull (strstr (error->message, "state.db"));
  }
  after = read_state (directory);
  g_assert_true (g_bytes_equal (before, after));
}

static void
test_random_bytes (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint32 bytes[5000];

  for (guint i = 0; i < G_N_ELEMENTS (bytes); i++)
    bytes[i] = g_rand_int (random);
  write_state (directory, bytes, sizeof bytes);
  assert_refused (directory, PS_ERROR_STORAGE, "damaged");
  ps_test_directory_remove (directory);
}

static void
test_truncated (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GBytes) whole = NULL;

  make_state (directory);
  whole = read_state (directory);
  for (gsize length = g_bytes_get_size (whole) / 2; length > 1; length /= 4) { /* SQLite takes one byte for none */
    write_state (directory, g_bytes_get_data (whole, NULL), length);
    assert_refused (directory, PS_ERROR_STORAGE, "damaged");
  }
  ps_test_directory_remove (directory);
}

/* Damage in one page anywhere is either found when opening or when reading; it is never read as fewer rows. */
static void
test_damaged_page (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GBytes) whole = NULL;
  guint n_pages, n_found_opening = 0;

  make_state (directory);
  whole = read_state (directory);
  n_pages = g_bytes_get_size (whole) / 4096;
  g_assert_cmpuint (n_pages, >, 20);
  for (guint page = 1; page < n_pages; page += 3) {
    g_autofree guint8 *bytes = g_memdup2 (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
    g_autoptr (GError) error = NULL;
    PsStore *store;

    memset (bytes + page * 4096, 0xa5, 4096);
    write_state (directory, bytes, g_bytes_get_size (whole));
    store = ps_test_open (directory, &error);
    if (store == NULL) {
      ps_test_assert_words (error, PS_ERROR_STORAGE, "damaged");
      n_found_opening++;
    } else {
      g_autoptr (GPtrArray) rows = NULL;

      {
        PS_TEST_CALL (result, ps_store_load_ledger_async, store);
        rows = ps_store_load_ledger_finish (store, result, &error);
      }
      g_assert_no_error (error); /* it was a page of another table */
      g_assert_cmpuint (rows->len, ==, 2000);
      ps_test_close (store);
    }
  }
  g_assert_cmpuint (n_found_opening, >, 5);
  ps_test_directory_remove (directory);
}

static void
run_sql (const char *directory, const char *sql)
{
  g_autofree char *path = ps_test_state_path (directory);
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (handle), ==, SQLITE_OK);
}

static void
test_foreign_database (void)
{
  char *directory = ps_test_directory_new ();

  run_sql (directory, "CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('x')");
  assert_refused (directory, PS_ERROR_STORAGE, "not a state of Presence Sync");
  ps_test_directory_remove (directory);
}

static void
test_too_new (void)
{
  char *directory = ps_test_directory_new ();

  make_state (directory);
  run_sql (directory, "PRAGMA user_version = 99");
  assert_refused (directory, PS_ERROR_TOO_NEW, "newer");
  ps_test_directory_remove (directory);
}

static void
test_unknown_word (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  PsStore *store;

  make_state (directory);
  run_sql (directory, "UPDATE ledger SET session = 'telepathy' WHERE ringcentral_id = '7'");
  store = ps_test_open (directory, &error);
  g_assert_no_error (error);
  {
    PS_TEST_CALL (result, ps_store_load_ledger_async, store);
    g_assert_null (ps_store_load_ledger_finish (store, result, &error));
  }
  ps_test_assert_words (error, PS_ERROR_STORAGE, "damaged");
  ps_test_close (store);
  ps_test_directory_remove (directory);
}

static void
test_wrong_kind (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *file = g_build_filename (directory, "file", NULL);
  g_autofree char *beneath = g_build_filename (file, "beneath", NULL);
  g_autofree char *state = ps_test_state_path (directory);
  const char *const places[] = { file, beneath, directory };

  g_assert_true (g_file_set_contents (file, "kept", 4, NULL));
  g_assert_cmpint (g_mkdir (state, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ps_test_open (places[i], &error));
    ps_test_assert_words (error, PS_ERROR_STORAGE, "something else at that place");
  }
  ps_test_directory_remove (directory);
}

static void
test_moved_away (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *path = ps_test_state_path (directory);
  g_autofree char *elsewhere = g_build_filename (directory, "elsewhere", NULL);
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);

  g_assert_no_error (error);
  g_assert_cmpint (g_rename (path, elsewhere), ==, 0);
  {
    PS_TEST_CALL (result, ps_store_save_status_async, store, "{}");
    g_assert_false (ps_store_save_finish (store, result, &error));
  }
  ps_test_assert_words (error, PS_ERROR_STORAGE, "moved, replaced or deleted");
  g_assert_cmpint (g_rename (elsewhere, path), ==, 0);
  PS_TEST_SAVE (store, ps_store_save_status_async, "{}");
  ps_test_close (store);
  ps_test_directory_remove (directory);
}

/* --- permissions, as a user who has none --- */

/* Root may do everything: become somebody. The process ends with the test. */
static void
become_nobody (void)
{
  if (geteuid () == 0) {
    g_assert_cmpint (setgid (65534), ==, 0);
    g_assert_cmpint (setuid (65534), ==, 0);
  }
}

static void
give_to_nobody (const char *path, int mode)
{
  if (geteuid () == 0)
    g_assert_cmpint (chown (path, 65534, 65534), ==, 0);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

static void
assert_no_permission (const char *directory)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ps_test_open (directory, &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "no permission");
}

static void
test_permissions_subprocess (void)
{
  const char *base = g_getenv ("PS_TEST_BASE");
  static const char *const names[] = { "closed", "read-only", "read-only-with-state", "read-only-state" };

  become_nobody ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *directory = g_build_filename (base, names[i], NULL);

    g_test_message ("%s", names[i]);
    assert_no_permission (directory);
  }
}

static void
test_permissions (void)
{
  char *base = ps_test_directory_new ();
  g_autofree char *closed = g_build_filename (base, "closed", NULL);
  g_autofree char *read_only = g_build_filename (base, "read-only", NULL);
  g_autofree char *with_state = g_build_filename (base, "read-only-with-state", NULL);
  g_autofree char *its_state = ps_test_state_path (with_state);
  g_autofree char *state_only = g_build_filename (base, "read-only-state", NULL);
  g_autofree char *state = ps_test_state_path (state_only);

  make_state (closed);
  make_state (with_state);
  make_state (state_only);
  g_assert_cmpint (g_mkdir (read_only, 0700), ==, 0);
  give_to_nobody (base, 0700);
  give_to_nobody (closed, 0000);
  give_to_nobody (read_only, 0500);
  give_to_nobody (its_state, 0600);
  give_to_nobody (with_state, 0500);
  give_to_nobody (state, 0400);
  give_to_nobody (state_only, 0700);

  g_setenv ("PS_TEST_BASE", base, TRUE);
  g_test_trap_subprocess ("/store/faults/permissions/subprocess", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_unsetenv ("PS_TEST_BASE");
  g_assert_cmpint (g_chmod (closed, 0700), ==, 0);
  g_assert_cmpint (g_chmod (read_only, 0700), ==, 0);
  g_assert_cmpint (g_chmod (with_state, 0700), ==, 0);
  ps_test_directory_remove (base);
}

/* --- a full disk --- */

static void
limit_files_to (guint64 bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = MIN (bytes, limit.rlim_max);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static GPtrArray *
many_people (guint n)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = 0; i < n; i++) {
    PsPersonRow *row = ps_person_row_new ();

    row->ringcentral_id = g_strdup_printf ("%u", i);
    row->name = g_strnfill (100, 'x');
    g_ptr_array_add (rows, row);
  }
  return rows;
}

static GPtrArray *
one_ledger_row (const char *id)
{
  GPtrArray *rows = g_ptr_array_new ();
  PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

  row->ringcentral_id = g_strdup (id);
  row->ledger.session = PS_SESSION_CALL;
  g_ptr_array_add (rows, row);
  return rows;
}

static void
assert_counts (PsStore *store, guint n_people, guint n_ledger)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = NULL;
  g_autoptr (GPtrArray) ledger = NULL;

  {
    PS_TEST_CALL (result, ps_store_load_people_async, store);
    people = ps_store_load_people_finish (store, result, &error);
    g_assert_no_error (error);
  }
  {
    PS_TEST_CALL (result, ps_store_load_ledger_async, store);
    ledger = ps_store_load_ledger_finish (store, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (people->len, ==, n_people);
  g_assert_cmpuint (ledger->len, ==, n_ledger);
}

/* The limit for a file's size stands for a disk's. In a process of its own, for it holds for all its files. */
static void
test_full_disk_subprocess (void)
{
  const char *directory = g_getenv ("PS_TEST_BASE");
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);
  GAsyncResult *results[3] = { NULL };

  g_assert_no_error (error);
  signal (SIGXFSZ, SIG_IGN);
  PS_TEST_SAVE (store, ps_store_save_people_async, many_people (10), TRUE);

  /* Room for a little: what is large fails, what is small beside it in the same transaction does not. */
  limit_files_to (256 * 1024);
  ps_store_commit_ledger_async (store, one_ledger_row ("a"), NULL, ps_test_take_result, &results[0]);
  ps_store_save_people_async (store, many_people (20000), TRUE, NULL, ps_test_take_result, &results[1]);
  ps_store_commit_ledger_async (store, one_ledger_row ("b"), NULL, ps_test_take_result, &results[2]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i += 2) {
    ps_store_save_finish (store, ps_test_wait (&results[i]), &error);
    g_assert_no_error (error);
  }
  g_assert_false (ps_store_save_finish (store, ps_test_wait (&results[1]), &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "full");
  g_clear_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (results[i]);
  assert_counts (store, 10, 2);

  /* Room for nothing. */
  limit_files_to (4096);
  {
    PS_TEST_CALL (result, ps_store_commit_ledger_async, store, one_ledger_row ("c"));
    g_assert_false (ps_store_save_finish (store, result, &error));
  }
  ps_test_assert_words (error, PS_ERROR_STORAGE, "full");
  assert_counts (store, 10, 2);

  /* Somebody has made room. */
  limit_files_to (RLIM_INFINITY);
  PS_TEST_SAVE (store, ps_store_commit_ledger_async, one_ledger_row ("c"));
  PS_TEST_SAVE (store, ps_store_save_people_async, many_people (20000), TRUE);
  assert_counts (store, 20000, 3);
  ps_test_close (store);
}

static void
test_full_disk (void)
{
  char *directory = ps_test_directory_new ();

  g_setenv ("PS_TEST_BASE", directory, TRUE);
  g_test_trap_subprocess ("/store/faults/full-disk/subprocess", 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
  g_unsetenv ("PS_TEST_BASE");
  ps_test_directory_remove (directory);
}

/* --- beneath the store --- */

static void
test_words_of_codes (void)
{
  static const struct {
    int code, system_errno;
    const char *word;
  } cases[] = {
    { SQLITE_FULL, 0, "full" },
    { SQLITE_IOERR_WRITE, ENOSPC, "full" },
    { SQLITE_IOERR_WRITE, EDQUOT, "full" },
    { SQLITE_IOERR_WRITE, EIO, "reports an error" },
    { SQLITE_IOERR_FSYNC, EIO, "reports an error" },
    { SQLITE_READONLY_DIRECTORY, 0, "permission" },
    { SQLITE_IOERR_READ, EIO, "reports an error" },
    { SQLITE_CANTOPEN, EROFS, "read-only" },
    { SQLITE_CANTOPEN, ENOENT, "does not exist" },
    { SQLITE_BUSY, 0, "another program" },
    { SQLITE_NOTADB, 0, "damaged" },
    { SQLITE_CORRUPT, 0, "damaged" },
    { SQLITE_NOMEM, 0, "memory" },
    { SQLITE_ERROR, 0, "damaged" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    ps_store_set_sqlite_error ("/x/state.db", cases[i].code, cases[i].system_errno, "raw text", &error);
    ps_test_assert_words (error, PS_ERROR_STORAGE, cases[i].word);
    g_assert_nonnull (strstr (error->message, "/x/state.db"));
    g_assert_nonnull (strstr (ps_error_details (error)->service_code, "raw text"));
  }
}

static gint64
number (PsStoreDb *db, const char *sql)
{
  sqlite3_stmt *statement;
  gint64 value = -1;

  g_assert_cmpint (sqlite3_prepare_v2 (db->handle, sql, -1, &statement, NULL), ==, SQLITE_OK);
  if (sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

static void
test_migration (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  PsStoreDb *db = ps_store_db_open (directory, &error);
  const char *broken[] = { "not taken again", "CREATE TABLE extra (a)", "INSERT INTO missing VALUES (1)", NULL };
  const char *whole[] = { "not taken again", "CREATE TABLE extra (a)", "INSERT INTO extra VALUES (5)", NULL };

  g_assert_no_error (error);
  g_assert_cmpint (number (db, "PRAGMA user_version"), ==, 1);

  /* All the steps or none. */
  g_assert_false (ps_store_schema_prepare (db, broken, &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "damaged");
  g_clear_error (&error);
  g_assert_cmpint (number (db, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (number (db, "SELECT count(*) FROM sqlite_master WHERE name = 'extra'"), ==, 0);

  g_assert_true (ps_store_schema_prepare (db, whole, &error));
  g_assert_no_error (error);
  g_assert_cmpint (number (db, "PRAGMA user_version"), ==, 3);
  g_assert_cmpint (number (db, "SELECT a FROM extra"), ==, 5);
  g_assert_true (ps_store_schema_prepare (db, whole, &error)); /* nothing to do */
  g_assert_cmpint (number (db, "SELECT count(*) FROM extra"), ==, 1);
  ps_store_db_close (db);

  /* Now it is too new for the program. */
  g_assert_null (ps_store_db_open (directory, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_TOO_NEW);
  ps_test_directory_remove (directory);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/faults/random-bytes", test_random_bytes);
  g_test_add_func ("/store/faults/truncated", test_truncated);
  g_test_add_func ("/store/faults/damaged-page", test_damaged_page);
  g_test_add_func ("/store/faults/foreign-database", test_foreign_database);
  g_test_add_func ("/store/faults/too-new", test_too_new);
  g_test_add_func ("/store/faults/unknown-word", test_unknown_word);
  g_test_add_func ("/store/faults/wrong-kind", test_wrong_kind);
  g_test_add_func ("/store/faults/moved-away", test_moved_away);
  g_test_add_func ("/store/faults/permissions", test_permissions);
  g_test_add_func ("/store/faults/permissions/subprocess", test_permissions_subprocess);
  g_test_add_func ("/store/faults/full-disk", test_full_disk);
  g_test_add_func ("/store/faults/full-disk/subprocess", test_full_disk_subprocess);
  g_test_add_func ("/store/faults/words-of-codes", test_words_of_codes);
  g_test_add_func ("/store/faults/migration", test_migration);
  return g_test_run ();
}
