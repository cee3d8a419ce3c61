/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-refusals.h"
#include "ps-tenant-ms-aadsts.h"

static const struct {
  guint number;
  const char *error;
  const char *text;
} refusals[] = {
  { 50011, "invalid_request",
    "The redirect URI '{}' specified in the request does not match the redirect URIs configured for the application "
    "'{}'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal." },
  { 50058, "login_required",
    "Session information is not sufficient for single-sign-on: a silent sign-in request was sent but no user is signed "
    "in." },
  { 50059, "invalid_request",
    "No tenant-identifying information found in either the request or implied by any provided credentials." },
  { 50147, "invalid_request", "Invalid size of Code_Challenge parameter." },
  { 53003, "access_denied",
    "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance." },
  { 65001, "consent_required",
    "The user or administrator has not consented to use the application with ID '{}' named '{}'. Send an interactive "
    "authorization request for this user and resource." },
  { 65004, "access_denied", "User declined to consent to access the app." },
  { 90002, "invalid_request",
    "Tenant '{}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. "
    "Check with your subscription administrator, this may happen if there are no active subscriptions for the "
    "tenant." },
  { 90023, "invalid_request", "Unsupported '{}' value '{}'." },
  { 90033, "temporarily_unavailable", "A transient error has occurred. Please try again." },
  { 90094, "access_denied", "Admin consent is required for the permissions requested by this application." },
  { 165000, "invalid_request",
    "Invalid Request: Tokens do not match the user context. One or more of the user context values (cookies; form "
    "fields; headers) were incorrect or invalid." },
  { 500011, "invalid_resource",
    "The resource principal named {} was not found in the tenant. This can happen if the application has not been "
    "installed by the administrator of the tenant or consented to by any user in the tenant." },
  { 650053, "invalid_client",
    "The application '{}' asked for scope '{}' that doesn't exist on the resource "
    "'00000003-0000-0000-c000-000000000000'. Contact the app vendor." },
  { 700016, "unauthorized_client",
    "Application with identifier '{}' was not found in the directory '{}'. This can happen if the application has not "
    "been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent "
    "your authentication request to the wrong tenant." },
  { 700054, "unsupported_response_type", "response_type '{}' is not enabled for the application." },
  { 900144, "invalid_request", "The request body must contain the following parameter: '{}'." },
  { 900561, "invalid_request", "The endpoint does not accept {} requests." },
  { 900971, "invalid_request", "No reply address provided." },
  { 9002325, "invalid_request",
    "Proof Key for Code Exchange with method S256 is required for authorization codes of public clients." },
};

static guint
find_row (guint number)
{
  guint row = 0;

  while (refusals[row].number != number) {
    row++;
    g_assert (row < G_N_ELEMENTS (refusals));
  }
  return row;
}

const char *
ps_tenant_ms_refusal_error (guint number)
{
  return refusals[find_row (number)].error;
}

char *
ps_tenant_ms_refusal_text (const PsTenantRequest *request, guint number, const char *first, const char *second)
{
  g_auto (GStrv) parts = g_strsplit (refusals[find_row (number)].text, "{}", 3);
  const char *const values[] = { first, second };
  g_autoptr (GString) text = g_string_new (parts[0]);

  for (guint i = 1; parts[i] != NULL; i++) {
    g_string_append (text, values[i - 1] != NULL ? values[i - 1] : "");
    g_string_append (text, parts[i]);
  }
  return ps_tenant_ms_aadsts_describe (request, number, text->str);
}
