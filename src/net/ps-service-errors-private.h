/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of ps-service-errors.c, one file for each vendor.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-service-errors.h"

G_BEGIN_DECLS

typedef struct {
  const char *code; /* on the wire */
  PsError error;
  const char *message; /* N_(); %s, if there is one, is the permission or parameter */
} PsServiceErrorRow;

/* What a vendor's parser found in a body. */
typedef struct {
  const PsServiceErrorRow *row; /* (nullable): nothing that we know */
  char *code;                   /* (owned) (nullable): for the details, known or not */
  char *parameter;              /* (owned) (nullable) */
  char *request_id;             /* (owned) (nullable) */
} PsServiceFinding;

/* Entra's and Graph's bodies; RingCentral's. @object: (nullable): the body if it is a JSON object. */
void ps_service_errors_read_microsoft (JsonObject *object, guint status, PsServiceFinding *finding);
void ps_service_errors_read_ringcentral (JsonObject *object, guint status, PsServiceFinding *finding);
const PsServiceErrorRow *ps_service_errors_find_microsoft (const char *code, guint status);
const PsServiceErrorRow *ps_service_errors_find_ringcentral (const char *code, guint status);

/* @message with every %s replaced by @value. Returns: (transfer full). */
char *ps_service_errors_fill (const char *message, const char *value);
const PsServiceErrorRow *ps_service_errors_find (const PsServiceErrorRow *rows, gsize n_rows, const char *code);

G_END_DECLS
