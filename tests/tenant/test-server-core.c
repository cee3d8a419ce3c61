/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo tenant's server without its fronts: routes, replies, time, WebSockets.
 */
#include "config.h"

#include "test-server-certificate.h"
#include "test-server-fixture.h"

#include <glib/gstdio.h>

#include <string.h>

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* Says what it was asked. */
static void
echo (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonObject) object = ps_tenant_request_json (request);
  g_autoptr (GHashTable) form = ps_tenant_request_form (request);
  g_autoptr (GPtrArray) types = ps_tenant_request_query_all (request, "type");

  json_builder_begin_object (builder);
  add_string (builder, "route", data);
  add_string (builder, "method", request->method);
  add_string (builder, "path", request->path);
  add_string (builder, "first", request->args[0]);
  add_string (builder, "second", request->args[1]);
  add_string (builder, "query", ps_tenant_request_query (request, "q"));
  add_string (builder, "form", form != NULL ? g_hash_table_lookup (form, "grant_type") : NULL);
  json_builder_set_member_name (builder, "types");
  json_builder_add_int_value (builder, types->len);
  json_builder_set_member_name (builder, "members");
  json_builder_add_int_value (builder, object != NULL ? (gint64) json_object_get_size (object) : -1);
  json_builder_set_member_name (builder, "now");
  json_builder_add_int_value (builder, request->now_ms);
  json_builder_end_object (builder);
  ps_tenant_reply_json (reply, 200, json_builder_get_root (builder));
}

static void
front_error (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  g_autofree char *text = g_strdup_printf ("{\"front\":\"%s\",\"path\":\"%s\"}", (const char *) data, request->path);

  ps_tenant_reply_text (reply, reply->status, "application/json", text);
}

static TestServer *
echo_server_new (void)
{
  TestServer *test = test_server_new (NULL);

  ps_tenant_server_route (test->server, "GET", "/users/{id}", echo, "one");
  ps_tenant_server_route (test->server, "PUT", "/users/{id}", echo, "put");
  ps_tenant_server_route (test->server, "GET", "/users/delta", echo, "delta");
  ps_tenant_server_route (test->server, "GET", "/users/{id}/{part}", echo, "part");
  ps_tenant_server_route (test->server, "GET", "/users/{id}/presence", echo, "presence");
  ps_tenant_server_route (test->server, "POST", "/users", echo, "new");
  ps_tenant_server_errors (test->server, "/", front_error, "all");
  ps_tenant_server_errors (test->server, "/users/", front_error, "users");
  return test;
}

static void
test_routes (void)
{
  static const struct {
    const char *method, *target, *route, *first, *second;
  } rows[] = {
    { "GET", "/users/delta", "delta", NULL, NULL },
    { "GET", "/users/ana", "one", "ana", NULL },
    { "PUT", "/users/delta", "put", "delta", NULL },
    { "GET", "/users/a%2Fb%20c/presence", "presence", "a/b c", NULL },
    { "GET", "/users/J%C3%BCrgen/%7Bid%7D", "part", "Jürgen", "{id}" },
    { "GET", "/users/delta/presence", "presence", "delta", NULL },
    { "GET", "/users/a+b@c.example", "one", "a+b@c.example", NULL },
  };
  g_autoptr (TestServer) test = echo_server_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestAnswer) answer = test_server_json (test, rows[i].method, rows[i].target, NULL, 200);

    g_assert_cmpstr (test_json_string (answer->json, "$.route"), ==, rows[i].route);
    g_assert_cmpstr (test_json_string (answer->json, "$.first"), ==, rows[i].first);
    g_assert_cmpstr (test_json_string (answer->json, "$.second"), ==, rows[i].second);
  }
}

static void
test_errors (void)
{
  static const struct {
    const char *method, *target;
    guint status;
    const char *front, *allow;
  } rows[] = {
    { "GET", "/nowhere", 404, "all", NULL },           { "GET", "/users/a/b/c", 404, "users", NULL },
    { "GET", "/users/", 404, "users", NULL },          { "DELETE", "/users/ana", 405, "users", "GET, PUT" },
    { "GET", "/users", 405, "all", "POST" },           { "GET", "/users/%FF%FE", 400, "all", NULL },
    { "GET", "/users/ana?q=%FF", 400, "users", NULL },
  };
  g_autoptr (TestServer) test = echo_server_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestAnswer) answer = test_server_json (test, rows[i].method, rows[i].target, NULL, rows[i].status);

    g_assert_cmpstr (test_json_string (answer->json, "$.front"), ==, rows[i].front);
    g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "Allow"), ==, rows[i].allow);
  }
}

