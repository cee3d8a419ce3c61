/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What there is to consent to in a visit, who may, and how a visit ends.
 */
#pragma once

#include "ps-tenant-ms-visit.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (element-type PsTenantMsPermission): what the page asks for; empty: nothing. */
GPtrArray *ps_tenant_ms_consent_wanted (PsTenantMs *ms, const PsTenantMsVisit *visit);

/* TRUE if the visit's user may consent for everybody. */
gboolean ps_tenant_ms_consent_may_for_all (PsTenantMs *ms, const PsTenantMsVisit *visit);
/* Returns: (nullable): NULL if the visit's user may consent to @wanted, else which administrator it takes. */
const char *ps_tenant_ms_consent_missing (PsTenantMs *ms, const PsTenantMsVisit *visit, const GPtrArray *wanted);

/* The user accepts @wanted, @for_all or for themselves. */
void ps_tenant_ms_consent_grant (PsTenantMs *ms, const PsTenantRequest *request, const PsTenantMsVisit *visit,
                                 const GPtrArray *wanted, gboolean for_all);

/* Each answers with the redirect back to the application and ends the visit: @visit is gone then. */
void ps_tenant_ms_consent_succeed (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                                   PsTenantMsVisit *visit);
/* @number: the refusal; 65004: the user pressed Cancel. */
void ps_tenant_ms_consent_fail (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                                PsTenantMsVisit *visit, guint number);

G_END_DECLS
