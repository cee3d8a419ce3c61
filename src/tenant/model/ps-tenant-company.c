/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-company.h"

#include "ps-tenant-names.h"
#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"

#include <string.h>

#define DAY_MS ((gint64) 24 * 3600 * 1000)

static const PsTenantDepartment departments[] = {
  { "Manufacturing", { "Machine Operator", "Calibration Technician", "Shift Lead", "Quality Inspector" }, 22 },
  { "Customer Support", { "Support Agent", "Support Engineer", "Team Lead", "Returns Clerk" }, 18 },
  { "Sales", { "Account Manager", "Sales Representative", "Inside Sales", "Key Account Director" }, 16 },
  { "Research and Development", { "Optical Engineer", "Firmware Developer", "Test Engineer", "Physicist" }, 14 },
  { "Logistics", { "Dispatcher", "Warehouse Clerk", "Customs Specialist", "Fleet Planner" }, 9 },
  { "Information Technology", { "Service Desk Analyst", "Network Engineer", "Application Owner", "Architect" }, 6 },
  { "Finance", { "Accountant", "Controller", "Payroll Clerk", "Treasurer" }, 5 },
  { "Marketing", { "Content Editor", "Campaign Manager", "Trade Fair Planner", "Designer" }, 5 },
  { "Human Resources", { "Recruiter", "HR Partner", "Training Coordinator", "Office Manager" }, 3 },
  { "Legal and Management", { "Counsel", "Assistant", "Managing Director", "Compliance Officer" }, 2 },
};

static const struct {
  const char *name;
  guint area_code;
} sites[] = { { "Portland", 503 }, { "Boston", 617 }, { "Denver", 303 }, { "Montréal", 514 } };

void
ps_tenant_company_set_text (char **field, const char *text)
{
  char *copy = g_strdup (text);

  g_free (*field);
  *field = copy;
}

static char *
fold (const char *text)
{
  return g_utf8_strdown (text, -1);
}

char *
ps_tenant_company_guid (PsTenantCompany *company, const char *kind, guint64 index)
{
  guint64 a = ps_tenant_dice_mix (company->seed, g_str_hash (kind), 2 * index);
  guint64 b = ps_tenant_dice_mix (company->seed, g_str_hash (kind), 2 * index + 1);

  return g_strdup_printf ("%08x-%04x-4%03x-%04x-%012" G_GINT64_MODIFIER "x", (guint) (a >> 32),
                          (guint) (a >> 16) & 0xffff, (guint) a & 0xfff, (guint) (b >> 48 & 0x3fff) | 0x8000,
                          b & G_GUINT64_CONSTANT (0xffffffffffff));
}

/* --- freeing --- */

static void
microsoft_free (PsTenantMicrosoftUser *user)
{
  if (user == NULL)
    return;
  ps_tenant_teams_free (user->teams);
  g_free (user->id);
  g_free (user->display_name);
  g_free (user->given_name);
  g_free (user->surname);
  g_free (user->user_principal_name);
  g_free (user->mail);
  g_strfreev (user->proxy_addresses);
  g_free (user->job_title);
  g_free (user->department);
  g_free (user->office_location);
  g_free (user->mobile_phone);
  g_strfreev (user->business_phones);
  g_free (user);
}

static void
extension_free (gpointer data)
{
  PsTenantExtension *extension = data;

  if (extension == NULL)
    return;
  ps_tenant_phone_free (extension->phone);
  g_free (extension->extension_number);
  g_free (extension->type);
  g_free (extension->status);
  g_free (extension->name);
  g_free (extension->first_name);
  g_free (extension->last_name);
  g_free (extension->email);
  g_free (extension->department);
  g_free (extension->job_title);
  g_free (extension->phone_number);
  g_free (extension->site);
  g_array_unref (extension->queue_ids);
  g_free (extension);
}

static void
person_free (gpointer data)
{
  PsTenantPerson *person = data;

  microsoft_free (person->microsoft);
  extension_free (person->extension);
  g_free (person);
}

