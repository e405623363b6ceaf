/* One row for each number on a label. Pairing takes the row away. */
#include "registry/expected_store.h"

#include <math.h>

void expected_station_free(ExpectedStation *self)
{
    if (!self)
        return;
    g_free(self->serial);
    g_free(self->name);
    g_free(self->area);
    g_free(self);
}

static double real_or_nan(Query *row, int column)
{
    return row_is_null(row, column) ? (double)NAN : row_real(row, column);
}

ExpectedStation *expected_store_get(Database *database, const char *serial, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT serial, name, area, volume_mdb, latitude, longitude "
                                 "FROM expected_stations WHERE serial = $1");
    query_text(query, serial);
    if (query_next(query, error) != 1)
        return NULL;
    ExpectedStation *expected = g_new0(ExpectedStation, 1);
    *expected = (ExpectedStation){.serial = g_strdup(row_text(query, 0)),
                                  .name = g_strdup(row_text(query, 1)),
                                  .area = g_strdup(row_text(query, 2)),
                                  .volume_mdb = (int)row_int(query, 3),
                                  .latitude = real_or_nan(query, 4),
                                  .longitude = real_or_nan(query, 5)};
    return expected;
}

static void bind_degrees(Query *query, double degrees)
{
    if (isnan(degrees))
        query_null(query);
    else
        query_real(query, degrees);
}

bool expected_store_put(Database *database, const ExpectedStation *expected, int64_t now_us,
                        GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO expected_stations (serial, name, area, volume_mdb, latitude, "
                  "longitude, changed_us) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT (serial) DO UPDATE SET name = excluded.name, area = excluded.area, "
                  "volume_mdb = excluded.volume_mdb, latitude = excluded.latitude, "
                  "longitude = excluded.longitude, changed_us = excluded.changed_us");
    query_text(query, expected->serial);
    query_text(query, expected->name);
    query_text(query, expected->area);
    query_int(query, expected->volume_mdb);
    bind_degrees(query, expected->latitude);
    bind_degrees(query, expected->longitude);
    query_int(query, now_us);
    return query_run(query, error);
}

bool expected_store_remove(Database *database, const char *serial, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM expected_stations WHERE serial = $1");
    query_text(query, serial);
    return query_run(query, error);
}
