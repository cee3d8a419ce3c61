/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setting up the Microsoft front, and what the rest of the demo tenant asks of it.
 */
#include "config.h"

#include "ps-tenant-ms-grants.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-redirect.h"
#include "ps-tenant-ms-visit.h"

#include <string.h>

#define STATE "ps-tenant-microsoft"

#define CLIENT_ID "5d1b7c3e-8f04-4a6e-9c52-70d3ad4c1e11"
/* The one that Microsoft's own command line tools have in every tenant. */
#define PUBLIC_CLIENT_ID "14d82eec-204b-4c2f-b7e8-296a70dab67e"

static void
ms_free (gpointer data)
{
  PsTenantMs *ms = data;

  ps_tenant_world_unlisten (ms->world, ms->listener);
  ps_tenant_ms_mail_clear (ms);
  g_hash_table_unref (ms->changes);
  g_hash_table_unref (ms->status_messages);
  g_hash_table_unref (ms->limits);
  ps_tenant_ms_grants_free (ms->grants);
  ps_tenant_ms_visits_free (ms->visits);
  g_ptr_array_unref (ms->apps);
  g_ptr_array_unref (ms->accounts);
  g_ptr_array_unref (ms->bindings);
  g_free (ms);
}

PsTenantMs *
ps_tenant_ms_get (PsTenantServer *server)
{
  return g_object_get_data (G_OBJECT (server), STATE);
}

char *
ps_tenant_ms_base_url (const PsTenantRequest *request)
{
  const char *origin = ps_tenant_server_origin (request->server);
  const char *host = soup_message_headers_get_one (request->headers, "Host");
  const char *scheme_end = strstr (origin, "://");

  if (host == NULL || strpbrk (host, "/?#@\"\\ ") != NULL)
    return g_strdup (origin);
  return g_strdup_printf ("%.*s%s", (int) (scheme_end + 3 - origin), origin, host);
}

gint64
ps_tenant_ms_replicated_at (PsTenantMs *ms, gint64 now_ms)
{
  const char *value = ps_tenant_server_fault (ms->server, "replication");
  guint64 seconds = ps_tenant_server_options (ms->server)->replication_s;

  if (value != NULL && !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &seconds, NULL))
    seconds = ps_tenant_server_options (ms->server)->replication_s;
  return now_ms + (gint64) seconds * 1000;
}

