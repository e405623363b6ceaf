/* The conductor with everything in order: what plays when, and what is said of the rest. */
#include "desk.h"

static const int64_t eight = EIGHT;

static void plays_on_time_and_says_so(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + MINUTE);

    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(segment->first_us, ==, eight);
    g_assert_cmpint(segment->frames, ==, 20 * 48000);
    g_assert_cmpstr(segment->ended, ==, "complete");
    g_assert_cmpint(receipt->late_by_ms, ==, 0);
    g_assert_cmpint(receipt->counter, ==, 1);
    g_assert_cmpint(receipt->evidence_grade, ==, 2);
    g_assert_cmpstr(receipt->amplifier, ==, "on");
}

static void switches_the_amplifier_on_before_and_off_after(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + MINUTE);

    g_assert_cmpint(desk->amplifier_on_us, <=, eight - 500000);
    g_assert_cmpint(desk->amplifier_on_us, >=, eight - 3 * SECOND);
    g_assert_cmpint(desk->amplifier_off_us, >=, eight + 21 * SECOND);
    g_assert_cmpint(desk->amplifier_off_us, <=, eight + 23 * SECOND);
}

static void a_late_boot_within_the_tolerance_starts_from_the_top(void)
{
    g_autoptr(Desk) desk = desk_new();
    conductor_tick(desk->conductor);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, EIGHT - MORNING + 5 * MINUTE);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 7 * MINUTE);

    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpint(receipt->late_by_ms, >=, 5 * 60 * 1000);
    g_assert_cmpint(receipt->late_by_ms, <, 5 * 60 * 1000 + 2000);
}

static void without_power_over_the_start_it_is_missed_for_that(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_run_until(desk, MORNING + MINUTE);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 9 * HOUR);
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, desk->clock.wall + MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_POWER);
}

static void a_daemon_that_was_away_in_the_same_boot_says_restart(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_run_until(desk, MORNING + MINUTE);
    desk_crash(desk);
    fake_clock_advance(&desk->clock, 9 * HOUR);
    desk_boot(desk, NULL);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, desk->clock.wall + MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_RESTART);
}

static void a_plan_that_comes_after_the_tolerance_makes_it_late(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_run_until(desk, eight + 11 * MINUTE);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 12 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_LATE);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void past_its_validity_it_is_expired(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_run_until(desk, eight + 3 * MINUTE);
    PlanAiring *airing = desk_airing(desk, "a", eight, 20);
    airing->valid_until_us = eight + 2 * MINUTE;
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 12 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_EXPIRED);
}

/* Nothing else happens until then, so that nobody has a reason to look at the plan again. */
static void what_lies_days_ahead_plays_in_its_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {desk_airing(desk, "far", EIGHT + 72 * HOUR + MINUTE, 60),
                             desk_airing(desk, "farther", EIGHT + 144 * HOUR + MINUTE, 60)};
    desk_give_plan(desk, airings, 2);
    for (int hour = 0; hour < 7 * 24; hour++) {
        desk_run_until(desk, desk->clock.wall + 3 * MINUTE);
        fake_clock_advance(&desk->clock, 27 * MINUTE);
        desk_run_until(desk, desk->clock.wall + 3 * MINUTE);
        fake_clock_advance(&desk->clock, 27 * MINUTE);
    }
    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(Receipt) receipt = desk_receipt(desk, i);
        g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);
        g_assert_cmpint(receipt->late_by_ms, ==, 0);
    }
}

static void the_second_of_two_waits_for_the_first(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {desk_airing(desk, "a", eight, 60), desk_airing(desk, "b", eight, 20)};
    airings[1]->order = 1;
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 3 * MINUTE);

    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    g_autoptr(Receipt) first = desk_receipt(desk, 0);
    g_autoptr(Receipt) second = desk_receipt(desk, 1);
    g_autofree char *id = plan_airing_id("a", 0, 0, "station-1");
    g_assert_cmpstr(first->airing, ==, id);
    g_assert_cmpint(second->outcome, ==, OUTCOME_PLAYED);
    g_assert_cmpint(second->late_by_ms, ==, 0); /* a planned move is no lateness */
    g_assert_cmpint(second->planned_us, ==, eight);
    g_assert_cmpint(second->resolved_us, ==, eight + MINUTE);
    const ReceiptItem *item = second->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(segment->first_us, ==, eight + MINUTE); /* on the very next frame */
}

