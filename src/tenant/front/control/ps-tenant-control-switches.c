/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a tester can turn: faults, limits, sockets, time, churn, and the counts.
 */
#include "config.h"

#include "ps-tenant-control.h"

#include <string.h>

#define LONGEST_JUMP_MS (31.0 * 24 * 3600 * 1000)

/* --- faults --- */

static void
list_faults (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "faults");
  ps_tenant_server_add_faults (request->server, builder);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static void
set_fault (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *name = ps_control_body_string (body, "name");
  gboolean has_value = ps_control_body_has (body, "value");
  const char *value = ps_control_body_string (body, "value");

  ps_control_body_require (body, name != NULL && strchr (name, '=') == NULL, "\"name\" must be given, without a =.");
  ps_control_body_require (body, has_value, "\"value\" must be given: text, or null to switch the fault off.");
  if (!ps_control_body_ok (body, reply))
    return;
  if (!ps_tenant_server_set_fault (request->server, name, value))
    ps_control_fail (reply, SOUP_STATUS_BAD_REQUEST,
                     "\"name\" must look like name, name@/path, name@PUT /path or name*3, and \"value\" must fit: "
                     "delay takes ms, status 400 to 599, 429 seconds.");
  else
    list_faults (request, reply);
}

static void
clear_faults (const PsTenantRequest *request, PsTenantReply *reply)
{
  ps_tenant_server_clear_faults (request->server);
  ps_control_no_content (reply);
}

/* --- limits and sockets --- */

static void
set_limit (const PsTenantRequest *request, PsTenantReply *reply)
{
  static const char *const groups[] = { "Light", "Medium", "Heavy", "Auth", NULL };
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  const char *group = ps_control_body_string (body, "group");
  guint per_minute = (guint) ps_control_body_number (body, "per_minute", 1, 1000000, 0);
  guint penalty_s = (guint) ps_control_body_number (body, "penalty_s", 0, 3600, 60);

  ps_control_body_require (body, group != NULL && g_strv_contains (groups, group),
                           "\"group\" must be Light, Medium, Heavy or Auth.");
  ps_control_body_require (body, per_minute > 0, "\"per_minute\" must be given.");
  if (!ps_control_body_ok (body, reply))
    return;
  ps_tenant_ringcentral_set_limit (request->server, group, per_minute, penalty_s);
  ps_control_no_content (reply);
}

static void
cut_sockets (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_control_put_int (builder, "cut", ps_tenant_ringcentral_sockets (request->server));
  ps_tenant_ringcentral_cut_sockets (request->server);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

/* --- time and churn --- */

static void
set_time (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  gint64 advance_ms = (gint64) ps_control_body_number (body, "advance_ms", 0, LONGEST_JUMP_MS, 0);
  double speed = ps_control_body_number (body, "speed", 0, 100000, -1);
  gint64 now_ms;

  ps_control_body_require (body, ps_control_body_has (body, "advance_ms") || speed >= 0,
                           "Give \"advance_ms\" or \"speed\".");
  if (!ps_control_body_ok (body, reply))
    return;
  if (speed >= 0)
    ps_tenant_server_set_speed (request->server, speed);
  ps_tenant_server_advance (request->server, advance_ms);
  now_ms = ps_tenant_world_now (request->world);
  json_builder_begin_object (builder);
  ps_control_put_time (builder, "time", now_ms);
  ps_control_put_int (builder, "time_ms", now_ms);
  ps_control_put_number (builder, "speed", ps_tenant_server_speed (request->server));
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static void
set_churn (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (PsControlBody) body = ps_control_body_new (request);
  double per_second = ps_control_body_number (body, "per_second", 0, 10000, -1);

  ps_control_body_require (body, per_second >= 0, "\"per_second\" must be given.");
  if (!ps_control_body_ok (body, reply))
    return;
  ps_tenant_world_set_churn (request->world, per_second);
  ps_control_no_content (reply);
}

/* --- counts and mail --- */

static void
list_requests (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_tenant_server_add_counts (request->server, builder);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

static void
reset_requests (const PsTenantRequest *request, PsTenantReply *reply)
{
  ps_tenant_server_reset_counts (request->server);
  ps_control_no_content (reply);
}

static void
list_mail (const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "mail");
  ps_tenant_microsoft_mail (request->server, builder);
  ps_control_reply (reply, SOUP_STATUS_OK, builder);
}

void
ps_control_switches_attach (PsTenantServer *server)
{
  static const PsControlRoute routes[] = {
    { "GET", "/control/faults", list_faults },         { "POST", "/control/faults", set_fault },
    { "DELETE", "/control/faults", clear_faults },     { "POST", "/control/limits", set_limit },
    { "POST", "/control/sockets/cut", cut_sockets },   { "POST", "/control/time", set_time },
    { "POST", "/control/churn", set_churn },           { "GET", "/control/requests", list_requests },
    { "DELETE", "/control/requests", reset_requests }, { "GET", "/control/mail", list_mail },
  };

  ps_control_add (server, routes, G_N_ELEMENTS (routes));
}
