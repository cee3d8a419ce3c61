/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words of both services, each as the reference lists it.
 */
#include "config.h"

#include "ps-presence.h"

#include <string.h>

enum {
  INACTIVE = 1 << 0,
  OUT = 1 << 1,
  APPEARS = 1 << 2,
  PLAIN = 1 << 3,
};

static const struct {
  const char *availability, *activity;
  PsTeamsStatus status;
  guint flags;
} pairs[] = {
  /* The long-standing words. */
  { "Available", "Available", PS_TEAMS_AVAILABLE, 0 },
  { "Available", "OutOfOffice", PS_TEAMS_AVAILABLE, OUT },
  { "Available", "AvailableInactive", PS_TEAMS_AVAILABLE, INACTIVE },
  { "AvailableIdle", "Inactive", PS_TEAMS_AVAILABLE, INACTIVE },
  { "AvailableIdle", "Available", PS_TEAMS_AVAILABLE, INACTIVE },
  { "Available", "InAMeeting", PS_TEAMS_AVAILABLE, 0 },
  { "Busy", "Busy", PS_TEAMS_BUSY, PLAIN },
  { "Busy", "InACall", PS_TEAMS_IN_A_CALL, 0 },
  { "Busy", "InAConferenceCall", PS_TEAMS_IN_A_CONFERENCE_CALL, 0 },
  { "Busy", "InAMeeting", PS_TEAMS_IN_A_MEETING, 0 },
  { "BusyIdle", "Inactive", PS_TEAMS_BUSY, INACTIVE },
  { "BusyIdle", "InAMeeting", PS_TEAMS_IN_A_MEETING, INACTIVE },
  { "Busy", "Presenting", PS_TEAMS_BUSY, 0 },
  { "DoNotDisturb", "DoNotDisturb", PS_TEAMS_DO_NOT_DISTURB, 0 },
  { "DoNotDisturb", "Presenting", PS_TEAMS_PRESENTING, 0 },
  { "DoNotDisturb", "Focusing", PS_TEAMS_FOCUSING, 0 },
  { "DoNotDisturb", "UrgentInterruptionsOnly", PS_TEAMS_DO_NOT_DISTURB, 0 },
  { "DoNotDisturb", "InACall", PS_TEAMS_DO_NOT_DISTURB, 0 },
  { "Away", "Away", PS_TEAMS_AWAY, INACTIVE },
  { "Away", "OutOfOffice", PS_TEAMS_AWAY, INACTIVE | OUT },
  { "BeRightBack", "BeRightBack", PS_TEAMS_BE_RIGHT_BACK, 0 },
  { "Offline", "Offline", PS_TEAMS_OFFLINE, 0 },
  { "Offline", "OffWork", PS_TEAMS_OFFLINE, APPEARS },
  { "PresenceUnknown", "PresenceUnknown", PS_TEAMS_UNKNOWN, 0 },
  /* The words of December 2025. */
  { "available", "available", PS_TEAMS_AVAILABLE, 0 },
  { "away", "away", PS_TEAMS_AWAY, INACTIVE },
  { "beRightBack", "beRightBack", PS_TEAMS_BE_RIGHT_BACK, 0 },
  { "busy", "busy", PS_TEAMS_BUSY, PLAIN },
  { "doNotDisturb", "doNotDisturb", PS_TEAMS_DO_NOT_DISTURB, 0 },
  { "focusing", "doNotDisturb", PS_TEAMS_FOCUSING, 0 },
  { "inACall", "busy", PS_TEAMS_IN_A_CALL, 0 },
  { "inAMeeting", "busy", PS_TEAMS_IN_A_MEETING, 0 },
  { "presenting", "doNotDisturb", PS_TEAMS_PRESENTING, 0 },
  { "offline", "offline", PS_TEAMS_OFFLINE, 0 },
  { "presenceUnknown", "presenceUnknown", PS_TEAMS_UNKNOWN, 0 },
  { "BUSY", "INACALL", PS_TEAMS_IN_A_CALL, 0 },
  /* Words that nobody has invented yet, and none at all. */
  { "Levitating", "Levitating", PS_TEAMS_UNKNOWN, 0 },
  { "Levitating", "InACall", PS_TEAMS_UNKNOWN, 0 },
  { "Busy", "Levitating", PS_TEAMS_BUSY, 0 },
  { "", "", PS_TEAMS_UNKNOWN, 0 },
  { NULL, NULL, PS_TEAMS_UNKNOWN, 0 },
  { "Busy", NULL, PS_TEAMS_BUSY, 0 },
  { NULL, "InACall", PS_TEAMS_UNKNOWN, 0 },
};

