/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Watches everybody's RingCentral presence: the event socket, and sweeps of the whole account as its repair: at the
 * start, whenever events may have been missed, and every quarter of an hour.
 */
#pragma once

#include "ps-ringcentral-socket.h"

G_BEGIN_DECLS

#define PS_TYPE_PHONE_WATCH (ps_phone_watch_get_type ())
G_DECLARE_FINAL_TYPE (PsPhoneWatch, ps_phone_watch, PS, PHONE_WATCH, GObject)

/* Signals:
 *   "event" (const char *extension_id, const PsPhoneReading *)
 *   "presences" (PsPhonePresences *): one page of a sweep
 *   "sweep-done" (): a whole sweep has been read without a fault
 *   "directory-changed" ()
 *   "state-changed" () */
PsPhoneWatch *ps_phone_watch_new (PsRingCentralClient *client, gboolean new_call_handling);
void ps_phone_watch_start (PsPhoneWatch *self);
void ps_phone_watch_stop (PsPhoneWatch *self);
/* Reads everything once more, as soon as the sweep under way (if any) is over. */
void ps_phone_watch_sweep (PsPhoneWatch *self);
PsRingCentralSocket *ps_phone_watch_socket (PsPhoneWatch *self); /* (transfer none) */
/* Why the last sweep failed, or NULL. (transfer none) */
const GError *ps_phone_watch_error (PsPhoneWatch *self);
gint64 ps_phone_watch_failing_since (PsPhoneWatch *self); /* ms, 0: it does not */
guint64 ps_phone_watch_calls (PsPhoneWatch *self);

G_END_DECLS
