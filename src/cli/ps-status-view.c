/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-status-view.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-change-line.h"
#include "ps-cli-people.h"
#include "ps-json.h"
#include "ps-lock.h"

void
ps_status_view_free (PsStatusView *view)
{
  g_clear_pointer (&view->root, json_node_unref);
  g_free (view);
}

/* --- loading --- */

/* What a script finds before the engine has ever run. */
static const char empty_status[] =
    "{\"state\": \"not-running\","
    " \"users\": {\"total\": 0, \"synced\": 0, \"failed\": 0, \"not_selected\": 0, \"pending\": 0},"
    " \"waiting\": {\"urgent\": 0, \"normal\": 0, \"cosmetic\": 0, \"teams\": 0, \"eta_ms\": 0},"
    " \"teams\": {\"state\": \"not-connected\", \"last_read\": null, \"period_s\": null, \"calls\": 0},"
    " \"ringcentral\": {\"state\": \"not-connected\", \"socket\": \"closed\", \"last_event\": null, \"calls\": 0},"
    " \"writes\": {\"teams\": 0, \"ringcentral\": 0},"
    " \"throttled\": {\"teams\": 0, \"ringcentral\": 0},"
    " \"delay_ms\": {\"teams_to_ringcentral\": {\"p50\": null, \"p95\": null, \"p99\": null},"
    "                \"ringcentral_to_teams\": {\"p50\": null, \"p95\": null, \"p99\": null}},"
    " \"ledger\": 0, \"cpu_s\": 0, \"rss_bytes\": 0}";

/* Adds to @object what only @defaults has, at every level. */
static void
fill_in (JsonObject *object, JsonObject *defaults)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, defaults);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *present = json_object_get_member (object, name);

    if (present == NULL || (JSON_NODE_HOLDS_OBJECT (value) && !JSON_NODE_HOLDS_OBJECT (present)))
      json_object_set_member (object, name, json_node_copy (value));
    else if (JSON_NODE_HOLDS_OBJECT (value))
      fill_in (json_node_get_object (present), json_node_get_object (value));
  }
}

static JsonNode *
parse_object (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root = NULL;

  if (text != NULL && json_parser_load_from_data (parser, text, -1, NULL))
    root = json_parser_steal_root (parser);
  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    return root;
  g_clear_pointer (&root, json_node_unref);
  root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, json_object_new ());
  return root;
}

static void
put_counts (JsonObject *status, const GPtrArray *rows)
{
  JsonObject *users = json_object_get_object_member (status, "users");
  guint counts[PS_PERSON_PENDING + 1] = { 0 };

  for (guint i = 0; i < rows->len; i++)
    counts[((PsPersonRow *) rows->pdata[i])->status]++;
  json_object_set_int_member (users, "total", rows->len);
  json_object_set_int_member (users, "synced", counts[PS_PERSON_SYNCED]);
  json_object_set_int_member (users, "failed", counts[PS_PERSON_FAILED]);
  json_object_set_int_member (users, "pending", counts[PS_PERSON_PENDING]);
  json_object_set_int_member (users, "not_selected", counts[PS_PERSON_NOT_SELECTED]);
}

/* Without an engine the connections are as they are remembered. */
static gboolean
describe_rest (PsCli *cli, JsonObject *status, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (cli, error);
  g_autoptr (GPtrArray) ledger = people != NULL ? ps_cli_load_ledger (cli, error) : NULL;
  g_autoptr (GHashTable) settings = ledger != NULL ? ps_cli_load_settings (cli, error) : NULL;
  g_autoptr (PsMicrosoftConnection) microsoft = NULL;
  g_autoptr (PsRingCentralConnection) ringcentral = NULL;

  if (settings == NULL)
    return FALSE;
  microsoft = ps_microsoft_connection_load (settings);
  ringcentral = ps_ringcentral_connection_load (settings);
  json_object_set_string_member (status, "state", "not-running");
  json_object_set_int_member (status, "ledger", ledger->len);
  json_object_set_string_member (json_object_get_object_member (status, "teams"), "state",
                                 ps_connection_state_to_word (ps_microsoft_connection_state (microsoft, NULL)));
  json_object_set_string_member (
      json_object_get_object_member (status, "ringcentral"), "state",
      ps_connection_state_to_word (ringcentral != NULL ? PS_CONNECTION_CONNECTED : PS_CONNECTION_NOT_CONNECTED));
  json_object_set_string_member (json_object_get_object_member (status, "ringcentral"), "socket", "closed");
  put_counts (status, people->rows);
  return TRUE;
}

PsStatusView *
ps_status_view_load (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsStatusView) view = g_new0 (PsStatusView, 1);
  g_autoptr (JsonNode) defaults = parse_object (empty_status);
  g_autofree char *text = NULL, *holder = NULL;
  g_autoptr (GError) problem = NULL;
  gint64 written_ms = 0;

  ps_store_load_status_async (ps_cli_store (cli), NULL, ps_await_done, await);
  text = ps_store_load_status_finish (ps_cli_store (cli), ps_await_result (await), &written_ms, &problem);
  if (problem != NULL) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return NULL;
  }
  view->running = ps_lock_is_held (ps_workspace_directory (cli->workspace), &holder);
  view->root = parse_object (text);
  fill_in (json_node_get_object (view->root), json_node_get_object (defaults));
  if (!view->running && !describe_rest (cli, json_node_get_object (view->root), error))
    return NULL;
  if (holder != NULL)
    json_object_set_string_member (json_node_get_object (view->root), "engine", holder);
  else
    json_object_set_null_member (json_node_get_object (view->root), "engine");
  return g_steal_pointer (&view);
}

