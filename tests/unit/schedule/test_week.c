/* The list from which the panel draws a week, and the lists of orders beside it. */
#include "calendar_desk.h"

#include "schedule/broadcast_store.h"
#include "schedule/week_api.h"

#define MANY 501 /* one more than are looked at together */

static Json *get(CalendarDesk *desk, CalendarHandler handler, const char *uri)
{
    g_autoptr(Request) request = calendar_desk_request(desk, "GET", uri, NULL, NULL);
    return fleet_desk_json(handler(desk->api, request), 200);
}

static void add(CalendarDesk *desk, const char *area, const char *id, int64_t start_us)
{
    g_autoptr(Broadcast) broadcast = broadcast_new();
    broadcast->id = g_strdup(id);
    broadcast->bulletin = g_strdup("notice");
    broadcast->area = g_strdup(area);
    broadcast->kind = BROADCAST_ONCE;
    broadcast->start_us = start_us;
    broadcast->zone = g_strdup("Asia/Ho_Chi_Minh");
    broadcast->created_by = g_strdup("an");
    broadcast->created_by_name = g_strdup("An");
    broadcast_add_target(broadcast, TARGET_AREA, area, false);
    g_assert_true(broadcast_store_add(desk->fleet.database, broadcast, NULL));
}

static unsigned count(const Json *body, const char *list)
{
    const Json *items = json_peek(body, list);
    return items ? json_length(items) : 0;
}

static void test_the_orders_come_with_their_week(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    add(&desk, "province", "top", DESK_NOW + DESK_HOUR);
    add(&desk, "a", "below", DESK_NOW + 2 * DESK_HOUR);
    add(&desk, "a", "over", DESK_NOW - 40 * 24 * DESK_HOUR);
    add(&desk, "a", "next", DESK_NOW + 8 * 24 * DESK_HOUR);
    g_autoptr(Json) alone = get(&desk, week_api_get, "/api/schedule?area=province");
    g_autoptr(Json) whole =
        get(&desk, week_api_get, "/api/schedule?area=province&include=broadcasts");
    g_autoptr(Json) a = get(&desk, week_api_get, "/api/schedule?area=a&include=broadcasts");
    g_assert_cmpuint(count(alone, "items"), ==, 2);
    g_assert_null(json_peek(alone, "broadcasts"));
    g_assert_cmpuint(count(whole, "items"), ==, 2);
    g_assert_cmpuint(count(whole, "broadcasts"), ==, 2);
    g_assert_false(json_peek_bool(whole, "below_left_out", true));
    g_assert_false(json_peek_bool(whole, "cut", true));
    g_assert_cmpuint(count(a, "broadcasts"), ==, 1);
    calendar_desk_clear(&desk);
}

static void test_too_many_below_stay_away_and_it_is_said(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    add(&desk, "province", "top", DESK_NOW + DESK_HOUR);
    for (unsigned i = 0; i < MANY; i++) {
        g_autofree char *id = g_strdup_printf("b%u", i);
        add(&desk, "a", id, DESK_NOW + (2 + i % 48) * DESK_HOUR);
    }
    g_autoptr(Json) top =
        get(&desk, week_api_get, "/api/schedule?area=province&include=broadcasts");
    g_autoptr(Json) a = get(&desk, week_api_get, "/api/schedule?area=a");
    g_assert_cmpuint(count(top, "items"), ==, 1);
    g_assert_true(json_peek_bool(top, "below_left_out", false));
    g_assert_false(json_peek_bool(top, "cut", true));
    g_assert_cmpuint(count(a, "items"), ==, MANY - 1);
    g_assert_true(json_peek_bool(a, "cut", false));
    calendar_desk_clear(&desk);
}

static void test_orders_are_found_by_what_they_air(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    add(&desk, "a", "one", DESK_NOW + DESK_HOUR);
    g_autoptr(Json) found =
        get(&desk, broadcast_api_list, "/api/broadcasts?area=province&bulletin=other,notice");
    g_autoptr(Json) none =
        get(&desk, broadcast_api_list, "/api/broadcasts?area=province&bulletin=other");
    g_autoptr(Json) asking =
        get(&desk, broadcast_api_list, "/api/broadcasts?area=province&holidays=viet-nam");
    g_assert_cmpuint(count(found, "items"), ==, 1);
    const Json *airs = json_peek(json_at(json_peek(found, "items"), 0), "bulletins");
    g_assert_cmpuint(json_length(airs), ==, 1);
    g_assert_cmpuint(count(none, "items") + count(asking, "items"), ==, 0);
    calendar_desk_clear(&desk);
}

static void end_notice(CalendarDesk *desk, int64_t until_us)
{
    g_autoptr(Query) query = database_query(
        desk->fleet.database, "UPDATE bulletin_versions SET valid_until_us = $1 WHERE id = 'v1'");
    query_int(query, until_us);
    g_assert_true(query_run(query, NULL));
}

static void test_a_start_behind_the_validity_says_so(void)
{
    CalendarDesk desk;
    calendar_desk_init(&desk, ROLE_ADMINISTRATOR, "province");
    add(&desk, "a", "valid", DESK_NOW + DESK_HOUR);
    add(&desk, "a", "expired", DESK_NOW + 3 * DESK_HOUR);
    end_notice(&desk, DESK_NOW + 2 * DESK_HOUR);
    g_autoptr(Json) week = get(&desk, week_api_get, "/api/schedule?area=a");
    const Json *items = json_peek(week, "items");
    for (unsigned i = 0; i < 2; i++) {
        const Json *one = json_at(items, i);
        const bool is_over = g_str_equal(json_peek_text(one, "broadcast"), "expired");
        g_assert_true(json_peek_bool(one, "plays", is_over) == !is_over);
        g_assert_cmpstr(json_peek_text(one, "reason"), ==, is_over ? "expired" : NULL);
        g_assert_true((json_peek_text(one, "reason_text") != NULL) == is_over);
    }
    calendar_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/week/orders", test_the_orders_come_with_their_week);
    g_test_add_func("/week/many", test_too_many_below_stay_away_and_it_is_said);
    g_test_add_func("/week/bulletin", test_orders_are_found_by_what_they_air);
    g_test_add_func("/week/validity", test_a_start_behind_the_validity_says_so);
    return g_test_run();
}
