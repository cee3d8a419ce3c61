/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-test.h"

#include <glib/gstdio.h>
#include <string.h>

#define DEADLINE_S 60

char *
ps_test_directory_new (void)
{
  g_autoptr (GError) error = NULL;
  char *directory = g_dir_make_tmp ("presence-sync-test-XXXXXX", &error);

  g_assert_no_error (error);
  return directory;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_tree (child);
    else
      g_remove (child);
  }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
ps_test_directory_remove (char *directory)
{
  remove_tree (directory);
  g_free (directory);
}

char *
ps_test_state_path (const char *directory)
{
  return g_build_filename (directory, "state.db", NULL);
}

void
ps_test_take_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **place = user_data;

  g_assert_null (*place);
  *place = g_object_ref (result);
}

static gboolean
deadline_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

GAsyncResult *
ps_test_wait (GAsyncResult **result)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (DEADLINE_S, deadline_cb, &late);

  while (*result == NULL) {
    g_main_context_iteration (NULL, TRUE);
    g_assert_false (late);
  }
  g_source_remove (id);
  return *result;
}

gboolean
ps_test_wait_for (const guint *flag, guint seconds)
{
  gboolean late = FALSE;
  guint id = g_timeout_add_seconds (seconds, deadline_cb, &late);

  while (*flag == 0 && !late)
    g_main_context_iteration (NULL, TRUE);
  if (!late)
    g_source_remove (id);
  return *flag != 0;
}

PsStore *
ps_test_open (const char *directory, GError **error)
{
  PS_TEST_CALL (result, ps_store_open_async, directory);

  return ps_store_open_finish (result, error);
}

void
ps_test_close (PsStore *store)
{
  g_autoptr (GError) error = NULL;

  {
    PS_TEST_CALL (result, ps_store_close_async, store);

    ps_store_close_finish (store, result, &error);
  }
  g_assert_no_error (error);
  g_assert_finalize_object (store);
}

void
ps_test_assert_words (const GError *error, int code, const char *word)
{
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, PS_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (strstr (error->message, "SQLite"));
  g_assert_null (strstr (error->message, "SQLITE"));
  g_assert_cmpint (g_utf8_strlen (error->message, -1), >, 60); /* what happened, what it means, what to do */
}
