/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTML pages of RingCentral's sign-in, as a person sees them: signing in, consenting, and what went wrong before
 * there is an application to go back to. They need no JavaScript, load nothing, and go by the keyboard; everything that
 * came with the request is escaped.
 */
#pragma once

#include "ps-rc-front.h"

G_BEGIN_DECLS

/* A field that is carried from page to page, unseen. */
typedef struct {
  const char *name, *value;
} PsRcPageField;

typedef struct {
  const char *brand;           /* "RingCentral" */
  gboolean compact;            /* display=popup, touch, mobile: no frame around the form */
  const PsRcPageField *fields; /* ends with a name of NULL */
} PsRcPage;

typedef struct {
  const char *login;         /* (nullable): what was typed, or the hint */
  const char *problem;       /* (nullable): why it did not go on */
  gboolean password, sso;    /* the ways that `prompt` offers */
  const char *demo_accounts; /* (nullable): a line for people who try the demo */
} PsRcSignInPage;

/* Each fills in the whole reply. */
void ps_rc_page_sign_in (PsTenantReply *reply, const PsRcPage *page, const PsRcSignInPage *content);
/* @scopes: separated by spaces. @who: the user's name. */
void ps_rc_page_consent (PsTenantReply *reply, const PsRcPage *page, const char *who, const char *scopes);
/* No way back to the application: its address is not known to be its own. @code: "OAU-109". */
void ps_rc_page_error (PsTenantReply *reply, guint status, const char *code, const char *message);

G_END_DECLS
