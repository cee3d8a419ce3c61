/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Registrations, their secrets, service principals and grants, by Graph.
 */
#include "config.h"

#include "test-microsoft-pages.h"

#include <string.h>

#define SCOPES             "User.Read Application.ReadWrite.All AppRoleAssignment.ReadWrite.All"
#define USER_READ_ALL      "df021288-bdef-4463-88db-98f22de89214"
#define PRESENCE_READWRITE "83cded22-8297-4ff6-a7fa-e97e9545a259"
#define GRAPH              "00000003-0000-0000-c000-000000000000"
#define REGISTRATION                                                                                                   \
  "{\"displayName\":\"It's ours\",\"signInAudience\":\"AzureADMyOrg\",\"tags\":[\"presence-sync\"],"                   \
  "\"requiredResourceAccess\":[{\"resourceAppId\":\"" GRAPH "\",\"resourceAccess\":[{\"id\":\"" USER_READ_ALL          \
  "\",\"type\":\"Role\"},{\"id\":\"" PRESENCE_READWRITE "\",\"type\":\"Role\"}]}],\"publicClient\":{\"redirectUris\":" \
  "[\"" MS_NATIVE "\",\"http://localhost\"]}}"

static void
use (MsTest *test, const char *key, const char *scopes)
{
  for (guint i = 0; i < test->ms->accounts->len; i++) {
    const PsTenantMsAccount *account = g_ptr_array_index (test->ms->accounts, i);

    if (g_str_equal (account->key, key)) {
      ms_test_use_user (test, account->user, scopes);
      return;
    }
  }
  g_assert_not_reached ();
}

static TestAnswer *
ask_for_token (MsTest *test, const char *app_id, const char *secret)
{
  return ms_test_sign_in (test, NULL, "grant_type", "client_credentials", "client_id", app_id, "client_secret", secret,
                          "scope", "https://graph.microsoft.com/.default", NULL);
}

static guint
count_roles (TestAnswer *answer)
{
  g_autoptr (TestAnswer) owned = answer;
  g_autoptr (JsonObject) claims = NULL;

  g_assert_cmpuint (owned->status, ==, 200);
  claims = ps_tenant_ms_jwt_part (test_json_string (owned->json, "$.access_token"), 1);
  return json_object_has_member (claims, "roles")
             ? json_array_get_length (json_object_get_array_member (claims, "roles"))
             : 0;
}

static guint
count_found (MsTest *test, const char *target)
{
  g_autoptr (TestAnswer) answer = ms_test_expect (test, 200, "GET", target, NULL, NULL);

  return test_json_length (answer->json, "$.value");
}

/* Makes the registration and its service principal. Returns: the application id. */
static char *
make_app (MsTest *test, char **object_id, char **principal_id)
{
  g_autoptr (TestAnswer) made = ms_test_expect (test, 201, "POST", "/v1.0/applications", REGISTRATION, NULL);
  g_autoptr (TestAnswer) principal = NULL;
  char *app_id = g_strdup (test_json_string (made->json, "$.appId"));
  g_autofree char *body = g_strdup_printf ("{\"appId\":\"%s\"}", app_id);

  g_assert_cmpstr (test_json_string (made->json, "$.displayName"), ==, "It's ours");
  g_assert_nonnull (soup_message_headers_get_one (made->headers, "Location"));
  *object_id = g_strdup (test_json_string (made->json, "$.id"));
  principal = ms_test_expect (test, 201, "POST", "/v1.0/servicePrincipals", body, NULL);
  *principal_id = g_strdup (test_json_string (principal->json, "$.id"));
  ms_test_refused (test, 409, "Request_MultipleObjectsWithSameKeyValue", "POST", "/v1.0/servicePrincipals", body, NULL);
  return app_id;
}

