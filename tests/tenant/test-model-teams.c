/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-fixture.h"

#include <string.h>

#define APP       "11111111-2222-4333-8444-555555555555"
#define OTHER_APP "99999999-2222-4333-8444-555555555555"

typedef struct {
  PsTenantWorld *world;
  PsTenantMicrosoftUser *user;
  PsTenantTeams *teams;
  Heard heard;
} Fixture;

/* Does this person show an application's InACall as Busy? Asked of a throw-away session. */
static gboolean
is_busy_busy (PsTenantTeams *teams)
{
  gboolean result;

  ps_tenant_teams_set_presence (teams, APP, "Busy", "InACall", 0);
  result = strcmp (ps_tenant_teams_shown (teams).activity, "Busy") == 0;
  ps_tenant_teams_clear_presence (teams, APP);
  return result;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->world = make_world (40, 7);
  for (guint i = 0; f->teams == NULL; i++) {
    PsTenantPerson *person = nth_odd (f->world, PS_TENANT_ODD_NOTHING, i);

    if (!is_busy_busy (person->microsoft->teams)) {
      f->user = person->microsoft;
      f->teams = f->user->teams;
    }
  }
  ps_tenant_world_listen (f->world, count_change, &f->heard);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ps_tenant_world_free (f->world);
}

#define assert_shown(f, pair)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    PsTenantTeamsShown shown_ = ps_tenant_teams_shown ((f)->teams);                                                    \
    g_autofree char *text_ = g_strdup_printf ("%s/%s", shown_.availability, shown_.activity);                          \
    g_assert_cmpstr (text_, ==, pair);                                                                                 \
  }                                                                                                                    \
  G_STMT_END

#define assert_result(call, result) g_assert_cmpint (call, ==, PS_TENANT_TEAMS_##result)

static void
test_session_pairs (Fixture *f, gconstpointer data)
{
  static const char *const words[] = { "Available", "Busy",         "InACall",     "InAConferenceCall", "InAMeeting",
                                       "Away",      "DoNotDisturb", "Presenting",  "Focusing",          "BeRightBack",
                                       "Offline",   "OffWork",      "OutOfOffice", "Inactive",          "" };
  guint good = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
      if (ps_tenant_teams_set_presence (f->teams, APP, words[i], words[k], 0) == PS_TENANT_TEAMS_OK)
        good++;
  g_assert_cmpuint (good, ==, 5);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Available", "Available", 0), OK);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 0), OK);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InAConferenceCall", 0), OK);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Away", "Away", 0), OK);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "DONOTDISTURB", "presenting", 0), OK);
  assert_shown (f, "DoNotDisturb/Presenting");
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "Busy", 0), BAD_PAIR);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", NULL, 0), BAD_PAIR);
}

static void
test_session_durations (Fixture *f, gconstpointer data)
{
  PsTenantTeamsInside inside;

  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 299), BAD_DURATION);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 4 * 3600 + 1), BAD_DURATION);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", -1), BAD_DURATION);
  ps_tenant_teams_look_inside (f->teams, &inside);
  g_assert_false (inside.session);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 300), OK);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 4 * 3600), OK);
  ps_tenant_teams_look_inside (f->teams, &inside);
  g_assert_cmpint (inside.session_expires_ms, ==, START_MS + 4 * HOUR_MS);
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 0), OK);
  ps_tenant_teams_look_inside (f->teams, &inside);
  g_assert_cmpint (inside.session_expires_ms, ==, START_MS + 5 * MINUTE_MS);
  g_assert_cmpstr (inside.application_id, ==, APP);
}

static void
test_session_expires (Fixture *f, gconstpointer data)
{
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 600);
  assert_shown (f, "Busy/InACall");
  pass (f->world, 10 * MINUTE_MS - 1);
  assert_shown (f, "Busy/InACall");
  pass (f->world, 1);
  assert_shown (f, "Available/Available"); /* the person's own client */
  g_assert_cmpuint (f->heard.teams, ==, 2);
  assert_result (ps_tenant_teams_clear_presence (f->teams, APP), NO_SESSION);

  /* Renewal moves the end. */
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 600);
  pass (f->world, 8 * MINUTE_MS);
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 600);
  pass (f->world, 9 * MINUTE_MS);
  assert_shown (f, "Busy/InACall");
  g_assert_cmpuint (f->heard.teams, ==, 3);
}

