/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demo tenant's world: one company that has both a Microsoft 365 tenant and a RingCentral account, in virtual time.
 *
 * This is a model, not a server: it knows no socket, no main loop and no wall clock. Whoever owns it moves its time on
 * with ps_tenant_world_advance(), and everything that falls due on the way (a meeting begins, a session expires, a call
 * ends) happens then, in order, at its own virtual time. The same seed and the same calls give the same world, always.
 *
 * Nothing in here comes from src/core: the client's tables and the services' rules are written down twice on purpose,
 * so that a mistake in one of them shows.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PsTenantWorld PsTenantWorld;
typedef struct _PsTenantTeams PsTenantTeams; /* ps-tenant-teams.h: the Teams presence of one Microsoft account */
typedef struct _PsTenantPhone PsTenantPhone; /* ps-tenant-phone.h: the phone presence of one RingCentral extension */

/* What is odd about a person, so that a client meets each reason why a match can fail. */
typedef enum {
  PS_TENANT_ODD_NOTHING,
  PS_TENANT_ODD_ALIAS_ONLY,                /* RingCentral's address is one of Microsoft's proxyAddresses, not `mail` */
  PS_TENANT_ODD_UPN_ONLY,                  /* … is the userPrincipalName only; `mail` is null */
  PS_TENANT_ODD_OTHER_CASE,                /* … differs in case */
  PS_TENANT_ODD_NO_MICROSOFT,              /* no Microsoft account at all */
  PS_TENANT_ODD_NO_RINGCENTRAL,            /* a Microsoft account, no extension */
  PS_TENANT_ODD_ADDRESS_TWICE_RINGCENTRAL, /* two RingCentral users share the address */
  PS_TENANT_ODD_ADDRESS_TWICE_MICROSOFT,   /* two Microsoft accounts carry the address (mail of one, alias of the other)
                                            */
  PS_TENANT_ODD_MICROSOFT_DISABLED,        /* accountEnabled = false */
  PS_TENANT_ODD_RINGCENTRAL_DISABLED,      /* extension status Disabled */
  PS_TENANT_ODD_NOT_ACTIVATED,             /* extension status NotActivated */
  PS_TENANT_ODD_GUEST,                     /* userType Guest, #EXT# userPrincipalName */
  PS_TENANT_ODD_NO_EMAIL,                  /* no e-mail in RingCentral */
  PS_TENANT_ODD_NO_LICENCE,                /* no Teams licence: presence reads PresenceUnknown */
} PsTenantOdd;

typedef struct {
  char *id; /* directory object id, a GUID */
  char *display_name, *given_name, *surname;
  char *user_principal_name;
  char *mail;                                     /* (nullable) */
  GStrv proxy_addresses;                          /* "SMTP:primary", "smtp:alias" */
  char *job_title, *department, *office_location; /* (nullable) */
  char *mobile_phone;                             /* (nullable) */
  GStrv business_phones;
  gboolean enabled, guest, teams_licence, mailbox;
  gint64 changed_ms; /* the last change of the directory entry: what /users/delta asks for */
  gboolean deleted;
  PsTenantTeams *teams; /* (owned) */
} PsTenantMicrosoftUser;

typedef struct {
  gint64 id;              /* immutable */
  char *extension_number; /* "101" */
  char *type;             /* "User", "Department" (a call queue), "Announcement", "IvrMenu", … */
  char *status;           /* "Enabled", "Disabled", "NotActivated" */
  char *name, *first_name, *last_name;
  char *email;                  /* (nullable) */
  char *department, *job_title; /* (nullable) */
  char *phone_number;           /* (nullable) direct number, E.164 */
  char *site;                   /* site name */
  gboolean admin;               /* permissions.admin.enabled: the Super Admin whose tokens the client uses */
  gboolean email_as_login;
  gboolean deleted;
  GArray *queue_ids;    /* gint64: the call queues this user is a member of */
  PsTenantPhone *phone; /* (owned) (nullable): types without presence have none */
} PsTenantExtension;

typedef struct {
  guint index;
  PsTenantOdd odd;
  PsTenantMicrosoftUser *microsoft; /* (owned) (nullable) */
  PsTenantExtension *extension;     /* (owned) (nullable) */
} PsTenantPerson;

typedef struct {
  char *id; /* GUID */
  char *display_name;
  GPtrArray *members; /* PsTenantMicrosoftUser, not owned */
  GPtrArray *groups;  /* nested PsTenantGroup, not owned */
} PsTenantGroup;

typedef struct {
  guint users; /* extensions of type User: exactly so many */
  guint64 seed;
  gint64 start_ms;            /* virtual time at the start, ms since the epoch, UTC */
  double churn_per_second;    /* extra random state changes in the whole company per virtual second; 0: none */
  gboolean daily_life;        /* people live a working day: meetings, calls, lunch, Do Not Disturb */
  gboolean new_call_handling; /* the account runs RingCentral's state-based call handling */
} PsTenantWorldOptions;

