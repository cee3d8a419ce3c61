/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The RingCentral platform's REST calls that the program makes, one function each; paging is followed to the end.
 * Rate groups ("Light", "Medium", "Heavy", "Auth") are those of RingCentral's published specification.
 */
#pragma once

#include "ps-directory.h"
#include "ps-presence.h"
#include "ps-transport.h"

G_BEGIN_DECLS

#define PS_TYPE_RINGCENTRAL_CLIENT (ps_ringcentral_client_get_type ())
G_DECLARE_FINAL_TYPE (PsRingCentralClient, ps_ringcentral_client, PS, RINGCENTRAL_CLIENT, GObject)

#define PS_RINGCENTRAL_MAX_PRESENCE_IDS 30

PsRingCentralClient *ps_ringcentral_client_new (const char *server_url, PsTokenSource *tokens, GError **error);
PsTransport *ps_ringcentral_client_transport (PsRingCentralClient *self); /* (transfer none) */
PsTokenSource *ps_ringcentral_client_tokens (PsRingCentralClient *self);  /* (transfer none) */

/* Whose account, who we are there, and what the account is like. */
typedef struct {
  char *account_id, *account_name; /* (owned) name nullable */
  char *own_id, *own_name;         /* (owned) extension of the token's owner */
  gboolean own_admin;              /* permissions.admin.enabled */
  gboolean new_call_handling;      /* feature NewCallHandlingAndForwarding, param isNewBackendAvailable */
  gboolean has_queues;
} PsRingCentralAccount;
void ps_ringcentral_account_free (PsRingCentralAccount *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRingCentralAccount, ps_ringcentral_account_free)
void ps_ringcentral_client_read_account_async (PsRingCentralClient *self, GCancellable *cancellable,
                                               GAsyncReadyCallback callback, gpointer user_data);
PsRingCentralAccount *ps_ringcentral_client_read_account_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                                 GError **error);
/* Which fields presence is read from and written to; FALSE until set (from the account). */
void ps_ringcentral_client_set_new_call_handling (PsRingCentralClient *self, gboolean new_call_handling);

/* authz-profile/check: may we do @permission ("EditPresenceStatus") to @extension_id? */
void ps_ringcentral_client_check_permission_async (PsRingCentralClient *self, const char *permission,
                                                   const char *extension_id, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_ringcentral_client_check_permission_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                        gboolean *allowed, GError **error);

/* Every extension of type User, whatever its status, with `in_queue` filled in from the call queues' members (one Light
 * call for each queue). Returns: (transfer full) (element-type PsRingCentralUser). */
void ps_ringcentral_client_read_users_async (PsRingCentralClient *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *ps_ringcentral_client_read_users_finish (PsRingCentralClient *self, GAsyncResult *result, GError **error);

typedef struct {
  const char *id; /* extension id, owned by the result */
  PsPhoneReading reading;
} PsPhonePresence;
typedef struct {
  GArray *presences; /* (owned) PsPhonePresence */
  gint64 sent_ms;    /* when the (first) request left */
  guint calls;
  GStringChunk *strings; /* (owned) */
} PsPhonePresences;
void ps_phone_presences_free (PsPhonePresences *presences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsPhonePresences, ps_phone_presences_free)

/* One page (1 …) of the account's presence, 1,000 extensions of any type each (Heavy). @more is set when there is
 * another. */
void ps_ringcentral_client_sweep_page_async (PsRingCentralClient *self, guint page, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
PsPhonePresences *ps_ringcentral_client_sweep_page_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                           gboolean *more, GError **error);
/* Up to 30 extensions (Light), as multipart+json; parts that failed are absent. */
void ps_ringcentral_client_read_presences_async (PsRingCentralClient *self, const char *const *ids, guint n_ids,
                                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                                 gpointer user_data);
PsPhonePresences *ps_ringcentral_client_read_presences_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                               GError **error);
/* PUT presence (Medium): only the fields that @write carries; the reply is the whole presence as it is now. One
 * attempt, and the caller has taken the budget. */
void ps_ringcentral_client_write_presence_async (PsRingCentralClient *self, const char *extension_id,
                                                 const PsPhoneWrite *write, GCancellable *cancellable,
                                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_ringcentral_client_write_presence_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                      PsPhoneReading *reading, GError **error);

/* wstoken (Auth). */
typedef struct {
  char *uri;         /* (owned) wss://… */
  char *token;       /* (owned) single use */
  gint64 expires_ms; /* ps_now_ms() clock */
} PsSocketToken;
void ps_socket_token_free (PsSocketToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsSocketToken, ps_socket_token_free)
void ps_ringcentral_client_get_socket_token_async (PsRingCentralClient *self, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback, gpointer user_data);
PsSocketToken *ps_ringcentral_client_get_socket_token_finish (PsRingCentralClient *self, GAsyncResult *result,
                                                              GError **error);

/* A presence object in JSON (REST reply or event body), as a reading. For the socket and for tests. */
typedef struct _JsonObject JsonObject;
gboolean ps_ringcentral_parse_presence (JsonObject *object, gboolean new_call_handling, PsPhoneReading *reading,
                                        GError **error);

G_END_DECLS
