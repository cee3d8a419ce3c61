/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-roster.h"

#include <string.h>

struct _PsRoster {
  PsEngine *engine;           /* not owned: outlives the roster */
  GPtrArray *members;         /* (owned) PsMember */
  GHashTable *by_ringcentral; /* id → PsMember */
  GHashTable *by_microsoft;   /* id of those in the engine → PsMember */
  GPtrArray *by_user;         /* PsMember at the index of its PsUser; NULL in the holes */
};

static void
member_free (PsMember *member)
{
  g_free (member->ringcentral_id);
  g_free (member->microsoft_id);
  g_clear_pointer (&member->ringcentral, ps_ringcentral_user_unref);
  g_clear_pointer (&member->microsoft, ps_microsoft_user_unref);
  g_free (member->detail);
  g_free (member->refusal);
  g_free (member);
}

PsRoster *
ps_roster_new (PsEngine *engine)
{
  PsRoster *roster = g_new0 (PsRoster, 1);

  roster->engine = engine;
  roster->members = g_ptr_array_new_with_free_func ((GDestroyNotify) member_free);
  roster->by_ringcentral = g_hash_table_new (g_str_hash, g_str_equal);
  roster->by_microsoft = g_hash_table_new (g_str_hash, g_str_equal);
  roster->by_user = g_ptr_array_new ();
  return roster;
}

void
ps_roster_free (PsRoster *roster)
{
  g_hash_table_unref (roster->by_ringcentral);
  g_hash_table_unref (roster->by_microsoft);
  g_ptr_array_unref (roster->by_user);
  g_ptr_array_unref (roster->members);
  g_free (roster);
}

/* --- in and out of the engine --- */

static void
enter (PsRoster *roster, PsMember *member, const char *microsoft_id, const PsLedger *ledger)
{
  gboolean in_queue = member->ringcentral != NULL && member->ringcentral->in_queue;

  g_free (member->microsoft_id);
  member->microsoft_id = g_strdup (microsoft_id);
  member->user = ps_engine_add_user (roster->engine, in_queue, ledger);
  if (roster->by_user->len <= member->user)
    g_ptr_array_set_size (roster->by_user, (int) member->user + 1);
  roster->by_user->pdata[member->user] = member;
  if (microsoft_id != NULL)
    g_hash_table_insert (roster->by_microsoft, member->microsoft_id, member);
}

static void
leave (PsRoster *roster, PsMember *member)
{
  if (member->microsoft_id != NULL && g_hash_table_lookup (roster->by_microsoft, member->microsoft_id) == member)
    g_hash_table_remove (roster->by_microsoft, member->microsoft_id);
  roster->by_user->pdata[member->user] = NULL;
  ps_engine_remove_user (roster->engine, member->user);
  member->user = PS_NO_USER;
  member->teams_unknown = member->phone_missing = FALSE;
  g_clear_pointer (&member->microsoft_id, g_free);
  g_clear_pointer (&member->refusal, g_free);
}

static PsMember *
add_member (PsRoster *roster, const char *ringcentral_id)
{
  PsMember *member = g_new0 (PsMember, 1);

  member->ringcentral_id = g_strdup (ringcentral_id);
  member->user = PS_NO_USER;
  member->changed = TRUE;
  g_ptr_array_add (roster->members, member);
  g_hash_table_insert (roster->by_ringcentral, member->ringcentral_id, member);
  return member;
}

void
ps_roster_load_ledger (PsRoster *roster, const GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const PsLedgerRow *row = rows->pdata[i];

    if (ps_roster_find_ringcentral (roster, row->ringcentral_id) == NULL)
      enter (roster, add_member (roster, row->ringcentral_id), row->microsoft_id, &row->ledger);
  }
}

static gboolean
owes_nothing (PsRoster *roster, const PsMember *member)
{
  PsLedger ledger;

  ps_engine_ledger (roster->engine, member->user, &ledger);
  return ps_ledger_is_empty (&ledger);
}

/* --- following the directories and the administrator --- */

static void
take_over (PsMember *member, const PsLink *link)
{
  g_clear_pointer (&member->ringcentral, ps_ringcentral_user_unref);
  g_clear_pointer (&member->microsoft, ps_microsoft_user_unref);
  member->ringcentral = ps_ringcentral_user_ref (link->ringcentral);
  if (link->microsoft != NULL)
    member->microsoft = ps_microsoft_user_ref (link->microsoft);
  member->reason = link->reason;
  g_free (member->detail);
  member->detail = g_strdup (link->detail);
  member->changed = TRUE;
}

/* Only what is linked and selected is synced. Who is no longer, or is linked to another account now, is undone first;
 * the engine's user goes when nothing of ours is left (ps_roster_drop_undone()). */
static void
follow (PsRoster *roster, PsMember *member, const PsSelection *selection, gint64 now_ms)
{
  gboolean linked = member->ringcentral != NULL && member->reason == PS_REASON_NONE && member->microsoft != NULL;
  gboolean same;

  member->selected = member->ringcentral != NULL && ps_selection_contains (selection, member->ringcentral_id);
  if (member->user != PS_NO_USER) {
    same = linked && g_strcmp0 (member->microsoft_id, member->microsoft->id) == 0;
    ps_engine_set_synced (roster->engine, member->user, member->selected && same, now_ms);
    if (member->ringcentral != NULL)
      ps_engine_set_in_queue (roster->engine, member->user, member->ringcentral->in_queue, now_ms);
    else
      ps_engine_side_gone (roster->engine, member->user, PS_SIDE_PHONE, now_ms);
    if ((member->selected && same) || !owes_nothing (roster, member))
      return;
    leave (roster, member);
  }
  if (member->selected && linked && !g_hash_table_contains (roster->by_microsoft, member->microsoft->id)) {
    enter (roster, member, member->microsoft->id, NULL);
    ps_engine_set_synced (roster->engine, member->user, TRUE, now_ms);
  }
}

