/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-ledger.h"

gboolean
ps_ledger_is_empty (const PsLedger *ledger)
{
  return ledger->phone_status == PS_PHONE_STATUS_UNKNOWN && ledger->phone_calls == PS_CALLS_UNKNOWN &&
         ledger->session == PS_SESSION_NONE && ledger->preferred == PS_PREFERRED_NONE;
}
