/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * presence-sync-demo-tenant: reads its options, prints one JSON line, serves until it is told to stop.
 */
#include "config.h"

#include "ps-tenant-server.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define EXIT_USAGE 2

typedef struct {
  int users, port, ringcentral_limit, replication;
  char *seed, *start;
  double churn, speed;
  char **faults;
  char *certificate, *key;
  gboolean new_call_handling, no_daily_life, exit_with_stdin;
} Arguments;

static void
arguments_clear (Arguments *arguments)
{
  g_free (arguments->seed);
  g_free (arguments->start);
  g_strfreev (arguments->faults);
  g_free (arguments->certificate);
  g_free (arguments->key);
}

static gboolean
arguments_parse (Arguments *arguments, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "users", 0, 0, G_OPTION_ARG_INT, &arguments->users, N_ ("RingCentral users in the company (250)"), "N" },
    { "seed", 0, 0, G_OPTION_ARG_STRING, &arguments->seed, N_ ("The same seed makes the same company (1)"), "N" },
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments->port, N_ ("Port to listen on (any free one)"), "N" },
    { "churn", 0, 0, G_OPTION_ARG_DOUBLE, &arguments->churn, N_ ("Random changes in the company"), "PER-SECOND" },
    { "ringcentral-limit", 0, 0, G_OPTION_ARG_INT, &arguments->ringcentral_limit,
      N_ ("Calls of RingCentral's group Medium (40)"), "PER-MINUTE" },
    { "fault", 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments->faults, N_ ("Switch a fault on; may be repeated"),
      "NAME=VALUE" },
    { "replication", 0, 0, G_OPTION_ARG_INT, &arguments->replication,
      N_ ("How long Microsoft's sign-in does not see what was written to the directory (5)"), "SECONDS" },
    { "tls-certificate", 0, 0, G_OPTION_ARG_FILENAME, &arguments->certificate, N_ ("Serve https with this certificate"),
      "FILE" },
    { "tls-key", 0, 0, G_OPTION_ARG_FILENAME, &arguments->key, N_ ("The certificate's private key"), "FILE" },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &arguments->speed, N_ ("How fast time passes (1); 0: it stands still"), "X" },
    { "start", 0, 0, G_OPTION_ARG_STRING, &arguments->start, N_ ("The time at the start (the present time)"), "TIME" },
    { "new-call-handling", 0, 0, G_OPTION_ARG_NONE, &arguments->new_call_handling,
      N_ ("The account has RingCentral's state-based call handling"), NULL },
    { "no-daily-life", 0, 0, G_OPTION_ARG_NONE, &arguments->no_daily_life, N_ ("People do nothing by themselves"),
      NULL },
    { "exit-with-stdin", 0, 0, G_OPTION_ARG_NONE, &arguments->exit_with_stdin,
      N_ ("Stop when standard input is closed, too"), NULL },
    { NULL }
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context,
                                _ ("A demo company with a Microsoft 365 tenant and a RingCentral account, on this "
                                   "computer only. Prints one line of JSON with its addresses and credentials."));
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (*argc > 1) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION, _ ("“%s” is not an option."), (*argv)[1]);
    return FALSE;
  }
  return TRUE;
}

static gboolean
bad_value (GError **error, const char *option, const char *wanted)
{
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _ ("%s must be %s."), option, wanted);
  return FALSE;
}

static gboolean
read_numbers (const Arguments *arguments, PsTenantServerOptions *options, GError **error)
{
  if (arguments->users < 1 || arguments->users > 100000)
    return bad_value (error, "--users", _ ("a number from 1 to 100000"));
  if (arguments->port < 0 || arguments->port > 65535)
    return bad_value (error, "--port", _ ("a number from 0 to 65535"));
  if (arguments->ringcentral_limit < 1 || arguments->ringcentral_limit > 1000000)
    return bad_value (error, "--ringcentral-limit", _ ("a number from 1 to 1000000"));
  if (arguments->replication < 0 || arguments->replication > 86400)
    return bad_value (error, "--replication", _ ("a number from 0 to 86400"));
  if (!(arguments->churn >= 0 && arguments->churn <= 10000))
    return bad_value (error, "--churn", _ ("a number from 0 to 10000"));
  if (!(arguments->speed >= 0 && arguments->speed <= 100000))
    return bad_value (error, "--speed", _ ("a number from 0 to 100000"));
  if (!g_ascii_string_to_unsigned (arguments->seed != NULL ? arguments->seed : "1", 10, 0, G_MAXUINT64,
                                   &options->world.seed, NULL))
    return bad_value (error, "--seed", _ ("a whole number"));
  options->world.users = (guint) arguments->users;
  options->world.churn_per_second = arguments->churn;
  options->port = (guint) arguments->port;
  options->ringcentral_limit = (guint) arguments->ringcentral_limit;
  options->replication_s = (guint) arguments->replication;
  options->speed = arguments->speed > 0 ? arguments->speed : -1;
  return TRUE;
}

