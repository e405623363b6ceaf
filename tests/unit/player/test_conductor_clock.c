/* Clocks that are set, lost, found again or wrong, under virtual time: what is played, what is
 * said, and that nothing ever happens twice. What a step does to a sound that is under way is
 * measured at the card (bench playout); here is what it does to decisions. */
#include "desk.h"

static const int64_t eight = EIGHT;

typedef struct Step {
    const char *name;
    int64_t at_us; /* relative to the start */
    int64_t by_us;
    Outcome outcome;
    Reason reason;
} Step;

static const Step steps[] = {
    {"two hours ahead, a minute before", -MINUTE, 2 * HOUR, OUTCOME_MISSED, REASON_LATE},
    {"two hours ahead, prepared", -4 * SECOND, 2 * HOUR, OUTCOME_MISSED, REASON_LATE},
    {"two hours back, a minute before", -MINUTE, -2 * HOUR, OUTCOME_PLAYED, REASON_NONE},
    {"two hours back, prepared", -4 * SECOND, -2 * HOUR, OUTCOME_PLAYED, REASON_NONE},
    {"two hours ahead, after it", MINUTE, 2 * HOUR, OUTCOME_PLAYED, REASON_NONE},
    {"two hours back, after it", MINUTE, -2 * HOUR, OUTCOME_PLAYED, REASON_NONE},
    {"five minutes ahead: within its tolerance", -MINUTE, 6 * MINUTE, OUTCOME_PLAYED, REASON_NONE},
    {"a leap second, before", -500000 - 2 * SECOND, -SECOND, OUTCOME_PLAYED, REASON_NONE},
    {"a leap second, after", 30 * SECOND, -SECOND, OUTCOME_PLAYED, REASON_NONE},
    {"half a second ahead, prepared", -3 * SECOND, SECOND / 2, OUTCOME_PLAYED, REASON_NONE},
    {"a day ahead and back: NTP lies", -HOUR / 4, 24 * HOUR, OUTCOME_MISSED, REASON_LATE},
};

static void a_step_is_decided_as_after_a_boot(gconstpointer data)
{
    const Step *step = data;
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight + step->at_us);
    desk->clock.wall += step->by_us;
    desk_run_until(desk, desk->clock.wall + 2 * MINUTE);
    if (step->by_us >= 24 * HOUR)
        desk->clock.wall -= step->by_us; /* corrected: what was said stays said */
    desk_run_until(desk, eight + 3 * HOUR);
    desk_assert_only(desk, step->outcome, step->reason);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), <=, 2); /* dropped and prepared again */
}

static void without_a_battery_clock_it_waits_for_the_time_and_joins(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_assert_true(trust_save_floor(desk->trust, NULL));
    desk_run_until(desk, eight - 5 * MINUTE);
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    desk->clock.wall = 60 * SECOND; /* 1970 */
    desk->probe.synchronised = false;
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, 9 * MINUTE);
    g_assert_cmpuint(desk_receipts(desk), ==, 0);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);

    desk->clock.wall = eight + 4 * MINUTE;
    desk->probe.synchronised = true;
    desk_run_until(desk, eight + 6 * MINUTE);
    desk_assert_only(desk, OUTCOME_PLAYED, REASON_NONE);
    g_autoptr(Receipt) receipt = desk_receipt(desk, 0);
    g_assert_cmpint(receipt->late_by_ms, >=, 4 * 60 * 1000);
}

static void without_a_battery_clock_past_the_tolerance_it_says_no_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    g_assert_true(trust_save_floor(desk->trust, NULL));
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    g_autoptr(Plan) plan = plan_hold(desk->plan);
    desk_crash(desk);
    desk->clock.wall = 60 * SECOND;
    desk->probe.synchronised = false;
    desk_boot(desk, "ffffffffffffffffffffffffffffffff");
    conductor_set_plan(desk->conductor, plan);
    desk_run_until(desk, 40 * MINUTE);
    desk->clock.wall = eight + 15 * MINUTE;
    desk->probe.synchronised = true;
    desk_run_until(desk, eight + 16 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_TIME);
    g_assert_cmpuint(audio_fake_prepared(desk->audio), ==, 0);
}

