/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-visit.h"

#include <string.h>

#define COOKIE       "ESTSDEMO"
#define MOST_VISITS  200
#define MOST_PERSONS 200

struct _PsTenantMsVisits {
  GQueue visits;        /* PsTenantMsVisit, owned, oldest first */
  GHashTable *browsers; /* (owned) id → id of the user who is signed in, "" if nobody is */
  GQueue browser_ids;   /* the keys of @browsers, oldest first */
  char *key;            /* (owned) makes the canaries */
};

PsTenantMsVisit *
ps_tenant_ms_visit_new (PsTenantMsVisitKind kind, PsTenantMsApp *app, const char *tenant, const char *redirect_uri)
{
  PsTenantMsVisit *visit = g_new0 (PsTenantMsVisit, 1);

  visit->id = g_uuid_string_random ();
  visit->kind = kind;
  visit->app = app;
  visit->tenant = g_strdup (tenant);
  visit->redirect_uri = g_strdup (redirect_uri);
  visit->scopes = g_new0 (char *, 1);
  return visit;
}

void
ps_tenant_ms_visit_free (PsTenantMsVisit *visit)
{
  g_free (visit->id);
  g_free (visit->browser);
  g_free (visit->tenant);
  g_free (visit->redirect_uri);
  g_free (visit->state);
  g_strfreev (visit->scopes);
  g_free (visit->nonce);
  g_free (visit->code_challenge);
  g_free (visit->login_hint);
  g_free (visit->prompt);
  g_free (visit->user_id);
  g_free (visit);
}

gboolean
ps_tenant_ms_visit_asks (const PsTenantMsVisit *visit, const char *name)
{
  return g_strv_contains ((const char *const *) visit->scopes, name);
}

PsTenantMsVisits *
ps_tenant_ms_visits_new (void)
{
  PsTenantMsVisits *visits = g_new0 (PsTenantMsVisits, 1);

  g_queue_init (&visits->visits);
  g_queue_init (&visits->browser_ids);
  visits->browsers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  visits->key = g_uuid_string_random ();
  return visits;
}

void
ps_tenant_ms_visits_free (PsTenantMsVisits *visits)
{
  g_queue_clear_full (&visits->visits, (GDestroyNotify) ps_tenant_ms_visit_free);
  g_queue_clear (&visits->browser_ids);
  g_hash_table_unref (visits->browsers);
  g_free (visits->key);
  g_free (visits);
}

/* Returns: (transfer full) (nullable): the browser's id, if we know it. */
static char *
known_browser (PsTenantMsVisits *visits, const PsTenantRequest *request)
{
  const char *header = soup_message_headers_get_list (request->headers, "Cookie");
  g_auto (GStrv) cookies = g_strsplit (header != NULL ? header : "", ";", 64);

  for (guint i = 0; cookies[i] != NULL; i++) {
    const char *cookie = g_strstrip (cookies[i]);

    if (g_str_has_prefix (cookie, COOKIE "=") && g_hash_table_contains (visits->browsers, cookie + strlen (COOKIE "=")))
      return g_strdup (cookie + strlen (COOKIE "="));
  }
  return NULL;
}

static char *
new_browser (PsTenantMsVisits *visits, PsTenantReply *reply)
{
  char *id = g_uuid_string_random ();
  g_autofree char *cookie = g_strdup_printf (COOKIE "=%s; Path=/; HttpOnly; SameSite=Lax", id);

  if (g_queue_get_length (&visits->browser_ids) >= MOST_PERSONS)
    g_hash_table_remove (visits->browsers, g_queue_pop_head (&visits->browser_ids));
  g_hash_table_insert (visits->browsers, id, g_strdup (""));
  g_queue_push_tail (&visits->browser_ids, id);
  soup_message_headers_append (reply->headers, "Set-Cookie", cookie);
  return g_strdup (id);
}

PsTenantMsVisit *
ps_tenant_ms_visits_add (PsTenantMsVisits *visits, PsTenantMsVisit *visit, const PsTenantRequest *request,
                         PsTenantReply *reply)
{
  visit->browser = known_browser (visits, request);
  if (visit->browser == NULL)
    visit->browser = new_browser (visits, reply);
  if (g_queue_get_length (&visits->visits) >= MOST_VISITS)
    ps_tenant_ms_visit_free (g_queue_pop_head (&visits->visits));
  g_queue_push_tail (&visits->visits, visit);
  return visit;
}

PsTenantMsVisit *
ps_tenant_ms_visits_find (PsTenantMsVisits *visits, const PsTenantRequest *request, const char *id, const char *canary)
{
  g_autofree char *browser = known_browser (visits, request);

  if (browser == NULL || id == NULL || canary == NULL)
    return NULL;
  for (GList *l = visits->visits.head; l != NULL; l = l->next) {
    PsTenantMsVisit *visit = l->data;
    g_autofree char *expected = NULL;

    if (!g_str_equal (visit->id, id) || !g_str_equal (visit->browser, browser))
      continue;
    expected = ps_tenant_ms_visits_canary (visits, visit);
    return g_str_equal (expected, canary) ? visit : NULL;
  }
  return NULL;
}

void
ps_tenant_ms_visits_remove (PsTenantMsVisits *visits, PsTenantMsVisit *visit)
{
  g_queue_remove (&visits->visits, visit);
  ps_tenant_ms_visit_free (visit);
}

char *
ps_tenant_ms_visits_canary (PsTenantMsVisits *visits, const PsTenantMsVisit *visit)
{
  g_autofree char *text = g_strconcat (visit->browser, " ", visit->id, NULL);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *) visits->key, strlen (visits->key), text, -1);
}

const char *
ps_tenant_ms_visits_user (PsTenantMsVisits *visits, const PsTenantMsVisit *visit)
{
  const char *user_id = g_hash_table_lookup (visits->browsers, visit->browser);

  return user_id != NULL && *user_id != '\0' ? user_id : NULL;
}

void
ps_tenant_ms_visits_sign_in (PsTenantMsVisits *visits, PsTenantMsVisit *visit, const char *user_id)
{
  char *key;

  g_free (visit->user_id);
  visit->user_id = g_strdup (user_id);
  /* Replacing the key would free the one that the queue has. */
  if (g_hash_table_lookup_extended (visits->browsers, visit->browser, (gpointer *) &key, NULL))
    g_hash_table_insert (visits->browsers, g_strdup (key), g_strdup (user_id));
}
