/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-socket-plan.h"

#define S 1000

static const PsSocketTimes *const times = &ps_socket_default_times;

static void
test_wait (void)
{
  static const struct {
    PsSocketPast past;
    gint64 now_ms;
    double jitter;
    gint64 wait_ms;
  } cases[] = {
    /* The first connect does not wait. */
    { { 0, 0, 0, FALSE }, 100 * S, 1.0, 0 },
    /* Fifteen seconds between two beginnings, whatever was between them; the jitter only lengthens. */
    { { 100 * S, 0, 1, FALSE }, 100 * S, 0.0, 15 * S },
    { { 100 * S, 0, 1, FALSE }, 110 * S, 0.0, 5 * S },
    { { 100 * S, 0, 0, FALSE }, 104 * S, 0.0, 11 * S },
    { { 100 * S, 0, 1, FALSE }, 100 * S, 1.0, 18750 },
    /* After a long good connection: at once, but spread over a second. */
    { { 100 * S, 0, 1, FALSE }, 5000 * S, 0.0, 0 },
    { { 100 * S, 0, 1, FALSE }, 5000 * S, 0.5, 500 },
    /* Doubling to five minutes. */
    { { 100 * S, 0, 2, FALSE }, 100 * S, 0.0, 30 * S },
    { { 100 * S, 0, 3, FALSE }, 100 * S, 0.0, 60 * S },
    { { 100 * S, 0, 5, FALSE }, 100 * S, 0.0, 240 * S },
    { { 100 * S, 0, 6, FALSE }, 100 * S, 0.0, 300 * S },
    { { 100 * S, 0, 4000000000, FALSE }, 100 * S, 0.0, 300 * S },
    { { 100 * S, 0, 6, FALSE }, 100 * S, 1.0, 375 * S },
    /* What only a person can mend. */
    { { 100 * S, 0, 1, TRUE }, 100 * S, 0.0, 300 * S },
    /* The service's own wish. */
    { { 100 * S, 160 * S, 1, FALSE }, 100 * S, 0.0, 60 * S },
    { { 100 * S, 160 * S, 1, FALSE }, 170 * S, 0.0, 0 },
    { { 100 * S, 101 * S, 3, FALSE }, 100 * S, 0.0, 60 * S },
    /* A clock that went back. */
    { { 100 * S, 0, 1, FALSE }, 90 * S, 0.0, 25 * S },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_cmpint (ps_socket_wait (times, &cases[i].past, cases[i].now_ms, cases[i].jitter), ==, cases[i].wait_ms);
  }
}

static void
test_past (void)
{
  PsSocketPast past = { 100 * S, 0, 0, FALSE };
  g_autoptr (GError) broken = ps_error_new (PS_ERROR_NETWORK, "broken");
  g_autoptr (GError) refused = ps_error_new (PS_ERROR_PERMISSION, "refused");
  g_autoptr (GError) throttled = ps_error_new (PS_ERROR_THROTTLED, "throttled");
  g_autoptr (GError) eternal = ps_error_new (PS_ERROR_THROTTLED, "eternal");

  ps_error_details (throttled)->retry_after_ms = 42 * S;
  ps_error_details (eternal)->retry_after_ms = G_MAXINT64 / 2;

  ps_socket_past_ended (&past, times, 101 * S, 0, broken);
  ps_socket_past_ended (&past, times, 120 * S, 119 * S, broken); /* connected, but not for long */
  g_assert_cmpuint (past.failures, ==, 2);
  ps_socket_past_ended (&past, times, 300 * S, 240 * S, broken); /* a good one has ended: begin to count */
  g_assert_cmpuint (past.failures, ==, 1);
  g_assert_false (past.needs_person);
  ps_socket_past_ended (&past, times, 310 * S, 0, refused);
  g_assert_true (past.needs_person);
  g_assert_cmpint (past.retry_ms, ==, 0);
  ps_socket_past_ended (&past, times, 320 * S, 0, throttled);
  g_assert_false (past.needs_person);
  g_assert_cmpint (past.retry_ms, ==, 362 * S);
  ps_socket_past_ended (&past, times, 400 * S, 0, eternal); /* an hour is believed, not more */
  g_assert_cmpint (past.retry_ms, ==, 4000 * S);
  ps_socket_past_ended (&past, times, 90000 * S, 5000 * S, NULL); /* replaced on purpose */
  g_assert_cmpuint (past.failures, ==, 0);
}

