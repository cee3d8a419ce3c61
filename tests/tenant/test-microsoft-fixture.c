/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-microsoft-fixture.h"

#include <string.h>

MsTest *
ms_test_new (void)
{
  MsTest *test = g_new0 (MsTest, 1);

  test->http = test_server_new (NULL);
  ps_tenant_microsoft_attach (test->http->server);
  test->ms = ps_tenant_ms_get (test->http->server);
  test->world = ps_tenant_server_world (test->http->server);
  test->secret = g_strdup (((PsTenantMsSecret *) g_ptr_array_index (test->ms->client->secrets, 0))->secret);
  ms_test_use_client (test);
  return test;
}

void
ms_test_free (MsTest *test)
{
  test_server_free (test->http);
  g_free (test->token);
  g_free (test->secret);
  g_free (test);
}

PsTenantPerson *
ms_test_person (MsTest *test, guint nth)
{
  const GPtrArray *people = ps_tenant_world_people (test->world);

  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == PS_TENANT_ODD_NOTHING && nth-- == 0)
      return person;
  }
  g_assert_not_reached ();
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static TestAnswer *
send_message (MsTest *test, SoupMessage *message)
{
  TestAnswer *answer = g_new0 (TestAnswer, 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();

  soup_session_send_and_read_async (test->http->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  bytes = soup_session_send_and_read_finish (test->http->session, result, &answer->error);
  g_assert_no_error (answer->error);
  answer->status = soup_message_get_status (message);
  answer->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  answer->size = g_bytes_get_size (bytes);
  answer->text = g_strndup (answer->size > 0 ? g_bytes_get_data (bytes, NULL) : "", answer->size);
  if (json_parser_load_from_data (parser, answer->text, (gssize) answer->size, NULL))
    answer->json = json_parser_steal_root (parser);
  return answer;
}

static SoupMessage *
new_message (MsTest *test, const char *method, const char *target)
{
  g_autofree char *url = g_strconcat (ps_tenant_server_origin (test->http->server), target, NULL);
  SoupMessage *message = soup_message_new (method, g_str_has_prefix (target, "http") ? target : url);

  g_assert_nonnull (message);
  return message;
}

TestAnswer *
ms_test_sign_in (MsTest *test, const char *tenant, ...)
{
  g_autofree char *target =
      g_strdup_printf ("/%s/oauth2/v2.0/token", tenant != NULL ? tenant : ps_tenant_world_tenant_id (test->world));
  g_autoptr (SoupMessage) message = new_message (test, "POST", target);
  g_autoptr (GString) form = g_string_new (NULL);
  g_autoptr (GBytes) body = NULL;
  const char *name;
  va_list args;

  va_start (args, tenant);
  while ((name = va_arg (args, const char *)) != NULL) {
    const char *value = va_arg (args, const char *);

    if (value == NULL)
      continue;
    if (g_str_equal (name, "Authorization")) {
      soup_message_headers_replace (soup_message_get_request_headers (message), name, value);
      continue;
    }
    g_string_append_printf (form, "%s%s=", form->len > 0 ? "&" : "", name);
    g_string_append_uri_escaped (form, value, NULL, FALSE);
  }
  va_end (args);
  body = g_bytes_new (form->str, form->len);
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
  return send_message (test, message);
}

void
ms_test_assert_aadsts (TestAnswer *answer, guint status, const char *error, guint number)
{
  g_autoptr (TestAnswer) owned = answer;
  g_autofree char *prefix = g_strdup_printf ("AADSTS%u: ", number);
  const char *description;

  g_assert_nonnull (owned->json);
  description = test_json_string (owned->json, "$.error_description");
  g_assert_true (g_str_has_prefix (description, prefix));
  g_assert_nonnull (strstr (description, "\r\nTrace ID: "));
  g_assert_nonnull (strstr (description, "\r\nCorrelation ID: "));
  g_assert_nonnull (strstr (description, "\r\nTimestamp: "));
  g_assert_null (strstr (description, "{}"));
  g_assert_cmpstr (test_json_string (owned->json, "$.error"), ==, error);
  g_assert_cmpint (test_json_int (owned->json, "$.error_codes[0]"), ==, number);
  g_assert_nonnull (test_json_string (owned->json, "$.trace_id"));
  g_assert_nonnull (test_json_string (owned->json, "$.correlation_id"));
  g_assert_nonnull (test_json_string (owned->json, "$.timestamp"));
  g_assert_nonnull (test_json_string (owned->json, "$.error_uri"));
  g_assert_cmpuint (owned->status, ==, status);
}

static void
use_token_of (MsTest *test, TestAnswer *answer)
{
  g_assert_cmpuint (answer->status, ==, 200);
  g_free (test->token);
  test->token = g_strdup (test_json_string (answer->json, "$.access_token"));
}

void
ms_test_use_client (MsTest *test)
{
  g_autoptr (TestAnswer) answer =
      ms_test_sign_in (test, NULL, "grant_type", "client_credentials", "client_id", test->ms->client->app_id,
                       "client_secret", test->secret, "scope", "https://graph.microsoft.com/.default", NULL);

  use_token_of (test, answer);
}

char *
ms_test_code (MsTest *test, PsTenantMicrosoftUser *user, const char *scope)
{
  PsTenantMsCodeRequest request = { .app_id = test->ms->public_client->app_id,
                                    .user_id = user->id,
                                    .redirect_uri = MS_REDIRECT,
                                    .code_challenge = MS_CHALLENGE,
                                    .scope = scope };

  return ps_tenant_ms_grants_issue_code (test->ms->grants, &request, ps_tenant_server_now (test->http->server));
}

void
ms_test_use_user (MsTest *test, PsTenantMicrosoftUser *user, const char *scope)
{
  g_autofree char *code = ms_test_code (test, user, scope);
  g_autoptr (TestAnswer) answer = ms_test_sign_in (test, "organizations", "grant_type", "authorization_code",
                                                   "client_id", test->ms->public_client->app_id, "code", code,
                                                   "redirect_uri", MS_REDIRECT, "code_verifier", MS_VERIFIER, NULL);

  use_token_of (test, answer);
}

static TestAnswer *
call (MsTest *test, const char *method, const char *target, const char *body, va_list args)
{
  g_autoptr (SoupMessage) message = new_message (test, method, target);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  g_autofree char *bearer = g_strconcat ("Bearer ", test->token, NULL);
  const char *name;

  if (test->token != NULL)
    soup_message_headers_replace (headers, "Authorization", bearer);
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  }
  while ((name = va_arg (args, const char *)) != NULL) {
    const char *value = va_arg (args, const char *);

    if (*value != '\0')
      soup_message_headers_replace (headers, name, value);
    else
      soup_message_headers_remove (headers, name);
  }
  return send_message (test, message);
}

TestAnswer *
ms_test_call (MsTest *test, const char *method, const char *target, const char *body, ...)
{
  TestAnswer *answer;
  va_list args;

  va_start (args, body);
  answer = call (test, method, target, body, args);
  va_end (args);
  return answer;
}

TestAnswer *
ms_test_expect (MsTest *test, guint status, const char *method, const char *target, const char *body, ...)
{
  TestAnswer *answer;
  va_list args;

  va_start (args, body);
  answer = call (test, method, target, body, args);
  va_end (args);
  if (answer->status != status)
    g_test_message ("%s %s: %u %s", method, target, answer->status, answer->text);
  g_assert_cmpuint (answer->status, ==, status);
  return answer;
}

void
ms_test_refused (MsTest *test, guint status, const char *code, const char *method, const char *target, const char *body,
                 ...)
{
  g_autoptr (TestAnswer) answer = NULL;
  const char *request_id;
  va_list args;

  va_start (args, body);
  answer = call (test, method, target, body, args);
  va_end (args);
  if (answer->status != status)
    g_test_message ("%s %s: %u %s", method, target, answer->status, answer->text);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (answer->json);
  g_assert_cmpstr (test_json_string (answer->json, "$.error.code"), ==, code);
  if (!g_str_equal (code, "Forbidden"))
    g_assert_cmpstr (test_json_string (answer->json, "$.error.message"), !=, "");
  request_id = soup_message_headers_get_one (answer->headers, "request-id");
  g_assert_cmpstr (test_json_string (answer->json, "$.error.innerError['request-id']"), ==, request_id);
  g_assert_nonnull (test_json_string (answer->json, "$.error.innerError.date"));
  g_assert_nonnull (test_json_string (answer->json, "$.error.innerError['client-request-id']"));
  g_assert_nonnull (soup_message_headers_get_one (answer->headers, "Date"));
}
