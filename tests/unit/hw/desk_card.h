/* Simulated cards for a test: a temporary folder of them, their faults, and what they recorded. */
#pragma once

#include "card.h"

#define DESK_CARDS 17 /* "station1" ... */

/* Makes the folder and points ALSA at it; before any ALSA call, once in a program. */
void desk_set_up(void);
void desk_tear_down(void);

char *desk_device(int card);
/* "unplugged=1 volume=88": done when this returns. */
void desk_set(int card, const char *assignments);
/* One field of what `loa-simcard show` prints. */
int64_t desk_get(int card, const char *field);

/* Everything that the card has recorded, interleaved; fails the test on a bad header. */
GArray *desk_recording(int card);

typedef struct DeskStamp {
    char event[16];
    int64_t realtime_ns;
    int64_t monotonic_ns;
    int64_t frame;
    double rate;
} DeskStamp;
/* All stamps, in order. */
GArray *desk_stamps(int card);
/* The last stamp of that event; fails the test if there is none. */
DeskStamp desk_last_stamp(int card, const char *event);
