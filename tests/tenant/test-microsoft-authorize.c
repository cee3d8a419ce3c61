/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Microsoft's sign-in pages, walked through by a scripted browser.
 */
#include "config.h"

#include "test-microsoft-pages.h"

#include <string.h>

#define ADMIN_SCOPE   "openid%20profile%20User.Read%20https%3A%2F%2Fgraph.microsoft.com%2FApplication.ReadWrite.All"
#define USER_SCOPE    "openid%20User.Read"
#define LOCALHOST_    "http%3A%2F%2Flocalhost%3A8400"
#define LOCALHOST     "http://localhost:8400/"
#define MEMBER_ROLE   "b79fbf4d-3ef9-4689-8143-76b194e85509"
#define ADMINISTRATOR "62e90394-69f5-4237-9190-012177145e10"

static TestAnswer *
redeem (MsPages *pages, const char *redirect)
{
  g_autofree char *code = browser_left_with (pages->browser, "code");

  g_assert_nonnull (code);
  return ms_test_sign_in (pages->test, "organizations", "grant_type", "authorization_code", "client_id",
                          pages->test->ms->public_client->app_id, "code", code, "redirect_uri", redirect,
                          "code_verifier", MS_VERIFIER, NULL);
}

/* Wrong password, right one, consent for oneself, the code, the tokens; and the next time nothing is asked. */
static void
test_administrator (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  const PsTenantMsAccount *admin = ms_pages_account (pages, "admin");
  g_autoptr (TestAnswer) tokens = NULL;
  g_autoptr (JsonObject) id = NULL;
  g_autofree char *typed = NULL;
  PsTenantMsConsent *consent;

  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, "&nonce=n-1");
  ms_pages_assert_is (pages, "ConvergedSignIn");
  ms_pages_type (pages, admin->user->user_principal_name, "wrong");
  ms_pages_assert_is (pages, "ConvergedSignIn");
  browser_assert_shows (pages->browser, "Your account or password is incorrect");
  typed = browser_field (pages->browser, "login");
  g_assert_cmpstr (typed, ==, admin->user->user_principal_name);
  ms_pages_sign_in (pages, "admin");
  ms_pages_assert_is (pages, "ConvergedConsent");
  browser_assert_shows (pages->browser, "Read and write all applications");
  browser_assert_shows (pages->browser, "Consent on behalf of your organization");
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, MS_NATIVE, "state", "a&b=<");

  tokens = redeem (pages, MS_NATIVE);
  g_assert_cmpuint (tokens->status, ==, 200);
  g_assert_cmpstr (test_json_string (tokens->json, "$.scope"), ==,
                   "openid profile User.Read Application.ReadWrite.All");
  g_assert_false (json_object_has_member (json_node_get_object (tokens->json), "refresh_token"));
  id = ps_tenant_ms_jwt_part (test_json_string (tokens->json, "$.id_token"), 1);
  g_assert_cmpstr (json_object_get_string_member (id, "nonce"), ==, "n-1");
  g_assert_cmpstr (json_object_get_string_member (id, "preferred_username"), ==, admin->user->user_principal_name);
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (id, "wids"), 0), ==, ADMINISTRATOR);

  consent = g_ptr_array_index (pages->test->ms->public_client->consents, 0);
  g_assert_cmpstr (consent->user_id, ==, admin->user->id);
  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, NULL);
  ms_pages_assert_left (pages, MS_NATIVE, "state", "a&b=<");
  ms_pages_forget (pages);
  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, NULL);
  ms_pages_assert_is (pages, "ConvergedSignIn");
}

/* With the box nobody else is asked. */
static void
test_box (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  g_autoptr (TestAnswer) tokens = NULL;
  g_autoptr (JsonObject) id = NULL;
  JsonArray *wids;

  ms_pages_authorize (pages, LOCALHOST_, ADMIN_SCOPE "%20offline_access", NULL);
  ms_pages_sign_in (pages, "admin");
  browser_type (pages->browser, "org", "on");
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, LOCALHOST, "state", "a&b=<");
  g_assert_null (((PsTenantMsConsent *) g_ptr_array_index (pages->test->ms->public_client->consents, 0))->user_id);

  ms_pages_forget (pages);
  ms_pages_authorize (pages, LOCALHOST_, ADMIN_SCOPE "%20offline_access", NULL);
  ms_pages_sign_in (pages, "user");
  tokens = redeem (pages, "http://localhost:8400");
  g_assert_cmpuint (tokens->status, ==, 200);
  g_assert_cmpstr (test_json_string (tokens->json, "$.refresh_token"), !=, "");
  id = ps_tenant_ms_jwt_part (test_json_string (tokens->json, "$.id_token"), 1);
  wids = json_object_get_array_member (id, "wids");
  g_assert_cmpuint (json_array_get_length (wids), ==, 1);
  g_assert_cmpstr (json_array_get_string_element (wids, 0), ==, MEMBER_ROLE);
}

