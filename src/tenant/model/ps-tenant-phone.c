/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-phone.h"

#include "ps-tenant-dice.h"
#include "ps-tenant-names.h"

#include <string.h>

#define MESSAGE_LONGEST 75 /* characters */
#define CALLS_MOST      12 /* lines of one person; events carry the latest 7 */

#define TAKE_ALL         "TakeAllCalls"
#define NO_QUEUE_CALLS   "DoNotAcceptDepartmentCalls"
#define QUEUE_CALLS_ONLY "TakeDepartmentCallsOnly"
#define TAKE_NONE        "DoNotAcceptAnyCalls"

/* What an event of …/presence?detailedTelephonyState=true tells of (DetailedExtensionPresenceEventBody). The custom
 * text and callerIdVisibility are not in it. */
typedef struct {
  const char *user_status, *dnd_status, *dnd_status_personal, *presence_status, *telephony_status, *meeting_status;
  gboolean accept_call_queue_calls, allow_see_my_presence, ring_on_monitored_call, pick_up_calls_on_hold;
  guint64 calls_version;
} Reported;

typedef struct {
  PsTenantCall call; /* first: what ps_tenant_phone_shown() hands out */
  guint64 number;
} Line;

struct _PsTenantPhone {
  PsTenantWorld *world;
  PsTenantExtension *extension;
  gboolean new_call_handling;

  const char *user_status;                   /* static, as all words here */
  const char *dnd_status;                    /* old call handling only */
  const char *dnd_before;                    /* old: the last value that was not DoNotAcceptAnyCalls … */
  gboolean dnd_before_by_client;             /* … and whether a PUT made it so */
  gboolean dnd_personal, accept_queue_calls; /* new call handling only */
  char *message;                             /* (owned) (nullable) */
  const char *caller_id_visibility;
  gboolean allow_see_my_presence, ring_on_monitored_call, pick_up_calls_on_hold;
  gboolean in_meeting, forward_all;
  GPtrArray *calls; /* Line, oldest first */
  guint64 calls_begun, calls_version;
  guint64 sequence;
  Reported reported; /* as of the last notice */

  PsTenantPhoneInside inside;
};

static const char *const user_statuses[] = { "Offline", "Busy", "Available", NULL };
static const char *const dnd_statuses[] = { TAKE_ALL, NO_QUEUE_CALLS, QUEUE_CALLS_ONLY, TAKE_NONE, NULL };
static const char *const personal_statuses[] = { TAKE_ALL, TAKE_NONE, NULL };
static const char *const visibilities[] = { "All", "None", "PermittedUsers", NULL };
static const char *const call_statuses[] = { "ParkedCall", "Ringing", "OnHold", "CallConnected",
                                             NULL }; /* weakest first */

/* RingCentral's enum words are case-sensitive. */
static const char *
find_word (const char *const *words, const char *word)
{
  for (; *words != NULL; words++)
    if (strcmp (*words, word) == 0)
      return *words;
  return NULL;
}

static gboolean
in_a_queue (PsTenantPhone *phone)
{
  return phone->extension->queue_ids != NULL && phone->extension->queue_ids->len > 0;
}

static const char *
telephony_status (PsTenantPhone *phone)
{
  int strongest = -1;

  for (guint i = 0; i < phone->calls->len; i++) {
    const Line *line = g_ptr_array_index (phone->calls, i);

    for (int rank = 0; call_statuses[rank] != NULL; rank++)
      if (strcmp (call_statuses[rank], line->call.telephony_status) == 0)
        strongest = MAX (strongest, rank);
  }
  return strongest >= 0 ? call_statuses[strongest] : "NoCall";
}

static gboolean
on_a_call (PsTenantPhone *phone)
{
  const char *status = telephony_status (phone);

  return strcmp (status, "CallConnected") == 0 || strcmp (status, "OnHold") == 0;
}

/* Documented only as coming "from a number of sources". Seen: Available + CallConnected reads Busy. A ringing or parked
 * call is nobody's conversation yet, and Do Not Disturb is told by dndStatus alone. */
static const char *
presence_status (PsTenantPhone *phone)
{
  if (on_a_call (phone) || phone->in_meeting)
    return "Busy";
  return phone->user_status;
}

/* Accounts with new call handling still read a dndStatus (migration guide, "states and rules"). */
static const char *
dnd_status (PsTenantPhone *phone)
{
  if (!phone->new_call_handling)
    return phone->dnd_status;
  if (phone->dnd_personal)
    return TAKE_NONE;
  return phone->accept_queue_calls || !in_a_queue (phone) ? TAKE_ALL : NO_QUEUE_CALLS;
}