/* The whole life of a registration, with replication in between. */
static void
test_life (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantServer *server = test->http->server;
  g_autofree char *app_id = NULL, *object_id = NULL, *principal_id = NULL, *secret = NULL, *target = NULL;
  g_autofree char *add = NULL, *remove = NULL, *key = NULL, *grant = NULL;
  g_autoptr (TestAnswer) password = NULL, shown = NULL;
  PsTenantMsApp *app;

  use (test, "admin", SCOPES);
  ps_tenant_server_set_fault (server, "replication", "10");
  app_id = make_app (test, &object_id, &principal_id);
  target = g_strconcat ("/v1.0/applications/", object_id, NULL);
  add = g_strconcat (target, "/addPassword", NULL);
  password =
      ms_test_expect (test, 200, "POST", add, "{\"passwordCredential\":{\"displayName\":\"Presence Sync\"}}", NULL);
  secret = g_strdup (test_json_string (password->json, "$.secretText"));
  ms_test_assert_aadsts (ask_for_token (test, app_id, secret), 400, "unauthorized_client", 700016);
  ps_tenant_server_advance (server, 10000);
  g_assert_cmpuint (count_roles (ask_for_token (test, app_id, secret)), ==, 0);

  app = ps_tenant_ms_apps_find (test->ms->apps, app_id);
  ps_tenant_ms_app_consent (app, ps_tenant_server_now (server), ps_tenant_server_now (server) + 10000);
  g_assert_cmpuint (count_roles (ask_for_token (test, app_id, secret)), ==, 0);
  ps_tenant_server_advance (server, 10000);
  g_assert_cmpuint (count_roles (ask_for_token (test, app_id, secret)), ==, 2);

  /* A second secret is as wrong as any until it is seen, and it is shown once. */
  g_clear_pointer (&password, test_answer_free);
  password = ms_test_expect (test, 200, "POST", add, "{}", NULL);
  g_free (secret);
  secret = g_strdup (test_json_string (password->json, "$.secretText"));
  ms_test_assert_aadsts (ask_for_token (test, app_id, secret), 401, "invalid_client", 7000215);
  ps_tenant_server_advance (server, 10000);
  g_assert_cmpuint (count_roles (ask_for_token (test, app_id, secret)), ==, 2);
  shown = ms_test_expect (test, 200, "GET", target, NULL, NULL);
  g_assert_null (strstr (shown->text, secret));
  g_assert_cmpstr (test_json_string (shown->json, "$.passwordCredentials[1].hint"), !=, "");
  g_assert_cmpuint (test_json_length (shown->json, "$.passwordCredentials"), ==, 2);

  key = g_strdup_printf ("{\"keyId\":\"%s\"}", test_json_string (password->json, "$.keyId"));
  remove = g_strconcat (target, "/removePassword", NULL);
  test_answer_free (ms_test_expect (test, 204, "POST", remove, key, NULL));
  ms_test_refused (test, 400, "Request_BadRequest", "POST", remove, key, NULL);
  ms_test_assert_aadsts (ask_for_token (test, app_id, secret), 401, "invalid_client", 7000215);

  test_answer_free (ms_test_expect (test, 204, "DELETE", target, NULL, NULL));
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET", target, NULL, NULL);
  ms_test_refused (test, 404, "Request_ResourceNotFound", "DELETE", target, NULL, NULL);
  grant = g_strconcat ("/v1.0/servicePrincipals/", principal_id, NULL);
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET", grant, NULL, NULL);
  ms_test_assert_aadsts (ask_for_token (test, app_id, secret), 400, "unauthorized_client", 700016);
}

static void
test_search (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *app_id = NULL, *object_id = NULL, *principal_id = NULL, *by_id = NULL, *principal = NULL;
  g_autoptr (TestAnswer) selected = NULL, page = NULL, next = NULL, graph = NULL;

  use (test, "admin", SCOPES);
  app_id = make_app (test, &object_id, &principal_id);
  g_assert_cmpuint (count_found (test, "/v1.0/applications"), ==, 2); /* Microsoft's own is not registered here */
  g_assert_cmpuint (count_found (test, "/v1.0/applications?$filter=displayName%20eq%20'It''s%20ours'"), ==, 1);
  g_assert_cmpuint (count_found (test, "/v1.0/applications?$filter=displayName%20eq%20'Its%20ours'"), ==, 0);
  g_assert_cmpuint (count_found (test, "/v1.0/applications?$filter=tags/any(t:t%20eq%20'presence-sync')"), ==, 1);
  g_assert_cmpuint (count_found (test, "/v1.0/applications?$filter=tags/any(tag:tag%20eq%20'other')"), ==, 0);
  g_assert_cmpuint (count_found (test, "/v1.0/applications?$filter=startswith(displayName,'It')%20and%20"
                                       "tags/any(t:t%20eq%20'presence-sync')"),
                    ==, 1);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/applications?$filter=displayName%20is%20'x'",
                   NULL, NULL);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", "/v1.0/applications?$filter=tags/any(t:u%20eq%20'x')",
                   NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/applications?$filter=colour%20eq%20'x'", NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/applications?$select=colour", NULL, NULL);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/applications?$top=0", NULL, NULL);

  by_id = g_strdup_printf ("/v1.0/applications(appId='%s')?$select=id,displayName", app_id);
  selected = ms_test_expect (test, 200, "GET", by_id, NULL, NULL);
  g_assert_cmpstr (test_json_string (selected->json, "$.id"), ==, object_id);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (selected->json)), ==, 3);
  principal = g_strdup_printf ("/v1.0/servicePrincipals?$filter=appId%%20eq%%20'%s'", app_id);
  g_assert_cmpuint (count_found (test, principal), ==, 1);

  page = ms_test_expect (test, 200, "GET", "/v1.0/servicePrincipals?$top=3&$select=id", NULL, NULL);
  g_assert_cmpuint (test_json_length (page->json, "$.value"), ==, 3);
  next = ms_test_expect (test, 200, "GET", test_json_string (page->json, "$['@odata.nextLink']"), NULL, NULL);
  g_assert_cmpuint (test_json_length (next->json, "$.value"), ==, 1);
  g_assert_false (json_object_has_member (json_node_get_object (next->json), "@odata.nextLink"));

  graph = ms_test_expect (test, 200, "GET", "/v1.0/servicePrincipals(appId='" GRAPH "')", NULL, NULL);
  g_assert_cmpuint (test_json_length (graph->json, "$.appRoles"), >, 5);
  g_assert_nonnull (strstr (graph->text, PRESENCE_READWRITE));
  ms_test_refused (test, 404, "Request_ResourceNotFound", "GET",
                   "/v1.0/servicePrincipals(appId='00000000-1111-2222-3333-444444444444')", NULL, NULL);
  /* A path that nobody has is not taken for one of these. */
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/servicePrincipals(name='x')", NULL, NULL);
}

