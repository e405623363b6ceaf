/* Orders of precedence as rows. What was deleted since keeps its row and is passed over. */
#include "schedule/precedence.h"

#include <string.h>

static unsigned depth_of(const char *path)
{
    unsigned depth = 0;
    for (const char *at = path; *at; at++)
        depth += *at == '/';
    return depth;
}

Precedence *precedence_store_path(Database *database, const char *area_path, GError **error)
{
    g_autoptr(Precedence) self = precedence_new();
    g_autoptr(Query) query = database_query(
        database, "SELECT a.path, p.day, p.broadcast FROM area_precedence p "
                  "JOIN areas a ON a.id = p.area JOIN broadcasts b ON b.id = p.broadcast "
                  "WHERE instr($1, '/' || p.area || '/') > 0 AND b.deleted_us = 0 "
                  "ORDER BY p.area, p.day, p.position");
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0)
        precedence_add(self, depth_of(row_text(query, 0)), row_text(query, 1), row_text(query, 2));
    return step == 0 ? g_steal_pointer(&self) : NULL;
}

static void day_free(gpointer data)
{
    PrecedenceDay *day = data;
    g_free(day->day);
    g_ptr_array_unref(day->broadcasts);
    g_free(day);
}

GPtrArray *precedence_store_list(Database *database, const char *area, const char *from_day,
                                 GError **error)
{
    g_autoptr(GPtrArray) days = g_ptr_array_new_with_free_func(day_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT p.day, p.broadcast FROM area_precedence p "
        "JOIN broadcasts b ON b.id = p.broadcast WHERE p.area = $1 "
        "AND (p.day = '' OR p.day >= $2) AND b.deleted_us = 0 ORDER BY p.day, p.position");
    query_text(query, area);
    query_text(query, from_day);
    int step;
    while ((step = query_next(query, error)) > 0) {
        PrecedenceDay *last = days->len ? g_ptr_array_index(days, days->len - 1) : NULL;
        if (!last || !g_str_equal(last->day, row_text(query, 0))) {
            last = g_new0(PrecedenceDay, 1);
            last->day = g_strdup(row_text(query, 0));
            last->broadcasts = g_ptr_array_new_with_free_func(g_free);
            g_ptr_array_add(days, last);
        }
        g_ptr_array_add(last->broadcasts, g_strdup(row_text(query, 1)));
    }
    return step == 0 ? g_steal_pointer(&days) : NULL;
}

static bool put_row(Database *database, const char *area, const PrecedenceDay *day,
                    unsigned position, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO area_precedence (area, day, position, broadcast) "
                                 "VALUES ($1, $2, $3, $4)");
    query_text(query, area);
    query_text(query, day->day);
    query_int(query, position);
    query_text(query, g_ptr_array_index(day->broadcasts, position));
    return query_run(query, error);
}

bool precedence_store_put(Database *database, const char *area, const PrecedenceDay *day,
                          GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM area_precedence WHERE area = $1 AND day = $2");
    query_text(query, area);
    query_text(query, day->day);
    bool ok = query_run(query, error);
    for (unsigned i = 0; ok && i < day->broadcasts->len; i++)
        ok = put_row(database, area, day, i, error);
    return ok;
}
