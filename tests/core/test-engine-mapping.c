/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Teams → RingCentral, row by row: the standard table, the customized rules, flips, inactivity. One write per change.
 */
#include "config.h"

#include "engine-fixture.h"

/* Each from Available and back to it. */
static const struct {
  const char *pair, *there, *back;
} standard[] = {
  { "Busy/Busy", "phone:busy,-", "phone:available,-" },
  { "Busy/InACall", "phone:busy,-", "phone:available,-" },
  { "Busy/InAConferenceCall", "phone:busy,-", "phone:available,-" },
  { "Busy/InAMeeting", "phone:busy,-", "phone:available,-" },
  { "DoNotDisturb/Presenting", "phone:-,none", "phone:-,all" },
  { "DoNotDisturb/Focusing", "phone:-,none", "phone:-,all" },
  { "DoNotDisturb/DoNotDisturb", "phone:-,none", "phone:-,all" },
  { "Away/Away", "phone:offline,-", "phone:available,-" },
  { "BeRightBack/BeRightBack", "phone:offline,-", "phone:available,-" },
  { "Offline/Offline", "phone:offline,-", "phone:available,-" },
  { "Offline/OffWork", "phone:offline,-", "phone:available,-" },
  { "PresenceUnknown/PresenceUnknown", "", "" },
  { "Levitating/Levitating", "", "" },
};

static void
test_standard (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (standard); i++) {
    g_test_message ("%s", standard[i].pair);
    teams (f, standard[i].pair);
    assert_writes (f, standard[i].there);
    after (f, 30);
    teams (f, standard[i].pair);
    assert_writes (f, ""); /* seen again: nothing new */
    after (f, 30);
    teams (f, "Available/Available");
    assert_writes (f, standard[i].back);
    g_assert_true (ledger_is_empty (f)); /* it is as the person had it */
    after (f, 30);
  }
}

static void
test_from_one_to_the_next (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "DoNotDisturb/Presenting");
  assert_writes (f, "phone:-,none");
  after (f, 30);
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:-,all"); /* Busy still stands beneath */
  after (f, 30);
  teams (f, "Away/Away");
  assert_writes (f, "phone:offline,-");
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-"); /* ten changes, one write; a change that was undone, none */
}

/* A queue opt-out is not lost when Do Not Disturb ends. */
static void
test_queue_opt_out_survives (Fixture *f, gconstpointer data)
{
  event (f, "available no-queue-calls no-call");
  after (f, 10);
  teams (f, "Available/Available");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  event (f, "available none no-call"); /* the write's own */
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,no-queue-calls");
}

/* At the first sync only what differs is written. */
static void
test_first_sync (Fixture *f, gconstpointer data)
{
  sweep (f, "busy all no-call");
  assert_writes (f, "");
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "");
  teams (f, "Away/Away");
  assert_writes (f, "phone:offline,-");
}

static void
test_first_sync_differs (Fixture *f, gconstpointer data)
{
  teams (f, "Available/Available");
  assert_writes (f, ""); /* the other side has not been read */
  sweep (f, "busy all no-call");
  assert_writes (f, "phone:available,-");
  g_assert_cmpint (f->last.why, ==, PS_WHY_FIRST_SYNC);
  ps_engine_set_synced (f->engine, f->user, FALSE, f->now_ms);
  assert_writes (f, "phone:busy,-");
  g_assert_true (ledger_is_empty (f));
}

static void
set_rules (Fixture *f, PsCallRule rule)
{
  PsRules rules = { .customized = TRUE };

  for (int row = 0; row < PS_N_ROWS; row++)
    rules.rule[row] = rule;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
}

static void
test_rules (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *pair, *all, *no_queue, *none;
  } rows[] = {
    { "Busy/Busy", "phone:busy,-", "phone:busy,no-queue-calls", "phone:-,none" },
    { "Busy/InACall", "phone:busy,-", "phone:busy,no-queue-calls", "phone:-,none" },
    { "Busy/InAConferenceCall", "phone:busy,-", "phone:busy,no-queue-calls", "phone:-,none" },
    { "Busy/InAMeeting", "phone:busy,-", "phone:busy,no-queue-calls", "phone:-,none" },
    { "Offline/Offline", "phone:offline,-", "phone:offline,no-queue-calls", "phone:-,none" },
    { "Away/Away", "phone:offline,-", "phone:offline,-", "phone:offline,-" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (int rule = PS_RULE_ALL_CALLS; rule <= PS_RULE_NO_CALLS; rule++) {
      const char *expected[] = { rows[i].all, rows[i].no_queue, rows[i].none };

      g_test_message ("%s, rule %d", rows[i].pair, rule);
      set_rules (f, rule);
      assert_writes (f, "");
      teams (f, rows[i].pair);
      assert_writes (f, expected[rule]);
      after (f, 30);
      teams (f, "Available/Available");
      drain (f);
      g_assert_true (ledger_is_empty (f));
      after (f, 30);
    }
}

/* A rule that is changed is in force at once, with the urgency of what it changes. */
static void
test_rule_changed_meanwhile (Fixture *f, gconstpointer data)
{
  PsRules off = ps_rules_default ();

  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  set_rules (f, PS_RULE_NO_CALLS);
  assert_writes (f, "phone:-,none");
  g_assert_cmpint (f->last.why, ==, PS_WHY_RULE);
  g_assert_cmpint (f->last.urgency, ==, PS_URGENT);
  set_rules (f, PS_RULE_NO_QUEUE_CALLS);
  assert_writes (f, "phone:-,no-queue-calls");
  ps_engine_set_rules (f->engine, &off, f->now_ms);
  assert_writes (f, "phone:-,all");
}

/* RingCentral refuses the queue value for somebody in no queue. */
static void
test_queue_rule_without_queue (Fixture *f, gconstpointer data)
{
  set_rules (f, PS_RULE_NO_QUEUE_CALLS);
  ps_engine_set_in_queue (f->engine, f->user, FALSE, f->now_ms);
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  ps_engine_set_in_queue (f->engine, f->user, TRUE, f->now_ms);
  assert_writes (f, "phone:-,no-queue-calls");
}

/* Call and meeting flip in mid-call: believed after ten seconds. */
static void
test_flip_is_held (Fixture *f, gconstpointer data)
{
  PsRules rules = { .customized = TRUE };

  rules.rule[PS_ROW_IN_A_CALL] = PS_RULE_NO_CALLS;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "Busy/InACall");
  assert_writes (f, "");
  after (f, 5);
  teams (f, "Busy/InAMeeting");
  after (f, 20);
  assert_writes (f, ""); /* it flipped back in time */
  teams (f, "Busy/InACall");
  g_assert_cmpint (ps_engine_next_due (f->engine, f->now_ms), ==, f->now_ms + 10000);
  after (f, 9.9);
  assert_writes (f, "");
  after (f, 0.1);
  assert_writes (f, "phone:-,none");
  after (f, 30);
  /* The end of it is no flip. */
  teams (f, "Busy/InAMeeting");
  after (f, 1);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,all");
}

