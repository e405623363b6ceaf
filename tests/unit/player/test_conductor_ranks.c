/* Ranks and fate at the station: the worked examples of the scheduling rules under virtual time,
 * with the real journal. */
#include "desk.h"

static const int64_t eight = EIGHT;

static PlanAiring *ranked(Desk *desk, const char *name, int64_t start_us, int seconds, Rank rank)
{
    PlanAiring *airing = desk_airing(desk, name, start_us, seconds);
    airing->rank = rank;
    airing->class = rank == RANK_PRIORITY ? CLASS_PRIORITY : CLASS_NORMAL;
    PlanItem *item = airing->items->pdata[0];
    if (rank == RANK_RELAY) {
        item->kind = ITEM_RELAY;
        plan_item_add_source(item, "http://radio.example/live", "mp3");
    }
    return airing;
}

static Receipt *receipt_of(Desk *desk, const char *name)
{
    g_autofree char *id = plan_airing_id(name, 0, 0, "station-1");
    for (unsigned i = 0; i < desk_receipts(desk); i++) {
        Receipt *one = desk_receipt(desk, i);
        if (g_str_equal(one->airing, id))
            return one;
        receipt_free(one);
    }
    g_error("no receipt of %s", name);
}

static const ReceiptSegment *segment_of(const Receipt *receipt, unsigned index)
{
    const ReceiptItem *item = receipt->items->pdata[0];
    g_assert_cmpuint(index, <, item->segments->len);
    return item->segments->pdata[index];
}

static unsigned segments_of(const Receipt *receipt)
{
    return ((ReceiptItem *)receipt->items->pdata[0])->segments->len;
}

static void assert_outcome(const Receipt *receipt, Outcome outcome, Reason reason)
{
    g_assert_cmpstr(outcome_words[receipt->outcome], ==, outcome_words[outcome]);
    g_assert_cmpstr(reason_words[receipt->reason], ==, reason_words[reason]);
}

/* Within a fade, or the amplifier's time to settle. */
static void assert_begins(const Receipt *receipt, unsigned index, int64_t at_us)
{
    int64_t first_us = segment_of(receipt, index)->first_us;
    g_assert_cmpint(first_us, >=, at_us - 300000);
    g_assert_cmpint(first_us, <=, at_us + 600000);
}

static HappeningTaken alert(Desk *desk, const char *id, int seconds, int every_minutes,
                            int64_t until_us)
{
    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = seconds * INT64_C(48000)};
    return conductor_alert(desk->conductor, &(HappeningAlert){.id = id,
                                                              .until_us = until_us,
                                                              .every_us = every_minutes * MINUTE,
                                                              .severity = 3,
                                                              .clips = &clip,
                                                              .n_clips = 1});
}

