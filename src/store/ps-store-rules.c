/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ps-store-private.h"

static gboolean
load_toggles (PsStoreDb *db, PsRules *rules, GError **error)
{
  sqlite3_stmt *statement =
      ps_store_db_query (db, error, "SELECT customized, preserve_inactivity, offline_to_teams FROM rules", "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  if (ps_store_db_next (db, statement, &failure)) {
    rules->customized = sqlite3_column_int (statement, 0) != 0;
    rules->preserve_inactivity = sqlite3_column_int (statement, 1) != 0;
    rules->offline_to_teams = sqlite3_column_int (statement, 2) != 0;
    ps_store_db_end (statement);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_rows (PsStoreDb *db, PsRules *rules, GError **error)
{
  sqlite3_stmt *statement = ps_store_db_query (db, error, "SELECT teams, rule FROM rule", "");
  GError *failure = NULL;

  if (statement == NULL)
    return FALSE;
  while (ps_store_db_next (db, statement, &failure)) {
    int teams, rule, row;

    if (!ps_store_column_word (db, statement, 0, ps_teams_status_from_word, -1, &teams, &failure) ||
        !ps_store_column_word (db, statement, 1, ps_call_rule_from_word, -1, &rule, &failure)) {
      ps_store_db_end (statement);
      break;
    }
    row = ps_rule_row_from_status (teams);
    if (row >= 0)
      rules->rule[row] = rule;
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
load_rules (PsStoreDb *db, gconstpointer data, gpointer *result, GError **error)
{
  g_autofree PsRules *rules = g_new0 (PsRules, 1);

  *rules = ps_rules_default ();
  if (!load_toggles (db, rules, error) || !load_rows (db, rules, error))
    return FALSE;
  *result = g_steal_pointer (&rules);
  return TRUE;
}

static gboolean
save_rules (PsStoreDb *db, gconstpointer data, GError **error)
{
  const PsRules *rules = data;

  if (!ps_store_db_run (db, error,
                        "INSERT OR REPLACE INTO rules (only, customized, preserve_inactivity, offline_to_teams)"
                        " VALUES (1, ?, ?, ?)",
                        "bbb", rules->customized, rules->preserve_inactivity, rules->offline_to_teams))
    return FALSE;
  for (guint row = 0; row < PS_N_ROWS; row++) {
    if (!ps_store_db_run (db, error, "INSERT OR REPLACE INTO rule (teams, rule) VALUES (?, ?)", "ss",
                          ps_teams_status_to_word (ps_rule_row_status (row)), ps_call_rule_to_word (rules->rule[row])))
      return FALSE;
  }
  return TRUE;
}

void
ps_store_load_rules_async (PsStore *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  ps_store_queue_load (self, ps_store_load_rules_async, load_rules, NULL, NULL, g_free, cancellable, callback,
                       user_data);
}

gboolean
ps_store_load_rules_finish (PsStore *self, GAsyncResult *result, PsRules *rules, GError **error)
{
  g_autofree PsRules *loaded = ps_store_load_finish (self, result, ps_store_load_rules_async, error);

  if (loaded == NULL)
    return FALSE;
  *rules = *loaded;
  return TRUE;
}

void
ps_store_save_rules_async (PsStore *self, const PsRules *rules, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  ps_store_queue_save (self, ps_store_save_rules_async, save_rules, g_memdup2 (rules, sizeof *rules), g_free,
                       PS_STORE_RULES, PS_STORE_DURABLE, cancellable, callback, user_data);
}
