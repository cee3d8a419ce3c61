/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a browser brings back from a sign-in page, and what the token endpoint answers to the code. "$" in an input
 * stands for the right state, which no input could know.
 */
#include "config.h"

#include <string.h>

#include <libsoup/soup.h>

#include "fuzz.h"
#include "ps-sign-in-private.h"

#define START "http://localhost:47821"

const char *const ps_fuzz_corpus[] = {
  START "/oauth/ringcentral?code=abc&state=$&expires_in=60",
  START "/oauth/ringcentral?error=access_denied&error_description=AADSTS65004%3A+x&state=$",
  START "/oauth/ringcentral?state=$&admin_consent=True&error=consent_required#f",
  START "/oauth/ringcentral?state=$&code=%ff&code=%00",
  "{\"access_token\":\"a\",\"expires_in\":1,\"scope\":\"A B\",\"id_token\":\"e30.eyJhdWQiOiJjIiwid2lkcyI6WyJ4Il19.c\"}",
  NULL,
};

static void
judge (PsSignInKind kind, const char *text)
{
  PsSignInOptions options = { .kind = kind,
                              .base_url = "https://service.example",
                              .client_id = "c",
                              .redirect_uri = PS_SIGN_IN_RINGCENTRAL_REDIRECT };
  g_autoptr (PsSignIn) self = ps_sign_in_new (&options, NULL);
  g_autoptr (GUri) page = g_uri_parse (ps_sign_in_uri (self), SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (GHashTable) query = soup_form_decode (g_uri_get_query (page));
  const char *state = g_hash_table_lookup (query, "state");
  g_autoptr (GString) uri = g_string_new (text);
  g_autoptr (GError) error = NULL;
  gboolean ours, good;

  g_string_replace (uri, "$", state, 0);
  ours = ps_sign_in_is_redirect (self, uri->str);
  good = ps_sign_in_handle_redirect (self, uri->str, &error);
  g_assert_true (!ours || g_ascii_strncasecmp (uri->str, START, strlen (START)) == 0 ||
                 g_ascii_strncasecmp (uri->str, "http://localhost:0", strlen ("http://localhost:0")) == 0);
  g_assert_true (!good || (ours && strstr (uri->str, state) != NULL));
  g_assert_true (good == (error == NULL));
  if (error != NULL) {
    g_assert_true (error->domain == PS_ERROR);
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
  }
  g_clear_error (&error);
  g_assert_false (ps_sign_in_handle_redirect (self, uri->str, &error));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);

  for (guint kind = PS_SIGN_IN_MICROSOFT; kind <= PS_SIGN_IN_RINGCENTRAL; kind++)
    judge ((PsSignInKind) kind, text);
  for (guint kind = PS_SERVICE_MICROSOFT; kind <= PS_SERVICE_RINGCENTRAL; kind++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PsSignedIn) signed_in = ps_signed_in_parse ((PsServiceKind) kind, "c", body, &error);

    g_assert_true ((signed_in == NULL) == g_error_matches (error, PS_ERROR, PS_ERROR_BAD_REPLY));
  }
  return 0;
}