/* Example 1. */
static void a_bulletin_in_a_relay_leaves_it_played_in_two_segments(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {ranked(desk, "relay", eight, 3600, RANK_RELAY),
                             ranked(desk, "news", eight + 30 * MINUTE, 360, RANK_NORMAL)};
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 62 * MINUTE);

    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    g_autoptr(Receipt) relay = receipt_of(desk, "relay");
    assert_outcome(news, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpint(segment_of(news, 0)->first_us, ==, eight + 30 * MINUTE);
    assert_outcome(relay, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpuint(segments_of(relay), ==, 2);
    assert_begins(relay, 1, eight + 36 * MINUTE);
    g_assert_cmpint(segment_of(relay, 0)->last_us, <=, eight + 30 * MINUTE);
    /* It is where the station is by then, not where it was left. */
    g_assert_cmpint(segment_of(relay, 1)->offset_frames / 48000, ==, 36 * 60);
}

/* Example 2. */
static void two_priorities_at_one_time_play_one_after_the_other(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {ranked(desk, "province", eight, 300, RANK_PRIORITY),
                             ranked(desk, "commune", eight, 480, RANK_PRIORITY)};
    airings[1]->order = 1;
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 14 * MINUTE);
    g_autoptr(Receipt) province = receipt_of(desk, "province");
    g_autoptr(Receipt) commune = receipt_of(desk, "commune");
    assert_outcome(province, OUTCOME_PLAYED, REASON_NONE);
    assert_outcome(commune, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpint(segment_of(commune, 0)->first_us, ==, eight + 5 * MINUTE);
    g_assert_cmpint(province->late_by_ms + commune->late_by_ms, ==, 0);
}

/* Example 3. */
static void an_emergency_in_between_moves_all_that_follows(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {ranked(desk, "province", eight, 300, RANK_PRIORITY),
                             ranked(desk, "commune", eight, 480, RANK_PRIORITY)};
    airings[1]->order = 1;
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 2 * MINUTE);
    g_assert_cmpint(alert(desk, "flood", 120, 30, eight + HOUR), ==, HAPPENING_TAKEN);
    desk_run_until(desk, eight + 2 * HOUR);

    g_assert_cmpuint(desk_receipts(desk), ==, 4);
    g_autoptr(Receipt) province = receipt_of(desk, "province");
    g_autoptr(Receipt) commune = receipt_of(desk, "commune");
    g_autoptr(Receipt) flood = receipt_of(desk, "flood");
    assert_outcome(flood, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpint(flood->kind, ==, RECEIPT_ALERT);
    g_assert_cmpstr(flood->broadcast, ==, "flood");
    assert_begins(flood, 0, eight + 2 * MINUTE);
    assert_outcome(province, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpuint(segments_of(province), ==, 2);
    assert_begins(province, 1, eight + 4 * MINUTE);
    const ReceiptSegment *first = segment_of(province, 0), *second = segment_of(province, 1);
    g_assert_cmpint(second->offset_frames, ==, first->frames); /* no word lost, none twice */
    g_assert_cmpint(first->frames + second->frames, ==, 300 * 48000);
    assert_outcome(commune, OUTCOME_PLAYED, REASON_NONE);
    assert_begins(commune, 0, eight + 7 * MINUTE);

    g_autofree char *repeat_id = plan_airing_id("flood", 0, 1, "station-1");
    unsigned repeats = 0;
    for (unsigned i = 0; i < 4; i++) {
        g_autoptr(Receipt) one = desk_receipt(desk, i);
        if (!g_str_equal(one->airing, repeat_id))
            continue;
        repeats++;
        g_assert_cmpuint(one->repeat, ==, 1);
        assert_begins(one, 0, eight + 32 * MINUTE);
    }
    g_assert_cmpuint(repeats, ==, 1); /* nothing after its end */
}

/* Example 5. */
static void a_late_boot_joins_a_relay_and_misses_a_bulletin(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *wide = ranked(desk, "wide", eight, 20, RANK_NORMAL);
    wide->start_by_us = eight + 15 * MINUTE;
    PlanAiring *airings[] = {ranked(desk, "narrow", eight, 20, RANK_NORMAL), wide,
                             ranked(desk, "relay", eight, 3600, RANK_RELAY)};
    airings[0]->order = 1;
    desk_give_plan(desk, airings, 3);
    desk_run_until(desk, eight - 10 * MINUTE);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 22 * MINUTE);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, eight + 61 * MINUTE);

    g_autoptr(Receipt) narrow = receipt_of(desk, "narrow");
    assert_outcome(narrow, OUTCOME_MISSED, REASON_NO_POWER);
    g_autoptr(Receipt) late = receipt_of(desk, "wide");
    assert_outcome(late, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpint(late->late_by_ms / 1000, ==, 720);
    g_autoptr(Receipt) relay = receipt_of(desk, "relay");
    assert_begins(relay, 0, eight + 12 * MINUTE + 20 * SECOND);
}

static void one_that_asks_for_it_starts_from_the_top_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = ranked(desk, "news", eight, 60, RANK_NORMAL);
    airing->on_preempt = PREEMPT_RESTART;
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 30 * SECOND);
    alert(desk, "flood", 10, 0, 0);
    desk_run_until(desk, eight + 3 * MINUTE);
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    assert_outcome(news, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpint(segment_of(news, 1)->offset_frames, ==, 0);
    g_assert_cmpint(segment_of(news, 1)->frames, ==, 60 * 48000);
}

