#include "playout/dac_clock.h"

#include <glib.h>
#include <math.h>

#define RATE   48000
#define PERIOD 960
#define BORN   5000000000000LL /* MONOTONIC of frame 0, ns */

/* When a crystal `ppm` fast lets frame `frame` out. */
static int64_t truth_ns(int64_t frame, double ppm)
{
    return BORN + llround((double)frame * 1e9 / (RATE * (1 + ppm * 1e-6)));
}

/* Given `count` readings, a period apart, each up to `jitter_us` late. */
static int64_t given_readings(DacClock *clock, unsigned count, double ppm, int jitter_us)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    int64_t frame = 0;
    dac_clock_init(clock, RATE);
    for (unsigned i = 0; i < count; i++, frame += PERIOD) {
        int late_us = jitter_us ? g_rand_int_range(random, 0, jitter_us) : 0;
        dac_clock_add(clock, frame, truth_ns(frame, ppm) + late_us * 1000);
    }
    return frame;
}

static void assert_near(int64_t a, int64_t b, int64_t within)
{
    g_assert_cmpint(ABS(a - b), <=, within);
}

static void test_a_clean_clock_is_exact_after_eight_readings(void)
{
    DacClock clock;
    int64_t frame = given_readings(&clock, 7, 0, 0);
    g_assert_false(dac_clock_ready(&clock));
    dac_clock_add(&clock, frame, truth_ns(frame, 0));
    g_assert_true(dac_clock_ready(&clock));
    assert_near(dac_clock_ns(&clock, frame + 9600), truth_ns(frame + 9600, 0), 100);
    g_assert_cmpint(dac_clock_frame(&clock, truth_ns(123456, 0)), ==, 123456);
}

static void test_jitter_and_a_bad_crystal_leave_less_than_20_us(void)
{
    static const double crystals[] = {-300, -80, 0, 40, 450};
    for (unsigned i = 0; i < G_N_ELEMENTS(crystals); i++) {
        DacClock clock;
        int64_t frame = given_readings(&clock, 400, crystals[i], 60);
        int64_t late = 30000; /* the mean of the jitter cannot be known */
        assert_near(dac_clock_ns(&clock, frame + 9600), truth_ns(frame + 9600, crystals[i]) + late,
                    20000);
        g_assert_cmpfloat_with_epsilon(dac_clock_ppm(&clock), crystals[i], 10);
    }
}

static void test_a_short_window_does_not_chase_jitter(void)
{
    DacClock clock;
    int64_t frame = given_readings(&clock, 8, 0, 200);
    g_assert_cmpfloat(fabs(dac_clock_ppm(&clock)), <, 100);
    assert_near(dac_clock_ns(&clock, frame + 9600), truth_ns(frame + 9600, 0) + 100000, 60000);
}

static void test_the_slope_stays_within_500_ppm(void)
{
    DacClock clock;
    given_readings(&clock, 256, 2000, 0);
    g_assert_cmpfloat(dac_clock_ppm(&clock), <, DAC_CLOCK_MAX_PPM + 1);
}

static void test_a_late_reading_is_left_out(void)
{
    DacClock clock;
    int64_t frame = given_readings(&clock, 200, 25, 5);
    for (int i = 0; i < 6; i++, frame += PERIOD) /* every other reader was preempted */
        dac_clock_add(&clock, frame, truth_ns(frame, 25) + (i % 2 ? 4000000 : 0));
    dac_clock_add(&clock, frame, truth_ns(frame, 25) + 50000000);
    assert_near(dac_clock_ns(&clock, frame + 9600), truth_ns(frame + 9600, 25), 10000);
}

static void test_a_jump_that_stays_starts_a_new_line(void)
{
    DacClock clock;
    int64_t frame = given_readings(&clock, 200, 0, 0);
    for (int i = 0; i < 10; i++, frame += PERIOD)
        dac_clock_add(&clock, frame, truth_ns(frame, 0) + 300000000);
    assert_near(dac_clock_ns(&clock, frame), truth_ns(frame, 0) + 300000000, 1000);
}

static void test_wall_time_is_turned_with_the_offset_given(void)
{
    DacClock clock;
    given_readings(&clock, 64, 0, 0);
    int64_t offset_ns = 1700000000000000000LL;
    int64_t real_us = (truth_ns(480000, 0) + offset_ns) / 1000;
    g_assert_cmpint(dac_clock_frame_at(&clock, real_us, offset_ns), ==, 480000);
    g_assert_cmpint(dac_clock_frame_at(&clock, real_us, offset_ns + 3000000000LL), ==,
                    480000 - 3 * RATE);
}

static void test_after_days_the_numbers_are_as_exact_as_at_first(void)
{
    DacClock clock;
    int64_t far = (int64_t)RATE * 86400 * 400;
    dac_clock_init(&clock, RATE);
    for (int i = 0; i < 300; i++)
        dac_clock_add(&clock, far + i * PERIOD, truth_ns(far + i * PERIOD, 0));
    assert_near(dac_clock_ns(&clock, far + RATE), truth_ns(far + RATE, 0), 300);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dac_clock/a clean clock is exact after eight readings",
                    test_a_clean_clock_is_exact_after_eight_readings);
    g_test_add_func("/dac_clock/jitter and a bad crystal leave less than 20 us",
                    test_jitter_and_a_bad_crystal_leave_less_than_20_us);
    g_test_add_func("/dac_clock/a short window does not chase jitter",
                    test_a_short_window_does_not_chase_jitter);
    g_test_add_func("/dac_clock/the slope stays within 500 ppm",
                    test_the_slope_stays_within_500_ppm);
    g_test_add_func("/dac_clock/a late reading is left out", test_a_late_reading_is_left_out);
    g_test_add_func("/dac_clock/a jump that stays starts a new line",
                    test_a_jump_that_stays_starts_a_new_line);
    g_test_add_func("/dac_clock/wall time is turned with the offset given",
                    test_wall_time_is_turned_with_the_offset_given);
    g_test_add_func("/dac_clock/after days the numbers are as exact as at first",
                    test_after_days_the_numbers_are_as_exact_as_at_first);
    return g_test_run();
}
