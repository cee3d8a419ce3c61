/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Drives a world's virtual time from the real one: so many virtual ms per real ms, from the main loop of the thread
 * that made it. Where the world cannot keep up with the wished speed, its time runs slower instead of stopping the main
 * loop.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct _PsTenantClock PsTenantClock;

/* @speed 0: time stands still but for ps_tenant_clock_advance(). The clock keeps a pointer to @world. */
PsTenantClock *ps_tenant_clock_new (PsTenantWorld *world, double speed);
void ps_tenant_clock_free (PsTenantClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTenantClock, ps_tenant_clock_free)

/* Moves the world on to where it should be, and returns its time: virtual ms since the epoch. While the clock is held,
 * or from within the world's own callbacks, time does not move. */
gint64 ps_tenant_clock_now (PsTenantClock *clock);
/* Keeps time still until as many releases: a request sees one point in time from its beginning to its end. */
void ps_tenant_clock_hold (PsTenantClock *clock);
void ps_tenant_clock_release (PsTenantClock *clock);

double ps_tenant_clock_speed (PsTenantClock *clock);
void ps_tenant_clock_set_speed (PsTenantClock *clock, double speed);
/* A jump ahead by @ms virtual ms, in which everything due happens in order. */
void ps_tenant_clock_advance (PsTenantClock *clock, gint64 ms);

G_END_DECLS
