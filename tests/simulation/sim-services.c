/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lies between the program and the model: requests that take time, get lost on the way there or on the way back,
 * are refused or put off; events that are late, doubled, overtake each other or never come; a Graph server that is
 * behind.
 */
#include "config.h"

#include "simulation.h"

#include <string.h>

static gint64
latency (Simulation *sim)
{
  return sim->faults && sim_percent (sim, 5) ? sim_between (sim, 500, 4000) : sim_between (sim, 20, 300);
}

static PsPhoneReading
phone_reading (SimPerson *person)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);

  return (PsPhoneReading){
    .user_status = ps_phone_status_from_wire (shown.user_status),
    .calls = ps_phone_calls_from_wire (shown.dnd_status),
    .telephony = ps_telephony_from_wire (shown.telephony_status),
    .shown = ps_phone_status_from_wire (shown.presence_status),
    .meeting_known = TRUE,
    .meeting = strcmp (shown.meeting_status, "Connected") == 0,
  };
}

/* --- reading --- */

typedef struct {
  Simulation *sim;
  SimPerson *person;
  guint run;
  PsSeen how;
  PsPhoneReading phone;
  PsTeamsReading teams;
  gint64 sent_ms, seen_ms; /* when the state was as it says */
} Answer;

static gboolean
is_for_this_run (const Answer *answer)
{
  return answer->sim->engine != NULL && answer->sim->run == answer->run;
}

static void
phone_arrives (PsTenantWorld *world, gpointer data)
{
  g_autofree Answer *answer = data;
  SimChoice *choice = &answer->person->choice;
  gint64 now_ms = ps_tenant_world_now (world);

  if (!is_for_this_run (answer))
    return;
  sim_trace (answer->sim, answer->person, "  seen: phone %s, calls %s, %s%s (%s %" G_GUINT64_FORMAT ")",
             ps_phone_status_to_word (answer->phone.user_status), ps_phone_calls_to_word (answer->phone.calls),
             ps_telephony_to_word (answer->phone.telephony), answer->phone.meeting ? ", meeting" : "",
             answer->how == PS_SEEN_EVENT ? "event" : "read", answer->phone.sequence);
  if (choice->status_known_ms == 0 && choice->status_ms <= answer->seen_ms)
    choice->status_known_ms = now_ms;
  if (choice->calls_known_ms == 0 && choice->calls_ms <= answer->seen_ms)
    choice->calls_known_ms = now_ms;
  ps_engine_see_phone (answer->sim->engine, answer->person->user, &answer->phone, answer->how, answer->sent_ms, now_ms);
  sim_program_kick (answer->sim);
}

static void
teams_arrives (PsTenantWorld *world, gpointer data)
{
  g_autofree Answer *answer = data;

  if (!is_for_this_run (answer))
    return;
  if (answer->sim->acting || answer->teams.status != PS_TEAMS_AVAILABLE)
    sim_trace (answer->sim, answer->person, "  seen: Teams %s", ps_teams_status_to_word (answer->teams.status));
  ps_engine_see_teams (answer->sim->engine, answer->person->user, &answer->teams, answer->sent_ms,
                       ps_tenant_world_now (world));
  sim_program_kick (answer->sim);
}

static Answer *
ask (Simulation *sim, SimPerson *person, PsSeen how)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->sim = sim;
  answer->person = person;
  answer->run = sim->run;
  answer->how = how;
  answer->sent_ms = answer->seen_ms = sim_now (sim);
  return answer;
}

static void
answer_poll (PsTenantWorld *world, gpointer data)
{
  Answer *answer = data;
  Simulation *sim = answer->sim;
  SimPerson *person = answer->person;
  gboolean behind = sim->faults && sim_now (sim) < person->shown_ms + 5 * SIM_SECOND && sim_percent (sim, 40);
  const PsTenantTeamsShown *shown = behind ? &person->shown_before : &person->shown;
  g_autofree char *sequence = g_strdup_printf ("%019" G_GUINT64_FORMAT, shown->sequence);

  answer->teams = ps_teams_reading_from_words (shown->availability, shown->activity, shown->out_of_office,
                                               sim->with_sequence ? sequence : NULL);
  ps_tenant_world_at (world, sim_now (sim) + latency (sim), teams_arrives, answer);
}

void
sim_services_poll (Simulation *sim)
{
  gint64 there_ms = sim_now (sim) + latency (sim);

  for (guint i = 0; i < sim->people->len; i++)
    ps_tenant_world_at (sim->world, there_ms, answer_poll, ask (sim, sim->people->pdata[i], PS_SEEN_READ));
}

