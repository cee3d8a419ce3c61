/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phone presence over REST: reading one, many and all; writing; who may.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

static char *
presence_path (gint64 id)
{
  return g_strdup_printf (RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/presence", id);
}

/* The ids of @count users, joined. */
static char *
ids_of (Rc *rc, guint count)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", rc_user (rc, i)->id);
  return g_string_free (text, FALSE);
}

static void
test_account_presence (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  const GPtrArray *extensions = ps_tenant_world_extensions (rc->world);
  g_autoptr (TestAnswer) all = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=5000&detailedTelephonyState=true");
  g_autoptr (TestAnswer) page = rc_get (rc, 200, RC_ACCOUNT "/presence?perPage=10&page=2");
  guint users = 0;

  g_assert_cmpint (test_json_int (all->json, "$.paging.perPage"), ==, 1000); /* larger is cut */
  g_assert_cmpuint (test_json_length (all->json, "$.records"), ==, extensions->len);
  g_assert_cmpuint (test_json_length (page->json, "$.records"), ==, 10);
  g_assert_null (strstr (page->text, "activeCalls"));
  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = extensions->pdata[i];
    g_autofree char *at = g_strdup_printf ("$.records[%u]", i);
    g_autoptr (JsonNode) record = test_json_at (all->json, at);
    JsonObject *object = json_node_get_object (record);

    g_assert_cmpint (test_json_int (record, "$.extension.id"), ==, extension->id);
    if (g_str_equal (extension->type, "User")) {
      g_assert_true (json_object_has_member (object, "userStatus"));
      g_assert_true (json_object_has_member (object, "activeCalls"));
      g_assert_false (json_object_has_member (object, "dndStatusPersonal"));
      users++;
    } else {
      g_assert_cmpstr (json_object_get_string_member (object, "presenceStatus"), ==, "Offline");
      g_assert_cmpuint (json_object_get_size (object), ==, 3); /* uri, extension, presenceStatus */
    }
  }
  g_assert_cmpuint (users, ==, 40);
}

static void
test_multipart_json (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *ids = ids_of (rc, 29);
  g_autofree char *target = g_strdup_printf (RC_ACCOUNT "/extension/%s,4711/presence", ids);
  g_autofree char *bearer = g_strconcat ("Bearer ", rc->token, NULL);
  g_autoptr (TestAnswer) answer = rc_send (rc, "GET", target, NULL, NULL, "Authorization", bearer, "Accept",
                                           "application/vnd.ringcentral.multipart+json", NULL);

  g_assert_cmpuint (answer->status, ==, 207);
  g_assert_cmpstr (soup_message_headers_get_content_type (answer->headers, NULL), ==,
                   "application/vnd.ringcentral.multipart+json");
  g_assert_cmpuint (test_json_length (answer->json, "$"), ==, 30);
  g_assert_cmpint (test_json_int (answer->json, "$[0].status"), ==, 200);
  g_assert_cmpint (test_json_int (answer->json, "$[0].body.extension.id"), ==, rc_user (rc, 0)->id);
  g_assert_cmpint (test_json_int (answer->json, "$[29].status"), ==, 404);
  g_assert_cmpstr (test_json_string (answer->json, "$[29].resourceId"), ==, "4711");
  g_assert_cmpstr (test_json_string (answer->json, "$[29].body.errors[0].errorCode"), ==, "CMN-102");
  /* 30 resources, one request of the group. */
  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "X-Rate-Limit-Remaining"), ==, "49");
}

static void
test_multipart_mixed (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *ids = ids_of (rc, 2);
  g_autoptr (TestAnswer) answer = rc_get (rc, 207, RC_ACCOUNT "/extension/%s/presence", ids);
  g_autoptr (GHashTable) parameters = NULL;
  const char *type = soup_message_headers_get_content_type (answer->headers, &parameters);
  g_auto (GStrv) parts = NULL;
  g_autofree char *separator = NULL;
  g_autoptr (JsonNode) statuses = NULL, first = NULL;

  g_assert_cmpstr (type, ==, "multipart/mixed");
  separator = g_strconcat ("--", g_hash_table_lookup (parameters, "boundary"), NULL);
  parts = g_strsplit (answer->text, separator, -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 5); /* nothing, statuses, two, the end */
  statuses = json_from_string (strstr (parts[1], "\r\n\r\n"), NULL);
  first = json_from_string (strstr (parts[2], "\r\n\r\n"), NULL);
  g_assert_cmpint (test_json_int (statuses, "$.response[1].status"), ==, 200);
  g_assert_cmpint (test_json_int (first, "$.extension.id"), ==, rc_user (rc, 0)->id);
}

