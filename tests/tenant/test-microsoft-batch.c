/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Graph's $batch and sendMail; and the languages of $filter and $search for themselves.
 */
#include "config.h"

#include "ps-tenant-ms-filter.h"
#include "test-microsoft-fixture.h"

#include <string.h>

#define BATCH "/v1.0/$batch"

/* Returns: (transfer full): the part of the batch's answer with that id. */
static JsonNode *
part_of (TestAnswer *answer, const char *id)
{
  guint length = test_json_length (answer->json, "$.responses");

  for (guint i = 0; i < length; i++) {
    g_autofree char *at = g_strdup_printf ("$.responses[%u]", i);
    g_autoptr (JsonNode) part = test_json_at (answer->json, at);

    if (g_str_equal (test_json_string (part, "$.id"), id))
      return g_steal_pointer (&part);
  }
  g_error ("no part %s in %s", id, answer->text);
}

static gint64
status_of (TestAnswer *answer, const char *id)
{
  g_autoptr (JsonNode) part = part_of (answer, id);

  return test_json_int (part, "$.status");
}

static TestAnswer *
batch (MsTest *test, guint status, const char *requests)
{
  g_autofree char *body = g_strdup_printf ("{\"requests\":[%s]}", requests);

  return ms_test_expect (test, status, "POST", BATCH, body, NULL);
}

static void
test_batch (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *requests = g_strdup_printf (
      "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users?$top=2&$select=id\"},"
      "{\"id\":\"2\",\"method\":\"POST\",\"url\":\"/users/%s/presence/setPresence\",\"headers\":{\"content-type\":"
      "\"application/json\"},\"body\":{\"sessionId\":\"%s\",\"availability\":\"Busy\",\"activity\":\"InACall\"}},"
      "{\"id\":\"3\",\"method\":\"GET\",\"url\":\"/users/nobody@example.org\"},"
      "{\"id\":\"4\",\"method\":\"GET\",\"url\":\"users/%s/presence\"}",
      user->id, test->ms->client->app_id, user->id);
  g_autoptr (TestAnswer) answer = batch (test, 200, requests);
  g_autoptr (JsonNode) list = part_of (answer, "1");
  g_autoptr (JsonNode) written = part_of (answer, "2");
  g_autoptr (JsonNode) missing = part_of (answer, "3");
  g_autoptr (JsonNode) read = part_of (answer, "4");

  g_assert_cmpuint (test_json_length (answer->json, "$.responses"), ==, 4);
  g_assert_cmpstr (test_json_string (answer->json, "$.responses[0].id"), !=, "1"); /* any order but ours */
  g_assert_cmpint (test_json_int (list, "$.status"), ==, 200);
  g_assert_cmpuint (test_json_length (list, "$.body.value"), ==, 2);
  g_assert_true (g_str_has_prefix (test_json_string (list, "$.body['@odata.nextLink']"),
                                   ps_tenant_server_origin (test->http->server)));
  g_assert_true (g_str_has_prefix (test_json_string (list, "$.headers['Content-Type']"), "application/json"));
  g_assert_cmpint (test_json_int (written, "$.status"), ==, 200);
  g_assert_false (json_object_has_member (json_node_get_object (written), "body"));
  g_assert_cmpint (test_json_int (missing, "$.status"), ==, 404);
  g_assert_cmpstr (test_json_string (missing, "$.body.error.code"), ==, "Request_ResourceNotFound");
  g_assert_cmpint (test_json_int (read, "$.status"), ==, 200);
}

static void
test_batch_refusals (void)
{
  static const char *const bad[] = {
    "",
    "1",
    "{}",
    "{\"id\":\"1\",\"method\":\"GET\"}",
    "{\"id\":1,\"method\":\"GET\",\"url\":\"/users\"}",
    "{\"id\":\"1\",\"method\":\"HEAD\",\"url\":\"/users\"}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users\"},{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/users\"}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"https://graph.microsoft.com/v1.0/users\"}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/$batch\"}",
    "{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/x\",\"body\":{}}",
    "{\"id\":\"1\",\"method\":\"POST\",\"url\":\"/x\",\"headers\":{\"Content-Type\":\"application/json\"}}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"headers\":{\"Content-Type\":1}}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"2\"]}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\",\"dependsOn\":[\"1\"]}",
    "{\"id\":\"1\",\"method\":\"GET\",\"url\":\"/x\"},{\"id\":\"2\",\"method\":\"GET\",\"url\":\"/"
    "x\",\"dependsOn\":[\"1\"]}"
    ",{\"id\":\"3\",\"method\":\"GET\",\"url\":\"/x\"}",
  };
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (GString) many = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *body = g_strdup_printf ("{\"requests\":[%s]}", bad[i]);

    ms_test_refused (test, 400, "BadRequest", "POST", BATCH, body, NULL);
  }
  ms_test_refused (test, 400, "BadRequest", "POST", BATCH, "{}", NULL);
  ms_test_refused (test, 400, "BadRequest", "POST", BATCH, "nonsense", NULL);
  ms_test_refused (test, 401, "InvalidAuthenticationToken", "POST", BATCH, "{}", "Authorization", "", NULL);
  for (guint i = 0; i < 20; i++)
    g_string_append_printf (many, "%s{\"id\":\"%u\",\"method\":\"GET\",\"url\":\"/groups?$top=1\"}", i > 0 ? "," : "",
                            i);
  test_answer_free (batch (test, 200, many->str));
  g_string_append (many, ",{\"id\":\"20\",\"method\":\"GET\",\"url\":\"/groups?$top=1\"}");
  test_answer_free (batch (test, 400, many->str));
}

