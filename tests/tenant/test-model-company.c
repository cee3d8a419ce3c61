/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-fixture.h"

#include <string.h>
#include <time.h>

/* How people are matched, written down a third time: how many Microsoft accounts carry @address at any level. */
static guint
carriers (PsTenantWorld *world, const char *address, PsTenantMicrosoftUser **found)
{
  const GPtrArray *people = ps_tenant_world_people (world);
  guint n = 0;

  for (guint i = 0; i < people->len; i++) {
    PsTenantMicrosoftUser *user = ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft;
    gboolean carries;

    if (user == NULL)
      continue;
    carries = g_ascii_strcasecmp (user->user_principal_name, address) == 0 ||
              (user->mail != NULL && g_ascii_strcasecmp (user->mail, address) == 0);
    for (guint k = 0; user->proxy_addresses[k] != NULL; k++)
      carries |= g_ascii_strcasecmp (user->proxy_addresses[k] + strlen ("smtp:"), address) == 0;
    if (carries) {
      n++;
      *found = user;
    }
  }
  return n;
}

static guint
users_with_email (PsTenantWorld *world, const char *address)
{
  const GPtrArray *extensions = ps_tenant_world_extensions (world);
  guint n = 0;

  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    if (strcmp (extension->type, "User") == 0 && extension->email != NULL &&
        g_ascii_strcasecmp (extension->email, address) == 0)
      n++;
  }
  return n;
}

static gboolean
matches (PsTenantWorld *world, PsTenantExtension *extension)
{
  PsTenantMicrosoftUser *user = NULL;

  return extension->email != NULL && strcmp (extension->status, "Enabled") == 0 &&
         users_with_email (world, extension->email) == 1 && carriers (world, extension->email, &user) == 1 &&
         user->enabled && !user->guest && user->teams_licence;
}

static guint
count_users (PsTenantWorld *world, guint *failing)
{
  const GPtrArray *extensions = ps_tenant_world_extensions (world);
  guint users = 0;

  *failing = 0;
  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    if (strcmp (extension->type, "User") != 0)
      continue;
    users++;
    *failing += !matches (world, extension);
  }
  return users;
}

static void
test_sizes (void)
{
  static const struct {
    guint users, failing;
  } table[] = { { 1, 1 }, { 2, 1 }, { 10, 2 }, { 32, 8 }, { 40, 11 }, { 250, 19 }, { 500, 37 } };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (guint64 seed = 1; seed <= 3; seed++) {
      g_autoptr (PsTenantWorld) world = make_world (table[i].users, seed);
      guint failing;

      g_assert_cmpuint (count_users (world, &failing), ==, table[i].users);
      g_assert_cmpuint (failing, ==, table[i].failing);
    }
}

static gboolean
odd_matches (PsTenantOdd odd)
{
  return odd == PS_TENANT_ODD_NOTHING || odd == PS_TENANT_ODD_ALIAS_ONLY || odd == PS_TENANT_ODD_UPN_ONLY ||
         odd == PS_TENANT_ODD_OTHER_CASE;
}

static void
test_every_kind (void)
{
  for (guint64 seed = 1; seed <= 20; seed++) {
    g_autoptr (PsTenantWorld) world = make_world (40, seed);
    const GPtrArray *people = ps_tenant_world_people (world);

    for (int odd = 0; odd <= PS_TENANT_ODD_NO_LICENCE; odd++)
      g_assert_nonnull (nth_odd (world, odd, 0));
    for (guint i = 0; i < people->len; i++) {
      PsTenantPerson *person = g_ptr_array_index (people, i);

      if (person->extension != NULL)
        g_assert_cmpint (matches (world, person->extension), ==, odd_matches (person->odd));
    }
  }
}

