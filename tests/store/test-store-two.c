/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two programs on one state directory. The second one is this program again: "--writer DIRECTORY" does what it reads
 * from its standard input, one word a line, and says "done" after each.
 */
#include "config.h"

#include "ps-store-db.h"
#include "ps-store-test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* --- the second program --- */

static GPtrArray *
ledger_row (guint id)
{
  GPtrArray *rows = g_ptr_array_new ();
  PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

  row->ringcentral_id = g_strdup_printf ("%u", id);
  row->ledger.session = PS_SESSION_CALL;
  g_ptr_array_add (rows, row);
  return rows;
}

static void
write_part (PsStore *store, const char *part)
{
  if (g_str_equal (part, "settings")) {
    g_autoptr (GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

    g_hash_table_insert (changes, (gpointer) "a", (gpointer) "b");
    PS_TEST_SAVE (store, ps_store_save_settings_async, changes);
  } else if (g_str_equal (part, "selection")) {
    g_autoptr (PsSelection) selection = ps_selection_new ();

    selection->mode = PS_SYNC_ALL;
    PS_TEST_SAVE (store, ps_store_save_selection_async, selection);
  } else if (g_str_equal (part, "links")) {
    PS_TEST_SAVE (store, ps_store_save_link_async, "1", "guid");
  } else if (g_str_equal (part, "rules")) {
    PsRules rules = ps_rules_default ();

    PS_TEST_SAVE (store, ps_store_save_rules_async, &rules);
  } else if (g_str_equal (part, "people")) {
    PS_TEST_SAVE (store, ps_store_save_people_async, g_ptr_array_new (), FALSE);
  } else if (g_str_equal (part, "status")) {
    PS_TEST_SAVE (store, ps_store_save_status_async, "{}");
  } else if (g_str_equal (part, "reports")) {
    PsReportRow row = { .time_ms = 1 };

    PS_TEST_SAVE (store, ps_store_save_report_async, &row);
  } else {
    g_error ("no part “%s”", part);
  }
}

static int
be_writer (const char *directory)
{
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);
  char line[64];

  g_assert_no_error (error);
  while (fgets (line, sizeof line, stdin) != NULL) {
    g_strchomp (line);
    if (g_str_equal (line, "ledger-for-ever")) {
      for (guint id = 0;; id++) {
        PS_TEST_SAVE (store, ps_store_commit_ledger_async, ledger_row (id));
        printf ("%u\n", id);
        fflush (stdout);
      }
    }
    write_part (store, line);
    puts ("done");
    fflush (stdout);
  }
  ps_test_close (store);
  return 0;
}

/* --- the first program --- */

typedef struct {
  char *directory;
  PsStore *store;
  GSubprocess *writer;
  GOutputStream *to;
  GDataInputStream *from;
  guint changed; /* the parts of all signals so far */
} Fixture;

static void
changed_cb (PsStore *store, guint parts, gpointer user_data)
{
  ((Fixture *) user_data)->changed |= parts;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = ps_test_directory_new ();
  fixture->store = ps_test_open (fixture->directory, &error);
  g_assert_no_error (error);
  g_signal_connect (fixture->store, "changed", G_CALLBACK (changed_cb), fixture);
  fixture->writer = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                      "/proc/self/exe", "--writer", fixture->directory, NULL);
  g_assert_no_error (error);
  fixture->to = g_subprocess_get_stdin_pipe (fixture->writer);
  fixture->from = g_data_input_stream_new (g_subprocess_get_stdout_pipe (fixture->writer));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_output_stream_close (fixture->to, NULL, NULL); /* ends it, unless the test has killed it */
  g_subprocess_wait (fixture->writer, NULL, NULL);
  if (g_subprocess_get_if_exited (fixture->writer))
    g_assert_cmpint (g_subprocess_get_exit_status (fixture->writer), ==, 0);
  g_object_unref (fixture->from);
  g_object_unref (fixture->writer);
  ps_test_close (fixture->store);
  ps_test_directory_remove (fixture->directory);
}

static void
tell (Fixture *fixture, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *line = g_strconcat (part, "\n", NULL);

  g_output_stream_write_all (fixture->to, line, strlen (line), NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
hear (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (fixture->from, NULL, NULL, &error);

  g_assert_no_error (error);
  return line;
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *) a < *(const gint64 *) b ? -1 : 1;
}

/* Each part is named, and only that one. */
static void
test_changed (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name;
    guint part;
  } parts[] = {
    { "settings", PS_STORE_SETTINGS }, { "selection", PS_STORE_SELECTION }, { "links", PS_STORE_LINKS },
    { "rules", PS_STORE_RULES },       { "people", PS_STORE_PEOPLE },       { "status", PS_STORE_STATUS },
    { "reports", PS_STORE_REPORTS },   { "settings", PS_STORE_SETTINGS },
  };
  gint64 times[G_N_ELEMENTS (parts)];

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *answer = NULL;
    gint64 start;

    fixture->changed = 0;
    /* An own change at the same time is not told. */
    PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "own", parts[i].name);
    tell (fixture, parts[i].name);
    answer = hear (fixture);
    start = g_get_monotonic_time ();
    g_assert_cmpstr (answer, ==, "done");
    g_assert_true (ps_test_wait_for (&fixture->changed, 10));
    g_assert_cmphex (fixture->changed, ==, parts[i].part);
    times[i] = g_get_monotonic_time () - start;
    g_test_message ("%s: seen after %d ms", parts[i].name, (int) (times[i] / 1000));
  }
  /* Within a second; the median, since a busy machine may stop us for one. */
  qsort (times, G_N_ELEMENTS (times), sizeof *times, compare_times);
  g_assert_cmpint (times[G_N_ELEMENTS (times) / 2], <, G_TIME_SPAN_SECOND);
}

