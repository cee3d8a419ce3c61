/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The checks, shared by "check" and the demo.
 */
#pragma once

#include "ps-check.h"
#include "ps-cli.h"

G_BEGIN_DECLS

GPtrArray *ps_cli_check (PsCli *cli, GError **error); /* (transfer full) (element-type PsCheckItem) */
/* Returns: FALSE if one of them failed. */
gboolean ps_cli_print_checks (PsCli *cli, const GPtrArray *items);

G_END_DECLS
