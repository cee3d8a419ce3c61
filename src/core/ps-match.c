/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Matching by e-mail address. Each Microsoft address goes into an index by level (mail, alias, userPrincipalName); a
 * RingCentral address is looked up level by level, and counts as found at a level only if exactly one account has it
 * there and nobody else has it at any level.
 */
#include "config.h"

#include "ps-match.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-words.h"

typedef struct {
  PsMicrosoftUser *user;  /* the first account with this address */
  PsMicrosoftUser *other; /* (nullable): a second, different one */
} Holder;

static const char *const reason_words[PS_N_REASONS] = {
  "none",
  "no-microsoft-account",
  "microsoft-account-disabled",
  "ringcentral-user-disabled",
  "ringcentral-user-not-activated",
  "no-email",
  "address-used-twice",
  "guest-account",
  "no-teams-licence",
  "linked-by-hand-to-someone-else",
  "linked-account-gone",
  "write-refused",
  "read-failed",
};

const char *
ps_reason_to_word (PsReason reason)
{
  g_return_val_if_fail (reason < PS_N_REASONS, "none");
  return reason_words[reason];
}

int
ps_reason_from_word (const char *word)
{
  return ps_words_find (reason_words, PS_N_REASONS, word);
}

/* What it is; what to do. */
static const char *
reason_text (PsReason reason)
{
  switch (reason) {
  case PS_REASON_NO_MICROSOFT_ACCOUNT:
    return _ (
        "No Microsoft account has this e-mail address. Give both accounts the same address, or link them by hand.");
  case PS_REASON_MICROSOFT_DISABLED:
    return _ ("The Microsoft account is disabled. Enable it in the Microsoft 365 admin center, or unsync this person.");
  case PS_REASON_RINGCENTRAL_DISABLED:
    return _ ("The RingCentral user is disabled. Enable it in the RingCentral Admin Portal, or unsync this person.");
  case PS_REASON_RINGCENTRAL_NOT_ACTIVATED:
    return _ ("The RingCentral user is not activated yet. Activation is done from the invitation e-mail, which the "
              "RingCentral "
              "Admin Portal can send again.");
  case PS_REASON_NO_EMAIL:
    return _ (
        "The RingCentral user has no e-mail address. Enter one in the RingCentral Admin Portal, or link by hand.");
  case PS_REASON_ADDRESS_TWICE:
    return _ (
        "The e-mail address is used more than once, so it is not clear who is meant. Make it unique, or link by hand.");
  case PS_REASON_GUEST:
    return _ (
        "The Microsoft account is a guest account; guests have no presence here. Use the person's member account.");
  case PS_REASON_NO_TEAMS_LICENCE:
    return _ ("Microsoft Teams shows no presence for this account, which usually means that it has no Teams license. "
              "Assign one "
              "in the Microsoft 365 admin center.");
  case PS_REASON_LINKED_BY_HAND:
    return _ (
        "The Microsoft account with this address was linked by hand to someone else. Remove that link, or link this "
        "person to another account.");
  case PS_REASON_MICROSOFT_GONE:
    return _ (
        "The Microsoft account that was linked by hand no longer exists. Remove the link, or link another account.");
  case PS_REASON_WRITE_REFUSED:
    return _ ("The service refuses to change this person's presence. Check that person in the RingCentral Admin Portal "
              "and in "
              "Microsoft 365.");
  case PS_REASON_READ_FAILED:
    return _ ("This person's presence cannot be read. It is tried again by itself.");
  case PS_REASON_NONE:
  default:
    return "";
  }
}

char *
ps_reason_to_text (PsReason reason, const char *detail)
{
  const char *text = reason_text (reason);

  return detail != NULL && *detail != '\0' ? g_strdup_printf ("%s (%s)", text, detail) : g_strdup (text);
}

void
ps_link_free (PsLink *link)
{
  g_clear_pointer (&link->ringcentral, ps_ringcentral_user_unref);
  g_clear_pointer (&link->microsoft, ps_microsoft_user_unref);
  g_free (link->detail);
  g_free (link);
}

/* --- the index of addresses --- */

static char *
fold (const char *address)
{
  g_autofree char *stripped = g_strstrip (g_strdup (address));

  return g_utf8_validate (stripped, -1, NULL) ? g_utf8_casefold (stripped, -1) : g_ascii_strdown (stripped, -1);
}

