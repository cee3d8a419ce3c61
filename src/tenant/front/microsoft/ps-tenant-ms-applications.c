/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /applications
 */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-objects.h"

#define ENTITY "applications/$entity"

gboolean
ps_tenant_ms_application_may_write (PsTenantMsCall *call)
{
  if (call->claims->user_id == NULL || ps_tenant_ms_may_manage_apps (call->ms->accounts, call->claims->user_id))
    return TRUE;
  ps_tenant_ms_error (call, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
  return FALSE;
}

/* Returns: (nullable): the registration that the path means, by its id or "(appId='…')"; 404 is answered if none. */
static PsTenantMsApp *
path_application (PsTenantMsCall *call)
{
  g_autofree char *key = ps_tenant_ms_object_key (call->request->args[0]);
  PsTenantMsApp *app = g_str_equal (key, call->request->args[0]) ? ps_tenant_ms_apps_find_object (call->ms->apps, key)
                                                                 : ps_tenant_ms_apps_find (call->ms->apps, key);

  if (app != NULL && !app->foreign)
    return app;
  ps_tenant_ms_object_missing (call, key);
  return NULL;
}

PsTenantMsApp *
ps_tenant_ms_application_to_write (PsTenantMsCall *call)
{
  return ps_tenant_ms_application_may_write (call) ? path_application (call) : NULL;
}

static void
list_applications (PsTenantMsCall *call)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

  for (guint i = 0; i < call->ms->apps->len; i++) {
    const PsTenantMsApp *app = g_ptr_array_index (call->ms->apps, i);

    if (!app->deleted && !app->foreign)
      g_ptr_array_add (objects, ps_tenant_ms_application_object (call->ms, app));
  }
  ps_tenant_ms_objects_answer (call, "applications", objects);
}

static void
get_application (PsTenantMsCall *call)
{
  const PsTenantMsApp *app = path_application (call);

  if (app != NULL)
    ps_tenant_ms_object_answer (call, 200, ENTITY, ps_tenant_ms_application_object (call->ms, app));
}

static void
create_application (PsTenantMsCall *call)
{
  PsTenantMs *ms = call->ms;
  g_autoptr (JsonObject) body = NULL;
  g_autofree char *app_id = NULL;
  g_autofree char *location = NULL;
  PsTenantMsApp *app;

  if (!ps_tenant_ms_application_may_write (call))
    return;
  body = ps_tenant_ms_body (call);
  if (body == NULL || !ps_tenant_ms_application_check (call, body, TRUE))
    return;
  app_id = g_uuid_string_random ();
  app = ps_tenant_ms_app_new (app_id, "", FALSE);
  app->service_principal = FALSE;
  app->created_ms = call->request->now_ms;
  app->visible_ms = ps_tenant_ms_replicated_at (ms, call->request->now_ms);
  ps_tenant_ms_application_set (app, body);
  g_ptr_array_add (ms->apps, app);
  location = g_strdup_printf ("https://graph.microsoft.com/v2/%s/directoryObjects/%s/Microsoft.DirectoryServices."
                              "Application",
                              ps_tenant_world_tenant_id (ms->world), app->object_id);
  soup_message_headers_replace (call->reply->headers, "Location", location);
  ps_tenant_ms_object_answer (call, 201, ENTITY, ps_tenant_ms_application_object (ms, app));
}

static void
update_application (PsTenantMsCall *call)
{
  PsTenantMsApp *app = ps_tenant_ms_application_to_write (call);
  g_autoptr (JsonObject) body = app != NULL ? ps_tenant_ms_body (call) : NULL;

  if (body == NULL || !ps_tenant_ms_application_check (call, body, FALSE))
    return;
  ps_tenant_ms_application_set (app, body);
  call->reply->status = 204;
}

/* The service principal goes with it, and what was granted to it. */
static void
delete_application (PsTenantMsCall *call)
{
  PsTenantMsApp *app = ps_tenant_ms_application_to_write (call);

  if (app == NULL)
    return;
  app->deleted = TRUE;
  app->service_principal = FALSE;
  call->reply->status = 204;
}

const PsTenantMsRoute ps_tenant_ms_application_routes[] = {
  { "GET", "/v1.0/applications", list_applications, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_READ,
    PS_TENANT_MS_APPLICATION_READ },
  { "POST", "/v1.0/applications", create_application, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_WRITE,
    PS_TENANT_MS_APPLICATION_WRITE },
  { "GET", "/v1.0/applications/{id}", get_application, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_READ,
    PS_TENANT_MS_APPLICATION_READ },
  { "GET", "/v1.0/applications(appId='{id}')", get_application, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_READ,
    PS_TENANT_MS_APPLICATION_READ },
  { "PATCH", "/v1.0/applications/{id}", update_application, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_WRITE,
    PS_TENANT_MS_APPLICATION_WRITE },
  { "DELETE", "/v1.0/applications/{id}", delete_application, PS_TENANT_MS_DIRECTORY, PS_TENANT_MS_APPLICATION_WRITE,
    PS_TENANT_MS_APPLICATION_WRITE },
  { NULL },
};
