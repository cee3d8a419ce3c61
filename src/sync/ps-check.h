/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The prerequisites, checked by the program where it can: one line each, with what to do.
 */
#pragma once

#include "ps-connection.h"

G_BEGIN_DECLS

typedef enum {
  PS_CHECK_OK,
  PS_CHECK_WARNING, /* works, but somebody should look */
  PS_CHECK_FAILED,  /* the sync cannot work like this */
  PS_CHECK_BY_HAND, /* cannot be seen from here: somebody confirms it */
} PsCheckResult;
const char *ps_check_result_to_word (PsCheckResult result); /* ok warning failed by-hand */

typedef struct {
  const char *id; /* stable word: microsoft-sign-in, microsoft-permissions, microsoft-users, microsoft-presence,
                     microsoft-secret-expiry, ringcentral-sign-in, ringcentral-admin, ringcentral-presence-permission,
                     ringcentral-queues, ringcentral-events, matching, ringcentral-own-sync */
  PsCheckResult result;
  char *title;  /* (owned) translated, one line */
  char *advice; /* (owned) (nullable) what to do */
} PsCheckItem;
void ps_check_item_free (PsCheckItem *item);

/* Runs every check. PS_ERROR_NOT_CONNECTED, before any of them, says which connection is still to be made; else it
 * fails as a whole only when cancelled, or when the store or the keyring cannot be read: what a service refuses is a
 * line of its own. Returns: (element-type PsCheckItem). */
void ps_check_async (PsWorkspace *workspace, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data);
GPtrArray *ps_check_finish (PsWorkspace *workspace, GAsyncResult *result, GError **error);

G_END_DECLS