static void
test_odd_details (void)
{
  g_autoptr (PsTenantWorld) world = make_world (40, 3);
  PsTenantPerson *person = nth_odd (world, PS_TENANT_ODD_ALIAS_ONLY, 0);
  g_autofree char *alias = g_strdup_printf ("smtp:%s", person->extension->email);

  g_assert_cmpstr (person->extension->email, !=, person->microsoft->mail);
  g_assert_true (g_strv_contains ((const char *const *) person->microsoft->proxy_addresses, alias));
  person = nth_odd (world, PS_TENANT_ODD_UPN_ONLY, 0);
  g_assert_null (person->microsoft->mail);
  g_assert_cmpuint (g_strv_length (person->microsoft->proxy_addresses), ==, 0);
  person = nth_odd (world, PS_TENANT_ODD_OTHER_CASE, 0);
  g_assert_cmpstr (person->extension->email, !=, person->microsoft->mail);
  g_assert_cmpint (g_ascii_strcasecmp (person->extension->email, person->microsoft->mail), ==, 0);
  person = nth_odd (world, PS_TENANT_ODD_GUEST, 0);
  g_assert_true (person->microsoft->guest);
  g_assert_nonnull (strstr (person->microsoft->user_principal_name, "#EXT#@"));
  g_assert_cmpstr (person->extension->email, ==, person->microsoft->mail);
  g_assert_cmpstr (nth_odd (world, PS_TENANT_ODD_NOT_ACTIVATED, 0)->extension->status, ==, "NotActivated");
  g_assert_cmpstr (nth_odd (world, PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL, 0)->extension->email, ==,
                   nth_odd (world, PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL, 1)->extension->email);
  g_assert_null (nth_odd (world, PS_TENANT_ODD_NO_RINGCENTRAL, 0)->extension);
  g_assert_true (ps_tenant_world_admin (world)->admin);
  g_assert_cmpstr (ps_tenant_world_admin (world)->type, ==, "User");
}

static void
test_unique_and_findable (void)
{
  g_autoptr (PsTenantWorld) world = make_world (1000, 9);
  const GPtrArray *people = ps_tenant_world_people (world);
  const GPtrArray *extensions = ps_tenant_world_extensions (world);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  guint accents = 0;

  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    if (i > 0)
      g_assert_cmpint (extension->id, >, ((PsTenantExtension *) g_ptr_array_index (extensions, i - 1))->id);
    g_assert_true (ps_tenant_world_find_extension (world, extension->id) == extension);
    g_assert_true (g_hash_table_add (numbers, extension->extension_number));
    g_assert_cmpint (extension->phone != NULL, ==, strcmp (extension->type, "User") == 0);
  }
  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    g_assert_cmpuint (person->index, ==, i);
    if (person->extension != NULL)
      g_assert_true (ps_tenant_world_find_person (world, person->extension->extension_number) == person);
    if (person->microsoft == NULL)
      continue;
    g_assert_true (g_uuid_string_is_valid (person->microsoft->id));
    g_assert_true (ps_tenant_world_find_microsoft (world, person->microsoft->id) == person->microsoft);
    g_assert_true (ps_tenant_world_find_microsoft (world, person->microsoft->user_principal_name) == person->microsoft);
    g_assert_true (ps_tenant_world_find_person (world, person->microsoft->user_principal_name) == person);
    g_assert_true (g_str_is_ascii (person->microsoft->user_principal_name));
    g_assert_true (g_utf8_validate (person->microsoft->display_name, -1, NULL));
    accents += !g_str_is_ascii (person->microsoft->display_name);
  }
  g_assert_cmpuint (accents, >, 300);
  g_assert_null (ps_tenant_world_find_person (world, "nobody@contoso-instruments.example"));
}

