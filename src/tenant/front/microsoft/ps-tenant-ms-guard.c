/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"

#include <string.h>

#define PRESENCE_LIMIT     1500
#define PRESENCE_WINDOW_MS 30000

typedef struct {
  PsTenantMs *ms;
  const PsTenantMsRoute *route;
} Binding;

static void
start_call (PsTenantMsCall *call, PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (request->now_ms / 1000);
  g_autofree char *date = g_date_time_format (now, "%a, %d %b %Y %H:%M:%S GMT");

  call->ms = ms;
  call->request = request;
  call->reply = reply;
  call->claims = NULL;
  g_strlcpy (call->request_id, id, sizeof call->request_id);
  call->client_request_id = soup_message_headers_get_one (request->headers, "client-request-id");
  if (call->client_request_id == NULL)
    call->client_request_id = call->request_id;
  soup_message_headers_replace (reply->headers, "request-id", call->request_id);
  soup_message_headers_replace (reply->headers, "client-request-id", call->client_request_id);
  soup_message_headers_replace (reply->headers, "Date", date);
  soup_message_headers_replace (reply->headers, "x-ms-ags-diagnostic",
                                "{\"ServerInfo\":{\"DataCenter\":\"Demo\",\"Slice\":\"E\",\"Ring\":\"1\"}}");
}

static void
refuse_token (PsTenantMsCall *call, const char *message)
{
  soup_message_headers_replace (call->reply->headers, "WWW-Authenticate",
                                "Bearer realm=\"\", "
                                "authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", "
                                "client_id=\"00000003-0000-0000-c000-000000000000\"");
  ps_tenant_ms_error (call, 401, "InvalidAuthenticationToken", "%s", message);
}

/* Returns: (transfer full) (nullable): NULL when the call was answered. */
static PsTenantMsClaims *
read_token (PsTenantMsCall *call)
{
  const char *header = soup_message_headers_get_one (call->request->headers, "Authorization");
  PsTenantMsClaims *claims = NULL;

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer ", 7) != 0 || header[7] == '\0') {
    refuse_token (call, "Access token is empty.");
    return NULL;
  }
  switch (ps_tenant_ms_token_read (header + 7, call->ms->token_key, sizeof call->ms->token_key, call->request->now_ms,
                                   &claims)) {
  case PS_TENANT_MS_TOKEN_OK:
    return claims;
  case PS_TENANT_MS_TOKEN_EXPIRED:
    refuse_token (call, "Lifetime validation failed, the token is expired.");
    break;
  case PS_TENANT_MS_TOKEN_SIGNATURE:
    refuse_token (call, "Access token validation failure. Invalid signature.");
    break;
  case PS_TENANT_MS_TOKEN_MALFORMED:
  default:
    refuse_token (call, "IDX14100: JWT is not well formed, there are no dots (.).");
    break;
  }
  return NULL;
}

gboolean
ps_tenant_ms_has_permission (const PsTenantMsClaims *claims, const char *name)
{
  return g_strv_contains ((const char *const *) claims->permissions, name);
}

static gboolean
may (PsTenantMsCall *call, const PsTenantMsRoute *route)
{
  const char *needed = call->claims->user_id != NULL ? route->scopes : route->roles;
  g_auto (GStrv) names = NULL;

  if (route->area == PS_TENANT_MS_BATCH)
    return TRUE;
  if (needed == NULL)
    return FALSE;
  names = g_strsplit (needed, " ", -1);
  for (guint i = 0; names[i] != NULL; i++)
    if (ps_tenant_ms_has_permission (call->claims, names[i]))
      return TRUE;
  return FALSE;
}

