/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connecting RingCentral by a person's sign-in: a scripted browser on the demo tenant's page, the listener, and what is
 * kept of it.
 */
#include "config.h"

#include <string.h>

#include "ps-connection-names.h"
#include "ps-rc-front.h"
#include "scripted-browser.h"
#include "sync-fixture.h"

typedef struct {
  SyncFixture *sync;  /* (owned) */
  Browser *browser;   /* (owned) */
  PsRcFront *front;   /* of the tenant */
  char *address;      /* (owned) (nullable): what was to be opened */
  char *redirect_uri; /* (owned) (nullable): where the listener is */
} Walk;

static Walk
walk_new (void)
{
  Walk walk = { sync_fixture_new (20, FALSE) };

  walk.front = ps_rc_front_of (walk.sync->tenant->server);
  walk.browser = browser_new (ps_tenant_server_origin (walk.sync->tenant->server));
  return walk;
}

static void
walk_clear (Walk *walk)
{
  browser_free (walk->browser);
  sync_fixture_free (walk->sync);
  g_free (walk->address);
  g_free (walk->redirect_uri);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

static char *
query_value (const char *address, const char *name)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));

  return g_strdup (g_hash_table_lookup (query, name));
}

/* A test takes any free port, and registers the redirect address that comes of it. */
static void
open_cb (const char *address, gpointer data)
{
  Walk *walk = data;

  g_assert_null (walk->address);
  walk->address = g_strdup (address);
  walk->redirect_uri = query_value (address, "redirect_uri");
  walk->front->desktop.redirect_uri = walk->redirect_uri;
}

static void
start (Walk *walk, GCancellable *cancellable)
{
  g_autofree char *client = sync_fixture_fact (walk->sync, "ringcentral_public_client_id");
  g_autofree char *url = sync_fixture_fact (walk->sync, "ringcentral_url");

  g_clear_pointer (&walk->address, g_free);
  ps_connect_ringcentral_browser_async (walk->sync->workspace, client, url, 0, open_cb, walk, cancellable,
                                        sync_fixture_keep_result, walk->sync);
}

static void
sign_in (Walk *walk, const char *who)
{
  g_autofree char *login_fact = g_strdup_printf ("ringcentral_%s_login", who);
  g_autofree char *password_fact = g_strdup_printf ("ringcentral_%s_password", who);
  g_autofree char *login = sync_fixture_fact (walk->sync, login_fact);
  g_autofree char *password = sync_fixture_fact (walk->sync, password_fact);

  browser_open (walk->browser, walk->address);
  browser_type (walk->browser, "login", login);
  browser_type (walk->browser, "password", password);
  browser_press (walk->browser, "Sign in");
  g_assert_nonnull (walk->browser->left_to);
}

/* What a browser does with a redirect: goes there. */
static void
follow (Walk *walk)
{
  g_autofree char *target = g_strdup (walk->browser->left_to);
  g_autoptr (Browser) other = browser_new (walk->redirect_uri);

  browser_open (other, target);
  g_assert_cmpuint (other->status, ==, 200);
  browser_assert_shows (other, "You can close this window");
}

static PsRingCentralConnection *
finish (Walk *walk, GError **error)
{
  g_autoptr (GAsyncResult) result = sync_fixture_await (walk->sync);

  return ps_connect_ringcentral_finish (walk->sync->workspace, result, error);
}

static void
assert_fails (Walk *walk, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (finish (walk, &error));
  g_assert_error (error, domain, code);
}

static char *
stored_token (Walk *walk)
{
  PsSecrets *secrets = ps_workspace_secrets (walk->sync->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *token;

  ps_secrets_lookup_async (secrets, SECRET_RC_REFRESH, NULL, sync_fixture_keep_result, walk->sync);
  result = sync_fixture_await (walk->sync);
  token = ps_secrets_lookup_finish (secrets, result, &error);
  g_assert_no_error (error);
  return token;
}

static PsRingCentralConnection *
remembered (Walk *walk)
{
  PsStore *store = ps_workspace_store (walk->sync->workspace);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GHashTable) settings = NULL;
  g_autoptr (GError) error = NULL;

  ps_store_load_settings_async (store, NULL, sync_fixture_keep_result, walk->sync);
  result = sync_fixture_await (walk->sync);
  settings = ps_store_load_settings_finish (store, result, &error);
  g_assert_no_error (error);
  return ps_ringcentral_connection_load (settings);
}

