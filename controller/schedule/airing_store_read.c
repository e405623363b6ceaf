/* The log of airings: reading.
 *
 * Pages are cut by key (planned start, id), never by offset, so page 60,000 costs what page 1 does.
 * The way in is chosen here and not left to the engine's guess: one station has its own index, the
 * whole log is walked backwards in time, and everything else goes by blocks (airing_key_store.h). A
 * plus sign before a column keeps an index out of it. */
#include "schedule/airing_key_store.h"

#include <math.h>

#define COLUMNS                                                                                    \
    "id, planned_us, station, broadcast, area, area_path, title, class, duration_ms, "             \
    "start_by_us, author, approver, outcome, said_by, reason, started_us, ended_us, late_by_ms, "  \
    "grade, rms_dbfs, peak_dbfs, mixer_db, frames, xruns, mixer_muted, amplifier, clock_trust, "   \
    "receipt_counter, receipts, receipt_seq, bulletin, bulletin_version, language, source"
#define PAGE                                                                                       \
    " AND planned_us >= $1 AND planned_us < $2 AND (planned_us, id) < ($3, $4)"                    \
    " ORDER BY planned_us DESC, id DESC LIMIT $5"
#define BEYOND_IDS "~" /* sorts after every id */

static double real_or_nan(Query *query, int column)
{
    return row_is_null(query, column) ? (double)NAN : row_real(query, column);
}

static Airing *read_row(Query *query)
{
    Airing *airing = g_new0(Airing, 1);
    airing->id = g_strdup(row_text(query, 0));
    airing->planned_us = row_int(query, 1);
    airing->station = g_strdup(row_text(query, 2));
    airing->broadcast = g_strdup(row_text(query, 3));
    airing->area = g_strdup(row_text(query, 4));
    airing->area_path = g_strdup(row_text(query, 5));
    airing->title = g_strdup(row_text(query, 6));
    airing->class = g_strdup(row_text(query, 7));
    airing->duration_ms = row_int(query, 8);
    airing->start_by_us = row_int(query, 9);
    airing->author = g_strdup(row_text(query, 10));
    airing->approver = g_strdup(row_text(query, 11));
    airing->outcome = g_strdup(row_text(query, 12));
    airing->said_by = g_strdup(row_text(query, 13));
    airing->reason = g_strdup(row_text(query, 14));
    airing->started_us = row_int(query, 15);
    airing->ended_us = row_int(query, 16);
    airing->late_by_ms = row_int(query, 17);
    airing->grade = (int)row_int(query, 18);
    airing->rms_dbfs = real_or_nan(query, 19);
    airing->peak_dbfs = real_or_nan(query, 20);
    airing->mixer_db = real_or_nan(query, 21);
    airing->frames = row_int(query, 22);
    airing->xruns = row_int(query, 23);
    airing->mixer_muted = row_is_null(query, 24) ? -1 : row_bool(query, 24);
    airing->amplifier = g_strdup(row_text(query, 25));
    airing->clock_trust = (int)row_int(query, 26);
    airing->receipt_counter = row_int(query, 27);
    airing->receipts = row_int(query, 28);
    airing->receipt_seq = row_int(query, 29);
    airing->bulletin = g_strdup(row_text(query, 30));
    airing->bulletin_version = g_strdup(row_text(query, 31));
    airing->language = g_strdup(row_text(query, 32));
    airing->source = g_strdup(row_text(query, 33));
    return airing;
}

static GPtrArray *read_all(Query *query, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)airing_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

Airing *airing_store_get(Database *database, int64_t planned_us, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM airings WHERE planned_us >= $1 "
                                 "AND planned_us < $1 + 1000 AND id = $2");
    query_int(query, planned_us);
    query_text(query, id);
    return query_next(query, error) > 0 ? read_row(query) : NULL;
}

#define FINE                                                                                       \
    " AND ($7 IS NULL OR +broadcast = $7)"                                                         \
    " AND ($8 IS NULL OR +outcome = $8) AND ($9 IS NULL OR +area_path LIKE $9 || '%')"             \
    " AND ($10 IS NULL OR +class = $10)"

