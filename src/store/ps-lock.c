/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An "open file description" lock (fcntl(2)): it ends with the last descriptor, however the process ends; and unlike
 * the older kind it is not lost when some other code in the process opens and closes the same file. The file stays:
 * removing it would let two programs lock two files of one name. Its text, "PID PROGRAM", is for people and means
 * nothing without the lock.
 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "config.h"

#include "ps-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define TEXT_SIZE 256

struct _PsLock {
  int fd; /* (owned) */
};

/* Returns: (transfer full) (nullable): NULL in the moment between the lock and its text. */
static char *
read_holder (int fd)
{
  char text[TEXT_SIZE];
  gssize length = pread (fd, text, sizeof text - 1, 0);
  char *program = NULL;
  int pid;

  if (length <= 0)
    return NULL;
  text[length] = '\0';
  pid = (int) g_ascii_strtoll (text, &program, 10);
  if (pid <= 0 || *program != ' ' || !g_utf8_validate (program, -1, NULL))
    return NULL;
  g_strchomp (program);
  /* Translators: a program's name and its process number, as in "presence-syncctl run (process 4711)". */
  return g_strdup_printf (_ ("%s (process %d)"), program + 1, pid);
}

static gboolean
write_holder (int fd, const char *program)
{
  g_autofree char *text = g_strdup_printf ("%d %.200s\n", (int) getpid (), program);
  gsize length = strlen (text);

  return ftruncate (fd, 0) == 0 && pwrite (fd, text, length, 0) == (gssize) length;
}

static void
set_storage_error (const char *path, int system_errno, GError **error)
{
  g_propagate_error (error,
                     ps_error_new (PS_ERROR_STORAGE,
                                   _ ("“%s” cannot be locked (%s). Without the lock two programs could sync at the "
                                      "same time, so nothing was started. Check that the folder exists, that this "
                                      "user may write to it and that its disk has room, then try again."),
                                   path, g_strerror (system_errno)));
}

PsLock *
ps_lock_take (const char *directory, const char *program, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "engine.lock", NULL);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd, saved_errno;
  PsLock *lock;

  g_return_val_if_fail (program != NULL, NULL);

  if (g_mkdir_with_parents (directory, 0700) != 0 ||
      (fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) < 0) {
    set_storage_error (path, errno, error);
    return NULL;
  }
  if (fcntl (fd, F_OFD_SETLK, &whole) == 0 && write_holder (fd, program)) {
    lock = g_new0 (PsLock, 1);
    lock->fd = fd;
    return lock;
  }
  saved_errno = errno;
  if (saved_errno == EAGAIN || saved_errno == EACCES) {
    g_autofree char *holder = read_holder (fd);

    g_propagate_error (error, ps_error_new (PS_ERROR_BUSY,
                                            _ ("%s is already syncing with this state. Only one program may do so at a "
                                               "time. Use it there, or end it first."),
                                            holder != NULL ? holder : _ ("Another program")));
  } else {
    set_storage_error (path, saved_errno, error);
  }
  close (fd);
  return NULL;
}

void
ps_lock_release (PsLock *lock)
{
  if (lock == NULL)
    return;
  /* Only tidiness: the text means nothing without the lock. */
  if (ftruncate (lock->fd, 0) != 0)
    g_info ("engine.lock: %s", g_strerror (errno));
  close (lock->fd);
  g_free (lock);
}

gboolean
ps_lock_is_held (const char *directory, char **holder)
{
  g_autofree char *path = g_build_filename (directory, "engine.lock", NULL);
  struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  gboolean held;

  if (holder != NULL)
    *holder = NULL;
  if (fd < 0)
    return FALSE;
  held = fcntl (fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
  if (held && holder != NULL)
    *holder = read_holder (fd);
  close (fd);
  return held;
}
