/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the asking user may do: authz-profile and its check, assigned roles, features.
 *
 * The Standard role writes presence with scope Self and reads it with Federation; the Super Admin has every permission
 * for all extensions (§2.4, §3.6).
 */
#include "config.h"

#include "ps-rc-front.h"

static const struct {
  const char *id;
  gboolean standard_has;
  const char *standard_scope;
} permissions[] = {
  { "ReadCompanyInfo", TRUE, "Account" },
  { "ReadExtensions", TRUE, "AllExtensions" },
  { "ReadUserInfo", TRUE, "Self" },
  { "EditUserInfo", TRUE, "Self" },
  { "ReadPresenceStatus", TRUE, "Federation" },
  { "EditPresenceStatus", TRUE, "Self" },
  { "ReadUserCredentials", TRUE, "Self" },
  { "EditCompanyInfo", FALSE, NULL },
  { "EditExtensionInfo", FALSE, NULL },
  { "Users", FALSE, NULL },
};

static void
write_role_members (PsRcJson *json, PsRcFront *front, gboolean admin)
{
  const char *id = admin ? "1" : "3";

  ps_rc_json_uri (json, front, "/user-role/%s", id);
  ps_rc_json_text (json, "id", id);
}

static void
write_permission_members (PsRcJson *json, PsRcFront *front, guint index, gboolean admin)
{
  const char *id = permissions[index].id;

  ps_rc_json_open (json, "permission", '{');
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/dictionary/permission/%s", ps_tenant_server_origin (front->server),
                     id);
  ps_rc_json_text (json, "id", id);
  ps_rc_json_text (json, "siteCompatible", "Compatible");
  ps_rc_json_bool (json, "readOnly", FALSE);
  ps_rc_json_bool (json, "assignable", TRUE);
  ps_rc_json_open (json, "permissionsCapabilities", '{');
  ps_rc_json_bool (json, "enabled", TRUE);
  ps_rc_json_bool (json, "manageEnabled", admin);
  ps_rc_json_bool (json, "grantEnabled", admin);
  ps_rc_json_close (json, '}');
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "effectiveRole", '{');
  write_role_members (json, front, admin);
  ps_rc_json_text (json, "domain", "Account");
  ps_rc_json_close (json, '}');
  ps_rc_json_open (json, "scopes", '[');
  if (admin) {
    ps_rc_json_text (json, NULL, "Account");
    ps_rc_json_text (json, NULL, "AllExtensions");
  }
  if (permissions[index].standard_has && (!admin || g_str_equal (permissions[index].standard_scope, "Federation")))
    ps_rc_json_text (json, NULL, permissions[index].standard_scope);
  ps_rc_json_close (json, ']');
}

static gboolean
permitted (PsRcCall *call, guint index, const PsTenantExtension *target)
{
  if (ps_rc_call_is_admin (call))
    return TRUE;
  if (!permissions[index].standard_has)
    return FALSE;
  return target == NULL || target == call->user || !g_str_equal (permissions[index].standard_scope, "Self");
}

/* Only one's own profile can be asked for, but by an administrator. */
static gboolean
may_ask_about (PsRcCall *call, const PsTenantExtension *whose)
{
  if (whose == call->user || ps_rc_call_is_admin (call))
    return TRUE;
  ps_rc_fail (call->reply, 403, NULL, "CMN-404", NULL, NULL, "Operation is not allowed for another extension");
  return FALSE;
}

/* FALSE: refused. @target stays NULL if the request names none. */
static gboolean
read_target (PsRcCall *call, PsTenantExtension **target)
{
  const char *text = ps_tenant_request_query (call->request, "targetExtensionId");
  guint64 id;

  if (text == NULL)
    return TRUE;
  if (g_str_equal (text, "~"))
    *target = call->user;
  else if (g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64, &id, NULL))
    *target = ps_tenant_world_find_extension (call->front->world, (gint64) id);
  if (*target == NULL || (*target)->deleted) {
    ps_rc_fail_not_found (call->reply, "targetExtensionId");
    return FALSE;
  }
  return TRUE;
}

