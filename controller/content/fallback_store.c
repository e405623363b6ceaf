/* Rows are written with their version and, like it, never change. */
#include "content/fallback_store.h"

GPtrArray *fallback_store_list(Database *database, const char *version, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT bulletin FROM bulletin_fallbacks WHERE version = $1 ORDER BY position");
    query_text(query, version);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool fallback_store_add(Database *database, const char *version, const GPtrArray *bulletins,
                        GError **error)
{
    for (unsigned i = 0; bulletins && i < bulletins->len; i++) {
        g_autoptr(Query) query =
            database_query(database, "INSERT INTO bulletin_fallbacks (version, position, bulletin) "
                                     "VALUES ($1, $2, $3)");
        query_text(query, version);
        query_int(query, i);
        query_text(query, g_ptr_array_index(bulletins, i));
        if (!query_run(query, error))
            return false;
    }
    return true;
}
