/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From changes of the world to ServerNotification messages.
 */
#pragma once

#include "ps-rc-front.h"

G_BEGIN_DECLS

void ps_rc_notify_attach (PsRcFront *front);
void ps_rc_notify_detach (PsRcFront *front);

G_END_DECLS
