/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * users sync, users unsync, disable: changes of the selection, and waiting until they have become so.
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-engine-pass.h"
#include "ps-json-words.h"
#include "ps-lock.h"
#include "ps-report.h"
#include "ps-transport.h"

#define FRESH_MS (5 * 60 * 1000)

/* --- naming people --- */

/* @texts: e-mail addresses and the like. Either all of them are found, or the error names those who are not. Returns:
 * (transfer full): set of RingCentral ids. */
static GHashTable *
find_all (const PsCliPeople *people, char **texts, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) unknown = g_string_new (NULL);
  g_autoptr (GError) first = NULL;
  guint n_unknown = 0;

  for (guint i = 0; texts[i] != NULL; i++) {
    g_autoptr (GError) problem = NULL;
    PsPersonRow *row = ps_find_person (people->rows, texts[i], &problem);

    if (row != NULL) {
      g_hash_table_add (ids, g_strdup (row->ringcentral_id));
      continue;
    }
    n_unknown++;
    g_string_append_printf (unknown, "%s%s", unknown->len > 0 ? ", " : "", texts[i]);
    if (first == NULL)
      first = g_steal_pointer (&problem);
  }
  if (n_unknown == 0)
    return g_steal_pointer (&ids);
  if (n_unknown == 1)
    g_propagate_prefixed_error (error, g_steal_pointer (&first), "%s ", _ ("Nothing was changed."));
  else
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_INPUT,
                                     _ ("Nothing was changed. These fit no RingCentral user, or more than one: %s"),
                                     unknown->str));
  return NULL;
}

/* Somebody hired today is not in yesterday's directory: it is read again before anybody is said to be unknown. Not if
 * that was just done: reading takes its share of what RingCentral allows in a minute. */
static GHashTable *
find_all_or_read (PsCli *cli, PsCliPeople **people, char **texts, GError **error)
{
  g_autoptr (GError) problem = NULL;
  GHashTable *ids = find_all (*people, texts, &problem);
  g_autoptr (PsCliPeople) fresh = NULL;

  if (ids != NULL)
    return ids;
  if (ps_now_ms () - (*people)->directory->read_ms < FRESH_MS) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  fresh = ps_cli_people_read (cli, error);
  if (fresh == NULL)
    return NULL;
  ps_cli_people_free (*people);
  *people = g_steal_pointer (&fresh);
  return find_all (*people, texts, error);
}

static char **
read_list (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) addresses = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &problem)) {
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("The list cannot be read: %s"), problem->message));
    return NULL;
  }
  addresses = ps_parse_address_list (text, length, error);
  if (addresses == NULL)
    return NULL;
  if (addresses->len == 0) {
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("The list “%s” names nobody."), path));
    return NULL;
  }
  g_ptr_array_set_free_func (addresses, NULL);
  g_ptr_array_add (addresses, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&addresses), FALSE);
}

static GPtrArray *
read_group (PsCli *cli, const char *name, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsClients) clients = ps_cli_open_clients (cli, error);

  if (clients == NULL)
    return NULL;
  ps_graph_client_read_group_async (clients->graph, name, cli->cancellable, ps_await_done, await);
  return ps_graph_client_read_group_finish (clients->graph, ps_await_result (await), error);
}

/* Returns: (transfer full): set of the RingCentral ids of a Microsoft group's members. */
static GHashTable *
find_group (PsCli *cli, const PsCliPeople *people, const char *name, GError **error)
{
  g_autoptr (GPtrArray) members = read_group (cli, name, error);
  g_autoptr (GHashTable) objects = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (members == NULL)
    return NULL;
  for (guint i = 0; i < members->len; i++)
    g_hash_table_add (objects, members->pdata[i]);
  for (guint i = 0; i < people->links->len; i++) {
    const PsLink *link = people->links->pdata[i];

    if (link->microsoft != NULL && g_hash_table_contains (objects, link->microsoft->id))
      g_hash_table_add (ids, g_strdup (link->ringcentral->id));
  }
  if (g_hash_table_size (ids) == 0) {
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_INPUT,
                                     _ ("Nothing was changed. None of the %u members of “%s” has a RingCentral user."),
                                     members->len, name));
    return NULL;
  }
  ps_output_line (cli->output, _ ("%u of the %u members of “%s” have a RingCentral user."), g_hash_table_size (ids),
                  members->len, name);
  return g_steal_pointer (&ids);
}

/* --- the selection --- */

static void
select_people (PsSelection *selection, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer id;

  /* After "disable" the choice begins anew: naming one person must not bring everybody back. */
  if (selection->mode == PS_SYNC_OFF) {
    g_hash_table_remove_all (selection->selected);
    selection->mode = PS_SYNC_SELECTED;
  }
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (selection->mode == PS_SYNC_ALL)
      g_hash_table_remove (selection->excluded, id);
    else
      g_hash_table_add (selection->selected, g_strdup (id));
  }
}

