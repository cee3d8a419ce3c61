/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a RingCentral reading means: calls and meetings, which Teams is told of, and what the person has chosen there,
 * which is told from the echo of our own writes by the values we wrote.
 */
#include "config.h"

#include "ps-engine-private.h"

/* Older than what we have? Events are ordered by their sequence. An answer may be older than an event that overtook it,
 * and one that was asked before our own last write had ended does not tell whether it shows it. */
static gboolean
is_outdated (const User *u, const PsPhoneReading *reading, PsSeen how, gint64 sent_ms)
{
  const Place *place = &u->place[PS_SIDE_PHONE];

  if (how == PS_SEEN_EVENT)
    return reading->sequence != 0 && reading->sequence <= u->phone.sequence;
  return place->under_way || sent_ms < place->written_ms || sent_ms < u->phone_event_ms || sent_ms < u->phone_seen_ms;
}

static void
note_calls_and_meetings (User *u, gint64 now_ms)
{
  gboolean on_call = u->on_call, in_meeting = u->phone.meeting_known && u->phone.meeting;

  switch (u->phone.telephony) {
  case PS_TELEPHONY_CONNECTED:
  case PS_TELEPHONY_ON_HOLD:
    on_call = TRUE;
    break;
  case PS_TELEPHONY_NO_CALL:
    on_call = FALSE;
    break;
  case PS_TELEPHONY_RINGING: /* a second call rings, or the only one is parked: no change */
  case PS_TELEPHONY_PARKED:
  case PS_TELEPHONY_UNKNOWN:
  default:
    break;
  }
  if (on_call == u->on_call && in_meeting == u->in_meeting)
    return;
  u->on_call = on_call;
  u->in_meeting = in_meeting;
  u->last_change_ms = now_ms;
  ps_place_news (&u->place[PS_SIDE_TEAMS], now_ms);
}

static gboolean
person_does_not_disturb (const User *u)
{
  return u->phone.calls == PS_CALLS_NONE && !ps_ledger_has_calls (&u->ledger);
}

/* What a userStatus that the person chose asks Teams to show. */
static PsTeamsPreferred
choice_of_status (const PsEngine *engine, const User *u)
{
  if (ps_ledger_has_status (&u->ledger))
    return PS_PREFERRED_NONE;
  if (u->phone.user_status == PS_PHONE_BUSY)
    return PS_PREFERRED_BUSY;
  return u->phone.user_status == PS_PHONE_OFFLINE && engine->rules.offline_to_teams ? PS_PREFERRED_OFFLINE
                                                                                    : PS_PREFERRED_NONE;
}

static gboolean
status_is_of_ledger (const PsLedger *ledger, PsPhoneStatus status)
{
  return status != PS_PHONE_STATUS_UNKNOWN &&
         (status == ledger->phone_status || (ledger->phone_status_maybe & PS_LEDGER_BIT (status)));
}

static gboolean
calls_are_of_ledger (const PsLedger *ledger, PsPhoneCalls calls)
{
  return calls != PS_CALLS_UNKNOWN &&
         (calls == ledger->phone_calls || (ledger->phone_calls_maybe & PS_LEDGER_BIT (calls)));
}

/* What stands there has been seen, with no write under way: that settles what became of the last one. @status is ours,
 * or the person's own (then nothing of ours is left). */
static void
settle_status (PsEngine *engine, PsUser user, PsLedger *ledger, PsPhoneStatus status)
{
  PsPhoneStatus ours =
      status_is_of_ledger (ledger, status) && status != ledger->person_status ? status : PS_PHONE_STATUS_UNKNOWN;

  if (ledger->phone_status == ours && ledger->phone_status_maybe == 0)
    return;
  ledger->phone_status = ours;
  ledger->phone_status_maybe = 0;
  ps_engine_ledger_changed (engine, user);
}

static void
settle_calls (PsEngine *engine, PsUser user, PsLedger *ledger, PsPhoneCalls calls)
{
  PsPhoneCalls ours = calls_are_of_ledger (ledger, calls) && calls != ledger->person_calls ? calls : PS_CALLS_UNKNOWN;

  if (ledger->phone_calls == ours && ledger->phone_calls_maybe == 0)
    return;
  ledger->phone_calls = ours;
  ledger->phone_calls_maybe = 0;
  ps_engine_ledger_changed (engine, user);
}

/* Is what the ledger calls ours still there? While a write's end was not known, a value that is the one from before it
 * means that it never left: that is nobody's choice. Any other value is the person's. Returns: CHOSE_…. */
