/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mock-ringcentral.h"

#include <string.h>

#include "ps-json.h"

typedef struct {
  char *line;
  guint status;
  char *body;
} MockReply;

static void
mock_request_free (MockRequest *request)
{
  g_free (request->line);
  g_free (request->accept);
  g_free (request->body);
  g_free (request);
}

static void
mock_reply_free (MockReply *reply)
{
  g_free (reply->line);
  g_free (reply->body);
  g_free (reply);
}

/* --- REST --- */

static void
answer (SoupServerMessage *message, guint status, const char *body)
{
  const char *type = body[0] == '<' ? "text/html" : "application/json";

  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, body, strlen (body));
}

static void
rest_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Mock *mock = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  MockRequest *request = g_new0 (MockRequest, 1);
  const char *text = g_uri_get_query (uri);

  request->line = g_strdup_printf ("%s %s%s%s", soup_server_message_get_method (message), g_uri_get_path (uri),
                                   text != NULL ? "?" : "", text != NULL ? text : "");
  request->accept =
      g_strdup (soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Accept"));
  request->body = g_strndup (body->data != NULL ? body->data : "", (gsize) body->length);
  g_ptr_array_add (mock->requests, request);

  for (GList *l = mock->replies.head; l != NULL; l = l->next) {
    MockReply *reply = l->data;

    if (g_strcmp0 (reply->line, request->line) != 0)
      continue;
    answer (message, reply->status, reply->body);
    g_queue_delete_link (&mock->replies, l);
    mock_reply_free (reply);
    return;
  }
  g_error ("No reply was prepared for: %s", request->line);
}

static void
token_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  Mock *mock = user_data;
  g_autofree char *body = NULL;

  g_assert_cmpstr (soup_server_message_get_method (message), ==, "POST");
  if (mock->token_status != 0) {
    answer (message, mock->token_status, "{\"errorCode\":\"CMN-201\",\"message\":\"trouble\"}");
    return;
  }
  body = g_strdup_printf ("{\"uri\":\"ws%s/ws?region=a\",\"ws_access_token\":\"token-%u\",\"expires_in\":30}",
                          mock->origin + strlen ("http"), ++mock->tokens);
  answer (message, 200, body);
}

/* --- socket --- */

static void
message_cb (SoupWebsocketConnection *connection, SoupWebsocketDataType type, GBytes *bytes, gpointer user_data)
{
  Mock *mock = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonArray) frame = ps_json_parse_array (bytes, &error);
  JsonObject *meta = ps_json_element_object (frame, 0);
  const char *id = ps_json_string (meta, "messageId");
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  if (g_strcmp0 (ps_json_string (meta, "type"), "Heartbeat") == 0) {
    mock->heartbeats++;
    if (mock->deaf)
      return;
    text = g_strdup_printf ("[{\"type\":\"Heartbeat\",\"messageId\":\"%s\"}]", id);
  } else {
    g_assert_cmpstr (ps_json_string (meta, "type"), ==, "ClientRequest");
    mock->subscribed++;
    g_free (mock->last_subscription);
    mock->last_subscription = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    if (mock->subscribe_body == NULL)
      return;
    text = g_strdup_printf ("[{\"type\":\"ClientRequest\",\"messageId\":\"%s\",\"status\":%u},%s]", id,
                            mock->subscribe_status, mock->subscribe_body);
  }
  soup_websocket_connection_send_text (connection, text);
}

static void
socket_cb (SoupServer *server, SoupServerMessage *message, const char *path, SoupWebsocketConnection *connection,
           gpointer user_data)
{
  Mock *mock = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const char *details = mock->details;

  g_ptr_array_add (mock->queries, g_strdup (query));
  g_set_object (&mock->socket, connection);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), mock);
  if (mock->recovered != NULL && strstr (query, "wsc=") != NULL)
    details = mock->recovered;
  if (details != NULL) {
    g_autofree char *text =
        g_strdup_printf ("[{\"type\":\"ConnectionDetails\",\"messageId\":\"d\",\"status\":200,\"wsc\":"
                         "{\"token\":\"wsc %u\",\"sequence\":%u}},%s]",
                         mock->queries->len, ++mock->sequence, details);

    soup_websocket_connection_send_text (connection, text);
  }
}

static void
refuse_handshake_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
                     gpointer user_data)
{
  Mock *mock = user_data;

  if (mock->handshake_status == 0)
    return;
  g_ptr_array_add (mock->queries, g_strdup (g_uri_get_query (soup_server_message_get_uri (message))));
  if (mock->handshake_retry_after != NULL)
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Retry-After",
                                  mock->handshake_retry_after);
  answer (message, mock->handshake_status, "<html>no</html>");
}

