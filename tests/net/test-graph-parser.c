/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON in general, and Graph's replies in particular: whole, broken, of wrong types, huge and deep.
 */
#include "config.h"

#include <string.h>

#include "ps-error.h"
#include "ps-graph-parser.h"
#include "ps-json.h"

static GBytes *
bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

/* --- JSON --- */

static const struct {
  const char *text;
  gsize length; /* 0: strlen */
} not_json[] = {
  { "" },
  { " " },
  { "{" },
  { "{\"a\":" },
  { "{\"a\":1" },
  { "{\"a\":1}}" },
  { "[1,2" },
  { "\"open" },
  { "{\"a\":\"x" },
  { "{\"a\":\"\\" },
  { "{\"a\":\"\\u12" },
  { "{\"a\":\"\\u12zz\"}" },
  { "<html><body>Please sign in</body></html>" },
  { "nonsense" },
  { "{'a':1}" },
  { "{\"a\":1} // comment" },
  { "/* \" */ {\"a\":1}" },
  { "{\"a\":\"new\nline\"}" },
  { "{\"a\":\0 1}", 9 },
  { "{\"a\":\"\0\"}", 9 },
  { "{\"a\":\"\xff\xfe\"}" },
  { "\xff\xfe{\0}\0", 6 },
  { "{\"a\":\"\xed\xa0\x80\"}" },
};

static void
test_not_json (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (not_json); i++) {
    gsize length = not_json[i].length > 0 ? not_json[i].length : strlen (not_json[i].text);
    g_autoptr (GBytes) body = g_bytes_new (not_json[i].text, length);
    g_autoptr (GError) error = NULL;

    g_test_message ("case %u", i);
    g_assert_null (ps_json_parse (body, &error));
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  }
}

static char *
nested (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '[');
  g_autofree char *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
test_depth (void)
{
  static const guint depths[] = { PS_JSON_MAX_DEPTH, PS_JSON_MAX_DEPTH + 1, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (depths); i++) {
    g_autofree char *text = nested (depths[i]);
    g_autoptr (GBytes) body = bytes (text);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = ps_json_parse (body, &error);

    if (depths[i] <= PS_JSON_MAX_DEPTH)
      g_assert_no_error (error);
    else
      g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  }
}

/* json-glib asserts on these; a person's name that was cut in the middle of an emoji must not end the program. */
static void
test_half_surrogates (void)
{
  static const struct {
    const char *text, *value;
  } cases[] = {
    { "{\"a\":\"x\\ud83d\\ude00y\"}", "x\xf0\x9f\x98\x80y" },
    { "{\"a\":\"x\\ud83dy\"}", "x\xef\xbf\xbdy" },
    { "{\"a\":\"x\\ude00\"}", "x\xef\xbf\xbd" },
    { "{\"a\":\"\\ud83d\\ud83d\\ude00\"}", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
    { "{\"a\":\"\\ud83d\\n\"}", "\xef\xbf\xbd\n" },
    { "{\"a\":\"x\\u0000y\"}", "x\xef\xbf\xbdy" },
    { "{\"a\":\"\\\\ud83d\"}", "\\ud83d" },
    { "\xef\xbb\xbf{\"a\":\"after a byte order mark\"}", "after a byte order mark" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) body = bytes (cases[i].text);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) object = ps_json_parse_object (body, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (ps_json_string (object, "a"), ==, cases[i].value);
  }
}

static void
test_getters (void)
{
  g_autoptr (GBytes) body =
      bytes ("{\"s\":\"t\",\"e\":\"\",\"n\":null,\"i\":7,\"d\":7.0,\"huge\":1e300,\"b\":true,\"o\":{\"x\":1},"
             "\"a\":[1,\"two\",{\"three\":3},null],\"text\":\"3599\",\"big\":9007199254740993}");
  g_autoptr (JsonObject) object = ps_json_parse_object (body, NULL);
  JsonArray *array = ps_json_array (object, "a");
  static const char *const names[] = { "s", "e", "n", "i", "d", "huge", "b", "o", "a", "missing" };
  g_autofree char *id = ps_json_id (object, "big");
  g_autofree char *text_id = ps_json_id (object, "s");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *some_id = ps_json_id (object, names[i]);

    g_assert_cmpint (ps_json_string (object, names[i]) != NULL, ==, i <= 1);
    g_assert_cmpint (ps_json_object (object, names[i]) != NULL, ==, strcmp (names[i], "o") == 0);
    g_assert_cmpint (ps_json_array (object, names[i]) != NULL, ==, strcmp (names[i], "a") == 0);
    g_assert_cmpint (ps_json_boolean (object, names[i], FALSE), ==, strcmp (names[i], "b") == 0);
    g_assert_cmpint (ps_json_integer (object, names[i], -1), ==,
                     strcmp (names[i], "i") == 0 || strcmp (names[i], "d") == 0 ? 7 : -1);
  }
  g_assert_cmpint (ps_json_integer (object, "text", -1), ==, 3599);
  g_assert_cmpstr (id, ==, "9007199254740993");
  g_assert_cmpstr (text_id, ==, "t");
  g_assert_cmpuint (ps_json_length (array), ==, 4);
  g_assert_cmpstr (ps_json_element_string (array, 1), ==, "two");
  g_assert_null (ps_json_element_string (array, 0));
  g_assert_null (ps_json_element_string (array, 4));
  g_assert_nonnull (ps_json_element_object (array, 2));
  g_assert_null (ps_json_element_object (array, 3));
  g_assert_cmpuint (ps_json_length (NULL), ==, 0);
  g_assert_null (ps_json_element_object (NULL, 0));
  g_assert_null (ps_json_string (NULL, "s"));
}

