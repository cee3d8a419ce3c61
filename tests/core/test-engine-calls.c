/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral → Teams: calls and meetings as our session, choices in the preferred slot, their renewal and their end.
 */
#include "config.h"

#include "engine-fixture.h"

static void
test_call (Fixture *f, gconstpointer data)
{
  event (f, "available all ringing");
  assert_writes (f, "");
  event (f, "available all connected");
  assert_writes (f, "session:call");
  g_assert_cmpuint (f->last.duration_s, ==, 600);
  g_assert_cmpint (f->last.why, ==, PS_WHY_CALL);
  event (f, "available all on-hold");
  event (f, "available all connected");
  event (f, "available all ringing"); /* a second call */
  event (f, "- - connected");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "session:none");
  g_assert_cmpint (f->last.why, ==, PS_WHY_CALL_OVER);
  g_assert_true (ledger_is_empty (f));
}

static void
test_parked_is_no_call (Fixture *f, gconstpointer data)
{
  event (f, "available all parked");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "");
}

static void
test_meeting (Fixture *f, gconstpointer data)
{
  event (f, "available all no-call meeting");
  assert_writes (f, "session:conference");
  event (f, "available all connected meeting");
  assert_writes (f, "session:call");
  event (f, "available all no-call meeting");
  assert_writes (f, "session:conference");
  event (f, "available all no-call"); /* not said: it goes on */
  assert_writes (f, "");
  event (f, "available all no-call no-meeting");
  assert_writes (f, "session:none");
}

/* The session lives ten minutes, and is renewed while the call lasts. */
static void
test_renewal (Fixture *f, gconstpointer data)
{
  event (f, "available all connected");
  assert_writes (f, "session:call");
  for (int i = 0; i < 6; i++) {
    gint64 due_ms = ps_engine_next_due (f->engine, f->now_ms);

    g_assert_cmpint (due_ms, <, f->last.ledger.session_until_ms - 60 * 1000);
    f->now_ms = due_ms - 1;
    assert_writes (f, "");
    f->now_ms = due_ms;
    assert_writes (f, "session:call");
    g_assert_cmpint (f->last.why, ==, PS_WHY_RENEWAL);
  }
  event (f, "available all no-call");
  assert_writes (f, "session:none");
  after (f, 3600);
  assert_writes (f, "");
  g_assert_cmpint (ps_engine_next_due (f->engine, f->now_ms), ==, G_MAXINT64);
}

/* A renewal that did not get through is tried again before the end. */
static void
test_renewal_fails (Fixture *f, gconstpointer data)
{
  gint64 until_ms;

  event (f, "available all connected");
  assert_writes (f, "session:call");
  until_ms = f->last.ledger.session_until_ms;
  f->now_ms = ps_engine_next_due (f->engine, f->now_ms);
  for (int i = 0; i < 3; i++) {
    PsWrite write = take (f, PS_SIDE_TEAMS);

    assert_word (&write, "session:call");
    end (f, &write, PS_NOT_WRITTEN);
    g_assert_cmpint (ps_engine_next_due (f->engine, f->now_ms), <=, f->now_ms + 60 * 1000);
    f->now_ms = ps_engine_next_due (f->engine, f->now_ms);
  }
  g_assert_cmpint (f->now_ms, <, until_ms);
  assert_writes (f, "session:call");
}

static void
test_do_not_disturb_chosen (Fixture *f, gconstpointer data)
{
  gint64 until_ms;

  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  g_assert_cmpuint (f->last.duration_s, ==, 3600);
  g_assert_cmpint (f->last.why, ==, PS_WHY_CHOICE);
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, ""); /* ours */
  until_ms = f->last.ledger.preferred_until_ms;
  f->now_ms = ps_engine_next_due (f->engine, f->now_ms);
  g_assert_cmpint (f->now_ms, ==, until_ms - 10 * 60 * 1000);
  assert_writes (f, "preferred:do-not-disturb");
  g_assert_cmpint (f->last.why, ==, PS_WHY_RENEWAL);
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
  g_assert_cmpint (f->last.why, ==, PS_WHY_CHOICE_OVER);
  after (f, 3);
  teams (f, "DoNotDisturb/DoNotDisturb"); /* Graph is behind */
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

static void
test_busy_chosen (Fixture *f, gconstpointer data)
{
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  after (f, 30);
  teams (f, "Busy/Busy");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "");
}

/* From one choice to the other the slot changes hands without being cleared, and what it showed before is ours too. */
static void
test_choice_after_choice (Fixture *f, gconstpointer data)
{
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  after (f, 3);
  teams (f, "DoNotDisturb/DoNotDisturb"); /* Graph is behind */
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Busy/Busy");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
  g_assert_true (ledger_is_empty (f));
}

static void
test_offline_chosen (Fixture *f, gconstpointer data)
{
  PsRules rules = ps_rules_default ();

  event (f, "offline all no-call");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "");
  rules.offline_to_teams = TRUE;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
  event (f, "offline all no-call");
  assert_writes (f, "preferred:offline");
  after (f, 30);
  teams (f, "Offline/OffWork");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
}

