/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-fixture.h"

#include <string.h>

typedef struct {
  GString *log;
  const char *name;
  guint64 victim;
} Note;

static void
write_note (PsTenantWorld *world, gpointer data)
{
  Note *note = data;

  g_string_append_printf (note->log, "%s@%" G_GINT64_FORMAT " ", note->name, ps_tenant_world_now (world) - START_MS);
  ps_tenant_world_cancel (world, note->victim);
}

static void
test_timers_in_order (void)
{
  g_autoptr (PsTenantWorld) world = make_world (1, 1);
  g_autoptr (GString) log = g_string_new (NULL);
  Note a = { log, "a" }, b = { log, "b" }, c = { log, "c" }, d = { log, "d" }, e = { log, "e" };
  guint64 gone;

  ps_tenant_world_at (world, START_MS + 50, write_note, &b);
  ps_tenant_world_at (world, START_MS + 50, write_note, &c);
  ps_tenant_world_at (world, START_MS + 10, write_note, &a);
  gone = ps_tenant_world_at (world, START_MS + 20, write_note, &d);
  b.victim = ps_tenant_world_at (world, START_MS + 60, write_note, &d);
  ps_tenant_world_at (world, START_MS - 999, write_note, &e); /* the past is now */
  ps_tenant_world_cancel (world, gone);
  g_assert_cmpint (ps_tenant_world_next_due (world), ==, START_MS);
  ps_tenant_world_advance (world, START_MS + 49);
  g_assert_cmpstr (log->str, ==, "e@0 a@10 ");
  g_assert_cmpint (ps_tenant_world_now (world), ==, START_MS + 49);
  ps_tenant_world_advance (world, START_MS + 100);
  g_assert_cmpstr (log->str, ==, "e@0 a@10 b@50 c@50 ");
  ps_tenant_world_cancel (world, gone);
  ps_tenant_world_cancel (world, 0);
  ps_tenant_world_advance (world, START_MS); /* never back */
  g_assert_cmpint (ps_tenant_world_now (world), ==, START_MS + 100);
  g_assert_cmpint (ps_tenant_world_next_due (world), ==, G_MAXINT64);
}

typedef struct {
  gint64 last_ms;
  guint run;
} Run;

static void
expect_later (PsTenantWorld *world, gpointer data)
{
  Run *run = data;

  g_assert_cmpint (ps_tenant_world_now (world), >=, run->last_ms);
  run->last_ms = ps_tenant_world_now (world);
  run->run++;
}

/* Ten thousand timers at random times, of which every third is taken out again. */
static void
test_many_timers (void)
{
  g_autoptr (PsTenantWorld) world = make_world (1, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (guint64));
  Run run = { 0 };

  for (guint i = 0; i < 10000; i++) {
    guint64 id = ps_tenant_world_at (world, START_MS + g_rand_int_range (rand, 0, 5000), expect_later, &run);

    g_array_append_val (ids, id);
  }
  for (guint i = 0; i < 10000; i += 3)
    ps_tenant_world_cancel (world, g_array_index (ids, guint64, i));
  pass (world, 5000);
  g_assert_cmpuint (run.run, ==, 10000 - 3334);
}

