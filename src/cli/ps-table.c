/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-table.h"

#include <string.h>

#define GAP         2
#define NARROWEST   8 /* a column is not cut below this */
#define MAX_COLUMNS 12

typedef struct {
  PsStyle style;
  char *cells[MAX_COLUMNS]; /* (owned) (nullable) */
} Row;

struct _PsTable {
  guint n_columns;
  GPtrArray *rows; /* (owned) Row; the headings are the first */
};

static void
row_free (Row *row)
{
  for (guint i = 0; i < MAX_COLUMNS; i++)
    g_free (row->cells[i]);
  g_free (row);
}

PsTable *
ps_table_new (const char *heading, ...)
{
  PsTable *table = g_new0 (PsTable, 1);
  Row *row = g_new0 (Row, 1);
  va_list headings;

  table->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  row->style = PS_STYLE_BOLD;
  va_start (headings, heading);
  for (; heading != NULL; heading = va_arg (headings, const char *)) {
    g_assert (table->n_columns < MAX_COLUMNS);
    row->cells[table->n_columns++] = g_strdup (heading);
  }
  va_end (headings);
  g_ptr_array_add (table->rows, row);
  return table;
}

void
ps_table_free (PsTable *table)
{
  g_ptr_array_unref (table->rows);
  g_free (table);
}

void
ps_table_add (PsTable *table, PsStyle style, ...)
{
  Row *row = g_new0 (Row, 1);
  va_list cells;

  row->style = style;
  va_start (cells, style);
  for (guint i = 0; i < table->n_columns; i++) {
    const char *text = va_arg (cells, const char *);

    row->cells[i] = text != NULL ? ps_text_clean (text, 0) : NULL;
  }
  va_end (cells);
  g_ptr_array_add (table->rows, row);
}

guint
ps_table_n_rows (PsTable *table)
{
  return table->rows->len - 1;
}

static void
measure (PsTable *table, guint *widths)
{
  memset (widths, 0, MAX_COLUMNS * sizeof *widths);
  for (guint r = 0; r < table->rows->len; r++) {
    Row *row = g_ptr_array_index (table->rows, r);

    for (guint i = 0; i < table->n_columns; i++)
      widths[i] = MAX (widths[i], row->cells[i] != NULL ? ps_text_width (row->cells[i]) : 0);
  }
}

/* Takes from the widest column until everything fits. */
static void
shrink (PsTable *table, guint *widths, guint columns)
{
  guint total = GAP * (table->n_columns - 1);

  for (guint i = 0; i < table->n_columns; i++)
    total += widths[i];
  while (total > columns) {
    guint widest = 0;

    for (guint i = 1; i < table->n_columns; i++) {
      if (widths[i] > widths[widest])
        widest = i;
    }
    if (widths[widest] <= NARROWEST)
      return;
    widths[widest]--;
    total--;
  }
}

static char *
row_to_line (PsTable *table, const Row *row, const guint *widths, PsOutput *output)
{
  GString *line = g_string_new (NULL);
  const char *style = row->style != PS_STYLE_PLAIN ? ps_output_style (output, row->style) : "";
  guint last = 0;

  for (guint i = 0; i < table->n_columns; i++) {
    if (row->cells[i] != NULL && row->cells[i][0] != '\0')
      last = i;
  }
  g_string_append (line, style);
  for (guint i = 0; i <= last; i++) {
    g_autofree char *cell = ps_text_clean (row->cells[i] != NULL ? row->cells[i] : "", widths[i]);

    g_string_append (line, cell);
    for (guint pad = ps_text_width (cell); i < last && pad < widths[i] + GAP; pad++)
      g_string_append_c (line, ' ');
  }
  if (style[0] != '\0')
    g_string_append (line, ps_output_style (output, PS_STYLE_PLAIN));
  return g_string_free (line, FALSE);
}

GPtrArray *
ps_table_lines (PsTable *table, PsOutput *output)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  guint widths[MAX_COLUMNS];

  measure (table, widths);
  if (ps_output_is_terminal (output))
    shrink (table, widths, ps_output_columns (output));
  for (guint i = 0; table->rows->len > 1 && i < table->rows->len; i++)
    g_ptr_array_add (lines, row_to_line (table, g_ptr_array_index (table->rows, i), widths, output));
  return lines;
}

void
ps_table_print (PsTable *table, PsOutput *output)
{
  g_autoptr (GPtrArray) lines = ps_table_lines (table, output);

  for (guint i = 0; i < lines->len; i++)
    ps_output_line (output, "%s", (const char *) g_ptr_array_index (lines, i));
}
