/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which part was changed, and not by us. `PRAGMA data_version` says cheaply whether any other connection has committed;
 * the table `revision` counts the changes of each part, so that a reader loads only what is new. A count that went up
 * by more than our own change went up by somebody else's too.
 */
#include "config.h"

#include "ps-store-db.h"

static gboolean
read_data_version (PsStoreDb *db, gint64 *version, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "PRAGMA data_version", "");

  if (statement == NULL || !ps_store_db_next (db, statement, error))
    return FALSE;
  *version = sqlite3_column_int64 (statement, 0);
  ps_store_db_end (statement);
  return TRUE;
}

static gboolean
read_revisions (PsStoreDb *db, gint64 revisions[PS_STORE_N_PARTS], GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "SELECT part, n FROM revision", "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    gint64 part = sqlite3_column_int64 (statement, 0);

    if (part >= 0 && part < PS_STORE_N_PARTS)
      revisions[part] = sqlite3_column_int64 (statement, 1);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
ps_store_revision_start (PsStoreDb *db, GError **error)
{
  /* In this order: a change between the two is seen twice and not missed. */
  if (!read_data_version (db, &db->data_version, error) || !read_revisions (db, db->revisions, error))
    return FALSE;
  ps_store_revision_rolled_back (db);
  return TRUE;
}

gboolean
ps_store_revision_count (PsStoreDb *db, guint parts, GError **error)
{
  for (guint part = 0; part < PS_STORE_N_PARTS; part++) {
    sqlite3_stmt *statement;

    if ((parts & (1u << part)) == 0)
      continue;
    statement = ps_store_db_query (db, error,
                                   "INSERT INTO revision (part, n) VALUES (?1, 1)"
                                   " ON CONFLICT (part) DO UPDATE SET n = n + 1 RETURNING n",
                                   "i", (gint64) part);
    if (statement == NULL || !ps_store_db_next (db, statement, error))
      return FALSE;
    db->new_revisions[part] = sqlite3_column_int64 (statement, 0);
    ps_store_db_end (statement);
  }
  return TRUE;
}

void
ps_store_revision_committed (PsStoreDb *db)
{
  for (guint part = 0; part < PS_STORE_N_PARTS; part++) {
    if (db->new_revisions[part] > db->revisions[part] + 1)
      db->foreign_parts |= 1u << part;
    db->revisions[part] = db->new_revisions[part];
  }
}

void
ps_store_revision_rolled_back (PsStoreDb *db)
{
  for (guint part = 0; part < PS_STORE_N_PARTS; part++)
    db->new_revisions[part] = db->revisions[part];
}

gboolean
ps_store_revision_look (PsStoreDb *db, guint *parts, GError **error)
{
  gint64 version;
  gint64 revisions[PS_STORE_N_PARTS] = { 0 };

  if (!read_data_version (db, &version, error))
    return FALSE;
  if (version != db->data_version) {
    if (!read_revisions (db, revisions, error))
      return FALSE;
    for (guint part = 0; part < PS_STORE_N_PARTS; part++) {
      if (revisions[part] != db->revisions[part])
        db->foreign_parts |= 1u << part;
      db->revisions[part] = revisions[part];
      db->new_revisions[part] = revisions[part];
    }
    db->data_version = version;
  }
  *parts = db->foreign_parts;
  db->foreign_parts = 0;
  return TRUE;
}