static void one_that_asks_to_be_dropped_is_partial_and_names_the_winner(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = ranked(desk, "news", eight, 60, RANK_NORMAL);
    airing->on_preempt = PREEMPT_DROP;
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 30 * SECOND);
    alert(desk, "flood", 10, 0, 0);
    desk_run_until(desk, eight + 3 * MINUTE);
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    assert_outcome(news, OUTCOME_PARTIAL, REASON_DISPLACED);
    g_assert_cmpstr(news->fault, ==, "flood");
    g_assert_cmpuint(segments_of(news), ==, 1);
}

static void a_remainder_that_cannot_start_in_time_is_partial(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, ranked(desk, "news", eight, 60, RANK_NORMAL));
    desk_run_until(desk, eight + 30 * SECOND);
    alert(desk, "flood", 660, 0, 0); /* past its tolerance */
    desk_run_until(desk, eight + 20 * MINUTE);
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    assert_outcome(news, OUTCOME_PARTIAL, REASON_DISPLACED);
    g_assert_cmpstr(news->fault, ==, "flood");
}

static void a_graver_alert_goes_first_and_the_other_starts_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    alert(desk, "storm", 60, 0, 0);
    desk_run_until(desk, MORNING + 20 * SECOND);
    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = 30 * INT64_C(48000)};
    conductor_alert(desk->conductor,
                    &(HappeningAlert){.id = "flood", .severity = 4, .clips = &clip, .n_clips = 1});
    desk_run_until(desk, MORNING + 3 * MINUTE);
    g_autoptr(Receipt) storm = receipt_of(desk, "storm");
    g_autoptr(Receipt) flood = receipt_of(desk, "flood");
    assert_outcome(flood, OUTCOME_PLAYED, REASON_NONE);
    assert_outcome(storm, OUTCOME_PLAYED, REASON_NONE);
    assert_begins(flood, 0, MORNING + 20 * SECOND);
    assert_begins(storm, 1, MORNING + 50 * SECOND);
    g_assert_cmpint(segment_of(storm, 1)->offset_frames, ==, 0);
}

