/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-limits.h"

static const PsTenantLimitRule medium = { .limit = 40, .window_ms = 60000, .penalty_ms = 60000, .restarting = TRUE };
static const PsTenantLimitRule presence = { .limit = 1500, .window_ms = 30000 };

static void
test_window_slides (void)
{
  g_autoptr (PsTenantLimit) limit = ps_tenant_limit_new (&presence);
  PsTenantLimitAnswer answer;

  for (guint i = 0; i < 1500; i++) {
    answer = ps_tenant_limit_take (limit, 1000 + i * 10);
    g_assert_true (answer.allowed);
    g_assert_cmpuint (answer.remaining, ==, 1499 - i);
  }
  answer = ps_tenant_limit_take (limit, 16000);
  g_assert_false (answer.allowed);
  g_assert_cmpint (answer.retry_after_ms, ==, 15000); /* the first one, at 1000, leaves at 31000 */
  g_assert_false (ps_tenant_limit_take (limit, 30999).allowed);
  g_assert_true (ps_tenant_limit_take (limit, 31000).allowed);
  g_assert_false (ps_tenant_limit_take (limit, 31000).allowed);
  g_assert_true (ps_tenant_limit_take (limit, 31010).allowed);
}

static void
fill (PsTenantLimit *limit, gint64 at_ms)
{
  for (guint i = 0; i < 40; i++)
    g_assert_true (ps_tenant_limit_take (limit, at_ms).allowed);
}

static void
test_penalty_restarts (void)
{
  g_autoptr (PsTenantLimit) limit = ps_tenant_limit_new (&medium);
  PsTenantLimitAnswer answer;
  PsTenantLimitCount count;

  fill (limit, 0);
  answer = ps_tenant_limit_take (limit, 10000);
  g_assert_false (answer.allowed);
  g_assert_cmpint (answer.retry_after_ms, ==, 60000);
  g_assert_cmpint (answer.window_ms, ==, 60000);
  g_assert_cmpuint (answer.limit, ==, 40);
  /* The window is empty by now, the penalty is not over: asking starts it anew. */
  answer = ps_tenant_limit_take (limit, 69000);
  g_assert_false (answer.allowed);
  g_assert_cmpint (answer.retry_after_ms, ==, 60000);
  g_assert_false (ps_tenant_limit_take (limit, 128999).allowed);
  g_assert_true (ps_tenant_limit_take (limit, 188999).allowed);

  count = ps_tenant_limit_count (limit);
  g_assert_cmpuint (count.allowed, ==, 41);
  g_assert_cmpuint (count.refused, ==, 3);
  g_assert_cmpuint (count.refused_inside_penalty, ==, 2);
}

static void
test_penalty_without_restart (void)
{
  PsTenantLimitRule rule = medium;
  g_autoptr (PsTenantLimit) limit = NULL;

  rule.restarting = FALSE;
  limit = ps_tenant_limit_new (&rule);
  fill (limit, 0);
  g_assert_false (ps_tenant_limit_take (limit, 10000).allowed);
  g_assert_cmpint (ps_tenant_limit_take (limit, 40000).retry_after_ms, ==, 30000);
  g_assert_true (ps_tenant_limit_take (limit, 70000).allowed);
}

static void
test_new_rule (void)
{
  g_autoptr (PsTenantLimit) limit = ps_tenant_limit_new (&medium);
  PsTenantLimitRule lower = medium;
  PsTenantLimitRule none = { .limit = 0, .window_ms = 60000 };

  fill (limit, 0);
  g_assert_false (ps_tenant_limit_take (limit, 0).allowed);
  ps_tenant_limit_set_rule (limit, &none);
  for (guint i = 0; i < 100000; i++)
    g_assert_true (ps_tenant_limit_take (limit, 1).allowed);
  lower.limit = 10;
  lower.penalty_ms = 0;
  ps_tenant_limit_set_rule (limit, &lower);
  /* 40 still stand in a window of 10: all must leave. */
  g_assert_cmpint (ps_tenant_limit_take (limit, 1000).retry_after_ms, ==, 59000);
  g_assert_cmpuint (ps_tenant_limit_take (limit, 60000).remaining, ==, 9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/model/limits/window-slides", test_window_slides);
  g_test_add_func ("/tenant/model/limits/penalty-restarts", test_penalty_restarts);
  g_test_add_func ("/tenant/model/limits/penalty-without-restart", test_penalty_without_restart);
  g_test_add_func ("/tenant/model/limits/new-rule", test_new_rule);
  return g_test_run ();
}
