/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-secret-file.h"
#include "ps-table.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_width (void)
{
  g_assert_cmpuint (ps_text_width ("Ana"), ==, 3);
  g_assert_cmpuint (ps_text_width ("Müller"), ==, 6);
  g_assert_cmpuint (ps_text_width ("Mu\xcc\x88ller"), ==, 6); /* the accent as a mark of its own */
  g_assert_cmpuint (ps_text_width ("山田"), ==, 4);
}

static void
test_clean (void)
{
  static const struct {
    const char *text;
    guint width;
    const char *clean;
  } cases[] = {
    { "plain", 0, "plain" },
    { "a\033[31mb", 0, "a [31mb" },
    { "a\nb\tc", 0, "a b c" },
    { "\xe2\x80\xae"
      "abc",
      0, " abc" },
    { "abcdef", 4, "abc…" },
    { "abcd", 4, "abcd" },
    { "山田太郎", 5, "山田…" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *clean = ps_text_clean (cases[i].text, cases[i].width);

    g_assert_cmpstr (clean, ==, cases[i].clean);
  }
}

static void
test_table (void)
{
  PsOutput *output = ps_output_new ();
  g_autoptr (PsTable) table = ps_table_new ("Name", "Ext.", "Note", NULL);
  g_autoptr (GPtrArray) none = ps_table_lines (table, output), lines = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  ps_table_add (table, PS_STYLE_PLAIN, "山田", "1", NULL);
  ps_table_add (table, PS_STYLE_PLAIN, "Ana", NULL, "x");
  lines = ps_table_lines (table, output);
  g_assert_cmpuint (lines->len, ==, 3);
  g_assert_cmpstr (lines->pdata[0], ==, "Name  Ext.  Note");
  g_assert_cmpstr (lines->pdata[1], ==, "山田  1");
  g_assert_cmpstr (lines->pdata[2], ==, "Ana         x");
  ps_output_free (output);
}

static void
test_secret_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("presence-sync-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "secret", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSecret) secret = NULL;

  g_assert_true (g_file_set_contents (path, "abc~1\r\n\n", -1, NULL));
  secret = ps_secret_file_read ("--secret-file", path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, "abc~1");
  g_assert_true (g_file_set_contents (path, "a\0b", 3, NULL));
  g_assert_null (ps_secret_file_read ("--secret-file", path, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (ps_secret_file_read ("--secret-file", folder, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_guid (void)
{
  g_assert_true (ps_looks_like_guid ("14d82eec-204b-4c2f-b7e8-296a70dab67e"));
  g_assert_false (ps_looks_like_guid ("14d82eec-204b-4c2f-b7e8-296a70dab67"));
  g_assert_false (ps_looks_like_guid ("14d82eec+204b-4c2f-b7e8-296a70dab67e"));
  g_assert_false (ps_looks_like_guid ("14d82eec-204b-4c2f-b7e8-296a70dab6-e"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/output/width", test_width);
  g_test_add_func ("/cli/output/clean", test_clean);
  g_test_add_func ("/cli/output/table", test_table);
  g_test_add_func ("/cli/secret-file", test_secret_file);
  g_test_add_func ("/cli/guid", test_guid);
  return g_test_run ();
}
