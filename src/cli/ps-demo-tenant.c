/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-demo-tenant.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "ps-await.h"
#include "ps-http.h"
#include "ps-json.h"

#define PROGRAM  "presence-sync-demo-tenant"
#define START_MS (30 * 1000)
#define STOP_MS  (5 * 1000)

/* --- finding and starting it --- */

static char *
find_program (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (PS_BIN_DIR);
  const char *const folders[] = { folder, "../tenant", PS_BIN_DIR };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++) {
    g_autofree char *path = folders[i][0] == '.' ? g_build_filename (folder, folders[i], PROGRAM, NULL)
                                                 : g_build_filename (folders[i], PROGRAM, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
      return g_steal_pointer (&path);
  }
  return g_find_program_in_path (PROGRAM);
}

static GSubprocess *
spawn (guint users, const char *seed, guint ringcentral_limit, GError **error)
{
  g_autofree char *program = find_program ();
  g_autofree char *users_text = g_strdup_printf ("%u", users);
  g_autofree char *limit_text = g_strdup_printf ("%u", ringcentral_limit);
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);

  if (program == NULL) {
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_NOT_FOUND,
                                     _ ("The program %s is not there. It belongs beside presence-syncctl, or into a "
                                        "folder of $PATH."),
                                     PROGRAM));
    return NULL;
  }
  return g_subprocess_launcher_spawn (launcher, error, program, "--users", users_text, "--seed", seed,
                                      "--ringcentral-limit", limit_text, "--exit-with-stdin", NULL);
}

/* Returns: (transfer full): the one line that it prints. */
static char *
read_line (GSubprocess *process, GCancellable *cancellable, GError **error)
{
  g_autoptr (GDataInputStream) stream = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autoptr (PsAwait) await = ps_await_new ();
  char *line;

  g_data_input_stream_read_line_async (stream, G_PRIORITY_DEFAULT, cancellable, ps_await_done, await);
  line = g_data_input_stream_read_line_finish (stream, ps_await_result (await), NULL, error);
  if (line == NULL && *error == NULL)
    g_propagate_error (error, ps_error_new (PS_ERROR_NETWORK, _ ("The demo tenant ended before it was ready.")));
  return line;
}

static char *
take (JsonObject *object, const char *name)
{
  return g_strdup (ps_json_string (object, name));
}

static gboolean
describe (PsDemoTenant *tenant, const char *line, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (line, strlen (line));
  g_autoptr (JsonObject) object = ps_json_parse_object (bytes, error);

  if (object == NULL)
    return FALSE;
  tenant->login_url = take (object, "login_url");
  tenant->graph_url = take (object, "graph_url");
  tenant->ringcentral_url = take (object, "ringcentral_url");
  tenant->control_url = take (object, "control_url");
  tenant->tenant_id = take (object, "tenant_id");
  tenant->client_id = take (object, "client_id");
  tenant->client_secret = take (object, "client_secret");
  tenant->ringcentral_client_id = take (object, "ringcentral_client_id");
  tenant->ringcentral_client_secret = take (object, "ringcentral_client_secret");
  tenant->ringcentral_jwt = take (object, "ringcentral_jwt");
  tenant->users = (guint) ps_json_integer (object, "users", 0);
  if (tenant->login_url != NULL && tenant->graph_url != NULL && tenant->ringcentral_url != NULL &&
      tenant->control_url != NULL && tenant->tenant_id != NULL && tenant->client_id != NULL &&
      tenant->client_secret != NULL && tenant->ringcentral_client_id != NULL &&
      tenant->ringcentral_client_secret != NULL && tenant->ringcentral_jwt != NULL)
    return TRUE;
  g_propagate_error (error,
                     ps_error_new (PS_ERROR_BAD_REPLY, _ ("The demo tenant did not tell all of its addresses.")));
  return FALSE;
}

static gboolean
give_up_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

static void
interrupted_cb (GCancellable *callers, GCancellable *patience)
{
  g_cancellable_cancel (patience);
}

PsDemoTenant *
ps_demo_tenant_start (guint users, const char *seed, guint ringcentral_limit, GCancellable *cancellable, GError **error)
{
  g_autoptr (PsDemoTenant) tenant = g_new0 (PsDemoTenant, 1);
  g_autoptr (GCancellable) patience = g_cancellable_new ();
  g_autofree char *line = NULL;
  gulong chain;
  guint timeout;

  tenant->process = spawn (users, seed, ringcentral_limit, error);
  if (tenant->process == NULL)
    return NULL;
  timeout = g_timeout_add (START_MS, give_up_cb, patience);
  chain = g_cancellable_connect (cancellable, G_CALLBACK (interrupted_cb), patience, NULL);
  line = read_line (tenant->process, patience, error);
  g_cancellable_disconnect (cancellable, chain);
  g_source_remove (timeout);
  if (line == NULL || !describe (tenant, line, error))
    return NULL;
  return g_steal_pointer (&tenant);
}

static gboolean
has_ended (gpointer process)
{
  return g_subprocess_get_identifier (process) == NULL;
}

void
ps_demo_tenant_stop (PsDemoTenant *tenant)
{
  if (tenant->process != NULL) {
    g_output_stream_close (g_subprocess_get_stdin_pipe (tenant->process), NULL, NULL);
    if (!ps_await_condition (has_ended, tenant->process, STOP_MS, NULL))
      g_subprocess_force_exit (tenant->process);
    g_object_unref (tenant->process);
  }
  g_free (tenant->login_url);
  g_free (tenant->graph_url);
  g_free (tenant->ringcentral_url);
  g_free (tenant->control_url);
  g_free (tenant->tenant_id);
  g_free (tenant->client_id);
  g_free (tenant->ringcentral_client_id);
  ps_cli_secret_free (tenant->client_secret);
  ps_cli_secret_free (tenant->ringcentral_client_secret);
  ps_cli_secret_free (tenant->ringcentral_jwt);
  g_free (tenant);
}

/* --- the control interface --- */

JsonObject *
ps_demo_tenant_control (PsDemoTenant *tenant, const char *method, const char *path, const char *body, GError **error)
{
  g_autofree char *url = g_strconcat (tenant->control_url, path, NULL);
  g_autoptr (SoupSession) session = ps_http_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (GBytes) reply = NULL;
  JsonObject *object;

  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  }
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, ps_await_done, await);
  reply = soup_session_send_and_read_finish (session, ps_await_result (await), error);
  if (reply == NULL)
    return NULL;
  if (g_bytes_get_size (reply) == 0 && SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return json_object_new ();
  object = ps_json_parse_object (reply, error);
  if (object != NULL && !SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message))) {
    const char *problem = ps_json_string (object, "error");

    g_propagate_error (error, ps_error_new (PS_ERROR_REFUSED, _ ("The demo tenant's control interface refused %s: %s"),
                                            path, problem != NULL ? problem : ""));
    g_clear_pointer (&object, json_object_unref);
  }
  return object;
}
