/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The state of Presence Sync: one SQLite database, `state.db`, in the state directory. It is the contract between the
 * programs: whoever holds the engine's lock (ps-lock.h) runs the sync and publishes what it sees; everybody else reads
 * the same file and writes the administrator's wishes into it (selection, links, rules, on and off), which the engine
 * notices within a second.
 *
 * SQLite runs on a thread of the store's own; nothing here blocks the caller. Calls are carried out in the order they
 * were made. WAL mode; the schema is versioned (PRAGMA user_version) and migrated; a database of a newer program is
 * refused with PS_ERROR_TOO_NEW and not touched. Errors are PS_ERROR_STORAGE in words that name the file and say what
 * to do (full disk, no permission, damaged file). No secret is ever in here.
 *
 * A call that is cancelled before its turn is not carried out; cancelling a save later only stops the waiting. What an
 * administrator has decided, the reports and the ledger are on the disk when the call completes; the directories,
 * people, status and journal survive the program's end, but a power failure may take their last seconds.
 */
#pragma once

#include <gio/gio.h>

#include "ps-directory.h"
#include "ps-error.h"
#include "ps-ledger.h"
#include "ps-match.h"
#include "ps-rules.h"

G_BEGIN_DECLS

#define PS_TYPE_STORE (ps_store_get_type ())
G_DECLARE_FINAL_TYPE (PsStore, ps_store, PS, STORE, GObject)

/* Opens or makes DIR/state.db (directory 0700, file 0600).
 * Signal "changed" (guint parts): another connection, of this or another program, has changed these PsStorePart; within
 * a second. Own changes are not signalled. */