static guint
check_ledger (PsEngine *engine, PsUser user, User *u)
{
  PsLedger *ledger = &u->ledger;
  guint chose = 0;

  if (ps_ledger_has_status (ledger) && !status_is_of_ledger (ledger, u->phone.user_status) &&
      (ledger->phone_status_maybe == 0 || u->phone.user_status != ledger->person_status))
    chose |= CHOSE_STATUS;
  if (ps_ledger_has_calls (ledger) && !calls_are_of_ledger (ledger, u->phone.calls) &&
      (ledger->phone_calls_maybe == 0 || u->phone.calls != ledger->person_calls))
    chose |= CHOSE_CALLS;
  settle_status (engine, user, ledger, u->phone.user_status);
  settle_calls (engine, user, ledger, u->phone.calls);
  return chose;
}

void
ps_engine_begin_phone (PsEngine *engine, PsUser user, User *u)
{
  /* With a write under way nobody knows yet what stands there. */
  guint chose = u->place[PS_SIDE_PHONE].under_way ? 0 : check_ledger (engine, user, u);

  u->person_open_calls = ps_ledger_has_calls (&u->ledger) ? u->ledger.person_calls : u->phone.calls;
  if (u->person_open_calls == PS_CALLS_NONE)
    u->person_open_calls = PS_CALLS_ALL;
  if (person_does_not_disturb (u))
    u->choice = PS_PREFERRED_DO_NOT_DISTURB;
  else if (chose != 0 || ps_ledger_has_preferred (&u->ledger))
    u->choice = choice_of_status (engine, u);
  else
    return;
  u->driver = DRIVER_PHONE;
  u->chosen = 0; /* what of ours stands here lies over nothing that was chosen after it */
}

/* Our own write comes back: by its event, or it has not come yet and the value from before is still in the events. */
static gboolean
status_is_ours (const User *u, PsPhoneStatus status, gboolean echo_awaited)
{
  return status_is_of_ledger (&u->ledger, status) || (echo_awaited && u->status_echo && status == u->status_before);
}

static gboolean
calls_are_ours (const User *u, PsPhoneCalls calls, gboolean echo_awaited)
{
  return calls_are_of_ledger (&u->ledger, calls) || (echo_awaited && u->calls_echo && calls == u->calls_before);
}

static void
person_chose (PsEngine *engine, User *u, guint what, const PsPhoneReading *reading, gint64 now_ms)
{
  if (person_does_not_disturb (u))
    u->choice = PS_PREFERRED_DO_NOT_DISTURB;
  else if ((what & CHOSE_STATUS) || u->choice == PS_PREFERRED_DO_NOT_DISTURB)
    u->choice = choice_of_status (engine, u);
  u->driver = DRIVER_PHONE;
  u->chosen |= what;
  /* The service's clock is believed only as far as it is possible. */
  u->phone_change_ms =
      reading->event_ms > 0 && reading->event_ms <= now_ms && reading->event_ms > now_ms - 10 * 60 * 1000
          ? reading->event_ms
          : now_ms;
  u->last_change_ms = now_ms;
  u->first_sync = FALSE;
  ps_place_news (&u->place[PS_SIDE_TEAMS], now_ms);
}

/* Can this reading still show what came last of our write and a choice that crossed it? Not an event of later. */
static gboolean
is_of_race (const Place *place, const PsPhoneReading *reading, PsSeen how)
{
  return how == PS_SEEN_READ || place->under_way || reading->event_ms == 0 || reading->event_ms <= place->written_ms;
}

/* The person chose while our write was under way, and now the value of that write is there: it came last, and lies over
 * what they chose. It is ours, with theirs beneath. If an answer does not show it, theirs came last, and all is well.
 */
static void
note_race (PsEngine *engine, PsUser user, User *u, const PsPhoneReading *reading, PsSeen how)
{
  gboolean decides = is_of_race (&u->place[PS_SIDE_PHONE], reading, how);

  if (u->status_raced && decides && reading->user_status == u->status_wrote) {
    u->ledger.person_status = u->phone.user_status;
    u->ledger.phone_status = u->phone.user_status = reading->user_status;
    ps_engine_ledger_changed (engine, user);
  }
  if (u->calls_raced && decides && reading->calls == u->calls_wrote) {
    u->ledger.person_calls = u->phone.calls;
    u->ledger.phone_calls = u->phone.calls = reading->calls;
    ps_engine_ledger_changed (engine, user);
  }
  if (how == PS_SEEN_READ || reading->user_status == u->status_wrote)
    u->status_raced = FALSE;
  if (how == PS_SEEN_READ || reading->calls == u->calls_wrote)
    u->calls_raced = FALSE;
}

/* Our last write's own event has not come yet: may it come after this one? */
static gboolean
may_race (const Place *place, const PsPhoneReading *reading, PsSeen how)
{
  return how == PS_SEEN_EVENT &&
         (place->under_way || (reading->event_ms != 0 && reading->event_ms <= place->written_ms));
}

