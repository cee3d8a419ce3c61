/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A service in the test's own process, on a free port of 127.0.0.1: answers from a script, in order, and keeps what it
 * was asked. And what a test needs to wait for an answer: conditions with a deadline, never a delay.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _FakeService FakeService;

typedef struct {
  char *method, *path;         /* (owned): path with query, as sent */
  SoupMessageHeaders *headers; /* (owned) */
  char *body;                  /* (owned) */
  guint port;                  /* of the client: tells connections apart */
  gint64 ms;                   /* ps_now_ms() */
} FakeRequest;

FakeService *fake_service_new (void);
/* Fails the test if something of the script was not asked for. */
void fake_service_free (FakeService *self);
const char *fake_service_url (FakeService *self);

/* The next reply. @content_type, @body: (nullable). Then header name, value … NULL. */
void fake_service_reply (FakeService *self, guint status, const char *content_type, const char *body,
                         ...) G_GNUC_NULL_TERMINATED;
void fake_service_json (FakeService *self, guint status, const char *body);
/* The next request gets half a reply, or none, and the line is cut; or silence until the service is freed. */
void fake_service_tear (FakeService *self, gboolean half);
void fake_service_stall (FakeService *self);
/* A body of @length blanks. */
void fake_service_flood (FakeService *self, gsize length);

guint fake_service_count (FakeService *self);
const FakeRequest *fake_service_request (FakeService *self, guint index);
const char *fake_request_header (const FakeRequest *request, const char *name);

/* A GAsyncReadyCallback whose user_data is a GAsyncResult *, NULL before. */
void fake_keep_result (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the main loop until *@result is there. */
void fake_wait (GAsyncResult **result);
/* … until ps_now_ms() has come so far. */
void fake_wait_until (gint64 ms);
/* … until as many requests have come. */
void fake_wait_requests (FakeService *self, guint count);

G_END_DECLS
