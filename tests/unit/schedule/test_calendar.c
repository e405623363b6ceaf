/* Rules over HTTP: what is taken, what is refused and why, changes of one, following and all, the
 * holidays, and iCalendar both ways, hostile files among them. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "http/reply_parts.h"
#include "schedule/calendar_api.h"
#include "schedule/calendar_file.h"
#include "schedule/holiday_api.h"
#include "schedule/lunar.h"
#include "schedule/recurrence_check.h"
#include "schedule/series_api.h"
#include "schedule/series_store.h"

typedef struct Desk {
    FleetDesk fleet;
    BroadcastApi *api;
    User user;
    unsigned changed;
} Desk;

static void note_change(const Broadcast *broadcast, void *user)
{
    Desk *desk = user;
    desk->changed++;
    publisher_broadcast_changed(broadcast, desk->fleet.fleet->publisher);
}

static void desk_init(Desk *desk, Role role, const char *area)
{
    fleet_desk_init(&desk->fleet);
    fleet_desk_publish(&desk->fleet);
    desk->api = broadcast_api_new(desk->fleet.database, NULL, note_change, desk);
    desk->changed = 0;
    desk->user = (User){.id = (char *)"an",
                        .name = (char *)"An",
                        .login = (char *)"an",
                        .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = role, .area = (char *)area};
    g_array_append_val(desk->user.grants, grant);
}

static void desk_clear(Desk *desk)
{
    g_array_unref(desk->user.grants);
    broadcast_api_free(desk->api);
    fleet_desk_clear(&desk->fleet);
}

static Request *request_of(Desk *desk, const char *method, const char *uri, const char *id,
                           const char *body)
{
    Request *request = request_new(method, uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->fleet.clock.wall;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (id)
        g_hash_table_insert(request->places, g_strdup("id"), g_strdup(id));
    if (body) {
        g_autoptr(GError) error = NULL;
        request->json = json_parse(body, strlen(body), &error);
        g_assert_no_error(error);
    }
    request_set_caller(request, &desk->user, NULL);
    return request;
}

static Reply *create(Desk *desk, const char *when)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"a\"}],\"when\":{%s}}",
        when);
    g_autoptr(Request) request = request_of(desk, "POST", "/api/broadcasts", NULL, body);
    return broadcast_api_create(desk->api, request);
}

static char *pointers_of(Reply *take_reply)
{
    g_autoptr(Reply) reply = take_reply;
    if (reply_status(reply) < 400)
        return g_strdup("");
    g_assert_cmpuint(reply_status(reply), ==, 422);
    g_autofree char *text = problem_print(reply->problem, LANGUAGE_EN, "id", NULL);
    g_autoptr(Json) document = json_parse(text, strlen(text), NULL);
    const Json *errors = json_peek(document, "errors");
    GString *pointers = g_string_new(NULL);
    for (size_t i = 0; i < json_length(errors); i++)
        g_string_append_printf(pointers, "%s%s", i ? " " : "",
                               json_peek_text(json_at(errors, i), "pointer"));
    return g_string_free(pointers, FALSE);
}

static Reply *patch(Desk *desk, const char *id, const char *body)
{
    g_autoptr(Request) request = request_of(desk, "PATCH", "/api/broadcasts/x", id, body);
    return series_api_patch(desk->api, request);
}

static void assert_patch(Desk *desk, const char *id, const char *body, const char *pointers)
{
    g_autofree char *said = pointers_of(patch(desk, id, body));
    g_assert_cmpstr(said, ==, pointers);
}

/* Starts of what plays, in UTC, "2026-11-23T10:00", joined. */
static char *starts_of(Desk *desk, const char *id, const char *query)
{
    g_autofree char *uri = g_strconcat("/api/broadcasts/x/occurrences?", query, NULL);
    g_autoptr(Request) request = request_of(desk, "GET", uri, id, NULL);
    g_autoptr(Json) answer = fleet_desk_json(series_api_occurrences(desk->api, request), 200);
    const Json *items = json_peek(answer, "items");
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_length(items); i++) {
        const Json *one = json_at(items, i);
        const char *reason = json_peek_text(one, "reason");
        g_string_append_printf(text, "%s%.11s%s%s", i ? " " : "", json_peek_text(one, "start") + 5,
                               reason ? "-" : "", reason ? reason : "");
    }
    return g_string_free(text, FALSE);
}

