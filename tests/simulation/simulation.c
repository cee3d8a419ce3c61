/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "simulation.h"

#include <string.h>

#define START_MS    G_GINT64_CONSTANT (1767605400000) /* a Monday morning */
#define TRACE_LINES 400

gint64
sim_now (Simulation *sim)
{
  return ps_tenant_world_now (sim->world);
}

void
sim_pass (Simulation *sim, gint64 ms)
{
  if (sim->broken == NULL)
    ps_tenant_world_advance (sim->world, sim_now (sim) + ms);
}

gint64
sim_between (Simulation *sim, gint64 low, gint64 high)
{
  return low + (gint64) (g_rand_int (sim->rand) % (guint64) (high - low + 1));
}

gboolean
sim_percent (Simulation *sim, guint percent)
{
  return sim_between (sim, 0, 99) < percent;
}

void
sim_trace (Simulation *sim, SimPerson *person, const char *format, ...)
{
  va_list args;
  g_autofree char *text = NULL;
  gint64 ms = sim_now (sim) - START_MS;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_queue_push_tail (&person->trace,
                     g_strdup_printf ("%3d:%06.3f %s", (int) (ms / SIM_MINUTE), (ms % SIM_MINUTE) / 1000.0, text));
  if (g_queue_get_length (&person->trace) > TRACE_LINES)
    g_free (g_queue_pop_head (&person->trace));
}

void
sim_break (Simulation *sim, SimPerson *person, const char *format, ...)
{
  g_autoptr (GString) report = g_string_new (NULL);
  g_autofree char *text = NULL;
  va_list args;

  if (sim->broken != NULL)
    return;
  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_string_printf (report, "seed %" G_GUINT64_FORMAT ", %s: %s\n", sim->options.seed,
                   person != NULL ? person->extension->name : "everybody", text);
  for (GList *line = person != NULL ? person->trace.head : NULL; line != NULL; line = line->next)
    g_string_append_printf (report, "  %s\n", (char *) line->data);
  sim->broken = g_string_free (g_steal_pointer (&report), FALSE);
}

static void
person_free (gpointer data)
{
  SimPerson *person = data;

  g_queue_clear_full (&person->trace, g_free);
  g_free (person);
}

static SimPerson *
person_new (const PsTenantPerson *from)
{
  SimPerson *person = g_new0 (SimPerson, 1);

  person->microsoft = from->microsoft;
  person->extension = from->extension;
  person->teams = from->microsoft->teams;
  person->phone = from->extension->phone;
  person->shown = person->shown_before = ps_tenant_teams_shown (person->teams);
  person->choice.status = ps_tenant_phone_shown (person->phone).user_status;
  person->choice.calls = ps_tenant_phone_shown (person->phone).dnd_status;
  g_queue_init (&person->trace);
  return person;
}

/* Half of the seeds with the standard table, the others with rules at random. */
static void
roll_rules (Simulation *sim)
{
  sim->rules = ps_rules_default ();
  sim->rules.customized = sim_percent (sim, 50);
  for (int row = 0; row < PS_N_ROWS; row++)
    sim->rules.rule[row] = sim_between (sim, PS_RULE_ALL_CALLS, PS_RULE_NO_CALLS);
}

Simulation *
sim_new (const SimOptions *options)
{
  Simulation *sim = g_new0 (Simulation, 1);
  PsTenantWorldOptions world = { .users = options->people * 2 + 10, .seed = options->seed, .start_ms = START_MS };
  guint32 seeds[2] = { (guint32) options->seed, (guint32) (options->seed >> 32) };
  const GPtrArray *people;

  sim->options = *options;
  sim->rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  world.new_call_handling = sim_percent (sim, 30);
  sim->world = ps_tenant_world_new (&world);
  sim->people = g_ptr_array_new_with_free_func (person_free);
  people = ps_tenant_world_people (sim->world);
  for (guint i = 0; i < people->len && sim->people->len < options->people; i++) {
    const PsTenantPerson *person = people->pdata[i];

    if (person->odd == PS_TENANT_ODD_NOTHING && !person->extension->admin)
      g_ptr_array_add (sim->people, person_new (person));
  }
  sim->with_sequence = sim_percent (sim, 70);
  sim->enabled = sim->faults = TRUE;
  roll_rules (sim);
  sim_services_begin (sim);
  return sim;
}

void
sim_free (Simulation *sim)
{
  sim_program_kill (sim);
  /* What is still under way ends with the world's time: everything that waits is void now, and frees itself. */
  sim->acting = FALSE;
  ps_tenant_world_advance (sim->world, sim_now (sim) + 2 * 60 * SIM_MINUTE);
  ps_tenant_world_free (sim->world);
  ps_tenant_limit_free (sim->limit);
  g_ptr_array_unref (sim->people);
  g_rand_free (sim->rand);
  g_free (sim->broken);
  g_free (sim);
}
