/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What may be written into a registration. Strict: a property that would do nothing here is refused, so that nobody
 * believes that it did something.
 */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-issue.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-permissions.h"
#include "ps-tenant-ms-redirect.h"

#include <string.h>

#define LONGEST_NAME   256
#define MOST_REDIRECTS 256

/* Each returns NULL, or what the refusal says. */
typedef const char *(*Check) (JsonNode *node);

static gboolean
is_text (JsonNode *node)
{
  return json_node_get_value_type (node) == G_TYPE_STRING;
}

static const char *
check_name (JsonNode *node)
{
  if (!is_text (node) || *json_node_get_string (node) == '\0')
    return "A value is required for property 'displayName' of resource 'Application'.";
  return g_utf8_strlen (json_node_get_string (node), -1) <= LONGEST_NAME
             ? NULL
             : "The value of property 'displayName' of resource 'Application' is too long.";
}

static const char *
check_text (JsonNode *node)
{
  return JSON_NODE_HOLDS_NULL (node) || is_text (node) ? NULL : "Invalid value specified for a text property.";
}

static const char *
check_audience (JsonNode *node)
{
  static const char *const known[] = { "AzureADMyOrg", "AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount",
                                       "PersonalMicrosoftAccount", NULL };

  return is_text (node) && g_strv_contains (known, json_node_get_string (node))
             ? NULL
             : "Invalid value specified for property 'signInAudience' of resource 'Application'.";
}

static const char *
check_boolean (JsonNode *node)
{
  return JSON_NODE_HOLDS_NULL (node) || json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? NULL
             : "Invalid value specified for property 'isFallbackPublicClient' of resource 'Application'.";
}

static const char *
check_tags (JsonNode *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (!is_text (json_array_get_element (array, i)) || *json_array_get_string_element (array, i) == '\0')
      array = NULL;
  return array != NULL ? NULL : "Invalid value specified for property 'tags' of resource 'Application'.";
}

static const char *
check_redirects (JsonNode *node)
{
  JsonObject *platform = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonArray *uris = platform != NULL ? ps_tenant_ms_json_get_array (platform, "redirectUris") : NULL;

  if (platform == NULL || uris == NULL || json_object_get_size (platform) != 1)
    return "A platform has its redirectUris, and nothing else can be set here.";
  if (json_array_get_length (uris) > MOST_REDIRECTS)
    return "The size of the collection 'redirectUris' exceeds the maximum of 256.";
  for (guint i = 0; i < json_array_get_length (uris); i++) {
    JsonNode *uri = json_array_get_element (uris, i);

    if (!is_text (uri) || !ps_tenant_ms_redirect_is_valid (json_node_get_string (uri)))
      return "One or more of the reply URLs is not valid. A reply URL has 256 characters at most, no fragment, and "
             "begins with https:// unless it is a loopback address.";
  }
  return NULL;
}

static gboolean
access_is_right (JsonObject *entry, gboolean graph)
{
  const char *id = entry != NULL ? ps_tenant_ms_json_get_string (entry, "id") : NULL;
  const char *type = entry != NULL ? ps_tenant_ms_json_get_string (entry, "type") : NULL;

  if (id == NULL || !g_uuid_string_is_valid (id) || type == NULL)
    return FALSE;
  if (g_str_equal (type, "Role"))
    return !graph || ps_tenant_ms_permission_by_role_id (id) != NULL;
  return g_str_equal (type, "Scope") && (!graph || ps_tenant_ms_permission_by_scope_id (id) != NULL);
}

