/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

Rc *
rc_new (const PsTenantServerOptions *options)
{
  Rc *rc = g_new0 (Rc, 1);
  g_autoptr (TestAnswer) answer = NULL;

  rc->test = test_server_new (options);
  rc->server = rc->test->server;
  rc->world = ps_tenant_server_world (rc->server);
  ps_tenant_ringcentral_attach (rc->server);
  answer = rc_login (rc);
  rc->token = g_strdup (test_json_string (answer->json, "$.access_token"));
  rc->refresh_token = g_strdup (test_json_string (answer->json, "$.refresh_token"));
  return rc;
}

void
rc_free (Rc *rc)
{
  test_server_free (rc->test);
  g_free (rc->token);
  g_free (rc->refresh_token);
  g_free (rc);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static TestAnswer *
finish (SoupMessage *message, GBytes *body)
{
  TestAnswer *answer = g_new0 (TestAnswer, 1);
  const char *data = g_bytes_get_data (body, &answer->size);

  answer->status = soup_message_get_status (message);
  answer->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  answer->text = g_strndup (data, answer->size);
  answer->json = answer->size > 0 ? json_from_string (answer->text, NULL) : NULL;
  return answer;
}

TestAnswer *
rc_send (Rc *rc, const char *method, const char *target, const char *content_type, const char *body, ...)
{
  g_autofree char *address = g_str_has_prefix (target, "http")
                                 ? g_strdup (target)
                                 : g_strconcat (ps_tenant_server_origin (rc->server), target, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) reply = NULL;
  const char *name;
  va_list headers;

  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, content_type, bytes);
  }
  va_start (headers, body);
  while ((name = va_arg (headers, const char *)) != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), name, va_arg (headers, const char *));
  va_end (headers);
  soup_session_send_and_read_async (rc->test->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  reply = soup_session_send_and_read_finish (rc->test->session, result, &error);
  g_assert_no_error (error);
  return finish (message, reply);
}

TestAnswer *
rc_call (Rc *rc, const char *method, const char *target, const char *body, guint status)
{
  g_autofree char *bearer = g_strconcat ("Bearer ", rc->token, NULL);
  TestAnswer *answer = rc_send (rc, method, target, "application/json", body, "Authorization", bearer, NULL);

  if (answer->status != status)
    g_test_message ("%s %s: %s", method, target, answer->text);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (soup_message_headers_get_one (answer->headers, "RCRequestId"));
  return answer;
}

TestAnswer *
rc_get (Rc *rc, guint status, const char *target_format, ...)
{
  g_autofree char *target = NULL;
  va_list arguments;

  va_start (arguments, target_format);
  target = g_strdup_vprintf (target_format, arguments);
  va_end (arguments);
  return rc_call (rc, "GET", target, NULL, status);
}

void
rc_assert_code (TestAnswer *answer, guint status, const char *code)
{
  if (answer->status != status)
    g_test_message ("%s", answer->text);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (answer->json);
  g_assert_cmpstr (test_json_string (answer->json, "$.errors[0].errorCode"), ==, code);
  g_assert_cmpstr (test_json_string (answer->json, "$.errors[0].message"), !=, "");
}

void
rc_refused (Rc *rc, const char *method, const char *target, const char *body, guint status, const char *code)
{
  g_autoptr (TestAnswer) answer = rc_call (rc, method, target, body, status);

  rc_assert_code (answer, status, code);
}

TestAnswer *
rc_token (Rc *rc, gboolean basic, const char *form)
{
  PsRcFront *front = ps_rc_front_of (rc->server);
  g_autofree char *pair = g_strconcat (front->service.client_id, ":", front->service.client_secret, NULL);
  g_autofree char *encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  g_autofree char *header = g_strconcat ("Basic ", encoded, NULL);

  return rc_send (rc, "POST", "/restapi/oauth/token", "application/x-www-form-urlencoded", form,
                  basic ? "Authorization" : NULL, header, NULL);
}

TestAnswer *
rc_login (Rc *rc)
{
  g_autofree char *form = g_strconcat ("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=",
                                       ps_rc_front_of (rc->server)->jwt, NULL);
  TestAnswer *answer = rc_token (rc, TRUE, form);

  if (answer->status != 200)
    g_test_message ("%s", answer->text);
  g_assert_cmpuint (answer->status, ==, 200);
  return answer;
}

PsTenantExtension *
rc_user (Rc *rc, guint n)
{
  const GPtrArray *all = ps_tenant_world_extensions (rc->world);

  for (guint i = 0; i < all->len; i++) {
    PsTenantExtension *extension = all->pdata[i];

    if (g_str_equal (extension->type, "User") && g_str_equal (extension->status, "Enabled") && !extension->admin &&
        n-- == 0)
      return extension;
  }
  g_assert_not_reached ();
}

PsTenantExtension *
rc_queue (Rc *rc)
{
  const GPtrArray *all = ps_tenant_world_extensions (rc->world);

  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((PsTenantExtension *) all->pdata[i])->type, "Department"))
      return all->pdata[i];
  g_assert_not_reached ();
}

