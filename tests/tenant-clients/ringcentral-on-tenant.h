/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant in the test's own process, and the RingCentral client signed in to it with the JWT.
 */
#pragma once

#include "ps-ringcentral-client.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-server.h"

G_BEGIN_DECLS

typedef struct {
  PsTenantServer *server;      /* (owned) */
  PsTenantWorld *world;        /* of server */
  PsRingCentralClient *client; /* (owned) */
} OnTenant;

/* Time stands still there, and nobody does anything by himself. */
OnTenant *on_tenant_new (guint users, gboolean new_call_handling);
/* The same over https and wss. */
OnTenant *on_tenant_new_tls (GTlsCertificate *certificate);
void on_tenant_free (OnTenant *on);

/* The nth enabled user, in queues or in none. Never the administrator. */
PsTenantExtension *on_tenant_user (OnTenant *on, guint nth, gboolean in_queue);
char *on_tenant_id (PsTenantExtension *extension);

void on_tenant_result_cb (GObject *source, GAsyncResult *result, gpointer user_data);
gboolean on_tenant_wake_cb (gpointer unused);

/* Runs the main loop until @condition, or fails after 30 s. */
#define wait_until(condition)                                                                                          \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 deadline = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                                   \
    guint waker = g_timeout_add (5, on_tenant_wake_cb, NULL);                                                          \
    while (!(condition) && g_get_monotonic_time () < deadline)                                                         \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (waker);                                                                                           \
    if (!(condition))                                                                                                  \
      g_error ("%s:%d: waited in vain for: %s", __FILE__, __LINE__, #condition);                                       \
  }                                                                                                                    \
  G_STMT_END

G_END_DECLS