static void
test_batch_dependencies (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  g_autoptr (TestAnswer) serial =
      batch (test, 200,
             "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/groups\"},"
             "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/users/nobody\",\"dependsOn\":[\"a\"]},"
             "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":[\"b\"]}");
  g_autoptr (TestAnswer) same = batch (test, 200,
                                       "{\"id\":\"b\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":[\"a\"]},"
                                       "{\"id\":\"a\",\"method\":\"GET\",\"url\":\"/groups\"},"
                                       "{\"id\":\"c\",\"method\":\"GET\",\"url\":\"/groups\",\"dependsOn\":[\"a\"]}");

  g_assert_cmpint (status_of (serial, "a"), ==, 200);
  g_assert_cmpint (status_of (serial, "b"), ==, 404);
  g_assert_cmpint (status_of (serial, "c"), ==, 424);
  g_assert_cmpint (status_of (same, "b"), ==, 200);
  g_assert_cmpint (status_of (same, "c"), ==, 200);
}

/* Each part counts for itself, and says for itself how long to wait. */
static void
test_batch_limit (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  const char *id = ms_test_person (test, 0)->microsoft->id;
  g_autoptr (GString) requests = g_string_new (NULL);
  g_autoptr (TestAnswer) answer = NULL;
  g_autoptr (JsonNode) last = NULL;

  for (guint i = 0; i < 4; i++)
    g_string_append_printf (requests, "%s{\"id\":\"%u\",\"method\":\"GET\",\"url\":\"/users/%s/presence\"}",
                            i > 0 ? "," : "", i, id);
  ps_tenant_server_set_fault (test->http->server, "presence-limit", "3");
  answer = batch (test, 200, requests->str);
  g_assert_cmpint (status_of (answer, "2"), ==, 200);
  last = part_of (answer, "3");
  g_assert_cmpint (test_json_int (last, "$.status"), ==, 429);
  g_assert_cmpstr (test_json_string (last, "$.headers['Retry-After']"), !=, "0");
}

static JsonNode *
mails (MsTest *test)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  ps_tenant_microsoft_mail (test->http->server, builder);
  return json_builder_get_root (builder);
}

static void
test_mail (void)
{
  g_autoptr (MsTest) test = ms_test_new ();
  PsTenantMicrosoftUser *user = ms_test_person (test, 0)->microsoft;
  g_autofree char *path = g_strdup_printf ("/v1.0/users/%s/sendMail", user->user_principal_name);
  g_autofree char *escaped_path = g_strdup_printf ("/v1.0/users/%s/sendMail", user->id);
  const char *body =
      "{\"message\":{\"subject\":\"Report\",\"body\":{\"contentType\":\"HTML\",\"content\":\"<p>All well</p>\"},"
      "\"toRecipients\":[{\"emailAddress\":{\"address\":\"admin@example.org\"}}]},\"saveToSentItems\":false}";
  g_autoptr (TestAnswer) answer = ms_test_expect (test, 202, "POST", path, body, NULL);
  g_autoptr (JsonNode) sent = mails (test);

  g_assert_cmpuint (answer->size, ==, 0);
  g_assert_cmpuint (test_json_length (sent, "$"), ==, 1);
  g_assert_cmpstr (test_json_string (sent, "$[0].from"), ==, user->mail);
  g_assert_cmpstr (test_json_string (sent, "$[0].to[0]"), ==, "admin@example.org");
  g_assert_cmpstr (test_json_string (sent, "$[0].content"), ==, "<p>All well</p>");
  g_assert_false (test_json_bool (sent, "$[0].saved_to_sent_items"));

  test_answer_free (ms_test_expect (test, 202, "POST", escaped_path, body, NULL));
  user->mailbox = FALSE;
  ms_test_refused (test, 404, "MailboxNotEnabledForRESTAPI", "POST", path, body, NULL);
  user->mailbox = TRUE;
  ms_test_refused (test, 404, "ErrorInvalidUser", "POST", "/v1.0/users/nobody@example.org/sendMail", body, NULL);
  ms_test_use_user (test, user, "Mail.Send");
  test_answer_free (ms_test_expect (test, 202, "POST", "/v1.0/me/sendMail", body, NULL));
  g_free (g_steal_pointer (&path));
  path = g_strdup_printf ("/v1.0/users/%s/sendMail", ms_test_person (test, 1)->microsoft->id);
  ms_test_refused (test, 403, "ErrorAccessDenied", "POST", path, body, NULL);
}

static void
test_mime_mail (void)
{
  static const char message[] =
      "Subject: Report\r\nTo: Ana <ana@example.org>,\r\n bob@example.org\r\n\r\nTo: nobody\r\n";
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *path = g_strdup_printf ("/v1.0/users/%s/sendMail", ms_test_person (test, 0)->microsoft->id);
  g_autofree char *body = g_base64_encode ((const guchar *) message, strlen (message));
  g_autofree char *lonely = g_base64_encode ((const guchar *) "Subject: x\r\n\r\n", 14);
  g_autoptr (JsonNode) sent = NULL;

  test_answer_free (ms_test_expect (test, 202, "POST", path, body, "Content-Type", "text/plain", NULL));
  ms_test_refused (test, 400, "ErrorMimeContentInvalidBase64String", "POST", path, "not base64!", "Content-Type",
                   "text/plain", NULL);
  ms_test_refused (test, 400, "ErrorInvalidRecipients", "POST", path, lonely, "Content-Type", "text/plain", NULL);
  sent = mails (test);
  g_assert_cmpuint (test_json_length (sent, "$"), ==, 1);
  g_assert_cmpuint (test_json_length (sent, "$[0].to"), ==, 2);
  g_assert_cmpstr (test_json_string (sent, "$[0].to[0]"), ==, "ana@example.org");
  g_assert_cmpstr (test_json_string (sent, "$[0].to[1]"), ==, "bob@example.org");
  g_assert_cmpstr (test_json_string (sent, "$[0].subject"), ==, "Report");
  g_assert_cmpstr (test_json_string (sent, "$[0].content"), ==, message);
}

static void
test_mail_refusals (void)
{
  static const struct {
    const char *code, *body;
  } bad[] = {
    { "ErrorInvalidRequest", "{}" },
    { "ErrorInvalidRequest", "{\"message\":1}" },
    { "ErrorInvalidRequest", "{\"message\":{},\"saveToSentItems\":\"no\"}" },
    { "ErrorInvalidRecipients", "{\"message\":{\"subject\":\"x\"}}" },
    { "ErrorInvalidRecipients", "{\"message\":{\"toRecipients\":\"a@b.c\"}}" },
    { "ErrorInvalidRecipients", "{\"message\":{\"toRecipients\":[{\"emailAddress\":{\"address\":\"nobody\"}}]}}" },
    { "ErrorInvalidRecipients", "{\"message\":{\"toRecipients\":[{\"address\":\"a@b.c\"}]}}" },
    { "RequestBodyRead",
      "{\"message\":{\"body\":{\"contentType\":\"PDF\"},\"toRecipients\":[{\"emailAddress\":{\"address\":"
      "\"a@b.c\"}}]}}" },
  };
  g_autoptr (MsTest) test = ms_test_new ();
  g_autofree char *path = g_strdup_printf ("/v1.0/users/%s/sendMail", ms_test_person (test, 0)->microsoft->id);
  g_autoptr (JsonNode) sent = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    ms_test_refused (test, 400, bad[i].code, "POST", path, bad[i].body, NULL);
  sent = mails (test);
  g_assert_cmpuint (test_json_length (sent, "$"), ==, 0);
}

static gboolean
filter_fits (const char *text, PsTenantMicrosoftUser *user, gboolean *understood)
{
  g_autofree char *problem = NULL;
  gboolean advanced = FALSE, fits;
  PsTenantMsFilter *filter = ps_tenant_ms_filter_parse (&ps_tenant_ms_user_type, text, &advanced, &problem);

  *understood = filter != NULL;
  g_assert_true ((problem == NULL) == *understood);
  fits = filter != NULL && ps_tenant_ms_filter_fits (filter, user);
  ps_tenant_ms_filter_free (filter);
  return fits;
}

static void
test_filter_language (void)
{
  const char *proxies[] = { "SMTP:ana@example.org", "smtp:a.o'neil@example.org", NULL };
  PsTenantMicrosoftUser user = { .id = (char *) "abc",
                                 .display_name = (char *) "Ana O'Neil",
                                 .enabled = TRUE,
                                 .user_principal_name = (char *) "ana@example.org",
                                 .proxy_addresses = (GStrv) proxies };
  static const struct {
    const char *text;
    int fits; /* -1: not understood */
  } cases[] = {
    { "accountEnabled eq true", 1 },
    { "accountEnabled eq false", 0 },
    { "accountEnabled ne true", 0 },
    { "not(accountEnabled eq true)", 0 },
    { "not accountEnabled eq false", 1 },
    { "displayName eq 'ana o''neil'", 1 },
    { "mail eq null", 1 },
    { "mail eq 'x'", 0 },
    { "userType eq 'Member' and accountEnabled eq true", 1 },
    { "userType eq 'Guest' or accountEnabled eq true", 1 },
    { "userType eq 'Guest' and accountEnabled eq true or mail eq null", 1 },
    { "userType eq 'Guest' and (accountEnabled eq true or mail eq null)", 0 },
    { "startswith(displayName,'An')", 1 },
    { "startsWith(displayName, 'Bn')", 0 },
    { "endsWith(userPrincipalName,'@example.org')", 1 },
    { "id in ('x','abc')", 1 },
    { "id in ('x')", 0 },
    { "proxyAddresses/any(p:p eq 'smtp:a.o''neil@example.org')", 1 },
    { "proxyAddresses/any(p:startswith(p,'smtp:ana'))", 1 },
    { "proxyAddresses/any(p:p eq 'smtp:nobody')", 0 },
    { "", -1 },
    { "accountEnabled", -1 },
    { "accountEnabled eq", -1 },
    { "accountEnabled eq 'true'", -1 },
    { "accountEnabled eq maybe", -1 },
    { "displayName eq 'x", -1 },
    { "displayName eq x", -1 },
    { "displayName eq 'x' and", -1 },
    { "displayName eq 'x' nonsense", -1 },
    { "(displayName eq 'x'", -1 },
    { "nonsense eq 'x'", -1 },
    { "mobilePhone eq 'x'", -1 },
    { "proxyAddresses eq 'x'", -1 },
    { "displayName/any(x:x eq 'x')", -1 },
    { "proxyAddresses/any(p:q eq 'x')", -1 },
    { "startswith(displayName)", -1 },
    { "id in ('x',)", -1 },
    { "id in ('x'", -1 },
    { "((((((((((((((((((((((((((((((((((((((((", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gboolean understood = FALSE;
    gboolean fits = filter_fits (cases[i].text, &user, &understood);

    if (understood != (cases[i].fits >= 0) || fits != (cases[i].fits > 0))
      g_error ("%s", cases[i].text);
  }
}

static void
test_search_language (void)
{
  PsTenantMicrosoftUser user = { .display_name = (char *) "Ana Maria Neil", .mail = (char *) "ana@example.org" };
  static const struct {
    const char *text;
    int fits;
  } cases[] = {
    { "\"displayName:ana\"", 1 },
    { "\"displayName:MARIA\"", 1 },
    { "\"displayName:aria\"", 0 },
    { "\"mail:ana@\"", 1 },
    { "\"displayName:x\" OR \"mail:ana\"", 1 },
    { "\"displayName:x\" AND \"mail:ana\"", 0 },
    { "\"displayName:x\" AND \"mail:ana\" OR \"displayName:neil\"", 1 },
    { "displayName:ana", -1 },
    { "\"ana\"", -1 },
    { "\"nonsense:ana\"", -1 },
    { "\"displayName:\"", -1 },
    { "\"displayName:ana\" \"mail:ana\"", -1 },
    { "\"displayName:ana\" OR ", -1 },
    { "\"displayName:ana", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *problem = NULL;
    PsTenantMsSearch *search = ps_tenant_ms_search_parse (&ps_tenant_ms_user_type, cases[i].text, &problem);

    if ((search != NULL) != (cases[i].fits >= 0) ||
        (search != NULL && ps_tenant_ms_search_fits (search, &user) != cases[i].fits))
      g_error ("%s", cases[i].text);
    g_clear_pointer (&search, ps_tenant_ms_search_free);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/microsoft/batch/parts", test_batch);
  g_test_add_func ("/microsoft/batch/refusals", test_batch_refusals);
  g_test_add_func ("/microsoft/batch/dependencies", test_batch_dependencies);
  g_test_add_func ("/microsoft/batch/limit", test_batch_limit);
  g_test_add_func ("/microsoft/mail/send", test_mail);
  g_test_add_func ("/microsoft/mail/mime", test_mime_mail);
  g_test_add_func ("/microsoft/mail/refusals", test_mail_refusals);
  g_test_add_func ("/microsoft/filter/language", test_filter_language);
  g_test_add_func ("/microsoft/search/language", test_search_language);
  return g_test_run ();
}
