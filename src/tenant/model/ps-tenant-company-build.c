/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fills the company: the users with their oddities, queues and other extensions between them, and accounts that only
 * Microsoft knows.
 */
#include "config.h"

#include "ps-tenant-company.h"

#include "ps-tenant-names.h"

#include <string.h>

#define PERCENT_IN_QUEUES      30
#define PERCENT_MICROSOFT_ONLY 4

/* Of how many users in 250 something is odd. Those marked as failing can have no link: 19 in 250. */
static const struct {
  PsTenantOdd odd;
  guint in_250;
  gboolean fails;
} odds[] = {
  { PS_TENANT_ODD_NO_MICROSOFT, 2, TRUE }, /* and the service user */
  { PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL, 2, TRUE },
  { PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT, 2, TRUE },
  { PS_TENANT_ODD_MICROSOFT_DISABLED, 2, TRUE },
  { PS_TENANT_ODD_RINGCENTRAL_DISABLED, 2, TRUE },
  { PS_TENANT_ODD_NOT_ACTIVATED, 2, TRUE },
  { PS_TENANT_ODD_GUEST, 2, TRUE },
  { PS_TENANT_ODD_NO_EMAIL, 2, TRUE },
  { PS_TENANT_ODD_NO_LICENCE, 2, TRUE },
  { PS_TENANT_ODD_ALIAS_ONLY, 10, FALSE },
  { PS_TENANT_ODD_UPN_ONLY, 6, FALSE },
  { PS_TENANT_ODD_OTHER_CASE, 8, FALSE },
};

static const char *const queue_names[] = {
  "Sales Hotline", "Support First Level",  "Orders",    "Returns",  "Service Desk",
  "Spare Parts",   "Calibration Bookings", "Reception", "Invoices", "Support Second Level",
  "Dealers",       "Field Service",
};

static const struct {
  const char *type, *name;
} other_kinds[] = {
  { "Site", "Portland" },
  { "Site", "Montréal" },
  { "IvrMenu", "Main Menu" },
  { "IvrMenu", "After Hours Menu" },
  { "Announcement", "Holiday Announcement" },
  { "Voicemail", "General Mailbox" },
  { "ParkLocation", "Park Portland" },
  { "PagingOnly", "Warehouse Paging" },
  { "SharedLinesGroup", "Front Desk Lines" },
  { "FaxUser", "Purchasing Fax" },
  { "ApplicationExtension", "Door Intercom" },
  { "Limited", "Lobby Phone" },
  { "Room", "Room Galileo" },
};

/* Which oddity each user has, by index; the service user comes first. (transfer full) */
static PsTenantOdd *
deal_odds (guint users, PsTenantDice *dice)
{
  PsTenantOdd *dealt = g_new0 (PsTenantOdd, users);
  g_autofree guint *order = g_new (guint, users);
  /* A company of fewer than 40 has not room for all: at most a quarter may fail. */
  guint may_fail = users >= 40 ? users : users / 4;
  guint n_failing = 1, next = 1;

  for (guint i = 0; i < users; i++)
    order[i] = i;
  for (guint i = users - 1; i > 1; i--) {
    guint j = 1 + ps_tenant_dice_below (dice, i);
    guint other = order[j];

    order[j] = order[i];
    order[i] = other;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (odds); i++) {
    /* The users who share an address come in pairs. */
    guint pair = odds[i].odd == PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL ? 2 : 1;
    guint n = MAX (pair, (users * odds[i].in_250 + 125) / 250 / pair * pair);

    if (odds[i].fails && n_failing + n > may_fail)
      continue;
    for (guint k = 0; k < n && next < users; k++)
      dealt[order[next++]] = odds[i].odd;
    n_failing += odds[i].fails ? n : 0;
  }
  dealt[0] = PS_TENANT_ODD_NO_MICROSOFT;
  return dealt;
}

static void
add_proxy (PsTenantMicrosoftUser *user, const char *address)
{
  guint n = g_strv_length (user->proxy_addresses);

  user->proxy_addresses = g_renew (char *, user->proxy_addresses, n + 2);
  user->proxy_addresses[n] = g_strdup_printf ("smtp:%s", address);
  user->proxy_addresses[n + 1] = NULL;
}

static char *
upper_initials (const char *address)
{
  g_autofree char *local = g_strndup (address, strcspn (address, "@"));
  char *at;

  local[0] = g_ascii_toupper (local[0]);
  if ((at = strchr (local, '.')) != NULL)
    at[1] = g_ascii_toupper (at[1]);
  return g_strdup_printf ("%s%s", local, address + strlen (local));
}