static void
assert_nothing_kept (Walk *walk)
{
  g_autofree char *token = stored_token (walk);
  g_autoptr (PsRingCentralConnection) connection = remembered (walk);

  g_assert_null (token);
  g_assert_null (connection);
  g_assert_cmpuint (ps_rc_tokens_count (walk->front->tokens), ==, 0);
}

static void
connect_admin (Walk *walk)
{
  g_autoptr (PsRingCentralConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  start (walk, NULL);
  sign_in (walk, "admin");
  follow (walk);
  connection = finish (walk, &error);
  g_assert_no_error (error);
  g_assert_true (connection->browser);
  g_assert_cmpstr (connection->own_name, ==, "Presence Service");
}

static void
test_administrator (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (PsRingCentralConnection) connection = NULL;
  g_autofree char *token = NULL;

  connect_admin (&walk);
  token = stored_token (&walk);
  g_assert_nonnull (token);
  connection = remembered (&walk);
  g_assert_true (connection->browser);
  g_assert_cmpstr (connection->client_id, ==, "DemoTenantDesktopApp02");
  g_assert_nonnull (connection->account_id);
  /* One session, and the look at the account did not spend its refresh token. */
  g_assert_cmpuint (ps_rc_tokens_count (walk.front->tokens), ==, 1);
  g_assert_nonnull (ps_rc_tokens_find_refresh (walk.front->tokens, &walk.front->desktop, token,
                                               ps_tenant_server_now (walk.sync->tenant->server)));
}

/* The clients of the engine: the stored token is spent, and the next one stored in its place. */
static void
test_opens (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsClients) clients = NULL;
  g_autoptr (PsRingCentralAccount) account = NULL;
  g_autoptr (GAsyncResult) opened = NULL, read = NULL;

  g_assert_true (sync_fixture_connect (walk.sync, &error)); /* with a JWT; the browser comes after it */
  connect_admin (&walk);
  before = stored_token (&walk);
  ps_open_clients_async (walk.sync->workspace, NULL, sync_fixture_keep_result, walk.sync);
  opened = sync_fixture_await (walk.sync);
  clients = ps_open_clients_finish (walk.sync->workspace, opened, &error);
  g_assert_no_error (error);
  g_assert_true (clients->ringcentral->browser);
  ps_ringcentral_client_read_account_async (clients->phone, NULL, sync_fixture_keep_result, walk.sync);
  read = sync_fixture_await (walk.sync);
  account = ps_ringcentral_client_read_account_finish (clients->phone, read, &error);
  g_assert_no_error (error);
  g_assert_true (account->own_admin);
  after = stored_token (&walk);
  g_assert_cmpstr (before, !=, after);
}

static void
test_user (void)
{
  g_auto (Walk) walk = walk_new ();

  start (&walk, NULL);
  sign_in (&walk, "user");
  follow (&walk);
  assert_fails (&walk, PS_ERROR, PS_ERROR_PERMISSION);
  assert_nothing_kept (&walk);
}

/* Somebody else's sign-in takes nothing away from a connection that works. */
static void
test_older_connection (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *before = NULL, *after = NULL;
  g_autoptr (PsRingCentralConnection) connection = NULL;

  connect_admin (&walk);
  before = stored_token (&walk);
  g_clear_pointer (&walk.redirect_uri, g_free);
  start (&walk, NULL);
  sign_in (&walk, "user");
  follow (&walk);
  assert_fails (&walk, PS_ERROR, PS_ERROR_PERMISSION);
  after = stored_token (&walk);
  g_assert_cmpstr (before, ==, after);
  connection = remembered (&walk);
  g_assert_cmpstr (connection->own_name, ==, "Presence Service");
  g_assert_cmpuint (ps_rc_tokens_count (walk.front->tokens), ==, 1);
}

static void
test_declined (void)
{
  g_auto (Walk) walk = walk_new ();

  start (&walk, NULL);
  browser_open (walk.browser, walk.address);
  browser_press (walk.browser, "Cancel");
  follow (&walk);
  assert_fails (&walk, PS_ERROR, PS_ERROR_DECLINED);
  assert_nothing_kept (&walk);
}

