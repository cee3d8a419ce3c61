/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-service-errors.h"

#include <string.h>

#define GRAPH PS_SERVICE_MICROSOFT
#define RC    PS_SERVICE_RINGCENTRAL
#define AADSTS(word, number)                                                                                           \
  "{\"error\":\"" word "\",\"error_description\":\"AADSTS" number                                                      \
  ": Do not show this.\\r\\nTrace ID: t\",\"error_codes\":[" number "],\"trace_id\":\"t-1\",\"correlation_id\":\"c\"}"
#define GRAPH_ERROR(code)                                                                                              \
  "{\"error\":{\"code\":\"" code "\",\"message\":\"Do not show this.\",\"innerError\":{\"request-id\":\"r-1\"}}}"
#define RC_ERROR(code)                                                                                                 \
  "{\"errorCode\":\"" code "\",\"message\":\"Do not show this.\",\"errors\":[{\"errorCode\":\"" code                   \
  "\",\"message\":\"Do not show this.\"}]}"
#define RC_OAUTH(word, code)                                                                                           \
  "{\"error\":\"" word "\",\"errors\":[{\"errorCode\":\"" code                                                         \
  "\",\"message\":\"Do not show this.\"}],\"error_description\":\"Do not show.\"}"

static const struct {
  PsServiceKind kind;
  guint status;
  const char *body; /* JSON, or HTML if it begins with "<"; NULL: empty */
  PsError error;
  const char *part; /* of the message */
  const char *code;
} cases[] = {
  /* Entra */
  { GRAPH, 401, AADSTS ("invalid_client", "7000215"), PS_ERROR_SIGN_IN, "secret's ID", "AADSTS7000215" },
  { GRAPH, 401, AADSTS ("invalid_client", "7000222"), PS_ERROR_SECRET_EXPIRED, "Update secret", "AADSTS7000222" },
  { GRAPH, 400, AADSTS ("unauthorized_client", "700016"), PS_ERROR_SIGN_IN, "client) ID", "AADSTS700016" },
  { GRAPH, 400, AADSTS ("invalid_request", "90002"), PS_ERROR_SIGN_IN, "does not know this tenant", "AADSTS90002" },
  { GRAPH, 400, AADSTS ("invalid_request", "900382"), PS_ERROR_SIGN_IN, "another Microsoft cloud", "AADSTS900382" },
  { GRAPH, 400, AADSTS ("unauthorized_client", "7000112"), PS_ERROR_SIGN_IN, "switched off", "AADSTS7000112" },
  { GRAPH, 401, AADSTS ("invalid_client", "700027"), PS_ERROR_SIGN_IN, "certificate", "AADSTS700027" },
  { GRAPH, 400, AADSTS ("invalid_grant", "65001"), PS_ERROR_PERMISSION, "consent", "AADSTS65001" },
  { GRAPH, 400, AADSTS ("invalid_grant", "50173"), PS_ERROR_SIGN_IN, "Sign in again", "AADSTS50173" },
  { GRAPH, 400, AADSTS ("interaction_required", "53003"), PS_ERROR_SIGN_IN, "Conditional Access", "AADSTS53003" },
  { GRAPH, 400, AADSTS ("temporarily_unavailable", "7000215"), PS_ERROR_SERVER, "tried again", "AADSTS7000215" },
  { GRAPH, 400, AADSTS ("invalid_client", "123456789"), PS_ERROR_SIGN_IN, "credentials", "AADSTS123456789" },
  { GRAPH, 400, "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: x\"}", PS_ERROR_SECRET_EXPIRED,
    "expired", "AADSTS7000222" },
  { GRAPH, 400, "{\"error\":\"invalid_client\",\"error_codes\":\"7000222\",\"error_description\":7}", PS_ERROR_SIGN_IN,
    "client ID", "invalid_client" },
  { GRAPH, 400, "{\"error\":\"never_heard_of\"}", PS_ERROR_REFUSED, "Microsoft 365", "never_heard_of" },
  { GRAPH, 503, AADSTS ("server_error", "90033"), PS_ERROR_SERVER, "tried again", "AADSTS90033" },
  /* Graph */
  { GRAPH, 401, GRAPH_ERROR ("InvalidAuthenticationToken"), PS_ERROR_SIGN_IN, "Connect again",
    "InvalidAuthenticationToken" },
  { GRAPH, 401, GRAPH_ERROR ("Unauthorized"), PS_ERROR_PERMISSION, "consent", "Unauthorized" },
  { GRAPH, 401, GRAPH_ERROR (""), PS_ERROR_PERMISSION, "consent", NULL },
  { GRAPH, 403, GRAPH_ERROR ("Authorization_RequestDenied"), PS_ERROR_PERMISSION, "consent",
    "Authorization_RequestDenied" },
  { GRAPH, 403, GRAPH_ERROR (""), PS_ERROR_PERMISSION, "permission", NULL },
  { GRAPH, 403, NULL, PS_ERROR_PERMISSION, "permission", NULL },
  { GRAPH, 404, GRAPH_ERROR ("Request_ResourceNotFound"), PS_ERROR_NOT_FOUND, "deleted", "Request_ResourceNotFound" },
  { GRAPH, 410, GRAPH_ERROR ("resyncRequired"), PS_ERROR_REFUSED, "read anew", "resyncRequired" },
  { GRAPH, 400, GRAPH_ERROR ("BadRequest"), PS_ERROR_REFUSED, "Asking again", "BadRequest" },
  { GRAPH, 429, GRAPH_ERROR ("UnknownError"), PS_ERROR_THROTTLED, "for a while", "UnknownError" },
  { GRAPH, 429, GRAPH_ERROR ("Authorization_RequestDenied"), PS_ERROR_THROTTLED, "for a while",
    "Authorization_RequestDenied" },
  { GRAPH, 500, GRAPH_ERROR ("BadRequest"), PS_ERROR_SERVER, "tried again", "BadRequest" },
  { GRAPH, 503, "<html>", PS_ERROR_SERVER, "tried again", NULL },
  { GRAPH, 403, "<html>Blocked by your proxy</html>", PS_ERROR_BAD_REPLY, "web page", NULL },
  { GRAPH, 401, "<html>", PS_ERROR_PERMISSION, "consent", NULL },
  { GRAPH, 407, "<html>", PS_ERROR_NETWORK, "proxy", NULL },
  { GRAPH, 302, NULL, PS_ERROR_BAD_REPLY, "another address", NULL },
  { GRAPH, 409, NULL, PS_ERROR_SERVER, "tried again", NULL },
  { GRAPH, 418, NULL, PS_ERROR_REFUSED, "Microsoft 365", NULL },
  { GRAPH, 199, NULL, PS_ERROR_BAD_REPLY, "199", NULL },
  /* The deepest that is understood. */
  { GRAPH, 403,
    "{\"error\":{\"code\":\"Whatever\",\"innerError\":{\"code\":\"accessDenied\",\"innererror\":{\"code\":"
    "\"evenNewer\"}}}}",
    PS_ERROR_PERMISSION, "consent", "accessDenied" },
  { GRAPH, 400, "{\"error\":{\"code\":\"\",\"innererror\":{\"code\":\"syncStateNotFound\"}}}", PS_ERROR_REFUSED,
    "read anew", "syncStateNotFound" },
  { GRAPH, 400, "{\"error\":{\"code\":7,\"innererror\":[]}}", PS_ERROR_REFUSED, "Asking again", NULL },
  { GRAPH, 400, "{\"error\":null}", PS_ERROR_REFUSED, "Asking again", NULL },
  { GRAPH, 400, "[]", PS_ERROR_REFUSED, "Asking again", NULL },
  { GRAPH, 400, "{\"err", PS_ERROR_REFUSED, "Asking again", NULL },
  /* RingCentral's sign-in */
  { RC, 400, RC_OAUTH ("invalid_client", "OAU-153"), PS_ERROR_SIGN_IN, "client secret", "OAU-153" },
  { RC, 400, RC_OAUTH ("invalid_grant", "OAU-140"), PS_ERROR_SIGN_IN, "JWT", "OAU-140" },
  { RC, 400, RC_OAUTH ("unauthorized_client", "OAU-112"), PS_ERROR_SIGN_IN, "not made for", "OAU-112" },
  { RC, 400, RC_OAUTH ("invalid_grant", "OAU-999"), PS_ERROR_SIGN_IN, "Connect again", "OAU-999" },
  { RC, 400, "{\"error\":\"invalid_client\"}", PS_ERROR_SIGN_IN, "client ID", "invalid_client" },
  /* RingCentral's platform */
  { RC, 401, RC_ERROR ("TokenInvalid"), PS_ERROR_SIGN_IN, "Connect again", "TokenInvalid" },
  { RC, 403,
    "{\"errorCode\":\"InsufficientPermissions\",\"permissionName\":\"ReadPresence\",\"errors\":[{\"errorCode\":\"CMN-"
    "401\"}]}",
    PS_ERROR_PERMISSION, "“ReadPresence”", "CMN-401" },
  { RC, 401, "{\"errorCode\":\"InsufficientPermissions\",\"permissionName\":\"EditPresence\"}", PS_ERROR_PERMISSION,
    "“EditPresence”", "InsufficientPermissions" },
  { RC, 403, "{\"errors\":[{\"errorCode\":\"CMN-408\",\"permissionName\":\"EditPresenceStatus\"}]}",
    PS_ERROR_PERMISSION, "“EditPresenceStatus”", "CMN-408" },
  { RC, 403, RC_ERROR ("CMN-408"), PS_ERROR_PERMISSION, "lacks the permission", "CMN-408" },
  { RC, 403, RC_ERROR ("CMN-402"), PS_ERROR_PERMISSION, "Super Admin", "CMN-402" },
  { RC, 403, RC_ERROR ("CMN-404"), PS_ERROR_PERMISSION, "other users", "CMN-404" },
  { RC, 403, RC_ERROR ("SUB-528"), PS_ERROR_PERMISSION, "WebSocket", "SUB-528" },
  { RC, 404, RC_ERROR ("CMN-102"), PS_ERROR_NOT_FOUND, "deleted", "CMN-102" },
  { RC, 400, "{\"errors\":[{\"errorCode\":\"CMN-101\",\"parameterName\":\"dndStatus\"}]}", PS_ERROR_REFUSED,
    "(dndStatus)", "CMN-101" },
  { RC, 429, RC_ERROR ("CMN-301"), PS_ERROR_THROTTLED, "for a while", "CMN-301" },
  { RC, 429, NULL, PS_ERROR_THROTTLED, "RingCentral", NULL },
  { RC, 500, RC_ERROR ("CMN-201"), PS_ERROR_SERVER, "RingCentral", "CMN-201" },
  { RC, 502, "<html>", PS_ERROR_SERVER, "RingCentral", NULL },
  { RC, 403, "{\"errors\":[7],\"errorCode\":{}}", PS_ERROR_PERMISSION, "RingCentral", NULL },
  { RC, 418, RC_ERROR ("XYZ-1"), PS_ERROR_REFUSED, "RingCentral", "XYZ-1" },
};

