/* The three clocks, behind one small table so that a test can be its own time.
 *
 * Domain code never asks for the time: it is handed `now`. Whoever stands at the edge (main, app,
 * a loop callback) asks here. Wall time is for people and schedules, boottime for timeouts. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct ClockOps {
    int64_t (*wall_us)(void *self);     /* CLOCK_REALTIME, µs since 1970-01-01T00:00:00Z */
    int64_t (*boottime_us)(void *self); /* CLOCK_BOOTTIME, µs; counts through suspend */
} ClockOps;

typedef struct Clock {
    const ClockOps *ops;
    void *self;
} Clock;

/* The machine's own clocks. */
const Clock *clock_system(void);

int64_t clock_wall_us(const Clock *clock);
int64_t clock_boottime_us(const Clock *clock);

/* A clock that stands still until a test moves it. Both readings advance together. */
typedef struct FakeClock {
    Clock clock;
    int64_t wall;
    int64_t boottime;
} FakeClock;

void fake_clock_init(FakeClock *fake, int64_t wall_us);
void fake_clock_advance(FakeClock *fake, int64_t by_us);

/* RFC 3339 text of a wall time, in UTC ("…Z", with milliseconds when they are not zero). */
char *clock_format_utc(int64_t wall_us);

/* Reads RFC 3339 with an offset or Z. False with an error where the text is anything else. */
bool clock_parse_rfc3339(const char *text, int64_t *ret_wall_us,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum { CLOCK_ERROR_FORMAT } ClockError;
#define CLOCK_ERROR (clock_error_quark())
GQuark clock_error_quark(void);
