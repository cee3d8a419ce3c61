/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cli-fixture.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>

Cli *
cli_new (void)
{
  Cli *cli = g_new0 (Cli, 1);

  cli->folder = g_dir_make_tmp ("presence-sync-test-XXXXXX", NULL);
  g_assert_nonnull (cli->folder);
  cli->state = g_build_filename (cli->folder, "state", NULL);
  cli->credentials = g_build_filename (cli->folder, "credentials", NULL);
  g_assert_cmpint (g_mkdir (cli->credentials, 0700), ==, 0);
  return cli;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      remove_folder (path);
    else
      g_unlink (path);
  }
  g_rmdir (folder);
}

void
cli_free (Cli *cli)
{
  if (cli->tenant != NULL) {
    g_output_stream_close (g_subprocess_get_stdin_pipe (cli->tenant), NULL, NULL);
    g_subprocess_wait (cli->tenant, NULL, NULL);
    g_object_unref (cli->tenant);
  }
  g_clear_pointer (&cli->facts, json_object_unref);
  remove_folder (cli->folder);
  g_free (cli->folder);
  g_free (cli->state);
  g_free (cli->credentials);
  g_free (cli->out);
  g_free (cli->err);
  g_free (cli);
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) error = NULL;

  if (!json_parser_load_from_data (parser, text, -1, &error))
    g_error ("%s: %s", error->message, text);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)));
  return json_object_ref (json_node_get_object (json_parser_get_root (parser)));
}

JsonObject *
cli_json (Cli *cli)
{
  return parse_object (cli->out);
}

const char *
cli_fact (Cli *cli, const char *name)
{
  return json_object_get_string_member (cli->facts, name);
}

char *
cli_file (Cli *cli, const char *name, const char *text)
{
  char *path = g_build_filename (cli->folder, name, NULL);

  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  return path;
}

static void
write_credential (Cli *cli, const char *name, const char *fact)
{
  g_autofree char *path = g_build_filename (cli->credentials, name, NULL);
  g_autofree char *text = g_strconcat (cli_fact (cli, fact), "\n", NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static GPtrArray *
arguments_new (const char *program)
{
  GPtrArray *arguments = g_ptr_array_new ();

  g_assert_nonnull (program);
  g_ptr_array_add (arguments, (gpointer) program);
  return arguments;
}

static void
add_all (GPtrArray *arguments, const char *argument, va_list more)
{
  for (; argument != NULL; argument = va_arg (more, const char *))
    g_ptr_array_add (arguments, (gpointer) argument);
  g_ptr_array_add (arguments, NULL);
}

void
cli_start_tenant (Cli *cli, const char *argument, ...)
{
  g_autoptr (GPtrArray) arguments = arguments_new (g_getenv ("PS_TENANT"));
  g_autoptr (GDataInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  va_list more;

  g_ptr_array_add (arguments, (gpointer) "--exit-with-stdin");
  va_start (more, argument);
  add_all (arguments, argument, more);
  va_end (more);
  cli->tenant = g_subprocess_newv ((const char *const *) arguments->pdata,
                                   G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);
  stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (cli->tenant));
  line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  cli->facts = parse_object (line);
  write_credential (cli, "microsoft-client-secret", "client_secret");
  write_credential (cli, "ringcentral-jwt", "ringcentral_jwt");
  write_credential (cli, "ringcentral-client-secret", "ringcentral_client_secret");
}

static GSubprocess *
spawn (Cli *cli, const char *argument, va_list more)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) arguments = arguments_new (g_getenv ("PS_CTL"));
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (arguments, (gpointer) "--data-dir");
  g_ptr_array_add (arguments, cli->state);
  add_all (arguments, argument, more);
  g_subprocess_launcher_setenv (launcher, "CREDENTIALS_DIRECTORY", cli->credentials, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) arguments->pdata, &error);
  g_assert_no_error (error);
  return process;
}

GSubprocess *
cli_spawn (Cli *cli, const char *argument, ...)
{
  GSubprocess *process;
  va_list more;

  va_start (more, argument);
  process = spawn (cli, argument, more);
  va_end (more);
  return process;
}

int
cli_run (Cli *cli, const char *argument, ...)
{
  g_autoptr (GSubprocess) process = NULL;
  va_list more;

  va_start (more, argument);
  process = spawn (cli, argument, more);
  va_end (more);
  g_clear_pointer (&cli->out, g_free);
  g_clear_pointer (&cli->err, g_free);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &cli->out, &cli->err, NULL));
  g_assert_true (g_subprocess_get_if_exited (process)); /* and not killed by a signal */
  cli->status = g_subprocess_get_exit_status (process);
  return cli->status;
}

void
cli_connect (Cli *cli)
{
  g_autofree char *secret = g_build_filename (cli->credentials, "microsoft-client-secret", NULL);
  g_autofree char *jwt = g_build_filename (cli->credentials, "ringcentral-jwt", NULL);
  g_autofree char *client = g_build_filename (cli->credentials, "ringcentral-client-secret", NULL);

  cli_run (cli, "connect", "microsoft", "--tenant", cli_fact (cli, "tenant_id"), "--client-id",
           cli_fact (cli, "client_id"), "--secret-file", secret, "--login-url", cli_fact (cli, "login_url"),
           "--graph-url", cli_fact (cli, "graph_url"), NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "connect", "ringcentral", "--client-id", cli_fact (cli, "ringcentral_client_id"), "--jwt-file", jwt,
           "--client-secret-file", client, "--server-url", cli_fact (cli, "ringcentral_url"), NULL);
  cli_assert_status (cli, 0);
}

JsonObject *
cli_control (Cli *cli, const char *method, const char *path, const char *body)
{
  g_autofree char *url = g_strconcat (cli_fact (cli, "control_url"), path, NULL);
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  }
  reply = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)));
  text = g_strndup (g_bytes_get_data (reply, NULL), g_bytes_get_size (reply));
  return text != NULL && text[0] != '\0' ? parse_object (text) : NULL;
}

gint64
cli_left_behind (Cli *cli)
{
  g_autoptr (JsonObject) ours = cli_control (cli, "GET", "/ours", NULL);

  return json_object_get_int_member (json_object_get_object_member (ours, "counts"), "total");
}
