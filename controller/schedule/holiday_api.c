/* Holidays over HTTP. Everybody reads them; who manages the top area writes them, since one
 * calendar is shared by the whole tree. A new calendar of rows is a new schedule for every
 * broadcast that asks it: they are planned again with it, in one transaction. */
#include "schedule/holiday_api.h"

#include <stdlib.h>
#include <string.h>

#include "access/action_log_store.h"
#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/holiday_api_parts.h"
#include "schedule/lunar.h"
#include "schedule/series_store.h"

#define ID_MAX 32

static const ProblemKind problem_holidays_in_use = {
    "holidays-in-use", 409, "Có lịch phát đang dùng lịch ngày lễ này. Hãy đổi lịch phát đó trước.",
    "A broadcast uses this calendar of holidays. Change that broadcast first."};

static Json *row_json(const Holiday *row)
{
    Json *json = json_new_object();
    json_set_text(json, "name_vi", row->name_vi);
    json_set_text(json, "name_en", row->name_en);
    json_set_bool(json, "lunar", row->lunar);
    json_set_int(json, "month", row->month);
    json_set_int(json, "day", row->day);
    json_set_int(json, "first", row->offset);
    json_set_int(json, "days", row->days);
    json_set_int(json, "from_year", row->from_year);
    json_set_int(json, "to_year", row->to_year);
    return json;
}

static Json *dates_json(const HolidayCalendar *calendar, int asked_year, Language language)
{
    Json *list = json_new_array();
    const GArray *days = holiday_calendar_days(calendar);
    for (unsigned i = 0; i < days->len; i++) {
        const HolidayDay *one = &g_array_index(days, HolidayDay, i);
        int year, month, day;
        lunar_solar(one->day, &year, &month, &day);
        if (year != asked_year)
            continue;
        g_autofree char *date = g_strdup_printf("%04d-%02d-%02d", year, month, day);
        const Holiday *holiday = one->holiday;
        Json *json = json_new_object();
        json_set_text(json, "date", date);
        json_set_text(json, "name", language == LANGUAGE_EN ? holiday->name_en : holiday->name_vi);
        json_append_take(list, json);
    }
    return list;
}

static Json *calendar_json(const HolidayCalendar *calendar, int year, Language language)
{
    Json *rows = json_new_array();
    for (unsigned i = 0; i < holiday_calendar_size(calendar); i++)
        json_append_take(rows, row_json(holiday_calendar_row(calendar, i)));
    Json *json = json_new_object();
    json_set_text(json, "id", holiday_calendar_id(calendar));
    json_set_text(json, "name_vi", holiday_calendar_name(calendar, false));
    json_set_text(json, "name_en", holiday_calendar_name(calendar, true));
    json_set_take(json, "rows", rows);
    json_set_int(json, "year", year);
    json_set_take(json, "dates", dates_json(calendar, year, language));
    return json;
}

/* ?year=, else the current one. */
static int year_of(const Request *request)
{
    const char *asked = request_query(request, "year");
    int year = asked ? atoi(asked) : 0;
    int unused_month, unused_day;
    if (year < HOLIDAY_FIRST_YEAR || year > HOLIDAY_LAST_YEAR)
        lunar_solar(request_now_us(request) / (INT64_C(86400) * G_USEC_PER_SEC) + LUNAR_UNIX_DAY,
                    &year, &unused_month, &unused_day);
    return year;
}

Reply *holiday_api_list(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) list = holiday_store_list(self->database, &error);
    if (!list)
        return reply_error(error);
    Json *items = json_new_array();
    for (unsigned i = 0; i < list->len; i++)
        json_append_take(items, calendar_json(g_ptr_array_index(list, i), year_of(request),
                                              request_language(request)));
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_null(body, "next");
    return reply_json_take(200, body);
}

/* A day that exists in some year: 29 February, and day 30 of a lunar month. */
static void judge_day(JsonForm *form, const Holiday *row)
{
    int most = 30;
    if (!row->lunar)
        most = row->month == 2 ? 29 : g_date_get_days_in_month((GDateMonth)row->month, 2024);
    g_autofree char *days = g_strdup_printf("1..%d", most);
    g_autofree char *years = g_strdup_printf("≥ %d", row->from_year);
    if (row->day > most)
        json_form_fault(form, "day", FORM_RANGE, days);
    if (row->to_year && row->from_year > row->to_year)
        json_form_fault(form, "to_year", FORM_RANGE, years);
    if (row->days == 0 && !holiday_is_of_one_year(row))
        json_form_fault(form, "days", FORM_RANGE, "1..31");
}

static void read_row(JsonForm *form, HolidayCalendar *calendar)
{
    Holiday row = {
        .name_vi = (char *)json_form_text(form, "name_vi", true, 1, HOLIDAY_NAME_MAX),
        .name_en = (char *)json_form_text(form, "name_en", true, 1, HOLIDAY_NAME_MAX),
        .lunar = json_form_bool(form, "lunar", false, false),
        .month = (int)json_form_int(form, "month", true, 1, 12, 1),
        .day = (int)json_form_int(form, "day", true, 1, 31, 1),
        .offset = (int)json_form_int(form, "first", false, -HOLIDAY_DAYS_MAX, HOLIDAY_DAYS_MAX, 0),
        .days = (int)json_form_int(form, "days", false, 0, HOLIDAY_DAYS_MAX, 1),
        .from_year = (int)json_form_int(form, "from_year", false, 0, HOLIDAY_LAST_YEAR, 0),
        .to_year = (int)json_form_int(form, "to_year", false, 0, HOLIDAY_LAST_YEAR, 0),
    };
    judge_day(form, &row);
    holiday_calendar_add(calendar, &row);
}

