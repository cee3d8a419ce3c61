/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /restapi/oauth/: token (JWT bearer, authorization code with PKCE, refresh), revoke, and the event socket's token.
 */
#include "config.h"

#include "ps-rc-front.h"

#include <string.h>

#define ALL_SCOPES "EditPresence ReadAccounts ReadPresence WebSocketsSubscription"

typedef struct {
  PsRcCall *call;
  GHashTable *form;
  const PsRcApplication *application;
  gint64 access_ttl_s, refresh_ttl_s;
  char *scope;
} TokenRequest;

static void
refuse (PsRcCall *call, const char *error, const char *code, const char *description)
{
  ps_rc_fail_oauth (call->reply, error, code, NULL, description);
}

const PsRcApplication *
ps_rc_oauth_application (PsRcFront *front, const char *client_id)
{
  if (g_strcmp0 (client_id, front->service.client_id) == 0)
    return &front->service;
  if (g_strcmp0 (client_id, front->desktop.client_id) == 0)
    return &front->desktop;
  return NULL;
}

static const PsRcApplication *
application_of_basic (PsRcCall *call, const char *header)
{
  g_autofree guchar *decoded = NULL;
  g_autofree char *text = NULL;
  const PsRcApplication *application;
  char *colon;
  gsize length;

  decoded = g_base64_decode (header + 6, &length);
  text = g_strndup ((const char *) decoded, length);
  colon = strchr (text, ':');
  if (colon == NULL) {
    refuse (call, "invalid_client", "OAU-123", "Authorization header is invalid");
    return NULL;
  }
  *colon = '\0';
  application = ps_rc_oauth_application (call->front, text);
  /* A public client that sends Basic is refused, whatever stands behind the colon (§1.5). */
  if (application == NULL || application->client_secret == NULL) {
    refuse (call, "invalid_client", "OAU-153", "Invalid client");
    return NULL;
  }
  if (!g_str_equal (application->client_secret, colon + 1)) {
    refuse (call, "invalid_client", "OAU-146", "Invalid client credentials");
    return NULL;
  }
  return application;
}

/* Returns: (nullable): who is calling; NULL: refused. */
static const PsRcApplication *
identify (PsRcCall *call, GHashTable *form)
{
  const char *header = soup_message_headers_get_one (call->request->headers, "Authorization");
  const char *client_id = g_hash_table_lookup (form, "client_id");
  const PsRcApplication *application;

  if (header != NULL && g_ascii_strncasecmp (header, "Basic ", 6) == 0)
    return application_of_basic (call, header);
  if (header != NULL) {
    refuse (call, "invalid_client", "OAU-123", "Authorization header is invalid");
    return NULL;
  }
  if (client_id == NULL) {
    refuse (call, "invalid_client", "OAU-123", "Authorization header is not specified");
    return NULL;
  }
  application = ps_rc_oauth_application (call->front, client_id);
  if (application == NULL || application->client_secret != NULL) {
    refuse (call, "invalid_client", "OAU-153", "Invalid client");
    return NULL;
  }
  return application;
}

static gboolean
read_ttl (TokenRequest *token, const char *name, gint64 minimum, gint64 maximum, gint64 *value)
{
  const char *text = g_hash_table_lookup (token->form, name);
  guint64 number;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, (guint64) minimum, (guint64) maximum, &number, NULL)) {
    g_autofree char *message = g_strdup_printf ("Parameter [%s] value is invalid", name);

    ps_rc_fail_oauth (token->call->reply, "invalid_request", "CMN-101", name, message);
    return FALSE;
  }
  *value = (gint64) number;
  return TRUE;
}

/* `scope` narrows what the application has; it cannot add to it. */
static gboolean
read_scope (TokenRequest *token)
{
  static const char *const known[] = { "EditPresence", "ReadAccounts", "ReadPresence", "WebSocketsSubscription", NULL };
  const char *text = g_hash_table_lookup (token->form, "scope");
  g_auto (GStrv) words = NULL;

  if (text == NULL || *text == '\0') {
    token->scope = g_strdup (ALL_SCOPES);
    return TRUE;
  }
  words = g_strsplit (text, " ", -1);
  for (guint i = 0; words[i] != NULL; i++) {
    if (!g_strv_contains (known, words[i])) {
      refuse (token->call, "invalid_scope", "OAU-114", "Requested scope is not allowed for the application");
      return FALSE;
    }
  }
  token->scope = g_strdup (text);
  return TRUE;
}

