/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing of ours stays behind: undoing, writes that end badly, a kill at each point, users and sides that go, standby.
 */
#include "config.h"

#include "engine-fixture.h"

#include <string.h>

static void
unsync (Fixture *f)
{
  ps_engine_set_synced (f->engine, f->user, FALSE, f->now_ms);
}

/* --- undoing --- */

static void
test_undo_gives_back (Fixture *f, gconstpointer data)
{
  event (f, "busy no-queue-calls no-call");
  drain (f);
  after (f, 60);
  teams (f, "Busy/Busy");
  after (f, 60);
  teams (f, "Offline/Offline");
  assert_writes (f, "preferred:none phone:offline,-");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  drain (f);
  event (f, "offline none connected");
  assert_writes (f, "session:call");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  unsync (f);
  /* The slot shows what could be ours: it is given back with the rest, each to the person's own value. */
  drain (f);
  g_assert_nonnull (strstr (f->drained, "phone:busy,no-queue-calls"));
  g_assert_nonnull (strstr (f->drained, "session:none"));
  g_assert_cmpint (f->last.why, ==, PS_WHY_UNDO);
  g_assert_true (ledger_is_empty (f));
  after (f, 60);
  teams (f, "Busy/Busy");
  event (f, "available none no-call");
  assert_writes (f, ""); /* not synced: nothing is written any more */
}

