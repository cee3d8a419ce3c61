/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo tenant's HTTP front: one SoupServer on loopback, a table of routes, and the faults a tester can switch on.
 *
 * A handler gets a request as plain data and fills in a reply. It does not see the socket, so that Graph's $batch can
 * hand its parts to the very same handlers. Delays, torn replies, throttling by fault, HTML in place of JSON and so on
 * are the server's doing, before or after the handler.
 *
 * Virtual time runs at options.speed times real time; the server moves the world on before each request and whenever
 * something is due in it.
 */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "ps-tenant-world.h"

G_BEGIN_DECLS

#define PS_TENANT_TYPE_SERVER (ps_tenant_server_get_type ())
G_DECLARE_FINAL_TYPE (PsTenantServer, ps_tenant_server, PS_TENANT, SERVER, GObject)

typedef struct {
  PsTenantServer *server;
  PsTenantWorld *world;
  gint64 now_ms; /* virtual */
  const char *method;
  const char *path;         /* decoded */
  const char *args[8];      /* what stood for each {name} of the pattern, in order, decoded */
  GHashTable *query;        /* name → value, decoded; never NULL */
  const char *query_string; /* (nullable) undecoded, for links to the next page */
  SoupMessageHeaders *headers;
  GBytes *body; /* never NULL */
  gboolean in_batch;
} PsTenantRequest;

typedef struct {
  guint status; /* starts as 200 */
  SoupMessageHeaders *headers;
  char *content_type; /* (owned) (nullable) */
  GBytes *body;       /* (owned) (nullable) */
  gboolean endless;   /* over a socket only half the body is sent, and the line stays open */
} PsTenantReply;

typedef void (*PsTenantHandler) (const PsTenantRequest *request, PsTenantReply *reply, gpointer data);
typedef void (*PsTenantSocketHandler) (PsTenantServer *server, SoupWebsocketConnection *connection, GHashTable *query,
                                       gpointer data);

typedef struct {
  PsTenantWorldOptions world;
  guint port;                   /* 0: any free one */
  double speed;                 /* virtual ms per real ms; 0: the default of 1.0, below 0: time stands still */
  guint ringcentral_limit;      /* Medium calls a minute; 0: the default of 40 */
  guint replication_s;          /* for how long Microsoft's token endpoint does not see what is written; virtual */
  GTlsCertificate *certificate; /* (nullable): serve https and wss */
} PsTenantServerOptions;

/* Starts listening on 127.0.0.1 (and, as "localhost" must work too, on ::1 if there is one), in the thread-default main
 * context. The fronts are attached by the caller. @options is copied; world.start_ms 0 is the present time.
 * Returns: (transfer full) (nullable). */
PsTenantServer *ps_tenant_server_new (const PsTenantServerOptions *options, GError **error);

/* What the fronts keep with g_object_set_data_full() is freed while the world, the routes and the faults are still
 * there. */

/* Patterns look like "/v1.0/users/{id}/presence/setPresence"; the first that fits wins, literal segments before {…}.
 * {…} takes one whole segment; with text around it ("users(name='{id}')") it takes the segments that have that text,
 * and the argument is the whole segment still. HEAD is answered by the route for GET. */
void ps_tenant_server_route (PsTenantServer *self, const char *method, const char *pattern, PsTenantHandler handler,
                             gpointer data);
/* Shapes the errors that the server itself finds for paths under @prefix (the longest prefix wins): an unknown path
 * (404), a method that the path does not have (405), a body that is too large (413), a path or query that is not UTF-8
 * (400), and the faults status=NNN, 429 and 429-bare. reply->status is set already, and "Allow" or "Retry-After" too.
 */
void ps_tenant_server_errors (PsTenantServer *self, const char *prefix, PsTenantHandler handler, gpointer data);
/* @connection belongs to the caller's caller: take a reference to keep it. Its object data "ps-tenant-socket" is the
 * GSocket under it. */
void ps_tenant_server_socket (PsTenantServer *self, const char *path, PsTenantSocketHandler handler, gpointer data);

/* Runs a request that did not come from a socket ($batch). The caller sets method, path (as in a URL, without the
 * query; with or without percent-encoding), query_string, headers and body, each but the first two possibly NULL; the
 * rest is filled in for the handler, and only as long as it runs. @reply starts as { 0 }; clear it with
 * ps_tenant_reply_clear(). */
void ps_tenant_server_dispatch (PsTenantServer *self, PsTenantRequest *request, PsTenantReply *reply);

PsTenantWorld *ps_tenant_server_world (PsTenantServer *self);
/* Virtual ms; moves the world on first. While a request is answered, and in the world's own callbacks, it stands still.
 */
gint64 ps_tenant_server_now (PsTenantServer *self);
double ps_tenant_server_speed (PsTenantServer *self); /* 0: stands still */
void ps_tenant_server_set_speed (PsTenantServer *self, double speed);
void ps_tenant_server_advance (PsTenantServer *self,
                               gint64 ms);                     /* a jump ahead, not from within the world's callbacks */
const char *ps_tenant_server_origin (PsTenantServer *self);    /* "http://127.0.0.1:PORT", no slash at the end */
const char *ps_tenant_server_ws_origin (PsTenantServer *self); /* "ws://127.0.0.1:PORT" */
const PsTenantServerOptions *ps_tenant_server_options (PsTenantServer *self);

