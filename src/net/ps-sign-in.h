/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One sign-in of a person, at Microsoft or at RingCentral: a public client with PKCE (RFC 7636, RFC 8252). It makes the
 * address to open, knows its own redirect, judges what came with it, and exchanges the code. Who shows the page, in an
 * embedded view or in the system's browser, is not its business: either hands it the address of each navigation.
 *
 * An object is good for one sign-in. Nothing of it is ever logged, and what is secret is overwritten before it is
 * freed.
 */
#pragma once

#include <gio/gio.h>

#include "ps-error.h"

G_BEGIN_DECLS

/* RingCentral compares the whole address, port and all: this one is to be registered. */
#define PS_SIGN_IN_RINGCENTRAL_PORT     47821
#define PS_SIGN_IN_RINGCENTRAL_PATH     "/oauth/ringcentral"
#define PS_SIGN_IN_RINGCENTRAL_REDIRECT "http://localhost:47821/oauth/ringcentral"
/* Microsoft's for embedded views: caught, and never loaded. With a browser it is "http://localhost" with any port. */
#define PS_SIGN_IN_MICROSOFT_REDIRECT "https://login.microsoftonline.com/common/oauth2/nativeclient"

/* An administrator's role template ids, the same in each tenant, as in PsSignedIn's wids (Entra "Built-in roles"). */
#define PS_ROLE_GLOBAL_ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"

typedef enum {
  PS_SIGN_IN_MICROSOFT,         /* /authorize: ends in a code */
  PS_SIGN_IN_MICROSOFT_CONSENT, /* /adminconsent: for all permissions of the registration; ends in yes or no */
  PS_SIGN_IN_RINGCENTRAL,
} PsSignInKind;

typedef struct {
  PsSignInKind kind;
  const char *base_url; /* "https://login.microsoftonline.com"; "https://platform.ringcentral.com" */
  const char *client_id;
  const char *redirect_uri;
  const char *tenant;     /* Microsoft: (nullable): its id or a domain; NULL: "organizations" */
  const char *scope;      /* Microsoft: separated by spaces; RingCentral: (nullable) */
  const char *prompt;     /* (nullable) */
  const char *login_hint; /* (nullable) */
  const char *brand_id;   /* RingCentral: (nullable) */
} PsSignInOptions;

#define PS_TYPE_SIGN_IN (ps_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (PsSignIn, ps_sign_in, PS, SIGN_IN, GObject)

/* Copies @options. PS_ERROR_INPUT: an id or an address that cannot be; PS_ERROR_SIGN_IN: no random numbers can be had,
 * and without them there is no sign-in. */
PsSignIn *ps_sign_in_new (const PsSignInOptions *options, GError **error);
PsSignInKind ps_sign_in_kind (PsSignIn *self);
/* Returns: (transfer none): the page to open. */
const char *ps_sign_in_uri (PsSignIn *self);
const char *ps_sign_in_redirect_uri (PsSignIn *self);

/* Whether @uri is our redirect: scheme, host, port and path are the same, whatever the query. To be asked for each
 * navigation before it is loaded; what is ours must not be. */
gboolean ps_sign_in_is_redirect (PsSignIn *self, const char *uri);

/* Judges the redirect, once: `state` before anything else, then `error`, then what it brings. TRUE: there is a code to
 * redeem, or the consent was given. Otherwise
 * PS_ERROR_DECLINED: the person cancelled;
 * PS_ERROR_NEEDS_BROWSER: a policy refuses embedded views, repeat it with the system's browser;
 * PS_ERROR_SIGN_IN: not the answer to this sign-in (wrong state, a second one), or start it again;
 * PS_ERROR_BAD_REPLY: neither error nor code; and whatever Entra's and RingCentral's codes stand for. The details have
 * the code. After any of them the object is used up. */
gboolean ps_sign_in_handle_redirect (PsSignIn *self, const char *uri, GError **error);

/* Entra leaves those whom a policy blocks on a page of its own, without a redirect: whether @text, what can be read on
 * the page at @uri, is such a page and names one of the refusals that a system's browser may get past. Microsoft only;
 * pages of other hosts (a federated sign-in) do not count. */
gboolean ps_sign_in_page_needs_browser (PsSignIn *self, const char *uri, const char *text);

typedef struct {
  char *access_token;  /* (owned) */
  char *refresh_token; /* (owned) (nullable): none was asked for, or the application may not have one */
  gint64 life_ms;      /* of the access token */
  GStrv scopes;        /* (owned) what was granted; may be empty */
  char *owner_id;      /* (owned) (nullable) RingCentral: extension id */
  /* Microsoft, from the id token, which came from the token endpoint itself (OpenID Connect Core §3.1.3.7, 6). */
  char *tenant_id, *user_id, *user_name, *user_principal_name; /* (owned) (nullable) */
  GStrv wids; /* (owned) (nullable): template ids of the person's directory roles; NULL: the token does not tell */
} PsSignedIn;
void ps_signed_in_free (PsSignedIn *signed_in);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsSignedIn, ps_signed_in_free)

/* Exchanges the code, which may be done once; nothing is repeated, for a code that was sent may be spent. Errors as
 * above, and of the network. */
void ps_sign_in_redeem_async (PsSignIn *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data);
/* Returns: (transfer full). */
PsSignedIn *ps_sign_in_redeem_finish (PsSignIn *self, GAsyncResult *result, GError **error);

G_END_DECLS
