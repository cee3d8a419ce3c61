/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Graph's guard and its directory: organization, users, delta, groups.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "test-microsoft-fixture.h"

#include <string.h>

#define EVENTUAL "ConsistencyLevel", "eventual"

static guint
microsoft_users (MsTest *test, gboolean enabled_only)
{
  const GPtrArray *people = ps_tenant_world_people (test->world);
  guint count = 0;

  for (guint i = 0; i < people->len; i++) {
    const PsTenantMicrosoftUser *user = ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;

    count += user != NULL && !user->deleted && (user->enabled || !enabled_only);
  }
  return count;
}

static const char *
link_of (TestAnswer *answer, const char *name)
{
  JsonObject *object = json_node_get_object (answer->json);

  return json_object_has_member (object, name) ? json_object_get_string_member (object, name) : NULL;
}

static void
test_tokens (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *good = g_strdup (test->token);
  g_autofree char *tampered = g_strconcat (good, "x", NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", tampered, NULL);
  g_autoptr (TestAnswer) answer = NULL;

  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/users", NULL, "Authorization", "", NULL);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/users", NULL, "Authorization", "Basic abc",
                   NULL);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/users", NULL, "Authorization", "Bearer abc",
                   NULL);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/users", NULL, "Authorization", bearer, NULL);
  answer = ms_test_expect (test, 401, "GET", "/v1.0/users", NULL, "Authorization", "", NULL);
  g_assert_true (g_str_has_prefix (soup_message_headers_get_one (answer->headers, "WWW-Authenticate"), "Bearer "));

  ps_tenant_server_advance (test->http->server, 3598 * 1000);
  g_clear_pointer (&answer, test_answer_free);
  answer = ms_test_expect (test, 200, "GET", "/v1.0/users", NULL, NULL);
  ps_tenant_server_advance (test->http->server, 1000);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/users", NULL, NULL);
}

static void
test_headers (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) answer =
      ms_test_expect (test, 200, "GET", "/v1.0/users?$top=1", NULL, "client-request-id", "my-own-id", NULL);

  g_assert_cmpstr (soup_message_headers_get_one (answer->headers, "client-request-id"), ==, "my-own-id");
  g_assert_true (g_uuid_string_is_valid (soup_message_headers_get_one (answer->headers, "request-id")));
  g_assert_true (g_str_has_prefix (soup_message_headers_get_one (answer->headers, "Content-Type"), "application/json"));
}

static void
test_permissions (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantServer *server = test->http->server;

  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/organization", NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/me", NULL, NULL);
  ps_tenant_server_set_fault (server, "permission-missing", "User.Read.All,Mail.Send");
  ms_test_use_client (test);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/users", NULL, NULL);
  ms_test_refused (test, 403, "ErrorAccessDenied", "POST", "/v1.0/users/a/sendMail", "{}", NULL);
  test_answer_free (ms_test_expect (test, 200, "GET", "/v1.0/groups", NULL, NULL));
  ps_tenant_server_set_fault (server, "permission-missing", NULL);
  ps_tenant_server_set_fault (server, "consent-revoked", "1");
  ms_test_use_client (test);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/groups", NULL, NULL);
  ms_test_refused (test, 403, "Forbidden", "POST", "/v1.0/communications/getPresencesByUserId", "{}", NULL);
}

static void
test_paths (void)
{
  g_autoptr (MsTest) test = ms_test_new ();

  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/nothing", NULL, NULL);
  ms_test_refused (test, 405, "Request_BadRequest", "DELETE", "/v1.0/users", NULL, NULL);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "GET", "/v1.0/nothing", NULL, "Authorization", "", NULL);
  ps_tenant_server_set_fault (test->http->server, "429", "7");
  ms_test_refused (test, 429, "TooManyRequests", "GET", "/v1.0/users", NULL, NULL);
}