static void
reply_with_session (TokenRequest *token, PsRcSession *session)
{
  gint64 now_ms = token->call->request->now_ms;
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "access_token", session->access_token);
  ps_rc_json_text (&json, "token_type", "bearer");
  ps_rc_json_int (&json, "expires_in", MAX (0, (session->access_expires_ms - now_ms) / 1000));
  /* Off by default in the developer console (§1.2). */
  if (ps_tenant_server_fault (token->call->front->server, "no-refresh-token") == NULL) {
    ps_rc_json_text (&json, "refresh_token", session->refresh_token);
    ps_rc_json_int (&json, "refresh_token_expires_in", MAX (0, (session->refresh_expires_ms - now_ms) / 1000));
  }
  ps_rc_json_text (&json, "scope", session->scope);
  ps_rc_json_id (&json, "owner_id", session->extension_id);
  ps_rc_json_text (&json, "endpoint_id", session->endpoint_id);
  ps_rc_json_text (&json, "session_id", session->id);
  ps_rc_json_close (&json, '}');
  soup_message_headers_replace (token->call->reply->headers, "Cache-Control", "no-store");
  ps_rc_call_reply (token->call, 200, &json);
}

static gboolean
take_auth (TokenRequest *token, gint64 extension_id)
{
  return ps_rc_call_take_limit (token->call->front, token->call->reply, extension_id, token->application->client_id,
                                "Auth");
}

static void
begin_session (TokenRequest *token, gint64 extension_id)
{
  PsRcFront *front = token->call->front;
  PsTenantExtension *extension = ps_tenant_world_find_extension (front->world, extension_id);

  if (extension == NULL || extension->deleted) {
    refuse (token->call, "invalid_grant", "OAU-136", "Extension not found");
    return;
  }
  if (!g_str_equal (extension->status, "Enabled")) {
    refuse (token->call, "invalid_grant", "OAU-141", "Extension state does not allow to log in");
    return;
  }
  reply_with_session (token, ps_rc_tokens_begin (front->tokens, token->application, extension_id, token->scope,
                                                 g_hash_table_lookup (token->form, "endpoint_id"), token->access_ttl_s,
                                                 token->refresh_ttl_s, token->call->request->now_ms));
}

static void
grant_jwt (TokenRequest *token)
{
  PsRcFront *front = token->call->front;
  const char *assertion = g_hash_table_lookup (token->form, "assertion");
  gint64 owner = ps_tenant_world_admin (front->world)->id;
  gboolean good = g_strcmp0 (assertion, front->jwt) == 0;

  if (!token->application->jwt) {
    refuse (token->call, "unauthorized_client", "OAU-112", "Grant type is not allowed for the application");
    return;
  }
  if (!take_auth (token, good ? owner : 0))
    return;
  if (assertion == NULL)
    ps_rc_fail_oauth (token->call->reply, "invalid_request", "CMN-101", "assertion", "Assertion is not specified");
  else if (!good)
    refuse (token->call, "invalid_grant", "OAU-149", "Invalid JWT");
  else if (ps_tenant_server_fault (front->server, "jwt-revoked") != NULL)
    refuse (token->call, "invalid_grant", "OAU-213", "JWT is revoked");
  else
    begin_session (token, owner);
}

static gboolean
verifier_fits (const PsRcCode *code, const char *verifier)
{
  g_autoptr (GChecksum) checksum = NULL;
  g_autofree char *text = NULL;
  guint8 digest[32];
  gsize length = sizeof digest;

  if (code->challenge == NULL)
    return TRUE;
  if (verifier == NULL)
    return FALSE;
  if (g_strcmp0 (code->method, "S256") != 0) /* `plain` is what counts if the method was left out */
    return g_str_equal (code->challenge, verifier);
  checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  text = g_base64_encode (digest, length);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return g_str_equal (code->challenge, text);
}

static void
grant_code (TokenRequest *token)
{
  const char *text = g_hash_table_lookup (token->form, "code");
  g_autoptr (PsRcCode) code = NULL;

  if (token->application->redirect_uri == NULL) {
    refuse (token->call, "unauthorized_client", "OAU-113", "No redirect URI is registered for the application");
    return;
  }
  code = text != NULL ? ps_rc_tokens_take_code (token->call->front->tokens, text) : NULL;
  if (!take_auth (token, code != NULL ? code->extension_id : 0))
    return;
  if (text == NULL)
    ps_rc_fail_oauth (token->call->reply, "invalid_request", "CMN-101", "code", "Authorization code is not specified");
  else if (code == NULL || code->application != token->application)
    refuse (token->call, "invalid_grant", "OAU-106", "Authorization code is invalid");
  else if (token->call->request->now_ms >= code->expires_ms)
    refuse (token->call, "invalid_grant", "OAU-108", "Authorization code is expired");
  else if (g_strcmp0 (code->redirect_uri, g_hash_table_lookup (token->form, "redirect_uri")) != 0)
    refuse (token->call, "invalid_grant", "OAU-109", "Redirect URIs do not match");
  else if (!verifier_fits (code, g_hash_table_lookup (token->form, "code_verifier")))
    refuse (token->call, "invalid_grant", "OAU-106", "Code verifier is invalid");
  else
    begin_session (token, code->extension_id);
}

