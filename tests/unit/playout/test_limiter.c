#include "playout/limiter.h"

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#define FRAMES 48000

static int32_t mix[FRAMES * 2];
static int16_t out[FRAMES * 2];

static void given_sine(double amplitude)
{
    for (int i = 0; i < FRAMES; i++)
        mix[2 * i] = mix[2 * i + 1] = (int32_t)lrint(amplitude * sin(2 * G_PI * 440 * i / 48000.0));
}

static void when_limited(Limiter *limiter)
{
    for (unsigned at = 0; at < FRAMES; at += 240)
        limiter_apply(limiter, mix + (size_t)at * 2, out + (size_t)at * 2, 240);
}

static void test_what_fits_passes_bit_for_bit(void)
{
    Limiter limiter;
    limiter_init(&limiter);
    given_sine(32767);
    when_limited(&limiter);
    for (unsigned i = 0; i < FRAMES * 2; i++)
        g_assert_cmpint(out[i], ==, mix[i]);
}

static void test_what_is_too_loud_keeps_its_shape(void)
{
    Limiter limiter;
    limiter_init(&limiter);
    given_sine(60000);
    when_limited(&limiter);
    double product = 0, in = 0, sum = 0;
    unsigned tops = 0;
    for (unsigned i = 4800; i < FRAMES * 2; i++) {
        product += (double)mix[i] * out[i];
        in += (double)mix[i] * mix[i];
        sum += (double)out[i] * out[i];
        tops += abs(out[i]) >= 32767;
    }
    g_assert_cmpfloat(product / sqrt(in * sum), >, 0.9999); /* cut tops: 0.985 */
    g_assert_cmpuint(tops, <, FRAMES / 10);                 /* cut tops: more than FRAMES */
}

static void test_the_gain_comes_back_when_the_loud_part_is_over(void)
{
    Limiter limiter;
    limiter_init(&limiter);
    given_sine(60000);
    when_limited(&limiter);
    g_assert_cmpfloat(limiter.gain, <, 0.6f);
    given_sine(10000);
    when_limited(&limiter);
    g_assert_cmpfloat(limiter.gain, ==, 1);
    g_assert_cmpint(out[FRAMES], ==, mix[FRAMES]);
}

#define TEST(name) g_test_add_func("/limiter/" #name, test_##name)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(what_fits_passes_bit_for_bit);
    TEST(what_is_too_loud_keeps_its_shape);
    TEST(the_gain_comes_back_when_the_loud_part_is_over);
    return g_test_run();
}
