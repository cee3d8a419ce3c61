/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-sign-in.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <libsoup/soup.h>

#include "ps-client-assertion.h"
#include "ps-http.h"
#include "ps-json.h"
#include "ps-service-errors.h"
#include "ps-sign-in-private.h"
#include "ps-token-grant.h"

/* 256 bits: 43 characters, the least that RFC 7636 §4.1 allows for a verifier. */
#define RANDOM_BYTES 32
/* No redirect of either service comes near. */
#define LONGEST_URI 65536

struct _PsSignIn {
  GObject parent_instance;

  PsSignInKind kind;
  char *base_url;     /* (owned) */
  char *token_path;   /* (owned) */
  char *client_id;    /* (owned) */
  char *redirect_uri; /* (owned) */
  GUri *redirect;     /* (owned): redirect_uri, taken apart */
  char *uri;          /* (owned): the page; has the state in it */
  char *state;        /* (owned) */
  char *verifier;     /* (owned) (nullable): until it was sent */

  gboolean answered; /* a redirect has been judged */
  char *code;        /* (owned) (nullable): until it was sent */
};

G_DEFINE_FINAL_TYPE (PsSignIn, ps_sign_in, G_TYPE_OBJECT)

static PsServiceKind
service_of (PsSignIn *self)
{
  return self->kind == PS_SIGN_IN_RINGCENTRAL ? PS_SERVICE_RINGCENTRAL : PS_SERVICE_MICROSOFT;
}

/* --- what is random --- */

/* From the kernel, and from nowhere else: if it gives none there is no sign-in. Returns: (transfer full) (nullable). */
static char *
random_text (GError **error)
{
  guchar bytes[RANDOM_BYTES];
  char *text;
  gssize n;

  do
    n = getrandom (bytes, sizeof bytes, 0); /* up to 256 bytes come whole or not at all */
  while (n < 0 && errno == EINTR);
  if (n != (gssize) sizeof bytes) {
    g_propagate_error (
        error, ps_error_new (PS_ERROR_SIGN_IN, _ ("This computer gives no random numbers, so that no safe sign-in is "
                                                  "possible. Restart it and try again.")));
    return NULL;
  }
  text = ps_base64url_encode (bytes, sizeof bytes);
  explicit_bzero (bytes, sizeof bytes);
  return text;
}

/* RFC 7636 §4.2. */
static char *
challenge_of (const char *verifier)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) verifier, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return ps_base64url_encode (digest, length);
}

/* --- the page to open --- */

static void
append_parameter (GString *uri, const char *name, const char *value)
{
  g_autofree char *escaped = NULL;

  if (value == NULL)
    return;
  escaped = g_uri_escape_string (value, NULL, FALSE);
  g_string_append_printf (uri, "%c%s=%s", strchr (uri->str, '?') != NULL ? '&' : '?', name, escaped);
}

static void
append_pkce (GString *uri, const char *verifier)
{
  g_autofree char *challenge = challenge_of (verifier);

  append_parameter (uri, "code_challenge", challenge);
  append_parameter (uri, "code_challenge_method", "S256"); /* what is left out would mean `plain` */
}

static char *
make_uri (PsSignIn *self, const PsSignInOptions *options, const char *tenant)
{
  g_autoptr (GString) uri = g_string_new (self->base_url);

  if (g_str_has_suffix (uri->str, "/"))
    g_string_truncate (uri, uri->len - 1);
  if (self->kind == PS_SIGN_IN_RINGCENTRAL)
    g_string_append (uri, "/restapi/oauth/authorize");
  else
    g_string_append_printf (uri, self->kind == PS_SIGN_IN_MICROSOFT ? "/%s/oauth2/v2.0/authorize" : "/%s/adminconsent",
                            tenant);
  append_parameter (uri, "client_id", self->client_id);
  append_parameter (uri, "redirect_uri", self->redirect_uri);
  append_parameter (uri, "state", self->state);
  if (self->kind == PS_SIGN_IN_MICROSOFT_CONSENT)
    return g_strdup (uri->str);
  append_parameter (uri, "response_type", "code");
  append_pkce (uri, self->verifier);
  append_parameter (uri, "scope", options->scope);
  append_parameter (uri, "prompt", options->prompt);
  append_parameter (uri, "login_hint", options->login_hint);
  if (self->kind == PS_SIGN_IN_MICROSOFT)
    append_parameter (uri, "response_mode", "query");
  else
    append_parameter (uri, "brand_id", options->brand_id);
  return g_strdup (uri->str);
}

/* --- the redirect --- */

