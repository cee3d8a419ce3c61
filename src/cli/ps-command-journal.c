/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * journal: every change, with its reason and delay
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-change-line.h"
#include "ps-json-words.h"
#include "ps-transport.h"

#define DAY_MS ((gint64) 24 * 60 * 60 * 1000)

/* "90s", "15m", "2h", "7d" back from now. Returns: -1 if it is something else. */
static gint64
parse_span (const char *text)
{
  char *end;
  guint64 n = g_ascii_strtoull (text, &end, 10);

  if (end == text || end[0] == '\0' || end[1] != '\0' || n > 100000)
    return -1;
  switch (end[0]) {
  case 's':
    return (gint64) n * 1000;
  case 'm':
    return (gint64) n * 60 * 1000;
  case 'h':
    return (gint64) n * 60 * 60 * 1000;
  case 'd':
    return (gint64) n * DAY_MS;
  default:
    return -1;
  }
}

static gboolean
parse_since (const char *text, gint64 *since_ms, GError **error)
{
  gint64 span_ms = parse_span (text);
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autofree char *with_time = g_strconcat (text, "T00:00:00", NULL);
  g_autoptr (GDateTime) time = NULL;

  if (span_ms >= 0) {
    *since_ms = ps_now_ms () - span_ms;
    return TRUE;
  }
  time = g_date_time_new_from_iso8601 (text, local);
  if (time == NULL)
    time = g_date_time_new_from_iso8601 (with_time, local);
  if (time == NULL) {
    ps_cli_usage_error (error, "%s",
                        _ ("--since takes a time such as 2026-11-23T08:00, a day, or a span such as 15m, 2h, 7d."));
    return FALSE;
  }
  *since_ms = g_date_time_to_unix (time) * 1000;
  return TRUE;
}

static void
print_json (PsCli *cli, const GPtrArray *entries)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "journal");
  json_builder_begin_array (builder);
  for (guint i = entries->len; i > 0; i--) {
    const PsJournalEntry *entry = entries->pdata[i - 1];

    json_builder_begin_object (builder);
    ps_json_put_time (builder, "time", entry->time_ms);
    ps_json_put_string (builder, "ringcentral_id", entry->ringcentral_id);
    ps_json_put_string (builder, "name", entry->name);
    ps_json_put_string (builder, "side", entry->side);
    ps_json_put_string (builder, "seen", entry->seen);
    ps_json_put_string (builder, "written", entry->written);
    ps_json_put_string (builder, "why", entry->why);
    ps_json_put_int (builder, "delay_ms", entry->delay_ms);
    ps_json_put_string (builder, "error", entry->error);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

static void
print_lines (PsCli *cli, const GPtrArray *entries)
{
  for (guint i = entries->len; i > 0; i--) {
    const PsJournalEntry *entry = entries->pdata[i - 1];
    g_autofree char *time = ps_time_to_text (entry->time_ms);
    g_autofree char *line = ps_change_to_line (entry);

    ps_output_styled (cli->output, entry->error != NULL ? PS_STYLE_BAD : PS_STYLE_PLAIN, "%s  %s", time, line);
  }
  if (entries->len == 0)
    ps_output_line (cli->output, "%s", _ ("Nothing was changed in that time."));
}

PsExit
ps_command_journal (PsCli *cli, char **arguments, GError **error)
{
  g_autofree char *since = NULL, *user = NULL;
  const GOptionEntry entries[] = {
    { "since", 0, 0, G_OPTION_ARG_STRING, &since, N_ ("From when on (the last day)"), N_ ("TIME") },
    { "user", 0, 0, G_OPTION_ARG_STRING, &user, N_ ("Only of this person"), N_ ("EMAIL") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  gint64 since_ms = ps_now_ms () - DAY_MS;
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsCliPeople) people = NULL;
  g_autoptr (GPtrArray) journal = NULL;
  const PsPersonRow *person = NULL;

  if (rest == NULL || (since != NULL && !parse_since (since, &since_ms, error)))
    return PS_EXIT_USAGE;
  if (!ps_cli_open (cli, error))
    return PS_EXIT_ATTENTION;
  if (user != NULL && ((people = ps_cli_people_load (cli, error)) == NULL ||
                       (person = ps_find_person (people->rows, user, error)) == NULL))
    return PS_EXIT_USAGE;
  ps_store_load_journal_async (ps_cli_store (cli), since_ms, person != NULL ? person->ringcentral_id : NULL, 0, NULL,
                               ps_await_done, await);
  journal = ps_store_load_journal_finish (ps_cli_store (cli), ps_await_result (await), error);
  if (journal == NULL)
    return PS_EXIT_ATTENTION;
  if (cli->json)
    print_json (cli, journal);
  else
    print_lines (cli, journal);
  return PS_EXIT_DONE;
}
