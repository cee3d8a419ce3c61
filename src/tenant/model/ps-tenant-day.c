/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-day.h"

#include "ps-tenant-teams.h"

struct _PsTenantDay {
  PsTenantWorld *world;
};

gint64
ps_tenant_day_run_up_ms (void)
{
  return 0;
}

void
ps_tenant_day_add_person (PsTenantDay *day, PsTenantPerson *person)
{
  if (person->microsoft != NULL && person->microsoft->enabled)
    ps_tenant_teams_person_client (person->microsoft->teams, "Available", "Available");
}

PsTenantDay *
ps_tenant_day_new (PsTenantWorld *world)
{
  const GPtrArray *people = ps_tenant_world_people (world);
  PsTenantDay *day = g_new0 (PsTenantDay, 1);

  day->world = world;
  for (guint i = 0; i < people->len; i++)
    ps_tenant_day_add_person (day, g_ptr_array_index (people, i));
  return day;
}

void
ps_tenant_day_free (PsTenantDay *day)
{
  g_free (day);
}

void
ps_tenant_day_start_churn (PsTenantDay *day)
{
}
