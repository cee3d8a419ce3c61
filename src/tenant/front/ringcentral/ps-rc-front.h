/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The RingCentral half of the demo tenant, private to this folder: its state, one request as its handlers see it, and
 * what they answer with.
 *
 * A request goes through ps_rc_call_run(): who is asking (401), the rate group (429), the application's scope (403),
 * the account in the path (404), then the handler. The order is the service's: a request without a valid token costs no
 * quota, a refused one does.
 *
 * Faults that this front knows: scope-missing=NAME (the application lacks the scope), admin-removed=1 or =CMN-404 (the
 * user lost the administrator's rights, and how writes for others are refused), jwt-revoked=1, no-refresh-token=1 (the
 * application may not have one), bulk-put=1 (bulk writes of presence are taken), and for events no-events=1,
 * drop-events=N (every Nth is lost), duplicate-events=1, reorder-events=1. For walks through the sign-in page (each
 * once with *1 in its name, as in sign-in-500*1=1): sign-in-500=1 (a page with status 500), sign-in-code-expired=1 (the
 * code that is handed out has run out), sign-in-wrong-state=1 (the application gets another state back than it sent).
 * The server's own do the rest: endless@/restapi/oauth/authorize=1 is a page that never ends, hang=1 one that never
 * begins, html=1 a network's own sign-in page.
 */
#pragma once

#include "ps-tenant-phone.h"
#include "ps-tenant-server.h"
#include "ps-rc-json.h"
#include "ps-rc-limits.h"
#include "ps-rc-tokens.h"

G_BEGIN_DECLS

typedef struct _PsRcLines PsRcLines; /* ps-rc-line.h: the event sockets */
typedef struct _PsRcLine PsRcLine;

/* What is typed on the sign-in page: the administrator's password, and everybody else's. */
#define PS_RC_ADMIN_PASSWORD "demo-admin"
#define PS_RC_USER_PASSWORD  "demo-user"

typedef struct {
  PsTenantServer *server;           /* (not owned): it owns us */
  PsTenantWorld *world;             /* (not owned): lives as long as the server */
  PsRcTokens *tokens;               /* (owned) */
  PsRcLimits *limits;               /* (owned) */
  PsRcLines *lines;                 /* (owned) */
  PsRcApplication service, desktop; /* the confidential and the public client */
  char *jwt;                        /* (owned) */
  guint64 directory_version;        /* grows with each change of an extension: the ETag */
  GHashTable *telephony;            /* (owned) extension id → the last telephonyStatus that events told */
  GHashTable *consents;             /* (owned): who has signed in and is being asked to consent */
  guint listener;
  PsRcLine *asking;  /* (nullable) (not owned): the event socket whose request is just being run */
  GPtrArray *routes; /* (owned): what the server's route data points to */
} PsRcFront;

typedef struct {
  PsRcFront *front;
  const PsTenantRequest *request;
  PsTenantReply *reply;
  PsRcSession *session;
  PsTenantExtension *user; /* who is asking */
} PsRcCall;

typedef void (*PsRcHandler) (PsRcCall *call);

typedef struct {
  const char *method, *pattern;
  const char *group; /* "Light", "Medium", "Heavy", "Auth"; NULL: no limit and no sign-in */
  const char *scope; /* (nullable): the application permission */
  PsRcHandler handler;
} PsRcRoute;

/* Each ends with a route without a method. */
extern const PsRcRoute ps_rc_oauth_routes[];
extern const PsRcRoute ps_rc_authorize_routes[];
extern const PsRcRoute ps_rc_account_routes[];
extern const PsRcRoute ps_rc_extension_routes[];
extern const PsRcRoute ps_rc_permission_routes[];
extern const PsRcRoute ps_rc_directory_routes[];
extern const PsRcRoute ps_rc_queue_routes[];
extern const PsRcRoute ps_rc_presence_routes[];
extern const PsRcRoute ps_rc_unified_routes[];
extern const PsRcRoute ps_rc_subscription_routes[];

/* --- ps-rc-front.c --- */
/* Returns: (transfer none): the front of a server that ps_tenant_ringcentral_attach() was called on. */
PsRcFront *ps_rc_front_of (PsTenantServer *server);
/* Returns: (transfer none): an enabled user who is no administrator and may sign in by e-mail address. */
PsTenantExtension *ps_rc_front_demo_user (PsRcFront *front);
const char *ps_rc_front_password (const PsTenantExtension *extension);

/* --- ps-rc-call.c --- */
void ps_rc_call_run (PsRcFront *front, const PsRcRoute *route, const PsTenantRequest *request, PsTenantReply *reply);
gboolean ps_rc_call_has_scope (PsRcCall *call, const char *scope);
/* Counts one call of @extension_id (0: nobody known) in a group and writes the X-Rate-Limit-* headers. FALSE: the reply
 * is the 429. */
