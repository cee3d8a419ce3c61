/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server's own state, for its two parts: ps-tenant-server.c (the object: listening, sockets, switches) and
 * ps-tenant-answer.c (what happens to one request).
 */
#pragma once

#include "ps-tenant-clock.h"
#include "ps-tenant-faults.h"
#include "ps-tenant-line.h"
#include "ps-tenant-router.h"
#include "ps-tenant-server.h"

G_BEGIN_DECLS

struct _PsTenantServer {
  GObject parent_instance;

  PsTenantServerOptions options; /* certificate: (owned) */
  SoupServer *soup;              /* (owned) (nullable after dispose) */
  PsTenantWorld *world;          /* (owned) */
  PsTenantClock *clock;          /* (owned) */
  PsTenantRouter *router;        /* (owned) */
  PsTenantFaults *faults;        /* (owned) */
  PsTenantLine *line;            /* (owned) */
  GHashTable *delayed;           /* (owned) Delay, owned: requests that wait for the fault "delay" */
  GPtrArray *sockets;            /* (owned) SocketRoute, owned */
  char *origin, *ws_origin;

  const char *method, *path; /* of the request that is being answered; NULL outside of one */
};

typedef struct {
  PsTenantServer *server;
  char *path;
  PsTenantSocketHandler handler;
  gpointer data;
} SocketRoute;

/* libsoup's handlers for all paths; user_data is the server. */
void ps_tenant_answer_early_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                                gpointer user_data);
void ps_tenant_answer_message_cb (SoupServer *soup, SoupServerMessage *message, const char *path, GHashTable *query,
                                  gpointer user_data);
/* Requests that wait for the fault "delay". */
GHashTable *ps_tenant_answer_delays_new (void);

G_END_DECLS
