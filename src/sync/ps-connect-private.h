/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the two ways to connect RingCentral have in common. For src/sync only.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

/* Fills in what the service says of the account and of the token's owner, who must be an administrator
 * (PS_ERROR_PERMISSION). Takes the texts out of @account. */
gboolean ps_connect_ringcentral_take_account (PsRingCentralConnection *connection, PsRingCentralAccount *account,
                                              GError **error);
/* Connected from now on. Returns: (transfer full): the settings to save. */
GHashTable *ps_connect_ringcentral_settings (PsRingCentralConnection *connection);

/* ps-clients.c: the client that a connection was made with is the one that ps_open_clients_async() gives. */
void ps_keep_graph_client (PsWorkspace *workspace, const PsMicrosoftConnection *connection, PsGraphClient *client);
void ps_keep_ringcentral_client (PsWorkspace *workspace, const PsRingCentralConnection *connection,
                                 PsRingCentralClient *client);

G_END_DECLS