/* A code may travel over TLS, or within this computer. */
static GUri *
parse_redirect_uri (const char *text, GError **error)
{
  g_autoptr (GUri) uri = ps_http_parse_base_url (text, error);

  if (uri == NULL)
    return NULL;
  if (g_uri_get_query (uri) != NULL ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 && strcmp (g_uri_get_scheme (uri), "https") != 0)) {
    g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, _ ("“%s” cannot be a redirect address."), text));
    return NULL;
  }
  return g_steal_pointer (&uri);
}

gboolean
ps_sign_in_is_redirect (PsSignIn *self, const char *text)
{
  g_autoptr (GUri) uri = NULL;

  g_return_val_if_fail (PS_IS_SIGN_IN (self), FALSE);

  if (text == NULL || strlen (text) > LONGEST_URI)
    return FALSE;
  uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  return uri != NULL && g_uri_get_userinfo (uri) == NULL && g_uri_get_host (uri) != NULL &&
         strcmp (g_uri_get_scheme (uri), g_uri_get_scheme (self->redirect)) == 0 &&
         g_ascii_strcasecmp (g_uri_get_host (uri), g_uri_get_host (self->redirect)) == 0 &&
         g_uri_get_port (uri) == g_uri_get_port (self->redirect) &&
         strcmp (g_uri_get_path (uri), g_uri_get_path (self->redirect)) == 0;
}

typedef struct {
  char *state, *code, *error, *error_description, *admin_consent; /* (owned) (nullable) */
} Answer;

static void
answer_clear (Answer *answer)
{
  ps_secret_free (answer->state);
  ps_secret_free (answer->code);
  g_free (answer->error);
  g_free (answer->error_description);
  g_free (answer->admin_consent);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answer, answer_clear)

/* FALSE: it cannot be read, or says something twice (RFC 6749 §3.1 forbids that; who reads the first and who the last
 * would disagree). */
static gboolean
read_answer (const char *text, Answer *answer)
{
  const struct {
    const char *name;
    char **value;
  } known[] = { { "state", &answer->state },
                { "code", &answer->code },
                { "error", &answer->error },
                { "error_description", &answer->error_description },
                { "admin_consent", &answer->admin_consent } };
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  const char *query = uri != NULL ? g_uri_get_query (uri) : NULL;
  g_autoptr (GError) error = NULL;
  GUriParamsIter iter;
  char *name, *value;
  gboolean once = TRUE;

  if (query == NULL)
    return TRUE;
  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_WWW_FORM);
  while (g_uri_params_iter_next (&iter, &name, &value, &error)) {
    g_autofree char *owned_name = name;

    for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
      if (strcmp (known[i].name, name) != 0)
        continue;
      once = once && *known[i].value == NULL;
      ps_secret_free (*known[i].value);
      *known[i].value = g_steal_pointer (&value);
      break;
    }
    ps_secret_free (value);
  }
  return once && error == NULL;
}

/* In constant time, as far as the state goes: how long it takes tells nothing of where they differ. */
static gboolean
is_our_state (PsSignIn *self, const char *state)
{
  return state != NULL && strlen (state) == strlen (self->state) &&
         gnutls_memcmp (state, self->state, strlen (self->state)) == 0;
}

/* --- what errors mean --- */

/* Conditional Access that looks at the device or at the program: WebKit cannot satisfy it, the system's browser perhaps
 * can (MSAL's known issues: an embedded view cannot prove the device). */
static const char *const browser_numbers[] = { "53000", "53001", "53003", "50097", "50129", "50131", "50155", "50158" };

static gboolean
needs_browser (const char *service_code)
{
  if (service_code == NULL || !g_str_has_prefix (service_code, "AADSTS"))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (browser_numbers); i++)
    if (strcmp (service_code + strlen ("AADSTS"), browser_numbers[i]) == 0)
      return TRUE;
  return FALSE;
}

/* The words around the number are in the person's language. */
static gboolean
has_number (const char *text, const char *number)
{
  for (const char *found = strstr (text, number); found != NULL; found = strstr (found + 1, number))
    if ((found == text || !g_ascii_isdigit (found[-1])) && !g_ascii_isdigit (found[strlen (number)]))
      return TRUE;
  return FALSE;
}

