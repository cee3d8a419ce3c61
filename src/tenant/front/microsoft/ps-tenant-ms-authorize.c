/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GET and POST /{tenant}/oauth2/v2.0/authorize: what an application asks for, before anybody sees a page.
 *
 * Until client and redirect are known to be right, a refusal is a page; after that it goes to the redirect.
 */
#include "config.h"

#include "ps-tenant-ms-login.h"
#include "ps-tenant-ms-redirect.h"
#include "ps-tenant-ms-refusals.h"
#include "ps-tenant-ms-scopes.h"

#include <string.h>

#define CHALLENGE_LENGTH 43 /* a SHA-256 in base64url: RFC 7636, section 4.2 */

typedef struct {
  PsTenantMs *ms;
  const PsTenantRequest *request;
  PsTenantReply *reply;
  GHashTable *parameters;
  PsTenantMsApp *app;
  const char *redirect;
} Authorize;

static const char *
parameter (Authorize *self, const char *name)
{
  return ps_tenant_ms_login_parameter (self->parameters, name);
}

/* The redirect gets the refusal. Returns: FALSE */
static gboolean
refuse (Authorize *self, guint number, const char *first, const char *second)
{
  g_autofree char *text = ps_tenant_ms_refusal_text (self->request, number, first, second);

  ps_tenant_ms_redirect_answer (
      self->reply, self->redirect, g_strcmp0 (parameter (self, "response_mode"), "fragment") == 0, "error",
      ps_tenant_ms_refusal_error (number), "error_description", text, "state", parameter (self, "state"), NULL);
  return FALSE;
}

static gboolean
check_response (Authorize *self)
{
  const char *type = parameter (self, "response_type");
  const char *mode = parameter (self, "response_mode");

  if (type == NULL)
    return refuse (self, 900144, "response_type", NULL);
  if (!g_str_equal (type, "code"))
    return refuse (self, 700054, type, NULL);
  if (mode != NULL && !g_str_equal (mode, "query") && !g_str_equal (mode, "fragment"))
    return refuse (self, 90023, "response_mode", mode);
  return TRUE;
}

static gboolean
check_prompt (Authorize *self)
{
  static const char *const prompts[] = { "login", "none", "consent", "select_account", NULL };
  const char *prompt = parameter (self, "prompt");

  return prompt == NULL || g_strv_contains (prompts, prompt) || refuse (self, 90023, "prompt", prompt);
}

static gboolean
check_challenge (Authorize *self)
{
  const char *challenge = parameter (self, "code_challenge");
  const char *method = parameter (self, "code_challenge_method");
  gsize length = 0;
  g_autofree guint8 *digest = NULL;

  if (challenge == NULL && !self->app->public_client &&
      ps_tenant_ms_redirect_kind (self->app, self->request, self->redirect) == PS_TENANT_MS_REDIRECT_WEB)
    return TRUE;
  if (challenge == NULL || g_strcmp0 (method, "S256") != 0)
    return refuse (self, 9002325, NULL, NULL);
  digest = strlen (challenge) == CHALLENGE_LENGTH ? ps_tenant_ms_base64url_decode (challenge, &length) : NULL;
  return length == 32 || refuse (self, 50147, NULL, NULL);
}

/* Returns: (transfer full) (nullable): NULL after a refusal. */
static GStrv
read_scopes (Authorize *self)
{
  const char *text = parameter (self, "scope");
  g_autofree char *bad = NULL;
  GStrv scopes;
  guint number = 0;

  if (text == NULL) {
    refuse (self, 900144, "scope", NULL);
    return NULL;
  }
  scopes = ps_tenant_ms_scopes_parse (self->request, text, &number, &bad);
  if (scopes == NULL && number == 650053)
    refuse (self, number, self->app->display_name, bad);
  else if (scopes == NULL)
    refuse (self, number, bad, NULL);
  return scopes;
}

static void
run (Authorize *self)
{
  PsTenantMsVisit *visit;
  GStrv scopes;

  self->app = ps_tenant_ms_login_check (self->ms, self->request, self->reply, self->parameters);
  if (self->app == NULL)
    return;
  self->redirect = parameter (self, "redirect_uri");
  if (!check_response (self) || !check_prompt (self) || !check_challenge (self))
    return;
  scopes = read_scopes (self);
  if (scopes == NULL)
    return;
  visit = ps_tenant_ms_visit_new (PS_TENANT_MS_VISIT_SIGN_IN, self->app, self->request->args[0], self->redirect);
  g_strfreev (visit->scopes);
  visit->scopes = scopes;
  visit->state = g_strdup (parameter (self, "state"));
  visit->fragment = g_strcmp0 (parameter (self, "response_mode"), "fragment") == 0;
  visit->nonce = g_strdup (parameter (self, "nonce"));
  visit->code_challenge = g_strdup (parameter (self, "code_challenge"));
  visit->login_hint = g_strdup (parameter (self, "login_hint"));
  visit->prompt = g_strdup (parameter (self, "prompt"));
  ps_tenant_ms_login_begin (self->ms, self->request, self->reply, visit);
}

static void
authorize (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  Authorize self = { .ms = data, .request = request, .reply = reply };
  g_autoptr (GHashTable) form = g_str_equal (request->method, "POST") ? ps_tenant_ms_login_form (request) : NULL;

  if (ps_tenant_ms_login_fails (self.ms, request, reply))
    return;
  self.parameters = form != NULL ? form : request->query;
  run (&self);
}

void
ps_tenant_ms_authorize_attach (PsTenantMs *ms)
{
  ps_tenant_server_route (ms->server, "GET", "/{tenant}/oauth2/v2.0/authorize", authorize, ms);
  ps_tenant_server_route (ms->server, "POST", "/{tenant}/oauth2/v2.0/authorize", authorize, ms);
}
