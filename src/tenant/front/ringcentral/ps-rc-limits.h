/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's rate groups: one bucket for each (user, application, group), all with the rule of their group.
 * Defaults: Light 50, Medium 40, Heavy 10, Auth 5 a minute, and a penalty of 60 s that any further call starts anew
 * (§5.1).
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-tenant-limits.h"

G_BEGIN_DECLS

typedef struct _PsRcLimits PsRcLimits;

PsRcLimits *ps_rc_limits_new (guint medium); /* 0: 40 */
void ps_rc_limits_free (PsRcLimits *limits);
/* @per_minute 0: no limit. Unknown groups are ignored. */
void ps_rc_limits_set (PsRcLimits *limits, const char *group, guint per_minute, guint penalty_s);
PsTenantLimitAnswer ps_rc_limits_take (PsRcLimits *limits, gint64 extension_id, const char *client_id,
                                       const char *group, gint64 now_ms);
/* Adds one member for each group. */
void ps_rc_limits_add (PsRcLimits *limits, JsonBuilder *builder);

G_END_DECLS
