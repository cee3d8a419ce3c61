/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-mime.h"

#include <string.h>

void
ps_tenant_ms_mime_clear (PsTenantMsMime *mime)
{
  g_clear_pointer (&mime->subject, g_free);
  g_clear_pointer (&mime->to, g_strfreev);
  g_clear_pointer (&mime->cc, g_strfreev);
  g_clear_pointer (&mime->bcc, g_strfreev);
  g_clear_pointer (&mime->text, g_free);
}

/* Line breaks may stand in base64 (RFC 2045, section 6.8); anything else that is not of its alphabet may not.
 * Returns: (transfer full) (nullable) */
static char *
decode (const char *data, gsize length)
{
  g_autoptr (GString) clean = g_string_sized_new (length);
  g_autofree guchar *raw = NULL;
  gsize size = 0;

  for (gsize i = 0; i < length; i++) {
    if (strchr ("\r\n \t", data[i]) != NULL && data[i] != '\0')
      continue;
    if (!g_ascii_isalnum (data[i]) && strchr ("+/=", data[i]) == NULL)
      return NULL;
    g_string_append_c (clean, data[i]);
  }
  if (clean->len == 0 || clean->len % 4 != 0)
    return NULL;
  raw = g_base64_decode (clean->str, &size);
  return g_utf8_validate ((const char *) raw, (gssize) size, NULL) ? g_strndup ((const char *) raw, size) : NULL;
}

/* "Ana <ana@example.org>, bob@example.org" */
static GStrv
addresses (const char *value)
{
  g_auto (GStrv) entries = g_strsplit (value != NULL ? value : "", ",", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; entries[i] != NULL; i++) {
    const char *open = strchr (entries[i], '<');
    const char *close = open != NULL ? strchr (open, '>') : NULL;
    g_autofree char *address =
        g_strstrip (close != NULL ? g_strndup (open + 1, close - open - 1) : g_strdup (entries[i]));

    if (*address != '\0')
      g_strv_builder_add (builder, address);
  }
  return g_strv_builder_end (builder);
}

/* Returns: (transfer full): name in lower case → value, a folded line being one (RFC 5322, section 2.2.3). */
static GHashTable *
read_headers (const char *text)
{
  GHashTable *headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++) {
    gboolean end = *g_strchomp (lines[i]) == '\0';
    const char *colon;

    if (!end && (*lines[i] == ' ' || *lines[i] == '\t')) {
      g_string_append (line, lines[i]);
      continue;
    }
    colon = strchr (line->str, ':');
    if (colon != NULL)
      g_hash_table_insert (headers, g_ascii_strdown (line->str, colon - line->str), g_strstrip (g_strdup (colon + 1)));
    if (end)
      break;
    g_string_assign (line, lines[i]);
  }
  return headers;
}

gboolean
ps_tenant_ms_mime_read (const char *data, gsize length, PsTenantMsMime *mime)
{
  g_autoptr (GHashTable) headers = NULL;

  mime->text = decode (data, length);
  if (mime->text == NULL)
    return FALSE;
  headers = read_headers (mime->text);
  mime->subject = g_strdup (g_hash_table_lookup (headers, "subject"));
  mime->to = addresses (g_hash_table_lookup (headers, "to"));
  mime->cc = addresses (g_hash_table_lookup (headers, "cc"));
  mime->bcc = addresses (g_hash_table_lookup (headers, "bcc"));
  return TRUE;
}
