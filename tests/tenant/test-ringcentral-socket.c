/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event socket: opening, subscribing, events, REST over it, timeouts, faults.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

#define PRESENCE "/restapi/v1.0/account/~/presence"
#define DETAILED PRESENCE "?detailedTelephonyState=true"

static RcSocket *
open_socket (Rc *rc)
{
  g_autofree char *ws_token = rc_socket_token (rc);
  RcSocket *socket = rc_socket_new (rc, ws_token, NULL);
  JsonNode *details = rc_socket_next (socket);

  g_assert_cmpstr (test_json_string (details, "$[0].type"), ==, "ConnectionDetails");
  g_assert_cmpstr (test_json_string (details, "$[0].wsc.token"), !=, "");
  g_assert_cmpint (test_json_int (details, "$[1].recoveryTimeout"), ==, 180);
  g_assert_cmpint (test_json_int (details, "$[1].recoveryBufferSize"), ==, 100);
  g_assert_cmpint (test_json_int (details, "$[1].idleTimeout"), ==, 1800);
  g_assert_cmpint (test_json_int (details, "$[1].absoluteTimeout"), ==, 86400);
  g_assert_false (
      json_object_has_member (json_array_get_object_element (json_node_get_array (details), 1), "recoveryState"));
  return socket;
}

static void
assert_refused_socket (RcSocket *socket)
{
  JsonNode *error = rc_socket_next (socket);

  g_assert_cmpstr (test_json_string (error, "$[0].type"), ==, "Error");
  g_assert_cmpint (test_json_int (error, "$[0].status"), ==, 401);
  rc_socket_wait_closed (socket);
}

static void
test_tokens (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autofree char *once = rc_socket_token (rc), *late = rc_socket_token (rc);
  g_autoptr (RcSocket) first = rc_socket_new (rc, once, NULL), again = NULL, expired = NULL, wrong = NULL;

  rc_socket_next (first);
  again = rc_socket_new (rc, once, NULL);
  assert_refused_socket (again);
  ps_tenant_server_advance (rc->server, 30 * 1000);
  expired = rc_socket_new (rc, late, NULL);
  assert_refused_socket (expired);
  wrong = rc_socket_new (rc, "x", NULL);
  assert_refused_socket (wrong);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (rc->server), ==, 1);
}

static void
test_events (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  PsTenantExtension *user = rc_user (rc, 0);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, user->id);
  gint64 sequence;
  guint64 call;
  JsonNode *event;

  rc_socket_subscribe (socket, DETAILED);
  ps_tenant_phone_person_choose (user->phone, "Busy");
  event = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (event, "$[0].type"), ==, "ServerNotification");
  g_assert_cmpstr (test_json_string (event, "$[1].body.extensionId"), ==, id);
  g_assert_cmpstr (test_json_string (event, "$[1].body.userStatus"), ==, "Busy");
  g_assert_cmpint (test_json_int (event, "$[1].body.totalActiveCalls"), ==, 0);
  g_assert_cmpstr (test_json_string (event, "$[1].uuid"), !=, "");
  g_assert_cmpstr (test_json_string (event, "$[1].subscriptionId"), !=, "");
  g_assert_cmpstr (test_json_string (event, "$[1].timestamp"), !=, "");
  g_assert_nonnull (strstr (test_json_string (event, "$[1].event"), "/presence?detailedTelephonyState=true"));
  {
    g_autoptr (JsonNode) body = test_json_at (event, "$[1].body");

    /* Left out, as it has not changed. */
    g_assert_false (json_object_has_member (json_node_get_object (body), "telephonyStatus"));
  }
  sequence = test_json_int (event, "$[1].body.sequence");
  call = ps_tenant_phone_call_begin (user->phone, TRUE, FALSE, "Ringing");
  event = rc_socket_next (socket);
  g_assert_cmpint (test_json_int (event, "$[1].body.sequence"), >, sequence);
  g_assert_cmpstr (test_json_string (event, "$[1].body.telephonyStatus"), ==, "Ringing");
  g_assert_cmpstr (test_json_string (event, "$[1].body.activeCalls[0].telephonyStatus"), ==, "Ringing");
  g_assert_cmpint (test_json_int (event, "$[1].body.totalActiveCalls"), ==, 1);
  ps_tenant_phone_call_end (user->phone, call);
  event = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (event, "$[1].body.telephonyStatus"), ==, "NoCall");
  rc_socket_assert_silent (socket);
}

