/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The preview, shared by "users preview" and the demo.
 */
#pragma once

#include "ps-cli.h"
#include "ps-preview.h"

G_BEGIN_DECLS

PsPreview *ps_cli_preview (PsCli *cli, GError **error); /* of everybody; (transfer full) */
void ps_cli_print_preview (PsCli *cli, const PsPreview *preview);

G_END_DECLS
