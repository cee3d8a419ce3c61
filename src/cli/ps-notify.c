/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

gboolean
ps_notify (const char *state)
{
  const char *path = g_getenv ("NOTIFY_SOCKET");
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gsize length = path != NULL ? strlen (path) : 0;
  gssize sent;
  int fd;

  if (length == 0)
    return TRUE;
  if ((path[0] != '/' && path[0] != '@') || length >= sizeof address.sun_path)
    return FALSE;
  memcpy (address.sun_path, path, length);
  if (path[0] == '@') /* the abstract name space begins with a NUL */
    address.sun_path[0] = '\0';
  fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return FALSE;
  sent = sendto (fd, state, strlen (state), MSG_NOSIGNAL, (struct sockaddr *) &address,
                 (socklen_t) (offsetof (struct sockaddr_un, sun_path) + length));
  close (fd);
  return sent == (gssize) strlen (state);
}

guint
ps_notify_watchdog_ms (void)
{
  const char *usec = g_getenv ("WATCHDOG_USEC"), *pid = g_getenv ("WATCHDOG_PID");
  guint64 us, for_pid;

  if (usec == NULL || !g_ascii_string_to_unsigned (usec, 10, 1, G_MAXUINT32, &us, NULL))
    return 0;
  if (pid != NULL &&
      (!g_ascii_string_to_unsigned (pid, 10, 1, G_MAXINT32, &for_pid, NULL) || for_pid != (guint64) getpid ()))
    return 0;
  return MAX ((guint) (us / 2000), 1);
}
