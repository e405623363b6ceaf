/* Stations as rows. A retired one stays, with its key, so that what it still sends is recognised
 * and its history keeps its name. */
#include "registry/station_store.h"

#include <math.h>
#include <string.h>

#include "access/access.h"
#include "registry/area_store.h"
#include "registry/search.h"

#define COLUMNS                                                                                    \
    "s.id, s.area, s.name, s.keyid, s.public_key, s.serial, s.model, s.volume_mdb, "               \
    "s.accepted_us, s.retired_us, s.latitude, s.longitude, s.cloned_us, s.data_day_mb, "           \
    "s.data_month_mb, s.volume_generation, s.mute_generation, s.mute_from_us, s.mute_until_us"

void station_free(Station *station)
{
    if (!station)
        return;
    g_free(station->id);
    g_free(station->area);
    g_free(station->name);
    g_free(station->keyid);
    g_free(station->serial);
    g_free(station->model);
    g_free(station);
}

static double real_or_nan(Query *row, int column)
{
    return row_is_null(row, column) ? (double)NAN : row_real(row, column);
}

static Station *read_station(Query *row)
{
    Station *station = g_new0(Station, 1);
    size_t length = 0;
    const void *key = row_blob(row, 4, &length);
    station->id = g_strdup(row_text(row, 0));
    station->area = g_strdup(row_text(row, 1));
    station->name = g_strdup(row_text(row, 2));
    station->keyid = g_strdup(row_text(row, 3));
    memcpy(station->public_key, key, MIN(length, sizeof(station->public_key)));
    station->serial = g_strdup(row_text(row, 5));
    station->model = g_strdup(row_text(row, 6));
    station->volume_mdb = (int)row_int(row, 7);
    station->accepted_us = row_int(row, 8);
    station->retired_us = row_int(row, 9);
    station->latitude = real_or_nan(row, 10);
    station->longitude = real_or_nan(row, 11);
    station->cloned_us = row_int(row, 12);
    station->data_day_mb = (int)row_int(row, 13);
    station->data_month_mb = (int)row_int(row, 14);
    station->volume_generation = row_int(row, 15);
    station->mute_generation = row_int(row, 16);
    station->mute_from_us = row_int(row, 17);
    station->mute_until_us = row_int(row, 18);
    return station;
}

static GPtrArray *read_all(Query *query, GError **error)
{
    g_autoptr(GPtrArray) stations = g_ptr_array_new_with_free_func((GDestroyNotify)station_free);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(stations, read_station(query));
    return more == 0 ? g_steal_pointer(&stations) : NULL;
}

Station *station_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM stations s WHERE s.id = $1");
    query_text(query, id);
    return query_next(query, error) == 1 ? read_station(query) : NULL;
}

Station *station_store_by_key(Database *database, const char *keyid, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM stations s WHERE s.keyid = $1");
    query_text(query, keyid);
    return query_next(query, error) == 1 ? read_station(query) : NULL;
}

Station *station_store_by_serial(Database *database, const char *serial, GError **error)
{
    g_autoptr(Query) query = database_query(database, "SELECT " COLUMNS " FROM stations s "
                                                      "WHERE s.serial = $1 AND s.retired_us = 0 "
                                                      "ORDER BY s.accepted_us DESC LIMIT 1");
    query_text(query, serial);
    return query_next(query, error) == 1 ? read_station(query) : NULL;
}

GPtrArray *station_store_in_area(Database *database, const char *area, GError **error)
{
    g_autoptr(Area) top = area_store_get(database, area, error);
    if (!top)
        return error && *error ? NULL : g_ptr_array_new();
    g_autofree char *end = access_path_end(top->path);
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM stations s JOIN areas a ON a.id = s.area "
                                 "WHERE a.path >= $1 AND a.path < $2 AND s.retired_us = 0 "
                                 "ORDER BY s.search, s.id");
    query_text(query, top->path);
    query_text(query, end);
    return read_all(query, error);
}

