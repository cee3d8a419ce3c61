/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-server-private.h"

#include <string.h>

G_DEFINE_FINAL_TYPE (PsTenantServer, ps_tenant_server, G_TYPE_OBJECT)

/* --- WebSockets --- */

static void
socket_route_free (SocketRoute *route)
{
  g_free (route->path);
  g_free (route);
}

static void
websocket_cb (SoupServer *soup, SoupServerMessage *message, const char *path, SoupWebsocketConnection *connection,
              gpointer user_data)
{
  SocketRoute *route = user_data;
  const char *text = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GHashTable) query = soup_form_decode (text != NULL ? text : "");

  GSocket *socket = soup_server_message_get_socket (message);

  ps_tenant_clock_now (route->server->clock);
  if (socket != NULL) /* for a front that wants to cut the line without a close frame */
    g_object_set_data_full (G_OBJECT (connection), "ps-tenant-socket", g_object_ref (socket), g_object_unref);
  if (g_str_equal (path, route->path))
    route->handler (route->server, connection, query, route->data);
  else
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION, "No such path");
}

/* --- listening --- */

static SoupServer *
soup_new (PsTenantServer *self)
{
  SoupServer *soup = soup_server_new ("raw-paths", TRUE, "tls-certificate", self->options.certificate, NULL);

  soup_server_add_handler (soup, NULL, ps_tenant_answer_message_cb, self, NULL);
  soup_server_add_early_handler (soup, NULL, ps_tenant_answer_early_cb, self, NULL);
  return soup;
}

static gboolean
listen_on (PsTenantServer *self, SoupServer *soup, GSocketFamily family, guint port, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) where = g_inet_socket_address_new (address, (guint16) port);

  return soup_server_listen (soup, where, self->options.certificate != NULL ? SOUP_SERVER_LISTEN_HTTPS : 0, error);
}

