/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each fault of the demo tenant's server as a client meets it.
 */
#include "config.h"

#include "test-server-fixture.h"

#include <string.h>

static void
answer_items (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  guint *count = data;
  g_autofree char *text = g_strdup_printf ("{\"items\":[1,2,3,4,5,6,7,8],\"count\":%u}", ++*count);

  ps_tenant_reply_json (reply, 200, json_from_string (text, NULL));
}

typedef struct {
  TestServer *test;
  guint count; /* how often the handler ran */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->test = test_server_new (NULL);
  ps_tenant_server_route (fixture->test->server, "GET", "/items", answer_items, &fixture->count);
  ps_tenant_server_route (fixture->test->server, "PUT", "/items", answer_items, &fixture->count);
  ps_tenant_server_route (fixture->test->server, "GET", "/other/{id}/items", answer_items, &fixture->count);
  ps_tenant_server_route (fixture->test->server, "GET", "/control/items", answer_items, &fixture->count);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_server_free (fixture->test);
}

static guint
status_of (Fixture *fixture, const char *method, const char *target)
{
  g_autoptr (TestAnswer) answer = test_server_ask (fixture->test, method, target, NULL, NULL);

  g_assert_no_error (answer->error);
  return answer->status;
}

static void
test_status (Fixture *fixture, gconstpointer data)
{
  ps_tenant_server_set_fault (fixture->test->server, "status*2", "503");
  g_assert_cmpuint (status_of (fixture, "GET", "/items"), ==, 503);
  g_assert_cmpuint (status_of (fixture, "GET", "/control/items"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "GET", "/items"), ==, 503);
  g_assert_cmpuint (status_of (fixture, "GET", "/items"), ==, 200);
  g_assert_cmpuint (fixture->count, ==, 2);
}

static void
test_429 (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) with = NULL, without = NULL;

  ps_tenant_server_set_fault (fixture->test->server, "429*1", "17");
  with = test_server_json (fixture->test, "GET", "/items", NULL, 429);
  g_assert_cmpstr (soup_message_headers_get_one (with->headers, "Retry-After"), ==, "17");
  ps_tenant_server_set_fault (fixture->test->server, "429-bare", "1");
  without = test_server_json (fixture->test, "GET", "/items", NULL, 429);
  g_assert_null (soup_message_headers_get_one (without->headers, "Retry-After"));
  g_assert_cmpuint (fixture->count, ==, 0);
}

static void
test_where (Fixture *fixture, gconstpointer data)
{
  PsTenantServer *server = fixture->test->server;

  g_assert_true (ps_tenant_server_set_fault (server, "status@PUT /items", "500"));
  g_assert_true (ps_tenant_server_set_fault (server, "status@/other/*/items*1", "502"));
  g_assert_cmpuint (status_of (fixture, "GET", "/items"), ==, 200);
  g_assert_cmpuint (status_of (fixture, "PUT", "/items"), ==, 500);
  g_assert_cmpuint (status_of (fixture, "GET", "/other/3/items"), ==, 502);
  g_assert_cmpuint (status_of (fixture, "GET", "/other/3/items"), ==, 200);
  g_assert_null (ps_tenant_server_fault (server, "status"));
  g_assert_true (ps_tenant_server_set_fault (server, "status", NULL));
  g_assert_cmpuint (status_of (fixture, "PUT", "/items"), ==, 200);

  /* "%69" is the letter i: how a client writes a path changes nothing. */
  ps_tenant_server_set_fault (server, "torn@/items*1", "1");
  ps_tenant_server_set_fault (server, "delay@/items*1", "1");
  {
    g_autoptr (TestAnswer) torn = test_server_ask (fixture->test, "GET", "/%69tems", NULL, NULL);

    g_assert_nonnull (torn->error);
  }

  g_assert_false (ps_tenant_server_set_fault (server, "delay", "long"));
  g_assert_false (ps_tenant_server_set_fault (server, "status@/items", "200"));
  g_assert_false (ps_tenant_server_set_fault (server, "429", "1\r\nX: y"));
  g_assert_false (ps_tenant_server_set_fault (server, "@/items", "1"));
  g_assert_false (ps_tenant_server_set_fault (server, "status@items", "1"));
  g_assert_false (ps_tenant_server_set_fault (server, "status*0", "1"));
}

