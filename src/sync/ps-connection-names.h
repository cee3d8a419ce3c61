/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names under which connections are kept: settings in the store, and secrets. For src/sync only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SETTING_MS_TENANT       "microsoft.tenant-id"
#define SETTING_MS_CLIENT       "microsoft.client-id"
#define SETTING_MS_LOGIN_URL    "microsoft.login-url"
#define SETTING_MS_GRAPH_URL    "microsoft.graph-url"
#define SETTING_MS_ORGANIZATION "microsoft.organization"
#define SETTING_MS_GRANTED      "microsoft.granted" /* separated by spaces */
#define SETTING_MS_EXPIRES      "microsoft.secret-expires"
#define SETTING_MS_CERTIFICATE  "microsoft.certificate" /* "yes" */
#define SETTING_MS_CONNECTED    "microsoft.connected"   /* ms, UTC */

#define SETTING_RC_SERVER       "ringcentral.server-url"
#define SETTING_RC_CLIENT       "ringcentral.client-id"
#define SETTING_RC_METHOD       "ringcentral.method" /* "jwt" or "browser" */
#define SETTING_RC_ACCOUNT      "ringcentral.account-id"
#define SETTING_RC_ACCOUNT_NAME "ringcentral.account-name"
#define SETTING_RC_OWN          "ringcentral.own-id"
#define SETTING_RC_OWN_NAME     "ringcentral.own-name"
#define SETTING_RC_NEW_CALLS    "ringcentral.new-call-handling" /* "yes" */
#define SETTING_RC_QUEUES       "ringcentral.has-queues"        /* "yes" */
#define SETTING_RC_CONNECTED    "ringcentral.connected"         /* ms, UTC */

#define SECRET_MS_SECRET      "microsoft-client-secret"
#define SECRET_MS_CERTIFICATE "microsoft-certificate"
#define SECRET_RC_SECRET      "ringcentral-client-secret"
#define SECRET_RC_JWT         "ringcentral-jwt"
#define SECRET_RC_REFRESH     "ringcentral-refresh-token"

G_END_DECLS
