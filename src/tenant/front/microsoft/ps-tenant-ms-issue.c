/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-issue.h"

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_times (JsonBuilder *builder, gint64 now_ms)
{
  gint64 now_s = now_ms / 1000;

  json_builder_set_member_name (builder, "iat");
  json_builder_add_int_value (builder, now_s);
  json_builder_set_member_name (builder, "nbf");
  json_builder_add_int_value (builder, now_s);
  json_builder_set_member_name (builder, "exp");
  json_builder_add_int_value (builder, now_s + PS_TENANT_MS_TOKEN_LIFE_S);
}

static void
begin_access_token (JsonBuilder *builder, PsTenantMs *ms, PsTenantMsApp *app, const char *audience,
                    const char *authentication, gint64 now_ms)
{
  const char *tenant = ps_tenant_world_tenant_id (ms->world);
  g_autofree char *issuer = g_strdup_printf ("https://sts.windows.net/%s/", tenant);
  g_autofree char *unique = g_uuid_string_random ();

  json_builder_begin_object (builder);
  add_string (builder, "aud", audience);
  add_string (builder, "iss", issuer);
  add_times (builder, now_ms);
  add_string (builder, "app_displayname", app->display_name);
  add_string (builder, "appid", app->app_id);
  add_string (builder, "appidacr", authentication);
  add_string (builder, "idp", issuer);
  add_string (builder, "tid", tenant);
  add_string (builder, "uti", unique);
  add_string (builder, "ver", "1.0");
}

/* The template ids of the directory roles that the person has, and of the one that every member has. */
static void
add_wids (JsonBuilder *builder, PsTenantMs *ms, const PsTenantMicrosoftUser *user)
{
  const PsTenantMsAccount *account = ps_tenant_ms_accounts_find (ms->accounts, user->id);

  json_builder_set_member_name (builder, "wids");
  json_builder_begin_array (builder);
  if (account != NULL && account->role != NULL)
    json_builder_add_string_value (builder, account->role->template_id);
  json_builder_add_string_value (builder, PS_TENANT_MS_MEMBER_ROLE);
  json_builder_end_array (builder);
}

static char *
finish (JsonBuilder *builder, PsTenantMs *ms)
{
  g_autoptr (JsonNode) root = NULL;

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return ps_tenant_ms_jwt_sign (root, ms->token_key, sizeof ms->token_key);
}

static gboolean
list_has (const char *list, const char *name)
{
  g_auto (GStrv) names = g_strsplit (list != NULL ? list : "", ",", -1);

  return g_strv_contains ((const char *const *) names, name);
}

gboolean
ps_tenant_ms_is_withheld (PsTenantMs *ms, const char *permission)
{
  return ps_tenant_server_fault (ms->server, "consent-revoked") != NULL ||
         list_has (ps_tenant_server_fault (ms->server, "permission-missing"), permission);
}

static void
add_roles (JsonBuilder *builder, PsTenantMs *ms, PsTenantMsApp *app, gint64 now_ms)
{
  const char *extra = ps_tenant_server_fault (ms->server, "permission-added");
  g_autoptr (GPtrArray) roles = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < app->granted_roles->len; i++) {
    const PsTenantMsRoleGrant *grant = g_ptr_array_index (app->granted_roles, i);

    if (grant->visible_ms <= now_ms && !ps_tenant_ms_is_withheld (ms, grant->role))
      g_ptr_array_add (roles, g_strdup (grant->role));
  }
  if (extra != NULL) {
    g_auto (GStrv) names = g_strsplit (extra, ",", -1);

    for (guint i = 0; names[i] != NULL; i++)
      g_ptr_array_add (roles, g_strdup (names[i]));
  }
  /* "A token is issued even if no permission was granted: it simply has no roles claim." */
  if (roles->len == 0)
    return;
  json_builder_set_member_name (builder, "roles");
  json_builder_begin_array (builder);
  for (guint i = 0; i < roles->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (roles, i));
  json_builder_end_array (builder);
}

char *
ps_tenant_ms_issue_app_token (PsTenantMs *ms, PsTenantMsApp *app, const char *audience, gboolean by_certificate,
                              gint64 now_ms)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  begin_access_token (builder, ms, app, audience, by_certificate ? "2" : "1", now_ms);
  add_string (builder, "idtyp", "app");
  add_string (builder, "oid", app->service_principal_id);
  add_string (builder, "sub", app->service_principal_id);
  add_roles (builder, ms, app, now_ms);
  return finish (builder, ms);
}

char *
ps_tenant_ms_issue_user_token (PsTenantMs *ms, PsTenantMsApp *app, PsTenantMicrosoftUser *user, const char *scope,
                               gint64 now_ms)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  begin_access_token (builder, ms, app, PS_TENANT_MS_GRAPH_RESOURCE, app->public_client ? "0" : "1", now_ms);
  add_string (builder, "idtyp", "user");
  add_string (builder, "oid", user->id);
  add_string (builder, "sub", user->id);
  add_string (builder, "name", user->display_name);
  add_string (builder, "upn", user->user_principal_name);
  add_string (builder, "unique_name", user->user_principal_name);
  add_string (builder, "scp", scope);
  add_wids (builder, ms, user);
  return finish (builder, ms);
}

char *
ps_tenant_ms_issue_id_token (PsTenantMs *ms, PsTenantMsApp *app, PsTenantMicrosoftUser *user, const char *nonce,
                             gint64 now_ms)
{
  const char *tenant = ps_tenant_world_tenant_id (ms->world);
  g_autofree char *issuer = g_strdup_printf ("https://login.microsoftonline.com/%s/v2.0", tenant);
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_string (builder, "aud", app->app_id);
  add_string (builder, "iss", issuer);
  add_times (builder, now_ms);
  add_string (builder, "name", user->display_name);
  if (nonce != NULL)
    add_string (builder, "nonce", nonce);
  add_string (builder, "oid", user->id);
  add_string (builder, "preferred_username", user->user_principal_name);
  add_string (builder, "sub", user->id);
  add_string (builder, "tid", tenant);
  add_string (builder, "ver", "2.0");
  add_wids (builder, ms, user);
  return finish (builder, ms);
}
