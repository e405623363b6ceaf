/* One test per thing that can happen (cancel, stop, power, failure) and per policy. */
#include "tests.h"
#include "world.h"

static void test_cancel_mid_word(void)
{
    g_autoptr(World) world = world_new();
    world_alert(world, "alert", "17:00", 5 * MINUTE_US)->every_us = 10 * MINUTE_US;
    world_event(world, TIMELINE_CANCEL, "alert", "17:12");
    world_expect(world, "17:00:00-17:05:00 alert alert\n"
                        "17:10:00-17:12:00 alert#1 repeat > cancelled\n"
                        "- 17:12:00 alert#1 cancelled cancelled\n");
}

static void test_cancel_between_plays(void)
{
    g_autoptr(World) world = world_new();
    world_alert(world, "alert", "17:00", 5 * MINUTE_US)->every_us = 10 * MINUTE_US;
    world_event(world, TIMELINE_CANCEL, "alert", "17:07");
    world_expect(world, "17:00:00-17:05:00 alert alert\n");
}

static void test_cancel_in_any_order(void)
{
    g_autoptr(World) world = world_new();
    world_event(world, TIMELINE_CANCEL, "alert", "16:00");
    world_event(world, TIMELINE_CANCEL, "news", "16:30");
    world_alert(world, "alert", "17:00", 5 * MINUTE_US)->every_us = 10 * MINUTE_US;
    world_airing(world, "news", "17:00", 5 * MINUTE_US);
    world_airing(world, "other", "17:00", 5 * MINUTE_US)->level = 4;
    world_expect(world, "17:00:00-17:05:00 other nominal\n"
                        "- 16:00:00 alert cancelled cancelled\n"
                        "- 16:30:00 news cancelled cancelled\n");
}

static void test_alert_expiry(void)
{
    g_autoptr(World) world = world_new();
    TimelineEvent *alert = world_alert(world, "alert", "06:00", MINUTE_US);
    alert->every_us = 3 * HOUR_US;
    world_expect(world, "06:00:00-06:01:00 alert alert\n"
                        "09:00:00-09:01:00 alert#1 repeat\n"); /* six hours */
    alert->every_us = 12 * HOUR_US;
    alert->until_us = at("5 06:00");
    world_expect(world, "06:00:00-06:01:00 alert alert\n"
                        "18:00:00-18:01:00 alert#1 repeat\n"); /* a day at most */
}