static void
test_head (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (TestAnswer) get = test_server_json (test, "GET", "/users/ana", NULL, 200);
  g_autoptr (TestAnswer) head = test_server_ask (test, "HEAD", "/users/anna", NULL, NULL);

  g_assert_no_error (head->error);
  g_assert_cmpuint (head->status, ==, 200);
  g_assert_cmpuint (head->size, ==, 0);
  /* "HEAD" and "anna" are a letter longer than "GET" and "ana"; the name is there twice. */
  g_assert_cmpint (soup_message_headers_get_content_length (head->headers), ==, get->size + 3);
}

static void
test_bodies (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autoptr (TestAnswer) json =
      test_server_json (test, "POST", "/users?q=a%20b+c&type=User&type=Department", "{\"a\":1,\"b\":[2]}", 200);
  g_autoptr (TestAnswer) form =
      test_server_ask (test, "POST", "/users", "application/x-www-form-urlencoded; charset=UTF-8", "grant_type=a%3Ab");
  g_autoptr (TestAnswer) array = test_server_json (test, "POST", "/users", "[1]", 200);
  g_autoptr (TestAnswer) nested = test_server_json (test, "POST", "/users", deep, 200);

  g_assert_cmpint (test_json_int (json->json, "$.members"), ==, 2);
  g_assert_cmpstr (test_json_string (json->json, "$.query"), ==, "a b c");
  g_assert_cmpint (test_json_int (json->json, "$.types"), ==, 2);
  g_assert_null (test_json_string (json->json, "$.form"));
  g_assert_cmpstr (test_json_string (form->json, "$.form"), ==, "a:b");
  g_assert_cmpint (test_json_int (form->json, "$.members"), ==, -1);
  g_assert_cmpint (test_json_int (array->json, "$.members"), ==, -1);
  g_assert_cmpint (test_json_int (nested->json, "$.members"), ==, -1);
}

static void
test_large_body (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autofree char *fits = g_strnfill (4 * 1024 * 1024, ' ');
  g_autofree char *large = g_strnfill (4 * 1024 * 1024 + 1, ' ');
  g_autoptr (TestAnswer) good = test_server_json (test, "POST", "/users", fits, 200);
  g_autoptr (TestAnswer) bad = test_server_json (test, "POST", "/users", large, 413);

  g_assert_cmpstr (test_json_string (bad->json, "$.front"), ==, "all");
}

static void
test_counts (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) counts = NULL;

  for (guint i = 0; i < 3; i++)
    test_answer_free (test_server_json (test, "GET", "/users/ana", NULL, 200));
  test_answer_free (test_server_json (test, "GET", "/nowhere", NULL, 404));
  ps_tenant_server_set_fault (test->server, "status*1", "503");
  test_answer_free (test_server_json (test, "GET", "/users/ana", NULL, 503));

  json_builder_begin_object (builder);
  ps_tenant_server_add_counts (test->server, builder);
  json_builder_end_object (builder);
  counts = json_builder_get_root (builder);
  g_assert_cmpint (test_json_int (counts, "$.total"), ==, 5);
  g_assert_cmpstr (test_json_string (counts, "$.routes[0].pattern"), ==, "/users/{id}");
  g_assert_cmpint (test_json_int (counts, "$.routes[0].requests"), ==, 4);
  g_assert_cmpint (test_json_int (counts, "$.routes[0].outcomes['200']"), ==, 3);
  g_assert_cmpint (test_json_int (counts, "$.routes[0].outcomes['503']"), ==, 1);
  g_assert_cmpint (test_json_int (counts, "$.routes[1].outcomes['404']"), ==, 1);
}