static void
answer_sweep (PsTenantWorld *world, gpointer data)
{
  Answer *answer = data;

  answer->phone = phone_reading (answer->person);
  answer->seen_ms = ps_tenant_world_now (world);
  ps_tenant_world_at (world, answer->seen_ms + latency (answer->sim), phone_arrives, answer);
}

void
sim_services_sweep (Simulation *sim)
{
  gint64 there_ms = sim_now (sim) + latency (sim);

  for (guint i = 0; i < sim->people->len; i++)
    ps_tenant_world_at (sim->world, there_ms, answer_sweep, ask (sim, sim->people->pdata[i], PS_SEEN_READ));
}

/* --- events --- */

static void
send_event (Simulation *sim, SimPerson *person)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (person->phone);
  guint copies = !sim->faults ? 1 : sim_percent (sim, 3) ? 0 : sim_percent (sim, 4) ? 2 : 1;

  for (guint i = 0; i < copies && sim->engine != NULL; i++) {
    Answer *event = ask (sim, person, PS_SEEN_EVENT);
    gint64 late_ms = sim->faults && sim_percent (sim, 12) ? sim_between (sim, 1000, 8000) : sim_between (sim, 30, 900);

    event->phone = phone_reading (person);
    event->phone.sequence = shown.sequence;
    event->phone.event_ms = sim_now (sim);
    /* "telephonyStatus (only if changed)" */
    if (g_strcmp0 (person->telephony_told, shown.telephony_status) == 0)
      event->phone.telephony = PS_TELEPHONY_UNKNOWN;
    ps_tenant_world_at (sim->world, sim_now (sim) + late_ms, phone_arrives, event);
  }
  person->telephony_told = shown.telephony_status;
}

/* A choice of theirs in the slot shows as long as any session lives: if that is ours, they seem to come or to sign out
 * when it comes and goes. */
static void
note_signed_out (Simulation *sim, SimPerson *person)
{
  if ((strcmp (person->shown.availability, "Offline") == 0) !=
      (strcmp (person->shown_before.availability, "Offline") == 0))
    person->teams_changed_ms = sim_now (sim);
}

static void
changed (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  Simulation *sim = data;

  for (guint i = 0; i < sim->people->len; i++) {
    SimPerson *person = sim->people->pdata[i];

    if (change == PS_TENANT_CHANGE_PHONE && subject == person->extension)
      send_event (sim, person);
    if (change == PS_TENANT_CHANGE_TEAMS && subject == person->microsoft) {
      person->shown_before = person->shown;
      person->shown = ps_tenant_teams_shown (person->teams);
      person->shown_ms = sim_now (sim);
      note_signed_out (sim, person);
    }
  }
}

void
sim_services_begin (Simulation *sim)
{
  static const PsTenantLimitRule rule = {
    .limit = 40, .window_ms = SIM_MINUTE, .penalty_ms = SIM_MINUTE, .restarting = TRUE
  };

  sim->limit = ps_tenant_limit_new (&rule);
  ps_tenant_world_listen (sim->world, changed, sim);
}

/* --- writing --- */

static PsWritten
put_phone (SimJob *job)
{
  gboolean new_handling = ps_tenant_world_options (job->sim->world)->new_call_handling;
  PsTenantPhoneWrite put = PS_TENANT_PHONE_WRITE_INIT;
  PsTenantPhoneInside before, now;
  const char *fault;

  put.user_status = ps_phone_status_to_wire (job->write.phone.user_status);
  if (!new_handling) {
    put.dnd_status = ps_phone_calls_to_wire (job->write.phone.calls);
  } else if (job->write.phone.calls != PS_CALLS_UNKNOWN) {
    put.dnd_status_personal = job->write.phone.calls == PS_CALLS_NONE ? "DoNotAcceptAnyCalls" : "TakeAllCalls";
    if (job->write.phone.calls != PS_CALLS_NONE)
      put.accept_call_queue_calls = job->write.phone.calls == PS_CALLS_ALL;
  }
  sim_promise_before_phone (job);
  ps_tenant_phone_look_inside (job->person->phone, &before);
  fault = ps_tenant_phone_put (job->person->phone, &put);
  ps_tenant_phone_look_inside (job->person->phone, &now);
  if (fault != NULL)
    sim_break (job->sim, job->person, "RingCentral refuses the %s that was written", fault);
  if (now.writes_without_effect == before.writes_without_effect)
    job->person->writes++;
  job->reading = phone_reading (job->person);
  return PS_WRITTEN;
}

static gboolean
has_own_slot (PsTenantTeams *teams)
{
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (teams, &inside);
  return inside.preferred && !inside.preferred_by_application;
}

