/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-retry.h"

#define GRAPH PS_SERVICE_MICROSOFT
#define RC    PS_SERVICE_RINGCENTRAL

/* Jitter 0.5: exactly the step. */
static const struct {
  PsRetryQuestion question;
  PsRetryAnswer answer;
} cases[] = {
  /* Graph: a token once. */
  { { GRAPH, 401, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_REFRESH, 0, 0, FALSE } },
  { { GRAPH, 401, -1, FALSE, TRUE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_REFRESH, 0, 0, FALSE } },
  { { GRAPH, 401, -1, TRUE, FALSE, TRUE, TRUE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 401, -1, TRUE, FALSE, FALSE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  /* Graph: 429 waits exactly, whatever the call; without Retry-After it doubles. */
  { { GRAPH, 429, 7000, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 7000, 7000, FALSE } },
  { { GRAPH, 429, 0, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 0, 0, FALSE } },
  { { GRAPH, 429, 7000, FALSE, TRUE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 7000, FALSE } },
  { { GRAPH, 429, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 500, 500, FALSE } },
  { { GRAPH, 429, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.0 }, { PS_RETRY_WAIT, 400, 400, FALSE } },
  { { GRAPH, 429, -1, FALSE, FALSE, TRUE, FALSE, 5, 0.5 }, { PS_RETRY_WAIT, 8000, 8000, FALSE } },
  { { GRAPH, 429, -1, FALSE, FALSE, TRUE, FALSE, 6, 0.5 }, { PS_RETRY_GIVE_UP, 0, 16000, FALSE } },
  { { GRAPH, 429, 3600000, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 3600000, FALSE } },
  /* Graph: 503 and 504 on a new connection; 504 may have been done. */
  { { GRAPH, 503, 2000, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 2000, 0, TRUE } },
  { { GRAPH, 504, -1, TRUE, FALSE, TRUE, FALSE, 2, 0.5 }, { PS_RETRY_WAIT, 1000, 0, TRUE } },
  { { GRAPH, 504, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 509, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 500, 0, FALSE } },
  { { GRAPH, 500, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 500, 0, FALSE } },
  { { GRAPH, 500, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 501, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 0, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 500, 0, FALSE } },
  { { GRAPH, 0, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 0, -1, TRUE, TRUE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 400, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { GRAPH, 404, 5000, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  /* RingCentral: never another token on a 401. */
  { { RC, 401, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  /* RingCentral: the penalty, and a little more. */
  { { RC, 429, 30000, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 30250, 30250, FALSE } },
  { { RC, 429, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 60250, 60250, FALSE } },
  { { RC, 429, -1, FALSE, TRUE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 60250, FALSE } },
  { { RC, 429, 1000, FALSE, FALSE, TRUE, FALSE, 5, 0.5 }, { PS_RETRY_GIVE_UP, 0, 1250, FALSE } },
  { { RC, 500, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 2000, 0, FALSE } },
  { { RC, 500, -1, TRUE, FALSE, TRUE, FALSE, 1, 1.0 }, { PS_RETRY_WAIT, 2400, 0, FALSE } },
  { { RC, 502, -1, TRUE, FALSE, TRUE, FALSE, 4, 0.5 }, { PS_RETRY_WAIT, 16000, 0, FALSE } },
  { { RC, 502, -1, TRUE, FALSE, TRUE, FALSE, 5, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
  { { RC, 503, 9000, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 9000, 0, FALSE } },
  { { RC, 408, -1, TRUE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_WAIT, 2000, 0, FALSE } },
  { { RC, 408, -1, FALSE, FALSE, TRUE, FALSE, 1, 0.5 }, { PS_RETRY_GIVE_UP, 0, 0, FALSE } },
};

static void
test_decide (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    PsRetryAnswer answer = ps_retry_decide (&cases[i].question);

    g_test_message ("case %u: status %u, attempt %u", i, cases[i].question.status, cases[i].question.attempt);
    g_assert_cmpint (answer.action, ==, cases[i].answer.action);
    g_assert_cmpint (answer.wait_ms, ==, cases[i].answer.wait_ms);
    g_assert_cmpint (answer.close_ms, ==, cases[i].answer.close_ms);
    g_assert_cmpint (answer.new_connection, ==, cases[i].answer.new_connection);
  }
}

/* However often it fails: the steps end at a minute, and the tries end. */
static void
test_bounded (void)
{
  for (guint attempt = 1; attempt < 100; attempt++) {
    PsRetryQuestion question = { GRAPH, 500, -1, TRUE, FALSE, TRUE, FALSE, attempt, 1.0 };

    g_assert_cmpint (ps_retry_decide (&question).wait_ms, <=, 72000);
    g_assert_cmpint (ps_retry_decide (&question).action, ==, attempt < 6 ? PS_RETRY_WAIT : PS_RETRY_GIVE_UP);
  }
}

static void
test_retry_after (void)
{
  static const struct {
    const char *text;
    gint64 ms;
  } texts[] = { { "0", 0 },
                { "17", 17000 },
                { "", -1 },
                { "soon", -1 },
                { "-3", -1 },
                { "1.5", -1 },
                { "99999999999999999999", -1 },
                { "Thu, 01 Jan 1970 00:02:00 GMT", 20000 },
                { "Thu, 01 Jan 1970 00:01:00 GMT", 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

    soup_message_headers_append (headers, "Retry-After", texts[i].text);
    g_assert_cmpint (ps_retry_after (headers, 100), ==, texts[i].ms);
    soup_message_headers_unref (headers);
  }
  g_assert_cmpint (ps_retry_after (NULL, 0), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/retry/decide", test_decide);
  g_test_add_func ("/retry/bounded", test_bounded);
  g_test_add_func ("/retry/retry-after", test_retry_after);
  return g_test_run ();
}
