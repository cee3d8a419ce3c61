/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-fixture.h"

#include <string.h>

typedef struct {
  PsTenantWorld *world;
  PsTenantPhone *member, *loner; /* in a queue; in none */
  Heard heard;
} Fixture;

static void
set_up (Fixture *f, gconstpointer new_call_handling)
{
  PsTenantWorldOptions options = {
    .users = 60, .seed = 5, .start_ms = START_MS, .new_call_handling = new_call_handling != NULL
  };

  f->world = ps_tenant_world_new (&options);
  for (guint i = 0; f->member == NULL || f->loner == NULL; i++) {
    PsTenantExtension *extension = nth_odd (f->world, PS_TENANT_ODD_NOTHING, i)->extension;

    if (extension->queue_ids->len > 0)
      f->member = extension->phone;
    else
      f->loner = extension->phone;
  }
  ps_tenant_world_listen (f->world, count_change, &f->heard);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  ps_tenant_world_free (f->world);
}

static const char *
put_user_status (PsTenantPhone *phone, const char *word)
{
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;

  write.user_status = word;
  return ps_tenant_phone_put (phone, &write);
}

static const char *
put_dnd (PsTenantPhone *phone, const char *word)
{
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;

  write.dnd_status = word;
  return ps_tenant_phone_put (phone, &write);
}

static const char *
put_new (PsTenantPhone *phone, const char *personal, int queue_calls)
{
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;

  write.dnd_status_personal = personal;
  write.accept_call_queue_calls = queue_calls;
  return ps_tenant_phone_put (phone, &write);
}

static void
test_aggregate (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *user_status, *call, *presence;
    gboolean meeting;
  } table[] = {
    { "Available", NULL, "Available", FALSE },
    { "Busy", NULL, "Busy", FALSE },
    { "Offline", NULL, "Offline", FALSE },
    { "Available", "Ringing", "Available", FALSE },
    { "Available", "CallConnected", "Busy", FALSE },
    { "Available", "OnHold", "Busy", FALSE },
    { "Available", "ParkedCall", "Available", FALSE },
    { "Offline", "Ringing", "Offline", FALSE },
    { "Offline", "CallConnected", "Busy", FALSE },
    { "Available", NULL, "Busy", TRUE },
    { "Offline", NULL, "Busy", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    guint64 call = 0;
    PsTenantPhoneShown shown;

    put_user_status (f->loner, table[i].user_status);
    if (table[i].call != NULL)
      call = ps_tenant_phone_call_begin (f->loner, TRUE, FALSE, table[i].call);
    ps_tenant_phone_meeting (f->loner, table[i].meeting);
    shown = ps_tenant_phone_shown (f->loner);
    g_assert_cmpstr (shown.presence_status, ==, table[i].presence);
    g_assert_cmpstr (shown.user_status, ==, table[i].user_status);
    g_assert_cmpstr (shown.telephony_status, ==, table[i].call != NULL ? table[i].call : "NoCall");
    g_assert_cmpstr (shown.aggregated_telephony_status, ==, shown.telephony_status);
    g_assert_cmpstr (shown.meeting_status, ==, table[i].meeting ? "Connected" : "Disconnected");
    ps_tenant_phone_call_end (f->loner, call);
    ps_tenant_phone_meeting (f->loner, FALSE);
  }
}

static void
test_one_event_per_change (Fixture *f, gconstpointer data)
{
  PsTenantPhoneWrite both = PS_TENANT_PHONE_WRITE_INIT;
  guint64 before = ps_tenant_phone_shown (f->loner).sequence;
  PsTenantPhoneInside inside;

  g_assert_null (put_user_status (f->loner, "Available"));
  g_assert_null (put_dnd (f->loner, "TakeAllCalls"));
  g_assert_cmpuint (f->heard.phone, ==, 0);
  both.user_status = "Busy";
  both.dnd_status = "DoNotAcceptAnyCalls";
  both.ring_on_monitored_call = TRUE;
  g_assert_null (ps_tenant_phone_put (f->loner, &both));
  g_assert_cmpuint (f->heard.phone, ==, 1);
  g_assert_null (ps_tenant_phone_put (f->loner, &both));
  g_assert_cmpuint (f->heard.phone, ==, 1);
  g_assert_cmpuint (ps_tenant_phone_shown (f->loner).sequence, ==, before + 1);
  ps_tenant_phone_person_choose (f->loner, "DoNotDisturb");
  g_assert_cmpuint (f->heard.phone, ==, 1);
  ps_tenant_phone_look_inside (f->loner, &inside);
  g_assert_cmpuint (inside.writes, ==, 4);
  g_assert_cmpuint (inside.writes_without_effect, ==, 3);
}