static void
test_organization (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) answer = NULL;

  ps_tenant_server_set_fault (test->http->server, "permission-added", "Organization.Read.All");
  ms_test_use_client (test);
  answer = ms_test_expect (test, 200, "GET", "/v1.0/organization", NULL, NULL);
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].id"), ==, ps_tenant_world_tenant_id (test->world));
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].displayName"), ==,
                   ps_tenant_world_company (test->world));
  g_assert_cmpstr (test_json_string (answer->json, "$.value[0].verifiedDomains[0].name"), ==,
                   ps_tenant_world_domain (test->world));
}

/* Follows the links. Returns: (transfer full): ids in the order that they came. */
static GPtrArray *
list_all (MsTest *test, const char *target, guint *pages)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *next = g_strdup (target);

  *pages = 0;
  while (next != NULL) {
    g_autoptr (TestAnswer) answer = ms_test_expect (test, 200, "GET", next, NULL, EVENTUAL, NULL);
    guint length = test_json_length (answer->json, "$.value");

    for (guint i = 0; i < length; i++) {
      g_autofree char *path = g_strdup_printf ("$.value[%u].id", i);

      g_ptr_array_add (ids, g_strdup (test_json_string (answer->json, path)));
    }
    g_assert_true ((*pages == 0 && strstr (target, "$count") != NULL) ==
                   json_object_has_member (json_node_get_object (answer->json), "@odata.count"));
    g_free (next);
    next = g_strdup (link_of (answer, "@odata.nextLink"));
    ++*pages;
  }
  return ids;
}

static void
test_paging (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  guint total = microsoft_users (test, FALSE), pages = 0;
  g_autoptr (GPtrArray) ids = list_all (test, "/v1.0/users?$select=id&$top=7", &pages);
  g_autoptr (GPtrArray) counted = list_all (test, "/v1.0/users?$top=7&$count=true&$select=id,mail", &pages);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (ids->len, ==, total);
  g_assert_cmpuint (pages, ==, (total + 6) / 7);
  for (guint i = 0; i < ids->len; i++) {
    g_assert_true (g_hash_table_add (seen, g_ptr_array_index (ids, i)));
    g_assert_cmpstr (g_ptr_array_index (ids, i), ==, g_ptr_array_index (counted, i));
  }
}

/* A person who leaves between two pages makes neither a hole nor a repetition. */
static void
test_paging_stable (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  guint total = microsoft_users (test, FALSE);
  g_autoptr (TestAnswer) first = ms_test_expect (test, 200, "GET", "/v1.0/users?$top=10", NULL, NULL);
  guint pages = 0;
  g_autoptr (GPtrArray) rest = NULL;
  PsTenantPerson *leaver = ps_tenant_world_find_person (test->world, test_json_string (first->json, "$.value[3].id"));

  ps_tenant_world_leave (test->world, leaver);
  rest = list_all (test, link_of (first, "@odata.nextLink"), &pages);
  g_assert_cmpuint (rest->len, ==, total - 10);
}

static void
test_select (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) plain = ms_test_expect (test, 200, "GET", "/v1.0/users?$top=1", NULL, NULL);
  g_autoptr (TestAnswer) chosen =
      ms_test_expect (test, 200, "GET",
                      "/v1.0/users?$top=1&$select=id,accountEnabled,proxyAddresses,userType,assignedPlans", NULL, NULL);
  g_autoptr (JsonNode) first = test_json_at (plain->json, "$.value[0]");
  g_autoptr (JsonNode) other = test_json_at (chosen->json, "$.value[0]");

  g_assert_cmpuint (json_object_get_size (json_node_get_object (first)), ==, 11);
  g_assert_false (json_object_has_member (json_node_get_object (first), "accountEnabled"));
  g_assert_true (json_object_has_member (json_node_get_object (first), "userPrincipalName"));
  g_assert_cmpuint (json_object_get_size (json_node_get_object (other)), ==, 5);
  g_assert_true (test_json_bool (other, "$.accountEnabled"));
  g_assert_cmpstr (test_json_string (other, "$.userType"), ==, "Member");
  g_assert_nonnull (strstr (test_json_string (chosen->json, "$['@odata.context']"), "#users(id,accountEnabled,"));

  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/users?$select=nonsense", NULL, NULL);
  ms_test_refused (test, 501, "NotImplemented", "GET", "/v1.0/users?$select=aboutMe", NULL, NULL);
}

