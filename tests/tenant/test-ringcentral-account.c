/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Account, extensions, permissions, directory and call queues.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

static guint
count_extensions (Rc *rc, const char *type)
{
  const GPtrArray *all = ps_tenant_world_extensions (rc->world);
  guint count = 0;

  for (guint i = 0; i < all->len; i++)
    if (type == NULL || g_str_equal (((PsTenantExtension *) all->pdata[i])->type, type))
      count++;
  return count;
}

static void
test_account (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) account = rc_get (rc, 200, RC_ACCOUNT);
  g_autoptr (TestAnswer) service = rc_get (rc, 200, RC_ACCOUNT "/service-info");
  g_autoptr (TestAnswer) by_id =
      rc_get (rc, 200, "/restapi/v1.0/account/%" G_GINT64_FORMAT, ps_tenant_world_account_id (rc->world));

  g_assert_cmpint (test_json_int (account->json, "$.id"), ==, ps_tenant_world_account_id (rc->world));
  g_assert_cmpstr (test_json_string (account->json, "$.serviceInfo.brand.id"), ==, "1210");
  g_assert_cmpstr (test_json_string (service->json, "$.servicePlanName"), !=, "");
}

static void
test_extension_list (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  guint users = count_extensions (rc, "User"), all = count_extensions (rc, NULL);
  g_autoptr (TestAnswer) page = rc_get (rc, 200, RC_ACCOUNT "/extension?type=User&perPage=7&page=2");
  g_autoptr (TestAnswer) two = rc_get (rc, 200, RC_ACCOUNT "/extension?type=User&type=Department&perPage=1000");
  g_autoptr (TestAnswer) everyone = rc_get (rc, 200, RC_ACCOUNT "/extension");
  g_autoptr (TestAnswer) beyond = rc_get (rc, 200, RC_ACCOUNT "/extension?page=900");
  PsTenantExtension *user = rc_user (rc, 0);
  g_autofree char *upper = g_ascii_strup (user->email, -1);
  g_autoptr (TestAnswer) one = rc_get (rc, 200, RC_ACCOUNT "/extension?email=%s", upper);
  g_autoptr (TestAnswer) next = NULL;
  const char *uri;

  g_assert_cmpuint (users, ==, 40);
  g_assert_cmpint (test_json_int (page->json, "$.paging.totalElements"), ==, users);
  g_assert_cmpint (test_json_int (page->json, "$.paging.pageStart"), ==, 7);
  g_assert_cmpint (test_json_int (page->json, "$.paging.pageEnd"), ==, 13);
  g_assert_cmpint (test_json_int (page->json, "$.paging.totalPages"), ==, 6);
  g_assert_cmpuint (test_json_length (page->json, "$.records"), ==, 7);
  uri = test_json_string (page->json, "$.navigation.nextPage.uri");
  g_assert_true (g_str_has_prefix (uri, ps_tenant_server_origin (rc->server)));
  next = rc_call (rc, "GET", uri, NULL, 200);
  g_assert_cmpint (test_json_int (next->json, "$.paging.page"), ==, 3);
  g_assert_cmpstr (test_json_string (next->json, "$.records[0].type"), ==, "User");
  g_assert_nonnull (strstr (test_json_string (page->json, "$.navigation.previousPage.uri"), "page=1"));
  g_assert_nonnull (strstr (test_json_string (page->json, "$.navigation.lastPage.uri"), "page=6"));
  g_assert_cmpint (test_json_int (two->json, "$.paging.totalElements"), ==,
                   users + count_extensions (rc, "Department"));
  g_assert_cmpint (test_json_int (everyone->json, "$.paging.totalElements"), ==, all);
  g_assert_cmpint (test_json_int (everyone->json, "$.paging.perPage"), ==, 100);
  g_assert_cmpuint (test_json_length (beyond->json, "$.records"), ==, 0);
  g_assert_cmpuint (test_json_length (one->json, "$.records"), >=, 1);
  g_assert_cmpint (test_json_int (one->json, "$.records[0].id"), ==, user->id);
}

