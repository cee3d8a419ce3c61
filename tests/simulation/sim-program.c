/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program around the engine, as src/sync does it: readings in, writes out, the ledger on the disk before a write
 * leaves; and kill -9, after which only the disk is left, and what has left the machine already.
 */
#include "config.h"

#include "simulation.h"

#define PHONE_AT_A_TIME 1 /* so that nothing can be under way while a 429 comes back */
#define TEAMS_AT_A_TIME 4

typedef struct {
  Simulation *sim;
  guint run;
} Tick;

static void
tick_at (Simulation *sim, gint64 at_ms, PsTenantFunc func)
{
  Tick *tick = g_new0 (Tick, 1);

  tick->sim = sim;
  tick->run = sim->run;
  ps_tenant_world_at (sim->world, at_ms, func, tick);
}

/* --- writes --- */

static const char *
write_word (const PsWrite *write)
{
  static const char *const sessions[] = { "session: none", "session: call", "session: conference" };
  static const char *const preferred[] = { "slot: none", "slot: do not disturb", "slot: busy", "slot: offline" };

  if (write->kind == PS_WRITE_PHONE)
    return "phone";
  return write->kind == PS_WRITE_SESSION ? sessions[write->session] : preferred[write->preferred];
}

static void
leaves (PsTenantWorld *world, gpointer data)
{
  SimJob *job = data;
  Simulation *sim = job->sim;
  PsBudget *budget = sim->budgets[job->write.kind == PS_WRITE_PHONE ? PS_SIDE_PHONE : PS_SIDE_TEAMS];

  if (sim->engine == NULL || sim->run != job->run) {
    g_free (job); /* killed before it left */
    return;
  }
  if (sim_now (sim) < ps_budget_closed_until (budget)) {
    job->result = PS_NOT_WRITTEN; /* the transport's gate: a 429 came back meanwhile */
    sim_program_reply (job);
    return;
  }
  sim_services_send (job);
}

static void
commit (Simulation *sim)
{
  PsUser user;

  while ((user = ps_engine_next_changed_ledger (sim->engine)) != PS_NO_USER)
    for (guint i = 0; i < sim->people->len; i++) {
      SimPerson *person = sim->people->pdata[i];

      if (person->user == user)
        ps_engine_ledger (sim->engine, user, &person->disk);
    }
}

static SimPerson *
person_of (Simulation *sim, PsUser user)
{
  for (guint i = 0; i < sim->people->len; i++)
    if (((SimPerson *) sim->people->pdata[i])->user == user)
      return sim->people->pdata[i];
  g_assert_not_reached ();
}

static void
send_writes (Simulation *sim, PsSide side, guint at_a_time)
{
  PsWrite write;

  while (ps_engine_under_way (sim->engine, side) < at_a_time &&
         ps_engine_next_write (sim->engine, side, sim_now (sim), &write)) {
    SimJob *job = g_new0 (SimJob, 1);

    job->sim = sim;
    job->person = person_of (sim, write.user);
    job->run = sim->run;
    job->write = write;
    job->taken_ms = sim_now (sim);
    job->person->disk = write.ledger;
    sim->writes++;
    sim_trace (sim, job->person, "  takes #%" G_GUINT64_FORMAT " %s %s %s, %s", write.number, write_word (&write),
               ps_phone_status_to_word (write.phone.user_status), ps_phone_calls_to_word (write.phone.calls),
               ps_why_to_word (write.why));
    ps_tenant_world_at (sim->world, sim_now (sim) + sim_between (sim, 2, 30), leaves, job);
  }
}

static void
pump (PsTenantWorld *world, gpointer data)
{
  g_autofree Tick *tick = data;
  Simulation *sim = tick->sim;
  gint64 due_ms;

  if (sim->engine == NULL || sim->run != tick->run)
    return;
  sim->pump_ms = G_MAXINT64;
  commit (sim);
  send_writes (sim, PS_SIDE_TEAMS, TEAMS_AT_A_TIME);
  send_writes (sim, PS_SIDE_PHONE, PHONE_AT_A_TIME);
  due_ms = ps_engine_next_due (sim->engine, sim_now (sim));
  if (due_ms < G_MAXINT64 && due_ms > sim_now (sim)) {
    sim->pump_ms = due_ms;
    tick_at (sim, due_ms, pump);
  }
}

