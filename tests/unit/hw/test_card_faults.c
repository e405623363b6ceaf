/* The ALSA card when the hardware does not play along: pulled, stalled, refused, its player killed.
 * Every fault is the simulated card's, ordered through loa-simcard. */
#include "card_mixer.h"
#include "desk_card.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_an_unplugged_card_is_gone_until_it_is_back(void)
{
    g_autofree int16_t *samples = desk_noise(48000, 5);
    g_autoptr(GError) error = NULL;
    CardMixerState state;
    CardPosition position;
    Card *card = desk_open(5);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, &error));
    g_assert_true(card->ops->start(card, &error));
    do
        g_assert_true(card->ops->position(card, &position, &error));
    while (position.frame < DESK_PERIOD);
    desk_set(5, "unplugged=1");

    g_assert_false(desk_feed(card, samples, 48000, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card->ops->position(card, &position, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card->ops->prepare(card, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    card_close(card);
    g_assert_null(card_alsa_open("station5", DESK_PERIOD, DESK_BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card_mixer_read("station5", NULL, &state, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);

    int64_t before = desk_get(5, "frames");
    g_assert_cmpint(before, >=, DESK_PERIOD);
    desk_set(5, "unplugged=0");
    g_autofree int16_t *later = desk_noise(4800, 50);
    desk_play_and_close(5, later, 4800);
    g_autoptr(GArray) recording = desk_recording(5);
    g_assert_cmpuint(recording->len, ==, (before + 4800) * CARD_CHANNELS);
    desk_assert_recorded(recording, 0, samples, (unsigned)before);
    desk_assert_recorded(recording, (unsigned)before, later, 4800);
    g_assert_cmpint(desk_last_stamp(5, "start").frame, ==, before);
}

static void test_poll_wakes_for_an_unplugged_card(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 6);
    struct pollfd fds[4];
    bool ready = false;
    Card *card = desk_open(6);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    desk_set(6, "unplugged=1");
    while (!ready) {
        unsigned count = card->ops->poll_fds(card, fds, G_N_ELEMENTS(fds));
        g_assert_cmpint(poll(fds, count, 5000), >, 0);
        ready = card->ops->poll_ready(card, fds, count);
    }
    g_assert_cmpint(card->ops->write(card, samples, DESK_PERIOD, NULL), ==, -1);
    card_close(card);
}

static void test_a_stalled_pointer_stands_still_and_is_told_as_stuck(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 7);
    g_autoptr(GError) error = NULL;
    CardPosition first, next;
    Card *card = desk_open(7);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
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
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 8);
    CardPosition position;
    Card *card = desk_open(8);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
    g_assert_true(card->ops->start(card, NULL));
    desk_set(8, "stalled=1");
    g_assert_true(card->ops->position(card, &position, NULL));
    desk_set(8, "stalled=0");
    desk_run_dry(card);
    card_close(card);

    DeskStamp stop = desk_last_stamp(8, "stop");
    DeskStamp start = desk_last_stamp(8, "start");
    DeskStamp xrun = desk_last_stamp(8, "xrun");
    g_assert_cmpint(stop.frame, ==, start.frame);
    g_assert_cmpint(start.monotonic_ns, >, stop.monotonic_ns);
    g_assert_cmpint(xrun.frame, ==, DESK_BUFFER);
    g_autoptr(GArray) recording = desk_recording(8);
    desk_assert_recorded(recording, 0, samples, DESK_BUFFER);
}

static void test_one_player_at_a_time(void)
{
    g_autoptr(GError) error = NULL;
    Card *card = desk_open(12);
    g_assert_null(card_alsa_open("station12", DESK_PERIOD, DESK_BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    card_close(card);
    card_close(desk_open(12));
}

static void test_an_open_that_fails_names_the_reason(void)
{
    g_autoptr(GError) error = NULL;
    desk_set(13, "fail_open=19");
    g_assert_null(card_alsa_open("station13", DESK_PERIOD, DESK_BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_assert_nonnull(strstr(error->message, "No such device"));
    g_clear_error(&error);
    g_assert_null(card_alsa_open("no-such-card", DESK_PERIOD, DESK_BUFFER, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
}

static void play_until_killed(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_PERIOD, 14);
    Card *card = desk_open(14);
    while (desk_feed(card, samples, DESK_PERIOD, NULL))
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
    g_autofree int16_t *samples = desk_noise(DESK_PERIOD, 14);
    for (unsigned at = 0; (at + DESK_PERIOD) * CARD_CHANNELS <= recording->len; at += DESK_PERIOD)
        desk_assert_recorded(recording, at, samples, DESK_PERIOD);

    /* the next player gets the card and goes on behind it */
    g_autofree int16_t *later = desk_noise(960, 140);
    desk_play_and_close(14, later, 960);
    g_autoptr(GArray) longer = desk_recording(14);
    int64_t seam = desk_last_stamp(14, "start").frame;
    g_assert_cmpint(seam, >=, recording->len / CARD_CHANNELS);
    g_assert_cmpuint(longer->len, ==, (seam + 960) * CARD_CHANNELS);
    desk_assert_recorded(longer, (unsigned)seam, later, 960);
}

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

static void test_a_disk_that_takes_no_more_moves_nothing(void)
{
    g_autofree int16_t *samples = desk_noise(DESK_BUFFER, 18);
    CardPosition position;
    Card *card = desk_open(18);
    g_assert_true(desk_feed(card, samples, DESK_BUFFER, NULL));
    signal(SIGXFSZ, SIG_IGN);
    limit_files(8192);
    g_assert_true(card->ops->start(card, NULL));
    do
        g_assert_true(card->ops->position(card, &position, NULL));
    while (position.frame < DESK_BUFFER / 2);
    limit_files(RLIM_INFINITY);
    desk_run_dry(card);
    card_close(card);

    g_autoptr(GArray) recording = desk_recording(18);
    unsigned lost = DESK_BUFFER / 4; /* far behind the limit, well before it was lifted */
    g_assert_cmpuint(recording->len, ==, DESK_BUFFER * CARD_CHANNELS);
    g_assert_cmpint(g_array_index(recording, int16_t, lost * CARD_CHANNELS), ==, 0);
    unsigned kept = (unsigned)position.frame + 1;
    desk_assert_recorded(recording, 0, samples, 1000);
    desk_assert_recorded(recording, kept, samples + kept * CARD_CHANNELS, DESK_BUFFER - kept);
    DeskStamp start = desk_last_stamp(18, "start");
    DeskStamp xrun = desk_last_stamp(18, "xrun");
    g_assert_cmpint(xrun.monotonic_ns - start.monotonic_ns, ==, 500000000);
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
    card_close(desk_open(17));
    unsigned before = open_descriptors();
    for (int i = 0; i < 20; i++)
        card_close(desk_open(17));
    desk_set(17, "fail_open=5");
    for (int i = 0; i < 20; i++)
        g_assert_null(card_alsa_open("station17", DESK_PERIOD, DESK_BUFFER, NULL));
    g_assert_cmpuint(open_descriptors(), ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    desk_set_up();
    g_test_add_func("/card_faults/an unplugged card is gone until it is back",
                    test_an_unplugged_card_is_gone_until_it_is_back);
    g_test_add_func("/card_faults/poll wakes for an unplugged card",
                    test_poll_wakes_for_an_unplugged_card);
    g_test_add_func("/card_faults/a stalled pointer stands still and is told as stuck",
                    test_a_stalled_pointer_stands_still_and_is_told_as_stuck);
    g_test_add_func("/card_faults/a stall shows in the stamps", test_a_stall_shows_in_the_stamps);
    g_test_add_func("/card_faults/one player at a time", test_one_player_at_a_time);
    g_test_add_func("/card_faults/an open that fails names the reason",
                    test_an_open_that_fails_names_the_reason);
    g_test_add_func("/card_faults/a killed player leaves a readable recording",
                    test_a_killed_player_leaves_a_readable_recording);
    g_test_add_func("/card_faults/a disk that takes no more moves nothing",
                    test_a_disk_that_takes_no_more_moves_nothing);
    g_test_add_func("/card_faults/opening and closing leaves nothing behind",
                    test_opening_and_closing_leaves_nothing_behind);
    int result = g_test_run();
    desk_tear_down();
    return result;
}
