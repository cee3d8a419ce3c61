/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"
#include "ps-people.h"

const char *const ps_fuzz_corpus[] = {
  "Name,E-Mail\r\nAna,ana@example.com\r\n\"Bo, \"\"B\"\"\",ben@example.com\r\n",
  "ana@example.com\nben@example.com\n",
  "\xEF\xBB\xBFName;E-Mail\nAna;ana@example.com\n",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) addresses = ps_parse_address_list ((const char *) data, size, &error);

  g_assert ((addresses == NULL) == (error != NULL));
  g_assert (addresses == NULL || addresses->len > 0);
  return 0;
}
