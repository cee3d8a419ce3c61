/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /groups, /groups/{id} and who is in them.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-query.h"

static gboolean
group_exists (gconstpointer object)
{
  return TRUE;
}

static gboolean
member_exists (gconstpointer object)
{
  return !((const PsTenantMicrosoftUser *) object)->deleted;
}

/* Returns: (nullable): the group of the path; 404 is answered if there is none. */
static PsTenantGroup *
path_group (PsTenantMsCall *call)
{
  const GPtrArray *groups = ps_tenant_world_groups (call->ms->world);
  const char *id = call->request->args[0];

  for (guint i = 0; i < groups->len; i++) {
    PsTenantGroup *group = g_ptr_array_index (groups, i);

    if (g_ascii_strcasecmp (group->id, id) == 0)
      return group;
  }
  if (!g_uuid_string_is_valid (id))
    ps_tenant_ms_error (call, 400, "Request_BadRequest", "Invalid object identifier '%s'.", id);
  else
    ps_tenant_ms_error (
        call, 404, "Request_ResourceNotFound",
        "Resource '%s' does not exist or one of its queried reference-property objects are not present.", id);
  return NULL;
}

static void
list_groups (PsTenantMsCall *call)
{
  g_auto (PsTenantMsQuery) query = { NULL };

  if (ps_tenant_ms_query_parse (call, &ps_tenant_ms_group_type, PS_TENANT_MS_OPTION_LIST, &query))
    ps_tenant_ms_query_answer (call, &query, "groups", ps_tenant_world_groups (call->ms->world), group_exists);
}

static void
get_group (PsTenantMsCall *call)
{
  g_auto (PsTenantMsQuery) query = { NULL };
  PsTenantGroup *group;
  GString *json;

  if (!ps_tenant_ms_query_parse (call, &ps_tenant_ms_group_type,
                                 PS_TENANT_MS_OPTION_SELECT | PS_TENANT_MS_OPTION_SINGLE, &query))
    return;
  group = path_group (call);
  if (group == NULL)
    return;
  json = g_string_new ("{");
  ps_tenant_ms_query_context (call, &query, "groups", json);
  g_string_insert (json, (gssize) json->len - 1, "/$entity");
  g_string_append_c (json, ',');
  ps_tenant_ms_write_members (json, query.select, group);
  g_string_append_c (json, '}');
  ps_tenant_ms_answer (call, 200, json);
}

/* Adds everybody in @group to @users and the groups in it to @groups, each once, however often groups contain each
 * other. */
static void
collect (PsTenantGroup *group, gboolean nested, GPtrArray *users, GPtrArray *groups, GHashTable *seen)
{
  for (guint i = 0; i < group->members->len; i++)
    if (g_hash_table_add (seen, g_ptr_array_index (group->members, i)))
      g_ptr_array_add (users, g_ptr_array_index (group->members, i));
  for (guint i = 0; i < group->groups->len; i++) {
    PsTenantGroup *inner = g_ptr_array_index (group->groups, i);

    if (!g_hash_table_add (seen, inner))
      continue;
    g_ptr_array_add (groups, inner);
    if (nested)
      collect (inner, TRUE, users, groups, seen);
  }
}

static void
answer_users (PsTenantMsCall *call, gboolean nested)
{
  g_auto (PsTenantMsQuery) query = { NULL };
  g_autoptr (GPtrArray) users = g_ptr_array_new ();
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  PsTenantGroup *group;

  if (!ps_tenant_ms_query_parse (call, &ps_tenant_ms_user_type, PS_TENANT_MS_OPTION_LIST, &query))
    return;
  /* On a page after the first the count is not repeated, but the header must be. */
  if (!query.count) {
    ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                        "The specified cast is only supported with the ConsistencyLevel:eventual header and "
                        "$count=true.");
    return;
  }
  group = path_group (call);
  if (group == NULL)
    return;
  collect (group, nested, users, groups, seen);
  ps_tenant_ms_query_answer (call, &query, "users", users, member_exists);
}

/* What is shown of a group in a mixed list: of what was selected for everybody, the part that groups have. */
static GPtrArray *
group_select (const PsTenantMsQuery *query)
{
  GPtrArray *select = g_ptr_array_new ();

  for (const PsTenantMsProperty *property = ps_tenant_ms_group_type.properties; property->name != NULL; property++) {
    gboolean wanted = !query->selected && (property->flags & PS_TENANT_MS_DEFAULT) != 0;

    for (guint i = 0; query->selected && i < query->select->len && !wanted; i++)
      wanted = g_str_equal (((const PsTenantMsProperty *) g_ptr_array_index (query->select, i))->name, property->name);
    if (wanted)
      g_ptr_array_add (select, (gpointer) property);
  }
  return select;
}

/* Without the cast users and groups come mixed, each with its @odata.type. Only $select, $top and $count are modelled.
 */
static void
answer_mixed (PsTenantMsCall *call, gboolean nested)
{
  g_auto (PsTenantMsQuery) query = { NULL };
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_autoptr (GPtrArray) select = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) is_group = g_hash_table_new (NULL, NULL);
  PsTenantGroup *group;

  if (!ps_tenant_ms_query_parse (call, &ps_tenant_ms_user_type,
                                 PS_TENANT_MS_OPTION_SELECT | PS_TENANT_MS_OPTION_TOP | PS_TENANT_MS_OPTION_COUNT |
                                     PS_TENANT_MS_OPTION_SKIP_TOKEN,
                                 &query))
    return;
  group = path_group (call);
  if (group == NULL)
    return;
  collect (group, nested, objects, groups, seen);
  for (guint i = 0; i < groups->len; i++) {
    g_ptr_array_add (objects, g_ptr_array_index (groups, i));
    g_hash_table_add (is_group, g_ptr_array_index (groups, i));
  }
  select = group_select (&query);
  query.groups = is_group;
  query.group_select = select;
  ps_tenant_ms_query_answer (call, &query, "directoryObjects", objects, member_exists);
}

static void
transitive_members (PsTenantMsCall *call)
{
  answer_mixed (call, TRUE);
}

static void
transitive_users (PsTenantMsCall *call)
{
  answer_users (call, TRUE);
}

static void
members (PsTenantMsCall *call)
{
  answer_mixed (call, FALSE);
}

static void
member_users (PsTenantMsCall *call)
{
  answer_users (call, FALSE);
}

#define GROUP_READ  "Group.Read.All Group.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"
#define MEMBER_READ "GroupMember.Read.All GroupMember.ReadWrite.All " GROUP_READ

const PsTenantMsRoute ps_tenant_ms_group_routes[] = {
  { "GET", "/v1.0/groups", list_groups, PS_TENANT_MS_DIRECTORY, MEMBER_READ, MEMBER_READ },
  { "GET", "/v1.0/groups/{id}", get_group, PS_TENANT_MS_DIRECTORY, MEMBER_READ, MEMBER_READ },
  { "GET", "/v1.0/groups/{id}/members", members, PS_TENANT_MS_DIRECTORY, MEMBER_READ, MEMBER_READ },
  { "GET", "/v1.0/groups/{id}/members/microsoft.graph.user", member_users, PS_TENANT_MS_DIRECTORY, MEMBER_READ,
    MEMBER_READ },
  { "GET", "/v1.0/groups/{id}/transitiveMembers", transitive_members, PS_TENANT_MS_DIRECTORY, MEMBER_READ,
    MEMBER_READ },
  { "GET", "/v1.0/groups/{id}/transitiveMembers/microsoft.graph.user", transitive_users, PS_TENANT_MS_DIRECTORY,
    MEMBER_READ, MEMBER_READ },
  { NULL },
};
