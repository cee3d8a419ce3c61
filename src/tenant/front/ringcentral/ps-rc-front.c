/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The RingCentral front as a whole: its state, its routes, and what the program and the control interface ask of it.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-line.h"
#include "ps-rc-notify.h"

#include <string.h>

#define FRONT_KEY    "ps-tenant-ringcentral"
#define REDIRECT_URI "http://localhost:47821/oauth/ringcentral"

typedef struct {
  PsRcFront *front; /* (not owned): owns the array this is in */
  const PsRcRoute *route;
} RouteData;

static void
front_free (PsRcFront *front)
{
  ps_rc_notify_detach (front);
  ps_rc_lines_free (front->lines);
  ps_rc_tokens_free (front->tokens);
  ps_rc_limits_free (front->limits);
  g_ptr_array_unref (front->routes);
  g_hash_table_unref (front->consents);
  g_free (front->jwt);
  g_free (front);
}

static char *
encode (const void *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* The same seed has the same JWT, so that a stored credential stays good when the tenant is started again. */
static char *
make_jwt (PsTenantWorld *world)
{
  static const char header[] = "{\"kid\":\"demo\",\"typ\":\"JWT\",\"alg\":\"RS256\"}";
  guint64 seed = ps_tenant_world_options (world)->seed;
  g_autofree char *payload = g_strdup_printf (
      "{\"aud\":\"https://platform.ringcentral.com/restapi/oauth/token\",\"sub\":\"%" G_GINT64_FORMAT
      "\",\"iss\":\"demo-tenant\",\"exp\":3929000000,\"iat\":1781000000,\"jti\":\"%016" G_GINT64_MODIFIER "x\"}",
      ps_tenant_world_admin (world)->id, seed);
  g_autofree char *first = encode (header, strlen (header));
  g_autofree char *second = encode (payload, strlen (payload));
  g_autofree char *material = g_strdup_printf ("demo tenant %" G_GUINT64_FORMAT, seed);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA512, material, -1);
  g_autofree char *third = encode (digest, strlen (digest));

  return g_strjoin (".", first, second, third, NULL);
}

static void
run_route (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  RouteData *route = data;

  ps_rc_call_run (route->front, route->route, request, reply);
}

static void
add_routes (PsRcFront *front, const PsRcRoute *routes)
{
  for (const PsRcRoute *route = routes; route->method != NULL; route++) {
    RouteData *data = g_new0 (RouteData, 1);

    data->front = front;
    data->route = route;
    g_ptr_array_add (front->routes, data);
    ps_tenant_server_route (front->server, route->method, route->pattern, run_route, data);
  }
}

/* The errors that the server finds before any handler of ours runs. */
static void
shape_error (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  g_autofree char *request_id = g_uuid_string_random ();

  soup_message_headers_replace (reply->headers, "RCRequestId", request_id);
  switch (reply->status) {
  case 404:
    ps_rc_fail (reply, 404, NULL, "CMN-120", NULL, NULL, "Invalid URI");
    break;
  case 405:
    ps_rc_fail (reply, 405, NULL, "CMN-121", NULL, NULL, "Method %s is not allowed", request->method);
    break;
  case 413:
    ps_rc_fail (reply, 413, NULL, "CMN-106", NULL, NULL, "Request entity is too large");
    break;
  case 429: /* without X-Rate-Limit-* headers: not one of the user's own groups */
    ps_rc_fail (reply, 429, NULL, "CMN-310", NULL, NULL, "Request rate exceeded");
    break;
  case 503:
    ps_rc_fail (reply, 503, NULL, "CMN-203", NULL, NULL, "Service temporarily unavailable");
    break;
  default:
    ps_rc_fail (reply, reply->status, NULL, reply->status >= 500 ? "CMN-201" : "CMN-103", NULL, NULL, "%s",
                reply->status >= 500 ? "Service error" : "Cannot parse request");
    break;
  }
}

static void
session_ended (PsRcSession *session, gpointer data)
{
  PsRcFront *front = data;

  ps_rc_lines_session_ended (front->lines, session);
}

static void
add_applications (PsRcFront *front)
{
  front->service.client_id = "DemoTenantServiceApp01";
  front->service.client_secret = "demo-tenant-service-app-secret-0001";
  front->service.jwt = TRUE;
  front->desktop.client_id = "DemoTenantDesktopApp02";
  front->desktop.redirect_uri = REDIRECT_URI;
}

