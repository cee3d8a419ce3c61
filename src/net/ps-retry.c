/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-retry.h"

#define GRAPH_FIRST_MS       500
#define RINGCENTRAL_FIRST_MS 2000
#define LONGEST_STEP_MS      60000
#define GRAPH_TRIES          6
#define RINGCENTRAL_TRIES    5
/* RingCentral's guide "Rate limits": without Retry-After at least 30 s; its own client waits 60 s, the usual penalty.
 */
#define RINGCENTRAL_PENALTY_MS 60000
/* A request inside the penalty starts it anew, so it is never sent on the very edge. */
#define RINGCENTRAL_MARGIN_MS 250

/* The doubling step, between 80 and 120 % of it, so that many who failed together do not come back together. */
static gint64
step_ms (const PsRetryQuestion *question, gint64 first_ms)
{
  gint64 step = MIN (first_ms << MIN (question->attempt - 1, 16), LONGEST_STEP_MS);

  return step * 4 / 5 + (gint64) ((double) step * 2 / 5 * question->jitter);
}

/* Refused before anything was done: repeating cannot do it twice. */
static gboolean
was_not_done (guint status)
{
  return status == 429 || status == 503 || status == 509;
}

static gboolean
may_pass_by_itself (guint status)
{
  return status == 0 || status == 408 || status >= 500;
}

/* 501 and 505 will say the same tomorrow. */
static gboolean
is_worth_repeating (const PsRetryQuestion *question)
{
  if (question->once || question->status == 501 || question->status == 505)
    return FALSE;
  return was_not_done (question->status) || (question->idempotent && may_pass_by_itself (question->status));
}

static PsRetryAnswer
decide_graph (const PsRetryQuestion *question)
{
  PsRetryAnswer answer = { PS_RETRY_GIVE_UP, 0, 0, FALSE };

  if (question->status == 401 && question->authorized && !question->refreshed) {
    answer.action = PS_RETRY_REFRESH;
    return answer;
  }
  answer.wait_ms = question->retry_after_ms >= 0 ? question->retry_after_ms : step_ms (question, GRAPH_FIRST_MS);
  if (question->status == 429)
    answer.close_ms = answer.wait_ms;
  if (is_worth_repeating (question) && question->attempt < GRAPH_TRIES && answer.wait_ms <= PS_RETRY_LONGEST_MS) {
    answer.action = PS_RETRY_WAIT;
    /* Graph's best practices: the broken front-end server shall not be asked again. */
    answer.new_connection = question->status == 503 || question->status == 504;
  }
  return answer;
}

static PsRetryAnswer
decide_ringcentral (const PsRetryQuestion *question)
{
  PsRetryAnswer answer = { PS_RETRY_GIVE_UP, 0, 0, FALSE };

  if (question->status == 429)
    answer.close_ms = answer.wait_ms =
        (question->retry_after_ms >= 0 ? question->retry_after_ms : RINGCENTRAL_PENALTY_MS) + RINGCENTRAL_MARGIN_MS;
  else
    answer.wait_ms =
        question->retry_after_ms >= 0 ? question->retry_after_ms : step_ms (question, RINGCENTRAL_FIRST_MS);
  if (is_worth_repeating (question) && question->attempt < RINGCENTRAL_TRIES && answer.wait_ms <= PS_RETRY_LONGEST_MS)
    answer.action = PS_RETRY_WAIT;
  return answer;
}

PsRetryAnswer
ps_retry_decide (const PsRetryQuestion *question)
{
  PsRetryAnswer answer =
      question->kind == PS_SERVICE_MICROSOFT ? decide_graph (question) : decide_ringcentral (question);

  if (answer.action != PS_RETRY_WAIT)
    answer.wait_ms = 0;
  return answer;
}

gint64
ps_retry_after (SoupMessageHeaders *headers, gint64 utc_s)
{
  const char *text = headers != NULL ? soup_message_headers_get_one (headers, "Retry-After") : NULL;
  g_autoptr (GDateTime) date = NULL;
  guint64 seconds;

  if (text == NULL)
    return -1;
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT32, &seconds, NULL))
    return (gint64) seconds * 1000;
  date = soup_date_time_new_from_http_string (text);
  return date != NULL ? MAX (g_date_time_to_unix (date) - utc_s, 0) * 1000 : -1;
}
