/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person does: in Teams, on the phone, with calls.
 */
#include "config.h"

#include "ps-tenant-control.h"

#include <string.h>

static void
reply_person (PsTenantReply *reply, const PsTenantPerson *person)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  ps_control_add_person (builder, person);
  ps_tenant_reply_json (reply, SOUP_STATUS_OK, json_builder_get_root (builder));
}

/* Words that Graph may invent tomorrow are allowed; anything else is a slip. */
static gboolean
is_word (const char *text)
{
  gsize n = text != NULL ? strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") : 0;

  return n > 0 && n <= 48 && text[n] == '\0';
}

static void
act_in_teams (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_control_who (request, reply);
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *availability = ps_control_body_string (body, "availability");
  const char *activity = ps_control_body_string (body, "activity");
  gboolean chooses = ps_control_body_has (body, "choose");
  const char *choice = ps_control_body_string (body, "choose");
  gboolean has_office = ps_control_body_has (body, "out_of_office");
  gboolean out_of_office = ps_control_body_bool (body, "out_of_office", FALSE);

  if (person == NULL)
    return;
  ps_control_body_require (body, person->microsoft != NULL, "This person has no Microsoft account.");
  ps_control_body_require (body, availability != NULL || chooses || has_office,
                           "Give \"availability\" (with \"activity\"), \"choose\" or \"out_of_office\".");
  ps_control_body_require (body, availability != NULL || activity == NULL, "\"activity\" needs \"availability\".");
  ps_control_body_require (body,
                           (availability == NULL || is_word (availability)) && (activity == NULL || is_word (activity)),
                           "\"availability\" and \"activity\" must be words such as Busy and InACall.");
  if (!ps_control_body_ok (body, reply))
    return;
  if (chooses && !ps_tenant_teams_person_choose (person->microsoft->teams, choice)) {
    ps_control_fail (reply, SOUP_STATUS_BAD_REQUEST,
                     "\"choose\" must be Available, Busy, DoNotDisturb, BeRightBack, Away, Offline or null.");
    return;
  }
  if (availability != NULL)
    ps_tenant_teams_person_client (person->microsoft->teams, availability, activity != NULL ? activity : availability);
  if (has_office)
    ps_tenant_teams_person_out_of_office (person->microsoft->teams, out_of_office);
  reply_person (reply, person);
}

static PsTenantPhone *
phone_of (PsTenantPerson *person)
{
  return person->extension != NULL && !person->extension->deleted ? person->extension->phone : NULL;
}

static gboolean
is_phone_choice (const char *text)
{
  static const char *const choices[] = { "Available", "Busy", "DoNotDisturb", "Offline", NULL };

  return g_strv_contains (choices, text);
}

static void
act_on_phone (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_control_who (request, reply);
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *choice = ps_control_body_string (body, "choose");
  gboolean has_queue = ps_control_body_has (body, "queue_calls");
  gboolean queue = ps_control_body_bool (body, "queue_calls", TRUE);
  gboolean has_forward = ps_control_body_has (body, "forward_all");
  gboolean forward = ps_control_body_bool (body, "forward_all", FALSE);
  gboolean has_meeting = ps_control_body_has (body, "meeting");
  gboolean meeting = ps_control_body_bool (body, "meeting", FALSE);
  PsTenantPhone *phone;

  if (person == NULL)
    return;
  phone = phone_of (person);
  ps_control_body_require (body, phone != NULL, "This person has no RingCentral phone.");
  ps_control_body_require (body, choice != NULL || has_queue || has_forward || has_meeting,
                           "Give \"choose\", \"queue_calls\", \"forward_all\" or \"meeting\".");
  ps_control_body_require (body, choice == NULL || is_phone_choice (choice),
                           "\"choose\" must be Available, Busy, DoNotDisturb or Offline.");
  ps_control_body_require (body, !has_queue || phone == NULL || person->extension->queue_ids->len > 0,
                           "This person is in no call queue.");
  if (!ps_control_body_ok (body, reply))
    return;
  if (choice != NULL)
    ps_tenant_phone_person_choose (phone, choice);
  if (has_queue)
    ps_tenant_phone_person_queue_calls (phone, queue);
  if (has_forward)
    ps_tenant_phone_person_forward_all (phone, forward);
  if (has_meeting)
    ps_tenant_phone_meeting (phone, meeting);
  reply_person (reply, person);
}

