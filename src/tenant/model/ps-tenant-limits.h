/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The services' rate limits in virtual time. RingCentral's: per (user, application, group), a sliding window, and a
 * penalty during which every further request starts the penalty anew. Microsoft's presence limit: per application and
 * tenant, so many calls in 30 s, refused with Retry-After.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  guint limit; /* requests per window; 0: none */
  gint64 window_ms;
  gint64 penalty_ms;   /* 0: refused only until the window has room again */
  gboolean restarting; /* a request during the penalty restarts it */
} PsTenantLimitRule;

typedef struct _PsTenantLimit PsTenantLimit; /* one bucket */

typedef struct {
  gboolean allowed;
  guint limit, remaining;
  gint64 window_ms;
  gint64 retry_after_ms; /* only if not allowed */
} PsTenantLimitAnswer;

PsTenantLimit *ps_tenant_limit_new (const PsTenantLimitRule *rule);
void ps_tenant_limit_free (PsTenantLimit *limit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTenantLimit, ps_tenant_limit_free)
void ps_tenant_limit_set_rule (PsTenantLimit *limit, const PsTenantLimitRule *rule);
/* Counts one request at @now_ms. */
PsTenantLimitAnswer ps_tenant_limit_take (PsTenantLimit *limit, gint64 now_ms);
typedef struct {
  guint64 allowed, refused, refused_inside_penalty;
} PsTenantLimitCount;
PsTenantLimitCount ps_tenant_limit_count (PsTenantLimit *limit);

G_END_DECLS
