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

void life_lose_time(Life *life, int64_t now_us)
{
    if (!life->lost_us)
        life->lost_us = now_us;
}

void life_find_time(Life *life, int64_t now_us)
{
    if (!life->lost_us)
        return;
    life->lost[life->n_lost++ % LIFE_MAX_LOST] = (LifeSpan){life->lost_us, now_us};
    life->lost_us = 0;
}

static unsigned add(TimelineEvent *events, unsigned count, Reason reason, LifeSpan span)
{
    if (span.until_us && span.until_us <= span.from_us)
        return count;
    events[count] = (TimelineEvent){
        .kind = TIMELINE_OFF, .at_us = span.from_us, .until_us = span.until_us, .reason = reason};
    return count + 1;
}

unsigned life_events(const Life *life, int64_t now_us, int64_t boottime_us,
                     TimelineEvent ret_events[LIFE_MAX_OFF])
{
    unsigned count = 0;
    bool trusted = life->trusted_since_us > 0;
    int64_t up_us = trusted ? life->up_since_us : MAX(now_us - (boottime_us - life->born_us), 1);
    Reason away = life->same_boot ? REASON_RESTART : REASON_NO_POWER;
    if (life->last_alive_us)
        count = add(ret_events, count, away, (LifeSpan){life->last_alive_us, up_us});
    if (!trusted)
        return add(ret_events, count, REASON_NO_TIME, (LifeSpan){up_us, 0});
    count = add(ret_events, count, REASON_NO_TIME, (LifeSpan){up_us, life->trusted_since_us});
    for (unsigned i = 0; i < MIN(life->n_lost, LIFE_MAX_LOST); i++)
        count = add(ret_events, count, REASON_NO_TIME, life->lost[i]);
    if (life->lost_us)
        count = add(ret_events, count, REASON_NO_TIME, (LifeSpan){life->lost_us, 0});
    return count;
}
