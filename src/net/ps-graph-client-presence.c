/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of the Graph client that reads and writes presence.
 */
#include "config.h"

#include "ps-graph-client-private.h"

#include "ps-json.h"

/* A refused list is halved until the bad ids are alone. If by then nothing at all was read, it is not the ids' fault;
 * and a list full of bad ids is not worth a call for each. */
#define CALLS_WITHOUT_SUCCESS 24
#define MOST_CALLS            128

void
ps_teams_presences_free (PsTeamsPresences *presences)
{
  g_clear_pointer (&presences->presences, g_array_unref);
  g_clear_pointer (&presences->strings, g_string_chunk_free);
  g_free (presences);
}

/* --- Reading --- */

typedef struct {
  guint first, count;
} Range;

typedef struct {
  GStrv ids;      /* (owned) */
  GArray *ranges; /* (owned): to be read, in order; the one under way is ranges[next - 1] */
  guint next;
  PsTeamsPresences *result; /* (owned) (nullable) */
  gboolean any;             /* one call at least has succeeded */
} ReadPresences;

static void
read_presences_free (ReadPresences *read)
{
  g_strfreev (read->ids);
  g_array_unref (read->ranges);
  g_clear_pointer (&read->result, ps_teams_presences_free);
  g_free (read);
}

static void
add_range (ReadPresences *read, guint first, guint count)
{
  Range range = { first, count };

  g_array_append_val (read->ranges, range);
}

static void presences_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* @task: (transfer full). */
static void
read_next_range (GTask *task)
{
  PsGraphClient *self = g_task_get_source_object (task);
  ReadPresences *read = g_task_get_task_data (task);
  g_autoptr (JsonBuilder) builder = NULL;
  Range range;

  if (read->next == read->ranges->len) {
    g_task_return_pointer (task, g_steal_pointer (&read->result), (GDestroyNotify) ps_teams_presences_free);
    g_object_unref (task);
    return;
  }
  range = g_array_index (read->ranges, Range, read->next++);
  builder = json_builder_new ();
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "ids");
  json_builder_begin_array (builder);
  for (guint i = 0; i < range.count; i++)
    json_builder_add_string_value (builder, read->ids[range.first + i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  read->result->calls++;
  ps_graph_client_post (self, "/v1.0/communications/getPresencesByUserId", builder, TRUE, PS_NORMAL, PS_SEND_IDEMPOTENT,
                        g_task_get_cancellable (task), presences_cb, task);
}

/* Whether the refusal may be due to some ids only, and the rest is worth reading. */
static gboolean
halve_range (ReadPresences *read, const GError *error)
{
  PsErrorDetails *details = ps_error_details (error);
  Range range = g_array_index (read->ranges, Range, read->next - 1);

  if (details == NULL || details->status != 400 || (!read->any && read->result->calls >= CALLS_WITHOUT_SUCCESS))
    return FALSE;
  if (range.count > 1 && read->result->calls + (read->ranges->len - read->next) + 2 <= MOST_CALLS) {
    add_range (read, range.first, range.count / 2);
    add_range (read, range.first + range.count / 2, range.count - range.count / 2);
    return TRUE;
  }
  g_debug ("Presence of %u users is refused, beginning with %s", range.count, read->ids[range.first]);
  return read->any || read->next < read->ranges->len;
}

static void
presences_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ReadPresences *read = g_task_get_task_data (task);
  PsTeamsPresences *presences = read->result;
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_WRITE_PRESENCES, &error);

  if (reply == NULL && halve_range (read, error)) {
    g_error_free (error);
    read_next_range (g_steal_pointer (&task));
    return;
  }
  if (reply == NULL || !ps_graph_parse_presences (reply->body, presences->presences, presences->strings, &error)) {
    g_task_return_error (task, error);
    return;
  }
  if (!read->any)
    presences->sent_ms = reply->sent_ms;
  read->any = TRUE;
  read_next_range (g_steal_pointer (&task));
}

