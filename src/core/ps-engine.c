/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Users, lines, timers. A dirty user stands in one line for each side, in the line of its urgency; a line is linked
 * through the users themselves. What is to be written is worked out when its turn comes, not when it was put there.
 */
#include "config.h"

#include "ps-engine-private.h"

/* --- lines --- */

static void
line_remove (PsEngine *engine, PsSide side, PsUser user)
{
  Place *place = &USER (engine, user)->place[side];
  Line *line;

  if (place->line == NOT_QUEUED)
    return;
  line = &engine->lines[side][place->line];
  if (place->previous != PS_NO_USER)
    USER (engine, place->previous)->place[side].next = place->next;
  else
    line->first = place->next;
  if (place->next != PS_NO_USER)
    USER (engine, place->next)->place[side].previous = place->previous;
  else
    line->last = place->previous;
  line->length--;
  place->line = NOT_QUEUED;
}

static void
line_append (PsEngine *engine, PsSide side, PsUser user, PsUrgency urgency)
{
  Place *place = &USER (engine, user)->place[side];
  Line *line = &engine->lines[side][urgency];

  if (place->line == urgency)
    return;
  line_remove (engine, side, user);
  place->line = urgency;
  place->previous = line->last;
  place->next = PS_NO_USER;
  if (line->last != PS_NO_USER)
    USER (engine, line->last)->place[side].next = user;
  else
    line->first = user;
  line->last = user;
  line->length++;
}

/* --- timers: a binary heap; a user's newest entry is the one that timer_ms names, older ones are passed over --- */

