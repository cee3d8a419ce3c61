/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be wrong with a connection, and how it is said.
 */
#include "config.h"

#include "cli-fixture.h"

#include <glib/gstdio.h>

static void
try_microsoft (Cli *cli, const char *tenant, const char *client_id, const char *secret_file, const char *url)
{
  cli_run (cli, "connect", "microsoft", "--tenant", tenant, "--client-id", client_id, "--secret-file", secret_file,
           "--login-url", url, "--graph-url", url, NULL);
}

static char *
secret_file (Cli *cli)
{
  return g_build_filename (cli->credentials, "microsoft-client-secret", NULL);
}

static void
test_microsoft_refuses (void)
{
  Cli *cli = cli_new ();
  const char *tenant, *client, *url;
  g_autofree char *secret = NULL, *wrong = cli_file (cli, "wrong", "aaaaa~bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n");

  cli_start_tenant (cli, "--users", "30", NULL);
  secret = secret_file (cli);
  tenant = cli_fact (cli, "tenant_id");
  client = cli_fact (cli, "client_id");
  url = cli_fact (cli, "login_url");
  try_microsoft (cli, tenant, "00000000-0000-4000-8000-000000000000", secret, url);
  cli_assert_status (cli, 3);
  try_microsoft (cli, "00000000-0000-4000-8000-000000000000", client, secret, url);
  cli_assert_status (cli, 3);
  try_microsoft (cli, tenant, client, wrong, url);
  cli_assert_status (cli, 3);
  g_assert_null (strstr (cli->err, "aaaaa~"));
  json_object_unref (cli_control (cli, "POST", "/faults", "{\"name\": \"expired-secret\", \"value\": \"1\"}"));
  try_microsoft (cli, tenant, client, secret, url);
  cli_assert_status (cli, 3);
  cli_assert_says (cli->err, "expired");
  cli_control (cli, "DELETE", "/faults", NULL);
  json_object_unref (cli_control (cli, "POST", "/faults",
                                  "{\"name\": \"permission-missing\", \"value\": \"Presence.ReadWrite.All\"}"));
  try_microsoft (cli, tenant, client, secret, url);
  cli_assert_status (cli, 3);
  cli_assert_says (cli->err, "Presence.ReadWrite.All");
  cli_free (cli);
}

static void
test_microsoft_input (void)
{
  Cli *cli = cli_new ();
  const char *guid = "11111111-2222-4333-8444-555555555555", *url = "http://127.0.0.1:9";
  g_autofree char *id = cli_file (cli, "id", guid), *empty = cli_file (cli, "empty", "\n");
  g_autofree char *secret = cli_file (cli, "secret", "abc~def");

  try_microsoft (cli, "contoso", guid, secret, url);
  cli_assert_status (cli, 2);
  try_microsoft (cli, guid, "my app", secret, url);
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, "Application (client) ID");
  try_microsoft (cli, guid, guid, id, url);
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, "Secret ID");
  try_microsoft (cli, guid, guid, empty, url);
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, "empty");
  try_microsoft (cli, guid, guid, "/nonexistent/secret", url);
  cli_assert_status (cli, 2);
  try_microsoft (cli, guid, guid, "Ps8~Qabcdefghijklmnopqrstuvwxyz0123456789", url);
  cli_assert_status (cli, 2);
  cli_assert_says (cli->err, "not the secret itself");
  g_assert_null (strstr (cli->err, "Ps8~Q"));
  try_microsoft (cli, guid, guid, secret, "http://login.example.com");
  cli_assert_status (cli, 2);
  cli_run (cli, "connect", "microsoft", "--tenant", guid, "--client-id", guid, "--secret-file", secret, "--cloud",
           "moon", NULL);
  cli_assert_status (cli, 2);
  cli_run (cli, "connect", "microsoft", "--tenant", guid, "--client-id", guid, "--secret-file", secret,
           "--secret-expires", "31.1.2027", NULL);
  cli_assert_status (cli, 2);
  /* Nobody listens there. */
  try_microsoft (cli, guid, guid, secret, url);
  cli_assert_status (cli, 3);
  cli_free (cli);
}