static void
deselect_people (PsSelection *selection, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL)) {
    if (selection->mode == PS_SYNC_ALL)
      g_hash_table_add (selection->excluded, g_strdup (id));
    g_hash_table_remove (selection->selected, id);
  }
}

/* --- the confirmation --- */

static void
print_result_json (PsCli *cli, const GPtrArray *rows)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_counts (builder, rows);
  json_builder_set_member_name (builder, "failed");
  json_builder_begin_array (builder);
  for (guint i = 0; i < rows->len; i++)
    if (((PsPersonRow *) rows->pdata[i])->status == PS_PERSON_FAILED)
      ps_json_add_person (builder, rows->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

static PsExit
print_result (PsCli *cli, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (cli, error);
  PsReport *report;
  PsExit status;

  if (people == NULL)
    return PS_EXIT_ATTENTION;
  report = ps_report_new (people->rows, people->organization);
  if (cli->json)
    print_result_json (cli, people->rows);
  else
    ps_output_text (cli->output, report->text);
  status = report->failed + report->pending > 0 ? PS_EXIT_ATTENTION : PS_EXIT_DONE;
  ps_report_free (report);
  return status;
}

static void
say_who_keeps_it (PsCli *cli)
{
  if (!ps_lock_is_held (ps_workspace_directory (cli->workspace), NULL))
    ps_output_line (cli->output, "%s",
                    _ ("Presence is kept in step as long as the engine runs: “presence-syncctl run”, or the window."));
}

/* --- users sync --- */

typedef struct {
  gboolean all;
  char *group, *file; /* (owned) (nullable) */
} Whom;

static void
whom_clear (Whom *whom)
{
  g_free (whom->group);
  g_free (whom->file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Whom, whom_clear)

static GHashTable *
find_whom (PsCli *cli, const Whom *whom, char **named, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load_or_read (cli, error);
  g_auto (GStrv) listed = NULL;

  if (people == NULL)
    return NULL;
  if (whom->group != NULL)
    return find_group (cli, people, whom->group, error);
  if (whom->file == NULL)
    return find_all_or_read (cli, &people, named, error);
  listed = read_list (whom->file, error);
  return listed != NULL ? find_all_or_read (cli, &people, listed, error) : NULL;
}

static gboolean
parse_whom (PsCli *cli, char **arguments, const GOptionEntry *entries, Whom *whom, GStrv *named, GError **error)
{
  guint ways;

  *named = ps_cli_parse (cli, arguments, entries, PS_CLI_ANY, error);
  if (*named == NULL)
    return FALSE;
  ways = (whom->all != FALSE) + (whom->group != NULL) + (whom->file != NULL) + ((*named)[0] != NULL);
  if (ways == 1)
    return TRUE;
  ps_cli_usage_error (error, "%s", ways == 0 ? _ ("Say who is meant.") : _ ("Say in one way only who is meant."));
  return FALSE;
}

/* Both connections must be there before the wish is written: it would stay unfulfilled. */
static gboolean
check_connected (PsCli *cli, GError **error)
{
  g_autoptr (PsClients) clients = ps_cli_open_clients (cli, error);

  return clients != NULL;
}

static gboolean
save_wish (PsCli *cli, const Whom *whom, char **named, GError **error)
{
  g_autoptr (PsSelection) selection = NULL;
  g_autoptr (GHashTable) ids = NULL;

  if (!whom->all && (ids = find_whom (cli, whom, named, error)) == NULL)
    return FALSE;
  selection = ps_cli_load_selection (cli, error);
  if (selection == NULL)
    return FALSE;
  if (whom->all) {
    selection->mode = PS_SYNC_ALL;
    g_hash_table_remove_all (selection->excluded);
  } else {
    select_people (selection, ids);
  }
  return ps_cli_save_selection (cli, selection, error);
}

PsExit
ps_command_users_sync (PsCli *cli, char **arguments, GError **error)
{
  g_auto (Whom) whom = { FALSE, NULL, NULL };
  const GOptionEntry entries[] = {
    { "all", 0, 0, G_OPTION_ARG_NONE, &whom.all, N_ ("Everybody; new users join by themselves"), NULL },
    { "group", 0, 0, G_OPTION_ARG_STRING, &whom.group, N_ ("The members of a Microsoft group"), N_ ("NAME") },
    { "file", 0, 0, G_OPTION_ARG_FILENAME, &whom.file, N_ ("The addresses in a CSV file, or one on each line"),
      N_ ("FILE") },
    { NULL }
  };
  g_auto (GStrv) named = NULL;
  PsExit status;

  if (!parse_whom (cli, arguments, entries, &whom, &named, error) || !ps_cli_open (cli, error) ||
      !check_connected (cli, error) || !save_wish (cli, &whom, named, error) ||
      !ps_engine_pass (cli, "presence-syncctl users sync", PS_GOAL_COMPLETE, NULL, error))
    return PS_EXIT_ATTENTION;
  status = print_result (cli, error);
  if (*error == NULL)
    say_who_keeps_it (cli);
  return status;
}

/* --- users unsync --- */

static GHashTable *
all_ids (PsCli *cli, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (cli, error);
  g_autoptr (GPtrArray) ledger = people != NULL ? ps_cli_load_ledger (cli, error) : NULL;
  GHashTable *ids;

  if (ledger == NULL)
    return NULL;
  ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < people->rows->len; i++)
    g_hash_table_add (ids, g_strdup (((PsPersonRow *) people->rows->pdata[i])->ringcentral_id));
  for (guint i = 0; i < ledger->len; i++)
    g_hash_table_add (ids, g_strdup (((PsLedgerRow *) ledger->pdata[i])->ringcentral_id));
  return ids;
}

/* With nobody at the engine and nothing in the ledger there is nothing to undo, and no connection is needed for it. */
static gboolean
nothing_to_undo (PsCli *cli, GHashTable *ids)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ledger = NULL;

  if (ps_lock_is_held (ps_workspace_directory (cli->workspace), NULL))
    return FALSE;
  ledger = ps_cli_load_ledger (cli, &error);
  for (guint i = 0; ledger != NULL && i < ledger->len; i++)
    if (ids == NULL || g_hash_table_contains (ids, ((PsLedgerRow *) ledger->pdata[i])->ringcentral_id))
      return FALSE;
  return ledger != NULL;
}

