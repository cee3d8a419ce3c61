/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The transport against a service that throttles, breaks, lies and stalls. Time runs 200 times as fast where a wait is
 * sat through, and not faster than real where something must happen before it ends.
 */
#include "config.h"

#include <string.h>

#include "fake-service.h"
#include "ps-clock.h"
#include "ps-http.h"
#include "ps-transport.h"

#define SPEED 200

typedef struct {
  FakeService *login, *service;
  PsTokenSource *tokens;
  PsTransport *transport;
  GCancellable *cancellable;
} Fixture;

#define TOKEN(name) "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"" name "\"}"

static void
set_up (Fixture *fixture, gconstpointer data)
{
  PsServiceKind kind = (PsServiceKind) GPOINTER_TO_INT (data);
  g_autoptr (GError) error = NULL;

  ps_clock_set_speed (SPEED);
  fixture->login = fake_service_new ();
  fixture->service = fake_service_new ();
  fixture->cancellable = g_cancellable_new ();
  if (kind == PS_SERVICE_MICROSOFT)
    fixture->tokens =
        ps_token_source_new_client_secret (fake_service_url (fixture->login), fake_service_url (fixture->service),
                                           "contoso.example", "client", "secret", &error);
  else
    fixture->tokens = ps_token_source_new_jwt (fake_service_url (fixture->login), "client", "secret", "jwt", &error);
  g_assert_no_error (error);
  fixture->transport = ps_transport_new (kind, fake_service_url (fixture->service), fixture->tokens, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  /* The last references: nothing is pending any more. */
  g_assert_finalize_object (fixture->transport);
  g_assert_finalize_object (fixture->tokens);
  g_clear_object (&fixture->cancellable);
  fake_service_free (fixture->service);
  fake_service_free (fixture->login);
}

static PsReply *
send (Fixture *fixture, const PsRequest *request, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_transport_send_async (fixture->transport, request, fixture->cancellable, fake_keep_result, &result);
  fake_wait (&result);
  return ps_transport_send_finish (fixture->transport, result, error);
}

static PsReply *
get (Fixture *fixture, const char *path, PsSendFlags flags, const char *group, GError **error)
{
  PsRequest request = { .method = "GET", .path = path, .flags = flags, .group = group, .urgency = PS_NORMAL };

  return send (fixture, &request, error);
}

static void
assert_bearer (Fixture *fixture, guint index, const char *token)
{
  g_autofree char *expected = g_strconcat ("Bearer ", token, NULL);

  g_assert_cmpstr (fake_request_header (fake_service_request (fixture->service, index), "Authorization"), ==, expected);
}

static void
test_plain_reply (Fixture *fixture, gconstpointer data)
{
  const char *const headers[] = { "X-One", "1", "X-Two", "2", NULL };
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);
  PsRequest request = { .method = "PUT",
                        .path = "/some/path?x=y",
                        .content_type = "application/json",
                        .body = body,
                        .accept = "application/json",
                        .headers = headers,
                        .flags = PS_SEND_IDEMPOTENT };
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;
  const FakeRequest *seen;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 200, "application/json", "{\"b\":2}", "X-Three", "3", NULL);
  reply = send (fixture, &request, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpmem (g_bytes_get_data (reply->body, NULL), g_bytes_get_size (reply->body), "{\"b\":2}", 7);
  g_assert_cmpstr (soup_message_headers_get_one (reply->headers, "X-Three"), ==, "3");
  g_assert_cmpint (reply->sent_ms, <=, ps_now_ms ());
  seen = fake_service_request (fixture->service, 0);
  g_assert_cmpstr (seen->method, ==, "PUT");
  g_assert_cmpstr (seen->path, ==, "/some/path?x=y");
  g_assert_cmpstr (seen->body, ==, "{\"a\":1}");
  g_assert_cmpstr (fake_request_header (seen, "Content-Type"), ==, "application/json");
  g_assert_cmpstr (fake_request_header (seen, "Accept"), ==, "application/json");
  g_assert_cmpstr (fake_request_header (seen, "X-Two"), ==, "2");
  g_assert_cmpstr (fake_request_header (seen, "User-Agent"), ==, ps_user_agent ());
  g_assert_nonnull (fake_request_header (seen, "client-request-id"));
  assert_bearer (fixture, 0, "one");
  g_assert_cmpint (ps_transport_counts (fixture->transport).calls, ==, 1);
  g_assert_cmpint (ps_transport_counts (fixture->transport).last_success_ms, >, 0);
}

