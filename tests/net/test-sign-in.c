/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One person's sign-in without a page: the address it opens, which redirect is its own, what the redirect says, and the
 * exchange of the code.
 */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "fake-service.h"
#include "ps-client-assertion.h"
#include "ps-sign-in-private.h"

#define NATIVE PS_SIGN_IN_MICROSOFT_REDIRECT
#define PHONE  PS_SIGN_IN_RINGCENTRAL_REDIRECT

static PsSignIn *
new_with (PsSignInKind kind, const char *base_url, const char *redirect_uri)
{
  PsSignInOptions options = { .kind = kind,
                              .base_url = base_url,
                              .client_id = " client ",
                              .redirect_uri = redirect_uri,
                              .tenant = "contoso.example",
                              .scope = kind == PS_SIGN_IN_MICROSOFT ? "openid profile User.Read" : NULL,
                              .prompt = kind == PS_SIGN_IN_MICROSOFT ? "select_account" : NULL,
                              .login_hint = "ana&b@contoso.example",
                              .brand_id = "1210" };
  g_autoptr (GError) error = NULL;
  PsSignIn *self = ps_sign_in_new (&options, &error);

  g_assert_no_error (error);
  return self;
}

static PsSignIn *
new_microsoft (void)
{
  return new_with (PS_SIGN_IN_MICROSOFT, "https://login.example", NATIVE);
}

static GHashTable *
query_of (PsSignIn *self, const char *expected_start)
{
  g_autoptr (GUri) uri = g_uri_parse (ps_sign_in_uri (self), SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *start = g_uri_to_string_partial (uri, G_URI_HIDE_QUERY);

  g_assert_cmpstr (start, ==, expected_start);
  return soup_form_decode (g_uri_get_query (uri));
}

static void
assert_value (GHashTable *query, const char *name, const char *value)
{
  g_assert_cmpstr (g_hash_table_lookup (query, name), ==, value);
}

static char *
state_of (PsSignIn *self)
{
  g_autoptr (GUri) uri = g_uri_parse (ps_sign_in_uri (self), SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (uri));

  return g_strdup (g_hash_table_lookup (query, "state"));
}

/* The redirect with the right state, and @rest. */
static char *
redirect_with (PsSignIn *self, const char *rest)
{
  g_autofree char *state = state_of (self);

  return g_strconcat (ps_sign_in_redirect_uri (self), "?state=", state, rest, NULL);
}

/* --- the page to open --- */

static void
test_uri_microsoft (void)
{
  g_autoptr (PsSignIn) self = new_microsoft (), other = new_microsoft ();
  g_autoptr (GHashTable) query = query_of (self, "https://login.example/contoso.example/oauth2/v2.0/authorize");
  g_autofree char *theirs = state_of (other);

  assert_value (query, "client_id", "client");
  assert_value (query, "response_type", "code");
  assert_value (query, "response_mode", "query");
  assert_value (query, "redirect_uri", NATIVE);
  assert_value (query, "scope", "openid profile User.Read");
  assert_value (query, "prompt", "select_account");
  assert_value (query, "login_hint", "ana&b@contoso.example");
  assert_value (query, "code_challenge_method", "S256");
  assert_value (query, "brand_id", NULL);
  g_assert_cmpuint (strlen (g_hash_table_lookup (query, "code_challenge")), ==, 43);
  g_assert_cmpuint (strlen (g_hash_table_lookup (query, "state")), ==, 43);
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), !=, theirs);
  g_assert_cmpstr (g_hash_table_lookup (query, "state"), !=, g_hash_table_lookup (query, "code_challenge"));
}

static void
test_uri_consent (void)
{
  g_autoptr (PsSignIn) self = new_with (PS_SIGN_IN_MICROSOFT_CONSENT, "https://login.example/", NATIVE);
  g_autoptr (GHashTable) query = query_of (self, "https://login.example/contoso.example/adminconsent");

  g_assert_cmpuint (g_hash_table_size (query), ==, 3);
  assert_value (query, "client_id", "client");
  assert_value (query, "redirect_uri", NATIVE);
}

static void
test_uri_ringcentral (void)
{
  g_autoptr (PsSignIn) self = new_with (PS_SIGN_IN_RINGCENTRAL, "https://phone.example", PHONE);
  g_autoptr (GHashTable) query = query_of (self, "https://phone.example/restapi/oauth/authorize");

  assert_value (query, "redirect_uri", "http://localhost:47821/oauth/ringcentral");
  assert_value (query, "code_challenge_method", "S256");
  assert_value (query, "brand_id", "1210");
  assert_value (query, "scope", NULL);
  assert_value (query, "response_mode", NULL);
}

