/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tells the service manager how we are: systemd's sd_notify protocol, which is one datagram to the socket named in
 * $NOTIFY_SOCKET. Without that variable nothing happens.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "READY=1", "WATCHDOG=1", "STATUS=…", lines joined by newlines. FALSE: there is a service manager, and it was not
 * reached. */
gboolean ps_notify (const char *state);
/* How often the watchdog wants to hear from us: half of what it allows, 0: it does not. */
guint ps_notify_watchdog_ms (void);

G_END_DECLS
