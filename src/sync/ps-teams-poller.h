/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads everybody's Teams presence again and again: 650 people a call, a few calls at a time, once each period.
 */
#pragma once

#include "ps-graph-client.h"

G_BEGIN_DECLS

#define PS_TYPE_TEAMS_POLLER (ps_teams_poller_get_type ())
G_DECLARE_FINAL_TYPE (PsTeamsPoller, ps_teams_poller, PS, TEAMS_POLLER, GObject)

/* Signals:
 *   "presences" (PsTeamsPresences *, GPtrArray *asked): one call's answer, and the ids that it was asked for
 *   "round-done" (): everybody has been asked once more; also after a round in which calls failed
 *   "state-changed" (): ps_teams_poller_error() changed */
PsTeamsPoller *ps_teams_poller_new (PsGraphClient *graph);
void ps_teams_poller_set_period (PsTeamsPoller *self, gint64 ms);
/* Whom to read from the next call on; takes a reference. @ids (element-type utf8). */
void ps_teams_poller_set_ids (PsTeamsPoller *self, GPtrArray *ids);
/* Begins a round now (if none is under way) and then each period. */
void ps_teams_poller_start (PsTeamsPoller *self);
void ps_teams_poller_stop (PsTeamsPoller *self);
/* Why the last round failed, or NULL. (transfer none) */
const GError *ps_teams_poller_error (PsTeamsPoller *self);
gint64 ps_teams_poller_failing_since (PsTeamsPoller *self); /* ms, 0: it does not */
gint64 ps_teams_poller_last_read (PsTeamsPoller *self);     /* ms, 0: never */
guint64 ps_teams_poller_calls (PsTeamsPoller *self);

G_END_DECLS
