/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who wins: a person against the machine, the newer change against the older, and our own writes, which are no news.
 */
#include "config.h"

#include "engine-fixture.h"

/* --- 1. a person beats the machine --- */

static void
test_chosen_in_ringcentral_stands (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all no-call");
  after (f, 60);
  teams (f, "Busy/InAMeeting");
  event (f, "available all no-call"); /* wants to be called all the same */
  for (int i = 0; i < 10; i++) {
    assert_writes (f, "");
    after (f, 30);
    teams (f, "Busy/InAMeeting");
    sweep (f, "available all no-call");
  }
  /* Until the other side changes after it. */
  teams (f, "DoNotDisturb/Presenting");
  assert_writes (f, "phone:-,none");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

static void
test_lifted_in_ringcentral_stands (Fixture *f, gconstpointer data)
{
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  event (f, "available none no-call");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  event (f, "available all no-call");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f)); /* nothing to be undone any more */
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  sweep (f, "available all no-call");
  assert_writes (f, "");
}

/* Not to be disturbed, while our Busy stands: that goes on following Teams, and the choice stands. */
static void
test_ours_beside_the_choice (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InAMeeting");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all no-call");
  after (f, 20);
  event (f, "busy no-queue-calls no-call");
  after (f, 5);
  teams (f, "Available/Available"); /* in the interval of the choice, which therefore wins: for what was chosen */
  assert_writes (f, "phone:available,-");
  after (f, 30);
  sweep (f, "available no-queue-calls no-call");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* --- 2. the newest real change --- */

static void
test_ringcentral_in_the_interval (Fixture *f, gconstpointer data)
{
  teams (f, "Available/Available");
  after (f, 10);
  event (f, "available none no-call");
  assert_writes (f, "preferred:do-not-disturb");
  after (f, 60);
  teams (f, "Busy/InAMeeting"); /* begun somewhere between, and our slot was taken away by them */
  assert_writes (f, "");
}

static void
test_teams_after_ringcentral (Fixture *f, gconstpointer data)
{
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  after (f, 60);
  teams (f, "Busy/Busy");
  after (f, 30);
  teams (f, "Away/Away");
  assert_writes (f, "phone:offline,-");
}

/* What Teams shows while our session hides the person's own status says nothing of when that changed. */
static void
test_interval_beneath_our_session (Fixture *f, gconstpointer data)
{
  event (f, "available all connected");
  assert_writes (f, "session:call");
  for (int i = 0; i < 4; i++) {
    after (f, 30);
    teams (f, "Busy/InACall"); /* theirs from some moment on, or only ours */
    if (i == 2)
      event (f, "offline all connected");
  }
  event (f, "offline all no-call");
  assert_writes (f, "session:none");
  after (f, 30);
  teams (f, "Busy/InACall");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Available/Available"); /* this is after it, surely */
  assert_writes (f, "phone:available,-");
}

/* The same if nobody knows when our session went. */
static void
test_interval_and_a_lost_reply (Fixture *f, gconstpointer data)
{
  PsWrite write;

  event (f, "available all connected");
  assert_writes (f, "session:call");
  after (f, 30);
  teams (f, "Busy/InACall");
  event (f, "offline all connected");
  after (f, 30);
  event (f, "offline all no-call");
  write = take (f, PS_SIDE_TEAMS);
  assert_word (&write, "session:none");
  end (f, &write, PS_MAYBE_WRITTEN);
  after (f, 1);
  teams (f, "Busy/InACall");
  after (f, 30);
  teams (f, "DoNotDisturb/Presenting");
  assert_writes (f, "session:none");
}

/* The same beneath our slot, on a call. */
static void
test_interval_beneath_our_slot (Fixture *f, gconstpointer data)
{
  event (f, "available none connected");
  assert_writes (f, "session:call preferred:do-not-disturb");
  after (f, 30);
  teams (f, "DoNotDisturb/DoNotDisturb");
  after (f, 30);
  event (f, "available all connected");
  assert_writes (f, "preferred:none");
  after (f, 5);
  teams (f, "Busy/InACall");
  after (f, 30);
  teams (f, "Busy/InAMeeting"); /* begun while nobody could see it */
  assert_writes (f, "");
}

