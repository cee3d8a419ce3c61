/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Access tokens: shaped like Entra's (a JWT with `roles` or `scp`), signed with HS256 and the tenant's own key. What is
 * in a token stays in it until it expires, as in the real service: consent withdrawn later shows in the next one.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PS_TENANT_MS_TOKEN_LIFE_S 3599

typedef struct {
  char *app_id;
  char *tenant_id;
  char *user_id;     /* (nullable): NULL for an application's own token */
  GStrv permissions; /* roles or scopes; may be empty */
  gint64 expires_ms; /* virtual */
} PsTenantMsClaims;

void ps_tenant_ms_claims_free (PsTenantMsClaims *claims);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTenantMsClaims, ps_tenant_ms_claims_free)

/* Base64url without padding (RFC 7515, section 2). */
char *ps_tenant_ms_base64url (const guint8 *data, gsize length);
/* Returns: (transfer full) (nullable): NULL if @text is not base64url. */
guint8 *ps_tenant_ms_base64url_decode (const char *text, gsize *length);

/* Returns: (transfer full) (nullable): the JSON object in part @part (0 header, 1 payload) of a JWT. */
JsonObject *ps_tenant_ms_jwt_part (const char *jwt, guint part);

/* Returns: (transfer full): a signed JWT with @claims, a finished object. */
char *ps_tenant_ms_jwt_sign (JsonNode *claims, const guint8 *key, gsize key_length);

typedef enum {
  PS_TENANT_MS_TOKEN_OK,
  PS_TENANT_MS_TOKEN_MALFORMED,
  PS_TENANT_MS_TOKEN_SIGNATURE,
  PS_TENANT_MS_TOKEN_EXPIRED,
} PsTenantMsTokenResult;

/* @claims is set only with PS_TENANT_MS_TOKEN_OK. */
PsTenantMsTokenResult ps_tenant_ms_token_read (const char *token, const guint8 *key, gsize key_length, gint64 now_ms,
                                               PsTenantMsClaims **claims);

G_END_DECLS
