/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the parts of the control interface share. Private to control/; the interface is described in
 * ps-tenant-control.c.
 */
#pragma once

#include "ps-tenant-phone.h"
#include "ps-tenant-server.h"
#include "ps-tenant-teams.h"

G_BEGIN_DECLS

typedef void (*PsControlFunc) (const PsTenantRequest *request, PsTenantReply *reply);

typedef struct {
  const char *method, *pattern;
  PsControlFunc func;
} PsControlRoute;

/* @routes must be static. Requests that a web page may have sent are refused before they get to a route. */
void ps_control_add (PsTenantServer *server, const PsControlRoute *routes, gsize n_routes);

void ps_control_people_attach (PsTenantServer *server);
void ps_control_act_attach (PsTenantServer *server);
void ps_control_ours_attach (PsTenantServer *server);
void ps_control_switches_attach (PsTenantServer *server);

/* --- the body of a request: read everything first, then ask if it was right, then act --- */

typedef struct {
  JsonObject *object; /* (owned) (nullable) */
  GPtrArray *known;   /* (owned) the members that were asked for; a misspelt one is an error */
  char *problem;      /* (owned) (nullable) the first one */
} PsControlBody;

PsControlBody *ps_control_body_new (const PsTenantRequest *request);
void ps_control_body_free (PsControlBody *body);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsControlBody, ps_control_body_free)

/* Whether the member is there, also as null. */
gboolean ps_control_body_has (PsControlBody *body, const char *name);
/* Returns: (nullable): the text, NULL if absent or null. */
const char *ps_control_body_string (PsControlBody *body, const char *name);
gboolean ps_control_body_bool (PsControlBody *body, const char *name, gboolean fallback);
double ps_control_body_number (PsControlBody *body, const char *name, double least, double most, double fallback);
/* Notes a problem of the caller's own finding; the first one counts. */
void ps_control_body_require (PsControlBody *body, gboolean condition, const char *problem);
/* Returns: whether all was right; else @reply is the 400. */
gboolean ps_control_body_ok (PsControlBody *body, PsTenantReply *reply);

/* --- replies --- */

/* {"error": text} */
void ps_control_fail (PsTenantReply *reply, guint status, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Ends the outermost object and sends it. */
void ps_control_reply (PsTenantReply *reply, guint status, JsonBuilder *builder);
void ps_control_no_content (PsTenantReply *reply);
/* @value (nullable). */
void ps_control_put_string (JsonBuilder *builder, const char *name, const char *value);
void ps_control_put_int (JsonBuilder *builder, const char *name, gint64 value);
void ps_control_put_bool (JsonBuilder *builder, const char *name, gboolean value);
void ps_control_put_number (JsonBuilder *builder, const char *name, double value);
/* NAME: "2026-01-06T09:00:00.000Z". */
void ps_control_put_time (JsonBuilder *builder, const char *name, gint64 ms);

/* Returns: (nullable): whom {who} names; if nobody, @reply is the 404. */
PsTenantPerson *ps_control_who (const PsTenantRequest *request, PsTenantReply *reply);
/* Adds one person with both sides, as an object. */
void ps_control_add_person (JsonBuilder *builder, const PsTenantPerson *person);

G_END_DECLS
