/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * demo: the whole way on the demo tenant, in a folder of its own, with secrets that stay in memory. Everything but the
 * acting of the company's people is what an administrator would do, over HTTP like anyone else.
 */
#include "config.h"

#include "ps-cli-check.h"
#include "ps-cli-people.h"
#include "ps-cli-preview.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "ps-await.h"
#include "ps-change-line.h"
#include "ps-connection.h"
#include "ps-demo-show.h"
#include "ps-engine-pass.h"
#include "ps-json-words.h"
#include "ps-json.h"
#include "ps-report.h"
#include "ps-table.h"
#include "ps-transport.h"

#define DEFAULT_USERS     250
#define DEFAULT_SECONDS   20
#define RINGCENTRAL_LIMIT 1500 /* calls a minute, instead of 40: nobody wants to watch for ten minutes */
#define PERIOD_S          1
#define PATIENCE_MS       (60 * 1000)

typedef struct {
  PsCli *cli;
  PsDemoTenant *tenant; /* (owned) (nullable) */
  PsService *service;   /* (owned) (nullable) */
  char *folder;         /* (owned) (nullable) */
  PsReport *report;     /* (owned) (nullable) of the time before it was disabled */
  JsonObject *status;   /* (owned) (nullable) likewise */
  GPtrArray *failed;    /* (owned) (nullable) PsPersonRow */
  guint seconds;
  gboolean reached;
} Demo;

typedef gboolean (*Step) (Demo *demo, GError **error);

/* --- connect --- */

/* The tenant's option raises the group of the presence writes. The others follow, for the steps of an afternoon are
 * taken in one minute here, and each of them signs in. */
