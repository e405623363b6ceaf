/* A single start that is over asks for nothing any more; what repeats stays until somebody has seen
 * it, or until one of the two broadcasts is changed or deleted. */
#include "schedule/loss_store.h"

void loss_row_free(LossRow *row)
{
    if (!row)
        return;
    g_free(row->broadcast);
    g_free(row->displaced_by);
    g_free(row->bulletin);
    g_free(row->programme);
    g_free(row->by_bulletin);
    g_free(row->by_programme);
    g_free(row->area);
    g_free(row->created_by);
    g_free(row->outcome);
    g_free(row->why_vi);
    g_free(row->why_en);
    g_free(row->by_name);
    g_free(row);
}

bool loss_store_forget(Database *database, const char *broadcast, GError **error)
{
    g_autoptr(Query) told = database_query(
        database, "DELETE FROM broadcast_losses WHERE broadcast = $1 OR displaced_by = $1");
    query_text(told, broadcast);
    g_autoptr(Query) waiting = database_query(
        database, "DELETE FROM losses_waiting WHERE broadcast = $1 OR displaced_by = $1");
    query_text(waiting, broadcast);
    return query_run(told, error) && query_run(waiting, error);
}

bool loss_store_add(Database *database, const Loss *loss, const LossWord *word, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO broadcast_losses (broadcast, displaced_by, outcome, starts, stations, "
        "first_us, why_vi, why_en, by_user, by_name, at_us) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (broadcast, displaced_by) DO UPDATE SET "
        "outcome = CASE WHEN $3 = 'missed' THEN 'missed' ELSE broadcast_losses.outcome END, "
        "starts = broadcast_losses.starts + $4, "
        "stations = CASE WHEN $5 > broadcast_losses.stations THEN $5 "
        "ELSE broadcast_losses.stations END, "
        "first_us = CASE WHEN $6 < broadcast_losses.first_us THEN $6 "
        "ELSE broadcast_losses.first_us END");
    query_text(query, loss->broadcast);
    query_text(query, word->displaced_by);
    query_text(query, outcome_words[loss->outcome]);
    query_int(query, loss->starts);
    query_int(query, loss->stations);
    query_int(query, loss->first_us);
    query_text(query, json_peek_text(loss->why, "vi"));
    query_text(query, json_peek_text(loss->why, "en"));
    query_text(query, word->by_user);
    query_text(query, word->by_name);
    query_int(query, word->at_us);
    return query_run(query, error);
}

static LossRow *read_row(Query *query)
{
    LossRow *row = g_new0(LossRow, 1);
    row->broadcast = g_strdup(row_text(query, 0));
    row->displaced_by = g_strdup(row_text(query, 1));
    row->bulletin = g_strdup(row_text(query, 2));
    row->programme = g_strdup(row_text(query, 3));
    row->by_bulletin = g_strdup(row_text(query, 4));
    row->by_programme = g_strdup(row_text(query, 5));
    row->area = g_strdup(row_text(query, 6));
    row->created_by = g_strdup(row_text(query, 7));
    row->outcome = g_strdup(row_text(query, 8));
    row->starts = (unsigned)row_int(query, 9);
    row->stations = (unsigned)row_int(query, 10);
    row->first_us = row_int(query, 11);
    row->why_vi = g_strdup(row_text(query, 12));
    row->why_en = g_strdup(row_text(query, 13));
    row->by_name = g_strdup(row_text(query, 14));
    row->at_us = row_int(query, 15);
    return row;
}

GPtrArray *loss_store_of_user(Database *database, const char *user, int64_t now_us, unsigned limit,
                              GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT l.broadcast, l.displaced_by, b.bulletin, b.programme, w.bulletin, w.programme, "
        "b.area, b.created_by, l.outcome, l.starts, l.stations, l.first_us, l.why_vi, l.why_en, "
        "l.by_name, l.at_us FROM broadcast_losses l JOIN broadcasts b ON b.id = l.broadcast "
        "JOIN broadcasts w ON w.id = l.displaced_by "
        "WHERE l.seen_us = 0 AND l.by_user <> $1 AND b.deleted_us = 0 AND w.deleted_us = 0 "
        "AND (l.starts > 1 OR l.first_us >= $2) AND (b.created_by = $1 OR b.area IN "
        "(SELECT area FROM grants WHERE user_id = $1)) "
        "ORDER BY l.at_us DESC, l.broadcast LIMIT $3");
    query_text(query, user);
    query_int(query, now_us);
    query_int(query, limit);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)loss_row_free);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool loss_store_see(Database *database, const char *broadcast, const char *displaced_by,
                    int64_t now_us, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "UPDATE broadcast_losses SET seen_us = $3 WHERE broadcast = $1 "
                                 "AND displaced_by = $2 AND seen_us = 0 RETURNING broadcast");
    query_text(query, broadcast);
    query_text(query, displaced_by);
    query_int(query, now_us);
    return query_next(query, error) == 1;
}
