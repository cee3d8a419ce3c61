/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames of the event socket, each read as everything that a frame can be.
 */
#include "config.h"

#include "fuzz.h"

#include "ps-socket-frame.h"
#include "ps-socket-plan.h"

const char *const ps_fuzz_corpus[] = {
  "[{\"type\":\"ConnectionDetails\",\"messageId\":\"a\",\"status\":200,\"wsc\":{\"token\":\"w\",\"sequence\":1}},"
  "{\"recoveryBufferSize\":100,\"recoveryTimeout\":180,\"absoluteTimeout\":86400,\"recoveryState\":\"Successful\"}]",
  "[{\"type\":\"ClientRequest\",\"messageId\":\"1\",\"status\":200},{\"disabledFilters\":[{\"filter\":"
  "\"/restapi/v1.0/account/~/presence\",\"reason\":\"SUB-402\",\"message\":\"no\"}]}]",
  "[{\"type\":\"ServerNotification\",\"wsc\":{\"token\":\"w\",\"sequence\":2}},{\"uuid\":\"u\",\"event\":"
  "\"/restapi/v1.0/account/1/presence?detailedTelephonyState=true\",\"timestamp\":\"2026-05-01T10:00:00.000Z\","
  "\"body\":{\"extensionId\":\"5\",\"userStatus\":\"Busy\",\"sequence\":9}}]",
  "[{\"type\":\"Error\",\"status\":403},{\"errorCode\":\"SUB-528\",\"errors\":[{\"errorCode\":\"SUB-528\"}]}]",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) text = g_bytes_new_static (data, size);
  g_autoptr (PsSocketFrame) frame = ps_socket_frame_parse (text, NULL);
  g_auto (PsSocketEvent) event = { 0 };
  g_autoptr (GError) error = NULL;
  PsSocketWsc wsc = { NULL, 0 };

  if (frame == NULL)
    return 0;
  ps_socket_wsc_update (&wsc, frame);
  ps_socket_wsc_clear (&wsc);
  ps_socket_frame_details (frame);
  ps_socket_frame_check_subscription (frame, NULL);
  ps_socket_frame_event (frame, FALSE, &event, NULL);
  error = ps_socket_frame_error (frame);
  return error != NULL ? 0 : -1;
}
