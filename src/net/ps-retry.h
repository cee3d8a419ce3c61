/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether a request that failed is sent again, and when. Pure: no clock, no dice, no socket. Internal to net.
 */
#pragma once

#include <libsoup/soup.h>

#include "ps-transport.h"

G_BEGIN_DECLS

/* A longer wait than this is not sat through: the caller hears of it, and the budget stays closed meanwhile. */
#define PS_RETRY_LONGEST_MS (5 * 60 * 1000)

typedef struct {
  PsServiceKind kind;
  guint status;          /* 0: no reply, the connection broke */
  gint64 retry_after_ms; /* -1: the reply named none */
  gboolean idempotent;   /* may be done twice */
  gboolean once;         /* the caller decides again by itself */
  gboolean authorized;   /* a token went with it … */
  gboolean refreshed;    /* … which is already the second one */
  guint attempt;         /* 1: the first has failed */
  double jitter;         /* 0 … 1, evenly */
} PsRetryQuestion;

typedef enum {
  PS_RETRY_GIVE_UP,
  PS_RETRY_REFRESH, /* at once, with another token */
  PS_RETRY_WAIT,    /* after wait_ms */
} PsRetryAction;

typedef struct {
  PsRetryAction action;
  gint64 wait_ms;
  gint64 close_ms; /* for so long nothing may leave in this rate group, for nobody; 0: open */
  gboolean new_connection;
} PsRetryAnswer;

PsRetryAnswer ps_retry_decide (const PsRetryQuestion *question);

/* Retry-After in ms, given in seconds or as a date (RFC 9110 §10.2.3), or -1. @utc_s: now, for the date. */
gint64 ps_retry_after (SoupMessageHeaders *headers, gint64 utc_s);

G_END_DECLS
