/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the transport shares with a token source.
 */
#pragma once

#include "ps-budget.h"
#include "ps-token-source.h"

G_BEGIN_DECLS

/* RingCentral: the bucket of the rate group "Auth", in which token requests and wstoken are counted together.
 * Microsoft: NULL. Returns: (transfer none) (nullable). */
PsBudget *ps_token_source_auth_budget (PsTokenSource *self);

G_END_DECLS
