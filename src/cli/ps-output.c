/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-output.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define BAR_WIDTH       24
#define DEFAULT_COLUMNS 80
#define REDRAW_US       (80 * 1000)

struct _PsOutput {
  gboolean json, terminal, colours;

  /* the progress bar, or its lines */
  gboolean bar_is_there;
  int last_tenth; /* -1: none was printed */
  gint64 drawn_us;
  char *last_text; /* (owned) (nullable) */

  guint picture_height; /* lines drawn, to be drawn over */
};

PsOutput *
ps_output_new (void)
{
  PsOutput *output = g_new0 (PsOutput, 1);
  const char *no_colour = g_getenv ("NO_COLOR"), *terminal = g_getenv ("TERM");

  output->terminal = isatty (STDOUT_FILENO) && g_strcmp0 (terminal, "dumb") != 0;
  output->colours = output->terminal && (no_colour == NULL || no_colour[0] == '\0');
  output->last_tenth = -1;
  return output;
}

void
ps_output_free (PsOutput *output)
{
  ps_output_progress_end (output);
  ps_output_picture_end (output);
  fflush (stdout);
  g_free (output->last_text);
  g_free (output);
}

void
ps_output_set_json (PsOutput *output, gboolean json)
{
  output->json = json;
}

gboolean
ps_output_is_json (PsOutput *output)
{
  return output->json;
}

gboolean
ps_output_is_terminal (PsOutput *output)
{
  return output->terminal && !output->json;
}

guint
ps_output_columns (PsOutput *output)
{
  struct winsize size;

  if (ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
    return size.ws_col;
  return DEFAULT_COLUMNS;
}

const char *
ps_output_style (PsOutput *output, PsStyle style)
{
  static const char *const sequences[] = {
    [PS_STYLE_PLAIN] = "\033[0m", [PS_STYLE_BOLD] = "\033[1m",     [PS_STYLE_DIM] = "\033[2m",
    [PS_STYLE_GOOD] = "\033[32m", [PS_STYLE_WARNING] = "\033[33m", [PS_STYLE_BAD] = "\033[31m",
  };

  return output->colours ? sequences[style] : "";
}

/* --- lines --- */

static void
erase_picture (PsOutput *output)
{
  if (output->picture_height > 0)
    printf ("\033[%uA\r\033[J", output->picture_height);
  output->picture_height = 0;
}

static void
print_line (PsOutput *output, PsStyle style, const char *text)
{
  if (output->json)
    return;
  ps_output_progress_end (output);
  erase_picture (output);
  if (style == PS_STYLE_PLAIN)
    printf ("%s\n", text);
  else
    printf ("%s%s%s\n", ps_output_style (output, style), text, ps_output_style (output, PS_STYLE_PLAIN));
  fflush (stdout);
}

void
ps_output_line (PsOutput *output, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_line (output, PS_STYLE_PLAIN, text);
}

void
ps_output_styled (PsOutput *output, PsStyle style, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  print_line (output, style, text);
}

void
ps_output_text (PsOutput *output, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n = g_strv_length (lines);

  while (n > 0 && lines[n - 1][0] == '\0')
    n--;
  for (guint i = 0; i < n; i++) {
    g_autofree char *line = ps_text_clean (lines[i], 0);

    print_line (output, PS_STYLE_PLAIN, line);
  }
}

void
ps_output_note (PsOutput *output, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ps_output_progress_end (output);
  fflush (stdout);
  fprintf (stderr, "presence-syncctl: %s\n", text);
}

void
ps_output_json (PsOutput *output, JsonBuilder *builder)
{
  g_autoptr (JsonNode) root = json_builder_get_root (builder);

  ps_output_json_node (output, root);
}

void
ps_output_json_node (PsOutput *output, JsonNode *root)
{
  g_autofree char *text = NULL;

  g_return_if_fail (output->json);
  text = json_to_string (root, TRUE);
  printf ("%s\n", text);
  fflush (stdout);
}

void
ps_output_error (PsOutput *output, const char *code, const char *message)
{
  ps_output_note (output, "%s", message);
  if (output->json) {
    g_autoptr (JsonBuilder) builder = json_builder_new ();

    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "error");
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "code");
    json_builder_add_string_value (builder, code);
    json_builder_set_member_name (builder, "message");
    json_builder_add_string_value (builder, message);
    json_builder_end_object (builder);
    json_builder_end_object (builder);
    ps_output_json (output, builder);
  }
}