/* --- calls --- */

static gboolean
is_call_status (const char *text)
{
  static const char *const statuses[] = { "Ringing", "CallConnected", "OnHold", "ParkedCall", NULL };

  return text != NULL && g_strv_contains (statuses, text);
}

/* Replies with the call's number, and whether anything was different afterwards. */
static void
act_on_call (PsTenantPhone *phone, const char *action, guint64 call, gboolean inbound, gboolean queue,
             const char *status, PsTenantReply *reply)
{
  guint64 before = ps_tenant_phone_shown (phone).sequence;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (g_str_equal (action, "begin"))
    call = ps_tenant_phone_call_begin (phone, inbound, queue, status);
  else if (g_str_equal (action, "status"))
    ps_tenant_phone_call_status (phone, call, status);
  else
    ps_tenant_phone_call_end (phone, call);
  if (call == 0) {
    ps_control_fail (reply, SOUP_STATUS_CONFLICT,
                     g_str_equal (action, "begin") ? "All lines are taken." : "There is no call.");
    return;
  }
  json_builder_begin_object (builder);
  ps_control_put_int (builder, "call", (gint64) call);
  ps_control_put_bool (builder, "changed", ps_tenant_phone_shown (phone).sequence != before);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static void
act_with_call (const PsTenantRequest *request, PsTenantReply *reply)
{
  static const char *const actions[] = { "begin", "status", "end", NULL };
  PsTenantPerson *person = ps_control_who (request, reply);
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *action = ps_control_body_string (body, "action");
  const char *status = ps_control_body_string (body, "status");
  gboolean inbound = ps_control_body_bool (body, "inbound", TRUE);
  gboolean queue = ps_control_body_bool (body, "queue", FALSE);
  guint64 call = (guint64) ps_control_body_number (body, "call", 1, G_MAXINT32, 0);
  PsTenantPhone *phone;

  if (person == NULL)
    return;
  phone = phone_of (person);
  ps_control_body_require (body, phone != NULL, "This person has no RingCentral phone.");
  ps_control_body_require (body, action != NULL && g_strv_contains (actions, action),
                           "\"action\" must be begin, status or end.");
  if (status == NULL && g_strcmp0 (action, "begin") == 0)
    status = "CallConnected";
  ps_control_body_require (body, g_strcmp0 (action, "end") == 0 || is_call_status (status),
                           "\"status\" must be Ringing, CallConnected, OnHold or ParkedCall.");
  if (!ps_control_body_ok (body, reply))
    return;
  if (call == 0)
    call = ps_tenant_phone_current_call (phone);
  act_on_call (phone, action, call, inbound, queue, status, reply);
}

static void
ask_ring (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantPerson *person = ps_control_who (request, reply);
  const char *queue = ps_tenant_request_query (request, "queue");
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  if (person == NULL)
    return;
  if (queue != NULL && !g_str_equal (queue, "0") && !g_str_equal (queue, "1")) {
    ps_control_fail (reply, SOUP_STATUS_BAD_REQUEST, "queue must be 0 or 1.");
    return;
  }
  json_builder_begin_object (builder);
  ps_control_put_bool (builder, "rings",
                       phone_of (person) != NULL &&
                           ps_tenant_phone_would_ring (phone_of (person), g_strcmp0 (queue, "1") == 0));
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

void
ps_control_act_attach (PsTenantServer *server)
{
  static const PsControlRoute routes[] = {
    { "POST", "/control/people/{who}/teams", act_in_teams },
    { "POST", "/control/people/{who}/phone", act_on_phone },
    { "POST", "/control/people/{who}/calls", act_with_call },
    { "GET", "/control/people/{who}/ring", ask_ring },
  };

  ps_control_add (server, routes, G_N_ELEMENTS (routes));
}
