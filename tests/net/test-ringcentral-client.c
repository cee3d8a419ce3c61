/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-ringcentral-client.h"

#include "mock-ringcentral.h"
#include "ps-error.h"

#define PAGE_1  "GET /restapi/v1.0/account/~/extension?type=User&page=1&perPage=1000"
#define PAGE_2  "GET /restapi/v1.0/account/~/extension?page=2"
#define QUEUES  "GET /restapi/v1.0/account/~/call-queues?perPage=1000"
#define MEMBERS "GET /restapi/v1.0/account/~/call-queues/%s/members?perPage=1000"
#define SWEEP   "GET /restapi/v1.0/account/~/presence?page=1&perPage=1000"
#define OWN     "GET /restapi/v1.0/account/~/extension/~"
#define FEATURE "GET /restapi/v1.0/account/~/extension/~/features?featureId=NewCallHandlingAndForwarding"
#define CHECK                                                                                                          \
  "GET /restapi/v1.0/account/~/extension/~/authz-profile/check?permissionId=EditPresenceStatus&targetExtensionId=7"

typedef struct {
  Mock *mock;
  PsRingCentralClient *client;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->mock = mock_new ();
  fixture->client = mock_client (fixture->mock);
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  mock_assert_all_used (fixture->mock);
  g_assert_finalize_object (fixture->client);
  mock_free (fixture->mock);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out = user_data;

  *out = g_object_ref (result);
}

/* --- account --- */

static void
test_account (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (PsRingCentralAccount) account = NULL;
  g_autoptr (GError) error = NULL;

  mock_reply (fixture->mock, OWN, 200,
              "{\"id\":7,\"name\":\"Ana Admin\",\"contact\":{\"company\":\"Example\"},\"permissions\":{\"admin\":{"
              "\"enabled\":true}}}");
  mock_reply (fixture->mock, "GET /restapi/v1.0/account/~", 200, "{\"id\":809646016}");
  mock_reply (fixture->mock, FEATURE, 200,
              "{\"records\":[{\"id\":\"NewCallHandlingAndForwarding\",\"params\":[{\"name\":\"isNewBackendAvailable\","
              "\"value\":\"true\"}]}]}");
  mock_reply (fixture->mock, "GET /restapi/v1.0/account/~/call-queues?perPage=1", 200,
              "{\"records\":[],\"paging\":{\"totalElements\":3}}");
  ps_ringcentral_client_read_account_async (fixture->client, NULL, result_cb, &result);
  mock_wait (result != NULL);
  account = ps_ringcentral_client_read_account_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (account->account_id, ==, "809646016");
  g_assert_cmpstr (account->account_name, ==, "Example");
  g_assert_cmpstr (account->own_id, ==, "7");
  g_assert_cmpstr (account->own_name, ==, "Ana Admin");
  g_assert_true (account->own_admin);
  g_assert_true (account->new_call_handling);
  g_assert_true (account->has_queues);
}

/* The feature is not known there: the old call handling; but a missing permission is not taken for that. */
static void
test_account_feature (Fixture *fixture, gconstpointer unused)
{
  static const struct {
    const char *code;
    guint status;
    gboolean fatal;
  } cases[] = { { "CMN-102", 404, FALSE }, { "CMN-101", 400, FALSE }, { "CMN-408", 403, TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *refusal =
        g_strdup_printf ("{\"errorCode\":\"%s\",\"errors\":[{\"errorCode\":\"%s\",\"permissionName\":"
                         "\"ReadFeatures\"}]}",
                         cases[i].code, cases[i].code);
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (PsRingCentralAccount) account = NULL;
    g_autoptr (GError) error = NULL;

    mock_reply (fixture->mock, OWN, 200, "{\"id\":7}");
    mock_reply (fixture->mock, "GET /restapi/v1.0/account/~", 200, "{\"id\":\"8\"}");
    mock_reply (fixture->mock, FEATURE, cases[i].status, refusal);
    if (!cases[i].fatal)
      mock_reply (fixture->mock, "GET /restapi/v1.0/account/~/call-queues?perPage=1", 200, "{\"records\":[]}");
    ps_ringcentral_client_read_account_async (fixture->client, NULL, result_cb, &result);
    mock_wait (result != NULL);
    account = ps_ringcentral_client_read_account_finish (fixture->client, result, &error);
    if (cases[i].fatal) {
      g_assert_error (error, PS_ERROR, PS_ERROR_PERMISSION);
      g_assert_null (account);
      continue;
    }
    g_assert_no_error (error);
    g_assert_false (account->new_call_handling);
    g_assert_false (account->has_queues);
  }
}

static void
test_permission (Fixture *fixture, gconstpointer unused)
{
  for (int allowed = 0; allowed <= 1; allowed++) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    gboolean answer = !allowed;

    mock_reply (fixture->mock, CHECK, 200, allowed ? "{\"successful\":true}" : "{\"successful\":false}");
    ps_ringcentral_client_check_permission_async (fixture->client, "EditPresenceStatus", "7", NULL, result_cb, &result);
    mock_wait (result != NULL);
    g_assert_true (ps_ringcentral_client_check_permission_finish (fixture->client, result, &answer, &error));
    g_assert_no_error (error);
    g_assert_cmpint (answer, ==, allowed);
  }
}

