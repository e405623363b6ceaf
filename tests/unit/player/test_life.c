/* Why nobody tried to start an airing. */
#include "conductor/life.h"

static void explains_each_stretch(void)
{
    static const Life life = {.last_alive_us = 100, .up_since_us = 200, .trusted_since_us = 300};
    g_assert_cmpint(life_reason(&life, 99), ==, REASON_NONE);
    g_assert_cmpint(life_reason(&life, 101), ==, REASON_NO_POWER);
    g_assert_cmpint(life_reason(&life, 199), ==, REASON_NO_POWER);
    g_assert_cmpint(life_reason(&life, 200), ==, REASON_NO_TIME);
    g_assert_cmpint(life_reason(&life, 299), ==, REASON_NO_TIME);
    g_assert_cmpint(life_reason(&life, 300), ==, REASON_NONE);
}

static void in_the_same_boot_it_was_a_restart(void)
{
    static const Life life = {
        .last_alive_us = 100, .same_boot = true, .up_since_us = 200, .trusted_since_us = 200};
    g_assert_cmpint(life_reason(&life, 150), ==, REASON_RESTART);
}

static void a_first_life_explains_nothing_before_it(void)
{
    static const Life life = {.up_since_us = 200, .trusted_since_us = 200};
    g_assert_cmpint(life_reason(&life, 150), ==, REASON_NONE);
}

static void without_the_time_nothing_else_can_be_said(void)
{
    static const Life life = {.last_alive_us = 100};
    g_assert_cmpint(life_reason(&life, 150), ==, REASON_NO_TIME);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/life/each stretch", explains_each_stretch);
    g_test_add_func("/life/restart", in_the_same_boot_it_was_a_restart);
    g_test_add_func("/life/first", a_first_life_explains_nothing_before_it);
    g_test_add_func("/life/no time", without_the_time_nothing_else_can_be_said);
    return g_test_run();
}
