/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /organization, /users, /users/{id}, /me
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-query.h"

#define READ_ROLES "User.ReadBasic.All User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"

PsTenantMicrosoftUser *
ps_tenant_ms_path_user (PsTenantMsCall *call)
{
  gboolean me = g_str_equal (call->request->path, "/v1.0/me") || g_str_has_prefix (call->request->path, "/v1.0/me/");
  const char *id = me ? call->claims->user_id : call->request->args[0];
  PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (call->ms->world, id);

  if (user != NULL && !user->deleted)
    return user;
  ps_tenant_ms_error (call, 404, "Request_ResourceNotFound",
                      "Resource '%s' does not exist or one of its queried reference-property objects are not present.",
                      id);
  return NULL;
}

static gboolean
user_exists (gconstpointer object)
{
  return !((const PsTenantMicrosoftUser *) object)->deleted;
}

/* User.ReadBasic.All alone opens a handful of properties only. */
static gboolean
may_see (PsTenantMsCall *call, const PsTenantMsQuery *query)
{
  static const char *const full[] = { "User.Read.All", "User.ReadWrite.All", "Directory.Read.All",
                                      "Directory.ReadWrite.All", NULL };

  for (guint i = 0; full[i] != NULL; i++)
    if (ps_tenant_ms_has_permission (call->claims, full[i]))
      return TRUE;
  for (guint i = 0; query->selected && i < query->select->len; i++)
    if ((((const PsTenantMsProperty *) g_ptr_array_index (query->select, i))->flags & PS_TENANT_MS_BASIC) == 0) {
      ps_tenant_ms_error (call, 403, "Authorization_RequestDenied",
                          "Insufficient privileges to complete the operation.");
      return FALSE;
    }
  return TRUE;
}

static void
list_users (PsTenantMsCall *call)
{
  g_auto (PsTenantMsQuery) query = { NULL };
  const GPtrArray *people = ps_tenant_world_people (call->ms->world);
  g_autoptr (GPtrArray) users = NULL;

  if (!ps_tenant_ms_query_parse (call, &ps_tenant_ms_user_type, PS_TENANT_MS_OPTION_LIST, &query) ||
      !may_see (call, &query))
    return;
  users = g_ptr_array_sized_new (people->len);
  for (guint i = 0; i < people->len; i++) {
    const PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->microsoft != NULL)
      g_ptr_array_add (users, person->microsoft);
  }
  ps_tenant_ms_query_answer (call, &query, "users", users, user_exists);
}

static void
get_user (PsTenantMsCall *call)
{
  g_auto (PsTenantMsQuery) query = { NULL };
  PsTenantMicrosoftUser *user;
  GString *json;

  if (!ps_tenant_ms_query_parse (call, &ps_tenant_ms_user_type, PS_TENANT_MS_OPTION_SELECT | PS_TENANT_MS_OPTION_SINGLE,
                                 &query))
    return;
  if (!g_str_equal (call->request->path, "/v1.0/me") && !may_see (call, &query))
    return;
  user = ps_tenant_ms_path_user (call);
  if (user == NULL)
    return;
  json = g_string_new ("{");
  ps_tenant_ms_query_context (call, &query, "users", json);
  g_string_insert (json, (gssize) json->len - 1, "/$entity");
  g_string_append_c (json, ',');
  ps_tenant_ms_write_members (json, query.select, user);
  g_string_append_c (json, '}');
  ps_tenant_ms_answer (call, 200, json);
}

/* The members of the contract's organization that are on every tenant's reply. */
static const char organization_rest[] =
    ",\"deletedDateTime\":null,\"businessPhones\":[],\"city\":null,\"country\":null,\"countryLetterCode\":\"US\","
    "\"createdDateTime\":\"2020-01-01T00:00:00Z\",\"defaultUsageLocation\":null,\"marketingNotificationEmails\":[],"
    "\"onPremisesLastSyncDateTime\":null,\"onPremisesSyncEnabled\":null,\"partnerTenantType\":null,\"postalCode\":null,"
    "\"preferredLanguage\":\"en\",\"securityComplianceNotificationMails\":[],"
    "\"securityComplianceNotificationPhones\":[],\"state\":null,\"street\":null,\"technicalNotificationMails\":[],"
    "\"tenantType\":\"AAD\",\"assignedPlans\":[],\"provisionedPlans\":[],\"verifiedDomains\":[{\"capabilities\":"
    "\"Email, OfficeCommunicationsOnline\",\"isDefault\":true,\"isInitial\":false,\"type\":\"Managed\",\"name\":";

static void
list_organization (PsTenantMsCall *call)
{
  PsTenantWorld *world = call->ms->world;
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  GString *json = g_string_new ("{\"@odata.context\":");
  g_autofree char *context = g_strconcat (base, "/v1.0/$metadata#organization", NULL);

  ps_tenant_ms_json_string (json, context);
  g_string_append (json, ",\"value\":[{\"id\":");
  ps_tenant_ms_json_string (json, ps_tenant_world_tenant_id (world));
  g_string_append (json, ",\"displayName\":");
  ps_tenant_ms_json_string (json, ps_tenant_world_company (world));
  g_string_append (json, organization_rest);
  ps_tenant_ms_json_string (json, ps_tenant_world_domain (world));
  g_string_append (json, "}]}]}");
  ps_tenant_ms_answer (call, 200, json);
}

const PsTenantMsRoute ps_tenant_ms_user_routes[] = {
  { "GET", "/v1.0/organization", list_organization, PS_TENANT_MS_DIRECTORY,
    "Organization.Read.All Organization.ReadWrite.All Directory.Read.All Directory.ReadWrite.All",
    "User.Read User.Read.All Organization.Read.All Directory.Read.All" },
  { "GET", "/v1.0/users", list_users, PS_TENANT_MS_DIRECTORY, READ_ROLES, READ_ROLES },
  { "GET", "/v1.0/users/{id}", get_user, PS_TENANT_MS_DIRECTORY, READ_ROLES, READ_ROLES },
  { "GET", "/v1.0/me", get_user, PS_TENANT_MS_DIRECTORY, NULL, "User.Read " READ_ROLES },
  { NULL },
};