gboolean
ps_sign_in_page_needs_browser (PsSignIn *self, const char *uri, const char *text)
{
  g_autoptr (GUri) page = uri != NULL ? g_uri_parse (uri, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr (GUri) base = NULL;

  g_return_val_if_fail (PS_IS_SIGN_IN (self), FALSE);

  base = g_uri_parse (self->base_url, SOUP_HTTP_URI_FLAGS, NULL);
  if (self->kind == PS_SIGN_IN_RINGCENTRAL || page == NULL || text == NULL || g_uri_get_host (page) == NULL ||
      g_ascii_strcasecmp (g_uri_get_host (page), g_uri_get_host (base)) != 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (browser_numbers); i++)
    if (has_number (text, browser_numbers[i]))
      return TRUE;
  return FALSE;
}

/* @word: (nullable): `error` of a redirect. A number that says more goes before it: an access_denied with 90094 is not
 * somebody who has changed their mind. */
static gboolean
was_declined (const GError *error, const char *word)
{
  static const char *const words[] = { "access_denied", "permission_denied", NULL };

  return g_error_matches (error, PS_ERROR, PS_ERROR_REFUSED) && word != NULL &&
         (g_strv_contains (words, word) || g_strcmp0 (ps_error_details (error)->service_code, "AADSTS65004") == 0);
}

static GError *
judge_error (GError *error, const char *word)
{
  const PsErrorDetails *details = ps_error_details (error);

  if (details != NULL && needs_browser (details->service_code))
    error->code = PS_ERROR_NEEDS_BROWSER;
  else if (was_declined (error, word))
    error->code = PS_ERROR_DECLINED;
  return error;
}

/* The same words as in the body of a token endpoint: so the same tables explain them. */
static GError *
error_from_answer (PsSignIn *self, const Answer *answer)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (GBytes) body = NULL;
  GError *error;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "error");
  json_builder_add_string_value (builder, answer->error);
  if (answer->error_description != NULL) {
    json_builder_set_member_name (builder, "error_description");
    json_builder_add_string_value (builder, answer->error_description);
  }
  json_builder_end_object (builder);
  body = ps_json_builder_to_bytes (builder);
  error = ps_service_error_from_reply (service_of (self), 400, NULL, body);
  ps_error_details (error)->status = 0; /* there was no such reply */
  return judge_error (error, answer->error);
}

static GError *
judge_answer (PsSignIn *self, const Answer *answer)
{
  if (answer->error != NULL)
    return error_from_answer (self, answer);
  if (self->kind == PS_SIGN_IN_MICROSOFT_CONSENT) {
    if (answer->admin_consent != NULL && g_ascii_strcasecmp (answer->admin_consent, "True") == 0)
      return NULL;
  } else if (answer->code != NULL && answer->code[0] != '\0') {
    return NULL;
  }
  return ps_error_new (PS_ERROR_BAD_REPLY,
                       _ ("The sign-in page came back with neither a yes nor a no. Start the sign-in again."));
}

static GError *
foreign_answer (void)
{
  return ps_error_new (PS_ERROR_SIGN_IN,
                       _ ("The answer that came back does not belong to this sign-in, so it was not used. It may be "
                          "from an older page. Start the sign-in again."));
}

gboolean
ps_sign_in_handle_redirect (PsSignIn *self, const char *uri, GError **error)
{
  g_auto (Answer) answer = { NULL };
  GError *problem = NULL;
  gboolean readable;

  g_return_val_if_fail (PS_IS_SIGN_IN (self), FALSE);

  readable = ps_sign_in_is_redirect (self, uri) && read_answer (uri, &answer);
  if (self->answered || !readable || !is_our_state (self, answer.state))
    problem = foreign_answer ();
  else
    problem = judge_answer (self, &answer);
  self->answered = TRUE;
  if (problem != NULL) {
    g_clear_pointer (&self->code, ps_secret_free);
    g_propagate_error (error, problem);
    return FALSE;
  }
  self->code = g_steal_pointer (&answer.code);
  return TRUE;
}

/* --- the exchange --- */

static void
redeemed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PsSignIn *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_transport_send_finish (PS_TRANSPORT (source), result, &error);
  PsSignedIn *signed_in = NULL;

  if (reply != NULL)
    signed_in = ps_signed_in_parse (service_of (self), self->client_id, reply->body, &error);
  if (signed_in != NULL)
    g_task_return_pointer (task, signed_in, (GDestroyNotify) ps_signed_in_free);
  else
    g_task_return_error (task, judge_error (error, NULL));
}

/* A public client names itself in the form and sends no secret: a Basic header with an empty one is refused (OAU-153).
 */
static GBytes *
token_form (PsSignIn *self)
{
  char *form = soup_form_encode ("grant_type", "authorization_code", "client_id", self->client_id, "code", self->code,
                                 "redirect_uri", self->redirect_uri, "code_verifier", self->verifier, NULL);

  return g_bytes_new_with_free_func (form, strlen (form), (GDestroyNotify) ps_secret_free, form);
}

