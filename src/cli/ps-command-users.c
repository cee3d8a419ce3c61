/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * users list, users preview, users link, users unlink
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ps-await.h"
#include "ps-cli-preview.h"
#include "ps-json-words.h"
#include "ps-table.h"

/* --- users list --- */

static PsStyle
row_style (const PsPersonRow *row)
{
  if (row->status == PS_PERSON_FAILED)
    return PS_STYLE_BAD;
  return row->status == PS_PERSON_NOT_SELECTED ? PS_STYLE_DIM : PS_STYLE_PLAIN;
}

static gboolean
contains (const char *text, const char *folded_needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, folded_needle) != NULL;
}

static gboolean
row_fits (const PsPersonRow *row, int status, const char *folded_search)
{
  if (status >= 0 && (int) row->status != status)
    return FALSE;
  return folded_search == NULL || contains (row->name, folded_search) || contains (row->email, folded_search) ||
         contains (row->extension, folded_search) || contains (row->microsoft_upn, folded_search);
}

static GPtrArray *
filter_rows (GPtrArray *rows, int status, const char *search)
{
  GPtrArray *fitting = g_ptr_array_new ();
  g_autofree char *folded = search != NULL ? g_utf8_casefold (search, -1) : NULL;

  for (guint i = 0; i < rows->len; i++)
    if (row_fits (rows->pdata[i], status, folded))
      g_ptr_array_add (fitting, rows->pdata[i]);
  return fitting;
}

static void
print_rows (PsCli *cli, const GPtrArray *rows)
{
  g_autoptr (PsTable) table = ps_table_new (_ ("Status"), _ ("Name"), _ ("E-mail"), _ ("Ext."), _ ("Teams"),
                                            _ ("RingCentral"), _ ("Reason"), NULL);

  for (guint i = 0; i < rows->len; i++) {
    const PsPersonRow *row = rows->pdata[i];
    g_autofree char *reason = row->reason != PS_REASON_NONE ? ps_reason_to_text (row->reason, row->detail) : NULL;

    ps_table_add (table, row_style (row), ps_person_status_to_text (row->status), row->name, row->email, row->extension,
                  ps_person_teams_text (row), ps_person_phone_text (row), reason);
  }
  ps_table_print (table, cli->output);
}

static void
print_counter (PsCli *cli, const GPtrArray *rows)
{
  guint counts[PS_PERSON_PENDING + 1] = { 0 };
  g_autofree char *line = NULL;

  for (guint i = 0; i < rows->len; i++)
    counts[((PsPersonRow *) rows->pdata[i])->status]++;
  line =
      ps_counter_line (rows->len, counts[PS_PERSON_SYNCED], counts[PS_PERSON_FAILED], counts[PS_PERSON_NOT_SELECTED]);
  ps_output_styled (cli->output, PS_STYLE_BOLD, "%s", line);
  if (counts[PS_PERSON_PENDING] > 0)
    ps_output_line (cli->output,
                    ngettext ("%u person is pending: selected, and not read on both sides yet.",
                              "%u people are pending: selected, and not read on both sides yet.",
                              counts[PS_PERSON_PENDING]),
                    counts[PS_PERSON_PENDING]);
}

