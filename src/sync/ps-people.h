/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Both directories, read whole and kept in the store, and who is linked with whom.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

/* Reads both directories (Microsoft by delta if the store has a point to start from), stores them, and gives them back.
 */
void ps_read_directories_async (PsWorkspace *workspace, PsClients *clients, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
PsDirectory *ps_read_directories_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

typedef struct {
  guint total, linked;
  guint by_reason[PS_N_REASONS];
} PsMatchCounts;
PsMatchCounts ps_match_counts (const GPtrArray *links); /* of PsLink */

/* "32 RingCentral users: 1 synced, 1 failed, 30 not selected", translated. (transfer full) */
char *ps_counter_line (guint total, guint synced, guint failed, guint not_selected);

/* Finds a person by RingCentral e-mail, extension number, id, or name if only one fits. PS_ERROR_INPUT in words else.
 * @rows: PsPersonRow. Returns: (transfer none). */
PsPersonRow *ps_find_person (const GPtrArray *rows, const char *text, GError **error);

/* A list of people from a file: CSV with a column of e-mail addresses (header or not, comma, semicolon or tab, quotes,
 * UTF-8 with or without BOM) or one address a line. @text need not end in NUL within @length. Returns: (transfer full)
 * (element-type utf8): addresses in order, each once; PS_ERROR_INPUT names the line at fault. */
GPtrArray *ps_parse_address_list (const char *text, gsize length, GError **error);

G_END_DECLS
