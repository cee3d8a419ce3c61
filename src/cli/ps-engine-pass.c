/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-engine-pass.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-cli-people.h"
#include "ps-lock.h"

#define GRACE_MS     (10 * 1000)
#define LOOK_EACH_US G_USEC_PER_SEC

typedef struct {
  PsCli *cli;
  PsGoal goal;
  GHashTable *ids;    /* (nullable) */
  PsService *service; /* (nullable): NULL: another program holds the engine */
  gboolean reached;
  gboolean engine_gone; /* the other program's */
  gboolean look_again;  /* the store has changed */
  gint64 looked_us;
  guint ledger_at_first;
  GError *error; /* (owned) (nullable) */
} Pass;

/* --- what the store says --- */

static gboolean
is_of_concern (Pass *pass, const char *ringcentral_id)
{
  return pass->goal != PS_GOAL_PEOPLE_UNDONE || g_hash_table_contains (pass->ids, ringcentral_id);
}

static guint
count_ledger (Pass *pass)
{
  g_autoptr (GPtrArray) ledger = ps_cli_load_ledger (pass->cli, &pass->error);
  guint n = 0;

  for (guint i = 0; ledger != NULL && i < ledger->len; i++)
    n += is_of_concern (pass, ((PsLedgerRow *) ledger->pdata[i])->ringcentral_id);
  return n;
}

/* Until the engine has published somebody as not selected it may not have noticed, and may still write. */
static guint
count_not_noticed (Pass *pass)
{
  g_autoptr (GPtrArray) published = ps_cli_load_published (pass->cli, &pass->error);
  guint n = 0;

  for (guint i = 0; published != NULL && i < published->len; i++) {
    const PsPersonRow *row = published->pdata[i];

    n += is_of_concern (pass, row->ringcentral_id) && row->status != PS_PERSON_NOT_SELECTED;
  }
  return n;
}

static void
show_undoing (Pass *pass, guint left)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u person left to undo", "%u people left to undo", left), left);

  pass->ledger_at_first = MAX (pass->ledger_at_first, left);
  ps_output_progress (pass->cli->output, pass->ledger_at_first > 0 ? 1.0 - (double) left / pass->ledger_at_first : 1.0,
                      text);
}

static void
show_syncing (Pass *pass, guint selected, guint done)
{
  g_autofree char *text = g_strdup_printf (_ ("%u of %u people read on both sides"), done, selected);

  ps_output_progress (pass->cli->output, selected > 0 ? (double) done / selected : 1.0, text);
}

static void
look_for_complete (Pass *pass)
{
  g_autoptr (PsCliPeople) people = ps_cli_people_load (pass->cli, &pass->error);
  guint selected = 0, pending = 0;

  if (people == NULL)
    return;
  for (guint i = 0; i < people->rows->len; i++) {
    const PsPersonRow *row = people->rows->pdata[i];

    selected += row->status != PS_PERSON_NOT_SELECTED;
    pending += row->status == PS_PERSON_PENDING;
  }
  show_syncing (pass, selected, selected - pending);
  pass->reached = people->rows->len > 0 && pending == 0;
}

static void
look_for_undone (Pass *pass)
{
  guint left = count_ledger (pass);

  if (pass->error != NULL)
    return;
  show_undoing (pass, left);
  pass->reached = left == 0 && count_not_noticed (pass) == 0 && pass->error == NULL;
}

/* --- waiting --- */

static gboolean
is_over (gpointer data)
{
  Pass *pass = data;
  gint64 now_us = g_get_monotonic_time ();
  /* Our own engine says itself when all is done; only "these people are undone" has to be looked up. */
  gboolean look = pass->service == NULL || pass->goal == PS_GOAL_PEOPLE_UNDONE;

  if (pass->service == NULL && !ps_lock_is_held (ps_workspace_directory (pass->cli->workspace), NULL))
    pass->engine_gone = TRUE;
  if (look && !pass->reached && pass->error == NULL && (pass->look_again || now_us - pass->looked_us >= LOOK_EACH_US)) {
    pass->look_again = FALSE;
    pass->looked_us = now_us;
    if (pass->goal == PS_GOAL_COMPLETE)
      look_for_complete (pass);
    else
      look_for_undone (pass);
  }
  return pass->reached || pass->error != NULL || pass->engine_gone;
}