static void
test_dispatch (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  PsTenantRequest request = { .method = "GET", .path = "/users/a%20b", .query_string = "q=1", .in_batch = TRUE };
  PsTenantReply reply = { 0 };
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  ps_tenant_server_dispatch (test->server, &request, &reply);
  g_assert_cmpuint (reply.status, ==, 200);
  text = g_strndup (g_bytes_get_data (reply.body, NULL), g_bytes_get_size (reply.body));
  node = json_from_string (text, NULL);
  g_assert_cmpstr (test_json_string (node, "$.first"), ==, "a b");
  g_assert_cmpstr (test_json_string (node, "$.query"), ==, "1");
  ps_tenant_reply_clear (&reply);
}

/* --- time --- */

static void
count_cb (PsTenantWorld *world, gpointer data)
{
  (*(guint *) data)++;
}

static void
test_time_stands_still (void)
{
  const PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (TestAnswer) before = NULL, after = NULL;
  guint count = 0;

  ps_tenant_world_at (ps_tenant_server_world (test->server), options.world.start_ms + 60000, count_cb, &count);
  before = test_server_json (test, "GET", "/users/ana", NULL, 200);
  g_assert_cmpint (test_json_int (before->json, "$.now"), ==, options.world.start_ms);
  g_assert_cmpstr (soup_message_headers_get_one (before->headers, "Date"), ==, "Tue, 06 Jan 2026 09:00:00 GMT");
  ps_tenant_server_advance (test->server, 59999);
  g_assert_cmpuint (count, ==, 0);
  ps_tenant_server_advance (test->server, 1);
  g_assert_cmpuint (count, ==, 1);
  after = test_server_json (test, "GET", "/users/ana", NULL, 200);
  g_assert_cmpint (test_json_int (after->json, "$.now"), ==, options.world.start_ms + 60000);
}

/* Nobody asks for anything, and still an hour passes in about a second. */
static void
test_time_drives_itself (void)
{
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (TestServer) test = NULL;
  guint count = 0;
  gint64 began_us = g_get_monotonic_time ();

  options.speed = 3600;
  test = test_server_new (&options);
  ps_tenant_world_at (ps_tenant_server_world (test->server), options.world.start_ms + 3600 * 1000, count_cb, &count);
  test_wait (test_is_nonzero, &count);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, G_TIME_SPAN_SECOND * 9 / 10);
  g_assert_cmpint (ps_tenant_server_now (test->server), >=, options.world.start_ms + 3600 * 1000);

  ps_tenant_server_set_speed (test->server, 0);
  g_assert_cmpint (ps_tenant_server_now (test->server), ==,
                   ps_tenant_world_now (ps_tenant_server_world (test->server)));
}

/* --- WebSockets --- */

static void
socket_message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer user_data)
{
  g_autofree char *text =
      g_strdup_printf ("%s:%.*s", (const char *) g_object_get_data (G_OBJECT (connection), "name"),
                       (int) g_bytes_get_size (message), (const char *) g_bytes_get_data (message, NULL));

  soup_websocket_connection_send_text (connection, text);
}

static void
socket_opened (PsTenantServer *server, SoupWebsocketConnection *connection, GHashTable *query, gpointer data)
{
  g_object_set_data_full (G_OBJECT (connection), "name", g_strdup (g_hash_table_lookup (query, "name")), g_free);
  g_signal_connect (connection, "message", G_CALLBACK (socket_message_cb), NULL);
  g_object_set_data_full (G_OBJECT (server), "socket", g_object_ref (connection), g_object_unref);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
answer_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer user_data)
{
  *(char **) user_data = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
}

static SoupWebsocketConnection *
connect_socket (TestServer *test, const char *target, GError **error)
{
  g_autofree char *address = g_strconcat (ps_tenant_server_ws_origin (test->server), target, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) result = NULL;

  soup_session_websocket_connect_async (test->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, result_cb,
                                        &result);
  test_wait (test_is_set, &result);
  return soup_session_websocket_connect_finish (test->session, result, error);
}

static void
test_websocket (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  g_autoptr (TestAnswer) plain = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  ps_tenant_server_socket (test->server, "/ws", socket_opened, NULL);
  connection = connect_socket (test, "/ws?name=a%20b", &error);
  g_assert_no_error (error);
  g_signal_connect (connection, "message", G_CALLBACK (answer_cb), &answer);
  soup_websocket_connection_send_text (connection, "hello");
  test_wait (test_is_set, &answer);
  g_assert_cmpstr (answer, ==, "a b:hello");

  plain = test_server_json (test, "GET", "/ws", NULL, 404);
  g_assert_cmpstr (test_json_string (plain->json, "$.front"), ==, "all");
}

