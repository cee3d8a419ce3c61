/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's lock between processes. "--holder DIRECTORY" takes the lock, says so and waits to be killed.
 */
#include "config.h"

#include "ps-lock.h"
#include "ps-store-test.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int
be_holder (const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsLock) lock = ps_lock_take (directory, "presence-syncctl run", &error);

  g_assert_no_error (error);
  puts ("held");
  fflush (stdout);
  getchar (); /* until standard input ends */
  return 0;
}

static void
assert_held_by (const char *directory, const char *holder)
{
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ps_lock_is_held (directory, &found));
  g_assert_cmpstr (found, ==, holder);
  g_assert_null (ps_lock_take (directory, "presence-sync", &error));
  ps_test_assert_words (error, PS_ERROR_BUSY, holder);
}

static void
test_in_process (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "engine.lock", NULL);
  g_autofree char *holder = g_strdup_printf ("presence-sync (process %d)", (int) getpid ());
  g_autoptr (GError) error = NULL;
  GStatBuf buffer;
  PsLock *lock;

  g_assert_false (ps_lock_is_held (directory, NULL));
  lock = ps_lock_take (directory, "presence-sync", &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &buffer), ==, 0);
  g_assert_cmpint (buffer.st_mode & 0777, ==, 0600);
  assert_held_by (directory, holder);
  ps_lock_release (lock);
  g_assert_false (ps_lock_is_held (directory, NULL));
  lock = ps_lock_take (directory, "presence-sync", &error);
  g_assert_no_error (error);
  ps_lock_release (lock);
  ps_test_directory_remove (directory);
}

static void
test_killed (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                      &error, "/proc/self/exe", "--holder", directory, NULL);
  g_autoptr (GDataInputStream) from = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *answer = g_data_input_stream_read_line (from, NULL, NULL, &error);
  g_autofree char *holder =
      g_strdup_printf ("presence-syncctl run (process %s)", g_subprocess_get_identifier (process));
  g_autofree char *stale = NULL;
  PsLock *lock;

  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, "held");
  assert_held_by (directory, holder);
  g_subprocess_send_signal (process, SIGKILL);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (ps_lock_is_held (directory, &stale)); /* its text is still in the file */
  g_assert_null (stale);
  lock = ps_lock_take (directory, "presence-sync", &error);
  g_assert_no_error (error);
  ps_lock_release (lock);
  ps_test_directory_remove (directory);
}

static void
test_cannot (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *file = g_build_filename (directory, "file", NULL);
  g_autofree char *lock_path = g_build_filename (directory, "engine.lock", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (ps_lock_take (file, "presence-sync", &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "cannot be locked");
  g_clear_error (&error);
  g_assert_cmpint (g_mkdir (lock_path, 0700), ==, 0);
  g_assert_null (ps_lock_take (directory, "presence-sync", &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "cannot be locked");
  g_assert_false (ps_lock_is_held (file, NULL));
  ps_test_directory_remove (directory);
}

/* Rubbish in the file is not shown. */
static void
test_rubbish (void)
{
  static const char *const texts[] = { "", "x", "12", "-4 evil", "0 a", "99 \xff\xfe" };
  char *directory = ps_test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "engine.lock", NULL);
  g_autoptr (GError) error = NULL;
  PsLock *lock = ps_lock_take (directory, "presence-sync", &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *holder = NULL;
    FILE *file = g_fopen (path, "w");

    fputs (texts[i], file);
    fclose (file);
    g_assert_true (ps_lock_is_held (directory, &holder));
    g_assert_null (holder);
  }
  g_assert_null (ps_lock_take (directory, "presence-sync", &error));
  ps_test_assert_words (error, PS_ERROR_BUSY, "Another program");
  ps_lock_release (lock);
  ps_test_directory_remove (directory);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && g_str_equal (argv[1], "--holder"))
    return be_holder (argv[2]);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lock/in-process", test_in_process);
  g_test_add_func ("/lock/killed", test_killed);
  g_test_add_func ("/lock/cannot", test_cannot);
  g_test_add_func ("/lock/rubbish", test_rubbish);
  return g_test_run ();
}
