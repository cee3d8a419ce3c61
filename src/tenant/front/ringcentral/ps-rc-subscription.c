/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /restapi/v1.0/subscription. One is made, and changed, over the event socket it belongs to; over HTTP the socket's
 * subscription can be read and deleted. Webhooks are not modelled: the application has no permission for them.
 */
#include "config.h"

#include "ps-rc-filter.h"
#include "ps-rc-front.h"
#include "ps-rc-line.h"

#define LIFE_S   (7 * 24 * 3600) /* renewed by the service itself: it is shown and means nothing */
#define MAX_EACH 30              /* subscriptions of one user and application */

void
ps_rc_subscription_free (PsRcSubscription *subscription)
{
  g_free (subscription->id);
  g_ptr_array_unref (subscription->filters);
  g_ptr_array_unref (subscription->disabled);
  g_free (subscription);
}

static void
write_info (PsRcJson *json, PsRcCall *call, const PsRcSubscription *subscription)
{
  gint64 now_ms = call->request->now_ms;

  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/subscription/%s", ps_tenant_server_origin (call->front->server),
                     subscription->id);
  ps_rc_json_text (json, "id", subscription->id);
  ps_rc_json_open (json, "eventFilters", '[');
  for (guint i = 0; i < subscription->filters->len; i++)
    ps_rc_json_text (json, NULL, ((PsRcFilter *) subscription->filters->pdata[i])->text);
  ps_rc_json_close (json, ']');
  if (subscription->disabled->len > 0) {
    ps_rc_json_open (json, "disabledFilters", '[');
    for (guint i = 0; i < subscription->disabled->len; i++) {
      PsRcDisabledFilter *disabled = subscription->disabled->pdata[i];

      ps_rc_json_open (json, NULL, '{');
      ps_rc_json_text (json, "filter", disabled->filter);
      ps_rc_json_text (json, "reason", disabled->reason);
      ps_rc_json_text (json, "message", disabled->message);
      ps_rc_json_close (json, '}');
    }
    ps_rc_json_close (json, ']');
  }
  ps_rc_json_time (json, "expirationTime", now_ms + LIFE_S * (gint64) 1000);
  ps_rc_json_int (json, "expiresIn", LIFE_S);
  ps_rc_json_text (json, "status", "Active");
  ps_rc_json_time (json, "creationTime", subscription->created_ms);
  ps_rc_json_open (json, "deliveryMode", '{');
  ps_rc_json_text (json, "transportType", "WebSocket");
  ps_rc_json_bool (json, "encryption", FALSE);
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, '}');
}

static void
reply_info (PsRcCall *call, const PsRcSubscription *subscription)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  write_info (&json, call, subscription);
  ps_rc_call_reply (call, 200, &json);
}

static gboolean
is_own (PsRcCall *call, const PsRcLine *line)
{
  return line->session->extension_id == call->session->extension_id &&
         line->session->application == call->session->application;
}

/* Returns: (nullable): the asking user's line with the subscription named in the path; NULL: the reply is the 404. */
static PsRcLine *
find_line (PsRcCall *call)
{
  GPtrArray *lines = call->front->lines->lines;

  for (guint i = 0; i < lines->len; i++) {
    PsRcLine *line = lines->pdata[i];

    if (line->subscription != NULL && is_own (call, line) &&
        g_str_equal (line->subscription->id, call->request->args[0]))
      return line;
  }
  ps_rc_fail_not_found (call->reply, "subscriptionId");
  return NULL;
}

static guint
count_own (PsRcCall *call)
{
  GPtrArray *lines = call->front->lines->lines;
  guint count = 0;

  for (guint i = 0; i < lines->len; i++) {
    PsRcLine *line = lines->pdata[i];

    if (line->subscription != NULL && line != call->front->asking && is_own (call, line))
      count++;
  }
  return count;
}

/* FALSE: refused. */
static gboolean
check_delivery (PsRcCall *call, JsonObject *body, gboolean required)
{
  JsonNode *mode = json_object_get_member (body, "deliveryMode");
  JsonNode *type = NULL;
  const char *text = NULL;

  if (mode == NULL && !required)
    return TRUE;
  if (mode != NULL && JSON_NODE_HOLDS_OBJECT (mode))
    type = json_object_get_member (json_node_get_object (mode), "transportType");
  if (type != NULL && json_node_get_value_type (type) == G_TYPE_STRING)
    text = json_node_get_string (type);
  if (g_strcmp0 (text, "WebHook") == 0) {
    ps_rc_fail (call->reply, 403, "InsufficientPermissions", "CMN-401", "permissionName", "SubscriptionWebhook",
                "In order to call this API endpoint, application needs to have [SubscriptionWebhook] permission");
    return FALSE;
  }
  /* A WebSocket subscription belongs to a socket: there is none over HTTP. */
  if (g_strcmp0 (text, "WebSocket") != 0 || call->front->asking == NULL) {
    ps_rc_fail_parameter (call->reply, "deliveryMode.transportType");
    return FALSE;
  }
  return TRUE;
}

