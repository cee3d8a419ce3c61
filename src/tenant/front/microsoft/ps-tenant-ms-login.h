/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens on the sign-in pages, from the request of an application to the redirect back: who it is, may they, do
 * they want to.
 */
#pragma once

#include "ps-tenant-ms-visit.h"

G_BEGIN_DECLS

/* Answers with the first page of @visit, or at once with the redirect, if the browser is signed in and nothing is left
 * to ask. */
void ps_tenant_ms_login_begin (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                               PsTenantMsVisit *visit /* (transfer full) */);

/* TRUE, if the fault sign-in-500 has answered. */
gboolean ps_tenant_ms_login_fails (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply);

/* Checks what every page is asked for: the tenant, the application and the redirect. Answers with a page itself if one
 * of them is wrong: then the redirect is not to be trusted.
 * Returns: (nullable): the application. */
PsTenantMsApp *ps_tenant_ms_login_check (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                                         GHashTable *parameters);

/* Returns: (nullable): the parameter, if it is there and not empty. */
const char *ps_tenant_ms_login_parameter (GHashTable *parameters, const char *name);

/* Returns: (transfer full) (nullable): the form in the body, if it is one and all of it is text. */
GHashTable *ps_tenant_ms_login_form (const PsTenantRequest *request);

G_END_DECLS
