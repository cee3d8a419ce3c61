/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The mapping tables and the call rules: which phone presence a Teams status asks for.
 */
#pragma once

#include "ps-presence.h"

G_BEGIN_DECLS

typedef enum {
  PS_RULE_ALL_CALLS,      /* "Accept all calls" */
  PS_RULE_NO_QUEUE_CALLS, /* "Do not accept queue calls" */
  PS_RULE_NO_CALLS,       /* "Do not accept any calls" */
} PsCallRule;

/* The five rows an administrator can customize, in the order of the editor. */
typedef enum {
  PS_ROW_BUSY,
  PS_ROW_IN_A_CALL,
  PS_ROW_IN_A_CONFERENCE_CALL,
  PS_ROW_IN_A_MEETING,
  PS_ROW_OFFLINE,
} PsRuleRow;
#define PS_N_ROWS 5

typedef struct {
  gboolean customized;          /* the toggle of Step 3 */
  PsCallRule rule[PS_N_ROWS];   /* by PsRuleRow */
  gboolean preserve_inactivity; /* "Preserve the RingCentral status during app inactivity" */
  gboolean offline_to_teams;    /* Offline chosen in RingCentral is written to Teams; off by default */
} PsRules;

/* Off; Busy and Offline accept all calls, the other three none. Also what "Reset to default" gives. */
PsRules ps_rules_default (void);
gboolean ps_rules_equal (const PsRules *a, const PsRules *b);

const char *ps_call_rule_to_word (PsCallRule rule); /* all-calls, no-queue-calls, no-calls */
int ps_call_rule_from_word (const char *word);      /* also accepts the text for people; -1 */
const char *ps_call_rule_to_text (PsCallRule rule); /* translated, RingCentral's words */
PsTeamsStatus ps_rule_row_status (PsRuleRow row);
int ps_rule_row_from_status (PsTeamsStatus status); /* -1: not one of the five */
/* The computed third column of the editor, translated: "Busy", "Offline" or "Do Not Disturb". */
const char *ps_rules_computed_presence (PsRuleRow row, PsCallRule rule);

/* What the phone side should be for a Teams status. */
typedef enum {
  PS_CALLS_WANT_OWN, /* the person's own value: lift what we set, else leave alone */
  PS_CALLS_WANT_ALL,
  PS_CALLS_WANT_NO_QUEUE,
  PS_CALLS_WANT_NONE,
} PsCallsWanted;
typedef struct {
  gboolean nothing;          /* no change at all (Unknown) */
  PsPhoneStatus user_status; /* UNKNOWN: untouched */
  PsCallsWanted calls;
} PsPhoneWanted;

/* @in_queue: FALSE makes the queue rule fall back to "Accept all calls": RingCentral refuses its value for that user.
 */
PsPhoneWanted ps_rules_phone_for (const PsRules *rules, PsTeamsStatus status, gboolean in_queue);

G_END_DECLS