static void
test_replies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
    const char *text = cases[i].body != NULL ? cases[i].body : "";
    g_autoptr (GBytes) body = g_bytes_new_static (text, strlen (text));
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u: %u %s", i, cases[i].status, text);
    soup_message_headers_append (headers, "Content-Type",
                                 text[0] == '<' ? "text/html; charset=utf-8" : "application/json");
    soup_message_headers_append (headers, "Retry-After", "3");
    error = ps_service_error_from_reply (cases[i].kind, cases[i].status, headers, body);
    soup_message_headers_unref (headers);
    g_assert_error (error, PS_ERROR, (int) cases[i].error);
    g_assert_nonnull (strstr (error->message, cases[i].part));
    g_assert_null (strstr (error->message, "Do not show"));
    g_assert_null (strstr (error->message, "%s"));
    g_assert_cmpstr (ps_error_details (error)->service_code, ==, cases[i].code);
    g_assert_cmpuint (ps_error_details (error)->status, ==, cases[i].status);
    g_assert_cmpint (ps_error_details (error)->retry_after_ms, ==, 3000);
  }
}

static void
test_request_ids (void)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  g_autoptr (GBytes) entra =
      g_bytes_new_static (AADSTS ("invalid_client", "7000215"), strlen (AADSTS ("invalid_client", "7000215")));
  g_autoptr (GBytes) graph = g_bytes_new_static (GRAPH_ERROR ("Forbidden"), strlen (GRAPH_ERROR ("Forbidden")));
  g_autoptr (GError) one = NULL, two = NULL, three = NULL, four = NULL;

  soup_message_headers_append (headers, "request-id", "h-1");
  soup_message_headers_append (headers, "RCRequestId", "h-2");
  one = ps_service_error_from_reply (GRAPH, 400, headers, entra);
  g_assert_cmpstr (ps_error_details (one)->request_id, ==, "t-1");
  two = ps_service_error_from_reply (GRAPH, 403, headers, graph);
  g_assert_cmpstr (ps_error_details (two)->request_id, ==, "r-1");
  three = ps_service_error_from_reply (GRAPH, 403, headers, NULL);
  g_assert_cmpstr (ps_error_details (three)->request_id, ==, "h-1");
  four = ps_service_error_from_reply (RC, 403, headers, NULL);
  g_assert_cmpstr (ps_error_details (four)->request_id, ==, "h-2");
  soup_message_headers_unref (headers);
}