GPtrArray *station_store_search(Database *database, const char *area, const char *typed,
                                GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Area) top = area_store_get(database, area, error);
    if (!top)
        return error && *error ? NULL : g_steal_pointer(&ids);
    g_autofree char *end = access_path_end(top->path);
    g_autofree char *pattern = search_pattern(typed ? typed : "");
    g_autoptr(Query) query =
        database_query(database, "SELECT s.id FROM stations s JOIN areas a ON a.id = s.area "
                                 "WHERE a.path >= $1 AND a.path < $2 AND s.retired_us = 0 "
                                 "AND ($3 = '%' OR s.search LIKE $3 ESCAPE '\\') "
                                 "ORDER BY s.search, s.id");
    query_text(query, top->path);
    query_text(query, end);
    query_text(query, pattern);
    int more;
    while ((more = query_next(query, error)) == 1)
        g_ptr_array_add(ids, g_strdup(row_text(query, 0)));
    return more == 0 ? g_steal_pointer(&ids) : NULL;
}

static char *search_text(const char *name, const char *serial)
{
    g_autofree char *both = g_strconcat(name, " ", serial, NULL);
    return search_fold(both);
}

bool station_store_add(Database *database, const Station *station, GError **error)
{
    g_autofree char *search = search_text(station->name, station->serial);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO stations (id, area, name, search, keyid, public_key, serial, model, "
                  "volume_mdb, accepted_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
    query_text(query, station->id);
    query_text(query, station->area);
    query_text(query, station->name);
    query_text(query, search);
    query_text(query, station->keyid);
    query_blob(query, station->public_key, sizeof(station->public_key));
    query_text(query, station->serial);
    query_text(query, station->model);
    query_int(query, station->volume_mdb);
    query_int(query, station->accepted_us);
    return query_run(query, error);
}

bool station_store_rename(Database *database, const char *id, const char *name, const char *area,
                          GError **error)
{
    g_autoptr(Station) station = station_store_get(database, id, error);
    if (!station)
        return false;
    g_autofree char *search = search_text(name, station->serial);
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET name = $1, search = $2, area = $3 WHERE id = $4");
    query_text(query, name);
    query_text(query, search);
    query_text(query, area);
    query_text(query, id);
    return query_run(query, error);
}

bool station_store_set_volume(Database *database, const char *id, int volume_mdb, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE stations SET volume_mdb = $1, volume_generation = "
                                 "volume_generation + 1 WHERE id = $2 AND volume_mdb <> $1");
    query_int(query, volume_mdb);
    query_text(query, id);
    return query_run(query, error);
}

bool station_store_order_volume(Database *database, const char *id, int volume_mdb,
                                int64_t generation, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET volume_mdb = $1, volume_generation = $2 WHERE id = $3");
    query_int(query, volume_mdb);
    query_int(query, generation);
    query_text(query, id);
    return query_run(query, error);
}

bool station_store_set_mute(Database *database, const char *id, const StationMute *mute,
                            GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE stations SET mute_generation = $1, mute_from_us = $2, "
                                 "mute_until_us = $3 WHERE id = $4");
    query_int(query, mute->generation);
    query_int(query, mute->from_us);
    query_int(query, mute->until_us);
    query_text(query, id);
    return query_run(query, error);
}

bool station_store_set_data(Database *database, const char *id, int day_mb, int month_mb,
                            GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET data_day_mb = $1, data_month_mb = $2 WHERE id = $3");
    query_int(query, day_mb);
    query_int(query, month_mb);
    query_text(query, id);
    return query_run(query, error);
}

static void bind_degrees(Query *query, double degrees)
{
    if (isnan(degrees))
        query_null(query);
    else
        query_real(query, degrees);
}

bool station_store_set_place(Database *database, const char *id, double latitude, double longitude,
                             GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE stations SET latitude = $1, longitude = $2 WHERE id = $3");
    bind_degrees(query, latitude);
    bind_degrees(query, longitude);
    query_text(query, id);
    return query_run(query, error);
}

bool station_store_retire(Database *database, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET retired_us = $1 WHERE id = $2 AND retired_us = 0");
    query_int(query, now_us);
    query_text(query, id);
    return query_run(query, error);
}
