/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * addPassword and removePassword of a registration.
 *
 * A tenant's app management policy may forbid secrets or limit their life: faults secrets-forbidden and secret-days.
 */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-objects.h"

#define DAY_MS          G_GINT64_CONSTANT (86400000)
#define DEFAULT_LIFE_MS (730 * DAY_MS) /* "the default is two years" */

/* Returns: FALSE after a refusal. @ms stays as it is if the member is not there. */
static gboolean
read_time (PsTenantMsCall *call, JsonObject *credential, const char *name, gint64 *ms)
{
  JsonNode *node = credential != NULL ? json_object_get_member (credential, name) : NULL;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    time = g_date_time_new_from_iso8601 (json_node_get_string (node), utc);
  if (time == NULL) {
    ps_tenant_ms_error (call, 400, "BadRequest",
                        "Cannot convert the literal of '%s' to the expected type "
                        "'Edm.DateTimeOffset'.",
                        name);
    return FALSE;
  }
  *ms = g_date_time_to_unix (time) * 1000;
  return TRUE;
}

static gboolean
policy_allows (PsTenantMsCall *call, gint64 life_ms)
{
  const char *days = ps_tenant_server_fault (call->ms->server, "secret-days");
  guint64 most = G_MAXUINT32;

  if (ps_tenant_server_take_fault (call->ms->server, "secrets-forbidden") != NULL) {
    ps_tenant_ms_error (call, 400, "CredentialTypeNotAllowedAsPerAppPolicy",
                        "Credential type not allowed as per assigned policy 'Default app management tenant policy'.");
    return FALSE;
  }
  if (days != NULL && g_ascii_string_to_unsigned (days, 10, 1, 36500, &most, NULL) &&
      life_ms > (gint64) most * DAY_MS) {
    ps_tenant_ms_error (call, 400, "CredentialInvalidLifetimeAsPerAppPolicy",
                        "Credential lifetime exceeds the max value allowed as per assigned policy 'Default app "
                        "management tenant policy'.");
    return FALSE;
  }
  return TRUE;
}

/* 40 characters, as the real ones: "Xyz8Q~" and what follows. */
static char *
make_secret (void)
{
  g_autofree char *one = g_uuid_string_random ();
  g_autofree char *two = g_uuid_string_random ();
  g_autofree char *text = g_strconcat (one, two, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%.3s8Q~%.20s_%.10s~.-", hash, hash + 3, hash + 30);
}

static void
answer_secret (PsTenantMsCall *call, const PsTenantMsSecret *secret)
{
  JsonObject *object = ps_tenant_ms_secret_object (secret);

  ps_tenant_ms_object_set (object, "secretText", secret->secret);
  ps_tenant_ms_object_answer (call, 200, "microsoft.graph.passwordCredential", object);
}

static void
add_password (PsTenantMsCall *call)
{
  PsTenantMsApp *app = ps_tenant_ms_application_to_write (call);
  g_autoptr (JsonObject) body = app != NULL ? ps_tenant_ms_body (call) : NULL;
  gint64 now_ms = call->request->now_ms, start_ms = now_ms, end_ms = now_ms + DEFAULT_LIFE_MS;
  g_autofree char *text = NULL;
  JsonObject *credential;
  PsTenantMsSecret *secret;
  const char *name;

  if (body == NULL)
    return;
  credential = ps_tenant_ms_json_get_object (body, "passwordCredential");
  if (!read_time (call, credential, "startDateTime", &start_ms) ||
      !read_time (call, credential, "endDateTime", &end_ms))
    return;
  if (end_ms <= start_ms || end_ms <= now_ms) {
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "Key credential end date is invalid.");
    return;
  }
  if (!policy_allows (call, end_ms - start_ms))
    return;
  text = make_secret ();
  name = credential != NULL ? ps_tenant_ms_json_get_string (credential, "displayName") : NULL;
  secret = ps_tenant_ms_app_add_secret (app, name, text, end_ms);
  secret->start_ms = start_ms;
  secret->visible_ms = ps_tenant_ms_replicated_at (call->ms, now_ms);
  answer_secret (call, secret);
}

static void
remove_password (PsTenantMsCall *call)
{
  PsTenantMsApp *app = ps_tenant_ms_application_to_write (call);
  g_autoptr (JsonObject) body = app != NULL ? ps_tenant_ms_body (call) : NULL;
  const char *key_id;

  if (body == NULL)
    return;
  key_id = ps_tenant_ms_json_get_string (body, "keyId");
  if (key_id == NULL)
    ps_tenant_ms_error (call, 400, "BadRequest", "The parameter 'keyId' is missing in the request payload.");
  else if (!ps_tenant_ms_app_remove_secret (app, key_id))
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "No password credential found with keyId '%s'.", key_id);
  else
    call->reply->status = 204;
}

const PsTenantMsRoute ps_tenant_ms_credential_routes[] = {
  { "POST", "/v1.0/applications/{id}/addPassword", add_password, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_WRITE,
    PS_TENANT_MS_APPLICATION_WRITE },
  { "POST", "/v1.0/applications/{id}/removePassword", remove_password, PS_TENANT_MS_DIRECTORY,
    PS_TENANT_MS_APPLICATION_WRITE, PS_TENANT_MS_APPLICATION_WRITE },
  { NULL },
};