static const char *
dnd_status_personal (PsTenantPhone *phone)
{
  if (!phone->new_call_handling)
    return NULL;
  return phone->dnd_personal ? TAKE_NONE : TAKE_ALL;
}

static gboolean
accepts_queue_calls (PsTenantPhone *phone)
{
  if (phone->new_call_handling)
    return phone->accept_queue_calls;
  return in_a_queue (phone) &&
         (strcmp (phone->dnd_status, TAKE_ALL) == 0 || strcmp (phone->dnd_status, QUEUE_CALLS_ONLY) == 0);
}

static Reported
what_is_reported (PsTenantPhone *phone)
{
  return (Reported){
    .user_status = phone->user_status,
    .dnd_status = dnd_status (phone),
    .dnd_status_personal = dnd_status_personal (phone),
    .presence_status = presence_status (phone),
    .telephony_status = telephony_status (phone),
    .meeting_status = phone->in_meeting ? "Connected" : "Disconnected",
    .accept_call_queue_calls = phone->accept_queue_calls,
    .allow_see_my_presence = phone->allow_see_my_presence,
    .ring_on_monitored_call = phone->ring_on_monitored_call,
    .pick_up_calls_on_hold = phone->pick_up_calls_on_hold,
    .calls_version = phone->calls_version,
  };
}

static gboolean
same_report (const Reported *a, const Reported *b)
{
  return strcmp (a->user_status, b->user_status) == 0 && strcmp (a->dnd_status, b->dnd_status) == 0 &&
         g_strcmp0 (a->dnd_status_personal, b->dnd_status_personal) == 0 &&
         strcmp (a->presence_status, b->presence_status) == 0 &&
         strcmp (a->telephony_status, b->telephony_status) == 0 && strcmp (a->meeting_status, b->meeting_status) == 0 &&
         a->accept_call_queue_calls == b->accept_call_queue_calls &&
         a->allow_see_my_presence == b->allow_see_my_presence &&
         a->ring_on_monitored_call == b->ring_on_monitored_call &&
         a->pick_up_calls_on_hold == b->pick_up_calls_on_hold && a->calls_version == b->calls_version;
}

/* Every way in ends here: whatever changed at once is one event. Returns: whether there was one. */
static gboolean
refresh (PsTenantPhone *phone)
{
  Reported now = what_is_reported (phone);

  if (same_report (&now, &phone->reported))
    return FALSE;
  phone->reported = now;
  phone->sequence++;
  ps_tenant_world_notify (phone->world, PS_TENANT_CHANGE_PHONE, phone->extension);
  return TRUE;
}

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->call.direction);
  g_free (line->call.from);
  g_free (line->call.to);
  g_free (line->call.from_name);
  g_free (line->call.to_name);
  g_free (line->call.telephony_status);
  g_free (line->call.session_id);
  g_free (line->call.telephony_session_id);
  g_free (line->call.party_id);
  g_free (line);
}

PsTenantPhone *
ps_tenant_phone_new (PsTenantWorld *world, PsTenantExtension *extension)
{
  PsTenantPhone *phone = g_new0 (PsTenantPhone, 1);

  phone->world = world;
  phone->extension = extension;
  phone->new_call_handling = ps_tenant_world_options (world)->new_call_handling;
  phone->user_status = strcmp (extension->status, "Enabled") == 0 ? "Available" : "Offline";
  phone->dnd_status = phone->dnd_before = TAKE_ALL;
  phone->accept_queue_calls = in_a_queue (phone); /* the specification's default is false */
  phone->caller_id_visibility = "All";
  phone->allow_see_my_presence = TRUE;
  phone->calls = g_ptr_array_new_with_free_func (line_free);
  phone->sequence =
      1 + ps_tenant_dice_mix (ps_tenant_world_options (world)->seed, 0x5e9, (guint64) extension->id) % 100000;
  phone->reported = what_is_reported (phone);
  phone->inside.person_user_status = phone->user_status;
  phone->inside.person_dnd_status = dnd_status (phone);
  phone->inside.person_accept_call_queue_calls = accepts_queue_calls (phone);
  return phone;
}

void
ps_tenant_phone_free (PsTenantPhone *phone)
{
  if (phone == NULL)
    return;
  g_ptr_array_unref (phone->calls);
  g_free (phone->message);
  g_free (phone);
}