static void
test_update (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *app_id = NULL, *object_id = NULL, *principal_id = NULL, *target = NULL;
  g_autoptr (TestAnswer) shown = NULL;

  use (test, "app_admin", SCOPES);
  app_id = make_app (test, &object_id, &principal_id);
  target = g_strconcat ("/v1.0/applications/", object_id, NULL);
  test_answer_free (ms_test_expect (test, 204, "PATCH", target,
                                    "{\"displayName\":\"Other\",\"tags\":[\"presence-sync\",\"x\"],\"notes\":\"n\","
                                    "\"isFallbackPublicClient\":true,\"web\":{\"redirectUris\":[\"https://a.example/\"]"
                                    "}}",
                                    NULL));
  shown = ms_test_expect (test, 200, "GET", target, NULL, NULL);
  g_assert_cmpstr (test_json_string (shown->json, "$.displayName"), ==, "Other");
  g_assert_cmpuint (test_json_length (shown->json, "$.tags"), ==, 2);
  g_assert_true (test_json_bool (shown->json, "$.isFallbackPublicClient"));
  g_assert_cmpstr (test_json_string (shown->json, "$.web.redirectUris[0]"), ==, "https://a.example/");
  g_assert_cmpuint (test_json_length (shown->json, "$.publicClient.redirectUris"), ==, 2); /* left alone */
  g_assert_cmpuint (test_json_length (shown->json, "$.requiredResourceAccess[0].resourceAccess"), ==, 2);
}

