/* Ordering a broadcast: every mistake has its pointer, and nothing wrong is written. */
#include "calendar_desk.h"

static Reply *create(CalendarDesk *desk, const char *body)
{
    return calendar_desk_ask(desk, broadcast_api_create, desk->api, NULL, body);
}

#define ORDER(when, targets, more)                                                                 \
    "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[" targets "],\"when\":{" when     \
    "}" more "}"
#define TO_A    "{\"kind\":\"area\",\"id\":\"a\"}"
#define AT_NOON "\"kind\":\"once\",\"at\":\"2026-11-21T12:00:00+07:00\""

static char *mistakes(CalendarDesk *desk, const char *body)
{
    return calendar_desk_pointers(create(desk, body));
}

static int64_t count_rows(CalendarDesk *desk)
{
    g_autoptr(Query) query =
        database_query(desk->fleet.database, "SELECT count(*) FROM broadcasts");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_each_mistake_is_named_and_nothing_is_written(void)
{
    static const struct {
        const char *body, *pointers;
    } cases[] = {
        {ORDER(AT_NOON, TO_A, ",\"colour\":1"), "/colour"},
        {ORDER(AT_NOON, TO_A, ",\"class\":\"emergency\""), "/class"},
        {ORDER(AT_NOON, TO_A, ",\"gain_db\":3"), "/gain_db"},
        {ORDER(AT_NOON, TO_A, ",\"tolerance_s\":-1"), "/tolerance_s"},
        {ORDER("\"kind\":\"once\"", TO_A, ""), "/when/at"},
        {ORDER("\"kind\":\"weekly\"", TO_A, ""), "/when/kind"},
        {ORDER(AT_NOON ",\"until\":\"2026-12-01\"", TO_A, ""), "/when/until"},
        {ORDER("\"kind\":\"once\",\"at\":\"2026-11-21T06:59:59+07:00\"", TO_A, ""), "/when/at"},
        {ORDER("\"kind\":\"once\",\"at\":\"2036-11-21T06:59:59+07:00\"", TO_A, ""), "/when/at"},
        {ORDER("\"kind\":\"daily\",\"at\":\"2026-11-22T05:00:00+07:00\",\"until\":\"2026-11-21\"",
               TO_A, ""),
         "/when/until"},
        {ORDER("\"kind\":\"daily\",\"at\":\"2026-11-22T05:00:00+07:00\",\"until\":\"2026-13-01\"",
               TO_A, ""),
         "/when/until"},
        {ORDER(AT_NOON, "", ""), "/targets"},
        {ORDER(AT_NOON, "{\"kind\":\"area\",\"id\":\"a\",\"exclude\":true}", ""), "/targets"},
        {ORDER(AT_NOON, TO_A ",{\"kind\":\"area\",\"id\":\"nowhere\"}", ""), "/targets/1/id"},
        {ORDER(AT_NOON, "{\"kind\":\"station\",\"id\":\"zz\"}", ""), "/targets/0/id"},
        {"{\"bulletin\":\"none\",\"area\":\"province\",\"targets\":[],\"when\":{\"kind\":\"once\","
         "\"at\":\"2020-01-01T00:00:00Z\"}}",
         "/bulletin /when/at /targets"},
        {"{\"bulletin\":\"notice\",\"area\":\"b\",\"targets\":[" TO_A "],\"when\":{" AT_NOON "}}",
         "/targets/0/id"},
    };
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        g_autofree char *said = mistakes(&desk, cases[i].body);
        g_assert_cmpstr(said, ==, cases[i].pointers);
    }
    g_assert_cmpint(count_rows(&desk), ==, 0);
    calendar_desk_clear(&desk);
}

static void set_validity(CalendarDesk *desk, int64_t from_us, int64_t until_us)
{
    g_autoptr(Query) query = database_query(
        desk->fleet.database,
        "UPDATE bulletin_versions SET valid_from_us = $1, valid_until_us = $2 WHERE id = 'v1'");
    query_int(query, from_us);
    query_int(query, until_us);
    g_assert_true(query_run(query, NULL));
}

