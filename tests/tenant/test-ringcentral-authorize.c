/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's sign-in page, as a person with a browser meets it.
 */
#include "config.h"

#include "scripted-browser.h"
#include "test-ringcentral-fixture.h"

#include <string.h>

#define REDIRECT  "http://localhost:47821/oauth/ringcentral"
#define REDIRECT_ "http%3A%2F%2Flocalhost%3A47821%2Foauth%2Fringcentral"
/* RFC 7636, appendix B. */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define CLIENT    "client_id=DemoTenantDesktopApp02"
#define PKCE      "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define USUAL     CLIENT "&response_type=code&state=a%26b%3D%3C&redirect_uri=" REDIRECT_ PKCE

typedef struct {
  Rc *rc;
  Browser *browser;
} Walk;

static Walk
walk_new (void)
{
  Walk walk = { rc_new (NULL), NULL };

  ps_tenant_ringcentral_set_limit (walk.rc->server, "Auth", 0, 60);
  walk.browser = browser_new (ps_tenant_server_origin (walk.rc->server));
  return walk;
}

static void
walk_clear (Walk *walk)
{
  browser_free (walk->browser);
  rc_free (walk->rc);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static void
open_with (Walk *walk, const char *query)
{
  g_autofree char *address =
      g_strconcat (ps_tenant_server_origin (walk->rc->server), "/restapi/oauth/authorize?", query, NULL);

  browser_open (walk->browser, address);
}

static void
type_and_press (Walk *walk, const char *login, const char *password)
{
  browser_type (walk->browser, "login", login);
  browser_type (walk->browser, "password", password);
  browser_press (walk->browser, "Sign in");
}

static const char *
admin_login (Walk *walk)
{
  return ps_tenant_world_admin (walk->rc->world)->email;
}

static void
assert_left (Walk *walk, const char *name, const char *value)
{
  g_autofree char *found = NULL;

  g_assert_true (g_str_has_prefix (walk->browser->left_to, REDIRECT "?"));
  found = browser_left_with (walk->browser, name);
  g_assert_cmpstr (found, ==, value);
}

/* Returns: the owner that the token endpoint names. */
static char *
redeem (Walk *walk, const char *verifier, guint status)
{
  g_autofree char *code = browser_left_with (walk->browser, "code");
  g_autofree char *form =
      g_strconcat ("grant_type=authorization_code&" CLIENT "&redirect_uri=" REDIRECT_ "&code=", code,
                   "&code_verifier=", verifier, NULL);
  g_autoptr (TestAnswer) answer = NULL;

  g_assert_nonnull (code);
  answer = rc_token (walk->rc, FALSE, form);
  g_assert_cmpuint (answer->status, ==, status);
  if (status != 200)
    return g_strdup (test_json_string (answer->json, "$.errors[0].errorCode"));
  g_assert_cmpstr (test_json_string (answer->json, "$.refresh_token"), !=, "");
  return g_strdup (test_json_string (answer->json, "$.owner_id"));
}

static void
test_administrator (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *owner = NULL, *expected = NULL, *login = NULL;
  g_autofree char *upper = g_ascii_strup (admin_login (&walk), -1);

  open_with (&walk, USUAL);
  g_assert_cmpuint (walk.browser->status, ==, 200);
  g_assert_cmpstr (soup_message_headers_get_one (walk.browser->headers, "Cache-Control"), ==, "no-store");
  g_assert_cmpstr (soup_message_headers_get_one (walk.browser->headers, "Referrer-Policy"), ==, "no-referrer");
  login = browser_field (walk.browser, "login");
  g_assert_cmpstr (login, ==, "");
  g_assert_true (browser_has_button (walk.browser, "Single sign-on")); /* the default is "login sso" */
  type_and_press (&walk, upper, PS_RC_ADMIN_PASSWORD);
  g_assert_cmpuint (walk.browser->status, ==, 302);
  assert_left (&walk, "state", "a&b=<");
  assert_left (&walk, "expires_in", "60");
  assert_left (&walk, "error", NULL);
  owner = redeem (&walk, VERIFIER, 200);
  expected = g_strdup_printf ("%" G_GINT64_FORMAT, ps_tenant_world_admin (walk.rc->world)->id);
  g_assert_cmpstr (owner, ==, expected);
}

static void
test_user (void)
{
  g_auto (Walk) walk = walk_new ();
  PsTenantExtension *user = ps_rc_front_demo_user (ps_rc_front_of (walk.rc->server));
  g_autofree char *owner = NULL, *expected = g_strdup_printf ("%" G_GINT64_FORMAT, user->id), *again = NULL;

  g_assert_false (user->admin);
  open_with (&walk, USUAL);
  type_and_press (&walk, user->email, PS_RC_USER_PASSWORD);
  owner = redeem (&walk, VERIFIER, 200);
  g_assert_cmpstr (owner, ==, expected);
  again = redeem (&walk, VERIFIER, 400); /* once only */
  g_assert_cmpstr (again, ==, "OAU-106");
}

static void
test_wrong_password (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *login = NULL, *password = NULL;

  open_with (&walk, USUAL);
  /* The right password of another account is a wrong one. */
  type_and_press (&walk, admin_login (&walk), PS_RC_USER_PASSWORD);
  g_assert_null (walk.browser->left_to);
  browser_assert_shows (walk.browser, "The e-mail address or the password is wrong. Please try again.");
  g_assert_nonnull (strstr (walk.browser->html, "role=\"alert\""));
  login = browser_field (walk.browser, "login");
  g_assert_cmpstr (login, ==, admin_login (&walk));
  password = browser_field (walk.browser, "password");
  g_assert_cmpstr (password, ==, "");
  type_and_press (&walk, "nobody@example.com", PS_RC_USER_PASSWORD);
  browser_assert_shows (walk.browser, "The e-mail address or the password is wrong. Please try again.");
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  assert_left (&walk, "state", "a&b=<");
}

static void
test_disabled (void)
{
  g_auto (Walk) walk = walk_new ();
  PsTenantExtension *user = ps_rc_front_demo_user (ps_rc_front_of (walk.rc->server));

  ps_tenant_world_set_extension_status (walk.rc->world, user, "Disabled");
  open_with (&walk, USUAL);
  type_and_press (&walk, user->email, PS_RC_USER_PASSWORD);
  g_assert_null (walk.browser->left_to);
  browser_assert_shows (walk.browser, "OAU-141");
}

static void
test_cancel (void)
{
  g_auto (Walk) walk = walk_new ();

  open_with (&walk, USUAL);
  browser_press (walk.browser, "Cancel");
  assert_left (&walk, "error", "access_denied");
  assert_left (&walk, "state", "a&b=<");
  assert_left (&walk, "code", NULL);
  open_with (&walk, USUAL);
  browser_press (walk.browser, "Single sign-on");
  browser_assert_shows (walk.browser, "This company has no single sign-on.");
}

/* What is wrong before the way back is known to be right stays on a page. */
static void
test_error_pages (void)
{
  static const struct {
    const char *query, *code;
  } cases[] = {
    { "", "OAU-153" },
    { "client_id=nobody&response_type=code&redirect_uri=" REDIRECT_ PKCE, "OAU-153" },
    { "client_id=DemoTenantServiceApp01&response_type=code&redirect_uri=" REDIRECT_ PKCE, "OAU-113" },
    { CLIENT "&response_type=code&redirect_uri=" REDIRECT_ "%2F" PKCE, "OAU-109" },
    { CLIENT "&response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A47821%2Foauth%2Fringcentral" PKCE, "OAU-109" },
    { CLIENT "&response_type=code&redirect_uri=http%3A%2F%2Flocalhost%3A47822%2Foauth%2Fringcentral" PKCE, "OAU-109" },
    { CLIENT "&response_type=code&redirect_uri=https%3A%2F%2Fevil.example%2F" PKCE, "OAU-109" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Walk) walk = walk_new ();

    open_with (&walk, cases[i].query);
    g_assert_cmpuint (walk.browser->status, ==, 400);
    g_assert_null (walk.browser->left_to);
    browser_assert_shows (walk.browser, cases[i].code);
  }
}

static void
test_refused_requests (void)
{
  static const struct {
    const char *query, *error;
  } cases[] = {
    { CLIENT PKCE, "invalid_request" },
    { CLIENT "&response_type=token" PKCE, "unsupported_response_type" },
    { CLIENT "&response_type=code", "invalid_request" },
    { CLIENT "&response_type=code&code_challenge=short&code_challenge_method=S256", "invalid_request" },
    { CLIENT "&response_type=code&code_challenge_method=S512&code_challenge=" CHALLENGE, "invalid_request" },
    { CLIENT "&response_type=code&code_challenge_method=S256&code_challenge=" CHALLENGE "A", "invalid_request" },
    { CLIENT "&response_type=code&code_challenge=%20" CHALLENGE, "invalid_request" },
    { CLIENT "&response_type=code&display=hologram" PKCE, "invalid_request" },
    { CLIENT "&response_type=code&prompt=magic" PKCE, "invalid_request" },
    { CLIENT "&response_type=code&prompt=none%20login" PKCE, "invalid_request" },
    { CLIENT "&response_type=code&prompt=none" PKCE, "login_required" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Walk) walk = walk_new ();

    open_with (&walk, cases[i].query);
    assert_left (&walk, "error", cases[i].error);
    assert_left (&walk, "state", NULL);
  }
}

static void
test_plain_challenge (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *owner = NULL, *refused = NULL;

  /* A method that is left out means that the challenge is the verifier. */
  open_with (&walk, CLIENT "&response_type=code&code_challenge=" VERIFIER);
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  owner = redeem (&walk, VERIFIER, 200);
  g_assert_nonnull (owner);
  open_with (&walk, CLIENT "&response_type=code&code_challenge=" CHALLENGE);
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  refused = redeem (&walk, VERIFIER, 400);
  g_assert_cmpstr (refused, ==, "OAU-106");
}

static void
test_prompt (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *owner = NULL;

  open_with (&walk, USUAL "&prompt=login");
  g_assert_false (browser_has_button (walk.browser, "Single sign-on"));
  open_with (&walk, USUAL "&prompt=sso");
  g_assert_false (browser_has_button (walk.browser, "Sign in"));
  open_with (&walk, USUAL "&prompt=login%20consent");
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  g_assert_null (walk.browser->left_to);
  browser_assert_shows (walk.browser, "Change the presence of users");
  browser_press (walk.browser, "Authorize");
  assert_left (&walk, "state", "a&b=<");
  owner = redeem (&walk, VERIFIER, 200);
  g_assert_nonnull (owner);
  open_with (&walk, USUAL "&prompt=login%20consent");
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  browser_press (walk.browser, "Cancel");
  assert_left (&walk, "error", "access_denied");
  /* Nobody consents to what was asked too long ago. */
  open_with (&walk, USUAL "&prompt=login%20consent");
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  ps_tenant_server_advance (walk.rc->server, 10 * 60 * 1000);
  browser_press (walk.browser, "Authorize");
  g_assert_null (walk.browser->left_to);
  browser_assert_shows (walk.browser, "This page has waited too long.");
}

static void
test_looks (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *login = NULL, *form = NULL;

  open_with (&walk, USUAL "&brand_id=3420&display=popup&login_hint=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");
  browser_assert_shows (walk.browser, "AT&T Office@Hand");
  g_assert_nonnull (strstr (walk.browser->html, "<body class=\"compact\">"));
  g_assert_null (strstr (walk.browser->html, "<script"));
  login = browser_field (walk.browser, "login");
  g_assert_cmpstr (login, ==, "\"><script>alert(1)</script>");
  g_assert_nonnull (strstr (walk.browser->html, "prefers-color-scheme:dark"));
  g_assert_nonnull (strstr (walk.browser->html, "width=device-width"));
  /* A request may also come as a form, with the credentials still to be typed. */
  form = g_strdup (USUAL "&login_hint=ana%40example.com");
  {
    g_autoptr (TestAnswer) answer =
        rc_send (walk.rc, "POST", "/restapi/oauth/authorize", "application/x-www-form-urlencoded", form, NULL);
    g_autoptr (TestAnswer) json = rc_send (walk.rc, "POST", "/restapi/oauth/authorize", "application/json", "{}", NULL);
    g_autoptr (TestAnswer) bytes = rc_send (walk.rc, "POST", "/restapi/oauth/authorize",
                                            "application/x-www-form-urlencoded", CLIENT "&login=%FF", NULL);

    g_assert_cmpuint (answer->status, ==, 200);
    g_assert_nonnull (strstr (answer->text, "value=\"ana@example.com\""));
    g_assert_cmpuint (json->status, ==, 415);
    g_assert_cmpuint (bytes->status, ==, 400);
  }
}

static void
test_faults (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *refused = NULL, *owner = NULL;

  g_assert_true (ps_tenant_server_set_fault (walk.rc->server, "sign-in-500*1", "1"));
  open_with (&walk, USUAL);
  g_assert_cmpuint (walk.browser->status, ==, 500);
  g_assert_true (ps_tenant_server_set_fault (walk.rc->server, "sign-in-code-expired*1", "1"));
  open_with (&walk, USUAL);
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  refused = redeem (&walk, VERIFIER, 400);
  g_assert_cmpstr (refused, ==, "OAU-108");
  g_assert_true (ps_tenant_server_set_fault (walk.rc->server, "sign-in-wrong-state*1", "1"));
  open_with (&walk, USUAL);
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  assert_left (&walk, "state", "somebody-elses");
  open_with (&walk, USUAL);
  type_and_press (&walk, admin_login (&walk), PS_RC_ADMIN_PASSWORD);
  assert_left (&walk, "state", "a&b=<");
  owner = redeem (&walk, VERIFIER, 200);
  g_assert_nonnull (owner);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* The page begins, and then nothing more comes, until the one who reads gives up. */
static void
test_endless (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *address =
      g_strconcat (ps_tenant_server_origin (walk.rc->server), "/restapi/oauth/authorize?" USUAL, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) sent = NULL, read = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  gsize got = 0;

  g_assert_true (ps_tenant_server_set_fault (walk.rc->server, "endless@/restapi/oauth/authorize", "1"));
  soup_session_send_async (walk.browser->session, message, G_PRIORITY_DEFAULT, NULL, keep_result, &sent);
  test_wait (test_is_set, &sent);
  stream = soup_session_send_finish (walk.browser->session, sent, &error);
  g_assert_no_error (error);
  while (got < (gsize) soup_message_headers_get_content_length (soup_message_get_response_headers (message)) / 2) {
    g_autoptr (GBytes) chunk = NULL;

    g_clear_object (&read);
    g_input_stream_read_bytes_async (stream, 4096, G_PRIORITY_DEFAULT, cancellable, keep_result, &read);
    test_wait (test_is_set, &read);
    chunk = g_input_stream_read_bytes_finish (stream, read, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (chunk), >, 0);
    got += g_bytes_get_size (chunk);
  }
  g_clear_object (&read);
  g_input_stream_read_bytes_async (stream, 4096, G_PRIORITY_DEFAULT, cancellable, keep_result, &read);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (read);
  g_cancellable_cancel (cancellable);
  test_wait (test_is_set, &read);
  g_assert_null (g_input_stream_read_bytes_finish (stream, read, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/authorize/administrator", test_administrator);
  g_test_add_func ("/ringcentral/authorize/user", test_user);
  g_test_add_func ("/ringcentral/authorize/wrong-password", test_wrong_password);
  g_test_add_func ("/ringcentral/authorize/disabled", test_disabled);
  g_test_add_func ("/ringcentral/authorize/cancel", test_cancel);
  g_test_add_func ("/ringcentral/authorize/error-pages", test_error_pages);
  g_test_add_func ("/ringcentral/authorize/refused-requests", test_refused_requests);
  g_test_add_func ("/ringcentral/authorize/plain-challenge", test_plain_challenge);
  g_test_add_func ("/ringcentral/authorize/prompt", test_prompt);
  g_test_add_func ("/ringcentral/authorize/looks", test_looks);
  g_test_add_func ("/ringcentral/authorize/faults", test_faults);
  g_test_add_func ("/ringcentral/authorize/endless", test_endless);
  return g_test_run ();
}
