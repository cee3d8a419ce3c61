/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-issue.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-objects.h"
#include "ps-tenant-ms-permissions.h"
#include "ps-tenant-ms-service-principals.h"

#define ENTITY "servicePrincipals/$entity"
/* "Microsoft Services", where Graph and other first-party applications are registered. */
#define MICROSOFT_TENANT "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

static const char template[] =
    "{\"id\":null,\"deletedDateTime\":null,\"accountEnabled\":true,\"alternativeNames\":[],\"appDisplayName\":null,"
    "\"appDescription\":null,\"appId\":null,\"applicationTemplateId\":null,\"appOwnerOrganizationId\":null,"
    "\"appRoleAssignmentRequired\":false,\"createdByAppId\":null,\"description\":null,"
    "\"disabledByMicrosoftStatus\":null,\"displayName\":null,\"homepage\":null,\"isDisabled\":null,"
    "\"loginUrl\":null,\"logoutUrl\":null,\"notes\":null,\"notificationEmailAddresses\":[],"
    "\"preferredSingleSignOnMode\":null,\"preferredTokenSigningKeyThumbprint\":null,\"replyUrls\":[],"
    "\"servicePrincipalNames\":[],\"servicePrincipalType\":\"Application\",\"signInAudience\":null,\"tags\":[],"
    "\"tokenEncryptionKeyId\":null,\"samlSingleSignOnSettings\":null,\"addIns\":[],\"appRoles\":[],"
    "\"info\":{\"logoUrl\":null,\"marketingUrl\":null,\"privacyStatementUrl\":null,\"supportUrl\":null,"
    "\"termsOfServiceUrl\":null},\"keyCredentials\":[],\"oauth2PermissionScopes\":[],\"passwordCredentials\":[],"
    "\"resourceSpecificApplicationPermissions\":[],\"verifiedPublisher\":{\"displayName\":null,"
    "\"verifiedPublisherId\":null,\"addedDateTime\":null}}";

char *
ps_tenant_ms_graph_principal_id (PsTenantMs *ms)
{
  g_autofree char *text = g_strconcat (PS_TENANT_MS_GRAPH_APP_ID, " in ", ps_tenant_world_tenant_id (ms->world), NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15, hash + 18);
}

static JsonArray *
graph_roles (void)
{
  JsonArray *roles = json_array_new ();

  for (const PsTenantMsPermission *row = ps_tenant_ms_permissions; row->name != NULL; row++) {
    JsonObject *role;

    if (row->role_id == NULL)
      continue;
    role = ps_tenant_ms_object_new ("{\"allowedMemberTypes\":[\"Application\"],\"isEnabled\":true,"
                                    "\"origin\":\"Application\"}");
    ps_tenant_ms_object_set (role, "description", row->reason);
    ps_tenant_ms_object_set (role, "displayName", row->title);
    ps_tenant_ms_object_set (role, "id", row->role_id);
    ps_tenant_ms_object_set (role, "value", row->name);
    json_array_add_object_element (roles, role);
  }
  return roles;
}

static JsonArray *
graph_scopes (void)
{
  JsonArray *scopes = json_array_new ();

  for (const PsTenantMsPermission *row = ps_tenant_ms_permissions; row->name != NULL; row++) {
    JsonObject *scope;

    if (row->scope_id == NULL)
      continue;
    scope = ps_tenant_ms_object_new ("{\"isEnabled\":true,\"origin\":\"Application\"}");
    ps_tenant_ms_object_set (scope, "adminConsentDescription", row->reason);
    ps_tenant_ms_object_set (scope, "adminConsentDisplayName", row->title);
    ps_tenant_ms_object_set (scope, "id", row->scope_id);
    ps_tenant_ms_object_set (scope, "type", row->admin_only ? "Admin" : "User");
    ps_tenant_ms_object_set (scope, "userConsentDescription", row->reason);
    ps_tenant_ms_object_set (scope, "userConsentDisplayName", row->title);
    ps_tenant_ms_object_set (scope, "value", row->name);
    json_array_add_object_element (scopes, scope);
  }
  return scopes;
}

static void
set_names (JsonObject *object, const char *first)
{
  JsonArray *names = json_array_new ();

  json_array_add_string_element (names, first);
  json_object_set_array_member (object, "servicePrincipalNames", names);
}

static JsonObject *
graph_object (PsTenantMs *ms)
{
  JsonObject *object = ps_tenant_ms_object_new (template);
  g_autofree char *id = ps_tenant_ms_graph_principal_id (ms);

  ps_tenant_ms_object_set (object, "id", id);
  ps_tenant_ms_object_set (object, "appId", PS_TENANT_MS_GRAPH_APP_ID);
  ps_tenant_ms_object_set (object, "appDisplayName", PS_TENANT_MS_GRAPH_NAME);
  ps_tenant_ms_object_set (object, "displayName", PS_TENANT_MS_GRAPH_NAME);
  ps_tenant_ms_object_set (object, "appOwnerOrganizationId", MICROSOFT_TENANT);
  ps_tenant_ms_object_set (object, "signInAudience", "AzureADMultipleOrgs");
  set_names (object, PS_TENANT_MS_GRAPH_RESOURCE);
  json_object_set_array_member (object, "appRoles", graph_roles ());
  json_object_set_array_member (object, "oauth2PermissionScopes", graph_scopes ());
  return object;
}