static GHashTable *
save_unsync (PsCli *cli, const Whom *whom, char **named, GError **error)
{
  g_autoptr (PsSelection) selection = NULL;
  g_autoptr (GHashTable) ids = whom->all ? all_ids (cli, error) : find_whom (cli, whom, named, error);

  if (ids == NULL || (selection = ps_cli_load_selection (cli, error)) == NULL)
    return NULL;
  if (whom->all) {
    if (selection->mode == PS_SYNC_ALL)
      selection->mode = PS_SYNC_SELECTED;
    g_hash_table_remove_all (selection->selected);
    g_hash_table_remove_all (selection->excluded);
  } else {
    deselect_people (selection, ids);
  }
  return ps_cli_save_selection (cli, selection, error) ? g_steal_pointer (&ids) : NULL;
}

PsExit
ps_command_users_unsync (PsCli *cli, char **arguments, GError **error)
{
  g_auto (Whom) whom = { FALSE, NULL, NULL };
  const GOptionEntry entries[] = { { "all", 0, 0, G_OPTION_ARG_NONE, &whom.all, N_ ("Everybody"), NULL }, { NULL } };
  g_auto (GStrv) named = NULL;
  g_autoptr (GHashTable) ids = NULL;
  g_autoptr (PsCliPeople) people = NULL;

  if (!parse_whom (cli, arguments, entries, &whom, &named, error) || !ps_cli_open (cli, error) ||
      (ids = save_unsync (cli, &whom, named, error)) == NULL)
    return PS_EXIT_ATTENTION;
  if (!nothing_to_undo (cli, ids) &&
      !ps_engine_pass (cli, "presence-syncctl users unsync", PS_GOAL_PEOPLE_UNDONE, ids, error))
    return PS_EXIT_ATTENTION;
  people = ps_cli_people_load (cli, error);
  if (people == NULL)
    return PS_EXIT_ATTENTION;
  if (cli->json) {
    print_result_json (cli, people->rows);
  } else {
    PsReport *report = ps_report_new (people->rows, NULL);
    g_autofree char *line = ps_counter_line (report->total, report->synced, report->failed, report->not_selected);

    ps_output_line (cli->output, "%s", line);
    ps_report_free (report);
  }
  return PS_EXIT_DONE;
}

/* --- disable --- */

static void
print_disabled (PsCli *cli)
{
  g_autoptr (JsonBuilder) builder = NULL;

  ps_output_styled (cli->output, PS_STYLE_GOOD, "%s",
                    _ ("The sync is disabled for everyone, and nothing of ours is left on either side."));
  if (!cli->json)
    return;
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  ps_json_put_string (builder, "state", "disabled");
  ps_json_put_int (builder, "ledger", 0);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

PsExit
ps_command_disable (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 0, error);
  g_autoptr (PsSelection) selection = NULL;

  if (rest == NULL || !ps_cli_open (cli, error) || (selection = ps_cli_load_selection (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  selection->mode = PS_SYNC_OFF;
  if (!ps_cli_save_selection (cli, selection, error))
    return PS_EXIT_ATTENTION;
  if (!nothing_to_undo (cli, NULL) &&
      !ps_engine_pass (cli, "presence-syncctl disable", PS_GOAL_ALL_UNDONE, NULL, error))
    return PS_EXIT_ATTENTION;
  print_disabled (cli);
  return PS_EXIT_DONE;
}