static void
test_bad_bodies (void)
{
  static const char *const bodies[] = {
    "{}",
    "{\"displayName\":\"\"}",
    "{\"displayName\":7}",
    "{\"displayName\":\"x\",\"signInAudience\":\"Everybody\"}",
    "{\"displayName\":\"x\",\"appId\":\"00000000-1111-2222-3333-444444444444\"}",
    "{\"displayName\":\"x\",\"tags\":\"presence-sync\"}",
    "{\"displayName\":\"x\",\"tags\":[null]}",
    "{\"displayName\":\"x\",\"publicClient\":{\"redirectUris\":[\"http://example.com/\"]}}",
    "{\"displayName\":\"x\",\"publicClient\":{\"redirectUris\":[\"https://a.example/#f\"]}}",
    "{\"displayName\":\"x\",\"publicClient\":[]}",
    "{\"displayName\":\"x\",\"requiredResourceAccess\":{}}",
    "{\"displayName\":\"x\",\"requiredResourceAccess\":[7]}",
    "{\"displayName\":\"x\",\"requiredResourceAccess\":[{\"resourceAppId\":\"" GRAPH "\"}]}",
    "{\"displayName\":\"x\",\"requiredResourceAccess\":[{\"resourceAppId\":\"" GRAPH
    "\",\"resourceAccess\":[{\"id\":\"" USER_READ_ALL "\",\"type\":\"Scope\"}]}]}",
  };
  g_autoptr (MsTest) test = ms_test_new ();

  use (test, "admin", SCOPES);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    ms_test_refused (test, 400, "Request_BadRequest", "POST", "/v1.0/applications", bodies[i], NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", "/v1.0/applications", "{\"displayName\":", NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", "/v1.0/servicePrincipals", "{}", NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", "/v1.0/servicePrincipals",
                   "{\"appId\":\"00000000-1111-2222-3333-444444444444\"}", NULL);
  g_assert_cmpuint (count_found (test, "/v1.0/applications"), ==, 1);
}

/* The scope of the token and the role of the person are both needed. */
static void
test_permissions (void)
{
  g_autoptr (MsTest) test = ms_test_new ();

  use (test, "user", SCOPES);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "POST", "/v1.0/applications", REGISTRATION, NULL);
  g_assert_cmpuint (count_found (test, "/v1.0/applications"), ==, 1);
  use (test, "role_admin", SCOPES);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "POST", "/v1.0/applications", REGISTRATION, NULL);
  use (test, "admin", "User.Read");
  ms_test_refused (test, 403, "Authorization_RequestDenied", "POST", "/v1.0/applications", REGISTRATION, NULL);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/applications", NULL, NULL);
  ms_test_use_client (test);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "GET", "/v1.0/applications", NULL, NULL);
  ps_tenant_server_set_fault (test->http->server, "permission-added", "Application.ReadWrite.All");
  ms_test_use_client (test);
  test_answer_free (ms_test_expect (test, 201, "POST", "/v1.0/applications", REGISTRATION, NULL));
}

static void
test_secret_policies (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantServer *server = test->http->server;
  g_autofree char *add = g_strconcat ("/v1.0/applications/", test->ms->client->object_id, "/addPassword", NULL);
  g_autoptr (TestAnswer) answer = NULL;

  use (test, "admin", SCOPES);
  ps_tenant_server_set_fault (server, "secrets-forbidden", "1");
  ms_test_refused (test, 400, "CredentialTypeNotAllowedAsPerAppPolicy", "POST", add, "{}", NULL);
  ps_tenant_server_set_fault (server, "secrets-forbidden", NULL);
  ps_tenant_server_set_fault (server, "secret-days", "30");
  ms_test_refused (test, 400, "CredentialInvalidLifetimeAsPerAppPolicy", "POST", add, "{}", NULL);
  answer = ms_test_expect (test, 200, "POST", add,
                           "{\"passwordCredential\":{\"endDateTime\":\"2026-01-20T00:00:00Z\"}}", NULL);
  g_assert_cmpstr (test_json_string (answer->json, "$.endDateTime"), ==, "2026-01-20T00:00:00Z");
  ms_test_refused (test, 400, "BadRequest", "POST", add, "{\"passwordCredential\":{\"endDateTime\":\"soon\"}}", NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", add,
                   "{\"passwordCredential\":{\"endDateTime\":\"2020-01-01T00:00:00Z\"}}", NULL);
  g_assert_cmpuint (test->ms->client->secrets->len, ==, 2);
}

static void
test_assignments (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *app_id = NULL, *object_id = NULL, *principal_id = NULL, *target = NULL, *body = NULL, *wrong = NULL;
  g_autoptr (TestAnswer) graph = NULL, made = NULL, listed = NULL;

  use (test, "admin", SCOPES);
  app_id = make_app (test, &object_id, &principal_id);
  graph = ms_test_expect (test, 200, "GET", "/v1.0/servicePrincipals(appId='" GRAPH "')", NULL, NULL);
  target = g_strdup_printf ("/v1.0/servicePrincipals/%s/appRoleAssignments", principal_id);
  body = g_strdup_printf ("{\"principalId\":\"%s\",\"resourceId\":\"%s\",\"appRoleId\":\"" USER_READ_ALL "\"}",
                          principal_id, test_json_string (graph->json, "$.id"));
  wrong = g_strdup_printf ("{\"principalId\":\"%s\",\"resourceId\":\"%s\",\"appRoleId\":\"%s\"}", principal_id,
                           test_json_string (graph->json, "$.id"), object_id);
  g_assert_cmpuint (count_found (test, target), ==, 0);
  use (test, "app_admin", SCOPES);
  ms_test_refused (test, 403, "Authorization_RequestDenied", "POST", target, body, NULL);
  use (test, "role_admin", SCOPES);
  made = ms_test_expect (test, 201, "POST", target, body, NULL);
  g_assert_cmpstr (test_json_string (made->json, "$.appRoleId"), ==, USER_READ_ALL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", target, body, NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", target, wrong, NULL);
  ms_test_refused (test, 400, "Request_BadRequest", "POST", target, "{}", NULL);
  listed = ms_test_expect (test, 200, "GET", target, NULL, NULL);
  g_assert_cmpstr (test_json_string (listed->json, "$.value[0].principalId"), ==, principal_id);
  g_assert_cmpstr (test_json_string (listed->json, "$.value[0].resourceDisplayName"), ==, "Microsoft Graph");
}

