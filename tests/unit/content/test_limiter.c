/* The limiter on noise, on clicks and on sound that needs nothing. */
#include "content/limiter.h"

#include <math.h>

#define RATE 48000

static void test_nothing_ever_passes_the_ceiling(void)
{
    for (int gain_db = 0; gain_db <= 30; gain_db += 6) {
        g_autoptr(Limiter) limiter = limiter_new(RATE, pow(10, gain_db / 20.0), 0.5);
        g_autoptr(GRand) random = g_rand_new_with_seed(7);
        for (int piece = 0; piece < 50; piece++) {
            float pcm[997];
            for (size_t i = 0; i < G_N_ELEMENTS(pcm); i++)
                pcm[i] = (float)g_rand_double_range(random, -1, 1) * (i % 300 == 0 ? 1.0f : 0.05f);
            limiter_run(limiter, pcm, G_N_ELEMENTS(pcm));
            for (size_t i = 0; i < G_N_ELEMENTS(pcm); i++)
                g_assert_cmpfloat(fabsf(pcm[i]), <=, 0.5f + 1e-5f);
        }
    }
}

static void test_quiet_sound_is_only_delayed(void)
{
    g_autoptr(Limiter) limiter = limiter_new(RATE, 1.0, 0.9);
    const size_t delay = limiter_delay(limiter);
    g_autofree float *pcm = g_new0(float, RATE);
    for (int i = 0; i < RATE; i++)
        pcm[i] = 0.3f * sinf(2 * (float)G_PI * 440 * i / RATE);
    limiter_run(limiter, pcm, RATE);
    for (size_t i = 0; i + delay < RATE; i++) {
        const float wanted = 0.3f * sinf(2 * (float)G_PI * 440 * i / RATE);
        g_assert_cmpfloat_with_epsilon(pcm[i + delay], wanted, 1e-5);
    }
}

static void test_what_is_no_number_becomes_silence(void)
{
    g_autoptr(Limiter) limiter = limiter_new(RATE, 1.0, 0.9);
    float pcm[512] = {NAN, INFINITY, -INFINITY};
    limiter_run(limiter, pcm, G_N_ELEMENTS(pcm));
    for (size_t i = 0; i < G_N_ELEMENTS(pcm); i++)
        g_assert_cmpfloat(pcm[i], ==, 0.0f);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limiter/nothing ever passes the ceiling",
                    test_nothing_ever_passes_the_ceiling);
    g_test_add_func("/limiter/quiet sound is only delayed", test_quiet_sound_is_only_delayed);
    g_test_add_func("/limiter/what is no number becomes silence",
                    test_what_is_no_number_becomes_silence);
    return g_test_run();
}
