/* Full-jitter back-off: each wait is a random time between 0 and a ceiling that doubles from
 * `first_ms` to `max_ms`. (Exponential backoff and jitter, AWS Architecture Blog, 2015.) */
#pragma once

#include <stdint.h>

typedef struct Backoff {
    uint32_t first_ms;
    uint32_t max_ms;
    unsigned failures;
} Backoff;

/* `random` is uniform over its whole range. Counts one more failure. */
uint32_t backoff_next_ms(Backoff *backoff, uint32_t random);
void backoff_reset(Backoff *backoff);