static gboolean
read_start (const Arguments *arguments, PsTenantServerOptions *options, GError **error)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) start = NULL;

  if (arguments->start == NULL)
    return TRUE;
  start = g_date_time_new_from_iso8601 (arguments->start, utc);
  if (start == NULL)
    return bad_value (error, "--start", _ ("a time such as 2026-01-06T09:00:00Z"));
  options->world.start_ms = g_date_time_to_unix (start) * 1000;
  return TRUE;
}

static gboolean
read_certificate (const Arguments *arguments, PsTenantServerOptions *options, GError **error)
{
  if ((arguments->certificate == NULL) != (arguments->key == NULL)) {
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         _ ("--tls-certificate and --tls-key go together: give both or none."));
    return FALSE;
  }
  if (arguments->certificate != NULL)
    options->certificate = g_tls_certificate_new_from_files (arguments->certificate, arguments->key, error);
  return arguments->certificate == NULL || options->certificate != NULL;
}

static gboolean
set_faults (const Arguments *arguments, PsTenantServer *server, GError **error)
{
  for (guint i = 0; arguments->faults != NULL && arguments->faults[i] != NULL; i++) {
    const char *equals = strchr (arguments->faults[i], '=');
    g_autofree char *name = equals != NULL ? g_strndup (arguments->faults[i], equals - arguments->faults[i]) : NULL;

    if (name == NULL || !ps_tenant_server_set_fault (server, name, equals + 1))
      return bad_value (error, "--fault", _ ("of the form NAME=VALUE, for example delay=500 or 429@/v1.0/users*3=10"));
  }
  return TRUE;
}

static void
print_description (PsTenantServer *server)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  ps_tenant_control_describe (server, builder);
  node = json_builder_get_root (builder);
  text = json_to_string (node, FALSE);
  printf ("%s\n", text);
  fflush (stdout);
}

static gboolean
signal_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
stdin_cb (int fd, GIOCondition condition, gpointer user_data)
{
  char ignored[256];

  if (read (fd, ignored, sizeof ignored) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static void
serve (PsTenantServer *server, gboolean exit_with_stdin)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_signal_add (SIGTERM, signal_cb, loop);
  g_unix_signal_add (SIGINT, signal_cb, loop);
  if (exit_with_stdin)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, loop);
  print_description (server);
  g_main_loop_run (loop);
}

static int
run (const Arguments *arguments, GError **error)
{
  PsTenantServerOptions options = { .world = { .daily_life = !arguments->no_daily_life,
                                               .new_call_handling = arguments->new_call_handling } };
  g_autoptr (PsTenantServer) server = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;

  if (!read_numbers (arguments, &options, error) || !read_start (arguments, &options, error) ||
      !read_certificate (arguments, &options, error))
    return EXIT_USAGE;
  certificate = options.certificate;
  server = ps_tenant_server_new (&options, error);
  if (server == NULL)
    return EXIT_FAILURE;
  if (!set_faults (arguments, server, error))
    return EXIT_USAGE;
  ps_tenant_microsoft_attach (server);
  ps_tenant_ringcentral_attach (server);
  ps_tenant_control_attach (server);
  serve (server, arguments->exit_with_stdin);
  return EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  Arguments arguments = { .users = 250, .ringcentral_limit = 40, .replication = 5, .speed = 1 };
  g_autoptr (GError) error = NULL;
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, PS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (!arguments_parse (&arguments, &argc, &argv, &error))
    status = EXIT_USAGE;
  else
    status = run (&arguments, &error);
  if (error != NULL)
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  if (status == EXIT_USAGE)
    g_printerr (_ ("“%s --help” lists the options.\n"), g_get_prgname ());
  arguments_clear (&arguments);
  return status;
}