char *
rc_socket_token (Rc *rc)
{
  g_autoptr (TestAnswer) answer = rc_call (rc, "POST", "/restapi/oauth/wstoken", NULL, 200);

  g_assert_cmpint (test_json_int (answer->json, "$.expires_in"), ==, 30);
  g_assert_true (g_str_has_prefix (test_json_string (answer->json, "$.uri"), "ws://127.0.0.1:"));
  return g_strdup (test_json_string (answer->json, "$.ws_access_token"));
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  RcSocket *socket = data;
  g_autofree char *text = g_strndup (g_bytes_get_data (message, NULL), g_bytes_get_size (message));
  JsonNode *node = json_from_string (text, NULL);

  if (node == NULL) {
    node = json_node_new (JSON_NODE_VALUE);
    json_node_set_string (node, text);
  }
  g_ptr_array_add (socket->messages, node);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  ((RcSocket *) data)->closed = TRUE;
}

RcSocket *
rc_socket_new (Rc *rc, const char *ws_token, const char *wsc)
{
  RcSocket *socket = g_new0 (RcSocket, 1);
  g_autofree char *address = g_strdup_printf ("%s/ws?access_token=%s%s%s", ps_tenant_server_ws_origin (rc->server),
                                              ws_token, wsc != NULL ? "&wsc=" : "", wsc != NULL ? wsc : "");
  g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  socket->messages = g_ptr_array_new_with_free_func ((GDestroyNotify) json_node_unref);
  soup_session_websocket_connect_async (rc->test->session, message, NULL, NULL, G_PRIORITY_DEFAULT, NULL, result_cb,
                                        &result);
  test_wait (test_is_set, &result);
  socket->connection = soup_session_websocket_connect_finish (rc->test->session, result, &error);
  g_assert_no_error (error);
  g_signal_connect (socket->connection, "message", G_CALLBACK (message_cb), socket);
  g_signal_connect (socket->connection, "closed", G_CALLBACK (closed_cb), socket);
  return socket;
}

static gboolean
is_closed (gpointer data)
{
  return soup_websocket_connection_get_state (((RcSocket *) data)->connection) == SOUP_WEBSOCKET_STATE_CLOSED;
}

void
rc_socket_wait_closed (RcSocket *socket)
{
  test_wait (is_closed, socket);
}

void
rc_socket_free (RcSocket *socket)
{
  if (soup_websocket_connection_get_state (socket->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (socket->connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  rc_socket_wait_closed (socket);
  g_signal_handlers_disconnect_by_data (socket->connection, socket);
  g_object_unref (socket->connection);
  g_ptr_array_unref (socket->messages);
  g_free (socket);
}

static gboolean
has_next (gpointer data)
{
  RcSocket *socket = data;

  return socket->taken < socket->messages->len;
}

JsonNode *
rc_socket_next (RcSocket *socket)
{
  test_wait (has_next, socket);
  return socket->messages->pdata[socket->taken++];
}

void
rc_socket_send (RcSocket *socket, const char *text)
{
  soup_websocket_connection_send_text (socket->connection, text);
}

JsonNode *
rc_socket_request (RcSocket *socket, const char *method, const char *path, const char *body, guint status)
{
  static guint count;
  g_autofree char *id = g_strdup_printf ("m-%u", ++count);
  g_autofree char *text =
      g_strdup_printf ("[{\"type\":\"ClientRequest\",\"messageId\":\"%s\",\"method\":\"%s\",\"path\":\"%s\"}%s%s]", id,
                       method, path, body != NULL ? "," : "", body != NULL ? body : "");
  JsonNode *reply;

  rc_socket_send (socket, text);
  reply = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (reply, "$[0].type"), ==, "ClientRequest");
  g_assert_cmpstr (test_json_string (reply, "$[0].messageId"), ==, id);
  if (test_json_int (reply, "$[0].status") != status) {
    g_autofree char *wrong = json_to_string (reply, FALSE);

    g_test_message ("%s %s: %s", method, path, wrong);
  }
  g_assert_cmpint (test_json_int (reply, "$[0].status"), ==, status);
  g_assert_cmpstr (test_json_string (reply, "$[0].headers.RCRequestId"), !=, "");
  g_assert_cmpstr (test_json_string (reply, "$[0].wsc.token"), !=, "");
  return reply;
}

void
rc_socket_assert_silent (RcSocket *socket)
{
  JsonNode *reply;

  rc_socket_send (socket, "[{\"type\":\"Heartbeat\",\"messageId\":\"h-1\"}]");
  reply = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (reply, "$[0].type"), ==, "Heartbeat");
  g_assert_cmpstr (test_json_string (reply, "$[0].messageId"), ==, "h-1");
}

void
rc_socket_subscribe (RcSocket *socket, const char *filter)
{
  g_autofree char *body =
      g_strdup_printf ("{\"eventFilters\":[\"%s\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}", filter);

  rc_socket_request (socket, "POST", "/restapi/v1.0/subscription/", body, 200);
}
