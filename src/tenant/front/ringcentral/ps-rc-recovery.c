/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to notifications on their way into a socket, or while there is none: the buffer of the 100 most recent
 * ones, and the faults duplicate-events, reorder-events, drop-events=N (every Nth is lost) and no-events.
 */
#include "config.h"

#include "ps-rc-line.h"

#define HELD_MS 1000

static void
hand_over (PsRcLine *line, const char *text)
{
  if (ps_rc_line_is_open (line)) {
    ps_rc_line_send (line, text);
    return;
  }
  g_queue_push_tail (&line->missed, g_strdup (text));
  if (g_queue_get_length (&line->missed) > PS_RC_RECOVERY_BUFFER)
    g_free (g_queue_pop_head (&line->missed)); /* the older ones go unseen */
}

static void
release_held (PsRcLine *line)
{
  g_autofree char *text = g_steal_pointer (&line->held);

  if (text != NULL)
    hand_over (line, text);
}

static void
held_cb (PsTenantWorld *world, gpointer data)
{
  PsRcLine *line = data;

  line->held_timer = 0;
  release_held (line);
}

static gboolean
is_lost (PsRcLine *line)
{
  PsTenantServer *server = line->front->server;
  const char *every;
  guint64 n;

  if (ps_tenant_server_take_fault (server, "no-events") != NULL)
    return TRUE;
  every = ps_tenant_server_fault (server, "drop-events");
  if (every == NULL || !g_ascii_string_to_unsigned (every, 10, 1, G_MAXUINT, &n, NULL) || ++line->events % n != 0)
    return FALSE;
  ps_tenant_server_take_fault (server, "drop-events");
  return TRUE;
}

void
ps_rc_line_deliver (PsRcLine *line, char *text)
{
  g_autofree char *owned = text;

  if (is_lost (line))
    return;
  if (line->held == NULL && ps_tenant_server_take_fault (line->front->server, "reorder-events") != NULL) {
    line->held = g_steal_pointer (&owned);
    line->held_timer =
        ps_tenant_world_at (line->front->world, ps_tenant_world_now (line->front->world) + HELD_MS, held_cb, line);
    return;
  }
  hand_over (line, owned);
  if (ps_tenant_server_take_fault (line->front->server, "duplicate-events") != NULL)
    hand_over (line, owned);
  release_held (line); /* the one before comes after */
}

static void
give_up_cb (PsTenantWorld *world, gpointer data)
{
  PsRcLine *line = data;

  line->recovery_timer = 0;
  g_ptr_array_remove (line->front->lines->lines, line);
}

void
ps_rc_line_wait_for_recovery (PsRcLine *line)
{
  if (line->recovery_timer != 0)
    return;
  line->recovery_timer = ps_tenant_world_at (
      line->front->world, ps_tenant_world_now (line->front->world) + PS_RC_RECOVERY_TIMEOUT_S * 1000, give_up_cb, line);
}

PsRcLine *
ps_rc_lines_find_recoverable (PsRcLines *lines, const char *wsc, PsRcSession *session)
{
  for (guint i = 0; i < lines->lines->len; i++) {
    PsRcLine *line = lines->lines->pdata[i];

    if (g_str_equal (line->wsc, wsc) && line->session->extension_id == session->extension_id &&
        line->session->application == session->application)
      return line;
  }
  return NULL;
}

void
ps_rc_line_replay (PsRcLine *line)
{
  char *text;

  while ((text = g_queue_pop_head (&line->missed)) != NULL) {
    ps_rc_line_send (line, text);
    g_free (text);
  }
}
