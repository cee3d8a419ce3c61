/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * $CREDENTIALS_DIRECTORY: systemd puts the files named by LoadCredential= there, readable by the service only
 * (systemd.exec(5), "Credentials"). They are the administrator's: read, never written.
 */
#include "config.h"

#include "ps-secrets-private.h"

#include "ps-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <string.h>
#include <unistd.h>

/* A certificate with its chain and key takes a few KiB. */
#define SECRET_MAX (64 * 1024)

gboolean
ps_secrets_files_are_used (void)
{
  const char *directory = g_getenv ("CREDENTIALS_DIRECTORY");

  return directory != NULL && *directory != '\0';
}

char *
ps_secrets_files_find (const char *name)
{
  g_autofree char *path = NULL;

  if (!ps_secrets_files_are_used ())
    return NULL;
  path = g_build_filename (g_getenv ("CREDENTIALS_DIRECTORY"), name, NULL);
  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

/* Returns: bytes read, at most @size; -1 with errno. */
static gssize
read_whole (int fd, char *bytes, gsize size)
{
  gsize have = 0;

  while (have < size) {
    gssize got = read (fd, bytes + have, size - have);

    if (got < 0 && errno != EINTR)
      return -1;
    if (got == 0)
      break;
    have += MAX (got, 0);
  }
  return have;
}

static gboolean
set_error (GError **error, const char *format, const char *path, const char *detail)
{
  GError *made;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* the callers' texts have the one %s */
  made = ps_error_new (PS_ERROR_KEYRING, format, path);
#pragma GCC diagnostic pop
  ps_error_set_service_code (made, 0, detail, NULL);
  g_propagate_error (error, made);
  return FALSE;
}

/* Takes over nothing; @bytes has room for one more. */
static gboolean
check_secret (char *bytes, gssize length, const char *path, GError **error)
{
  if (length > SECRET_MAX)
    return set_error (error,
                      _ ("The file “%s” is too long to be a secret, so it was not used. Put only the secret into it."),
                      path, "too long");
  bytes[length] = '\0';
  if (memchr (bytes, '\0', length) != NULL || !g_utf8_validate (bytes, length, NULL))
    return set_error (error,
                      _ ("The file “%s” is not text, so it cannot be used as a secret. Put only the secret into it, as "
                         "plain text."),
                      path, "not text");
  while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r'))
    bytes[--length] = '\0';
  if (length == 0)
    return set_error (error, _ ("The file “%s” is empty, so there is no secret to use. Put the secret into it."), path,
                      "empty");
  return TRUE;
}

static gboolean
read_secret (int fd, const char *path, char **secret, GError **error)
{
  char *bytes = g_malloc0 (SECRET_MAX + 2);
  gssize length = read_whole (fd, bytes, SECRET_MAX + 1);
  gboolean ok = length < 0 ? set_error (error,
                                        _ ("The file “%s” cannot be read, so the secret in it is not available. Check "
                                           "the file and its permissions."),
                                        path, g_strerror (errno))
                           : check_secret (bytes, length, path, error);

  if (ok)
    *secret = g_strdup (bytes);
  explicit_bzero (bytes, SECRET_MAX + 2);
  g_free (bytes);
  return ok;
}

gboolean
ps_secrets_files_lookup (const char *name, char **secret, GError **error)
{
  g_autofree char *path = NULL;
  gboolean ok;
  int fd;

  *secret = NULL;
  if (!ps_secrets_files_are_used ())
    return TRUE;
  path = g_build_filename (g_getenv ("CREDENTIALS_DIRECTORY"), name, NULL);
  fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* O_NONBLOCK: not even a pipe makes us wait */
  if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
    return TRUE;
  if (fd < 0)
    return set_error (
        error,
        _ ("The file “%s” cannot be opened, so the secret in it is not available. Check that the user who "
           "runs Presence Sync may read it."),
        path, g_strerror (errno));
  ok = read_secret (fd, path, secret, error);
  close (fd);
  return ok;
}
