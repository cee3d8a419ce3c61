/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-paging.h"

#define PAGE_MAX 1000

const char *
ps_rc_paging_read (PsRcPaging *paging, const PsTenantRequest *request, guint by_default, guint maximum, gboolean cut)
{
  const char *page = ps_tenant_request_query (request, "page");
  const char *per_page = ps_tenant_request_query (request, "perPage");
  guint64 number;

  paging->page = 1;
  paging->per_page = by_default;
  if (page != NULL) {
    if (!g_ascii_string_to_unsigned (page, 10, 1, PAGE_MAX, &number, NULL))
      return "page";
    paging->page = (guint) number;
  }
  if (per_page != NULL) {
    if (!g_ascii_string_to_unsigned (per_page, 10, 1, cut ? G_MAXINT32 : maximum, &number, NULL))
      return "perPage";
    paging->per_page = (guint) MIN (number, maximum);
  }
  return NULL;
}

void
ps_rc_paging_set_total (PsRcPaging *paging, guint total)
{
  paging->total = total;
  paging->first = (guint) MIN ((guint64) (paging->page - 1) * paging->per_page, total);
  paging->end = (guint) MIN ((guint64) paging->first + paging->per_page, total);
}

static guint
page_count (const PsRcPaging *paging)
{
  return (paging->total + paging->per_page - 1) / paging->per_page;
}

void
ps_rc_paging_write (const PsRcPaging *paging, PsRcJson *json)
{
  ps_rc_json_open (json, "paging", '{');
  ps_rc_json_int (json, "page", paging->page);
  ps_rc_json_int (json, "perPage", paging->per_page);
  if (paging->end > paging->first) {
    ps_rc_json_int (json, "pageStart", paging->first);
    ps_rc_json_int (json, "pageEnd", paging->end - 1);
  }
  ps_rc_json_int (json, "totalPages", page_count (paging));
  ps_rc_json_int (json, "totalElements", paging->total);
  ps_rc_json_close (json, '}');
}

static char *
other_parameters (const PsTenantRequest *request)
{
  GString *text = g_string_new (NULL);
  g_auto (GStrv) parts = g_strsplit (request->query_string != NULL ? request->query_string : "", "&", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    if (parts[i][0] != '\0' && !g_str_has_prefix (parts[i], "page=") && !g_str_has_prefix (parts[i], "perPage="))
      g_string_append_printf (text, "%s&", parts[i]);
  }
  return g_string_free (text, FALSE);
}

static void
write_link (const PsRcPaging *paging, PsRcJson *json, const char *name, const char *base, const char *rest, guint page)
{
  ps_rc_json_open (json, name, '{');
  ps_rc_json_printf (json, "uri", "%s?%spage=%u&perPage=%u", base, rest, page, paging->per_page);
  ps_rc_json_close (json, '}');
}

void
ps_rc_paging_write_navigation (const PsRcPaging *paging, PsRcJson *json, const PsTenantRequest *request,
                               const char *base)
{
  g_autofree char *rest = other_parameters (request);
  guint pages = MAX (1, page_count (paging));

  ps_rc_json_open (json, "navigation", '{');
  write_link (paging, json, "firstPage", base, rest, 1);
  if (paging->page < pages)
    write_link (paging, json, "nextPage", base, rest, paging->page + 1);
  if (paging->page > 1)
    write_link (paging, json, "previousPage", base, rest, MIN (paging->page - 1, pages));
  write_link (paging, json, "lastPage", base, rest, pages);
  ps_rc_json_close (json, '}');
}