static void
test_cancel (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();

  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, NULL);
  ms_pages_sign_in (pages, "admin");
  browser_press (pages->browser, "Cancel");
  ms_pages_assert_refused (pages, MS_NATIVE, "access_denied", 65004);
  ms_pages_assert_left (pages, MS_NATIVE, "state", "a&b=<");
  ms_pages_assert_left (pages, MS_NATIVE, "code", NULL);
  g_assert_cmpuint (pages->test->ms->public_client->consents->len, ==, 0);
}

/* Somebody without a role may consent for himself to what is only about himself. */
static void
test_ordinary_user (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();

  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, NULL);
  ms_pages_sign_in (pages, "user");
  ms_pages_assert_is (pages, "ConvergedAdminApproval");
  browser_press (pages->browser, "Return to the application without granting consent");
  ms_pages_assert_refused (pages, MS_NATIVE, "access_denied", 90094);

  ms_pages_authorize (pages, MS_NATIVE_, ADMIN_SCOPE, NULL);
  ms_pages_assert_is (pages, "ConvergedAdminApproval");
  browser_press (pages->browser, "Sign in with an admin account");
  ms_pages_sign_in (pages, "app_admin");
  ms_pages_assert_is (pages, "ConvergedConsent");

  ms_pages_forget (pages);
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  ms_pages_sign_in (pages, "user");
  ms_pages_assert_is (pages, "ConvergedConsent");
  g_assert_null (strstr (pages->browser->text, "on behalf of your organization"));
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, MS_NATIVE, "error", NULL);
}

static void
test_wrong_accounts (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  const PsTenantMsAccount *user = ms_pages_account (pages, "user");
  PsTenantPerson *other = ms_test_person (pages->test, 10);

  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  ms_pages_type (pages, "", "x");
  browser_assert_shows (pages->browser, "Enter your account");
  ms_pages_type (pages, "nobody@elsewhere.example", "x");
  browser_assert_shows (pages->browser, "This username may be incorrect");
  ms_pages_type (pages, user->user->user_principal_name, "");
  browser_assert_shows (pages->browser, "Please enter your password");
  ms_pages_type (pages, other->microsoft->user_principal_name, user->password);
  browser_assert_shows (pages->browser, "Your account or password is incorrect");
  ps_tenant_world_set_microsoft_enabled (pages->test->world, user->user, FALSE);
  ms_pages_sign_in (pages, "user");
  browser_assert_shows (pages->browser, "has been locked");
  ps_tenant_world_set_microsoft_enabled (pages->test->world, user->user, TRUE);
  ms_pages_sign_in (pages, "user");
  ms_pages_assert_is (pages, "ConvergedConsent");
  ps_tenant_world_set_microsoft_enabled (pages->test->world, user->user, FALSE);
  browser_press (pages->browser, "Accept");
  ms_pages_assert_is (pages, "ConvergedSignIn");
}

/* Client, redirect or tenant are wrong: there is nowhere to send the browser to. */
static void
test_untrusted (void)
{
  static const struct {
    const char *tenant, *query;
    guint number;
  } rows[] = {
    { NULL, "response_type=code", 900144 },
    { NULL, "client_id=", 900144 },
    { NULL, "client_id=00000000-1111-2222-3333-444444444444&redirect_uri=" MS_NATIVE_, 700016 },
    { NULL, "client_id=%3Cscript%3Ealert(1)%3C%2Fscript%3E", 700016 },
    { NULL, "client_id=14D82EEC-204B-4c2f-b7e8-296a70dab67e", 900971 },
    { NULL, "client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&redirect_uri=https%3A%2F%2Fevil.example%2F", 50011 },
    { "elsewhere.example", "client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&redirect_uri=" MS_NATIVE_, 90002 },
    { "consumers", "client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&redirect_uri=" MS_NATIVE_, 90002 },
  };
  g_autoptr (MsPages) pages = ms_pages_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    ms_pages_open (pages, rows[i].tenant, "/oauth2/v2.0/authorize", rows[i].query);
    ms_pages_assert_page (pages, 400, rows[i].number);
    ms_pages_assert_is (pages, "ConvergedError");
    g_assert_null (strstr (pages->browser->html, "<script"));
  }
}