static void
refuse_permission (PsTenantMsCall *call, PsTenantMsArea area)
{
  switch (area) {
  case PS_TENANT_MS_PRESENCE:
    /* An empty message, as the presence service gives. */
    ps_tenant_ms_error (call, 403, "Forbidden", "%s", "");
    break;
  case PS_TENANT_MS_MAIL:
    ps_tenant_ms_error (call, 403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
    break;
  case PS_TENANT_MS_DIRECTORY:
  case PS_TENANT_MS_BATCH:
  default:
    ps_tenant_ms_error (call, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    break;
  }
}

/* A tester may set another limit with the fault presence-limit=N. */
static void
follow_limit_fault (PsTenantMs *ms)
{
  const char *value = ps_tenant_server_fault (ms->server, "presence-limit");
  guint64 requests = PRESENCE_LIMIT;
  PsTenantLimitRule rule = { .window_ms = PRESENCE_WINDOW_MS };
  GHashTableIter iter;
  gpointer limit;

  if (value != NULL && !g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT, &requests, NULL))
    requests = PRESENCE_LIMIT;
  if (requests == ms->limit_requests)
    return;
  ms->limit_requests = (guint) requests;
  rule.limit = ms->limit_requests;
  g_hash_table_iter_init (&iter, ms->limits);
  while (g_hash_table_iter_next (&iter, NULL, &limit))
    ps_tenant_limit_set_rule (limit, &rule);
}

static gboolean
within_limit (PsTenantMsCall *call)
{
  PsTenantMs *ms = call->ms;
  PsTenantLimitAnswer answer;
  PsTenantLimit *limit;
  g_autofree char *seconds = NULL;

  follow_limit_fault (ms);
  limit = g_hash_table_lookup (ms->limits, call->claims->app_id);
  if (limit == NULL) {
    PsTenantLimitRule rule = { .limit = ms->limit_requests, .window_ms = PRESENCE_WINDOW_MS };

    limit = ps_tenant_limit_new (&rule);
    g_hash_table_insert (ms->limits, g_strdup (call->claims->app_id), limit);
  }
  answer = ps_tenant_limit_take (limit, call->request->now_ms);
  if (answer.allowed)
    return TRUE;
  seconds = g_strdup_printf ("%" G_GINT64_FORMAT, MAX (1, (answer.retry_after_ms + 999) / 1000));
  soup_message_headers_replace (call->reply->headers, "Retry-After", seconds);
  ps_tenant_ms_error (call, 429, "TooManyRequests", "Too many requests.");
  return FALSE;
}

static void
guard (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  const Binding *binding = data;
  g_autoptr (PsTenantMsClaims) claims = NULL;
  PsTenantMsCall call;

  start_call (&call, binding->ms, request, reply);
  claims = read_token (&call);
  if (claims == NULL)
    return;
  call.claims = claims;
  /* "App-only tokens cannot use any /me path": refused for what it is, before permissions. */
  if (claims->user_id == NULL &&
      (g_str_equal (request->path, "/v1.0/me") || g_str_has_prefix (request->path, "/v1.0/me/"))) {
    ps_tenant_ms_error (&call, 400, "BadRequest", "/me request is only valid with delegated authentication flow.");
    return;
  }
  if (!may (&call, binding->route)) {
    refuse_permission (&call, binding->route->area);
    return;
  }
  if (binding->route->area == PS_TENANT_MS_PRESENCE && !within_limit (&call))
    return;
  binding->route->handler (&call);
}

/* What the server itself refuses, in Graph's words. A path that Graph does not know is a bad request, not a 404. */
static void
shape_error (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  g_autoptr (PsTenantMsClaims) claims = NULL;
  const char *segment = strrchr (request->path, '/');
  PsTenantMsCall call;

  start_call (&call, data, request, reply);
  switch (reply->status) {
  case 404:
  case 405:
    claims = read_token (&call);
    if (claims == NULL)
      return;
    if (reply->status == 404)
      ps_tenant_ms_error (&call, 400, "BadRequest", "Resource not found for the segment '%s'.",
                          segment != NULL ? segment + 1 : request->path);
    else
      ps_tenant_ms_error (&call, 405, "Request_BadRequest",
                          "Specified HTTP method is not allowed for the request target.");
    return;
  case 429:
    ps_tenant_ms_error (&call, 429, "TooManyRequests", "Too many requests.");
    return;
  case 401:
    refuse_token (&call, "Access token validation failure.");
    return;
  case 503:
  case 504:
    ps_tenant_ms_error (&call, reply->status, "serviceNotAvailable", "The service is temporarily unavailable.");
    return;
  default:
    ps_tenant_ms_error (&call, reply->status, reply->status >= 500 ? "generalException" : "BadRequest",
                        "The request failed.");
    return;
  }
}

static Binding *
bind_route (PsTenantMs *ms, const PsTenantMsRoute *route)
{
  Binding *binding = g_new0 (Binding, 1);

  binding->ms = ms;
  binding->route = route;
  g_ptr_array_add (ms->bindings, binding);
  return binding;
}

void
ps_tenant_ms_guard_add (PsTenantMs *ms, const PsTenantMsRoute *routes)
{
  for (const PsTenantMsRoute *route = routes; route->method != NULL; route++)
    ps_tenant_server_route (ms->server, route->method, route->pattern, guard, bind_route (ms, route));
}

void
ps_tenant_ms_guard_add_errors (PsTenantMs *ms)
{
  ps_tenant_server_errors (ms->server, "/v1.0", shape_error, ms);
}

void
ps_tenant_ms_answer (PsTenantMsCall *call, guint status, GString *json)
{
  PsTenantReply *reply = call->reply;

  reply->status = status;
  g_free (reply->content_type);
  reply->content_type = g_strdup ("application/json;odata.metadata=minimal;odata.streaming=true;"
                                  "IEEE754Compatible=false;charset=utf-8");
  soup_message_headers_replace (reply->headers, "OData-Version", "4.0");
  g_clear_pointer (&reply->body, g_bytes_unref);
  reply->body = g_string_free_to_bytes (json);
}

void
ps_tenant_ms_error (PsTenantMsCall *call, guint status, const char *code, const char *format, ...)
{
  GString *json = g_string_new ("{\"error\":{\"code\":");
  g_autofree char *message = NULL;
  g_autofree char *date = ps_tenant_ms_time (call->request->now_ms);
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  date[strlen (date) - 1] = '\0'; /* innerError's date has no Z */

  ps_tenant_ms_json_string (json, code);
  g_string_append (json, ",\"message\":");
  ps_tenant_ms_json_string (json, message);
  g_string_append (json, ",\"innerError\":{");
  if (status == 429)
    g_string_append (json, "\"code\":\"429\",");
  g_string_append (json, "\"date\":");
  ps_tenant_ms_json_string (json, date);
  g_string_append (json, ",\"request-id\":");
  ps_tenant_ms_json_string (json, call->request_id);
  g_string_append (json, ",\"client-request-id\":");
  ps_tenant_ms_json_string (json, call->client_request_id);
  g_string_append (json, "}}}");
  ps_tenant_ms_answer (call, status, json);
  g_free (call->reply->content_type);
  call->reply->content_type = g_strdup ("application/json");
}

JsonObject *
ps_tenant_ms_body (PsTenantMsCall *call)
{
  const char *type = soup_message_headers_get_content_type (call->request->headers, NULL);
  JsonObject *body;

  if (type == NULL) {
    ps_tenant_ms_error (call, 400, "BadRequest",
                        "A missing or empty content type header was found when trying to read a message. "
                        "The content type header is required.");
    return NULL;
  }
  if (g_ascii_strcasecmp (type, "application/json") != 0) {
    ps_tenant_ms_error (call, 415, "UnsupportedMediaType", "The content type '%s' is not supported.", type);
    return NULL;
  }
  body = ps_tenant_request_json (call->request);
  if (body == NULL)
    ps_tenant_ms_error (call, 400, "BadRequest",
                        "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is "
                        "of valid JSON format.");
  return body;
}

gboolean
ps_tenant_ms_is_advanced (const PsTenantMsCall *call)
{
  const char *level = soup_message_headers_get_one (call->request->headers, "ConsistencyLevel");

  return level != NULL && g_ascii_strcasecmp (level, "eventual") == 0;
}
