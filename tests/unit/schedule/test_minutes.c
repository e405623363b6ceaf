/* Minutes of a session and of a day, beside all else, over the whole time: orders, changes of a
 * series and calendars that come in are judged alike. */
#include "calendar_desk.h"

#include <string.h>

#include "http/reply_parts.h"
#include "schedule/broadcast_api.h"
#include "schedule/broadcast_store.h"
#include "schedule/calendar_import_api.h"
#include "schedule/check_api.h"
#include "schedule/minutes_days.h"
#include "schedule/series_api.h"

static Reply *order(CalendarDesk *desk, const char *target, const char *when, const char *more)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"%s\"}],\"when\":{%s}%s}",
        target, when, more);
    return calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body);
}

#define ONCE(time)  "\"kind\":\"once\",\"at\":\"" time "+07:00\""
#define DAILY(time) "\"kind\":\"daily\",\"at\":\"" time "+07:00\""
#define SIX         ",\"repeat\":{\"count\":6,\"gap_s\":0}" /* the bulletin takes 10 s: a minute */

/* What a refusal says; NULL when it was taken. */
static char *detail_of(Reply *take_reply, unsigned status)
{
    g_autoptr(Reply) reply = take_reply;
    if (reply_status(reply) != status && reply->problem)
        g_test_message("%s", problem_print(reply->problem, LANGUAGE_EN, "id", NULL));
    g_assert_cmpuint(reply_status(reply), ==, status);
    if (!reply->problem)
        return NULL;
    char *text = problem_print(reply->problem, LANGUAGE_EN, "id", NULL);
    g_test_message("%s", text);
    return text;
}

static void taken(Reply *take_reply)
{
    g_free(detail_of(take_reply, 201));
}

static char *id_of(Reply *take_reply)
{
    g_autoptr(Json) json = fleet_desk_json(take_reply, 201);
    return g_strdup(json_peek_text(json, "id"));
}

static void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("\"%s\" is not in: %s", part, text);
}

static void test_a_full_day_of_next_spring_refuses_a_daily_order_now(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    taken(order(&desk, "a", ONCE("2027-03-15T07:00:00"), SIX));
    g_autofree char *said =
        detail_of(order(&desk, "province", DAILY("2026-11-22T12:00:00"), ""), 422);
    assert_says(said, "More minutes than one day may have.");
    assert_says(said, "15/03/2027 12:00");
    assert_says(said, "needs 1:10 minutes of at most 1:00");
    assert_says(said, "1 such days");
    taken(order(&desk, "province", DAILY("2026-11-22T12:00:00") ",\"until\":\"2027-03-14\"", ""));
    /* What is there already may not be cut short, either. */
    g_autofree char *earlier = detail_of(order(&desk, "a", ONCE("2027-03-15T05:00:00"), ""), 422);
    assert_says(earlier, "15/03/2027 07:00");
    calendar_desk_clear(&desk);
}

/* An order of its own makes a1 another kind of station than a2: each is judged, the day is one. */
static void test_a_day_counts_once_for_all_kinds_of_stations(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    taken(order(&desk, "a", ONCE("2027-03-15T07:00:00"), SIX));
    taken(calendar_desk_ask(
        &desk, broadcast_api_create, desk.api, NULL,
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"station\","
        "\"id\":\"a1\"}],\"when\":{" ONCE("2027-03-20T07:00:00") "}}"));
    g_autofree char *said =
        detail_of(order(&desk, "province", DAILY("2026-11-22T12:00:00"), ""), 422);
    assert_says(said, "; 1 such days");
    calendar_desk_clear(&desk);
}

static void test_the_slot_that_is_named_is_taken(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"session_min\":1}");
    taken(order(&desk, "a", DAILY("2026-11-22T07:00:00"), SIX));
    g_autofree char *said = detail_of(order(&desk, "a", DAILY("2026-11-23T07:05:00"), ""), 422);
    assert_says(said, "More minutes than one session may have.");
    /* A session ends after 15 minutes of silence: 07:01 + 15 still belongs to it. */
    assert_says(said, "23/11/2026 07:17");
    g_free(detail_of(order(&desk, "a", DAILY("2026-11-23T07:16:00"), ""), 422));
    taken(order(&desk, "a", DAILY("2026-11-23T07:17:00"), ""));
    calendar_desk_clear(&desk);
}

