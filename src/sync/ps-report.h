/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who was synced and who was not, and why: as text for people, as CSV, and by mail.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

typedef struct {
  guint total, synced, failed, pending, not_selected;
  char *subject; /* (owned) translated */
  char *text;    /* (owned) translated: the counter line, then each failed person with the reason */
} PsReport;
void ps_report_free (PsReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsReport, ps_report_free)
/* @rows: PsPersonRow. @organization: (nullable). */
PsReport *ps_report_new (const GPtrArray *rows, const char *organization);
/* RFC 4180, UTF-8, header line; a field that a spreadsheet would take for a formula is defused. (transfer full) */
char *ps_people_to_csv (const GPtrArray *rows);
/* Sends from the mailbox in the setting "report.sender" to @to (nullable: the setting "report.recipients"), and
 * remembers it in the store, also when it failed. PS_ERROR_INPUT if there is no sender or recipient,
 * PS_ERROR_PERMISSION without Mail.Send. */
void ps_send_report_async (PsWorkspace *workspace, PsClients *clients, const PsReport *report, const char *const *to,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_send_report_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

G_END_DECLS