void
sim_program_kick (Simulation *sim)
{
  gint64 at_ms = sim_now (sim) + 10;

  if (sim->pump_ms <= at_ms)
    return;
  sim->pump_ms = at_ms;
  tick_at (sim, at_ms, pump);
}

void
sim_program_reply (SimJob *job)
{
  Simulation *sim = job->sim;
  PsSide side = job->write.kind == PS_WRITE_PHONE ? PS_SIDE_PHONE : PS_SIDE_TEAMS;
  gboolean with_reading = job->result == PS_WRITTEN && side == PS_SIDE_PHONE;

  if (sim->engine != NULL && sim->run == job->run) {
    if (job->retry_after_ms > 0)
      ps_budget_close (sim->budgets[side], sim_now (sim) + job->retry_after_ms);
    sim_trace (sim, job->person, "  reply #%" G_GUINT64_FORMAT ": %d", job->write.number, job->result);
    ps_engine_written (sim->engine, &job->write, job->result, with_reading ? &job->reading : NULL, sim_now (sim));
    sim_program_kick (sim);
  }
  g_free (job);
}

/* --- asking --- */

static void
poll (PsTenantWorld *world, gpointer data)
{
  g_autofree Tick *tick = data;
  Simulation *sim = tick->sim;

  if (sim->engine == NULL || sim->run != tick->run)
    return;
  if (!sim->faults || !sim_percent (sim, 4))
    sim_services_poll (sim);
  tick_at (sim, sim_now (sim) + SIM_POLL_MS, poll);
}

static void
sweep (PsTenantWorld *world, gpointer data)
{
  g_autofree Tick *tick = data;
  Simulation *sim = tick->sim;

  if (sim->engine == NULL || sim->run != tick->run)
    return;
  sim_services_sweep (sim);
  tick_at (sim, sim_now (sim) + SIM_SWEEP_MS, sweep);
}

/* --- life --- */

void
sim_program_start (Simulation *sim)
{
  gint64 now_ms = sim_now (sim);

  sim->run++;
  sim->run_started_ms = now_ms;
  sim->pump_ms = G_MAXINT64;
  sim->engine = ps_engine_new ();
  ps_engine_set_rules (sim->engine, &sim->rules, now_ms);
  sim->budgets[PS_SIDE_TEAMS] = ps_budget_new (1200, 30 * SIM_SECOND);
  sim->budgets[PS_SIDE_PHONE] = ps_budget_new (40, SIM_MINUTE);
  ps_engine_set_budgets (sim->engine, sim->budgets[PS_SIDE_TEAMS], sim->budgets[PS_SIDE_PHONE]);
  for (guint i = 0; i < sim->people->len; i++) {
    SimPerson *person = sim->people->pdata[i];

    sim_trace (sim, person, "the program starts; ours: phone %s over %s, calls %s over %s, session %d, slot %d",
               ps_phone_status_to_word (person->disk.phone_status),
               ps_phone_status_to_word (person->disk.person_status), ps_phone_calls_to_word (person->disk.phone_calls),
               ps_phone_calls_to_word (person->disk.person_calls), person->disk.session, person->disk.preferred);
    person->user = ps_engine_add_user (sim->engine, person->extension->queue_ids->len > 0, &person->disk);
    ps_engine_set_synced (sim->engine, person->user, sim->enabled, now_ms);
  }
  tick_at (sim, now_ms + 100, sweep);
  tick_at (sim, now_ms + 200, poll);
}

static void
release (Simulation *sim)
{
  g_clear_pointer (&sim->engine, ps_engine_free);
  for (int side = 0; side < PS_N_SIDES; side++)
    g_clear_pointer (&sim->budgets[side], ps_budget_unref);
}

void
sim_program_kill (Simulation *sim)
{
  if (sim->engine == NULL)
    return;
  for (guint i = 0; i < sim->people->len; i++)
    sim_trace (sim, sim->people->pdata[i], "the program is killed");
  sim->run++;
  release (sim);
}

void
sim_program_enable (Simulation *sim, gboolean enabled)
{
  sim->enabled = enabled;
  for (guint i = 0; i < sim->people->len && sim->engine != NULL; i++)
    ps_engine_set_synced (sim->engine, ((SimPerson *) sim->people->pdata[i])->user, enabled, sim_now (sim));
  if (sim->engine != NULL)
    sim_program_kick (sim);
}
