/* The publisher: who gets a new plan, and who does not. */
#include "fleet_desk.h"

#include "schedule/airing_store.h"
#include "schedule/broadcast_store.h"

static int64_t version_of(FleetDesk *desk, const DeskStation *station)
{
    g_autoptr(Plan) plan = fleet_desk_plan(desk, station);
    return plan ? plan->version : 0;
}

static unsigned airings_of(FleetDesk *desk, const DeskStation *station)
{
    g_autoptr(Plan) plan = fleet_desk_plan(desk, station);
    return plan ? plan->airings->len : 0;
}

static char *outcome_of(FleetDesk *desk, const char *station)
{
    AiringFilter filter = {.from_us = 0, .to_us = G_MAXINT64, .station = station, .limit = 1};
    g_autoptr(GPtrArray) list = airing_store_list(desk->database, &filter, NULL);
    g_assert_cmpuint(list->len, ==, 1);
    return g_strdup(((Airing *)g_ptr_array_index(list, 0))->outcome);
}

static void test_every_station_has_a_plan_after_the_start_and_a_second_start_signs_none(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 3);
    publisher_all_changed(desk.fleet->publisher);
    g_assert_cmpuint(publisher_waiting(desk.fleet->publisher), ==, 3);
    fake_clock_advance(&desk.clock, DESK_MINUTE);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 0);
    g_autoptr(Plan) plan = fleet_desk_plan(&desk, &desk.a1);
    g_assert_cmpstr(plan->keyid, ==, desk.a1.key.id);
    g_assert_cmpstr(g_ptr_array_index(plan->area_path, 1), ==, "a");
    g_assert_cmpint(plan->utc_offset_s, ==, 25200);
    fleet_desk_clear(&desk);
}

static void test_an_order_for_one_commune_leaves_the_other_alone(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_publish(&desk);
    fleet_desk_order(&desk, "b1-order", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    g_assert_cmpuint(publisher_waiting(desk.fleet->publisher), ==, 2);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 2);
    g_assert_cmpint(version_of(&desk, &desk.a1), ==, 2);
    g_assert_cmpint(version_of(&desk, &desk.a2), ==, 2);
    g_assert_cmpint(version_of(&desk, &desk.b1), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.b1), ==, 0);
    fleet_desk_clear(&desk);
}

static void test_an_order_for_one_station_touches_one(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_publish(&desk);
    fleet_desk_order(&desk, "one", TARGET_STATION, "b1", DESK_NOW + DESK_HOUR);
    g_assert_cmpuint(publisher_waiting(desk.fleet->publisher), ==, 1);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 1);
    fleet_desk_clear(&desk);
}

static void test_approval_plans_and_withdrawal_cancels(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_set_bulletin(&desk, "submitted");
    fleet_desk_publish(&desk);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 0);
    fleet_desk_set_bulletin(&desk, "approved");
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    fleet_desk_set_bulletin(&desk, "withdrawn");
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 0);
    g_autofree char *outcome = outcome_of(&desk, "a1");
    g_assert_cmpstr(outcome, ==, "cancelled");
    fleet_desk_set_bulletin(&desk, "approved");
    fleet_desk_publish(&desk);
    g_autofree char *again = outcome_of(&desk, "a1");
    g_assert_cmpstr(again, ==, "");
    g_assert_cmpint(version_of(&desk, &desk.a1), ==, 4);
    fleet_desk_clear(&desk);
}

static void test_what_has_started_stays_when_its_broadcast_is_deleted(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_MINUTE);
    fleet_desk_publish(&desk);
    fake_clock_advance(&desk.clock, 2 * DESK_MINUTE);
    g_assert_true(broadcast_store_delete(desk.database, "o", desk.clock.wall, NULL));
    publisher_station_changed(desk.fleet->publisher, "a1");
    fleet_desk_publish(&desk);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    g_autofree char *outcome = outcome_of(&desk, "a1");
    g_assert_cmpstr(outcome, ==, "");
    fleet_desk_clear(&desk);
}

