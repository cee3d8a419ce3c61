/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every command of presence-syncctl shares: the table of commands, the options that all of them take, how options
 * are read, how a command ends.
 */
#pragma once

#include "ps-output.h"
#include "ps-workspace.h"

G_BEGIN_DECLS

/* How the program ends: scripts depend on these. */
typedef enum {
  PS_EXIT_DONE = 0,
  PS_EXIT_ATTENTION = 1, /* it ran, and something needs the administrator */
  PS_EXIT_USAGE = 2,
  PS_EXIT_NOT_CONNECTED = 3, /* or the connection was refused */
  PS_EXIT_BUSY = 4,          /* another program holds the engine */
} PsExit;

typedef struct _PsCommand PsCommand;

typedef struct {
  const PsCommand *command;
  PsOutput *output;          /* (owned) */
  GCancellable *cancellable; /* (owned) cancelled by the first Ctrl+C or SIGTERM */
  PsWorkspace *workspace;    /* (owned) (nullable): after ps_cli_open() */

  /* options of all commands */
  char *data_dir;     /* (owned) (nullable) */
  char *trusted_file; /* (owned) (nullable) */
  gboolean json, verbose;
} PsCli;

struct _PsCommand {
  const char *name;      /* one word or two: "users sync" */
  const char *arguments; /* (nullable) after the options, for the help; not translated */
  const char *summary;   /* one line */
  const char *details;   /* (nullable) more of the help */
  /* @arguments is what stands after the command's name, and ends in NULL. Returns: how to end; ignored with @error set.
   */
  PsExit (*run) (PsCli *cli, char **arguments, GError **error);
};

/* By name, in the order of the help; ends with a name of NULL. */
extern const PsCommand ps_commands[];

/* Takes the options of this command and the global ones out of @arguments: what is left is returned, and is at most
 * @max_arguments. @entries: (nullable). G_OPTION_ERROR. Returns: (transfer full) (nullable). */
GStrv ps_cli_parse (PsCli *cli, char **arguments, const GOptionEntry *entries, guint max_arguments, GError **error);
/* For wrong usage: exit status 2, with where the help is. */
void ps_cli_usage_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Opens the state directory. */
gboolean ps_cli_open (PsCli *cli, GError **error);
PsStore *ps_cli_store (PsCli *cli); /* (transfer none) */

/* Which status an error ends the program with. */
PsExit ps_exit_for_error (const GError *error);

#define PS_CLI_ANY G_MAXUINT

PsExit ps_command_check (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_connect_microsoft (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_connect_ringcentral (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_connect_update_secret (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_demo (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_disable (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_disconnect (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_journal (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_people (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_report (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_disable (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_enable (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_preserve (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_reset (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_set (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_rules_show (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_run (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_status (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_link (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_list (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_preview (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_sync (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_unlink (PsCli *cli, char **arguments, GError **error);
PsExit ps_command_users_unsync (PsCli *cli, char **arguments, GError **error);

G_END_DECLS
