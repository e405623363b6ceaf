/* The calendar of an area. Out: each broadcast is one event with a stable UID; its rule goes out as
 * it is, what other programs cannot calculate (holidays, lunar days, "all following") is spelled
 * out for CALENDAR_API_HORIZON_DAYS as EXDATE, RDATE and RECURRENCE-ID.
 *
 * In: a report and nothing else. A broadcast needs a bulletin, and an event of another program has
 * none; each event that we understand comes back with the very `when` that POST /api/broadcasts
 * takes, so that a person picks the bulletin and orders it. */
#include "schedule/calendar_api.h"

#include <string.h>

#include "base/clock.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/calendar_file.h"
#include "schedule/recurrence_check.h"
#include "schedule/recurrence_form.h"
#include "schedule/rundown.h"

#define SECOND_US  INT64_C(1000000)
#define DAY_US     (INT64_C(86400) * SECOND_US)
#define NEVERS_MAX 16

static const ProblemKind problem_calendar_large = {
    "calendar-too-large", 413,
    "Tệp lịch quá lớn hoặc quá phức tạp (tối đa 1 MB, 1000 sự kiện). Hãy tách thành tệp nhỏ hơn.",
    "The calendar is too large or too complex (at most 1 MB, 1000 events). Split it."};
static const ProblemKind problem_calendar_unreadable = {
    "calendar-unreadable", 422, "Đây không phải tệp lịch iCalendar (.ics). Hãy chọn tệp khác.",
    "This is no iCalendar file (.ics). Choose another one."};

static char *rule_text(const Broadcast *broadcast)
{
    const char *rrule = broadcast->kind == BROADCAST_RULE ? broadcast->rrule : "FREQ=DAILY";
    if (!broadcast_repeats(broadcast) || !rrule)
        return NULL;
    bool counts = strstr(rrule, "COUNT=") != NULL;
    Recurrence rule = broadcast_rule(broadcast);
    int64_t end_us = broadcast->end_us;
    if (counts && end_us) {
        g_autoptr(GArray) before = recurrence_expand(&rule, broadcast->start_us, end_us);
        return calendar_file_rule(rrule, MAX(before->len, 1), 0);
    }
    if (broadcast->until) {
        g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(broadcast->zone);
        g_autofree char *last = g_strconcat(broadcast->until, "T23:59:59", NULL);
        g_autoptr(GDateTime) at = g_date_time_new_from_iso8601(last, zone);
        int64_t until_us = at ? g_date_time_to_unix(at) * SECOND_US : 0;
        end_us = end_us && end_us <= until_us ? end_us : until_us + SECOND_US;
    }
    return calendar_file_rule(rrule, 0, end_us ? end_us - SECOND_US : 0);
}

static CalendarEvent *event_of(const Broadcast *broadcast, const Rundown *rundown)
{
    CalendarEvent *event = calendar_event_new();
    event->uid = g_strconcat(broadcast->id, "@loa", NULL);
    event->title = g_strdup(rundown ? rundown->title : "");
    event->zone = g_strdup(broadcast->zone);
    event->start_us = broadcast->start_us;
    event->duration_s = rundown ? (rundown_frames(rundown) + 47999) / 48000 : 1;
    return event;
}

/* A lunar rule has no RRULE: the first day stands for it, the others are RDATEs. */
static void spell_out(CalendarEvent *event, const SeriesOccurrence *one, bool *first)
{
    if (*first)
        event->start_us = one->recurrence_us;
    else
        calendar_event_add_date(&event->rdates, one->recurrence_us);
    *first = false;
}

static void add_broadcast(GPtrArray *events, const Broadcast *broadcast, const Rundown *rundown,
                          int64_t now_us)
{
    CalendarEvent *event = event_of(broadcast, rundown);
    g_ptr_array_add(events, event);
    event->rrule = rule_text(broadcast);
    bool lunar = broadcast->kind == BROADCAST_RULE && broadcast->lunar.days, first = true;
    if (!lunar && broadcast->rdates)
        event->rdates = g_array_copy(broadcast->rdates);
    Series series = broadcast_series(broadcast);
    g_autoptr(GArray) list =
        series_expand(&series, now_us - 35 * DAY_US, now_us + CALENDAR_API_HORIZON_DAYS * DAY_US);
    for (unsigned i = 0; i < list->len; i++) {
        const SeriesOccurrence *one = &g_array_index(list, SeriesOccurrence, i);
        if (lunar && one->fate == SERIES_PLAYS)
            spell_out(event, one, &first);
        else if (!lunar && one->fate != SERIES_PLAYS)
            calendar_event_add_date(&event->exdates, one->recurrence_us);
        if (one->fate != SERIES_PLAYS || one->start_us == one->recurrence_us)
            continue;
        CalendarEvent *moved = event_of(broadcast, rundown);
        moved->start_us = one->start_us;
        moved->recurrence_us = one->recurrence_us;
        g_ptr_array_add(events, moved);
    }
}

