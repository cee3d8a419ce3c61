/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * presence-syncctl: finds the command, runs it, and ends with a status that scripts can depend on.
 */
#include "config.h"

#include "ps-cli.h"

#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ps-await.h"
#include "ps-connection.h"

static const char *
error_code (const GError *error)
{
  static const char *const words[] = {
    [PS_ERROR_SIGN_IN] = "sign-in",
    [PS_ERROR_SECRET_EXPIRED] = "secret-expired",
    [PS_ERROR_PERMISSION] = "permission",
    [PS_ERROR_NOT_FOUND] = "not-found",
    [PS_ERROR_REFUSED] = "refused",
    [PS_ERROR_THROTTLED] = "throttled",
    [PS_ERROR_NETWORK] = "network",
    [PS_ERROR_TLS] = "tls",
    [PS_ERROR_SERVER] = "server",
    [PS_ERROR_BAD_REPLY] = "bad-reply",
    [PS_ERROR_INPUT] = "input",
    [PS_ERROR_STORAGE] = "storage",
    [PS_ERROR_TOO_NEW] = "too-new",
    [PS_ERROR_KEYRING] = "keyring",
    [PS_ERROR_BUSY] = "busy",
    [PS_ERROR_NOT_CONNECTED] = "not-connected",
    [PS_ERROR_DECLINED] = "declined",
    [PS_ERROR_NEEDS_BROWSER] = "needs-browser",
  };

  if (error->domain == G_OPTION_ERROR)
    return "usage";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "interrupted";
  if (error->domain == PS_ERROR && (guint) error->code < G_N_ELEMENTS (words))
    return words[error->code];
  return "failed";
}

static PsExit
report_error (PsCli *cli, const GError *error)
{
  const PsErrorDetails *details = ps_error_details (error);
  g_autofree char *message = NULL;

  if (error->domain == G_OPTION_ERROR && cli->command != NULL)
    message = g_strdup_printf (_ ("%s “presence-syncctl %s --help” says how."), error->message, cli->command->name);
  else if (error->domain == G_OPTION_ERROR)
    message = g_strdup_printf (_ ("%s “presence-syncctl --help” lists the commands."), error->message);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    message = g_strdup (_ ("Stopped before it was done."));
  else
    message = g_strdup (error->message);
  ps_output_error (cli->output, error_code (error), message);
  if (cli->verbose && details != NULL && (details->status != 0 || details->service_code != NULL))
    ps_output_note (cli->output, _ ("The service said %u %s (request %s)."), details->status,
                    details->service_code != NULL ? details->service_code : "",
                    details->request_id != NULL ? details->request_id : "–");
  return ps_exit_for_error (error);
}

/* --- help --- */

/* @group: (nullable): only the commands that begin with this word. */
static void
print_commands (const char *group)
{
  guint width = 0;

  for (const PsCommand *command = ps_commands; command->name != NULL; command++)
    width = MAX (width, ps_text_width (command->name) + 1 + ps_text_width (command->arguments));
  for (const PsCommand *command = ps_commands; command->name != NULL; command++) {
    g_autofree char *left = g_strdup_printf ("%s %s", command->name, command->arguments);

    if (group != NULL && (!g_str_has_prefix (command->name, group) || command->name[strlen (group)] != ' '))
      continue;
    printf ("  %s%*s  %s\n", left, (int) (width - ps_text_width (left)), "", _ (command->summary));
  }
}

static void
print_help (void)
{
  printf ("%s\n\n", _ ("Usage: presence-syncctl [OPTION…] COMMAND [OPTION…]"));
  printf ("%s\n\n%s\n", _ ("Keeps Microsoft Teams presence and RingCentral presence in step."), _ ("Commands:"));
  print_commands (NULL);
  printf ("\n%s\n"
          "  --data-dir DIR              %s\n"
          "  --json                      %s\n"
          "  -v, --verbose               %s\n"
          "  --trusted-certificate FILE  %s\n"
          "  --version                   %s\n"
          "  -h, --help                  %s\n\n",
          _ ("Options of all commands:"), _ ("Where the state is kept ($XDG_DATA_HOME/presence-sync)"),
          _ ("Print one JSON object and nothing else"), _ ("Say more"),
          _ ("Trust the authorities in this PEM file, too"), _ ("The version"),
          _ ("This help; after a command: what it takes"));
  printf ("%s\n", _ ("Exit status: 0 done; 1 it ran, and something needs you; 2 wrong usage; 3 not connected, or the "
                     "connection was refused; 4 another program holds the engine."));
}

/* --- which command? --- */

static const PsCommand *
find_command (const char *name)
{
  for (const PsCommand *command = ps_commands; command->name != NULL; command++)
    if (g_str_equal (command->name, name))
      return command;
  return NULL;
}

static gboolean
is_group (const char *word)
{
  g_autofree char *prefix = g_strconcat (word, " ", NULL);

  for (const PsCommand *command = ps_commands; command->name != NULL; command++)
    if (g_str_has_prefix (command->name, prefix))
      return TRUE;
  return FALSE;
}

