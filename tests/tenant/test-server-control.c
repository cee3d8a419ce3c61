/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The control interface as a tester uses it.
 */
#include "config.h"

#include "ps-tenant-phone.h"
#include "ps-tenant-teams.h"
#include "test-server-fixture.h"

#include <string.h>

#define APPLICATION "5d1b7c3e-8f04-4a6e-9c52-70d3ad4c1e11"

typedef struct {
  TestServer *test;
  PsTenantWorld *world;
  PsTenantPerson *person; /* has both sides, and is in a call queue */
  char *path;             /* /control/people/{who} */
} Fixture;

static PsTenantPerson *
somebody (PsTenantWorld *world)
{
  const GPtrArray *people = ps_tenant_world_people (world);

  for (guint i = 0; i < people->len; i++) {
    PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->odd == PS_TENANT_ODD_NOTHING && person->microsoft != NULL && person->extension != NULL &&
        !person->extension->admin && person->extension->queue_ids->len > 0)
      return person;
  }
  g_assert_not_reached ();
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->test = test_server_new (NULL);
  ps_tenant_microsoft_attach (fixture->test->server);
  ps_tenant_ringcentral_attach (fixture->test->server);
  ps_tenant_control_attach (fixture->test->server);
  fixture->world = ps_tenant_server_world (fixture->test->server);
  fixture->person = somebody (fixture->world);
  fixture->path = g_strconcat ("/control/people/", fixture->person->microsoft->user_principal_name, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_server_free (fixture->test);
  g_free (fixture->path);
}

/* @part is added to the person's path. */
static TestAnswer *
act (Fixture *fixture, const char *method, const char *part, const char *body, guint status)
{
  g_autofree char *target = g_strconcat (fixture->path, part, NULL);

  return test_server_json (fixture->test, method, target, body, status);
}

static void
done (Fixture *fixture, const char *method, const char *target, const char *body)
{
  g_autoptr (TestAnswer) answer = test_server_ask (fixture->test, method, target, "application/json", body);

  g_assert_no_error (answer->error);
  g_assert_cmpuint (answer->status, ==, 204);
  g_assert_cmpuint (answer->size, ==, 0);
}

static void
test_state (Fixture *fixture, gconstpointer data)
{
  static const char *const texts[] = {
    "login_url",      "graph_url",     "ringcentral_url",  "control_url",           "tenant_id",
    "client_id",      "client_secret", "public_client_id", "ringcentral_client_id", "ringcentral_client_secret",
    "ringcentral_jwt"
  };
  g_autoptr (TestAnswer) answer = test_server_json (fixture->test, "GET", "/control/state", NULL, 200);

  g_assert_cmpstr (test_json_string (answer->json, "$.time"), ==, "2026-01-06T09:00:00.000Z");
  g_assert_cmpint (test_json_int (answer->json, "$.time_ms"), ==, ps_tenant_world_now (fixture->world));
  g_assert_cmpint (test_json_int (answer->json, "$.users"), ==, 40);
  g_assert_cmpint (test_json_int (answer->json, "$.sockets"), ==, 0);
  g_assert_cmpint (test_json_int (answer->json, "$.requests.total"), ==, 0);
  g_assert_cmpint (test_json_int (answer->json, "$.tenant.users"), ==, 40);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *path = g_strconcat ("$.tenant.", texts[i], NULL);

    g_assert_cmpuint (strlen (test_json_string (answer->json, path)), >, 8);
  }
}

