/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The error bodies of both services, and the replies of their token endpoints.
 */
#include "config.h"

#include "fuzz.h"
#include "ps-error.h"
#include "ps-service-errors.h"
#include "ps-token-grant.h"

const char *const ps_fuzz_corpus[] = {
  "{\"error\":{\"code\":\"Forbidden\",\"message\":\"m\",\"innerError\":{\"code\":\"accessDenied\",\"request-id\":\"r\"}"
  "}}",
  "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: "
  "x\",\"error_codes\":[7000215],\"trace_id\":\"t\"}",
  "{\"errorCode\":\"InsufficientPermissions\",\"errors\":[{\"errorCode\":\"CMN-401\",\"permissionName\":"
  "\"ReadPresence\"}]}",
  "{\"error\":\"invalid_grant\",\"errors\":[{\"errorCode\":\"OAU-140\",\"parameters\":[{\"parameterName\":\"p\"}]}]}",
  "{\"access_token\":\"e30.eyJyb2xlcyI6WyJNYWlsLlNlbmQiXX0.x\",\"expires_in\":\"3599\",\"refresh_token\":\"r\","
  "\"scope\":\"A B\","
  "\"owner_id\":7}",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const guint statuses[] = { 400, 401, 403, 429, 500 };
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);

  for (guint kind = PS_SERVICE_MICROSOFT; kind <= PS_SERVICE_RINGCENTRAL; kind++) {
    g_auto (PsTokenReply) reply = { NULL };
    g_autoptr (GError) refused = NULL;

    for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
      g_autoptr (GError) error = ps_service_error_from_reply ((PsServiceKind) kind, statuses[i], NULL, body);

      g_assert_true (error->domain == PS_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (ps_error_details (error)->status, ==, statuses[i]);
    }
    if (!ps_token_reply_parse ((PsServiceKind) kind, body, &reply, &refused))
      g_assert_error (refused, PS_ERROR, PS_ERROR_BAD_REPLY);
    else
      g_assert_cmpint (reply.life_ms, >, 0);
  }
  return 0;
}