void
ps_tenant_ringcentral_attach (PsTenantServer *self)
{
  static const PsRcRoute *const tables[] = { ps_rc_oauth_routes,       ps_rc_authorize_routes,  ps_rc_account_routes,
                                             ps_rc_extension_routes,   ps_rc_permission_routes, ps_rc_directory_routes,
                                             ps_rc_queue_routes,       ps_rc_presence_routes,   ps_rc_unified_routes,
                                             ps_rc_subscription_routes };
  PsRcFront *front = g_new0 (PsRcFront, 1);

  front->server = self;
  front->world = ps_tenant_server_world (self);
  front->tokens = ps_rc_tokens_new (session_ended, front);
  front->limits = ps_rc_limits_new (ps_tenant_server_options (self)->ringcentral_limit);
  front->lines = ps_rc_lines_new (front);
  front->jwt = make_jwt (front->world);
  front->directory_version = 1;
  front->consents = ps_rc_authorize_consents_new ();
  front->routes = g_ptr_array_new_with_free_func (g_free);
  add_applications (front);
  g_object_set_data_full (G_OBJECT (self), FRONT_KEY, front, (GDestroyNotify) front_free);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    add_routes (front, tables[i]);
  ps_tenant_server_errors (self, "/restapi/", shape_error, NULL);
  ps_tenant_server_socket (self, "/ws", ps_rc_lines_accept, front);
  ps_rc_notify_attach (front);
}

PsRcFront *
ps_rc_front_of (PsTenantServer *server)
{
  return g_object_get_data (G_OBJECT (server), FRONT_KEY);
}

PsTenantExtension *
ps_rc_front_demo_user (PsRcFront *front)
{
  const GPtrArray *all = ps_tenant_world_extensions (front->world);
  PsTenantExtension *admin = ps_tenant_world_admin (front->world);

  for (guint i = 0; i < all->len; i++) {
    PsTenantExtension *extension = all->pdata[i];

    if (!extension->admin && !extension->deleted && extension->email_as_login && extension->email != NULL &&
        g_str_equal (extension->type, "User") && g_str_equal (extension->status, "Enabled"))
      return extension;
  }
  return admin; /* a company of one */
}

const char *
ps_rc_front_password (const PsTenantExtension *extension)
{
  return extension->admin ? PS_RC_ADMIN_PASSWORD : PS_RC_USER_PASSWORD;
}

static void
describe (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
ps_tenant_ringcentral_describe (PsTenantServer *self, JsonBuilder *builder)
{
  PsRcFront *front = ps_rc_front_of (self);

  describe (builder, "ringcentral_url", ps_tenant_server_origin (self));
  describe (builder, "ringcentral_client_id", front->service.client_id);
  describe (builder, "ringcentral_client_secret", front->service.client_secret);
  describe (builder, "ringcentral_jwt", front->jwt);
  describe (builder, "ringcentral_public_client_id", front->desktop.client_id);
  describe (builder, "ringcentral_admin_login", ps_tenant_world_admin (front->world)->email);
  describe (builder, "ringcentral_admin_password", PS_RC_ADMIN_PASSWORD);
  describe (builder, "ringcentral_user_login", ps_rc_front_demo_user (front)->email);
  describe (builder, "ringcentral_user_password", ps_rc_front_password (ps_rc_front_demo_user (front)));
}

void
ps_tenant_ringcentral_limits (PsTenantServer *self, JsonBuilder *builder)
{
  ps_rc_limits_add (ps_rc_front_of (self)->limits, builder);
}

void
ps_tenant_ringcentral_set_limit (PsTenantServer *self, const char *group, guint per_minute, guint penalty_s)
{
  ps_rc_limits_set (ps_rc_front_of (self)->limits, group, per_minute, penalty_s);
}

void
ps_tenant_ringcentral_cut_sockets (PsTenantServer *self)
{
  ps_rc_lines_cut (ps_rc_front_of (self)->lines);
}

guint
ps_tenant_ringcentral_sockets (PsTenantServer *self)
{
  return ps_rc_lines_count_open (ps_rc_front_of (self)->lines);
}

const char *
ps_tenant_ringcentral_issue_code (PsTenantServer *server, gint64 extension_id, const char *client_id,
                                  const char *redirect_uri, const char *challenge, const char *method)
{
  PsRcFront *front = ps_rc_front_of (server);

  if (g_strcmp0 (client_id, front->desktop.client_id) != 0 ||
      g_strcmp0 (redirect_uri, front->desktop.redirect_uri) != 0)
    return NULL;
  return ps_rc_tokens_add_code (front->tokens, &front->desktop, extension_id, redirect_uri, challenge, method,
                                ps_tenant_server_now (server));
}
