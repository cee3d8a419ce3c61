/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Everything of an application's that is in the two services now. "Nothing of ours is left behind" is an empty answer.
 */
#include "config.h"

#include "ps-tenant-control.h"

static guint
add_sessions (JsonBuilder *builder, const GPtrArray *people, gboolean preferred)
{
  guint n = 0;

  json_builder_begin_array (builder);
  for (guint i = 0; i < people->len; i++) {
    const PsTenantMicrosoftUser *user = ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;
    PsTenantTeamsInside inside;

    if (user == NULL || user->deleted)
      continue;
    ps_tenant_teams_look_inside (user->teams, &inside);
    if (preferred ? !(inside.preferred && inside.preferred_by_application) : !inside.session)
      continue;
    json_builder_begin_object (builder);
    ps_control_put_string (builder, "microsoft_id", user->id);
    ps_control_put_string (builder, "user_principal_name", user->user_principal_name);
    if (!preferred)
      ps_control_put_string (builder, "application_id", inside.application_id);
    ps_control_put_string (builder, "availability",
                           preferred ? inside.preferred_availability : inside.session_availability);
    ps_control_put_string (builder, "activity", preferred ? inside.preferred_activity : inside.session_activity);
    ps_control_put_time (builder, "expires", preferred ? inside.preferred_expires_ms : inside.session_expires_ms);
    json_builder_end_object (builder);
    n++;
  }
  json_builder_end_array (builder);
  return n;
}

static guint
add_value (JsonBuilder *builder, const PsTenantExtension *extension, const char *value, const char *now,
           const char *person)
{
  json_builder_begin_object (builder);
  ps_control_put_int (builder, "ringcentral_id", extension->id);
  ps_control_put_string (builder, "name", extension->name);
  ps_control_put_string (builder, "email", extension->email);
  ps_control_put_string (builder, "value", value);
  ps_control_put_string (builder, "now", now);
  ps_control_put_string (builder, "person", person);
  json_builder_end_object (builder);
  return 1;
}

/* A value is ours if the client set it last, and it is not what the person had. */
static guint
add_phone_values (JsonBuilder *builder, const PsTenantExtension *extension)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (extension->phone);
  PsTenantPhoneInside inside;
  guint n = 0;

  ps_tenant_phone_look_inside (extension->phone, &inside);
  if (inside.user_status_by_client && g_strcmp0 (shown.user_status, inside.person_user_status) != 0)
    n += add_value (builder, extension, "user_status", shown.user_status, inside.person_user_status);
  if (inside.dnd_by_client && g_strcmp0 (shown.dnd_status, inside.person_dnd_status) != 0)
    n += add_value (builder, extension, "dnd_status", shown.dnd_status, inside.person_dnd_status);
  /* With the old call handling dndStatus says it all; the flag means nothing there. */
  if (shown.dnd_status_personal != NULL && inside.queue_calls_by_client &&
      shown.accept_call_queue_calls != inside.person_accept_call_queue_calls)
    n += add_value (builder, extension, "accept_call_queue_calls", shown.accept_call_queue_calls ? "true" : "false",
                    inside.person_accept_call_queue_calls ? "true" : "false");
  return n;
}

static guint
add_phones (JsonBuilder *builder, const GPtrArray *extensions)
{
  guint n = 0;

  json_builder_begin_array (builder);
  for (guint i = 0; i < extensions->len; i++) {
    const PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    if (extension->phone != NULL && !extension->deleted)
      n += add_phone_values (builder, extension);
  }
  json_builder_end_array (builder);
  return n;
}

static void
list_ours (const PsTenantRequest *request, PsTenantReply *reply)
{
  const GPtrArray *people = ps_tenant_world_people (request->world);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint sessions, preferred, phone;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "sessions");
  sessions = add_sessions (builder, people, FALSE);
  json_builder_set_member_name (builder, "preferred");
  preferred = add_sessions (builder, people, TRUE);
  json_builder_set_member_name (builder, "phone");
  phone = add_phones (builder, ps_tenant_world_extensions (request->world));
  json_builder_set_member_name (builder, "counts");
  json_builder_begin_object (builder);
  ps_control_put_int (builder, "sessions", sessions);
  ps_control_put_int (builder, "preferred", preferred);
  ps_control_put_int (builder, "phone", phone);
  ps_control_put_int (builder, "total", sessions + preferred + phone);
  json_builder_end_object (builder);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

void
ps_control_ours_attach (PsTenantServer *server)
{
  static const PsControlRoute routes[] = {
    { "GET", "/control/ours", list_ours },
  };

  ps_control_add (server, routes, G_N_ELEMENTS (routes));
}
