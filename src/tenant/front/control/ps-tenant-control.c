/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The control interface of the demo tenant: for testers and for the demo, who act as the people in the company do and
 * look at what the services hold. JSON in, JSON out, stable names. It is no part of what is modelled: no sign-in, no
 * limits, no faults, and not counted. It listens where the whole server does, on loopback only, and refuses what a web
 * page sends.
 *
 * {who} is an e-mail address, a user principal name, a directory id (GUID), an extension id or an extension number.
 * A wrong request gets 400, an unknown person 404, and either says why: {"error": text}. Times are UTC, ISO 8601.
 *
 *   GET    /control/state                     time, time_ms, speed, company, people, users (extensions of type User),
 *                                             sockets, churn_per_second, requests, limits{microsoft,ringcentral},
 *                                             tenant{the members of the program's JSON line}
 *   GET    /control/people[?search=TEXT&offset=N&limit=N]
 *                                             people[…], total. TEXT may be a name, an address, an extension number, or
 *                                             what is odd about somebody: alias-only, guest, no-licence, … (limit: 100)
 *   GET    /control/people/{who}              index, odd, microsoft (or null), ringcentral (or null):
 *            microsoft    id, user_principal_name, mail, proxy_addresses, display_name, enabled, guest, teams_licence,
 *                         deleted, shown{availability,activity,out_of_office,sequence}: what Graph answers,
 *                         client{availability,activity}: the person's own Teams, session (an application's, or null),
 *                         preferred{by_application,…} (or null), writes
 *            ringcentral  id, extension_number, type, status, name, email, admin, deleted, queues[id],
 *                         shown{user_status,dnd_status,dnd_status_personal,accept_call_queue_calls,message,
 *                               presence_status,telephony_status,meeting_status,forward_all,sequence,calls[…]},
 *                         person{user_status,dnd_status,accept_call_queue_calls}: what the person chose last,
 *                         set_by_client{user_status,dnd_status,accept_call_queue_calls}: true, if a PUT set it last,
 *                         current_call, writes, writes_without_effect
 *   GET    /control/people/{who}/ring?queue=0|1
 *                                             rings: would a direct call, or one of a queue, ring there now?
 *   POST   /control/people/{who}/teams        any of {"availability": "Busy", "activity": "InACall"}: the person's own
 *                                             client; {"choose": "DoNotDisturb" or null}: by hand, or "Reset status";
 *                                             {"out_of_office": true}. Answers with the person.
 *   POST   /control/people/{who}/phone        any of {"choose": "Available|Busy|DoNotDisturb|Offline"},
 *                                             {"queue_calls": bool}, {"forward_all": bool}, {"meeting": bool}.
 *                                             Answers with the person.
 *   POST   /control/people/{who}/calls        {"action": "begin", "inbound": true, "queue": false, "status":
 *                                             "CallConnected"}; {"action": "status", "call": N, "status": "OnHold"};
 *                                             {"action": "end", "call": N}. Without "call": the newest one. Answers
 * with call, changed (does the phone presence read differently now?) POST   /control/people {"first_name": …,
 * "last_name": …}: hires; 201 with the person DELETE /control/people/{who}              leaves, on both sides; 204 POST
 * /control/people/{who}/directory    any of {"microsoft_enabled": bool}, {"extension_status": "Disabled"} GET
 * /control/ours                      what an application has put there and is still there: sessions[], preferred[] (the
 * slots that an application took), phone[] (values that a client set last and that are not the person's own),
 * counts{sessions,preferred,phone,total} GET    /control/mail                      mail[]: what was sent so far GET
 * /control/requests                  total, routes[{method,pattern,requests,outcomes{"200": N, "503": N}}] DELETE
 * /control/requests                  counts from nought again; 204 GET    /control/faults
 * faults[{name,method,path,value,left,struck}] POST   /control/faults                    {"name": "429@PUT /restapi*3",
 * "value": "30"}; "value": null switches off. The names: ps-tenant-server.h. Answers like GET. DELETE /control/faults
 * all off; 204 POST   /control/limits                    {"group": "Light|Medium|Heavy|Auth", "per_minute": N,
 * "penalty_s": 60}; 204 POST   /control/sockets/cut               drops every event socket, hard; answers with cut: how
 * many POST   /control/time                      {"advance_ms": N} jumps ahead, {"speed": X} (0: time stands still);
 * answers with time, time_ms, speed POST   /control/churn                     {"per_second": X}: random changes in the
 * whole company; 204
 */
#include "config.h"

#include "ps-tenant-control.h"

#include <string.h>

static void
add_limits (PsTenantServer *server, JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "limits");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "microsoft");
  json_builder_begin_object (builder);
  ps_tenant_microsoft_limits (server, builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "ringcentral");
  json_builder_begin_object (builder);
  ps_tenant_ringcentral_limits (server, builder);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
}