/* Text that is the same for the same seed, and no other's. */
static char *
derive (PsTenantMs *ms, const char *what)
{
  g_autofree char *text = g_strdup_printf ("%s %" G_GUINT64_FORMAT, what, ps_tenant_world_options (ms->world)->seed);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

/* What a desktop program needs: for its own view, and for the system's browser with a loopback listener. */
static void
add_redirects (PsTenantMsApp *app)
{
  static const char *const redirects[] = { PS_TENANT_MS_NATIVE_REDIRECT, "http://localhost", "http://127.0.0.1" };

  for (guint i = 0; i < G_N_ELEMENTS (redirects); i++)
    g_ptr_array_add (app->redirects, g_strdup (redirects[i]));
}

/* Two years, the longest that the portal offers. The secret has characters that mean something in a form: a client that
 * does not encode it is told that the secret is wrong, as by the service. */
static void
add_confidential_client (PsTenantMs *ms)
{
  static const char *const roles[] = { "User.Read.All", "Presence.ReadWrite.All", "GroupMember.Read.All", "Mail.Send",
                                       NULL };
  g_autofree char *hash = derive (ms, "client secret");
  g_autofree char *secret = g_strdup_printf ("Ps8~Q+%.20s%%2B/_%.8s=", hash, hash + 20);

  ms->client = ps_tenant_ms_app_new (CLIENT_ID, "Presence Sync", FALSE);
  g_ptr_array_add (ms->apps, ms->client);
  add_redirects (ms->client);
  ps_tenant_ms_app_require (ms->client, roles);
  ms->client->created_ms = ps_tenant_world_now (ms->world);
  ps_tenant_ms_app_consent (ms->client, ms->client->created_ms, 0);
  ps_tenant_ms_app_add_secret (ms->client, "Demo", secret,
                               ps_tenant_world_now (ms->world) + 730 * G_GINT64_CONSTANT (86400000));
}

static void
add_public_client (PsTenantMs *ms)
{
  ms->public_client = ps_tenant_ms_app_new (PUBLIC_CLIENT_ID, "Microsoft Graph Command Line Tools", TRUE);
  ms->public_client->foreign = TRUE;
  g_free (ms->public_client->audience);
  ms->public_client->audience = g_strdup ("AzureADMultipleOrgs");
  g_ptr_array_add (ms->apps, ms->public_client);
  add_redirects (ms->public_client);
}

static void
world_changed_cb (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data)
{
  PsTenantMs *ms = data;
  guint64 *number;

  if (change != PS_TENANT_CHANGE_DIRECTORY)
    return;
  number = g_new (guint64, 1);
  *number = ++ms->last_change;
  g_hash_table_insert (ms->changes, subject, number);
}

/* As the rest of the control interface: for programs on this machine, not for a web page that makes a browser ask. */
static gboolean
is_from_a_page (const PsTenantRequest *request)
{
  const char *host = soup_message_headers_get_one (request->headers, "Host");

  return request->in_batch || soup_message_headers_get_one (request->headers, "Origin") != NULL || host == NULL ||
         !(g_str_has_prefix (host, "127.0.0.1:") || g_str_has_prefix (host, "localhost:") ||
           g_str_has_prefix (host, "[::1]:"));
}

static void
answer_control (PsTenantReply *reply, guint status, const char *name, const char *value)
{
  g_autoptr (GString) json = g_string_new ("{");

  ps_tenant_ms_json_string (json, name);
  g_string_append_c (json, ':');
  ps_tenant_ms_json_string (json, value);
  g_string_append_c (json, '}');
  ps_tenant_reply_text (reply, status, "application/json", json->str);
}

/* POST /control/microsoft/certificate, an X.509 certificate as PEM: registers it for the confidential client, whose
 * assertions are then accepted. Answers with its thumbprint, as the assertion's x5t#S256 names it. */
static void
register_certificate (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (request->body, &size);
  g_autofree char *pem = g_strndup (text != NULL ? text : "", size);
  PsTenantMsCertificate *certificate;

  if (is_from_a_page (request)) {
    answer_control (reply, 403, "error", "The control interface is for programs on this machine only.");
    return;
  }
  certificate = ps_tenant_ms_app_add_certificate (ms->client, pem, &error);
  if (certificate == NULL)
    answer_control (reply, 400, "error", error->message);
  else
    answer_control (reply, 201, "x5t#S256", certificate->x5t_s256);
}

static void
add_routes (PsTenantMs *ms)
{
  const PsTenantMsRoute *const tables[] = { ps_tenant_ms_user_routes,
                                            ps_tenant_ms_delta_routes,
                                            ps_tenant_ms_group_routes,
                                            ps_tenant_ms_presence_routes,
                                            ps_tenant_ms_presence_write_routes,
                                            ps_tenant_ms_mail_routes,
                                            ps_tenant_ms_batch_routes,
                                            ps_tenant_ms_role_routes,
                                            ps_tenant_ms_application_routes,
                                            ps_tenant_ms_credential_routes,
                                            ps_tenant_ms_service_principal_routes,
                                            ps_tenant_ms_assignment_routes };

  ps_tenant_ms_signin_attach (ms);
  ps_tenant_ms_authorize_attach (ms);
  ps_tenant_ms_admin_consent_attach (ms);
  ps_tenant_ms_login_attach (ms);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    ps_tenant_ms_guard_add (ms, tables[i]);
  ps_tenant_ms_guard_add_errors (ms);
  ps_tenant_server_route (ms->server, "POST", "/control/microsoft/certificate", register_certificate, ms);
}

void
ps_tenant_microsoft_attach (PsTenantServer *server)
{
  PsTenantMs *ms = g_new0 (PsTenantMs, 1);
  g_autofree char *key = NULL;

  ms->server = server;
  ms->world = ps_tenant_server_world (server);
  ms->bindings = g_ptr_array_new_with_free_func (g_free);
  ms->accounts = ps_tenant_ms_accounts_new (ms->world);
  ms->visits = ps_tenant_ms_visits_new ();
  ms->apps = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_tenant_ms_app_free);
  ms->grants = ps_tenant_ms_grants_new ();
  ms->limits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ps_tenant_limit_free);
  ms->status_messages =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ps_tenant_ms_status_free);
  ms->changes = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  ms->last_change = 1; /* 0 in a delta token means "from the beginning" */
  g_queue_init (&ms->mails);
  key = derive (ms, "token key");
  memcpy (ms->token_key, key, sizeof ms->token_key);
  add_confidential_client (ms);
  add_public_client (ms);
  g_object_set_data_full (G_OBJECT (server), STATE, ms, ms_free);
  ms->listener = ps_tenant_world_listen (ms->world, world_changed_cb, ms);
  add_routes (ms);
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

void
ps_tenant_microsoft_describe (PsTenantServer *server, JsonBuilder *builder)
{
  PsTenantMs *ms = ps_tenant_ms_get (server);
  GPtrArray *secrets = ms->client->secrets; /* the first may have been removed since */

  add_string (builder, "login_url", ps_tenant_server_origin (server));
  add_string (builder, "graph_url", ps_tenant_server_origin (server));
  add_string (builder, "tenant_id", ps_tenant_world_tenant_id (ms->world));
  add_string (builder, "client_id", ms->client->app_id);
  add_string (builder, "client_secret",
              secrets->len > 0 ? ((const PsTenantMsSecret *) g_ptr_array_index (secrets, 0))->secret : "");
  add_string (builder, "public_client_id", ms->public_client->app_id);
  for (guint i = 0; i < ms->accounts->len; i++) {
    const PsTenantMsAccount *account = g_ptr_array_index (ms->accounts, i);
    g_autofree char *upn = g_strconcat (account->key, "_upn", NULL);
    g_autofree char *password = g_strconcat (account->key, "_password", NULL);

    add_string (builder, upn, account->user->user_principal_name);
    add_string (builder, password, account->password);
  }
}

void
ps_tenant_microsoft_limits (PsTenantServer *server, JsonBuilder *builder)
{
  PsTenantMs *ms = ps_tenant_ms_get (server);
  PsTenantLimitCount sum = { 0 };
  GHashTableIter iter;
  gpointer limit;

  g_hash_table_iter_init (&iter, ms->limits);
  while (g_hash_table_iter_next (&iter, NULL, &limit)) {
    PsTenantLimitCount count = ps_tenant_limit_count (limit);

    sum.allowed += count.allowed;
    sum.refused += count.refused;
  }
  json_builder_set_member_name (builder, "presence");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "allowed");
  json_builder_add_int_value (builder, (gint64) sum.allowed);
  json_builder_set_member_name (builder, "refused");
  json_builder_add_int_value (builder, (gint64) sum.refused);
  json_builder_end_object (builder);
}
