/* A calendar of another program comes in. First a report: each event that we understand comes back
 * with the very `when` that POST /api/broadcasts takes, the others with the reason. Then, with a
 * bulletin chosen for each, the same file again: every event with a bulletin is judged like an
 * order of its own, beside those before it, and becomes a broadcast, all in one transaction. */
#include "schedule/calendar_import_api.h"

#include <string.h>

#include "base/clock.h"
#include "crypto.h"
#include "registry/area_store.h"
#include "schedule/broadcast_api_parts.h"
#include "schedule/broadcast_form.h"
#include "schedule/calendar_file.h"
#include "schedule/losses_view.h"
#include "schedule/recurrence_check.h"
#include "schedule/recurrence_form.h"

#define NEVERS_MAX 16
#define ID_BYTES   8
#define ID_MAX     64
#define UID_MAX    1000

static const ProblemKind problem_calendar_large = {
    "calendar-too-large", 413,
    "Tệp lịch quá lớn hoặc quá phức tạp (tối đa 1 MB, 1.000 sự kiện). Hãy tách thành tệp nhỏ hơn.",
    "The calendar is too large or too complex (at most 1 MB, 1,000 events). Split it."};
static const ProblemKind problem_calendar_unreadable = {
    "calendar-unreadable", 422, "Đây không phải tệp lịch iCalendar (.ics). Hãy chọn tệp khác.",
    "This is no iCalendar file (.ics). Choose another one."};

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
    [CALENDAR_MANY_DATES] = {"Sự kiện có quá 1.000 ngày ngoại lệ hoặc ngày thêm.",
                             "The event has more than 1,000 exceptions or extra dates."},
};
static const RecurrenceFaultText event_is_over = {"Sự kiện đã qua, không còn lần phát nào.",
                                                  "The event is over: nothing is left to play."};
static const RecurrenceFaultText event_not_looked_at = {
    "Tệp có quá nhiều quy tắc không bao giờ xảy ra; sự kiện này không được xem.",
    "The file has too many rules that never happen; this one was not looked at."};
static const RecurrenceFaultText event_is_cancelled = {"Sự kiện đã bị hủy trong tệp lịch.",
                                                       "The event is cancelled in the file."};

/* The event as a broadcast without a bulletin. */
static Broadcast *broadcast_of(const GPtrArray *events, const CalendarEvent *event,
                               const char *zone)
{
    Broadcast *broadcast = broadcast_new();
    bool repeats = event->rrule && !event->recurrence_us;
    broadcast->kind = repeats ? BROADCAST_RULE : BROADCAST_ONCE;
    broadcast->start_us = event->start_us;
    broadcast->zone = g_strdup(event->zone ? event->zone : zone);
    broadcast->rrule = repeats ? g_strdup(event->rrule) : NULL;
    for (unsigned i = 0; repeats && event->exdates && i < event->exdates->len; i++)
        broadcast_add_date(broadcast, true, g_array_index(event->exdates, int64_t, i));
    /* Those that the file changed stand on their own. */
    for (unsigned i = 0; repeats && i < events->len; i++) {
        const CalendarEvent *other = g_ptr_array_index(events, i);
        if (other->recurrence_us && g_str_equal(other->uid, event->uid))
            broadcast_add_date(broadcast, true, other->recurrence_us);
    }
    for (unsigned i = 0; repeats && event->rdates && i < event->rdates->len; i++)
        broadcast_add_date(broadcast, false, g_array_index(event->rdates, int64_t, i));
    return broadcast;
}

/* The series from the next start of its rule on, of a COUNT what is left of it: an extra date that
 * comes before has its own time and moves nothing. Where the rule is over, such a date is the one
 * start of a day. */
