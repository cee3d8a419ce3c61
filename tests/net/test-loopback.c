/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Waiting for the browser: one redirect, on both addresses, and nothing else.
 */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "fake-service.h"
#include "ps-clock.h"
#include "ps-loopback.h"

#define PATH "/oauth/ringcentral"

static PsLoopback *
new_loopback (const char *path)
{
  g_autoptr (GError) error = NULL;
  PsLoopback *self = ps_loopback_new (0, path, &error);

  g_assert_no_error (error);
  return self;
}

typedef struct {
  guint status;
  char *text;                  /* (owned) */
  SoupMessageHeaders *headers; /* (owned) */
} Page;

static void
page_clear (Page *page)
{
  g_free (page->text);
  g_clear_pointer (&page->headers, soup_message_headers_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

/* What a browser does at @address ("127.0.0.1", "[::1]") with the name @host (NULL: ours). */
static gboolean
visit (PsLoopback *loopback, const char *method, const char *address, const char *host, const char *target, Page *page)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strdup_printf ("http://%s:%u%s", address, ps_loopback_port (loopback), target);
  g_autofree char *ours = g_strdup_printf ("localhost:%u", ps_loopback_port (loopback));
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = NULL;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Host", host != NULL ? host : ours);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, fake_keep_result, &result);
  fake_wait (&result);
  body = soup_session_send_and_read_finish (session, result, &error);
  if (body == NULL)
    return FALSE;
  page->status = soup_message_get_status (message);
  page->text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  page->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  return TRUE;
}

static void
assert_status (PsLoopback *loopback, const char *method, const char *host, const char *target, guint status)
{
  g_auto (Page) page = { 0 };

  g_assert_true (visit (loopback, method, "127.0.0.1", host, target, &page));
  g_assert_cmpuint (page.status, ==, status);
}

static void
assert_gone (PsLoopback *loopback)
{
  g_auto (Page) page = { 0 };

  g_assert_false (visit (loopback, "GET", "127.0.0.1", NULL, PATH "?code=again", &page));
}

static char *
end (PsLoopback *loopback, GAsyncResult **result, GError **error)
{
  fake_wait (result);
  return ps_loopback_wait_finish (loopback, *result, error);
}

static void
test_redirect (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autofree char *expected = g_strconcat (ps_loopback_redirect_uri (loopback), "?code=sec%2Bret&state=s", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Page) page = { 0 };
  char *uri;

  ps_loopback_wait_async (loopback, -1, NULL, fake_keep_result, &result);
  g_assert_true (visit (loopback, "GET", "127.0.0.1", NULL, PATH "?code=sec%2Bret&state=s", &page));
  g_assert_cmpuint (page.status, ==, 200);
  g_assert_nonnull (strstr (page.text, "You can close this window"));
  g_assert_null (strstr (page.text, "ret"));
  g_assert_cmpstr (soup_message_headers_get_one (page.headers, "Referrer-Policy"), ==, "no-referrer");
  g_assert_cmpstr (soup_message_headers_get_one (page.headers, "Cache-Control"), ==, "no-store");
  uri = end (loopback, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (uri, ==, expected);
  ps_loopback_uri_free (uri);
  assert_gone (loopback);
}

static void
test_bare_address (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback ("");
  g_autofree char *bare = g_strdup_printf ("http://localhost:%u", ps_loopback_port (loopback));
  g_autofree char *expected = g_strconcat (bare, "/?error=x", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *uri;

  g_assert_cmpstr (ps_loopback_redirect_uri (loopback), ==, bare);
  ps_loopback_wait_async (loopback, -1, NULL, fake_keep_result, &result);
  assert_status (loopback, "GET", NULL, "/?error=x", 200);
  uri = end (loopback, &result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (uri, ==, expected);
  ps_loopback_uri_free (uri);
}

/* "localhost" is either address. */
static void
test_ipv6 (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autoptr (GSocket) probe = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_autoptr (GInetAddress) loop = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loop, 0);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Page) page = { 0 };

  if (probe == NULL || !g_socket_bind (probe, address, FALSE, NULL)) {
    g_test_skip ("This computer has no IPv6");
    return;
  }
  ps_loopback_wait_async (loopback, -1, NULL, fake_keep_result, &result);
  g_assert_true (visit (loopback, "GET", "[::1]", NULL, PATH "?code=six", &page));
  g_assert_cmpuint (page.status, ==, 200);
  ps_loopback_uri_free (end (loopback, &result, &error));
  g_assert_no_error (error);
}

/* Whatever else is asked for is no answer, and it goes on waiting. */
static void
test_other_requests (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autofree char *by_number = g_strdup_printf ("127.0.0.1:%u", ps_loopback_port (loopback));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ps_loopback_wait_async (loopback, -1, NULL, fake_keep_result, &result);
  assert_status (loopback, "GET", NULL, "/favicon.ico", 404);
  assert_status (loopback, "GET", NULL, "/?code=x", 404);
  assert_status (loopback, "GET", NULL, PATH "/?code=x", 404);
  assert_status (loopback, "GET", NULL, "/oauth%2Fringcentral?code=x", 404);
  assert_status (loopback, "GET", NULL, PATH, 404);
  assert_status (loopback, "GET", NULL, PATH "?", 404);
  assert_status (loopback, "GET", "evil.example", PATH "?code=x", 404);
  assert_status (loopback, "GET", "localhost", PATH "?code=x", 404);
  assert_status (loopback, "GET", by_number, PATH "?code=x", 404);
  assert_status (loopback, "POST", NULL, PATH "?code=x", 405);
  assert_status (loopback, "HEAD", NULL, PATH "?code=x", 405);
  assert_status (loopback, "PUT", NULL, PATH "?code=x", 405);
  g_assert_null (result);
  assert_status (loopback, "GET", NULL, PATH "?code=right", 200);
  ps_loopback_uri_free (end (loopback, &result, &error));
  g_assert_no_error (error);
}

/* The browser may be faster than whoever waits; the second one comes too late either way. */
static void
test_early_and_double (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  char *uri;

  assert_status (loopback, "GET", NULL, PATH "?code=first", 200);
  assert_status (loopback, "GET", NULL, PATH "?code=second", 404);
  ps_loopback_wait_async (loopback, -1, NULL, fake_keep_result, &result);
  uri = end (loopback, &result, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (uri, PATH "?code=first"));
  ps_loopback_uri_free (uri);
  assert_gone (loopback);
}

static void
test_timeout (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  ps_clock_set_speed (10000);
  start = g_get_monotonic_time ();
  ps_loopback_wait_async (loopback, 10 * 60 * 1000, NULL, fake_keep_result, &result);
  g_assert_null (end (loopback, &result, &error));
  ps_clock_set_speed (1);
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 59 * 1000); /* 10 minutes, at that speed */
  assert_gone (loopback);
}

static void
test_cancel (void)
{
  g_autoptr (PsLoopback) loopback = new_loopback (PATH);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ps_loopback_wait_async (loopback, 1000000, cancellable, fake_keep_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (end (loopback, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_gone (loopback);
}

static void
test_drop (void)
{
  PsLoopback *loopback = new_loopback (PATH);
  guint port = ps_loopback_port (loopback);
  g_autoptr (PsLoopback) next = NULL;
  g_autoptr (GError) error = NULL;

  assert_status (loopback, "GET", NULL, PATH "?code=nobody-waits", 200);
  g_assert_finalize_object (loopback);
  next = ps_loopback_new (port, PATH, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ps_loopback_port (next), ==, port);
}

static void
test_port_in_use (void)
{
  g_autoptr (PsLoopback) first = new_loopback (PATH);
  g_autoptr (GError) error = NULL;
  g_autofree char *port = g_strdup_printf ("%u", ps_loopback_port (first));

  g_assert_null (ps_loopback_new (ps_loopback_port (first), PATH, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
  g_assert_nonnull (strstr (error->message, port));
}

/* Free on 127.0.0.1 is not enough: a browser that goes to ::1 would bring the code to the other program. */
static void
test_port_in_use_ipv6 (void)
{
  g_autoptr (SoupServer) other = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;
  guint port;

  if (!soup_server_listen_local (other, 0, SOUP_SERVER_LISTEN_IPV6_ONLY, NULL)) {
    g_test_skip ("This computer has no IPv6");
    return;
  }
  uris = soup_server_get_uris (other);
  port = (guint) g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_assert_null (ps_loopback_new (port, PATH, &error));
  g_assert_error (error, PS_ERROR, PS_ERROR_NETWORK);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loopback/redirect", test_redirect);
  g_test_add_func ("/loopback/bare-address", test_bare_address);
  g_test_add_func ("/loopback/ipv6", test_ipv6);
  g_test_add_func ("/loopback/other-requests", test_other_requests);
  g_test_add_func ("/loopback/early-and-double", test_early_and_double);
  g_test_add_func ("/loopback/timeout", test_timeout);
  g_test_add_func ("/loopback/cancel", test_cancel);
  g_test_add_func ("/loopback/drop", test_drop);
  g_test_add_func ("/loopback/port-in-use", test_port_in_use);
  g_test_add_func ("/loopback/port-in-use-ipv6", test_port_in_use_ipv6);
  return g_test_run ();
}
