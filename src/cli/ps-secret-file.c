/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-secret-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* A certificate with its chain and key has a few kilobytes; a JWT has one. */
#define MAX_SIZE (64 * 1024)

void
ps_cli_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

gboolean
ps_looks_like_guid (const char *text)
{
  static const guint8 dashes[] = { 8, 13, 18, 23 };
  guint next = 0;

  if (strlen (text) != 36)
    return FALSE;
  for (guint i = 0; i < 36; i++) {
    if (next < G_N_ELEMENTS (dashes) && i == dashes[next]) {
      if (text[i] != '-')
        return FALSE;
      next++;
    } else if (!g_ascii_isxdigit (text[i])) {
      return FALSE;
    }
  }
  return TRUE;
}

/* Client secrets have 40 letters of many kinds, JWTs begin with "eyJ"; paths have slashes and suffixes. */
static gboolean
looks_like_secret (const char *path)
{
  return g_str_has_prefix (path, "eyJ") || ps_looks_like_guid (path) ||
         (strlen (path) >= 20 && strpbrk (path, "/\\") == NULL && strpbrk (path, "~0123456789") != NULL &&
          !g_str_has_suffix (path, ".txt") && !g_str_has_suffix (path, ".pem") && !g_str_has_suffix (path, ".jwt"));
}

static gboolean
cannot_open (const char *option, const char *path, int system_errno, GError **error)
{
  GError *problem;

  if (system_errno == ENOENT && looks_like_secret (path))
    problem =
        ps_error_new (PS_ERROR_INPUT,
                      _ ("%s takes the name of a file that holds the secret, not the secret itself. Write it to a "
                         "file that only you can read, or give “-” and type it on standard input. What was given "
                         "here is now in this shell's history: consider making a new secret."),
                      option);
  else
    problem = ps_error_new (PS_ERROR_INPUT, _ ("The file “%s” given with %s cannot be read: %s."), path, option,
                            g_strerror (system_errno));
  g_propagate_error (error, problem);
  return FALSE;
}

/* Reads until the end or until @buffer is full. Returns: how much, -1 on errors. */
static gssize
read_all (int fd, char *buffer, gsize size)
{
  gsize used = 0;

  while (used < size) {
    gssize got = read (fd, buffer + used, size - used);

    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return -1;
    if (got == 0)
      break;
    used += (gsize) got;
  }
  return (gssize) used;
}

static gboolean
check (const char *option, const char *secret, gsize length, GError **error)
{
  GError *problem = NULL;

  if (length > MAX_SIZE)
    problem = ps_error_new (PS_ERROR_INPUT, _ ("What %s gives is too large to be a secret."), option);
  else if (length == 0)
    problem = ps_error_new (PS_ERROR_INPUT, _ ("What %s gives is empty; it should hold the secret."), option);
  else if (memchr (secret, '\0', length) != NULL || !g_utf8_validate (secret, length, NULL))
    problem = ps_error_new (PS_ERROR_INPUT, _ ("What %s gives is not text, so it cannot be the secret."), option);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

char *
ps_secret_file_read (const char *option, const char *path, GError **error)
{
  gboolean standard_input = g_str_equal (path, "-");
  int fd = standard_input ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  char *secret;
  gssize length;
  int read_errno;

  if (fd < 0) {
    cannot_open (option, path, errno, error);
    return NULL;
  }
  secret = g_malloc (MAX_SIZE + 2);
  length = read_all (fd, secret, MAX_SIZE + 1);
  read_errno = errno;
  if (!standard_input)
    close (fd);
  if (length < 0) {
    g_free (secret);
    cannot_open (option, standard_input ? _ ("standard input") : path, read_errno, error);
    return NULL;
  }
  while (length > 0 && g_ascii_isspace (secret[length - 1]))
    length--;
  secret[length] = '\0';
  if (!check (option, secret, (gsize) length, error)) {
    explicit_bzero (secret, MAX_SIZE + 2);
    g_free (secret);
    return NULL;
  }
  return secret;
}
