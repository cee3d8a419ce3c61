/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people do all day (options.daily_life): they come, meet, call, have lunch, want to be left alone, and go. Part
 * of ps-tenant-world.c.
 *
 * A person has two lines of doing, Teams and the phone, each a chain of one pending timer: what comes next is rolled
 * when the last thing is over, with the person's own dice. Without daily life everybody simply sits there, Available.
 *
 * The company's clock is such that the world starts between 9:30 and 10:00 on a Monday, whatever the time zone and the
 * hour of whoever looks at it; half hours are half hours on both clocks.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct _PsTenantDay PsTenantDay;

/* With daily life everybody is at home, and the first day begins with the next timers. */
PsTenantDay *ps_tenant_day_new (PsTenantWorld *world);
void ps_tenant_day_free (PsTenantDay *day);
/* Someone new, who is at work from now on. */
void ps_tenant_day_add_person (PsTenantDay *day, PsTenantPerson *person);
/* How long before options.start_ms daily life must begin for the morning to have been lived by then. */
gint64 ps_tenant_day_run_up_ms (void);

G_END_DECLS
