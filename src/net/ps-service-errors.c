/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-service-errors.h"
#include "ps-service-errors-private.h"

#include <glib/gi18n-lib.h>

#include "ps-json.h"
#include "ps-retry.h"

/* A reply that says nothing else than its status. %s: the service's name. */
static const struct {
  guint from, to;
  PsError error;
  const char *message;
} by_status[] = {
  { 300, 399, PS_ERROR_BAD_REPLY,
    N_ ("%s sent us to another address. It was not followed, since the access token would have gone there too. Check "
        "the address "
        "of the service, and whether this network asks for a sign-in page first.") },
  { 401, 401, PS_ERROR_SIGN_IN, N_ ("%s does not accept our sign-in any more. Connect again.") },
  { 403, 403, PS_ERROR_PERMISSION,
    N_ ("%s refused the request: a permission is missing. Give the application the permissions that the Connect page "
        "lists, and "
        "check again.") },
  { 404, 404, PS_ERROR_NOT_FOUND, N_ ("%s does not know what was asked for. It may have been deleted.") },
  { 407, 407, PS_ERROR_NETWORK,
    N_ ("The proxy on the way to %s wants to be signed in to. Set up the proxy of this computer, and try again.") },
  { 408, 408, PS_ERROR_SERVER, N_ ("%s took too long. Nothing is wrong here; it is tried again later.") },
  { 409, 409, PS_ERROR_SERVER, N_ ("%s is busy with the same thing for somebody else. It is tried again later.") },
  { 412, 412, PS_ERROR_SERVER, N_ ("%s is busy with the same thing for somebody else. It is tried again later.") },
  { 423, 423, PS_ERROR_SERVER, N_ ("%s is busy with the same thing for somebody else. It is tried again later.") },
  { 429, 429, PS_ERROR_THROTTLED,
    N_ ("%s takes no more requests from us for a while. It goes on by itself when the wait is over.") },
  { 501, 501, PS_ERROR_REFUSED, N_ ("%s cannot do what it was asked for. Look for an update of this program.") },
  { 400, 499, PS_ERROR_REFUSED,
    N_ ("%s did not accept the request. Asking again will not help; look for an update of this program.") },
  { 500, 599, PS_ERROR_SERVER,
    N_ ("%s has trouble of its own at the moment. Nothing is wrong here; it is tried again later.") },
};

static const char *
service_name (PsServiceKind kind)
{
  return kind == PS_SERVICE_MICROSOFT ? _ ("Microsoft 365") : _ ("RingCentral");
}

static GError *
error_from_status (PsServiceKind kind, guint status)
{
  for (guint i = 0; i < G_N_ELEMENTS (by_status); i++) {
    if (status >= by_status[i].from && status <= by_status[i].to) {
      g_autofree char *message = ps_service_errors_fill (_ (by_status[i].message), service_name (kind));

      return ps_error_new (by_status[i].error, "%s", message);
    }
  }
  return ps_error_new (PS_ERROR_BAD_REPLY, _ ("%s sent an answer with an unknown status (%u). Try again later."),
                       service_name (kind), status);
}

char *
ps_service_errors_fill (const char *message, const char *value)
{
  g_auto (GStrv) parts = g_strsplit (message, "%s", -1);

  return g_strjoinv (value, parts);
}

const PsServiceErrorRow *
ps_service_errors_find (const PsServiceErrorRow *rows, gsize n_rows, const char *code)
{
  if (code == NULL)
    return NULL;
  for (gsize i = 0; i < n_rows; i++) {
    if (g_ascii_strcasecmp (rows[i].code, code) == 0)
      return &rows[i];
  }
  return NULL;
}

static GError *
error_from_row (const PsServiceErrorRow *row, const char *parameter)
{
  g_autofree char *message =
      ps_service_errors_fill (_ (row->message), parameter != NULL ? parameter : _ ("(not named)"));

  return ps_error_new (row->error, "%s", message);
}

/* What speaks louder than any code: the codes of a 429 have changed over time, and 5xx is the service's own trouble. */
static gboolean
status_decides (guint status)
{
  return status == 429 || status >= 500;
}

static GError *
error_from_finding (PsServiceKind kind, guint status, const PsServiceFinding *finding)
{
  GError *error = NULL;

  if (finding->row != NULL && (!status_decides (status) || finding->row->error == PS_ERROR_THROTTLED))
    error = error_from_row (finding->row, finding->parameter);
  else
    error = error_from_status (kind, status);
  ps_error_set_service_code (error, status, finding->code, finding->request_id);
  return error;
}

/* A proxy, a filter or a network's sign-in page answers in the service's place: a 403 from it says nothing of
 * permissions. */
static gboolean
is_web_page (guint status, SoupMessageHeaders *headers)
{
  const char *type = headers != NULL ? soup_message_headers_get_content_type (headers, NULL) : NULL;

  return type != NULL && g_ascii_strcasecmp (type, "text/html") == 0 && status >= 400 && status != 401 &&
         status != 407 && !status_decides (status);
}

