/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-service-errors-private.h"

#include <glib/gi18n-lib.h>

#include "ps-json.h"

#define WRONG_CLIENT                                                                                                   \
  N_ ("RingCentral does not accept the client ID or the client secret. Copy both again from the app in RingCentral's " \
      "developer "                                                                                                     \
      "console.")
#define WRONG_JWT                                                                                                      \
  N_ ("RingCentral does not accept the JWT credential. Make a new one in the developer console, for this app and for " \
      "a user who is "                                                                                                 \
      "enabled, and enter it again.")
#define SIGN_IN_AGAIN N_ ("The sign-in to RingCentral has ended or was taken back. Connect again.")
#define GRANT_NOT_ALLOWED                                                                                              \
  N_ ("The RingCentral app is not made for this way to sign in. Choose JWT or the sign-in by browser as its "          \
      "authentication in the "                                                                                         \
      "developer console, or connect the other way.")
#define WRONG_REDIRECT                                                                                                 \
  N_ ("The redirect address is missing in the RingCentral app, or written differently there. Register it exactly as "  \
      "the Connect "                                                                                                   \
      "page shows it.")
#define START_AGAIN N_ ("This sign-in was used already or took too long. Start it again.")
#define ACCOUNT_STATE                                                                                                  \
  N_ ("RingCentral does not let this user in: the user or the account is disabled or not activated. Connect with "     \
      "another user.")
#define LOCKED                                                                                                         \
  N_ ("RingCentral has locked this user after too many wrong sign-ins. Wait, or have the user unlocked; then connect " \
      "again.")
#define OUR_MISTAKE                                                                                                    \
  N_ ("RingCentral did not accept the request. Asking again will not help; look for an update of this program.")
#define SCOPE_MISSING                                                                                                  \
  N_ ("The RingCentral app lacks the application permission “%s”. Add it to the app in RingCentral's developer "   \
      "console, then connect "                                                                                         \
      "again.")
#define SOCKET_SCOPE_MISSING                                                                                           \
  N_ ("The RingCentral app lacks the application permission “WebSocket Subscriptions”. Add it to the app in "      \
      "RingCentral's developer "                                                                                       \
      "console, then connect again. Until then changes are noticed late.")
#define NEEDS_ADMIN                                                                                                    \
  N_ ("The RingCentral user who is connected is no administrator. Give the user the Super Admin role, or connect "     \
      "with a user who has "                                                                                           \
      "it.")
#define NOT_FOR_OTHERS                                                                                                 \
  N_ ("The RingCentral user who is connected may not do this for other users. Give the user the Super Admin role, or " \
      "connect with a "                                                                                                \
      "user who has it.")
#define USER_PERMISSION                                                                                                   \
  N_ ("The RingCentral user who is connected lacks the permission “%s”. Give it to the user's role in RingCentral's " \
      "admin portal, or "                                                                                                 \
      "connect with a Super Admin.")
#define NO_FEATURE    N_ ("This RingCentral account or user does not have the feature that is needed (%s).")
#define NOT_THIS_TYPE N_ ("RingCentral has no presence for this type of extension.")
#define GONE          N_ ("RingCentral does not know this user (any more). The user may have been deleted.")
#define BAD_VALUE                                                                                                      \
  N_ ("RingCentral does not take this value for this user (%s). A rule for queue calls, for instance, is refused for " \
      "a user who is in "                                                                                              \
      "no call queue.")
#define TOO_MANY                                                                                                       \
  N_ ("RingCentral takes no more requests from us for a while. It goes on by itself when the wait is over.")
#define SERVICE_TROUBLE                                                                                                \
  N_ ("RingCentral has trouble of its own at the moment. Nothing is wrong here; it is tried again later.")
#define NOT_MONITORED      N_ ("This RingCentral user does not allow others to see the presence.")
#define SUBSCRIPTION_ENDED N_ ("RingCentral has ended the notification of changes. It is started anew by itself.")

