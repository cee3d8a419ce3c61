/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's insides, shared by its files:
 *   ps-engine.c         users, lines, timers, taking and ending writes
 *   ps-engine-teams.c   what a Teams reading means
 *   ps-engine-phone.c   what a RingCentral reading means
 *   ps-engine-wanted.c  what should be written for a user, now
 */
#pragma once

#include "ps-engine.h"

G_BEGIN_DECLS

/* A reading that flips between call and meeting is believed after this long: joining a meeting reads as a call at
 * first, and calls flip in the middle. */
#define PS_FLIP_MS (10 * 1000)
/* Graph may show what we have just taken away, or not yet show what we have just put there, for a while ("3 s for
 * writes, 5 s for reads" as vendors measured; Microsoft names no figure). Asked later than this, a reading is believed.
 */
#define PS_ECHO_MS    (15 * 1000)
#define PS_VISIBLE_MS (30 * 1000)
/* This much a reading can be behind when the order of two changes is at stake. */
#define PS_BEHIND_MS (5 * 1000)
/* The event of our own write can be behind the reply. */
#define PS_PHONE_ECHO_MS (10 * 1000)
/* Short life on calls, so that nobody stays Busy after a crash; long enough for a renewal to be missed once. */
#define PS_SESSION_S          (10 * 60)
#define PS_SESSION_RENEW_MS   (3 * 60 * 1000) /* before the end */
#define PS_PREFERRED_S        (60 * 60)
#define PS_PREFERRED_RENEW_MS (10 * 60 * 1000)
#define PS_REFUSED_MS         (60 * 60 * 1000)
#define PS_RETRY_FIRST_MS     2000
#define PS_RETRY_MAX_MS       (60 * 1000)

typedef enum {
  DRIVER_NOBODY, /* not read yet */
  DRIVER_TEAMS,  /* Teams changed last: the phone follows the table */
  DRIVER_PHONE,  /* the person chose something in RingCentral last: it stands */
} Driver;

#define NOT_QUEUED PS_N_URGENCIES

/* A user's place in one side's line. */
typedef struct {
  guint32 previous, next; /* PS_NO_USER: the end */
  guint8 line;            /* PsUrgency, or NOT_QUEUED */
  guint8 under_way;
  guint8 tries; /* failed in a row */
  guint8 refused;
  gint64 not_before_ms;
  gint64 since_ms;   /* the observation that made it dirty; 0: clean */
  gint64 left_ms;    /* when the last write was taken */
  gint64 written_ms; /* when it ended */
  guint64 number;    /* the last write's */
} Place;

/* The two things that a person can choose in RingCentral. */
enum {
  CHOSE_STATUS = 1 << 0,
  CHOSE_CALLS = 1 << 1,
};

typedef struct {
  gboolean used : 1;
  gboolean synced : 1;
  gboolean in_queue : 1;
  gboolean first_sync : 1; /* nothing has changed since it was synced first */
  gboolean ledger_changed : 1;
  gboolean on_call : 1, in_meeting : 1;       /* what our session stands for */
  gboolean status_echo : 1, calls_echo : 1;   /* our write's own event is still to come */
  gboolean status_raced : 1, calls_raced : 1; /* the person chose while our write was under way: which came last? */
  gboolean timer_set : 1;
  guint8 driver;
  guint8 chosen; /* CHOSE_…: what stands because the person chose it; 0 unless DRIVER_PHONE */

  /* Teams */
  guint8 teams_true;   /* PsTeamsStatus of the person: what shows, ours taken away */
  guint8 teams_acted;  /* the one the phone follows */
  guint8 teams_before; /* what showed when we last wrote the slot */
  guint8 teams_held;   /* flipped to, not yet believed; PS_TEAMS_UNKNOWN: none */
  gboolean teams_was_inactive : 1;
  gboolean teams_inactive_kept : 1; /* the present status is an inactivity that "preserve" ignores */
  PsTeamsReading teams;             /* as shown */
  gint64 teams_sent_ms;             /* of the newest reading; 0: never read */
  gint64 teams_true_ms;             /* of the newest one that nothing of ours hid the person's own status from */
  gint64 held_since_ms, held_prior_sent_ms;
  gint64 preferred_put_ms;                   /* when we last wrote something else into the slot */
  gint64 session_gone_ms, preferred_gone_ms; /* when we last took our session, or what was in the slot, away */
  guint8 preferred_gone;                     /* PsTeamsPreferred */

  /* RingCentral */
  PsPhoneReading phone;               /* as shown; phone.sequence is the newest event's */
  gint64 phone_seen_ms;               /* 0: never */
  gint64 phone_event_ms;              /* when the newest event arrived */
  gint64 phone_change_ms;             /* when the person last changed something there */
  guint8 status_before, calls_before; /* what stood before our last write */
  guint8 status_wrote, calls_wrote;   /* what it put there */
  guint8 person_open_calls;           /* the last value the person had that lets calls through */
  guint8 choice;                      /* PsTeamsPreferred: what the person's choice asks Teams to show */

  PsLedger ledger;
  gint64 last_change_ms;
  gint64 timer_ms; /* earliest entry in the heap */
  Place place[PS_N_SIDES];
} User;

/* Something new was seen: a refusal no longer counts, and the delay is measured from now on. */
static inline void
ps_place_news (Place *place, gint64 now_ms)
{
  place->since_ms = now_ms;
  if (place->refused)
    place->not_before_ms = 0;
  place->refused = FALSE;
}

typedef struct {
  guint32 first, last;
  guint length;
} Line;

typedef struct {
  gint64 at_ms;
  PsUser user;
} Timer;

struct _PsEngine {
  GArray *users;  /* User */
  GArray *unused; /* PsUser: holes in users */
  Line lines[PS_N_SIDES][PS_N_URGENCIES];
  GArray *timers;                /* Timer: a binary heap by time; entries may be outdated */
  GArray *changed;               /* PsUser: ledger_changed */
  PsBudget *budgets[PS_N_SIDES]; /* (owned) (nullable) */
  PsRules rules;
  gboolean standby;
  guint under_way[PS_N_SIDES];
  guint64 writes; /* taken so far */
};

#define USER(engine, i) (&g_array_index ((engine)->users, User, (i)))

/* After anything about @user changed: in which lines does it belong, when is it to be looked at again? */
void ps_engine_update (PsEngine *engine, PsUser user, gint64 now_ms);
void ps_engine_ledger_changed (PsEngine *engine, PsUser user);

/* ps-engine-wanted.c: FALSE if nothing is to be written. @due_ms: when to look again (lowered, never raised). */
gboolean ps_engine_want_phone (PsEngine *engine, const User *u, PsWrite *write);
gboolean ps_engine_want_teams (PsEngine *engine, const User *u, gint64 now_ms, PsWrite *write, gint64 *due_ms);

/* ps-engine-phone.c: the first reading since the program started, or the user is synced from now on. What stands there
 * is the person's, unless the ledger knows it as ours. Do Not Disturb keeps calls away and is never there by accident:
 * at first sight it counts as chosen, and so does what an earlier run had carried over to Teams. A userStatus alone is
 * more often a leftover, and follows Teams. */
void ps_engine_begin_phone (PsEngine *engine, PsUser user, User *u);

/* ps-engine-teams.c: acts on a held flip that has lasted long enough. */
void ps_engine_settle_flip (PsEngine *engine, User *u, gint64 now_ms);

G_END_DECLS
