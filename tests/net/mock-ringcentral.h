/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A RingCentral in the test's own process that does exactly what a test tells it, wrong things above all.
 */
#pragma once

#include <libsoup/soup.h>

#include "ps-ringcentral-client.h"

G_BEGIN_DECLS

typedef struct {
  char *line; /* "GET /path?query" */
  char *accept;
  char *body;
} MockRequest;

typedef struct {
  SoupServer *server;
  char *origin;

  GPtrArray *requests; /* (element-type MockRequest) of REST */
  GQueue replies;      /* of MockReply */

  /* The event socket. */
  guint tokens;           /* wstokens given out: "token-1" … */
  guint token_status;     /* 0: a token */
  guint handshake_status; /* 0: upgrade */
  const char *handshake_retry_after;
  GPtrArray *queries;              /* (element-type utf8): of each connect */
  SoupWebsocketConnection *socket; /* (owned) (nullable): the last one */
  const char *details;             /* body of ConnectionDetails; NULL: none is sent */
  const char *recovered;           /* the same when a wsc was shown; NULL: details */
  guint subscribe_status;
  const char *subscribe_body; /* NULL: no answer at all */
  gboolean deaf;              /* heartbeats are not answered */
  guint subscribed, heartbeats;
  char *last_subscription; /* text of the frame */
  guint sequence;          /* of wsc */
} Mock;

Mock *mock_new (void);
void mock_free (Mock *mock);

/* The answer to the next request whose line is @line. "ORIGIN" in @body becomes the
 * address of the mock. */
void mock_reply (Mock *mock, const char *line, guint status, const char *body);
/* Every reply has been asked for. */
void mock_assert_all_used (Mock *mock);
const MockRequest *mock_request (Mock *mock, guint index);

/* A client of it, without tokens and with wide budgets. */
PsRingCentralClient *mock_client (Mock *mock);

void mock_send (Mock *mock, const char *text);
/* One presence event of the whole account, with the next wsc. */
void mock_send_presence (Mock *mock, const char *extension_id, const char *user_status, guint sequence);
/* Tears the line without a word. */
void mock_cut (Mock *mock);

/* Runs the main loop until @condition, or fails after 20 s. */
#define mock_wait(condition)                                                                                           \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;                                                   \
    guint waker = g_timeout_add (5, mock_wake_cb, NULL);                                                               \
    while (!(condition) && g_get_monotonic_time () < deadline)                                                         \
      g_main_context_iteration (NULL, TRUE);                                                                           \
    g_source_remove (waker);                                                                                           \
    if (!(condition))                                                                                                  \
      g_error ("%s:%d: waited in vain for: %s", __FILE__, __LINE__, #condition);                                       \
  }                                                                                                                    \
  G_STMT_END
gboolean mock_wake_cb (gpointer unused);

G_END_DECLS
