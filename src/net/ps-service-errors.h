/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From what the wire says to an error that a person can act on: status, headers and body of a reply in, PS_ERROR with
 * details out. The bodies of Graph, Entra and RingCentral (platform, OAuth) are told apart by their shape. What a
 * service writes for people is not shown: it is in another language, may change, and names things of the service's own.
 * Internal to net.
 */
#pragma once

#include <libsoup/soup.h>

#include "ps-transport.h"

G_BEGIN_DECLS

/* @headers, @body: (nullable). Returns: (transfer full). */
GError *ps_service_error_from_reply (PsServiceKind kind, guint status, SoupMessageHeaders *headers, GBytes *body);
/* Without a reply of its own: a part of a bulk reply, a message on the socket. @code, @parameter: (nullable):
 * "CMN-408", and the permission, scope or parameter that the service names with it. */
GError *ps_service_error_from_code (PsServiceKind kind, guint status, const char *code, const char *parameter);
/* No reply at all: what libsoup and GIO say. @host is named in the message. @tls_errors: what is wrong with the
 * server's certificate. */
GError *ps_service_error_from_network (const char *host, const GError *error, GTlsCertificateFlags tls_errors);

/* The client knows which permission a call needs, where Graph only says "denied": names it if @error is
 * PS_ERROR_PERMISSION. */
void ps_service_error_name_permission (GError *error, const char *permission);

G_END_DECLS
