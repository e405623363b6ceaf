/* The plan that corrects loudness and peak, against encoders that are pure arithmetic. */
#include "content/canonical.h"

#include <glib.h>
#include <math.h>

typedef struct {
    double input_lufs, peak_db; /* of the original */
    double overshoot_db;        /* what encoding adds to a limited peak */
    double slope;               /* loudness for one dB of gain once the limiter works */
} Encoder;

static void encode(const Encoder *encoder, const CanonicalPlan *plan, double *lufs, double *dbtp)
{
    const double room = plan->ceiling_dbfs - encoder->peak_db;
    const double free_db = MIN(plan->gain_db, room);
    const double limited_db = plan->gain_db - free_db;
    *lufs = encoder->input_lufs + free_db + limited_db * encoder->slope;
    *dbtp = MIN(encoder->peak_db + plan->gain_db, plan->ceiling_dbfs) + encoder->overshoot_db;
}

static CanonicalVerdict run(const Encoder *encoder, double *lufs, double *dbtp, int *rounds)
{
    CanonicalPlan plan = canonical_plan_start(encoder->input_lufs);
    CanonicalVerdict verdict = CANONICAL_ENCODE_AGAIN;
    for (*rounds = 0; verdict == CANONICAL_ENCODE_AGAIN && *rounds < 50; (*rounds)++) {
        encode(encoder, &plan, lufs, dbtp);
        g_test_message("gain %.2f ceiling %.2f -> %.2f LUFS %.2f dBTP", plan.gain_db,
                       plan.ceiling_dbfs, *lufs, *dbtp);
        verdict = canonical_plan_next(&plan, *lufs, *dbtp);
    }
    return verdict;
}

static void test_speech_reaches_the_target(void)
{
    for (double input = -36; input <= -6; input += 3) {
        for (double overshoot = 0; overshoot <= 2; overshoot += 0.5) {
            const Encoder encoder = {input, input + 17, overshoot, 0.4};
            double lufs = 0, dbtp = 0;
            int rounds = 0;
            const CanonicalVerdict verdict = run(&encoder, &lufs, &dbtp, &rounds);
            g_assert_cmpint(verdict, ==, CANONICAL_GOOD);
            g_assert_cmpfloat(fabs(lufs - CANONICAL_LUFS), <=, 0.5);
            g_assert_cmpfloat(dbtp, <=, CANONICAL_DBTP_MAX);
            g_assert_cmpint(rounds, <=, CANONICAL_ROUNDS_MAX);
        }
    }
}

static void test_noise_is_not_blown_up(void)
{
    const Encoder encoder = {-58, -40, 0.5, 0.4};
    double lufs = 0, dbtp = 0;
    int rounds = 0;
    g_assert_cmpint(run(&encoder, &lufs, &dbtp, &rounds), ==, CANONICAL_QUIET);
    g_assert_cmpfloat(lufs, <=, -58 + CANONICAL_GAIN_MAX_DB + 0.01);
}

static void test_a_peak_wins_over_loudness(void)
{
    /* given clicks in silence: hardly any loudness can be won */
    const Encoder encoder = {-40, -1, 1.5, 0.02};
    double lufs = 0, dbtp = 0;
    int rounds = 0;
    g_assert_cmpint(run(&encoder, &lufs, &dbtp, &rounds), ==, CANONICAL_QUIET);
    g_assert_cmpfloat(dbtp, <=, CANONICAL_DBTP_MAX);
}

static void test_it_always_ends(void)
{
    const Encoder impossible = {-20, -3, 30, 0.4};
    double lufs = 0, dbtp = 0;
    int rounds = 0;
    const CanonicalVerdict verdict = run(&impossible, &lufs, &dbtp, &rounds);
    g_assert_cmpint(verdict, ==, dbtp <= CANONICAL_DBTP_MAX ? CANONICAL_QUIET : CANONICAL_HOPELESS);
    g_assert_cmpint(rounds, <=, CANONICAL_ROUNDS_MAX + 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/canonical/speech reaches the target", test_speech_reaches_the_target);
    g_test_add_func("/canonical/noise is not blown up", test_noise_is_not_blown_up);
    g_test_add_func("/canonical/a peak wins over loudness", test_a_peak_wins_over_loudness);
    g_test_add_func("/canonical/it always ends", test_it_always_ends);
    return g_test_run();
}
