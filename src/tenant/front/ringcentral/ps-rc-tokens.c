/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-tokens.h"

#define GRACE_UNUSED_MS (60 * 60 * G_GINT64_CONSTANT (1000))
#define GRACE_USED_MS   (10 * G_GINT64_CONSTANT (1000))

typedef struct {
  char *token;
  PsRcSession *session; /* (not owned): taken out when it ends */
  gint64 expires_ms;
} SocketToken;

struct _PsRcTokens {
  GPtrArray *sessions;      /* (owned) PsRcSession, oldest first */
  GHashTable *by_access;    /* (owned) access token → PsRcSession */
  GPtrArray *codes;         /* (owned) PsRcCode */
  GPtrArray *socket_tokens; /* (owned) SocketToken */
  PsRcSessionFunc ended;
  gpointer ended_data;
};

static char *
new_token (void)
{
  g_autofree char *first = g_uuid_string_random ();
  g_autofree char *second = g_uuid_string_random ();
  g_autofree char *seed = g_strconcat (first, second, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
}

static void
session_free (PsRcSession *session)
{
  g_free (session->id);
  g_free (session->scope);
  g_free (session->endpoint_id);
  g_free (session->access_token);
  g_free (session->refresh_token);
  g_free (session->previous_refresh_token);
  g_free (session);
}

void
ps_rc_code_free (PsRcCode *code)
{
  g_free (code->code);
  g_free (code->redirect_uri);
  g_free (code->challenge);
  g_free (code->method);
  g_free (code);
}

static void
socket_token_free (SocketToken *token)
{
  g_free (token->token);
  g_free (token);
}

PsRcTokens *
ps_rc_tokens_new (PsRcSessionFunc ended, gpointer data)
{
  PsRcTokens *tokens = g_new0 (PsRcTokens, 1);

  tokens->sessions = g_ptr_array_new_with_free_func ((GDestroyNotify) session_free);
  tokens->by_access = g_hash_table_new (g_str_hash, g_str_equal);
  tokens->codes = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_rc_code_free);
  tokens->socket_tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) socket_token_free);
  tokens->ended = ended;
  tokens->ended_data = data;
  return tokens;
}

void
ps_rc_tokens_free (PsRcTokens *tokens)
{
  g_hash_table_unref (tokens->by_access);
  g_ptr_array_unref (tokens->sessions);
  g_ptr_array_unref (tokens->codes);
  g_ptr_array_unref (tokens->socket_tokens);
  g_free (tokens);
}

void
ps_rc_tokens_end (PsRcTokens *tokens, PsRcSession *session)
{
  if (tokens->ended != NULL)
    tokens->ended (session, tokens->ended_data);
  for (guint i = tokens->socket_tokens->len; i > 0; i--) {
    SocketToken *token = tokens->socket_tokens->pdata[i - 1];

    if (token->session == session)
      g_ptr_array_remove_index (tokens->socket_tokens, i - 1);
  }
  g_hash_table_remove (tokens->by_access, session->access_token);
  g_ptr_array_remove (tokens->sessions, session);
}

/* A session whose refresh token has run out cannot come back; it no longer counts among the five. */
static void
drop_dead_sessions (PsRcTokens *tokens, gint64 now_ms)
{
  for (guint i = tokens->sessions->len; i > 0; i--) {
    PsRcSession *session = tokens->sessions->pdata[i - 1];

    if (now_ms >= session->refresh_expires_ms && now_ms >= session->access_expires_ms)
      ps_rc_tokens_end (tokens, session);
  }
}

static void
make_room (PsRcTokens *tokens, const PsRcApplication *application, gint64 extension_id)
{
  PsRcSession *oldest = NULL;
  guint count = 0;

  for (guint i = 0; i < tokens->sessions->len; i++) {
    PsRcSession *session = tokens->sessions->pdata[i];

    if (session->application != application || session->extension_id != extension_id)
      continue;
    if (oldest == NULL)
      oldest = session;
    count++;
  }
  if (count >= PS_RC_SESSIONS_MAX)
    ps_rc_tokens_end (tokens, oldest);
}

static void
new_pair (PsRcTokens *tokens, PsRcSession *session, gint64 access_ttl_s, gint64 refresh_ttl_s, gint64 now_ms)
{
  if (session->access_token != NULL)
    g_hash_table_remove (tokens->by_access, session->access_token);
  g_free (session->access_token);
  session->access_token = new_token ();
  g_hash_table_insert (tokens->by_access, session->access_token, session);
  session->refresh_token = new_token ();
  session->access_ttl_s = access_ttl_s;
  session->refresh_ttl_s = refresh_ttl_s;
  session->access_expires_ms = now_ms + access_ttl_s * 1000;
  session->refresh_expires_ms = now_ms + refresh_ttl_s * 1000;
  session->access_used_ms = 0;
}