static guint
first_port (SoupServer *soup)
{
  GSList *uris = soup_server_get_uris (soup);
  guint port = (guint) g_uri_get_port (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/* A free port of 127.0.0.1 may be somebody's on ::1, and "localhost" would lead there: then another one is tried. */
static gboolean
start_listening (PsTenantServer *self, GError **error)
{
  for (guint tries = 0;; tries++) {
    g_autoptr (SoupServer) soup = soup_new (self);
    g_autoptr (GError) six_error = NULL;
    guint port;

    if (!listen_on (self, soup, G_SOCKET_FAMILY_IPV4, self->options.port, error))
      return FALSE;
    port = first_port (soup);
    if (!listen_on (self, soup, G_SOCKET_FAMILY_IPV6, port, &six_error) &&
        g_error_matches (six_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
      if (self->options.port == 0 && tries < 8)
        continue;
      g_propagate_error (error, g_steal_pointer (&six_error));
      return FALSE;
    }
    self->soup = g_steal_pointer (&soup);
    self->origin = g_strdup_printf ("%s://127.0.0.1:%u", self->options.certificate != NULL ? "https" : "http", port);
    self->ws_origin = g_strdup_printf ("%s://127.0.0.1:%u", self->options.certificate != NULL ? "wss" : "ws", port);
    return TRUE;
  }
}

/* --- the object --- */

static void
ps_tenant_server_dispose (GObject *object)
{
  PsTenantServer *self = PS_TENANT_SERVER (object);

  g_hash_table_remove_all (self->delayed);
  g_clear_pointer (&self->line, ps_tenant_line_free);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);

  G_OBJECT_CLASS (ps_tenant_server_parent_class)->dispose (object);
}

static void
ps_tenant_server_finalize (GObject *object)
{
  PsTenantServer *self = PS_TENANT_SERVER (object);

  /* GObject frees the fronts' data in here; they may still want to let go of the world. */
  G_OBJECT_CLASS (ps_tenant_server_parent_class)->finalize (object);

  g_clear_pointer (&self->clock, ps_tenant_clock_free);
  g_clear_pointer (&self->world, ps_tenant_world_free);
  g_hash_table_unref (self->delayed);
  g_ptr_array_unref (self->sockets);
  ps_tenant_router_free (self->router);
  ps_tenant_faults_free (self->faults);
  g_clear_object (&self->options.certificate);
  g_free (self->origin);
  g_free (self->ws_origin);
}

static void
ps_tenant_server_class_init (PsTenantServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ps_tenant_server_dispose;
  object_class->finalize = ps_tenant_server_finalize;
}

static void
ps_tenant_server_init (PsTenantServer *self)
{
  self->router = ps_tenant_router_new ();
  self->faults = ps_tenant_faults_new ();
  self->line = ps_tenant_line_new ();
  self->delayed = ps_tenant_answer_delays_new ();
  self->sockets = g_ptr_array_new_with_free_func ((GDestroyNotify) socket_route_free);
}

PsTenantServer *
ps_tenant_server_new (const PsTenantServerOptions *options, GError **error)
{
  g_autoptr (PsTenantServer) self = g_object_new (PS_TENANT_TYPE_SERVER, NULL);

  self->options = *options;
  if (options->certificate != NULL)
    g_object_ref (options->certificate);
  if (self->options.speed == 0)
    self->options.speed = 1.0;
  if (self->options.world.start_ms == 0)
    self->options.world.start_ms = g_get_real_time () / 1000;
  if (!start_listening (self, error))
    return NULL;
  self->world = ps_tenant_world_new (&self->options.world);
  self->clock = ps_tenant_clock_new (self->world, MAX (self->options.speed, 0));
  return g_steal_pointer (&self);
}

void
ps_tenant_server_route (PsTenantServer *self, const char *method, const char *pattern, PsTenantHandler handler,
                        gpointer data)
{
  g_return_if_fail (PS_TENANT_IS_SERVER (self) && pattern[0] == '/');

  ps_tenant_router_add (self->router, method, pattern, handler, data);
}

void
ps_tenant_server_errors (PsTenantServer *self, const char *prefix, PsTenantHandler handler, gpointer data)
{
  g_return_if_fail (PS_TENANT_IS_SERVER (self));

  ps_tenant_router_add_errors (self->router, prefix, handler, data);
}

void
ps_tenant_server_socket (PsTenantServer *self, const char *path, PsTenantSocketHandler handler, gpointer data)
{
  SocketRoute *route = g_new0 (SocketRoute, 1);

  g_return_if_fail (PS_TENANT_IS_SERVER (self) && path[0] == '/');

  route->server = self;
  route->path = g_strdup (path);
  route->handler = handler;
  route->data = data;
  g_ptr_array_add (self->sockets, route);
  /* libsoup asks only the nearest handler of a path: what is no handshake must find the general one there, too. */
  soup_server_add_websocket_handler (self->soup, path, NULL, NULL, websocket_cb, route, NULL);
  soup_server_add_handler (self->soup, path, ps_tenant_answer_message_cb, self, NULL);
  soup_server_add_early_handler (self->soup, path, ps_tenant_answer_early_cb, self, NULL);
}

PsTenantWorld *
ps_tenant_server_world (PsTenantServer *self)
{
  return self->world;
}

gint64
ps_tenant_server_now (PsTenantServer *self)
{
  return ps_tenant_clock_now (self->clock);
}

double
ps_tenant_server_speed (PsTenantServer *self)
{
  return ps_tenant_clock_speed (self->clock);
}

void
ps_tenant_server_set_speed (PsTenantServer *self, double speed)
{
  ps_tenant_clock_set_speed (self->clock, speed);
}

void
ps_tenant_server_advance (PsTenantServer *self, gint64 ms)
{
  ps_tenant_clock_advance (self->clock, ms);
}

const char *
ps_tenant_server_origin (PsTenantServer *self)
{
  return self->origin;
}

const char *
ps_tenant_server_ws_origin (PsTenantServer *self)
{
  return self->ws_origin;
}

const PsTenantServerOptions *
ps_tenant_server_options (PsTenantServer *self)
{
  return &self->options;
}

gboolean
ps_tenant_server_set_fault (PsTenantServer *self, const char *name, const char *value)
{
  return ps_tenant_faults_set (self->faults, name, value);
}

void
ps_tenant_server_clear_faults (PsTenantServer *self)
{
  ps_tenant_faults_clear (self->faults);
}

const char *
ps_tenant_server_fault (PsTenantServer *self, const char *name)
{
  return ps_tenant_faults_look (self->faults, name, self->method, self->path);
}

const char *
ps_tenant_server_take_fault (PsTenantServer *self, const char *name)
{
  return ps_tenant_faults_take (self->faults, name, self->method, self->path);
}

void
ps_tenant_server_add_faults (PsTenantServer *self, JsonBuilder *builder)
{
  ps_tenant_faults_add (self->faults, builder);
}

void
ps_tenant_server_add_counts (PsTenantServer *self, JsonBuilder *builder)
{
  ps_tenant_router_add_counts (self->router, builder);
}

void
ps_tenant_server_reset_counts (PsTenantServer *self)
{
  ps_tenant_router_reset_counts (self->router);
}
