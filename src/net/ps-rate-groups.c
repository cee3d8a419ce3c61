/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rate-groups.h"

#define MINUTE_MS 60000

/* Graph's presence calls, per application and tenant: two pages of Microsoft disagree (1,500 and 10,000 in 30 s). So it
 * starts at 80 % of the lower one and goes, on evidence only, to 80 % of the higher one. */
#define PRESENCE_WINDOW_MS 30000
#define PRESENCE_START     1200
#define PRESENCE_MOST      7950
#define PRESENCE_LEAST     30

struct _PsRateGroup {
  char *name;       /* (owned) */
  PsBudget *budget; /* (owned) */
  guint cosmetic_waiting;
  gboolean adaptive;
  gint64 clean_since_ms; /* adaptive: no 429, and no change of the limit since then */
};

struct _PsRateGroups {
  PsServiceKind kind;
  GPtrArray *groups; /* (owned) (element-type PsRateGroup): addresses that stay */
};

/* RingCentral guide "Rate limits": examples, the true ones come with the replies. */
static const struct {
  const char *name;
  guint limit;
} ringcentral_groups[] = { { "Light", 50 }, { "Medium", 40 }, { "Heavy", 10 }, { "Auth", 5 } };

static void
rate_group_free (PsRateGroup *group)
{
  g_free (group->name);
  ps_budget_unref (group->budget);
  g_free (group);
}

static PsRateGroup *
add_group (PsRateGroups *groups, const char *name, PsBudget *budget)
{
  PsRateGroup *group = g_new0 (PsRateGroup, 1);

  group->name = g_strdup (name);
  group->budget = budget;
  g_ptr_array_add (groups->groups, group);
  return group;
}

PsRateGroups *
ps_rate_groups_new (PsServiceKind kind)
{
  PsRateGroups *groups = g_new0 (PsRateGroups, 1);

  groups->kind = kind;
  groups->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) rate_group_free);
  if (kind == PS_SERVICE_MICROSOFT) {
    add_group (groups, "presence", ps_budget_new (PRESENCE_START, PRESENCE_WINDOW_MS))->adaptive = TRUE;
  } else {
    for (guint i = 0; i < G_N_ELEMENTS (ringcentral_groups); i++)
      add_group (groups, ringcentral_groups[i].name, ps_budget_new (ringcentral_groups[i].limit, MINUTE_MS));
  }
  return groups;
}

void
ps_rate_groups_free (PsRateGroups *groups)
{
  g_ptr_array_unref (groups->groups);
  g_free (groups);
}

PsRateGroup *
ps_rate_groups_find (PsRateGroups *groups, const char *name)
{
  for (guint i = 0; name != NULL && i < groups->groups->len; i++) {
    PsRateGroup *group = g_ptr_array_index (groups->groups, i);

    if (g_ascii_strcasecmp (group->name, name) == 0)
      return group;
  }
  return NULL;
}

void
ps_rate_groups_set (PsRateGroups *groups, const char *name, PsBudget *budget)
{
  PsRateGroup *group = ps_rate_groups_find (groups, name);

  ps_budget_ref (budget);
  if (group == NULL) {
    add_group (groups, name, budget);
    return;
  }
  ps_budget_unref (group->budget);
  group->budget = budget;
}

PsBudget *
ps_rate_group_budget (PsRateGroup *group)
{
  return group->budget;
}

gboolean
ps_rate_group_take (PsRateGroup *group, PsUrgency urgency, gint64 now_ms)
{
  return ps_budget_take (group->budget, urgency, group->cosmetic_waiting > 0, now_ms);
}

gint64
ps_rate_group_wait (PsRateGroup *group, PsUrgency urgency, gint64 now_ms)
{
  gint64 next = ps_budget_next (group->budget, urgency, group->cosmetic_waiting > 0, now_ms);

  /* Never: a limit of 0 was learned. Look again when another window has passed. */
  if (next == G_MAXINT64)
    return MAX (ps_budget_window (group->budget), 1000);
  return MAX (next - now_ms, 1);
}

void
ps_rate_group_waiting (PsRateGroup *group, PsUrgency urgency, int difference)
{
  if (urgency == PS_COSMETIC)
    group->cosmetic_waiting += (guint) difference;
}

static void
set_limit (PsRateGroup *group, guint limit, gint64 now_ms)
{
  ps_budget_learn (group->budget, limit, G_MAXUINT, 0, now_ms);
  group->clean_since_ms = now_ms;
}

static void
learn_adaptive (PsRateGroup *group, gint64 now_ms)
{
  guint limit = ps_budget_limit (group->budget);

  if (group->clean_since_ms == 0)
    group->clean_since_ms = now_ms;
  if (limit < PRESENCE_MOST && now_ms - group->clean_since_ms >= MINUTE_MS)
    set_limit (group, MIN (limit + MAX (limit / 20, 1), PRESENCE_MOST), now_ms);
}

static guint64
header_number (SoupMessageHeaders *headers, const char *name, guint64 fallback)
{
  const char *text = soup_message_headers_get_one (headers, name);
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &number, NULL) ? number : fallback;
}

void
ps_rate_groups_learn (PsRateGroups *groups, PsRateGroup *group, SoupMessageHeaders *headers, gint64 now_ms)
{
  PsRateGroup *named;
  guint limit, remaining;
  gint64 window_ms;

  if (groups->kind == PS_SERVICE_MICROSOFT) {
    if (group != NULL && group->adaptive)
      learn_adaptive (group, now_ms);
    return;
  }
  /* The service's own word for the group counts, as far as we know it: names may change. */
  named = ps_rate_groups_find (groups, soup_message_headers_get_one (headers, "X-Rate-Limit-Group"));
  if (named != NULL)
    group = named;
  limit = (guint) header_number (headers, "X-Rate-Limit-Limit", G_MAXUINT);
  remaining = (guint) header_number (headers, "X-Rate-Limit-Remaining", G_MAXUINT);
  window_ms = (gint64) header_number (headers, "X-Rate-Limit-Window", 0) * 1000;
  if (group != NULL && (limit != G_MAXUINT || remaining != G_MAXUINT || window_ms > 0))
    ps_budget_learn (group->budget, limit, remaining, window_ms, now_ms);
}

void
ps_rate_groups_penalty (PsRateGroups *groups, PsRateGroup *group, gint64 close_ms, gint64 now_ms)
{
  if (group == NULL)
    return;
  /* What was under way when the first 429 came gets one too: that is the same penalty. */
  if (group->adaptive && ps_budget_closed_until (group->budget) <= now_ms)
    set_limit (group, MAX (ps_budget_limit (group->budget) / 2, PRESENCE_LEAST), now_ms);
  ps_budget_close (group->budget, now_ms + close_ms);
}