void
mock_send (Mock *mock, const char *text)
{
  g_assert_nonnull (mock->socket);
  soup_websocket_connection_send_text (mock->socket, text);
}

void
mock_send_presence (Mock *mock, const char *extension_id, const char *user_status, guint sequence)
{
  g_autofree char *text = g_strdup_printf (
      "[{\"type\":\"ServerNotification\",\"messageId\":\"n\",\"status\":200,\"wsc\":{\"token\":\"wsc "
      "%u\",\"sequence\":%u}},"
      "{\"uuid\":\"u\",\"event\":\"/restapi/v1.0/account/809646016/"
      "presence?detailedTelephonyState=true\",\"timestamp\":"
      "\"2026-05-01T10:00:00.250Z\",\"subscriptionId\":\"s\",\"body\":{\"extensionId\":\"%s\",\"userStatus\":\"%s\","
      "\"dndStatus\":\"TakeAllCalls\",\"sequence\":%u}}]",
      mock->queries->len, ++mock->sequence, extension_id, user_status, sequence);

  mock_send (mock, text);
}

void
mock_cut (Mock *mock)
{
  GIOStream *stream = soup_websocket_connection_get_io_stream (mock->socket);

  g_io_stream_close (stream, NULL, NULL);
  g_clear_object (&mock->socket);
}

/* --- the rest --- */

gboolean
mock_wake_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

Mock *
mock_new (void)
{
  Mock *mock = g_new0 (Mock, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  mock->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) mock_request_free);
  mock->queries = g_ptr_array_new_with_free_func (g_free);
  mock->details = "{\"recoveryBufferSize\":100,\"recoveryTimeout\":180,\"idleTimeout\":1800,\"absoluteTimeout\":86400}";
  mock->recovered = "{\"recoveryBufferSize\":100,\"recoveryTimeout\":180,\"absoluteTimeout\":86400,"
                    "\"recoveryState\":\"Successful\"}";
  mock->subscribe_status = 200;
  mock->subscribe_body = "{\"id\":\"s\",\"disabledFilters\":[]}";

  mock->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (mock->server, NULL, rest_cb, mock, NULL);
  soup_server_add_handler (mock->server, "/restapi/oauth/wstoken", token_cb, mock, NULL);
  soup_server_add_websocket_handler (mock->server, "/ws", NULL, NULL, socket_cb, mock, NULL);
  soup_server_add_early_handler (mock->server, "/ws", refuse_handshake_cb, mock, NULL);
  soup_server_listen_local (mock->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (mock->server);
  mock->origin = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return mock;
}

void
mock_free (Mock *mock)
{
  soup_server_disconnect (mock->server);
  g_clear_object (&mock->socket);
  g_assert_finalize_object (mock->server);
  g_ptr_array_unref (mock->requests);
  g_ptr_array_unref (mock->queries);
  g_queue_clear_full (&mock->replies, (GDestroyNotify) mock_reply_free);
  g_free (mock->last_subscription);
  g_free (mock->origin);
  g_free (mock);
}

void
mock_reply (Mock *mock, const char *line, guint status, const char *body)
{
  MockReply *reply = g_new0 (MockReply, 1);
  g_auto (GStrv) parts = g_strsplit (body, "ORIGIN", -1);

  reply->line = g_strdup (line);
  reply->status = status;
  reply->body = g_strjoinv (mock->origin, parts);
  g_queue_push_tail (&mock->replies, reply);
}

void
mock_assert_all_used (Mock *mock)
{
  for (GList *l = mock->replies.head; l != NULL; l = l->next)
    g_error ("Nobody asked for: %s", ((MockReply *) l->data)->line);
}

const MockRequest *
mock_request (Mock *mock, guint index)
{
  g_assert_cmpuint (index, <, mock->requests->len);
  return g_ptr_array_index (mock->requests, index);
}

PsRingCentralClient *
mock_client (Mock *mock)
{
  static const char *const groups[] = { "Light", "Medium", "Heavy", "Auth" };
  g_autoptr (GError) error = NULL;
  PsRingCentralClient *client = ps_ringcentral_client_new (mock->origin, NULL, &error);

  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++) {
    g_autoptr (PsBudget) budget = ps_budget_new (10000, 60 * 1000);

    ps_transport_set_budget (ps_ringcentral_client_transport (client), groups[i], budget);
  }
  return client;
}