/* What is wrong besides goes to the application. */
static void
test_refused (void)
{
#define START "client_id=14d82eec-204b-4c2f-b7e8-296a70dab67e&redirect_uri=" MS_NATIVE_ "&state=s"
  static const struct {
    const char *query, *error;
    guint number;
  } rows[] = {
    { START, "invalid_request", 900144 },
    { START "&response_type=token", "unsupported_response_type", 700054 },
    { START "&response_type=code&response_mode=form_post", "invalid_request", 90023 },
    { START "&response_type=code&prompt=please", "invalid_request", 90023 },
    { START "&response_type=code&scope=openid", "invalid_request", 9002325 },
    { START "&response_type=code&scope=openid&code_challenge=" MS_CHALLENGE, "invalid_request", 9002325 },
    { START "&response_type=code&scope=openid&code_challenge_method=S256&code_challenge=short", "invalid_request",
      50147 },
    { START "&response_type=code" MS_PKCE, "invalid_request", 900144 },
    { START "&response_type=code&scope=openid%20Presence.Rule" MS_PKCE, "invalid_client", 650053 },
    { START "&response_type=code&scope=Presence.ReadWrite.All" MS_PKCE, "invalid_client", 650053 },
    { START "&response_type=code&scope=https%3A%2F%2Foutlook.office.com%2FMail.Send" MS_PKCE, "invalid_resource",
      500011 },
    { START "&response_type=code&scope=openid&prompt=none" MS_PKCE, "login_required", 50058 },
  };
#undef START
  g_autoptr (MsPages) pages = ms_pages_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    ms_pages_open (pages, NULL, "/oauth2/v2.0/authorize", rows[i].query);
    ms_pages_assert_refused (pages, MS_NATIVE, rows[i].error, rows[i].number);
    ms_pages_assert_left (pages, MS_NATIVE, "state", "s");
  }
}

static void
test_redirects (void)
{
  static const struct {
    const char *redirect;
    gboolean fits;
  } rows[] = {
    { MS_NATIVE_, TRUE },
    { "https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fnativeclient%2F", FALSE },
    { "https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2FNativeClient", FALSE },
    { "http%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fnativeclient", FALSE },
    { "http%3A%2F%2Flocalhost", TRUE },
    { "http%3A%2F%2Flocalhost%2F", TRUE },
    { "http%3A%2F%2Flocalhost%3A1", TRUE },
    { "http%3A%2F%2Flocalhost%3A65535%2F", TRUE },
    { "http%3A%2F%2Flocalhost%3A65536", FALSE },
    { "http%3A%2F%2Flocalhost%3A", FALSE },
    { "http%3A%2F%2Flocalhost%3A80%40evil.example", FALSE },
    { "http%3A%2F%2Flocalhost.evil.example", FALSE },
    { "http%3A%2F%2Flocalhost%3A8400%2Fback", FALSE }, /* the path is not ignored, and "/" is what is registered */
    { "https%3A%2F%2Flocalhost", FALSE },
    { "http%3A%2F%2F127.0.0.1%3A40001%2F", TRUE },
    { "http%3A%2F%2F%5B%3A%3A1%5D%3A40001", FALSE },
  };
  g_autoptr (MsPages) pages = ms_pages_new ();
  g_autofree char *own =
      g_strconcat (ps_tenant_server_origin (pages->test->http->server), "/common/oauth2/nativeclient", NULL);
  g_autofree char *own_encoded = g_uri_escape_string (own, NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_test_message ("%s", rows[i].redirect);
    ms_pages_authorize (pages, rows[i].redirect, USER_SCOPE, NULL);
    if (rows[i].fits)
      ms_pages_assert_is (pages, "ConvergedSignIn");
    else
      ms_pages_assert_page (pages, 400, 50011);
  }
  /* The tenant's own page: blank. */
  ms_pages_authorize (pages, own_encoded, USER_SCOPE, NULL);
  ms_pages_sign_in (pages, "user");
  browser_press (pages->browser, "Accept");
  g_assert_true (g_str_has_prefix (pages->browser->address, own));
  g_assert_nonnull (strstr (pages->browser->address, "code="));
  g_assert_cmpuint (pages->browser->status, ==, 200);
  g_assert_cmpstr (g_strstrip (pages->browser->text), ==, "");
}

