/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rate groups of one service: a budget for each name, and what replies teach about it. Internal to net.
 */
#pragma once

#include <libsoup/soup.h>

#include "ps-transport.h"

G_BEGIN_DECLS

typedef struct _PsRateGroups PsRateGroups;
typedef struct _PsRateGroup PsRateGroup;

/* Starts with the service's published limits. */
PsRateGroups *ps_rate_groups_new (PsServiceKind kind);
void ps_rate_groups_free (PsRateGroups *groups);
/* Names are compared case-insensitively. Returns: (transfer none) (nullable). */
PsRateGroup *ps_rate_groups_find (PsRateGroups *groups, const char *name);
void ps_rate_groups_set (PsRateGroups *groups, const char *name, PsBudget *budget);

/* (transfer none) */
PsBudget *ps_rate_group_budget (PsRateGroup *group);
/* As ps_budget_take(), and ps_budget_next() minus @now_ms, at least 1. */
gboolean ps_rate_group_take (PsRateGroup *group, PsUrgency urgency, gint64 now_ms);
gint64 ps_rate_group_wait (PsRateGroup *group, PsUrgency urgency, gint64 now_ms);
/* Somebody of @urgency waits here, or no more. */
void ps_rate_group_waiting (PsRateGroup *group, PsUrgency urgency, int difference);

/* A reply came for a request of @group (nullable). X-Rate-Limit-* of RingCentral are learned; Graph names no limits, so
 * its presence group goes up by 5 % for each clean minute, to 265/s. */
void ps_rate_groups_learn (PsRateGroups *groups, PsRateGroup *group, SoupMessageHeaders *headers, gint64 now_ms);
/* A 429: closed for @close_ms. Graph's presence group is halved, once for each penalty. */
void ps_rate_groups_penalty (PsRateGroups *groups, PsRateGroup *group, gint64 close_ms, gint64 now_ms);

G_END_DECLS
