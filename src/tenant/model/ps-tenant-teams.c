/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-teams.h"

#include "ps-tenant-dice.h"

#include <string.h>

#define MINUTE_MS          ((gint64) 60 * 1000)
#define FADE_MS            (5 * MINUTE_MS)
#define SESSION_SHORTEST_S 300
#define SESSION_LONGEST_S  (4 * 3600)
#define DAY_S              (24 * 3600)

/* One person in so many is shown Busy/Busy where an application said Busy/InACall (learn Q&A 2014289). */
#define BUSY_BUSY_ONE_IN 16

typedef struct {
  PsTenantTeams *teams;
  char *application_id;
  const char *availability, *activity; /* static */
  gint64 set_ms, expires_ms;
  guint64 age;   /* of the last setPresence: a greater one is newer */
  guint64 timer; /* the next moment at which it fades or ends */
} Session;

struct _PsTenantTeams {
  PsTenantWorld *world;
  PsTenantMicrosoftUser *user;
  gboolean busy_busy;
  GPtrArray *sessions; /* Session, in the order in which the applications first came */
  guint64 last_age;
  const char *client_availability, *client_activity;       /* interned; NULL: signed out */
  const char *preferred_availability, *preferred_activity; /* static; NULL: the slot is free */
  gboolean preferred_by_application;
  gint64 preferred_expires_ms;
  guint64 preferred_timer;
  gboolean out_of_office;
  PsTenantTeamsShown shown;
  guint64 writes;
};

typedef struct {
  const char *availability, *activity;
} Pair;

/* "presence: setPresence", table of supported combinations. */
static const Pair session_pairs[] = {
  { "Available", "Available" },     { "Busy", "InACall" }, { "Busy", "InAConferenceCall" }, { "Away", "Away" },
  { "DoNotDisturb", "Presenting" },
};

/* "presence: setUserPreferredPresence", table of supported combinations. */
static const Pair preferred_pairs[] = {
  { "Available", "Available" },     { "Busy", "Busy" }, { "DoNotDisturb", "DoNotDisturb" },
  { "BeRightBack", "BeRightBack" }, { "Away", "Away" }, { "Offline", "OffWork" },
};

/* What a Teams client says by itself; a tester may make it say a word that is not invented yet. */
static const char *const client_words[] = {
  "Available",
  "AvailableIdle",
  "AvailableInactive",
  "Away",
  "BeRightBack",
  "Busy",
  "BusyIdle",
  "DoNotDisturb",
  "Focusing",
  "InACall",
  "InAConferenceCall",
  "InAMeeting",
  "Inactive",
  "Offline",
  "OffWork",
  "OutOfOffice",
  "Presenting",
  "PresenceUnknown",
  "UrgentInterruptionsOnly",
};

static const Pair *
find_pair (const Pair *pairs, gsize n_pairs, const char *availability, const char *activity)
{
  if (availability == NULL || activity == NULL)
    return NULL;
  for (gsize i = 0; i < n_pairs; i++)
    if (g_ascii_strcasecmp (pairs[i].availability, availability) == 0 &&
        g_ascii_strcasecmp (pairs[i].activity, activity) == 0)
      return &pairs[i];
  return NULL;
}

static const char *
client_word (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (client_words); i++)
    if (g_ascii_strcasecmp (client_words[i], word) == 0)
      return client_words[i];
  return g_intern_string (word);
}

/* DoNotDisturb > Busy > Available > Away. Among equals one that is in use outranks one that faded; the rest of the tie
 * is undocumented and ours: the person's own client, then the application that came first. */
static int
strength (const char *availability, const char *activity)
{
  if (strcmp (availability, "DoNotDisturb") == 0)
    return 8;
  if (g_str_has_prefix (availability, "Busy"))
    return 6;
  if (g_str_has_prefix (availability, "Available"))
    return strcmp (activity, "AvailableInactive") == 0 || strcmp (availability, "Available") != 0 ? 3 : 4;
  return 2;
}