static void test_six_alerts_an_hour(void)
{
    g_autoptr(World) world = world_new();
    static const char *const starts[] = {"17:00", "17:10", "17:20", "17:30",
                                         "17:40", "17:50", "17:59", "18:00"};
    static const char *const ids[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    for (unsigned i = 0; i < G_N_ELEMENTS(starts); i++)
        world_alert(world, ids[i], starts[i], 10 * SECOND_US)->every_us = 5 * HOUR_US;
    world->events[0].every_us = 5 * MINUTE_US; /* repeats do not count */
    world->events[0].until_us = at("17:06");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpuint(timeline->n_absences, ==, 1);
    g_assert_cmpstr(timeline_id((TimelineAirings){0},
                                (TimelineEvents){world->events, world->n_events},
                                timeline->absences[0].who),
                    ==, "g");
    g_assert_cmpint(timeline->absences[0].rule, ==, TIMELINE_RULE_ALERT_LIMIT);
    g_assert_cmpint(timeline->absences[0].reason, ==, REASON_POLICY);
}

static void test_fewer_alerts_by_policy(void)
{
    g_autoptr(World) world = world_new();
    world_policy(world)->alerts_per_hour = 2;
    world_policy(world)->alerts_per_hour = 50; /* a child cannot allow more */
    world_alert(world, "a", "17:00", MINUTE_US);
    world_alert(world, "b", "17:10", MINUTE_US);
    world_alert(world, "c", "17:59", MINUTE_US);
    world_alert(world, "d", "18:00", MINUTE_US);
    world_alert(world, "e", "18:09", MINUTE_US);
    world_expect(world, "17:00:00-17:01:00 a alert\n"
                        "17:10:00-17:11:00 b alert\n"
                        "18:00:00-18:01:00 d alert\n"
                        "- 17:59:00 c missed/policy alert_limit\n"
                        "- 18:09:00 e missed/policy alert_limit\n");
}

static void test_planned_emergency(void)
{
    /* given a drill of the highest rank in the plan itself */
    g_autoptr(World) world = world_new();
    world_airing(world, "siren", "23:00", MINUTE_US)->rank = RANK_EMERGENCY;
    world_airing(world, "news", "17:00", 5 * MINUTE_US);
    world_airing(world, "drill", "17:02", MINUTE_US)->rank = RANK_EMERGENCY;
    world_expect(world, "17:00:00-17:02:00 news nominal > rank(drill)\n"
                        "17:02:00-17:03:00 drill alert\n"
                        "17:03:00-17:06:00 news+120 resumed(drill)\n"
                        "23:00:00-23:01:00 siren alert\n");
}

static void test_local_stop(void)
{
    /* given an airing interrupted by an alert that loops, and the button */
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", 10 * MINUTE_US);
    world_alert(world, "alert", "17:02", 5 * MINUTE_US)->every_us = 10 * MINUTE_US;
    world_event(world, TIMELINE_LOCAL_STOP, NULL, "17:04");
    /* then the alert is over for good, the airing goes on, and a new id may sound */
    world_alert(world, "other", "17:20", MINUTE_US);
    world_expect(world, "17:00:00-17:02:00 news nominal > rank(alert)\n"
                        "17:02:00-17:04:00 alert alert > local_stop\n"
                        "17:04:00-17:12:00 news+120 resumed(alert)\n"
                        "17:20:00-17:21:00 other alert\n"
                        "- 17:04:00 alert partial/local_stop local_stop\n");
}

static TimelineEvent *off(World *world, const char *from, const char *until)
{
    TimelineEvent *event = world_event(world, TIMELINE_OFF, NULL, from);
    event->until_us = at(until);
    event->reason = REASON_NO_POWER;
    return event;
}

static void test_power_cut_while_sounding(void)
{
    /* a file is over, a relay joins again, an alert starts again from the top */
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", 10 * MINUTE_US);
    off(world, "17:04", "17:06");
    world_relay(world, "relay", "18:00", 30 * MINUTE_US);
    off(world, "18:10", "18:11");
    world_alert(world, "alert", "19:00", 5 * MINUTE_US);
    off(world, "19:02", "19:30");
    world_expect(world, "17:00:00-17:04:00 news nominal > off\n"
                        "18:00:00-18:10:00 relay nominal > off\n"
                        "18:11:00-18:30:00 relay+660 rejoined\n"
                        "19:00:00-19:02:00 alert alert > off\n"
                        "19:30:00-19:35:00 alert restarted\n"
                        "- 17:04:00 news partial/no_power off\n"
                        "- 18:30:00 relay partial/no_power off\n");
}

static void test_silent_by_preemption_survives(void)
{
    /* given an airing that only waits while the power fails */
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", 5 * MINUTE_US);
    world_alert(world, "alert", "17:02", 3 * MINUTE_US);
    off(world, "17:03", "17:04");
    world_expect(world, "17:00:00-17:02:00 news nominal > rank(alert)\n"
                        "17:02:00-17:03:00 alert alert > off\n"
                        "17:04:00-17:07:00 alert restarted\n"
                        "17:07:00-17:10:00 news+120 resumed(alert)\n");
}

static void test_boot_without_time(void)
{
    g_autoptr(World) world = world_new();
    world_alert(world, "alert", "17:00", MINUTE_US)->every_us = 10 * MINUTE_US;
    world->events[0].until_us = at("17:45");
    off(world, "17:05", "17:15")->clock_lost = true;
    world_event(world, TIMELINE_CONFIRM, "alert", "17:33");
    world_expect(world, "17:00:00-17:01:00 alert alert\n"
                        "17:40:00-17:41:00 alert#4 repeat\n"
                        "- 17:10:00 alert#1 missed/no_power off\n"
                        "- 17:20:00 alert#2 missed/no_time unconfirmed\n"
                        "- 17:30:00 alert#3 missed/no_time unconfirmed\n");
}

static void test_no_time(void)
{
    /* nothing scheduled starts, an alert does */
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", MINUTE_US);
    world_alert(world, "alert", "17:05", MINUTE_US);
    off(world, "16:00", "17:30")->reason = REASON_NO_TIME;
    world_expect(world, "17:05:00-17:06:00 alert alert\n"
                        "- 17:10:00.000001 news missed/no_time off start_by\n");
}

static void test_still_off(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "17:00", MINUTE_US);
    off(world, "16:00", "16:00")->until_us = 0;
    world->now_us = at("17:05");
    world_expect(world, "17:05:00-17:06:00 news waited\n");
}

