/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-keep-secret.h"

#include <string.h>

#include <libsecret/secret.h>

typedef struct {
  char *name, *label; /* (owned) */
  char *secret;       /* (owned) */
} Keep;

static void
keep_free (Keep *data)
{
  g_free (data->name);
  g_free (data->label);
  secret_password_free (data->secret);
  g_free (data);
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (ps_secrets_store_finish (PS_SECRETS (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Keep *data = g_task_get_task_data (task);
  GError *error = NULL;
  char *present = ps_secrets_lookup_finish (PS_SECRETS (source), result, &error);
  gboolean same = g_strcmp0 (present, data->secret) == 0;

  if (present != NULL)
    secret_password_free (present);
  if (error != NULL)
    g_task_return_error (task, error);
  else if (same)
    g_task_return_boolean (task, TRUE);
  else
    ps_secrets_store_async (PS_SECRETS (source), data->name, data->label, data->secret, g_task_get_cancellable (task),
                            stored_cb, g_object_ref (task));
}

void
ps_keep_secret_async (PsSecrets *secrets, const char *name, const char *label, const char *secret,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (secrets, cancellable, callback, user_data);
  Keep *data = g_new0 (Keep, 1);

  g_task_set_source_tag (task, ps_keep_secret_async);
  g_task_set_task_data (task, data, (GDestroyNotify) keep_free);
  data->name = g_strdup (name);
  data->label = g_strdup (label);
  data->secret = g_strdup (secret);
  ps_secrets_lookup_async (secrets, name, cancellable, looked_up_cb, task);
}

gboolean
ps_keep_secret_finish (PsSecrets *secrets, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, secrets), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
