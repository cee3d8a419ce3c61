/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rules.h"

#include <glib/gi18n-lib.h>

#include "ps-words.h"

static const PsTeamsStatus row_status[PS_N_ROWS] = {
  PS_TEAMS_BUSY, PS_TEAMS_IN_A_CALL, PS_TEAMS_IN_A_CONFERENCE_CALL, PS_TEAMS_IN_A_MEETING, PS_TEAMS_OFFLINE,
};

static const char *const rule_words[] = { "all-calls", "no-queue-calls", "no-calls" };
static const char *const rule_texts[] = { N_ ("Accept all calls"), N_ ("Do not accept queue calls"),
                                          N_ ("Do not accept any calls") };

/* The standard table, Teams → RingCentral phone presence. Do Not Disturb writes calls only and leaves userStatus alone,
 * as RingCentral's own clients do. */
static const PsPhoneWanted standard[PS_TEAMS_N_STATUSES] = {
  [PS_TEAMS_UNKNOWN] = { .nothing = TRUE },
  [PS_TEAMS_AVAILABLE] = { FALSE, PS_PHONE_AVAILABLE, PS_CALLS_WANT_OWN },
  [PS_TEAMS_BUSY] = { FALSE, PS_PHONE_BUSY, PS_CALLS_WANT_OWN },
  [PS_TEAMS_IN_A_CALL] = { FALSE, PS_PHONE_BUSY, PS_CALLS_WANT_OWN },
  [PS_TEAMS_IN_A_CONFERENCE_CALL] = { FALSE, PS_PHONE_BUSY, PS_CALLS_WANT_OWN },
  [PS_TEAMS_IN_A_MEETING] = { FALSE, PS_PHONE_BUSY, PS_CALLS_WANT_OWN },
  [PS_TEAMS_PRESENTING] = { FALSE, PS_PHONE_STATUS_UNKNOWN, PS_CALLS_WANT_NONE },
  [PS_TEAMS_FOCUSING] = { FALSE, PS_PHONE_STATUS_UNKNOWN, PS_CALLS_WANT_NONE },
  [PS_TEAMS_DO_NOT_DISTURB] = { FALSE, PS_PHONE_STATUS_UNKNOWN, PS_CALLS_WANT_NONE },
  [PS_TEAMS_AWAY] = { FALSE, PS_PHONE_OFFLINE, PS_CALLS_WANT_OWN },
  [PS_TEAMS_BE_RIGHT_BACK] = { FALSE, PS_PHONE_OFFLINE, PS_CALLS_WANT_OWN },
  [PS_TEAMS_OFFLINE] = { FALSE, PS_PHONE_OFFLINE, PS_CALLS_WANT_OWN },
};

PsRules
ps_rules_default (void)
{
  return (PsRules){ .rule = { PS_RULE_ALL_CALLS, PS_RULE_NO_CALLS, PS_RULE_NO_CALLS, PS_RULE_NO_CALLS,
                              PS_RULE_ALL_CALLS } };
}

gboolean
ps_rules_equal (const PsRules *a, const PsRules *b)
{
  for (int i = 0; i < PS_N_ROWS; i++)
    if (a->rule[i] != b->rule[i])
      return FALSE;
  return !a->customized == !b->customized && !a->preserve_inactivity == !b->preserve_inactivity &&
         !a->offline_to_teams == !b->offline_to_teams;
}

const char *
ps_call_rule_to_word (PsCallRule rule)
{
  g_return_val_if_fail (rule < G_N_ELEMENTS (rule_words), "");
  return rule_words[rule];
}

int
ps_call_rule_from_word (const char *word)
{
  int rule = ps_words_find (rule_words, G_N_ELEMENTS (rule_words), word);

  return rule >= 0 ? rule : ps_words_find (rule_texts, G_N_ELEMENTS (rule_texts), word);
}

const char *
ps_call_rule_to_text (PsCallRule rule)
{
  g_return_val_if_fail (rule < G_N_ELEMENTS (rule_texts), "");
  return _ (rule_texts[rule]);
}

PsTeamsStatus
ps_rule_row_status (PsRuleRow row)
{
  g_return_val_if_fail (row < PS_N_ROWS, PS_TEAMS_UNKNOWN);
  return row_status[row];
}

int
ps_rule_row_from_status (PsTeamsStatus status)
{
  for (int i = 0; i < PS_N_ROWS; i++)
    if (row_status[i] == status)
      return i;
  return -1;
}

const char *
ps_rules_computed_presence (PsRuleRow row, PsCallRule rule)
{
  if (rule == PS_RULE_NO_CALLS)
    return _ ("Do Not Disturb");
  return row == PS_ROW_OFFLINE ? _ ("Offline") : _ ("Busy");
}

PsPhoneWanted
ps_rules_phone_for (const PsRules *rules, PsTeamsStatus status, gboolean in_queue)
{
  PsPhoneWanted wanted;
  int row = rules->customized ? ps_rule_row_from_status (status) : -1;

  g_return_val_if_fail (status < PS_TEAMS_N_STATUSES, standard[PS_TEAMS_UNKNOWN]);
  wanted = standard[status];
  if (row < 0)
    return wanted;
  switch (rules->rule[row]) {
  case PS_RULE_NO_CALLS:
    wanted.calls = PS_CALLS_WANT_NONE;
    wanted.user_status = PS_PHONE_STATUS_UNKNOWN;
    break;
  case PS_RULE_NO_QUEUE_CALLS:
    wanted.calls = in_queue ? PS_CALLS_WANT_NO_QUEUE : PS_CALLS_WANT_ALL;
    break;
  case PS_RULE_ALL_CALLS:
  default:
    wanted.calls = PS_CALLS_WANT_ALL;
    break;
  }
  return wanted;
}
