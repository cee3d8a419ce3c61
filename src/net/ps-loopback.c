/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-loopback.h"

#include <string.h>

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "ps-clock.h"
#include "ps-token-grant.h"

/* When any port will do, the one that is free on 127.0.0.1 may not be so on ::1. */
#define PORT_TRIES 10

struct _PsLoopback {
  GObject parent_instance;

  SoupServer *server; /* (owned) (nullable): while it listens */
  guint port;
  char *path;         /* (owned) as requested: "/" for the bare address */
  char *redirect_uri; /* (owned) */
  char *host;         /* (owned) "localhost:PORT": what the browser calls us */

  char *answer;       /* (owned) (nullable): the redirect that came */
  gboolean answered;  /* … and its page is on the way */
  gboolean told;      /* … and was sent, or nobody is there any more to read it */
  GTask *waiting;     /* (owned) (nullable) */
  GSource *timeout;   /* (owned) (nullable) */
  GSource *cancelled; /* (owned) (nullable) */
  GSource *telling;   /* (owned) (nullable): the page was sent just now */
};

G_DEFINE_FINAL_TYPE (PsLoopback, ps_loopback, G_TYPE_OBJECT)

static void
stop_listening (PsLoopback *self)
{
  if (self->server == NULL)
    return;
  soup_server_remove_handler (self->server, NULL);
  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

/* Ends the wait. Takes @error (nullable). */
static void
end_wait (PsLoopback *self, GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->waiting);

  clear_source (&self->timeout);
  clear_source (&self->cancelled);
  clear_source (&self->telling);
  stop_listening (self);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->answer), (GDestroyNotify) ps_loopback_uri_free);
}

/* --- the one request --- */

static char *
page (const char *title, const char *text)
{
  return g_markup_printf_escaped (
      "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">"
      "<title>%s</title><style>:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;"
      "place-items:center;padding:1rem;box-sizing:border-box;font:1.1rem/1.5 system-ui,sans-serif;text-align:center}"
      "</style></head><body><main><h1>%s</h1><p>%s</p></main></body></html>\n",
      title, title, text);
}

static void
reply (SoupServerMessage *message, guint status, const char *title, const char *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *html = page (title, text);
  gsize length = strlen (html);

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  soup_message_headers_replace (headers, "Connection", "close");
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, g_steal_pointer (&html),
                                    length);
}

static gboolean
told_cb (gpointer user_data)
{
  PsLoopback *self = user_data;

  clear_source (&self->telling);
  if (self->waiting != NULL)
    end_wait (self, NULL);
  return G_SOURCE_REMOVE;
}

/* Sent, or the browser has gone: either way it was the one. The connection is in the midst of its own end here, so that
 * it is no time to take it down. */
static void
page_finished_cb (SoupServerMessage *message, gpointer user_data)
{
  GWeakRef *ref = user_data;
  g_autoptr (PsLoopback) self = g_weak_ref_get (ref);

  if (self == NULL || self->server == NULL)
    return;
  self->told = TRUE;
  self->telling = g_idle_source_new ();
  g_source_set_callback (self->telling, told_cb, self, NULL);
  g_source_attach (self->telling, g_main_context_get_thread_default ());
}

static void
free_weak_ref (gpointer data, GClosure *closure)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static void
take_answer (PsLoopback *self, SoupServerMessage *message, const char *query)
{
  GWeakRef *ref = g_new0 (GWeakRef, 1);

  self->answered = TRUE;
  self->answer = g_strdup_printf ("http://%s%s?%s", self->host, self->path, query);
  g_weak_ref_init (ref, self);
  g_signal_connect_data (message, "finished", G_CALLBACK (page_finished_cb), ref, free_weak_ref, 0);
  reply (message, SOUP_STATUS_OK, _ ("You can close this window"), _ ("Presence Sync goes on by itself."));
}

/* A name of somebody else's that was made to lead here (DNS rebinding) is not ours. */
static gboolean
is_for_us (PsLoopback *self, SoupServerMessage *message)
{
  const char *host = soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host");

  return host != NULL && g_ascii_strcasecmp (host, self->host) == 0;
}

/* An early handler: a body, which no request of ours has, is not waited for. */
static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *unused, gpointer user_data)
{
  PsLoopback *self = user_data;
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const char *method = soup_server_message_get_method (message);

  if (!is_for_us (self, message) || g_strcmp0 (path, self->path) != 0 || query == NULL || query[0] == '\0' ||
      self->answered) {
    reply (message, SOUP_STATUS_NOT_FOUND, _ ("There is nothing here"), _ ("Go back to Presence Sync."));
  } else if (g_strcmp0 (method, SOUP_METHOD_GET) != 0) {
    soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow", "GET");
    reply (message, SOUP_STATUS_METHOD_NOT_ALLOWED, _ ("There is nothing here"), _ ("Go back to Presence Sync."));
  } else {
    take_answer (self, message, query);
  }
}

/* --- listening --- */

