/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is linked with whom. Both directories are written as small tables.
 */
#include "config.h"

#include "ps-match.h"

#include <string.h>

typedef struct {
  const char *id, *upn, *mail, *aliases; /* aliases: separated by spaces */
  gboolean disabled, guest, deleted;
} Account;

typedef struct {
  const char *id, *email;
  PsExtensionStatus status;
} Phone;

static GPtrArray *
accounts (const Account *table, guint n)
{
  GPtrArray *users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);

  for (guint i = 0; i < n; i++) {
    PsMicrosoftUser *user = ps_microsoft_user_new (table[i].id);

    user->user_principal_name = g_strdup (table[i].upn);
    user->mail = g_strdup (table[i].mail);
    user->aliases = table[i].aliases != NULL ? g_strsplit (table[i].aliases, " ", -1) : NULL;
    user->enabled = !table[i].disabled;
    user->guest = table[i].guest;
    user->deleted = table[i].deleted;
    g_ptr_array_add (users, user);
  }
  return users;
}

static GPtrArray *
phones (const Phone *table, guint n)
{
  GPtrArray *users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);

  for (guint i = 0; i < n; i++) {
    PsRingCentralUser *user = ps_ringcentral_user_new (table[i].id);

    user->name = g_strdup_printf ("Name of %s", table[i].id);
    user->email = g_strdup (table[i].email);
    user->status = table[i].status != PS_EXTENSION_UNKNOWN ? table[i].status : PS_EXTENSION_ENABLED;
    g_ptr_array_add (users, user);
  }
  return users;
}

/* @expected: for each phone, in order, the account's id, or the reason's word, or both. */
static GPtrArray *
match (const Phone *phone_table, guint n_phones, const Account *account_table, guint n_accounts, GHashTable *by_hand,
       const char *const *expected)
{
  g_autoptr (GPtrArray) ringcentral = phones (phone_table, n_phones);
  g_autoptr (GPtrArray) microsoft = accounts (account_table, n_accounts);
  GPtrArray *links = ps_match_users (ringcentral, microsoft, by_hand);

  g_assert_cmpuint (links->len, ==, n_phones);
  for (guint i = 0; i < n_phones; i++) {
    const PsLink *link = links->pdata[i];
    g_autofree char *seen = g_strdup_printf ("%s %s", link->microsoft != NULL ? link->microsoft->id : "-",
                                             ps_reason_to_word (link->reason));

    g_assert_true (link->ringcentral == ringcentral->pdata[i]);
    g_test_message ("%s: %s", phone_table[i].id, seen);
    g_assert_cmpstr (seen, ==, expected[i]);
  }
  return links;
}

#define MATCH(phone_table, account_table, by_hand, ...)                                                                \
  match (phone_table, G_N_ELEMENTS (phone_table), account_table, G_N_ELEMENTS (account_table), by_hand,                \
         (const char *const[]){ __VA_ARGS__ })

static void
test_levels (void)
{
  static const Phone phone_table[] = {
    { "1", "ana@x.org" },   { "2", "alias.bob@x.org" }, { "3", "carl@upn.x.org" }, { "4", "DORA@X.Org" },
    { "5", " eva@x.org " }, { "6", "Übersee@x.org" },   { "7", "nobody@x.org" },   { "8", "an@x.org" },
    { "9", "ana@x.orga" },  { "10", "same@x.org" },
  };
  static const Account account_table[] = {
    { "A", "a@upn.x.org", "ana@x.org", "ana.other@x.org" },
    { "B", "b@upn.x.org", "bob@x.org", "bob2@x.org alias.bob@x.org" },
    { "C", "carl@upn.x.org", NULL, NULL },
    { "D", "d@upn.x.org", "dora@x.org", NULL },
    { "E", "e@upn.x.org", "Eva@x.org", NULL },
    { "F", "f@upn.x.org", "übersee@x.org", NULL },
    { "G", "same@x.org", "Same@x.org", "SAME@x.org" }, /* three times the one address: one holder */
  };
  g_autoptr (GPtrArray) links =
      MATCH (phone_table, account_table, NULL, "A none", "B none", "C none", "D none", "E none", "F none",
             "- no-microsoft-account", "- no-microsoft-account", "- no-microsoft-account", "G none");
}