static void
test_hire_and_leave (void)
{
  g_autoptr (PsTenantWorld) world = make_world (50, 1);
  guint n = ps_tenant_world_extensions (world)->len;
  PsTenantPerson *person, *namesake;
  g_autofree char *id = NULL;
  Heard heard = { 0 };

  ps_tenant_world_listen (world, count_change, &heard);
  pass (world, HOUR_MS);
  person = ps_tenant_world_hire (world, "Zoë", "Grünwald");
  namesake = ps_tenant_world_hire (world, "Zoe", "Grunwald");
  g_assert_cmpuint (heard.extension, ==, 2);
  g_assert_cmpuint (heard.directory, ==, 2);
  g_assert_cmpstr (person->extension->email, ==, "zoe.grunwald@contoso-instruments.example");
  g_assert_cmpstr (namesake->microsoft->mail, ==, "zoe.grunwald2@contoso-instruments.example");
  g_assert_cmpint (person->microsoft->changed_ms, ==, START_MS + HOUR_MS);
  g_assert_cmpuint (ps_tenant_world_extensions (world)->len, ==, n + 2);
  g_assert_true (ps_tenant_world_find_person (world, "ZOE.Grunwald@contoso-instruments.example") == person);
  g_assert_true (ps_tenant_world_find_microsoft (world, person->microsoft->id) == person->microsoft);
  g_assert_cmpstr (ps_tenant_teams_shown (person->microsoft->teams).availability, ==, "Available");

  id = g_ascii_strup (person->microsoft->id, -1);
  g_assert_true (ps_tenant_world_find_microsoft (world, id) == person->microsoft);
  ps_tenant_phone_call_begin (person->extension->phone, TRUE, FALSE, "CallConnected");
  ps_tenant_world_leave (world, person);
  g_assert_true (person->microsoft->deleted);
  g_assert_true (person->extension->deleted);
  g_assert_null (ps_tenant_world_find_microsoft (world, id));
  g_assert_null (ps_tenant_world_find_extension (world, person->extension->id));
  g_assert_null (ps_tenant_world_find_person (world, "zoe.grunwald@contoso-instruments.example"));
  g_assert_cmpuint (ps_tenant_phone_shown (person->extension->phone).calls->len, ==, 0);
  g_assert_cmpuint (heard.extension, ==, 3);
  g_assert_cmpuint (heard.directory, ==, 3);
  ps_tenant_world_leave (world, person);
  g_assert_cmpuint (heard.directory, ==, 3);
}

static void
test_directory_changes (void)
{
  g_autoptr (PsTenantWorld) world = make_world (50, 1);
  PsTenantPerson *person = nth_odd (world, PS_TENANT_ODD_NOTHING, 0);
  Heard heard = { 0 };
  guint id = ps_tenant_world_listen (world, count_change, &heard);

  pass (world, 5000);
  ps_tenant_world_set_microsoft_enabled (world, person->microsoft, TRUE);
  g_assert_cmpuint (heard.directory, ==, 0);
  ps_tenant_world_set_microsoft_enabled (world, person->microsoft, FALSE);
  g_assert_cmpuint (heard.directory, ==, 1);
  g_assert_cmpint (person->microsoft->changed_ms, ==, START_MS + 5000);
  g_assert_cmpstr (ps_tenant_teams_shown (person->microsoft->teams).availability, ==, "Offline");
  ps_tenant_world_set_microsoft_enabled (world, person->microsoft, TRUE);
  g_assert_cmpstr (ps_tenant_teams_shown (person->microsoft->teams).availability, ==, "Available");
  ps_tenant_world_set_extension_status (world, person->extension, "Enabled");
  g_assert_cmpuint (heard.extension, ==, 0);
  ps_tenant_world_set_extension_status (world, person->extension, "Disabled");
  g_assert_cmpuint (heard.extension, ==, 1);
  g_assert_true (heard.last_subject == person->extension);
  ps_tenant_world_unlisten (world, id);
  ps_tenant_world_set_extension_status (world, person->extension, "Enabled");
  g_assert_cmpuint (heard.extension, ==, 1);
}

typedef struct {
  guint own, other, heard;
} Leaver;

static void
leave_both (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  Leaver *leaver = data;

  leaver->heard++;
  ps_tenant_world_unlisten (world, leaver->own);
  ps_tenant_world_unlisten (world, leaver->other);
}

static void
test_unlisten_while_told (void)
{
  g_autoptr (PsTenantWorld) world = make_world (50, 1);
  Leaver leaver = { 0 };
  Heard never = { 0 }, always = { 0 };

  leaver.own = ps_tenant_world_listen (world, leave_both, &leaver);
  leaver.other = ps_tenant_world_listen (world, count_change, &never);
  ps_tenant_world_listen (world, count_change, &always);
  ps_tenant_world_hire (world, "Ada", "Byron");
  g_assert_cmpuint (leaver.heard, ==, 1);
  g_assert_cmpuint (never.directory, ==, 0);
  g_assert_cmpuint (always.directory, ==, 1);
  g_assert_cmpuint (always.extension, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/model/world/timers-in-order", test_timers_in_order);
  g_test_add_func ("/tenant/model/world/many-timers", test_many_timers);
  g_test_add_func ("/tenant/model/world/hire-and-leave", test_hire_and_leave);
  g_test_add_func ("/tenant/model/world/directory-changes", test_directory_changes);
  g_test_add_func ("/tenant/model/world/unlisten-while-told", test_unlisten_while_told);
  return g_test_run ();
}
