/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs presence-syncctl and the demo tenant as processes of their own. Secrets come from $CREDENTIALS_DIRECTORY, so
 * that no keyring is needed, and none of the machine's is touched.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct {
  char *folder;        /* (owned) state and credentials are in it */
  char *state;         /* (owned) the state directory */
  char *credentials;   /* (owned) */
  GSubprocess *tenant; /* (owned) (nullable) */
  JsonObject *facts;   /* (owned) (nullable) what the tenant said of itself */

  /* of the last run */
  int status;
  char *out, *err; /* (owned) (nullable) */
} Cli;

Cli *cli_new (void);
void cli_free (Cli *cli);
/* @argument…: more of the tenant's options, NULL-ended. Writes its secrets to the credentials folder. */
void cli_start_tenant (Cli *cli, const char *argument, ...) G_GNUC_NULL_TERMINATED;
const char *cli_fact (Cli *cli, const char *name);
/* The path of a file with this text. Returns: (transfer full). */
char *cli_file (Cli *cli, const char *name, const char *text);
/* Starts presence-syncctl with --data-dir and the arguments, without waiting. */
GSubprocess *cli_spawn (Cli *cli, const char *argument, ...) G_GNUC_NULL_TERMINATED;
/* The same, waits, and keeps what came of it. Returns: the exit status. */
int cli_run (Cli *cli, const char *argument, ...) G_GNUC_NULL_TERMINATED;
/* Connects both; asserts success. */
void cli_connect (Cli *cli);
/* Standard output must be one JSON object. Returns: (transfer full). */
JsonObject *cli_json (Cli *cli);
/* The control interface. Returns: (transfer full) (nullable): an object. */
JsonObject *cli_control (Cli *cli, const char *method, const char *path, const char *body);
/* Something of an application's is in the tenant: how much. */
gint64 cli_left_behind (Cli *cli);

#define cli_assert_status(cli, expected)                                                                               \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    if ((cli)->status != (expected))                                                                                   \
      g_error ("exit status %d instead of %d\n%s%s", (cli)->status, (expected), (cli)->out, (cli)->err);               \
  }                                                                                                                    \
  G_STMT_END
#define cli_assert_says(text, part)                                                                                    \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    if (strstr ((text), (part)) == NULL)                                                                               \
      g_error ("\"%s\" is not in: %s", (part), (text));                                                                \
  }                                                                                                                    \
  G_STMT_END
