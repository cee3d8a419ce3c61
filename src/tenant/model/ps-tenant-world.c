/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-world.h"

#include "ps-tenant-churn.h"
#include "ps-tenant-company.h"
#include "ps-tenant-day.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"
#include "ps-tenant-timers.h"

#include <string.h>

typedef struct {
  guint id;
  PsTenantListener func; /* NULL: gone, swept when nobody is being told */
  gpointer data;
} Listener;

struct _PsTenantWorld {
  PsTenantWorldOptions options;
  gint64 now_ms;
  gboolean advancing;
  GRand *rand;
  PsTenantTimers *timers;
  PsTenantCompany *company;
  PsTenantDay *day;
  PsTenantChurn *churn;
  GArray *listeners; /* Listener, in the order they came */
  guint last_listener;
  guint telling; /* depth of ps_tenant_world_notify() */
};

PsTenantWorld *
ps_tenant_world_new (const PsTenantWorldOptions *options)
{
  PsTenantWorld *world;
  guint32 seeds[2];

  g_return_val_if_fail (options != NULL && options->users > 0, NULL);

  world = g_new0 (PsTenantWorld, 1);
  world->options = *options;
  world->now_ms = options->start_ms - (options->daily_life ? ps_tenant_day_run_up_ms () : 0);
  seeds[0] = (guint32) options->seed;
  seeds[1] = (guint32) (options->seed >> 32);
  world->rand = g_rand_new_with_seed_array (seeds, G_N_ELEMENTS (seeds));
  world->timers = ps_tenant_timers_new ();
  world->listeners = g_array_new (FALSE, FALSE, sizeof (Listener));
  world->company = ps_tenant_company_new (world);
  world->day = ps_tenant_day_new (world);
  ps_tenant_world_advance (world, options->start_ms);
  world->churn = ps_tenant_churn_new (world);
  return world;
}

void
ps_tenant_world_free (PsTenantWorld *world)
{
  if (world == NULL)
    return;
  /* People's timers go with the people; the heap must outlive them. */
  ps_tenant_churn_free (world->churn);
  ps_tenant_day_free (world->day);
  ps_tenant_company_free (world->company);
  ps_tenant_timers_free (world->timers);
  g_array_unref (world->listeners);
  g_rand_free (world->rand);
  g_free (world);
}

gint64
ps_tenant_world_now (PsTenantWorld *world)
{
  return world->now_ms;
}

gint64
ps_tenant_world_next_due (PsTenantWorld *world)
{
  return ps_tenant_timers_next (world->timers);
}

void
ps_tenant_world_advance (PsTenantWorld *world, gint64 to_ms)
{
  gint64 at_ms;
  PsTenantFunc func;
  gpointer data;

  g_return_if_fail (!world->advancing); /* a timer or a listener that moves time on would run the others out of order */

  world->advancing = TRUE;
  while (ps_tenant_timers_pop (world->timers, to_ms, &at_ms, &func, &data)) {
    world->now_ms = MAX (world->now_ms, at_ms);
    func (world, data);
  }
  world->now_ms = MAX (world->now_ms, to_ms);
  world->advancing = FALSE;
}

guint64
ps_tenant_world_at (PsTenantWorld *world, gint64 at_ms, PsTenantFunc func, gpointer data)
{
  g_return_val_if_fail (func != NULL, 0);

  return ps_tenant_timers_add (world->timers, MAX (at_ms, world->now_ms), func, data);
}

void
ps_tenant_world_cancel (PsTenantWorld *world, guint64 timer)
{
  ps_tenant_timers_cancel (world->timers, timer);
}

GRand *
ps_tenant_world_rand (PsTenantWorld *world)
{
  return world->rand;
}

const GPtrArray *
ps_tenant_world_people (PsTenantWorld *world)
{
  return world->company->people;
}

const GPtrArray *
ps_tenant_world_extensions (PsTenantWorld *world)
{
  return world->company->extensions;
}

const GPtrArray *
ps_tenant_world_groups (PsTenantWorld *world)
{
  return world->company->groups;
}

PsTenantMicrosoftUser *
ps_tenant_world_find_microsoft (PsTenantWorld *world, const char *id_or_upn)
{
  return ps_tenant_company_find_microsoft (world->company, id_or_upn);
}

PsTenantExtension *
ps_tenant_world_find_extension (PsTenantWorld *world, gint64 id)
{
  return ps_tenant_company_find_extension (world->company, id);
}

PsTenantPerson *
ps_tenant_world_find_person (PsTenantWorld *world, const char *text)
{
  return ps_tenant_company_find_person (world->company, text);
}

const char *
ps_tenant_world_company (PsTenantWorld *world)
{
  return world->company->name;
}

const char *
ps_tenant_world_tenant_id (PsTenantWorld *world)
{
  return world->company->tenant_id;
}

const char *
ps_tenant_world_domain (PsTenantWorld *world)
{
  return world->company->domain;
}

gint64
ps_tenant_world_account_id (PsTenantWorld *world)
{
  return world->company->account_id;
}

PsTenantExtension *
ps_tenant_world_admin (PsTenantWorld *world)
{
  return world->company->admin;
}

const PsTenantWorldOptions *
ps_tenant_world_options (PsTenantWorld *world)
{
  return &world->options;
}

