/* One test per rule: ranks, ties, moves, fates, tolerance. */
#include "tests.h"
#include "world.h"

#include <string.h>

static void test_order_of_ranks(void)
{
    /* given one of every rank at the same minute, each twice as long as the one above it */
    g_autoptr(World) world = world_new();
    world_airing(world, "filler", "17:00", 16 * MINUTE_US)->rank = RANK_FILLER;
    world_relay(world, "relay", "17:00", 20 * MINUTE_US);
    world_airing(world, "normal", "17:00", 4 * MINUTE_US);
    world_airing(world, "priority", "17:00", 3 * MINUTE_US)->rank = RANK_PRIORITY;
    world_relay(world, "live", "17:00", 2 * MINUTE_US)->rank = RANK_LIVE;
    world_alert(world, "alert", "17:00", MINUTE_US);
    world->airings[0].tolerance_us = HOUR_US;
    /* then they sound in the order of their ranks, and streams lose what passed meanwhile */
    world_expect(world, "17:00:00-17:01:00 alert alert\n"
                        "17:01:00-17:02:00 live+60 waited(alert)\n"
                        "17:02:00-17:05:00 priority waited(alert)\n"
                        "17:05:00-17:09:00 normal waited(alert)\n"
                        "17:09:00-17:20:00 relay+540 waited(alert)\n"
                        "17:20:00-17:36:00 filler waited(alert)\n"
                        "- 17:02:00 live partial/displaced rank(alert)\n"
                        "- 17:20:00 relay partial/displaced rank(alert)\n");
}

/* ---- ties ---- */

static void expect_alerts(void (*change)(TimelineEvent *first, TimelineEvent *second),
                          const char *text)
{
    g_autoptr(World) world = world_new();
    world_alert(world, "z-first", "17:00", 2 * MINUTE_US);
    world_alert(world, "a-second", "17:01", 2 * MINUTE_US);
    change(&world->events[0], &world->events[1]);
    world_expect(world, text);
}

static const char *const second_displaces =
    "17:00:00-17:01:00 z-first alert > alert_tie(a-second)\n"
    "17:01:00-17:03:00 a-second alert\n"
    "17:03:00-17:05:00 z-first restarted(a-second)\n";
static const char *const second_waits = "17:00:00-17:02:00 z-first alert\n"
                                        "17:02:00-17:04:00 a-second alert\n";

static void first_is_graver(TimelineEvent *first, TimelineEvent *second)
{
    first->severity = 3, second->severity = 2;
    first->level = 2, second->level = 0;
}

static void second_is_higher(TimelineEvent *first, TimelineEvent *second)
{
    first->level = 1, second->level = 0;
}

static void first_is_higher(TimelineEvent *first, TimelineEvent *second)
{
    first->level = 0, second->level = 1;
}

static void as_equals(G_GNUC_UNUSED TimelineEvent *first, G_GNUC_UNUSED TimelineEvent *second)
{
}

static void test_alerts_by_severity(void)
{
    expect_alerts(first_is_graver, second_waits);
}

static void test_alerts_by_level(void)
{
    expect_alerts(second_is_higher, second_displaces);
    expect_alerts(first_is_higher, second_waits);
}

static void test_alerts_by_newest(void)
{
    expect_alerts(as_equals, second_displaces);
}

static void test_repeats_do_not_displace(void)
{
    /* given two loops whose repeats meet */
    g_autoptr(World) world = world_new();
    TimelineEvent *storm = world_alert(world, "storm", "17:00", 5 * MINUTE_US);
    TimelineEvent *flood = world_alert(world, "flood", "17:12", 5 * MINUTE_US);
    storm->every_us = flood->every_us = 10 * MINUTE_US;
    storm->until_us = at("17:31"), flood->until_us = at("17:30");
    flood->severity = 1;
    /* then the newcomer's first play displaces, but no repeat ever does */
    world_expect(world, "17:00:00-17:05:00 storm alert\n"
                        "17:10:00-17:12:00 storm#1 repeat > alert_tie(flood)\n"
                        "17:12:00-17:17:00 flood alert\n"
                        "17:17:00-17:22:00 storm#1 restarted(flood)\n"
                        "17:22:00-17:27:00 flood#1 repeat\n"
                        "17:30:00-17:35:00 storm#3 repeat\n"
                        "- 17:20:00 storm#2 missed/displaced repeat_inside(storm)\n");
}