static void
test_people (Fixture *fixture, gconstpointer data)
{
  const PsTenantPerson *person = fixture->person;
  g_autoptr (TestAnswer) all = test_server_json (fixture->test, "GET", "/control/people?limit=20000", NULL, 200);
  g_autoptr (TestAnswer) page = test_server_json (fixture->test, "GET", "/control/people?offset=3&limit=2", NULL, 200);
  g_autoptr (TestAnswer) nobody = test_server_json (fixture->test, "GET", "/control/people?search=xyzzy", NULL, 200);
  g_autofree char *id = g_strdup_printf ("/control/people/%" G_GINT64_FORMAT, person->extension->id);
  g_autofree char *guid = g_strconcat ("/control/people/", person->microsoft->id, NULL);
  g_autofree char *search = g_strconcat ("/control/people?search=", person->microsoft->user_principal_name, NULL);
  const char *const targets[] = { id, guid, fixture->path };
  guint total = (guint) test_json_int (all->json, "$.total");

  g_assert_cmpuint (total, ==, ps_tenant_world_people (fixture->world)->len);
  g_assert_cmpuint (test_json_length (all->json, "$.people"), ==, total);
  g_assert_cmpuint (test_json_length (page->json, "$.people"), ==, 2);
  g_assert_cmpint (test_json_int (page->json, "$.total"), ==, total);
  g_assert_cmpint (test_json_int (nobody->json, "$.total"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++) {
    g_autoptr (TestAnswer) one = test_server_json (fixture->test, "GET", targets[i], NULL, 200);

    g_assert_cmpstr (test_json_string (one->json, "$.microsoft.id"), ==, person->microsoft->id);
    g_assert_cmpint (test_json_int (one->json, "$.ringcentral.id"), ==, person->extension->id);
  }
  {
    g_autoptr (TestAnswer) found = test_server_json (fixture->test, "GET", search, NULL, 200);

    g_assert_cmpint (test_json_int (found->json, "$.total"), ==, 1);
  }
}

static void
test_teams (Fixture *fixture, gconstpointer data)
{
  PsTenantTeams *teams = fixture->person->microsoft->teams;
  g_autoptr (TestAnswer) client =
      act (fixture, "POST", "/teams", "{\"availability\":\"Busy\",\"activity\":\"InACall\"}", 200);
  g_autoptr (TestAnswer) chosen = NULL, reset = NULL;

  g_assert_cmpstr (test_json_string (client->json, "$.microsoft.shown.activity"), ==, "InACall");
  chosen = act (fixture, "POST", "/teams", "{\"choose\":\"DoNotDisturb\",\"out_of_office\":true}", 200);
  g_assert_cmpstr (test_json_string (chosen->json, "$.microsoft.shown.availability"), ==, "DoNotDisturb");
  g_assert_false (test_json_bool (chosen->json, "$.microsoft.preferred.by_application"));
  g_assert_true (test_json_bool (chosen->json, "$.microsoft.shown.out_of_office"));
  g_assert_cmpstr (ps_tenant_teams_shown (teams).availability, ==, "DoNotDisturb");
  reset = act (fixture, "POST", "/teams", "{\"choose\":null}", 200);
  g_assert_cmpstr (test_json_string (reset->json, "$.microsoft.shown.availability"), ==, "Busy");
  g_assert_null (test_json_string (reset->json, "$.microsoft.preferred"));
}

static gboolean
rings (Fixture *fixture, const char *queue)
{
  g_autofree char *part = g_strconcat ("/ring?queue=", queue, NULL);
  g_autoptr (TestAnswer) answer = act (fixture, "GET", part, NULL, 200);

  return test_json_bool (answer->json, "$.rings");
}

static void
test_phone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) dnd = NULL, queue = NULL, meeting = NULL;

  test_answer_free (act (fixture, "POST", "/phone", "{\"choose\":\"Available\",\"queue_calls\":true}", 200));
  g_assert_true (rings (fixture, "0"));
  g_assert_true (rings (fixture, "1"));
  queue = act (fixture, "POST", "/phone", "{\"queue_calls\":false}", 200);
  g_assert_cmpstr (test_json_string (queue->json, "$.ringcentral.shown.dnd_status"), ==, "DoNotAcceptDepartmentCalls");
  g_assert_true (rings (fixture, "0"));
  g_assert_false (rings (fixture, "1"));
  dnd = act (fixture, "POST", "/phone", "{\"choose\":\"DoNotDisturb\"}", 200);
  g_assert_cmpstr (test_json_string (dnd->json, "$.ringcentral.shown.dnd_status"), ==, "DoNotAcceptAnyCalls");
  g_assert_false (rings (fixture, "0"));
  meeting = act (fixture, "POST", "/phone", "{\"meeting\":true,\"forward_all\":true}", 200);
  g_assert_cmpstr (test_json_string (meeting->json, "$.ringcentral.shown.meeting_status"), ==, "Connected");
  g_assert_true (test_json_bool (meeting->json, "$.ringcentral.shown.forward_all"));
}

