/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The RingCentral client against the demo tenant, whose words and rules are its own.
 */
#include "config.h"

#include "ps-error.h"
#include "ringcentral-on-tenant.h"

static void
test_account (void)
{
  for (gboolean new_call_handling = FALSE; new_call_handling <= TRUE; new_call_handling++) {
    OnTenant *on = on_tenant_new (40, new_call_handling);
    g_autofree char *account_id = g_strdup_printf ("%" G_GINT64_FORMAT, ps_tenant_world_account_id (on->world));
    g_autofree char *own_id = on_tenant_id (ps_tenant_world_admin (on->world));
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (PsRingCentralAccount) account = NULL;

    ps_ringcentral_client_read_account_async (on->client, NULL, on_tenant_result_cb, &result);
    wait_until (result != NULL);
    account = ps_ringcentral_client_read_account_finish (on->client, result, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (account->account_id, ==, account_id);
    g_assert_cmpstr (account->account_name, ==, ps_tenant_world_company (on->world));
    g_assert_cmpstr (account->own_id, ==, own_id);
    g_assert_true (account->own_admin);
    g_assert_true (account->has_queues);
    g_assert_cmpint (account->new_call_handling, ==, new_call_handling);
    g_clear_object (&result);
    on_tenant_free (on);
  }
}

static void
test_permission (void)
{
  OnTenant *on = on_tenant_new (40, FALSE);
  g_autofree char *id = on_tenant_id (on_tenant_user (on, 0, TRUE));

  for (gboolean admin = TRUE; admin >= FALSE; admin--) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    gboolean allowed = !admin;

    g_assert_true (ps_tenant_server_set_fault (on->server, "admin-removed", admin ? NULL : "1"));
    ps_ringcentral_client_check_permission_async (on->client, "EditPresenceStatus", id, NULL, on_tenant_result_cb,
                                                  &result);
    wait_until (result != NULL);
    g_assert_true (ps_ringcentral_client_check_permission_finish (on->client, result, &allowed, &error));
    g_assert_no_error (error);
    g_assert_cmpint (allowed, ==, admin);
  }
  on_tenant_free (on);
}

/* More than one page of users; every one as the company has them. */
static void
test_users (void)
{
  OnTenant *on = on_tenant_new (1200, FALSE);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) users = NULL;
  guint in_queue = 0;

  ps_tenant_ringcentral_set_limit (on->server, "Light", 1000, 60);
  ps_tenant_ringcentral_set_limit (on->server, "Medium", 1000, 60);
  ps_ringcentral_client_read_users_async (on->client, NULL, on_tenant_result_cb, &result);
  wait_until (result != NULL);
  users = ps_ringcentral_client_read_users_finish (on->client, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (users->len, ==, 1200);
  for (guint i = 0; i < users->len; i++) {
    PsRingCentralUser *user = users->pdata[i];
    PsTenantExtension *extension = ps_tenant_world_find_extension (on->world, g_ascii_strtoll (user->id, NULL, 10));

    g_assert_nonnull (extension);
    g_assert_cmpstr (extension->type, ==, "User");
    g_assert_cmpstr (user->email, ==, extension->email);
    g_assert_cmpstr (user->name, ==, extension->name);
    g_assert_cmpstr (user->extension_number, ==, extension->extension_number);
    g_assert_cmpstr (user->site, ==, extension->site);
    g_assert_cmpint (user->status, ==, ps_extension_status_from_wire (extension->status));
    g_assert_cmpint (user->admin, ==, extension->admin);
    g_assert_cmpint (user->in_queue, ==, extension->queue_ids != NULL && extension->queue_ids->len > 0);
    in_queue += user->in_queue;
  }
  g_assert_cmpuint (in_queue, >, 0);
  g_assert_cmpuint (in_queue, <, 1200);
  g_clear_object (&result);
  on_tenant_free (on);
}

static PsPhonePresences *
sweep (OnTenant *on, guint page, gboolean *more)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  PsPhonePresences *found;

  ps_ringcentral_client_sweep_page_async (on->client, page, NULL, on_tenant_result_cb, &result);
  wait_until (result != NULL);
  found = ps_ringcentral_client_sweep_page_finish (on->client, result, more, &error);
  g_assert_no_error (error);
  return found;
}