PsRcSession *
ps_rc_tokens_begin (PsRcTokens *tokens, const PsRcApplication *application, gint64 extension_id, const char *scope,
                    const char *endpoint_id, gint64 access_ttl_s, gint64 refresh_ttl_s, gint64 now_ms)
{
  PsRcSession *session;

  drop_dead_sessions (tokens, now_ms);
  make_room (tokens, application, extension_id);
  session = g_new0 (PsRcSession, 1);
  session->id = new_token ();
  session->extension_id = extension_id;
  session->application = application;
  session->scope = g_strdup (scope);
  session->endpoint_id = endpoint_id != NULL ? g_strdup (endpoint_id) : g_uuid_string_random ();
  session->created_ms = now_ms;
  new_pair (tokens, session, access_ttl_s, refresh_ttl_s, now_ms);
  g_ptr_array_add (tokens->sessions, session);
  return session;
}

PsRcSession *
ps_rc_tokens_find_access (PsRcTokens *tokens, const char *access_token)
{
  return g_hash_table_lookup (tokens->by_access, access_token);
}

PsRcSession *
ps_rc_tokens_find_any (PsRcTokens *tokens, const char *token)
{
  for (guint i = 0; i < tokens->sessions->len; i++) {
    PsRcSession *session = tokens->sessions->pdata[i];

    if (g_str_equal (session->access_token, token) || g_str_equal (session->refresh_token, token))
      return session;
  }
  return NULL;
}

static gboolean
in_grace (PsRcSession *session, gint64 now_ms)
{
  if (session->access_used_ms == 0)
    return now_ms < session->rotated_ms + GRACE_UNUSED_MS;
  return now_ms < session->access_used_ms + GRACE_USED_MS;
}

PsRcSession *
ps_rc_tokens_find_refresh (PsRcTokens *tokens, const PsRcApplication *application, const char *refresh_token,
                           gint64 now_ms)
{
  for (guint i = 0; i < tokens->sessions->len; i++) {
    PsRcSession *session = tokens->sessions->pdata[i];

    if (session->application != application)
      continue;
    if (g_str_equal (session->refresh_token, refresh_token))
      return now_ms < session->refresh_expires_ms ? session : NULL;
    if (g_strcmp0 (session->previous_refresh_token, refresh_token) == 0)
      return in_grace (session, now_ms) ? session : NULL;
  }
  return NULL;
}

void
ps_rc_tokens_rotate (PsRcTokens *tokens, PsRcSession *session, const char *refresh_token, gint64 access_ttl_s,
                     gint64 refresh_ttl_s, gint64 now_ms)
{
  if (!g_str_equal (session->refresh_token, refresh_token))
    return;
  g_free (session->previous_refresh_token);
  session->previous_refresh_token = g_steal_pointer (&session->refresh_token);
  session->rotated_ms = now_ms;
  new_pair (tokens, session, access_ttl_s, refresh_ttl_s, now_ms);
}

guint
ps_rc_tokens_count (PsRcTokens *tokens)
{
  return tokens->sessions->len;
}

const char *
ps_rc_tokens_add_code (PsRcTokens *tokens, const PsRcApplication *application, gint64 extension_id,
                       const char *redirect_uri, const char *challenge, const char *method, gint64 now_ms)
{
  PsRcCode *code = g_new0 (PsRcCode, 1);

  for (guint i = tokens->codes->len; i > 0; i--) /* long gone ones need no OAU-108 any more */
    if (now_ms > ((PsRcCode *) tokens->codes->pdata[i - 1])->expires_ms + 60 * 60 * 1000)
      g_ptr_array_remove_index (tokens->codes, i - 1);
  code->code = new_token ();
  code->application = application;
  code->extension_id = extension_id;
  code->redirect_uri = g_strdup (redirect_uri);
  code->challenge = g_strdup (challenge);
  code->method = g_strdup (method);
  code->expires_ms = now_ms + PS_RC_CODE_TTL_S * 1000;
  g_ptr_array_add (tokens->codes, code);
  return code->code;
}

PsRcCode *
ps_rc_tokens_take_code (PsRcTokens *tokens, const char *code)
{
  for (guint i = 0; i < tokens->codes->len; i++)
    if (g_str_equal (((PsRcCode *) tokens->codes->pdata[i])->code, code))
      return g_ptr_array_steal_index (tokens->codes, i);
  return NULL;
}

const char *
ps_rc_tokens_add_socket_token (PsRcTokens *tokens, PsRcSession *session, gint64 now_ms)
{
  SocketToken *token = g_new0 (SocketToken, 1);

  for (guint i = tokens->socket_tokens->len; i > 0; i--)
    if (now_ms >= ((SocketToken *) tokens->socket_tokens->pdata[i - 1])->expires_ms)
      g_ptr_array_remove_index (tokens->socket_tokens, i - 1);
  token->token = new_token ();
  token->session = session;
  token->expires_ms = now_ms + PS_RC_SOCKET_TOKEN_TTL_S * 1000;
  g_ptr_array_add (tokens->socket_tokens, token);
  return token->token;
}

PsRcSession *
ps_rc_tokens_take_socket_token (PsRcTokens *tokens, const char *token, gint64 now_ms)
{
  for (guint i = 0; i < tokens->socket_tokens->len; i++) {
    SocketToken *candidate = tokens->socket_tokens->pdata[i];
    PsRcSession *session = now_ms < candidate->expires_ms ? candidate->session : NULL;

    if (g_str_equal (candidate->token, token)) {
      g_ptr_array_remove_index (tokens->socket_tokens, i);
      return session;
    }
  }
  return NULL;
}