static void test_failures(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "absent", "17:00", MINUTE_US);
    world_airing(world, "fetched", "17:20", MINUTE_US);
    world_airing(world, "broken", "17:40", 4 * MINUTE_US);
    TimelineEvent *event = world_event(world, TIMELINE_FAILED, "absent", "16:00");
    event->reason = REASON_NO_MEDIA;
    event = world_event(world, TIMELINE_FAILED, "fetched", "16:00");
    event->reason = REASON_NO_MEDIA;
    event->until_us = at("17:21");
    world_event(world, TIMELINE_FAILED, "broken", "17:41")->reason = REASON_DEVICE_FAULT;
    world_expect(world, "17:21:00-17:22:00 fetched waited\n"
                        "17:40:00-17:41:00 broken nominal > failed\n"
                        "- 17:10:00.000001 absent missed/no_media failed start_by\n"
                        "- 17:41:00 broken partial/device_fault failed\n");
}

static void test_ended_early(void)
{
    g_autoptr(World) world = world_new();
    world_relay(world, "live", "17:00", 30 * MINUTE_US)->rank = RANK_LIVE;
    world_airing(world, "news", "17:05", MINUTE_US);
    world_event(world, TIMELINE_ENDED, "live", "17:08");
    world_expect(world, "17:00:00-17:08:00 live nominal > ended\n"
                        "17:08:00-17:09:00 news waited(live)\n");
}

static void test_started_keeps_its_place(void)
{
    /* given an airing that began at 17:00, and at 17:03 a plan with one that goes before it */
    g_autoptr(World) world = world_new();
    world_airing(world, "old", "17:00", 8 * MINUTE_US);
    TimelineAiring *newer = world_airing(world, "new", "17:00", 5 * MINUTE_US);
    newer->level = 0;
    newer->known_us = at("17:03");
    world_expect(world, "17:03:00-17:08:00 new waited\n"
                        "17:08:00-17:16:00 old waited(new)\n");
    world_event(world, TIMELINE_STARTED, "old", "17:00");
    world_expect(world, "17:00:00-17:08:00 old nominal\n"
                        "17:08:00-17:13:00 new moved(old)\n");
}

static void test_started_is_not_moved(void)
{
    /* given two that began, though their times overlap: the first ended early, nobody said so */
    g_autoptr(World) world = world_new();
    world_airing(world, "first", "17:00", 8 * MINUTE_US);
    world_airing(world, "second", "17:00", 8 * MINUTE_US)->level = 3;
    world_event(world, TIMELINE_STARTED, "first", "17:00");
    world_event(world, TIMELINE_STARTED, "second", "17:05");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "second")->resolved_us, ==, at("17:05"));
}

static void test_known_too_late(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "late", "17:00", 5 * MINUTE_US)->known_us = at("17:02");
    world_airing(world, "later", "18:00", 5 * MINUTE_US)->known_us = at("18:12");
    world_expect(world, "17:02:00-17:07:00 late waited\n"
                        "- 18:10:00.000001 later missed/late not_known start_by\n");
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpint(world_fate(world, timeline, "late")->rule, ==, TIMELINE_RULE_NOT_KNOWN);
}

/* ---- policies ---- */

