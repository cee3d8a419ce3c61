/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * connect microsoft, connect ringcentral, connect update-secret
 */
#include "config.h"

#include "ps-cli.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ps-await.h"
#include "ps-connection.h"
#include "ps-json-words.h"
#include "ps-secret-file.h"

#define RINGCENTRAL_SERVER "https://platform.ringcentral.com"

/* --- what can be seen to be wrong before anybody is asked --- */

static gboolean
input_error (GError **error, GError *problem)
{
  g_propagate_error (error, problem);
  return FALSE;
}

static gboolean
check_tenant (const char *tenant, GError **error)
{
  g_autofree char *domain = g_hostname_to_ascii (tenant);

  if (ps_looks_like_guid (tenant) ||
      (domain != NULL && strchr (domain, '.') != NULL && strpbrk (domain, " /@?#") == NULL))
    return TRUE;
  return input_error (error,
                      ps_error_new (PS_ERROR_INPUT,
                                    _ ("“%s” is no tenant: give the Directory (tenant) ID, which looks like "
                                       "00000000-0000-0000-0000-000000000000, or a verified domain of the tenant."),
                                    tenant));
}

static gboolean
check_client_id (const char *client_id, GError **error)
{
  if (ps_looks_like_guid (client_id))
    return TRUE;
  return input_error (error,
                      ps_error_new (PS_ERROR_INPUT,
                                    _ ("“%s” is no Application (client) ID, which looks like "
                                       "00000000-0000-0000-0000-000000000000. Entra shows it on the application's "
                                       "Overview page."),
                                    client_id));
}

/* Entra's page shows both side by side, and only the value can be used. */
static gboolean
check_client_secret (const char *secret, GError **error)
{
  if (!ps_looks_like_guid (secret))
    return TRUE;
  return input_error (
      error,
      ps_error_new (PS_ERROR_INPUT, _ ("This is the Secret ID, not the secret. In Entra, under “Certificates & "
                                       "secrets”, copy what stands under Value; it is shown only right after the "
                                       "secret was made.")));
}

static gboolean
check_date (const char *date, GError **error)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *full = date != NULL ? g_strconcat (date, "T00:00:00Z", NULL) : NULL;

  if (date == NULL)
    return TRUE;
  if (strlen (date) == 10)
    time = g_date_time_new_from_iso8601 (full, NULL);
  if (time != NULL)
    return TRUE;
  ps_cli_usage_error (error, _ ("--secret-expires takes a date such as 2027-01-31."));
  return FALSE;
}

static gboolean
require (const char *value, const char *option, GError **error)
{
  if (value != NULL && value[0] != '\0')
    return TRUE;
  ps_cli_usage_error (error, _ ("%s is missing."), option);
  return FALSE;
}

static gboolean
is_certificate (const char *secret)
{
  return strstr (secret, "-----BEGIN ") != NULL;
}

/* --- what came of it --- */

static void
print_microsoft_json (PsCli *cli, const PsMicrosoftConnection *connection)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  int days_left;
  PsConnectionState state = ps_microsoft_connection_state (connection, &days_left);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "microsoft");
  json_builder_begin_object (builder);
  ps_json_put_string (builder, "state", ps_connection_state_to_word (state));
  ps_json_put_string (builder, "tenant_id", connection->tenant_id);
  ps_json_put_string (builder, "client_id", connection->client_id);
  ps_json_put_string (builder, "organization", connection->organization);
  ps_json_put_strv (builder, "granted", (const char *const *) connection->granted);
  ps_json_put_string (builder, "secret_expires", connection->secret_expires);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