static void
test_codes (void)
{
  g_autoptr (GError) scope = ps_service_error_from_code (RC, 403, "SUB-528", NULL);
  g_autoptr (GError) permission = ps_service_error_from_code (RC, 403, "CMN-408", "EditPresenceStatus");
  g_autoptr (GError) nothing = ps_service_error_from_code (RC, 404, NULL, NULL);
  g_autoptr (GError) secret = ps_service_error_from_code (GRAPH, 401, "AADSTS7000222", NULL);

  g_assert_error (scope, PS_ERROR, PS_ERROR_PERMISSION);
  g_assert_cmpstr (ps_error_details (scope)->service_code, ==, "SUB-528");
  g_assert_nonnull (strstr (permission->message, "EditPresenceStatus"));
  g_assert_error (nothing, PS_ERROR, PS_ERROR_NOT_FOUND);
  g_assert_error (secret, PS_ERROR, PS_ERROR_SECRET_EXPIRED);
}

static void
test_name_permission (void)
{
  g_autoptr (GError) denied = ps_service_error_from_reply (GRAPH, 403, NULL, NULL);
  g_autoptr (GError) other = ps_service_error_from_reply (GRAPH, 404, NULL, NULL);

  ps_service_error_name_permission (denied, "User.Read.All");
  ps_service_error_name_permission (other, "User.Read.All");
  g_assert_nonnull (strstr (denied->message, "“User.Read.All”"));
  g_assert_null (strstr (other->message, "User.Read.All"));
}