Reply *calendar_api_get(void *room, Request *request)
{
    BroadcastApi *self = room;
    const char *id = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_VIEW, id);
    if (refusal)
        return refusal;
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(self->database, id, &error);
    g_autoptr(GPtrArray) list =
        area ? broadcast_store_list(self->database, id, NULL, CALENDAR_API_SERIES_MAX, &error)
             : NULL;
    if (!list)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    g_autoptr(GPtrArray) events =
        g_ptr_array_new_with_free_func((GDestroyNotify)calendar_event_free);
    for (unsigned i = 0; i < list->len; i++) {
        const Broadcast *broadcast = g_ptr_array_index(list, i);
        g_autoptr(Rundown) rundown = rundown_load(self->database, broadcast, NULL);
        add_broadcast(events, broadcast, rundown, request_now_us(request));
    }
    char *text = calendar_file_print(events, area->name, request_now_us(request));
    g_autoptr(GBytes) body = g_bytes_new_take(text, strlen(text));
    return reply_bytes(200, "text/calendar; charset=utf-8", body);
}

/* Import */

static const RecurrenceFaultText event_faults[] = {
    [CALENDAR_NO_START] = {"Sự kiện không có giờ bắt đầu đọc được.",
                           "The event has no start that can be read."},
    [CALENDAR_ALL_DAY] = {"Sự kiện cả ngày không có giờ phát. Hãy đặt giờ.",
                          "An event of a whole day has no time to start. Give it one."},
    [CALENDAR_ZONE] = {"Không biết múi giờ của sự kiện.", "The event's time zone is unknown."},
    [CALENDAR_MANY_RULES] = {"Sự kiện có nhiều quy tắc lặp (RRULE, EXRULE). Chỉ hỗ trợ một.",
                             "The event has several rules (RRULE, EXRULE). One is supported."},
    [CALENDAR_UNREADABLE] = {"Sự kiện có thuộc tính không đọc được.",
                             "The event has a property that cannot be read."},
    [CALENDAR_MANY_DATES] = {"Sự kiện có quá 1000 ngày ngoại lệ hoặc ngày thêm.",
                             "The event has more than 1000 exceptions or extra dates."},
};
static const RecurrenceFaultText event_is_over = {"Sự kiện đã qua, không còn lần phát nào.",
                                                  "The event is over: nothing is left to play."};
static const RecurrenceFaultText event_not_looked_at = {
    "Tệp có quá nhiều quy tắc không bao giờ xảy ra; sự kiện này không được xem.",
    "The file has too many rules that never happen; this one was not looked at."};
static const RecurrenceFaultText event_is_cancelled = {"Sự kiện đã bị hủy trong tệp lịch.",
                                                       "The event is cancelled in the file."};

/* The event as a broadcast without a bulletin. */
static Broadcast *broadcast_of(const CalendarEvent *event, const char *zone)
{
    Broadcast *broadcast = broadcast_new();
    bool repeats = event->rrule && !event->recurrence_us;
    broadcast->kind = repeats ? BROADCAST_RULE : BROADCAST_ONCE;
    broadcast->start_us = event->start_us;
    broadcast->zone = g_strdup(event->zone ? event->zone : zone);
    broadcast->rrule = repeats ? g_strdup(event->rrule) : NULL;
    for (unsigned i = 0; repeats && event->exdates && i < event->exdates->len; i++)
        broadcast_add_date(broadcast, true, g_array_index(event->exdates, int64_t, i));
    for (unsigned i = 0; repeats && event->rdates && i < event->rdates->len; i++)
        broadcast_add_date(broadcast, false, g_array_index(event->rdates, int64_t, i));
    return broadcast;
}

