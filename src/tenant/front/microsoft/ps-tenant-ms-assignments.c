/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is granted to a service principal: appRoleAssignments (application permissions) and oauth2PermissionGrants
 * (delegated ones).
 */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-objects.h"
#include "ps-tenant-ms-permissions.h"
#include "ps-tenant-ms-service-principals.h"

#define ASSIGNMENT_WRITE "AppRoleAssignment.ReadWrite.All"

static JsonObject *
assignment_object (PsTenantMs *ms, const PsTenantMsApp *app, const PsTenantMsRoleGrant *grant)
{
  JsonObject *object = ps_tenant_ms_object_new ("{\"id\":null,\"deletedDateTime\":null}");
  g_autofree char *graph_id = ps_tenant_ms_graph_principal_id (ms);

  ps_tenant_ms_object_set (object, "id", grant->id);
  ps_tenant_ms_object_set (object, "appRoleId", ps_tenant_ms_permission_by_name (grant->role)->role_id);
  ps_tenant_ms_object_set_time (object, "createdDateTime", grant->created_ms);
  ps_tenant_ms_object_set (object, "principalDisplayName", app->display_name);
  ps_tenant_ms_object_set (object, "principalId", app->service_principal_id);
  ps_tenant_ms_object_set (object, "principalType", "ServicePrincipal");
  ps_tenant_ms_object_set (object, "resourceDisplayName", PS_TENANT_MS_GRAPH_NAME);
  ps_tenant_ms_object_set (object, "resourceId", graph_id);
  return object;
}

static void
list_assignments (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  gboolean graph;
  const PsTenantMsApp *app = ps_tenant_ms_path_principal (call, &graph);

  if (app == NULL && !graph)
    return;
  for (guint i = 0; app != NULL && i < app->granted_roles->len; i++)
    g_ptr_array_add (objects, assignment_object (call->ms, app, g_ptr_array_index (app->granted_roles, i)));
  ps_tenant_ms_objects_answer (call, "appRoleAssignments", objects);
}

/* Only these two roles may grant Graph's application permissions, whatever the scopes of the token. */
static gboolean
may_grant (PsTenantMsCall *call)
{
  if (call->claims->user_id == NULL || ps_tenant_ms_may_grant_roles (call->ms->accounts, call->claims->user_id))
    return TRUE;
  ps_tenant_ms_error (call, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
  return FALSE;
}

/* Returns: (nullable): the permission that @body assigns to @app; NULL after a refusal. */
static const PsTenantMsPermission *
read_assignment (PsTenantMsCall *call, const PsTenantMsApp *app, JsonObject *body)
{
  const char *principal = ps_tenant_ms_json_get_string (body, "principalId");
  const char *resource = ps_tenant_ms_json_get_string (body, "resourceId");
  const char *role = ps_tenant_ms_json_get_string (body, "appRoleId");
  g_autofree char *graph_id = ps_tenant_ms_graph_principal_id (call->ms);
  const PsTenantMsPermission *permission = role != NULL ? ps_tenant_ms_permission_by_role_id (role) : NULL;

  if (principal == NULL || resource == NULL || role == NULL)
    ps_tenant_ms_error (call, 400, "Request_BadRequest",
                        "Values are required for principalId, resourceId and appRoleId of resource "
                        "'AppRoleAssignment'.");
  else if (g_ascii_strcasecmp (principal, app->service_principal_id) != 0)
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "The principalId does not match the object of the path.");
  else if (g_ascii_strcasecmp (resource, graph_id) != 0)
    ps_tenant_ms_object_missing (call, resource);
  else if (permission == NULL)
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "Permission being assigned was not found on application '%s'.",
                        PS_TENANT_MS_GRAPH_NAME);
  else
    return permission;
  return NULL;
}

static void
create_assignment (PsTenantMsCall *call)
{
  const PsTenantMsPermission *permission;
  g_autoptr (JsonObject) body = NULL;
  PsTenantMsRoleGrant *grant;
  gboolean graph;
  PsTenantMsApp *app;

  if (!may_grant (call))
    return;
  app = ps_tenant_ms_path_principal (call, &graph);
  if (graph)
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "Nothing can be assigned to this service principal.");
  if (app == NULL)
    return;
  body = ps_tenant_ms_body (call);
  permission = body != NULL ? read_assignment (call, app, body) : NULL;
  if (permission == NULL)
    return;
  grant = ps_tenant_ms_app_grant_role (app, permission->name, call->request->now_ms,
                                       ps_tenant_ms_replicated_at (call->ms, call->request->now_ms));
  if (grant == NULL)
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "Permission being assigned already exists on the object");
  else
    ps_tenant_ms_object_answer (call, 201, "appRoleAssignments/$entity", assignment_object (call->ms, app, grant));
}

static void
list_consents (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autofree char *graph_id = ps_tenant_ms_graph_principal_id (call->ms);
  gboolean graph;
  const PsTenantMsApp *app = ps_tenant_ms_path_principal (call, &graph);

  if (app == NULL && !graph)
    return;
  for (guint i = 0; app != NULL && i < app->consents->len; i++) {
    const PsTenantMsConsent *consent = g_ptr_array_index (app->consents, i);
    JsonObject *object = json_object_new ();
    g_autoptr (GString) scope = g_string_new (NULL);

    for (guint k = 0; k < consent->scopes->len; k++)
      g_string_append_printf (scope, "%s%s", k > 0 ? " " : "", (char *) g_ptr_array_index (consent->scopes, k));
    ps_tenant_ms_object_set (object, "clientId", app->service_principal_id);
    ps_tenant_ms_object_set (object, "consentType", consent->user_id == NULL ? "AllPrincipals" : "Principal");
    ps_tenant_ms_object_set (object, "id", consent->id);
    ps_tenant_ms_object_set (object, "principalId", consent->user_id);
    ps_tenant_ms_object_set (object, "resourceId", graph_id);
    ps_tenant_ms_object_set (object, "scope", scope->str);
    g_ptr_array_add (objects, object);
  }
  ps_tenant_ms_objects_answer (call, "oauth2PermissionGrants", objects);
}

#define READ PS_TENANT_MS_APPLICATION_READ
#define LIST(path, handler)                                                                                            \
  {                                                                                                                    \
    "GET", path, handler, PS_TENANT_MS_DIRECTORY, READ, READ                                                           \
  }

const PsTenantMsRoute ps_tenant_ms_assignment_routes[] = {
  LIST ("/v1.0/servicePrincipals/{id}/appRoleAssignments", list_assignments),
  LIST ("/v1.0/servicePrincipals(appId='{id}')/appRoleAssignments", list_assignments),
  LIST ("/v1.0/servicePrincipals/{id}/oauth2PermissionGrants", list_consents),
  LIST ("/v1.0/servicePrincipals(appId='{id}')/oauth2PermissionGrants", list_consents),
  { "POST", "/v1.0/servicePrincipals/{id}/appRoleAssignments", create_assignment, PS_TENANT_MS_DIRECTORY,
    ASSIGNMENT_WRITE, ASSIGNMENT_WRITE },
  { NULL },
};