static JsonObject *
app_object (PsTenantMs *ms, const PsTenantMsApp *app)
{
  JsonObject *object = ps_tenant_ms_object_new (template);

  ps_tenant_ms_object_set (object, "id", app->service_principal_id);
  ps_tenant_ms_object_set (object, "appId", app->app_id);
  ps_tenant_ms_object_set (object, "appDisplayName", app->display_name);
  ps_tenant_ms_object_set (object, "displayName", app->display_name);
  ps_tenant_ms_object_set (object, "appOwnerOrganizationId",
                           app->foreign ? MICROSOFT_TENANT : ps_tenant_world_tenant_id (ms->world));
  ps_tenant_ms_object_set (object, "signInAudience", app->audience);
  ps_tenant_ms_object_set_strings (object, "replyUrls", app->redirects);
  ps_tenant_ms_object_set_strings (object, "tags", app->tags);
  set_names (object, app->app_id);
  return object;
}

static void
list_principals (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  g_ptr_array_add (objects, graph_object (call->ms));
  for (guint i = 0; i < call->ms->apps->len; i++) {
    const PsTenantMsApp *app = g_ptr_array_index (call->ms->apps, i);

    if (app->service_principal)
      g_ptr_array_add (objects, app_object (call->ms, app));
  }
  ps_tenant_ms_objects_answer (call, "servicePrincipals", objects);
}

PsTenantMsApp *
ps_tenant_ms_path_principal (PsTenantMsCall *call, gboolean *graph)
{
  const char *segment = call->request->args[0];
  g_autofree char *key = ps_tenant_ms_object_key (segment);
  g_autofree char *graph_id = ps_tenant_ms_graph_principal_id (call->ms);
  gboolean by_app_id = !g_str_equal (key, segment);
  PsTenantMsApp *app =
      by_app_id ? ps_tenant_ms_apps_find (call->ms->apps, key) : ps_tenant_ms_apps_find_principal (call->ms->apps, key);

  *graph = g_ascii_strcasecmp (key, by_app_id ? PS_TENANT_MS_GRAPH_APP_ID : graph_id) == 0;
  if (*graph)
    return NULL;
  if (app != NULL && app->service_principal)
    return app;
  ps_tenant_ms_object_missing (call, key);
  return NULL;
}

static void
get_principal (PsTenantMsCall *call)
{
  gboolean graph;
  const PsTenantMsApp *app = ps_tenant_ms_path_principal (call, &graph);

  if (graph)
    ps_tenant_ms_object_answer (call, 200, ENTITY, graph_object (call->ms));
  else if (app != NULL)
    ps_tenant_ms_object_answer (call, 200, ENTITY, app_object (call->ms, app));
}

static void
create_principal (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = NULL;
  const char *app_id;
  PsTenantMsApp *app;

  if (!ps_tenant_ms_application_may_write (call))
    return;
  body = ps_tenant_ms_body (call);
  if (body == NULL)
    return;
  app_id = ps_tenant_ms_json_get_string (body, "appId");
  app = app_id != NULL ? ps_tenant_ms_apps_find (call->ms->apps, app_id) : NULL;
  if (app_id == NULL)
    ps_tenant_ms_error (call, 400, "Request_BadRequest",
                        "A value is required for property 'appId' of resource 'ServicePrincipal'.");
  else if (g_ascii_strcasecmp (app_id, PS_TENANT_MS_GRAPH_APP_ID) == 0 || (app != NULL && app->service_principal))
    ps_tenant_ms_error (call, 409, "Request_MultipleObjectsWithSameKeyValue",
                        "The service principal cannot be created, updated, or restored because the service principal "
                        "name %s is already in use.",
                        app_id);
  else if (app == NULL)
    ps_tenant_ms_error (call, 400, "Request_BadRequest",
                        "The appId '%s' of the service principal does not reference a valid application object.",
                        app_id);
  else {
    app->service_principal = TRUE;
    ps_tenant_ms_object_answer (call, 201, ENTITY, app_object (call->ms, app));
  }
}

const PsTenantMsRoute ps_tenant_ms_service_principal_routes[] = {
  { "GET", "/v1.0/servicePrincipals", list_principals, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_READ,
    PS_TENANT_MS_APPLICATION_READ },
  { "POST", "/v1.0/servicePrincipals", create_principal, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_WRITE,
    PS_TENANT_MS_APPLICATION_WRITE },
  { "GET", "/v1.0/servicePrincipals/{id}", get_principal, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_READ,
    PS_TENANT_MS_APPLICATION_READ },
  { "GET", "/v1.0/servicePrincipals(appId='{id}')", get_principal, PS_TENANT_MS_DIRECTORY,
    PS_TENANT_MS_APPLICATION_READ, PS_TENANT_MS_APPLICATION_READ },
  { NULL },
};
