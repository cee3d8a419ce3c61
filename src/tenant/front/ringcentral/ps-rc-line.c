/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The life of an event socket: accepted with a single-use token, ConnectionDetails first, then messages, until a
 * timeout, a cut or the end of the OAuth session.
 */
#include "config.h"

#include "ps-rc-line.h"

#define PING_INTERVAL_S 1 /* real: often, so that the idle timeout does not strike when virtual time runs fast */
#define PAYLOAD_MAX     (8 * 1024 * 1024)

static void arm_idle (PsRcLine *line);
static void detach (PsRcLine *line);

static gint64
now_of (PsRcLine *line)
{
  return ps_tenant_world_now (line->front->world);
}

static void
cancel (PsRcLine *line, guint64 *timer)
{
  if (*timer != 0)
    ps_tenant_world_cancel (line->front->world, *timer);
  *timer = 0;
}

static void
line_clear (PsRcLine *line)
{
  detach (line);
  cancel (line, &line->recovery_timer);
  cancel (line, &line->held_timer);
  g_queue_clear_full (&line->missed, g_free);
  g_clear_pointer (&line->subscription, ps_rc_subscription_free);
  g_free (line->held);
  g_free (line->wsc);
}

PsRcLine *
ps_rc_line_ref (PsRcLine *line)
{
  return g_rc_box_acquire (line);
}

void
ps_rc_line_unref (PsRcLine *line)
{
  g_rc_box_release_full (line, (GDestroyNotify) line_clear);
}

gboolean
ps_rc_line_is_open (PsRcLine *line)
{
  return line->connection != NULL &&
         soup_websocket_connection_get_state (line->connection) == SOUP_WEBSOCKET_STATE_OPEN;
}

void
ps_rc_line_send (PsRcLine *line, const char *text)
{
  if (!ps_rc_line_is_open (line))
    return;
  line->active_ms = now_of (line);
  soup_websocket_connection_send_text (line->connection, text);
}

static void
write_header (const char *name, const char *value, gpointer data)
{
  ps_rc_json_text (data, name, value);
}

void
ps_rc_line_write_meta (PsRcJson *json, const char *type, const char *message_id, guint status,
                       SoupMessageHeaders *headers, PsRcLine *wsc_of)
{
  g_autofree char *random = g_uuid_string_random ();

  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_text (json, "type", type);
  ps_rc_json_text (json, "messageId", message_id != NULL ? message_id : random);
  ps_rc_json_int (json, "status", status);
  ps_rc_json_open (json, "headers", '{');
  if (headers != NULL)
    soup_message_headers_foreach (headers, write_header, json);
  if (headers == NULL || soup_message_headers_get_one (headers, "RCRequestId") == NULL)
    ps_rc_json_text (json, "RCRequestId", random);
  ps_rc_json_close (json, '}');
  if (wsc_of != NULL) {
    ps_rc_json_open (json, "wsc", '{');
    ps_rc_json_text (json, "token", wsc_of->wsc);
    ps_rc_json_int (json, "sequence", (gint64) ++wsc_of->sequence);
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, '}');
}

