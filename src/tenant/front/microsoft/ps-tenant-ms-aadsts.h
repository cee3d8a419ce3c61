/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The refusals of the sign-in endpoints, by their AADSTS number.
 */
#pragma once

#include "ps-tenant-server.h"

G_BEGIN_DECLS

/* Answers with error @number. The table knows its HTTP status, its OAuth `error` and its text, in which {} stands for
 * @detail (nullable). */
void ps_tenant_ms_aadsts (const PsTenantRequest *request, PsTenantReply *reply, guint number, const char *detail);

/* Returns: (transfer full): "AADSTSnnn: @text" with the ids and the time of @request below it. */
char *ps_tenant_ms_aadsts_describe (const PsTenantRequest *request, guint number, const char *text);

G_END_DECLS
