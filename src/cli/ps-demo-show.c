/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-demo-show.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-change-line.h"
#include "ps-cli-people.h"
#include "ps-json.h"
#include "ps-table.h"

#define CHANGES_PER_SECOND "2"
#define N_SHOWN            8
#define DRAW_US            (G_USEC_PER_SEC / 5)
#define LOOK_US            (G_USEC_PER_SEC / 10)
#define PATIENCE_MS        (20 * 1000)
#define TRIES              5

typedef struct {
  PsCli *cli;
  PsDemoTenant *tenant;
  PsService *service;
  gint64 begin_us, end_us;
  GQueue changes; /* of char * (owned) lines, the newest first */
  guint n_changes;
  gint64 drawn_us;
  GHashTable *used; /* (owned) set of RingCentral ids: who has acted already */
  GError *error;    /* (owned) (nullable) */
} Show;

/* --- drawing --- */

static void
draw (Show *show)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  gint64 now_us = g_get_monotonic_time ();
  double done = (double) (now_us - show->begin_us) / MAX (show->end_us - show->begin_us, 1);
  guint columns = ps_output_columns (show->cli->output);
  g_autofree char *bar = ps_output_bar (show->cli->output, MIN (done, 1));
  g_autofree char *left = NULL;
  PsProgress progress;

  show->drawn_us = now_us;
  if (!ps_output_is_terminal (show->cli->output))
    return;
  ps_service_get_progress (show->service, &progress);
  for (GList *item = show->changes.head; item != NULL; item = item->next)
    g_ptr_array_add (lines, ps_text_clean (item->data, columns - 1));
  while (lines->len < N_SHOWN)
    g_ptr_array_add (lines, g_strdup (""));
  left = g_strdup_printf (_ ("%u changes carried over, %u waiting"), show->n_changes,
                          progress.waiting[0] + progress.waiting[1] + progress.waiting[2] + progress.waiting_teams);
  g_ptr_array_add (lines, g_strdup_printf ("%s %s", bar, left));
  ps_output_picture (show->cli->output, lines);
}

static void
change_cb (PsService *service, PsJournalEntry *entry, Show *show)
{
  char *line = ps_change_to_line (entry);

  show->n_changes += entry->error == NULL;
  if (!ps_output_is_terminal (show->cli->output))
    ps_output_line (show->cli->output, "  %s", line);
  g_queue_push_head (&show->changes, line);
  while (show->changes.length > N_SHOWN)
    g_free (g_queue_pop_tail (&show->changes));
}

static void
tick (Show *show)
{
  if (g_get_monotonic_time () - show->drawn_us >= DRAW_US)
    draw (show);
}

/* --- people who act --- */

typedef struct {
  char *id, *name; /* (owned) */
} Actor;

static void
actor_clear (Actor *actor)
{
  g_free (actor->id);
  g_free (actor->name);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Actor, actor_clear)

static JsonObject *
ask (Show *show, const char *method, const Actor *actor, const char *what, const char *body)
{
  g_autofree char *path = g_strdup_printf ("/people/%s%s", actor->id, what);

  if (show->error != NULL)
    return NULL;
  return ps_demo_tenant_control (show->tenant, method, path, body, &show->error);
}

static void
act (Show *show, const Actor *actor, const char *what, const char *body)
{
  g_autoptr (JsonObject) reply = ask (show, "POST", actor, what, body);
}

static const char *
shown (JsonObject *person, const char *service, const char *name)
{
  return ps_json_string (ps_json_object (ps_json_object (person, service), "shown"), name);
}

/* What was chosen by hand, on either side, goes before everything that is watched here. */
static gboolean
has_chosen (JsonObject *person)
{
  JsonObject *preferred = ps_json_object (ps_json_object (person, "microsoft"), "preferred");
  JsonObject *own = ps_json_object (ps_json_object (person, "ringcentral"), "person");

  return (preferred != NULL && !ps_json_boolean (preferred, "by_application", FALSE)) ||
         g_strcmp0 (ps_json_string (own, "user_status"), "Available") != 0 ||
         g_strcmp0 (ps_json_string (own, "dnd_status"), "TakeAllCalls") != 0;
}

static gboolean
is_idle (JsonObject *person)
{
  return g_strcmp0 (shown (person, "microsoft", "activity"), "Available") == 0 &&
         g_strcmp0 (shown (person, "ringcentral", "presence_status"), "Available") == 0 &&
         g_strcmp0 (shown (person, "ringcentral", "telephony_status"), "NoCall") == 0 &&
         ps_json_object (ps_json_object (person, "microsoft"), "preferred") == NULL && !has_chosen (person);
}