static void test_a_single_start_finds_room_on_another_day(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    taken(order(&desk, "a", ONCE("2026-11-22T07:00:00"), SIX));
    g_autofree char *said = detail_of(order(&desk, "a", ONCE("2026-11-22T12:00:00"), ""), 422);
    assert_says(said, "21/11/2026 21:59");
    taken(order(&desk, "a", ONCE("2026-11-21T21:59:00"), ""));
    calendar_desk_clear(&desk);
}

static void test_orders_that_wait_for_approval_take_their_room(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    fleet_desk_set_bulletin(&desk.fleet, "submitted");
    taken(order(&desk, "a", ONCE("2026-11-22T07:00:00"), SIX));
    g_free(detail_of(order(&desk, "a", ONCE("2026-11-22T12:00:00"), ""), 422));
    taken(order(&desk, "b", ONCE("2026-11-22T12:00:00"), ""));
    calendar_desk_clear(&desk);
}

static void test_areas_that_are_full_are_left_out_where_that_is_asked(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    taken(order(&desk, "a", ONCE("2027-03-15T07:00:00"), SIX));
    g_free(detail_of(order(&desk, "province", DAILY("2026-11-22T12:00:00"), ""), 422));
    g_autoptr(Json) said = fleet_desk_json(
        order(&desk, "province", DAILY("2026-11-22T12:00:00"), ",\"leave_out_refusing\":true"),
        201);
    const Json *targets = json_peek(said, "targets");
    g_assert_cmpuint(json_length(targets), ==, 2);
    g_assert_cmpstr(json_peek_text(json_at(targets, 1), "id"), ==, "a");
    g_assert_true(json_peek_bool(json_at(targets, 1), "exclude", false));
    /* A target that is full itself has nothing that could be left out. */
    g_free(detail_of(
        order(&desk, "a", DAILY("2026-11-22T12:00:00"), ",\"leave_out_refusing\":true"), 422));
    calendar_desk_clear(&desk);
}

static Reply *patch(CalendarDesk *desk, const char *id, const char *body)
{
    return calendar_desk_ask(desk, series_api_patch, desk->api, id, body);
}

#define THIS(id, at)                                                                               \
    "{\"scope\":\"this\",\"recurrence_id\":\"" id "+07:00\",\"at\":\"" at "+07:00\"}"

static void test_a_changed_series_is_judged_beside_all_else(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1,\"session_min\":1}");
    taken(order(&desk, "a", ONCE("2026-12-24T07:00:00"), SIX));
    g_autofree char *id =
        id_of(order(&desk, "a", DAILY("2026-11-22T17:00:00") ",\"until\":\"2026-12-23\"", SIX));
    /* It fills its day alone: what it was does not count beside what it becomes. */
    g_free(detail_of(patch(&desk, id, THIS("2026-11-23T17:00:00", "2026-11-23T18:00:00")), 200));
    g_autofree char *moved =
        detail_of(patch(&desk, id, THIS("2026-12-23T17:00:00", "2026-12-24T17:00:00")), 422);
    assert_says(moved, "24/12/2026");
    g_autofree char *ruled = detail_of(
        patch(&desk, id,
              "{\"scope\":\"following\",\"recurrence_id\":\"2026-12-01T17:00:00+07:00\",\"when\":"
              "{\"kind\":\"daily\",\"at\":\"2026-12-01T17:00:00+07:00\"}}"),
        422);
    assert_says(ruled, "24/12/2026");
    g_autofree char *dense = detail_of(
        patch(&desk, id,
              "{\"scope\":\"following\",\"recurrence_id\":\"2026-12-01T17:00:00+07:00\",\"when\":"
              "{\"kind\":\"rule\",\"start\":\"2026-12-01T17:00:00+07:00\",\"rrule\":"
              "\"FREQ=DAILY;BYHOUR=9,17;UNTIL=20261210T000000Z\"}}"),
        422);
    assert_says(dense, "needs 2:00 minutes of at most 1:00");
    g_autoptr(Broadcast) kept = broadcast_store_get(desk.fleet.database, id, NULL);
    g_assert_null(kept->parts); /* bad input changed nothing */
    g_assert_cmpuint(kept->overrides->len, ==, 1);
    calendar_desk_clear(&desk);
}