static void
test_websocket_refused (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  ps_tenant_server_socket (test->server, "/ws", socket_opened, NULL);
  connection = connect_socket (test, "/elsewhere", &error);
  g_assert_null (connection);
  g_assert_error (error, SOUP_WEBSOCKET_ERROR, SOUP_WEBSOCKET_ERROR_NOT_WEBSOCKET);
}

/* https and wss; and a line that is cut there, too. */
static void
test_tls (void)
{
  g_autofree char *folder = g_dir_make_tmp ("demo-tenant-XXXXXX", NULL);
  g_autofree char *certificate = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (folder, "key.pem", NULL);
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (GTlsCertificate) loaded = NULL;
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (TestServer) test = NULL;
  g_autoptr (SoupWebsocketConnection) connection = NULL;
  g_autoptr (TestAnswer) torn = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  test_certificate_write (certificate, key);
  loaded = options.certificate = g_tls_certificate_new_from_files (certificate, key, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (certificate, &error);
  g_assert_no_error (error);
  test = test_server_new (&options);
  soup_session_set_tls_database (test->session, database);
  ps_tenant_server_route (test->server, "GET", "/users/{id}", echo, "one");
  ps_tenant_server_socket (test->server, "/ws", socket_opened, NULL);

  test_answer_free (test_server_json (test, "GET", "/users/ana", NULL, 200));
  connection = connect_socket (test, "/ws?name=tls", &error);
  g_assert_no_error (error);
  g_signal_connect (connection, "message", G_CALLBACK (answer_cb), &answer);
  soup_websocket_connection_send_text (connection, "hello");
  test_wait (test_is_set, &answer);
  g_assert_cmpstr (answer, ==, "tls:hello");

  ps_tenant_server_set_fault (test->server, "torn*1", "1");
  torn = test_server_ask (test, "GET", "/users/ana", NULL, NULL);
  g_assert_nonnull (torn->error);
  g_unlink (certificate);
  g_unlink (key);
  g_rmdir (folder);
}

/* "localhost" may be ::1; if this machine has that, the server must be there, too. */
static void
test_localhost (void)
{
  g_autoptr (TestServer) test = echo_server_new ();
  g_autoptr (GUri) uri = g_uri_parse (ps_tenant_server_origin (test->server), G_URI_FLAGS_NONE, NULL);
  g_autofree char *address = g_strdup_printf ("http://localhost:%d/users/ana", g_uri_get_port (uri));
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  soup_session_send_and_read_async (test->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  body = soup_session_send_and_read_finish (test->session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
}

static void
test_port_taken (void)
{
  g_autoptr (TestServer) test = test_server_new (NULL);
  g_autoptr (GUri) uri = g_uri_parse (ps_tenant_server_origin (test->server), G_URI_FLAGS_NONE, NULL);
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (PsTenantServer) second = NULL;
  g_autoptr (GError) error = NULL;

  options.port = (guint) g_uri_get_port (uri);
  second = ps_tenant_server_new (&options, &error);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/server/routes", test_routes);
  g_test_add_func ("/tenant/server/errors", test_errors);
  g_test_add_func ("/tenant/server/head", test_head);
  g_test_add_func ("/tenant/server/bodies", test_bodies);
  g_test_add_func ("/tenant/server/large-body", test_large_body);
  g_test_add_func ("/tenant/server/counts", test_counts);
  g_test_add_func ("/tenant/server/dispatch", test_dispatch);
  g_test_add_func ("/tenant/server/time-stands-still", test_time_stands_still);
  g_test_add_func ("/tenant/server/time-drives-itself", test_time_drives_itself);
  g_test_add_func ("/tenant/server/websocket", test_websocket);
  g_test_add_func ("/tenant/server/websocket-refused", test_websocket_refused);
  g_test_add_func ("/tenant/server/tls", test_tls);
  g_test_add_func ("/tenant/server/localhost", test_localhost);
  g_test_add_func ("/tenant/server/port-taken", test_port_taken);
  return g_test_run ();
}