static void
changed_cb (PsStore *store, guint parts, Pass *pass)
{
  if (parts & (PS_STORE_PEOPLE | PS_STORE_STATUS | PS_STORE_DIRECTORY))
    pass->look_again = TRUE;
}

static gboolean
wait_for_other_engine (Pass *pass, const char *holder)
{
  gulong handler = g_signal_connect (ps_cli_store (pass->cli), "changed", G_CALLBACK (changed_cb), pass);

  if (pass->cli->verbose)
    ps_output_note (pass->cli->output, _ ("Another program holds the engine and does it: %s"), holder);
  pass->look_again = TRUE;
  ps_await_condition (is_over, pass, -1, pass->cli->cancellable);
  g_signal_handler_disconnect (ps_cli_store (pass->cli), handler);
  return pass->reached;
}

/* --- the engine here --- */

static void
progress_cb (PsService *service, Pass *pass)
{
  PsProgress progress;

  ps_service_get_progress (service, &progress);
  if (pass->goal == PS_GOAL_COMPLETE)
    show_syncing (pass, progress.selected, progress.synced + progress.failed);
  else if (pass->goal == PS_GOAL_ALL_UNDONE)
    show_undoing (pass, progress.ledger);
  else
    pass->look_again = TRUE;
}

static void
complete_cb (PsService *service, Pass *pass)
{
  pass->reached |= pass->goal == PS_GOAL_COMPLETE;
}

static void
undone_cb (PsService *service, Pass *pass)
{
  pass->reached |= pass->goal != PS_GOAL_COMPLETE;
}

static void
failed_cb (PsService *service, GError *error, Pass *pass)
{
  if (pass->error == NULL)
    pass->error = g_error_copy (error);
}

void
ps_cli_stop_service (PsCli *cli, PsService *service, guint grace_ms)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (GError) error = NULL;

  ps_service_stop_async (service, grace_ms, NULL, ps_await_done, await);
  if (!ps_service_stop_finish (service, ps_await_result (await), &error))
    ps_output_note (cli->output, "%s", error->message);
}

static void
run_engine (Pass *pass, const char *program)
{
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (PsService) service = ps_service_new (pass->cli->workspace);

  g_signal_connect (service, "progress", G_CALLBACK (progress_cb), pass);
  g_signal_connect (service, "complete", G_CALLBACK (complete_cb), pass);
  g_signal_connect (service, "undone", G_CALLBACK (undone_cb), pass);
  g_signal_connect (service, "failed", G_CALLBACK (failed_cb), pass);
  ps_service_start_async (service, program, pass->cli->cancellable, ps_await_done, await);
  if (ps_service_start_finish (service, ps_await_result (await), &pass->error)) {
    pass->service = service;
    ps_await_condition (is_over, pass, -1, pass->cli->cancellable);
    ps_output_progress_end (pass->cli->output);
    if (!pass->reached && pass->error == NULL)
      ps_output_note (pass->cli->output, "%s", _ ("Stopping; once more Ctrl+C ends it at once."));
    ps_cli_stop_service (pass->cli, service, GRACE_MS);
    pass->service = NULL;
  }
  g_signal_handlers_disconnect_by_data (service, pass);
}

/* Only one of several programs that wait gets the engine when it becomes free: the others wait for that one. */
static gboolean
pass_until_reached (Pass *pass, const char *program)
{
  const char *directory = ps_workspace_directory (pass->cli->workspace);

  while (!pass->reached && pass->error == NULL && !g_cancellable_is_cancelled (pass->cli->cancellable)) {
    g_autofree char *holder = NULL;

    pass->engine_gone = FALSE;
    if (ps_lock_is_held (directory, &holder)) {
      wait_for_other_engine (pass, holder);
    } else {
      run_engine (pass, program);
      if (g_error_matches (pass->error, PS_ERROR, PS_ERROR_BUSY))
        g_clear_error (&pass->error);
    }
  }
  return pass->reached;
}

gboolean
ps_engine_pass (PsCli *cli, const char *program, PsGoal goal, GHashTable *ids, GError **error)
{
  Pass pass = { .cli = cli, .goal = goal, .ids = ids };

  pass_until_reached (&pass, program);
  ps_output_progress_end (cli->output);
  if (pass.reached) {
    g_clear_error (&pass.error);
    return TRUE;
  }
  if (pass.error == NULL)
    g_cancellable_set_error_if_cancelled (cli->cancellable, &pass.error);
  g_propagate_error (error, pass.error);
  return FALSE;
}
