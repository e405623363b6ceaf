/* The ALSA card and its mixer against the simulated card that works, sample by sample. Each test
 * has a card of its own. Time is never measured here: what is compared is what the card stamped
 * itself. */
#include "card_mixer.h"
#include "desk_card.h"

#include <math.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Stands before libc's for the plugin too (this program exports its symbols), so that wall time can
 * be stepped without touching the machine's. */
static int64_t wall_step_s;

int clock_gettime(clockid_t id, struct timespec *ret_time)
{
    int result = (int)syscall(SYS_clock_gettime, id, ret_time);
    if (id == CLOCK_REALTIME)
        ret_time->tv_sec += wall_step_s;
    return result;
}

static void test_frames_come_out_bit_exact(void)
{
    g_autofree int16_t *samples = desk_noise(36000, 1);
    desk_play_and_close(1, samples, 36000);
    g_autoptr(GArray) recording = desk_recording(1);
    g_assert_cmpuint(recording->len, ==, 36000 * CARD_CHANNELS);
    desk_assert_recorded(recording, 0, samples, 36000);
    g_assert_cmpint(desk_get(1, "frames"), ==, 36000);
    g_assert_cmpint(desk_get(1, "xruns"), ==, 1);
}

static void test_nothing_sounds_before_the_start(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 2);
    Card *card = desk_open(2);
    g_assert_cmpint(card->ops->write(card, samples, DESK_BUFFER, NULL), ==, DESK_BUFFER);
    g_assert_cmpint(card->ops->write(card, samples, DESK_PERIOD, NULL), ==, 0);
    CardPosition position;
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_false(position.running);
    g_assert_cmpint(position.frame, ==, 0);
    g_assert_cmpint(position.delay, ==, DESK_BUFFER);
    card_close(card);
    g_assert_cmpint(desk_get(2, "frames"), ==, 0);
}

static void test_the_mixer_scales_what_leaves_the_converter(void)
{
    g_autoptr(GError) error = NULL;
    CardMixerState state;
    g_assert_true(card_mixer_set("station3", NULL, -6, false, &state, &error));
    g_assert_no_error(error);
    g_assert_true(state.present);
    g_assert_false(state.muted);
    g_assert_cmpfloat(state.db, ==, -6.0);
    g_assert_cmpint(desk_get(3, "volume"), ==, 88);

    g_autofree int16_t *samples = desk_noise(4800, 3);
    desk_play_and_close(3, samples, 4800);
    g_autoptr(GArray) recording = desk_recording(3);
    for (unsigned i = 0; i < 4800 * CARD_CHANNELS; i++)
        g_assert_cmpint(g_array_index(recording, int16_t, i), ==,
                        lrint(samples[i] * pow(10, -6.0 / 20)));
}

static void test_a_muted_card_is_silent_and_says_so(void)
{
    CardMixerState state;
    g_assert_true(card_mixer_set("station4", "Master", 0, true, &state, NULL));
    g_assert_true(state.muted);
    g_autofree int16_t *samples = desk_noise(4800, 4);
    desk_play_and_close(4, samples, 4800);
    g_autoptr(GArray) recording = desk_recording(4);
    g_assert_cmpuint(recording->len, ==, 4800 * CARD_CHANNELS);
    for (unsigned i = 0; i < recording->len; i++)
        g_assert_cmpint(g_array_index(recording, int16_t, i), ==, 0);

    /* muted behind our back, and at the lowest step, which is silence too */
    desk_set(4, "mute=0 volume=0");
    g_assert_true(card_mixer_read("station4", NULL, &state, NULL));
    g_assert_true(state.muted);
    desk_set(4, "volume=99");
    g_assert_true(card_mixer_read("station4", NULL, &state, NULL));
    g_assert_false(state.muted);
    g_assert_cmpfloat(state.db, ==, -0.5);
}

static void test_a_rewind_replaces_what_was_queued(void)
{
    g_autofree int16_t *first = desk_noise(DESK_BUFFER, 9);
    g_autofree int16_t *second = desk_noise(DESK_BUFFER, 90);
    g_autoptr(GError) error = NULL;
    Card *card = desk_open(9);
    g_assert_true(desk_feed(card, first, DESK_BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    long taken = card->ops->rewind(card, DESK_BUFFER / 2);
    CardPosition position;
    g_assert_cmpint(taken, ==, DESK_BUFFER / 2);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame + position.delay, ==, DESK_BUFFER - taken);
    g_assert_true(desk_feed(card, second, DESK_BUFFER, &error));
    g_assert_no_error(error);
    desk_run_dry(card);
    card_close(card);
    g_autoptr(GArray) recording = desk_recording(9);
    g_assert_cmpuint(recording->len, ==, (DESK_BUFFER + DESK_BUFFER / 2) * CARD_CHANNELS);
    desk_assert_recorded(recording, 0, first, DESK_BUFFER / 2);
    desk_assert_recorded(recording, DESK_BUFFER / 2, second, DESK_BUFFER);
}

static int64_t monotonic_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * G_GINT64_CONSTANT(1000000000) + t.tv_nsec;
}

static double due_ns(const DeskStamp *start, int64_t frame)
{
    return (double)start->monotonic_ns + (double)(frame - start->frame) * 1e9 / start->rate;
}

