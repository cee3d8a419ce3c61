/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The account itself, its service information, and the list of API versions.
 */
#include "config.h"

#include "ps-rc-front.h"

#define MAIN_NUMBER "+16505550100"

void
ps_rc_write_country (PsRcJson *json, PsRcFront *front, const char *name)
{
  ps_rc_json_open (json, name, '{');
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/dictionary/country/1", ps_tenant_server_origin (front->server));
  ps_rc_json_text (json, "id", "1");
  ps_rc_json_text (json, "name", "United States");
  ps_rc_json_text (json, "isoCode", "US");
  ps_rc_json_text (json, "callingCode", "1");
  ps_rc_json_close (json, '}');
}

static void
write_brand (PsRcJson *json, PsRcFront *front)
{
  ps_rc_json_open (json, "brand", '{');
  ps_rc_json_text (json, "id", "1210");
  ps_rc_json_text (json, "name", "RingCentral");
  ps_rc_write_country (json, front, "homeCountry");
  ps_rc_json_close (json, '}');
}

static void
write_plan (PsRcJson *json, const char *name)
{
  ps_rc_json_open (json, name, '{');
  ps_rc_json_text (json, "id", "8853");
  ps_rc_json_text (json, "name", "RingEX Advanced");
  ps_rc_json_text (json, "edition", "Advanced");
  ps_rc_json_close (json, '}');
}

static void
write_billing_plan (PsRcJson *json)
{
  ps_rc_json_open (json, "billingPlan", '{');
  ps_rc_json_text (json, "id", "8853");
  ps_rc_json_text (json, "name", "Annual - Advanced");
  ps_rc_json_text (json, "durationUnit", "Year");
  ps_rc_json_int (json, "duration", 1);
  ps_rc_json_text (json, "type", "Regular");
  ps_rc_json_int (json, "includedPhoneLines", 1);
  ps_rc_json_close (json, '}');
}

static void
write_limits (PsRcJson *json)
{
  ps_rc_json_open (json, "limits", '{');
  ps_rc_json_int (json, "freeSoftPhoneLinesPerExtension", 1);
  ps_rc_json_int (json, "meetingSize", 200);
  ps_rc_json_int (json, "cloudRecordingStorage", 10);
  ps_rc_json_int (json, "maxMonitoredExtensionsPerUser", 100);
  ps_rc_json_int (json, "maxExtensionNumberLength", 6);
  ps_rc_json_int (json, "siteCodeLength", 0);
  ps_rc_json_int (json, "shortExtensionNumberLength", 6);
  ps_rc_json_close (json, '}');
}

static void
write_setting (PsRcJson *json, const char *name)
{
  ps_rc_json_open (json, name, '{');
  ps_rc_json_text (json, "id", "1033");
  ps_rc_json_text (json, "localeCode", "en-US");
  ps_rc_json_text (json, "name", "English (United States)");
  ps_rc_json_close (json, '}');
}

void
ps_rc_write_region (PsRcJson *json, PsRcFront *front, gboolean with_currency)
{
  ps_rc_json_open (json, "regionalSettings", '{');
  ps_rc_write_country (json, front, "homeCountry");
  ps_rc_json_open (json, "timezone", '{');
  ps_rc_json_printf (json, "uri", "%s/restapi/v1.0/dictionary/timezone/58", ps_tenant_server_origin (front->server));
  ps_rc_json_text (json, "id", "58");
  ps_rc_json_text (json, "name", "US/Pacific");
  ps_rc_json_text (json, "description", "Pacific Time (US & Canada)");
  ps_rc_json_text (json, "bias", "-480");
  ps_rc_json_close (json, '}');
  write_setting (json, "language");
  write_setting (json, "greetingLanguage");
  write_setting (json, "formattingLocale");
  ps_rc_json_text (json, "timeFormat", "12h");
  if (with_currency) {
    ps_rc_json_open (json, "currency", '{');
    ps_rc_json_int (json, "id", 1);
    ps_rc_json_text (json, "code", "USD");
    ps_rc_json_text (json, "name", "US Dollar");
    ps_rc_json_text (json, "symbol", "$");
    ps_rc_json_text (json, "minorSymbol", "¢");
    ps_rc_json_close (json, '}');
  }
  ps_rc_json_close (json, '}');
}