static void
forget_gone (PsRoster *roster)
{
  for (guint i = roster->members->len; i > 0; i--) {
    PsMember *member = roster->members->pdata[i - 1];

    if (member->ringcentral != NULL || member->user != PS_NO_USER)
      continue;
    g_hash_table_remove (roster->by_ringcentral, member->ringcentral_id);
    g_ptr_array_remove_index_fast (roster->members, i - 1);
  }
}

void
ps_roster_update (PsRoster *roster, const PsDirectory *directory, GHashTable *by_hand, const PsSelection *selection,
                  gint64 now_ms)
{
  g_autoptr (GPtrArray) links = ps_match_users (directory->ringcentral, directory->microsoft, by_hand);

  for (guint i = 0; i < roster->members->len; i++)
    g_clear_pointer (&((PsMember *) roster->members->pdata[i])->ringcentral, ps_ringcentral_user_unref);
  for (guint i = 0; i < links->len; i++) {
    const PsLink *link = links->pdata[i];
    PsMember *member = ps_roster_find_ringcentral (roster, link->ringcentral->id);

    take_over (member != NULL ? member : add_member (roster, link->ringcentral->id), link);
  }
  for (guint i = 0; i < roster->members->len; i++)
    follow (roster, roster->members->pdata[i], selection, now_ms);
  forget_gone (roster);
}

guint
ps_roster_drop_undone (PsRoster *roster)
{
  guint owing = 0;
  gboolean dropped = FALSE;

  for (guint i = 0; i < roster->members->len; i++) {
    PsMember *member = roster->members->pdata[i];
    PsUserView view;

    if (member->user == PS_NO_USER)
      continue;
    if (!owes_nothing (roster, member)) {
      owing++;
      continue;
    }
    ps_engine_view (roster->engine, member->user, &view);
    if (view.synced || view.under_way)
      continue;
    leave (roster, member);
    member->changed = dropped = TRUE;
  }
  if (dropped)
    forget_gone (roster);
  return owing;
}

/* --- looking up --- */

PsMember *
ps_roster_find_ringcentral (PsRoster *roster, const char *ringcentral_id)
{
  return g_hash_table_lookup (roster->by_ringcentral, ringcentral_id);
}

PsMember *
ps_roster_find_microsoft (PsRoster *roster, const char *microsoft_id)
{
  return g_hash_table_lookup (roster->by_microsoft, microsoft_id);
}

PsMember *
ps_roster_find_user (PsRoster *roster, PsUser user)
{
  return user < roster->by_user->len ? roster->by_user->pdata[user] : NULL;
}

const GPtrArray *
ps_roster_members (PsRoster *roster)
{
  return roster->members;
}

GPtrArray *
ps_roster_microsoft_ids (PsRoster *roster)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < roster->members->len; i++) {
    const PsMember *member = roster->members->pdata[i];

    if (member->user != PS_NO_USER && member->microsoft_id != NULL)
      g_ptr_array_add (ids, g_strdup (member->microsoft_id));
  }
  return ids;
}

/* --- what is published --- */

static PsPersonStatus
failed (PsReason why, const char *how, PsReason *reason, const char **detail)
{
  *reason = why;
  *detail = how;
  return PS_PERSON_FAILED;
}

PsPersonStatus
ps_roster_status (PsRoster *roster, const PsMember *member, PsReason *reason, const char **detail)
{
  PsUserView view = { 0 };

  *reason = PS_REASON_NONE;
  *detail = NULL;
  if (!member->selected)
    return PS_PERSON_NOT_SELECTED;
  if (member->reason != PS_REASON_NONE)
    return failed (member->reason, member->detail, reason, detail);
  if (member->user == PS_NO_USER)
    return PS_PERSON_PENDING;
  ps_engine_view (roster->engine, member->user, &view);
  if (view.refused)
    return failed (PS_REASON_WRITE_REFUSED, member->refusal, reason, detail);
  if (member->teams_unknown)
    return failed (PS_REASON_NO_TEAMS_LICENCE, NULL, reason, detail);
  if (member->phone_missing && !view.phone_read)
    return failed (PS_REASON_READ_FAILED, NULL, reason, detail);
  return view.synced && view.teams_read && view.phone_read ? PS_PERSON_SYNCED : PS_PERSON_PENDING;
}

PsPersonRow *
ps_roster_row (PsRoster *roster, PsMember *member)
{
  PsPersonRow *row = ps_person_row_new ();
  PsUserView view = { 0 };
  const char *detail;

  row->ringcentral_id = g_strdup (member->ringcentral_id);
  if (member->ringcentral != NULL) {
    row->name = g_strdup (member->ringcentral->name);
    row->email = g_strdup (member->ringcentral->email);
    row->extension = g_strdup (member->ringcentral->extension_number);
  }
  if (member->microsoft != NULL) {
    row->microsoft_id = g_strdup (member->microsoft->id);
    row->microsoft_upn = g_strdup (member->microsoft->user_principal_name);
  }
  member->status = row->status = ps_roster_status (roster, member, &row->reason, &detail);
  row->detail = g_strdup (detail);
  if (member->user != PS_NO_USER) {
    ps_engine_view (roster->engine, member->user, &view);
    row->teams = view.teams.status;
    row->ringcentral = view.phone_read ? g_strdup (ps_phone_reading_to_word (&view.phone)) : NULL;
    row->last_change_ms = view.last_change_ms;
  }
  return row;
}
