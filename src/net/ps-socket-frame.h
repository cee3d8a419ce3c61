/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages of RingCentral's event socket: every text frame is a JSON array, [meta, body], and the body may be
 * absent. Sources: RingCentral guide "WebSocket notifications", and the types of RingCentral's own SDK. Pure; internal
 * to net.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-presence.h"

G_BEGIN_DECLS

typedef enum {
  PS_FRAME_OTHER, /* a type that was not invented yet: ignored */
  PS_FRAME_CONNECTION_DETAILS,
  PS_FRAME_RESPONSE, /* typed "ClientRequest" on the wire, like the request that it answers */
  PS_FRAME_NOTIFICATION,
  PS_FRAME_HEARTBEAT,
  PS_FRAME_ERROR,
} PsFrameType;

typedef struct {
  PsFrameType type;
  const char *message_id; /* (nullable) of root */
  guint status;           /* 0: none */
  const char *wsc_token;  /* (nullable) of root: recovers this session; a secret */
  guint64 wsc_sequence;
  JsonObject *body; /* (nullable) of root */
  JsonArray *root;  /* (owned) */
} PsSocketFrame;

/* PS_ERROR_BAD_REPLY if @text is not such an array. Returns: (transfer full). */
PsSocketFrame *ps_socket_frame_parse (GBytes *text, GError **error);
void ps_socket_frame_free (PsSocketFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsSocketFrame, ps_socket_frame_free)

/* --- ConnectionDetails --- */

typedef enum {
  PS_RECOVERY_NONE, /* a new session */
  PS_RECOVERY_SUCCESSFUL,
  PS_RECOVERY_FAILED,
} PsSocketRecovery;

typedef struct {
  PsSocketRecovery recovery;
  guint recovery_buffer;      /* messages that are kept for a lost connection */
  gint64 recovery_timeout_ms; /* how long */
  gint64 absolute_timeout_ms; /* after this the service ends the session */
} PsSocketDetails;

/* What is missing gets RingCentral's documented value; nonsense is brought into reason. */
PsSocketDetails ps_socket_frame_details (const PsSocketFrame *frame);

/* --- requests and their answers --- */

/* The one subscription: presence of the whole account (detailed), extensions, directory. Returns: (transfer full). */
char *ps_socket_frame_subscribe (const char *message_id);
/* Returns: (transfer full). */
char *ps_socket_frame_heartbeat (const char *message_id);
/* The answer to a subscription. FALSE: refused, or granted without the presence filter ("disabledFilters"), which
 * PS_ERROR_PERMISSION then names. */
gboolean ps_socket_frame_check_subscription (const PsSocketFrame *frame, GError **error);
/* What a frame of type PS_FRAME_ERROR, or a refused request, says. Returns: (transfer full). */
GError *ps_socket_frame_error (const PsSocketFrame *frame);

/* --- notifications --- */

typedef enum {
  PS_EVENT_OTHER,
  PS_EVENT_PRESENCE,
  PS_EVENT_DIRECTORY, /* extensions or directory entries */
} PsSocketEventKind;

typedef struct {
  PsSocketEventKind kind;
  char *extension_id; /* (owned) (nullable): of a presence event */
  PsPhoneReading reading;
} PsSocketEvent;

void ps_socket_event_clear (PsSocketEvent *event);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsSocketEvent, ps_socket_event_clear)
/* Fills in @event. PS_ERROR_BAD_REPLY: an event that cannot be read, so that a change may be lost. */
gboolean ps_socket_frame_event (const PsSocketFrame *frame, gboolean new_call_handling, PsSocketEvent *event,
                                GError **error);

G_END_DECLS
