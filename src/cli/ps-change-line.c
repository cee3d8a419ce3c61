/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-change-line.h"

#include <glib/gi18n.h>

#include "ps-output.h"

const char *
ps_why_word_to_text (const char *word)
{
  static const struct {
    const char *word, *text;
  } whys[] = {
    { "first-sync", N_ ("first sync") },    { "mapping", N_ ("standard table") },
    { "rule", N_ ("call rule") },           { "call", N_ ("RingCentral call") },
    { "call-over", N_ ("call over") },      { "choice", N_ ("chosen in RingCentral") },
    { "choice-over", N_ ("choice ended") }, { "renewal", N_ ("renewed") },
    { "undo", N_ ("given back") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (whys); i++)
    if (g_strcmp0 (word, whys[i].word) == 0)
      return _ (whys[i].text);
  return word;
}

const char *
ps_seen_word_to_text (const char *word)
{
  int status = ps_teams_status_from_word (word);

  if (g_strcmp0 (word, "on-a-call") == 0)
    return _ ("On a call");
  return status >= 0 ? ps_teams_status_to_text (status) : word;
}

/* The engine's journal says what was written in fixed words, several of them with a comma between. */
static const char *
written_word_to_text (const char *word)
{
  static const struct {
    const char *word, *text;
  } written[] = {
    { "status: available", N_ ("Available") },
    { "status: busy", N_ ("Busy") },
    { "status: offline", N_ ("Offline") },
    { "calls: all", N_ ("all calls") },
    { "calls: no-queue-calls", N_ ("no queue calls") },
    { "calls: none", N_ ("Do Not Disturb") },
    { "session: in a call", N_ ("In a call") },
    { "session: in a conference call", N_ ("In a conference call") },
    { "session cleared", N_ ("own status shows again") },
    { "own status: do not disturb", N_ ("Do not disturb") },
    { "own status: busy", N_ ("Busy") },
    { "own status: offline", N_ ("Appear offline") },
    { "own status given back", N_ ("own status given back") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (written); i++)
    if (g_str_equal (word, written[i].word))
      return _ (written[i].text);
  return word;
}

static char *
written_to_text (const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, ", ", -1);
  GString *text = g_string_new (NULL);

  for (guint i = 0; parts[i] != NULL; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", written_word_to_text (parts[i]));
  return g_string_free (text, FALSE);
}

char *
ps_delay_to_text (gint64 ms)
{
  if (ms < 1000)
    return g_strdup_printf (_ ("%d ms"), (int) ms);
  if (ms < 120 * 1000)
    return g_strdup_printf (_ ("%.1f s"), ms / 1000.0);
  return g_strdup_printf (_ ("%d min"), (int) (ms / 60000));
}

char *
ps_change_to_line (const PsJournalEntry *entry)
{
  gboolean to_teams = g_strcmp0 (entry->side, "teams") == 0;
  g_autofree char *delay = ps_delay_to_text (entry->delay_ms), *written = written_to_text (entry->written);
  g_autofree char *line =
      g_strdup_printf ("%s: %s %s → %s %s (%s, %s)", entry->name != NULL ? entry->name : entry->ringcentral_id,
                       to_teams ? "RingCentral" : "Teams", ps_seen_word_to_text (entry->seen),
                       to_teams ? "Teams" : "RingCentral", written, ps_why_word_to_text (entry->why), delay);
  g_autofree char *with_error = entry->error != NULL ? g_strdup_printf ("%s: %s", line, entry->error) : NULL;

  return ps_text_clean (with_error != NULL ? with_error : line, 0);
}
