/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-secrets.h"

#include "ps-secrets-private.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>
#include <string.h>

struct _PsSecrets {
  GObject parent_instance;

  char *state;        /* (owned) (nullable): NULL in memory */
  GHashTable *memory; /* (owned) (nullable): name → secret, if nothing is kept elsewhere */
};

G_DEFINE_FINAL_TYPE (PsSecrets, ps_secrets, G_TYPE_OBJECT)

/* The name becomes a file's name. */
static gboolean
is_name (const char *name)
{
  return name != NULL && *name != '\0' && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen (name);
}

static GTask *
task_new (PsSecrets *self, gpointer tag, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_strdup (name), g_free);
  return task;
}

/* --- look up: the file, then the Secret Service --- */

static void
service_looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  char *secret = ps_secrets_service_lookup_finish (result, &error);

  /* With files in use and no keyring at all, what is in no file is nowhere. */
  if (error != NULL && !(ps_secrets_service_is_absent (error) && ps_secrets_files_are_used ()))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, secret, (GDestroyNotify) secret_password_free);
}

static void
read_file_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  char *secret;

  if (ps_secrets_files_lookup (task_data, &secret, &error))
    g_task_return_pointer (task, secret, (GDestroyNotify) secret_password_free);
  else
    g_task_return_error (task, error);
}

static void
file_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsSecrets *self = g_task_get_source_object (task);
  const char *name = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  char *secret = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (secret != NULL)
    g_task_return_pointer (task, secret, (GDestroyNotify) secret_password_free);
  else
    ps_secrets_service_lookup_async (self->state, name, cancellable, service_looked_up_cb, g_steal_pointer (&task));
}

void
ps_secrets_lookup_async (PsSecrets *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GTask) read = NULL;

  g_return_if_fail (PS_IS_SECRETS (self));
  g_return_if_fail (is_name (name));

  task = task_new (self, ps_secrets_lookup_async, name, cancellable, callback, user_data);
  if (self->memory != NULL) {
    g_task_return_pointer (task, g_strdup (g_hash_table_lookup (self->memory, name)),
                           (GDestroyNotify) secret_password_free);
    return;
  }
  read = g_task_new (self, cancellable, file_read_cb, g_steal_pointer (&task));
  g_task_set_task_data (read, g_strdup (name), g_free);
  g_task_run_in_thread (read, read_file_thread);
}

char *
ps_secrets_lookup_finish (PsSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_secrets_lookup_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- store and clear --- */

static void
service_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (ps_secrets_service_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

typedef struct {
  GTask *task;  /* (owned) */
  char *path;   /* (owned) */
  char *secret; /* (owned) */
} Comparison;

static void
comparison_free (Comparison *comparison)
{
  g_object_unref (comparison->task);
  g_free (comparison->path);
  secret_password_free (comparison->secret);
  g_free (comparison);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Comparison, comparison_free)

/* A secret that would be stored and never read, because the file is asked first, is refused; the one that is in the
 * file already needs no storing. */
static void
file_compared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Comparison) comparison = user_data;
  GError *error = NULL;
  char *present = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (comparison->task, error);
  else if (g_strcmp0 (present, comparison->secret) == 0)
    g_task_return_boolean (comparison->task, TRUE);
  else
    g_task_return_error (
        comparison->task,
        ps_error_new (PS_ERROR_KEYRING,
                      _ ("The secret “%s” comes from the file “%s”, which goes before the keyring and is "
                         "never written by Presence Sync. The new secret was not saved. Change the file "
                         "that the service's LoadCredential= names."),
                      (const char *) g_task_get_task_data (comparison->task), comparison->path));
  secret_password_free (present);
}

/* @path: (transfer full). */
static void
compare_with_file (GTask *task, char *path, const char *secret)
{
  Comparison *comparison = g_new0 (Comparison, 1);
  g_autoptr (GTask) read = NULL;

  comparison->task = g_object_ref (task);
  comparison->path = path;
  comparison->secret = g_strdup (secret);
  read = g_task_new (g_task_get_source_object (task), g_task_get_cancellable (task), file_compared_cb, comparison);
  g_task_set_task_data (read, g_strdup (g_task_get_task_data (task)), g_free);
  g_task_run_in_thread (read, read_file_thread);
}

void
ps_secrets_store_async (PsSecrets *self, const char *name, const char *label, const char *secret,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *path = NULL;

  g_return_if_fail (PS_IS_SECRETS (self));
  g_return_if_fail (is_name (name));
  g_return_if_fail (label != NULL && secret != NULL);

  task = task_new (self, ps_secrets_store_async, name, cancellable, callback, user_data);
  if (self->memory != NULL) {
    g_hash_table_insert (self->memory, g_strdup (name), g_strdup (secret));
    g_task_return_boolean (task, TRUE);
  } else if ((path = ps_secrets_files_find (name)) != NULL) {
    compare_with_file (task, g_steal_pointer (&path), secret);
  } else {
    ps_secrets_service_store_async (self->state, name, label, secret, cancellable, service_stored_cb,
                                    g_steal_pointer (&task));
  }
}

gboolean
ps_secrets_store_finish (PsSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_secrets_store_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
service_cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  /* With files in use there may never have been a keyring to clear. */
  if (ps_secrets_service_finish (result, &error) ||
      (ps_secrets_service_is_absent (error) && ps_secrets_files_are_used ()))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
ps_secrets_clear_async (PsSecrets *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PS_IS_SECRETS (self));
  g_return_if_fail (is_name (name));

  task = task_new (self, ps_secrets_clear_async, name, cancellable, callback, user_data);
  if (self->memory != NULL) {
    g_hash_table_remove (self->memory, name);
    g_task_return_boolean (task, TRUE);
  } else {
    ps_secrets_service_clear_async (self->state, name, cancellable, service_cleared_cb, g_steal_pointer (&task));
  }
}

gboolean
ps_secrets_clear_finish (PsSecrets *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_secrets_clear_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the object --- */

static void
ps_secrets_finalize (GObject *object)
{
  PsSecrets *self = PS_SECRETS (object);

  g_free (self->state);
  g_clear_pointer (&self->memory, g_hash_table_unref);
  G_OBJECT_CLASS (ps_secrets_parent_class)->finalize (object);
}

static void
ps_secrets_class_init (PsSecretsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ps_secrets_finalize;
}

static void
ps_secrets_init (PsSecrets *self)
{
}

PsSecrets *
ps_secrets_new (const char *state)
{
  PsSecrets *self;

  g_return_val_if_fail (state != NULL, NULL);

  self = g_object_new (PS_TYPE_SECRETS, NULL);
  self->state = g_canonicalize_filename (state, NULL);
  return self;
}

PsSecrets *
ps_secrets_new_in_memory (void)
{
  PsSecrets *self = g_object_new (PS_TYPE_SECRETS, NULL);

  self->memory = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) secret_password_free);
  return self;
}
