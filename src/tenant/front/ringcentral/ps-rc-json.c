/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-json.h"

static void
append_quoted (GString *text, const char *value)
{
  const char *start = value, *at;

  g_string_append_c (text, '"');
  for (at = value; *at != '\0'; at++) {
    guchar byte = (guchar) *at;

    if (byte >= 0x20 && byte != '"' && byte != '\\')
      continue;
    g_string_append_len (text, start, at - start);
    if (byte == '"' || byte == '\\') {
      g_string_append_c (text, '\\');
      g_string_append_c (text, (char) byte);
    } else {
      g_string_append_printf (text, "\\u%04x", byte);
    }
    start = at + 1;
  }
  g_string_append_len (text, start, at - start);
  g_string_append_c (text, '"');
}

static void
begin_value (PsRcJson *json, const char *name)
{
  if (json->comma)
    g_string_append_c (json->text, ',');
  json->comma = TRUE;
  if (name != NULL) {
    append_quoted (json->text, name);
    g_string_append_c (json->text, ':');
  }
}

void
ps_rc_json_init (PsRcJson *json)
{
  json->text = g_string_sized_new (512);
  json->comma = FALSE;
}

void
ps_rc_json_clear (PsRcJson *json)
{
  if (json->text != NULL)
    g_string_free (g_steal_pointer (&json->text), TRUE);
}

GBytes *
ps_rc_json_end (PsRcJson *json)
{
  return g_string_free_to_bytes (g_steal_pointer (&json->text));
}

void
ps_rc_json_open (PsRcJson *json, const char *name, char bracket)
{
  begin_value (json, name);
  g_string_append_c (json->text, bracket);
  json->comma = FALSE;
}

void
ps_rc_json_close (PsRcJson *json, char bracket)
{
  g_string_append_c (json->text, bracket);
  json->comma = TRUE;
}

void
ps_rc_json_text (PsRcJson *json, const char *name, const char *value)
{
  if (value == NULL)
    return;
  begin_value (json, name);
  append_quoted (json->text, value);
}

void
ps_rc_json_bool (PsRcJson *json, const char *name, gboolean value)
{
  begin_value (json, name);
  g_string_append (json->text, value ? "true" : "false");
}

void
ps_rc_json_int (PsRcJson *json, const char *name, gint64 value)
{
  begin_value (json, name);
  g_string_append_printf (json->text, "%" G_GINT64_FORMAT, value);
}

void
ps_rc_json_id (PsRcJson *json, const char *name, gint64 value)
{
  begin_value (json, name);
  g_string_append_printf (json->text, "\"%" G_GINT64_FORMAT "\"", value);
}

void
ps_rc_json_time (PsRcJson *json, const char *name, gint64 ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (ms / 1000);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  begin_value (json, name);
  g_string_append_printf (json->text, "\"%s.%03dZ\"", text, (int) (ms % 1000));
}

void
ps_rc_json_raw (PsRcJson *json, const char *name, const char *value, gssize length)
{
  begin_value (json, name);
  g_string_append_len (json->text, value, length);
}

void
ps_rc_json_printf (PsRcJson *json, const char *name, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ps_rc_json_text (json, name, text);
}
