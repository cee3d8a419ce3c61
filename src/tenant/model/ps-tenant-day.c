/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-day.h"

#include "ps-tenant-dice.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"

#include <string.h>

#define SECOND  ((gint64) 1000)
#define MINUTE  (60 * SECOND)
#define HOUR    (60 * MINUTE)
#define DAY     (24 * HOUR)
#define IDLE_MS (5 * MINUTE) /* from the last key pressed until the client says so */

typedef enum {
  AT_HOME,
  AT_DESK,
  MEETING,
  MEETING_ONLINE,
  PRESENTING,
  TEAMS_CALL,
  FOCUSING,
  IDLE,
  IDLE_AWAY,
  LUNCH,
  LUNCH_BY_HAND, /* … having said "be right back" */
  TEAMS_DND,     /* chosen by hand */
} Doing;

typedef enum {
  PHONE_IDLE,
  PHONE_RINGING,
  PHONE_TALKING,
  PHONE_HOLDING,
  PHONE_MEETING,
  PHONE_CHOSEN, /* Busy or Do Not Disturb by hand */
} PhoneDoing;

typedef struct {
  PsTenantDay *day;
  PsTenantPerson *person;

  PsTenantDice dice;
  Doing doing, next;
  gint64 day_ms; /* 0:00 of the day that is planned */
  gint64 lunch_ms, leave_ms;
  gboolean fed, absent;
  guint64 timer;

  PsTenantDice phone_dice;
  PhoneDoing phone_doing;
  guint64 call;
  gint64 call_until_ms;
  guint64 phone_timer;
} Life;

struct _PsTenantDay {
  PsTenantWorld *world;
  gint64 monday_ms; /* 0:00 of the first day, by the company's clock */
  GPtrArray *lives; /* Life, owned */
};

static gint64
now_of (const Life *life)
{
  return ps_tenant_world_now (life->day->world);
}

static gboolean
is_workday (const Life *life, gint64 day_ms)
{
  gint64 weekday = (day_ms - life->day->monday_ms) / DAY % 7;

  return weekday < 5;
}

/* --- the phone --- */

static PsTenantPhone *
phone_of (const Life *life)
{
  PsTenantExtension *extension = life->person->extension;

  if (extension == NULL || extension->deleted || extension->admin || strcmp (extension->status, "Enabled") != 0)
    return NULL;
  return extension->phone;
}

static void phone_due (PsTenantWorld *world, gpointer data);

static void
phone_in (Life *life, PhoneDoing doing, gint64 in_ms)
{
  life->phone_doing = doing;
  life->phone_timer = ps_tenant_world_at (life->day->world, now_of (life) + in_ms, phone_due, life);
}

/* Nothing on until something happens; whoever has gone home leaves the line dead until the next arrival. */
static void
phone_rest (Life *life)
{
  gboolean member = life->person->extension->queue_ids->len > 0;

  life->phone_doing = PHONE_IDLE;
  life->call = 0;
  if (life->doing != AT_HOME)
    phone_in (life, PHONE_IDLE, ps_tenant_dice_between (&life->phone_dice, 4 * MINUTE, (member ? 40 : 100) * MINUTE));
}

static void
talk (Life *life)
{
  PsTenantDice *dice = &life->phone_dice;
  gint64 lasts_ms = ps_tenant_dice_between (dice, 40 * SECOND, 12 * MINUTE);

  life->call_until_ms = now_of (life) + lasts_ms;
  if (ps_tenant_dice_chance (dice, 15))
    lasts_ms /= 2; /* put on hold in the middle */
  phone_in (life, PHONE_TALKING, lasts_ms);
}

static void
ring (Life *life, PsTenantPhone *phone, gboolean queue_call)
{
  if (!ps_tenant_phone_would_ring (phone, queue_call) ||
      (life->call = ps_tenant_phone_call_begin (phone, TRUE, queue_call, "Ringing")) == 0) {
    phone_rest (life); /* voicemail, or the next member of the queue */
    return;
  }
  phone_in (life, PHONE_RINGING, ps_tenant_dice_between (&life->phone_dice, 3 * SECOND, 22 * SECOND));
}

