/* The ALSA card and its mixer against the simulated card, sample by sample. Each test has a card of
 * its own. Time is never measured here: what is compared is what the card stamped itself. */
#include "card_mixer.h"
#include "desk_card.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
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

#define PERIOD 480
#define BUFFER 24000 /* half a second: room for a busy machine */

static Card *open_card(int number)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *device = desk_device(number);
    Card *card = card_alsa_open(device, PERIOD, BUFFER, &error);
    g_assert_no_error(error);
    return card;
}

/* Noise, never zero, so that a lost or silent frame shows. */
static int16_t *noise(unsigned frames, uint32_t seed)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(seed);
    int16_t *samples = g_new(int16_t, frames * CARD_CHANNELS);
    for (unsigned i = 0; i < frames * CARD_CHANNELS; i++)
        samples[i] =
            (int16_t)(g_rand_int_range(random, 1, 30000) * (g_rand_boolean(random) ? 1 : -1));
    return samples;
}

/* Writes it all, waiting for room; false with the card's error. */
static bool feed(Card *card, const int16_t *samples, unsigned frames, GError **error)
{
    unsigned done = 0;
    struct pollfd fds[4];
    while (done < frames) {
        long written = card->ops->write(card, samples + done * CARD_CHANNELS, frames - done, error);
        if (written < 0)
            return false;
        done += (unsigned)written;
        if (written > 0)
            continue;
        unsigned count = card->ops->poll_fds(card, fds, G_N_ELEMENTS(fds));
        g_assert_cmpuint(count, >, 0);
        g_assert_cmpint(poll(fds, count, 5000), >, 0);
        card->ops->poll_ready(card, fds, count);
    }
    return true;
}

/* Until the card has nothing left: then everything that was handed over lies in the WAV. */
static void run_dry(Card *card)
{
    g_autoptr(GError) error = NULL;
    CardPosition position;
    while (card->ops->position(card, &position, &error))
        g_usleep(2000);
    g_assert_error(error, CARD_ERROR, CARD_ERROR_XRUN);
}

static void play(Card *card, const int16_t *samples, unsigned frames)
{
    g_autoptr(GError) error = NULL;
    unsigned first = MIN(frames, BUFFER);
    feed(card, samples, first, &error);
    g_assert_no_error(error);
    g_assert_true(card->ops->start(card, &error));
    feed(card, samples + first * CARD_CHANNELS, frames - first, &error);
    g_assert_no_error(error);
    run_dry(card);
}

static void play_and_close(int number, const int16_t *samples, unsigned frames)
{
    Card *card = open_card(number);
    play(card, samples, frames);
    card_close(card);
}

static void assert_recorded(GArray *recording, unsigned at, const int16_t *samples, unsigned frames)
{
    g_assert_cmpuint(recording->len, >=, (at + frames) * CARD_CHANNELS);
    g_assert_cmpmem(&g_array_index(recording, int16_t, at * CARD_CHANNELS),
                    frames * CARD_CHANNELS * 2, samples, frames * CARD_CHANNELS * 2);
}

static void test_frames_come_out_bit_exact(void)
{
    g_autofree int16_t *samples = noise(36000, 1);
    play_and_close(1, samples, 36000);
    g_autoptr(GArray) recording = desk_recording(1);
    g_assert_cmpuint(recording->len, ==, 36000 * CARD_CHANNELS);
    assert_recorded(recording, 0, samples, 36000);
    g_assert_cmpint(desk_get(1, "frames"), ==, 36000);
    g_assert_cmpint(desk_get(1, "xruns"), ==, 1);
}

