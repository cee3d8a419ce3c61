/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What should be written for a user: pure comparison of "should" with "shows".
 */
#include "config.h"

#include "ps-engine-private.h"

/* --- RingCentral --- */

/* What the person had, as far as it can be written: the legacy queue-only value cannot. */
static PsPhoneCalls
writable (PsPhoneCalls calls)
{
  return calls == PS_CALLS_QUEUE_ONLY || calls == PS_CALLS_UNKNOWN ? PS_CALLS_ALL : calls;
}

/* Undoing: each field that is still ours goes back to the person's value. */
static void
phone_undo (const User *u, PsPhoneWrite *should)
{
  if (ps_ledger_has_status (&u->ledger))
    should->user_status = u->ledger.person_status;
  if (ps_ledger_has_calls (&u->ledger))
    should->calls = writable (u->ledger.person_calls);
}

static void
phone_follow_teams (const PsEngine *engine, const User *u, PsPhoneWrite *should)
{
  PsPhoneWanted wanted = ps_rules_phone_for (&engine->rules, u->teams_acted, u->in_queue);

  if (wanted.nothing)
    return;
  should->user_status = wanted.user_status;
  switch (wanted.calls) {
  case PS_CALLS_WANT_ALL:
    should->calls = PS_CALLS_ALL;
    break;
  case PS_CALLS_WANT_NO_QUEUE:
    should->calls = PS_CALLS_NO_QUEUE;
    break;
  case PS_CALLS_WANT_NONE:
    should->calls = PS_CALLS_NONE;
    break;
  case PS_CALLS_WANT_OWN:
  default:
    if (ps_ledger_has_calls (&u->ledger))
      should->calls = writable (u->person_open_calls);
    break;
  }
}

/* What the person chose stands. What of ours is there beside it goes on following Teams (they chose not to be disturbed
 * while our Busy stood, and the meeting is over now); what of ours came to lie over the choice is taken away again. */
static void
phone_keep_choice (const PsEngine *engine, const User *u, PsPhoneWrite *should)
{
  phone_follow_teams (engine, u, should);
  if (!ps_ledger_has_status (&u->ledger))
    should->user_status = PS_PHONE_STATUS_UNKNOWN;
  else if (u->chosen & CHOSE_STATUS)
    should->user_status = u->ledger.person_status;
  if (!ps_ledger_has_calls (&u->ledger))
    should->calls = PS_CALLS_UNKNOWN;
  else if (u->chosen & CHOSE_CALLS)
    should->calls = writable (u->ledger.person_calls);
}

/* Nobody is made unreachable by a machine that sleeps: whatever of ours blocks calls is lifted, the rest stays. Nor
 * does lifting make matters worse: what the person last had that lets calls through. */
static void
phone_stand_by (const User *u, PsPhoneWrite *should)
{
  if (ps_ledger_has_calls (&u->ledger) && u->phone.calls != PS_CALLS_ALL)
    should->calls = writable (u->person_open_calls);
}

static PsUrgency
phone_urgency (const PsPhoneWrite *write)
{
  if (write->calls != PS_CALLS_UNKNOWN)
    return PS_URGENT;
  return write->user_status == PS_PHONE_OFFLINE ? PS_COSMETIC : PS_NORMAL;
}

static PsWhy
phone_why (const PsEngine *engine, const User *u)
{
  if (!u->synced || engine->standby)
    return PS_WHY_UNDO;
  if (u->first_sync)
    return PS_WHY_FIRST_SYNC;
  return engine->rules.customized && ps_rule_row_from_status (u->teams_acted) >= 0 ? PS_WHY_RULE : PS_WHY_MAPPING;
}

/* The ledger as it must stand on disk before @write leaves. What was there before is kept the first time only; what
 * stood there as ours stays beside the new value, for nobody knows which of the two is there until the service has
 * answered. */
static void
phone_ledger (const User *u, const PsPhoneWrite *write, PsLedger *ledger)
{
  if (write->user_status != PS_PHONE_STATUS_UNKNOWN) {
    if (!ps_ledger_has_status (ledger))
      ledger->person_status = u->phone.user_status;
    ledger->phone_status_maybe |= PS_LEDGER_BIT (write->user_status);
  }
  if (write->calls != PS_CALLS_UNKNOWN) {
    if (!ps_ledger_has_calls (ledger))
      ledger->person_calls = u->phone.calls;
    ledger->phone_calls_maybe |= PS_LEDGER_BIT (write->calls);
  }
}

/* Never write what is already so. A write whose end is not known leaves open what is there: then it is written again.
 */
static void
leave_out_what_is_so (const User *u, PsPhoneWrite *should)
{
  if (u->ledger.phone_status_maybe == 0 && should->user_status == u->phone.user_status)
    should->user_status = PS_PHONE_STATUS_UNKNOWN;
  if (u->ledger.phone_calls_maybe == 0 && should->calls == u->phone.calls)
    should->calls = PS_CALLS_UNKNOWN;
}