static void test_repeat_inside_another(void)
{
    g_autoptr(World) world = world_new();
    world_alert(world, "storm", "17:00", MINUTE_US)->every_us = 10 * MINUTE_US;
    world->events[0].until_us = at("17:21");
    world->events[0].severity = 9;
    world_alert(world, "flood", "17:09", 3 * MINUTE_US);
    world_expect(world, "17:00:00-17:01:00 storm alert\n"
                        "17:09:00-17:12:00 flood alert\n"
                        "17:20:00-17:21:00 storm#2 repeat\n"
                        "- 17:10:00 storm#1 missed/displaced repeat_inside(flood)\n");
}

static void test_live_first_come(void)
{
    g_autoptr(World) world = world_new();
    world_relay(world, "a-second", "17:05", 10 * MINUTE_US)->rank = RANK_LIVE;
    world_relay(world, "z-first", "17:00", 10 * MINUTE_US)->rank = RANK_LIVE;
    world->airings[0].level = 0;
    world_expect(world, "17:00:00-17:10:00 z-first nominal\n"
                        "- 17:05:00 a-second missed/displaced live_held(z-first)\n");
    world->airings[0].start_us = at("17:00");
    world->airings[0].came_us = 20;
    world->airings[1].came_us = 10;
    world_expect(world, "17:00:00-17:10:00 z-first nominal\n"
                        "- 17:00:00 a-second missed/displaced live_held(z-first)\n");
}

static World *two_normals(void)
{
    World *world = world_new();
    world_airing(world, "early", "17:00", 8 * MINUTE_US)->came_us = 20;
    world_airing(world, "late", "17:04", 5 * MINUTE_US)->came_us = 10;
    return world;
}

static void test_both_must_air(void)
{
    /* given the later one approved earlier: it keeps its time, the other follows it directly */
    g_autoptr(World) world = two_normals();
    world_expect(world, "17:04:00-17:09:00 late nominal\n"
                        "17:09:00-17:17:00 early moved(late)\n");
    /* when the issuer of the other is higher */
    world->airings[0].level = 0;
    world_expect(world, "17:00:00-17:08:00 early nominal\n"
                        "17:08:00-17:13:00 late moved(early)\n");
    /* when precedence says otherwise */
    world->airings[0].order = 2;
    world->airings[1].order = 1;
    world_expect(world, "17:04:00-17:09:00 late nominal\n"
                        "17:09:00-17:17:00 early moved(late)\n");
}

static void test_move_to_the_first_gap(void)
{
    /* given a gap of 3 minutes and a gap of 10 */
    g_autoptr(World) world = world_new();
    for (unsigned i = 0; i < 3; i++)
        world_airing(world, (const char *[]){"a", "b", "c"}[i],
                     (const char *[]){"17:00", "17:08", "17:20"}[i], 5 * MINUTE_US);
    world_airing(world, "moved", "17:01", 4 * MINUTE_US)->level = 5;
    /* then the second is the first that fits */
    world_expect(world, "17:00:00-17:05:00 a nominal\n"
                        "17:08:00-17:13:00 b nominal\n"
                        "17:13:00-17:17:00 moved moved(b)\n"
                        "17:20:00-17:25:00 c nominal\n");
}

static void test_max_move(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "long", "17:00", 60 * MINUTE_US);
    world_airing(world, "short", "17:00", MINUTE_US)->level = 2;
    world_expect(world, "17:00:00-18:00:00 long nominal\n"
                        "18:00:00-18:01:00 short moved(long)\n");
    TimelineItem *items = (TimelineItem *)world->airings[0].items;
    items->length_us += SECOND_US;
    world_expect(world, "17:00:00-18:00:01 long nominal\n"
                        "- 17:00:00 short missed/displaced max_move(long)\n");
    /* priority may move for four hours */
    world->airings[0].rank = world->airings[1].rank = RANK_PRIORITY;
    world_expect(world, "17:00:00-18:00:01 long nominal\n"
                        "18:00:01-18:01:01 short moved(long)\n");
    items->length_us = 4 * HOUR_US + SECOND_US;
    world_expect(world, "17:00:00-21:00:01 long nominal\n"
                        "- 17:00:00 short missed/displaced max_move(long)\n");
    /* and a policy may allow less */
    items->length_us = 10 * MINUTE_US;
    world_policy(world)->max_move_priority_us = 9 * MINUTE_US;
    world_expect(world, "17:00:00-17:10:00 long nominal\n"
                        "- 17:00:00 short missed/displaced max_move(long)\n");
}

