/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * $search: clauses in quotes, joined by AND and OR. It looks at the beginnings of words, as the directory's index does.
 */
#include "config.h"

#include "ps-tenant-ms-filter.h"

#include <string.h>

typedef struct {
  const PsTenantMsProperty *property;
  char *word;
  gboolean or_before; /* joined to the clause before by OR, else by AND, which binds tighter */
} Clause;

struct _PsTenantMsSearch {
  GArray *clauses; /* Clause */
};

static void
clause_clear (gpointer data)
{
  g_free (((Clause *) data)->word);
}

void
ps_tenant_ms_search_free (PsTenantMsSearch *search)
{
  g_array_unref (search->clauses);
  g_free (search);
}

static gboolean
is_searchable (const char *name)
{
  static const char *const names[] = { "displayName", "mail", "userPrincipalName", "givenName", "surname", NULL };

  return g_strv_contains (names, name);
}

/* Reads "name:word" at @at. Returns: (nullable): where it ends. */
static const char *
read_clause (const PsTenantMsType *type, const char *at, Clause *clause)
{
  const char *colon, *end;
  g_autofree char *name = NULL;

  if (*at != '"')
    return NULL;
  end = strchr (at + 1, '"');
  colon = strchr (at + 1, ':');
  if (end == NULL || colon == NULL || colon > end || colon + 1 == end)
    return NULL;
  name = g_strndup (at + 1, colon - at - 1);
  clause->property = is_searchable (name) ? ps_tenant_ms_type_find (type, name) : NULL;
  if (clause->property == NULL)
    return NULL;
  clause->word = g_strndup (colon + 1, end - colon - 1);
  return end + 1;
}

PsTenantMsSearch *
ps_tenant_ms_search_parse (const PsTenantMsType *type, const char *text, char **problem)
{
  PsTenantMsSearch *search = g_new0 (PsTenantMsSearch, 1);
  const char *at = text;
  Clause clause = { NULL };

  search->clauses = g_array_new (FALSE, FALSE, sizeof (Clause));
  g_array_set_clear_func (search->clauses, clause_clear);
  *problem = NULL;
  while (TRUE) {
    at = read_clause (type, at, &clause);
    if (at == NULL)
      break;
    g_array_append_val (search->clauses, clause);
    if (*at == '\0')
      return search;
    clause.or_before = g_str_has_prefix (at, " OR ");
    if (!clause.or_before && !g_str_has_prefix (at, " AND "))
      break;
    at += clause.or_before ? 4 : 5;
  }
  *problem = g_strdup_printf ("Syntax error: character is not valid in the search clause '%s'.", text);
  ps_tenant_ms_search_free (search);
  return NULL;
}

static gboolean
clause_fits (const Clause *clause, gconstpointer object)
{
  const char *const *strings;
  char buffer[256];
  const char *text = ps_tenant_ms_property_text (clause->property, object, buffer, &strings);
  gsize length = strlen (clause->word);

  for (const char *at = text; at != NULL && *at != '\0'; at++)
    if ((at == text || !g_ascii_isalnum (at[-1])) && g_ascii_strncasecmp (at, clause->word, length) == 0)
      return TRUE;
  return FALSE;
}

gboolean
ps_tenant_ms_search_fits (const PsTenantMsSearch *search, gconstpointer object)
{
  gboolean fits = TRUE;

  for (guint i = 0; i < search->clauses->len; i++) {
    const Clause *clause = &g_array_index (search->clauses, Clause, i);

    if (i > 0 && clause->or_before) {
      if (fits)
        return TRUE;
      fits = TRUE;
    }
    fits = fits && clause_fits (clause, object);
  }
  return fits;
}
