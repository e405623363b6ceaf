/* Calendars of holidays: a name and rows in an order that people chose. */
#include "schedule/holiday_store.h"

static bool read_rows(Database *database, HolidayCalendar *calendar, GError **error)
{
    g_autoptr(Query) query = database_query(
        database, "SELECT lunar, month, day, first, days, from_year, to_year, name_vi, name_en "
                  "FROM holidays WHERE calendar = $1 ORDER BY position");
    query_text(query, holiday_calendar_id(calendar));
    int step;
    while ((step = query_next(query, error)) > 0) {
        Holiday row = {.lunar = row_bool(query, 0),
                       .month = (int)row_int(query, 1),
                       .day = (int)row_int(query, 2),
                       .offset = (int)row_int(query, 3),
                       .days = (int)row_int(query, 4),
                       .from_year = (int)row_int(query, 5),
                       .to_year = (int)row_int(query, 6),
                       .name_vi = (char *)row_text(query, 7),
                       .name_en = (char *)row_text(query, 8)};
        holiday_calendar_add(calendar, &row);
    }
    if (step == 0)
        holiday_calendar_close(calendar);
    return step == 0;
}

/* All when `id` is NULL. */
static GPtrArray *read_calendars(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "SELECT id, name_vi, name_en FROM holiday_calendars "
                                 "WHERE $1 IS NULL OR id = $1 ORDER BY id");
    query_text(query, id);
    g_autoptr(GPtrArray) list =
        g_ptr_array_new_with_free_func((GDestroyNotify)holiday_calendar_unref);
    int step;
    while ((step = query_next(query, error)) > 0)
        g_ptr_array_add(
            list, holiday_calendar_new(row_text(query, 0), row_text(query, 1), row_text(query, 2)));
    if (step < 0)
        return NULL;
    for (unsigned i = 0; i < list->len; i++)
        if (!read_rows(database, g_ptr_array_index(list, i), error))
            return NULL;
    return g_steal_pointer(&list);
}

HolidayCalendar *holiday_store_get(Database *database, const char *id, GError **error)
{
    g_return_val_if_fail(id, NULL);
    g_autoptr(GPtrArray) list = read_calendars(database, id, error);
    return list && list->len ? g_ptr_array_steal_index(list, 0) : NULL;
}

GPtrArray *holiday_store_list(Database *database, GError **error)
{
    return read_calendars(database, NULL, error);
}

static bool add_row(Database *database, const HolidayCalendar *calendar, unsigned position,
                    GError **error)
{
    const Holiday *row = holiday_calendar_row(calendar, position);
    g_autoptr(Query) query = database_query(
        database, "INSERT INTO holidays (calendar, position, lunar, month, day, first, days, "
                  "from_year, to_year, name_vi, name_en) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
    query_text(query, holiday_calendar_id(calendar));
    query_int(query, position);
    query_bool(query, row->lunar);
    query_int(query, row->month);
    query_int(query, row->day);
    query_int(query, row->offset);
    query_int(query, row->days);
    query_int(query, row->from_year);
    query_int(query, row->to_year);
    query_text(query, row->name_vi);
    query_text(query, row->name_en);
    return query_run(query, error);
}

static bool put_names(Database *database, const HolidayCalendar *calendar, int64_t now_us,
                      GError **error)
{
    g_autoptr(Query) query =
        database_query(database, "INSERT INTO holiday_calendars (id, name_vi, name_en, changed_us) "
                                 "VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE "
                                 "SET name_vi = $2, name_en = $3, changed_us = $4");
    query_text(query, holiday_calendar_id(calendar));
    query_text(query, holiday_calendar_name(calendar, false));
    query_text(query, holiday_calendar_name(calendar, true));
    query_int(query, now_us);
    return query_run(query, error);
}

bool holiday_store_put(Database *database, const HolidayCalendar *calendar, int64_t now_us,
                       GError **error)
{
    if (!put_names(database, calendar, now_us, error))
        return false;
    g_autoptr(Query) query = database_query(database, "DELETE FROM holidays WHERE calendar = $1");
    query_text(query, holiday_calendar_id(calendar));
    if (!query_run(query, error))
        return false;
    for (unsigned i = 0; i < holiday_calendar_size(calendar); i++)
        if (!add_row(database, calendar, i, error))
            return false;
    return true;
}

bool holiday_store_delete(Database *database, const char *id, GError **error)
{
    g_autoptr(Query) rows = database_query(database, "DELETE FROM holidays WHERE calendar = $1");
    query_text(rows, id);
    g_autoptr(Query) calendar =
        database_query(database, "DELETE FROM holiday_calendars WHERE id = $1");
    query_text(calendar, id);
    return query_run(rows, error) && query_run(calendar, error);
}
