/* The Linux board: lines, sensors, lights and watchdog put together as a board file says.
 *
 * The amplifier's line is taken first and starts off. What is not there is said once in the log and
 * tried again later: a station with a loose USB relay must start, say so, and work when somebody
 * has pushed the plug in. Without a read-back of its own the amplifier reads as unknown: the level
 * that was written proves nothing about the contact.
 *
 * Only the loop's thread comes here. A reading takes as long as the drivers take, some milliseconds
 * for sensors on I2C. */
#include "linux/board_linux.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <unistd.h>

#include "base/log.h"
#include "linux/board_file.h"
#include "linux/hid_relay.h"
#include "linux/leds.h"
#include "linux/watchdog_dev.h"

#define MAX_EDGES_A_TURN 16 /* a wire that rattles must not hold the loop */

typedef struct Fact {
    const BoardFactPlace *place;
    const char *what;
    int fd; /* of its line; -1 = not open */
    Sensor *sensor;
    bool told; /* that the line is not there */
} Fact;

typedef struct BoardLinux {
    Board board;
    const Machine *machine;
    BoardFile *file;
    int amplifier; /* its line; -1 = not open */
    HidRelay *relay;
    int buttons; /* -1 = not open */
    guint buttons_source;
    bool buttons_told;
    Fact read_back, mains, tamper, under_voltage;
    Sensor *current, *temperature, *battery;
    WatchdogDev *watchdog;
    Leds *leds;
} BoardLinux;

/* ---- the amplifier ---- */

