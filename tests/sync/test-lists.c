/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists of people as administrators have them, the report and its CSV, percentiles.
 */
#include "config.h"

#include <string.h>

#include "ps-delays.h"
#include "ps-people.h"
#include "ps-report.h"

static void
test_address_lists (void)
{
  static const struct {
    const char *text, *addresses; /* NULL: refused */
  } cases[] = {
    { "ana@example.com\nben@example.com\n", "ana@example.com ben@example.com" },
    { "ana@example.com", "ana@example.com" },
    { "\xEF\xBB\xBF"
      "ana@example.com\r\n\r\nben@example.com\r\n",
      "ana@example.com ben@example.com" },
    { "Name,E-Mail\nAna,ana@example.com\n\"Bo, Ben\",ben@example.com\n", "ana@example.com ben@example.com" },
    { "Name;E-Mail\nAna;ana@example.com\n", "ana@example.com" },
    { "Name\tE-Mail\nAna\tana@example.com\n", "ana@example.com" },
    { "\"ana@example.com\",\"says \"\"hi\"\"\nand goes\"\n\"ben@example.com\",x\n", "ana@example.com ben@example.com" },
    { "ana@example.com\nANA@example.com\n", "ana@example.com" },
    { "", NULL },
    { "\n\n", NULL },
    { "Name,E-Mail\n", NULL },
    { "Name,E-Mail\nAna,\n", NULL },
    { "ana@example.com\nnobody\n", NULL },
    { "ana@example.com\n\"ben@example.com\n", NULL },
    { "PK\x03\x04\xff\xfe", NULL },
    { "ana@@example.com\n", NULL },
    { "@example.com\n", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) addresses = ps_parse_address_list (cases[i].text, strlen (cases[i].text), &error);

    if (cases[i].addresses == NULL) {
      g_assert_null (addresses);
      g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
    } else {
      g_autofree char *joined = NULL;

      g_assert_no_error (error);
      g_ptr_array_add (addresses, NULL);
      joined = g_strjoinv (" ", (char **) addresses->pdata);
      g_assert_cmpstr (joined, ==, cases[i].addresses);
    }
  }
}

static void
test_address_list_names_the_line (void)
{
  static const char text[] = "E-Mail\nana@example.com\n\nno address here\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (ps_parse_address_list (text, strlen (text), &error));
  g_assert_nonnull (strstr (error->message, "Line 4"));
}

/* A NUL ends nothing: the list is not a C string. */
static void
test_address_list_with_nul (void)
{
  static const char text[] = "ana@example.com\n\0ben@example.com\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (ps_parse_address_list (text, sizeof text - 1, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
}

static PsPersonRow *
person (const char *id, const char *name, const char *email, PsPersonStatus status, PsReason reason)
{
  PsPersonRow *row = ps_person_row_new ();

  row->ringcentral_id = g_strdup (id);
  row->name = g_strdup (name);
  row->email = g_strdup (email);
  row->extension = g_strdup_printf ("1%s", id);
  row->status = status;
  row->reason = reason;
  return row;
}

static GPtrArray *
some_people (void)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_person_row_free);

  g_ptr_array_add (rows, person ("1", "Ana", "ana@example.com", PS_PERSON_SYNCED, PS_REASON_NONE));
  g_ptr_array_add (
      rows, person ("2", "=HYPERLINK(\"x\")", "ben@example.com", PS_PERSON_FAILED, PS_REASON_NO_MICROSOFT_ACCOUNT));
  g_ptr_array_add (rows, person ("3", "Cem", NULL, PS_PERSON_FAILED, PS_REASON_NO_EMAIL));
  g_ptr_array_add (rows, person ("4", "Cem", "cem@example.com", PS_PERSON_NOT_SELECTED, PS_REASON_NONE));
  return rows;
}

static void
test_report (void)
{
  g_autoptr (GPtrArray) rows = some_people ();
  g_autoptr (PsReport) report = ps_report_new (rows, "Contoso");

  g_assert_cmpstr (report->subject, ==, "Presence Sync for Contoso: 1 synced, 2 failed");
  g_assert_true (g_str_has_prefix (report->text, "4 RingCentral users: 1 synced, 2 failed, 1 not selected\n"));
  g_assert_nonnull (strstr (report->text, "ben@example.com>: No Microsoft account"));
  g_assert_null (strstr (report->text, "ana@example.com"));
}

static void
test_csv_is_text_for_a_spreadsheet (void)
{
  g_autoptr (GPtrArray) rows = some_people ();
  g_autofree char *csv = ps_people_to_csv (rows);
  g_auto (GStrv) lines = g_strsplit (csv, "\r\n", -1);

  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_true (g_str_has_prefix (lines[2], "\"'=HYPERLINK(\"\"x\"\")\",\"ben@example.com\",\"12\","));
}

static void
test_finding_people (void)
{
  g_autoptr (GPtrArray) rows = some_people ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ps_find_person (rows, "ANA@EXAMPLE.COM", &error) == rows->pdata[0]);
  g_assert_true (ps_find_person (rows, "12", &error) == rows->pdata[1]);
  g_assert_true (ps_find_person (rows, "ana", &error) == rows->pdata[0]);
  g_assert_no_error (error);
  g_assert_null (ps_find_person (rows, "Cem", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (ps_find_person (rows, "\xff", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
}

static void
test_percentiles (void)
{
  PsDelays delays = { 0 };

  g_assert_cmpint (ps_delays_percentile (&delays, 50), ==, -1);
  for (int i = 1; i <= 100; i++)
    ps_delays_add (&delays, i);
  g_assert_cmpint (ps_delays_percentile (&delays, 50), ==, 51);
  g_assert_cmpint (ps_delays_percentile (&delays, 95), ==, 96);
  g_assert_cmpint (ps_delays_percentile (&delays, 100), ==, 100);
  for (int i = 0; i < PS_DELAYS_KEPT; i++)
    ps_delays_add (&delays, 7);
  g_assert_cmpint (ps_delays_percentile (&delays, 99), ==, 7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lists/addresses", test_address_lists);
  g_test_add_func ("/lists/names-the-line", test_address_list_names_the_line);
  g_test_add_func ("/lists/nul", test_address_list_with_nul);
  g_test_add_func ("/lists/report", test_report);
  g_test_add_func ("/lists/csv", test_csv_is_text_for_a_spreadsheet);
  g_test_add_func ("/lists/finding-people", test_finding_people);
  g_test_add_func ("/lists/percentiles", test_percentiles);
  return g_test_run ();
}
