/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-token-grant.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-json.h"

/* A token whose life is not told, or told as nonsense. */
#define SHORT_LIFE_S   300
#define LONGEST_LIFE_S (24 * 60 * 60)

void
ps_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
ps_grant_free (PsGrant *grant)
{
  g_free (grant->path);
  g_free (grant->audience);
  g_free (grant->scope);
  g_free (grant->client_id);
  ps_secret_free (grant->client_secret);
  g_clear_pointer (&grant->key, ps_client_key_free);
  ps_secret_free (grant->jwt);
  ps_secret_free (grant->refresh_token);
  g_free (grant);
}

/* What was pasted may carry blanks and a line's end. Returns: (transfer full) (nullable): NULL with @error if nothing
 * is left.
 * @what: translated. */
static char *
check_field (const char *text, const char *what, GError **error)
{
  char *clean = g_strstrip (g_strdup (text != NULL ? text : ""));

  if (clean[0] != '\0')
    return clean;
  g_free (clean);
  g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("%s is missing."), what));
  return NULL;
}

gboolean
ps_grant_is_tenant (const char *text)
{
  return strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-") == strlen (text);
}

static PsGrant *
microsoft_grant (PsGrantKind kind, const char *login_url, const char *graph_url, const char *tenant_id,
                 const char *client_id, GError **error)
{
  g_autoptr (PsGrant) grant = g_new0 (PsGrant, 1);
  g_autofree char *tenant = check_field (tenant_id, _ ("The tenant ID"), error);
  g_autofree char *graph = g_strdup (graph_url != NULL ? graph_url : "");
  g_autofree char *login = g_strdup (login_url != NULL ? login_url : "");

  grant->client_id = tenant != NULL ? check_field (client_id, _ ("The application (client) ID"), error) : NULL;
  if (grant->client_id == NULL)
    return NULL;
  if (!ps_grant_is_tenant (tenant)) {
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("“%s” is not a tenant ID. Copy the “Directory (tenant) ID” from the overview page "
                                "of the app registration."),
                             tenant));
    return NULL;
  }
  for (char **url = (char *[]){ graph, login, NULL }; *url != NULL; url++) {
    if (g_str_has_suffix (*url, "/"))
      (*url)[strlen (*url) - 1] = '\0';
  }
  grant->kind = kind;
  grant->path = g_strdup_printf ("/%s/oauth2/v2.0/token", tenant);
  grant->audience = g_strconcat (login, grant->path, NULL);
  grant->scope = g_strconcat (graph, "/.default", NULL);
  return g_steal_pointer (&grant);
}

static PsGrant *
ringcentral_grant (PsGrantKind kind, const char *client_id, GError **error)
{
  g_autoptr (PsGrant) grant = g_new0 (PsGrant, 1);

  grant->kind = kind;
  grant->path = g_strdup ("/restapi/oauth/token");
  grant->client_id = check_field (client_id, _ ("The client ID"), error);
  return grant->client_id != NULL ? g_steal_pointer (&grant) : NULL;
}

PsGrant *
ps_grant_new_client_secret (const char *login_url, const char *graph_url, const char *tenant_id, const char *client_id,
                            const char *client_secret, GError **error)
{
  g_autoptr (PsGrant) grant =
      microsoft_grant (PS_GRANT_CLIENT_SECRET, login_url, graph_url, tenant_id, client_id, error);

  if (grant == NULL || (grant->client_secret = check_field (client_secret, _ ("The client secret"), error)) == NULL)
    return NULL;
  return g_steal_pointer (&grant);
}

PsGrant *
ps_grant_new_client_certificate (const char *login_url, const char *graph_url, const char *tenant_id,
                                 const char *client_id, const char *pem, GError **error)
{
  g_autoptr (PsGrant) grant =
      microsoft_grant (PS_GRANT_CLIENT_CERTIFICATE, login_url, graph_url, tenant_id, client_id, error);

  if (grant == NULL || (grant->key = ps_client_key_new (pem != NULL ? pem : "", error)) == NULL)
    return NULL;
  return g_steal_pointer (&grant);
}

PsGrant *
ps_grant_new_jwt (const char *client_id, const char *client_secret, const char *jwt, GError **error)
{
  g_autoptr (PsGrant) grant = ringcentral_grant (PS_GRANT_JWT, client_id, error);

  if (grant == NULL || (grant->client_secret = check_field (client_secret, _ ("The client secret"), error)) == NULL ||
      (grant->jwt = check_field (jwt, _ ("The JWT credential"), error)) == NULL)
    return NULL;
  return g_steal_pointer (&grant);
}

PsGrant *
ps_grant_new_refresh (const char *client_id, const char *refresh_token, GError **error)
{
  g_autoptr (PsGrant) grant = ringcentral_grant (PS_GRANT_REFRESH, client_id, error);

  if (grant == NULL || (grant->refresh_token = check_field (refresh_token, _ ("The sign-in"), error)) == NULL)
    return NULL;
  return g_steal_pointer (&grant);
}