static void test_move_past_validity(void)
{
    g_autoptr(World) world = two_normals();
    world->airings[0].valid_until_us = at("17:09");
    world_expect(world, "17:04:00-17:09:00 late nominal\n"
                        "- 17:00:00 early missed/expired move_validity(late)\n");
}

static void test_move_into_quiet_hours(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "first", "21:55", 5 * MINUTE_US);
    world_airing(world, "second", "21:55", MINUTE_US)->level = 3;
    world_expect(world, "21:55:00-22:00:00 first nominal\n"
                        "- 21:55:00 second missed/policy move_hours(first)\n");
}

static void test_move_is_not_lateness(void)
{
    /* given a move by 20 minutes, then an emergency of 5 at the resolved start; tolerance 10 */
    g_autoptr(World) world = world_new();
    world_airing(world, "first", "17:00", 20 * MINUTE_US);
    world_airing(world, "second", "17:00", MINUTE_US)->level = 3;
    world_alert(world, "alert", "17:20", 5 * MINUTE_US);
    world_expect(world, "17:00:00-17:20:00 first nominal\n"
                        "17:20:00-17:25:00 alert alert\n"
                        "17:25:00-17:26:00 second waited(alert)\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "second")->late_us, ==, 5 * MINUTE_US);
}

static void test_higher_relay_wins(void)
{
    g_autoptr(World) world = world_new();
    world_relay(world, "a-commune", "05:00", 60 * MINUTE_US);
    world_relay(world, "z-province", "05:20", 10 * MINUTE_US)->level = 0;
    world_expect(world, "05:00:00-05:20:00 a-commune nominal > level(z-province)\n"
                        "05:20:00-05:30:00 z-province nominal\n"
                        "05:30:00-06:00:00 a-commune+1800 rejoined(z-province)\n");
    world->airings[0].level = world->airings[1].level = 1;
    world->airings[0].came_us = 10, world->airings[1].came_us = 20;
    world_expect(world, "05:00:00-06:00:00 a-commune nominal\n"
                        "- 05:30:00 z-province missed/displaced level(a-commune) slot\n");
}

/* ---- fates ---- */

static World *interrupted(OnPreempt on_preempt)
{
    World *world = world_new();
    world_airing(world, "news", "17:00", 10 * MINUTE_US)->on_preempt = on_preempt;
    world_alert(world, "alert", "17:04", 2 * MINUTE_US);
    return world;
}

static void test_resume(void)
{
    g_autoptr(World) world = interrupted(PREEMPT_RESUME);
    world_expect(world, "17:00:00-17:04:00 news nominal > rank(alert)\n"
                        "17:04:00-17:06:00 alert alert\n"
                        "17:06:00-17:12:00 news+240 resumed(alert)\n");
}

static void test_restart(void)
{
    g_autoptr(World) world = interrupted(PREEMPT_RESTART);
    world_expect(world, "17:00:00-17:04:00 news nominal > rank(alert)\n"
                        "17:04:00-17:06:00 alert alert\n"
                        "17:06:00-17:16:00 news restarted(alert)\n");
}

static void test_drop(void)
{
    g_autoptr(World) world = interrupted(PREEMPT_DROP);
    world_expect(world, "17:00:00-17:04:00 news nominal > drop(alert)\n"
                        "17:04:00-17:06:00 alert alert\n"
                        "- 17:04:00 news partial/displaced drop(alert)\n");
}

static void test_start_by_to_the_microsecond(void)
{
    /* given an alert that ends exactly at start_by, then one that ends 1 µs later */
    g_autoptr(World) world = interrupted(PREEMPT_RESUME);
    TimelineItem *alert = (TimelineItem *)world->events[0].items;
    alert->length_us = 6 * MINUTE_US;
    world_expect(world, "17:00:00-17:04:00 news nominal > rank(alert)\n"
                        "17:04:00-17:10:00 alert alert\n"
                        "17:10:00-17:16:00 news+240 resumed(alert)\n");
    alert->length_us += 1;
    world_expect(world, "17:00:00-17:04:00 news nominal > rank(alert)\n"
                        "17:04:00-17:10:00.000001 alert alert\n"
                        "- 17:10:00.000001 news partial/displaced rank(alert) start_by\n");
    /* and the same before it ever sounded */
    world->events[0].at_us = at("17:00");
    alert->length_us = 10 * MINUTE_US;
    world_expect(world, "17:00:00-17:10:00 alert alert\n"
                        "17:10:00-17:20:00 news waited(alert)\n");
    alert->length_us += 1;
    world_expect(world, "17:00:00-17:10:00.000001 alert alert\n"
                        "- 17:10:00.000001 news missed/displaced rank(alert) start_by\n");
}

static void test_programme_of_items(void)
{
    /* given a tune, a relay of 30 minutes and a bulletin, and an alert over the relay's end */
    g_autoptr(World) world = world_new();
    TimelineAiring *programme = world_airing(world, "morning", "05:00", MINUTE_US);
    world_item(world, programme, 30 * MINUTE_US, true);
    world_item(world, programme, 5 * MINUTE_US, false);
    world_alert(world, "alert", "05:20", 13 * MINUTE_US);
    /* then what is left of the relay is gone, and the bulletin plays whole */
    world_expect(world, "05:00:00-05:01:00 morning nominal > continued\n"
                        "05:01:00-05:20:00 morning/1 continued > rank(alert)\n"
                        "05:20:00-05:33:00 alert alert\n"
                        "05:33:00-05:38:00 morning/2 resumed(alert)\n"
                        "- 05:38:00 morning partial/displaced rank(alert)\n");
}

static void test_outputs_are_apart(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "horns", "17:00", 5 * MINUTE_US)->outputs = 1;
    world_airing(world, "hall", "17:02", 5 * MINUTE_US)->outputs = 2;
    world_airing(world, "both", "17:06", 5 * MINUTE_US)->level = 7;
    world_expect(world, "17:00:00-17:05:00 horns nominal\n"
                        "17:02:00-17:07:00 hall nominal\n"
                        "17:07:00-17:12:00 both moved(hall)\n");
}

