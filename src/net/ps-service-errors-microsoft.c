/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-service-errors-private.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-json.h"

/* One text stands for several of Entra's numbers. Their meaning: microsoft-identity-platform, "AADSTS error codes". */
#define WRONG_SECRET                                                                                                   \
  N_ ("Microsoft does not accept the client secret. Often the secret's ID was pasted instead of its value, or a part " \
      "is missing. "                                                                                                   \
      "Copy the value again, or make a new secret in the app registration.")
#define SECRET_EXPIRED                                                                                                 \
  N_ ("The client secret has expired. Make a new one in the app registration (Certificates & secrets) and enter it "   \
      "with “Update "                                                                                                \
      "secret”; nothing else needs to be set up again.")
#define WRONG_CLIENT                                                                                                   \
  N_ ("Microsoft does not know this application (client) ID in this tenant. Compare the client ID and the tenant ID "  \
      "with the "                                                                                                      \
      "overview page of the app registration.")
#define WRONG_TENANT                                                                                                   \
  N_ ("Microsoft does not know this tenant. Compare the tenant ID with the overview page of the app registration, "    \
      "and check "                                                                                                     \
      "whether the organisation is in another cloud (US government, China).")
#define OTHER_CLOUD N_ ("This organisation belongs to another Microsoft cloud. Choose its cloud, and connect again.")
#define APP_DISABLED                                                                                                   \
  N_ ("The application is switched off in this tenant. Switch it on again under Enterprise applications, then "        \
      "connect again.")
#define WRONG_CERTIFICATE                                                                                              \
  N_ ("Microsoft does not accept the certificate. Upload it to the app registration again, and check that this "       \
      "computer's clock "                                                                                              \
      "is right.")
#define WRONG_PLATFORM                                                                                                 \
  N_ ("The app registration has the wrong platform for this way to sign in. Register the redirect address under "      \
      "“Mobile and desktop "                                                                                         \
      "applications” for the sign-in by browser; for a client secret use the app registration's own secret.")
#define WRONG_REDIRECT                                                                                                 \
  N_ ("The redirect address is missing in the app registration, or written differently there. Register it exactly as " \
      "the Connect "                                                                                                   \
      "page shows it.")
#define OUR_MISTAKE                                                                                                    \
  N_ ("Microsoft does not understand the sign-in request. Check the addresses if they were typed by hand; else look "  \
      "for an update of "                                                                                              \
      "this program.")
#define NEEDS_TENANT_ID                                                                                                \
  N_ ("This way to connect needs the organisation's own tenant ID instead of “common” or “organizations”.")
#define NO_CONSENT                                                                                                     \
  N_ ("Nobody has consented to this application yet. Let an administrator open the consent page and accept, then "     \
      "check again.")
#define CANCELLED N_ ("The sign-in or the consent was cancelled. Nothing has been changed.")
#define NEEDS_ADMIN                                                                                                    \
  N_ ("Only an administrator can consent to what this application needs. Ask a Global Administrator or a Privileged "  \
      "Role "                                                                                                          \
      "Administrator.")
#define NOT_LISTED                                                                                                     \
  N_ ("A permission that is asked for is not listed in the app registration. Add the permissions that the Connect "    \
      "page names, and "                                                                                               \
      "grant admin consent.")
#define OTHER_ACCOUNT                                                                                                  \
  N_ ("This account is not in the organisation that is being connected. Sign in with an administrator account of "     \
      "that "                                                                                                          \
      "organisation.")
#define ACCOUNT_TROUBLE                                                                                                \
  N_ ("Microsoft does not let this account in: it is locked or switched off, or its password is wrong or has "         \
      "expired. Sign in once "                                                                                         \
      "in a browser to see what is asked for.")
#define SIGN_IN_AGAIN N_ ("The sign-in has ended or was taken back. Sign in again.")
#define INTERACTIVE                                                                                                    \
  N_ ("Microsoft wants to see the person who signs in (a second factor, or a new confirmation). Sign in again.")
#define DEVICE                                                                                                         \
  N_ ("The organisation's rules (Conditional Access) do not allow this sign-in from this device or program. Sign in "  \
      "with the system's "                                                                                             \
      "browser, or ask for an exception.")
