/* The wall clock that this station lives by: the machine's, or, on a board that knows no better,
 * the signed time counted on by CLOCK_BOOTTIME. Read from any thread. */
#pragma once

#include "base/clock.h"

#include <stdatomic.h>

typedef struct StationClock {
    Clock clock; /* to hand on */
    const Clock *machine;
    _Atomic int64_t anchor_us; /* wall time at boottime 0; 0 = the machine's wall clock */
} StationClock;

/* `machine` must outlive it. */
void station_clock_init(StationClock *self, const Clock *machine);
/* From now on boottime + `anchor_us`; 0 = the machine's wall clock again. */
void station_clock_anchor(StationClock *self, int64_t anchor_us);
