/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo tenant as a process of its own, and its control interface, over which the demo acts as the people in the
 * company do and looks at what both services hold.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-error.h"
#include "ps-secret-file.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  GSubprocess *process;                                                  /* (owned) */
  char *login_url, *graph_url, *ringcentral_url, *control_url;           /* (owned) */
  char *tenant_id, *client_id, *ringcentral_client_id;                   /* (owned) */
  PsSecret *client_secret, *ringcentral_client_secret, *ringcentral_jwt; /* (owned) */
  guint users;
} PsDemoTenant;

/* Starts it and waits until it has told its addresses. The program is looked for beside this one, in the build tree,
 * where it is installed, and in $PATH. */
PsDemoTenant *ps_demo_tenant_start (guint users, const char *seed, guint ringcentral_limit, GCancellable *cancellable,
                                    GError **error);
/* Closes its standard input, which ends it, and waits for that. */
void ps_demo_tenant_stop (PsDemoTenant *tenant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsDemoTenant, ps_demo_tenant_stop)

/* Asks the control interface. @path begins with "/"; a {who} in it must be escaped. @body: (nullable): a JSON object as
 * text. Returns: (transfer full): the reply; an empty object if it has none. */
JsonObject *ps_demo_tenant_control (PsDemoTenant *tenant, const char *method, const char *path, const char *body,
                                    GError **error);

G_END_DECLS