static void
test_options (void)
{
  g_autoptr (MsTest) test = ms_test_new ();

  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$top=1000", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$top=0", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$top=many", NULL, NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "GET", "/v1.0/users?$skip=10", NULL, NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "GET", "/v1.0/users?$expand=manager", NULL, NULL);
  ms_test_refused (test, 400, "Directory_ExpiredPageToken", "GET", "/v1.0/users?$skiptoken=abc", NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/users?$count=yes", NULL, NULL);
  test_answer_free (ms_test_expect (test, 200, "GET", "/v1.0/users?$top=999", NULL, NULL));
}

static void
test_filter (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *by_mail = g_strdup_printf ("/v1.0/users?$filter=mail%%20eq%%20'%s'", user->mail);
  g_autofree char *by_upn =
      g_strdup_printf ("/v1.0/users?$filter=userPrincipalName%%20eq%%20'%s'", user->user_principal_name);
  g_autoptr (TestAnswer) enabled =
      ms_test_expect (test, 200, "GET", "/v1.0/users?$filter=accountEnabled%20eq%20true&$top=999", NULL, NULL);
  g_autoptr (TestAnswer) mail = ms_test_expect (test, 200, "GET", by_mail, NULL, NULL);
  g_autoptr (TestAnswer) upn = ms_test_expect (test, 200, "GET", by_upn, NULL, NULL);
  g_autoptr (TestAnswer) disabled = ms_test_expect (
      test, 200, "GET", "/v1.0/users?$filter=accountEnabled%20ne%20true&$count=true&$top=999", NULL, EVENTUAL, NULL);

  g_assert_cmpuint (test_json_length (enabled->json, "$.value"), ==, microsoft_users (test, TRUE));
  g_assert_cmpstr (test_json_string (mail->json, "$.value[0].id"), ==, user->id);
  g_assert_cmpuint (test_json_length (upn->json, "$.value"), ==, 1);
  g_assert_cmpstr (test_json_string (upn->json, "$.value[0].id"), ==, user->id);
  g_assert_cmpuint (test_json_length (disabled->json, "$.value"), ==,
                    microsoft_users (test, FALSE) - microsoft_users (test, TRUE));
  g_assert_cmpint (test_json_int (disabled->json, "$['@odata.count']"), ==,
                   test_json_length (disabled->json, "$.value"));

  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$filter=accountEnabled%20ne%20true", NULL,
                   NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET",
                   "/v1.0/users?$filter=accountEnabled%20ne%20true&$count=true", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$filter=mobilePhone%20eq%20'1'", NULL,
                   NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/users?$filter=nonsense", NULL, NULL);
}

static void
test_search (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *target =
      g_strdup_printf ("/v1.0/users?$search=%%22displayName:%s%%22%%20OR%%20%%22mail:zzz%%22", user->surname);
  g_autoptr (TestAnswer) found = ms_test_expect (test, 200, "GET", target, NULL, EVENTUAL, NULL);

  g_assert_cmpuint (test_json_length (found->json, "$.value"), >=, 1);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", target, NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/users?$search=displayName:x", NULL, EVENTUAL, NULL);
}

static void
test_order (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) answer =
      ms_test_expect (test, 200, "GET", "/v1.0/users?$orderby=displayName%20desc&$top=2", NULL, NULL);

  g_assert_cmpint (g_ascii_strcasecmp (test_json_string (answer->json, "$.value[0].displayName"),
                                       test_json_string (answer->json, "$.value[1].displayName")),
                   >=, 0);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users?$orderby=mobilePhone", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET",
                   "/v1.0/users?$orderby=displayName&$filter=accountEnabled%20eq%20true", NULL, NULL);
}