static void test_given_twice(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", 5 * MINUTE_US);
    world->airings[world->n_airings++] = world->airings[0];
    world_expect(world, "17:00:00-17:05:00 news nominal\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(timeline->fates[1].first_us, ==, at("17:00"));
}

static void test_words(void)
{
    for (unsigned rule = 0; rule < TIMELINE_RULES; rule++) {
        g_autofree char *vi = timeline_explain(rule, TIMELINE_VI, "Bản tin % sáng");
        g_autofree char *en = timeline_explain(rule, TIMELINE_EN, NULL);
        g_assert_true(g_utf8_validate(vi, -1, NULL));
        g_assert_true(g_str_has_suffix(vi, ".") && g_str_has_suffix(en, "."));
        g_assert_null(strstr(en, "%"));
    }
    g_autofree char *moved = timeline_explain(TIMELINE_RULE_MOVED, TIMELINE_VI, "Bản tin xã");
    g_assert_cmpstr(moved, ==, "Dời đến ngay sau “Bản tin xã” vì trùng giờ.");
}

void rules_add(void)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"ranks sound in their order", test_order_of_ranks},
        {"a graver alert keeps the station", test_alerts_by_severity},
        {"an alert of a higher level displaces, and the loser restarts", test_alerts_by_level},
        {"the newest of equal alerts displaces", test_alerts_by_newest},
        {"two loops never displace each other", test_repeats_do_not_displace},
        {"a repeat inside another alert is skipped", test_repeat_inside_another},
        {"live is first come, first served", test_live_first_come},
        {"of two normals both air, one directly after the other", test_both_must_air},
        {"a move goes to the first gap that fits", test_move_to_the_first_gap},
        {"a move beyond max_move is an absence", test_max_move},
        {"a move past the validity is an absence", test_move_past_validity},
        {"a move into quiet hours is an absence", test_move_into_quiet_hours},
        {"a move is not lateness", test_move_is_not_lateness},
        {"the higher relay wins and the other rejoins", test_higher_relay_wins},
        {"resume goes on at the offset", test_resume},
        {"restart plays again from the top", test_restart},
        {"drop ends there", test_drop},
        {"start_by holds to the microsecond", test_start_by_to_the_microsecond},
        {"a programme loses its stream and keeps its files", test_programme_of_items},
        {"outputs are apart", test_outputs_are_apart},
        {"what is given twice sounds once", test_given_twice},
        {"every rule has words in both languages", test_words},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/timeline/rule: ", tests[i].name, NULL);
        g_test_add_func(path, tests[i].test);
    }
}