static void
test_prompts (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  const PsTenantMsAccount *admin = ms_pages_account (pages, "admin");
  g_autofree char *hint = g_strconcat ("&login_hint=", admin->user->user_principal_name, NULL);
  const PsTenantMsAccount *user = ms_pages_account (pages, "user");
  g_autofree char *hinted = NULL, *label = NULL;

  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, hint);
  hinted = browser_field (pages->browser, "login");
  g_assert_cmpstr (hinted, ==, admin->user->user_principal_name);
  ms_pages_sign_in (pages, "user");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=none");
  ms_pages_assert_refused (pages, MS_NATIVE, "consent_required", 65001);
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  browser_press (pages->browser, "Accept");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=none");
  ms_pages_assert_left (pages, MS_NATIVE, "error", NULL);
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=login");
  ms_pages_assert_is (pages, "ConvergedSignIn");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, hint);
  ms_pages_assert_is (pages, "ConvergedSignIn");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=consent");
  ms_pages_assert_is (pages, "ConvergedConsent");
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, MS_NATIVE, "error", NULL);
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=select_account");
  ms_pages_assert_is (pages, "ConvergedPickAccount");
  browser_press (pages->browser, "Use another account");
  ms_pages_assert_is (pages, "ConvergedSignIn");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&prompt=select_account&response_mode=fragment");
  label = g_strconcat (user->user->display_name, " ", user->user->user_principal_name, NULL);
  browser_press (pages->browser, label);
  g_assert_true (g_str_has_prefix (pages->browser->left_to, MS_NATIVE "#code="));
}

static char *
hidden_value (MsPages *pages, const char *name)
{
  g_autofree char *before = g_strdup_printf ("name=\"%s\" value=\"", name);
  const char *start = strstr (pages->browser->html, before);

  g_assert_nonnull (start);
  start += strlen (before);
  return g_strndup (start, strcspn (start, "\""));
}

/* A form that is not of the browser's own page does nothing. */
static void
test_canary (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  const PsTenantMsAccount *admin = ms_pages_account (pages, "admin");
  g_autofree char *flow = NULL, *canary = NULL, *form = NULL, *password = NULL;
  g_autoptr (TestAnswer) without_cookie = NULL, without_form = NULL, as_json = NULL;
  const char *target = "/organizations/signin/login", *type = "application/x-www-form-urlencoded";

  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  flow = hidden_value (pages, "flow");
  canary = hidden_value (pages, "canary");
  password = g_uri_escape_string (admin->password, NULL, FALSE);
  form = g_strdup_printf ("flow=%s&canary=%s&login=%s&passwd=%s", flow, canary, admin->user->user_principal_name,
                          password);
  without_cookie = test_server_ask (pages->test->http, "POST", target, type, form);
  g_assert_cmpuint (without_cookie->status, ==, 400);
  g_assert_nonnull (strstr (without_cookie->text, "AADSTS165000"));
  without_form = test_server_ask (pages->test->http, "POST", target, type, "login=a%FF&flow=x&canary=%FF");
  g_assert_cmpuint (without_form->status, ==, 400);
  as_json = test_server_ask (pages->test->http, "POST", target, "application/json", "{}");
  g_assert_cmpuint (as_json->status, ==, 400);
  ms_pages_sign_in (pages, "admin"); /* the visit is still there */
  ms_pages_assert_is (pages, "ConvergedConsent");
}

/* Nothing that comes in a request or a name of an application is markup on a page. */
static void
test_escaping (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  g_autofree char *field = NULL;

  g_free (pages->test->ms->public_client->display_name);
  pages->test->ms->public_client->display_name = g_strdup ("<img src=x onerror=alert(1)>&amp;");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, "&login_hint=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
  g_assert_null (strstr (pages->browser->html, "<script"));
  g_assert_null (strstr (pages->browser->html, "<img"));
  field = browser_field (pages->browser, "login");
  g_assert_cmpstr (field, ==, "\"><script>alert(1)</script>");
  ms_pages_type (pages, "'><script>", "x");
  g_assert_null (strstr (pages->browser->html, "<script"));
  ms_pages_sign_in (pages, "user");
  g_assert_null (strstr (pages->browser->html, "<img"));
  g_assert_nonnull (
      strstr (soup_message_headers_get_one (pages->browser->headers, "Content-Security-Policy"), "default-src 'none'"));
  g_assert_null (strstr (pages->browser->html, "<link"));
  g_assert_null (strstr (pages->browser->html, "url("));
}

