/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs the engine: feeds it what both services show, carries out what it asks for, publishes what it knows. Holds the
 * engine's lock from start to end. Reads the administrator's wishes (selection, links, rules) from the store and
 * follows their changes within a second, whoever makes them.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

#define PS_TYPE_SERVICE (ps_service_get_type ())
G_DECLARE_FINAL_TYPE (PsService, ps_service, PS, SERVICE, GObject)

#define PS_SERVICE_DEFAULT_PERIOD_S 30
#define PS_SERVICE_MIN_PERIOD_S     10

/* Signals:
 *   "progress" (): the numbers of ps_service_get_progress() changed; at most a few times a second
 *   "complete" (): every selected person is Synced or Failed for the first time, or again after the selection changed
 *   "undone" (): the selection is off and the ledger is empty
 *   "failed" (GError *): the state cannot be saved (the disk is full), so nothing is written to either side any more;
 * it goes on by itself when it can. Everything else that may heal by itself is in the status instead "change"
 * (PsJournalEntry *entry): something was written (or could not be): for live output */
PsService *ps_service_new (PsWorkspace *workspace);
/* Whole seconds between two readings of everybody's Teams presence. The floor of 10 s can be lowered in the demo only.
 */
void ps_service_set_period (PsService *self, guint seconds);
void ps_service_allow_short_period (PsService *self);
/* Takes the lock (@program: how others call us), reads the state, the directories and both presences, and runs from
 * then on. Completes when it runs; PS_ERROR_BUSY if another program holds the engine. */
void ps_service_start_async (PsService *self, const char *program, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_service_start_finish (PsService *self, GAsyncResult *result, GError **error);
/* Reads these PsStorePart again at once: for changes made through this very PsStore, which it does not signal to
 * itself. */
void ps_service_reload (PsService *self, guint parts);
/* Lifts what blocks calls as time allows (at most @grace_ms), publishes, and releases the lock. Once: not while it
 * stops. */
void ps_service_stop_async (PsService *self, guint grace_ms, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean ps_service_stop_finish (PsService *self, GAsyncResult *result, GError **error);

typedef struct {
  guint total, selected, synced, failed, pending, not_selected; /* people */
  guint waiting[3];                                             /* writes to RingCentral by urgency */
  guint waiting_teams;
  guint under_way; /* writes sent and not answered */
  guint ledger;    /* people with something of ours standing */
  gint64 eta_ms;   /* until what is waiting has been written, under the present limit; -1: not known */
} PsProgress;
void ps_service_get_progress (PsService *self, PsProgress *progress);
/* The status as `presence-syncctl status --json` prints it (its keys are stable). (transfer full) */
char *ps_service_status_json (PsService *self);

G_END_DECLS
