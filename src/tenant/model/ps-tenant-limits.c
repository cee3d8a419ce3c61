/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-limits.h"

struct _PsTenantLimit {
  PsTenantLimitRule rule;
  GArray *taken; /* gint64: when the requests that still count were allowed, oldest first, from @first on */
  guint first;
  gint64 penalty_until_ms; /* G_MININT64: none */
  PsTenantLimitCount count;
};

/* The window is half open: a request stops counting when exactly window_ms have passed. */
static void
forget_old (PsTenantLimit *limit, gint64 now_ms)
{
  while (limit->first < limit->taken->len &&
         g_array_index (limit->taken, gint64, limit->first) <= now_ms - limit->rule.window_ms)
    limit->first++;
  if (limit->first > 64 && limit->first * 2 > limit->taken->len) {
    g_array_remove_range (limit->taken, 0, limit->first);
    limit->first = 0;
  }
}

static guint
in_window (PsTenantLimit *limit)
{
  return limit->taken->len - limit->first;
}

/* How long until the window has room for one more. */
static gint64
until_room (PsTenantLimit *limit, gint64 now_ms)
{
  guint too_many;

  if (in_window (limit) < limit->rule.limit)
    return 0;
  too_many = in_window (limit) - limit->rule.limit;
  return g_array_index (limit->taken, gint64, limit->first + too_many) + limit->rule.window_ms - now_ms;
}

PsTenantLimit *
ps_tenant_limit_new (const PsTenantLimitRule *rule)
{
  PsTenantLimit *limit = g_new0 (PsTenantLimit, 1);

  limit->rule = *rule;
  limit->taken = g_array_new (FALSE, FALSE, sizeof (gint64));
  limit->penalty_until_ms = G_MININT64;
  return limit;
}

void
ps_tenant_limit_free (PsTenantLimit *limit)
{
  if (limit == NULL)
    return;
  g_array_unref (limit->taken);
  g_free (limit);
}

void
ps_tenant_limit_set_rule (PsTenantLimit *limit, const PsTenantLimitRule *rule)
{
  limit->rule = *rule;
  if (rule->limit == 0 || rule->penalty_ms == 0)
    limit->penalty_until_ms = G_MININT64;
}

static PsTenantLimitAnswer
refuse (PsTenantLimit *limit, gint64 now_ms)
{
  const PsTenantLimitRule *rule = &limit->rule;
  gint64 wait_ms = until_room (limit, now_ms);

  limit->count.refused++;
  if (limit->penalty_until_ms > now_ms)
    wait_ms = MAX (wait_ms, limit->penalty_until_ms - now_ms);
  return (PsTenantLimitAnswer){
    .allowed = FALSE, .limit = rule->limit, .remaining = 0, .window_ms = rule->window_ms, .retry_after_ms = wait_ms
  };
}

PsTenantLimitAnswer
ps_tenant_limit_take (PsTenantLimit *limit, gint64 now_ms)
{
  const PsTenantLimitRule *rule = &limit->rule;

  if (rule->limit == 0) {
    limit->count.allowed++;
    return (PsTenantLimitAnswer){ .allowed = TRUE, .window_ms = rule->window_ms };
  }
  forget_old (limit, now_ms);
  if (limit->penalty_until_ms > now_ms) {
    limit->count.refused_inside_penalty++;
    if (rule->restarting)
      limit->penalty_until_ms = now_ms + rule->penalty_ms;
    return refuse (limit, now_ms);
  }
  if (in_window (limit) >= rule->limit) {
    if (rule->penalty_ms > 0)
      limit->penalty_until_ms = now_ms + rule->penalty_ms;
    return refuse (limit, now_ms);
  }
  g_array_append_val (limit->taken, now_ms);
  limit->count.allowed++;
  return (PsTenantLimitAnswer){
    .allowed = TRUE, .limit = rule->limit, .remaining = rule->limit - in_window (limit), .window_ms = rule->window_ms
  };
}

PsTenantLimitCount
ps_tenant_limit_count (PsTenantLimit *limit)
{
  return limit->count;
}
