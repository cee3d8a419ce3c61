/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-error.h"

typedef PsErrorDetails PsErrorPrivate;

static void
ps_error_private_init (PsErrorPrivate *details)
{
  details->retry_after_ms = -1;
}

static void
ps_error_private_copy (const PsErrorPrivate *from, PsErrorPrivate *to)
{
  to->status = from->status;
  to->service_code = g_strdup (from->service_code);
  to->request_id = g_strdup (from->request_id);
  to->retry_after_ms = from->retry_after_ms;
}

static void
ps_error_private_clear (PsErrorPrivate *details)
{
  g_free (details->service_code);
  g_free (details->request_id);
}

G_DEFINE_EXTENDED_ERROR (PsError, ps_error)

GError *
ps_error_new (PsError code, const char *format, ...)
{
  va_list args;
  GError *error;

  va_start (args, format);
  error = g_error_new_valist (PS_ERROR, (int) code, format, args);
  va_end (args);
  return error;
}

PsErrorDetails *
ps_error_details (const GError *error)
{
  return error != NULL && error->domain == PS_ERROR ? ps_error_get_private (error) : NULL;
}

void
ps_error_set_service_code (GError *error, guint status, const char *service_code, const char *request_id)
{
  PsErrorDetails *details = ps_error_details (error);

  g_return_if_fail (details != NULL);
  details->status = status;
  g_free (details->service_code);
  details->service_code = g_strdup (service_code);
  g_free (details->request_id);
  details->request_id = g_strdup (request_id);
}