static void
test_reasons (void)
{
  static const Phone phone_table[] = {
    { "1", "disabled@x.org" },
    { "2", "guest@x.org" },
    { "3", "ana@x.org", PS_EXTENSION_DISABLED },
    { "4", "bob@x.org", PS_EXTENSION_FROZEN },
    { "5", "carl@x.org", PS_EXTENSION_NOT_ACTIVATED },
    { "6", "dora@x.org", PS_EXTENSION_UNASSIGNED },
    { "7", NULL },
    { "8", "" },
    { "9", "   " },
    { "10", "gone@x.org" },
    { "11", "nobody@x.org", PS_EXTENSION_NOT_ACTIVATED },
  };
  static const Account account_table[] = {
    { "X", "x@x.org", "disabled@x.org", NULL, .disabled = TRUE },
    { "G", "g@x.org", "guest@x.org", NULL, .guest = TRUE },
    { "A", "ana@x.org", "ana@x.org", NULL },
    { "B", "bob@x.org", "bob@x.org", NULL },
    { "C", "carl@x.org", "carl@x.org", NULL },
    { "D", "dora@x.org", "dora@x.org", NULL },
    { "Z", "gone@x.org", "gone@x.org", NULL, .deleted = TRUE },
  };
  g_autoptr (GPtrArray) links =
      MATCH (phone_table, account_table, NULL, "X microsoft-account-disabled", "G guest-account",
             "A ringcentral-user-disabled", "B ringcentral-user-disabled", "C ringcentral-user-not-activated",
             "D ringcentral-user-not-activated", "- no-email", "- no-email", "- no-email", "- no-microsoft-account",
             "- ringcentral-user-not-activated");
}

static void
test_twice (void)
{
  static const Phone phone_table[] = {
    { "1", "shared@x.org" },   { "2", "Shared@x.org" },    /* two phones, one address */
    { "3", "double@x.org" },                               /* one's mail, another's alias */
    { "4", "eve@x.org" },      { "5", "eve.alias@x.org" }, /* two addresses of one account */
    { "6", "gone.too@x.org" },                             /* also of a deleted account: that one does not count */
  };
  static const Account account_table[] = {
    { "S", "s@x.org", "shared@x.org", NULL },
    { "T", "t@x.org", "double@x.org", NULL },
    { "U", "u@x.org", "u@x.org", "double@x.org" },
    { "E", "e@x.org", "eve@x.org", "eve.alias@x.org" },
    { "Y", "y@x.org", "gone.too@x.org", NULL, .deleted = TRUE },
    { "Z", "z@x.org", "gone.too@x.org", NULL },
  };
  g_autoptr (GPtrArray) links =
      MATCH (phone_table, account_table, NULL, "- address-used-twice", "- address-used-twice", "- address-used-twice",
             "E address-used-twice", "E address-used-twice", "Z none");

  /* Each says who else. */
  g_assert_nonnull (strstr (((PsLink *) links->pdata[0])->detail, "Name of 2"));
  g_assert_nonnull (strstr (((PsLink *) links->pdata[1])->detail, "Name of 1"));
  g_assert_nonnull (strstr (((PsLink *) links->pdata[2])->detail, "t@x.org"));
  g_assert_nonnull (strstr (((PsLink *) links->pdata[2])->detail, "u@x.org"));
  g_assert_nonnull (strstr (((PsLink *) links->pdata[3])->detail, "Name of 5"));
  g_assert_nonnull (strstr (((PsLink *) links->pdata[4])->detail, "Name of 4"));
}

/* A third one who fits the same account is no link either. */
static void
test_three_for_one (void)
{
  static const Phone phone_table[] = { { "1", "eve@x.org" }, { "2", "eve.alias@x.org" }, { "3", "e@upn.x.org" } };
  static const Account account_table[] = { { "E", "e@upn.x.org", "eve@x.org", "eve.alias@x.org" } };
  g_autoptr (GPtrArray) links =
      MATCH (phone_table, account_table, NULL, "E address-used-twice", "E address-used-twice", "E address-used-twice");
}

