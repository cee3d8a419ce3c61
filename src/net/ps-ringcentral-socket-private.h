/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * For tests of the socket.
 */
#pragma once

#include "ps-ringcentral-socket.h"
#include "ps-socket-plan.h"

G_BEGIN_DECLS

/* Before ps_ringcentral_socket_start(). */
void ps_ringcentral_socket_set_times (PsRingCentralSocket *self, const PsSocketTimes *times);

G_END_DECLS