static void
preserve (Fixture *f, gboolean on)
{
  PsRules rules = ps_rules_default ();

  rules.preserve_inactivity = on;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
}

static void
test_inactivity_preserved (Fixture *f, gconstpointer data)
{
  preserve (f, TRUE);
  teams (f, "Away/Away");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Offline/Offline"); /* directly after it: the same absence */
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Offline/Offline");
  assert_writes (f, "phone:offline,-"); /* somebody signed out */
  after (f, 30);
  teams (f, "BeRightBack/BeRightBack");
  assert_writes (f, ""); /* the same in RingCentral */
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
}

/* What is kept is what stood there; and it ends when the person is back, also if Teams says the same word. */
static void
test_inactivity_ends (Fixture *f, gconstpointer data)
{
  preserve (f, TRUE);
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "Available/AvailableInactive");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
}

static void
test_inactivity_no_longer_preserved (Fixture *f, gconstpointer data)
{
  preserve (f, TRUE);
  teams (f, "Away/Away");
  assert_writes (f, "");
  preserve (f, FALSE);
  assert_writes (f, "phone:offline,-");
  preserve (f, TRUE); /* changes nothing in RingCentral either */
  assert_writes (f, "");
}

/* A program that starts while somebody is away. */
static void
test_inactivity_at_first_sight (Fixture *f, gconstpointer data)
{
  preserve (f, TRUE);
  sweep (f, "available all no-call");
  teams (f, "Away/Away");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "Away/Away");
  ps_engine_set_synced (f->engine, f->user, FALSE, f->now_ms);
  assert_writes (f, "phone:available,-");
  ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
  assert_writes (f, "");
  preserve (f, FALSE);
  assert_writes (f, "phone:offline,-");
}

static void
test_urgency (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *pair;
    PsUrgency urgency;
  } classes[] = {
    { "DoNotDisturb/DoNotDisturb", PS_URGENT }, { "Busy/Busy", PS_URGENT }, /* lifts Do Not Disturb */
    { "Available/Available", PS_NORMAL },       { "Away/Away", PS_COSMETIC }, { "Busy/InACall", PS_NORMAL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++) {
    gint64 seen_ms = f->now_ms;

    teams (f, classes[i].pair);
    g_assert_cmpuint (ps_engine_waiting (f->engine, PS_SIDE_PHONE, classes[i].urgency), ==, 1);
    after (f, 2);
    drain (f);
    g_assert_cmpint (f->last.urgency, ==, classes[i].urgency);
    g_assert_cmpint (f->last.since_ms, ==, seen_ms);
    g_assert_cmpuint (ps_engine_waiting (f->engine, PS_SIDE_PHONE, classes[i].urgency), ==, 0);
    after (f, 30);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ENGINE_TEST ("mapping/standard", fixture_set_up_at_rest, test_standard);
  ENGINE_TEST ("mapping/from-one-to-the-next", fixture_set_up_at_rest, test_from_one_to_the_next);
  ENGINE_TEST ("mapping/queue-opt-out-survives", fixture_set_up_at_rest, test_queue_opt_out_survives);
  ENGINE_TEST ("mapping/first-sync", fixture_set_up, test_first_sync);
  ENGINE_TEST ("mapping/first-sync-differs", fixture_set_up, test_first_sync_differs);
  ENGINE_TEST ("mapping/rules", fixture_set_up_at_rest, test_rules);
  ENGINE_TEST ("mapping/rule-changed-meanwhile", fixture_set_up_at_rest, test_rule_changed_meanwhile);
  ENGINE_TEST ("mapping/queue-rule-without-queue", fixture_set_up_at_rest, test_queue_rule_without_queue);
  ENGINE_TEST ("mapping/flip-is-held", fixture_set_up_at_rest, test_flip_is_held);
  ENGINE_TEST ("mapping/inactivity-preserved", fixture_set_up_at_rest, test_inactivity_preserved);
  ENGINE_TEST ("mapping/inactivity-ends", fixture_set_up_at_rest, test_inactivity_ends);
  ENGINE_TEST ("mapping/inactivity-no-longer-preserved", fixture_set_up_at_rest, test_inactivity_no_longer_preserved);
  ENGINE_TEST ("mapping/inactivity-at-first-sight", fixture_set_up, test_inactivity_at_first_sight);
  ENGINE_TEST ("mapping/urgency", fixture_set_up_at_rest, test_urgency);
  return g_test_run ();
}
