/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine-fixture.h"

#include <string.h>

#define START_MS G_GINT64_CONSTANT (1767605400000)

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  f->now_ms = START_MS;
  f->outcome = PS_WRITTEN;
  f->engine = ps_engine_new ();
  f->user = ps_engine_add_user (f->engine, TRUE, NULL);
  ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
}

void
fixture_set_up_at_rest (Fixture *f, gconstpointer data)
{
  fixture_set_up (f, data);
  teams (f, "Available/Available");
  sweep (f, "available all no-call no-meeting");
  assert_writes (f, "");
  after (f, 60);
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  ps_engine_free (f->engine);
  g_free (f->drained);
}

void
after (Fixture *f, double seconds)
{
  f->now_ms += (gint64) (seconds * 1000);
}

void
teams (Fixture *f, const char *pair)
{
  g_auto (GStrv) words = g_strsplit (pair, "/", 2);
  PsTeamsReading reading = ps_teams_reading_from_words (words[0], words[1], FALSE, NULL);

  ps_engine_see_teams (f->engine, f->user, &reading, f->now_ms, f->now_ms);
}

PsPhoneReading
phone_reading (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  PsPhoneReading reading = { 0 };

  g_assert_cmpuint (g_strv_length (words), >=, 3);
  reading.user_status = MAX (ps_phone_status_from_word (words[0]), 0);
  reading.calls = MAX (ps_phone_calls_from_word (words[1]), 0);
  reading.telephony = MAX (ps_telephony_from_word (words[2]), 0);
  if (words[3] != NULL) {
    reading.meeting_known = TRUE;
    reading.meeting = strcmp (words[3], "meeting") == 0;
  }
  return reading;
}

void
event (Fixture *f, const char *words)
{
  PsPhoneReading reading = phone_reading (words);

  reading.sequence = ++f->sequence;
  reading.event_ms = f->now_ms;
  ps_engine_see_phone (f->engine, f->user, &reading, PS_SEEN_EVENT, f->now_ms, f->now_ms);
}

void
sweep (Fixture *f, const char *words)
{
  PsPhoneReading reading = phone_reading (words);

  ps_engine_see_phone (f->engine, f->user, &reading, PS_SEEN_READ, f->now_ms, f->now_ms);
}

char *
write_to_word (const PsWrite *write)
{
  static const char *const sessions[] = { "none", "call", "conference" };
  static const char *const preferred[] = { "none", "do-not-disturb", "busy", "offline" };
  const char *status, *calls;

  switch (write->kind) {
  case PS_WRITE_SESSION:
    return g_strdup_printf ("session:%s", sessions[write->session]);
  case PS_WRITE_PREFERRED:
    return g_strdup_printf ("preferred:%s", preferred[write->preferred]);
  case PS_WRITE_PHONE:
  default:
    status = write->phone.user_status != 0 ? ps_phone_status_to_word (write->phone.user_status) : "-";
    calls = write->phone.calls != 0 ? ps_phone_calls_to_word (write->phone.calls) : "-";
    return g_strdup_printf ("phone:%s,%s", status, calls);
  }
}

PsWrite
take (Fixture *f, PsSide side)
{
  PsWrite write;

  g_assert_true (ps_engine_next_write (f->engine, side, f->now_ms, &write));
  g_assert_false (ps_ledger_is_empty (&write.ledger)); /* whatever leaves is in the books */
  f->disk = write.ledger;
  f->writes++;
  return write;
}

static void
commit (Fixture *f)
{
  PsUser user;

  while ((user = ps_engine_next_changed_ledger (f->engine)) != PS_NO_USER)
    if (user == f->user)
      ps_engine_ledger (f->engine, user, &f->disk);
}

void
end (Fixture *f, const PsWrite *write, PsWritten result)
{
  ps_engine_written (f->engine, write, result, NULL, f->now_ms);
  commit (f);
}

const char *
drain (Fixture *f)
{
  g_autoptr (GString) words = g_string_new (NULL);
  gboolean more = TRUE;

  commit (f);
  for (guint n = 0; more; n++) {
    more = FALSE;
    g_assert_cmpuint (n, <, 20);
    for (int side = 0; side < PS_N_SIDES; side++)
      if (ps_engine_next_write (f->engine, side, f->now_ms, &f->last)) {
        g_autofree char *word = write_to_word (&f->last);

        g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", word);
        f->disk = f->last.ledger;
        f->writes++;
        f->now_ms += 200;
        end (f, &f->last, f->outcome);
        more = TRUE;
      }
  }
  g_free (f->drained);
  f->drained = g_string_free (g_steal_pointer (&words), FALSE);
  return f->drained;
}

gboolean
ledger_is_empty (Fixture *f)
{
  PsLedger ledger;

  ps_engine_ledger (f->engine, f->user, &ledger);
  g_assert_cmpint (ps_ledger_is_empty (&ledger), ==, ps_ledger_is_empty (&f->disk));
  return ps_ledger_is_empty (&ledger);
}

void
restart (Fixture *f, gboolean synced)
{
  ps_engine_free (f->engine);
  f->engine = ps_engine_new ();
  f->user = ps_engine_add_user (f->engine, TRUE, &f->disk);
  if (synced)
    ps_engine_set_synced (f->engine, f->user, TRUE, f->now_ms);
}
