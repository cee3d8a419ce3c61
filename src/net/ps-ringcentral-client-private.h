/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shared by the files of the RingCentral client.
 */
#pragma once

#include "ps-ringcentral-client.h"

G_BEGIN_DECLS

/* Lists are read with the largest page that RingCentral gives; one that still goes on after this many is no list of a
 * real account. */
#define PS_RINGCENTRAL_PAGE_SIZE "1000"
#define PS_RINGCENTRAL_MAX_PAGES 200

/* GETs @path (or a link of the service's own) for @task, which @callback gets as user_data. @task: (transfer full). */
void ps_ringcentral_client_get (PsRingCentralClient *self, const char *path, const char *group, PsUrgency urgency,
                                GTask *task, GAsyncReadyCallback callback);
/* Returns: (transfer full) (nullable): the reply; if NULL, @task has returned the error. */
PsReply *ps_ringcentral_client_take_reply (GObject *transport, GAsyncResult *result, GTask *task);

G_END_DECLS