static void
group_free (gpointer data)
{
  PsTenantGroup *group = data;

  g_free (group->id);
  g_free (group->display_name);
  g_ptr_array_unref (group->members);
  g_ptr_array_unref (group->groups);
  g_free (group);
}

/* --- the pieces --- */

const PsTenantDepartment *
ps_tenant_company_roll_department (PsTenantDice *dice)
{
  guint percent = ps_tenant_dice_below (dice, 100);
  gsize i;

  for (i = 0; i < G_N_ELEMENTS (departments) - 1 && percent >= departments[i].share; i++)
    percent -= departments[i].share;
  return &departments[i];
}

PsTenantPerson *
ps_tenant_company_add_person (PsTenantCompany *company, PsTenantOdd odd)
{
  PsTenantPerson *person = g_new0 (PsTenantPerson, 1);

  person->index = company->people->len;
  person->odd = odd;
  g_ptr_array_add (company->people, person);
  return person;
}

/* Returns: (transfer full): @local@domain, or @local2@domain and so on. */
static char *
take_free_address (PsTenantCompany *company, const char *local)
{
  g_autofree char *address = g_strdup_printf ("%s@%s", local, company->domain);

  for (guint i = 2; !g_hash_table_add (company->addresses, g_strdup (address)); i++) {
    g_free (address);
    address = g_strdup_printf ("%s%u@%s", local, i, company->domain);
  }
  return g_steal_pointer (&address);
}

char *
ps_tenant_company_take_address (PsTenantCompany *company, const char *first_name, const char *last_name)
{
  g_autofree char *first = ps_tenant_names_for_address (first_name);
  g_autofree char *last = ps_tenant_names_for_address (last_name);
  g_autofree char *local = g_strdup_printf ("%s.%s", first, last);

  return take_free_address (company, local);
}

char *
ps_tenant_company_take_short_address (PsTenantCompany *company, const char *first_name, const char *last_name)
{
  g_autofree char *first = ps_tenant_names_for_address (first_name);
  g_autofree char *last = ps_tenant_names_for_address (last_name);
  g_autofree char *local = g_strdup_printf ("%c%s", first[0], last);

  return take_free_address (company, local);
}

PsTenantMicrosoftUser *
ps_tenant_company_add_microsoft (PsTenantCompany *company, PsTenantPerson *person, const char *first_name,
                                 const char *last_name, const char *address)
{
  PsTenantMicrosoftUser *user = g_new0 (PsTenantMicrosoftUser, 1);
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x41, person->index);

  user->id = ps_tenant_company_guid (company, "user", person->index);
  user->display_name = g_strdup_printf ("%s %s", first_name, last_name);
  user->given_name = g_strdup (first_name);
  user->surname = g_strdup (last_name);
  user->user_principal_name = g_strdup (address);
  user->mail = g_strdup (address);
  user->proxy_addresses = g_new0 (char *, 2);
  user->proxy_addresses[0] = g_strdup_printf ("SMTP:%s", address);
  user->business_phones = g_new0 (char *, 1);
  user->enabled = user->teams_licence = user->mailbox = TRUE;
  user->changed_ms = ps_tenant_world_now (company->world) - ps_tenant_dice_between (&dice, DAY_MS, 900 * DAY_MS);
  if (ps_tenant_dice_chance (&dice, 40))
    user->mobile_phone = g_strdup_printf ("+1 %u 555 %04u", 301 + ps_tenant_dice_below (&dice, 600),
                                          ps_tenant_dice_below (&dice, 10000));
  person->microsoft = user;
  return user;
}

PsTenantExtension *
ps_tenant_company_add_extension (PsTenantCompany *company, PsTenantPerson *person, const char *type, const char *name)
{
  PsTenantExtension *extension = g_new0 (PsTenantExtension, 1);
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x42, company->next_extension_number);

  /* Ids only ever grow, so the list stays in their order; numbers need not. */
  company->next_extension_id += ps_tenant_dice_between (&dice, 1, 997);
  extension->id = company->next_extension_id;
  extension->extension_number = g_strdup_printf ("%u", company->next_extension_number++);
  extension->type = g_strdup (type);
  extension->status = g_strdup ("Enabled");
  extension->name = g_strdup (name);
  extension->queue_ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  extension->site =
      g_strdup (strcmp (type, "Site") == 0 ? name : sites[ps_tenant_dice_below (&dice, G_N_ELEMENTS (sites))].name);
  g_ptr_array_add (company->extensions, extension);
  g_hash_table_insert (company->extension_by_id, &extension->id, extension);
  if (person != NULL)
    person->extension = extension;
  else
    g_ptr_array_add (company->other_extensions, extension);
  return extension;
}