static void
test_calls (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) begun =
      act (fixture, "POST", "/calls", "{\"action\":\"begin\",\"inbound\":true,\"status\":\"Ringing\"}", 200);
  g_autofree char *hold =
      g_strdup_printf ("{\"action\":\"status\",\"status\":\"OnHold\",\"call\":%" G_GINT64_FORMAT "}",
                       test_json_int (begun->json, "$.call"));
  g_autoptr (TestAnswer) ringing = act (fixture, "GET", "", NULL, 200);
  g_autoptr (TestAnswer) held = NULL, ended = NULL, none = NULL;

  g_assert_cmpstr (test_json_string (ringing->json, "$.ringcentral.shown.calls[0].status"), ==, "Ringing");
  held = act (fixture, "POST", "/calls", hold, 200);
  g_assert_true (test_json_bool (held->json, "$.changed"));
  ended = act (fixture, "POST", "/calls", "{\"action\":\"end\"}", 200);
  g_assert_cmpint (test_json_int (ended->json, "$.call"), ==, test_json_int (begun->json, "$.call"));
  none = act (fixture, "POST", "/calls", "{\"action\":\"end\"}", 409);
  g_assert_nonnull (test_json_string (none->json, "$.error"));
  for (guint i = 0; i < 12; i++)
    test_answer_free (act (fixture, "POST", "/calls", "{\"action\":\"begin\",\"inbound\":false}", 200));
  test_answer_free (act (fixture, "POST", "/calls", "{\"action\":\"begin\"}", 409));
}

static void
test_directory (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) hired = test_server_json (fixture->test, "POST", "/control/people",
                                                   "{\"first_name\":\"Zoë\",\"last_name\":\"Tester\"}", 201);
  g_autofree char *path = g_strconcat ("/control/people/", test_json_string (hired->json, "$.microsoft.id"), NULL);
  g_autofree char *directory = g_strconcat (path, "/directory", NULL);
  g_autoptr (TestAnswer) changed = NULL, gone = NULL, state = NULL;

  changed = test_server_json (fixture->test, "POST", directory,
                              "{\"microsoft_enabled\":false,\"extension_status\":\"Disabled\"}", 200);
  g_assert_false (test_json_bool (changed->json, "$.microsoft.enabled"));
  g_assert_cmpstr (test_json_string (changed->json, "$.ringcentral.status"), ==, "Disabled");
  state = test_server_json (fixture->test, "GET", "/control/state", NULL, 200);
  g_assert_cmpint (test_json_int (state->json, "$.users"), ==, 41);
  done (fixture, "DELETE", path, NULL);
  gone = test_server_json (fixture->test, "GET", path, NULL, 404);
  g_assert_nonnull (test_json_string (gone->json, "$.error"));
}

static guint
ours (Fixture *fixture, const char *what)
{
  g_autofree char *path = g_strconcat ("$.counts.", what, NULL);
  g_autoptr (TestAnswer) answer = test_server_json (fixture->test, "GET", "/control/ours", NULL, 200);

  return (guint) test_json_int (answer->json, path);
}

static void
test_ours (Fixture *fixture, gconstpointer data)
{
  PsTenantTeams *teams = fixture->person->microsoft->teams;
  PsTenantPhone *phone = fixture->person->extension->phone;
  PsTenantPhoneWrite dnd = PS_TENANT_PHONE_WRITE_INIT, back = PS_TENANT_PHONE_WRITE_INIT,
                     busy = PS_TENANT_PHONE_WRITE_INIT;

  ps_tenant_phone_person_choose (phone, "Available");
  ps_tenant_phone_person_queue_calls (phone, TRUE);
  ps_tenant_teams_person_choose (teams, "Busy");
  g_assert_cmpuint (ours (fixture, "total"), ==, 0);

  g_assert_cmpint (ps_tenant_teams_set_presence (teams, APPLICATION, "Busy", "InACall", 600), ==, PS_TENANT_TEAMS_OK);
  g_assert_cmpint (ps_tenant_teams_set_preferred (teams, APPLICATION, "DoNotDisturb", "DoNotDisturb", 3600), ==,
                   PS_TENANT_TEAMS_OK);
  dnd.dnd_status = "DoNotAcceptAnyCalls";
  g_assert_null (ps_tenant_phone_put (phone, &dnd));
  busy.user_status = "Busy";
  g_assert_null (ps_tenant_phone_put (phone, &busy));
  g_assert_cmpuint (ours (fixture, "sessions"), ==, 1);
  g_assert_cmpuint (ours (fixture, "preferred"), ==, 1);
  g_assert_cmpuint (ours (fixture, "phone"), ==, 2);

  /* The session ends by itself; what was written to the phone is taken back. */
  ps_tenant_server_advance (fixture->test->server, 600 * 1000);
  ps_tenant_teams_clear_preferred (teams, APPLICATION);
  back.dnd_status = "TakeAllCalls";
  back.user_status = "Available";
  g_assert_null (ps_tenant_phone_put (phone, &back));
  g_assert_cmpuint (ours (fixture, "total"), ==, 0);
}

