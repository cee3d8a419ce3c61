/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The three shapes in which RingCentral says no (RingCentral guide "Errors", its API reference for OAuth and the
 * directory): ordinary calls, the company directory, and OAuth.
 */
#include "config.h"

#include "ps-rc-front.h"

static void
finish (PsTenantReply *reply, guint status, PsRcJson *json)
{
  reply->status = status;
  g_free (reply->content_type);
  reply->content_type = g_strdup ("application/json");
  g_clear_pointer (&reply->body, g_bytes_unref);
  reply->body = ps_rc_json_end (json);
}

void
ps_rc_fail (PsTenantReply *reply, guint status, const char *word, const char *code, const char *extra,
            const char *extra_value, const char *message_format, ...)
{
  g_autofree char *message = NULL;
  PsRcJson json;
  va_list arguments;

  va_start (arguments, message_format);
  message = g_strdup_vprintf (message_format, arguments);
  va_end (arguments);
  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", word != NULL ? word : code);
  ps_rc_json_text (&json, "message", message);
  ps_rc_json_open (&json, "errors", '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", code);
  ps_rc_json_text (&json, "message", message);
  if (extra != NULL)
    ps_rc_json_text (&json, extra, extra_value);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  if (extra != NULL)
    ps_rc_json_text (&json, extra, extra_value);
  ps_rc_json_close (&json, '}');
  finish (reply, status, &json);
}

void
ps_rc_fail_parameter (PsTenantReply *reply, const char *parameter)
{
  ps_rc_fail (reply, 400, NULL, "CMN-101", "parameterName", parameter, "Parameter [%s] value is invalid", parameter);
}

void
ps_rc_fail_not_found (PsTenantReply *reply, const char *parameter)
{
  ps_rc_fail (reply, 404, NULL, "CMN-102", "parameterName", parameter, "Resource for parameter [%s] is not found",
              parameter);
}

void
ps_rc_fail_permission (PsTenantReply *reply, const char *permission)
{
  ps_rc_fail (reply, 403, NULL, "CMN-408", "permissionName", permission,
              "In order to call this API endpoint, user needs to have [%s] permission for requested resource",
              permission);
}

void
ps_rc_fail_directory (PsTenantReply *reply, guint status, const char *code, const char *parameter, const char *message)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_open (&json, "errors", '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", code);
  ps_rc_json_text (&json, "message", message);
  ps_rc_json_text (&json, "parameterName", parameter);
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  finish (reply, status, &json);
}

void
ps_rc_fail_oauth (PsTenantReply *reply, const char *error, const char *code, const char *parameter,
                  const char *description)
{
  PsRcJson json;

  ps_rc_json_init (&json);
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "error", error);
  ps_rc_json_text (&json, "error_description", description);
  ps_rc_json_open (&json, "errors", '[');
  ps_rc_json_open (&json, NULL, '{');
  ps_rc_json_text (&json, "errorCode", code);
  ps_rc_json_text (&json, "message", description);
  if (parameter != NULL) {
    ps_rc_json_open (&json, "parameters", '[');
    ps_rc_json_open (&json, NULL, '{');
    ps_rc_json_text (&json, "parameterName", parameter);
    ps_rc_json_close (&json, '}');
    ps_rc_json_close (&json, ']');
  }
  ps_rc_json_close (&json, '}');
  ps_rc_json_close (&json, ']');
  ps_rc_json_close (&json, '}');
  finish (reply, 400, &json);
}
