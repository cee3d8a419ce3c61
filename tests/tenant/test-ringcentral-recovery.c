/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event socket's recovery after a cut: in time, too late, more missed than is kept.
 */
#include "config.h"

#include "test-ringcentral-fixture.h"

#include <string.h>

#define PRESENCE "/restapi/v1.0/account/~/presence"

typedef struct {
  Rc *rc;
  RcSocket *socket;
  char *wsc;
  char *subscription_id;
  PsTenantExtension *user;
} Cut;

/* A subscribed socket; the tenant then cuts it. */
static Cut *
cut_new (void)
{
  Cut *cut = g_new0 (Cut, 1);
  g_autofree char *ws_token = NULL;
  JsonNode *reply;

  cut->rc = rc_new (NULL);
  ps_tenant_ringcentral_set_limit (cut->rc->server, "Auth", 0, 60);
  cut->user = rc_user (cut->rc, 0);
  ws_token = rc_socket_token (cut->rc);
  cut->socket = rc_socket_new (cut->rc, ws_token, NULL);
  rc_socket_next (cut->socket);
  reply = rc_socket_request (cut->socket, "POST", "/restapi/v1.0/subscription",
                             "{\"eventFilters\":[\"" PRESENCE "\"],\"deliveryMode\":{\"transportType\":\"WebSocket\"}}",
                             200);
  cut->wsc = g_strdup (test_json_string (reply, "$[0].wsc.token"));
  cut->subscription_id = g_strdup (test_json_string (reply, "$[1].id"));
  ps_tenant_ringcentral_cut_sockets (cut->rc->server);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (cut->rc->server), ==, 0);
  rc_socket_wait_closed (cut->socket);
  /* A cut, no goodbye. */
  g_assert_cmpuint (soup_websocket_connection_get_close_code (cut->socket->connection), ==, 0);
  return cut;
}

static void
cut_free (Cut *cut)
{
  rc_socket_free (cut->socket);
  rc_free (cut->rc);
  g_free (cut->wsc);
  g_free (cut->subscription_id);
  g_free (cut);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cut, cut_free)

static JsonNode *
reconnect (Cut *cut, const char *wsc)
{
  g_autofree char *ws_token = rc_socket_token (cut->rc);

  rc_socket_free (cut->socket);
  cut->socket = rc_socket_new (cut->rc, ws_token, wsc);
  return rc_socket_next (cut->socket);
}

static gint64
change (Cut *cut)
{
  gboolean busy = g_str_equal (ps_tenant_phone_shown (cut->user->phone).user_status, "Busy");

  ps_tenant_phone_person_choose (cut->user->phone, busy ? "Available" : "Busy");
  return (gint64) ps_tenant_phone_shown (cut->user->phone).sequence;
}

static void
test_success (void)
{
  g_autoptr (Cut) cut = cut_new ();
  gint64 sequences[3];
  JsonNode *details;

  for (guint i = 0; i < 3; i++)
    sequences[i] = change (cut);
  ps_tenant_server_advance (cut->rc->server, 179 * 1000);
  details = reconnect (cut, cut->wsc);
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Successful");
  g_assert_cmpstr (test_json_string (details, "$[0].wsc.token"), !=, cut->wsc);
  for (guint i = 0; i < 3; i++) {
    JsonNode *event = rc_socket_next (cut->socket);

    g_assert_cmpint (test_json_int (event, "$[1].body.sequence"), ==, sequences[i]);
    g_assert_cmpstr (test_json_string (event, "$[1].subscriptionId"), ==, cut->subscription_id);
  }
  sequences[0] = change (cut); /* the subscription lives on */
  g_assert_cmpint (test_json_int (rc_socket_next (cut->socket), "$[1].body.sequence"), ==, sequences[0]);
  rc_socket_assert_silent (cut->socket);
}

static void
test_too_late (void)
{
  g_autoptr (Cut) cut = cut_new ();
  JsonNode *details;

  change (cut);
  ps_tenant_server_advance (cut->rc->server, 180 * 1000);
  details = reconnect (cut, cut->wsc);
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Failed");
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryErrorCode"), !=, "");
  change (cut); /* no subscription any more, but the socket is good */
  rc_socket_assert_silent (cut->socket);
  rc_socket_subscribe (cut->socket, PRESENCE);
  change (cut);
  g_assert_cmpstr (test_json_string (rc_socket_next (cut->socket), "$[0].type"), ==, "ServerNotification");
}

static void
test_wrong_wsc (void)
{
  g_autoptr (Cut) cut = cut_new ();
  JsonNode *details = reconnect (cut, "nonsense");

  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Failed");
  /* That was no use of the right one. */
  details = reconnect (cut, cut->wsc);
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Successful");
  /* But a wsc token is good for one recovery. */
  ps_tenant_ringcentral_cut_sockets (cut->rc->server);
  rc_socket_wait_closed (cut->socket);
  details = reconnect (cut, cut->wsc);
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Failed");
}

static void
test_overflow (void)
{
  g_autoptr (Cut) cut = cut_new ();
  gint64 sequences[101];
  JsonNode *details;

  for (guint i = 0; i < 101; i++)
    sequences[i] = change (cut);
  details = reconnect (cut, cut->wsc);
  g_assert_cmpstr (test_json_string (details, "$[1].recoveryState"), ==, "Successful"); /* and says nothing of it */
  for (guint i = 1; i < 101; i++)
    g_assert_cmpint (test_json_int (rc_socket_next (cut->socket), "$[1].body.sequence"), ==, sequences[i]);
  rc_socket_assert_silent (cut->socket);
}

static void
test_without_wsc (void)
{
  g_autoptr (Cut) cut = cut_new ();
  JsonNode *details;

  change (cut);
  details = reconnect (cut, NULL);
  g_assert_false (
      json_object_has_member (json_array_get_object_element (json_node_get_array (details), 1), "recoveryState"));
  rc_socket_assert_silent (cut->socket);
}

/* A client that comes back before the service has noticed that the old connection is gone. */
static void
test_still_connected (void)
{
  g_autoptr (Cut) cut = cut_new ();
  g_autoptr (RcSocket) before = NULL;
  g_autofree char *wsc = g_strdup (test_json_string (reconnect (cut, cut->wsc), "$[0].wsc.token"));
  g_autofree char *ws_token = rc_socket_token (cut->rc);

  before = g_steal_pointer (&cut->socket);
  cut->socket = rc_socket_new (cut->rc, ws_token, wsc);
  g_assert_cmpstr (test_json_string (rc_socket_next (cut->socket), "$[1].recoveryState"), ==, "Successful");
  change (cut);
  g_assert_cmpstr (test_json_string (rc_socket_next (cut->socket), "$[0].type"), ==, "ServerNotification");
  rc_socket_wait_closed (before);
  g_assert_cmpuint (before->messages->len, ==, before->taken);
  g_assert_cmpuint (ps_tenant_ringcentral_sockets (cut->rc->server), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ringcentral/recovery/success", test_success);
  g_test_add_func ("/ringcentral/recovery/too-late", test_too_late);
  g_test_add_func ("/ringcentral/recovery/wrong-wsc", test_wrong_wsc);
  g_test_add_func ("/ringcentral/recovery/overflow", test_overflow);
  g_test_add_func ("/ringcentral/recovery/without-wsc", test_without_wsc);
  g_test_add_func ("/ringcentral/recovery/still-connected", test_still_connected);
  return g_test_run ();
}