static void
test_empty_and_not_modified (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) empty = NULL;
  g_autoptr (PsReply) same = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 202, NULL, NULL, NULL);
  fake_service_reply (fixture->service, 304, NULL, NULL, NULL);
  empty = get (fixture, "/a", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (empty->body), ==, 0);
  same = get (fixture, "/b", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (same->status, ==, 304);
}

/* Graph: the refused token is replaced once, even if nothing else may be repeated. */
static void
test_refresh_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/first", 0, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&reply, ps_reply_free);

  /* The token must be old enough for another one to be worth a try. */
  fake_wait_until (fake_service_request (fixture->login, 0)->ms + 11000);
  fake_service_json (fixture->service, 401, "{\"error\":{\"code\":\"InvalidAuthenticationToken\"}}");
  fake_service_json (fixture->login, 200, TOKEN ("two"));
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/second", PS_SEND_ONCE, NULL, &error);
  g_assert_no_error (error);
  assert_bearer (fixture, 1, "one");
  assert_bearer (fixture, 2, "two");
}

static void
test_refused_twice (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  ps_clock_set_speed (1);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_json (fixture->service, 401, "{\"error\":{\"code\":\"Unauthorized\"}}");
  g_assert_null (get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_cmpuint (ps_error_details (error)->status, ==, 401);
  /* A brand-new token is not thrown away for a newer one, and the request not sent again with the same one. */
  g_assert_cmpuint (fake_service_count (fixture->login), ==, 1);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);
  g_assert_cmpint (ps_transport_counts (fixture->transport).failed, ==, 1);
}

static void
test_ringcentral_never_refreshes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_json (fixture->service, 401,
                     "{\"errorCode\":\"TokenInvalid\",\"errors\":[{\"errorCode\":\"OAU-213\"}]}");
  g_assert_null (get (fixture, "/a", PS_SEND_IDEMPOTENT, "Light", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SIGN_IN);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);
}

static void
test_retry_after (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;
  gint64 waited_ms;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 429, "application/json", "{}", "Retry-After", "20", NULL);
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/a", 0, "presence", &error);
  g_assert_no_error (error);
  waited_ms = fake_service_request (fixture->service, 1)->ms - fake_service_request (fixture->service, 0)->ms;
  g_assert_cmpint (waited_ms, >=, 20000 - SPEED);
  g_assert_cmpint (ps_transport_counts (fixture->transport).throttled, ==, 1);
  /* The adaptive limit of presence calls was halved (how it recovers is test-transport-groups.c's matter). */
  g_assert_cmpuint (ps_budget_limit (ps_transport_budget (fixture->transport, "presence")), <, 1200);
}

static void
test_throttled_for_ever (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  for (guint i = 0; i < 6; i++)
    fake_service_json (fixture->service, 429, "{\"error\":{\"code\":\"UnknownError\",\"message\":\"\"}}");
  g_assert_null (get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_THROTTLED);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 6);
}

