/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everybody the running service knows: each RingCentral user with its link, its place in the engine and what became of
 * it.
 */
#pragma once

#include "ps-engine.h"
#include "ps-store.h"

G_BEGIN_DECLS

typedef struct {
  char *ringcentral_id;           /* (owned) */
  char *microsoft_id;             /* (owned) (nullable): the account the engine's user stands for */
  PsRingCentralUser *ringcentral; /* (owned) (nullable): NULL: gone, only the ledger is left */
  PsMicrosoftUser *microsoft;     /* (owned) (nullable) */
  PsUser user;                    /* PS_NO_USER: not in the engine */
  PsReason reason;                /* why it is not linked; NONE: linked */
  char *detail;                   /* (owned) (nullable) */
  gboolean selected;
  gboolean teams_unknown; /* Graph knows no presence of this account: no licence, as a rule */
  gboolean phone_missing; /* a whole sweep did not show it */
  char *refusal;          /* (owned) (nullable): how a write was refused */
  PsPersonStatus status;  /* as published last */
  gboolean changed;       /* to be published */
} PsMember;

typedef struct _PsRoster PsRoster;

PsRoster *ps_roster_new (PsEngine *engine);
void ps_roster_free (PsRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRoster, ps_roster_free)

/* What an earlier run left standing: before the first ps_roster_update(). @rows: PsLedgerRow. */
void ps_roster_load_ledger (PsRoster *roster, const GPtrArray *rows);
/* Brings everybody in line with the directories, the links made by hand and the selection: people join, leave, are
 * synced and unsynced. */
void ps_roster_update (PsRoster *roster, const PsDirectory *directory, GHashTable *by_hand,
                       const PsSelection *selection, gint64 now_ms);
/* Drops those whose undoing is done. Returns how many of the engine's users still have something of ours standing. */
guint ps_roster_drop_undone (PsRoster *roster);

/* (transfer none) (nullable) */
PsMember *ps_roster_find_ringcentral (PsRoster *roster, const char *ringcentral_id);
PsMember *ps_roster_find_microsoft (PsRoster *roster, const char *microsoft_id);
PsMember *ps_roster_find_user (PsRoster *roster, PsUser user);
const GPtrArray *ps_roster_members (PsRoster *roster); /* PsMember */
/* Accounts to be read: of everybody in the engine. (transfer container) (element-type utf8) */
GPtrArray *ps_roster_microsoft_ids (PsRoster *roster);

/* Status and reason as they are now. */
PsPersonStatus ps_roster_status (PsRoster *roster, const PsMember *member, PsReason *reason, const char **detail);
/* (transfer full) */
PsPersonRow *ps_roster_row (PsRoster *roster, PsMember *member);

G_END_DECLS
