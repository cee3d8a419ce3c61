/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Teams presence of one Microsoft account, as Graph documents it ("Manage presence state using the Microsoft Graph
 * cloud communications API", "presence: setPresence", "… setUserPreferredPresence"):
 *
 *   visible = preferred, if set and at least one session lives; else the strongest session by
 *             DoNotDisturb > Busy > Available > Away; no session: Offline/Offline.
 *
 * Sessions: the person's own Teams client (desktop and mobile count as one here) and one for each application that
 * called setPresence. A session ends at its expiry; one that says Available fades after 5 minutes to
 * Available/AvailableInactive-style inactivity (availability AvailableIdle is what older pages show; we give
 * `Available`/`AvailableInactive` as today's page does) and after 5 more to Away/Away, whatever its expiry.
 * The person's own client does not fade; daily life says when it is inactive.
 *
 * Two equally strong sessions are undocumented; here the person's own client wins, then the application that came
 * first. For one person in sixteen, by the seed, an application's Busy/InACall is shown as Busy/Busy, as some tenants
 * do.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct {
  const char *availability; /* PascalCase, as v1.0 replies carry it */
  const char *activity;
  gboolean out_of_office;
  guint64 sequence; /* grows with every visible change of this person; shown zero-padded, sortable as text */
} PsTenantTeamsShown;

typedef enum {
  PS_TENANT_TEAMS_OK,
  PS_TENANT_TEAMS_BAD_PAIR,     /* availability and activity do not go together here: 400 */
  PS_TENANT_TEAMS_BAD_DURATION, /* outside PT5M … PT4H (session); not an ISO 8601 duration: 400 */
  PS_TENANT_TEAMS_NO_SESSION,   /* clearPresence without a session of this application: 404 */
} PsTenantTeamsResult;

PsTenantTeams *ps_tenant_teams_new (PsTenantWorld *world, PsTenantMicrosoftUser *user);
void ps_tenant_teams_free (PsTenantTeams *teams);

/* What others, and Graph, see now. A user without a licence reads PresenceUnknown/PresenceUnknown. */
PsTenantTeamsShown ps_tenant_teams_shown (PsTenantTeams *teams);

/* --- what an application does; words compared case-insensitively. duration_s 0: the documented default --- */
PsTenantTeamsResult ps_tenant_teams_set_presence (PsTenantTeams *teams, const char *application_id,
                                                  const char *availability, const char *activity, gint64 duration_s);
PsTenantTeamsResult ps_tenant_teams_clear_presence (PsTenantTeams *teams, const char *application_id);
PsTenantTeamsResult ps_tenant_teams_set_preferred (PsTenantTeams *teams, const char *application_id,
                                                   const char *availability, const char *activity, gint64 duration_s);
/* Clears whatever is in the slot, also the person's own choice: there is one slot. */
PsTenantTeamsResult ps_tenant_teams_clear_preferred (PsTenantTeams *teams, const char *application_id);

/* --- what the person does --- */
/* The Teams client's own, automatic state: "Available", "Away", "Offline" (signed out: the session is gone),
 * "Busy/InACall", "Busy/InAConferenceCall", "Busy/InAMeeting", "DoNotDisturb/Presenting", "DoNotDisturb/Focusing",
 * "Available/OutOfOffice", "Available/AvailableInactive" … Given as availability and activity. */
void ps_tenant_teams_person_client (PsTenantTeams *teams, const char *availability, const char *activity);
/* The person picks a status by hand (Available, Busy, DoNotDisturb, BeRightBack, Away, Offline = appear offline), or
 * NULL: "reset status". Expires as Teams does: Busy and DoNotDisturb after a day, others after 7. Returns: FALSE
 * if @availability is none of these words (compared case-insensitively); nothing happens then. */
gboolean ps_tenant_teams_person_choose (PsTenantTeams *teams, const char *availability);
void ps_tenant_teams_person_out_of_office (PsTenantTeams *teams, gboolean out_of_office);

/* --- what a tester asks --- */
typedef struct {
  gboolean session; /* a session of an application lives */
  char application_id[64];
  const char *session_availability, *session_activity; /* (nullable) */
  gint64 session_expires_ms;
  gboolean preferred;                                      /* the slot is taken */
  gboolean preferred_by_application;                       /* … by setUserPreferredPresence, not by the person */
  const char *preferred_availability, *preferred_activity; /* (nullable) */
  gint64 preferred_expires_ms;
  const char *client_availability, *client_activity; /* what the person's own client says; Offline: no client session */
  guint64 writes; /* how many write calls this person got, refused ones not counted */
} PsTenantTeamsInside;
void ps_tenant_teams_look_inside (PsTenantTeams *teams, PsTenantTeamsInside *inside);

G_END_DECLS