static void assert_starts(Desk *desk, const char *id, const char *query, const char *expected)
{
    g_autofree char *said = starts_of(desk, id, query);
    g_assert_cmpstr(said, ==, expected);
}

#define RULE(text)                                                                                 \
    "\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":\"" text "\""
#define WEEK RULE("FREQ=WEEKLY;BYDAY=MO,WE,FR")

static void test_impossible_rules_are_refused_by_name(void)
{
    static const struct {
        const char *when, *pointers;
    } cases[] = {
        {WEEK, ""},
        {WEEK ",\"until\":\"2026-12-31\"", ""},
        {WEEK ",\"zone\":\"Europe/Paris\"", ""},
        {WEEK ",\"zone\":\"Mars/Olympus\"", "/when/zone"},
        {WEEK ",\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"}", ""},
        {WEEK ",\"holidays\":{\"calendar\":\"mars\",\"mode\":\"except\"}",
         "/when/holidays/calendar"},
        {WEEK ",\"exdates\":[\"2026-02-30T10:00:00Z\"]", "/when/exdates"},
        {WEEK ",\"lunar\":{\"days\":[1]}", "/when/lunar"},
        {RULE("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=1000000000"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=0"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=-5"), "/when/rrule"},
        {RULE("FREQ=DAILY;INTERVAL=0"), "/when/rrule"},
        {RULE("FREQ=DAILY;UNTIL=20261101T000000Z"), "/when/rrule"},
        {RULE("FREQ=DAILY;UNTIL=20260230"), "/when/rrule"},
        {RULE("FREQ=DAILY") ",\"until\":\"2026-11-01\"", "/when/until"},
        {RULE("FREQ=DAILY;COUNT=5") ",\"until\":\"2026-12-31\"", "/when/until"},
        {RULE("FREQ=SECONDLY"), "/when/rrule"},
        {RULE("FREQ=MINUTELY"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYSECOND=1"), "/when/rrule"},
        {RULE("FREQ=DAILY;FREQ=WEEKLY"), "/when/rrule"},
        {RULE("COUNT=5"), "/when/rrule"},
        {RULE("nonsense"), "/when/rrule"},
        {RULE("FREQ=DAILY;BYDAY=XX"), "/when/rrule"},
        {RULE("FREQ=DAILY;COUNT=99999999999999999999"), "/when/rrule"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\"", "/when/rrule"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[1,15]}",
         ""},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[31]}",
         "/when/lunar/days"},
        {"\"kind\":\"rule\",\"start\":\"2026-11-23T05:00:00+07:00\",\"lunar\":{\"days\":[1],"
         "\"months\":[13]}",
         "/when/lunar/months"},
    };
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u: %s", i, cases[i].when);
        g_autofree char *said = pointers_of(create(&desk, cases[i].when));
        if (strchr(said, ' '))
            *strchr(said, ' ') = '\0';
        g_assert_cmpstr(said, ==, cases[i].pointers);
    }
    GString *many = g_string_new(WEEK ",\"exdates\":[");
    for (unsigned i = 0; i < 10000; i++)
        g_string_append_printf(many, "%s\"2026-11-23T10:00:00Z\"", i ? "," : "");
    g_string_append(many, "]");
    g_autofree char *said = pointers_of(create(&desk, many->str));
    g_assert_cmpstr(said, ==, "/when/exdates");
    g_string_free(many, TRUE);
    desk_clear(&desk);
}

static char *made(Desk *desk, const char *when)
{
    g_autoptr(Json) json = fleet_desk_json(create(desk, when), 201);
    return g_strdup(json_peek_text(json, "id"));
}

#define NOVEMBER "from=2026-11-23T00:00:00Z&to=2026-12-05T00:00:00Z"

