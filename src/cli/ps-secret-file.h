/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets come from files or from standard input, never from the command line, where every user of the machine sees
 * them.
 */
#pragma once

#include "ps-error.h"

G_BEGIN_DECLS

/* Reads a secret. @path: "-" is standard input. @option: its name, for errors: "--secret-file". White space at the end
 * is no part of a secret. PS_ERROR_INPUT in words; a path that looks as if it were the secret itself is not repeated in
 * them. Returns: (transfer full): to be freed with ps_cli_secret_free(). */
char *ps_secret_file_read (const char *option, const char *path, GError **error);
/* Overwrites it before it is freed. */
void ps_cli_secret_free (char *secret); /* (nullable) */

/* Eight, four, four, four and twelve hexadecimal digits. */
gboolean ps_looks_like_guid (const char *text);

typedef char PsSecret;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsSecret, ps_cli_secret_free)

G_END_DECLS
