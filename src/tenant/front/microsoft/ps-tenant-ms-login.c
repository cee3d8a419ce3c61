/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-consent.h"
#include "ps-tenant-ms-login.h"
#include "ps-tenant-ms-pages.h"
#include "ps-tenant-ms-redirect.h"

#include <string.h>

const char *
ps_tenant_ms_login_parameter (GHashTable *parameters, const char *name)
{
  const char *value = g_hash_table_lookup (parameters, name);

  return value != NULL && *value != '\0' ? value : NULL;
}

GHashTable *
ps_tenant_ms_login_form (const PsTenantRequest *request)
{
  g_autoptr (GHashTable) form = ps_tenant_request_form (request);
  GHashTableIter iter;
  gpointer name, value;

  if (form == NULL)
    return NULL;
  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
      return NULL;
  return g_steal_pointer (&form);
}

gboolean
ps_tenant_ms_login_fails (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply)
{
  if (ps_tenant_server_take_fault (ms->server, "sign-in-500") == NULL)
    return FALSE;
  ps_tenant_ms_page_refusal (request, reply, SOUP_STATUS_INTERNAL_SERVER_ERROR, 90033, NULL, NULL);
  return TRUE;
}

PsTenantMsApp *
ps_tenant_ms_login_check (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, GHashTable *parameters)
{
  const char *tenant = request->args[0];
  const char *client = ps_tenant_ms_login_parameter (parameters, "client_id");
  const char *redirect = ps_tenant_ms_login_parameter (parameters, "redirect_uri");
  PsTenantMsApp *app = client != NULL ? ps_tenant_ms_apps_find (ms->apps, client) : NULL;
  const char *first = NULL, *second = NULL;
  guint number;

  if (!ps_tenant_ms_is_our_tenant (ms, tenant) && !g_str_equal (tenant, "organizations") &&
      !g_str_equal (tenant, "common")) {
    number = 90002;
    first = tenant;
  } else if (client == NULL) {
    number = 900144;
    first = "client_id";
  } else if (app == NULL) {
    number = 700016;
    first = client;
    second = ps_tenant_world_company (ms->world);
  } else if (redirect == NULL) {
    number = 900971;
  } else if (ps_tenant_ms_redirect_kind (app, request, redirect) == PS_TENANT_MS_REDIRECT_NONE) {
    number = 50011;
    first = redirect;
    second = app->app_id;
  } else {
    return app;
  }
  ps_tenant_ms_page_refusal (request, reply, SOUP_STATUS_BAD_REQUEST, number, first, second);
  return NULL;
}

/* Returns: (nullable): the account, if it may sign in. */
static PsTenantMicrosoftUser *
living_user (PsTenantMs *ms, const char *id)
{
  PsTenantMicrosoftUser *user = id != NULL ? ps_tenant_world_find_microsoft (ms->world, id) : NULL;

  return user != NULL && !user->deleted && user->enabled ? user : NULL;
}

/* Somebody is signed in: what else is to be asked? */
static void
go_on (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, PsTenantMsVisit *visit)
{
  g_autoptr (GPtrArray) wanted = ps_tenant_ms_consent_wanted (ms, visit);
  const char *missing = ps_tenant_ms_consent_missing (ms, visit, wanted);
  gboolean silent = g_strcmp0 (visit->prompt, "none") == 0;

  if (ps_tenant_ms_redirect_is_native (request, visit->redirect_uri) &&
      ps_tenant_server_take_fault (ms->server, "policy-blocks-embedded") != NULL)
    ps_tenant_ms_page_blocked (ms, request, reply, visit);
  else if (visit->kind == PS_TENANT_MS_VISIT_SIGN_IN && wanted->len == 0)
    ps_tenant_ms_consent_succeed (ms, request, reply, visit);
  else if (silent)
    ps_tenant_ms_consent_fail (ms, request, reply, visit, 65001);
  else if (missing != NULL)
    ps_tenant_ms_page_needs_admin (ms, reply, visit, missing);
  else
    ps_tenant_ms_page_consent (ms, reply, visit, wanted,
                               visit->kind == PS_TENANT_MS_VISIT_SIGN_IN &&
                                   ps_tenant_ms_consent_may_for_all (ms, visit));
}