static void
test_consents (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMsApp *app = test->ms->public_client;
  g_autofree char *target = g_strdup_printf ("/v1.0/servicePrincipals(appId='%s')/oauth2PermissionGrants", app->app_id);
  g_autoptr (TestAnswer) listed = NULL;

  use (test, "admin", SCOPES);
  g_assert_cmpuint (count_found (test, target), ==, 0);
  ps_tenant_ms_app_grant_scope (app, NULL, "openid");
  ps_tenant_ms_app_grant_scope (app, NULL, "User.Read");
  ps_tenant_ms_app_grant_scope (app, "11111111-2222-4333-8444-555555555555", "Mail.Send");
  listed = ms_test_expect (test, 200, "GET", target, NULL, NULL);
  g_assert_cmpuint (test_json_length (listed->json, "$.value"), ==, 2);
  g_assert_cmpstr (test_json_string (listed->json, "$.value[0].consentType"), ==, "AllPrincipals");
  g_assert_cmpstr (test_json_string (listed->json, "$.value[0].scope"), ==, "openid User.Read");
  g_assert_cmpstr (test_json_string (listed->json, "$.value[1].consentType"), ==, "Principal");
  g_assert_cmpstr (test_json_string (listed->json, "$.value[1].principalId"), ==,
                   "11111111-2222-4333-8444-555555555555");
}

static void
test_member_of (void)
{
  static const char roles[] = "/v1.0/me/memberOf/microsoft.graph.directoryRole?$count=true"
                              "&$select=id,displayName,roleTemplateId";
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) full = NULL, limited = NULL, none = NULL, all = NULL;

  use (test, "admin", "Directory.Read.All");
  full = ms_test_expect (test, 200, "GET", roles, NULL, "ConsistencyLevel", "eventual", NULL);
  g_assert_cmpuint (test_json_length (full->json, "$.value"), ==, 1);
  g_assert_cmpstr (test_json_string (full->json, "$.value[0].roleTemplateId"), ==, PS_TENANT_MS_GLOBAL_ADMINISTRATOR);
  ms_test_refused (test, 400, "Request_UnsupportedQuery", "GET", roles, NULL, NULL);
  all = ms_test_expect (test, 200, "GET", "/v1.0/me/memberOf", NULL, NULL);
  g_assert_cmpuint (test_json_length (all->json, "$.value"), >=, 2);
  g_assert_nonnull (strstr (all->text, "#microsoft.graph.group"));
  use (test, "admin", "User.Read");
  limited = ms_test_expect (test, 200, "GET", roles, NULL, "ConsistencyLevel", "eventual", NULL);
  g_assert_cmpuint (test_json_length (limited->json, "$.value"), ==, 1);
  g_assert_null (strstr (limited->text, PS_TENANT_MS_GLOBAL_ADMINISTRATOR));
  use (test, "user", "Directory.Read.All");
  none = ms_test_expect (test, 200, "GET", roles, NULL, "ConsistencyLevel", "eventual", NULL);
  g_assert_cmpuint (test_json_length (none->json, "$.value"), ==, 0);
  ms_test_use_client (test);
  ms_test_refused (test, 400, "BadRequest", "GET", "/v1.0/me/memberOf", NULL, NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/microsoft/applications/life", test_life);
  g_test_add_func ("/tenant/microsoft/applications/search", test_search);
  g_test_add_func ("/tenant/microsoft/applications/update", test_update);
  g_test_add_func ("/tenant/microsoft/applications/bad-bodies", test_bad_bodies);
  g_test_add_func ("/tenant/microsoft/applications/permissions", test_permissions);
  g_test_add_func ("/tenant/microsoft/applications/secret-policies", test_secret_policies);
  g_test_add_func ("/tenant/microsoft/applications/assignments", test_assignments);
  g_test_add_func ("/tenant/microsoft/applications/consents", test_consents);
  g_test_add_func ("/tenant/microsoft/applications/member-of", test_member_of);
  return g_test_run ();
}