static void begin_at(Broadcast *broadcast, int64_t now_us, int64_t next_us)
{
    Recurrence rule = broadcast_rule(broadcast);
    rule.rdates = NULL;
    broadcast->start_us = next_us;
    if (!broadcast->rrule)
        return;
    g_autofree char *before = g_steal_pointer(&broadcast->rrule);
    if (!recurrence_next(&rule, now_us, &broadcast->start_us)) {
        broadcast->rrule = g_strdup("FREQ=DAILY;COUNT=1");
        return;
    }
    bool counts = strstr(before, "COUNT=") != NULL;
    g_autoptr(GArray) left =
        counts ? recurrence_expand(&rule, broadcast->start_us, G_MAXINT64) : NULL;
    broadcast->rrule = counts ? calendar_file_rule(before, left->len, 0) : g_steal_pointer(&before);
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
    begin_at(broadcast, now_us, next.start_us);
    return NULL;
}

/* One file, and who asks; the request is held while its orders are judged. */
typedef struct Import {
    BroadcastApi *api;
    Request *request;
    GPtrArray *events; /* CalendarEvent* */
    unsigned ignored;
    unsigned nevers; /* rules that never happen: finding that out takes tens of milliseconds */
    int64_t accepted, stored;
    const Json *wishes; /* the body that applies the file; NULL = a report only */
    Json *items;
    Minutes *minutes;   /* the orders, until they are judged */
    GPtrArray *ordered; /* Json*: the item of each order; NULL = refused */
    Losses *losses;     /* through all that is not */
} Import;

static Import *import_new(BroadcastApi *api, Request *request, GPtrArray *take_events,
                          const Json *wishes)
{
    Import *self = g_new0(Import, 1);
    self->api = api;
    self->request = request;
    self->events = take_events;
    self->wishes = wishes;
    self->items = json_new_array();
    self->minutes = minutes_new(request_now_us(request));
    self->ordered = g_ptr_array_new();
    self->losses = losses_new();
    return self;
}

static void import_free(Import *self)
{
    if (!self)
        return;
    g_ptr_array_unref(self->events);
    json_drop(self->items);
    minutes_free(self->minutes);
    g_ptr_array_unref(self->ordered);
    losses_free(self->losses);
    g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Import, import_free)

static void set_why_not(Json *json, const Import *self, const RecurrenceFaultText *fault)
{
    const char *text = !fault                                           ? NULL
                       : request_language(self->request) == LANGUAGE_EN ? fault->en
                                                                        : fault->vi;
    json_set_text(json, "why_not", text);
}

static Json *report_event(Import *self, const CalendarEvent *event, const char *zone)
{
    g_autoptr(Broadcast) broadcast = broadcast_of(self->events, event, zone);
    bool looked_at = !broadcast->rrule || self->nevers < NEVERS_MAX;
    int64_t now_us = request_now_us(self->request);
    const RecurrenceFaultText *fault =
        looked_at ? judge_event(event, broadcast, now_us) : &event_not_looked_at;
    self->nevers += fault == &recurrence_fault_texts[RECURRENCE_NEVER];
    self->accepted += !fault;
    g_autofree char *recurrence =
        event->recurrence_us ? clock_format_utc(event->recurrence_us) : NULL;
    Json *json = json_new_object();
    json_set_text(json, "uid", event->uid);
    json_set_text(json, "title", event->title);
    json_set_bool(json, "accepted", !fault);
    json_set_text(json, "recurrence_id", recurrence);
    json_set_take(json, "when", fault ? NULL : recurrence_form_json(broadcast));
    set_why_not(json, self, fault);
    json_set_null(json, "broadcast");
    return json;
}

/* What was chosen for an event: the entry with its uid, and its RECURRENCE-ID where it has one. */
static const Json *choice_for(const Json *wishes, const CalendarEvent *event)
{
    const Json *choices = json_peek(wishes, "choices");
    for (size_t i = 0; i < json_length(choices); i++) {
        const Json *choice = json_at(choices, i);
        const char *at = json_peek_text(choice, "recurrence_id");
        int64_t at_us = 0;
        if (g_strcmp0(json_peek_text(choice, "uid"), event->uid) == 0 &&
            (!at || clock_parse_rfc3339(at, &at_us, NULL)) && at_us == event->recurrence_us)
            return choice;
    }
    return NULL;
}

static void copy(Json *order, const Json *from, const char *key)
{
    Json *value = json_peek(from, key);
    if (!json_is_nothing(value))
        json_set_take(order, key, json_hold(value));
}

