/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The budget is held against the services' words: a sliding window, half kept for the urgent calls, a tenth for the
 * lowest class, nothing inside a penalty.
 */
#include "config.h"

#include "ps-budget.h"

#define MINUTE (60 * (gint64) 1000)

static guint
take_all (PsBudget *budget, PsUrgency urgency, gboolean cosmetic_waiting, gint64 now_ms)
{
  guint n = 0;

  while (ps_budget_take (budget, urgency, cosmetic_waiting, now_ms))
    n++;
  return n;
}

static void
test_half_for_urgent (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  g_assert_cmpuint (take_all (budget, PS_NORMAL, FALSE, 1000), ==, 20);
  g_assert_cmpuint (take_all (budget, PS_COSMETIC, TRUE, 1000), ==, 0);
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1000), ==, 20);
  g_assert_cmpuint (ps_budget_used (budget, 1000), ==, 40);
  g_assert_cmpuint (ps_budget_taken (budget), ==, 40);
}

static void
test_urgent_may_use_it_all (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1000), ==, 40);
  g_assert_cmpuint (take_all (budget, PS_NORMAL, FALSE, 1000), ==, 0);
}

static void
test_a_tenth_for_cosmetic (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  /* Somebody waits: neither of the others takes the last four places. */
  g_assert_cmpuint (take_all (budget, PS_NORMAL, TRUE, 1000), ==, 16);
  g_assert_cmpuint (take_all (budget, PS_URGENT, TRUE, 1000), ==, 20);
  g_assert_cmpuint (take_all (budget, PS_COSMETIC, TRUE, 1000), ==, 4);
  /* Nobody waits: the tenth is lent out. */
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1000), ==, 0);
}

/* However small the limit, something may leave, and no class shuts out the most urgent one for ever. */
static void
test_small_limits (void)
{
  for (guint limit = 1; limit <= 12; limit++) {
    g_autoptr (PsBudget) urgent = ps_budget_new (limit, MINUTE);
    g_autoptr (PsBudget) normal = ps_budget_new (limit, MINUTE);
    g_autoptr (PsBudget) cosmetic = ps_budget_new (limit, MINUTE);

    g_assert_cmpuint (take_all (urgent, PS_URGENT, TRUE, 0), >=, MAX (limit / 2, 1));
    g_assert_cmpuint (take_all (normal, PS_NORMAL, FALSE, 0), ==, limit - limit / 2);
    g_assert_cmpuint (take_all (cosmetic, PS_COSMETIC, TRUE, 0), >=, 1);
  }
}

/* In no window of a minute do more than the limit leave, whoever asks; and the line moves on. */
static void
test_sliding_window (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint first = 0;

  for (gint64 now_ms = 0; now_ms < 30 * MINUTE; now_ms += g_rand_int_range (rand, 1, 900)) {
    PsUrgency urgency = g_rand_int_range (rand, 0, PS_N_URGENCIES);

    if (!ps_budget_take (budget, urgency, g_rand_boolean (rand), now_ms))
      continue;
    g_array_append_val (left, now_ms);
    while (g_array_index (left, gint64, first) <= now_ms - MINUTE)
      first++;
    g_assert_cmpuint (left->len - first, <=, 40);
  }
  g_assert_cmpuint (left->len, >, 30 * 25);
}

/* ps_budget_next() never sleeps through a chance for good, and never says "now" in vain. */
static void
test_next (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (int round = 0; round < 200; round++) {
    g_autoptr (PsBudget) budget = ps_budget_new (g_rand_int_range (rand, 1, 60), MINUTE);
    gint64 now_ms = 0;

    for (int i = 0; i < 300; i++) {
      PsUrgency urgency = g_rand_int_range (rand, 0, PS_N_URGENCIES);
      gboolean waiting = urgency == PS_COSMETIC || g_rand_boolean (rand);
      gint64 next_ms = ps_budget_next (budget, urgency, waiting, now_ms);

      g_assert_cmpint (next_ms, >=, now_ms);
      g_assert_cmpint (ps_budget_take (budget, urgency, waiting, now_ms), ==, next_ms == now_ms);
      now_ms += g_rand_int_range (rand, 0, 2000);
    }
    /* Asked again each time it says so, everybody is served within two windows. */
    for (int urgency = 0; urgency < PS_N_URGENCIES; urgency++) {
      gint64 at_ms = now_ms;

      while (!ps_budget_take (budget, urgency, FALSE, at_ms)) {
        gint64 next_ms = ps_budget_next (budget, urgency, FALSE, at_ms);

        g_assert_cmpint (next_ms, >, at_ms);
        at_ms = next_ms;
        g_assert_cmpint (at_ms, <=, now_ms + 2 * MINUTE + 5000);
      }
      now_ms = at_ms;
    }
  }
}