static void
phone_begin (Life *life, PsTenantPhone *phone)
{
  PsTenantDice *dice = &life->phone_dice;
  gboolean member = life->person->extension->queue_ids->len > 0;
  guint roll = ps_tenant_dice_below (dice, 100);

  if (member && roll < 50) {
    ring (life, phone, TRUE);
  } else if (roll < 68) {
    ring (life, phone, FALSE);
  } else if (roll < 90) {
    if (life->doing != AT_DESK || (life->call = ps_tenant_phone_call_begin (phone, FALSE, FALSE, "CallConnected")) == 0)
      phone_rest (life);
    else
      talk (life);
  } else if (roll < 93) {
    ps_tenant_phone_meeting (phone, TRUE);
    phone_in (life, PHONE_MEETING, ps_tenant_dice_between (dice, 15 * MINUTE, 50 * MINUTE));
  } else if (roll < 97) {
    ps_tenant_phone_person_choose (phone, roll < 95 ? "DoNotDisturb" : "Busy");
    phone_in (life, PHONE_CHOSEN, ps_tenant_dice_between (dice, 15 * MINUTE, 75 * MINUTE));
  } else {
    if (member)
      ps_tenant_phone_person_queue_calls (phone, roll < 99);
    phone_rest (life);
  }
}

static void
ringing_over (Life *life, PsTenantPhone *phone)
{
  gboolean free_to_answer = life->doing == AT_DESK || life->doing == IDLE || life->doing == FOCUSING;

  if (ps_tenant_phone_current_call (phone) == life->call &&
      ps_tenant_dice_chance (&life->phone_dice, free_to_answer ? 88 : 5)) {
    ps_tenant_phone_call_status (phone, life->call, "CallConnected");
    talk (life);
  } else {
    ps_tenant_phone_call_end (phone, life->call);
    phone_rest (life);
  }
}

static void
talking_over (Life *life, PsTenantPhone *phone)
{
  if (now_of (life) < life->call_until_ms) {
    ps_tenant_phone_call_status (phone, life->call, "OnHold");
    phone_in (life, PHONE_HOLDING, ps_tenant_dice_between (&life->phone_dice, 10 * SECOND, 90 * SECOND));
  } else {
    ps_tenant_phone_call_end (phone, life->call);
    phone_rest (life);
  }
}

static void
phone_due (PsTenantWorld *world, gpointer data)
{
  Life *life = data;
  PsTenantPhone *phone = phone_of (life);

  life->phone_timer = 0;
  if (phone == NULL) {
    phone_rest (life);
    return;
  }
  switch (life->phone_doing) {
  case PHONE_IDLE:
    if (life->doing != AT_HOME)
      phone_begin (life, phone);
    break;
  case PHONE_RINGING:
    ringing_over (life, phone);
    break;
  case PHONE_TALKING:
    talking_over (life, phone);
    break;
  case PHONE_HOLDING:
    ps_tenant_phone_call_status (phone, life->call, "CallConnected");
    phone_in (life, PHONE_TALKING, MAX (SECOND, life->call_until_ms - now_of (life)));
    life->call_until_ms = 0; /* not twice */
    break;
  case PHONE_MEETING:
    ps_tenant_phone_meeting (phone, FALSE);
    phone_rest (life);
    break;
  case PHONE_CHOSEN:
    ps_tenant_phone_person_choose (phone, "Available");
    phone_rest (life);
    break;
  }
}

/* --- Teams --- */

static PsTenantTeams *
teams_of (const Life *life)
{
  PsTenantMicrosoftUser *user = life->person->microsoft;

  return user != NULL && user->enabled && !user->deleted ? user->teams : NULL;
}

static void
say (const Life *life, const char *availability, const char *activity)
{
  PsTenantTeams *teams = teams_of (life);

  if (teams != NULL)
    ps_tenant_teams_person_client (teams, availability, activity);
}

static void
choose (const Life *life, const char *availability)
{
  PsTenantTeams *teams = teams_of (life);

  if (teams != NULL)
    ps_tenant_teams_person_choose (teams, availability);
}

static void teams_due (PsTenantWorld *world, gpointer data);

static void
due_at (Life *life, gint64 at_ms)
{
  life->timer = ps_tenant_world_at (life->day->world, at_ms, teams_due, life);
}

static void
plan_day (Life *life, gint64 day_ms)
{
  PsTenantDice *dice = &life->dice;

  while (!is_workday (life, day_ms))
    day_ms += DAY;
  life->day_ms = day_ms;
  life->doing = AT_HOME;
  life->absent = ps_tenant_dice_chance (dice, 4);
  life->fed = FALSE;
  life->lunch_ms = day_ms + ps_tenant_dice_between (dice, 11 * HOUR + 40 * MINUTE, 13 * HOUR + 20 * MINUTE);
  life->leave_ms = day_ms + ps_tenant_dice_between (dice, 16 * HOUR, 18 * HOUR + 30 * MINUTE);
  due_at (life, day_ms + ps_tenant_dice_between (dice, 7 * HOUR, 8 * HOUR + 30 * MINUTE) +
                    ps_tenant_dice_between (dice, 0, HOUR));
}