/* The fronts' own faults: looked at or taken. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  PsTenantServer *server = fixture->test->server;

  g_assert_null (ps_tenant_server_fault (server, "permission-missing"));
  ps_tenant_server_set_fault (server, "permission-missing", "User.Read.All");
  ps_tenant_server_set_fault (server, "drop-events*2", "1");
  g_assert_cmpstr (ps_tenant_server_fault (server, "permission-missing"), ==, "User.Read.All");
  for (guint i = 0; i < 5; i++)
    g_assert_nonnull (ps_tenant_server_fault (server, "drop-events"));
  g_assert_cmpstr (ps_tenant_server_take_fault (server, "drop-events"), ==, "1");
  g_assert_cmpstr (ps_tenant_server_take_fault (server, "drop-events"), ==, "1");
  g_assert_null (ps_tenant_server_take_fault (server, "drop-events"));
  ps_tenant_server_clear_faults (server);
  g_assert_null (ps_tenant_server_fault (server, "permission-missing"));
}

static void
test_spoiled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) html = NULL, empty = NULL, broken = NULL;

  ps_tenant_server_set_fault (fixture->test->server, "html*1", "1");
  html = test_server_ask (fixture->test, "GET", "/items", NULL, NULL);
  g_assert_cmpuint (html->status, ==, 200);
  g_assert_cmpstr (soup_message_headers_get_content_type (html->headers, NULL), ==, "text/html");
  g_assert_true (g_str_has_prefix (html->text, "<!DOCTYPE html>"));

  ps_tenant_server_set_fault (fixture->test->server, "empty*1", "1");
  empty = test_server_ask (fixture->test, "GET", "/items", NULL, NULL);
  g_assert_cmpuint (empty->status, ==, 200);
  g_assert_cmpuint (empty->size, ==, 0);

  ps_tenant_server_set_fault (fixture->test->server, "broken-json*1", "1");
  broken = test_server_ask (fixture->test, "GET", "/items", NULL, NULL);
  g_assert_cmpuint (broken->status, ==, 200);
  g_assert_cmpuint (broken->size, >, 5);
  g_assert_null (broken->json);
  g_assert_cmpuint (fixture->count, ==, 3);
}

static void
test_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) torn = NULL;

  ps_tenant_server_set_fault (fixture->test->server, "torn@PUT /items*1", "1");
  torn = test_server_ask (fixture->test, "PUT", "/items", "application/json", "{}");
  g_assert_error (torn->error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_cmpint (soup_message_headers_get_content_length (torn->headers), >, 10);
  g_assert_cmpuint (fixture->count, ==, 1);
  g_assert_cmpuint (status_of (fixture, "PUT", "/items"), ==, 200);
}

/* --- requests that are under way --- */

typedef struct {
  SoupMessage *message;
  GCancellable *cancellable;
  GBytes *body;
  GError *error;
  gboolean over;
} Pending;

static void
pending_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Pending *pending = user_data;

  pending->body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &pending->error);
  pending->over = TRUE;
}

static void
pending_start (Pending *pending, TestServer *test, const char *target)
{
  g_autofree char *address = g_strconcat (ps_tenant_server_origin (test->server), target, NULL);

  pending->message = soup_message_new ("GET", address);
  pending->cancellable = g_cancellable_new ();
  soup_session_send_and_read_async (test->session, pending->message, G_PRIORITY_DEFAULT, pending->cancellable,
                                    pending_cb, pending);
}

static void
pending_clear (Pending *pending)
{
  g_object_unref (pending->message);
  g_object_unref (pending->cancellable);
  g_clear_pointer (&pending->body, g_bytes_unref);
  g_clear_error (&pending->error);
}

static gboolean
is_over (gpointer data)
{
  return ((Pending *) data)->over;
}

/* Whether each fault has met the request that it is meant for. */
static gboolean
is_used_up (gpointer data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) faults = NULL;

  ps_tenant_server_add_faults (data, builder);
  faults = json_builder_get_root (builder);
  return json_array_get_length (json_node_get_array (faults)) == 0;
}

static void
test_delay (Fixture *fixture, gconstpointer data)
{
  gint64 began_us = g_get_monotonic_time ();
  Pending pending = { 0 };

  ps_tenant_server_set_fault (fixture->test->server, "delay@/items*1", "1000");
  pending_start (&pending, fixture->test, "/items");
  test_wait (is_used_up, fixture->test->server);
  /* Others are not kept waiting. */
  g_assert_cmpuint (status_of (fixture, "GET", "/other/1/items"), ==, 200);
  g_assert_false (pending.over);
  test_wait (is_over, &pending);
  g_assert_no_error (pending.error);
  g_assert_cmpuint (soup_message_get_status (pending.message), ==, 200);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 1000 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (fixture->count, ==, 2);
  pending_clear (&pending);
}

