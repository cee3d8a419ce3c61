/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Call queues (extensions of type Department), their members, and which queues' calls a user takes.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-paging.h"

#define PER_PAGE     100
#define PER_PAGE_MAX 1000

static gboolean
is_member (const PsTenantExtension *extension, gint64 queue_id)
{
  if (extension->deleted || extension->queue_ids == NULL)
    return FALSE;
  for (guint i = 0; i < extension->queue_ids->len; i++)
    if (g_array_index (extension->queue_ids, gint64, i) == queue_id)
      return TRUE;
  return FALSE;
}

/* Do Not Disturb and the queue opt-out are one setting for all queues of a user. */
static gboolean
accepts_queue_calls (const PsTenantExtension *extension)
{
  PsTenantPhoneShown shown;

  if (extension->phone == NULL)
    return FALSE;
  shown = ps_tenant_phone_shown (extension->phone);
  if (shown.dnd_status_personal != NULL)
    return g_str_equal (shown.dnd_status_personal, "TakeAllCalls") && shown.accept_call_queue_calls;
  return g_str_equal (shown.dnd_status, "TakeAllCalls") || g_str_equal (shown.dnd_status, "TakeDepartmentCallsOnly");
}

static void
write_queue (PsRcJson *json, PsRcFront *front, const PsTenantExtension *queue)
{
  ps_rc_json_uri (json, front, "/call-queues/%" G_GINT64_FORMAT, queue->id);
  ps_rc_json_id (json, "id", queue->id);
  ps_rc_json_text (json, "extensionNumber", queue->extension_number);
  ps_rc_json_text (json, "name", queue->name);
  ps_rc_json_text (json, "status", queue->status);
  if (queue->site != NULL) {
    ps_rc_json_open (json, "site", '{');
    ps_rc_json_id (json, "id", ps_rc_site_id (front, queue->site));
    ps_rc_json_text (json, "name", queue->site);
    ps_rc_json_close (json, '}');
  }
}

/* FALSE: refused. */
static gboolean
read_member (PsRcCall *call, PsTenantExtension **member)
{
  const char *text = ps_tenant_request_query (call->request, "memberExtensionId");
  guint64 id;

  if (text == NULL)
    return TRUE;
  if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    *member = ps_tenant_world_find_extension (call->front->world, (gint64) id);
  if (*member == NULL || (*member)->deleted) {
    ps_rc_fail_not_found (call->reply, "memberExtensionId");
    return FALSE;
  }
  return TRUE;
}

static void
list_cb (PsRcCall *call)
{
  const GPtrArray *all = ps_tenant_world_extensions (call->front->world);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autofree char *base = ps_rc_call_uri (call, "/call-queues");
  PsTenantExtension *member = NULL;
  PsRcPaging paging;
  const char *wrong = ps_rc_paging_read (&paging, call->request, PER_PAGE, PER_PAGE_MAX, FALSE);
  PsRcJson json;

  if (wrong != NULL) {
    ps_rc_fail_parameter (call->reply, wrong);
    return;
  }
  if (!read_member (call, &member))
    return;
  for (guint i = 0; i < all->len; i++) {
    PsTenantExtension *queue = all->pdata[i];

    if (!queue->deleted && g_str_equal (queue->type, "Department") && (member == NULL || is_member (member, queue->id)))
      g_ptr_array_add (found, queue);
  }
  ps_rc_paging_set_total (&paging, found->len);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "uri", base);
  ps_rc_json_open (&json, "records", '[');
  for (guint i = paging.first; i < paging.end; i++) {
    ps_rc_json_open (&json, NULL, '{');
    write_queue (&json, call->front, found->pdata[i]);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_paging_write_navigation (&paging, &json, call->request, base);
  ps_rc_paging_write (&paging, &json);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

/* Returns: (nullable): the queue named by the path; NULL: refused. */
static PsTenantExtension *
find_queue (PsRcCall *call)
{
  PsTenantExtension *queue = NULL;
  guint64 id;

  if (g_ascii_string_to_unsigned (call->request->args[1], 10, 1, G_MAXINT64, &id, NULL))
    queue = ps_tenant_world_find_extension (call->front->world, (gint64) id);
  if (queue == NULL || queue->deleted || !g_str_equal (queue->type, "Department")) {
    ps_rc_fail_not_found (call->reply, "groupId");
    return NULL;
  }
  return queue;
}

static GPtrArray *
members_of (PsRcCall *call, gint64 queue_id)
{
  const GPtrArray *all = ps_tenant_world_extensions (call->front->world);
  GPtrArray *members = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++)
    if (is_member (all->pdata[i], queue_id))
      g_ptr_array_add (members, all->pdata[i]);
  return members;
}