static void
make_guest (PsTenantCompany *company, PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;
  g_autofree char *local = g_strndup (user->mail, strcspn (user->mail, "@"));
  g_autofree char *home = g_strdup_printf ("%s@tailspin-partner.example", local);

  user->guest = TRUE;
  user->teams_licence = user->mailbox = FALSE;
  ps_tenant_company_set_text (&user->mail, home);
  g_free (user->proxy_addresses[0]);
  user->proxy_addresses[0] = g_strdup_printf ("SMTP:%s", home);
  g_free (user->user_principal_name);
  user->user_principal_name = g_strdup_printf ("%s_tailspin-partner.example#EXT#@%s", local, company->initial_domain);
  ps_tenant_company_set_text (&person->extension->email, home);
}

static void
make_upn_only (PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;

  g_clear_pointer (&user->mail, g_free);
  g_clear_pointer (&user->proxy_addresses, g_strfreev);
  user->proxy_addresses = g_new0 (char *, 1);
  user->mailbox = FALSE;
}

static void
make_odd (PsTenantCompany *company, PsTenantPerson *person)
{
  PsTenantMicrosoftUser *user = person->microsoft;
  PsTenantExtension *extension = person->extension;
  char *address;

  switch (person->odd) {
  case PS_TENANT_ODD_ALIAS_ONLY:
    address = ps_tenant_company_take_short_address (company, extension->first_name, extension->last_name);
    add_proxy (user, address);
    g_free (extension->email);
    extension->email = address;
    break;
  case PS_TENANT_ODD_UPN_ONLY:
    make_upn_only (person);
    break;
  case PS_TENANT_ODD_OTHER_CASE:
    address = upper_initials (extension->email);
    g_free (extension->email);
    extension->email = address;
    break;
  case PS_TENANT_ODD_MICROSOFT_DISABLED:
    user->enabled = FALSE;
    break;
  case PS_TENANT_ODD_RINGCENTRAL_DISABLED:
    ps_tenant_company_set_text (&extension->status, "Disabled");
    break;
  case PS_TENANT_ODD_NOT_ACTIVATED:
    ps_tenant_company_set_text (&extension->status, "NotActivated");
    break;
  case PS_TENANT_ODD_GUEST:
    make_guest (company, person);
    break;
  case PS_TENANT_ODD_NO_EMAIL:
    g_clear_pointer (&extension->email, g_free);
    extension->email_as_login = FALSE;
    break;
  case PS_TENANT_ODD_NO_LICENCE:
    user->teams_licence = FALSE;
    break;
  case PS_TENANT_ODD_NOTHING:
    /* Two in a hundred sign in with a name that is not their address, and it does no harm. */
    if (ps_tenant_dice_mix (company->seed, 0x46, person->index) % 50 == 0) {
      g_free (user->user_principal_name);
      user->user_principal_name = ps_tenant_company_take_short_address (company, user->given_name, user->surname);
    }
    break;
  case PS_TENANT_ODD_NO_MICROSOFT:
  case PS_TENANT_ODD_NO_RINGCENTRAL:
  case PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL: /* when all are there */
  case PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT:
    break;
  }
}

static void
add_service_user (PsTenantCompany *company)
{
  PsTenantPerson *person = ps_tenant_company_add_person (company, PS_TENANT_ODD_NO_MICROSOFT);
  PsTenantExtension *extension = ps_tenant_company_add_extension (company, person, "User", "Presence Service");

  extension->first_name = g_strdup ("Presence");
  extension->last_name = g_strdup ("Service");
  extension->email = ps_tenant_company_take_address (company, "presence", "service");
  extension->email_as_login = TRUE;
  extension->job_title = g_strdup ("Service account");
  extension->admin = TRUE;
  company->admin = extension;
}

static void
add_user (PsTenantCompany *company, PsTenantOdd odd)
{
  PsTenantPerson *person = ps_tenant_company_add_person (company, odd);
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x43, person->index);
  const char *first_name, *last_name;
  g_autofree char *name = NULL;
  g_autofree char *address = NULL;

  ps_tenant_names_pick (&dice, &first_name, &last_name);
  name = g_strdup_printf ("%s %s", first_name, last_name);
  address = ps_tenant_company_take_address (company, first_name, last_name);
  ps_tenant_company_add_extension (company, person, "User", name);
  person->extension->first_name = g_strdup (first_name);
  person->extension->last_name = g_strdup (last_name);
  person->extension->email = g_strdup (address);
  person->extension->email_as_login = TRUE;
  if (odd != PS_TENANT_ODD_NO_MICROSOFT)
    ps_tenant_company_add_microsoft (company, person, first_name, last_name, address);
  ps_tenant_company_employ (person, ps_tenant_company_roll_department (&dice), &dice);
  make_odd (company, person);
  if (person->microsoft != NULL)
    ps_tenant_company_join_group (company, person->microsoft);
}