static gboolean
has_run (gpointer data)
{
  return ((Fixture *) data)->count > 0;
}

/* The client has gone when its time comes: the request is carried out, the answer goes nowhere. */
static void
test_delay_client_leaves (Fixture *fixture, gconstpointer data)
{
  Pending pending = { 0 };

  ps_tenant_server_set_fault (fixture->test->server, "delay*1", "200");
  pending_start (&pending, fixture->test, "/items");
  test_wait (is_used_up, fixture->test->server);
  g_cancellable_cancel (pending.cancellable);
  test_wait (is_over, &pending);
  g_assert_error (pending.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_wait (has_run, fixture);
  pending_clear (&pending);
}

static void
test_delay_then_torn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) torn = NULL;

  ps_tenant_server_set_fault (fixture->test->server, "delay", "20");
  ps_tenant_server_set_fault (fixture->test->server, "torn", "1");
  torn = test_server_ask (fixture->test, "GET", "/items", NULL, NULL);
  g_assert_error (torn->error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

static void
test_hang (Fixture *fixture, gconstpointer data)
{
  Pending pending = { 0 };

  ps_tenant_server_set_fault (fixture->test->server, "hang*1", "1");
  pending_start (&pending, fixture->test, "/items");
  test_wait (is_used_up, fixture->test->server);
  g_assert_cmpuint (status_of (fixture, "GET", "/items"), ==, 200);
  g_assert_false (pending.over);
  g_cancellable_cancel (pending.cancellable);
  test_wait (is_over, &pending);
  g_assert_cmpuint (fixture->count, ==, 1);
  pending_clear (&pending);
}

/* The server goes while one request hangs and one waits: both clients see the end of the line. */
static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  Pending hanging = { 0 }, waiting = { 0 };

  ps_tenant_server_set_fault (fixture->test->server, "hang@/items*1", "1");
  ps_tenant_server_set_fault (fixture->test->server, "delay@/other/*1", "600000");
  pending_start (&hanging, fixture->test, "/items");
  pending_start (&waiting, fixture->test, "/other/1/items");
  test_wait (is_used_up, fixture->test->server);
  g_assert_finalize_object (fixture->test->server);
  test_wait (is_over, &hanging);
  test_wait (is_over, &waiting);
  g_assert_nonnull (hanging.error);
  g_assert_nonnull (waiting.error);
  g_assert_cmpuint (fixture->count, ==, 0);
  pending_clear (&hanging);
  pending_clear (&waiting);
  fixture->test->server = ps_tenant_server_new (&(PsTenantServerOptions) TEST_SERVER_OPTIONS, NULL);
}

/* --- handshakes --- */

static void
never_opened (PsTenantServer *server, SoupWebsocketConnection *connection, GHashTable *query, gpointer data)
{
  (*(guint *) data)++;
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_handshake (Fixture *fixture, gconstpointer data)
{
  g_autofree char *address = g_strconcat (ps_tenant_server_ws_origin (fixture->test->server), "/ws", NULL);
  static const char *const faults[] = { "status*1", "delay*1" };
  guint opened = 0;

  ps_tenant_server_socket (fixture->test->server, "/ws", never_opened, &opened);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++) {
    g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
    g_autoptr (SoupWebsocketConnection) connection = NULL;
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;

    ps_tenant_server_set_fault (fixture->test->server, faults[i], "503");
    soup_session_websocket_connect_async (fixture->test->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL,
                                          result_cb, &result);
    test_wait (test_is_set, &result);
    connection = soup_session_websocket_connect_finish (fixture->test->session, result, &error);
    if (i == 0)
      g_assert_error (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET);
    else
      g_assert_no_error (error);
    g_assert_cmpuint (soup_message_get_status (message), ==, i == 0 ? 503 : SOUP_STATUS_SWITCHING_PROTOCOLS);
  }
  g_assert_cmpuint (opened, ==, 1);
}

#define ADD(name, func) g_test_add ("/tenant/server/faults/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("status", test_status);
  ADD ("429", test_429);
  ADD ("where", test_where);
  ADD ("others", test_others);
  ADD ("spoiled", test_spoiled);
  ADD ("torn", test_torn);
  ADD ("delay", test_delay);
  ADD ("delay-client-leaves", test_delay_client_leaves);
  ADD ("delay-then-torn", test_delay_then_torn);
  ADD ("hang", test_hang);
  ADD ("shutdown", test_shutdown);
  ADD ("handshake", test_handshake);
  return g_test_run ();
}