/* --- directory --- */

static GPtrArray *
read_users (Fixture *fixture, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_ringcentral_client_read_users_async (fixture->client, NULL, result_cb, &result);
  mock_wait (result != NULL);
  return ps_ringcentral_client_read_users_finish (fixture->client, result, error);
}

static void
test_users (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *members_20 = g_strdup_printf (MEMBERS, "20");
  g_autofree char *members_21 = g_strdup_printf (MEMBERS, "21");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) users = NULL;
  static const gboolean in_queue[] = { TRUE, FALSE, TRUE };

  mock_reply (
      fixture->mock, PAGE_1, 200,
      "{\"records\":[{\"id\":1,\"type\":\"User\"},{\"id\":2,\"type\":\"User\"}],\"navigation\":{\"nextPage\":{\"uri\":"
      "\"ORIGIN/restapi/v1.0/account/~/extension?page=2\"}}}");
  /* 2 has moved to the next page meanwhile. */
  mock_reply (
      fixture->mock, PAGE_2, 200,
      "{\"records\":[{\"id\":2,\"type\":\"User\"},{\"id\":20,\"type\":\"Department\"},{\"id\":3,\"type\":\"User\"}]}");
  mock_reply (fixture->mock, QUEUES, 200, "{\"records\":[{\"id\":20},{\"id\":\"21\"}]}");
  mock_reply (fixture->mock, members_20, 200,
              "{\"records\":[{\"id\":1}],\"navigation\":{\"nextPage\":{\"uri\":"
              "\"ORIGIN/restapi/v1.0/account/~/call-queues/20/members?page=2\"}}}");
  mock_reply (fixture->mock, "GET /restapi/v1.0/account/~/call-queues/20/members?page=2", 200,
              "{\"records\":[{\"id\":3}]}");
  mock_reply (fixture->mock, members_21, 404, "{\"errorCode\":\"CMN-102\"}"); /* deleted since */

  users = read_users (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (users->len, ==, 3);
  for (guint i = 0; i < users->len; i++) {
    PsRingCentralUser *user = g_ptr_array_index (users, i);

    g_assert_cmpint (user->id[0], ==, '1' + (int) i);
    g_assert_cmpint (user->in_queue, ==, in_queue[i]);
  }
}

/* The token would go wherever such a link leads. */
static void
test_users_foreign_link (Fixture *fixture, gconstpointer unused)
{
  static const char *const links[] = { "https://elsewhere.example/restapi/v1.0/account/~/extension?page=2",
                                       "http://127.0.0.1:1/restapi", "ORIGIN@elsewhere.example/",
                                       "//elsewhere.example/" };

  for (gsize i = 0; i < G_N_ELEMENTS (links); i++) {
    g_autofree char *body =
        g_strdup_printf ("{\"records\":[],\"navigation\":{\"nextPage\":{\"uri\":\"%s\"}}}", links[i]);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) users = NULL;

    mock_reply (fixture->mock, PAGE_1, 200, body);
    users = read_users (fixture, &error);
    g_assert_null (users);
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  }
}

/* A page that names itself as the next one. */
static void
test_users_endless (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) users = NULL;

  for (guint i = 0; i < 200; i++)
    mock_reply (fixture->mock, i == 0 ? PAGE_1 : PAGE_2, 200,
                "{\"records\":[{\"id\":1,\"type\":\"User\"}],\"navigation\":{\"nextPage\":{\"uri\":"
                "\"ORIGIN/restapi/v1.0/account/~/extension?page=2\"}}}");
  users = read_users (fixture, &error);
  g_assert_null (users);
  g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
}

/* --- presence --- */