static void
print_microsoft (PsCli *cli, const PsMicrosoftConnection *connection)
{
  g_auto (GStrv) missing = ps_microsoft_missing_permissions (connection, TRUE);
  int days_left;

  if (cli->json) {
    print_microsoft_json (cli, connection);
    return;
  }
  ps_output_styled (cli->output, PS_STYLE_GOOD, _ ("Connected to Microsoft 365: %s"),
                    connection->organization != NULL ? connection->organization : connection->tenant_id);
  for (guint i = 0; missing[i] != NULL; i++) {
    if (g_str_equal (missing[i], "GroupMember.Read.All"))
      ps_output_line (cli->output, _ ("Not granted: %s. Selecting people by group needs it."), missing[i]);
    else if (g_str_equal (missing[i], "Mail.Send"))
      ps_output_line (cli->output, _ ("Not granted: %s. The report by mail needs it."), missing[i]);
  }
  if (ps_microsoft_connection_state (connection, &days_left) == PS_CONNECTION_EXPIRING)
    ps_output_styled (
        cli->output, PS_STYLE_WARNING,
        ngettext ("The client secret expires in %d day.", "The client secret expires in %d days.", days_left),
        days_left);
  else if (connection->secret_expires == NULL && !connection->certificate)
    ps_output_line (cli->output, "%s",
                    _ ("With --secret-expires the program can warn before the client secret expires."));
}

static PsExit
print_ringcentral (PsCli *cli, const PsRingCentralConnection *connection)
{
  g_autoptr (JsonBuilder) builder = NULL;

  if (!cli->json) {
    ps_output_styled (cli->output, PS_STYLE_GOOD, _ ("Connected to RingCentral: %s"),
                      connection->account_name != NULL ? connection->account_name : connection->server_url);
    if (connection->own_name != NULL)
      ps_output_line (cli->output, _ ("Signed in as %s."), connection->own_name);
    return PS_EXIT_DONE;
  }
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ringcentral");
  json_builder_begin_object (builder);
  ps_json_put_string (builder, "state", ps_connection_state_to_word (PS_CONNECTION_CONNECTED));
  ps_json_put_string (builder, "server_url", connection->server_url);
  ps_json_put_string (builder, "client_id", connection->client_id);
  ps_json_put_string (builder, "account_id", connection->account_id);
  ps_json_put_string (builder, "account", connection->account_name);
  ps_json_put_string (builder, "signed_in_as", connection->own_name);
  ps_json_put_bool (builder, "new_call_handling", connection->new_call_handling);
  ps_json_put_bool (builder, "has_queues", connection->has_queues);
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
  return PS_EXIT_DONE;
}

/* --- connect microsoft --- */

typedef struct {
  char *tenant, *client_id, *secret_file, *expires, *cloud, *login_url, *graph_url; /* (owned) (nullable) */
} MicrosoftOptions;

static void
microsoft_options_clear (MicrosoftOptions *options)
{
  g_free (options->tenant);
  g_free (options->client_id);
  g_free (options->secret_file);
  g_free (options->expires);
  g_free (options->cloud);
  g_free (options->login_url);
  g_free (options->graph_url);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MicrosoftOptions, microsoft_options_clear)

static gboolean
parse_microsoft (PsCli *cli, char **arguments, MicrosoftOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "tenant", 0, 0, G_OPTION_ARG_STRING, &options->tenant, N_ ("Directory (tenant) ID, or a domain"), N_ ("ID") },
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &options->client_id, N_ ("Application (client) ID"), N_ ("ID") },
    { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &options->secret_file,
      N_ ("File with the client secret, or a certificate with its key (PEM); - is standard input"), N_ ("FILE") },
    { "secret-expires", 0, 0, G_OPTION_ARG_STRING, &options->expires, N_ ("When the secret expires"),
      N_ ("YYYY-MM-DD") },
    { "cloud", 0, 0, G_OPTION_ARG_STRING, &options->cloud, N_ ("global (usual), gcc-high or dod"), N_ ("CLOUD") },
    { "login-url", 0, 0, G_OPTION_ARG_STRING, &options->login_url, N_ ("Sign-in address, instead of --cloud"),
      N_ ("URL") },
    { "graph-url", 0, 0, G_OPTION_ARG_STRING, &options->graph_url, N_ ("Microsoft Graph's address, with --login-url"),
      N_ ("URL") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);

  return rest != NULL && require (options->tenant, "--tenant", error) &&
         require (options->client_id, "--client-id", error) && require (options->secret_file, "--secret-file", error) &&
         check_tenant (options->tenant, error) && check_client_id (options->client_id, error) &&
         check_date (options->expires, error);
}