static void displaced_beyond_its_tolerance_it_names_the_winner(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[] = {desk_airing(desk, "a", eight, 1200),
                             desk_airing(desk, "b", eight + MINUTE, 20)};
    airings[0]->rank = RANK_PRIORITY;
    desk_give_plan(desk, airings, 2);
    desk_run_until(desk, eight + 30 * MINUTE);

    g_assert_cmpuint(desk_receipts(desk), ==, 2);
    g_autoptr(Receipt) missed = desk_receipt(desk, 0); /* closed while the other still sounds */
    g_autofree char *winner = plan_airing_id("a", 0, 0, "station-1");
    g_assert_cmpint(missed->outcome, ==, OUTCOME_MISSED);
    g_assert_cmpint(missed->reason, ==, REASON_DISPLACED);
    g_assert_cmpstr(missed->fault, ==, winner);
}

static void several_items_follow_each_other_in_one_receipt(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "a", eight, 20);
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("bulletin-2");
    item->bulletin_version = g_strdup("version-2");
    item->sha256 = desk_add_media(desk, "a second announcement");
    item->frames = 10 * 48000;
    g_ptr_array_add(airing->items, item);
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + MINUTE);

    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpuint(receipt->items->len, ==, 2);
    const ReceiptItem *second = receipt->items->pdata[1];
    const ReceiptSegment *segment = second->segments->pdata[0];
    g_assert_cmpint(segment->frames, ==, 10 * 48000);
    g_assert_cmpint(segment->first_us, ==, eight + 20 * SECOND); /* no gap */
    g_assert_cmpint(receipt->late_by_ms, ==, 0);
}

static void a_stop_in_the_first_of_several_items_lets_none_follow(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airing = desk_airing(desk, "a", eight, 20);
    PlanItem *item = plan_item_new();
    item->bulletin = g_strdup("bulletin-2");
    item->bulletin_version = g_strdup("version-2");
    item->sha256 = desk_add_media(desk, "a second announcement");
    item->frames = 10 * 48000;
    g_ptr_array_add(airing->items, item);
    desk_give_airing(desk, airing);
    desk_run_until(desk, eight + 5 * SECOND);
    conductor_stop_local(desk->conductor);
    desk_run_until(desk, eight + MINUTE);

    desk_assert_only(desk, OUTCOME_PARTIAL, REASON_LOCAL_STOP);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *second = receipt->items->pdata[1];
    g_assert_cmpuint(second->segments->len, ==, 0);
}

static void taken_back_before_its_start_it_leaves_no_word(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - 4 * SECOND); /* prepared already */
    desk_give_plan(desk, NULL, 0);
    desk_run_until(desk, eight + 20 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    g_assert_cmpint(desk->amplifier_on_us, ==, 0);
}

static void taken_back_while_it_sounds_it_stops_as_cancelled(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 60));
    desk_run_until(desk, eight + 10 * SECOND);
    desk_give_plan(desk, NULL, 0);
    desk_run_until(desk, eight + 15 * SECOND);

    desk_assert_only(desk, OUTCOME_CANCELLED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    const ReceiptItem *item = receipt->items->pdata[0];
    const ReceiptSegment *segment = item->segments->pdata[0];
    g_assert_cmpint(segment->frames, <, 11 * 48000);
    g_assert_cmpstr(segment->ended, ==, "stopped");
}

static void a_new_plan_that_begins_later_leaves_what_sounds_alone(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 2 * 3600));
    desk_run_until(desk, eight + 90 * MINUTE);
    desk_give_plan(desk, NULL, 0); /* from 08:30 on: says nothing about 08:00 */
    desk_run_until(desk, eight + 3 * HOUR);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
}