static Doing
roll_next (PsTenantDice *dice)
{
  static const struct {
    Doing doing;
    guint percent;
  } table[] = {
    { MEETING, 22 }, { MEETING_ONLINE, 12 }, { PRESENTING, 6 }, { TEAMS_CALL, 28 }, { FOCUSING, 7 }, { TEAMS_DND, 3 },
  };
  guint roll = ps_tenant_dice_below (dice, 100);

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    if (roll < table[i].percent)
      return table[i].doing;
    roll -= table[i].percent;
  }
  return IDLE;
}

static gboolean
is_meeting (Doing doing)
{
  return doing == MEETING || doing == MEETING_ONLINE || doing == PRESENTING;
}

/* At the desk until the next thing, which lunch and the end of the day come before. */
static void
sit_down (Life *life)
{
  PsTenantDice *dice = &life->dice;
  gint64 now_ms = now_of (life);
  gint64 at_ms = now_ms + ps_tenant_dice_between (dice, 3 * MINUTE, 45 * MINUTE);

  life->doing = AT_DESK;
  life->next = roll_next (dice);
  if (is_meeting (life->next))
    at_ms += 30 * MINUTE - (at_ms - life->day_ms) % (30 * MINUTE);
  if (!life->fed && at_ms >= life->lunch_ms) {
    life->next = ps_tenant_dice_chance (dice, 15) ? LUNCH_BY_HAND : LUNCH;
    at_ms = MAX (now_ms + MINUTE, life->lunch_ms);
  }
  if (at_ms >= life->leave_ms) {
    life->next = AT_HOME;
    at_ms = MAX (now_ms + MINUTE, life->leave_ms);
  }
  say (life, "Available", "Available");
  due_at (life, at_ms);
}

static void
arrive (Life *life)
{
  PsTenantTeams *teams = teams_of (life);
  PsTenantPhone *phone = phone_of (life);

  if (teams != NULL)
    ps_tenant_teams_person_out_of_office (teams, life->absent);
  if (life->absent) {
    plan_day (life, life->day_ms + DAY);
    return;
  }
  sit_down (life);
  if (phone == NULL)
    return;
  if (strcmp (ps_tenant_phone_shown (phone).user_status, "Offline") == 0)
    ps_tenant_phone_person_choose (phone, "Available");
  if (life->phone_timer == 0)
    phone_rest (life);
}

static void
go_home (Life *life)
{
  PsTenantPhone *phone = phone_of (life);

  say (life, "Offline", "Offline");
  if (phone != NULL && life->phone_doing == PHONE_IDLE && ps_tenant_dice_chance (&life->dice, 15))
    ps_tenant_phone_person_choose (phone, "Offline");
  plan_day (life, life->day_ms + DAY);
}

/* How long it takes, in minutes. */
static gint64
roll_minutes (PsTenantDice *dice, Doing doing)
{
  switch (doing) {
  case MEETING:
  case MEETING_ONLINE:
    return ps_tenant_dice_chance (dice, 65) ? 30 : 60;
  case PRESENTING:
    return ps_tenant_dice_between (dice, 10, 25);
  case TEAMS_CALL:
    return ps_tenant_dice_between (dice, 2, 18);
  case FOCUSING:
    return 60;
  case TEAMS_DND:
    return ps_tenant_dice_between (dice, 20, 80);
  case IDLE_AWAY:
    return ps_tenant_dice_between (dice, 3, 25);
  default:
    return ps_tenant_dice_between (dice, 30, 55); /* lunch */
  }
}

/* What the Teams client says of it by itself, or what the person picks by hand. */
static const struct {
  const char *availability, *activity; /* NULL: it goes on saying what it said … */
  const char *chosen;                  /* … and this is picked */
} shows_as[] = {
  [MEETING] = { "Busy", "InAMeeting" },
  [MEETING_ONLINE] = { "Busy", "InAConferenceCall" },
  [PRESENTING] = { "DoNotDisturb", "Presenting" },
  [TEAMS_CALL] = { "Busy", "InACall" },
  [FOCUSING] = { "DoNotDisturb", "Focusing" },
  [IDLE] = { "Available", "AvailableInactive" },
  [IDLE_AWAY] = { "Away", "Away" },
  [LUNCH] = { "Away", "Away" },
  [LUNCH_BY_HAND] = { .chosen = "BeRightBack" },
  [TEAMS_DND] = { .chosen = "DoNotDisturb" },
};

