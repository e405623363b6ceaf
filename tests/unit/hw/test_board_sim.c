/* The board on a desk: pins in a file, sensors from a file, off before and after. */
#include "board.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct Fixture {
    char *folder;
    char *path;
    char *log;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->folder = g_dir_make_tmp("loa-board-XXXXXX", NULL);
    f->path = g_build_filename(f->folder, "board", NULL);
    f->log = g_strconcat(f->path, ".log", NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_unlink(f->path);
    g_unlink(f->log);
    g_rmdir(f->folder);
    g_free(f->log);
    g_free(f->path);
    g_free(f->folder);
}

static void write_file(const Fixture *f, const char *text)
{
    g_assert_true(g_file_set_contents(f->path, text, -1, NULL));
}

static char *pin(const Fixture *f)
{
    g_autoptr(GKeyFile) keys = g_key_file_new();
    g_assert_true(g_key_file_load_from_file(keys, f->path, G_KEY_FILE_NONE, NULL));
    return g_key_file_get_string(keys, "pins", "amplifier", NULL);
}

#define assert_pin(f, expected)                                                                    \
    G_STMT_START                                                                                   \
    {                                                                                              \
        g_autofree char *found = pin(f);                                                           \
        g_assert_cmpstr(found, ==, expected);                                                      \
    }                                                                                              \
    G_STMT_END

static void test_the_amplifier_starts_and_ends_off(Fixture *f, gconstpointer data)
{
    (void)data;
    write_file(f, "[pins]\namplifier=on\n"); /* left on by a life that was cut short */
    Board *board = board_sim_new(f->path, NULL);
    assert_pin(f, "off");
    g_assert_true(board_set_amplifier(board, true, NULL));
    assert_pin(f, "on");
    board_free(board);
    assert_pin(f, "off");
}

static void test_each_change_is_logged_once_with_its_time(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *text = NULL;
    Board *board = board_sim_new(f->path, NULL);
    g_assert_true(board_set_amplifier(board, true, NULL));
    g_assert_true(board_set_amplifier(board, true, NULL));
    board_free(board);
    g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    const char *const expected[] = {"off", "on", "off"};
    gint64 last = 0;
    g_assert_cmpuint(g_strv_length(lines), ==, G_N_ELEMENTS(expected) + 1);
    for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_assert_true(g_str_has_prefix(lines[i], "{\"realtime_us\":"));
        gint64 at = g_ascii_strtoll(strchr(lines[i], ':') + 1, NULL, 10);
        g_autofree char *ending = g_strdup_printf(",\"amplifier\":\"%s\"}", expected[i]);
        g_assert_cmpint(at, >=, last);
        g_assert_true(g_str_has_suffix(lines[i], ending));
        last = at;
    }
}

static void test_sensors_nobody_simulates_are_unknown(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(Board) board = board_sim_new(f->path, NULL);
    BoardReadings readings;
    board_read(board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_UNKNOWN);
    g_assert_cmpint(readings.amplifier, ==, BOARD_NO);
    g_assert_cmpint(readings.current_ma, ==, 0);
    g_assert_cmpint(readings.temperature_mc, ==, INT64_MIN);
    g_assert_cmpint(readings.battery_mv, ==, INT64_MIN);
}

static void test_simulated_sensors_are_read_anew_and_survive_a_pin(Fixture *f, gconstpointer data)
{
    (void)data;
    BoardReadings readings;
    g_autoptr(Board) board = board_sim_new(f->path, NULL);
    write_file(f, "[simulate]\nmains=no\ntemperature_mc=41500\nbattery_mv=12600\ncurrent_ma=700\n");
    g_assert_true(board_set_amplifier(board, true, NULL));
    board_read(board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_NO);
    g_assert_cmpint(readings.amplifier, ==, BOARD_YES);
    g_assert_cmpint(readings.current_ma, ==, 700);
    g_assert_cmpint(readings.temperature_mc, ==, 41500);
    g_assert_cmpint(readings.battery_mv, ==, 12600);
}

static void test_a_stuck_relay_is_an_error_and_reads_as_it_is(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    BoardReadings readings;
    g_autoptr(Board) board = board_sim_new(f->path, NULL);
    write_file(f, "[simulate]\nrelay=stuck\n");
    g_assert_false(board_set_amplifier(board, true, &error));
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_FAILED);
    board_read(board, &readings);
    g_assert_cmpint(readings.amplifier, ==, BOARD_NO);
}

static void remember(BoardButton button, void *user)
{
    *(BoardButton *)user = button;
}

static void test_a_board_in_memory_has_pins_buttons_and_a_watchdog(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    BoardReadings readings;
    BoardButton pressed = BOARD_BUTTON_STOP;
    g_autoptr(Board) board = board_sim_new(NULL, NULL);
    board_sim_press(board, BOARD_BUTTON_ALERT1); /* nobody listens yet */
    board->on_button = remember;
    board->on_button_user = &pressed;
    board_sim_press(board, BOARD_BUTTON_ALERT3);
    g_assert_cmpint(pressed, ==, BOARD_BUTTON_ALERT3);
    board_feed_watchdog(board);
    g_assert_cmpint(board_sim_watchdog_feeds(board), ==, 1);
    g_assert_true(board_set_amplifier(board, true, NULL));
    board_read(board, &readings);
    g_assert_cmpint(readings.amplifier, ==, BOARD_YES);
}

static void test_a_place_that_cannot_be_written_is_told(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_null(board_sim_new("/proc/no-such-folder/board", &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/board_sim/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("the amplifier starts and ends off", test_the_amplifier_starts_and_ends_off);
    ADD("each change is logged once with its time", test_each_change_is_logged_once_with_its_time);
    ADD("sensors nobody simulates are unknown", test_sensors_nobody_simulates_are_unknown);
    ADD("simulated sensors are read anew and survive a pin",
        test_simulated_sensors_are_read_anew_and_survive_a_pin);
    ADD("a stuck relay is an error and reads as it is",
        test_a_stuck_relay_is_an_error_and_reads_as_it_is);
    ADD("a board in memory has pins, buttons and a watchdog",
        test_a_board_in_memory_has_pins_buttons_and_a_watchdog);
    ADD("a place that cannot be written is told", test_a_place_that_cannot_be_written_is_told);
    return g_test_run();
}
