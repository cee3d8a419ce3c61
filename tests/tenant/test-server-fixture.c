/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "test-server-fixture.h"

#include <string.h>

#define DEADLINE_S 20

static gboolean
deadline_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_CONTINUE;
}

void
test_wait (TestCondition condition, gpointer data)
{
  gboolean late = FALSE;
  guint timer = g_timeout_add_seconds (DEADLINE_S, deadline_cb, &late);

  while (!condition (data) && !late)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timer);
  g_assert_false (late);
}

gboolean
test_is_set (gpointer pointer)
{
  return *(gpointer *) pointer != NULL;
}

gboolean
test_is_nonzero (gpointer pointer)
{
  return *(guint *) pointer != 0;
}

TestServer *
test_server_new (const PsTenantServerOptions *options)
{
  const PsTenantServerOptions standard = TEST_SERVER_OPTIONS;
  g_autoptr (GError) error = NULL;
  TestServer *test = g_new0 (TestServer, 1);

  test->server = ps_tenant_server_new (options != NULL ? options : &standard, &error);
  g_assert_no_error (error);
  test->session = soup_session_new ();
  return test;
}

void
test_server_free (TestServer *test)
{
  soup_session_abort (test->session);
  g_assert_finalize_object (test->session);
  g_assert_finalize_object (test->server);
  while (g_main_context_iteration (NULL, FALSE))
    ; /* what was cancelled reports so */
  g_free (test);
}

void
test_answer_free (TestAnswer *answer)
{
  g_clear_pointer (&answer->headers, soup_message_headers_unref);
  g_clear_pointer (&answer->json, json_node_unref);
  g_clear_error (&answer->error);
  g_free (answer->text);
  g_free (answer);
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static TestAnswer *
answer_new (SoupMessage *message, GBytes *body, GError *error)
{
  TestAnswer *answer = g_new0 (TestAnswer, 1);
  const char *data;

  answer->error = error;
  answer->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  if (body == NULL)
    return answer;
  answer->status = soup_message_get_status (message);
  data = g_bytes_get_data (body, &answer->size);
  answer->text = g_strndup (data, answer->size);
  answer->json = answer->size > 0 ? json_from_string (answer->text, NULL) : NULL;
  return answer;
}

TestAnswer *
test_server_ask (TestServer *test, const char *method, const char *target, const char *content_type, const char *body)
{
  g_autofree char *address = g_strconcat (ps_tenant_server_origin (test->server), target, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) reply = NULL;
  GError *error = NULL;

  g_assert_nonnull (message);
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, content_type, bytes);
  }
  soup_session_send_and_read_async (test->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
  test_wait (test_is_set, &result);
  reply = soup_session_send_and_read_finish (test->session, result, &error);
  return answer_new (message, reply, error);
}

TestAnswer *
test_server_json (TestServer *test, const char *method, const char *target, const char *body, guint status)
{
  TestAnswer *answer = test_server_ask (test, method, target, "application/json", body);

  g_assert_no_error (answer->error);
  if (answer->status != status)
    g_test_message ("%s %s: %s", method, target, answer->text);
  g_assert_cmpuint (answer->status, ==, status);
  g_assert_nonnull (answer->json);
  return answer;
}

JsonNode *
test_json_at (JsonNode *root, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) found = json_path_query (path, root, &error);
  JsonArray *array;

  g_assert_no_error (error);
  array = json_node_get_array (found);
  if (json_array_get_length (array) != 1) {
    g_autofree char *text = json_to_string (root, TRUE);

    g_test_message ("%s is not in %s", path, text);
  }
  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  return json_node_ref (json_array_get_element (array, 0));
}

const char *
test_json_string (JsonNode *root, const char *path)
{
  g_autoptr (JsonNode) node = test_json_at (root, path);

  if (JSON_NODE_HOLDS_NULL (node))
    return NULL;
  g_assert_true (json_node_get_value_type (node) == G_TYPE_STRING);
  return json_node_get_string (node); /* the copy shares it with @root */
}

gint64
test_json_int (JsonNode *root, const char *path)
{
  g_autoptr (JsonNode) node = test_json_at (root, path);

  g_assert_true (json_node_get_value_type (node) == G_TYPE_INT64);
  return json_node_get_int (node);
}

gboolean
test_json_bool (JsonNode *root, const char *path)
{
  g_autoptr (JsonNode) node = test_json_at (root, path);

  g_assert_true (json_node_get_value_type (node) == G_TYPE_BOOLEAN);
  return json_node_get_boolean (node);
}

guint
test_json_length (JsonNode *root, const char *path)
{
  g_autoptr (JsonNode) node = test_json_at (root, path);

  g_assert_true (JSON_NODE_HOLDS_ARRAY (node));
  return json_array_get_length (json_node_get_array (node));
}
