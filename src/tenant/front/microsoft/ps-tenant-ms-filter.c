/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-tenant-ms-filter.h"

#include <string.h>

/* How deep parentheses and `not` may nest: parsing is recursive. */
#define DEEPEST 20

typedef enum {
  NODE_AND,
  NODE_OR,
  NODE_NOT,
  NODE_EQUALS,
  NODE_STARTS_WITH,
  NODE_ENDS_WITH,
} NodeKind;

struct _PsTenantMsFilter {
  NodeKind kind;
  const PsTenantMsProperty *property;
  char *value;                    /* (nullable): null */
  PsTenantMsFilter *left, *right; /* of AND and OR; NOT has only the left */
};

typedef struct {
  const PsTenantMsType *type;
  const char *at;
  gboolean advanced;
  guint depth;
  char *problem; /* (owned) (nullable): set once */
} Parser;

static PsTenantMsFilter *parse_or (Parser *self);

void
ps_tenant_ms_filter_free (PsTenantMsFilter *filter)
{
  if (filter == NULL)
    return;
  ps_tenant_ms_filter_free (filter->left);
  ps_tenant_ms_filter_free (filter->right);
  g_free (filter->value);
  g_free (filter);
}

static gpointer
fail (Parser *self, const char *format, const char *detail)
{
  if (self->problem == NULL) {
    g_autoptr (GString) text = g_string_new (format);

    g_string_replace (text, "{}", detail, 1);
    self->problem = g_string_free (g_steal_pointer (&text), FALSE);
  }
  return NULL;
}

static void
skip_spaces (Parser *self)
{
  while (*self->at == ' ')
    self->at++;
}

/* Takes @word if it stands here as a whole word. */
static gboolean
take_word (Parser *self, const char *word)
{
  gsize length = strlen (word);

  skip_spaces (self);
  if (strncmp (self->at, word, length) != 0 || g_ascii_isalnum (self->at[length]) || self->at[length] == '/')
    return FALSE;
  self->at += length;
  return TRUE;
}

