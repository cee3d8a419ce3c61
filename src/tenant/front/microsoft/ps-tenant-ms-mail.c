/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sendMail: checked, and kept for whoever wants to read it; nothing is sent anywhere.
 */
#include "config.h"

#include "ps-tenant-ms-guard.h"
#include "ps-tenant-ms-json.h"
#include "ps-tenant-ms-mime.h"

#include <string.h>

/* So that a tenant that runs for weeks does not grow. */
#define MOST_KEPT 1000

typedef struct {
  char *from;
  GStrv to, cc, bcc;
  char *subject, *content_type, *content;
  gboolean saved;
  gint64 sent_ms;
} Mail;

static void
mail_free (gpointer data)
{
  Mail *mail = data;

  g_free (mail->from);
  g_strfreev (mail->to);
  g_strfreev (mail->cc);
  g_strfreev (mail->bcc);
  g_free (mail->subject);
  g_free (mail->content_type);
  g_free (mail->content);
  g_free (mail);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Mail, mail_free)

void
ps_tenant_ms_mail_clear (PsTenantMs *ms)
{
  g_queue_clear_full (&ms->mails, mail_free);
}

static gboolean
is_address (const char *text)
{
  const char *at = text != NULL ? strchr (text, '@') : NULL;

  return at != NULL && at > text && strchr (at + 1, '@') == NULL && strchr (at + 1, '.') != NULL &&
         strpbrk (text, " <>,;\r\n") == NULL && !g_str_has_suffix (text, ".");
}

/* Returns: (transfer full) (nullable): NULL if one of the recipients is none. */
static GStrv
read_recipients (JsonObject *message, const char *name)
{
  JsonArray *array = ps_tenant_ms_json_get_array (message, name);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  if (array == NULL)
    return json_object_has_member (message, name) && !json_object_get_null_member (message, name)
               ? NULL
               : g_strv_builder_end (builder);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *recipient = ps_tenant_ms_json_element_object (array, i);
    JsonObject *email = recipient != NULL ? ps_tenant_ms_json_get_object (recipient, "emailAddress") : NULL;
    const char *address = email != NULL ? ps_tenant_ms_json_get_string (email, "address") : NULL;

    if (!is_address (address)) {
      g_strfreev (g_strv_builder_end (builder));
      return NULL;
    }
    g_strv_builder_add (builder, address);
  }
  return g_strv_builder_end (builder);
}

static gboolean
read_text (PsTenantMsCall *call, JsonObject *message, Mail *mail)
{
  JsonObject *body = ps_tenant_ms_json_get_object (message, "body");
  const char *type = body != NULL ? ps_tenant_ms_json_get_string (body, "contentType") : NULL;

  mail->subject = g_strdup (ps_tenant_ms_json_get_string (message, "subject"));
  mail->content = g_strdup (body != NULL ? ps_tenant_ms_json_get_string (body, "content") : NULL);
  if (type != NULL && g_ascii_strcasecmp (type, "Text") != 0 && g_ascii_strcasecmp (type, "HTML") != 0) {
    ps_tenant_ms_error (call, 400, "RequestBodyRead", "Requested value '%s' was not found.", type);
    return FALSE;
  }
  mail->content_type = g_strdup (type != NULL ? type : "Text");
  return TRUE;
}

static gboolean
check_recipients (PsTenantMsCall *call, const Mail *mail)
{
  if (mail->to != NULL && mail->cc != NULL && mail->bcc != NULL &&
      g_strv_length (mail->to) + g_strv_length (mail->cc) + g_strv_length (mail->bcc) > 0)
    return TRUE;
  ps_tenant_ms_error (call, 400, "ErrorInvalidRecipients",
                      "At least one recipient is not valid., Recipient is not resolved.");
  return FALSE;
}

/* Returns: (transfer full) (nullable): NULL when the call was answered. */
static Mail *
read_mail (PsTenantMsCall *call, JsonObject *body)
{
  JsonObject *message = ps_tenant_ms_json_get_object (body, "message");
  JsonNode *save = json_object_get_member (body, "saveToSentItems");
  g_autoptr (Mail) mail = g_new0 (Mail, 1);

  if (message == NULL ||
      (save != NULL && !JSON_NODE_HOLDS_NULL (save) && json_node_get_value_type (save) != G_TYPE_BOOLEAN)) {
    ps_tenant_ms_error (call, 400, "ErrorInvalidRequest", "The request body is not valid: message.");
    return NULL;
  }
  mail->saved = save == NULL || JSON_NODE_HOLDS_NULL (save) || json_node_get_boolean (save);
  mail->to = read_recipients (message, "toRecipients");
  mail->cc = read_recipients (message, "ccRecipients");
  mail->bcc = read_recipients (message, "bccRecipients");
  if (!check_recipients (call, mail))
    return NULL;
  return read_text (call, message, mail) ? g_steal_pointer (&mail) : NULL;
}

static gboolean
are_addresses (GStrv addresses)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    if (!is_address (addresses[i]))
      return FALSE;
  return TRUE;
}