static gboolean
choose_cloud (const MicrosoftOptions *options, const char **login_url, const char **graph_url, GError **error)
{
  if ((options->login_url == NULL) != (options->graph_url == NULL)) {
    ps_cli_usage_error (error, _ ("--login-url and --graph-url go together: give both or none."));
    return FALSE;
  }
  if (options->login_url != NULL && options->cloud != NULL) {
    ps_cli_usage_error (error, _ ("Give either --cloud or the two addresses."));
    return FALSE;
  }
  *login_url = options->login_url;
  *graph_url = options->graph_url;
  if (options->login_url == NULL &&
      !ps_cloud_urls (options->cloud != NULL ? options->cloud : PS_GRAPH_CLOUD_GLOBAL, login_url, graph_url)) {
    ps_cli_usage_error (error, _ ("“%s” is no cloud: it is global, gcc-high or dod."), options->cloud);
    return FALSE;
  }
  return TRUE;
}

PsExit
ps_command_connect_microsoft (PsCli *cli, char **arguments, GError **error)
{
  g_auto (MicrosoftOptions) options = { NULL };
  g_autoptr (PsSecret) secret = NULL;
  g_autoptr (PsMicrosoftConnection) connection = NULL;
  g_autoptr (PsAwait) await = ps_await_new ();
  const char *login_url, *graph_url;

  if (!parse_microsoft (cli, arguments, &options, error) || !choose_cloud (&options, &login_url, &graph_url, error))
    return PS_EXIT_USAGE;
  secret = ps_secret_file_read ("--secret-file", options.secret_file, error);
  if (secret == NULL || !check_client_secret (secret, error) || !ps_cli_open (cli, error))
    return PS_EXIT_USAGE;
  ps_connect_microsoft_async (cli->workspace, options.tenant, options.client_id, secret, is_certificate (secret),
                              options.expires, login_url, graph_url, cli->cancellable, ps_await_done, await);
  connection = ps_connect_microsoft_finish (cli->workspace, ps_await_result (await), error);
  if (connection == NULL)
    return PS_EXIT_NOT_CONNECTED;
  print_microsoft (cli, connection);
  return PS_EXIT_DONE;
}

/* --- connect update-secret --- */

PsExit
ps_command_connect_update_secret (PsCli *cli, char **arguments, GError **error)
{
  g_autofree char *secret_file = NULL, *expires = NULL;
  const GOptionEntry entries[] = {
    { "secret-file", 0, 0, G_OPTION_ARG_FILENAME, &secret_file,
      N_ ("File with the new client secret, or certificate and key (PEM); - is standard input"), N_ ("FILE") },
    { "secret-expires", 0, 0, G_OPTION_ARG_STRING, &expires, N_ ("When the secret expires"), N_ ("YYYY-MM-DD") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);
  g_autoptr (PsSecret) secret = NULL;
  g_autoptr (PsMicrosoftConnection) connection = NULL;
  g_autoptr (PsAwait) await = ps_await_new ();

  if (rest == NULL || !require (secret_file, "--secret-file", error) || !check_date (expires, error))
    return PS_EXIT_USAGE;
  secret = ps_secret_file_read ("--secret-file", secret_file, error);
  if (secret == NULL || !check_client_secret (secret, error) || !ps_cli_open (cli, error))
    return PS_EXIT_USAGE;
  ps_update_microsoft_secret_async (cli->workspace, secret, expires, cli->cancellable, ps_await_done, await);
  connection = ps_update_microsoft_secret_finish (cli->workspace, ps_await_result (await), error);
  if (connection == NULL)
    return PS_EXIT_NOT_CONNECTED;
  print_microsoft (cli, connection);
  return PS_EXIT_DONE;
}

/* --- connect ringcentral --- */

typedef struct {
  char *client_id, *jwt_file, *secret_file, *server_url; /* (owned) (nullable) */
  gboolean browser;
} RingCentralOptions;

static void
ringcentral_options_clear (RingCentralOptions *options)
{
  g_free (options->client_id);
  g_free (options->jwt_file);
  g_free (options->secret_file);
  g_free (options->server_url);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RingCentralOptions, ringcentral_options_clear)

static gboolean
parse_ringcentral (PsCli *cli, char **arguments, RingCentralOptions *options, GError **error)
{
  const GOptionEntry entries[] = {
    { "client-id", 0, 0, G_OPTION_ARG_STRING, &options->client_id, N_ ("Client id of the application"), N_ ("ID") },
    { "jwt-file", 0, 0, G_OPTION_ARG_FILENAME, &options->jwt_file,
      N_ ("File with the administrator's JWT; - is standard input"), N_ ("FILE") },
    { "client-secret-file", 0, 0, G_OPTION_ARG_FILENAME, &options->secret_file,
      N_ ("File with the application's client secret; - is standard input"), N_ ("FILE") },
    { "browser", 0, 0, G_OPTION_ARG_NONE, &options->browser,
      N_ ("Sign in with a browser on this computer, instead of the two files"), NULL },
    { "server-url", 0, 0, G_OPTION_ARG_STRING, &options->server_url, N_ ("RingCentral's address"), N_ ("URL") },
    { NULL }
  };
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, entries, 0, error);

  if (rest == NULL || !require (options->client_id, "--client-id", error))
    return FALSE;
  if (options->browser && (options->jwt_file != NULL || options->secret_file != NULL)) {
    ps_cli_usage_error (error, _ ("With --browser a person signs in: it goes without --jwt-file and "
                                  "--client-secret-file."));
    return FALSE;
  }
  if (options->browser)
    return TRUE;
  if (g_strcmp0 (options->jwt_file, "-") == 0 && g_strcmp0 (options->secret_file, "-") == 0) {
    ps_cli_usage_error (error, _ ("Only one of the two secrets can come from standard input."));
    return FALSE;
  }
  return require (options->jwt_file, "--jwt-file", error) &&
         require (options->secret_file, "--client-secret-file", error);
}

