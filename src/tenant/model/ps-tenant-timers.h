/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The world's timers: a binary heap ordered by time, then by age, from which any timer can be taken out again.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct _PsTenantTimers PsTenantTimers;

PsTenantTimers *ps_tenant_timers_new (void);
void ps_tenant_timers_free (PsTenantTimers *timers);
/* Returns: the id, never 0. */
guint64 ps_tenant_timers_add (PsTenantTimers *timers, gint64 at_ms, PsTenantFunc func, gpointer data);
/* Does nothing if @id has run, was cancelled, or is 0. */
void ps_tenant_timers_cancel (PsTenantTimers *timers, guint64 id);
/* When the first one is due, or G_MAXINT64. */
gint64 ps_tenant_timers_next (PsTenantTimers *timers);
/* Takes the first one out if it is due by @until_ms. The caller runs it. */
gboolean ps_tenant_timers_pop (PsTenantTimers *timers, gint64 until_ms, gint64 *at_ms, PsTenantFunc *func,
                               gpointer *data);

G_END_DECLS
