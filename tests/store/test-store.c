/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is saved comes back the same, also from a second connection.
 */
#include "config.h"

#include "ps-store-test.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

typedef struct {
  char *directory;
  PsStore *store;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = ps_test_directory_new ();
  fixture->store = ps_test_open (fixture->directory, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ps_test_close (fixture->store);
  ps_test_directory_remove (fixture->directory);
}

/* The rest of a test sees only what is in the file. */
static void
reopen (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  ps_test_close (fixture->store);
  fixture->store = ps_test_open (fixture->directory, &error);
  g_assert_no_error (error);
}

/* --- settings, selection, links, rules --- */

static GHashTable *
load_settings (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GHashTable *settings;
  PS_TEST_CALL (result, ps_store_load_settings_async, fixture->store);

  settings = ps_store_load_settings_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return settings;
}

static void
test_settings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) changes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) none = load_settings (fixture);
  g_autoptr (GHashTable) first = NULL;
  g_autoptr (GHashTable) second = NULL;

  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  g_hash_table_insert (changes, (gpointer) "microsoft.tenant-id", (gpointer) "contoso");
  g_hash_table_insert (changes, (gpointer) "report.sender", (gpointer) "it’s “quoted”; DROP TABLE setting; --");
  PS_TEST_SAVE (fixture->store, ps_store_save_settings_async, changes);
  reopen (fixture);
  first = load_settings (fixture);
  g_assert_cmpuint (g_hash_table_size (first), ==, 2);
  g_assert_cmpstr (g_hash_table_lookup (first, "report.sender"), ==, "it’s “quoted”; DROP TABLE setting; --");

  g_hash_table_remove_all (changes);
  g_hash_table_insert (changes, (gpointer) "microsoft.tenant-id", NULL);
  g_hash_table_insert (changes, (gpointer) "never.was", NULL);
  PS_TEST_SAVE (fixture->store, ps_store_save_settings_async, changes);
  second = load_settings (fixture);
  g_assert_cmpuint (g_hash_table_size (second), ==, 1);
  g_assert_true (g_hash_table_contains (second, "report.sender"));
}

static PsSelection *
load_selection (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PsSelection *selection;
  PS_TEST_CALL (result, ps_store_load_selection_async, fixture->store);

  selection = ps_store_load_selection_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return selection;
}

static void
test_selection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PsSelection) selection = load_selection (fixture);
  g_autoptr (PsSelection) loaded = NULL;

  g_assert_cmpint (selection->mode, ==, PS_SYNC_OFF);
  g_assert_cmpuint (g_hash_table_size (selection->selected) + g_hash_table_size (selection->excluded), ==, 0);

  selection->mode = PS_SYNC_ALL;
  g_hash_table_add (selection->selected, g_strdup ("1"));
  g_hash_table_add (selection->selected, g_strdup ("2"));
  g_hash_table_add (selection->excluded, g_strdup ("2"));
  g_hash_table_add (selection->excluded, g_strdup ("3"));
  PS_TEST_SAVE (fixture->store, ps_store_save_selection_async, selection);
  reopen (fixture);
  loaded = load_selection (fixture);
  g_assert_cmpint (loaded->mode, ==, PS_SYNC_ALL);
  g_assert_cmpuint (g_hash_table_size (loaded->selected), ==, 2);
  g_assert_cmpuint (g_hash_table_size (loaded->excluded), ==, 2);
  g_assert_true (ps_selection_contains (loaded, "1"));
  g_assert_false (ps_selection_contains (loaded, "2"));
  g_assert_true (ps_selection_contains (loaded, "new"));

  /* "Off" keeps the choices. */
  loaded->mode = PS_SYNC_OFF;
  g_assert_false (ps_selection_contains (loaded, "1"));
  g_hash_table_remove (loaded->excluded, "3");
  PS_TEST_SAVE (fixture->store, ps_store_save_selection_async, loaded);
  g_clear_pointer (&loaded, ps_selection_free);
  loaded = load_selection (fixture);
  g_assert_cmpint (loaded->mode, ==, PS_SYNC_OFF);
  g_assert_cmpuint (g_hash_table_size (loaded->excluded), ==, 1);
  loaded->mode = PS_SYNC_SELECTED;
  g_assert_true (ps_selection_contains (loaded, "2"));
  g_assert_false (ps_selection_contains (loaded, "3"));
}

