/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-socket-frame.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-error.h"
#include "ps-json.h"
#include "ps-ringcentral-parser.h"
#include "ps-service-errors.h"

#define PRESENCE_FILTER "/restapi/v1.0/account/~/presence?detailedTelephonyState=true"

static const char *const filters[] = { PRESENCE_FILTER, "/restapi/v1.0/account/~/extension",
                                       "/restapi/v1.0/account/~/directory/entries" };

static const struct {
  const char *word;
  PsFrameType type;
} frame_types[] = {
  { "ConnectionDetails", PS_FRAME_CONNECTION_DETAILS },
  { "ClientRequest", PS_FRAME_RESPONSE },
  { "ServerNotification", PS_FRAME_NOTIFICATION },
  { "Heartbeat", PS_FRAME_HEARTBEAT },
  { "Error", PS_FRAME_ERROR },
};

/* --- frames --- */

static PsFrameType
frame_type_from_wire (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (frame_types); i++)
    if (g_strcmp0 (word, frame_types[i].word) == 0)
      return frame_types[i].type;
  return PS_FRAME_OTHER;
}

PsSocketFrame *
ps_socket_frame_parse (GBytes *text, GError **error)
{
  g_autoptr (JsonArray) root = ps_json_parse_array (text, error);
  JsonObject *meta = ps_json_element_object (root, 0);
  const char *type = ps_json_string (meta, "type");
  JsonObject *wsc = ps_json_object (meta, "wsc");
  PsSocketFrame *frame;

  if (root == NULL)
    return NULL;
  if (type == NULL) {
    g_propagate_error (error, ps_json_error ("a frame without a type"));
    return NULL;
  }
  frame = g_new0 (PsSocketFrame, 1);
  frame->type = frame_type_from_wire (type);
  frame->message_id = ps_json_string (meta, "messageId");
  frame->status = (guint) CLAMP (ps_json_integer (meta, "status", 0), 0, 999);
  frame->wsc_token = ps_json_string (wsc, "token");
  frame->wsc_sequence = (guint64) MAX (ps_json_integer (wsc, "sequence", 0), 0);
  frame->body = ps_json_element_object (root, 1);
  frame->root = g_steal_pointer (&root);
  return frame;
}

void
ps_socket_frame_free (PsSocketFrame *frame)
{
  if (frame == NULL)
    return;
  json_array_unref (frame->root);
  g_free (frame);
}

/* --- ConnectionDetails --- */

static gint64
seconds (JsonObject *body, const char *name, gint64 fallback_s, gint64 longest_s)
{
  return CLAMP (ps_json_integer (body, name, fallback_s), 0, longest_s) * 1000;
}

PsSocketDetails
ps_socket_frame_details (const PsSocketFrame *frame)
{
  const char *recovery = ps_json_string (frame->body, "recoveryState");
  PsSocketDetails details = { .recovery = PS_RECOVERY_NONE };

  if (g_strcmp0 (recovery, "Successful") == 0)
    details.recovery = PS_RECOVERY_SUCCESSFUL;
  else if (recovery != NULL)
    details.recovery = PS_RECOVERY_FAILED;
  details.recovery_buffer = (guint) CLAMP (ps_json_integer (frame->body, "recoveryBufferSize", 100), 0, 1000000);
  details.recovery_timeout_ms = seconds (frame->body, "recoveryTimeout", 180, 86400);
  details.absolute_timeout_ms = seconds (frame->body, "absoluteTimeout", 86400, 7 * 86400);
  /* Nought is no life at all: the field must mean something else. */
  if (details.absolute_timeout_ms == 0)
    details.absolute_timeout_ms = G_TIME_SPAN_DAY / 1000;
  return details;
}

/* --- requests and their answers --- */

static JsonBuilder *
begin_frame (const char *type, const char *message_id)
{
  JsonBuilder *builder = json_builder_new ();

  json_builder_begin_array (builder);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "type");
  json_builder_add_string_value (builder, type);
  json_builder_set_member_name (builder, "messageId");
  json_builder_add_string_value (builder, message_id);
  return builder;
}

static char *
end_frame (JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, FALSE);
}

char *
ps_socket_frame_heartbeat (const char *message_id)
{
  g_autoptr (JsonBuilder) builder = begin_frame ("Heartbeat", message_id);

  json_builder_end_object (builder);
  return end_frame (builder);
}

