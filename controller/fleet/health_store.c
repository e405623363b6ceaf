/* SQL of the stations' health: one row for the newest word, and one for each change of state. */
#include "fleet/health_store.h"

bool health_store_load(Database *database, void (*take)(const HealthRow *row, void *user),
                       void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT station, state, state_us, last_us, facts FROM station_health");
    int step;
    while ((step = query_next(query, error)) > 0) {
        HealthRow row = {.station = row_text(query, 0),
                         .state = row_text(query, 1),
                         .state_us = row_int(query, 2),
                         .last_us = row_int(query, 3),
                         .facts = row_text(query, 4)};
        take(&row, user);
    }
    return step == 0;
}

bool health_store_put(Database *database, const HealthRow *row, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO station_health (station, state, state_us, last_us, facts) "
                  "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (station) DO UPDATE SET "
                  "state = excluded.state, state_us = excluded.state_us, "
                  "last_us = excluded.last_us, facts = excluded.facts");
    query_text(query, row->station);
    query_text(query, row->state);
    query_int(query, row->state_us);
    query_int(query, row->last_us);
    query_text(query, row->facts);
    return query_run(query, error);
}

bool health_store_add_turn(Database *database, const HealthRow *row, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO station_states (at_us, station, state) "
                                 "VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
    query_int(query, row->state_us);
    query_text(query, row->station);
    query_text(query, row->state);
    return query_run(query, error);
}
