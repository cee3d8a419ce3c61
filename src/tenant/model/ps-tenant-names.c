/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-names.h"

#define PER_ORIGIN 16

typedef struct {
  const char *first[PER_ORIGIN], *last[PER_ORIGIN];
} Origin;

static const Origin origins[] = {
  { { "Emma", "James", "Olivia", "William", "Charlotte", "Henry", "Grace", "Thomas", "Alice", "George", "Hannah",
      "Oliver", "Rebecca", "Daniel", "Claire", "Samuel" },
    { "Smith", "Johnson", "Taylor", "Walker", "Hughes", "Bennett", "Carter", "Palmer", "Fletcher", "Harrison",
      "Whitaker", "Marsh", "Bradshaw", "Holloway", "Ashworth", "St. John" } },
  { { "Aoife", "Niamh", "Seán", "Ciarán", "Róisín", "Pádraig", "Siobhán", "Eoin", "Órla", "Declan", "Máire", "Conor",
      "Gráinne", "Liam", "Sinéad", "Donal" },
    { "O'Brien", "Murphy", "Ó Súilleabháin", "Kelly", "Doyle", "Gallagher", "McCarthy", "Byrne", "Ní Dhomhnaill",
      "Nolan", "Fitzgerald", "Kavanagh", "O'Connor", "Quinn", "Brennan", "MacNamara" } },
  { { "María", "José", "Lucía", "Andrés", "Sofía", "Álvaro", "Inés", "Raúl", "Begoña", "Íñigo", "Pilar", "Joaquín",
      "Mónica", "Héctor", "Rocío", "Nicolás" },
    { "García", "Fernández", "López", "Martínez", "Núñez", "Ibáñez", "Peña", "Muñoz", "Gutiérrez", "Castaño", "Vázquez",
      "Rodríguez Soto", "Ordóñez", "Sáez", "Benítez", "Aguirre" } },
  { { "João", "Inês", "Gonçalo", "Beatriz", "Thiago", "Conceição", "Luís", "Mariana", "Antônio", "Letícia", "Simão",
      "Júlia", "Rui", "Débora", "Vinícius", "Graça" },
    { "Silva", "Souza", "Araújo", "Guimarães", "Magalhães", "Conceição", "Simões", "da Costa", "Brandão", "Falcão",
      "Leitão", "Azevedo", "Gonçalves", "Pereira", "Câmara", "Esteves" } },
  { { "Jürgen", "Anja", "Björn", "Käthe", "Matthias", "Ute", "Günther", "Sabine", "Götz", "Heike", "Lukas", "Jörg",
      "Annegret", "Stefan", "Bärbel", "Malte" },
    { "Müller", "Schäfer", "Weiß", "Krüger", "Vogel", "Böhm", "Groß", "Lehmann", "Straßer", "Köhler", "Brandt",
      "Fröhlich", "von der Heide", "Jäger", "Schröder", "Zöllner" } },
  { { "Élodie", "François", "Zoë", "Jérôme", "Hélène", "Benoît", "Chloé", "André", "Agnès", "Thibault", "Océane",
      "Gaël", "Maëlle", "Loïc", "Noémie", "Rémi" },
    { "Lefèvre", "Dubois", "Bérenger", "Garçon", "Moreau", "Béranger", "Fournier", "Delacroix", "Châtelain", "Gauthier",
      "d'Arras", "Crépin", "Marchand", "Pélissier", "Noël", "Le Goff" } },
  { { "Zofia", "Łukasz", "Małgorzata", "Paweł", "Agnieszka", "Michał", "Grażyna", "Stanisław", "Bożena", "Krzysztof",
      "Jadwiga", "Mirosław", "Żaneta", "Rafał", "Kinga", "Sławomir" },
    { "Kowalski", "Wójcik", "Dąbrowski", "Zieliński", "Szymański", "Woźniak", "Krawczyk", "Król", "Wróbel", "Jabłoński",
      "Nowak", "Gołąb", "Pietrzak", "Chmielewski", "Błaszczyk", "Sikora" } },
  { { "Jiří", "Tereza", "Ondřej", "Kateřina", "Tomáš", "Žofie", "Matěj", "Božena", "Vojtěch", "Zdeňka", "Štěpán",
      "Ivana", "Radek", "Lenka", "Bořivoj", "Eliška" },
    { "Novák", "Dvořák", "Svoboda", "Černý", "Procházka", "Kučera", "Veselý", "Horák", "Pokorný", "Růžička", "Beneš",
      "Šťastný", "Zeman", "Kříž", "Vlček", "Říha" } },
  { { "Søren", "Åse", "Lars", "Ingrid", "Øystein", "Freja", "Jørgen", "Astrid", "Håkon", "Sølvi", "Mikkel", "Linnéa",
      "Gösta", "Märta", "Bjørn", "Kirsten" },
    { "Sørensen", "Hansen", "Åkesson", "Lindström", "Bjørnstad", "Østergaard", "Nyström", "Kjær", "Dahl", "Grønvold",
      "Holm", "Öberg", "Ingebrigtsen", "Wåhlin", "Skov", "Ås" } },
  { { "Aino", "Jyrki", "Päivi", "Väinö", "Hanna", "Mikko", "Sirkka", "Eero", "Tõnu", "Kadri", "Jānis", "Rūta",
      "Žydrūnė", "Mārtiņš", "Ülle", "Saulius" },
    { "Mäkinen", "Virtanen", "Hämäläinen", "Nieminen", "Lehtonen", "Tamm", "Põder", "Kask", "Bērziņš", "Kalniņš",
      "Ozols", "Kazlauskas", "Žukauskas", "Petrauskas", "Jõgi", "Järvi" } },
  { { "Ayşe", "Mehmet", "Gülşen", "Çağlar", "Zeynep", "Oğuz", "İpek", "Şükrü", "Özlem", "Barış", "Çiğdem", "Ümit",
      "Selin", "Tuğçe", "Kağan", "Işıl" },
    { "Yılmaz", "Öztürk", "Şahin", "Çelik", "Kılıç", "Aydın", "Doğan", "Güneş", "Koç", "Çetin", "Bulut", "Erdoğdu",
      "Yıldız", "Ünal", "Taş", "Arslan" } },
  { { "Priya", "Arjun", "Ananya", "Vikram", "Deepa", "Rohan", "Lakshmi", "Sanjay", "Kavita", "Harpreet", "Meera",
      "Imran", "Divya", "Suresh", "Ishita", "Naveen" },
    { "Sharma", "Patel", "Iyer", "Reddy", "Chatterjee", "Singh", "Kaur", "Nair", "Gupta", "Deshpande", "Mukherjee",
      "Rao", "Banerjee", "Khan", "Subramanian", "Joshi" } },
  { { "Wei", "Mei", "Jun", "Xiulan", "Hao", "Ying", "Zhiming", "Lan", "Bo", "Lihua", "Kai", "Xin", "Minh", "Thị Hương",
      "Đức", "Ngọc" },
    { "Wang", "Li", "Zhang", "Chen", "Lü", "Huang", "Zhao", "Wu", "Nguyễn", "Trần", "Phạm", "Đặng", "Lê", "Võ", "Lin",
      "Xu" } },
  { { "Yūki", "Haruto", "Sakura", "Kenji", "Emi", "Shōta", "Naoko", "Ryō", "Ji-woo", "Min-jun", "Seo-yeon", "Hyun",
      "Eun-ji", "Tarō", "Akiko", "Jae-won" },
    { "Satō", "Suzuki", "Takahashi", "Itō", "Kobayashi", "Saitō", "Ōno", "Yamada", "Kim", "Park", "Choi", "Jeong",
      "Kang", "Yoon", "Inoue", "Mori" } },
  { { "Amina", "Omar", "Layla", "Yusuf", "Fatima", "Khalid", "Nour", "Tariq", "Salma", "Hassan", "Rania", "Karim",
      "Leila", "Reza", "Shirin", "Dariush" },
    { "Haddad", "al-Masri", "Nasser", "Khoury", "Rahman", "El Amrani", "Benali", "Farouk", "Mansour", "Sayegh",
      "Hosseini", "Tehrani", "Karimi", "Saleh", "Bouzid", "Qureshi" } },
  { { "Chidi", "Ngozi", "Kwame", "Abena", "Thabo", "Naledi", "Wanjirũ", "Kamau", "Adébáyò", "Folúkẹ́", "Zanele", "Sipho",
      "Amara", "Kofi", "Makena", "Tendai" },
    { "Okafor", "Adeyemi", "Mensah", "Owusu", "Nkosi", "Dlamini", "Mwangi", "Otieno", "Eze", "Balogun", "Moyo",
      "Ndlovu", "Abiọ́lá", "Boateng", "Njoroge", "Traoré" } },
  { { "Giulia", "Matteo", "Niccolò", "Chiara", "Désirée", "Lorenzo", "Ioana", "Ștefan", "Ana", "Željko", "Maja",
      "Đorđe", "Eleni", "Nikos", "Zoltán", "Réka" },
    { "Rossi", "D'Angelo", "Nicolò", "Bianchi", "De Luca", "Popescu", "Ionescu", "Țurcanu", "Horvat", "Kovačević",
      "Šarić", "Papadopoulou", "Kovács", "Szőke", "Nagy", "Đukić" } },
};

