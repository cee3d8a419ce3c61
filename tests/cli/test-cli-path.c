/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The whole path without a display: connect, check, sync, look, run, disable, disconnect.
 */
#include "config.h"

#include "cli-fixture.h"

#include <signal.h>

static gint64
count (Cli *cli, const char *name)
{
  g_autoptr (JsonObject) object = cli_json (cli);

  return json_object_get_int_member (json_object_get_object_member (object, "users"), name);
}

static void
test_selection (void)
{
  Cli *cli = cli_new ();
  g_autoptr (JsonObject) users = NULL;
  g_autofree char *broken = cli_file (cli, "broken.csv", "name,email\n\"unclosed,a@example.com\n");
  const char *email = NULL;
  JsonArray *list;

  cli_start_tenant (cli, "--users", "30", "--ringcentral-limit", "2000", "--no-daily-life", NULL);
  cli_connect (cli);
  cli_run (cli, "--json", "users", "list", NULL);
  cli_assert_status (cli, 0);
  users = cli_json (cli);
  list = json_object_get_array_member (users, "users");
  g_assert_cmpuint (json_array_get_length (list), ==, 30);
  for (guint i = 0; i < json_array_get_length (list) && email == NULL; i++) {
    JsonObject *user = json_array_get_object_element (list, i);

    if (json_object_get_null_member (user, "reason") && !json_object_get_null_member (user, "email") &&
        !json_object_get_null_member (user, "microsoft_id"))
      email = json_object_get_string_member (user, "email");
  }
  g_assert_nonnull (email);
  /* Nobody is selected by a list with a fault in it, or with somebody unknown in it. */
  cli_run (cli, "users", "sync", "--file", broken, NULL);
  cli_assert_status (cli, 2);
  cli_run (cli, "users", "sync", email, "nobody@example.com", NULL);
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, "nobody@example.com");
  cli_run (cli, "status", "--json", NULL);
  g_assert_cmpint (count (cli, "not_selected"), ==, 30);
  cli_run (cli, "--json", "users", "sync", email, NULL);
  cli_assert_status (cli, 0);
  g_assert_cmpint (count (cli, "synced"), ==, 1);
  g_assert_cmpint (count (cli, "not_selected"), ==, 29);
  cli_run (cli, "--json", "users", "unsync", email, NULL);
  cli_assert_status (cli, 0);
  g_assert_cmpint (count (cli, "not_selected"), ==, 30);
  g_assert_cmpint (cli_left_behind (cli), ==, 0);
  cli_free (cli);
}

static void
assert_keys (Cli *cli)
{
  static const char *const objects[] = {
    "users", "teams", "ringcentral", "waiting", "writes", "throttled", "delay_ms"
  };
  g_autoptr (JsonObject) status = cli_json (cli);

  g_assert_true (json_object_has_member (status, "state"));
  g_assert_true (json_object_has_member (status, "ledger"));
  g_assert_true (json_object_has_member (status, "cpu_s"));
  g_assert_true (json_object_has_member (status, "rss_bytes"));
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++)
    g_assert_nonnull (json_object_get_object_member (status, objects[i]));
}

static gboolean
engine_runs (Cli *cli)
{
  g_autoptr (JsonObject) status = NULL;

  cli_run (cli, "status", "--json", NULL);
  cli_assert_status (cli, 0);
  assert_keys (cli);
  status = cli_json (cli);
  return g_str_equal (json_object_get_string_member (status, "state"), "running");
}

static void
test_everybody (void)
{
  Cli *cli = cli_new ();
  g_autoptr (GSubprocess) engine = NULL;
  gint64 deadline;
  gboolean runs = FALSE;

  cli_start_tenant (cli, "--users", "60", "--ringcentral-limit", "2000", NULL);
  cli_connect (cli);
  cli_run (cli, "--json", "check", NULL);
  cli_assert_status (cli, 0);
  json_object_unref (cli_json (cli));
  cli_run (cli, "--json", "users", "preview", NULL);
  cli_assert_status (cli, 0);
  json_object_unref (cli_json (cli));
  g_assert_cmpint (cli_left_behind (cli), ==, 0);

  cli_run (cli, "users", "sync", "--all", NULL);
  g_assert_cmpint (cli->status, <=, 1); /* 1: somebody could not be synced */
  cli_assert_says (cli->out, "60 RingCentral users: ");
  cli_assert_says (cli->out, ", 0 not selected");

  /* Another program does what is asked while the engine runs there. */
  engine = cli_spawn (cli, "run", "--poll-seconds", "10", NULL);
  deadline = g_get_monotonic_time () + 90 * G_TIME_SPAN_SECOND;
  while (!runs && g_get_monotonic_time () < deadline)
    runs = engine_runs (cli);
  g_assert_true (runs);
  cli_run (cli, "run", NULL);
  cli_assert_status (cli, 4);
  cli_run (cli, "--json", "report", NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "--json", "journal", "--since", "1h", NULL);
  cli_assert_status (cli, 0);
  json_object_unref (cli_json (cli));
  cli_run (cli, "disconnect", NULL);
  g_assert_cmpint (cli->status, !=, 0);
  cli_run (cli, "disable", NULL);
  cli_assert_status (cli, 0);
  g_assert_cmpint (cli_left_behind (cli), ==, 0);
  g_subprocess_send_signal (engine, SIGTERM);
  g_assert_true (g_subprocess_wait (engine, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (engine));
  g_assert_cmpint (g_subprocess_get_exit_status (engine), ==, 0);
  cli_run (cli, "disconnect", NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "check", NULL);
  cli_assert_status (cli, 3);
  cli_free (cli);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/path/selection", test_selection);
  g_test_add_func ("/cli/path/everybody", test_everybody);
  return g_test_run ();
}
