/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company directory: the list with its ETag, one entry, and the (Heavy) search. Its errors are of the ADG family.
 */
#include "config.h"

#include "ps-rc-front.h"
#include "ps-rc-paging.h"

#include <string.h>

#define PER_PAGE     1000
#define PER_PAGE_MAX 2000

gboolean
ps_rc_directory_shows (const PsTenantExtension *extension)
{
  return !extension->deleted && !g_str_equal (extension->type, "ApplicationExtension") &&
         (g_str_equal (extension->status, "Enabled") || g_str_equal (extension->status, "Disabled") ||
          g_str_equal (extension->status, "NotActivated"));
}

/* These four come back as User. */
static const char *
directory_type (const PsTenantExtension *extension)
{
  static const char *const users[] = { "User", "DigitalUser", "VirtualUser", "FaxUser", NULL };

  return g_strv_contains (users, extension->type) ? "User" : extension->type;
}

static void
write_phone (PsRcJson *json, const char *number, const char *usage)
{
  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_text (json, "formattedPhoneNumber", number);
  ps_rc_json_text (json, "phoneNumber", number);
  ps_rc_json_text (json, "type", "VoiceFax");
  ps_rc_json_text (json, "usageType", usage);
  ps_rc_json_bool (json, "hidden", FALSE);
  ps_rc_json_bool (json, "primary", TRUE);
  ps_rc_json_close (json, '}');
}

static void
write_account (PsRcJson *json, PsRcFront *front)
{
  ps_rc_json_open (json, "account", '{');
  ps_rc_json_id (json, "id", ps_tenant_world_account_id (front->world));
  ps_rc_json_text (json, "companyName", ps_tenant_world_company (front->world));
  ps_rc_json_text (json, "federatedName", ps_tenant_world_company (front->world));
  ps_rc_json_open (json, "mainNumber", '{');
  ps_rc_json_text (json, "formattedPhoneNumber", "(650) 555-0100");
  ps_rc_json_text (json, "phoneNumber", "+16505550100");
  ps_rc_json_text (json, "type", "VoiceFax");
  ps_rc_json_text (json, "usageType", "MainCompanyNumber");
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, '}');
}

static void
write_names (PsRcJson *json, const PsTenantExtension *extension)
{
  if (g_str_equal (directory_type (extension), "User")) {
    ps_rc_json_text (json, "firstName", extension->first_name != NULL ? extension->first_name : extension->name);
    ps_rc_json_text (json, "lastName", extension->last_name);
  } else {
    ps_rc_json_text (json, "name", extension->name);
  }
}

void
ps_rc_directory_write_entry (PsRcJson *json, PsRcFront *front, const char *event_type,
                             const PsTenantExtension *extension, gboolean with_account)
{
  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_text (json, "eventType", event_type);
  ps_rc_json_id (json, "id", extension->id);
  ps_rc_json_text (json, "type", directory_type (extension));
  ps_rc_json_text (json, "status", extension->status);
  if (with_account)
    write_account (json, front);
  ps_rc_json_text (json, "department", extension->department);
  ps_rc_json_text (json, "email", extension->email);
  ps_rc_json_text (json, "extensionNumber", extension->extension_number);
  write_names (json, extension);
  ps_rc_json_text (json, "jobTitle", extension->job_title);
  ps_rc_json_open (json, "phoneNumbers", '[');
  if (extension->phone_number != NULL)
    write_phone (json, extension->phone_number, "DirectNumber");
  ps_rc_json_close (json, ']');
  ps_rc_json_open (json, "profileImage", '{');
  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT "/profile-image", extension->id);
  ps_rc_json_printf (json, "etag", "%08x", (guint) g_int64_hash (&extension->id));
  ps_rc_json_close (json, '}');
  if (extension->site != NULL) {
    ps_rc_json_open (json, "site", '{');
    ps_rc_json_id (json, "id", ps_rc_site_id (front, extension->site));
    ps_rc_json_text (json, "name", extension->site);
    ps_rc_json_printf (json, "code", "%d", ps_rc_site_code (front, extension->site));
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_bool (json, "hidden", FALSE);
  ps_rc_json_open (json, "customFields", '[');
  ps_rc_json_close (json, ']');
  ps_rc_json_close (json, '}');
}

static void
refuse_parameter (PsRcCall *call, const char *parameter)
{
  g_autofree char *message = g_strdup_printf ("Parameter [%s] is invalid.", parameter);

  ps_rc_fail_directory (call->reply, 400, "ADG-121", parameter, message);
}