void
ps_graph_client_read_presences_async (PsGraphClient *self, const char *const *ids, guint n_ids,
                                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ReadPresences *read;
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));
  g_return_if_fail (n_ids <= PS_GRAPH_MAX_PRESENCE_IDS);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_read_presences_async);
  read = g_new0 (ReadPresences, 1);
  read->ids = g_new0 (char *, n_ids + 1);
  for (guint i = 0; i < n_ids; i++)
    read->ids[i] = g_strdup (ids[i]);
  read->ranges = g_array_new (FALSE, FALSE, sizeof (Range));
  if (n_ids > 0)
    add_range (read, 0, n_ids);
  read->result = g_new0 (PsTeamsPresences, 1);
  read->result->presences = g_array_sized_new (FALSE, TRUE, sizeof (PsTeamsPresence), n_ids);
  read->result->strings = g_string_chunk_new (4096);
  read->result->sent_ms = ps_now_ms ();
  g_task_set_task_data (task, read, (GDestroyNotify) read_presences_free);
  read_next_range (task);
}

PsTeamsPresences *
ps_graph_client_read_presences_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_read_presences_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Writing --- */

/* Graph presence: setPresence, "Supported combinations"; setUserPreferredPresence, likewise. */
static const struct {
  const char *availability, *activity;
} session_words
    [] = { [PS_SESSION_CALL] = { "Busy", "InACall" }, [PS_SESSION_CONFERENCE] = { "Busy", "InAConferenceCall" } },
    preferred_words[] = { [PS_PREFERRED_DO_NOT_DISTURB] = { "DoNotDisturb", "DoNotDisturb" },
                          [PS_PREFERRED_BUSY] = { "Busy", "Busy" },
                          [PS_PREFERRED_OFFLINE] = { "Offline", "OffWork" } };

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_duration (JsonBuilder *builder, guint duration_s)
{
  g_autofree char *text =
      duration_s % 60 == 0 ? g_strdup_printf ("PT%uM", duration_s / 60) : g_strdup_printf ("PT%uS", duration_s);

  add_string (builder, "expirationDuration", text);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  gboolean clears = GPOINTER_TO_INT (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (PsReply) reply = ps_graph_client_reply (source, result, PS_GRAPH_WRITE_PRESENCES, &error);

  /* clearPresence answers 404 when there is no session of ours: that is what was wished for. */
  if (clears && g_error_matches (error, PS_ERROR, PS_ERROR_NOT_FOUND))
    g_clear_error (&error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* @task: (transfer full). */
static void
write_action (GTask *task, const char *user_id, const char *action, JsonBuilder *builder)
{
  PsGraphClient *self = g_task_get_source_object (task);
  g_autofree char *id = g_uri_escape_string (user_id, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/v1.0/users/%s/presence/%s", id, action);

  json_builder_end_object (builder);
  /* The engine decides about writes by the budget, and has taken it. */
  ps_graph_client_post (self, path, builder, TRUE, PS_URGENT, PS_SEND_ONCE | PS_SEND_NO_BUDGET,
                        g_task_get_cancellable (task), written_cb, task);
}

void
ps_graph_client_write_session_async (PsGraphClient *self, const char *user_id, const char *application_id,
                                     PsTeamsSession session, guint duration_s, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));
  g_return_if_fail (user_id != NULL && application_id != NULL);
  g_return_if_fail (session == PS_SESSION_NONE || (duration_s >= 300 && duration_s <= 14400));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_write_session_async);
  g_task_set_task_data (task, GINT_TO_POINTER (session == PS_SESSION_NONE), NULL);
  json_builder_begin_object (builder);
  add_string (builder, "sessionId", application_id);
  if (session == PS_SESSION_NONE) {
    write_action (task, user_id, "clearPresence", builder);
    return;
  }
  add_string (builder, "availability", session_words[session].availability);
  add_string (builder, "activity", session_words[session].activity);
  add_duration (builder, duration_s);
  write_action (task, user_id, "setPresence", builder);
}

gboolean
ps_graph_client_write_session_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_write_session_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
ps_graph_client_write_preferred_async (PsGraphClient *self, const char *user_id, PsTeamsPreferred preferred,
                                       guint duration_s, GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GTask *task;

  g_return_if_fail (PS_IS_GRAPH_CLIENT (self));
  g_return_if_fail (user_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, ps_graph_client_write_preferred_async);
  json_builder_begin_object (builder);
  if (preferred == PS_PREFERRED_NONE) {
    write_action (task, user_id, "clearUserPreferredPresence", builder);
    return;
  }
  add_string (builder, "availability", preferred_words[preferred].availability);
  add_string (builder, "activity", preferred_words[preferred].activity);
  add_duration (builder, duration_s);
  write_action (task, user_id, "setUserPreferredPresence", builder);
}

gboolean
ps_graph_client_write_preferred_finish (PsGraphClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, ps_graph_client_write_preferred_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
