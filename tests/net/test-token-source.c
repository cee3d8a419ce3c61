/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokens: one refresh for all who ask, expiry, forced renewal, rotation, tries, certificates. Time runs 500 times as
 * fast.
 */
#include "config.h"

#include <string.h>

#include <gnutls/abstract.h>
#include <gnutls/x509.h>

#include "fake-service.h"
#include "ps-client-assertion.h"
#include "ps-clock.h"
#include "ps-json.h"
#include "ps-token-source-private.h"
#include "ps-transport.h"
#include "test-key.h"

#define SPEED  50
#define MINUTE 60000

#define TOKEN(name) "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" name "\"}"
#define ROTATED(name, refresh)                                                                                         \
  "{\"token_type\":\"bearer\",\"expires_in\":3600,\"access_token\":\"" name "\",\"refresh_token\":\"" refresh          \
  "\",\"scope\":\"ReadAccounts EditPresence\",\"owner_id\":\"42\"}"

static void
advance_to (gint64 ms)
{
  ps_clock_advance (MAX (ms - ps_now_ms (), 0));
}

static PsTokenSource *
new_secret (FakeService *service)
{
  g_autoptr (GError) error = NULL;
  PsTokenSource *source = ps_token_source_new_client_secret (fake_service_url (service), "https://graph.example/",
                                                             "contoso.example", " client ", "s&cret=1\n", &error);

  g_assert_no_error (error);
  return source;
}

static char *
get (PsTokenSource *source, gboolean force, const char *refused, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_token_source_get_async (source, force, refused, NULL, fake_keep_result, &result);
  fake_wait (&result);
  return ps_token_source_get_finish (source, result, error);
}

static void
assert_token (PsTokenSource *source, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *token = get (source, FALSE, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, expected);
}

static void
assert_form (FakeService *service, guint index, const char *name, const char *value)
{
  g_autoptr (GHashTable) form = soup_form_decode (fake_service_request (service, index)->body);

  g_assert_cmpstr (g_hash_table_lookup (form, name), ==, value);
}

static void
test_client_secret (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);

  fake_service_json (service, 200, TOKEN ("one"));
  assert_token (source, "one");
  assert_token (source, "one");
  g_assert_cmpuint (fake_service_count (service), ==, 1);
  g_assert_cmpstr (fake_service_request (service, 0)->path, ==, "/contoso.example/oauth2/v2.0/token");
  g_assert_null (fake_request_header (fake_service_request (service, 0), "Authorization"));
  assert_form (service, 0, "grant_type", "client_credentials");
  assert_form (service, 0, "client_id", "client");
  assert_form (service, 0, "client_secret", "s&cret=1");
  assert_form (service, 0, "scope", "https://graph.example/.default");
  g_assert_null (ps_token_source_auth_budget (source));
  g_assert_finalize_object (source);
  fake_service_free (service);
}

