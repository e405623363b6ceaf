/* The hand on a simulated board: commands through its unix socket, from a peer on the same loop. */
#include "board.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct Fixture {
    char *folder;
    char *state;
    char *path;
    Board *board;
    int peer;
    GArray *pressed; /* BoardButton */
} Fixture;

static void remember(BoardButton button, void *user)
{
    g_array_append_val(((Fixture *)user)->pressed, button);
}

static int reach(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    g_strlcpy(address.sun_path, path, sizeof address.sun_path);
    g_assert_cmpint(connect(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->folder = g_dir_make_tmp("loa-board-XXXXXX", NULL);
    f->state = g_build_filename(f->folder, "state", NULL);
    f->path = g_build_filename(f->folder, "socket", NULL);
    f->pressed = g_array_new(FALSE, FALSE, sizeof(BoardButton));
    f->board = board_open(&(BoardSettings){.state = f->state, .socket = f->path}, &error);
    g_assert_no_error(error);
    f->board->on_button = remember;
    f->board->on_button_user = f;
    f->peer = reach(f->path);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *log = g_strconcat(f->state, ".log", NULL);
    close(f->peer);
    g_clear_pointer(&f->board, board_free);
    g_assert_false(g_file_test(f->path, G_FILE_TEST_EXISTS));
    g_unlink(f->state);
    g_unlink(log);
    g_assert_cmpint(g_rmdir(f->folder), ==, 0);
    g_array_unref(f->pressed);
    g_free(f->path);
    g_free(f->state);
    g_free(f->folder);
}

/* Turns the loop until `lines` answers have come or the board has hung up; what came. */
static char *hear(const Fixture *f, unsigned lines)
{
    GString *heard = g_string_new(NULL);
    char byte;
    while (lines > 0) {
        ssize_t count = recv(f->peer, &byte, 1, MSG_DONTWAIT);
        if (count == 0)
            break;
        if (count < 0) {
            g_main_context_iteration(NULL, TRUE);
            continue;
        }
        g_string_append_c(heard, byte);
        lines -= byte == '\n';
    }
    return g_string_free(heard, FALSE);
}

static char *ask(const Fixture *f, const char *line)
{
    g_autofree char *full = g_strconcat(line, "\n", NULL);
    g_assert_cmpint(send(f->peer, full, strlen(full), 0), ==, strlen(full));
    char *heard = hear(f, 1);
    return g_strchomp(heard);
}

static void command(const Fixture *f, const char *line)
{
    g_autofree char *heard = ask(f, line);
    g_assert_cmpstr(heard, ==, "ok");
}

static void test_each_sensor_follows_its_command(Fixture *f, gconstpointer data)
{
    (void)data;
    BoardReadings readings;
    const char *const commands[] = {"mains off",     "current 0", "heat 71000",
                                    "battery 11800", "tamper on", "under_voltage on"};
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++)
        command(f, commands[i]);
    board_read(f->board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_NO);
    g_assert_cmpint(readings.current_ma, ==, 0);
    g_assert_cmpint(readings.temperature_mc, ==, 71000);
    g_assert_cmpint(readings.battery_mv, ==, 11800);
    g_assert_cmpint(readings.tamper, ==, BOARD_YES);
    g_assert_cmpint(readings.under_voltage, ==, BOARD_YES);
}

static void test_what_was_simulated_can_be_taken_back(Fixture *f, gconstpointer data)
{
    (void)data;
    BoardReadings readings;
    command(f, "mains off");
    command(f, "heat 71000");
    command(f, "current 0");
    command(f, "mains unknown");
    command(f, "heat unknown");
    command(f, "current auto");
    g_assert_true(board_set_amplifier(f->board, true, NULL));
    board_read(f->board, &readings);
    g_assert_cmpint(readings.mains, ==, BOARD_UNKNOWN);
    g_assert_cmpint(readings.temperature_mc, ==, INT64_MIN);
    g_assert_cmpint(readings.current_ma, >, 0);
}

static void test_a_press_reaches_the_owner_of_the_buttons(Fixture *f, gconstpointer data)
{
    (void)data;
    command(f, "press alert2");
    command(f, "press stop");
    g_assert_cmpuint(f->pressed->len, ==, 2);
    g_assert_cmpint(g_array_index(f->pressed, BoardButton, 0), ==, BOARD_BUTTON_ALERT2);
    g_assert_cmpint(g_array_index(f->pressed, BoardButton, 1), ==, BOARD_BUTTON_STOP);
}

static void test_a_stuck_relay_does_not_follow_until_it_is_repaired(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    command(f, "relay stuck");
    g_assert_false(board_set_amplifier(f->board, true, &error));
    command(f, "relay ok");
    g_assert_true(board_set_amplifier(f->board, true, NULL));
}

static void test_show_tells_pins_sensors_and_lights(Fixture *f, gconstpointer data)
{
    (void)data;
    command(f, "heat 71000");
    board_set_led(f->board, BOARD_LED_FAULT, BOARD_LIGHT_BLINK);
    board_feed_watchdog(f->board);
    g_autofree char *heard = ask(f, "show");
    g_assert_cmpstr(heard, ==,
                    "{\"amplifier\":false,\"mains\":null,\"tamper\":null,"
                    "\"under_voltage\":null,\"current_ma\":0,\"temperature_mc\":71000,"
                    "\"battery_mv\":null,\"watchdog_feeds\":1,"
                    "\"leds\":{\"on_air\":\"off\",\"network\":\"off\",\"fault\":\"blink\"}}");
}

static void test_nonsense_is_refused_with_what_would_be_right(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const nonsense[] = {
        "mains maybe", "heat hot",           "press alert5", "relay",
        "show all",    "heat 1 2",           "mains auto1",  "",
        "explode",     "battery 99999999999"};
    for (unsigned i = 0; i < G_N_ELEMENTS(nonsense); i++) {
        g_autofree char *heard = ask(f, nonsense[i]);
        g_assert_true(g_str_has_prefix(heard, "error: "));
    }
    g_autofree char *mains = ask(f, "mains maybe");
    g_assert_cmpstr(mains, ==, "error: mains on|off|unknown");
    g_assert_cmpuint(f->pressed->len, ==, 0);
}

static void test_lines_in_pieces_and_several_at_once_are_understood(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(send(f->peer, "press al", 8, 0), ==, 8);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpuint(f->pressed->len, ==, 0);
    g_assert_cmpint(send(f->peer, "ert1\npress stop\n", 16, 0), ==, 16);
    g_autofree char *heard = hear(f, 2);
    g_assert_cmpstr(heard, ==, "ok\nok\n");
    g_assert_cmpuint(f->pressed->len, ==, 2);
}

static void test_a_line_without_end_is_hung_up_on(Fixture *f, gconstpointer data)
{
    (void)data;
    char letters[1000];
    memset(letters, 'a', sizeof letters);
    g_assert_cmpint(send(f->peer, letters, sizeof letters, MSG_NOSIGNAL), ==, sizeof letters);
    g_autofree char *heard = hear(f, 1);
    g_assert_cmpstr(heard, ==, "");
    close(f->peer);
    f->peer = reach(f->path); /* the next one is served */
    command(f, "press stop");
}

static void test_a_socket_that_was_left_behind_is_replaced_but_no_file_is(Fixture *f,
                                                                          gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    close(f->peer);
    g_clear_pointer(&f->board, board_free);
    g_strlcpy(address.sun_path, f->path, sizeof address.sun_path);
    g_assert_cmpint(bind(stale, (struct sockaddr *)&address, sizeof address), ==, 0);
    close(stale);
    g_assert_true(g_file_test(f->path, G_FILE_TEST_EXISTS));

    f->board = board_open(&(BoardSettings){.state = f->state, .socket = f->path}, &error);
    g_assert_no_error(error);
    f->peer = reach(f->path);
    command(f, "mains on");
    g_autoptr(Board) other = board_open(&(BoardSettings){.socket = f->state}, &error);
    g_assert_null(other);
    g_assert_error(error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
    g_assert_true(g_file_test(f->state, G_FILE_TEST_IS_REGULAR));
}

static void test_the_tool_prints_the_answer(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GSubprocess) tool = g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                                   SIMBOARD_TOOL, f->path, "press", "alert4", NULL);
    g_assert_no_error(error);
    char line[8] = "";
    gsize length = 0;
    while (f->pressed->len == 0)
        g_main_context_iteration(NULL, TRUE);
    g_assert_true(g_input_stream_read_all(g_subprocess_get_stdout_pipe(tool), line, sizeof line - 1,
                                          &length, NULL, NULL));
    g_assert_true(g_subprocess_wait_check(tool, NULL, NULL));
    g_assert_cmpstr(line, ==, "ok\n");
    g_assert_cmpint(g_array_index(f->pressed, BoardButton, 0), ==, BOARD_BUTTON_ALERT4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
    g_test_add("/board_socket/" name, Fixture, NULL, set_up, function, tear_down)
    ADD("each sensor follows its command", test_each_sensor_follows_its_command);
    ADD("what was simulated can be taken back", test_what_was_simulated_can_be_taken_back);
    ADD("a press reaches the owner of the buttons", test_a_press_reaches_the_owner_of_the_buttons);
    ADD("a stuck relay does not follow until it is repaired",
        test_a_stuck_relay_does_not_follow_until_it_is_repaired);
    ADD("show tells pins, sensors and lights", test_show_tells_pins_sensors_and_lights);
    ADD("nonsense is refused with what would be right",
        test_nonsense_is_refused_with_what_would_be_right);
    ADD("lines in pieces and several at once are understood",
        test_lines_in_pieces_and_several_at_once_are_understood);
    ADD("a line without end is hung up on", test_a_line_without_end_is_hung_up_on);
    ADD("a socket that was left behind is replaced, but no file is",
        test_a_socket_that_was_left_behind_is_replaced_but_no_file_is);
    ADD("the tool prints the answer", test_the_tool_prints_the_answer);
    return g_test_run();
}