static HolidayCalendar *read_calendar(JsonForm *form, const char *id)
{
    const char *name_vi = json_form_text(form, "name_vi", true, 1, HOLIDAY_NAME_MAX);
    const char *name_en = json_form_text(form, "name_en", true, 1, HOLIDAY_NAME_MAX);
    HolidayCalendar *calendar = holiday_calendar_new(id, name_vi, name_en);
    const Json *rows = json_form_array(form, "rows", true, HOLIDAY_ROWS_MAX);
    for (size_t i = 0; rows && i < json_length(rows); i++)
        read_row(json_form_element(form, "rows", i), calendar);
    return calendar;
}

static bool id_fits(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789_-");
    return length > 0 && length <= ID_MAX && !id[length];
}

Reply *holiday_api_check_top(BroadcastApi *self, const Request *request, char **ret_area)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) areas = area_store_list(self->database, NULL, &error);
    if (!areas)
        return reply_error(error);
    const Area *top = areas->len ? g_ptr_array_index(areas, 0) : NULL;
    if (!top)
        return reply_problem(&problem_forbidden);
    *ret_area = g_strdup(top->id);
    return access_allows(self->database, access_user(request), VERB_MANAGE_AREAS, top->id)
               ? NULL
               : reply_problem(&problem_forbidden);
}

static bool replan(BroadcastApi *self, const char *calendar, GError **error)
{
    g_autoptr(GPtrArray) ids = series_store_of_calendar(self->database, calendar, error);
    if (!ids)
        return false;
    for (unsigned i = 0; self->changed && i < ids->len; i++) {
        g_autoptr(Broadcast) broadcast =
            broadcast_store_get(self->database, g_ptr_array_index(ids, i), NULL);
        if (broadcast)
            self->changed(broadcast, self->user);
    }
    return true;
}

static void tell_panels(void *user)
{
    BroadcastApi *self = user;
    panel_events_changed(self->events, "broadcasts");
    panel_events_changed(self->events, "airings");
}

static bool save(BroadcastApi *self, const Request *request, const HolidayCalendar *calendar,
                 const char *top, GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = "holidays.change",
                     .area = top,
                     .object = holiday_calendar_id(calendar),
                     .remote = request_remote(request)};
    int64_t now_us = request_now_us(request);
    if (!database_begin(self->database, error))
        return false;
    database_after_commit(self->database, tell_panels, self);
    if (holiday_store_put(self->database, calendar, now_us, error) &&
        action_log_store_add(self->database, &action, now_us, error) &&
        replan(self, holiday_calendar_id(calendar), error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *holiday_api_save(BroadcastApi *self, const Request *request, HolidayCalendar *calendar,
                        const char *top)
{
    holiday_calendar_close(calendar);
    g_autoptr(GError) error = NULL;
    if (!save(self, request, calendar, top, &error))
        return reply_error(error);
    return reply_json_take(200,
                           calendar_json(calendar, year_of(request), request_language(request)));
}

Reply *holiday_api_put(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autofree char *top = NULL;
    Reply *refusal = holiday_api_check_top(self, request, &top);
    if (refusal)
        return refusal;
    const char *id = request_place(request, "id");
    if (!id_fits(id))
        return reply_problem(&problem_not_found);
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    g_autoptr(HolidayCalendar) calendar = read_calendar(form, id);
    if (!json_form_ok(form, true))
        return reply_problem_take(problem_from_form(form));
    return holiday_api_save(self, request, calendar, top);
}

HolidayCalendar *holiday_api_find(BroadcastApi *self, const Request *request, Reply **ret_refusal)
{
    g_autoptr(GError) error = NULL;
    HolidayCalendar *found =
        holiday_store_get(self->database, request_place(request, "id"), &error);
    if (!found)
        *ret_refusal = error ? reply_error(error) : reply_problem(&problem_not_found);
    return found;
}

static bool is_in_use(BroadcastApi *self, const char *calendar, GError **error)
{
    g_autoptr(GPtrArray) ids = series_store_of_calendar(self->database, calendar, error);
    return !ids || ids->len > 0;
}

static bool delete (BroadcastApi *self, const Request *request, const char *calendar,
                    const char *top, GError **error)
{
    Action action = {.user = access_user(request)->id,
                     .verb = "holidays.delete",
                     .area = top,
                     .object = calendar,
                     .remote = request_remote(request)};
    if (!database_begin(self->database, error))
        return false;
    if (holiday_store_delete(self->database, calendar, error) &&
        action_log_store_add(self->database, &action, request_now_us(request), error))
        return database_commit(self->database, error);
    database_rollback(self->database);
    return false;
}

Reply *holiday_api_delete(void *room, Request *request)
{
    BroadcastApi *self = room;
    g_autofree char *top = NULL;
    Reply *refusal = holiday_api_check_top(self, request, &top);
    if (refusal)
        return refusal;
    g_autoptr(HolidayCalendar) calendar = holiday_api_find(self, request, &refusal);
    if (!calendar)
        return refusal;
    g_autoptr(GError) error = NULL;
    if (is_in_use(self, holiday_calendar_id(calendar), &error))
        return error ? reply_error(error) : reply_problem(&problem_holidays_in_use);
    return delete (self, request, holiday_calendar_id(calendar), top, &error) ? reply_empty(204)
                                                                              : reply_error(error);
}
