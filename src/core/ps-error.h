/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One error domain for the whole program. A code is what a caller can *do*; the message is for people: what happened,
 * what it means, what to do, in whole translated sentences. The rest (status, the service's own code, its request id)
 * goes to the log and to details behind an expander.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PS_ERROR_SIGN_IN,        /* the credentials are refused: connect again */
  PS_ERROR_SECRET_EXPIRED, /* the client secret has expired: make a new one, "Update secret" */
  PS_ERROR_PERMISSION,     /* a permission or role is missing; `service_code` or message names it */
  PS_ERROR_NOT_FOUND,      /* the user, group … does not exist there (any more) */
  PS_ERROR_REFUSED,        /* the service understood and said no: repeating does not help */
  PS_ERROR_THROTTLED,      /* too many requests: wait `retry_after_ms` */
  PS_ERROR_NETWORK,        /* no connection, or it broke: try again later */
  PS_ERROR_TLS,            /* the server's certificate is not trusted */
  PS_ERROR_SERVER,         /* the service has trouble of its own (5xx): try again later */
  PS_ERROR_BAD_REPLY,      /* the reply is not what the contract says */
  PS_ERROR_INPUT,          /* what the person typed, or a file they gave */
  PS_ERROR_STORAGE,        /* the state on disk cannot be read or written (also: disk full) */
  PS_ERROR_TOO_NEW,        /* the state on disk is from a newer program */
  PS_ERROR_KEYRING,        /* the secret service is locked, absent or refuses */
  PS_ERROR_BUSY,           /* another program holds the engine */
  PS_ERROR_NOT_CONNECTED,  /* this needs a connection that is not set up */
  PS_ERROR_DECLINED,       /* the person cancelled or said no: nothing is wrong, nothing needs repair */
  PS_ERROR_NEEDS_BROWSER,  /* a policy refuses the embedded view: sign in with the system's browser */
} PsError;

#define PS_ERROR (ps_error_quark ())
GQuark ps_error_quark (void);

/* What the wire said, kept with a PS_ERROR (an extended GError, GLib 2.68). */
typedef struct {
  guint status;          /* HTTP status, 0: none */
  char *service_code;    /* (owned) (nullable): "AADSTS7000222", "Authorization_RequestDenied", "CMN-408" … */
  char *request_id;      /* (owned) (nullable): for the vendor's support */
  gint64 retry_after_ms; /* -1: the service named none */
} PsErrorDetails;

/* Returns: (transfer full): message formatted as by printf. */
GError *ps_error_new (PsError code, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Returns: (nullable): @error's details for reading and filling in; NULL if it is of another domain. */
PsErrorDetails *ps_error_details (const GError *error);
void ps_error_set_service_code (GError *error, guint status, const char *service_code, const char *request_id);

G_END_DECLS
