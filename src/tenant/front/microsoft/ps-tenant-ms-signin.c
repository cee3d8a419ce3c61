/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * POST /{tenant}/oauth2/v2.0/token: client credentials, authorization code with PKCE, refresh token.
 *
 * The order of the checks is the service's: a request that is wrong in two ways gets the error that the service would
 * give, because a person repairs what the message names.
 */
#include "config.h"

#include "ps-tenant-ms.h"
#include "ps-tenant-ms-aadsts.h"
#include "ps-tenant-ms-assertion.h"
#include "ps-tenant-ms-grants.h"
#include "ps-tenant-ms-issue.h"
#include "ps-tenant-ms-pages.h"
#include "ps-tenant-ms-redirect.h"
#include "ps-tenant-ms-scopes.h"

#include <string.h>

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

typedef struct {
  PsTenantMs *ms;
  const PsTenantRequest *request;
  PsTenantReply *reply;
  GHashTable *form;              /* (nullable): the body was no form */
  char *basic_id, *basic_secret; /* (owned) (nullable) */
  PsTenantMsApp *app;
  gboolean by_certificate;
} SignIn;

static void
refuse (SignIn *self, guint number, const char *detail)
{
  ps_tenant_ms_aadsts (self->request, self->reply, number, detail);
}

/* Returns: (nullable): the parameter, if it is there and not empty. */
static const char *
parameter (SignIn *self, const char *name)
{
  const char *value = self->form != NULL ? g_hash_table_lookup (self->form, name) : NULL;

  return value != NULL && *value != '\0' ? value : NULL;
}

static const char *
needed (SignIn *self, const char *name)
{
  const char *value = parameter (self, name);

  if (value == NULL)
    refuse (self, 900144, name);
  return value;
}

/* RFC 6749, section 2.3.1: both halves are form-encoded before they are joined. */
static void
read_basic (SignIn *self)
{
  const char *header = soup_message_headers_get_one (self->request->headers, "Authorization");
  g_autofree char *text = NULL;
  gsize length = 0;
  char *colon;

  if (header == NULL || g_ascii_strncasecmp (header, "Basic ", 6) != 0)
    return;
  text = (char *) g_base64_decode (header + 6, &length);
  text = g_realloc (text, length + 1);
  text[length] = '\0';
  colon = strchr (text, ':');
  if (colon == NULL)
    return;
  *colon = '\0';
  self->basic_id = g_uri_unescape_string (text, NULL);
  self->basic_secret = g_uri_unescape_string (colon + 1, NULL);
}

gboolean
ps_tenant_ms_is_our_tenant (PsTenantMs *ms, const char *tenant)
{
  return g_ascii_strcasecmp (tenant, ps_tenant_world_tenant_id (ms->world)) == 0 ||
         g_ascii_strcasecmp (tenant, ps_tenant_world_domain (ms->world)) == 0;
}

static gboolean
check_tenant (SignIn *self, const char *grant)
{
  const char *tenant = self->request->args[0];
  gboolean of_application = g_str_equal (grant, "client_credentials");

  if (g_str_equal (tenant, "common") || g_str_equal (tenant, "consumers")) {
    if (of_application)
      refuse (self, 9001023, NULL);
    return !of_application;
  }
  if (g_str_equal (tenant, "organizations")) {
    if (of_application)
      refuse (self, 50059, NULL);
    return !of_application;
  }
  if (!ps_tenant_ms_is_our_tenant (self->ms, tenant)) {
    refuse (self, 90002, tenant);
    return FALSE;
  }
  return TRUE;
}

/* `aud` is the token endpoint under any name that the tenant has, on the real host or on ours. */
static gboolean
audience_ok (const char *audience, gpointer data)
{
  SignIn *self = data;
  g_autofree char *own = ps_tenant_ms_base_url (self->request);
  const char *const hosts[] = { "https://login.microsoftonline.com", own, ps_tenant_server_origin (self->ms->server) };

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    g_auto (GStrv) parts = NULL;

    if (!g_str_has_prefix (audience, hosts[i]) || audience[strlen (hosts[i])] != '/')
      continue;
    parts = g_strsplit (audience + strlen (hosts[i]) + 1, "/", 2);
    if (parts[0] != NULL && parts[1] != NULL && ps_tenant_ms_is_our_tenant (self->ms, parts[0]) &&
        (g_str_equal (parts[1], "oauth2/v2.0/token") || g_str_equal (parts[1], "v2.0")))
      return TRUE;
  }
  return FALSE;
}

