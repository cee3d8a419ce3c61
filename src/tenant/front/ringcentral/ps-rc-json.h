/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small JSON writer into one GString. A page of 1,000 presences and 50 events a second are written by it; a tree of
 * nodes for each would cost ten times as much.
 *
 * Every function takes the member's name, or NULL inside an array. A NULL text leaves the member out: RingCentral omits
 * what does not apply and sends no nulls.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  GString *text;
  gboolean comma; /* the next member or element needs one before it */
} PsRcJson;

void ps_rc_json_init (PsRcJson *json);
void ps_rc_json_clear (PsRcJson *json);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsRcJson, ps_rc_json_clear)
/* Returns: (transfer full): what was written; @json is empty afterwards. */
GBytes *ps_rc_json_end (PsRcJson *json);

void ps_rc_json_open (PsRcJson *json, const char *name, char bracket); /* '{' or '[' */
void ps_rc_json_close (PsRcJson *json, char bracket);                  /* '}' or ']' */
void ps_rc_json_text (PsRcJson *json, const char *name, const char *value);
void ps_rc_json_bool (PsRcJson *json, const char *name, gboolean value);
void ps_rc_json_int (PsRcJson *json, const char *name, gint64 value);
void ps_rc_json_id (PsRcJson *json, const char *name, gint64 value); /* a number as text: many ids are strings */
void ps_rc_json_time (PsRcJson *json, const char *name, gint64 ms);  /* "2026-02-18T09:37:24.597Z" */
void ps_rc_json_raw (PsRcJson *json, const char *name, const char *value, gssize length); /* already JSON */
void ps_rc_json_printf (PsRcJson *json, const char *name, const char *format, ...) G_GNUC_PRINTF (3, 4);

G_END_DECLS