static void
show_state (const PsTenantRequest *request, PsTenantReply *reply)
{
  PsTenantServer *server = request->server;
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_control_put_time (builder, "time", request->now_ms);
  ps_control_put_int (builder, "time_ms", request->now_ms);
  ps_control_put_number (builder, "speed", ps_tenant_server_speed (server));
  ps_control_put_string (builder, "company", ps_tenant_world_company (request->world));
  ps_control_put_int (builder, "people", ps_tenant_world_people (request->world)->len);
  ps_control_put_int (builder, "users", ps_tenant_control_users (server));
  ps_control_put_int (builder, "sockets", ps_tenant_ringcentral_sockets (server));
  ps_control_put_number (builder, "churn_per_second", ps_tenant_world_options (request->world)->churn_per_second);
  json_builder_set_member_name (builder, "requests");
  json_builder_begin_object (builder);
  ps_tenant_server_add_counts (server, builder);
  json_builder_end_object (builder);
  add_limits (server, builder);
  json_builder_set_member_name (builder, "tenant");
  ps_tenant_control_describe (server, builder);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static gboolean
is_loopback_name (const char *host)
{
  static const char *const names[] = { "127.0.0.1", "localhost", "[::1]", NULL };
  gsize length;

  if (host == NULL)
    return FALSE;
  length = host[0] == '[' ? strcspn (host, "]") + 1 : strcspn (host, ":");
  for (guint i = 0; names[i] != NULL; i++) {
    if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], host, length) == 0)
      return TRUE;
  }
  return FALSE;
}

/* A page from anywhere can make a browser on this machine send requests to loopback; it cannot keep the browser from
 * adding Origin, and with a name of its own that leads here (DNS rebinding) it has that name in Host. */
static void
guarded (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  const PsControlRoute *route = data;

  if (request->in_batch || soup_message_headers_get_one (request->headers, "Origin") != NULL ||
      !is_loopback_name (soup_message_headers_get_one (request->headers, "Host")))
    ps_control_fail (reply, SOUP_STATUS_FORBIDDEN, "The control interface is for programs on this machine only.");
  else
    route->func (request, reply);
}

static void
shape_error (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  switch (reply->status) {
  case SOUP_STATUS_NOT_FOUND:
    ps_control_fail (reply, reply->status, "There is no %s in the control interface.", request->path);
    break;
  case SOUP_STATUS_METHOD_NOT_ALLOWED:
    ps_control_fail (reply, reply->status, "%s takes %s.", request->path,
                     soup_message_headers_get_one (reply->headers, "Allow"));
    break;
  default:
    ps_control_fail (reply, reply->status, "The request is too large, or is no text.");
  }
}

void
ps_control_add (PsTenantServer *server, const PsControlRoute *routes, gsize n_routes)
{
  for (gsize i = 0; i < n_routes; i++)
    ps_tenant_server_route (server, routes[i].method, routes[i].pattern, guarded, (gpointer) &routes[i]);
}

void
ps_tenant_control_attach (PsTenantServer *self)
{
  static const PsControlRoute routes[] = {
    { "GET", "/control/state", show_state },
  };

  ps_control_add (self, routes, G_N_ELEMENTS (routes));
  ps_control_people_attach (self);
  ps_control_act_attach (self);
  ps_control_ours_attach (self);
  ps_control_switches_attach (self);
  ps_tenant_server_errors (self, "/control/", shape_error, NULL);
}

guint
ps_tenant_control_users (PsTenantServer *self)
{
  const GPtrArray *extensions = ps_tenant_world_extensions (ps_tenant_server_world (self));
  guint n = 0;

  for (guint i = 0; i < extensions->len; i++) {
    const PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    n += !extension->deleted && g_str_equal (extension->type, "User");
  }
  return n;
}

void
ps_tenant_control_describe (PsTenantServer *self, JsonBuilder *builder)
{
  g_autofree char *url = g_strconcat (ps_tenant_server_origin (self), "/control", NULL);

  json_builder_begin_object (builder);
  ps_tenant_microsoft_describe (self, builder);
  ps_tenant_ringcentral_describe (self, builder);
  ps_control_put_string (builder, "control_url", url);
  ps_control_put_int (builder, "users", ps_tenant_control_users (self));
  json_builder_end_object (builder);
}
