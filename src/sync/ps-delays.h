/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The last thousand delays of one direction, and their percentiles.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PS_DELAYS_KEPT 1000

typedef struct {
  gint64 ms[PS_DELAYS_KEPT];
  guint n, next;
} PsDelays;

void ps_delays_add (PsDelays *delays, gint64 ms);
/* @percent of the delays kept are at most this; -1: none yet. */
gint64 ps_delays_percentile (const PsDelays *delays, guint percent);

G_END_DECLS
