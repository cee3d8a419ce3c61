/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both services show goes into the engine.
 */
#include "config.h"

#include "ps-service-private.h"

void
ps_service_touch (PsService *self)
{
  if (self->carrier != NULL && self->state == PS_SERVICE_RUNNING)
    ps_carrier_pump (self->carrier);
  ps_service_publish_soon (self);
}

void
ps_service_touch_member (PsService *self, PsMember *member)
{
  member->changed = TRUE;
}

void
ps_service_update_ids (PsService *self)
{
  g_autoptr (GPtrArray) ids = ps_roster_microsoft_ids (self->roster);

  ps_teams_poller_set_ids (self->poller, ids);
}

/* --- Teams --- */

static gboolean
see_teams (PsService *self, const PsTeamsPresence *presence, gint64 sent_ms, gint64 now_ms)
{
  PsMember *member = ps_roster_find_microsoft (self->roster, presence->id);
  PsUserView before, after;

  if (member == NULL)
    return FALSE;
  ps_engine_view (self->engine, member->user, &before);
  ps_engine_see_teams (self->engine, member->user, &presence->reading, sent_ms, now_ms);
  ps_engine_view (self->engine, member->user, &after);
  /* Graph has no word for "no licence": it answers PresenceUnknown, or leaves the account out. */
  if (member->teams_unknown != (presence->reading.status == PS_TEAMS_UNKNOWN) ||
      before.teams.status != after.teams.status || before.teams_read != after.teams_read) {
    member->teams_unknown = presence->reading.status == PS_TEAMS_UNKNOWN;
    ps_service_touch_member (self, member);
  }
  return TRUE;
}

static void
note_left_out (PsService *self, const PsTeamsPresences *presences, const GPtrArray *asked)
{
  g_autoptr (GHashTable) answered = NULL;

  if (presences->presences->len >= asked->len)
    return;
  answered = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < presences->presences->len; i++)
    g_hash_table_add (answered, (char *) g_array_index (presences->presences, PsTeamsPresence, i).id);
  for (guint i = 0; i < asked->len; i++) {
    PsMember *member = ps_roster_find_microsoft (self->roster, asked->pdata[i]);

    if (member == NULL || g_hash_table_contains (answered, asked->pdata[i]) || member->teams_unknown)
      continue;
    member->teams_unknown = TRUE;
    ps_service_touch_member (self, member);
  }
}

static void
presences_cb (PsService *self, PsTeamsPresences *presences, GPtrArray *asked)
{
  gint64 now_ms = ps_now_ms ();

  for (guint i = 0; i < presences->presences->len; i++)
    see_teams (self, &g_array_index (presences->presences, PsTeamsPresence, i), presences->sent_ms, now_ms);
  note_left_out (self, presences, asked);
  ps_service_touch (self);
}

/* --- RingCentral --- */

static void
see_phone (PsService *self, const char *id, const PsPhoneReading *reading, PsSeen how, gint64 sent_ms)
{
  PsMember *member = ps_roster_find_ringcentral (self->roster, id);
  gint64 now_ms = ps_now_ms ();

  if (member == NULL || member->user == PS_NO_USER || member->ringcentral == NULL)
    return;
  ps_engine_see_phone (self->engine, member->user, reading, how, sent_ms, now_ms);
  ps_service_touch_member (self, member);
}

static void
event_cb (PsService *self, const char *id, const PsPhoneReading *reading)
{
  see_phone (self, id, reading, PS_SEEN_EVENT, 0);
  ps_service_touch (self);
}

static void
page_cb (PsService *self, PsPhonePresences *presences)
{
  for (guint i = 0; i < presences->presences->len; i++) {
    const PsPhonePresence *presence = &g_array_index (presences->presences, PsPhonePresence, i);

    see_phone (self, presence->id, &presence->reading, PS_SEEN_READ, presences->sent_ms);
  }
  ps_service_touch (self);
}

/* Whom a whole sweep has not shown cannot be read. */
static void
sweep_done_cb (PsService *self)
{
  const GPtrArray *members = ps_roster_members (self->roster);

  for (guint i = 0; i < members->len; i++) {
    PsMember *member = members->pdata[i];
    PsUserView view;

    if (member->user == PS_NO_USER)
      continue;
    ps_engine_view (self->engine, member->user, &view);
    if (member->phone_missing == !view.phone_read)
      continue;
    member->phone_missing = !view.phone_read;
    ps_service_touch_member (self, member);
  }
  ps_service_touch (self);
}

static void
directory_changed_cb (PsService *self)
{
  ps_service_reload (self, PS_STORE_DIRECTORY);
}

/* --- writing --- */

static void
written_cb (PsService *self, PsMember *member, const PsWrite *write, const GError *error)
{
  g_clear_pointer (&member->refusal, g_free);
  if (error != NULL)
    member->refusal = g_strdup (error->message);
  else
    g_clear_error (&self->storage_error);
  ps_service_touch_member (self, member);
  ps_service_note_written (self, member, write, error);
  ps_service_publish_soon (self);
}

static void
storage_failed_cb (PsService *self, const GError *error)
{
  gboolean first = self->storage_error == NULL;

  g_clear_error (&self->storage_error);
  self->storage_error = g_error_copy (error);
  if (first)
    ps_service_say_failed (self, error);
  ps_service_publish_soon (self);
}

void
ps_service_watch (PsService *self)
{
  g_signal_connect_object (self->poller, "presences", G_CALLBACK (presences_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->poller, "state-changed", G_CALLBACK (ps_service_publish_soon), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "presences", G_CALLBACK (page_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "sweep-done", G_CALLBACK (sweep_done_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "directory-changed", G_CALLBACK (directory_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->watch, "state-changed", G_CALLBACK (ps_service_publish_soon), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->carrier, "written", G_CALLBACK (written_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->carrier, "storage-failed", G_CALLBACK (storage_failed_cb), self, G_CONNECT_SWAPPED);
  ps_teams_poller_start (self->poller);
  ps_phone_watch_start (self->watch);
}
