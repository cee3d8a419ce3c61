/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "scripted-browser.h"

#include <string.h>

#define MAX_REDIRECTS 10

Browser *
browser_new (const char *origin)
{
  Browser *browser = g_new0 (Browser, 1);
  g_autoptr (SoupCookieJar) jar = soup_cookie_jar_new ();

  browser->session = soup_session_new ();
  soup_session_add_feature (browser->session, SOUP_SESSION_FEATURE (jar));
  browser->origin = g_strdup (origin);
  browser->typed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return browser;
}

void
browser_free (Browser *browser)
{
  soup_session_abort (browser->session);
  g_object_unref (browser->session);
  g_clear_pointer (&browser->headers, soup_message_headers_unref);
  g_hash_table_unref (browser->typed);
  g_free (browser->origin);
  g_free (browser->address);
  g_free (browser->html);
  g_free (browser->text);
  g_free (browser->left_to);
  g_free (browser);
}

/* --- reading HTML, as far as our pages go --- */

static char *
plain (const char *markup)
{
  static const struct {
    const char *entity, *text;
  } entities[] = {
    { "&lt;", "<" },   { "&gt;", ">" },   { "&quot;", "\"" }, { "&#39;", "'" },
    { "&apos;", "'" }, { "&nbsp;", " " }, { "&amp;", "&" }
  }; /* & last: what it makes is not looked at again */
  g_autoptr (GString) text = g_string_new (markup);

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (text, entities[i].entity, entities[i].text, 0);
  return g_strdup (text->str);
}