static void
test_one_user (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *by_id = g_strconcat ("/v1.0/users/", user->id, NULL);
  g_autofree char *by_upn = g_strconcat ("/v1.0/users/", user->user_principal_name, "?$select=id,aboutMe", NULL);
  g_autoptr (TestAnswer) one = ms_test_expect (test, 200, "GET", by_id, NULL, NULL);
  g_autoptr (TestAnswer) two = ms_test_expect (test, 200, "GET", by_upn, NULL, NULL);
  g_autoptr (TestAnswer) me = NULL;

  g_assert_cmpstr (test_json_string (one->json, "$.displayName"), ==, user->display_name);
  g_assert_true (g_str_has_suffix (test_json_string (one->json, "$['@odata.context']"), "#users/$entity"));
  g_assert_cmpstr (test_json_string (two->json, "$.id"), ==, user->id);
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET", "/v1.0/users/00000000-1111-2222-3333-444444444444",
                   NULL, NULL);
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET", "/v1.0/users/nobody@example.org", NULL, NULL);

  ms_test_use_user (test, user, "User.Read");
  me = ms_test_expect (test, 200, "GET", "/v1.0/me", NULL, NULL);
  g_assert_cmpstr (test_json_string (me->json, "$.id"), ==, user->id);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", by_id, NULL, NULL);
  ms_test_use_user (test, user, "User.ReadBasic.All");
  test_answer_free (ms_test_expect (test, 200, "GET", "/v1.0/users?$select=id,mail", NULL, NULL));
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/users?$select=id,accountEnabled", NULL,
                   NULL);
}

/* Runs a round to its end. Returns: (transfer full): the deltaLink. */
static char *
delta_round (MsTest *test, const char *target, guint *users, guint *removed)
{
  g_autofree char *next = g_strdup (target);

  *users = *removed = 0;
  while (TRUE) {
    g_autoptr (TestAnswer) answer =
        ms_test_expect (test, 200, "GET", next, NULL, "Prefer", "odata.maxpagesize=10", NULL);
    guint length = test_json_length (answer->json, "$.value");

    g_assert_cmpuint (length, <=, 10);
    for (guint i = 0; i < length; i++) {
      g_autofree char *path = g_strdup_printf ("$.value[%u]", i);
      g_autoptr (JsonNode) item = test_json_at (answer->json, path);

      if (json_object_has_member (json_node_get_object (item), "@removed"))
        ++*removed;
      else
        ++*users;
      g_assert_true (json_object_has_member (json_node_get_object (item), "id"));
    }
    g_assert_true ((link_of (answer, "@odata.nextLink") == NULL) != (link_of (answer, "@odata.deltaLink") == NULL));
    if (link_of (answer, "@odata.deltaLink") != NULL)
      return g_strdup (link_of (answer, "@odata.deltaLink"));
    g_free (next);
    next = g_strdup (link_of (answer, "@odata.nextLink"));
  }
}