static void
test_refused_options (void)
{
  static const PsSignInOptions cases[] = {
    { PS_SIGN_IN_MICROSOFT, "http://login.example", "c", NATIVE, NULL },
    { PS_SIGN_IN_MICROSOFT, NULL, "c", NATIVE, NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "  ", NATIVE, NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", NULL, NATIVE, NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", NATIVE, "a/../b" },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", NATIVE, "" },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", "http://evil.example/", NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", "ws://localhost/", NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", "https://me@login.example/", NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", "https://login.example/?a=b", NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", "presence-sync:done", NULL },
    { PS_SIGN_IN_MICROSOFT, "https://login.example", "c", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ps_sign_in_new (&cases[i], &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  }
}

/* --- which redirect is ours --- */

static void
test_is_redirect (void)
{
  static const struct {
    const char *redirect, *uri;
    gboolean ours;
  } cases[] = {
    { NATIVE, NATIVE, TRUE },
    { NATIVE, NATIVE "?code=1&state=2", TRUE },
    { NATIVE, NATIVE "?error=x#fragment", TRUE },
    { NATIVE, "https://LOGIN.MicrosoftOnline.com/common/oauth2/nativeclient?code=1", TRUE },
    { NATIVE, "https://login.microsoftonline.com:443/common/oauth2/nativeclient", TRUE },
    { NATIVE, "https://login.microsoftonline.com:444/common/oauth2/nativeclient", FALSE },
    { NATIVE, "http://login.microsoftonline.com/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://login.microsoftonline.com.evil.example/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://evil.example/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://evil.example/?https://login.microsoftonline.com/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://login.microsoftonline.com@evil.example/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://evil@login.microsoftonline.com/common/oauth2/nativeclient", FALSE },
    { NATIVE, "https://login.microsoftonline.com/common/oauth2/nativeclient/", FALSE },
    { NATIVE, "https://login.microsoftonline.com/common/oauth2/Nativeclient", FALSE },
    { NATIVE, "https://login.microsoftonline.com/common/oauth2/v2.0/authorize", FALSE },
    { NATIVE, "", FALSE },
    { NATIVE, "about:blank", FALSE },
    { NATIVE, "%%%", FALSE },
    { NATIVE, NULL, FALSE },
    { PHONE, "http://localhost:47821/oauth/ringcentral?code=1", TRUE },
    { PHONE, "http://127.0.0.1:47821/oauth/ringcentral?code=1", FALSE },
    { PHONE, "http://localhost:47822/oauth/ringcentral?code=1", FALSE },
    { PHONE, "http://localhost/oauth/ringcentral?code=1", FALSE },
    { PHONE, "https://localhost:47821/oauth/ringcentral?code=1", FALSE },
    { PHONE, "http://localhost:47821/oauth/ringcentra%6c?code=1", TRUE }, /* RFC 3986 §6.2.2.2: the same */
    { PHONE, "http://localhost:47821/oauth%2Fringcentral?code=1", FALSE },
    { "http://localhost:5000", "http://localhost:5000/?code=1", TRUE },
    { "http://localhost:5000", "http://localhost:5000?code=1", TRUE },
    { "http://localhost:5000", "http://localhost:5000/x?code=1", FALSE },
    { "http://[::1]:5000/x", "http://[::1]:5000/x?code=1", TRUE },
    { "http://[::1]:5000/x", "http://[::2]:5000/x?code=1", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PsSignIn) self = new_with (PS_SIGN_IN_MICROSOFT, "https://login.example", cases[i].redirect);

    g_test_message ("%s", cases[i].uri);
    g_assert_cmpint (ps_sign_in_is_redirect (self, cases[i].uri), ==, cases[i].ours);
  }
}

/* --- what it says --- */

static void
assert_judged (PsSignInKind kind, const char *rest, int code, const char *service_code)
{
  g_autoptr (PsSignIn) self = new_with (kind, "https://login.example", kind == PS_SIGN_IN_RINGCENTRAL ? PHONE : NATIVE);
  g_autofree char *uri = redirect_with (self, rest);
  g_autoptr (GError) error = NULL;
  gboolean good = ps_sign_in_handle_redirect (self, uri, &error);

  g_test_message ("%s", rest);
  if (code < 0) {
    g_assert_no_error (error);
    g_assert_true (good);
    return;
  }
  g_assert_false (good);
  g_assert_error (error, PS_ERROR, code);
  g_assert_cmpstr (ps_error_details (error)->service_code, ==, service_code);
  g_assert_cmpuint (ps_error_details (error)->status, ==, 0);
  g_assert_null (strstr (error->message, "AADSTS"));
  g_assert_null (strstr (error->message, "their own words"));
}

#define SAID(number) "&error=interaction_required&error_description=AADSTS" number "%3A+their+own+words"

static void
test_judged_microsoft (void)
{
  static const char *const browser_codes[] = { "53000", "53001", "53003", "50097", "50129", "50131", "50155", "50158" };

  assert_judged (PS_SIGN_IN_MICROSOFT, "&code=abc", -1, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT, "", PS_ERROR_BAD_REPLY, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT, "&code=", PS_ERROR_BAD_REPLY, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT, "&admin_consent=True", PS_ERROR_BAD_REPLY, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT, "&error=access_denied", PS_ERROR_DECLINED, "access_denied");
  /* Both: the error counts. */
  assert_judged (PS_SIGN_IN_MICROSOFT, "&code=abc&error=access_denied", PS_ERROR_DECLINED, "access_denied");
  assert_judged (PS_SIGN_IN_MICROSOFT,
                 "&error=access_denied&error_description=AADSTS65004%3a+their+own+words&error_subcode=cancel",
                 PS_ERROR_DECLINED, "AADSTS65004");
  assert_judged (PS_SIGN_IN_MICROSOFT, "&error=access_denied&error_description=AADSTS90094%3A+their+own+words",
                 PS_ERROR_PERMISSION, "AADSTS90094");
  assert_judged (PS_SIGN_IN_MICROSOFT, SAID ("50076"), PS_ERROR_SIGN_IN, "AADSTS50076");
  assert_judged (PS_SIGN_IN_MICROSOFT, SAID ("53002"), PS_ERROR_SIGN_IN, "AADSTS53002");
  assert_judged (PS_SIGN_IN_MICROSOFT, "&error=server_error", PS_ERROR_SERVER, "server_error");
  assert_judged (PS_SIGN_IN_MICROSOFT, "&error=never_heard_of", PS_ERROR_REFUSED, "never_heard_of");
  for (guint i = 0; i < G_N_ELEMENTS (browser_codes); i++) {
    g_autofree char *rest = g_strconcat ("&error=access_denied&error_description=AADSTS", browser_codes[i], NULL);
    g_autofree char *service_code = g_strconcat ("AADSTS", browser_codes[i], NULL);

    assert_judged (PS_SIGN_IN_MICROSOFT, rest, PS_ERROR_NEEDS_BROWSER, service_code);
  }
}

/* Microsoft identity platform, "admin consent": an error may come with admin_consent=True. */
static void
test_judged_consent (void)
{
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&admin_consent=True&tenant=t", -1, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&admin_consent=true", -1, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&admin_consent=False", PS_ERROR_BAD_REPLY, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&code=abc", PS_ERROR_BAD_REPLY, NULL);
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&error=permission_denied", PS_ERROR_DECLINED, "permission_denied");
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT,
                 "&admin_consent=True&error=consent_required&error_description=AADSTS65004%3A+their+own+words",
                 PS_ERROR_DECLINED, "AADSTS65004");
  assert_judged (PS_SIGN_IN_MICROSOFT_CONSENT, "&admin_consent=True&error=consent_required", PS_ERROR_PERMISSION,
                 "consent_required");
}