/* --- faults: named switches with a text value. The server itself knows:
 *   delay=MS  hang=1  torn=1 (half the body, then the line is cut)  endless=1 (half the body, then silence)  html=1 (an
 * HTML page, status 200)  empty=1 status=NNN  429=SECONDS (with Retry-After)  429-bare=1 (without)  broken-json=1 each
 * as name[@[METHOD ]PATHPREFIX][*COUNT]=value, where PATHPREFIX may hold * for any text. What the fronts know is theirs
 * (where each is asked for says what it does and takes). Microsoft's: expired-secret, consent-revoked,
 * permission-missing, permission-added, presence-limit, bad-id-400, refresh-revoked, token-loop, and those in
 * ps-tenant-ms-visit.h. RingCentral's: admin-removed, jwt-revoked, scope-missing, bulk-put, drop-events,
 * duplicate-events, reorder-events, no-events, no-refresh-token, sign-in-500, sign-in-code-expired,
 * sign-in-wrong-state.
 *
 * The control interface is spared from all of them. With torn, endless, html, empty and broken-json the handler has
 * run, and what it changed has changed; after a delay it runs; with the others it does not. A torn, endless or hanging
 * line and a delay strike requests from a socket only, the others also the parts of a $batch. --- */
/* @name with @… and *… as above. @value NULL: off; a bare name then stands for all of this name.
 * Returns: FALSE if @name makes no sense, or @value none for it. */
gboolean ps_tenant_server_set_fault (PsTenantServer *self, const char *name, const char *value);
void ps_tenant_server_clear_faults (PsTenantServer *self);
/* Returns: (nullable): the value of a switched-on fault: a bare one, or while a request is answered one that has its
 * path. Valid until the next call. Looking does not use up a COUNT, taking does. */
const char *ps_tenant_server_fault (PsTenantServer *self, const char *name);
const char *ps_tenant_server_take_fault (PsTenantServer *self, const char *name);
void ps_tenant_server_add_faults (PsTenantServer *self, JsonBuilder *builder); /* an array */

/* Members "total" and "routes": [{method, pattern, requests, outcomes{"200": n, "503": n …}}], by status, without the
 * control interface and without WebSocket handshakes; parts of a $batch count for their routes, too. What had no route,
 * and what was left hanging (outcome "hang"), is under the last pattern. */
void ps_tenant_server_add_counts (PsTenantServer *self, JsonBuilder *builder);
void ps_tenant_server_reset_counts (PsTenantServer *self);

/* --- replies --- */
/* A content_type that is set already stays. */
void ps_tenant_reply_json (PsTenantReply *reply, guint status, JsonNode *node /* (transfer full) */);
void ps_tenant_reply_text (PsTenantReply *reply, guint status, const char *content_type, const char *text);
void ps_tenant_reply_clear (PsTenantReply *reply); /* frees what is in it */
/* Returns: (transfer full) (nullable): the body as a JSON object, or NULL if it is none. */
JsonObject *ps_tenant_request_json (const PsTenantRequest *request);
/* Returns: (transfer full) (nullable): the body as form fields, or NULL if its Content-Type is another. */
GHashTable *ps_tenant_request_form (const PsTenantRequest *request);
const char *ps_tenant_request_query (const PsTenantRequest *request, const char *name); /* (nullable) */
/* Returns: (transfer full): each value of a parameter that may come more than once ("type=User&type=Department"). */
GPtrArray *ps_tenant_request_query_all (const PsTenantRequest *request, const char *name);

/* --- the fronts: each adds its routes; its state lives as long as the server --- */
void ps_tenant_microsoft_attach (PsTenantServer *self);   /* front/microsoft/ */
void ps_tenant_ringcentral_attach (PsTenantServer *self); /* front/ringcentral/ */
void ps_tenant_control_attach (PsTenantServer *self);     /* front/control/ */

/* What each front adds to the JSON line with which the program starts, and to /control/state:
 * microsoft: login_url, graph_url, tenant_id, client_id, client_secret, public_client_id; for the sign-in page, of a
 * Global Administrator admin_upn, admin_password, of an ordinary user user_…, of an Application Administrator
 * app_admin_…, of a Privileged Role Administrator role_admin_… (the smallest companies have the first only)
 * ringcentral: ringcentral_url, ringcentral_client_id, ringcentral_client_secret, ringcentral_jwt,
 * ringcentral_public_client_id, ringcentral_admin_login, ringcentral_admin_password, ringcentral_user_login,
 * ringcentral_user_password (the last four for the sign-in page) */
void ps_tenant_microsoft_describe (PsTenantServer *self, JsonBuilder *builder);
void ps_tenant_ringcentral_describe (PsTenantServer *self, JsonBuilder *builder);

/* The JSON line with which the program starts, as an object: both fronts' members, control_url, users. */
void ps_tenant_control_describe (PsTenantServer *self, JsonBuilder *builder);
guint ps_tenant_control_users (PsTenantServer *self); /* extensions of type User, without deleted ones */

/* What the control interface asks of the fronts. */
void ps_tenant_microsoft_mail (PsTenantServer *self, JsonBuilder *builder); /* an array of mails sent so far */
void ps_tenant_microsoft_limits (PsTenantServer *self,
                                 JsonBuilder *builder); /* members: counts of the presence limit */
void ps_tenant_ringcentral_limits (PsTenantServer *self,
                                   JsonBuilder *builder); /* members: counts for each rate group */
void ps_tenant_ringcentral_set_limit (PsTenantServer *self, const char *group, guint per_minute, guint penalty_s);
void ps_tenant_ringcentral_cut_sockets (PsTenantServer *self); /* drops every event socket, hard */
guint ps_tenant_ringcentral_sockets (PsTenantServer *self);

G_END_DECLS