static void test_changes_keep_one_series(void)
{
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = made(&desk, WEEK);
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T10:00 11-25T10:00 11-27T10:00 11-30T10:00 12-02T10:00 12-04T10:00");
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                 "\"at\":\"2026-11-26T03:30:00Z\",\"gain_db\":-6}",
                 "");
    assert_patch(&desk, id,
                 "{\"scope\":\"following\",\"recurrence_id\":\"2026-11-30T10:00:00Z\","
                 "\"at\":\"2026-11-30T11:00:00Z\"}",
                 "");
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-27T10:00:00Z\","
                 "\"cancelled\":true}",
                 "");
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T10:00 11-26T03:30 11-27T10:00-deleted 11-30T11:00 12-02T11:00 "
                  "12-04T11:00");
    /* The same rows again: an edit of one already changed. */
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                 "\"tolerance_s\":60}",
                 "");
    assert_patch(&desk, id,
                 "{\"scope\":\"all\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                 "\"at\":\"2026-11-25T08:00:00Z\"}",
                 "");
    assert_starts(&desk, id, "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z", "11-23T08:00");
    assert_patch(&desk, id, "{\"scope\":\"all\",\"at\":\"2026-11-23T09:00:00Z\"}", "");
    assert_starts(&desk, id, NOVEMBER,
                  "11-23T09:00 11-26T03:30 11-27T09:00-deleted 11-30T09:00 12-02T09:00 "
                  "12-04T09:00");
    assert_patch(&desk, id,
                 "{\"scope\":\"following\",\"recurrence_id\":\"2026-12-02T10:00:00Z\","
                 "\"cancelled\":true}",
                 "");
    assert_starts(&desk, id, NOVEMBER, "11-23T09:00 11-26T03:30 11-27T09:00-deleted 11-30T09:00");
    g_autoptr(Query) query = database_query(desk.fleet.database, "SELECT count(*) FROM broadcasts");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpint(row_int(query, 0), ==, 1);
    g_assert_cmpuint(desk.changed, ==, 8);
    desk_clear(&desk);
}

static void test_wrong_changes_are_refused(void)
{
    static const struct {
        const char *body, *pointers;
    } cases[] = {
        {"{\"scope\":\"this\",\"at\":\"2026-11-26T03:30:00Z\"}", "/recurrence_id"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-24T10:00:00Z\","
         "\"at\":\"2026-11-26T03:30:00Z\"}",
         "/recurrence_id"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
         "\"at\":\"2026-11-20T03:30:00Z\"}",
         "/at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
         "\"at\":\"2026-12-20T03:30:00Z\"}",
         "/at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\",\"gain_db\":3}",
         "/gain_db /at"},
        {"{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\"}", "/at"},
        {"{\"scope\":\"some\",\"at\":\"2026-11-26T03:30:00Z\"}", "/scope /recurrence_id"},
        {"{\"scope\":\"all\",\"cancelled\":true,\"at\":\"2026-11-26T03:30:00Z\"}", "/cancelled"},
    };
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = made(&desk, WEEK);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        assert_patch(&desk, id, cases[i].body, cases[i].pointers);
    }
    desk.fleet.clock.wall += 10 * 24 * DESK_HOUR;
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-23T10:00:00Z\","
                 "\"cancelled\":true}",
                 "/recurrence_id");
    desk_clear(&desk);
}

static void test_an_edited_calendar_of_holidays_plans_again(void)
{
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id =
        made(&desk, RULE("FREQ=DAILY") ",\"holidays\":{\"calendar\":\"vn\",\"mode\":\"except\"}");
    const char *query = "from=2026-11-23T00:00:00Z&to=2026-11-27T00:00:00Z";
    assert_starts(&desk, id, query, "11-23T10:00 11-24T10:00-holiday 11-25T10:00 11-26T10:00");
    unsigned before = desk.changed;
    g_autoptr(Request) put = request_of(
        &desk, "PUT", "/api/holidays/vn", "vn",
        "{\"name_vi\":\"Lễ\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"Hội làng\","
        "\"name_en\":\"Village feast\",\"lunar\":true,\"month\":10,\"day\":17,\"days\":2}]}");
    g_autoptr(Json) now = fleet_desk_json(holiday_api_put(desk.api, put), 200);
    g_assert_cmpuint(json_length(json_peek(now, "dates")), ==, 2);
    g_assert_cmpuint(desk.changed, ==, before + 1);
    assert_starts(&desk, id, query,
                  "11-23T10:00 11-24T10:00 11-25T10:00-holiday 11-26T10:00-holiday");
    g_autoptr(Request) wrong = request_of(
        &desk, "PUT", "/api/holidays/vn", "vn",
        "{\"name_vi\":\"Lễ\",\"name_en\":\"Feasts\",\"rows\":[{\"name_vi\":\"x\",\"name_en\":\"x\","
        "\"month\":2,\"day\":30}]}");
    g_autofree char *said = pointers_of(holiday_api_put(desk.api, wrong));
    g_assert_cmpstr(said, ==, "/rows/0/day");
    desk_clear(&desk);
    desk_init(&desk, ROLE_OPERATOR, "a");
    g_autoptr(Request) asked = request_of(&desk, "PUT", "/api/holidays/vn", "vn", "{}");
    g_autofree char *slug = fleet_desk_slug(holiday_api_put(desk.api, asked));
    g_assert_cmpstr(slug, ==, problem_forbidden.slug);
    desk_clear(&desk);
}