static void
test_sweep (void)
{
  OnTenant *on = on_tenant_new (1200, FALSE);
  guint users = 0, page = 1;
  gboolean more = TRUE;

  g_assert_true (ps_tenant_phone_person_choose (on_tenant_user (on, 3, FALSE)->phone, "DoNotDisturb"));
  g_assert_true (ps_tenant_phone_person_choose (on_tenant_user (on, 4, FALSE)->phone, "Busy"));
  for (; more; page++) {
    g_autoptr (PsPhonePresences) found = sweep (on, page, &more);

    users += found->presences->len;
    for (guint i = 0; i < found->presences->len; i++) {
      PsPhonePresence *presence = &g_array_index (found->presences, PsPhonePresence, i);
      PsTenantExtension *extension =
          ps_tenant_world_find_extension (on->world, g_ascii_strtoll (presence->id, NULL, 10));
      PsTenantPhoneShown shown = ps_tenant_phone_shown (extension->phone);

      g_assert_cmpstr (ps_phone_status_to_wire (presence->reading.user_status), ==, shown.user_status);
      g_assert_cmpstr (ps_phone_calls_to_wire (presence->reading.calls), ==, shown.dnd_status);
      g_assert_cmpint (presence->reading.telephony, ==, ps_telephony_from_wire (shown.telephony_status));
    }
  }
  g_assert_cmpuint (page, ==, 3);
  /* Each user that has a presence, and none of the queues, menus and announcements. */
  g_assert_cmpuint (users, >, 1000);
  g_assert_cmpuint (users, <=, 1200);
  on_tenant_free (on);
}

static void
test_read_presences (void)
{
  OnTenant *on = on_tenant_new (40, FALSE);
  g_autofree char *first = on_tenant_id (on_tenant_user (on, 0, FALSE));
  g_autofree char *second = on_tenant_id (on_tenant_user (on, 1, FALSE));
  const char *const ids[] = { first, "999999", second };
  static const struct {
    guint from, n, found;
  } cases[] = { { 0, 3, 2 }, { 0, 1, 1 }, { 1, 1, 0 } };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GError) error = NULL;
    g_autoptr (PsPhonePresences) found = NULL;

    ps_ringcentral_client_read_presences_async (on->client, ids + cases[i].from, cases[i].n, NULL, on_tenant_result_cb,
                                                &result);
    wait_until (result != NULL);
    found = ps_ringcentral_client_read_presences_finish (on->client, result, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (found->presences->len, ==, cases[i].found);
    if (cases[i].found > 0)
      g_assert_cmpstr (g_array_index (found->presences, PsPhonePresence, 0).id, ==, first);
  }
  on_tenant_free (on);
}

static gboolean
write_presence (OnTenant *on, PsTenantExtension *extension, PsPhoneStatus status, PsPhoneCalls calls,
                PsPhoneReading *reading, GError **error)
{
  const PsPhoneWrite write = { status, calls };
  g_autofree char *id = on_tenant_id (extension);
  g_autoptr (GAsyncResult) result = NULL;

  ps_ringcentral_client_write_presence_async (on->client, id, &write, NULL, on_tenant_result_cb, &result);
  wait_until (result != NULL);
  return ps_ringcentral_client_write_presence_finish (on->client, result, reading, error);
}

/* Both kinds of call handling: what is written is what is there, and what is read back. */
static void
test_write (void)
{
  static const struct {
    PsPhoneStatus status;
    PsPhoneCalls calls;
    const char *user_status, *dnd_status;
  } steps[] = {
    { PS_PHONE_BUSY, PS_CALLS_UNKNOWN, "Busy", "TakeAllCalls" },
    { PS_PHONE_STATUS_UNKNOWN, PS_CALLS_NONE, "Busy", "DoNotAcceptAnyCalls" },
    { PS_PHONE_OFFLINE, PS_CALLS_NO_QUEUE, "Offline", "DoNotAcceptDepartmentCalls" },
    { PS_PHONE_AVAILABLE, PS_CALLS_ALL, "Available", "TakeAllCalls" },
  };

  for (gboolean new_call_handling = FALSE; new_call_handling <= TRUE; new_call_handling++) {
    OnTenant *on = on_tenant_new (40, new_call_handling);
    PsTenantExtension *extension = on_tenant_user (on, 0, TRUE);

    g_assert_true (ps_tenant_phone_person_choose (extension->phone, "Available"));
    g_assert_true (ps_tenant_phone_person_queue_calls (extension->phone, TRUE));
    for (gsize i = 0; i < G_N_ELEMENTS (steps); i++) {
      g_autoptr (GError) error = NULL;
      PsTenantPhoneShown shown;
      PsPhoneReading reading;

      g_assert_true (write_presence (on, extension, steps[i].status, steps[i].calls, &reading, &error));
      g_assert_no_error (error);
      shown = ps_tenant_phone_shown (extension->phone);
      g_assert_cmpstr (shown.user_status, ==, steps[i].user_status);
      g_assert_cmpstr (shown.dnd_status, ==, steps[i].dnd_status);
      g_assert_cmpstr (ps_phone_status_to_wire (reading.user_status), ==, steps[i].user_status);
      g_assert_cmpstr (ps_phone_calls_to_wire (reading.calls), ==, steps[i].dnd_status);
    }
    on_tenant_free (on);
  }
}

