/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which changes an event socket is told of, and in which words.
 *
 * RingCentral's documents disagree about the extension list's event: the guide's sample has `extensions[]`, the OpenAPI
 * document the fields of one extension. Both are in it.
 */
#include "config.h"

#include "ps-rc-notify.h"
#include "ps-rc-line.h"

#define EVENT_CALLS_MAX 7 /* the latest ones; totalActiveCalls says how many there are */

typedef struct {
  PsRcLine *line;
  const PsTenantExtension *extension;
  const char *event_type; /* Create, Update, Delete */
  const char *telephony;  /* (nullable): what changed, else left out */
  gboolean detailed, sip;
} Event;

typedef void (*BodyFunc) (PsRcJson *json, const Event *event);

static void
send_event (const Event *event, const char *path, BodyFunc write_body)
{
  PsRcFront *front = event->line->front;
  g_autofree char *uuid = g_uuid_string_random ();
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  ps_rc_line_write_meta (&json, "ServerNotification", uuid, 200, NULL, NULL);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "uuid", uuid);
  ps_rc_json_printf (&json, "event", "/restapi/v1.0/account/%" G_GINT64_FORMAT "%s",
                     ps_tenant_world_account_id (front->world), path);
  ps_rc_json_time (&json, "timestamp", ps_tenant_world_now (front->world));
  ps_rc_json_text (&json, "subscriptionId", event->line->subscription->id);
  ps_rc_json_id (&json, "ownerId", event->line->session->extension_id);
  ps_rc_json_open (&json, "body", '{');
  write_body (&json, event);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_line_deliver (event->line, g_string_free (g_steal_pointer (&json.text), FALSE));
}

static void
write_presence (PsRcJson *json, const Event *event)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (event->extension->phone);
  guint calls = shown.calls != NULL ? shown.calls->len : 0;
  gboolean hidden = !shown.allow_see_my_presence && event->line->session->extension_id != event->extension->id;

  ps_rc_json_id (json, "extensionId", event->extension->id);
  ps_rc_json_text (json, "telephonyStatus", hidden ? NULL : event->telephony);
  ps_rc_json_text (json, "aggregatedTelephonyStatus", hidden ? "NoCall" : shown.aggregated_telephony_status);
  if (event->detailed)
    ps_rc_presence_write_calls (json, hidden ? NULL : shown.calls,
                                calls > EVENT_CALLS_MAX ? calls - EVENT_CALLS_MAX : 0, event->sip);
  ps_rc_json_int (json, "sequence", (gint64) shown.sequence);
  ps_rc_json_text (json, "presenceStatus", hidden ? "Offline" : shown.presence_status);
  ps_rc_json_text (json, "userStatus", shown.user_status);
  ps_rc_json_text (json, "meetingStatus", hidden ? "Disconnected" : shown.meeting_status);
  ps_rc_json_text (json, "dndStatus", shown.dnd_status);
  if (shown.dnd_status_personal != NULL) {
    ps_rc_json_text (json, "dndStatusPersonal", shown.dnd_status_personal);
    ps_rc_json_bool (json, "acceptCallQueueCalls", shown.accept_call_queue_calls);
  }
  ps_rc_json_bool (json, "allowSeeMyPresence", shown.allow_see_my_presence);
  ps_rc_json_bool (json, "ringOnMonitoredCall", shown.ring_on_monitored_call);
  ps_rc_json_bool (json, "pickUpCallsOnHold", shown.pick_up_calls_on_hold);
  if (event->detailed)
    ps_rc_json_int (json, "totalActiveCalls", hidden ? 0 : calls);
  ps_rc_json_id (json, "ownerId", event->line->session->extension_id);
}

static void
write_dnd (PsRcJson *json, const Event *event)
{
  ps_rc_json_id (json, "extensionId", event->extension->id);
  ps_rc_json_text (json, "dndStatus", ps_tenant_phone_shown (event->extension->phone).dnd_status);
}

static void
write_change (PsRcJson *json, const Event *event)
{
  ps_rc_json_id (json, "extensionId", event->extension->id);
  ps_rc_json_text (json, "eventType", event->event_type);
  if (g_str_equal (event->event_type, "Update")) {
    ps_rc_json_open (json, "hints", '[');
    ps_rc_json_text (json, NULL, "ExtensionInfo");
    ps_rc_json_close (json, ']');
  }
}

static void
write_extension (PsRcJson *json, const Event *event)
{
  write_change (json, event);
  ps_rc_json_id (json, "ownerId", event->line->session->extension_id);
}

static void
write_extensions (PsRcJson *json, const Event *event)
{
  write_extension (json, event);
  ps_rc_json_open (json, "extensions", '[');
  ps_rc_json_open (json, NULL, '{');
  write_change (json, event);
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, ']');
}

static void
write_directory (PsRcJson *json, const Event *event)
{
  ps_rc_json_open (json, "contacts", '[');
  ps_rc_directory_write_entry (json, event->line->front, event->event_type, event->extension, TRUE);
  ps_rc_json_close (json, ']');
}