static GHashTable *
load_links (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GHashTable *links;
  PS_TEST_CALL (result, ps_store_load_links_async, fixture->store);

  links = ps_store_load_links_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return links;
}

static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) links = NULL;

  PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "101", "guid-a");
  PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "102", "guid-b");
  PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "101", "guid-c");
  PS_TEST_SAVE (fixture->store, ps_store_save_link_async, "102", NULL);
  reopen (fixture);
  links = load_links (fixture);
  g_assert_cmpuint (g_hash_table_size (links), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (links, "101"), ==, "guid-c");
}

static PsRules
load_rules (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PsRules rules = { 0 };
  PS_TEST_CALL (result, ps_store_load_rules_async, fixture->store);

  g_assert_true (ps_store_load_rules_finish (fixture->store, result, &rules, &error));
  g_assert_no_error (error);
  return rules;
}

static void
test_rules (Fixture *fixture, gconstpointer data)
{
  PsRules standard = ps_rules_default (), rules = load_rules (fixture), loaded;

  g_assert_true (ps_rules_equal (&rules, &standard));
  rules.customized = TRUE;
  rules.preserve_inactivity = !rules.preserve_inactivity;
  rules.offline_to_teams = TRUE;
  for (guint row = 0; row < PS_N_ROWS; row++)
    rules.rule[row] = (row + 1) % 3;
  PS_TEST_SAVE (fixture->store, ps_store_save_rules_async, &rules);
  reopen (fixture);
  loaded = load_rules (fixture);
  g_assert_true (ps_rules_equal (&loaded, &rules));
  g_assert_false (ps_rules_equal (&loaded, &standard));
}

/* --- directory --- */

static PsDirectory *
load_directory (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PsDirectory *directory;
  PS_TEST_CALL (result, ps_store_load_directory_async, fixture->store);

  directory = ps_store_load_directory_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return directory;
}

static PsDirectory *
make_directory (void)
{
  static const char *const aliases[] = { "ana@old.example", "a.b@example.com", NULL };
  static const char *const no_phones[] = { NULL };
  PsDirectory *directory = ps_directory_new ();
  PsMicrosoftUser *ana = ps_microsoft_user_new ("guid-z");
  PsRingCentralUser *ring = ps_ringcentral_user_new ("900719925474099300");

  ana->display_name = g_strdup ("Ana Šimić 😀");
  ana->user_principal_name = g_strdup ("ana@example.com");
  ana->mail = g_strdup ("");
  ana->aliases = g_strdupv ((char **) aliases);
  ana->business_phones = g_strdupv ((char **) no_phones);
  ana->enabled = TRUE;
  g_ptr_array_add (directory->microsoft, ana);
  g_ptr_array_add (directory->microsoft, ps_microsoft_user_new ("guid-a"));
  ring->name = g_strdup ("Ana");
  ring->status = PS_EXTENSION_NOT_ACTIVATED;
  ring->in_queue = TRUE;
  g_ptr_array_add (directory->ringcentral, ring);
  g_ptr_array_add (directory->ringcentral, ps_ringcentral_user_new ("7"));
  directory->delta_link = g_strdup ("https://graph.microsoft.com/v1.0/users/delta?$deltatoken=x");
  directory->read_ms = G_GINT64_CONSTANT (1795000000123);
  return directory;
}

