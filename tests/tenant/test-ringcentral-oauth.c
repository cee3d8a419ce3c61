/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's sign-in: the three grants, rotation and its grace, revocation, five sessions.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

#define JWT_GRANT "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
#define REDIRECT  "http%3A%2F%2Flocalhost%3A47821%2Foauth%2Fringcentral"

static void
assert_oauth_error (TestAnswer *answer, const char *error, const char *code)
{
  rc_assert_code (answer, 400, code);
  g_assert_cmpstr (test_json_string (answer->json, "$.error"), ==, error);
  g_assert_cmpstr (test_json_string (answer->json, "$.error_description"), !=, "");
}

static void
refused (Rc *rc, gboolean basic, const char *form, const char *error, const char *code)
{
  g_autoptr (TestAnswer) answer = rc_token (rc, basic, form);

  assert_oauth_error (answer, error, code);
}

static void
free_auth (Rc *rc)
{
  ps_tenant_ringcentral_set_limit (rc->server, "Auth", 0, 60);
}

static void
test_jwt (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) answer = rc_login (rc);
  g_autofree char *owner = g_strdup_printf ("%" G_GINT64_FORMAT, ps_tenant_world_admin (rc->world)->id);

  g_assert_cmpstr (test_json_string (answer->json, "$.token_type"), ==, "bearer");
  g_assert_cmpint (test_json_int (answer->json, "$.expires_in"), ==, 3600);
  g_assert_cmpint (test_json_int (answer->json, "$.refresh_token_expires_in"), ==, 604800);
  g_assert_cmpstr (test_json_string (answer->json, "$.owner_id"), ==, owner);
  g_assert_cmpstr (test_json_string (answer->json, "$.session_id"), !=, "");
  g_assert_cmpstr (test_json_string (answer->json, "$.endpoint_id"), !=, "");
  g_assert_cmpstr (test_json_string (answer->json, "$.scope"), ==,
                   "EditPresence ReadAccounts ReadPresence WebSocketsSubscription");
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "X-Rate-Limit-Group"), ==, "auth");
}

static void
test_jwt_refused (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) other_type = NULL, wrong_secret = NULL, bearer = NULL;

  free_auth (rc);
  refused (rc, TRUE, JWT_GRANT "&assertion=wrong", "invalid_grant", "OAU-149");
  refused (rc, TRUE, JWT_GRANT, "invalid_request", "CMN-101");
  refused (rc, TRUE, "grant_type=password&username=a&password=b", "unauthorized_client", "OAU-112");
  refused (rc, TRUE, "grant_type=magic", "unsupported_grant_type", "OAU-125");
  refused (rc, TRUE, "assertion=x", "invalid_request", "CMN-101");
  refused (rc, FALSE, JWT_GRANT "&assertion=x", "invalid_client", "OAU-123");
  refused (rc, FALSE, JWT_GRANT "&assertion=x&client_id=nobody", "invalid_client", "OAU-153");
  refused (rc, FALSE, JWT_GRANT "&assertion=x&client_id=DemoTenantDesktopApp02", "unauthorized_client", "OAU-112");
  refused (rc, TRUE, JWT_GRANT "&assertion=x&access_token_ttl=599", "invalid_request", "CMN-101");
  refused (rc, TRUE, JWT_GRANT "&assertion=x&access_token_ttl=3601", "invalid_request", "CMN-101");
  refused (rc, TRUE, JWT_GRANT "&assertion=x&scope=EditAccounts", "invalid_scope", "OAU-114");
  other_type = rc_send (rc, "POST", "/restapi/oauth/token", "application/json", "{}", NULL);
  g_assert_cmpuint (other_type->status, ==, 415);
  wrong_secret = rc_send (rc, "POST", "/restapi/oauth/token", "application/x-www-form-urlencoded", JWT_GRANT,
                          "Authorization", "Basic RGVtb1RlbmFudFNlcnZpY2VBcHAwMTp3cm9uZw==", NULL);
  assert_oauth_error (wrong_secret, "invalid_client", "OAU-146");
  bearer = rc_send (rc, "POST", "/restapi/oauth/token", "application/x-www-form-urlencoded", JWT_GRANT, "Authorization",
                    "Bearer x", NULL);
  assert_oauth_error (bearer, "invalid_client", "OAU-123");
  g_assert_true (ps_tenant_server_set_fault (rc->server, "jwt-revoked", "1"));
  {
    g_autofree char *form = g_strconcat (JWT_GRANT "&assertion=", ps_rc_front_of (rc->server)->jwt, NULL);

    refused (rc, TRUE, form, "invalid_grant", "OAU-213");
  }
}

