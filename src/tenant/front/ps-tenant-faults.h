/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of switched-on faults. Private to the server, which offers it as ps_tenant_server_set_fault() & co.
 *
 * A fault is set as name[@[METHOD ]PATHPREFIX][*COUNT]; the prefix may hold * for any text, COUNT is how often it
 * strikes before it is gone:
 *   429@PUT /restapi/v1.0/account/~/extension/10*presence*3
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _PsTenantFaults PsTenantFaults;

PsTenantFaults *ps_tenant_faults_new (void);
void ps_tenant_faults_free (PsTenantFaults *faults);

/* @value NULL: off; a bare name without @… then switches off each fault of this name. FALSE: @spec has no name, or a
 * count of 0, or @value is nothing for this fault. */
gboolean ps_tenant_faults_set (PsTenantFaults *faults, const char *spec, const char *value);
void ps_tenant_faults_clear (PsTenantFaults *faults);

/* @method and @path of the request that is being answered, NULL outside of one: then only faults without @… strike.
 * Returns: (nullable): the value; valid until the next call on @faults. */
const char *ps_tenant_faults_look (PsTenantFaults *faults, const char *name, const char *method, const char *path);
/* The same, and it has struck once more. */
const char *ps_tenant_faults_take (PsTenantFaults *faults, const char *name, const char *method, const char *path);

/* Adds an array of {name, method, path, value, left, struck}. */
void ps_tenant_faults_add (PsTenantFaults *faults, JsonBuilder *builder);

G_END_DECLS
