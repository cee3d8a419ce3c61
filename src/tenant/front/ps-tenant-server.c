/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-server.h"

#include "ps-tenant-clock.h"
#include "ps-tenant-faults.h"
#include "ps-tenant-line.h"
#include "ps-tenant-router.h"

#include <string.h>

#define LARGEST_BODY      (4 * 1024 * 1024)
#define TOO_MANY_REQUESTS 429 /* RFC 6585; not in libsoup */
#define CONTROL_PREFIX    "/control/"

struct _PsTenantServer {
  GObject parent_instance;

  PsTenantServerOptions options; /* certificate: (owned) */
  SoupServer *soup;              /* (owned) (nullable after dispose) */
  PsTenantWorld *world;          /* (owned) */
  PsTenantClock *clock;          /* (owned) */
  PsTenantRouter *router;        /* (owned) */
  PsTenantFaults *faults;        /* (owned) */
  PsTenantLine *line;            /* (owned) */
  GHashTable *delayed;           /* (owned) Delay, owned: requests that wait for the fault "delay" */
  GPtrArray *sockets;            /* (owned) SocketRoute, owned */
  char *origin, *ws_origin;

  const char *method, *path; /* of the request that is being answered; NULL outside of one */
};

typedef struct {
  PsTenantServer *server;
  char *path;
  PsTenantSocketHandler handler;
  gpointer data;
} SocketRoute;

typedef struct {
  PsTenantServer *server;
  SoupServerMessage *message; /* (owned) */
  GSource *source;            /* (owned) */
} Delay;

G_DEFINE_FINAL_TYPE (PsTenantServer, ps_tenant_server, G_TYPE_OBJECT)

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
  guint64 status;

  if ((value = ps_tenant_server_take_fault (self, "status")) != NULL) {
    if (!g_ascii_string_to_unsigned (value, 10, 400, 599, &status, NULL))
      status = SOUP_STATUS_INTERNAL_SERVER_ERROR;
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
tear_reply (PsTenantServer *self, SoupServerMessage *message, PsTenantReply *reply)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  if (reply->content_type != NULL)
    soup_message_headers_replace (reply->headers, "Content-Type", reply->content_type);
  ps_tenant_line_tear (self->line, message, reply->status, reply->headers, reply->body != NULL ? reply->body : nothing);
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
  gboolean spared = g_str_has_prefix (request.path, CONTROL_PREFIX);

  ps_tenant_server_dispatch (self, &request, &reply);
  if (!spared && ps_tenant_faults_take (self->faults, "torn", request.method, g_uri_get_path (uri)) != NULL)
    tear_reply (self, message, &reply);
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
  PsTenantRequest request = { .server = self,
                              .world = self->world,
                              .now_ms = ps_tenant_clock_now (self->clock),
                              .method = soup_server_message_get_method (message),
                              .path = g_uri_get_path (soup_server_message_get_uri (message)),
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
  guint64 ms;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &ms, NULL))
    ms = 1000;
  delay->server = self;
  delay->message = g_object_ref (message);
  delay->source = g_timeout_source_new ((guint) ms);
  g_source_set_callback (delay->source, delay_over_cb, delay, NULL);
  g_source_attach (delay->source, g_main_context_get_thread_default ());
  g_signal_connect (message, "finished", G_CALLBACK (delayed_client_left_cb), delay);
  g_hash_table_add (self->delayed, delay);
  soup_server_message_pause (message);
}

static void
message_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  PsTenantServer *self = user_data;
  const char *method = soup_server_message_get_method (message);
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
static void
early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), user_data);
}

/* --- WebSockets --- */

static void
socket_route_free (SocketRoute *route)
{
  g_free (route->path);
  g_free (route);
}

static void
websocket_cb (SoupServer *soup, SoupServerMessage *message, const char *path, SoupWebsocketConnection *connection,
              gpointer user_data)
{
  SocketRoute *route = user_data;
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");

  GSocket *socket = soup_server_message_get_socket (message);

  ps_tenant_clock_now (route->server->clock);
  if (socket != NULL) /* for a front that wants to cut the line without a close frame */
    g_object_set_data_full (G_OBJECT (connection), "ps-tenant-socket", g_object_ref (socket), g_object_unref);
  if (g_str_equal (path, route->path))
    route->handler (route->server, connection, query, route->data);
  else
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "No such path");
}

