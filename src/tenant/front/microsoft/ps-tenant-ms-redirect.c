/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-redirect.h"

#include <string.h>

#define LONGEST_REDIRECT 256

/* If @uri begins with the loopback @host, with any port or none: what follows; else NULL. */
static const char *
after_loopback (const char *uri, const char *host)
{
  const char *rest;

  if (!g_str_has_prefix (uri, host))
    return NULL;
  rest = uri + strlen (host);
  if (*rest == ':') {
    gsize digits = strspn (rest + 1, "0123456789");
    guint64 port;

    if (digits == 0 || digits > 5)
      return NULL;
    port = g_ascii_strtoull (rest + 1, NULL, 10);
    if (port == 0 || port > 65535)
      return NULL;
    rest += 1 + digits;
  }
  return *rest == '\0' || *rest == '/' || *rest == '?' ? rest : NULL;
}

static gboolean
same_path (const char *a, const char *b)
{
  return g_str_equal (*a != '\0' ? a : "/", *b != '\0' ? b : "/");
}

static gboolean
fits (const char *registered, const char *uri)
{
  static const char *const hosts[] = { "http://localhost", "http://127.0.0.1" };

  if (g_str_equal (registered, uri))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++) {
    const char *a = after_loopback (registered, hosts[i]), *b = after_loopback (uri, hosts[i]);

    if (a != NULL && b != NULL)
      return same_path (a, b);
  }
  return FALSE;
}

static gboolean
one_fits (const GPtrArray *registered, const char *uri)
{
  for (guint i = 0; i < registered->len; i++)
    if (fits (g_ptr_array_index (registered, i), uri))
      return TRUE;
  return FALSE;
}

gboolean
ps_tenant_ms_redirect_is_native (const PsTenantRequest *request, const char *uri)
{
  g_autofree char *base = ps_tenant_ms_base_url (request);
  g_autofree char *own = g_strconcat (base, PS_TENANT_MS_NATIVE_PATH, NULL);

  return g_str_equal (uri, PS_TENANT_MS_NATIVE_REDIRECT) || g_str_equal (uri, own);
}

PsTenantMsRedirectKind
ps_tenant_ms_redirect_kind (const PsTenantMsApp *app, const PsTenantRequest *request, const char *uri)
{
  /* This tenant is the login host of itself: its own page stands for the real one. */
  if (ps_tenant_ms_redirect_is_native (request, uri))
    uri = PS_TENANT_MS_NATIVE_REDIRECT;
  if (one_fits (app->redirects, uri))
    return PS_TENANT_MS_REDIRECT_PUBLIC;
  if (one_fits (app->spa_redirects, uri))
    return PS_TENANT_MS_REDIRECT_SPA;
  return one_fits (app->web_redirects, uri) ? PS_TENANT_MS_REDIRECT_WEB : PS_TENANT_MS_REDIRECT_NONE;
}

gboolean
ps_tenant_ms_redirect_is_valid (const char *uri)
{
  g_autoptr (GUri) parsed = g_uri_parse (uri, G_URI_FLAGS_NONE, NULL);

  if (parsed == NULL || strlen (uri) > LONGEST_REDIRECT || g_uri_get_fragment (parsed) != NULL ||
      strchr (uri, '*') != NULL)
    return FALSE;
  if (g_str_equal (g_uri_get_scheme (parsed), "http"))
    return after_loopback (uri, "http://localhost") != NULL || after_loopback (uri, "http://127.0.0.1") != NULL;
  return !g_str_equal (g_uri_get_scheme (parsed), "https") ||
         (g_uri_get_host (parsed) != NULL && *g_uri_get_host (parsed) != '\0');
}

static gboolean
has_no_path (const char *uri)
{
  const char *authority = strstr (uri, "://");

  return authority != NULL && strpbrk (authority + 3, "/?") == NULL;
}

void
ps_tenant_ms_redirect_answer (PsTenantReply *reply, const char *uri, gboolean fragment, ...)
{
  g_autoptr (GString) location = g_string_new (uri);
  char separator = fragment ? '#' : strchr (uri, '?') != NULL ? '&' : '?';
  const char *name;
  va_list args;

  if (has_no_path (uri))
    g_string_append_c (location, '/');
  va_start (args, fragment);
  while ((name = va_arg (args, const char *)) != NULL) {
    const char *value = va_arg (args, const char *);

    if (value == NULL)
      continue;
    g_string_append_printf (location, "%c%s=", separator, name);
    g_string_append_uri_escaped (location, value, NULL, FALSE);
    separator = '&';
  }
  va_end (args);
  reply->status = SOUP_STATUS_FOUND;
  soup_message_headers_replace (reply->headers, "Location", location->str);
  soup_message_headers_replace (reply->headers, "Cache-Control", "no-store, no-cache");
  soup_message_headers_replace (reply->headers, "Referrer-Policy", "no-referrer");
}
