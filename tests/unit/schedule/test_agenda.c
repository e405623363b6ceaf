/* Agenda and clash check over a small province: the worked examples of two orders that meet. */
#include "fleet_desk.h"

#include <string.h>

#include "access/access.h"
#include "http/reply_parts.h"
#include "registry/policy_api.h"
#include "registry/registry.h"
#include "schedule/agenda_api.h"
#include "schedule/broadcast_api.h"
#include "schedule/check_api.h"

typedef struct Desk {
    FleetDesk fleet;
    Registry registry;
    User user;
} Desk;

static void desk_init(Desk *desk)
{
    *desk = (Desk){0};
    fleet_desk_init(&desk->fleet);
    desk->registry.database = desk->fleet.database;
    desk->user = (User){.id = (char *)"an",
                        .name = (char *)"An",
                        .login = (char *)"an",
                        .grants = g_array_new(FALSE, FALSE, sizeof(UserGrant))};
    UserGrant grant = {.role = ROLE_ADMINISTRATOR, .area = (char *)"province"};
    g_array_append_val(desk->user.grants, grant);
}

static void desk_clear(Desk *desk)
{
    g_array_unref(desk->user.grants);
    fleet_desk_clear(&desk->fleet);
}

static Request *request_of(Desk *desk, const char *method, const char *uri, const char *id)
{
    Request *request = request_new(method, uri);
    g_assert_true(request_settle(request, "192.0.2.8", false));
    request->now_us = desk->fleet.clock.wall;
    request->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (id)
        g_hash_table_insert(request->places, g_strdup("id"), g_strdup(id));
    request_set_caller(request, &desk->user, NULL);
    return request;
}

static Json *document_of(const Reply *reply)
{
    size_t length;
    const char *text = g_bytes_get_data(reply->body, &length);
    return json_parse(text, length, NULL);
}

static Json *agenda(Desk *desk, const char *station)
{
    g_autoptr(Request) request = request_of(desk, "GET", "/api/stations/x/agenda", station);
    g_autoptr(Reply) reply = agenda_api_get(&desk->registry, request);
    g_assert_cmpuint(reply_status(reply), ==, 200);
    return document_of(reply);
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
    Desk desk;
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
    desk_clear(&desk);
}

static void test_what_is_not_approved_and_what_falls_into_quiet_hours_is_silent(void)
{
    Desk desk;
    desk_init(&desk);
    fleet_desk_order(&desk.fleet, "night", TARGET_AREA, "a", DESK_NOW + 16 * DESK_HOUR);
    g_autoptr(Json) day = agenda(&desk, "a1"); /* 23:00 in Vietnam */
    g_assert_cmpuint(json_length(json_peek(day, "sounds")), ==, 0);
    g_assert_cmpstr(code_of(json_peek(day, "silent"), 0), ==, "quiet");
    fleet_desk_set_bulletin(&desk.fleet, "submitted");
    g_autoptr(Json) waiting = agenda(&desk, "a1");
    g_assert_cmpuint(json_length(json_peek(waiting, "silent")), ==, 1);
    g_assert_cmpstr(code_of(json_peek(waiting, "silent"), 0), ==, "not_approved");
    desk_clear(&desk);
}

static void test_a_span_that_makes_no_sense_is_refused(void)
{
    Desk desk;
    desk_init(&desk);
    g_autoptr(Request) request = request_of(
        &desk, "GET", "/api/stations/x/agenda?from=2026-11-21T00:00:00Z&to=2027-11-21T00:00:00Z",
        "a1");
    g_autoptr(Reply) reply = agenda_api_get(&desk.registry, request);
    g_assert_cmpuint(reply_status(reply), ==, 422);
    desk_clear(&desk);
}

static Json *check(Desk *desk, const char *at, const char *class)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"class\":\"%s\",\"targets\":[{\"kind\":"
        "\"area\",\"id\":\"province\"}],\"when\":{\"kind\":\"once\",\"at\":\"%s\"}}",
        class, at);
    g_autoptr(Request) request = request_of(desk, "POST", "/api/broadcasts/check", NULL);
    request->json = json_parse(body, strlen(body), NULL);
    g_assert_null(check_api_post(&desk->registry, request));
    while (!request->reply)
        g_main_context_iteration(NULL, TRUE);
    g_autoptr(Reply) reply = g_steal_pointer(&request->reply);
    g_assert_cmpuint(reply_status(reply), ==, 200);
    return document_of(reply);
}

static void test_a_priority_order_names_whom_it_cuts_and_the_next_free_time(void)
{
    Desk desk;
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
    desk_clear(&desk);
}

static unsigned put_policy(Desk *desk, const char *area, const char *body)
{
    g_autoptr(Request) request = request_of(desk, "PUT", "/api/areas/x/policy", area);
    request->json = json_parse(body, strlen(body), NULL);
    g_autoptr(Reply) reply = policy_api_put(&desk->registry, request);
    return reply_status(reply);
}

static unsigned order_at(Desk *desk, const char *area, const char *at)
{
    g_autofree char *body = g_strdup_printf(
        "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[{\"kind\":\"area\",\"id\":"
        "\"%s\"}],\"when\":{\"kind\":\"once\",\"at\":\"%s\"}}",
        area, at);
    g_autoptr(BroadcastApi) api = broadcast_api_new(desk->fleet.database, NULL, NULL, NULL);
    g_autoptr(Request) request = request_of(desk, "POST", "/api/broadcasts", NULL);
    request->json = json_parse(body, strlen(body), NULL);
    g_autoptr(Reply) reply = fleet_desk_late(request, broadcast_api_create(api, request));
    g_autofree char *text =
        reply->problem ? problem_print(reply->problem, LANGUAGE_EN, "", NULL) : NULL;
    if (text)
        g_test_message("%s", text);
    return reply_status(reply);
}

static void test_a_policy_binds_below_and_a_lower_one_only_tightens(void)
{
    Desk desk;
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
    g_autoptr(Request) request = request_of(&desk, "GET", "/api/areas/a/policy", "a");
    g_autoptr(Reply) reply = policy_api_get(&desk.registry, request);
    g_autoptr(Json) both = document_of(reply);
    g_assert_cmpint(json_peek_int(json_peek(both, "own"), "day_min", 0), ==, 600);
    g_assert_cmpint(json_peek_int(json_peek(both, "effective"), "day_min", 0), ==, 60);
    g_assert_cmpuint(put_policy(&desk, "a", "{\"quiet\":[{\"from\":\"25:00\",\"until\":\"1\"}]}"),
                     ==, 422);
    g_autoptr(Json) day = agenda(&desk, "a1");
    g_assert_cmpstr(code_of(json_peek(day, "silent"), 0), ==, "window");
    desk_clear(&desk);
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
