/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The account, its extensions and queues, and the socket's token.
 */
#include "config.h"

#include "ps-ringcentral-parser.h"

#include "ps-error.h"
#include "ps-http.h"
#include "ps-json.h"

#define DEFAULT_SOCKET_TOKEN_LIFE_S 30

/* --- lists --- */

static char *
next_page (JsonObject *object)
{
  return g_strdup (ps_json_string (ps_json_object (ps_json_object (object, "navigation"), "nextPage"), "uri"));
}

static JsonObject *
parse_list (GBytes *body, JsonArray **records, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);

  *records = ps_json_array (object, "records");
  if (object != NULL && *records == NULL) {
    g_propagate_error (error, ps_json_error ("no records"));
    return NULL;
  }
  return g_steal_pointer (&object);
}

/* Unlike a presence, a user that cannot be read fails the whole list: left out, it would look like a user who has gone.
 */
static PsRingCentralUser *
parse_user (JsonObject *record)
{
  g_autofree char *id = ps_ringcentral_id (record, "id");
  JsonObject *contact = ps_json_object (record, "contact");
  PsRingCentralUser *user;

  if (id == NULL)
    return NULL;
  user = ps_ringcentral_user_new (id);
  user->extension_number = g_strdup (ps_json_string (record, "extensionNumber"));
  user->name = g_strdup (ps_json_string (record, "name"));
  user->email = g_strdup (ps_json_string (contact, "email"));
  user->department = g_strdup (ps_json_string (contact, "department"));
  user->job_title = g_strdup (ps_json_string (contact, "jobTitle"));
  user->phone = g_strdup (ps_json_string (contact, "businessPhone"));
  user->site = g_strdup (ps_json_string (ps_json_object (record, "site"), "name"));
  user->status = ps_extension_status_from_wire (ps_json_string (record, "status"));
  user->admin = ps_json_boolean (ps_json_object (ps_json_object (record, "permissions"), "admin"), "enabled", FALSE);
  return user;
}

gboolean
ps_ringcentral_parse_users_page (GBytes *body, GPtrArray *users, char **next, GError **error)
{
  JsonArray *records;
  g_autoptr (JsonObject) object = parse_list (body, &records, error);

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (records); i++) {
    JsonObject *record = ps_json_element_object (records, i);
    const char *type = ps_json_string (record, "type");
    PsRingCentralUser *user;

    if (type != NULL && g_strcmp0 (type, "User") != 0)
      continue;
    user = type != NULL ? parse_user (record) : NULL;
    if (user == NULL) {
      g_propagate_error (error, ps_json_error ("an extension without type or id"));
      return FALSE;
    }
    g_ptr_array_add (users, user);
  }
  *next = next_page (object);
  return TRUE;
}

gboolean
ps_ringcentral_parse_ids_page (GBytes *body, GPtrArray *ids, char **next, GError **error)
{
  JsonArray *records;
  g_autoptr (JsonObject) object = parse_list (body, &records, error);

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (records); i++) {
    char *id = ps_ringcentral_id (ps_json_element_object (records, i), "id");

    if (id == NULL) {
      g_propagate_error (error, ps_json_error ("a record without id"));
      return FALSE;
    }
    g_ptr_array_add (ids, id);
  }
  *next = next_page (object);
  return TRUE;
}

/* --- account --- */

void
ps_ringcentral_account_free (PsRingCentralAccount *account)
{
  if (account == NULL)
    return;
  g_free (account->account_id);
  g_free (account->account_name);
  g_free (account->own_id);
  g_free (account->own_name);
  g_free (account);
}

gboolean
ps_ringcentral_parse_own_extension (GBytes *body, PsRingCentralAccount *account, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);
  g_autofree char *id = ps_ringcentral_id (object, "id");
  JsonObject *admin = ps_json_object (ps_json_object (object, "permissions"), "admin");

  if (object == NULL)
    return FALSE;
  if (id == NULL) {
    g_propagate_error (error, ps_json_error ("an extension without id"));
    return FALSE;
  }
  g_free (account->own_id);
  g_free (account->own_name);
  g_free (account->account_name);
  account->own_id = g_steal_pointer (&id);
  account->own_name = g_strdup (ps_json_string (object, "name"));
  account->account_name = g_strdup (ps_json_string (ps_json_object (object, "contact"), "company"));
  account->own_admin = ps_json_boolean (admin, "enabled", FALSE);
  return TRUE;
}