static void test_a_deleted_broadcast_leaves_the_plan_and_says_cancelled(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    fleet_desk_publish(&desk);
    g_assert_true(broadcast_store_delete(desk.database, "o", desk.clock.wall, NULL));
    g_autoptr(Broadcast) gone = broadcast_store_get(desk.database, "o", NULL);
    publisher_broadcast_changed(gone, desk.fleet->publisher);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 0);
    g_autofree char *outcome = outcome_of(&desk, "a1");
    g_assert_cmpstr(outcome, ==, "cancelled");
    fleet_desk_clear(&desk);
}

static void test_a_now_that_waited_for_approval_starts_from_the_approval(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_set_bulletin(&desk, "submitted");
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + 15 * G_USEC_PER_SEC);
    g_autoptr(Query) query =
        database_query(desk.database, "UPDATE broadcasts SET kind = 'now' WHERE id = 'o'");
    g_assert_true(query_run(query, NULL));
    g_clear_pointer(&query, query_done);
    fleet_desk_publish(&desk);
    fake_clock_advance(&desk.clock, DESK_HOUR);
    fleet_desk_set_bulletin(&desk, "approved");
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 1);
    g_autoptr(Plan) plan = fleet_desk_plan(&desk, &desk.a1);
    g_assert_cmpuint(plan->airings->len, ==, 1);
    g_assert_cmpint(((PlanAiring *)g_ptr_array_index(plan->airings, 0))->start_us, ==,
                    DESK_NOW + DESK_HOUR + 15 * G_USEC_PER_SEC);
    /* Approved once more, it does not start again. */
    fake_clock_advance(&desk.clock, DESK_HOUR);
    fleet_desk_set_bulletin(&desk, "approved");
    fleet_desk_publish(&desk);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    fleet_desk_clear(&desk);
}

static void test_a_new_day_moves_the_window_of_every_plan_once(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_publish(&desk);
    fake_clock_advance(&desk.clock, 23 * DESK_HOUR);
    publisher_tick(desk.fleet->publisher);
    g_assert_cmpuint(publisher_waiting(desk.fleet->publisher), ==, 0);
    fake_clock_advance(&desk.clock, 2 * DESK_HOUR);
    publisher_tick(desk.fleet->publisher);
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 3);
    publisher_tick(desk.fleet->publisher);
    g_assert_cmpuint(publisher_waiting(desk.fleet->publisher), ==, 0);
    fleet_desk_clear(&desk);
}

static void test_a_retired_station_loses_what_was_to_come(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    fleet_desk_publish(&desk);
    g_assert_true(station_store_retire(desk.database, "a1", DESK_NOW, NULL));
    publisher_station_changed(desk.fleet->publisher, "a1");
    g_assert_cmpint(fleet_desk_publish(&desk), ==, 0);
    g_autofree char *outcome = outcome_of(&desk, "a1");
    g_assert_cmpstr(outcome, ==, "cancelled");
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publisher/start",
                    test_every_station_has_a_plan_after_the_start_and_a_second_start_signs_none);
    g_test_add_func("/publisher/one_commune", test_an_order_for_one_commune_leaves_the_other_alone);
    g_test_add_func("/publisher/one_station", test_an_order_for_one_station_touches_one);
    g_test_add_func("/publisher/approval", test_approval_plans_and_withdrawal_cancels);
    g_test_add_func("/publisher/started_stays",
                    test_what_has_started_stays_when_its_broadcast_is_deleted);
    g_test_add_func("/publisher/deleted",
                    test_a_deleted_broadcast_leaves_the_plan_and_says_cancelled);
    g_test_add_func("/publisher/now_waits",
                    test_a_now_that_waited_for_approval_starts_from_the_approval);
    g_test_add_func("/publisher/new_day", test_a_new_day_moves_the_window_of_every_plan_once);
    g_test_add_func("/publisher/retired", test_a_retired_station_loses_what_was_to_come);
    return g_test_run();
}
