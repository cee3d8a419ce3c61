/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ledger: for one person, everything of ours that may be standing on either side, and what was there before. It is
 * committed before a write leaves, so that after a kill nothing of ours is left behind unknown.
 */
#pragma once

#include "ps-presence.h"

G_BEGIN_DECLS

typedef struct {
  /* RingCentral: what we wrote last and still own (UNKNOWN: nothing of ours), and the person's own value beneath it. */
  PsPhoneStatus phone_status, person_status;
  PsPhoneCalls phone_calls, person_calls;
  /* Teams: our session and the preferred slot, with the end of their life (ms). */
  PsTeamsSession session;
  PsTeamsPreferred preferred;
  gint64 session_until_ms, preferred_until_ms;
} PsLedger;

/* Nothing of ours is left for this person. An expired session or slot still counts until it was seen gone. */
gboolean ps_ledger_is_empty (const PsLedger *ledger);

G_END_DECLS
