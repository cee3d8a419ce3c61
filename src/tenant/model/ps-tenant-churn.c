/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-churn.h"

#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"

#include <math.h>
#include <string.h>

struct _PsTenantChurn {
  PsTenantWorld *world;
  GRand *rand; /* (not owned) the world's */
  guint64 timer;
};

static const struct {
  const char *availability, *activity;
} client_states[] = {
  { "Available", "Available" },    { "Available", "Available" },
  { "Busy", "InACall" },           { "Busy", "InAMeeting" },
  { "Busy", "InAConferenceCall" }, { "DoNotDisturb", "Presenting" },
  { "DoNotDisturb", "Focusing" },  { "Away", "Away" },
};

static const char *const teams_choices[] = { "Busy", "DoNotDisturb", "BeRightBack", "Available" };
static const char *const phone_choices[] = { "Available", "Available", "Busy", "DoNotDisturb", "Offline" };

static gboolean
percent (PsTenantChurn *churn, int n)
{
  return g_rand_int_range (churn->rand, 0, 100) < n;
}

#define PICK(churn, array) ((array)[g_rand_int_range ((churn)->rand, 0, G_N_ELEMENTS (array))])

static void
churn_teams (PsTenantChurn *churn, PsTenantTeams *teams)
{
  PsTenantTeamsInside inside;
  int state = g_rand_int_range (churn->rand, 0, G_N_ELEMENTS (client_states));

  ps_tenant_teams_look_inside (teams, &inside);
  /* What was chosen by hand hides the client, so it does not stay for long. */
  if (inside.preferred && !inside.preferred_by_application && percent (churn, 70))
    ps_tenant_teams_person_choose (teams, NULL);
  else if (percent (churn, 20))
    ps_tenant_teams_person_choose (teams, PICK (churn, teams_choices));
  else
    ps_tenant_teams_person_client (teams, client_states[state].availability, client_states[state].activity);
}

static void
churn_call (PsTenantChurn *churn, PsTenantPhone *phone, guint64 call)
{
  const char *status = ps_tenant_phone_shown (phone).telephony_status;

  if (strcmp (status, "Ringing") == 0 && percent (churn, 75))
    ps_tenant_phone_call_status (phone, call, "CallConnected");
  else if (strcmp (status, "CallConnected") == 0 && percent (churn, 15))
    ps_tenant_phone_call_status (phone, call, "OnHold");
  else if (strcmp (status, "OnHold") == 0 && percent (churn, 60))
    ps_tenant_phone_call_status (phone, call, "CallConnected");
  else
    ps_tenant_phone_call_end (phone, call);
}

static void
churn_phone (PsTenantChurn *churn, PsTenantPhone *phone)
{
  guint64 call = ps_tenant_phone_current_call (phone);
  gboolean inbound = percent (churn, 60);

  if (call != 0) {
    churn_call (churn, phone, call);
  } else if (percent (churn, 50)) {
    gboolean queue_call = inbound && percent (churn, 30) && ps_tenant_phone_would_ring (phone, TRUE);

    if (!inbound || ps_tenant_phone_would_ring (phone, queue_call))
      ps_tenant_phone_call_begin (phone, inbound, queue_call, inbound ? "Ringing" : "CallConnected");
  } else if (percent (churn, 10)) {
    ps_tenant_phone_person_queue_calls (phone, percent (churn, 70));
  } else {
    ps_tenant_phone_person_choose (phone, PICK (churn, phone_choices));
  }
}

/* Rolls until something is to be seen, within reason: a change that nobody sees is none. */
static void
churn_person (PsTenantChurn *churn, PsTenantTeams *teams, PsTenantPhone *phone)
{
  guint64 before = (teams != NULL ? ps_tenant_teams_shown (teams).sequence : 0) +
                   (phone != NULL ? ps_tenant_phone_shown (phone).sequence : 0);
  guint64 now = before;

  for (int tries = 0; tries < 10 && now == before; tries++) {
    gboolean on_teams = phone == NULL || (teams != NULL && percent (churn, 50));

    if (on_teams)
      churn_teams (churn, teams);
    else
      churn_phone (churn, phone);
    now = (teams != NULL ? ps_tenant_teams_shown (teams).sequence : 0) +
          (phone != NULL ? ps_tenant_phone_shown (phone).sequence : 0);
  }
}

/* Somebody who can change at all, and is no service account. */
static void
churn_somebody (PsTenantChurn *churn)
{
  const GPtrArray *people = ps_tenant_world_people (churn->world);

  for (int tries = 0; tries < 20; tries++) {
    PsTenantPerson *person = g_ptr_array_index (people, g_rand_int_range (churn->rand, 0, (gint32) people->len));
    PsTenantMicrosoftUser *user = person->microsoft;
    PsTenantExtension *extension = person->extension;
    gboolean has_teams = user != NULL && user->enabled && user->teams_licence && !user->deleted;
    gboolean has_phone = extension != NULL && !extension->deleted && strcmp (extension->status, "Enabled") == 0;

    if ((!has_teams && !has_phone) || (extension != NULL && extension->admin))
      continue;
    churn_person (churn, has_teams ? user->teams : NULL, has_phone ? extension->phone : NULL);
    return;
  }
}

static void churn_later (PsTenantChurn *churn);

static void
churn_due (PsTenantWorld *world, gpointer data)
{
  PsTenantChurn *churn = data;

  churn->timer = 0;
  churn_somebody (churn);
  churn_later (churn);
}

static void
churn_later (PsTenantChurn *churn)
{
  double per_second = ps_tenant_world_options (churn->world)->churn_per_second;
  /* Exponential gaps: a Poisson stream. Kept fractions would be overkill at whole ms; rounding up keeps time moving. */
  double gap_ms = -log (1.0 - g_rand_double (churn->rand)) / per_second * 1000;

  churn->timer = ps_tenant_world_at (churn->world, ps_tenant_world_now (churn->world) + MAX (1, llround (gap_ms)),
                                     churn_due, churn);
}

PsTenantChurn *
ps_tenant_churn_new (PsTenantWorld *world)
{
  PsTenantChurn *churn = g_new0 (PsTenantChurn, 1);

  churn->world = world;
  churn->rand = ps_tenant_world_rand (world);
  if (ps_tenant_world_options (world)->churn_per_second > 0)
    churn_later (churn);
  return churn;
}

void
ps_tenant_churn_free (PsTenantChurn *churn)
{
  if (churn == NULL)
    return;
  ps_tenant_world_cancel (churn->world, churn->timer);
  g_free (churn);
}
