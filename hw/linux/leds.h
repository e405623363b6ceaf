/* The board's lights, through /sys/class/leds. */
#pragma once

#include "board.h"
#include "linux/machine.h"

typedef struct Leds Leds;

/* `names` as in /sys/class/leds, by BoardLed; NULL = there is none. `machine` and `names` outlive
 * it. */
Leds *leds_new(const Machine *machine, char *const names[BOARD_LEDS]);
void leds_set(Leds *self, BoardLed led, BoardLight light);
void leds_free(Leds *self); /* dark; takes NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Leds, leds_free)
