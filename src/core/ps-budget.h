/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How many calls may leave, and when. One budget stands for one bucket of a service: RingCentral counts per user token,
 * application and rate group in a sliding window, and restarts the whole penalty for each request sent inside one;
 * Graph's presence calls share one bucket per application and tenant. Pure: time is an argument (ms, any clock that
 * does not jump; the same one everywhere).
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Urgency of a call; see "Urgency" in the README's chapter on what is synced. */
typedef enum {
  PS_URGENT,   /* 0: changes which calls get through; also what an administrator waits for at the screen */
  PS_NORMAL,   /* 1: Busy ↔ Available; reading */
  PS_COSMETIC, /* 2: Offline, Away */
} PsUrgency;
#define PS_N_URGENCIES 3

typedef struct _PsBudget PsBudget;

/* A sliding window of @limit calls per @window_ms. Half is kept for PS_URGENT, a tenth for PS_COSMETIC. */
PsBudget *ps_budget_new (guint limit, gint64 window_ms);
PsBudget *ps_budget_ref (PsBudget *budget);
void ps_budget_unref (PsBudget *budget);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsBudget, ps_budget_unref)

/* Takes one call if there is room for one of @urgency at @now_ms, else changes nothing.
 * @cosmetic_waiting: somebody of the lowest class waits, so its tenth is not lent out. */
gboolean ps_budget_take (PsBudget *budget, PsUrgency urgency, gboolean cosmetic_waiting, gint64 now_ms);
/* When ps_budget_take() may succeed next for this class: @now_ms or later; G_MAXINT64: never. */
gint64 ps_budget_next (PsBudget *budget, PsUrgency urgency, gboolean cosmetic_waiting, gint64 now_ms);

/* What the service says of itself (X-Rate-Limit-Limit, -Remaining, -Window): the true limit is learned, and calls that
 * somebody else made with the same token are counted in. Unknown: G_MAXUINT, window_ms 0. */
void ps_budget_learn (PsBudget *budget, guint limit, guint remaining, gint64 window_ms, gint64 now_ms);
/* A 429: nothing leaves before @until_ms, for nobody. */
void ps_budget_close (PsBudget *budget, gint64 until_ms);
gint64 ps_budget_closed_until (PsBudget *budget); /* 0: open */

guint ps_budget_limit (PsBudget *budget);
gint64 ps_budget_window (PsBudget *budget);
guint ps_budget_used (PsBudget *budget, gint64 now_ms);
guint64 ps_budget_throttled (PsBudget *budget); /* how often it was closed */
guint64 ps_budget_taken (PsBudget *budget);     /* calls in all */

G_END_DECLS
