/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The refusals of the sign-in pages, by their AADSTS number: on a page where the redirect cannot be trusted, else in
 * the redirect.
 */
#pragma once

#include "ps-tenant-server.h"

G_BEGIN_DECLS

/* Returns: the OAuth `error` of refusal @number. */
const char *ps_tenant_ms_refusal_error (guint number);

/* Returns: (transfer full): "AADSTSnnn: text\r\nTrace ID: …\r\nCorrelation ID: …\r\nTimestamp: …". Each {} of the text
 * stands for the next of @first and @second (nullable). */
char *ps_tenant_ms_refusal_text (const PsTenantRequest *request, guint number, const char *first, const char *second);

G_END_DECLS