/* Without a desktop, or if it has no browser, the person opens the printed address. */
static void
open_browser (const char *address, gpointer data)
{
  PsCli *cli = data;

  ps_output_note (cli->output, _ ("Sign in to RingCentral as an administrator on this page, in a browser on this "
                                  "computer:"));
  g_printerr ("%s\n", address);
  ps_output_note (cli->output, _ ("Waiting for the browser; Ctrl+C ends it."));
  if (g_getenv ("WAYLAND_DISPLAY") != NULL || g_getenv ("DISPLAY") != NULL)
    g_app_info_launch_default_for_uri_async (address, NULL, cli->cancellable, NULL, NULL);
}

static PsExit
connect_by_browser (PsCli *cli, const RingCentralOptions *options, GError **error)
{
  g_autoptr (PsRingCentralConnection) connection = NULL;
  g_autoptr (PsAwait) await = ps_await_new ();

  if (!ps_cli_open (cli, error))
    return PS_EXIT_USAGE;
  ps_connect_ringcentral_browser_async (
      cli->workspace, options->client_id, options->server_url != NULL ? options->server_url : RINGCENTRAL_SERVER,
      PS_SIGN_IN_RINGCENTRAL_PORT, open_browser, cli, cli->cancellable, ps_await_done, await);
  connection = ps_connect_ringcentral_finish (cli->workspace, ps_await_result (await), error);
  return connection != NULL ? print_ringcentral (cli, connection) : PS_EXIT_NOT_CONNECTED;
}

PsExit
ps_command_connect_ringcentral (PsCli *cli, char **arguments, GError **error)
{
  g_auto (RingCentralOptions) options = { NULL };
  g_autoptr (PsSecret) jwt = NULL, secret = NULL;
  g_autoptr (PsRingCentralConnection) connection = NULL;
  g_autoptr (PsAwait) await = ps_await_new ();

  if (!parse_ringcentral (cli, arguments, &options, error))
    return PS_EXIT_USAGE;
  if (options.browser)
    return connect_by_browser (cli, &options, error);
  jwt = ps_secret_file_read ("--jwt-file", options.jwt_file, error);
  if (jwt == NULL)
    return PS_EXIT_USAGE;
  secret = ps_secret_file_read ("--client-secret-file", options.secret_file, error);
  if (secret == NULL || !ps_cli_open (cli, error))
    return PS_EXIT_USAGE;
  ps_connect_ringcentral_jwt_async (cli->workspace, options.client_id, secret, jwt,
                                    options.server_url != NULL ? options.server_url : RINGCENTRAL_SERVER,
                                    cli->cancellable, ps_await_done, await);
  connection = ps_connect_ringcentral_finish (cli->workspace, ps_await_result (await), error);
  return connection != NULL ? print_ringcentral (cli, connection) : PS_EXIT_NOT_CONNECTED;
}
