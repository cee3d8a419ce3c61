/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The token endpoint: each grant, each refusal.
 */
#include "config.h"

#include "test-microsoft-fixture.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

#define DEFAULT_SCOPE "https://graph.microsoft.com/.default"

/* client_credentials with what is given; NULL leaves a field out. */
static TestAnswer *
ask (MsTest *test, const char *tenant, const char *client, const char *secret, const char *scope)
{
  return ms_test_sign_in (test, tenant, "grant_type", "client_credentials", "client_id", client, "client_secret",
                          secret, "scope", scope, NULL);
}

static JsonObject *
payload_of (const char *token)
{
  JsonObject *payload = ps_tenant_ms_jwt_part (token, 1);

  g_assert_nonnull (payload);
  return payload;
}

static void
test_client_credentials (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *client = test->ms->client->app_id;
  g_autoptr (TestAnswer) answer = ask (test, NULL, client, test->secret, DEFAULT_SCOPE);
  g_autoptr (TestAnswer) by_domain =
      ask (test, ps_tenant_world_domain (test->world), client, test->secret, DEFAULT_SCOPE);
  g_autoptr (JsonObject) claims = NULL;
  gint64 now_s = ps_tenant_server_now (test->http->server) / 1000;

  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpuint (by_domain->status, ==, 200);
  g_assert_cmpstr (test_json_string (answer->json, "$.token_type"), ==, "Bearer");
  g_assert_cmpint (test_json_int (answer->json, "$.expires_in"), ==, 3599);
  g_assert_false (json_object_has_member (json_node_get_object (answer->json), "refresh_token"));
  claims = payload_of (test_json_string (answer->json, "$.access_token"));
  g_assert_cmpstr (json_object_get_string_member (claims, "aud"), ==, "https://graph.microsoft.com");
  g_assert_cmpstr (json_object_get_string_member (claims, "appid"), ==, client);
  g_assert_cmpstr (json_object_get_string_member (claims, "tid"), ==, ps_tenant_world_tenant_id (test->world));
  g_assert_cmpint (json_object_get_int_member (claims, "exp"), ==, now_s + 3599);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (claims, "roles")), ==, 4);
  g_assert_false (json_object_has_member (claims, "scp"));
}

/* Secrets have characters that a form gives another meaning: not encoded, they are another secret. */
static void
test_basic (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *encoded = g_uri_escape_string (test->secret, NULL, FALSE);
  g_autofree char *pair = g_strdup_printf ("%s:%s", test->ms->client->app_id, encoded);
  g_autofree char *base64 = g_base64_encode ((guint8 *) pair, strlen (pair));
  g_autofree char *header = g_strconcat ("Basic ", base64, NULL);
  g_autoptr (TestAnswer) answer = ms_test_sign_in (test, NULL, "grant_type", "client_credentials", "scope",
                                                   DEFAULT_SCOPE, "Authorization", header, NULL);
  g_autofree char *form = g_strdup_printf ("grant_type=client_credentials&client_id=%s&scope=%s&client_secret=%s",
                                           test->ms->client->app_id, DEFAULT_SCOPE, test->secret);
  g_autofree char *target = g_strdup_printf ("/%s/oauth2/v2.0/token", ps_tenant_world_tenant_id (test->world));

  g_assert_cmpuint (answer->status, ==, 200);
  ms_test_assert_aadsts (test_server_ask (test->http, "POST", target, "application/x-www-form-urlencoded", form), 401,
                         "invalid_client", 7000215);
}

