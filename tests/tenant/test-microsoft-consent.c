/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /adminconsent and /v2.0/adminconsent, walked through by a scripted browser.
 */
#include "config.h"

#include "test-microsoft-pages.h"

#include <string.h>

#define LOCALHOST_ "http%3A%2F%2Flocalhost%3A8400"
#define LOCALHOST  "http://localhost:8400/"
#define DEFAULT_   "https%3A%2F%2Fgraph.microsoft.com%2F.default"

/* A registration like the one that the product makes, to which nothing is granted yet. */
static PsTenantMsApp *
add_app (MsPages *pages)
{
  static const char *const roles[] = { "User.Read.All", "Presence.ReadWrite.All", NULL };
  PsTenantMsApp *app = ps_tenant_ms_app_new ("aaaaaaaa-0000-4000-8000-000000000001", "Presence Sync for tests", FALSE);

  ps_tenant_ms_app_require (app, roles);
  g_ptr_array_add (app->redirects, g_strdup (MS_NATIVE));
  g_ptr_array_add (app->redirects, g_strdup ("http://localhost"));
  ps_tenant_ms_app_add_secret (app, "test", "s3cret", G_MAXINT64);
  g_ptr_array_add (pages->test->ms->apps, app);
  return app;
}

static void
open_consent (MsPages *pages, PsTenantMsApp *app, const char *redirect)
{
  g_autofree char *query = g_strdup_printf ("client_id=%s&redirect_uri=%s&state=a%%20b", app->app_id, redirect);

  ms_pages_open (pages, NULL, "/adminconsent", query);
}

static void
open_consent_v2 (MsPages *pages, const char *tenant, PsTenantMsApp *app, const char *scope)
{
  g_autofree char *query = g_strconcat ("client_id=", app->app_id, "&redirect_uri=" LOCALHOST_ "&state=s",
                                        scope != NULL ? "&scope=" : NULL, scope, NULL);

  ms_pages_open (pages, tenant, "/v2.0/adminconsent", query);
}

/* How many roles the application's token has; asserts that there is a token. */
static guint
count_roles (MsPages *pages, PsTenantMsApp *app)
{
  g_autoptr (TestAnswer) answer =
      ms_test_sign_in (pages->test, NULL, "grant_type", "client_credentials", "client_id", app->app_id, "client_secret",
                       "s3cret", "scope", "https://graph.microsoft.com/.default", NULL);
  g_autoptr (JsonObject) claims = NULL;

  g_assert_cmpuint (answer->status, ==, 200);
  claims = ps_tenant_ms_jwt_part (test_json_string (answer->json, "$.access_token"), 1);
  return json_object_has_member (claims, "roles")
             ? json_array_get_length (json_object_get_array_member (claims, "roles"))
             : 0;
}

static void
test_accept (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  g_assert_cmpuint (count_roles (pages, app), ==, 0);
  open_consent (pages, app, MS_NATIVE_);
  ms_pages_assert_is (pages, "ConvergedSignIn");
  ms_pages_sign_in (pages, "admin");
  ms_pages_assert_is (pages, "ConvergedAdminConsent");
  browser_assert_shows (pages->browser, "Presence Sync for tests");
  browser_assert_shows (pages->browser, "Read and write presence information for all users");
  browser_assert_shows (pages->browser, "Review for your organization");
  g_assert_null (strstr (pages->browser->html, "checkbox"));
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, MS_NATIVE, "admin_consent", "True");
  ms_pages_assert_left (pages, MS_NATIVE, "tenant", ps_tenant_world_tenant_id (pages->test->world));
  ms_pages_assert_left (pages, MS_NATIVE, "state", "a b");
  ms_pages_assert_left (pages, MS_NATIVE, "error", NULL);
  g_assert_cmpuint (count_roles (pages, app), ==, 2);
  /* It is asked again, and again all is granted. */
  open_consent (pages, app, MS_NATIVE_);
  ms_pages_assert_is (pages, "ConvergedAdminConsent");
  browser_press (pages->browser, "Accept");
  g_assert_cmpuint (app->granted_roles->len, ==, 2);
}

static void
test_cancel (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  open_consent (pages, app, LOCALHOST_);
  ms_pages_sign_in (pages, "admin");
  browser_press (pages->browser, "Cancel");
  ms_pages_assert_left (pages, LOCALHOST, "error", "permission_denied");
  ms_pages_assert_left (pages, LOCALHOST, "error_description", "The admin canceled the request");
  ms_pages_assert_left (pages, LOCALHOST, "state", "a b");
  ms_pages_assert_left (pages, LOCALHOST, "admin_consent", NULL);
  ps_tenant_server_set_fault (pages->test->http->server, "consent-refused", "1");
  open_consent (pages, app, LOCALHOST_);
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, LOCALHOST, "error", "permission_denied");
  g_assert_cmpuint (count_roles (pages, app), ==, 0);
}

/* Application permissions of Graph: an Application Administrator is not enough. */
static void
test_who_may (void)
{
  static const struct {
    const char *key;
    gboolean may;
  } rows[] = { { "admin", TRUE }, { "role_admin", TRUE }, { "app_admin", FALSE }, { "user", FALSE } };
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    ms_pages_forget (pages);
    open_consent (pages, app, LOCALHOST_);
    ms_pages_sign_in (pages, rows[i].key);
    ms_pages_assert_is (pages, rows[i].may ? "ConvergedAdminConsent" : "ConvergedAdminApproval");
    if (!rows[i].may) {
      browser_assert_shows (pages->browser, "Global Administrator or Privileged Role Administrator");
      g_assert_false (browser_has_button (pages->browser, "Accept"));
    }
  }
  browser_press (pages->browser, "Return to the application without granting consent");
  ms_pages_assert_refused (pages, LOCALHOST, "permission_denied", 90094);
  g_assert_cmpuint (app->granted_roles->len, ==, 0);
}

