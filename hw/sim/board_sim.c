/* The board of a station on a desk: its pins are lines of a key file (or of one in memory).
 *
 *   [pins]        written by the board, whole or not at all
 *   amplifier=on
 *   [simulate]    written by a person or a test, read at every look; all keys are optional
 *   mains=no            yes, no; anything else is unknown
 *   temperature_mc=41500
 *   battery_mv=12600
 *   current_ma=850      what the amplifier draws while it is on; off it draws 0
 *   tamper=yes          the case is open
 *   under_voltage=yes
 *   relay=stuck         the line does not follow: setting it fails, reading it shows the old state
 *
 * Every change of a pin is one JSON line in <state file>.log with its wall time, so that a test can
 * lay it beside the recording of the card. A file that cannot be written is an error of the pin. */
#include "sim/board_sim.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_CURRENT_MA 850

typedef struct BoardSim {
    Board board;
    char *state_path; /* NULL = memory only */
    GKeyFile *keys;   /* what is simulated in memory */
    BoardSocket *socket;
    BoardLight lights[BOARD_LEDS];
    bool amplifier;
    int64_t watchdog_feeds;
} BoardSim;

/* An unreadable or missing file is an empty one: then nothing is simulated. */
static GKeyFile *load(const BoardSim *self)
{
    if (!self->state_path)
        return g_key_file_ref(self->keys);
    GKeyFile *keys = g_key_file_new();
    g_key_file_load_from_file(keys, self->state_path, G_KEY_FILE_KEEP_COMMENTS, NULL);
    return keys;
}

static bool append_log(const BoardSim *self, GError **error)
{
    g_autofree char *path = g_strconcat(self->state_path, ".log", NULL);
    g_autofree char *line =
        g_strdup_printf("{\"realtime_us\":%" G_GINT64_FORMAT ",\"amplifier\":\"%s\"}\n",
                        g_get_real_time(), self->amplifier ? "on" : "off");
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    bool good = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);
    if (!good)
        g_set_error(error, G_IO_ERROR, g_io_error_from_errno(errno), "%s: %s", path,
                    g_strerror(errno));
    if (fd >= 0)
        close(fd);
    return good;
}

static bool store(const BoardSim *self, GKeyFile *keys, GError **error)
{
    if (!self->state_path)
        return true;
    g_key_file_set_string(keys, "pins", "amplifier", self->amplifier ? "on" : "off");
    return g_key_file_save_to_file(keys, self->state_path, error) && append_log(self, error);
}

static bool board_sim_set_amplifier(Board *board, bool on, GError **error)
{
    BoardSim *self = (BoardSim *)board;
    g_autoptr(GKeyFile) keys = load(self);
    g_autofree char *relay = g_key_file_get_string(keys, "simulate", "relay", NULL);
    if (self->amplifier == on)
        return true;
    if (g_strcmp0(relay, "stuck") == 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "the amplifier line does not follow");
        return false;
    }
    self->amplifier = on;
    return store(self, keys, error);
}

static BoardFact read_fact(GKeyFile *keys, const char *key)
{
    g_autofree char *text = g_key_file_get_string(keys, "simulate", key, NULL);
    if (g_strcmp0(text, "yes") == 0)
        return BOARD_YES;
    return g_strcmp0(text, "no") == 0 ? BOARD_NO : BOARD_UNKNOWN;
}

static int64_t read_number(GKeyFile *keys, const char *key, int64_t fallback)
{
    g_autoptr(GError) error = NULL;
    int64_t value = g_key_file_get_int64(keys, "simulate", key, &error);
    return error ? fallback : value;
}

static void board_sim_read(Board *board, BoardReadings *ret)
{
    BoardSim *self = (BoardSim *)board;
    g_autoptr(GKeyFile) keys = load(self);
    *ret = (BoardReadings){
        .mains = read_fact(keys, "mains"),
        .amplifier = self->amplifier ? BOARD_YES : BOARD_NO,
        .current_ma = self->amplifier ? read_number(keys, "current_ma", DEFAULT_CURRENT_MA) : 0,
        .temperature_mc = read_number(keys, "temperature_mc", INT64_MIN),
        .battery_mv = read_number(keys, "battery_mv", INT64_MIN),
        .tamper = read_fact(keys, "tamper"),
        .under_voltage = read_fact(keys, "under_voltage"),
    };
}