gboolean ps_rc_call_take_limit (PsRcFront *front, PsTenantReply *reply, gint64 extension_id, const char *client_id,
                                const char *group);
/* Whether the asking user has administrator's rights (fault admin-removed takes them away). */
gboolean ps_rc_call_is_admin (PsRcCall *call);
/* Returns: (transfer none) (nullable): the extension with this id; "~" is the asking user. */
PsTenantExtension *ps_rc_call_find (PsRcCall *call, const char *id);
/* Returns: (transfer none) (nullable): the extension named by path argument @index ("~" is the asking user); NULL: the
 * reply is the 404. */
PsTenantExtension *ps_rc_call_extension (PsRcCall *call, guint index);
/* Returns: (transfer full) (nullable): the JSON object of the body; NULL: the reply is the 415 or 400. */
JsonObject *ps_rc_call_body (PsRcCall *call);
gboolean ps_rc_call_flag (PsRcCall *call, const char *name, gboolean by_default); /* a boolean of the query */
void ps_rc_call_reply (PsRcCall *call, guint status, PsRcJson *json);
/* Returns: (transfer full): "http://…/restapi/v1.0/account/ID" + @rest. */
char *ps_rc_call_uri (PsRcCall *call, const char *rest_format, ...) G_GNUC_PRINTF (2, 3);
/* Adds a member "uri" of the same form. */
void ps_rc_json_uri (PsRcJson *json, PsRcFront *front, const char *rest_format, ...) G_GNUC_PRINTF (3, 4);

/* --- ps-rc-error.c --- */
/* @word: (nullable): the legacy word that the top level carries in place of @code. @extra: (nullable): a further
 * member. */
void ps_rc_fail (PsTenantReply *reply, guint status, const char *word, const char *code, const char *extra,
                 const char *extra_value, const char *message_format, ...) G_GNUC_PRINTF (7, 8);
void ps_rc_fail_parameter (PsTenantReply *reply, const char *parameter);   /* 400 CMN-101 */
void ps_rc_fail_not_found (PsTenantReply *reply, const char *parameter);   /* 404 CMN-102 */
void ps_rc_fail_permission (PsTenantReply *reply, const char *permission); /* 403 CMN-408 */
void ps_rc_fail_directory (PsTenantReply *reply, guint status, const char *code, const char *parameter,
                           const char *message);
void ps_rc_fail_oauth (PsTenantReply *reply, const char *error, const char *code, const char *parameter,
                       const char *description);

/* --- ps-rc-presence-json.c --- */
typedef struct {
  gboolean detailed, sip; /* detailedTelephonyState, sipData */
  gint64 reader_id;       /* who reads: others do not see the presence of one who hides it */
} PsRcPresenceView;
gboolean ps_rc_extension_has_presence (const PsTenantExtension *extension);
void ps_rc_presence_write (PsRcJson *json, PsRcFront *front, const char *name, PsTenantExtension *extension,
                           const PsRcPresenceView *view);
void ps_rc_presence_write_calls (PsRcJson *json, const GPtrArray *calls, guint first, gboolean sip);

/* --- ps-rc-account.c, ps-rc-extension.c, ps-rc-directory.c --- */
void ps_rc_write_country (PsRcJson *json, PsRcFront *front, const char *name);
void ps_rc_write_region (PsRcJson *json, PsRcFront *front, gboolean with_currency); /* "regionalSettings" */
gint64 ps_rc_site_id (PsRcFront *front, const char *site);
int ps_rc_site_code (PsRcFront *front, const char *site);
void ps_rc_directory_write_entry (PsRcJson *json, PsRcFront *front, const char *event_type,
                                  const PsTenantExtension *extension, gboolean with_account);
gboolean ps_rc_directory_shows (const PsTenantExtension *extension);

/* --- ps-rc-oauth.c, ps-rc-authorize.c --- */
/* Returns: (transfer none) (nullable). @client_id: (nullable). */
const PsRcApplication *ps_rc_oauth_application (PsRcFront *front, const char *client_id);
GHashTable *ps_rc_authorize_consents_new (void); /* (transfer full) */

/* A code for @client_id, which must be the public client, and @redirect_uri, which must be the registered one. @method
 * is "S256" or "plain" (NULL: plain). Returns: (nullable): valid for 60 s of virtual time and one use. */
const char *ps_tenant_ringcentral_issue_code (PsTenantServer *server, gint64 extension_id, const char *client_id,
                                              const char *redirect_uri, const char *challenge, const char *method);

G_END_DECLS
