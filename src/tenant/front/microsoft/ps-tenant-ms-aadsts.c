/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-aadsts.h"

#include <string.h>

static const struct {
  guint number;
  guint status;
  const char *error;
  const char *text;
} refusals[] = {
  { 50011, 400, "invalid_grant",
    "The reply address '{}' does not match the reply address provided when requesting "
    "Authorization code." },
  { 50012, 401, "invalid_client", "Authentication failed. {}" },
  { 50059, 400, "invalid_request",
    "No tenant-identifying information found in either the request or implied by any "
    "provided credentials." },
  { 50173, 400, "invalid_grant",
    "The provided grant has expired due to it being revoked, a fresh auth token is needed." },
  { 50196, 400, "invalid_grant",
    "The server terminated an operation because it encountered a client request loop. "
    "Please contact your app vendor." },
  { 54005, 400, "invalid_grant",
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or "
    "use an existing refresh token." },
  { 65001, 400, "invalid_grant",
    "The user or administrator has not consented to use the application with ID '{}'. Send "
    "an interactive authorization request for this user and resource." },
  { 70003, 400, "unsupported_grant_type", "The app requested an unsupported grant type '{}'." },
  { 70008, 400, "invalid_grant",
    "The provided authorization code or refresh token has expired due to inactivity. Send a "
    "new interactive authorization request for this user and resource." },
  { 70011, 400, "invalid_scope",
    "The provided request must include a 'scope' input parameter. The provided value for "
    "the input parameter 'scope' is not valid. The scope {} is not valid." },
  { 90002, 400, "invalid_request",
    "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are "
    "signing into the correct cloud. Check with your subscription administrator, this may "
    "happen if there are no active subscriptions for the tenant." },
  { 90014, 400, "invalid_request",
    "The required field '{}' is missing from the credential. Ensure that you have all the "
    "necessary parameters for the login request." },
  { 90033, 503, "temporarily_unavailable", "A transient error has occurred. Please try again." },
  { 500011, 400, "invalid_resource",
    "The resource principal named {} was not found in the tenant. This can happen if the "
    "application has not been installed by the administrator of the tenant or consented "
    "to by any user in the tenant." },
  { 501481, 400, "invalid_grant",
    "The Code_Verifier does not match the code_challenge supplied in the authorization "
    "request." },
  { 700016, 400, "unauthorized_client",
    "Application with identifier '{}' was not found in the directory. This can happen "
    "if the application has not been installed by the administrator of the tenant or "
    "consented to by any user in the tenant. You may have sent your authentication "
    "request to the wrong tenant." },
  { 700025, 401, "invalid_client",
    "Client is public so neither 'client_assertion' nor 'client_secret' should be "
    "presented." },
  { 700027, 401, "invalid_client",
    "The certificate with identifier used to sign the client assertion is not registered "
    "on application. {}" },
  { 700082, 400, "invalid_grant", "The refresh token has expired due to inactivity." },
  { 900144, 400, "invalid_request", "The request body must contain the following parameter: '{}'." },
  { 900561, 405, "invalid_request", "The endpoint only accepts POST requests. Received a {} request." },
  { 1002012, 400, "invalid_scope",
    "The provided value for scope {} is not valid. Client credential flows must have a "
    "scope value with /.default suffixed to the resource identifier (application ID URI)." },
  { 7000215, 401, "invalid_client",
    "Invalid client secret provided. Ensure the secret being sent in the request is the "
    "client secret value, not the client secret ID, for a secret added to app '{}'." },
  { 7000218, 401, "invalid_client",
    "The request body must contain the following parameter: 'client_assertion' or "
    "'client_secret'." },
  { 7000222, 401, "invalid_client",
    "The provided client secret keys for app '{}' are expired. Visit the Azure portal to "
    "create new keys for your app, or consider using certificate credentials for added "
    "security." },
  { 9000023, 400, "invalid_grant",
    "The provided value for the input parameter 'refresh_token' or 'code' is not valid." },
  { 9001023, 400, "invalid_request",
    "The grant type is not supported over the /common or /consumers endpoints. Please "
    "use the /organizations or tenant-specific endpoint." },
};

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

typedef struct {
  char *trace, *correlation, *time; /* (owned) */
} Marks;

static void
marks_init (Marks *marks, const PsTenantRequest *request)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (request->now_ms / 1000);
  const char *correlation = soup_message_headers_get_one (request->headers, "client-request-id");

  marks->trace = g_uuid_string_random ();
  marks->correlation = correlation != NULL ? g_strdup (correlation) : g_uuid_string_random ();
  marks->time = g_date_time_format (now, "%Y-%m-%d %H:%M:%SZ");
}

static void
marks_clear (Marks *marks)
{
  g_free (marks->trace);
  g_free (marks->correlation);
  g_free (marks->time);
}

static char *
describe (const Marks *marks, guint number, const char *text)
{
  return g_strdup_printf ("AADSTS%u: %s\r\nTrace ID: %s\r\nCorrelation ID: %s\r\nTimestamp: %s", number, text,
                          marks->trace, marks->correlation, marks->time);
}

char *
ps_tenant_ms_aadsts_describe (const PsTenantRequest *request, guint number, const char *text)
{
  Marks marks;
  char *description;

  marks_init (&marks, request);
  description = describe (&marks, number, text);
  marks_clear (&marks);
  return description;
}

void
ps_tenant_ms_aadsts (const PsTenantRequest *request, PsTenantReply *reply, guint number, const char *detail)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = NULL;
  g_autofree char *description = NULL;
  g_autofree char *uri = g_strdup_printf ("https://login.microsoftonline.com/error?code=%u", number);
  g_auto (GStrv) parts = NULL;
  Marks marks;
  guint row = 0;

  while (refusals[row].number != number) {
    row++;
    g_return_if_fail (row < G_N_ELEMENTS (refusals));
  }
  parts = g_strsplit (refusals[row].text, "{}", 2);
  text = g_strjoinv (detail != NULL ? detail : "", parts);
  marks_init (&marks, request);
  description = describe (&marks, number, text);

  json_builder_begin_object (builder);
  add_string (builder, "error", refusals[row].error);
  add_string (builder, "error_description", description);
  json_builder_set_member_name (builder, "error_codes");
  json_builder_begin_array (builder);
  json_builder_add_int_value (builder, number);
  json_builder_end_array (builder);
  add_string (builder, "timestamp", marks.time);
  add_string (builder, "trace_id", marks.trace);
  add_string (builder, "correlation_id", marks.correlation);
  add_string (builder, "error_uri", uri);
  json_builder_end_object (builder);
  ps_tenant_reply_json (reply, refusals[row].status, json_builder_get_root (builder));
  marks_clear (&marks);
}
