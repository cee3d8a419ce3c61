/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /restapi/oauth/authorize: where a person signs in (RingCentral guide "Authorization code flow with PKCE"). Nothing is
 * kept between its pages but who has signed in while they are asked to consent: the request travels along as hidden
 * fields and is looked at anew.
 *
 * Until the client and its redirect address are known to be right nobody is sent anywhere (RFC 6749 §4.1.2.1): those
 * errors are pages. All others go back to the application.
 */
#include "config.h"

#include "ps-rc-page.h"

#include <string.h>

#define CONSENT_MS   (10 * 60 * G_GINT64_CONSTANT (1000))
#define CONSENTS_MAX 100
#define SCOPES       "EditPresence ReadAccounts ReadPresence WebSocketsSubscription"

static const char *const known_parameters[] = {
  "response_type", "client_id", "redirect_uri", "state",      "code_challenge", "code_challenge_method",
  "display",       "prompt",    "ui_locales",   "login_hint", "nonce",          "brand_id",
  "scope",         NULL
};

/* OAS: OauthBrandId. */
static const struct {
  const char *id, *name;
} brands[] = {
  { "1210", "RingCentral" },   { "3420", "AT&T Office@Hand" },  { "6010", "Avaya Cloud Office" },
  { "7710", "BT Cloud Work" }, { "2110", "Rainbow Office" },    { "7310", "TELUS Business Connect" },
  { "2020", "Unify Office" },  { "7010", "Vodafone Business" }, { "2210", "Verizon" },
  { "4910", "Frontier" },      { "4810", "Symphony" },          { "4710", "1&1" },
  { "4210", "ecotel" },
};

typedef struct {
  gint64 extension_id, expires_ms;
} Consent;

typedef struct {
  PsRcCall *call;
  GHashTable *form; /* (nullable): of a POST */
  const PsRcApplication *application;
  PsRcPageField fields[G_N_ELEMENTS (known_parameters) + 1];
  gboolean password, sso, consent; /* what `prompt` names */
} Authorize;

static const char *
parameter (Authorize *authorize, const char *name)
{
  const char *value = authorize->form != NULL ? g_hash_table_lookup (authorize->form, name) : NULL;

  return value != NULL ? value : ps_tenant_request_query (authorize->call->request, name);
}

static PsRcPage
page_of (Authorize *authorize, const char *consent)
{
  const char *brand = parameter (authorize, "brand_id"), *display = parameter (authorize, "display");
  PsRcPage page = { "RingCentral", display != NULL && !g_str_equal (display, "page"), authorize->fields };
  guint n = 0;

  for (guint i = 0; known_parameters[i] != NULL; i++) {
    const char *value = parameter (authorize, known_parameters[i]);

    if (value != NULL)
      authorize->fields[n++] = (PsRcPageField){ known_parameters[i], value };
  }
  if (consent != NULL)
    authorize->fields[n++] = (PsRcPageField){ "consent", consent };
  authorize->fields[n] = (PsRcPageField){ NULL, NULL };
  for (guint i = 0; i < G_N_ELEMENTS (brands); i++)
    if (g_strcmp0 (brands[i].id, brand) == 0)
      page.brand = brands[i].name;
  return page;
}

/* --- back to the application --- */

static void
append_parameter (GString *address, const char *name, const char *value)
{
  g_autofree char *escaped = g_uri_escape_string (value, NULL, FALSE);

  g_string_append_printf (address, "%c%s=%s", strchr (address->str, '?') != NULL ? '&' : '?', name, escaped);
}

/* @name and @value, and @name2 and @value2 (nullable), and the state as it came. */
static void
send_back (Authorize *authorize, const char *name, const char *value, const char *name2, const char *value2)
{
  PsTenantReply *reply = authorize->call->reply;
  g_autoptr (GString) address = g_string_new (authorize->application->redirect_uri);
  const char *state = parameter (authorize, "state");

  append_parameter (address, name, value);
  if (name2 != NULL)
    append_parameter (address, name2, value2);
  if (ps_tenant_server_take_fault (authorize->call->front->server, "sign-in-wrong-state") != NULL)
    state = "somebody-elses";
  if (state != NULL)
    append_parameter (address, "state", state);
  reply->status = SOUP_STATUS_FOUND;
  soup_message_headers_replace (reply->headers, "Location", address->str);
  soup_message_headers_replace (reply->headers, "Cache-Control", "no-store");
  soup_message_headers_replace (reply->headers, "Referrer-Policy", "no-referrer");
}

static gboolean
refuse (Authorize *authorize, const char *error, const char *description)
{
  send_back (authorize, "error", error, "error_description", description);
  return FALSE;
}

