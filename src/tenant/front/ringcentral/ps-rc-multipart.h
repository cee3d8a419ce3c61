/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bulk calls: several ids in one path, and the 207 reply in its two forms. Without the right Accept header it is
 * multipart/mixed, whose first part lists the statuses; with it a JSON array of {resourceId, status, body} (§3.2).
 */
#pragma once

#include "ps-rc-front.h"

G_BEGIN_DECLS

#define PS_RC_MULTIPART_JSON "application/vnd.ringcentral.multipart+json"
#define PS_RC_MULTIPART_MAX  30

/* Answers for one resource as if it had been asked for alone. @index: its place in the request. */
typedef void (*PsRcPartFunc) (PsRcCall *call, const char *id, guint index, gpointer data, PsTenantReply *reply);

gboolean ps_rc_multipart_wanted (const char *ids); /* more than one id, or "*" */
/* FALSE: more than 30, or an empty one; the reply is the 400. */
gboolean ps_rc_multipart_check (PsRcCall *call, const char *const *ids);
/* @as_json: the JSON form, whatever Accept says. */
void ps_rc_multipart_run (PsRcCall *call, const char *const *ids, gboolean as_json, PsRcPartFunc func, gpointer data);

G_END_DECLS
