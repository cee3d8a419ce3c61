/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant inside the test's own process, and a plain HTTP client for it. Client and server share the main
 * context: each function that waits runs it, until what it waits for is there or a deadline is over (then the test
 * fails).
 */
#pragma once

#include "ps-tenant-server.h"

G_BEGIN_DECLS

typedef struct {
  PsTenantServer *server; /* (owned) */
  SoupSession *session;   /* (owned) */
} TestServer;

/* A small company whose time stands still and in which nobody does anything by himself. */
#define TEST_SERVER_OPTIONS                                                                                            \
  {                                                                                                                    \
    .world = { .users = 40, .seed = 1, .start_ms = G_GINT64_CONSTANT (1767690000000) }, .speed = -1                    \
  }

/* @options NULL: TEST_SERVER_OPTIONS. No front is attached. */
TestServer *test_server_new (const PsTenantServerOptions *options);
/* Fails if the server does not go with it. */
void test_server_free (TestServer *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

typedef struct {
  guint status;                /* 0: @error is set */
  SoupMessageHeaders *headers; /* (owned) of the reply */
  char *text;                  /* (owned) the body, NUL-terminated */
  gsize size;
  JsonNode *json; /* (owned) (nullable): if the body is JSON */
  GError *error;  /* (owned) (nullable) */
} TestAnswer;

void test_answer_free (TestAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAnswer, test_answer_free)

/* @target: path and query. @body (nullable): sent as @content_type. */
TestAnswer *test_server_ask (TestServer *test, const char *method, const char *target, const char *content_type,
                             const char *body);
/* The same with JSON in and out: fails if the status is not @status or the answer not JSON. @body (nullable). */
TestAnswer *test_server_json (TestServer *test, const char *method, const char *target, const char *body, guint status);

/* The value at a path such as "$.people[0].teams"; fails if there is none or it is of another type. */
JsonNode *test_json_at (JsonNode *root, const char *path); /* (transfer full) */
const char *test_json_string (JsonNode *root, const char *path);
gint64 test_json_int (JsonNode *root, const char *path);
gboolean test_json_bool (JsonNode *root, const char *path);
guint test_json_length (JsonNode *root, const char *path);

/* Runs the main context until @condition holds; fails after 20 s. */
typedef gboolean (*TestCondition) (gpointer data);
void test_wait (TestCondition condition, gpointer data);
gboolean test_is_set (gpointer pointer);     /* *(gpointer *) pointer != NULL */
gboolean test_is_nonzero (gpointer pointer); /* *(guint *) pointer != 0 */

G_END_DECLS
