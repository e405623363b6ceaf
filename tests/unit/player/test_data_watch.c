/* The account of the SIM beside clock, sound and plan: what a relay fetched counts once, a page is
 * turned only in a time that is known, and only routine relays are held back. */
#include "desk.h"

#include "data_watch.h"
#include "http_traffic.h"

#define MB INT64_C(1000000)

static Plan *plan_with_limit(int64_t day_bytes)
{
    Plan *plan = plan_new();
    plan->utc_offset_s = 7 * 3600;
    plan->data_day_bytes = day_bytes;
    return plan;
}

static DataWatch watch_of(Desk *desk)
{
    g_autofree char *path = g_build_filename(desk->dir, "data-use.json", NULL);
    return (DataWatch){.meter = data_meter_open(path),
                       .audio = desk->audio,
                       .trust = desk->trust,
                       .clock = &desk->clock.clock};
}

static void what_a_relay_fetched_counts_once(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(Plan) plan = plan_with_limit(0);
    DataWatch watch = watch_of(desk);
    audio_fake_stream(desk->audio, 10 * MB);
    for (int i = 0; i < 3; i++)
        data_watch_tick(&watch, plan);
    audio_fake_stream(desk->audio, MB);
    data_watch_tick(&watch, plan);
    const DataUse *use = data_meter_use(watch.meter);
    g_assert_cmpint(use->today[DATA_RELAY], ==, 11 * MB * HTTP_TRAFFIC_PERMILLE / 1000);
    g_assert_cmpint(data_use_today(use), ==, use->today[DATA_RELAY]);
    data_meter_free(watch.meter);
}

static void a_page_is_turned_only_in_a_known_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(Plan) plan = plan_with_limit(0);
    DataWatch watch = watch_of(desk);
    data_watch_tick(&watch, plan);
    const DataUse *use = data_meter_use(watch.meter);
    int today = use->day;
    g_assert_cmpint(today, ==, (MORNING + 7 * HOUR) / (24 * HOUR));
    desk->probe.synchronised = false;
    fake_clock_advance(&desk->clock, 36 * HOUR);
    desk->clock.wall += 300 * 24 * HOUR; /* a clock that went astray */
    data_watch_tick(&watch, plan);
    g_assert_cmpint(use->day, ==, today);
    data_meter_free(watch.meter);
}

static void a_day_ends_at_the_midnight_of_the_station(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(Plan) plan = plan_with_limit(0);
    DataWatch watch = watch_of(desk);
    data_watch_tick(&watch, plan);
    const DataUse *use = data_meter_use(watch.meter);
    int today = use->day;
    int64_t gone_us = (desk->clock.wall + 7 * HOUR) % (24 * HOUR);
    fake_clock_advance(&desk->clock, 24 * HOUR - gone_us - SECOND);
    data_watch_tick(&watch, plan);
    g_assert_cmpint(use->day, ==, today);
    fake_clock_advance(&desk->clock, SECOND);
    data_watch_tick(&watch, plan);
    g_assert_cmpint(use->day, ==, today + 1);
    data_meter_free(watch.meter);
}

static void only_routine_relays_are_held_back(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_autoptr(Plan) plan = plan_with_limit(5 * MB);
    DataWatch watch = watch_of(desk);
    g_assert_true(data_watch_may_stream(&watch, plan, CLASS_NORMAL));
    audio_fake_stream(desk->audio, 5 * MB);
    data_watch_tick(&watch, plan);
    g_assert_false(data_watch_may_stream(&watch, plan, CLASS_NORMAL));
    g_assert_true(data_watch_may_stream(&watch, plan, CLASS_PRIORITY));
    g_assert_true(data_watch_may_stream(&watch, NULL, CLASS_NORMAL)); /* no plan, no limit */
    data_meter_free(watch.meter);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/data_watch/what_a_relay_fetched_counts_once",
                    what_a_relay_fetched_counts_once);
    g_test_add_func("/data_watch/a_page_is_turned_only_in_a_known_time",
                    a_page_is_turned_only_in_a_known_time);
    g_test_add_func("/data_watch/a_day_ends_at_the_midnight_of_the_station",
                    a_day_ends_at_the_midnight_of_the_station);
    g_test_add_func("/data_watch/only_routine_relays_are_held_back",
                    only_routine_relays_are_held_back);
    return g_test_run();
}