/* The order that a person would have sent for this event; NULL where nothing was chosen. */
static Json *order_of(const Json *wishes, const char *area, const Json *item,
                      const CalendarEvent *event)
{
    const Json *choice = choice_for(wishes, event);
    if (!choice && json_is_nothing(json_peek(wishes, "bulletin")))
        return NULL;
    const Json *sound = choice ? choice : wishes;
    Json *order = json_new_object();
    json_set_text(order, "area", area);
    copy(order, sound, "bulletin");
    copy(order, sound, "programme");
    copy(order, wishes, "targets");
    copy(order, wishes, "class");
    copy(order, wishes, "leave_out_refusing");
    copy(order, item, "when");
    return order;
}

/* Puts one order on trial; the refusal says why it is not taken. */
static Reply *put_on_trial(Import *self, const Json *order)
{
    Reply *refusal = NULL;
    Database *database = self->api->database;
    int64_t now_us = request_now_us(self->request);
    Broadcast *broadcast = broadcast_form_judge(database, self->request, order, &refusal);
    if (!broadcast)
        return refusal;
    broadcast->id = crypto_random_hex(ID_BYTES);
    CheckPolicyOrder how = {.only = {.now_us = now_us}};
    return check_policy_add(self->minutes, database, broadcast, access_user(self->request), &how);
}

static void set_refusal(const Import *self, Json *item, const Reply *refusal)
{
    g_autofree char *why = reply_refusal_text(refusal, request_language(self->request));
    json_set_text(item, "why_not", why);
}

/* An event with something to sound becomes an order. */
static void order_event(Import *self, const char *area, Json *item, const CalendarEvent *event)
{
    g_autoptr(Json) order =
        json_peek_bool(item, "accepted", false) ? order_of(self->wishes, area, item, event) : NULL;
    if (!order)
        return;
    g_autoptr(Reply) refusal = put_on_trial(self, order);
    if (refusal)
        set_refusal(self, item, refusal);
    else
        g_ptr_array_add(self->ordered, item);
}

/* What may not be saved says why, and has no order any more. */
static void sort_out(Import *self, const Request *request, const Minutes *minutes)
{
    for (unsigned i = 0; i < minutes_length(minutes); i++) {
        g_autoptr(Reply) refusal = broadcast_api_refusal(self->api, request, minutes, i);
        if (refusal)
            set_refusal(self, g_ptr_array_index(self->ordered, i), refusal);
        else
            losses_join(self->losses, minutes_losses(minutes, i));
        if (refusal)
            g_ptr_array_index(self->ordered, i) = NULL;
    }
}

/* All or nothing. */
static bool store_all(Import *self, Request *request, const Minutes *minutes, GError **error)
{
    for (unsigned i = 0; i < minutes_length(minutes); i++) {
        const Broadcast *broadcast = minutes_broadcast(minutes, i);
        Json *item = g_ptr_array_index(self->ordered, i);
        if (!item)
            continue;
        if (!broadcast_api_store(self->api, request, "broadcast.import", broadcast,
                                 minutes_losses(minutes, i), error))
            return false;
        json_set_text(item, "broadcast", broadcast->id);
        self->stored++;
    }
    return true;
}

static const char *note_of(const Import *self)
{
    bool english = request_language(self->request) == LANGUAGE_EN;
    if (!self->wishes)
        return english ? "Nothing was stored: choose a bulletin for each event, then order it."
                       : "Chưa lưu gì: hãy chọn bản tin cho từng sự kiện rồi hẹn phát.";
    return english ? "The events with a broadcast are stored; the others say why not, or nothing "
                     "was chosen for them."
                   : "Đã lưu các sự kiện có lịch phát; các sự kiện khác có lý do, hoặc chưa được "
                     "chọn bản tin.";
}

static Reply *answer(const Import *self)
{
    Json *body = json_new_object();
    json_set_take(body, "items", json_hold(self->items));
    json_set_int(body, "accepted", self->accepted);
    json_set_int(body, "refused", self->events->len - self->accepted);
    json_set_int(body, "ignored", self->ignored);
    json_set_int(body, "stored", self->stored);
    json_set_text(body, "note", note_of(self));
    return reply_json_take(200, body);
}

