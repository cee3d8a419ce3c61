/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event socket against the demo tenant's gateway: its recovery, its buffer, its faults.
 */
#include "config.h"

#include "ps-error.h"
#include "ps-ringcentral-socket-private.h"
#include "ringcentral-on-tenant.h"

typedef struct {
  OnTenant *on;
  PsRingCentralSocket *socket;
  guint events, missed, directory;
  char *last_id;
  PsPhoneReading last;
} Fixture;

static void
presence_cb (PsRingCentralSocket *socket, const char *extension_id, const PsPhoneReading *reading, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->events++;
  g_free (fixture->last_id);
  fixture->last_id = g_strdup (extension_id);
  fixture->last = *reading;
}

static void
missed_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  ((Fixture *) user_data)->missed++;
}

static void
directory_changed_cb (PsRingCentralSocket *socket, gpointer user_data)
{
  ((Fixture *) user_data)->directory++;
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  PsSocketTimes times = ps_socket_default_times;
  g_autoptr (PsBudget) budget = ps_budget_new (1000, 60000);

  fixture->on = on_tenant_new (200, FALSE);
  /* The gateway's limits are no matter here, and nobody waits a minute for a second connect. */
  ps_transport_set_budget (ps_ringcentral_client_transport (fixture->on->client), "Auth", budget);
  ps_tenant_ringcentral_set_limit (fixture->on->server, "Auth", 1000, 60);
  times.gap = 20;
  times.longest_wait = 100;
  fixture->socket = ps_ringcentral_socket_new (fixture->on->client, FALSE);
  ps_ringcentral_socket_set_times (fixture->socket, &times);
  g_signal_connect (fixture->socket, "presence", G_CALLBACK (presence_cb), fixture);
  g_signal_connect (fixture->socket, "missed", G_CALLBACK (missed_cb), fixture);
  g_signal_connect (fixture->socket, "directory-changed", G_CALLBACK (directory_changed_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  g_assert_finalize_object (fixture->socket);
  wait_until (ps_tenant_ringcentral_sockets (fixture->on->server) == 0);
  on_tenant_free (fixture->on);
  g_free (fixture->last_id);
}

static PsSocketState
state (Fixture *fixture)
{
  return ps_ringcentral_socket_state (fixture->socket);
}

static void
start_and_connect (Fixture *fixture)
{
  ps_ringcentral_socket_start (fixture->socket);
  wait_until (state (fixture) == PS_SOCKET_CONNECTED);
  g_assert_cmpuint (fixture->missed, ==, 1);
}

static void
choose (Fixture *fixture, guint nth, const char *choice)
{
  g_assert_true (ps_tenant_phone_person_choose (on_tenant_user (fixture->on, nth, FALSE)->phone, choice));
}

static void
test_events (Fixture *fixture, gconstpointer unused)
{
  PsTenantExtension *extension = on_tenant_user (fixture->on, 0, FALSE);
  g_autofree char *id = on_tenant_id (extension);
  guint64 call, sequence;

  start_and_connect (fixture);
  choose (fixture, 0, "Busy");
  wait_until (fixture->events == 1);
  g_assert_cmpstr (fixture->last_id, ==, id);
  g_assert_cmpint (fixture->last.user_status, ==, PS_PHONE_BUSY);
  g_assert_cmpint (fixture->last.event_ms, ==, ps_tenant_world_now (fixture->on->world));
  sequence = fixture->last.sequence;
  choose (fixture, 0, "DoNotDisturb");
  wait_until (fixture->events == 2);
  g_assert_cmpint (fixture->last.calls, ==, PS_CALLS_NONE);
  g_assert_cmpuint (fixture->last.sequence, >, sequence);
  call = ps_tenant_phone_call_begin (extension->phone, TRUE, FALSE, "CallConnected");
  wait_until (fixture->events == 3);
  g_assert_cmpint (fixture->last.telephony, ==, PS_TELEPHONY_CONNECTED);
  ps_tenant_phone_call_end (extension->phone, call);
  wait_until (fixture->events >= 4);
  g_assert_cmpint (fixture->last.telephony, ==, PS_TELEPHONY_NO_CALL);
  ps_tenant_world_set_extension_status (fixture->on->world, extension, "Disabled");
  wait_until (fixture->directory >= 1);
  g_assert_cmpuint (fixture->missed, ==, 1);
}

/* What happens while the line is cut is replayed, and nothing has to be read again. */
static void
test_cut (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  ps_tenant_ringcentral_cut_sockets (fixture->on->server);
  wait_until (state (fixture) != PS_SOCKET_CONNECTED);
  for (guint i = 0; i < 50; i++)
    choose (fixture, i, "Busy");
  wait_until (state (fixture) == PS_SOCKET_CONNECTED && fixture->events == 50);
  g_assert_cmpuint (fixture->missed, ==, 1);
  choose (fixture, 60, "Busy");
  wait_until (fixture->events == 51);
}

/* The gateway keeps 100 and drops the older ones without a word. */
static void
test_overflow (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  ps_tenant_ringcentral_cut_sockets (fixture->on->server);
  wait_until (state (fixture) != PS_SOCKET_CONNECTED);
  for (guint i = 0; i < 110; i++)
    choose (fixture, i, "Busy");
  wait_until (state (fixture) == PS_SOCKET_CONNECTED && fixture->events == 100);
  wait_until (fixture->missed == 2);
}

/* Away for longer than the gateway remembers. */
static void
test_too_late (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  ps_tenant_ringcentral_cut_sockets (fixture->on->server);
  wait_until (state (fixture) != PS_SOCKET_CONNECTED);
  ps_tenant_server_advance (fixture->on->server, 181 * 1000);
  choose (fixture, 0, "Busy");
  wait_until (state (fixture) == PS_SOCKET_CONNECTED && fixture->missed == 2);
  g_assert_cmpuint (fixture->events, ==, 0);
  choose (fixture, 1, "Busy");
  wait_until (fixture->events == 1);
}

static void
test_cut_often (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  for (guint i = 0; i < 10; i++) {
    ps_tenant_ringcentral_cut_sockets (fixture->on->server);
    wait_until (state (fixture) != PS_SOCKET_CONNECTED);
    choose (fixture, i, "Busy");
    wait_until (state (fixture) == PS_SOCKET_CONNECTED && fixture->events == i + 1);
  }
  g_assert_cmpuint (fixture->missed, ==, 1);
}

static void
test_duplicates (Fixture *fixture, gconstpointer unused)
{
  start_and_connect (fixture);
  g_assert_true (ps_tenant_server_set_fault (fixture->on->server, "duplicate-events", "1"));
  choose (fixture, 0, "Busy");
  wait_until (fixture->events == 2);
  g_assert_cmpuint (fixture->missed, ==, 1);
}

/* The app has no WebSocket scope; then somebody gives it to the app. */
static void
test_no_scope (Fixture *fixture, gconstpointer unused)
{
  g_assert_true (ps_tenant_server_set_fault (fixture->on->server, "scope-missing", "WebSocketsSubscription"));
  ps_ringcentral_socket_start (fixture->socket);
  wait_until (ps_ringcentral_socket_error (fixture->socket) != NULL);
  g_assert_error (ps_ringcentral_socket_error (fixture->socket), PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_cmpint (state (fixture), ==, PS_SOCKET_WAITING);
  g_assert_true (ps_tenant_server_set_fault (fixture->on->server, "scope-missing", NULL));
  wait_until (state (fixture) == PS_SOCKET_CONNECTED);
  g_assert_null (ps_ringcentral_socket_error (fixture->socket));
}

static void
test_probe (Fixture *fixture, gconstpointer unused)
{
  guint checks = 0;

  start_and_connect (fixture);
  ps_ringcentral_socket_check (fixture->socket);
  for (; checks < 5; checks++) {
    choose (fixture, checks, "Busy");
    wait_until (fixture->events == checks + 1);
    ps_ringcentral_socket_check (fixture->socket);
  }
  g_assert_cmpint (state (fixture), ==, PS_SOCKET_CONNECTED);
  g_assert_cmpuint (fixture->missed, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/socket-on-tenant/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("events", test_events);
  ADD ("cut", test_cut);
  ADD ("cut/overflow", test_overflow);
  ADD ("cut/too-late", test_too_late);
  ADD ("cut/often", test_cut_often);
  ADD ("duplicates", test_duplicates);
  ADD ("no-scope", test_no_scope);
  ADD ("probe", test_probe);

  return g_test_run ();
}
