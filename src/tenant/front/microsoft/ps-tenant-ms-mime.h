/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The other form of sendMail: a whole MIME message in base64, sent as text/plain.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *subject;     /* (owned) (nullable) */
  GStrv to, cc, bcc; /* (owned): bare addresses */
  char *text;        /* (owned): the message as it came, decoded */
} PsTenantMsMime;

/* Returns: FALSE if @data is not base64 of text; @mime is to be cleared in both cases. */
gboolean ps_tenant_ms_mime_read (const char *data, gsize length, PsTenantMsMime *mime);
void ps_tenant_ms_mime_clear (PsTenantMsMime *mime);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PsTenantMsMime, ps_tenant_ms_mime_clear)

G_END_DECLS
