/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The phone presence of one RingCentral user extension (`/extension/{id}/presence`): what the person or an application
 * published (userStatus, dndStatus …), what calls and meetings add to it, and the aggregate that others see.
 *
 * Every change that the event filter `…/presence?detailedTelephonyState=true` would report raises
 * PS_TENANT_CHANGE_PHONE once and takes the next `sequence`; a PUT that changes nothing raises none.
 */
#pragma once

#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct {
  char *direction; /* "Inbound", "Outbound" */
  gboolean queue_call;
  char *from, *to, *from_name, *to_name;
  char *telephony_status; /* "Ringing", "CallConnected", "OnHold", "ParkedCall" */
  char *session_id, *telephony_session_id, *party_id;
  gint64 start_ms;
} PsTenantCall;

typedef struct {
  const char *user_status; /* Offline, Busy, Available */
  const char *dnd_status;  /* TakeAllCalls, DoNotAcceptDepartmentCalls, TakeDepartmentCallsOnly, DoNotAcceptAnyCalls */
  const char
      *dnd_status_personal; /* (nullable) TakeAllCalls, DoNotAcceptAnyCalls: accounts with new call handling only */
  gboolean accept_call_queue_calls; /* … likewise */
  const char *message;              /* (nullable) */
  gboolean allow_see_my_presence, ring_on_monitored_call, pick_up_calls_on_hold;
  const char *caller_id_visibility;
  const char *presence_status; /* aggregate, read-only */
  const char *telephony_status, *aggregated_telephony_status, *cx_telephony_status;
  const char *meeting_status; /* Connected, Disconnected */
  const GPtrArray *calls;     /* PsTenantCall, oldest first; events carry the latest 7 */
  gboolean forward_all_calls; /* the state that outranks all of it; not part of the reply */
  guint64 sequence;
} PsTenantPhoneShown;

/* One PUT: a NULL or unset field is one that the request did not carry. */
typedef struct {
  const char *user_status, *dnd_status, *dnd_status_personal, *message, *caller_id_visibility;
  int accept_call_queue_calls, allow_see_my_presence, ring_on_monitored_call, pick_up_calls_on_hold; /* -1: absent */
} PsTenantPhoneWrite;
#define PS_TENANT_PHONE_WRITE_INIT                                                                                     \
  {                                                                                                                    \
    .accept_call_queue_calls = -1, .allow_see_my_presence = -1, .ring_on_monitored_call = -1,                          \
    .pick_up_calls_on_hold = -1                                                                                        \
  }

PsTenantPhone *ps_tenant_phone_new (PsTenantWorld *world, PsTenantExtension *extension);
void ps_tenant_phone_free (PsTenantPhone *phone);

/* The truth, as the person's own reading gives it. That others read Offline where allow_see_my_presence is FALSE is
 * left to the front, which knows who asks. Valid until the phone changes. */
PsTenantPhoneShown ps_tenant_phone_shown (PsTenantPhone *phone);

/* Returns: NULL when done, else the name of the parameter at fault (CMN-101, 400): a word that is no value of the enum,
 * a queue value for a user who is in no queue, a message over 75 characters. On accounts with new call handling
 * `dndStatus` is not applicable: a write of it is accepted and changes nothing (the specification says "not
 * applicable"). */
const char *ps_tenant_phone_put (PsTenantPhone *phone, const PsTenantPhoneWrite *write);

/* --- what the person does --- */
/* Available, Busy, DoNotDisturb, Offline, in any case, with the effect that RingCentral's own widgets give them.
 * Returns: FALSE if @choice is none of them; nothing happens then. */
gboolean ps_tenant_phone_person_choose (PsTenantPhone *phone, const char *choice);
/* Returns: FALSE if the person is in no queue; nothing happens then. */
gboolean ps_tenant_phone_person_queue_calls (PsTenantPhone *phone, gboolean accept);
void ps_tenant_phone_person_forward_all (PsTenantPhone *phone, gboolean forward);
void ps_tenant_phone_meeting (PsTenantPhone *phone, gboolean connected);
/* A call begins ("Ringing" or "CallConnected"). Returns a number for the two below, or 0 if all 12
 * lines are taken. A call that has ended already is passed over there. */
guint64 ps_tenant_phone_call_begin (PsTenantPhone *phone, gboolean inbound, gboolean queue_call, const char *status);
void ps_tenant_phone_call_status (PsTenantPhone *phone, guint64 call,
                                  const char *status); /* CallConnected, OnHold, ParkedCall */
void ps_tenant_phone_call_end (PsTenantPhone *phone, guint64 call);
guint64 ps_tenant_phone_current_call (PsTenantPhone *phone); /* the newest one, 0: none */

/* --- what a tester asks --- */
gboolean ps_tenant_phone_would_ring (PsTenantPhone *phone, gboolean queue_call);
typedef struct {
  guint64 writes; /* PUTs that were accepted, with or without an effect */
  guint64 writes_without_effect;
  /* Who set the present value last. "client": a PUT with the administrator's token. */
  gboolean user_status_by_client, dnd_by_client, queue_calls_by_client;
  /* What the person chose last (or never touched), whatever clients wrote since: what "nothing of ours left" is held
   * against. */
  const char *person_user_status, *person_dnd_status;
  gboolean person_accept_call_queue_calls;
} PsTenantPhoneInside;
void ps_tenant_phone_look_inside (PsTenantPhone *phone, PsTenantPhoneInside *inside);

G_END_DECLS