static void
write_service (PsRcJson *json, PsRcFront *front)
{
  ps_rc_json_open (json, "serviceInfo", '{');
  ps_rc_json_uri (json, front, "/service-info");
  write_billing_plan (json);
  write_brand (json, front);
  write_plan (json, "servicePlan");
  write_plan (json, "targetServicePlan");
  ps_rc_write_country (json, front, "contractedCountry");
  ps_rc_json_close (json, '}');
}

static void
write_operator (PsRcJson *json, PsRcFront *front)
{
  PsTenantExtension *admin = ps_tenant_world_admin (front->world);

  ps_rc_json_open (json, "operator", '{');
  ps_rc_json_uri (json, front, "/extension/%" G_GINT64_FORMAT, admin->id);
  ps_rc_json_int (json, "id", admin->id);
  ps_rc_json_text (json, "extensionNumber", admin->extension_number);
  ps_rc_json_close (json, '}');
}

static void
account_cb (PsRcCall *call)
{
  PsRcFront *front = call->front;
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_uri (&json, front, "%s", "");
  ps_rc_json_int (&json, "id", ps_tenant_world_account_id (front->world));
  ps_rc_json_id (&json, "bsid", ps_tenant_world_account_id (front->world));
  ps_rc_json_text (&json, "mainNumber", MAIN_NUMBER);
  write_operator (&json, front);
  write_service (&json, front);
  ps_rc_json_text (&json, "setupWizardState", "Completed");
  ps_rc_json_open (&json, "signupInfo", '{');
  ps_rc_json_bool (&json, "tosAccepted", TRUE);
  ps_rc_json_open (&json, "signupState", '[');
  ps_rc_json_text (&json, NULL, "AccountCreated");
  ps_rc_json_text (&json, NULL, "BillingEntered");
  ps_rc_json_text (&json, NULL, "AccountConfirmed");
  ps_rc_json_close (&json, ']');
  ps_rc_json_bool (&json, "marketingAccepted", FALSE);
  ps_rc_json_text (&json, "creationTime", "2019-03-04T10:00:00.000Z");
  ps_rc_json_close (&json, '}');
  ps_rc_json_text (&json, "status", "Confirmed");
  ps_rc_write_region (&json, front, TRUE);
  ps_rc_json_bool (&json, "federated", FALSE);
  ps_rc_json_int (&json, "outboundCallPrefix", 9);
  write_limits (&json);
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
service_info_cb (PsRcCall *call)
{
  static const char *const features[] = { "CallQualitySurvey", "DND",         "HDVoice",           "Presence",
                                          "RCTeams",           "VoipCalling", "VideoConferencing", "Voicemail" };
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_uri (&json, call->front, "/service-info");
  ps_rc_json_text (&json, "servicePlanName", "RingEX Advanced");
  write_brand (&json, call->front);
  ps_rc_write_country (&json, call->front, "contractedCountry");
  write_plan (&json, "servicePlan");
  write_plan (&json, "targetServicePlan");
  write_billing_plan (&json);
  ps_rc_json_open (&json, "serviceFeatures", '[');
  for (guint i = 0; i < G_N_ELEMENTS (features); i++) {
    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_text (&json, "featureName", features[i]);
    ps_rc_json_bool (&json, "enabled", TRUE);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  write_limits (&json);
  ps_rc_json_open (&json, "package", '{');
  ps_rc_json_text (&json, "version", "1");
  ps_rc_json_text (&json, "id", "1210005");
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

static void
versions_cb (PsRcCall *call)
{
  const char *origin = ps_tenant_server_origin (call->front->server);
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_printf (&json, "uri", "%s/restapi", origin);
  ps_rc_json_open (&json, "apiVersions", '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_printf (&json, "uri", "%s/restapi/v1.0", origin);
  ps_rc_json_text (&json, "versionString", "1.0.60");
  ps_rc_json_text (&json, "releaseDate", "2026-08-13T00:00:00.000Z");
  ps_rc_json_text (&json, "uriString", "v1.0");
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_json_text (&json, "serverVersion", "26.3.10.1");
  ps_rc_json_text (&json, "serverRevision", "demo");
  ps_rc_json_close (&json, '}');
  ps_rc_call_reply (call, 200, &json);
}

const PsRcRoute ps_rc_account_routes[] = {
  { "GET", "/restapi", NULL, NULL, versions_cb },
  { "GET", "/restapi/v1.0/account/{accountId}", "Light", "ReadAccounts", account_cb },
  { "GET", "/restapi/v1.0/account/{accountId}/service-info", "Light", "ReadAccounts", service_info_cb },
  { NULL },
};
