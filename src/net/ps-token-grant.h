/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The four ways in which the program gets a token: what is sent for each, and what a reply says. Pure but for the
 * random number in a client assertion. Internal to net.
 */
#pragma once

#include "ps-client-assertion.h"
#include "ps-transport.h"

G_BEGIN_DECLS

typedef enum {
  PS_GRANT_CLIENT_SECRET,
  PS_GRANT_CLIENT_CERTIFICATE,
  PS_GRANT_JWT,
  PS_GRANT_REFRESH,
} PsGrantKind;

typedef struct {
  PsGrantKind kind;
  char *path;          /* (owned) of the token endpoint */
  char *audience;      /* (owned) (nullable): its whole address, for a client assertion */
  char *scope;         /* (owned) (nullable) */
  char *client_id;     /* (owned) */
  char *client_secret; /* (owned) (nullable) */
  PsClientKey *key;    /* (owned) (nullable) */
  char *jwt;           /* (owned) (nullable) */
  char *refresh_token; /* (owned) (nullable): the newest that is stored */
} PsGrant;

/* Blanks around what was pasted are taken away; what is missing or no tenant id is PS_ERROR_INPUT.
 * Returns: (transfer full). */
PsGrant *ps_grant_new_client_secret (const char *login_url, const char *graph_url, const char *tenant_id,
                                     const char *client_id, const char *client_secret, GError **error);
PsGrant *ps_grant_new_client_certificate (const char *login_url, const char *graph_url, const char *tenant_id,
                                          const char *client_id, const char *pem, GError **error);
PsGrant *ps_grant_new_jwt (const char *client_id, const char *client_secret, const char *jwt, GError **error);
PsGrant *ps_grant_new_refresh (const char *client_id, const char *refresh_token, GError **error);
void ps_grant_free (PsGrant *grant);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsGrant, ps_grant_free)
PsServiceKind ps_grant_service (const PsGrant *grant);
/* Whether @text can be a tenant's id or domain, which becomes part of an address. */
gboolean ps_grant_is_tenant (const char *text);

/* The form to post. Returns: (transfer full). */
GBytes *ps_grant_token_form (const PsGrant *grant, gint64 utc_s, GError **error);
GBytes *ps_grant_revoke_form (const PsGrant *grant, const char *token);
/* "Basic …" of a confidential RingCentral client. Returns: (transfer full) (nullable). */
char *ps_grant_authorization (const PsGrant *grant);

typedef struct {
  char *access_token;  /* (owned), never "" */
  char *refresh_token; /* (owned) (nullable) */
  gint64 life_ms;
  GStrv granted;  /* (owned) (nullable) */
  char *owner_id; /* (owned) (nullable) */
} PsTokenReply;

void ps_token_reply_clear (PsTokenReply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsTokenReply, ps_token_reply_clear)
/* PS_ERROR_BAD_REPLY if there is no token in @body. @reply is empty before. */
gboolean ps_token_reply_parse (PsServiceKind kind, GBytes *body, PsTokenReply *reply, GError **error);

/* Overwrites a secret before it is freed. */
void ps_secret_free (char *secret);

G_END_DECLS
