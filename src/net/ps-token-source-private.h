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

/* The service does not know @token any more (a sixth session of the same user and application ends the oldest; an
 * administrator signs the application out): the next who asks gets another one. Does nothing if that has happened
 * already. */
void ps_token_source_drop (PsTokenSource *self, const char *token);

G_END_DECLS
