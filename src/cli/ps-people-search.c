/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-people-search.h"

#include <string.h>

/* Shorter runs of digits are in too many numbers to mean one. */
#define MIN_DIGITS 3

/* Without case, and with the accents taken off: "Müller" is found by "muller", and by "MÜLLER". */
static char *
fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (apart, -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (!g_unichar_ismark (letter))
      g_string_append_unichar (plain, letter);
  }
  return g_string_free (plain, FALSE);
}

static gboolean
is_word_letter (const char *p)
{
  return g_unichar_isalnum (g_utf8_get_char (p));
}

/* @word is folded. */
static gboolean
begins_a_word (const char *folded, const char *word)
{
  for (const char *at = strstr (folded, word); at != NULL; at = strstr (g_utf8_next_char (at), word))
    if (at == folded || !is_word_letter (g_utf8_find_prev_char (folded, at)) || !is_word_letter (at))
      return TRUE;
  return FALSE;
}

static char *
digits_of (const char *text)
{
  GString *digits = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (g_ascii_isdigit (*text))
      g_string_append_c (digits, *text);
  return g_string_free (digits, FALSE);
}

/* What is known of one person, as folded texts and as numbers. */
typedef struct {
  GPtrArray *texts;   /* (owned) */
  GPtrArray *numbers; /* (owned) digits only */
} Facts;

static void
add_text (Facts *facts, const char *text)
{
  if (text != NULL)
    g_ptr_array_add (facts->texts, fold (text));
}

static void
add_number (Facts *facts, const char *number)
{
  if (number != NULL)
    g_ptr_array_add (facts->numbers, digits_of (number));
}

static void
gather (Facts *facts, const PsPersonFound *person)
{
  const PsMicrosoftUser *microsoft = person->microsoft;
  const PsRingCentralUser *ringcentral = person->ringcentral;

  facts->texts = g_ptr_array_new_with_free_func (g_free);
  facts->numbers = g_ptr_array_new_with_free_func (g_free);
  if (microsoft != NULL) {
    add_text (facts, microsoft->display_name);
    add_text (facts, microsoft->user_principal_name);
    add_text (facts, microsoft->mail);
    add_text (facts, microsoft->department);
    add_text (facts, microsoft->job_title);
    add_number (facts, microsoft->mobile_phone);
    for (guint i = 0; microsoft->aliases != NULL && microsoft->aliases[i] != NULL; i++)
      add_text (facts, microsoft->aliases[i]);
    for (guint i = 0; microsoft->business_phones != NULL && microsoft->business_phones[i] != NULL; i++)
      add_number (facts, microsoft->business_phones[i]);
  }
  if (ringcentral != NULL) {
    add_text (facts, ringcentral->name);
    add_text (facts, ringcentral->email);
    add_text (facts, ringcentral->department);
    add_text (facts, ringcentral->job_title);
    add_text (facts, ringcentral->site);
    add_number (facts, ringcentral->extension_number);
    add_number (facts, ringcentral->phone);
  }
}

static void
facts_clear (Facts *facts)
{
  g_ptr_array_unref (facts->texts);
  g_ptr_array_unref (facts->numbers);
}

static gboolean
has_word (const Facts *facts, const char *word)
{
  g_autofree char *digits = digits_of (word);

  for (guint i = 0; i < facts->texts->len; i++)
    if (begins_a_word (facts->texts->pdata[i], word))
      return TRUE;
  for (guint i = 0; strlen (digits) >= MIN_DIGITS && i < facts->numbers->len; i++)
    if (strstr (facts->numbers->pdata[i], digits) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
fits (const PsPersonFound *person, char **words, const char *all_digits)
{
  Facts facts;
  gboolean found = FALSE;

  gather (&facts, person);
  /* A number may be written with spaces in it: "+1 650 555 0100". */
  for (guint i = 0; all_digits != NULL && !found && i < facts.numbers->len; i++)
    found = strstr (facts.numbers->pdata[i], all_digits) != NULL;
  if (!found) {
    found = TRUE;
    for (guint i = 0; found && words[i] != NULL; i++)
      found = words[i][0] == '\0' || has_word (&facts, words[i]);
  }
  facts_clear (&facts);
  return found;
}

static const char *
name_of (const PsPersonFound *person)
{
  if (person->microsoft != NULL && person->microsoft->display_name != NULL)
    return person->microsoft->display_name;
  return person->ringcentral != NULL && person->ringcentral->name != NULL ? person->ringcentral->name : "";
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_utf8_collate (name_of (*(PsPersonFound *const *) a), name_of (*(PsPersonFound *const *) b));
}

static void
look_at (GPtrArray *found, PsPersonFound person, char **words, const char *all_digits)
{
  if (fits (&person, words, all_digits))
    g_ptr_array_add (found, g_memdup2 (&person, sizeof person));
}

GPtrArray *
ps_people_search (const PsDirectory *directory, const GPtrArray *links, const char *text)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *folded = fold (text);
  g_auto (GStrv) words = g_strsplit (g_strstrip (folded), " ", -1);
  g_autofree char *digits = digits_of (folded);
  gboolean is_number = strlen (digits) >= MIN_DIGITS && strspn (folded, "0123456789 +-./()") == strlen (folded);

  for (guint i = 0; i < links->len; i++) {
    const PsLink *link = links->pdata[i];
    gboolean linked = link->reason == PS_REASON_NONE && link->microsoft != NULL;

    if (linked)
      g_hash_table_add (seen, link->microsoft->id);
    look_at (found, (PsPersonFound){ linked ? link->microsoft : NULL, link->ringcentral }, words,
             is_number ? digits : NULL);
  }
  for (guint i = 0; i < directory->microsoft->len; i++) {
    const PsMicrosoftUser *user = directory->microsoft->pdata[i];

    if (!g_hash_table_contains (seen, user->id))
      look_at (found, (PsPersonFound){ user, NULL }, words, is_number ? digits : NULL);
  }
  g_ptr_array_sort (found, compare_names);
  return found;
}
