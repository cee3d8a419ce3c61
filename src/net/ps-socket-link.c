/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-socket-link.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-clock.h"
#include "ps-error.h"
#include "ps-http.h"
#include "ps-service-errors.h"

/* A notification has some kilobytes; more than this is no event of RingCentral's. */
#define MAX_PAYLOAD (4 * 1024 * 1024)

struct _PsSocketLink {
  PsRingCentralClient *client; /* (owned) */
  SoupSession *session;        /* (owned) */
  const PsSocketTimes *times;
  const PsSocketLinkEvents *events;
  gpointer data;

  GCancellable *cancellable;           /* (owned): of the token and the handshake */
  char *wsc;                           /* (owned) (nullable) */
  SoupMessage *message;                /* (owned) (nullable): the handshake */
  SoupWebsocketConnection *connection; /* (owned) (nullable): open */

  GSource *timer; /* (owned) (nullable): the handshake's end, then the watch over the open connection */
  gint64 heard_ms;
  gint64 probe_ms; /* 0: no probe is unanswered */
  guint probes;
};

/* --- helpers --- */

static void
clear_timer (PsSocketLink *link)
{
  if (link->timer != NULL)
    g_source_destroy (link->timer);
  g_clear_pointer (&link->timer, g_source_unref);
}

static void
set_timer (PsSocketLink *link, gint64 ms, GSourceFunc callback)
{
  clear_timer (link);
  link->timer = ps_clock_timeout_source_new (ms);
  g_source_set_callback (link->timer, callback, link, NULL);
  g_source_attach (link->timer, g_main_context_get_thread_default ());
}

/* The owner frees the link in here. */
static void
lose (PsSocketLink *link, GError *error, gboolean damaged)
{
  clear_timer (link);
  link->events->lost (error, damaged, link->data);
}

static GError *
broken_error (void)
{
  return ps_error_new (
      PS_ERROR_NETWORK,
      _ ("The connection for RingCentral's events broke. It is made again by itself; until then changes "
         "in RingCentral are noticed later."));
}

static GError *
silence_error (void)
{
  return ps_error_new (PS_ERROR_NETWORK,
                       _ ("The connection for RingCentral's events is dead: nothing has come for a while. It is made "
                          "again by itself; until then changes in RingCentral are noticed later."));
}

static GError *
unreadable_error (void)
{
  return ps_error_new (PS_ERROR_BAD_REPLY,
                       _ ("Something that cannot be read came over the connection for RingCentral's events. The "
                          "connection is made again by itself, and everybody's presence is read anew."));
}

/* --- the open connection --- */

static gboolean watch_cb (gpointer user_data);

static void
watch (PsSocketLink *link)
{
  gint64 wait_ms;

  switch (ps_socket_alive (link->times, ps_now_ms (), link->heard_ms, link->probe_ms, &wait_ms)) {
  case PS_ALIVE:
    set_timer (link, wait_ms, watch_cb);
    break;
  case PS_ALIVE_PROBE:
    ps_socket_link_probe (link);
    break;
  case PS_ALIVE_GONE:
    lose (link, silence_error (), FALSE);
    break;
  default:
    g_assert_not_reached ();
  }
}

static gboolean
watch_cb (gpointer user_data)
{
  watch (user_data);
  return G_SOURCE_REMOVE;
}

static void
heard (PsSocketLink *link)
{
  link->heard_ms = ps_now_ms ();
  if (link->probe_ms == 0)
    return;
  link->probe_ms = 0;
  watch (link);
}

static void
message_cb (SoupWebsocketConnection *connection, SoupWebsocketDataType type, GBytes *message, gpointer user_data)
{
  PsSocketLink *link = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSocketFrame) frame = NULL;

  heard (link);
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    frame = ps_socket_frame_parse (message, &error);
  if (frame != NULL)
    link->events->frame (frame, link->data);
  else
    lose (link, unreadable_error (), TRUE);
}

static void
pong_cb (SoupWebsocketConnection *connection, GBytes *message, gpointer user_data)
{
  heard (user_data);
}

static void
error_cb (SoupWebsocketConnection *connection, GError *error, gpointer user_data)
{
  gboolean damaged = error->domain == SOUP_WEBSOCKET_ERROR;

  g_debug ("Event socket: %s", error->message);
  lose (user_data, damaged ? unreadable_error () : broken_error (), damaged);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer user_data)
{
  g_debug ("Event socket closed with code %u", soup_websocket_connection_get_close_code (connection));
  lose (user_data, broken_error (), FALSE);
}

static void
open_connection (PsSocketLink *link)
{
  /* Whole seconds, at least one: 0 means never. */
  guint keepalive_s = (guint) MAX (link->times->keepalive / 1000, 1);

  soup_websocket_connection_set_max_incoming_payload_size (link->connection, MAX_PAYLOAD);
  soup_websocket_connection_set_keepalive_interval (link->connection, keepalive_s);
  g_signal_connect (link->connection, "message", G_CALLBACK (message_cb), link);
  g_signal_connect (link->connection, "pong", G_CALLBACK (pong_cb), link);
  g_signal_connect (link->connection, "error", G_CALLBACK (error_cb), link);
  g_signal_connect (link->connection, "closed", G_CALLBACK (closed_cb), link);
  link->heard_ms = ps_now_ms ();
  watch (link);
  link->events->opened (link->data);
}

/* --- connecting --- */

