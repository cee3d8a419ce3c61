/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Changes at random over the whole company, on both sides, options.churn_per_second of them on average: people choose,
 * and calls begin and end. Part of ps-tenant-world.c.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct _PsTenantChurn PsTenantChurn;

/* It begins now; with options.churn_per_second 0 nothing ever happens. */
PsTenantChurn *ps_tenant_churn_new (PsTenantWorld *world);
void ps_tenant_churn_free (PsTenantChurn *churn);

G_END_DECLS