static void
test_multipart_too_many (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *ids = ids_of (rc, 31);
  g_autoptr (TestAnswer) answer = rc_get (rc, 400, RC_ACCOUNT "/extension/%s/presence", ids);

  g_assert_cmpstr (test_json_string (answer->json, "$.errorCode"), ==, "InvalidMultipartRequest");
  rc_assert_code (answer, 400, "CMN-106");
}

static void
test_write (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autofree char *path = presence_path (user->id);
  g_autoptr (TestAnswer) written =
      rc_call (rc, "PUT", path, "{\"userStatus\":\"Busy\",\"dndStatus\":\"DoNotAcceptAnyCalls\"}", 200);
  g_autoptr (TestAnswer) partial = rc_call (rc, "PUT", path, "{\"message\":\"Back \\\"soon\\\" \xc3\xa9\"}", 200);
  g_autoptr (TestAnswer) empty = rc_call (rc, "PUT", path, "{}", 200);
  PsTenantPhoneShown shown = ps_tenant_phone_shown (user->phone);

  g_assert_cmpstr (shown.user_status, ==, "Busy");
  g_assert_cmpstr (shown.dnd_status, ==, "DoNotAcceptAnyCalls");
  g_assert_cmpstr (test_json_string (written->json, "$.userStatus"), ==, "Busy");
  g_assert_cmpstr (test_json_string (written->json, "$.telephonyStatus"), ==, "NoCall"); /* the whole presence */
  g_assert_cmpstr (test_json_string (partial->json, "$.dndStatus"), ==, "DoNotAcceptAnyCalls");
  g_assert_cmpstr (test_json_string (partial->json, "$.message"), ==, "Back \"soon\" \xc3\xa9");
  g_assert_cmpstr (test_json_string (empty->json, "$.message"), ==, "Back \"soon\" \xc3\xa9");
}

static void
test_write_refused (void)
{
  static const char *const rows[][2] = {
    { "{\"userStatus\":\"Away\"}", "userStatus" },
    { "{\"userStatus\":1}", "userStatus" },
    { "{\"userStatus\":null}", "userStatus" },
    { "{\"dndStatus\":\"Unknown\"}", "dndStatus" },
    { "{\"allowSeeMyPresence\":\"yes\"}", "allowSeeMyPresence" },
    { "{\"message\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345\"}", "message" },
  };
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = NULL;
  guint64 sequence;
  g_autofree char *path = NULL, *queue = presence_path (rc_queue (rc)->id), *nobody = presence_path (4711);
  g_autoptr (TestAnswer) outsider = NULL, type = NULL;
  g_autofree char *bearer = g_strconcat ("Bearer ", rc->token, NULL);

  for (guint i = 0; user == NULL; i++)
    if (rc_user (rc, i)->queue_ids->len == 0)
      user = rc_user (rc, i);
  path = presence_path (user->id);
  sequence = ps_tenant_phone_shown (user->phone).sequence;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestAnswer) answer = rc_call (rc, "PUT", path, rows[i][0], 400);

    rc_assert_code (answer, 400, "CMN-101");
    g_assert_cmpstr (test_json_string (answer->json, "$.parameterName"), ==, rows[i][1]);
    g_assert_cmpstr (test_json_string (answer->json, "$.errors[0].parameterName"), ==, rows[i][1]);
  }
  /* A queue value for one who is in no queue. */
  outsider = rc_call (rc, "PUT", path, "{\"dndStatus\":\"DoNotAcceptDepartmentCalls\"}", 400);
  g_assert_cmpstr (test_json_string (outsider->json, "$.parameterName"), ==, "dndStatus");
  rc_refused (rc, "PUT", path, "{\"userStatus\"", 400, "CMN-104");
  rc_refused (rc, "PUT", path, "[]", 400, "CMN-104");
  rc_refused (rc, "PUT", nobody, "{\"userStatus\":\"Busy\"}", 404, "CMN-102");
  rc_refused (rc, "PUT", queue, "{\"userStatus\":\"Busy\"}", 403, "CMN-403");
  type = rc_send (rc, "PUT", path, "text/plain", "{}", "Authorization", bearer, NULL);
  g_assert_cmpuint (type->status, ==, 415);
  g_assert_cmpuint (ps_tenant_phone_shown (user->phone).sequence, ==, sequence);
}

