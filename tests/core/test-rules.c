/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mapping table and the call rules, written down once more from the description: every status, with the standard
 * table and with each rule, for a member of a queue and for others.
 */
#include "config.h"

#include "ps-rules.h"

#include <string.h>

/* One letter for the status (A B O, - untouched), one for the calls (o own, a all, q no queue calls, n none); "" is no
 * change. The three after the standard are the rules, in the order of PsCallRule. */
static const struct {
  PsTeamsStatus status;
  const char *standard;
  const char *member[3];
  const char *other[3];
} table[] = {
  { PS_TEAMS_UNKNOWN, "", { "", "", "" }, { "", "", "" } },
  { PS_TEAMS_AVAILABLE, "Ao", { "Ao", "Ao", "Ao" }, { "Ao", "Ao", "Ao" } },
  { PS_TEAMS_BUSY, "Bo", { "Ba", "Bq", "-n" }, { "Ba", "Ba", "-n" } },
  { PS_TEAMS_IN_A_CALL, "Bo", { "Ba", "Bq", "-n" }, { "Ba", "Ba", "-n" } },
  { PS_TEAMS_IN_A_CONFERENCE_CALL, "Bo", { "Ba", "Bq", "-n" }, { "Ba", "Ba", "-n" } },
  { PS_TEAMS_IN_A_MEETING, "Bo", { "Ba", "Bq", "-n" }, { "Ba", "Ba", "-n" } },
  { PS_TEAMS_PRESENTING, "-n", { "-n", "-n", "-n" }, { "-n", "-n", "-n" } },
  { PS_TEAMS_FOCUSING, "-n", { "-n", "-n", "-n" }, { "-n", "-n", "-n" } },
  { PS_TEAMS_DO_NOT_DISTURB, "-n", { "-n", "-n", "-n" }, { "-n", "-n", "-n" } },
  { PS_TEAMS_AWAY, "Oo", { "Oo", "Oo", "Oo" }, { "Oo", "Oo", "Oo" } },
  { PS_TEAMS_BE_RIGHT_BACK, "Oo", { "Oo", "Oo", "Oo" }, { "Oo", "Oo", "Oo" } },
  { PS_TEAMS_OFFLINE, "Oo", { "Oa", "Oq", "-n" }, { "Oa", "Oa", "-n" } },
};

static void
check (const PsRules *rules, PsTeamsStatus status, gboolean in_queue, const char *expected)
{
  PsPhoneWanted wanted = ps_rules_phone_for (rules, status, in_queue);
  char letters[3] = { "-ABO"[wanted.user_status], "oaqn"[wanted.calls], '\0' };

  g_assert_cmpstr (wanted.nothing ? "" : letters, ==, expected);
}

static void
test_standard (void)
{
  PsRules rules = ps_rules_default ();

  g_assert_cmpuint (G_N_ELEMENTS (table), ==, PS_TEAMS_N_STATUSES);
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (int rule = 0; rule < 3; rule++)
      for (int member = 0; member < 2; member++) {
        /* Whatever the rules say: they count only when they are switched on. */
        for (int row = 0; row < PS_N_ROWS; row++)
          rules.rule[row] = rule;
        rules.preserve_inactivity = member;
        check (&rules, table[i].status, member, table[i].standard);
      }
}

static void
test_customized (void)
{
  PsRules rules = ps_rules_default ();

  rules.customized = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (int rule = 0; rule < 3; rule++) {
      for (int row = 0; row < PS_N_ROWS; row++)
        rules.rule[row] = rule;
      check (&rules, table[i].status, TRUE, table[i].member[rule]);
      check (&rules, table[i].status, FALSE, table[i].other[rule]);
    }
}