static void
show_first_page (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, PsTenantMsVisit *visit)
{
  PsTenantMicrosoftUser *user = living_user (ms, ps_tenant_ms_visits_user (ms->visits, visit));
  const char *prompt = visit->prompt != NULL ? visit->prompt : "";

  /* A hint at somebody else is a wish to be somebody else. */
  if (user != NULL && visit->login_hint != NULL &&
      g_ascii_strcasecmp (user->user_principal_name, visit->login_hint) != 0)
    user = NULL;
  if (user == NULL && g_str_equal (prompt, "none")) {
    ps_tenant_ms_consent_fail (ms, request, reply, visit, 50058);
  } else if (user == NULL || g_str_equal (prompt, "login")) {
    ps_tenant_ms_page_sign_in (ms, reply, visit, visit->login_hint, NULL, FALSE);
  } else if (g_str_equal (prompt, "select_account")) {
    ps_tenant_ms_page_pick_account (ms, reply, visit, user);
  } else {
    visit->user_id = g_strdup (user->id);
    go_on (ms, request, reply, visit);
  }
}

void
ps_tenant_ms_login_begin (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, PsTenantMsVisit *visit)
{
  show_first_page (ms, request, reply, ps_tenant_ms_visits_add (ms->visits, visit, request, reply));
  if (reply->status == SOUP_STATUS_OK)
    reply->endless = ps_tenant_server_take_fault (ms->server, "never-ending-page") != NULL;
}

/* Returns: (nullable): the visit that a form of ours is of; a page is answered if it is none. */
static PsTenantMsVisit *
visit_of_form (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, GHashTable *form)
{
  PsTenantMsVisit *visit = NULL;

  if (form != NULL)
    visit = ps_tenant_ms_visits_find (ms->visits, request, ps_tenant_ms_login_parameter (form, "flow"),
                                      ps_tenant_ms_login_parameter (form, "canary"));
  if (visit == NULL)
    ps_tenant_ms_page_refusal (request, reply, SOUP_STATUS_BAD_REQUEST, 165000, NULL, NULL);
  else if (visit->app->deleted) {
    ps_tenant_ms_page_refusal (request, reply, SOUP_STATUS_BAD_REQUEST, 700016, visit->app->app_id,
                               ps_tenant_world_company (ms->world));
    ps_tenant_ms_visits_remove (ms->visits, visit);
    visit = NULL;
  }
  return visit;
}

/* Returns: (nullable): NULL if @login may sign in with @password, else what the page says. */
static const char *
check_password (PsTenantMs *ms, const char *login, const char *password, PsTenantMicrosoftUser **user)
{
  const PsTenantMsAccount *account;

  if (login == NULL)
    return "Enter your account: your work email address.";
  *user = strchr (login, '@') != NULL ? ps_tenant_world_find_microsoft (ms->world, login) : NULL;
  if (*user == NULL || (*user)->deleted)
    return "This username may be incorrect. Make sure that you typed it correctly. Otherwise, contact your admin.";
  if (password == NULL)
    return "Please enter your password.";
  account = ps_tenant_ms_accounts_find (ms->accounts, (*user)->id);
  if (account == NULL || !g_str_equal (account->password, password))
    return "Your account or password is incorrect. If you don't remember your password, ask your admin to reset it.";
  return (*user)->enabled ? NULL : "Your account has been locked. Contact your support person to unlock it.";
}

