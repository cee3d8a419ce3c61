/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people do, with what is noted of it: when the person's own status in Teams changed, and what they chose on the
 * phone so that it can be seen (Busy chosen where ours stood already is no news to anybody).
 */
#include "config.h"

#include "simulation.h"

#include <math.h>
#include <string.h>

static const struct {
  const char *availability, *activity;
} states[] = {
  { "Available", "Available" },
  { "Available", "Available" },
  { "Busy", "InACall" },
  { "Busy", "InACall" },
  { "Busy", "InAMeeting" },
  { "Busy", "InAConferenceCall" },
  { "DoNotDisturb", "Presenting" },
  { "DoNotDisturb", "Focusing" },
  { "Away", "Away" },
  { "Available", "AvailableInactive" },
  { "Offline", "Offline" },
};
static const char *const teams_choices[] = { "Busy", "DoNotDisturb", "BeRightBack", "Away", "Available", "Offline" };
static const char *const phone_choices[] = { "Available", "Available", "Busy", "DoNotDisturb", "Offline" };

#define PICK(sim, array) ((array)[sim_between (sim, 0, G_N_ELEMENTS (array) - 1)])

static void
note_teams (Simulation *sim, SimPerson *person, const PsTenantTeamsInside *before)
{
  PsTenantTeamsInside now;
  gboolean same_client, same_slot;

  ps_tenant_teams_look_inside (person->teams, &now);
  same_client = strcmp (now.client_availability, before->client_availability) == 0 &&
                strcmp (now.client_activity, before->client_activity) == 0;
  same_slot = now.preferred == before->preferred && now.preferred_by_application == before->preferred_by_application &&
              g_strcmp0 (now.preferred_availability, before->preferred_availability) == 0;
  if (!same_slot && now.preferred)
    person->slot_chosen_ms = sim_now (sim);
  if (same_client && same_slot)
    return;
  person->teams_changed_ms = sim_now (sim);
  person->changes++;
}

void
sim_person_teams (Simulation *sim, SimPerson *person, const char *availability, const char *activity)
{
  PsTenantTeamsInside before;

  sim_trace (sim, person, "Teams client says %s/%s", availability, activity);
  ps_tenant_teams_look_inside (person->teams, &before);
  ps_tenant_teams_person_client (person->teams, availability, activity);
  note_teams (sim, person, &before);
}

void
sim_person_teams_choose (Simulation *sim, SimPerson *person, const char *availability)
{
  PsTenantTeamsInside before;

  sim_trace (sim, person, "chooses %s in Teams", availability != NULL ? availability : "(reset)");
  ps_tenant_teams_look_inside (person->teams, &before);
  ps_tenant_teams_person_choose (person->teams, availability);
  note_teams (sim, person, &before);
}

static gboolean
is_ours (guint known, PsLedgerSet maybe, guint value)
{
  return value == known || (maybe & PS_LEDGER_BIT (value)) != 0;
}

/* Was the choice before this one never told? Then a way there and back again looks like none. */
static gboolean
unseen (gint64 chosen_ms, gint64 known_ms)
{
  return chosen_ms != 0 && known_ms == 0;
}

/* A value from before our write may be chosen again before its event is there: that event looks like an old one. */
static gboolean
is_crossing (Simulation *sim, SimPerson *person)
{
  return sim_now (sim) < person->landed_ms + 10 * SIM_SECOND;
}

static void
note_status (Simulation *sim, SimPerson *person, const char *value)
{
  SimChoice *choice = &person->choice;

  choice->status_unsure =
      unseen (choice->status_ms, choice->status_known_ms) || is_crossing (sim, person) ||
      is_ours (person->disk.phone_status, person->disk.phone_status_maybe, ps_phone_status_from_wire (value));
  choice->status = value;
  choice->status_ms = sim_now (sim);
  choice->status_known_ms = 0;
  person->changes++;
}

static void
note_calls (Simulation *sim, SimPerson *person, const char *value)
{
  SimChoice *choice = &person->choice;

  choice->calls_unsure =
      unseen (choice->calls_ms, choice->calls_known_ms) || is_crossing (sim, person) ||
      is_ours (person->disk.phone_calls, person->disk.phone_calls_maybe, ps_phone_calls_from_wire (value));
  choice->calls = value;
  choice->calls_ms = sim_now (sim);
  choice->calls_known_ms = 0;
  person->changes++;
}

static void
note_phone (Simulation *sim, SimPerson *person, const PsTenantPhoneShown *before)
{
  PsTenantPhoneShown now = ps_tenant_phone_shown (person->phone);

  if (strcmp (now.user_status, before->user_status) != 0)
    note_status (sim, person, now.user_status);
  if (strcmp (now.dnd_status, before->dnd_status) != 0)
    note_calls (sim, person, now.dnd_status);
}

