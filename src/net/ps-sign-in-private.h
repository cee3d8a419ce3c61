/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser of ps-sign-in, for it and its tests.
 */
#pragma once

#include "ps-sign-in.h"
#include "ps-transport.h"

G_BEGIN_DECLS

/* PS_ERROR_BAD_REPLY if there is no token in @body, or an id token that is none or not for @client_id.
 * Returns: (transfer full). */
PsSignedIn *ps_signed_in_parse (PsServiceKind kind, const char *client_id, GBytes *body, GError **error);

G_END_DECLS