/* FALSE: refused. */
static gboolean
read_filters (PsRcCall *call, JsonObject *body, GPtrArray *filters, GPtrArray *disabled)
{
  JsonNode *node = json_object_get_member (body, "eventFilters");
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (array == NULL || json_array_get_length (array) == 0) {
    ps_rc_fail_parameter (call->reply, "eventFilters");
    return FALSE;
  }
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *item = json_array_get_element (array, i);

    if (json_node_get_value_type (item) != G_TYPE_STRING) {
      ps_rc_fail_parameter (call->reply, "eventFilters");
      return FALSE;
    }
    ps_rc_filter_read (call, json_node_get_string (item), filters, disabled);
  }
  if (filters->len == 0) {
    ps_rc_fail (call->reply, 400, NULL, "SUB-508", "parameterName", "eventFilters", "All event filters are invalid");
    return FALSE;
  }
  return TRUE;
}

/* FALSE: refused, and the subscription is as it was. */
static gboolean
take_filters (PsRcCall *call, JsonObject *body, PsRcSubscription *subscription)
{
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_rc_filter_free);
  g_autoptr (GPtrArray) disabled = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_rc_disabled_filter_free);

  if (!read_filters (call, body, filters, disabled))
    return FALSE;
  g_clear_pointer (&subscription->filters, g_ptr_array_unref);
  g_clear_pointer (&subscription->disabled, g_ptr_array_unref);
  subscription->filters = g_steal_pointer (&filters);
  subscription->disabled = g_steal_pointer (&disabled);
  return TRUE;
}

/* The error's name of the permission differs from the scope's: so it was seen (§1.6). */
static gboolean
check_socket_scope (PsRcCall *call)
{
  if (ps_rc_call_has_scope (call, "WebSocketsSubscription"))
    return TRUE;
  ps_rc_fail (call->reply, 403, NULL, "SUB-528", "permissionName", "SubscriptionWebSocket",
              "In order to subscribe, application needs to have [SubscriptionWebSocket] permission");
  return FALSE;
}

static void
create_cb (PsRcCall *call)
{
  g_autoptr (JsonObject) body = ps_rc_call_body (call);
  PsRcLine *line = call->front->asking;
  PsRcSubscription *subscription;

  if (body == NULL || !check_delivery (call, body, TRUE) || !check_socket_scope (call))
    return;
  if (count_own (call) >= MAX_EACH) {
    ps_rc_fail (call->reply, 400, NULL, "SUB-505", NULL, NULL, "Subscriptions limit exceeded");
    return;
  }
  subscription = g_new0 (PsRcSubscription, 1);
  subscription->id = g_uuid_string_random ();
  subscription->created_ms = call->request->now_ms;
  subscription->filters = g_ptr_array_new ();
  subscription->disabled = g_ptr_array_new ();
  if (!take_filters (call, body, subscription)) {
    ps_rc_subscription_free (subscription);
    return;
  }
  g_clear_pointer (&line->subscription, ps_rc_subscription_free); /* one for each connection: the second replaces it */
  line->subscription = subscription;
  reply_info (call, subscription);
}

static void
update_cb (PsRcCall *call)
{
  g_autoptr (JsonObject) body = ps_rc_call_body (call);
  PsRcLine *line = body != NULL ? find_line (call) : NULL;

  if (line == NULL)
    return;
  if (line != call->front->asking) { /* not over HTTP, and not over another socket */
    ps_rc_fail_parameter (call->reply, "deliveryMode.transportType");
    return;
  }
  if (check_delivery (call, body, FALSE) && check_socket_scope (call) && take_filters (call, body, line->subscription))
    reply_info (call, line->subscription);
}

static void
renew_cb (PsRcCall *call)
{
  if (find_line (call) != NULL)
    ps_rc_fail_parameter (call->reply, "deliveryMode.transportType");
}

static void
list_cb (PsRcCall *call)
{
  GPtrArray *lines = call->front->lines->lines;
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_printf (&json, "uri", "%s/restapi/v1.0/subscription", ps_tenant_server_origin (call->front->server));
  ps_rc_json_open (&json, "records", '[');
  for (guint i = 0; i < lines->len; i++) {
    PsRcLine *line = lines->pdata[i];

    if (line->subscription != NULL && is_own (call, line))
      write_info (&json, call, line->subscription);
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
read_cb (PsRcCall *call)
{
  PsRcLine *line = find_line (call);

  if (line != NULL)
    reply_info (call, line->subscription);
}

static void
delete_cb (PsRcCall *call)
{
  PsRcLine *line = find_line (call);

  if (line == NULL)
    return;
  g_clear_pointer (&line->subscription, ps_rc_subscription_free);
  call->reply->status = 204;
}

#define ONE "/restapi/v1.0/subscription/{subscriptionId}"

const PsRcRoute ps_rc_subscription_routes[] = {
  { "GET", "/restapi/v1.0/subscription", "Light", NULL, list_cb },
  { "POST", "/restapi/v1.0/subscription", "Medium", NULL, create_cb },
  { "GET", ONE, "Light", NULL, read_cb },
  { "PUT", ONE, "Medium", NULL, update_cb },
  { "DELETE", ONE, "Medium", NULL, delete_cb },
  { "POST", ONE "/renew", "Light", NULL, renew_cb },
  { NULL },
};