static void
test_pairs (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    PsTeamsReading reading =
        ps_teams_reading_from_words (pairs[i].availability, pairs[i].activity, FALSE, "0000000000000000012");

    g_test_message ("%s/%s", pairs[i].availability, pairs[i].activity);
    g_assert_cmpstr (ps_teams_status_to_word (reading.status), ==, ps_teams_status_to_word (pairs[i].status));
    g_assert_cmpint (reading.inactive, ==, (pairs[i].flags & INACTIVE) != 0);
    g_assert_cmpint (reading.out_of_office, ==, (pairs[i].flags & OUT) != 0);
    g_assert_cmpint (reading.appears_offline, ==, (pairs[i].flags & APPEARS) != 0);
    g_assert_cmpint (reading.plain_busy, ==, (pairs[i].flags & PLAIN) != 0);
    g_assert_cmpstr (reading.sequence, ==, "0000000000000000012");
  }
}

static void
test_out_of_office_and_sequence (void)
{
  g_assert_true (ps_teams_reading_from_words ("Busy", "InACall", TRUE, NULL).out_of_office);
  g_assert_cmpstr (ps_teams_reading_from_words ("Busy", "InACall", TRUE, NULL).sequence, ==, "");
  /* One that does not fit would sort wrongly if it were cut. */
  g_assert_cmpstr (ps_teams_reading_from_words ("Busy", "Busy", FALSE, "12345678901234567890123").sequence, ==,
                   "12345678901234567890123");
  g_assert_cmpstr (ps_teams_reading_from_words ("Busy", "Busy", FALSE, "123456789012345678901234").sequence, ==, "");
}

static void
test_teams_words_and_back (void)
{
  for (int i = 0; i < PS_TEAMS_N_STATUSES; i++) {
    const char *word = ps_teams_status_to_word (i), *text = ps_teams_status_to_text (i);
    g_autofree char *loud = g_ascii_strup (text, -1);

    g_assert_cmpint (ps_teams_status_from_word (word), ==, i);
    g_assert_cmpint (ps_teams_status_from_text (word), ==, i);
    g_assert_cmpint (ps_teams_status_from_text (text), ==, i);
    g_assert_cmpint (ps_teams_status_from_text (loud), ==, i);
  }
  g_assert_cmpint (ps_teams_status_from_word ("In a call"), ==, -1);
  g_assert_cmpint (ps_teams_status_from_word (NULL), ==, -1);
  g_assert_cmpint (ps_teams_status_from_text (NULL), ==, -1);
  g_assert_cmpint (ps_teams_status_from_text ("\xff\xfe"), ==, -1);
}

static void
test_phone_wire (void)
{
  g_assert_cmpint (ps_phone_status_from_wire ("Available"), ==, PS_PHONE_AVAILABLE);
  g_assert_cmpint (ps_phone_status_from_wire ("busy"), ==, PS_PHONE_BUSY);
  g_assert_cmpint (ps_phone_status_from_wire ("Offline"), ==, PS_PHONE_OFFLINE);
  g_assert_cmpint (ps_phone_status_from_wire ("Invisible"), ==, PS_PHONE_STATUS_UNKNOWN);
  g_assert_cmpint (ps_phone_status_from_wire (NULL), ==, PS_PHONE_STATUS_UNKNOWN);
  g_assert_cmpstr (ps_phone_status_to_wire (PS_PHONE_OFFLINE), ==, "Offline");
  g_assert_null (ps_phone_status_to_wire (PS_PHONE_STATUS_UNKNOWN));

  g_assert_cmpint (ps_phone_calls_from_wire ("TakeAllCalls"), ==, PS_CALLS_ALL);
  g_assert_cmpint (ps_phone_calls_from_wire ("DoNotAcceptDepartmentCalls"), ==, PS_CALLS_NO_QUEUE);
  g_assert_cmpint (ps_phone_calls_from_wire ("TakeDepartmentCallsOnly"), ==, PS_CALLS_QUEUE_ONLY);
  g_assert_cmpint (ps_phone_calls_from_wire ("DoNotAcceptAnyCalls"), ==, PS_CALLS_NONE);
  g_assert_cmpint (ps_phone_calls_from_wire ("Unknown"), ==, PS_CALLS_UNKNOWN);
  g_assert_cmpint (ps_phone_calls_from_wire (NULL), ==, PS_CALLS_UNKNOWN);
  g_assert_cmpstr (ps_phone_calls_to_wire (PS_CALLS_NO_QUEUE), ==, "DoNotAcceptDepartmentCalls");
  g_assert_null (ps_phone_calls_to_wire (PS_CALLS_QUEUE_ONLY)); /* legacy: never written */
  g_assert_null (ps_phone_calls_to_wire (PS_CALLS_UNKNOWN));

  g_assert_cmpint (ps_telephony_from_wire ("NoCall"), ==, PS_TELEPHONY_NO_CALL);
  g_assert_cmpint (ps_telephony_from_wire ("Ringing"), ==, PS_TELEPHONY_RINGING);
  g_assert_cmpint (ps_telephony_from_wire ("CallConnected"), ==, PS_TELEPHONY_CONNECTED);
  g_assert_cmpint (ps_telephony_from_wire ("OnHold"), ==, PS_TELEPHONY_ON_HOLD);
  g_assert_cmpint (ps_telephony_from_wire ("ParkedCall"), ==, PS_TELEPHONY_PARKED);
  g_assert_cmpint (ps_telephony_from_wire ("Whispering"), ==, PS_TELEPHONY_UNKNOWN);
}

