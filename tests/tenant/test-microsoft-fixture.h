/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A demo tenant with its Microsoft front only, and calls to it with a token.
 */
#pragma once

#include "ps-tenant-ms-grants.h"
#include "ps-tenant-ms.h"
#include "ps-tenant-teams.h"
#include "test-server-fixture.h"

G_BEGIN_DECLS

#define MS_REDIRECT  "http://localhost:8400/back"
#define MS_VERIFIER  "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define MS_CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" /* RFC 7636, appendix B */

typedef struct {
  TestServer *http; /* (owned) */
  PsTenantMs *ms;
  PsTenantWorld *world;
  char *token;  /* (owned) (nullable): sent with each call; at first the confidential client's */
  char *secret; /* (owned) of the confidential client */
} MsTest;

MsTest *ms_test_new (void);
void ms_test_free (MsTest *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MsTest, ms_test_free)

/* The @nth matched person with a licence, enabled on both sides. */
PsTenantPerson *ms_test_person (MsTest *test, guint nth);

/* POST to the token endpoint of @tenant (NULL: ours): name, value pairs, ended by NULL; a pair whose value is NULL is
 * left out. */
TestAnswer *ms_test_sign_in (MsTest *test, const char *tenant, ...) G_GNUC_NULL_TERMINATED;
/* Asserts that @answer (transfer full) is the refusal @number. */
void ms_test_assert_aadsts (TestAnswer *answer, guint status, const char *error, guint number);

/* A new token of the confidential client; also becomes @test's. */
void ms_test_use_client (MsTest *test);
/* A token of @user with @scope through the public client; becomes @test's. */
void ms_test_use_user (MsTest *test, PsTenantMicrosoftUser *user, const char *scope);
/* Returns: (transfer full): a code that the authorize page would have issued to the public client. */
char *ms_test_code (MsTest *test, PsTenantMicrosoftUser *user, const char *scope);

/* One call of Graph with @test's token. @body (nullable) is sent as application/json unless a Content-Type is among the
 * headers: name, value pairs, ended by NULL. */
TestAnswer *ms_test_call (MsTest *test, const char *method, const char *target, const char *body,
                          ...) G_GNUC_NULL_TERMINATED;
/* The same; fails unless the answer is @status. */
TestAnswer *ms_test_expect (MsTest *test, guint status, const char *method, const char *target, const char *body,
                            ...) G_GNUC_NULL_TERMINATED;
/* The same; fails unless the answer is an error of Graph's shape with @status and @code. Its message must not be empty,
 * but for the presence service's Forbidden. */
void ms_test_refused (MsTest *test, guint status, const char *code, const char *method, const char *target,
                      const char *body, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