static void
test_rights (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *other = presence_path (rc_user (rc, 0)->id);
  g_autoptr (TestAnswer) refused = NULL, self = NULL, read = NULL;

  g_assert_true (ps_tenant_server_set_fault (rc->server, "admin-removed", "1"));
  refused = rc_call (rc, "PUT", other, "{\"userStatus\":\"Busy\"}", 403);
  rc_assert_code (refused, 403, "CMN-408");
  g_assert_cmpstr (test_json_string (refused->json, "$.permissionName"), ==, "EditPresenceStatus");
  self = rc_call (rc, "PUT", RC_ACCOUNT "/extension/~/presence", "{\"userStatus\":\"Busy\"}", 200);
  read = rc_get (rc, 200, "%s", other);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "admin-removed", "CMN-404"));
  rc_refused (rc, "PUT", other, "{\"userStatus\":\"Busy\"}", 403, "CMN-404");
  ps_tenant_server_clear_faults (rc->server);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "scope-missing", "EditPresence"));
  rc_refused (rc, "PUT", other, "{\"userStatus\":\"Busy\"}", 403, "CMN-401");
}

static void
test_bulk_write (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *first = rc_user (rc, 0), *second = rc_user (rc, 1);
  g_autofree char *ids = ids_of (rc, 2);
  g_autofree char *path = g_strdup_printf (RC_ACCOUNT "/extension/%s/presence", ids);
  g_autofree char *bearer = g_strconcat ("Bearer ", rc->token, NULL);
  g_autofree char *starred =
      g_strdup_printf ("[{\"resourceId\":\"%" G_GINT64_FORMAT "\",\"body\":{\"userStatus\":\"Offline\"}},"
                       "{\"resourceId\":\"4711\",\"body\":{}}]",
                       first->id);
  const char *type = "application/vnd.ringcentral.multipart+json";
  const char *body = "[{\"body\":{\"userStatus\":\"Busy\"}},{\"body\":{\"userStatus\":\"No\"}}]";
  g_autoptr (TestAnswer) refused = rc_send (rc, "PUT", path, type, body, "Authorization", bearer, NULL);
  g_autoptr (TestAnswer) done = NULL, star = NULL, short_of = NULL;

  rc_assert_code (refused, 400, "CMN-103");
  g_assert_cmpstr (test_json_string (refused->json, "$.errorCode"), ==, "InvalidMultipartRequest");
  g_assert_cmpstr (ps_tenant_phone_shown (first->phone).user_status, ==, "Available");
  g_assert_true (ps_tenant_server_set_fault (rc->server, "bulk-put", "1"));
  done = rc_send (rc, "PUT", path, type, body, "Authorization", bearer, NULL);
  g_assert_cmpuint (done->status, ==, 207);
  g_assert_cmpint (test_json_int (done->json, "$[0].status"), ==, 200);
  g_assert_cmpint (test_json_int (done->json, "$[1].status"), ==, 400);
  g_assert_cmpstr (ps_tenant_phone_shown (first->phone).user_status, ==, "Busy");
  g_assert_cmpstr (ps_tenant_phone_shown (second->phone).user_status, ==, "Available");
  star = rc_send (rc, "PUT", RC_ACCOUNT "/extension/*/presence", type, starred, "Authorization", bearer, NULL);
  g_assert_cmpuint (star->status, ==, 207);
  g_assert_cmpstr (ps_tenant_phone_shown (first->phone).user_status, ==, "Offline");
  g_assert_cmpint (test_json_int (star->json, "$[1].status"), ==, 404);
  short_of = rc_send (rc, "PUT", path, type, "[{\"body\":{}}]", "Authorization", bearer, NULL);
  rc_assert_code (short_of, 400, "CMN-104");
}

static void
test_hidden (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autofree char *path = presence_path (user->id);
  g_autoptr (TestAnswer) hide =
      rc_call (rc, "PUT", path, "{\"allowSeeMyPresence\":false,\"userStatus\":\"Available\"}", 200);
  g_autoptr (TestAnswer) own = rc_call (rc, "PUT", RC_ACCOUNT "/extension/~/presence",
                                        "{\"allowSeeMyPresence\":false,\"userStatus\":\"Available\"}", 200);

  g_assert_cmpstr (test_json_string (hide->json, "$.presenceStatus"), ==, "Offline");
  g_assert_cmpstr (test_json_string (own->json, "$.presenceStatus"), ==, "Available");
}

