/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One extension's presence as RingCentral writes it.
 */
#include "config.h"

#include "ps-rc-front.h"

/* Queues, announcements, menus and so on have a presence resource that says Offline and nothing else (§3.3). */
gboolean
ps_rc_extension_has_presence (const PsTenantExtension *extension)
{
  return extension->phone != NULL && g_str_equal (extension->type, "User");
}

static void
write_sip (PsRcJson *json, const PsTenantCall *call)
{
  ps_rc_json_open (json, "sipData", '{');
  ps_rc_json_text (json, "callId", call->telephony_session_id);
  ps_rc_json_printf (json, "toTag", "t-%s", call->party_id);
  ps_rc_json_printf (json, "fromTag", "f-%s", call->party_id);
  ps_rc_json_printf (json, "remoteUri", "sip:%s@10.0.0.1", call->from);
  ps_rc_json_printf (json, "localUri", "sip:%s@10.0.0.2", call->to);
  ps_rc_json_text (json, "rcSessionId", call->session_id);
  ps_rc_json_close (json, '}');
}

void
ps_rc_presence_write_calls (PsRcJson *json, const GPtrArray *calls, guint first, gboolean sip)
{
  ps_rc_json_open (json, "activeCalls", '[');
  for (guint i = first; calls != NULL && i < calls->len; i++) {
    const PsTenantCall *call = calls->pdata[i];

    ps_rc_json_open (json, NULL, '{');
    ps_rc_json_text (json, "id", call->party_id);
    ps_rc_json_text (json, "direction", call->direction);
    ps_rc_json_bool (json, "queueCall", call->queue_call);
    ps_rc_json_text (json, "from", call->from);
    ps_rc_json_text (json, "fromName", call->from_name);
    ps_rc_json_text (json, "to", call->to);
    ps_rc_json_text (json, "toName", call->to_name);
    ps_rc_json_time (json, "startTime", call->start_ms);
    ps_rc_json_text (json, "telephonyStatus", call->telephony_status);
    ps_rc_json_text (json, "sessionId", call->session_id);
    ps_rc_json_text (json, "telephonySessionId", call->telephony_session_id);
    ps_rc_json_text (json, "partyId", call->party_id);
    ps_rc_json_text (json, "terminationType", "intermediate");
    if (sip)
      write_sip (json, call);
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, ']');
}

static void
write_user (PsRcJson *json, const PsTenantExtension *extension, const PsRcPresenceView *view)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (extension->phone);
  gboolean hidden = !shown.allow_see_my_presence && view->reader_id != extension->id;

  ps_rc_json_text (json, "userStatus", shown.user_status);
  ps_rc_json_text (json, "dndStatus", shown.dnd_status);
  if (shown.dnd_status_personal != NULL) {
    ps_rc_json_text (json, "dndStatusPersonal", shown.dnd_status_personal);
    ps_rc_json_bool (json, "acceptCallQueueCalls", shown.accept_call_queue_calls);
  }
  ps_rc_json_text (json, "message", shown.message);
  ps_rc_json_bool (json, "allowSeeMyPresence", shown.allow_see_my_presence);
  ps_rc_json_text (json, "callerIdVisibility", shown.caller_id_visibility);
  ps_rc_json_bool (json, "ringOnMonitoredCall", shown.ring_on_monitored_call);
  ps_rc_json_bool (json, "pickUpCallsOnHold", shown.pick_up_calls_on_hold);
  ps_rc_json_text (json, "presenceStatus", hidden ? "Offline" : shown.presence_status);
  ps_rc_json_text (json, "telephonyStatus", hidden ? "NoCall" : shown.telephony_status);
  ps_rc_json_text (json, "aggregatedTelephonyStatus", hidden ? "NoCall" : shown.aggregated_telephony_status);
  ps_rc_json_text (json, "cxTelephonyStatus", shown.cx_telephony_status);
  ps_rc_json_text (json, "meetingStatus", hidden ? "Disconnected" : shown.meeting_status);
  if (view->detailed)
    ps_rc_presence_write_calls (json, hidden ? NULL : shown.calls, 0, view->sip);
}

void
ps_rc_presence_write (PsRcJson *json, PsRcFront *front, const char *name, PsTenantExtension *extension,
                      const PsRcPresenceView *view)
{
  ps_rc_json_open (json, name, '{');
  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT "/presence", extension->id);
  ps_rc_json_open (json, "extension", '{');
  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT, extension->id);
  ps_rc_json_int (json, "id", extension->id);
  ps_rc_json_text (json, "extensionNumber", extension->extension_number);
  ps_rc_json_close (json, '}');
  if (ps_rc_extension_has_presence (extension))
    write_user (json, extension, view);
  else
    ps_rc_json_text (json, "presenceStatus", "Offline");
  ps_rc_json_close (json, '}');
}
