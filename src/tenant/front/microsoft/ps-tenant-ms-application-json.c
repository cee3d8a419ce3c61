/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-applications.h"
#include "ps-tenant-ms-objects.h"

/* What a registration made by a program, in which nothing was set by hand, has. */
static const char template[] =
    "{\"id\":null,\"deletedDateTime\":null,\"appId\":null,\"applicationTemplateId\":null,"
    "\"disabledByMicrosoftStatus\":null,\"createdByAppId\":null,\"createdDateTime\":null,\"displayName\":null,"
    "\"description\":null,\"groupMembershipClaims\":null,\"identifierUris\":[],\"isDeviceOnlyAuthSupported\":null,"
    "\"isDisabled\":null,\"isFallbackPublicClient\":null,\"nativeAuthenticationApisEnabled\":null,\"notes\":null,"
    "\"publisherDomain\":null,\"serviceManagementReference\":null,\"signInAudience\":null,\"tags\":[],"
    "\"tokenEncryptionKeyId\":null,\"uniqueName\":null,\"samlMetadataUrl\":null,\"defaultRedirectUri\":null,"
    "\"certification\":null,\"optionalClaims\":null,\"requestSignatureVerification\":null,"
    "\"servicePrincipalLockConfiguration\":{\"isEnabled\":true,\"allProperties\":true,"
    "\"credentialsWithUsageVerify\":true,\"credentialsWithUsageSign\":true,\"tokenEncryptionKeyId\":true},"
    "\"oauth2RequirePostResponse\":false,\"addIns\":[],\"appRoles\":[],"
    "\"api\":{\"acceptMappedClaims\":null,\"knownClientApplications\":[],\"requestedAccessTokenVersion\":null,"
    "\"oauth2PermissionScopes\":[],\"preAuthorizedApplications\":[]},"
    "\"info\":{\"termsOfServiceUrl\":null,\"supportUrl\":null,\"privacyStatementUrl\":null,\"marketingUrl\":null,"
    "\"logoUrl\":null},"
    "\"keyCredentials\":[],\"parentalControlSettings\":{\"countriesBlockedForMinors\":[],\"legalAgeGroupRule\":"
    "\"Allow\"},"
    "\"passwordCredentials\":[],\"publicClient\":{\"redirectUris\":[]},\"requiredResourceAccess\":[],"
    "\"verifiedPublisher\":{\"displayName\":null,\"verifiedPublisherId\":null,\"addedDateTime\":null},"
    "\"web\":{\"homePageUrl\":null,\"logoutUrl\":null,\"redirectUris\":[],\"implicitGrantSettings\":"
    "{\"enableAccessTokenIssuance\":false,\"enableIdTokenIssuance\":false},\"redirectUriSettings\":[]},"
    "\"spa\":{\"redirectUris\":[]}}";

JsonObject *
ps_tenant_ms_secret_object (const PsTenantMsSecret *secret)
{
  JsonObject *object = ps_tenant_ms_object_new ("{\"customKeyIdentifier\":null}");

  ps_tenant_ms_object_set (object, "displayName", secret->display_name);
  ps_tenant_ms_object_set_time (object, "endDateTime", secret->end_ms);
  ps_tenant_ms_object_set (object, "hint", secret->hint);
  ps_tenant_ms_object_set (object, "keyId", secret->key_id);
  ps_tenant_ms_object_set (object, "secretText", NULL);
  ps_tenant_ms_object_set_time (object, "startDateTime", secret->start_ms);
  return object;
}

static JsonObject *
certificate_object (const PsTenantMsCertificate *certificate)
{
  JsonObject *object = ps_tenant_ms_object_new ("{\"customKeyIdentifier\":null,\"displayName\":null,\"key\":null,"
                                                "\"type\":\"AsymmetricX509Cert\",\"usage\":\"Verify\","
                                                "\"startDateTime\":null}");

  ps_tenant_ms_object_set (object, "customKeyIdentifier", certificate->x5t);
  ps_tenant_ms_object_set_time (object, "endDateTime", certificate->end_ms);
  ps_tenant_ms_object_set (object, "keyId", certificate->key_id);
  return object;
}

static void
set_redirects (JsonObject *object, const char *platform, const GPtrArray *redirects)
{
  ps_tenant_ms_object_set_strings (json_object_get_object_member (object, platform), "redirectUris", redirects);
}

static void
set_credentials (JsonObject *object, const PsTenantMsApp *app)
{
  JsonArray *secrets = json_array_new (), *keys = json_array_new ();

  for (guint i = 0; i < app->secrets->len; i++)
    json_array_add_object_element (secrets, ps_tenant_ms_secret_object (g_ptr_array_index (app->secrets, i)));
  for (guint i = 0; i < app->certificates->len; i++)
    json_array_add_object_element (keys, certificate_object (g_ptr_array_index (app->certificates, i)));
  json_object_set_array_member (object, "passwordCredentials", secrets);
  json_object_set_array_member (object, "keyCredentials", keys);
}

JsonObject *
ps_tenant_ms_application_object (PsTenantMs *ms, const PsTenantMsApp *app)
{
  JsonObject *object = ps_tenant_ms_object_new (template);

  ps_tenant_ms_object_set (object, "id", app->object_id);
  ps_tenant_ms_object_set (object, "appId", app->app_id);
  ps_tenant_ms_object_set_time (object, "createdDateTime", app->created_ms);
  ps_tenant_ms_object_set (object, "displayName", app->display_name);
  ps_tenant_ms_object_set (object, "description", app->description);
  ps_tenant_ms_object_set (object, "notes", app->notes);
  ps_tenant_ms_object_set (object, "publisherDomain", ps_tenant_world_domain (ms->world));
  ps_tenant_ms_object_set (object, "signInAudience", app->audience);
  if (app->public_client)
    json_object_set_boolean_member (object, "isFallbackPublicClient", TRUE);
  ps_tenant_ms_object_set_strings (object, "tags", app->tags);
  json_object_set_member (object, "requiredResourceAccess", json_node_copy (app->required_access));
  set_credentials (object, app);
  set_redirects (object, "publicClient", app->redirects);
  set_redirects (object, "web", app->web_redirects);
  set_redirects (object, "spa", app->spa_redirects);
  return object;
}