static void
test_extension_list_refused (void)
{
  static const char *const rows[][2] = { { "perPage=1001", "perPage" }, { "perPage=0", "perPage" },
                                         { "perPage=x", "perPage" },    { "page=0", "page" },
                                         { "page=1001", "page" },       { "type=Person", "type" },
                                         { "status=Active", "status" } };
  g_autoptr (Rc) rc = rc_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TestAnswer) answer = rc_get (rc, 400, RC_ACCOUNT "/extension?%s", rows[i][0]);

    rc_assert_code (answer, 400, "CMN-101");
    g_assert_cmpstr (test_json_string (answer->json, "$.parameterName"), ==, rows[i][1]);
  }
  g_assert_true (ps_tenant_server_set_fault (rc->server, "scope-missing", "ReadAccounts"));
  rc_refused (rc, "GET", RC_ACCOUNT "/extension", NULL, 403, "CMN-401");
}

static void
test_extension (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (TestAnswer) self = rc_get (rc, 200, RC_ACCOUNT "/extension/~");
  g_autoptr (TestAnswer) removed = NULL, member = NULL;
  PsTenantExtension *with_queue = NULL;

  for (guint i = 0; with_queue == NULL; i++)
    if (rc_user (rc, i)->queue_ids->len > 0)
      with_queue = rc_user (rc, i);
  member = rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT, with_queue->id);
  g_assert_true (test_json_bool (self->json, "$.permissions.admin.enabled"));
  g_assert_cmpstr (test_json_string (self->json, "$.roles[0].displayName"), ==, "Super Admin");
  g_assert_cmpuint (test_json_length (member->json, "$.departments"), ==, with_queue->queue_ids->len);
  g_assert_cmpstr (test_json_string (member->json, "$.contact.email"), ==, with_queue->email);
  g_assert_false (test_json_bool (member->json, "$.permissions.admin.enabled"));
  rc_refused (rc, "GET", RC_ACCOUNT "/extension/12345", NULL, 404, "CMN-102");
  rc_refused (rc, "GET", RC_ACCOUNT "/extension/abc", NULL, 404, "CMN-102");
  g_assert_true (ps_tenant_server_set_fault (rc->server, "admin-removed", "1"));
  removed = rc_get (rc, 200, RC_ACCOUNT "/extension/~");
  g_assert_false (test_json_bool (removed->json, "$.permissions.admin.enabled"));
}

static gboolean
check (Rc *rc, const char *permission, gint64 target)
{
  g_autoptr (TestAnswer) answer = rc_get (
      rc, 200, RC_ACCOUNT "/extension/~/authz-profile/check?permissionId=%s&targetExtensionId=%" G_GINT64_FORMAT,
      permission, target);

  return test_json_bool (answer->json, "$.successful");
}

static void
test_permissions (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  gint64 other = rc_user (rc, 0)->id, self = ps_tenant_world_admin (rc->world)->id;
  g_autoptr (TestAnswer) profile = rc_get (rc, 200, RC_ACCOUNT "/extension/~/authz-profile");
  g_autoptr (TestAnswer) roles = rc_get (rc, 200, RC_ACCOUNT "/extension/~/assigned-role");

  g_assert_cmpuint (test_json_length (profile->json, "$.permissions"), ==, 10);
  g_assert_cmpstr (test_json_string (roles->json, "$.records[0].displayName"), ==, "Super Admin");
  g_assert_true (check (rc, "EditPresenceStatus", other));
  rc_refused (rc, "GET", RC_ACCOUNT "/extension/~/authz-profile/check?permissionId=Nonsense", NULL, 400, "CMN-101");
  rc_refused (rc, "GET", RC_ACCOUNT "/extension/~/authz-profile/check", NULL, 400, "CMN-101");
  rc_refused (rc, "GET",
              RC_ACCOUNT "/extension/~/authz-profile/check?permissionId=EditPresenceStatus&targetExtensionId=9", NULL,
              404, "CMN-102");
  g_assert_true (ps_tenant_server_set_fault (rc->server, "admin-removed", "1"));
  g_assert_false (check (rc, "EditPresenceStatus", other));
  g_assert_true (check (rc, "EditPresenceStatus", self));
  g_assert_true (check (rc, "ReadPresenceStatus", other));
}