static void board_sim_feed_watchdog(Board *board)
{
    ((BoardSim *)board)->watchdog_feeds++;
}

static void board_sim_set_led(Board *board, BoardLed led, BoardLight light)
{
    ((BoardSim *)board)->lights[led] = light;
}

static void release(BoardSim *self)
{
    board_socket_free(self->socket);
    g_key_file_unref(self->keys);
    g_free(self->state_path);
    g_free(self);
}

static void board_sim_free(Board *board)
{
    board_sim_set_amplifier(board, false, NULL);
    release((BoardSim *)board);
}

static const BoardOps board_sim_ops = {
    .set_amplifier = board_sim_set_amplifier,
    .read = board_sim_read,
    .feed_watchdog = board_sim_feed_watchdog,
    .set_led = board_sim_set_led,
    .free = board_sim_free,
};

Board *board_sim_new(const char *state_path, GError **error)
{
    BoardSim *self = g_new0(BoardSim, 1);
    self->board = (Board){.ops = &board_sim_ops, .name = "simulated"};
    self->state_path = g_strdup(state_path);
    self->keys = g_key_file_new();
    g_autoptr(GKeyFile) keys = load(self);
    if (store(self, keys, error)) /* off, whatever an earlier life left behind */
        return &self->board;
    release(self);
    return NULL;
}

void board_sim_press(Board *self, BoardButton button)
{
    if (self->on_button)
        self->on_button(button, self->on_button_user);
}

int64_t board_sim_watchdog_feeds(Board *self)
{
    return ((BoardSim *)self)->watchdog_feeds;
}

bool board_sim_listen(Board *board, const char *path, GError **error)
{
    BoardSim *self = (BoardSim *)board;
    g_clear_pointer(&self->socket, board_socket_free);
    self->socket = board_socket_new(board, path, error);
    return self->socket != NULL;
}

bool board_sim_simulate(Board *board, const char *key, const char *value, GError **error)
{
    BoardSim *self = (BoardSim *)board;
    g_autoptr(GKeyFile) keys = load(self);
    if (value)
        g_key_file_set_string(keys, "simulate", key, value);
    else
        g_key_file_remove_key(keys, "simulate", key, NULL);
    return !self->state_path || g_key_file_save_to_file(keys, self->state_path, error);
}

static void show_fact(GString *text, const char *key, BoardFact fact)
{
    static const char *const words[] = {"null", "false", "true"};
    g_string_append_printf(text, "\"%s\":%s,", key, words[fact]);
}

static void show_number(GString *text, const char *key, int64_t value)
{
    if (value == INT64_MIN)
        g_string_append_printf(text, "\"%s\":null,", key);
    else
        g_string_append_printf(text, "\"%s\":%" G_GINT64_FORMAT ",", key, value);
}

char *board_sim_show(Board *board)
{
    static const char *const lights[] = {"off", "on", "blink"};
    const BoardSim *self = (const BoardSim *)board;
    GString *text = g_string_new("{");
    BoardReadings readings;
    board_sim_read(board, &readings);
    show_fact(text, "amplifier", readings.amplifier);
    show_fact(text, "mains", readings.mains);
    show_fact(text, "tamper", readings.tamper);
    show_fact(text, "under_voltage", readings.under_voltage);
    show_number(text, "current_ma", readings.current_ma);
    show_number(text, "temperature_mc", readings.temperature_mc);
    show_number(text, "battery_mv", readings.battery_mv);
    show_number(text, "watchdog_feeds", self->watchdog_feeds);
    for (unsigned i = 0; i < BOARD_LEDS; i++)
        g_string_append_printf(text, "%s\"%s\":\"%s\"", i ? "," : "\"leds\":{", board_led_words[i],
                               lights[self->lights[i]]);
    g_string_append(text, "}}");
    return g_string_free(text, FALSE);
}