static void
profile_cb (PsRcCall *call)
{
  PsTenantExtension *whose = ps_rc_call_extension (call, 1), *target = NULL;
  gboolean admin = ps_rc_call_is_admin (call);
  PsRcJson json;

  if (whose == NULL || !may_ask_about (call, whose) || !read_target (call, &target))
    return;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_uri (&json, call->front, "/extension/%" G_GINT64_FORMAT "/authz-profile", whose->id);
  ps_rc_json_open (&json, "permissions", '[');
  for (guint i = 0; i < G_N_ELEMENTS (permissions); i++) {
    if (!permitted (call, i, target))
      continue;
    ps_rc_json_open (&json, NULL, '{');
    write_permission_members (&json, call->front, i, admin);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static int
find_permission (const char *id)
{
  for (guint i = 0; id != NULL && i < G_N_ELEMENTS (permissions); i++)
    if (g_str_equal (permissions[i].id, id))
      return (int) i;
  return -1;
}

static void
check_cb (PsRcCall *call)
{
  PsTenantExtension *whose = ps_rc_call_extension (call, 1), *target = NULL;
  int index = find_permission (ps_tenant_request_query (call->request, "permissionId"));
  gboolean successful;
  PsRcJson json;

  if (whose == NULL || !may_ask_about (call, whose))
    return;
  if (index < 0) {
    ps_rc_fail_parameter (call->reply, "permissionId");
    return;
  }
  if (!read_target (call, &target))
    return;
  successful = permitted (call, (guint) index, target);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_uri (&json, call->front, "/extension/%" G_GINT64_FORMAT "/authz-profile/check", whose->id);
  ps_rc_json_bool (&json, "successful", successful);
  if (successful) {
    ps_rc_json_open (&json, "details", '{');
    write_permission_members (&json, call->front, (guint) index, ps_rc_call_is_admin (call));
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
roles_cb (PsRcCall *call)
{
  PsTenantExtension *extension = ps_rc_call_extension (call, 1);
  gboolean admin;
  PsRcJson json;

  if (extension == NULL)
    return;
  admin = extension->admin && ps_tenant_server_fault (call->front->server, "admin-removed") == NULL;
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_uri (&json, call->front, "/extension/%" G_GINT64_FORMAT "/assigned-role", extension->id);
  ps_rc_json_open (&json, "records", '[');
  ps_rc_json_open (&json, NULL, '{');
  write_role_members (&json, call->front, admin);
  ps_rc_json_bool (&json, "autoAssigned", FALSE);
  ps_rc_json_text (&json, "displayName", admin ? "Super Admin" : "Standard");
  ps_rc_json_bool (&json, "siteCompatible", !admin);
  ps_rc_json_bool (&json, "siteRestricted", FALSE);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

typedef struct {
  const char *id;
  const char *reason, *message, *permission; /* (nullable): why not */
  const char *parameter, *value;             /* (nullable) */
} Feature;

static void
write_feature (PsRcJson *json, const Feature *feature)
{
  ps_rc_json_open (json, NULL, '{');
  ps_rc_json_text (json, "id", feature->id);
  ps_rc_json_bool (json, "available", feature->reason == NULL);
  if (feature->parameter != NULL) {
    ps_rc_json_open (json, "params", '[');
    ps_rc_json_open (json, NULL, '{');
    ps_rc_json_text (json, "name", feature->parameter);
    ps_rc_json_text (json, "value", feature->value);
    ps_rc_json_close (json, '}');
    ps_rc_json_close (json, ']');
  }
  if (feature->reason != NULL) {
    ps_rc_json_open (json, "reason", '{');
    ps_rc_json_text (json, "code", feature->reason);
    ps_rc_json_text (json, "message", feature->message);
    ps_rc_json_text (json, "permission", feature->permission);
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, '}');
}

static void
fill_features (PsRcCall *call, const PsTenantExtension *extension, Feature features[3])
{
  gboolean user = g_str_equal (extension->type, "User");
  gboolean allowed = ps_rc_call_is_admin (call) || extension == call->user;

  features[0].id = "ReadPresenceStatus";
  features[1].id = "EditPresenceStatus";
  if (!user) {
    features[0].reason = features[1].reason = "ExtensionTypeLimitation";
    features[0].message = features[1].message = "Feature is not available for this extension type";
  } else if (!allowed) {
    features[1].reason = "InsufficientPermissions";
    features[1].message = "Feature is not available due to insufficient permissions of the current user";
    features[1].permission = "EditPresenceStatus";
  }
  features[2].id = "NewCallHandlingAndForwarding";
  features[2].parameter = "isNewBackendAvailable";
  features[2].value = "true";
  if (!ps_tenant_world_options (call->front->world)->new_call_handling) {
    features[2].reason = "AccountLimitation";
    features[2].message = "Feature is not available for the account";
    features[2].value = "false";
  }
}

static void
features_cb (PsRcCall *call)
{
  PsTenantExtension *extension = ps_rc_call_extension (call, 1);
  g_autoptr (GPtrArray) ids = ps_tenant_request_query_all (call->request, "featureId");
  gboolean available_only = ps_rc_call_flag (call, "availableOnly", FALSE);
  Feature features[3] = { 0 };
  PsRcJson json;

  if (extension == NULL)
    return;
  fill_features (call, extension, features);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_open (&json, "records", '[');
  for (guint i = 0; i < G_N_ELEMENTS (features); i++) {
    gboolean asked = ids->len == 0 || g_ptr_array_find_with_equal_func (ids, features[i].id, g_str_equal, NULL);

    if (asked && !(available_only && features[i].reason != NULL))
      write_feature (&json, &features[i]);
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

#define EXTENSION "/restapi/v1.0/account/{accountId}/extension/{extensionId}"

const PsRcRoute ps_rc_permission_routes[] = {
  { "GET", EXTENSION "/authz-profile", "Medium", NULL, profile_cb },
  { "GET", EXTENSION "/authz-profile/check", "Light", NULL, check_cb },
  { "GET", EXTENSION "/assigned-role", "Light", "ReadAccounts", roles_cb },
  { "GET", EXTENSION "/features", "Medium", "ReadAccounts", features_cb },
  { NULL },
};
