/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rules show, enable, disable, set, reset, preserve
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ps-await.h"
#include "ps-json-words.h"
#include "ps-lock.h"
#include "ps-table.h"

static gboolean
load (PsCli *cli, PsRules *rules, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_rules_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_rules_finish (ps_cli_store (cli), ps_await_result (await), rules, error);
}

static gboolean
save (PsCli *cli, const PsRules *rules, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_save_rules_async (ps_cli_store (cli), rules, NULL, ps_await_done, await);
  return ps_store_save_finish (ps_cli_store (cli), ps_await_result (await), error);
}

/* RingCentral refuses the queue rule for people who are in no queue. Returns: how many of those selected. */
static guint
count_not_in_queue (PsCli *cli)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsCliPeople) people = ps_cli_people_load (cli, &error);
  guint n = 0;

  for (guint i = 0; people != NULL && i < people->directory->ringcentral->len; i++) {
    const PsRingCentralUser *user = people->directory->ringcentral->pdata[i];

    n += !user->in_queue && ps_selection_contains (people->selection, user->id);
  }
  return n;
}

static void
print_json (PsCli *cli, const PsRules *rules)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_bool (builder, "customized", rules->customized);
  ps_json_put_bool (builder, "preserve_inactivity", rules->preserve_inactivity);
  ps_json_put_bool (builder, "offline_to_teams", rules->offline_to_teams);
  json_builder_set_member_name (builder, "rules");
  json_builder_begin_object (builder);
  for (guint row = 0; row < PS_N_ROWS; row++)
    ps_json_put_string (builder, ps_teams_status_to_word (ps_rule_row_status (row)),
                        ps_call_rule_to_word (rules->rule[row]));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

static void
print_advice (PsCli *cli, const PsRules *rules)
{
  gboolean queue_rule = FALSE;
  guint n;

  for (guint row = 0; row < PS_N_ROWS; row++)
    queue_rule |= rules->rule[row] == PS_RULE_NO_QUEUE_CALLS;
  if (!rules->customized)
    return;
  if (rules->rule[PS_ROW_IN_A_CALL] != rules->rule[PS_ROW_IN_A_MEETING])
    ps_output_styled (cli->output, PS_STYLE_WARNING, "%s",
                      _ ("“In a call” and “In a meeting” have different rules, but Teams often shows “In a call” for "
                         "somebody who has joined a meeting."));
  if (queue_rule && (n = count_not_in_queue (cli)) > 0)
    ps_output_line (cli->output,
                    ngettext ("%u person is in no call queue: there “Do not accept queue calls” counts as “Accept all "
                              "calls”.",
                              "%u people are in no call queue: there “Do not accept queue calls” counts as “Accept all "
                              "calls”.",
                              n),
                    n);
}

static void
print_rules (PsCli *cli, const PsRules *rules)
{
  g_autoptr (PsTable) table = ps_table_new (_ ("Teams presence"), _ ("Call rule"), _ ("RingCentral presence"), NULL);

  if (cli->json) {
    print_json (cli, rules);
    return;
  }
  ps_output_line (cli->output, "%s",
                  rules->customized ? _ ("The call rules are on: these statuses follow them.")
                                    : _ ("The call rules are off: the standard table applies."));
  for (guint row = 0; row < PS_N_ROWS; row++)
    ps_table_add (table, rules->customized ? PS_STYLE_PLAIN : PS_STYLE_DIM,
                  ps_teams_status_to_text (ps_rule_row_status (row)), ps_call_rule_to_text (rules->rule[row]),
                  ps_rules_computed_presence (row, rules->rule[row]));
  ps_table_print (table, cli->output);
  ps_output_line (cli->output, "%s",
                  rules->preserve_inactivity
                      ? _ ("While somebody is inactive in Teams, the RingCentral status stays as it is.")
                      : _ ("Inactivity in Teams is followed in RingCentral."));
  print_advice (cli, rules);
}

/* --- the commands --- */