static void
test_available_fades (Fixture *f, gconstpointer data)
{
  ps_tenant_teams_person_client (f->teams, "Offline", "Offline");
  assert_shown (f, "Offline/Offline");
  ps_tenant_teams_set_presence (f->teams, APP, "Available", "Available", 3600);
  assert_shown (f, "Available/Available");
  pass (f->world, 5 * MINUTE_MS - 1);
  assert_shown (f, "Available/Available");
  pass (f->world, 1);
  assert_shown (f, "Available/AvailableInactive");
  pass (f->world, 5 * MINUTE_MS - 1);
  assert_shown (f, "Available/AvailableInactive");
  pass (f->world, 1);
  assert_shown (f, "Away/Away");
  pass (f->world, 50 * MINUTE_MS - 1);
  assert_shown (f, "Away/Away");
  pass (f->world, 1);
  assert_shown (f, "Offline/Offline");
  g_assert_cmpuint (f->heard.teams, ==, 5);
  /* At the default of five minutes it is gone before it fades. */
  ps_tenant_teams_set_presence (f->teams, APP, "Available", "Available", 0);
  pass (f->world, 5 * MINUTE_MS);
  assert_shown (f, "Offline/Offline");
  g_assert_cmpuint (f->heard.teams, ==, 7);
}

static void
test_precedence (Fixture *f, gconstpointer data)
{
  /* Away never beats an Available client, Available never a Busy one. */
  ps_tenant_teams_set_presence (f->teams, APP, "Away", "Away", 3600);
  assert_shown (f, "Available/Available");
  ps_tenant_teams_person_client (f->teams, "Busy", "InAMeeting");
  ps_tenant_teams_set_presence (f->teams, APP, "Available", "Available", 3600);
  assert_shown (f, "Busy/InAMeeting");
  /* DoNotDisturb beats Busy; of two applications the stronger counts. */
  ps_tenant_teams_set_presence (f->teams, OTHER_APP, "DoNotDisturb", "Presenting", 3600);
  assert_shown (f, "DoNotDisturb/Presenting");
  ps_tenant_teams_clear_presence (f->teams, OTHER_APP);
  assert_shown (f, "Busy/InAMeeting");
  /* A client that is away leaves the field to us. */
  ps_tenant_teams_person_client (f->teams, "Away", "Away");
  assert_shown (f, "Available/Available");
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 3600);
  assert_shown (f, "Busy/InACall");
}

static void
test_preferred_pairs (Fixture *f, gconstpointer data)
{
  static const char *const words[] = { "Available", "Busy",    "DoNotDisturb", "BeRightBack", "Away",
                                       "Offline",   "OffWork", "InACall",      "Presenting",  "OutOfOffice" };
  guint good = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    for (gsize k = 0; k < G_N_ELEMENTS (words); k++)
      if (ps_tenant_teams_set_preferred (f->teams, APP, words[i], words[k], 0) == PS_TENANT_TEAMS_OK)
        good++;
  g_assert_cmpuint (good, ==, 6);
  assert_shown (f, "Offline/OffWork");
  assert_result (ps_tenant_teams_set_preferred (f->teams, APP, "Offline", "Offline", 0), BAD_PAIR);
  assert_result (ps_tenant_teams_set_preferred (f->teams, APP, "busy", "BUSY", 0), OK);
  assert_result (ps_tenant_teams_set_preferred (f->teams, APP, "Busy", "Busy", -1), BAD_DURATION);
}

