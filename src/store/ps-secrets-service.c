/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets in the Secret Service. Only libsecret's "password" interface is used, and so, inside a Flatpak, its portal.
 *
 * Every operation ends in bounded time, whatever the session bus or the keyring do: a short one where only programs
 * answer, a long one where a person may be typing the keyring's password. libsecret unlocks by itself while it looks
 * up, which could not be told apart from a keyring that hangs; so we search first (which unlocks nothing) and unlock in
 * a step of its own.
 */
#include "config.h"

#include "ps-secrets-private.h"

#include "ps-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

#define PATIENCE_S        20
#define PROMPT_PATIENCE_S 180

#define ABSENT "no-secret-service" /* service_code of the error */

static guint test_patience_s;

static const SecretSchema schema = {
  "io.github.presencesync.PresenceSync",
  SECRET_SCHEMA_NONE,
  { { "state", SECRET_SCHEMA_ATTRIBUTE_STRING }, { "name", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

typedef enum {
  LOOKUP,
  STORE,
  CLEAR,
} Kind;

/* One operation. Each step's callback holds a reference; @task is NULL once it was answered, by whatever came first. */
typedef struct {
  Kind kind;
  GTask *task;               /* (owned) (nullable) */
  char *name;                /* (owned) */
  GHashTable *attributes;    /* (owned) */
  SecretRetrievable *item;   /* (owned) (nullable): found */
  GCancellable *cancellable; /* (owned): the caller's, or the end of our patience */
  gulong cancelled_id;
  GSource *deadline; /* (owned) (nullable) */
} Operation;

/* --- errors --- */

typedef enum {
  CAUSE_ABSENT,
  CAUSE_LOCKED,
  CAUSE_SILENT,
  CAUSE_REFUSED,
} Cause;

static Cause
cause_of (const GError *error)
{
  g_autofree char *remote = NULL;

  if (g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    return CAUSE_LOCKED;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) ||
      g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT))
    return CAUSE_SILENT;
  if (error->domain == G_DBUS_ERROR)
    switch (error->code) {
    case G_DBUS_ERROR_SERVICE_UNKNOWN:
    case G_DBUS_ERROR_NAME_HAS_NO_OWNER:
    case G_DBUS_ERROR_NO_SERVER:
    case G_DBUS_ERROR_NO_NETWORK:
    case G_DBUS_ERROR_DISCONNECTED:
    case G_DBUS_ERROR_SPAWN_EXEC_FAILED:
    case G_DBUS_ERROR_SPAWN_FORK_FAILED:
    case G_DBUS_ERROR_SPAWN_CHILD_EXITED:
    case G_DBUS_ERROR_SPAWN_CHILD_SIGNALED:
    case G_DBUS_ERROR_SPAWN_FAILED:
    case G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND:
    case G_DBUS_ERROR_SPAWN_SERVICE_INVALID:
      return CAUSE_ABSENT;
    default:
      return CAUSE_REFUSED;
    }
  remote = g_dbus_error_get_remote_error (error);
  if (g_strcmp0 (remote, "org.freedesktop.Secret.Error.IsLocked") == 0)
    return CAUSE_LOCKED;
  if (remote != NULL || error->domain == SECRET_ERROR)
    return CAUSE_REFUSED;
  /* What is left says that there is no session bus to talk to: its socket, its address, dbus-launch. */
  return CAUSE_ABSENT;
}

static const char *
cause_text (Cause cause, Kind kind)
{
  switch (cause) {
  case CAUSE_ABSENT:
    return kind == LOOKUP
               ? _ ("There is no keyring (Secret Service) in this session, so the secret “%1$s” cannot be read. On a "
                    "desktop, start one, for example GNOME Keyring or KWallet. On a server, put the secret into a file "
                    "and give it to the service with LoadCredential=%1$s:FILE in its systemd unit; it is then read "
                    "from "
                    "$CREDENTIALS_DIRECTORY/%1$s.")
           : kind == STORE
               ? _ ("There is no keyring (Secret Service) in this session, so the secret “%1$s” was not saved. On a "
                    "desktop, start one, for example GNOME Keyring or KWallet. On a server, put the secret into a file "
                    "and give it to the service with LoadCredential=%1$s:FILE in its systemd unit; it is then read "
                    "from "
                    "$CREDENTIALS_DIRECTORY/%1$s.")
               : _ ("There is no keyring (Secret Service) in this session, so the secret “%1$s” was not removed if it "
                    "was saved in one. Start the keyring, for example by signing in to the desktop, then try again.");
  case CAUSE_LOCKED:
    return _ ("The keyring is locked and was not unlocked, so the secret “%1$s” is not available. Unlock the keyring, "
              "for example by signing in to the desktop with your password, then try again. On a server, use "
              "LoadCredential=%1$s:FILE in the systemd unit; the secret is then read from "
              "$CREDENTIALS_DIRECTORY/%1$s.");
  case CAUSE_SILENT:
    return _ (
        "The keyring did not answer in time, so the secret “%1$s” is not available. Look whether it waits for its "
        "password, or restart it by signing in again, then try again.");
  case CAUSE_REFUSED:
  default:
    return _ ("The keyring refused the request for the secret “%1$s”. Look into your keyring program whether it works "
              "and lets Presence Sync in, then try again.");
  }
}

static GError *
error_in_words (Operation *self, Cause cause, const char *detail)
{
  GError *error;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored                                                                                         \
    "-Wformat-nonliteral" /* each text of cause_text() takes the name, as often as it likes */
  error = ps_error_new (PS_ERROR_KEYRING, cause_text (cause, self->kind), self->name);
#pragma GCC diagnostic pop
  ps_error_set_service_code (error, 0, cause == CAUSE_ABSENT ? ABSENT : detail, NULL);
  g_info ("Secret “%s”: %s", self->name, detail);
  return error;
}

gboolean
ps_secrets_service_is_absent (const GError *error)
{
  PsErrorDetails *details = error->domain == PS_ERROR ? ps_error_details (error) : NULL;

  return details != NULL && g_strcmp0 (details->service_code, ABSENT) == 0;
}

/* --- operations --- */

static void
operation_clear (gpointer data)
{
  Operation *self = data;

  g_assert (self->task == NULL); /* answered */
  g_free (self->name);
  g_hash_table_unref (self->attributes);
  g_clear_object (&self->item);
  g_object_unref (self->cancellable);
}

static void
operation_unref (Operation *self)
{
  g_rc_box_release_full (self, operation_clear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Operation, operation_unref)

static Operation *
operation_new (Kind kind, GTask *task, const char *state, const char *name)
{
  Operation *self = g_rc_box_new0 (Operation);

  self->kind = kind;
  self->task = task;
  self->name = g_strdup (name);
  self->attributes = secret_attributes_build (&schema, "state", state, "name", name, NULL);
  self->cancellable = g_cancellable_new ();
  if (g_task_get_cancellable (task) != NULL)
    self->cancelled_id = g_cancellable_connect (g_task_get_cancellable (task), G_CALLBACK (g_cancellable_cancel),
                                                g_object_ref (self->cancellable), g_object_unref);
  return self;
}

/* Ends the operation. Returns: (transfer full) (nullable): the task to answer, NULL if that was done before. */
static GTask *
operation_end (Operation *self)
{
  if (self->task == NULL)
    return NULL;
  if (self->deadline != NULL)
    g_source_destroy (self->deadline);
  g_clear_pointer (&self->deadline, g_source_unref);
  g_cancellable_disconnect (g_task_get_cancellable (self->task), self->cancelled_id);
  return g_steal_pointer (&self->task);
}

/* @error: (transfer full). */
static void
operation_fail (Operation *self, GError *error)
{
  g_autoptr (GTask) task = operation_end (self);
  g_autoptr (GError) owned = error;

  if (task == NULL)
    return;
  /* A "cancelled" of which the caller knows nothing is an echo: several operations share one connection to the bus, and
   * the patience of another has ended. */
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    g_task_return_error_if_cancelled (task);
  else
    g_task_return_error (task, error_in_words (self, cause_of (error), error->message));
}

static void
operation_fail_locked (Operation *self)
{
  operation_fail (self,
                  g_error_new (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "the prompt was dismissed, or none appeared"));
}

static void
operation_succeed (Operation *self)
{
  g_autoptr (GTask) task = operation_end (self);

  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

static gboolean
deadline_cb (gpointer user_data)
{
  Operation *self = user_data;

  g_clear_pointer (&self->deadline, g_source_unref);
  operation_fail (self, g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "our patience has ended"));
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

/* The step that begins now must end within @seconds. */
static void
operation_set_deadline (Operation *self, guint seconds)
{
  if (self->deadline != NULL) {
    g_source_destroy (self->deadline);
    g_source_unref (self->deadline);
  }
  self->deadline = g_timeout_source_new_seconds (test_patience_s != 0 ? test_patience_s : seconds);
  g_source_set_callback (self->deadline, deadline_cb, g_rc_box_acquire (self), (GDestroyNotify) operation_unref);
  g_source_attach (self->deadline, g_task_get_context (self->task));
}

/* --- steps --- */

static void
retrieved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Operation) self = user_data;
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (SECRET_RETRIEVABLE (source), result, &error);
  char *password = NULL;

  if (error != NULL) {
    operation_fail (self, error);
    return;
  }
  if (value != NULL && secret_value_get_text (value) != NULL)
    password = g_strdup (secret_value_get_text (value));
  g_clear_pointer (&value, secret_value_unref);
  task = operation_end (self);
  if (task != NULL && password != NULL)
    g_task_return_pointer (task, password, (GDestroyNotify) secret_password_free);
  else if (task != NULL)
    /* Not text: nothing that we have stored. */
    g_task_return_error (task, error_in_words (self, CAUSE_REFUSED, "the item holds no text"));
  else
    secret_password_free (password);
}

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Operation) self = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error); /* FALSE without error: somebody else was quicker */
  if (error != NULL)
    operation_fail (self, error);
  else
    operation_succeed (self);
}