static void
test_switches (Fixture *fixture, gconstpointer data)
{
  g_autoptr (TestAnswer) time = NULL, speed = NULL, faults = NULL, cleared = NULL, requests = NULL, mail = NULL,
                         cut = NULL;
  gint64 before_ms = ps_tenant_world_now (fixture->world);

  time = test_server_json (fixture->test, "POST", "/control/time", "{\"advance_ms\":90000}", 200);
  g_assert_cmpint (test_json_int (time->json, "$.time_ms"), ==, before_ms + 90000);
  speed = test_server_json (fixture->test, "POST", "/control/time", "{\"speed\":2.5}", 200);
  g_assert_cmpfloat (ps_tenant_server_speed (fixture->test->server), ==, 2.5);

  faults = test_server_json (fixture->test, "POST", "/control/faults",
                             "{\"name\":\"status@PUT /x*3\",\"value\":\"503\"}", 200);
  g_assert_cmpstr (test_json_string (faults->json, "$.faults[0].method"), ==, "PUT");
  g_assert_cmpstr (test_json_string (faults->json, "$.faults[0].path"), ==, "/x");
  g_assert_cmpint (test_json_int (faults->json, "$.faults[0].left"), ==, 3);
  done (fixture, "DELETE", "/control/faults", NULL);
  cleared = test_server_json (fixture->test, "GET", "/control/faults", NULL, 200);
  g_assert_cmpuint (test_json_length (cleared->json, "$.faults"), ==, 0);

  test_answer_free (test_server_ask (fixture->test, "GET", "/nowhere", NULL, NULL));
  requests = test_server_json (fixture->test, "GET", "/control/requests", NULL, 200);
  g_assert_cmpint (test_json_int (requests->json, "$.total"), ==, 1);
  done (fixture, "DELETE", "/control/requests", NULL);
  g_clear_pointer (&requests, test_answer_free);
  requests = test_server_json (fixture->test, "GET", "/control/requests", NULL, 200);
  g_assert_cmpint (test_json_int (requests->json, "$.total"), ==, 0);

  done (fixture, "POST", "/control/churn", "{\"per_second\":0.5}");
  g_assert_cmpfloat (ps_tenant_world_options (fixture->world)->churn_per_second, ==, 0.5);
  done (fixture, "POST", "/control/limits", "{\"group\":\"Medium\",\"per_minute\":400,\"penalty_s\":30}");
  mail = test_server_json (fixture->test, "GET", "/control/mail", NULL, 200);
  g_assert_cmpuint (test_json_length (mail->json, "$.mail"), ==, 0);
  cut = test_server_json (fixture->test, "POST", "/control/sockets/cut", NULL, 200);
  g_assert_cmpint (test_json_int (cut->json, "$.cut"), ==, 0);
}

static guint
sum_of_sequences (Fixture *fixture)
{
  const GPtrArray *people = ps_tenant_world_people (fixture->world);
  guint64 sum = 0;

  for (guint i = 0; i < people->len; i++) {
    const PsTenantPerson *person = g_ptr_array_index (people, i);

    if (person->microsoft != NULL)
      sum += ps_tenant_teams_shown (person->microsoft->teams).sequence;
    if (person->extension != NULL && person->extension->phone != NULL)
      sum += ps_tenant_phone_shown (person->extension->phone).sequence;
  }
  return (guint) sum;
}

/* A hundred seconds at two a second: about 200 changes, and none once it is off again. */
static void
test_churn (Fixture *fixture, gconstpointer data)
{
  guint before, after;

  done (fixture, "POST", "/control/churn", "{\"per_second\":2}");
  before = sum_of_sequences (fixture);
  test_answer_free (test_server_json (fixture->test, "POST", "/control/time", "{\"advance_ms\":100000}", 200));
  after = sum_of_sequences (fixture);
  g_assert_cmpuint (after - before, >, 100);
  done (fixture, "POST", "/control/churn", "{\"per_second\":0}");
  test_answer_free (test_server_json (fixture->test, "POST", "/control/time", "{\"advance_ms\":100000}", 200));
  g_assert_cmpuint (sum_of_sequences (fixture), ==, after);
}