/* --- listening --- */

static SoupServer *
soup_new (PsTenantServer *self)
{
  SoupServer *soup = soup_server_new ("raw-paths", TRUE, "tls-certificate", self->options.certificate, NULL);

  soup_server_add_handler (soup, NULL, message_cb, self, NULL);
  soup_server_add_early_handler (soup, NULL, early_cb, self, NULL);
  return soup;
}

static gboolean
listen_on (PsTenantServer *self, SoupServer *soup, GSocketFamily family, guint port, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, (guint16) port);

  return soup_server_listen (soup, where, self->options.certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0, error);
}

static guint
first_port (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  guint port = (guint) g_uri_get_port (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/* A free port of 127.0.0.1 may be somebody's on ::1, and "localhost" would lead there: then another one is tried. */
static gboolean
start_listening (PsTenantServer *self, GError **error)
{
  for (guint tries = 0;; tries++) {
    g_autoptr (SoupServer) soup = soup_new (self);
    g_autoptr (GError) six_error = NULL;
    guint port;

    if (!listen_on (self, soup, G_SOCKET_FAMILY_IPV4, self->options.port, error))
      return FALSE;
    port = first_port (soup);
    if (!listen_on (self, soup, G_SOCKET_FAMILY_IPV6, port, &six_error) &&
        g_error_matches (six_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
      if (self->options.port == 0 && tries < 8)
        continue;
      g_propagate_error (error, g_steal_pointer (&six_error));
      return FALSE;
    }
    self->soup = g_steal_pointer (&soup);
    self->origin = g_strdup_printf ("%s://127.0.0.1:%u", self->options.certificate != NULL ? "https" : "http", port);
    self->ws_origin = g_strdup_printf ("%s://127.0.0.1:%u", self->options.certificate != NULL ? "wss" : "ws", port);
    return TRUE;
  }
}

/* --- the object --- */

static void
ps_tenant_server_dispose (GObject *object)
{
  PsTenantServer *self = PS_TENANT_SERVER (object);

  g_hash_table_remove_all (self->delayed);
  g_clear_pointer (&self->line, ps_tenant_line_free);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);

  G_OBJECT_CLASS (ps_tenant_server_parent_class)->dispose (object);
}

static void
ps_tenant_server_finalize (GObject *object)
{
  PsTenantServer *self = PS_TENANT_SERVER (object);

  /* GObject frees the fronts' data in here; they may still want to let go of the world. */
  G_OBJECT_CLASS (ps_tenant_server_parent_class)->finalize (object);

  g_clear_pointer (&self->clock, ps_tenant_clock_free);
  g_clear_pointer (&self->world, ps_tenant_world_free);
  g_hash_table_unref (self->delayed);
  g_ptr_array_unref (self->sockets);
  ps_tenant_router_free (self->router);
  ps_tenant_faults_free (self->faults);
  g_clear_object (&self->options.certificate);
  g_free (self->origin);
  g_free (self->ws_origin);
}

static void
ps_tenant_server_class_init (PsTenantServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ps_tenant_server_dispose;
  object_class->finalize = ps_tenant_server_finalize;
}

static void
ps_tenant_server_init (PsTenantServer *self)
{
  self->router = ps_tenant_router_new ();
  self->faults = ps_tenant_faults_new ();
  self->line = ps_tenant_line_new ();
  self->delayed = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) delay_free, NULL);
  self->sockets = g_ptr_array_new_with_free_func ((GDestroyNotify) socket_route_free);
}