static void
test_many_calls (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  PsTenantExtension *user = rc_user (rc, 0);
  JsonNode *event = NULL;

  rc_socket_subscribe (socket, DETAILED);
  for (guint i = 0; i < 9; i++) {
    ps_tenant_phone_call_begin (user->phone, TRUE, FALSE, "CallConnected");
    event = rc_socket_next (socket);
  }
  g_assert_cmpuint (test_json_length (event, "$[1].body.activeCalls"), ==, 7);
  g_assert_cmpint (test_json_int (event, "$[1].body.totalActiveCalls"), ==, 9);
}

static void
test_filters (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  g_autofree char *body = g_strdup_printf ("{\"eventFilters\":[\"" PRESENCE
                                           "\",\"/restapi/v1.0/account/~/sms\",\"/restapi/v1.0/account/12/presence\","
                                           "\"/restapi/v1.0/account/~/extension/4711/presence\","
                                           "\"/restapi/v1.0/account/~/extension/%" G_GINT64_FORMAT "/presence\"],"
                                           "\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
                                           rc_queue (rc)->id);
  static const char *const reasons[] = { "SUB-508", "SUB-406", "SUB-408", "SUB-402" };
  JsonNode *reply = rc_socket_request (socket, "POST", "/restapi/v1.0/subscription", body, 200);

  g_assert_cmpuint (test_json_length (reply, "$[1].eventFilters"), ==, 1);
  g_assert_cmpuint (test_json_length (reply, "$[1].disabledFilters"), ==, 4);
  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++) {
    g_autofree char *path = g_strdup_printf ("$[1].disabledFilters[%u].reason", i);

    g_assert_cmpstr (test_json_string (reply, path), ==, reasons[i]);
  }
  g_assert_cmpstr (test_json_string (reply, "$[1].status"), ==, "Active");
  g_assert_cmpstr (test_json_string (reply, "$[1].deliveryMode.transportType"), ==, "WebSocket");
  reply =
      rc_socket_request (socket, "POST", "/restapi/v1.0/subscription",
                         "{\"eventFilters\":[\"/nothing\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}", 400);
  g_assert_cmpstr (test_json_string (reply, "$[1].errors[0].errorCode"), ==, "SUB-508");
  reply = rc_socket_request (socket, "POST", "/restapi/v1.0/subscription",
                             "{\"eventFilters\":[],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}", 400);
  g_assert_cmpstr (test_json_string (reply, "$[1].parameterName"), ==, "eventFilters");
  rc_socket_request (socket, "POST", "/restapi/v1.0/subscription", "{\"eventFilters\":[\"" PRESENCE "\"]}", 400);
}

