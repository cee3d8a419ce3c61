/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window is a ring of the times at which calls left, newest last, with their class. A call counts for the window
 * and a second more: it reached the service later than it left here, by a time we do not know.
 */
#include "config.h"

#include "ps-budget.h"

#define MARGIN_MS 1000
/* A larger limit than this is no limit for us; the ring stays small. */
#define MAX_LIMIT 20000

typedef struct {
  gint64 at_ms;
  guint8 urgency;
} Taken;

struct _PsBudget {
  gatomicrefcount ref_count;
  guint limit;
  gint64 window_ms;
  gint64 closed_until_ms;
  Taken *ring; /* (owned) */
  guint size, first, length;
  guint by_class[PS_N_URGENCIES]; /* of those in the ring */
  guint64 throttled, taken;
};

PsBudget *
ps_budget_new (guint limit, gint64 window_ms)
{
  PsBudget *self = g_new0 (PsBudget, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->limit = CLAMP (limit, 1, MAX_LIMIT);
  self->window_ms = MAX (window_ms, 1);
  self->size = self->limit;
  self->ring = g_new (Taken, self->size);
  return self;
}

PsBudget *
ps_budget_ref (PsBudget *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ps_budget_unref (PsBudget *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->ring);
  g_free (self);
}

static Taken *
nth (PsBudget *self, guint i)
{
  return &self->ring[(self->first + i) % self->size];
}

static void
forget_old (PsBudget *self, gint64 now_ms)
{
  while (self->length > 0 && nth (self, 0)->at_ms + self->window_ms + MARGIN_MS <= now_ms) {
    self->by_class[nth (self, 0)->urgency]--;
    self->first = (self->first + 1) % self->size;
    self->length--;
  }
}

/* How many calls of all that are in the window leave room for one more of this class.
 *
 * PS_NORMAL and PS_COSMETIC together get the half that is not kept for PS_URGENT; PS_URGENT may use everything. The
 * lowest class owns a tenth: while it waits, nobody else takes the last free places that make up its share. */
static guint
room_for (PsBudget *self, PsUrgency urgency, gboolean cosmetic_waiting)
{
  guint slow = self->by_class[PS_NORMAL] + self->by_class[PS_COSMETIC];
  guint half = self->limit - self->limit / 2;
  guint tenth = self->limit > 1 ? MAX (self->limit / 10, 1) : 0; /* a limit of one is not to be split */
  guint reserved = cosmetic_waiting && self->by_class[PS_COSMETIC] < tenth ? tenth - self->by_class[PS_COSMETIC] : 0;
  guint free_in_all = self->limit > self->length ? self->limit - self->length : 0;
  guint free_for_slow = half > slow ? half - slow : 0;

  switch (urgency) {
  case PS_URGENT:
    return free_in_all > reserved ? free_in_all - reserved : 0;
  case PS_NORMAL:
    free_for_slow = free_for_slow > reserved ? free_for_slow - reserved : 0;
    return MIN (free_in_all, free_for_slow);
  case PS_COSMETIC:
  default:
    return MIN (free_in_all, free_for_slow);
  }
}

static void
push (PsBudget *self, PsUrgency urgency, gint64 now_ms)
{
  *nth (self, self->length) = (Taken){ now_ms, urgency };
  self->length++;
  self->by_class[urgency]++;
}

gboolean
ps_budget_take (PsBudget *self, PsUrgency urgency, gboolean cosmetic_waiting, gint64 now_ms)
{
  g_return_val_if_fail (urgency < PS_N_URGENCIES, FALSE);
  forget_old (self, now_ms);
  if (now_ms < self->closed_until_ms || room_for (self, urgency, cosmetic_waiting) == 0)
    return FALSE;
  push (self, urgency, now_ms);
  self->taken++;
  return TRUE;
}

gint64
ps_budget_next (PsBudget *self, PsUrgency urgency, gboolean cosmetic_waiting, gint64 now_ms)
{
  gint64 at = MAX (now_ms, self->closed_until_ms);

  forget_old (self, now_ms);
  if (room_for (self, urgency, cosmetic_waiting) > 0)
    return at;
  /* Some call has to leave the window first. Which one helps depends on its class; the oldest that counts against this
   * one is early enough to look again. */
  for (guint i = 0; i < self->length; i++)
    if (urgency == PS_URGENT || nth (self, i)->urgency != PS_URGENT || self->length >= self->limit)
      return MAX (at, nth (self, i)->at_ms + self->window_ms + MARGIN_MS);
  return MAX (at, now_ms + self->window_ms);
}

static void
resize (PsBudget *self, guint limit)
{
  guint size = MAX (limit, self->length);
  Taken *ring;

  if (size != self->size) {
    ring = g_new (Taken, size);
    for (guint i = 0; i < self->length; i++)
      ring[i] = *nth (self, i);
    g_free (self->ring);
    self->ring = ring;
    self->size = size;
    self->first = 0;
  }
  self->limit = limit;
}

void
ps_budget_learn (PsBudget *self, guint limit, guint remaining, gint64 window_ms, gint64 now_ms)
{
  forget_old (self, now_ms);
  if (limit != G_MAXUINT)
    resize (self, CLAMP (limit, 1, MAX_LIMIT));
  if (window_ms > 0)
    self->window_ms = window_ms;
  /* The service has counted more than we sent: somebody else uses the same token. Their calls are charged to the class
   * that can wait, so that what is kept for the urgent ones is not given away twice. */
  if (remaining != G_MAXUINT)
    while (self->length < self->limit && self->limit - self->length > remaining)
      push (self, PS_NORMAL, now_ms);
}

void
ps_budget_close (PsBudget *self, gint64 until_ms)
{
  self->throttled++;
  self->closed_until_ms = MAX (self->closed_until_ms, until_ms);
}

gint64
ps_budget_closed_until (PsBudget *self)
{
  return self->closed_until_ms;
}

guint
ps_budget_limit (PsBudget *self)
{
  return self->limit;
}

gint64
ps_budget_window (PsBudget *self)
{
  return self->window_ms;
}

guint
ps_budget_used (PsBudget *self, gint64 now_ms)
{
  forget_old (self, now_ms);
  return self->length;
}

guint64
ps_budget_throttled (PsBudget *self)
{
  return self->throttled;
}

guint64
ps_budget_taken (PsBudget *self)
{
  return self->taken;
}