PsServiceKind
ps_grant_service (const PsGrant *grant)
{
  return grant->kind <= PS_GRANT_CLIENT_CERTIFICATE ? PS_SERVICE_MICROSOFT : PS_SERVICE_RINGCENTRAL;
}

static GBytes *
take_form (char *form)
{
  return g_bytes_new_with_free_func (form, strlen (form), (GDestroyNotify) ps_secret_free, form);
}

static GBytes *
certificate_form (const PsGrant *grant, gint64 utc_s, GError **error)
{
  g_autofree char *assertion = ps_client_key_sign (grant->key, grant->client_id, grant->audience, utc_s, error);

  if (assertion == NULL)
    return NULL;
  return take_form (soup_form_encode ("client_id", grant->client_id, "scope", grant->scope, "client_assertion_type",
                                      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "client_assertion",
                                      assertion, "grant_type", "client_credentials", NULL));
}

GBytes *
ps_grant_token_form (const PsGrant *grant, gint64 utc_s, GError **error)
{
  switch (grant->kind) {
  case PS_GRANT_CLIENT_SECRET:
    return take_form (soup_form_encode ("client_id", grant->client_id, "scope", grant->scope, "client_secret",
                                        grant->client_secret, "grant_type", "client_credentials", NULL));
  case PS_GRANT_CLIENT_CERTIFICATE:
    return certificate_form (grant, utc_s, error);
  case PS_GRANT_JWT:
    return take_form (
        soup_form_encode ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", grant->jwt, NULL));
  case PS_GRANT_REFRESH:
    return take_form (soup_form_encode ("grant_type", "refresh_token", "refresh_token", grant->refresh_token,
                                        "client_id", grant->client_id, NULL));
  default:
    g_return_val_if_reached (NULL);
  }
}

/* A public client names itself in the form; a Basic header with an empty secret would be "Invalid client" (OAU-153). */
GBytes *
ps_grant_revoke_form (const PsGrant *grant, const char *token)
{
  if (grant->kind == PS_GRANT_REFRESH)
    return take_form (soup_form_encode ("token", token, "client_id", grant->client_id, NULL));
  return take_form (soup_form_encode ("token", token, NULL));
}

char *
ps_grant_authorization (const PsGrant *grant)
{
  g_autofree char *pair = NULL;
  g_autofree char *encoded = NULL;

  if (grant->kind != PS_GRANT_JWT)
    return NULL;
  pair = g_strconcat (grant->client_id, ":", grant->client_secret, NULL);
  encoded = g_base64_encode ((const guchar *) pair, strlen (pair));
  return g_strconcat ("Basic ", encoded, NULL);
}

void
ps_token_reply_clear (PsTokenReply *reply)
{
  g_clear_pointer (&reply->access_token, ps_secret_free);
  g_clear_pointer (&reply->refresh_token, ps_secret_free);
  g_clear_pointer (&reply->granted, g_strfreev);
  g_clear_pointer (&reply->owner_id, g_free);
}

/* The `roles` of an app-only token: the permissions by name. No claim at all means that nothing was granted; a token
 * that cannot be read (Microsoft does not promise that it can) tells nothing. */
static GStrv
roles_of (const char *token)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", -1);
  g_autoptr (GBytes) payload = g_strv_length (parts) == 3 ? ps_base64url_decode (parts[1]) : NULL;
  g_autoptr (JsonObject) claims = payload != NULL ? ps_json_parse_object (payload, NULL) : NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *roles = ps_json_array (claims, "roles");

  if (claims == NULL)
    return NULL;
  for (guint i = 0; i < ps_json_length (roles); i++) {
    if (ps_json_element_string (roles, i) != NULL)
      g_strv_builder_add (builder, ps_json_element_string (roles, i));
  }
  return g_strv_builder_end (builder);
}

gboolean
ps_token_reply_parse (PsServiceKind kind, GBytes *body, PsTokenReply *reply, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);
  const char *token = ps_json_string (object, "access_token");
  const char *refresh_token = ps_json_string (object, "refresh_token");
  const char *scope = ps_json_string (object, "scope");
  gint64 life_s = ps_json_integer (object, "expires_in", SHORT_LIFE_S);

  if (object == NULL)
    return FALSE;
  /* What cannot stand in a header is no token either. */
  if (token == NULL || token[0] == '\0' || strpbrk (token, " \t\r\n") != NULL) {
    g_propagate_error (error, ps_json_error ("no access_token"));
    return FALSE;
  }
  reply->access_token = g_strdup (token);
  reply->refresh_token = refresh_token != NULL && refresh_token[0] != '\0' ? g_strdup (refresh_token) : NULL;
  reply->life_ms = (life_s > 0 ? MIN (life_s, LONGEST_LIFE_S) : SHORT_LIFE_S) * 1000;
  reply->owner_id = ps_json_id (object, "owner_id");
  if (kind == PS_SERVICE_MICROSOFT)
    reply->granted = roles_of (token);
  else if (scope != NULL)
    reply->granted = g_strsplit (scope, " ", -1);
  return TRUE;
}