static void
test_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PsDirectory) directory = make_directory ();
  g_autoptr (PsDirectory) empty = load_directory (fixture);
  g_autoptr (PsDirectory) loaded = NULL;
  g_autoptr (PsDirectory) smaller = NULL;
  const PsMicrosoftUser *ana, *bare;
  const PsRingCentralUser *ring;

  g_assert_cmpuint (empty->microsoft->len + empty->ringcentral->len, ==, 0);
  g_assert_cmpint (empty->read_ms, ==, 0);

  PS_TEST_SAVE (fixture->store, ps_store_save_directory_async, directory);
  reopen (fixture);
  loaded = load_directory (fixture);
  g_assert_cmpuint (loaded->microsoft->len, ==, 2);
  g_assert_cmpuint (loaded->ringcentral->len, ==, 2);
  g_assert_cmpstr (loaded->delta_link, ==, directory->delta_link);
  g_assert_cmpint (loaded->read_ms, ==, directory->read_ms);
  ana = g_ptr_array_index (loaded->microsoft, 0); /* in the order given */
  g_assert_cmpstr (ana->id, ==, "guid-z");
  g_assert_cmpstr (ana->display_name, ==, "Ana Šimić 😀");
  g_assert_cmpstr (ana->mail, ==, ""); /* empty is not NULL */
  g_assert_cmpuint (g_strv_length (ana->aliases), ==, 2);
  g_assert_cmpstr (ana->aliases[1], ==, "a.b@example.com");
  g_assert_nonnull (ana->business_phones);
  g_assert_cmpuint (g_strv_length (ana->business_phones), ==, 0);
  g_assert_true (ana->enabled);
  g_assert_false (ana->guest);
  bare = g_ptr_array_index (loaded->microsoft, 1);
  g_assert_null (bare->mail);
  g_assert_null (bare->aliases);
  ring = g_ptr_array_index (loaded->ringcentral, 0);
  g_assert_cmpstr (ring->id, ==, "900719925474099300");
  g_assert_cmpint (ring->status, ==, PS_EXTENSION_NOT_ACTIVATED);
  g_assert_true (ring->in_queue);
  ring = g_ptr_array_index (loaded->ringcentral, 1);
  g_assert_cmpint (ring->status, ==, PS_EXTENSION_UNKNOWN);

  /* Replaced whole. */
  g_ptr_array_remove_index (loaded->microsoft, 0);
  PS_TEST_SAVE (fixture->store, ps_store_save_directory_async, loaded);
  smaller = load_directory (fixture);
  g_assert_cmpuint (smaller->microsoft->len, ==, 1);
}

/* --- people --- */

static GPtrArray *
load_people (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;
  PS_TEST_CALL (result, ps_store_load_people_async, fixture->store);

  rows = ps_store_load_people_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return rows;
}

static PsPersonRow *
person (const char *id, const char *name)
{
  PsPersonRow *row = ps_person_row_new ();

  row->ringcentral_id = g_strdup (id);
  row->name = g_strdup (name);
  row->email = g_strdup_printf ("%s@example.com", id);
  return row;
}

