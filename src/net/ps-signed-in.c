/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a token endpoint answers to the code of a person's sign-in.
 */
#include "config.h"

#include "ps-sign-in-private.h"

#include <string.h>

#include "ps-json.h"
#include "ps-token-grant.h"

void
ps_signed_in_free (PsSignedIn *signed_in)
{
  ps_secret_free (signed_in->access_token);
  ps_secret_free (signed_in->refresh_token);
  g_strfreev (signed_in->scopes);
  g_free (signed_in->owner_id);
  g_free (signed_in->tenant_id);
  g_free (signed_in->user_id);
  g_free (signed_in->user_name);
  g_free (signed_in->user_principal_name);
  g_strfreev (signed_in->wids);
  g_free (signed_in);
}

static GStrv
split_words (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", " ", -1);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] != '\0')
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

static GStrv
read_wids (JsonObject *claims)
{
  JsonArray *wids = ps_json_array (claims, "wids");
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (wids == NULL)
    return NULL;
  for (guint i = 0; i < ps_json_length (wids); i++)
    if (ps_json_element_string (wids, i) != NULL)
      g_strv_builder_add (builder, ps_json_element_string (wids, i));
  return g_strv_builder_end (builder);
}

/* An id token for somebody else's application is not about this sign-in. */
static gboolean
read_id_token (PsSignedIn *signed_in, const char *id_token, const char *client_id, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (id_token, ".", -1);
  g_autoptr (GBytes) payload = g_strv_length (parts) == 3 ? ps_base64url_decode (parts[1]) : NULL;
  g_autoptr (JsonObject) claims = payload != NULL ? ps_json_parse_object (payload, NULL) : NULL;
  const char *name = ps_json_string (claims, "upn");

  if (claims == NULL || g_strcmp0 (ps_json_string (claims, "aud"), client_id) != 0) {
    g_propagate_error (error, ps_json_error ("id_token"));
    return FALSE;
  }
  signed_in->tenant_id = g_strdup (ps_json_string (claims, "tid"));
  signed_in->user_id = g_strdup (ps_json_string (claims, "oid"));
  signed_in->user_name = g_strdup (ps_json_string (claims, "name"));
  signed_in->user_principal_name = g_strdup (name != NULL ? name : ps_json_string (claims, "preferred_username"));
  signed_in->wids = read_wids (claims);
  return TRUE;
}

PsSignedIn *
ps_signed_in_parse (PsServiceKind kind, const char *client_id, GBytes *body, GError **error)
{
  g_autoptr (PsSignedIn) signed_in = NULL;
  g_auto (PsTokenReply) reply = { NULL };
  g_autoptr (JsonObject) object = NULL;
  const char *id_token;

  if (!ps_token_reply_parse (kind, body, &reply, error))
    return NULL;
  object = ps_json_parse_object (body, error);
  if (object == NULL)
    return NULL;
  signed_in = g_new0 (PsSignedIn, 1);
  signed_in->access_token = g_steal_pointer (&reply.access_token);
  signed_in->refresh_token = g_steal_pointer (&reply.refresh_token);
  signed_in->life_ms = reply.life_ms;
  signed_in->owner_id = g_steal_pointer (&reply.owner_id);
  signed_in->scopes = split_words (ps_json_string (object, "scope"));
  id_token = ps_json_string (object, "id_token");
  if (kind == PS_SERVICE_MICROSOFT && id_token != NULL && !read_id_token (signed_in, id_token, client_id, error))
    return NULL;
  return g_steal_pointer (&signed_in);
}