static void test_a_start_outside_the_validity_is_refused(void)
{
    static const struct {
        int64_t from_h, until_h; /* after DESK_NOW; noon in Vietnam is five hours after it */
        const char *when, *pointers;
    } cases[] = {
        {0, 6, AT_NOON, ""},
        {0, 5, AT_NOON, "/when/at"},
        {6, 9, AT_NOON, "/when/at"},
        {0, 1, "\"kind\":\"now\"", ""},
        {1, 2, "\"kind\":\"now\"", "/when/kind"},
        {0, 48, "\"kind\":\"daily\",\"at\":\"2026-11-21T12:00:00+07:00\"", ""},
        {0, 48, "\"kind\":\"daily\",\"at\":\"2026-11-21T12:00:00+07:00\",\"until\":\"2026-11-23\"",
         "/when/until"},
    };
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        set_validity(&desk, DESK_NOW + cases[i].from_h * DESK_HOUR,
                     DESK_NOW + cases[i].until_h * DESK_HOUR);
        g_autofree char *body = g_strdup_printf(
            "{\"bulletin\":\"notice\",\"area\":\"province\",\"targets\":[" TO_A "],\"when\":{%s}}",
            cases[i].when);
        g_autofree char *said = mistakes(&desk, body);
        g_assert_cmpstr(said, ==, cases[i].pointers);
    }
    calendar_desk_clear(&desk);
}

static void test_play_now_starts_fifteen_seconds_after_the_order_everywhere_below(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autoptr(Json) made = fleet_desk_json(
        create(&desk, ORDER("\"kind\":\"now\"", "{\"kind\":\"area\",\"id\":\"province\"}", "")),
        201);
    g_assert_cmpstr(json_peek_text(json_peek(made, "when"), "at"), ==, "2026-11-21T00:00:15Z");
    g_assert_cmpstr(json_peek_text(made, "state"), ==, "active");
    g_assert_cmpstr(json_peek_text(made, "title"), ==, "Thông báo");
    g_assert_cmpint(fleet_desk_publish(&desk.fleet), ==, 3);
    g_autoptr(Plan) plan = fleet_desk_plan(&desk.fleet, &desk.fleet.b1);
    g_assert_cmpuint(plan->airings->len, ==, 1);
    calendar_desk_clear(&desk);
}

static void test_rights_end_at_the_own_area(void)
{
    static const struct {
        Role role;
        const char *held, *asked;
        unsigned status;
    } cases[] = {
        {ROLE_OPERATOR, "a", "a", 201},        {ROLE_OPERATOR, "a", "b", 404},
        {ROLE_OPERATOR, "a", "province", 404}, {ROLE_AUDITOR, "province", "a", 403},
        {ROLE_EDITOR, "province", "a", 201},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %u", i);
        CalendarDesk desk;
        calendar_desk_init(&desk, cases[i].role, cases[i].held);
        g_autofree char *body = g_strdup_printf(
            "{\"bulletin\":\"notice\",\"area\":\"%s\",\"targets\":[{\"kind\":\"area\",\"id\":"
            "\"%s\"}],\"when\":{" AT_NOON "}}",
            cases[i].asked, cases[i].asked);
        g_autoptr(Reply) reply = create(&desk, body);
        g_assert_cmpuint(reply_status(reply), ==, cases[i].status);
        calendar_desk_clear(&desk);
    }
}

static void test_deleting_takes_it_from_the_list_and_the_plan(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    g_autoptr(Json) made = fleet_desk_json(create(&desk, ORDER(AT_NOON, TO_A, "")), 201);
    const char *id = json_peek_text(made, "id");
    g_assert_cmpint(fleet_desk_publish(&desk.fleet), ==, 2);
    g_autoptr(Request) request =
        calendar_desk_request(&desk, "DELETE", "/api/broadcasts", id, NULL);
    json_drop(fleet_desk_json(broadcast_api_delete(desk.api, request), 204));
    g_autofree char *again = fleet_desk_slug(broadcast_api_delete(desk.api, request));
    g_assert_cmpstr(again, ==, problem_not_found.slug);
    g_assert_cmpint(fleet_desk_publish(&desk.fleet), ==, 2);
    g_autoptr(Request) list = calendar_desk_request(&desk, "GET", "/api/broadcasts", NULL, NULL);
    g_autoptr(Json) left = fleet_desk_json(broadcast_api_list(desk.api, list), 200);
    g_assert_cmpuint(json_length(json_peek(left, "items")), ==, 0);
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/broadcast_api/mistakes", test_each_mistake_is_named_and_nothing_is_written);
    g_test_add_func("/broadcast_api/validity", test_a_start_outside_the_validity_is_refused);
    g_test_add_func("/broadcast_api/now",
                    test_play_now_starts_fifteen_seconds_after_the_order_everywhere_below);
    g_test_add_func("/broadcast_api/rights", test_rights_end_at_the_own_area);
    g_test_add_func("/broadcast_api/delete", test_deleting_takes_it_from_the_list_and_the_plan);
    return g_test_run();
}