static void test_quiet_hours(void)
{
    /* default 22:00-04:45: a minute over is forgiven, more fades after two, nothing starts */
    g_autoptr(World) world = world_new();
    world_airing(world, "short", "21:58", 3 * MINUTE_US);
    world_airing(world, "night", "23:00", MINUTE_US);
    world_airing(world, "long", "1 21:58", 10 * MINUTE_US);
    world_alert(world, "alert", "1 23:00", MINUTE_US);
    world_airing(world, "dawn", "2 04:40", MINUTE_US);
    world_expect(world, "21:58:00-22:01:00 short nominal\n"
                        "1 21:58:00-1 22:02:00 long nominal > quiet\n"
                        "1 23:00:00-1 23:01:00 alert alert\n"
                        "2 04:45:00-2 04:46:00 dawn waited\n"
                        "- 23:10:00.000001 night missed/policy quiet start_by\n"
                        "- 1 22:02:00 long partial/policy quiet\n");
}

static void test_nothing_resumes_in_quiet_hours(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "news", "21:50", 20 * MINUTE_US)->tolerance_us = HOUR_US;
    world_alert(world, "alert", "21:59", 2 * MINUTE_US);
    world_expect(world, "21:50:00-21:59:00 news nominal > rank(alert)\n"
                        "21:59:00-22:01:00 alert alert\n"
                        "- 22:50:00.000001 news partial/displaced rank(alert) start_by\n");
}

static void test_next_item_does_not_begin_in_quiet_hours(void)
{
    g_autoptr(World) world = world_new();
    TimelineAiring *programme = world_airing(world, "two", "21:56", 5 * MINUTE_US);
    world_item(world, programme, 5 * MINUTE_US, false);
    world_expect(world, "21:56:00-22:01:00 two nominal > quiet\n"
                        "- 22:01:00 two partial/policy quiet\n");
}

