/* Hours, volume ceilings and clock offsets: what the plan carries and the timeline keeps to. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Minutes of the local day, 0..1440; until <= from goes on past midnight. */
typedef struct TimelineSpan {
    uint16_t from_min;
    uint16_t until_min;
} TimelineSpan;

typedef struct TimelineWindow {
    uint8_t weekdays; /* bit 0 = Monday; the day on which the span begins */
    TimelineSpan span;
} TimelineWindow;

typedef struct TimelineCeiling {
    TimelineSpan span;
    int gain_mdb;
    uint8_t classes; /* bit per class, 0 = all that is routine */
} TimelineCeiling;

typedef struct TimelineOffset {
    int64_t from_us;
    int offset_s; /* local = UTC + offset */
} TimelineOffset;
