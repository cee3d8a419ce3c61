/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sync engine: a pure state machine. It is told what was seen, and answers what should be written where, in which
 * order, and when it wants to be asked again. It knows no socket, no disk, no main loop and no clock: time is an
 * argument, in ms, of one clock that never goes back and reads as UTC.
 *
 * It compares and does not queue. For each user it holds what each side shows, what each side should show and what of
 * ours stands there. A user whose "should" differs from "shows" is dirty, and waits in a line for its service and
 * urgency; when a write is taken, it is the write that is needed at that moment. Ten changes in a minute cost one
 * write, a change that was undone costs none, and a lost reply is repaired because the difference is still there.
 *
 * The caller's part: commit write.ledger to the disk before the write leaves; report how each write ended; feed
 * readings with the time their request left. Nothing here is thread-safe.
 */
#pragma once

#include "ps-budget.h"
#include "ps-ledger.h"
#include "ps-rules.h"

G_BEGIN_DECLS

typedef struct _PsEngine PsEngine;
typedef guint32 PsUser; /* names a user within one engine; given back by ps_engine_remove_user() */
#define PS_NO_USER G_MAXUINT32

typedef enum {
  PS_SIDE_TEAMS,
  PS_SIDE_PHONE,
} PsSide;
#define PS_N_SIDES 2

PsEngine *ps_engine_new (void);
void ps_engine_free (PsEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsEngine, ps_engine_free)

/* The budgets that writes to each side are taken from; a reference is taken. Without one there is no limit. */
void ps_engine_set_budgets (PsEngine *engine, PsBudget *teams, PsBudget *phone);
void ps_engine_set_rules (PsEngine *engine, const PsRules *rules, gint64 now_ms);

/* --- users --- */
/* @ledger: (nullable): what an earlier run left standing for this user. A user begins unsynced. */
PsUser ps_engine_add_user (PsEngine *engine, gboolean in_queue, const PsLedger *ledger);
void ps_engine_set_in_queue (PsEngine *engine, PsUser user, gboolean in_queue, gint64 now_ms);
/* FALSE: whatever of ours stands for this user is undone; what is done is seen in the ledger. Nothing is undone that
 * was not read before, since a person may have changed it: keep feeding readings until the ledger is empty. Only our
 * session in Teams needs none. */
void ps_engine_set_synced (PsEngine *engine, PsUser user, gboolean synced, gint64 now_ms);
/* Forgets the user, also when its ledger is not empty (the caller still has that on disk). */
void ps_engine_remove_user (PsEngine *engine, PsUser user);
/* The account on one side no longer exists: whatever of ours stood there went with it. */
void ps_engine_side_gone (PsEngine *engine, PsUser user, PsSide side, gint64 now_ms);
/* Every value that blocks calls is lifted (before the machine sleeps, or quits), or imposed again. */
void ps_engine_set_standby (PsEngine *engine, gboolean standby, gint64 now_ms);

/* --- observations --- */
typedef enum {
  PS_SEEN_EVENT, /* pushed by the service; ordered by its sequence */
  PS_SEEN_READ,  /* an answer to a question asked at sent_ms */
} PsSeen;
/* @sent_ms: when the question left. */
void ps_engine_see_teams (PsEngine *engine, PsUser user, const PsTeamsReading *reading, gint64 sent_ms, gint64 now_ms);
void ps_engine_see_phone (PsEngine *engine, PsUser user, const PsPhoneReading *reading, PsSeen how, gint64 sent_ms,
                          gint64 now_ms);

/* --- writes --- */
typedef enum {
  PS_WRITE_PHONE,
  PS_WRITE_SESSION,
  PS_WRITE_PREFERRED,
} PsWriteKind;

typedef enum {
  PS_WHY_FIRST_SYNC, /* the sides differed when the user was first synced */
  PS_WHY_MAPPING,    /* the standard table */
  PS_WHY_RULE,       /* a customized call rule */
  PS_WHY_CALL,       /* a RingCentral call or meeting */
  PS_WHY_CALL_OVER,
  PS_WHY_CHOICE, /* chosen by the person in RingCentral */
  PS_WHY_CHOICE_OVER,
  PS_WHY_RENEWAL, /* ours was about to expire */
  PS_WHY_UNDO,    /* unsync, disable, standby */
} PsWhy;
const char *ps_why_to_word (PsWhy why);

typedef struct {
  PsUser user;
  PsWriteKind kind;
  PsPhoneWrite phone;         /* PS_WRITE_PHONE */
  PsTeamsSession session;     /* PS_WRITE_SESSION */
  PsTeamsPreferred preferred; /* PS_WRITE_PREFERRED */
  guint duration_s;           /* life of the session or slot */
  PsUrgency urgency;
  PsWhy why;
  gint64 since_ms; /* when the reading came that made it necessary */
  PsLedger ledger; /* to be on disk before the write leaves */
  PsLedger before; /* the ledger without this write; for ps_engine_written() */
  guint64 number;  /* no two writes of an engine have the same */
} PsWrite;

/* The next write to @side, if there is one and its budget allows it. It counts as under way until ps_engine_written().
 */
gboolean ps_engine_next_write (PsEngine *engine, PsSide side, gint64 now_ms, PsWrite *write);

typedef enum {
  PS_WRITTEN,           /* done */
  PS_NOT_WRITTEN,       /* it did not leave, or the service said "later" (429, 503): nothing has changed there */
  PS_MAYBE_WRITTEN,     /* the line broke: it may have happened */
  PS_WRITE_WAS_REFUSED, /* the service said no: tried again when something changes, or after an hour */
} PsWritten;
/* @reading: (nullable): what the phone shows after the write, from its reply. */
void ps_engine_written (PsEngine *engine, const PsWrite *write, PsWritten result, const PsPhoneReading *reading,
                        gint64 now_ms);

/* When to call ps_engine_next_write() again if nothing else happens: G_MAXINT64: not before something is seen. */
gint64 ps_engine_next_due (PsEngine *engine, gint64 now_ms);

/* --- looking in --- */
typedef struct {
  gboolean synced, teams_read, phone_read;
  gboolean waiting[PS_N_SIDES]; /* a write is wanted there */
  PsUrgency urgency[PS_N_SIDES];
  gboolean under_way, refused; /* refused: the service said no to the last wanted write */
  PsTeamsReading teams;        /* as shown */
  PsPhoneReading phone;
  gint64 last_change_ms; /* last real change on either side, 0: none yet */
} PsUserView;
void ps_engine_view (PsEngine *engine, PsUser user, PsUserView *view);
/* What is standing now; differs from the row on disk when something was seen gone: commit it then. */
void ps_engine_ledger (PsEngine *engine, PsUser user, PsLedger *ledger);
/* Users whose ledger changed without a write since this was asked last: PS_NO_USER: no more. */
PsUser ps_engine_next_changed_ledger (PsEngine *engine);

guint ps_engine_waiting (PsEngine *engine, PsSide side, PsUrgency urgency);
guint ps_engine_under_way (PsEngine *engine, PsSide side);
gsize ps_engine_bytes_per_user (void);

G_END_DECLS
