/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-consent.h"
#include "ps-tenant-ms-grants.h"
#include "ps-tenant-ms-permissions.h"
#include "ps-tenant-ms-redirect.h"
#include "ps-tenant-ms-refusals.h"
#include "ps-tenant-ms-scopes.h"

/* @scopes with what ".default" stands for: the delegated permissions on the registration. */
static GPtrArray *
expand (const PsTenantMsVisit *visit)
{
  GPtrArray *permissions = g_ptr_array_new ();

  for (guint i = 0; visit->scopes[i] != NULL; i++) {
    if (g_str_equal (visit->scopes[i], PS_TENANT_MS_SCOPE_DEFAULT)) {
      g_autoptr (GPtrArray) required = ps_tenant_ms_app_required (visit->app, "Scope");

      g_ptr_array_extend (permissions, required, NULL, NULL);
    } else {
      g_ptr_array_add (permissions, (gpointer) ps_tenant_ms_permission_by_name (visit->scopes[i]));
    }
  }
  return permissions;
}

static gboolean
is_for_registration (const PsTenantMsVisit *visit)
{
  return visit->kind == PS_TENANT_MS_VISIT_ADMIN_CONSENT ||
         (visit->kind == PS_TENANT_MS_VISIT_ADMIN_CONSENT_V2 &&
          ps_tenant_ms_visit_asks (visit, PS_TENANT_MS_SCOPE_DEFAULT));
}

GPtrArray *
ps_tenant_ms_consent_wanted (PsTenantMs *ms, const PsTenantMsVisit *visit)
{
  g_autoptr (GPtrArray) asked = NULL;
  GPtrArray *wanted;

  if (is_for_registration (visit)) {
    g_autoptr (GPtrArray) scopes = ps_tenant_ms_app_required (visit->app, "Scope");

    wanted = ps_tenant_ms_app_required (visit->app, "Role");
    g_ptr_array_extend (wanted, scopes, NULL, NULL);
    return wanted;
  }
  asked = expand (visit);
  if (visit->kind != PS_TENANT_MS_VISIT_SIGN_IN || g_strcmp0 (visit->prompt, "consent") == 0)
    return g_steal_pointer (&asked);
  wanted = g_ptr_array_new ();
  for (guint i = 0; i < asked->len; i++) {
    const PsTenantMsPermission *permission = g_ptr_array_index (asked, i);

    if (!ps_tenant_ms_app_has_scope (visit->app, visit->user_id, permission->name))
      g_ptr_array_add (wanted, (gpointer) permission);
  }
  return wanted;
}

gboolean
ps_tenant_ms_consent_may_for_all (PsTenantMs *ms, const PsTenantMsVisit *visit)
{
  return ps_tenant_ms_may_manage_apps (ms->accounts, visit->user_id) ||
         ps_tenant_ms_may_grant_roles (ms->accounts, visit->user_id);
}

const char *
ps_tenant_ms_consent_missing (PsTenantMs *ms, const PsTenantMsVisit *visit, const GPtrArray *wanted)
{
  if (is_for_registration (visit)) {
    g_autoptr (GPtrArray) roles = ps_tenant_ms_app_required (visit->app, "Role");

    if (roles->len > 0 && !ps_tenant_ms_may_grant_roles (ms->accounts, visit->user_id))
      return "Global Administrator or Privileged Role Administrator";
  }
  if (ps_tenant_ms_consent_may_for_all (ms, visit))
    return NULL;
  for (guint i = 0; i < wanted->len; i++)
    if (visit->kind != PS_TENANT_MS_VISIT_SIGN_IN ||
        ((const PsTenantMsPermission *) g_ptr_array_index (wanted, i))->admin_only)
      return "Global Administrator or Application Administrator";
  return NULL;
}

void
ps_tenant_ms_consent_grant (PsTenantMs *ms, const PsTenantRequest *request, const PsTenantMsVisit *visit,
                            const GPtrArray *wanted, gboolean for_all)
{
  visit->app->service_principal = TRUE;
  if (is_for_registration (visit)) {
    ps_tenant_ms_app_consent (visit->app, request->now_ms, ps_tenant_ms_replicated_at (ms, request->now_ms));
    return;
  }
  for (guint i = 0; i < wanted->len; i++)
    ps_tenant_ms_app_grant_scope (visit->app, for_all ? NULL : visit->user_id,
                                  ((const PsTenantMsPermission *) g_ptr_array_index (wanted, i))->name);
}