static void
test_sweep (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsPhonePresences) found = NULL;
  gint64 before_ms = ps_now_ms ();
  gboolean more = FALSE;

  mock_reply (fixture->mock, SWEEP, 200,
              "{\"records\":[{\"extension\":{\"id\":1},\"userStatus\":\"Busy\"},{\"extension\":{\"id\":2}}],"
              "\"paging\":{\"page\":1,\"totalPages\":2}}");
  ps_ringcentral_client_sweep_page_async (fixture->client, 1, NULL, result_cb, &result);
  mock_wait (result != NULL);
  found = ps_ringcentral_client_sweep_page_finish (fixture->client, result, &more, &error);
  g_assert_no_error (error);
  g_assert_true (more);
  g_assert_cmpuint (found->presences->len, ==, 1);
  g_assert_cmpuint (found->calls, ==, 1);
  g_assert_cmpint (found->sent_ms, >=, before_ms);
  g_assert_cmpint (found->sent_ms, <=, ps_now_ms ());
}

static void
test_sweep_bad (Fixture *fixture, gconstpointer unused)
{
  static const char *const bodies[] = { "", "<html>sign in to the hotel's network</html>", "{\"records\":[", "null" };

  for (gsize i = 0; i < G_N_ELEMENTS (bodies); i++) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    gboolean more = TRUE;

    mock_reply (fixture->mock, SWEEP, 200, bodies[i]);
    ps_ringcentral_client_sweep_page_async (fixture->client, 1, NULL, result_cb, &result);
    mock_wait (result != NULL);
    g_assert_null (ps_ringcentral_client_sweep_page_finish (fixture->client, result, &more, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
    g_assert_false (more);
  }
}

static PsPhonePresences *
read_presences (Fixture *fixture, const char *const *ids, guint n_ids, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  ps_ringcentral_client_read_presences_async (fixture->client, ids, n_ids, NULL, result_cb, &result);
  mock_wait (result != NULL);
  return ps_ringcentral_client_read_presences_finish (fixture->client, result, error);
}

static void
test_read_some (Fixture *fixture, gconstpointer unused)
{
  static const char *const ids[] = { "1", "2", "3" };
  g_autoptr (GError) error = NULL;
  g_autoptr (PsPhonePresences) found = NULL;

  mock_reply (
      fixture->mock, "GET /restapi/v1.0/account/~/extension/1,2,3/presence", 207,
      "[{\"resourceId\":\"1\",\"status\":200,\"body\":{\"userStatus\":\"Busy\"}},{\"resourceId\":\"2\",\"status\":404,"
      "\"body\":{}},{\"resourceId\":\"3\",\"status\":200,\"body\":{\"userStatus\":\"Offline\"}}]");
  found = read_presences (fixture, ids, 3, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->presences->len, ==, 2);
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 1).id, ==, "3");
  g_assert_cmpstr (mock_request (fixture->mock, 0)->accept, ==, "application/vnd.ringcentral.multipart+json");
}

static void
test_read_one (Fixture *fixture, gconstpointer unused)
{
  static const char *const ids[] = { "1" };
  g_autoptr (GError) error = NULL;
  g_autoptr (PsPhonePresences) found = NULL;
  g_autoptr (PsPhonePresences) gone = NULL;

  mock_reply (fixture->mock, "GET /restapi/v1.0/account/~/extension/1/presence", 200, "{\"userStatus\":\"Busy\"}");
  found = read_presences (fixture, ids, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->presences->len, ==, 1);
  g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 0).id, ==, "1");

  mock_reply (fixture->mock, "GET /restapi/v1.0/account/~/extension/1/presence", 404, "{\"errorCode\":\"CMN-102\"}");
  gone = read_presences (fixture, ids, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (gone->presences->len, ==, 0);
}

static void
test_write (Fixture *fixture, gconstpointer unused)
{
  const PsPhoneWrite write = { PS_PHONE_BUSY, PS_CALLS_NONE };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PsPhoneReading reading;

  ps_ringcentral_client_set_new_call_handling (fixture->client, TRUE);
  mock_reply (fixture->mock, "PUT /restapi/v1.0/account/~/extension/1/presence", 200,
              "{\"userStatus\":\"Busy\",\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\",\"presenceStatus\":\"Busy\"}");
  ps_ringcentral_client_write_presence_async (fixture->client, "1", &write, NULL, result_cb, &result);
  mock_wait (result != NULL);
  g_assert_true (ps_ringcentral_client_write_presence_finish (fixture->client, result, &reading, &error));
  g_assert_no_error (error);
  g_assert_cmpint (reading.calls, ==, PS_CALLS_NONE);
  g_assert_cmpint (reading.user_status, ==, PS_PHONE_BUSY);
  g_assert_cmpstr (mock_request (fixture->mock, 0)->body, ==,
                   "{\"userStatus\":\"Busy\",\"dndStatusPersonal\":\"DoNotAcceptAnyCalls\"}");
}

