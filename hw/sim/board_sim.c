/* The board of a station on a desk: its pins are lines of a key file.
 *
 *   [pins]        written by the board, whole or not at all
 *   amplifier=on
 *   [simulate]    written by a person or a test, read at every look; all keys are optional
 *   mains=no            yes, no; anything else is unknown
 *   temperature_mc=41500
 *   battery_mv=12600
 *   current_ma=850      what the amplifier draws while it is on; off it draws 0
 *   relay=stuck         the line does not follow: setting it fails, reading it shows the old state
 *
 * Every change of a pin is one JSON line in <state file>.log with its wall time, so that a test can
 * lay it beside the recording of the card. A file that cannot be written is an error of the pin. */
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_CURRENT_MA 850

typedef struct BoardSim {
    Board board;
    char *state_path; /* NULL = memory only */
    bool amplifier;
    int64_t watchdog_feeds;
} BoardSim;

/* An unreadable or missing file is an empty one: then nothing is simulated. */
static GKeyFile *load(const BoardSim *self)
{
    GKeyFile *keys = g_key_file_new();
    if (self->state_path)
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
    };
}

static void board_sim_feed_watchdog(Board *board)
{
    ((BoardSim *)board)->watchdog_feeds++;
}

static void board_sim_free(Board *board)
{
    BoardSim *self = (BoardSim *)board;
    board_sim_set_amplifier(board, false, NULL);
    g_free(self->state_path);
    g_free(self);
}

static const BoardOps board_sim_ops = {
    .set_amplifier = board_sim_set_amplifier,
    .read = board_sim_read,
    .feed_watchdog = board_sim_feed_watchdog,
    .free = board_sim_free,
};

Board *board_sim_new(const char *state_path, GError **error)
{
    BoardSim *self = g_new0(BoardSim, 1);
    self->board = (Board){.ops = &board_sim_ops, .name = "simulated"};
    self->state_path = g_strdup(state_path);
    g_autoptr(GKeyFile) keys = load(self);
    if (store(self, keys, error)) /* off, whatever an earlier life left behind */
        return &self->board;
    g_free(self->state_path);
    g_free(self);
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
