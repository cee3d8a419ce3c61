/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints one row of a benchmark's table. Benchmarks measure and judge nothing.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

static inline gint64
bench_now_us (void)
{
  return g_get_monotonic_time ();
}

/* @n things took @us microseconds. */
static inline void
bench_row (const char *what, guint64 n, gint64 us, const char *unit)
{
  g_print ("%-52s %12.0f %s/s   %8.3f us each\n", what, (double) n * 1e6 / (double) MAX (us, 1), unit,
           (double) us / (double) MAX (n, 1));
}

G_END_DECLS