static void
test_judged_ringcentral (void)
{
  assert_judged (PS_SIGN_IN_RINGCENTRAL, "&code=abc&expires_in=60", -1, NULL);
  assert_judged (PS_SIGN_IN_RINGCENTRAL, "&error=access_denied&error_description=their+own+words", PS_ERROR_DECLINED,
                 "access_denied");
  assert_judged (PS_SIGN_IN_RINGCENTRAL, "&error=invalid_request", PS_ERROR_REFUSED, "invalid_request");
  assert_judged (PS_SIGN_IN_RINGCENTRAL, "&error=temporarily_unavailable", PS_ERROR_SERVER, "temporarily_unavailable");
  assert_judged (PS_SIGN_IN_RINGCENTRAL, "", PS_ERROR_BAD_REPLY, NULL);
}

static void
assert_refused (PsSignIn *self, const char *uri)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_false (ps_sign_in_handle_redirect (self, uri, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_clear_error (&error);
  ps_sign_in_redeem_async (self, NULL, fake_keep_result, &result);
  fake_wait (&result);
  g_assert_null (ps_sign_in_redeem_finish (self, result, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
}

/* The state goes before everything: an error or a code of somebody else's is not looked at. */
static void
test_wrong_state (void)
{
  g_autoptr (PsSignIn) other = new_microsoft ();
  g_autofree char *foreign = redirect_with (other, "&code=abc");
  const char *const uris[] = {
    NATIVE "?code=abc",
    NATIVE "?state=&code=abc",
    NATIVE "?error=access_denied",
    NATIVE "?state=x&error=access_denied",
    NATIVE,
    foreign,
    "https://evil.example/?code=abc",
  };

  for (guint i = 0; i < G_N_ELEMENTS (uris); i++) {
    g_autoptr (PsSignIn) self = new_microsoft ();

    assert_refused (self, uris[i]);
  }
  {
    g_autoptr (PsSignIn) self = new_microsoft ();
    g_autofree char *uri = redirect_with (self, "x&code=abc"); /* longer than ours */

    assert_refused (self, uri);
  }
}

static void
test_said_twice (void)
{
  static const char *const rests[] = { "&code=abc&code=def", "&code=abc&state=x", "&error=a&error=b", "&code=%FF",
                                       "&code=%0" };

  for (guint i = 0; i < G_N_ELEMENTS (rests); i++) {
    g_autoptr (PsSignIn) self = new_microsoft ();
    g_autofree char *uri = redirect_with (self, rests[i]);

    assert_refused (self, uri);
  }
}

static void
test_second_redirect (void)
{
  g_autoptr (PsSignIn) self = new_microsoft ();
  g_autofree char *uri = redirect_with (self, "&code=abc");
  g_autoptr (GError) error = NULL;

  g_assert_true (ps_sign_in_handle_redirect (self, uri, &error));
  assert_refused (self, uri);
}

static void
test_blocked_page (void)
{
  static const struct {
    const char *uri, *text;
    gboolean blocked;
  } cases[] = {
    { "https://login.example/common/login", "Fehlercode: 53003 Anforderungs-ID: 1", TRUE },
    { "https://LOGIN.example/x", "AADSTS50158: x", TRUE },
    { "https://login.example/x", "153003 530030 and at last 53003", TRUE },
    { "https://login.example/x", "153003 530030 53002 AADSTS50126", FALSE },
    { "https://login.example/x", "", FALSE },
    { "https://idp.example/x", "53003", FALSE },
    { "about:blank", "53003", FALSE },
    { NULL, "53003", FALSE },
    { "https://login.example/x", NULL, FALSE },
  };
  g_autoptr (PsSignIn) self = new_microsoft ();
  g_autoptr (PsSignIn) phone = new_with (PS_SIGN_IN_RINGCENTRAL, "https://login.example", PHONE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_assert_cmpint (ps_sign_in_page_needs_browser (self, cases[i].uri, cases[i].text), ==, cases[i].blocked);
    g_assert_false (ps_sign_in_page_needs_browser (phone, cases[i].uri, cases[i].text));
  }
}

/* --- the exchange --- */

static PsSignedIn *
redeem (PsSignIn *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_sign_in_redeem_async (self, cancellable, fake_keep_result, &result);
  fake_wait (&result);
  return ps_sign_in_redeem_finish (self, result, error);
}

static void
give_code (PsSignIn *self)
{
  g_autofree char *uri = redirect_with (self, "&code=the%2Bcode");
  g_autoptr (GError) error = NULL;

  ps_sign_in_handle_redirect (self, uri, &error);
  g_assert_no_error (error);
}

static void
test_redeem_ringcentral (void)
{
  FakeService *service = fake_service_new ();
  PsSignIn *self = new_with (PS_SIGN_IN_RINGCENTRAL, fake_service_url (service), PHONE);
  g_autoptr (GHashTable) form = NULL, query = NULL;
  g_autoptr (PsSignedIn) signed_in = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GUri) uri = g_uri_parse (ps_sign_in_uri (self), SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *challenge = NULL;
  const char *verifier;
  guint8 digest[32];
  gsize length = sizeof digest;

  give_code (self);
  fake_service_json (service, 200,
                     "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":3600,\"refresh_token\":\"r\","
                     "\"scope\":\"ReadAccounts  EditPresence\",\"owner_id\":\"42\",\"id_token\":\"not ours to read\"}");
  signed_in = redeem (self, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (signed_in->access_token, ==, "a");
  g_assert_cmpstr (signed_in->refresh_token, ==, "r");
  g_assert_cmpint (signed_in->life_ms, ==, 3600 * 1000);
  g_assert_cmpstr (signed_in->owner_id, ==, "42");
  g_assert_cmpuint (g_strv_length (signed_in->scopes), ==, 2);
  g_assert_null (signed_in->wids);

  g_assert_cmpstr (fake_service_request (service, 0)->path, ==, "/restapi/oauth/token");
  g_assert_null (fake_request_header (fake_service_request (service, 0), "Authorization"));
  g_assert_null (fake_request_header (fake_service_request (service, 0), "Origin"));
  form = soup_form_decode (fake_service_request (service, 0)->body);
  g_assert_cmpuint (g_hash_table_size (form), ==, 5);
  assert_value (form, "grant_type", "authorization_code");
  assert_value (form, "client_id", "client");
  assert_value (form, "code", "the+code");
  assert_value (form, "redirect_uri", PHONE);
  /* The verifier is what the challenge of the page was made of, and appears here first. */
  verifier = g_hash_table_lookup (form, "code_verifier");
  g_assert_cmpuint (strlen (verifier), ==, 43);
  g_assert_null (strstr (ps_sign_in_uri (self), verifier));
  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  challenge = ps_base64url_encode (digest, length);
  query = soup_form_decode (g_uri_get_query (uri));
  assert_value (query, "code_challenge", challenge);

  /* Once only. */
  g_assert_null (redeem (self, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_assert_cmpuint (fake_service_count (service), ==, 1);
  g_assert_finalize_object (self);
  fake_service_free (service);
}

static char *
microsoft_reply (const char *claims)
{
  g_autofree char *payload = ps_base64url_encode (claims, strlen (claims));

  return g_strdup_printf ("{\"access_token\":\"a\",\"expires_in\":3599,\"scope\":\"User.Read openid\","
                          "\"id_token\":\"e30.%s.c2ln\"}",
                          payload);
}

static void
test_redeem_microsoft (void)
{
  FakeService *service = fake_service_new ();
  g_autoptr (PsSignIn) self = new_with (PS_SIGN_IN_MICROSOFT, fake_service_url (service), NATIVE);
  g_autofree char *body = microsoft_reply ("{\"aud\":\"client\",\"tid\":\"t\",\"oid\":\"o\",\"name\":\"Ana\","
                                           "\"preferred_username\":\"ana@contoso.example\","
                                           "\"wids\":[\"" PS_ROLE_GLOBAL_ADMINISTRATOR "\",7]}");
  g_autoptr (PsSignedIn) signed_in = NULL;
  g_autoptr (GError) error = NULL;

  give_code (self);
  fake_service_json (service, 200, body);
  signed_in = redeem (self, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_service_request (service, 0)->path, ==, "/contoso.example/oauth2/v2.0/token");
  g_assert_null (signed_in->refresh_token);
  g_assert_cmpstr (signed_in->tenant_id, ==, "t");
  g_assert_cmpstr (signed_in->user_id, ==, "o");
  g_assert_cmpstr (signed_in->user_name, ==, "Ana");
  g_assert_cmpstr (signed_in->user_principal_name, ==, "ana@contoso.example");
  g_assert_cmpuint (g_strv_length (signed_in->wids), ==, 1);
  g_assert_cmpstr (signed_in->wids[0], ==, PS_ROLE_GLOBAL_ADMINISTRATOR);
  g_assert_true (g_strv_contains ((const char *const *) signed_in->scopes, "User.Read"));
  fake_service_free (service);
}

static void
test_parse (void)
{
  static const struct {
    const char *claims;
    gboolean good;
  } cases[] = { { "{\"aud\":\"client\"}", TRUE },
                { "{\"aud\":\"client\",\"upn\":7,\"wids\":\"x\"}", TRUE },
                { "{\"aud\":\"another\"}", FALSE },
                { "{\"aud\":[\"client\"]}", FALSE },
                { "{}", FALSE },
                { "[]", FALSE },
                { "{", FALSE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = microsoft_reply (cases[i].claims);
    g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
    g_autoptr (GError) error = NULL;
    g_autoptr (PsSignedIn) signed_in = ps_signed_in_parse (PS_SERVICE_MICROSOFT, "client", body, &error);

    g_assert_cmpint (signed_in != NULL, ==, cases[i].good);
    if (signed_in == NULL)
      g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
    else
      g_assert_null (signed_in->wids);
  }
}

static void
test_redeem_refused (void)
{
  static const struct {
    const char *body;
    guint status;
    PsError error;
  } cases[] = {
    { "{\"error\":\"invalid_grant\",\"error_codes\":[54005]}", 400, PS_ERROR_SIGN_IN },
    { "{\"error\":\"interaction_required\",\"error_codes\":[53003]}", 400, PS_ERROR_NEEDS_BROWSER },
    { "{\"error\":\"invalid_client\",\"error_codes\":[7000218]}", 401, PS_ERROR_SIGN_IN },
    { "{\"error\":\"temporarily_unavailable\"}", 503, PS_ERROR_SERVER },
    { "<html>sign in to the airport</html>", 200, PS_ERROR_BAD_REPLY },
    { "{}", 200, PS_ERROR_BAD_REPLY },
    { "", 200, PS_ERROR_BAD_REPLY },
    { "{\"access_token\":\"a\",\"id_token\":\"x\"}", 200, PS_ERROR_BAD_REPLY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FakeService *service = fake_service_new ();
    PsSignIn *self = new_with (PS_SIGN_IN_MICROSOFT, fake_service_url (service), NATIVE);
    g_autoptr (GError) error = NULL;

    give_code (self);
    fake_service_json (service, cases[i].status, cases[i].body);
    g_assert_null (redeem (self, NULL, &error));
    g_assert_error (error, PS_ERROR, (int) cases[i].error);
    g_assert_null (strstr (error->message, "the+code"));
    g_assert_cmpuint (fake_service_count (service), ==, 1); /* a code may be spent: nothing is repeated */
    g_assert_finalize_object (self);
    fake_service_free (service);
  }
}

static void
test_redeem_broken (void)
{
  FakeService *service = fake_service_new ();
  g_autoptr (PsSignIn) torn = new_with (PS_SIGN_IN_MICROSOFT, fake_service_url (service), NATIVE);
  g_autoptr (PsSignIn) stalled = new_with (PS_SIGN_IN_MICROSOFT, fake_service_url (service), NATIVE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  give_code (torn);
  fake_service_tear (service, TRUE);
  g_assert_null (redeem (torn, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_clear_error (&error);

  give_code (stalled);
  fake_service_stall (service);
  ps_sign_in_redeem_async (stalled, cancellable, fake_keep_result, &result);
  fake_wait_requests (service, 2);
  g_cancellable_cancel (cancellable);
  fake_wait (&result);
  g_assert_null (ps_sign_in_redeem_finish (stalled, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_service_free (service);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sign-in/uri/microsoft", test_uri_microsoft);
  g_test_add_func ("/sign-in/uri/consent", test_uri_consent);
  g_test_add_func ("/sign-in/uri/ringcentral", test_uri_ringcentral);
  g_test_add_func ("/sign-in/uri/refused-options", test_refused_options);
  g_test_add_func ("/sign-in/redirect/is-ours", test_is_redirect);
  g_test_add_func ("/sign-in/redirect/microsoft", test_judged_microsoft);
  g_test_add_func ("/sign-in/redirect/consent", test_judged_consent);
  g_test_add_func ("/sign-in/redirect/ringcentral", test_judged_ringcentral);
  g_test_add_func ("/sign-in/redirect/wrong-state", test_wrong_state);
  g_test_add_func ("/sign-in/redirect/said-twice", test_said_twice);
  g_test_add_func ("/sign-in/redirect/second", test_second_redirect);
  g_test_add_func ("/sign-in/blocked-page", test_blocked_page);
  g_test_add_func ("/sign-in/redeem/ringcentral", test_redeem_ringcentral);
  g_test_add_func ("/sign-in/redeem/microsoft", test_redeem_microsoft);
  g_test_add_func ("/sign-in/redeem/parse", test_parse);
  g_test_add_func ("/sign-in/redeem/refused", test_redeem_refused);
  g_test_add_func ("/sign-in/redeem/broken", test_redeem_broken);
  return g_test_run ();
}