#define EVENT(uid, at)                                                                             \
    "BEGIN:VEVENT\\r\\nUID:" uid "\\r\\nDTSTART;TZID=Asia/Ho_Chi_Minh:" at "\\r\\nEND:"            \
    "VEVENT\\r\\n"

static void test_events_of_a_calendar_are_judged_beside_each_other(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"session_min\":1}");
    taken(order(&desk, "a", ONCE("2027-05-01T07:00:00"), ",\"repeat\":{\"count\":5}"));
    g_autofree char *body = g_strdup(
        "{\"calendar\":\"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n" EVENT("one", "20270501T070200")
            EVENT("two", "20270501T070300")
                EVENT("three", "20270501T090000") "END:VCALENDAR\\r\\n\",\"targets\":[{\"kind\":"
                                                  "\"area\",\"id\":\"a\"}],"
                                                  "\"bulletin\":\"notice\",\"choices\":[]}");
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(&desk, calendar_import_api_apply, desk.api, "province", body), 200);
    g_assert_cmpint(json_peek_int(said, "stored", 0), ==, 2);
    const Json *items = json_peek(said, "items");
    g_assert_nonnull(json_peek_text(json_at(items, 0), "broadcast"));
    g_assert_null(json_peek_text(json_at(items, 1), "broadcast"));
    assert_says(json_peek_text(json_at(items, 1), "why_not"), "needs 1:10 minutes of at most 1:00");
    g_assert_nonnull(json_peek_text(json_at(items, 2), "broadcast"));
    calendar_desk_clear(&desk);
}

#define EXTRA_TODAY                                                                                \
    "BEGIN:VEVENT\\r\\nUID:extra\\r\\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261101T070000\\r\\nRRULE:"   \
    "FREQ=DAILY\\r\\nRDATE;TZID=Asia/Ho_Chi_Minh:20261121T150000\\r\\nEND:VEVENT\\r\\n"

/* It is 7 in the morning: the extra date of today comes before the rule's next start. */
static void test_an_extra_date_does_not_move_the_rule_that_comes_in(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    desk.fleet.clock.wall += DESK_MINUTE;
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(
            &desk, calendar_import_api_apply, desk.api, "province",
            "{\"calendar\":\"BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\n" EXTRA_TODAY
            "END:VCALENDAR\\r\\n\",\"targets\":[{\"kind\":\"area\",\"id\":\"a\"}],\"bulletin\":"
            "\"notice\",\"choices\":[]}"),
        200);
    const Json *item = json_at(json_peek(said, "items"), 0), *when = json_peek(item, "when");
    g_assert_cmpstr(json_peek_text(when, "at"), ==, "2026-11-22T00:00:00Z");
    const Json *extra = json_peek(when, "rdates");
    g_assert_cmpstr(json_text(json_at(extra, 0)), ==, "2026-11-21T08:00:00Z");
    g_autoptr(Broadcast) stored =
        broadcast_store_get(desk.fleet.database, json_peek_text(item, "broadcast"), NULL);
    Series series = broadcast_series(stored);
    SeriesOccurrence first, second;
    g_assert_true(series_next(&series, DESK_NOW, &first));
    g_assert_cmpint(first.start_us, ==, DESK_NOW + 8 * DESK_HOUR);
    g_assert_true(series_next(&series, first.start_us + 1, &second));
    g_assert_cmpint(second.start_us, ==, DESK_NOW + 24 * DESK_HOUR);
    calendar_desk_clear(&desk);
}

