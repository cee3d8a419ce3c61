/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"
#include "ps-error.h"
#include "ps-graph-parser.h"

const char *const ps_fuzz_corpus[] = {
  "{\"value\":[{\"id\":\"a\",\"availability\":\"Busy\",\"activity\":\"InAMeeting\",\"sequenceNumber\":\"A01\","
  "\"outOfOfficeSettings\":"
  "{\"isOutOfOffice\":true,\"message\":\"x\"},\"statusMessage\":{\"message\":{\"content\":\"\\u00e4\"}}},{\"id\":\"b\"}"
  "]}",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (GArray) presences = g_array_new (FALSE, FALSE, sizeof (PsTeamsPresence));
  GStringChunk *strings = g_string_chunk_new (64);
  g_autoptr (GError) error = NULL;
  gboolean ok = ps_graph_parse_presences (body, presences, strings, &error);

  if (!ok)
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  for (guint i = 0; i < presences->len; i++)
    g_assert_cmpint (g_array_index (presences, PsTeamsPresence, i).id[0], !=, '\0');
  g_string_chunk_free (strings);
  return 0;
}
