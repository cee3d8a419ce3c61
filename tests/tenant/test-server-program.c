/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program presence-sync-demo-tenant, started as its users start it. PS_DEMO_TENANT is its path.
 */
#include "config.h"

#include "test-server-certificate.h"
#include "test-server-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

typedef struct {
  GSubprocess *process;
  GDataInputStream *output;
  JsonNode *description;
} Program;

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static GSubprocess *
spawn (const char *const *options, GSubprocessFlags flags)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (gpointer) g_getenv ("PS_DEMO_TENANT"));
  for (guint i = 0; options[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) options[i]);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char *const *) argv->pdata, flags, &error);
  g_assert_no_error (error);
  return process;
}

static char *
read_line (Program *program)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *line;

  g_data_input_stream_read_line_async (program->output, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  line = g_data_input_stream_read_line_finish_utf8 (program->output, result, NULL, &error);
  g_assert_no_error (error);
  return line;
}

/* All of them stop when this test does: their standard input closes then. */
static void
start (Program *program, const char *const *options)
{
  g_autofree char *line = NULL;

  program->process = spawn (options, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  program->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (program->process));
  line = read_line (program);
  g_assert_nonnull (line);
  program->description = json_from_string (line, NULL);
  g_assert_nonnull (program->description);
}

static void
wait_for_end (Program *program)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *more = NULL;

  g_subprocess_wait_check_async (program->process, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  g_subprocess_wait_check_finish (program->process, result, &error);
  g_assert_no_error (error);
  more = read_line (program);
  g_assert_null (more); /* one line, and nothing else */

  g_object_unref (program->output);
  g_object_unref (program->process);
  json_node_unref (program->description);
}

static void
stop (Program *program)
{
  g_subprocess_send_signal (program->process, SIGTERM);
  wait_for_end (program);
}

static JsonNode *
fetch (SoupSession *session, const char *address)
{
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  body = soup_session_send_and_read_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  return json_from_string (text, NULL);
}

static JsonNode *
fetch_state (SoupSession *session, Program *program)
{
  g_autofree char *address = g_strconcat (test_json_string (program->description, "$.control_url"), "/state", NULL);

  return fetch (session, address);
}

static void
test_description (void)
{
  static const char *const options[] = { "--exit-with-stdin", NULL };
  static const char *const texts[] = {
    "login_url",      "graph_url",     "ringcentral_url",  "control_url",           "tenant_id",
    "client_id",      "client_secret", "public_client_id", "ringcentral_client_id", "ringcentral_client_secret",
    "ringcentral_jwt"
  };
  Program program;

  start (&program, options);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *path = g_strconcat ("$.", texts[i], NULL);

    g_assert_cmpuint (strlen (test_json_string (program.description, path)), >, 8);
  }
  g_assert_true (g_str_has_prefix (test_json_string (program.description, "$.control_url"), "http://127.0.0.1:"));
  g_assert_cmpint (test_json_int (program.description, "$.users"), ==, 250);
  stop (&program);
}

static void
test_options (void)
{
  static const char *const options[] = { "--exit-with-stdin",
                                         "--users=31",
                                         "--seed=7",
                                         "--churn=0.5",
                                         "--speed=0",
                                         "--start=2026-01-06T09:00:00Z",
                                         "--no-daily-life",
                                         "--new-call-handling",
                                         "--ringcentral-limit=400",
                                         "--fault",
                                         "delay@/x=5",
                                         "--fault",
                                         "429@/y*2=3",
                                         NULL };
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (JsonNode) state = NULL, faults = NULL;
  g_autofree char *address = NULL;
  Program program;

  start (&program, options);
  state = fetch_state (session, &program);
  g_assert_cmpint (test_json_int (state, "$.users"), ==, 31);
  g_assert_cmpstr (test_json_string (state, "$.time"), ==, "2026-01-06T09:00:00.000Z");
  address = g_strconcat (test_json_string (program.description, "$.control_url"), "/faults", NULL);
  faults = fetch (session, address);
  g_assert_cmpuint (test_json_length (faults, "$.faults"), ==, 2);
  stop (&program);
}

static void
test_stdin (void)
{
  static const char *const options[] = { "--exit-with-stdin", "--users=5", NULL };
  Program program;

  start (&program, options);
  g_output_stream_close (g_subprocess_get_stdin_pipe (program.process), NULL, NULL);
  wait_for_end (&program);
}