void
sim_person_phone_choose (Simulation *sim, SimPerson *person, const char *choice)
{
  PsTenantPhoneShown before = ps_tenant_phone_shown (person->phone);

  sim_trace (sim, person, "chooses %s in RingCentral", choice);
  if (strcmp (choice, "queue calls") == 0)
    ps_tenant_phone_person_queue_calls (person->phone, TRUE);
  else if (strcmp (choice, "no queue calls") == 0)
    ps_tenant_phone_person_queue_calls (person->phone, FALSE);
  else
    ps_tenant_phone_person_choose (person->phone, choice);
  note_phone (sim, person, &before);
}

void
sim_person_call (Simulation *sim, SimPerson *person, gboolean on)
{
  person->changes++;
  sim_trace (sim, person, "RingCentral call %s", on ? "begins" : "ends");
  if (!on)
    ps_tenant_phone_call_end (person->phone, person->call);
  person->call = on ? ps_tenant_phone_call_begin (person->phone, FALSE, FALSE, "CallConnected") : 0;
}

void
sim_person_end_calls (Simulation *sim, SimPerson *person)
{
  guint64 call;

  while ((call = ps_tenant_phone_current_call (person->phone)) != 0)
    ps_tenant_phone_call_end (person->phone, call);
  person->call = 0;
  ps_tenant_phone_meeting (person->phone, FALSE);
}

static void
act_on_a_call (Simulation *sim, SimPerson *person)
{
  const char *status = ps_tenant_phone_shown (person->phone).telephony_status;

  if (strcmp (status, "Ringing") == 0 && sim_percent (sim, 70))
    ps_tenant_phone_call_status (person->phone, person->call, "CallConnected");
  else if (strcmp (status, "CallConnected") == 0 && sim_percent (sim, 20))
    ps_tenant_phone_call_status (person->phone, person->call, sim_percent (sim, 80) ? "OnHold" : "ParkedCall");
  else
    sim_person_call (sim, person, FALSE);
  person->changes++;
}

static void
act_on_phone (Simulation *sim, SimPerson *person)
{
  gint64 roll = sim_between (sim, 0, 99);

  if (person->call != 0 && roll < 70) {
    act_on_a_call (sim, person);
  } else if (person->call == 0 && roll < 40) {
    sim_person_call (sim, person, TRUE);
    if (roll < 15)
      ps_tenant_phone_call_status (person->phone, person->call, "Ringing");
  } else if (roll < 48) {
    sim_trace (sim, person, "RingCentral meeting, on or off");
    ps_tenant_phone_meeting (person->phone,
                             strcmp (ps_tenant_phone_shown (person->phone).meeting_status, "Connected") != 0);
    person->changes++;
  } else if (roll < 55) {
    sim_person_phone_choose (sim, person, roll < 52 ? "no queue calls" : "queue calls");
  } else {
    sim_person_phone_choose (sim, person, PICK (sim, phone_choices));
  }
}

static void
act_on_teams (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsInside inside;
  guint state = sim_between (sim, 0, G_N_ELEMENTS (states) - 1);

  ps_tenant_teams_look_inside (person->teams, &inside);
  if (inside.preferred && !inside.preferred_by_application && sim_percent (sim, 60))
    sim_person_teams_choose (sim, person, NULL);
  else if (sim_percent (sim, 20))
    sim_person_teams_choose (sim, person, PICK (sim, teams_choices));
  else
    sim_person_teams (sim, person, states[state].availability, states[state].activity);
}

typedef struct {
  Simulation *sim;
  SimPerson *person;
} Act;

static void
act (PsTenantWorld *world, gpointer data)
{
  Act *next = data;
  Simulation *sim = next->sim;
  double gap = -log (1.0 - g_rand_double (sim->rand)) * 100;

  if (!sim->acting) {
    g_free (next);
    return;
  }
  if (sim_percent (sim, 50))
    act_on_teams (sim, next->person);
  else
    act_on_phone (sim, next->person);
  /* Now and then both at once, or several in a row. */
  ps_tenant_world_at (
      world, sim_now (sim) + (sim_percent (sim, 20) ? sim_between (sim, 0, 3000) : llround (gap * 1000)), act, next);
}

void
sim_people_begin (Simulation *sim)
{
  sim->acting = TRUE;
  for (guint i = 0; i < sim->people->len; i++) {
    Act *first = g_new0 (Act, 1);

    first->sim = sim;
    first->person = sim->people->pdata[i];
    ps_tenant_world_at (sim->world, sim_now (sim) + sim_between (sim, 0, 60 * SIM_SECOND), act, first);
  }
}
