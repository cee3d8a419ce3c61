/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A state directory, opened: its store and its secrets. Everything in src/sync starts from one.
 */
#pragma once

#include "ps-secrets.h"
#include "ps-store.h"

G_BEGIN_DECLS

#define PS_TYPE_WORKSPACE (ps_workspace_get_type ())
G_DECLARE_FINAL_TYPE (PsWorkspace, ps_workspace, PS, WORKSPACE, GObject)

/* @directory: (nullable): NULL is $XDG_DATA_HOME/presence-sync. @in_memory_secrets: the demo's and tests' secrets,
 * which go with the process. */
void ps_workspace_open_async (const char *directory, gboolean in_memory_secrets, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
PsWorkspace *ps_workspace_open_finish (GAsyncResult *result, GError **error);
PsStore *ps_workspace_store (PsWorkspace *self);     /* (transfer none) */
PsSecrets *ps_workspace_secrets (PsWorkspace *self); /* (transfer none) */
const char *ps_workspace_directory (PsWorkspace *self);

G_END_DECLS