/* Somebody in no queue reads as taking all calls, with either call handling, and refuses the queue rule with the old
 * one. */
static void
test_no_queue (void)
{
  for (gboolean new_call_handling = FALSE; new_call_handling <= TRUE; new_call_handling++) {
    OnTenant *on = on_tenant_new (40, new_call_handling);
    PsTenantExtension *extension = on_tenant_user (on, 0, FALSE);
    g_autoptr (GError) error = NULL;
    PsPhoneReading reading;

    g_assert_true (write_presence (on, extension, PS_PHONE_BUSY, PS_CALLS_UNKNOWN, &reading, &error));
    g_assert_no_error (error);
    g_assert_cmpint (reading.calls, ==, PS_CALLS_ALL);
    if (!new_call_handling) {
      g_assert_false (write_presence (on, extension, PS_PHONE_STATUS_UNKNOWN, PS_CALLS_NO_QUEUE, &reading, &error));
      g_assert_error (error, PS_ERROR, PS_ERROR_REFUSED);
      g_assert_cmpuint (ps_error_details (error)->status, ==, 400);
    }
    on_tenant_free (on);
  }
}

static void
test_write_refused (void)
{
  static const struct {
    const char *fault, *value;
    PsError code;
  } cases[] = {
    { "admin-removed", "1", PS_ERROR_PERMISSION },       { "html@PUT /restapi/*", "1", PS_ERROR_BAD_REPLY },
    { "empty@PUT /restapi/*", "1", PS_ERROR_BAD_REPLY }, { "broken-json@PUT /restapi/*", "1", PS_ERROR_BAD_REPLY },
    { "torn@PUT /restapi/*", "1", PS_ERROR_NETWORK },    { "status@PUT /restapi/*", "503", PS_ERROR_SERVER },
    { "429@PUT /restapi/*", "60", PS_ERROR_THROTTLED }
  };
  OnTenant *on = on_tenant_new (40, FALSE);
  PsTenantExtension *extension = on_tenant_user (on, 0, FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    PsPhoneReading reading;

    g_test_message ("%s", cases[i].fault);
    g_assert_true (ps_tenant_server_set_fault (on->server, cases[i].fault, cases[i].value));
    g_assert_false (write_presence (on, extension, PS_PHONE_BUSY, PS_CALLS_UNKNOWN, &reading, &error));
    g_assert_error (error, PS_ERROR, (int) cases[i].code);
    g_assert_true (ps_tenant_server_set_fault (on->server, cases[i].fault, NULL));
  }
  /* The 429 was the last: the whole group is closed for the penalty. */
  g_assert_cmpint (
      ps_budget_closed_until (ps_transport_budget (ps_ringcentral_client_transport (on->client), "Medium")), >,
      ps_now_ms () + 50000);
  on_tenant_free (on);
}

/* The true limits are learned from the replies. */
static void
test_limits (void)
{
  OnTenant *on = on_tenant_new (40, FALSE);
  PsBudget *budget = ps_transport_budget (ps_ringcentral_client_transport (on->client), "Heavy");
  g_autoptr (PsPhonePresences) found = NULL;
  gboolean more;

  g_assert_cmpuint (ps_budget_limit (budget), ==, 10);
  ps_tenant_ringcentral_set_limit (on->server, "Heavy", 77, 60);
  found = sweep (on, 1, &more);
  g_assert_cmpuint (ps_budget_limit (budget), ==, 77);
  on_tenant_free (on);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ringcentral-on-tenant/account", test_account);
  g_test_add_func ("/ringcentral-on-tenant/permission", test_permission);
  g_test_add_func ("/ringcentral-on-tenant/users", test_users);
  g_test_add_func ("/ringcentral-on-tenant/sweep", test_sweep);
  g_test_add_func ("/ringcentral-on-tenant/read-presences", test_read_presences);
  g_test_add_func ("/ringcentral-on-tenant/write", test_write);
  g_test_add_func ("/ringcentral-on-tenant/no-queue", test_no_queue);
  g_test_add_func ("/ringcentral-on-tenant/write-refused", test_write_refused);
  g_test_add_func ("/ringcentral-on-tenant/limits", test_limits);

  return g_test_run ();
}
