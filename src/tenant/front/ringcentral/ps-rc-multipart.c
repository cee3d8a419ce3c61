/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-rc-multipart.h"

#include <string.h>

gboolean
ps_rc_multipart_wanted (const char *ids)
{
  return strchr (ids, ',') != NULL || g_str_equal (ids, "*");
}

gboolean
ps_rc_multipart_check (PsRcCall *call, const char *const *ids)
{
  guint count = g_strv_length ((GStrv) ids);

  if (count == 0 || count > PS_RC_MULTIPART_MAX) {
    ps_rc_fail (call->reply, 400, "InvalidMultipartRequest", "CMN-106", NULL, NULL,
                "Multipart request may have at most %d parts", PS_RC_MULTIPART_MAX);
    return FALSE;
  }
  for (guint i = 0; i < count; i++) {
    if (ids[i][0] == '\0') {
      ps_rc_fail_parameter (call->reply, "extensionId");
      return FALSE;
    }
  }
  return TRUE;
}

static const char *
text_of (const PsTenantReply *part, gsize *length)
{
  if (part->body == NULL) {
    *length = 2;
    return "{}";
  }
  return g_bytes_get_data (part->body, length);
}

static void
reply_json (PsRcCall *call, const char *const *ids, const PsTenantReply *parts, guint count)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '[');
  for (guint i = 0; i < count; i++) {
    gsize length;
    const char *text = text_of (&parts[i], &length);

    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_text (&json, "resourceId", ids[i]);
    ps_rc_json_int (&json, "status", parts[i].status);
    ps_rc_json_raw (&json, "body", text, (gssize) length);
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_call_reply (call, 207, &json);
  g_free (call->reply->content_type);
  call->reply->content_type = g_strdup (PS_RC_MULTIPART_JSON);
}

static GBytes *
status_part (PsRcCall *call, const char *const *ids, const PsTenantReply *parts, guint count)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_open (&json, "response", '[');
  for (guint i = 0; i < count; i++) {
    g_autofree char *href = ps_rc_call_uri (call, "/extension/%s/presence", ids[i]);

    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_text (&json, "href", href);
    ps_rc_json_int (&json, "status", parts[i].status);
    ps_rc_json_text (&json, "responseDescription", soup_status_get_phrase (parts[i].status));
    ps_rc_json_close (&json, '}');
  }
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  return ps_rc_json_end (&json);
}

static void
append_part (GString *text, const char *boundary, const char *content, gsize length)
{
  g_string_append_printf (text, "--%s\r\nContent-Type: application/json\r\n\r\n", boundary);
  g_string_append_len (text, content, (gssize) length);
  g_string_append (text, "\r\n");
}

static void
reply_mixed (PsRcCall *call, const char *const *ids, const PsTenantReply *parts, guint count)
{
  g_autoptr (GBytes) statuses = status_part (call, ids, parts, count);
  g_autofree char *boundary = g_strdup_printf ("Boundary_1_%u_%" G_GINT64_FORMAT, count, call->request->now_ms);
  GString *text = g_string_new (NULL);

  append_part (text, boundary, g_bytes_get_data (statuses, NULL), g_bytes_get_size (statuses));
  for (guint i = 0; i < count; i++) {
    gsize length;
    const char *content = text_of (&parts[i], &length);

    append_part (text, boundary, content, length);
  }
  g_string_append_printf (text, "--%s--\r\n", boundary);
  call->reply->status = 207;
  g_free (call->reply->content_type);
  call->reply->content_type = g_strdup_printf ("multipart/mixed; boundary=%s", boundary);
  g_clear_pointer (&call->reply->body, g_bytes_unref);
  call->reply->body = g_string_free_to_bytes (text);
}

void
ps_rc_multipart_run (PsRcCall *call, const char *const *ids, gboolean as_json, PsRcPartFunc func, gpointer data)
{
  const char *accept = soup_message_headers_get_list (call->request->headers, "Accept");
  guint count = g_strv_length ((GStrv) ids);
  g_autofree PsTenantReply *parts = g_new0 (PsTenantReply, count);

  for (guint i = 0; i < count; i++) {
    parts[i].status = 200;
    func (call, ids[i], i, data, &parts[i]);
  }
  if (as_json || (accept != NULL && strstr (accept, PS_RC_MULTIPART_JSON) != NULL))
    reply_json (call, ids, parts, count);
  else
    reply_mixed (call, ids, parts, count);
  for (guint i = 0; i < count; i++)
    ps_tenant_reply_clear (&parts[i]);
}
