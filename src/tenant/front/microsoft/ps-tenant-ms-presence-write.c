/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writing presence: sessions, the preferred slot, the status message. Each on both path forms and on /me.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-presence.h"

#include <string.h>

#define LONGEST_STATUS 280

gboolean
ps_tenant_ms_duration (const char *text, gint64 *seconds)
{
  static const struct {
    char unit;
    gboolean in_time;
    gint64 seconds;
  } units[] = { { 'D', FALSE, 86400 }, { 'H', TRUE, 3600 }, { 'M', TRUE, 60 }, { 'S', TRUE, 1 } };
  gboolean in_time = FALSE, any = FALSE;
  guint next = 0;

  if (*text++ != 'P')
    return FALSE;
  *seconds = 0;
  while (*text != '\0') {
    char *end;
    guint64 number;
    guint i;

    if (*text == 'T' && !in_time) {
      in_time = TRUE;
      text++;
    }
    if (!g_ascii_isdigit (*text))
      return FALSE;
    number = g_ascii_strtoull (text, &end, 10);
    for (i = next; i < G_N_ELEMENTS (units) && (units[i].unit != *end || units[i].in_time != in_time); i++)
      continue;
    if (i == G_N_ELEMENTS (units) || number > 1000000)
      return FALSE;
    *seconds += (gint64) number * units[i].seconds;
    next = i + 1;
    text = end + 1;
    any = TRUE;
  }
  return any;
}

/* Who is to be written to. People may only write their own presence, whatever their role. */
static PsTenantMicrosoftUser *
writable_user (PsTenantMsCall *call)
{
  PsTenantMicrosoftUser *user = ps_tenant_ms_presence_user (call);

  if (user == NULL || call->claims->user_id == NULL || g_ascii_strcasecmp (call->claims->user_id, user->id) == 0)
    return user;
  ps_tenant_ms_error (call, 401, "Unauthorized", "Cannot set the presence of another user.");
  return NULL;
}

/* sessionId is the application's own client id, "exactly one session per (app, user)". */
static gboolean
check_session (PsTenantMsCall *call, JsonObject *body)
{
  const char *session = ps_tenant_ms_json_get_string (body, "sessionId");

  if (session != NULL && g_ascii_strcasecmp (session, call->claims->app_id) == 0)
    return TRUE;
  ps_tenant_ms_error (call, 400, "BadRequest", "The sessionId must be the id of the calling application.");
  return FALSE;
}

/* @seconds is 0 if the body has no duration. */
static gboolean
read_duration (PsTenantMsCall *call, JsonObject *body, gint64 *seconds)
{
  const char *text = ps_tenant_ms_json_get_string (body, "expirationDuration");

  *seconds = 0;
  if (!json_object_has_member (body, "expirationDuration") || json_object_get_null_member (body, "expirationDuration"))
    return TRUE;
  if (text != NULL && ps_tenant_ms_duration (text, seconds) && *seconds > 0)
    return TRUE;
  ps_tenant_ms_error (call, 400, "BadRequest", "The expirationDuration is not valid.");
  return FALSE;
}

/* "200 with an empty body." */
static void
answer_result (PsTenantMsCall *call, PsTenantTeamsResult result)
{
  switch (result) {
  case PS_TENANT_TEAMS_OK:
    call->reply->status = 200;
    break;
  case PS_TENANT_TEAMS_BAD_PAIR:
    ps_tenant_ms_error (call, 400, "BadRequest", "The combination of availability and activity is not supported.");
    break;
  case PS_TENANT_TEAMS_BAD_DURATION:
    ps_tenant_ms_error (call, 400, "BadRequest", "The expirationDuration is out of range.");
    break;
  case PS_TENANT_TEAMS_NO_SESSION:
  default:
    ps_tenant_ms_error (call, 404, "NotFound", "The presence session was not found.");
    break;
  }
}

typedef PsTenantTeamsResult (*SetFunc) (PsTenantTeams *teams, const char *application_id, const char *availability,
                                        const char *activity, gint64 duration_s);

static void
set_with (PsTenantMsCall *call, SetFunc func, gboolean in_session)
{
  g_autoptr (JsonObject) body = NULL;
  PsTenantMicrosoftUser *user = writable_user (call);
  const char *availability, *activity;
  gint64 seconds;

  if (user == NULL)
    return;
  body = ps_tenant_ms_body (call);
  if (body == NULL || (in_session && !check_session (call, body)) || !read_duration (call, body, &seconds))
    return;
  availability = ps_tenant_ms_json_get_string (body, "availability");
  activity = ps_tenant_ms_json_get_string (body, "activity");
  if (availability == NULL || activity == NULL)
    ps_tenant_ms_error (call, 400, "BadRequest", "The parameters 'availability' and 'activity' are required.");
  else
    answer_result (call, func (user->teams, call->claims->app_id, availability, activity, seconds));
}

static void
set_presence (PsTenantMsCall *call)
{
  set_with (call, ps_tenant_teams_set_presence, TRUE);
}

static void
set_preferred (PsTenantMsCall *call)
{
  set_with (call, ps_tenant_teams_set_preferred, FALSE);
}

