/* SQL of the coverage report. */
#include "ledger/coverage_store.h"

GHashTable *coverage_store_legacy(Database *database, GError **error)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(Query) query = database_query(database, "SELECT area, kind FROM area_legacy");
    int step;
    while ((step = query_next(query, error)) > 0)
        g_hash_table_insert(kinds, g_strdup(row_text(query, 0)), g_strdup(row_text(query, 1)));
    return step == 0 ? g_steal_pointer(&kinds) : NULL;
}

bool coverage_store_set_legacy(Database *database, const char *area, const char *kind,
                               const char *user, int64_t now_us, GError **error)
{
    if (!kind) {
        g_autoptr(Query) none = database_query(database, "DELETE FROM area_legacy WHERE area = $1");
        query_text(none, area);
        return query_run(none, error);
    }
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO area_legacy (area, kind, changed_by, changed_us) "
                  "VALUES ($1, $2, $3, $4) ON CONFLICT (area) DO UPDATE SET kind = excluded.kind, "
                  "changed_by = excluded.changed_by, changed_us = excluded.changed_us");
    query_text(query, area);
    query_text(query, kind);
    query_text(query, user);
    query_int(query, now_us);
    return query_run(query, error);
}

bool coverage_store_stations(Database *database,
                             void (*take)(const char *station, const char *area_path, void *user),
                             void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT s.id, a.path FROM areas a JOIN stations s ON s.area = a.id "
                  "WHERE s.retired_us = 0");
    int step;
    while ((step = query_next(query, error)) > 0)
        take(row_text(query, 0), row_text(query, 1), user);
    return step == 0;
}
