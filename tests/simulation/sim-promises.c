/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What must hold, in the services' own words, written down a second time from the page on what is synced: nothing here
 * asks src/core what is right.
 */
#include "config.h"

#include "simulation.h"

#include <string.h>

/* For each pair that Teams shows: userStatus and dndStatus; NULL: the person's own. And the row of the call rules. */
static const struct {
  const char *availability, *activity; /* NULL: any */
  const char *user_status, *dnd_status;
  int row; /* -1: none */
} table[] = {
  { "Available", NULL, "Available", NULL, -1 },
  { "Busy", "InACall", "Busy", NULL, PS_ROW_IN_A_CALL },
  { "Busy", "InAConferenceCall", "Busy", NULL, PS_ROW_IN_A_CONFERENCE_CALL },
  { "Busy", "InAMeeting", "Busy", NULL, PS_ROW_IN_A_MEETING },
  { "Busy", NULL, "Busy", NULL, PS_ROW_BUSY },
  { "DoNotDisturb", NULL, NULL, "DoNotAcceptAnyCalls", -1 },
  { "Away", NULL, "Offline", NULL, -1 },
  { "BeRightBack", NULL, "Offline", NULL, -1 },
  { "Offline", NULL, "Offline", NULL, PS_ROW_OFFLINE },
};

typedef struct {
  const char *user_status, *dnd_status; /* NULL: the person's own */
} Expected;

static Expected
expect (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsShown shown = ps_tenant_teams_shown (person->teams);
  gboolean member = person->extension->queue_ids->len > 0;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    if (strcmp (table[i].availability, shown.availability) != 0 ||
        (table[i].activity != NULL && strcmp (table[i].activity, shown.activity) != 0))
      continue;
    if (!sim->rules.customized || table[i].row < 0)
      return (Expected){ table[i].user_status, table[i].dnd_status };
    switch (sim->rules.rule[table[i].row]) {
    case PS_RULE_NO_CALLS:
      return (Expected){ NULL, "DoNotAcceptAnyCalls" };
    case PS_RULE_NO_QUEUE_CALLS:
      return (Expected){ table[i].user_status, member ? "DoNotAcceptDepartmentCalls" : "TakeAllCalls" };
    case PS_RULE_ALL_CALLS:
    default:
      return (Expected){ table[i].user_status, "TakeAllCalls" };
    }
  }
  g_assert_not_reached ();
}

/* Nothing that a person cannot see stands in Teams unless there is a reason for it. */
static gboolean
teams_is_their_own (SimPerson *person)
{
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (person->teams, &inside);
  return !inside.session && !(inside.preferred && inside.preferred_by_application);
}

/* --- at every write --- */

/* "A person beats the machine": what they chose is overwritten only if Teams changed after it, or if the program had
 * not been told, or does not know any more since when it stands (but Do Not Disturb counts as chosen at first sight).
 */
static gboolean
may_overwrite (SimJob *job, const char *value, const char *chosen, gint64 chosen_ms, gint64 known_ms)
{
  if (chosen_ms == 0 || strcmp (value, chosen) != 0 || job->person->teams_changed_ms >= chosen_ms)
    return TRUE;
  if (known_ms == 0 || known_ms >= job->taken_ms)
    return TRUE;
  if (chosen_ms < job->sim->run_started_ms + 5 * SIM_SECOND && strcmp (chosen, "DoNotAcceptAnyCalls") != 0)
    return TRUE; /* before the first sight */
  return FALSE;
}

static gboolean
was_known (SimJob *job, gint64 chosen_ms, gint64 known_ms)
{
  return chosen_ms == 0 || (known_ms != 0 && known_ms < job->taken_ms);
}

