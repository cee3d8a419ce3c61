/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the sign-in pages may send a browser to, and how ("Redirect URI (reply URL) best practices and limitations").
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

/* The address for embedded views; on our own origin its path is a page, too. */
#define PS_TENANT_MS_NATIVE_PATH     "/common/oauth2/nativeclient"
#define PS_TENANT_MS_NATIVE_REDIRECT "https://login.microsoftonline.com" PS_TENANT_MS_NATIVE_PATH

typedef enum {
  PS_TENANT_MS_REDIRECT_NONE,   /* not registered */
  PS_TENANT_MS_REDIRECT_PUBLIC, /* "Mobile and desktop": codes are redeemed without a secret, with PKCE */
  PS_TENANT_MS_REDIRECT_SPA,
  PS_TENANT_MS_REDIRECT_WEB,
} PsTenantMsRedirectKind;

/* Compares exactly, case and all; only with http://localhost and http://127.0.0.1 any port does, and "/" is the same
 * as no path. */
PsTenantMsRedirectKind ps_tenant_ms_redirect_kind (const PsTenantMsApp *app, const PsTenantRequest *request,
                                                   const char *uri);
/* TRUE for the address of embedded views. */
gboolean ps_tenant_ms_redirect_is_native (const PsTenantRequest *request, const char *uri);

/* TRUE if an application may register @uri. */
gboolean ps_tenant_ms_redirect_is_valid (const char *uri);

/* Answers with a redirect to @uri, with name, value pairs ended by NULL; a pair whose value is NULL is left out. A @uri
 * without a path gets "/". */
void ps_tenant_ms_redirect_answer (PsTenantReply *reply, const char *uri, gboolean fragment,
                                   ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