static void
test_features (void)
{
  PsTenantServerOptions options = TEST_SERVER_OPTIONS;
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (Rc) modern = NULL;
  g_autoptr (TestAnswer) old = NULL, edit = NULL, queue = NULL, new = NULL, removed = NULL;
  gint64 other = rc_user (rc, 0)->id;

  old = rc_get (rc, 200, RC_ACCOUNT "/extension/~/features?featureId=NewCallHandlingAndForwarding");
  g_assert_cmpuint (test_json_length (old->json, "$.records"), ==, 1);
  g_assert_cmpstr (test_json_string (old->json, "$.records[0].params[0].name"), ==, "isNewBackendAvailable");
  g_assert_cmpstr (test_json_string (old->json, "$.records[0].params[0].value"), ==, "false");
  edit = rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/features?featureId=EditPresenceStatus", other);
  g_assert_true (test_json_bool (edit->json, "$.records[0].available"));
  queue = rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/features?featureId=EditPresenceStatus",
                  rc_queue (rc)->id);
  g_assert_cmpstr (test_json_string (queue->json, "$.records[0].reason.code"), ==, "ExtensionTypeLimitation");
  g_assert_true (ps_tenant_server_set_fault (rc->server, "admin-removed", "1"));
  removed = rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/features?featureId=EditPresenceStatus", other);
  g_assert_cmpstr (test_json_string (removed->json, "$.records[0].reason.code"), ==, "InsufficientPermissions");
  g_assert_cmpstr (test_json_string (removed->json, "$.records[0].reason.permission"), ==, "EditPresenceStatus");
  options.world.new_call_handling = TRUE;
  modern = rc_new (&options);
  new = rc_get (modern, 200,
                RC_ACCOUNT "/extension/~/features?featureId=NewCallHandlingAndForwarding&availableOnly=true");
  g_assert_cmpstr (test_json_string (new->json, "$.records[0].params[0].value"), ==, "true");
}

static void
test_directory (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autoptr (TestAnswer) all = rc_get (rc, 200, RC_ACCOUNT "/directory/entries?perPage=all");
  g_autoptr (TestAnswer) users = rc_get (rc, 200, RC_ACCOUNT "/directory/entries?type=User&perPage=2000");
  g_autoptr (TestAnswer) group =
      rc_get (rc, 200, RC_ACCOUNT "/directory/entries?typeGroup=NonUser&showFederated=false");
  g_autoptr (TestAnswer) one = rc_get (rc, 200, RC_ACCOUNT "/directory/entries/%" G_GINT64_FORMAT, user->id);
  g_autofree char *bearer = g_strconcat ("Bearer ", rc->token, NULL);
  guint shown = count_extensions (rc, NULL) - count_extensions (rc, "ApplicationExtension");
  /* These all come back as User. */
  guint users_shown = count_extensions (rc, "User") + count_extensions (rc, "DigitalUser") +
                      count_extensions (rc, "VirtualUser") + count_extensions (rc, "FaxUser");
  const char *etag = soup_message_headers_get_one (all->headers, "ETag");
  g_autoptr (TestAnswer) same = NULL, changed = NULL, wrong = NULL, lost = NULL, type = NULL;

  g_assert_cmpint (test_json_int (all->json, "$.paging.totalElements"), ==, shown);
  g_assert_cmpint (test_json_int (all->json, "$.paging.totalPages"), ==, 1);
  g_assert_cmpint (test_json_int (users->json, "$.paging.totalElements"), ==, users_shown);
  g_assert_cmpint (test_json_int (group->json, "$.paging.totalElements"), ==, shown - users_shown);
  g_assert_null (strstr (group->text, "companyName"));
  g_assert_nonnull (strstr (users->text, "companyName"));
  g_assert_cmpstr (test_json_string (one->json, "$.email"), ==, user->email);
  same = rc_send (rc, "GET", RC_ACCOUNT "/directory/entries?perPage=all", NULL, NULL, "Authorization", bearer,
                  "If-None-Match", etag, NULL);
  g_assert_cmpuint (same->status, ==, 304);
  g_assert_cmpuint (same->size, ==, 0);
  ps_tenant_world_set_extension_status (rc->world, user, "Disabled");
  changed = rc_send (rc, "GET", RC_ACCOUNT "/directory/entries?perPage=all", NULL, NULL, "Authorization", bearer,
                     "If-None-Match", etag, NULL);
  g_assert_cmpuint (changed->status, ==, 200);
  wrong = rc_get (rc, 400, RC_ACCOUNT "/directory/entries?perPage=2001");
  rc_assert_code (wrong, 400, "ADG-121");
  g_assert_cmpstr (test_json_string (wrong->json, "$.errors[0].parameterName"), ==, "perPage");
  type = rc_get (rc, 400, RC_ACCOUNT "/directory/entries?type=Nobody");
  rc_assert_code (type, 400, "ADG-121");
  lost = rc_get (rc, 404, RC_ACCOUNT "/directory/entries/77");
  rc_assert_code (lost, 404, "ADG-122");
}