/* Takes over the published values. Returns which of them a person has changed. */
static guint
note_published (PsEngine *engine, PsUser user, User *u, const PsPhoneReading *reading, PsSeen how, gint64 now_ms)
{
  const Place *place = &u->place[PS_SIDE_PHONE];
  gboolean echo_awaited = how == PS_SEEN_EVENT && (place->under_way || now_ms < place->written_ms + PS_PHONE_ECHO_MS);
  guint chose = 0;

  if (reading->user_status != PS_PHONE_STATUS_UNKNOWN && reading->user_status != u->phone.user_status &&
      !status_is_ours (u, reading->user_status, echo_awaited)) {
    chose |= CHOSE_STATUS;
    u->status_raced = u->status_echo && may_race (place, reading, how);
    u->phone.user_status = reading->user_status;
    settle_status (engine, user, &u->ledger, PS_PHONE_STATUS_UNKNOWN);
  }
  if (reading->calls != PS_CALLS_UNKNOWN && reading->calls != u->phone.calls &&
      !calls_are_ours (u, reading->calls, echo_awaited)) {
    chose |= CHOSE_CALLS;
    u->calls_raced = u->calls_echo && may_race (place, reading, how);
    u->phone.calls = reading->calls;
    settle_calls (engine, user, &u->ledger, PS_CALLS_UNKNOWN);
    if (reading->calls != PS_CALLS_NONE)
      u->person_open_calls = reading->calls;
  }
  return chose;
}

/* Does a reading of @value settle what stands there? An answer does, also that a write never arrived. An event may be
 * behind, and of an earlier one of several writes: it does if there is only one that it can be of, or if it shows that
 * the one under way has arrived. (An answer that was asked for meanwhile has been passed over.) */
static gboolean
settles (PsSeen how, gboolean under_way, PsLedgerSet maybe, guint value, guint wrote)
{
  if (value == 0)
    return FALSE;
  if (under_way)
    return value == wrote && (maybe & PS_LEDGER_BIT (value)) != 0;
  return how == PS_SEEN_READ || maybe == PS_LEDGER_BIT (value);
}

/* Ours has been seen there: the awaited event, or a lost reply is made good. */
static void
note_echo (PsEngine *engine, PsUser user, User *u, const PsPhoneReading *reading, PsSeen how)
{
  PsLedger *ledger = &u->ledger;
  gboolean under_way = u->place[PS_SIDE_PHONE].under_way;

  /* The reply shows it too, and events from before it are still to come then. */
  if (how == PS_SEEN_EVENT && reading->user_status == u->status_wrote)
    u->status_echo = FALSE;
  if (how == PS_SEEN_EVENT && reading->calls == u->calls_wrote)
    u->calls_echo = FALSE;
  if (settles (how, under_way, ledger->phone_status_maybe, reading->user_status, u->status_wrote)) {
    u->phone.user_status = reading->user_status;
    settle_status (engine, user, ledger, reading->user_status);
  }
  if (settles (how, under_way, ledger->phone_calls_maybe, reading->calls, u->calls_wrote)) {
    u->phone.calls = reading->calls;
    settle_calls (engine, user, ledger, reading->calls);
  }
}

/* What a reading says beside the published values; a field it leaves out keeps its value. */
static void
merge (PsPhoneReading *phone, const PsPhoneReading *reading)
{
  if (reading->telephony != PS_TELEPHONY_UNKNOWN)
    phone->telephony = reading->telephony;
  if (reading->shown != PS_PHONE_STATUS_UNKNOWN)
    phone->shown = reading->shown;
  if (reading->meeting_known) {
    phone->meeting_known = TRUE;
    phone->meeting = reading->meeting;
  }
  phone->hidden = reading->hidden;
  phone->sequence = MAX (phone->sequence, reading->sequence);
}

void
ps_engine_see_phone (PsEngine *engine, PsUser user, const PsPhoneReading *reading, PsSeen how, gint64 sent_ms,
                     gint64 now_ms)
{
  User *u = USER (engine, user);
  guint chose;

  g_return_if_fail (u->used);
  if (is_outdated (u, reading, how, sent_ms))
    return;
  merge (&u->phone, reading);
  if (how == PS_SEEN_EVENT)
    u->phone_event_ms = now_ms;
  if (u->phone_seen_ms == 0) {
    /* An event that does not say everything is no first sight: the sweep that follows is. */
    if (reading->user_status == PS_PHONE_STATUS_UNKNOWN || reading->calls == PS_CALLS_UNKNOWN)
      return;
    u->phone.user_status = reading->user_status;
    u->phone.calls = reading->calls;
    ps_engine_begin_phone (engine, user, u);
  } else {
    note_race (engine, user, u, reading, how);
    chose = note_published (engine, user, u, reading, how, now_ms);
    if (chose != 0)
      person_chose (engine, u, chose, reading, now_ms);
    note_echo (engine, user, u, reading, how);
  }
  u->phone_seen_ms = MAX (u->phone_seen_ms, how == PS_SEEN_EVENT ? now_ms : MAX (sent_ms, 1));
  note_calls_and_meetings (u, now_ms);
  ps_engine_update (engine, user, now_ms);
}
