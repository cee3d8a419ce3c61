/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a Teams reading means. The resource has no originator: what we wrote comes back through the same readings and
 * has to be told from what the person does. While something of ours is live, a reading that looks like it says nothing
 * about the person (their true status is hidden behind ours) and changes nothing; any other reading is the person's.
 */
#include "config.h"

#include <string.h>

#include "ps-engine-private.h"

static gboolean
looks_like_session (const PsTeamsReading *reading)
{
  /* The activity comes back inconsistently: Busy/InACall is also read as Busy/Busy. */
  return reading->status == PS_TEAMS_IN_A_CALL || reading->status == PS_TEAMS_IN_A_CONFERENCE_CALL ||
         (reading->status == PS_TEAMS_BUSY && reading->plain_busy);
}

static gboolean
looks_like_preferred (const PsTeamsReading *reading, PsTeamsPreferred preferred)
{
  switch (preferred) {
  case PS_PREFERRED_DO_NOT_DISTURB:
    return reading->status == PS_TEAMS_DO_NOT_DISTURB;
  case PS_PREFERRED_BUSY:
    return reading->status == PS_TEAMS_BUSY && reading->plain_busy;
  case PS_PREFERRED_OFFLINE:
    return reading->status == PS_TEAMS_OFFLINE && reading->appears_offline;
  case PS_PREFERRED_NONE:
  default:
    return FALSE;
  }
}

static gboolean
shows_our_slot (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  /* Its time is over: it would have been renewed if the service had let us. */
  if (sent_ms >= u->ledger.preferred_until_ms + PS_ECHO_MS)
    return FALSE;
  for (PsTeamsPreferred preferred = PS_PREFERRED_DO_NOT_DISTURB; preferred <= PS_PREFERRED_OFFLINE; preferred++)
    if ((preferred == u->ledger.preferred || (u->ledger.preferred_maybe & PS_LEDGER_BIT (preferred))) &&
        looks_like_preferred (reading, preferred))
      return TRUE;
  return FALSE;
}

/* What we have taken out of the slot, or replaced there, a moment ago. */
static gboolean
shows_old_slot (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  return sent_ms < u->preferred_gone_ms + PS_ECHO_MS && looks_like_preferred (reading, u->preferred_gone);
}

static gboolean
is_echo (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  if (shows_our_slot (u, reading, sent_ms) || shows_old_slot (u, reading, sent_ms))
    return TRUE;
  return looks_like_session (reading) &&
         ((ps_ledger_has_session (&u->ledger) && sent_ms < u->ledger.session_until_ms + PS_ECHO_MS) ||
          sent_ms < u->session_gone_ms + PS_ECHO_MS);
}

/* Signed out: no session, so the slot does not show, whatever is in it. */
static gboolean
hides_the_slot (const PsTeamsReading *reading)
{
  return reading->status == PS_TEAMS_OFFLINE && !reading->appears_offline;
}

/* Is what we put into the slot no longer there? Somebody has chosen something else; then it is theirs again, and we
 * must not "give it back". */
static gboolean
slot_was_taken_over (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  if (!ps_ledger_has_preferred (&u->ledger) || shows_our_slot (u, reading, sent_ms) ||
      shows_old_slot (u, reading, sent_ms) || hides_the_slot (reading) || reading->status == PS_TEAMS_UNKNOWN)
    return FALSE;
  /* Not visible yet: nothing else has changed either. */
  return !((reading->status == u->teams_true || reading->status == u->teams_before) &&
           sent_ms < u->preferred_put_ms + PS_VISIBLE_MS);
}

/* Graph can be behind: a moment after we have written the slot, what is not ours may be from before, also if the person
 * chose it then, and ours lies over it now. Whoever waits for the next reading knows. */
static gboolean
is_before_our_slot (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  return ps_ledger_has_preferred (&u->ledger) && sent_ms < u->preferred_put_ms + PS_ECHO_MS &&
         !shows_our_slot (u, reading, sent_ms);
}

static void
note_slot (PsEngine *engine, PsUser user, User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  PsLedger *ledger = &u->ledger;

  if (!slot_was_taken_over (u, reading, sent_ms))
    return;
  /* If it never came to be there, or its time was over, nobody has decided against it: it is wanted as before. */
  if (ledger->preferred != PS_PREFERRED_NONE && sent_ms < ledger->preferred_until_ms)
    u->choice = PS_PREFERRED_NONE;
  ledger->preferred = PS_PREFERRED_NONE;
  ledger->preferred_maybe = 0;
  ledger->preferred_until_ms = 0;
  ps_engine_ledger_changed (engine, user);
}

static gboolean
is_flip (PsTeamsStatus a, PsTeamsStatus b)
{
  gboolean a_talks = a == PS_TEAMS_IN_A_CALL || a == PS_TEAMS_IN_A_CONFERENCE_CALL || a == PS_TEAMS_IN_A_MEETING;
  gboolean b_talks = b == PS_TEAMS_IN_A_CALL || b == PS_TEAMS_IN_A_CONFERENCE_CALL || b == PS_TEAMS_IN_A_MEETING;

  return a != b && a_talks && b_talks;
}

