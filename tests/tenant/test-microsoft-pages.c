/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-microsoft-pages.h"

#include <string.h>

MsPages *
ms_pages_new (void)
{
  MsPages *pages = g_new0 (MsPages, 1);

  pages->test = ms_test_new ();
  pages->browser = browser_new (ps_tenant_server_origin (pages->test->http->server));
  return pages;
}

void
ms_pages_free (MsPages *pages)
{
  browser_free (pages->browser);
  ms_test_free (pages->test);
  g_free (pages);
}

PsTenantMsAccount *
ms_pages_account (MsPages *pages, const char *key)
{
  for (guint i = 0; i < pages->test->ms->accounts->len; i++) {
    PsTenantMsAccount *account = g_ptr_array_index (pages->test->ms->accounts, i);

    if (g_str_equal (account->key, key))
      return account;
  }
  g_assert_not_reached ();
}

void
ms_pages_forget (MsPages *pages)
{
  browser_free (pages->browser);
  pages->browser = browser_new (ps_tenant_server_origin (pages->test->http->server));
}

void
ms_pages_open (MsPages *pages, const char *tenant, const char *path, const char *query)
{
  g_autofree char *address =
      g_strdup_printf ("%s/%s%s?%s", ps_tenant_server_origin (pages->test->http->server),
                       tenant != NULL ? tenant : ps_tenant_world_tenant_id (pages->test->world), path, query);

  browser_open (pages->browser, address);
}

void
ms_pages_authorize (MsPages *pages, const char *redirect, const char *scope, const char *more)
{
  g_autofree char *query =
      g_strdup_printf ("client_id=%s&response_type=code&redirect_uri=%s&scope=%s&state=a%%26b%%3D%%3C" MS_PKCE "%s",
                       pages->test->ms->public_client->app_id, redirect, scope, more != NULL ? more : "");

  ms_pages_open (pages, "organizations", "/oauth2/v2.0/authorize", query);
}

void
ms_pages_type (MsPages *pages, const char *login, const char *password)
{
  browser_type (pages->browser, "login", login);
  browser_type (pages->browser, "passwd", password);
  browser_press (pages->browser, "Sign in");
}

void
ms_pages_sign_in (MsPages *pages, const char *key)
{
  const PsTenantMsAccount *account = ms_pages_account (pages, key);

  ms_pages_type (pages, account->user->user_principal_name, account->password);
}

void
ms_pages_assert_left (MsPages *pages, const char *redirect, const char *name, const char *value)
{
  g_autofree char *found = NULL;
  g_autofree char *prefix = g_strconcat (redirect, "?", NULL);

  g_assert_nonnull (pages->browser->left_to);
  if (!g_str_has_prefix (pages->browser->left_to, prefix))
    g_assert_cmpstr (pages->browser->left_to, ==, prefix);
  found = browser_left_with (pages->browser, name);
  g_assert_cmpstr (found, ==, value);
}

void
ms_pages_assert_refused (MsPages *pages, const char *redirect, const char *error, guint number)
{
  g_autofree char *prefix = g_strdup_printf ("AADSTS%u: ", number);
  g_autofree char *description = NULL;

  ms_pages_assert_left (pages, redirect, "error", error);
  description = browser_left_with (pages->browser, "error_description");
  g_assert_nonnull (description);
  if (!g_str_has_prefix (description, prefix))
    g_assert_cmpstr (description, ==, prefix);
  g_assert_null (strstr (description, "{}"));
  g_assert_nonnull (strstr (description, "\r\nTrace ID: "));
}

void
ms_pages_assert_page (MsPages *pages, guint status, guint number)
{
  g_autofree char *text = g_strdup_printf ("AADSTS%u: ", number);

  g_assert_null (pages->browser->left_to);
  browser_assert_shows (pages->browser, text);
  g_assert_null (strstr (pages->browser->text, "{}"));
  g_assert_cmpuint (pages->browser->status, ==, status);
}

void
ms_pages_assert_is (MsPages *pages, const char *page_id)
{
  g_autofree char *meta = g_strdup_printf ("<meta name=\"PageID\" content=\"%s\">", page_id);

  g_assert_null (pages->browser->left_to);
  if (strstr (pages->browser->html, meta) == NULL)
    g_assert_cmpstr (pages->browser->text, ==, meta);
}