static char *exported(Desk *desk)
{
    g_autoptr(Request) request =
        request_of(desk, "GET", "/api/areas/x/calendar.ics", "province", NULL);
    g_autoptr(Reply) reply = calendar_api_get(desk->api, request);
    g_assert_cmpuint(reply_status(reply), ==, 200);
    size_t length;
    const char *text = g_bytes_get_data(reply->body, &length);
    return g_strndup(text, length);
}

static void test_the_calendar_of_an_area_reads_back(void)
{
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id =
        made(&desk, RULE("FREQ=WEEKLY;BYDAY=MO,TU") ",\"holidays\":{\"calendar\":\"vn\",\"mode\":"
                                                    "\"except\"},\"until\":\"2027-12-31\"");
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-30T10:00:00Z\","
                 "\"at\":\"2026-11-30T11:15:00Z\"}",
                 "");
    g_autofree char *text = exported(&desk);
    static const char *const pieces[] = {
        "BEGIN:VTIMEZONE\r\nTZID:Asia/Ho_Chi_Minh\r\n",
        "SUMMARY:Thông báo\r\n",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T170000\r\n",
        "RRULE:FREQ=WEEKLY;UNTIL=20271231T165959Z;BYDAY=MO,TU\r\n",
        "EXDATE;TZID=Asia/Ho_Chi_Minh:20261124T170000\r\n",
        "RECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261130T170000\r\n",
        "DTSTART;TZID=Asia/Ho_Chi_Minh:20261130T181500\r\n",
        "X-WR-CALNAME:",
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(pieces); i++)
        if (!strstr(text, pieces[i]))
            g_error("no %s in\n%s", pieces[i], text);
    g_autofree char *uid = g_strdup_printf("UID:%s@loa\r\n", id);
    g_assert_nonnull(strstr(text, uid));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (unsigned i = 0; lines[i]; i++)
        g_assert_cmpuint(strlen(lines[i]), <=, 75);

    g_autoptr(GError) error = NULL;
    unsigned ignored;
    g_autoptr(GPtrArray) events =
        calendar_file_read(text, strlen(text), "Asia/Ho_Chi_Minh", &ignored, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(events->len, ==, 2);
    const CalendarEvent *series = g_ptr_array_index(events, 0);
    const CalendarEvent *moved = g_ptr_array_index(events, 1);
    g_assert_cmpint(series->start_us, ==, DESK_NOW + (2 * 24 + 10) * DESK_HOUR);
    g_assert_cmpstr(series->rrule, ==, "FREQ=WEEKLY;UNTIL=20271231T165959Z;BYDAY=MO,TU");
    g_assert_cmpstr(moved->uid, ==, series->uid);
    g_assert_cmpint(moved->recurrence_us, ==, DESK_NOW + (9 * 24 + 10) * DESK_HOUR);
    desk_clear(&desk);
}

static Reply *import_text(Desk *desk, const char *text, size_t length)
{
    g_autoptr(Request) request =
        request_of(desk, "POST", "/api/areas/x/calendar.ics", "province", NULL);
    request->body = g_bytes_new(text, length);
    return calendar_api_import(desk->api, request);
}

