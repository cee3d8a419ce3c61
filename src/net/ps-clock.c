/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-clock.h"

#include <time.h>

#include "ps-transport.h"

/* Read by every thread, written before there is a second one. */
static struct {
  gint64 boot_us; /* CLOCK_BOOTTIME at … */
  gint64 utc_us;  /* … this time */
  gint64 speed;
} start = { .speed = 1 };

static gint64
boot_time_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_BOOTTIME, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static gint64
now_us (void)
{
  static gsize started;

  if (g_once_init_enter (&started)) {
    start.boot_us = boot_time_us ();
    start.utc_us = g_get_real_time ();
    g_once_init_leave (&started, 1);
  }
  return start.utc_us + (boot_time_us () - start.boot_us) * start.speed;
}

gint64
ps_now_ms (void)
{
  return now_us () / 1000;
}

void
ps_clock_set_speed (guint speed)
{
  gint64 now = now_us ();

  g_return_if_fail (speed > 0);

  start.utc_us = now;
  start.boot_us = boot_time_us ();
  start.speed = speed;
}

void
ps_clock_advance (gint64 ms)
{
  now_us ();
  start.utc_us += ms * 1000;
}

GSource *
ps_clock_timeout_source_new (gint64 ms)
{
  gint64 real_ms = (MAX (ms, 0) + start.speed - 1) / start.speed;

  /* A day at most: whoever waits looks at the clock again. */
  return g_timeout_source_new ((guint) MIN (real_ms, G_TIME_SPAN_DAY / 1000));
}

void
ps_clock_wait (GTask *task, gint64 ms, GSourceFunc callback)
{
  g_autoptr (GSource) timeout = ps_clock_timeout_source_new (ms);

  if (g_task_get_cancellable (task) != NULL) {
    g_autoptr (GSource) wakeup = g_cancellable_source_new (g_task_get_cancellable (task));

    g_source_set_dummy_callback (wakeup);
    g_source_add_child_source (timeout, wakeup);
  }
  g_task_attach_source (task, timeout, callback);
}
