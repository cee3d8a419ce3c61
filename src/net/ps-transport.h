/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sends one HTTP request and comes back with a reply worth parsing, or an error worth reading.
 *
 * A transport belongs to one service (one scheme, host and port). It authorises each request from its token source,
 * waits for the budget of the request's rate group, counts what the reply says about limits, and repeats what may be
 * repeated:
 *
 * Graph: 401 → one forced refresh of the token, once; 429 → exactly Retry-After (without it 0.5 s doubling to 60 s,
 * jittered, at most 6 tries); 503 the same, on a new connection; 504 (on a new connection), other 5xx and broken
 * connections likewise if idempotent: a gateway that gave up waiting does not know whether it was done.
 * RingCentral: never refreshes on a 401; 429 → closes the group's budget for Retry-After (without it 60 s); 503 and, if
 * idempotent, other 5xx and broken connections: from 2 s doubling to 60 s, jittered, at most 5 tries.
 * Nobody waits for more than 5 minutes at a time: then the error comes, with retry_after_ms.
 * Waits are sources on the task, cancellable, never sleeps. With PS_SEND_ONCE nothing is repeated but the Graph 401:
 * the caller (the engine) decides again by itself.
 *
 * Plain http is accepted for loopback addresses only; TLS is always verified (a certificate file to trust in addition
 * can be given, for a tenant behind a private CA and for the demo tenant over https).
 */
#pragma once

#include <libsoup/soup.h>

#include "ps-budget.h"
#include "ps-error.h"
#include "ps-token-source.h"

G_BEGIN_DECLS

#define PS_TYPE_TRANSPORT (ps_transport_get_type ())
G_DECLARE_FINAL_TYPE (PsTransport, ps_transport, PS, TRANSPORT, GObject)

typedef enum {
  PS_SERVICE_MICROSOFT,
  PS_SERVICE_RINGCENTRAL,
} PsServiceKind;

typedef enum {
  PS_SEND_DEFAULT = 0,
  PS_SEND_IDEMPOTENT = 1 << 0, /* may be repeated after a broken connection or a 5xx */
  PS_SEND_ONCE = 1 << 1,       /* one attempt; a wait for the budget is refused with PS_ERROR_THROTTLED instead */
  PS_SEND_NO_BUDGET = 1 << 2,  /* the caller has taken the budget already */
  PS_SEND_PLAIN = 1 << 3,      /* no Authorization header (token endpoints) */
} PsSendFlags;

/* @base_url: "https://graph.microsoft.com" …; NULL-safe checks are done: @error is PS_ERROR_INPUT if it is no URL or
 * plain http to a host that is not loopback. @tokens: (nullable). */
PsTransport *ps_transport_new (PsServiceKind kind, const char *base_url, PsTokenSource *tokens, GError **error);
const char *ps_transport_base_url (PsTransport *self);
/* Rate groups by name: "presence" of Microsoft; "Light", "Medium", "Heavy", "Auth" of RingCentral ("Auth" is shared
 * with the token source). They exist from the start, with the published limits. Returns: (transfer none) (nullable). */
PsBudget *ps_transport_budget (PsTransport *self, const char *group);
/* Takes a reference; shared by everything that uses the same bucket. */
void ps_transport_set_budget (PsTransport *self, const char *group, PsBudget *budget);

typedef struct {
  const char *method;
  const char *path; /* with query, beginning with "/"; or an absolute link from a reply: accepted only if scheme, host
                       and port are the service's */
  const char *content_type;   /* (nullable) */
  GBytes *body;               /* (nullable) */
  const char *accept;         /* (nullable) */
  const char *const *headers; /* (nullable): NULL-ended name, value, name, value … */
  const char *group;          /* (nullable): rate group */
  PsUrgency urgency;
  PsSendFlags flags;
} PsRequest;

typedef struct {
  guint status;                /* 2xx or 304 */
  SoupMessageHeaders *headers; /* (owned) */
  GBytes *body;                /* (owned), never NULL; at most 64 MiB, more is PS_ERROR_BAD_REPLY */
  gint64 sent_ms;              /* when the attempt that succeeded left: what a reading is at least as new as */
} PsReply;
void ps_reply_free (PsReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsReply, ps_reply_free)

/* Copies what it needs of @request. Any status but 2xx and 304 becomes a PS_ERROR with details (codes by
 * ps-service-errors.c, from Graph's, Entra's and RingCentral's error bodies). */
void ps_transport_send_async (PsTransport *self, const PsRequest *request, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
PsReply *ps_transport_send_finish (PsTransport *self, GAsyncResult *result, GError **error);

typedef struct {
  guint64 calls, failed, throttled;
  gint64 last_success_ms; /* 0: never */
} PsTransportCounts;
PsTransportCounts ps_transport_counts (PsTransport *self);
/* The one clock of the program, in ms: UTC as it was when the program started, moved on by CLOCK_BOOTTIME. So it reads
 * as UTC, never jumps when somebody sets the wall clock, and includes the time a machine was suspended. Every *_ms of
 * net, store and the engine is of this clock. */
gint64 ps_now_ms (void);

/* Trusts @path (PEM) in addition to the system's authorities, for every transport and socket made afterwards. */
gboolean ps_transport_trust_file (const char *path, GError **error);
/* The User-Agent: "PresenceSync/0.1.0", one constant string per program (RingCentral guide "URIs"). */
const char *ps_user_agent (void);

G_END_DECLS