#define EVENT(rest)     "BEGIN:VEVENT\r\nUID:x\r\nSUMMARY:Bản tin\\, sáng\r\n" rest "END:VEVENT\r\n"
#define FILE_OF(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define AT_FIVE         "DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T170000\r\n"

static void test_an_import_says_what_it_understood(void)
{
    static const struct {
        const char *text;
        bool accepted;
        const char *why_not; /* a word of it */
    } cases[] = {
        {FILE_OF(EVENT(AT_FIVE)), true, NULL},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=WEEKLY;BYDAY=MO,WE\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20200101T100000Z\r\nRRULE:FREQ=DAILY\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20261120T100000Z\r\nRRULE:FREQ=DAILY;COUNT=9\r\n")), true, NULL},
        {FILE_OF(EVENT("DTSTART:20261101T100000Z\r\nRRULE:FREQ=DAILY;COUNT=9\r\n")), false, "over"},
        {FILE_OF(EVENT("DTSTART;TZID=/x.org/20050126_1/Asia/Bangkok:20261123T170000\r\n")), true,
         NULL},
        {FILE_OF(EVENT("DTSTART:20200101T100000Z\r\n")), false, "over"},
        {FILE_OF(EVENT("DTSTART;VALUE=DATE:20261123\r\n")), false, "whole day"},
        {FILE_OF(EVENT("")), false, "no start"},
        {FILE_OF(EVENT("DTSTART;TZID=Mars:20261123T170000\r\n")), false, "zone"},
        {FILE_OF(EVENT(AT_FIVE "STATUS:CANCELLED\r\n")), false, "cancelled"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY\r\nRRULE:FREQ=WEEKLY\r\n")), false, "several"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=SECONDLY\r\n")), false, "repeats by"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY;COUNT=1000000000\r\n")), false, "COUNT"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n")), false, "never"},
        {FILE_OF(EVENT(AT_FIVE "RRULE:FREQ=DAILY;UNTIL=20251101T000000Z\r\n")), false, "never"},
    };
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_autoptr(Request) request =
            request_of(&desk, "POST", "/api/areas/x/calendar.ics", "province", NULL);
        request->language = LANGUAGE_EN;
        request->body = g_bytes_new(cases[i].text, strlen(cases[i].text));
        g_autoptr(Json) report = fleet_desk_json(calendar_api_import(desk.api, request), 200);
        const Json *one = json_at(json_peek(report, "items"), 0);
        g_assert_cmpstr(json_peek_text(one, "title"), ==, "Bản tin, sáng");
        const char *why_not = json_peek_text(one, "why_not");
        if (cases[i].why_not && (!why_not || !strstr(why_not, cases[i].why_not)))
            g_error("said: %s", why_not ? why_not : "fine");
        g_assert_cmpint(json_peek_bool(one, "accepted", false), ==, cases[i].accepted);
        g_assert_cmpint(json_peek_int(report, "stored", -1), ==, 0);
        if (!cases[i].accepted)
            continue;
        /* What the report offers is what POST /api/broadcasts takes. */
        g_autofree char *when = json_print(json_peek(one, "when"), NULL);
        when[strlen(when) - 1] = '\0';
        g_autofree char *said = pointers_of(create(&desk, when + 1));
        g_assert_cmpstr(said, ==, "");
    }
    desk_clear(&desk);
}

static void assert_slug(Desk *desk, const char *text, size_t length, const char *slug)
{
    g_autofree char *said = fleet_desk_slug(import_text(desk, text, length));
    g_assert_cmpstr(said, ==, slug);
}

static char *repeated(const char *begin, unsigned times, const char *end, unsigned ends)
{
    GString *text = g_string_new("BEGIN:VCALENDAR\r\n");
    for (unsigned i = 0; i < times; i++)
        g_string_append(text, begin);
    for (unsigned i = 0; i < ends; i++)
        g_string_append(text, end);
    g_string_append(text, "END:VCALENDAR\r\n");
    return g_string_free(text, FALSE);
}

