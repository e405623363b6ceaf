#include "playout/ring.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The first word of the shared page is the producer's counter: what a hostile one can reach. */
static _Atomic uint64_t *hostile_counter(const Ring *ring)
{
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, ring_fd(ring), 0);
    g_assert_true(page != MAP_FAILED);
    return page;
}

static void put_ramp(Ring *producer, uint64_t from, unsigned frames)
{
    for (unsigned i = 0; i < frames; i++) {
        int16_t frame[2] = {(int16_t)(from + i), (int16_t) ~(from + i)};
        g_assert_cmpuint(ring_put(producer, frame, 1), ==, 1);
    }
}

static void assert_ramp(const int16_t *samples, uint64_t from, unsigned frames)
{
    for (unsigned i = 0; i < frames; i++) {
        g_assert_cmpint(samples[2 * i], ==, (int16_t)(from + i));
        g_assert_cmpint(samples[2 * i + 1], ==, (int16_t) ~(from + i));
    }
}

static void test_frames_come_out_in_order_across_the_seam(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
    g_autofree int16_t *out = g_new(int16_t, 2 * 5000);
    uint64_t at = 0;
    for (int round = 0; round < 50; round++, at += 5000) {
        put_ramp(producer, at, 5000);
        g_assert_cmpuint(ring_take(ring, out, 5000), ==, 5000);
        assert_ramp(out, at, 5000);
    }
    g_assert_cmpuint(ring_taken(ring), ==, 250000);
}

static void test_a_full_ring_takes_no_more_and_keeps_the_guard(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
    g_autofree int16_t *out = g_new0(int16_t, 2 * RING_FRAMES);
    g_assert_cmpuint(ring_put(producer, out, RING_FRAMES), ==, RING_FRAMES - RING_GUARD);
    g_assert_false(ring_has_room(ring));
    g_assert_cmpuint(ring_put(producer, out, 1), ==, 0);
    g_assert_cmpuint(ring_skip(ring, 100), ==, 100);
    g_assert_cmpuint(ring_put(producer, out, RING_FRAMES), ==, 100);
}

static void test_going_back_gives_the_same_frames_again(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
    g_autofree int16_t *out = g_new0(int16_t, 2 * RING_FRAMES);
    put_ramp(producer, 0, RING_FRAMES - RING_GUARD);
    g_assert_cmpuint(ring_take(ring, out, 50000), ==, 50000);
    put_ramp(producer, RING_FRAMES - RING_GUARD, 50000); /* as full as it gets */

    g_assert_cmpuint(ring_back(ring, 5000), ==, 5000);
    g_assert_cmpuint(ring_back(ring, RING_FRAMES), ==, RING_GUARD - 5000);
    g_assert_cmpuint(ring_back(ring, 1), ==, 0);

    g_assert_cmpuint(ring_take(ring, out, RING_GUARD), ==, RING_GUARD);
    assert_ramp(out, 50000 - RING_GUARD, RING_GUARD);
    g_assert_false(ring_broken(ring));
}

static void test_impossible_counters_break_the_ring_and_nothing_is_read(void)
{
    static const uint64_t lies[] = {
        UINT64_MAX, (uint64_t)1 << 63, RING_FRAMES + 10001, (uint64_t)1 << 32, 9999, 0};
    for (unsigned i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(Ring) ring = ring_new(NULL);
        g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
        g_autofree int16_t *out = g_new0(int16_t, 2 * RING_FRAMES);
        put_ramp(producer, 0, 10000);
        ring_take(ring, out, 10000);

        atomic_store(hostile_counter(ring), lies[i]);

        g_assert_cmpuint(ring_available(ring), ==, 0);
        g_assert_cmpuint(ring_take(ring, out, RING_FRAMES), ==, 0);
        g_assert_cmpuint(ring_skip(ring, 1), ==, 0);
        g_assert_cmpuint(ring_back(ring, 1), ==, 0);
        g_assert_true(ring_broken(ring));
        g_assert_cmpint(ring_end(ring), ==, RING_OPEN);
        g_assert_cmpuint(ring_restart(ring), ==, 10000);
        g_assert_cmpuint(ring_available(ring), ==, 0);
        g_assert_false(ring_broken(ring));
    }
}

static void test_the_producer_cannot_take_the_memory_away(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_assert_cmpint(ftruncate(ring_fd(ring), 0), ==, -1);
    g_assert_cmpint(ftruncate(ring_fd(ring), 1 << 30), ==, -1);
}

static void test_the_end_comes_after_the_last_frame(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
    put_ramp(producer, 0, 10);
    ring_finish(producer);
    g_assert_cmpint(ring_end(ring), ==, RING_OPEN);
    ring_skip(ring, 10);
    g_assert_cmpint(ring_end(ring), ==, RING_EOS);
}

static void test_a_new_producer_goes_on_where_the_dead_one_was(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) first = ring_attach(ring_fd(ring), NULL);
    int16_t out[2 * 100];
    put_ramp(first, 0, 60);
    ring_skip(ring, 20);

    g_assert_cmpuint(ring_restart(ring), ==, 60);
    g_autoptr(Ring) second = ring_attach(ring_fd(ring), NULL);
    put_ramp(second, 60, 40);

    g_assert_cmpuint(ring_take(ring, out, 100), ==, 80);
    assert_ramp(out, 20, 80);
}

static void test_a_ring_given_up_is_played_out_and_then_failed(void)
{
    g_autoptr(Ring) ring = ring_new(NULL);
    g_autoptr(Ring) producer = ring_attach(ring_fd(ring), NULL);
    put_ramp(producer, 0, 10);
    ring_give_up(ring);
    g_assert_cmpint(ring_end(ring), ==, RING_OPEN);
    ring_skip(ring, 10);
    g_assert_cmpint(ring_end(ring), ==, RING_FAILED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ring/frames come out in order across the seam",
                    test_frames_come_out_in_order_across_the_seam);
    g_test_add_func("/ring/a full ring takes no more and keeps the guard",
                    test_a_full_ring_takes_no_more_and_keeps_the_guard);
    g_test_add_func("/ring/going back gives the same frames again",
                    test_going_back_gives_the_same_frames_again);
    g_test_add_func("/ring/impossible counters break the ring and nothing is read",
                    test_impossible_counters_break_the_ring_and_nothing_is_read);
    g_test_add_func("/ring/the producer cannot take the memory away",
                    test_the_producer_cannot_take_the_memory_away);
    g_test_add_func("/ring/the end comes after the last frame",
                    test_the_end_comes_after_the_last_frame);
    g_test_add_func("/ring/a new producer goes on where the dead one was",
                    test_a_new_producer_goes_on_where_the_dead_one_was);
    g_test_add_func("/ring/a ring given up is played out and then failed",
                    test_a_ring_given_up_is_played_out_and_then_failed);
    return g_test_run();
}