static void a_cancel_stops_an_alert_mid_word(void)
{
    g_autoptr(Desk) desk = desk_new();
    alert(desk, "storm", 60, 10, 0);
    desk_run_until(desk, MORNING + 20 * SECOND);
    conductor_cancel(desk->conductor, "storm", 0);
    desk_run_until(desk, MORNING + 30 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
    g_autoptr(Receipt) storm = receipt_of(desk, "storm");
    assert_outcome(storm, OUTCOME_CANCELLED, REASON_NONE);
    g_assert_cmpint(segment_of(storm, 0)->frames, <, 22 * 48000);
    g_assert_cmpint(alert(desk, "storm", 60, 10, 0), !=, HAPPENING_TAKEN);
}

static void a_cancel_that_comes_first_is_kept(void)
{
    g_autoptr(Desk) desk = desk_new();
    conductor_cancel(desk->conductor, "storm", 0);
    g_assert_cmpint(alert(desk, "storm", 60, 0, 0), ==, HAPPENING_CANCELLED);
    desk_run_until(desk, MORNING + 2 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
}

static void the_stop_button_ends_an_alert_for_good_but_not_a_new_one(void)
{
    g_autoptr(Desk) desk = desk_new();
    alert(desk, "storm", 60, 5, 0);
    desk_run_until(desk, MORNING + 10 * SECOND);
    conductor_stop_local(desk->conductor);
    desk_run_until(desk, MORNING + 12 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
    g_autoptr(Receipt) storm = receipt_of(desk, "storm");
    assert_outcome(storm, OUTCOME_PARTIAL, REASON_LOCAL_STOP);
    g_assert_cmpint(alert(desk, "flood", 10, 0, 0), ==, HAPPENING_TAKEN);
    desk_run_until(desk, MORNING + 13 * MINUTE);
    g_autoptr(Receipt) flood = receipt_of(desk, "flood");
    assert_outcome(flood, OUTCOME_PLAYED, REASON_NONE);
}

static void an_alert_needs_no_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk->probe.synchronised = false;
    desk_run_until(desk, MORNING + SECOND);
    alert(desk, "storm", 20, 0, 0);
    desk_run_until(desk, MORNING + MINUTE);
    g_autoptr(Receipt) storm = receipt_of(desk, "storm");
    assert_outcome(storm, OUTCOME_PLAYED, REASON_NONE);
}

static void setting_the_clock_moves_no_alert(void)
{
    g_autoptr(Desk) desk = desk_new();
    alert(desk, "storm", 20, 10, 0);
    desk_run_until(desk, MORNING + MINUTE);
    desk->clock.wall += 2 * HOUR;
    desk_run_until(desk, desk->clock.wall + 10 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 2); /* the play and one repeat, not thirteen */
}

static void the_seventh_alert_of_an_hour_is_refused(void)
{
    g_autoptr(Desk) desk = desk_new();
    for (unsigned i = 0; i < 7; i++) {
        g_autofree char *id = g_strdup_printf("storm-%u", i);
        alert(desk, id, 5, 0, 0);
        desk_run_until(desk, desk->clock.wall + MINUTE);
    }
    g_assert_cmpuint(desk_receipts(desk), ==, 7);
    g_autoptr(Receipt) last = receipt_of(desk, "storm-6");
    assert_outcome(last, OUTCOME_MISSED, REASON_POLICY);
}

static void quiet_hours_give_two_minutes_and_then_fade(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {ranked(desk, "news", eight, 600, RANK_NORMAL),
                             ranked(desk, "late", eight + 7 * MINUTE, 20, RANK_NORMAL)};
    TimelineSpan quiet = {8 * 60 + 5, 9 * 60};
    desk->quiet = &quiet;
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 30 * MINUTE);
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    assert_outcome(news, OUTCOME_PARTIAL, REASON_POLICY);
    g_assert_cmpint(segment_of(news, 0)->frames / 48000, >=, 7 * 60 - 1);
    g_assert_cmpint(segment_of(news, 0)->frames / 48000, <=, 7 * 60 + 1);
    g_autoptr(Receipt) late = receipt_of(desk, "late");
    assert_outcome(late, OUTCOME_MISSED, REASON_POLICY);
}

static void a_crash_while_silent_lets_it_go_on(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {ranked(desk, "news", eight, 60, RANK_NORMAL),
                             ranked(desk, "order", eight + 30 * SECOND, 60, RANK_PRIORITY)};
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 50 * SECOND);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 20 * SECOND);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, eight + 5 * MINUTE);

    g_autoptr(Receipt) order = receipt_of(desk, "order");
    assert_outcome(order, OUTCOME_PARTIAL, REASON_NO_POWER); /* it sounded */
    g_autoptr(Receipt) news = receipt_of(desk, "news");
    assert_outcome(news, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpuint(segments_of(news), ==, 2);
    g_assert_cmpint(segment_of(news, 1)->offset_frames, ==, segment_of(news, 0)->frames);
    g_assert_cmpuint(desk_receipts(desk), ==, 2);
}

static void a_relay_that_a_crash_cut_is_joined_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *relay = ranked(desk, "relay", eight, 600, RANK_RELAY);
    PlanItem *item = relay->items->pdata[0];
    g_clear_pointer(&item->sha256, g_free);
    plan_item_add_source(item, "http://radio.example/live", "mp3");
    desk_give_airing(desk, relay);
    desk_run_until(desk, eight + 20 * SECOND);
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 60 * SECOND);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, eight + 11 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
    g_autoptr(Receipt) receipt = receipt_of(desk, "relay");
    assert_outcome(receipt, OUTCOME_PARTIAL, REASON_NO_POWER);
    g_assert_cmpuint(segments_of(receipt), ==, 2);
    g_assert_cmpstr(segment_of(receipt, 0)->ended, ==, "crash");
    g_assert_cmpint(segment_of(receipt, 1)->offset_frames / 48000, >=, 80);
    g_assert_cmpint(segment_of(receipt, 1)->last_us, <=, eight + 600 * SECOND + SECOND);
}

