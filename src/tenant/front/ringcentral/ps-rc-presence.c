/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Phone presence over REST: the whole account, one or up to 30 extensions, and the write.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-multipart.h"
#include "ps-rc-paging.h"

#define PER_PAGE     100
#define PER_PAGE_MAX 1000

static PsRcPresenceView
view_of (PsRcCall *call)
{
  PsRcPresenceView view = { .detailed = ps_rc_call_flag (call, "detailedTelephonyState", FALSE),
                            .sip = ps_rc_call_flag (call, "sipData", FALSE),
                            .reader_id = call->user->id };

  return view;
}

static void
account_cb (PsRcCall *call)
{
  const GPtrArray *all = ps_tenant_world_extensions (call->front->world);
  g_autoptr (GPtrArray) found = g_ptr_array_sized_new (all->len);
  g_autofree char *base = ps_rc_call_uri (call, "/presence");
  PsRcPresenceView view = view_of (call);
  PsRcPaging paging;
  const char *wrong = ps_rc_paging_read (&paging, call->request, PER_PAGE, PER_PAGE_MAX, TRUE);
  PsRcJson json;

  if (wrong != NULL) {
    ps_rc_fail_parameter (call->reply, wrong);
    return;
  }
  for (guint i = 0; i < all->len; i++)
    if (!((PsTenantExtension *) all->pdata[i])->deleted)
      g_ptr_array_add (found, all->pdata[i]);
  ps_rc_paging_set_total (&paging, found->len);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "uri", base);
  ps_rc_json_open (&json, "records", '[');
  for (guint i = paging.first; i < paging.end; i++)
    ps_rc_presence_write (&json, call->front, NULL, found->pdata[i], &view);
  ps_rc_json_close (&json, ']');
  ps_rc_paging_write_navigation (&paging, &json, call->request, base);
  ps_rc_paging_write (&paging, &json);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
reply_presence (PsRcCall *call, PsTenantExtension *extension, PsTenantReply *reply)
{
  PsRcPresenceView view = view_of (call);
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_presence_write (&json, call->front, NULL, extension, &view);
  reply->status = 200;
  g_free (reply->content_type);
  reply->content_type = g_strdup ("application/json");
  reply->body = ps_rc_json_end (&json);
}

static void
read_one (PsRcCall *call, const char *id, guint index, gpointer data, PsTenantReply *reply)
{
  PsTenantExtension *extension = ps_rc_call_find (call, id);

  if (extension != NULL)
    reply_presence (call, extension, reply);
  else
    ps_rc_fail_not_found (reply, "extensionId");
}

static void
read_cb (PsRcCall *call)
{
  const char *text = call->request->args[1];
  g_auto (GStrv) ids = NULL;

  if (!ps_rc_multipart_wanted (text)) {
    read_one (call, text, 0, NULL, call->reply);
    return;
  }
  ids = g_strsplit (text, ",", -1);
  if (ps_rc_multipart_check (call, (const char *const *) ids))
    ps_rc_multipart_run (call, (const char *const *) ids, FALSE, read_one, NULL);
}