static guint
area_code (const char *site)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sites); i++)
    if (strcmp (sites[i].name, site) == 0)
      return sites[i].area_code;
  return sites[0].area_code;
}

void
ps_tenant_company_employ (PsTenantPerson *person, const PsTenantDepartment *department, PsTenantDice *dice)
{
  const char *job = department->jobs[ps_tenant_dice_below (dice, G_N_ELEMENTS (department->jobs))];
  PsTenantMicrosoftUser *user = person->microsoft;
  PsTenantExtension *extension = person->extension;

  if (user != NULL) {
    ps_tenant_company_set_text (&user->department, department->title);
    ps_tenant_company_set_text (&user->job_title, job);
    ps_tenant_company_set_text (&user->office_location, extension != NULL ? extension->site : sites[0].name);
  }
  if (extension == NULL)
    return;
  ps_tenant_company_set_text (&extension->department, department->title);
  ps_tenant_company_set_text (&extension->job_title, job);
  if (ps_tenant_dice_chance (dice, 85)) {
    g_free (extension->phone_number);
    extension->phone_number =
        g_strdup_printf ("+1%03u555%04u", area_code (extension->site) + person->index / 10000, person->index % 10000);
  }
  if (user != NULL && extension->phone_number != NULL) {
    g_strfreev (user->business_phones);
    user->business_phones = g_new0 (char *, 2);
    user->business_phones[0] = g_strdup (extension->phone_number);
  }
}

void
ps_tenant_company_join_group (PsTenantCompany *company, PsTenantMicrosoftUser *user)
{
  for (gsize i = 0; i < G_N_ELEMENTS (departments); i++)
    if (g_strcmp0 (departments[i].title, user->department) == 0)
      g_ptr_array_add (((PsTenantGroup *) g_ptr_array_index (company->groups, i))->members, user);
}

static void
found_by (PsTenantCompany *company, PsTenantPerson *person, const char *text)
{
  g_autofree char *key = text != NULL ? fold (text) : NULL;

  /* The first one keeps an address that two have. */
  if (key != NULL && !g_hash_table_contains (company->person_by_text, key))
    g_hash_table_insert (company->person_by_text, g_steal_pointer (&key), person);
}

void
ps_tenant_company_settle (PsTenantCompany *company, PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;
  PsTenantExtension *extension = person->extension;

  if (user != NULL) {
    user->teams = ps_tenant_teams_new (company->world, user);
    g_hash_table_insert (company->microsoft_by_text, fold (user->id), user);
    g_hash_table_insert (company->microsoft_by_text, fold (user->user_principal_name), user);
    found_by (company, person, user->id);
    found_by (company, person, user->user_principal_name);
    found_by (company, person, user->mail);
  }
  if (extension != NULL) {
    g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, extension->id);

    extension->phone = ps_tenant_phone_new (company->world, extension);
    found_by (company, person, extension->email);
    found_by (company, person, id);
    found_by (company, person, extension->extension_number);
  }
}

static void
lost_by (PsTenantCompany *company, PsTenantPerson *person, const char *text)
{
  g_autofree char *key = text != NULL ? fold (text) : NULL;

  if (key != NULL && g_hash_table_lookup (company->person_by_text, key) == person)
    g_hash_table_remove (company->person_by_text, key);
}

