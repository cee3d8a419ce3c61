/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sign-in of src/net on the demo tenant's pages: a scripted browser in both parts, as the embedded view (the
 * redirect is caught) and as the system's browser (a listener takes it).
 */
#include "config.h"

#include <string.h>

#include "ps-json.h"
#include "ps-loopback.h"
#include "ps-rc-front.h"
#include "ps-sign-in.h"
#include "scripted-browser.h"

#define SCOPE "openid profile https://graph.microsoft.com/User.Read"

typedef struct {
  TestServer *test;     /* (owned) */
  JsonObject *facts;    /* (owned): what the program would print */
  Browser *browser;     /* (owned) */
  PsLoopback *loopback; /* (owned) (nullable): the system's browser is used */
  PsSignIn *sign_in;    /* (owned) (nullable) */
} Walk;

static Walk
walk_new (void)
{
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  Walk walk = { NULL };

  walk.test = test_server_new (&options);
  ps_tenant_microsoft_attach (walk.test->server);
  ps_tenant_ringcentral_attach (walk.test->server);
  json_builder_begin_object (builder);
  ps_tenant_microsoft_describe (walk.test->server, builder);
  ps_tenant_ringcentral_describe (walk.test->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  walk.facts = json_object_ref (json_node_get_object (root));
  walk.browser = browser_new (ps_tenant_server_origin (walk.test->server));
  return walk;
}

static void
walk_clear (Walk *walk)
{
  g_clear_object (&walk->loopback);
  g_clear_object (&walk->sign_in);
  browser_free (walk->browser);
  json_object_unref (walk->facts);
  test_server_free (walk->test);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static const char *
fact (Walk *walk, const char *name)
{
  const char *value = ps_json_string (walk->facts, name);

  g_assert_nonnull (value);
  return value;
}

static void
set_fault (Walk *walk, const char *name)
{
  g_assert_true (ps_tenant_server_set_fault (walk->test->server, name, "1"));
}

static void
begin (Walk *walk, const PsSignInOptions *options)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&walk->sign_in);
  walk->sign_in = ps_sign_in_new (options, &error);
  g_assert_no_error (error);
  browser_open (walk->browser, ps_sign_in_uri (walk->sign_in));
}

static void
begin_microsoft (Walk *walk, PsSignInKind kind, gboolean embedded, const char *scope)
{
  PsSignInOptions options = {
    .kind = kind,
    .base_url = fact (walk, "login_url"),
    .client_id = fact (walk, kind == PS_SIGN_IN_MICROSOFT ? "public_client_id" : "client_id"),
    .redirect_uri = PS_SIGN_IN_MICROSOFT_REDIRECT,
    .tenant = fact (walk, "tenant_id"),
    .scope = scope,
  };
  g_autoptr (GError) error = NULL;

  g_clear_object (&walk->loopback);
  if (!embedded) {
    walk->loopback = ps_loopback_new (0, "", &error);
    g_assert_no_error (error);
    options.redirect_uri = ps_loopback_redirect_uri (walk->loopback);
  }
  begin (walk, &options);
}

static void
begin_ringcentral (Walk *walk, gboolean embedded)
{
  PsSignInOptions options = { .kind = PS_SIGN_IN_RINGCENTRAL,
                              .base_url = fact (walk, "ringcentral_url"),
                              .client_id = fact (walk, "ringcentral_public_client_id"),
                              .redirect_uri = PS_SIGN_IN_RINGCENTRAL_REDIRECT };
  g_autoptr (GError) error = NULL;

  if (!embedded) {
    walk->loopback = ps_loopback_new (0, PS_SIGN_IN_RINGCENTRAL_PATH, &error);
    g_assert_no_error (error);
    options.redirect_uri = ps_loopback_redirect_uri (walk->loopback);
    /* RingCentral compares the port as well, and a test takes any free one. */
    ps_rc_front_of (walk->test->server)->desktop.redirect_uri = options.redirect_uri;
  }
  begin (walk, &options);
}

static void
type_microsoft (Walk *walk, const char *who)
{
  g_autofree char *login = g_strconcat (who, "_upn", NULL), *password = g_strconcat (who, "_password", NULL);

  browser_type (walk->browser, "login", fact (walk, login));
  browser_type (walk->browser, "passwd", fact (walk, password));
  browser_press (walk->browser, "Sign in");
}

