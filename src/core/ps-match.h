/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is who: links RingCentral users with Microsoft users by e-mail, or says for each unlinked one why.
 */
#pragma once

#include "ps-directory.h"

G_BEGIN_DECLS

typedef enum {
  PS_REASON_NONE,                 /* linked */
  PS_REASON_NO_MICROSOFT_ACCOUNT, /* no Microsoft account with this address */
  PS_REASON_MICROSOFT_DISABLED,
  PS_REASON_RINGCENTRAL_DISABLED, /* disabled or frozen */
  PS_REASON_RINGCENTRAL_NOT_ACTIVATED,
  PS_REASON_NO_EMAIL,      /* no e-mail in RingCentral */
  PS_REASON_ADDRESS_TWICE, /* on either side; detail names who else */
  PS_REASON_GUEST,
  PS_REASON_NO_TEAMS_LICENCE, /* presence reads unknown; found after matching, by the service */
  PS_REASON_LINKED_BY_HAND,   /* its Microsoft account was given to someone else by hand */
  PS_REASON_MICROSOFT_GONE,   /* hand-made link to an account that no longer exists */
  PS_REASON_WRITE_REFUSED,    /* found while syncing: the service refuses the write; detail says how */
  PS_REASON_READ_FAILED,      /* found while syncing: presence cannot be read */
} PsReason;
#define PS_N_REASONS 13

/* Stable word ("no-microsoft-account"), and back (-1). */
const char *ps_reason_to_word (PsReason reason);
int ps_reason_from_word (const char *word);
/* For people: what it is, and what to do, in sentences. @detail: (nullable): who else has the address …
 * Returns: (transfer full). */
char *ps_reason_to_text (PsReason reason, const char *detail);

typedef struct {
  PsRingCentralUser *ringcentral; /* (owned) */
  PsMicrosoftUser *microsoft; /* (owned) (nullable): NULL unless reason is NONE or the partner is known all the same */
  PsReason reason;
  char *detail; /* (owned) (nullable) */
  gboolean by_hand;
} PsLink;

void ps_link_free (PsLink *link);

/* Links @ringcentral (PsRingCentralUser, all of type User) with @microsoft (PsMicrosoftUser, all: disabled ones and
 * guests too, so that the reason can be told). @by_hand: (nullable): RingCentral id → Microsoft object id; a hand-made
 * link wins.
 *
 * A RingCentral e-mail is compared whole and case-insensitively with `mail`, then with the aliases, then with the
 * userPrincipalName; a link needs exactly one partner on each side at any of these levels: an address that fits two is
 * no link.
 *
 * Returns: (transfer full) (element-type PsLink): one for each RingCentral user, in the order given. */
GPtrArray *ps_match_users (const GPtrArray *ringcentral, const GPtrArray *microsoft, GHashTable *by_hand);

G_END_DECLS