static void
test_refused_writes (Fixture *f, gconstpointer data)
{
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;
  g_autofree char *longest = g_strnfill (75, 'x');
  g_autofree char *accents = NULL;
  g_autofree char *too_long = g_strnfill (76, 'x');
  g_autoptr (GString) umlauts = g_string_new (NULL);

  g_assert_cmpstr (put_user_status (f->loner, "available"), ==, "userStatus");
  g_assert_cmpstr (put_user_status (f->loner, "DND"), ==, "userStatus");
  g_assert_cmpstr (put_dnd (f->loner, "Unknown"), ==, "dndStatus");
  g_assert_cmpstr (put_dnd (f->loner, "DoNotAcceptDepartmentCalls"), ==, "dndStatus");
  g_assert_cmpstr (put_dnd (f->loner, "TakeDepartmentCallsOnly"), ==, "dndStatus");
  g_assert_null (put_dnd (f->member, "DoNotAcceptDepartmentCalls"));
  g_assert_null (put_dnd (f->member, "TakeDepartmentCallsOnly"));
  write.message = too_long;
  write.user_status = "Busy";
  g_assert_cmpstr (ps_tenant_phone_put (f->loner, &write), ==, "message");
  /* Nothing of a refused write stays. */
  g_assert_cmpstr (ps_tenant_phone_shown (f->loner).user_status, ==, "Available");
  for (guint i = 0; i < 75; i++)
    g_string_append (umlauts, "ü"); /* characters count, not bytes */
  write.message = umlauts->str;
  g_assert_null (ps_tenant_phone_put (f->loner, &write));
  write.message = longest;
  g_assert_null (ps_tenant_phone_put (f->loner, &write));
  g_assert_cmpstr (ps_tenant_phone_shown (f->loner).message, ==, longest);
  write.message = "";
  g_assert_null (ps_tenant_phone_put (f->loner, &write));
  g_assert_null (ps_tenant_phone_shown (f->loner).message);
  write.caller_id_visibility = "Some";
  g_assert_cmpstr (ps_tenant_phone_put (f->loner, &write), ==, "callerIdVisibility");
}

static void
test_message_raises_no_event (Fixture *f, gconstpointer data)
{
  PsTenantPhoneWrite write = PS_TENANT_PHONE_WRITE_INIT;
  PsTenantPhoneInside inside;

  write.message = "Back at two";
  ps_tenant_phone_put (f->loner, &write);
  g_assert_cmpuint (f->heard.phone, ==, 0);
  ps_tenant_phone_look_inside (f->loner, &inside);
  g_assert_cmpuint (inside.writes_without_effect, ==, 0);
}

static void
test_person_and_dnd (Fixture *f, gconstpointer data)
{
  PsTenantPhoneShown shown;

  g_assert_true (ps_tenant_phone_person_queue_calls (f->member, FALSE));
  g_assert_true (ps_tenant_phone_person_choose (f->member, "Busy"));
  g_assert_true (ps_tenant_phone_person_choose (f->member, "DoNotDisturb"));
  shown = ps_tenant_phone_shown (f->member);
  g_assert_cmpstr (shown.user_status, ==, "Busy"); /* untouched */
  g_assert_cmpstr (shown.dnd_status, ==, "DoNotAcceptAnyCalls");
  g_assert_true (ps_tenant_phone_person_choose (f->member, "Available"));
  shown = ps_tenant_phone_shown (f->member);
  g_assert_cmpstr (shown.user_status, ==, "Available");
  g_assert_cmpstr (shown.dnd_status, ==, "DoNotAcceptDepartmentCalls"); /* the opt-out is not lost */
  g_assert_cmpuint (f->heard.phone, ==, 4);
  /* Said under Do Not Disturb, it counts afterwards. */
  ps_tenant_phone_person_choose (f->member, "DoNotDisturb");
  ps_tenant_phone_person_queue_calls (f->member, TRUE);
  ps_tenant_phone_person_choose (f->member, "Offline");
  g_assert_cmpstr (ps_tenant_phone_shown (f->member).dnd_status, ==, "TakeAllCalls");
  g_assert_false (ps_tenant_phone_person_queue_calls (f->loner, FALSE));
  g_assert_false (ps_tenant_phone_person_choose (f->loner, "Meditating"));
}