static GHashTable *
read_attributes (const char *markup)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("([a-zA-Z-]+)(?:\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'>]+)))?", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (g_regex_match (regex, markup, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree char *name = g_match_info_fetch (match, 1), *quoted = g_match_info_fetch (match, 2);
    g_autofree char *single = g_match_info_fetch (match, 3), *bare = g_match_info_fetch (match, 4);
    const char *value = quoted != NULL && *quoted != '\0' ? quoted : single != NULL && *single != '\0' ? single : bare;

    g_hash_table_replace (attributes, g_ascii_strdown (name, -1), plain (value != NULL ? value : ""));
  }
  return attributes;
}

typedef struct {
  GHashTable *attributes; /* (owned) */
  char *label;            /* (owned) (nullable): of a button */
} Control;

static void
control_free (Control *control)
{
  g_hash_table_unref (control->attributes);
  g_free (control->label);
  g_free (control);
}

static const char *
attribute (const Control *control, const char *name)
{
  return g_hash_table_lookup (control->attributes, name);
}

static gboolean
has_type (const Control *control, const char *type)
{
  return g_strcmp0 (attribute (control, "type"), type) == 0;
}

static gboolean
is_button (const Control *control)
{
  return control->label != NULL || has_type (control, "submit");
}

static gboolean
is_box (const Control *control)
{
  return has_type (control, "checkbox") || has_type (control, "radio");
}

static char *
readable (const char *html)
{
  g_autoptr (GRegex) unseen =
      g_regex_new ("<(style|title|script)\\b.*?</\\1>", G_REGEX_DOTALL | G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GRegex) tags = g_regex_new ("<[^>]*>", 0, 0, NULL);
  g_autoptr (GRegex) blanks = g_regex_new ("\\s+", 0, 0, NULL);
  g_autofree char *seen = g_regex_replace_literal (unseen, html, -1, 0, " ", 0, NULL);
  g_autofree char *words = g_regex_replace_literal (tags, seen, -1, 0, " ", 0, NULL);
  g_autofree char *line = g_regex_replace_literal (blanks, words, -1, 0, " ", 0, NULL);

  return plain (line);
}

/* Returns: (transfer full): the controls of one form's markup, in order. */
static GPtrArray *
read_controls (const char *markup)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("<input\\b([^>]*)>|<button\\b([^>]*)>(.*?)</button>", G_REGEX_DOTALL | G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  GPtrArray *controls = g_ptr_array_new_with_free_func ((GDestroyNotify) control_free);

  for (g_regex_match (regex, markup, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree char *input = g_match_info_fetch (match, 1), *button = g_match_info_fetch (match, 2);
    g_autofree char *label = g_match_info_fetch (match, 3);
    Control *control = g_new0 (Control, 1);
    int start = -1;

    if (g_match_info_fetch_pos (match, 2, &start, NULL) && start >= 0) {
      g_autofree char *text = readable (label);

      control->label = g_strdup (g_strstrip (text));
    }
    control->attributes = read_attributes (control->label != NULL ? button : input);
    g_ptr_array_add (controls, control);
  }
  return controls;
}

/* Calls @look with each form, until it answers TRUE. */
typedef gboolean (*FormFunc) (Browser *browser, GHashTable *form, GPtrArray *controls, gpointer data);

static gboolean
each_form (Browser *browser, FormFunc look, gpointer data)
{
  g_autoptr (GRegex) regex = g_regex_new ("<form\\b([^>]*)>(.*?)</form>", G_REGEX_DOTALL | G_REGEX_CASELESS, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *html = g_strdup (browser->html); /* pressing a button loads another page */

  g_assert_nonnull (html);
  for (g_regex_match (regex, html, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL)) {
    g_autofree char *head = g_match_info_fetch (match, 1), *body = g_match_info_fetch (match, 2);
    g_autoptr (GHashTable) form = read_attributes (head);
    g_autoptr (GPtrArray) controls = read_controls (body);

    if (look (browser, form, controls, data))
      return TRUE;
  }
  return FALSE;
}

/* --- loading --- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
is_ours (Browser *browser, const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL), ours = NULL;

  ours = g_uri_parse (browser->origin, SOUP_HTTP_URI_FLAGS, NULL);
  return uri != NULL && g_strcmp0 (g_uri_get_scheme (uri), g_uri_get_scheme (ours)) == 0 &&
         g_strcmp0 (g_uri_get_host (uri), g_uri_get_host (ours)) == 0 && g_uri_get_port (uri) == g_uri_get_port (ours);
}

static void
show (Browser *browser, const char *address, SoupMessage *message, GBytes *body)
{
  g_free (browser->address);
  browser->address = g_strdup (address);
  browser->status = soup_message_get_status (message);
  g_clear_pointer (&browser->headers, soup_message_headers_unref);
  browser->headers = soup_message_headers_ref (soup_message_get_response_headers (message));
  g_free (browser->html);
  browser->html =
      g_bytes_get_size (body) > 0 ? g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body)) : g_strdup ("");
  g_free (browser->text);
  browser->text = readable (browser->html);
  g_hash_table_remove_all (browser->typed);
}

/* @form: (nullable): the fields to post. */
static void
load (Browser *browser, const char *method, const char *start, const char *form)
{
  g_autofree char *address = g_strdup (start);

  g_clear_pointer (&browser->left_to, g_free);
  for (guint i = 0; i < MAX_REDIRECTS; i++) {
    g_autoptr (SoupMessage) message = soup_message_new (method, address);
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) body = NULL;
    const char *location;

    g_assert_nonnull (message);
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
    if (form != NULL) {
      g_autoptr (GBytes) bytes = g_bytes_new (form, strlen (form));

      soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", bytes);
    }
    soup_session_send_and_read_async (browser->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
    test_wait (test_is_set, &result);
    body = soup_session_send_and_read_finish (browser->session, result, &error);
    g_assert_no_error (error);
    show (browser, address, message, body);
    location = soup_message_headers_get_one (browser->headers, "Location");
    if (browser->status / 100 != 3 || location == NULL)
      return;
    g_free (address);
    address = g_uri_resolve_relative (browser->address, location, SOUP_HTTP_URI_FLAGS, &error);
    g_assert_no_error (error);
    if (!is_ours (browser, address)) {
      browser->left_to = g_steal_pointer (&address);
      return;
    }
    method = "GET"; /* RFC 9110 §15.4: as browsers do after a form */
    form = NULL;
  }
  g_error ("%s leads round and round", start);
}

void
browser_open (Browser *browser, const char *address)
{
  load (browser, "GET", address, NULL);
}

/* --- forms --- */

typedef struct {
  const char *name, *label;
  char *value;
} Search;

static gboolean
find_field (Browser *browser, GHashTable *form, GPtrArray *controls, gpointer data)
{
  Search *search = data;

  for (guint i = 0; i < controls->len; i++) {
    const Control *control = controls->pdata[i];

    if (!is_button (control) && !has_type (control, "hidden") &&
        g_strcmp0 (attribute (control, "name"), search->name) == 0) {
      search->value = g_strdup (attribute (control, "value"));
      return TRUE;
    }
  }
  return FALSE;
}

char *
browser_field (Browser *browser, const char *field)
{
  Search search = { .name = field };

  return each_form (browser, find_field, &search) && search.value == NULL ? g_strdup ("") : search.value;
}

void
browser_type (Browser *browser, const char *field, const char *value)
{
  g_autofree char *before = browser_field (browser, field);

  if (before == NULL)
    g_error ("There is no field “%s” on this page: %s", field, browser->text);
  g_hash_table_replace (browser->typed, g_strdup (field), g_strdup (value));
}

static const Control *
find_button (GPtrArray *controls, const char *label)
{
  for (guint i = 0; i < controls->len; i++) {
    const Control *control = controls->pdata[i];
    const char *text = control->label != NULL ? control->label : attribute (control, "value");

    if (is_button (control) && g_strcmp0 (text, label) == 0)
      return control;
  }
  return NULL;
}

static void
append_field (GString *form, const char *name, const char *value)
{
  g_autofree char *encoded_name = g_uri_escape_string (name, NULL, FALSE);
  g_autofree char *encoded_value = g_uri_escape_string (value != NULL ? value : "", NULL, FALSE);

  g_string_append_printf (form, "%s%s=%s", form->len > 0 ? "&" : "", encoded_name, encoded_value);
}

/* What the form sends when @pressed is pressed. */
static char *
encode_form (Browser *browser, GPtrArray *controls, const Control *pressed)
{
  g_autoptr (GString) form = g_string_new (NULL);

  for (guint i = 0; i < controls->len; i++) {
    const Control *control = controls->pdata[i];
    const char *name = attribute (control, "name");
    const char *typed = name != NULL ? g_hash_table_lookup (browser->typed, name) : NULL;

    if (name == NULL || *name == '\0' || (is_button (control) && control != pressed))
      continue;
    if (is_box (control)) {
      if (typed != NULL || attribute (control, "checked") != NULL)
        append_field (form, name, attribute (control, "value") != NULL ? attribute (control, "value") : "on");
    } else {
      append_field (form, name, typed != NULL ? typed : attribute (control, "value"));
    }
  }
  return g_strdup (form->str);
}

static gboolean
press_in_form (Browser *browser, GHashTable *form, GPtrArray *controls, gpointer data)
{
  const Control *pressed = find_button (controls, ((Search *) data)->label);
  g_autofree char *fields = NULL, *address = NULL;
  const char *action = g_hash_table_lookup (form, "action"), *method = g_hash_table_lookup (form, "method");
  gboolean post = method != NULL && g_ascii_strcasecmp (method, "post") == 0;

  if (pressed == NULL)
    return FALSE;
  fields = encode_form (browser, controls, pressed);
  address = g_uri_resolve_relative (browser->address, action != NULL ? action : "", SOUP_HTTP_URI_FLAGS, NULL);
  g_assert_nonnull (address);
  if (!post) {
    g_autofree char *with_query = g_strconcat (address, "?", fields, NULL);

    load (browser, "GET", with_query, NULL);
  } else {
    load (browser, "POST", address, fields);
  }
  return TRUE;
}

void
browser_press (Browser *browser, const char *label)
{
  Search search = { .label = label };

  if (!each_form (browser, press_in_form, &search))
    g_error ("There is no button “%s” on this page: %s", label, browser->text);
}

static gboolean
has_button_in_form (Browser *browser, GHashTable *form, GPtrArray *controls, gpointer data)
{
  return find_button (controls, ((Search *) data)->label) != NULL;
}

gboolean
browser_has_button (Browser *browser, const char *label)
{
  Search search = { .label = label };

  return each_form (browser, has_button_in_form, &search);
}

void
browser_assert_shows (Browser *browser, const char *text)
{
  if (strstr (browser->text, text) == NULL)
    g_error ("“%s” is not on this page: %s", text, browser->text);
}

char *
browser_left_with (Browser *browser, const char *parameter)
{
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GHashTable) query = NULL;

  g_assert_nonnull (browser->left_to);
  uri = g_uri_parse (browser->left_to, SOUP_HTTP_URI_FLAGS, NULL);
  query = soup_form_decode (g_uri_get_query (uri) != NULL ? g_uri_get_query (uri) : "");
  return g_strdup (g_hash_table_lookup (query, parameter));
}
