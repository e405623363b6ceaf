/* Board files: the ones that are shipped, and the mistakes that a person makes in one. */
#include "linux/board_file.h"

#include <string.h>

#define GOOD                                                                                       \
    "[gpio]\nchip=chip-a\n"                                                                        \
    "[amplifier]\ndrive=gpio\nline=17\nactive_low=true\n"

/* The number of the first line that the error names. */
static unsigned line_of(const char *message)
{
    const char *colon = strchr(message, ':');
    return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

static void refuse(const char *text, unsigned line, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BoardFile) file = board_file_parse(text, "board", &error);
    g_assert_null(file);
    g_assert_nonnull(error);
    g_assert_cmpuint(line_of(error->message), ==, line);
    g_assert_nonnull(strstr(error->message, words));
}

static void test_the_shortest_board_has_an_amplifier_and_nothing_else(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(BoardFile) file = board_file_parse(GOOD, "board", &error);
    g_assert_no_error(error);
    g_assert_cmpint(file->drive, ==, DRIVE_GPIO);
    g_assert_cmpstr(file->amplifier.chip, ==, "chip-a");
    g_assert_cmpint(file->amplifier.line, ==, 17);
    g_assert_true(file->amplifier.active_low);
    g_assert_cmpint(file->mains.line.line, ==, -1);
    g_assert_cmpint(file->read_back.line.line, ==, -1);
    g_assert_cmpuint(file->buttons.count, ==, 0);
    g_assert_null(file->watchdog);
    g_assert_null(file->current.hwmon);
}

static void test_buttons_keep_their_meaning_beside_their_lines(void)
{
    g_autoptr(BoardFile) file = board_file_parse(
        GOOD "[buttons]\nchip=chip-b\nalert3=9\nstop=5\ndebounce_ms=50\n", "board", NULL);
    g_assert_nonnull(file);
    g_assert_cmpstr(file->buttons.chip, ==, "chip-b");
    g_assert_cmpuint(file->buttons.count, ==, 2);
    g_assert_cmpint(file->buttons.lines[0], ==, 5);
    g_assert_cmpint(file->button_of[0], ==, BOARD_BUTTON_STOP);
    g_assert_cmpint(file->buttons.lines[1], ==, 9);
    g_assert_cmpint(file->button_of[1], ==, BOARD_BUTTON_ALERT3);
    g_assert_cmpuint(file->buttons.debounce_ms, ==, 50);
    g_assert_true(file->buttons.active_low);
}

static void test_a_slip_of_the_pen_is_named_with_its_line(void)
{
    refuse(GOOD "[buttons]\nalarm1=5\n", 8, "did you mean \"alert1\"?");
    refuse(GOOD "[buton]\nstop=5\n", 7, "unknown group [buton]");
    refuse(GOOD "bias=pull_up\n", 7, "unknown key \"bias\"");
    refuse(GOOD "[mains]\nline=4\nbias=upwards\n", 9, "one of as_is, pull_up, pull_down, none");
    refuse("[gpio]\nchip=a\n[amplifier]\ndrive=gpio\n", 3, "\"line\" in [amplifier] is missing");
    refuse("[amplifier]\nline=4\n", 2, "unknown key \"line\"");
    refuse("[amplifier]\n", 1, "\"drive\" in [amplifier] is missing");
    refuse("[amplifier]\ndrive=gpio\nline=4\n", 1, "\"chip\" in [amplifier] is missing");
}

static void test_a_line_with_two_uses_is_refused(void)
{
    g_autoptr(GError) error = NULL;
    refuse(GOOD "[buttons]\nstop=17\n", 8, "a line that nothing else uses");
    refuse(GOOD "[mains]\nline=4\n[tamper]\nline=4\n", 10, "a line that nothing else uses");
    g_autoptr(BoardFile) other_chip =
        board_file_parse(GOOD "[mains]\nchip=chip-b\nline=17\n", "board", &error);
    g_assert_no_error(error);
    g_assert_nonnull(other_chip);
}

static void test_a_sensor_is_one_thing_and_no_number_that_changes(void)
{
    refuse(GOOD "[battery]\nhwmon=a\niio=b\ninput=c\n", 9, "one of hwmon, iio, path");
    refuse(GOOD "[battery]\nhwmon=a\ninput=b\nlabel=c\n", 10, "either input or label");
    refuse(GOOD "[battery]\nhwmon=a\n", 7, "\"input\" in [battery] is missing");
    refuse(GOOD "[battery]\npath=/sys/class/hwmon/hwmon2/in1_input\n", 8, "hwmon*");
    refuse(GOOD "[battery]\nhwmon=a\ninput=../in1_input\n", 9, "a name without /");
    refuse(GOOD "[battery]\nhwmon=a\ninput=in1_input\ndivide=0\n", 10, "a whole number from 1");
    refuse(GOOD "[mains]\nline=4\npath=/sys/class/power_supply/*/online\n", 8,
           "either a line or a sensor");
    refuse(GOOD "[leds]\non_air=../../x\n", 8, "a name in /sys/class/leds");
}

