/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * https and wss: refused while nobody vouches for the certificate, good once the administrator has named it.
 */
#include "config.h"

#include <glib/gstdio.h>

#include "ps-error.h"
#include "ps-ringcentral-socket.h"
#include "ringcentral-on-tenant.h"
#include "test-server-certificate.h"

static void
count_cb (PsRingCentralSocket *socket, const char *extension_id, const PsPhoneReading *reading, gpointer user_data)
{
  (*(guint *) user_data)++;
}

static void
test_socket (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ps-tls-XXXXXX", &error);
  g_autofree char *certificate_file = g_build_filename (folder, "certificate.pem", NULL);
  g_autofree char *key_file = g_build_filename (folder, "key.pem", NULL);
  g_autoptr (GTlsCertificate) certificate = NULL;
  OnTenant *on;
  PsRingCentralSocket *untrusting, *socket;
  guint events = 0;

  test_certificate_write (certificate_file, key_file);
  certificate = g_tls_certificate_new_from_files (certificate_file, key_file, &error);
  g_assert_no_error (error);
  on = on_tenant_new_tls (certificate);
  g_assert_true (g_str_has_prefix (ps_tenant_server_ws_origin (on->server), "wss://"));

  untrusting = ps_ringcentral_socket_new (on->client, FALSE);
  ps_ringcentral_socket_start (untrusting);
  wait_until (ps_ringcentral_socket_error (untrusting) != NULL);
  g_assert_error (ps_ringcentral_socket_error (untrusting), PS_ERROR, PS_ERROR_TLS);
  g_assert_finalize_object (untrusting);
  on_tenant_free (on);

  g_assert_true (ps_transport_trust_file (certificate_file, &error));
  g_assert_no_error (error);
  on = on_tenant_new_tls (certificate);
  socket = ps_ringcentral_socket_new (on->client, FALSE);
  g_signal_connect (socket, "presence", G_CALLBACK (count_cb), &events);
  ps_ringcentral_socket_start (socket);
  wait_until (ps_ringcentral_socket_state (socket) == PS_SOCKET_CONNECTED);
  g_assert_true (ps_tenant_phone_person_choose (on_tenant_user (on, 0, FALSE)->phone, "Busy"));
  wait_until (events == 1);
  g_assert_finalize_object (socket);
  wait_until (ps_tenant_ringcentral_sockets (on->server) == 0);
  on_tenant_free (on);

  g_unlink (certificate_file);
  g_unlink (key_file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tls-on-tenant/socket", test_socket);

  return g_test_run ();
}