PsTenantPhoneShown
ps_tenant_phone_shown (PsTenantPhone *phone)
{
  const char *telephony = telephony_status (phone);

  /* The contact centre has no lines here, so "all telephony sources" are the phone's own. */
  return (PsTenantPhoneShown){
    .user_status = phone->user_status,
    .dnd_status = dnd_status (phone),
    .dnd_status_personal = dnd_status_personal (phone),
    .accept_call_queue_calls = phone->accept_queue_calls,
    .message = phone->message,
    .allow_see_my_presence = phone->allow_see_my_presence,
    .ring_on_monitored_call = phone->ring_on_monitored_call,
    .pick_up_calls_on_hold = phone->pick_up_calls_on_hold,
    .caller_id_visibility = phone->caller_id_visibility,
    .presence_status = presence_status (phone),
    .telephony_status = telephony,
    .aggregated_telephony_status = telephony,
    .cx_telephony_status = "NoCall",
    .meeting_status = phone->in_meeting ? "Connected" : "Disconnected",
    .calls = phone->calls,
    .forward_all_calls = phone->forward_all,
    .sequence = phone->sequence,
  };
}

/* Returns: (nullable): the parameter at fault. Nothing is written before all of it is found good. */
static const char *
check_write (PsTenantPhone *phone, const PsTenantPhoneWrite *write)
{
  if (write->user_status != NULL && find_word (user_statuses, write->user_status) == NULL)
    return "userStatus";
  if (write->dnd_status != NULL) {
    const char *word = find_word (dnd_statuses, write->dnd_status);

    if (word == NULL)
      return "dndStatus";
    if (!phone->new_call_handling && !in_a_queue (phone) &&
        (strcmp (word, NO_QUEUE_CALLS) == 0 || strcmp (word, QUEUE_CALLS_ONLY) == 0))
      return "dndStatus";
  }
  if (write->dnd_status_personal != NULL && find_word (personal_statuses, write->dnd_status_personal) == NULL)
    return "dndStatusPersonal";
  if (write->message != NULL && g_utf8_strlen (write->message, -1) > MESSAGE_LONGEST)
    return "message";
  if (write->caller_id_visibility != NULL && find_word (visibilities, write->caller_id_visibility) == NULL)
    return "callerIdVisibility";
  return NULL;
}

static gboolean
set_word (const char **field, const char *word)
{
  if (strcmp (*field, word) == 0)
    return FALSE;
  *field = word;
  return TRUE;
}

static gboolean
set_flag (gboolean *field, int value)
{
  if (value < 0 || *field == (value != 0))
    return FALSE;
  *field = value != 0;
  return TRUE;
}

static gboolean
set_dnd_status (PsTenantPhone *phone, const char *word, gboolean by_client)
{
  if (strcmp (word, TAKE_NONE) != 0 && set_word (&phone->dnd_before, word))
    phone->dnd_before_by_client = by_client;
  return set_word (&phone->dnd_status, word);
}

static gboolean
put_calls_accepted (PsTenantPhone *phone, const PsTenantPhoneWrite *write)
{
  gboolean dnd_changed = FALSE, queue_changed = FALSE;

  if (!phone->new_call_handling) {
    /* dndStatusPersonal and acceptCallQueueCalls mean nothing here; one word says both things. */
    if (write->dnd_status != NULL)
      dnd_changed = set_dnd_status (phone, find_word (dnd_statuses, write->dnd_status), TRUE);
    queue_changed = dnd_changed;
  } else {
    if (write->dnd_status_personal != NULL)
      dnd_changed = set_flag (&phone->dnd_personal, strcmp (write->dnd_status_personal, TAKE_NONE) == 0);
    queue_changed = set_flag (&phone->accept_queue_calls, write->accept_call_queue_calls);
  }
  phone->inside.dnd_by_client |= dnd_changed;
  phone->inside.queue_calls_by_client |= queue_changed;
  return dnd_changed || queue_changed;
}