static gboolean
raise_limits (Demo *demo, GError **error)
{
  static const char *const bodies[] = {
    "{\"group\": \"Light\", \"per_minute\": 1500}",
    "{\"group\": \"Heavy\", \"per_minute\": 300}",
    "{\"group\": \"Auth\", \"per_minute\": 150}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (JsonObject) reply = ps_demo_tenant_control (demo->tenant, "POST", "/limits", bodies[i], error);

    if (reply == NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
open_workspace (Demo *demo, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  demo->folder = g_dir_make_tmp ("presence-sync-demo-XXXXXX", error);
  if (demo->folder == NULL)
    return FALSE;
  ps_workspace_open_async (demo->folder, TRUE, demo->cli->cancellable, ps_await_done, await);
  demo->cli->workspace = ps_workspace_open_finish (ps_await_result (await), error);
  return demo->cli->workspace != NULL;
}

static gboolean
connect_both (Demo *demo, GError **error)
{
  PsWorkspace *workspace = demo->cli->workspace;
  const PsDemoTenant *tenant = demo->tenant;
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsMicrosoftConnection) microsoft = NULL;
  g_autoptr (PsRingCentralConnection) ringcentral = NULL;

  ps_connect_microsoft_async (workspace, tenant->tenant_id, tenant->client_id, tenant->client_secret, FALSE, NULL,
                              tenant->login_url, tenant->graph_url, demo->cli->cancellable, ps_await_done, await);
  microsoft = ps_connect_microsoft_finish (workspace, ps_await_result (await), error);
  if (microsoft == NULL)
    return FALSE;
  g_clear_pointer (&await, ps_await_free);
  await = ps_await_new ();
  ps_connect_ringcentral_jwt_async (workspace, tenant->ringcentral_client_id, tenant->ringcentral_client_secret,
                                    tenant->ringcentral_jwt, tenant->ringcentral_url, demo->cli->cancellable,
                                    ps_await_done, await);
  ringcentral = ps_connect_ringcentral_finish (workspace, ps_await_result (await), error);
  if (ringcentral == NULL)
    return FALSE;
  ps_output_line (demo->cli->output, _ ("Microsoft 365: %s. RingCentral: %s."),
                  microsoft->organization != NULL ? microsoft->organization : microsoft->tenant_id,
                  ringcentral->account_name != NULL ? ringcentral->account_name : ringcentral->server_url);
  return TRUE;
}

/* --- check, match, preview --- */

static gboolean
check (Demo *demo, GError **error)
{
  g_autoptr (GPtrArray) items = ps_cli_check (demo->cli, error);

  if (items == NULL)
    return FALSE;
  if (!demo->cli->json && ps_cli_print_checks (demo->cli, items))
    return TRUE;
  for (guint i = 0; i < items->len; i++) {
    const PsCheckItem *item = items->pdata[i];

    if (item->result == PS_CHECK_FAILED) {
      g_propagate_error (error, ps_error_new (PS_ERROR_SERVER, "%s", item->title));
      return FALSE;
    }
  }
  return TRUE;
}

static gboolean
match (Demo *demo, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load_or_read (demo->cli, error);
  PsMatchCounts counts;

  if (people == NULL)
    return FALSE;
  counts = ps_match_counts (people->links);
  ps_output_line (demo->cli->output, _ ("%u of %u RingCentral users have their Microsoft account."), counts.linked,
                  counts.total);
  for (guint reason = PS_REASON_NONE + 1; reason < PS_N_REASONS; reason++) {
    g_autofree char *text = counts.by_reason[reason] > 0 ? ps_reason_to_text (reason, NULL) : NULL;

    if (text != NULL)
      ps_output_line (demo->cli->output, "  %u × %s", counts.by_reason[reason], text);
  }
  return TRUE;
}

static gboolean
preview (Demo *demo, GError **error)
{
  g_autoptr (PsPreview) preview = ps_cli_preview (demo->cli, error);

  if (preview == NULL)
    return FALSE;
  ps_cli_print_preview (demo->cli, preview);
  return TRUE;
}

/* --- enable and disable --- */

static void
reached_cb (PsService *service, Demo *demo)
{
  demo->reached = TRUE;
}

static gboolean
save_mode (Demo *demo, PsSyncMode mode, GError **error)
{
  g_autoptr (PsSelection) selection = ps_cli_load_selection (demo->cli, error);

  if (selection == NULL)
    return FALSE;
  selection->mode = mode;
  return ps_cli_save_selection (demo->cli, selection, error);
}

typedef struct {
  Demo *demo;
  guint at_first; /* what was left when it began */
} Until;

static guint
waiting (const PsProgress *progress)
{
  return progress->waiting[PS_URGENT] + progress->waiting[PS_NORMAL] + progress->waiting[PS_COSMETIC] +
         progress->waiting_teams + progress->under_way;
}

/* Everybody has been read, and the differences found then have been written. */
static gboolean
is_enabled (gpointer data)
{
  Until *until = data;
  g_autofree char *text = NULL;
  PsProgress progress;
  guint left;

  ps_service_get_progress (until->demo->service, &progress);
  if (!until->demo->reached) {
    text = g_strdup_printf (_ ("%u of %u people read on both sides"), progress.synced + progress.failed,
                            progress.selected);
    ps_output_progress (until->demo->cli->output,
                        progress.selected > 0 ? 0.5 * (progress.synced + progress.failed) / progress.selected : 0,
                        text);
    return FALSE;
  }
  left = waiting (&progress);
  until->at_first = MAX (until->at_first, left);
  text = g_strdup_printf (ngettext ("%u first difference left to write", "%u first differences left to write", left),
                          left);
  ps_output_progress (until->demo->cli->output, 1 - 0.5 * left / MAX (until->at_first, 1), text);
  return left == 0;
}

static gboolean
is_disabled (gpointer data)
{
  Until *until = data;
  g_autofree char *text = NULL;
  PsProgress progress;

  ps_service_get_progress (until->demo->service, &progress);
  until->at_first = MAX (until->at_first, progress.ledger);
  text =
      g_strdup_printf (ngettext ("%u person left to undo", "%u people left to undo", progress.ledger), progress.ledger);
  ps_output_progress (until->demo->cli->output, 1 - (double) progress.ledger / MAX (until->at_first, 1), text);
  return until->demo->reached;
}

static gboolean
wait_until (Demo *demo, gboolean (*is_so) (gpointer data), GError **error)
{
  Until until = { demo, 0 };
  gboolean so = ps_await_condition (is_so, &until, PATIENCE_MS, demo->cli->cancellable);

  ps_output_progress_end (demo->cli->output);
  if (!so && !g_cancellable_set_error_if_cancelled (demo->cli->cancellable, error))
    g_propagate_error (error, ps_error_new (PS_ERROR_SERVER, _ ("It took more than %d seconds."), PATIENCE_MS / 1000));
  return so;
}

static gboolean
enable (Demo *demo, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  if (!save_mode (demo, PS_SYNC_ALL, error))
    return FALSE;
  demo->service = ps_service_new (demo->cli->workspace);
  ps_service_allow_short_period (demo->service);
  ps_service_set_period (demo->service, PERIOD_S);
  g_signal_connect (demo->service, "complete", G_CALLBACK (reached_cb), demo);
  ps_service_start_async (demo->service, "presence-syncctl demo", demo->cli->cancellable, ps_await_done, await);
  return ps_service_start_finish (demo->service, ps_await_result (await), error) &&
         wait_until (demo, is_enabled, error);
}

static gboolean
show (Demo *demo, GError **error)
{
  return ps_demo_show (demo->cli, demo->tenant, demo->service, demo->seconds, error);
}

/* What stood before everything is undone is what the demo reports. */
static gboolean
keep_report (Demo *demo, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (demo->cli, error);
  g_autofree char *text = ps_service_status_json (demo->service);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  if (people == NULL || (demo->status = ps_json_parse_object (bytes, error)) == NULL)
    return FALSE;
  demo->report = ps_report_new (people->rows, NULL);
  demo->failed = g_steal_pointer (&people->rows);
  return TRUE;
}

/* Returns: (transfer full): who, and what, for the one who has to find out why. */
static char *
describe_left (JsonObject *ours)
{
  static const char *const kinds[] = { "sessions", "preferred", "phone" };
  GString *text = g_string_new (NULL);

  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++) {
    JsonArray *left = ps_json_array (ours, kinds[kind]);

    for (guint i = 0; i < ps_json_length (left); i++) {
      JsonObject *one = ps_json_element_object (left, i);
      const char *who = kind == 2 ? ps_json_string (one, "name") : ps_json_string (one, "user_principal_name");
      const char *what = kind == 2 ? ps_json_string (one, "now") : ps_json_string (one, "activity");

      g_string_append_printf (text, "%s%s (%s %s)", text->len > 0 ? ", " : "", who != NULL ? who : "", kinds[kind],
                              what != NULL ? what : "");
    }
  }
  return g_string_free (text, FALSE);
}

static gboolean
nothing_is_left (Demo *demo, GError **error)
{
  g_autoptr (JsonObject) ours = ps_demo_tenant_control (demo->tenant, "GET", "/ours", NULL, error);
  g_autofree char *left = NULL;

  if (ours == NULL)
    return FALSE;
  if (ps_json_integer (ps_json_object (ours, "counts"), "total", -1) == 0)
    return TRUE;
  left = describe_left (ours);
  g_propagate_error (error, ps_error_new (PS_ERROR_SERVER, _ ("Something of ours is left there: %s"), left));
  return FALSE;
}

static gboolean
disable (Demo *demo, GError **error)
{
  if (!keep_report (demo, error))
    return FALSE;
  demo->reached = FALSE;
  g_signal_connect (demo->service, "undone", G_CALLBACK (reached_cb), demo);
  if (!save_mode (demo, PS_SYNC_OFF, error))
    return FALSE;
  ps_service_reload (demo->service, PS_STORE_SELECTION);
  if (!wait_until (demo, is_disabled, error))
    return FALSE;
  ps_cli_stop_service (demo->cli, demo->service, 0);
  g_signal_handlers_disconnect_by_data (demo->service, demo);
  g_clear_object (&demo->service);
  if (!nothing_is_left (demo, error))
    return FALSE;
  ps_output_styled (demo->cli->output, PS_STYLE_GOOD, "%s", _ ("Nothing of ours is left on either side."));
  return TRUE;
}

/* --- the steps --- */

static const struct {
  const char *id, *title;
  Step run;
} steps[] = {
  { "connect", N_ ("Connect"), connect_both },
  { "check", N_ ("Check"), check },
  { "match", N_ ("Match"), match },
  { "preview", N_ ("Preview"), preview },
  { "enable", N_ ("Enable for everybody"), enable },
  { "show", N_ ("People change on both sides"), show },
  { "disable", N_ ("Disable, and undo what is ours"), disable },
};

static gboolean
run_steps (Demo *demo, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    ps_output_line (demo->cli->output, "%s", "");
    ps_output_styled (demo->cli->output, PS_STYLE_BOLD, "%u. %s", i + 1, _ (steps[i].title));
    if (!steps[i].run (demo, error)) {
      g_prefix_error (error, _ ("The demo failed at step %u, “%s”: "), i + 1, _ (steps[i].title));
      return FALSE;
    }
  }
  return TRUE;
}