static const char *
check_access (JsonNode *node)
{
  static const char refusal[] = "Invalid value specified for property 'requiredResourceAccess' of resource "
                                "'Application': a resource or a permission is not there.";
  JsonArray *resources = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (resources == NULL)
    return refusal;
  for (guint i = 0; i < json_array_get_length (resources); i++) {
    JsonObject *resource = ps_tenant_ms_json_element_object (resources, i);
    const char *app_id = resource != NULL ? ps_tenant_ms_json_get_string (resource, "resourceAppId") : NULL;
    JsonArray *access = resource != NULL ? ps_tenant_ms_json_get_array (resource, "resourceAccess") : NULL;

    if (app_id == NULL || access == NULL || !g_uuid_string_is_valid (app_id))
      return refusal;
    for (guint k = 0; k < json_array_get_length (access); k++)
      if (!access_is_right (ps_tenant_ms_json_element_object (access, k),
                            g_ascii_strcasecmp (app_id, PS_TENANT_MS_GRAPH_APP_ID) == 0))
        return refusal;
  }
  return NULL;
}

static const struct {
  const char *name;
  Check check;
} properties[] = {
  { "displayName", check_name },
  { "description", check_text },
  { "notes", check_text },
  { "signInAudience", check_audience },
  { "tags", check_tags },
  { "isFallbackPublicClient", check_boolean },
  { "publicClient", check_redirects },
  { "web", check_redirects },
  { "spa", check_redirects },
  { "requiredResourceAccess", check_access },
};

gboolean
ps_tenant_ms_application_check (PsTenantMsCall *call, JsonObject *body, gboolean is_new)
{
  g_autoptr (GList) names = json_object_get_members (body);

  if (is_new && !json_object_has_member (body, "displayName")) {
    ps_tenant_ms_error (call, 400, "Request_BadRequest",
                        "A value is required for property 'displayName' of resource 'Application'.");
    return FALSE;
  }
  for (GList *l = names; l != NULL; l = l->next) {
    const char *problem;
    guint row = 0;

    while (row < G_N_ELEMENTS (properties) && !g_str_equal (properties[row].name, l->data))
      row++;
    if (row == G_N_ELEMENTS (properties)) {
      ps_tenant_ms_error (call, 400, "Request_BadRequest",
                          "Property '%s' of resource 'Application' cannot be set here.", (const char *) l->data);
      return FALSE;
    }
    problem = properties[row].check (json_object_get_member (body, l->data));
    if (problem != NULL) {
      ps_tenant_ms_error (call, 400, "Request_BadRequest", "%s", problem);
      return FALSE;
    }
  }
  return TRUE;
}

static void
set_text (JsonObject *body, const char *name, char **field)
{
  if (!json_object_has_member (body, name))
    return;
  g_free (*field);
  *field = g_strdup (ps_tenant_ms_json_get_string (body, name));
}

static void
set_strings (JsonArray *array, GPtrArray *strings)
{
  g_ptr_array_set_size (strings, 0);
  for (guint i = 0; i < json_array_get_length (array); i++)
    g_ptr_array_add (strings, g_strdup (json_array_get_string_element (array, i)));
}

static void
set_redirects (JsonObject *body, const char *name, GPtrArray *redirects)
{
  JsonObject *platform = ps_tenant_ms_json_get_object (body, name);

  if (platform != NULL)
    set_strings (ps_tenant_ms_json_get_array (platform, "redirectUris"), redirects);
}

void
ps_tenant_ms_application_set (PsTenantMsApp *app, JsonObject *body)
{
  JsonNode *access = json_object_get_member (body, "requiredResourceAccess");
  JsonNode *fallback = json_object_get_member (body, "isFallbackPublicClient");
  JsonArray *tags = ps_tenant_ms_json_get_array (body, "tags");

  set_text (body, "displayName", &app->display_name);
  set_text (body, "description", &app->description);
  set_text (body, "notes", &app->notes);
  set_text (body, "signInAudience", &app->audience);
  if (fallback != NULL)
    app->public_client = !JSON_NODE_HOLDS_NULL (fallback) && json_node_get_boolean (fallback);
  if (tags != NULL)
    set_strings (tags, app->tags);
  set_redirects (body, "publicClient", app->redirects);
  set_redirects (body, "web", app->web_redirects);
  set_redirects (body, "spa", app->spa_redirects);
  if (access != NULL) {
    json_node_unref (app->required_access);
    app->required_access = json_node_copy (access);
  }
}
