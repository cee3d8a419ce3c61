/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What replies teach about limits. No clock: time is an argument.
 */
#include "config.h"

#include "ps-rate-groups.h"

#define MINUTE G_GINT64_CONSTANT (60000)

static guint
limit_of (PsRateGroups *groups, const char *name)
{
  return ps_budget_limit (ps_rate_group_budget (ps_rate_groups_find (groups, name)));
}

static SoupMessageHeaders *
headers_new (const char *group, const char *limit, const char *remaining, const char *window)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  const char *const names[] = { "X-Rate-Limit-Group", "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining",
                                "X-Rate-Limit-Window" };
  const char *const values[] = { group, limit, remaining, window };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    if (values[i] != NULL)
      soup_message_headers_append (headers, names[i], values[i]);
  }
  return headers;
}

static void
learn (PsRateGroups *groups, const char *asked, const char *group, const char *limit, const char *remaining,
       const char *window)
{
  SoupMessageHeaders *headers = headers_new (group, limit, remaining, window);

  ps_rate_groups_learn (groups, ps_rate_groups_find (groups, asked), headers, MINUTE);
  soup_message_headers_unref (headers);
}

static void
test_published (void)
{
  PsRateGroups *ringcentral = ps_rate_groups_new (PS_SERVICE_RINGCENTRAL);
  PsRateGroups *microsoft = ps_rate_groups_new (PS_SERVICE_MICROSOFT);

  g_assert_cmpuint (limit_of (ringcentral, "Light"), ==, 50);
  g_assert_cmpuint (limit_of (ringcentral, "medium"), ==, 40);
  g_assert_cmpuint (limit_of (ringcentral, "HEAVY"), ==, 10);
  g_assert_cmpuint (limit_of (ringcentral, "Auth"), ==, 5);
  g_assert_null (ps_rate_groups_find (ringcentral, "presence"));
  g_assert_null (ps_rate_groups_find (ringcentral, NULL));
  g_assert_cmpuint (limit_of (microsoft, "presence"), ==, 1200);
  ps_rate_groups_free (ringcentral);
  ps_rate_groups_free (microsoft);
}

static void
test_ringcentral_headers (void)
{
  PsRateGroups *groups = ps_rate_groups_new (PS_SERVICE_RINGCENTRAL);
  PsBudget *heavy = ps_rate_group_budget (ps_rate_groups_find (groups, "Heavy"));

  learn (groups, "Medium", "medium", "60", "59", "60");
  g_assert_cmpuint (limit_of (groups, "Medium"), ==, 60);
  /* The service knows better which group it was; a group with a new name is the one that was asked for. */
  learn (groups, "Medium", "light", "70", "69", "60");
  g_assert_cmpuint (limit_of (groups, "Medium"), ==, 60);
  g_assert_cmpuint (limit_of (groups, "Light"), ==, 70);
  learn (groups, "Heavy", "super-heavy", "12", "3", "30");
  g_assert_cmpuint (limit_of (groups, "Heavy"), ==, 12);
  g_assert_cmpint (ps_budget_window (heavy), ==, 30000);
  g_assert_cmpuint (ps_budget_used (heavy, MINUTE), ==, 9);
  /* Nonsense teaches nothing. */
  learn (groups, "Auth", "auth", "many", "-1", "");
  learn (groups, "Auth", NULL, NULL, NULL, NULL);
  learn (groups, NULL, NULL, "7", "7", "7");
  g_assert_cmpuint (limit_of (groups, "Auth"), ==, 5);
  ps_rate_groups_free (groups);
}

/* Graph: 5 % more for each clean minute, up to 265/s; half after a 429, once for each penalty. */
static void
test_adaptive (void)
{
  PsRateGroups *groups = ps_rate_groups_new (PS_SERVICE_MICROSOFT);
  PsRateGroup *presence = ps_rate_groups_find (groups, "presence");
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  gint64 now = 1000;

  ps_rate_groups_learn (groups, presence, headers, now);
  ps_rate_groups_learn (groups, presence, headers, now + MINUTE - 1);
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 1200);
  ps_rate_groups_learn (groups, presence, headers, now + MINUTE);
  ps_rate_groups_learn (groups, presence, headers, now + MINUTE + 1);
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 1260);

  now += 2 * MINUTE;
  ps_rate_groups_penalty (groups, presence, 10000, now);
  ps_rate_groups_penalty (groups, presence, 10000, now + 50); /* was under way already */
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 630);
  g_assert_false (ps_rate_group_take (presence, PS_URGENT, now + 10000));
  g_assert_cmpint (ps_rate_group_wait (presence, PS_URGENT, now), ==, 10050);
  g_assert_true (ps_rate_group_take (presence, PS_URGENT, now + 10050));
  ps_rate_groups_learn (groups, presence, headers, now + MINUTE - 1);
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 630);

  for (guint i = 0; i < 200; i++)
    ps_rate_groups_learn (groups, presence, headers, now += MINUTE);
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 7950);
  for (guint i = 0; i < 20; i++)
    ps_rate_groups_penalty (groups, presence, 1000, now += MINUTE);
  g_assert_cmpuint (limit_of (groups, "presence"), ==, 30);
  soup_message_headers_unref (headers);
  ps_rate_groups_free (groups);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rate-groups/published", test_published);
  g_test_add_func ("/rate-groups/ringcentral-headers", test_ringcentral_headers);
  g_test_add_func ("/rate-groups/adaptive", test_adaptive);
  return g_test_run ();
}