gboolean
ps_engine_want_phone (PsEngine *engine, const User *u, PsWrite *write)
{
  PsPhoneWrite should = { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_UNKNOWN };

  if (u->phone_seen_ms == 0)
    return FALSE;
  if (!u->synced)
    phone_undo (u, &should);
  else if (engine->standby)
    phone_stand_by (u, &should);
  else if (u->driver == DRIVER_TEAMS)
    phone_follow_teams (engine, u, &should);
  else if (u->driver == DRIVER_PHONE)
    phone_keep_choice (engine, u, &should);
  leave_out_what_is_so (u, &should);
  if (should.user_status == PS_PHONE_STATUS_UNKNOWN && should.calls == PS_CALLS_UNKNOWN)
    return FALSE;
  write->kind = PS_WRITE_PHONE;
  write->phone = should;
  write->urgency = phone_urgency (&should);
  write->why = phone_why (engine, u);
  write->ledger = u->ledger;
  phone_ledger (u, &should, &write->ledger);
  return TRUE;
}

/* --- Teams --- */

static gboolean
want_session (const User *u, gint64 now_ms, PsWrite *write, gint64 *due_ms)
{
  PsTeamsSession should = PS_SESSION_NONE;
  gint64 renew_ms = u->ledger.session_until_ms - PS_SESSION_RENEW_MS;

  if (u->synced && u->on_call)
    should = PS_SESSION_CALL;
  else if (u->synced && u->in_meeting)
    should = PS_SESSION_CONFERENCE;
  /* Not read yet: a call may still be going on there. */
  if (u->synced && u->phone_seen_ms == 0)
    return FALSE;
  if (should == u->ledger.session && u->ledger.session_maybe == 0 && (should == PS_SESSION_NONE || now_ms < renew_ms)) {
    if (should != PS_SESSION_NONE)
      *due_ms = MIN (*due_ms, renew_ms);
    return FALSE;
  }
  write->kind = PS_WRITE_SESSION;
  write->session = should;
  write->duration_s = PS_SESSION_S;
  write->urgency = PS_URGENT;
  write->why = !u->synced                    ? PS_WHY_UNDO
               : should == PS_SESSION_NONE   ? PS_WHY_CALL_OVER
               : should == u->ledger.session ? PS_WHY_RENEWAL
                                             : PS_WHY_CALL;
  write->ledger = u->ledger;
  if (should != PS_SESSION_NONE) {
    write->ledger.session_maybe |= PS_LEDGER_BIT (should);
    write->ledger.session_until_ms = now_ms + PS_SESSION_S * 1000;
  }
  return TRUE;
}

/* The person's own slot: ours to take only while nothing that a person chooses shows there. */
static gboolean
slot_is_free (const User *u)
{
  switch (u->teams.status) {
  case PS_TEAMS_DO_NOT_DISTURB:
  case PS_TEAMS_PRESENTING:
  case PS_TEAMS_FOCUSING:
  case PS_TEAMS_BE_RIGHT_BACK:
  case PS_TEAMS_UNKNOWN:
    return FALSE;
  case PS_TEAMS_BUSY:
    /* While our own session lives, its Busy/InACall can read as Busy/Busy: then it is no choice of the person's, unless
     * they were busy before. */
    return !u->teams.plain_busy ||
           (ps_ledger_has_session (&u->ledger) && u->teams_true != PS_TEAMS_BUSY && u->teams_true != PS_TEAMS_UNKNOWN);
  case PS_TEAMS_OFFLINE:
    return !u->teams.appears_offline;
  case PS_TEAMS_AVAILABLE:
  case PS_TEAMS_IN_A_CALL:
  case PS_TEAMS_IN_A_CONFERENCE_CALL:
  case PS_TEAMS_IN_A_MEETING:
  case PS_TEAMS_AWAY:
  default:
    return TRUE;
  }
}

static gboolean
want_preferred (const User *u, gint64 now_ms, PsWrite *write, gint64 *due_ms)
{
  PsTeamsPreferred should = u->synced ? (PsTeamsPreferred) u->choice : PS_PREFERRED_NONE;
  gint64 renew_ms = u->ledger.preferred_until_ms - PS_PREFERRED_RENEW_MS;

  /* It is given back only if it still shows what we put there. */
  if (u->teams_sent_ms == 0 || (u->synced && u->phone_seen_ms == 0))
    return FALSE;
  if (should == u->ledger.preferred && u->ledger.preferred_maybe == 0 &&
      (should == PS_PREFERRED_NONE || now_ms < renew_ms)) {
    if (should != PS_PREFERRED_NONE)
      *due_ms = MIN (*due_ms, renew_ms);
    return FALSE;
  }
  if (should != PS_PREFERRED_NONE && !ps_ledger_has_preferred (&u->ledger) && !slot_is_free (u))
    return FALSE;
  write->kind = PS_WRITE_PREFERRED;
  write->preferred = should;
  write->duration_s = PS_PREFERRED_S;
  write->urgency = PS_NORMAL;
  write->why = !u->synced                      ? PS_WHY_UNDO
               : should == PS_PREFERRED_NONE   ? PS_WHY_CHOICE_OVER
               : should == u->ledger.preferred ? PS_WHY_RENEWAL
                                               : PS_WHY_CHOICE;
  write->ledger = u->ledger;
  if (should != PS_PREFERRED_NONE) {
    write->ledger.preferred_maybe |= PS_LEDGER_BIT (should);
    write->ledger.preferred_until_ms = now_ms + PS_PREFERRED_S * 1000;
  }
  return TRUE;
}

gboolean
ps_engine_want_teams (PsEngine *engine, const User *u, gint64 now_ms, PsWrite *write, gint64 *due_ms)
{
  gint64 later = G_MAXINT64;

  return want_session (u, now_ms, write, due_ms != NULL ? due_ms : &later) ||
         want_preferred (u, now_ms, write, due_ms != NULL ? due_ms : &later);
}
