/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-connection.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-connection-names.h"

#define WARN_DAYS 28

static const char *const required_permissions[] = { "User.Read.All", "Presence.ReadWrite.All", NULL };
static const char *const optional_permissions[] = { "GroupMember.Read.All", "Mail.Send", NULL };

/* --- words --- */

static const struct {
  const char *word, *text;
} states[] = {
  [PS_CONNECTION_NOT_CONNECTED] = { "not-connected", N_ ("Not connected") },
  [PS_CONNECTION_CONNECTED] = { "connected", N_ ("Connected") },
  [PS_CONNECTION_EXPIRING] = { "connected-expiring", N_ ("Connected, expiring") },
  [PS_CONNECTION_NOT_AUTHORIZED] = { "not-authorized", N_ ("Not authorized") },
  [PS_CONNECTION_SECRET_EXPIRED] = { "client-secret-expired", N_ ("Client secret expired") },
  [PS_CONNECTION_INTERRUPTED] = { "interrupted", N_ ("Interrupted") },
};

const char *
ps_connection_state_to_word (PsConnectionState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), "");
  return states[state].word;
}

const char *
ps_connection_state_to_text (PsConnectionState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (states), "");
  return _ (states[state].text);
}

gboolean
ps_cloud_urls (const char *cloud, const char **login_url, const char **graph_url)
{
  static const struct {
    const char *cloud, *login_url, *graph_url;
  } clouds[] = {
    { PS_GRAPH_CLOUD_GLOBAL, "https://login.microsoftonline.com", "https://graph.microsoft.com" },
    { PS_GRAPH_CLOUD_GCC_HIGH, "https://login.microsoftonline.us", "https://graph.microsoft.us" },
    { PS_GRAPH_CLOUD_DOD, "https://login.microsoftonline.us", "https://dod-graph.microsoft.us" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (clouds); i++)
    if (g_strcmp0 (cloud, clouds[i].cloud) == 0) {
      *login_url = clouds[i].login_url;
      *graph_url = clouds[i].graph_url;
      return TRUE;
    }
  return FALSE;
}

/* --- reading what is remembered --- */

static char *
get (GHashTable *settings, const char *name)
{
  const char *value = g_hash_table_lookup (settings, name);

  return value != NULL && *value != '\0' ? g_strdup (value) : NULL;
}

static gboolean
is_yes (GHashTable *settings, const char *name)
{
  return g_strcmp0 (g_hash_table_lookup (settings, name), "yes") == 0;
}

static gint64
get_ms (GHashTable *settings, const char *name)
{
  const char *value = g_hash_table_lookup (settings, name);
  gint64 ms = 0;

  return value != NULL && g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &ms, NULL) ? ms : 0;
}

void
ps_microsoft_connection_free (PsMicrosoftConnection *connection)
{
  g_free (connection->tenant_id);
  g_free (connection->client_id);
  g_free (connection->login_url);
  g_free (connection->graph_url);
  g_free (connection->organization);
  g_strfreev (connection->granted);
  g_free (connection->secret_expires);
  g_free (connection);
}

PsMicrosoftConnection *
ps_microsoft_connection_load (GHashTable *settings)
{
  g_autoptr (PsMicrosoftConnection) connection = g_new0 (PsMicrosoftConnection, 1);
  g_autofree char *granted = get (settings, SETTING_MS_GRANTED);

  connection->tenant_id = get (settings, SETTING_MS_TENANT);
  connection->client_id = get (settings, SETTING_MS_CLIENT);
  connection->login_url = get (settings, SETTING_MS_LOGIN_URL);
  connection->graph_url = get (settings, SETTING_MS_GRAPH_URL);
  connection->organization = get (settings, SETTING_MS_ORGANIZATION);
  connection->granted = g_strsplit (granted != NULL ? granted : "", " ", 0);
  connection->secret_expires = get (settings, SETTING_MS_EXPIRES);
  connection->certificate = is_yes (settings, SETTING_MS_CERTIFICATE);
  connection->connected_ms = get_ms (settings, SETTING_MS_CONNECTED);
  if (connection->tenant_id == NULL || connection->client_id == NULL || connection->login_url == NULL ||
      connection->graph_url == NULL || connection->connected_ms == 0)
    return NULL;
  return g_steal_pointer (&connection);
}

static int
days_until (const char *date)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = date != NULL ? g_strconcat (date, "T00:00:00Z", NULL) : NULL;
  g_autoptr (GDateTime) end = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;
  GTimeSpan left;

  if (end == NULL)
    return G_MAXINT;
  left = g_date_time_difference (end, now);
  return (int) (left >= 0 ? left / G_TIME_SPAN_DAY : -1);
}

PsConnectionState
ps_microsoft_connection_state (const PsMicrosoftConnection *connection, int *days_left)
{
  int days = connection != NULL ? days_until (connection->secret_expires) : G_MAXINT;
  g_auto (GStrv) missing = connection != NULL ? ps_microsoft_missing_permissions (connection, FALSE) : NULL;

  if (days_left != NULL)
    *days_left = days;
  if (connection == NULL)
    return PS_CONNECTION_NOT_CONNECTED;
  if (days < 0)
    return PS_CONNECTION_SECRET_EXPIRED;
  if (missing[0] != NULL)
    return PS_CONNECTION_NOT_AUTHORIZED;
  return days <= WARN_DAYS ? PS_CONNECTION_EXPIRING : PS_CONNECTION_CONNECTED;
}

GStrv
ps_microsoft_missing_permissions (const PsMicrosoftConnection *connection, gboolean optional)
{
  const char *const *wanted[] = { required_permissions, optional ? optional_permissions : NULL };
  g_autoptr (GStrvBuilder) missing = g_strv_builder_new ();

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    for (guint j = 0; wanted[i] != NULL && wanted[i][j] != NULL; j++)
      if (!g_strv_contains ((const char *const *) connection->granted, wanted[i][j]))
        g_strv_builder_add (missing, wanted[i][j]);
  return g_strv_builder_end (missing);
}

void
ps_ringcentral_connection_free (PsRingCentralConnection *connection)
{
  g_free (connection->server_url);
  g_free (connection->client_id);
  g_free (connection->account_id);
  g_free (connection->account_name);
  g_free (connection->own_id);
  g_free (connection->own_name);
  g_free (connection);
}

PsRingCentralConnection *
ps_ringcentral_connection_load (GHashTable *settings)
{
  g_autoptr (PsRingCentralConnection) connection = g_new0 (PsRingCentralConnection, 1);

  connection->server_url = get (settings, SETTING_RC_SERVER);
  connection->client_id = get (settings, SETTING_RC_CLIENT);
  connection->browser = g_strcmp0 (g_hash_table_lookup (settings, SETTING_RC_METHOD), "browser") == 0;
  connection->account_id = get (settings, SETTING_RC_ACCOUNT);
  connection->account_name = get (settings, SETTING_RC_ACCOUNT_NAME);
  connection->own_id = get (settings, SETTING_RC_OWN);
  connection->own_name = get (settings, SETTING_RC_OWN_NAME);
  connection->new_call_handling = is_yes (settings, SETTING_RC_NEW_CALLS);
  connection->has_queues = is_yes (settings, SETTING_RC_QUEUES);
  connection->connected_ms = get_ms (settings, SETTING_RC_CONNECTED);
  if (connection->server_url == NULL || connection->client_id == NULL || connection->connected_ms == 0)
    return NULL;
  return g_steal_pointer (&connection);
}
