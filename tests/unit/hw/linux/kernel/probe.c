/* The Linux board on a real kernel: runs in the guest that `run` boots, as its only program.
 *
 * What the unit tests assume of the kernel is asked of it here: that it takes the requests, gives
 * an output its first value, makes one press of a bouncing contact, and stops a watchdog at the
 * magic letter. Prints BOARD-OK at the end of a good run. */
#include "board.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#define SETTLE_US (400 * 1000) /* much longer than the debounce period */

static unsigned pressed[BOARD_BUTTONS];

static void remember(BoardButton button, void *user)
{
    (void)user;
    pressed[button]++;
}

static void drive(int line, int level)
{
    FILE *file = fopen("/sys/module/gpio_desk/parameters/drive", "w");
    g_assert_nonnull(file);
    fprintf(file, "%d %d", line, level);
    fclose(file);
}

static void turn_loop(void)
{
    int64_t until_us = g_get_monotonic_time() + SETTLE_US;
    while (g_get_monotonic_time() < until_us) {
        g_main_context_iteration(NULL, FALSE);
        g_usleep(5000);
    }
}

static void expect_text(const char *path, const char *expected)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpstr(g_strchomp(text), ==, expected);
}

static Board *open_board(void)
{
    g_autoptr(GError) error = NULL;
    const BoardSettings settings = {.kind = BOARD_LINUX, .file = "/board.conf"};
    Board *board = board_open(&settings, &error);
    g_assert_no_error(error);
    board->on_button = remember;
    return board;
}

static void check_pins(Board *board)
{
    BoardReadings readings;
    board_read(board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_NO);
    g_assert_cmpint(readings.amplifier, ==, BOARD_NO);
    g_assert_cmpint(readings.tamper, ==, BOARD_UNKNOWN);
    g_assert_cmpint(readings.temperature_mc, ==, 0); /* the register of i2c-stub */
    g_assert_true(board_set_amplifier(board, true, NULL));
    drive(27, 0);
    drive(22, 0);
    board_read(board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_YES);
    g_assert_cmpint(readings.amplifier, ==, BOARD_YES);
}

static void check_buttons(void)
{
    drive(5, 0);
    turn_loop();
    g_assert_cmpuint(pressed[BOARD_BUTTON_STOP], ==, 1);
    for (int i = 0; i < 7; i++)
        drive(6, i & 1); /* ends low */
    turn_loop();
    g_assert_cmpuint(pressed[BOARD_BUTTON_ALERT2], ==, 1);
    drive(6, 1);
    turn_loop();
    g_assert_cmpuint(pressed[BOARD_BUTTON_ALERT2], ==, 1);
}

static void check_that_a_second_board_gets_nothing(void)
{
    g_autoptr(GError) error = NULL;
    Board *other = open_board();
    g_assert_false(board_set_amplifier(other, true, &error));
    g_assert_nonnull(strstr(error->message, "line 17 of header"));
    board_free(other);
}

int main(void)
{
    static const int high[] = {5, 6, 17, 22, 27}; /* pull-ups, and an amplifier left on */
    setvbuf(stdout, NULL, _IONBF, 0);
    log_init("probe");
    for (unsigned i = 0; i < G_N_ELEMENTS(high); i++)
        drive(high[i], 1);
    Board *board = open_board();
    expect_text("/sys/class/watchdog/watchdog0/state", "active");
    expect_text("/sys/class/watchdog/watchdog0/timeout", "12");
    check_pins(board);
    check_buttons();
    board_set_led(board, BOARD_LED_FAULT, BOARD_LIGHT_ON);
    expect_text("/sys/class/leds/input0::capslock/brightness", "1");
    check_that_a_second_board_gets_nothing();
    board_feed_watchdog(board);
    board_free(board);
    expect_text("/sys/class/watchdog/watchdog0/state", "inactive");
    expect_text("/sys/class/leds/input0::capslock/brightness", "0");
    puts("BOARD-OK");
    return 0;
}