static void
test_replace_update_delete (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  PsTenantExtension *user = rc_user (rc, 0), *other = rc_user (rc, 1);
  g_autofree char *body = g_strdup_printf ("{\"eventFilters\":[\"/restapi/v1.0/account/~/extension/%" G_GINT64_FORMAT
                                           "/presence\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
                                           user->id);
  g_autofree char *path = NULL, *first = NULL;
  g_autoptr (TestAnswer) list = NULL, one = NULL, gone = NULL;
  JsonNode *reply;

  reply = rc_socket_request (socket, "POST", "/restapi/v1.0/subscription/",
                             "{\"eventFilters\":[\"" PRESENCE "\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
                             200);
  first = g_strdup_printf ("/restapi/v1.0/subscription/%s", test_json_string (reply, "$[1].id"));
  /* The second replaces the first. */
  reply = rc_socket_request (socket, "POST", "/restapi/v1.0/subscription/", body, 200);
  path = g_strdup_printf ("/restapi/v1.0/subscription/%s", test_json_string (reply, "$[1].id"));
  rc_refused (rc, "GET", first, NULL, 404, "CMN-102");
  ps_tenant_phone_person_choose (other->phone, "Busy");
  rc_socket_assert_silent (socket);
  ps_tenant_phone_person_choose (user->phone, "Busy");
  g_assert_null (strstr (test_json_string (rc_socket_next (socket), "$[1].event"), "detailed"));
  list = rc_get (rc, 200, "/restapi/v1.0/subscription");
  g_assert_cmpuint (test_json_length (list->json, "$.records"), ==, 1);
  one = rc_get (rc, 200, "%s", path);
  /* Over HTTP neither made nor changed. */
  rc_refused (rc, "PUT", path, body, 400, "CMN-101");
  rc_refused (rc, "POST", "/restapi/v1.0/subscription", body, 400, "CMN-101");
  rc_refused (
      rc, "POST", "/restapi/v1.0/subscription",
      "{\"eventFilters\":[\"x\"],\"deliveryMode\":{\"transportType\":\"WebHook\",\"address\":\"https://a.example\"}}",
      403, "CMN-401");
  rc_socket_request (socket, "PUT", path, "{\"eventFilters\":[\"" PRESENCE "\",\"" DETAILED "\"]}", 200);
  ps_tenant_phone_person_choose (other->phone, "Available");
  g_assert_nonnull (strstr (test_json_string (rc_socket_next (socket), "$[1].event"), "detailed"));
  rc_socket_assert_silent (socket); /* both forms: the detailed one only */
  reply = rc_socket_request (socket, "DELETE", path, NULL, 204);
  g_assert_cmpuint (test_json_length (reply, "$"), ==, 1);
  gone = rc_get (rc, 404, "%s", path);
  ps_tenant_phone_person_choose (other->phone, "Busy");
  rc_socket_assert_silent (socket);
}

static void
test_directory_events (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  PsTenantPerson *person;
  JsonNode *reply;

  rc_socket_request (
      socket, "POST", "/restapi/v1.0/subscription",
      "{\"eventFilters\":[\"/restapi/v1.0/account/~/extension\","
      "\"/restapi/v1.0/account/~/directory/entries\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
      200);
  person = ps_tenant_world_hire (rc->world, "Ada", "Newcomer");
  reply = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (reply, "$[1].body.eventType"), ==, "Create");
  g_assert_cmpstr (test_json_string (reply, "$[1].body.extensions[0].eventType"), ==, "Create");
  reply = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (reply, "$[1].body.contacts[0].eventType"), ==, "Create");
  g_assert_cmpstr (test_json_string (reply, "$[1].body.contacts[0].firstName"), ==, "Ada");
  ps_tenant_world_set_extension_status (rc->world, person->extension, "Disabled");
  reply = rc_socket_next (socket);
  g_assert_cmpstr (test_json_string (reply, "$[1].body.eventType"), ==, "Update");
  g_assert_cmpuint (test_json_length (reply, "$[1].body.extensions[0].hints"), ==, 1);
  rc_socket_next (socket);
  ps_tenant_world_leave (rc->world, person);
  g_assert_cmpstr (test_json_string (rc_socket_next (socket), "$[1].body.eventType"), ==, "Delete");
}

