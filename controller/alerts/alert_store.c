/* SQL of alerts. The log of airings holds what became of each at each station; here stands what was
 * ordered, by whom and why, and what the review found. */
#include "alerts/alert_store.h"

#define COLUMNS                                                                                    \
    "id, area, area_path, clip, bulletin, bulletin_version, title, targets, severity, drill, "     \
    "every_us, duration_ms, issued_us, expires_us, author, author_name, reason, corrects, "        \
    "stations, cancelled_us, cancelled_by, cancel_reason, verdict, review_reason, reviewed_by, "   \
    "reviewed_us"

void alert_free(Alert *alert)
{
    if (!alert)
        return;
    char *texts[] = {alert->id,           alert->area,          alert->area_path,
                     alert->clip,         alert->bulletin,      alert->version,
                     alert->title,        alert->targets,       alert->author,
                     alert->author_name,  alert->reason,        alert->corrects,
                     alert->cancelled_by, alert->cancel_reason, alert->verdict,
                     alert->reviewed_by,  alert->review_reason};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(alert);
}

static Alert *read_row(Query *row)
{
    Alert *alert = g_new0(Alert, 1);
    char **first[] = {&alert->id,       &alert->area,    &alert->area_path, &alert->clip,
                      &alert->bulletin, &alert->version, &alert->title,     &alert->targets};
    int column = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        *first[i] = g_strdup(row_text(row, column++));
    alert->severity = (unsigned)row_int(row, column++);
    alert->drill = row_bool(row, column++);
    int64_t *numbers[] = {&alert->every_us, &alert->duration_ms, &alert->issued_us,
                          &alert->expires_us};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        *numbers[i] = row_int(row, column++);
    char **second[] = {&alert->author, &alert->author_name, &alert->reason, &alert->corrects};
    for (size_t i = 0; i < G_N_ELEMENTS(second); i++)
        *second[i] = g_strdup(row_text(row, column++));
    alert->stations = row_int(row, column++);
    alert->cancelled_us = row_int(row, column++);
    char **third[] = {&alert->cancelled_by, &alert->cancel_reason, &alert->verdict,
                      &alert->review_reason, &alert->reviewed_by};
    for (size_t i = 0; i < G_N_ELEMENTS(third); i++)
        *third[i] = g_strdup(row_text(row, column++));
    alert->reviewed_us = row_int(row, column++);
    return alert;
}

bool alert_store_add(Database *database, const Alert *alert, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "INSERT INTO alerts (id, area, area_path, clip, bulletin, bulletin_version, "
        "title, targets, severity, drill, every_us, duration_ms, issued_us, expires_us, "
        "author, author_name, reason, corrects, stations) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)");
    const char *first[] = {alert->id,       alert->area,    alert->area_path, alert->clip,
                           alert->bulletin, alert->version, alert->title,     alert->targets};
    for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
        query_text(query, first[i]);
    query_int(query, alert->severity);
    query_bool(query, alert->drill);
    query_int(query, alert->every_us);
    query_int(query, alert->duration_ms);
    query_int(query, alert->issued_us);
    query_int(query, alert->expires_us);
    query_text(query, alert->author);
    query_text(query, alert->author_name);
    query_text(query, alert->reason ? alert->reason : "");
    query_text(query, alert->corrects ? alert->corrects : "");
    query_int(query, alert->stations);
    return query_run(query, error);
}

Alert *alert_store_get(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT " COLUMNS " FROM alerts WHERE id = $1");
    query_text(query, id);
    return query_next(query, error) > 0 ? read_row(query) : NULL;
}

GPtrArray *alert_store_list(Database *database, const AlertFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    g_autoptr(Query) query = database_query(
        database,
        "SELECT " COLUMNS " FROM alerts WHERE (substr(area_path, 1, length($1)) = $1 "
        "OR substr($1, 1, length(area_path)) = area_path "
        "OR EXISTS (SELECT 1 FROM airings p WHERE p.broadcast = alerts.id "
        "AND p.planned_us = alerts.issued_us AND substr(p.area_path, 1, length($1)) = $1)) "
        "AND ($2 = 0 OR issued_us < $2 OR (issued_us = $2 AND id < $3)) "
        "AND ($4 = 0 OR (verdict = '' AND drill = 0)) "
        "ORDER BY issued_us DESC, id DESC LIMIT $5");
    query_text(query, filter->area_path);
    query_int(query, filter->before_us);
    query_text(query, filter->before_id ? filter->before_id : "");
    query_int(query, filter->unreviewed);
    query_int(query, filter->limit);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(list, read_row(query));
    return step == 0 ? g_steal_pointer(&list) : NULL;
}

bool alert_store_cancel(Database *database, const char *id, const char *by, const char *reason,
                        int64_t now_us, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE alerts SET cancelled_us = $2, cancelled_by = $3, cancel_reason = $4 "
                  "WHERE id = $1 AND cancelled_us = 0");
    query_text(query, id);
    query_int(query, now_us);
    query_text(query, by);
    query_text(query, reason ? reason : "");
    return query_run(query, error) && query_changes(query) == 1;
}

bool alert_store_review(Database *database, const Alert *reviewed, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "UPDATE alerts SET verdict = $2, review_reason = $3, reviewed_by = $4, "
                  "reviewed_us = $5 WHERE id = $1 AND verdict = ''");
    query_text(query, reviewed->id);
    query_text(query, reviewed->verdict);
    query_text(query, reviewed->review_reason);
    query_text(query, reviewed->reviewed_by);
    query_int(query, reviewed->reviewed_us);
    return query_run(query, error) && query_changes(query) == 1;
}

GHashTable *alert_store_weary(Database *database, int64_t since_us, unsigned max, GError **error)
{
    g_autoptr(GHashTable) weary = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(Query) query = database_query(
        database, "SELECT a.station FROM alerts l JOIN airings a ON a.broadcast = l.id "
                  "AND a.planned_us = l.issued_us WHERE l.issued_us > $1 AND l.drill = 0 "
                  "GROUP BY a.station HAVING count(*) >= $2");
    query_int(query, since_us);
    query_int(query, max);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_hash_table_add(weary, g_strdup(row_text(query, 0)));
    return step == 0 ? g_steal_pointer(&weary) : NULL;
}