/* --- Users --- */

static GPtrArray *
parse_users (const char *text, PsGraphLinks *links, GError **error)
{
  g_autoptr (GBytes) body = bytes (text);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);

  return ps_graph_parse_users (body, users, links, error) ? g_steal_pointer (&users) : NULL;
}

static void
test_users (void)
{
  g_auto (PsGraphLinks) links = { NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) users = parse_users ("{\"@odata.context\":\"c\",\"@odata.nextLink\":\"https://n\",\"value\":["
                                             "{\"id\":\"1\",\"displayName\":\"Ana\",\"userPrincipalName\":\"ana@c."
                                             "example\",\"mail\":\"Ana@C.example\",\"proxyAddresses\":"
                                             "[\"SMTP:Ana@C.example\",\"smtp:a@c.example\",\"SIP:ana@c.example\","
                                             "\"smtp:\",7,\"x500:/o=x\"],\"accountEnabled\":true,"
                                             "\"userType\":\"Member\",\"department\":\"Sales\",\"jobTitle\":\"Boss\","
                                             "\"mobilePhone\":\"+1\",\"businessPhones\":[\"+2\",null]},"
                                             "{\"id\":\"2\",\"displayName\":null,\"mail\":\"\",\"accountEnabled\":"
                                             "false,\"userType\":\"Guest\",\"proxyAddresses\":[]},"
                                             "{\"id\":\"3\",\"@removed\":{\"reason\":\"changed\"}},"
                                             "{\"id\":\"4\",\"displayName\":{\"x\":1},\"mail\":[],\"accountEnabled\":"
                                             "\"yes\",\"userType\":7,\"proxyAddresses\":\"x\"}]}",
                                             &links, &error);
  PsMicrosoftUser *ana;

  g_assert_no_error (error);
  g_assert_cmpuint (users->len, ==, 4);
  g_assert_cmpstr (links.next, ==, "https://n");
  g_assert_null (links.delta);
  ana = g_ptr_array_index (users, 0);
  g_assert_cmpstr (ana->id, ==, "1");
  g_assert_cmpstr (ana->display_name, ==, "Ana");
  g_assert_cmpstr (ana->mail, ==, "Ana@C.example");
  g_assert_cmpuint (g_strv_length (ana->aliases), ==, 2);
  g_assert_cmpstr (ana->aliases[0], ==, "Ana@C.example");
  g_assert_cmpstr (ana->aliases[1], ==, "a@c.example");
  g_assert_cmpstr (ana->business_phones[0], ==, "+2");
  g_assert_cmpuint (g_strv_length (ana->business_phones), ==, 1);
  g_assert_true (ana->enabled && !ana->guest && !ana->deleted);
  g_assert_false (((PsMicrosoftUser *) g_ptr_array_index (users, 1))->enabled);
  g_assert_true (((PsMicrosoftUser *) g_ptr_array_index (users, 1))->guest);
  g_assert_null (((PsMicrosoftUser *) g_ptr_array_index (users, 1))->mail);
  g_assert_null (((PsMicrosoftUser *) g_ptr_array_index (users, 1))->aliases);
  g_assert_true (((PsMicrosoftUser *) g_ptr_array_index (users, 2))->deleted);
  g_assert_null (((PsMicrosoftUser *) g_ptr_array_index (users, 3))->display_name);
}

