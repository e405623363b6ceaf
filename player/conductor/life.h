/* When this station lived and knew the time: what explains an airing that nobody tried to start. */
#pragma once

#include "wire/receipt.h"

typedef struct Life {
    int64_t last_alive_us;    /* last mark of the run before; 0 = there was none */
    bool same_boot;           /* that run was in this boot */
    int64_t up_since_us;      /* this run's begin on the trusted clock; 0 = not known yet */
    int64_t trusted_since_us; /* 0 = not yet */
} Life;

/* The cause that covers the instant, or REASON_NONE. */
Reason life_reason(const Life *life, int64_t instant_us);