static Pair
session_pair (PsTenantTeams *teams, const Session *session)
{
  gint64 age_ms = ps_tenant_world_now (teams->world) - session->set_ms;

  if (strcmp (session->availability, "Available") != 0 || age_ms < FADE_MS)
    return (Pair){ session->availability, session->activity };
  if (age_ms < 2 * FADE_MS)
    return (Pair){ "Available", "AvailableInactive" };
  return (Pair){ "Away", "Away" };
}

static Pair
strongest_session (PsTenantTeams *teams)
{
  Pair best = { teams->client_availability, teams->client_activity };
  int best_strength = best.availability != NULL ? strength (best.availability, best.activity) : 0;

  for (guint i = 0; i < teams->sessions->len; i++) {
    Pair pair = session_pair (teams, g_ptr_array_index (teams->sessions, i));

    if (strength (pair.availability, pair.activity) <= best_strength)
      continue;
    best_strength = strength (pair.availability, pair.activity);
    if (teams->busy_busy && strcmp (pair.activity, "InACall") == 0)
      pair.activity = "Busy";
    best = pair;
  }
  return best;
}

static Pair
visible_pair (PsTenantTeams *teams)
{
  Pair pair;

  if (!teams->user->teams_licence)
    return (Pair){ "PresenceUnknown", "PresenceUnknown" };
  if (teams->client_availability == NULL && teams->sessions->len == 0)
    return (Pair){ "Offline", "Offline" };
  if (teams->preferred_availability != NULL)
    pair = (Pair){ teams->preferred_availability, teams->preferred_activity };
  else
    pair = strongest_session (teams);
  if (teams->out_of_office && strcmp (pair.availability, "Available") == 0 && strcmp (pair.activity, "Available") == 0)
    pair.activity = "OutOfOffice";
  return pair;
}

/* Everything that may have changed what others see ends here: one change, one number, one notice. */
static void
refresh (PsTenantTeams *teams)
{
  Pair pair = visible_pair (teams);
  gboolean out_of_office = teams->out_of_office && teams->user->teams_licence;

  if (g_strcmp0 (pair.availability, teams->shown.availability) == 0 &&
      g_strcmp0 (pair.activity, teams->shown.activity) == 0 && out_of_office == teams->shown.out_of_office)
    return;
  teams->shown.availability = pair.availability;
  teams->shown.activity = pair.activity;
  teams->shown.out_of_office = out_of_office;
  teams->shown.sequence++;
  ps_tenant_world_notify (teams->world, PS_TENANT_CHANGE_TEAMS, teams->user);
}

static void
session_free (gpointer data)
{
  Session *session = data;

  ps_tenant_world_cancel (session->teams->world, session->timer);
  g_free (session->application_id);
  g_free (session);
}

static void session_arm (Session *session);

static void
session_due (PsTenantWorld *world, gpointer data)
{
  Session *session = data;
  PsTenantTeams *teams = session->teams;

  session->timer = 0;
  if (ps_tenant_world_now (world) >= session->expires_ms)
    g_ptr_array_remove (teams->sessions, session);
  else
    session_arm (session);
  refresh (teams);
}

static void
session_arm (Session *session)
{
  PsTenantWorld *world = session->teams->world;
  gint64 now_ms = ps_tenant_world_now (world);
  gint64 due_ms = session->expires_ms;

  if (strcmp (session->availability, "Available") == 0) {
    if (now_ms < session->set_ms + FADE_MS)
      due_ms = MIN (due_ms, session->set_ms + FADE_MS);
    else if (now_ms < session->set_ms + 2 * FADE_MS)
      due_ms = MIN (due_ms, session->set_ms + 2 * FADE_MS);
  }
  ps_tenant_world_cancel (world, session->timer);
  session->timer = ps_tenant_world_at (world, due_ms, session_due, session);
}

static Session *
find_session (PsTenantTeams *teams, const char *application_id)
{
  for (guint i = 0; i < teams->sessions->len; i++) {
    Session *session = g_ptr_array_index (teams->sessions, i);

    if (g_ascii_strcasecmp (session->application_id, application_id) == 0)
      return session;
  }
  return NULL;
}

