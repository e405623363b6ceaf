/* Agenda and clash check over a small province: the worked examples of two orders that meet. */
#include "calendar_desk.h"

#include "registry/policy_api.h"
#include "schedule/agenda_api.h"
#include "schedule/check_api.h"

static void desk_init(CalendarDesk *desk)
{
    calendar_desk_init(desk, ROLE_ADMINISTRATOR, "province");
}

static Json *agenda(CalendarDesk *desk, const char *station)
{
    return fleet_desk_json(calendar_desk_ask(desk, agenda_api_get, &desk->registry, station, NULL),
                           200);
}

static const char *text_of(const Json *list, size_t index, const char *key)
{
    return json_peek_text(json_at(list, index), key);
}

static const char *code_of(const Json *list, size_t index)
{
    return json_peek_text(json_peek(json_at(list, index), "why"), "code");
}

static void test_two_at_one_time_sound_one_after_the_other_and_say_why(void)
{
    CalendarDesk desk;
    desk_init(&desk);
    fleet_desk_order(&desk.fleet, "o1", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    fleet_desk_order(&desk.fleet, "o2", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    g_autoptr(Json) day = agenda(&desk, "a1");
    const Json *sounds = json_peek(day, "sounds");
    g_assert_cmpuint(json_length(sounds), ==, 2);
    g_assert_cmpstr(text_of(sounds, 0, "broadcast"), ==, "o1");
    g_assert_cmpstr(code_of(sounds, 0), ==, "nominal");
    g_assert_cmpstr(text_of(sounds, 1, "broadcast"), ==, "o2");
    g_assert_cmpstr(code_of(sounds, 1), ==, "moved");
    g_assert_cmpstr(text_of(sounds, 1, "from"), ==, text_of(sounds, 0, "until"));
    g_assert_cmpuint(json_length(json_peek(day, "silent")), ==, 0);
    g_autoptr(Json) other = agenda(&desk, "b1");
    g_assert_cmpuint(json_length(json_peek(other, "sounds")), ==, 0);
    calendar_desk_clear(&desk);
}

static void test_what_is_not_approved_and_what_falls_into_quiet_hours_is_silent(void)
{
    CalendarDesk desk;
    desk_init(&desk);
    fleet_desk_order(&desk.fleet, "night", TARGET_AREA, "a", DESK_NOW + 16 * DESK_HOUR);
    g_autoptr(Json) day = agenda(&desk, "a1"); /* 23:00 in Vietnam */
    g_assert_cmpuint(json_length(json_peek(day, "sounds")), ==, 0);
    g_assert_cmpstr(code_of(json_peek(day, "silent"), 0), ==, "quiet");
    fleet_desk_set_bulletin(&desk.fleet, "submitted");
    g_autoptr(Json) waiting = agenda(&desk, "a1");
    g_assert_cmpuint(json_length(json_peek(waiting, "silent")), ==, 1);
    g_assert_cmpstr(code_of(json_peek(waiting, "silent"), 0), ==, "not_approved");
    calendar_desk_clear(&desk);
}

static void test_a_span_that_makes_no_sense_is_refused(void)
{
    CalendarDesk desk;
    desk_init(&desk);
    g_autoptr(Request) request = calendar_desk_request(
        &desk, "GET", "/api/stations/x/agenda?from=2026-11-21T00:00:00Z&to=2027-11-21T00:00:00Z",
        "a1", NULL);
    g_autoptr(Reply) reply = agenda_api_get(&desk.registry, request);
    g_assert_cmpuint(reply_status(reply), ==, 422);
    calendar_desk_clear(&desk);
}

static Json *check(CalendarDesk *desk, const char *at, const char *class)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"class\":\"%s\",\"targets\":[{\"kind\":"
        "\"area\",\"id\":\"province\"}],\"when\":{\"kind\":\"once\",\"at\":\"%s\"}}",
        class, at);
    return fleet_desk_json(calendar_desk_ask(desk, check_api_post, &desk->registry, NULL, body),
                           200);
}

