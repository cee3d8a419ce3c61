/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Presence replies: one, many as a page, many as parts; with both kinds of call handling.
 */
#include "config.h"

#include "fuzz.h"

#include "ps-ringcentral-parser.h"

const char *const ps_fuzz_corpus[] = {
  "{\"records\":[{\"extension\":{\"id\":101,\"extensionNumber\":\"1\"},\"userStatus\":\"Busy\",\"dndStatus\":"
  "\"TakeAllCalls\",\"telephonyStatus\":\"NoCall\",\"allowSeeMyPresence\":true,\"sequence\":3}],"
  "\"navigation\":{\"nextPage\":{\"uri\":\"https://platform.example/2\"}},\"paging\":{\"page\":1,\"totalPages\":2}}",
  "[{\"resourceId\":\"11\",\"status\":200,\"body\":{\"userStatus\":\"Busy\",\"dndStatusPersonal\":\"TakeAllCalls\","
  "\"acceptCallQueueCalls\":false,\"meetingStatus\":\"Connected\"}},{\"resourceId\":\"12\",\"status\":404,\"body\":{}}"
  "]",
  "{\"presenceStatus\":\"Busy\",\"userStatus\":\"Available\",\"aggregatedTelephonyStatus\":\"OnHold\","
  "\"activeCalls\":[{\"id\":\"a\\u00e9\"}]}",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);

  for (gboolean new_call_handling = FALSE; new_call_handling <= TRUE; new_call_handling++) {
    g_autoptr (PsPhonePresences) presences = ps_phone_presences_new ();
    PsPhoneReading reading;
    gboolean more;

    ps_ringcentral_parse_sweep (body, new_call_handling, presences, &more, NULL);
    ps_ringcentral_parse_presence_parts (body, new_call_handling, presences, NULL);
    ps_ringcentral_parse_presence_body (body, new_call_handling, &reading, NULL);
  }
  return 0;
}
