/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The extension list with its filters, and one extension.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-paging.h"

#define PER_PAGE     100
#define PER_PAGE_MAX 1000

/* Sites are known to the model by their name only. */
gint64
ps_rc_site_id (PsRcFront *front, const char *site)
{
  return ps_tenant_world_account_id (front->world) + 1 + g_str_hash (site) % 100000;
}

int
ps_rc_site_code (PsRcFront *front, const char *site)
{
  return (int) (ps_rc_site_id (front, site) % 90) + 10;
}

static void
write_contact (PsRcJson *json, PsRcFront *front, const PsTenantExtension *extension)
{
  gboolean user = g_str_equal (extension->type, "User");

  ps_rc_json_open (json, "contact", '{');
  ps_rc_json_text (json, "firstName", user ? extension->first_name : extension->name);
  if (user)
    ps_rc_json_text (json, "lastName", extension->last_name);
  ps_rc_json_text (json, "name", extension->name);
  ps_rc_json_text (json, "company", ps_tenant_world_company (front->world));
  ps_rc_json_text (json, "jobTitle", extension->job_title);
  ps_rc_json_text (json, "email", extension->email);
  ps_rc_json_text (json, "businessPhone", extension->phone_number);
  ps_rc_json_open (json, "businessAddress", '{');
  ps_rc_json_text (json, "country", "United States");
  ps_rc_json_text (json, "state", "CA");
  ps_rc_json_text (json, "city", "Belmont");
  ps_rc_json_text (json, "street", "20 Davis Drive");
  ps_rc_json_text (json, "zip", "94002");
  ps_rc_json_close (json, '}');
  ps_rc_json_bool (json, "emailAsLoginName", extension->email_as_login);
  ps_rc_json_open (json, "pronouncedName", '{');
  ps_rc_json_text (json, "type", "Default");
  ps_rc_json_text (json, "text", extension->name);
  ps_rc_json_close (json, '}');
  ps_rc_json_text (json, "department", extension->department);
  ps_rc_json_close (json, '}');
}

static void
write_permissions (PsRcJson *json, gboolean admin)
{
  ps_rc_json_open (json, "permissions", '{');
  ps_rc_json_open (json, "admin", '{');
  ps_rc_json_bool (json, "enabled", admin);
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "internationalCalling", '{');
  ps_rc_json_bool (json, "enabled", FALSE);
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, '}');
}

static void
write_role (PsRcJson *json, PsRcFront *front, gboolean admin)
{
  const char *id = admin ? "1" : "3";

  ps_rc_json_open (json, "roles", '[');
  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_uri (json, front, "/user-role/%s", id);
  ps_rc_json_text (json, "id", id);
  ps_rc_json_bool (json, "autoAssigned", FALSE);
  ps_rc_json_text (json, "displayName", admin ? "Super Admin" : "Standard");
  ps_rc_json_bool (json, "siteCompatible", !admin);
  ps_rc_json_bool (json, "siteRestricted", FALSE);
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, ']');
}

static void
write_site (PsRcJson *json, PsRcFront *front, const char *site)
{
  gint64 id = ps_rc_site_id (front, site);

  ps_rc_json_open (json, "site", '{');
  ps_rc_json_id (json, "id", id);
  ps_rc_json_uri (json, front, "/sites/%" G_GINT64_FORMAT, id);
  ps_rc_json_text (json, "name", site);
  ps_rc_json_printf (json, "code", "%d", ps_rc_site_code (front, site));
  ps_rc_json_close (json, '}');
}

static void
write_queue_settings (PsRcJson *json)
{
  ps_rc_json_open (json, "callQueueInfo", '{');
  ps_rc_json_int (json, "slaGoal", 80);
  ps_rc_json_int (json, "slaThresholdSeconds", 30);
  ps_rc_json_bool (json, "includeAbandonedCalls", FALSE);
  ps_rc_json_int (json, "abandonedThresholdSeconds", 5);
  ps_rc_json_close (json, '}');
  ps_rc_json_int (json, "alertTimer", 20);
}