static void
test_people (Fixture *fixture, gconstpointer data)
{
  GPtrArray *rows = g_ptr_array_new ();
  PsPersonRow *row = person ("1", "Zoe");
  g_autoptr (GPtrArray) loaded = NULL;
  g_autoptr (GPtrArray) replaced = NULL;

  row->status = PS_PERSON_FAILED;
  row->reason = PS_REASON_ADDRESS_TWICE;
  row->detail = g_strdup ("also Bob");
  row->teams = PS_TEAMS_PRESENTING;
  row->teams_word = g_strdup ("Presenting");
  row->ringcentral = g_strdup ("do-not-disturb");
  row->last_change_ms = 42;
  g_ptr_array_add (rows, row);
  g_ptr_array_add (rows, person ("2", "Ana"));
  g_ptr_array_add (rows, person ("3", NULL));
  PS_TEST_SAVE (fixture->store, ps_store_save_people_async, rows, FALSE);

  rows = g_ptr_array_new ();
  g_ptr_array_add (rows, person ("2", "Bea"));
  PS_TEST_SAVE (fixture->store, ps_store_save_people_async, rows, FALSE); /* the others stay */
  reopen (fixture);
  loaded = load_people (fixture);
  g_assert_cmpuint (loaded->len, ==, 3);
  g_assert_cmpstr (((PsPersonRow *) loaded->pdata[0])->ringcentral_id, ==, "3"); /* by address */
  g_assert_cmpstr (((PsPersonRow *) loaded->pdata[1])->name, ==, "Bea");
  row = loaded->pdata[2];
  g_assert_cmpstr (row->name, ==, "Zoe");
  g_assert_cmpint (row->status, ==, PS_PERSON_FAILED);
  g_assert_cmpint (row->reason, ==, PS_REASON_ADDRESS_TWICE);
  g_assert_cmpstr (row->detail, ==, "also Bob");
  g_assert_cmpint (row->teams, ==, PS_TEAMS_PRESENTING);
  g_assert_cmpstr (row->ringcentral, ==, "do-not-disturb");
  g_assert_cmpint (row->last_change_ms, ==, 42);

  rows = g_ptr_array_new ();
  g_ptr_array_add (rows, person ("9", "New"));
  PS_TEST_SAVE (fixture->store, ps_store_save_people_async, rows, TRUE);
  replaced = load_people (fixture);
  g_assert_cmpuint (replaced->len, ==, 1);
}

static void
test_person_words (void)
{
  for (int status = PS_PERSON_NOT_SELECTED; status <= PS_PERSON_PENDING; status++)
    g_assert_cmpint (ps_person_status_from_word (ps_person_status_to_word (status)), ==, status);
  g_assert_cmpint (ps_person_status_from_word ("nonsense"), ==, -1);
  g_assert_cmpint (ps_person_status_from_word (NULL), ==, -1);
  g_assert_cmpstr (ps_person_status_to_word (PS_PERSON_NOT_SELECTED), ==, "not-selected");
}

/* --- ledger --- */

static GPtrArray *
load_ledger (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;
  PS_TEST_CALL (result, ps_store_load_ledger_async, fixture->store);

  rows = ps_store_load_ledger_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return rows;
}

static GPtrArray *
ledger_rows (const char *id, PsLedger ledger)
{
  GPtrArray *rows = g_ptr_array_new ();
  PsLedgerRow *row = g_new0 (PsLedgerRow, 1);

  row->ringcentral_id = g_strdup (id);
  row->microsoft_id = g_strdup_printf ("guid-%s", id);
  row->ledger = ledger;
  g_ptr_array_add (rows, row);
  return rows;
}

/* Every value of every field, one at a time and all together, survives. */
static void
test_ledger (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) loaded = NULL;
  guint n = 0;

  for (guint status = 0; status <= PS_PHONE_OFFLINE; status++)
    for (guint calls = 0; calls <= PS_CALLS_NONE; calls++)
      for (guint session = 0; session <= PS_SESSION_CONFERENCE; session++)
        for (guint preferred = 0; preferred <= PS_PREFERRED_OFFLINE; preferred++) {
          PsLedger ledger = {
            .phone_status = status,
            .person_status = (status + 1) % 4,
            .phone_calls = calls,
            .person_calls = (calls + 2) % 5,
            .session = session,
            .preferred = preferred,
            .session_until_ms = n,
            .preferred_until_ms = G_MAXINT64 - n,
            .phone_status_maybe = status + 1,
            .phone_calls_maybe = calls + 2,
            .session_maybe = session + 3,
            .preferred_maybe = preferred + 4,
          };
          g_autofree char *id = g_strdup_printf ("%05u", status << 9 | calls << 6 | session << 3 | preferred);

          if (ps_ledger_is_empty (&ledger))
            continue;
          PS_TEST_SAVE (fixture->store, ps_store_commit_ledger_async, ledger_rows (id, ledger));
          n++;
        }
  reopen (fixture);
  loaded = load_ledger (fixture);
  g_assert_cmpuint (loaded->len, ==, n);
  for (guint i = 0; i < loaded->len; i++) {
    const PsLedgerRow *row = loaded->pdata[i];
    guint bits = atoi (row->ringcentral_id);

    g_assert_cmpint (row->ledger.phone_status, ==, bits >> 9);
    g_assert_cmpint (row->ledger.person_status, ==, ((bits >> 9) + 1) % 4);
    g_assert_cmpint (row->ledger.phone_calls, ==, bits >> 6 & 7);
    g_assert_cmpint (row->ledger.person_calls, ==, ((bits >> 6 & 7) + 2) % 5);
    g_assert_cmpint (row->ledger.session, ==, bits >> 3 & 7);
    g_assert_cmpint (row->ledger.preferred, ==, bits & 7);
    g_assert_cmpint (row->ledger.phone_status_maybe, ==, (bits >> 9) + 1);
    g_assert_cmpint (row->ledger.phone_calls_maybe, ==, (bits >> 6 & 7) + 2);
    g_assert_cmpint (row->ledger.session_maybe, ==, (bits >> 3 & 7) + 3);
    g_assert_cmpint (row->ledger.preferred_maybe, ==, (bits & 7) + 4);
    g_assert_cmpint (row->ledger.preferred_until_ms, ==, G_MAXINT64 - row->ledger.session_until_ms);
    g_assert_true (g_str_has_prefix (row->microsoft_id, "guid-"));
  }
}