PsTenantPerson *
ps_tenant_world_hire (PsTenantWorld *world, const char *first_name, const char *last_name)
{
  PsTenantCompany *company = world->company;
  PsTenantPerson *person = ps_tenant_company_add_person (company, PS_TENANT_ODD_NOTHING);
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x43, person->index);
  g_autofree char *name = g_strdup_printf ("%s %s", first_name, last_name);
  g_autofree char *address = ps_tenant_company_take_address (company, first_name, last_name);
  PsTenantExtension *extension = ps_tenant_company_add_extension (company, person, "User", name);
  PsTenantMicrosoftUser *user = ps_tenant_company_add_microsoft (company, person, first_name, last_name, address);

  extension->first_name = g_strdup (first_name);
  extension->last_name = g_strdup (last_name);
  extension->email = g_strdup (address);
  extension->email_as_login = TRUE;
  user->changed_ms = world->now_ms;
  ps_tenant_company_employ (person, ps_tenant_company_roll_department (&dice), &dice);
  ps_tenant_company_join_group (company, user);
  ps_tenant_company_settle (company, person);
  ps_tenant_world_notify (world, PS_TENANT_CHANGE_DIRECTORY, user);
  ps_tenant_world_notify (world, PS_TENANT_CHANGE_EXTENSION, extension);
  ps_tenant_day_add_person (world->day, person);
  return person;
}

static void
hang_up (PsTenantPhone *phone)
{
  guint64 call;

  while ((call = ps_tenant_phone_current_call (phone)) != 0)
    ps_tenant_phone_call_end (phone, call);
  ps_tenant_phone_meeting (phone, FALSE);
}

void
ps_tenant_world_set_churn (PsTenantWorld *world, double per_second)
{
  world->options.churn_per_second = per_second;
  ps_tenant_churn_free (world->churn);
  world->churn = ps_tenant_churn_new (world);
}

void
ps_tenant_world_leave (PsTenantWorld *world, PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;
  PsTenantExtension *extension = person->extension;

  ps_tenant_company_forget (world->company, person);
  if (user != NULL && !user->deleted) {
    ps_tenant_teams_person_client (user->teams, "Offline", "Offline");
    user->deleted = TRUE;
    user->changed_ms = world->now_ms;
    for (guint i = 0; i < world->company->groups->len; i++)
      g_ptr_array_remove (((PsTenantGroup *) g_ptr_array_index (world->company->groups, i))->members, user);
    ps_tenant_world_notify (world, PS_TENANT_CHANGE_DIRECTORY, user);
  }
  if (extension != NULL && !extension->deleted) {
    hang_up (extension->phone);
    extension->deleted = TRUE;
    ps_tenant_world_notify (world, PS_TENANT_CHANGE_EXTENSION, extension);
  }
}

void
ps_tenant_world_set_microsoft_enabled (PsTenantWorld *world, PsTenantMicrosoftUser *user, gboolean enabled)
{
  if (user->enabled == enabled)
    return;
  user->enabled = enabled;
  user->changed_ms = world->now_ms;
  ps_tenant_world_notify (world, PS_TENANT_CHANGE_DIRECTORY, user);
  /* Who may not sign in is signed out. Whoever may again does so with the next thing of the day, or, without one, now.
   */
  if (!enabled)
    ps_tenant_teams_person_client (user->teams, "Offline", "Offline");
  else if (!world->options.daily_life)
    ps_tenant_teams_person_client (user->teams, "Available", "Available");
}

void
ps_tenant_world_set_extension_status (PsTenantWorld *world, PsTenantExtension *extension, const char *status)
{
  if (strcmp (extension->status, status) == 0)
    return;
  ps_tenant_company_set_text (&extension->status, status);
  ps_tenant_world_notify (world, PS_TENANT_CHANGE_EXTENSION, extension);
  if (extension->phone != NULL && strcmp (status, "Enabled") != 0)
    hang_up (extension->phone);
}

guint
ps_tenant_world_listen (PsTenantWorld *world, PsTenantListener listener, gpointer data)
{
  Listener entry = { .id = ++world->last_listener, .func = listener, .data = data };

  g_return_val_if_fail (listener != NULL, 0);

  g_array_append_val (world->listeners, entry);
  return entry.id;
}

static void
sweep_listeners (PsTenantWorld *world)
{
  for (guint i = world->listeners->len; i > 0; i--)
    if (g_array_index (world->listeners, Listener, i - 1).func == NULL)
      g_array_remove_index (world->listeners, i - 1);
}

void
ps_tenant_world_unlisten (PsTenantWorld *world, guint id)
{
  for (guint i = 0; i < world->listeners->len; i++)
    if (g_array_index (world->listeners, Listener, i).id == id)
      g_array_index (world->listeners, Listener, i).func = NULL;
  if (world->telling == 0)
    sweep_listeners (world);
}

void
ps_tenant_world_notify (PsTenantWorld *world, PsTenantChange change, gpointer subject)
{
  guint n = world->listeners->len; /* who comes in meanwhile hears of the next one */

  world->telling++;
  for (guint i = 0; i < n; i++) {
    Listener listener = g_array_index (world->listeners, Listener, i);

    if (listener.func != NULL)
      listener.func (world, change, subject, listener.data);
  }
  if (--world->telling == 0)
    sweep_listeners (world);
}
