/* The publisher: who gets a new plan, and who does not. */
#include "fleet_desk.h"

#include <string.h>

#include "fleet/plan_store.h"
#include "schedule/airing_store.h"
#include "schedule/broadcast_store.h"

#define MANY 1500 /* orders: more airings than one turn of the loop can log */

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

static void test_an_order_whose_start_passed_before_it_could_be_planned_is_still_answered(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_publish(&desk);
    fleet_desk_order(&desk, "overdue", TARGET_STATION, "a1", DESK_NOW + 10 * G_USEC_PER_SEC);
    fleet_desk_order(&desk, "before-it-was-made", TARGET_STATION, "a2", DESK_NOW - DESK_MINUTE);
    fake_clock_advance(&desk.clock, 20 * G_USEC_PER_SEC); /* the controller was down */
    fleet_desk_publish(&desk);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    g_assert_cmpuint(airings_of(&desk, &desk.a2), ==, 0);
    g_autofree char *outcome =
        outcome_of(&desk, "a1"); /* the log has its row: a receipt can come */
    g_assert_cmpstr(outcome, ==, "");
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

static void order_many(FleetDesk *desk, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        g_autofree char *id = g_strdup_printf("order-%u", i);
        fleet_desk_order(desk, id, TARGET_AREA, "a", DESK_NOW + (i % 7 + 1) * DESK_HOUR);
    }
}

static void test_stations_of_one_commune_differ_in_their_ids_only(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    order_many(&desk, 40);
    fleet_desk_publish(&desk);
    g_autoptr(Plan) one = fleet_desk_plan(&desk, &desk.a1);
    g_autoptr(Plan) two = fleet_desk_plan(&desk, &desk.a2);
    g_assert_cmpuint(one->airings->len, ==, 40);
    g_assert_cmpuint(two->airings->len, ==, 40);
    g_assert_cmpstr(two->station, ==, "a2");
    for (unsigned i = 0; i < 40; i++) {
        const PlanAiring *left = g_ptr_array_index(one->airings, i);
        const PlanAiring *right = g_ptr_array_index(two->airings, i);
        g_autofree char *id = plan_airing_id(right->broadcast, right->start_us, 0, "a2");
        g_assert_cmpstr(right->id, ==, id);
        g_assert_cmpstr(left->id, !=, id);
        g_assert_cmpstr(left->broadcast, ==, right->broadcast);
        g_assert_cmpint(left->order, ==, right->order);
    }
    fleet_desk_clear(&desk);
}

static int64_t number(FleetDesk *desk, const char *sql)
{
    g_autoptr(Query) query = database_query(desk->database, sql);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0);
}

static void test_the_log_knows_every_airing_after_one_more_order_and_one_less(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    order_many(&desk, 5);
    fleet_desk_publish(&desk);
    fleet_desk_order(&desk, "more", TARGET_AREA, "a", DESK_NOW + DESK_HOUR);
    g_assert_true(broadcast_store_delete(desk.database, "order-2", desk.clock.wall, NULL));
    g_autoptr(Broadcast) gone = broadcast_store_get(desk.database, "order-2", NULL);
    publisher_broadcast_changed(gone, desk.fleet->publisher);
    fleet_desk_publish(&desk);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings"), ==, 12);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = 'cancelled' "
                                  "AND broadcast = 'order-2'"),
                    ==, 2);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = ''"), ==, 10);
    fleet_desk_clear(&desk);
}

static void turn_until_published(FleetDesk *desk, int64_t plans)
{
    while (publisher_waiting(desk->fleet->publisher) > 0 ||
           number(desk, "SELECT count(*) FROM plans") < plans)
        g_main_context_iteration(NULL, TRUE);
}

static void test_the_loop_publishes_by_itself_and_what_changes_meanwhile_too(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    while (publisher_waiting(desk.fleet->publisher) > 0)
        g_main_context_iteration(NULL, TRUE);
    /* The first plans are being signed or written; this one comes on top. */
    fleet_desk_order(&desk, "p", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    turn_until_published(&desk, 3);
    while (airings_of(&desk, &desk.a1) < 2)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE station = 'a1'"), ==, 2);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM plans WHERE station = 'b1'"), ==, 1);
    fleet_desk_clear(&desk);
}

