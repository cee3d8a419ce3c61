/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report: on the screen, as CSV, by mail
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-json-words.h"
#include "ps-report.h"

typedef struct {
  gboolean email;
  char **to;        /* (owned) (nullable) */
  char *from, *csv; /* (owned) (nullable) */
} ReportOptions;

static void
report_options_clear (ReportOptions *options)
{
  g_strfreev (options->to);
  g_free (options->from);
  g_free (options->csv);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ReportOptions, report_options_clear)

/* The mailbox is remembered: the reports that the engine's end brings come from it, too. */
static gboolean
save_sender (PsCli *cli, const char *from, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);

  if (from == NULL)
    return TRUE;
  g_hash_table_insert (changes, (gpointer) "report.sender", (gpointer) from);
  ps_store_save_settings_async (ps_cli_store (cli), changes, NULL, ps_await_done, await);
  return ps_store_save_finish (ps_cli_store (cli), ps_await_result (await), error);
}

static gboolean
send_mail (PsCli *cli, const PsReport *report, const ReportOptions *options, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsClients) clients = NULL;

  if (!save_sender (cli, options->from, error) || (clients = ps_cli_open_clients (cli, error)) == NULL)
    return FALSE;
  ps_send_report_async (cli->workspace, clients, report, (const char *const *) options->to, cli->cancellable,
                        ps_await_done, await);
  return ps_send_report_finish (cli->workspace, ps_await_result (await), error);
}

static gboolean
write_csv (const GPtrArray *rows, const char *path, GError **error)
{
  g_autofree char *csv = ps_people_to_csv (rows);
  g_autoptr (GError) problem = NULL;

  if (g_file_set_contents_full (path, csv, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &problem))
    return TRUE;
  g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("The list could not be written: %s"), problem->message));
  return FALSE;
}

static void
print_json (PsCli *cli, const GPtrArray *rows, const PsReport *report, const ReportOptions *options)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_counts (builder, rows);
  ps_json_put_string (builder, "subject", report->subject);
  ps_json_put_string (builder, "text", report->text);
  json_builder_set_member_name (builder, "failed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    if (((PsPersonRow *) rows->pdata[i])->status == PS_PERSON_FAILED)
      ps_json_add_person (builder, rows->pdata[i]);
  json_builder_end_array (builder);
  ps_json_put_bool (builder, "mailed", options->email);
  ps_json_put_string (builder, "csv", options->csv);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

static gboolean
carry_out (PsCli *cli, const PsCliPeople *people, const PsReport *report, const ReportOptions *options, GError **error)
{
  if ((options->csv != NULL && !write_csv (people->rows, options->csv, error)) ||
      (options->email && !send_mail (cli, report, options, error)))
    return FALSE;
  if (cli->json) {
    print_json (cli, people->rows, report, options);
    return TRUE;
  }
  ps_output_text (cli->output, report->text);
  if (options->csv != NULL)
    ps_output_line (cli->output, _ ("Everybody is in the list %s."), options->csv);
  if (options->email)
    ps_output_line (cli->output, "%s", _ ("The report was handed to Microsoft for delivery."));
  return TRUE;
}

PsExit
ps_command_report (PsCli *cli, char **arguments, GError **error)
{
  g_auto (ReportOptions) options = { FALSE, NULL, NULL, NULL };
  const GOptionEntry entries[] = {
    { "email", 0, 0, G_OPTION_ARG_NONE, &options.email, N_ ("Send it by mail (needs the permission Mail.Send)"), NULL },
    { "to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.to, N_ ("To whom; may be repeated"), N_ ("ADDRESS") },
    { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, N_ ("From which mailbox; it is remembered"), N_ ("ADDRESS") },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &options.csv, N_ ("Write everybody to a CSV file"), N_ ("FILE") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  g_autoptr (PsCliPeople) people = NULL;
  PsReport *report;

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (!options.email && (options.to != NULL || options.from != NULL)) {
    ps_cli_usage_error (error, "%s", _ ("--to and --from belong to --email."));
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error) || (people = ps_cli_people_load_or_read (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  report = ps_report_new (people->rows, people->organization);
  carry_out (cli, people, report, &options, error);
  ps_report_free (report);
  return PS_EXIT_DONE;
}
