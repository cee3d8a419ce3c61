/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What people do all day: a working day for each (options.daily_life), and changes at random over the whole company
 * (options.churn_per_second). Part of ps-tenant-world.c.
 *
 * A person has two lines of doing, Teams and the phone, each a chain of one pending timer: what comes next is rolled when
 * the last thing is over, with the person's own dice.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct _PsTenantDay PsTenantDay;

/* Everybody is at home; daily life begins with the next timers. */
PsTenantDay *ps_tenant_day_new (PsTenantWorld *world);
void ps_tenant_day_free (PsTenantDay *day);
/* Someone new, who is at work from now on. */
void ps_tenant_day_add_person (PsTenantDay *day, PsTenantPerson *person);
/* From now on the whole company is churned too. */
void ps_tenant_day_start_churn (PsTenantDay *day);

/* How long before the start of the world the people's day begins to be lived, so that the world starts in mid-morning. */
gint64 ps_tenant_day_run_up_ms (void);

G_END_DECLS