static void
test_undo_spares_what_a_person_changed (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all no-call");
  after (f, 60);
  teams (f, "Busy/InAMeeting");
  event (f, "offline all no-call");
  drain (f);
  unsync (f);
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* The legacy queue-only value can be read and not be written: all calls is as near as it gets. */
static void
test_undo_legacy_value (Fixture *f, gconstpointer data)
{
  event (f, "available queue-calls-only no-call");
  after (f, 10);
  teams (f, "Available/Available");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  unsync (f);
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

static void
test_synced_again (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  unsync (f);
  assert_writes (f, "phone:available,-");
  ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
  assert_writes (f, "phone:busy,-");
}

/* Synced again while the undoing is on its way. */
static void
test_synced_again_at_once (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all no-call");
  unsync (f);
  write = take (f, PS_SIDE_PHONE);
  ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
  after (f, 0.2);
  end (f, &write, PS_WRITTEN);
  event (f, "available all no-call");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  g_assert_true (ledger_is_empty (f));
}

/* --- writes that end badly --- */

static void
test_refused (Fixture *f, gconstpointer data)
{
  PsUserView view;

  f->outcome = PS_WRITE_WAS_REFUSED;
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  ps_engine_view (f->engine, f->user, &view);
  g_assert_true (view.refused);
  g_assert_true (ledger_is_empty (f));
  after (f, 3599);
  assert_writes (f, "");
  f->outcome = PS_WRITTEN;
  after (f, 2);
  assert_writes (f, "phone:busy,-"); /* after an hour */
  f->outcome = PS_WRITE_WAS_REFUSED;
  teams (f, "Away/Away");
  assert_writes (f, "phone:offline,-");
  after (f, 30);
  f->outcome = PS_WRITTEN;
  teams (f, "DoNotDisturb/DoNotDisturb"); /* or when something changes */
  assert_writes (f, "phone:-,none");
  ps_engine_view (f->engine, f->user, &view);
  g_assert_false (view.refused);
}

/* A session that may not be cleared ends by itself; then nothing hides the person's own status any more. */
static void
test_clearing_is_refused (Fixture *f, gconstpointer data)
{
  event (f, "available all connected");
  assert_writes (f, "session:call");
  after (f, 60);
  event (f, "available all no-call");
  f->outcome = PS_WRITE_WAS_REFUSED;
  assert_writes (f, "session:none");
  f->outcome = PS_WRITTEN;
  after (f, 60);
  teams (f, "Busy/InACall");
  assert_writes (f, "");
  after (f, 600);
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:busy,-");
}

/* "Later": tried again, and less and less often. */
static void
test_not_written (Fixture *f, gconstpointer data)
{
  gint64 last_ms = 0;

  f->outcome = PS_NOT_WRITTEN;
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  g_assert_true (ledger_is_empty (f));
  for (int i = 0; i < 12; i++) {
    gint64 due_ms = ps_engine_next_due (f->engine, f->now_ms);

    g_assert_cmpint (due_ms - f->now_ms, >=, MIN (last_ms, 60000));
    g_assert_cmpint (due_ms - f->now_ms, <=, 60000);
    last_ms = due_ms - f->now_ms;
    f->now_ms = due_ms;
    assert_writes (f, "phone:busy,-");
  }
  f->outcome = PS_WRITTEN;
  teams (f, "Available/Available");
  assert_writes (f, ""); /* undone meanwhile: costs nothing */
}

/* The line broke. It is written again, unless it is seen to be there. */
static void
test_maybe_written (Fixture *f, gconstpointer data)
{
  f->outcome = PS_MAYBE_WRITTEN;
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  g_assert_false (ledger_is_empty (f));
  f->outcome = PS_WRITTEN;
  event (f, "busy all no-call");
  after (f, 60);
  assert_writes (f, ""); /* it had arrived */

  f->outcome = PS_MAYBE_WRITTEN;
  teams (f, "Away/Away");
  assert_writes (f, "phone:offline,-");
  f->outcome = PS_WRITTEN;
  after (f, 60);
  assert_writes (f, "phone:offline,-");

  f->outcome = PS_MAYBE_WRITTEN;
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  f->outcome = PS_WRITTEN;
  after (f, 1);
  sweep (f, "offline all no-call"); /* it had not */
  after (f, 60);
  assert_writes (f, "phone:available,-");
  g_assert_true (ledger_is_empty (f));
}

/* A lost write is ours though its second try is put off. */
static void
test_lost_then_put_off (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  end (f, &write, PS_MAYBE_WRITTEN);
  after (f, 3);
  write = take (f, PS_SIDE_PHONE);
  end (f, &write, PS_NOT_WRITTEN);
  g_assert_false (ledger_is_empty (f));
  after (f, 60);
  event (f, "available none no-call"); /* it had arrived, and this is the echo, or a replay of it */
  assert_writes (f, "");
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

/* Two lost writes of different values, then a kill: whichever stands there is ours. */
static void
test_two_lost_then_killed (Fixture *f, gconstpointer data)
{
  static const char *const there[] = { "available none no-call", "busy no-queue-calls no-call", "busy all no-call" };
  static const char *const undone[] = { "phone:-,all", "phone:available,all", "phone:available,-" };
  PsRules rules = { .customized = TRUE };

  for (int row = 0; row < PS_N_ROWS; row++)
    rules.rule[row] = PS_RULE_NO_QUEUE_CALLS;
  for (guint i = 0; i < G_N_ELEMENTS (there); i++) {
    ps_engine_set_rules (f->engine, &rules, f->now_ms);
    f->outcome = PS_MAYBE_WRITTEN;
    teams (f, "DoNotDisturb/DoNotDisturb");
    assert_writes (f, "phone:-,none");
    after (f, 30);
    teams (f, "Busy/InAMeeting");
    assert_writes (f, "phone:busy,no-queue-calls");
    restart (f, TRUE);
    f->outcome = PS_WRITTEN;
    after (f, 30);
    sweep (f, there[i]);
    teams (f, "Available/Available");
    assert_writes (f, undone[i]);
    g_assert_true (ledger_is_empty (f));
    after (f, 30);
  }
}

/* --- kill -9 at each point of a write --- */

static void
test_killed_before_it_left (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  assert_word (&write, "phone:-,none");
  restart (f, TRUE);
  after (f, 5);
  sweep (f, "available all no-call"); /* as it was: nobody's choice */
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

static void
test_killed_before_the_reply (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  assert_word (&write, "phone:-,none");
  restart (f, TRUE);
  after (f, 5);
  sweep (f, "available none no-call");
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, ""); /* nothing is written twice */
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

static void
test_killed_after_the_reply (Fixture *f, gconstpointer data)
{
  event (f, "available no-queue-calls no-call");
  after (f, 10);
  teams (f, "Available/Available");
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  restart (f, TRUE);
  after (f, 3600);
  teams (f, "Available/Available"); /* over while nobody looked */
  sweep (f, "available none no-call");
  assert_writes (f, "phone:-,no-queue-calls");
  g_assert_true (ledger_is_empty (f));
}

static void
test_killed_while_undoing (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  unsync (f);
  write = take (f, PS_SIDE_PHONE);
  assert_word (&write, "phone:-,all");
  restart (f, FALSE);
  assert_writes (f, ""); /* nothing before it was looked at */
  g_assert_false (ledger_is_empty (f));
  after (f, 5);
  sweep (f, "available none no-call"); /* it had not left */
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));

  restart (f, FALSE);
  sweep (f, "available all no-call");
  assert_writes (f, "");
}

static void
test_killed_on_a_call (Fixture *f, gconstpointer data)
{
  PsWrite write;

  event (f, "available all connected");
  write = take (f, PS_SIDE_TEAMS);
  assert_word (&write, "session:call");
  restart (f, TRUE);
  after (f, 5);
  teams (f, "Busy/InACall"); /* ours */
  assert_writes (f, "");
  sweep (f, "available all connected");
  assert_writes (f, "session:call"); /* had it arrived? */
  restart (f, TRUE);
  after (f, 5);
  sweep (f, "available all connected");
  teams (f, "Busy/InACall");
  assert_writes (f, ""); /* known to be there: nothing again */
  restart (f, TRUE);
  after (f, 60);
  sweep (f, "available all no-call");
  assert_writes (f, "session:none");
  g_assert_true (ledger_is_empty (f));
}

/* What a person changed while no program ran is theirs. */
static void
test_changed_while_down (Fixture *f, gconstpointer data)
{
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  restart (f, TRUE);
  after (f, 60);
  sweep (f, "available all no-call"); /* lifted by hand */
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

static void
test_slot_changed_while_down (Fixture *f, gconstpointer data)
{
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  restart (f, FALSE);
  after (f, 60);
  assert_writes (f, ""); /* not before it was looked at */
  teams (f, "BeRightBack/BeRightBack");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* Killed with a write on its way, started again at once, and Graph is behind. */
static void
test_slot_arrives_late (Fixture *f, gconstpointer data)
{
  PsWrite write;

  event (f, "available none no-call");
  write = take (f, PS_SIDE_TEAMS);
  assert_word (&write, "preferred:do-not-disturb");
  restart (f, FALSE);
  after (f, 1);
  teams (f, "Available/Available");
  g_assert_false (ledger_is_empty (f));
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "preferred:none");
  g_assert_true (ledger_is_empty (f));
}

/* The same with one that was known to be done. */
static void
test_slot_shows_late (Fixture *f, gconstpointer data)
{
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  restart (f, TRUE);
  after (f, 2);
  teams (f, "Available/Available");
  sweep (f, "busy all no-call");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Busy/Busy");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
}

static void
test_choice_survives (Fixture *f, gconstpointer data)
{
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  restart (f, TRUE);
  after (f, 60);
  teams (f, "Busy/Busy");
  sweep (f, "busy all no-call");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
  g_assert_true (ledger_is_empty (f));
}

/* What of ours lay over their value goes on following Teams, also when a choice beside it survives. */
static void
test_ours_beside_a_choice_survives (Fixture *f, gconstpointer data)
{
  PsRules rules = { .customized = TRUE };

  ps_engine_set_rules (f->engine, &rules, f->now_ms);
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 60);
  teams (f, "Busy/Busy");
  assert_writes (f, "phone:busy,all");
  event (f, "busy all no-call");
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  event (f, "available all no-call");
  after (f, 10);
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  restart (f, TRUE);
  after (f, 60);
  sweep (f, "busy all no-call");
  teams (f, "Busy/Busy");
  assert_writes (f, "");
}

/* --- users and sides that come and go --- */

static void
test_side_gone (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  event (f, "available all connected");
  drain (f);
  ps_engine_side_gone (f->engine, f->user, PS_SIDE_PHONE, f->now_ms);
  unsync (f);
  assert_writes (f, "session:none");
  g_assert_true (ledger_is_empty (f));
}

static void
test_teams_side_gone (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  event (f, "available none connected");
  drain (f);
  after (f, 60);
  ps_engine_side_gone (f->engine, f->user, PS_SIDE_TEAMS, f->now_ms);
  unsync (f);
  drain (f);
  g_assert_true (ledger_is_empty (f));
}

/* The place of somebody who left is given to somebody else, while a write is on its way. */
static void
test_place_is_given_on (Fixture *f, gconstpointer data)
{
  PsWrite old, new;
  PsLedger ledger;

  teams (f, "Busy/InAMeeting");
  old = take (f, PS_SIDE_PHONE);
  ps_engine_remove_user (f->engine, f->user);
  g_assert_cmpuint (ps_engine_under_way (f->engine, PS_SIDE_PHONE), ==, 0);
  f->user = ps_engine_add_user (f->engine, FALSE, NULL);
  g_assert_cmpuint (f->user, ==, old.user);
  ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
  sweep (f, "available all no-call");
  teams (f, "Away/Away");
  new = take (f, PS_SIDE_PHONE);
  ps_engine_written (f->engine, &old, PS_WRITTEN, NULL, f->now_ms);
  g_assert_cmpuint (ps_engine_under_way (f->engine, PS_SIDE_PHONE), ==, 1);
  ps_engine_written (f->engine, &new, PS_WRITTEN, NULL, f->now_ms);
  ps_engine_ledger (f->engine, f->user, &ledger);
  g_assert_cmpint (ledger.phone_status, ==, PS_PHONE_OFFLINE);
}

/* --- standby --- */

static void
test_standby (Fixture *f, gconstpointer data)
{
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  ps_engine_set_standby (f->engine, TRUE, f->now_ms);
  assert_writes (f, "phone:-,all");
  g_assert_cmpint (f->last.urgency, ==, PS_URGENT);
  after (f, 30);
  teams (f, "DoNotDisturb/Presenting");
  assert_writes (f, ""); /* and not imposed before the machine is back */
  ps_engine_set_standby (f->engine, FALSE, f->now_ms);
  assert_writes (f, "phone:-,none");
}

static void
test_standby_spares_the_rest (Fixture *f, gconstpointer data)
{
  PsRules rules = { .customized = TRUE };

  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  ps_engine_set_standby (f->engine, TRUE, f->now_ms);
  assert_writes (f, "");
  ps_engine_set_standby (f->engine, FALSE, f->now_ms);
  event (f, "busy none no-call"); /* the person's own Do Not Disturb is not touched */
  drain (f);
  ps_engine_set_standby (f->engine, TRUE, f->now_ms);
  assert_writes (f, "");
  ps_engine_set_standby (f->engine, FALSE, f->now_ms);

  /* Ours lets more calls through than theirs did: lifting it must not make them unreachable. */
  for (int row = 0; row < PS_N_ROWS; row++)
    rules.rule[row] = PS_RULE_NO_QUEUE_CALLS;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 60);
  teams (f, "Busy/Busy");
  assert_writes (f, "phone:-,no-queue-calls");
  ps_engine_set_standby (f->engine, TRUE, f->now_ms);
  assert_writes (f, "phone:-,all");
}

static void
test_is_empty (void)
{
  PsLedger ledger = { .person_status = PS_PHONE_BUSY, .person_calls = PS_CALLS_NONE, .session_until_ms = 5 };
  PsLedgerSet *const sets[] = { &ledger.phone_status_maybe, &ledger.phone_calls_maybe, &ledger.session_maybe,
                                &ledger.preferred_maybe };

  g_assert_true (ps_ledger_is_empty (&ledger));
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++) {
    *sets[i] = PS_LEDGER_BIT (1);
    g_assert_false (ps_ledger_is_empty (&ledger));
    g_assert_cmpint (ps_ledger_has_status (&ledger), ==, i == 0);
    g_assert_cmpint (ps_ledger_has_calls (&ledger), ==, i == 1);
    g_assert_cmpint (ps_ledger_has_session (&ledger), ==, i == 2);
    g_assert_cmpint (ps_ledger_has_preferred (&ledger), ==, i == 3);
    *sets[i] = 0;
  }
  ledger.preferred = PS_PREFERRED_BUSY;
  g_assert_false (ps_ledger_is_empty (&ledger));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ledger/is-empty", test_is_empty);
  ENGINE_TEST ("undo/gives-back", fixture_set_up_at_rest, test_undo_gives_back);
  ENGINE_TEST ("undo/spares-what-a-person-changed", fixture_set_up_at_rest, test_undo_spares_what_a_person_changed);
  ENGINE_TEST ("undo/legacy-value", fixture_set_up_at_rest, test_undo_legacy_value);
  ENGINE_TEST ("undo/synced-again", fixture_set_up_at_rest, test_synced_again);
  ENGINE_TEST ("undo/synced-again-at-once", fixture_set_up_at_rest, test_synced_again_at_once);
  ENGINE_TEST ("written/refused", fixture_set_up_at_rest, test_refused);
  ENGINE_TEST ("written/clearing-is-refused", fixture_set_up_at_rest, test_clearing_is_refused);
  ENGINE_TEST ("written/not", fixture_set_up_at_rest, test_not_written);
  ENGINE_TEST ("written/maybe", fixture_set_up_at_rest, test_maybe_written);
  ENGINE_TEST ("written/lost-then-put-off", fixture_set_up_at_rest, test_lost_then_put_off);
  ENGINE_TEST ("written/two-lost-then-killed", fixture_set_up_at_rest, test_two_lost_then_killed);
  ENGINE_TEST ("killed/before-it-left", fixture_set_up_at_rest, test_killed_before_it_left);
  ENGINE_TEST ("killed/before-the-reply", fixture_set_up_at_rest, test_killed_before_the_reply);
  ENGINE_TEST ("killed/after-the-reply", fixture_set_up_at_rest, test_killed_after_the_reply);
  ENGINE_TEST ("killed/while-undoing", fixture_set_up_at_rest, test_killed_while_undoing);
  ENGINE_TEST ("killed/on-a-call", fixture_set_up_at_rest, test_killed_on_a_call);
  ENGINE_TEST ("killed/changed-while-down", fixture_set_up_at_rest, test_changed_while_down);
  ENGINE_TEST ("killed/slot-changed-while-down", fixture_set_up_at_rest, test_slot_changed_while_down);
  ENGINE_TEST ("killed/slot-arrives-late", fixture_set_up_at_rest, test_slot_arrives_late);
  ENGINE_TEST ("killed/slot-shows-late", fixture_set_up_at_rest, test_slot_shows_late);
  ENGINE_TEST ("killed/choice-survives", fixture_set_up_at_rest, test_choice_survives);
  ENGINE_TEST ("killed/ours-beside-a-choice-survives", fixture_set_up_at_rest, test_ours_beside_a_choice_survives);
  ENGINE_TEST ("users/side-gone", fixture_set_up_at_rest, test_side_gone);
  ENGINE_TEST ("users/teams-side-gone", fixture_set_up_at_rest, test_teams_side_gone);
  ENGINE_TEST ("users/place-is-given-on", fixture_set_up_at_rest, test_place_is_given_on);
  ENGINE_TEST ("standby/lifts", fixture_set_up_at_rest, test_standby);
  ENGINE_TEST ("standby/spares-the-rest", fixture_set_up_at_rest, test_standby_spares_the_rest);
  return g_test_run ();
}
