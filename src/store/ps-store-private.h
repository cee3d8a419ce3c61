/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How the parts of the store (settings, people, ledger …) hand their work to its thread. Private to the store.
 */
#pragma once

#include "ps-store.h"

#include "ps-store-db.h"

G_BEGIN_DECLS

/* Run on the store's thread. A save may be run a second time if the transaction it shared was lost: it must not eat
 * @data. */
typedef gboolean (*PsStoreLoad) (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error);
typedef gboolean (*PsStoreSave) (PsStoreDb *db, gconstpointer data, GError **error);

typedef enum {
  PS_STORE_LAZY,    /* a power failure may take the last seconds: it is read again from the services, or is history */
  PS_STORE_DURABLE, /* on the disk before the call completes: the ledger, and what an administrator has decided */
} PsStoreDurability;

/* @data: (transfer full) (nullable), freed with @free_data; the result is freed with @free_result if nobody takes it.
 */
void ps_store_queue_load (PsStore *self, gpointer tag, PsStoreLoad load, gpointer data, GDestroyNotify free_data,
                          GDestroyNotify free_result, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
gpointer ps_store_load_finish (PsStore *self, GAsyncResult *result, gpointer tag, GError **error);
/* @parts: the PsStorePart that change. To be finished with ps_store_save_finish(). */
void ps_store_queue_save (PsStore *self, gpointer tag, PsStoreSave save, gpointer data, GDestroyNotify free_data,
                          guint parts, PsStoreDurability durability, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);

G_END_DECLS