/* FALSE: it is there and no string. */
static gboolean
read_text (JsonObject *body, const char *name, const char **value)
{
  JsonNode *node = json_object_get_member (body, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;
  *value = json_node_get_string (node);
  return TRUE;
}

static gboolean
read_flag (JsonObject *body, const char *name, int *value)
{
  JsonNode *node = json_object_get_member (body, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *value = json_node_get_boolean (node);
  return TRUE;
}

/* Returns: NULL, or the member that has the wrong type. @write points into @body. */
static const char *
read_write (JsonObject *body, PsTenantPhoneWrite *write)
{
  const struct {
    const char *name;
    const char **value;
  } texts[] = { { "userStatus", &write->user_status },
                { "dndStatus", &write->dnd_status },
                { "dndStatusPersonal", &write->dnd_status_personal },
                { "message", &write->message },
                { "callerIdVisibility", &write->caller_id_visibility } };
  const struct {
    const char *name;
    int *value;
  } flags[] = { { "acceptCallQueueCalls", &write->accept_call_queue_calls },
                { "allowSeeMyPresence", &write->allow_see_my_presence },
                { "ringOnMonitoredCall", &write->ring_on_monitored_call },
                { "pickUpCallsOnHold", &write->pick_up_calls_on_hold } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (!read_text (body, texts[i].name, texts[i].value))
      return texts[i].name;
  for (guint i = 0; i < G_N_ELEMENTS (flags); i++)
    if (!read_flag (body, flags[i].name, flags[i].value))
      return flags[i].name;
  return NULL;
}

/* A plain user writes only the own presence; the refusal for others is CMN-408, or CMN-404 with the fault
 * admin-removed=CMN-404: both are documented (§3.6) and nobody says which comes when. */
static gboolean
may_write (PsRcCall *call, const PsTenantExtension *extension, PsTenantReply *reply)
{
  if (extension == call->user || ps_rc_call_is_admin (call))
    return TRUE;
  if (g_strcmp0 (ps_tenant_server_fault (call->front->server, "admin-removed"), "CMN-404") == 0)
    ps_rc_fail (reply, 403, NULL, "CMN-404", NULL, NULL, "Operation is not allowed for another extension");
  else
    ps_rc_fail_permission (reply, "EditPresenceStatus");
  return FALSE;
}

static void
write_one (PsRcCall *call, const char *id, JsonObject *body, PsTenantReply *reply)
{
  PsTenantExtension *extension = ps_rc_call_find (call, id);
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;
  const char *wrong;

  if (extension == NULL) {
    ps_rc_fail_not_found (reply, "extensionId");
    return;
  }
  if (!may_write (call, extension, reply))
    return;
  if (!ps_rc_extension_has_presence (extension)) {
    ps_rc_fail (reply, 403, NULL, "CMN-403", NULL, NULL, "Operation is not available for extension of type %s",
                extension->type);
    return;
  }
  wrong = read_write (body, &write);
  if (wrong == NULL)
    wrong = ps_tenant_phone_put (extension->phone, &write);
  if (wrong != NULL)
    ps_rc_fail_parameter (reply, wrong);
  else
    reply_presence (call, extension, reply);
}

/* One element of a bulk write: {"resourceId": …, "body": {…}}. */
static JsonObject *
element_at (JsonArray *elements, guint index)
{
  JsonNode *node = json_array_get_element (elements, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
write_part (PsRcCall *call, const char *id, guint index, gpointer data, PsTenantReply *reply)
{
  JsonObject *element = element_at (data, index);
  JsonNode *body = element != NULL ? json_object_get_member (element, "body") : NULL;

  if (body != NULL && JSON_NODE_HOLDS_OBJECT (body))
    write_one (call, id, json_node_get_object (body), reply);
  else
    ps_rc_fail (reply, 400, NULL, "CMN-104", NULL, NULL, "Cannot parse request body");
}

/* Returns: (transfer full) (nullable): the ids, from the path or from the elements. */
static GStrv
bulk_ids (PsRcCall *call, JsonArray *elements)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (!g_str_equal (call->request->args[1], "*"))
    return g_strsplit (call->request->args[1], ",", -1);
  for (guint i = 0; i < json_array_get_length (elements); i++) {
    JsonObject *element = element_at (elements, i);
    const char *id = NULL;

    if (element == NULL || !read_text (element, "resourceId", &id) || id == NULL)
      return NULL;
    g_strv_builder_add (builder, id);
  }
  return g_strv_builder_end (builder);
}

static void
write_bulk (PsRcCall *call)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  const char *type = soup_message_headers_get_content_type (call->request->headers, NULL);
  g_auto (GStrv) ids = NULL;
  gsize size;
  const char *text = g_bytes_get_data (call->request->body, &size);
  JsonNode *root;

  /* Whether the service takes bulk writes of presence is not known (§3.4): refused unless a tester says otherwise. */
  if (ps_tenant_server_fault (call->front->server, "bulk-put") == NULL) {
    ps_rc_fail (call->reply, 400, "InvalidMultipartRequest", "CMN-103", NULL, NULL,
                "Bulk request is not supported for the resource");
    return;
  }
  if (g_strcmp0 (type, PS_RC_MULTIPART_JSON) != 0) {
    ps_rc_fail (call->reply, 415, NULL, "CMN-103", NULL, NULL, "Unsupported content type");
    return;
  }
  root =
      size > 0 && json_parser_load_from_data (parser, text, (gssize) size, NULL) ? json_parser_get_root (parser) : NULL;
  if (root != NULL && JSON_NODE_HOLDS_ARRAY (root))
    ids = bulk_ids (call, json_node_get_array (root));
  if (ids == NULL || g_strv_length (ids) != json_array_get_length (json_node_get_array (root)))
    ps_rc_fail (call->reply, 400, NULL, "CMN-104", NULL, NULL, "Cannot parse request body");
  else if (ps_rc_multipart_check (call, (const char *const *) ids))
    ps_rc_multipart_run (call, (const char *const *) ids, TRUE, write_part, json_node_get_array (root));
}

static void
write_cb (PsRcCall *call)
{
  const char *type = soup_message_headers_get_content_type (call->request->headers, NULL);
  g_autoptr (JsonObject) body = NULL;

  if (ps_rc_multipart_wanted (call->request->args[1]) || g_strcmp0 (type, PS_RC_MULTIPART_JSON) == 0) {
    write_bulk (call);
    return;
  }
  body = ps_rc_call_body (call);
  if (body != NULL)
    write_one (call, call->request->args[1], body, call->reply);
}

#define ACCOUNT "/restapi/v1.0/account/{accountId}"

const PsRcRoute ps_rc_presence_routes[] = {
  { "GET", ACCOUNT "/presence", "Heavy", "ReadPresence", account_cb },
  { "GET", ACCOUNT "/extension/{extensionId}/presence", "Light", "ReadPresence", read_cb },
  { "PUT", ACCOUNT "/extension/{extensionId}/presence", "Medium", "EditPresence", write_cb },
  { NULL },
};
