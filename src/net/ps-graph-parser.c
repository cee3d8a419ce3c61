/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-graph-parser.h"

#include "ps-json.h"

void
ps_graph_links_clear (PsGraphLinks *links)
{
  g_clear_pointer (&links->next, g_free);
  g_clear_pointer (&links->delta, g_free);
}

/* The entries of a collection, and its links. Returns: (transfer full): the whole reply, to which @entries belongs. */
static JsonObject *
parse_collection (GBytes *body, JsonArray **entries, PsGraphLinks *links, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);

  if (object == NULL)
    return NULL;
  *entries = ps_json_array (object, "value");
  if (*entries == NULL) {
    g_propagate_error (error, ps_json_error ("a collection without value"));
    return NULL;
  }
  if (links != NULL) {
    ps_graph_links_clear (links);
    links->next = g_strdup (ps_json_string (object, "@odata.nextLink"));
    links->delta = g_strdup (ps_json_string (object, "@odata.deltaLink"));
  }
  return g_steal_pointer (&object);
}

static const char *
id_of (JsonObject *entry)
{
  const char *id = ps_json_string (entry, "id");

  return id != NULL && id[0] != '\0' ? id : NULL;
}

/* Sets nothing where the service gives nothing: "" and null mean the same. */
static void
set_text (char **field, JsonObject *entry, const char *name)
{
  const char *text = ps_json_string (entry, name);

  g_free (*field);
  *field = text != NULL && text[0] != '\0' ? g_strdup (text) : NULL;
}

/* Addresses have a kind in front: "SMTP:" is the primary one, "smtp:" an alias; others ("SIP:", "X500:") are no e-mail.
 */
static GStrv
parse_aliases (JsonArray *addresses)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean any = FALSE;

  for (guint i = 0; i < ps_json_length (addresses); i++) {
    const char *address = ps_json_element_string (addresses, i);

    if (address == NULL || g_ascii_strncasecmp (address, "smtp:", 5) != 0 || address[5] == '\0')
      continue;
    g_strv_builder_add (builder, address + 5);
    any = TRUE;
  }
  return any ? g_strv_builder_end (builder) : NULL;
}

static GStrv
parse_strings (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean any = FALSE;

  for (guint i = 0; i < ps_json_length (array); i++) {
    if (ps_json_element_string (array, i) == NULL)
      continue;
    g_strv_builder_add (builder, ps_json_element_string (array, i));
    any = TRUE;
  }
  return any ? g_strv_builder_end (builder) : NULL;
}

static PsMicrosoftUser *
parse_user (JsonObject *entry)
{
  const char *id = id_of (entry);
  PsMicrosoftUser *user;

  if (id == NULL)
    return NULL;
  user = ps_microsoft_user_new (id);
  set_text (&user->display_name, entry, "displayName");
  set_text (&user->user_principal_name, entry, "userPrincipalName");
  set_text (&user->mail, entry, "mail");
  set_text (&user->department, entry, "department");
  set_text (&user->job_title, entry, "jobTitle");
  set_text (&user->mobile_phone, entry, "mobilePhone");
  user->aliases = parse_aliases (ps_json_array (entry, "proxyAddresses"));
  user->business_phones = parse_strings (ps_json_array (entry, "businessPhones"));
  user->enabled = ps_json_boolean (entry, "accountEnabled", TRUE);
  user->guest = g_strcmp0 (ps_json_string (entry, "userType"), "Guest") == 0;
  user->deleted = json_object_has_member (entry, "@removed");
  return user;
}

gboolean
ps_graph_parse_users (GBytes *body, GPtrArray *users, PsGraphLinks *links, GError **error)
{
  JsonArray *entries = NULL;
  g_autoptr (JsonObject) object = parse_collection (body, &entries, links, error);

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (entries); i++) {
    PsMicrosoftUser *user = parse_user (ps_json_element_object (entries, i));

    /* A user left out in silence would look as if there were no Microsoft account. */
    if (user == NULL) {
      g_propagate_error (error, ps_json_error ("a user without id"));
      return FALSE;
    }
    g_ptr_array_add (users, user);
  }
  return TRUE;
}

gboolean
ps_graph_parse_ids (GBytes *body, GPtrArray *ids, PsGraphLinks *links, GError **error)
{
  JsonArray *entries = NULL;
  g_autoptr (JsonObject) object = parse_collection (body, &entries, links, error);

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (entries); i++) {
    const char *id = id_of (ps_json_element_object (entries, i));

    if (id == NULL) {
      g_propagate_error (error, ps_json_error ("a directory object without id"));
      return FALSE;
    }
    g_ptr_array_add (ids, g_strdup (id));
  }
  return TRUE;
}

gboolean
ps_graph_parse_presences (GBytes *body, GArray *presences, GStringChunk *strings, GError **error)
{
  JsonArray *entries = NULL;
  g_autoptr (JsonObject) object = parse_collection (body, &entries, NULL, error);

  if (object == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (entries); i++) {
    JsonObject *entry = ps_json_element_object (entries, i);
    gboolean out_of_office = ps_json_boolean (ps_json_object (entry, "outOfOfficeSettings"), "isOutOfOffice", FALSE);
    PsTeamsPresence presence;

    if (id_of (entry) == NULL)
      continue;
    presence.id = g_string_chunk_insert (strings, id_of (entry));
    presence.reading =
        ps_teams_reading_from_words (ps_json_string (entry, "availability"), ps_json_string (entry, "activity"),
                                     out_of_office, ps_json_string (entry, "sequenceNumber"));
    g_array_append_val (presences, presence);
  }
  return TRUE;
}

char *
ps_graph_parse_organization (GBytes *body, GError **error)
{
  JsonArray *entries = NULL;
  g_autoptr (JsonObject) object = parse_collection (body, &entries, NULL, error);
  const char *name;

  if (object == NULL)
    return NULL;
  name = ps_json_string (ps_json_element_object (entries, 0), "displayName");
  if (name == NULL)
    g_propagate_error (error, ps_json_error ("an organisation without a name"));
  return g_strdup (name);
}
