/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading presence: 650 ids at once, or one.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-presence.h"

#include <string.h>

#define MOST_IDS 650

PsTenantMicrosoftUser *
ps_tenant_ms_presence_user (PsTenantMsCall *call)
{
  gboolean me = g_str_has_prefix (call->request->path, "/v1.0/me/");
  const char *id = me ? call->claims->user_id : call->request->args[0];
  PsTenantMicrosoftUser *user;

  /* "Presence calls require the object id": a userPrincipalName is not looked up. */
  if (!g_uuid_string_is_valid (id)) {
    ps_tenant_ms_error (call, 400, "BadRequest", "The user id '%s' is not a valid GUID.", id);
    return NULL;
  }
  user = ps_tenant_world_find_microsoft (call->ms->world, id);
  if (user != NULL && !user->deleted)
    return user;
  ps_tenant_ms_error (call, 404, "NotFound", "The user was not found.");
  return NULL;
}

static gboolean
is_own (PsTenantMsCall *call, PsTenantMicrosoftUser *user)
{
  return call->claims->user_id != NULL && g_ascii_strcasecmp (call->claims->user_id, user->id) == 0;
}

static void
get_presence (PsTenantMsCall *call)
{
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  PsTenantMicrosoftUser *user = ps_tenant_ms_presence_user (call);
  GString *json;

  if (user == NULL)
    return;
  /* Presence.Read is for oneself. */
  if (call->claims->user_id != NULL && !is_own (call, user) &&
      !ps_tenant_ms_has_permission (call->claims, "Presence.Read.All")) {
    ps_tenant_ms_error (call, 403, "Forbidden", "%s", "");
    return;
  }
  /* $select on presence has been reported to fail; it is no option of this resource. */
  if (ps_tenant_request_query (call->request, "$select") != NULL) {
    ps_tenant_ms_error (call, 400, "BadRequest", "The query specified in the URI is not valid: $select.");
    return;
  }
  json = g_string_new (NULL);
  g_string_append_printf (json, "{\"@odata.context\":\"%s/v1.0/$metadata#users('%s')/presence/$entity\",", base,
                          user->id);
  ps_tenant_ms_write_presence (json, user, g_hash_table_lookup (call->ms->status_messages, user->id),
                               is_own (call, user), call->request->now_ms);
  g_string_append_c (json, '}');
  ps_tenant_ms_answer (call, 200, json);
}

static gboolean
check_ids (PsTenantMsCall *call, JsonArray *ids)
{
  guint length;

  if (ids == NULL) {
    ps_tenant_ms_error (call, 400, "BadRequest", "The parameter 'ids' is missing.");
    return FALSE;
  }
  length = json_array_get_length (ids);
  /* A bare 400, as the service gave before it documented its limit. */
  if (length == 0 || length > MOST_IDS) {
    ps_tenant_ms_error (call, 400, "BadRequest", "The number of ids must be between 1 and %d.", MOST_IDS);
    return FALSE;
  }
  for (guint i = 0; i < length; i++) {
    JsonNode *node = json_array_get_element (ids, i);

    if (json_node_get_value_type (node) != G_TYPE_STRING || !g_uuid_string_is_valid (json_node_get_string (node))) {
      ps_tenant_ms_error (call, 400, "BadRequest", "The ids must be GUIDs.");
      return FALSE;
    }
  }
  return TRUE;
}

/* Nothing says what the service does about an id that is nobody's: it is left out, or with the fault bad-id-400 the
 * whole call is refused. An id that comes twice is answered once. */
static void
get_presences (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = ps_tenant_ms_body (call);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  JsonArray *ids;
  GString *json;

  if (body == NULL)
    return;
  ids = ps_tenant_ms_json_get_array (body, "ids");
  if (!check_ids (call, ids))
    return;
  json = g_string_sized_new (512 + 400 * json_array_get_length (ids));
  g_string_append_printf (
      json, "{\"@odata.context\":\"%s/v1.0/$metadata#Collection(microsoft.graph.presence)\",\"value\":[", base);
  for (guint i = 0; i < json_array_get_length (ids); i++) {
    const char *id = json_array_get_string_element (ids, i);
    PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (call->ms->world, id);

    if (user == NULL || user->deleted) {
      if (ps_tenant_server_fault (call->ms->server, "bad-id-400") == NULL)
        continue;
      g_string_free (json, TRUE);
      ps_tenant_ms_error (call, 400, "BadRequest", "The request contains an id that is not valid.");
      return;
    }
    if (!g_hash_table_add (seen, user))
      continue;
    g_string_append (json, g_hash_table_size (seen) > 1 ? ",{" : "{");
    ps_tenant_ms_write_presence (json, user, g_hash_table_lookup (call->ms->status_messages, user->id),
                                 is_own (call, user), call->request->now_ms);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  ps_tenant_ms_answer (call, 200, json);
}

#define ROLES "Presence.Read.All Presence.ReadWrite.All"

const PsTenantMsRoute ps_tenant_ms_presence_routes[] = {
  { "POST", "/v1.0/communications/getPresencesByUserId", get_presences, PS_TENANT_MS_PRESENCE, ROLES,
    "Presence.Read.All" },
  { "GET", "/v1.0/users/{id}/presence", get_presence, PS_TENANT_MS_PRESENCE, ROLES,
    "Presence.Read Presence.ReadWrite Presence.Read.All" },
  { "GET", "/v1.0/communications/presences/{id}", get_presence, PS_TENANT_MS_PRESENCE, ROLES,
    "Presence.Read Presence.ReadWrite Presence.Read.All" },
  { "GET", "/v1.0/me/presence", get_presence, PS_TENANT_MS_PRESENCE, NULL,
    "Presence.Read Presence.ReadWrite Presence.Read.All" },
  { NULL },
};