PsTenantTeams *
ps_tenant_teams_new (PsTenantWorld *world, PsTenantMicrosoftUser *user)
{
  PsTenantTeams *teams = g_new0 (PsTenantTeams, 1);

  teams->world = world;
  teams->user = user;
  teams->busy_busy =
      ps_tenant_dice_mix (ps_tenant_world_options (world)->seed, 0xb5b5, g_str_hash (user->id)) % BUSY_BUSY_ONE_IN == 0;
  teams->sessions = g_ptr_array_new_with_free_func (session_free);
  teams->shown.sequence = 1;
  teams->shown.availability = user->teams_licence ? "Offline" : "PresenceUnknown";
  teams->shown.activity = teams->shown.availability;
  return teams;
}

void
ps_tenant_teams_free (PsTenantTeams *teams)
{
  if (teams == NULL)
    return;
  ps_tenant_world_cancel (teams->world, teams->preferred_timer);
  g_ptr_array_unref (teams->sessions);
  g_free (teams);
}

PsTenantTeamsShown
ps_tenant_teams_shown (PsTenantTeams *teams)
{
  return teams->shown;
}

PsTenantTeamsResult
ps_tenant_teams_set_presence (PsTenantTeams *teams, const char *application_id, const char *availability,
                              const char *activity, gint64 duration_s)
{
  const Pair *pair = find_pair (session_pairs, G_N_ELEMENTS (session_pairs), availability, activity);
  gint64 lasts_s = duration_s != 0 ? duration_s : SESSION_SHORTEST_S;
  Session *session;

  g_return_val_if_fail (application_id != NULL, PS_TENANT_TEAMS_BAD_PAIR);

  if (pair == NULL)
    return PS_TENANT_TEAMS_BAD_PAIR;
  if (lasts_s < SESSION_SHORTEST_S || lasts_s > SESSION_LONGEST_S)
    return PS_TENANT_TEAMS_BAD_DURATION;

  session = find_session (teams, application_id);
  if (session == NULL) {
    session = g_new0 (Session, 1);
    session->teams = teams;
    session->application_id = g_strdup (application_id);
    g_ptr_array_add (teams->sessions, session);
  }
  session->availability = pair->availability;
  session->activity = pair->activity;
  session->set_ms = ps_tenant_world_now (teams->world);
  session->expires_ms = session->set_ms + lasts_s * 1000;
  session->age = ++teams->last_age;
  session_arm (session);
  teams->writes++;
  refresh (teams);
  return PS_TENANT_TEAMS_OK;
}

PsTenantTeamsResult
ps_tenant_teams_clear_presence (PsTenantTeams *teams, const char *application_id)
{
  Session *session = find_session (teams, application_id);

  if (session == NULL)
    return PS_TENANT_TEAMS_NO_SESSION;
  g_ptr_array_remove (teams->sessions, session);
  teams->writes++;
  refresh (teams);
  return PS_TENANT_TEAMS_OK;
}

static void
empty_slot (PsTenantTeams *teams)
{
  ps_tenant_world_cancel (teams->world, teams->preferred_timer);
  teams->preferred_timer = 0;
  teams->preferred_availability = teams->preferred_activity = NULL;
  teams->preferred_by_application = FALSE;
  teams->preferred_expires_ms = 0;
}

static void
preferred_due (PsTenantWorld *world, gpointer data)
{
  PsTenantTeams *teams = data;

  teams->preferred_timer = 0;
  empty_slot (teams);
  refresh (teams);
}

