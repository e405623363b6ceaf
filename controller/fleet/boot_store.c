/* SQL of boots: one row for each boot of a key, in the order in which they were first heard of. */
#include "fleet/boot_store.h"

static bool drop_old(Database *database, const char *keyid, int64_t newest, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "DELETE FROM station_boots WHERE keyid = $1 AND number <= $2");
    query_text(query, keyid);
    query_int(query, newest - BOOT_KEPT);
    return query_run(query, error);
}

static bool add(Database *database, const char *keyid, const char *boot_id, int64_t number,
                int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO station_boots (keyid, number, boot_id, first_us) "
                                 "VALUES ($1, $2, $3, $4)");
    query_text(query, keyid);
    query_int(query, number);
    query_text(query, boot_id);
    query_int(query, now_us);
    return query_run(query, error) && drop_old(database, keyid, number, error);
}

bool boot_store_note(Database *database, const char *keyid, const char *boot_id, int64_t now_us,
                     bool *ret_returned, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT coalesce(max(number), 0), coalesce(max(CASE WHEN boot_id = $2 THEN "
                  "number END), 0) FROM station_boots WHERE keyid = $1");
    query_text(query, keyid);
    query_text(query, boot_id);
    if (query_next(query, error) < 0)
        return false;
    int64_t newest = row_int(query, 0), known = row_int(query, 1);
    *ret_returned = known > 0 && known < newest;
    g_clear_pointer(&query, query_done);
    return known > 0 || add(database, keyid, boot_id, newest + 1, now_us, error);
}

bool boot_store_set_cloned(Database *database, const char *station, int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE stations SET cloned_us = $1 WHERE id = $2 AND cloned_us = 0");
    query_int(query, now_us);
    query_text(query, station);
    return query_run(query, error);
}

bool boot_store_cloned(Database *database,
                       void (*take)(const char *station, int64_t since_us, void *user), void *user,
                       GError **error)
{
    int step;
    g_autoptr(Query) query =
        database_query(database, "SELECT id, cloned_us FROM stations WHERE cloned_us > 0");
    while ((step = query_next(query, error)) > 0)
        take(row_text(query, 0), row_int(query, 1), user);
    return step == 0;
}