static void
begin (Life *life, Doing doing)
{
  gint64 over_ms;

  if (doing == AT_HOME) {
    go_home (life);
    return;
  }
  if (doing == AT_DESK) {
    sit_down (life);
    return;
  }
  life->doing = doing;
  life->fed |= doing == LUNCH || doing == LUNCH_BY_HAND;
  if (shows_as[doing].chosen != NULL)
    choose (life, shows_as[doing].chosen);
  else
    say (life, shows_as[doing].availability, shows_as[doing].activity);
  over_ms = now_of (life) + (doing == IDLE ? IDLE_MS : roll_minutes (&life->dice, doing) * MINUTE);
  /* Meetings end on the half hour, also those that go on after the slides. */
  if (doing == MEETING || doing == MEETING_ONLINE)
    over_ms -= (over_ms - life->day_ms) % (30 * MINUTE);
  due_at (life, over_ms);
}

static void
teams_due (PsTenantWorld *world, gpointer data)
{
  Life *life = data;

  life->timer = 0;
  switch (life->doing) {
  case AT_HOME:
    arrive (life);
    break;
  case AT_DESK:
    begin (life, life->next);
    break;
  case IDLE:
    /* Half of them touch the mouse just in time. */
    begin (life, ps_tenant_dice_chance (&life->dice, 50) ? IDLE_AWAY : AT_DESK);
    break;
  case PRESENTING:
    begin (life, MEETING_ONLINE); /* the meeting goes on when the slides are over */
    break;
  case LUNCH_BY_HAND:
  case TEAMS_DND:
    choose (life, NULL);
    sit_down (life);
    break;
  default:
    sit_down (life);
    break;
  }
}

/* --- the company --- */

gint64
ps_tenant_day_run_up_ms (void)
{
  return 3 * HOUR + 30 * MINUTE; /* from 6:00, before the first one comes */
}

static Life *
add_life (PsTenantDay *day, PsTenantPerson *person)
{
  Life *life = g_new0 (Life, 1);
  guint64 seed = ps_tenant_world_options (day->world)->seed;

  life->day = day;
  life->person = person;
  life->dice = ps_tenant_dice_mix (seed, 0x61, person->index);
  life->phone_dice = ps_tenant_dice_mix (seed, 0x62, person->index);
  g_ptr_array_add (day->lives, life);
  return life;
}

static void
just_sit (PsTenantPerson *person)
{
  if (person->microsoft != NULL && person->microsoft->enabled)
    ps_tenant_teams_person_client (person->microsoft->teams, "Available", "Available");
}

static gboolean
lives (PsTenantDay *day)
{
  return ps_tenant_world_options (day->world)->daily_life;
}

void
ps_tenant_day_add_person (PsTenantDay *day, PsTenantPerson *person)
{
  gint64 today_ms = day->monday_ms + (ps_tenant_world_now (day->world) - day->monday_ms) / DAY * DAY;
  Life *life;

  if (!lives (day)) {
    just_sit (person);
    return;
  }
  life = add_life (day, person);
  plan_day (life, today_ms);
  /* The first day begins with the contract. */
  if (life->day_ms == today_ms && ps_tenant_world_now (day->world) < life->leave_ms) {
    ps_tenant_world_cancel (day->world, life->timer);
    life->absent = FALSE;
    arrive (life);
  }
}

static void
life_free (gpointer data)
{
  Life *life = data;

  ps_tenant_world_cancel (life->day->world, life->timer);
  ps_tenant_world_cancel (life->day->world, life->phone_timer);
  g_free (life);
}

PsTenantDay *
ps_tenant_day_new (PsTenantWorld *world)
{
  const GPtrArray *people = ps_tenant_world_people (world);
  gint64 start_ms = ps_tenant_world_options (world)->start_ms;
  PsTenantDay *day = g_new0 (PsTenantDay, 1);

  day->world = world;
  day->lives = g_ptr_array_new_with_free_func (life_free);
  day->monday_ms = start_ms - start_ms % (30 * MINUTE) - 9 * HOUR - 30 * MINUTE;
  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (!lives (day))
      just_sit (person);
    else if (person->extension == NULL || !person->extension->admin)
      plan_day (add_life (day, person), day->monday_ms);
  }
  return day;
}

void
ps_tenant_day_free (PsTenantDay *day)
{
  if (day == NULL)
    return;
  g_ptr_array_unref (day->lives);
  g_free (day);
}
