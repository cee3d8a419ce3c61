/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-report.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-people.h"

void
ps_report_free (PsReport *report)
{
  g_free (report->subject);
  g_free (report->text);
  g_free (report);
}

static void
count (PsReport *report, const GPtrArray *rows)
{
  report->total = rows->len;
  for (guint i = 0; i < rows->len; i++) {
    const PsPersonRow *row = rows->pdata[i];

    report->synced += row->status == PS_PERSON_SYNCED;
    report->failed += row->status == PS_PERSON_FAILED;
    report->pending += row->status == PS_PERSON_PENDING;
    report->not_selected += row->status == PS_PERSON_NOT_SELECTED;
  }
}

static const char *
display_name (const PsPersonRow *row)
{
  return row->name != NULL && *row->name != '\0' ? row->name : row->ringcentral_id;
}

static void
append_failed (GString *text, const GPtrArray *rows)
{
  g_string_append_printf (text, "\n%s\n", _ ("Not synced, and why:"));
  for (guint i = 0; i < rows->len; i++) {
    const PsPersonRow *row = rows->pdata[i];
    g_autofree char *reason = NULL;

    if (row->status != PS_PERSON_FAILED)
      continue;
    reason = ps_reason_to_text (row->reason, row->detail);
    g_string_append_printf (text, "• %s <%s>: %s\n", display_name (row),
                            row->email != NULL ? row->email : _ ("no e-mail"), reason);
  }
}

PsReport *
ps_report_new (const GPtrArray *rows, const char *organization)
{
  PsReport *report = g_new0 (PsReport, 1);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *line = NULL;

  count (report, rows);
  line = ps_counter_line (report->total, report->synced, report->failed, report->not_selected);
  g_string_append_printf (text, "%s\n", line);
  if (report->pending > 0)
    g_string_append_printf (text,
                            g_dngettext (GETTEXT_PACKAGE, "%u person is still being read.\n",
                                         "%u people are still being read.\n", report->pending),
                            report->pending);
  if (report->failed > 0)
    append_failed (text, rows);
  else if (report->synced > 0)
    g_string_append_printf (text, "\n%s\n", _ ("Everybody who was selected is synced."));
  report->text = g_string_free (g_steal_pointer (&text), FALSE);
  report->subject = organization != NULL
                        ? g_strdup_printf (_ ("Presence Sync for %s: %u synced, %u failed"), organization,
                                           report->synced, report->failed)
                        : g_strdup_printf (_ ("Presence Sync: %u synced, %u failed"), report->synced, report->failed);
  return report;
}

/* --- CSV --- */

/* A spreadsheet takes a field that begins like this for a formula and may run it; an apostrophe makes it text. */
static gboolean
looks_like_formula (const char *field)
{
  return *field != '\0' && strchr ("=+-@\t\r", *field) != NULL;
}

static void
append_field (GString *csv, const char *field, gboolean last)
{
  const char *text = field != NULL ? field : "";

  g_string_append_c (csv, '"');
  if (looks_like_formula (text))
    g_string_append_c (csv, '\'');
  for (; *text != '\0'; text++) {
    if (*text == '"')
      g_string_append_c (csv, '"');
    g_string_append_c (csv, *text);
  }
  g_string_append (csv, last ? "\"\r\n" : "\",");
}

static void
append_row (GString *csv, const PsPersonRow *row)
{
  g_autofree char *reason = row->reason != PS_REASON_NONE ? ps_reason_to_text (row->reason, row->detail) : NULL;

  append_field (csv, row->name, FALSE);
  append_field (csv, row->email, FALSE);
  append_field (csv, row->extension, FALSE);
  append_field (csv, row->microsoft_upn, FALSE);
  append_field (csv, ps_person_status_to_word (row->status), FALSE);
  append_field (csv, ps_reason_to_word (row->reason), FALSE);
  append_field (csv, reason, FALSE);
  append_field (csv, ps_teams_status_to_word (row->teams), FALSE);
  append_field (csv, row->ringcentral, TRUE);
}

char *
ps_people_to_csv (const GPtrArray *rows)
{
  GString *csv = g_string_new ("name,email,extension,microsoft_upn,status,reason,reason_text,teams,ringcentral\r\n");

  for (guint i = 0; i < rows->len; i++)
    append_row (csv, rows->pdata[i]);
  return g_string_free (csv, FALSE);
}
