/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Presence. The account's and the directory's replies are in ps-ringcentral-parser-account.c.
 */
#include "config.h"

#include "ps-ringcentral-parser.h"

#include <string.h>

#include "ps-error.h"
#include "ps-json.h"

char *
ps_ringcentral_id (JsonObject *object, const char *name)
{
  g_autofree char *id = ps_json_id (object, name);

  /* Ids go into paths; int64 has at most 19 digits. */
  if (id == NULL || strlen (id) > 20 || strspn (id, "0123456789") != strlen (id))
    return NULL;
  return g_steal_pointer (&id);
}

/* --- one presence --- */

/* A member that is a word of an enumeration. Absent and null are "not said"; another type breaks the contract. */
static const char *
word (JsonObject *object, const char *name, const char **broken)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return NULL;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING) {
    *broken = name;
    return NULL;
  }
  return json_node_get_string (node);
}

/* -1: not said. */
static int
flag (JsonObject *object, const char *name, const char **broken)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return -1;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    *broken = name;
    return -1;
  }
  return json_node_get_boolean (node);
}

/* With the new call handling dndStatus is not to be written any more, yet it still mirrors what it can ("User call
 * handling: states and rules"). It fills the holes that the new fields leave, and settles one doubt:
 * acceptCallQueueCalls is false by default, also for those in no queue, and they do not decline anything. */
static PsPhoneCalls
parse_calls (JsonObject *object, gboolean new_call_handling, const char **broken)
{
  PsPhoneCalls common = ps_phone_calls_from_wire (word (object, "dndStatus", broken));
  PsPhoneCalls personal;
  int accepts_queue_calls;

  if (!new_call_handling)
    return common;
  personal = ps_phone_calls_from_wire (word (object, "dndStatusPersonal", broken));
  accepts_queue_calls = flag (object, "acceptCallQueueCalls", broken);
  if (personal == PS_CALLS_NONE)
    return PS_CALLS_NONE;
  if (personal != PS_CALLS_ALL)
    return common;
  if (accepts_queue_calls > 0 || common == PS_CALLS_ALL)
    return PS_CALLS_ALL;
  return accepts_queue_calls == 0 || common == PS_CALLS_NO_QUEUE ? PS_CALLS_NO_QUEUE : PS_CALLS_UNKNOWN;
}

/* The aggregate is over all of the person's telephony and comes with each reading; telephonyStatus is left out of an
 * event that did not change it. */
static PsTelephony
parse_telephony (JsonObject *object, const char **broken)
{
  PsTelephony own = ps_telephony_from_wire (word (object, "telephonyStatus", broken));
  PsTelephony all = ps_telephony_from_wire (word (object, "aggregatedTelephonyStatus", broken));

  return all != PS_TELEPHONY_UNKNOWN ? all : own;
}

gboolean
ps_ringcentral_parse_presence (JsonObject *object, gboolean new_call_handling, PsPhoneReading *reading, GError **error)
{
  PsPhoneReading result = { 0 };
  const char *broken = NULL;
  const char *meeting;
  gint64 sequence;

  g_return_val_if_fail (object != NULL, FALSE);
  g_return_val_if_fail (reading != NULL, FALSE);

  result.user_status = ps_phone_status_from_wire (word (object, "userStatus", &broken));
  result.shown = ps_phone_status_from_wire (word (object, "presenceStatus", &broken));
  result.calls = parse_calls (object, new_call_handling, &broken);
  result.telephony = parse_telephony (object, &broken);
  result.hidden = flag (object, "allowSeeMyPresence", &broken) == FALSE;
  meeting = word (object, "meetingStatus", &broken);
  result.meeting = g_strcmp0 (meeting, "Connected") == 0;
  result.meeting_known = result.meeting || g_strcmp0 (meeting, "Disconnected") == 0;
  sequence = ps_json_integer (object, "sequence", 0);
  result.sequence = sequence > 0 ? (guint64) sequence : 0;

  if (broken != NULL) {
    g_propagate_error (error, ps_json_error (broken));
    return FALSE;
  }
  *reading = result;
  return TRUE;
}

gboolean
ps_ringcentral_parse_presence_body (GBytes *body, gboolean new_call_handling, PsPhoneReading *reading, GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);

  if (object == NULL)
    return FALSE;
  if (!json_object_has_member (object, "presenceStatus") && !json_object_has_member (object, "userStatus")) {
    g_propagate_error (error, ps_json_error ("no presence in it"));
    return FALSE;
  }
  return ps_ringcentral_parse_presence (object, new_call_handling, reading, error);
}

/* --- many presences --- */

PsPhonePresences *
ps_phone_presences_new (void)
{
  PsPhonePresences *presences = g_new0 (PsPhonePresences, 1);

  presences->presences = g_array_new (FALSE, FALSE, sizeof (PsPhonePresence));
  presences->strings = g_string_chunk_new (4096);
  return presences;
}

void
ps_phone_presences_free (PsPhonePresences *presences)
{
  if (presences == NULL)
    return;
  g_array_unref (presences->presences);
  g_string_chunk_free (presences->strings);
  g_free (presences);
}

void
ps_phone_presences_add (PsPhonePresences *presences, const char *id, const PsPhoneReading *reading)
{
  PsPhonePresence presence = { .id = g_string_chunk_insert (presences->strings, id), .reading = *reading };

  g_array_append_val (presences->presences, presence);
}