#define NOT_ASSIGNED                                                                                                   \
  N_ ("This account is not assigned to the application. Assign it under Enterprise applications, or sign in with "     \
      "another account.")
#define START_AGAIN N_ ("This sign-in was used already or took too long. Start it again.")
#define LOOP        N_ ("Microsoft was asked for access too often. Wait some minutes, then try again.")
#define TRANSIENT                                                                                                      \
  N_ ("Microsoft's sign-in has trouble of its own at the moment. Nothing is wrong here; it is tried again later.")

#define DENIED                                                                                                         \
  N_ ("Microsoft 365 refused the request: a permission is missing, or an administrator has not consented to it. Add "  \
      "the "                                                                                                           \
      "permissions that the Connect page names as application permissions, grant admin consent, and check again.")
#define STALE_TOKEN    N_ ("Microsoft 365 does not accept the sign-in any more. Connect again.")
#define UNKNOWN_OBJECT N_ ("Microsoft 365 does not know this user or group (any more). It may have been deleted.")
#define RESYNC         N_ ("Microsoft 365 has forgotten up to where the directory was read. It is read anew.")
#define REFUSED_REQUEST                                                                                                \
  N_ ("Microsoft 365 did not accept the request. Asking again will not help; look for an update of this program.")
#define NO_MAILBOX                                                                                                     \
  N_ ("The mailbox that the mail should be sent from does not exist or is not in Exchange Online. Name another "       \
      "sender.")
#define SERVICE_TROUBLE                                                                                                \
  N_ ("Microsoft 365 has trouble of its own at the moment. Nothing is wrong here; it is tried again later.")

static const struct {
  PsError error;
  const char *message;
  guint numbers[16];
} entra_numbers[] = {
  { PS_ERROR_SIGN_IN, WRONG_SECRET, { 7000215, 70002 } },
  { PS_ERROR_SECRET_EXPIRED, SECRET_EXPIRED, { 7000222 } },
  { PS_ERROR_SIGN_IN, WRONG_CLIENT, { 700016, 700011 } },
  { PS_ERROR_SIGN_IN, WRONG_TENANT, { 90002, 50128, 50059, 900023 } },
  { PS_ERROR_SIGN_IN, OTHER_CLOUD, { 90038, 900382, 900432 } },
  { PS_ERROR_SIGN_IN, APP_DISABLED, { 7000112, 70001 } },
  { PS_ERROR_SIGN_IN, WRONG_CERTIFICATE, { 700027, 50012, 700030 } },
  { PS_ERROR_SIGN_IN, WRONG_PLATFORM, { 700025, 7000218 } },
  { PS_ERROR_SIGN_IN, WRONG_REDIRECT, { 50011, 70004, 900971 } },
  { PS_ERROR_REFUSED, OUR_MISTAKE, { 70011, 28002, 700022, 9002313, 90014, 900144 } },
  { PS_ERROR_SIGN_IN, NEEDS_TENANT_ID, { 9001023 } },
  { PS_ERROR_PERMISSION, NO_CONSENT, { 65001 } },
  { PS_ERROR_REFUSED, CANCELLED, { 65004 } },
  { PS_ERROR_PERMISSION, NEEDS_ADMIN, { 90094, 90095 } },
  { PS_ERROR_PERMISSION, NOT_LISTED, { 650056, 650057, 65005 } },
  { PS_ERROR_SIGN_IN, OTHER_ACCOUNT, { 50020, 50034, 16000, 51004 } },
  { PS_ERROR_SIGN_IN, ACCOUNT_TROUBLE, { 50053, 50055, 50056, 50057, 50126 } },
  { PS_ERROR_SIGN_IN, INTERACTIVE, { 50058, 50072, 50074, 50076, 50078, 50079 } },
  { PS_ERROR_SIGN_IN, DEVICE, { 50158, 50131, 50097, 50129, 50155, 53000, 53001, 53002, 53003, 530032, 530035 } },
  { PS_ERROR_SIGN_IN, NOT_ASSIGNED, { 50105 } },
  { PS_ERROR_SIGN_IN, SIGN_IN_AGAIN, { 50173, 50133, 70008, 700082, 70043, 50089 } },
  { PS_ERROR_SIGN_IN, START_AGAIN, { 54005, 501481, 50147 } },
  { PS_ERROR_THROTTLED, LOOP, { 50196 } },
  { PS_ERROR_SERVER, TRANSIENT, { 90006, 90012, 90024, 90033, 90055 } },
};