static void
reply_with_page (PsRcCall *call, GPtrArray *found, PsRcPaging *paging, gboolean with_account)
{
  PsRcJson json;

  ps_rc_paging_set_total (paging, found->len);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_paging_write (paging, &json);
  ps_rc_json_open (&json, "records", '[');
  for (guint i = paging->first; i < paging->end; i++)
    ps_rc_directory_write_entry (&json, call->front, NULL, found->pdata[i], with_account);
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static const char *const searchable_types[] = { "User",       "Department", "Announcement",        "Voicemail",
                                                "PagingOnly", "IvrMenu",    "SharedLinesGroup",    "ParkLocation",
                                                "Limited",    "External",   "DelegatedLinesGroup", "TieLine",
                                                NULL };

/* Returns: NULL, or the parameter that is wrong. */
static const char *
read_list_parameters (PsRcCall *call, PsRcPaging *paging)
{
  const char *per_page = ps_tenant_request_query (call->request, "perPage");
  const char *type = ps_tenant_request_query (call->request, "type");
  const char *group = ps_tenant_request_query (call->request, "typeGroup");

  if (type != NULL && !g_strv_contains (searchable_types, type))
    return "type";
  if (group != NULL && !g_str_equal (group, "User") && !g_str_equal (group, "NonUser"))
    return "typeGroup";
  if (g_strcmp0 (per_page, "all") == 0 || g_strcmp0 (per_page, "max") == 0) {
    paging->page = 1;
    paging->per_page = g_str_equal (per_page, "max") ? PER_PAGE_MAX : G_MAXINT32;
    return NULL;
  }
  return ps_rc_paging_read (paging, call->request, PER_PAGE, PER_PAGE_MAX, FALSE);
}

static gboolean
list_wants (PsRcCall *call, const PsTenantExtension *extension)
{
  const char *type = ps_tenant_request_query (call->request, "type");
  const char *group = ps_tenant_request_query (call->request, "typeGroup");
  const char *site = ps_tenant_request_query (call->request, "siteId");
  gboolean user = g_str_equal (directory_type (extension), "User");

  if (!ps_rc_directory_shows (extension))
    return FALSE;
  if (type != NULL && !g_str_equal (type, directory_type (extension)))
    return FALSE;
  if (group != NULL && user != g_str_equal (group, "User"))
    return FALSE;
  return site == NULL ||
         (extension->site != NULL && g_ascii_strtoll (site, NULL, 10) == ps_rc_site_id (call->front, extension->site));
}

static char *
make_etag (PsRcCall *call)
{
  const char *query = call->request->query_string != NULL ? call->request->query_string : "";

  return g_strdup_printf ("\"%" G_GINT64_MODIFIER "x-%x\"", call->front->directory_version, g_str_hash (query));
}

static void
list_cb (PsRcCall *call)
{
  const GPtrArray *all = ps_tenant_world_extensions (call->front->world);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autofree char *etag = make_etag (call);
  const char *match = soup_message_headers_get_one (call->request->headers, "If-None-Match");
  PsRcPaging paging;
  const char *wrong = read_list_parameters (call, &paging);

  if (wrong != NULL) {
    refuse_parameter (call, wrong);
    return;
  }
  soup_message_headers_replace (call->reply->headers, "ETag", etag);
  if (g_strcmp0 (match, etag) == 0) {
    call->reply->status = 304;
    return;
  }
  for (guint i = 0; i < all->len; i++)
    if (list_wants (call, all->pdata[i]))
      g_ptr_array_add (found, all->pdata[i]);
  if (paging.per_page == G_MAXINT32)
    paging.per_page = MAX (1, found->len);
  reply_with_page (call, found, &paging, ps_rc_call_flag (call, "showFederated", TRUE));
}

static void
entry_cb (PsRcCall *call)
{
  PsTenantExtension *extension = NULL;
  guint64 id;
  PsRcJson json;

  if (g_ascii_string_to_unsigned (call->request->args[1], 10, 1, G_MAXINT64, &id, NULL))
    extension = ps_tenant_world_find_extension (call->front->world, (gint64) id);
  if (extension == NULL || !ps_rc_directory_shows (extension)) {
    ps_rc_fail_directory (call->reply, 404, "ADG-122", NULL, "Contact not found.");
    return;
  }
  ps_rc_json_init (&json);
  ps_rc_directory_write_entry (&json, call->front, NULL, extension, TRUE);
  ps_rc_call_reply (call, 200, &json);
}

typedef struct {
  char *text;                         /* (nullable) lower-case */
  gboolean fields[6];                 /* as in search_fields */
  GHashTable *types, *statuses, *ids; /* (nullable) */
  guint page, per_page;
} Search;

static const char *const search_fields[] = { "firstName",   "lastName", "extensionNumber",
                                             "phoneNumber", "email",    "department" };

static void
search_clear (Search *search)
{
  g_clear_pointer (&search->text, g_free);
  g_clear_pointer (&search->types, g_hash_table_unref);
  g_clear_pointer (&search->statuses, g_hash_table_unref);
  g_clear_pointer (&search->ids, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Search, search_clear)

/* FALSE: it is there and is no array of texts. */
static gboolean
read_set (JsonObject *body, const char *name, GHashTable **set)
{
  JsonNode *node = json_object_get_member (body, name);
  JsonArray *array;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  *set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *item = json_array_get_element (array, i);

    if (json_node_get_value_type (item) != G_TYPE_STRING)
      return FALSE;
    g_hash_table_add (*set, g_strdup (json_node_get_string (item)));
  }
  return TRUE;
}

static gboolean
read_number (JsonObject *body, const char *name, guint minimum, guint maximum, guint *value)
{
  JsonNode *node = json_object_get_member (body, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64 || json_node_get_int (node) < minimum ||
      json_node_get_int (node) > maximum)
    return FALSE;
  *value = (guint) json_node_get_int (node);
  return TRUE;
}

static gboolean
read_fields (JsonObject *body, Search *search)
{
  g_autoptr (GHashTable) set = NULL;
  gboolean all;

  if (!read_set (body, "searchFields", &set))
    return FALSE;
  all = set == NULL || g_hash_table_size (set) == 0;
  for (guint i = 0; i < G_N_ELEMENTS (search_fields); i++)
    search->fields[i] = all || g_hash_table_contains (set, search_fields[i]);
  return TRUE;
}

/* Returns: NULL, or the parameter that is wrong. */
static const char *
read_search (JsonObject *body, Search *search)
{
  JsonNode *text = json_object_get_member (body, "searchString");

  search->page = 1;
  search->per_page = 100;
  if (text != NULL) {
    if (json_node_get_value_type (text) != G_TYPE_STRING)
      return "searchString";
    search->text = g_utf8_strdown (json_node_get_string (text), -1);
  }
  if (!read_fields (body, search))
    return "searchFields";
  if (!read_set (body, "extensionTypes", &search->types))
    return "extensionTypes";
  if (!read_set (body, "extensionStatuses", &search->statuses))
    return "extensionStatuses";
  if (!read_set (body, "extensionIds", &search->ids) || (search->ids != NULL && g_hash_table_size (search->ids) > 100))
    return "extensionIds";
  if (!read_number (body, "page", 1, 1000, &search->page))
    return "page";
  return read_number (body, "perPage", 1, PER_PAGE_MAX, &search->per_page) ? NULL : "perPage";
}

static gboolean
text_found (const Search *search, const PsTenantExtension *extension)
{
  const char *values[] = { extension->first_name != NULL ? extension->first_name : extension->name,
                           extension->last_name,
                           extension->extension_number,
                           extension->phone_number,
                           extension->email,
                           extension->department };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *lower = values[i] != NULL && search->fields[i] ? g_utf8_strdown (values[i], -1) : NULL;

    if (lower != NULL && strstr (lower, search->text) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
search_wants (const Search *search, const PsTenantExtension *extension)
{
  char id[24];

  g_snprintf (id, sizeof id, "%" G_GINT64_FORMAT, extension->id);
  return ps_rc_directory_shows (extension) &&
         (search->types == NULL || g_hash_table_contains (search->types, directory_type (extension))) &&
         (search->statuses == NULL || g_hash_table_contains (search->statuses, extension->status)) &&
         (search->ids == NULL || g_hash_table_contains (search->ids, id)) &&
         (search->text == NULL || text_found (search, extension));
}

static void
search_cb (PsRcCall *call)
{
  const GPtrArray *all = ps_tenant_world_extensions (call->front->world);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  g_autoptr (JsonObject) body = ps_tenant_request_json (call->request);
  g_auto (Search) search = { 0 };
  PsRcPaging paging = { 0 };
  const char *wrong;

  if (g_strcmp0 (soup_message_headers_get_content_type (call->request->headers, NULL), "application/json") != 0) {
    ps_rc_fail_directory (call->reply, 415, "ADG-115", NULL, "Unsupported Media Type.");
    return;
  }
  if (body == NULL) {
    ps_rc_fail_directory (call->reply, 400, "ADG-112", NULL, "Request body is invalid.");
    return;
  }
  wrong = read_search (body, &search);
  if (wrong != NULL) {
    refuse_parameter (call, wrong);
    return;
  }
  for (guint i = 0; i < all->len; i++)
    if (search_wants (&search, all->pdata[i]))
      g_ptr_array_add (found, all->pdata[i]);
  paging.page = search.page;
  paging.per_page = search.per_page;
  reply_with_page (call, found, &paging, TRUE);
}

const PsRcRoute ps_rc_directory_routes[] = {
  { "GET", "/restapi/v1.0/account/{accountId}/directory/entries", "Medium", "ReadAccounts", list_cb },
  { "POST", "/restapi/v1.0/account/{accountId}/directory/entries/search", "Heavy", "ReadAccounts", search_cb },
  { "GET", "/restapi/v1.0/account/{accountId}/directory/entries/{entryId}", "Medium", "ReadAccounts", entry_cb },
  { NULL },
};