static void
test_delta (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  guint users = 0, removed = 0;
  g_autofree char *link = delta_round (test, "/v1.0/users/delta?$select=mail,accountEnabled", &users, &removed);
  g_autofree char *second = NULL;
  g_autofree char *third = NULL;
  g_autofree char *latest = NULL;
  g_autofree char *after_latest = NULL;

  g_assert_cmpuint (users, ==, microsoft_users (test, FALSE));
  g_assert_cmpuint (removed, ==, 0);
  second = delta_round (test, link, &users, &removed);
  g_assert_cmpuint (users + removed, ==, 0);

  ps_tenant_world_set_microsoft_enabled (test->world, ms_test_person (test, 0)->microsoft, FALSE);
  ps_tenant_world_leave (test->world, ms_test_person (test, 1));
  ps_tenant_world_hire (test->world, "Nina", "Neumann");
  third = delta_round (test, second, &users, &removed);
  g_assert_cmpuint (users, ==, 2);
  g_assert_cmpuint (removed, ==, 1);
  g_free (third);
  third = delta_round (test, second, &users, &removed); /* a replay gives the same again */
  g_assert_cmpuint (users, ==, 2);

  latest = delta_round (test, "/v1.0/users/delta?$deltatoken=latest", &users, &removed);
  g_assert_cmpuint (users + removed, ==, 0);
  ps_tenant_world_set_microsoft_enabled (test->world, ms_test_person (test, 0)->microsoft, TRUE);
  after_latest = delta_round (test, latest, &users, &removed);
  g_assert_cmpuint (users, ==, 1);
}

static void
test_delta_refusals (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  guint users = 0, removed = 0;
  g_autofree char *link = delta_round (test, "/v1.0/users/delta?$select=id", &users, &removed);
  g_autofree char *one =
      g_strdup_printf ("/v1.0/users/delta?$filter=id%%20eq%%20'%s'", ms_test_person (test, 0)->microsoft->id);
  g_autofree char *one_link = delta_round (test, one, &users, &removed);
  g_autoptr (TestAnswer) gone = NULL;
  const char *location;

  g_assert_cmpuint (users, ==, 1);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users/delta?$top=5", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users/delta?$orderby=mail", NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/users/delta?$filter=accountEnabled%20eq%20true",
                   NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/users/delta?$deltatoken=nonsense", NULL, NULL);

  ps_tenant_server_advance (test->http->server, 7 * G_GINT64_CONSTANT (86400000) + 1);
  ms_test_use_client (test);
  ms_test_refused (test, 410, "resyncRequired", "GET", link, NULL, NULL);
  gone = ms_test_expect (test, 410, "GET", link, NULL, NULL);
  location = soup_message_headers_get_one (gone->headers, "Location");
  g_assert_nonnull (location);
  g_free (g_steal_pointer (&link));
  link = delta_round (test, location, &users, &removed);
  g_assert_cmpuint (users, ==, microsoft_users (test, FALSE));
}

/* The group that has groups in it. */
static PsTenantGroup *
outer_group (MsTest *test)
{
  const GPtrArray *groups = ps_tenant_world_groups (test->world);

  for (guint i = 0; i < groups->len; i++)
    if (((PsTenantGroup *) g_ptr_array_index (groups, i))->groups->len > 0)
      return g_ptr_array_index (groups, i);
  g_assert_not_reached ();
}

static void
test_groups (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantGroup *outer = outer_group (test);
  g_autofree char *escaped = g_uri_escape_string (outer->display_name, NULL, FALSE);
  g_autofree char *by_name = g_strdup_printf ("/v1.0/groups?$filter=displayName%%20eq%%20'%s'", escaped);
  g_autofree char *by_start = g_strdup_printf ("/v1.0/groups?$filter=startswith(displayName,'%.1s')", escaped);
  g_autofree char *by_id = g_strconcat ("/v1.0/groups/", outer->id, "?$select=id,displayName", NULL);
  g_autoptr (TestAnswer) all = ms_test_expect (test, 200, "GET", "/v1.0/groups?$top=999", NULL, NULL);
  g_autoptr (TestAnswer) named = ms_test_expect (test, 200, "GET", by_name, NULL, NULL);
  g_autoptr (TestAnswer) started = ms_test_expect (test, 200, "GET", by_start, NULL, NULL);
  g_autoptr (TestAnswer) one = ms_test_expect (test, 200, "GET", by_id, NULL, NULL);

  g_assert_cmpuint (test_json_length (all->json, "$.value"), ==, ps_tenant_world_groups (test->world)->len);
  g_assert_cmpstr (test_json_string (named->json, "$.value[0].id"), ==, outer->id);
  g_assert_cmpuint (test_json_length (started->json, "$.value"), >=, 1);
  g_assert_cmpstr (test_json_string (one->json, "$.displayName"), ==, outer->display_name);
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET", "/v1.0/groups/00000000-1111-2222-3333-444444444444",
                   NULL, NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "GET", "/v1.0/groups/nonsense", NULL, NULL);
}

