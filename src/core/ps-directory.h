/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A user of each directory, with what matching, reasons and contact search need.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gatomicrefcount ref_count;
  char *id;                                    /* object id, a GUID: what presence calls take */
  char *display_name;                          /* (nullable) */
  char *user_principal_name;                   /* (nullable) */
  char *mail;                                  /* (nullable) */
  GStrv aliases;                               /* (nullable): proxyAddresses of kind SMTP/smtp, prefix stripped */
  char *department, *job_title, *mobile_phone; /* (nullable) */
  GStrv business_phones;                       /* (nullable) */
  gboolean enabled;                            /* accountEnabled */
  gboolean guest;                              /* userType Guest */
  gboolean deleted;                            /* only in a delta: @removed */
} PsMicrosoftUser;

PsMicrosoftUser *ps_microsoft_user_new (const char *id);
PsMicrosoftUser *ps_microsoft_user_ref (PsMicrosoftUser *user);
void ps_microsoft_user_unref (PsMicrosoftUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsMicrosoftUser, ps_microsoft_user_unref)

typedef enum {
  PS_EXTENSION_UNKNOWN,
  PS_EXTENSION_ENABLED,
  PS_EXTENSION_DISABLED,
  PS_EXTENSION_FROZEN,
  PS_EXTENSION_NOT_ACTIVATED,
  PS_EXTENSION_UNASSIGNED,
} PsExtensionStatus;

typedef struct {
  gatomicrefcount ref_count;
  char *id;                                    /* the immutable extension id as decimal text */
  char *extension_number;                      /* (nullable) */
  char *name;                                  /* (nullable) */
  char *email;                                 /* (nullable) */
  char *department, *job_title, *site, *phone; /* (nullable) */
  PsExtensionStatus status;
  gboolean admin;
  gboolean in_queue; /* member of at least one call queue: may take the queue rule */
} PsRingCentralUser; /* extensions of type User only */

PsRingCentralUser *ps_ringcentral_user_new (const char *id);
PsRingCentralUser *ps_ringcentral_user_ref (PsRingCentralUser *user);
void ps_ringcentral_user_unref (PsRingCentralUser *user);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PsRingCentralUser, ps_ringcentral_user_unref)

PsExtensionStatus ps_extension_status_from_wire (const char *word); /* (nullable) */

G_END_DECLS