static void
index_address (GHashTable *index, const char *address, PsMicrosoftUser *user)
{
  g_autofree char *key = address != NULL && *address != '\0' ? fold (address) : NULL;
  Holder *holder;

  if (key == NULL || *key == '\0')
    return;
  holder = g_hash_table_lookup (index, key);
  if (holder == NULL) {
    holder = g_new0 (Holder, 1);
    holder->user = user;
    g_hash_table_insert (index, g_steal_pointer (&key), holder);
  } else if (holder->user != user && holder->other == NULL) {
    holder->other = user;
  }
}

/* One account may carry the same address as mail, as alias and as userPrincipalName: that is one holder. */
static GHashTable *
index_microsoft (const GPtrArray *microsoft)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < microsoft->len; i++) {
    PsMicrosoftUser *user = microsoft->pdata[i];

    if (user->deleted)
      continue;
    index_address (index, user->mail, user);
    for (guint j = 0; user->aliases != NULL && user->aliases[j] != NULL; j++)
      index_address (index, user->aliases[j], user);
    index_address (index, user->user_principal_name, user);
  }
  return index;
}

/* Address → the RingCentral users that have it (a GPtrArray, not owning). */
static GHashTable *
index_ringcentral (const GPtrArray *ringcentral)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < ringcentral->len; i++) {
    PsRingCentralUser *user = ringcentral->pdata[i];
    g_autofree char *key = user->email != NULL ? fold (user->email) : NULL;
    GPtrArray *users;

    if (key == NULL || *key == '\0')
      continue;
    users = g_hash_table_lookup (index, key);
    if (users == NULL) {
      users = g_ptr_array_new ();
      g_hash_table_insert (index, g_steal_pointer (&key), users);
    }
    g_ptr_array_add (users, user);
  }
  return index;
}

/* --- deciding --- */

typedef struct {
  GHashTable *by_address;    /* folded address → Holder */
  GHashTable *ringcentral;   /* folded address → RingCentral users */
  GHashTable *by_id;         /* Microsoft id → PsMicrosoftUser */
  GHashTable *taken_by_hand; /* Microsoft id → RingCentral id */
  GHashTable *by_hand;       /* (nullable) RingCentral id → Microsoft id */
} Match;

static PsReason
reason_of_accounts (const PsRingCentralUser *ringcentral, const PsMicrosoftUser *microsoft)
{
  if (ringcentral->status == PS_EXTENSION_NOT_ACTIVATED || ringcentral->status == PS_EXTENSION_UNASSIGNED)
    return PS_REASON_RINGCENTRAL_NOT_ACTIVATED;
  if (ringcentral->status == PS_EXTENSION_DISABLED || ringcentral->status == PS_EXTENSION_FROZEN)
    return PS_REASON_RINGCENTRAL_DISABLED;
  if (microsoft == NULL)
    return PS_REASON_NO_MICROSOFT_ACCOUNT;
  if (microsoft->guest)
    return PS_REASON_GUEST;
  return microsoft->enabled ? PS_REASON_NONE : PS_REASON_MICROSOFT_DISABLED;
}

static char *
name_ringcentral_others (const GPtrArray *users, const PsRingCentralUser *self)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < users->len && names->len < 200; i++) {
    const PsRingCentralUser *user = users->pdata[i];

    if (user != self)
      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", user->name != NULL ? user->name : user->id);
  }
  return g_strdup_printf (_ ("also by the RingCentral user %s"), names->str);
}

static const char *
microsoft_name (const PsMicrosoftUser *user)
{
  return user->user_principal_name != NULL ? user->user_principal_name
         : user->display_name != NULL      ? user->display_name
                                           : user->id;
}