static Reply *settle(BroadcastApi *api, Request *request, const Minutes *minutes, void *user)
{
    Import *self = user;
    g_autoptr(GError) error = NULL;
    sort_out(self, request, minutes);
    Reply *refusal =
        losses_view_refusal(self->losses, api->database, json_peek_text(self->wishes, "confirm"));
    if (refusal)
        return refusal;
    if (!database_begin(api->database, &error))
        return reply_error(error);
    if (!store_all(self, request, minutes, &error)) {
        database_rollback(api->database);
        return reply_error(error);
    }
    return database_commit(api->database, &error) ? answer(self) : reply_error(error);
}

static Reply *import(BroadcastApi *api, Request *request, const char *text, size_t length,
                     const Json *wishes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(api->database, request_place(request, "id"), &error);
    if (!area)
        return error ? reply_error(error) : reply_problem(&problem_not_found);
    unsigned ignored;
    GPtrArray *events = calendar_file_read(text, length, area->zone, &ignored, &error);
    if (!events)
        return reply_problem(g_error_matches(error, CALENDAR_ERROR, CALENDAR_ERROR_TOO_LARGE)
                                 ? &problem_calendar_large
                                 : &problem_calendar_unreadable);
    g_autoptr(Import) self = import_new(api, request, events, wishes);
    self->ignored = ignored;
    for (unsigned i = 0; i < events->len; i++) {
        const CalendarEvent *event = g_ptr_array_index(events, i);
        Json *item = report_event(self, event, area->zone);
        json_append_take(self->items, item);
        if (wishes)
            order_event(self, area->id, item, event);
    }
    if (self->ordered->len == 0)
        return answer(self);
    Minutes *minutes = g_steal_pointer(&self->minutes);
    return broadcast_api_judge(api, request, minutes, settle, g_steal_pointer(&self),
                               (GDestroyNotify)import_free);
}

Reply *calendar_import_api_report(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal =
        access_check(self->database, request, VERB_SCHEDULE, request_place(request, "id"));
    if (refusal)
        return refusal;
    size_t length = 0;
    GBytes *body = request_body(request);
    const char *text = body ? g_bytes_get_data(body, &length) : "";
    return import(self, request, text ? text : "", length, NULL);
}

/* The shape of what is chosen; the orders themselves are judged one by one. */
static void read_choices(JsonForm *form)
{
    json_form_text(form, "bulletin", false, 1, ID_MAX);
    json_form_array(form, "targets", true, BROADCAST_MAX_TARGETS);
    json_form_text(form, "class", false, 1, ID_MAX);
    json_form_bool(form, "leave_out_refusing", false, false);
    broadcast_form_read_confirm(form);
    const Json *choices = json_form_array(form, "choices", false, CALENDAR_EVENTS_MAX);
    for (size_t i = 0; i < json_length(choices); i++) {
        JsonForm *one = json_form_element(form, "choices", i);
        json_form_text(one, "uid", true, 0, UID_MAX);
        json_form_time(one, "recurrence_id", false, 0);
        const char *bulletin = json_form_text(one, "bulletin", false, 1, ID_MAX);
        const char *programme = json_form_text(one, "programme", false, 1, ID_MAX);
        if (!bulletin == !programme)
            json_form_fault(one, "bulletin", FORM_CHOICE, "bulletin | programme");
    }
}

static Reply *apply(void *room, Request *request)
{
    BroadcastApi *self = room;
    Reply *refusal =
        access_check(self->database, request, VERB_SCHEDULE, request_place(request, "id"));
    if (refusal)
        return refusal;
    g_autoptr(JsonForm) form = json_form_new(request_json(request), "");
    json_form_text(form, "calendar", true, 1, CALENDAR_BYTES_MAX);
    read_choices(form);
    if (!json_form_ok(form, false))
        return reply_problem_take(problem_from_form(form));
    const char *text = json_peek_text(request_json(request), "calendar");
    return import(self, request, text, strlen(text), request_json(request));
}

Reply *calendar_import_api_apply(void *room, Request *request)
{
    BroadcastApi *self = room;
    return broadcast_turns_take(self->turns, request, apply);
}