/* RFC 6749 §5.2 and Entra's own words: what is left when the number is not known. */
static const PsServiceErrorRow entra_words[] = {
  { "invalid_client", PS_ERROR_SIGN_IN,
    N_ ("Microsoft does not accept the application's credentials. Check the client ID, the tenant ID and the secret or "
        "certificate.") },
  { "unauthorized_client", PS_ERROR_SIGN_IN,
    N_ ("Microsoft does not let this application sign in this way. Compare the client ID and the tenant ID with the "
        "app "
        "registration.") },
  { "invalid_grant", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "interaction_required", PS_ERROR_SIGN_IN, INTERACTIVE },
  { "login_required", PS_ERROR_SIGN_IN, INTERACTIVE },
  { "consent_required", PS_ERROR_PERMISSION, NO_CONSENT },
  { "access_denied", PS_ERROR_REFUSED, CANCELLED },
  { "permission_denied", PS_ERROR_REFUSED, CANCELLED },
  { "invalid_request", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "invalid_scope", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "invalid_resource", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "unsupported_grant_type", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "temporarily_unavailable", PS_ERROR_SERVER, TRANSIENT },
  { "server_error", PS_ERROR_SERVER, TRANSIENT },
};

/* Microsoft Graph, "Error responses and resource types", and what the presence calls have been seen to answer. */
static const PsServiceErrorRow graph_codes[] = {
  { "InvalidAuthenticationToken", PS_ERROR_SIGN_IN, STALE_TOKEN },
  { "unauthenticated", PS_ERROR_SIGN_IN, STALE_TOKEN },
  { "Authorization_IdentityNotFound", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "Authorization_IdentityDisabled", PS_ERROR_SIGN_IN, APP_DISABLED },
  { "Authorization_RequestDenied", PS_ERROR_PERMISSION, DENIED },
  { "ErrorAccessDenied", PS_ERROR_PERMISSION, DENIED },
  { "accessDenied", PS_ERROR_PERMISSION, DENIED },
  { "Forbidden", PS_ERROR_PERMISSION, DENIED },
  { "Unauthorized", PS_ERROR_PERMISSION, DENIED },
  { "insufficient_claims", PS_ERROR_SIGN_IN, DEVICE },
  { "itemNotFound", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "Request_ResourceNotFound", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "ResourceNotFound", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "NotFound", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "ErrorItemNotFound", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "ErrorInvalidUser", PS_ERROR_NOT_FOUND, UNKNOWN_OBJECT },
  { "resyncRequired", PS_ERROR_REFUSED, RESYNC },
  { "syncStateNotFound", PS_ERROR_REFUSED, RESYNC },
  { "BadRequest", PS_ERROR_REFUSED, REFUSED_REQUEST },
  { "Request_BadRequest", PS_ERROR_REFUSED, REFUSED_REQUEST },
  { "invalidRequest", PS_ERROR_REFUSED, REFUSED_REQUEST },
  { "Request_UnsupportedQuery", PS_ERROR_REFUSED, REFUSED_REQUEST },
  { "NotImplemented", PS_ERROR_REFUSED, REFUSED_REQUEST },
  { "MailboxNotEnabledForRESTAPI", PS_ERROR_NOT_FOUND, NO_MAILBOX },
  { "MailboxNotFound", PS_ERROR_NOT_FOUND, NO_MAILBOX },
  { "ErrorNonExistentMailbox", PS_ERROR_NOT_FOUND, NO_MAILBOX },
  { "extensionError", PS_ERROR_REFUSED, NO_MAILBOX },
  { "generalException", PS_ERROR_SERVER, SERVICE_TROUBLE },
  { "serviceNotAvailable", PS_ERROR_SERVER, SERVICE_TROUBLE },
};

