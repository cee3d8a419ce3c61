/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-timers.h"

typedef struct {
  gint64 at_ms;
  guint64 id; /* ages: a smaller one was made earlier */
  PsTenantFunc func;
  gpointer data;
  guint place; /* in the heap */
} Timer;

struct _PsTenantTimers {
  GPtrArray *heap;   /* Timer, owned */
  GHashTable *by_id; /* &Timer.id → Timer; only looked up, never walked: its order is no order */
  guint64 last_id;
};

static void
timer_free (gpointer data)
{
  g_slice_free (Timer, data);
}

static Timer *
timer_at (PsTenantTimers *timers, guint place)
{
  return g_ptr_array_index (timers->heap, place);
}

static void
put (PsTenantTimers *timers, guint place, Timer *timer)
{
  g_ptr_array_index (timers->heap, place) = timer;
  timer->place = place;
}

static gboolean
before (const Timer *a, const Timer *b)
{
  return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->id < b->id);
}

static void
sift_up (PsTenantTimers *timers, Timer *timer)
{
  guint place = timer->place;

  while (place > 0 && before (timer, timer_at (timers, (place - 1) / 2))) {
    put (timers, place, timer_at (timers, (place - 1) / 2));
    place = (place - 1) / 2;
  }
  put (timers, place, timer);
}

static void
sift_down (PsTenantTimers *timers, Timer *timer)
{
  guint place = timer->place;
  guint length = timers->heap->len;

  for (;;) {
    guint child = 2 * place + 1;

    if (child >= length)
      break;
    if (child + 1 < length && before (timer_at (timers, child + 1), timer_at (timers, child)))
      child++;
    if (!before (timer_at (timers, child), timer))
      break;
    put (timers, place, timer_at (timers, child));
    place = child;
  }
  put (timers, place, timer);
}

/* Takes @timer out of heap and table. Returns: (transfer full) */
static Timer *
take_out (PsTenantTimers *timers, Timer *timer)
{
  guint place = timer->place;
  Timer *last = timer_at (timers, timers->heap->len - 1);

  g_hash_table_remove (timers->by_id, &timer->id);
  g_ptr_array_set_size (timers->heap, (int) timers->heap->len - 1);
  if (last != timer) {
    put (timers, place, last);
    sift_up (timers, last);
    sift_down (timers, last);
  }
  return timer;
}

PsTenantTimers *
ps_tenant_timers_new (void)
{
  PsTenantTimers *timers = g_new0 (PsTenantTimers, 1);

  timers->heap = g_ptr_array_new ();
  timers->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  return timers;
}

void
ps_tenant_timers_free (PsTenantTimers *timers)
{
  g_ptr_array_foreach (timers->heap, (GFunc) (void (*) (void)) timer_free, NULL);
  g_ptr_array_unref (timers->heap);
  g_hash_table_unref (timers->by_id);
  g_free (timers);
}

guint64
ps_tenant_timers_add (PsTenantTimers *timers, gint64 at_ms, PsTenantFunc func, gpointer data)
{
  Timer *timer = g_slice_new (Timer);

  *timer = (Timer){ .at_ms = at_ms, .id = ++timers->last_id, .func = func, .data = data, .place = timers->heap->len };
  g_ptr_array_add (timers->heap, timer);
  g_hash_table_insert (timers->by_id, &timer->id, timer);
  sift_up (timers, timer);
  return timer->id;
}

void
ps_tenant_timers_cancel (PsTenantTimers *timers, guint64 id)
{
  Timer *timer = g_hash_table_lookup (timers->by_id, &id);

  if (timer != NULL)
    timer_free (take_out (timers, timer));
}

gint64
ps_tenant_timers_next (PsTenantTimers *timers)
{
  return timers->heap->len > 0 ? timer_at (timers, 0)->at_ms : G_MAXINT64;
}

gboolean
ps_tenant_timers_pop (PsTenantTimers *timers, gint64 until_ms, gint64 *at_ms, PsTenantFunc *func, gpointer *data)
{
  Timer *timer;

  if (ps_tenant_timers_next (timers) > until_ms || timers->heap->len == 0)
    return FALSE;
  timer = take_out (timers, timer_at (timers, 0));
  *at_ms = timer->at_ms;
  *func = timer->func;
  *data = timer->data;
  timer_free (timer);
  return TRUE;
}