/* The whole log, or one station of it. */
static GPtrArray *list_by_time(Database *database, const AiringFilter *filter, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, filter->station ? "SELECT " COLUMNS " FROM airings WHERE station = $6" FINE PAGE
                                  : "SELECT " COLUMNS " FROM airings WHERE $6 IS NULL" FINE PAGE);
    /* The end of the page before is a bound for the index as well, not only for the key. */
    int64_t to_us = filter->after_id ? MIN(filter->to_us, filter->after_us + 1) : filter->to_us;
    query_int(query, filter->from_us);
    query_int(query, to_us);
    query_int(query, filter->after_id ? filter->after_us : filter->to_us);
    query_text(query, filter->after_id ? filter->after_id : BEYOND_IDS);
    query_int(query, filter->limit);
    query_text(query, filter->station);
    query_text(query, filter->broadcast);
    query_text(query, filter->outcome);
    query_text(query, filter->area_path);
    query_text(query, filter->class);
    return read_all(query, error);
}

static GPtrArray *list_by_blocks(Database *database, const AiringFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)airing_free);
    g_autoptr(GArray) keys = airing_key_store_list(database, filter, error);
    for (unsigned i = 0; keys && i < keys->len; i++) {
        const AiringKey *key = &g_array_index(keys, AiringKey, i);
        g_autoptr(Query) query = database_query(
            database, "SELECT " COLUMNS " FROM airings WHERE planned_us = $1 AND id = $2");
        query_int(query, key->planned_us);
        query_text(query, key->id);
        int step = query_next(query, error);
        if (step < 0)
            return NULL;
        if (step > 0)
            g_ptr_array_add(list, read_row(query));
    }
    return keys ? g_steal_pointer(&list) : NULL;
}

GPtrArray *airing_store_list(Database *database, const AiringFilter *filter, GError **error)
{
    bool is_plain = !filter->broadcast && !filter->outcome && !filter->area_path && !filter->class;
    return filter->station || is_plain ? list_by_time(database, filter, error)
                                       : list_by_blocks(database, filter, error);
}

GPtrArray *airing_store_silent(Database *database, int64_t before_us, unsigned limit,
                               GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT " COLUMNS " FROM airings WHERE (planned_us, id) IN ("
                  "SELECT g.planned_us, g.id FROM airing_blocks b CROSS JOIN airings g "
                  "ON g.broadcast = b.broadcast AND g.planned_us = +b.planned_us "
                  "AND g.area_path = b.area_path AND g.outcome = +b.outcome WHERE b.outcome = '' "
                  "AND b.planned_us < $1 AND b.planned_us + b.duration_ms * 1000 < $1 "
                  "ORDER BY b.planned_us LIMIT $2) ORDER BY planned_us");
    query_int(query, before_us);
    query_int(query, limit);
    return read_all(query, error);
}

bool airing_store_area_is_small(Database *database, const char *area_path)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT (SELECT count(*) FROM stations s JOIN areas a ON a.id = s.area "
                  "WHERE a.path >= $1 AND a.path < substr($1, 1, length($1) - 1) || '0') * 8 < "
                  "(SELECT count(*) FROM stations)");
    query_text(query, area_path);
    return query_next(query, NULL) > 0 && row_bool(query, 0);
}

void airing_group_free(AiringGroup *group)
{
    if (!group)
        return;
    g_free(group->broadcast);
    g_free(group->title);
    g_free(group->class);
    g_free(group->outcome);
    g_free(group);
}

GPtrArray *airing_store_groups(Database *database, const char *area_path, int64_t from_us,
                               int64_t to_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)airing_group_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT broadcast, max(title), max(class), outcome, planned_us, "
        "max(duration_ms), sum(stations) FROM airing_blocks "
        "WHERE planned_us >= $1 AND planned_us < $2 AND area_path LIKE $3 || '%' "
        "GROUP BY planned_us, broadcast, outcome ORDER BY planned_us, broadcast, outcome");
    query_int(query, from_us);
    query_int(query, to_us);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0) {
        AiringGroup *group = g_new0(AiringGroup, 1);
        group->broadcast = g_strdup(row_text(query, 0));
        group->title = g_strdup(row_text(query, 1));
        group->class = g_strdup(row_text(query, 2));
        group->outcome = g_strdup(row_text(query, 3));
        group->planned_us = row_int(query, 4);
        group->duration_ms = row_int(query, 5);
        group->stations = row_int(query, 6);
        g_ptr_array_add(list, group);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *airing_store_group_stations(Database *database, const char *area_path,
                                       const char *broadcast, int64_t planned_us, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT station FROM airings WHERE broadcast = $1 AND planned_us = $2 "
                  "AND outcome = '' AND +area_path LIKE $3 || '%'");
    query_text(query, broadcast);
    query_int(query, planned_us);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}
