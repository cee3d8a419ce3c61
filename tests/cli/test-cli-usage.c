/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wrong usage: exit status 2, one clear line, where help is; and what works without any connection.
 */
#include "config.h"

#include "cli-fixture.h"

static void
assert_usage (Cli *cli, const char *part)
{
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, part);
  cli_assert_says (cli->err, "--help");
  g_assert_cmpstr (cli->out, ==, "");
  g_assert_cmpint (strlen (cli->err) - (gsize) (strchr (cli->err, '\n') - cli->err), ==, 1);
}

static void
test_wrong_usage (void)
{
  Cli *cli = cli_new ();

  cli_run (cli, NULL, NULL);
  assert_usage (cli, "No command");
  cli_run (cli, "dance", NULL);
  assert_usage (cli, "dance");
  cli_run (cli, "users", "dance", NULL);
  assert_usage (cli, "users dance");
  cli_run (cli, "connect", NULL);
  assert_usage (cli, "connect");
  cli_run (cli, "--dance", "status", NULL);
  assert_usage (cli, "--dance");
  cli_run (cli, "status", "--dance", NULL);
  assert_usage (cli, "presence-syncctl status --help");
  cli_run (cli, "status", "now", NULL);
  assert_usage (cli, "now");
  cli_run (cli, "users", "sync", NULL);
  assert_usage (cli, "who");
  cli_run (cli, "users", "sync", "--all", "a@example.com", NULL);
  assert_usage (cli, "one way");
  cli_run (cli, "users", "list", "--status", "happy", NULL);
  assert_usage (cli, "happy");
  cli_run (cli, "run", "--poll-seconds", "1", NULL);
  assert_usage (cli, "10");
  cli_run (cli, "rules", "set", "Available=no-calls", NULL);
  assert_usage (cli, "Available");
  cli_run (cli, "rules", "set", "Busy=never", NULL);
  assert_usage (cli, "never");
  cli_run (cli, "rules", "preserve", "perhaps", NULL);
  assert_usage (cli, "on or off");
  cli_run (cli, "journal", "--since", "yesterdayish", NULL);
  assert_usage (cli, "--since");
  cli_run (cli, "demo", "--users", "1", NULL);
  assert_usage (cli, "--users");
  cli_free (cli);
}

static void
test_help (void)
{
  static const char *const commands[] = { "check",   "run",     "status", "report",    "people",
                                          "journal", "disable", "demo",   "disconnect" };
  Cli *cli = cli_new ();

  cli_run (cli, "--help", NULL);
  cli_assert_status (cli, 0);
  cli_assert_says (cli->out, "users unsync");
  cli_run (cli, "--version", NULL);
  cli_assert_status (cli, 0);
  cli_assert_says (cli->out, PS_VERSION);
  cli_run (cli, "users", "--help", NULL);
  cli_assert_status (cli, 0);
  cli_assert_says (cli->out, "users link");
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    cli_run (cli, commands[i], "--help", NULL);
    cli_assert_status (cli, 0);
    cli_assert_says (cli->out, commands[i]);
  }
  cli_free (cli);
}

static void
test_not_connected (void)
{
  Cli *cli = cli_new ();
  g_autoptr (JsonObject) status = NULL;
  g_autoptr (JsonObject) error = NULL;

  cli_run (cli, "check", NULL);
  cli_assert_status (cli, 3);
  cli_run (cli, "users", "sync", "--all", NULL);
  cli_assert_status (cli, 3);
  cli_run (cli, "run", NULL);
  cli_assert_status (cli, 3);
  cli_run (cli, "--json", "users", "sync", "--all", NULL);
  cli_assert_status (cli, 3);
  error = cli_json (cli);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (error, "error"), "code"), ==,
                   "not-connected");
  g_assert_cmpstr (cli->err, !=, "");
  cli_run (cli, "disable", NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "status", "--json", NULL);
  cli_assert_status (cli, 0);
  status = cli_json (cli);
  g_assert_cmpstr (json_object_get_string_member (status, "state"), ==, "not-running");
  cli_free (cli);
}

static void
test_rules (void)
{
  Cli *cli = cli_new ();
  g_autoptr (JsonObject) rules = NULL;
  JsonObject *rows;

  cli_run (cli, "rules", "enable", NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "rules", "set", "In a meeting=no-queue-calls", "offline=no-calls", NULL);
  cli_assert_status (cli, 0);
  cli_run (cli, "rules", "preserve", "on", NULL);
  cli_run (cli, "--json", "rules", NULL);
  cli_assert_status (cli, 0);
  rules = cli_json (cli);
  rows = json_object_get_object_member (rules, "rules");
  g_assert_true (json_object_get_boolean_member (rules, "customized"));
  g_assert_true (json_object_get_boolean_member (rules, "preserve_inactivity"));
  g_assert_cmpstr (json_object_get_string_member (rows, "in-a-meeting"), ==, "no-queue-calls");
  g_assert_cmpstr (json_object_get_string_member (rows, "offline"), ==, "no-calls");
  g_assert_cmpstr (json_object_get_string_member (rows, "busy"), ==, "all-calls");
  cli_run (cli, "rules", "reset", NULL);
  cli_assert_status (cli, 0);
  cli_assert_says (cli->out, "The call rules are on");
  g_clear_pointer (&rules, json_object_unref);
  cli_run (cli, "rules", "disable", "--json", NULL);
  rules = cli_json (cli);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (rules, "rules"), "offline"), ==,
                   "all-calls");
  g_assert_false (json_object_get_boolean_member (rules, "customized"));
  cli_free (cli);
}

/* The state cannot be kept: said in words, and nothing crashes. */
static void
test_storage (void)
{
  Cli *cli = cli_new ();
  g_autofree char *not_a_folder = cli_file (cli, "state", "not a folder");

  cli_run (cli, "rules", "enable", NULL);
  cli_assert_status (cli, 1);
  cli_assert_says (cli->err, "state");
  cli_free (cli);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/usage/wrong", test_wrong_usage);
  g_test_add_func ("/cli/usage/help", test_help);
  g_test_add_func ("/cli/usage/not-connected", test_not_connected);
  g_test_add_func ("/cli/usage/rules", test_rules);
  g_test_add_func ("/cli/usage/storage", test_storage);
  return g_test_run ();
}
