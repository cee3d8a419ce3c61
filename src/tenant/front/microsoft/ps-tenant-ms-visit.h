/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Browsers at the sign-in pages, and what each is about to sign in or consent to.
 *
 * A browser is known by a cookie; a visit, from the request of an application to the redirect back, by an id in the
 * forms of its pages. Each form carries a canary, which only the browser's own pages have: a form on a page of somebody
 * else's cannot sign anybody in.
 *
 * Faults of the sign-in pages, each name=value (a COUNT strikes so often):
 *   sign-in-500=1              /authorize, /adminconsent and the sign-in form answer with an error page, status 500
 *   never-ending-page=1        the sign-in page comes by half, and the line stays open
 *   policy-blocks-embedded=1   after the password: AADSTS53003, if the redirect is the one of embedded views
 *                              (…/oauth2/nativeclient); with a loopback redirect, so from a browser, all goes well
 *   consent-refused=1          Accept does what Cancel does
 *   code-expired=1             the token endpoint finds every authorization code expired (70008)
 *   secrets-forbidden=1        a policy forbids addPassword
 *   secret-days=N              a policy allows secrets that live for N days at most
 *   replication=SECONDS        how long the token endpoint does not see what was written to the directory; without the
 *                              fault it is the server's option replication_s
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

typedef enum {
  PS_TENANT_MS_VISIT_SIGN_IN,
  PS_TENANT_MS_VISIT_ADMIN_CONSENT,    /* /adminconsent: all that the registration requires */
  PS_TENANT_MS_VISIT_ADMIN_CONSENT_V2, /* /v2.0/adminconsent: the same, or the scopes that were asked for */
} PsTenantMsVisitKind;

typedef struct {
  char *id;
  char *browser;
  PsTenantMsVisitKind kind;
  PsTenantMsApp *app; /* not owned: lives as long as the tenant */
  char *tenant;       /* as in the path */
  char *redirect_uri;
  char *state;                                        /* (nullable) */
  gboolean fragment;                                  /* response_mode=fragment */
  GStrv scopes;                                       /* names, or ".default" */
  char *nonce, *code_challenge, *login_hint, *prompt; /* (nullable) */
  char *user_id;                                      /* (nullable) until somebody has signed in */
} PsTenantMsVisit;

PsTenantMsVisit *ps_tenant_ms_visit_new (PsTenantMsVisitKind kind, PsTenantMsApp *app, const char *tenant,
                                         const char *redirect_uri);
void ps_tenant_ms_visit_free (PsTenantMsVisit *visit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTenantMsVisit, ps_tenant_ms_visit_free)

/* TRUE if the visit asks for the scope @name. */
gboolean ps_tenant_ms_visit_asks (const PsTenantMsVisit *visit, const char *name);

PsTenantMsVisits *ps_tenant_ms_visits_new (void);
void ps_tenant_ms_visits_free (PsTenantMsVisits *visits);

/* Takes @visit in, for the browser that sent @request; a new browser gets its cookie with @reply. The oldest visits
 * make room for new ones.
 * Returns: @visit. */
PsTenantMsVisit *ps_tenant_ms_visits_add (PsTenantMsVisits *visits, PsTenantMsVisit *visit /* (transfer full) */,
                                          const PsTenantRequest *request, PsTenantReply *reply);
/* Returns: (nullable): the visit, if it is of the browser that sends it and the canary is right. */
PsTenantMsVisit *ps_tenant_ms_visits_find (PsTenantMsVisits *visits, const PsTenantRequest *request, const char *id,
                                           const char *canary);
void ps_tenant_ms_visits_remove (PsTenantMsVisits *visits, PsTenantMsVisit *visit);

/* Returns: (transfer full): for the forms of @visit's pages. */
char *ps_tenant_ms_visits_canary (PsTenantMsVisits *visits, const PsTenantMsVisit *visit);

/* Returns: (nullable): whom the browser of @visit is signed in as. */
const char *ps_tenant_ms_visits_user (PsTenantMsVisits *visits, const PsTenantMsVisit *visit);
/* @user_id has signed in, in the browser of @visit and for @visit. */
void ps_tenant_ms_visits_sign_in (PsTenantMsVisits *visits, PsTenantMsVisit *visit, const char *user_id);

G_END_DECLS