void ps_store_open_async (const char *directory, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
PsStore *ps_store_open_finish (GAsyncResult *result, GError **error);
const char *ps_store_directory (PsStore *self);
/* Waits for what is under way, then closes the file. */
void ps_store_close_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ps_store_close_finish (PsStore *self, GAsyncResult *result, GError **error);

typedef enum {
  PS_STORE_SETTINGS = 1 << 0, /* connections and other settings */
  PS_STORE_SELECTION = 1 << 1,
  PS_STORE_LINKS = 1 << 2, /* made by hand */
  PS_STORE_RULES = 1 << 3,
  PS_STORE_DIRECTORY = 1 << 4,
  PS_STORE_PEOPLE = 1 << 5, /* what the engine publishes of each person */
  PS_STORE_STATUS = 1 << 6,
  PS_STORE_JOURNAL = 1 << 7,
  PS_STORE_REPORTS = 1 << 8,
} PsStorePart;

/* --- settings: short texts by name. "microsoft.tenant-id", "ringcentral.server-url", "report.sender" … --- */
/* Returns: (transfer full): GHashTable of name → text, all of them. */
void ps_store_load_settings_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GHashTable *ps_store_load_settings_finish (PsStore *self, GAsyncResult *result, GError **error);
/* Changes the names in @changes in one transaction; a NULL value removes. @changes is not kept. */
void ps_store_save_settings_async (PsStore *self, GHashTable *changes, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);

/* --- selection --- */
typedef enum {
  PS_SYNC_OFF,      /* disabled for everyone; choices are kept */
  PS_SYNC_SELECTED, /* those marked selected */
  PS_SYNC_ALL,      /* everyone but those marked excluded; new users join by themselves */
} PsSyncMode;
typedef struct {
  PsSyncMode mode;
  GHashTable *selected; /* (owned) set of RingCentral ids */
  GHashTable *excluded; /* (owned) set of RingCentral ids: unsynced one by one under "all users" */
} PsSelection;
PsSelection *ps_selection_new (void);
void ps_selection_free (PsSelection *selection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsSelection, ps_selection_free)
gboolean ps_selection_contains (const PsSelection *selection, const char *ringcentral_id);
void ps_store_load_selection_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
PsSelection *ps_store_load_selection_finish (PsStore *self, GAsyncResult *result, GError **error);
void ps_store_save_selection_async (PsStore *self, const PsSelection *selection, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);

/* --- links made by hand: RingCentral id → Microsoft object id --- */
void ps_store_load_links_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
GHashTable *ps_store_load_links_finish (PsStore *self, GAsyncResult *result, GError **error);
/* @microsoft_id: (nullable): NULL removes the link. */
void ps_store_save_link_async (PsStore *self, const char *ringcentral_id, const char *microsoft_id,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* --- call rules --- */
void ps_store_load_rules_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean ps_store_load_rules_finish (PsStore *self, GAsyncResult *result, PsRules *rules,
                                     GError **error); /* never saved: the default */
void ps_store_save_rules_async (PsStore *self, const PsRules *rules, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);

/* --- both directories as read last --- */
typedef struct {
  GPtrArray *microsoft;   /* (owned) PsMicrosoftUser */
  GPtrArray *ringcentral; /* (owned) PsRingCentralUser */
  char *delta_link;       /* (owned) (nullable) */
  gint64 read_ms;         /* when; 0: never */
} PsDirectory;
PsDirectory *ps_directory_new (void);
void ps_directory_free (PsDirectory *directory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsDirectory, ps_directory_free)
void ps_store_load_directory_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
PsDirectory *ps_store_load_directory_finish (PsStore *self, GAsyncResult *result, GError **error);
/* Replaces it whole, in one transaction. @directory must stay unchanged until the call has completed (it is not
 * copied). */
void ps_store_save_directory_async (PsStore *self, PsDirectory *directory, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);

/* --- what the engine publishes of each RingCentral user --- */
typedef enum {
  PS_PERSON_NOT_SELECTED,
  PS_PERSON_SYNCED,
  PS_PERSON_FAILED,
  PS_PERSON_PENDING, /* selected, linked, not read on both sides yet: the run is not complete */
} PsPersonStatus;
const char *ps_person_status_to_word (PsPersonStatus status); /* not-selected synced failed pending */
int ps_person_status_from_word (const char *word);
typedef struct {
  char *ringcentral_id;               /* (owned) */
  char *name, *email, *extension;     /* (owned) (nullable) */
  char *microsoft_id, *microsoft_upn; /* (owned) (nullable) */
  PsPersonStatus status;
  PsReason reason;
  char *detail; /* (owned) (nullable) */
  PsTeamsStatus teams;
  char *teams_word;      /* (owned) (nullable): raw word of an unknown status */
  char *ringcentral;     /* (owned) (nullable): word of ps_phone_reading_to_word() */
  gint64 last_change_ms; /* 0: none */
} PsPersonRow;
PsPersonRow *ps_person_row_new (void);
void ps_person_row_free (PsPersonRow *row);
/* Rows of every RingCentral user, by name. (element-type PsPersonRow) */
void ps_store_load_people_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *ps_store_load_people_finish (PsStore *self, GAsyncResult *result, GError **error);
/* Takes ownership of @rows (PsPersonRow); upserts them; with @replace every other row goes. */
void ps_store_save_people_async (PsStore *self, GPtrArray *rows, gboolean replace, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);

/* --- the engine's status: one JSON text, written at most once a second --- */
void ps_store_load_status_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
char *ps_store_load_status_finish (PsStore *self, GAsyncResult *result, gint64 *written_ms,
                                   GError **error); /* (nullable) */
void ps_store_save_status_async (PsStore *self, const char *json, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);

/* --- the ledger --- */
typedef struct {
  char *ringcentral_id; /* (owned) */
  char *microsoft_id;   /* (owned) (nullable) */
  PsLedger ledger;
} PsLedgerRow;
void ps_ledger_row_free (PsLedgerRow *row);
void ps_store_load_ledger_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
GPtrArray *ps_store_load_ledger_finish (PsStore *self, GAsyncResult *result, GError **error);
/* Commits @rows (PsLedgerRow; ownership taken) to the disk before it completes: an empty ledger removes its row.
 * Several calls made before the thread gets to them share one transaction and one sync of the disk. */
void ps_store_commit_ledger_async (PsStore *self, GPtrArray *rows, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);

/* --- the journal: every change with its reason and delay --- */
typedef struct {
  gint64 time_ms;       /* UTC */
  char *ringcentral_id; /* (owned) */
  char *name;           /* (owned) (nullable) */
  char *side;           /* (owned) where it was written: "teams" or "ringcentral" */
  char *seen;           /* (owned) what was seen on the other side */
  char *written;        /* (owned) what was written */
  char *why;            /* (owned) stable word: mapping, rule, call, call-over, renewal, undo, first-sync … */
  gint64 delay_ms;      /* from the reading that showed the change to the service's answer */
  char *error;          /* (owned) (nullable) */
} PsJournalEntry;
PsJournalEntry *ps_journal_entry_new (void);
void ps_journal_entry_free (PsJournalEntry *entry);
/* Takes ownership of @entries (PsJournalEntry). Entries more than @keep_ms older than the newest are removed now and
 * then; 0: never. */
void ps_store_append_journal_async (PsStore *self, GPtrArray *entries, gint64 keep_ms, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data);
/* Newest first. @ringcentral_id: (nullable). @limit 0: all. */
void ps_store_load_journal_async (PsStore *self, gint64 since_ms, const char *ringcentral_id, guint limit,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *ps_store_load_journal_finish (PsStore *self, GAsyncResult *result, GError **error);

/* --- reports sent or made --- */
typedef struct {
  gint64 time_ms;
  char *subject, *text; /* (owned) */
  char *recipients;     /* (owned) (nullable): comma-separated; NULL: not sent */
  char *error;          /* (owned) (nullable): why it could not be sent */
} PsReportRow;
void ps_report_row_free (PsReportRow *row);
void ps_store_load_reports_async (PsStore *self, guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
GPtrArray *ps_store_load_reports_finish (PsStore *self, GAsyncResult *result, GError **error);
void ps_store_save_report_async (PsStore *self, const PsReportRow *report, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);

/* Finishes every call above that has no _finish of its own: the saves and commits. */
gboolean ps_store_save_finish (PsStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