static void
type_ringcentral (Walk *walk)
{
  browser_type (walk->browser, "login", fact (walk, "ringcentral_user_login"));
  browser_type (walk->browser, "password", fact (walk, "ringcentral_user_password"));
  browser_press (walk->browser, "Sign in");
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* Returns: (transfer full): the redirect, caught or brought by the browser. */
static char *
take_redirect (Walk *walk)
{
  g_autoptr (Browser) follower = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *uri;

  g_assert_nonnull (walk->browser->left_to);
  g_assert_true (ps_sign_in_is_redirect (walk->sign_in, walk->browser->left_to));
  if (walk->loopback == NULL)
    return g_strdup (walk->browser->left_to);
  ps_loopback_wait_async (walk->loopback, -1, NULL, keep_result, &result);
  follower = browser_new (ps_loopback_redirect_uri (walk->loopback));
  browser_open (follower, walk->browser->left_to);
  browser_assert_shows (follower, "You can close this window");
  test_wait (test_is_set, &result);
  uri = ps_loopback_wait_finish (walk->loopback, result, &error);
  g_assert_no_error (error);
  return uri;
}

static gboolean
judge (Walk *walk, GError **error)
{
  g_autofree char *uri = take_redirect (walk);

  return ps_sign_in_handle_redirect (walk->sign_in, uri, error);
}

static void
assert_judged (Walk *walk, PsError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (judge (walk, &error));
  g_assert_error (error, PS_ERROR, (int) code);
}

static PsSignedIn *
redeem (Walk *walk, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_sign_in_redeem_async (walk->sign_in, NULL, keep_result, &result);
  test_wait (test_is_set, &result);
  return ps_sign_in_redeem_finish (walk->sign_in, result, error);
}

static PsSignedIn *
finish (Walk *walk)
{
  g_autoptr (GError) error = NULL;
  PsSignedIn *signed_in;

  judge (walk, &error);
  g_assert_no_error (error);
  signed_in = redeem (walk, &error);
  g_assert_no_error (error);
  return signed_in;
}

static void
assert_has_role (const PsSignedIn *signed_in, const char *role, gboolean expected)
{
  g_assert_nonnull (signed_in->wids);
  g_assert_cmpint (g_strv_contains ((const char *const *) signed_in->wids, role), ==, expected);
}

/* --- Microsoft --- */

static void
test_microsoft (gconstpointer embedded)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (PsSignedIn) signed_in = NULL;

  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, GPOINTER_TO_INT (embedded), SCOPE);
  type_microsoft (&walk, "admin");
  browser_press (walk.browser, "Accept");
  signed_in = finish (&walk);
  g_assert_cmpstr (signed_in->tenant_id, ==, fact (&walk, "tenant_id"));
  g_assert_cmpstr (signed_in->user_principal_name, ==, fact (&walk, "admin_upn"));
  g_assert_nonnull (signed_in->user_name);
  g_assert_nonnull (signed_in->user_id);
  assert_has_role (signed_in, PS_ROLE_GLOBAL_ADMINISTRATOR, TRUE);
  g_assert_null (signed_in->refresh_token); /* no offline_access was asked for */
  g_assert_cmpint (signed_in->life_ms, >, 0);
}

static void
test_microsoft_user (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (PsSignedIn) signed_in = NULL;

  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, TRUE, SCOPE " offline_access");
  type_microsoft (&walk, "user");
  browser_press (walk.browser, "Accept");
  signed_in = finish (&walk);
  assert_has_role (signed_in, PS_ROLE_GLOBAL_ADMINISTRATOR, FALSE);
  g_assert_nonnull (signed_in->refresh_token);
}

