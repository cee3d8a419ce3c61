/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-json-words.h"

void
ps_json_put_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
ps_json_put_int (JsonBuilder *builder, const char *name, gint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

void
ps_json_put_bool (JsonBuilder *builder, const char *name, gboolean value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

void
ps_json_put_strv (JsonBuilder *builder, const char *name, const char *const *values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

void
ps_json_put_time (JsonBuilder *builder, const char *name, gint64 ms)
{
  g_autoptr (GDateTime) time = ms > 0 ? g_date_time_new_from_unix_utc (ms / 1000) : NULL;
  g_autofree char *text = time != NULL ? g_date_time_format (time, "%Y-%m-%dT%H:%M:%S") : NULL;
  g_autofree char *full = text != NULL ? g_strdup_printf ("%s.%03dZ", text, (int) (ms % 1000)) : NULL;

  ps_json_put_string (builder, name, full);
}

void
ps_json_add_person (JsonBuilder *builder, const PsPersonRow *row)
{
  g_autofree char *reason_text = row->reason != PS_REASON_NONE ? ps_reason_to_text (row->reason, row->detail) : NULL;

  json_builder_begin_object (builder);
  ps_json_put_string (builder, "ringcentral_id", row->ringcentral_id);
  ps_json_put_string (builder, "name", row->name);
  ps_json_put_string (builder, "email", row->email);
  ps_json_put_string (builder, "extension", row->extension);
  ps_json_put_string (builder, "microsoft_id", row->microsoft_id);
  ps_json_put_string (builder, "microsoft_upn", row->microsoft_upn);
  ps_json_put_string (builder, "status", ps_person_status_to_word (row->status));
  ps_json_put_string (builder, "reason", row->reason != PS_REASON_NONE ? ps_reason_to_word (row->reason) : NULL);
  ps_json_put_string (builder, "reason_text", reason_text);
  ps_json_put_string (builder, "teams", ps_teams_status_to_word (row->teams));
  ps_json_put_string (builder, "ringcentral", row->ringcentral != NULL ? row->ringcentral : "unknown");
  ps_json_put_time (builder, "last_change", row->last_change_ms);
  json_builder_end_object (builder);
}

void
ps_json_put_counts (JsonBuilder *builder, const GPtrArray *rows)
{
  guint counts[PS_PERSON_PENDING + 1] = { 0 };

  for (guint i = 0; i < rows->len; i++)
    counts[((PsPersonRow *) g_ptr_array_index (rows, i))->status]++;
  json_builder_set_member_name (builder, "users");
  json_builder_begin_object (builder);
  ps_json_put_int (builder, "total", rows->len);
  ps_json_put_int (builder, "synced", counts[PS_PERSON_SYNCED]);
  ps_json_put_int (builder, "failed", counts[PS_PERSON_FAILED]);
  ps_json_put_int (builder, "pending", counts[PS_PERSON_PENDING]);
  ps_json_put_int (builder, "not_selected", counts[PS_PERSON_NOT_SELECTED]);
  json_builder_end_object (builder);
}

char *
ps_time_to_text (gint64 ms)
{
  g_autoptr (GDateTime) time = ms > 0 ? g_date_time_new_from_unix_local (ms / 1000) : NULL;

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : g_strdup ("–");
}
