/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whose account it is, what it is like, and what we may do there.
 */
#include "config.h"

#include "ps-ringcentral-client.h"

#include "ps-error.h"
#include "ps-ringcentral-client-private.h"
#include "ps-ringcentral-parser.h"

/* The four replies that make up a PsRingCentralAccount, asked for one after the other. */
static const struct {
  const char *path, *group;
  gboolean (*parse) (GBytes *body, PsRingCentralAccount *account, GError **error);
  gboolean may_be_refused;
} steps[] = {
  { "/restapi/v1.0/account/~/extension/~", "Light", ps_ringcentral_parse_own_extension, FALSE },
  { "/restapi/v1.0/account/~", "Light", ps_ringcentral_parse_account, FALSE },
  /* A platform that does not know the feature has the old call handling. */
  { "/restapi/v1.0/account/~/extension/~/features?featureId=NewCallHandlingAndForwarding", "Medium",
    ps_ringcentral_parse_features, TRUE },
  { "/restapi/v1.0/account/~/call-queues?perPage=1", "Medium", ps_ringcentral_parse_has_queues, FALSE },
};

typedef struct {
  PsRingCentralAccount *account; /* (owned) (nullable once returned) */
  guint step;
} Reading;

static void
reading_free (Reading *reading)
{
  g_clear_pointer (&reading->account, ps_ringcentral_account_free);
  g_free (reading);
}

static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, PS_ERROR, PS_ERROR_REFUSED) || g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND) ||
         g_error_matches (error, PS_ERROR, PS_ERROR_INPUT);
}

static void step_cb (GObject *source, GAsyncResult *result, gpointer user_data);

static void
read_step (GTask *task)
{
  Reading *reading = g_task_get_task_data (task);

  ps_ringcentral_client_get (g_task_get_source_object (task), steps[reading->step].path, steps[reading->step].group,
                             PS_URGENT, task, step_cb);
}

static void
step_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Reading *reading = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);

  if (reply != NULL)
    steps[reading->step].parse (reply->body, reading->account, &error);
  else if (steps[reading->step].may_be_refused && is_refusal (error))
    g_clear_error (&error);
  if (error != NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (++reading->step < G_N_ELEMENTS (steps))
    read_step (g_steal_pointer (&task));
  else
    g_task_return_pointer (task, g_steal_pointer (&reading->account), (GDestroyNotify) ps_ringcentral_account_free);
}

static void
permission_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (PsReply) reply = ps_ringcentral_client_take_reply (source, result, task);
  gboolean *allowed = g_task_get_task_data (task);
  GError *error = NULL;

  if (reply == NULL)
    return;
  if (ps_ringcentral_parse_permission (reply->body, allowed, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
ps_ringcentral_client_read_account_async (PsRingCentralClient *self, GCancellable *cancellable,
                                          GAsyncReadyCallback callback, gpointer user_data)
{
  Reading *reading;
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));

  reading = g_new0 (Reading, 1);
  reading->account = g_new0 (PsRingCentralAccount, 1);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_read_account_async);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  read_step (task);
}

PsRingCentralAccount *
ps_ringcentral_client_read_account_finish (PsRingCentralClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_read_account_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ps_ringcentral_client_check_permission_async (PsRingCentralClient *self, const char *permission,
                                              const char *extension_id, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_autofree char *escaped_permission = g_uri_escape_string (permission, NULL, FALSE);
  g_autofree char *escaped_id = g_uri_escape_string (extension_id, NULL, FALSE);
  g_autofree char *path =
      g_strdup_printf ("/restapi/v1.0/account/~/extension/~/authz-profile/check?permissionId=%s&targetExtensionId=%s",
                       escaped_permission, escaped_id);
  GTask *task;

  g_return_if_fail (PS_IS_RINGCENTRAL_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_ringcentral_client_check_permission_async);
  g_task_set_task_data (task, g_new0 (gboolean, 1), g_free);
  ps_ringcentral_client_get (self, path, "Light", PS_URGENT, task, permission_cb);
}

gboolean
ps_ringcentral_client_check_permission_finish (PsRingCentralClient *self, GAsyncResult *result, gboolean *allowed,
                                               GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_ringcentral_client_check_permission_async), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  *allowed = *(gboolean *) g_task_get_task_data (G_TASK (result));
  return TRUE;
}