static PsTenantPerson *
add_microsoft_only (PsTenantCompany *company, PsTenantOdd odd)
{
  PsTenantPerson *person = ps_tenant_company_add_person (company, odd);
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x43, person->index);
  const char *first_name, *last_name;
  g_autofree char *address = NULL;

  ps_tenant_names_pick (&dice, &first_name, &last_name);
  address = ps_tenant_company_take_address (company, first_name, last_name);
  ps_tenant_company_add_microsoft (company, person, first_name, last_name, address);
  ps_tenant_company_employ (person, ps_tenant_company_roll_department (&dice), &dice);
  ps_tenant_company_join_group (company, person->microsoft);
  return person;
}

/* The second of each two has the first one's address in RingCentral; for the others another account carries theirs. */
static void
double_addresses (PsTenantCompany *company, guint users)
{
  PsTenantPerson *first = NULL;

  for (guint i = 0; i < users; i++) {
    PsTenantPerson *person = g_ptr_array_index (company->people, i);

    if (person->odd == PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT) {
      PsTenantPerson *twin = add_microsoft_only (company, PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT);

      add_proxy (twin->microsoft, person->extension->email);
    } else if (person->odd == PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL && first == NULL) {
      first = person;
    } else if (person->odd == PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL) {
      ps_tenant_company_set_text (&person->extension->email, first->extension->email);
      first->extension->email_as_login = person->extension->email_as_login = FALSE;
      first = NULL;
    }
  }
}

static void
fill_queues (PsTenantCompany *company, GArray *queues, guint users, PsTenantDice *dice)
{
  guint left = queues->len > 0 ? (users * PERCENT_IN_QUEUES + 50) / 100 : 0;

  /* So many out of those who are left: everybody has the same chance, and the count is exact. */
  for (guint i = 1; i < users; i++) {
    PsTenantExtension *extension = ((PsTenantPerson *) g_ptr_array_index (company->people, i))->extension;
    guint first, second;

    if (ps_tenant_dice_below (dice, users - i) >= left)
      continue;
    left--;
    first = ps_tenant_dice_below (dice, queues->len);
    second = ps_tenant_dice_below (dice, queues->len);
    g_array_append_val (extension->queue_ids, g_array_index (queues, gint64, first));
    if (second != first && ps_tenant_dice_chance (dice, 30))
      g_array_append_val (extension->queue_ids, g_array_index (queues, gint64, second));
  }
}

static void
add_queue (PsTenantCompany *company, GArray *queues)
{
  guint n = queues->len;
  guint round = n / G_N_ELEMENTS (queue_names) + 1;
  g_autofree char *name = round == 1 ? g_strdup (queue_names[n])
                                     : g_strdup_printf ("%s %u", queue_names[n % G_N_ELEMENTS (queue_names)], round);

  g_array_append_val (queues, ps_tenant_company_add_extension (company, NULL, "Department", name)->id);
}

/* Extensions of all kinds in the order of their making: what is nobody's stands between the users. */
static void
add_extensions (PsTenantCompany *company, const PsTenantOdd *dealt, guint users, GArray *queues)
{
  guint n_queues = CLAMP (users / 30, 2, 60);
  guint n_others = n_queues + G_N_ELEMENTS (other_kinds);
  guint made = 0;

  for (guint i = 0; i <= users; i++) {
    for (; made < n_others && (i == users || made * users < i * n_others); made++) {
      if (queues->len < n_queues && (made % 2 == 0 || made / 2 >= G_N_ELEMENTS (other_kinds)))
        add_queue (company, queues);
      else
        ps_tenant_company_add_extension (company, NULL, other_kinds[made - queues->len].type,
                                         other_kinds[made - queues->len].name);
    }
    if (i == 0 && users > 0)
      add_service_user (company);
    else if (i < users)
      add_user (company, dealt[i]);
  }
}

void
ps_tenant_company_build (PsTenantCompany *company)
{
  guint users = ps_tenant_world_options (company->world)->users;
  PsTenantDice dice = ps_tenant_dice_mix (company->seed, 0x44, users);
  g_autofree PsTenantOdd *dealt = NULL;
  g_autoptr (GArray) queues = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_return_if_fail (users > 0);

  dealt = deal_odds (users, &dice);
  add_extensions (company, dealt, users, queues);
  double_addresses (company, users);
  for (guint i = 0; i < MAX (1, users * PERCENT_MICROSOFT_ONLY / 100); i++)
    add_microsoft_only (company, PS_TENANT_ODD_NO_RINGCENTRAL);
  fill_queues (company, queues, users, &dice);
  for (guint i = 0; i < company->people->len; i++)
    ps_tenant_company_settle (company, g_ptr_array_index (company->people, i));
}