/* An event can be late: it counts when it says it was. */
static void
test_event_time_counts (Fixture *f, gconstpointer data)
{
  PsPhoneReading reading = phone_reading ("busy all no-call");

  teams (f, "Available/Available");
  after (f, 1);
  reading.sequence = ++f->sequence;
  reading.event_ms = f->now_ms;
  after (f, 30);
  teams (f, "Available/Available");
  after (f, 10);
  ps_engine_see_phone (f->engine, f->user, &reading, PS_SEEN_EVENT, f->now_ms, f->now_ms);
  assert_writes (f, "preferred:busy");
  after (f, 20);
  teams (f, "DoNotDisturb/Presenting");
  assert_writes (f, "phone:-,none"); /* after the choice: the interval began after it */
}

/* --- 3. our own writes are not news --- */

static void
test_echo_of_the_phone (Fixture *f, gconstpointer data)
{
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "phone:-,none");
  event (f, "available none no-call");
  event (f, "available none no-call"); /* twice */
  assert_writes (f, "");
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  /* Late: it shows what stood before. */
  event (f, "available none no-call");
  assert_writes (f, "");
  event (f, "available all no-call");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:busy,-"); /* Teams is still the one that is followed */
}

/* The event overtakes the reply. */
static void
test_echo_before_the_reply (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "Busy/InACall");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.2);
  event (f, "busy all no-call");
  after (f, 0.2);
  end (f, &write, PS_WRITTEN);
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
}

/* The reply overtakes the events, those from before it too. */
static void
test_echo_after_the_reply (Fixture *f, gconstpointer data)
{
  PsPhoneReading reply = phone_reading ("busy all connected");
  PsWrite write;

  teams (f, "Busy/InACall");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.4);
  ps_engine_written (f->engine, &write, PS_WRITTEN, &reply, f->now_ms);
  event (f, "available all connected"); /* from before */
  event (f, "busy all connected");
  assert_writes (f, "session:call");
  after (f, 60);
  event (f, "busy all no-call");
  assert_writes (f, "session:none");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  g_assert_true (ledger_is_empty (f));
}

static void
test_out_of_order (Fixture *f, gconstpointer data)
{
  PsPhoneReading old = phone_reading ("busy none connected"), new = phone_reading ("available all no-call");

  old.sequence = 500;
  new.sequence = 501;
  ps_engine_see_phone (f->engine, f->user, &new, PS_SEEN_EVENT, f->now_ms, f->now_ms);
  ps_engine_see_phone (f->engine, f->user, &old, PS_SEEN_EVENT, f->now_ms, f->now_ms);
  ps_engine_see_phone (f->engine, f->user, &new, PS_SEEN_EVENT, f->now_ms, f->now_ms);
  assert_writes (f, "");
  /* An answer that was overtaken by an event. */
  after (f, 1);
  old.sequence = 0;
  ps_engine_see_phone (f->engine, f->user, &old, PS_SEEN_READ, f->now_ms - 2000, f->now_ms);
  assert_writes (f, "");
}

static void
test_teams_out_of_order (Fixture *f, gconstpointer data)
{
  PsTeamsReading old = ps_teams_reading_from_words ("Busy", "InAMeeting", FALSE, "0000000007");
  PsTeamsReading new = ps_teams_reading_from_words ("Away", "Away", FALSE, "0000000008");

  ps_engine_see_teams (f->engine, f->user, &new, f->now_ms, f->now_ms);
  assert_writes (f, "phone:offline,-");
  after (f, 30);
  ps_engine_see_teams (f->engine, f->user, &old, f->now_ms, f->now_ms); /* a server that is behind */
  assert_writes (f, "");
  ps_engine_see_teams (f->engine, f->user, &old, f->now_ms - 60000, f->now_ms);
  assert_writes (f, "");
}

/* Busy for InACall, as some tenants show it; and for a while after the call. */
static void
test_echo_of_the_session (Fixture *f, gconstpointer data)
{
  static const char *const seen[] = { "Busy/InACall", "Busy/Busy", "Busy/InAConferenceCall", "Available/Available" };

  event (f, "available all connected");
  assert_writes (f, "session:call");
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++) {
    after (f, 30);
    teams (f, seen[i]);
    assert_writes (f, "");
  }
  teams (f, "Busy/InACall");
  event (f, "available all no-call");
  assert_writes (f, "session:none");
  after (f, 10);
  teams (f, "Busy/InACall");
  assert_writes (f, "");
  after (f, 20);
  teams (f, "Busy/InACall"); /* that is somebody's own */
  assert_writes (f, "phone:busy,-");
}

