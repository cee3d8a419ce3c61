/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names of people: many origins, with their accents, each given name with surnames that go with it.
 */
#pragma once

#include "ps-tenant-dice.h"

G_BEGIN_DECLS

/* Both are static strings. */
void ps_tenant_names_pick (PsTenantDice *dice, const char **first_name, const char **last_name);
/* The name that a phone shows for somebody outside the company. Returns: (transfer full) */
char *ps_tenant_names_of_caller (PsTenantDice *dice);
/* "Søren" → "soren", "O'Brien" → "obrien": what the company makes of a name in an address; only a…z and 0…9, and "x" if
 * nothing is left of it. Returns: (transfer full) */
char *ps_tenant_names_for_address (const char *name);

G_END_DECLS
