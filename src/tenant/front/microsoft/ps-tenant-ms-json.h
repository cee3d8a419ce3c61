/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading and writing the JSON of Graph. Replies are written straight into a GString: a page of 999 users or 650
 * presences is the tenant's daily bread and a tree of nodes for it would cost many times the rest of the call.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ps-tenant-teams.h"

G_BEGIN_DECLS

/* --- reading: NULL or the fallback if absent, null or of another type --- */
const char *ps_tenant_ms_json_get_string (JsonObject *object, const char *name);
JsonArray *ps_tenant_ms_json_get_array (JsonObject *object, const char *name);
JsonObject *ps_tenant_ms_json_get_object (JsonObject *object, const char *name);
/* Returns: (nullable): element @index if it is an object. */
JsonObject *ps_tenant_ms_json_element_object (JsonArray *array, guint index);

/* --- writing --- */
/* Appends @text (nullable) in quotes, or null. */
void ps_tenant_ms_json_string (GString *json, const char *text);
/* "2026-01-05T08:00:00Z" */
char *ps_tenant_ms_time (gint64 ms);

/* --- the types of Graph that the tenant knows, as tables of properties --- */
typedef enum {
  PS_TENANT_MS_STRING,  /* char * at the offset */
  PS_TENANT_MS_BOOL,    /* gboolean at the offset */
  PS_TENANT_MS_STRINGS, /* GStrv at the offset */
  PS_TENANT_MS_USER_TYPE,
  PS_TENANT_MS_NICKNAME, /* the part before the @ of the string at the offset */
  PS_TENANT_MS_PLANS,
  PS_TENANT_MS_LICENSES,
  PS_TENANT_MS_NULL,  /* a property that nobody here has a value for */
  PS_TENANT_MS_EMPTY, /* … a collection */
  PS_TENANT_MS_TRUE,
  PS_TENANT_MS_FALSE,
  PS_TENANT_MS_SINGLE, /* stored outside the directory: 501 in a collection */
} PsTenantMsKind;

enum {
  PS_TENANT_MS_DEFAULT = 1 << 0, /* in a reply without $select */
  PS_TENANT_MS_FILTER = 1 << 1,  /* $filter with eq works without advanced query */
  PS_TENANT_MS_BASIC = 1 << 2,   /* … User.ReadBasic.All may see it */
};

typedef struct {
  const char *name;
  PsTenantMsKind kind;
  gsize offset;
  guint flags;
} PsTenantMsProperty;

typedef struct {
  const char *name;                     /* "microsoft.graph.user" */
  const PsTenantMsProperty *properties; /* ends with a NULL name */
} PsTenantMsType;

extern const PsTenantMsType ps_tenant_ms_user_type;
extern const PsTenantMsType ps_tenant_ms_group_type;

/* Returns: (nullable): the property of that name. */
const PsTenantMsProperty *ps_tenant_ms_type_find (const PsTenantMsType *type, const char *name);

/* What a property has for @object, as text for comparing; NULL: null. @strings (out) is set for a collection. */
const char *ps_tenant_ms_property_text (const PsTenantMsProperty *property, gconstpointer object, char buffer[256],
                                        const char *const **strings);

/* Appends the members, with commas between them, without the braces. @properties: PsTenantMsProperty. */
void ps_tenant_ms_write_members (GString *json, const GPtrArray *properties, gconstpointer object);

/* --- presence --- */
typedef struct {
  char *content; /* (nullable): no message now, @version is what is left */
  char *content_type;
  char *expiry, *expiry_zone; /* (nullable): as they were sent */
  gint64 expires_ms;          /* virtual; G_MAXINT64: never */
  gint64 published_ms;
  guint version;
} PsTenantMsStatus;

void ps_tenant_ms_status_free (PsTenantMsStatus *status);

/* Appends one presence without its outer braces. @status is (nullable); @own: the reader is this very person, who also
 * sees when the status message was published and when it ends. */
void ps_tenant_ms_write_presence (GString *json, PsTenantMicrosoftUser *user, const PsTenantMsStatus *status,
                                  gboolean own, gint64 now_ms);

G_END_DECLS
