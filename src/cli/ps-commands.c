/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-cli.h"

#include <glib/gi18n.h>

const PsCommand ps_commands[] = {
  { "connect microsoft", "", N_ ("Connect the Microsoft 365 tenant with an application's credential"),
    N_ ("The secret is read from a file, or from standard input with “-”; it is never an argument. Nothing is "
        "remembered "
        "unless Microsoft accepts it and the permissions User.Read.All and Presence.ReadWrite.All are granted."),
    ps_command_connect_microsoft },
  { "connect ringcentral", "", N_ ("Connect the RingCentral account with a JWT or a browser"),
    N_ ("Whose JWT it is, or who signs in, must be an administrator of the account. The sign-in with a browser is for "
        "a "
        "desktop, and the application needs the redirect address http://localhost:47821/oauth/ringcentral; unattended "
        "use takes a JWT."),
    ps_command_connect_ringcentral },
  { "connect update-secret", "", N_ ("Replace the Microsoft client secret by a new one"),
    N_ ("The new secret is tested before the old one is forgotten."), ps_command_connect_update_secret },
  { "disconnect", "[microsoft|ringcentral]", N_ ("Forget a connection and its secrets (both, if none is named)"),
    N_ ("The sync must have been disabled before."), ps_command_disconnect },
  { "check", "", N_ ("Check prerequisites, permissions and matching, and say what to do"), NULL, ps_command_check },
  { "users list", "", N_ ("Everybody in RingCentral, with status and reason"), NULL, ps_command_users_list },
  { "users preview", "", N_ ("What enabling would do; changes nothing"), NULL, ps_command_users_preview },
  { "users sync", "EMAIL…", N_ ("Sync people's presence, and wait until the run is complete"),
    N_ ("People are named by e-mail address, extension number or id. They come in addition to those who are synced "
        "already. The exit status is 1 if somebody could not be synced; the reasons are printed."),
    ps_command_users_sync },
  { "users unsync", "EMAIL…", N_ ("Stop syncing people, and undo what is ours"), NULL, ps_command_users_unsync },
  { "users link", "RC-EMAIL MS-UPN", N_ ("Link two accounts by hand; this wins over the addresses"), NULL,
    ps_command_users_link },
  { "users unlink", "RC-EMAIL", N_ ("Remove a link that was made by hand"), NULL, ps_command_users_unlink },
  { "rules show", "", N_ ("The call rules"), NULL, ps_command_rules_show },
  { "rules enable", "", N_ ("Let five Teams statuses follow the call rules"), NULL, ps_command_rules_enable },
  { "rules disable", "", N_ ("Go back to the standard table"), NULL, ps_command_rules_disable },
  { "rules set", "STATUS=RULE…", N_ ("Change call rules"),
    N_ ("STATUS is “Busy”, “In a call”, “In a conference call”, “In a meeting” or “Offline”; RULE is all-calls, "
        "no-queue-calls or no-calls. Example: rules set \"In a meeting\"=no-queue-calls"),
    ps_command_rules_set },
  { "rules reset", "", N_ ("Restore the default call rules"), NULL, ps_command_rules_reset },
  { "rules preserve", "on|off", N_ ("Keep the RingCentral status while somebody is inactive in Teams"), NULL,
    ps_command_rules_preserve },
  { "run", "", N_ ("Run the engine in the foreground until SIGTERM"),
    N_ ("Tells systemd when it is ready, and its watchdog that it is alive. With --verbose every change is a line."),
    ps_command_run },
  { "status", "", N_ ("How the sync is doing"), NULL, ps_command_status },
  { "report", "", N_ ("Who is synced and who is not, and why"), NULL, ps_command_report },
  { "people", "TEXT", N_ ("Search both directories, with both presences"), NULL, ps_command_people },
  { "journal", "", N_ ("Every change, with its reason and delay"), NULL, ps_command_journal },
  { "disable", "", N_ ("Stop for everyone and undo what is ours"),
    N_ ("It ends when nothing of ours is left on either side. If it is interrupted, calling it again goes on."),
    ps_command_disable },
  { "demo", "", N_ ("The whole way on the demo tenant"),
    N_ ("Needs no account and touches none: a make-believe company on this computer, in a folder that is removed "
        "afterwards."),
    ps_command_demo },
  { NULL, NULL, NULL, NULL, NULL },
};
