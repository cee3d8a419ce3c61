/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Random numbers for the model: a SplitMix64 stream is one number, so each person can have one. What one person rolls
 * (or a client makes them roll, by calling at another moment) then leaves everybody else's day as it was.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef guint64 PsTenantDice;

static inline guint64
ps_tenant_dice_roll (PsTenantDice *dice)
{
  guint64 z = (*dice += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* A number that is the same for the same three: the start of a stream, or a property that a thing is born with. */
static inline guint64
ps_tenant_dice_mix (guint64 seed, guint64 kind, guint64 index)
{
  PsTenantDice dice = seed;

  dice = ps_tenant_dice_roll (&dice) ^ (kind * G_GUINT64_CONSTANT (0xd1342543de82ef95));
  dice = ps_tenant_dice_roll (&dice) ^ (index * G_GUINT64_CONSTANT (0xda942042e4dd58b5));
  return ps_tenant_dice_roll (&dice);
}

/* 0 … n-1; @n must not be 0. */
static inline guint
ps_tenant_dice_below (PsTenantDice *dice, guint n)
{
  return (guint) (ps_tenant_dice_roll (dice) % n);
}

/* low … high, both included. */
static inline gint64
ps_tenant_dice_between (PsTenantDice *dice, gint64 low, gint64 high)
{
  return low + (gint64) (ps_tenant_dice_roll (dice) % (guint64) (high - low + 1));
}

static inline gboolean
ps_tenant_dice_chance (PsTenantDice *dice, guint percent)
{
  return ps_tenant_dice_below (dice, 100) < percent;
}

G_END_DECLS
