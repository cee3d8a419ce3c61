/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every call goes through before its handler: token, rate group, scope, account.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-line.h"

#include <string.h>

static void
refuse_token (PsTenantReply *reply, const char *word, const char *code, const char *message)
{
  g_autofree char *challenge = g_strdup_printf (
      "Bearer realm=\"RingCentral REST API\", error=\"invalid_token\", error_description=\"%s\"", message);

  ps_rc_fail (reply, 401, word, code, NULL, NULL, "%s", message);
  soup_message_headers_replace (reply->headers, "WWW-Authenticate", challenge);
}

static PsRcSession *
find_session (PsRcFront *front, const PsTenantRequest *request, PsTenantReply *reply)
{
  const char *header = soup_message_headers_get_one (request->headers, "Authorization");
  PsRcSession *session;

  if (front->asking != NULL)
    return front->asking->session;
  if (header == NULL) {
    refuse_token (reply, NULL, "CMN-405", "Login to extension required");
    return NULL;
  }
  if (g_ascii_strncasecmp (header, "Bearer ", 7) != 0 || header[7] == '\0') {
    refuse_token (reply, "InvalidAuthorizationHeader", "OAU-123", "Authorization header is invalid");
    return NULL;
  }
  session = ps_rc_tokens_find_access (front->tokens, header + 7);
  if (session == NULL) {
    refuse_token (reply, "TokenInvalid", "OAU-213", "Token not found");
    return NULL;
  }
  if (request->now_ms >= session->access_expires_ms) {
    refuse_token (reply, "TokenExpired", "OAU-128", "Access token expired");
    return NULL;
  }
  if (session->access_used_ms == 0)
    session->access_used_ms = request->now_ms;
  return session;
}

static void
set_number (SoupMessageHeaders *headers, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  soup_message_headers_replace (headers, name, text);
}

gboolean
ps_rc_call_take_limit (PsRcFront *front, PsTenantReply *reply, gint64 extension_id, const char *client_id,
                       const char *group)
{
  gint64 now_ms = ps_tenant_world_now (front->world);
  PsTenantLimitAnswer answer = ps_rc_limits_take (front->limits, extension_id, client_id, group, now_ms);
  g_autofree char *lower = g_ascii_strdown (group, -1);

  if (answer.limit > 0) {
    soup_message_headers_replace (reply->headers, "X-Rate-Limit-Group", lower);
    set_number (reply->headers, "X-Rate-Limit-Limit", answer.limit);
    set_number (reply->headers, "X-Rate-Limit-Remaining", answer.remaining);
    set_number (reply->headers, "X-Rate-Limit-Window", answer.window_ms / 1000);
  }
  if (answer.allowed)
    return TRUE;
  ps_rc_fail (reply, 429, NULL, "CMN-301", NULL, NULL, "Request rate exceeded");
  set_number (reply->headers, "Retry-After", MAX (1, (answer.retry_after_ms + 999) / 1000));
  return FALSE;
}

/* The words of a space-separated list. */
static gboolean
list_has (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *) words, word);
}

gboolean
ps_rc_call_has_scope (PsRcCall *call, const char *scope)
{
  const char *missing = ps_tenant_server_fault (call->front->server, "scope-missing");

  if (g_strcmp0 (missing, scope) == 0)
    return FALSE;
  if (list_has (call->session->scope, scope))
    return TRUE;
  /* EditPresence includes ReadPresence. */
  return g_str_equal (scope, "ReadPresence") && list_has (call->session->scope, "EditPresence");
}

static gboolean
account_fits (PsRcCall *call, const PsRcRoute *route)
{
  const char *account = call->request->args[0];
  char id[24];

  if (strstr (route->pattern, "/account/{accountId}") == NULL)
    return TRUE;
  g_snprintf (id, sizeof id, "%" G_GINT64_FORMAT, ps_tenant_world_account_id (call->front->world));
  return g_str_equal (account, "~") || g_str_equal (account, id);
}

