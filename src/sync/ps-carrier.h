/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Carries out what the engine asks for: commits the ledger, sends the write, tells the engine how it ended. All writes
 * that are ready at the same moment share one commit.
 */
#pragma once

#include "ps-connection.h"
#include "ps-roster.h"

G_BEGIN_DECLS

#define PS_TYPE_CARRIER (ps_carrier_get_type ())
G_DECLARE_FINAL_TYPE (PsCarrier, ps_carrier, PS, CARRIER, GObject)

/* Signals:
 *   "written" (PsMember *, const PsWrite *, const GError *): one write has ended; the error is NULL when it was done
 *   "storage-failed" (const GError *): the ledger cannot be committed, so nothing leaves any more until it can */
PsCarrier *ps_carrier_new (PsWorkspace *workspace, PsClients *clients, PsEngine *engine, PsRoster *roster);
/* Takes as many writes as the budgets allow now, and comes back by itself when the next is due. To be called after
 * anything was seen or has changed. */
void ps_carrier_pump (PsCarrier *self);
/* Nothing more is taken; what is under way is waited for. Completes when the last answer has come, or on @cancellable
 * (then the rest is cancelled, and its end is not known: the ledger says so). */
void ps_carrier_drain_async (PsCarrier *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean ps_carrier_drain_finish (PsCarrier *self, GAsyncResult *result, GError **error);
/* The engine and the roster are about to go: what is under way is cancelled and forgotten. */
void ps_carrier_abandon (PsCarrier *self);
guint64 ps_carrier_writes (PsCarrier *self, PsSide side);

G_END_DECLS