static void test_quiet_hours_when_the_clock_changes(void)
{
    /* given Central Europe, where on 29 March 2026 at 01:00 UTC the clock goes from 02:00 to 03:00
     */
    const int64_t change_us = INT64_C(1774746000) * SECOND_US;
    const TimelineOffset offsets[] = {{0, 3600}, {change_us, 7200}};
    const TimelineItem item = {MINUTE_US, false};
    const int64_t starts_us[] = {
        change_us - DAY_US + 160 * MINUTE_US, /* the day before, 04:40 local */
        change_us + 100 * MINUTE_US,          /* 04:40 local */
        change_us + 1090 * MINUTE_US,         /* 21:10 local */
        change_us + 1140 * MINUTE_US,         /* 22:00 local, which was 21:00 the day before */
    };
    static const char *const ids[] = {"a", "b", "c", "d"};
    TimelineAiring airings[G_N_ELEMENTS(starts_us)];
    for (unsigned i = 0; i < G_N_ELEMENTS(airings); i++)
        airings[i] = (TimelineAiring){.id = ids[i],
                                      .start_us = starts_us[i],
                                      .tolerance_us = -1,
                                      .rank = RANK_NORMAL,
                                      .items = &item,
                                      .n_items = 1};
    g_autoptr(Timeline) timeline =
        timeline_resolve((TimelineAirings){airings, G_N_ELEMENTS(airings)}, (TimelineEvents){0},
                         (TimelinePolicies){.offsets = offsets, .n_offsets = 2}, 0);
    /* then the night ends at 04:45 and begins at 22:00 on both days */
    g_assert_cmpint(timeline->fates[0].first_us, ==, starts_us[0] + 5 * MINUTE_US);
    g_assert_cmpint(timeline->fates[1].first_us, ==, starts_us[1] + 5 * MINUTE_US);
    g_assert_cmpint(timeline->fates[2].first_us, ==, starts_us[2]);
    g_assert_cmpint(timeline->fates[3].outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(timeline->fates[3].rule, ==, TIMELINE_RULE_QUIET);
}

static void test_windows(void)
{
    /* given hours on Monday only, 06:00-07:00 */
    static const TimelineWindow window = {.weekdays = 1, .span = {360, 420}};
    g_autoptr(World) world = world_new();
    TimelinePolicy *policy = world_policy(world);
    policy->windows = &window;
    policy->n_windows = 1;
    world_airing(world, "early", "05:59", MINUTE_US);
    world_airing(world, "in", "06:30", MINUTE_US);
    world_airing(world, "after", "07:00", MINUTE_US);
    world_airing(world, "tuesday", "1 06:30", MINUTE_US);
    world_expect(world, "06:00:00-06:01:00 early waited\n"
                        "06:30:00-06:31:00 in nominal\n"
                        "- 07:10:00.000001 after missed/policy window start_by\n"
                        "- 1 06:40:00.000001 tuesday missed/policy window start_by\n");
}

static void test_ceilings(void)
{
    /* given -6 dB at night and hardware that stands -1 dB */
    static const TimelineCeiling night = {{21 * 60, 6 * 60}, -6000, 0};
    g_autoptr(World) world = world_new();
    TimelinePolicy *policy = world_policy(world);
    policy->ceilings = &night;
    policy->n_ceilings = 1;
    world_policy(world)->hardware_mdb = -1000;
    world_relay(world, "relay", "05:30", 60 * MINUTE_US);
    world_airing(world, "soft", "20:59", 2 * MINUTE_US)->gain_mdb = -9000;
    world_alert(world, "alert", "23:00", MINUTE_US);
    world_expect(world, "05:30:00-06:00:00 relay -6000 nominal > continued\n"
                        "06:00:00-06:30:00 relay+1800 -1000 continued\n"
                        "20:59:00-21:00:00 soft -9000 nominal > continued\n"
                        "21:00:00-21:01:00 soft+60 -9000 continued\n"
                        "23:00:00-23:01:00 alert -1000 alert\n");
}

static void test_minutes(void)
{
    g_autoptr(World) world = world_new();
    world_policy(world)->session_min = 15;
    world_policy(world)->day_min = 25;
    world_airing(world, "a", "06:00", 10 * MINUTE_US);
    world_airing(world, "b", "06:20", 6 * MINUTE_US);
    world_airing(world, "c", "07:00", 10 * MINUTE_US);
    world_airing(world, "d", "12:00", 6 * MINUTE_US);
    world_airing(world, "e", "18:00", 5 * MINUTE_US);
    world_expect(world, "06:00:00-06:10:00 a nominal\n"
                        "07:00:00-07:10:00 c nominal\n"
                        "18:00:00-18:05:00 e nominal\n"
                        "- 06:20:00 b missed/policy session_minutes\n"
                        "- 12:00:00 d missed/policy day_minutes\n");
}

static void test_ceilings_by_class(void)
{
    static const TimelineCeiling ceilings[] = {{{0, 1440}, -6000, 1 << CLASS_NORMAL},
                                               {{0, 1440}, -3000, 0},
                                               {{0, 1440}, -9000, 1 << CLASS_PRIORITY}};
    g_autoptr(World) world = world_new();
    *world_policy(world) =
        (TimelinePolicy){.ceilings = ceilings, .n_ceilings = G_N_ELEMENTS(ceilings)};
    world_airing(world, "normal", "17:00", MINUTE_US);
    TimelineAiring *priority = world_airing(world, "priority", "17:10", MINUTE_US);
    priority->rank = RANK_PRIORITY;
    priority->class = CLASS_PRIORITY;
    world_alert(world, "alert", "17:20", MINUTE_US);
    g_autoptr(Timeline) timeline = world_resolve(world);
    g_assert_cmpuint(timeline->n_pieces, ==, 3);
    g_assert_cmpint(timeline->pieces[0].gain_mdb, ==, -6000);
    g_assert_cmpint(timeline->pieces[1].gain_mdb, ==, -9000);
    g_assert_cmpint(timeline->pieces[2].gain_mdb, ==, 0);
}

static void mute(World *world, const char *from, const char *until)
{
    world_event(world, TIMELINE_MUTED, NULL, from)->until_us = at(until);
}

static void test_muted(void)
{
    g_autoptr(World) world = world_new();
    world_airing(world, "cut", "16:58", 5 * MINUTE_US);
    world_airing(world, "missed", "17:02", 3 * MINUTE_US);
    world_airing(world, "late", "17:20", 5 * MINUTE_US);
    world_alert(world, "alert", "17:10", MINUTE_US);
    mute(world, "17:00", "17:25");
    world_expect(world, "16:58:00-17:00:00 cut nominal > muted\n"
                        "17:10:00-17:11:00 alert alert\n"
                        "17:25:00-17:30:00 late waited\n"
                        "- 17:00:00 cut partial/muted muted\n"
                        "- 17:13:00.000001 missed missed/muted muted start_by\n");
    /* a relay goes on without us, and is joined again */
    g_autoptr(World) other = world_new();
    TimelineAiring *relay = world_airing(other, "relay", "17:00", 30 * MINUTE_US);
    relay->rank = RANK_RELAY;
    ((TimelineItem *)relay->items)[0].stream = true;
    mute(other, "17:05", "17:40"); /* a later word ends it sooner: they follow each other */
    other->events[0].until_us = at("17:10");
    mute(other, "17:10", "17:15");
    world_expect(other, "17:00:00-17:05:00 relay nominal > muted\n"
                        "17:15:00-17:30:00 relay+900 rejoined\n"
                        "- 17:30:00 relay partial/muted muted\n");
}

static void test_child_only_tightens(void)
{
    /* given a province quiet 21:00-05:00, and a commune that says 23:00-04:00 and the siesta */
    static const TimelineSpan province[] = {{21 * 60, 5 * 60}};
    static const TimelineSpan commune[] = {{23 * 60, 4 * 60}, {12 * 60, 13 * 60}};
    g_autoptr(World) world = world_new();
    *world_policy(world) = (TimelinePolicy){.states_quiet = true, .quiet = province, .n_quiet = 1};
    *world_policy(world) = (TimelinePolicy){.states_quiet = true, .quiet = commune, .n_quiet = 2};
    world_airing(world, "noon", "12:30", MINUTE_US);
    world_airing(world, "evening", "21:30", MINUTE_US);
    world_expect(world, "- 12:40:00.000001 noon missed/policy quiet start_by\n"
                        "- 21:40:00.000001 evening missed/policy quiet start_by\n");
    /* and the top may be laxer than the default */
    static const TimelineSpan none[] = {{23 * 60, 4 * 60}};
    world->n_policies = 1;
    world->policies[0].quiet = none;
    world_expect(world, "12:30:00-12:31:00 noon nominal\n"
                        "21:30:00-21:31:00 evening nominal\n");
}

void happened_add(void)
{
    static const struct {
        const char *name;
        void (*test)(void);
    } tests[] = {
        {"a cancel stops an alert in the middle of a word", test_cancel_mid_word},
        {"a cancel between two plays ends the loop", test_cancel_between_plays},
        {"a cancel that comes first holds", test_cancel_in_any_order},
        {"an alert ends after six hours, and after a day at most", test_alert_expiry},
        {"the seventh alert of an hour is refused", test_six_alerts_an_hour},
        {"a policy may allow fewer alerts", test_fewer_alerts_by_policy},
        {"an emergency may stand in the plan", test_planned_emergency},
        {"the stop button ends this id and no other", test_local_stop},
        {"a power cut ends a file, not a relay or an alert", test_power_cut_while_sounding},
        {"what was silent by pre-emption survives a cut", test_silent_by_preemption_survives},
        {"after a boot without time a loop waits for a word", test_boot_without_time},
        {"without the time only alerts start", test_no_time},
        {"an interval that is not over lasts until now", test_still_off},
        {"a failed airing is missed, waits or is cut", test_failures},
        {"what ends early makes room", test_ended_early},
        {"what has started keeps its place", test_started_keeps_its_place},
        {"what has started is not moved by another", test_started_is_not_moved},
        {"what is known too late starts late, or is missed", test_known_too_late},
        {"quiet hours: nothing starts, what sounds gets two minutes", test_quiet_hours},
        {"quiet hours: nothing resumes", test_nothing_resumes_in_quiet_hours},
        {"quiet hours: no next item", test_next_item_does_not_begin_in_quiet_hours},
        {"quiet hours follow the local clock", test_quiet_hours_when_the_clock_changes},
        {"windows by weekday", test_windows},
        {"volume ceilings by time of day", test_ceilings},
        {"minutes per session and day", test_minutes},
        {"volume ceilings by class", test_ceilings_by_class},
        {"silence that the centre orders", test_muted},
        {"a child only tightens", test_child_only_tightens},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/timeline/happened: ", tests[i].name, NULL);
        g_test_add_func(path, tests[i].test);
    }
}
