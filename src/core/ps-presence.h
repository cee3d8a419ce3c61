/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The presence words of both services, as values. The client turns the wire into these, the engine knows nothing else.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* --- Teams --- */

/* The twelve statuses a Teams person can be read in. */
typedef enum {
  PS_TEAMS_UNKNOWN,
  PS_TEAMS_AVAILABLE,
  PS_TEAMS_BUSY,
  PS_TEAMS_IN_A_CALL,
  PS_TEAMS_IN_A_CONFERENCE_CALL,
  PS_TEAMS_IN_A_MEETING,
  PS_TEAMS_PRESENTING,
  PS_TEAMS_FOCUSING,
  PS_TEAMS_DO_NOT_DISTURB,
  PS_TEAMS_AWAY,
  PS_TEAMS_BE_RIGHT_BACK,
  PS_TEAMS_OFFLINE,
} PsTeamsStatus;
#define PS_TEAMS_N_STATUSES 12

#define PS_TEAMS_SEQUENCE_SIZE 24

typedef struct {
  PsTeamsStatus status;
  guint inactive : 1; /* Away, …Idle, …Inactive: nobody is at the keyboard. (Offline after one of these: the engine adds
                         it.) */
  guint out_of_office : 1;
  guint appears_offline : 1;             /* Offline/OffWork: a choice, not an absence */
  guint plain_busy : 1;                  /* Busy/Busy: may be the person's choice in the preferred slot */
  char sequence[PS_TEAMS_SEQUENCE_SIZE]; /* sequenceNumber, sortable as text; "" if none or too long */
} PsTeamsReading;

/* Reads Graph's pair, case-insensitively. Unknown words give PS_TEAMS_UNKNOWN: shown, and they change nothing.
 * @availability, @activity: (nullable). @sequence: (nullable). Source: Graph "presence resource type", both
 * generations. */
PsTeamsReading ps_teams_reading_from_words (const char *availability, const char *activity, gboolean out_of_office,
                                            const char *sequence);
/* Stable word ("in-a-meeting") for JSON, files and the store; and back (-1: no such word). */
const char *ps_teams_status_to_word (PsTeamsStatus status);
int ps_teams_status_from_word (const char *word);
/* For people, translated: "In a meeting". From people: the name in English or in the user's language, or the word; -1.
 */
const char *ps_teams_status_to_text (PsTeamsStatus status);
int ps_teams_status_from_text (const char *text);

/* What we can write to Teams. */
typedef enum {
  PS_SESSION_NONE,       /* clearPresence */
  PS_SESSION_CALL,       /* Busy/InACall */
  PS_SESSION_CONFERENCE, /* Busy/InAConferenceCall */
} PsTeamsSession;
typedef enum {
  PS_PREFERRED_NONE, /* clearUserPreferredPresence */
  PS_PREFERRED_DO_NOT_DISTURB,
  PS_PREFERRED_BUSY,
  PS_PREFERRED_OFFLINE, /* Offline/OffWork */
} PsTeamsPreferred;

/* --- RingCentral phone presence --- */

typedef enum {
  PS_PHONE_STATUS_UNKNOWN,
  PS_PHONE_AVAILABLE,
  PS_PHONE_BUSY,
  PS_PHONE_OFFLINE,
} PsPhoneStatus;

/* Which calls get through. Hides the two generations of call handling:
 *   dndStatus TakeAllCalls / DoNotAcceptDepartmentCalls / TakeDepartmentCallsOnly / DoNotAcceptAnyCalls, or
 *   dndStatusPersonal TakeAllCalls / DoNotAcceptAnyCalls with acceptCallQueueCalls. */
typedef enum {
  PS_CALLS_UNKNOWN,
  PS_CALLS_ALL,
  PS_CALLS_NO_QUEUE,
  PS_CALLS_QUEUE_ONLY, /* legacy value: read, never written */
  PS_CALLS_NONE,       /* Do Not Disturb */
} PsPhoneCalls;

typedef enum {
  PS_TELEPHONY_UNKNOWN,
  PS_TELEPHONY_NO_CALL,
  PS_TELEPHONY_RINGING,
  PS_TELEPHONY_CONNECTED,
  PS_TELEPHONY_ON_HOLD,
  PS_TELEPHONY_PARKED,
} PsTelephony;

/* A reading of the phone presence. UNKNOWN in a field means "not said": the previous value stands (an event may leave a
 * field out, RingCentral guide "Account presence event"). */
typedef struct {
  PsPhoneStatus user_status;
  PsPhoneCalls calls;
  PsTelephony telephony;
  PsPhoneStatus shown; /* presenceStatus, the read-only aggregate: for display, never fed back */
  guint meeting_known : 1;
  guint meeting : 1; /* meetingStatus Connected */
  guint hidden : 1;  /* allowSeeMyPresence = false */
  guint64 sequence;  /* of events; 0: none (a sweep, a PUT's reply) */
  gint64 event_ms;   /* the event's own time, ms since the epoch UTC; 0: none */
} PsPhoneReading;

PsPhoneStatus ps_phone_status_from_wire (const char *word);     /* (nullable) */
const char *ps_phone_status_to_wire (PsPhoneStatus status);     /* (nullable): NULL for UNKNOWN */
PsTelephony ps_telephony_from_wire (const char *word);          /* (nullable) */
PsPhoneCalls ps_phone_calls_from_wire (const char *dnd_status); /* (nullable) */
const char *
ps_phone_calls_to_wire (PsPhoneCalls calls); /* (nullable): the dndStatus word; NULL for UNKNOWN and QUEUE_ONLY */

/* Stable words: available busy offline / all no-queue-calls queue-calls-only none / no-call ringing connected on-hold
 * parked. */
const char *ps_phone_status_to_word (PsPhoneStatus status);
int ps_phone_status_from_word (const char *word);
const char *ps_phone_calls_to_word (PsPhoneCalls calls);
int ps_phone_calls_from_word (const char *word);
const char *ps_telephony_to_word (PsTelephony telephony);
int ps_telephony_from_word (const char *word);

/* One line for people, as RingCentral's own clients name the states, translated: "Do Not Disturb", "Busy", "Offline",
 * "Available, no queue calls", "On a call", "In a meeting". */
const char *ps_phone_reading_to_text (const PsPhoneReading *reading);
/* Stable word for JSON: do-not-disturb, on-a-call, in-a-meeting, busy, offline, available, unknown. */
const char *ps_phone_reading_to_word (const PsPhoneReading *reading);

/* What we can write to RingCentral: UNKNOWN leaves a field alone. */
typedef struct {
  PsPhoneStatus user_status;
  PsPhoneCalls calls;
} PsPhoneWrite;

G_END_DECLS
