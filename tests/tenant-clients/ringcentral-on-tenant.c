/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ringcentral-on-tenant.h"

#include "ps-json.h"

static PsTokenSource *
sign_in (PsTenantServer *server)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = NULL;
  JsonObject *described;
  PsTokenSource *tokens;

  json_builder_begin_object (builder);
  ps_tenant_ringcentral_describe (server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  described = json_node_get_object (root);
  tokens = ps_token_source_new_jwt (
      ps_json_string (described, "ringcentral_url"), ps_json_string (described, "ringcentral_client_id"),
      ps_json_string (described, "ringcentral_client_secret"), ps_json_string (described, "ringcentral_jwt"), &error);
  g_assert_no_error (error);
  return tokens;
}

static OnTenant *
new_with (guint users, gboolean new_call_handling, GTlsCertificate *certificate)
{
  PsTenantServerOptions options = { .world = { .users = users,
                                               .seed = 1,
                                               .start_ms = G_GINT64_CONSTANT (1767690000000),
                                               .new_call_handling = new_call_handling },
                                    .speed = -1,
                                    .certificate = certificate };
  OnTenant *on = g_new0 (OnTenant, 1);
  g_autoptr (PsTokenSource) tokens = NULL;
  g_autoptr (GError) error = NULL;

  on->server = ps_tenant_server_new (&options, &error);
  g_assert_no_error (error);
  ps_tenant_ringcentral_attach (on->server);
  on->world = ps_tenant_server_world (on->server);
  tokens = sign_in (on->server);
  on->client = ps_ringcentral_client_new (ps_tenant_server_origin (on->server), tokens, &error);
  g_assert_no_error (error);
  ps_ringcentral_client_set_new_call_handling (on->client, new_call_handling);
  return on;
}

OnTenant *
on_tenant_new (guint users, gboolean new_call_handling)
{
  return new_with (users, new_call_handling, NULL);
}

OnTenant *
on_tenant_new_tls (GTlsCertificate *certificate)
{
  return new_with (40, FALSE, certificate);
}

void
on_tenant_free (OnTenant *on)
{
  g_assert_finalize_object (on->client);
  /* What libsoup closes in the background. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (on->server);
  g_free (on);
}

PsTenantExtension *
on_tenant_user (OnTenant *on, guint nth, gboolean in_queue)
{
  const GPtrArray *extensions = ps_tenant_world_extensions (on->world);

  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = extensions->pdata[i];

    if (extension->phone == NULL || extension == ps_tenant_world_admin (on->world) ||
        g_strcmp0 (extension->status, "Enabled") != 0 || g_strcmp0 (extension->type, "User") != 0 ||
        (extension->queue_ids != NULL && extension->queue_ids->len > 0) != in_queue)
      continue;
    if (nth-- == 0)
      return extension;
  }
  g_error ("The company is too small for this test.");
  return NULL;
}

char *
on_tenant_id (PsTenantExtension *extension)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT, extension->id);
}

void
on_tenant_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

gboolean
on_tenant_wake_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}
