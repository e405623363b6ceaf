/* SQL of the monthly report: counts only, never the log itself. */
#include "ledger/monthly_store.h"

#define PATH_RANGE "area_path >= $2 AND area_path < substr($2, 1, length($2) - 1) || '0' "

bool monthly_store_rows(Database *database, int month, const char *area_path,
                        void (*take)(const MonthRow *row, void *user), void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT area_path, class, source, language, author, outcome, reason, airings, "
                  "planned_ms, played_ms, late, late_ms FROM airing_months "
                  "WHERE month = $1 AND " PATH_RANGE);
    query_int(query, month);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0) {
        MonthRow row = {.area_path = row_text(query, 0),
                        .class = row_text(query, 1),
                        .source = row_text(query, 2),
                        .language = row_text(query, 3),
                        .author = row_text(query, 4),
                        .outcome = row_text(query, 5),
                        .reason = row_text(query, 6)};
        row.figures = (FigureRow){.stored = row.outcome,
                                  .airings = row_int(query, 7),
                                  .planned_ms = row_int(query, 8),
                                  .played_ms = row_int(query, 9),
                                  .late = row_int(query, 10),
                                  .late_ms = row_int(query, 11)};
        take(&row, user);
    }
    return step == 0;
}

bool monthly_store_open(Database *database, int month, const char *area_path, int today,
                        void (*take)(const MonthRow *row, void *user), void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT area_path, class, source, language, author, day >= $3, sum(airings), "
                  "sum(planned_ms) FROM airing_days WHERE outcome = '' AND day >= $1 * 100 "
                  "AND day < $1 * 100 + 100 AND " PATH_RANGE "GROUP BY 1, 2, 3, 4, 5, 6");
    query_int(query, month);
    query_text(query, area_path);
    query_int(query, today);
    int step;
    while ((step = query_next(query, error)) > 0) {
        MonthRow row = {.area_path = row_text(query, 0),
                        .class = row_text(query, 1),
                        .source = row_text(query, 2),
                        .language = row_text(query, 3),
                        .author = row_text(query, 4),
                        .outcome = "",
                        .reason = ""};
        row.figures = (FigureRow){.stored = "",
                                  .is_to_come = row_bool(query, 5),
                                  .airings = row_int(query, 6),
                                  .planned_ms = row_int(query, 7)};
        take(&row, user);
    }
    return step == 0;
}

bool monthly_store_days(Database *database, int month, const char *area_path,
                        void (*take)(const DayRow *row, void *user), void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT day, outcome, sum(airings), sum(planned_ms), sum(played_ms), sum(late), "
                  "sum(late_ms) FROM airing_days WHERE day >= $1 * 100 AND day < $1 * 100 + 100 "
                  "AND " PATH_RANGE "GROUP BY day, outcome ORDER BY day");
    query_int(query, month);
    query_text(query, area_path);
    int step;
    while ((step = query_next(query, error)) > 0) {
        DayRow row = {.day = (int)row_int(query, 0),
                      .figures = {.stored = row_text(query, 1),
                                  .airings = row_int(query, 2),
                                  .planned_ms = row_int(query, 3),
                                  .played_ms = row_int(query, 4),
                                  .late = row_int(query, 5),
                                  .late_ms = row_int(query, 6)}};
        take(&row, user);
    }
    return step == 0;
}

bool monthly_store_turns(Database *database, const char *area_path, int64_t from_us, int64_t to_us,
                         void (*take)(const TurnRow *row, void *user), void *user, GError **error)
{
    g_autoptr(Query) query = database_query(
        database,
        "SELECT s.id, a.path, s.accepted_us, t.at_us, t.state FROM areas a "
        "JOIN stations s ON s.area = a.id AND s.retired_us = 0 LEFT JOIN ("
        "SELECT station, at_us, state FROM station_states WHERE at_us >= $2 AND at_us < $3) t "
        "ON t.station = s.id WHERE a.path >= $1 AND a.path < substr($1, 1, length($1) - 1) || '0' "
        "UNION ALL SELECT s.id, a.path, s.accepted_us, -1, coalesce((SELECT state "
        "FROM station_states WHERE station = s.id AND at_us < $2 ORDER BY at_us DESC LIMIT 1), "
        "'offline') FROM areas a JOIN stations s ON s.area = a.id AND s.retired_us = 0 "
        "WHERE a.path >= $1 AND a.path < substr($1, 1, length($1) - 1) || '0' ORDER BY 1, 4");
    query_text(query, area_path);
    query_int(query, from_us);
    query_int(query, to_us);
    int step;
    while ((step = query_next(query, error)) > 0) {
        if (row_is_null(query, 3))
            continue; /* no turn in that time */
        TurnRow row = {.station = row_text(query, 0),
                       .area_path = row_text(query, 1),
                       .accepted_us = row_int(query, 2),
                       .at_us = row_int(query, 3) < 0 ? G_MININT64 : row_int(query, 3),
                       .is_online = g_str_equal(row_text(query, 4), "online")};
        take(&row, user);
    }
    return step == 0;
}