static PsWritten
set_teams (SimJob *job)
{
  static const char *const session[] = { NULL, "InACall", "InAConferenceCall" };
  static const struct {
    const char *availability, *activity;
  } slot[] = { { NULL }, { "DoNotDisturb", "DoNotDisturb" }, { "Busy", "Busy" }, { "Offline", "OffWork" } };
  PsTenantTeams *teams = job->person->teams;
  const PsWrite *write = &job->write;
  PsTenantTeamsResult result;
  gboolean person_slot;

  if (write->why != PS_WHY_RENEWAL)
    job->person->writes++;
  if (write->kind == PS_WRITE_SESSION) {
    if (write->session == PS_SESSION_NONE)
      ps_tenant_teams_clear_presence (teams, SIM_APP); /* without a session: 404, as good as done */
    result = write->session == PS_SESSION_NONE
                 ? PS_TENANT_TEAMS_OK
                 : ps_tenant_teams_set_presence (teams, SIM_APP, "Busy", session[write->session], write->duration_s);
  } else {
    sim_promise_before_preferred (job);
    person_slot = has_own_slot (teams);
    result = write->preferred == PS_PREFERRED_NONE
                 ? ps_tenant_teams_clear_preferred (teams, SIM_APP)
                 : ps_tenant_teams_set_preferred (teams, SIM_APP, slot[write->preferred].availability,
                                                  slot[write->preferred].activity, write->duration_s);
    if (person_slot) /* a race that nobody could see: as if they had taken it back */
      job->person->teams_changed_ms = sim_now (job->sim);
    job->person->slot_ours = slot[write->preferred].availability;
  }
  if (result != PS_TENANT_TEAMS_OK)
    sim_break (job->sim, job->person, "Graph refuses what was written");
  return PS_WRITTEN;
}

static PsWritten
carry_out (SimJob *job)
{
  return job->write.kind == PS_WRITE_PHONE ? put_phone (job) : set_teams (job);
}

static void
reply_arrives (PsTenantWorld *world, gpointer data)
{
  sim_program_reply (data);
}

static gboolean
is_throttled (SimJob *job)
{
  PsTenantLimitAnswer answer;

  if (job->write.kind != PS_WRITE_PHONE) {
    if (job->sim->faults && sim_percent (job->sim, 1))
      job->retry_after_ms = sim_between (job->sim, 1000, 20000);
    return job->retry_after_ms > 0;
  }
  answer = ps_tenant_limit_take (job->sim->limit, sim_now (job->sim));
  if (!answer.allowed)
    job->retry_after_ms = answer.retry_after_ms;
  return !answer.allowed;
}

static void
write_lands (PsTenantWorld *world, gpointer data)
{
  SimJob *job = data;
  Simulation *sim = job->sim;
  gint64 roll = sim->faults ? sim_between (sim, 0, 99) : 100, reply_ms = latency (sim);
  g_autofree char *what = NULL;

  if (job->write.kind == PS_WRITE_PHONE)
    job->person->landed_ms = sim_now (sim);
  job->result = PS_WRITTEN;
  if (roll < 3) {
    job->result = PS_MAYBE_WRITTEN; /* lost on the way there */
    what = g_strdup ("the request is lost");
  } else if (is_throttled (job)) {
    job->result = PS_NOT_WRITTEN;
    what = g_strdup_printf ("429, retry after %" G_GINT64_FORMAT " ms", job->retry_after_ms);
  } else if (roll < 5) {
    job->result = PS_NOT_WRITTEN;
    what = g_strdup ("503");
  } else if (roll < 6) {
    job->result = PS_WRITE_WAS_REFUSED;
    what = g_strdup ("403");
  } else {
    carry_out (job);
    if (roll < 9)
      job->result = PS_MAYBE_WRITTEN; /* lost on the way back */
    what = g_strdup (roll < 9 ? "done, the reply is lost" : "done");
  }
  job->person->refused &= ~(1u << job->write.kind);
  if (job->result == PS_WRITE_WAS_REFUSED)
    job->person->refused |= 1u << job->write.kind;
  if (job->result == PS_MAYBE_WRITTEN)
    reply_ms = sim_between (sim, 1000, 10000);
  sim_trace (sim, job->person, "  write lands: %s", what);
  ps_tenant_world_at (world, sim_now (sim) + reply_ms, reply_arrives, job);
}

void
sim_services_send (SimJob *job)
{
  ps_tenant_world_at (job->sim->world, sim_now (job->sim) + latency (job->sim), write_lands, job);
}