static void
read_cb (PsRcCall *call)
{
  PsTenantExtension *queue = find_queue (call);
  PsRcJson json;

  if (queue == NULL)
    return;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  write_queue (&json, call->front, queue);
  ps_rc_json_open (&json, "serviceLevelSettings", '{');
  ps_rc_json_int (&json, "slaGoal", 80);
  ps_rc_json_int (&json, "slaThresholdSeconds", 30);
  ps_rc_json_bool (&json, "includeAbandonedCalls", FALSE);
  ps_rc_json_int (&json, "abandonedThresholdSeconds", 5);
  ps_rc_json_close (&json, '}');
  ps_rc_json_bool (&json, "editableMemberStatus", TRUE);
  ps_rc_json_int (&json, "alertTimer", 20);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
members_cb (PsRcCall *call)
{
  PsTenantExtension *queue = find_queue (call);
  g_autoptr (GPtrArray) members = NULL;
  g_autofree char *base = NULL;
  PsRcPaging paging;
  const char *wrong;
  PsRcJson json;

  if (queue == NULL)
    return;
  wrong = ps_rc_paging_read (&paging, call->request, PER_PAGE, PER_PAGE_MAX, FALSE);
  if (wrong != NULL) {
    ps_rc_fail_parameter (call->reply, wrong);
    return;
  }
  members = members_of (call, queue->id);
  base = ps_rc_call_uri (call, "/call-queues/%" G_GINT64_FORMAT "/members", queue->id);
  ps_rc_paging_set_total (&paging, members->len);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "uri", base);
  ps_rc_json_open (&json, "records", '[');
  for (guint i = paging.first; i < paging.end; i++) {
    const PsTenantExtension *member = members->pdata[i];

    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_uri (&json, call->front, "/extension/%" G_GINT64_FORMAT, member->id);
    ps_rc_json_int (&json, "id", member->id);
    ps_rc_json_text (&json, "extensionNumber", member->extension_number);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_paging_write_navigation (&paging, &json, call->request, base);
  ps_rc_paging_write (&paging, &json);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
presence_cb (PsRcCall *call)
{
  PsTenantExtension *queue = find_queue (call);
  g_autoptr (GPtrArray) members = NULL;
  PsRcJson json;

  if (queue == NULL)
    return;
  members = members_of (call, queue->id);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_open (&json, "records", '[');
  for (guint i = 0; i < members->len; i++) {
    const PsTenantExtension *member = members->pdata[i];

    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_open (&json, "member", '{');
    ps_rc_json_id (&json, "id", member->id);
    ps_rc_json_text (&json, "name", member->name);
    ps_rc_json_text (&json, "extensionNumber", member->extension_number);
    if (member->site != NULL) {
      ps_rc_json_open (&json, "site", '{');
      ps_rc_json_id (&json, "id", ps_rc_site_id (call->front, member->site));
      ps_rc_json_text (&json, "name", member->site);
      ps_rc_json_close (&json, '}');
    }
    ps_rc_json_close (&json, '}');
    ps_rc_json_bool (&json, "acceptQueueCalls", accepts_queue_calls (member));
    ps_rc_json_bool (&json, "acceptCurrentQueueCalls", TRUE);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
user_queues_cb (PsRcCall *call)
{
  PsTenantExtension *extension = ps_rc_call_extension (call, 1);
  PsRcJson json;

  if (extension == NULL)
    return;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_open (&json, "records", '[');
  for (guint i = 0; extension->queue_ids != NULL && i < extension->queue_ids->len; i++) {
    const PsTenantExtension *queue =
        ps_tenant_world_find_extension (call->front->world, g_array_index (extension->queue_ids, gint64, i));

    if (queue == NULL || queue->deleted)
      continue;
    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_open (&json, "callQueue", '{');
    ps_rc_json_id (&json, "id", queue->id);
    ps_rc_json_text (&json, "name", queue->name);
    ps_rc_json_text (&json, "extensionNumber", queue->extension_number);
    ps_rc_json_bool (&json, "editableMemberStatus", TRUE);
    ps_rc_json_close (&json, '}');
    ps_rc_json_bool (&json, "acceptCalls", accepts_queue_calls (extension));
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

#define QUEUE "/restapi/v1.0/account/{accountId}/call-queues"

const PsRcRoute ps_rc_queue_routes[] = {
  { "GET", QUEUE, "Medium", "ReadAccounts", list_cb },
  { "GET", QUEUE "/{groupId}", "Light", "ReadAccounts", read_cb },
  { "GET", QUEUE "/{groupId}/members", "Light", "ReadAccounts", members_cb },
  { "GET", QUEUE "/{groupId}/presence", "Light", "ReadPresence", presence_cb },
  { "GET", "/restapi/v1.0/account/{accountId}/extension/{extensionId}/call-queue-presence", "Light", "ReadPresence",
    user_queues_cb },
  { NULL },
};
