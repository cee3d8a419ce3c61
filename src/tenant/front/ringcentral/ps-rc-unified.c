/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Unified presence, read only: what the RingCentral app shows, made of messaging, phone and meeting (§3.4).
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-multipart.h"

static const char *
telephony_availability (const PsTenantPhoneShown *shown)
{
  const char *dnd = shown->dnd_status_personal != NULL ? shown->dnd_status_personal : shown->dnd_status;

  if (g_str_equal (dnd, "DoNotAcceptAnyCalls"))
    return "DoNotAcceptAnyCalls";
  if (shown->dnd_status_personal != NULL)
    return shown->accept_call_queue_calls ? "TakeAllCalls" : "DoNotAcceptQueueCalls";
  return g_str_equal (dnd, "DoNotAcceptDepartmentCalls") ? "DoNotAcceptQueueCalls" : "TakeAllCalls";
}

static const char *
overall_status (const PsTenantPhoneShown *shown, gboolean dnd)
{
  if (dnd)
    return "DND";
  return shown->presence_status; /* Available, Busy, Offline: the same words here */
}

static void
write_unified (PsRcJson *json, PsRcCall *call, PsTenantExtension *extension)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (extension->phone);
  const char *availability = telephony_availability (&shown);
  gboolean own = extension == call->user, dnd = g_str_equal (availability, "DoNotAcceptAnyCalls");
  gboolean offline = g_str_equal (shown.user_status, "Offline") || (!own && !shown.allow_see_my_presence);
  const char *visibility = shown.allow_see_my_presence ? "Visible" : "Invisible";

  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_text (json, "status", offline ? "Offline" : overall_status (&shown, dnd));
  ps_rc_json_open (json, "glip", '{');
  ps_rc_json_text (json, "status", offline ? "Offline" : "Online");
  if (own)
    ps_rc_json_text (json, "visibility", visibility);
  ps_rc_json_text (json, "availability", dnd ? "DND" : "Available");
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "telephony", '{');
  ps_rc_json_text (json, "status", offline && !own ? "NoCall" : shown.telephony_status);
  if (own)
    ps_rc_json_text (json, "visibility", visibility);
  ps_rc_json_text (json, "availability", availability);
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "meeting", '{');
  ps_rc_json_text (json, "status", g_strcmp0 (shown.meeting_status, "Connected") == 0 ? "InMeeting" : "NoMeeting");
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, '}');
}

static void
read_one (PsRcCall *call, const char *id, guint index, gpointer data, PsTenantReply *reply)
{
  PsTenantExtension *extension = ps_rc_call_find (call, id);
  PsRcJson json;

  if (extension == NULL || !ps_rc_extension_has_presence (extension)) {
    ps_rc_fail_not_found (reply, "extensionId");
    return;
  }
  ps_rc_json_init (&json);
  write_unified (&json, call, extension);
  reply->status = 200;
  reply->content_type = g_strdup ("application/json");
  reply->body = ps_rc_json_end (&json);
}

static void
read_cb (PsRcCall *call)
{
  const char *text = call->request->args[1];
  g_auto (GStrv) ids = NULL;

  if (!ps_rc_multipart_wanted (text)) {
    read_one (call, text, 0, NULL, call->reply);
    return;
  }
  ids = g_strsplit (text, ",", -1);
  if (!ps_rc_multipart_check (call, (const char *const *) ids))
    return;
  /* The contract gives the 207 of this one as plain application/json. */
  ps_rc_multipart_run (call, (const char *const *) ids, TRUE, read_one, NULL);
  g_free (call->reply->content_type);
  call->reply->content_type = g_strdup ("application/json");
}

const PsRcRoute ps_rc_unified_routes[] = {
  { "GET", "/restapi/v1.0/account/{accountId}/extension/{extensionId}/unified-presence", "Medium", "ReadPresence",
    read_cb },
  { NULL },
};
