/* The whole Linux board on a machine of plain files: off first and last, told when something is
 * missing, and right again when it has come. */
#include "linux/board_linux.h"

#include <gio/gio.h>
#include <linux/gpio.h>
#include <string.h>

#include "desk_machine.h"

#define AMPLIFIER 17
#define READ_BACK 27
#define STOP      5
#define ALERT2    6
#define MAINS     22

static const char board_text[] = "[gpio]\nchip=header\n"
                                 "[amplifier]\ndrive=gpio\nline=17\n"
                                 "[read_back]\nline=27\nactive_low=true\nbias=pull_up\n"
                                 "[buttons]\nchip=keys\nstop=5\nalert2=6\n"
                                 "[mains]\nline=22\n"
                                 "[temperature]\nhwmon=cpu_thermal\ninput=temp1_input\n"
                                 "[under_voltage]\nhwmon=rpi_volt\ninput=in0_lcrit_alarm\n"
                                 "[watchdog]\ndevice=/dev/watchdog\n"
                                 "[leds]\nfault=red\n";

typedef struct Fixture {
    DeskMachine *desk;
    DeskChip *header;
    DeskChip *keys;
    Board *board;
    GArray *pressed;
} Fixture;

static void remember(BoardButton button, void *user)
{
    g_array_append_val(((Fixture *)user)->pressed, button);
}

static void write_board(const Fixture *f, const char *text)
{
    desk_machine_write(f->desk, "/etc/board.conf", text);
}