void
sim_promise_before_phone (SimJob *job)
{
  SimChoice *choice = &job->person->choice;
  PsTenantPhoneShown shown = ps_tenant_phone_shown (job->person->phone);
  const char *status = ps_phone_status_to_wire (job->write.phone.user_status);
  const char *calls = ps_phone_calls_to_wire (job->write.phone.calls);

  /* Written over, or beside, what the program had not been told of: it cannot know what to give back. */
  choice->status_unsure |= status != NULL && !was_known (job, choice->status_ms, choice->status_known_ms);
  choice->calls_unsure |= calls != NULL && !was_known (job, choice->calls_ms, choice->calls_known_ms);
  if (!job->sim->enabled)
    return; /* undoing is held against what is left in the end */
  if (status != NULL && !choice->status_unsure && strcmp (status, shown.user_status) != 0 &&
      !may_overwrite (job, shown.user_status, choice->status, choice->status_ms, choice->status_known_ms))
    sim_break (job->sim, job->person, "their %s is overwritten with %s", shown.user_status, status);
  if (calls != NULL && !choice->calls_unsure && strcmp (calls, shown.dnd_status) != 0 &&
      !may_overwrite (job, shown.dnd_status, choice->calls, choice->calls_ms, choice->calls_known_ms))
    sim_break (job->sim, job->person, "their %s is overwritten with %s", shown.dnd_status, calls);
}

/* The slot is taken only while it shows as free, and given back only if it shows what we put there. Just chosen: the
 * program cannot know. */
void
sim_promise_before_preferred (SimJob *job)
{
  static const char *const recognisable[] = { "Busy", "DoNotDisturb", "BeRightBack", "Offline", NULL };
  SimPerson *person = job->person;
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (person->teams, &inside);
  if (!inside.preferred || inside.preferred_by_application)
    return;
  if (MAX (person->slot_chosen_ms, person->shown_ms) > job->taken_ms - 90 * SIM_SECOND || inside.session ||
      strcmp (inside.client_availability, "Offline") == 0)
    return;
  if (!g_strv_contains (recognisable, inside.preferred_availability) ||
      g_strcmp0 (person->slot_ours, inside.preferred_availability) == 0)
    return;
  sim_break (job->sim, person, "their %s in the slot is touched", inside.preferred_availability);
}

/* --- after a quiet while --- */

static void
at_rest (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsInside teams;
  PsTenantPhoneInside phone;
  PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);
  Expected expected = expect (sim, person);
  gboolean do_not_disturb = strcmp (shown.dnd_status, "DoNotAcceptAnyCalls") == 0;

  ps_tenant_teams_look_inside (person->teams, &teams);
  ps_tenant_phone_look_inside (person->phone, &phone);
  if (teams.session)
    sim_break (sim, person, "stays in a call: our session lives");
  if (teams.preferred && teams.preferred_by_application) {
    gboolean own_calls = !phone.dnd_by_client || strcmp (shown.dnd_status, person->choice.calls) == 0;
    gboolean own_status = !phone.user_status_by_client || strcmp (shown.user_status, person->choice.status) == 0;
    gboolean ok = strcmp (teams.preferred_availability, "DoNotDisturb") == 0
                      ? do_not_disturb && own_calls
                      : strcmp (shown.user_status, teams.preferred_availability) == 0 && !do_not_disturb && own_status;

    if (!ok && !person->choice.calls_unsure && !person->choice.status_unsure)
      sim_break (sim, person, "our %s stands in the slot, and RingCentral shows %s, %s", teams.preferred_availability,
                 shown.user_status, shown.dnd_status);
    return; /* it hides what the phone would follow */
  }
  if (phone.dnd_by_client && do_not_disturb && !person->choice.calls_unsure &&
      strcmp (person->choice.calls, shown.dnd_status) != 0 && g_strcmp0 (expected.dnd_status, shown.dnd_status) != 0)
    sim_break (sim, person, "is stuck in Do Not Disturb");
  if (do_not_disturb && strcmp (person->choice.calls, shown.dnd_status) == 0)
    return; /* their own: nobody sees what is beneath */
  if (phone.user_status_by_client && !person->choice.status_unsure &&
      strcmp (person->choice.status, shown.user_status) != 0 && expected.user_status != NULL &&
      strcmp (expected.user_status, shown.user_status) != 0)
    sim_break (sim, person, "is stuck in %s, which should be %s; theirs is %s", shown.user_status, expected.user_status,
               person->choice.status);
}

static void
no_ping_pong (Simulation *sim, SimPerson *person)
{
  /* A change can concern the session, the slot and the phone, on the way in and on the way out; a start can cost a
   * write for what was not known, and a lost reply one for making sure. */
  if (person->writes > 3 * person->changes + 4 * (sim->kills + 1) + 4)
    sim_break (sim, person, "%u writes for %u changes", person->writes, person->changes);
}