static void
print_delays (Demo *demo, const char *name, const char *format)
{
  JsonObject *delays = ps_json_object (ps_json_object (demo->status, "delay_ms"), name);
  gint64 half = ps_json_integer (delays, "p50", -1);

  if (half >= 0) {
    g_autofree char *p50 = ps_delay_to_text (half), *p95 = ps_delay_to_text (ps_json_integer (delays, "p95", 0));

    ps_output_line (demo->cli->output, _ ("%s: half of the changes within %s, 95 %% within %s"), format, p50, p95);
  }
}

static void
print_end_json (Demo *demo, gint64 began_us)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_counts (builder, demo->failed);
  json_builder_set_member_name (builder, "failed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < demo->failed->len; i++)
    if (((PsPersonRow *) demo->failed->pdata[i])->status == PS_PERSON_FAILED)
      ps_json_add_person (builder, demo->failed->pdata[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "status");
  json_builder_add_value (builder, json_node_init_object (json_node_alloc (), demo->status));
  ps_json_put_int (builder, "left_behind", 0);
  ps_json_put_int (builder, "duration_ms", (g_get_monotonic_time () - began_us) / 1000);
  json_builder_end_object (builder);
  ps_output_json (demo->cli->output, builder);
}

static void
print_end (Demo *demo, gint64 began_us)
{
  PsOutput *output = demo->cli->output;

  if (demo->cli->json) {
    print_end_json (demo, began_us);
    return;
  }
  ps_output_line (output, "%s", "");
  ps_output_styled (output, PS_STYLE_BOLD, "%s", _ ("Report"));
  print_delays (demo, "teams_to_ringcentral", _ ("Teams → RingCentral"));
  print_delays (demo, "ringcentral_to_teams", _ ("RingCentral → Teams"));
  ps_output_line (output, _ ("The demo took %d seconds."),
                  (int) ((g_get_monotonic_time () - began_us) / G_USEC_PER_SEC));
  ps_output_text (output, demo->report->text);
}

/* --- beginning and end --- */

/* The state directory has no folders in it. */
static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (folder);
}

