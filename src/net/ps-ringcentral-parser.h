/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's replies as values. No I/O: bytes in, values out. What is not as the contract has it gives
 * PS_ERROR_BAD_REPLY. Ids are numbers in some replies and text in others: here always decimal text.
 *
 * The *_page functions add to what they are given, so that a list grows page by page, and set @next: (transfer full)
 * (nullable): navigation.nextPage.uri.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-ringcentral-client.h"

G_BEGIN_DECLS

/* --- presence --- */

PsPhonePresences *ps_phone_presences_new (void);
/* GET account/~/presence. Extensions that are no users have no userStatus: left out. A record that cannot be read is
 * left out too (one odd record must not blind everybody), unless no other can be read either. */
gboolean ps_ringcentral_parse_sweep (GBytes *body, gboolean new_call_handling, PsPhonePresences *presences,
                                     gboolean *more, GError **error);
/* GET …/extension/1,2,3/presence as multipart+json: parts with another status than 2xx, and unreadable ones, are left
 * out. */
gboolean ps_ringcentral_parse_presence_parts (GBytes *body, gboolean new_call_handling, PsPhonePresences *presences,
                                              GError **error);
/* GET or PUT …/extension/1/presence: one presence. */
gboolean ps_ringcentral_parse_presence_body (GBytes *body, gboolean new_call_handling, PsPhoneReading *reading,
                                             GError **error);
void ps_phone_presences_add (PsPhonePresences *presences, const char *id, const PsPhoneReading *reading);

/* The body of a PUT: only the fields that @write carries. Never PS_CALLS_QUEUE_ONLY. Returns: (transfer full). */
GBytes *ps_ringcentral_presence_to_json (const PsPhoneWrite *write, gboolean new_call_handling);

/* --- directory --- */

/* GET account/~/extension: adds the PsRingCentralUser of each extension of type User. */
gboolean ps_ringcentral_parse_users_page (GBytes *body, GPtrArray *users, char **next, GError **error);
/* GET account/~/call-queues, or …/call-queues/1/members: adds each record's id. */
gboolean ps_ringcentral_parse_ids_page (GBytes *body, GPtrArray *ids, char **next, GError **error);

/* --- account --- */

/* GET account/~/extension/~: fills in account_name (the company in our contact), own_id, own_name, own_admin. */
gboolean ps_ringcentral_parse_own_extension (GBytes *body, PsRingCentralAccount *account, GError **error);
/* GET account/~: fills in account_id. */
gboolean ps_ringcentral_parse_account (GBytes *body, PsRingCentralAccount *account, GError **error);
/* GET …/features?featureId=NewCallHandlingAndForwarding: fills in new_call_handling. */
gboolean ps_ringcentral_parse_features (GBytes *body, PsRingCentralAccount *account, GError **error);
/* GET account/~/call-queues?perPage=1: fills in has_queues. */
gboolean ps_ringcentral_parse_has_queues (GBytes *body, PsRingCentralAccount *account, GError **error);
/* GET …/authz-profile/check. */
gboolean ps_ringcentral_parse_permission (GBytes *body, gboolean *allowed, GError **error);

/* POST oauth/wstoken, received at @now_ms. The address must be wss, or ws on a loopback address. Returns: (transfer
 * full). */
PsSocketToken *ps_ringcentral_parse_socket_token (GBytes *body, gint64 now_ms, GError **error);

/* --- for these parsers --- */

/* Returns: (transfer full) (nullable): decimal text, or NULL if absent or anything else. */
char *ps_ringcentral_id (JsonObject *object, const char *name);

G_END_DECLS