/* What the list and the single read have in common. */
static void
write_common (PsRcJson *json, PsRcCall *call, const PsTenantExtension *extension)
{
  PsRcFront *front = call->front;
  gboolean user = g_str_equal (extension->type, "User");
  gboolean admin = extension->admin && ps_tenant_server_fault (front->server, "admin-removed") == NULL;

  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT, extension->id);
  ps_rc_json_int (json, "id", extension->id);
  ps_rc_json_text (json, "extensionNumber", extension->extension_number);
  write_contact (json, front, extension);
  ps_rc_json_text (json, "name", extension->name);
  ps_rc_json_text (json, "type", extension->type);
  ps_rc_json_text (json, "status", extension->status);
  write_permissions (json, admin);
  ps_rc_json_open (json, "profileImage", '{');
  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT "/profile-image", extension->id);
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "references", '[');
  ps_rc_json_close (json, ']');
  ps_rc_json_bool (json, "hidden", FALSE);
  if (user)
    write_role (json, front, admin);
  if (extension->site != NULL)
    write_site (json, front, extension->site);
  if (g_str_equal (extension->type, "Department"))
    write_queue_settings (json);
  ps_rc_json_open (json, "assignedCountry", '{');
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/dictionary/country/1", ps_tenant_server_origin (front->server));
  ps_rc_json_text (json, "id", "1");
  ps_rc_json_text (json, "isoCode", "US");
  ps_rc_json_text (json, "name", "United States");
  ps_rc_json_close (json, '}');
  ps_rc_json_text (json, "creationTime", "2019-03-04T10:00:00.000Z");
}

static gboolean
one_of (GPtrArray *values, const char *value, gboolean any_case)
{
  if (values->len == 0)
    return TRUE;
  for (guint i = 0; i < values->len && value != NULL; i++)
    if (any_case ? g_ascii_strcasecmp (values->pdata[i], value) == 0 : g_str_equal (values->pdata[i], value))
      return TRUE;
  return FALSE;
}

static gboolean
known_words (GPtrArray *values, const char *const *words)
{
  for (guint i = 0; i < values->len; i++)
    if (!g_strv_contains (words, values->pdata[i]))
      return FALSE;
  return TRUE;
}

typedef struct {
  GPtrArray *types, *statuses, *emails;
  const char *number;
} Filter;

static void
filter_clear (Filter *filter)
{
  g_clear_pointer (&filter->types, g_ptr_array_unref);
  g_clear_pointer (&filter->statuses, g_ptr_array_unref);
  g_clear_pointer (&filter->emails, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Filter, filter_clear)

/* Returns: NULL, or the parameter with a value that the enumeration does not have. */
static const char *
filter_read (Filter *filter, const PsTenantRequest *request)
{
  static const char *const types[] = { "User",
                                       "Department",
                                       "Announcement",
                                       "Voicemail",
                                       "DigitalUser",
                                       "VirtualUser",
                                       "FaxUser",
                                       "PagingOnly",
                                       "SharedLinesGroup",
                                       "DelegatedLinesGroup",
                                       "GroupCallPickup",
                                       "IvrMenu",
                                       "ProxyAdmin",
                                       "Limited",
                                       "ApplicationExtension",
                                       "RoomConnector",
                                       "ParkLocation",
                                       "Bot",
                                       "Site",
                                       "Room",
                                       "FlexibleUser",
                                       "TieLine",
                                       "Unknown",
                                       NULL };
  static const char *const statuses[] = { "Enabled", "Disabled", "Frozen", "NotActivated", "Unassigned", NULL };

  filter->types = ps_tenant_request_query_all (request, "type");
  filter->statuses = ps_tenant_request_query_all (request, "status");
  filter->emails = ps_tenant_request_query_all (request, "email");
  filter->number = ps_tenant_request_query (request, "extensionNumber");
  if (!known_words (filter->types, types))
    return "type";
  return known_words (filter->statuses, statuses) ? NULL : "status";
}

static GPtrArray *
filter_run (const Filter *filter, PsTenantWorld *world)
{
  const GPtrArray *all = ps_tenant_world_extensions (world);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < all->len; i++) {
    const PsTenantExtension *extension = all->pdata[i];

    if (!extension->deleted && one_of (filter->types, extension->type, FALSE) &&
        one_of (filter->statuses, extension->status, FALSE) && one_of (filter->emails, extension->email, TRUE) &&
        (filter->number == NULL || g_strcmp0 (filter->number, extension->extension_number) == 0))
      g_ptr_array_add (found, (gpointer) extension);
  }
  return found;
}

