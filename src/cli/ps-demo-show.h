/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live part of the demo: people change on both sides, the engine follows, and what happens is shown.
 */
#pragma once

#include "ps-cli.h"
#include "ps-demo-tenant.h"
#include "ps-service.h"

G_BEGIN_DECLS

/* Runs for @seconds. Some things are done on purpose, and what comes of them is waited for: a meeting in Teams, a
 * RingCentral call begun and ended, a call rule changed. PS_ERROR_SERVER if something did not come. */
gboolean ps_demo_show (PsCli *cli, PsDemoTenant *tenant, PsService *service, guint seconds, GError **error);

G_END_DECLS