static void
test_faults (void)
{
  static const struct {
    const char *fault, *value;
    PsError error;
  } cases[] = {
    { "sign-in-wrong-state*1", "1", PS_ERROR_SIGN_IN },        { "sign-in-code-expired*1", "1", PS_ERROR_SIGN_IN },
    { "status@/restapi/oauth/token", "500", PS_ERROR_SERVER }, { "torn@/restapi/oauth/token", "1", PS_ERROR_NETWORK },
    { "html@/restapi/oauth/token", "1", PS_ERROR_BAD_REPLY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (Walk) walk = walk_new ();
    g_autofree char *token = NULL;

    g_assert_true (ps_tenant_server_set_fault (walk.sync->tenant->server, cases[i].fault, cases[i].value));
    start (&walk, NULL);
    sign_in (&walk, "admin");
    follow (&walk);
    assert_fails (&walk, PS_ERROR, (int) cases[i].error);
    token = stored_token (&walk);
    g_assert_null (token);
  }
}

/* The application's setting that is off by default: said at once, and not an hour later. */
static void
test_no_refresh_token (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ps_tenant_server_set_fault (walk.sync->tenant->server, "no-refresh-token", "1"));
  start (&walk, NULL);
  sign_in (&walk, "admin");
  follow (&walk);
  g_assert_null (finish (&walk, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_nonnull (strstr (error->message, "Issue refresh tokens"));
}

static void
test_cancelled (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  start (&walk, cancellable);
  g_cancellable_cancel (cancellable);
  assert_fails (&walk, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_nothing_kept (&walk);
}

/* Cancelled after the code was spent: the session does not stay behind. */
static gboolean
is_gone (gpointer data)
{
  return ps_rc_tokens_count (((Walk *) data)->front->tokens) == 0;
}

static gboolean
is_there (gpointer data)
{
  return ps_rc_tokens_count (((Walk *) data)->front->tokens) == 1;
}

static void
test_cancelled_late (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_assert_true (ps_tenant_server_set_fault (walk.sync->tenant->server, "hang@/restapi/v1.0", "1"));
  start (&walk, cancellable);
  sign_in (&walk, "admin");
  follow (&walk);
  test_wait (is_there, &walk);
  /* The account is asked for, and never answers. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_cancellable_cancel (cancellable);
  assert_fails (&walk, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_wait (is_gone, &walk);
}

/* As the embedded view does it: the redirect is caught, nothing listens. */
static void
test_embedded (void)
{
  g_auto (Walk) walk = walk_new ();
  g_autofree char *client = sync_fixture_fact (walk.sync, "ringcentral_public_client_id");
  g_autofree char *url = sync_fixture_fact (walk.sync, "ringcentral_url");
  PsSignInOptions options = { .kind = PS_SIGN_IN_RINGCENTRAL,
                              .base_url = url,
                              .client_id = client,
                              .redirect_uri = PS_SIGN_IN_RINGCENTRAL_REDIRECT };
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSignIn) sign_in_object = ps_sign_in_new (&options, &error);
  g_autoptr (PsRingCentralConnection) connection = NULL;

  g_assert_no_error (error);
  walk.address = g_strdup (ps_sign_in_uri (sign_in_object));
  sign_in (&walk, "admin");
  g_assert_true (ps_sign_in_is_redirect (sign_in_object, walk.browser->left_to));
  g_assert_true (ps_sign_in_handle_redirect (sign_in_object, walk.browser->left_to, &error));
  ps_connect_ringcentral_signed_in_async (walk.sync->workspace, sign_in_object, client, url, NULL,
                                          sync_fixture_keep_result, walk.sync);
  connection = finish (&walk, &error);
  g_assert_no_error (error);
  g_assert_true (connection->browser);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/connect-browser/administrator", test_administrator);
  g_test_add_func ("/sync/connect-browser/opens", test_opens);
  g_test_add_func ("/sync/connect-browser/user", test_user);
  g_test_add_func ("/sync/connect-browser/older-connection", test_older_connection);
  g_test_add_func ("/sync/connect-browser/declined", test_declined);
  g_test_add_func ("/sync/connect-browser/faults", test_faults);
  g_test_add_func ("/sync/connect-browser/no-refresh-token", test_no_refresh_token);
  g_test_add_func ("/sync/connect-browser/cancelled", test_cancelled);
  g_test_add_func ("/sync/connect-browser/cancelled-late", test_cancelled_late);
  g_test_add_func ("/sync/connect-browser/embedded", test_embedded);
  return g_test_run ();
}
