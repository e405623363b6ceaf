/* A silence that is over still matters: an airing whose start it covered may be waiting, or be due
 * its receipt. So the last few are kept for as long as this run lasts. */
#include "conductor/mute.h"

static bool is_empty(MuteSpan span)
{
    return span.until_us <= span.from_us;
}

static void put_by(Mute *self, MuteSpan span)
{
    if (!is_empty(span))
        self->past[self->n_past++ % MUTE_MAX_PAST] = span;
}

void mute_set(Mute *self, MuteSpan span, int64_t now_us)
{
    MuteSpan before = self->now;
    before.until_us = MIN(before.until_us, MAX(now_us, before.from_us));
    put_by(self, before);
    self->now = span;
}

int64_t mute_until(const Mute *self, int64_t at_us)
{
    bool covers = self->now.from_us <= at_us && at_us < self->now.until_us;
    return covers ? self->now.until_us : 0;
}

unsigned mute_events(const Mute *self, TimelineEvent ret_events[MUTE_MAX])
{
    unsigned count = 0, past = MIN(self->n_past, MUTE_MAX_PAST);
    for (unsigned i = 0; i <= past; i++) {
        MuteSpan span = i < past ? self->past[i] : self->now;
        if (!is_empty(span))
            ret_events[count++] = (TimelineEvent){
                .kind = TIMELINE_MUTED, .at_us = span.from_us, .until_us = span.until_us};
    }
    return count;
}
