/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the program prints. On a terminal aligned, coloured (unless NO_COLOR is set) and with a progress bar, otherwise
 * plain lines; with --json one object on standard output and nothing else. Texts that come from the services are freed
 * of control characters: a display name must not drive somebody's terminal.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  PS_STYLE_PLAIN,
  PS_STYLE_BOLD,
  PS_STYLE_DIM,
  PS_STYLE_GOOD,
  PS_STYLE_WARNING,
  PS_STYLE_BAD,
} PsStyle;

typedef struct _PsOutput PsOutput;

PsOutput *ps_output_new (void);
void ps_output_free (PsOutput *output);
/* --json: lines, tables and progress are dropped. */
void ps_output_set_json (PsOutput *output, gboolean json);
gboolean ps_output_is_json (PsOutput *output);
/* Is standard output a terminal, and what is printed there meant for people? */
gboolean ps_output_is_terminal (PsOutput *output);
guint ps_output_columns (PsOutput *output); /* of the terminal */

/* One line on standard output; ends the progress bar's line if there is one. */
void ps_output_line (PsOutput *output, const char *format, ...) G_GNUC_PRINTF (2, 3);
void ps_output_styled (PsOutput *output, PsStyle style, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* Several lines, control characters but the line's end taken out. */
void ps_output_text (PsOutput *output, const char *text);
/* One line on standard error, after the program's name. */
void ps_output_note (PsOutput *output, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The object, with a newline. Only with --json. */
void ps_output_json (PsOutput *output, JsonBuilder *builder);
void ps_output_json_node (PsOutput *output, JsonNode *root);
/* {"error": {"code", "message"}} with --json; the message on standard error in any case. */
void ps_output_error (PsOutput *output, const char *code, const char *message);

/* Where things stand: redrawn in place on a terminal, else a line for each tenth. @text: for people, behind the bar. */
void ps_output_progress (PsOutput *output, double fraction, const char *text);
void ps_output_progress_end (PsOutput *output);

/* The bar alone. Returns: (transfer full). */
char *ps_output_bar (PsOutput *output, double fraction);

/* Draws @lines (utf8) over what the last call drew; on a terminal only. Lines printed in between go above it. */
void ps_output_picture (PsOutput *output, const GPtrArray *lines);
/* What comes next goes below the picture. */
void ps_output_picture_end (PsOutput *output);

/* The escape sequence that begins or (PS_STYLE_PLAIN) ends a style; "" if there are no colours. */
const char *ps_output_style (PsOutput *output, PsStyle style);

/* Columns that @text takes on a terminal: wide letters two, combining marks none. */
guint ps_text_width (const char *text);
/* Without control characters, and at most @width columns wide (0: any), "…" at the end of what was cut. (transfer full)
 */
char *ps_text_clean (const char *text, guint width);

G_END_DECLS
