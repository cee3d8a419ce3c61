/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to one request: the faults before it, its handler or the error, the faults after it, and the way out.
 */
#include "config.h"

#include "ps-tenant-server-private.h"

#include <string.h>

#define LARGEST_BODY      (4 * 1024 * 1024)
#define TOO_MANY_REQUESTS 429 /* RFC 6585; not in libsoup */
#define CONTROL_PREFIX    "/control/"

typedef struct {
  PsTenantServer *server;
  SoupServerMessage *message; /* (owned) */
  GSource *source;            /* (owned) */
} Delay;

/* --- answering, for requests from sockets and from $batch alike --- */

static void
shape_error (PsTenantServer *self, const PsTenantRequest *request, PsTenantReply *reply, guint status)
{
  g_autofree char *text = NULL;

  reply->status = status;
  if (ps_tenant_router_shape_error (self->router, request, reply))
    return;
  text = g_strdup_printf ("{\"error\":\"%u %s\"}", status, ps_tenant_line_phrase (status));
  ps_tenant_reply_text (reply, status, "application/json", text);
}

/* Returns: whether a fault answers in place of the handler. */
static gboolean
refuse_by_fault (PsTenantServer *self, const PsTenantRequest *request, PsTenantReply *reply)
{
  const char *value;
  guint64 status = SOUP_STATUS_INTERNAL_SERVER_ERROR;

  if ((value = ps_tenant_server_take_fault (self, "status")) != NULL) {
    g_ascii_string_to_unsigned (value, 10, 400, 599, &status, NULL); /* was tried when it was set */
    shape_error (self, request, reply, (guint) status);
  } else if ((value = ps_tenant_server_take_fault (self, "429")) != NULL) {
    soup_message_headers_replace (reply->headers, "Retry-After", value);
    shape_error (self, request, reply, TOO_MANY_REQUESTS);
  } else if (ps_tenant_server_take_fault (self, "429-bare") != NULL) {
    shape_error (self, request, reply, TOO_MANY_REQUESTS);
  } else {
    return FALSE;
  }
  return TRUE;
}

static void
spoil_by_fault (PsTenantServer *self, PsTenantReply *reply)
{
  if (ps_tenant_server_take_fault (self, "html") != NULL) {
    ps_tenant_reply_text (reply, SOUP_STATUS_OK, "text/html; charset=utf-8",
                          "<!DOCTYPE html><html><head><title>Sign in to the network</title></head><body><h1>Welcome to "
                          "Hotel Wi-Fi</h1><form action=\"/login\"><input name=\"room\"></form></body></html>");
  } else if (ps_tenant_server_take_fault (self, "empty") != NULL) {
    g_clear_pointer (&reply->body, g_bytes_unref);
  } else if (ps_tenant_server_take_fault (self, "broken-json") != NULL) {
    g_autoptr (GBytes) whole = g_steal_pointer (&reply->body);
    gsize size = whole != NULL ? g_bytes_get_size (whole) : 0;

    reply->body = size > 1 ? g_bytes_new_from_bytes (whole, 0, size * 2 / 3) : g_bytes_new_static ("{", 1);
    if (reply->content_type == NULL)
      reply->content_type = g_strdup ("application/json");
  }
}

static void
run_route (PsTenantServer *self, PsTenantRequest *request, GStrv segments, PsTenantReply *reply)
{
  g_autofree char *allow = NULL;
  PsTenantRoute *route = ps_tenant_router_find (self->router, request->method, (const char *const *) segments, &allow);
  gboolean spared = g_str_has_prefix (request->path, CONTROL_PREFIX);
  char outcome[16];

  if (!spared && refuse_by_fault (self, request, reply)) {
    /* the reply is there */
  } else if (route != NULL) {
    ps_tenant_router_args (route, (const char *const *) segments, request->args);
    route->handler (request, reply, route->data);
  } else {
    if (allow != NULL)
      soup_message_headers_replace (reply->headers, "Allow", allow);
    shape_error (self, request, reply, allow != NULL ? SOUP_STATUS_METHOD_NOT_ALLOWED : SOUP_STATUS_NOT_FOUND);
  }
  if (spared)
    return;
  spoil_by_fault (self, reply);
  g_snprintf (outcome, sizeof outcome, "%u", reply->status);
  ps_tenant_router_count (self->router, route, outcome);
}

static gboolean
query_is_text (GHashTable *query)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, query);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
      return FALSE;
  }
  return TRUE;
}