static void
test_wsc (void)
{
  static const struct {
    PsFrameType type;
    const char *token;
    guint64 sequence;
    const char *expected;
    guint64 expected_sequence;
  } steps[] = {
    { PS_FRAME_NOTIFICATION, NULL, 9, NULL, 0 },
    { PS_FRAME_CONNECTION_DETAILS, "a", 1, "a", 1 },
    { PS_FRAME_NOTIFICATION, "b", 3, "b", 3 },
    { PS_FRAME_NOTIFICATION, "late", 2, "b", 3 },
    { PS_FRAME_NOTIFICATION, "again", 3, "b", 3 },
    { PS_FRAME_HEARTBEAT, NULL, 8, "b", 3 },
    { PS_FRAME_RESPONSE, "c", 4, "c", 4 },
    /* After a recovery the count begins where the service says. */
    { PS_FRAME_CONNECTION_DETAILS, "d", 2, "d", 2 },
    { PS_FRAME_NOTIFICATION, "e", 3, "e", 3 },
  };
  PsSocketWsc wsc = { NULL, 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
    PsSocketFrame frame = { .type = steps[i].type, .wsc_token = steps[i].token, .wsc_sequence = steps[i].sequence };

    ps_socket_wsc_update (&wsc, &frame);
    g_assert_cmpstr (wsc.token, ==, steps[i].expected);
    g_assert_cmpuint (wsc.sequence, ==, steps[i].expected_sequence);
  }
  ps_socket_wsc_clear (&wsc);
  g_assert_null (wsc.token);
}

static void
test_alive (void)
{
  static const struct {
    gint64 now_ms, heard_ms, probe_ms;
    PsSocketAlive alive;
    gint64 wait_ms;
  } cases[] = {
    { 100 * S, 100 * S, 0, PS_ALIVE, 60 * S },
    { 159 * S, 100 * S, 0, PS_ALIVE, 1 * S },
    { 160 * S, 100 * S, 0, PS_ALIVE_PROBE, 10 * S },
    { 165 * S, 100 * S, 160 * S, PS_ALIVE, 5 * S },
    { 170 * S, 100 * S, 160 * S, PS_ALIVE_GONE, 10 * S },
    /* Woken up after hours. */
    { 9000 * S, 100 * S, 0, PS_ALIVE_PROBE, 10 * S },
    { 9000 * S, 100 * S, 160 * S, PS_ALIVE_GONE, 10 * S },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    gint64 wait_ms;

    g_assert_cmpint (ps_socket_alive (times, cases[i].now_ms, cases[i].heard_ms, cases[i].probe_ms, &wait_ms), ==,
                     cases[i].alive);
    g_assert_cmpint (wait_ms, ==, cases[i].wait_ms);
  }
}

static void
test_session (void)
{
  PsSocketDetails day = { PS_RECOVERY_NONE, 100, 180 * S, 86400 * S };
  PsSocketDetails brief = { PS_RECOVERY_NONE, 100, 180 * S, 600 * S };
  PsSocketDetails none = { PS_RECOVERY_NONE, 0, 0, 1 * S };

  g_assert_true (ps_socket_can_recover (&day, 100 * S, 279 * S));
  g_assert_false (ps_socket_can_recover (&day, 100 * S, 280 * S));
  g_assert_false (ps_socket_can_recover (&none, 100 * S, 100 * S));

  g_assert_cmpint (ps_socket_replace_at (times, &day, 1000 * S), ==, (1000 + 86400 - 600) * S);
  g_assert_cmpint (ps_socket_replace_at (times, &brief, 1000 * S), ==, 1300 * S);
  g_assert_cmpint (ps_socket_replace_at (times, &none, 1000 * S), ==, 1060 * S);

  g_assert_false (ps_socket_replay_overflowed (&day, 99));
  g_assert_true (ps_socket_replay_overflowed (&day, 100));
  g_assert_true (ps_socket_replay_overflowed (&none, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/socket-plan/wait", test_wait);
  g_test_add_func ("/socket-plan/past", test_past);
  g_test_add_func ("/socket-plan/wsc", test_wsc);
  g_test_add_func ("/socket-plan/alive", test_alive);
  g_test_add_func ("/socket-plan/session", test_session);

  return g_test_run ();
}