static void
test_ledger_empties (Fixture *fixture, gconstpointer data)
{
  PsLedger something = { .phone_calls = PS_CALLS_NONE, .person_calls = PS_CALLS_ALL };
  PsLedger nothing = { .person_calls = PS_CALLS_ALL };
  g_autoptr (GPtrArray) loaded = NULL;

  PS_TEST_SAVE (fixture->store, ps_store_commit_ledger_async, ledger_rows ("1", something));
  PS_TEST_SAVE (fixture->store, ps_store_commit_ledger_async, ledger_rows ("2", something));
  PS_TEST_SAVE (fixture->store, ps_store_commit_ledger_async, ledger_rows ("1", nothing));
  PS_TEST_SAVE (fixture->store, ps_store_commit_ledger_async, ledger_rows ("3", nothing));
  loaded = load_ledger (fixture);
  g_assert_cmpuint (loaded->len, ==, 1);
  g_assert_cmpstr (((PsLedgerRow *) loaded->pdata[0])->ringcentral_id, ==, "2");
}

/* --- status, journal, reports --- */

static char *
load_status (Fixture *fixture, gint64 *written_ms)
{
  g_autoptr (GError) error = NULL;
  char *status;
  PS_TEST_CALL (result, ps_store_load_status_async, fixture->store);

  status = ps_store_load_status_finish (fixture->store, result, written_ms, &error);
  g_assert_no_error (error);
  return status;
}

static void
test_status (Fixture *fixture, gconstpointer data)
{
  gint64 before = g_get_real_time () / 1000, written_ms = 1;
  g_autofree char *none = load_status (fixture, &written_ms);
  g_autofree char *status = NULL;

  g_assert_null (none);
  g_assert_cmpint (written_ms, ==, 0);
  PS_TEST_SAVE (fixture->store, ps_store_save_status_async, "{\"state\":\"starting\"}");
  PS_TEST_SAVE (fixture->store, ps_store_save_status_async, "{\"state\":\"running\"}");
  status = load_status (fixture, &written_ms);
  g_assert_cmpstr (status, ==, "{\"state\":\"running\"}");
  g_assert_cmpint (written_ms, >=, before);
}

static GPtrArray *
load_journal (Fixture *fixture, gint64 since_ms, const char *id, guint limit)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *entries;
  PS_TEST_CALL (result, ps_store_load_journal_async, fixture->store, since_ms, id, limit);

  entries = ps_store_load_journal_finish (fixture->store, result, &error);
  g_assert_no_error (error);
  return entries;
}