static void test_the_check_says_it_with_numbers(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    calendar_desk_put_policy(&desk, "a", "{\"day_min\":1}");
    taken(order(&desk, "a", ONCE("2026-12-22T07:00:00"), SIX));
    g_autoptr(Json) said = fleet_desk_json(
        calendar_desk_ask(
            &desk, check_api_post, &desk.registry, NULL,
            "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\","
            "\"id\":\"a\"}],\"when\":{" ONCE("2026-12-22T12:00:00") "}}"),
        200);
    const Json *one = json_at(json_peek(said, "policy"), 0);
    g_assert_cmpstr(json_peek_text(one, "code"), ==, "day_minutes");
    const Json *minutes = json_peek(one, "minutes");
    g_assert_cmpint(json_peek_int(minutes, "wanted_s", 0), ==, 70);
    g_assert_cmpint(json_peek_int(minutes, "limit_s", 0), ==, 60);
    g_assert_true(json_peek_bool(minutes, "own", false));
    g_assert_cmpstr(json_peek_text(said, "nearest_free"), ==, "2026-12-21T14:59:00Z");
    g_assert_false(json_peek_bool(said, "clear", true));
    calendar_desk_clear(&desk);
}

static void test_a_year_of_weeks_is_a_few_kinds_of_days(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    taken(order(&desk, "province", DAILY("2026-11-22T06:00:00"), ""));
    taken(order(&desk, "a",
                "\"kind\":\"rule\",\"start\":\"2026-11-23T17:00:00+07:00\",\"rrule\":"
                "\"FREQ=WEEKLY;BYDAY=MO,WE,FR\",\"holidays\":{\"calendar\":\"vn\",\"mode\":"
                "\"except\"}",
                ""));
    g_autoptr(GError) error = NULL;
    g_autoptr(Area) area = area_store_get(desk.fleet.database, "a", &error);
    g_autoptr(Agenda) agenda =
        agenda_new(desk.fleet.database, area, DESK_NOW, DESK_NOW + 400 * 24 * DESK_HOUR, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) days = minutes_days(agenda, "a1", 0, DESK_NOW + 390 * 24 * DESK_HOUR);
    unsigned alike = 0;
    for (unsigned i = 0; i < days->len; i++)
        alike += g_array_index(days, MinutesDay, i).alike;
    g_assert_cmpuint(alike, ==, 391);
    g_assert_cmpuint(days->len, >=, 7);
    g_assert_cmpuint(days->len, <, 40); /* the weekdays, and those around holidays */
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/minutes/areas-that-are-full-are-left-out-where-that-is-asked",
                    test_areas_that_are_full_are_left_out_where_that_is_asked);
    g_test_add_func("/minutes/a-full-day-of-next-spring-refuses-a-daily-order-now",
                    test_a_full_day_of_next_spring_refuses_a_daily_order_now);
    g_test_add_func("/minutes/a-day-counts-once-for-all-kinds-of-stations",
                    test_a_day_counts_once_for_all_kinds_of_stations);
    g_test_add_func("/minutes/the-slot-that-is-named-is-taken",
                    test_the_slot_that_is_named_is_taken);
    g_test_add_func("/minutes/a-single-start-finds-room-on-another-day",
                    test_a_single_start_finds_room_on_another_day);
    g_test_add_func("/minutes/orders-that-wait-for-approval-take-their-room",
                    test_orders_that_wait_for_approval_take_their_room);
    g_test_add_func("/minutes/a-changed-series-is-judged-beside-all-else",
                    test_a_changed_series_is_judged_beside_all_else);
    g_test_add_func("/minutes/events-of-a-calendar-are-judged-beside-each-other",
                    test_events_of_a_calendar_are_judged_beside_each_other);
    g_test_add_func("/minutes/an-extra-date-does-not-move-the-rule-that-comes-in",
                    test_an_extra_date_does_not_move_the_rule_that_comes_in);
    g_test_add_func("/minutes/the-check-says-it-with-numbers", test_the_check_says_it_with_numbers);
    g_test_add_func("/minutes/a-year-of-weeks-is-a-few-kinds-of-days",
                    test_a_year_of_weeks_is_a_few_kinds_of_days);
    return g_test_run();
}
