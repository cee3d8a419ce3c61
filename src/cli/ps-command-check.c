/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check, disconnect
 */
#include "config.h"

#include "ps-cli-check.h"
#include "ps-cli-people.h"

#include <glib/gi18n.h>

#include "ps-await.h"
#include "ps-json-words.h"
#include "ps-lock.h"

/* --- check --- */

static void
print_item (PsCli *cli, const PsCheckItem *item)
{
  static const struct {
    const char *mark;
    PsStyle style;
  } marks[] = {
    [PS_CHECK_OK] = { "✓", PS_STYLE_GOOD },
    [PS_CHECK_WARNING] = { "!", PS_STYLE_WARNING },
    [PS_CHECK_FAILED] = { "✗", PS_STYLE_BAD },
    [PS_CHECK_BY_HAND] = { "?", PS_STYLE_WARNING },
  };
  g_autofree char *title = ps_text_clean (item->title, 0);

  ps_output_line (cli->output, "%s%s%s %s", ps_output_style (cli->output, marks[item->result].style),
                  marks[item->result].mark, ps_output_style (cli->output, PS_STYLE_PLAIN), title);
  if (item->advice != NULL && item->result != PS_CHECK_OK) {
    g_auto (GStrv) lines = g_strsplit (item->advice, "\n", -1);

    for (guint i = 0; lines[i] != NULL; i++) {
      g_autofree char *line = ps_text_clean (lines[i], 0);

      ps_output_line (cli->output, "    %s", line);
    }
  }
}

static void
print_json (PsCli *cli, const GPtrArray *items, gboolean failed)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  ps_json_put_bool (builder, "ok", !failed);
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < items->len; i++) {
    const PsCheckItem *item = items->pdata[i];

    json_builder_begin_object (builder);
    ps_json_put_string (builder, "id", item->id);
    ps_json_put_string (builder, "result", ps_check_result_to_word (item->result));
    ps_json_put_string (builder, "title", item->title);
    ps_json_put_string (builder, "advice", item->advice);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  ps_output_json (cli->output, builder);
}

GPtrArray *
ps_cli_check (PsCli *cli, GError **error)
{
  g_autoptr (PsAwait) await = ps_await_new ();

  ps_check_async (cli->workspace, cli->cancellable, ps_await_done, await);
  return ps_check_finish (cli->workspace, ps_await_result (await), error);
}

gboolean
ps_cli_print_checks (PsCli *cli, const GPtrArray *items)
{
  gboolean failed = FALSE;

  for (guint i = 0; i < items->len; i++)
    failed |= ((PsCheckItem *) items->pdata[i])->result == PS_CHECK_FAILED;
  if (cli->json)
    print_json (cli, items, failed);
  for (guint i = 0; !cli->json && i < items->len; i++)
    print_item (cli, items->pdata[i]);
  return !failed;
}

/* Nothing can be checked without any connection: that is exit status 3, not a list of failures. */
static gboolean
is_connected_at_all (PsCli *cli, GError **error)
{
  g_autoptr (GHashTable) settings = ps_cli_load_settings (cli, error);
  g_autoptr (PsMicrosoftConnection) microsoft = NULL;
  g_autoptr (PsRingCentralConnection) ringcentral = NULL;

  if (settings == NULL)
    return FALSE;
  microsoft = ps_microsoft_connection_load (settings);
  ringcentral = ps_ringcentral_connection_load (settings);
  if (microsoft != NULL || ringcentral != NULL)
    return TRUE;
  g_propagate_error (error,
                     ps_error_new (PS_ERROR_NOT_CONNECTED,
                                   _ ("Nothing is connected yet. Begin with “presence-syncctl connect microsoft” "
                                      "and “presence-syncctl connect ringcentral”.")));
  return FALSE;
}

PsExit
ps_command_check (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 0, error);
  g_autoptr (GPtrArray) items = NULL;

  if (rest == NULL || !ps_cli_open (cli, error) || !is_connected_at_all (cli, error) ||
      (items = ps_cli_check (cli, error)) == NULL)
    return PS_EXIT_ATTENTION;
  return ps_cli_print_checks (cli, items) ? PS_EXIT_DONE : PS_EXIT_ATTENTION;
}

/* --- disconnect --- */

static gboolean
parse_which (char **arguments, PsDisconnect *which, GError **error)
{
  *which = PS_DISCONNECT_MICROSOFT | PS_DISCONNECT_RINGCENTRAL;
  if (arguments[0] == NULL)
    return TRUE;
  if (g_str_equal (arguments[0], "microsoft"))
    *which = PS_DISCONNECT_MICROSOFT;
  else if (g_str_equal (arguments[0], "ringcentral"))
    *which = PS_DISCONNECT_RINGCENTRAL;
  else
    ps_cli_usage_error (error, _ ("“%s” is no connection: there are microsoft and ringcentral."), arguments[0]);
  return *error == NULL;
}

/* Refused because something of ours still stands: that is for the administrator, and no other program holds anything.
 */
static void
tell_from_held_engine (PsCli *cli, GError **error)
{
  g_autofree char *message = NULL;

  if (!g_error_matches (*error, PS_ERROR, PS_ERROR_BUSY) ||
      ps_lock_is_held (ps_workspace_directory (cli->workspace), NULL))
    return;
  message = g_strdup ((*error)->message);
  g_clear_error (error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_EMPTY, message);
}

PsExit
ps_command_disconnect (PsCli *cli, char **arguments, GError **error)
{
  g_auto (GStrv) rest = ps_cli_parse (cli, arguments, NULL, 1, error);
  g_autoptr (PsAwait) await = ps_await_new ();
  g_autoptr (JsonBuilder) builder = NULL;
  PsDisconnect which;

  if (rest == NULL || !parse_which (rest, &which, error) || !ps_cli_open (cli, error))
    return PS_EXIT_USAGE;
  ps_disconnect_async (cli->workspace, which, cli->cancellable, ps_await_done, await);
  if (!ps_disconnect_finish (cli->workspace, ps_await_result (await), error)) {
    tell_from_held_engine (cli, error);
    return PS_EXIT_ATTENTION;
  }
  ps_output_line (cli->output, "%s", _ ("Disconnected; the secrets are forgotten."));
  if (cli->json) {
    builder = json_builder_new ();
    json_builder_begin_object (builder);
    ps_json_put_bool (builder, "microsoft", (which & PS_DISCONNECT_MICROSOFT) == 0);
    ps_json_put_bool (builder, "ringcentral", (which & PS_DISCONNECT_RINGCENTRAL) == 0);
    json_builder_end_object (builder);
    ps_output_json (cli->output, builder);
  }
  return PS_EXIT_DONE;
}
