/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Members of the objects that --json prints.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-store.h"

G_BEGIN_DECLS

void ps_json_put_string (JsonBuilder *builder, const char *name, const char *value); /* (nullable): null */
void ps_json_put_int (JsonBuilder *builder, const char *name, gint64 value);
void ps_json_put_bool (JsonBuilder *builder, const char *name, gboolean value);
void ps_json_put_strv (JsonBuilder *builder, const char *name, const char *const *values);
/* UTC, ISO 8601; 0 is null. */
void ps_json_put_time (JsonBuilder *builder, const char *name, gint64 ms);
/* An element: one person with status, reason and both presences. */
void ps_json_add_person (JsonBuilder *builder, const PsPersonRow *row);
/* {"total", "synced", "failed", "pending", "not_selected"} as the member "users". */
void ps_json_put_counts (JsonBuilder *builder, const GPtrArray *rows);

/* Local time for people: "2026-11-23 10:04:05". Returns: (transfer full): "–" for 0. */
char *ps_time_to_text (gint64 ms);

G_END_DECLS
