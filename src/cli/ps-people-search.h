/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Contact search in both directories at once: each person is found once, whether by the Microsoft or the RingCentral
 * side.
 */
#pragma once

#include "ps-match.h"
#include "ps-store.h"

G_BEGIN_DECLS

typedef struct {
  const PsMicrosoftUser *microsoft;     /* (nullable) */
  const PsRingCentralUser *ringcentral; /* (nullable): one of the two is there */
} PsPersonFound;

/* Looks for @text in names, addresses, numbers, departments and titles. Every word of it must be found, at the
 * beginning of a word or, in a number, anywhere; letters count without case and accents, numbers without spaces and
 * signs. Persons who are linked (@links: PsLink) are one. Returns: (transfer full) (element-type PsPersonFound): by
 * name; what they point to belongs to @directory. */
GPtrArray *ps_people_search (const PsDirectory *directory, const GPtrArray *links, const char *text);

G_END_DECLS
