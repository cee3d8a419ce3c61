/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine against the demo tenant's model, in virtual time, from a seed. Everything happens as a timer of the world:
 *   sim-people.c    what people do
 *   sim-services.c  what a request meets on its way: the model, delays, limits, faults; and the events
 *   sim-program.c   the program around the engine: polls, sweeps, the disk, kills
 *   sim-promises.c  what must hold, written down independently of src/core
 * The same seed and options replay exactly.
 */
#pragma once

#include "ps-engine.h"
#include "ps-tenant-limits.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"

#define SIM_APP      "5a5a5a5a-0000-4000-8000-000000000001"
#define SIM_SECOND   ((gint64) 1000)
#define SIM_MINUTE   (60 * SIM_SECOND)
#define SIM_POLL_MS  (30 * SIM_SECOND)
#define SIM_SWEEP_MS (3 * SIM_MINUTE)
/* A sweep, a penalty and the longest back-off fit in; and the life of a session, which a request of a killed run can
 * begin after the next run has cleared it. */
#define SIM_QUIET_MS  (12 * SIM_MINUTE)
#define SIM_SETTLE_MS (100 * SIM_SECOND)

typedef struct {
  guint64 seed;
  guint people;
  double hours;
} SimOptions;

typedef struct {
  const char *status, *calls;             /* of the phone, as the person last chose it visibly */
  gint64 status_ms, calls_ms;             /* when; 0: never */
  gint64 status_known_ms, calls_known_ms; /* when the program of that time was told, 0: not yet */
  /* They came back to the value that the program takes for its own, and it may not have seen them go. */
  gboolean status_unsure, calls_unsure; /* … or chose while a write of ours was about to be seen */
} SimChoice;

typedef struct {
  PsTenantMicrosoftUser *microsoft;
  PsTenantExtension *extension;
  PsTenantTeams *teams;
  PsTenantPhone *phone;
  PsUser user;
  PsLedger disk;
  guint64 call; /* 0: none */
  /* Teams as it was before its last change: what a server that is behind answers. */
  PsTenantTeamsShown shown, shown_before;
  gint64 shown_ms;
  /* Truth, for the promises. */
  SimChoice choice;
  gint64 teams_changed_ms; /* the person's own status in Teams, shown or hidden */
  gint64 landed_ms;        /* the last write to the phone */
  gint64 slot_chosen_ms;   /* … and their own choice in the slot */
  const char *slot_ours;   /* (nullable): the availability that we last put there */
  guint refused;           /* bits by PsWriteKind: the last write of that kind was */
  const char *telephony_told;
  guint changes, writes; /* real changes; writes that changed something, renewals aside */
  GQueue trace;          /* char *, the newest lines */
} SimPerson;

typedef struct {
  SimOptions options;
  PsTenantWorld *world;
  GRand *rand;
  GPtrArray *people; /* SimPerson, owned */
  PsRules rules;
  gboolean acting, faults;
  /* services */
  PsTenantLimit *limit;
  gboolean with_sequence;
  /* program */
  PsEngine *engine; /* (nullable): NULL while it is down */
  PsBudget *budgets[PS_N_SIDES];
  guint run; /* counts up at each start and kill: what belongs to another run is void */
  gint64 run_started_ms, pump_ms;
  gboolean enabled;
  guint kills;
  guint64 writes;
  char *broken; /* (owned) (nullable): the promise that was broken first */
} Simulation;

Simulation *sim_new (const SimOptions *options);
void sim_free (Simulation *sim);
void sim_pass (Simulation *sim, gint64 ms);
gint64 sim_now (Simulation *sim);
/* low … high, both included. */
gint64 sim_between (Simulation *sim, gint64 low, gint64 high);
gboolean sim_percent (Simulation *sim, guint percent);
void sim_trace (Simulation *sim, SimPerson *person, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Keeps the first one. */
void sim_break (Simulation *sim, SimPerson *person, const char *format, ...) G_GNUC_PRINTF (3, 4);

/* sim-people.c */
void sim_people_begin (Simulation *sim);
void sim_person_teams (Simulation *sim, SimPerson *person, const char *availability, const char *activity);
void sim_person_teams_choose (Simulation *sim, SimPerson *person, const char *availability); /* (nullable) */
void sim_person_phone_choose (Simulation *sim, SimPerson *person, const char *choice);
void sim_person_call (Simulation *sim, SimPerson *person, gboolean on);
void sim_person_end_calls (Simulation *sim, SimPerson *person);

/* sim-services.c */
void sim_services_begin (Simulation *sim);
typedef struct {
  Simulation *sim;
  SimPerson *person;
  guint run;
  PsWrite write;
  gint64 taken_ms, retry_after_ms;
  PsWritten result;
  PsPhoneReading reading;
} SimJob;
void sim_services_send (SimJob *job); /* (transfer full) */
void sim_services_poll (Simulation *sim);
void sim_services_sweep (Simulation *sim);

/* sim-program.c */
void sim_program_start (Simulation *sim);
void sim_program_kill (Simulation *sim);
void sim_program_kick (Simulation *sim);
void sim_program_reply (SimJob *job); /* (transfer full) */
void sim_program_enable (Simulation *sim, gboolean enabled);

/* sim-promises.c */
void sim_promise_before_phone (SimJob *job);
void sim_promise_before_preferred (SimJob *job);
void sim_promise_at_rest (Simulation *sim);
void sim_promise_follows_teams (Simulation *sim, SimPerson *person);
void sim_promise_on_a_call (Simulation *sim, SimPerson *person);
void sim_promise_no_call (Simulation *sim, SimPerson *person);
void sim_promise_choice (Simulation *sim, SimPerson *person, const char *choice);
void sim_promise_nothing_left (Simulation *sim);
