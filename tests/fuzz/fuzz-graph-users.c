/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz.h"
#include "ps-error.h"
#include "ps-graph-parser.h"

const char *const ps_fuzz_corpus[] = {
  "{\"@odata.nextLink\":\"https://g/x\",\"value\":[{\"id\":\"1\",\"displayName\":\"Ana "
  "\\ud83d\\ude00\",\"userPrincipalName\":\"a@c\",\"mail\":"
  "\"A@C\",\"proxyAddresses\":[\"SMTP:A@C\",\"smtp:b@c\"],\"accountEnabled\":true,\"userType\":\"Member\","
  "\"businessPhones\":[\"+1\"]}]}",
  "{\"@odata.deltaLink\":\"https://g/y\",\"value\":[{\"id\":\"2\",\"@removed\":{\"reason\":\"changed\"}}]}",
  "{\"value\":[{\"id\":\"o\",\"displayName\":\"Contoso\"}]}",
  NULL,
};

/* What is refused has a reason, what is taken has none. */
static void
check (gboolean ok, GError *error)
{
  g_assert_true (ok == (error == NULL));
  if (error != NULL)
    g_assert_error (error, PS_ERROR, PS_ERROR_BAD_REPLY);
  g_clear_error (&error);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_microsoft_user_unref);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_auto (PsGraphLinks) links = { NULL };
  g_autofree char *name = NULL;
  GError *error = NULL;
  gboolean ok;

  ok = ps_graph_parse_users (body, users, &links, &error);
  check (ok, g_steal_pointer (&error));
  ok = ps_graph_parse_ids (body, ids, &links, &error);
  check (ok, g_steal_pointer (&error));
  name = ps_graph_parse_organization (body, &error);
  check (name != NULL, g_steal_pointer (&error));
  return 0;
}