/* @duration_s 0: what Teams gives a choice of that kind. */
static void
fill_slot (PsTenantTeams *teams, const Pair *pair, gint64 duration_s, gboolean by_application)
{
  gboolean short_lived = strcmp (pair->availability, "Busy") == 0 || strcmp (pair->availability, "DoNotDisturb") == 0;

  empty_slot (teams);
  if (duration_s == 0)
    duration_s = short_lived ? DAY_S : 7 * DAY_S;
  teams->preferred_availability = pair->availability;
  teams->preferred_activity = pair->activity;
  teams->preferred_by_application = by_application;
  teams->preferred_expires_ms = ps_tenant_world_now (teams->world) + duration_s * 1000;
  teams->preferred_timer = ps_tenant_world_at (teams->world, teams->preferred_expires_ms, preferred_due, teams);
  refresh (teams);
}

PsTenantTeamsResult
ps_tenant_teams_set_preferred (PsTenantTeams *teams, const char *application_id, const char *availability,
                               const char *activity, gint64 duration_s)
{
  const Pair *pair = find_pair (preferred_pairs, G_N_ELEMENTS (preferred_pairs), availability, activity);

  if (pair == NULL)
    return PS_TENANT_TEAMS_BAD_PAIR;
  /* The page names no bounds for this one; a year is beyond any sense and keeps the sums in range. */
  if (duration_s < 0 || duration_s > 366 * (gint64) DAY_S)
    return PS_TENANT_TEAMS_BAD_DURATION;
  teams->writes++;
  fill_slot (teams, pair, duration_s, TRUE);
  return PS_TENANT_TEAMS_OK;
}

PsTenantTeamsResult
ps_tenant_teams_clear_preferred (PsTenantTeams *teams, const char *application_id)
{
  teams->writes++;
  empty_slot (teams);
  refresh (teams);
  return PS_TENANT_TEAMS_OK;
}

void
ps_tenant_teams_person_client (PsTenantTeams *teams, const char *availability, const char *activity)
{
  g_return_if_fail (availability != NULL);

  if (g_ascii_strcasecmp (availability, "Offline") == 0) {
    teams->client_availability = teams->client_activity = NULL;
  } else {
    teams->client_availability = client_word (availability);
    teams->client_activity = client_word (activity != NULL ? activity : availability);
  }
  refresh (teams);
}

gboolean
ps_tenant_teams_person_choose (PsTenantTeams *teams, const char *availability)
{
  if (availability == NULL) {
    empty_slot (teams);
    refresh (teams);
    return TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (preferred_pairs); i++)
    if (g_ascii_strcasecmp (preferred_pairs[i].availability, availability) == 0) {
      fill_slot (teams, &preferred_pairs[i], 0, FALSE);
      return TRUE;
    }
  return FALSE;
}

void
ps_tenant_teams_person_out_of_office (PsTenantTeams *teams, gboolean out_of_office)
{
  teams->out_of_office = out_of_office;
  refresh (teams);
}

static const Session *
newest_session (PsTenantTeams *teams)
{
  const Session *newest = NULL;

  for (guint i = 0; i < teams->sessions->len; i++) {
    const Session *session = g_ptr_array_index (teams->sessions, i);

    if (newest == NULL || session->age > newest->age)
      newest = session;
  }
  return newest;
}

void
ps_tenant_teams_look_inside (PsTenantTeams *teams, PsTenantTeamsInside *inside)
{
  const Session *session = newest_session (teams);

  *inside = (PsTenantTeamsInside){
    .preferred = teams->preferred_availability != NULL,
    .preferred_by_application = teams->preferred_by_application,
    .preferred_availability = teams->preferred_availability,
    .preferred_activity = teams->preferred_activity,
    .preferred_expires_ms = teams->preferred_expires_ms,
    .client_availability = teams->client_availability != NULL ? teams->client_availability : "Offline",
    .client_activity = teams->client_activity != NULL ? teams->client_activity : "Offline",
    .writes = teams->writes,
  };
  if (session != NULL) {
    Pair pair = session_pair (teams, session);

    inside->session = TRUE;
    g_strlcpy (inside->application_id, session->application_id, sizeof inside->application_id);
    inside->session_availability = pair.availability;
    inside->session_activity = pair.activity;
    inside->session_expires_ms = session->expires_ms;
  }
}