static void
test_preferred_needs_a_session (Fixture *f, gconstpointer data)
{
  ps_tenant_teams_person_client (f->teams, "Offline", "Offline");
  ps_tenant_teams_set_preferred (f->teams, APP, "DoNotDisturb", "DoNotDisturb", 3600);
  assert_shown (f, "Offline/Offline");
  ps_tenant_teams_set_presence (f->teams, APP, "Away", "Away", 600);
  assert_shown (f, "DoNotDisturb/DoNotDisturb");
  pass (f->world, 10 * MINUTE_MS);
  assert_shown (f, "Offline/Offline");
  ps_tenant_teams_person_client (f->teams, "Busy", "InACall");
  assert_shown (f, "DoNotDisturb/DoNotDisturb");
  pass (f->world, 50 * MINUTE_MS);
  assert_shown (f, "Busy/InACall");
}

static void
test_preferred_expiries (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *availability, *activity;
    gint64 days;
  } table[] = { { "Busy", "Busy", 1 },           { "DoNotDisturb", "DoNotDisturb", 1 },
                { "Available", "Available", 7 }, { "BeRightBack", "BeRightBack", 7 },
                { "Away", "Away", 7 },           { "Offline", "OffWork", 7 } };
  PsTenantTeamsInside inside;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    gint64 now_ms = ps_tenant_world_now (f->world);

    ps_tenant_teams_set_preferred (f->teams, APP, table[i].availability, table[i].activity, 0);
    ps_tenant_teams_look_inside (f->teams, &inside);
    g_assert_cmpint (inside.preferred_expires_ms, ==, now_ms + table[i].days * DAY_MS);
    g_assert_true (inside.preferred_by_application);
    g_assert_true (ps_tenant_teams_person_choose (f->teams, table[i].availability));
    ps_tenant_teams_look_inside (f->teams, &inside);
    g_assert_cmpint (inside.preferred_expires_ms, ==, now_ms + table[i].days * DAY_MS);
    g_assert_false (inside.preferred_by_application);
    pass (f->world, table[i].days * DAY_MS - 1);
    ps_tenant_teams_look_inside (f->teams, &inside);
    g_assert_true (inside.preferred);
    pass (f->world, 1);
    ps_tenant_teams_look_inside (f->teams, &inside);
    g_assert_false (inside.preferred);
    assert_shown (f, "Available/Available");
  }
}

static void
test_one_slot (Fixture *f, gconstpointer data)
{
  PsTenantTeamsInside inside;

  g_assert_true (ps_tenant_teams_person_choose (f->teams, "busy"));
  assert_shown (f, "Busy/Busy");
  /* The person's choice beats any session, and an application's preferred takes its place. */
  ps_tenant_teams_set_presence (f->teams, APP, "DoNotDisturb", "Presenting", 3600);
  assert_shown (f, "Busy/Busy");
  ps_tenant_teams_set_preferred (f->teams, APP, "DoNotDisturb", "DoNotDisturb", 3600);
  assert_shown (f, "DoNotDisturb/DoNotDisturb");
  ps_tenant_teams_clear_presence (f->teams, APP);
  assert_result (ps_tenant_teams_clear_preferred (f->teams, APP), OK);
  assert_shown (f, "Available/Available"); /* and not Busy: that choice is gone */
  ps_tenant_teams_person_choose (f->teams, "DoNotDisturb");
  ps_tenant_teams_clear_preferred (f->teams, APP);
  assert_shown (f, "Available/Available");
  ps_tenant_teams_person_choose (f->teams, "Offline");
  assert_shown (f, "Offline/OffWork");
  g_assert_false (ps_tenant_teams_person_choose (f->teams, "Presenting"));
  assert_shown (f, "Offline/OffWork");
  g_assert_true (ps_tenant_teams_person_choose (f->teams, NULL));
  assert_shown (f, "Available/Available");

  ps_tenant_teams_look_inside (f->teams, &inside);
  /* set, set preferred, clear, clear preferred, clear preferred; and the two of is_busy_busy() */
  g_assert_cmpuint (inside.writes, ==, 7);
}

