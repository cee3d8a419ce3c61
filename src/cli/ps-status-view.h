/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's status as the store has it, for people and for scripts.
 */
#pragma once

#include "ps-cli.h"

G_BEGIN_DECLS

typedef struct {
  JsonNode *root;   /* (owned) an object with the keys of "status --json" */
  gboolean running; /* somebody holds the engine */
} PsStatusView;

/* Reads what the engine has stored last. If none runs, "state" is "not-running" and the numbers of users are those of
 * the store; keys that the engine has never written are there all the same. */
PsStatusView *ps_status_view_load (PsCli *cli, GError **error);
void ps_status_view_free (PsStatusView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsStatusView, ps_status_view_free)

/* Lines for people, without newlines. Returns: (transfer full) (element-type utf8). */
GPtrArray *ps_status_view_lines (const PsStatusView *view);

G_END_DECLS
