/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant in the test's process, a state directory of its own, and a workspace on it. Each function that waits
 * runs the main context until it has its answer; a deadline fails the test.
 */
#pragma once

#include "ps-service.h"
#include "test-server-fixture.h"

G_BEGIN_DECLS

typedef struct {
  TestServer *tenant;     /* (owned) */
  char *directory;        /* (owned) */
  PsWorkspace *workspace; /* (owned) */
  PsService *service;     /* (owned) (nullable) */
  guint changes;          /* writes that the service reported */
  gboolean complete, undone;
  GAsyncResult *result; /* (owned) (nullable): of the call under way */
} SyncFixture;

/* @users of a company in which nobody does anything by himself; RingCentral's limit is raised. */
SyncFixture *sync_fixture_new (guint users, gboolean new_call_handling);
void sync_fixture_free (SyncFixture *fixture);

/* The tenant's own credentials, as it would print them. (transfer full) */
char *sync_fixture_fact (SyncFixture *fixture, const char *name);

/* GAsyncReadyCallback that keeps the result in the fixture (user_data). */
void sync_fixture_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
GAsyncResult *sync_fixture_await (SyncFixture *fixture);

gboolean sync_fixture_connect (SyncFixture *fixture, GError **error);
void sync_fixture_select (SyncFixture *fixture, PsSyncMode mode);
void sync_fixture_set_rules (SyncFixture *fixture, const PsRules *rules);
/* Period of a second, runs until everybody was read and nothing waits. */
void sync_fixture_start (SyncFixture *fixture);
void sync_fixture_stop (SyncFixture *fixture);
void sync_fixture_wait_quiet (SyncFixture *fixture);
GPtrArray *sync_fixture_people (SyncFixture *fixture); /* (transfer full) PsPersonRow, from the store */

/* Somebody who is linked, synced, in a call queue or not, and not the administrator. */
PsTenantPerson *sync_fixture_person (SyncFixture *fixture, gboolean in_queue);

G_END_DECLS