static void
test_wrong_requests (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *method, *target, *body;
    guint status;
  } rows[] = {
    { "GET", "/control/people/nobody@nowhere.example", NULL, 404 },
    { "GET", "/control/people?limit=many", NULL, 400 },
    { "GET", "/control/people?limit=20001", NULL, 400 },
    { "POST", "/control/people", "{\"first_name\":\"Ana\"}", 400 },
    { "POST", "/control/people", "{\"first_name\":1,\"last_name\":\"B\"}", 400 },
    { "POST", "{who}/teams", "{}", 400 },
    { "POST", "{who}/teams", "[]", 400 },
    { "POST", "{who}/teams", "{\"availability\":", 400 },
    { "POST", "{who}/teams", "{\"availability\":5}", 400 },
    { "POST", "{who}/teams", "{\"availability\":\"Busy/InACall\"}", 400 },
    { "POST", "{who}/teams", "{\"activity\":\"InACall\"}", 400 },
    { "POST", "{who}/teams", "{\"choose\":\"Sleeping\"}", 400 },
    { "POST", "{who}/teams", "{\"avail\":\"Busy\"}", 400 },
    { "POST", "{who}/phone", "{\"choose\":\"Away\"}", 400 },
    { "POST", "{who}/phone", "{\"meeting\":\"yes\"}", 400 },
    { "POST", "{who}/calls", "{\"action\":\"begin\",\"status\":\"Whistling\"}", 400 },
    { "POST", "{who}/calls", "{\"action\":\"dance\"}", 400 },
    { "POST", "{who}/calls", "{\"action\":\"end\",\"call\":\"1\"}", 400 },
    { "GET", "{who}/ring?queue=yes", NULL, 400 },
    { "POST", "{who}/directory", "{\"extension_status\":\"Lost\"}", 400 },
    { "POST", "/control/faults", "{\"name\":\"delay\"}", 400 },
    { "POST", "/control/faults", "{\"name\":\"delay*0\",\"value\":\"1\"}", 400 },
    { "POST", "/control/faults", "{\"name\":\"delay=3\",\"value\":\"1\"}", 400 },
    { "POST", "/control/faults", "{\"name\":\"status\",\"value\":\"twice\"}", 400 },
    { "POST", "/control/limits", "{\"group\":\"Medium\"}", 400 },
    { "POST", "/control/limits", "{\"group\":\"Tiny\",\"per_minute\":5}", 400 },
    { "POST", "/control/time", "{}", 400 },
    { "POST", "/control/time", "{\"advance_ms\":-1}", 400 },
    { "POST", "/control/time", "{\"speed\":1e300}", 400 },
    { "POST", "/control/churn", "{\"per_second\":\"2\"}", 400 },
    { "GET", "/control/nothing", NULL, 404 },
    { "PUT", "/control/state", "{}", 405 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gboolean who = g_str_has_prefix (rows[i].target, "{who}");
    g_autofree char *target = who ? g_strconcat (fixture->path, rows[i].target + 5, NULL) : g_strdup (rows[i].target);
    g_autoptr (TestAnswer) answer = NULL;

    g_test_message ("%s %s %s", rows[i].method, target, rows[i].body);
    answer = test_server_json (fixture->test, rows[i].method, target, rows[i].body, rows[i].status);
    g_assert_cmpuint (strlen (test_json_string (answer->json, "$.error")), >, 10);
  }
}

static void
result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

/* What a browser adds to a request that a page on another site started. */
static void
test_web_pages (Fixture *fixture, gconstpointer data)
{
  static const struct {
    const char *name, *value;
    guint status;
  } rows[] = {
    { "Origin", "https://evil.example", 403 },
    { "Host", "evil.example:80", 403 },
    { "Host", "localhost.evil.example", 403 },
    { "Host", "localhost:1", 200 },
    { "Host", "[::1]:1", 200 },
    { "X-Other", "1", 200 },
  };
  g_autofree char *address = g_strconcat (ps_tenant_server_origin (fixture->test->server), "/control/state", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (SoupMessage) message = soup_message_new ("GET", address);
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (GBytes) body = NULL;

    soup_message_headers_replace (soup_message_get_request_headers (message), rows[i].name, rows[i].value);
    soup_session_send_and_read_async (fixture->test->session, message, G_PRIORITY_DEFAULT, NULL, result_cb, &result);
    test_wait (test_is_set, &result);
    body = soup_session_send_and_read_finish (fixture->test->session, result, NULL);
    g_assert_nonnull (body);
    g_assert_cmpuint (soup_message_get_status (message), ==, rows[i].status);
  }
}

#define ADD(name, func) g_test_add ("/tenant/server/control/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("state", test_state);
  ADD ("people", test_people);
  ADD ("teams", test_teams);
  ADD ("phone", test_phone);
  ADD ("calls", test_calls);
  ADD ("directory", test_directory);
  ADD ("ours", test_ours);
  ADD ("switches", test_switches);
  ADD ("churn", test_churn);
  ADD ("wrong-requests", test_wrong_requests);
  ADD ("web-pages", test_web_pages);
  return g_test_run ();
}
