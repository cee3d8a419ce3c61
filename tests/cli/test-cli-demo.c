/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a newcomer sees first.
 */
#include "config.h"

#include "cli-fixture.h"

static void
test_demo (void)
{
  Cli *cli = cli_new ();

  cli_run (cli, "demo", "--users", "120", "--seconds", "5", "--seed", "2", NULL);
  cli_assert_status (cli, 0);
  cli_assert_says (cli->out, "120 RingCentral users: ");
  cli_assert_says (cli->out, ", 0 not selected");
  cli_assert_says (cli->out, "Nothing of ours is left");
  cli_assert_says (cli->out, "no call rings any more");
  g_assert_null (strchr (cli->out, '\033')); /* not on a terminal */
  g_assert_null (strchr (cli->out, '\r'));
  cli_free (cli);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/demo/whole-way", test_demo);
  return g_test_run ();
}