static void open_board(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat(f->desk->root, "/etc/board.conf", NULL);
    f->board = board_linux_new(path, &f->desk->machine, &error);
    g_assert_no_error(error);
    f->board->on_button = remember;
    f->board->on_button_user = f;
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->desk = desk_machine_new();
    f->pressed = g_array_new(FALSE, FALSE, sizeof(BoardButton));
    f->header = desk_machine_add_chip(f->desk, "gpiochip0", "header");
    f->keys = desk_machine_add_chip(f->desk, "gpiochip1", "keys");
    desk_chip_drive(f->desk, f->header, READ_BACK, true);
    desk_chip_drive(f->desk, f->keys, STOP, true);
    desk_chip_drive(f->desk, f->keys, ALERT2, true);
    f->desk->watchdog_max_s = 16;
    desk_machine_write(f->desk, "/dev/watchdog", "");
    desk_machine_write(f->desk, "/sys/class/hwmon/hwmon2/name", "cpu_thermal\n");
    desk_machine_write(f->desk, "/sys/class/hwmon/hwmon2/temp1_input", "48312\n");
    desk_machine_write(f->desk, "/sys/class/hwmon/hwmon1/name", "rpi_volt\n");
    desk_machine_write(f->desk, "/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "0\n");
    desk_machine_write(f->desk, "/sys/class/leds/red/trigger", "default-on");
    desk_machine_write(f->desk, "/sys/class/leds/red/brightness", "1");
    write_board(f, board_text);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_clear_pointer(&f->board, board_free);
    g_array_unref(f->pressed);
    desk_machine_free(f->desk);
}

static BoardReadings readings(const Fixture *f)
{
    BoardReadings now;
    board_read(f->board, &now);
    return now;
}

static void turn_loop(void)
{
    while (g_main_context_iteration(NULL, FALSE))
        ;
}

static void test_the_amplifier_starts_and_ends_off(Fixture *f, gconstpointer data)
{
    (void)data;
    desk_chip_drive(f->desk, f->header, AMPLIFIER, true); /* left on by a life that was cut short */
    open_board(f);
    g_assert_false(desk_chip_is_high(f->header, AMPLIFIER));
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    g_assert_true(desk_chip_is_high(f->header, AMPLIFIER));
    g_clear_pointer(&f->board, board_free);
    g_assert_false(desk_chip_is_high(f->header, AMPLIFIER));
    g_assert_cmpuint(f->desk->warnings->len, ==, 0);
}

static void test_the_amplifier_reads_as_its_contact_says(Fixture *f, gconstpointer data)
{
    (void)data;
    open_board(f);
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    g_assert_cmpint(readings(f).amplifier, ==, BOARD_NO); /* the relay hangs */
    desk_chip_drive(f->desk, f->header, READ_BACK, false);
    g_assert_cmpint(readings(f).amplifier, ==, BOARD_YES);
}

static void test_without_a_contact_the_amplifier_is_unknown(Fixture *f, gconstpointer data)
{
    (void)data;
    write_board(f, "[amplifier]\ndrive=gpio\nchip=header\nline=17\n");
    open_board(f);
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    BoardReadings now = readings(f);
    g_assert_cmpint(now.amplifier, ==, BOARD_UNKNOWN);
    g_assert_cmpint(now.mains, ==, BOARD_UNKNOWN);
    g_assert_cmpint(now.tamper, ==, BOARD_UNKNOWN);
    g_assert_cmpint(now.current_ma, ==, INT64_MIN);
    g_assert_cmpint(now.temperature_mc, ==, INT64_MIN);
    g_assert_cmpint(now.battery_mv, ==, INT64_MIN);
}

static void test_facts_and_sensors_are_read_anew(Fixture *f, gconstpointer data)
{
    (void)data;
    open_board(f);
    desk_chip_drive(f->desk, f->header, MAINS, true);
    BoardReadings now = readings(f);
    g_assert_cmpint(now.mains, ==, BOARD_YES);
    g_assert_cmpint(now.under_voltage, ==, BOARD_NO);
    g_assert_cmpint(now.temperature_mc, ==, 48312);
    desk_chip_drive(f->desk, f->header, MAINS, false);
    desk_machine_write(f->desk, "/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
    desk_machine_remove(f->desk, "/sys/class/hwmon/hwmon2/temp1_input");
    now = readings(f);
    g_assert_cmpint(now.mains, ==, BOARD_NO);
    g_assert_cmpint(now.under_voltage, ==, BOARD_YES);
    g_assert_cmpint(now.temperature_mc, ==, INT64_MIN);
}

static void test_buttons_come_on_the_loop(Fixture *f, gconstpointer data)
{
    (void)data;
    open_board(f);
    desk_chip_drive(f->desk, f->keys, ALERT2, false);
    desk_chip_drive(f->desk, f->keys, ALERT2, true);
    desk_chip_drive(f->desk, f->keys, STOP, false);
    g_assert_cmpuint(f->pressed->len, ==, 0);
    turn_loop();
    g_assert_cmpuint(f->pressed->len, ==, 2);
    g_assert_cmpint(g_array_index(f->pressed, BoardButton, 0), ==, BOARD_BUTTON_ALERT2);
    g_assert_cmpint(g_array_index(f->pressed, BoardButton, 1), ==, BOARD_BUTTON_STOP);
}

static void test_what_is_missing_is_said_once_and_used_when_it_comes(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    desk_chip_unplug(f->desk, f->header);
    desk_machine_remove(f->desk, "/dev/watchdog");
    open_board(f);
    g_assert_cmpuint(f->desk->warnings->len, ==, 4); /* amplifier, read-back, mains, watchdog */
    g_assert_false(board_set_amplifier(f->board, true, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
    g_assert_cmpint(readings(f).mains, ==, BOARD_UNKNOWN);
    g_assert_cmpuint(f->desk->warnings->len, ==, 4);
    board_feed_watchdog(f->board);

    f->header = desk_machine_add_chip(f->desk, "gpiochip3", "header");
    g_assert_cmpint(readings(f).mains, ==, BOARD_NO);
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    g_assert_true(desk_chip_is_high(f->header, AMPLIFIER));
}

static void test_buttons_that_were_pulled_out_work_again_when_they_are_back(Fixture *f,
                                                                            gconstpointer data)
{
    (void)data;
    open_board(f);
    desk_chip_unplug(f->desk, f->keys);
    turn_loop();
    g_assert_cmpuint(f->desk->warnings->len, ==, 1);
    readings(f);
    readings(f);
    g_assert_cmpuint(f->desk->warnings->len, ==, 2);
    f->keys = desk_machine_add_chip(f->desk, "gpiochip5", "keys");
    desk_chip_drive(f->desk, f->keys, STOP, true);
    readings(f);
    desk_chip_drive(f->desk, f->keys, STOP, false);
    turn_loop();
    g_assert_cmpuint(f->pressed->len, ==, 1);
}

static void test_an_amplifier_line_that_was_pulled_out_is_taken_again(Fixture *f,
                                                                      gconstpointer data)
{
    (void)data;
    open_board(f);
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    desk_chip_unplug(f->desk, f->header);
    g_assert_false(board_set_amplifier(f->board, false, NULL));
    g_assert_cmpint(readings(f).amplifier, ==, BOARD_UNKNOWN);
    f->header = desk_machine_add_chip(f->desk, "gpiochip0", "header");
    desk_chip_drive(f->desk, f->header, AMPLIFIER, true);
    g_assert_true(board_set_amplifier(f->board, false, NULL));
    g_assert_false(desk_chip_is_high(f->header, AMPLIFIER));
}

static void test_the_watchdog_runs_and_stops_at_a_clean_end(Fixture *f, gconstpointer data)
{
    (void)data;
    open_board(f);
    g_assert_cmpint(f->desk->watchdog_s, ==, 15);
    unsigned before = f->desk->feeds;
    board_feed_watchdog(f->board);
    g_assert_cmpuint(f->desk->feeds, ==, before + 1);
    g_clear_pointer(&f->board, board_free);
    g_autofree char *letters = desk_machine_read(f->desk, "/dev/watchdog");
    g_assert_cmpstr(letters, ==, "V");
}

static void test_lights_follow(Fixture *f, gconstpointer data)
{
    (void)data;
    open_board(f);
    board_set_led(f->board, BOARD_LED_FAULT, BOARD_LIGHT_ON);
    board_set_led(f->board, BOARD_LED_NETWORK, BOARD_LIGHT_ON); /* there is none */
    g_autofree char *brightness = desk_machine_read(f->desk, "/sys/class/leds/red/brightness");
    g_assert_cmpstr(brightness, ==, "1");
}

static void test_a_usb_relay_is_switched_and_off_at_the_ends(Fixture *f, gconstpointer data)
{
    (void)data;
    write_board(f, "[amplifier]\ndrive=hid_relay\nrelay=2\n");
    desk_machine_add_relay(f->desk, 0, "BITFT");
    f->desk->relays[0].closed = 3;
    open_board(f);
    g_assert_cmphex(f->desk->relays[0].closed, ==, 1);
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    g_assert_cmphex(f->desk->relays[0].closed, ==, 3);
    g_assert_cmpint(readings(f).amplifier, ==, BOARD_UNKNOWN); /* its own word is no contact */
    g_clear_pointer(&f->board, board_free);
    g_assert_cmphex(f->desk->relays[0].closed, ==, 1);
}

static void test_a_mistake_in_the_file_is_an_error(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat(f->desk->root, "/etc/board.conf", NULL);
    write_board(f, "[amplifier]\ndrive=gpio\nchip=header\nline=17\nvolume=3\n");
    g_autoptr(Board) board =
        board_open(&(BoardSettings){.kind = BOARD_LINUX, .file = path}, &error);
    g_assert_null(board);
    g_assert_nonnull(strstr(error->message, "board.conf:5: unknown key \"volume\""));
    g_assert_false(desk_chip_is_taken(f->desk, f->header, AMPLIFIER));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/board_linux/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("the amplifier starts and ends off", test_the_amplifier_starts_and_ends_off);
    ADD("the amplifier reads as its contact says", test_the_amplifier_reads_as_its_contact_says);
    ADD("without a contact the amplifier is unknown",
        test_without_a_contact_the_amplifier_is_unknown);
    ADD("facts and sensors are read anew", test_facts_and_sensors_are_read_anew);
    ADD("buttons come on the loop", test_buttons_come_on_the_loop);
    ADD("what is missing is said once, and used when it comes",
        test_what_is_missing_is_said_once_and_used_when_it_comes);
    ADD("buttons that were pulled out work again when they are back",
        test_buttons_that_were_pulled_out_work_again_when_they_are_back);
    ADD("an amplifier line that was pulled out is taken again",
        test_an_amplifier_line_that_was_pulled_out_is_taken_again);
    ADD("the watchdog runs, and stops at a clean end",
        test_the_watchdog_runs_and_stops_at_a_clean_end);
    ADD("lights follow", test_lights_follow);
    ADD("a USB relay is switched, and off at the ends",
        test_a_usb_relay_is_switched_and_off_at_the_ends);
    ADD("a mistake in the file is an error", test_a_mistake_in_the_file_is_an_error);
    return g_test_run();
}