static void
send_code (Authorize *authorize, gint64 extension_id)
{
  PsRcFront *front = authorize->call->front;
  gint64 now_ms = authorize->call->request->now_ms;
  const char *code;

  if (ps_tenant_server_take_fault (front->server, "sign-in-code-expired") != NULL)
    now_ms -= PS_RC_CODE_TTL_S * 1000;
  code = ps_rc_tokens_add_code (front->tokens, authorize->application, extension_id,
                                authorize->application->redirect_uri, parameter (authorize, "code_challenge"),
                                parameter (authorize, "code_challenge_method"), now_ms);
  send_back (authorize, "code", code, "expires_in", G_STRINGIFY (PS_RC_CODE_TTL_S));
}

/* --- what was asked for --- */

static gboolean
show_error (Authorize *authorize, const char *code, const char *message)
{
  ps_rc_page_error (authorize->call->reply, 400, code, message);
  return FALSE;
}

static gboolean
find_application (Authorize *authorize)
{
  const char *redirect_uri = parameter (authorize, "redirect_uri");

  authorize->application = ps_rc_oauth_application (authorize->call->front, parameter (authorize, "client_id"));
  if (authorize->application == NULL)
    return show_error (authorize, "OAU-153", "The application that sent you here is not known (invalid client).");
  if (authorize->application->redirect_uri == NULL)
    return show_error (authorize, "OAU-113", "No redirect URI is registered for the application.");
  /* One that is left out is no problem as long as a single one is registered. */
  if (redirect_uri != NULL && !g_str_equal (redirect_uri, authorize->application->redirect_uri))
    return show_error (authorize, "OAU-109", "Redirect URIs do not match.");
  return TRUE;
}

static gboolean
is_made_of (const char *text, gsize shortest, gsize longest)
{
  gsize length = strlen (text);

  return length >= shortest && length <= longest &&
         strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == length;
}

/* RFC 7636 §4.2: a SHA-256 in base64url has 43 characters. A method that was left out is `plain`. */
static gboolean
check_challenge (Authorize *authorize)
{
  const char *challenge = parameter (authorize, "code_challenge");
  const char *method = parameter (authorize, "code_challenge_method");
  gboolean hashed = g_strcmp0 (method, "S256") == 0;

  if (challenge == NULL)
    return refuse (authorize, "invalid_request", "Parameter [code_challenge] is required for public clients");
  if (method != NULL && !hashed && !g_str_equal (method, "plain"))
    return refuse (authorize, "invalid_request", "Parameter [code_challenge_method] value is invalid");
  if (!is_made_of (challenge, 43, hashed ? 43 : 128))
    return refuse (authorize, "invalid_request", "Parameter [code_challenge] value is invalid");
  return TRUE;
}

static gboolean
check_display (Authorize *authorize)
{
  static const char *const displays[] = { "page", "popup", "touch", "mobile", NULL };
  const char *display = parameter (authorize, "display");

  if (display == NULL || g_strv_contains (displays, display))
    return TRUE;
  return refuse (authorize, "invalid_request", "Parameter [display] value is invalid");
}

/* `none` stands alone, and then somebody must be signed in already; nobody ever is here. */
static gboolean
check_prompt (Authorize *authorize)
{
  const char *prompt = parameter (authorize, "prompt");
  g_auto (GStrv) words = g_strsplit (prompt != NULL ? prompt : "login sso", " ", -1);

  if (g_strv_length (words) == 1 && g_str_equal (words[0], "none"))
    return refuse (authorize, "login_required", "The user is not signed in");
  for (guint i = 0; words[i] != NULL; i++) {
    if (g_str_equal (words[i], "login"))
      authorize->password = TRUE;
    else if (g_str_equal (words[i], "sso"))
      authorize->sso = TRUE;
    else if (g_str_equal (words[i], "consent"))
      authorize->consent = TRUE;
    else
      return refuse (authorize, "invalid_request", "Parameter [prompt] value is invalid");
  }
  if (!authorize->password && !authorize->sso)
    authorize->password = authorize->sso = TRUE;
  return TRUE;
}

static gboolean
check_request (Authorize *authorize)
{
  const char *type = parameter (authorize, "response_type");

  if (!find_application (authorize))
    return FALSE;
  if (g_strcmp0 (type, "code") != 0)
    return refuse (authorize, type != NULL ? "unsupported_response_type" : "invalid_request",
                   "Parameter [response_type] value is invalid");
  return check_challenge (authorize) && check_display (authorize) && check_prompt (authorize);
}

/* --- signing in --- */

static void
show_sign_in (Authorize *authorize, const char *login, const char *problem)
{
  PsRcPage page = page_of (authorize, NULL);
  PsTenantExtension *admin = ps_tenant_world_admin (authorize->call->front->world);
  PsTenantExtension *user = ps_rc_front_demo_user (authorize->call->front);
  g_autofree char *accounts = g_strdup_printf (
      "Nothing here leaves this computer. Administrator: %s, password %s. Another user: %s, password %s.", admin->email,
      ps_rc_front_password (admin), user->email, ps_rc_front_password (user));
  PsRcSignInPage content = { login, problem, authorize->password, authorize->sso, accounts };

  ps_rc_page_sign_in (authorize->call->reply, &page, &content);
}

