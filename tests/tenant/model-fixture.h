/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of the model share: a world at a fixed moment, and a count of what listeners are told.
 */
#pragma once

#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"
#include "ps-tenant-world.h"

#define START_MS  G_GINT64_CONSTANT (1767605400000) /* 2026-01-05 09:30 UTC, a Monday */
#define SECOND_MS ((gint64) 1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

typedef struct {
  guint teams, phone, extension, directory;
  gpointer last_subject;
} Heard;

static inline void
count_change (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  Heard *heard = data;
  guint *counts[] = { &heard->teams, &heard->phone, &heard->extension, &heard->directory };

  (*counts[change])++;
  heard->last_subject = subject;
}

static inline PsTenantWorld *
make_world (guint users, guint64 seed)
{
  PsTenantWorldOptions options = { .users = users, .seed = seed, .start_ms = START_MS };

  return ps_tenant_world_new (&options);
}

static inline void
pass (PsTenantWorld *world, gint64 ms)
{
  ps_tenant_world_advance (world, ps_tenant_world_now (world) + ms);
}

/* The n-th person with this oddity. */
static inline PsTenantPerson *
nth_odd (PsTenantWorld *world, PsTenantOdd odd, guint n)
{
  const GPtrArray *people = ps_tenant_world_people (world);

  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == odd && n-- == 0)
      return person;
  }
  return NULL;
}
