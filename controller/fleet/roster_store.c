/* SQL of the roster: one row that counts the changes, and all stations in service. */
#include "fleet/roster_store.h"

bool roster_store_change(Database *database, int64_t *ret_change, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count FROM changes WHERE what = 'stations'");
    int step = query_next(query, error);
    if (step > 0)
        *ret_change = row_int(query, 0);
    return step >= 0;
}

bool roster_store_load(Database *database, void (*take)(const RosterRow *row, void *user),
                       void *user, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT s.id, s.name, a.id, a.path, a.name FROM stations s "
                                 "JOIN areas a ON a.id = s.area WHERE s.retired_us = 0 "
                                 "ORDER BY a.path, s.name, s.id");
    int step;
    while ((step = query_next(query, error)) > 0) {
        RosterRow row = {.id = row_text(query, 0),
                         .name = row_text(query, 1),
                         .area = row_text(query, 2),
                         .area_path = row_text(query, 3),
                         .area_name = row_text(query, 4)};
        take(&row, user);
    }
    return step == 0;
}
