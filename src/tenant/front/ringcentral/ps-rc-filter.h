/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ps-rc-front.h"
#include "ps-rc-subscription.h"

G_BEGIN_DECLS

/* Reads one event filter for the asking user. Adds it to @filters, or to @disabled with the reason why its events will
 * not come (§4.1, §4.2: SUB-402, SUB-406, SUB-408, SUB-508; CMN-401 for a missing scope). */
void ps_rc_filter_read (PsRcCall *call, const char *text, GPtrArray *filters, GPtrArray *disabled);
void ps_rc_filter_free (PsRcFilter *filter);
void ps_rc_disabled_filter_free (PsRcDisabledFilter *disabled);

G_END_DECLS