void
ps_tenant_company_forget (PsTenantCompany *company, PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;
  PsTenantExtension *extension = person->extension;

  if (user != NULL) {
    g_autofree char *upn = fold (user->user_principal_name);

    g_hash_table_remove (company->microsoft_by_text, user->id);
    g_hash_table_remove (company->microsoft_by_text, upn);
    lost_by (company, person, user->id);
    lost_by (company, person, user->user_principal_name);
    lost_by (company, person, user->mail);
  }
  if (extension != NULL) {
    g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, extension->id);

    g_hash_table_remove (company->extension_by_id, &extension->id);
    lost_by (company, person, extension->email);
    lost_by (company, person, id);
    lost_by (company, person, extension->extension_number);
  }
}

/* --- the whole --- */

static PsTenantGroup *
add_group (PsTenantCompany *company, const char *name)
{
  PsTenantGroup *group = g_new0 (PsTenantGroup, 1);

  group->id = ps_tenant_company_guid (company, "group", company->groups->len);
  group->display_name = g_strdup (name);
  group->members = g_ptr_array_new ();
  group->groups = g_ptr_array_new ();
  g_ptr_array_add (company->groups, group);
  return group;
}

static void
add_groups (PsTenantCompany *company)
{
  PsTenantGroup *all;

  for (gsize i = 0; i < G_N_ELEMENTS (departments); i++)
    add_group (company, departments[i].title);
  all = add_group (company, "All Staff");
  for (gsize i = 0; i < G_N_ELEMENTS (departments); i++)
    g_ptr_array_add (all->groups, g_ptr_array_index (company->groups, i));
}

PsTenantCompany *
ps_tenant_company_new (PsTenantWorld *world)
{
  PsTenantCompany *company = g_new0 (PsTenantCompany, 1);
  const PsTenantWorldOptions *options = ps_tenant_world_options (world);

  company->world = world;
  company->seed = options->seed;
  company->name = g_strdup ("Contoso Instruments");
  company->domain = g_strdup ("contoso-instruments.example");
  company->initial_domain = g_strdup ("contosoinstruments.onmicrosoft.example");
  company->tenant_id = ps_tenant_company_guid (company, "tenant", 0);
  company->account_id = 2000000000 + (gint64) (ps_tenant_dice_mix (company->seed, 0x40, 0) % 900000000);
  company->next_extension_id = 62000000000 + (gint64) (ps_tenant_dice_mix (company->seed, 0x40, 1) % 900000000);
  company->next_extension_number = options->users <= 700 ? 101 : options->users <= 8000 ? 1001 : 10001;

  company->people = g_ptr_array_new_with_free_func (person_free);
  company->extensions = g_ptr_array_new ();
  company->other_extensions = g_ptr_array_new_with_free_func (extension_free);
  company->groups = g_ptr_array_new_with_free_func (group_free);
  company->microsoft_by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  company->extension_by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  company->person_by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  company->addresses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  add_groups (company);
  ps_tenant_company_build (company);
  return company;
}

void
ps_tenant_company_free (PsTenantCompany *company)
{
  if (company == NULL)
    return;
  g_hash_table_unref (company->microsoft_by_text);
  g_hash_table_unref (company->extension_by_id);
  g_hash_table_unref (company->person_by_text);
  g_hash_table_unref (company->addresses);
  g_ptr_array_unref (company->groups);
  g_ptr_array_unref (company->extensions);
  g_ptr_array_unref (company->other_extensions);
  g_ptr_array_unref (company->people);
  g_free (company->name);
  g_free (company->domain);
  g_free (company->initial_domain);
  g_free (company->tenant_id);
  g_free (company);
}

PsTenantMicrosoftUser *
ps_tenant_company_find_microsoft (PsTenantCompany *company, const char *id_or_upn)
{
  g_autofree char *key = fold (id_or_upn);

  return g_hash_table_lookup (company->microsoft_by_text, key);
}

PsTenantExtension *
ps_tenant_company_find_extension (PsTenantCompany *company, gint64 id)
{
  return g_hash_table_lookup (company->extension_by_id, &id);
}

PsTenantPerson *
ps_tenant_company_find_person (PsTenantCompany *company, const char *text)
{
  g_autofree char *key = fold (text);

  return g_hash_table_lookup (company->person_by_text, key);
}
