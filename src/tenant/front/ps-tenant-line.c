/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-line.h"

struct _PsTenantLine {
  GHashTable *open; /* Connection, owned */
};

typedef struct {
  PsTenantLine *line;
  GIOStream *stream;         /* (owned) */
  GSocket *socket;           /* (owned) what is closed in the end: TLS too shall not say goodbye */
  GSource *watch;            /* (owned) (nullable): the client closes, or says something more */
  GCancellable *cancellable; /* (owned) */
} Connection;

static void
connection_free (Connection *connection)
{
  if (connection->watch != NULL) {
    g_source_destroy (connection->watch);
    g_source_unref (connection->watch);
  }
  g_cancellable_cancel (connection->cancellable);
  g_object_unref (connection->cancellable);
  g_socket_close (connection->socket, NULL);
  g_object_unref (connection->socket);
  g_object_unref (connection->stream);
  g_free (connection);
}

const char *
ps_tenant_line_phrase (guint status)
{
  return status == 429 ? "Too Many Requests" : soup_status_get_phrase (status);
}

PsTenantLine *
ps_tenant_line_new (void)
{
  PsTenantLine *line = g_new0 (PsTenantLine, 1);

  line->open = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) connection_free, NULL);
  return line;
}

void
ps_tenant_line_free (PsTenantLine *line)
{
  g_hash_table_unref (line->open);
  g_free (line);
}

guint
ps_tenant_line_count (PsTenantLine *line)
{
  return g_hash_table_size (line->open);
}

static Connection *
take_over (PsTenantLine *line, SoupServerMessage *message)
{
  g_autoptr (GSocket) socket = NULL;
  GIOStream *stream;
  Connection *connection;

  g_set_object (&socket, soup_server_message_get_socket (message));
  stream = soup_server_message_steal_connection (message);
  if (stream == NULL || socket == NULL) {
    g_clear_object (&stream);
    return NULL; /* the client was faster and has closed it */
  }
  connection = g_new0 (Connection, 1);
  connection->line = line;
  connection->stream = stream;
  connection->socket = g_steal_pointer (&socket);
  connection->cancellable = g_cancellable_new ();
  g_hash_table_add (line->open, connection);
  return connection;
}

static gboolean
client_stirs_cb (GObject *stream, gpointer user_data)
{
  Connection *connection = user_data;
  char ignored[4096];
  gssize n;

  n = g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), ignored, sizeof ignored, NULL, NULL);
  if (n > 0)
    return G_SOURCE_CONTINUE;
  g_hash_table_remove (connection->line->open, connection);
  return G_SOURCE_REMOVE;
}

/* The connection lives until the client closes it. */
static void
watch_client (Connection *connection)
{
  GInputStream *input = g_io_stream_get_input_stream (connection->stream);

  if (!G_IS_POLLABLE_INPUT_STREAM (input))
    return;
  connection->watch = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (connection->watch, G_SOURCE_FUNC (client_stirs_cb), connection, NULL);
  g_source_attach (connection->watch, g_main_context_get_thread_default ());
}

void
ps_tenant_line_hang (PsTenantLine *line, SoupServerMessage *message)
{
  Connection *connection = take_over (line, message);

  if (connection != NULL)
    watch_client (connection);
}

typedef struct {
  PsTenantLine *line;
  Connection *connection;
  GBytes *bytes;
  gboolean stay;
} Torn;

static void
torn_written_cb (GObject *stream, GAsyncResult *result, gpointer user_data)
{
  g_autofree Torn *torn = user_data;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL, &error);
  g_bytes_unref (torn->bytes);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the connection is being freed already */
  if (torn->stay && error == NULL)
    watch_client (torn->connection);
  else
    g_hash_table_remove (torn->line->open, torn->connection);
}

static void
add_header (const char *name, const char *value, gpointer user_data)
{
  g_string_append_printf (user_data, "%s: %s\r\n", name, value);
}

void
ps_tenant_line_tear (PsTenantLine *line, SoupServerMessage *message, guint status, SoupMessageHeaders *headers,
                     GBytes *body, gboolean stay)
{
  GString *text = g_string_new (NULL);
  gsize size = g_bytes_get_size (body);
  Connection *connection;
  Torn *torn;

  g_string_printf (text, "HTTP/1.1 %u %s\r\n", status, ps_tenant_line_phrase (status));
  soup_message_headers_foreach (headers, add_header, text);
  g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n", MAX (size, 1));
  g_string_append_len (text, g_bytes_get_data (body, NULL), size / 2);

  connection = take_over (line, message);
  if (connection == NULL) {
    g_string_free (text, TRUE);
    return;
  }
  torn = g_new0 (Torn, 1);
  torn->line = line;
  torn->connection = connection;
  torn->bytes = g_string_free_to_bytes (text);
  torn->stay = stay;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (connection->stream),
                                   g_bytes_get_data (torn->bytes, NULL), g_bytes_get_size (torn->bytes),
                                   G_PRIORITY_DEFAULT, connection->cancellable, torn_written_cb, torn);
}