void
ps_tenant_names_pick (PsTenantDice *dice, const char **first_name, const char **last_name)
{
  const Origin *origin = &origins[ps_tenant_dice_below (dice, G_N_ELEMENTS (origins))];
  const Origin *other = &origins[ps_tenant_dice_below (dice, G_N_ELEMENTS (origins))];

  *first_name = origin->first[ps_tenant_dice_below (dice, PER_ORIGIN)];
  /* Some have a surname of somewhere else: people marry and move. */
  *last_name = (ps_tenant_dice_chance (dice, 12) ? other : origin)->last[ps_tenant_dice_below (dice, PER_ORIGIN)];
}

char *
ps_tenant_names_of_caller (PsTenantDice *dice)
{
  const char *first_name, *last_name;

  ps_tenant_names_pick (dice, &first_name, &last_name);
  return g_strdup_printf ("%s %s", first_name, last_name);
}

char *
ps_tenant_names_for_address (const char *name)
{
  /* What a decomposition leaves standing: letters with a stroke, and the Turkish one without a dot. */
  static const struct {
    gunichar letter;
    const char *plain;
  } strokes[] = {
    { 0x00df, "ss" }, { 0x00e6, "ae" }, { 0x00f8, "o" },  { 0x0111, "d" },
    { 0x0131, "i" },  { 0x0142, "l" },  { 0x0153, "oe" },
  };
  g_autofree char *lower = g_utf8_strdown (name, -1);
  g_autofree char *plain = g_utf8_normalize (lower, -1, G_NORMALIZE_NFD);
  GString *result = g_string_new (NULL);

  for (const char *p = plain; p != NULL && *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (letter < 0x80 && g_ascii_isalnum ((char) letter))
      g_string_append_c (result, (char) letter);
    for (gsize i = 0; i < G_N_ELEMENTS (strokes); i++)
      if (strokes[i].letter == letter)
        g_string_append (result, strokes[i].plain);
  }
  if (result->len == 0)
    g_string_append_c (result, 'x');
  return g_string_free (result, FALSE);
}