void
ps_tenant_server_dispatch (PsTenantServer *self, PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (GHashTable) query = soup_form_decode (request->query_string != NULL ? request->query_string : "");
  g_autoptr (SoupMessageHeaders) no_headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (GBytes) no_body = g_bytes_new_static ("", 0);
  g_auto (GStrv) segments = ps_tenant_router_split (request->path);
  g_autofree char *joined = segments != NULL ? g_strjoinv ("/", segments) : NULL;
  g_autofree char *path = g_strconcat ("/", joined, NULL);
  const char *outer_method = self->method, *outer_path = self->path;

  request->server = self;
  request->world = self->world;
  request->now_ms = ps_tenant_clock_now (self->clock);
  request->path = path;
  request->query = query;
  if (request->headers == NULL)
    request->headers = no_headers;
  if (request->body == NULL)
    request->body = no_body;
  reply->status = SOUP_STATUS_OK;
  if (reply->headers == NULL)
    reply->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  self->method = request->method;
  self->path = path;
  ps_tenant_clock_hold (self->clock);
  if (segments == NULL || !query_is_text (query))
    shape_error (self, request, reply, SOUP_STATUS_BAD_REQUEST);
  else
    run_route (self, request, segments, reply);
  ps_tenant_clock_release (self->clock);
  self->method = outer_method;
  self->path = outer_path;
  request->query = NULL;
}

/* --- requests from sockets --- */

static void
copy_header (const char *name, const char *value, gpointer user_data)
{
  soup_message_headers_append (user_data, name, value);
}

static void
send_reply (PsTenantServer *self, SoupServerMessage *message, PsTenantReply *reply)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (ps_tenant_world_now (self->world) / 1000);
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);

  soup_message_headers_foreach (reply->headers, copy_header, headers);
  /* libsoup's Date is the real one; who compares it with the times in a body must not be led astray. */
  soup_message_headers_replace (headers, "Date", date);
  if (reply->content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", reply->content_type);
  soup_server_message_set_status (message, reply->status, ps_tenant_line_phrase (reply->status));
  if (reply->body != NULL)
    soup_message_body_append_bytes (body, reply->body);
}

static void
tear_reply (PsTenantServer *self, SoupServerMessage *message, PsTenantReply *reply, gboolean stay)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  if (reply->content_type != NULL)
    soup_message_headers_replace (reply->headers, "Content-Type", reply->content_type);
  ps_tenant_line_tear (self->line, message, reply->status, reply->headers, reply->body != NULL ? reply->body : nothing,
                       stay);
}

/* Returns: (transfer full): the path as faults and fronts see it, whatever the client has encoded. */
static char *
decoded_path (SoupServerMessage *message)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));
  g_autofree char *decoded = g_uri_unescape_string (path, NULL);

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return g_strdup (path);
  return g_steal_pointer (&decoded);
}

static void
answer_message (PsTenantServer *self, SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  g_autoptr (GBytes) body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  PsTenantRequest request = { .method = soup_server_message_get_method (message),
                              .path = g_uri_get_path (uri),
                              .query_string = g_uri_get_query (uri),
                              .headers = soup_server_message_get_request_headers (message),
                              .body = body };
  PsTenantReply reply = { 0 };
  g_autofree char *path = decoded_path (message);
  gboolean spared = g_str_has_prefix (path, CONTROL_PREFIX);

  ps_tenant_server_dispatch (self, &request, &reply);
  if (!spared && ps_tenant_faults_take (self->faults, "torn", request.method, path) != NULL)
    tear_reply (self, message, &reply, FALSE);
  else if (!spared && (reply.endless || ps_tenant_faults_take (self->faults, "endless", request.method, path) != NULL))
    tear_reply (self, message, &reply, TRUE);
  else
    send_reply (self, message, &reply);
  ps_tenant_reply_clear (&reply);
}

