/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The people as a command sees them: both directories as read last, who is linked with whom, who is selected, and what
 * the engine has published of each.
 */
#pragma once

#include "ps-cli.h"
#include "ps-people.h"

G_BEGIN_DECLS

typedef struct {
  PsSelection *selection; /* (owned) */
  PsDirectory *directory; /* (owned) */
  GPtrArray *links;       /* (owned) PsLink, in the order of directory->ringcentral */
  GPtrArray *rows;        /* (owned) PsPersonRow of everybody in RingCentral, by name */
  char *organization;     /* (owned) (nullable) */
} PsCliPeople;

void ps_cli_people_free (PsCliPeople *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsCliPeople, ps_cli_people_free)

/* Reads all of it from the store. What the selection says goes before what the engine has published: with nobody
 * running the engine, somebody just selected is pending, and after "disable" nobody is. */
PsCliPeople *ps_cli_people_load (PsCli *cli, GError **error);
/* The same; if the directories were never read they are read now. */
PsCliPeople *ps_cli_people_load_or_read (PsCli *cli, GError **error);
/* Asks both services for their directories, and loads. */
PsCliPeople *ps_cli_people_read (PsCli *cli, GError **error);

/* PS_ERROR_NOT_CONNECTED names what is missing. Returns: (transfer full). */
PsClients *ps_cli_open_clients (PsCli *cli, GError **error);
GHashTable *ps_cli_load_settings (PsCli *cli, GError **error);   /* (transfer full) */
PsSelection *ps_cli_load_selection (PsCli *cli, GError **error); /* (transfer full) */
gboolean ps_cli_save_selection (PsCli *cli, const PsSelection *selection, GError **error);
GPtrArray *ps_cli_load_published (PsCli *cli, GError **error); /* as the engine wrote them; (transfer full) */
GPtrArray *ps_cli_load_ledger (PsCli *cli, GError **error);    /* (transfer full) (element-type PsLedgerRow) */

/* "Synced" …, translated. */
const char *ps_person_status_to_text (PsPersonStatus status);
/* The phone presence that a row shows, translated. */
const char *ps_person_phone_text (const PsPersonRow *row);
/* The Teams status that a row shows: translated, or Microsoft's own word if we do not know it. */
const char *ps_person_teams_text (const PsPersonRow *row);

G_END_DECLS
