/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /me/memberOf: the groups and directory roles of the one who is signed in.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-objects.h"

#define ROLE_SCOPES "User.Read User.Read.All GroupMember.Read.All Directory.Read.All RoleManagement.Read.Directory"

/* With User.Read alone the entries have type and id only: "limited information". */
static gboolean
may_see (PsTenantMsCall *call, const char *const *scopes)
{
  for (; *scopes != NULL; scopes++)
    if (ps_tenant_ms_has_permission (call->claims, *scopes))
      return TRUE;
  return FALSE;
}

static void
add_role (PsTenantMsCall *call, GPtrArray *objects)
{
  static const char *const enough[] = { "Directory.Read.All", "Directory.ReadWrite.All",
                                        "RoleManagement.Read.Directory", NULL };
  const PsTenantMsAccount *account = ps_tenant_ms_accounts_find (call->ms->accounts, call->claims->user_id);
  g_autofree char *id = NULL;
  JsonObject *object;
  gboolean seen = may_see (call, enough);

  if (account == NULL || account->role == NULL)
    return;
  id = ps_tenant_ms_role_object_id (account->role, ps_tenant_world_tenant_id (call->ms->world));
  object = ps_tenant_ms_object_new ("{\"@odata.type\":\"#microsoft.graph.directoryRole\",\"id\":null,"
                                    "\"deletedDateTime\":null}");
  ps_tenant_ms_object_set (object, "id", id);
  ps_tenant_ms_object_set (object, "description", seen ? account->role->description : NULL);
  ps_tenant_ms_object_set (object, "displayName", seen ? account->role->name : NULL);
  ps_tenant_ms_object_set (object, "roleTemplateId", seen ? account->role->template_id : NULL);
  g_ptr_array_add (objects, object);
}

static void
add_groups (PsTenantMsCall *call, const PsTenantMicrosoftUser *user, GPtrArray *objects)
{
  static const char *const enough[] = { "Directory.Read.All", "Directory.ReadWrite.All", "Group.Read.All",
                                        "GroupMember.Read.All", NULL };
  const GPtrArray *groups = ps_tenant_world_groups (call->ms->world);

  for (guint i = 0; i < groups->len; i++) {
    const PsTenantGroup *group = g_ptr_array_index (groups, i);
    JsonObject *object;

    if (!g_ptr_array_find (group->members, user, NULL))
      continue;
    object = ps_tenant_ms_object_new ("{\"@odata.type\":\"#microsoft.graph.group\",\"id\":null,"
                                      "\"deletedDateTime\":null,\"description\":null,\"displayName\":null,"
                                      "\"groupTypes\":[],\"mail\":null,\"mailEnabled\":null,\"securityEnabled\":null}");
    ps_tenant_ms_object_set (object, "id", group->id);
    if (may_see (call, enough)) {
      ps_tenant_ms_object_set (object, "displayName", group->display_name);
      json_object_set_boolean_member (object, "mailEnabled", FALSE);
      json_object_set_boolean_member (object, "securityEnabled", TRUE);
    }
    g_ptr_array_add (objects, object);
  }
}

static void
list_memberships (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  PsTenantMicrosoftUser *user = ps_tenant_ms_path_user (call);

  if (user == NULL)
    return;
  add_groups (call, user, objects);
  add_role (call, objects);
  ps_tenant_ms_objects_answer (call, "directoryObjects", objects);
}

static void
list_roles (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  if (!ps_tenant_ms_is_advanced (call) || g_strcmp0 (ps_tenant_request_query (call->request, "$count"), "true") != 0) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                        "The specified cast is only supported with the ConsistencyLevel:eventual header and "
                        "$count=true.");
    return;
  }
  if (ps_tenant_ms_path_user (call) == NULL)
    return;
  add_role (call, objects);
  ps_tenant_ms_objects_answer (call, "directoryRoles", objects);
}

const PsTenantMsRoute ps_tenant_ms_role_routes[] = {
  { "GET", "/v1.0/me/memberOf", list_memberships, PS_TENANT_MS_DIRECTORY, NULL, ROLE_SCOPES },
  { "GET", "/v1.0/me/memberOf/microsoft.graph.directoryRole", list_roles, PS_TENANT_MS_DIRECTORY, NULL, ROLE_SCOPES },
  { NULL },
};