/* A penalty is for everybody in the group: another request waits for its end before it is sent at all. */
static void
test_penalty_is_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;
  gint64 waited_ms;

  ps_clock_set_speed (1);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 429, "application/json", "{\"errors\":[{\"errorCode\":\"CMN-301\"}]}",
                      "Retry-After", "40", NULL);
  g_assert_null (get (fixture, "/a", PS_SEND_ONCE, "Medium", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_THROTTLED);
  g_assert_cmpint (ps_error_details (error)->retry_after_ms, >=, 40000);
  g_clear_error (&error);

  /* Refused without a call. */
  g_assert_null (get (fixture, "/b", PS_SEND_ONCE, "medium", &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_THROTTLED);
  g_assert_cmpint (ps_error_details (error)->retry_after_ms, >, 0);
  g_clear_error (&error);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);

  ps_clock_set_speed (SPEED);
  fake_service_json (fixture->service, 200, "{}");
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/other-group", 0, "Light", &error);
  g_assert_no_error (error);
  g_clear_pointer (&reply, ps_reply_free);
  reply = get (fixture, "/c", 0, "Medium", &error);
  g_assert_no_error (error);
  waited_ms = fake_service_request (fixture->service, 2)->ms - fake_service_request (fixture->service, 0)->ms;
  g_assert_cmpint (waited_ms, >=, 40000);
}

static void
test_limits_are_learned (Fixture *fixture, gconstpointer data)
{
  PsBudget *heavy = ps_transport_budget (fixture->transport, "Heavy");
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;

  g_assert_cmpuint (ps_budget_limit (heavy), ==, 10);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 200, "application/json", "{}", "X-Rate-Limit-Group", "heavy",
                      "X-Rate-Limit-Limit", "25", "X-Rate-Limit-Remaining", "24", "X-Rate-Limit-Window", "30", NULL);
  reply = get (fixture, "/a", 0, "Heavy", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ps_budget_limit (heavy), ==, 25);
  g_assert_cmpint (ps_budget_window (heavy), ==, 30000);
}

/* Nothing leaves above the limit; who comes too late waits for the window. */
static void
test_budget_waits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PsBudget) budget = ps_budget_new (2, 10000);
  g_autoptr (GError) error = NULL;
  gint64 waited_ms;

  ps_transport_set_budget (fixture->transport, "Medium", budget);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  for (guint i = 0; i < 3; i++) {
    PsRequest request = { .method = "GET", .path = "/a", .group = "Medium", .urgency = PS_URGENT };
    g_autoptr (PsReply) reply = NULL;

    fake_service_json (fixture->service, 200, "{}");
    reply = send (fixture, &request, &error);
    g_assert_no_error (error);
  }
  waited_ms = fake_service_request (fixture->service, 2)->ms - fake_service_request (fixture->service, 0)->ms;
  g_assert_cmpint (waited_ms, >=, 10000 - SPEED);
  g_assert_cmpuint (ps_budget_taken (budget), ==, 3);
}

static void
test_new_connection (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 503, "application/json", "{}", "Retry-After", "1", NULL);
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/a", 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_request (fixture->service, 0)->port, !=,
                    fake_service_request (fixture->service, 1)->port);
}

