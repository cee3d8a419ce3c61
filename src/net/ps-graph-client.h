/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Microsoft Graph v1.0: one function for each call the program makes. Each follows @odata.nextLink to the end by
 * itself.
 */
#pragma once

#include "ps-directory.h"
#include "ps-presence.h"
#include "ps-transport.h"

G_BEGIN_DECLS

#define PS_TYPE_GRAPH_CLIENT (ps_graph_client_get_type ())
G_DECLARE_FINAL_TYPE (PsGraphClient, ps_graph_client, PS, GRAPH_CLIENT, GObject)

#define PS_GRAPH_MAX_PRESENCE_IDS 650

PsGraphClient *ps_graph_client_new (const char *graph_url, PsTokenSource *tokens, GError **error);
PsTransport *ps_graph_client_transport (PsGraphClient *self); /* (transfer none) */
PsTokenSource *ps_graph_client_tokens (PsGraphClient *self);  /* (transfer none) */

/* The organisation's name, or NULL with no error if this application may not read it (app-only reading wants
 * Organization.Read.All, which we do not ask for). */
void ps_graph_client_get_organization_async (PsGraphClient *self, GCancellable *cancellable,
                                             GAsyncReadyCallback callback, gpointer user_data);
char *ps_graph_client_get_organization_finish (PsGraphClient *self, GAsyncResult *result,
                                               GError **error); /* (transfer full) (nullable) */

/* The first page of users only: a cheap probe of User.Read.All. */
void ps_graph_client_probe_users_async (PsGraphClient *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
gboolean ps_graph_client_probe_users_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

/* All users, disabled ones and guests too. @delta_link: (nullable): NULL reads everything and ends with a delta link;
 * else only what changed since. If the service has forgotten that point (410, resyncRequired) everything is read anew
 * and `complete` says so. */
typedef struct {
  GPtrArray *users;  /* (owned) PsMicrosoftUser; with `deleted` set for removed ones */
  char *delta_link;  /* (owned) */
  gboolean complete; /* users is the whole directory, not a difference */
} PsUsersDelta;
void ps_users_delta_free (PsUsersDelta *delta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsUsersDelta, ps_users_delta_free)
void ps_graph_client_read_users_async (PsGraphClient *self, const char *delta_link, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
PsUsersDelta *ps_graph_client_read_users_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

/* Members of a group by its name or object id, nested ones too. Returns: (element-type utf8): object ids.
 * PS_ERROR_NOT_FOUND, PS_ERROR_INPUT if several groups have that name. Needs GroupMember.Read.All. */
void ps_graph_client_read_group_async (PsGraphClient *self, const char *name_or_id, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *ps_graph_client_read_group_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

/* Presence of up to 650 users in one call. @ids: object ids (not copied twice). A 400 is bisected, so that one bad id
 * does not blind the others; ids that the reply leaves out are simply absent from the result. */
typedef struct {
  const char *id; /* owned by the result */
  PsTeamsReading reading;
} PsTeamsPresence;
typedef struct {
  GArray *presences;     /* (owned) PsTeamsPresence, in the order of the reply */
  gint64 sent_ms;        /* every reading is at least as new as this */
  guint calls;           /* how many calls it took */
  GStringChunk *strings; /* (owned) */
} PsTeamsPresences;
void ps_teams_presences_free (PsTeamsPresences *presences);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTeamsPresences, ps_teams_presences_free)
void ps_graph_client_read_presences_async (PsGraphClient *self, const char *const *ids, guint n_ids,
                                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
PsTeamsPresences *ps_graph_client_read_presences_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

/* Our session on one user's presence. @duration_s: 300 … 14400. PS_SESSION_NONE clears it; "there was none" (404) is
 * success. One attempt (PS_SEND_ONCE): the engine decides again. The caller has taken the budget "presence". */
void ps_graph_client_write_session_async (PsGraphClient *self, const char *user_id, const char *application_id,
                                          PsTeamsSession session, guint duration_s, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_graph_client_write_session_finish (PsGraphClient *self, GAsyncResult *result, GError **error);
/* The preferred slot; PS_PREFERRED_NONE clears it. One attempt, and the caller has taken the budget. */
void ps_graph_client_write_preferred_async (PsGraphClient *self, const char *user_id, PsTeamsPreferred preferred,
                                            guint duration_s, GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
gboolean ps_graph_client_write_preferred_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

/* 202: queued, not delivered. @to: NULL-ended addresses. @from: mailbox, address or object id. Not repeated blindly. */
void ps_graph_client_send_mail_async (PsGraphClient *self, const char *from, const char *const *to, const char *subject,
                                      const char *text, GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
gboolean ps_graph_client_send_mail_finish (PsGraphClient *self, GAsyncResult *result, GError **error);

G_END_DECLS
