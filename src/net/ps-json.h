/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON from a server, through a few checked getters. json-glib's own warn or abort on a hole in a reply, and its parser
 * recurses for each level and aborts on half a surrogate pair; so a body is looked over before it gets there.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PS_JSON_MAX_DEPTH 64

/* Parses a reply's body. Broken, truncated, not UTF-8, with NUL bytes or nested more than PS_JSON_MAX_DEPTH levels
 * deep: PS_ERROR_BAD_REPLY. A half surrogate pair or a NUL written as an escape becomes U+FFFD. Returns: (transfer
 * full). */
JsonNode *ps_json_parse (GBytes *body, GError **error);
/* The same, for a body that must be an object, or an array. Returns: (transfer full): json_object_unref(),
 * json_array_unref(). */
JsonObject *ps_json_parse_object (GBytes *body, GError **error);
JsonArray *ps_json_parse_array (GBytes *body, GError **error);

/* All: @object may be NULL, so that getters nest. Absent, null and of another type are one case.
 * Returns: (transfer none) (nullable). */
const char *ps_json_string (JsonObject *object, const char *name);
JsonObject *ps_json_object (JsonObject *object, const char *name);
JsonArray *ps_json_array (JsonObject *object, const char *name);
/* An id that is a number here and text there, as decimal text. Returns: (transfer full) (nullable); never "". */
char *ps_json_id (JsonObject *object, const char *name);
gboolean ps_json_boolean (JsonObject *object, const char *name, gboolean fallback);
/* Also takes whole numbers that are written as text ("3599", seen in OAuth replies) or as 3599.0. */
gint64 ps_json_integer (JsonObject *object, const char *name, gint64 fallback);

/* Elements of an array; @array may be NULL (length 0). Returns: (transfer none) (nullable): NULL for another type. */
guint ps_json_length (JsonArray *array);
JsonObject *ps_json_element_object (JsonArray *array, guint index);
const char *ps_json_element_string (JsonArray *array, guint index);

/* The built tree as compact text. Takes nothing. Returns: (transfer full). */
GBytes *ps_json_builder_to_bytes (JsonBuilder *builder);

/* The error of a reply that is JSON but not what the contract says; @what is for the log, not for translation. */
GError *ps_json_error (const char *what);

G_END_DECLS