/* The slot is the person's own: taken only while it is free. */
static void
test_slot_not_free (Fixture *f, gconstpointer data)
{
  static const char *const taken[] = { "Busy/Busy", "DoNotDisturb/DoNotDisturb", "BeRightBack/BeRightBack",
                                       "Offline/OffWork" };

  for (guint i = 0; i < G_N_ELEMENTS (taken); i++) {
    teams (f, taken[i]);
    drain (f);
    after (f, 60);
    event (f, i == 1 ? "busy none no-call" : "available none no-call"); /* chosen in RingCentral, after it */
    after (f, 1);
    event (f, "busy no-queue-calls no-call");
    g_test_message ("%s", taken[i]);
    assert_writes (f, "");
    after (f, 30);
    event (f, "available all no-call");
    teams (f, "Available/Available");
    drain (f);
    after (f, 60);
  }
}

/* The person picks something else in Teams: it is theirs again, and is not "given back". */
static void
test_slot_taken_over (Fixture *f, gconstpointer data)
{
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 30);
  teams (f, "BeRightBack/BeRightBack");
  assert_writes (f, "phone:offline,-"); /* the newest change; Do Not Disturb there was their choice and stands */
  event (f, "offline none no-call");
  after (f, 30);
  event (f, "available all no-call");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* Its time was over while the machine slept: nobody has decided against it. */
static void
test_slot_expired (Fixture *f, gconstpointer data)
{
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 2 * 3600);
  teams (f, "Available/Available");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
}

/* Graph is behind, and a session of ours is what it shows. */
static void
test_slot_not_visible_yet (Fixture *f, gconstpointer data)
{
  event (f, "available all connected");
  assert_writes (f, "session:call");
  after (f, 30);
  teams (f, "Busy/InACall");
  event (f, "available none connected");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 3);
  teams (f, "Busy/InACall");
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "session:none preferred:none");
  g_assert_true (ledger_is_empty (f));
}

/* A slot that was set but never arrived is no choice of anybody's. */
static void
test_slot_never_arrived (Fixture *f, gconstpointer data)
{
  PsWrite write;

  event (f, "available none no-call");
  write = take (f, PS_SIDE_TEAMS);
  assert_word (&write, "preferred:do-not-disturb");
  end (f, &write, PS_MAYBE_WRITTEN);
  for (int i = 0; i < 4; i++) {
    after (f, 30);
    teams (f, "Available/Available");
    write = take (f, PS_SIDE_TEAMS);
    assert_word (&write, "preferred:do-not-disturb");
    end (f, &write, PS_NOT_WRITTEN);
  }
  after (f, 60);
  assert_writes (f, "preferred:do-not-disturb");
}

/* Signed out of Teams, nothing in the slot shows. */
static void
test_slot_hidden (Fixture *f, gconstpointer data)
{
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "Offline/Offline");
  drain (f);
  g_assert_false (ledger_is_empty (f));
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  event (f, "available all no-call");
  assert_writes (f, "preferred:none");
}

/* Busy before the call by their own choice in Teams: during the call that cannot be told from our session. */
static void
test_slot_beneath_our_session (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/Busy");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all connected");
  assert_writes (f, "session:call");
  after (f, 60);
  teams (f, "Busy/Busy");
  event (f, "busy none connected");
  assert_writes (f, "");
  after (f, 60);
  event (f, "busy all no-call");
  assert_writes (f, "session:none");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ENGINE_TEST ("calls/call", fixture_set_up_at_rest, test_call);
  ENGINE_TEST ("calls/parked-is-no-call", fixture_set_up_at_rest, test_parked_is_no_call);
  ENGINE_TEST ("calls/meeting", fixture_set_up_at_rest, test_meeting);
  ENGINE_TEST ("calls/renewal", fixture_set_up_at_rest, test_renewal);
  ENGINE_TEST ("calls/renewal-fails", fixture_set_up_at_rest, test_renewal_fails);
  ENGINE_TEST ("choice/do-not-disturb", fixture_set_up_at_rest, test_do_not_disturb_chosen);
  ENGINE_TEST ("choice/busy", fixture_set_up_at_rest, test_busy_chosen);
  ENGINE_TEST ("choice/after-choice", fixture_set_up_at_rest, test_choice_after_choice);
  ENGINE_TEST ("choice/offline", fixture_set_up_at_rest, test_offline_chosen);
  ENGINE_TEST ("slot/not-free", fixture_set_up_at_rest, test_slot_not_free);
  ENGINE_TEST ("slot/taken-over", fixture_set_up_at_rest, test_slot_taken_over);
  ENGINE_TEST ("slot/expired", fixture_set_up_at_rest, test_slot_expired);
  ENGINE_TEST ("slot/not-visible-yet", fixture_set_up_at_rest, test_slot_not_visible_yet);
  ENGINE_TEST ("slot/never-arrived", fixture_set_up_at_rest, test_slot_never_arrived);
  ENGINE_TEST ("slot/hidden", fixture_set_up_at_rest, test_slot_hidden);
  ENGINE_TEST ("slot/beneath-our-session", fixture_set_up_at_rest, test_slot_beneath_our_session);
  return g_test_run ();
}
