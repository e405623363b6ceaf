/* Full jitter: wait a random time below a doubling ceiling. After a failure that hits the whole
 * fleet at once, the stations come back spread evenly instead of in step. The caller brings the
 * randomness, so that a test can bring its own. */
#include "base/backoff.h"

static uint32_t ceiling_ms(const Backoff *backoff)
{
    uint64_t ceiling = backoff->first_ms;
    for (unsigned i = 0; i < backoff->failures && ceiling < backoff->max_ms; i++)
        ceiling *= 2;
    return ceiling < backoff->max_ms ? (uint32_t)ceiling : backoff->max_ms;
}

uint32_t backoff_next_ms(Backoff *backoff, uint32_t random)
{
    uint64_t choices = (uint64_t)ceiling_ms(backoff) + 1;
    if (backoff->failures < UINT32_MAX)
        backoff->failures++;
    return (uint32_t)(random * choices >> 32); /* scales instead of %, which would be uneven */
}

void backoff_reset(Backoff *backoff)
{
    backoff->failures = 0;
}