/* Call and Do Not Disturb end together; Graph is behind with both. */
static void
test_two_echoes_at_once (Fixture *f, gconstpointer data)
{
  event (f, "available none connected");
  assert_writes (f, "session:call preferred:do-not-disturb");
  after (f, 60);
  teams (f, "DoNotDisturb/DoNotDisturb");
  event (f, "available all no-call");
  assert_writes (f, "session:none preferred:none");
  after (f, 5);
  teams (f, "Busy/InACall");
  after (f, 5);
  teams (f, "DoNotDisturb/DoNotDisturb");
  assert_writes (f, "");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "");
}

/* They chose the value from before, when our write had arrived and its reply had not: a choice all the same. */
static void
test_back_before_the_reply (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "Away/Away");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.2);
  event (f, "offline all no-call");
  after (f, 0.2);
  event (f, "available all no-call");
  after (f, 0.2);
  end (f, &write, PS_MAYBE_WRITTEN);
  after (f, 60);
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* What the person chose while our write was on its way, and our write then fell upon. */
static void
test_race_is_given_back (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.1);
  event (f, "busy no-queue-calls no-call"); /* chosen */
  after (f, 0.1);
  end (f, &write, PS_WRITTEN);
  event (f, "busy none no-call"); /* ours came last */
  assert_writes (f, "phone:-,no-queue-calls");
  after (f, 1);
  event (f, "busy no-queue-calls no-call");
  assert_writes (f, "");
  event (f, "available all no-call");
  drain (f);
  g_assert_true (ledger_is_empty (f));
}

/* The same, and the reply overtakes both events. */
static void
test_race_after_the_reply (Fixture *f, gconstpointer data)
{
  PsPhoneReading chosen = phone_reading ("available no-queue-calls no-call");
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.1);
  chosen.event_ms = f->now_ms;
  chosen.sequence = ++f->sequence;
  after (f, 0.2);
  end (f, &write, PS_WRITTEN);
  ps_engine_see_phone (f->engine, f->user, &chosen, PS_SEEN_EVENT, f->now_ms, f->now_ms);
  event (f, "available none no-call");
  assert_writes (f, "phone:-,no-queue-calls");
  g_assert_true (ledger_is_empty (f));
}

/* Our write was lost: what they choose later is no part of that. */
static void
test_race_is_over (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "Busy/InACall");
  write = take (f, PS_SIDE_PHONE);
  after (f, 0.1);
  event (f, "offline all no-call");
  after (f, 0.1);
  end (f, &write, PS_MAYBE_WRITTEN);
  after (f, 60);
  teams (f, "Busy/InACall");
  event (f, "busy all no-call");
  assert_writes (f, "preferred:busy");
  event (f, "offline all no-call");
  assert_writes (f, "preferred:none");
}

/* The same, and theirs came last. */
static void
test_race_is_won (Fixture *f, gconstpointer data)
{
  PsWrite write;

  teams (f, "DoNotDisturb/DoNotDisturb");
  write = take (f, PS_SIDE_PHONE);
  event (f, "available none no-call");
  after (f, 0.1);
  event (f, "available no-queue-calls no-call");
  after (f, 0.1);
  end (f, &write, PS_WRITTEN);
  assert_writes (f, "");
  after (f, 60);
  sweep (f, "available no-queue-calls no-call");
  assert_writes (f, "");
  g_assert_true (ledger_is_empty (f));
}

/* --- a call on both sides at once --- */

static void
test_teams_call_ends_first (Fixture *f, gconstpointer data)
{
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:busy,-");
  event (f, "busy all connected");
  assert_writes (f, "session:call");
  after (f, 30);
  teams (f, "Busy/InACall");
  after (f, 30);
  teams (f, "Busy/InACall"); /* over there by now, hidden by ours */
  event (f, "busy all no-call");
  assert_writes (f, "session:none");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  g_assert_true (ledger_is_empty (f));
}

