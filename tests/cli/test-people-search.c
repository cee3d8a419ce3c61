/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-people-search.h"

static PsDirectory *
company (void)
{
  PsDirectory *directory = ps_directory_new ();
  PsMicrosoftUser *jurgen = ps_microsoft_user_new ("m1"), *guest = ps_microsoft_user_new ("m2");
  PsRingCentralUser *phone = ps_ringcentral_user_new ("r1"), *lobby = ps_ringcentral_user_new ("r2");
  const char *const numbers[] = { "+1 (650) 555-0100", NULL };

  jurgen->display_name = g_strdup ("Jürgen Müller");
  jurgen->mail = g_strdup ("jm@example.com");
  jurgen->department = g_strdup ("Field Service");
  jurgen->business_phones = g_strdupv ((char **) numbers);
  jurgen->enabled = TRUE;
  guest->display_name = g_strdup ("Åsa Öberg");
  guest->mail = g_strdup ("asa@other.example");
  guest->enabled = TRUE;
  phone->name = g_strdup ("Jurgen M.");
  phone->email = g_strdup ("JM@example.com");
  phone->extension_number = g_strdup ("4711");
  phone->status = PS_EXTENSION_ENABLED;
  lobby->name = g_strdup ("Lobby");
  lobby->extension_number = g_strdup ("100");
  lobby->status = PS_EXTENSION_ENABLED;
  g_ptr_array_add (directory->microsoft, jurgen);
  g_ptr_array_add (directory->microsoft, guest);
  g_ptr_array_add (directory->ringcentral, phone);
  g_ptr_array_add (directory->ringcentral, lobby);
  return directory;
}

static void
test_search (void)
{
  static const struct {
    const char *text;
    guint found;
    const char *microsoft, *ringcentral; /* of the first */
  } cases[] = {
    { "muller", 1, "m1", "r1" },        { "MÜLLER", 1, "m1", "r1" },         { "mul jur", 1, "m1", "r1" },
    { "field", 1, "m1", "r1" },         { "4711", 1, "m1", "r1" },           { "650 555 0100", 1, "m1", "r1" },
    { "+16505550100", 1, "m1", "r1" },  { "jm@example.com", 1, "m1", "r1" }, { "asa", 1, "m2", NULL },
    { "oberg", 1, "m2", NULL },         { "lobby", 1, NULL, "r2" },          { "uller", 0, NULL, NULL },
    { "muller nobody", 0, NULL, NULL }, { "\xff\xfe", 0, NULL, NULL },       { "example", 2, NULL, NULL },
  };
  g_autoptr (PsDirectory) directory = company ();
  g_autoptr (GPtrArray) links = ps_match_users (directory->ringcentral, directory->microsoft, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) found = ps_people_search (directory, links, cases[i].text);
    const PsPersonFound *first = found->len > 0 ? found->pdata[0] : NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_cmpuint (found->len, ==, cases[i].found);
    if (cases[i].found != 1)
      continue;
    g_assert_cmpstr (first->microsoft != NULL ? first->microsoft->id : NULL, ==, cases[i].microsoft);
    g_assert_cmpstr (first->ringcentral != NULL ? first->ringcentral->id : NULL, ==, cases[i].ringcentral);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/people-search", test_search);
  return g_test_run ();
}