static void close_line(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool open_amplifier(BoardLinux *self, GError **error)
{
    if (self->amplifier < 0)
        self->amplifier =
            gpio_line_open_output(self->machine, &self->file->amplifier, false, error);
    return self->amplifier >= 0;
}

/* A line that cannot be set is given back, so that the next call starts anew. */
static bool set_line(BoardLinux *self, bool on, GError **error)
{
    if (!open_amplifier(self, error))
        return false;
    if (gpio_line_set(self->machine, self->amplifier, on, error))
        return true;
    close_line(&self->amplifier);
    return false;
}

static bool board_linux_set_amplifier(Board *board, bool on, GError **error)
{
    BoardLinux *self = (BoardLinux *)board;
    switch (self->file->drive) {
    case DRIVE_GPIO: return set_line(self, on, error);
    case DRIVE_HID_RELAY: return hid_relay_set(self->relay, on, error);
    case DRIVE_NONE: return true;
    }
    g_return_val_if_reached(false);
}

/* ---- the buttons ---- */

static void press(BoardLinux *self, int line)
{
    for (unsigned i = 0; i < self->file->buttons.count; i++)
        if (self->file->buttons.lines[i] == line && self->board.on_button)
            self->board.on_button(self->file->button_of[i], self->board.on_button_user);
}

static gboolean on_edges(gint fd, GIOCondition condition, gpointer user)
{
    (void)condition;
    BoardLinux *self = user;
    int line, got = 1;
    for (unsigned i = 0; got > 0 && i < MAX_EDGES_A_TURN; i++)
        if ((got = gpio_line_next_edge(fd, &line)) > 0)
            press(self, line);
    if (got >= 0)
        return G_SOURCE_CONTINUE;
    log_warning("the buttons are gone: %s; looking for them again", g_strerror(errno));
    self->buttons_source = 0;
    close_line(&self->buttons);
    return G_SOURCE_REMOVE;
}

static void open_buttons(BoardLinux *self)
{
    g_autoptr(GError) error = NULL;
    if (self->buttons >= 0 || self->file->buttons.count == 0)
        return;
    self->buttons = gpio_line_open_edges(self->machine, &self->file->buttons, &error);
    if (self->buttons >= 0)
        self->buttons_source =
            g_unix_fd_add(self->buttons, G_IO_IN | G_IO_ERR | G_IO_HUP, on_edges, self);
    else if (!self->buttons_told)
        log_warning("no buttons: %s; trying again", error->message);
    self->buttons_told = self->buttons < 0;
}

/* ---- facts and sensors ---- */

static void open_fact(const BoardLinux *self, Fact *fact)
{
    g_autoptr(GError) error = NULL;
    if (fact->fd >= 0 || fact->place->line.line < 0)
        return;
    fact->fd = gpio_line_open_input(self->machine, &fact->place->line, &error);
    if (fact->fd < 0 && !fact->told)
        log_warning("%s is not known: %s; trying again", fact->what, error->message);
    fact->told = fact->fd < 0;
}

static void init_fact(const BoardLinux *self, Fact *fact, const char *what,
                      const BoardFactPlace *place)
{
    *fact = (Fact){.place = place, .what = what, .fd = -1};
    fact->sensor = sensor_new(self->machine, &place->sensor);
    open_fact(self, fact);
}

static void clear_fact(Fact *fact)
{
    close_line(&fact->fd);
    g_clear_pointer(&fact->sensor, sensor_free);
}

static BoardFact read_fact(const BoardLinux *self, Fact *fact)
{
    bool active;
    if (fact->sensor) {
        int64_t value = sensor_read(fact->sensor);
        return value == INT64_MIN ? BOARD_UNKNOWN : value != 0 ? BOARD_YES : BOARD_NO;
    }
    open_fact(self, fact);
    if (fact->fd < 0)
        return BOARD_UNKNOWN;
    if (gpio_line_get(self->machine, fact->fd, &active))
        return active ? BOARD_YES : BOARD_NO;
    close_line(&fact->fd);
    return BOARD_UNKNOWN;
}

static void board_linux_read(Board *board, BoardReadings *ret)
{
    BoardLinux *self = (BoardLinux *)board;
    open_buttons(self);
    *ret = (BoardReadings){
        .mains = read_fact(self, &self->mains),
        .amplifier = read_fact(self, &self->read_back),
        .current_ma = sensor_read(self->current),
        .temperature_mc = sensor_read(self->temperature),
        .battery_mv = sensor_read(self->battery),
        .tamper = read_fact(self, &self->tamper),
        .under_voltage = read_fact(self, &self->under_voltage),
    };
}

/* ---- the rest ---- */

static void board_linux_feed_watchdog(Board *board)
{
    watchdog_dev_feed(((BoardLinux *)board)->watchdog);
}

static void board_linux_set_led(Board *board, BoardLed led, BoardLight light)
{
    leds_set(((BoardLinux *)board)->leds, led, light);
}

static void board_linux_free(Board *board)
{
    BoardLinux *self = (BoardLinux *)board;
    g_autoptr(GError) error = NULL;
    if (!board_linux_set_amplifier(board, false, &error))
        log_warning("the amplifier cannot be switched off at the end: %s", error->message);
    if (self->buttons_source)
        g_source_remove(self->buttons_source);
    close_line(&self->buttons);
    close_line(&self->amplifier);
    hid_relay_free(self->relay);
    clear_fact(&self->read_back);
    clear_fact(&self->mains);
    clear_fact(&self->tamper);
    clear_fact(&self->under_voltage);
    sensor_free(self->current);
    sensor_free(self->temperature);
    sensor_free(self->battery);
    leds_free(self->leds);
    watchdog_dev_close(self->watchdog);
    board_file_free(self->file);
    g_free(self);
}

static const BoardOps board_linux_ops = {
    .set_amplifier = board_linux_set_amplifier,
    .read = board_linux_read,
    .feed_watchdog = board_linux_feed_watchdog,
    .set_led = board_linux_set_led,
    .free = board_linux_free,
};

static void start_watchdog(BoardLinux *self)
{
    g_autoptr(GError) error = NULL;
    const BoardFile *file = self->file;
    if (!file->watchdog)
        return;
    self->watchdog =
        watchdog_dev_open(self->machine, file->watchdog, file->watchdog_timeout_s, &error);
    if (!self->watchdog)
        log_warning("no watchdog: %s; running without", error->message);
    else if (watchdog_dev_timeout_s(self->watchdog) != file->watchdog_timeout_s)
        log_notice("the watchdog takes %u s instead of %u s",
                   watchdog_dev_timeout_s(self->watchdog), file->watchdog_timeout_s);
}

static void start(BoardLinux *self)
{
    g_autoptr(GError) error = NULL;
    const BoardFile *file = self->file;
    if (file->drive == DRIVE_HID_RELAY)
        self->relay = hid_relay_new(self->machine, file->relay, file->relay_serial);
    if (!board_linux_set_amplifier(&self->board, false, &error))
        log_warning("no amplifier: %s; trying again when it is needed", error->message);
    init_fact(self, &self->read_back, "the amplifier's read-back", &file->read_back);
    init_fact(self, &self->mains, "the mains", &file->mains);
    init_fact(self, &self->tamper, "the tamper switch", &file->tamper);
    init_fact(self, &self->under_voltage, "the supply", &file->under_voltage);
    self->current = sensor_new(self->machine, &file->current);
    self->temperature = sensor_new(self->machine, &file->temperature);
    self->battery = sensor_new(self->machine, &file->battery);
    self->leds = leds_new(self->machine, file->leds);
    open_buttons(self);
    start_watchdog(self);
}

Board *board_linux_new(const char *path, const Machine *machine, GError **error)
{
    BoardFile *file = board_file_load(path, error);
    if (!file)
        return NULL;
    BoardLinux *self = g_new0(BoardLinux, 1);
    self->board = (Board){.ops = &board_linux_ops, .name = "linux"};
    self->machine = machine ? machine : &machine_real;
    self->file = file;
    self->amplifier = self->buttons = -1;
    start(self);
    return &self->board;
}
