/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets in a real gnome-keyring (secrets-session.sh starts it), in files, and without any of them.
 */
#define _GNU_SOURCE /* memmem */
#include "config.h"

#include "ps-secrets.h"
#include "ps-secrets-private.h"
#include "ps-store-test.h"

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <libsecret/secret.h>
#include <string.h>

#define SECRET_TEXT "hunter2-Ünïcode-0123456789"

/* --- calls --- */

static char *
lookup (PsSecrets *secrets, const char *name, GError **error)
{
  PS_TEST_CALL (result, ps_secrets_lookup_async, secrets, name);

  return ps_secrets_lookup_finish (secrets, result, error);
}

static gboolean
store (PsSecrets *secrets, const char *name, const char *secret, GError **error)
{
  PS_TEST_CALL (result, ps_secrets_store_async, secrets, name, "Presence Sync: test", secret);

  return ps_secrets_store_finish (secrets, result, error);
}

static gboolean
clear (PsSecrets *secrets, const char *name, GError **error)
{
  PS_TEST_CALL (result, ps_secrets_clear_async, secrets, name);

  return ps_secrets_clear_finish (secrets, result, error);
}

static void
assert_lookup (PsSecrets *secrets, const char *name, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char *secret = lookup (secrets, name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (secret, ==, expected);
  secret_password_free (secret);
}

static void
assert_store (PsSecrets *secrets, const char *name, const char *secret)
{
  g_autoptr (GError) error = NULL;

  store (secrets, name, secret, &error);
  g_assert_no_error (error);
}

static void
assert_clear (PsSecrets *secrets, const char *name)
{
  g_autoptr (GError) error = NULL;

  clear (secrets, name, &error);
  g_assert_no_error (error);
}

static void
assert_keyring_error (GError **error, const char *word)
{
  ps_test_assert_words (*error, PS_ERROR_KEYRING, word);
  g_assert_null (strstr ((*error)->message, SECRET_TEXT));
  g_clear_error (error);
}

/* --- with a keyring, or in memory --- */

static void
exercise (PsSecrets *secrets)
{
  assert_lookup (secrets, "microsoft-client-secret", NULL);
  assert_clear (secrets, "microsoft-client-secret"); /* nothing there: success */
  assert_store (secrets, "microsoft-client-secret", SECRET_TEXT);
  assert_store (secrets, "ringcentral-jwt", "second");
  assert_lookup (secrets, "microsoft-client-secret", SECRET_TEXT);
  assert_store (secrets, "microsoft-client-secret", "rotated"); /* replaced, not added */
  assert_lookup (secrets, "microsoft-client-secret", "rotated");
  assert_clear (secrets, "microsoft-client-secret");
  assert_lookup (secrets, "microsoft-client-secret", NULL);
  assert_lookup (secrets, "ringcentral-jwt", "second");
  assert_clear (secrets, "ringcentral-jwt");
}

static void
test_memory (void)
{
  g_autoptr (PsSecrets) secrets = ps_secrets_new_in_memory ();

  exercise (secrets);
}

static void
test_keyring (void)
{
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");
  g_autoptr (PsSecrets) other = ps_secrets_new ("/other/state");
  g_autoptr (PsSecrets) same = ps_secrets_new ("/one/../one/state/");

  exercise (secrets);
  assert_store (secrets, "ringcentral-jwt", SECRET_TEXT);
  assert_lookup (other, "ringcentral-jwt", NULL); /* two states do not mix */
  assert_lookup (same, "ringcentral-jwt", SECRET_TEXT);
  assert_clear (other, "ringcentral-jwt");
  assert_lookup (secrets, "ringcentral-jwt", SECRET_TEXT);
  assert_clear (secrets, "ringcentral-jwt");
}

static void
test_cancelled (void)
{
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");

  for (guint i = 0; i < 2; i++) {
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;

    if (i == 0)
      g_cancellable_cancel (cancellable);
    ps_secrets_lookup_async (secrets, "ringcentral-jwt", cancellable, ps_test_take_result, &result);
    g_cancellable_cancel (cancellable);
    g_assert_null (ps_secrets_lookup_finish (secrets, ps_test_wait (&result), &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}

/* What the programs keep of a secret in the state directory: nothing. */
static void
test_not_in_state (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = NULL;
  g_autoptr (PsSecrets) secrets = ps_secrets_new (directory);
  PsStore *state = ps_test_open (directory, &error);
  const char *name;
  guint n_files = 0;

  g_assert_no_error (error);
  assert_store (secrets, "microsoft-client-secret", SECRET_TEXT);
  PS_TEST_SAVE (state, ps_store_save_status_async, "{\"marker\":\"findable\"}");
  dir = g_dir_open (directory, 0, &error);
  g_assert_no_error (error);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (directory, name, NULL);
    g_autofree char *bytes = NULL;
    gsize length;

    g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
    g_assert_null (memmem (bytes, length, SECRET_TEXT, strlen (SECRET_TEXT)));
    if (memmem (bytes, length, "findable", strlen ("findable")) != NULL)
      n_files++; /* we do find what is there */
  }
  g_assert_cmpuint (n_files, >=, 1);
  assert_clear (secrets, "microsoft-client-secret");
  ps_test_close (state);
  ps_test_directory_remove (directory);
}

/* The last of those with the keyring: nobody is there to unlock it. */
static void
test_locked (void)
{
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");
  g_autoptr (GError) error = NULL;
  g_autoptr (SecretService) service = secret_service_get_sync (SECRET_SERVICE_NONE, NULL, &error);
  g_autoptr (SecretCollection) collection = NULL;
  GList *objects;
  gint64 start = g_get_monotonic_time ();

  assert_store (secrets, "ringcentral-jwt", SECRET_TEXT);
  collection =
      secret_collection_for_alias_sync (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE, NULL, &error);
  g_assert_no_error (error);
  objects = g_list_append (NULL, collection);
  g_assert_cmpint (secret_service_lock_sync (service, objects, NULL, NULL, &error), ==, 1);
  g_assert_no_error (error);
  g_list_free (objects);

  g_assert_null (lookup (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, "is locked");
  g_assert_false (store (secrets, "ringcentral-jwt", SECRET_TEXT "2", &error));
  assert_keyring_error (&error, "is locked");
  g_assert_false (clear (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, "is locked");
  assert_lookup (secrets, "microsoft-client-secret", NULL);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_TIME_SPAN_SECOND);
}

/* --- files --- */

static void
put (const char *directory, const char *name, const char *bytes, gssize length)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, length, NULL));
}

static void
assert_bad_file (PsSecrets *secrets, const char *directory, const char *bytes, gssize length, const char *word)
{
  g_autoptr (GError) error = NULL;

  put (directory, "ringcentral-jwt", bytes, length);
  g_assert_null (lookup (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, word);
}

/* In a process with no bus at all: a server. */
static void
test_files_subprocess (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");
  g_autoptr (GError) error = NULL;
  g_autofree char *large = g_strnfill (70000, 'x');
  g_autofree char *as_directory = g_build_filename (directory, "microsoft-certificate", NULL);

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_setenv ("CREDENTIALS_DIRECTORY", directory, TRUE);

  put (directory, "microsoft-client-secret", SECRET_TEXT "\n", -1);
  put (directory, "microsoft-certificate", "-----BEGIN\nabc\n-----END\n", -1);
  put (directory, "ringcentral-client-secret", "with crlf\r\n", -1);
  assert_lookup (secrets, "microsoft-client-secret", SECRET_TEXT);
  assert_lookup (secrets, "microsoft-certificate", "-----BEGIN\nabc\n-----END");
  assert_lookup (secrets, "ringcentral-client-secret", "with crlf");
  assert_lookup (secrets, "ringcentral-jwt-2", NULL); /* in no file, and there is no keyring: nowhere */
  assert_clear (secrets, "ringcentral-jwt-2");

  assert_bad_file (secrets, directory, "", 0, "is empty");
  assert_bad_file (secrets, directory, "\n", 1, "is empty");
  assert_bad_file (secrets, directory, "a\0b", 3, "is not text");
  assert_bad_file (secrets, directory, "\xff\xfe", 2, "is not text");
  assert_bad_file (secrets, directory, large, -1, "too long");
  g_assert_cmpint (g_remove (as_directory), ==, 0);
  g_assert_cmpint (g_mkdir (as_directory, 0700), ==, 0);
  g_assert_null (lookup (secrets, "microsoft-certificate", &error));
  assert_keyring_error (&error, "cannot be read");

  /* Never written; and what would be hidden by a file is not stored. */
  g_assert_false (store (secrets, "microsoft-client-secret", SECRET_TEXT "2", &error));
  assert_keyring_error (&error, "goes before the keyring");
  assert_lookup (secrets, "microsoft-client-secret", SECRET_TEXT);
  g_assert_false (store (secrets, "ringcentral-refresh-token", SECRET_TEXT "2", &error));
  assert_keyring_error (&error, "$CREDENTIALS_DIRECTORY/ringcentral-refresh-token");
  ps_test_directory_remove (directory);
}

/* The file goes before the keyring. */
static void
test_file_first_subprocess (void)
{
  char *directory = ps_test_directory_new ();
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");

  g_setenv ("CREDENTIALS_DIRECTORY", directory, TRUE);
  assert_store (secrets, "ringcentral-jwt", "of the keyring");
  assert_lookup (secrets, "ringcentral-jwt", "of the keyring");
  put (directory, "ringcentral-jwt", "of the file", -1);
  assert_lookup (secrets, "ringcentral-jwt", "of the file");
  assert_clear (secrets, "ringcentral-jwt"); /* of the keyring only */
  assert_lookup (secrets, "ringcentral-jwt", "of the file");
  ps_test_directory_remove (directory);
}

/* --- nothing there --- */

static void
assert_no_service (void)
{
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");
  g_autoptr (GError) error = NULL;
  gint64 start = g_get_monotonic_time ();

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_assert_null (lookup (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, "$CREDENTIALS_DIRECTORY/ringcentral-jwt");
  g_assert_false (store (secrets, "ringcentral-jwt", SECRET_TEXT, &error));
  assert_keyring_error (&error, "$CREDENTIALS_DIRECTORY/ringcentral-jwt");
  g_assert_false (clear (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, "There is no keyring");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 30 * G_TIME_SPAN_SECOND);
}

static void
test_no_bus_subprocess (void)
{
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  assert_no_service ();
}

static void
test_no_address_subprocess (void)
{
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_setenv ("XDG_RUNTIME_DIR", "/nonexistent", TRUE);
  assert_no_service ();
}

/* This program again, on another bus: one that has no service at all. */
static void
test_no_service (void)
{
  g_autofree char *config = g_strdup_printf ("--config-file=%s/bus.conf", g_get_home_dir ());
  g_autoptr (GError) error = NULL;
  g_autofree char *self = g_file_read_link ("/proc/self/exe", &error);
  g_autoptr (GSubprocess) process = NULL;

  g_assert_no_error (error);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, "dbus-run-session", config, "--", self,
                              "--no-service", NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

/* A bus that accepts and never says a word: the patience ends, the operation with it. */
static void
test_silent_bus_subprocess (void)
{
  char *directory = ps_test_directory_new ();
  g_autofree char *path = g_build_filename (directory, "bus", NULL);
  g_autofree char *bus = g_strconcat ("unix:path=", path, NULL);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, &error);
  g_autoptr (PsSecrets) secrets = ps_secrets_new ("/one/state");
  gint64 start = g_get_monotonic_time ();

  g_assert_no_error (error);
  g_assert_true (g_socket_bind (socket, address, FALSE, &error) && g_socket_listen (socket, &error));
  g_assert_no_error (error);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  ps_secrets_service_set_patience (1);
  g_assert_null (lookup (secrets, "ringcentral-jwt", &error));
  assert_keyring_error (&error, "did not answer in time");
  g_assert_false (store (secrets, "ringcentral-jwt", SECRET_TEXT, &error));
  assert_keyring_error (&error, "did not answer in time");
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_TIME_SPAN_SECOND);
  ps_test_directory_remove (directory);
}

static void
in_subprocess (gconstpointer name)
{
  g_autofree char *path = g_strconcat ("/secrets/", (const char *) name, "/subprocess", NULL);

  g_test_trap_subprocess (path, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
add_subprocess (const char *name, GTestFunc function)
{
  g_autofree char *path = g_strconcat ("/secrets/", name, NULL);
  g_autofree char *inner = g_strconcat (path, "/subprocess", NULL);

  g_test_add_data_func (path, name, in_subprocess);
  g_test_add_func (inner, function);
}

int
main (int argc, char **argv)
{
  gboolean no_service = argc == 2 && g_str_equal (argv[1], "--no-service");

  g_test_init (&argc, &argv, NULL);
  if (no_service) {
    assert_no_service ();
    return 0;
  }
  g_test_add_func ("/secrets/memory", test_memory);
  g_test_add_func ("/secrets/keyring", test_keyring);
  g_test_add_func ("/secrets/cancelled", test_cancelled);
  g_test_add_func ("/secrets/not-in-state", test_not_in_state);
  add_subprocess ("files", test_files_subprocess);
  add_subprocess ("file-first", test_file_first_subprocess);
  add_subprocess ("no-bus", test_no_bus_subprocess);
  add_subprocess ("no-address", test_no_address_subprocess);
  g_test_add_func ("/secrets/no-service", test_no_service);
  add_subprocess ("silent-bus", test_silent_bus_subprocess);
  g_test_add_func ("/secrets/locked", test_locked);
  return g_test_run ();
}
