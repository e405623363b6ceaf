/* Setting the machine's clock needs a privilege that a player should not have, and would move the
 * time of everybody else on the board. So the station keeps a time of its own, which nothing but a
 * judgement (trust.c) moves. */
#include "clock/station_clock.h"

static int64_t wall_us(void *user)
{
    const StationClock *self = user;
    int64_t anchor_us = atomic_load(&self->anchor_us);
    return anchor_us ? clock_boottime_us(self->machine) + anchor_us : clock_wall_us(self->machine);
}

static int64_t boottime_us(void *user)
{
    return clock_boottime_us(((const StationClock *)user)->machine);
}

static const ClockOps ops = {.wall_us = wall_us, .boottime_us = boottime_us};

void station_clock_init(StationClock *self, const Clock *machine)
{
    *self = (StationClock){.clock = {.ops = &ops, .self = self}, .machine = machine};
}

void station_clock_anchor(StationClock *self, int64_t anchor_us)
{
    atomic_store(&self->anchor_us, anchor_us);
}