/* Somebody who is available on both sides, and has done nothing yet. */
static gboolean
find_actor (Show *show, Actor *actor)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (show->cli, &show->error);

  for (guint i = 0; people != NULL && i < people->rows->len && show->error == NULL; i++) {
    const PsPersonRow *row = people->rows->pdata[i];
    Actor candidate = { row->ringcentral_id, row->name };
    g_autoptr (JsonObject) person = NULL;

    if (row->status != PS_PERSON_SYNCED || row->teams != PS_TEAMS_AVAILABLE || row->name == NULL ||
        g_hash_table_contains (show->used, row->ringcentral_id))
      continue;
    person = ask (show, "GET", &candidate, "", NULL);
    if (person == NULL || !is_idle (person))
      continue;
    g_hash_table_add (show->used, g_strdup (row->ringcentral_id));
    actor->id = g_strdup (row->ringcentral_id);
    actor->name = g_strdup (row->name);
    return TRUE;
  }
  if (show->error == NULL)
    show->error = ps_error_new (PS_ERROR_NOT_FOUND, _ ("Nobody in the demo company is available on both sides."));
  return FALSE;
}

/* --- waiting for what comes of it --- */

typedef struct {
  Show *show;
  const Actor *actor;
  const char *service, *name, *value; /* person[service].shown[name] == value */
  const char *own_activity;           /* the person's own Teams, as long as nobody interferes */
  gboolean on_call;                   /* likewise, their phone */
  gboolean interfered;                /* the person did something else in the meantime */
  gint64 looked_us, since_us, seen_us;
} Wait;

static gboolean
has_come (gpointer data)
{
  Wait *wait = data;
  gint64 now_us = g_get_monotonic_time ();
  g_autoptr (JsonObject) person = NULL;
  JsonObject *client;

  tick (wait->show);
  if (now_us - wait->looked_us < LOOK_US)
    return FALSE;
  wait->looked_us = now_us;
  person = ask (wait->show, "GET", wait->actor, "", NULL);
  if (person == NULL)
    return TRUE;
  wait->seen_us = g_get_monotonic_time ();
  client = ps_json_object (ps_json_object (person, "microsoft"), "client");
  wait->interfered = g_strcmp0 (ps_json_string (client, "activity"), wait->own_activity) != 0 || has_chosen (person) ||
                     wait->on_call != (g_strcmp0 (shown (person, "ringcentral", "telephony_status"), "NoCall") != 0);
  return wait->interfered || g_strcmp0 (shown (person, wait->service, wait->name), wait->value) == 0;
}

/* Everybody in the company lives on while we watch one of them: if that person does something of its own, another one
 * is taken. */
typedef enum {
  CAME,
  INTERFERED,
  FAILED, /* show->error says how */
} Came;

static Came
wait_for (Show *show, const Actor *actor, const char *own_activity, gboolean on_call, const char *service,
          const char *name, const char *value, char **after)
{
  Wait wait = { show, actor, service, name, value, own_activity, on_call, FALSE, 0, g_get_monotonic_time (), 0 };
  gboolean came = ps_await_condition (has_come, &wait, PATIENCE_MS, show->cli->cancellable);

  g_cancellable_set_error_if_cancelled (show->cli->cancellable, show->error == NULL ? &show->error : NULL);
  if (show->error != NULL)
    return FAILED;
  if (wait.interfered)
    return INTERFERED;
  if (!came) {
    show->error = ps_error_new (PS_ERROR_SERVER, _ ("%s should show %s at %s after %d seconds, and does not."),
                                actor->name, value, service, PATIENCE_MS / 1000);
    return FAILED;
  }
  if (after != NULL)
    *after = ps_delay_to_text ((wait.seen_us - wait.since_us) / 1000);
  return CAME;
}

static void say (Show *show, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
say (Show *show, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ps_output_styled (show->cli->output, PS_STYLE_GOOD, "● %s", text);
  draw (show);
}

/* --- the scenes: each is played with another person if somebody interferes --- */

#define TEAMS_AVAILABLE "{\"availability\": \"Available\", \"activity\": \"Available\"}"
#define TEAMS_MEETING   "{\"availability\": \"Busy\", \"activity\": \"InAMeeting\"}"

static Came
meeting_scene (Show *show, const Actor *actor)
{
  g_autofree char *after = NULL;
  Came came;

  act (show, actor, "/teams", TEAMS_MEETING);
  came = wait_for (show, actor, "InAMeeting", FALSE, "ringcentral", "user_status", "Busy", &after);
  if (came != CAME)
    return came;
  say (show, _ ("%s joined a meeting in Teams; RingCentral shows Busy after %s."), actor->name, after);
  act (show, actor, "/teams", TEAMS_AVAILABLE);
  g_clear_pointer (&after, g_free);
  came = wait_for (show, actor, "Available", FALSE, "ringcentral", "user_status", "Available", &after);
  if (came == CAME)
    say (show, _ ("The meeting is over; RingCentral shows Available after %s."), after);
  return came;
}

static Came
call_scene (Show *show, const Actor *actor)
{
  g_autofree char *after = NULL;
  Came came;

  act (show, actor, "/calls", "{\"action\": \"begin\", \"inbound\": false, \"status\": \"CallConnected\"}");
  /* Teams may show a session's InACall as plain Busy. */
  came = wait_for (show, actor, "Available", TRUE, "microsoft", "availability", "Busy", &after);
  if (came == CAME)
    say (show, _ ("%s began a call in RingCentral; Teams shows Busy after %s."), actor->name, after);
  act (show, actor, "/calls", "{\"action\": \"end\"}");
  if (came != CAME)
    return came;
  g_clear_pointer (&after, g_free);
  came = wait_for (show, actor, "Available", FALSE, "microsoft", "availability", "Available", &after);
  if (came == CAME)
    say (show, _ ("The call is over; Teams shows Available again after %s."), after);
  return came;
}

static gboolean
would_ring (Show *show, const Actor *actor)
{
  g_autoptr (JsonObject) reply = ask (show, "GET", actor, "/ring?queue=0", NULL);

  return reply != NULL && ps_json_boolean (reply, "rings", FALSE);
}

static gboolean
save_rules (Show *show, const PsRules *rules)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  PsStore *store = ps_cli_store (show->cli);

  ps_store_save_rules_async (store, rules, NULL, ps_await_done, await);
  if (!ps_store_save_finish (store, ps_await_result (await), &show->error))
    return FALSE;
  ps_service_reload (show->service, PS_STORE_RULES);
  return TRUE;
}

