/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A large company: 50,000 people in both directories; and how many commits to the ledger the disk takes. The figures
 * are told; what is asserted is only that they are of the right order, for any machine.
 */
#include "config.h"

#include "ps-store-test.h"

#define N_PEOPLE 50000

static void
tell (const char *what, gint64 start)
{
  g_test_message ("%s: %d ms", what, (int) ((g_get_monotonic_time () - start) / 1000));
}

static PsDirectory *
make_directory (void)
{
  static const char *const aliases[] = { "first.alias@example.com", "second.alias@example.onmicrosoft.com", NULL };
  PsDirectory *directory = ps_directory_new ();

  for (guint i = 0; i < N_PEOPLE; i++) {
    g_autofree char *guid = g_strdup_printf ("%08x-0000-4000-8000-%012x", i * 2654435761u, i);
    g_autofree char *id = g_strdup_printf ("%u", 100000000u + i);
    PsMicrosoftUser *microsoft = ps_microsoft_user_new (guid);
    PsRingCentralUser *ringcentral = ps_ringcentral_user_new (id);

    microsoft->display_name = g_strdup_printf ("Person Number %u", i);
    microsoft->user_principal_name = g_strdup_printf ("person.%u@example.com", i);
    microsoft->mail = g_strdup (microsoft->user_principal_name);
    microsoft->aliases = g_strdupv ((char **) aliases);
    microsoft->department = g_strdup ("Customer Service");
    microsoft->job_title = g_strdup ("Agent");
    microsoft->enabled = TRUE;
    ringcentral->name = g_strdup (microsoft->display_name);
    ringcentral->email = g_strdup (microsoft->mail);
    ringcentral->extension_number = g_strdup (id + 4);
    ringcentral->status = PS_EXTENSION_ENABLED;
    g_ptr_array_add (directory->microsoft, microsoft);
    g_ptr_array_add (directory->ringcentral, ringcentral);
  }
  return directory;
}

static GPtrArray *
make_people (const PsDirectory *directory, guint n)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint i = 0; i < n; i++) {
    const PsMicrosoftUser *microsoft = g_ptr_array_index (directory->microsoft, i);
    const PsRingCentralUser *ringcentral = g_ptr_array_index (directory->ringcentral, i);
    PsPersonRow *row = ps_person_row_new ();

    row->ringcentral_id = g_strdup (ringcentral->id);
    row->name = g_strdup (ringcentral->name);
    row->email = g_strdup (ringcentral->email);
    row->extension = g_strdup (ringcentral->extension_number);
    row->microsoft_id = g_strdup (microsoft->id);
    row->microsoft_upn = g_strdup (microsoft->user_principal_name);
    row->status = PS_PERSON_SYNCED;
    row->teams = PS_TEAMS_IN_A_MEETING;
    row->ringcentral = g_strdup ("do-not-disturb");
    g_ptr_array_add (rows, row);
  }
  return rows;
}

static void
test_large_company (void)
{
  char *place = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (PsDirectory) directory = make_directory ();
  g_autoptr (PsDirectory) loaded = NULL;
  g_autoptr (GPtrArray) people = NULL;
  PsStore *store = ps_test_open (place, &error);
  GPtrArray *rows;
  gint64 start;

  g_assert_no_error (error);
  start = g_get_monotonic_time ();
  PS_TEST_SAVE (store, ps_store_save_directory_async, directory);
  tell ("save 2 × 50,000 of the directories", start);
  start = g_get_monotonic_time ();
  {
    PS_TEST_CALL (result, ps_store_load_directory_async, store);
    loaded = ps_store_load_directory_finish (store, result, &error);
    g_assert_no_error (error);
  }
  tell ("load them", start);
  g_assert_cmpuint (loaded->microsoft->len, ==, N_PEOPLE);
  g_assert_cmpuint (loaded->ringcentral->len, ==, N_PEOPLE);
  start = g_get_monotonic_time ();
  PS_TEST_SAVE (store, ps_store_save_directory_async, directory);
  tell ("save them again", start);

  rows = make_people (directory, N_PEOPLE);
  start = g_get_monotonic_time ();
  PS_TEST_SAVE (store, ps_store_save_people_async, rows, TRUE);
  tell ("save 50,000 people", start);
  rows = make_people (directory, 500);
  start = g_get_monotonic_time ();
  PS_TEST_SAVE (store, ps_store_save_people_async, rows, FALSE);
  tell ("save 500 of them", start);
  start = g_get_monotonic_time ();
  {
    PS_TEST_CALL (result, ps_store_load_people_async, store);
    people = ps_store_load_people_finish (store, result, &error);
    g_assert_no_error (error);
  }
  tell ("load 50,000 people", start);
  g_assert_cmpuint (people->len, ==, N_PEOPLE);
  ps_test_close (store);

  start = g_get_monotonic_time ();
  store = ps_test_open (place, &error);
  g_assert_no_error (error);
  tell ("open", start);
  ps_test_close (store);
  ps_test_directory_remove (place);
}

static GPtrArray *
ledger_row (guint id)
{
  GPtrArray *rows = g_ptr_array_new ();
  PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

  row->ringcentral_id = g_strdup_printf ("%u", id % 1000);
  row->microsoft_id = g_strdup ("00000000-0000-4000-8000-000000000000");
  row->ledger.session = PS_SESSION_CALL;
  row->ledger.session_until_ms = id;
  g_ptr_array_add (rows, row);
  return rows;
}

/* Commits @n rows, up to @at_once of them under way at any time. Returns: commits a second. */
static double
commit_rate (PsStore *store, guint n, guint at_once)
{
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < n + at_once; i++) {
    g_autoptr (GError) error = NULL;

    if (i >= at_once) {
      ps_store_save_finish (store, ps_test_wait (&results[i - at_once]), &error);
      g_assert_no_error (error);
      g_object_unref (results[i - at_once]);
    }
    if (i < n)
      ps_store_commit_ledger_async (store, ledger_row (i), NULL, ps_test_take_result, &results[i]);
  }
  return n * (double) G_USEC_PER_SEC / (g_get_monotonic_time () - start);
}

static void
test_commit_rate (void)
{
  char *place = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  PsStore *store = ps_test_open (place, &error);
  double one, together;

  g_assert_no_error (error);
  one = commit_rate (store, 200, 1);
  together = commit_rate (store, 5000, 100);
  g_test_message ("commits to the ledger: %.0f a second one by one, %.0f with 100 under way", one, together);
  g_assert_cmpfloat (together, >, 40); /* what Graph takes at most at the start */
  ps_test_close (store);
  ps_test_directory_remove (place);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/size/large-company", test_large_company);
  g_test_add_func ("/store/size/commit-rate", test_commit_rate);
  return g_test_run ();
}
