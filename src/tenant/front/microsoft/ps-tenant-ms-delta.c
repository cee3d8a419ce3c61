/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * /users/delta. The tenant numbers every change of a directory entry; a delta token holds the number up to which its
 * owner knows everything, when it was made, and the properties that the round is about, for they are fixed by its first
 * call.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-query.h"

#include <string.h>

#define TOKEN_LIFE_MS (7 * 24 * 3600 * G_GINT64_CONSTANT (1000))
#define PAGE          200

/* One round: first call to deltaLink. */
typedef struct {
  guint64 since;  /* 0: the initial round, everybody; else changes after this number */
  guint64 until;  /* what the next round begins after: the number of the last change when this round began */
  gint64 made_ms; /* virtual */
  guint at;       /* index of the next person */
  guint page;
  char *select; /* (owned) (nullable) */
  char *ids;    /* (owned) (nullable): the ids of a filter, separated by commas */
} Round;

static void
round_clear (Round *round)
{
  g_free (round->select);
  g_free (round->ids);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Round, round_clear)

static char *
round_to_token (const Round *round, const char *kind)
{
  g_autofree char *payload =
      g_strdup_printf ("%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT "|%" G_GINT64_FORMAT "|%u|%u|%s|%s", round->since,
                       round->until, round->made_ms, round->at, round->page, round->select != NULL ? round->select : "",
                       round->ids != NULL ? round->ids : "");

  return ps_tenant_ms_token_make (kind, payload);
}

static gboolean
round_from_token (Round *round, const char *kind, const char *token)
{
  g_autofree char *payload = ps_tenant_ms_token_open (kind, token);
  g_auto (GStrv) parts = payload != NULL ? g_strsplit (payload, "|", -1) : NULL;

  if (parts == NULL || g_strv_length (parts) != 7)
    return FALSE;
  round->since = g_ascii_strtoull (parts[0], NULL, 10);
  round->until = g_ascii_strtoull (parts[1], NULL, 10);
  round->made_ms = g_ascii_strtoll (parts[2], NULL, 10);
  round->at = (guint) g_ascii_strtoull (parts[3], NULL, 10);
  round->page = MAX (1, (guint) g_ascii_strtoull (parts[4], NULL, 10));
  round->select = *parts[5] != '\0' ? g_strdup (parts[5]) : NULL;
  round->ids = *parts[6] != '\0' ? g_strdup (parts[6]) : NULL;
  return TRUE;
}

/* "$filter only on ≤ 50 object ids": id eq '…' or id eq '…' … */
static gboolean
read_ids (PsTenantMsCall *call, const char *filter, Round *round)
{
  g_auto (GStrv) terms = g_strsplit (filter, " or ", -1);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; terms[i] != NULL; i++) {
    const char *term = g_strstrip (terms[i]);
    g_autofree char *id = NULL;

    if (g_str_has_prefix (term, "id eq '") && g_str_has_suffix (term, "'"))
      id = g_strndup (term + 7, strlen (term) - 8);
    if (id == NULL || !g_uuid_string_is_valid (id) || i >= 50) {
      ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                          "The $filter of a delta query may name up to 50 object ids and nothing else.");
      return FALSE;
    }
    g_string_append_printf (ids, "%s%s", i > 0 ? "," : "", id);
  }
  round->ids = g_ascii_strdown (ids->str, (gssize) ids->len);
  return TRUE;
}

static guint
preferred_page (PsTenantMsCall *call)
{
  const char *prefer = soup_message_headers_get_list (call->request->headers, "Prefer");
  const char *size = prefer != NULL ? strstr (prefer, "odata.maxpagesize=") : NULL;
  guint64 page = size != NULL ? g_ascii_strtoull (size + strlen ("odata.maxpagesize="), NULL, 10) : 0;

  return page >= 1 && page <= 999 ? (guint) page : PAGE;
}

static gboolean
start_round (PsTenantMsCall *call, Round *round)
{
  const char *filter = ps_tenant_request_query (call->request, "$filter");

  round->until = call->ms->last_change;
  round->made_ms = call->request->now_ms;
  round->page = preferred_page (call);
  round->select = g_strdup (ps_tenant_request_query (call->request, "$select"));
  return filter == NULL || read_ids (call, filter, round);
}

/* A token of more than seven days ago is gone; the Location leads to a new beginning. */
static gboolean
continue_round (PsTenantMsCall *call, const char *kind, const char *token, Round *round)
{
  if (!round_from_token (round, kind, token)) {
    ps_tenant_ms_error (call, 400, "BadRequest", "Badly formed token.");
    return FALSE;
  }
  if (call->request->now_ms - round->made_ms > TOKEN_LIFE_MS) {
    g_autofree char *base = ps_tenant_ms_base_url (call->request);
    g_autofree char *location =
        g_strconcat (base, "/v1.0/users/delta", round->select != NULL ? "?$select=" : "", round->select, NULL);

    soup_message_headers_replace (call->reply->headers, "Location", location);
    ps_tenant_ms_error (call, 410, "resyncRequired",
                        "Resync required. Replace any local items with the server's version.");
    return FALSE;
  }
  if (g_str_equal (kind, "delta")) {
    round->since = round->until;
    round->until = call->ms->last_change;
    round->made_ms = call->request->now_ms;
    round->at = 0;
  }
  return TRUE;
}

