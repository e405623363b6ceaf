#include "playout/trail.h"

#include <glib.h>

static void test_runs_that_continue_each_other_are_one(void)
{
    Trail trail = {0};
    for (int i = 0; i < 1000; i++)
        trail_add(&trail, 5000 + i * 10, i * 10, 10);
    g_assert_cmpuint(trail.count, ==, 1);
}

static void test_only_what_the_pointer_passed_comes_out(void)
{
    Trail trail = {0};
    TrailRun piece;
    trail_add(&trail, 1000, 0, 100);
    trail_add(&trail, 1150, 100, 100); /* 50 frames of silence between */

    g_assert_false(trail_pass(&trail, 1000, &piece));
    g_assert_true(trail_pass(&trail, 1030, &piece));
    g_assert_cmpint(piece.item_frame, ==, 0);
    g_assert_cmpint(piece.frames, ==, 30);
    g_assert_false(trail_pass(&trail, 1030, &piece));

    g_assert_true(trail_pass(&trail, 1151, &piece));
    g_assert_cmpint(piece.item_frame, ==, 30);
    g_assert_cmpint(piece.frames, ==, 70);
    g_assert_true(trail_pass(&trail, 1151, &piece));
    g_assert_cmpint(piece.card_frame, ==, 1150);
    g_assert_cmpint(piece.frames, ==, 1);
    g_assert_false(trail_empty(&trail));
    g_assert_true(trail_pass(&trail, 9999, &piece));
    g_assert_true(trail_empty(&trail));
}

static void test_too_many_pieces_undercount_and_never_overflow(void)
{
    Trail trail = {0};
    TrailRun piece;
    int64_t sum = 0;
    for (int i = 0; i < 3 * TRAIL_RUNS; i++)
        trail_add(&trail, i * 10, i * 5, 5);
    while (trail_pass(&trail, INT64_MAX, &piece))
        sum += piece.frames;
    g_assert_cmpint(sum, ==, TRAIL_RUNS * 5);
}

static void test_what_was_taken_back_never_comes_out(void)
{
    Trail trail = {0};
    TrailRun piece;
    trail_add(&trail, 1000, 0, 100);
    trail_add(&trail, 1150, 100, 100);
    trail_add(&trail, 1300, 200, 100);
    trail_cut(&trail, 1160);
    g_assert_true(trail_pass(&trail, 9999, &piece));
    g_assert_cmpint(piece.frames, ==, 100);
    g_assert_true(trail_pass(&trail, 9999, &piece));
    g_assert_cmpint(piece.frames, ==, 10);
    g_assert_true(trail_empty(&trail));
    trail_add(&trail, 2000, 0, 100);
    trail_cut(&trail, 2000);
    g_assert_true(trail_empty(&trail));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trail/runs that continue each other are one",
                    test_runs_that_continue_each_other_are_one);
    g_test_add_func("/trail/only what the pointer passed comes out",
                    test_only_what_the_pointer_passed_comes_out);
    g_test_add_func("/trail/too many pieces undercount and never overflow",
                    test_too_many_pieces_undercount_and_never_overflow);
    g_test_add_func("/trail/what was taken back never comes out",
                    test_what_was_taken_back_never_comes_out);
    return g_test_run();
}