static void
test_search (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autofree char *body = g_strdup_printf (
      "{\"searchString\":\"%s\",\"searchFields\":[\"email\"],\"extensionTypes\":[\"User\"]}", user->email);
  g_autoptr (TestAnswer) found = rc_call (rc, "POST", RC_ACCOUNT "/directory/entries/search", body, 200);
  g_autoptr (TestAnswer) none =
      rc_call (rc, "POST", RC_ACCOUNT "/directory/entries/search", "{\"searchString\":\"no-such-person\"}", 200);

  g_assert_cmpint (test_json_int (found->json, "$.paging.totalElements"), >=, 1);
  g_assert_cmpint (test_json_int (none->json, "$.paging.totalElements"), ==, 0);
  rc_refused (rc, "POST", RC_ACCOUNT "/directory/entries/search", "[]", 400, "ADG-112");
  rc_refused (rc, "POST", RC_ACCOUNT "/directory/entries/search", "{\"searchString\":1}", 400, "ADG-121");
  rc_refused (rc, "POST", RC_ACCOUNT "/directory/entries/search", "{\"searchFields\":[1]}", 400, "ADG-121");
  rc_refused (rc, "POST", RC_ACCOUNT "/directory/entries/search", "{\"perPage\":\"a\"}", 400, "ADG-121");
}

static void
test_queues (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  PsTenantExtension *queue = rc_queue (rc), *member = NULL, *outsider = NULL;
  g_autoptr (TestAnswer) any = rc_get (rc, 200, RC_ACCOUNT "/call-queues?perPage=1");
  g_autoptr (TestAnswer) one = rc_get (rc, 200, RC_ACCOUNT "/call-queues/%" G_GINT64_FORMAT, queue->id);
  g_autoptr (TestAnswer) members = rc_get (rc, 200, RC_ACCOUNT "/call-queues/%" G_GINT64_FORMAT "/members", queue->id);
  g_autoptr (TestAnswer) mine = NULL, nobodys = NULL, presence = NULL, states = NULL;
  guint count = test_json_length (members->json, "$.records");

  g_assert_cmpint (test_json_int (any->json, "$.paging.totalElements"), ==, count_extensions (rc, "Department"));
  g_assert_cmpuint (test_json_length (any->json, "$.records"), ==, 1);
  g_assert_true (test_json_bool (one->json, "$.editableMemberStatus"));
  g_assert_cmpuint (count, >, 0);
  member = ps_tenant_world_find_extension (rc->world, test_json_int (members->json, "$.records[0].id"));
  for (guint i = 0; outsider == NULL; i++)
    if (rc_user (rc, i)->queue_ids->len == 0)
      outsider = rc_user (rc, i);
  mine = rc_get (rc, 200, RC_ACCOUNT "/call-queues?memberExtensionId=%" G_GINT64_FORMAT, member->id);
  g_assert_cmpint (test_json_int (mine->json, "$.paging.totalElements"), ==, member->queue_ids->len);
  nobodys = rc_get (rc, 200, RC_ACCOUNT "/call-queues?memberExtensionId=%" G_GINT64_FORMAT, outsider->id);
  g_assert_cmpint (test_json_int (nobodys->json, "$.paging.totalElements"), ==, 0);
  presence = rc_get (rc, 200, RC_ACCOUNT "/extension/%" G_GINT64_FORMAT "/call-queue-presence", member->id);
  g_assert_cmpuint (test_json_length (presence->json, "$.records"), ==, member->queue_ids->len);
  states = rc_get (rc, 200, RC_ACCOUNT "/call-queues/%" G_GINT64_FORMAT "/presence", queue->id);
  g_assert_cmpuint (test_json_length (states->json, "$.records"), ==, count);
  rc_refused (rc, "GET", RC_ACCOUNT "/call-queues?memberExtensionId=5", NULL, 404, "CMN-102");
  rc_refused (rc, "GET", RC_ACCOUNT "/call-queues/5/members", NULL, 404, "CMN-102");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/account/account", test_account);
  g_test_add_func ("/ringcentral/account/extension-list", test_extension_list);
  g_test_add_func ("/ringcentral/account/extension-list-refused", test_extension_list_refused);
  g_test_add_func ("/ringcentral/account/extension", test_extension);
  g_test_add_func ("/ringcentral/account/permissions", test_permissions);
  g_test_add_func ("/ringcentral/account/features", test_features);
  g_test_add_func ("/ringcentral/account/directory", test_directory);
  g_test_add_func ("/ringcentral/account/search", test_search);
  g_test_add_func ("/ringcentral/account/queues", test_queues);
  return g_test_run ();
}