typedef gboolean (*Change) (PsRules *rules, char **arguments, GError **error);

static PsExit
run (PsCli *cli, char **arguments, guint max_arguments, Change change, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, max_arguments, error);
  PsRules rules, before;

  if (rest == NULL || !ps_cli_open (cli, error) || !load (cli, &rules, error))
    return PS_EXIT_ATTENTION;
  before = rules;
  if (change != NULL && !change (&rules, rest, error))
    return PS_EXIT_USAGE;
  if (!ps_rules_equal (&before, &rules) && !save (cli, &rules, error))
    return PS_EXIT_ATTENTION;
  print_rules (cli, &rules);
  if (change != NULL && !ps_lock_is_held (ps_workspace_directory (cli->workspace), NULL))
    ps_output_line (cli->output, "%s", _ ("They take effect as soon as the engine runs; it does not run now."));
  return PS_EXIT_DONE;
}

PsExit
ps_command_rules_show (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, 0, NULL, error);
}

static gboolean
enable (PsRules *rules, char **arguments, GError **error)
{
  rules->customized = TRUE;
  return TRUE;
}

PsExit
ps_command_rules_enable (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, 0, enable, error);
}

static gboolean
disable (PsRules *rules, char **arguments, GError **error)
{
  rules->customized = FALSE;
  return TRUE;
}

PsExit
ps_command_rules_disable (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, 0, disable, error);
}

/* The rules only; the toggles stay. */
static gboolean
reset (PsRules *rules, char **arguments, GError **error)
{
  PsRules fresh = ps_rules_default ();

  memcpy (rules->rule, fresh.rule, sizeof rules->rule);
  return TRUE;
}

PsExit
ps_command_rules_reset (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, 0, reset, error);
}

static gboolean
set_one (PsRules *rules, const char *argument, GError **error)
{
  const char *equals = strchr (argument, '=');
  g_autofree char *status_text = equals != NULL ? g_strndup (argument, equals - argument) : NULL;
  int status, row, rule;

  if (equals == NULL) {
    ps_cli_usage_error (error, _ ("“%s” is not of the form STATUS=RULE."), argument);
    return FALSE;
  }
  status = ps_teams_status_from_text (status_text);
  row = status >= 0 ? ps_rule_row_from_status (status) : -1;
  if (row < 0) {
    ps_cli_usage_error (error,
                        _ ("“%s” cannot have a call rule: Busy, In a call, In a conference call, In a meeting and "
                           "Offline can."),
                        status_text);
    return FALSE;
  }
  rule = ps_call_rule_from_word (equals + 1);
  if (rule < 0) {
    ps_cli_usage_error (error, _ ("“%s” is no call rule: there are all-calls, no-queue-calls and no-calls."),
                        equals + 1);
    return FALSE;
  }
  rules->rule[row] = rule;
  return TRUE;
}

static gboolean
set (PsRules *rules, char **arguments, GError **error)
{
  if (arguments[0] == NULL) {
    ps_cli_usage_error (error, "%s", _ ("Say which rule, for example \"In a meeting\"=no-queue-calls."));
    return FALSE;
  }
  for (guint i = 0; arguments[i] != NULL; i++)
    if (!set_one (rules, arguments[i], error))
      return FALSE;
  return TRUE;
}

PsExit
ps_command_rules_set (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, PS_CLI_ANY, set, error);
}

static gboolean
preserve (PsRules *rules, char **arguments, GError **error)
{
  if (g_strcmp0 (arguments[0], "on") == 0)
    rules->preserve_inactivity = TRUE;
  else if (g_strcmp0 (arguments[0], "off") == 0)
    rules->preserve_inactivity = FALSE;
  else
    ps_cli_usage_error (error, "%s", _ ("Say on or off."));
  return *error == NULL;
}

PsExit
ps_command_rules_preserve (PsCli *cli, char **arguments, GError **error)
{
  return run (cli, arguments, 1, preserve, error);
}