static const char *
find_request_id (PsServiceKind kind, SoupMessageHeaders *headers)
{
  if (headers == NULL)
    return NULL;
  return soup_message_headers_get_one (headers, kind == PS_SERVICE_MICROSOFT ? "request-id" : "RCRequestId");
}

static void
clear_finding (PsServiceFinding *finding)
{
  g_free (finding->code);
  g_free (finding->parameter);
  g_free (finding->request_id);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsServiceFinding, clear_finding)

GError *
ps_service_error_from_reply (PsServiceKind kind, guint status, SoupMessageHeaders *headers, GBytes *body)
{
  g_auto (PsServiceFinding) finding = { NULL };
  g_autoptr (JsonObject) object = body != NULL ? ps_json_parse_object (body, NULL) : NULL;
  PsErrorDetails *details;
  GError *error;

  if (kind == PS_SERVICE_MICROSOFT)
    ps_service_errors_read_microsoft (object, status, &finding);
  else
    ps_service_errors_read_ringcentral (object, status, &finding);
  if (finding.request_id == NULL)
    finding.request_id = g_strdup (find_request_id (kind, headers));
  if (object == NULL && is_web_page (status, headers)) {
    error = ps_error_new (
        PS_ERROR_BAD_REPLY,
        _ ("A web page came in place of %s's answer. A proxy, a filter or the sign-in page of this network is "
           "in between, or the address of the service is wrong. Check both, and try again."),
        service_name (kind));
    ps_error_set_service_code (error, status, NULL, finding.request_id);
  } else {
    error = error_from_finding (kind, status, &finding);
  }
  details = ps_error_details (error);
  details->retry_after_ms = ps_retry_after (headers, g_get_real_time () / G_USEC_PER_SEC);
  return error;
}

GError *
ps_service_error_from_code (PsServiceKind kind, guint status, const char *code, const char *parameter)
{
  PsServiceFinding finding = { NULL, (char *) code, (char *) parameter, NULL };

  finding.row = kind == PS_SERVICE_MICROSOFT ? ps_service_errors_find_microsoft (code, status)
                                             : ps_service_errors_find_ringcentral (code, status);
  return error_from_finding (kind, status, &finding);
}

static GError *
tls_error (const char *host, GTlsCertificateFlags flags)
{
  const char *message;

  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    message = _ ("The certificate of %s has expired, so it is not sure who answers there. Check the date of this "
                 "computer; if it "
                 "is right, tell whoever runs the service.");
  else if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    message = _ ("The certificate of %s is not valid yet. Check the date of this computer.");
  else if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    message = _ ("The server that answers for %s shows the certificate of somebody else. Check the address; in a "
                 "foreign network, "
                 "its sign-in page may be in between.");
  else if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    message = _ (
        "The certificate of %s is from an authority that this computer does not trust. If a proxy of your organisation "
        "opens encrypted connections, install its certificate on this computer.");
  else
    message =
        _ ("No safe connection to %s could be made: its certificate or its encryption is not accepted. Check whether "
           "something on the way interferes with encrypted connections.");
  {
    g_autofree char *text = ps_service_errors_fill (message, host);

    return ps_error_new (PS_ERROR_TLS, "%s", text);
  }
}

static const char *
network_message (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return _ ("The name %s cannot be found. Check the connection to the Internet, and the address.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return _ ("%s does not take connections. Check the address; if it is right, try again later.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return _ ("%s does not answer. Check the connection to the Internet, and try again later.");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    return _ ("There is no way to %s. Check the connection to the Internet.");
  if (error->domain == G_IO_ERROR && error->code >= G_IO_ERROR_PROXY_FAILED &&
      error->code <= G_IO_ERROR_PROXY_NOT_ALLOWED)
    return _ ("The proxy on the way to %s refuses the connection. Check the proxy settings of this computer.");
  return _ ("The connection to %s broke. Check the connection to the Internet, and try again.");
}

GError *
ps_service_error_from_network (const char *host, const GError *error, GTlsCertificateFlags tls_errors)
{
  g_autofree char *message = NULL;

  g_debug ("%s: %s", host, error->message);
  if (tls_errors != 0 || (error->domain == G_TLS_ERROR && error->code != G_TLS_ERROR_EOF))
    return tls_error (host, tls_errors);
  message = ps_service_errors_fill (network_message (error), host);
  return ps_error_new (PS_ERROR_NETWORK, "%s", message);
}

void
ps_service_error_name_permission (GError *error, const char *permission)
{
  if (!g_error_matches (error, PS_ERROR, PS_ERROR_PERMISSION))
    return;
  g_free (error->message);
  error->message =
      g_strdup_printf (_ ("The permission “%s” is missing, or an administrator has not consented to it. Add it to the "
                          "application as an application permission, grant admin consent, and check again."),
                       permission);
}