static void
clear_presence (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = NULL;
  PsTenantMicrosoftUser *user = writable_user (call);

  if (user == NULL)
    return;
  body = ps_tenant_ms_body (call);
  if (body != NULL && check_session (call, body))
    answer_result (call, ps_tenant_teams_clear_presence (user->teams, call->claims->app_id));
}

static void
clear_preferred (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = NULL;
  PsTenantMicrosoftUser *user = writable_user (call);

  if (user == NULL)
    return;
  /* An action without parameters: no body at all is as good as {}. */
  if (g_bytes_get_size (call->request->body) > 0) {
    body = ps_tenant_ms_body (call);
    if (body == NULL)
      return;
  }
  answer_result (call, ps_tenant_teams_clear_preferred (user->teams, call->claims->app_id));
}

/* dateTime carries no offset; only UTC is modelled, another zone is refused rather than misread.
 * Returns: FALSE if @expiry is not understood. */
static gboolean
read_expiry (JsonObject *expiry, gint64 *expires_ms)
{
  const char *text = ps_tenant_ms_json_get_string (expiry, "dateTime");
  const char *zone = ps_tenant_ms_json_get_string (expiry, "timeZone");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL || (zone != NULL && g_ascii_strcasecmp (zone, "UTC") != 0))
    return FALSE;
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL)
    return FALSE;
  *expires_ms = g_date_time_to_unix (time) * 1000;
  return TRUE;
}

static const char *
status_problem (JsonObject *status, JsonObject *message, gint64 *expires_ms)
{
  JsonObject *expiry = status != NULL ? ps_tenant_ms_json_get_object (status, "expiryDateTime") : NULL;
  const char *content = message != NULL ? ps_tenant_ms_json_get_string (message, "content") : NULL;
  const char *type = message != NULL ? ps_tenant_ms_json_get_string (message, "contentType") : NULL;

  *expires_ms = G_MAXINT64;
  if (content == NULL)
    return "The parameter 'statusMessage' is not valid.";
  if (type != NULL && g_ascii_strcasecmp (type, "text") != 0)
    return "Only text is supported as the content type of a status message.";
  if (g_utf8_strlen (content, -1) > LONGEST_STATUS)
    return "The status message is too long.";
  if (expiry != NULL && !read_expiry (expiry, expires_ms))
    return "The expiryDateTime of the status message is not valid.";
  return NULL;
}

static void
store_status (PsTenantMsCall *call, PsTenantMicrosoftUser *user, JsonObject *status, JsonObject *message,
              gint64 expires_ms)
{
  PsTenantMsStatus *before = g_hash_table_lookup (call->ms->status_messages, user->id);
  PsTenantMsStatus *now = g_new0 (PsTenantMsStatus, 1);
  JsonObject *expiry = ps_tenant_ms_json_get_object (status, "expiryDateTime");
  const char *content = ps_tenant_ms_json_get_string (message, "content");

  now->version = before != NULL ? before->version + 1 : 1;
  now->content = *content != '\0' ? g_strdup (content) : NULL;
  now->content_type = g_strdup ("text");
  now->published_ms = call->request->now_ms;
  now->expires_ms = expires_ms;
  if (expiry != NULL) {
    now->expiry = g_strdup (ps_tenant_ms_json_get_string (expiry, "dateTime"));
    now->expiry_zone = g_strdup ("UTC");
  }
  g_hash_table_insert (call->ms->status_messages, g_strdup (user->id), now);
}

static void
set_status_message (PsTenantMsCall *call)
{
  g_autoptr (JsonObject) body = NULL;
  PsTenantMicrosoftUser *user = writable_user (call);
  JsonObject *status, *message;
  const char *problem;
  gint64 expires_ms;

  if (user == NULL)
    return;
  body = ps_tenant_ms_body (call);
  if (body == NULL)
    return;
  status = ps_tenant_ms_json_get_object (body, "statusMessage");
  message = status != NULL ? ps_tenant_ms_json_get_object (status, "message") : NULL;
  problem = status_problem (status, message, &expires_ms);
  if (problem != NULL)
    ps_tenant_ms_error (call, 400, "BadRequest", "%s", problem);
  else
    store_status (call, user, status, message, expires_ms);
}

#define ROLES  "Presence.ReadWrite.All"
#define SCOPES "Presence.ReadWrite"
#define ACTION(name, func)                                                                                             \
  { "POST", "/v1.0/users/{id}/presence/" name, func, PS_TENANT_MS_PRESENCE, ROLES, SCOPES },                           \
      { "POST", "/v1.0/communications/presences/{id}/" name, func, PS_TENANT_MS_PRESENCE, ROLES, SCOPES },             \
  {                                                                                                                    \
    "POST", "/v1.0/me/presence/" name, func, PS_TENANT_MS_PRESENCE, NULL, SCOPES                                       \
  }

const PsTenantMsRoute ps_tenant_ms_presence_write_routes[] = {
  ACTION ("setPresence", set_presence),
  ACTION ("clearPresence", clear_presence),
  ACTION ("setUserPreferredPresence", set_preferred),
  ACTION ("clearUserPreferredPresence", clear_preferred),
  ACTION ("setStatusMessage", set_status_message),
  { NULL },
};