static void test_hostile_files_are_refused_before_they_are_read(void)
{
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    const char *large = "calendar-too-large", *unreadable = "calendar-unreadable";
    g_autofree char *deep = repeated("BEGIN:VEVENT\r\n", 10000, "END:VEVENT\r\n", 10000);
    assert_slug(&desk, deep, strlen(deep), large);
    g_autofree char *open = repeated("begin:vevent\n", 100, "", 0);
    assert_slug(&desk, open, strlen(open), large);
    g_autofree char *wide = repeated("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 10000, "", 0);
    assert_slug(&desk, wide, strlen(wide), large);
    size_t bytes = 100u * 1024 * 1024;
    g_autofree char *huge = g_malloc(bytes);
    memset(huge, 'A', bytes);
    memcpy(huge, "BEGIN:VCALENDAR\r\n", 17);
    assert_slug(&desk, huge, bytes, large);
    assert_slug(&desk, huge, CALENDAR_BYTES_MAX, unreadable);
    assert_slug(&desk, "", 0, unreadable);
    assert_slug(&desk, "\xff\xfe", 2, unreadable);
    assert_slug(&desk, "BEGIN:VCALENDAR\0END", 19, unreadable);
    assert_slug(&desk, "BEGIN:VEVENT\r\nEND:VEVENT\r\n", 26, unreadable);

    GString *dates = g_string_new(NULL);
    for (unsigned i = 0; i < 10000; i++)
        g_string_append_printf(dates, "EXDATE:20%02u%02u%02uT100000Z\r\n", 27 + i / 1000,
                               1 + i % 12, 1 + i % 28);
    g_autofree char *many =
        g_strconcat("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" AT_FIVE "RRULE:FREQ=DAILY\r\n",
                    dates->str, "END:VEVENT\r\nEND:VCALENDAR\r\n", NULL);
    g_string_free(dates, TRUE);
    g_autoptr(Json) report = fleet_desk_json(import_text(&desk, many, strlen(many)), 200);
    g_assert_cmpint(json_peek_int(report, "refused", 0), ==, 1);
    desk_clear(&desk);
}

/* The desk's publisher: what a station is told after changes. */
static void test_a_plan_follows_the_changes_and_keeps_its_ids(void)
{
    Desk desk;
    desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autofree char *id = made(&desk, RULE("FREQ=DAILY;COUNT=4"));
    fleet_desk_publish(&desk.fleet);
    g_autoptr(Plan) before = fleet_desk_plan(&desk.fleet, &desk.fleet.a1);
    g_assert_cmpuint(before->airings->len, ==, 4);
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-24T10:00:00Z\","
                 "\"at\":\"2026-11-24T12:00:00Z\"}",
                 "");
    assert_patch(&desk, id,
                 "{\"scope\":\"this\",\"recurrence_id\":\"2026-11-25T10:00:00Z\","
                 "\"cancelled\":true}",
                 "");
    fleet_desk_publish(&desk.fleet);
    g_autoptr(Plan) after = fleet_desk_plan(&desk.fleet, &desk.fleet.a1);
    g_assert_cmpuint(after->airings->len, ==, 3);
    static const unsigned kept[] = {0, 1, 3};
    for (unsigned i = 0; i < 3; i++) {
        const PlanAiring *was = g_ptr_array_index(before->airings, kept[i]);
        const PlanAiring *is = g_ptr_array_index(after->airings, i);
        g_assert_cmpstr(is->id, ==, was->id);
        g_assert_cmpint(is->start_us, ==, was->start_us + (i == 1) * 2 * DESK_HOUR);
    }
    desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/rules", test_impossible_rules_are_refused_by_name);
    g_test_add_func("/calendar/changes", test_changes_keep_one_series);
    g_test_add_func("/calendar/wrong_changes", test_wrong_changes_are_refused);
    g_test_add_func("/calendar/holidays", test_an_edited_calendar_of_holidays_plans_again);
    g_test_add_func("/calendar/export", test_the_calendar_of_an_area_reads_back);
    g_test_add_func("/calendar/import", test_an_import_says_what_it_understood);
    g_test_add_func("/calendar/hostile", test_hostile_files_are_refused_before_they_are_read);
    g_test_add_func("/calendar/plan", test_a_plan_follows_the_changes_and_keeps_its_ids);
    return g_test_run();
}
