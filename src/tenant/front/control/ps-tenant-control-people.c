/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is there, what both services show and hold of them, and who comes and goes.
 */
#include "config.h"

#include "ps-tenant-control.h"

#include <string.h>

#define LONGEST_LIST 20000

static const char *const odd_words[] = {
  [PS_TENANT_ODD_NOTHING] = "nothing",
  [PS_TENANT_ODD_ALIAS_ONLY] = "alias-only",
  [PS_TENANT_ODD_UPN_ONLY] = "upn-only",
  [PS_TENANT_ODD_OTHER_CASE] = "other-case",
  [PS_TENANT_ODD_NO_MICROSOFT] = "no-microsoft",
  [PS_TENANT_ODD_NO_RINGCENTRAL] = "no-ringcentral",
  [PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL] = "address-twice-ringcentral",
  [PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT] = "address-twice-microsoft",
  [PS_TENANT_ODD_MICROSOFT_DISABLED] = "microsoft-disabled",
  [PS_TENANT_ODD_RINGCENTRAL_DISABLED] = "ringcentral-disabled",
  [PS_TENANT_ODD_NOT_ACTIVATED] = "not-activated",
  [PS_TENANT_ODD_GUEST] = "guest",
  [PS_TENANT_ODD_NO_EMAIL] = "no-email",
  [PS_TENANT_ODD_NO_LICENCE] = "no-licence",
};

static const char *
odd_word (PsTenantOdd odd)
{
  return (gsize) odd < G_N_ELEMENTS (odd_words) && odd_words[odd] != NULL ? odd_words[odd] : "other";
}

static void
begin_member (JsonBuilder *builder, const char *name)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_object (builder);
}

static void
add_null (JsonBuilder *builder, const char *name)
{
  ps_control_put_string (builder, name, NULL);
}

/* --- Microsoft's side --- */

static void
add_slots (JsonBuilder *builder, const PsTenantTeamsInside *inside)
{
  if (inside->session) {
    begin_member (builder, "session");
    ps_control_put_string (builder, "application_id", inside->application_id);
    ps_control_put_string (builder, "availability", inside->session_availability);
    ps_control_put_string (builder, "activity", inside->session_activity);
    ps_control_put_time (builder, "expires", inside->session_expires_ms);
    json_builder_end_object (builder);
  } else {
    add_null (builder, "session");
  }
  if (inside->preferred) {
    begin_member (builder, "preferred");
    ps_control_put_bool (builder, "by_application", inside->preferred_by_application);
    ps_control_put_string (builder, "availability", inside->preferred_availability);
    ps_control_put_string (builder, "activity", inside->preferred_activity);
    ps_control_put_time (builder, "expires", inside->preferred_expires_ms);
    json_builder_end_object (builder);
  } else {
    add_null (builder, "preferred");
  }
}

static void
add_microsoft (JsonBuilder *builder, const PsTenantMicrosoftUser *user)
{
  PsTenantTeamsShown shown = ps_tenant_teams_shown (user->teams);
  PsTenantTeamsInside inside;

  ps_tenant_teams_look_inside (user->teams, &inside);
  begin_member (builder, "microsoft");
  ps_control_put_string (builder, "id", user->id);
  ps_control_put_string (builder, "user_principal_name", user->user_principal_name);
  ps_control_put_string (builder, "mail", user->mail);
  json_builder_set_member_name (builder, "proxy_addresses");
  json_builder_begin_array (builder);
  for (guint i = 0; user->proxy_addresses != NULL && user->proxy_addresses[i] != NULL; i++)
    json_builder_add_string_value (builder, user->proxy_addresses[i]);
  json_builder_end_array (builder);
  ps_control_put_string (builder, "display_name", user->display_name);
  ps_control_put_bool (builder, "enabled", user->enabled);
  ps_control_put_bool (builder, "guest", user->guest);
  ps_control_put_bool (builder, "teams_licence", user->teams_licence);
  ps_control_put_bool (builder, "deleted", user->deleted);
  begin_member (builder, "shown");
  ps_control_put_string (builder, "availability", shown.availability);
  ps_control_put_string (builder, "activity", shown.activity);
  ps_control_put_bool (builder, "out_of_office", shown.out_of_office);
  ps_control_put_int (builder, "sequence", (gint64) shown.sequence);
  json_builder_end_object (builder);
  begin_member (builder, "client");
  ps_control_put_string (builder, "availability", inside.client_availability);
  ps_control_put_string (builder, "activity", inside.client_activity);
  json_builder_end_object (builder);
  add_slots (builder, &inside);
  ps_control_put_int (builder, "writes", (gint64) inside.writes);
  json_builder_end_object (builder);
}

/* --- RingCentral's side --- */

