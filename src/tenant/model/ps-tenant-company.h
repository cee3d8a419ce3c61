/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The company in the world: who works there, on both sides, and how to find them. Part of ps-tenant-world.c; fronts use
 * ps-tenant-world.h.
 *
 * Every GUID, id and number is made from the seed and what it is for, never from the order of calls.
 */
#pragma once

#include "ps-tenant-dice.h"
#include "ps-tenant-world.h"

G_BEGIN_DECLS

typedef struct {
  PsTenantWorld *world;
  guint64 seed;
  char *name, *domain, *initial_domain; /* the initial domain is the onmicrosoft.com-like one */
  char *tenant_id;
  gint64 account_id;

  GPtrArray *people;           /* PsTenantPerson, owned */
  GPtrArray *extensions;       /* PsTenantExtension by id; those of people are owned by the person */
  GPtrArray *other_extensions; /* PsTenantExtension, owned: those that are nobody's */
  GPtrArray *groups;           /* PsTenantGroup, owned: a group for each department, and last the one that nests them */
  PsTenantExtension *admin;

  /* Only looked up, never walked: the order of a hash table is none. */
  GHashTable *microsoft_by_text; /* lower-case GUID or UPN (owned) → PsTenantMicrosoftUser */
  GHashTable *extension_by_id;   /* &id → PsTenantExtension */
  GHashTable *person_by_text;    /* lower-case text (owned) → PsTenantPerson */
  GHashTable *addresses;         /* lower-case addresses that are taken, owned */

  gint64 next_extension_id;
  guint next_extension_number;
} PsTenantCompany;

/* Builds it all. @world must be able to tell its options and its time already. */
PsTenantCompany *ps_tenant_company_new (PsTenantWorld *world);
void ps_tenant_company_free (PsTenantCompany *company);

PsTenantMicrosoftUser *ps_tenant_company_find_microsoft (PsTenantCompany *company, const char *id_or_upn);
PsTenantExtension *ps_tenant_company_find_extension (PsTenantCompany *company, gint64 id);
PsTenantPerson *ps_tenant_company_find_person (PsTenantCompany *company, const char *text);

/* --- the pieces that building and hiring are made of --- */
typedef struct {
  const char *title;
  const char *jobs[4];
  guint share; /* percent of the staff */
} PsTenantDepartment;
const PsTenantDepartment *ps_tenant_company_roll_department (PsTenantDice *dice);

PsTenantPerson *ps_tenant_company_add_person (PsTenantCompany *company, PsTenantOdd odd);
/* first.last@domain, or with a number behind it if that is taken. Returns: (transfer full), now taken */
char *ps_tenant_company_take_address (PsTenantCompany *company, const char *first_name, const char *last_name);
/* flast@domain, likewise. */
char *ps_tenant_company_take_short_address (PsTenantCompany *company, const char *first_name, const char *last_name);
/* A Microsoft account with licence and mailbox whose mail, UPN and primary address are @address. */
PsTenantMicrosoftUser *ps_tenant_company_add_microsoft (PsTenantCompany *company, PsTenantPerson *person,
                                                        const char *first_name, const char *last_name,
                                                        const char *address);
/* An enabled User extension for @person, or, with @person NULL, one of another @type. */
PsTenantExtension *ps_tenant_company_add_extension (PsTenantCompany *company, PsTenantPerson *person, const char *type,
                                                    const char *name);
/* Gives both sides the same post. */
void ps_tenant_company_employ (PsTenantPerson *person, const PsTenantDepartment *department, PsTenantDice *dice);
void ps_tenant_company_join_group (PsTenantCompany *company, PsTenantMicrosoftUser *user);
/* When all that is known of @person is in place: makes the presences, and the person can be found. */
void ps_tenant_company_settle (PsTenantCompany *company, PsTenantPerson *person);
/* The person can no longer be found. */
void ps_tenant_company_forget (PsTenantCompany *company, PsTenantPerson *person);
char *ps_tenant_company_guid (PsTenantCompany *company, const char *kind, guint64 index);
void ps_tenant_company_set_text (char **field, const char *text);

/* ps-tenant-company-build.c: fills an empty company. */
void ps_tenant_company_build (PsTenantCompany *company);

G_END_DECLS
