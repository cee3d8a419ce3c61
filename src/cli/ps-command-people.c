/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * people: contact search in both directories, with both presences
 */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-json-words.h"
#include "ps-people-search.h"
#include "ps-table.h"

/* What is printed of somebody; nothing in it is owned. */
typedef struct {
  const char *name, *email, *number, *department;
  const PsPersonRow *row; /* (nullable) */
} Line;

static const char *
first (const char *a, const char *b)
{
  return a != NULL && a[0] != '\0' ? a : b;
}

static Line
line_for (const PsPersonFound *person, GHashTable *rows_by_id)
{
  const PsMicrosoftUser *microsoft = person->microsoft;
  const PsRingCentralUser *ringcentral = person->ringcentral;
  Line line = { NULL };

  if (microsoft != NULL) {
    line.name = microsoft->display_name;
    line.email = first (microsoft->mail, microsoft->user_principal_name);
    line.department = microsoft->department;
    line.number = microsoft->business_phones != NULL ? microsoft->business_phones[0] : NULL;
    line.number = first (line.number, microsoft->mobile_phone);
  }
  if (ringcentral != NULL) {
    line.name = first (line.name, ringcentral->name);
    line.email = first (line.email, ringcentral->email);
    line.department = first (line.department, ringcentral->department);
    line.number = first (ringcentral->extension_number, line.number);
    line.row = g_hash_table_lookup (rows_by_id, ringcentral->id);
  }
  return line;
}

static const char *
where (const PsPersonFound *person)
{
  if (person->microsoft != NULL && person->ringcentral != NULL)
    return _ ("both");
  return person->microsoft != NULL ? "Microsoft" : "RingCentral";
}

static void
print_table (PsCli *cli, const GPtrArray *found, GHashTable *rows_by_id)
{
  g_autoptr (PsTable) table = ps_table_new (_ ("Name"), _ ("E-mail"), _ ("Number"), _ ("Department"), _ ("Found in"),
                                            _ ("Teams"), _ ("RingCentral"), NULL);

  for (guint i = 0; i < found->len; i++) {
    Line line = line_for (found->pdata[i], rows_by_id);

    ps_table_add (table, PS_STYLE_PLAIN, line.name, line.email, line.number, line.department, where (found->pdata[i]),
                  line.row != NULL ? ps_person_teams_text (line.row) : "–",
                  line.row != NULL ? ps_person_phone_text (line.row) : "–");
  }
  ps_table_print (table, cli->output);
  if (found->len == 0)
    ps_output_line (cli->output, "%s", _ ("Nobody was found."));
}

static void
print_json (PsCli *cli, const GPtrArray *found, GHashTable *rows_by_id)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "people");
  json_builder_begin_array (builder);
  for (guint i = 0; i < found->len; i++) {
    const PsPersonFound *person = found->pdata[i];
    Line line = line_for (person, rows_by_id);

    json_builder_begin_object (builder);
    ps_json_put_string (builder, "name", line.name);
    ps_json_put_string (builder, "email", line.email);
    ps_json_put_string (builder, "number", line.number);
    ps_json_put_string (builder, "department", line.department);
    ps_json_put_string (builder, "microsoft_id", person->microsoft != NULL ? person->microsoft->id : NULL);
    ps_json_put_string (builder, "ringcentral_id", person->ringcentral != NULL ? person->ringcentral->id : NULL);
    ps_json_put_string (builder, "teams", line.row != NULL ? ps_teams_status_to_word (line.row->teams) : "unknown");
    ps_json_put_string (builder, "ringcentral",
                        line.row != NULL && line.row->ringcentral != NULL ? line.row->ringcentral : "unknown");
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

PsExit
ps_command_people (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, PS_CLI_ANY, error);
  g_autofree char *text = rest != NULL ? g_strjoinv (" ", rest) : NULL;
  g_autoptr (PsCliPeople) people = NULL;
  g_autoptr (GHashTable) rows_by_id = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) found = NULL;

  if (rest == NULL)
    return PS_EXIT_USAGE;
  if (g_strstrip (text)[0] == '\0') {
    ps_cli_usage_error (error, "%s", _ ("Say what to look for: a name, an address, a number, a department."));
    return PS_EXIT_USAGE;
  }
  if (!ps_cli_open (cli, error) || (people = ps_cli_people_load_or_read (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  for (guint i = 0; i < people->rows->len; i++)
    g_hash_table_insert (rows_by_id, ((PsPersonRow *) people->rows->pdata[i])->ringcentral_id, people->rows->pdata[i]);
  found = ps_people_search (people->directory, people->links, text);
  if (cli->json)
    print_json (cli, found, rows_by_id);
  else
    print_table (cli, found, rows_by_id);
  return PS_EXIT_DONE;
}