/* --- progress --- */

char *
ps_output_bar (PsOutput *output, double fraction)
{
  guint filled = (guint) (CLAMP (fraction, 0, 1) * BAR_WIDTH + 0.5);
  GString *bar = g_string_new (ps_output_style (output, PS_STYLE_GOOD));

  for (guint i = 0; i < BAR_WIDTH; i++)
    g_string_append (bar, i < filled ? "█" : "░");
  g_string_append_printf (bar, "%s %3d %%", ps_output_style (output, PS_STYLE_PLAIN), (int) (fraction * 100));
  return g_string_free (bar, FALSE);
}

static void
draw_bar (PsOutput *output, double fraction, const char *text)
{
  guint columns = ps_output_columns (output);
  g_autofree char *bar = ps_output_bar (output, fraction);
  g_autofree char *rest = ps_text_clean (text, columns > BAR_WIDTH + 10 ? columns - BAR_WIDTH - 10 : 1);

  printf ("\r\033[K%s %s", bar, rest);
  fflush (stdout);
  output->bar_is_there = TRUE;
}

void
ps_output_progress (PsOutput *output, double fraction, const char *text)
{
  gint64 now_us = g_get_monotonic_time ();
  int tenth;

  if (output->json)
    return;
  fraction = CLAMP (fraction, 0, 1);
  tenth = (int) (fraction * 10);
  if (output->terminal) {
    if (output->bar_is_there && fraction < 1 && now_us - output->drawn_us < REDRAW_US)
      return;
    draw_bar (output, fraction, text);
    output->drawn_us = now_us;
  } else if (tenth != output->last_tenth && g_strcmp0 (text, output->last_text) != 0) {
    g_autofree char *clean = ps_text_clean (text, 0);

    output->last_tenth = tenth;
    g_free (output->last_text);
    output->last_text = g_strdup (text);
    printf ("%3d %% %s\n", (int) (fraction * 100), clean);
    fflush (stdout);
  }
}

void
ps_output_progress_end (PsOutput *output)
{
  if (output->bar_is_there) {
    printf ("\n");
    fflush (stdout);
  }
  output->bar_is_there = FALSE;
  output->last_tenth = -1;
  g_clear_pointer (&output->last_text, g_free);
}

void
ps_output_picture (PsOutput *output, const GPtrArray *lines)
{
  if (!ps_output_is_terminal (output))
    return;
  if (output->picture_height > 0)
    printf ("\033[%uA\r", output->picture_height);
  for (guint i = 0; i < lines->len; i++)
    printf ("%s\033[K\n", (const char *) g_ptr_array_index (lines, i));
  /* A picture that has become shorter leaves nothing of the longer one. */
  printf ("\033[J");
  output->picture_height = lines->len;
  fflush (stdout);
}

void
ps_output_picture_end (PsOutput *output)
{
  output->picture_height = 0;
}

/* --- text on a terminal --- */

static guint
letter_width (gunichar letter)
{
  if (g_unichar_iszerowidth (letter))
    return 0;
  return g_unichar_iswide (letter) ? 2 : 1;
}

guint
ps_text_width (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    width += letter_width (g_utf8_get_char (text));
  return width;
}

char *
ps_text_clean (const char *text, guint width)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gboolean fits = width == 0 || ps_text_width (valid) <= width;
  GString *clean = g_string_new (NULL);
  guint used = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    /* Control characters, and those that turn the direction of what follows. */
    if (g_unichar_iscntrl (letter) || (letter >= 0x202a && letter <= 0x202e) || (letter >= 0x2066 && letter <= 0x2069))
      letter = ' ';
    used += letter_width (letter);
    if (!fits && used > width - 1) {
      g_string_append (clean, "…");
      break;
    }
    g_string_append_unichar (clean, letter);
  }
  return g_string_free (clean, FALSE);
}
