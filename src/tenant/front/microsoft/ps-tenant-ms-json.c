/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-json.h"

#include <string.h>

#define USER(field)  G_STRUCT_OFFSET (PsTenantMicrosoftUser, field)
#define GROUP(field) G_STRUCT_OFFSET (PsTenantGroup, field)
#define SEEN         (PS_TENANT_MS_DEFAULT | PS_TENANT_MS_FILTER)

/* "user resource type" of the reference: the first eleven are what a reply has without $select. */
static const PsTenantMsProperty user_properties[] = {
  { "businessPhones", PS_TENANT_MS_STRINGS, USER (business_phones), SEEN },
  { "displayName", PS_TENANT_MS_STRING, USER (display_name), SEEN | PS_TENANT_MS_BASIC },
  { "givenName", PS_TENANT_MS_STRING, USER (given_name), SEEN | PS_TENANT_MS_BASIC },
  { "jobTitle", PS_TENANT_MS_STRING, USER (job_title), SEEN },
  { "mail", PS_TENANT_MS_STRING, USER (mail), SEEN | PS_TENANT_MS_BASIC },
  { "mobilePhone", PS_TENANT_MS_STRING, USER (mobile_phone), PS_TENANT_MS_DEFAULT },
  { "officeLocation", PS_TENANT_MS_STRING, USER (office_location), SEEN },
  { "preferredLanguage", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "surname", PS_TENANT_MS_STRING, USER (surname), SEEN | PS_TENANT_MS_BASIC },
  { "userPrincipalName", PS_TENANT_MS_STRING, USER (user_principal_name), SEEN | PS_TENANT_MS_BASIC },
  { "id", PS_TENANT_MS_STRING, USER (id), SEEN | PS_TENANT_MS_BASIC },
  { "accountEnabled", PS_TENANT_MS_BOOL, USER (enabled), PS_TENANT_MS_FILTER },
  { "assignedLicenses", PS_TENANT_MS_LICENSES, USER (teams_licence), 0 },
  { "assignedPlans", PS_TENANT_MS_PLANS, USER (teams_licence), 0 },
  { "department", PS_TENANT_MS_STRING, USER (department), PS_TENANT_MS_FILTER },
  { "mailNickname", PS_TENANT_MS_NICKNAME, USER (user_principal_name), PS_TENANT_MS_FILTER },
  { "proxyAddresses", PS_TENANT_MS_STRINGS, USER (proxy_addresses), PS_TENANT_MS_FILTER },
  { "userType", PS_TENANT_MS_USER_TYPE, USER (guest), PS_TENANT_MS_FILTER },
  { "ageGroup", PS_TENANT_MS_NULL },
  { "city", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_FILTER },
  { "companyName", PS_TENANT_MS_NULL },
  { "consentProvidedForMinor", PS_TENANT_MS_NULL },
  { "country", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_FILTER },
  { "createdDateTime", PS_TENANT_MS_NULL },
  { "creationType", PS_TENANT_MS_NULL },
  { "deletedDateTime", PS_TENANT_MS_NULL },
  { "employeeHireDate", PS_TENANT_MS_NULL },
  { "employeeId", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_FILTER },
  { "employeeType", PS_TENANT_MS_NULL },
  { "externalUserState", PS_TENANT_MS_NULL },
  { "faxNumber", PS_TENANT_MS_NULL },
  { "identities", PS_TENANT_MS_EMPTY },
  { "imAddresses", PS_TENANT_MS_EMPTY },
  { "lastPasswordChangeDateTime", PS_TENANT_MS_NULL },
  { "legalAgeGroupClassification", PS_TENANT_MS_NULL },
  { "licenseAssignmentStates", PS_TENANT_MS_EMPTY },
  { "onPremisesDistinguishedName", PS_TENANT_MS_NULL },
  { "onPremisesDomainName", PS_TENANT_MS_NULL },
  { "onPremisesImmutableId", PS_TENANT_MS_NULL },
  { "onPremisesLastSyncDateTime", PS_TENANT_MS_NULL },
  { "onPremisesSamAccountName", PS_TENANT_MS_NULL },
  { "onPremisesSecurityIdentifier", PS_TENANT_MS_NULL },
  { "onPremisesSyncEnabled", PS_TENANT_MS_NULL },
  { "onPremisesUserPrincipalName", PS_TENANT_MS_NULL },
  { "otherMails", PS_TENANT_MS_EMPTY },
  { "passwordPolicies", PS_TENANT_MS_NULL },
  { "postalCode", PS_TENANT_MS_NULL },
  { "provisionedPlans", PS_TENANT_MS_EMPTY },
  { "securityIdentifier", PS_TENANT_MS_NULL },
  { "showInAddressList", PS_TENANT_MS_NULL },
  { "state", PS_TENANT_MS_NULL },
  { "streetAddress", PS_TENANT_MS_NULL },
  { "usageLocation", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_FILTER },
  /* These live outside the directory and cannot be asked for in a list: 501. */
  { "aboutMe", PS_TENANT_MS_SINGLE },
  { "birthday", PS_TENANT_MS_SINGLE },
  { "hireDate", PS_TENANT_MS_SINGLE },
  { "interests", PS_TENANT_MS_SINGLE },
  { "mailboxSettings", PS_TENANT_MS_SINGLE },
  { "mySite", PS_TENANT_MS_SINGLE },
  { "pastProjects", PS_TENANT_MS_SINGLE },
  { "preferredName", PS_TENANT_MS_SINGLE },
  { "responsibilities", PS_TENANT_MS_SINGLE },
  { "schools", PS_TENANT_MS_SINGLE },
  { "skills", PS_TENANT_MS_SINGLE },
  { NULL },
};