void
sim_promise_at_rest (Simulation *sim)
{
  for (guint i = 0; i < sim->people->len; i++) {
    SimPerson *person = sim->people->pdata[i];

    if (!person->refused)
      at_rest (sim, person);
    no_ping_pong (sim, person);
  }
  if (ps_tenant_limit_count (sim->limit).refused_inside_penalty > 0)
    sim_break (sim, NULL, "a write left inside a penalty");
}

/* Teams was the last to change, and is in plain sight: the table, strictly. */
void
sim_promise_follows_teams (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsShown teams = ps_tenant_teams_shown (person->teams);
  PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);
  PsTenantPhoneInside inside;
  Expected expected = expect (sim, person);

  ps_tenant_phone_look_inside (person->phone, &inside);
  if (!teams_is_their_own (person))
    sim_break (sim, person, "something of ours is still in Teams");
  if ((expected.user_status != NULL && strcmp (expected.user_status, shown.user_status) != 0) ||
      (expected.dnd_status != NULL && strcmp (expected.dnd_status, shown.dnd_status) != 0) ||
      (expected.dnd_status == NULL && strcmp (shown.dnd_status, "DoNotAcceptAnyCalls") == 0 && inside.dnd_by_client &&
       !person->choice.calls_unsure && strcmp (person->choice.calls, shown.dnd_status) != 0))
    sim_break (sim, person, "Teams shows %s/%s, and RingCentral %s, %s", teams.availability, teams.activity,
               shown.user_status, shown.dnd_status);
}

void
sim_promise_on_a_call (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (person->teams, &inside);
  if (!inside.session || strcmp (inside.session_activity, "InACall") != 0)
    sim_break (sim, person, "is on a call, and Teams does not know");
}

void
sim_promise_no_call (Simulation *sim, SimPerson *person)
{
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (person->teams, &inside);
  if (inside.session)
    sim_break (sim, person, "is on no call any more, and Teams does not know");
}

/* RingCentral was the last to change: it stands, and Teams shows it. */
void
sim_promise_choice (Simulation *sim, SimPerson *person, const char *choice)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);
  gboolean do_not_disturb = strcmp (choice, "DoNotDisturb") == 0;
  gboolean in_slot = do_not_disturb || strcmp (choice, "Busy") == 0;
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (person->teams, &inside);
  if (do_not_disturb != (strcmp (shown.dnd_status, "DoNotAcceptAnyCalls") == 0) ||
      (!do_not_disturb && strcmp (shown.user_status, choice) != 0))
    sim_break (sim, person, "chose %s in RingCentral, which shows %s, %s", choice, shown.user_status, shown.dnd_status);
  if (in_slot != (inside.preferred && inside.preferred_by_application) ||
      (in_slot && strcmp (inside.preferred_availability, choice) != 0))
    sim_break (sim, person, "chose %s in RingCentral, and Teams has %s in the slot", choice,
               inside.preferred ? inside.preferred_availability : "nothing");
}

/* After everything was disabled. */
void
sim_promise_nothing_left (Simulation *sim)
{
  for (guint i = 0; i < sim->people->len; i++) {
    SimPerson *person = sim->people->pdata[i];
    PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);
    PsTenantPhoneInside inside;

    ps_tenant_phone_look_inside (person->phone, &inside);
    if (!ps_ledger_is_empty (&person->disk))
      sim_break (sim, person, "the ledger is not empty");
    if (!teams_is_their_own (person))
      sim_break (sim, person, "something of ours is left in Teams");
    if (inside.user_status_by_client && !person->choice.status_unsure &&
        strcmp (person->choice.status, shown.user_status) != 0)
      sim_break (sim, person, "our %s is left in RingCentral; theirs was %s", shown.user_status, person->choice.status);
    if (inside.dnd_by_client && !person->choice.calls_unsure && strcmp (person->choice.calls, shown.dnd_status) != 0)
      sim_break (sim, person, "our %s is left in RingCentral; theirs was %s", shown.dnd_status, person->choice.calls);
  }
}