/* Turns the loop until the first plans of commune a are half logged. */
static void turn_until_half_logged(FleetDesk *desk)
{
    while (number(desk, "SELECT count(*) FROM airings") == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(number(desk, "SELECT count(*) FROM plans WHERE station <> 'b1'"), ==, 0);
}

static void test_a_first_plan_comes_after_all_of_its_airings(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    order_many(&desk, MANY);
    turn_until_half_logged(&desk);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings"), <, 2 * MANY);
    turn_until_published(&desk, 3);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = ''"), ==, 2 * MANY);
    g_assert_cmpuint(airings_of(&desk, &desk.a2), ==, MANY);
    fleet_desk_clear(&desk);
}

static void test_what_goes_while_a_first_plan_is_being_logged_leaves_no_open_row(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    order_many(&desk, MANY);
    turn_until_half_logged(&desk);
    g_assert_true(broadcast_store_delete(desk.database, "order-0", desk.clock.wall, NULL));
    g_autoptr(Broadcast) gone = broadcast_store_get(desk.database, "order-0", NULL);
    publisher_broadcast_changed(gone, desk.fleet->publisher);
    g_assert_cmpint(publisher_run_station(desk.fleet->publisher, "a1", NULL), ==, 0);
    turn_until_published(&desk, 3);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = '' "
                                  "AND broadcast = 'order-0'"),
                    ==, 0);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM airings WHERE outcome = ''"), ==,
                    2 * (MANY - 1));
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, MANY - 1);
    fleet_desk_clear(&desk);
}