static void
test_rest (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  g_autofree char *path =
      g_strdup_printf ("/restapi/v1.0/account/~/extension/%" G_GINT64_FORMAT "/presence", rc_user (rc, 0)->id);
  g_autofree char *two =
      g_strdup_printf ("/restapi/v1.0/account/~/extension/%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "/presence",
                       rc_user (rc, 0)->id, rc_user (rc, 1)->id);
  JsonNode *reply = rc_socket_request (socket, "PUT", path, "{\"userStatus\":\"Busy\"}", 200);
  g_autofree char *mixed =
      g_strdup_printf ("[{\"type\":\"ClientRequest\",\"messageId\":\"b\",\"method\":\"GET\",\"path\":\"%s\"}]", two);

  g_assert_cmpstr (test_json_string (reply, "$[1].userStatus"), ==, "Busy");
  g_assert_cmpstr (test_json_string (reply, "$[0].headers.X-Rate-Limit-Group"), ==, "medium");
  rc_socket_send (socket,
                  "[{\"type\":\"ClientRequest\",\"messageId\":\"q\",\"method\":\"get\","
                  "\"path\":\"/restapi/v1.0/account/~/extension\",\"query\":{\"perPage\":3,\"type\":[\"User\"]}}]");
  reply = rc_socket_next (socket);
  g_assert_cmpuint (test_json_length (reply, "$[1].records"), ==, 3);
  g_assert_cmpint (test_json_int (reply, "$[1].paging.totalElements"), ==, 40);
  reply = rc_socket_request (socket, "POST", "/restapi/oauth/wstoken", NULL, 404);
  g_assert_cmpstr (test_json_string (reply, "$[1].errors[0].errorCode"), ==, "CMN-120");
  /* Not JSON: the multipart form stands there as it is. */
  rc_socket_send (socket, mixed);
  reply = rc_socket_next (socket);
  g_assert_true (JSON_NODE_HOLDS_VALUE (reply));
  g_assert_nonnull (strstr (json_node_get_string (reply), ",--Boundary"));
}

static void
test_nonsense (void)
{
  static const char *const frames[] = { "x",
                                        "{}",
                                        "[]",
                                        "[1]",
                                        "[{\"type\":\"Other\"}]",
                                        "[{\"type\":\"ClientRequest\",\"messageId\":\"a\"}]",
                                        "[{\"type\":\"Heartbeat\"}]",
                                        "[{},{},{}]" };
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++) {
    JsonNode *reply;

    rc_socket_send (socket, frames[i]);
    reply = rc_socket_next (socket);
    g_assert_cmpstr (test_json_string (reply, "$[0].type"), ==, "Error");
    g_assert_cmpint (test_json_int (reply, "$[0].status"), ==, 400);
  }
  /* Headers that cannot be any, a query that is none. */
  rc_socket_send (socket, "[{\"type\":\"ClientRequest\",\"messageId\":\"n\",\"method\":\"GET\","
                          "\"path\":\"/restapi/v1.0/account/~\",\"query\":[1],"
                          "\"headers\":{\"\":\"a\",\"a b\":\"c\",\"x\":\"1\\r\\ny: 2\",\"z\":{}}}]");
  g_assert_cmpint (test_json_int (rc_socket_next (socket), "$[0].status"), ==, 200);
  rc_socket_send (socket, "[{\"type\":\"ClientRequest\",\"messageId\":\"n\",\"method\":\"\","
                          "\"path\":\"/restapi/v1.0/account/%ff\"}]");
  g_assert_cmpint (test_json_int (rc_socket_next (socket), "$[0].status"), ==, 400);
  rc_socket_assert_silent (socket);
}

static void
test_scope (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  JsonNode *reply;

  g_assert_true (ps_tenant_server_set_fault (rc->server, "scope-missing", "WebSocketsSubscription"));
  reply = rc_socket_request (socket, "POST", "/restapi/v1.0/subscription",
                             "{\"eventFilters\":[\"" PRESENCE "\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
                             403);
  g_assert_cmpstr (test_json_string (reply, "$[1].errors[0].errorCode"), ==, "SUB-528");
  g_assert_cmpstr (test_json_string (reply, "$[1].permissionName"), ==, "SubscriptionWebSocket");
}