static void a_new_plan_moves_an_airing_that_is_already_prepared(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - 4 * SECOND);
    desk_give_airing(desk, desk_airing(desk, "a", eight + HOUR, 20));
    desk_run_until(desk, eight + HOUR + MINUTE);

    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpint(receipt->planned_us, ==, eight + HOUR);
    g_assert_cmpint(receipt->late_by_ms, ==, 0);
}

static void what_has_a_receipt_never_plays_again(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + MINUTE);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20)); /* a newer plan still names it */
    desk_run_until(desk, eight + 2 * MINUTE);
    g_assert_true(journal_acknowledge(desk->journal, 1, NULL));
    desk_crash(desk);
    desk_boot(desk, NULL);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + 4 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void thirty_five_days_without_network_keep_every_receipt(void)
{
    g_autoptr(Desk) desk = desk_new();
    PlanAiring *airings[35];
    for (unsigned day = 0; day < 35; day++) {
        g_autofree char *name = g_strdup_printf("day %u", day);
        airings[day] = desk_airing(desk, name, eight + day * 24 * HOUR, 30);
    }
    desk_give_plan(desk, airings, 35);
    for (unsigned day = 0; day < 35; day++) {
        int64_t near = eight + day * 24 * HOUR - 10 * SECOND;
        fake_clock_advance(&desk->clock, near - desk->clock.wall);
        audio_fake_run_until(desk->audio, desk->clock.wall);
        desk_run_until(desk, near + MINUTE);
    }
    g_assert_cmpuint(desk_receipts(desk), ==, 35);
    for (unsigned i = 0; i < 35; i++) {
        g_autoptr(Receipt) receipt = desk_receipt(desk, i);
        g_assert_cmpint(receipt->outcome, ==, OUTCOME_PLAYED);
        g_assert_cmpint(receipt->counter, ==, i + 1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    g_test_add_func("/conductor/plays on time and says so", plays_on_time_and_says_so);
    g_test_add_func("/conductor/amplifier on before, off after",
                    switches_the_amplifier_on_before_and_off_after);
    g_test_add_func("/conductor/late boot within tolerance starts from the top",
                    a_late_boot_within_the_tolerance_starts_from_the_top);
    g_test_add_func("/conductor/no power over the start",
                    without_power_over_the_start_it_is_missed_for_that);
    g_test_add_func("/conductor/restart over the start",
                    a_daemon_that_was_away_in_the_same_boot_says_restart);
    g_test_add_func("/conductor/plan after the tolerance is late",
                    a_plan_that_comes_after_the_tolerance_makes_it_late);
    g_test_add_func("/conductor/expired", past_its_validity_it_is_expired);
    g_test_add_func("/conductor/days ahead", what_lies_days_ahead_plays_in_its_time);
    g_test_add_func("/conductor/second waits for first", the_second_of_two_waits_for_the_first);
    g_test_add_func("/conductor/displaced names the winner",
                    displaced_beyond_its_tolerance_it_names_the_winner);
    g_test_add_func("/conductor/several items", several_items_follow_each_other_in_one_receipt);
    g_test_add_func("/conductor/stop of several items",
                    a_stop_in_the_first_of_several_items_lets_none_follow);
    g_test_add_func("/conductor/taken back before", taken_back_before_its_start_it_leaves_no_word);
    g_test_add_func("/conductor/taken back while it sounds",
                    taken_back_while_it_sounds_it_stops_as_cancelled);
    g_test_add_func("/conductor/later plan leaves it alone",
                    a_new_plan_that_begins_later_leaves_what_sounds_alone);
    g_test_add_func("/conductor/moved while prepared",
                    a_new_plan_moves_an_airing_that_is_already_prepared);
    g_test_add_func("/conductor/never again", what_has_a_receipt_never_plays_again);
    g_test_add_func("/conductor/thirty-five days",
                    thirty_five_days_without_network_keep_every_receipt);
    return g_test_run();
}