/* Each row rules its own status and no other. */
static void
test_rows_are_apart (void)
{
  for (int row = 0; row < PS_N_ROWS; row++) {
    PsRules rules = { .customized = TRUE };

    rules.rule[row] = PS_RULE_NO_CALLS;
    g_assert_cmpint (ps_rule_row_from_status (ps_rule_row_status (row)), ==, row);
    for (int other = 0; other < PS_N_ROWS; other++)
      g_assert_cmpint (ps_rules_phone_for (&rules, ps_rule_row_status (other), TRUE).calls, ==,
                       other == row ? PS_CALLS_WANT_NONE : PS_CALLS_WANT_ALL);
  }
  g_assert_cmpint (ps_rule_row_from_status (PS_TEAMS_AVAILABLE), ==, -1);
  g_assert_cmpint (ps_rule_row_from_status (PS_TEAMS_AWAY), ==, -1);
}

static void
test_default (void)
{
  PsRules rules = ps_rules_default ();

  g_assert_false (rules.customized);
  g_assert_false (rules.preserve_inactivity);
  g_assert_false (rules.offline_to_teams);
  g_assert_cmpint (rules.rule[PS_ROW_BUSY], ==, PS_RULE_ALL_CALLS);
  g_assert_cmpint (rules.rule[PS_ROW_IN_A_CALL], ==, PS_RULE_NO_CALLS);
  g_assert_cmpint (rules.rule[PS_ROW_IN_A_CONFERENCE_CALL], ==, PS_RULE_NO_CALLS);
  g_assert_cmpint (rules.rule[PS_ROW_IN_A_MEETING], ==, PS_RULE_NO_CALLS);
  g_assert_cmpint (rules.rule[PS_ROW_OFFLINE], ==, PS_RULE_ALL_CALLS);
}

static void
test_equal (void)
{
  PsRules a = ps_rules_default (), b = ps_rules_default ();

  g_assert_true (ps_rules_equal (&a, &b));
  a.preserve_inactivity = 2; /* any truth is the same truth */
  b.preserve_inactivity = 1;
  g_assert_true (ps_rules_equal (&a, &b));
  b.customized = TRUE;
  g_assert_false (ps_rules_equal (&a, &b));
  b = a;
  b.offline_to_teams = TRUE;
  g_assert_false (ps_rules_equal (&a, &b));
  for (int row = 0; row < PS_N_ROWS; row++) {
    b = a;
    b.rule[row] = PS_RULE_NO_QUEUE_CALLS;
    g_assert_false (ps_rules_equal (&a, &b));
  }
}

static void
test_words (void)
{
  for (int rule = PS_RULE_ALL_CALLS; rule <= PS_RULE_NO_CALLS; rule++) {
    g_assert_cmpint (ps_call_rule_from_word (ps_call_rule_to_word (rule)), ==, rule);
    g_assert_cmpint (ps_call_rule_from_word (ps_call_rule_to_text (rule)), ==, rule);
  }
  g_assert_cmpstr (ps_call_rule_to_text (PS_RULE_NO_QUEUE_CALLS), ==, "Do not accept queue calls");
  g_assert_cmpint (ps_call_rule_from_word ("no"), ==, -1);
  g_assert_cmpint (ps_call_rule_from_word (NULL), ==, -1);
}

static void
test_computed (void)
{
  for (int row = 0; row < PS_N_ROWS; row++) {
    const char *present = row == PS_ROW_OFFLINE ? "Offline" : "Busy";

    g_assert_cmpstr (ps_rules_computed_presence (row, PS_RULE_ALL_CALLS), ==, present);
    g_assert_cmpstr (ps_rules_computed_presence (row, PS_RULE_NO_QUEUE_CALLS), ==, present);
    g_assert_cmpstr (ps_rules_computed_presence (row, PS_RULE_NO_CALLS), ==, "Do Not Disturb");
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules/standard", test_standard);
  g_test_add_func ("/rules/customized", test_customized);
  g_test_add_func ("/rules/rows-are-apart", test_rows_are_apart);
  g_test_add_func ("/rules/default", test_default);
  g_test_add_func ("/rules/equal", test_equal);
  g_test_add_func ("/rules/words", test_words);
  g_test_add_func ("/rules/computed", test_computed);
  return g_test_run ();
}