/* POST /{tenant}/signin/login */
static void
login (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  g_autoptr (GHashTable) form = ps_tenant_ms_login_form (request);
  PsTenantMicrosoftUser *user = NULL;
  PsTenantMsVisit *visit;
  g_autofree char *account = NULL;
  const char *problem;

  if (ps_tenant_ms_login_fails (ms, request, reply))
    return;
  visit = visit_of_form (ms, request, reply, form);
  if (visit == NULL)
    return;
  account = g_strdup (ps_tenant_ms_login_parameter (form, "login"));
  if (account != NULL)
    g_strstrip (account);
  problem = check_password (ms, account, ps_tenant_ms_login_parameter (form, "passwd"), &user);
  if (problem != NULL) {
    ps_tenant_ms_page_sign_in (ms, reply, visit, account, problem, user == NULL || user->deleted);
    return;
  }
  ps_tenant_ms_visits_sign_in (ms->visits, visit, user->id);
  go_on (ms, request, reply, visit);
}

/* POST /{tenant}/signin/account: action continue (as the one who is signed in), other, or return (without consent) */
static void
choose_account (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  g_autoptr (GHashTable) form = ps_tenant_ms_login_form (request);
  PsTenantMsVisit *visit = visit_of_form (ms, request, reply, form);
  const char *action = visit != NULL ? ps_tenant_ms_login_parameter (form, "action") : NULL;
  PsTenantMicrosoftUser *user;

  if (visit == NULL)
    return;
  user = living_user (ms, ps_tenant_ms_visits_user (ms->visits, visit));
  if (g_strcmp0 (action, "return") == 0) {
    ps_tenant_ms_consent_fail (ms, request, reply, visit, 90094);
  } else if (g_strcmp0 (action, "continue") == 0 && user != NULL) {
    ps_tenant_ms_visits_sign_in (ms->visits, visit, user->id);
    go_on (ms, request, reply, visit);
  } else {
    g_clear_pointer (&visit->user_id, g_free);
    ps_tenant_ms_page_sign_in (ms, reply, visit, NULL, NULL, FALSE);
  }
}

/* POST /{tenant}/signin/consent: action accept or cancel, org=1 with the box */
static void
consent (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  g_autoptr (GHashTable) form = ps_tenant_ms_login_form (request);
  PsTenantMsVisit *visit = visit_of_form (ms, request, reply, form);
  g_autoptr (GPtrArray) wanted = NULL;
  const char *missing;
  gboolean for_all;

  if (visit == NULL)
    return;
  if (living_user (ms, visit->user_id) == NULL) {
    ps_tenant_ms_page_sign_in (ms, reply, visit, NULL, NULL, FALSE);
    return;
  }
  if (g_strcmp0 (ps_tenant_ms_login_parameter (form, "action"), "accept") != 0 ||
      ps_tenant_server_take_fault (ms->server, "consent-refused") != NULL) {
    ps_tenant_ms_consent_fail (ms, request, reply, visit, 65004);
    return;
  }
  wanted = ps_tenant_ms_consent_wanted (ms, visit);
  missing = ps_tenant_ms_consent_missing (ms, visit, wanted);
  if (missing != NULL) {
    ps_tenant_ms_page_needs_admin (ms, reply, visit, missing);
    return;
  }
  for_all = visit->kind != PS_TENANT_MS_VISIT_SIGN_IN ||
            (ps_tenant_ms_login_parameter (form, "org") != NULL && ps_tenant_ms_consent_may_for_all (ms, visit));
  ps_tenant_ms_consent_grant (ms, request, visit, wanted, for_all);
  ps_tenant_ms_consent_succeed (ms, request, reply, visit);
}

static void
native_client (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  ps_tenant_ms_page_blank (reply);
}

void
ps_tenant_ms_login_attach (PsTenantMs *ms)
{
  ps_tenant_server_route (ms->server, "POST", "/{tenant}/signin/login", login, ms);
  ps_tenant_server_route (ms->server, "POST", "/{tenant}/signin/account", choose_account, ms);
  ps_tenant_server_route (ms->server, "POST", "/{tenant}/signin/consent", consent, ms);
  ps_tenant_server_route (ms->server, "GET", PS_TENANT_MS_NATIVE_PATH, native_client, ms);
}
