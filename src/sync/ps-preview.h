/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What enabling would do; changes nothing.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

typedef struct {
  guint users, linked, not_linked;
  guint by_reason[PS_N_REASONS];
  guint would_change_ringcentral, would_change_teams;
  guint writes_per_minute; /* RingCentral's present limit */
  gint64 duration_ms;      /* for the changes, under that limit */
  GPtrArray *rows;         /* (owned) PsPersonRow: status as it would be (synced or failed with its reason) */
} PsPreview;
void ps_preview_free (PsPreview *preview);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsPreview, ps_preview_free)
/* Reads directories and both presences, and asks the engine. For the people that @selection (nullable: everybody) has.
 */
void ps_preview_async (PsWorkspace *workspace, const PsSelection *selection, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data);
PsPreview *ps_preview_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

G_END_DECLS
