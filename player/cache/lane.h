/* When a file may be fetched: at once, or in the night. Pure. */
#pragma once

#include "link/data_budget.h"

typedef struct LaneFacts {
    int64_t now_us;       /* wall time; 0 = not trusted: then nothing waits */
    int utc_offset_s;     /* of the station's area */
    int64_t needed_by_us; /* of the file; in the past or 0 = held ready always */
    int64_t missing;      /* bytes of all that is missing */
    DataState budget;     /* as it would stand with this file */
    uint32_t spread;      /* from the station's id, uniform over its range */
} LaneFacts;

/* µs until it may be fetched; 0 = now. */
int64_t lane_wait_us(const LaneFacts *facts);
/* The same for one station at every start, different from its neighbour's. */
uint32_t lane_spread(const char *station);
