/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A subscription: the event filters that one event socket asked for, read and checked.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PS_RC_FILTER_ACCOUNT_PRESENCE,   /* ~/presence */
  PS_RC_FILTER_EXTENSION_PRESENCE, /* ~/extension/ID/presence */
  PS_RC_FILTER_DND,                /* ~/extension/ID/presence/dnd */
  PS_RC_FILTER_EXTENSIONS,         /* ~/extension */
  PS_RC_FILTER_EXTENSION,          /* ~/extension/ID */
  PS_RC_FILTER_DIRECTORY,          /* ~/directory/entries */
} PsRcFilterKind;

typedef struct {
  PsRcFilterKind kind;
  gint64 extension_id; /* 0: any */
  gboolean detailed, sip;
  char *text; /* (owned): with the account's and the extension's own ids */
} PsRcFilter;

typedef struct {
  char *filter, *reason, *message; /* (owned) */
} PsRcDisabledFilter;

typedef struct {
  char *id;            /* (owned) */
  GPtrArray *filters;  /* (owned) PsRcFilter */
  GPtrArray *disabled; /* (owned) PsRcDisabledFilter */
  gint64 created_ms;
} PsRcSubscription;

void ps_rc_subscription_free (PsRcSubscription *subscription);

G_END_DECLS
