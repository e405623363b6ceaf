/* Calls through the board's table, and the table of the kinds of boards. */
#include "board.h"

#include "linux/board_file.h"
#include "linux/board_linux.h"

const char *const board_button_words[] = {"stop",   "alert1", "alert2", "alert3",
                                          "alert4", "test",   NULL};
const char *const board_led_words[] = {"on_air", "network", "fault", NULL};
const char *const board_kind_words[] = {"simulated", "linux", NULL};

static Board *open_simulated(const BoardSettings *settings, GError **error)
{
    g_autoptr(Board) self = board_sim_new(settings->state, error);
    if (!self || !settings->socket || board_sim_listen(self, settings->socket, error))
        return g_steal_pointer(&self);
    return NULL;
}

static Board *open_linux(const BoardSettings *settings, GError **error)
{
    return board_linux_new(settings->file, NULL, error);
}

Board *board_open(const BoardSettings *settings, GError **error)
{
    static Board *(*const kinds[])(const BoardSettings *settings, GError **error) = {
        [BOARD_SIMULATED] = open_simulated,
        [BOARD_LINUX] = open_linux,
    };
    return kinds[settings->kind](settings, error);
}

bool board_check(const BoardSettings *settings, GError **error)
{
    if (settings->kind != BOARD_LINUX)
        return true;
    g_autoptr(BoardFile) file = board_file_load(settings->file, error);
    return file != NULL;
}

bool board_set_amplifier(Board *self, bool on, GError **error)
{
    return self->ops->set_amplifier(self, on, error);
}

void board_read(Board *self, BoardReadings *ret_readings)
{
    self->ops->read(self, ret_readings);
}

void board_feed_watchdog(Board *self)
{
    self->ops->feed_watchdog(self);
}

void board_set_led(Board *self, BoardLed led, BoardLight light)
{
    if (self->ops->set_led)
        self->ops->set_led(self, led, light);
}

void board_free(Board *self)
{
    if (self)
        self->ops->free(self);
}
