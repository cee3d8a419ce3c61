/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The clock behind ps_now_ms(), and waits measured with it. Tests let it run faster; then every limit, wait and life of
 * a token shrinks with it and nobody has to wait for real. Internal to net.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A source that fires after @ms of ps_now_ms()'s time. Returns: (transfer full). */
GSource *ps_clock_timeout_source_new (gint64 ms);
/* Calls @callback (a GSourceFunc with @task as data) after @ms, or at once when the task's cancellable is cancelled.
 * Takes no reference on @task but the one of the source. */
void ps_clock_wait (GTask *task, gint64 ms, GSourceFunc callback);

/* For tests: ms of ps_now_ms() per real ms, from now on. 1 in the programs. */
void ps_clock_set_speed (guint speed);
/* For tests: @ms pass at once. Waits that have begun already do not notice. */
void ps_clock_advance (gint64 ms);

G_END_DECLS