static void
test_server_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 500, "text/html", "<html>oops</html>", NULL);
  fake_service_reply (fixture->service, 502, NULL, NULL, NULL);
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 3);

  fake_service_json (fixture->service, 500, "{}");
  g_assert_null (get (fixture, "/b", 0, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_clear_error (&error);
  /* It may have been done before the gateway gave up. */
  fake_service_json (fixture->service, 504, "{}");
  g_assert_null (get (fixture, "/c", 0, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_SERVER);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 5);
}

static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_tear (fixture->service, TRUE);
  fake_service_tear (fixture->service, FALSE);
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 3);

  fake_service_tear (fixture->service, TRUE);
  g_assert_null (get (fixture, "/b", 0, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
}

static void
test_flood (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_flood (fixture->service, PS_HTTP_MAX_BODY + 1);
  g_assert_null (get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);
}

static void
test_redirect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_reply (fixture->service, 302, NULL, NULL, "Location", fake_service_url (fixture->login), NULL);
  g_assert_null (get (fixture, "/a", PS_SEND_IDEMPOTENT, NULL, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  g_assert_cmpuint (fake_service_count (fixture->login), ==, 1);
}

static void
test_links (Fixture *fixture, gconstpointer data)
{
  const char *port = strrchr (fake_service_url (fixture->service), ':') + 1;
  const char *const foreign[] = { "http://127.0.0.1:1/next",
                                  "https://127.0.0.1:%s/next",
                                  "http://localhost:%s/next",
                                  "http://127.0.0.1:%s@evil.example/next",
                                  "http://user@127.0.0.1:%s/next",
                                  "//evil.example/next",
                                  "next",
                                  "",
                                  "javascript:alert(1)",
                                  "http://[::1",
                                  NULL };
  g_autofree char *own = g_strconcat (fake_service_url (fixture->service), "/next?skip=1", NULL);
  g_autoptr (PsReply) reply = NULL;
  g_autoptr (GError) error = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_json (fixture->service, 200, "{}");
  reply = get (fixture, own, 0, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fake_service_request (fixture->service, 0)->path, ==, "/next?skip=1");
  for (guint i = 0; foreign[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (foreign[i], "%s", 2);
    g_autofree char *link = g_strjoinv (port, parts);

    g_assert_null (get (fixture, link, PS_SEND_IDEMPOTENT, NULL, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
    g_clear_error (&error);
  }
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);
}

static void
test_nobody_there (Fixture *fixture, gconstpointer data)
{
  g_autoptr (PsTransport) transport = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PsRequest request = { .method = "GET", .path = "/", .flags = PS_SEND_ONCE };

  transport = ps_transport_new (PS_SERVICE_MICROSOFT, "http://127.0.0.1:1", NULL, &error);
  ps_transport_send_async (transport, &request, NULL, fake_keep_result, &result);
  fake_wait (&result);
  g_assert_null (ps_transport_send_finish (transport, result, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_assert_nonnull (strstr (error->message, "127.0.0.1"));
}

static void
test_base_urls (void)
{
  static const char *const good[] = { "https://graph.microsoft.com",
                                      "https://h.example:8443/prefix/",
                                      "http://127.0.0.1:80",
                                      "http://localhost:1",
                                      "http://[::1]:1",
                                      "http://127.4.5.6" };
  static const char *const bad[] = { "",
                                     "graph.microsoft.com",
                                     "http://graph.microsoft.com",
                                     "http://127.0.0.1.example",
                                     "http://localhost.example",
                                     "ftp://127.0.0.1",
                                     "https://",
                                     "https://user:pw@host.example",
                                     "https://host.example#f",
                                     "http://10.0.0.1",
                                     "file:///etc/passwd",
                                     "http://[fe80::1]" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PsTransport) transport = ps_transport_new (PS_SERVICE_RINGCENTRAL, good[i], NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (ps_transport_base_url (transport), ==, good[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ps_transport_new (PS_SERVICE_RINGCENTRAL, bad[i], NULL, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_INPUT);
  }
}

/* --- Cancelling, at each stage --- */

static void
assert_cancelled (Fixture *fixture, GAsyncResult **result)
{
  g_autoptr (GError) error = NULL;
  gint64 before_us = g_get_monotonic_time ();

  g_cancellable_cancel (fixture->cancellable);
  fake_wait (result);
  g_assert_null (ps_transport_send_finish (fixture->transport, *result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 5 * G_USEC_PER_SEC);
  g_clear_object (result);
}

static void
start (Fixture *fixture, const char *group, GAsyncResult **result)
{
  PsRequest request = {
    .method = "GET", .path = "/a", .group = group, .urgency = PS_COSMETIC, .flags = PS_SEND_IDEMPOTENT
  };

  ps_transport_send_async (fixture->transport, &request, fixture->cancellable, fake_keep_result, result);
}

static void
test_cancel_before (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_cancellable_cancel (fixture->cancellable);
  start (fixture, NULL, &result);
  assert_cancelled (fixture, &result);
  g_assert_cmpuint (fake_service_count (fixture->login), ==, 0);
}

static void
test_cancel_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  fake_service_stall (fixture->login);
  start (fixture, NULL, &result);
  fake_wait_requests (fixture->login, 1);
  assert_cancelled (fixture, &result);
  /* The request for a token was dropped too; its end needs a turn of the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_cancel_budget (Fixture *fixture, gconstpointer data)
{
  PsBudget *budget = ps_transport_budget (fixture->transport, "presence");
  g_autoptr (GAsyncResult) result = NULL;

  ps_budget_close (budget, ps_now_ms () + 10 * 60 * 60 * 1000);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  start (fixture, "presence", &result);
  fake_wait_requests (fixture->login, 1);
  /* The token is there when a second asker gets it at once. */
  {
    g_autoptr (GAsyncResult) token = NULL;
    g_autofree char *text = NULL;

    ps_token_source_get_async (fixture->tokens, FALSE, NULL, NULL, fake_keep_result, &token);
    fake_wait (&token);
    text = ps_token_source_get_finish (fixture->tokens, token, NULL);
    g_assert_cmpstr (text, ==, "one");
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  assert_cancelled (fixture, &result);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 0);
}

static void
test_cancel_request (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_clock_set_speed (1);
  fake_service_json (fixture->login, 200, TOKEN ("one"));
  fake_service_stall (fixture->service);
  start (fixture, NULL, &result);
  fake_wait_requests (fixture->service, 1);
  assert_cancelled (fixture, &result);
}

static void
test_cancel_retry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;

  fake_service_json (fixture->login, 200, TOKEN ("one"));
  ps_clock_set_speed (1);
  fake_service_reply (fixture->service, 429, NULL, NULL, "Retry-After", "250", NULL);
  start (fixture, NULL, &result);
  while (ps_transport_counts (fixture->transport).throttled == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (result);
  assert_cancelled (fixture, &result);
  g_assert_cmpuint (fake_service_count (fixture->service), ==, 1);
}

#define ADD(kind, name, function)                                                                                      \
  g_test_add ("/transport/" name, Fixture, GINT_TO_POINTER (kind), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport/base-urls", test_base_urls);
  ADD (PS_SERVICE_MICROSOFT, "plain-reply", test_plain_reply);
  ADD (PS_SERVICE_MICROSOFT, "empty-and-not-modified", test_empty_and_not_modified);
  ADD (PS_SERVICE_MICROSOFT, "refresh-once", test_refresh_once);
  ADD (PS_SERVICE_MICROSOFT, "refused-twice", test_refused_twice);
  ADD (PS_SERVICE_RINGCENTRAL, "ringcentral-never-refreshes", test_ringcentral_never_refreshes);
  ADD (PS_SERVICE_MICROSOFT, "retry-after", test_retry_after);
  ADD (PS_SERVICE_MICROSOFT, "throttled-for-ever", test_throttled_for_ever);
  ADD (PS_SERVICE_RINGCENTRAL, "penalty-is-shared", test_penalty_is_shared);
  ADD (PS_SERVICE_RINGCENTRAL, "limits-are-learned", test_limits_are_learned);
  ADD (PS_SERVICE_RINGCENTRAL, "budget-waits", test_budget_waits);
  ADD (PS_SERVICE_MICROSOFT, "new-connection", test_new_connection);
  ADD (PS_SERVICE_MICROSOFT, "server-errors", test_server_errors);
  ADD (PS_SERVICE_MICROSOFT, "torn", test_torn);
  ADD (PS_SERVICE_MICROSOFT, "flood", test_flood);
  ADD (PS_SERVICE_MICROSOFT, "redirect", test_redirect);
  ADD (PS_SERVICE_MICROSOFT, "links", test_links);
  ADD (PS_SERVICE_MICROSOFT, "nobody-there", test_nobody_there);
  ADD (PS_SERVICE_MICROSOFT, "cancel/before", test_cancel_before);
  ADD (PS_SERVICE_MICROSOFT, "cancel/token", test_cancel_token);
  ADD (PS_SERVICE_MICROSOFT, "cancel/budget", test_cancel_budget);
  ADD (PS_SERVICE_MICROSOFT, "cancel/request", test_cancel_request);
  ADD (PS_SERVICE_MICROSOFT, "cancel/retry", test_cancel_retry);
  return g_test_run ();
}