static void
test_who_set_it (Fixture *f, gconstpointer data)
{
  PsTenantPhoneInside inside;

  ps_tenant_phone_person_choose (f->member, "Busy");
  put_user_status (f->member, "Busy"); /* was so: still the person's */
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_false (inside.user_status_by_client);
  put_user_status (f->member, "Offline");
  put_dnd (f->member, "DoNotAcceptAnyCalls");
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_true (inside.user_status_by_client);
  g_assert_true (inside.dnd_by_client);
  g_assert_cmpstr (inside.person_user_status, ==, "Busy");
  g_assert_cmpstr (inside.person_dnd_status, ==, "TakeAllCalls");
  g_assert_true (inside.person_accept_call_queue_calls);
  /* Choosing what is there already changes nothing that anybody could see. */
  ps_tenant_phone_person_choose (f->member, "DoNotDisturb");
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_true (inside.dnd_by_client);
  g_assert_cmpstr (inside.person_dnd_status, ==, "TakeAllCalls");
  /* One thing that the person does is not all things. */
  put_dnd (f->member, "TakeAllCalls");
  ps_tenant_phone_person_choose (f->member, "DoNotDisturb");
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_false (inside.dnd_by_client);
  g_assert_true (inside.user_status_by_client);
  g_assert_cmpstr (inside.person_user_status, ==, "Busy");
  g_assert_cmpstr (inside.person_dnd_status, ==, "DoNotAcceptAnyCalls");
  ps_tenant_phone_person_choose (f->member, "Available");
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_false (inside.user_status_by_client);
  g_assert_cmpstr (inside.person_dnd_status, ==, "TakeAllCalls");
}

static void
test_calls (Fixture *f, gconstpointer data)
{
  guint64 first = ps_tenant_phone_call_begin (f->loner, TRUE, FALSE, "Ringing");
  guint64 second;
  const PsTenantCall *call;

  g_assert_cmpuint (f->heard.phone, ==, 1);
  call = g_ptr_array_index (ps_tenant_phone_shown (f->loner).calls, 0);
  g_assert_cmpstr (call->direction, ==, "Inbound");
  g_assert_cmpint (call->start_ms, ==, START_MS);
  g_assert_nonnull (call->telephony_session_id);
  ps_tenant_phone_call_status (f->loner, first, "CallConnected");
  ps_tenant_phone_call_status (f->loner, first, "CallConnected");
  g_assert_cmpuint (f->heard.phone, ==, 2);
  second = ps_tenant_phone_call_begin (f->loner, FALSE, FALSE, "CallConnected");
  ps_tenant_phone_call_status (f->loner, first, "OnHold");
  g_assert_cmpstr (ps_tenant_phone_shown (f->loner).telephony_status, ==, "CallConnected");
  g_assert_cmpuint (ps_tenant_phone_current_call (f->loner), ==, second);
  ps_tenant_phone_call_end (f->loner, second);
  g_assert_cmpstr (ps_tenant_phone_shown (f->loner).telephony_status, ==, "OnHold");
  ps_tenant_phone_call_end (f->loner, first);
  ps_tenant_phone_call_end (f->loner, first);
  g_assert_cmpuint (f->heard.phone, ==, 6);
  g_assert_cmpuint (ps_tenant_phone_current_call (f->loner), ==, 0);
  for (guint i = 0; i < 12; i++)
    g_assert_cmpuint (ps_tenant_phone_call_begin (f->loner, TRUE, FALSE, "ParkedCall"), !=, 0);
  g_assert_cmpuint (ps_tenant_phone_call_begin (f->loner, TRUE, FALSE, "Ringing"), ==, 0);
}

static void
test_would_ring (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *dnd;
    gboolean direct, queue;
  } table[] = { { "TakeAllCalls", TRUE, TRUE },
                { "DoNotAcceptDepartmentCalls", TRUE, FALSE },
                { "TakeDepartmentCallsOnly", FALSE, TRUE },
                { "DoNotAcceptAnyCalls", FALSE, FALSE } };
  guint64 call;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    g_assert_null (put_dnd (f->member, table[i].dnd));
    g_assert_cmpint (ps_tenant_phone_would_ring (f->member, FALSE), ==, table[i].direct);
    g_assert_cmpint (ps_tenant_phone_would_ring (f->member, TRUE), ==, table[i].queue);
  }
  g_assert_true (ps_tenant_phone_would_ring (f->loner, FALSE));
  g_assert_false (ps_tenant_phone_would_ring (f->loner, TRUE));

  put_dnd (f->member, "TakeAllCalls");
  call = ps_tenant_phone_call_begin (f->member, TRUE, TRUE, "CallConnected");
  g_assert_true (ps_tenant_phone_would_ring (f->member, FALSE));
  g_assert_false (ps_tenant_phone_would_ring (f->member, TRUE));
  ps_tenant_phone_call_end (f->member, call);
  f->heard.phone = 0;
  ps_tenant_phone_person_forward_all (f->member, TRUE);
  g_assert_cmpuint (f->heard.phone, ==, 0);
  g_assert_false (ps_tenant_phone_would_ring (f->member, FALSE));
  g_assert_false (ps_tenant_phone_would_ring (f->member, TRUE));
  g_assert_true (ps_tenant_phone_shown (f->member).forward_all_calls);
}

