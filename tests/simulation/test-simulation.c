/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Some hundred short days, each from a seed; more of them, longer and with more people from the command line:
 *   test-simulation --first 1 --seeds 1000 --hours 4 --people 20
 * A promise that is broken is told with its seed and what happened to the person before; the seed alone replays it.
 */
#include "config.h"

#include "simulation.h"

#include <string.h>

static gint64 first_seed = 1;
static int n_seeds = 300, n_people = 4;
static double hours = 0.5;

static const GOptionEntry entries[] = {
  { "first", 0, 0, G_OPTION_ARG_INT64, &first_seed, "The first seed", "N" },
  { "seeds", 0, 0, G_OPTION_ARG_INT, &n_seeds, "How many seeds", "N" },
  { "people", 0, 0, G_OPTION_ARG_INT, &n_people, "How many people", "N" },
  { "hours", 0, 0, G_OPTION_ARG_DOUBLE, &hours, "How long they are busy", "N" },
  { NULL },
};

static void
for_everybody (Simulation *sim, void (*func) (Simulation *, SimPerson *))
{
  for (guint i = 0; i < sim->people->len && sim->broken == NULL; i++)
    func (sim, sim->people->pdata[i]);
}

/* --- the busy part, with faults and kills --- */

static void
be_busy (Simulation *sim)
{
  gint64 until_ms = sim_now (sim) + (gint64) (sim->options.hours * 60 * SIM_MINUTE);

  sim->faults = TRUE;
  sim_people_begin (sim);
  while (sim_now (sim) < until_ms && sim->broken == NULL) {
    sim_pass (sim, sim_between (sim, SIM_SECOND, 20 * SIM_MINUTE));
    if (sim_percent (sim, 60)) {
      sim_program_kill (sim);
      sim->kills++;
      sim_pass (sim, sim_percent (sim, 70) ? sim_between (sim, 1, 5000) : sim_between (sim, 1, 15 * SIM_MINUTE));
      sim_program_start (sim);
    }
  }
}

static void
become_quiet (Simulation *sim)
{
  sim->acting = FALSE;
  for_everybody (sim, sim_person_end_calls);
  sim_pass (sim, SIM_MINUTE); /* what they were about to do does not happen any more */
  sim->faults = FALSE;
  for_everybody (sim, sim_person_end_calls);
  sim_pass (sim, SIM_QUIET_MS);
  if (sim->broken == NULL)
    sim_promise_at_rest (sim);
}

/* --- whatever has gone before, from here on everything is as it should be --- */

static void
teams_one (Simulation *sim, SimPerson *person)
{
  sim_person_teams_choose (sim, person, NULL);
  sim_person_teams (sim, person, "Busy", "InAMeeting");
}

static void
teams_two (Simulation *sim, SimPerson *person)
{
  static const char *const pairs[][2] = {
    { "Available", "Available" },  { "Away", "Away" },    { "DoNotDisturb", "Presenting" },
    { "Offline", "Offline" },      { "Busy", "InACall" }, { "Busy", "InAConferenceCall" },
    { "DoNotDisturb", "Focusing" }
  };
  guint i = sim_between (sim, 0, G_N_ELEMENTS (pairs) - 1);

  sim_person_teams (sim, person, pairs[i][0], pairs[i][1]);
}

static void
teams_available (Simulation *sim, SimPerson *person)
{
  sim_person_teams (sim, person, "Available", "Available");
}

static void
call_begins (Simulation *sim, SimPerson *person)
{
  sim_person_call (sim, person, TRUE);
}

static void
call_ends (Simulation *sim, SimPerson *person)
{
  sim_person_call (sim, person, FALSE);
}

static void
choose_and_check (Simulation *sim, const char *choice)
{
  for (guint i = 0; i < sim->people->len; i++)
    sim_person_phone_choose (sim, sim->people->pdata[i], choice);
  sim_pass (sim, SIM_SETTLE_MS);
  for (guint i = 0; i < sim->people->len && sim->broken == NULL; i++)
    sim_promise_choice (sim, sim->people->pdata[i], choice);
}

