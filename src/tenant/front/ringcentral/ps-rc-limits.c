/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-limits.h"

typedef struct {
  const char *name;
  PsTenantLimitRule rule;
} Group;

struct _PsRcLimits {
  Group groups[4];
  GHashTable *buckets[4]; /* (owned) "extension client" → PsTenantLimit */
};

static const struct {
  const char *name;
  guint per_minute;
} defaults[] = { { "Light", 50 }, { "Medium", 40 }, { "Heavy", 10 }, { "Auth", 5 } };

PsRcLimits *
ps_rc_limits_new (guint medium)
{
  PsRcLimits *limits = g_new0 (PsRcLimits, 1);

  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++) {
    limits->groups[i].name = defaults[i].name;
    limits->groups[i].rule.limit = defaults[i].per_minute;
    limits->groups[i].rule.window_ms = 60 * 1000;
    limits->groups[i].rule.penalty_ms = 60 * 1000;
    limits->groups[i].rule.restarting = TRUE;
    limits->buckets[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ps_tenant_limit_free);
  }
  if (medium > 0)
    limits->groups[1].rule.limit = medium;
  return limits;
}

void
ps_rc_limits_free (PsRcLimits *limits)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits->buckets); i++)
    g_hash_table_unref (limits->buckets[i]);
  g_free (limits);
}

static int
find_group (PsRcLimits *limits, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits->groups); i++)
    if (g_ascii_strcasecmp (limits->groups[i].name, name) == 0)
      return (int) i;
  return -1;
}

void
ps_rc_limits_set (PsRcLimits *limits, const char *group, guint per_minute, guint penalty_s)
{
  int i = find_group (limits, group);
  GHashTableIter iter;
  gpointer bucket;

  if (i < 0)
    return;
  limits->groups[i].rule.limit = per_minute;
  limits->groups[i].rule.penalty_ms = (gint64) penalty_s * 1000;
  g_hash_table_iter_init (&iter, limits->buckets[i]);
  while (g_hash_table_iter_next (&iter, NULL, &bucket))
    ps_tenant_limit_set_rule (bucket, &limits->groups[i].rule);
}

PsTenantLimitAnswer
ps_rc_limits_take (PsRcLimits *limits, gint64 extension_id, const char *client_id, const char *group, gint64 now_ms)
{
  int i = find_group (limits, group);
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %s", extension_id, client_id);
  PsTenantLimit *bucket;

  g_assert (i >= 0);
  bucket = g_hash_table_lookup (limits->buckets[i], key);
  if (bucket == NULL) {
    bucket = ps_tenant_limit_new (&limits->groups[i].rule);
    g_hash_table_insert (limits->buckets[i], g_steal_pointer (&key), bucket);
  }
  return ps_tenant_limit_take (bucket, now_ms);
}

static PsTenantLimitCount
sum_up (GHashTable *buckets)
{
  PsTenantLimitCount sum = { 0 };
  GHashTableIter iter;
  gpointer bucket;

  g_hash_table_iter_init (&iter, buckets);
  while (g_hash_table_iter_next (&iter, NULL, &bucket)) {
    PsTenantLimitCount count = ps_tenant_limit_count (bucket);

    sum.allowed += count.allowed;
    sum.refused += count.refused;
    sum.refused_inside_penalty += count.refused_inside_penalty;
  }
  return sum;
}

static void
add_count (JsonBuilder *builder, const char *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64) value);
}

void
ps_rc_limits_add (PsRcLimits *limits, JsonBuilder *builder)
{
  for (guint i = 0; i < G_N_ELEMENTS (limits->groups); i++) {
    PsTenantLimitCount sum = sum_up (limits->buckets[i]);

    json_builder_set_member_name (builder, limits->groups[i].name);
    json_builder_begin_object (builder);
    add_count (builder, "limit", limits->groups[i].rule.limit);
    add_count (builder, "penalty_s", (guint64) limits->groups[i].rule.penalty_ms / 1000);
    add_count (builder, "allowed", sum.allowed);
    add_count (builder, "refused", sum.refused);
    add_count (builder, "refused_inside_penalty", sum.refused_inside_penalty);
    json_builder_end_object (builder);
  }
}