/* The time that it takes is the processor's: other tests may run at the same time. */
static void
test_large (void)
{
  static const char *const options[] = { "--exit-with-stdin", "--users=10000", NULL };
  struct rusage before, after;
  Program program;
  double seconds;

  getrusage (RUSAGE_CHILDREN, &before);
  start (&program, options);
  g_assert_cmpint (test_json_int (program.description, "$.users"), ==, 10000);
  stop (&program);
  getrusage (RUSAGE_CHILDREN, &after);
  seconds = (after.ru_utime.tv_sec - before.ru_utime.tv_sec) + (after.ru_stime.tv_sec - before.ru_stime.tv_sec) +
            (after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6 +
            (after.ru_stime.tv_usec - before.ru_stime.tv_usec) / 1e6;
  g_test_message ("%.2f s of processor time for 10,000 users", seconds);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (seconds, <, 2.0);
#endif
}

static void
test_wrong_options (void)
{
  static const struct {
    const char *options[5];
    int status;
    const char *says;
  } rows[] = {
    { { "--users=0" }, 2, "--users" },
    { { "--users=many" }, 2, "--users" },
    { { "--seed=-x" }, 2, "--seed" },
    { { "--port=70000" }, 2, "--port" },
    { { "--churn=-1" }, 2, "--churn" },
    { { "--speed=nan" }, 2, "--speed" },
    { { "--start=yesterday" }, 2, "--start" },
    { { "--fault=delay" }, 2, "--fault" },
    { { "--fault=delay=long" }, 2, "--fault" },
    { { "--fault=delay*0=1" }, 2, "--fault" },
    { { "--ringcentral-limit=0" }, 2, "--ringcentral-limit" },
    { { "--tls-key=key.pem" }, 2, "--tls-certificate" },
    { { "--tls-key=/nowhere/key.pem", "--tls-certificate=/nowhere/certificate.pem" }, 2, "/nowhere/" },
    { { "--no-such-option" }, 2, "--no-such-option" },
    { { "stray" }, 2, "stray" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GSubprocess) process =
        spawn (rows[i].options, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
    g_autoptr (GAsyncResult) result = NULL;
    g_autofree char *output = NULL, *errors = NULL;

    g_subprocess_communicate_utf8_async (process, NULL, NULL, result_cb, &result);
    test_wait (test_is_set, &result);
    g_assert_true (g_subprocess_communicate_utf8_finish (process, result, &output, &errors, NULL));
    g_assert_true (g_subprocess_get_if_exited (process));
    g_assert_cmpint (g_subprocess_get_exit_status (process), ==, rows[i].status);
    g_assert_cmpstr (output, ==, "");
    g_assert_nonnull (strstr (errors, rows[i].says));
  }
}

static void
test_port_taken (void)
{
  static const char *const options[] = { "--exit-with-stdin", "--users=5", NULL };
  Program first;

  start (&first, options);
  {
    g_autoptr (GUri) uri = g_uri_parse (test_json_string (first.description, "$.control_url"), G_URI_FLAGS_NONE, NULL);
    g_autofree char *option = g_strdup_printf ("--port=%d", g_uri_get_port (uri));
    const char *const again[] = { "--users=5", option, NULL };
    g_autoptr (GSubprocess) second = spawn (again, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_autoptr (GAsyncResult) result = NULL;

    g_subprocess_wait_async (second, NULL, result_cb, &result);
    test_wait (test_is_set, &result);
    g_assert_cmpint (g_subprocess_get_exit_status (second), ==, 1);
  }
  stop (&first);
}

static void
test_tls (void)
{
  g_autofree char *folder = g_dir_make_tmp ("demo-tenant-XXXXXX", NULL);
  g_autofree char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  const char *const options[] = {
    "--exit-with-stdin", "--users=5", "--tls-certificate", certificate, "--tls-key", key, NULL
  };
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) state = NULL;
  Program program;

  test_certificate_write (certificate, key);
  database = g_tls_file_database_new (certificate, &error);
  g_assert_no_error (error);
  soup_session_set_tls_database (session, database);
  start (&program, options);
  g_assert_true (g_str_has_prefix (test_json_string (program.description, "$.graph_url"), "https://127.0.0.1:"));
  state = fetch_state (session, &program);
  g_assert_cmpint (test_json_int (state, "$.users"), ==, 5);
  stop (&program);
  g_unlink (certificate);
  g_unlink (key);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/program/description", test_description);
  g_test_add_func ("/tenant/program/options", test_options);
  g_test_add_func ("/tenant/program/stdin", test_stdin);
  g_test_add_func ("/tenant/program/large", test_large);
  g_test_add_func ("/tenant/program/wrong-options", test_wrong_options);
  g_test_add_func ("/tenant/program/port-taken", test_port_taken);
  g_test_add_func ("/tenant/program/tls", test_tls);
  return g_test_run ();
}