static void
test_closed (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  g_assert_cmpint (ps_budget_closed_until (budget), ==, 0);
  ps_budget_close (budget, 61000);
  ps_budget_close (budget, 30000); /* a second one does not shorten it */
  g_assert_cmpint (ps_budget_closed_until (budget), ==, 61000);
  g_assert_cmpuint (ps_budget_throttled (budget), ==, 2);
  for (int urgency = 0; urgency < PS_N_URGENCIES; urgency++) {
    g_assert_false (ps_budget_take (budget, urgency, FALSE, 60999));
    g_assert_cmpint (ps_budget_next (budget, urgency, FALSE, 1000), ==, 61000);
  }
  g_assert_true (ps_budget_take (budget, PS_COSMETIC, FALSE, 61000));
}

static void
test_learns_the_limit (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1000), ==, 40);
  ps_budget_learn (budget, 100, G_MAXUINT, 0, 1000);
  g_assert_cmpuint (ps_budget_limit (budget), ==, 100);
  g_assert_cmpint (ps_budget_window (budget), ==, MINUTE);
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1000), ==, 60);
  /* Smaller than what has left already: nothing more until enough is out of the window. */
  ps_budget_learn (budget, 10, G_MAXUINT, 30 * 1000, 2000);
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 2000), ==, 0);
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 2000 + 31 * 1000), ==, 10);
  /* Not said: nothing is learned. And no nonsense. */
  ps_budget_learn (budget, G_MAXUINT, G_MAXUINT, 0, 40000);
  g_assert_cmpuint (ps_budget_limit (budget), ==, 10);
  ps_budget_learn (budget, 0, G_MAXUINT, 0, 40000);
  g_assert_cmpuint (ps_budget_limit (budget), ==, 1);
  ps_budget_learn (budget, G_MAXUINT - 1, G_MAXUINT, 0, 40000);
  g_assert_cmpuint (ps_budget_limit (budget), <=, 20000);
}

/* Somebody else uses the same token: their calls are counted, and not from the half of the urgent ones. */
static void
test_foreign_calls (void)
{
  g_autoptr (PsBudget) budget = ps_budget_new (40, MINUTE);

  g_assert_true (ps_budget_take (budget, PS_URGENT, FALSE, 1000));
  ps_budget_learn (budget, 40, 29, MINUTE, 1500); /* 11 gone, one of them ours */
  g_assert_cmpuint (ps_budget_used (budget, 1500), ==, 11);
  g_assert_cmpuint (ps_budget_taken (budget), ==, 1);
  g_assert_cmpuint (take_all (budget, PS_NORMAL, FALSE, 1500), ==, 10);
  g_assert_cmpuint (take_all (budget, PS_URGENT, FALSE, 1500), ==, 19);
  /* More left than we think: our own call has not been counted there yet. Nothing is given back. */
  ps_budget_learn (budget, 40, 40, MINUTE, 1600);
  g_assert_cmpuint (ps_budget_used (budget, 1600), ==, 40);
  g_assert_cmpuint (ps_budget_used (budget, 1600 + MINUTE + 1000), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/budget/half-for-urgent", test_half_for_urgent);
  g_test_add_func ("/budget/urgent-may-use-it-all", test_urgent_may_use_it_all);
  g_test_add_func ("/budget/a-tenth-for-cosmetic", test_a_tenth_for_cosmetic);
  g_test_add_func ("/budget/small-limits", test_small_limits);
  g_test_add_func ("/budget/sliding-window", test_sliding_window);
  g_test_add_func ("/budget/next", test_next);
  g_test_add_func ("/budget/closed", test_closed);
  g_test_add_func ("/budget/learns-the-limit", test_learns_the_limit);
  g_test_add_func ("/budget/foreign-calls", test_foreign_calls);
  return g_test_run ();
}
