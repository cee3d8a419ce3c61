/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-delays.h"

#include <stdlib.h>
#include <string.h>

void
ps_delays_add (PsDelays *delays, gint64 ms)
{
  delays->ms[delays->next] = ms;
  delays->next = (delays->next + 1) % PS_DELAYS_KEPT;
  delays->n = MIN (delays->n + 1, PS_DELAYS_KEPT);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

gint64
ps_delays_percentile (const PsDelays *delays, guint percent)
{
  gint64 sorted[PS_DELAYS_KEPT];

  if (delays->n == 0)
    return -1;
  memcpy (sorted, delays->ms, delays->n * sizeof *sorted);
  qsort (sorted, delays->n, sizeof *sorted, compare);
  return sorted[MIN ((guint64) delays->n * percent / 100, delays->n - 1)];
}
