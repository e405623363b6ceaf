/* Reads by the index of what did not play, so that millions of rows that did cost nothing. */
#include "ledger/since_store.h"

void since_group_free(SinceGroup *self)
{
    if (!self)
        return;
    g_free(self->broadcast);
    g_free(self->title);
    g_free(self->outcome);
    g_free(self->reason);
    g_free(self);
}

GPtrArray *since_store_list(Database *database, const char *area_path, const char *outcome,
                            int64_t from_us, int64_t to_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)since_group_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT g.broadcast, max(g.title), g.planned_us, max(g.reason), count(*) "
        "FROM airing_blocks b CROSS JOIN airings g ON g.broadcast = b.broadcast "
        "AND g.planned_us = +b.planned_us AND g.area_path = b.area_path AND g.outcome = +b.outcome "
        "WHERE b.outcome = $1 AND b.planned_us >= $2 AND b.planned_us < $3 "
        "AND +b.area_path LIKE $4 || '%' "
        "AND (b.outcome <> '' OR b.planned_us + b.duration_ms * 1000 < $3) "
        "GROUP BY g.planned_us, g.broadcast ORDER BY g.planned_us DESC, g.broadcast");
    query_text(query, outcome);
    query_int(query, from_us);
    query_int(query, to_us);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0) {
        SinceGroup *group = g_new0(SinceGroup, 1);
        *group = (SinceGroup){.broadcast = g_strdup(row_text(query, 0)),
                              .title = g_strdup(row_text(query, 1)),
                              .planned_us = row_int(query, 2),
                              .outcome = g_strdup(outcome),
                              .reason = g_strdup(row_text(query, 3)),
                              .stations = row_int(query, 4)};
        g_ptr_array_add(list, group);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool since_store_open(Database *database, const char *area_path, const int64_t window[2],
                      int64_t told_us, int64_t *ret_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT coalesce(min(planned_us), $2) FROM airing_blocks WHERE outcome = '' "
                  "AND planned_us >= $1 AND planned_us < $2 AND +area_path LIKE $3 || '%' "
                  "AND planned_us + duration_ms * 1000 >= $4");
    query_int(query, window[0]);
    query_int(query, window[1]);
    query_text(query, area_path);
    query_int(query, told_us);
    if (query_next(query, error) <= 0)
        return false;
    *ret_us = row_int(query, 0);
    return true;
}
