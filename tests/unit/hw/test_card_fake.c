/* The card in memory keeps the promises of card.h. */
#include "card.h"

#define PERIOD 100
#define BUFFER 400

static int16_t ramp[2 * BUFFER * CARD_CHANNELS];

static void fill_ramp(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(ramp); i++)
        ramp[i] = (int16_t)(i + 1);
}

static Card *started_card(unsigned frames)
{
    Card *card = card_fake_new(PERIOD, BUFFER);
    g_assert_cmpint(card->ops->write(card, ramp, frames, NULL), ==, MIN(frames, BUFFER));
    g_assert_true(card->ops->start(card, NULL));
    return card;
}

static bool poll_says_ready(Card *card)
{
    struct pollfd fds[1];
    g_assert_cmpuint(card->ops->poll_fds(card, fds, 1), ==, 1);
    bool readable = poll(fds, 1, 0) == 1;
    g_assert_true(readable == card->ops->poll_ready(card, fds, 1));
    return readable;
}

static void test_frames_leave_only_when_advanced_after_the_start(void)
{
    g_autoptr(Card) card = card_fake_new(PERIOD, BUFFER);
    g_assert_cmpint(card->ops->write(card, ramp, 300, NULL), ==, 300);
    card_fake_advance(card, 50);
    g_assert_cmpuint(card_fake_played(card)->len, ==, 0);
    g_assert_true(card->ops->start(card, NULL));
    card_fake_advance(card, 120);
    GArray *played = card_fake_played(card);
    g_assert_cmpmem(played->data, played->len * 2, ramp, 120 * CARD_CHANNELS * 2);
}

static void test_position_and_clock_move_together(void)
{
    g_autoptr(Card) card = started_card(300);
    CardPosition position;
    int64_t before = card_fake_now_ns(card);
    card_fake_advance(card, 48);
    g_assert_cmpint(card_fake_now_ns(card) - before, ==, 1000000);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 48);
    g_assert_cmpint(position.delay, ==, 252);
    g_assert_cmpint(position.at_ns, ==, card_fake_now_ns(card));
    g_assert_true(position.running);
}

static void test_a_full_card_takes_nothing_and_poll_waits(void)
{
    g_autoptr(Card) card = started_card(2 * BUFFER);
    g_assert_cmpint(card->ops->write(card, ramp, 10, NULL), ==, 0);
    g_assert_false(poll_says_ready(card));
    card_fake_advance(card, PERIOD - 1);
    g_assert_false(poll_says_ready(card));
    card_fake_advance(card, 1);
    g_assert_true(poll_says_ready(card));
}

static void test_running_dry_is_an_underrun_and_numbers_go_on(void)
{
    g_autoptr(Card) card = started_card(200);
    g_autoptr(GError) error = NULL;
    CardPosition position;
    card_fake_advance(card, 201);
    g_assert_true(poll_says_ready(card));
    g_assert_cmpint(card->ops->write(card, ramp, 10, &error), ==, -1);
    g_assert_error(error, CARD_ERROR, CARD_ERROR_XRUN);
    g_assert_true(card->ops->prepare(card, NULL));
    g_assert_cmpint(card->ops->write(card, ramp, 10, NULL), ==, 10);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 200);
    g_assert_false(position.running);
}

static void test_playing_the_very_last_frame_is_no_underrun(void)
{
    g_autoptr(Card) card = started_card(200);
    CardPosition position;
    card_fake_advance(card, 200);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 200);
}

static void test_a_rewind_replaces_queued_frames_but_no_played_ones(void)
{
    g_autoptr(Card) card = started_card(300);
    card_fake_advance(card, 100);
    g_assert_cmpint(card->ops->rewind(card, 1000), ==, 200);
    g_assert_cmpint(card->ops->write(card, ramp, 50, NULL), ==, 50);
    card_fake_advance(card, 50);
    GArray *played = card_fake_played(card);
    g_assert_cmpuint(played->len, ==, 150 * CARD_CHANNELS);
    g_assert_cmpint(g_array_index(played, int16_t, 100 * CARD_CHANNELS), ==, ramp[0]);
}

static void test_a_card_that_is_gone_answers_so_everywhere(void)
{
    g_autoptr(Card) card = started_card(BUFFER);
    g_autoptr(GError) error = NULL;
    CardPosition position;
    card_fake_set_gone(card, true);
    g_assert_true(poll_says_ready(card));
    g_assert_false(card->ops->position(card, &position, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_clear_error(&error);
    g_assert_false(card->ops->prepare(card, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_GONE);
    g_assert_cmpint(card->ops->rewind(card, 10), ==, 0);
    g_assert_cmpint(card->ops->write(card, ramp, 10, NULL), ==, -1);
}

static void test_a_stuck_card_stands_still_and_is_told_after_a_second(void)
{
    g_autoptr(Card) card = started_card(BUFFER);
    g_autoptr(GError) error = NULL;
    CardPosition position;
    card_fake_set_stuck(card, true);
    card_fake_advance(card, CARD_RATE - 1);
    g_assert_true(card->ops->position(card, &position, NULL));
    g_assert_cmpint(position.frame, ==, 0);
    card_fake_advance(card, 1);
    g_assert_false(card->ops->position(card, &position, &error));
    g_assert_error(error, CARD_ERROR, CARD_ERROR_STUCK);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fill_ramp();
    g_test_add_func("/card_fake/frames leave only when advanced after the start",
                    test_frames_leave_only_when_advanced_after_the_start);
    g_test_add_func("/card_fake/position and clock move together",
                    test_position_and_clock_move_together);
    g_test_add_func("/card_fake/a full card takes nothing and poll waits",
                    test_a_full_card_takes_nothing_and_poll_waits);
    g_test_add_func("/card_fake/running dry is an underrun and numbers go on",
                    test_running_dry_is_an_underrun_and_numbers_go_on);
    g_test_add_func("/card_fake/playing the very last frame is no underrun",
                    test_playing_the_very_last_frame_is_no_underrun);
    g_test_add_func("/card_fake/a rewind replaces queued frames but no played ones",
                    test_a_rewind_replaces_queued_frames_but_no_played_ones);
    g_test_add_func("/card_fake/a card that is gone answers so everywhere",
                    test_a_card_that_is_gone_answers_so_everywhere);
    g_test_add_func("/card_fake/a stuck card stands still and is told after a second",
                    test_a_stuck_card_stands_still_and_is_told_after_a_second);
    return g_test_run();
}