/* header.{"roles":["User.Read.All",7,"Mail.Send"]}.signature */
static void
test_roles (void)
{
  static const struct {
    const char *payload;
    const char *roles; /* NULL: cannot be read */
  } cases[] = { { "{\"roles\":[\"User.Read.All\",7,\"Mail.Send\"]}", "User.Read.All Mail.Send" },
                { "{\"aud\":\"x\"}", "" },
                { "{\"roles\":\"User.Read.All\"}", "" },
                { "[]", NULL },
                { "{", NULL },
                { "", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FakeService *service = fake_service_new ();
    PsTokenSource *source = new_secret (service);
    g_autofree char *payload = ps_base64url_encode (cases[i].payload, strlen (cases[i].payload));
    g_autofree char *token = g_strdup_printf ("e30.%s.c2ln", payload);
    g_autofree char *body = g_strdup_printf ("{\"access_token\":\"%s\"}", token);
    g_autofree char *joined = NULL;
    g_auto (GStrv) granted = NULL;

    fake_service_json (service, 200, body);
    assert_token (source, token);
    granted = ps_token_source_granted (source);
    joined = granted != NULL ? g_strjoinv (" ", granted) : NULL;
    g_assert_cmpstr (joined, ==, cases[i].roles);
    g_assert_finalize_object (source);
    fake_service_free (service);
  }
}

/* All who come during a refresh get its one answer; who cancels leaves at once, the others stay. */
static void
test_shared_refresh (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *results[5] = { NULL };
  g_autoptr (GError) error = NULL;

  fake_service_json (service, 200, TOKEN ("one"));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    ps_token_source_get_async (source, FALSE, NULL, i == 2 ? cancellable : NULL, fake_keep_result, &results[i]);
  g_cancellable_cancel (cancellable);
  fake_wait (&results[2]);
  g_assert_null (ps_token_source_get_finish (source, results[2], &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (results[0]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autofree char *token = NULL;

    fake_wait (&results[i]);
    if (i != 2) {
      token = ps_token_source_get_finish (source, results[i], NULL);
      g_assert_cmpstr (token, ==, "one");
    }
    g_clear_object (&results[i]);
  }
  g_assert_cmpuint (fake_service_count (service), ==, 1);
  g_assert_finalize_object (source);
  fake_service_free (service);
}

/* The only one who waits leaves; the next one, right after, is served by a new request. */
static void
test_cancel_and_come_again (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GError) error = NULL;

  ps_clock_set_speed (SPEED);
  fake_service_stall (service);
  ps_token_source_get_async (source, FALSE, NULL, cancellable, fake_keep_result, &first);
  fake_wait_requests (service, 1);
  g_cancellable_cancel (cancellable);
  fake_wait (&first);
  g_assert_null (ps_token_source_get_finish (source, first, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  fake_service_json (service, 200, TOKEN ("two"));
  assert_token (source, "two");
  ps_clock_set_speed (1);
  g_clear_object (&first);
  g_assert_finalize_object (source);
  fake_service_free (service);
}

static void
test_expiry (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  gint64 start;

  fake_service_json (service, 200, TOKEN ("one"));
  assert_token (source, "one");
  start = fake_service_request (service, 0)->ms;
  advance_to (start + 50 * MINUTE);
  assert_token (source, "one");
  advance_to (start + 55 * MINUTE + 1000);
  /* Due, but no new one can be had: the old one is good for some minutes yet. */
  for (guint i = 0; i < 3; i++)
    fake_service_json (service, 500, "{}");
  ps_clock_set_speed (SPEED);
  assert_token (source, "one");
  ps_clock_set_speed (1);
  g_assert_cmpuint (fake_service_count (service), ==, 4);
  advance_to (start + 57 * MINUTE);
  fake_service_json (service, 200, TOKEN ("two"));
  assert_token (source, "two");
  g_assert_finalize_object (source);
  fake_service_free (service);
}

static void
test_force (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  g_autoptr (GError) error = NULL;
  g_autofree char *two = NULL, *again = NULL, *fresh = NULL;

  fake_service_json (service, 200, TOKEN ("one"));
  assert_token (source, "one");
  advance_to (fake_service_request (service, 0)->ms + 20000);
  fake_service_json (service, 200, TOKEN ("two"));
  two = get (source, TRUE, "one", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (two, ==, "two");
  /* Renewed since "one" was refused; and too new to be renewed. */
  again = get (source, TRUE, "one", &error);
  g_assert_cmpstr (again, ==, "two");
  fresh = get (source, TRUE, "two", &error);
  g_assert_cmpstr (fresh, ==, "two");
  g_assert_cmpuint (fake_service_count (service), ==, 2);
  g_assert_finalize_object (source);
  fake_service_free (service);
}

/* A token that came with the sign-in is used until it is due; then the credential is. */
static void
test_given (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  gint64 start = ps_now_ms ();

  ps_token_source_give (source, "given", 60 * MINUTE);
  assert_token (source, "given");
  advance_to (start + 50 * MINUTE);
  assert_token (source, "given");
  g_assert_cmpuint (fake_service_count (service), ==, 0);
  advance_to (start + 60 * MINUTE);
  fake_service_json (service, 200, TOKEN ("one"));
  assert_token (source, "one");
  g_assert_finalize_object (source);
  fake_service_free (service);
}

static void
test_tries (void)
{
  FakeService *service = fake_service_new ();
  PsTokenSource *source = new_secret (service);
  g_autoptr (GError) error = NULL;

  ps_clock_set_speed (SPEED);
  fake_service_json (service, 500, "{}");
  fake_service_tear (service, TRUE);
  fake_service_reply (service, 503, "text/html", "<html>", "Retry-After", "30", NULL);
  g_assert_null (get (source, FALSE, NULL, &error));
  ps_clock_set_speed (1);
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_assert_cmpint (fake_service_request (service, 1)->ms - fake_service_request (service, 0)->ms, >=, 10000 - SPEED);
  g_assert_cmpint (fake_service_request (service, 2)->ms - fake_service_request (service, 1)->ms, >=, 10000 - SPEED);
  g_clear_error (&error);
  /* Who asks again at once gets the same answer, and the service is left alone. */
  g_assert_null (get (source, FALSE, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_assert_cmpuint (fake_service_count (service), ==, 3);
  advance_to (fake_service_request (service, 2)->ms + 11000);
  fake_service_json (service, 200, TOKEN ("late"));
  assert_token (source, "late");
  g_assert_finalize_object (source);
  fake_service_free (service);
}

static void
test_refused (void)
{
  static const struct {
    const char *body;
    guint status;
    PsError error;
  } cases[] = {
    { "{\"error\":\"invalid_client\",\"error_codes\":[7000222]}", 401, PS_ERROR_SECRET_EXPIRED },
    { "{\"error\":\"unauthorized_client\",\"error_codes\":[700016]}", 400, PS_ERROR_SIGN_IN },
    { "<html>sign in to the airport</html>", 200, PS_ERROR_BAD_REPLY },
    { "{}", 200, PS_ERROR_BAD_REPLY },
    { "", 200, PS_ERROR_BAD_REPLY },
    { "{\"access_token\":7}", 200, PS_ERROR_BAD_REPLY },
    { "{\"access_token\":\"\"}", 200, PS_ERROR_BAD_REPLY },
    { "{\"access_token\":\"a\\r\\nX-Evil: 1\"}", 200, PS_ERROR_BAD_REPLY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    FakeService *service = fake_service_new ();
    PsTokenSource *source = new_secret (service);
    g_autoptr (GError) error = NULL;

    fake_service_json (service, cases[i].status, cases[i].body);
    g_assert_null (get (source, FALSE, NULL, &error));
    g_assert_error (error, PS_ERROR, (int) cases[i].error);
    g_assert_null (strstr (error->message, "s&cret"));
    g_assert_finalize_object (source);
    fake_service_free (service);
  }
}

static void
test_jwt (void)
{
  FakeService *service = fake_service_new ();
  g_autoptr (GError) error = NULL;
  PsTokenSource *source = ps_token_source_new_jwt (fake_service_url (service), "id", "secret", "e30.e30.sig", &error);
  g_auto (GStrv) granted = NULL;
  g_autofree char *token = NULL;

  g_assert_no_error (error);
  fake_service_json (service, 200, ROTATED ("one", "unused"));
  assert_token (source, "one");
  g_assert_cmpstr (fake_service_request (service, 0)->path, ==, "/restapi/oauth/token");
  g_assert_cmpstr (fake_request_header (fake_service_request (service, 0), "Authorization"), ==, "Basic aWQ6c2VjcmV0");
  assert_form (service, 0, "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
  assert_form (service, 0, "assertion", "e30.e30.sig");
  assert_form (service, 0, "client_id", NULL);
  granted = ps_token_source_granted (source);
  g_assert_true (g_strv_contains ((const char *const *) granted, "EditPresence"));
  g_assert_cmpstr (ps_token_source_owner_id (source), ==, "42");
  g_assert_cmpuint (ps_budget_taken (ps_token_source_auth_budget (source)), ==, 1);

  /* "Token not found" would be about a sign-in that never was: the JWT is meant. */
  advance_to (fake_service_request (service, 0)->ms + 61 * MINUTE);
  fake_service_json (service, 400, "{\"error\":\"invalid_grant\",\"errors\":[{\"errorCode\":\"OAU-213\"}]}");
  token = get (source, FALSE, NULL, &error);
  g_assert_null (token);
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_assert_nonnull (strstr (error->message, "JWT"));
  g_assert_cmpstr (ps_error_details (error)->service_code, ==, "OAU-213");
  g_assert_finalize_object (source);
  fake_service_free (service);
}

/* --- Rotation --- */

typedef struct {
  GString *saved; /* each token and a blank */
  gboolean fails;
  GTask *held; /* a save that is not answered yet */
  gboolean hold;
  gboolean freed;
} Vault;

static void
save (const char *refresh_token, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer callback_data,
      gpointer data)
{
  Vault *vault = data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);

  if (vault->fails) {
    g_task_return_error (task, ps_error_new (PS_ERROR_KEYRING, "locked"));
    return;
  }
  g_string_append_printf (vault->saved, "%s ", refresh_token);
  if (vault->hold)
    vault->held = g_steal_pointer (&task);
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
save_finish (GAsyncResult *result, gpointer data, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
vault_freed (gpointer data)
{
  ((Vault *) data)->freed = TRUE;
}

static PsTokenSource *
new_refresh (FakeService *service, Vault *vault)
{
  g_autoptr (GError) error = NULL;
  PsTokenSource *source = ps_token_source_new_refresh (fake_service_url (service), "public", "r0", save, save_finish,
                                                       vault, vault_freed, &error);

  g_assert_no_error (error);
  vault->saved = g_string_new (NULL);
  return source;
}

static void
test_rotation (void)
{
  FakeService *service = fake_service_new ();
  Vault vault = { .hold = TRUE };
  PsTokenSource *source = new_refresh (service, &vault);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *token = NULL;

  fake_service_json (service, 200, ROTATED ("one", "r1"));
  ps_token_source_get_async (source, FALSE, NULL, NULL, fake_keep_result, &result);
  while (vault.held == NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  /* Not given out before it is stored. */
  g_assert_null (result);
  g_task_return_boolean (vault.held, TRUE);
  g_clear_object (&vault.held);
  fake_wait (&result);
  token = ps_token_source_get_finish (source, result, NULL);
  g_assert_cmpstr (token, ==, "one");
  assert_form (service, 0, "grant_type", "refresh_token");
  assert_form (service, 0, "refresh_token", "r0");
  assert_form (service, 0, "client_id", "public");
  g_assert_null (fake_request_header (fake_service_request (service, 0), "Authorization"));
  g_clear_object (&result);

  /* The next one uses the new; a reply without another keeps it. */
  vault.hold = FALSE;
  advance_to (fake_service_request (service, 0)->ms + 61 * MINUTE);
  fake_service_json (service, 200, TOKEN ("two"));
  assert_token (source, "two");
  assert_form (service, 1, "refresh_token", "r1");
  advance_to (fake_service_request (service, 1)->ms + 61 * MINUTE);
  fake_service_json (service, 200, ROTATED ("three", "r3"));
  assert_token (source, "three");
  assert_form (service, 2, "refresh_token", "r1");
  g_assert_cmpstr (vault.saved->str, ==, "r1 r3 ");
  g_assert_finalize_object (source);
  g_assert_true (vault.freed);
  g_string_free (vault.saved, TRUE);
  fake_service_free (service);
}

/* What could not be stored is not used: the old refresh token, which is, stays good for an hour. */
static void
test_rotation_not_stored (void)
{
  FakeService *service = fake_service_new ();
  Vault vault = { .fails = TRUE };
  PsTokenSource *source = new_refresh (service, &vault);
  g_autoptr (GError) error = NULL;

  fake_service_json (service, 200, ROTATED ("one", "r1"));
  g_assert_null (get (source, FALSE, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_KEYRING);
  vault.fails = FALSE;
  advance_to (fake_service_request (service, 0)->ms + 11000);
  fake_service_json (service, 200, ROTATED ("one", "r1"));
  assert_token (source, "one");
  assert_form (service, 1, "refresh_token", "r0");
  g_assert_finalize_object (source);
  g_string_free (vault.saved, TRUE);
  fake_service_free (service);
}

/* A rotation under way is brought to its end even when nobody waits for it any more. */
static void
test_rotation_cancelled (void)
{
  FakeService *service = fake_service_new ();
  Vault vault = { 0 };
  PsTokenSource *source = new_refresh (service, &vault);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  fake_service_json (service, 200, ROTATED ("one", "r1"));
  ps_token_source_get_async (source, FALSE, NULL, cancellable, fake_keep_result, &result);
  fake_wait_requests (service, 1);
  g_cancellable_cancel (cancellable);
  fake_wait (&result);
  while (vault.saved->len == 0)
    g_main_context_iteration (NULL, TRUE);
  assert_token (source, "one");
  g_assert_cmpuint (fake_service_count (service), ==, 1);
  g_clear_object (&result);
  g_assert_finalize_object (source);
  g_string_free (vault.saved, TRUE);
  fake_service_free (service);
}

static void
test_revoke (void)
{
  FakeService *service = fake_service_new ();
  Vault vault = { 0 };
  PsTokenSource *source = new_refresh (service, &vault);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  fake_service_json (service, 200, ROTATED ("one", "r1"));
  assert_token (source, "one");
  fake_service_json (service, 500, "{}");
  ps_token_source_revoke_async (source, NULL, fake_keep_result, &result);
  fake_wait (&result);
  g_assert_false (ps_token_source_revoke_finish (source, result, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_clear_error (&error);
  g_assert_cmpstr (fake_service_request (service, 1)->path, ==, "/restapi/oauth/revoke");
  assert_form (service, 1, "token", "r1");
  assert_form (service, 1, "client_id", "public");
  g_assert_null (get (source, FALSE, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_clear_object (&result);
  g_assert_finalize_object (source);
  g_string_free (vault.saved, TRUE);
  fake_service_free (service);
}

/* --- Certificates --- */

static void
assert_signed (const char *assertion, gnutls_x509_privkey_t key)
{
  const char *dot = strrchr (assertion, '.');
  g_autoptr (GBytes) signature_bytes = ps_base64url_decode (dot + 1);
  gnutls_datum_t data = { (unsigned char *) assertion, (unsigned int) (dot - assertion) };
  gnutls_datum_t signature = { (unsigned char *) g_bytes_get_data (signature_bytes, NULL),
                               (unsigned int) g_bytes_get_size (signature_bytes) };
  gnutls_privkey_t abstract;
  gnutls_pubkey_t public_key;

  gnutls_privkey_init (&abstract);
  gnutls_pubkey_init (&public_key);
  gnutls_privkey_import_x509 (abstract, key, GNUTLS_PRIVKEY_IMPORT_COPY);
  gnutls_pubkey_import_privkey (public_key, abstract, 0, 0);
  g_assert_cmpint (gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_RSA_PSS_RSAE_SHA256, 0, &data, &signature), >=,
                   0);
  gnutls_pubkey_deinit (public_key);
  gnutls_privkey_deinit (abstract);
}

static JsonObject *
decode_part (const char *assertion, guint index)
{
  g_auto (GStrv) parts = g_strsplit (assertion, ".", -1);
  g_autoptr (GBytes) bytes = ps_base64url_decode (parts[index]);

  return ps_json_parse_object (bytes, NULL);
}

static void
test_certificate (void)
{
  gnutls_x509_privkey_t key = test_key_new (GNUTLS_PK_RSA, 2048);
  g_autofree char *key_pem = test_key_to_pem (key, NULL);
  g_autofree char *certificate_pem = test_key_certificate (key);
  g_autofree char *pem = g_strconcat (key_pem, certificate_pem, NULL);
  FakeService *service = fake_service_new ();
  g_autoptr (GError) error = NULL;
  PsTokenSource *source = ps_token_source_new_client_certificate (fake_service_url (service), "https://graph.example",
                                                                  "tenant-1", "client", pem, &error);
  g_autofree char *audience = g_strconcat (fake_service_url (service), "/tenant-1/oauth2/v2.0/token", NULL);
  g_autoptr (GHashTable) form = NULL;
  g_autoptr (JsonObject) header = NULL, claims = NULL;
  const char *assertion;

  g_assert_no_error (error);
  fake_service_json (service, 200, TOKEN ("one"));
  assert_token (source, "one");
  form = soup_form_decode (fake_service_request (service, 0)->body);
  assertion = g_hash_table_lookup (form, "client_assertion");
  g_assert_cmpstr (g_hash_table_lookup (form, "client_assertion_type"), ==,
                   "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  g_assert_null (g_hash_table_lookup (form, "client_secret"));
  assert_signed (assertion, key);
  header = decode_part (assertion, 0);
  claims = decode_part (assertion, 1);
  g_assert_cmpstr (ps_json_string (header, "alg"), ==, "PS256");
  g_assert_cmpuint (strlen (ps_json_string (header, "x5t#S256")), ==, 43);
  g_assert_cmpstr (ps_json_string (claims, "aud"), ==, audience);
  g_assert_cmpstr (ps_json_string (claims, "iss"), ==, "client");
  g_assert_cmpstr (ps_json_string (claims, "sub"), ==, "client");
  g_assert_true (g_uuid_string_is_valid (ps_json_string (claims, "jti")));
  g_assert_cmpint (ps_json_integer (claims, "exp", 0) - ps_json_integer (claims, "nbf", 0), ==, 300);
  g_assert_cmpint (ABS (ps_json_integer (claims, "nbf", 0) - g_get_real_time () / G_USEC_PER_SEC), <, 60);
  gnutls_x509_privkey_deinit (key);
  g_assert_finalize_object (source);
  fake_service_free (service);
}

static void
assert_bad_pem (const char *first, const char *second, const char *part)
{
  g_autofree char *pem = g_strconcat (first, second, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (
      ps_token_source_new_client_certificate ("https://login.example", "https://graph.example", "t", "c", pem, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_assert_nonnull (strstr (error->message, part));
}

static void
test_bad_certificates (void)
{
  gnutls_x509_privkey_t key = test_key_new (GNUTLS_PK_RSA, 2048);
  gnutls_x509_privkey_t other = test_key_new (GNUTLS_PK_RSA, 2048);
  gnutls_x509_privkey_t curve = test_key_new (GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1));
  g_autofree char *key_pem = test_key_to_pem (key, NULL);
  g_autofree char *locked_pem = test_key_to_pem (key, "password");
  g_autofree char *other_pem = test_key_to_pem (other, NULL);
  g_autofree char *curve_pem = test_key_to_pem (curve, NULL);
  g_autofree char *certificate = test_key_certificate (key);
  g_autofree char *curve_certificate = test_key_certificate (curve);

  assert_bad_pem ("", "", "no certificate");
  assert_bad_pem ("not PEM at all", "", "no certificate");
  assert_bad_pem (key_pem, "", "no certificate");
  assert_bad_pem (certificate, "", "no private key");
  assert_bad_pem (certificate, other_pem, "not the one");
  assert_bad_pem (certificate, locked_pem, "password");
  assert_bad_pem (curve_certificate, curve_pem, "RSA");
  gnutls_x509_privkey_deinit (key);
  gnutls_x509_privkey_deinit (other);
  gnutls_x509_privkey_deinit (curve);
}

static void
test_bad_input (void)
{
  g_autoptr (GError) error = NULL;
  Vault vault = { 0 };

  g_assert_null (ps_token_source_new_client_secret ("https://l.example", "https://g.example", "  ", "c", "s", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (
      ps_token_source_new_client_secret ("https://l.example", "https://g.example", "a/b?c", "c", "s", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (ps_token_source_new_client_secret ("https://l.example", "https://g.example", "t", "c", "\n", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (ps_token_source_new_client_secret ("http://l.example", "https://g.example", "t", "c", "s", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (ps_token_source_new_jwt ("https://rc.example", "c", NULL, "j", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_clear_error (&error);
  g_assert_null (
      ps_token_source_new_refresh ("https://rc.example", "c", "", save, save_finish, &vault, vault_freed, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  g_assert_true (vault.freed);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/token-source/client-secret", test_client_secret);
  g_test_add_func ("/token-source/roles", test_roles);
  g_test_add_func ("/token-source/shared-refresh", test_shared_refresh);
  g_test_add_func ("/token-source/cancel-and-come-again", test_cancel_and_come_again);
  g_test_add_func ("/token-source/expiry", test_expiry);
  g_test_add_func ("/token-source/force", test_force);
  g_test_add_func ("/token-source/given", test_given);
  g_test_add_func ("/token-source/tries", test_tries);
  g_test_add_func ("/token-source/refused", test_refused);
  g_test_add_func ("/token-source/jwt", test_jwt);
  g_test_add_func ("/token-source/rotation", test_rotation);
  g_test_add_func ("/token-source/rotation-not-stored", test_rotation_not_stored);
  g_test_add_func ("/token-source/rotation-cancelled", test_rotation_cancelled);
  g_test_add_func ("/token-source/revoke", test_revoke);
  g_test_add_func ("/token-source/certificate", test_certificate);
  g_test_add_func ("/token-source/bad-certificates", test_bad_certificates);
  g_test_add_func ("/token-source/bad-input", test_bad_input);
  return g_test_run ();
}
