/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-service.h"

#include <string.h>

#include "ps-clock.h"
#include "ps-transport.h"

#define DEADLINE_S 20

typedef enum {
  SCRIPT_REPLY,
  SCRIPT_TEAR_HALF,
  SCRIPT_TEAR_BEFORE,
  SCRIPT_STALL,
} ScriptKind;

typedef struct {
  ScriptKind kind;
  guint status;
  char *content_type, *body;
  gsize length;
  GStrv headers;
} Script;

struct _FakeService {
  SoupServer *server;
  char *url;
  GQueue script;       /* (element-type Script) */
  GPtrArray *requests; /* (element-type FakeRequest) */
  GPtrArray *stalled;  /* (element-type SoupServerMessage) */
};

static void
script_free (Script *script)
{
  g_free (script->content_type);
  g_free (script->body);
  g_strfreev (script->headers);
  g_free (script);
}

static void
request_free (FakeRequest *request)
{
  g_free (request->method);
  g_free (request->path);
  g_free (request->body);
  soup_message_headers_unref (request->headers);
  g_free (request);
}

static void
record (FakeService *self, SoupServerMessage *message)
{
  FakeRequest *request = g_new0 (FakeRequest, 1);
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_uri_get_query (uri) != NULL ? g_strconcat (g_uri_get_path (uri), "?", g_uri_get_query (uri), NULL)
                                                : g_strdup (g_uri_get_path (uri));
  request->headers = soup_message_headers_ref (soup_server_message_get_request_headers (message));
  request->body = g_strndup (body->data != NULL ? body->data : "", (gsize) body->length);
  request->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  request->ms = ps_now_ms ();
  g_ptr_array_add (self->requests, request);
}

static void
tear (SoupServerMessage *message, gboolean half)
{
  static const char text[] =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"value\":";
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);

  if (half)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), text, strlen (text), NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
reply (SoupServerMessage *message, const Script *script)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, script->status, NULL);
  for (guint i = 0; script->headers != NULL && script->headers[i] != NULL; i += 2)
    soup_message_headers_append (headers, script->headers[i], script->headers[i + 1]);
  if (script->body != NULL)
    soup_server_message_set_response (message, script->content_type, SOUP_MEMORY_COPY, script->body, script->length);
}

static void
handle (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query, gpointer user_data)
{
  FakeService *self = user_data;
  Script *script = g_queue_pop_head (&self->script);

  record (self, message);
  if (script == NULL)
    g_error ("Nothing was to be asked any more: %s %s", soup_server_message_get_method (message), path);
  switch (script->kind) {
  case SCRIPT_TEAR_HALF:
  case SCRIPT_TEAR_BEFORE:
    tear (message, script->kind == SCRIPT_TEAR_HALF);
    break;
  case SCRIPT_STALL:
    soup_server_message_pause (message);
    g_ptr_array_add (self->stalled, g_object_ref (message));
    break;
  case SCRIPT_REPLY:
  default:
    reply (message, script);
    break;
  }
  script_free (script);
}

FakeService *
fake_service_new (void)
{
  FakeService *self = g_new0 (FakeService, 1);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify) request_free);
  self->stalled = g_ptr_array_new_with_free_func (g_object_unref);
  g_queue_init (&self->script);
  soup_server_add_handler (self->server, NULL, handle, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->url = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return self;
}

void
fake_service_free (FakeService *self)
{
  g_assert_cmpuint (g_queue_get_length (&self->script), ==, 0);
  soup_server_disconnect (self->server);
  g_clear_pointer (&self->stalled, g_ptr_array_unref);
  g_clear_object (&self->server);
  g_ptr_array_unref (self->requests);
  g_free (self->url);
  g_free (self);
}

const char *
fake_service_url (FakeService *self)
{
  return self->url;
}

static Script *
add (FakeService *self, ScriptKind kind)
{
  Script *script = g_new0 (Script, 1);

  script->kind = kind;
  g_queue_push_tail (&self->script, script);
  return script;
}

void
fake_service_reply (FakeService *self, guint status, const char *content_type, const char *body, ...)
{
  Script *script = add (self, SCRIPT_REPLY);
  g_autoptr (GStrvBuilder) headers = g_strv_builder_new ();
  const char *text;
  va_list args;

  script->status = status;
  script->content_type = g_strdup (content_type);
  script->body = g_strdup (body);
  script->length = body != NULL ? strlen (body) : 0;
  va_start (args, body);
  while ((text = va_arg (args, const char *)) != NULL)
    g_strv_builder_add (headers, text);
  va_end (args);
  script->headers = g_strv_builder_end (headers);
}

void
fake_service_json (FakeService *self, guint status, const char *body)
{
  fake_service_reply (self, status, "application/json", body, NULL);
}

void
fake_service_tear (FakeService *self, gboolean half)
{
  add (self, half ? SCRIPT_TEAR_HALF : SCRIPT_TEAR_BEFORE);
}

void
fake_service_stall (FakeService *self)
{
  add (self, SCRIPT_STALL);
}

void
fake_service_flood (FakeService *self, gsize length)
{
  Script *script = add (self, SCRIPT_REPLY);

  script->status = 200;
  script->content_type = g_strdup ("application/json");
  script->body = g_malloc (length);
  memset (script->body, ' ', length);
  script->length = length;
}

guint
fake_service_count (FakeService *self)
{
  return self->requests->len;
}

const FakeRequest *
fake_service_request (FakeService *self, guint index)
{
  g_assert_cmpuint (index, <, self->requests->len);
  return g_ptr_array_index (self->requests, index);
}

const char *
fake_request_header (const FakeRequest *request, const char *name)
{
  return soup_message_headers_get_one (request->headers, name);
}

void
fake_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;

  g_assert_null (*slot);
  *slot = g_object_ref (result);
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_error ("What the test waits for does not happen");
  return G_SOURCE_REMOVE;
}

void
fake_wait (GAsyncResult **result)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_S, deadline_cb, NULL);

  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}

static gboolean
over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

void
fake_wait_until (gint64 ms)
{
  while (ps_now_ms () < ms) {
    g_autoptr (GSource) timeout = ps_clock_timeout_source_new (ms - ps_now_ms ());
    gboolean over = FALSE;

    g_source_set_callback (timeout, over_cb, &over, NULL);
    g_source_attach (timeout, NULL);
    while (!over)
      g_main_context_iteration (NULL, TRUE);
  }
}

void
fake_wait_requests (FakeService *self, guint count)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_S, deadline_cb, NULL);

  while (self->requests->len < count)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
}
