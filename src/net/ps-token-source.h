/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where access tokens come from. One object per identity: everybody who asks during a refresh waits for that one
 * refresh; expiry is a point in time; a rotated refresh token is stored before it is used.
 */
#pragma once

#include <gio/gio.h>

#include "ps-error.h"

G_BEGIN_DECLS

#define PS_TYPE_TOKEN_SOURCE (ps_token_source_get_type ())
G_DECLARE_FINAL_TYPE (PsTokenSource, ps_token_source, PS, TOKEN_SOURCE, GObject)

/* Microsoft, app-only: client credentials with a secret (Microsoft identity platform, "client credentials flow").
 * @login_url: "https://login.microsoftonline.com"; @graph_url gives the scope `<graph_url>/.default`. */
PsTokenSource *ps_token_source_new_client_secret (const char *login_url, const char *graph_url, const char *tenant_id,
                                                  const char *client_id, const char *client_secret, GError **error);
/* … with a certificate instead: @pem holds the certificate and its RSA private key; PS256, x5t#S256. */
PsTokenSource *ps_token_source_new_client_certificate (const char *login_url, const char *graph_url,
                                                       const char *tenant_id, const char *client_id, const char *pem,
                                                       GError **error);
/* RingCentral, unattended: JWT bearer with the confidential client's secret. */
PsTokenSource *ps_token_source_new_jwt (const char *server_url, const char *client_id, const char *client_secret,
                                        const char *jwt, GError **error);
/* RingCentral, after a sign-in with PKCE: a public client's refresh token, rotated at each use. @save is called with
 * each new refresh token and must have stored it when it completes; only then is the access token that came with it
 * given out. */
typedef void (*PsTokenSave) (const char *refresh_token, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer callback_data, gpointer save_data);
typedef gboolean (*PsTokenSaveFinish) (GAsyncResult *result, gpointer save_data, GError **error);
PsTokenSource *ps_token_source_new_refresh (const char *server_url, const char *client_id, const char *refresh_token,
                                            PsTokenSave save, PsTokenSaveFinish save_finish, gpointer save_data,
                                            GDestroyNotify save_data_free, GError **error);

/* Begins with a token that came together with the credential, @life_ms from now on: nothing is asked for before it is
 * due. */
void ps_token_source_give (PsTokenSource *self, const char *access_token, gint64 life_ms);

/* A token that is good for a while yet; asks the service when there is none or it is about to expire (refreshed 5
 * minutes before, jittered; never more than a try each 10 s, three in a row).
 * @force: the service refused the last one (Graph's 401): get another, unless that has happened since @refused was
 * given out.
 * @refused: (nullable): the token that was refused. */
void ps_token_source_get_async (PsTokenSource *self, gboolean force, const char *refused, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
/* Returns: (transfer full): the access token. */
char *ps_token_source_get_finish (PsTokenSource *self, GAsyncResult *result, GError **error);

/* After the first token: what it may do. Microsoft: the `roles` of the token (advisory, not verified: the services
 * verify); RingCentral: the scopes of the reply. Returns: (transfer full) (nullable): NULL if it cannot be read. */
GStrv ps_token_source_granted (PsTokenSource *self);
/* RingCentral: owner_id of the token reply (extension id). (nullable) */
const char *ps_token_source_owner_id (PsTokenSource *self);

/* RingCentral: ends the session there (oauth/revoke); errors are reported but nothing is repeated. Microsoft: nothing
 * to do. */
void ps_token_source_revoke_async (PsTokenSource *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean ps_token_source_revoke_finish (PsTokenSource *self, GAsyncResult *result, GError **error);

G_END_DECLS