static void
test_phone_words_and_back (void)
{
  for (int i = 0; i <= PS_PHONE_OFFLINE; i++)
    g_assert_cmpint (ps_phone_status_from_word (ps_phone_status_to_word (i)), ==, i);
  for (int i = 0; i <= PS_CALLS_NONE; i++)
    g_assert_cmpint (ps_phone_calls_from_word (ps_phone_calls_to_word (i)), ==, i);
  for (int i = 0; i <= PS_TELEPHONY_PARKED; i++)
    g_assert_cmpint (ps_telephony_from_word (ps_telephony_to_word (i)), ==, i);
  g_assert_cmpint (ps_phone_calls_from_word ("DoNotAcceptAnyCalls"), ==, -1);
}

/* What RingCentral's own clients show first. */
static const struct {
  PsPhoneReading reading;
  const char *word, *text;
} shows[] = {
  { { PS_PHONE_AVAILABLE, PS_CALLS_NONE, PS_TELEPHONY_CONNECTED }, "do-not-disturb", "Do Not Disturb" },
  { { PS_PHONE_AVAILABLE, PS_CALLS_ALL, PS_TELEPHONY_CONNECTED }, "on-a-call", "On a call" },
  { { PS_PHONE_BUSY, PS_CALLS_ALL, PS_TELEPHONY_ON_HOLD }, "on-a-call", "On a call" },
  { { PS_PHONE_BUSY, PS_CALLS_ALL, PS_TELEPHONY_RINGING }, "busy", "Busy" },
  { { PS_PHONE_AVAILABLE, PS_CALLS_ALL, PS_TELEPHONY_NO_CALL, .meeting_known = TRUE, .meeting = TRUE },
    "in-a-meeting",
    "In a meeting" },
  { { PS_PHONE_OFFLINE, PS_CALLS_ALL, PS_TELEPHONY_PARKED }, "offline", "Offline" },
  { { PS_PHONE_AVAILABLE, PS_CALLS_ALL, PS_TELEPHONY_NO_CALL }, "available", "Available" },
  { { PS_PHONE_AVAILABLE, PS_CALLS_NO_QUEUE, PS_TELEPHONY_NO_CALL }, "available", "Available, no queue calls" },
  { { PS_PHONE_BUSY, PS_CALLS_NO_QUEUE, PS_TELEPHONY_NO_CALL }, "busy", "Busy, no queue calls" },
  { { PS_PHONE_OFFLINE, PS_CALLS_NO_QUEUE, PS_TELEPHONY_NO_CALL }, "offline", "Offline, no queue calls" },
  { { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_UNKNOWN, PS_TELEPHONY_UNKNOWN }, "unknown", "Unknown" },
};

static void
test_phone_shows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (shows); i++) {
    g_assert_cmpstr (ps_phone_reading_to_word (&shows[i].reading), ==, shows[i].word);
    g_assert_cmpstr (ps_phone_reading_to_text (&shows[i].reading), ==, shows[i].text);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presence/teams/pairs", test_pairs);
  g_test_add_func ("/presence/teams/out-of-office-and-sequence", test_out_of_office_and_sequence);
  g_test_add_func ("/presence/teams/words", test_teams_words_and_back);
  g_test_add_func ("/presence/phone/wire", test_phone_wire);
  g_test_add_func ("/presence/phone/words", test_phone_words_and_back);
  g_test_add_func ("/presence/phone/shows", test_phone_shows);
  return g_test_run ();
}