static void
test_old_ignores_new_fields (Fixture *f, gconstpointer data)
{
  g_assert_null (put_new (f->member, "DoNotAcceptAnyCalls", FALSE));
  g_assert_cmpuint (f->heard.phone, ==, 0);
  g_assert_cmpstr (ps_tenant_phone_shown (f->member).dnd_status, ==, "TakeAllCalls");
  g_assert_null (ps_tenant_phone_shown (f->member).dnd_status_personal);
}

static void
test_new_call_handling (Fixture *f, gconstpointer data)
{
  PsTenantPhoneShown shown = ps_tenant_phone_shown (f->member);
  PsTenantPhoneInside inside;

  g_assert_cmpstr (shown.dnd_status_personal, ==, "TakeAllCalls");
  g_assert_true (shown.accept_call_queue_calls);
  g_assert_false (ps_tenant_phone_shown (f->loner).accept_call_queue_calls);
  /* dndStatus is not applicable. */
  g_assert_null (put_dnd (f->member, "DoNotAcceptAnyCalls"));
  g_assert_null (put_dnd (f->loner, "DoNotAcceptDepartmentCalls"));
  g_assert_cmpstr (put_dnd (f->loner, "Sometimes"), ==, "dndStatus");
  g_assert_cmpuint (f->heard.phone, ==, 0);
  g_assert_cmpstr (put_new (f->member, "DoNotAcceptDepartmentCalls", -1), ==, "dndStatusPersonal");

  g_assert_null (put_new (f->member, NULL, FALSE));
  g_assert_cmpstr (ps_tenant_phone_shown (f->member).dnd_status, ==, "DoNotAcceptDepartmentCalls");
  g_assert_false (ps_tenant_phone_would_ring (f->member, TRUE));
  g_assert_null (put_new (f->member, "DoNotAcceptAnyCalls", -1));
  g_assert_cmpstr (ps_tenant_phone_shown (f->member).dnd_status, ==, "DoNotAcceptAnyCalls");
  g_assert_false (ps_tenant_phone_would_ring (f->member, FALSE));
  g_assert_null (put_new (f->member, "TakeAllCalls", -1));
  g_assert_cmpstr (ps_tenant_phone_shown (f->member).dnd_status, ==, "DoNotAcceptDepartmentCalls");
  g_assert_cmpuint (f->heard.phone, ==, 3);
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_true (inside.queue_calls_by_client);
  g_assert_true (inside.person_accept_call_queue_calls);
  ps_tenant_phone_person_queue_calls (f->member, TRUE);
  ps_tenant_phone_person_choose (f->member, "DoNotDisturb");
  g_assert_true (ps_tenant_phone_shown (f->member).accept_call_queue_calls);
  ps_tenant_phone_look_inside (f->member, &inside);
  g_assert_false (inside.queue_calls_by_client);
  g_assert_false (inside.dnd_by_client);
}

static void
test_disabled (Fixture *f, gconstpointer data)
{
  PsTenantExtension *extension = nth_odd (f->world, PS_TENANT_ODD_RINGCENTRAL_DISABLED, 0)->extension;

  g_assert_cmpstr (ps_tenant_phone_shown (extension->phone).presence_status, ==, "Offline");
  g_assert_false (ps_tenant_phone_would_ring (extension->phone, FALSE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, is_new, func) g_test_add ("/tenant/model/phone/" path, Fixture, is_new, set_up, func, tear_down)
  ADD ("aggregate", NULL, test_aggregate);
  ADD ("one-event-per-change", NULL, test_one_event_per_change);
  ADD ("refused-writes", NULL, test_refused_writes);
  ADD ("message-raises-no-event", NULL, test_message_raises_no_event);
  ADD ("person-and-dnd", NULL, test_person_and_dnd);
  ADD ("person-and-dnd/new-call-handling", "new", test_person_and_dnd);
  ADD ("who-set-it", NULL, test_who_set_it);
  ADD ("calls", NULL, test_calls);
  ADD ("would-ring", NULL, test_would_ring);
  ADD ("old-ignores-new-fields", NULL, test_old_ignores_new_fields);
  ADD ("new-call-handling", "new", test_new_call_handling);
  ADD ("disabled", NULL, test_disabled);
  return g_test_run ();
}