/* Returns: (nullable): who has this e-mail address as login. */
static PsTenantExtension *
find_login (PsTenantWorld *world, const char *login)
{
  const GPtrArray *all = ps_tenant_world_extensions (world);

  for (guint i = 0; i < all->len; i++) {
    PsTenantExtension *extension = all->pdata[i];

    if (!extension->deleted && g_str_equal (extension->type, "User") && extension->email_as_login &&
        extension->email != NULL && g_ascii_strcasecmp (extension->email, login) == 0)
      return extension;
  }
  return NULL;
}

static void
ask_consent (Authorize *authorize, PsTenantExtension *user)
{
  PsRcFront *front = authorize->call->front;
  g_autofree char *ticket = g_uuid_string_random ();
  PsRcPage page = page_of (authorize, ticket);
  Consent *consent = g_new0 (Consent, 1);

  if (g_hash_table_size (front->consents) >= CONSENTS_MAX)
    g_hash_table_remove_all (front->consents);
  consent->extension_id = user->id;
  consent->expires_ms = authorize->call->request->now_ms + CONSENT_MS;
  g_hash_table_insert (front->consents, g_strdup (ticket), consent);
  ps_rc_page_consent (authorize->call->reply, &page, user->name, SCOPES);
}

static void
sign_in (Authorize *authorize)
{
  PsTenantWorld *world = authorize->call->front->world;
  g_autofree char *login = g_strstrip (g_strdup (parameter (authorize, "login")));
  const char *password = g_hash_table_lookup (authorize->form, "password");
  PsTenantExtension *user = login != NULL && authorize->password ? find_login (world, login) : NULL;

  if (user == NULL || g_strcmp0 (password, ps_rc_front_password (user)) != 0)
    show_sign_in (authorize, login, "The e-mail address or the password is wrong. Please try again.");
  else if (!g_str_equal (user->status, "Enabled"))
    show_sign_in (authorize, login, "This user is disabled or not activated and cannot sign in (OAU-141).");
  else if (authorize->consent)
    ask_consent (authorize, user);
  else
    send_code (authorize, user->id);
}

static void
take_consent (Authorize *authorize)
{
  PsRcFront *front = authorize->call->front;
  const char *ticket = g_hash_table_lookup (authorize->form, "consent");
  const Consent *consent = ticket != NULL ? g_hash_table_lookup (front->consents, ticket) : NULL;

  if (consent == NULL || authorize->call->request->now_ms >= consent->expires_ms) {
    show_sign_in (authorize, NULL, "This page has waited too long. Please sign in again.");
    return;
  }
  send_code (authorize, consent->extension_id);
  g_hash_table_remove (front->consents, ticket);
}

static gboolean
is_text (GHashTable *form)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, form);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
      return FALSE;
  return TRUE;
}

static void
act (Authorize *authorize)
{
  const char *action = authorize->form != NULL ? g_hash_table_lookup (authorize->form, "action") : NULL;

  if (action == NULL)
    show_sign_in (authorize, parameter (authorize, "login_hint"), NULL);
  else if (g_str_equal (action, "cancel"))
    refuse (authorize, "access_denied", "The user cancelled the sign-in");
  else if (g_str_equal (action, "sign-in"))
    sign_in (authorize);
  else if (g_str_equal (action, "authorize"))
    take_consent (authorize);
  else
    show_sign_in (authorize, parameter (authorize, "login"),
                  "This company has no single sign-on. Please sign in with e-mail address and password.");
}

static void
authorize_cb (PsRcCall *call)
{
  gboolean post = g_str_equal (call->request->method, "POST");
  g_autoptr (GHashTable) form = post ? ps_tenant_request_form (call->request) : NULL;
  Authorize authorize = { .call = call, .form = form };

  if (ps_tenant_server_take_fault (call->front->server, "sign-in-500") != NULL)
    ps_rc_page_error (call->reply, 500, "CMN-201", "The service has trouble of its own. Please try again later.");
  else if (post && form == NULL)
    ps_rc_page_error (call->reply, 415, "CMN-103", "This kind of form is not understood.");
  else if (post && !is_text (form))
    ps_rc_page_error (call->reply, 400, "CMN-101", "The form holds bytes that are no text.");
  else if (check_request (&authorize))
    act (&authorize);
}

GHashTable *
ps_rc_authorize_consents_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

const PsRcRoute ps_rc_authorize_routes[] = {
  { "GET", "/restapi/oauth/authorize", NULL, NULL, authorize_cb },
  { "POST", "/restapi/oauth/authorize", NULL, NULL, authorize_cb },
  { NULL },
};