static PsJournalEntry *
journal_entry (gint64 time_ms, const char *id)
{
  PsJournalEntry *entry = ps_journal_entry_new ();

  entry->time_ms = time_ms;
  entry->ringcentral_id = g_strdup (id);
  entry->name = g_strdup ("Ana");
  entry->side = g_strdup ("ringcentral");
  entry->seen = g_strdup ("in-a-meeting");
  entry->written = g_strdup ("do-not-disturb");
  entry->why = g_strdup ("rule");
  entry->delay_ms = 1234;
  return entry;
}

static void
test_journal (Fixture *fixture, gconstpointer data)
{
  GPtrArray *entries = g_ptr_array_new ();
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) since = NULL;
  g_autoptr (GPtrArray) one = NULL;
  g_autoptr (GPtrArray) limited = NULL;
  const PsJournalEntry *newest;

  for (guint i = 0; i < 10; i++)
    g_ptr_array_add (entries, journal_entry (1000 + i, i % 2 == 0 ? "even" : "odd"));
  ((PsJournalEntry *) entries->pdata[9])->error = g_strdup ("refused");
  PS_TEST_SAVE (fixture->store, ps_store_append_journal_async, entries, G_GINT64_CONSTANT (1000000));
  reopen (fixture);
  all = load_journal (fixture, 0, NULL, 0);
  g_assert_cmpuint (all->len, ==, 10);
  newest = all->pdata[0];
  g_assert_cmpint (newest->time_ms, ==, 1009);
  g_assert_cmpstr (newest->error, ==, "refused");
  g_assert_cmpstr (newest->seen, ==, "in-a-meeting");
  g_assert_cmpint (newest->delay_ms, ==, 1234);
  since = load_journal (fixture, 1005, NULL, 0);
  g_assert_cmpuint (since->len, ==, 5);
  one = load_journal (fixture, 1005, "even", 0);
  g_assert_cmpuint (one->len, ==, 2);
  limited = load_journal (fixture, 0, "odd", 3);
  g_assert_cmpuint (limited->len, ==, 3);
  g_assert_cmpint (((PsJournalEntry *) limited->pdata[2])->time_ms, ==, 1005);
}

static void
test_journal_forgets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) left = NULL;

  for (guint i = 0; i < 30; i++) {
    GPtrArray *entries = g_ptr_array_new ();

    for (guint j = 0; j < 100; j++)
      g_ptr_array_add (entries, journal_entry (i * 100 + j, "1"));
    PS_TEST_SAVE (fixture->store, ps_store_append_journal_async, entries, (gint64) 1000);
  }
  left = load_journal (fixture, 0, NULL, 0);
  /* 1,000 are wanted; cleaning is done once in 500. */
  g_assert_cmpuint (left->len, >=, 1000);
  g_assert_cmpuint (left->len, <=, 1700);
}