/* The series from its next start on; of a COUNT, what is left of it. */
static void begin_at(Broadcast *broadcast, int64_t start_us)
{
    if (broadcast->rrule && strstr(broadcast->rrule, "COUNT=")) {
        Recurrence rule = broadcast_rule(broadcast);
        rule.rdates = NULL;
        g_autoptr(GArray) left = recurrence_expand(&rule, start_us, G_MAXINT64);
        g_autofree char *before = g_steal_pointer(&broadcast->rrule);
        broadcast->rrule = calendar_file_rule(before, MAX(left->len, 1), 0);
    }
    broadcast->start_us = start_us;
}

/* NULL when it can be taken; then its first start is one to come. */
static const RecurrenceFaultText *judge_event(const CalendarEvent *event, Broadcast *broadcast,
                                              int64_t now_us)
{
    if (event->fault)
        return &event_faults[event->fault];
    if (event->cancelled)
        return &event_is_cancelled;
    RecurrenceFault fault =
        broadcast->rrule ? recurrence_check_text(broadcast->rrule, NULL) : RECURRENCE_FINE;
    Recurrence rule = broadcast_rule(broadcast);
    if (!fault && broadcast->rrule)
        fault = recurrence_check_rule(&rule);
    if (fault)
        return &recurrence_fault_texts[fault];
    broadcast->start_us = rule.start_us;
    Series series = broadcast_series(broadcast);
    SeriesOccurrence next;
    if (!series_next(&series, now_us, &next))
        return &event_is_over;
    begin_at(broadcast, next.start_us);
    return NULL;
}

/* `nevers` counts rules that never happen: finding that out takes tens of milliseconds. */
static Json *report_event(const CalendarEvent *event, const char *zone, const Request *request,
                          unsigned *nevers, bool *ret_accepted)
{
    g_autoptr(Broadcast) broadcast = broadcast_of(event, zone);
    bool looked_at = !broadcast->rrule || *nevers < NEVERS_MAX;
    const RecurrenceFaultText *fault =
        looked_at ? judge_event(event, broadcast, request_now_us(request)) : &event_not_looked_at;
    *nevers += fault == &recurrence_fault_texts[RECURRENCE_NEVER];
    Json *json = json_new_object();
    json_set_text(json, "uid", event->uid);
    json_set_text(json, "title", event->title);
    json_set_bool(json, "accepted", !fault);
    g_autofree char *recurrence =
        event->recurrence_us ? clock_format_utc(event->recurrence_us) : NULL;
    json_set_text(json, "recurrence_id", recurrence);
    json_set_take(json, "when", fault ? NULL : recurrence_form_json(broadcast));
    json_set_text(json, "why_not",
                  !fault                                     ? NULL
                  : request_language(request) == LANGUAGE_EN ? fault->en
                                                             : fault->vi);
    *ret_accepted = !fault;
    return json;
}

static Reply *report(const GPtrArray *events, unsigned ignored, const char *zone,
                     const Request *request)
{
    Json *items = json_new_array();
    int64_t accepted = 0;
    unsigned nevers = 0;
    for (unsigned i = 0; i < events->len; i++) {
        bool ok;
        json_append_take(items,
                         report_event(g_ptr_array_index(events, i), zone, request, &nevers, &ok));
        accepted += ok;
    }
    Json *body = json_new_object();
    json_set_take(body, "items", items);
    json_set_int(body, "accepted", accepted);
    json_set_int(body, "refused", events->len - accepted);
    json_set_int(body, "ignored", ignored);
    json_set_int(body, "stored", 0);
    json_set_text(body, "note",
                  request_language(request) == LANGUAGE_EN
                      ? "Nothing was stored: choose a bulletin for each event, then order it."
                      : "Chưa lưu gì: hãy chọn bản tin cho từng sự kiện rồi đặt lịch.");
    return reply_json_take(200, body);
}

Reply *calendar_api_import(void *room, Request *request)
{
    BroadcastApi *self = room;
    const char *id = request_place(request, "id");
    Reply *refusal = access_check(self->database, request, VERB_SCHEDULE, id);
    if (refusal)
        return refusal;
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(self->database, id, &error);
    if (!area)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    size_t length = 0;
    GBytes *body = request_body(request);
    const char *text = body ? g_bytes_get_data(body, &length) : "";
    unsigned ignored;
    g_autoptr(GPtrArray) events =
        calendar_file_read(text ? text : "", length, area->zone, &ignored, &error);
    if (!events)
        return reply_problem(g_error_matches(error, CALENDAR_ERROR, CALENDAR_ERROR_TOO_LARGE)
                                 ? &problem_calendar_large
                                 : &problem_calendar_unreadable);
    return report(events, ignored, area->zone, request);
}