static void
use_item (Operation *self)
{
  operation_set_deadline (self, PATIENCE_S);
  if (self->kind == LOOKUP)
    secret_retrievable_retrieve_secret (self->item, self->cancellable, retrieved_cb, g_rc_box_acquire (self));
  else
    secret_password_clearv (&schema, self->attributes, self->cancellable, cleared_cb, g_rc_box_acquire (self));
}

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Operation) self = user_data;
  GError *error = NULL;
  int n_unlocked = secret_service_unlock_finish (SECRET_SERVICE (source), result, NULL, &error);

  if (error != NULL)
    operation_fail (self, error);
  else if (n_unlocked < 1)
    operation_fail_locked (self);
  else if (self->task != NULL)
    use_item (self);
}

static void
unlock_item (Operation *self)
{
  SecretItem *item = SECRET_ITEM (self->item);
  GList *items = g_list_append (NULL, item);

  operation_set_deadline (self, PROMPT_PATIENCE_S);
  secret_service_unlock (secret_item_get_service (item), items, self->cancellable, unlocked_cb,
                         g_rc_box_acquire (self));
  g_list_free (items);
}

/* Several keyrings may hold it: one that is open is asked first. */
static SecretRetrievable *
pick_item (GList *items, gboolean *locked)
{
  for (GList *l = items; l != NULL; l = l->next) {
    *locked = SECRET_IS_ITEM (l->data) && secret_item_get_locked (l->data);
    if (!*locked)
      return l->data;
  }
  return items != NULL ? items->data : NULL;
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Operation) self = user_data;
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);
  SecretRetrievable *item;
  gboolean locked = FALSE;

  item = pick_item (items, &locked);
  if (item != NULL)
    self->item = g_object_ref (item);
  g_list_free_full (items, g_object_unref);

  if (error != NULL) {
    operation_fail (self, error);
  } else if (self->task == NULL) {
    return;
  } else if (item != NULL && locked) {
    unlock_item (self);
  } else if (item != NULL) {
    use_item (self);
  } else if (self->kind == CLEAR) {
    operation_succeed (self);
  } else {
    g_autoptr (GTask) task = operation_end (self);

    g_task_return_pointer (task, NULL, NULL);
  }
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Operation) self = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    operation_succeed (self);
  else if (error != NULL)
    operation_fail (self, error);
  else
    operation_fail_locked (self);
}

/* --- public --- */

static void
start_search (Operation *self)
{
  operation_set_deadline (self, PATIENCE_S);
  secret_password_searchv (&schema, self->attributes, SECRET_SEARCH_ALL, self->cancellable, found_cb, self);
}

void
ps_secrets_service_lookup_async (const char *state, const char *name, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, ps_secrets_service_lookup_async);
  start_search (operation_new (LOOKUP, task, state, name));
}

char *
ps_secrets_service_lookup_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_secrets_service_lookup_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ps_secrets_service_store_async (const char *state, const char *name, const char *label, const char *secret,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Operation *self;

  g_task_set_source_tag (task, ps_secrets_service_store_async);
  self = operation_new (STORE, task, state, name);
  operation_set_deadline (self, PROMPT_PATIENCE_S);
  secret_password_storev (&schema, self->attributes, SECRET_COLLECTION_DEFAULT, label, secret, self->cancellable,
                          stored_cb, self);
}

void
ps_secrets_service_clear_async (const char *state, const char *name, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, ps_secrets_service_clear_async);
  start_search (operation_new (CLEAR, task, state, name));
}

gboolean
ps_secrets_service_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ps_secrets_service_set_patience (guint seconds)
{
  test_patience_s = seconds;
}