static void
timer_push (PsEngine *engine, gint64 at_ms, PsUser user)
{
  guint i = engine->timers->len;
  Timer timer = { at_ms, user };
  Timer *heap;

  g_array_append_val (engine->timers, timer);
  heap = (Timer *) (gpointer) engine->timers->data;
  while (i > 0 && heap[(i - 1) / 2].at_ms > at_ms) {
    heap[i] = heap[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  heap[i] = timer;
}

static Timer
timer_pop (PsEngine *engine)
{
  Timer *heap = (Timer *) (gpointer) engine->timers->data;
  Timer top = heap[0];
  guint n = engine->timers->len - 1, i = 0, child;
  Timer last = heap[n];

  while ((child = 2 * i + 1) < n) {
    if (child + 1 < n && heap[child + 1].at_ms < heap[child].at_ms)
      child++;
    if (heap[child].at_ms >= last.at_ms)
      break;
    heap[i] = heap[child];
    i = child;
  }
  heap[i] = last;
  g_array_set_size (engine->timers, n);
  return top;
}

static const Timer *
timer_peek (PsEngine *engine)
{
  return engine->timers->len > 0 ? &g_array_index (engine->timers, Timer, 0) : NULL;
}

static void
set_timer (PsEngine *engine, PsUser user, gint64 at_ms)
{
  User *u = USER (engine, user);

  if (at_ms == G_MAXINT64 || (u->timer_set && u->timer_ms <= at_ms))
    return;
  u->timer_set = TRUE;
  u->timer_ms = at_ms;
  timer_push (engine, at_ms, user);
}

static void
run_timers (PsEngine *engine, gint64 now_ms)
{
  const Timer *next;

  while ((next = timer_peek (engine)) != NULL && next->at_ms <= now_ms) {
    Timer timer = timer_pop (engine);
    User *u = USER (engine, timer.user);

    if (!u->used || !u->timer_set || u->timer_ms != timer.at_ms)
      continue;
    u->timer_set = FALSE;
    ps_engine_settle_flip (engine, u, now_ms);
    ps_engine_update (engine, timer.user, now_ms);
  }
}

/* --- life --- */

PsEngine *
ps_engine_new (void)
{
  PsEngine *engine = g_new0 (PsEngine, 1);

  engine->users = g_array_new (FALSE, TRUE, sizeof (User));
  engine->unused = g_array_new (FALSE, FALSE, sizeof (PsUser));
  engine->timers = g_array_new (FALSE, FALSE, sizeof (Timer));
  engine->changed = g_array_new (FALSE, FALSE, sizeof (PsUser));
  engine->rules = ps_rules_default ();
  for (int side = 0; side < PS_N_SIDES; side++)
    for (int urgency = 0; urgency < PS_N_URGENCIES; urgency++)
      engine->lines[side][urgency] = (Line){ PS_NO_USER, PS_NO_USER, 0 };
  return engine;
}

void
ps_engine_free (PsEngine *engine)
{
  g_array_unref (engine->users);
  g_array_unref (engine->unused);
  g_array_unref (engine->timers);
  g_array_unref (engine->changed);
  for (int side = 0; side < PS_N_SIDES; side++)
    g_clear_pointer (&engine->budgets[side], ps_budget_unref);
  g_free (engine);
}

void
ps_engine_set_budgets (PsEngine *engine, PsBudget *teams, PsBudget *phone)
{
  PsBudget *budgets[PS_N_SIDES] = { [PS_SIDE_TEAMS] = teams, [PS_SIDE_PHONE] = phone };

  for (int side = 0; side < PS_N_SIDES; side++) {
    if (budgets[side] != NULL)
      ps_budget_ref (budgets[side]);
    g_clear_pointer (&engine->budgets[side], ps_budget_unref);
    engine->budgets[side] = budgets[side];
  }
}

static void
update_everybody (PsEngine *engine, gint64 now_ms)
{
  for (PsUser user = 0; user < engine->users->len; user++)
    if (USER (engine, user)->used)
      ps_engine_update (engine, user, now_ms);
}

void
ps_engine_set_rules (PsEngine *engine, const PsRules *rules, gint64 now_ms)
{
  gboolean stopped_preserving = engine->rules.preserve_inactivity && !rules->preserve_inactivity;

  if (ps_rules_equal (&engine->rules, rules))
    return;
  engine->rules = *rules;
  for (PsUser user = 0; user < engine->users->len; user++) {
    User *u = USER (engine, user);

    if (!u->used || !u->synced)
      continue;
    u->first_sync = FALSE; /* from now on it is the rules' doing */
    if (stopped_preserving && u->teams_inactive_kept) {
      u->teams_inactive_kept = FALSE;
      u->teams_acted = u->teams_true;
    }
    ps_place_news (&u->place[PS_SIDE_PHONE], now_ms);
  }
  update_everybody (engine, now_ms);
}

/* --- users --- */

PsUser
ps_engine_add_user (PsEngine *engine, gboolean in_queue, const PsLedger *ledger)
{
  PsUser user;
  User *u;

  if (engine->unused->len > 0) {
    user = g_array_index (engine->unused, PsUser, engine->unused->len - 1);
    g_array_set_size (engine->unused, engine->unused->len - 1);
  } else {
    user = engine->users->len;
    g_array_set_size (engine->users, user + 1);
  }
  u = USER (engine, user);
  *u = (User){ .used = TRUE, .in_queue = in_queue, .person_open_calls = PS_CALLS_ALL };
  if (ledger != NULL)
    u->ledger = *ledger;
  /* What an earlier run wrote a moment ago may not show yet. */
  if (ps_ledger_has_preferred (&u->ledger))
    u->preferred_put_ms = u->ledger.preferred_until_ms - PS_PREFERRED_S * 1000;
  for (int side = 0; side < PS_N_SIDES; side++)
    u->place[side] = (Place){ .previous = PS_NO_USER, .next = PS_NO_USER, .line = NOT_QUEUED };
  return user;
}

void
ps_engine_set_in_queue (PsEngine *engine, PsUser user, gboolean in_queue, gint64 now_ms)
{
  g_return_if_fail (USER (engine, user)->used);
  USER (engine, user)->in_queue = in_queue;
  ps_engine_update (engine, user, now_ms);
}

void
ps_engine_set_synced (PsEngine *engine, PsUser user, gboolean synced, gint64 now_ms)
{
  User *u = USER (engine, user);

  g_return_if_fail (u->used);
  if (!u->synced == !synced)
    return;
  u->synced = synced;
  u->first_sync = synced;
  u->choice = PS_PREFERRED_NONE;
  u->driver = synced && u->teams_true != PS_TEAMS_UNKNOWN ? DRIVER_TEAMS : DRIVER_NOBODY;
  u->chosen = 0;
  u->teams_inactive_kept = engine->rules.preserve_inactivity && u->teams_was_inactive;
  u->teams_acted = u->teams_inactive_kept ? PS_TEAMS_UNKNOWN : u->teams_true;
  if (synced && u->phone_seen_ms != 0)
    ps_engine_begin_phone (engine, user, u);
  for (int side = 0; side < PS_N_SIDES; side++) {
    ps_place_news (&u->place[side], now_ms);
    u->place[side].not_before_ms = 0;
  }
  ps_engine_update (engine, user, now_ms);
}

void
ps_engine_remove_user (PsEngine *engine, PsUser user)
{
  User *u = USER (engine, user);

  g_return_if_fail (u->used);
  for (int side = 0; side < PS_N_SIDES; side++) {
    line_remove (engine, side, user);
    if (u->place[side].under_way)
      engine->under_way[side]--;
  }
  u->used = FALSE;
  u->timer_set = FALSE;
  g_array_append_val (engine->unused, user);
}

void
ps_engine_side_gone (PsEngine *engine, PsUser user, PsSide side, gint64 now_ms)
{
  User *u = USER (engine, user);

  g_return_if_fail (u->used);
  if (side == PS_SIDE_PHONE) {
    u->ledger.phone_status = PS_PHONE_STATUS_UNKNOWN;
    u->ledger.phone_calls = PS_CALLS_UNKNOWN;
    u->ledger.phone_status_maybe = u->ledger.phone_calls_maybe = 0;
    u->phone_seen_ms = 0;
    u->on_call = u->in_meeting = FALSE;
    u->choice = PS_PREFERRED_NONE;
  } else {
    u->ledger.session = PS_SESSION_NONE;
    u->ledger.preferred = PS_PREFERRED_NONE;
    u->ledger.session_maybe = u->ledger.preferred_maybe = 0;
    u->teams_true = u->teams_acted = PS_TEAMS_UNKNOWN;
    u->teams_sent_ms = 0;
  }
  ps_engine_ledger_changed (engine, user);
  ps_engine_update (engine, user, now_ms);
}

void
ps_engine_set_standby (PsEngine *engine, gboolean standby, gint64 now_ms)
{
  if (!engine->standby == !standby)
    return;
  engine->standby = standby;
  update_everybody (engine, now_ms);
}

void
ps_engine_ledger_changed (PsEngine *engine, PsUser user)
{
  User *u = USER (engine, user);

  if (u->ledger_changed)
    return;
  u->ledger_changed = TRUE;
  g_array_append_val (engine->changed, user);
}

/* --- what is wanted, and its place in the lines --- */

static void
update_side (PsEngine *engine, PsUser user, PsSide side, gint64 now_ms, gint64 *due_ms)
{
  User *u = USER (engine, user);
  Place *place = &u->place[side];
  PsWrite write;
  gboolean wanted = side == PS_SIDE_PHONE ? ps_engine_want_phone (engine, u, &write)
                                          : ps_engine_want_teams (engine, u, now_ms, &write, due_ms);

  if (!wanted) {
    line_remove (engine, side, user);
    if (!place->under_way)
      place->since_ms = 0;
    return;
  }
  if (place->since_ms == 0)
    place->since_ms = now_ms;
  if (place->under_way || now_ms < place->not_before_ms) {
    line_remove (engine, side, user);
    if (!place->under_way)
      *due_ms = MIN (*due_ms, place->not_before_ms);
    return;
  }
  line_append (engine, side, user, write.urgency);
}

void
ps_engine_update (PsEngine *engine, PsUser user, gint64 now_ms)
{
  User *u = USER (engine, user);
  gint64 due_ms = G_MAXINT64;

  for (int side = 0; side < PS_N_SIDES; side++)
    update_side (engine, user, side, now_ms, &due_ms);
  if (u->teams_held != PS_TEAMS_UNKNOWN)
    due_ms = MIN (due_ms, u->held_since_ms + PS_FLIP_MS);
  set_timer (engine, user, due_ms);
}

static gboolean
may_take (PsEngine *engine, PsSide side, PsUrgency urgency, gint64 now_ms)
{
  gboolean cosmetic_waiting = engine->lines[side][PS_COSMETIC].length > 0;

  return engine->budgets[side] == NULL || ps_budget_take (engine->budgets[side], urgency, cosmetic_waiting, now_ms);
}

static void
take (PsEngine *engine, PsSide side, PsUser user, gint64 now_ms, PsWrite *write)
{
  User *u = USER (engine, user);
  Place *place = &u->place[side];

  line_remove (engine, side, user);
  place->under_way = TRUE;
  engine->under_way[side]++;
  write->user = user;
  write->since_ms = place->since_ms;
  place->since_ms = 0;
  place->left_ms = now_ms;
  place->number = write->number = ++engine->writes;
  write->before = u->ledger;
  u->ledger = write->ledger;
  /* Its end may never be known; it may be gone from here on. */
  if (write->kind == PS_WRITE_SESSION && write->session == PS_SESSION_NONE)
    u->session_gone_ms = now_ms;
  if (write->kind == PS_WRITE_PREFERRED && write->preferred != u->ledger.preferred) {
    u->teams_before = u->teams.status;
    u->preferred_put_ms = now_ms;
  }
  if (write->kind == PS_WRITE_PHONE) {
    if (write->phone.user_status != PS_PHONE_STATUS_UNKNOWN) {
      u->status_before = u->phone.user_status;
      u->status_wrote = write->phone.user_status;
      u->status_echo = TRUE;
      u->status_raced = FALSE;
    }
    if (write->phone.calls != PS_CALLS_UNKNOWN) {
      u->calls_before = u->phone.calls;
      u->calls_wrote = write->phone.calls;
      u->calls_echo = TRUE;
      u->calls_raced = FALSE;
    }
  }
}

gboolean
ps_engine_next_write (PsEngine *engine, PsSide side, gint64 now_ms, PsWrite *write)
{
  run_timers (engine, now_ms);
  for (PsUrgency urgency = PS_URGENT; urgency < PS_N_URGENCIES; urgency++) {
    PsUser user;

    while ((user = engine->lines[side][urgency].first) != PS_NO_USER) {
      const User *u = USER (engine, user);
      gboolean wanted;

      *write = (PsWrite){ 0 };
      wanted = side == PS_SIDE_PHONE ? ps_engine_want_phone (engine, u, write)
                                     : ps_engine_want_teams (engine, u, now_ms, write, NULL);
      if (!wanted || write->urgency != urgency) {
        ps_engine_update (engine, user, now_ms);
        continue;
      }
      if (!may_take (engine, side, urgency, now_ms))
        break;
      take (engine, side, user, now_ms, write);
      return TRUE;
    }
  }
  return FALSE;
}

/* --- how a write ended --- */

/* A person may have chosen something while the write was under way; then the ledger does not know it any more, and what
 * they chose stands in `phone`. */
static void
phone_written (User *u, const PsWrite *write)
{
  PsLedger *ledger = &u->ledger;

  if (write->phone.user_status != PS_PHONE_STATUS_UNKNOWN &&
      (ledger->phone_status_maybe & PS_LEDGER_BIT (write->phone.user_status))) {
    u->phone.user_status = write->phone.user_status;
    ledger->phone_status =
        write->phone.user_status != ledger->person_status ? write->phone.user_status : PS_PHONE_STATUS_UNKNOWN;
    ledger->phone_status_maybe = 0;
  }
  if (write->phone.calls != PS_CALLS_UNKNOWN && (ledger->phone_calls_maybe & PS_LEDGER_BIT (write->phone.calls))) {
    u->phone.calls = write->phone.calls;
    /* The legacy queue-only value cannot be written back: all calls is as near as it gets. */
    ledger->phone_calls = write->phone.calls != ledger->person_calls &&
                                  !(write->phone.calls == PS_CALLS_ALL && ledger->person_calls == PS_CALLS_QUEUE_ONLY)
                              ? write->phone.calls
                              : PS_CALLS_UNKNOWN;
    ledger->phone_calls_maybe = 0;
  }
}

static void
session_written (User *u, const PsWrite *write, gint64 now_ms)
{
  PsLedger *ledger = &u->ledger;

  if (write->session == PS_SESSION_NONE) {
    u->session_gone_ms = now_ms;
    ledger->session_until_ms = 0;
  }
  ledger->session = write->session;
  ledger->session_maybe = 0;
}

static void
preferred_written (User *u, const PsWrite *write, gint64 now_ms)
{
  PsLedger *ledger = &u->ledger;

  if (ledger->preferred != write->preferred && ledger->preferred != PS_PREFERRED_NONE) {
    u->preferred_gone = ledger->preferred;
    u->preferred_gone_ms = now_ms;
  }
  if (ledger->preferred != write->preferred)
    u->preferred_put_ms = now_ms;
  if (write->preferred == PS_PREFERRED_NONE)
    ledger->preferred_until_ms = 0;
  ledger->preferred = write->preferred;
  ledger->preferred_maybe = 0;
}

static void
note_written (User *u, const PsWrite *write, gint64 now_ms)
{
  switch (write->kind) {
  case PS_WRITE_SESSION:
    session_written (u, write, now_ms);
    break;
  case PS_WRITE_PREFERRED:
    preferred_written (u, write, now_ms);
    break;
  case PS_WRITE_PHONE:
  default:
    phone_written (u, write);
    break;
  }
}

/* Only what this write has added goes: the same value may stand there from an earlier one that was lost. A set that a
 * person's choice or a reading has emptied meanwhile stays empty. */
static void
take_out (PsLedgerSet *set, PsLedgerSet with, PsLedgerSet before)
{
  *set &= ~(with & ~before);
}

/* It is certain that it did not happen. */
static void
take_back (User *u, const PsWrite *write)
{
  PsLedger *ledger = &u->ledger;
  const PsLedger *with = &write->ledger, *before = &write->before;

  switch (write->kind) {
  case PS_WRITE_SESSION:
    take_out (&ledger->session_maybe, with->session_maybe, before->session_maybe);
    ledger->session_until_ms = before->session_until_ms;
    break;
  case PS_WRITE_PREFERRED:
    take_out (&ledger->preferred_maybe, with->preferred_maybe, before->preferred_maybe);
    ledger->preferred_until_ms = before->preferred_until_ms;
    break;
  case PS_WRITE_PHONE:
  default:
    take_out (&ledger->phone_status_maybe, with->phone_status_maybe, before->phone_status_maybe);
    take_out (&ledger->phone_calls_maybe, with->phone_calls_maybe, before->phone_calls_maybe);
    u->status_echo = u->calls_echo = FALSE;
    u->status_raced = u->calls_raced = FALSE;
    break;
  }
}

static gint64
retry_delay (guint tries)
{
  return MIN ((gint64) PS_RETRY_FIRST_MS << MIN (tries, 10), PS_RETRY_MAX_MS);
}

void
ps_engine_written (PsEngine *engine, const PsWrite *write, PsWritten result, const PsPhoneReading *reading,
                   gint64 now_ms)
{
  PsSide side = write->kind == PS_WRITE_PHONE ? PS_SIDE_PHONE : PS_SIDE_TEAMS;
  User *u = USER (engine, write->user);
  Place *place = &u->place[side];

  if (!u->used || !place->under_way || place->number != write->number)
    return; /* removed meanwhile, and perhaps somebody else has the place now */
  place->under_way = FALSE;
  engine->under_way[side]--;
  place->written_ms = now_ms;
  if (result != PS_WRITTEN && place->since_ms == 0)
    place->since_ms = write->since_ms;
  switch (result) {
  case PS_WRITTEN:
    place->tries = 0;
    place->refused = FALSE;
    place->not_before_ms = 0;
    note_written (u, write, now_ms);
    break;
  case PS_WRITE_WAS_REFUSED:
    take_back (u, write);
    place->refused = TRUE;
    place->not_before_ms = now_ms + PS_REFUSED_MS;
    break;
  case PS_NOT_WRITTEN:
    take_back (u, write);
    G_GNUC_FALLTHROUGH;
  case PS_MAYBE_WRITTEN:
  default:
    place->not_before_ms = now_ms + retry_delay (place->tries);
    place->tries = MIN (place->tries + 1, 100);
    break;
  }
  if (result != PS_MAYBE_WRITTEN)
    ps_engine_ledger_changed (engine, write->user);
  /* An event that came meanwhile may be newer than the reply. */
  if (result == PS_WRITTEN && reading != NULL && u->phone_event_ms < place->left_ms)
    ps_engine_see_phone (engine, write->user, reading, PS_SEEN_READ, now_ms, now_ms);
  ps_engine_update (engine, write->user, now_ms);
}

gint64
ps_engine_next_due (PsEngine *engine, gint64 now_ms)
{
  const Timer *timer = timer_peek (engine);
  gint64 due_ms = timer != NULL ? timer->at_ms : G_MAXINT64;

  for (int side = 0; side < PS_N_SIDES; side++) {
    gboolean cosmetic_waiting = engine->lines[side][PS_COSMETIC].length > 0;

    for (int urgency = 0; urgency < PS_N_URGENCIES; urgency++)
      if (engine->lines[side][urgency].length > 0)
        due_ms = MIN (due_ms, engine->budgets[side] == NULL
                                  ? now_ms
                                  : ps_budget_next (engine->budgets[side], urgency, cosmetic_waiting, now_ms));
  }
  return due_ms;
}

/* --- looking in --- */

const char *
ps_why_to_word (PsWhy why)
{
  static const char *const words[] = { "first-sync", "mapping",     "rule",    "call", "call-over",
                                       "choice",     "choice-over", "renewal", "undo" };

  g_return_val_if_fail (why < G_N_ELEMENTS (words), "");
  return words[why];
}

void
ps_engine_view (PsEngine *engine, PsUser user, PsUserView *view)
{
  const User *u = USER (engine, user);
  PsWrite write = { 0 };

  g_return_if_fail (u->used);
  *view = (PsUserView){
    .synced = u->synced,
    .teams_read = u->teams_sent_ms != 0,
    .phone_read = u->phone_seen_ms != 0,
    .under_way = u->place[PS_SIDE_TEAMS].under_way || u->place[PS_SIDE_PHONE].under_way,
    .refused = u->place[PS_SIDE_TEAMS].refused || u->place[PS_SIDE_PHONE].refused,
    .teams = u->teams,
    .phone = u->phone,
    .last_change_ms = u->last_change_ms,
  };
  view->waiting[PS_SIDE_PHONE] = ps_engine_want_phone (engine, u, &write);
  view->urgency[PS_SIDE_PHONE] = write.urgency;
  view->waiting[PS_SIDE_TEAMS] = u->place[PS_SIDE_TEAMS].line != NOT_QUEUED;
  view->urgency[PS_SIDE_TEAMS] = view->waiting[PS_SIDE_TEAMS] ? u->place[PS_SIDE_TEAMS].line : PS_URGENT;
}

void
ps_engine_ledger (PsEngine *engine, PsUser user, PsLedger *ledger)
{
  g_return_if_fail (USER (engine, user)->used);
  *ledger = USER (engine, user)->ledger;
}

PsUser
ps_engine_next_changed_ledger (PsEngine *engine)
{
  while (engine->changed->len > 0) {
    PsUser user = g_array_index (engine->changed, PsUser, engine->changed->len - 1);
    User *u = USER (engine, user);

    g_array_set_size (engine->changed, engine->changed->len - 1);
    if (!u->used || !u->ledger_changed)
      continue;
    u->ledger_changed = FALSE;
    return user;
  }
  return PS_NO_USER;
}

guint
ps_engine_waiting (PsEngine *engine, PsSide side, PsUrgency urgency)
{
  return engine->lines[side][urgency].length;
}

guint
ps_engine_under_way (PsEngine *engine, PsSide side)
{
  return engine->under_way[side];
}

gsize
ps_engine_bytes_per_user (void)
{
  return sizeof (User);
}
