/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * status, once or as it changes
 */
#include "config.h"

#include "ps-status-view.h"

#include <glib/gi18n.h>

#include "ps-await.h"

static gboolean
print_json (PsCli *cli, GError **error)
{
  g_autoptr (PsStatusView) view = ps_status_view_load (cli, error);

  if (view != NULL)
    ps_output_json_node (cli->output, view->root);
  return view != NULL;
}

static gboolean
print_lines (PsCli *cli, GError **error)
{
  g_autoptr (PsStatusView) view = ps_status_view_load (cli, error);
  g_autoptr (GPtrArray) lines = NULL;

  if (view == NULL)
    return FALSE;
  lines = ps_status_view_lines (view);
  for (guint i = 0; i < lines->len; i++)
    ps_output_line (cli->output, "%s", (const char *) lines->pdata[i]);
  return TRUE;
}

/* --- --watch --- */

typedef struct {
  PsCli *cli;
  gint64 drawn_us;
  char *last;    /* (owned) (nullable): as printed last, where nothing is redrawn */
  GError *error; /* (owned) (nullable) */
} Watch;

static void
draw (Watch *watch)
{
  g_autoptr (PsStatusView) view = ps_status_view_load (watch->cli, &watch->error);
  g_autoptr (GPtrArray) lines = view != NULL ? ps_status_view_lines (view) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  if (lines == NULL)
    return;
  if (ps_output_is_terminal (watch->cli->output)) {
    ps_output_picture (watch->cli->output, lines);
    return;
  }
  for (guint i = 0; i < lines->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", (const char *) lines->pdata[i]);
  if (g_strcmp0 (text->str, watch->last) == 0)
    return;
  ps_output_line (watch->cli->output, "%s%s", watch->last != NULL ? "\n" : "", text->str);
  g_free (watch->last);
  watch->last = g_strdup (text->str);
}

static gboolean
draw_each_second (gpointer data)
{
  Watch *watch = data;
  gint64 now_us = g_get_monotonic_time ();

  if (now_us - watch->drawn_us >= G_USEC_PER_SEC || watch->drawn_us == 0) {
    watch->drawn_us = now_us;
    draw (watch);
  }
  return watch->error != NULL;
}

static PsExit
watch_until_interrupted (PsCli *cli, GError **error)
{
  Watch watch = { .cli = cli };

  ps_await_condition (draw_each_second, &watch, -1, cli->cancellable);
  ps_output_picture_end (cli->output);
  g_free (watch.last);
  if (watch.error != NULL)
    g_propagate_error (error, watch.error);
  return PS_EXIT_DONE;
}

PsExit
ps_command_status (PsCli *cli, char **arguments, GError **error)
{
  gboolean watch = FALSE;
  const GOptionEntry entries[] = { { "watch", 0, 0, G_OPTION_ARG_NONE, &watch, N_ ("Go on until Ctrl+C"), NULL },
                                   { NULL } };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (watch && cli->json) {
    ps_cli_usage_error (error, "%s", _ ("--json prints one object; it cannot be watched."));
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error))
    return PS_EXIT_ATTENTION;
  if (watch)
    return watch_until_interrupted (cli, error);
  if (cli->json)
    print_json (cli, error);
  else
    print_lines (cli, error);
  return PS_EXIT_DONE;
}