static void
test_ringcentral (void)
{
  Cli *cli = cli_new ();
  g_autofree char *wrong = cli_file (cli, "jwt", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl");
  g_autofree char *client = NULL;

  cli_start_tenant (cli, "--users", "30", NULL);
  client = g_build_filename (cli->credentials, "ringcentral-client-secret", NULL);
  cli_run (cli, "connect", "ringcentral", "--client-id", cli_fact (cli, "ringcentral_client_id"), "--jwt-file", wrong,
           "--client-secret-file", client, "--server-url", cli_fact (cli, "ringcentral_url"), NULL);
  cli_assert_status (cli, 3);
  g_assert_null (strstr (cli->err, "eyJ"));
  cli_run (cli, "connect", "ringcentral", "--client-id", "x", "--jwt-file", "-", "--client-secret-file", "-", NULL);
  cli_assert_status (cli, 2);
  cli_run (cli, "connect", "ringcentral", "--client-id", "x", "--browser", "--jwt-file", wrong, NULL);
  cli_assert_status (cli, 2);
  cli_free (cli);
}

/* A server whose certificate nobody vouches for is refused; with --trusted-certificate it is not. */
static void
test_tls (void)
{
  Cli *cli = cli_new ();
  g_autofree char *certificate = g_build_filename (cli->folder, "certificate.pem", NULL);
  g_autofree char *key = g_build_filename (cli->folder, "key.pem", NULL), *secret = NULL;
  const char *openssl[] = {
    "openssl", "req", "-x509", "-newkey",       "rsa:2048", "-nodes",
    "-days",   "2",   "-subj", "/CN=localhost", "-addext",  "subjectAltName=DNS:localhost,IP:127.0.0.1",
    "-keyout", key,   "-out",  certificate,     NULL
  };
  int status;

  g_assert_true (g_spawn_sync (NULL, (char **) openssl, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                               NULL, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
  cli_start_tenant (cli, "--users", "30", "--tls-certificate", certificate, "--tls-key", key, NULL);
  secret = secret_file (cli);
  try_microsoft (cli, cli_fact (cli, "tenant_id"), cli_fact (cli, "client_id"), secret, cli_fact (cli, "login_url"));
  cli_assert_status (cli, 3);
  cli_assert_says (cli->err, "certificate");
  cli_run (cli, "--trusted-certificate", certificate, "connect", "microsoft", "--tenant", cli_fact (cli, "tenant_id"),
           "--client-id", cli_fact (cli, "client_id"), "--secret-file", secret, "--login-url",
           cli_fact (cli, "login_url"), "--graph-url", cli_fact (cli, "graph_url"), NULL);
  cli_assert_status (cli, 0);
  cli_free (cli);
}

/* No Secret Service and no file for it: said, with what to do. */
static void
test_no_keyring (void)
{
  Cli *cli = cli_new ();
  g_autofree char *in_place = NULL, *copy = NULL, *text = NULL;

  cli_start_tenant (cli, "--users", "30", NULL);
  in_place = secret_file (cli);
  g_assert_true (g_file_get_contents (in_place, &text, NULL, NULL));
  copy = cli_file (cli, "copy", text);
  g_assert_cmpint (g_unlink (in_place), ==, 0);
  try_microsoft (cli, cli_fact (cli, "tenant_id"), cli_fact (cli, "client_id"), copy, cli_fact (cli, "login_url"));
  cli_assert_status (cli, 1);
  cli_assert_says (cli->err, "CREDENTIALS_DIRECTORY");
  cli_assert_says (cli->err, "microsoft-client-secret");
  cli_free (cli);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/connect/microsoft-refuses", test_microsoft_refuses);
  g_test_add_func ("/cli/connect/microsoft-input", test_microsoft_input);
  g_test_add_func ("/cli/connect/ringcentral", test_ringcentral);
  g_test_add_func ("/cli/connect/tls", test_tls);
  g_test_add_func ("/cli/connect/no-keyring", test_no_keyring);
  return g_test_run ();
}