static void
test_refusals (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *client = test->ms->client->app_id;
  const char *public_client = test->ms->public_client->app_id;
  const char *secret = test->secret;
  const char *key_id = ((PsTenantMsSecret *) g_ptr_array_index (test->ms->client->secrets, 0))->key_id;
  const char *stranger = "00000000-1111-2222-3333-444444444444";
  g_autofree char *target = g_strdup_printf ("/%s/oauth2/v2.0/token", ps_tenant_world_tenant_id (test->world));

  ms_test_assert_aadsts (ask (test, NULL, stranger, secret, DEFAULT_SCOPE), 400, "unauthorized_client", 700016);
  ms_test_assert_aadsts (ask (test, NULL, client, "wrong", DEFAULT_SCOPE), 401, "invalid_client", 7000215);
  ms_test_assert_aadsts (ask (test, NULL, client, key_id, DEFAULT_SCOPE), 401, "invalid_client", 7000215);
  ms_test_assert_aadsts (ask (test, NULL, client, NULL, DEFAULT_SCOPE), 401, "invalid_client", 7000218);
  ms_test_assert_aadsts (ask (test, stranger, client, secret, DEFAULT_SCOPE), 400, "invalid_request", 90002);
  ms_test_assert_aadsts (ask (test, "common", client, secret, DEFAULT_SCOPE), 400, "invalid_request", 9001023);
  ms_test_assert_aadsts (ask (test, "organizations", client, secret, DEFAULT_SCOPE), 400, "invalid_request", 50059);
  ms_test_assert_aadsts (ask (test, NULL, client, secret, "User.Read.All"), 400, "invalid_scope", 1002012);
  ms_test_assert_aadsts (ask (test, NULL, client, secret, DEFAULT_SCOPE " openid"), 400, "invalid_scope", 70011);
  ms_test_assert_aadsts (ask (test, NULL, client, secret, "https://graph.microsoft.us/.default"), 400,
                         "invalid_resource", 500011);
  ms_test_assert_aadsts (ask (test, NULL, client, secret, NULL), 400, "invalid_request", 900144);
  ms_test_assert_aadsts (ask (test, NULL, NULL, secret, DEFAULT_SCOPE), 400, "invalid_request", 900144);
  ms_test_assert_aadsts (ask (test, NULL, public_client, secret, DEFAULT_SCOPE), 401, "invalid_client", 700025);
  ms_test_assert_aadsts (ms_test_sign_in (test, NULL, "client_id", client, NULL), 400, "invalid_request", 900144);
  ms_test_assert_aadsts (
      ms_test_sign_in (test, NULL, "client_id", client, "client_secret", secret, "grant_type", "password", NULL), 400,
      "unsupported_grant_type", 70003);
  ms_test_assert_aadsts (
      test_server_ask (test->http, "POST", target, "application/json", "{\"grant_type\":\"client_credentials\"}"), 400,
      "invalid_request", 900144);
}

static void
test_faults (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *client = test->ms->client->app_id;
  PsTenantServer *server = test->http->server;
  g_autoptr (TestAnswer) without = NULL;
  g_autoptr (JsonObject) claims = NULL;

  ps_tenant_server_set_fault (server, "expired-secret", "1");
  ms_test_assert_aadsts (ask (test, NULL, client, test->secret, DEFAULT_SCOPE), 401, "invalid_client", 7000222);
  ms_test_assert_aadsts (ask (test, NULL, client, "wrong", DEFAULT_SCOPE), 401, "invalid_client", 7000215);
  ps_tenant_server_set_fault (server, "expired-secret", NULL);
  ps_tenant_server_set_fault (server, "token-loop", "1");
  ms_test_assert_aadsts (ask (test, NULL, client, test->secret, DEFAULT_SCOPE), 400, "invalid_grant", 50196);
  ps_tenant_server_set_fault (server, "token-loop", NULL);
  /* Consent is no matter of the token endpoint: it just leaves the roles out. */
  ps_tenant_server_set_fault (server, "consent-revoked", "1");
  without = ask (test, NULL, client, test->secret, DEFAULT_SCOPE);
  g_assert_cmpuint (without->status, ==, 200);
  claims = payload_of (test_json_string (without->json, "$.access_token"));
  g_assert_false (json_object_has_member (claims, "roles"));
}

static void
test_server_errors (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *client = test->ms->client->app_id;
  g_autofree char *target = g_strdup_printf ("/%s/oauth2/v2.0/token", ps_tenant_world_tenant_id (test->world));

  ms_test_assert_aadsts (test_server_ask (test->http, "GET", target, NULL, NULL), 405, "invalid_request", 900561);
  ps_tenant_server_set_fault (test->http->server, "status", "503");
  ms_test_assert_aadsts (ask (test, NULL, client, test->secret, DEFAULT_SCOPE), 503, "temporarily_unavailable", 90033);
  ps_tenant_server_clear_faults (test->http->server);
  ps_tenant_server_set_fault (test->http->server, "429", "3");
  ms_test_assert_aadsts (ask (test, NULL, client, test->secret, DEFAULT_SCOPE), 429, "temporarily_unavailable", 90033);
}

/* Two years later the secret is over by itself. */
static void
test_secret_ends (void)
{
  g_autoptr (MsTest) test = ms_test_new ();

  ps_tenant_server_advance (test->http->server, 731 * G_GINT64_CONSTANT (86400000));
  ms_test_assert_aadsts (ask (test, NULL, test->ms->client->app_id, test->secret, DEFAULT_SCOPE), 401, "invalid_client",
                         7000222);
}