static GError *
handshake_error (SoupMessage *message, const GError *error)
{
  guint status = soup_message_get_status (message);
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  GError *result;

  if (status == SOUP_STATUS_UNAUTHORIZED) {
    /* Not the account's credentials: the single-use token, which each attempt takes anew. */
    result = ps_error_new (PS_ERROR_SERVER,
                           _ ("%s did not accept the token that RingCentral had just given out for its "
                              "events. It is tried again with another one by itself."),
                           host);
    ps_error_set_service_code (result, status, NULL, NULL);
    return result;
  }
  if (status >= 400)
    return ps_service_error_from_reply (PS_SERVICE_RINGCENTRAL, status, soup_message_get_response_headers (message),
                                        NULL);
  if (error->domain == SOUP_WEBSOCKET_ERROR)
    return ps_error_new (PS_ERROR_BAD_REPLY,
                         _ ("%s does not answer as RingCentral's event service does. Something between it and this "
                            "computer (a proxy, a filter) may not let WebSocket connections through."),
                         host);
  return ps_service_error_from_network (host, error, soup_message_get_tls_peer_certificate_errors (message));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  PsSocketLink *link;
  guint status;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the link is gone */
  link = user_data;
  clear_timer (link);
  if (connection != NULL) {
    link->connection = connection;
    open_connection (link);
    return;
  }
  status = soup_message_get_status (link->message);
  lose (link, handshake_error (link->message, error), status >= 400 && status < 500 && status != 429);
}

static gboolean
handshake_late_cb (gpointer user_data)
{
  PsSocketLink *link = user_data;
  GError *error = ps_error_new (PS_ERROR_NETWORK,
                                _ ("%s did not answer in time. The connection for RingCentral's events is "
                                   "tried again by itself."),
                                g_uri_get_host (soup_message_get_uri (link->message)));

  lose (link, error, FALSE);
  return G_SOURCE_REMOVE;
}

/* The gateway takes its tokens in the query: the whole address is a secret from here on. */
static GUri *
address_with_tokens (const PsSocketToken *token, const char *wsc, GError **error)
{
  g_autoptr (GUri) uri = ps_http_parse_base_url (token->uri, error);
  g_autoptr (GString) query = g_string_new (NULL);

  if (uri == NULL)
    return NULL;
  if (g_uri_get_query (uri) != NULL)
    g_string_append_printf (query, "%s&", g_uri_get_query (uri));
  g_string_append (query, "access_token=");
  g_string_append_uri_escaped (query, token->token, NULL, FALSE);
  if (wsc != NULL) {
    g_string_append (query, "&wsc=");
    g_string_append_uri_escaped (query, wsc, NULL, FALSE);
  }
  return soup_uri_copy (uri, SOUP_URI_QUERY, query->str, SOUP_URI_NONE);
}

static void
token_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSocketToken) token =
      ps_ringcentral_client_get_socket_token_finish (PS_RINGCENTRAL_CLIENT (source), result, &error);
  g_autoptr (GUri) uri = NULL;
  PsSocketLink *link;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the link is gone */
  link = user_data;
  if (token != NULL)
    uri = address_with_tokens (token, link->wsc, &error);
  if (uri == NULL) {
    lose (link, g_steal_pointer (&error), FALSE);
    return;
  }
  link->message = ps_http_message_new ("GET", uri);
  /* Events are small, and what is not compressed cannot be a bomb. */
  soup_message_disable_feature (link->message, SOUP_TYPE_WEBSOCKET_EXTENSION_MANAGER);
  set_timer (link, link->times->handshake, handshake_late_cb);
  soup_session_websocket_connect_async (link->session, link->message, NULL, NULL, G_PRIORITY_DEFAULT, link->cancellable,
                                        connected_cb, link);
}

/* --- public --- */

PsSocketLink *
ps_socket_link_new (PsRingCentralClient *client, const PsSocketTimes *times, const char *wsc,
                    const PsSocketLinkEvents *events, gpointer data)
{
  PsSocketLink *link = g_new0 (PsSocketLink, 1);

  link->client = g_object_ref (client);
  link->session = ps_http_session_new ();
  link->times = times;
  link->events = events;
  link->data = data;
  link->cancellable = g_cancellable_new ();
  link->wsc = g_strdup (wsc);
  ps_ringcentral_client_get_socket_token_async (client, link->cancellable, token_cb, link);
  return link;
}

/* A close frame still has to leave, so the connection lives on until that is done, or libsoup has waited long enough.
 */
static void
close_politely (SoupWebsocketConnection *connection)
{
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN) {
    g_signal_connect (g_object_ref (connection), "closed", G_CALLBACK (g_object_unref), NULL);
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  }
  g_object_unref (connection);
}

void
ps_socket_link_free (PsSocketLink *link)
{
  if (link == NULL)
    return;
  g_cancellable_cancel (link->cancellable);
  clear_timer (link);
  if (link->connection != NULL) {
    g_signal_handlers_disconnect_by_data (link->connection, link);
    g_clear_pointer (&link->connection, close_politely);
  }
  g_clear_object (&link->message);
  g_clear_object (&link->cancellable);
  g_clear_object (&link->session);
  g_clear_object (&link->client);
  g_free (link->wsc);
  g_free (link);
}

void
ps_socket_link_send (PsSocketLink *link, const char *text)
{
  if (link->connection != NULL && soup_websocket_connection_get_state (link->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_send_text (link->connection, text);
}

void
ps_socket_link_probe (PsSocketLink *link)
{
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;

  if (link->connection == NULL || link->probe_ms != 0)
    return;
  id = g_strdup_printf ("probe-%u", ++link->probes);
  text = ps_socket_frame_heartbeat (id);
  link->probe_ms = ps_now_ms ();
  ps_socket_link_send (link, text);
  set_timer (link, link->times->probe, watch_cb);
}

gint64
ps_socket_link_heard (PsSocketLink *link)
{
  return link->heard_ms;
}
