/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-faults.h"

#include <string.h>

typedef struct {
  char *name;
  char *method;          /* (nullable): any */
  char *path;            /* (nullable): any, and outside of requests too */
  GPatternSpec *pattern; /* (nullable) of @path */
  char *value;
  gint64 left; /* -1: without end */
  guint64 struck;
} Fault;

struct _PsTenantFaults {
  GPtrArray *faults; /* Fault; the one set last goes first */
  char *last;        /* the value that was handed out last, kept when its fault was used up */
};

static void
fault_free (Fault *fault)
{
  g_free (fault->name);
  g_free (fault->method);
  g_free (fault->path);
  g_clear_pointer (&fault->pattern, g_pattern_spec_free);
  g_free (fault->value);
  g_free (fault);
}

PsTenantFaults *
ps_tenant_faults_new (void)
{
  PsTenantFaults *faults = g_new0 (PsTenantFaults, 1);

  faults->faults = g_ptr_array_new_with_free_func ((GDestroyNotify) fault_free);
  return faults;
}

void
ps_tenant_faults_free (PsTenantFaults *faults)
{
  g_ptr_array_unref (faults->faults);
  g_free (faults->last);
  g_free (faults);
}

/* "*12" at the end is a count; any other * belongs to the path. */
static gboolean
split_count (char *spec, gint64 *count)
{
  char *star = strrchr (spec, '*');
  guint64 number;

  *count = -1;
  if (star == NULL || star[1] == '\0' || strspn (star + 1, "0123456789") != strlen (star + 1))
    return TRUE;
  if (!g_ascii_string_to_unsigned (star + 1, 10, 1, G_MAXINT32, &number, NULL))
    return FALSE;
  *count = (gint64) number;
  *star = '\0';
  return TRUE;
}

static Fault *
fault_parse (const char *text)
{
  g_autofree char *spec = g_strdup (text);
  Fault *fault;
  char *at, *slash;
  gint64 count;

  if (!split_count (spec, &count))
    return NULL;
  at = strchr (spec, '@');
  if (at != NULL)
    *at++ = '\0';
  if (spec[0] == '\0' || (at != NULL && (slash = strchr (at, '/')) == NULL))
    return NULL;

  fault = g_new0 (Fault, 1);
  fault->name = g_strdup (spec);
  fault->left = count;
  if (at != NULL) {
    g_autofree char *glob = g_strconcat (slash, "*", NULL);

    fault->path = g_strdup (slash);
    fault->pattern = g_pattern_spec_new (glob);
    if (slash != at)
      fault->method = g_strstrip (g_strndup (at, slash - at));
  }
  return fault;
}

/* The server's own faults are known here, so that a slip shows when it is made; the fronts' are theirs. */
static gboolean
value_is_right (const char *name, const char *value)
{
  guint64 number;

  if (g_str_equal (name, "delay"))
    return g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &number, NULL);
  if (g_str_equal (name, "status"))
    return g_ascii_string_to_unsigned (value, 10, 400, 599, &number, NULL);
  if (g_str_equal (name, "429"))
    return value[0] != '\0' && strpbrk (value, "\r\n") == NULL; /* seconds, or a date, or what no server should send */
  return TRUE;
}

static gboolean
is_same (const Fault *a, const Fault *b)
{
  return g_str_equal (a->name, b->name) && g_strcmp0 (a->method, b->method) == 0 && g_strcmp0 (a->path, b->path) == 0;
}

gboolean
ps_tenant_faults_set (PsTenantFaults *faults, const char *spec, const char *value)
{
  Fault *fault = fault_parse (spec);

  if (fault == NULL)
    return FALSE;
  if (value != NULL && !value_is_right (fault->name, value)) {
    fault_free (fault);
    return FALSE;
  }
  for (guint i = faults->faults->len; i > 0; i--) {
    Fault *old = g_ptr_array_index (faults->faults, i - 1);

    if (is_same (old, fault) || (value == NULL && fault->path == NULL && g_str_equal (old->name, fault->name)))
      g_ptr_array_remove_index (faults->faults, i - 1);
  }
  if (value == NULL) {
    fault_free (fault);
  } else {
    fault->value = g_strdup (value);
    g_ptr_array_insert (faults->faults, 0, fault);
  }
  return TRUE;
}

void
ps_tenant_faults_clear (PsTenantFaults *faults)
{
  g_ptr_array_set_size (faults->faults, 0);
}

static Fault *
find (PsTenantFaults *faults, const char *name, const char *method, const char *path, guint *index)
{
  for (guint i = 0; i < faults->faults->len; i++) {
    Fault *fault = g_ptr_array_index (faults->faults, i);

    if (!g_str_equal (fault->name, name) || (fault->method != NULL && g_strcmp0 (fault->method, method) != 0))
      continue;
    if (fault->path != NULL && (path == NULL || !g_pattern_spec_match_string (fault->pattern, path)))
      continue;
    *index = i;
    return fault;
  }
  return NULL;
}

const char *
ps_tenant_faults_look (PsTenantFaults *faults, const char *name, const char *method, const char *path)
{
  guint index;
  Fault *fault = find (faults, name, method, path, &index);

  return fault != NULL ? fault->value : NULL;
}

const char *
ps_tenant_faults_take (PsTenantFaults *faults, const char *name, const char *method, const char *path)
{
  guint index;
  Fault *fault = find (faults, name, method, path, &index);

  if (fault == NULL)
    return NULL;
  g_free (faults->last);
  faults->last = g_strdup (fault->value);
  fault->struck++;
  if (fault->left > 0 && --fault->left == 0)
    g_ptr_array_remove_index (faults->faults, index);
  return faults->last;
}

static void
add_nullable (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

void
ps_tenant_faults_add (PsTenantFaults *faults, JsonBuilder *builder)
{
  json_builder_begin_array (builder);
  for (guint i = 0; i < faults->faults->len; i++) {
    const Fault *fault = g_ptr_array_index (faults->faults, i);

    json_builder_begin_object (builder);
    add_nullable (builder, "name", fault->name);
    add_nullable (builder, "method", fault->method);
    add_nullable (builder, "path", fault->path);
    add_nullable (builder, "value", fault->value);
    json_builder_set_member_name (builder, "left");
    if (fault->left < 0)
      json_builder_add_null_value (builder);
    else
      json_builder_add_int_value (builder, fault->left);
    json_builder_set_member_name (builder, "struck");
    json_builder_add_int_value (builder, (gint64) fault->struck);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}
