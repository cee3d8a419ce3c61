/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-ledger.h"

gboolean
ps_ledger_has_status (const PsLedger *ledger)
{
  return ledger->phone_status != PS_PHONE_STATUS_UNKNOWN || ledger->phone_status_maybe != 0;
}

gboolean
ps_ledger_has_calls (const PsLedger *ledger)
{
  return ledger->phone_calls != PS_CALLS_UNKNOWN || ledger->phone_calls_maybe != 0;
}

gboolean
ps_ledger_has_session (const PsLedger *ledger)
{
  return ledger->session != PS_SESSION_NONE || ledger->session_maybe != 0;
}

gboolean
ps_ledger_has_preferred (const PsLedger *ledger)
{
  return ledger->preferred != PS_PREFERRED_NONE || ledger->preferred_maybe != 0;
}

gboolean
ps_ledger_is_empty (const PsLedger *ledger)
{
  return !ps_ledger_has_status (ledger) && !ps_ledger_has_calls (ledger) && !ps_ledger_has_session (ledger) &&
         !ps_ledger_has_preferred (ledger);
}
