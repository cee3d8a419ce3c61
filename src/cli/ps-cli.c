/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-cli.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-transport.h"

static void
add_global_options (PsCli *cli, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &cli->data_dir, N_ ("Where the state is kept"), N_ ("DIR") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, N_ ("Print one JSON object and nothing else"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &cli->verbose, N_ ("Say more"), NULL },
    { "trusted-certificate", 0, 0, G_OPTION_ARG_FILENAME, &cli->trusted_file,
      N_ ("Trust the authorities in this PEM file, too"), N_ ("FILE") },
    { NULL }
  };
  GOptionGroup *group =
      g_option_group_new ("global", _ ("Options of all commands:"), _ ("Options of all commands"), NULL, NULL);

  g_option_group_add_entries (group, entries);
  g_option_group_set_translation_domain (group, GETTEXT_PACKAGE);
  g_option_context_add_group (context, group);
}

void
ps_cli_usage_error (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED, text);
}

/* What GLib leaves: the name it was given in front, and sometimes the "--" that ends the options. */
static GStrv
without_extras (char **arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean ended = FALSE;

  for (guint i = 1; arguments[i] != NULL; i++) {
    if (!ended && g_str_equal (arguments[i], "--"))
      ended = TRUE;
    else
      g_strv_builder_add (builder, arguments[i]);
  }
  return g_strv_builder_end (builder);
}

GStrv
ps_cli_parse (PsCli *cli, char **arguments, const GOptionEntry *entries, guint max_arguments, GError **error)
{
  g_autofree char *parameters = g_strdup_printf ("%s %s", cli->command->name, cli->command->arguments);
  g_autofree char *summary = g_strconcat (_ (cli->command->summary), ".", NULL);
  g_autoptr (GOptionContext) context = g_option_context_new (g_strchomp (parameters));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) all = NULL;
  g_auto (GStrv) rest = NULL;

  g_strv_builder_add (builder, g_get_prgname ());
  g_strv_builder_addv (builder, (const char **) arguments);
  all = g_strv_builder_end (builder);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, summary);
  if (cli->command->details != NULL)
    g_option_context_set_description (context, _ (cli->command->details));
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  add_global_options (cli, context);
  if (!g_option_context_parse_strv (context, &all, error))
    return NULL;
  ps_output_set_json (cli->output, cli->json);
  rest = without_extras (all);
  if (g_strv_length (rest) > max_arguments) {
    ps_cli_usage_error (error, _ ("“%s” is one argument too many."), rest[max_arguments]);
    return NULL;
  }
  return g_steal_pointer (&rest);
}

gboolean
ps_cli_open (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  if (cli->trusted_file != NULL && !ps_transport_trust_file (cli->trusted_file, error))
    return FALSE;
  ps_workspace_open_async (cli->data_dir, FALSE, cli->cancellable, ps_await_done, await);
  cli->workspace = ps_workspace_open_finish (ps_await_result (await), error);
  return cli->workspace != NULL;
}

PsStore *
ps_cli_store (PsCli *cli)
{
  return ps_workspace_store (cli->workspace);
}

PsExit
ps_exit_for_error (const GError *error)
{
  if (error->domain == G_OPTION_ERROR)
    return PS_EXIT_USAGE;
  if (error->domain != PS_ERROR)
    return PS_EXIT_ATTENTION;
  switch ((PsError) error->code) {
  case PS_ERROR_SIGN_IN:
  case PS_ERROR_SECRET_EXPIRED:
  case PS_ERROR_PERMISSION:
  case PS_ERROR_REFUSED:
  case PS_ERROR_THROTTLED:
  case PS_ERROR_NETWORK:
  case PS_ERROR_TLS:
  case PS_ERROR_SERVER:
  case PS_ERROR_BAD_REPLY:
  case PS_ERROR_NOT_CONNECTED:
  case PS_ERROR_DECLINED:
  case PS_ERROR_NEEDS_BROWSER:
    return PS_EXIT_NOT_CONNECTED;
  case PS_ERROR_INPUT:
    return PS_EXIT_USAGE;
  case PS_ERROR_BUSY:
    return PS_EXIT_BUSY;
  case PS_ERROR_NOT_FOUND:
  case PS_ERROR_STORAGE:
  case PS_ERROR_TOO_NEW:
  case PS_ERROR_KEYRING:
    return PS_EXIT_ATTENTION;
  }
  return PS_EXIT_ATTENTION;
}