static TestAnswer *
redeem (MsTest *test, const char *code, const char *redirect, const char *verifier, const char *secret)
{
  return ms_test_sign_in (test, "organizations", "grant_type", "authorization_code", "client_id",
                          test->ms->public_client->app_id, "code", code, "redirect_uri", redirect, "code_verifier",
                          verifier, "client_secret", secret, NULL);
}

static void
test_code (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *code = ms_test_code (test, user, "openid profile offline_access User.Read Presence.Read.All");
  g_autoptr (TestAnswer) answer = NULL;
  g_autoptr (JsonObject) claims = NULL;
  g_autoptr (JsonObject) id = NULL;

  /* What is wrong with a request does not use up the code. */
  ms_test_assert_aadsts (redeem (test, code, "http://localhost:8401/back", MS_VERIFIER, NULL), 400, "invalid_grant",
                         50011);
  ms_test_assert_aadsts (redeem (test, code, MS_REDIRECT, "another verifier that is long enough to be one", NULL), 400,
                         "invalid_grant", 501481);
  ms_test_assert_aadsts (redeem (test, code, MS_REDIRECT, NULL, NULL), 400, "invalid_request", 900144);
  ms_test_assert_aadsts (redeem (test, code, NULL, MS_VERIFIER, NULL), 400, "invalid_request", 900144);
  ms_test_assert_aadsts (redeem (test, code, MS_REDIRECT, MS_VERIFIER, "secret"), 401, "invalid_client", 700025);
  ms_test_assert_aadsts (redeem (test, "1.AAAA.wrong", MS_REDIRECT, MS_VERIFIER, NULL), 400, "invalid_grant", 9000023);

  answer = redeem (test, code, MS_REDIRECT, MS_VERIFIER, NULL);
  g_assert_cmpuint (answer->status, ==, 200);
  g_assert_cmpstr (test_json_string (answer->json, "$.scope"), ==, "openid profile User.Read Presence.Read.All");
  g_assert_nonnull (test_json_string (answer->json, "$.refresh_token"));
  claims = payload_of (test_json_string (answer->json, "$.access_token"));
  g_assert_cmpstr (json_object_get_string_member (claims, "oid"), ==, user->id);
  g_assert_cmpstr (json_object_get_string_member (claims, "scp"), ==, "openid profile User.Read Presence.Read.All");
  id = payload_of (test_json_string (answer->json, "$.id_token"));
  g_assert_cmpstr (json_object_get_string_member (id, "aud"), ==, test->ms->public_client->app_id);
  ms_test_assert_aadsts (redeem (test, code, MS_REDIRECT, MS_VERIFIER, NULL), 400, "invalid_grant", 54005);
}

static void
test_code_expires (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *code = ms_test_code (test, ms_test_person (test, 0)->microsoft, "User.Read");

  ps_tenant_server_advance (test->http->server, 10 * 60 * 1000);
  ms_test_assert_aadsts (redeem (test, code, MS_REDIRECT, MS_VERIFIER, NULL), 400, "invalid_grant", 70008);
}

static TestAnswer *
refresh (MsTest *test, const char *token, const char *scope)
{
  return ms_test_sign_in (test, "common", "grant_type", "refresh_token", "client_id", test->ms->public_client->app_id,
                          "refresh_token", token, "scope", scope, NULL);
}

static void
test_refresh (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *code =
      ms_test_code (test, ms_test_person (test, 0)->microsoft, "offline_access User.Read Presence.Read");
  g_autoptr (TestAnswer) first = redeem (test, code, MS_REDIRECT, MS_VERIFIER, NULL);
  const char *token = test_json_string (first->json, "$.refresh_token");
  g_autoptr (TestAnswer) second = refresh (test, token, NULL);
  g_autoptr (TestAnswer) narrow = refresh (test, token, "https://graph.microsoft.com/User.Read offline_access");
  const char *rotated = test_json_string (second->json, "$.refresh_token");
  g_autoptr (TestAnswer) third = NULL;

  g_assert_cmpuint (second->status, ==, 200);
  g_assert_cmpstr (rotated, !=, token);
  g_assert_cmpstr (test_json_string (second->json, "$.scope"), ==, "User.Read Presence.Read");
  g_assert_cmpstr (test_json_string (narrow->json, "$.scope"), ==, "User.Read");
  third = refresh (test, rotated, NULL);
  g_assert_cmpuint (third->status, ==, 200);

  ms_test_assert_aadsts (refresh (test, rotated, "Mail.Send"), 400, "invalid_grant", 65001);
  ms_test_assert_aadsts (refresh (test, "nonsense", NULL), 400, "invalid_grant", 9000023);
  ps_tenant_server_set_fault (test->http->server, "consent-revoked", "1");
  ms_test_assert_aadsts (refresh (test, rotated, NULL), 400, "invalid_grant", 65001);
  ps_tenant_server_set_fault (test->http->server, "consent-revoked", NULL);
  ps_tenant_server_set_fault (test->http->server, "refresh-revoked", "1");
  ms_test_assert_aadsts (refresh (test, rotated, NULL), 400, "invalid_grant", 50173);
  ps_tenant_server_set_fault (test->http->server, "refresh-revoked", NULL);
  ps_tenant_server_advance (test->http->server, 90 * G_GINT64_CONSTANT (86400000));
  ms_test_assert_aadsts (refresh (test, rotated, NULL), 400, "invalid_grant", 700082);
}