static void an_emergency_that_a_crash_cut_starts_from_the_top(void)
{
    g_autoptr(Desk) desk = desk_new();
    alert(desk, "storm", 60, 0, 0);
    desk_run_until(desk, MORNING + 20 * SECOND);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 20 * SECOND);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    HappeningClip clip = {
        .sha256 = desk->good_sha256, .version = "siren", .frames = 60 * INT64_C(48000)};
    conductor_alert(
        desk->conductor,
        &(HappeningAlert){
            .id = "storm", .restored = true, .at_us = MORNING, .clips = &clip, .n_clips = 1});
    desk_run_until(desk, MORNING + 3 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 1);
    g_autoptr(Receipt) storm = receipt_of(desk, "storm");
    assert_outcome(storm, OUTCOME_PLAYED, REASON_NONE);
    g_assert_cmpuint(segments_of(storm), ==, 2);
    g_assert_cmpint(segment_of(storm, 1)->frames, ==, 60 * 48000);
}

static void a_ceiling_lowers_what_sounds_at_its_hour(void)
{
    g_autoptr(Desk) desk = desk_new();
    TimelineCeiling ceiling = {.span = {8 * 60, 9 * 60}, .gain_mdb = -12000};
    desk->ceiling = &ceiling;
    desk_give_airing(desk, ranked(desk, "news", eight, 60, RANK_NORMAL));
    desk_run_until(desk, eight + 10 * SECOND);
    g_assert_cmpfloat(audio_fake_item(desk->audio)->gain_db, ==, -12.0);
}

static void streams_that_nothing_here_can_play_are_unsupported(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = ranked(desk, "live", eight, 60, RANK_LIVE);
    ((PlanItem *)airing->items->pdata[0])->kind = ITEM_LIVE;
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 2 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_UNSUPPORTED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {
        {"bulletin in a relay", a_bulletin_in_a_relay_leaves_it_played_in_two_segments},
        {"two priorities", two_priorities_at_one_time_play_one_after_the_other},
        {"emergency in between", an_emergency_in_between_moves_all_that_follows},
        {"late boot", a_late_boot_joins_a_relay_and_misses_a_bulletin},
        {"restart", one_that_asks_for_it_starts_from_the_top_again},
        {"drop", one_that_asks_to_be_dropped_is_partial_and_names_the_winner},
        {"remainder too late", a_remainder_that_cannot_start_in_time_is_partial},
        {"graver alert", a_graver_alert_goes_first_and_the_other_starts_again},
        {"cancel mid word", a_cancel_stops_an_alert_mid_word},
        {"cancel first", a_cancel_that_comes_first_is_kept},
        {"stop button and alerts", the_stop_button_ends_an_alert_for_good_but_not_a_new_one},
        {"alert without time", an_alert_needs_no_time},
        {"alert and clock", setting_the_clock_moves_no_alert},
        {"seventh alert", the_seventh_alert_of_an_hour_is_refused},
        {"quiet hours", quiet_hours_give_two_minutes_and_then_fade},
        {"crash while silent", a_crash_while_silent_lets_it_go_on},
        {"crash in a relay", a_relay_that_a_crash_cut_is_joined_again},
        {"crash in an emergency", an_emergency_that_a_crash_cut_starts_from_the_top},
        {"ceiling", a_ceiling_lowers_what_sounds_at_its_hour},
        {"unsupported relay", streams_that_nothing_here_can_play_are_unsupported},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *path = g_strconcat("/conductor ranks/", tests[i].name, NULL);
        g_test_add_func(path, tests[i].run);
    }
    return g_test_run();
}