/* Answers without looking for a route: @status, or if that is 0 what a fault wants. */
static void
refuse_message (PsTenantServer *self, SoupServerMessage *message, guint status)
{
  g_autoptr (GHashTable) query = soup_form_decode ("");
  g_autoptr (GBytes) body = g_bytes_new_static ("", 0);
  g_autofree char *path = decoded_path (message);
  PsTenantRequest request = { .server = self,
                              .world = self->world,
                              .now_ms = ps_tenant_clock_now (self->clock),
                              .method = soup_server_message_get_method (message),
                              .path = path,
                              .query = query,
                              .headers = soup_server_message_get_request_headers (message),
                              .body = body };
  PsTenantReply reply = { .headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE) };
  gboolean refused = TRUE;

  self->method = request.method;
  self->path = request.path;
  if (status != 0)
    shape_error (self, &request, &reply, status);
  else
    refused = refuse_by_fault (self, &request, &reply);
  self->method = self->path = NULL;
  if (refused) {
    soup_message_headers_clear (soup_server_message_get_response_headers (message));
    send_reply (self, message, &reply);
  }
  ps_tenant_reply_clear (&reply);
}

/* libsoup looks at a handshake after all handlers, if none of them has set a status. */
static gboolean
is_handshake (PsTenantServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *path = g_uri_get_path (soup_server_message_get_uri (message));

  for (guint i = 0; i < self->sockets->len; i++) {
    if (g_str_equal (((SocketRoute *) g_ptr_array_index (self->sockets, i))->path, path))
      return soup_message_headers_header_contains (headers, "Upgrade", "websocket");
  }
  return FALSE;
}

static void
answer_any (PsTenantServer *self, SoupServerMessage *message)
{
  if (is_handshake (self, message))
    refuse_message (self, message, 0);
  else
    answer_message (self, message);
}

static void
delay_free (Delay *delay)
{
  g_signal_handlers_disconnect_by_data (delay->message, delay);
  g_source_destroy (delay->source);
  g_source_unref (delay->source);
  g_object_unref (delay->message);
  g_free (delay);
}

static gboolean
delay_over_cb (gpointer user_data)
{
  Delay *delay = user_data;
  PsTenantServer *self = delay->server;
  g_autoptr (SoupServerMessage) message = g_object_ref (delay->message);

  g_hash_table_remove (self->delayed, delay);
  soup_server_message_unpause (message);
  answer_any (self, message); /* may take the connection away, and with it what could be unpaused */
  return G_SOURCE_REMOVE;
}

static void
delayed_client_left_cb (SoupServerMessage *message, gpointer user_data)
{
  Delay *delay = user_data;

  g_hash_table_remove (delay->server->delayed, delay);
}

static void
delay_message (PsTenantServer *self, SoupServerMessage *message, const char *value)
{
  Delay *delay = g_new0 (Delay, 1);
  guint64 ms = 0;

  g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &ms, NULL); /* was tried when it was set */
  delay->server = self;
  delay->message = g_object_ref (message);
  delay->source = g_timeout_source_new ((guint) ms);
  g_source_set_callback (delay->source, delay_over_cb, delay, NULL);
  g_source_attach (delay->source, g_main_context_get_thread_default ());
  g_signal_connect (message, "finished", G_CALLBACK (delayed_client_left_cb), delay);
  g_hash_table_add (self->delayed, delay);
  soup_server_message_pause (message);
}

void
ps_tenant_answer_message_cb (SoupServer *soup, SoupServerMessage *message, const char *raw_path, GHashTable *query,
                             gpointer user_data)
{
  PsTenantServer *self = user_data;
  const char *method = soup_server_message_get_method (message);
  g_autofree char *path = decoded_path (message);
  const char *value;

  if (g_object_get_data (G_OBJECT (message), "ps-too-large") != NULL) {
    refuse_message (self, message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
  } else if (g_str_has_prefix (path, CONTROL_PREFIX)) {
    answer_message (self, message);
  } else if (ps_tenant_faults_take (self->faults, "hang", method, path) != NULL) {
    ps_tenant_router_count (self->router, NULL, "hang");
    ps_tenant_line_hang (self->line, message);
  } else if ((value = ps_tenant_faults_take (self->faults, "delay", method, path)) != NULL) {
    delay_message (self, message, value);
  } else {
    answer_any (self, message);
  }
}

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length <= LARGEST_BODY)
    return;
  soup_message_body_truncate (body);
  soup_message_body_set_accumulate (body, FALSE);
  g_object_set_data (G_OBJECT (message), "ps-too-large", user_data);
}

/* The head of a request is there; its body may be of any size. */
void
ps_tenant_answer_early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                           gpointer user_data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), user_data);
}

GHashTable *
ps_tenant_answer_delays_new (void)
{
  return g_hash_table_new_full (NULL, NULL, (GDestroyNotify) delay_free, NULL);
}
