/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-fixture.h"

#include <string.h>
#include <time.h>

typedef struct {
  GChecksum *trace;
  guint64 changes, teams, phone;
  GHashTable *seen; /* "Busy/InACall" and the like, as strings */
} Trace;

static void
trace_change (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  Trace *trace = data;
  g_autofree char *line = NULL;
  g_autofree char *word = NULL;

  trace->changes++;
  if (change == PS_TENANT_CHANGE_TEAMS) {
    PsTenantMicrosoftUser *user = subject;
    PsTenantTeamsShown shown = ps_tenant_teams_shown (user->teams);

    trace->teams++;
    word = g_strdup_printf ("%s/%s", shown.availability, shown.activity);
    line = g_strdup_printf ("%" G_GINT64_FORMAT " %s %s %d %" G_GUINT64_FORMAT "\n", ps_tenant_world_now (world),
                            user->id, word, shown.out_of_office, shown.sequence);
  } else if (change == PS_TENANT_CHANGE_PHONE) {
    PsTenantExtension *extension = subject;
    PsTenantPhoneShown shown = ps_tenant_phone_shown (extension->phone);
    const PsTenantCall *call = shown.calls->len > 0 ? g_ptr_array_index (shown.calls, 0) : NULL;

    trace->phone++;
    word = g_strdup_printf ("%s/%s/%s", shown.user_status, shown.dnd_status, shown.telephony_status);
    line = g_strdup_printf ("%" G_GINT64_FORMAT " %s %s %s %s %" G_GUINT64_FORMAT "\n", ps_tenant_world_now (world),
                            extension->email, word, call != NULL ? call->telephony_session_id : "-",
                            shown.meeting_status, shown.sequence);
  } else {
    return;
  }
  g_checksum_update (trace->trace, (const guchar *) line, -1);
  g_hash_table_add (trace->seen, g_steal_pointer (&word));
}