static void
test_microsoft_refusals (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GError) error = NULL;

  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, TRUE, SCOPE);
  type_microsoft (&walk, "admin");
  browser_press (walk.browser, "Cancel");
  assert_judged (&walk, PS_ERROR_DECLINED);

  set_fault (&walk, "code-expired*1");
  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, FALSE, SCOPE);
  if (walk.browser->left_to == NULL) /* the browser is signed in already */
    browser_press (walk.browser, "Accept");
  g_assert_true (judge (&walk, &error));
  g_assert_null (redeem (&walk, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
}

/* Entra leaves whom a policy blocks on a page of its own; with the system's browser the same person gets in. */
static void
test_microsoft_blocked (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (PsSignedIn) signed_in = NULL;

  set_fault (&walk, "policy-blocks-embedded");
  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, TRUE, SCOPE);
  g_assert_false (ps_sign_in_page_needs_browser (walk.sign_in, walk.browser->address, walk.browser->text));
  type_microsoft (&walk, "admin");
  g_assert_null (walk.browser->left_to);
  g_assert_true (ps_sign_in_page_needs_browser (walk.sign_in, walk.browser->address, walk.browser->text));
  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT, FALSE, SCOPE);
  if (walk.browser->left_to == NULL && !browser_has_button (walk.browser, "Accept"))
    type_microsoft (&walk, "admin");
  browser_press (walk.browser, "Accept");
  signed_in = finish (&walk);
  assert_has_role (signed_in, PS_ROLE_GLOBAL_ADMINISTRATOR, TRUE);
}

/* The consent page of a registration: an administrator's yes, and a no. */
static void
test_microsoft_consent (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GError) error = NULL;

  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT_CONSENT, TRUE, NULL);
  type_microsoft (&walk, "admin");
  browser_press (walk.browser, "Accept");
  g_assert_true (judge (&walk, &error));
  g_assert_no_error (error);
}

static void
test_microsoft_consent_refused (void)
{
  g_auto (Walk) walk = walk_new ();

  begin_microsoft (&walk, PS_SIGN_IN_MICROSOFT_CONSENT, FALSE, NULL);
  type_microsoft (&walk, "admin");
  browser_press (walk.browser, "Cancel");
  assert_judged (&walk, PS_ERROR_DECLINED);
}

/* --- RingCentral --- */

static void
test_ringcentral (gconstpointer embedded)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (PsSignedIn) signed_in = NULL;

  begin_ringcentral (&walk, GPOINTER_TO_INT (embedded));
  type_ringcentral (&walk);
  signed_in = finish (&walk);
  g_assert_nonnull (signed_in->refresh_token);
  g_assert_nonnull (signed_in->owner_id);
  g_assert_cmpint (signed_in->life_ms, ==, 3600 * 1000);
  g_assert_true (g_strv_contains ((const char *const *) signed_in->scopes, "EditPresence"));
  g_assert_null (signed_in->wids);
}

static void
test_ringcentral_refusals (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GError) error = NULL;

  begin_ringcentral (&walk, TRUE);
  browser_press (walk.browser, "Cancel");
  assert_judged (&walk, PS_ERROR_DECLINED);

  set_fault (&walk, "sign-in-wrong-state*1");
  begin_ringcentral (&walk, TRUE);
  type_ringcentral (&walk);
  assert_judged (&walk, PS_ERROR_SIGN_IN);

  set_fault (&walk, "sign-in-code-expired*1");
  begin_ringcentral (&walk, TRUE);
  type_ringcentral (&walk);
  g_assert_true (judge (&walk, &error));
  g_assert_null (redeem (&walk, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_assert_cmpstr (ps_error_details (error)->service_code, ==, "OAU-108");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sign-in-on-tenant/microsoft/embedded", GINT_TO_POINTER (TRUE), test_microsoft);
  g_test_add_data_func ("/sign-in-on-tenant/microsoft/browser", GINT_TO_POINTER (FALSE), test_microsoft);
  g_test_add_func ("/sign-in-on-tenant/microsoft/user", test_microsoft_user);
  g_test_add_func ("/sign-in-on-tenant/microsoft/refusals", test_microsoft_refusals);
  g_test_add_func ("/sign-in-on-tenant/microsoft/blocked", test_microsoft_blocked);
  g_test_add_func ("/sign-in-on-tenant/microsoft/consent", test_microsoft_consent);
  g_test_add_func ("/sign-in-on-tenant/microsoft/consent-refused", test_microsoft_consent_refused);
  g_test_add_data_func ("/sign-in-on-tenant/ringcentral/embedded", GINT_TO_POINTER (TRUE), test_ringcentral);
  g_test_add_data_func ("/sign-in-on-tenant/ringcentral/browser", GINT_TO_POINTER (FALSE), test_ringcentral);
  g_test_add_func ("/sign-in-on-tenant/ringcentral/refusals", test_ringcentral_refusals);
  return g_test_run ();
}