static void test_nothing_sounds_before_the_start(void)
{
    g_autofree int16_t *samples = noise(BUFFER, 2);
    Card *card = open_card(2);
    g_assert_cmpint(card->ops->write(card, samples, BUFFER, NULL), ==, BUFFER);
    g_assert_cmpint(card->ops->write(card, samples, PERIOD, NULL), ==, 0);
    CardPosition position;
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_false(position.running);
    g_assert_cmpint(position.frame, ==, 0);
    g_assert_cmpint(position.delay, ==, BUFFER);
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

    g_autofree int16_t *samples = noise(4800, 3);
    play_and_close(3, samples, 4800);
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
    g_autofree int16_t *samples = noise(4800, 4);
    play_and_close(4, samples, 4800);
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

static void test_an_unplugged_card_is_gone_until_it_is_back(void)
{
    g_autofree int16_t *samples = noise(48000, 5);
    g_autoptr(GError) error = NULL;
    CardMixerState state;
    CardPosition position;
    Card *card = open_card(5);
    g_assert_true(feed(card, samples, BUFFER, &error));
    g_assert_true(card->ops->start(card, &error));
    do
        g_assert_true(card->ops->position(card, &position, &error));
    while (position.frame < PERIOD);
    desk_set(5, "unplugged=1");

    g_assert_false(feed(card, samples, 48000, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card->ops->position(card, &position, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card->ops->prepare(card, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    card_close(card);
    g_assert_null(card_alsa_open("station5", PERIOD, BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card_mixer_read("station5", NULL, &state, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);

    int64_t before = desk_get(5, "frames");
    g_assert_cmpint(before, >=, PERIOD);
    desk_set(5, "unplugged=0");
    g_autofree int16_t *later = noise(4800, 50);
    play_and_close(5, later, 4800);
    g_autoptr(GArray) recording = desk_recording(5);
    g_assert_cmpuint(recording->len, ==, (before + 4800) * CARD_CHANNELS);
    assert_recorded(recording, 0, samples, (unsigned)before);
    assert_recorded(recording, (unsigned)before, later, 4800);
    g_assert_cmpint(desk_last_stamp(5, "start").frame, ==, before);
}

static void test_poll_wakes_for_an_unplugged_card(void)
{
    g_autofree int16_t *samples = noise(BUFFER, 6);
    struct pollfd fds[4];
    bool ready = false;
    Card *card = open_card(6);
    g_assert_true(feed(card, samples, BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    desk_set(6, "unplugged=1");
    while (!ready) {
        unsigned count = card->ops->poll_fds(card, fds, G_N_ELEMENTS(fds));
        g_assert_cmpint(poll(fds, count, 5000), >, 0);
        ready = card->ops->poll_ready(card, fds, count);
    }
    g_assert_cmpint(card->ops->write(card, samples, PERIOD, NULL), ==, -1);
    card_close(card);
}

static void test_a_stalled_pointer_stands_still_and_is_told_as_stuck(void)
{
    g_autofree int16_t *samples = noise(BUFFER, 7);
    g_autoptr(GError) error = NULL;
    CardPosition first, next;
    Card *card = open_card(7);
    g_assert_true(feed(card, samples, BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    desk_set(7, "stalled=1");
    g_assert_true(card->ops->position(card, &first, NULL));
    next = first;
    while (card->ops->position(card, &next, &error)) {
        g_assert_cmpint(next.frame, ==, first.frame);
        g_assert_true(next.running);
        g_usleep(10000);
    }
    g_assert_error(error, CARD_ERROR, CARD_ERROR_STUCK);

    desk_set(7, "stalled=0");
    g_clear_error(&error);
    g_assert_true(card->ops->prepare(card, &error));
    card_close(card);
    g_assert_cmpint(desk_last_stamp(7, "stop").frame, ==, desk_get(7, "frames"));
}

static void test_a_stall_shows_in_the_stamps(void)
{
    g_autofree int16_t *samples = noise(BUFFER, 8);
    CardPosition position;
    Card *card = open_card(8);
    g_assert_true(feed(card, samples, BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    desk_set(8, "stalled=1");
    g_assert_true(card->ops->position(card, &position, NULL));
    desk_set(8, "stalled=0");
    run_dry(card);
    card_close(card);

    DeskStamp stop = desk_last_stamp(8, "stop");
    DeskStamp start = desk_last_stamp(8, "start");
    DeskStamp xrun = desk_last_stamp(8, "xrun");
    g_assert_cmpint(stop.frame, ==, start.frame);
    g_assert_cmpint(start.monotonic_ns, >, stop.monotonic_ns);
    g_assert_cmpint(xrun.frame, ==, BUFFER);
    g_autoptr(GArray) recording = desk_recording(8);
    assert_recorded(recording, 0, samples, BUFFER);
}

static void test_a_rewind_replaces_what_was_queued(void)
{
    g_autofree int16_t *first = noise(BUFFER, 9);
    g_autofree int16_t *second = noise(BUFFER, 90);
    g_autoptr(GError) error = NULL;
    Card *card = open_card(9);
    g_assert_true(feed(card, first, BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    long taken = card->ops->rewind(card, BUFFER / 2);
    CardPosition position;
    g_assert_cmpint(taken, ==, BUFFER / 2);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame + position.delay, ==, BUFFER - taken);
    g_assert_true(feed(card, second, BUFFER, &error));
    g_assert_no_error(error);
    run_dry(card);
    card_close(card);
    g_autoptr(GArray) recording = desk_recording(9);
    g_assert_cmpuint(recording->len, ==, (BUFFER + BUFFER / 2) * CARD_CHANNELS);
    assert_recorded(recording, 0, first, BUFFER / 2);
    assert_recorded(recording, BUFFER / 2, second, BUFFER);
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
    g_autofree int16_t *samples = noise(BUFFER, 10);
    Card *card = open_card(10);
    g_assert_true(feed(card, samples, BUFFER, NULL));
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
        g_assert_cmpint(position.frame + position.delay, ==, BUFFER);
        g_usleep(3000);
    }
    run_dry(card);
    card_close(card);
    DeskStamp xrun = desk_last_stamp(10, "xrun");
    g_assert_cmpint(xrun.frame, ==, BUFFER);
    g_assert_cmpfloat_with_epsilon((double)xrun.monotonic_ns, due_ns(&start, BUFFER), 2);
}

static void test_a_step_of_wall_time_is_stamped_and_moves_nothing(void)
{
    g_autofree int16_t *samples = noise(BUFFER, 16);
    CardPosition position;
    Card *card = open_card(16);
    g_assert_true(feed(card, samples, BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    DeskStamp start = desk_last_stamp(16, "start");
    wall_step_s = 3;
    g_assert_true(card->ops->position(card, &position, NULL));
    wall_step_s = 0;
    DeskStamp step = desk_last_stamp(16, "clock");
    run_dry(card);
    card_close(card);

    g_assert_cmpfloat_with_epsilon((double)step.monotonic_ns, due_ns(&start, step.frame), 2);
    int64_t moved = step.realtime_ns - step.monotonic_ns - (start.realtime_ns - start.monotonic_ns);
    g_assert_cmpint(llabs(moved - 3000000000), <, 100000);
    DeskStamp xrun = desk_last_stamp(16, "xrun");
    g_assert_cmpfloat_with_epsilon((double)xrun.monotonic_ns, due_ns(&start, BUFFER), 4);
    g_autoptr(GArray) recording = desk_recording(16);
    assert_recorded(recording, 0, samples, BUFFER);
}

static unsigned open_descriptors(void)
{
    unsigned count = 0;
    g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
    while (g_dir_read_name(dir))
        count++;
    return count;
}

static void test_opening_and_closing_leaves_nothing_behind(void)
{
    card_close(open_card(17));
    unsigned before = open_descriptors();
    for (int i = 0; i < 20; i++)
        card_close(open_card(17));
    desk_set(17, "fail_open=5");
    for (int i = 0; i < 20; i++)
        g_assert_null(card_alsa_open("station17", PERIOD, BUFFER, NULL));
    g_assert_cmpuint(open_descriptors(), ==, before);
}

static void test_numbers_go_on_after_an_underrun(void)
{
    g_autofree int16_t *samples = noise(4800, 11);
    CardPosition position;
    Card *card = open_card(11);
    play(card, samples, 4800);
    g_assert_true(card->ops->prepare(card, NULL));
    g_assert_true(feed(card, samples, 960, NULL));
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 4800);
    g_assert_true(card->ops->start(card, NULL));
    run_dry(card);
    card_close(card);

    g_autoptr(GArray) recording = desk_recording(11);
    assert_recorded(recording, 0, samples, 4800);
    assert_recorded(recording, 4800, samples, 960);
    DeskStamp start = desk_last_stamp(11, "start");
    g_assert_cmpint(start.frame, ==, 4800);
    g_assert_cmpint(desk_last_stamp(11, "close").frame, ==, 5760);
}

static void test_one_player_at_a_time(void)
{
    g_autoptr(GError) error = NULL;
    Card *card = open_card(12);
    g_assert_null(card_alsa_open("station12", PERIOD, BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    card_close(card);
    card_close(open_card(12));
}

static void test_an_open_that_fails_names_the_reason(void)
{
    g_autoptr(GError) error = NULL;
    desk_set(13, "fail_open=19");
    g_assert_null(card_alsa_open("station13", PERIOD, BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_assert_nonnull(strstr(error->message, "No such device"));
    g_clear_error(&error);
    g_assert_null(card_alsa_open("no-such-card", PERIOD, BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
}

static void play_until_killed(void)
{
    g_autofree int16_t *samples = noise(PERIOD, 14);
    Card *card = open_card(14);
    while (feed(card, samples, PERIOD, NULL))
        card->ops->start(card, NULL);
    _exit(EXIT_FAILURE);
}

static void test_a_killed_player_leaves_a_readable_recording(void)
{
    pid_t child = fork();
    if (child == 0)
        play_until_killed();
    int status;
    while (desk_get(14, "frames") < 60000) {
        g_assert_cmpint(waitpid(child, &status, WNOHANG), ==, 0);
        g_usleep(20000);
    }
    kill(child, SIGKILL);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));

    g_autoptr(GArray) recording = desk_recording(14);
    g_assert_cmpuint(recording->len, >=, 48000 * CARD_CHANNELS);
    g_autofree int16_t *samples = noise(PERIOD, 14);
    for (unsigned at = 0; (at + PERIOD) * CARD_CHANNELS <= recording->len; at += PERIOD)
        assert_recorded(recording, at, samples, PERIOD);

    /* the next player gets the card and goes on behind it */
    g_autofree int16_t *later = noise(960, 140);
    play_and_close(14, later, 960);
    g_autoptr(GArray) longer = desk_recording(14);
    int64_t seam = desk_last_stamp(14, "start").frame;
    g_assert_cmpint(seam, >=, recording->len / CARD_CHANNELS);
    g_assert_cmpuint(longer->len, ==, (seam + 960) * CARD_CHANNELS);
    assert_recorded(longer, (unsigned)seam, later, 960);
}

static void test_silence_takes_its_time_in_the_recording(void)
{
    g_autofree int16_t *silence = g_new0(int16_t, 96000 * CARD_CHANNELS);
    g_autofree int16_t *sound = noise(960, 15);
    Card *card = open_card(15);
    memcpy(silence + 48000 * CARD_CHANNELS, sound, 960 * CARD_CHANNELS * 2);
    play(card, silence, 96000);
    card_close(card);
    g_autoptr(GArray) recording = desk_recording(15);
    g_assert_cmpuint(recording->len, ==, 96000 * CARD_CHANNELS);
    assert_recorded(recording, 0, silence, 96000);
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
    g_test_add_func("/card_alsa/an unplugged card is gone until it is back",
                    test_an_unplugged_card_is_gone_until_it_is_back);
    g_test_add_func("/card_alsa/poll wakes for an unplugged card",
                    test_poll_wakes_for_an_unplugged_card);
    g_test_add_func("/card_alsa/a stalled pointer stands still and is told as stuck",
                    test_a_stalled_pointer_stands_still_and_is_told_as_stuck);
    g_test_add_func("/card_alsa/a stall shows in the stamps", test_a_stall_shows_in_the_stamps);
    g_test_add_func("/card_alsa/a rewind replaces what was queued",
                    test_a_rewind_replaces_what_was_queued);
    g_test_add_func("/card_alsa/stamps and positions tell the same time",
                    test_stamps_and_positions_tell_the_same_time);
    g_test_add_func("/card_alsa/a step of wall time is stamped and moves nothing",
                    test_a_step_of_wall_time_is_stamped_and_moves_nothing);
    g_test_add_func("/card_alsa/opening and closing leaves nothing behind",
                    test_opening_and_closing_leaves_nothing_behind);
    g_test_add_func("/card_alsa/numbers go on after an underrun",
                    test_numbers_go_on_after_an_underrun);
    g_test_add_func("/card_alsa/one player at a time", test_one_player_at_a_time);
    g_test_add_func("/card_alsa/an open that fails names the reason",
                    test_an_open_that_fails_names_the_reason);
    g_test_add_func("/card_alsa/a killed player leaves a readable recording",
                    test_a_killed_player_leaves_a_readable_recording);
    g_test_add_func("/card_alsa/silence takes its time in the recording",
                    test_silence_takes_its_time_in_the_recording);
    int result = g_test_run();
    desk_tear_down();
    return result;
}