static void
add_calls (JsonBuilder *builder, const GPtrArray *calls)
{
  json_builder_set_member_name (builder, "calls");
  json_builder_begin_array (builder);
  for (guint i = 0; calls != NULL && i < calls->len; i++) {
    const PsTenantCall *call = g_ptr_array_index (calls, i);

    json_builder_begin_object (builder);
    ps_control_put_string (builder, "direction", call->direction);
    ps_control_put_bool (builder, "queue", call->queue_call);
    ps_control_put_string (builder, "status", call->telephony_status);
    ps_control_put_string (builder, "from", call->from);
    ps_control_put_string (builder, "to", call->to);
    ps_control_put_string (builder, "session_id", call->session_id);
    ps_control_put_time (builder, "start", call->start_ms);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

static void
add_phone_shown (JsonBuilder *builder, const PsTenantPhoneShown *shown)
{
  begin_member (builder, "shown");
  ps_control_put_string (builder, "user_status", shown->user_status);
  ps_control_put_string (builder, "dnd_status", shown->dnd_status);
  ps_control_put_string (builder, "dnd_status_personal", shown->dnd_status_personal);
  ps_control_put_bool (builder, "accept_call_queue_calls", shown->accept_call_queue_calls);
  ps_control_put_string (builder, "message", shown->message);
  ps_control_put_string (builder, "presence_status", shown->presence_status);
  ps_control_put_string (builder, "telephony_status", shown->telephony_status);
  ps_control_put_string (builder, "meeting_status", shown->meeting_status);
  ps_control_put_bool (builder, "forward_all", shown->forward_all_calls);
  ps_control_put_int (builder, "sequence", (gint64) shown->sequence);
  add_calls (builder, shown->calls);
  json_builder_end_object (builder);
}

static void
add_phone (JsonBuilder *builder, PsTenantPhone *phone)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (phone);
  PsTenantPhoneInside inside;

  ps_tenant_phone_look_inside (phone, &inside);
  add_phone_shown (builder, &shown);
  begin_member (builder, "person");
  ps_control_put_string (builder, "user_status", inside.person_user_status);
  ps_control_put_string (builder, "dnd_status", inside.person_dnd_status);
  ps_control_put_bool (builder, "accept_call_queue_calls", inside.person_accept_call_queue_calls);
  json_builder_end_object (builder);
  begin_member (builder, "set_by_client");
  ps_control_put_bool (builder, "user_status", inside.user_status_by_client);
  ps_control_put_bool (builder, "dnd_status", inside.dnd_by_client);
  ps_control_put_bool (builder, "accept_call_queue_calls", inside.queue_calls_by_client);
  json_builder_end_object (builder);
  ps_control_put_int (builder, "current_call", (gint64) ps_tenant_phone_current_call (phone));
  ps_control_put_int (builder, "writes", (gint64) inside.writes);
  ps_control_put_int (builder, "writes_without_effect", (gint64) inside.writes_without_effect);
}

static void
add_ringcentral (JsonBuilder *builder, const PsTenantExtension *extension)
{
  begin_member (builder, "ringcentral");
  ps_control_put_int (builder, "id", extension->id);
  ps_control_put_string (builder, "extension_number", extension->extension_number);
  ps_control_put_string (builder, "type", extension->type);
  ps_control_put_string (builder, "status", extension->status);
  ps_control_put_string (builder, "name", extension->name);
  ps_control_put_string (builder, "email", extension->email);
  ps_control_put_bool (builder, "admin", extension->admin);
  ps_control_put_bool (builder, "deleted", extension->deleted);
  json_builder_set_member_name (builder, "queues");
  json_builder_begin_array (builder);
  for (guint i = 0; extension->queue_ids != NULL && i < extension->queue_ids->len; i++)
    json_builder_add_int_value (builder, g_array_index (extension->queue_ids, gint64, i));
  json_builder_end_array (builder);
  if (extension->phone != NULL)
    add_phone (builder, extension->phone);
  json_builder_end_object (builder);
}

void
ps_control_add_person (JsonBuilder *builder, const PsTenantPerson *person)
{
  json_builder_begin_object (builder);
  ps_control_put_int (builder, "index", person->index);
  ps_control_put_string (builder, "odd", odd_word (person->odd));
  if (person->microsoft != NULL)
    add_microsoft (builder, person->microsoft);
  else
    add_null (builder, "microsoft");
  if (person->extension != NULL)
    add_ringcentral (builder, person->extension);
  else
    add_null (builder, "ringcentral");
  json_builder_end_object (builder);
}

/* --- requests --- */

PsTenantPerson *
ps_control_who (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_tenant_world_find_person (request->world, request->args[0]);

  if (person == NULL)
    ps_control_fail (reply, SOUP_STATUS_NOT_FOUND, "Nobody here is called \"%s\".", request->args[0]);
  return person;
}

static gboolean
contains (const char *text, const char *folded)
{
  g_autofree char *mine = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return mine != NULL && strstr (mine, folded) != NULL;
}

static gboolean
person_fits (const PsTenantPerson *person, const char *folded)
{
  const PsTenantMicrosoftUser *user = person->microsoft;
  const PsTenantExtension *extension = person->extension;

  if (folded == NULL)
    return TRUE;
  return (user != NULL && (contains (user->display_name, folded) || contains (user->user_principal_name, folded) ||
                           contains (user->mail, folded))) ||
         (extension != NULL && (contains (extension->name, folded) || contains (extension->email, folded) ||
                                contains (extension->extension_number, folded))) ||
         contains (odd_word (person->odd), folded);
}

static gboolean
read_range (const PsTenantRequest *request, const char *name, guint64 fallback, guint64 *value)
{
  const char *text = ps_tenant_request_query (request, name);

  *value = fallback;
  return text == NULL || g_ascii_string_to_unsigned (text, 10, 0, LONGEST_LIST, value, NULL);
}

static void
list_people (const PsTenantRequest *request, PsTenantReply *reply)
{
  const GPtrArray *people = ps_tenant_world_people (request->world);
  const char *search = ps_tenant_request_query (request, "search");
  g_autofree char *folded = search != NULL ? g_utf8_casefold (search, -1) : NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  guint64 offset, limit;
  guint total = 0;

  if (!read_range (request, "offset", 0, &offset) || !read_range (request, "limit", 100, &limit)) {
    ps_control_fail (reply, SOUP_STATUS_BAD_REQUEST, "offset and limit must be numbers from 0 to %d.", LONGEST_LIST);
    return;
  }
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < people->len; i++) {
    const PsTenantPerson *person = g_ptr_array_index (people, i);

    if (!person_fits (person, folded))
      continue;
    if (total >= offset && total < offset + limit)
      ps_control_add_person (builder, person);
    total++;
  }
  json_builder_end_array (builder);
  ps_control_put_int (builder, "total", total);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static void
reply_person (PsTenantReply *reply, guint status, const PsTenantPerson *person)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  ps_control_add_person (builder, person);
  ps_tenant_reply_json (reply, status, json_builder_get_root (builder));
}

