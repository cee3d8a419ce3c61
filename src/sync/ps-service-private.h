/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The running service's insides, shared by its files:
 *   ps-service.c          the object: start, stop, the administrator's wishes
 *   ps-service-seen.c     what both services show goes into the engine
 *   ps-service-publish.c  what the engine knows goes into the store: people, journal, status
 */
#pragma once

#include "ps-carrier.h"
#include "ps-delays.h"
#include "ps-lock.h"
#include "ps-phone-watch.h"
#include "ps-service.h"
#include "ps-teams-poller.h"

G_BEGIN_DECLS

typedef enum {
  PS_SERVICE_STOPPED,
  PS_SERVICE_STARTING,
  PS_SERVICE_RUNNING,
  PS_SERVICE_STOPPING,
} PsServiceState;

struct _PsService {
  GObject parent_instance;

  PsWorkspace *workspace; /* (owned) */
  guint period_s;
  gboolean short_period; /* the demo's */
  PsServiceState state;
  GCancellable *cancellable; /* (owned) (nullable): while not stopped */
  gulong start_chain;        /* from the cancellable of who started us to ours, until the start is done */
  PsLock *lock;              /* (owned) (nullable) */

  PsClients *clients; /* (owned) (nullable), like everything below */
  PsDirectory *directory;
  GHashTable *links;
  PsSelection *selection;
  PsEngine *engine;
  PsRoster *roster;
  PsTeamsPoller *poller;
  PsPhoneWatch *watch;
  PsCarrier *carrier;
  gulong store_handler;

  guint reload_parts; /* PsStorePart being read again */
  guint wanted_parts; /* changed meanwhile */
  gboolean rereading; /* directories are being read */
  guint reread_timer, directory_timer;
  GError *directory_error; /* (owned) (nullable) */
  GError *storage_error;   /* (owned) (nullable) */
  gboolean completed;      /* "complete" was said for the present selection */
  gboolean undone;         /* "undone" likewise */

  /* publishing */
  guint publish_timer;
  gboolean published_once;
  gboolean publishing; /* a save is under way */
  GPtrArray *journal;  /* (owned) PsJournalEntry not yet saved */
  PsDelays to_ringcentral, to_teams;
  gint64 started_ms;
};

/* ps-service-seen.c */
void ps_service_watch (PsService *self); /* starts poller and watch, and feeds the engine from them */
/* Something was seen or changed: lets the carrier go, and publishes soon. */
void ps_service_touch (PsService *self);
void ps_service_touch_member (PsService *self, PsMember *member);
void ps_service_update_ids (PsService *self);

/* ps-service-publish.c */
void ps_service_publish_soon (PsService *self);
/* Publishes now; used at the end. */
void ps_service_publish_async (PsService *self, GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_service_publish_finish (PsService *self, GAsyncResult *result, GError **error);
void ps_service_note_written (PsService *self, PsMember *member, const PsWrite *write, const GError *error);
/* Says "progress", and "complete" and "undone" when they are reached. */
void ps_service_check_progress (PsService *self);

void ps_service_say_change (PsService *self, PsJournalEntry *entry);
void ps_service_say_progress (PsService *self);
void ps_service_say_failed (PsService *self, const GError *error);
void ps_service_say_complete (PsService *self);
void ps_service_say_undone (PsService *self);

G_END_DECLS
