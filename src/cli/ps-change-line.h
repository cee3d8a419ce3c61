/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One change of presence in words, for "journal", "run --verbose" and the demo.
 */
#pragma once

#include "ps-store.h"

G_BEGIN_DECLS

/* The engine's word ("call-over"), translated for people. Unknown words come back as they are. */
const char *ps_why_word_to_text (const char *word);
/* "In a meeting" for "in-a-meeting" and the like, on either side. */
const char *ps_seen_word_to_text (const char *word);
/* "Ana Silva: Teams In a meeting → RingCentral Busy (standard table, 312 ms)". Returns: (transfer full). */
char *ps_change_to_line (const PsJournalEntry *entry);
/* "312 ms", "4.2 s". Returns: (transfer full). */
char *ps_delay_to_text (gint64 ms);

G_END_DECLS
