/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-words.h"

int
ps_words_find (const char *const *table, int n, const char *word)
{
  if (word == NULL)
    return -1;
  for (int i = 0; i < n; i++)
    if (table[i] != NULL && g_ascii_strcasecmp (table[i], word) == 0)
      return i;
  return -1;
}