/* The other one changed the same part just before our own change: both counts went up, and it is told. */
static void
test_changed_together (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL;

  tell (fixture, "links");
  answer = hear (fixture);
  PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "own", "guid");
  g_assert_true (ps_test_wait_for (&fixture->changed, 10));
  g_assert_cmphex (fixture->changed, ==, PS_STORE_LINKS);
}

/* What was answered is there after kill -9. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  guint last = 0;
  char *line;

  tell (fixture, "ledger-for-ever");
  for (guint i = 0; i < 50; i++) {
    g_free (answer);
    answer = hear (fixture);
  }
  last = atoi (answer);
  g_subprocess_send_signal (fixture->writer, SIGKILL);
  while ((line = hear (fixture)) != NULL) {
    last = atoi (line);
    g_free (line);
  }
  {
    PS_TEST_CALL (result, ps_store_load_ledger_async, fixture->store);
    rows = ps_store_load_ledger_finish (fixture->store, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (last, >=, 49); /* the 50th was 49 */
  g_assert_cmpuint (rows->len, >=, last + 1);
  g_assert_cmpuint (rows->len, <=, last + 2); /* one may have been saved and not told */
}

/* A save waits for the other program's transaction. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = ps_test_state_path (fixture->directory);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *other;

  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE; DELETE FROM link", NULL, NULL, NULL), ==, SQLITE_OK);
  ps_store_save_link_async (fixture->store, "1", "guid", NULL, ps_test_take_result, &result);
  {
    /* Reading goes on meanwhile; and it is answered after the save, so ours is the other connection's. */
    g_autoptr (GError) read_error = NULL;
    PsStore *reader = ps_test_open (fixture->directory, &read_error);
    PS_TEST_CALL (links, ps_store_load_links_async, reader);
    g_autoptr (GHashTable) table = ps_store_load_links_finish (reader, links, &read_error);

    g_assert_no_error (read_error);
    g_clear_object (&links);
    ps_test_close (reader);
  }
  g_assert_null (result);
  g_assert_cmpint (sqlite3_exec (other, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  g_assert_true (ps_store_save_finish (fixture->store, ps_test_wait (&result), &error));
  g_assert_no_error (error);
}

/* Programs that make the state at the same moment do not hurt each other. */
static void
test_open_together (void)
{
  for (guint round = 0; round < 20; round++) {
    char *directory = ps_test_directory_new ();
    GAsyncResult *results[4] = { NULL };

    for (guint i = 0; i < G_N_ELEMENTS (results); i++)
      ps_store_open_async (directory, NULL, ps_test_take_result, &results[i]);
    for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
      g_autoptr (GError) error = NULL;
      PsStore *store = ps_store_open_finish (ps_test_wait (&results[i]), &error);

      g_assert_no_error (error);
      g_object_unref (results[i]);
      ps_test_close (store);
    }
    ps_test_directory_remove (directory);
  }
}

/* One program ends, which tidies the file up, while the next one starts. */
static void
test_open_while_closing (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);

  g_assert_no_error (error);
  for (guint round = 0; round < 100; round++) {
    g_autoptr (GAsyncResult) closed = NULL;
    g_autoptr (GAsyncResult) opened = NULL;
    PsStore *next;

    PS_TEST_SAVE (store, ps_store_save_status_async, "{}");
    ps_store_close_async (store, NULL, ps_test_take_result, &closed);
    ps_store_open_async (directory, NULL, ps_test_take_result, &opened);
    ps_store_close_finish (store, ps_test_wait (&closed), &error);
    g_assert_no_error (error);
    next = ps_store_open_finish (ps_test_wait (&opened), &error);
    g_assert_no_error (error);
    g_clear_object (&closed);
    g_assert_finalize_object (store);
    store = next;
  }
  ps_test_close (store);
  ps_test_directory_remove (directory);
}

/* Saves that wait together share a transaction: `revision` counts transactions. */
static void
test_shared_transaction (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *path = ps_test_state_path (directory);
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (directory, &error);
  GAsyncResult *results[200] = { NULL };
  sqlite3 *other;
  sqlite3_stmt *statement;

  g_assert_no_error (error);
  g_assert_cmpint (sqlite3_open (path, &other), ==, SQLITE_OK);
  /* Holds the thread up until all are queued. */
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ps_store_save_status_async (store, "{}", NULL, ps_test_take_result, &results[i]);
  g_assert_cmpint (sqlite3_exec (other, "COMMIT", NULL, NULL, NULL), ==, SQLITE_OK);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    ps_store_save_finish (store, ps_test_wait (&results[i]), &error);
    g_assert_no_error (error);
    g_object_unref (results[i]);
  }
  g_assert_cmpint (sqlite3_prepare_v2 (other, "SELECT n FROM revision WHERE part = 6", -1, &statement, NULL), ==,
                   SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_test_message ("%d transactions", sqlite3_column_int (statement, 0));
  g_assert_cmpint (sqlite3_column_int (statement, 0), <=, 3);
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (other), ==, SQLITE_OK);
  ps_test_close (store);
  ps_test_directory_remove (directory);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--writer"))
    return be_writer (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store/two/changed", Fixture, NULL, set_up, test_changed, tear_down);
  g_test_add ("/store/two/changed-together", Fixture, NULL, set_up, test_changed_together, tear_down);
  g_test_add ("/store/two/killed", Fixture, NULL, set_up, test_killed, tear_down);
  g_test_add ("/store/two/waits", Fixture, NULL, set_up, test_waits, tear_down);
  g_test_add_func ("/store/two/open-together", test_open_together);
  g_test_add_func ("/store/two/open-while-closing", test_open_while_closing);
  g_test_add_func ("/store/two/shared-transaction", test_shared_transaction);
  return g_test_run ();
}
