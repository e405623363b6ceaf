/* Three stretches: the run before, up to its last mark; the gap, without power or without us; this
 * run, at first perhaps without the time. */
#include "conductor/life.h"

Reason life_reason(const Life *life, int64_t instant_us)
{
    if (!life->trusted_since_us)
        return REASON_NO_TIME;
    if (instant_us >= life->trusted_since_us)
        return REASON_NONE;
    if (instant_us >= life->up_since_us)
        return REASON_NO_TIME;
    if (!life->last_alive_us || instant_us <= life->last_alive_us)
        return REASON_NONE;
    return life->same_boot ? REASON_RESTART : REASON_NO_POWER;
}