/* Returns: (transfer full): a company; 10,000 users take well under two seconds. */
PsTenantWorld *ps_tenant_world_new (const PsTenantWorldOptions *options);
void ps_tenant_world_free (PsTenantWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsTenantWorld, ps_tenant_world_free)

/* --- time: ms since the epoch, UTC; it never goes back --- */
gint64 ps_tenant_world_now (PsTenantWorld *world);
/* When the next thing is due, or G_MAXINT64: the owner need not look before then. */
gint64 ps_tenant_world_next_due (PsTenantWorld *world);
void ps_tenant_world_advance (PsTenantWorld *world, gint64 to_ms);
typedef void (*PsTenantFunc) (PsTenantWorld *world, gpointer data);
/* Calls @func at @at_ms of virtual time. Timers of the same ms run in the order they were made. Returns an id for
 * ps_tenant_world_cancel(), which may be called at any time, also after the timer has run (then it does nothing). */
guint64 ps_tenant_world_at (PsTenantWorld *world, gint64 at_ms, PsTenantFunc func, gpointer data);
void ps_tenant_world_cancel (PsTenantWorld *world, guint64 timer);
/* The world's own random numbers (seeded; GRand). Model code only: a front that drew from it would make replays depend
 * on the requests' order. */
GRand *ps_tenant_world_rand (PsTenantWorld *world);

/* --- who is there (owned by the world, valid as long as it) --- */
const GPtrArray *ps_tenant_world_people (PsTenantWorld *world); /* PsTenantPerson */
const GPtrArray *
ps_tenant_world_extensions (PsTenantWorld *world); /* PsTenantExtension, users and all other types, by id */
const GPtrArray *
ps_tenant_world_groups (PsTenantWorld *world); /* PsTenantGroup: departments, and one group of groups */
PsTenantMicrosoftUser *ps_tenant_world_find_microsoft (PsTenantWorld *world,
                                                       const char *id_or_upn); /* case-insensitive */
PsTenantExtension *ps_tenant_world_find_extension (PsTenantWorld *world, gint64 id);
PsTenantPerson *ps_tenant_world_find_person (PsTenantWorld *world,
                                             const char *text); /* e-mail, UPN, GUID, extension id or number */
const char *ps_tenant_world_company (PsTenantWorld *world);     /* "Contoso Instruments" … */
const char *ps_tenant_world_tenant_id (PsTenantWorld *world);   /* GUID */
const char *ps_tenant_world_domain (PsTenantWorld *world);
gint64 ps_tenant_world_account_id (PsTenantWorld *world);
PsTenantExtension *ps_tenant_world_admin (PsTenantWorld *world); /* the RingCentral Super Admin (service user) */
const PsTenantWorldOptions *ps_tenant_world_options (PsTenantWorld *world);

/* From now on so many random changes a second; 0: none. */
void ps_tenant_world_set_churn (PsTenantWorld *world, double per_second);

/* --- directory changes a tester makes --- */
PsTenantPerson *ps_tenant_world_hire (PsTenantWorld *world, const char *first_name, const char *last_name);
void ps_tenant_world_leave (PsTenantWorld *world, PsTenantPerson *person); /* deleted on both sides */
void ps_tenant_world_set_microsoft_enabled (PsTenantWorld *world, PsTenantMicrosoftUser *user, gboolean enabled);
void ps_tenant_world_set_extension_status (PsTenantWorld *world, PsTenantExtension *extension, const char *status);

/* --- who listens --- */
typedef enum {
  PS_TENANT_CHANGE_TEAMS, /* what Teams shows of a Microsoft user changed (subject: PsTenantMicrosoftUser) */
  PS_TENANT_CHANGE_PHONE, /* the phone presence of an extension changed (subject: PsTenantExtension): one event each */
  PS_TENANT_CHANGE_EXTENSION, /* an extension was made, changed or deleted (subject: PsTenantExtension) */
  PS_TENANT_CHANGE_DIRECTORY, /* a Microsoft user was made, changed or deleted (subject: PsTenantMicrosoftUser) */
} PsTenantChange;
typedef void (*PsTenantListener) (PsTenantWorld *world, PsTenantChange change, gpointer subject, gpointer data);
guint ps_tenant_world_listen (PsTenantWorld *world, PsTenantListener listener, gpointer data);
void ps_tenant_world_unlisten (PsTenantWorld *world, guint id);
/* For the model's own parts: tell the listeners. */
void ps_tenant_world_notify (PsTenantWorld *world, PsTenantChange change, gpointer subject);

G_END_DECLS