static void
test_calls (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autoptr (TestAnswer) answer = NULL;

  ps_tenant_phone_call_begin (user->phone, TRUE, FALSE, "CallConnected");
  answer =
      rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/presence?detailedTelephonyState=true&sipData=true",
              user->id);
  g_assert_cmpstr (test_json_string (answer->json, "$.telephonyStatus"), ==, "CallConnected");
  g_assert_cmpstr (test_json_string (answer->json, "$.presenceStatus"), ==, "Busy");
  g_assert_cmpstr (test_json_string (answer->json, "$.userStatus"), ==, "Available");
  g_assert_cmpstr (test_json_string (answer->json, "$.activeCalls[0].direction"), ==, "Inbound");
  g_assert_cmpstr (test_json_string (answer->json, "$.activeCalls[0].telephonySessionId"), !=, "");
  g_assert_cmpstr (test_json_string (answer->json, "$.activeCalls[0].sipData.callId"), !=, "");
}

static void
test_new_call_handling (void)
{
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (Rc) rc = NULL;
  g_autofree char *path = NULL;
  g_autoptr (TestAnswer) answer = NULL;

  options.world.new_call_handling = TRUE;
  rc = rc_new (&options);
  path = presence_path (rc_user (rc, 0)->id);
  answer =
      rc_call (rc, "PUT", path, "{\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\",\"acceptCallQueueCalls\":false}", 200);
  g_assert_cmpstr (test_json_string (answer->json, "$.dndStatusPersonal"), ==, "DoNotAcceptAnyCalls");
  g_assert_cmpstr (test_json_string (answer->json, "$.dndStatus"), ==, "DoNotAcceptAnyCalls");
  g_assert_false (test_json_bool (answer->json, "$.acceptCallQueueCalls"));
}

static void
test_unified (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *ids = ids_of (rc, 2), *path = presence_path (rc_user (rc, 0)->id);
  g_autoptr (TestAnswer) dnd = rc_call (rc, "PUT", path, "{\"dndStatus\":\"DoNotAcceptAnyCalls\"}", 200);
  g_autoptr (TestAnswer) one =
      rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/unified-presence", rc_user (rc, 0)->id);
  g_autoptr (TestAnswer) two = rc_get (rc, 207, RC_ACCOUNT "/extension/%s/unified-presence", ids);
  g_autoptr (TestAnswer) own = rc_get (rc, 200, RC_ACCOUNT "/extension/~/unified-presence");

  g_assert_cmpstr (test_json_string (one->json, "$.status"), ==, "DND");
  g_assert_cmpstr (test_json_string (one->json, "$.telephony.availability"), ==, "DoNotAcceptAnyCalls");
  g_assert_null (strstr (one->text, "visibility"));
  g_assert_cmpstr (test_json_string (own->json, "$.glip.visibility"), ==, "Visible");
  g_assert_cmpstr (test_json_string (two->json, "$[0].body.status"), ==, "DND");
  g_assert_cmpstr (test_json_string (two->json, "$[1].body.meeting.status"), ==, "NoMeeting");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/presence/account", test_account_presence);
  g_test_add_func ("/ringcentral/presence/multipart-json", test_multipart_json);
  g_test_add_func ("/ringcentral/presence/multipart-mixed", test_multipart_mixed);
  g_test_add_func ("/ringcentral/presence/multipart-too-many", test_multipart_too_many);
  g_test_add_func ("/ringcentral/presence/write", test_write);
  g_test_add_func ("/ringcentral/presence/write-refused", test_write_refused);
  g_test_add_func ("/ringcentral/presence/rights", test_rights);
  g_test_add_func ("/ringcentral/presence/bulk-write", test_bulk_write);
  g_test_add_func ("/ringcentral/presence/hidden", test_hidden);
  g_test_add_func ("/ringcentral/presence/calls", test_calls);
  g_test_add_func ("/ringcentral/presence/new-call-handling", test_new_call_handling);
  g_test_add_func ("/ringcentral/presence/unified", test_unified);
  return g_test_run ();
}