char *
ps_socket_frame_subscribe (const char *message_id)
{
  g_autoptr (JsonBuilder) builder = begin_frame ("ClientRequest", message_id);

  json_builder_set_member_name (builder, "method");
  json_builder_add_string_value (builder, "POST");
  json_builder_set_member_name (builder, "path");
  json_builder_add_string_value (builder, "/restapi/v1.0/subscription/");
  json_builder_end_object (builder);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "eventFilters");
  json_builder_begin_array (builder);
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    json_builder_add_string_value (builder, filters[i]);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "deliveryMode");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "transportType");
  json_builder_add_string_value (builder, "WebSocket");
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  return end_frame (builder);
}

GError *
ps_socket_frame_error (const PsSocketFrame *frame)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GBytes) bytes = NULL;
  char *text;

  if (frame->body == NULL)
    return ps_service_error_from_code (PS_SERVICE_RINGCENTRAL, frame->status, NULL, NULL);
  json_node_set_object (node, frame->body);
  text = json_to_string (node, FALSE);
  bytes = g_bytes_new_take (text, strlen (text));
  return ps_service_error_from_reply (PS_SERVICE_RINGCENTRAL, frame->status, NULL, bytes);
}

/* Does an event path, or a filter, name the account's presence or one extension's? The concrete account id may stand
 * for
 * "~", and the query is optional. */
static PsSocketEventKind
kind_of_path (const char *path)
{
  g_autofree char *plain = path != NULL ? g_strndup (path, strcspn (path, "?")) : NULL;

  if (plain == NULL || !g_str_has_prefix (plain, "/restapi/v1.0/account/"))
    return PS_EVENT_OTHER;
  if (g_str_has_suffix (plain, "/presence"))
    return PS_EVENT_PRESENCE;
  if (g_str_has_suffix (plain, "/extension") || g_str_has_suffix (plain, "/directory/entries"))
    return PS_EVENT_DIRECTORY;
  return PS_EVENT_OTHER;
}

static GError *
presence_filter_error (JsonObject *disabled)
{
  GError *error = ps_error_new (
      PS_ERROR_PERMISSION,
      _ ("RingCentral does not report presence changes to this app: it refused the event “%s”. The app needs the "
         "permissions ReadAccounts and ReadPresence, and the user it is signed in with must be an administrator. "
         "Correct this in the RingCentral developer console, then connect again."),
      ps_json_string (disabled, "filter"));

  ps_error_set_service_code (error, 0, ps_json_string (disabled, "reason"), NULL);
  return error;
}

gboolean
ps_socket_frame_check_subscription (const PsSocketFrame *frame, GError **error)
{
  JsonArray *disabled = ps_json_array (frame->body, "disabledFilters");

  if (frame->status < 200 || frame->status > 299) {
    g_propagate_error (error, ps_socket_frame_error (frame));
    return FALSE;
  }
  for (guint i = 0; i < ps_json_length (disabled); i++) {
    JsonObject *entry = ps_json_element_object (disabled, i);
    const char *filter = ps_json_string (entry, "filter");

    if (kind_of_path (filter) == PS_EVENT_PRESENCE) {
      g_propagate_error (error, presence_filter_error (entry));
      return FALSE;
    }
    /* Directory changes are also found by the regular re-reading. */
    g_debug ("RingCentral refused the event filter %s", filter);
  }
  return TRUE;
}

/* --- notifications --- */

void
ps_socket_event_clear (PsSocketEvent *event)
{
  g_clear_pointer (&event->extension_id, g_free);
}

static gint64
time_from_wire (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, utc) : NULL;

  return time != NULL ? g_date_time_to_unix (time) * 1000 + g_date_time_get_microsecond (time) / 1000 : 0;
}

gboolean
ps_socket_frame_event (const PsSocketFrame *frame, gboolean new_call_handling, PsSocketEvent *event, GError **error)
{
  JsonObject *body = ps_json_object (frame->body, "body");
  const char *path = ps_json_string (frame->body, "event");
  g_autofree char *id = ps_ringcentral_id (body, "extensionId");

  *event = (PsSocketEvent){ .kind = kind_of_path (path) };
  if (path == NULL || (event->kind == PS_EVENT_PRESENCE && id == NULL)) {
    g_propagate_error (error, ps_json_error ("an event without path or extension"));
    return FALSE;
  }
  if (event->kind != PS_EVENT_PRESENCE)
    return TRUE;
  if (!ps_ringcentral_parse_presence (body, new_call_handling, &event->reading, error))
    return FALSE;
  event->reading.event_ms = time_from_wire (ps_json_string (frame->body, "timestamp"));
  event->extension_id = g_steal_pointer (&id);
  return TRUE;
}
