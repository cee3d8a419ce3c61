/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-filter.h"

#include <string.h>

#define PREFIX "/restapi/v1.0/account/"

void
ps_rc_filter_free (PsRcFilter *filter)
{
  g_free (filter->text);
  g_free (filter);
}

void
ps_rc_disabled_filter_free (PsRcDisabledFilter *disabled)
{
  g_free (disabled->filter);
  g_free (disabled->reason);
  g_free (disabled->message);
  g_free (disabled);
}

static void
disable (GPtrArray *disabled, const char *filter, const char *reason, const char *message)
{
  PsRcDisabledFilter *entry = g_new0 (PsRcDisabledFilter, 1);

  entry->filter = g_strdup (filter);
  entry->reason = g_strdup (reason);
  entry->message = g_strdup (message);
  g_ptr_array_add (disabled, entry);
}

/* The forms after the account, without the extension's id. */
static const struct {
  const char *form;
  PsRcFilterKind kind;
  gboolean one; /* has {extensionId} */
  const char *scope;
} forms[] = {
  { "presence", PS_RC_FILTER_ACCOUNT_PRESENCE, FALSE, "ReadAccounts" },
  { "extension/*/presence", PS_RC_FILTER_EXTENSION_PRESENCE, TRUE, "ReadPresence" },
  { "extension/*/presence/dnd", PS_RC_FILTER_DND, TRUE, "ReadAccounts" },
  { "extension", PS_RC_FILTER_EXTENSIONS, FALSE, "ReadAccounts" },
  { "extension/*", PS_RC_FILTER_EXTENSION, TRUE, "ReadAccounts" },
  { "directory/entries", PS_RC_FILTER_DIRECTORY, FALSE, "ReadAccounts" },
};

/* Returns: the index of the form, or -1. @id: (out): the segment at the asterisk. */
static int
find_form (const char *const *segments, const char **id)
{
  for (guint f = 0; f < G_N_ELEMENTS (forms); f++) {
    g_auto (GStrv) form = g_strsplit (forms[f].form, "/", -1);
    guint i;

    for (i = 0; form[i] != NULL && segments[i] != NULL; i++) {
      if (g_str_equal (form[i], "*"))
        *id = segments[i];
      else if (!g_str_equal (form[i], segments[i]))
        break;
    }
    if (form[i] == NULL && segments[i] == NULL)
      return (int) f;
  }
  return -1;
}

/* FALSE: disabled, with the reason. */
static gboolean
find_extension (PsRcCall *call, const char *text, const char *id, int form, PsRcFilter *filter, GPtrArray *disabled)
{
  PsTenantExtension *extension = ps_rc_call_find (call, id);

  if (extension == NULL) {
    disable (disabled, text, "SUB-408", "Extension is not found");
    return FALSE;
  }
  if (forms[form].kind != PS_RC_FILTER_EXTENSION && !ps_rc_extension_has_presence (extension)) {
    disable (disabled, text, "SUB-402", "Presence is not available for this extension type");
    return FALSE;
  }
  filter->extension_id = extension->id;
  return TRUE;
}

static void
read_options (PsRcFilter *filter, const char *query)
{
  g_autoptr (GHashTable) options = soup_form_decode (query != NULL ? query : "");

  filter->detailed = g_strcmp0 (g_hash_table_lookup (options, "detailedTelephonyState"), "true") == 0;
  filter->sip = g_strcmp0 (g_hash_table_lookup (options, "sipData"), "true") == 0;
}

static char *
canonical (PsRcCall *call, int form, const PsRcFilter *filter)
{
  gint64 account = ps_tenant_world_account_id (call->front->world);
  g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, filter->extension_id);
  g_auto (GStrv) halves = g_strsplit (forms[form].form, "*", 2);
  const char *options = filter->detailed
                            ? filter->sip ? "?detailedTelephonyState=true&sipData=true" : "?detailedTelephonyState=true"
                            : "";

  return g_strdup_printf (PREFIX "%" G_GINT64_FORMAT "/%s%s%s%s", account, halves[0], forms[form].one ? id : "",
                          forms[form].one ? halves[1] : "", options);
}

void
ps_rc_filter_read (PsRcCall *call, const char *text, GPtrArray *filters, GPtrArray *disabled)
{
  g_auto (GStrv) parts = g_strsplit (text, "?", 2);
  g_auto (GStrv) segments = NULL;
  g_autofree char *account = g_strdup_printf ("%" G_GINT64_FORMAT, ps_tenant_world_account_id (call->front->world));
  PsRcFilter *filter;
  const char *id = NULL;
  int form = -1;

  if (parts[0] != NULL && g_str_has_prefix (parts[0], PREFIX))
    segments = g_strsplit (parts[0] + strlen (PREFIX), "/", -1);
  if (segments != NULL && segments[0] != NULL)
    form = find_form ((const char *const *) segments + 1, &id);
  if (form < 0) {
    disable (disabled, text, "SUB-508", "Event filter is not supported");
    return;
  }
  if (!g_str_equal (segments[0], "~") && !g_str_equal (segments[0], account)) {
    disable (disabled, text, "SUB-406", "Event filter of another account");
    return;
  }
  if (!ps_rc_call_has_scope (call, forms[form].scope)) {
    disable (disabled, text, "CMN-401", "Application permission is missing");
    return;
  }
  filter = g_new0 (PsRcFilter, 1);
  filter->kind = forms[form].kind;
  read_options (filter, parts[1]);
  if (forms[form].one && !find_extension (call, text, id, form, filter, disabled)) {
    ps_rc_filter_free (filter);
    return;
  }
  filter->text = canonical (call, form, filter);
  g_ptr_array_add (filters, filter);
}