static void
send_presence (Event *event, const PsRcFilter *filter)
{
  g_autofree char *path = g_strdup_printf ("/extension/%" G_GINT64_FORMAT "/presence%s", event->extension->id,
                                           filter->detailed ? "?detailedTelephonyState=true" : "");

  event->detailed = filter->detailed;
  event->sip = filter->sip;
  send_event (event, path, write_presence);
}

static void
send_one (Event *event, const char *format_end, BodyFunc write_body)
{
  g_autofree char *path = g_strdup_printf ("/extension/%" G_GINT64_FORMAT "%s", event->extension->id, format_end);

  send_event (event, path, write_body);
}

/* The filter of a kind that counts: if both forms are given, the detailed one (§4.1). */
static const PsRcFilter *
best_filter (const PsRcSubscription *subscription, PsRcFilterKind kind, gint64 extension_id)
{
  const PsRcFilter *best = NULL;

  for (guint i = 0; i < subscription->filters->len; i++) {
    const PsRcFilter *filter = subscription->filters->pdata[i];

    if (filter->kind == kind && (filter->extension_id == 0 || filter->extension_id == extension_id) &&
        (best == NULL || (filter->detailed && !best->detailed)))
      best = filter;
  }
  return best;
}

static void
tell_phone (Event *event)
{
  const PsRcSubscription *subscription = event->line->subscription;
  gint64 id = event->extension->id;
  const PsRcFilter *filter;

  filter = best_filter (subscription, PS_RC_FILTER_ACCOUNT_PRESENCE, id);
  if (filter != NULL)
    send_presence (event, filter);
  filter = best_filter (subscription, PS_RC_FILTER_EXTENSION_PRESENCE, id);
  if (filter != NULL)
    send_presence (event, filter);
  if (best_filter (subscription, PS_RC_FILTER_DND, id) != NULL)
    send_one (event, "/presence/dnd", write_dnd);
}

static void
tell_extension (Event *event)
{
  const PsRcSubscription *subscription = event->line->subscription;
  gint64 id = event->extension->id;

  if (best_filter (subscription, PS_RC_FILTER_EXTENSIONS, id) != NULL)
    send_event (event, "/extension", write_extensions);
  if (best_filter (subscription, PS_RC_FILTER_EXTENSION, id) != NULL)
    send_one (event, "", write_extension);
  if (best_filter (subscription, PS_RC_FILTER_DIRECTORY, id) != NULL)
    send_event (event, "/directory/entries", write_directory);
}

static void
tell_all (PsRcFront *front, Event *event, void (*tell) (Event *event))
{
  for (guint i = 0; i < front->lines->lines->len; i++) {
    event->line = front->lines->lines->pdata[i];
    if (event->line->subscription != NULL)
      tell (event);
  }
}

static void
phone_changed (PsRcFront *front, const PsTenantExtension *extension)
{
  Event event = { .extension = extension };
  const char *before, *after;

  if (!ps_rc_extension_has_presence (extension))
    return;
  before = g_hash_table_lookup (front->telephony, &extension->id);
  after = g_intern_string (ps_tenant_phone_shown (extension->phone).telephony_status);
  if (before != after) {
    event.telephony = after;
    g_hash_table_insert (front->telephony, g_memdup2 (&extension->id, sizeof extension->id), (gpointer) after);
  }
  tell_all (front, &event, tell_phone);
}

static void
extension_changed (PsRcFront *front, const PsTenantExtension *extension)
{
  Event event = { .extension = extension, .event_type = "Update" };

  front->directory_version++;
  if (extension->deleted) {
    event.event_type = "Delete";
    g_hash_table_remove (front->telephony, &extension->id);
  } else if (!g_hash_table_contains (front->telephony, &extension->id)) {
    event.event_type = "Create";
    g_hash_table_insert (front->telephony, g_memdup2 (&extension->id, sizeof extension->id),
                         (gpointer) g_intern_static_string ("NoCall"));
  }
  tell_all (front, &event, tell_extension);
}

static void
changed_cb (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  if (change == PS_TENANT_CHANGE_PHONE)
    phone_changed (data, subject);
  else if (change == PS_TENANT_CHANGE_EXTENSION)
    extension_changed (data, subject);
}

void
ps_rc_notify_attach (PsRcFront *front)
{
  const GPtrArray *all = ps_tenant_world_extensions (front->world);

  front->telephony = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (guint i = 0; i < all->len; i++) {
    const PsTenantExtension *extension = all->pdata[i];
    const char *status =
        ps_rc_extension_has_presence (extension) ? ps_tenant_phone_shown (extension->phone).telephony_status : "NoCall";

    g_hash_table_insert (front->telephony, g_memdup2 (&extension->id, sizeof extension->id),
                         (gpointer) g_intern_string (status));
  }
  front->listener = ps_tenant_world_listen (front->world, changed_cb, front);
}

void
ps_rc_notify_detach (PsRcFront *front)
{
  ps_tenant_world_unlisten (front->world, front->listener);
  g_clear_pointer (&front->telephony, g_hash_table_unref);
}
