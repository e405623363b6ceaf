/* What was decided for one year, written and taken back: rows of that year alone take the place of
 * the general ones, which stay as they are for all other years. */
#include "schedule/holiday_api_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "schedule/lunar.h"

/* A day of the list of a year; a day after the one before, of the same name, makes its row longer.
 */
static void read_day(JsonForm *form, int year, GArray *rows)
{
    Holiday row = {
        .name_vi = (char *)json_form_text(form, "name_vi", true, 1, HOLIDAY_NAME_MAX),
        .name_en = (char *)json_form_text(form, "name_en", true, 1, HOLIDAY_NAME_MAX),
        .days = 1,
        .from_year = year,
        .to_year = year,
    };
    const char *date = json_form_text(form, "date", true, 10, 10);
    int said = 0;
    if (!date || !recurrence_date_valid(date) ||
        sscanf(date, "%d-%d-%d", &said, &row.month, &row.day) != 3 || said != year) {
        json_form_fault(form, "date", FORM_FORMAT, NULL);
        return;
    }
    Holiday *last = rows->len ? &g_array_index(rows, Holiday, rows->len - 1) : NULL;
    bool follows = last && g_strcmp0(last->name_vi, row.name_vi) == 0 &&
                   last->days < HOLIDAY_DAYS_MAX &&
                   lunar_julian(year, last->month, last->day) + last->days ==
                       lunar_julian(year, row.month, row.day);
    if (follows)
        last->days++;
    else
        g_array_append_val(rows, row);
}

static bool names(const GArray *rows, const char *name_vi)
{
    for (unsigned i = 0; i < rows->len; i++)
        if (g_strcmp0(g_array_index(rows, Holiday, i).name_vi, name_vi) == 0)
            return true;
    return false;
}

/* The calendar as it was, but for one year: that is what `rows` say and nothing else, so that a
 * general row which they do not name is taken away there. */
static HolidayCalendar *with_year(const HolidayCalendar *was, int year, const GArray *rows)
{
    HolidayCalendar *calendar =
        holiday_calendar_new(holiday_calendar_id(was), holiday_calendar_name(was, false),
                             holiday_calendar_name(was, true));
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(Holiday));
    for (unsigned i = 0; i < holiday_calendar_size(was); i++) {
        const Holiday *row = holiday_calendar_row(was, i);
        if (holiday_is_of_one_year(row) && row->from_year == year)
            continue;
        holiday_calendar_add(calendar, row);
        if (holiday_is_of_one_year(row) || names(rows, row->name_vi) || names(gone, row->name_vi))
            continue;
        Holiday none = *row;
        none.from_year = none.to_year = year;
        none.days = 0;
        g_array_append_val(gone, none);
    }
    for (unsigned i = 0; i < rows->len; i++)
        holiday_calendar_add(calendar, &g_array_index(rows, Holiday, i));
    for (unsigned i = 0; i < gone->len; i++)
        holiday_calendar_add(calendar, &g_array_index(gone, Holiday, i));
    return calendar;
}

Reply *holiday_api_put_year(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autofree char *top = NULL;
    Reply *refusal = holiday_api_check_top(self, request, &top);
    if (refusal)
        return refusal;
    int year = atoi(request_place(request, "year"));
    g_autoptr(HolidayCalendar) was = holiday_api_find(self, request, &refusal);
    if (!was)
        return refusal;
    if (year < HOLIDAY_FIRST_YEAR || year > HOLIDAY_LAST_YEAR)
        return reply_problem(&problem_not_found);
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Holiday));
    const Json *days = json_form_array(form, "days", true, HOLIDAY_ROWS_MAX);
    for (size_t i = 0; days && i < json_length(days); i++)
        read_day(json_form_element(form, "days", i), year, rows);
    g_autoptr(HolidayCalendar) calendar = with_year(was, year, rows);
    if (holiday_calendar_size(calendar) > HOLIDAY_ROWS_MAX)
        json_form_fault(form, "days", FORM_TOO_LONG, "200");
    return json_form_ok(form, true) ? holiday_api_save(self, request, calendar, top)
                                    : reply_problem_take(problem_from_form(form));
}

/* The calendar without what was stated for one year; NULL where that is nothing. */
static HolidayCalendar *without_year(const HolidayCalendar *was, int year)
{
    HolidayCalendar *calendar =
        holiday_calendar_new(holiday_calendar_id(was), holiday_calendar_name(was, false),
                             holiday_calendar_name(was, true));
    unsigned kept = 0;
    for (unsigned i = 0; i < holiday_calendar_size(was); i++) {
        const Holiday *row = holiday_calendar_row(was, i);
        if (holiday_is_of_one_year(row) && row->from_year == year)
            continue;
        holiday_calendar_add(calendar, row);
        kept++;
    }
    if (kept < holiday_calendar_size(was))
        return calendar;
    holiday_calendar_unref(calendar);
    return NULL;
}

Reply *holiday_api_delete_year(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autofree char *top = NULL;
    Reply *refusal = holiday_api_check_top(self, request, &top);
    if (refusal)
        return refusal;
    g_autoptr(HolidayCalendar) was = holiday_api_find(self, request, &refusal);
    if (!was)
        return refusal;
    g_autoptr(HolidayCalendar) calendar = without_year(was, atoi(request_place(request, "year")));
    return calendar ? holiday_api_save(self, request, calendar, top)
                    : reply_problem(&problem_not_found);
}