/* RFC 7636, appendix B. */
#define VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static char *
code_form (Rc *rc, const char *redirect, const char *verifier)
{
  const char *code =
      ps_tenant_ringcentral_issue_code (rc->server, ps_tenant_world_admin (rc->world)->id, "DemoTenantDesktopApp02",
                                        "http://localhost:47821/oauth/ringcentral", CHALLENGE, "S256");

  g_assert_nonnull (code);
  return g_strdup_printf (
      "grant_type=authorization_code&client_id=DemoTenantDesktopApp02&code=%s&redirect_uri=%s&code_verifier=%s", code,
      redirect, verifier);
}

static void
test_code (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *good = NULL, *wrong_verifier = NULL, *wrong_redirect = NULL, *late = NULL, *basic = NULL;
  g_autoptr (TestAnswer) answer = NULL, public_basic = NULL, other = NULL;

  free_auth (rc);
  good = code_form (rc, REDIRECT, VERIFIER);
  answer = rc_token (rc, FALSE, good);
  g_assert_cmpuint (answer->status, ==, 200);
  refused (rc, FALSE, good, "invalid_grant", "OAU-106"); /* single use */
  wrong_verifier = code_form (rc, REDIRECT, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX");
  refused (rc, FALSE, wrong_verifier, "invalid_grant", "OAU-106");
  wrong_redirect = code_form (rc, REDIRECT "%2F", VERIFIER);
  refused (rc, FALSE, wrong_redirect, "invalid_grant", "OAU-109");
  basic = code_form (rc, REDIRECT, VERIFIER);
  refused (rc, TRUE, basic, "unauthorized_client", "OAU-113");
  late = code_form (rc, REDIRECT, VERIFIER);
  ps_tenant_server_advance (rc->server, 60 * 1000);
  refused (rc, FALSE, late, "invalid_grant", "OAU-108");
  /* A public client with Basic and an empty secret. */
  public_basic = rc_send (rc, "POST", "/restapi/oauth/token", "application/x-www-form-urlencoded",
                          "grant_type=refresh_token&refresh_token=x", "Authorization",
                          "Basic RGVtb1RlbmFudERlc2t0b3BBcHAwMjo=", NULL);
  assert_oauth_error (public_basic, "invalid_client", "OAU-153");
  g_assert_null (ps_tenant_ringcentral_issue_code (rc->server, 1, "DemoTenantDesktopApp02",
                                                   "http://localhost:47822/oauth/ringcentral", NULL, NULL));
  g_assert_null (ps_tenant_ringcentral_issue_code (rc->server, 1, "DemoTenantServiceApp01",
                                                   "http://localhost:47821/oauth/ringcentral", NULL, NULL));
}

static char *
refresh (Rc *rc, const char *refresh_token, guint status)
{
  g_autofree char *form = g_strconcat ("grant_type=refresh_token&refresh_token=", refresh_token, NULL);
  g_autoptr (TestAnswer) answer = rc_token (rc, TRUE, form);

  if (status != 200) {
    assert_oauth_error (answer, "invalid_grant", "OAU-213");
    return NULL;
  }
  g_assert_cmpuint (answer->status, ==, 200);
  g_free (rc->token);
  rc->token = g_strdup (test_json_string (answer->json, "$.access_token"));
  return g_strdup (test_json_string (answer->json, "$.refresh_token"));
}

static void
test_refresh_grace_unused (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *old_access = g_strdup (rc->token);
  g_autofree char *first = NULL, *second = NULL, *access = NULL;
  g_autoptr (TestAnswer) answer = NULL;

  free_auth (rc);
  first = refresh (rc, rc->refresh_token, 200);
  access = g_strdup (rc->token);
  g_assert_cmpstr (access, !=, old_access);
  g_assert_cmpstr (first, !=, rc->refresh_token);
  /* The reply may have been lost: while the new token is unused the old one gives the same pair for an hour. */
  ps_tenant_server_advance (rc->server, 59 * 60 * 1000);
  second = refresh (rc, rc->refresh_token, 200);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpstr (rc->token, ==, access);
  ps_tenant_server_advance (rc->server, 60 * 1000);
  refresh (rc, rc->refresh_token, 400);
  /* The old access token died at once. */
  g_free (rc->token);
  rc->token = g_strdup (old_access);
  answer = rc_get (rc, 401, RC_ACCOUNT);
  g_assert_cmpstr (test_json_string (answer->json, "$.errorCode"), ==, "TokenInvalid");
  rc_assert_code (answer, 401, "OAU-213");
}

static void
test_refresh_grace_used (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  g_autoptr (TestAnswer) answer = NULL;

  free_auth (rc);
  first = refresh (rc, rc->refresh_token, 200);
  answer = rc_get (rc, 200, RC_ACCOUNT);
  ps_tenant_server_advance (rc->server, 9 * 1000);
  second = refresh (rc, rc->refresh_token, 200);
  g_assert_cmpstr (second, ==, first);
  ps_tenant_server_advance (rc->server, 1000);
  refresh (rc, rc->refresh_token, 400);
  third = refresh (rc, first, 200);
  g_assert_cmpstr (third, !=, first);
  ps_tenant_server_advance (rc->server, G_GINT64_CONSTANT (604800) * 1000);
  refresh (rc, third, 400);
}

static void
test_expiry (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) before = NULL, after = NULL, none = NULL, basic = NULL, unknown = NULL;

  ps_tenant_server_advance (rc->server, 3599 * 1000);
  before = rc_get (rc, 200, RC_ACCOUNT);
  ps_tenant_server_advance (rc->server, 1000);
  after = rc_get (rc, 401, RC_ACCOUNT);
  rc_assert_code (after, 401, "OAU-128");
  g_assert_cmpstr (test_json_string (after->json, "$.errorCode"), ==, "TokenExpired");
  none = rc_send (rc, "GET", RC_ACCOUNT, NULL, NULL, NULL);
  rc_assert_code (none, 401, "CMN-405");
  basic = rc_send (rc, "GET", RC_ACCOUNT, NULL, NULL, "Authorization", "Basic eDp5", NULL);
  rc_assert_code (basic, 401, "OAU-123");
  unknown = rc_send (rc, "GET", RC_ACCOUNT, NULL, NULL, "Authorization", "Bearer x", NULL);
  rc_assert_code (unknown, 401, "OAU-213");
  g_assert_nonnull (soup_message_headers_get_one (unknown->headers, "WWW-Authenticate"));
}