/* "users" alone is "users list", "rules" alone is "rules show". @words: moved on behind the name. */
static const PsCommand *
choose_in_group (const char *group, char ***words, GError **error)
{
  const char *word = (*words)[0], *usual = NULL;
  g_autofree char *name = NULL;
  const PsCommand *command;

  if (g_str_equal (group, "users"))
    usual = "users list";
  else if (g_str_equal (group, "rules"))
    usual = "rules show";
  if (usual != NULL && (word == NULL || word[0] == '-'))
    return find_command (usual);
  if (word == NULL || word[0] == '-') {
    ps_cli_usage_error (error, _ ("“%s” needs to know what."), group);
    return NULL;
  }
  name = g_strdup_printf ("%s %s", group, word);
  command = find_command (name);
  if (command == NULL)
    ps_cli_usage_error (error, _ ("There is no command “%s”."), name);
  else
    (*words)++;
  return command;
}

static const PsCommand *
choose_command (char ***words, GError **error)
{
  const char *word = (*words)[0];
  const PsCommand *command;

  if (word == NULL) {
    ps_cli_usage_error (error, _ ("No command was given."));
    return NULL;
  }
  (*words)++;
  if (is_group (word))
    return choose_in_group (word, words, error);
  command = find_command (word);
  if (command == NULL)
    ps_cli_usage_error (error, _ ("There is no command “%s”."), word);
  return command;
}

/* Takes the options before the command. @arguments: the program's; replaced by what is left, without its name. */
static gboolean
parse_leading_options (PsCli *cli, GStrv *arguments, gboolean *help, gboolean *version, GError **error)
{
  const GOptionEntry entries[] = { { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &cli->data_dir, NULL, NULL },
                                   { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, NULL, NULL },
                                   { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, NULL, NULL },
                                   { "trusted-certificate", 0, 0, G_OPTION_ARG_FILENAME, &cli->trusted_file, NULL,
                                     NULL },
                                   { "help", 'h', 0, G_OPTION_ARG_NONE, help, NULL, NULL },
                                   { "version", 0, 0, G_OPTION_ARG_NONE, version, NULL, NULL },
                                   { NULL } };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_strict_posix (context, TRUE);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse_strv (context, arguments, error))
    return FALSE;
  ps_output_set_json (cli->output, cli->json);
  return TRUE;
}

static gboolean
asks_for_group_help (char **words)
{
  return words[0] != NULL && is_group (words[0]) && words[1] != NULL &&
         (g_str_equal (words[1], "--help") || g_str_equal (words[1], "-h"));
}

static PsExit
run (PsCli *cli, GStrv *arguments, GError **error)
{
  gboolean help = FALSE, version = FALSE;
  char **words;

  if (!parse_leading_options (cli, arguments, &help, &version, error))
    return PS_EXIT_USAGE;
  words = *arguments + 1;
  if (version) {
    printf ("presence-syncctl %s\n", PS_VERSION);
    return PS_EXIT_DONE;
  }
  if (help) {
    print_help ();
    return PS_EXIT_DONE;
  }
  if (asks_for_group_help (words)) {
    print_commands (words[0]);
    return PS_EXIT_DONE;
  }
  cli->command = choose_command (&words, error);
  return cli->command != NULL ? cli->command->run (cli, words, error) : PS_EXIT_USAGE;
}

/* What is signed in is signed out again, and the store's file is closed in order, so that its write-ahead log is put
 * away. */
static void
close_workspace (PsCli *cli)
{
  g_autoptr (PsAwait) ending = ps_await_new (), await = ps_await_new ();
  g_autoptr (GError) error = NULL;

  if (cli->workspace == NULL)
    return;
  ps_end_sessions_async (cli->workspace, ps_await_done, ending);
  ps_end_sessions_finish (cli->workspace, ps_await_result (ending));
  ps_store_close_async (ps_cli_store (cli), NULL, ps_await_done, await);
  if (!ps_store_close_finish (ps_cli_store (cli), ps_await_result (await), &error))
    ps_output_note (cli->output, "%s", error->message);
  g_clear_object (&cli->workspace);
}

int
main (int argc, char *argv[])
{
  g_auto (GStrv) arguments = NULL;
  PsCli cli = { .output = ps_output_new (), .cancellable = g_cancellable_new () };
  g_autoptr (GError) error = NULL;
  PsExit status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("presence-syncctl");

  arguments = g_strdupv (argv);
  /* Wrong usage is told in the form that was asked for, also when the options before it could not be read. */
  ps_output_set_json (cli.output, g_strv_contains ((const char *const *) arguments, "--json"));
  ps_await_watch_signals (cli.cancellable);
  status = run (&cli, &arguments, &error);
  if (error != NULL)
    status = report_error (&cli, error);
  close_workspace (&cli);
  ps_await_forget_signals ();

  g_clear_object (&cli.cancellable);
  g_clear_pointer (&cli.output, ps_output_free);
  g_free (cli.data_dir);
  g_free (cli.trusted_file);
  return status;
}