/* One attempt: the caller decides again, whatever it was. */
static void
test_write_fails (Fixture *fixture, gconstpointer unused)
{
  static const struct {
    guint status;
    const char *body;
    PsError code;
  } cases[] = {
    { 400, "{\"errorCode\":\"CMN-101\",\"parameterName\":\"dndStatus\"}", PS_ERROR_REFUSED },
    { 404, "{\"errorCode\":\"CMN-102\"}", PS_ERROR_NOT_FOUND },
    { 403,
      "{\"errorCode\":\"CMN-408\",\"errors\":[{\"errorCode\":\"CMN-408\",\"permissionName\":\"EditPresenceStatus\"}]}",
      PS_ERROR_PERMISSION },
    { 503, "<html>503</html>", PS_ERROR_SERVER },
    { 200, "<html>200</html>", PS_ERROR_BAD_REPLY },
    { 200, "{}", PS_ERROR_BAD_REPLY },
    { 429, "{\"errorCode\":\"CMN-301\"}", PS_ERROR_THROTTLED },
  };
  const PsPhoneWrite write = { PS_PHONE_OFFLINE, PS_CALLS_UNKNOWN };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    PsPhoneReading reading;

    mock_reply (fixture->mock, "PUT /restapi/v1.0/account/~/extension/1/presence", cases[i].status, cases[i].body);
    ps_ringcentral_client_write_presence_async (fixture->client, "1", &write, NULL, result_cb, &result);
    mock_wait (result != NULL);
    g_assert_false (ps_ringcentral_client_write_presence_finish (fixture->client, result, &reading, &error));
    g_assert_error (error, PS_ERROR, (int) cases[i].code);
  }
  g_assert_cmpuint (fixture->mock->requests->len, ==, G_N_ELEMENTS (cases));
}

/* --- socket token, cancelling --- */

static void
test_socket_token (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PsSocketToken) token = NULL;

  ps_ringcentral_client_get_socket_token_async (fixture->client, NULL, result_cb, &result);
  mock_wait (result != NULL);
  token = ps_ringcentral_client_get_socket_token_finish (fixture->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (token->token, ==, "token-1");
  g_assert_true (g_str_has_prefix (token->uri, "ws://127.0.0.1:"));
  g_assert_cmpint (token->expires_ms, <=, ps_now_ms () + 30000);
  g_assert_cmpint (token->expires_ms, >, ps_now_ms ());
}

/* After @n_replies requests of the directory's reading. */
static void
test_cancel (Fixture *fixture, gconstpointer unused)
{
  for (guint stage = 0; stage < 3; stage++) {
    guint before = fixture->mock->requests->len;
    g_autoptr (GCancellable) cancellable = g_cancellable_new ();
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;

    if (stage > 0)
      mock_reply (fixture->mock, PAGE_1, 200, "{\"records\":[]}");
    if (stage > 1)
      mock_reply (fixture->mock, QUEUES, 200, "{\"records\":[]}");
    ps_ringcentral_client_read_users_async (fixture->client, cancellable, result_cb, &result);
    mock_wait (fixture->mock->requests->len - before >= stage);
    g_cancellable_cancel (cancellable);
    mock_wait (result != NULL);
    g_assert_null (ps_ringcentral_client_read_users_finish (fixture->client, result, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/ringcentral-client/" path, Fixture, NULL, set_up, function, tear_down)

  ADD ("account", test_account);
  ADD ("account/feature", test_account_feature);
  ADD ("permission", test_permission);
  ADD ("users", test_users);
  ADD ("users/foreign-link", test_users_foreign_link);
  ADD ("users/endless", test_users_endless);
  ADD ("sweep", test_sweep);
  ADD ("sweep/bad", test_sweep_bad);
  ADD ("read/some", test_read_some);
  ADD ("read/one", test_read_one);
  ADD ("write", test_write);
  ADD ("write/fails", test_write_fails);
  ADD ("socket-token", test_socket_token);
  ADD ("cancel", test_cancel);

  return g_test_run ();
}
