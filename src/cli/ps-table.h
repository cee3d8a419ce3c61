/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A table of texts, aligned by what they are wide on a terminal.
 */
#pragma once

#include "ps-output.h"

G_BEGIN_DECLS

typedef struct _PsTable PsTable;

/* @headings: translated, NULL-ended. */
PsTable *ps_table_new (const char *heading, ...) G_GNUC_NULL_TERMINATED;
void ps_table_free (PsTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTable, ps_table_free)
/* One text for each column; NULL is an empty cell. */
void ps_table_add (PsTable *table, PsStyle style, ...);
guint ps_table_n_rows (PsTable *table);
/* Rows only, without headings, if there are none: nothing. On a terminal the widest columns give way to its width. */
void ps_table_print (PsTable *table, PsOutput *output);
/* The lines that ps_table_print() would print. Returns: (transfer full) (element-type utf8). */
GPtrArray *ps_table_lines (PsTable *table, PsOutput *output);

G_END_DECLS