static void
match_by_address (Match *match, PsLink *link)
{
  PsRingCentralUser *self = link->ringcentral;
  g_autofree char *key = self->email != NULL ? fold (self->email) : NULL;
  const GPtrArray *same;
  const Holder *holder;
  const char *taker;

  if (key == NULL || *key == '\0') {
    link->reason = PS_REASON_NO_EMAIL;
    return;
  }
  same = g_hash_table_lookup (match->ringcentral, key);
  holder = g_hash_table_lookup (match->by_address, key);
  if (same->len > 1) {
    link->reason = PS_REASON_ADDRESS_TWICE;
    link->detail = name_ringcentral_others (same, self);
    return;
  }
  if (holder != NULL && holder->other != NULL) {
    link->reason = PS_REASON_ADDRESS_TWICE;
    link->detail = g_strdup_printf (_ ("by the Microsoft accounts %s and %s"), microsoft_name (holder->user),
                                    microsoft_name (holder->other));
    return;
  }
  link->reason = reason_of_accounts (self, holder != NULL ? holder->user : NULL);
  taker = holder != NULL ? g_hash_table_lookup (match->taken_by_hand, holder->user->id) : NULL;
  if (taker != NULL && strcmp (taker, self->id) != 0)
    link->reason = PS_REASON_LINKED_BY_HAND;
  else if (holder != NULL)
    link->microsoft = ps_microsoft_user_ref (holder->user);
}

static void
match_one (Match *match, PsLink *link)
{
  const char *by_hand = match->by_hand != NULL ? g_hash_table_lookup (match->by_hand, link->ringcentral->id) : NULL;
  PsMicrosoftUser *microsoft;

  if (by_hand == NULL) {
    match_by_address (match, link);
    return;
  }
  link->by_hand = TRUE;
  microsoft = g_hash_table_lookup (match->by_id, by_hand);
  if (microsoft == NULL) {
    link->reason = PS_REASON_MICROSOFT_GONE;
    return;
  }
  link->microsoft = ps_microsoft_user_ref (microsoft);
  link->reason = reason_of_accounts (link->ringcentral, microsoft);
}

/* Two RingCentral addresses (an alias and the UPN, say) can lead to one account. Neither is then a link: one person
 * cannot have two phones' worth of status. A hand-made link has been decided by a person and stays. */
static void
refuse_shared_accounts (GPtrArray *links)
{
  g_autoptr (GHashTable) first = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < links->len; i++) {
    PsLink *link = links->pdata[i];
    PsLink *other;

    if (link->microsoft == NULL || link->reason != PS_REASON_NONE)
      continue;
    other = g_hash_table_lookup (first, link->microsoft->id);
    if (other == NULL) {
      g_hash_table_insert (first, link->microsoft->id, link);
      continue;
    }
    for (int side = 0; side < 2; side++) {
      PsLink *refused = side == 0 ? link : other;
      PsLink *partner = side == 0 ? other : link;

      if (refused->by_hand || refused->reason != PS_REASON_NONE)
        continue;
      refused->reason = PS_REASON_ADDRESS_TWICE;
      g_free (refused->detail);
      refused->detail = g_strdup_printf (
          _ ("the Microsoft account %s also fits the RingCentral user %s"), microsoft_name (refused->microsoft),
          partner->ringcentral->name != NULL ? partner->ringcentral->name : partner->ringcentral->id);
    }
  }
}

static GHashTable *
invert (GHashTable *by_hand)
{
  GHashTable *taken = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, NULL);
  GHashTableIter iter;
  gpointer ringcentral_id, microsoft_id;

  if (by_hand == NULL)
    return taken;
  g_hash_table_iter_init (&iter, by_hand);
  while (g_hash_table_iter_next (&iter, &ringcentral_id, &microsoft_id))
    g_hash_table_insert (taken, microsoft_id, ringcentral_id);
  return taken;
}

GPtrArray *
ps_match_users (const GPtrArray *ringcentral, const GPtrArray *microsoft, GHashTable *by_hand)
{
  g_autoptr (GHashTable) by_address = index_microsoft (microsoft);
  g_autoptr (GHashTable) of_ringcentral = index_ringcentral (ringcentral);
  g_autoptr (GHashTable) by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) taken = invert (by_hand);
  Match match = { by_address, of_ringcentral, by_id, taken, by_hand };
  GPtrArray *links = g_ptr_array_new_full (ringcentral->len, (GDestroyNotify) ps_link_free);

  for (guint i = 0; i < microsoft->len; i++) {
    PsMicrosoftUser *user = microsoft->pdata[i];

    if (!user->deleted)
      g_hash_table_insert (by_id, user->id, user);
  }
  for (guint i = 0; i < ringcentral->len; i++) {
    PsLink *link = g_new0 (PsLink, 1);

    link->ringcentral = ps_ringcentral_user_ref (ringcentral->pdata[i]);
    match_one (&match, link);
    g_ptr_array_add (links, link);
  }
  refuse_shared_accounts (links);
  return links;
}