static void the_time_lost_over_a_start_is_no_time(void)
{
    g_autoptr(Desk) desk = desk_new();
    desk_give_airing(desk, desk_airing(desk, "a", eight, 20));
    desk_run_until(desk, eight - MINUTE);
    desk->probe.synchronised = false;
    desk_run_until(desk, eight + 11 * MINUTE - 30 * SECOND);
    desk->probe.synchronised = true;
    desk_run_until(desk, eight + 12 * MINUTE);
    desk_assert_only(desk, OUTCOME_MISSED, REASON_NO_TIME);
}

/* Each day two that tie, one that a higher rank interrupts, and one in quiet hours. */
static void thirty_five_days_alone_keep_every_rule_and_every_receipt(void)
{
    g_autoptr(Desk) desk = desk_new();
    enum { DAYS = 35, EACH = 5 };
    PlanAiring *airings[DAYS * EACH];
    TimelineSpan quiet = {22 * 60, 285};
    desk->quiet = &quiet;
    for (unsigned day = 0; day < DAYS; day++) {
        int64_t at_us = eight + day * 24 * HOUR;
        static const int64_t starts[EACH] = {0, 0, 5 * MINUTE, 5 * MINUTE + 20 * SECOND, 15 * HOUR};
        for (unsigned i = 0; i < EACH; i++) {
            g_autofree char *name = g_strdup_printf("%u of day %u", i, day);
            airings[day * EACH + i] = desk_airing(desk, name, at_us + starts[i], 40);
            airings[day * EACH + i]->order = (int)i;
        }
        airings[day * EACH + 3]->rank = RANK_PRIORITY;
    }
    desk_give_plan(desk, airings, DAYS * EACH);
    for (unsigned day = 0; day < DAYS; day++) {
        int64_t at_us = eight + day * 24 * HOUR;
        int64_t near[] = {at_us - 10 * SECOND, at_us + 5 * MINUTE - 10 * SECOND, at_us + 15 * HOUR};
        for (unsigned i = 0; i < G_N_ELEMENTS(near); i++) {
            if (near[i] > desk->clock.wall)
                fake_clock_advance(&desk->clock, near[i] - desk->clock.wall);
            audio_fake_run_until(desk->audio, desk->clock.wall);
            desk_run_until(desk, near[i] + (i == 2 ? 11 : 3) * MINUTE);
        }
    }
    g_assert_cmpuint(desk_receipts(desk), ==, DAYS * EACH);
    unsigned played = 0, quiet_ones = 0;
    for (unsigned i = 0; i < DAYS * EACH; i++) {
        g_autoptr(Receipt) receipt = desk_receipt(desk, i);
        g_assert_cmpint(receipt->counter, ==, i + 1);
        played += receipt->outcome == OUTCOME_PLAYED && receipt->late_by_ms == 0;
        quiet_ones += receipt->outcome == OUTCOME_MISSED && receipt->reason == REASON_POLICY;
    }
    g_assert_cmpuint(played, ==, 4 * DAYS);
    g_assert_cmpuint(quiet_ones, ==, DAYS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_quiet();
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *path = g_strconcat("/conductor clock/", steps[i].name, NULL);
        g_test_add_data_func(path, &steps[i], a_step_is_decided_as_after_a_boot);
    }
    g_test_add_func("/conductor clock/no battery clock",
                    without_a_battery_clock_it_waits_for_the_time_and_joins);
    g_test_add_func("/conductor clock/no battery clock, too late",
                    without_a_battery_clock_past_the_tolerance_it_says_no_time);
    g_test_add_func("/conductor clock/lost over a start", the_time_lost_over_a_start_is_no_time);
    g_test_add_func("/conductor clock/thirty-five days alone",
                    thirty_five_days_alone_keep_every_rule_and_every_receipt);
    return g_test_run();
}
