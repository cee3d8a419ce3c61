/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-token.h"
#include "ps-tenant-ms-json.h"

#include <string.h>

void
ps_tenant_ms_claims_free (PsTenantMsClaims *claims)
{
  g_free (claims->app_id);
  g_free (claims->tenant_id);
  g_free (claims->user_id);
  g_strfreev (claims->permissions);
  g_free (claims);
}

char *
ps_tenant_ms_base64url (const guint8 *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

guint8 *
ps_tenant_ms_base64url_decode (const char *text, gsize *length)
{
  gsize given = strlen (text);
  g_autofree char *padded = NULL;

  for (gsize i = 0; i < given; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return NULL;
  if (given % 4 == 1)
    return NULL;
  padded = g_strconcat (text, given % 4 == 2 ? "==" : given % 4 == 3 ? "=" : "", NULL);
  g_strdelimit (padded, "-", '+');
  g_strdelimit (padded, "_", '/');
  return g_base64_decode (padded, length);
}

JsonObject *
ps_tenant_ms_jwt_part (const char *jwt, guint part)
{
  g_auto (GStrv) parts = g_strsplit (jwt, ".", 4);
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autofree guint8 *text = NULL;
  gsize length = 0;
  JsonNode *root;

  if (g_strv_length (parts) != 3)
    return NULL;
  text = ps_tenant_ms_base64url_decode (parts[part], &length);
  if (text == NULL || !json_parser_load_from_data (parser, (const char *) text, length, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_object_ref (json_node_get_object (root)) : NULL;
}

static char *
signature (const char *signing_input, gsize length, const guint8 *key, gsize key_length)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, key, key_length);
  guint8 digest[32];
  gsize digest_length = sizeof digest;

  g_hmac_update (hmac, (const guchar *) signing_input, length);
  g_hmac_get_digest (hmac, digest, &digest_length);
  return ps_tenant_ms_base64url (digest, digest_length);
}

char *
ps_tenant_ms_jwt_sign (JsonNode *claims, const guint8 *key, gsize key_length)
{
  static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"demo-tenant\"}";
  g_autofree char *payload = json_to_string (claims, FALSE);
  g_autofree char *head = ps_tenant_ms_base64url ((const guint8 *) header, strlen (header));
  g_autofree char *body = ps_tenant_ms_base64url ((const guint8 *) payload, strlen (payload));
  g_autofree char *input = g_strconcat (head, ".", body, NULL);
  g_autofree char *sign = signature (input, strlen (input), key, key_length);

  return g_strconcat (input, ".", sign, NULL);
}

/* `roles` is an array of names, `scp` one string of names. */
static GStrv
read_permissions (JsonObject *payload)
{
  const char *scopes = ps_tenant_ms_json_get_string (payload, "scp");
  JsonArray *roles = ps_tenant_ms_json_get_array (payload, "roles");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (scopes != NULL)
    return g_strsplit (scopes, " ", -1);
  for (guint i = 0; roles != NULL && i < json_array_get_length (roles); i++)
    g_strv_builder_add (builder, json_array_get_string_element (roles, i)); /* signed by us: strings */
  return g_strv_builder_end (builder);
}

PsTenantMsTokenResult
ps_tenant_ms_token_read (const char *token, const guint8 *key, gsize key_length, gint64 now_ms,
                         PsTenantMsClaims **claims)
{
  const char *last = strrchr (token, '.');
  g_autoptr (JsonObject) payload = ps_tenant_ms_jwt_part (token, 1);
  g_autofree char *expected = NULL;
  gint64 expires_ms;

  if (payload == NULL)
    return PS_TENANT_MS_TOKEN_MALFORMED;
  expected = signature (token, last - token, key, key_length);
  if (!g_str_equal (expected, last + 1))
    return PS_TENANT_MS_TOKEN_SIGNATURE;
  /* An id token is signed with the same key, but it opens nothing. */
  if (!json_object_has_member (payload, "appid"))
    return PS_TENANT_MS_TOKEN_MALFORMED;
  expires_ms = json_object_get_int_member (payload, "exp") * 1000;
  if (now_ms >= expires_ms)
    return PS_TENANT_MS_TOKEN_EXPIRED;

  *claims = g_new0 (PsTenantMsClaims, 1);
  (*claims)->app_id = g_strdup (ps_tenant_ms_json_get_string (payload, "appid"));
  (*claims)->tenant_id = g_strdup (ps_tenant_ms_json_get_string (payload, "tid"));
  if (json_object_has_member (payload, "scp"))
    (*claims)->user_id = g_strdup (ps_tenant_ms_json_get_string (payload, "oid"));
  (*claims)->permissions = read_permissions (payload);
  (*claims)->expires_ms = expires_ms;
  return PS_TENANT_MS_TOKEN_OK;
}
