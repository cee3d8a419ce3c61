/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the store's tests share: a directory of their own, and waiting for an answer with a deadline.
 */
#pragma once

#include "ps-store.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: (transfer full): a new directory; removed with all that is in it by ps_test_directory_remove(). */
char *ps_test_directory_new (void);
void ps_test_directory_remove (char *directory);
char *ps_test_state_path (const char *directory);

/* A GAsyncReadyCallback whose @user_data is a GAsyncResult ** to fill. */
void ps_test_take_result (GObject *source, GAsyncResult *result, gpointer user_data);
/* Runs the main loop until *@result is there. Returns: (transfer none): it; aborts after a minute. */
GAsyncResult *ps_test_wait (GAsyncResult **result);
/* Runs the main loop until *@flag is not 0. Returns: FALSE after @seconds. */
gboolean ps_test_wait_for (const guint *flag, guint seconds);

PsStore *ps_test_open (const char *directory, GError **error);
/* Closes and gives up the reference, which must be the last. */
void ps_test_close (PsStore *store);

/* Waits for @call (…, callback, user_data), which is any …_async, and leaves its GAsyncResult in the variable @result.
 */
#define PS_TEST_CALL(result, call, ...)                                                                                \
  g_autoptr (GAsyncResult) result = NULL;                                                                              \
  call (__VA_ARGS__, NULL, ps_test_take_result, (gpointer) &result);                                                   \
  ps_test_wait (&result)

/* A save that must succeed. */
#define PS_TEST_SAVE(store, call, ...)                                                                                 \
  G_STMT_START                                                                                                         \
  {                                                                                                                    \
    GError *save_error = NULL;                                                                                         \
    PS_TEST_CALL (save_result, call, store __VA_OPT__ (, ) __VA_ARGS__);                                               \
    ps_store_save_finish (store, save_result, &save_error);                                                            \
    g_assert_no_error (save_error);                                                                                    \
  }                                                                                                                    \
  G_STMT_END

/* An error that a person can read: of that code, naming @word, without the code's own or SQLite's words. */
void ps_test_assert_words (const GError *error, int code, const char *word);

G_END_DECLS