static void
run_signed_in (PsRcCall *call, const PsRcRoute *route)
{
  if (!ps_rc_call_take_limit (call->front, call->reply, call->session->extension_id,
                              call->session->application->client_id, route->group))
    return;
  if (route->scope != NULL && !ps_rc_call_has_scope (call, route->scope))
    ps_rc_fail (call->reply, 403, "InsufficientPermissions", "CMN-401", "permissionName", route->scope,
                "In order to call this API endpoint, application needs to have [%s] permission", route->scope);
  else if (!account_fits (call, route))
    ps_rc_fail_not_found (call->reply, "accountId");
  else
    route->handler (call);
}

void
ps_rc_call_run (PsRcFront *front, const PsRcRoute *route, const PsTenantRequest *request, PsTenantReply *reply)
{
  PsRcCall call = { .front = front, .request = request, .reply = reply };
  g_autofree char *request_id = g_uuid_string_random ();

  soup_message_headers_replace (reply->headers, "RCRequestId", request_id);
  if (route->group == NULL) {
    route->handler (&call);
    return;
  }
  call.session = find_session (front, request, reply);
  if (call.session == NULL)
    return;
  call.user = ps_tenant_world_find_extension (front->world, call.session->extension_id);
  if (call.user == NULL || call.user->deleted) {
    ps_rc_tokens_end (front->tokens, call.session);
    refuse_token (reply, "TokenInvalid", "OAU-213", "Token not found");
    return;
  }
  run_signed_in (&call, route);
}

gboolean
ps_rc_call_is_admin (PsRcCall *call)
{
  return call->user->admin && ps_tenant_server_fault (call->front->server, "admin-removed") == NULL;
}

PsTenantExtension *
ps_rc_call_find (PsRcCall *call, const char *text)
{
  PsTenantExtension *extension = NULL;
  guint64 id;

  if (g_str_equal (text, "~"))
    return call->user;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    extension = ps_tenant_world_find_extension (call->front->world, (gint64) id);
  return extension != NULL && !extension->deleted ? extension : NULL;
}

PsTenantExtension *
ps_rc_call_extension (PsRcCall *call, guint index)
{
  PsTenantExtension *extension = ps_rc_call_find (call, call->request->args[index]);

  if (extension == NULL)
    ps_rc_fail_not_found (call->reply, "extensionId");
  return extension;
}

JsonObject *
ps_rc_call_body (PsRcCall *call)
{
  const char *type = soup_message_headers_get_content_type (call->request->headers, NULL);
  JsonObject *body;

  if (g_strcmp0 (type, "application/json") != 0) {
    ps_rc_fail (call->reply, 415, NULL, "CMN-103", NULL, NULL, "Unsupported content type");
    return NULL;
  }
  body = ps_tenant_request_json (call->request);
  if (body == NULL)
    ps_rc_fail (call->reply, 400, NULL, "CMN-104", NULL, NULL, "Cannot parse request body");
  return body;
}

gboolean
ps_rc_call_flag (PsRcCall *call, const char *name, gboolean by_default)
{
  const char *text = ps_tenant_request_query (call->request, name);

  return text != NULL ? g_ascii_strcasecmp (text, "true") == 0 || g_str_equal (text, "1") : by_default;
}

void
ps_rc_call_reply (PsRcCall *call, guint status, PsRcJson *json)
{
  call->reply->status = status;
  g_free (call->reply->content_type);
  call->reply->content_type = g_strdup ("application/json");
  g_clear_pointer (&call->reply->body, g_bytes_unref);
  call->reply->body = ps_rc_json_end (json);
}

char *
ps_rc_call_uri (PsRcCall *call, const char *rest_format, ...)
{
  g_autofree char *rest = NULL;
  va_list arguments;

  va_start (arguments, rest_format);
  rest = g_strdup_vprintf (rest_format, arguments);
  va_end (arguments);
  return g_strdup_printf ("%s/restapi/v1.0/account/%" G_GINT64_FORMAT "%s",
                          ps_tenant_server_origin (call->front->server),
                          ps_tenant_world_account_id (call->front->world), rest);
}

void
ps_rc_json_uri (PsRcJson *json, PsRcFront *front, const char *rest_format, ...)
{
  char rest[256];
  va_list arguments;

  va_start (arguments, rest_format);
  g_vsnprintf (rest, sizeof rest, rest_format, arguments);
  va_end (arguments);
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/account/%" G_GINT64_FORMAT "%s",
                     ps_tenant_server_origin (front->server), ps_tenant_world_account_id (front->world), rest);
}