/* Returns: (transfer full): what of the scopes that were asked for is consented to. */
static char *
granted_scope (const PsTenantMsVisit *visit)
{
  g_autoptr (GPtrArray) asked = expand (visit);
  g_autoptr (GString) scope = g_string_new (NULL);

  for (guint i = 0; i < asked->len; i++) {
    const char *name = ((const PsTenantMsPermission *) g_ptr_array_index (asked, i))->name;

    if (ps_tenant_ms_app_has_scope (visit->app, visit->user_id, name))
      g_string_append_printf (scope, "%s%s", scope->len > 0 ? " " : "", name);
  }
  return g_string_free (g_steal_pointer (&scope), FALSE);
}

static void
answer_with_code (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, const PsTenantMsVisit *visit)
{
  g_autofree char *scope = granted_scope (visit);
  const PsTenantMsCodeRequest grant = { .app_id = visit->app->app_id,
                                        .user_id = visit->user_id,
                                        .redirect_uri = visit->redirect_uri,
                                        .code_challenge = visit->code_challenge,
                                        .scope = scope,
                                        .nonce = visit->nonce };
  g_autofree char *code = ps_tenant_ms_grants_issue_code (ms->grants, &grant, request->now_ms);

  ps_tenant_ms_redirect_answer (reply, visit->redirect_uri, visit->fragment, "code", code, "state", visit->state,
                                "session_state", visit->id, NULL);
}

void
ps_tenant_ms_consent_succeed (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply,
                              PsTenantMsVisit *visit)
{
  const char *tenant = ps_tenant_world_tenant_id (ms->world);

  if (visit->kind == PS_TENANT_MS_VISIT_SIGN_IN) {
    answer_with_code (ms, request, reply, visit);
  } else if (visit->kind == PS_TENANT_MS_VISIT_ADMIN_CONSENT) {
    ps_tenant_ms_redirect_answer (reply, visit->redirect_uri, FALSE, "admin_consent", "True", "tenant", tenant, "state",
                                  visit->state, NULL);
  } else {
    g_autofree char *scope = g_strjoinv (" ", visit->scopes);

    ps_tenant_ms_redirect_answer (reply, visit->redirect_uri, FALSE, "admin_consent", "True", "tenant", tenant, "state",
                                  visit->state, "scope", scope, NULL);
  }
  ps_tenant_ms_visits_remove (ms->visits, visit);
}

void
ps_tenant_ms_consent_fail (PsTenantMs *ms, const PsTenantRequest *request, PsTenantReply *reply, PsTenantMsVisit *visit,
                           guint number)
{
  const char *tenant = ps_tenant_world_tenant_id (ms->world);
  g_autofree char *text = ps_tenant_ms_refusal_text (request, number, visit->app->app_id, visit->app->display_name);

  if (visit->kind == PS_TENANT_MS_VISIT_SIGN_IN) {
    ps_tenant_ms_redirect_answer (
        reply, visit->redirect_uri, visit->fragment, "error", ps_tenant_ms_refusal_error (number), "error_subcode",
        number == 65004 ? "cancel" : NULL, "error_description", text, "state", visit->state, NULL);
  } else if (visit->kind == PS_TENANT_MS_VISIT_ADMIN_CONSENT) {
    ps_tenant_ms_redirect_answer (reply, visit->redirect_uri, FALSE, "error", "permission_denied", "error_description",
                                  number == 65004 ? "The admin canceled the request" : text, "state", visit->state,
                                  NULL);
  } else {
    /* Here a refusal says admin_consent=True as well: only `error` tells it from a success. */
    ps_tenant_ms_redirect_answer (reply, visit->redirect_uri, FALSE, "error", "consent_required", "error_description",
                                  text, "admin_consent", "True", "tenant", tenant, "state", visit->state, NULL);
  }
  ps_tenant_ms_visits_remove (ms->visits, visit);
}
