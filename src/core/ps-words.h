/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words ↔ values in one table each. For src/core only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: the index of @word in @table of @n, compared case-insensitively (ASCII); -1: none, or @word is NULL. Holes
 * in the table (NULL) match nothing. */
int ps_words_find (const char *const *table, int n, const char *word);

G_END_DECLS