static void
add_members (PsTenantGroup *group, GHashTable *users)
{
  for (guint i = 0; i < group->members->len; i++)
    if (!((PsTenantMicrosoftUser *) g_ptr_array_index (group->members, i))->deleted)
      g_hash_table_add (users, g_ptr_array_index (group->members, i));
  for (guint i = 0; i < group->groups->len; i++)
    add_members (g_ptr_array_index (group->groups, i), users);
}

static void
test_members (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantGroup *outer = outer_group (test);
  g_autofree char *mixed = g_strconcat ("/v1.0/groups/", outer->id, "/transitiveMembers?$top=999", NULL);
  g_autofree char *direct = g_strconcat ("/v1.0/groups/", outer->id, "/members?$top=999&$select=id,displayName", NULL);
  g_autofree char *cast = g_strconcat ("/v1.0/groups/", outer->id,
                                       "/transitiveMembers/microsoft.graph.user?$select=id&$top=5&$count=true", NULL);
  g_autofree char *bare = g_strconcat ("/v1.0/groups/", outer->id, "/transitiveMembers/microsoft.graph.user", NULL);
  g_autoptr (GHashTable) expected = g_hash_table_new (NULL, NULL);
  g_autoptr (TestAnswer) everything = ms_test_expect (test, 200, "GET", mixed, NULL, NULL);
  g_autoptr (TestAnswer) near = ms_test_expect (test, 200, "GET", direct, NULL, NULL);
  guint pages = 0;
  g_autoptr (GPtrArray) users = list_all (test, cast, &pages);

  add_members (outer, expected);
  g_assert_cmpuint (g_hash_table_size (expected), >, 5);
  g_assert_cmpuint (users->len, ==, g_hash_table_size (expected));
  g_assert_cmpuint (pages, >, 1);
  g_assert_cmpuint (test_json_length (everything->json, "$.value"), ==,
                    g_hash_table_size (expected) + outer->groups->len);
  g_assert_cmpuint (test_json_length (near->json, "$.value"), ==, outer->members->len + outer->groups->len);
  g_assert_nonnull (strstr (everything->text, "\"#microsoft.graph.group\""));
  g_assert_nonnull (strstr (everything->text, "\"#microsoft.graph.user\""));

  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", bare, NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", cast, NULL, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/microsoft/graph/tokens", test_tokens);
  g_test_add_func ("/microsoft/graph/headers", test_headers);
  g_test_add_func ("/microsoft/graph/permissions", test_permissions);
  g_test_add_func ("/microsoft/graph/paths", test_paths);
  g_test_add_func ("/microsoft/graph/organization", test_organization);
  g_test_add_func ("/microsoft/users/paging", test_paging);
  g_test_add_func ("/microsoft/users/paging-stable", test_paging_stable);
  g_test_add_func ("/microsoft/users/select", test_select);
  g_test_add_func ("/microsoft/users/options", test_options);
  g_test_add_func ("/microsoft/users/filter", test_filter);
  g_test_add_func ("/microsoft/users/search", test_search);
  g_test_add_func ("/microsoft/users/order", test_order);
  g_test_add_func ("/microsoft/users/one", test_one_user);
  g_test_add_func ("/microsoft/delta/rounds", test_delta);
  g_test_add_func ("/microsoft/delta/refusals", test_delta_refusals);
  g_test_add_func ("/microsoft/groups/list", test_groups);
  g_test_add_func ("/microsoft/groups/members", test_members);
  return g_test_run ();
}