static void
test_reports (Fixture *fixture, gconstpointer data)
{
  PsReportRow row = { .subject = (char *) "Report", .text = (char *) "19 failed" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < 510; i++) {
    row.time_ms = i;
    row.recipients = i == 509 ? (char *) "it@example.com" : NULL;
    PS_TEST_SAVE (fixture->store, ps_store_save_report_async, &row);
  }
  {
    PS_TEST_CALL (result, ps_store_load_reports_async, fixture->store, 0);

    rows = ps_store_load_reports_finish (fixture->store, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (rows->len, ==, 500); /* bounded; the newest stay */
  g_assert_cmpint (((PsReportRow *) rows->pdata[0])->time_ms, ==, 509);
  g_assert_cmpstr (((PsReportRow *) rows->pdata[0])->recipients, ==, "it@example.com");
  g_assert_null (((PsReportRow *) rows->pdata[1])->recipients);
  g_assert_cmpstr (((PsReportRow *) rows->pdata[499])->text, ==, "19 failed");
}

/* --- the store itself --- */

static void
test_private_files (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "state.db", "state.db-wal", "state.db-shm" };
  g_autofree char *deep = g_build_filename (fixture->directory, "new", "deeper", NULL);
  g_autofree char *deep_db = ps_test_state_path (deep);
  g_autoptr (GError) error = NULL;
  GStatBuf buffer;
  PsStore *store;

  PS_TEST_SAVE (fixture->store, ps_store_save_status_async, "{}");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->directory, names[i], NULL);

    g_assert_cmpint (g_stat (path, &buffer), ==, 0);
    g_assert_cmpint (buffer.st_mode & 0777, ==, 0600);
  }
  store = ps_test_open (deep, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ps_store_directory (store), ==, deep);
  g_assert_cmpint (g_stat (deep, &buffer), ==, 0);
  g_assert_cmpint (buffer.st_mode & 0777, ==, 0700);
  ps_test_close (store);

  /* A file that somebody has opened to others is closed to them again. */
  g_assert_cmpint (g_chmod (deep_db, 0644), ==, 0);
  store = ps_test_open (deep, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (deep_db, &buffer), ==, 0);
  g_assert_cmpint (buffer.st_mode & 0777, ==, 0600);
  ps_test_close (store);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) load = NULL;
  g_autoptr (GAsyncResult) save = NULL;
  g_autoptr (GAsyncResult) open = NULL;
  g_autofree char *status = NULL;

  g_cancellable_cancel (cancellable);
  ps_store_save_status_async (fixture->store, "{}", cancellable, ps_test_take_result, &save);
  ps_store_load_people_async (fixture->store, cancellable, ps_test_take_result, &load);
  ps_store_open_async (fixture->directory, cancellable, ps_test_take_result, &open);
  g_assert_false (ps_store_save_finish (fixture->store, ps_test_wait (&save), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ps_store_load_people_finish (fixture->store, ps_test_wait (&load), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_null (ps_store_open_finish (ps_test_wait (&open), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  status = load_status (fixture, NULL);
  g_assert_null (status); /* what was cancelled before its turn was not done */
}

/* Closing lets finish what was asked before, and refuses what comes after. */
static void
test_close_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *results[4] = { NULL };
  PsLedger something = { .session = PS_SESSION_CALL };
  g_autoptr (GPtrArray) ledger = NULL;

  ps_store_commit_ledger_async (fixture->store, ledger_rows ("1", something), NULL, ps_test_take_result, &results[0]);
  ps_store_close_async (fixture->store, NULL, ps_test_take_result, &results[1]);
  ps_store_save_status_async (fixture->store, "{}", NULL, ps_test_take_result, &results[2]);
  ps_store_load_people_async (fixture->store, NULL, ps_test_take_result, &results[3]);
  ps_store_save_finish (fixture->store, ps_test_wait (&results[0]), &error);
  g_assert_no_error (error);
  ps_store_close_finish (fixture->store, ps_test_wait (&results[1]), &error);
  g_assert_no_error (error);
  g_assert_false (ps_store_save_finish (fixture->store, ps_test_wait (&results[2]), &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "closed");
  g_clear_error (&error);
  g_assert_null (ps_store_load_people_finish (fixture->store, ps_test_wait (&results[3]), &error));
  ps_test_assert_words (error, PS_ERROR_STORAGE, "closed");
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_object_unref (results[i]);
  reopen (fixture); /* closes once more, which is no error */
  ledger = load_ledger (fixture);
  g_assert_cmpuint (ledger->len, ==, 1);
}

#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  ADD ("settings", test_settings);
  ADD ("selection", test_selection);
  ADD ("links", test_links);
  ADD ("rules", test_rules);
  ADD ("directory", test_directory);
  ADD ("people", test_people);
  g_test_add_func ("/store/person-words", test_person_words);
  ADD ("ledger", test_ledger);
  ADD ("ledger-empties", test_ledger_empties);
  ADD ("status", test_status);
  ADD ("journal", test_journal);
  ADD ("journal-forgets", test_journal_forgets);
  ADD ("reports", test_reports);
  ADD ("private-files", test_private_files);
  ADD ("cancelled", test_cancelled);
  ADD ("close-order", test_close_order);
  return g_test_run ();
}
