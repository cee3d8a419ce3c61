/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ledger: for one person, everything of ours that may be standing on either side, and what was there before. It is
 * committed before a write leaves, so that after a kill nothing of ours is left behind unknown.
 */
#pragma once

#include "ps-presence.h"

G_BEGIN_DECLS

/* A set of values of one of the types below: what writes may have put there whose end is not known (they are under way,
 * the line broke, the program was killed). Several, for a write that was lost may be followed by one of another value.
 * They are stored as they are: the types' values must not be renumbered. */
typedef guint8 PsLedgerSet;
#define PS_LEDGER_BIT(value) ((PsLedgerSet) (1u << (value)))

/* For each value: what of ours is known to stand there (UNKNOWN and NONE: nothing), and what may. */
typedef struct {
  /* RingCentral, with the person's own value beneath. */
  PsPhoneStatus phone_status, person_status;
  PsPhoneCalls phone_calls, person_calls;
  /* Teams: our session and the preferred slot, with the end of their life (ms). */
  PsTeamsSession session;
  PsTeamsPreferred preferred;
  PsLedgerSet phone_status_maybe, phone_calls_maybe, session_maybe, preferred_maybe;
  gint64 session_until_ms, preferred_until_ms;
} PsLedger;

/* Nothing of ours is left for this person. An expired session or slot still counts until it was seen gone. */
gboolean ps_ledger_is_empty (const PsLedger *ledger);
/* Something of ours stands, or may stand, in that field. */
gboolean ps_ledger_has_status (const PsLedger *ledger);
gboolean ps_ledger_has_calls (const PsLedger *ledger);
gboolean ps_ledger_has_session (const PsLedger *ledger);
gboolean ps_ledger_has_preferred (const PsLedger *ledger);

G_END_DECLS