const char *
ps_tenant_phone_put (PsTenantPhone *phone, const PsTenantPhoneWrite *write)
{
  const char *fault = check_write (phone, write);
  gboolean changed = FALSE;

  if (fault != NULL)
    return fault;
  if (write->user_status != NULL && set_word (&phone->user_status, find_word (user_statuses, write->user_status)))
    changed = phone->inside.user_status_by_client = TRUE;
  changed |= put_calls_accepted (phone, write);
  if (write->message != NULL && strcmp (write->message, phone->message != NULL ? phone->message : "") != 0) {
    g_free (phone->message);
    phone->message = write->message[0] != '\0' ? g_strdup (write->message) : NULL;
    changed = TRUE;
  }
  if (write->caller_id_visibility != NULL)
    changed |= set_word (&phone->caller_id_visibility, find_word (visibilities, write->caller_id_visibility));
  changed |= set_flag (&phone->allow_see_my_presence, write->allow_see_my_presence);
  changed |= set_flag (&phone->ring_on_monitored_call, write->ring_on_monitored_call);
  changed |= set_flag (&phone->pick_up_calls_on_hold, write->pick_up_calls_on_hold);

  phone->inside.writes++;
  if (!changed)
    phone->inside.writes_without_effect++;
  refresh (phone);
  return NULL;
}

/* Here and below: choosing what is there already changes nothing, no event tells of it, and nobody can know of it. It
 * does not make a client's value the person's. */
static void
choose_dnd (PsTenantPhone *phone)
{
  if (strcmp (dnd_status (phone), TAKE_NONE) == 0)
    return;
  if (phone->new_call_handling)
    phone->dnd_personal = TRUE;
  else
    set_dnd_status (phone, TAKE_NONE, FALSE);
  phone->inside.dnd_by_client = phone->inside.queue_calls_by_client = FALSE;
  phone->inside.person_dnd_status = dnd_status (phone);
}

static void
leave_dnd (PsTenantPhone *phone)
{
  if (strcmp (dnd_status (phone), TAKE_NONE) != 0)
    return;
  if (phone->new_call_handling) {
    phone->dnd_personal = FALSE;
    phone->inside.dnd_by_client = FALSE;
  } else {
    set_dnd_status (phone, phone->dnd_before, FALSE);
    phone->inside.dnd_by_client = phone->inside.queue_calls_by_client = phone->dnd_before_by_client;
  }
  phone->inside.person_dnd_status = dnd_status (phone);
}

/* RingCentral's own widgets: Do Not Disturb leaves userStatus alone, and the three others give back the last value that
 * was not Do Not Disturb, so that a queue opt-out survives. */
gboolean
ps_tenant_phone_person_choose (PsTenantPhone *phone, const char *choice)
{
  const char *word = NULL;

  if (g_ascii_strcasecmp (choice, "DoNotDisturb") == 0) {
    choose_dnd (phone);
    refresh (phone);
    return TRUE;
  }
  for (gsize i = 0; user_statuses[i] != NULL; i++)
    if (g_ascii_strcasecmp (user_statuses[i], choice) == 0)
      word = user_statuses[i];
  if (word == NULL)
    return FALSE;
  if (strcmp (phone->user_status, word) != 0) {
    phone->user_status = phone->inside.person_user_status = word;
    phone->inside.user_status_by_client = FALSE;
  }
  leave_dnd (phone);
  refresh (phone);
  return TRUE;
}

gboolean
ps_tenant_phone_person_queue_calls (PsTenantPhone *phone, gboolean accept)
{
  const char *word = accept ? TAKE_ALL : NO_QUEUE_CALLS;

  if (!in_a_queue (phone))
    return FALSE;
  if (accepts_queue_calls (phone) == !!accept && strcmp (dnd_status (phone), TAKE_NONE) != 0)
    return TRUE;
  if (phone->new_call_handling) {
    phone->accept_queue_calls = accept;
  } else if (strcmp (phone->dnd_status, TAKE_NONE) == 0) {
    phone->dnd_before = word; /* counts when Do Not Disturb ends */
    phone->dnd_before_by_client = FALSE;
  } else {
    set_dnd_status (phone, word, FALSE);
    phone->dnd_before_by_client = phone->inside.dnd_by_client = FALSE;
    phone->inside.person_dnd_status = word;
  }
  phone->inside.queue_calls_by_client = FALSE;
  phone->inside.person_accept_call_queue_calls = accept;
  refresh (phone);
  return TRUE;
}

void
ps_tenant_phone_person_forward_all (PsTenantPhone *phone, gboolean forward)
{
  phone->forward_all = forward; /* no part of the presence resource: no event tells of it */
}

void
ps_tenant_phone_meeting (PsTenantPhone *phone, gboolean connected)
{
  phone->in_meeting = connected;
  refresh (phone);
}