static gboolean
check_assertion (SignIn *self, const char *assertion)
{
  const char *type = needed (self, "client_assertion_type");
  const char *problem;

  if (type == NULL)
    return FALSE;
  problem = g_str_equal (type, ASSERTION_TYPE)
                ? ps_tenant_ms_assertion_check (self->app, assertion, g_get_real_time () / 1000, audience_ok, self)
                : "The client assertion type is not supported.";
  if (problem != NULL)
    refuse (self, 700027, problem);
  self->by_certificate = TRUE;
  return problem == NULL;
}

static gboolean
check_secret (SignIn *self, const char *text)
{
  PsTenantMsSecret *secret = ps_tenant_ms_app_find_secret (self->app, text);

  if (secret == NULL || secret->visible_ms > self->request->now_ms)
    refuse (self, 7000215, self->app->app_id);
  else if (secret->end_ms <= self->request->now_ms ||
           ps_tenant_server_fault (self->ms->server, "expired-secret") != NULL)
    refuse (self, 7000222, self->app->app_id);
  else
    return TRUE;
  return FALSE;
}

/* The platform of the redirect decides: what came through a public one is redeemed without a secret. */
static gboolean
is_public (SignIn *self, const char *grant)
{
  const char *redirect = NULL;

  if (g_str_equal (grant, "client_credentials"))
    return FALSE;
  if (g_str_equal (grant, "authorization_code")) {
    redirect = parameter (self, "redirect_uri");
  } else if (parameter (self, "refresh_token") != NULL) {
    const PsTenantMsGrant *known =
        ps_tenant_ms_grants_find_refresh (self->ms->grants, parameter (self, "refresh_token"));

    redirect = known != NULL ? known->redirect_uri : NULL;
  }
  return redirect != NULL &&
         ps_tenant_ms_redirect_kind (self->app, self->request, redirect) == PS_TENANT_MS_REDIRECT_PUBLIC;
}

static gboolean
authenticate_client (SignIn *self, const char *grant)
{
  gboolean public = self->app->public_client || is_public (self, grant);
  const char *secret = self->basic_secret != NULL && *self->basic_secret != '\0' ? self->basic_secret
                                                                                 : parameter (self, "client_secret");
  const char *assertion = parameter (self, "client_assertion");

  if (public && (secret != NULL || assertion != NULL)) {
    refuse (self, 700025, NULL);
    return FALSE;
  }
  if (public && !g_str_equal (grant, "client_credentials"))
    return TRUE;
  if (assertion != NULL)
    return check_assertion (self, assertion);
  if (secret == NULL) {
    refuse (self, 7000218, NULL);
    return FALSE;
  }
  return check_secret (self, secret);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
begin_reply (JsonBuilder *builder)
{
  json_builder_begin_object (builder);
  add_string (builder, "token_type", "Bearer");
}

static void
finish_reply (SignIn *self, JsonBuilder *builder, const char *access_token)
{
  json_builder_set_member_name (builder, "expires_in");
  json_builder_add_int_value (builder, PS_TENANT_MS_TOKEN_LIFE_S);
  json_builder_set_member_name (builder, "ext_expires_in");
  json_builder_add_int_value (builder, PS_TENANT_MS_TOKEN_LIFE_S);
  add_string (builder, "access_token", access_token);
  json_builder_end_object (builder);
  ps_tenant_reply_json (self->reply, 200, json_builder_get_root (builder));
}

static void
client_credentials (SignIn *self)
{
  const char *scope = needed (self, "scope");
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *resource = NULL;
  g_autofree char *token = NULL;

  if (scope == NULL)
    return;
  if (strchr (scope, ' ') != NULL) {
    refuse (self, 70011, scope);
    return;
  }
  if (!g_str_has_suffix (scope, "/.default")) {
    refuse (self, 1002012, scope);
    return;
  }
  resource = g_strndup (scope, strlen (scope) - strlen ("/.default"));
  if (!ps_tenant_ms_is_graph (self->request, resource)) {
    refuse (self, 500011, resource);
    return;
  }
  token = ps_tenant_ms_issue_app_token (self->ms, self->app, resource, self->by_certificate, self->request->now_ms);
  begin_reply (builder);
  finish_reply (self, builder, token);
}

static gboolean
scope_has (const char *scope, const char *name)
{
  g_auto (GStrv) names = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char *const *) names, name);
}