static void
test_ttl (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *form = g_strconcat (JWT_GRANT "&access_token_ttl=600&refresh_token_ttl=2592000&scope=ReadAccounts"
                                                 "&endpoint_id=mine&assertion=",
                                       ps_rc_front_of (rc->server)->jwt, NULL);
  g_autoptr (TestAnswer) answer = rc_token (rc, TRUE, form), denied = NULL;

  g_assert_cmpint (test_json_int (answer->json, "$.expires_in"), ==, 600);
  g_assert_cmpint (test_json_int (answer->json, "$.refresh_token_expires_in"), ==, 604800);
  g_assert_cmpstr (test_json_string (answer->json, "$.endpoint_id"), ==, "mine");
  g_assert_cmpstr (test_json_string (answer->json, "$.scope"), ==, "ReadAccounts");
  g_free (rc->token);
  rc->token = g_strdup (test_json_string (answer->json, "$.access_token"));
  denied = rc_get (rc, 403, RC_ACCOUNT "/presence");
  rc_assert_code (denied, 403, "CMN-401");
  g_assert_cmpstr (test_json_string (denied->json, "$.errorCode"), ==, "InsufficientPermissions");
  g_assert_cmpstr (test_json_string (denied->json, "$.permissionName"), ==, "ReadPresence");
  g_assert_cmpstr (test_json_string (denied->json, "$.errors[0].permissionName"), ==, "ReadPresence");
}