static const char *const bad_collections[] = {
  "",
  "{}",
  "[]",
  "null",
  "7",
  "{\"value\":null}",
  "{\"value\":{}}",
  "{\"value\":\"x\"}",
  "{\"value\":[",
  "<html></html>",
};
static const char *const bad_entries[] = {
  "{\"value\":[null]}", "{\"value\":[7]}",          "{\"value\":[[]]}",
  "{\"value\":[{}]}",   "{\"value\":[{\"id\":7}]}", "{\"value\":[{\"id\":\"\"}]}",
};

static gboolean
parse_with (guint parser, const char *text, GError **error)
{
  g_autoptr (GBytes) body = bytes (text);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GArray) presences = g_array_new (FALSE, FALSE, sizeof (PsTeamsPresence));
  GStringChunk *strings = g_string_chunk_new (64);
  g_autofree char *name = NULL;
  gboolean ok = FALSE;

  if (parser == 0)
    ok = ps_graph_parse_users (body, users, NULL, error);
  else if (parser == 1)
    ok = ps_graph_parse_ids (body, ids, NULL, error);
  else if (parser == 2)
    ok = (name = ps_graph_parse_organization (body, error)) != NULL;
  else
    ok = ps_graph_parse_presences (body, presences, strings, error);
  g_string_chunk_free (strings);
  return ok;
}

static void
test_bad_replies (void)
{
  for (guint parser = 0; parser < 4; parser++) {
    for (guint i = 0; i < G_N_ELEMENTS (bad_collections); i++) {
      g_autoptr (GError) error = NULL;

      g_assert_false (parse_with (parser, bad_collections[i], &error));
      g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
    }
    for (guint i = 0; i < G_N_ELEMENTS (bad_entries) && parser < 3; i++) {
      g_autoptr (GError) error = NULL;

      g_assert_false (parse_with (parser, bad_entries[i], &error));
      g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
    }
  }
}

/* Presence: an entry that says nothing is like one that is not there; it must not blind 649 others. */
static void
test_presences (void)
{
  g_autoptr (GBytes) body =
      bytes ("{\"value\":[null,7,{},{\"id\":7},{\"id\":\"a\",\"availability\":\"Busy\",\"activity\":\"InAMeeting\","
             "\"sequenceNumber\":\"A0\","
             "\"outOfOfficeSettings\":{\"isOutOfOffice\":true,\"message\":null},\"statusMessage\":null},"
             "{\"id\":\"b\",\"availability\":null,\"activity\":{},\"outOfOfficeSettings\":[]},"
             "{\"id\":\"c\",\"availability\":\"available\",\"activity\":\"available\"}]}");
  g_autoptr (GArray) presences = g_array_new (FALSE, FALSE, sizeof (PsTeamsPresence));
  GStringChunk *strings = g_string_chunk_new (64);
  g_autoptr (GError) error = NULL;
  PsTeamsPresence *seen;

  g_assert_true (ps_graph_parse_presences (body, presences, strings, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (presences->len, ==, 3);
  seen = (PsTeamsPresence *) (gpointer) presences->data;
  g_assert_cmpstr (seen[0].id, ==, "a");
  g_assert_cmpint (seen[0].reading.status, ==, PS_TEAMS_IN_A_MEETING);
  g_assert_true (seen[0].reading.out_of_office);
  g_assert_cmpstr (seen[0].reading.sequence, ==, "A0");
  g_assert_cmpint (seen[1].reading.status, ==, PS_TEAMS_UNKNOWN);
  g_assert_cmpint (seen[2].reading.status, ==, PS_TEAMS_AVAILABLE);
  g_string_chunk_free (strings);
}

static void
test_huge (void)
{
  GString *text = g_string_new ("{\"value\":[");
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append_printf (text, "%s{\"id\":\"%u\",\"n\":123456789012345678901234567890,\"f\":-1e999}",
                            i > 0 ? "," : "", i);
  g_string_append (text, "]}");
  body = g_string_free_to_bytes (text);
  g_assert_true (ps_graph_parse_ids (body, ids, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, 100000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json/not-json", test_not_json);
  g_test_add_func ("/json/depth", test_depth);
  g_test_add_func ("/json/half-surrogates", test_half_surrogates);
  g_test_add_func ("/json/getters", test_getters);
  g_test_add_func ("/graph-parser/users", test_users);
  g_test_add_func ("/graph-parser/bad-replies", test_bad_replies);
  g_test_add_func ("/graph-parser/presences", test_presences);
  g_test_add_func ("/graph-parser/huge", test_huge);
  return g_test_run ();
}
