#include "playout/meter.h"

#include <glib.h>
#include <math.h>

#define RATE 48000

static void feed_sine(Meter *meter, double amplitude, unsigned frames)
{
    for (unsigned i = 0; i < frames; i++) {
        int16_t s = (int16_t)lrint(32767 * amplitude * sin(2 * G_PI * 1000 * i / RATE));
        int16_t frame[2] = {s, s};
        meter_add(meter, frame, 1);
    }
}

static void test_a_sine_of_half_scale_is_minus_nine_dbfs(void)
{
    Meter meter;
    meter_init(&meter);
    feed_sine(&meter, 0.5, RATE);
    g_assert_cmpfloat_with_epsilon(meter_rms_dbfs(&meter), -9.03, 0.02);
    g_assert_cmpfloat_with_epsilon(meter_peak_dbfs(&meter), -6.02, 0.02);
    g_assert_cmpfloat_with_epsilon(meter_level_dbfs(&meter), -9.03, 0.5);
    g_assert_false(meter_silent(&meter));
}

static void test_nothing_and_silence_are_minus_infinity(void)
{
    Meter meter;
    meter_init(&meter);
    g_assert_true(meter_rms_dbfs(&meter) == -INFINITY);
    g_assert_true(meter_level_dbfs(&meter) == -INFINITY);
    feed_sine(&meter, 0, RATE);
    g_assert_true(meter_rms_dbfs(&meter) == -INFINITY);
    g_assert_true(meter_silent(&meter));
}

static void test_the_level_forgets_what_is_more_than_a_second_old(void)
{
    Meter meter;
    meter_init(&meter);
    feed_sine(&meter, 0.5, 2 * RATE);
    feed_sine(&meter, 0, RATE + RATE / 10);
    g_assert_true(meter_level_dbfs(&meter) == -INFINITY);
    g_assert_cmpfloat(meter_rms_dbfs(&meter), >, -12);
    g_assert_cmpint(meter.longest_quiet_frames, >=, RATE);
}

static void test_a_pause_between_words_is_no_long_silence(void)
{
    Meter meter;
    meter_init(&meter);
    for (int i = 0; i < 5; i++) {
        feed_sine(&meter, 0.3, RATE);
        feed_sine(&meter, 0, RATE * 3 / 10);
    }
    g_assert_cmpint(meter.longest_quiet_frames, <=, RATE * 4 / 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/meter/a sine of half scale is minus nine dBFS",
                    test_a_sine_of_half_scale_is_minus_nine_dbfs);
    g_test_add_func("/meter/nothing and silence are minus infinity",
                    test_nothing_and_silence_are_minus_infinity);
    g_test_add_func("/meter/the level forgets what is more than a second old",
                    test_the_level_forgets_what_is_more_than_a_second_old);
    g_test_add_func("/meter/a pause between words is no long silence",
                    test_a_pause_between_words_is_no_long_silence);
    return g_test_run();
}