static void
test_by_hand (void)
{
  static const Phone phone_table[] = {
    { "1", "ana@x.org" },      /* by hand to Bob's account */
    { "2", "bob@x.org" },      /* whose own phone now has nobody */
    { "3", "carl@x.org" },     /* by hand to an account that is gone */
    { "4", NULL },             /* by hand: needs no address */
    { "5", "eve@x.org" },      /* by hand to the account that fits anyway */
    { "6", "eve.also@x.org" }, /* fits Eve's account too: loses against the hand-made link */
    { "7", "frank@x.org" },    /* by hand to a disabled account */
    { "8", "shared@x.org" },   /* an address on two phones: by hand it is clear who is meant */
    { "9", "shared@x.org" },
  };
  static const Account account_table[] = {
    { "A", "a@x.org", "ana@x.org", NULL },
    { "B", "b@x.org", "bob@x.org", NULL },
    { "D", "d@x.org", "dora@x.org", NULL },
    { "E", "e@x.org", "eve@x.org", "eve.also@x.org" },
    { "F", "f@x.org", "f@x.org", NULL, .disabled = TRUE },
    { "S", "s@x.org", "shared@x.org", NULL },
    { "Z", "z@x.org", "z@x.org", NULL, .deleted = TRUE },
  };
  static const char *const hand[][2] = { { "1", "B" }, { "3", "Z" }, { "4", "D" }, { "5", "E" },
                                         { "7", "F" }, { "8", "S" }, { "77", "A" } };
  g_autoptr (GHashTable) by_hand = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) links = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (hand); i++)
    g_hash_table_insert (by_hand, (gpointer) hand[i][0], (gpointer) hand[i][1]);
  links = MATCH (phone_table, account_table, by_hand, "B none", "- linked-by-hand-to-someone-else",
                 "- linked-account-gone", "D none", "E none", "- linked-by-hand-to-someone-else",
                 "F microsoft-account-disabled", "S none", "- address-used-twice");
  for (guint i = 0; i < links->len; i++) {
    const PsLink *link = links->pdata[i];

    g_assert_cmpint (link->by_hand, ==, g_hash_table_contains (by_hand, link->ringcentral->id));
  }
}

static void
test_words_and_texts (void)
{
  for (int reason = 0; reason < PS_N_REASONS; reason++) {
    g_autofree char *text = ps_reason_to_text (reason, NULL);
    g_autofree char *detailed = ps_reason_to_text (reason, "by Ana");

    g_assert_cmpint (ps_reason_from_word (ps_reason_to_word (reason)), ==, reason);
    if (reason == PS_REASON_NONE)
      continue;
    g_assert_true (g_str_has_suffix (text, "."));
    g_assert_true (g_str_has_suffix (detailed, "(by Ana)"));
    /* What it is, and what to do. */
    g_assert_nonnull (strstr (text, ". "));
    for (int other = 0; other < reason; other++)
      g_assert_cmpstr (ps_reason_to_word (other), !=, ps_reason_to_word (reason));
  }
  g_assert_cmpint (ps_reason_from_word ("because"), ==, -1);
}

static void
test_empty (void)
{
  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr (GPtrArray) links = ps_match_users (nobody, nobody, NULL);

  g_assert_cmpuint (links->len, ==, 0);
}

/* 50,000 on each side, a tenth by alias. Not held to a time: the machine may be busy. It is printed. */
static void
test_many (void)
{
  g_autoptr (GPtrArray) ringcentral = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  g_autoptr (GPtrArray) microsoft = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  g_autoptr (GPtrArray) links = NULL;
  gint64 start_us;

  for (guint i = 0; i < 50000; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    PsRingCentralUser *phone = ps_ringcentral_user_new (id);
    PsMicrosoftUser *account = ps_microsoft_user_new (id);

    phone->email = g_strdup_printf (i % 10 == 0 ? "a%u@x.org" : "P%u@X.org", i);
    phone->status = PS_EXTENSION_ENABLED;
    account->mail = g_strdup_printf ("p%u@x.org", i);
    account->user_principal_name = g_strdup_printf ("u%u@x.org", i);
    account->aliases = g_new0 (char *, 2);
    account->aliases[0] = g_strdup_printf ("a%u@x.org", i);
    account->enabled = TRUE;
    g_ptr_array_add (ringcentral, phone);
    g_ptr_array_add (microsoft, account);
  }
  start_us = g_get_monotonic_time ();
  links = ps_match_users (ringcentral, microsoft, NULL);
  g_test_message ("50,000 with 50,000: %.0f ms", (g_get_monotonic_time () - start_us) / 1000.0);
  for (guint i = 0; i < links->len; i++) {
    const PsLink *link = links->pdata[i];

    g_assert_cmpint (link->reason, ==, PS_REASON_NONE);
    g_assert_true (link->microsoft == microsoft->pdata[i]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match/levels", test_levels);
  g_test_add_func ("/match/reasons", test_reasons);
  g_test_add_func ("/match/twice", test_twice);
  g_test_add_func ("/match/three-for-one", test_three_for_one);
  g_test_add_func ("/match/by-hand", test_by_hand);
  g_test_add_func ("/match/words-and-texts", test_words_and_texts);
  g_test_add_func ("/match/empty", test_empty);
  g_test_add_func ("/match/many", test_many);
  return g_test_run ();
}