gboolean
ps_ringcentral_parse_account (GBytes *body, PsRingCentralAccount *account, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);
  g_autofree char *id = ps_ringcentral_id (object, "id");

  if (object == NULL)
    return FALSE;
  if (id == NULL) {
    g_propagate_error (error, ps_json_error ("an account without id"));
    return FALSE;
  }
  g_free (account->account_id);
  account->account_id = g_steal_pointer (&id);
  return TRUE;
}

static gboolean
feature_is_on (JsonObject *feature, const char *param)
{
  JsonArray *params = ps_json_array (feature, "params");

  for (guint i = 0; i < ps_json_length (params); i++) {
    JsonObject *entry = ps_json_element_object (params, i);

    if (g_strcmp0 (ps_json_string (entry, "name"), param) == 0)
      return g_strcmp0 (ps_json_string (entry, "value"), "true") == 0;
  }
  return FALSE;
}

/* RingCentral's "Call handling migration guide": the feature's own `available` does not tell; its parameter does. */
gboolean
ps_ringcentral_parse_features (GBytes *body, PsRingCentralAccount *account, GError **error)
{
  JsonArray *records;
  g_autoptr (JsonObject) object = parse_list (body, &records, error);

  if (object == NULL)
    return FALSE;
  account->new_call_handling = FALSE;
  for (guint i = 0; i < ps_json_length (records); i++) {
    JsonObject *feature = ps_json_element_object (records, i);

    if (g_strcmp0 (ps_json_string (feature, "id"), "NewCallHandlingAndForwarding") == 0)
      account->new_call_handling = feature_is_on (feature, "isNewBackendAvailable");
  }
  return TRUE;
}

gboolean
ps_ringcentral_parse_has_queues (GBytes *body, PsRingCentralAccount *account, GError **error)
{
  JsonArray *records;
  g_autoptr (JsonObject) object = parse_list (body, &records, error);

  if (object == NULL)
    return FALSE;
  account->has_queues =
      ps_json_length (records) > 0 || ps_json_integer (ps_json_object (object, "paging"), "totalElements", 0) > 0;
  return TRUE;
}

gboolean
ps_ringcentral_parse_permission (GBytes *body, gboolean *allowed, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);

  if (object == NULL)
    return FALSE;
  if (ps_json_boolean (object, "successful", TRUE) != ps_json_boolean (object, "successful", FALSE)) {
    g_propagate_error (error, ps_json_error ("a permission check without an answer"));
    return FALSE;
  }
  *allowed = ps_json_boolean (object, "successful", FALSE);
  return TRUE;
}

/* --- the socket's token --- */

void
ps_socket_token_free (PsSocketToken *token)
{
  if (token == NULL)
    return;
  g_free (token->uri);
  g_free (token->token);
  g_free (token);
}

/* The event gateway has a host of its own, so the host is the service's to choose; but the token must not travel in
 * the clear. */
static gboolean
is_socket_address (const char *text)
{
  g_autoptr (GUri) uri = text != NULL ? ps_http_parse_base_url (text, NULL) : NULL;

  return uri != NULL && g_str_has_prefix (g_uri_get_scheme (uri), "ws");
}

PsSocketToken *
ps_ringcentral_parse_socket_token (GBytes *body, gint64 now_ms, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);
  const char *uri = ps_json_string (object, "uri");
  const char *text = ps_json_string (object, "ws_access_token");
  PsSocketToken *token;

  if (object == NULL)
    return NULL;
  if (text == NULL || *text == '\0' || !is_socket_address (uri)) {
    g_propagate_error (error, ps_json_error ("no token, or no secure address, for the event socket"));
    return NULL;
  }
  token = g_new0 (PsSocketToken, 1);
  token->uri = g_strdup (uri);
  token->token = g_strdup (text);
  token->expires_ms =
      now_ms + CLAMP (ps_json_integer (object, "expires_in", DEFAULT_SOCKET_TOKEN_LIFE_S), 0, 86400) * 1000;
  return token;
}