static Came
rule_scene (Show *show, const Actor *actor)
{
  PsRules rules = ps_rules_default ();
  g_autofree char *after = NULL;
  Came came;

  act (show, actor, "/teams", TEAMS_MEETING);
  came = wait_for (show, actor, "InAMeeting", FALSE, "ringcentral", "user_status", "Busy", NULL);
  if (came != CAME)
    return came;
  rules.customized = TRUE;
  if (!save_rules (show, &rules))
    return FAILED;
  came = wait_for (show, actor, "InAMeeting", FALSE, "ringcentral", "dnd_status", "DoNotAcceptAnyCalls", &after);
  if (came == CAME && would_ring (show, actor) && show->error == NULL)
    show->error = ps_error_new (PS_ERROR_SERVER, _ ("A call still rings at %s, against the rule."), actor->name);
  if (came == CAME && show->error == NULL)
    say (show, _ ("Call rules on, “In a meeting” accepts no calls: at %s no call rings any more, after %s."),
         actor->name, after);
  if (show->error != NULL || came != CAME)
    return show->error != NULL ? FAILED : came;
  rules.customized = FALSE;
  if (!save_rules (show, &rules))
    return FAILED;
  g_clear_pointer (&after, g_free);
  came = wait_for (show, actor, "InAMeeting", FALSE, "ringcentral", "dnd_status", "TakeAllCalls", &after);
  if (came == CAME)
    say (show, _ ("Call rules off again: calls ring at %s after %s."), actor->name, after);
  act (show, actor, "/teams", TEAMS_AVAILABLE);
  return came;
}

static gboolean
play (Show *show, Came (*scene) (Show *show, const Actor *actor))
{
  for (guint i = 0; i < TRIES; i++) {
    g_auto (Actor) actor = { NULL, NULL };
    Came came;

    if (!find_actor (show, &actor))
      return FALSE;
    came = scene (show, &actor);
    if (came != INTERFERED)
      return came == CAME && show->error == NULL;
  }
  show->error = ps_error_new (PS_ERROR_SERVER, _ ("The people of the demo company interfered each time."));
  return FALSE;
}

static gboolean
is_time_over (gpointer data)
{
  Show *show = data;

  tick (show);
  return g_get_monotonic_time () >= show->end_us;
}

static gboolean
set_churn (Show *show, const char *per_second)
{
  g_autofree char *body = g_strdup_printf ("{\"per_second\": %s}", per_second);
  g_autoptr (JsonObject) reply = ps_demo_tenant_control (show->tenant, "POST", "/churn", body, &show->error);

  return reply != NULL;
}

gboolean
ps_demo_show (PsCli *cli, PsDemoTenant *tenant, PsService *service, guint seconds, GError **error)
{
  Show show = { .cli = cli, .tenant = tenant, .service = service, .changes = G_QUEUE_INIT };

  show.begin_us = g_get_monotonic_time ();
  show.end_us = show.begin_us + (gint64) seconds * G_USEC_PER_SEC;
  show.used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_signal_connect (service, "change", G_CALLBACK (change_cb), &show);
  if (set_churn (&show, CHANGES_PER_SECOND) && play (&show, meeting_scene) && play (&show, call_scene) &&
      play (&show, rule_scene)) {
    ps_await_condition (is_time_over, &show, -1, cli->cancellable);
    g_cancellable_set_error_if_cancelled (cli->cancellable, &show.error);
    if (show.error == NULL)
      set_churn (&show, "0");
  }
  g_signal_handlers_disconnect_by_data (service, &show);
  draw (&show);
  ps_output_picture_end (cli->output);
  g_queue_clear_full (&show.changes, g_free);
  g_hash_table_unref (show.used);
  if (show.error == NULL)
    return TRUE;
  g_propagate_error (error, show.error);
  return FALSE;
}
