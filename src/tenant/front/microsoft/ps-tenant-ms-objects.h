/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answering with directory objects of which there are few: they are made as trees, and the query options look at those.
 * $filter knows `name eq 'text'`, `startswith(name,'text')`, `name/any(x:x eq 'text')`, and several of them with `and`.
 */
#pragma once

#include "ps-tenant-ms.h"

G_BEGIN_DECLS

/* @template: JSON of an object, ours. Returns: (transfer full). */
JsonObject *ps_tenant_ms_object_new (const char *template);

void ps_tenant_ms_object_set (JsonObject *object, const char *name, const char *value /* (nullable) */);
void ps_tenant_ms_object_set_time (JsonObject *object, const char *name, gint64 ms);
void ps_tenant_ms_object_set_strings (JsonObject *object, const char *name, const GPtrArray *strings);

/* Answers with one object, or with what $select names of it. @entity: what stands in @odata.context. */
void ps_tenant_ms_object_answer (PsTenantMsCall *call, guint status, const char *entity,
                                 JsonObject *object /* (transfer full) */);

/* Answers with those of @objects (element-type JsonObject) that $filter fits, $top of them on a page. */
void ps_tenant_ms_objects_answer (PsTenantMsCall *call, const char *entity, const GPtrArray *objects);

/* Returns: (transfer full): what stands between the quotes of "name(key='text')", or @segment itself. */
char *ps_tenant_ms_object_key (const char *segment);

/* 404, for a path whose object is not there. */
void ps_tenant_ms_object_missing (PsTenantMsCall *call, const char *id);

G_END_DECLS