static void
test_queues (void)
{
  g_autoptr (PsTenantWorld) world = make_world (200, 9);
  const GPtrArray *extensions = ps_tenant_world_extensions (world);
  guint members = 0, queues = 0, others = 0;

  for (guint i = 0; i < extensions->len; i++) {
    PsTenantExtension *extension = g_ptr_array_index (extensions, i);

    if (strcmp (extension->type, "Department") == 0)
      queues++;
    else if (strcmp (extension->type, "User") != 0)
      others++;
    members += extension->queue_ids->len > 0;
    for (guint k = 0; k < extension->queue_ids->len; k++) {
      PsTenantExtension *queue =
          ps_tenant_world_find_extension (world, g_array_index (extension->queue_ids, gint64, k));

      g_assert_cmpstr (queue->type, ==, "Department");
    }
  }
  g_assert_cmpuint (members, ==, 60);
  g_assert_cmpuint (queues, ==, 6);
  g_assert_cmpuint (others, ==, 13);
}

static void
test_groups (void)
{
  g_autoptr (PsTenantWorld) world = make_world (200, 9);
  const GPtrArray *groups = ps_tenant_world_groups (world);
  const PsTenantGroup *all = g_ptr_array_index (groups, groups->len - 1);
  const GPtrArray *people = ps_tenant_world_people (world);
  guint members = 0, accounts = 0;

  g_assert_cmpuint (all->groups->len, ==, groups->len - 1);
  g_assert_cmpuint (all->members->len, ==, 0);
  for (guint i = 0; i < all->groups->len; i++)
    members += ((PsTenantGroup *) g_ptr_array_index (all->groups, i))->members->len;
  for (guint i = 0; i < people->len; i++)
    accounts += ((PsTenantPerson *) g_ptr_array_index (people, i))->microsoft != NULL;
  g_assert_cmpuint (members, ==, accounts);
}

static void
test_seed_decides (void)
{
  g_autoptr (PsTenantWorld) one = make_world (100, 9), same = make_world (100, 9), other = make_world (100, 10);
  const GPtrArray *people = ps_tenant_world_people (one);

  g_assert_cmpstr (ps_tenant_world_tenant_id (one), ==, ps_tenant_world_tenant_id (same));
  g_assert_cmpstr (ps_tenant_world_tenant_id (one), !=, ps_tenant_world_tenant_id (other));
  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *a = g_ptr_array_index (people, i);
    PsTenantPerson *b = g_ptr_array_index (ps_tenant_world_people (same), i);

    g_assert_cmpint (a->odd, ==, b->odd);
    if (a->microsoft != NULL) {
      g_assert_cmpstr (a->microsoft->id, ==, b->microsoft->id);
      g_assert_cmpstr (a->microsoft->display_name, ==, b->microsoft->display_name);
    }
    if (a->extension != NULL)
      g_assert_cmpint (a->extension->id, ==, b->extension->id);
  }
}

static void
test_ten_thousand (void)
{
  clock_t before = clock (); /* processor time: others may be using the machine */
  g_autoptr (PsTenantWorld) world = make_world (10000, 1);
  double seconds = (double) (clock () - before) / CLOCKS_PER_SEC;
  guint users = 0;

  for (guint i = 0; i < ps_tenant_world_extensions (world)->len; i++)
    users +=
        strcmp (((PsTenantExtension *) g_ptr_array_index (ps_tenant_world_extensions (world), i))->type, "User") == 0;
  g_assert_cmpuint (users, ==, 10000);
  g_test_message ("10,000 users: %.3f s", seconds);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (seconds, <, 1.0);
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tenant/model/company/sizes", test_sizes);
  g_test_add_func ("/tenant/model/company/every-kind", test_every_kind);
  g_test_add_func ("/tenant/model/company/odd-details", test_odd_details);
  g_test_add_func ("/tenant/model/company/unique-and-findable", test_unique_and_findable);
  g_test_add_func ("/tenant/model/company/queues", test_queues);
  g_test_add_func ("/tenant/model/company/groups", test_groups);
  g_test_add_func ("/tenant/model/company/seed-decides", test_seed_decides);
  g_test_add_func ("/tenant/model/company/ten-thousand", test_ten_thousand);
  return g_test_run ();
}