static void
print_rows_json (PsCli *cli, const GPtrArray *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "users");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    ps_json_add_person (builder, rows->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

PsExit
ps_command_users_list (PsCli *cli, char **arguments, GError **error)
{
  g_autofree char *status_word = NULL, *search = NULL;
  const GOptionEntry entries[] = { { "status", 0, 0, G_OPTION_ARG_STRING, &status_word,
                                     N_ ("Only synced, failed, pending or not-selected"), N_ ("STATUS") },
                                   { "search", 0, 0, G_OPTION_ARG_STRING, &search,
                                     N_ ("Only whose name or address contains this"), N_ ("TEXT") },
                                   { NULL } };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  g_autoptr (PsCliPeople) people = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  int status = -1;

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (status_word != NULL && (status = ps_person_status_from_word (status_word)) < 0) {
    ps_cli_usage_error (error, _ ("“%s” is no status: it is synced, failed, pending or not-selected."), status_word);
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error) || (people = ps_cli_people_load_or_read (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  rows = filter_rows (people->rows, status, search);
  if (cli->json) {
    print_rows_json (cli, rows);
    return PS_EXIT_DONE;
  }
  print_rows (cli, rows);
  if (rows->len == 0 && people->rows->len > 0)
    ps_output_line (cli->output, "%s", _ ("Nobody fits."));
  print_counter (cli, people->rows);
  return PS_EXIT_DONE;
}

/* --- users preview --- */

static void
print_preview_json (PsCli *cli, const PsPreview *preview)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_int (builder, "users", preview->users);
  ps_json_put_int (builder, "linked", preview->linked);
  ps_json_put_int (builder, "not_linked", preview->not_linked);
  json_builder_set_member_name (builder, "reasons");
  json_builder_begin_object (builder);
  for (guint i = 1; i < PS_N_REASONS; i++)
    if (preview->by_reason[i] > 0)
      ps_json_put_int (builder, ps_reason_to_word (i), preview->by_reason[i]);
  json_builder_end_object (builder);
  ps_json_put_int (builder, "would_change_ringcentral", preview->would_change_ringcentral);
  ps_json_put_int (builder, "would_change_teams", preview->would_change_teams);
  ps_json_put_int (builder, "writes_per_minute", preview->writes_per_minute);
  ps_json_put_int (builder, "duration_ms", preview->duration_ms);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < preview->rows->len; i++)
    ps_json_add_person (builder, preview->rows->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

void
ps_cli_print_preview (PsCli *cli, const PsPreview *preview)
{
  guint seconds = (guint) ((preview->duration_ms + 999) / 1000);

  ps_output_line (cli->output,
                  ngettext ("%u RingCentral user: %u linked, %u not linked.",
                            "%u RingCentral users: %u linked, %u not linked.", preview->users),
                  preview->users, preview->linked, preview->not_linked);
  ps_output_line (cli->output, _ ("Enabling would change %u people in RingCentral and %u in Teams."),
                  preview->would_change_ringcentral, preview->would_change_teams);
  ps_output_line (cli->output,
                  ngettext ("RingCentral takes %u changes a minute: about %u second.",
                            "RingCentral takes %u changes a minute: about %u seconds.", seconds),
                  preview->writes_per_minute, seconds);
}

PsPreview *
ps_cli_preview (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_preview_async (cli->workspace, NULL, cli->cancellable, ps_await_done, await);
  return ps_preview_finish (cli->workspace, ps_await_result (await), error);
}

PsExit
ps_command_users_preview (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 0, error);
  g_autoptr (PsPreview) preview = NULL;
  g_autoptr (GPtrArray) failed = NULL;

  if (rest == NULL || !ps_cli_open (cli, error) || (preview = ps_cli_preview (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  if (cli->json) {
    print_preview_json (cli, preview);
    return PS_EXIT_DONE;
  }
  failed = filter_rows (preview->rows, PS_PERSON_FAILED, NULL);
  print_rows (cli, failed);
  ps_cli_print_preview (cli, preview);
  ps_output_line (cli->output, "%s", _ ("Nothing was changed."));
  return PS_EXIT_DONE;
}

/* --- users link, users unlink --- */

static gboolean
save_link (PsCli *cli, const char *ringcentral_id, const char *microsoft_id, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_save_link_async (ps_cli_store (cli), ringcentral_id, microsoft_id, NULL, ps_await_done, await);
  return ps_store_save_finish (ps_cli_store (cli), ps_await_result (await), error);
}

static gboolean
same (const char *a, const char *b)
{
  return a != NULL && g_ascii_strcasecmp (a, b) == 0;
}

static const PsMicrosoftUser *
find_microsoft (const PsCliPeople *people, const char *text, GError **error)
{
  for (guint i = 0; i < people->directory->microsoft->len; i++) {
    const PsMicrosoftUser *user = people->directory->microsoft->pdata[i];

    if (same (user->user_principal_name, text) || same (user->mail, text) || same (user->id, text))
      return user;
  }
  g_propagate_error (
      error, ps_error_new (PS_ERROR_INPUT,
                           _ ("Nobody in the Microsoft directory has the name or address “%s”. “presence-syncctl "
                              "people” finds people by parts of their names."),
                           text));
  return NULL;
}

static void
print_link_json (PsCli *cli, const char *ringcentral_id, const char *microsoft_id)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_string (builder, "ringcentral_id", ringcentral_id);
  ps_json_put_string (builder, "microsoft_id", microsoft_id);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

PsExit
ps_command_users_link (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 2, error);
  g_autoptr (PsCliPeople) people = NULL;
  const PsMicrosoftUser *microsoft;
  const PsPersonRow *row;

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (g_strv_length (rest) != 2) {
    ps_cli_usage_error (error, _ ("Name both: the RingCentral user and the Microsoft user."));
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error) || (people = ps_cli_people_load_or_read (cli, error)) == NULL ||
      (row = ps_find_person (people->rows, rest[0], error)) == NULL ||
      (microsoft = find_microsoft (people, rest[1], error)) == NULL ||
      !save_link (cli, row->ringcentral_id, microsoft->id, error))
    return PS_EXIT_USAGE;
  if (cli->json)
    print_link_json (cli, row->ringcentral_id, microsoft->id);
  ps_output_line (cli->output, _ ("%s is linked with %s by hand."), row->name != NULL ? row->name : row->ringcentral_id,
                  microsoft->user_principal_name != NULL ? microsoft->user_principal_name : microsoft->id);
  return PS_EXIT_DONE;
}

PsExit
ps_command_users_unlink (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 1, error);
  g_autoptr (PsCliPeople) people = NULL;
  const PsPersonRow *row;

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (rest[0] == NULL) {
    ps_cli_usage_error (error, _ ("Name the RingCentral user whose link is to be removed."));
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error) || (people = ps_cli_people_load_or_read (cli, error)) == NULL ||
      (row = ps_find_person (people->rows, rest[0], error)) == NULL ||
      !save_link (cli, row->ringcentral_id, NULL, error))
    return PS_EXIT_USAGE;
  if (cli->json)
    print_link_json (cli, row->ringcentral_id, NULL);
  ps_output_line (cli->output, _ ("%s has no link made by hand any more."),
                  row->name != NULL ? row->name : row->ringcentral_id);
  return PS_EXIT_DONE;
}