static void
probe (Simulation *sim)
{
  for_everybody (sim, teams_one);
  sim_pass (sim, SIM_SETTLE_MS);
  for_everybody (sim, teams_two);
  sim_pass (sim, SIM_SETTLE_MS);
  for_everybody (sim, sim_promise_follows_teams);
  for_everybody (sim, call_begins);
  sim_pass (sim, SIM_SETTLE_MS);
  for_everybody (sim, sim_promise_on_a_call);
  sim_pass (sim, 25 * SIM_MINUTE);
  for_everybody (sim, sim_promise_on_a_call); /* renewed */
  for_everybody (sim, call_ends);
  sim_pass (sim, SIM_SETTLE_MS);
  for_everybody (sim, sim_promise_no_call);
  for_everybody (sim, teams_available);
  sim_pass (sim, SIM_SETTLE_MS);
  for_everybody (sim, sim_promise_follows_teams);
  choose_and_check (sim, "Available");
  choose_and_check (sim, "DoNotDisturb");
  choose_and_check (sim, "Available");
  choose_and_check (sim, "Busy");
  sim_pass (sim, 2 * 60 * SIM_MINUTE);
  for (guint i = 0; i < sim->people->len && sim->broken == NULL; i++)
    sim_promise_choice (sim, sim->people->pdata[i], "Busy"); /* renewed */
  choose_and_check (sim, "Available");
}

static void
disable (Simulation *sim)
{
  sim_program_enable (sim, FALSE);
  if (sim_percent (sim, 30)) {
    sim_pass (sim, sim_between (sim, 1, 2000));
    sim_program_kill (sim);
    sim_pass (sim, sim_between (sim, 1, 60 * SIM_SECOND));
    sim_program_start (sim);
  }
  sim_pass (sim, SIM_QUIET_MS);
  if (sim->broken == NULL)
    sim_promise_nothing_left (sim);
}

/* Returns: (transfer full) (nullable): what was broken. */
static char *
live (guint64 seed, guint64 *writes)
{
  SimOptions options = { .seed = seed, .people = n_people, .hours = hours };
  Simulation *sim = sim_new (&options);
  char *broken;

  sim_program_start (sim);
  be_busy (sim);
  become_quiet (sim);
  /* Half of the seeds are disabled out of the middle of it. */
  if (seed % 2 == 0)
    probe (sim);
  else
    be_busy (sim);
  sim->acting = FALSE;
  sim_pass (sim, SIM_MINUTE);
  sim->faults = FALSE;
  disable (sim);
  *writes += sim->writes;
  broken = g_steal_pointer (&sim->broken);
  sim_free (sim);
  return broken;
}

static void
test_seeds (void)
{
  guint64 writes = 0;
  guint n_broken = 0;

  for (int i = 0; i < n_seeds; i++) {
    g_autofree char *broken = live (first_seed + i, &writes);

    if (broken == NULL)
      continue;
    /* The first one with all that is known, of the others the first line. */
    g_printerr ("%.*s", n_broken++ == 0 ? -1 : (int) strcspn (broken, "\n") + 1, broken);
  }
  g_test_message ("%d seeds, %d people, %.1f hours, %" G_GUINT64_FORMAT " writes, %u broken", n_seeds, n_people, hours,
                  writes, n_broken);
  g_assert_cmpuint (n_broken, ==, 0);
}

/* The same seed is the same day, to the last write. */
static void
test_replay (void)
{
  for (guint64 seed = 1; seed <= 4; seed++) {
    guint64 writes[2] = { 0, 0 };

    for (int i = 0; i < 2; i++)
      g_free (live (seed, &writes[i]));
    g_assert_cmpuint (writes[0], >, 0);
    g_assert_cmpuint (writes[0], ==, writes[1]);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- live some days from seeds");
  g_autoptr (GError) error = NULL;

  g_test_init (&argc, &argv, NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  g_test_add_func ("/simulation/replay", test_replay);
  g_test_add_func ("/simulation/seeds", test_seeds);
  return g_test_run ();
}