static const PsServiceErrorRow *
find_number (guint number)
{
  /* One row for each number, made at need: rows are handed out as constants. */
  static PsServiceErrorRow rows[G_N_ELEMENTS (entra_numbers)];

  for (guint i = 0; i < G_N_ELEMENTS (entra_numbers); i++) {
    for (guint n = 0; n < G_N_ELEMENTS (entra_numbers[i].numbers) && entra_numbers[i].numbers[n] != 0; n++) {
      if (entra_numbers[i].numbers[n] != number)
        continue;
      rows[i] = (PsServiceErrorRow){ NULL, entra_numbers[i].error, entra_numbers[i].message };
      return &rows[i];
    }
  }
  return NULL;
}

/* The "AADSTS" number: from the list of numbers, or from the beginning of the description if the list is missing. */
static guint
entra_number (JsonObject *object)
{
  JsonArray *codes = ps_json_array (object, "error_codes");
  const char *description = ps_json_string (object, "error_description");
  JsonNode *first = ps_json_length (codes) > 0 ? json_array_get_element (codes, 0) : NULL;

  if (first != NULL && json_node_get_value_type (first) == G_TYPE_INT64)
    return (guint) CLAMP (json_node_get_int (first), 0, G_MAXINT);
  if (description != NULL && g_str_has_prefix (description, "AADSTS"))
    return (guint) MIN (g_ascii_strtoull (description + strlen ("AADSTS"), NULL, 10), G_MAXINT);
  return 0;
}

/* Microsoft asks to branch on `error` and to take the number for an explanation only: so what passes by itself is told
 * by the word, whatever the number. */
static void
read_entra (JsonObject *object, PsServiceFinding *finding)
{
  const char *word = ps_json_string (object, "error");
  guint number = entra_number (object);

  finding->row = ps_service_errors_find (entra_words, G_N_ELEMENTS (entra_words), word);
  if (number != 0 && (finding->row == NULL || finding->row->error != PS_ERROR_SERVER)) {
    const PsServiceErrorRow *row = find_number (number);

    if (row != NULL)
      finding->row = row;
  }
  finding->code = number != 0 ? g_strdup_printf ("AADSTS%u", number) : g_strdup (word);
  finding->request_id = g_strdup (ps_json_string (object, "trace_id"));
}

/* "Unauthorized", "ServiceError" and an empty code at a 401 have been seen where consent was missing. What a stale
 * token gives has a code of its own. */
const PsServiceErrorRow *
ps_service_errors_find_microsoft (const char *code, guint status)
{
  static const PsServiceErrorRow denied = { NULL, PS_ERROR_PERMISSION, DENIED };
  const PsServiceErrorRow *row = ps_service_errors_find (graph_codes, G_N_ELEMENTS (graph_codes), code);

  if (row == NULL && code != NULL && g_str_has_prefix (code, "AADSTS"))
    row = find_number ((guint) MIN (g_ascii_strtoull (code + strlen ("AADSTS"), NULL, 10), G_MAXINT));
  if (row == NULL && status == 401)
    row = &denied;
  return row;
}

/* An inner error is more precise than the one around it; the innermost that we know counts. */
static void
read_graph (JsonObject *error, guint status, PsServiceFinding *finding)
{
  const char *code = NULL;

  while (error != NULL) {
    const char *here = ps_json_string (error, "code");
    const char *request_id = ps_json_string (error, "request-id");
    JsonObject *inner = ps_json_object (error, "innerError");

    if (here != NULL && here[0] != '\0') {
      gboolean known = ps_service_errors_find (graph_codes, G_N_ELEMENTS (graph_codes), here) != NULL;

      if (known || code == NULL)
        code = here;
    }
    if (request_id != NULL && finding->request_id == NULL)
      finding->request_id = g_strdup (request_id);
    error = inner != NULL ? inner : ps_json_object (error, "innererror");
  }
  finding->code = g_strdup (code);
  finding->row = ps_service_errors_find_microsoft (code, status);
}

void
ps_service_errors_read_microsoft (JsonObject *object, guint status, PsServiceFinding *finding)
{
  if (ps_json_string (object, "error") != NULL)
    read_entra (object, finding);
  else
    read_graph (ps_json_object (object, "error"), status, finding);
}
