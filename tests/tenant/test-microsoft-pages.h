/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant and a person with a browser before Microsoft's sign-in pages.
 */
#pragma once

#include "scripted-browser.h"
#include "test-microsoft-fixture.h"

G_BEGIN_DECLS

#define MS_NATIVE  "https://login.microsoftonline.com/common/oauth2/nativeclient"
#define MS_NATIVE_ "https%3A%2F%2Flogin.microsoftonline.com%2Fcommon%2Foauth2%2Fnativeclient"
#define MS_PKCE    "&code_challenge=" MS_CHALLENGE "&code_challenge_method=S256"

typedef struct {
  MsTest *test;     /* (owned) */
  Browser *browser; /* (owned) */
} MsPages;

MsPages *ms_pages_new (void);
void ms_pages_free (MsPages *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MsPages, ms_pages_free)

/* Returns: the account of that key: "admin", "user", "app_admin", "role_admin". */
PsTenantMsAccount *ms_pages_account (MsPages *pages, const char *key);

/* A new browser: nobody is signed in. */
void ms_pages_forget (MsPages *pages);
/* @tenant NULL: ours. */
void ms_pages_open (MsPages *pages, const char *tenant, const char *path, const char *query);
/* /authorize with what the public client sends; @more (nullable) is appended and @scope is encoded already. */
void ms_pages_authorize (MsPages *pages, const char *redirect_encoded, const char *scope, const char *more);
void ms_pages_type (MsPages *pages, const char *login, const char *password);
void ms_pages_sign_in (MsPages *pages, const char *key);

/* Fails unless the browser was sent to @redirect, with the parameter @name saying @value. */
void ms_pages_assert_left (MsPages *pages, const char *redirect, const char *name, const char *value);
/* Fails unless error_description begins with refusal @number. */
void ms_pages_assert_refused (MsPages *pages, const char *redirect, const char *error, guint number);
/* Fails unless a page with refusal @number is shown. */
void ms_pages_assert_page (MsPages *pages, guint status, guint number);
/* Fails unless the page says that it is @page_id. */
void ms_pages_assert_is (MsPages *pages, const char *page_id);

G_END_DECLS