static guint
port_of (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint port = uris != NULL ? (guint) g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/* Both addresses on one port: "localhost" may mean either. A computer without IPv6 does without. @port: 0: any. */
static gboolean
listen_on (SoupServer *server, guint port, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (!soup_server_listen_local (server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;
  if (soup_server_listen_local (server, port_of (server), SOUP_SERVER_LISTEN_IPV6_ONLY, &local_error))
    return TRUE;
  if (!g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE)) {
    g_debug ("Without IPv6: %s", local_error->message);
    return TRUE;
  }
  soup_server_disconnect (server);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
start_listening (PsLoopback *self, guint port, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->server, NULL, request_cb, self, NULL);
  for (guint i = 0; i < PORT_TRIES; i++) {
    g_clear_error (&local_error);
    if (listen_on (self->server, port, &local_error)) {
      self->port = port_of (self->server);
      return TRUE;
    }
    if (port != 0 || !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
      break;
  }
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_propagate_error (
        error, ps_error_new (PS_ERROR_NETWORK,
                             _ ("Port %u of this computer, where the browser is to bring the answer, is used by "
                                "another program; perhaps by another sign-in that has not ended yet. Close that "
                                "program and try again."),
                             port));
  else
    g_propagate_error (error, ps_error_new (PS_ERROR_NETWORK,
                                            _ ("The answer of the browser cannot be waited for on this computer: %s"),
                                            local_error->message));
  return FALSE;
}

PsLoopback *
ps_loopback_new (guint port, const char *path, GError **error)
{
  g_autoptr (PsLoopback) self = NULL;

  g_return_val_if_fail (path != NULL && (path[0] == '\0' || path[0] == '/'), NULL);
  g_return_val_if_fail (port <= G_MAXUINT16, NULL);

  self = g_object_new (PS_TYPE_LOOPBACK, NULL);
  if (!start_listening (self, port, error))
    return NULL;
  self->path = g_strdup (path[0] != '\0' ? path : "/");
  self->host = g_strdup_printf ("localhost:%u", self->port);
  self->redirect_uri = g_strdup_printf ("http://%s%s", self->host, path);
  return g_steal_pointer (&self);
}

/* --- waiting --- */

static gboolean
timeout_cb (gpointer user_data)
{
  PsLoopback *self = user_data;

  end_wait (self, ps_error_new (PS_ERROR_NETWORK,
                                _ ("Nobody has finished the sign-in in the browser, so it is no longer waited for. "
                                   "Start it again when you are ready.")));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  PsLoopback *self = user_data;
  GError *error = NULL;

  g_cancellable_set_error_if_cancelled (cancellable, &error);
  end_wait (self, error);
  return G_SOURCE_REMOVE;
}

static void
attach (GTask *task, GSource **slot, GSource *source, GSourceFunc callback, PsLoopback *self)
{
  *slot = source;
  g_source_set_callback (source, callback, self, NULL);
  g_source_attach (source, g_task_get_context (task));
}

void
ps_loopback_wait_async (PsLoopback *self, gint64 timeout_ms, GCancellable *cancellable, GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_return_if_fail (PS_IS_LOOPBACK (self));
  g_return_if_fail (self->waiting == NULL && self->server != NULL);

  /* The task holds self: sources and signals of ours find it. */
  self->waiting = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (self->waiting, ps_loopback_wait_async);
  if (cancellable != NULL)
    attach (self->waiting, &self->cancelled, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (cancelled_cb),
            self);
  if (timeout_ms >= 0)
    attach (self->waiting, &self->timeout, ps_clock_timeout_source_new (timeout_ms), timeout_cb, self);
  if (self->told)
    end_wait (self, NULL);
}

char *
ps_loopback_wait_finish (PsLoopback *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_loopback_wait_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
ps_loopback_uri_free (char *uri)
{
  ps_secret_free (uri);
}

/* --- the object --- */

static void
ps_loopback_dispose (GObject *object)
{
  PsLoopback *self = PS_LOOPBACK (object);

  clear_source (&self->timeout);
  clear_source (&self->cancelled);
  clear_source (&self->telling);
  stop_listening (self);
  G_OBJECT_CLASS (ps_loopback_parent_class)->dispose (object);
}

static void
ps_loopback_finalize (GObject *object)
{
  PsLoopback *self = PS_LOOPBACK (object);

  g_free (self->path);
  g_free (self->redirect_uri);
  g_free (self->host);
  ps_loopback_uri_free (self->answer);
  G_OBJECT_CLASS (ps_loopback_parent_class)->finalize (object);
}

static void
ps_loopback_class_init (PsLoopbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ps_loopback_dispose;
  object_class->finalize = ps_loopback_finalize;
}

static void
ps_loopback_init (PsLoopback *self)
{
}

const char *
ps_loopback_redirect_uri (PsLoopback *self)
{
  g_return_val_if_fail (PS_IS_LOOPBACK (self), NULL);

  return self->redirect_uri;
}

guint
ps_loopback_port (PsLoopback *self)
{
  g_return_val_if_fail (PS_IS_LOOPBACK (self), 0);

  return self->port;
}
