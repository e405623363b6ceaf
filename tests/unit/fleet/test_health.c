/* Health: merged posts, silence, and what a person is told. */
#include "fleet_desk.h"

#include <string.h>

static void post(FleetDesk *desk, const char *body)
{
    g_autoptr(Json) json = json_parse(body, strlen(body), NULL);
    Problem *problem = health_take(desk->fleet->health, "a1", json, desk->clock.wall);
    g_assert_null(problem);
}

static HealthView view_of(const Health *health)
{
    HealthView view;
    health_view(health, "a1", &view);
    return view;
}

static void test_a_partial_post_keeps_what_it_does_not_say(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    post(&desk, "{\"full\":true,\"boot_id\":\"b\",\"amplifier\":\"off\",\"receipts_waiting\":3,"
                "\"nonsense\":1}");
    post(&desk, "{\"receipts_waiting\":0}");
    HealthView view = view_of(desk.fleet->health);
    g_assert_cmpstr(json_peek_text(view.facts, "amplifier"), ==, "off");
    g_assert_cmpint(json_peek_int(view.facts, "receipts_waiting", -1), ==, 0);
    g_assert_null(json_peek(view.facts, "nonsense"));
    post(&desk, "{\"full\":true,\"boot_id\":\"c\"}");
    view = view_of(desk.fleet->health);
    g_assert_null(json_peek_text(view.facts, "amplifier"));
    fleet_desk_clear(&desk);
}

static void test_ninety_seconds_of_silence_are_offline_and_kept_with_their_time(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_assert_cmpstr(view_of(desk.fleet->health).state, ==, "never");
    post(&desk, "{\"boot_id\":\"b\"}");
    g_assert_true(health_tick(desk.fleet->health, desk.clock.wall));
    fake_clock_advance(&desk.clock, HEALTH_SILENCE_US);
    g_assert_false(health_tick(desk.fleet->health, desk.clock.wall));
    g_assert_cmpstr(view_of(desk.fleet->health).state, ==, "online");
    fake_clock_advance(&desk.clock, 1);
    g_assert_true(health_tick(desk.fleet->health, desk.clock.wall));
    g_assert_cmpstr(view_of(desk.fleet->health).state, ==, "offline");
    g_assert_true(health_flush(desk.fleet->health, NULL));
    g_autoptr(Query) query =
        database_query(desk.database, "SELECT state, at_us FROM station_states ORDER BY at_us");
    g_assert_cmpint(query_next(query, NULL), ==, 1);
    g_assert_cmpstr(row_text(query, 0), ==, "offline");
    g_assert_cmpint(row_int(query, 1), ==, DESK_NOW + HEALTH_SILENCE_US + 1);
    g_clear_pointer(&query, query_done);
    fleet_desk_clear(&desk);
}

static void test_a_clock_that_is_set_back_keeps_nobody_online(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    post(&desk, "{\"boot_id\":\"b\"}");
    desk.clock.wall -= 60 * DESK_MINUTE;
    (void)health_tick(desk.fleet->health, desk.clock.wall);
    fake_clock_advance(&desk.clock, HEALTH_SILENCE_US + 1);
    g_assert_true(health_tick(desk.fleet->health, desk.clock.wall));
    g_assert_cmpstr(view_of(desk.fleet->health).state, ==, "offline");
    fleet_desk_clear(&desk);
}

static void test_what_was_known_survives_a_restart_and_silence_counts_from_it(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    post(&desk, "{\"boot_id\":\"b\",\"software\":\"x/1\"}");
    g_assert_true(health_flush(desk.fleet->health, NULL));
    int64_t later = DESK_NOW + DESK_HOUR;
    g_autoptr(Health) again = health_new(desk.database, later, NULL);
    g_assert_cmpstr(json_peek_text(view_of(again).facts, "software"), ==, "x/1");
    g_assert_false(health_tick(again, later + DESK_MINUTE));
    g_assert_true(health_tick(again, later + 2 * DESK_MINUTE));
    g_clear_pointer(&again, health_free);
    fleet_desk_clear(&desk);
}

static void test_faults_reach_people_in_words_with_a_next_step(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    post(&desk, "{\"boot_id\":\"b\",\"faults\":[{\"code\":\"device_fault\",\"since_us\":1000000},"
                "{\"code\":\"from_the_future\"}]}");
    g_autoptr(Json) object = json_new_object();
    fleet_station_facts.add(desk.fleet, "a1", desk.clock.wall, LANGUAGE_VI, object);
    const Json *faults = json_peek(object, "faults");
    g_assert_cmpuint(json_length(faults), ==, 2);
    g_assert_cmpstr(json_peek_text(json_at(faults, 0), "code"), ==, "device_fault");
    g_assert_cmpstr(json_peek_text(json_at(faults, 0), "since"), ==, "1970-01-01T00:00:01Z");
    for (size_t i = 0; i < 2; i++) {
        g_assert_cmpuint(strlen(json_peek_text(json_at(faults, i), "text")), >, 0);
        g_assert_cmpuint(strlen(json_peek_text(json_at(faults, i), "next_step")), >, 0);
    }
    g_assert_cmpint(fleet_station_facts.trouble(desk.fleet, "a1", desk.clock.wall), >, 0);
    g_assert_cmpint(fleet_station_facts.trouble(desk.fleet, "a2", desk.clock.wall), ==, 0);
    fleet_desk_clear(&desk);
}

static void test_a_post_of_the_wrong_shape_changes_nothing(void)
{
    FleetDesk desk;
    fleet_desk_init(&desk);
    g_autoptr(Json) json = json_parse("{\"faults\":[1]}", 14, NULL);
    g_autoptr(Problem) problem = health_take(desk.fleet->health, "a1", json, desk.clock.wall);
    g_assert_nonnull(problem);
    g_assert_cmpstr(view_of(desk.fleet->health).state, ==, "never");
    fleet_desk_clear(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/health/partial", test_a_partial_post_keeps_what_it_does_not_say);
    g_test_add_func("/health/silence",
                    test_ninety_seconds_of_silence_are_offline_and_kept_with_their_time);
    g_test_add_func("/health/restart",
                    test_what_was_known_survives_a_restart_and_silence_counts_from_it);
    g_test_add_func("/health/set_back", test_a_clock_that_is_set_back_keeps_nobody_online);
    g_test_add_func("/health/faults", test_faults_reach_people_in_words_with_a_next_step);
    g_test_add_func("/health/wrong_shape", test_a_post_of_the_wrong_shape_changes_nothing);
    return g_test_run();
}
