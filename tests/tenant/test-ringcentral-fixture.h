/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant with the RingCentral front only, a signed-in administrator, and an event socket that keeps what it is
 * told.
 */
#pragma once

#include "ps-rc-front.h"
#include "test-server-fixture.h"

G_BEGIN_DECLS

#define RC_ACCOUNT "/restapi/v1.0/account/~"

typedef struct {
  TestServer *test;       /* (owned) */
  PsTenantServer *server; /* (not owned) */
  PsTenantWorld *world;   /* (not owned) */
  char *token;            /* (owned): the administrator's access token */
  char *refresh_token;    /* (owned) */
} Rc;

Rc *rc_new (const PsTenantServerOptions *options); /* NULL: TEST_SERVER_OPTIONS */
void rc_free (Rc *rc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rc, rc_free)

/* Each header is a pair; the list ends with NULL. */
TestAnswer *rc_send (Rc *rc, const char *method, const char *target, const char *content_type, const char *body,
                     ...) G_GNUC_NULL_TERMINATED;
/* With the administrator's token and a JSON body (nullable); fails if the status is another. */
TestAnswer *rc_call (Rc *rc, const char *method, const char *target, const char *body, guint status);
TestAnswer *rc_get (Rc *rc, guint status, const char *target_format, ...) G_GNUC_PRINTF (3, 4);
/* Like rc_call(), and the error has this code, in errors[0]. */
void rc_refused (Rc *rc, const char *method, const char *target, const char *body, guint status, const char *code);
void rc_assert_code (TestAnswer *answer, guint status, const char *code);
/* POST /restapi/oauth/token, as the confidential client with Basic or, @basic FALSE, without a header. */
TestAnswer *rc_token (Rc *rc, gboolean basic, const char *form);
TestAnswer *rc_login (Rc *rc); /* by JWT: 200 */

PsTenantExtension *rc_user (Rc *rc, guint n); /* the n-th enabled user that is no administrator */
PsTenantExtension *rc_queue (Rc *rc);         /* a call queue */

typedef struct {
  SoupWebsocketConnection *connection; /* (owned) */
  GPtrArray *messages;                 /* (owned) JsonNode */
  guint taken;
  gboolean closed;
} RcSocket;

char *rc_socket_token (Rc *rc);
RcSocket *rc_socket_new (Rc *rc, const char *ws_token, const char *wsc);
void rc_socket_free (RcSocket *socket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RcSocket, rc_socket_free)
/* Returns: (transfer none): the next message; fails if none comes. */
JsonNode *rc_socket_next (RcSocket *socket);
void rc_socket_send (RcSocket *socket, const char *text);
/* Sends a ClientRequest and returns its reply. @body (nullable). (transfer none) */
JsonNode *rc_socket_request (RcSocket *socket, const char *method, const char *path, const char *body, guint status);
/* Fails if a message comes before the reply to a heartbeat. */
void rc_socket_assert_silent (RcSocket *socket);
void rc_socket_wait_closed (RcSocket *socket);
/* Subscribes to one filter. */
void rc_socket_subscribe (RcSocket *socket, const char *filter);

G_END_DECLS
