/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-http.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-service-errors.h"
#include "ps-transport.h"

/* A server that says nothing for this long is taken for gone. */
#define SILENCE_S    30
#define IDLE_S       60
#define MAX_PARALLEL 8
#define CHUNK        (64 * 1024)

/* What the administrator trusts in addition. */
static GTlsDatabase *trusted; /* (owned) (nullable) */

typedef struct {
  SoupMessage *message; /* (owned) */
  GInputStream *stream; /* (owned) (nullable) */
  GByteArray *body;     /* (owned) */
} Exchange;

static void
exchange_free (Exchange *exchange)
{
  g_clear_object (&exchange->message);
  g_clear_object (&exchange->stream);
  g_clear_pointer (&exchange->body, g_byte_array_unref);
  g_free (exchange);
}

gboolean
ps_http_is_loopback (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;
  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

GUri *
ps_http_parse_base_url (const char *url, GError **error)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  gboolean plain = g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "ws") == 0;

  if (uri == NULL || (!plain && g_strcmp0 (scheme, "https") != 0 && g_strcmp0 (scheme, "wss") != 0) ||
      g_uri_get_host (uri) == NULL || g_uri_get_host (uri)[0] == '\0' || g_uri_get_userinfo (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL) {
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT,
                                            _ ("“%s” is not the address of a service. It must look like "
                                               "“https://host.example”."),
                                            url != NULL ? url : ""));
    return NULL;
  }
  if (plain && !ps_http_is_loopback (uri)) {
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_INPUT,
                                     _ ("The address “%s” is not encrypted, so that everybody on the way could read "
                                        "the credentials. Use an address that begins with “https”; an unencrypted "
                                        "one is accepted for this computer only."),
                                     url));
    return NULL;
  }
  return g_steal_pointer (&uri);
}

static gboolean
same_service (GUri *base, GUri *link)
{
  return g_uri_get_userinfo (link) == NULL && g_strcmp0 (g_uri_get_scheme (base), g_uri_get_scheme (link)) == 0 &&
         g_uri_get_host (link) != NULL && g_ascii_strcasecmp (g_uri_get_host (base), g_uri_get_host (link)) == 0 &&
         g_uri_get_port (base) == g_uri_get_port (link);
}

GUri *
ps_http_resolve (GUri *base, const char *path, GError **error)
{
  g_autoptr (GUri) uri = NULL;

  if (path[0] == '/' && path[1] != '/') {
    g_autofree char *prefix = g_uri_to_string_partial (base, G_URI_HIDE_QUERY);
    g_autofree char *text = NULL;

    if (g_str_has_suffix (prefix, "/"))
      prefix[strlen (prefix) - 1] = '\0';
    text = g_strconcat (prefix, path, NULL);
    uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  } else {
    uri = g_uri_parse (path, SOUP_HTTP_URI_FLAGS, NULL);
  }
  if (uri == NULL || !same_service (base, uri)) {
    g_propagate_error (error,
                       ps_error_new (PS_ERROR_BAD_REPLY,
                                     _ ("The service %s pointed to another place for the rest of its answer. It was "
                                        "not followed, since the access token would have gone there too."),
                                     g_uri_get_host (base)));
    return NULL;
  }
  return g_steal_pointer (&uri);
}

const char *
ps_user_agent (void)
{
  return "PresenceSync/" PS_VERSION;
}

gboolean
ps_transport_trust_file (const char *path, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &local_error);

  if (database == NULL) {
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("The certificates in “%s” cannot be used: %s"), path,
                                            local_error->message));
    return FALSE;
  }
  g_clear_object (&trusted);
  trusted = database;
  return TRUE;
}

SoupSession *
ps_http_session_new (void)
{
  SoupSession *session =
      soup_session_new_with_options ("user-agent", ps_user_agent (), "timeout", SILENCE_S, "idle-timeout", IDLE_S,
                                     "max-conns-per-host", MAX_PARALLEL, NULL);

  /* Tokens are ours to send: libsoup shall not answer a 401 with anything it remembers. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return session;
}

/* The system's authorities have said no: ask those that the administrator named. They must be content with everything:
 * chain, host name and dates. */
static gboolean
accept_certificate_cb (SoupMessage *message, GTlsCertificate *certificate, GTlsCertificateFlags errors,
                       gpointer user_data)
{
  GUri *uri = soup_message_get_uri (message);
  g_autoptr (GSocketConnectable) identity = NULL;

  if (trusted == NULL)
    return FALSE;
  identity = g_network_address_new (g_uri_get_host (uri), (guint16) g_uri_get_port (uri));
  return g_tls_database_verify_chain (trusted, certificate, G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL) == 0;
}

SoupMessage *
ps_http_message_new (const char *method, GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), NULL);
  return message;
}

static void
return_trouble (GTask *task, GError *error)
{
  Exchange *exchange = g_task_get_task_data (task);
  g_autoptr (GError) owned = error;

  if (g_task_return_error_if_cancelled (task))
    return;
  g_task_return_error (
      task, ps_service_error_from_network (g_uri_get_host (soup_message_get_uri (exchange->message)), owned,
                                           soup_message_get_tls_peer_certificate_errors (exchange->message)));
}

static void
return_too_long (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_task_return_error (task, ps_error_new (PS_ERROR_BAD_REPLY,
                                           _ ("%s sent an answer that is far too long. The rest was not read."),
                                           g_uri_get_host (soup_message_get_uri (exchange->message))));
}

static void read_on (GTask *task);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) chunk = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);
  gsize length;

  if (chunk == NULL) {
    return_trouble (task, error);
    return;
  }
  length = g_bytes_get_size (chunk);
  if (length == 0) {
    g_task_return_pointer (task, g_byte_array_free_to_bytes (g_steal_pointer (&exchange->body)),
                           (GDestroyNotify) g_bytes_unref);
    return;
  }
  if (length > PS_HTTP_MAX_BODY - exchange->body->len) {
    return_too_long (task);
    return;
  }
  g_byte_array_append (exchange->body, g_bytes_get_data (chunk, NULL), (guint) length);
  read_on (g_steal_pointer (&task));
}

static void
read_on (GTask *task)
{
  Exchange *exchange = g_task_get_task_data (task);

  g_input_stream_read_bytes_async (exchange->stream, CHUNK, G_PRIORITY_DEFAULT, g_task_get_cancellable (task), read_cb,
                                   task);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (exchange->stream == NULL) {
    return_trouble (task, error);
    return;
  }
  if (soup_message_headers_get_encoding (soup_message_get_response_headers (exchange->message)) ==
          SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (soup_message_get_response_headers (exchange->message)) >
          PS_HTTP_MAX_BODY) {
    return_too_long (task);
    return;
  }
  read_on (g_steal_pointer (&task));
}

void
ps_http_send_async (SoupSession *session, SoupMessage *message, GCancellable *cancellable, GAsyncReadyCallback callback,
                    gpointer user_data)
{
  GTask *task = g_task_new (session, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->message = g_object_ref (message);
  exchange->body = g_byte_array_new ();
  g_task_set_source_tag (task, ps_http_send_async);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, sent_cb, task);
}

GBytes *
ps_http_send_finish (SoupSession *session, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_http_send_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
