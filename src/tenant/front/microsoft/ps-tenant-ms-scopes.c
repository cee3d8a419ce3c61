/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-scopes.h"
#include "ps-tenant-ms-issue.h"
#include "ps-tenant-ms-permissions.h"

#include <string.h>

gboolean
ps_tenant_ms_is_graph (const PsTenantRequest *request, const char *resource)
{
  g_autofree char *own = ps_tenant_ms_base_url (request);

  return g_str_equal (resource, PS_TENANT_MS_GRAPH_RESOURCE) || g_str_equal (resource, PS_TENANT_MS_GRAPH_APP_ID) ||
         g_str_equal (resource, own) || g_str_equal (resource, ps_tenant_server_origin (request->server));
}

const char *
ps_tenant_ms_scope_strip (const PsTenantRequest *request, const char *scope)
{
  const char *slash = strrchr (scope, '/');
  g_autofree char *resource = NULL;

  if (slash == NULL)
    return scope;
  resource = g_strndup (scope, slash - scope);
  return ps_tenant_ms_is_graph (request, resource) ? slash + 1 : NULL;
}

GStrv
ps_tenant_ms_scopes_parse (const PsTenantRequest *request, const char *text, guint *number, char **bad)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; words[i] != NULL; i++) {
    const char *name = ps_tenant_ms_scope_strip (request, words[i]);
    const PsTenantMsPermission *permission = name != NULL ? ps_tenant_ms_permission_by_name (name) : NULL;

    if (*words[i] == '\0')
      continue;
    if (permission != NULL && permission->scope_id != NULL)
      name = permission->name;
    else if (name == NULL || !g_str_equal (name, PS_TENANT_MS_SCOPE_DEFAULT)) {
      *number = name == NULL ? 500011 : 650053;
      *bad = name == NULL ? g_strndup (words[i], strrchr (words[i], '/') - words[i]) : g_strdup (name);
      return NULL;
    }
    if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_add (names, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&names), FALSE);
}
