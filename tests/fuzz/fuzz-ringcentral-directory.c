/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The account's and the directory's replies, and the socket's token.
 */
#include "config.h"

#include "fuzz.h"

#include "ps-ringcentral-parser.h"

const char *const ps_fuzz_corpus[] = {
  "{\"records\":[{\"id\":1,\"type\":\"User\",\"status\":\"Enabled\",\"name\":\"Ana\",\"contact\":{\"email\":\"a@b.c\"},"
  "\"site\":{\"name\":\"Main\"},\"permissions\":{\"admin\":{\"enabled\":true}}}],"
  "\"navigation\":{\"nextPage\":{\"uri\":\"https://platform.example/2\"}}}",
  "{\"id\":\"5\",\"name\":\"Ana\",\"contact\":{\"company\":\"Example\"},\"permissions\":{\"admin\":{\"enabled\":true}}"
  "}",
  "{\"records\":[{\"id\":\"NewCallHandlingAndForwarding\",\"params\":[{\"name\":\"isNewBackendAvailable\","
  "\"value\":\"true\"}]}],\"paging\":{\"totalElements\":1}}",
  "{\"uri\":\"wss://ws.example/ws?a=b\",\"ws_access_token\":\"t\",\"expires_in\":30,\"successful\":true}",
  NULL,
};

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) body = g_bytes_new_static (data, size);
  g_autoptr (GPtrArray) users = g_ptr_array_new_with_free_func ((GDestroyNotify) ps_ringcentral_user_unref);
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PsRingCentralAccount) account = g_new0 (PsRingCentralAccount, 1);
  g_autofree char *next_users = NULL;
  g_autofree char *next_ids = NULL;
  gboolean allowed;

  ps_socket_token_free (ps_ringcentral_parse_socket_token (body, 0, NULL));
  ps_ringcentral_parse_users_page (body, users, &next_users, NULL);
  ps_ringcentral_parse_ids_page (body, ids, &next_ids, NULL);
  ps_ringcentral_parse_own_extension (body, account, NULL);
  ps_ringcentral_parse_account (body, account, NULL);
  ps_ringcentral_parse_features (body, account, NULL);
  ps_ringcentral_parse_has_queues (body, account, NULL);
  ps_ringcentral_parse_permission (body, &allowed, NULL);
  return 0;
}
