/* The worked examples of the rules of scheduling, and the hours around them. Those about recurrence
 * and the lunar calendar belong to the controller. */
#include "tests.h"
#include "world.h"

static void test_relay_bulletin_relay(void)
{
    /* given a relay of an hour and a bulletin in its middle */
    g_autoptr(World) world = world_new();
    world_relay(world, "relay", "05:00", 60 * MINUTE_US);
    world_airing(world, "news", "05:30", 6 * MINUTE_US);
    /* then the relay sounds on both sides of it, where the stream is by then */
    world_expect(world, "05:00:00-05:30:00 relay nominal > rank(news)\n"
                        "05:30:00-05:36:00 news nominal\n"
                        "05:36:00-06:00:00 relay+2160 rejoined(news)\n");
    /* and both are played: only the plan took the relay's time */
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "relay")->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(world_fate(world, timeline, "news")->outcome, ==, OUTCOME_PLAYED);
}

static World *two_priorities(void)
{
    World *world = world_new();
    TimelineAiring *commune = world_airing(world, "commune", "17:00", 8 * MINUTE_US);
    commune->rank = RANK_PRIORITY;
    commune->class = CLASS_PRIORITY;
    commune->level = 1;
    TimelineAiring *province = world_airing(world, "province", "17:00", 5 * MINUTE_US);
    province->rank = RANK_PRIORITY;
    province->class = CLASS_PRIORITY;
    province->level = 0;
    return world;
}

static void test_province_before_commune(void)
{
    g_autoptr(World) world = two_priorities();
    world_expect(world, "17:00:00-17:05:00 province nominal\n"
                        "17:05:00-17:13:00 commune moved(province)\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "commune")->late_us, ==, 0);
    g_assert_cmpint(world_fate(world, timeline, "commune")->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(world_fate(world, timeline, "province")->outcome, ==, OUTCOME_PLAYED);
}

static void test_precedence_says_otherwise(void)
{
    g_autoptr(World) world = two_priorities();
    world->airings[0].order = 1;
    world->airings[1].order = 2;
    world_expect(world, "17:00:00-17:08:00 commune nominal\n"
                        "17:08:00-17:13:00 province moved(commune)\n");
}

static void test_emergency_between_two_priorities(void)
{
    g_autoptr(World) world = two_priorities();
    TimelineEvent *alert = world_alert(world, "flood", "17:02", 2 * MINUTE_US);
    alert->every_us = 30 * MINUTE_US;
    alert->until_us = at("18:00");
    world_expect(world, "17:00:00-17:02:00 province nominal > rank(flood)\n"
                        "17:02:00-17:04:00 flood alert\n"
                        "17:04:00-17:07:00 province+120 resumed(flood)\n"
                        "17:07:00-17:15:00 commune waited(province)\n"
                        "17:32:00-17:34:00 flood#1 repeat\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "province")->outcome, ==, OUTCOME_PLAYED);
}

static void test_expired_by_an_edit(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:15", 5 * MINUTE_US)->valid_until_us = at("17:10");
    world_expect(world, "- 17:15:00 news missed/expired expired\n");
}

static World *dark_morning(void)
{
    World *world = world_new();
    world_airing(world, "news", "05:00", 6 * MINUTE_US);
    TimelineEvent *off = world_event(world, TIMELINE_OFF, NULL, "04:50");
    off->until_us = at("05:12");
    off->reason = REASON_NO_POWER;
    return world;
}

static void test_off_beyond_tolerance(void)
{
    g_autoptr(World) world = dark_morning();
    world->airings[0].tolerance_us = 10 * MINUTE_US;
    world_expect(world, "- 05:10:00.000001 news missed/no_power off start_by\n");
}

static void test_off_within_tolerance(void)
{
    g_autoptr(World) world = dark_morning();
    world->airings[0].tolerance_us = 15 * MINUTE_US;
    world_expect(world, "05:12:00-05:18:00 news waited\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "news")->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(world_fate(world, timeline, "news")->late_us / 1000, ==, 720000);
}

static void test_relay_joins_after_off(void)
{
    g_autoptr(World) world = dark_morning();
    world->n_airings = 0;
    world_relay(world, "relay", "05:00", 60 * MINUTE_US);
    world_expect(world, "05:12:00-06:00:00 relay+720 waited\n"
                        "- 06:00:00 relay partial/no_power off\n");
}

void examples_add(void)
{
    g_test_add_func("/timeline/example 1: a relay makes room for a bulletin and comes back",
                    test_relay_bulletin_relay);
    g_test_add_func("/timeline/example 2: the province goes first, the commune directly after",
                    test_province_before_commune);
    g_test_add_func("/timeline/example 2: unless the commune's precedence says otherwise",
                    test_precedence_says_otherwise);
    g_test_add_func("/timeline/example 3: an emergency interrupts, both priorities still air",
                    test_emergency_between_two_priorities);
    g_test_add_func("/timeline/example 4: what has expired is missed", test_expired_by_an_edit);
    g_test_add_func("/timeline/example 5: off beyond the tolerance is missed",
                    test_off_beyond_tolerance);
    g_test_add_func("/timeline/example 5: off within the tolerance starts from the top",
                    test_off_within_tolerance);
    g_test_add_func("/timeline/example 5: a relay joins at once", test_relay_joins_after_off);
}
