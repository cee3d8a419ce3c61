/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-clock.h"

#include <math.h>

/* How long (real µs) the main loop may be kept from its sockets to catch up with the wished time. */
#define CATCH_UP_US     (50 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_WAIT_MS (60 * 1000)

struct _PsTenantClock {
  PsTenantWorld *world;
  GSource *source; /* (owned) */
  double speed;
  gint64 base_real_us; /* at this point of the monotonic clock … */
  gint64 base_ms;      /* … it was this time in the world */
  guint held;
  gboolean moving;
};

typedef struct {
  GSource source;
  PsTenantClock *clock;
} ClockSource;

static gint64
wished_time (PsTenantClock *clock, gint64 real_us)
{
  gint64 passed_us = MAX (real_us - clock->base_real_us, 0);

  return clock->base_ms + (gint64) (passed_us * clock->speed / 1000.0);
}

static void
rebase (PsTenantClock *clock, gint64 world_ms)
{
  clock->base_real_us = g_get_monotonic_time ();
  clock->base_ms = world_ms;
}

/* One due thing after the other, so that the work can be interrupted between two of them. */
static void
catch_up (PsTenantClock *clock)
{
  gint64 began_us = g_get_monotonic_time ();
  gint64 to_ms = wished_time (clock, began_us);
  gint64 now_ms = ps_tenant_world_now (clock->world);

  clock->moving = TRUE;
  while (now_ms < to_ms) {
    gint64 due_ms = ps_tenant_world_next_due (clock->world);

    now_ms = CLAMP (due_ms, now_ms, to_ms);
    ps_tenant_world_advance (clock->world, now_ms);
    if (now_ms < to_ms && g_get_monotonic_time () - began_us > CATCH_UP_US) {
      rebase (clock, now_ms);
      break;
    }
  }
  clock->moving = FALSE;
}

/* The world is asked each time, since anyone may have set a nearer timer meanwhile. */
static gboolean
source_prepare (GSource *source, int *timeout_ms)
{
  PsTenantClock *clock = ((ClockSource *) source)->clock;
  gint64 due_ms = ps_tenant_world_next_due (clock->world);
  double wait_ms;

  *timeout_ms = -1;
  if (due_ms == G_MAXINT64 || clock->speed <= 0 || clock->held > 0)
    return FALSE;
  wait_ms = ceil ((due_ms - wished_time (clock, g_source_get_time (source))) / clock->speed);
  *timeout_ms = (int) CLAMP (wait_ms, 0, LONGEST_WAIT_MS);
  return *timeout_ms == 0;
}

static gboolean
source_check (GSource *source)
{
  PsTenantClock *clock = ((ClockSource *) source)->clock;

  return clock->held == 0 && clock->speed > 0 &&
         ps_tenant_world_next_due (clock->world) <= wished_time (clock, g_source_get_time (source));
}

static gboolean
source_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  ps_tenant_clock_now (((ClockSource *) source)->clock);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs source_funcs = { source_prepare, source_check, source_dispatch, NULL, NULL, NULL };

PsTenantClock *
ps_tenant_clock_new (PsTenantWorld *world, double speed)
{
  PsTenantClock *clock = g_new0 (PsTenantClock, 1);

  g_return_val_if_fail (world != NULL && speed >= 0, NULL);

  clock->world = world;
  clock->speed = speed;
  rebase (clock, ps_tenant_world_now (world));
  clock->source = g_source_new (&source_funcs, sizeof (ClockSource));
  ((ClockSource *) clock->source)->clock = clock;
  g_source_set_static_name (clock->source, "demo tenant's clock");
  g_source_attach (clock->source, g_main_context_get_thread_default ());
  return clock;
}

void
ps_tenant_clock_free (PsTenantClock *clock)
{
  g_source_destroy (clock->source);
  g_source_unref (clock->source);
  g_free (clock);
}

gint64
ps_tenant_clock_now (PsTenantClock *clock)
{
  if (clock->held == 0 && !clock->moving)
    catch_up (clock);
  return ps_tenant_world_now (clock->world);
}

void
ps_tenant_clock_hold (PsTenantClock *clock)
{
  clock->held++;
}

void
ps_tenant_clock_release (PsTenantClock *clock)
{
  g_return_if_fail (clock->held > 0);

  clock->held--;
}

double
ps_tenant_clock_speed (PsTenantClock *clock)
{
  return clock->speed;
}

void
ps_tenant_clock_set_speed (PsTenantClock *clock, double speed)
{
  g_return_if_fail (speed >= 0);

  rebase (clock, ps_tenant_clock_now (clock));
  clock->speed = speed;
}

void
ps_tenant_clock_advance (PsTenantClock *clock, gint64 ms)
{
  gint64 to_ms = ps_tenant_clock_now (clock) + ms;

  g_return_if_fail (ms >= 0 && !clock->moving);

  clock->moving = TRUE;
  ps_tenant_world_advance (clock->world, to_ms);
  clock->moving = FALSE;
  rebase (clock, to_ms);
}
