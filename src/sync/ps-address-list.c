/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads lists of people that administrators have: a CSV export with a column of addresses somewhere, or one address a
 * line.
 */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-people.h"

#define MAX_LIST (16 * 1024 * 1024)

typedef struct {
  const char *at, *end;
  guint line;
  char separator;
} Reader;

/* One field, quoted or not (RFC 4180, section 2). *@last: nothing follows it in its record. */
static char *
read_field (Reader *reader, gboolean *last, GError **error)
{
  g_autoptr (GString) field = g_string_new (NULL);
  guint began = reader->line;
  gboolean quoted = reader->at < reader->end && *reader->at == '"';

  if (quoted)
    reader->at++;
  for (; reader->at < reader->end; reader->at++) {
    char c = *reader->at;

    if (quoted && c == '"' && reader->at + 1 < reader->end && reader->at[1] == '"')
      reader->at++;
    else if (quoted && c == '"') {
      quoted = FALSE;
      continue;
    } else if (!quoted && (c == reader->separator || c == '\n' || c == '\r'))
      break;
    reader->line += c == '\n';
    g_string_append_c (field, c);
  }
  if (quoted) {
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("Line %u of the list opens a quotation mark that is never closed. Correct the line "
                                "and try again; nothing was changed."),
                             began));
    return NULL;
  }
  *last = reader->at >= reader->end || *reader->at != reader->separator;
  if (!*last)
    reader->at++;
  return g_strdup (g_strstrip (field->str));
}

static void
end_record (Reader *reader)
{
  if (reader->at < reader->end && *reader->at == '\r')
    reader->at++;
  if (reader->at < reader->end && *reader->at == '\n') {
    reader->at++;
    reader->line++;
  }
}

static GPtrArray *
read_record (Reader *reader, GError **error)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (g_free);
  gboolean last = FALSE;

  while (!last) {
    char *field = read_field (reader, &last, error);

    if (field == NULL)
      return NULL;
    g_ptr_array_add (fields, field);
  }
  end_record (reader);
  return g_steal_pointer (&fields);
}

static gboolean
is_address (const char *text)
{
  const char *at = strchr (text, '@');

  return at != NULL && at != text && at[1] != '\0' && strchr (at + 1, '@') == NULL &&
         strpbrk (text, " \t,;<>\"") == NULL;
}

/* The separator that the first line has most of. */
static char
guess_separator (const char *text, const char *end)
{
  guint counts[3] = { 0 };
  static const char separators[] = { ',', ';', '\t' };
  guint best = 0;

  for (; text < end && *text != '\n' && *text != '\r'; text++)
    for (guint i = 0; i < G_N_ELEMENTS (separators); i++)
      counts[i] += *text == separators[i];
  for (guint i = 1; i < G_N_ELEMENTS (separators); i++)
    if (counts[i] > counts[best])
      best = i;
  return separators[best];
}

/* The addresses' column: the first one of the first record that has an address in it. Without any it is a header; then
 * the next record decides. */
static int
address_column (const GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    if (is_address (fields->pdata[i]))
      return (int) i;
  return -1;
}

static gboolean
is_blank (const GPtrArray *fields)
{
  for (guint i = 0; i < fields->len; i++)
    if (*(const char *) fields->pdata[i] != '\0')
      return FALSE;
  return TRUE;
}

static gboolean
check_text (const char *text, gsize length, GError **error)
{
  const char *problem = NULL;

  if (length > MAX_LIST)
    problem = _ ("The list is larger than 16 MiB. Split it.");
  else if (!g_utf8_validate_len (text, length, NULL))
    problem =
        _ ("The list is not a text in UTF-8. Export it as CSV in UTF-8 (a spreadsheet file itself cannot be read).");
  if (problem != NULL)
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, "%s", problem));
  return problem == NULL;
}

static gboolean
add_address (GPtrArray *addresses, GHashTable *seen, const GPtrArray *fields, int column, guint line, GError **error)
{
  const char *address = (guint) column < fields->len ? fields->pdata[column] : "";

  if (!is_address (address)) {
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("Line %u of the list has no e-mail address where the others have one (“%.60s”). "
                                "Correct the line and try again; nothing was changed."),
                             line, address));
    return FALSE;
  }
  if (g_hash_table_add (seen, g_utf8_casefold (address, -1)))
    g_ptr_array_add (addresses, g_strdup (address));
  return TRUE;
}

GPtrArray *
ps_parse_address_list (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Reader reader = { text, text + length, 1, ',' };
  guint records = 0;
  int column = -1;

  if (!check_text (text, length, error))
    return NULL;
  if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    reader.at += 3;
  reader.separator = guess_separator (reader.at, reader.end);
  while (reader.at < reader.end) {
    guint line = reader.line;
    g_autoptr (GPtrArray) fields = read_record (&reader, error);

    if (fields == NULL)
      return NULL;
    if (is_blank (fields))
      continue;
    if (column < 0)
      column = address_column (fields);
    if (column < 0 && records++ == 0)
      continue;
    if (!add_address (addresses, seen, fields, MAX (column, 0), line, error))
      return NULL;
  }
  if (addresses->len == 0) {
    g_propagate_error (
        error, ps_error_new (PS_ERROR_INPUT,
                             _ ("The list has no e-mail addresses. It should be a CSV file with a column of them, "
                                "or one address on each line.")));
    return NULL;
  }
  return g_steal_pointer (&addresses);
}
