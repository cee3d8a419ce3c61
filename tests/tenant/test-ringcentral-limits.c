/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * RingCentral's rate groups: headers, the 429, and the penalty that starts anew.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

static gint64
header_int (TestAnswer *answer, const char *name)
{
  const char *text = soup_message_headers_get_one (answer->headers, name);

  g_assert_nonnull (text);
  return g_ascii_strtoll (text, NULL, 10);
}

static void
test_headers (void)
{
  static const struct {
    const char *target, *group;
    gint64 limit;
  } rows[] = { { RC_ACCOUNT, "light", 50 },
               { RC_ACCOUNT "/extension", "medium", 40 },
               { RC_ACCOUNT "/presence", "heavy", 10 },
               { "/restapi/oauth/userinfo", "auth", 5 } };
  g_autoptr (Rc) rc = rc_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestAnswer) answer = rc_get (rc, 200, "%s", rows[i].target);

    g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "X-Rate-Limit-Group"), ==, rows[i].group);
    g_assert_cmpint (header_int (answer, "X-Rate-Limit-Limit"), ==, rows[i].limit);
    g_assert_cmpint (header_int (answer, "X-Rate-Limit-Window"), ==, 60);
    /* The sign-in was one of the five. */
    g_assert_cmpint (header_int (answer, "X-Rate-Limit-Remaining"), ==, rows[i].limit - (i == 3 ? 2 : 1));
  }
}

static void
use_up_heavy (Rc *rc)
{
  for (guint i = 0; i < 10; i++) {
    g_autoptr (TestAnswer) answer = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=1");
  }
}

static void
assert_penalty (Rc *rc, gint64 seconds)
{
  g_autoptr (TestAnswer) answer = rc_get (rc, 429, RC_ACCOUNT "/presence?perPage=1");

  rc_assert_code (answer, 429, "CMN-301");
  g_assert_cmpstr (test_json_string (answer->json, "$.errorCode"), ==, "CMN-301");
  g_assert_cmpint (header_int (answer, "Retry-After"), ==, seconds);
  g_assert_cmpint (header_int (answer, "X-Rate-Limit-Remaining"), ==, 0);
}

static void
test_restarting_penalty (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) light = NULL, again = NULL;
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  use_up_heavy (rc);
  assert_penalty (rc, 60);
  ps_tenant_server_advance (rc->server, 59 * 1000);
  assert_penalty (rc, 60); /* from its start again */
  ps_tenant_server_advance (rc->server, 59 * 1000);
  light = rc_get (rc, 200, RC_ACCOUNT); /* other groups are not concerned */
  ps_tenant_server_advance (rc->server, 1000);
  again = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=1");
  json_builder_begin_object (builder);
  ps_tenant_ringcentral_limits (rc->server, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  g_assert_cmpint (test_json_int (root, "$.Heavy.allowed"), ==, 11);
  g_assert_cmpint (test_json_int (root, "$.Heavy.refused"), ==, 2);
  g_assert_cmpint (test_json_int (root, "$.Heavy.refused_inside_penalty"), ==, 1);
  g_assert_cmpint (test_json_int (root, "$.Light.allowed"), ==, 1);
}

static void
test_sliding_window (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) answer = NULL;

  for (guint i = 0; i < 30; i++) { /* one each 6 s: exactly ten a minute */
    g_autoptr (TestAnswer) ok = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=1");

    ps_tenant_server_advance (rc->server, 6000);
  }
  answer = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=1");
}

static void
test_settings (void)
{
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (Rc) rc = NULL;
  g_autoptr (TestAnswer) raised = NULL, lowered = NULL, refused = NULL;

  options.ringcentral_limit = 2000;
  rc = rc_new (&options);
  raised = rc_get (rc, 200, RC_ACCOUNT "/extension?perPage=1");
  g_assert_cmpint (header_int (raised, "X-Rate-Limit-Limit"), ==, 2000);
  ps_tenant_ringcentral_set_limit (rc->server, "Medium", 2, 90);
  lowered = rc_get (rc, 200, RC_ACCOUNT "/extension?perPage=1");
  g_assert_cmpint (header_int (lowered, "X-Rate-Limit-Limit"), ==, 2);
  refused = rc_get (rc, 429, RC_ACCOUNT "/extension?perPage=1");
  g_assert_cmpint (header_int (refused, "Retry-After"), ==, 90);
}

/* Buckets are for each user and application; failed sign-ins have one, too. */
static void
test_buckets (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  PsRcFront *front = ps_rc_front_of (rc->server);
  PsRcSession *session = ps_rc_tokens_begin (front->tokens, &front->desktop, user->id, "ReadPresence", NULL, 3600, 3600,
                                             ps_tenant_server_now (rc->server));
  g_autoptr (TestAnswer) other = NULL;

  use_up_heavy (rc);
  assert_penalty (rc, 60);
  g_free (rc->token);
  rc->token = g_strdup (session->access_token);
  other = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=1");
  for (guint i = 0; i < 6; i++) {
    g_autoptr (TestAnswer) wrong = rc_token (rc, TRUE, "grant_type=refresh_token&refresh_token=no");

    g_assert_cmpuint (wrong->status, ==, i < 5 ? 400 : 429);
  }
}

static void
test_fault_without_headers (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) answer = NULL;

  g_assert_true (ps_tenant_server_set_fault (rc->server, "429-bare", "1"));
  answer = rc_get (rc, 429, RC_ACCOUNT);
  rc_assert_code (answer, 429, "CMN-310");
  g_assert_null (soup_message_headers_get_one (answer->headers, "Retry-After"));
  g_assert_null (soup_message_headers_get_one (answer->headers, "X-Rate-Limit-Limit"));
}

static void
test_unknown_paths (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);

  rc_refused (rc, "GET", "/restapi/v1.0/nowhere", NULL, 404, "CMN-120");
  rc_refused (rc, "DELETE", RC_ACCOUNT "/presence", NULL, 405, "CMN-121");
  rc_refused (rc, "GET", "/restapi/v1.0/account/1", NULL, 404, "CMN-102");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/limits/headers", test_headers);
  g_test_add_func ("/ringcentral/limits/restarting-penalty", test_restarting_penalty);
  g_test_add_func ("/ringcentral/limits/sliding-window", test_sliding_window);
  g_test_add_func ("/ringcentral/limits/settings", test_settings);
  g_test_add_func ("/ringcentral/limits/buckets", test_buckets);
  g_test_add_func ("/ringcentral/limits/fault-without-headers", test_fault_without_headers);
  g_test_add_func ("/ringcentral/limits/unknown-paths", test_unknown_paths);
  return g_test_run ();
}
