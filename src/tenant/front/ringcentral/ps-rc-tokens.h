/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's OAuth sessions in virtual time, without HTTP: who is signed in with which application, the access and
 * refresh tokens with their rotation and its grace, authorization codes, and the single-use tokens of the event socket.
 *
 * Rules (RingCentral guide "Refresh tokens" and "Tokens"): an access token lives 600 to 3600 s; a refresh token 7 days
 * at most and is used once; after a rotation the old refresh token still gives the same new pair, for 60 minutes while
 * the new access token was not used, and until 10 s after its first use. At most five sessions per user and
 * application: a sixth ends the oldest.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PS_RC_ACCESS_TTL_S       3600
#define PS_RC_ACCESS_TTL_MIN_S   600
#define PS_RC_REFRESH_TTL_S      (7 * 24 * 3600)
#define PS_RC_REFRESH_TTL_MAX_S  (30 * 24 * 3600)
#define PS_RC_SOCKET_TOKEN_TTL_S 30
#define PS_RC_CODE_TTL_S         60
#define PS_RC_SESSIONS_MAX       5

typedef struct {
  const char *client_id;
  const char *client_secret; /* (nullable): NULL is a public client */
  const char *redirect_uri;  /* (nullable): NULL is an application without interactive sign-in */
  gboolean jwt;              /* may use the JWT grant */
} PsRcApplication;

typedef struct {
  char *id;
  gint64 extension_id;                /* whose */
  const PsRcApplication *application; /* (not owned) */
  char *scope;                        /* space-separated */
  char *endpoint_id;
  char *access_token, *refresh_token;
  gint64 created_ms, access_expires_ms, refresh_expires_ms;
  gint64 access_ttl_s, refresh_ttl_s;
  gint64 access_used_ms;        /* 0: the present access token was not used yet */
  char *previous_refresh_token; /* (nullable) */
  gint64 rotated_ms;
} PsRcSession;

typedef struct {
  char *code;
  const PsRcApplication *application;
  gint64 extension_id;
  char *redirect_uri, *challenge, *method; /* challenge and method: (nullable) */
  gint64 expires_ms;
} PsRcCode;

typedef struct _PsRcTokens PsRcTokens;
/* Called just before @session is freed. */
typedef void (*PsRcSessionFunc) (PsRcSession *session, gpointer data);

PsRcTokens *ps_rc_tokens_new (PsRcSessionFunc ended, gpointer data);
void ps_rc_tokens_free (PsRcTokens *tokens);

/* Returns: (transfer none). */
PsRcSession *ps_rc_tokens_begin (PsRcTokens *tokens, const PsRcApplication *application, gint64 extension_id,
                                 const char *scope, const char *endpoint_id, gint64 access_ttl_s, gint64 refresh_ttl_s,
                                 gint64 now_ms);
/* Returns: (transfer none) (nullable): the session of an access token that the server knows, expired or not. */
PsRcSession *ps_rc_tokens_find_access (PsRcTokens *tokens, const char *access_token);
/* Returns: (transfer none) (nullable): by access or refresh token. */
PsRcSession *ps_rc_tokens_find_any (PsRcTokens *tokens, const char *token);
/* Returns: (transfer none) (nullable): the session that @refresh_token may still refresh at @now_ms. */
PsRcSession *ps_rc_tokens_find_refresh (PsRcTokens *tokens, const PsRcApplication *application,
                                        const char *refresh_token, gint64 now_ms);
/* Gives the session its next pair, or the present one again if @refresh_token is the one before (the grace). */
void ps_rc_tokens_rotate (PsRcTokens *tokens, PsRcSession *session, const char *refresh_token, gint64 access_ttl_s,
                          gint64 refresh_ttl_s, gint64 now_ms);
void ps_rc_tokens_end (PsRcTokens *tokens, PsRcSession *session);
guint ps_rc_tokens_count (PsRcTokens *tokens);

/* Returns: (transfer none): the code, good for 60 s and one use. */
const char *ps_rc_tokens_add_code (PsRcTokens *tokens, const PsRcApplication *application, gint64 extension_id,
                                   const char *redirect_uri, const char *challenge, const char *method, gint64 now_ms);
/* Returns: (transfer full) (nullable): the code, no longer valid. */
PsRcCode *ps_rc_tokens_take_code (PsRcTokens *tokens, const char *code);
void ps_rc_code_free (PsRcCode *code);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRcCode, ps_rc_code_free)

/* Returns: (transfer none): a token with which one event socket may be opened within 30 s. */
const char *ps_rc_tokens_add_socket_token (PsRcTokens *tokens, PsRcSession *session, gint64 now_ms);
/* Returns: (transfer none) (nullable): its session, if it is fresh; it is used up either way. */
PsRcSession *ps_rc_tokens_take_socket_token (PsRcTokens *tokens, const char *token, gint64 now_ms);

G_END_DECLS