/* --- client assertions --- */

typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_privkey_t signer;
  char *pem; /* of the certificate */
} KeyPair;

static void
key_pair_init (KeyPair *pair)
{
  gnutls_x509_crt_t crt;
  gnutls_datum_t out = { NULL, 0 };
  time_t now = time (NULL);

  g_assert_cmpint (gnutls_x509_privkey_init (&pair->key), ==, 0);
  g_assert_cmpint (gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_RSA, 2048, 0), ==, 0);
  gnutls_x509_crt_init (&crt);
  gnutls_x509_crt_set_version (crt, 3);
  gnutls_x509_crt_set_serial (crt, "\x01", 1);
  gnutls_x509_crt_set_dn (crt, "CN=Presence Sync test", NULL);
  gnutls_x509_crt_set_activation_time (crt, now - 60);
  gnutls_x509_crt_set_expiration_time (crt, now + 3600);
  gnutls_x509_crt_set_key (crt, pair->key);
  g_assert_cmpint (gnutls_x509_crt_sign2 (crt, crt, pair->key, GNUTLS_DIG_SHA256, 0), ==, 0);
  g_assert_cmpint (gnutls_x509_crt_export2 (crt, GNUTLS_X509_FMT_PEM, &out), ==, 0);
  pair->pem = g_strndup ((char *) out.data, out.size);
  gnutls_free (out.data);
  gnutls_x509_crt_deinit (crt);
  gnutls_privkey_init (&pair->signer);
  gnutls_privkey_import_x509 (pair->signer, pair->key, 0);
}

static void
key_pair_clear (KeyPair *pair)
{
  gnutls_privkey_deinit (pair->signer);
  gnutls_x509_privkey_deinit (pair->key);
  g_free (pair->pem);
}

static char *
sign_assertion (KeyPair *pair, const char *header, const char *payload, gboolean pss)
{
  g_autofree char *head = ps_tenant_ms_base64url ((const guint8 *) header, strlen (header));
  g_autofree char *body = ps_tenant_ms_base64url ((const guint8 *) payload, strlen (payload));
  g_autofree char *input = g_strconcat (head, ".", body, NULL);
  gnutls_datum_t data = { (unsigned char *) input, (unsigned) strlen (input) };
  gnutls_datum_t signature = { NULL, 0 };
  g_autofree char *sign = NULL;

  g_assert_cmpint (gnutls_privkey_sign_data2 (pair->signer,
                                              pss ? GNUTLS_SIGN_RSA_PSS_RSAE_SHA256 : GNUTLS_SIGN_RSA_SHA256, 0, &data,
                                              &signature),
                   ==, 0);
  sign = ps_tenant_ms_base64url (signature.data, signature.size);
  gnutls_free (signature.data);
  return g_strconcat (input, ".", sign, NULL);
}

static TestAnswer *
ask_with_assertion (MsTest *test, const char *assertion)
{
  return ms_test_sign_in (test, NULL, "grant_type", "client_credentials", "client_id", test->ms->client->app_id,
                          "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                          "client_assertion", assertion, "scope", DEFAULT_SCOPE, NULL);
}

static char *
claims_for (MsTest *test, const char *audience, const char *issuer, gint64 expires_in)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *own = g_strdup_printf ("%s/%s/oauth2/v2.0/token", ps_tenant_server_origin (test->http->server),
                                          ps_tenant_world_tenant_id (test->world));

  return g_strdup_printf ("{\"aud\":\"%s\",\"iss\":\"%s\",\"sub\":\"%s\",\"jti\":\"a\",\"nbf\":%" G_GINT64_FORMAT
                          ",\"exp\":%" G_GINT64_FORMAT "}",
                          audience != NULL ? audience : own, issuer != NULL ? issuer : test->ms->client->app_id,
                          test->ms->client->app_id, now_s + MIN (expires_in, 0) * 2, now_s + expires_in);
}

