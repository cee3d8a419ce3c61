/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two connections: what is remembered of them (in the store; their secrets are in the Secret Service), making,
 * testing and undoing them, and the clients that work with them.
 */
#pragma once

#include "ps-graph-client.h"
#include "ps-ringcentral-client.h"
#include "ps-sign-in.h"
#include "ps-workspace.h"

G_BEGIN_DECLS

/* One vocabulary everywhere. */
typedef enum {
  PS_CONNECTION_NOT_CONNECTED,
  PS_CONNECTION_CONNECTED,
  PS_CONNECTION_EXPIRING,       /* "Connected, expiring": the client secret ends within 28 days */
  PS_CONNECTION_NOT_AUTHORIZED, /* signed in, but a required permission is missing */
  PS_CONNECTION_SECRET_EXPIRED, /* "Client secret expired" */
  PS_CONNECTION_INTERRUPTED,
} PsConnectionState;
const char *ps_connection_state_to_word (PsConnectionState state);
const char *ps_connection_state_to_text (PsConnectionState state); /* translated */

#define PS_GRAPH_CLOUD_GLOBAL   "global"
#define PS_GRAPH_CLOUD_GCC_HIGH "gcc-high"
#define PS_GRAPH_CLOUD_DOD      "dod"
/* FALSE: no such cloud. Source: Microsoft "National cloud deployments". */
gboolean ps_cloud_urls (const char *cloud, const char **login_url, const char **graph_url);

typedef struct {
  char *tenant_id, *client_id, *login_url, *graph_url; /* (owned) */
  char *organization;                                  /* (owned) (nullable) */
  GStrv granted;                                       /* (owned) permissions of the last token */
  char *secret_expires;                                /* (owned) (nullable) YYYY-MM-DD */
  gboolean certificate;                                /* the credential is a certificate and its key */
  gint64 connected_ms;                                 /* when; 0: not connected */
} PsMicrosoftConnection;
void ps_microsoft_connection_free (PsMicrosoftConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsMicrosoftConnection, ps_microsoft_connection_free)
/* From ps_store_load_settings(). Returns: (transfer full) (nullable): NULL: not connected. */
PsMicrosoftConnection *ps_microsoft_connection_load (GHashTable *settings);
/* As far as it can be told without asking the service. @days_left: (out) (optional): of the secret; G_MAXINT: not
 * known. */
PsConnectionState ps_microsoft_connection_state (const PsMicrosoftConnection *connection,
                                                 int *days_left); /* (nullable) */
/* Which of the permissions we need are missing. @optional too: "GroupMember.Read.All", "Mail.Send".
 * Returns: (transfer full): may be empty. */
GStrv ps_microsoft_missing_permissions (const PsMicrosoftConnection *connection, gboolean optional);

typedef struct {
  char *server_url, *client_id;                        /* (owned) */
  gboolean browser;                                    /* signed in by a person (PKCE, refresh token), not with a JWT */
  char *account_id, *account_name, *own_id, *own_name; /* (owned) (nullable) */
  gboolean new_call_handling, has_queues;
  gint64 connected_ms;
} PsRingCentralConnection;
void ps_ringcentral_connection_free (PsRingCentralConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRingCentralConnection, ps_ringcentral_connection_free)
PsRingCentralConnection *ps_ringcentral_connection_load (GHashTable *settings);

/* --- connecting: asks the service first; only what it accepted is remembered --- */
/* Needs a token, its permissions (a missing required one is PS_ERROR_PERMISSION that names it), and one successful read
 * of users. @certificate: @secret is PEM (certificate and key). @secret_expires: (nullable). @login_url and @graph_url
 * as given by ps_cloud_urls() or by hand. */
void ps_connect_microsoft_async (PsWorkspace *workspace, const char *tenant_id, const char *client_id,
                                 const char *secret, gboolean certificate, const char *secret_expires,
                                 const char *login_url, const char *graph_url, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
PsMicrosoftConnection *ps_connect_microsoft_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);
/* Same connection, new secret: tested before the old one is replaced. */
void ps_update_microsoft_secret_async (PsWorkspace *workspace, const char *secret, const char *secret_expires,
                                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PsMicrosoftConnection *ps_update_microsoft_secret_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);
/* Unattended: JWT and the confidential client's secret. The token's owner must be an administrator
 * (PS_ERROR_PERMISSION). */
void ps_connect_ringcentral_jwt_async (PsWorkspace *workspace, const char *client_id, const char *client_secret,
                                       const char *jwt, const char *server_url, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
/* By a person, as a public client: the refresh token is kept. The same check; a session that is not kept is ended
 * there.
 * @sign_in: of RingCentral, with client and server as here, and it has its code (ps_sign_in_handle_redirect()): so the
 * embedded view connects.
 * A service that still works with an older sign-in is to be stopped first: it would store that one's next token. */
void ps_connect_ringcentral_signed_in_async (PsWorkspace *workspace, PsSignIn *sign_in, const char *client_id,
                                             const char *server_url, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
/* Shows an address to the person, in the system's browser for instance. It holds no secret that outlives the sign-in,
 * but is for no log. */
typedef void (*PsOpenAddress) (const char *address, gpointer data);
/* The same with the system's browser: listens for its answer, calls @open once before it returns, and gives up after
 * ten minutes. @port: PS_SIGN_IN_RINGCENTRAL_PORT, or what the organisation has registered in its place. Errors are
 * those of ps-loopback.h and ps-sign-in.h, PS_ERROR_DECLINED among them. */
void ps_connect_ringcentral_browser_async (PsWorkspace *workspace, const char *client_id, const char *server_url,
                                           guint port, PsOpenAddress open, gpointer open_data,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* For all three. */
PsRingCentralConnection *ps_connect_ringcentral_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

typedef enum {
  PS_DISCONNECT_MICROSOFT = 1 << 0,
  PS_DISCONNECT_RINGCENTRAL = 1 << 1,
} PsDisconnect;
/* Ends the RingCentral session there, forgets the secrets and what is remembered. The sync must have been disabled
 * before (PS_ERROR_BUSY says so if the ledger is not empty). */
void ps_disconnect_async (PsWorkspace *workspace, PsDisconnect which, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_disconnect_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

/* --- working clients --- */
typedef struct {
  PsMicrosoftConnection *microsoft;     /* (owned) */
  PsRingCentralConnection *ringcentral; /* (owned) */
  PsGraphClient *graph;                 /* (owned) */
  PsRingCentralClient *phone;           /* (owned) */
} PsClients;
PsClients *ps_clients_ref (PsClients *clients); /* atomic reference counting, g_atomic_rc_box */
void ps_clients_unref (PsClients *clients);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsClients, ps_clients_unref)
/* One client of each service for a workspace: opened again, the same ones come back as long as the connection is the
 * same. PS_ERROR_NOT_CONNECTED names what is missing. No request is sent yet. */
void ps_open_clients_async (PsWorkspace *workspace, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
PsClients *ps_open_clients_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);
/* Ends what sign-ins the workspace's clients have made at RingCentral with a JWT: a user has but five sessions with an
 * application, and the sixth ends the oldest, which may be a running engine's. To be called before the workspace is let
 * go; takes three seconds at most, and what cannot be ended ends by itself. Nobody may use the clients after it. */
void ps_end_sessions_async (PsWorkspace *workspace, GAsyncReadyCallback callback, gpointer user_data);
void ps_end_sessions_finish (PsWorkspace *workspace, GAsyncResult *result);

G_END_DECLS
