/* SQL of plays that no plan holds. Their rows are written when the alert is issued (first plays) or
 * when the station tells of them (repeats, buttons), and are read as any other airing. */
#include "schedule/airing_store_play.h"

bool airing_store_add_play(Database *database, const AiringPlay *play, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO airings (planned_us, id, station, broadcast, area, area_path, bulletin, "
        "bulletin_version, title, class, duration_ms, start_by_us, author) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
        "ON CONFLICT (planned_us, id) DO NOTHING");
    query_int(query, play->planned_us);
    query_text(query, play->id);
    query_text(query, play->station);
    query_text(query, play->broadcast);
    query_text(query, play->area);
    query_text(query, play->area_path);
    query_text(query, play->bulletin);
    query_text(query, play->version);
    query_text(query, play->title);
    query_text(query, class_words[play->class]);
    query_int(query, play->duration_ms);
    query_int(query, play->planned_us);
    query_text(query, play->author);
    return query_run(query, error);
}

bool airing_store_cancel_plays(Database *database, const char *alert, int64_t from_us,
                               GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE airings SET outcome = 'cancelled', said_by = 'controller' "
                                 "WHERE broadcast = $1 AND planned_us >= $2 AND outcome = ''");
    query_text(query, alert);
    query_int(query, from_us);
    return query_run(query, error);
}

void airing_played_free(AiringPlayed *played)
{
    if (!played)
        return;
    g_free(played->id);
    g_free(played->station);
    g_free(played->outcome);
    g_free(played->reason);
    g_free(played);
}

GPtrArray *airing_store_first_plays(Database *database, const char *alert, int64_t issued_us,
                                    GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)airing_played_free);
    g_autoptr(Query) query = database_query(
        database, "SELECT id, station, outcome, reason, said_by = 'station' FROM airings "
                  "WHERE broadcast = $1 AND planned_us = $2 ORDER BY station");
    query_text(query, alert);
    query_int(query, issued_us);
    int step;
    while ((step = query_next(query, error)) > 0) {
        AiringPlayed *played = g_new0(AiringPlayed, 1);
        played->id = g_strdup(row_text(query, 0));
        played->station = g_strdup(row_text(query, 1));
        played->outcome = g_strdup(row_text(query, 2));
        played->reason = g_strdup(row_text(query, 3));
        played->by_station = row_bool(query, 4);
        g_ptr_array_add(list, played);
    }
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

GPtrArray *airing_store_play_paths(Database *database, const char *alert, int64_t issued_us,
                                   GError **error)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT DISTINCT area_path FROM airings WHERE broadcast = $1 AND planned_us = $2");
    query_text(query, alert);
    query_int(query, issued_us);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(paths, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&paths) : NULL;
}

int64_t airing_store_count_sounded(Database *database, const char *alert, int64_t from_us,
                                   GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT count(*) FROM airings WHERE broadcast = $1 "
                                 "AND planned_us >= $2 AND frames > 0");
    query_text(query, alert);
    query_int(query, from_us);
    return query_next(query, error) > 0 ? row_int(query, 0) : 0;
}

Airing *airing_store_by_id(Database *database, const char *id, int64_t from_us, int64_t to_us,
                           GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT planned_us, station, broadcast, area, area_path, title, duration_ms, "
        "outcome, class FROM airings WHERE planned_us >= $1 AND planned_us < $2 AND id = $3");
    query_int(query, from_us);
    query_int(query, to_us);
    query_text(query, id);
    if (query_next(query, error) <= 0)
        return NULL;
    Airing *airing = g_new0(Airing, 1);
    airing->id = g_strdup(id);
    airing->planned_us = row_int(query, 0);
    airing->station = g_strdup(row_text(query, 1));
    airing->broadcast = g_strdup(row_text(query, 2));
    airing->area = g_strdup(row_text(query, 3));
    airing->area_path = g_strdup(row_text(query, 4));
    airing->title = g_strdup(row_text(query, 5));
    airing->duration_ms = row_int(query, 6);
    airing->outcome = g_strdup(row_text(query, 7));
    airing->class = g_strdup(row_text(query, 8));
    return airing;
}