static void
test_sequence (Fixture *f, gconstpointer data)
{
  guint64 before = ps_tenant_teams_shown (f->teams).sequence;

  ps_tenant_teams_person_client (f->teams, "Available", "Available");
  ps_tenant_teams_set_presence (f->teams, APP, "Away", "Away", 3600);
  ps_tenant_teams_set_preferred (f->teams, APP, "Available", "Available", 3600);
  ps_tenant_teams_clear_preferred (f->teams, APP);
  ps_tenant_teams_clear_presence (f->teams, APP);
  g_assert_cmpuint (ps_tenant_teams_shown (f->teams).sequence, ==, before);
  g_assert_cmpuint (f->heard.teams, ==, 0);
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 3600);
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 3600);
  ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InAConferenceCall", 3600);
  ps_tenant_teams_clear_presence (f->teams, APP);
  g_assert_cmpuint (ps_tenant_teams_shown (f->teams).sequence, ==, before + 3);
  g_assert_cmpuint (f->heard.teams, ==, 3);
  g_assert_true (f->heard.last_subject == f->user);
}

static void
test_out_of_office (Fixture *f, gconstpointer data)
{
  ps_tenant_teams_person_out_of_office (f->teams, TRUE);
  assert_shown (f, "Available/OutOfOffice");
  ps_tenant_teams_person_client (f->teams, "Busy", "InACall");
  assert_shown (f, "Busy/InACall");
  g_assert_true (ps_tenant_teams_shown (f->teams).out_of_office);
  ps_tenant_teams_person_out_of_office (f->teams, FALSE);
  g_assert_false (ps_tenant_teams_shown (f->teams).out_of_office);
  g_assert_cmpuint (f->heard.teams, ==, 3);
}

static void
test_no_licence (Fixture *f, gconstpointer data)
{
  PsTenantPerson *person = nth_odd (f->world, PS_TENANT_ODD_NO_LICENCE, 0);

  f->teams = person->microsoft->teams;
  assert_shown (f, "PresenceUnknown/PresenceUnknown");
  assert_result (ps_tenant_teams_set_presence (f->teams, APP, "Busy", "InACall", 0), OK);
  ps_tenant_teams_person_choose (f->teams, "Busy");
  ps_tenant_teams_person_out_of_office (f->teams, TRUE);
  assert_shown (f, "PresenceUnknown/PresenceUnknown");
  g_assert_cmpuint (f->heard.teams, ==, 0);
}

static void
test_unknown_words (Fixture *f, gconstpointer data)
{
  ps_tenant_teams_person_client (f->teams, "Concentrating", "DeepWork");
  assert_shown (f, "Concentrating/DeepWork");
  ps_tenant_teams_person_client (f->teams, "busy", "inameeting");
  assert_shown (f, "Busy/InAMeeting");
}

static guint
count_busy_busy (guint64 seed)
{
  g_autoptr (PsTenantWorld) world = make_world (400, seed);
  const GPtrArray *people = ps_tenant_world_people (world);
  guint n = 0;

  for (guint i = 0; i < people->len; i++) {
    PsTenantMicrosoftUser *user = ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;

    if (user != NULL && user->teams_licence && is_busy_busy (user->teams))
      n++;
  }
  return n;
}

/* Reported of Graph: an application's Busy/InACall also reads as Busy/Busy. */
static void
test_busy_busy (void)
{
  guint n = count_busy_busy (3);

  g_assert_cmpuint (n, >, 8);
  g_assert_cmpuint (n, <, 60);
  g_assert_cmpuint (count_busy_busy (3), ==, n);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/tenant/model/teams/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("session-pairs", test_session_pairs);
  ADD ("session-durations", test_session_durations);
  ADD ("session-expires", test_session_expires);
  ADD ("available-fades", test_available_fades);
  ADD ("precedence", test_precedence);
  ADD ("preferred-pairs", test_preferred_pairs);
  ADD ("preferred-needs-a-session", test_preferred_needs_a_session);
  ADD ("preferred-expiries", test_preferred_expiries);
  ADD ("one-slot", test_one_slot);
  ADD ("sequence", test_sequence);
  ADD ("out-of-office", test_out_of_office);
  ADD ("no-licence", test_no_licence);
  ADD ("unknown-words", test_unknown_words);
  g_test_add_func ("/tenant/model/teams/busy-busy", test_busy_busy);
  return g_test_run ();
}