static void test_a_priority_order_names_whom_it_cuts_and_the_next_free_time(void)
{
    CalendarDesk desk;
    desk_init(&desk);
    fleet_desk_order(&desk.fleet, "o1", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    g_autoptr(Json) free_time = check(&desk, "2026-11-21T02:00:00Z", "priority");
    g_assert_true(json_peek_bool(free_time, "clear", false));
    g_assert_cmpint(json_peek_int(free_time, "stations", 0), ==, 3);
    g_autoptr(Json) found = check(&desk, "2026-11-21T01:00:05Z", "priority");
    g_assert_false(json_peek_bool(found, "clear", true));
    const Json *others = json_peek(found, "others");
    g_assert_cmpuint(json_length(others), ==, 1);
    g_assert_cmpstr(text_of(others, 0, "broadcast"), ==, "o1");
    g_assert_cmpint(json_peek_int(json_at(others, 0), "stations", 0), ==, 2);
    g_assert_nonnull(json_peek_text(found, "nearest_free"));
    calendar_desk_clear(&desk);
}

static unsigned put_policy(CalendarDesk *desk, const char *area, const char *body)
{
    g_autoptr(Reply) reply = calendar_desk_ask(desk, policy_api_put, &desk->registry, area, body);
    return reply_status(reply);
}

static unsigned order_at(CalendarDesk *desk, const char *area, const char *at)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"%s\"}],\"when\":{\"kind\":\"once\",\"at\":\"%s\"}}",
        area, at);
    g_autoptr(Reply) reply = calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body);
    return reply_status(reply);
}

static void test_a_policy_binds_below_and_a_lower_one_only_tightens(void)
{
    CalendarDesk desk;
    desk_init(&desk);
    const char *days = "[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\",\"sat\",\"sun\"]";
    g_autofree char *wide =
        g_strdup_printf("{\"windows\":[{\"weekdays\":%s,\"from\":\"05:00\",\"until\":"
                        "\"20:00\"}],\"day_min\":60}",
                        days);
    g_autofree char *wider =
        g_strdup_printf("{\"windows\":[{\"weekdays\":%s,\"from\":\"00:00\",\"until\":"
                        "\"24:00\"}],\"day_min\":600}",
                        days);
    g_assert_cmpuint(order_at(&desk, "a", "2026-11-21T20:30:00+07:00"), ==, 201);
    g_assert_cmpuint(put_policy(&desk, "province", wide), ==, 200);
    g_assert_cmpuint(put_policy(&desk, "a", wider), ==, 200);
    g_assert_cmpuint(order_at(&desk, "a", "2026-11-21T20:30:00+07:00"), ==, 422);
    g_assert_cmpuint(order_at(&desk, "a", "2026-11-21T19:30:00+07:00"), ==, 201);
    g_autoptr(Json) both =
        fleet_desk_json(calendar_desk_ask(&desk, policy_api_get, &desk.registry, "a", NULL), 200);
    g_assert_cmpint(json_peek_int(json_peek(both, "own"), "day_min", 0), ==, 600);
    g_assert_cmpint(json_peek_int(json_peek(both, "effective"), "day_min", 0), ==, 60);
    g_assert_cmpuint(put_policy(&desk, "a", "{\"quiet\":[{\"from\":\"25:00\",\"until\":\"1\"}]}"),
                     ==, 422);
    g_autoptr(Json) day = agenda(&desk, "a1");
    g_assert_cmpstr(code_of(json_peek(day, "silent"), 0), ==, "window");
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/agenda/turns", test_two_at_one_time_sound_one_after_the_other_and_say_why);
    g_test_add_func("/agenda/silent",
                    test_what_is_not_approved_and_what_falls_into_quiet_hours_is_silent);
    g_test_add_func("/agenda/span", test_a_span_that_makes_no_sense_is_refused);
    g_test_add_func("/check/priority",
                    test_a_priority_order_names_whom_it_cuts_and_the_next_free_time);
    g_test_add_func("/policy/tightens", test_a_policy_binds_below_and_a_lower_one_only_tightens);
    return g_test_run();
}