static void
test_revoke (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *form = g_strconcat ("token=", rc->token, NULL);
  PsRcFront *front = ps_rc_front_of (rc->server);
  g_autofree char *pair = g_strconcat (front->service.client_id, ":", front->service.client_secret, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) pair, (gsize) strlen (pair));
  g_autofree char *basic = g_strconcat ("Basic ", encoded, NULL);
  g_autofree char *ws_token = rc_socket_token (rc);
  g_autoptr (RcSocket) socket = rc_socket_new (rc, ws_token, NULL);
  g_autoptr (TestAnswer) missing = NULL, answer = NULL, after = NULL;

  free_auth (rc);
  rc_socket_next (socket);
  missing = rc_send (rc, "POST", "/restapi/oauth/revoke", "application/x-www-form-urlencoded", "a=b", "Authorization",
                     basic, NULL);
  assert_oauth_error (missing, "invalid_request", "CMN-101");
  answer = rc_send (rc, "POST", "/restapi/oauth/revoke", "application/x-www-form-urlencoded", form, "Authorization",
                    basic, NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (answer->size, ==, 0);
  after = rc_get (rc, 401, RC_ACCOUNT);
  rc_assert_code (after, 401, "OAU-213");
  refresh (rc, rc->refresh_token, 400);
  g_assert_cmpstr (test_json_string (rc_socket_next (socket), "$[1].errorCode"), ==, "OAU-213");
  rc_socket_wait_closed (socket);
}

static void
test_sixth_session (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *ws_token = rc_socket_token (rc);
  g_autoptr (RcSocket) socket = rc_socket_new (rc, ws_token, NULL);
  g_autoptr (TestAnswer) still = NULL, gone = NULL;

  rc_socket_next (socket);
  free_auth (rc);
  for (guint i = 0; i < 4; i++) {
    g_autoptr (TestAnswer) answer = rc_login (rc);
  }
  still = rc_get (rc, 200, RC_ACCOUNT);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (rc->server), ==, 1);
  {
    g_autoptr (TestAnswer) sixth = rc_login (rc);
  }
  gone = rc_get (rc, 401, RC_ACCOUNT);
  rc_assert_code (gone, 401, "OAU-213");
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (rc->server), ==, 0);
  rc_socket_wait_closed (socket);
  refresh (rc, rc->refresh_token, 400);
}

static void
test_describe (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  ps_tenant_ringcentral_describe (rc->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  g_assert_cmpstr (test_json_string (root, "$.ringcentral_url"), ==, ps_tenant_server_origin (rc->server));
  g_assert_cmpstr (test_json_string (root, "$.ringcentral_jwt"), ==, ps_rc_front_of (rc->server)->jwt);
  g_assert_cmpstr (test_json_string (root, "$.ringcentral_client_id"), !=, "");
  g_assert_cmpstr (test_json_string (root, "$.ringcentral_client_secret"), !=, "");
  g_assert_cmpstr (test_json_string (root, "$.ringcentral_public_client_id"), ==, "DemoTenantDesktopApp02");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/oauth/jwt", test_jwt);
  g_test_add_func ("/ringcentral/oauth/jwt-refused", test_jwt_refused);
  g_test_add_func ("/ringcentral/oauth/code", test_code);
  g_test_add_func ("/ringcentral/oauth/refresh-grace-unused", test_refresh_grace_unused);
  g_test_add_func ("/ringcentral/oauth/refresh-grace-used", test_refresh_grace_used);
  g_test_add_func ("/ringcentral/oauth/expiry", test_expiry);
  g_test_add_func ("/ringcentral/oauth/ttl", test_ttl);
  g_test_add_func ("/ringcentral/oauth/revoke", test_revoke);
  g_test_add_func ("/ringcentral/oauth/sixth-session", test_sixth_session);
  g_test_add_func ("/ringcentral/oauth/describe", test_describe);
  return g_test_run ();
}
