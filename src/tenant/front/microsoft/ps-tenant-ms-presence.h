/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What reading and writing presence share.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

/* Returns: (nullable): the user of a presence path, which wants the object id; 400 or 404 is answered if there is none.
 */
PsTenantMicrosoftUser *ps_tenant_ms_presence_user (PsTenantMsCall *call);

/* An ISO 8601 duration of days, hours, minutes and seconds, in whole seconds. FALSE if @text is none. */
gboolean ps_tenant_ms_duration (const char *text, gint64 *seconds);

G_END_DECLS