/* The person's status in Teams has really changed, somewhere between the two readings. */
static void
change (PsEngine *engine, User *u, PsTeamsStatus status, gint64 prior_sent_ms, gint64 now_ms)
{
  gboolean first = u->teams_true == PS_TEAMS_UNKNOWN;

  u->teams_true = status;
  u->teams_held = PS_TEAMS_UNKNOWN;
  if (!first) {
    u->last_change_ms = now_ms;
    u->first_sync = FALSE;
  }
  u->teams_inactive_kept = engine->rules.preserve_inactivity && u->teams_was_inactive;
  if (!u->teams_inactive_kept) {
    u->teams_acted = status;
    ps_place_news (&u->place[PS_SIDE_PHONE], now_ms);
  }
  if (first && u->driver == DRIVER_NOBODY)
    u->driver = DRIVER_TEAMS;
  if (first || u->teams_inactive_kept)
    return;
  /* A RingCentral change has a time; this one has an interval. If that falls into this, RingCentral wins. */
  if (u->driver == DRIVER_PHONE && u->phone_change_ms > prior_sent_ms - PS_BEHIND_MS)
    return;
  u->driver = DRIVER_TEAMS;
  u->chosen = 0;
  u->choice = PS_PREFERRED_NONE;
}

void
ps_engine_settle_flip (PsEngine *engine, User *u, gint64 now_ms)
{
  if (u->teams_held != PS_TEAMS_UNKNOWN && now_ms >= u->held_since_ms + PS_FLIP_MS)
    change (engine, u, u->teams_held, u->held_prior_sent_ms, now_ms);
}

static void
note_status (PsEngine *engine, User *u, PsTeamsStatus status, gint64 prior_sent_ms, gint64 now_ms)
{
  /* The same word, and yet a change: Available, which meant that nobody was at the keyboard and was ignored, and now
   * means it. */
  gboolean came_back = u->teams_inactive_kept && !u->teams_was_inactive;

  if (status == u->teams_true && !came_back) {
    u->teams_held = PS_TEAMS_UNKNOWN;
    return;
  }
  if (!is_flip (u->teams_true, status)) {
    change (engine, u, status, prior_sent_ms, now_ms);
    return;
  }
  if (u->teams_held != status) {
    u->teams_held = status;
    u->held_since_ms = now_ms;
    u->held_prior_sent_ms = prior_sent_ms;
  }
  ps_engine_settle_flip (engine, u, now_ms);
}

/* Older than what we have: asked before, or stamped before, or asked before our own last write there had ended, so that
 * nobody can say whether it shows it. The next reading will tell. */
static gboolean
is_outdated (const User *u, const PsTeamsReading *reading, gint64 sent_ms)
{
  const Place *place = &u->place[PS_SIDE_TEAMS];

  if (sent_ms < u->teams_sent_ms)
    return TRUE;
  /* The very first one is taken all the same: what of ours it may show is told by its looks, and nothing is known that
   * it could spoil. Else whoever is on a call when the program starts would wait a period for it. */
  if (u->teams_sent_ms != 0 && (place->under_way || sent_ms < place->written_ms))
    return TRUE;
  return reading->sequence[0] != '\0' && u->teams.sequence[0] != '\0' &&
         strcmp (reading->sequence, u->teams.sequence) < 0;
}

/* The person's status can have changed at any time since this: the last reading; or, if what we have taken away since
 * hid it, the last one before that. While our slot stands, whatever shows in its place would have shown then. */
static gint64
changed_since (const User *u)
{
  gboolean uncovered =
      !ps_ledger_has_preferred (&u->ledger) && MAX (u->preferred_gone_ms, u->session_gone_ms) > u->teams_true_ms;

  return uncovered ? u->teams_true_ms : u->teams_sent_ms;
}

void
ps_engine_see_teams (PsEngine *engine, PsUser user, const PsTeamsReading *reading, gint64 sent_ms, gint64 now_ms)
{
  User *u = USER (engine, user);
  gint64 since_ms = changed_since (u);

  g_return_if_fail (u->used);
  if (is_outdated (u, reading, sent_ms) || is_before_our_slot (u, reading, sent_ms))
    return;
  u->teams = *reading;
  u->teams_sent_ms = MAX (sent_ms, 1);
  note_slot (engine, user, u, reading, sent_ms);
  if (reading->status != PS_TEAMS_UNKNOWN && !is_echo (u, reading, sent_ms)) {
    /* Graph does not say why somebody is offline: read directly after an inactivity, it is one. */
    u->teams_was_inactive = reading->inactive || (reading->status == PS_TEAMS_OFFLINE && u->teams_was_inactive);
    note_status (engine, u, reading->status, since_ms, now_ms);
    u->teams_true_ms = sent_ms;
  }
  ps_engine_update (engine, user, now_ms);
}
