/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replies that come all day: 650 Teams presences with every field of the contract.
 */
#include "config.h"

#include "bench.h"
#include "ps-graph-parser.h"

#define PRESENCES 650
#define ROUNDS    200

static GBytes *
presences_reply (gboolean full)
{
  GString *json = g_string_new ("{\"@odata.context\":\"https://graph.microsoft.com/v1.0/"
                                "$metadata#Collection(microsoft.graph.presence)\",\"value\":[");

  for (guint i = 0; i < PRESENCES; i++) {
    g_string_append_printf (
        json, "%s{\"id\":\"%08x-8297-4ff6-a7fa-e97e9545a259\",\"availability\":\"Busy\",\"activity\":\"InAMeeting\"",
        i > 0 ? "," : "", i);
    if (full)
      g_string_append_printf (
          json,
          ",\"statusMessage\":null,\"outOfOfficeSettings\":{\"message\":null,\"isOutOfOffice\":false},"
          "\"workLocation\":{\"workLocationType\":\"office\",\"source\":\"manual\",\"placeId\":null},"
          "\"sequenceNumber\":\"A%015u\"",
          i);
    g_string_append_c (json, '}');
  }
  g_string_append (json, "]}");
  return g_string_free_to_bytes (json);
}

static void
bench_presences (gboolean full)
{
  g_autoptr (GBytes) body = presences_reply (full);
  gint64 began_us = bench_now_us (), us;

  for (guint i = 0; i < ROUNDS; i++) {
    g_autoptr (GArray) presences = g_array_new (FALSE, TRUE, sizeof (PsTeamsPresence));
    g_autoptr (GStringChunk) strings = g_string_chunk_new (4096);
    g_autoptr (GError) error = NULL;

    if (!ps_graph_parse_presences (body, presences, strings, &error))
      g_error ("%s", error->message);
  }
  us = bench_now_us () - began_us;
  bench_row (full ? "650 Teams presences, every field" : "650 Teams presences, lean", ROUNDS, us, "replies");
  g_print ("%-52s %12.1f MB/s\n", "", (double) g_bytes_get_size (body) * ROUNDS / (double) us);
}

int
main (void)
{
  bench_presences (FALSE);
  bench_presences (TRUE);
  return 0;
}