static void
test_faults (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantServer *server = pages->test->http->server;

  ps_tenant_server_set_fault (server, "sign-in-500*1", "1");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  ms_pages_assert_page (pages, 500, 90033);
  ps_tenant_server_set_fault (server, "status@/organizations*1", "503");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  ms_pages_assert_page (pages, 503, 90033);

  ps_tenant_server_set_fault (server, "policy-blocks-embedded", "1");
  ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  ms_pages_sign_in (pages, "user");
  ms_pages_assert_page (pages, 200, 53003);
  ms_pages_assert_is (pages, "ConvergedConditionalAccess");
  ms_pages_authorize (pages, LOCALHOST_, USER_SCOPE, NULL);
  ms_pages_assert_is (pages, "ConvergedConsent");
  ps_tenant_server_set_fault (server, "consent-refused*1", "1");
  browser_press (pages->browser, "Accept");
  ms_pages_assert_refused (pages, LOCALHOST, "access_denied", 65004);

  ms_pages_authorize (pages, LOCALHOST_, USER_SCOPE, NULL);
  browser_press (pages->browser, "Accept");
  ps_tenant_server_set_fault (server, "code-expired", "1");
  ms_test_assert_aadsts (redeem (pages, "http://localhost:8400"), 400, "invalid_grant", 70008);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Reads until @wanted bytes are there. */
static void
read_bytes (GInputStream *stream, gsize wanted)
{
  g_autofree char *buffer = g_malloc (wanted);
  g_autoptr (GError) error = NULL;

  for (gsize read = 0; read < wanted;) {
    g_autoptr (GAsyncResult) piece = NULL;
    gssize n;

    g_input_stream_read_async (stream, buffer, wanted - read, G_PRIORITY_DEFAULT, NULL, result_cb, &piece);
    test_wait (test_is_set, &piece);
    n = g_input_stream_read_finish (stream, piece, &error);
    g_assert_no_error (error);
    g_assert_cmpint (n, >, 0);
    read += (gsize) n;
  }
}

/* Half the page comes, and no more, and no end: only who gives up gets away. */
static void
test_never_ending_page (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  SoupSession *session = soup_session_new ();
  g_autofree char *address =
      g_strconcat (ps_tenant_server_origin (pages->test->http->server),
                   "/organizations/oauth2/v2.0/authorize?client_id=", pages->test->ms->public_client->app_id,
                   "&response_type=code&scope=openid&redirect_uri=" MS_NATIVE_ MS_PKCE, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) head = NULL, more = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  char byte;

  ps_tenant_server_set_fault (pages->test->http->server, "never-ending-page", "1");
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, result_cb, &head);
  test_wait (test_is_set, &head);
  stream = soup_session_send_finish (session, head, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  length = (gsize) soup_message_headers_get_content_length (soup_message_get_response_headers (message));
  g_assert_cmpuint (length, >, 1000);
  read_bytes (stream, length / 2);
  g_input_stream_read_async (stream, &byte, 1, G_PRIORITY_DEFAULT, cancellable, result_cb, &more);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (more);
  g_cancellable_cancel (cancellable);
  test_wait (test_is_set, &more);
  g_assert_cmpint (g_input_stream_read_finish (stream, more, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  soup_session_abort (session);
  g_object_unref (session);
}

/* As many visits as anybody likes: the oldest are forgotten, and the newest works. */
static void
test_many_visits (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();

  for (guint i = 0; i < 300; i++) {
    if (i % 50 == 0)
      ms_pages_forget (pages);
    ms_pages_authorize (pages, MS_NATIVE_, USER_SCOPE, NULL);
  }
  ms_pages_sign_in (pages, "user");
  ms_pages_assert_is (pages, "ConvergedConsent");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/microsoft/authorize/administrator", test_administrator);
  g_test_add_func ("/tenant/microsoft/authorize/box", test_box);
  g_test_add_func ("/tenant/microsoft/authorize/cancel", test_cancel);
  g_test_add_func ("/tenant/microsoft/authorize/ordinary-user", test_ordinary_user);
  g_test_add_func ("/tenant/microsoft/authorize/wrong-accounts", test_wrong_accounts);
  g_test_add_func ("/tenant/microsoft/authorize/untrusted", test_untrusted);
  g_test_add_func ("/tenant/microsoft/authorize/refused", test_refused);
  g_test_add_func ("/tenant/microsoft/authorize/redirects", test_redirects);
  g_test_add_func ("/tenant/microsoft/authorize/prompts", test_prompts);
  g_test_add_func ("/tenant/microsoft/authorize/canary", test_canary);
  g_test_add_func ("/tenant/microsoft/authorize/escaping", test_escaping);
  g_test_add_func ("/tenant/microsoft/authorize/faults", test_faults);
  g_test_add_func ("/tenant/microsoft/authorize/never-ending-page", test_never_ending_page);
  g_test_add_func ("/tenant/microsoft/authorize/many-visits", test_many_visits);
  return g_test_run ();
}
