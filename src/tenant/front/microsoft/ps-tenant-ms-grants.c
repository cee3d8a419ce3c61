/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-grants.h"

#include <string.h>

#define CODE_LIFE_MS    (10 * 60 * G_GINT64_CONSTANT (1000))
#define REFRESH_LIFE_MS (90 * 24 * 3600 * G_GINT64_CONSTANT (1000))

struct _PsTenantMsGrants {
  GHashTable *codes;   /* (owned) code → PsTenantMsGrant */
  GHashTable *refresh; /* (owned) token → PsTenantMsGrant */
};

static void
grant_free (gpointer data)
{
  PsTenantMsGrant *grant = data;

  g_free (grant->app_id);
  g_free (grant->user_id);
  g_free (grant->scope);
  g_free (grant->nonce);
  g_free (grant->redirect_uri);
  g_free (grant->code_challenge);
  g_free (grant);
}

PsTenantMsGrants *
ps_tenant_ms_grants_new (void)
{
  PsTenantMsGrants *grants = g_new0 (PsTenantMsGrants, 1);

  grants->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, grant_free);
  grants->refresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, grant_free);
  return grants;
}

void
ps_tenant_ms_grants_free (PsTenantMsGrants *grants)
{
  g_hash_table_unref (grants->codes);
  g_hash_table_unref (grants->refresh);
  g_free (grants);
}

/* Long after their end nobody can tell any more why they do not work, and the tables stay small. */
static gboolean
long_gone (gpointer key, gpointer value, gpointer now_ms)
{
  return ((PsTenantMsGrant *) value)->expires_ms + CODE_LIFE_MS < *(gint64 *) now_ms;
}

/* Opaque text of the length that the real ones roughly have. */
static char *
random_text (const char *prefix)
{
  g_autofree char *one = g_uuid_string_random ();
  g_autofree char *two = g_uuid_string_random ();
  g_autofree char *text = g_strconcat (one, two, NULL);
  g_autofree char *coded = ps_tenant_ms_base64url ((const guint8 *) text, strlen (text));

  return g_strconcat (prefix, coded, NULL);
}

char *
ps_tenant_ms_grants_issue_code (PsTenantMsGrants *grants, const PsTenantMsCodeRequest *request, gint64 now_ms)
{
  PsTenantMsGrant *grant = g_new0 (PsTenantMsGrant, 1);
  char *code = random_text ("1.AAAA.");

  g_hash_table_foreach_remove (grants->codes, long_gone, &now_ms);
  grant->app_id = g_strdup (request->app_id);
  grant->user_id = g_strdup (request->user_id);
  grant->scope = g_strdup (request->scope);
  grant->nonce = g_strdup (request->nonce);
  grant->redirect_uri = g_strdup (request->redirect_uri);
  grant->code_challenge = g_strdup (request->code_challenge);
  grant->expires_ms = now_ms + CODE_LIFE_MS;
  g_hash_table_insert (grants->codes, g_strdup (code), grant);
  return code;
}

PsTenantMsGrant *
ps_tenant_ms_grants_find_code (PsTenantMsGrants *grants, const char *code)
{
  return g_hash_table_lookup (grants->codes, code);
}

PsTenantMsGrant *
ps_tenant_ms_grants_find_refresh (PsTenantMsGrants *grants, const char *token)
{
  return g_hash_table_lookup (grants->refresh, token);
}

char *
ps_tenant_ms_grants_issue_refresh (PsTenantMsGrants *grants, const PsTenantMsGrant *from, gint64 now_ms)
{
  PsTenantMsGrant *grant = g_new0 (PsTenantMsGrant, 1);
  char *token = random_text ("1.AQAA.");

  grant->app_id = g_strdup (from->app_id);
  grant->user_id = g_strdup (from->user_id);
  grant->scope = g_strdup (from->scope);
  grant->redirect_uri = g_strdup (from->redirect_uri);
  grant->expires_ms = now_ms + REFRESH_LIFE_MS;
  g_hash_table_foreach_remove (grants->refresh, long_gone, &now_ms);
  g_hash_table_insert (grants->refresh, g_strdup (token), grant);
  return token;
}

static gboolean
is_of_app (gpointer key, gpointer value, gpointer app_id)
{
  return g_ascii_strcasecmp (((PsTenantMsGrant *) value)->app_id, app_id) == 0;
}

void
ps_tenant_ms_grants_revoke (PsTenantMsGrants *grants, const char *app_id)
{
  g_hash_table_foreach_remove (grants->refresh, is_of_app, (gpointer) app_id);
}

gboolean
ps_tenant_ms_pkce_fits (const char *verifier, const char *challenge)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *made = NULL;

  g_checksum_update (checksum, (const guchar *) verifier, (gssize) strlen (verifier));
  g_checksum_get_digest (checksum, digest, &length);
  made = ps_tenant_ms_base64url (digest, length);
  return g_str_equal (made, challenge);
}