static void test_a_publisher_may_end_while_plans_are_being_signed(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_main_context_iteration(NULL, TRUE);
    fleet_desk_clear(&desk);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void test_a_station_that_asks_too_early_gets_the_plan_that_is_being_signed(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    while (publisher_waiting(desk.fleet->publisher) > 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(publisher_run_station(desk.fleet->publisher, "a1", NULL), >=, 0);
    g_assert_cmpint(version_of(&desk, &desk.a1), ==, 1);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpint(version_of(&desk, &desk.a1), ==, 1);
    fleet_desk_clear(&desk);
}

static void test_a_station_that_changes_while_it_is_away_still_gets_its_plan_when_it_asks(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    while (publisher_waiting(desk.fleet->publisher) > 0)
        g_main_context_iteration(NULL, TRUE);
    fleet_desk_order(&desk, "o", TARGET_STATION, "a1", DESK_NOW + DESK_HOUR);
    g_assert_cmpint(publisher_run_station(desk.fleet->publisher, "a1", NULL), >=, 0);
    g_assert_cmpuint(airings_of(&desk, &desk.a1), ==, 1);
    fleet_desk_clear(&desk);
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static int64_t bodies(FleetDesk *desk)
{
    return number(desk, "SELECT count(*) FROM plans WHERE station = 'a1' AND length(envelope) > 0");
}

static void order_one_more(FleetDesk *desk, const char *id)
{
    fleet_desk_order(desk, id, TARGET_STATION, "a1", clock_wall_us(&desk->clock.clock) + DESK_HOUR);
    fleet_desk_publish(desk);
}

static void test_bodies_go_that_no_receipt_can_name_and_hashes_stay(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    Publisher *publisher = desk.fleet->publisher;
    fleet_desk_publish(&desk);
    order_one_more(&desk, "o2"); /* version 1 was never fetched */
    g_assert_cmpint(bodies(&desk), ==, 1);
    publisher_plan_fetched(publisher, "a1", desk.fleet->root->epoch, 2);
    order_one_more(&desk, "o3"); /* 2 was: receipts of the coming days may name it */
    g_assert_cmpint(bodies(&desk), ==, 2);
    publisher_plan_fetched(publisher, "a1", desk.fleet->root->epoch, 3);
    g_assert_true(publisher_flush(publisher, NULL));
    g_assert_true(plan_store_keep(desk.database, "a1", desk.fleet->root->epoch, 3, NULL));
    fake_clock_advance(&desk.clock, 72 * DESK_HOUR);
    order_one_more(&desk, "o4"); /* 2 is old by now; a receipt names 3 */
    g_assert_cmpint(bodies(&desk), ==, 2);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM plans WHERE station = 'a1' "
                                  "AND version = 3 AND length(envelope) > 0"),
                    ==, 1);
    g_assert_cmpint(number(&desk, "SELECT count(*) FROM plans WHERE length(sha256) <> 64"), ==, 0);
    fleet_desk_clear(&desk);
}

static bool has_body(FleetDesk *desk, int version)
{
    g_autoptr(Query) query =
        database_query(desk->database, "SELECT count(*) FROM plans WHERE station = 'a1' "
                                       "AND version = $1 AND length(envelope) > 0");
    query_int(query, version);
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    return row_int(query, 0) == 1;
}

static void let_begin_and_order_one_more(FleetDesk *desk, const char *id)
{
    fake_clock_advance(&desk->clock, 2 * DESK_HOUR);
    order_one_more(desk, id);
}

static void test_the_body_stays_that_shows_what_nobody_has_spoken_of(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    fleet_desk_publish(&desk);
    order_one_more(&desk, "o2");
    let_begin_and_order_one_more(&desk, "o3"); /* o2 began by version 2 */
    g_assert_true(!has_body(&desk, 1) && has_body(&desk, 2) && has_body(&desk, 3));
    let_begin_and_order_one_more(&desk, "o4"); /* o3 by version 3; 4 still names both */
    g_assert_true(has_body(&desk, 2) && has_body(&desk, 3) && has_body(&desk, 4));
    g_assert_true(database_script(desk.database,
                                  "UPDATE airings SET outcome = 'missed', "
                                  "said_by = 'station' WHERE broadcast = 'o2'",
                                  NULL));
    order_one_more(&desk, "o5"); /* the station has spoken of o2 */
    g_assert_true(!has_body(&desk, 2) && has_body(&desk, 3) && has_body(&desk, 4));
    g_assert_cmpint(bodies(&desk), ==, 3);

    PlanTrace trace;
    g_assert_true(plan_store_in_force(desk.database, "a1", DESK_NOW + 3 * DESK_HOUR, &trace, NULL));
    g_assert_cmpint(trace.version, ==, 3);
    g_assert_cmpuint(strlen(trace.sha256), ==, 64);
    g_assert_true(plan_store_in_force(desk.database, "a1", DESK_NOW + DESK_HOUR, &trace, NULL));
    g_assert_true(trace.version == 2 && !*trace.sha256); /* its body has gone */
    g_assert_true(plan_store_in_force(desk.database, "a1", DESK_NOW - 1, &trace, NULL));
    g_assert_true(trace.version == 0 && !*trace.sha256);
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
    g_test_add_func("/publisher/overdue",
                    test_an_order_whose_start_passed_before_it_could_be_planned_is_still_answered);
    g_test_add_func("/publisher/new_day", test_a_new_day_moves_the_window_of_every_plan_once);
    g_test_add_func("/publisher/retired", test_a_retired_station_loses_what_was_to_come);
    g_test_add_func("/publisher/shared", test_stations_of_one_commune_differ_in_their_ids_only);
    g_test_add_func("/publisher/rows",
                    test_the_log_knows_every_airing_after_one_more_order_and_one_less);
    g_test_add_func("/publisher/loop",
                    test_the_loop_publishes_by_itself_and_what_changes_meanwhile_too);
    g_test_add_func("/publisher/first_log", test_a_first_plan_comes_after_all_of_its_airings);
    g_test_add_func("/publisher/first_log_changed",
                    test_what_goes_while_a_first_plan_is_being_logged_leaves_no_open_row);
    g_test_add_func("/publisher/ends", test_a_publisher_may_end_while_plans_are_being_signed);
    g_test_add_func("/publisher/early",
                    test_a_station_that_asks_too_early_gets_the_plan_that_is_being_signed);
    g_test_add_func("/publisher/early_changed",
                    test_a_station_that_changes_while_it_is_away_still_gets_its_plan_when_it_asks);
    g_test_add_func("/publisher/bodies", test_bodies_go_that_no_receipt_can_name_and_hashes_stay);
    g_test_add_func("/publisher/silence", test_the_body_stays_that_shows_what_nobody_has_spoken_of);
    return g_test_run();
}
