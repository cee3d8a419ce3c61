/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pure core: observations a second, writes a second, bytes a user, matching.
 */
#include "config.h"

#include "bench.h"
#include "ps-engine.h"
#include "ps-match.h"

#define USERS  50000
#define ROUNDS 20

static const char *const words[][2] = {
  { "Available", "Available" },
  { "Busy", "InAMeeting" },
  { "Away", "Away" },
  { "DoNotDisturb", "DoNotDisturb" },
};

static PsEngine *
engine_of (guint users)
{
  PsEngine *engine = ps_engine_new ();
  const PsPhoneReading phone = { .user_status = PS_PHONE_AVAILABLE,
                                 .calls = PS_CALLS_ALL,
                                 .telephony = PS_TELEPHONY_NO_CALL };

  for (guint i = 0; i < users; i++) {
    PsUser user = ps_engine_add_user (engine, i % 3 == 0, NULL);

    ps_engine_set_synced (engine, user, TRUE, 1000);
    ps_engine_see_phone (engine, user, &phone, PS_SEEN_READ, 1000, 1000);
  }
  return engine;
}

static void
bench_readings (gboolean changing)
{
  g_autoptr (PsEngine) engine = engine_of (USERS);
  PsTeamsReading readings[G_N_ELEMENTS (words)];
  gint64 began_us;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    readings[i] = ps_teams_reading_from_words (words[i][0], words[i][1], FALSE, NULL);
  began_us = bench_now_us ();
  for (gint64 round = 1; round <= ROUNDS; round++)
    for (PsUser user = 0; user < USERS; user++)
      ps_engine_see_teams (engine, user, &readings[changing ? (user + round) % G_N_ELEMENTS (words) : 0],
                           1000 + round * 30000, 1000 + round * 30000);
  g_assert ((ps_engine_waiting (engine, PS_SIDE_PHONE, PS_NORMAL) > 0) == changing);
  bench_row (changing ? "Teams readings, each a change" : "Teams readings, nothing new", (guint64) USERS * ROUNDS,
             bench_now_us () - began_us, "readings");
}

static void
bench_writes (void)
{
  g_autoptr (PsEngine) engine = engine_of (USERS);
  PsTeamsReading busy = ps_teams_reading_from_words ("Busy", "InAMeeting", FALSE, NULL);
  gint64 began_us = bench_now_us ();
  guint64 n = 0;
  PsWrite write;

  for (PsUser user = 0; user < USERS; user++)
    ps_engine_see_teams (engine, user, &busy, 2000, 2000);
  while (ps_engine_next_write (engine, PS_SIDE_PHONE, 3000, &write)) {
    ps_engine_written (engine, &write, PS_WRITTEN, NULL, 3000);
    n++;
  }
  bench_row ("reading, write taken, written", n, bench_now_us () - began_us, "users");
}

static void
bench_matching (void)
{
  g_autoptr (GPtrArray) ringcentral = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  g_autoptr (GPtrArray) microsoft = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  g_autoptr (GPtrArray) links = NULL;
  gint64 began_us;

  for (guint i = 0; i < USERS; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    PsRingCentralUser *phone = ps_ringcentral_user_new (id);
    PsMicrosoftUser *teams = ps_microsoft_user_new (id);

    phone->email = g_strdup_printf ("Person.%u@example.com", i);
    phone->status = PS_EXTENSION_ENABLED;
    teams->mail = g_strdup_printf ("person.%u@example.com", i);
    teams->user_principal_name = g_strdup_printf ("p%u@example.com", i);
    teams->enabled = TRUE;
    g_ptr_array_add (ringcentral, phone);
    g_ptr_array_add (microsoft, teams);
  }
  began_us = bench_now_us ();
  links = ps_match_users (ringcentral, microsoft, NULL);
  bench_row ("matching two directories of 50,000", links->len, bench_now_us () - began_us, "users");
}

int
main (void)
{
  bench_readings (FALSE);
  bench_readings (TRUE);
  bench_writes ();
  bench_matching ();
  g_print ("%-52s %12" G_GSIZE_FORMAT " bytes\n", "engine memory for each user", ps_engine_bytes_per_user ());
  return 0;
}