/* What of @granted the token is for: all of it, or the part that @wanted names. Graph's own prefix may stand before a
 * name. Returns: (transfer full) (nullable): NULL after a refusal. */
static char *
narrow_scope (SignIn *self, const char *granted, const char *wanted)
{
  g_auto (GStrv) names = g_strsplit (wanted != NULL ? wanted : granted, " ", -1);
  g_autoptr (GString) scope = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++) {
    const char *name = ps_tenant_ms_scope_strip (self->request, names[i]);

    if (name == NULL) {
      refuse (self, 70011, names[i]);
      return NULL;
    }
    if (g_str_equal (name, PS_TENANT_MS_SCOPE_DEFAULT))
      return narrow_scope (self, granted, NULL);
    if (*name == '\0' || g_str_equal (name, "offline_access"))
      continue;
    if (!scope_has (granted, name) || ps_tenant_ms_is_withheld (self->ms, name)) {
      refuse (self, 65001, self->app->app_id);
      return NULL;
    }
    g_string_append_printf (scope, "%s%s", scope->len > 0 ? " " : "", name);
  }
  return g_string_free (g_steal_pointer (&scope), FALSE);
}

static void
answer_user (SignIn *self, const PsTenantMsGrant *grant)
{
  PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (self->ms->world, grant->user_id);
  gint64 now_ms = self->request->now_ms;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *scope = narrow_scope (self, grant->scope, parameter (self, "scope"));
  g_autofree char *access = NULL;

  if (scope == NULL)
    return;
  if (user == NULL || user->deleted || !user->enabled) {
    refuse (self, 50173, NULL);
    return;
  }
  access = ps_tenant_ms_issue_user_token (self->ms, self->app, user, scope, now_ms);
  begin_reply (builder);
  add_string (builder, "scope", scope);
  if (scope_has (grant->scope, "offline_access")) {
    g_autofree char *refresh = ps_tenant_ms_grants_issue_refresh (self->ms->grants, grant, now_ms);

    add_string (builder, "refresh_token", refresh);
  }
  if (scope_has (scope, "openid")) {
    g_autofree char *id = ps_tenant_ms_issue_id_token (self->ms, self->app, user, grant->nonce, now_ms);

    add_string (builder, "id_token", id);
  }
  finish_reply (self, builder, access);
}

static gboolean
is_of_this_app (SignIn *self, const PsTenantMsGrant *grant)
{
  return grant != NULL && g_ascii_strcasecmp (grant->app_id, self->app->app_id) == 0;
}

static void
authorization_code (SignIn *self)
{
  const char *code = needed (self, "code");
  const char *redirect = code != NULL ? needed (self, "redirect_uri") : NULL;
  const char *verifier = parameter (self, "code_verifier");
  PsTenantMsGrant *grant;

  if (redirect == NULL)
    return;
  grant = ps_tenant_ms_grants_find_code (self->ms->grants, code);
  if (!is_of_this_app (self, grant))
    refuse (self, 9000023, NULL);
  else if (grant->redeemed)
    refuse (self, 54005, NULL);
  else if (grant->expires_ms <= self->request->now_ms ||
           ps_tenant_server_take_fault (self->ms->server, "code-expired") != NULL)
    refuse (self, 70008, NULL);
  else if (!g_str_equal (grant->redirect_uri, redirect))
    refuse (self, 50011, redirect);
  else if (grant->code_challenge != NULL && verifier == NULL)
    refuse (self, 900144, "code_verifier");
  else if (grant->code_challenge != NULL && !ps_tenant_ms_pkce_fits (verifier, grant->code_challenge))
    refuse (self, 501481, NULL);
  else {
    grant->redeemed = TRUE;
    answer_user (self, grant);
  }
}