/* RingCentral guide "Errors"; the words are older names that still come at the top level of a body. */
static const PsServiceErrorRow codes[] = {
  { "OAU-106", PS_ERROR_SIGN_IN, START_AGAIN },
  { "OAU-108", PS_ERROR_SIGN_IN, START_AGAIN },
  { "OAU-109", PS_ERROR_SIGN_IN, WRONG_REDIRECT },
  { "OAU-112", PS_ERROR_SIGN_IN, GRANT_NOT_ALLOWED },
  { "OAU-113", PS_ERROR_SIGN_IN, WRONG_REDIRECT },
  { "OAU-123", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "OAU-125", PS_ERROR_SIGN_IN, GRANT_NOT_ALLOWED },
  { "OAU-128", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "OAU-129", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "OAU-134", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "OAU-136", PS_ERROR_SIGN_IN, ACCOUNT_STATE },
  { "OAU-140", PS_ERROR_SIGN_IN, WRONG_JWT },
  { "OAU-141", PS_ERROR_SIGN_IN, ACCOUNT_STATE },
  { "OAU-142", PS_ERROR_SIGN_IN, ACCOUNT_STATE },
  { "OAU-146", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "OAU-147", PS_ERROR_SIGN_IN, LOCKED },
  { "OAU-148", PS_ERROR_SIGN_IN, LOCKED },
  { "OAU-149", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "OAU-153", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "OAU-168", PS_ERROR_SIGN_IN, GRANT_NOT_ALLOWED },
  { "OAU-213", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "TokenInvalid", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "TokenExpired", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "CMN-101", PS_ERROR_REFUSED, BAD_VALUE },
  { "InvalidParameter", PS_ERROR_REFUSED, BAD_VALUE },
  { "CMN-102", PS_ERROR_NOT_FOUND, GONE },
  { "CMN-103", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "CMN-104", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "CMN-106", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "InvalidMultipartRequest", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "CMN-109", PS_ERROR_PERMISSION, NO_FEATURE },
  { "CMN-120", PS_ERROR_NOT_FOUND, GONE },
  { "CMN-201", PS_ERROR_SERVER, SERVICE_TROUBLE },
  { "CMN-203", PS_ERROR_SERVER, SERVICE_TROUBLE },
  { "CMN-301", PS_ERROR_THROTTLED, TOO_MANY },
  { "CMN-302", PS_ERROR_THROTTLED, TOO_MANY },
  { "CMN-303", PS_ERROR_THROTTLED, TOO_MANY },
  { "CMN-304", PS_ERROR_THROTTLED, TOO_MANY },
  { "CMN-310", PS_ERROR_THROTTLED, TOO_MANY },
  { "CMN-401", PS_ERROR_PERMISSION, SCOPE_MISSING },
  { "InsufficientPermissions", PS_ERROR_PERMISSION, SCOPE_MISSING },
  { "CMN-402", PS_ERROR_PERMISSION, NEEDS_ADMIN },
  { "CMN-403", PS_ERROR_REFUSED, NOT_THIS_TYPE },
  { "CMN-404", PS_ERROR_PERMISSION, NOT_FOR_OTHERS },
  { "CMN-405", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "CMN-408", PS_ERROR_PERMISSION, USER_PERMISSION },
  { "ADG-100", PS_ERROR_PERMISSION, NEEDS_ADMIN },
  { "ADG-101", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "ADG-121", PS_ERROR_REFUSED, BAD_VALUE },
  { "ADG-122", PS_ERROR_NOT_FOUND, GONE },
  { "SUB-402", PS_ERROR_REFUSED, NOT_THIS_TYPE },
  { "SUB-403", PS_ERROR_REFUSED, NOT_MONITORED },
  { "SUB-406", PS_ERROR_PERMISSION, NOT_FOR_OTHERS },
  { "SUB-408", PS_ERROR_NOT_FOUND, GONE },
  { "SUB-505", PS_ERROR_THROTTLED, TOO_MANY },
  { "SUB-507", PS_ERROR_SERVER, SUBSCRIPTION_ENDED },
  { "SUB-508", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "SUB-528", PS_ERROR_PERMISSION, SOCKET_SCOPE_MISSING },
};

/* RFC 6749 §5.2, where no number came. */
static const PsServiceErrorRow words[] = {
  { "invalid_client", PS_ERROR_SIGN_IN, WRONG_CLIENT },
  { "invalid_grant", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "expired_token", PS_ERROR_SIGN_IN, SIGN_IN_AGAIN },
  { "unauthorized_client", PS_ERROR_SIGN_IN, GRANT_NOT_ALLOWED },
  { "unsupported_grant_type", PS_ERROR_SIGN_IN, GRANT_NOT_ALLOWED },
  { "access_denied", PS_ERROR_REFUSED, N_ ("The sign-in to RingCentral was cancelled. Nothing has been changed.") },
  { "insufficient_scope", PS_ERROR_PERMISSION, SCOPE_MISSING },
  { "invalid_scope", PS_ERROR_PERMISSION, SCOPE_MISSING },
  { "invalid_request", PS_ERROR_REFUSED, OUR_MISTAKE },
  { "server_error", PS_ERROR_SERVER, SERVICE_TROUBLE },
  { "temporarily_unavailable", PS_ERROR_SERVER, SERVICE_TROUBLE },
};

const PsServiceErrorRow *
ps_service_errors_find_ringcentral (const char *code, guint status)
{
  const PsServiceErrorRow *row = ps_service_errors_find (codes, G_N_ELEMENTS (codes), code);

  return row != NULL ? row : ps_service_errors_find (words, G_N_ELEMENTS (words), code);
}

static const char *
find_parameter (JsonObject *object)
{
  static const char *const names[] = { "permissionName", "parameterName", "featureName", "scope" };
  JsonObject *first = ps_json_element_object (ps_json_array (object, "parameters"), 0);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *value = ps_json_string (object, names[i]);

    if (value != NULL && value[0] != '\0')
      return value;
  }
  return first != NULL ? find_parameter (first) : NULL;
}

/* errors[0] has the number; the top level may have an older word for it, and OAuth's `error` a word only. */
void
ps_service_errors_read_ringcentral (JsonObject *object, guint status, PsServiceFinding *finding)
{
  JsonObject *first = ps_json_element_object (ps_json_array (object, "errors"), 0);
  const char *const candidates[] = { ps_json_string (first, "errorCode"), ps_json_string (object, "errorCode"),
                                     ps_json_string (object, "error") };
  const char *parameter = find_parameter (first);

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++) {
    if (candidates[i] == NULL || candidates[i][0] == '\0')
      continue;
    if (finding->code == NULL)
      finding->code = g_strdup (candidates[i]);
    if (finding->row != NULL)
      break;
    finding->row = ps_service_errors_find_ringcentral (candidates[i], status);
  }
  finding->parameter = g_strdup (parameter != NULL ? parameter : find_parameter (object));
}