static void
show_person (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_control_who (request, reply);

  if (person != NULL)
    reply_person (reply, SOUP_STATUS_OK, person);
}

static gboolean
is_name (const char *text)
{
  return text != NULL && text[0] != '\0' && strlen (text) <= 64;
}

static void
hire (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *first = ps_control_body_string (body, "first_name");
  const char *last = ps_control_body_string (body, "last_name");

  ps_control_body_require (body, is_name (first) && is_name (last),
                           "\"first_name\" and \"last_name\" must be given, up to 64 bytes each.");
  if (ps_control_body_ok (body, reply))
    reply_person (reply, SOUP_STATUS_CREATED, ps_tenant_world_hire (request->world, first, last));
}

static void
leave (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_control_who (request, reply);

  if (person == NULL)
    return;
  ps_tenant_world_leave (request->world, person);
  ps_control_no_content (reply);
}

static void
change_directory (const PsTenantRequest *request, PsTenantReply *reply)
{
  static const char *const statuses[] = { "Enabled", "Disabled", "NotActivated", "Frozen", NULL };
  PsTenantPerson *person = ps_control_who (request, reply);
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  gboolean has_enabled = ps_control_body_has (body, "microsoft_enabled");
  gboolean enabled = ps_control_body_bool (body, "microsoft_enabled", TRUE);
  const char *status = ps_control_body_string (body, "extension_status");

  if (person == NULL)
    return;
  ps_control_body_require (body, !has_enabled || person->microsoft != NULL, "This person has no Microsoft account.");
  ps_control_body_require (body, status == NULL || person->extension != NULL,
                           "This person has no RingCentral extension.");
  ps_control_body_require (body, status == NULL || g_strv_contains (statuses, status),
                           "\"extension_status\" must be Enabled, Disabled, NotActivated or Frozen.");
  if (!ps_control_body_ok (body, reply))
    return;
  if (has_enabled)
    ps_tenant_world_set_microsoft_enabled (request->world, person->microsoft, enabled);
  if (status != NULL)
    ps_tenant_world_set_extension_status (request->world, person->extension, status);
  reply_person (reply, SOUP_STATUS_OK, person);
}

void
ps_control_people_attach (PsTenantServer *server)
{
  static const PsControlRoute routes[] = {
    { "GET", "/control/people", list_people },
    { "POST", "/control/people", hire },
    { "GET", "/control/people/{who}", show_person },
    { "DELETE", "/control/people/{who}", leave },
    { "POST", "/control/people/{who}/directory", change_directory },
  };

  ps_control_add (server, routes, G_N_ELEMENTS (routes));
}
