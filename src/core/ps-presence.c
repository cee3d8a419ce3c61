/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-presence.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "ps-words.h"

/* --- Teams --- */

static const char *const teams_words[PS_TEAMS_N_STATUSES] = {
  "unknown",    "available", "busy",           "in-a-call", "in-a-conference-call", "in-a-meeting",
  "presenting", "focusing",  "do-not-disturb", "away",      "be-right-back",        "offline",
};

static const char *const teams_texts[PS_TEAMS_N_STATUSES] = {
  N_ ("Unknown"),       N_ ("Available"),  N_ ("Busy"),     N_ ("In a call"),      N_ ("In a conference call"),
  N_ ("In a meeting"),  N_ ("Presenting"), N_ ("Focusing"), N_ ("Do not disturb"), N_ ("Away"),
  N_ ("Be right back"), N_ ("Offline"),
};

/* Activities say more than availabilities; the first table that knows the word decides. Both generations of Graph's
 * lists are here ("presence resource type", 2021 and December 2025): the newer one puts what were activities among the
 * availabilities. */
static const struct {
  const char *word;
  PsTeamsStatus status;
} activities[] = {
  { "InACall", PS_TEAMS_IN_A_CALL },
  { "InAConferenceCall", PS_TEAMS_IN_A_CONFERENCE_CALL },
  { "InAMeeting", PS_TEAMS_IN_A_MEETING },
  { "Presenting", PS_TEAMS_PRESENTING },
  { "Focusing", PS_TEAMS_FOCUSING },
  { "UrgentInterruptionsOnly", PS_TEAMS_DO_NOT_DISTURB },
}, availabilities[] = {
  { "Available", PS_TEAMS_AVAILABLE },
  { "AvailableIdle", PS_TEAMS_AVAILABLE },
  { "Away", PS_TEAMS_AWAY },
  { "BeRightBack", PS_TEAMS_BE_RIGHT_BACK },
  { "Busy", PS_TEAMS_BUSY },
  { "BusyIdle", PS_TEAMS_BUSY },
  { "DoNotDisturb", PS_TEAMS_DO_NOT_DISTURB },
  { "Offline", PS_TEAMS_OFFLINE },
  { "Focusing", PS_TEAMS_FOCUSING },
  { "InACall", PS_TEAMS_IN_A_CALL },
  { "InAMeeting", PS_TEAMS_IN_A_MEETING },
  { "Presenting", PS_TEAMS_PRESENTING },
};

static gboolean
word_is (const char *word, const char *wanted)
{
  return word != NULL && g_ascii_strcasecmp (word, wanted) == 0;
}

static gboolean
word_ends (const char *word, const char *ending)
{
  gsize n = word != NULL ? strlen (word) : 0, m = strlen (ending);

  return n >= m && g_ascii_strcasecmp (word + n - m, ending) == 0;
}

static PsTeamsStatus
status_from_words (const char *availability, const char *activity)
{
  PsTeamsStatus status = PS_TEAMS_UNKNOWN;

  for (guint i = 0; i < G_N_ELEMENTS (availabilities); i++)
    if (word_is (availability, availabilities[i].word))
      status = availabilities[i].status;
  /* An activity refines the availability it goes with and never contradicts it: InAMeeting beside Available (a meeting
   * in the calendar, the person at the keyboard) is Available. */
  if (status != PS_TEAMS_BUSY && status != PS_TEAMS_DO_NOT_DISTURB)
    return status;
  for (guint i = 0; i < G_N_ELEMENTS (activities); i++)
    if (word_is (activity, activities[i].word)) {
      gboolean of_dnd = activities[i].status >= PS_TEAMS_PRESENTING;

      if (of_dnd == (status == PS_TEAMS_DO_NOT_DISTURB))
        return activities[i].status;
    }
  return status;
}

PsTeamsReading
ps_teams_reading_from_words (const char *availability, const char *activity, gboolean out_of_office,
                             const char *sequence)
{
  PsTeamsReading reading = { .status = status_from_words (availability, activity) };

  reading.inactive = reading.status == PS_TEAMS_AWAY || word_ends (availability, "Idle") ||
                     word_ends (availability, "Inactive") || word_ends (activity, "Idle") ||
                     word_ends (activity, "Inactive");
  reading.out_of_office = out_of_office || word_is (activity, "OutOfOffice");
  reading.appears_offline = reading.status == PS_TEAMS_OFFLINE && word_is (activity, "OffWork");
  reading.plain_busy = reading.status == PS_TEAMS_BUSY && word_is (activity, "Busy");
  if (sequence != NULL && strlen (sequence) < sizeof reading.sequence)
    g_strlcpy (reading.sequence, sequence, sizeof reading.sequence);
  return reading;
}

const char *
ps_teams_status_to_word (PsTeamsStatus status)
{
  g_return_val_if_fail (status < PS_TEAMS_N_STATUSES, "unknown");
  return teams_words[status];
}

int
ps_teams_status_from_word (const char *word)
{
  return ps_words_find (teams_words, PS_TEAMS_N_STATUSES, word);
}

const char *
ps_teams_status_to_text (PsTeamsStatus status)
{
  g_return_val_if_fail (status < PS_TEAMS_N_STATUSES, "");
  return _ (teams_texts[status]);
}

