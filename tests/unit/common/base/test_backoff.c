/* Bounds of the waits, by giving the two ends of the randomness. */
#include "base/backoff.h"

#include <glib.h>

static void the_longest_wait_doubles_up_to_the_limit(void)
{
    static const uint32_t ceilings[] = {1000,  2000,   4000,   8000,   16000, 32000,
                                        64000, 128000, 256000, 300000, 300000};
    Backoff backoff = {.first_ms = 1000, .max_ms = 300000};
    for (unsigned i = 0; i < G_N_ELEMENTS(ceilings); i++)
        g_assert_cmpuint(backoff_next_ms(&backoff, UINT32_MAX), ==, ceilings[i]);
}

static void the_shortest_wait_is_none_at_all(void)
{
    Backoff backoff = {.first_ms = 1000, .max_ms = 300000};
    for (unsigned i = 0; i < 12; i++)
        g_assert_cmpuint(backoff_next_ms(&backoff, 0), ==, 0);
    g_assert_cmpuint(backoff.failures, ==, 12);
}

static void waits_are_spread_evenly(void)
{
    unsigned low = 0;
    for (unsigned i = 0; i < 1000; i++) {
        Backoff backoff = {.first_ms = 1000, .max_ms = 300000};
        low += backoff_next_ms(&backoff, i * (UINT32_MAX / 1000)) < 500;
    }
    g_assert_cmpuint(low, >=, 498);
    g_assert_cmpuint(low, <=, 502);
}

static void success_starts_from_the_beginning(void)
{
    Backoff backoff = {.first_ms = 1000, .max_ms = 300000, .failures = 9};
    backoff_reset(&backoff);
    g_assert_cmpuint(backoff_next_ms(&backoff, UINT32_MAX), ==, 1000);
}

static void countless_failures_do_not_overflow(void)
{
    Backoff backoff = {.first_ms = UINT32_MAX, .max_ms = UINT32_MAX, .failures = UINT32_MAX};
    g_assert_cmpuint(backoff_next_ms(&backoff, UINT32_MAX), ==, UINT32_MAX);
    g_assert_cmpuint(backoff.failures, ==, UINT32_MAX);
    Backoff none = {0};
    g_assert_cmpuint(backoff_next_ms(&none, UINT32_MAX), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/backoff/ceilings", the_longest_wait_doubles_up_to_the_limit);
    g_test_add_func("/backoff/floor", the_shortest_wait_is_none_at_all);
    g_test_add_func("/backoff/spread", waits_are_spread_evenly);
    g_test_add_func("/backoff/reset", success_starts_from_the_beginning);
    g_test_add_func("/backoff/overflow", countless_failures_do_not_overflow);
    return g_test_run();
}