static gboolean
belongs (PsTenantMsCall *call, const Round *round, PsTenantMicrosoftUser *user)
{
  guint64 *change = g_hash_table_lookup (call->ms->changes, user);

  if (round->ids != NULL) {
    g_autofree char *id = g_ascii_strdown (user->id, -1);

    if (strstr (round->ids, id) == NULL)
      return FALSE;
  }
  /* 0 is nobody's number: the first round is of those who are there, the others of those who changed. */
  return round->since == 0 ? !user->deleted : change != NULL && *change > round->since;
}

static void
write_user (GString *json, const GPtrArray *select, PsTenantMicrosoftUser *user)
{
  if (!user->deleted) {
    ps_tenant_ms_write_members (json, select, user);
    return;
  }
  g_string_append (json, "\"id\":");
  ps_tenant_ms_json_string (json, user->id);
  g_string_append (json, ",\"@removed\":{\"reason\":\"changed\"}");
}

static void
write_link (PsTenantMsCall *call, const Round *round, gboolean last, GString *json)
{
  g_autofree char *base = ps_tenant_ms_base_url (call->request);
  g_autofree char *token = round_to_token (round, last ? "delta" : "deltapage");
  g_autofree char *url = g_strconcat (base, "/v1.0/users/delta?", last ? "$deltatoken=" : "$skiptoken=", token, NULL);

  g_string_append (json, last ? ",\"@odata.deltaLink\":" : ",\"@odata.nextLink\":");
  ps_tenant_ms_json_string (json, url);
}

static void
answer_round (PsTenantMsCall *call, Round *round, const PsTenantMsQuery *query)
{
  const GPtrArray *people = ps_tenant_world_people (call->ms->world);
  g_autoptr (GString) value = g_string_new (NULL);
  GString *json = g_string_new ("{");
  guint on_page = 0, i;

  for (i = round->at; i < people->len; i++) {
    PsTenantMicrosoftUser *user = ((const PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;

    if (user == NULL || !belongs (call, round, user))
      continue;
    if (on_page == round->page)
      break;
    g_string_append (value, on_page++ > 0 ? ",{" : "{");
    write_user (value, query->select, user);
    g_string_append_c (value, '}');
  }
  round->at = i;
  ps_tenant_ms_query_context (call, query, "users", json);
  write_link (call, round, i >= people->len, json);
  g_string_append_printf (json, ",\"value\":[%s]}", value->str);
  ps_tenant_ms_answer (call, 200, json);
}

/* The id is always there, whatever was selected. */
static gboolean
select_properties (PsTenantMsCall *call, const Round *round, PsTenantMsQuery *query)
{
  const PsTenantMsProperty *id = ps_tenant_ms_type_find (&ps_tenant_ms_user_type, "id");

  g_ptr_array_set_size (query->select, 0);
  query->selected = round->select != NULL;
  if (!ps_tenant_ms_query_select (call, &ps_tenant_ms_user_type, round->select, FALSE, query->select))
    return FALSE;
  if (!g_ptr_array_find (query->select, id, NULL))
    g_ptr_array_add (query->select, (gpointer) id);
  return TRUE;
}

static void
users_delta (PsTenantMsCall *call)
{
  g_auto (PsTenantMsQuery) query = { .select = g_ptr_array_new () };
  g_auto (Round) round = { 0 };
  const char *delta = ps_tenant_request_query (call->request, "$deltatoken");
  const char *skip = ps_tenant_request_query (call->request, "$skiptoken");
  static const char *const refused[] = { "$top", "$orderby", "$expand", "$search", "$skip", "$count" };

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    if (ps_tenant_request_query (call->request, refused[i]) != NULL) {
      ps_tenant_ms_error (call, 400, "Request_UnsupportedQuery",
                          "The query parameter '%s' is not supported in a delta query.", refused[i]);
      return;
    }
  if (skip != NULL                                      ? !continue_round (call, "deltapage", skip, &round)
      : delta != NULL && !g_str_equal (delta, "latest") ? !continue_round (call, "delta", delta, &round)
                                                        : !start_round (call, &round))
    return;
  if (g_strcmp0 (delta, "latest") == 0)
    round.at = G_MAXUINT; /* "from now on": an empty round */
  if (select_properties (call, &round, &query))
    answer_round (call, &round, &query);
}

#define ROLES "User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All"

const PsTenantMsRoute ps_tenant_ms_delta_routes[] = {
  { "GET", "/v1.0/users/delta", users_delta, PS_TENANT_MS_DIRECTORY, ROLES, "User.ReadBasic.All " ROLES },
  { NULL },
};