static void
list_cb (PsRcCall *call)
{
  g_auto (Filter) filter = { 0 };
  g_autoptr (GPtrArray) found = NULL;
  g_autofree char *base = ps_rc_call_uri (call, "/extension");
  PsRcPaging paging;
  const char *wrong = filter_read (&filter, call->request);
  PsRcJson json;

  if (wrong == NULL)
    wrong = ps_rc_paging_read (&paging, call->request, PER_PAGE, PER_PAGE_MAX, FALSE);
  if (wrong != NULL) {
    ps_rc_fail_parameter (call->reply, wrong);
    return;
  }
  found = filter_run (&filter, call->front->world);
  ps_rc_paging_set_total (&paging, found->len);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "uri", base);
  ps_rc_json_open (&json, "records", '[');
  for (guint i = paging.first; i < paging.end; i++) {
    ps_rc_json_open (&json, NULL, '{');
    write_common (&json, call, found->pdata[i]);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_paging_write (&paging, &json);
  ps_rc_paging_write_navigation (&paging, &json, call->request, base);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
write_departments (PsRcJson *json, PsRcFront *front, const PsTenantExtension *extension)
{
  ps_rc_json_open (json, "departments", '[');
  for (guint i = 0; extension->queue_ids != NULL && i < extension->queue_ids->len; i++) {
    gint64 id = g_array_index (extension->queue_ids, gint64, i);
    const PsTenantExtension *queue = ps_tenant_world_find_extension (front->world, id);

    if (queue == NULL || queue->deleted)
      continue;
    ps_rc_json_open (json, NULL, '{');
    ps_rc_json_id (json, "id", id);
    ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT, id);
    ps_rc_json_text (json, "extensionNumber", queue->extension_number);
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, ']');
}

static void
write_features (PsRcJson *json, const PsTenantExtension *extension)
{
  gboolean user = g_str_equal (extension->type, "User");

  ps_rc_json_open (json, "serviceFeatures", '[');
  for (guint i = 0; i < 2; i++) {
    ps_rc_json_open (json, NULL, '{');
    ps_rc_json_text (json, "featureName", i == 0 ? "Presence" : "DND");
    ps_rc_json_bool (json, "enabled", user);
    if (!user)
      ps_rc_json_text (json, "reason", "ExtensionTypeLimitation");
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, ']');
}

static void
read_cb (PsRcCall *call)
{
  PsTenantExtension *extension = ps_rc_call_extension (call, 1);
  PsRcJson json;

  if (extension == NULL)
    return;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  write_common (&json, call, extension);
  ps_rc_json_open (&json, "account", '{');
  ps_rc_json_uri (&json, call->front, "%s", "");
  ps_rc_json_id (&json, "id", ps_tenant_world_account_id (call->front->world));
  ps_rc_json_close (&json, '}');
  write_departments (&json, call->front, extension);
  ps_rc_json_open (&json, "extensionNumbers", '[');
  ps_rc_json_text (&json, NULL, extension->extension_number);
  ps_rc_json_close (&json, ']');
  ps_rc_json_open (&json, "customFields", '[');
  ps_rc_json_close (&json, ']');
  ps_rc_write_region (&json, call->front, FALSE);
  write_features (&json, extension);
  ps_rc_json_text (&json, "setupWizardState",
                   g_str_equal (extension->status, "NotActivated") ? "NotStarted" : "Completed");
  if (g_str_equal (extension->status, "Disabled")) {
    ps_rc_json_open (&json, "statusInfo", '{');
    ps_rc_json_text (&json, "reason", "Voluntarily");
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_text (&json, "siteAccess", "Unlimited");
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

const PsRcRoute ps_rc_extension_routes[] = {
  { "GET", "/restapi/v1.0/account/{accountId}/extension", "Medium", "ReadAccounts", list_cb },
  { "GET", "/restapi/v1.0/account/{accountId}/extension/{extensionId}", "Light", "ReadAccounts", read_cb },
  { NULL },
};