static const PsTenantMsProperty group_properties[] = {
  { "id", PS_TENANT_MS_STRING, GROUP (id), SEEN },
  { "deletedDateTime", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "classification", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "createdDateTime", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "creationOptions", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { "description", PS_TENANT_MS_NULL, 0, SEEN },
  { "displayName", PS_TENANT_MS_STRING, GROUP (display_name), SEEN },
  { "expirationDateTime", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "groupTypes", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { "isAssignableToRole", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "mail", PS_TENANT_MS_NULL, 0, SEEN },
  { "mailEnabled", PS_TENANT_MS_FALSE, 0, SEEN },
  { "mailNickname", PS_TENANT_MS_NULL, 0, SEEN },
  { "membershipRule", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "membershipRuleProcessingState", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "onPremisesLastSyncDateTime", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "onPremisesSecurityIdentifier", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "onPremisesSyncEnabled", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "preferredDataLocation", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "preferredLanguage", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "proxyAddresses", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { "renewedDateTime", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "resourceBehaviorOptions", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { "resourceProvisioningOptions", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { "securityEnabled", PS_TENANT_MS_TRUE, 0, SEEN },
  { "securityIdentifier", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "theme", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "visibility", PS_TENANT_MS_NULL, 0, PS_TENANT_MS_DEFAULT },
  { "onPremisesProvisioningErrors", PS_TENANT_MS_EMPTY, 0, PS_TENANT_MS_DEFAULT },
  { NULL },
};

const PsTenantMsType ps_tenant_ms_user_type = { "microsoft.graph.user", user_properties };
const PsTenantMsType ps_tenant_ms_group_type = { "microsoft.graph.group", group_properties };

const char *
ps_tenant_ms_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

JsonArray *
ps_tenant_ms_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

JsonObject *
ps_tenant_ms_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonObject *
ps_tenant_ms_json_element_object (JsonArray *array, guint index)
{
  JsonNode *node = json_array_get_element (array, index);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

void
ps_tenant_ms_json_string (GString *json, const char *text)
{
  const char *clean;

  if (text == NULL) {
    g_string_append (json, "null");
    return;
  }
  g_string_append_c (json, '"');
  for (clean = text; *text != '\0'; text++) {
    guchar c = *text;

    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    g_string_append_len (json, clean, text - clean);
    if (c >= 0x20)
      g_string_append_printf (json, "\\%c", c);
    else
      g_string_append_printf (json, "\\u%04x", c);
    clean = text + 1;
  }
  g_string_append_len (json, clean, text - clean);
  g_string_append_c (json, '"');
}

char *
ps_tenant_ms_time (gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

const PsTenantMsProperty *
ps_tenant_ms_type_find (const PsTenantMsType *type, const char *name)
{
  for (const PsTenantMsProperty *property = type->properties; property->name != NULL; property++)
    if (g_str_equal (property->name, name))
      return property;
  return NULL;
}

const char *
ps_tenant_ms_property_text (const PsTenantMsProperty *property, gconstpointer object, char buffer[256],
                            const char *const **strings)
{
  const char *text;

  *strings = NULL;
  switch (property->kind) {
  case PS_TENANT_MS_STRING:
    return G_STRUCT_MEMBER (const char *, object, property->offset);
  case PS_TENANT_MS_BOOL:
    return G_STRUCT_MEMBER (gboolean, object, property->offset) ? "true" : "false";
  case PS_TENANT_MS_STRINGS:
    *strings = G_STRUCT_MEMBER (const char *const *, object, property->offset);
    return NULL;
  case PS_TENANT_MS_USER_TYPE:
    return G_STRUCT_MEMBER (gboolean, object, property->offset) ? "Guest" : "Member";
  case PS_TENANT_MS_NICKNAME:
    text = G_STRUCT_MEMBER (const char *, object, property->offset);
    g_strlcpy (buffer, text, MIN (256, strcspn (text, "@") + 1));
    return buffer;
  case PS_TENANT_MS_TRUE:
    return "true";
  case PS_TENANT_MS_FALSE:
    return "false";
  case PS_TENANT_MS_PLANS:
  case PS_TENANT_MS_LICENSES:
  case PS_TENANT_MS_NULL:
  case PS_TENANT_MS_EMPTY:
  case PS_TENANT_MS_SINGLE:
  default:
    return NULL;
  }
}

static void
write_strings (GString *json, const char *const *strings)
{
  g_string_append_c (json, '[');
  for (guint i = 0; strings != NULL && strings[i] != NULL; i++) {
    if (i > 0)
      g_string_append_c (json, ',');
    ps_tenant_ms_json_string (json, strings[i]);
  }
  g_string_append_c (json, ']');
}

/* The Teams service plan TEAMS1 of Office 365 E3; somebody without a licence has neither. */
static void
write_licence (GString *json, PsTenantMsKind kind, gboolean licensed)
{
  if (!licensed)
    g_string_append (json, "[]");
  else if (kind == PS_TENANT_MS_PLANS)
    g_string_append (json, "[{\"assignedDateTime\":\"2025-01-01T00:00:00Z\",\"capabilityStatus\":\"Enabled\","
                           "\"service\":\"TeamspaceAPI\",\"servicePlanId\":\"57ff2da0-773e-42df-b2af-ffb7a2317929\"}]");
  else
    g_string_append (json, "[{\"disabledPlans\":[],\"skuId\":\"6fd2c87f-b296-42f0-b197-1e91e994b900\"}]");
}

static void
write_value (GString *json, const PsTenantMsProperty *property, gconstpointer object)
{
  const char *const *strings;
  char buffer[256];
  const char *text = ps_tenant_ms_property_text (property, object, buffer, &strings);

  switch (property->kind) {
  case PS_TENANT_MS_BOOL:
  case PS_TENANT_MS_TRUE:
  case PS_TENANT_MS_FALSE:
    g_string_append (json, text);
    break;
  case PS_TENANT_MS_STRINGS:
    write_strings (json, strings);
    break;
  case PS_TENANT_MS_PLANS:
  case PS_TENANT_MS_LICENSES:
    write_licence (json, property->kind, G_STRUCT_MEMBER (gboolean, object, property->offset));
    break;
  case PS_TENANT_MS_EMPTY:
    g_string_append (json, "[]");
    break;
  case PS_TENANT_MS_STRING:
  case PS_TENANT_MS_USER_TYPE:
  case PS_TENANT_MS_NICKNAME:
  case PS_TENANT_MS_NULL:
  case PS_TENANT_MS_SINGLE:
  default:
    ps_tenant_ms_json_string (json, text);
    break;
  }
}

void
ps_tenant_ms_write_members (GString *json, const GPtrArray *properties, gconstpointer object)
{
  for (guint i = 0; i < properties->len; i++) {
    const PsTenantMsProperty *property = g_ptr_array_index (properties, i);

    g_string_append (json, i > 0 ? ",\"" : "\"");
    g_string_append (json, property->name);
    g_string_append (json, "\":");
    write_value (json, property, object);
  }
}

void
ps_tenant_ms_status_free (PsTenantMsStatus *status)
{
  g_free (status->content);
  g_free (status->content_type);
  g_free (status->expiry);
  g_free (status->expiry_zone);
  g_free (status);
}

static void
write_status (GString *json, const PsTenantMsStatus *status, gboolean own)
{
  g_string_append (json, "{\"message\":{\"content\":");
  ps_tenant_ms_json_string (json, status->content);
  g_string_append (json, ",\"contentType\":");
  ps_tenant_ms_json_string (json, status->content_type);
  g_string_append_c (json, '}');
  if (own) {
    g_autofree char *published = ps_tenant_ms_time (status->published_ms);

    g_string_append (json, ",\"publishedDateTime\":");
    ps_tenant_ms_json_string (json, published);
    if (status->expiry != NULL) {
      g_string_append (json, ",\"expiryDateTime\":{\"dateTime\":");
      ps_tenant_ms_json_string (json, status->expiry);
      g_string_append (json, ",\"timeZone\":");
      ps_tenant_ms_json_string (json, status->expiry_zone);
      g_string_append_c (json, '}');
    }
  }
  g_string_append_c (json, '}');
}

/* Zero-padded decimal: printf is most of the cost of a bulk read otherwise. */
static void
append_padded (GString *json, guint64 value, guint width)
{
  char digits[20];

  for (guint i = width; i-- > 0; value /= 10)
    digits[i] = '0' + value % 10;
  g_string_append_len (json, digits, width);
}

void
ps_tenant_ms_write_presence (GString *json, PsTenantMicrosoftUser *user, const PsTenantMsStatus *status, gboolean own,
                             gint64 now_ms)
{
  PsTenantTeamsShown shown = ps_tenant_teams_shown (user->teams);

  g_string_append (json, "\"id\":\"");
  g_string_append (json, user->id);
  g_string_append (json, "\",\"availability\":\"");
  g_string_append (json, shown.availability);
  g_string_append (json, "\",\"activity\":\"");
  g_string_append (json, shown.activity);
  g_string_append (json, "\",\"statusMessage\":");
  if (status != NULL && status->content != NULL && now_ms < status->expires_ms)
    write_status (json, status, own);
  else
    g_string_append (json, "null");
  g_string_append (json, shown.out_of_office
                             ? ",\"outOfOfficeSettings\":{\"message\":\"I am out of office.\",\"isOutOfOffice\":true}"
                             : ",\"outOfOfficeSettings\":{\"message\":null,\"isOutOfOffice\":false}");
  g_string_append (json, ",\"workLocation\":{\"workLocationType\":\"unspecified\",\"source\":\"none\",\"placeId\":null}"
                         ",\"sequenceNumber\":\"A");
  /* Two counters that never fall, one after the other: the text still sorts by age. */
  append_padded (json, shown.sequence, 14);
  append_padded (json, status != NULL ? status->version : 0, 6);
  g_string_append_c (json, '"');
}