PsTenantServer *
ps_tenant_server_new (const PsTenantServerOptions *options, GError **error)
{
  g_autoptr (PsTenantServer) self = g_object_new (PS_TENANT_TYPE_SERVER, NULL);

  self->options = *options;
  if (options->certificate != NULL)
    g_object_ref (options->certificate);
  if (self->options.speed == 0)
    self->options.speed = 1.0;
  if (self->options.world.start_ms == 0)
    self->options.world.start_ms = g_get_real_time () / 1000;
  if (!start_listening (self, error))
    return NULL;
  self->world = ps_tenant_world_new (&self->options.world);
  self->clock = ps_tenant_clock_new (self->world, MAX (self->options.speed, 0));
  return g_steal_pointer (&self);
}

void
ps_tenant_server_route (PsTenantServer *self, const char *method, const char *pattern, PsTenantHandler handler,
                        gpointer data)
{
  g_return_if_fail (PS_TENANT_IS_SERVER (self) && pattern[0] == '/');

  ps_tenant_router_add (self->router, method, pattern, handler, data);
}

void
ps_tenant_server_errors (PsTenantServer *self, const char *prefix, PsTenantHandler handler, gpointer data)
{
  g_return_if_fail (PS_TENANT_IS_SERVER (self));

  ps_tenant_router_add_errors (self->router, prefix, handler, data);
}

void
ps_tenant_server_socket (PsTenantServer *self, const char *path, PsTenantSocketHandler handler, gpointer data)
{
  SocketRoute *route = g_new0 (SocketRoute, 1);

  g_return_if_fail (PS_TENANT_IS_SERVER (self) && path[0] == '/');

  route->server = self;
  route->path = g_strdup (path);
  route->handler = handler;
  route->data = data;
  g_ptr_array_add (self->sockets, route);
  /* libsoup asks only the nearest handler of a path: what is no handshake must find the general one there, too. */
  soup_server_add_websocket_handler (self->soup, path, NULL, NULL, websocket_cb, route, NULL);
  soup_server_add_handler (self->soup, path, message_cb, self, NULL);
  soup_server_add_early_handler (self->soup, path, early_cb, self, NULL);
}

PsTenantWorld *
ps_tenant_server_world (PsTenantServer *self)
{
  return self->world;
}

gint64
ps_tenant_server_now (PsTenantServer *self)
{
  return ps_tenant_clock_now (self->clock);
}

double
ps_tenant_server_speed (PsTenantServer *self)
{
  return ps_tenant_clock_speed (self->clock);
}

void
ps_tenant_server_set_speed (PsTenantServer *self, double speed)
{
  ps_tenant_clock_set_speed (self->clock, speed);
}

void
ps_tenant_server_advance (PsTenantServer *self, gint64 ms)
{
  ps_tenant_clock_advance (self->clock, ms);
}

const char *
ps_tenant_server_origin (PsTenantServer *self)
{
  return self->origin;
}

const char *
ps_tenant_server_ws_origin (PsTenantServer *self)
{
  return self->ws_origin;
}

const PsTenantServerOptions *
ps_tenant_server_options (PsTenantServer *self)
{
  return &self->options;
}

gboolean
ps_tenant_server_set_fault (PsTenantServer *self, const char *name, const char *value)
{
  return ps_tenant_faults_set (self->faults, name, value);
}

void
ps_tenant_server_clear_faults (PsTenantServer *self)
{
  ps_tenant_faults_clear (self->faults);
}

const char *
ps_tenant_server_fault (PsTenantServer *self, const char *name)
{
  return ps_tenant_faults_look (self->faults, name, self->method, self->path);
}

const char *
ps_tenant_server_take_fault (PsTenantServer *self, const char *name)
{
  return ps_tenant_faults_take (self->faults, name, self->method, self->path);
}

void
ps_tenant_server_add_faults (PsTenantServer *self, JsonBuilder *builder)
{
  ps_tenant_faults_add (self->faults, builder);
}

void
ps_tenant_server_add_counts (PsTenantServer *self, JsonBuilder *builder)
{
  ps_tenant_router_add_counts (self->router, builder);
}

void
ps_tenant_server_reset_counts (PsTenantServer *self)
{
  ps_tenant_router_reset_counts (self->router);
}