void
ps_sign_in_redeem_async (PsSignIn *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (PsTransport) transport = NULL;
  g_autoptr (GBytes) form = NULL;
  GError *error = NULL;
  PsRequest request = { .method = "POST",
                        .content_type = "application/x-www-form-urlencoded",
                        .accept = "application/json",
                        .urgency = PS_URGENT,
                        .flags = PS_SEND_PLAIN | PS_SEND_ONCE };

  g_return_if_fail (PS_IS_SIGN_IN (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_sign_in_redeem_async);
  if (self->code == NULL) {
    g_task_return_error (task, foreign_answer ());
    return;
  }
  form = token_form (self);
  g_clear_pointer (&self->code, ps_secret_free);
  g_clear_pointer (&self->verifier, ps_secret_free);
  transport = ps_transport_new (service_of (self), self->base_url, NULL, &error);
  if (transport == NULL) {
    g_task_return_error (task, error);
    return;
  }
  request.path = self->token_path;
  request.body = form;
  request.group = self->kind == PS_SIGN_IN_RINGCENTRAL ? "Auth" : NULL;
  ps_transport_send_async (transport, &request, cancellable, redeemed_cb, g_steal_pointer (&task));
}

PsSignedIn *
ps_sign_in_redeem_finish (PsSignIn *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_sign_in_redeem_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- the object --- */

static void
ps_sign_in_finalize (GObject *object)
{
  PsSignIn *self = PS_SIGN_IN (object);

  g_free (self->base_url);
  g_free (self->token_path);
  g_free (self->client_id);
  g_free (self->redirect_uri);
  g_clear_pointer (&self->redirect, g_uri_unref);
  ps_secret_free (self->uri);
  ps_secret_free (self->state);
  ps_secret_free (self->verifier);
  ps_secret_free (self->code);
  G_OBJECT_CLASS (ps_sign_in_parent_class)->finalize (object);
}

static void
ps_sign_in_class_init (PsSignInClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ps_sign_in_finalize;
}

static void
ps_sign_in_init (PsSignIn *self)
{
}

static char *
clean_id (const char *text, const char *missing, GError **error)
{
  char *clean = g_strstrip (g_strdup (text != NULL ? text : ""));

  if (clean[0] != '\0')
    return clean;
  g_free (clean);
  g_propagate_error (error, ps_error_new (PS_ERROR_INPUT, "%s", missing));
  return NULL;
}

/* The token is fetched where the person has signed in. @tenant is a segment of a path. */
static gboolean
check_tenant (const char *tenant, GError **error)
{
  if (tenant[0] != '\0' && ps_grant_is_tenant (tenant))
    return TRUE;
  g_propagate_error (error, ps_error_new (PS_ERROR_INPUT,
                                          _ ("“%s” is no tenant: give the Directory (tenant) ID, or a domain of the "
                                             "organisation."),
                                          tenant));
  return FALSE;
}

static gboolean
read_options (PsSignIn *self, const PsSignInOptions *options, GError **error)
{
  g_autoptr (GUri) base = ps_http_parse_base_url (options->base_url, error);

  if (base == NULL)
    return FALSE;
  self->kind = options->kind;
  self->base_url = g_strdup (options->base_url);
  self->redirect_uri = g_strdup (options->redirect_uri);
  self->redirect = parse_redirect_uri (options->redirect_uri, error);
  if (self->redirect == NULL)
    return FALSE;
  self->client_id = clean_id (options->client_id, _ ("The client ID is missing."), error);
  return self->client_id != NULL;
}

PsSignIn *
ps_sign_in_new (const PsSignInOptions *options, GError **error)
{
  g_autoptr (PsSignIn) self = g_object_new (PS_TYPE_SIGN_IN, NULL);
  g_autofree char *tenant = g_strstrip (g_strdup (options->tenant != NULL ? options->tenant : "organizations"));

  if (!read_options (self, options, error) || !check_tenant (tenant, error))
    return NULL;
  self->state = random_text (error);
  self->verifier = self->state != NULL ? random_text (error) : NULL;
  if (self->verifier == NULL)
    return NULL;
  self->token_path = self->kind == PS_SIGN_IN_RINGCENTRAL ? g_strdup ("/restapi/oauth/token")
                                                          : g_strdup_printf ("/%s/oauth2/v2.0/token", tenant);
  self->uri = make_uri (self, options, tenant);
  return g_steal_pointer (&self);
}

PsSignInKind
ps_sign_in_kind (PsSignIn *self)
{
  g_return_val_if_fail (PS_IS_SIGN_IN (self), PS_SIGN_IN_MICROSOFT);

  return self->kind;
}

const char *
ps_sign_in_uri (PsSignIn *self)
{
  g_return_val_if_fail (PS_IS_SIGN_IN (self), NULL);

  return self->uri;
}

const char *
ps_sign_in_redirect_uri (PsSignIn *self)
{
  g_return_val_if_fail (PS_IS_SIGN_IN (self), NULL);

  return self->redirect_uri;
}
