/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Making the tokens that a successful sign-in hands out.
 */
#pragma once

#include "ps-tenant-ms-grants.h"
#include "ps-tenant-ms.h"

G_BEGIN_DECLS

#define PS_TENANT_MS_GRAPH_RESOURCE "https://graph.microsoft.com"
#define PS_TENANT_MS_GRAPH_APP_ID   "00000003-0000-0000-c000-000000000000"

/* An application's own token; its `roles` are what is granted now, and absent if nothing is.
 * Returns: (transfer full) */
char *ps_tenant_ms_issue_app_token (PsTenantMs *ms, PsTenantMsApp *app, const char *audience, gboolean by_certificate,
                                    gint64 now_ms);

/* @scope: what goes into `scp`. Returns: (transfer full) */
char *ps_tenant_ms_issue_user_token (PsTenantMs *ms, PsTenantMsApp *app, PsTenantMicrosoftUser *user, const char *scope,
                                     gint64 now_ms);

/* Returns: (transfer full) */
char *ps_tenant_ms_issue_id_token (PsTenantMs *ms, PsTenantMsApp *app, PsTenantMicrosoftUser *user, const char *nonce,
                                   gint64 now_ms);

/* TRUE if a tester switched consent off for @permission (faults consent-revoked=1, permission-missing=NAME,NAME…). */
gboolean ps_tenant_ms_is_withheld (PsTenantMs *ms, const char *permission);

G_END_DECLS