static void
trace_init (Trace *trace)
{
  *trace = (Trace){ .trace = g_checksum_new (G_CHECKSUM_SHA256),
                    .seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

static void
trace_clear (Trace *trace)
{
  g_checksum_free (trace->trace);
  g_hash_table_unref (trace->seen);
}

static PsTenantWorld *
lively_world (guint users, guint64 seed, double churn)
{
  PsTenantWorldOptions options = {
    .users = users, .seed = seed, .start_ms = START_MS, .daily_life = TRUE, .churn_per_second = churn
  };

  return ps_tenant_world_new (&options);
}

/* What a client does now and then: it must not matter in how many steps time passes. */
static void
meddle (PsTenantWorld *world, guint hour)
{
  const GPtrArray *people = ps_tenant_world_people (world);

  for (guint i = hour; i < people->len; i += 7) {
    PsTenantPerson *person = g_ptr_array_index (people, i);
    PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;

    write.user_status = hour % 2 == 0 ? "Busy" : "Available";
    if (person->extension != NULL)
      ps_tenant_phone_put (person->extension->phone, &write);
    if (person->microsoft != NULL)
      ps_tenant_teams_set_presence (person->microsoft->teams, "an-application", "Busy", "InACall", 600);
  }
}

static char *
live (guint64 seed, double churn, gint64 step_ms, guint64 *changes)
{
  g_autoptr (PsTenantWorld) world = lively_world (200, seed, churn);
  Trace trace;
  char *result;

  trace_init (&trace);
  ps_tenant_world_listen (world, trace_change, &trace);
  for (guint hour = 0; hour < 8; hour++) {
    meddle (world, hour);
    for (gint64 ms = 0; ms < HOUR_MS; ms += step_ms)
      pass (world, step_ms);
  }
  result = g_strdup (g_checksum_get_string (trace.trace));
  *changes = trace.changes;
  trace_clear (&trace);
  return result;
}

static void
test_deterministic (void)
{
  guint64 changes, same_changes, other_changes;
  g_autofree char *trace = live (11, 0.5, HOUR_MS, &changes);
  g_autofree char *same = live (11, 0.5, HOUR_MS, &same_changes);
  g_autofree char *other = live (12, 0.5, HOUR_MS, &other_changes);
  g_autofree char *other_steps = live (11, 0.5, SECOND_MS / 2, &other_changes);

  g_test_message ("200 people, 8 h: %" G_GUINT64_FORMAT " changes", changes);
  g_assert_cmpuint (changes, >, 10000);
  g_assert_cmpuint (changes, ==, same_changes);
  g_assert_cmpstr (trace, ==, same);
  g_assert_cmpstr (trace, ==, other_steps);
  g_assert_cmpstr (trace, !=, other);
}

static guint
count_availability (PsTenantWorld *world, const char *availability)
{
  const GPtrArray *people = ps_tenant_world_people (world);
  guint n = 0;

  for (guint i = 0; i < people->len; i++) {
    PsTenantMicrosoftUser *user = ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;

    n += user != NULL && strcmp (ps_tenant_teams_shown (user->teams).availability, availability) == 0;
  }
  return n;
}

static void
test_a_day (void)
{
  g_autoptr (PsTenantWorld) world = lively_world (300, 4, 0);
  static const char *const expected[] = {
    "Available/Available",
    "Available/AvailableInactive",
    "Away/Away",
    "BeRightBack/BeRightBack",
    "Busy/InACall",
    "Busy/InAConferenceCall",
    "Busy/InAMeeting",
    "DoNotDisturb/DoNotDisturb",
    "DoNotDisturb/Focusing",
    "DoNotDisturb/Presenting",
    "Offline/Offline",
    "Available/TakeAllCalls/Ringing",
    "Available/TakeAllCalls/CallConnected",
    "Available/TakeAllCalls/OnHold",
    "Available/DoNotAcceptAnyCalls/NoCall",
    "Available/DoNotAcceptDepartmentCalls/NoCall",
    "Busy/TakeAllCalls/NoCall",
    "Offline/TakeAllCalls/NoCall",
  };
  guint at_work = count_availability (world, "Available") + count_availability (world, "Busy");
  Trace trace;

  /* It begins in mid-morning: most are there, and some are busy with something. */
  g_assert_cmpuint (at_work, >, 200);
  g_assert_cmpuint (count_availability (world, "Busy"), >, 15);
  trace_init (&trace);
  ps_tenant_world_listen (world, trace_change, &trace);
  pass (world, 3 * HOUR_MS); /* 12:30 */
  g_assert_cmpuint (count_availability (world, "Away"), >, 40);
  pass (world, 7 * HOUR_MS); /* 19:30 */
  g_assert_cmpuint (count_availability (world, "Offline"), >, 280);
  pass (world, 4 * HOUR_MS);
  {
    guint64 evening = trace.changes;

    pass (world, 6 * HOUR_MS); /* 5:30: nobody works at night */
    g_assert_cmpuint (trace.changes, ==, evening);
  }
  pass (world, 6 * HOUR_MS); /* Tuesday 11:30 */
  g_assert_cmpuint (count_availability (world, "Offline"), <, 60);
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    if (!g_hash_table_contains (trace.seen, expected[i]))
      g_error ("nobody was ever %s", expected[i]);
  g_test_message ("300 people, a day: %" G_GUINT64_FORMAT " Teams, %" G_GUINT64_FORMAT " phone", trace.teams,
                  trace.phone);
  pass (world, 4 * DAY_MS); /* Saturday */
  g_assert_cmpuint (count_availability (world, "Available"), ==, 0);
  trace_clear (&trace);
}

/* Nobody is left in a call, a meeting or Do Not Disturb at night, nor is there any timer too many. */
static void
test_night_is_clean (void)
{
  g_autoptr (PsTenantWorld) world = lively_world (300, 5, 0);
  const GPtrArray *people = ps_tenant_world_people (world);

  pass (world, 3 * DAY_MS - 8 * HOUR_MS); /* Thursday 1:30 */
  for (guint i = 0; i < people->len; i++) {
    PsTenantExtension *extension = ((PsTenantPerson *) g_ptr_array_index (people, i))->extension;
    PsTenantPhoneShown shown;

    if (extension == NULL)
      continue;
    shown = ps_tenant_phone_shown (extension->phone);
    g_assert_cmpuint (shown.calls->len, ==, 0);
    g_assert_cmpstr (shown.meeting_status, ==, "Disconnected");
    g_assert_cmpstr (shown.dnd_status, !=, "DoNotAcceptAnyCalls");
  }
}

static void
test_churn_rate (void)
{
  PsTenantWorldOptions options = { .users = 250, .seed = 8, .start_ms = START_MS, .churn_per_second = 2 };
  g_autoptr (PsTenantWorld) world = ps_tenant_world_new (&options);
  Trace trace;

  trace_init (&trace);
  ps_tenant_world_listen (world, trace_change, &trace);
  pass (world, 10 * MINUTE_MS);
  g_test_message ("%" G_GUINT64_FORMAT " Teams, %" G_GUINT64_FORMAT " phone", trace.teams, trace.phone);
  g_assert_cmpuint (trace.changes, >, 1050);
  g_assert_cmpuint (trace.changes, <, 1350);
  g_assert_cmpuint (trace.teams, >, 400);
  g_assert_cmpuint (trace.phone, >, 400);
  g_assert_cmpuint (g_hash_table_size (trace.seen), >, 15);
  trace_clear (&trace);
}

static void
test_without_life (void)
{
  g_autoptr (PsTenantWorld) world = make_world (100, 4);
  Heard heard = { 0 };

  ps_tenant_world_listen (world, count_change, &heard);
  g_assert_cmpint (ps_tenant_world_next_due (world), ==, G_MAXINT64);
  pass (world, DAY_MS);
  g_assert_cmpuint (heard.teams + heard.phone, ==, 0);
}

static void
test_hire_in_daily_life (void)
{
  g_autoptr (PsTenantWorld) world = lively_world (50, 4, 0);
  PsTenantPerson *person = ps_tenant_world_hire (world, "Ada", "Byron");

  g_assert_cmpstr (ps_tenant_teams_shown (person->microsoft->teams).availability, ==, "Available");
  ps_tenant_world_leave (world, person);
  pass (world, 2 * DAY_MS);
  g_assert_cmpstr (ps_tenant_teams_shown (person->microsoft->teams).availability, ==, "Offline");
}

static void
test_ten_thousand (void)
{
  clock_t before = clock (); /* processor time: others may be using the machine */
  g_autoptr (PsTenantWorld) world = lively_world (10000, 1, 0);
  double start = (double) (clock () - before) / CLOCKS_PER_SEC, day;

  before = clock ();
  pass (world, DAY_MS);
  day = (double) (clock () - before) / CLOCKS_PER_SEC;
  g_test_message ("10,000 people: start %.3f s, a day %.3f s", start, day);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (start, <, 1.5);
  g_assert_cmpfloat (day, <, 8.0);
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/model/day/deterministic", test_deterministic);
  g_test_add_func ("/tenant/model/day/a-day", test_a_day);
  g_test_add_func ("/tenant/model/day/night-is-clean", test_night_is_clean);
  g_test_add_func ("/tenant/model/day/churn-rate", test_churn_rate);
  g_test_add_func ("/tenant/model/day/without-life", test_without_life);
  g_test_add_func ("/tenant/model/day/hire-in-daily-life", test_hire_in_daily_life);
  g_test_add_func ("/tenant/model/day/ten-thousand", test_ten_thousand);
  return g_test_run ();
}