static gboolean
take_char (Parser *self, char c)
{
  skip_spaces (self);
  if (*self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

/* Returns: (transfer full): the name that begins here; "" if there is none. */
static char *
take_name (Parser *self)
{
  const char *from;

  skip_spaces (self);
  from = self->at;
  while (g_ascii_isalnum (*self->at))
    self->at++;
  return g_strndup (from, self->at - from);
}

static const PsTenantMsProperty *
take_property (Parser *self)
{
  g_autofree char *name = take_name (self);
  const PsTenantMsProperty *property = ps_tenant_ms_type_find (self->type, name);

  if (*name == '\0')
    return fail (self, "Invalid filter clause: Syntax error at '{}'.", self->at);
  if (property == NULL)
    return fail (self, "Invalid filter clause: Could not find a property named '{}'.", name);
  if ((property->flags & PS_TENANT_MS_FILTER) == 0)
    return fail (self, "Unsupported Query. Filtering by '{}' is not supported.", name);
  return property;
}

/* 'text' with '' for a quote, true, false or null. @value is set to NULL for null. */
static gboolean
take_value (Parser *self, const PsTenantMsProperty *property, char **value)
{
  gboolean is_bool = property->kind == PS_TENANT_MS_BOOL || property->kind == PS_TENANT_MS_TRUE ||
                     property->kind == PS_TENANT_MS_FALSE;

  *value = NULL;
  if (take_char (self, '\'')) {
    g_autoptr (GString) text = g_string_new (NULL);

    for (; *self->at != '\0'; self->at++) {
      if (self->at[0] == '\'' && self->at[1] == '\'')
        self->at++;
      else if (self->at[0] == '\'')
        break;
      g_string_append_c (text, *self->at);
    }
    if (!take_char (self, '\''))
      return fail (self, "Invalid filter clause: There is an unterminated string literal at '{}'.", text->str) != NULL;
    if (is_bool)
      return fail (self, "Invalid filter clause: A binary operator with incompatible types was detected at '{}'.",
                   property->name) != NULL;
    *value = g_string_free (g_steal_pointer (&text), FALSE);
    return TRUE;
  }
  if (take_word (self, "null"))
    return TRUE;
  if (is_bool && (g_str_has_prefix (self->at, "true") || g_str_has_prefix (self->at, "false"))) {
    *value = take_name (self);
    return TRUE;
  }
  return fail (self, "Invalid filter clause: A literal was expected at '{}'.", self->at) != NULL;
}

static PsTenantMsFilter *
node_new (NodeKind kind, PsTenantMsFilter *left, PsTenantMsFilter *right)
{
  PsTenantMsFilter *node = g_new0 (PsTenantMsFilter, 1);

  node->kind = kind;
  node->left = left;
  node->right = right;
  return node;
}

static PsTenantMsFilter *
leaf_new (NodeKind kind, const PsTenantMsProperty *property, char *value)
{
  PsTenantMsFilter *node = node_new (kind, NULL, NULL);

  node->property = property;
  node->value = value;
  return node;
}

/* startswith(property,'text'), endswith(property,'text') */
static PsTenantMsFilter *
parse_function (Parser *self, NodeKind kind)
{
  const PsTenantMsProperty *property;
  g_autofree char *value = NULL;

  if (!take_char (self, '('))
    return fail (self, "Invalid filter clause: '(' expected at '{}'.", self->at);
  property = take_property (self);
  if (property == NULL)
    return NULL;
  if (!take_char (self, ','))
    return fail (self, "Invalid filter clause: ',' expected at '{}'.", self->at);
  if (!take_value (self, property, &value))
    return NULL;
  if (value == NULL || !take_char (self, ')'))
    return fail (self, "Invalid filter clause: ')' expected at '{}'.", self->at);
  if (kind == NODE_ENDS_WITH)
    self->advanced = TRUE;
  return leaf_new (kind, property, g_steal_pointer (&value));
}

/* collection/any(x:x eq 'text') or …startswith(x,'text')) */
static PsTenantMsFilter *
parse_any (Parser *self, const PsTenantMsProperty *property)
{
  g_autofree char *variable = NULL;
  g_autofree char *again = NULL;
  g_autofree char *value = NULL;
  NodeKind kind = NODE_EQUALS;

  if (!take_word (self, "any") || !take_char (self, '('))
    return fail (self, "Invalid filter clause: 'any(' expected at '{}'.", self->at);
  variable = take_name (self);
  if (*variable == '\0' || !take_char (self, ':'))
    return fail (self, "Invalid filter clause: a range variable was expected at '{}'.", self->at);
  if (take_word (self, "startswith") || take_word (self, "startsWith"))
    kind = NODE_STARTS_WITH;
  if (kind == NODE_STARTS_WITH && !take_char (self, '('))
    return fail (self, "Invalid filter clause: '(' expected at '{}'.", self->at);
  again = take_name (self);
  if (!g_str_equal (variable, again) || !(kind == NODE_EQUALS ? take_word (self, "eq") : take_char (self, ',')))
    return fail (self, "Invalid filter clause: Syntax error at '{}'.", self->at);
  if (!take_value (self, property, &value))
    return NULL;
  if ((kind == NODE_STARTS_WITH && !take_char (self, ')')) || !take_char (self, ')'))
    return fail (self, "Invalid filter clause: ')' expected at '{}'.", self->at);
  return leaf_new (kind, property, g_steal_pointer (&value));
}

/* property in ('a','b') is the same as a chain of `or`. */
static PsTenantMsFilter *
parse_in (Parser *self, const PsTenantMsProperty *property)
{
  PsTenantMsFilter *node = NULL;

  if (!take_char (self, '('))
    return fail (self, "Invalid filter clause: '(' expected at '{}'.", self->at);
  do {
    char *value;
    PsTenantMsFilter *leaf;

    if (!take_value (self, property, &value)) {
      ps_tenant_ms_filter_free (node);
      return NULL;
    }
    leaf = leaf_new (NODE_EQUALS, property, value);
    node = node == NULL ? leaf : node_new (NODE_OR, node, leaf);
  } while (take_char (self, ','));
  if (!take_char (self, ')')) {
    ps_tenant_ms_filter_free (node);
    return fail (self, "Invalid filter clause: ')' expected at '{}'.", self->at);
  }
  return node;
}

static PsTenantMsFilter *
parse_comparison (Parser *self)
{
  const PsTenantMsProperty *property = take_property (self);
  gboolean negated = FALSE;
  char *value;
  PsTenantMsFilter *leaf;

  if (property == NULL)
    return NULL;
  if (take_char (self, '/'))
    return property->kind == PS_TENANT_MS_STRINGS
               ? parse_any (self, property)
               : fail (self, "Invalid filter clause: '{}' is not a collection.", property->name);
  if (property->kind == PS_TENANT_MS_STRINGS)
    return fail (self, "Invalid filter clause: '{}' is a collection: use any().", property->name);
  if (take_word (self, "in"))
    return parse_in (self, property);
  if (take_word (self, "ne"))
    negated = TRUE;
  else if (!take_word (self, "eq"))
    return fail (self, "Invalid filter clause: Syntax error at '{}'.", self->at);
  if (!take_value (self, property, &value))
    return NULL;
  leaf = leaf_new (NODE_EQUALS, property, value);
  if (!negated)
    return leaf;
  self->advanced = TRUE;
  return node_new (NODE_NOT, leaf, NULL);
}

static PsTenantMsFilter *
parse_unary (Parser *self)
{
  PsTenantMsFilter *inner;

  if (++self->depth > DEEPEST)
    return fail (self, "Invalid filter clause: nested too deeply at '{}'.", self->at);
  if (take_word (self, "not")) {
    inner = parse_unary (self);
    self->advanced = TRUE;
    inner = inner != NULL ? node_new (NODE_NOT, inner, NULL) : NULL;
  } else if (take_word (self, "startswith") || take_word (self, "startsWith"))
    inner = parse_function (self, NODE_STARTS_WITH);
  else if (take_word (self, "endswith") || take_word (self, "endsWith"))
    inner = parse_function (self, NODE_ENDS_WITH);
  else if (take_char (self, '(')) {
    inner = parse_or (self);
    if (inner != NULL && !take_char (self, ')')) {
      ps_tenant_ms_filter_free (inner);
      inner = fail (self, "Invalid filter clause: ')' expected at '{}'.", self->at);
    }
  } else
    inner = parse_comparison (self);
  self->depth--;
  return inner;
}

static PsTenantMsFilter *
parse_chain (Parser *self, const char *word, NodeKind kind, PsTenantMsFilter *(*operand) (Parser *self))
{
  PsTenantMsFilter *node = operand (self);

  while (node != NULL && take_word (self, word)) {
    PsTenantMsFilter *right = operand (self);

    if (right == NULL)
      g_clear_pointer (&node, ps_tenant_ms_filter_free);
    else
      node = node_new (kind, node, right);
  }
  return node;
}

static PsTenantMsFilter *
parse_and (Parser *self)
{
  return parse_chain (self, "and", NODE_AND, parse_unary);
}

static PsTenantMsFilter *
parse_or (Parser *self)
{
  return parse_chain (self, "or", NODE_OR, parse_and);
}

PsTenantMsFilter *
ps_tenant_ms_filter_parse (const PsTenantMsType *type, const char *text, gboolean *advanced, char **problem)
{
  Parser self = { .type = type, .at = text };
  PsTenantMsFilter *filter = parse_or (&self);

  skip_spaces (&self);
  if (filter != NULL && *self.at != '\0') {
    g_clear_pointer (&filter, ps_tenant_ms_filter_free);
    fail (&self, "Invalid filter clause: Syntax error at '{}'.", self.at);
  }
  *advanced = self.advanced;
  *problem = self.problem;
  return filter;
}

static gboolean
starts_with (const char *text, const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

static gboolean
ends_with (const char *text, const char *suffix)
{
  gsize length = strlen (text), wanted = strlen (suffix);

  return wanted <= length && g_ascii_strcasecmp (text + length - wanted, suffix) == 0;
}

static gboolean
text_fits (const PsTenantMsFilter *filter, const char *text)
{
  if (text == NULL || filter->value == NULL)
    return filter->kind == NODE_EQUALS && text == filter->value;
  switch (filter->kind) {
  case NODE_STARTS_WITH:
    return starts_with (text, filter->value);
  case NODE_ENDS_WITH:
    return ends_with (text, filter->value);
  case NODE_EQUALS:
  case NODE_AND:
  case NODE_OR:
  case NODE_NOT:
  default:
    return g_ascii_strcasecmp (text, filter->value) == 0;
  }
}

gboolean
ps_tenant_ms_filter_fits (const PsTenantMsFilter *filter, gconstpointer object)
{
  const char *const *strings;
  const char *text;
  char buffer[256];

  switch (filter->kind) {
  case NODE_AND:
    return ps_tenant_ms_filter_fits (filter->left, object) && ps_tenant_ms_filter_fits (filter->right, object);
  case NODE_OR:
    return ps_tenant_ms_filter_fits (filter->left, object) || ps_tenant_ms_filter_fits (filter->right, object);
  case NODE_NOT:
    return !ps_tenant_ms_filter_fits (filter->left, object);
  case NODE_EQUALS:
  case NODE_STARTS_WITH:
  case NODE_ENDS_WITH:
  default:
    break;
  }
  text = ps_tenant_ms_property_text (filter->property, object, buffer, &strings);
  if (filter->property->kind != PS_TENANT_MS_STRINGS)
    return text_fits (filter, text);
  for (; strings != NULL && *strings != NULL; strings++)
    if (text_fits (filter, *strings))
      return TRUE;
  return FALSE;
}
