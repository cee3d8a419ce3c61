/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTML pages of the sign-in: what is on them, not when they come. They need no script and nothing from elsewhere,
 * and whatever is not ours on them is escaped.
 *
 * Each page says which one it is in <meta name="PageID">, as Entra's do: ConvergedSignIn, ConvergedPickAccount,
 * ConvergedConsent, ConvergedAdminConsent, ConvergedAdminApproval, ConvergedConditionalAccess, ConvergedError.
 */
#pragma once

#include "ps-tenant-ms-visit.h"

G_BEGIN_DECLS

/* @account (nullable): what to put into the field; @problem (nullable): what was wrong with what was typed, with the
 * account if @at_account, else with the password. */
void ps_tenant_ms_page_sign_in (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit, const char *account,
                                const char *problem, gboolean at_account);

/* Goes on as @user, or as somebody else. */
void ps_tenant_ms_page_pick_account (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit,
                                     const PsTenantMicrosoftUser *user);

/* @permissions: (element-type PsTenantMsPermission). @box: with "Consent on behalf of your organization". Without it
 * and with an admin consent visit, the whole page is about everybody. */
void ps_tenant_ms_page_consent (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit,
                                const GPtrArray *permissions, gboolean box);

/* @who: which administrator it takes. */
void ps_tenant_ms_page_needs_admin (PsTenantMs *ms, PsTenantReply *reply, const PsTenantMsVisit *visit,
                                    const char *who);

/* AADSTS53003. */
void ps_tenant_ms_page_blocked (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                                const PsTenantMsVisit *visit);

/* Refusal @number, where no redirect can be trusted. */
void ps_tenant_ms_page_refusal (const PsTenantRequest *request, PsTenantReply *reply, guint status, guint number,
                                const char *first, const char *second);

/* What an embedded view sees if it does not take the redirect for itself. */
void ps_tenant_ms_page_blank (PsTenantReply *reply);

G_END_DECLS