void
ps_rc_line_send_error (SoupWebsocketConnection *connection, const char *message_id, guint status, const char *code,
                       const char *message)
{
  g_auto (PsRcJson) json = { 0 };

  if (soup_websocket_connection_get_state (connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  ps_rc_line_write_meta (&json, "Error", message_id, status, NULL, NULL);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", code);
  ps_rc_json_text (&json, "message", message);
  ps_rc_json_open (&json, "errors", '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", code);
  ps_rc_json_text (&json, "message", message);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  soup_websocket_connection_send_text (connection, json.text->str);
}

static void
send_details (PsRcLine *line, const char *recovery_state, const char *recovery_error)
{
  g_auto (PsRcJson) json = { 0 };

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  ps_rc_line_write_meta (&json, "ConnectionDetails", NULL, 200, NULL, line);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_time (&json, "creationTime", now_of (line));
  ps_rc_json_int (&json, "maxConnectionsPerSession", 50);
  ps_rc_json_int (&json, "recoveryBufferSize", PS_RC_RECOVERY_BUFFER);
  ps_rc_json_int (&json, "recoveryTimeout", PS_RC_RECOVERY_TIMEOUT_S);
  ps_rc_json_int (&json, "idleTimeout", PS_RC_IDLE_TIMEOUT_S);
  ps_rc_json_int (&json, "absoluteTimeout", PS_RC_ABSOLUTE_TIMEOUT_S);
  ps_rc_json_int (&json, "maxActiveRequests", 10);
  ps_rc_json_text (&json, "recoveryState", recovery_state);
  ps_rc_json_text (&json, "recoveryErrorCode", recovery_error);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_line_send (line, json.text->str);
}

static void
message_cb (SoupWebsocketConnection *connection, int type, GBytes *message, gpointer data)
{
  g_autoptr (PsRcLine) line = ps_rc_line_ref (data);

  ps_tenant_server_now (line->front->server); /* what was due before this message happens before it */
  if (line->connection != connection)
    return;
  line->active_ms = now_of (line);
  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    ps_rc_line_handle (line, message);
  else
    ps_rc_line_send_error (connection, NULL, 400, "CMN-103", "Cannot parse request");
}

static void
pong_cb (SoupWebsocketConnection *connection, GBytes *payload, gpointer data)
{
  PsRcLine *line = data;

  line->active_ms = now_of (line);
}

static void
closed_cb (SoupWebsocketConnection *connection, gpointer data)
{
  g_autoptr (PsRcLine) line = ps_rc_line_ref (data);

  ps_tenant_server_now (line->front->server);
  if (line->connection != connection)
    return;
  detach (line);
  ps_rc_line_wait_for_recovery (line);
}

/* The line has no connection any more; the connection itself lives until libsoup is through with it. */
static void
detach (PsRcLine *line)
{
  cancel (line, &line->idle_timer);
  cancel (line, &line->absolute_timer);
  if (line->connection != NULL)
    g_signal_handlers_disconnect_by_data (line->connection, line);
  g_clear_object (&line->connection);
}

static void
forget_dying_cb (SoupWebsocketConnection *connection, gpointer data)
{
  PsRcLines *lines = data;

  g_signal_handlers_disconnect_by_data (connection, lines);
  g_ptr_array_remove (lines->dying, connection);
}

/* Takes the connection from the line; the caller closes it. */
static void
let_die (PsRcLine *line)
{
  PsRcLines *lines = line->front->lines;

  if (line->connection == NULL)
    return;
  if (soup_websocket_connection_get_state (line->connection) != SOUP_WEBSOCKET_STATE_CLOSED) {
    g_signal_connect (line->connection, "closed", G_CALLBACK (forget_dying_cb), lines);
    g_ptr_array_add (lines->dying, g_object_ref (line->connection));
  }
  detach (line);
}

static void
close_for (PsRcLine *line, gushort close_code)
{
  g_autoptr (SoupWebsocketConnection) connection = NULL;

  if (!ps_rc_line_is_open (line)) {
    let_die (line);
    return;
  }
  connection = g_object_ref (line->connection);
  let_die (line);
  soup_websocket_connection_close (connection, close_code, NULL);
}

static void
close_with_error (PsRcLine *line, guint status, const char *code, const char *message)
{
  if (line->connection != NULL)
    ps_rc_line_send_error (line->connection, NULL, status, code, message);
  close_for (line, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
absolute_cb (PsTenantWorld *world, gpointer data)
{
  PsRcLine *line = data;

  line->absolute_timer = 0;
  close_with_error (line, 403, "WSG-903", "Absolute timeout expired");
  ps_rc_line_wait_for_recovery (line);
}

static void
idle_cb (PsTenantWorld *world, gpointer data)
{
  PsRcLine *line = data;

  line->idle_timer = 0;
  if (now_of (line) < line->active_ms + PS_RC_IDLE_TIMEOUT_S * 1000) {
    arm_idle (line);
    return;
  }
  close_with_error (line, 403, "WSG-902", "Idle timeout expired");
  ps_rc_line_wait_for_recovery (line);
}

static void
arm_idle (PsRcLine *line)
{
  line->idle_timer =
      ps_tenant_world_at (line->front->world, line->active_ms + PS_RC_IDLE_TIMEOUT_S * 1000, idle_cb, line);
}

static void
attach (PsRcLine *line, SoupWebsocketConnection *connection, PsRcSession *session)
{
  gint64 now_ms = now_of (line);

  cancel (line, &line->recovery_timer);
  line->session = session;
  line->connection = g_object_ref (connection);
  g_signal_connect (connection, "message", G_CALLBACK (message_cb), line);
  g_signal_connect (connection, "pong", G_CALLBACK (pong_cb), line);
  g_signal_connect (connection, "closed", G_CALLBACK (closed_cb), line);
  soup_websocket_connection_set_keepalive_interval (connection, PING_INTERVAL_S);
  soup_websocket_connection_set_max_incoming_payload_size (connection, PAYLOAD_MAX);
  line->active_ms = now_ms;
  arm_idle (line);
  line->absolute_timer =
      ps_tenant_world_at (line->front->world, now_ms + PS_RC_ABSOLUTE_TIMEOUT_S * (gint64) 1000, absolute_cb, line);
}

static PsRcLine *
line_new (PsRcLines *lines)
{
  PsRcLine *line = g_rc_box_new0 (PsRcLine);

  line->front = lines->front;
  g_queue_init (&line->missed);
  g_ptr_array_add (lines->lines, line);
  return line;
}

void
ps_rc_lines_accept (PsTenantServer *server, SoupWebsocketConnection *connection, GHashTable *query, gpointer data)
{
  PsRcFront *front = data;
  const char *token = g_hash_table_lookup (query, "access_token"), *wsc = g_hash_table_lookup (query, "wsc");
  PsRcSession *session = NULL;
  PsRcLine *line = NULL;
  gboolean recovered;

  if (token != NULL)
    session = ps_rc_tokens_take_socket_token (front->tokens, token, ps_tenant_world_now (front->world));
  if (session == NULL) {
    ps_rc_line_send_error (connection, NULL, 401, "OAU-213", "Token not found");
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, NULL);
    return;
  }
  if (wsc != NULL)
    line = ps_rc_lines_find_recoverable (front->lines, wsc, session);
  recovered = line != NULL;
  if (recovered)
    close_for (line, SOUP_WEBSOCKET_CLOSE_GOING_AWAY); /* one of which we have not noticed yet that it is dead */
  else
    line = line_new (front->lines);
  g_free (line->wsc);
  line->wsc = g_uuid_string_random ();
  attach (line, connection, session);
  if (wsc == NULL)
    send_details (line, NULL, NULL);
  else if (recovered)
    send_details (line, "Successful", NULL);
  else
    send_details (line, "Failed", "WSG-904");
  ps_rc_line_replay (line);
}

PsRcLines *
ps_rc_lines_new (PsRcFront *front)
{
  PsRcLines *lines = g_new0 (PsRcLines, 1);

  lines->front = front;
  lines->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_rc_line_unref);
  lines->dying = g_ptr_array_new_with_free_func (g_object_unref);
  return lines;
}

void
ps_rc_lines_free (PsRcLines *lines)
{
  g_ptr_array_unref (lines->lines);
  for (guint i = 0; i < lines->dying->len; i++)
    g_signal_handlers_disconnect_by_data (lines->dying->pdata[i], lines);
  g_ptr_array_unref (lines->dying);
  g_free (lines);
}

void
ps_rc_lines_session_ended (PsRcLines *lines, PsRcSession *session)
{
  for (guint i = lines->lines->len; i > 0; i--) {
    g_autoptr (PsRcLine) line = ps_rc_line_ref (lines->lines->pdata[i - 1]);

    if (line->session != session)
      continue;
    close_with_error (line, 401, "OAU-213", "Token not found");
    detach (line);
    cancel (line, &line->recovery_timer);
    cancel (line, &line->held_timer);
    line->session = NULL;
    g_ptr_array_remove_index (lines->lines, i - 1);
  }
}

void
ps_rc_lines_cut (PsRcLines *lines)
{
  for (guint i = 0; i < lines->lines->len; i++) {
    PsRcLine *line = lines->lines->pdata[i];
    GSocket *socket =
        line->connection != NULL ? g_object_get_data (G_OBJECT (line->connection), "ps-tenant-socket") : NULL;

    if (socket == NULL)
      continue;
    let_die (line);
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
    ps_rc_line_wait_for_recovery (line);
  }
}

guint
ps_rc_lines_count_open (PsRcLines *lines)
{
  guint count = 0;

  for (guint i = 0; i < lines->lines->len; i++)
    if (ps_rc_line_is_open (lines->lines->pdata[i]))
      count++;
  return count;
}