/* A role that is taken away while the page is shown no longer grants anything. */
static void
test_role_lost (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  open_consent (pages, app, LOCALHOST_);
  ms_pages_sign_in (pages, "admin");
  ms_pages_account (pages, "admin")->role = NULL;
  browser_press (pages->browser, "Accept");
  ms_pages_assert_is (pages, "ConvergedAdminApproval");
  g_assert_cmpuint (app->granted_roles->len, ==, 0);
}

static void
test_second_form (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  open_consent_v2 (pages, "organizations", app, DEFAULT_);
  ms_pages_sign_in (pages, "admin");
  ms_pages_assert_is (pages, "ConvergedAdminConsent");
  browser_press (pages->browser, "Cancel");
  /* The trap: a refusal that says admin_consent=True. */
  ms_pages_assert_refused (pages, LOCALHOST, "consent_required", 65004);
  ms_pages_assert_left (pages, LOCALHOST, "admin_consent", "True");
  g_assert_cmpuint (app->granted_roles->len, ==, 0);
  open_consent_v2 (pages, NULL, app, DEFAULT_);
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, LOCALHOST, "admin_consent", "True");
  ms_pages_assert_left (pages, LOCALHOST, "error", NULL);
  ms_pages_assert_left (pages, LOCALHOST, "state", "s");
  g_assert_cmpuint (count_roles (pages, app), ==, 2);
}

/* Scopes by name are delegated permissions, whatever the registration requires. */
static void
test_second_form_scopes (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  open_consent_v2 (pages, NULL, app, "Directory.Read.All%20User.Read");
  ms_pages_sign_in (pages, "app_admin");
  ms_pages_assert_is (pages, "ConvergedAdminConsent");
  browser_press (pages->browser, "Accept");
  ms_pages_assert_left (pages, LOCALHOST, "error", NULL);
  g_assert_cmpuint (app->granted_roles->len, ==, 0);
  g_assert_true (ps_tenant_ms_app_has_scope (app, "anybody", "Directory.Read.All"));

  open_consent_v2 (pages, NULL, app, NULL);
  ms_pages_assert_refused (pages, LOCALHOST, "invalid_request", 900144);
  ms_pages_assert_left (pages, LOCALHOST, "admin_consent", "True");
  open_consent_v2 (pages, NULL, app, "Presence.ReadWrite.All");
  ms_pages_assert_refused (pages, LOCALHOST, "invalid_client", 650053);
  open_consent_v2 (pages, NULL, app, "https%3A%2F%2Fmanage.office.com%2F.default");
  ms_pages_assert_refused (pages, LOCALHOST, "invalid_resource", 500011);
  open_consent_v2 (pages, "common", app, DEFAULT_);
  ms_pages_assert_page (pages, 400, 50059);
}

static void
test_untrusted (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantMsApp *app = add_app (pages);

  open_consent (pages, app, "https%3A%2F%2Fevil.example");
  ms_pages_assert_page (pages, 400, 50011);
  app->deleted = TRUE;
  open_consent (pages, app, LOCALHOST_);
  ms_pages_assert_page (pages, 400, 700016);
  app->deleted = FALSE;
  open_consent (pages, app, LOCALHOST_);
  app->deleted = TRUE;
  ms_pages_sign_in (pages, "admin");
  ms_pages_assert_page (pages, 400, 700016);
  ps_tenant_server_set_fault (pages->test->http->server, "sign-in-500", "1");
  open_consent (pages, app, LOCALHOST_);
  ms_pages_assert_page (pages, 500, 90033);
}

/* Consent shows in the token only after a while. */
static void
test_replication (void)
{
  g_autoptr (MsPages) pages = ms_pages_new ();
  PsTenantServer *server = pages->test->http->server;
  PsTenantMsApp *app = add_app (pages);

  ps_tenant_server_set_fault (server, "replication", "30");
  open_consent (pages, app, LOCALHOST_);
  ms_pages_sign_in (pages, "admin");
  browser_press (pages->browser, "Accept");
  g_assert_cmpuint (count_roles (pages, app), ==, 0);
  ps_tenant_server_advance (server, 29999);
  g_assert_cmpuint (count_roles (pages, app), ==, 0);
  ps_tenant_server_advance (server, 1);
  g_assert_cmpuint (count_roles (pages, app), ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/microsoft/consent/accept", test_accept);
  g_test_add_func ("/tenant/microsoft/consent/cancel", test_cancel);
  g_test_add_func ("/tenant/microsoft/consent/who-may", test_who_may);
  g_test_add_func ("/tenant/microsoft/consent/role-lost", test_role_lost);
  g_test_add_func ("/tenant/microsoft/consent/second-form", test_second_form);
  g_test_add_func ("/tenant/microsoft/consent/second-form-scopes", test_second_form_scopes);
  g_test_add_func ("/tenant/microsoft/consent/untrusted", test_untrusted);
  g_test_add_func ("/tenant/microsoft/consent/replication", test_replication);
  return g_test_run ();
}