static void
test_network (void)
{
  static const struct {
    GQuark (*domain) (void);
    int code;
    GTlsCertificateFlags flags;
    PsError error;
    const char *part;
  } troubles[] = {
    { g_resolver_error_quark, G_RESOLVER_ERROR_NOT_FOUND, 0, PS_ERROR_NETWORK, "cannot be found" },
    { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, 0, PS_ERROR_NETWORK, "does not take" },
    { g_io_error_quark, G_IO_ERROR_TIMED_OUT, 0, PS_ERROR_NETWORK, "does not answer" },
    { g_io_error_quark, G_IO_ERROR_NETWORK_UNREACHABLE, 0, PS_ERROR_NETWORK, "no way" },
    { g_io_error_quark, G_IO_ERROR_PROXY_AUTH_FAILED, 0, PS_ERROR_NETWORK, "proxy" },
    { g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, 0, PS_ERROR_NETWORK, "broke" },
    { g_tls_error_quark, G_TLS_ERROR_EOF, 0, PS_ERROR_NETWORK, "broke" },
    { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_UNKNOWN_CA,
      PS_ERROR_TLS, "has expired" },
    { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_NOT_ACTIVATED, PS_ERROR_TLS, "not valid yet" },
    { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_BAD_IDENTITY, PS_ERROR_TLS, "somebody else" },
    { g_tls_error_quark, G_TLS_ERROR_BAD_CERTIFICATE, G_TLS_CERTIFICATE_UNKNOWN_CA, PS_ERROR_TLS, "does not trust" },
    { g_tls_error_quark, G_TLS_ERROR_HANDSHAKE, 0, PS_ERROR_TLS, "safe connection" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++) {
    g_autoptr (GError) raw = g_error_new_literal (troubles[i].domain (), troubles[i].code, "Do not show this");
    g_autoptr (GError) error = ps_service_error_from_network ("host.example", raw, troubles[i].flags);

    g_assert_error (error, PS_ERROR, (int) troubles[i].error);
    g_assert_nonnull (strstr (error->message, troubles[i].part));
    g_assert_nonnull (strstr (error->message, "host.example"));
    g_assert_null (strstr (error->message, "Do not show"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-errors/replies", test_replies);
  g_test_add_func ("/service-errors/request-ids", test_request_ids);
  g_test_add_func ("/service-errors/codes", test_codes);
  g_test_add_func ("/service-errors/name-permission", test_name_permission);
  g_test_add_func ("/service-errors/network", test_network);
  return g_test_run ();
}
