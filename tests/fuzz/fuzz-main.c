/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The main of every fuzz target.
 *
 *   fuzz-NAME FILE…   replays the files, such as a crash that libFuzzer has found
 *   fuzz-NAME         replays the target's own corpus and what is made of it by cutting and spoiling
 *   fuzz-NAME --write-corpus FOLDER
 *                     writes the target's own corpus into files, for libFuzzer to start from
 *
 * Built with the meson option `fuzzing` there is no main here: libFuzzer brings its own.
 *
 *   CC=clang meson setup _build-fuzz -Dfuzzing=true -Db_sanitize=address,undefined -Db_lundef=false
 *   _build-fuzz/tests/fuzz/fuzz-NAME -max_total_time=60 FOLDER
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize (int *argc, char ***argv);

/* Called by libFuzzer before anything else. A critical is a bug of ours, so it must stop the run like a crash does. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR | G_LOG_LEVEL_WARNING);
  return 0;
}

#ifndef PS_FUZZING

/* The copy is exactly as long as the input and on the heap, so that a sanitizer sees a read past its end. */
static void
run_once (const char *data, gsize size)
{
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy != NULL ? copy : (const guint8 *) "", size);
}

static void
run_cut (const char *text)
{
  for (gsize size = 0; size <= strlen (text); size++)
    run_once (text, size);
}

static void
run_spoiled (const char *text)
{
  static const char spoilers[] = { '\0', '"', '{', '}', '[', ']', ',', '0', '-', '\xff', '\x80', '<', '\\', '\n' };
  gsize size = strlen (text);
  g_autofree char *copy = g_memdup2 (text, size + 1);

  for (gsize i = 0; i < size; i++) {
    for (gsize s = 0; s < G_N_ELEMENTS (spoilers); s++) {
      copy[i] = spoilers[s];
      run_once (copy, size);
    }
    copy[i] = text[i];
  }
}

/* What no parser expects, whatever it parses. */
static void
run_general (void)
{
  static const char *const texts[] = { "null",
                                       "true",
                                       "[]",
                                       "{}",
                                       "0",
                                       "\"\"",
                                       "[null]",
                                       "[[],{}]",
                                       "{\"\":null}",
                                       "1e999",
                                       "-1",
                                       "<html><body>Bad gateway</body></html>",
                                       "\xef\xbb\xbf{}",
                                       "{\"records\":{}}",
                                       "{\"records\":[null,1,\"\",[],{}]}",
                                       "[{},null]" };
  g_autoptr (GString) deep = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    run_once (texts[i], strlen (texts[i]));

  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '[');
  run_once (deep->str, deep->len);
  g_string_truncate (deep, 0);
  for (int i = 0; i < 50000; i++)
    g_string_append (deep, "{\"a\":");
  run_once (deep->str, deep->len);
}

static int
run_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &data, &size, &error)) {
    g_printerr ("%s\n", error->message);
    return EXIT_FAILURE;
  }
  run_once (data, size);
  return EXIT_SUCCESS;
}

static int
write_corpus (const char *folder)
{
  for (gsize i = 0; ps_fuzz_corpus[i] != NULL; i++) {
    g_autofree char *name = g_strdup_printf ("seed-%" G_GSIZE_FORMAT, i);
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autoptr (GError) error = NULL;

    if (!g_file_set_contents (path, ps_fuzz_corpus[i], -1, &error)) {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  }
  return EXIT_SUCCESS;
}

int
main (int argc, char **argv)
{
  int status = EXIT_SUCCESS;

  LLVMFuzzerInitialize (&argc, &argv);
  if (argc == 3 && strcmp (argv[1], "--write-corpus") == 0)
    return write_corpus (argv[2]);
  for (int i = 1; i < argc; i++)
    if (run_file (argv[i]) != EXIT_SUCCESS)
      status = EXIT_FAILURE;
  if (argc > 1)
    return status;

  run_general ();
  for (gsize i = 0; ps_fuzz_corpus[i] != NULL; i++) {
    run_cut (ps_fuzz_corpus[i]);
    run_spoiled (ps_fuzz_corpus[i]);
  }
  return status;
}

#endif
