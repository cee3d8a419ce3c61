/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The report by mail: sent from a mailbox that the administrator names, and remembered, whether it could be sent or
 * not.
 */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-report.h"

#define SETTING_SENDER     "report.sender"
#define SETTING_RECIPIENTS "report.recipients" /* separated by commas */

typedef struct {
  PsWorkspace *workspace; /* (owned) */
  PsClients *clients;     /* (owned) */
  char *subject, *text;   /* (owned) */
  GStrv to;               /* (owned) (nullable) until the settings are known */
  GError *error;          /* (owned) (nullable): of sending */
} Send;

static void
send_free (Send *data)
{
  g_clear_object (&data->workspace);
  g_clear_pointer (&data->clients, ps_clients_unref);
  g_free (data->subject);
  g_free (data->text);
  g_strfreev (data->to);
  g_clear_error (&data->error);
  g_free (data);
}

static void
remembered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  Send *data = g_task_get_task_data (task);
  gboolean saved = ps_store_save_finish (PS_STORE (source), result, &error);

  /* Why it was not sent says more than why that could not be noted. */
  if (data->error != NULL)
    g_task_return_error (task, g_steal_pointer (&data->error));
  else if (!saved)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
remember (GTask *task)
{
  Send *data = g_task_get_task_data (task);
  g_autofree char *recipients = g_strjoinv (", ", data->to);
  const PsReportRow row = {
    .time_ms = ps_now_ms (),
    .subject = data->subject,
    .text = data->text,
    .recipients = recipients,
    .error = data->error != NULL ? data->error->message : NULL,
  };

  ps_store_save_report_async (ps_workspace_store (data->workspace), &row, NULL, remembered_cb, g_object_ref (task));
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Send *data = g_task_get_task_data (task);

  ps_graph_client_send_mail_finish (PS_GRAPH_CLIENT (source), result, &data->error);
  remember (task);
}

static GStrv
split_addresses (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text != NULL ? text : "", ",; ", 0);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_strv_builder_add (builder, parts[i]);
  return g_strv_builder_end (builder);
}

static void
settings_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) settings = ps_store_load_settings_finish (PS_STORE (source), result, &error);
  Send *data = g_task_get_task_data (task);
  const char *sender, *problem = NULL;

  if (settings == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  sender = g_hash_table_lookup (settings, SETTING_SENDER);
  if (data->to == NULL)
    data->to = split_addresses (g_hash_table_lookup (settings, SETTING_RECIPIENTS));
  if (sender == NULL || *sender == '\0')
    problem = _ ("The report was not sent: no sender's mailbox is set. Name the mailbox that reports are sent from.");
  else if (data->to[0] == NULL)
    problem = _ ("The report was not sent: it has no recipient. Name at least one address.");
  if (problem != NULL) {
    g_task_return_error (task, ps_error_new (PS_ERROR_INPUT, "%s", problem));
    return;
  }
  ps_graph_client_send_mail_async (data->clients->graph, sender, (const char *const *) data->to, data->subject,
                                   data->text, g_task_get_cancellable (task), sent_cb, g_object_ref (task));
}

void
ps_send_report_async (PsWorkspace *workspace, PsClients *clients, const PsReport *report, const char *const *to,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (workspace, cancellable, callback, user_data);
  Send *data = g_new0 (Send, 1);

  g_task_set_source_tag (task, ps_send_report_async);
  g_task_set_task_data (task, data, (GDestroyNotify) send_free);
  data->workspace = g_object_ref (workspace);
  data->clients = ps_clients_ref (clients);
  data->subject = g_strdup (report->subject);
  data->text = g_strdup (report->text);
  data->to = to != NULL && to[0] != NULL ? g_strdupv ((char **) to) : NULL;
  ps_store_load_settings_async (ps_workspace_store (workspace), cancellable, settings_loaded_cb, task);
}

gboolean
ps_send_report_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, workspace), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
