/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's lock: whoever holds it runs the sync for this state directory. A lock of the kernel's on
 * DIR/engine.lock, so that it goes with the process however it ends.
 */
#pragma once

#include "ps-error.h"

G_BEGIN_DECLS

typedef struct _PsLock PsLock;

/* Returns: (transfer full): NULL with PS_ERROR_BUSY and the holder's name and process id if another program has it.
 * @program: how we call ourselves to others ("presence-syncctl run"). Does not wait. */
PsLock *ps_lock_take (const char *directory, const char *program, GError **error);
void ps_lock_release (PsLock *lock);
/* Is it held by anybody? @holder: (out) (optional) (nullable) (transfer full). */
gboolean ps_lock_is_held (const char *directory, char **holder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsLock, ps_lock_release)

G_END_DECLS