static void test_stamps_and_positions_tell_the_same_time(void)
{
    desk_set(10, "ppm=150");
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 10);
    Card *card = desk_open(10);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    DeskStamp start = desk_last_stamp(10, "start");
    g_assert_cmpfloat_with_epsilon(start.rate, 48000 * 1.00015, 1e-5);
    for (int i = 0; i < 50; i++) {
        CardPosition position;
        int64_t before = monotonic_ns();
        g_assert_true(card->ops->position(card, &position, NULL));
        /* the frame was leaving at some instant of the call; 1 us for the two clocks' reading */
        g_assert_cmpfloat(due_ns(&start, position.frame), <=, (double)position.at_ns + 1000);
        g_assert_cmpfloat(due_ns(&start, position.frame + 1), >=, (double)before - 1000);
        g_assert_cmpint(position.frame + position.delay, ==, DESK_BUFFER);
        g_usleep(3000);
    }
    desk_run_dry(card);
    card_close(card);
    DeskStamp xrun = desk_last_stamp(10, "xrun");
    g_assert_cmpint(xrun.frame, ==, DESK_BUFFER);
    g_assert_cmpfloat_with_epsilon((double)xrun.monotonic_ns, due_ns(&start, DESK_BUFFER), 2);
}

static void test_a_step_of_wall_time_is_stamped_and_moves_nothing(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 16);
    CardPosition position;
    Card *card = desk_open(16);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    DeskStamp start = desk_last_stamp(16, "start");
    wall_step_s = 3;
    g_assert_true(card->ops->position(card, &position, NULL));
    wall_step_s = 0;
    DeskStamp step = desk_last_stamp(16, "clock");
    desk_run_dry(card);
    card_close(card);

    g_assert_cmpfloat_with_epsilon((double)step.monotonic_ns, due_ns(&start, step.frame), 2);
    int64_t moved = step.realtime_ns - step.monotonic_ns - (start.realtime_ns - start.monotonic_ns);
    g_assert_cmpint(llabs(moved - 3000000000), <, 100000);
    DeskStamp xrun = desk_last_stamp(16, "xrun");
    g_assert_cmpfloat_with_epsilon((double)xrun.monotonic_ns, due_ns(&start, DESK_BUFFER), 4);
    g_autoptr(GArray) recording = desk_recording(16);
    desk_assert_recorded(recording, 0, samples, DESK_BUFFER);
}

static void test_numbers_go_on_after_an_underrun(void)
{
    g_autofree int16_t *samples = desk_noise(4800, 11);
    CardPosition position;
    Card *card = desk_open(11);
    desk_play(card, samples, 4800);
    g_assert_true(card->ops->prepare(card, NULL));
    g_assert_true(desk_feed(card, samples, 960, NULL));
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 4800);
    g_assert_true(card->ops->start(card, NULL));
    desk_run_dry(card);
    card_close(card);

    g_autoptr(GArray) recording = desk_recording(11);
    desk_assert_recorded(recording, 0, samples, 4800);
    desk_assert_recorded(recording, 4800, samples, 960);
    DeskStamp start = desk_last_stamp(11, "start");
    g_assert_cmpint(start.frame, ==, 4800);
    g_assert_cmpint(desk_last_stamp(11, "close").frame, ==, 5760);
}

static void test_silence_takes_its_time_in_the_recording(void)
{
    g_autofree int16_t *silence = g_new0(int16_t, 96000 * CARD_CHANNELS);
    g_autofree int16_t *sound = desk_noise(960, 15);
    Card *card = desk_open(15);
    memcpy(silence + 48000 * CARD_CHANNELS, sound, 960 * CARD_CHANNELS * 2);
    desk_play(card, silence, 96000);
    card_close(card);
    g_autoptr(GArray) recording = desk_recording(15);
    g_assert_cmpuint(recording->len, ==, 96000 * CARD_CHANNELS);
    desk_assert_recorded(recording, 0, silence, 96000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_set_up();
    g_test_add_func("/card_alsa/frames come out bit-exact", test_frames_come_out_bit_exact);
    g_test_add_func("/card_alsa/nothing sounds before the start",
                    test_nothing_sounds_before_the_start);
    g_test_add_func("/card_alsa/the mixer scales what leaves the converter",
                    test_the_mixer_scales_what_leaves_the_converter);
    g_test_add_func("/card_alsa/a muted card is silent and says so",
                    test_a_muted_card_is_silent_and_says_so);
    g_test_add_func("/card_alsa/a rewind replaces what was queued",
                    test_a_rewind_replaces_what_was_queued);
    g_test_add_func("/card_alsa/stamps and positions tell the same time",
                    test_stamps_and_positions_tell_the_same_time);
    g_test_add_func("/card_alsa/a step of wall time is stamped and moves nothing",
                    test_a_step_of_wall_time_is_stamped_and_moves_nothing);
    g_test_add_func("/card_alsa/numbers go on after an underrun",
                    test_numbers_go_on_after_an_underrun);
    g_test_add_func("/card_alsa/silence takes its time in the recording",
                    test_silence_takes_its_time_in_the_recording);
    int result = g_test_run();
    desk_tear_down();
    return result;
}