static void
test_idle (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);

  ps_tenant_server_advance (rc->server, 1799 * 1000);
  rc_socket_assert_silent (socket); /* and thus not idle */
  ps_tenant_server_advance (rc->server, 1799 * 1000);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (rc->server), ==, 1);
  ps_tenant_server_advance (rc->server, 1000);
  g_assert_cmpstr (test_json_string (rc_socket_next (socket), "$[1].errorCode"), ==, "WSG-902");
  rc_socket_wait_closed (socket);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (rc->server), ==, 0);
}

static void
test_absolute (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);

  for (guint i = 0; i < 24 * 3 - 1; i++) {
    ps_tenant_server_advance (rc->server, 20 * 60 * 1000);
    rc_socket_assert_silent (socket);
  }
  ps_tenant_server_advance (rc->server, 20 * 60 * 1000);
  g_assert_cmpstr (test_json_string (rc_socket_next (socket), "$[1].errorCode"), ==, "WSG-903");
  rc_socket_wait_closed (socket);
}

static gint64
next_sequence (RcSocket *socket)
{
  return test_json_int (rc_socket_next (socket), "$[1].body.sequence");
}

static void
toggle (PsTenantExtension *user, guint times)
{
  for (guint i = 0; i < times; i++)
    ps_tenant_phone_person_choose (
        user->phone, g_str_equal (ps_tenant_phone_shown (user->phone).user_status, "Busy") ? "Available" : "Busy");
}

static void
test_faults (void)
{
  g_autoptr (Rc) rc = rc_new (NULL);
  g_autoptr (RcSocket) socket = open_socket (rc);
  PsTenantExtension *user = rc_user (rc, 0);
  gint64 first, second;

  rc_socket_subscribe (socket, PRESENCE);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "duplicate-events", "1"));
  toggle (user, 1);
  first = next_sequence (socket);
  g_assert_cmpint (next_sequence (socket), ==, first);
  ps_tenant_server_clear_faults (rc->server);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "reorder-events", "1"));
  toggle (user, 2);
  first = next_sequence (socket);
  second = next_sequence (socket);
  g_assert_cmpint (first, >, second);
  toggle (user, 1); /* nothing comes after it: it is only late */
  rc_socket_assert_silent (socket);
  ps_tenant_server_advance (rc->server, 1000);
  g_assert_cmpint (next_sequence (socket), >, first);
  ps_tenant_server_clear_faults (rc->server);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "drop-events", "2"));
  toggle (user, 4);
  first = next_sequence (socket);
  second = next_sequence (socket);
  g_assert_cmpint (second, >, first + 1);
  rc_socket_assert_silent (socket);
  ps_tenant_server_clear_faults (rc->server);
  g_assert_true (ps_tenant_server_set_fault (rc->server, "no-events", "1"));
  toggle (user, 3);
  rc_socket_assert_silent (socket);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/socket/tokens", test_tokens);
  g_test_add_func ("/ringcentral/socket/events", test_events);
  g_test_add_func ("/ringcentral/socket/many-calls", test_many_calls);
  g_test_add_func ("/ringcentral/socket/filters", test_filters);
  g_test_add_func ("/ringcentral/socket/replace-update-delete", test_replace_update_delete);
  g_test_add_func ("/ringcentral/socket/directory-events", test_directory_events);
  g_test_add_func ("/ringcentral/socket/rest", test_rest);
  g_test_add_func ("/ringcentral/socket/nonsense", test_nonsense);
  g_test_add_func ("/ringcentral/socket/scope", test_scope);
  g_test_add_func ("/ringcentral/socket/idle", test_idle);
  g_test_add_func ("/ringcentral/socket/absolute", test_absolute);
  g_test_add_func ("/ringcentral/socket/faults", test_faults);
  return g_test_run ();
}