/* Returns: (transfer full) (nullable): NULL when the call was answered. */
static Mail *
read_mime_mail (PsTenantMsCall *call)
{
  gsize length;
  const char *data = g_bytes_get_data (call->request->body, &length);
  g_auto (PsTenantMsMime) mime = { NULL };
  g_autoptr (Mail) mail = g_new0 (Mail, 1);

  if (!ps_tenant_ms_mime_read (data, length, &mime)) {
    ps_tenant_ms_error (call, 400, "ErrorMimeContentInvalidBase64String", "Invalid base64 string for MIME content.");
    return NULL;
  }
  mail->saved = TRUE;
  mail->subject = g_steal_pointer (&mime.subject);
  mail->content_type = g_strdup ("MIME");
  mail->content = g_steal_pointer (&mime.text);
  mail->to = are_addresses (mime.to) ? g_steal_pointer (&mime.to) : NULL;
  mail->cc = are_addresses (mime.cc) ? g_steal_pointer (&mime.cc) : NULL;
  mail->bcc = are_addresses (mime.bcc) ? g_steal_pointer (&mime.bcc) : NULL;
  return check_recipients (call, mail) ? g_steal_pointer (&mail) : NULL;
}

/* Returns: (transfer full) (nullable): NULL when the call was answered. */
static Mail *
read_either_mail (PsTenantMsCall *call)
{
  const char *type = soup_message_headers_get_content_type (call->request->headers, NULL);
  g_autoptr (JsonObject) body = NULL;

  if (type != NULL && g_ascii_strcasecmp (type, "text/plain") == 0)
    return read_mime_mail (call);
  body = ps_tenant_ms_body (call);
  return body != NULL ? read_mail (call, body) : NULL;
}

static PsTenantMicrosoftUser *
sender (PsTenantMsCall *call)
{
  gboolean me = g_str_has_prefix (call->request->path, "/v1.0/me/");
  const char *id = me ? call->claims->user_id : call->request->args[0];
  PsTenantMicrosoftUser *user = ps_tenant_world_find_microsoft (call->ms->world, id);

  if (user == NULL || user->deleted)
    ps_tenant_ms_error (call, 404, "ErrorInvalidUser", "The requested user '%s' is invalid.", id);
  else if (call->claims->user_id != NULL && g_ascii_strcasecmp (call->claims->user_id, user->id) != 0)
    ps_tenant_ms_error (call, 403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.");
  else if (!user->mailbox)
    ps_tenant_ms_error (call, 404, "MailboxNotEnabledForRESTAPI",
                        "The mailbox is either inactive, soft-deleted, or is hosted on-premise.");
  else
    return user;
  return NULL;
}

static void
send_mail (PsTenantMsCall *call)
{
  PsTenantMicrosoftUser *user = sender (call);
  Mail *mail;

  if (user == NULL)
    return;
  mail = read_either_mail (call);
  if (mail == NULL)
    return;
  mail->from = g_strdup (user->mail != NULL ? user->mail : user->user_principal_name);
  mail->sent_ms = call->request->now_ms;
  g_queue_push_tail (&call->ms->mails, mail);
  if (g_queue_get_length (&call->ms->mails) > MOST_KEPT)
    mail_free (g_queue_pop_head (&call->ms->mails));
  call->reply->status = 202;
}

static void
add_string (JsonBuilder *builder, const char *name, const char *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_strings (JsonBuilder *builder, const char *name, GStrv values)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (guint i = 0; values[i] != NULL; i++)
    json_builder_add_string_value (builder, values[i]);
  json_builder_end_array (builder);
}

void
ps_tenant_microsoft_mail (PsTenantServer *server, JsonBuilder *builder)
{
  PsTenantMs *ms = ps_tenant_ms_get (server);

  json_builder_begin_array (builder);
  for (GList *link = ms->mails.head; link != NULL; link = link->next) {
    const Mail *mail = link->data;
    g_autofree char *sent = ps_tenant_ms_time (mail->sent_ms);

    json_builder_begin_object (builder);
    add_string (builder, "from", mail->from);
    add_strings (builder, "to", mail->to);
    add_strings (builder, "cc", mail->cc);
    add_strings (builder, "bcc", mail->bcc);
    add_string (builder, "subject", mail->subject);
    add_string (builder, "content_type", mail->content_type);
    add_string (builder, "content", mail->content);
    json_builder_set_member_name (builder, "saved_to_sent_items");
    json_builder_add_boolean_value (builder, mail->saved);
    add_string (builder, "sent", sent);
    json_builder_end_object (builder);
  }
  json_builder_end_array (builder);
}

const PsTenantMsRoute ps_tenant_ms_mail_routes[] = {
  { "POST", "/v1.0/users/{id}/sendMail", send_mail, PS_TENANT_MS_MAIL, "Mail.Send", "Mail.Send" },
  { "POST", "/v1.0/me/sendMail", send_mail, PS_TENANT_MS_MAIL, NULL, "Mail.Send" },
  { NULL },
};