static void
grant_refresh (TokenRequest *token)
{
  PsRcFront *front = token->call->front;
  const char *text = g_hash_table_lookup (token->form, "refresh_token");
  gint64 now_ms = token->call->request->now_ms;
  PsRcSession *session = NULL;

  if (text != NULL)
    session = ps_rc_tokens_find_refresh (front->tokens, token->application, text, now_ms);
  if (!take_auth (token, session != NULL ? session->extension_id : 0))
    return;
  if (text == NULL) {
    ps_rc_fail_oauth (token->call->reply, "invalid_request", "CMN-101", "refresh_token",
                      "Refresh token is not specified");
  } else if (session == NULL) {
    refuse (token->call, "invalid_grant", "OAU-213", "Token not found");
  } else {
    ps_rc_tokens_rotate (front->tokens, session, text, token->access_ttl_s, token->refresh_ttl_s, now_ms);
    reply_with_session (token, session);
  }
}

static void
dispatch_grant (TokenRequest *token)
{
  const char *type = g_hash_table_lookup (token->form, "grant_type");

  if (type == NULL)
    ps_rc_fail_oauth (token->call->reply, "invalid_request", "CMN-101", "grant_type", "Grant type is not specified");
  else if (g_str_equal (type, "urn:ietf:params:oauth:grant-type:jwt-bearer"))
    grant_jwt (token);
  else if (g_str_equal (type, "authorization_code"))
    grant_code (token);
  else if (g_str_equal (type, "refresh_token"))
    grant_refresh (token);
  else if (g_str_equal (type, "password"))
    refuse (token->call, "unauthorized_client", "OAU-112", "Grant type is not allowed for the application");
  else
    refuse (token->call, "unsupported_grant_type", "OAU-125", "Unsupported grant type");
}

static void
token_cb (PsRcCall *call)
{
  g_autoptr (GHashTable) form = ps_tenant_request_form (call->request);
  TokenRequest token = { call, form, NULL, PS_RC_ACCESS_TTL_S, PS_RC_REFRESH_TTL_S, NULL };

  if (form == NULL) {
    ps_rc_fail (call->reply, 415, NULL, "CMN-103", NULL, NULL, "Unsupported content type");
    return;
  }
  token.application = identify (call, form);
  if (token.application == NULL)
    return;
  if (read_ttl (&token, "access_token_ttl", PS_RC_ACCESS_TTL_MIN_S, PS_RC_ACCESS_TTL_S, &token.access_ttl_s) &&
      read_ttl (&token, "refresh_token_ttl", 0, PS_RC_REFRESH_TTL_MAX_S, &token.refresh_ttl_s) && read_scope (&token)) {
    /* The guide: anything above the application's own setting is cut back to it. */
    token.refresh_ttl_s = MIN (token.refresh_ttl_s, PS_RC_REFRESH_TTL_S);
    dispatch_grant (&token);
  }
  g_free (token.scope);
}

static void
revoke_cb (PsRcCall *call)
{
  g_autoptr (GHashTable) form = ps_tenant_request_form (call->request);
  const PsRcApplication *application;
  const char *text;
  PsRcSession *session;

  if (form == NULL) {
    ps_rc_fail (call->reply, 415, NULL, "CMN-103", NULL, NULL, "Unsupported content type");
    return;
  }
  application = identify (call, form);
  if (application == NULL)
    return;
  text = g_hash_table_lookup (form, "token");
  if (text == NULL)
    text = ps_tenant_request_query (call->request, "token");
  session = text != NULL ? ps_rc_tokens_find_any (call->front->tokens, text) : NULL;
  if (!ps_rc_call_take_limit (call->front, call->reply, session != NULL ? session->extension_id : 0,
                              application->client_id, "Auth"))
    return;
  if (text == NULL)
    ps_rc_fail_oauth (call->reply, "invalid_request", "CMN-101", "token", "Token is not specified");
  else if (session != NULL && session->application == application) /* RFC 7009 §2.2: an unknown token is revoked */
    ps_rc_tokens_end (call->front->tokens, session);
}

static void
wstoken_cb (PsRcCall *call)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_printf (&json, "uri", "%s/ws", ps_tenant_server_ws_origin (call->front->server));
  ps_rc_json_text (&json, "ws_access_token",
                   ps_rc_tokens_add_socket_token (call->front->tokens, call->session, call->request->now_ms));
  ps_rc_json_int (&json, "expires_in", PS_RC_SOCKET_TOKEN_TTL_S);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
userinfo_cb (PsRcCall *call)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_id (&json, "sub", call->user->id);
  ps_rc_json_text (&json, "email", call->user->email);
  ps_rc_json_bool (&json, "email_verified", call->user->email != NULL);
  ps_rc_json_id (&json, "account_id", ps_tenant_world_account_id (call->front->world));
  ps_rc_json_text (&json, "family_name", call->user->last_name);
  ps_rc_json_text (&json, "given_name", call->user->first_name);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

const PsRcRoute ps_rc_oauth_routes[] = {
  { "POST", "/restapi/oauth/token", NULL, NULL, token_cb },
  { "POST", "/restapi/oauth/revoke", NULL, NULL, revoke_cb },
  { "POST", "/restapi/oauth/wstoken", "Auth", NULL, wstoken_cb },
  { "GET", "/restapi/oauth/userinfo", "Auth", NULL, userinfo_cb },
  { NULL },
};
