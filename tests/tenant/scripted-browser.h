/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a person does with a browser on a sign-in page, as a script: opens an address, types into the fields that are
 * seen, presses the button with this label. Knows forms, redirects and cookies, and no JavaScript: what works here
 * works without it. Only addresses of one origin are loaded; a redirect to any other place is kept in `left_to`, as a
 * web view catches it.
 */
#pragma once

#include "test-server-fixture.h"

G_BEGIN_DECLS

typedef struct {
  SoupSession *session;        /* (owned) */
  char *origin;                /* (owned) "http://127.0.0.1:1234" */
  char *address;               /* (owned) (nullable) of the page that is shown */
  guint status;                /* of it */
  SoupMessageHeaders *headers; /* (owned) (nullable) of it */
  char *html;                  /* (owned) (nullable) */
  char *text;                  /* (owned) (nullable): what can be read on it */
  char *left_to;               /* (owned) (nullable): a redirect that led away */
  GHashTable *typed;           /* (owned) name → value */
} Browser;

Browser *browser_new (const char *origin);
void browser_free (Browser *browser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Browser, browser_free)

void browser_open (Browser *browser, const char *address);
/* Fails if the page has no such field that can be seen. A box is ticked with "on". */
void browser_type (Browser *browser, const char *field, const char *value);
/* The button with this label, in its form. Fails if there is none. */
void browser_press (Browser *browser, const char *label);
gboolean browser_has_button (Browser *browser, const char *label);
/* Returns: (transfer full) (nullable): what stands in a field. */
char *browser_field (Browser *browser, const char *field);
void browser_assert_shows (Browser *browser, const char *text);
/* Returns: (transfer full) (nullable): a parameter of `left_to`'s query. */
char *browser_left_with (Browser *browser, const char *parameter);

G_END_DECLS
