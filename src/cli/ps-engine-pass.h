/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sees to it that what the administrator has decided becomes so: by running the engine here until it is, or, if another
 * program holds the engine, by waiting for that one. If the other one ends before that, the engine is run here after
 * all.
 */
#pragma once

#include "ps-cli.h"
#include "ps-service.h"

G_BEGIN_DECLS

typedef enum {
  PS_GOAL_COMPLETE,      /* everybody who is selected is Synced or Failed */
  PS_GOAL_PEOPLE_UNDONE, /* nothing of ours is left with some people, who are not selected */
  PS_GOAL_ALL_UNDONE,    /* the sync is off, and nothing of ours is left */
} PsGoal;

/* @program: how others call us while we hold the engine. @ids: set of RingCentral ids, for PS_GOAL_PEOPLE_UNDONE.
 * Interrupted by cli->cancellable: the engine is stopped in order, and the error is G_IO_ERROR_CANCELLED. */
gboolean ps_engine_pass (PsCli *cli, const char *program, PsGoal goal, GHashTable *ids, GError **error);

/* Stops @service and says so if that fails. @grace_ms: how long it may lift what blocks calls. */
void ps_cli_stop_service (PsCli *cli, PsService *service, guint grace_ms);

G_END_DECLS
