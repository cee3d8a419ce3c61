/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-accounts.h"

static const PsTenantMsRole roles[] = {
  { PS_TENANT_MS_GLOBAL_ADMINISTRATOR, "Global Administrator",
    "Can manage all aspects of Microsoft Entra ID and Microsoft services that use Microsoft Entra identities." },
  { PS_TENANT_MS_APPLICATION_ADMINISTRATOR, "Application Administrator",
    "Can create and manage all aspects of app registrations and enterprise apps." },
  { PS_TENANT_MS_PRIVILEGED_ROLE_ADMINISTRATOR, "Privileged Role Administrator",
    "Can manage role assignments in Microsoft Entra ID, and all aspects of Privileged Identity Management." },
};

/* In this order: the smallest company, which has one Microsoft account only, has an administrator at least. */
static const struct {
  const char *key;
  const PsTenantMsRole *role;
} wanted[] = { { "admin", &roles[0] }, { "user", NULL }, { "app_admin", &roles[1] }, { "role_admin", &roles[2] } };

static void
account_free (gpointer data)
{
  PsTenantMsAccount *account = data;

  g_free (account->password);
  g_free (account);
}

/* With characters that mean something in a form, so that a client that forgets to encode them is told so. */
static char *
make_password (PsTenantWorld *world, const char *key)
{
  g_autofree char *text =
      g_strdup_printf ("password of %s %" G_GUINT64_FORMAT, key, ps_tenant_world_options (world)->seed);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("Demo+%.6s&1", hash);
}

static void
add (GPtrArray *accounts, PsTenantWorld *world, PsTenantMicrosoftUser *user)
{
  PsTenantMsAccount *account = g_new0 (PsTenantMsAccount, 1);

  account->key = wanted[accounts->len].key;
  account->role = wanted[accounts->len].role;
  account->user = user;
  account->password = make_password (world, account->key);
  g_ptr_array_add (accounts, account);
}

GPtrArray *
ps_tenant_ms_accounts_new (PsTenantWorld *world)
{
  GPtrArray *accounts = g_ptr_array_new_with_free_func (account_free);
  const GPtrArray *people = ps_tenant_world_people (world);

  /* Administration is done with an account of its own, which has no telephone. */
  for (guint i = 0; i < people->len && accounts->len == 0; i++) {
    const PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == PS_TENANT_ODD_NO_RINGCENTRAL)
      add (accounts, world, person->microsoft);
  }
  for (guint i = 0; i < people->len && accounts->len > 0 && accounts->len < G_N_ELEMENTS (wanted); i++) {
    const PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == PS_TENANT_ODD_NOTHING)
      add (accounts, world, person->microsoft);
  }
  return accounts;
}

PsTenantMsAccount *
ps_tenant_ms_accounts_find (const GPtrArray *accounts, const char *user_id)
{
  for (guint i = 0; user_id != NULL && i < accounts->len; i++) {
    PsTenantMsAccount *account = g_ptr_array_index (accounts, i);

    if (g_str_equal (account->user->id, user_id))
      return account;
  }
  return NULL;
}

char *
ps_tenant_ms_role_object_id (const PsTenantMsRole *role, const char *tenant_id)
{
  g_autofree char *text = g_strconcat (role->template_id, " in ", tenant_id, NULL);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%.8s-%.4s-4%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15, hash + 18);
}

static gboolean
has_role (const GPtrArray *accounts, const char *user_id, const char *const *template_ids)
{
  const PsTenantMsAccount *account = ps_tenant_ms_accounts_find (accounts, user_id);

  return account != NULL && account->role != NULL && g_strv_contains (template_ids, account->role->template_id);
}

gboolean
ps_tenant_ms_may_manage_apps (const GPtrArray *accounts, const char *user_id)
{
  static const char *const enough[] = { PS_TENANT_MS_GLOBAL_ADMINISTRATOR, PS_TENANT_MS_APPLICATION_ADMINISTRATOR,
                                        PS_TENANT_MS_CLOUD_APPLICATION_ADMINISTRATOR, NULL };

  return has_role (accounts, user_id, enough);
}

gboolean
ps_tenant_ms_may_grant_roles (const GPtrArray *accounts, const char *user_id)
{
  static const char *const enough[] = { PS_TENANT_MS_GLOBAL_ADMINISTRATOR, PS_TENANT_MS_PRIVILEGED_ROLE_ADMINISTRATOR,
                                        NULL };

  return has_role (accounts, user_id, enough);
}