static Line *
find_line (PsTenantPhone *phone, guint64 number)
{
  for (guint i = 0; i < phone->calls->len; i++) {
    Line *line = g_ptr_array_index (phone->calls, i);

    if (line->number == number)
      return line;
  }
  return NULL;
}

/* The numbers and names of a call follow from whose call it is and how many there were before. */
static void
fill_in_call (PsTenantPhone *phone, PsTenantCall *call, gboolean inbound, guint64 number)
{
  PsTenantExtension *extension = phone->extension;
  PsTenantDice dice =
      ps_tenant_dice_mix (ps_tenant_world_options (phone->world)->seed, (guint64) extension->id, number);
  const char *own = extension->phone_number != NULL ? extension->phone_number : extension->extension_number;
  g_autofree char *other_name = ps_tenant_names_of_caller (&dice);
  g_autofree char *other =
      g_strdup_printf ("+1%03u555%04u", 201 + ps_tenant_dice_below (&dice, 700), ps_tenant_dice_below (&dice, 10000));

  call->direction = g_strdup (inbound ? "Inbound" : "Outbound");
  call->from = g_strdup (inbound ? other : own);
  call->to = g_strdup (inbound ? own : other);
  call->from_name = g_strdup (inbound ? other_name : extension->name);
  call->to_name = g_strdup (inbound ? extension->name : other_name);
  call->session_id = g_strdup_printf ("%" G_GUINT64_FORMAT, 400000000000 + ps_tenant_dice_roll (&dice) % 99999999999);
  call->telephony_session_id = g_strdup_printf ("s-a%016" G_GINT64_MODIFIER "x", ps_tenant_dice_roll (&dice));
  call->party_id = g_strdup_printf ("p-%s-%d", call->telephony_session_id + 2, inbound ? 2 : 1);
  call->start_ms = ps_tenant_world_now (phone->world);
}

guint64
ps_tenant_phone_call_begin (PsTenantPhone *phone, gboolean inbound, gboolean queue_call, const char *status)
{
  Line *line;

  g_return_val_if_fail (find_word (call_statuses, status) != NULL, 0);

  if (phone->calls->len >= CALLS_MOST)
    return 0;
  line = g_new0 (Line, 1);
  line->number = ++phone->calls_begun;
  line->call.queue_call = queue_call;
  line->call.telephony_status = g_strdup (status);
  fill_in_call (phone, &line->call, inbound, line->number);
  g_ptr_array_add (phone->calls, line);
  phone->calls_version++;
  refresh (phone);
  return line->number;
}

void
ps_tenant_phone_call_status (PsTenantPhone *phone, guint64 call, const char *status)
{
  Line *line = find_line (phone, call);

  g_return_if_fail (find_word (call_statuses, status) != NULL);

  if (line == NULL || strcmp (line->call.telephony_status, status) == 0)
    return;
  g_free (line->call.telephony_status);
  line->call.telephony_status = g_strdup (status);
  phone->calls_version++;
  refresh (phone);
}

void
ps_tenant_phone_call_end (PsTenantPhone *phone, guint64 call)
{
  Line *line = find_line (phone, call);

  if (line == NULL)
    return;
  g_ptr_array_remove (phone->calls, line);
  phone->calls_version++;
  refresh (phone);
}

guint64
ps_tenant_phone_current_call (PsTenantPhone *phone)
{
  const Line *line = phone->calls->len > 0 ? g_ptr_array_index (phone->calls, phone->calls->len - 1) : NULL;

  return line != NULL ? line->number : 0;
}

/* A direct call rings beside a running one (call waiting); a queue passes over a member who is on a call. The queues of
 * this company do not pass over members who only say Busy (that is a setting of each queue). */
gboolean
ps_tenant_phone_would_ring (PsTenantPhone *phone, gboolean queue_call)
{
  const char *dnd = dnd_status (phone);

  if (phone->extension->deleted || strcmp (phone->extension->status, "Enabled") != 0)
    return FALSE;
  if (phone->forward_all || strcmp (dnd, TAKE_NONE) == 0)
    return FALSE;
  if (queue_call)
    return in_a_queue (phone) && accepts_queue_calls (phone) && !on_a_call (phone);
  return strcmp (dnd, QUEUE_CALLS_ONLY) != 0;
}

void
ps_tenant_phone_look_inside (PsTenantPhone *phone, PsTenantPhoneInside *inside)
{
  *inside = phone->inside;
}