static void
refresh_token (SignIn *self)
{
  const char *token = needed (self, "refresh_token");
  PsTenantMsGrant *grant;

  if (token == NULL)
    return;
  grant = ps_tenant_ms_grants_find_refresh (self->ms->grants, token);
  if (!is_of_this_app (self, grant))
    refuse (self, 9000023, NULL);
  else if (ps_tenant_server_fault (self->ms->server, "refresh-revoked") != NULL)
    refuse (self, 50173, NULL);
  else if (grant->expires_ms <= self->request->now_ms)
    refuse (self, 700082, NULL);
  else
    answer_user (self, grant);
}

static void
sign_in (SignIn *self)
{
  static const struct {
    const char *name;
    void (*func) (SignIn *self);
  } grants[] = {
    { "client_credentials", client_credentials },
    { "authorization_code", authorization_code },
    { "refresh_token", refresh_token },
  };
  const char *grant = needed (self, "grant_type");
  const char *client_id;
  guint i;

  if (grant == NULL)
    return;
  client_id = self->basic_id != NULL ? self->basic_id : needed (self, "client_id");
  if (client_id == NULL || !check_tenant (self, grant))
    return;
  for (i = 0; i < G_N_ELEMENTS (grants) && !g_str_equal (grants[i].name, grant); i++)
    continue;
  if (i == G_N_ELEMENTS (grants)) {
    refuse (self, 70003, grant);
    return;
  }
  self->app = ps_tenant_ms_apps_find (self->ms->apps, client_id);
  if (self->app == NULL || self->app->visible_ms > self->request->now_ms)
    refuse (self, 700016, client_id);
  else if (authenticate_client (self, grant))
    grants[i].func (self);
}

static void
token (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  SignIn self = { .ms = data, .request = request, .reply = reply };
  g_autoptr (GHashTable) form = ps_tenant_request_form (request);
  g_autofree char *id = g_uuid_string_random ();

  soup_message_headers_replace (reply->headers, "Cache-Control", "no-store, no-cache");
  soup_message_headers_replace (reply->headers, "Pragma", "no-cache");
  soup_message_headers_replace (reply->headers, "x-ms-request-id", id);
  self.form = form;
  read_basic (&self);
  if (ps_tenant_server_fault (self.ms->server, "token-loop") != NULL)
    refuse (&self, 50196, NULL);
  else
    sign_in (&self);
  g_free (self.basic_id);
  g_free (self.basic_secret);
}

/* What the server itself refuses, in Entra's words: another method, and the faults 429 and status=NNN. */
static void
shape_error (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  guint status = reply->status;

  if (!g_str_has_suffix (request->path, "/token")) { /* a browser asks */
    ps_tenant_ms_page_refusal (request, reply, status, status == 405 ? 900561 : 90033, request->method, NULL);
    return;
  }
  if (status == 405) {
    ps_tenant_ms_aadsts (request, reply, 900561, request->method);
    return;
  }
  if (status == 404 || status == 413)
    return; /* no body, as for a path that is nobody's */
  ps_tenant_ms_aadsts (request, reply, 90033, NULL);
  reply->status = status;
}

void
ps_tenant_ms_signin_attach (PsTenantMs *ms)
{
  const char *const names[] = { ps_tenant_world_tenant_id (ms->world), ps_tenant_world_domain (ms->world),
                                "organizations", "common" };

  ps_tenant_server_route (ms->server, "POST", "/{tenant}/oauth2/v2.0/token", token, ms);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *prefix = g_strconcat ("/", names[i], NULL);

    ps_tenant_server_errors (ms->server, prefix, shape_error, ms);
  }
}
