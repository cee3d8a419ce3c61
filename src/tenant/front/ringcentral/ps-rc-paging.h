/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * page and perPage, and the `paging` and `navigation` of the reply.
 */
#pragma once

#include "ps-rc-front.h"

G_BEGIN_DECLS

typedef struct {
  guint page, per_page;
  guint total;
  guint first, end; /* the rows of this page: first ≤ i < end */
} PsRcPaging;

/* Reads page and perPage. @maximum: more is refused, or with @cut taken for the maximum. Returns: NULL, or the name of
 * the parameter that is wrong. */
const char *ps_rc_paging_read (PsRcPaging *paging, const PsTenantRequest *request, guint by_default, guint maximum,
                               gboolean cut);
void ps_rc_paging_set_total (PsRcPaging *paging, guint total);
void ps_rc_paging_write (const PsRcPaging *paging, PsRcJson *json);
/* @base: the resource's URI without the query; the request's other parameters stay in the links. */
void ps_rc_paging_write_navigation (const PsRcPaging *paging, PsRcJson *json, const PsTenantRequest *request,
                                    const char *base);

G_END_DECLS