static void
demo_clear (Demo *demo)
{
  if (demo->service != NULL) {
    g_signal_handlers_disconnect_by_data (demo->service, demo);
    ps_cli_stop_service (demo->cli, demo->service, 0);
    g_clear_object (&demo->service);
  }
  if (demo->cli->workspace != NULL) {
    g_autoptr (PsAwait) await = ps_await_new ();

    ps_store_close_async (ps_cli_store (demo->cli), NULL, ps_await_done, await);
    ps_store_close_finish (ps_cli_store (demo->cli), ps_await_result (await), NULL);
    g_clear_object (&demo->cli->workspace);
  }
  g_clear_pointer (&demo->tenant, ps_demo_tenant_stop);
  if (demo->folder != NULL)
    remove_folder (demo->folder);
  g_clear_pointer (&demo->folder, g_free);
  g_clear_pointer (&demo->report, ps_report_free);
  g_clear_pointer (&demo->status, json_object_unref);
  g_clear_pointer (&demo->failed, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Demo, demo_clear)

static gboolean
parse (PsCli *cli, char **arguments, int *users, int *seconds, char **seed, GError **error)
{
  const GOptionEntry entries[] = {
    { "users", 0, 0, G_OPTION_ARG_INT, users, N_ ("RingCentral users in the company (250)"), N_ ("N") },
    { "seconds", 0, 0, G_OPTION_ARG_INT, seconds, N_ ("How long people change (20)"), N_ ("N") },
    { "seed", 0, 0, G_OPTION_ARG_STRING, seed, N_ ("The same seed makes the same company (1)"), N_ ("N") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  guint64 ignored;

  if (rest == NULL)
    return FALSE;
  if (*users < 10 || *users > 5000)
    ps_cli_usage_error (error, "%s", _ ("--users takes a number from 10 to 5000."));
  else if (*seconds < 1 || *seconds > 3600)
    ps_cli_usage_error (error, "%s", _ ("--seconds takes a number from 1 to 3600."));
  else if (*seed != NULL && !g_ascii_string_to_unsigned (*seed, 10, 0, G_MAXUINT64, &ignored, NULL))
    ps_cli_usage_error (error, "%s", _ ("--seed takes a whole number."));
  return *error == NULL;
}

PsExit
ps_command_demo (PsCli *cli, char **arguments, GError **error)
{
  g_auto (Demo) demo = { .cli = cli };
  g_autofree char *seed = NULL;
  int users = DEFAULT_USERS, seconds = DEFAULT_SECONDS;
  gint64 began_us = g_get_monotonic_time ();

  if (!parse (cli, arguments, &users, &seconds, &seed, error))
    return PS_EXIT_USAGE;
  demo.seconds = (guint) seconds;
  demo.tenant =
      ps_demo_tenant_start ((guint) users, seed != NULL ? seed : "1", RINGCENTRAL_LIMIT, cli->cancellable, error);
  if (demo.tenant == NULL || !raise_limits (&demo, error) || !open_workspace (&demo, error)) {
    g_prefix_error (error, "%s ", _ ("The demo could not begin."));
    return PS_EXIT_ATTENTION;
  }
  ps_output_styled (cli->output, PS_STYLE_BOLD,
                    _ ("A make-believe company with %u RingCentral users, on this computer only."), demo.tenant->users);
  ps_output_line (cli->output,
                  _ ("Its RingCentral limits are raised for the show: %d changes a minute instead of the usual 40, and "
                     "readings and "
                     "sign-ins likewise. Teams is read each second instead of every %d."),
                  RINGCENTRAL_LIMIT, PS_SERVICE_DEFAULT_PERIOD_S);
  if (run_steps (&demo, error))
    print_end (&demo, began_us);
  /* Whatever the reason, it is not the user's connection that failed. */
  if (*error != NULL && !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    GError *failure = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, (*error)->message);

    g_clear_error (error);
    *error = failure;
  }
  return PS_EXIT_DONE;
}
