/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One engine with one person, and words for telling it what is seen and for what it wants written. A write is one word:
 * "phone:busy,-" (status, calls accepted; - is left alone), "session:call", "preferred:busy", "session:none" …
 */
#pragma once

#include "ps-engine.h"

typedef struct {
  PsEngine *engine;
  PsUser user;
  gint64 now_ms;
  PsLedger disk;     /* the row that would be on the disk now */
  guint64 sequence;  /* of the last event */
  PsWritten outcome; /* how the writes of drain() end */
  guint writes;      /* so far */
  PsWrite last;      /* the last write of drain() */
  char *drained;     /* (owned): what drain() gave */
} Fixture;

void fixture_set_up (Fixture *f, gconstpointer data); /* synced, nothing read yet, in a queue */
void fixture_tear_down (Fixture *f, gconstpointer data);
/* Both sides read: Teams Available, phone available, all calls, no call; nothing is to be written. */
void fixture_set_up_at_rest (Fixture *f, gconstpointer data);

#define ENGINE_TEST(path, set_up, func) g_test_add ("/engine/" path, Fixture, NULL, set_up, func, fixture_tear_down)

void after (Fixture *f, double seconds);
/* A poll that leaves and comes back now: "Busy/InACall". */
void teams (Fixture *f, const char *pair);
/* An event, or an answer: "busy all no-call", "- none -", with "meeting" or "no-meeting" as fourth word. */
void event (Fixture *f, const char *words);
void sweep (Fixture *f, const char *words);
/* The same, in full: own sequence and times. */
PsPhoneReading phone_reading (const char *words);

/* Takes and ends every write that is wanted, 200 ms each. Returns: (transfer none): the words, with spaces between. */
const char *drain (Fixture *f);
/* Takes one without ending it; there must be one. */
PsWrite take (Fixture *f, PsSide side);
void end (Fixture *f, const PsWrite *write, PsWritten result);
char *write_to_word (const PsWrite *write);

#define assert_writes(f, words) g_assert_cmpstr (drain (f), ==, words)
#define assert_word(write, word)                                                                                       \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    g_autofree char *word_ = write_to_word (write);                                                                    \
    g_assert_cmpstr (word_, ==, word);                                                                                 \
  }                                                                                                                    \
  G_STMT_END
gboolean ledger_is_empty (Fixture *f);

/* kill -9, and a new run that finds @disk. Nothing is read yet; synced as before unless @synced is FALSE. */
void restart (Fixture *f, gboolean synced);
