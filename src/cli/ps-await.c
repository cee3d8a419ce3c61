/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-await.h"

#include <glib-unix.h>
#include <unistd.h>

#define LOOK_MS 250

struct _PsAwait {
  GAsyncResult *result; /* (owned) (nullable) */
};

static guint signal_sources[2];

PsAwait *
ps_await_new (void)
{
  return g_new0 (PsAwait, 1);
}

void
ps_await_free (PsAwait *await)
{
  g_clear_object (&await->result);
  g_free (await);
}

void
ps_await_done (GObject *source, GAsyncResult *result, gpointer await)
{
  g_set_object (&((PsAwait *) await)->result, result);
}

GAsyncResult *
ps_await_result (PsAwait *await)
{
  while (await->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return await->result;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

gboolean
ps_await_condition (gboolean (*is_so) (gpointer data), gpointer data, gint64 timeout_ms, GCancellable *cancellable)
{
  gint64 deadline_us = timeout_ms < 0 ? G_MAXINT64 : g_get_monotonic_time () + timeout_ms * 1000;
  guint wake = g_timeout_add (LOOK_MS, wake_cb, NULL);
  gboolean so;

  while (!(so = is_so (data)) && !g_cancellable_is_cancelled (cancellable) && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  return so;
}

static gboolean
signal_cb (gpointer cancellable)
{
  if (g_cancellable_is_cancelled (cancellable))
    _exit (130);
  g_cancellable_cancel (cancellable);
  return G_SOURCE_CONTINUE;
}

void
ps_await_watch_signals (GCancellable *cancellable)
{
  const int signals[] = { SIGINT, SIGTERM };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    signal_sources[i] =
        g_unix_signal_add_full (G_PRIORITY_HIGH, signals[i], signal_cb, g_object_ref (cancellable), g_object_unref);
}

void
ps_await_forget_signals (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (signal_sources); i++)
    g_clear_handle_id (&signal_sources[i], g_source_remove);
}