int
ps_teams_status_from_text (const char *text)
{
  int status = ps_teams_status_from_word (text);

  if (status < 0)
    status = ps_words_find (teams_texts, PS_TEAMS_N_STATUSES, text);
  for (int i = 0; status < 0 && text != NULL && i < PS_TEAMS_N_STATUSES; i++)
    if (g_utf8_validate (text, -1, NULL) && g_utf8_collate (_ (teams_texts[i]), text) == 0)
      status = i;
  return status;
}

/* --- RingCentral --- */

static const char *const status_wire[] = { NULL, "Available", "Busy", "Offline" };
static const char *const status_words[] = { "unknown", "available", "busy", "offline" };
static const char *const telephony_wire[] = { NULL, "NoCall", "Ringing", "CallConnected", "OnHold", "ParkedCall" };
static const char *const telephony_words[] = { "unknown", "no-call", "ringing", "connected", "on-hold", "parked" };
static const char *const calls_wire[] = { NULL, "TakeAllCalls", "DoNotAcceptDepartmentCalls", "TakeDepartmentCallsOnly",
                                          "DoNotAcceptAnyCalls" };
static const char *const calls_words[] = { "unknown", "all", "no-queue-calls", "queue-calls-only", "none" };

PsPhoneStatus
ps_phone_status_from_wire (const char *word)
{
  return MAX (ps_words_find (status_wire, G_N_ELEMENTS (status_wire), word), 0);
}

const char *
ps_phone_status_to_wire (PsPhoneStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (status_wire), NULL);
  return status_wire[status];
}

PsTelephony
ps_telephony_from_wire (const char *word)
{
  return MAX (ps_words_find (telephony_wire, G_N_ELEMENTS (telephony_wire), word), 0);
}

PsPhoneCalls
ps_phone_calls_from_wire (const char *dnd_status)
{
  return MAX (ps_words_find (calls_wire, G_N_ELEMENTS (calls_wire), dnd_status), 0);
}

const char *
ps_phone_calls_to_wire (PsPhoneCalls calls)
{
  g_return_val_if_fail (calls < G_N_ELEMENTS (calls_wire), NULL);
  return calls != PS_CALLS_QUEUE_ONLY ? calls_wire[calls] : NULL;
}

const char *
ps_phone_status_to_word (PsPhoneStatus status)
{
  g_return_val_if_fail (status < G_N_ELEMENTS (status_words), "unknown");
  return status_words[status];
}

int
ps_phone_status_from_word (const char *word)
{
  return ps_words_find (status_words, G_N_ELEMENTS (status_words), word);
}

const char *
ps_phone_calls_to_word (PsPhoneCalls calls)
{
  g_return_val_if_fail (calls < G_N_ELEMENTS (calls_words), "unknown");
  return calls_words[calls];
}

int
ps_phone_calls_from_word (const char *word)
{
  return ps_words_find (calls_words, G_N_ELEMENTS (calls_words), word);
}

const char *
ps_telephony_to_word (PsTelephony telephony)
{
  g_return_val_if_fail (telephony < G_N_ELEMENTS (telephony_words), "unknown");
  return telephony_words[telephony];
}

int
ps_telephony_from_word (const char *word)
{
  return ps_words_find (telephony_words, G_N_ELEMENTS (telephony_words), word);
}

/* Do Not Disturb outranks a call in what RingCentral's own clients show, whatever userStatus says. */
static const struct {
  const char *word, *text;
} shown[] = {
  { "unknown", N_ ("Unknown") },
  { "do-not-disturb", N_ ("Do Not Disturb") },
  { "on-a-call", N_ ("On a call") },
  { "in-a-meeting", N_ ("In a meeting") },
  { "busy", N_ ("Busy") },
  { "offline", N_ ("Offline") },
  { "available", N_ ("Available") },
  { "busy-no-queue-calls", N_ ("Busy, no queue calls") },
  { "offline-no-queue-calls", N_ ("Offline, no queue calls") },
  { "available-no-queue-calls", N_ ("Available, no queue calls") },
};

static guint
shown_index (const PsPhoneReading *reading)
{
  guint base;

  if (reading->calls == PS_CALLS_NONE)
    return 1;
  if (reading->telephony == PS_TELEPHONY_CONNECTED || reading->telephony == PS_TELEPHONY_ON_HOLD)
    return 2;
  if (reading->meeting_known && reading->meeting)
    return 3;
  switch (reading->user_status) {
  case PS_PHONE_BUSY:
    base = 4;
    break;
  case PS_PHONE_OFFLINE:
    base = 5;
    break;
  case PS_PHONE_AVAILABLE:
    base = 6;
    break;
  case PS_PHONE_STATUS_UNKNOWN:
  default:
    return 0;
  }
  return reading->calls == PS_CALLS_NO_QUEUE ? base + 3 : base;
}

const char *
ps_phone_reading_to_word (const PsPhoneReading *reading)
{
  guint i = shown_index (reading);

  return shown[i > 6 ? i - 3 : i].word;
}

const char *
ps_phone_reading_to_text (const PsPhoneReading *reading)
{
  return _ (shown[shown_index (reading)].text);
}