static void test_a_relay_board_has_a_number_and_five_letters(void)
{
    g_autoptr(GError) error = NULL;
    const char *const text = "[amplifier]\ndrive=hid_relay\nrelay=2\nserial=BITFT\n";
    g_autoptr(BoardFile) file = board_file_parse(text, "board", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(file->relay, ==, 2);
    g_assert_cmpstr(file->relay_serial, ==, "BITFT");
    refuse("[amplifier]\ndrive=hid_relay\nrelay=9\n", 3, "a whole number from 1 to 8");
    refuse("[amplifier]\ndrive=hid_relay\nserial=BIT\n", 3, "the 5 letters");
    refuse("[amplifier]\ndrive=hid_relay\nline=3\n", 3, "unknown key \"line\"");
}

static BoardFile *load_shipped(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_test_build_filename(G_TEST_DIST, "docs", "boards", name, NULL);
    BoardFile *file = board_file_load(path, &error);
    g_assert_no_error(error);
    return file;
}

/* Without any of these a station cannot be told to be quiet, or does not notice that it is. */
static void test_every_shipped_board_is_in_order_and_complete(void)
{
    g_autofree char *folder = g_test_build_filename(G_TEST_DIST, "docs", "boards", NULL);
    g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
    const char *name;
    unsigned count = 0;
    while ((name = g_dir_read_name(files))) {
        if (!g_str_has_suffix(name, ".conf"))
            continue;
        g_autoptr(BoardFile) file = load_shipped(name);
        g_autofree char *notes = g_strndup(name, strlen(name) - strlen(".conf"));
        g_autofree char *path = g_strdup_printf("%s/%s.md", folder, notes);
        g_autofree char *text = NULL;
        g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
        g_assert_nonnull(strstr(text, "not tried on hardware"));
        g_assert_cmpint(file->drive, !=, DRIVE_NONE);
        g_assert_cmpint(file->read_back.line.line, >=, 0);
        g_assert_cmpuint(file->buttons.count, >=,
                         BOARD_BUTTONS - 1); /* test: where a line is left */
        g_assert_nonnull(file->temperature.hwmon);
        g_assert_nonnull(file->watchdog);
        count++;
    }
    g_assert_cmpuint(count, >=, 4);
}

static void test_the_pins_of_the_shipped_boards_are_those_of_the_notes(void)
{
    g_autoptr(BoardFile) pi4 = load_shipped("raspberry-pi-4.conf");
    g_autoptr(BoardFile) pi5 = load_shipped("raspberry-pi-5.conf");
    g_autoptr(BoardFile) orange = load_shipped("orange-pi-zero3.conf");
    g_autoptr(BoardFile) x86 = load_shipped("x86-usb-relay.conf");
    g_assert_cmpstr(pi4->amplifier.chip, ==, "pinctrl-bcm2711");
    g_assert_cmpint(pi4->amplifier.line, ==, 17);
    g_assert_cmpstr(pi5->amplifier.chip, ==, "pinctrl-rp1");
    g_assert_cmpint(pi5->amplifier.line, ==, 17);
    g_assert_cmpint(orange->amplifier.line, ==, ('C' - 'A') * 32 + 9);
    g_assert_cmpint(orange->buttons.lines[4], ==, ('C' - 'A') * 32 + 15);
    g_assert_cmpint(x86->drive, ==, DRIVE_HID_RELAY);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func("/board_file/" name, function)
    ADD("the shortest board has an amplifier and nothing else",
        test_the_shortest_board_has_an_amplifier_and_nothing_else);
    ADD("buttons keep their meaning beside their lines",
        test_buttons_keep_their_meaning_beside_their_lines);
    ADD("a slip of the pen is named with its line", test_a_slip_of_the_pen_is_named_with_its_line);
    ADD("a line with two uses is refused", test_a_line_with_two_uses_is_refused);
    ADD("a sensor is one thing and no number that changes",
        test_a_sensor_is_one_thing_and_no_number_that_changes);
    ADD("a relay board has a number and five letters",
        test_a_relay_board_has_a_number_and_five_letters);
    ADD("every shipped board is in order and complete",
        test_every_shipped_board_is_in_order_and_complete);
    ADD("the pins of the shipped boards are those of the notes",
        test_the_pins_of_the_shipped_boards_are_those_of_the_notes);
    return g_test_run();
}
