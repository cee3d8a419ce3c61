/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Client assertions: a JWT signed with the key of a registered certificate, in place of a client secret
 * (microsoft-graph reference, "certificate credentials": PS256 with x5t#S256, or the older RS256 with x5t).
 */
#pragma once

#include "ps-tenant-ms-apps.h"

G_BEGIN_DECLS

/* Checks @assertion for @app. @now_ms is the wall clock, not virtual time: whoever signs dates it by theirs.
 * @audience_ok says whether `aud` is this tenant's token endpoint.
 * Returns: NULL if it holds, else why not (a sentence for error 700027). */
const char *ps_tenant_ms_assertion_check (PsTenantMsApp *app, const char *assertion, gint64 now_ms,
                                          gboolean (*audience_ok) (const char *audience, gpointer data), gpointer data);

G_END_DECLS
