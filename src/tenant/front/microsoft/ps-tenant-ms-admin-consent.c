/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GET /{tenant}/adminconsent: an administrator grants everything that a registration requires.
 * GET /{tenant}/v2.0/adminconsent: the same with scope=https://graph.microsoft.com/.default, else the delegated
 * permissions in `scope` for everybody.
 */
#include "config.h"

#include "ps-tenant-ms-login.h"
#include "ps-tenant-ms-pages.h"
#include "ps-tenant-ms-redirect.h"
#include "ps-tenant-ms-refusals.h"
#include "ps-tenant-ms-scopes.h"

static void
admin_consent (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  PsTenantMsApp *app;
  PsTenantMsVisit *visit;

  if (ps_tenant_ms_login_fails (ms, request, reply))
    return;
  app = ps_tenant_ms_login_check (ms, request, reply, request->query);
  if (app == NULL)
    return;
  visit = ps_tenant_ms_visit_new (PS_TENANT_MS_VISIT_ADMIN_CONSENT, app, request->args[0],
                                  ps_tenant_request_query (request, "redirect_uri"));
  visit->state = g_strdup (ps_tenant_request_query (request, "state"));
  ps_tenant_ms_login_begin (ms, request, reply, visit);
}

/* A refusal of the second form: see ps_tenant_ms_consent_fail(). */
static void
refuse (const PsTenantRequest *request, PsTenantReply *reply, guint number, const char *first, const char *second)
{
  g_autofree char *text = ps_tenant_ms_refusal_text (request, number, first, second);

  ps_tenant_ms_redirect_answer (reply, ps_tenant_request_query (request, "redirect_uri"), FALSE, "error",
                                ps_tenant_ms_refusal_error (number), "error_description", text, "admin_consent", "True",
                                "tenant", ps_tenant_world_tenant_id (request->world), "state",
                                ps_tenant_request_query (request, "state"), NULL);
}

static void
admin_consent_v2 (const PsTenantRequest *request, PsTenantReply *reply, gpointer data)
{
  PsTenantMs *ms = data;
  const char *scope = ps_tenant_ms_login_parameter (request->query, "scope");
  g_autofree char *bad = NULL;
  PsTenantMsVisit *visit;
  PsTenantMsApp *app;
  GStrv scopes = NULL;
  guint number = 0;

  if (ps_tenant_ms_login_fails (ms, request, reply))
    return;
  if (g_str_equal (request->args[0], "common")) { /* "Don't use common": nobody knows whose administrator it would be */
    ps_tenant_ms_page_refusal (request, reply, SOUP_STATUS_BAD_REQUEST, 50059, NULL, NULL);
    return;
  }
  app = ps_tenant_ms_login_check (ms, request, reply, request->query);
  if (app == NULL)
    return;
  if (scope != NULL)
    scopes = ps_tenant_ms_scopes_parse (request, scope, &number, &bad);
  if (scopes == NULL) {
    refuse (request, reply, scope == NULL ? 900144 : number,
            scope == NULL      ? "scope"
            : number == 650053 ? app->display_name
                               : bad,
            number == 650053 ? bad : NULL);
    return;
  }
  visit = ps_tenant_ms_visit_new (PS_TENANT_MS_VISIT_ADMIN_CONSENT_V2, app, request->args[0],
                                  ps_tenant_request_query (request, "redirect_uri"));
  g_strfreev (visit->scopes);
  visit->scopes = scopes;
  visit->state = g_strdup (ps_tenant_request_query (request, "state"));
  ps_tenant_ms_login_begin (ms, request, reply, visit);
}

void
ps_tenant_ms_admin_consent_attach (PsTenantMs *ms)
{
  ps_tenant_server_route (ms->server, "GET", "/{tenant}/adminconsent", admin_consent, ms);
  ps_tenant_server_route (ms->server, "GET", "/{tenant}/v2.0/adminconsent", admin_consent_v2, ms);
}
