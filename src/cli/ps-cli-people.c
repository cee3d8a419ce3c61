/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-await.h"

void
ps_cli_people_free (PsCliPeople *people)
{
  g_clear_pointer (&people->selection, ps_selection_free);
  g_clear_pointer (&people->directory, ps_directory_free);
  g_clear_pointer (&people->links, g_ptr_array_unref);
  g_clear_pointer (&people->rows, g_ptr_array_unref);
  g_free (people->organization);
  g_free (people);
}

/* --- calls that are waited for --- */

PsClients *
ps_cli_open_clients (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_open_clients_async (cli->workspace, cli->cancellable, ps_await_done, await);
  return ps_open_clients_finish (cli->workspace, ps_await_result (await), error);
}

GHashTable *
ps_cli_load_settings (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_settings_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_settings_finish (ps_cli_store (cli), ps_await_result (await), error);
}

PsSelection *
ps_cli_load_selection (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_selection_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_selection_finish (ps_cli_store (cli), ps_await_result (await), error);
}

gboolean
ps_cli_save_selection (PsCli *cli, const PsSelection *selection, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_save_selection_async (ps_cli_store (cli), selection, NULL, ps_await_done, await);
  return ps_store_save_finish (ps_cli_store (cli), ps_await_result (await), error);
}

GPtrArray *
ps_cli_load_ledger (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_ledger_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_ledger_finish (ps_cli_store (cli), ps_await_result (await), error);
}

static GHashTable *
load_links (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_links_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_links_finish (ps_cli_store (cli), ps_await_result (await), error);
}

static PsDirectory *
load_directory (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_directory_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_directory_finish (ps_cli_store (cli), ps_await_result (await), error);
}

GPtrArray *
ps_cli_load_published (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_store_load_people_async (ps_cli_store (cli), NULL, ps_await_done, await);
  return ps_store_load_people_finish (ps_cli_store (cli), ps_await_result (await), error);
}

/* --- rows --- */

static PsPersonRow *
row_from_link (const PsLink *link)
{
  PsPersonRow *row = ps_person_row_new ();

  row->ringcentral_id = g_strdup (link->ringcentral->id);
  row->name = g_strdup (link->ringcentral->name);
  row->email = g_strdup (link->ringcentral->email);
  row->extension = g_strdup (link->ringcentral->extension_number);
  if (link->microsoft != NULL) {
    row->microsoft_id = g_strdup (link->microsoft->id);
    row->microsoft_upn = g_strdup (link->microsoft->user_principal_name);
  }
  row->reason = link->reason;
  row->detail = g_strdup (link->detail);
  return row;
}

/* The engine publishes a little later than the administrator decides. */
static void
apply_selection (PsPersonRow *row, const PsSelection *selection)
{
  if (!ps_selection_contains (selection, row->ringcentral_id))
    row->status = PS_PERSON_NOT_SELECTED;
  else if (row->status == PS_PERSON_NOT_SELECTED)
    row->status = row->reason != PS_REASON_NONE ? PS_PERSON_FAILED : PS_PERSON_PENDING;
}

static int
compare_rows (gconstpointer a, gconstpointer b)
{
  const PsPersonRow *left = *(PsPersonRow *const *) a, *right = *(PsPersonRow *const *) b;

  return g_utf8_collate (left->name != NULL ? left->name : "", right->name != NULL ? right->name : "");
}

/* @published: (transfer full). People whom the engine does not know yet are added from the directory. */
static void
make_rows (PsCliPeople *people, GPtrArray *published)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  people->rows = published;
  for (guint i = 0; i < published->len; i++)
    g_hash_table_add (known, ((PsPersonRow *) published->pdata[i])->ringcentral_id);
  for (guint i = 0; i < people->links->len; i++) {
    const PsLink *link = people->links->pdata[i];

    if (!g_hash_table_contains (known, link->ringcentral->id))
      g_ptr_array_add (published, row_from_link (link));
  }
  for (guint i = 0; i < published->len; i++)
    apply_selection (published->pdata[i], people->selection);
  g_ptr_array_sort (published, compare_rows);
}

PsCliPeople *
ps_cli_people_load (PsCli *cli, GError **error)
{
  g_autoptr (PsCliPeople) people = g_new0 (PsCliPeople, 1);
  g_autoptr (GHashTable) by_hand = NULL, settings = NULL;
  g_autoptr (PsMicrosoftConnection) microsoft = NULL;
  GPtrArray *published;

  if ((settings = ps_cli_load_settings (cli, error)) == NULL ||
      (people->selection = ps_cli_load_selection (cli, error)) == NULL || (by_hand = load_links (cli, error)) == NULL ||
      (people->directory = load_directory (cli, error)) == NULL)
    return NULL;
  published = ps_cli_load_published (cli, error);
  if (published == NULL)
    return NULL;
  microsoft = ps_microsoft_connection_load (settings);
  people->organization = g_strdup (microsoft != NULL ? microsoft->organization : NULL);
  people->links = ps_match_users (people->directory->ringcentral, people->directory->microsoft, by_hand);
  make_rows (people, published);
  return g_steal_pointer (&people);
}

PsCliPeople *
ps_cli_people_read (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsClients) clients = ps_cli_open_clients (cli, error);
  g_autoptr (PsDirectory) directory = NULL;

  if (clients == NULL)
    return NULL;
  ps_read_directories_async (cli->workspace, clients, cli->cancellable, ps_await_done, await);
  directory = ps_read_directories_finish (cli->workspace, ps_await_result (await), error);
  return directory != NULL ? ps_cli_people_load (cli, error) : NULL;
}

PsCliPeople *
ps_cli_people_load_or_read (PsCli *cli, GError **error)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (cli, error);

  if (people == NULL || people->directory->read_ms > 0)
    return g_steal_pointer (&people);
  return ps_cli_people_read (cli, error);
}

/* --- words --- */

const char *
ps_person_status_to_text (PsPersonStatus status)
{
  switch (status) {
  case PS_PERSON_NOT_SELECTED:
    return _ ("Not selected");
  case PS_PERSON_SYNCED:
    return _ ("Synced");
  case PS_PERSON_FAILED:
    return _ ("Failed");
  case PS_PERSON_PENDING:
    return _ ("Pending");
  }
  g_return_val_if_reached ("");
}

const char *
ps_person_phone_text (const PsPersonRow *row)
{
  static const struct {
    const char *word;
    PsPhoneReading reading;
  } readings[] = {
    { "do-not-disturb", { .calls = PS_CALLS_NONE } },         { "on-a-call", { .telephony = PS_TELEPHONY_CONNECTED } },
    { "in-a-meeting", { .meeting_known = 1, .meeting = 1 } }, { "busy", { .user_status = PS_PHONE_BUSY } },
    { "offline", { .user_status = PS_PHONE_OFFLINE } },       { "available", { .user_status = PS_PHONE_AVAILABLE } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (readings); i++)
    if (g_strcmp0 (row->ringcentral, readings[i].word) == 0)
      return ps_phone_reading_to_text (&readings[i].reading);
  return row->ringcentral != NULL ? row->ringcentral : "–";
}

const char *
ps_person_teams_text (const PsPersonRow *row)
{
  if (row->teams == PS_TEAMS_UNKNOWN)
    return row->teams_word != NULL ? row->teams_word : "–";
  return ps_teams_status_to_text (row->teams);
}