static void
test_phone_call_ends_first (Fixture *f, gconstpointer data)
{
  event (f, "available all connected");
  assert_writes (f, "session:call");
  after (f, 30);
  teams (f, "Busy/InACall");
  event (f, "available all no-call");
  assert_writes (f, "session:none");
  after (f, 30);
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:busy,-");
  after (f, 30);
  teams (f, "Available/Available");
  assert_writes (f, "phone:available,-");
  g_assert_true (ledger_is_empty (f));
}

/* With rules that turn a call into Do Not Disturb. */
static void
test_both_with_rules (Fixture *f, gconstpointer data)
{
  PsRules rules = ps_rules_default ();

  rules.customized = TRUE;
  ps_engine_set_rules (f->engine, &rules, f->now_ms);
  teams (f, "Busy/InACall");
  assert_writes (f, "phone:-,none");
  event (f, "available none connected");
  assert_writes (f, "session:call"); /* Do Not Disturb is ours: never written to Teams */
  after (f, 60);
  event (f, "available none no-call");
  assert_writes (f, "session:none");
  after (f, 60);
  teams (f, "Available/Available");
  assert_writes (f, "phone:-,all");
  g_assert_true (ledger_is_empty (f));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ENGINE_TEST ("person/chosen-stands", fixture_set_up_at_rest, test_chosen_in_ringcentral_stands);
  ENGINE_TEST ("person/lifted-stands", fixture_set_up_at_rest, test_lifted_in_ringcentral_stands);
  ENGINE_TEST ("person/ours-beside-the-choice", fixture_set_up_at_rest, test_ours_beside_the_choice);
  ENGINE_TEST ("newest/ringcentral-in-the-interval", fixture_set_up_at_rest, test_ringcentral_in_the_interval);
  ENGINE_TEST ("newest/teams-after-ringcentral", fixture_set_up_at_rest, test_teams_after_ringcentral);
  ENGINE_TEST ("newest/interval-beneath-our-session", fixture_set_up_at_rest, test_interval_beneath_our_session);
  ENGINE_TEST ("newest/interval-beneath-our-slot", fixture_set_up_at_rest, test_interval_beneath_our_slot);
  ENGINE_TEST ("newest/interval-and-a-lost-reply", fixture_set_up_at_rest, test_interval_and_a_lost_reply);
  ENGINE_TEST ("newest/event-time-counts", fixture_set_up_at_rest, test_event_time_counts);
  ENGINE_TEST ("echo/phone", fixture_set_up_at_rest, test_echo_of_the_phone);
  ENGINE_TEST ("echo/before-the-reply", fixture_set_up_at_rest, test_echo_before_the_reply);
  ENGINE_TEST ("echo/after-the-reply", fixture_set_up_at_rest, test_echo_after_the_reply);
  ENGINE_TEST ("echo/out-of-order", fixture_set_up_at_rest, test_out_of_order);
  ENGINE_TEST ("echo/teams-out-of-order", fixture_set_up_at_rest, test_teams_out_of_order);
  ENGINE_TEST ("echo/session", fixture_set_up_at_rest, test_echo_of_the_session);
  ENGINE_TEST ("echo/two-at-once", fixture_set_up_at_rest, test_two_echoes_at_once);
  ENGINE_TEST ("race/back-before-the-reply", fixture_set_up_at_rest, test_back_before_the_reply);
  ENGINE_TEST ("race/given-back", fixture_set_up_at_rest, test_race_is_given_back);
  ENGINE_TEST ("race/after-the-reply", fixture_set_up_at_rest, test_race_after_the_reply);
  ENGINE_TEST ("race/over", fixture_set_up_at_rest, test_race_is_over);
  ENGINE_TEST ("race/won", fixture_set_up_at_rest, test_race_is_won);
  ENGINE_TEST ("both/teams-call-ends-first", fixture_set_up_at_rest, test_teams_call_ends_first);
  ENGINE_TEST ("both/phone-call-ends-first", fixture_set_up_at_rest, test_phone_call_ends_first);
  ENGINE_TEST ("both/with-rules", fixture_set_up_at_rest, test_both_with_rules);
  return g_test_run ();
}