typedef enum {
  RECORD_TAKEN,
  RECORD_NOT_A_USER,
  RECORD_BROKEN,
} RecordResult;

/* @fallback_id: (nullable): the id that the envelope around the presence has. */
static RecordResult
take_record (JsonObject *record, const char *fallback_id, gboolean new_call_handling, PsPhonePresences *presences)
{
  g_autofree char *id = ps_ringcentral_id (ps_json_object (record, "extension"), "id");
  g_autoptr (GError) error = NULL;
  PsPhoneReading reading;

  if (record == NULL || (id == NULL && fallback_id == NULL))
    return RECORD_BROKEN;
  if (!json_object_has_member (record, "userStatus"))
    return RECORD_NOT_A_USER;
  if (!ps_ringcentral_parse_presence (record, new_call_handling, &reading, &error))
    return RECORD_BROKEN;
  ps_phone_presences_add (presences, id != NULL ? id : fallback_id, &reading);
  return RECORD_TAKEN;
}

static gboolean
has_more (JsonObject *object)
{
  JsonObject *paging = ps_json_object (object, "paging");
  gint64 page = ps_json_integer (paging, "page", 0);

  if (ps_json_string (ps_json_object (ps_json_object (object, "navigation"), "nextPage"), "uri") != NULL)
    return TRUE;
  return page > 0 && page < ps_json_integer (paging, "totalPages", 0);
}

gboolean
ps_ringcentral_parse_sweep (GBytes *body, gboolean new_call_handling, PsPhonePresences *presences, gboolean *more,
                            GError **error)
{
  g_autoptr (JsonObject) object = ps_json_parse_object (body, error);
  JsonArray *records = ps_json_array (object, "records");
  guint counts[3] = { 0 };

  if (object == NULL)
    return FALSE;
  if (records == NULL) {
    g_propagate_error (error, ps_json_error ("no records"));
    return FALSE;
  }
  for (guint i = 0; i < ps_json_length (records); i++)
    counts[take_record (ps_json_element_object (records, i), NULL, new_call_handling, presences)]++;
  if (counts[RECORD_BROKEN] > 0 && counts[RECORD_TAKEN] + counts[RECORD_NOT_A_USER] == 0) {
    g_propagate_error (error, ps_json_error ("no record that can be read"));
    return FALSE;
  }
  if (counts[RECORD_BROKEN] > 0)
    g_debug ("%u presences of %u cannot be read", counts[RECORD_BROKEN], ps_json_length (records));
  *more = has_more (object);
  return TRUE;
}

/* RingCentral guide "Batch requests": each part is {resourceId, status, body}, and may fail alone. */
gboolean
ps_ringcentral_parse_presence_parts (GBytes *body, gboolean new_call_handling, PsPhonePresences *presences,
                                     GError **error)
{
  g_autoptr (JsonArray) parts = ps_json_parse_array (body, error);

  if (parts == NULL)
    return FALSE;
  for (guint i = 0; i < ps_json_length (parts); i++) {
    JsonObject *part = ps_json_element_object (parts, i);
    g_autofree char *id = ps_ringcentral_id (part, "resourceId");
    gint64 status = ps_json_integer (part, "status", 0);

    if (part == NULL || status == 0) {
      g_propagate_error (error, ps_json_error ("a part without a status"));
      return FALSE;
    }
    if (status < 200 || status > 299)
      g_debug ("Presence of one extension is refused with status %" G_GINT64_FORMAT, status);
    else if (take_record (ps_json_object (part, "body"), id, new_call_handling, presences) == RECORD_BROKEN)
      g_debug ("Presence of one extension cannot be read");
  }
  return TRUE;
}

/* --- writing --- */

static void
add_text (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

/* The new call handling splits what dndStatus says: Do Not Disturb, and the queue switch beneath it, which Do Not
 * Disturb must leave as the person has it. */
static void
add_calls (JsonBuilder *builder, PsPhoneCalls calls, gboolean new_call_handling)
{
  if (!new_call_handling) {
    add_text (builder, "dndStatus", ps_phone_calls_to_wire (calls));
    return;
  }
  add_text (builder, "dndStatusPersonal",
            ps_phone_calls_to_wire (calls == PS_CALLS_NONE ? PS_CALLS_NONE : PS_CALLS_ALL));
  if (calls != PS_CALLS_NONE) {
    json_builder_set_member_name (builder, "acceptCallQueueCalls");
    json_builder_add_boolean_value (builder, calls == PS_CALLS_ALL);
  }
}

GBytes *
ps_ringcentral_presence_to_json (const PsPhoneWrite *write, gboolean new_call_handling)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (write->calls != PS_CALLS_QUEUE_ONLY, NULL);
  g_return_val_if_fail (write->calls != PS_CALLS_UNKNOWN || write->user_status != PS_PHONE_STATUS_UNKNOWN, NULL);

  json_builder_begin_object (builder);
  if (write->user_status != PS_PHONE_STATUS_UNKNOWN)
    add_text (builder, "userStatus", ps_phone_status_to_wire (write->user_status));
  if (write->calls != PS_CALLS_UNKNOWN)
    add_calls (builder, write->calls, new_call_handling);
  json_builder_end_object (builder);
  return ps_json_builder_to_bytes (builder);
}