static void
test_assertion (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) registered = NULL;
  g_autofree char *ps256 = NULL;
  g_autofree char *rs256 = NULL;
  KeyPair pair, other;
  struct {
    const char *header_of;
    char *claims;
    KeyPair *signer;
    gboolean pss, good;
  } cases[] = {
    { "PS256", claims_for (test, NULL, NULL, 300), &pair, TRUE, TRUE },
    { "RS256", claims_for (test, NULL, NULL, 300), &pair, FALSE, TRUE },
    { "PS256", claims_for (test, NULL, NULL, 300), &pair, FALSE, FALSE },
    { "PS256", claims_for (test, NULL, NULL, 300), &other, TRUE, FALSE },
    { "PS256", claims_for (test, "https://example.org/token", NULL, 300), &pair, TRUE, FALSE },
    { "PS256", claims_for (test, NULL, "somebody", 300), &pair, TRUE, FALSE },
    { "PS256", claims_for (test, NULL, NULL, -400), &pair, TRUE, FALSE },
    { "stranger", claims_for (test, NULL, NULL, 300), &pair, TRUE, FALSE },
  };

  key_pair_init (&pair);
  key_pair_init (&other);
  registered =
      test_server_ask (test->http, "POST", "/control/microsoft/certificate", "application/x-pem-file", pair.pem);
  g_assert_cmpuint (registered->status, ==, 201);
  ps256 = g_strdup_printf ("{\"typ\":\"JWT\",\"alg\":\"PS256\",\"x5t#S256\":\"%s\"}",
                           test_json_string (registered->json, "$['x5t#S256']"));
  rs256 = g_strdup_printf ("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5t\":\"%s\"}",
                           ((PsTenantMsCertificate *) g_ptr_array_index (test->ms->client->certificates, 0))->x5t);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const char *header = g_str_equal (cases[i].header_of, "PS256")   ? ps256
                         : g_str_equal (cases[i].header_of, "RS256") ? rs256
                                                                     : "{\"alg\":\"PS256\",\"x5t#S256\":\"AAAA\"}";
    g_autofree char *assertion = sign_assertion (cases[i].signer, header, cases[i].claims, cases[i].pss);
    TestAnswer *answer = ask_with_assertion (test, assertion);

    if (cases[i].good) {
      g_assert_cmpuint (answer->status, ==, 200);
      test_answer_free (answer);
    } else
      ms_test_assert_aadsts (answer, 401, "invalid_client", 700027);
    g_free (cases[i].claims);
  }
  ms_test_assert_aadsts (ask_with_assertion (test, "not.a.jwt"), 401, "invalid_client", 700027);
  key_pair_clear (&pair);
  key_pair_clear (&other);
}

static void
test_bad_certificate (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) answer = test_server_ask (test->http, "POST", "/control/microsoft/certificate",
                                                   "application/x-pem-file", "no certificate");

  g_autoptr (TestAnswer) from_page =
      ms_test_call (test, "POST", "/control/microsoft/certificate", "x", "Origin", "https://example.org", NULL);

  g_assert_cmpuint (answer->status, ==, 400);
  g_assert_nonnull (test_json_string (answer->json, "$.error"));
  g_assert_cmpuint (from_page->status, ==, 403);
}

static void
test_describe (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  ps_tenant_microsoft_describe (test->http->server, builder);
  ps_tenant_microsoft_limits (test->http->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  g_assert_cmpstr (test_json_string (root, "$.client_secret"), ==, test->secret);
  g_assert_cmpstr (test_json_string (root, "$.tenant_id"), ==, ps_tenant_world_tenant_id (test->world));
  g_assert_cmpstr (test_json_string (root, "$.login_url"), ==, ps_tenant_server_origin (test->http->server));
  g_assert_cmpint (test_json_int (root, "$.presence.allowed"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/microsoft/signin/client-credentials", test_client_credentials);
  g_test_add_func ("/microsoft/signin/basic", test_basic);
  g_test_add_func ("/microsoft/signin/refusals", test_refusals);
  g_test_add_func ("/microsoft/signin/faults", test_faults);
  g_test_add_func ("/microsoft/signin/server-errors", test_server_errors);
  g_test_add_func ("/microsoft/signin/secret-ends", test_secret_ends);
  g_test_add_func ("/microsoft/signin/code", test_code);
  g_test_add_func ("/microsoft/signin/code-expires", test_code_expires);
  g_test_add_func ("/microsoft/signin/refresh", test_refresh);
  g_test_add_func ("/microsoft/signin/assertion", test_assertion);
  g_test_add_func ("/microsoft/signin/bad-certificate", test_bad_certificate);
  g_test_add_func ("/microsoft/signin/describe", test_describe);
  return g_test_run ();
}
