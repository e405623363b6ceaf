/* Calls through the board's table. */
#include "board.h"

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

void board_free(Board *self)
{
    if (self)
        self->ops->free(self);
}
