/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person's sign-in leaves behind: authorization codes (10 minutes, once) and refresh tokens.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

typedef struct {
  const char *app_id;
  const char *user_id;
  const char *redirect_uri;
  const char *code_challenge; /* (nullable): S256; NULL: none was sent with the authorization request */
  const char *scope;          /* what was asked for and consented to, separated by spaces */
  const char *nonce;          /* (nullable) */
} PsTenantMsCodeRequest;

PsTenantMsGrants *ps_tenant_ms_grants_new (void);
void ps_tenant_ms_grants_free (PsTenantMsGrants *grants);

/* For the authorization page. Returns: (transfer full): a code for `redirect_uri?code=…`. */
char *ps_tenant_ms_grants_issue_code (PsTenantMsGrants *grants, const PsTenantMsCodeRequest *request, gint64 now_ms);

typedef struct {
  char *app_id, *user_id, *scope;
  char *nonce;          /* (nullable) */
  char *redirect_uri;   /* where the code was sent to */
  char *code_challenge; /* (nullable) a code's */
  gint64 expires_ms;
  gboolean redeemed; /* a code's: it stays until it expires, so that a second use is told apart from a wrong code */
} PsTenantMsGrant;

/* Returns: (nullable): owned by @grants. An expired one is still found. */
PsTenantMsGrant *ps_tenant_ms_grants_find_code (PsTenantMsGrants *grants, const char *code);
PsTenantMsGrant *ps_tenant_ms_grants_find_refresh (PsTenantMsGrants *grants, const char *token);

/* Returns: (transfer full): a refresh token for what @grant allows. The one before it goes on working, as Entra's does.
 */
char *ps_tenant_ms_grants_issue_refresh (PsTenantMsGrants *grants, const PsTenantMsGrant *grant, gint64 now_ms);

/* Forgets every refresh token of @app_id. */
void ps_tenant_ms_grants_revoke (PsTenantMsGrants *grants, const char *app_id);

/* TRUE if BASE64URL(SHA256(@verifier)) is @challenge (RFC 7636, section 4.6). */
gboolean ps_tenant_ms_pkce_fits (const char *verifier, const char *challenge);

G_END_DECLS