/* --- for people --- */

static guint
number (const PsStatusView *view, const char *group, const char *name)
{
  JsonObject *object = json_node_get_object (view->root);

  return (guint) CLAMP (ps_json_integer (group != NULL ? ps_json_object (object, group) : object, name, 0), 0,
                        G_MAXUINT);
}

static const char *
word (const PsStatusView *view, const char *group, const char *name)
{
  JsonObject *object = json_node_get_object (view->root);

  return ps_json_string (group != NULL ? ps_json_object (object, group) : object, name);
}

static const char *
state_to_text (const char *state)
{
  static const struct {
    const char *word, *text;
  } states[] = {
    { "not-running", N_ ("The engine does not run") },
    { "starting", N_ ("The engine starts") },
    { "running", N_ ("The engine runs") },
    { "interrupted", N_ ("The engine runs, and something keeps it from working") },
    { "undoing", N_ ("The sync is off; what is ours is being undone") },
    { "off", N_ ("The engine runs; the sync is off") },
    { "stopping", N_ ("The engine stops") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (state, states[i].word) == 0)
      return _ (states[i].text);
  return state != NULL ? state : "";
}

static const char *
connection_to_text (const char *word)
{
  for (PsConnectionState state = PS_CONNECTION_NOT_CONNECTED; state <= PS_CONNECTION_INTERRUPTED; state++)
    if (g_strcmp0 (word, ps_connection_state_to_word (state)) == 0)
      return ps_connection_state_to_text (state);
  return word != NULL ? word : "";
}

static char *
time_of_day (const char *iso8601)
{
  g_autoptr (GDateTime) time = iso8601 != NULL ? g_date_time_new_from_iso8601 (iso8601, NULL) : NULL;
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, "%X") : g_strdup ("–");
}

static void
add_line (GPtrArray *lines, const char *label, const char *format, ...)
{
  g_autofree char *text = NULL, *clean = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  clean = ps_text_clean (text, 0);
  g_ptr_array_add (lines, g_strdup_printf ("%s%*s %s", label, (int) (14 - MIN (ps_text_width (label), 14)), "", clean));
}

static void
add_delays (GPtrArray *lines, const PsStatusView *view, const char *label, const char *name)
{
  JsonObject *delays = ps_json_object (json_node_get_object (view->root), "delay_ms");
  JsonObject *one = ps_json_object (delays, name);
  gint64 half = ps_json_integer (one, "p50", -1);

  if (half >= 0) {
    g_autofree char *p50 = ps_delay_to_text (half), *p95 = ps_delay_to_text (ps_json_integer (one, "p95", 0));

    add_line (lines, label, _ ("half within %s, 95 %% within %s"), p50, p95);
  }
}

static void
add_problem (GPtrArray *lines, const char *problem)
{
  if (problem != NULL)
    add_line (lines, "", "%s", problem);
}

GPtrArray *
ps_status_view_lines (const PsStatusView *view)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *last_read = time_of_day (word (view, "teams", "last_read"));
  g_autofree char *last_event = time_of_day (word (view, "ringcentral", "last_event"));
  g_autofree char *counter = ps_counter_line (number (view, "users", "total"), number (view, "users", "synced"),
                                              number (view, "users", "failed"), number (view, "users", "not_selected"));

  add_line (lines, _ ("Engine"), "%s%s%s", state_to_text (word (view, NULL, "state")),
            word (view, NULL, "engine") != NULL ? ": " : "",
            word (view, NULL, "engine") != NULL ? word (view, NULL, "engine") : "");
  add_problem (lines, word (view, NULL, "problem"));
  add_line (lines, _ ("People"), "%s", counter);
  add_line (lines, "Teams", _ ("%s, last read %s, %u calls"), connection_to_text (word (view, "teams", "state")),
            last_read, number (view, "teams", "calls"));
  add_problem (lines, word (view, "teams", "problem"));
  add_line (lines, "RingCentral", _ ("%s, last event %s, %u calls"),
            connection_to_text (word (view, "ringcentral", "state")), last_event,
            number (view, "ringcentral", "calls"));
  add_problem (lines, word (view, "ringcentral", "problem"));
  add_line (lines, _ ("Waiting"), _ ("%u urgent, %u normal, %u cosmetic"), number (view, "waiting", "urgent"),
            number (view, "waiting", "normal"), number (view, "waiting", "cosmetic"));
  add_line (lines, _ ("Written"), _ ("%u in Teams, %u in RingCentral"), number (view, "writes", "teams"),
            number (view, "writes", "ringcentral"));
  add_line (lines, _ ("Throttled"), _ ("%u by Teams, %u by RingCentral"), number (view, "throttled", "teams"),
            number (view, "throttled", "ringcentral"));
  add_line (lines, _ ("Ours standing"), _ ("with %u people"), number (view, NULL, "ledger"));
  add_delays (lines, view, _ ("To RingCentral"), "teams_to_ringcentral");
  add_delays (lines, view, _ ("To Teams"), "ringcentral_to_teams");
  return lines;
}
