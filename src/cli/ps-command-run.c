/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run: the engine in the foreground until SIGTERM or Ctrl+C
 */
#include "config.h"

#include "ps-cli.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-change-line.h"
#include "ps-engine-pass.h"
#include "ps-notify.h"
#include "ps-people.h"
#include "ps-json-words.h"

/* systemd waits 90 s by default before it kills. */
#define GRACE_MS (30 * 1000)

typedef struct {
  PsCli *cli;
  PsService *service;
  char *line; /* (owned) (nullable): the counter, as said last */
  guint64 changes;
  GError *error; /* (owned) (nullable) */
} Run;

static void
tell (Run *run, const char *state)
{
  if (!ps_notify (state))
    ps_output_note (run->cli->output, "%s", _ ("The service manager's socket cannot be reached."));
}

static void
progress_cb (PsService *service, Run *run)
{
  g_autofree char *line = NULL, *state = NULL;
  PsProgress progress;

  ps_service_get_progress (service, &progress);
  line = ps_counter_line (progress.total, progress.synced, progress.failed, progress.not_selected);
  if (g_strcmp0 (line, run->line) == 0)
    return;
  g_free (run->line);
  run->line = g_steal_pointer (&line);
  state = g_strconcat ("STATUS=", run->line, NULL);
  tell (run, state);
}

static void
complete_cb (PsService *service, Run *run)
{
  progress_cb (service, run);
  ps_output_line (run->cli->output, "%s", run->line);
}

static void
undone_cb (PsService *service, Run *run)
{
  ps_output_line (run->cli->output, "%s", _ ("The sync is off; nothing of ours is left on either side."));
}

static void
change_cb (PsService *service, PsJournalEntry *entry, Run *run)
{
  run->changes++;
  if (run->cli->verbose) {
    g_autofree char *time = ps_time_to_text (entry->time_ms);
    g_autofree char *line = ps_change_to_line (entry);

    ps_output_styled (run->cli->output, entry->error != NULL ? PS_STYLE_BAD : PS_STYLE_PLAIN, "%s  %s", time, line);
  }
}

/* It goes on by itself as soon as it can. */
static void
failed_cb (PsService *service, GError *error, Run *run)
{
  g_autofree char *state = g_strconcat ("STATUS=", error->message, NULL);

  ps_output_note (run->cli->output, "%s", error->message);
  tell (run, state);
}

static gboolean
watchdog_cb (gpointer user_data)
{
  tell (user_data, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

static gboolean
never (gpointer data)
{
  return FALSE;
}

static void
connect_signals (Run *run)
{
  g_signal_connect (run->service, "progress", G_CALLBACK (progress_cb), run);
  g_signal_connect (run->service, "complete", G_CALLBACK (complete_cb), run);
  g_signal_connect (run->service, "undone", G_CALLBACK (undone_cb), run);
  g_signal_connect (run->service, "change", G_CALLBACK (change_cb), run);
  g_signal_connect (run->service, "failed", G_CALLBACK (failed_cb), run);
}

static gboolean
start (Run *run, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_service_start_async (run->service, "presence-syncctl run", run->cli->cancellable, ps_await_done, await);
  return ps_service_start_finish (run->service, ps_await_result (await), error);
}

static void
serve (Run *run)
{
  guint watchdog_ms = ps_notify_watchdog_ms ();
  guint watchdog = watchdog_ms > 0 ? g_timeout_add (watchdog_ms, watchdog_cb, run) : 0;

  tell (run, "READY=1");
  ps_output_line (run->cli->output, "%s", _ ("The engine runs. Ctrl+C or SIGTERM stops it."));
  ps_await_condition (never, run, -1, run->cli->cancellable);
  tell (run, "STOPPING=1");
  ps_output_line (run->cli->output, "%s", _ ("Stopping: what keeps calls away is lifted first."));
  ps_cli_stop_service (run->cli, run->service, GRACE_MS);
  g_clear_handle_id (&watchdog, g_source_remove);
}

static void
print_end (Run *run)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!run->cli->json)
    return;
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  ps_json_put_string (builder, "state", "stopped");
  ps_json_put_int (builder, "changes", (gint64) run->changes);
  json_builder_end_object (builder);
  ps_output_json (run->cli->output, builder);
}

PsExit
ps_command_run (PsCli *cli, char **arguments, GError **error)
{
  int poll_seconds = PS_SERVICE_DEFAULT_PERIOD_S;
  const GOptionEntry entries[] = { { "poll-seconds", 0, 0, G_OPTION_ARG_INT, &poll_seconds,
                                     N_ ("Seconds between two readings of Teams (30)"), N_ ("N") },
                                   { NULL } };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  Run run = { .cli = cli };

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (poll_seconds < PS_SERVICE_MIN_PERIOD_S || poll_seconds > 3600) {
    ps_cli_usage_error (error, _ ("--poll-seconds takes a number from %d to 3600."), PS_SERVICE_MIN_PERIOD_S);
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error))
    return PS_EXIT_ATTENTION;
  run.service = ps_service_new (cli->workspace);
  ps_service_set_period (run.service, (guint) poll_seconds);
  connect_signals (&run);
  if (start (&run, &run.error))
    serve (&run);
  g_signal_handlers_disconnect_by_data (run.service, &run);
  g_clear_object (&run.service);
  g_free (run.line);
  if (run.error == NULL)
    print_end (&run);
  else
    g_propagate_error (error, run.error);
  return PS_EXIT_DONE;
}
